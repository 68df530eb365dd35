-- One row per incident as it stands now; what was merged into another incident is left out.
-- Refuted incidents stay visible here with their status; the trends do not count them.
CREATE OR REPLACE VIEW marts.incidents AS
SELECT * EXCLUDE (merged_into, recorded_at, superseded_at)
FROM marts.incident_versions
WHERE superseded_at IS NULL
  AND merged_into IS NULL
  AND status <> 'merged_into';
