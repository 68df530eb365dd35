-- What we watched, by day and source: without it no count can be read. Days are UTC+7.
-- `state`: ok, partial (some lists failed), empty (the lists answered and listed nothing), ingested
-- (articles came from files), or the commonest state in which the requests of a failed day ended.
CREATE OR REPLACE VIEW marts.coverage AS
WITH asked AS (
    SELECT marts.local_day(fetched_at) AS day, source_id, url, kind, state, n_listed
    FROM raw.fetches
    WHERE superseded_at IS NULL AND kind <> 'robots'
),
-- A list that is read by several runs of a day is counted once, at its longest.
lists AS (
    SELECT
        day,
        source_id,
        url,
        max(n_listed) AS n_listed,
        bool_or(state IN ('fetched', 'not_modified')) AS answered,
        mode(state) AS state
    FROM asked
    WHERE kind <> 'article'
    GROUP BY day, source_id, url
),
listed AS (
    SELECT
        day,
        source_id,
        CAST(sum(n_listed) AS BIGINT) AS n_listed,
        count(*) FILTER (WHERE answered) AS n_answered,
        count(*) FILTER (WHERE NOT answered) AS n_silent,
        mode(state) FILTER (WHERE NOT answered) AS failure
    FROM lists
    GROUP BY day, source_id
),
fetched AS (
    SELECT
        day,
        source_id,
        count(DISTINCT url) FILTER (WHERE state IN ('fetched', 'not_modified')) AS n_fetched,
        count(DISTINCT url) FILTER (WHERE state = 'skipped') AS n_skipped,
        mode(state) FILTER (WHERE state NOT IN ('fetched', 'not_modified', 'skipped')) AS failure
    FROM asked
    WHERE kind = 'article'
    GROUP BY day, source_id
),
read AS (
    SELECT
        marts.local_day(fetched_at) AS day,
        coalesce(nullif(source_id, ''), 'file') AS source_id,
        count(*) AS n_articles,
        count(relevant) AS n_screened,
        count(*) FILTER (WHERE relevant) AS n_relevant
    FROM marts.articles
    GROUP BY ALL
)
SELECT
    day,
    source_id,
    coalesce(listed.n_listed, 0) AS n_listed,
    coalesce(fetched.n_fetched, 0) AS n_fetched,
    coalesce(read.n_articles, 0) AS n_articles,
    coalesce(read.n_screened, 0) AS n_screened,
    coalesce(read.n_relevant, 0) AS n_relevant,
    CASE
        WHEN listed.day IS NULL AND fetched.day IS NULL THEN 'ingested'
        WHEN coalesce(listed.n_answered, 0) = 0 AND coalesce(fetched.n_fetched, 0) = 0
            THEN coalesce(listed.failure, fetched.failure, 'failed')
        WHEN listed.n_silent > 0 THEN 'partial'
        WHEN coalesce(listed.n_listed, 0) = 0 AND coalesce(fetched.n_fetched, 0) = 0 THEN 'empty'
        ELSE 'ok'
    END AS state,
    coalesce(fetched.n_skipped, 0) AS n_skipped
FROM listed
FULL JOIN fetched USING (day, source_id)
FULL JOIN read USING (day, source_id);
