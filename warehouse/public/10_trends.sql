-- Trends of the incidents as the public sees them: persons are added over figures that are shown, and
-- by day and week only acts of authorities are told of, since everything else is dated to the month.
CREATE OR REPLACE TEMP MACRO public_trends(grain, coarsest, by_month) AS TABLE
WITH periods AS (
    SELECT
        CAST(date_trunc(grain, day) AS DATE) AS period,
        sum(n_articles_screened) AS n_articles_screened,
        bool_or(is_watched) AS is_watched
    FROM analyst.marts.trend_days
    GROUP BY ALL
),
shown AS (
    SELECT
        told.*,
        seen.persons_suppressed AND told.persons IS NOT NULL AS persons_suppressed
    FROM analyst.marts.trend_incidents AS told
    JOIN public.marts.incidents AS seen USING (incident_id)
    LEFT JOIN minors USING (incident_id)
    WHERE by_month OR (is_authority_act(told.event_type) AND minors.incident_id IS NULL)
),
counted AS (
    SELECT
        CAST(date_trunc(grain, day) AS DATE) AS period,
        country,
        event_type,
        count(*) AS n_incidents,
        sum(persons) FILTER (WHERE NOT persons_suppressed) AS persons_best,
        bool_or(persons_suppressed) AS persons_suppressed,
        sum(n_reports) AS n_reports,
        count(*) FILTER (WHERE CAST(date_precision AS INTEGER) > coarsest) AS n_dated_coarser
    FROM shown
    GROUP BY ALL
)
SELECT
    period,
    counted.country,
    counted.event_type,
    coalesce(counted.n_incidents, 0) AS n_incidents,
    CAST(counted.persons_best AS BIGINT) AS persons_best,
    coalesce(counted.persons_suppressed, false) AS persons_suppressed,
    CAST(coalesce(counted.n_reports, 0) AS BIGINT) AS n_reports,
    CAST(coalesce(periods.n_articles_screened, 0) AS BIGINT) AS n_articles_screened,
    round(
        10000.0 * coalesce(counted.n_incidents, 0) / nullif(periods.n_articles_screened, 0), 2
    ) AS incidents_per_10k_screened,
    NOT coalesce(periods.is_watched, false) AS is_outage,
    coalesce(counted.n_dated_coarser, 0) AS n_dated_coarser
FROM counted
FULL JOIN periods USING (period)
ORDER BY ALL;

CREATE TABLE public.marts.trends_daily AS SELECT * FROM public_trends('day', 1, false);
CREATE TABLE public.marts.trends_weekly AS SELECT * FROM public_trends('week', 3, false);
CREATE TABLE public.marts.trends_monthly AS SELECT * FROM public_trends('month', 4, true);
