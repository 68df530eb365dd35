-- The latest day on which articles were recorded, beside the share that was relevant in the 28 days before.
-- Two checks of a release read it: a changed page layout or a broken model shows there first.
CREATE OR REPLACE MACRO marts.latest_relevance() AS TABLE
WITH screened AS (
    SELECT
        marts.local_day(articles.recorded_at) AS day,
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
SELECT
    latest.day,
    latest.n,
    latest.n_relevant,
    usual.share * latest.n AS n_expected,
    latest.n_relevant || ' of ' || latest.n || ' articles of ' || latest.day || ' are relevant' AS found
FROM latest, usual;
