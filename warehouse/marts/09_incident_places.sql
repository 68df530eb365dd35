-- The places of each incident, one row per place and role, with the position its reports give.
CREATE OR REPLACE VIEW marts.incident_places AS
WITH named AS (
    SELECT * FROM core.incident_places WHERE superseded_at IS NULL
),
located AS (
    SELECT
        place_id,
        min(lat) AS lat,
        min(lon) AS lon,
        min(geo_precision) AS geo_precision
    FROM core.report_places
    WHERE superseded_at IS NULL
    GROUP BY place_id
)
SELECT
    named.incident_id,
    named.place_id,
    named.name,
    named.role,
    named.country,
    named.admin1,
    located.lat,
    located.lon,
    located.geo_precision,
    named.n_reports
FROM named
SEMI JOIN marts.incidents USING (incident_id)
LEFT JOIN located USING (place_id);
