-- Along which legs did people travel?
--
-- Legs that reports describe, counted once per incident. A leg that no text names is not here, so a missing leg does
-- not mean that nobody took it.
--
-- param since from: From this year, month or day.
-- param until to: Up to this year, month or day.
SELECT leg.from_name, leg.to_name, count(DISTINCT leg.incident_id) AS n_incidents, count(DISTINCT leg.report_id) AS n_reports
FROM route_legs AS leg
JOIN incidents USING (incident_id)
WHERE status <> 'refuted'
  AND date_start >= coalesce(CAST($since AS DATE), DATE '0001-01-01')
  AND date_start <= coalesce(CAST($until AS DATE), DATE '9999-12-31')
GROUP BY ALL
ORDER BY n_incidents DESC, leg.from_name, leg.to_name
