-- stop: more than one row of a key is held true at the same time
WITH keys AS (
    SELECT 'article ' || article_id AS key FROM core.articles WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'relevance ' || article_id FROM core.relevance WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'statistic ' || stat_id FROM core.statistics WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'report ' || report_id FROM core.reports WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'incident ' || incident_id FROM core.incidents WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'count ' || incident_id || ' ' || count_id
    FROM core.incident_counts WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'link of ' || report_id FROM core.links WHERE superseded_at IS NULL
)
SELECT key, count(*) AS n FROM keys GROUP BY key HAVING count(*) > 1 ORDER BY key;
