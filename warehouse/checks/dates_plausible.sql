-- warn: an event lies in the future of every report of it, or long before the first compounds
SELECT incident_id
FROM core.incidents
WHERE superseded_at IS NULL AND merged_into IS NULL
  AND (date_start > CAST(last_updated_at AS DATE) + 60 OR date_start < DATE '2010-01-01')
ORDER BY incident_id;
