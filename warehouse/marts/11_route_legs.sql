-- The legs of the journeys that reports describe; a leg that the text leaves out is not here.
CREATE OR REPLACE VIEW marts.route_legs AS
WITH linked AS (
    SELECT report_id, incident_id FROM core.links WHERE superseded_at IS NULL
)
SELECT
    linked.incident_id,
    leg.report_id,
    leg.article_id,
    leg.leg_no,
    leg.from_place_id,
    leg.from_name,
    leg.to_place_id,
    leg.to_name,
    leg."start",
    leg."end"
FROM core.route_legs AS leg
LEFT JOIN linked USING (report_id)
WHERE leg.superseded_at IS NULL;
