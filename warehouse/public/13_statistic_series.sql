-- Series and official figures, from the statistics and incidents as the public sees them.
CREATE TABLE public.marts.statistic_series AS
SELECT * FROM marts.statistic_series_of('public.marts.statistics')
ORDER BY series_id, as_of;

-- Most incidents are dated to the month here, so ours are set only beside figures over whole months.
CREATE TABLE public.marts.official_figures AS
SELECT
    * EXCLUDE (whole_months) REPLACE (
        CASE WHEN whole_months THEN ours_incidents END AS ours_incidents,
        CASE WHEN whole_months THEN ours_persons END AS ours_persons
    )
FROM (
    SELECT
        *,
        period_start = date_trunc('month', period_start) AND period_end = last_day(period_end) AS whole_months
    FROM marts.official_figures_of('public.marts.statistics', 'counted_by_month')
)
ORDER BY ALL;
