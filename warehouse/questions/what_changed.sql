-- What did each release change, and why?
--
-- Changes to incidents by release: new, updated, merged, split, withdrawn. Quote the release with every number, since a later
-- one may differ for these reasons.
--
-- param release text: One release only, such as 2026-09-20.
SELECT release, change, reason, count(*) AS n_changes, count(DISTINCT incident_id) AS n_incidents
FROM changes
WHERE $release IS NULL OR release = $release
GROUP BY ALL
ORDER BY release DESC, n_changes DESC, change, reason
