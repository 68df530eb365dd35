-- Through which channels were people recruited?
--
-- An incident with several channels counts for each. `share` is of the incidents that name any channel: how the
-- others were recruited is not known, so it is no share of all victims.
--
-- param since from: From this year, month or day.
-- param until to: Up to this year, month or day.
-- param country countries: Countries of the event or destination.
WITH named AS (
    SELECT DISTINCT seen.incident_id, seen.report_id, seen.value
    FROM sightings AS seen
    JOIN incidents USING (incident_id)
    WHERE seen.kind = 'channel' AND status <> 'refuted'
      AND date_start >= coalesce(CAST($since AS DATE), DATE '0001-01-01')
  AND date_start <= coalesce(CAST($until AS DATE), DATE '9999-12-31')
      AND ($country IS NULL OR event_country IN (SELECT unnest(string_split($country, ',')))
       OR destination_country IN (SELECT unnest(string_split($country, ','))))
)
SELECT
    value AS channel,
    count(DISTINCT incident_id) AS n_incidents,
    count(DISTINCT report_id) AS n_reports,
    round(count(DISTINCT incident_id) / (SELECT count(DISTINCT incident_id) FROM named), 3) AS share
FROM named
GROUP BY value
ORDER BY n_incidents DESC, channel
