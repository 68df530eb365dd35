-- The incidents as they stood at the end of a day: what an analyst would have seen then.
CREATE OR REPLACE MACRO marts.incidents_as_of(day) AS TABLE
SELECT * EXCLUDE (merged_into, recorded_at, superseded_at)
FROM marts.incident_versions
WHERE CAST(recorded_at + INTERVAL 7 HOUR AS DATE) <= CAST(day AS DATE)
  AND (superseded_at IS NULL OR CAST(superseded_at + INTERVAL 7 HOUR AS DATE) > CAST(day AS DATE))
  AND merged_into IS NULL
  AND status <> 'merged_into';
