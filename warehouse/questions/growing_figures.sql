-- Which incidents had their figure revised most often?
--
-- Distinct headline figures that an incident has had since it was first recorded, with the first and the standing one. A
-- growing walk-in is one incident, however often its total was told.
--
-- param since from: From this year, month or day.
-- param until to: Up to this year, month or day.
-- param country countries: Countries of the event or destination.
SELECT
    incident_id,
    min(date_start) AS date_start,
    arg_max(event_type, recorded_at) AS event_type,
    count(DISTINCT persons_best) AS n_figures,
    arg_min(persons_best, recorded_at) AS first_figure,
    arg_max(persons_best, recorded_at) AS last_figure
FROM incident_versions
WHERE persons_best IS NOT NULL AND status NOT IN ('refuted', 'merged_into')
  AND date_start >= coalesce(CAST($since AS DATE), DATE '0001-01-01')
  AND date_start <= coalesce(CAST($until AS DATE), DATE '9999-12-31')
  AND ($country IS NULL OR event_country IN (SELECT unnest(string_split($country, ',')))
       OR destination_country IN (SELECT unnest(string_split($country, ','))))
GROUP BY incident_id
HAVING count(DISTINCT persons_best) > 1
ORDER BY n_figures DESC, incident_id
