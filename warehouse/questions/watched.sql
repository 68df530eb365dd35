-- Which sources were watched, and where are the gaps?
--
-- Days on which each source answered, out of the days on which any did, and the longest run of days without it. Read
-- this before you compare two periods.
--
-- param since from: From this year, month or day.
-- param until to: Up to this year, month or day.
WITH seen AS (
    SELECT source_id, day FROM trend_source_days
    WHERE is_watched
      AND day >= coalesce(CAST($since AS DATE), DATE '0001-01-01')
  AND day <= coalesce(CAST($until AS DATE), DATE '9999-12-31')
),
gaps AS (
    SELECT source_id, day, day - lag(day) OVER (PARTITION BY source_id ORDER BY day) - 1 AS gap FROM seen
)
SELECT
    source_id, min(day) AS first_day, max(day) AS last_day, count(*) AS n_days,
    (SELECT count(DISTINCT day) FROM seen) AS n_days_of_any,
    CAST(coalesce(max(gap), 0) AS BIGINT) AS longest_gap_days
FROM gaps
GROUP BY source_id
ORDER BY source_id
