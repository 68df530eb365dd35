-- From which provinces do the people come?
--
-- Homes and places of recruitment named in reports, as provinces, counted once per incident. Most reports name none, so
-- compare ranks and not shares; the public tier shows them only for incidents that may be described.
--
-- param since from: From this year, month or day.
-- param until to: Up to this year, month or day.
-- param country countries = IDN: Countries of origin.
SELECT named.country, coalesce(named.admin1, named.name) AS province, count(DISTINCT incident_id) AS n_incidents
FROM incident_places AS named
JOIN incidents USING (incident_id)
WHERE named.role IN ('origin', 'recruitment') AND status <> 'refuted'
  AND named.country IN (SELECT unnest(string_split($country, ',')))
  AND date_start >= coalesce(CAST($since AS DATE), DATE '0001-01-01')
  AND date_start <= coalesce(CAST($until AS DATE), DATE '9999-12-31')
GROUP BY ALL
ORDER BY n_incidents DESC, province
