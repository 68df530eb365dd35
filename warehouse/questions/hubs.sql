-- Which destinations hold which share of the incidents, and does it move?
--
-- Shares by quarter, for countries and for towns and sites. `shift_index` is the part of the shares that moved since
-- the quarter before (index of dissimilarity); one that is not well above `shift_by_chance` says nothing, and
-- with fewer than 10 incidents in either quarter there is none.
--
-- param since from: From this year, month or day.
-- param until to: Up to this year, month or day.
-- param level text = country: country or place.
SELECT
    shares.period, shares.name AS hub, shares.country, shares.n_incidents, shares.share,
    shifts.shift_index, shifts.shift_by_chance
FROM hub_shares AS shares
LEFT JOIN hub_shifts AS shifts USING (level, period)
WHERE shares.level = $level
  AND shares.period >= coalesce(CAST($since AS DATE), DATE '0001-01-01')
  AND shares.period <= coalesce(CAST($until AS DATE), DATE '9999-12-31')
ORDER BY shares.period, shares.share DESC, shares.hub
