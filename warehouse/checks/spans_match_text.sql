-- stop: a span is not the text between its offsets, or its article is gone
WITH texts AS (
    SELECT article_id, text FROM core.articles WHERE superseded_at IS NULL
),
spans AS (
    SELECT 'mention' AS what, article_id, "start", "end", surface
    FROM core.mentions WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'claim ' || claim_id, article_id, "start", "end", surface
    FROM core.claims WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'statistic ' || stat_id, article_id, "start", "end", surface
    FROM core.statistics WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'sighting', article_id, "start", "end", surface
    FROM core.sightings WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'evidence of ' || report_id, article_id, "start", "end", surface
    FROM core.report_evidence WHERE superseded_at IS NULL
)
SELECT spans.what || ' at ' || spans."start" || ' of ' || spans.article_id AS span
FROM spans
LEFT JOIN texts USING (article_id)
WHERE substring(texts.text, spans."start" + 1, spans."end" - spans."start") IS DISTINCT FROM spans.surface
ORDER BY ALL;
