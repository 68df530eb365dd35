-- What became of each incident from one release to another, over all changes that lie between: one row each.
-- An incident that came and went between the two is left out. `fields` are all that changed on the way.
CREATE OR REPLACE MACRO marts.changes_between(earlier, later) AS TABLE
WITH numbered AS (
    -- Releases of one day are numbered: 2026-09-20, 2026-09-20.1, ... 2026-09-20.10.
    SELECT *, (left(release, 10), coalesce(TRY_CAST(substring(release, 12) AS INTEGER), 0)) AS turn
    FROM marts.changes
    WHERE release IS NOT NULL
),
between_them AS (
    SELECT *
    FROM numbered
    WHERE turn > (left(earlier, 10), coalesce(TRY_CAST(substring(earlier, 12) AS INTEGER), 0))
      AND turn <= (left(later, 10), coalesce(TRY_CAST(substring(later, 12) AS INTEGER), 0))
),
netted AS (
    SELECT
        incident_id,
        arg_min(change, (changed_at, change_id)) = 'new' AS is_new,
        arg_max(change, (changed_at, change_id)) AS last_change,
        bool_or(change = 'split') AS was_split,
        list_sort(list_distinct(flatten(list(fields)))) AS fields,
        list_sort(list_distinct(list(cause))) AS causes,
        arg_max(reason, (changed_at, change_id)) AS reason,
        count(*) AS n_changes,
        max(changed_at) AS changed_at
    FROM between_them
    GROUP BY incident_id
)
SELECT
    incident_id,
    CASE
        WHEN last_change IN ('merged', 'withdrawn') THEN last_change
        WHEN is_new THEN 'new'
        WHEN was_split THEN 'split'
        ELSE last_change
    END AS change,
    fields,
    causes,
    reason,
    n_changes,
    changed_at
FROM netted
WHERE NOT (is_new AND last_change IN ('merged', 'withdrawn'))
ORDER BY incident_id;
