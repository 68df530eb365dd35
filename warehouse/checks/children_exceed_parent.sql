-- warn: an incident counts more persons than the incident that it is a part of
SELECT child.incident_id
FROM core.incidents AS child
JOIN core.incidents AS parent
  ON parent.incident_id = child.parent_id AND parent.superseded_at IS NULL
WHERE child.superseded_at IS NULL AND child.merged_into IS NULL
  AND child.persons_best > coalesce(parent.persons_high, parent.persons_best)
  AND child.headline_role = parent.headline_role
ORDER BY child.incident_id;
