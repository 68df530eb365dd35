-- By which means were people controlled?
--
-- Codes of the means named in reports (documents taken, debts, violence ...). An incident counts for each means
-- it names; silence of a report says nothing.
--
-- param since from: From this year, month or day.
-- param until to: Up to this year, month or day.
-- param country countries: Countries of the event or destination.
SELECT
    seen.value AS means,
    count(DISTINCT seen.incident_id) AS n_incidents,
    count(DISTINCT seen.report_id) AS n_reports
FROM sightings AS seen
JOIN incidents USING (incident_id)
WHERE seen.kind = 'control_means' AND status <> 'refuted'
  AND date_start >= coalesce(CAST($since AS DATE), DATE '0001-01-01')
  AND date_start <= coalesce(CAST($until AS DATE), DATE '9999-12-31')
  AND ($country IS NULL OR event_country IN (SELECT unnest(string_split($country, ',')))
       OR destination_country IN (SELECT unnest(string_split($country, ','))))
GROUP BY seen.value
ORDER BY n_incidents DESC, means
