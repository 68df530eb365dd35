-- stop: the latest day's share of relevant articles fell below a fifth of the usual share
-- A changed page layout or a broken model shows first here. Judged only where at least 10 relevant
-- articles were to be expected, so that a quiet day does not stop a release.
WITH screened AS (
    SELECT
        CAST(articles.recorded_at + INTERVAL 7 HOUR AS DATE) AS day,
        count(*) AS n,
        count(*) FILTER (WHERE relevance.relevant) AS n_relevant
    FROM core.relevance AS relevance
    JOIN core.articles AS articles
      ON articles.article_id = relevance.article_id AND articles.superseded_at IS NULL
    WHERE relevance.superseded_at IS NULL
    GROUP BY ALL
),
latest AS (
    SELECT * FROM screened ORDER BY day DESC LIMIT 1
),
usual AS (
    SELECT sum(screened.n_relevant) / sum(screened.n) AS share
    FROM screened, latest
    WHERE screened.day BETWEEN latest.day - 28 AND latest.day - 1
)
SELECT latest.n_relevant || ' of ' || latest.n || ' articles of ' || latest.day || ' are relevant' AS found
FROM latest, usual
WHERE usual.share * latest.n >= 10
  AND latest.n_relevant < 0.2 * usual.share * latest.n;
