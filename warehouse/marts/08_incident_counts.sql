-- The ledger: every figure that an incident's reports print, with what it counts. A superseded figure
-- names its successor; a figure with `subset_of` is a part of another and is never added to it.
CREATE OR REPLACE VIEW marts.incident_counts AS
WITH ledger AS (
    SELECT * FROM core.incident_counts WHERE superseded_at IS NULL
),
texts AS (
    SELECT article_id, text FROM core.articles WHERE superseded_at IS NULL
)
SELECT
    ledger.incident_id,
    ledger.count_id,
    ledger.role,
    ledger.low,
    ledger.best,
    ledger.high,
    ledger.relation,
    ledger.unit,
    ledger.nationality,
    ledger.sex,
    ledger.age_band,
    ledger.as_of_date,
    ledger.is_cumulative,
    ledger.cumulative_since,
    ledger.subset_of,
    ledger.superseded_by,
    ledger.basis,
    ledger.report_id,
    ledger.article_id,
    ledger."start",
    ledger."end",
    substring(texts.text, ledger."start" + 1, ledger."end" - ledger."start") AS surface
FROM ledger
SEMI JOIN marts.incidents USING (incident_id)
LEFT JOIN texts USING (article_id);
