-- What was watched and what became of it: numbers and codes only.
CREATE TABLE public.marts.coverage AS SELECT * FROM analyst.marts.coverage ORDER BY ALL;
CREATE TABLE public.marts.fetch_states AS SELECT * FROM analyst.marts.fetch_states ORDER BY ALL;
CREATE TABLE public.marts.rejections AS SELECT * FROM analyst.marts.rejections ORDER BY ALL;
CREATE TABLE public.marts.changes AS
SELECT change_id, incident_id, release, change, fields, reason, changed_at
FROM analyst.marts.changes
ORDER BY change_id;
