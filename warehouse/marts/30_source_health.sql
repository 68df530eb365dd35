-- Each day (UTC+7) of watching a source as those who look after the crawl need it: beside the coverage, what
-- was new, what was refused, and what the pages gave. `flows/watch.py` judges these rows.
CREATE OR REPLACE VIEW marts.source_health AS
WITH asked AS (
    SELECT marts.local_day(fetched_at) AS day, source_id, url, kind, state, detail
    FROM raw.fetches
    WHERE superseded_at IS NULL AND kind <> 'robots'
),
-- An address is new on the day that it was first asked for, or first left out by its title.
first_seen AS (
    SELECT source_id, url, min(day) AS day
    FROM asked
    WHERE kind = 'article' AND state <> 'deferred'
    GROUP BY source_id, url
),
fresh AS (
    SELECT day, source_id, count(*) AS n_new FROM first_seen GROUP BY day, source_id
),
answers AS (
    SELECT
        day,
        source_id,
        count(DISTINCT url) FILTER (
            WHERE kind = 'article' AND state IN ('blocked', 'forbidden', 'rate_limited')
        ) AS n_refused,
        count(DISTINCT url) FILTER (WHERE kind <> 'article' AND state = 'fetched' AND detail <> '') AS n_unclean,
        arg_max(detail, length(detail)) FILTER (
            WHERE kind <> 'article' AND state = 'fetched' AND detail <> ''
        ) AS fault
    FROM asked
    GROUP BY day, source_id
),
refused AS (
    SELECT
        marts.local_day(recorded_at) AS day,
        source_id,
        count(*) FILTER (WHERE reason IN ('no_text', 'too_short')) AS n_short,
        count(*) FILTER (WHERE reason IN ('block_page', 'repeated_page')) AS n_block_pages
    FROM core.rejections
    WHERE superseded_at IS NULL AND source_id <> ''
    GROUP BY day, source_id
),
read AS (
    SELECT
        marts.local_day(fetched_at) AS day,
        source_id,
        count(*) FILTER (WHERE published_at IS NULL AND published_date IS NULL) AS n_undated,
        CAST(median(n_chars) AS BIGINT) AS median_chars
    FROM marts.articles
    WHERE source_id <> ''
    GROUP BY day, source_id
)
SELECT
    day,
    source_id,
    coverage.state,
    coverage.n_listed,
    coalesce(fresh.n_new, 0) AS n_new,
    coverage.n_fetched,
    coalesce(answers.n_refused, 0) + coalesce(refused.n_block_pages, 0) AS n_refused,
    coverage.n_articles,
    coalesce(refused.n_short, 0) AS n_short,
    coalesce(read.n_undated, 0) AS n_undated,
    read.median_chars,
    coverage.n_screened,
    coverage.n_relevant,
    coalesce(answers.n_unclean, 0) AS n_unclean,
    answers.fault
FROM marts.coverage AS coverage
LEFT JOIN fresh USING (day, source_id)
LEFT JOIN answers USING (day, source_id)
LEFT JOIN refused USING (day, source_id)
LEFT JOIN read USING (day, source_id)
WHERE coverage.state <> 'ingested';
