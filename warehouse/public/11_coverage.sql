-- What was watched and what became of it: numbers and codes only.
CREATE TABLE public.marts.coverage AS SELECT * FROM analyst.marts.coverage ORDER BY ALL;
CREATE TABLE public.marts.fetch_states AS SELECT * FROM analyst.marts.fetch_states ORDER BY ALL;
CREATE TABLE public.marts.rejections AS SELECT * REPLACE (only_stage(stage) AS stage)
FROM analyst.marts.rejections
ORDER BY ALL;
-- Where a figure kept its value because it changed by few, the change does not tell of it either.
CREATE OR REPLACE TEMP TABLE held AS
SELECT
    incident_id,
    recorded_at,
    (persons_low, persons_best, persons_high) IS NOT DISTINCT FROM lag((persons_low, persons_best, persons_high))
        OVER (PARTITION BY incident_id ORDER BY recorded_at) AS is_held
FROM public.marts.incident_versions;

CREATE TABLE public.marts.changes AS
SELECT
    change_id,
    told.incident_id,
    release,
    change,
    list_filter(
        fields, lambda name: only_field(name) IS NOT NULL AND NOT (coalesce(held.is_held, false) AND name IN (
            'persons_low', 'persons_best', 'persons_high', 'counts'
        ))
    ) AS fields,
    only_reason(reason) AS reason,
    changed_at,
    cause
FROM analyst.marts.changes AS told
LEFT JOIN held ON held.incident_id = told.incident_id AND held.recorded_at = told.changed_at
ORDER BY change_id;
