-- Recruitment channels, promised jobs and pay, means of control and ransoms, as reports print them.
CREATE OR REPLACE VIEW marts.sightings AS
WITH linked AS (
    SELECT report_id, incident_id FROM core.links WHERE superseded_at IS NULL
)
SELECT
    linked.incident_id,
    seen.report_id,
    seen.article_id,
    seen.kind,
    seen.value,
    seen."start",
    seen."end",
    seen.surface
FROM core.sightings AS seen
LEFT JOIN linked USING (report_id)
WHERE seen.superseded_at IS NULL;
