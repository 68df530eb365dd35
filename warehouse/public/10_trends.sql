-- Trends of the incidents as the public sees them: persons are added over figures that are shown, and
-- by day and week only acts of authorities are told of, since everything else is dated to the month.
CREATE OR REPLACE TEMP TABLE counted_by_month AS
SELECT
    told.* REPLACE (
        CASE WHEN told.persons IS NOT NULL THEN seen.persons_best END AS persons,
        CASE WHEN told.persons_of_outcome IS NOT NULL THEN seen.persons_best END AS persons_of_outcome,
        seen.destination_country AS destination_country
    ),
    seen.persons_suppressed AND told.persons IS NOT NULL AS persons_suppressed,
    seen.persons_suppressed AND told.persons_of_outcome IS NOT NULL AS outcome_suppressed
FROM analyst.marts.trend_incidents AS told
JOIN public.marts.incidents AS seen USING (incident_id);

CREATE OR REPLACE TEMP TABLE counted_by_day AS
SELECT *
FROM counted_by_month
ANTI JOIN minors USING (incident_id)
WHERE is_authority_act(event_type);

CREATE OR REPLACE TEMP MACRO public_trends(incidents, grain, coarsest) AS TABLE
WITH withheld AS (
    SELECT DISTINCT CAST(date_trunc(grain, day) AS DATE) AS period, country, event_type
    FROM query_table(incidents)
    WHERE persons_suppressed
)
SELECT
    trends.period,
    trends.country,
    trends.event_type,
    trends.n_incidents,
    trends.persons_best,
    withheld.period IS NOT NULL AS persons_suppressed,
    trends.* EXCLUDE (period, country, event_type, n_incidents, persons_best)
FROM marts.trends_by(incidents, 'analyst.marts.trend_days', grain, coarsest) AS trends
LEFT JOIN withheld
  ON withheld.period = trends.period
 AND withheld.country IS NOT DISTINCT FROM trends.country
 AND withheld.event_type = trends.event_type
ORDER BY ALL;

CREATE TABLE public.marts.trends_daily AS SELECT * FROM public_trends('counted_by_day', 'day', 1);
CREATE TABLE public.marts.trends_weekly AS SELECT * FROM public_trends('counted_by_day', 'week', 3);
CREATE TABLE public.marts.trends_monthly AS SELECT * FROM public_trends('counted_by_month', 'month', 4);
