-- Which places of exploitation are named for the first time?
--
-- Places whose first incident begins in the window, with what was told of them since. The first report is seldom the
-- first event: a place may have been at work for long.
--
-- param since from: From this year, month or day.
-- param until to: Up to this year, month or day.
WITH sites AS (
    SELECT named.place_id, min(named.name) AS name, min(named.country) AS country,
           min(date_start) AS first_day, count(DISTINCT incident_id) AS n_incidents
    FROM incident_places AS named
    JOIN incidents USING (incident_id)
    WHERE named.role IN ('destination', 'event_site') AND status <> 'refuted'
      AND named.geo_precision IN ('1', '2', '3')
    GROUP BY named.place_id
)
SELECT first_day, place_id, name, country, n_incidents
FROM sites
WHERE first_day >= coalesce(CAST($since AS DATE), DATE '0001-01-01')
  AND first_day <= coalesce(CAST($until AS DATE), DATE '9999-12-31')
ORDER BY first_day DESC, place_id
