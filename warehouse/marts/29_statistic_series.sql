-- Running totals of one source, in time order, turned into what was added from one count to the next.
--
-- A series is what one agency counts of one subject since one day: same source, category, unit, country,
-- population and first day. Parts of a total are no series of their own. Each row is one day up to which the
-- series was told. Articles seldom disagree on it; where they do, `value` is the figure most of them give (the
-- largest of those that tie, since a total only grows) and `value_least` and `value_most` are the bounds.
--
-- `increment` is what the source's own count grew by since `previous_as_of`: the figure to set beside incidents
-- of those days. It is empty for the first row, and where the total fell (`is_reversal`): a source that lowers
-- its count has corrected or redefined it, and the difference is nobody's rescue or arrest.
CREATE OR REPLACE MACRO marts.statistic_series_of(told) AS TABLE
WITH counted AS (
    SELECT
        source_agency, category, unit, area_country, population, period_start,
        coalesce(as_of, period_end) AS as_of,
        value,
        count(DISTINCT article_id) AS n_articles
    FROM query_table(told)
    WHERE value IS NOT NULL
        AND is_cumulative
        AND disaggregation_of IS NULL
        AND unit <> 'percent'
        AND period_start IS NOT NULL
        AND coalesce(as_of, period_end) IS NOT NULL
    GROUP BY ALL
),
days AS (
    SELECT
        source_agency, category, unit, area_country, population, period_start, as_of,
        arg_max(value, (n_articles, value)) AS value,
        min(value) AS value_least,
        max(value) AS value_most,
        CAST(sum(n_articles) AS BIGINT) AS n_articles
    FROM counted
    GROUP BY ALL
),
stepped AS (
    SELECT
        *,
        lag(as_of) OVER series AS previous_as_of,
        value - lag(value) OVER series AS step
    FROM days
    WINDOW series AS (
        PARTITION BY source_agency, category, unit, area_country, population, period_start
        ORDER BY as_of
    )
)
SELECT
    'ser_' || left(md5(concat_ws(
        '|', coalesce(source_agency, '-'), category, unit, coalesce(area_country, '-'),
        coalesce(population, '-'), period_start
    )), 16) AS series_id,
    source_agency,
    category,
    unit,
    area_country,
    population,
    period_start,
    as_of,
    value,
    value_least,
    value_most,
    n_articles,
    previous_as_of,
    CASE WHEN step >= 0 THEN step END AS increment,
    coalesce(step < 0, false) AS is_reversal
FROM stepped;

CREATE OR REPLACE VIEW marts.statistic_series AS
SELECT * FROM marts.statistic_series_of('marts.statistics');

-- What authorities and organisations counted over closed periods, one row for each source, subject and period,
-- beside what the incidents of the same days and country add up to.
--
-- The two are not the same thing and are not meant to agree: a ministry counts files, we count news. The
-- quotient shows how much of an official total the news let us see, by source and over time. `ours_persons`
-- follows the rules of the trends (never over parent and child) and is empty for units other than persons.
-- Running totals belong to `statistic_series`; figures without a named source are left out.
CREATE OR REPLACE MACRO marts.official_figures_of(told, incidents) AS TABLE
WITH counted AS (
    SELECT
        source_agency, category, unit, area_country, population, period_start, period_end, value,
        count(DISTINCT article_id) AS n_articles,
        max(as_of) AS as_of
    FROM query_table(told)
    WHERE value IS NOT NULL
        AND source_agency IS NOT NULL
        AND disaggregation_of IS NULL
        AND unit <> 'percent'
        AND period_start IS NOT NULL
        AND period_end IS NOT NULL
    GROUP BY ALL
),
figures AS (
    SELECT
        source_agency, category, unit, area_country, population, period_start, period_end,
        arg_max(value, (n_articles, value)) AS value,
        min(value) AS value_least,
        max(value) AS value_most,
        CAST(sum(n_articles) AS BIGINT) AS n_articles,
        max(as_of) AS as_of
    FROM counted
    GROUP BY ALL
)
SELECT
    'fig_' || left(md5(concat_ws(
        '|', figures.source_agency, figures.category, figures.unit, coalesce(figures.area_country, '-'),
        coalesce(figures.population, '-'), figures.period_start, figures.period_end
    )), 16) AS figure_id,
    figures.*,
    count(seen.incident_id) AS ours_incidents,
    CAST(sum(seen.persons) FILTER (WHERE figures.unit = 'persons') AS BIGINT) AS ours_persons
FROM figures
LEFT JOIN query_table(incidents) AS seen
  ON seen.day BETWEEN figures.period_start AND figures.period_end
 AND (figures.area_country IS NULL OR figures.area_country IN (seen.country, seen.destination_country))
GROUP BY ALL;

CREATE OR REPLACE VIEW marts.official_figures AS
SELECT * FROM marts.official_figures_of('marts.statistics', 'marts.trend_incidents');
