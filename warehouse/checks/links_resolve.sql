-- stop: a link, parent, merge or subset points at a record that is not held
WITH incidents AS (
    SELECT * FROM core.incidents WHERE superseded_at IS NULL
),
reports AS (
    SELECT report_id FROM core.reports WHERE superseded_at IS NULL
),
articles AS (
    SELECT article_id FROM core.articles WHERE superseded_at IS NULL
),
figures AS (
    SELECT * FROM core.incident_counts WHERE superseded_at IS NULL
),
pointers AS (
    SELECT 'link of ' || report_id AS what, report_id, incident_id, NULL AS article_id
    FROM core.links WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'parent of ' || incident_id, NULL, parent_id, NULL FROM incidents
    UNION ALL
    SELECT 'heir of ' || incident_id, NULL, merged_into, NULL FROM incidents
    UNION ALL
    SELECT 'report of ' || incident_id, unnest(report_ids), NULL, NULL
    FROM incidents WHERE merged_into IS NULL
    UNION ALL
    SELECT 'article of ' || report_id, NULL, NULL, article_id
    FROM core.reports WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'article of relevance ' || article_id, NULL, NULL, article_id
    FROM core.relevance WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'article of ' || stat_id, NULL, NULL, article_id
    FROM core.statistics WHERE superseded_at IS NULL
),
dangling AS (
    SELECT what FROM pointers
    WHERE (report_id IS NOT NULL AND report_id NOT IN (SELECT report_id FROM reports))
       OR (incident_id IS NOT NULL AND incident_id NOT IN (SELECT incident_id FROM incidents))
       OR (article_id IS NOT NULL AND article_id NOT IN (SELECT article_id FROM articles))
    UNION ALL
    SELECT 'whole or successor of ' || part.count_id
    FROM (
        SELECT incident_id, count_id, subset_of AS target FROM figures WHERE subset_of IS NOT NULL
        UNION ALL
        SELECT incident_id, count_id, superseded_by FROM figures WHERE superseded_by IS NOT NULL
    ) AS part
    LEFT JOIN figures AS whole
      ON whole.incident_id = part.incident_id AND whole.count_id = part.target
    WHERE whole.count_id IS NULL
)
SELECT DISTINCT what FROM dangling ORDER BY what;
