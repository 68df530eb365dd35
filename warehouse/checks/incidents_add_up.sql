-- stop: an incident counts more or fewer reports than it lists, or more publishers than reports
SELECT incident_id
FROM core.incidents
WHERE superseded_at IS NULL AND merged_into IS NULL
  AND (n_reports <> len(report_ids) OR n_sources > n_reports OR n_sources < 1)
ORDER BY incident_id;
