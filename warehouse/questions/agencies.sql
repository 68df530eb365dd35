-- Which agencies acted, and what did they do?
--
-- Counts incidents in which an agency acts (not where it only speaks or is named), by type of event. Joint
-- operations count for each agency.
--
-- param since from: From this year, month or day.
-- param until to: Up to this year, month or day.
-- param country countries: Countries of the event or destination.
SELECT acting.agency_id, min(acting.name) AS name, incidents.event_type, count(DISTINCT incident_id) AS n_incidents
FROM incident_agencies AS acting
JOIN incidents USING (incident_id)
WHERE acting.role IN (
        'actor', 'host_authority', 'law_enforcement', 'facilitator', 'court', 'service_provider'
      )
  AND status <> 'refuted'
  AND date_start >= coalesce(CAST($since AS DATE), DATE '0001-01-01')
  AND date_start <= coalesce(CAST($until AS DATE), DATE '9999-12-31')
  AND ($country IS NULL OR event_country IN (SELECT unnest(string_split($country, ',')))
       OR destination_country IN (SELECT unnest(string_split($country, ','))))
GROUP BY acting.agency_id, incidents.event_type
ORDER BY n_incidents DESC, acting.agency_id, incidents.event_type
