-- What became of each incident from one linking to the next. `release` is the first release that shows
-- the change; it is null until one is published.
CREATE OR REPLACE VIEW marts.changes AS
WITH released AS (
    SELECT release_id, published_at FROM core.releases WHERE superseded_at IS NULL
),
made AS (
    SELECT * FROM core.changes WHERE superseded_at IS NULL
),
first_shown AS (
    SELECT made.change_id, arg_min(released.release_id, released.published_at) AS release
    FROM made
    JOIN released ON released.published_at >= made.recorded_at
    GROUP BY ALL
)
SELECT
    made.change_id,
    made.incident_id,
    first_shown.release,
    made.change,
    made.fields,
    made.reason,
    made.recorded_at AS changed_at,
    made.run_id
FROM made
LEFT JOIN first_shown USING (change_id);
