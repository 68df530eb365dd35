-- What the trends are counted from: one row per incident with its day, and the days that were watched.
--
-- An incident counts on the day it began; when its date is unknown, on the day it was first reported.
-- `n_dated_coarser` of a trend says how many of its incidents are dated less finely than its period.
-- Refuted incidents are not counted.
--
-- Persons are never added up over parent and child: an incident counts its persons only when no incident
-- above it (campaign > raid > transfer > repatriation) counts any. Defrauded people are no victims of
-- trafficking and are not counted as persons.
--
-- `outcome` is what became of those people, told by whom the headline figure counts, or by the event where
-- there is no figure or it counts victims in general. Within one outcome the same rule holds: who was freed
-- in a campaign is not freed again in its raids, but may well be repatriated in a child.
CREATE OR REPLACE VIEW marts.trend_incidents AS
WITH RECURSIVE current AS (
    SELECT
        *,
        CASE WHEN headline_role IS DISTINCT FROM 'fraud_victim' THEN persons_best END AS persons,
        CASE
            WHEN headline_role IN ('complainant', 'missing') THEN 'reported'
            WHEN headline_role = 'remaining' THEN 'located'
            WHEN headline_role IN ('rescued', 'released', 'escaped', 'sheltered') THEN 'freed'
            WHEN headline_role = 'detained' THEN 'detained'
            WHEN headline_role IN ('repatriated', 'deported') THEN 'repatriated'
            -- Who is swept up at a site is held, and may be a victim; that is no prosecution.
            WHEN headline_role = 'arrested' AND event_type IN ('raid', 'detention') THEN 'detained'
            WHEN headline_role IN ('arrested', 'suspect', 'recruiter', 'convicted') THEN 'prosecuted'
            -- People who died, fell ill or were stopped before they left have no place in this order.
            WHEN headline_role <> 'victim' THEN NULL
            WHEN event_type IN ('rescue', 'release_handover', 'escape') THEN 'freed'
            WHEN event_type IN ('repatriation', 'deportation') THEN 'repatriated'
            WHEN event_type = 'detention' THEN 'detained'
            WHEN event_type = 'raid' THEN 'located'
            WHEN event_type IN ('complaint', 'investigation') THEN 'reported'
            -- Here the figure counts victims, who are not the ones before the court.
            WHEN event_type IN ('arrest', 'prosecution', 'verdict') AND headline_role IS NULL THEN 'prosecuted'
        END AS outcome
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
    SELECT above.incident_id, list(DISTINCT current.outcome) AS outcomes
    FROM above
    JOIN current ON current.incident_id = above.parent_id
    WHERE current.persons IS NOT NULL AND above.parent_id <> above.incident_id
    GROUP BY above.incident_id
),
-- The sources that tell of it: a panel of sources counts the incidents that any of them told.
told_by AS (
    SELECT
        links.incident_id,
        list_sort(list(DISTINCT coalesce(nullif(reports.source_id, ''), 'file'))) AS source_ids
    FROM core.links AS links
    JOIN core.reports AS reports
      ON reports.report_id = links.report_id AND reports.superseded_at IS NULL
    WHERE links.superseded_at IS NULL
    GROUP BY links.incident_id
)
SELECT
    current.incident_id,
    coalesce(current.date_start, current.date_end, marts.local_day(current.first_reported_at)) AS day,
    CASE WHEN current.date_start IS NULL THEN '9' ELSE current.date_precision END AS date_precision,
    current.event_country AS country,
    current.event_type,
    CASE WHEN counted_above.incident_id IS NULL THEN current.persons END AS persons,
    current.n_reports,
    current.destination_country,
    current.outcome,
    CASE
        WHEN NOT coalesce(list_contains(counted_above.outcomes, current.outcome), false)
            AND current.outcome IS NOT NULL
            THEN current.persons
    END AS persons_of_outcome,
    coalesce(told_by.source_ids, []) AS source_ids
FROM current
LEFT JOIN counted_above USING (incident_id)
LEFT JOIN told_by USING (incident_id)
WHERE coalesce(current.date_start, current.date_end, current.first_reported_at) IS NOT NULL;

-- What was watched of each source on each day. A source was watched on a day when a request to it succeeded
-- then, or when articles published on that day were screened (files that were read in later, days that a
-- later run caught up with). An article that was left out by its title was screened by it, and counts so
-- that the denominator does not depend on how much is fetched.
CREATE OR REPLACE VIEW marts.trend_source_days AS
WITH answered AS (
    SELECT
        marts.local_day(fetched_at) AS day,
        source_id,
        bool_or(state IN ('fetched', 'not_modified')) AS is_watched
    FROM raw.fetches
    WHERE superseded_at IS NULL
    GROUP BY ALL
),
-- Each once, though a run that was cut off may have been told of it again.
skipped AS (
    SELECT min(coalesce(listed_date, marts.local_day(fetched_at))) AS day, source_id
    FROM raw.fetches
    WHERE state = 'skipped' AND superseded_at IS NULL
    GROUP BY source_id, url
),
screened AS (
    SELECT day, source_id, count(*) AS n_articles_screened
    FROM (
        SELECT
            coalesce(published_date, marts.local_day(fetched_at)) AS day,
            coalesce(nullif(source_id, ''), 'file') AS source_id
        FROM marts.articles
        WHERE relevant IS NOT NULL
        UNION ALL
        SELECT day, source_id FROM skipped
    )
    GROUP BY ALL
)
SELECT
    day,
    source_id,
    coalesce(screened.n_articles_screened, 0) AS n_articles_screened,
    coalesce(answered.is_watched, false) OR screened.n_articles_screened IS NOT NULL AS is_watched
FROM screened
FULL JOIN answered USING (day, source_id);

-- Every day from the first to the last on which anything was asked or published, over all sources. A day on
-- which no source was watched is an outage: a zero there is not a zero in the world.
CREATE OR REPLACE VIEW marts.trend_days AS
WITH seen AS (
    SELECT day, sum(n_articles_screened) AS n_articles_screened, bool_or(is_watched) AS is_watched
    FROM marts.trend_source_days
    GROUP BY day
),
spine AS (
    SELECT CAST(unnest(generate_series(min(day), max(day), INTERVAL 1 DAY)) AS DATE) AS day
    FROM seen
)
SELECT
    day,
    CAST(coalesce(seen.n_articles_screened, 0) AS BIGINT) AS n_articles_screened,
    coalesce(seen.is_watched, false) AS is_watched
FROM spine
LEFT JOIN seen USING (day);

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
