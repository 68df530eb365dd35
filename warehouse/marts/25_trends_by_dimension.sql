-- Trends by what describes an incident: province, destination, whom its figure counts, nationality, kind of
-- scam, agency that acted.
--
-- An incident that has several values of one dimension (two nationalities, three agencies) counts once for
-- each of them: rows of different values are never added. Country and type of event alone are in `trends_*`.

-- One row per incident, dimension and value, with the persons that count there. Persons of a nationality are
-- the headline figure where the ledger gives it that nationality, or else the largest part of it that does: a
-- raid that swept up 1,000 people, 20 of them Indonesians, counts 20 for Indonesia; without such a figure,
-- none. Other figures of the ledger may be totals of another year and are not looked at.
-- `told`, `incidents`, `counts`, `agencies`: names of the tables to read, since the public tier has its own.
CREATE OR REPLACE MACRO marts.trend_members_of(told, incidents, counts, agencies) AS TABLE
WITH described AS (
    SELECT told.persons, held.*
    FROM query_table(told) AS told
    JOIN query_table(incidents) AS held USING (incident_id)
),
of_nationality AS (
    SELECT
        described.incident_id,
        figure.nationality,
        coalesce(
            max(figure.best) FILTER (WHERE figure.best = described.persons_best AND figure.subset_of IS NULL),
            max(figure.best) FILTER (WHERE figure.best <= described.persons_best AND figure.subset_of IS NOT NULL)
        ) AS best
    FROM query_table(counts) AS figure
    JOIN described
      ON described.incident_id = figure.incident_id AND described.headline_role = figure.role
    WHERE figure.nationality IS NOT NULL AND figure.superseded_by IS NULL AND figure.unit = 'persons'
      AND figure.sex IS NULL AND figure.age_band IS NULL
    GROUP BY ALL
),
nations AS (
    SELECT incident_id, persons, unnest(list_distinct(nationalities)) AS nationality
    FROM described
)
SELECT incident_id, 'admin1' AS dimension, event_country || '/' || admin1 AS value, persons
FROM described
WHERE event_country IS NOT NULL AND admin1 IS NOT NULL
UNION ALL
SELECT incident_id, 'destination', destination_country, persons
FROM described
WHERE destination_country IS NOT NULL
UNION ALL
SELECT incident_id, 'role', headline_role, persons
FROM described
WHERE headline_role IS NOT NULL
UNION ALL
SELECT
    nations.incident_id,
    'nationality',
    nations.nationality,
    CASE WHEN nations.persons IS NOT NULL THEN CAST(of_nationality.best AS BIGINT) END
FROM nations
LEFT JOIN of_nationality
  ON of_nationality.incident_id = nations.incident_id
 AND of_nationality.nationality = nations.nationality
UNION ALL
SELECT incident_id, 'scam_type', unnest(list_distinct(scam_types)), persons
FROM described
UNION ALL
-- Those who act, and not those who only speak of it or give the figure.
SELECT DISTINCT acting.incident_id, 'agency', acting.agency_id, described.persons
FROM query_table(agencies) AS acting
JOIN described USING (incident_id)
WHERE acting.role IN (
    'actor', 'host_authority', 'law_enforcement', 'facilitator', 'court', 'service_provider'
);

CREATE OR REPLACE VIEW marts.trend_members AS
SELECT * FROM marts.trend_members_of(
    'marts.trend_incidents', 'marts.incidents', 'marts.incident_counts', 'marts.incident_agencies'
);

-- The counting, for one grain and its coarsest precision code as in `trends_by`.
CREATE OR REPLACE MACRO marts.trends_by_member(told, members, days, grain, coarsest) AS TABLE
WITH periods AS (
    SELECT
        CAST(date_trunc(grain, day) AS DATE) AS period,
        CAST(sum(n_articles_screened) AS BIGINT) AS n_articles_screened,
        bool_or(is_watched) AS is_watched
    FROM query_table(days)
    GROUP BY ALL
),
counted AS (
    SELECT
        members.dimension,
        CAST(date_trunc(grain, told.day) AS DATE) AS period,
        members.value,
        told.event_type,
        count(*) AS n_incidents,
        CAST(sum(members.persons) AS BIGINT) AS persons_best,
        CAST(sum(told.n_reports) AS BIGINT) AS n_reports,
        count(*) FILTER (WHERE CAST(told.date_precision AS INTEGER) > coarsest) AS n_dated_coarser
    FROM query_table(members) AS members
    JOIN query_table(told) AS told USING (incident_id)
    GROUP BY ALL
)
SELECT
    counted.dimension,
    grain AS grain,
    period,
    counted.value,
    counted.event_type,
    counted.n_incidents,
    counted.persons_best,
    counted.n_reports,
    coalesce(periods.n_articles_screened, 0) AS n_articles_screened,
    round(10000.0 * counted.n_incidents / nullif(periods.n_articles_screened, 0), 2)
        AS incidents_per_10k_screened,
    NOT coalesce(periods.is_watched, false) AS is_outage,
    counted.n_dated_coarser
FROM counted
LEFT JOIN periods USING (period);

CREATE OR REPLACE VIEW marts.trends_by_dimension AS
SELECT * FROM marts.trends_by_member(
    'marts.trend_incidents', 'marts.trend_members', 'marts.trend_days', 'day', 1
)
UNION ALL
SELECT * FROM marts.trends_by_member(
    'marts.trend_incidents', 'marts.trend_members', 'marts.trend_days', 'week', 3
)
UNION ALL
SELECT * FROM marts.trends_by_member(
    'marts.trend_incidents', 'marts.trend_members', 'marts.trend_days', 'month', 4
);
