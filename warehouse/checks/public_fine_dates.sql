-- stop: the public tier shows the day on which victims moved
WITH movements AS (
    SELECT 'incidents ' || incident_id AS what, event_type, date_start, date_precision
    FROM public.marts.incidents
    UNION ALL
    SELECT 'incident_versions ' || incident_id, event_type, date_start, date_precision
    FROM public.marts.incident_versions
    UNION ALL
    SELECT 'reports ' || report_id, event_type, date_start, date_precision FROM public.marts.reports
    UNION ALL
    SELECT 'trends_daily ' || period, event_type, period, '1' FROM public.marts.trends_daily
    WHERE event_type IS NOT NULL
    UNION ALL
    SELECT 'trends_weekly ' || period, event_type, period, '1' FROM public.marts.trends_weekly
    WHERE event_type IS NOT NULL
    UNION ALL
    SELECT 'trends_by_dimension ' || period, event_type, period, '1' FROM public.marts.trends_by_dimension
    WHERE grain <> 'month'
)
SELECT DISTINCT what
FROM movements
-- Acts of authorities; everything else is taken for something that was done by or to victims.
WHERE event_type NOT IN (
        'raid', 'arrest', 'investigation', 'prosecution', 'verdict', 'sanction', 'policy'
      )
  AND (date_precision < '4' OR day(date_start) <> 1)
ORDER BY what;
