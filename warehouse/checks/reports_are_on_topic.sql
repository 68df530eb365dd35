-- stop: a report or statistic was read from an article that was not screened as relevant
WITH relevant AS (
    SELECT article_id FROM core.relevance WHERE superseded_at IS NULL AND relevant
)
SELECT DISTINCT article_id
FROM (
    SELECT article_id FROM core.reports WHERE superseded_at IS NULL
    UNION ALL
    SELECT article_id FROM core.statistics WHERE superseded_at IS NULL
)
ANTI JOIN relevant USING (article_id)
ORDER BY article_id;
