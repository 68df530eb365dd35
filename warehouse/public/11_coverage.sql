-- What was watched and what became of it: numbers and codes only.
CREATE TABLE public.marts.coverage AS SELECT * FROM analyst.marts.coverage ORDER BY ALL;
CREATE TABLE public.marts.fetch_states AS SELECT * FROM analyst.marts.fetch_states ORDER BY ALL;
CREATE TABLE public.marts.rejections AS SELECT * REPLACE (only_stage(stage) AS stage)
FROM analyst.marts.rejections
ORDER BY ALL;
CREATE TABLE public.marts.changes AS
SELECT
    change_id,
    incident_id,
    release,
    change,
    list_filter(fields, lambda name: only_field(name) IS NOT NULL) AS fields,
    only_reason(reason) AS reason,
    changed_at
FROM analyst.marts.changes
ORDER BY change_id;
