-- stop: the incidents that the last release holds too now speak of less than half or more than twice as many persons
-- From 20 incidents on: below that, one growing operation may double the sum. Incidents that are new or gone are
-- left out, so that a backfill does not look like an error.
WITH last_release AS (
    SELECT max(published_at) AS published_at FROM core.releases WHERE superseded_at IS NULL
),
earlier AS (
    SELECT incident_id, persons_best
    FROM core.incidents, last_release
    WHERE recorded_at <= published_at
      AND (superseded_at IS NULL OR superseded_at > published_at)
      AND merged_into IS NULL AND parent_id IS NULL
),
now AS (
    SELECT incident_id, persons_best
    FROM core.incidents
    WHERE superseded_at IS NULL AND merged_into IS NULL AND parent_id IS NULL
),
both_hold AS (
    SELECT
        count(*) AS n,
        coalesce(sum(earlier.persons_best), 0) AS persons_before,
        coalesce(sum(now.persons_best), 0) AS persons_now
    FROM earlier JOIN now USING (incident_id)
)
SELECT persons_now || ' persons, ' || persons_before || ' before, in the same ' || n || ' incidents' AS found
FROM both_hold
WHERE n >= 20 AND (persons_now > 2 * persons_before OR persons_now < 0.5 * persons_before);
