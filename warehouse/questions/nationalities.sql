-- Of which nationalities are the people whom reports count?
--
-- By event type, since persons of different events overlap. `persons_best` rests on figures given for that
-- nationality alone. What Indonesian and English news tell of other nationalities is no share of the people in
-- compounds.
--
-- param since from: From this year, month or day.
-- param until to: Up to this year, month or day.
SELECT
    value AS nationality, event_type,
    CAST(sum(n_incidents) AS BIGINT) AS n_incidents,
    CAST(sum(persons_best) AS BIGINT) AS persons_best
FROM trends_by_dimension
WHERE dimension = 'nationality' AND grain = 'month'
  AND period >= coalesce(CAST($since AS DATE), DATE '0001-01-01')
  AND period <= coalesce(CAST($until AS DATE), DATE '9999-12-31')
GROUP BY ALL
ORDER BY n_incidents DESC, nationality, event_type
