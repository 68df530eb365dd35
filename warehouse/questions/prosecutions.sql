-- How far do cases against recruiters and operators get?
--
-- Incidents by the furthest legal stage that any of their reports names. A stage that no report names is not known,
-- which is not the same as not reached.
--
-- param since from: From this year, month or day.
-- param until to: Up to this year, month or day.
-- param country countries: Countries of the event or destination.
WITH stages AS (
    SELECT
        incident_id,
        list_max(list(list_position(
            ['none', 'report', 'investigation', 'suspect_named', 'arrest', 'charged', 'trial', 'verdict', 'appeal'],
            legal_stage
        ))) AS furthest
    FROM reports
    WHERE legal_stage IS NOT NULL
    GROUP BY incident_id
)
SELECT
    event_country,
    ['none', 'report', 'investigation', 'suspect_named', 'arrest', 'charged', 'trial', 'verdict', 'appeal'][furthest]
        AS legal_stage,
    count(*) AS n_incidents
FROM stages
JOIN incidents USING (incident_id)
WHERE status <> 'refuted' AND furthest > 1
  AND date_start >= coalesce(CAST($since AS DATE), DATE '0001-01-01')
  AND date_start <= coalesce(CAST($until AS DATE), DATE '9999-12-31')
  AND ($country IS NULL OR event_country IN (SELECT unnest(string_split($country, ',')))
       OR destination_country IN (SELECT unnest(string_split($country, ','))))
GROUP BY event_country, furthest
ORDER BY event_country NULLS LAST, furthest
