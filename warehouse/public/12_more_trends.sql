-- The other trends, counted from the tables of the public tier alone, so that they show nothing that those
-- withhold: an incident that is not described there counts under no province, nationality or agency.
CREATE OR REPLACE TEMP TABLE members AS
SELECT * FROM marts.trend_members_of(
    'counted_by_month', 'public.marts.incidents', 'public.marts.incident_counts',
    'public.marts.incident_agencies'
);

CREATE OR REPLACE TEMP MACRO public_trends_by_member(incidents, grain, coarsest) AS TABLE
WITH withheld AS (
    SELECT DISTINCT
        members.dimension,
        CAST(date_trunc(grain, told.day) AS DATE) AS period,
        members.value,
        told.event_type
    FROM members
    JOIN query_table(incidents) AS told USING (incident_id)
    WHERE told.persons_suppressed
)
SELECT
    trends.dimension,
    trends.grain,
    trends.period,
    trends.value,
    trends.event_type,
    trends.n_incidents,
    trends.persons_best,
    withheld.period IS NOT NULL AS persons_suppressed,
    trends.* EXCLUDE (dimension, grain, period, value, event_type, n_incidents, persons_best)
FROM marts.trends_by_member(incidents, 'members', 'analyst.marts.trend_days', grain, coarsest) AS trends
LEFT JOIN withheld
  ON withheld.dimension = trends.dimension
 AND withheld.period = trends.period
 AND withheld.value = trends.value
 AND withheld.event_type = trends.event_type;

CREATE TABLE public.marts.trends_by_dimension AS
SELECT * FROM public_trends_by_member('counted_by_day', 'day', 1)
UNION ALL
SELECT * FROM public_trends_by_member('counted_by_day', 'week', 3)
UNION ALL
SELECT * FROM public_trends_by_member('counted_by_month', 'month', 4)
ORDER BY ALL;

-- Only acts of authorities keep their day, hence have a lag.
CREATE TABLE public.marts.reporting_lags AS
SELECT * FROM marts.reporting_lags_of('public.marts.incidents', 'analyst.marts.trend_days')
ORDER BY ALL;

CREATE TABLE public.marts.hub_shares AS
SELECT * FROM marts.hub_shares_of(
    'counted_by_month', 'public.marts.incidents', 'public.marts.incident_places'
)
ORDER BY ALL;

CREATE TABLE public.marts.hub_shifts AS
SELECT * FROM marts.hub_shifts_of(
    'public.marts.hub_shares', 'counted_by_month', 'public.marts.incidents', 'public.marts.incident_places'
)
ORDER BY ALL;

CREATE TABLE public.marts.outcomes AS
WITH withheld AS (
    SELECT DISTINCT
        CAST(date_trunc('month', day) AS DATE) AS period, destination_country, outcome
    FROM counted_by_month
    WHERE outcome_suppressed
)
SELECT
    outcomes.period,
    outcomes.destination_country,
    outcomes.outcome,
    outcomes.n_incidents,
    outcomes.n_with_figure,
    outcomes.persons_best,
    withheld.period IS NOT NULL AS persons_suppressed,
    outcomes.n_reports
FROM marts.outcomes_of('counted_by_month') AS outcomes
LEFT JOIN withheld
  ON withheld.period = outcomes.period
 AND withheld.destination_country IS NOT DISTINCT FROM outcomes.destination_country
 AND withheld.outcome = outcomes.outcome
ORDER BY ALL;

CREATE TABLE public.marts.trend_source_days AS
SELECT * FROM analyst.marts.trend_source_days ORDER BY ALL;
