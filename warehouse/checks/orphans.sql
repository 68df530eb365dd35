-- stop: rows cite an article or report that is not held
WITH articles AS (
    SELECT article_id FROM core.articles WHERE superseded_at IS NULL
),
reports AS (
    SELECT report_id FROM core.reports WHERE superseded_at IS NULL
),
citing AS (
    SELECT 'relevance' AS held_in, article_id, NULL AS report_id FROM core.relevance WHERE superseded_at IS NULL
    UNION ALL SELECT 'mentions', article_id, NULL FROM core.mentions WHERE superseded_at IS NULL
    UNION ALL SELECT 'statistics', article_id, NULL FROM core.statistics WHERE superseded_at IS NULL
    UNION ALL SELECT 'claims', article_id, report_id FROM core.claims WHERE superseded_at IS NULL
    UNION ALL SELECT 'reports', article_id, NULL FROM core.reports WHERE superseded_at IS NULL
    UNION ALL SELECT 'report_evidence', article_id, report_id FROM core.report_evidence WHERE superseded_at IS NULL
    UNION ALL SELECT 'report_places', article_id, report_id FROM core.report_places WHERE superseded_at IS NULL
    UNION ALL SELECT 'report_agencies', article_id, report_id FROM core.report_agencies WHERE superseded_at IS NULL
    UNION ALL SELECT 'route_legs', article_id, report_id FROM core.route_legs WHERE superseded_at IS NULL
    UNION ALL SELECT 'sightings', article_id, report_id FROM core.sightings WHERE superseded_at IS NULL
    UNION ALL SELECT 'incident_counts', article_id, report_id FROM core.incident_counts WHERE superseded_at IS NULL
)
SELECT DISTINCT held_in || ': ' || coalesce(report_id, article_id) AS found
FROM citing
WHERE article_id NOT IN (SELECT article_id FROM articles)
   OR (report_id IS NOT NULL AND report_id NOT IN (SELECT report_id FROM reports))
ORDER BY ALL;
