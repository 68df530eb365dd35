-- Which large figures rest on one source alone?
--
-- Incidents told by one owner only, largest first. One voice may be right, but nobody else has said it: look before
-- you cite.
--
-- param since from: From this year, month or day.
-- param until to: Up to this year, month or day.
-- param country countries: Countries of the event or destination.
-- param least integer = 5: Fewest persons.
SELECT incident_id, date_start, event_type, event_country, headline_role, persons_best, n_reports, confidence
FROM incidents
WHERE status <> 'refuted' AND n_sources = 1 AND persons_best >= $least
  AND date_start >= coalesce(CAST($since AS DATE), DATE '0001-01-01')
  AND date_start <= coalesce(CAST($until AS DATE), DATE '9999-12-31')
  AND ($country IS NULL OR event_country IN (SELECT unnest(string_split($country, ',')))
       OR destination_country IN (SELECT unnest(string_split($country, ','))))
ORDER BY persons_best DESC, incident_id
