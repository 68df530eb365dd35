-- stop: the public tier shows a figure below 5
WITH figures AS (
    SELECT 'incidents ' || incident_id AS what, unnest([persons_low, persons_best, persons_high]) AS n
    FROM public.marts.incidents
    UNION ALL
    SELECT 'incident_versions ' || incident_id, unnest([persons_low, persons_best, persons_high])
    FROM public.marts.incident_versions
    UNION ALL
    SELECT 'incident_counts ' || count_id, unnest([low, best, high]) FROM public.marts.incident_counts
    UNION ALL
    SELECT 'statistics ' || stat_id, value FROM public.marts.statistics
    WHERE unit IN ('persons', 'cases', 'complaints')
    UNION ALL
    SELECT 'trends_daily ' || period, persons_best FROM public.marts.trends_daily
    UNION ALL
    SELECT 'trends_weekly ' || period, persons_best FROM public.marts.trends_weekly
    UNION ALL
    SELECT 'trends_monthly ' || period, persons_best FROM public.marts.trends_monthly
    UNION ALL
    SELECT 'trends_by_dimension ' || period, persons_best FROM public.marts.trends_by_dimension
    UNION ALL
    SELECT 'outcomes ' || period, persons_best FROM public.marts.outcomes
)
SELECT DISTINCT what FROM figures WHERE n < 5 ORDER BY what;
