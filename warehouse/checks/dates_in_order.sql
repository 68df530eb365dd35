-- stop: a date range ends before it begins, or a row was replaced before it was recorded
WITH ranges AS (
    SELECT 'incident ' || incident_id AS what, date_start, date_end FROM core.incidents
    WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'report ' || report_id, date_start, date_end FROM core.reports WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'statistic ' || stat_id, period_start, period_end FROM core.statistics
    WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'version of ' || incident_id, recorded_at, superseded_at FROM core.incidents
)
SELECT DISTINCT what FROM ranges WHERE date_end < date_start ORDER BY what;
