-- stop: fewer than half of the incidents of the last release are left
-- From 20 incidents on: below that, one corrected article may take half of them away.
WITH last_release AS (
    SELECT max(published_at) AS published_at FROM core.releases WHERE superseded_at IS NULL
),
earlier AS (
    SELECT count(*) AS n
    FROM core.incidents, last_release
    WHERE recorded_at <= published_at
      AND (superseded_at IS NULL OR superseded_at > published_at)
      AND merged_into IS NULL
),
now AS (
    SELECT count(*) AS n FROM core.incidents WHERE superseded_at IS NULL AND merged_into IS NULL
)
SELECT now.n || ' of ' || earlier.n || ' incidents are left' AS found
FROM earlier, now
WHERE earlier.n >= 20 AND now.n < 0.5 * earlier.n;
