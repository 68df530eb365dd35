-- What became of each incident from one linking to the next. `release` is the first release that shows
-- the change; it is null until one is published. `cause` is read from what else changed at the same moment: a
-- person's decision, another report, an article whose outlet changed it, or rules and models that read and link
-- the same texts in another way.
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
),
-- Articles that said something else than before, read by the same rules: the outlet changed them.
edits AS (
    SELECT later.article_id, later.recorded_at
    FROM core.articles AS later
    JOIN core.articles AS earlier
      ON earlier.article_id = later.article_id AND earlier.superseded_at = later.recorded_at
    WHERE earlier.extractor_version = later.extractor_version
      AND (earlier.title, earlier.text) IS DISTINCT FROM (later.title, later.text)
),
told_by AS (
    SELECT incident_id, recorded_at, before_at, unnest(article_ids) AS article_id
    FROM (
        SELECT *, lag(recorded_at) OVER (PARTITION BY incident_id ORDER BY recorded_at) AS before_at
        FROM core.incidents
    )
),
corrected AS (
    SELECT DISTINCT told_by.incident_id, told_by.recorded_at
    FROM told_by
    JOIN edits USING (article_id)
    WHERE edits.recorded_at > told_by.before_at AND edits.recorded_at <= told_by.recorded_at
),
-- Incidents that got or lost a report by a person's word.
decided AS (
    SELECT incident_id, recorded_at FROM core.links WHERE linked_by = 'review'
    UNION
    SELECT earlier.incident_id, later.recorded_at
    FROM core.links AS later
    JOIN core.links AS earlier
      ON earlier.report_id = later.report_id AND earlier.superseded_at = later.recorded_at
    WHERE later.linked_by = 'review'
),
rejected AS (
    SELECT DISTINCT record_id AS incident_id, run_id FROM core.reviews WHERE action = 'reject'
)
SELECT
    made.change_id,
    made.incident_id,
    first_shown.release,
    made.change,
    made.fields,
    made.reason,
    made.recorded_at AS changed_at,
    made.run_id,
    CASE
        WHEN made.reason = 'an article was taken down' THEN 'takedown'
        WHEN made.reason = 'a person decided' OR decided.incident_id IS NOT NULL
            OR made.change = 'withdrawn' AND rejected.incident_id IS NOT NULL
            THEN 'review'
        WHEN made.reason = 'first report' OR contains(made.reason, 'reports joined') THEN 'report'
        WHEN corrected.incident_id IS NOT NULL THEN 'correction'
        WHEN made.change = 'withdrawn' OR made.reason = 'its reports read differently' THEN 'reading'
        ELSE 'linking'
    END AS cause
FROM made
LEFT JOIN first_shown USING (change_id)
LEFT JOIN decided ON decided.incident_id = made.incident_id AND decided.recorded_at = made.recorded_at
LEFT JOIN corrected ON corrected.incident_id = made.incident_id AND corrected.recorded_at = made.recorded_at
LEFT JOIN rejected ON rejected.incident_id = made.incident_id AND rejected.run_id = made.run_id;
