-- Where people are held, and whether it moves: the share of each destination among the incidents of a quarter.
--
-- `level` country: the destination country. `level` place: towns and sites in that country where the event
-- happened or people were exploited. An incident with several such places counts for each by its part, so the
-- shares of a quarter add up to one. Incidents that are part of another are left out: one campaign in forty
-- batches is one story of one hub. Refuted incidents are left out.
CREATE OR REPLACE MACRO marts.hub_shares_of(told, incidents, places) AS TABLE
WITH whole AS (
    SELECT
        told.incident_id,
        CAST(date_trunc('quarter', told.day) AS DATE) AS period,
        held.destination_country
    FROM query_table(told) AS told
    JOIN query_table(incidents) AS held USING (incident_id)
    WHERE held.parent_id IS NULL AND held.destination_country IS NOT NULL
),
sites AS (
    SELECT DISTINCT whole.incident_id, whole.period, places.place_id, places.name, places.country
    FROM query_table(places) AS places
    JOIN whole USING (incident_id)
    WHERE places.role IN ('destination', 'event_site')
      AND places.country = whole.destination_country
      AND places.geo_precision IN ('1', '2', '3')
),
hubs AS (
    SELECT
        'country' AS level,
        period,
        destination_country AS hub,
        destination_country AS name,
        destination_country AS country,
        CAST(1 AS DECIMAL(18, 9)) AS part,
        incident_id
    FROM whole
    UNION ALL
    SELECT
        'place',
        period,
        place_id,
        name,
        country,
        CAST(1.0 / count(*) OVER (PARTITION BY incident_id) AS DECIMAL(18, 9)),
        incident_id
    FROM sites
),
counted AS (
    SELECT level, period, hub, min(name) AS name, min(country) AS country, count(*) AS n_incidents,
           sum(part) AS parts
    FROM hubs
    GROUP BY level, period, hub
)
SELECT
    level,
    period,
    hub,
    name,
    country,
    n_incidents,
    round(CAST(parts AS DOUBLE) / CAST(sum(parts) OVER (PARTITION BY level, period) AS DOUBLE), 4) AS share
FROM counted;

CREATE OR REPLACE VIEW marts.hub_shares AS
SELECT * FROM marts.hub_shares_of('marts.trend_incidents', 'marts.incidents', 'marts.incident_places');

-- How far the shares moved from one quarter to the next: the index of dissimilarity (Duncan and Duncan 1955),
-- half the sum of the absolute differences; 0 nothing moved, 1 everything did. Small numbers move by chance
-- alone: `shift_by_chance` is the index to be expected when the true shares of both quarters are the same, and
-- an index that is not well above it says nothing. With fewer than 10 incidents in either quarter there is no
-- index.
CREATE OR REPLACE MACRO marts.hub_shifts_of(shares, told, incidents, places) AS TABLE
WITH hubs AS (
    SELECT * FROM query_table(shares)
),
sizes AS (
    -- How many incidents stand behind the shares; each counts once.
    SELECT
        'country' AS level,
        CAST(date_trunc('quarter', told.day) AS DATE) AS period,
        count(*) AS n
    FROM query_table(told) AS told
    JOIN query_table(incidents) AS held USING (incident_id)
    WHERE held.parent_id IS NULL AND held.destination_country IS NOT NULL
    GROUP BY ALL
    UNION ALL
    SELECT
        'place',
        CAST(date_trunc('quarter', told.day) AS DATE),
        count(DISTINCT told.incident_id)
    FROM query_table(told) AS told
    JOIN query_table(incidents) AS held USING (incident_id)
    JOIN query_table(places) AS places USING (incident_id)
    WHERE held.parent_id IS NULL
      AND places.role IN ('destination', 'event_site')
      AND places.country = held.destination_country
      AND places.geo_precision IN ('1', '2', '3')
    GROUP BY ALL
),
pairs AS (
    SELECT now.level, now.period, now.n, before.n AS n_before
    FROM sizes AS now
    JOIN sizes AS before
      ON before.level = now.level AND before.period = CAST(now.period - INTERVAL 3 MONTH AS DATE)
),
seen AS (
    SELECT pairs.level, pairs.period, hubs.hub FROM pairs
    JOIN hubs ON hubs.level = pairs.level
     AND hubs.period IN (pairs.period, CAST(pairs.period - INTERVAL 3 MONTH AS DATE))
    GROUP BY ALL
),
moved AS (
    SELECT
        pairs.*,
        seen.hub,
        coalesce(now.share, 0) AS share,
        coalesce(before.share, 0) AS share_before,
        -- The share of both quarters together, for the chance of a move.
        (n * coalesce(now.share, 0) + n_before * coalesce(before.share, 0)) / (n + n_before) AS pooled
    FROM pairs
    JOIN seen USING (level, period)
    LEFT JOIN hubs AS now
      ON now.level = pairs.level AND now.period = pairs.period AND now.hub = seen.hub
    LEFT JOIN hubs AS before
      ON before.level = pairs.level AND before.hub = seen.hub
     AND before.period = CAST(pairs.period - INTERVAL 3 MONTH AS DATE)
)
SELECT
    level,
    period,
    any_value(n) AS n_incidents,
    any_value(n_before) AS n_incidents_before,
    CASE WHEN any_value(least(n, n_before)) >= 10 THEN
        round(CAST(sum(CAST(abs(share - share_before) AS DECIMAL(18, 9))) / 2 AS DOUBLE), 3)
    END AS shift_index,
    CASE WHEN any_value(least(n, n_before)) >= 10 THEN
        -- The mean of the absolute value of a normal variable is sqrt(2 / pi) of its deviation.
        round(CAST(sum(CAST(
            sqrt(2 / pi() * greatest(pooled * (1 - pooled), 0) * (1.0 / n + 1.0 / n_before))
        AS DECIMAL(18, 9))) / 2 AS DOUBLE), 3)
    END AS shift_by_chance,
    arg_max(hub, (share - share_before, hub)) FILTER (WHERE share > share_before) AS gained_most,
    arg_min(hub, (share - share_before, hub)) FILTER (WHERE share < share_before) AS lost_most
FROM moved
GROUP BY level, period;

CREATE OR REPLACE VIEW marts.hub_shifts AS
SELECT * FROM marts.hub_shifts_of(
    'marts.hub_shares', 'marts.trend_incidents', 'marts.incidents', 'marts.incident_places'
);
