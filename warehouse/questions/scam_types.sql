-- Which kinds of scam or gambling work do the incidents name, year by year?
--
-- An incident with several kinds counts for each, so kinds are not added up. `per_10k` sets the incidents against
-- the articles screened in that year.
--
-- param since from: From this year, month or day.
-- param until to: Up to this year, month or day.
WITH screened AS (
    SELECT period, any_value(n_articles_screened) AS n FROM trends_monthly GROUP BY period
),
years AS (
    SELECT year(period) AS year, sum(n) AS n FROM screened GROUP BY ALL
)
SELECT
    year(told.period) AS year, told.value AS scam_type,
    CAST(sum(told.n_incidents) AS BIGINT) AS n_incidents,
    round(10000.0 * sum(told.n_incidents) / nullif(any_value(years.n), 0), 2) AS per_10k
FROM trends_by_dimension AS told
JOIN years ON years.year = year(told.period)
WHERE told.dimension = 'scam_type' AND told.grain = 'month'
  AND told.period >= coalesce(CAST($since AS DATE), DATE '0001-01-01')
  AND told.period <= coalesce(CAST($until AS DATE), DATE '9999-12-31')
GROUP BY ALL
ORDER BY year, n_incidents DESC, scam_type
