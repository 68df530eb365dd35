-- How many people of a nationality were repatriated from these countries each month, told by how many
-- independent sources, and what was believed of it on an earlier day?
--
-- `persons` adds, over incidents that are not part of another one counted here, the headline figure where the
-- ledger gives it that nationality, or else the largest part of it that has it. Incidents without such a figure
-- are counted in `n_without_figure` and add nothing, so `persons` is a lower bound. The public tier withholds figure and
-- nationality of fewer than 5 persons: `n_withheld` counts such returns from these countries, of any nationality, and each
-- may hold 1 to 4 people more. `n_sources` are distinct owners of the outlets. For the earlier day the
-- ledger is not kept, only the headline: `headline_then` and `headline_now` add the headline figures of
-- incidents whose people are repatriated and of that nationality, so compare these two with each other.
--
-- param nationality country = IDN: Nationality of the people.
-- param country countries = KHM,MMR: Countries that they left.
-- param since from: From this year, month or day.
-- param until to: Up to this year, month or day.
-- param as_of to: The earlier day; without it today's state stands on both sides.
WITH RECURSIVE states AS (
    SELECT *, superseded_at IS NULL AS is_now,
        -- The analyst tier withholds nothing and has no such column.
        coalesce(CAST(to_json(incident_versions) ->> 'persons_suppressed' AS BOOLEAN), false) AS is_withheld,
        coalesce(
            CAST(make_timestamp(epoch_us(recorded_at)) + INTERVAL 7 HOUR AS DATE) <= CAST($as_of AS DATE)
            AND (superseded_at IS NULL
                 OR CAST(make_timestamp(epoch_us(superseded_at)) + INTERVAL 7 HOUR AS DATE)
                    > CAST($as_of AS DATE)),
            superseded_at IS NULL
        ) AS is_then
    FROM incident_versions
    WHERE merged_into IS NULL AND status NOT IN ('merged_into', 'refuted')
),
-- One row per incident and moment, with the figure that it would add.
told AS (
    SELECT 'now' AS moment, * FROM states WHERE is_now
    UNION ALL
    SELECT 'then', * FROM states WHERE is_then
),
ledger AS (
    SELECT
        figure.incident_id,
        coalesce(
            max(figure.best) FILTER (WHERE figure.best = persons_best AND figure.subset_of IS NULL),
            max(figure.best) FILTER (WHERE figure.best <= persons_best AND figure.subset_of IS NOT NULL)
        ) AS best
    FROM incident_counts AS figure
    JOIN incidents USING (incident_id)
    WHERE role = 'repatriated' AND headline_role = 'repatriated' AND nationality = $nationality
      AND superseded_by IS NULL AND unit = 'persons' AND sex IS NULL AND age_band IS NULL
    GROUP BY figure.incident_id
),
counted AS (
    SELECT
        told.*,
        CASE WHEN moment = 'now' THEN ledger.best END AS figure,
        CASE
            WHEN headline_role = 'repatriated' AND list_contains(nationalities, $nationality)
                THEN persons_best
        END AS headline
    FROM told
    LEFT JOIN ledger USING (incident_id)
    WHERE (headline_role = 'repatriated' OR event_type = 'repatriation')
      AND (list_contains(nationalities, $nationality) OR ledger.best IS NOT NULL)
      AND coalesce(event_country, destination_country) IN (SELECT unnest(string_split($country, ',')))
      AND date_start >= coalesce(CAST($since AS DATE), DATE '0001-01-01')
      AND date_start <= coalesce(CAST($until AS DATE), DATE '9999-12-31')
),
above AS (
    SELECT moment, incident_id, parent_id FROM told WHERE parent_id IS NOT NULL
    UNION
    SELECT above.moment, above.incident_id, told.parent_id
    FROM above
    JOIN told ON told.moment = above.moment AND told.incident_id = above.parent_id
    WHERE told.parent_id IS NOT NULL
),
part AS (
    SELECT above.moment, above.incident_id,
        bool_or(whole.figure IS NOT NULL) AS of_figure, bool_or(whole.headline IS NOT NULL) AS of_headline
    FROM above
    JOIN counted AS whole ON whole.moment = above.moment AND whole.incident_id = above.parent_id
    WHERE above.parent_id <> above.incident_id
    GROUP BY ALL
),
summed AS (
    SELECT
        CAST(date_trunc('month', date_start) AS DATE) AS month,
        CAST(sum(figure) FILTER (WHERE NOT coalesce(of_figure, false)) AS BIGINT) AS persons,
        count(*) FILTER (WHERE moment = 'now') AS n_incidents,
        count(*) FILTER (WHERE moment = 'now' AND figure IS NULL) AS n_without_figure,
        CAST(sum(headline) FILTER (WHERE moment = 'now' AND NOT coalesce(of_headline, false)) AS BIGINT)
            AS headline_now,
        CAST(sum(headline) FILTER (WHERE moment = 'then' AND NOT coalesce(of_headline, false)) AS BIGINT)
            AS headline_then,
        count(*) FILTER (WHERE moment = 'then') AS n_incidents_then
    FROM counted
    LEFT JOIN part USING (moment, incident_id)
    GROUP BY ALL
),
withheld AS (
    SELECT CAST(date_trunc('month', date_start) AS DATE) AS month, count(*) AS n_withheld
    FROM told
    WHERE moment = 'now' AND is_withheld
      AND (headline_role = 'repatriated' OR event_type = 'repatriation')
      AND coalesce(event_country, destination_country) IN (SELECT unnest(string_split($country, ',')))
      AND date_start >= coalesce(CAST($since AS DATE), DATE '0001-01-01')
      AND date_start <= coalesce(CAST($until AS DATE), DATE '9999-12-31')
    GROUP BY ALL
),
voices AS (
    SELECT
        CAST(date_trunc('month', counted.date_start) AS DATE) AS month,
        count(DISTINCT coalesce(reports.owner, reports.outlet)) AS n_sources
    FROM counted
    JOIN reports USING (incident_id)
    WHERE counted.moment = 'now'
    GROUP BY ALL
)
SELECT month, persons, coalesce(n_incidents, 0) AS n_incidents, coalesce(n_without_figure, 0) AS n_without_figure,
       coalesce(n_sources, 0) AS n_sources, headline_now, headline_then, coalesce(n_incidents_then, 0) AS n_incidents_then,
       coalesce(n_withheld, 0) AS n_withheld
FROM summed
FULL JOIN withheld USING (month)
LEFT JOIN voices USING (month)
ORDER BY month
