-- How long after an event is it first told of?
--
-- Days from event to first report, of incidents whose day is known. Recent months look quick because slow stories
-- have not been told yet: leave out months followed for less than the longest usual lag (`days_followed`).
--
-- param since from: From this year, month or day.
-- param until to: Up to this year, month or day.
SELECT period, event_type, n_incidents, n_announced_before, median_days, p90_days, days_followed
FROM reporting_lags
WHERE period >= coalesce(CAST($since AS DATE), DATE '0001-01-01')
  AND period <= coalesce(CAST($until AS DATE), DATE '9999-12-31')
ORDER BY period, event_type
