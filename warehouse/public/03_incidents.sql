-- The incidents as they stand now, and which of them may be described further.
CREATE TABLE public.marts.incidents AS
SELECT * EXCLUDE (merged_into, recorded_at, superseded_at, people_shown)
FROM public.marts.incident_versions
WHERE superseded_at IS NULL AND merged_into IS NULL AND status <> 'merged_into'
ORDER BY incident_id;

CREATE OR REPLACE TEMP TABLE described AS
SELECT incident_id FROM public.marts.incident_versions
WHERE superseded_at IS NULL AND people_shown;

ALTER TABLE public.marts.incident_versions DROP COLUMN people_shown;
