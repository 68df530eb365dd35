-- Which aggregate figures were told of a country, and by whom?
--
-- Statistics as printed, latest period first. They are no incidents and are never added to them; running totals
-- (`is_cumulative`) hold one another, and parts name their whole in `disaggregation_of`.
--
-- param country countries: Countries that the figures are about.
-- param category text: A code of StatisticCategory.
-- param since from: From this year, month or day.
-- param until to: Up to this year, month or day.
SELECT stat_id, metric, category, value, unit, period_start, period_end, as_of, area_country, is_cumulative,
       disaggregation_of, source_agency
FROM statistics
WHERE ($country IS NULL OR area_country IN (SELECT unnest(string_split($country, ','))))
  AND ($category IS NULL OR category = $category)
  AND coalesce(period_end, as_of, period_start) >= coalesce(CAST($since AS DATE), DATE '0001-01-01')
  AND coalesce(period_end, as_of, period_start) <= coalesce(CAST($until AS DATE), DATE '9999-12-31')
ORDER BY coalesce(period_end, as_of, period_start) DESC NULLS LAST, stat_id
