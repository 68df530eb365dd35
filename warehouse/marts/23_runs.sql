-- The runs that wrote the warehouse. What they stumbled over is told in the private file and the logs.
CREATE OR REPLACE VIEW marts.runs AS
SELECT run_id, kind, started_at, finished_at, state
FROM core.runs
WHERE superseded_at IS NULL;
