-- Which deaths were told of?
--
-- Incidents of death and figures of dead people in other incidents. The public tier withholds figures below 5, which
-- most of these are.
--
-- param since from: From this year, month or day.
-- param until to: Up to this year, month or day.
-- param country countries: Countries of the event or destination.
WITH dead AS (
    SELECT incident_id, max(best) AS dead
    FROM incident_counts
    WHERE role = 'dead' AND superseded_by IS NULL
    GROUP BY incident_id
)
SELECT incident_id, date_start, event_type, event_country, dead.dead, n_reports, n_sources, confidence
FROM incidents
LEFT JOIN dead USING (incident_id)
WHERE (event_type = 'death' OR dead.incident_id IS NOT NULL) AND status <> 'refuted'
  AND date_start >= coalesce(CAST($since AS DATE), DATE '0001-01-01')
  AND date_start <= coalesce(CAST($until AS DATE), DATE '9999-12-31')
  AND ($country IS NULL OR event_country IN (SELECT unnest(string_split($country, ',')))
       OR destination_country IN (SELECT unnest(string_split($country, ','))))
ORDER BY date_start DESC NULLS LAST, incident_id
