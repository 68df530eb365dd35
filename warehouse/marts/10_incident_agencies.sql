-- The agencies of each incident, one row per agency and role.
CREATE OR REPLACE VIEW marts.incident_agencies AS
SELECT named.incident_id, named.agency_id, named.name, named.role, named.n_reports
FROM core.incident_agencies AS named
SEMI JOIN marts.incidents USING (incident_id)
WHERE named.superseded_at IS NULL;
