-- stop: a coordinate lies outside the range of latitudes and longitudes, or stands alone
WITH points AS (
    SELECT 'incident ' || incident_id AS what, lat, lon FROM core.incidents WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'place ' || place_id, lat, lon FROM core.report_places WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'mention of ' || canonical_id, lat, lon FROM core.mentions
    WHERE superseded_at IS NULL AND canonical_id IS NOT NULL
)
SELECT DISTINCT what
FROM points
WHERE lat NOT BETWEEN -90 AND 90 OR lon NOT BETWEEN -180 AND 180 OR (lat IS NULL) <> (lon IS NULL)
ORDER BY what;
