-- Places, agencies, journeys and sightings of the incidents that may be described. Homes of persons and
-- the places where they were recruited are shown as provinces or countries only, shelters not at all.
CREATE TABLE public.marts.incident_places AS
SELECT
    named.incident_id,
    coarse.place_id,
    any_value(coarse.name) AS name,
    named.role,
    any_value(coarse.country) AS country,
    any_value(coarse.admin1) AS admin1,
    any_value(coarse.lat) AS lat,
    any_value(coarse.lon) AS lon,
    any_value(coarse.geo_precision) AS geo_precision,
    max(named.n_reports) AS n_reports
FROM analyst.marts.incident_places AS named
SEMI JOIN described USING (incident_id)
JOIN coarse_places AS coarse ON coarse.fine_id = named.place_id
WHERE named.role <> 'shelter'
  AND (named.role NOT IN ('origin', 'recruitment') OR coarse.geo_precision IN ('4', '5', '6'))
GROUP BY named.incident_id, coarse.place_id, named.role
ORDER BY ALL;

-- Only bodies that a list knows: one that is called as the text calls it may be called after a person, and a
-- police post after a village. A court, a province's police or an office for
-- migrants tells where few people were or come from, which their incident withholds.
CREATE TABLE public.marts.incident_agencies AS
SELECT named.* REPLACE (listed.name AS name)
FROM analyst.marts.incident_agencies AS named
JOIN shown_agencies AS listed USING (agency_id)
ANTI JOIN minors USING (incident_id)
ANTI JOIN (
    SELECT incident_id FROM public.marts.incidents WHERE persons_suppressed
) AS few USING (incident_id)
ORDER BY ALL;

CREATE TABLE public.marts.route_legs AS
SELECT
    leg.incident_id,
    leg.report_id,
    leg.article_id,
    leg.leg_no,
    origin.place_id AS from_place_id,
    origin.name AS from_name,
    target.place_id AS to_place_id,
    target.name AS to_name,
    leg."start",
    leg."end"
FROM analyst.marts.route_legs AS leg
SEMI JOIN described USING (incident_id)
JOIN coarse_places AS origin ON origin.fine_id = leg.from_place_id
JOIN coarse_places AS target ON target.fine_id = leg.to_place_id
ORDER BY leg.report_id, leg.leg_no;

-- Codes only: amounts and job titles as printed may be those of one person.
CREATE TABLE public.marts.sightings AS
SELECT incident_id, report_id, article_id, kind, value, "start", "end"
FROM analyst.marts.sightings
SEMI JOIN described USING (incident_id)
WHERE kind IN ('channel', 'control_means')
  AND value IN (SELECT value FROM shown WHERE kind = 'code')
ORDER BY report_id, kind, value;
