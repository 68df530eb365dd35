-- warn: a source that brought articles in each of its last weeks brought none for seven days
WITH days AS (
    SELECT source_id, CAST(fetched_at + INTERVAL 7 HOUR AS DATE) AS day
    FROM raw.fetches
    WHERE superseded_at IS NULL AND kind = 'article' AND state IN ('fetched', 'not_modified')
    GROUP BY ALL
),
latest AS (
    SELECT max(CAST(fetched_at + INTERVAL 7 HOUR AS DATE)) AS day
    FROM raw.fetches WHERE superseded_at IS NULL
)
SELECT days.source_id
FROM days, latest
GROUP BY days.source_id, latest.day
HAVING max(days.day) <= latest.day - 7
   AND count(DISTINCT date_trunc('week', days.day)) FILTER (WHERE days.day > latest.day - 35) >= 3
ORDER BY days.source_id;
