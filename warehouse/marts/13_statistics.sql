-- Aggregate figures over a period or an area. They are not incidents and never become any.
CREATE OR REPLACE VIEW marts.statistics AS
SELECT
    stat_id,
    article_id,
    metric,
    category,
    value,
    unit,
    relation,
    period_start,
    period_end,
    as_of,
    area_country,
    population,
    is_cumulative,
    disaggregation_of,
    source_agency,
    definition_note,
    "start",
    "end",
    surface,
    extractor,
    extractor_version
FROM core.statistics
WHERE superseded_at IS NULL;
