-- stop: the public tier shows a place finer than a town, or coordinates finer than a tenth of a degree
WITH points AS (
    SELECT 'incidents ' || incident_id AS what, geo_precision, lat, lon FROM public.marts.incidents
    UNION ALL
    SELECT 'incident_versions ' || incident_id, geo_precision, lat, lon
    FROM public.marts.incident_versions
    UNION ALL
    SELECT 'incident_places ' || incident_id, geo_precision, lat, lon FROM public.marts.incident_places
    UNION ALL
    SELECT 'mentions ' || article_id, geo_precision, lat, lon FROM public.marts.mentions
)
SELECT DISTINCT what
FROM points
WHERE geo_precision = '1'
   OR abs(lat - round(lat, 1)) > 1e-9
   OR abs(lon - round(lon, 1)) > 1e-9
ORDER BY what;
