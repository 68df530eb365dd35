-- Aggregate figures, small ones withheld. So is a running total near one of the same series that was recorded
-- before it: their difference would be a small figure. The notes on definitions quote texts and stay behind.
CREATE TABLE public.marts.statistics AS
WITH judged AS (
    SELECT *, unit IN ('persons', 'cases', 'complaints') AS is_counted
    FROM analyst.marts.statistics
    SEMI JOIN public.marts.articles USING (article_id)
),
recorded AS (
    SELECT stat_id, min(recorded_at) AS first_at FROM core.statistics GROUP BY stat_id
),
told AS (
    SELECT judged.*, (recorded.first_at, judged.stat_id) AS turn
    FROM judged
    LEFT JOIN recorded USING (stat_id)
    WHERE is_counted AND is_cumulative
),
near AS (
    SELECT DISTINCT later.stat_id
    FROM told AS later
    JOIN told AS earlier
      ON earlier.category = later.category AND earlier.unit = later.unit
     AND earlier.source_agency IS NOT DISTINCT FROM later.source_agency
     AND earlier.area_country IS NOT DISTINCT FROM later.area_country
     AND earlier.population IS NOT DISTINCT FROM later.population
     AND earlier.period_start IS NOT DISTINCT FROM later.period_start
     AND earlier.metric = later.metric
    WHERE earlier.turn < later.turn AND is_near(earlier.value, later.value)
),
small AS (
    SELECT
        judged.* EXCLUDE (is_counted),
        is_counted AND value < 5 OR near.stat_id IS NOT NULL AS value_suppressed
    FROM judged
    LEFT JOIN near USING (stat_id)
),
-- As in the ledger: parts of one whole are withheld together.
parts AS (
    SELECT
        part.disaggregation_of,
        bool_or(part.value_suppressed) OR coalesce(bool_or(is_near(whole.value, part.value)), false)
            OR coalesce(any_value(whole.value) - sum(part.value) BETWEEN 1 AND 4, false) AS any_small
    FROM small AS part
    LEFT JOIN small AS whole
      ON whole.stat_id = part.disaggregation_of AND whole.unit IN ('persons', 'cases', 'complaints')
    WHERE part.disaggregation_of IS NOT NULL
    GROUP BY ALL
),
shown AS (
    SELECT small.*, value_suppressed OR coalesce(any_small, false) AS withheld
    FROM small
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
