-- What the trends are counted from: one row per incident with its day, and the days that were watched.
--
-- An incident counts on the day it began; when its date is unknown, on the day it was first reported.
-- `n_dated_coarser` of a trend says how many of its incidents are dated less finely than its period.
-- Refuted incidents are not counted.
--
-- Persons are never added up over parent and child: an incident counts its persons only when no incident
-- above it (campaign > raid > transfer > repatriation) counts any. Defrauded people are no victims of
-- trafficking and are not counted as persons.
CREATE OR REPLACE VIEW marts.trend_incidents AS
WITH RECURSIVE current AS (
    SELECT
        *,
        CASE WHEN headline_role IS DISTINCT FROM 'fraud_victim' THEN persons_best END AS persons
    FROM marts.incidents
    WHERE status <> 'refuted'
),
-- UNION, not UNION ALL: a ring of parents would otherwise never end.
above AS (
    SELECT incident_id, parent_id FROM current WHERE parent_id IS NOT NULL
    UNION
    SELECT above.incident_id, current.parent_id
    FROM above
    JOIN current ON current.incident_id = above.parent_id
    WHERE current.parent_id IS NOT NULL
),
counted_above AS (
    SELECT DISTINCT above.incident_id
    FROM above
    JOIN current ON current.incident_id = above.parent_id
    WHERE current.persons IS NOT NULL AND above.parent_id <> above.incident_id
)
SELECT
    current.incident_id,
    coalesce(current.date_start, current.date_end, marts.local_day(current.first_reported_at)) AS day,
    CASE WHEN current.date_start IS NULL THEN '9' ELSE current.date_precision END AS date_precision,
    current.event_country AS country,
    current.event_type,
    CASE WHEN counted_above.incident_id IS NULL THEN current.persons END AS persons,
    current.n_reports
FROM current
LEFT JOIN counted_above USING (incident_id)
WHERE coalesce(current.date_start, current.date_end, current.first_reported_at) IS NOT NULL;

-- Every day from the first to the last on which anything was asked or published. A day was watched when a
-- request succeeded on it, or when articles published on it were screened (files that were read in later,
-- days that a later run caught up with). Every other day is an outage: a zero there is not a zero in the
-- world.
CREATE OR REPLACE VIEW marts.trend_days AS
WITH answered AS (
    SELECT
        marts.local_day(fetched_at) AS day,
        bool_or(state IN ('fetched', 'not_modified')) AS is_watched
    FROM raw.fetches
    WHERE superseded_at IS NULL
    GROUP BY ALL
),
screened AS (
    SELECT
        coalesce(published_date, marts.local_day(fetched_at)) AS day,
        count(*) AS n_articles_screened
    FROM marts.articles
    WHERE relevant IS NOT NULL
    GROUP BY ALL
),
spine AS (
    SELECT CAST(unnest(generate_series(min(day), max(day), INTERVAL 1 DAY)) AS DATE) AS day
    FROM (SELECT day FROM answered UNION ALL SELECT day FROM screened)
)
SELECT
    day,
    coalesce(screened.n_articles_screened, 0) AS n_articles_screened,
    coalesce(answered.is_watched, false) OR screened.n_articles_screened IS NOT NULL AS is_watched
FROM spine
LEFT JOIN screened USING (day)
LEFT JOIN answered USING (day);

-- The counting itself, for one grain: 'day', 'week' (from Monday) or 'month'.
-- `incidents`, `days`: names of tables like `trend_incidents` and `trend_days`, since the public tier counts
-- fewer incidents and persons.
-- `coarsest`: the coarsest precision code that still tells the period (1 day, 3 week, 4 month).
CREATE OR REPLACE MACRO marts.trends_by(incidents, days, grain, coarsest) AS TABLE
WITH periods AS (
    SELECT
        CAST(date_trunc(grain, day) AS DATE) AS period,
        sum(n_articles_screened) AS n_articles_screened,
        bool_or(is_watched) AS is_watched
    FROM query_table(days)
    GROUP BY ALL
),
counted AS (
    SELECT
        CAST(date_trunc(grain, day) AS DATE) AS period,
        country,
        event_type,
        count(*) AS n_incidents,
        sum(persons) AS persons_best,
        sum(n_reports) AS n_reports,
        count(*) FILTER (WHERE CAST(date_precision AS INTEGER) > coarsest) AS n_dated_coarser
    FROM query_table(incidents)
    GROUP BY ALL
)
SELECT
    period,
    counted.country,
    counted.event_type,
    coalesce(counted.n_incidents, 0) AS n_incidents,
    CAST(counted.persons_best AS BIGINT) AS persons_best,
    CAST(coalesce(counted.n_reports, 0) AS BIGINT) AS n_reports,
    CAST(coalesce(periods.n_articles_screened, 0) AS BIGINT) AS n_articles_screened,
    round(
        10000.0 * coalesce(counted.n_incidents, 0) / nullif(periods.n_articles_screened, 0), 2
    ) AS incidents_per_10k_screened,
    NOT coalesce(periods.is_watched, false) AS is_outage,
    coalesce(counted.n_dated_coarser, 0) AS n_dated_coarser
FROM counted
FULL JOIN periods USING (period);
