-- How many records went no further, by day (UTC+7), source, stage and reason.
CREATE OR REPLACE VIEW marts.rejections AS
SELECT
    marts.local_day(recorded_at) AS day,
    nullif(source_id, '') AS source_id,
    stage,
    reason,
    count(*) AS n_records
FROM core.rejections
WHERE superseded_at IS NULL
GROUP BY ALL;
