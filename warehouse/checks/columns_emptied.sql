-- stop: a column of incidents is filled less than half as often as in the last release
-- From 20 incidents that had a value on: below that, a few incidents decide.
WITH last_release AS (
    SELECT max(published_at) AS published_at FROM core.releases WHERE superseded_at IS NULL
),
filled AS (
    SELECT
        superseded_at IS NULL AS is_now,
        recorded_at <= published_at AND (superseded_at IS NULL OR superseded_at > published_at) AS is_earlier,
        unnest([
            {'name': 'event_country', 'has': event_country IS NOT NULL},
            {'name': 'destination_country', 'has': destination_country IS NOT NULL},
            {'name': 'date_start', 'has': date_start IS NOT NULL},
            {'name': 'place_id', 'has': place_id IS NOT NULL},
            {'name': 'persons_best', 'has': persons_best IS NOT NULL},
            {'name': 'nationalities', 'has': len(nationalities) > 0}
        ]) AS cell
    FROM core.incidents, last_release
    WHERE merged_into IS NULL
),
shares AS (
    SELECT
        cell.name AS name,
        count(*) FILTER (is_earlier AND cell.has) AS n_earlier,
        avg(cell.has::INTEGER) FILTER (is_earlier) AS share_earlier,
        avg(cell.has::INTEGER) FILTER (is_now) AS share_now
    FROM filled
    GROUP BY ALL
)
SELECT name || ': ' || round(100 * share_now) || ' of 100 filled, ' || round(100 * share_earlier) || ' before' AS found
FROM shares
WHERE n_earlier >= 20 AND share_now < 0.5 * share_earlier
ORDER BY ALL;
