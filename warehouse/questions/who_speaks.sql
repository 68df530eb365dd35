-- On whose word do the figures rest?
--
-- Agencies that give figures, and in how many incidents. Where one office gives nearly all, its definitions and its
-- silences shape the series.
--
-- param since from: From this year, month or day.
-- param until to: Up to this year, month or day.
-- param country countries: Countries of the event or destination.
SELECT speaking.agency_id, min(speaking.name) AS name, count(DISTINCT incident_id) AS n_incidents
FROM incident_agencies AS speaking
JOIN incidents USING (incident_id)
WHERE speaking.role = 'source_of_figure' AND status <> 'refuted'
  AND date_start >= coalesce(CAST($since AS DATE), DATE '0001-01-01')
  AND date_start <= coalesce(CAST($until AS DATE), DATE '9999-12-31')
  AND ($country IS NULL OR event_country IN (SELECT unnest(string_split($country, ',')))
       OR destination_country IN (SELECT unnest(string_split($country, ','))))
GROUP BY speaking.agency_id
ORDER BY n_incidents DESC, speaking.agency_id
