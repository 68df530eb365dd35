-- stop: a report has no evidence, or an incident or one of its figures has no report
WITH reports AS (
    SELECT report_id FROM core.reports WHERE superseded_at IS NULL
),
proof AS (
    SELECT report_id FROM core.report_evidence WHERE superseded_at IS NULL
),
unproven AS (
    SELECT 'report ' || report_id AS what FROM reports ANTI JOIN proof USING (report_id)
    UNION ALL
    SELECT 'incident ' || incident_id
    FROM core.incidents
    WHERE superseded_at IS NULL AND merged_into IS NULL AND len(report_ids) = 0
    UNION ALL
    SELECT 'count ' || count_id
    FROM core.incident_counts AS figures ANTI JOIN reports USING (report_id)
    WHERE superseded_at IS NULL
)
SELECT what FROM unproven ORDER BY what;
