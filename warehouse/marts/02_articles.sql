-- One row per article we hold, with what the screening said of it (null while it was not screened).
-- The text itself and the author stay in the private file.
CREATE OR REPLACE VIEW marts.articles AS
WITH held AS (
    SELECT * FROM core.articles WHERE superseded_at IS NULL
),
judged AS (
    SELECT * FROM core.relevance WHERE superseded_at IS NULL
)
SELECT
    held.article_id,
    held.url,
    held.canonical_url,
    held.source_id,
    held.outlet,
    held.owner,
    held.country,
    held.language,
    held.title,
    held.published_at,
    held.published_date,
    held.published_basis,
    held.fetched_at,
    judged.grade AS relevance_grade,
    judged.score AS relevance_score,
    judged.relevant,
    judged.band,
    judged.doc_type,
    held.copy_group_id,
    held.is_primary,
    held.duplicate_of,
    held.page_sha256,
    CAST(length(held.text) AS INTEGER) AS n_chars,
    held.extractor_version,
    judged.model_version
FROM held
LEFT JOIN judged USING (article_id);
