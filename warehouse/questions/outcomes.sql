-- What became of people: reported, located, freed, detained, repatriated, prosecuted?
--
-- Cross-sections by month and destination country, no cohort: one person may be in several rows. Never add
-- persons of different outcomes, and take no quotient of two rows for a rate of success. `n_with_figure` says on
-- how many incidents the persons rest.
--
-- param since from: From this year, month or day.
-- param until to: Up to this year, month or day.
-- param country countries: Destination countries.
SELECT period, destination_country, outcome, n_incidents, n_with_figure, persons_best
FROM outcomes
WHERE period >= coalesce(CAST($since AS DATE), DATE '0001-01-01')
  AND period <= coalesce(CAST($until AS DATE), DATE '9999-12-31')
  AND ($country IS NULL OR destination_country IN (SELECT unnest(string_split($country, ','))))
ORDER BY
    period,
    destination_country NULLS LAST,
    list_position(
        ['reported', 'located', 'freed', 'detained', 'repatriated', 'prosecuted'], outcome
    )
