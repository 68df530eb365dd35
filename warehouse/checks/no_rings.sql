-- stop: an incident is its own ancestor
WITH RECURSIVE above AS (
    SELECT incident_id, parent_id
    FROM core.incidents WHERE superseded_at IS NULL AND parent_id IS NOT NULL
    UNION
    SELECT above.incident_id, upper.parent_id
    FROM above
    JOIN core.incidents AS upper
      ON upper.incident_id = above.parent_id AND upper.superseded_at IS NULL
    WHERE upper.parent_id IS NOT NULL
)
SELECT incident_id FROM above WHERE incident_id = parent_id ORDER BY incident_id;
