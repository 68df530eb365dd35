-- What was believed of each incident on an earlier day, and what is believed now?
--
-- Incidents whose event type, figure or number of sources differ between that day and today, or that one of the two
-- does not have. `superseded` ones were merged, withdrawn or refuted since.
--
-- param as_of to = 9999-12-31: The earlier day.
-- param country countries: Countries of the event or destination.
WITH then_ AS (
    SELECT * FROM incident_versions
    WHERE merged_into IS NULL AND status NOT IN ('merged_into', 'refuted')
      AND CAST(make_timestamp(epoch_us(recorded_at)) + INTERVAL 7 HOUR AS DATE) <= CAST($as_of AS DATE)
      AND (superseded_at IS NULL
           OR CAST(make_timestamp(epoch_us(superseded_at)) + INTERVAL 7 HOUR AS DATE) > CAST($as_of AS DATE))
      AND ($country IS NULL OR event_country IN (SELECT unnest(string_split($country, ',')))
       OR destination_country IN (SELECT unnest(string_split($country, ','))))
),
now_ AS (
    SELECT * FROM incidents
    WHERE status <> 'refuted'
      AND ($country IS NULL OR event_country IN (SELECT unnest(string_split($country, ',')))
       OR destination_country IN (SELECT unnest(string_split($country, ','))))
)
SELECT
    incident_id,
    CASE WHEN then_.event_type IS NULL THEN 'new' WHEN now_.event_type IS NULL THEN 'superseded' ELSE 'changed' END
        AS what,
    then_.event_type AS event_type_then, now_.event_type AS event_type_now,
    then_.persons_best AS persons_then, now_.persons_best AS persons_now,
    then_.n_sources AS n_sources_then, now_.n_sources AS n_sources_now
FROM then_
FULL JOIN now_ USING (incident_id)
WHERE (then_.event_type, then_.persons_best, then_.n_sources)
      IS DISTINCT FROM (now_.event_type, now_.persons_best, now_.n_sources)
ORDER BY what, incident_id
