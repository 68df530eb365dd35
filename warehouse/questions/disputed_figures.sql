-- Where do the sources disagree most about how many people there were?
--
-- Incidents whose highest figure is at least a tenth above the lowest, widest first. A wide range may be a growing
-- count and no dispute: `suar explain` shows the ledger.
--
-- param since from: From this year, month or day.
-- param until to: Up to this year, month or day.
-- param country countries: Countries of the event or destination.
-- param limit integer = 50: Most rows.
SELECT incident_id, date_start, event_type, event_country, headline_role, persons_low, persons_best, persons_high, n_sources
FROM incidents
WHERE status <> 'refuted' AND persons_low IS NOT NULL AND persons_high >= 1.1 * persons_low
  AND persons_high > persons_low
  AND date_start >= coalesce(CAST($since AS DATE), DATE '0001-01-01')
  AND date_start <= coalesce(CAST($until AS DATE), DATE '9999-12-31')
  AND ($country IS NULL OR event_country IN (SELECT unnest(string_split($country, ',')))
       OR destination_country IN (SELECT unnest(string_split($country, ','))))
ORDER BY persons_high - persons_low DESC, incident_id
LIMIT $limit
