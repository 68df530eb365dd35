-- What became of people, by month and destination country: reported, located, freed, detained, repatriated,
-- prosecuted (see `trend_incidents`).
--
-- The rows are cross-sections and not a cohort: those repatriated in a month are seldom those freed in it, and
-- one person may be in several rows. Persons of different outcomes are therefore never added, and a quotient
-- of two rows is no rate of success. `n_with_figure` says on how many incidents the persons rest.
CREATE OR REPLACE MACRO marts.outcomes_of(told) AS TABLE
SELECT
    CAST(date_trunc('month', day) AS DATE) AS period,
    destination_country,
    outcome,
    count(*) AS n_incidents,
    count(persons_of_outcome) AS n_with_figure,
    CAST(sum(persons_of_outcome) AS BIGINT) AS persons_best,
    CAST(sum(n_reports) AS BIGINT) AS n_reports
FROM query_table(told)
WHERE outcome IS NOT NULL
GROUP BY ALL;

CREATE OR REPLACE VIEW marts.outcomes AS
SELECT * FROM marts.outcomes_of('marts.trend_incidents');
