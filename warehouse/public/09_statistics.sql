-- Aggregate figures, small ones withheld; the notes on definitions quote texts and stay behind.
CREATE TABLE public.marts.statistics AS
WITH judged AS (
    SELECT *, unit IN ('persons', 'cases', 'complaints') AND value < 5 AS value_suppressed
    FROM analyst.marts.statistics
    SEMI JOIN public.marts.articles USING (article_id)
),
-- As in the ledger: parts of one whole are withheld together.
parts AS (
    SELECT disaggregation_of, bool_or(value_suppressed) AS any_small
    FROM judged WHERE disaggregation_of IS NOT NULL GROUP BY ALL
),
shown AS (
    SELECT judged.*, value_suppressed OR coalesce(any_small, false) AS withheld
    FROM judged
    LEFT JOIN parts USING (disaggregation_of)
)
SELECT
    * EXCLUDE (definition_note, surface, extractor, extractor_version, value_suppressed, withheld)
    REPLACE (
        CASE WHEN NOT withheld THEN value END AS value,
        CASE WHEN NOT withheld THEN "start" END AS "start",
        CASE WHEN NOT withheld THEN "end" END AS "end",
        only_metric(metric) AS metric,
        only_country(population) AS population,
        CASE WHEN source_agency IN (SELECT agency_id FROM shown_agencies) THEN source_agency END AS source_agency
    ),
    withheld AS value_suppressed
FROM shown
ORDER BY stat_id;
