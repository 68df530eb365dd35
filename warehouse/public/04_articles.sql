-- Articles on the subject. A title that may name a person or speaks of a child is withheld, and with it
-- the address, which repeats the title's words.
CREATE TABLE public.marts.articles AS
WITH told AS (
    SELECT DISTINCT article_id, incident_id FROM analyst.marts.reports
),
of_minors AS (
    SELECT DISTINCT article_id FROM told SEMI JOIN minors USING (incident_id)
),
judged AS (
    SELECT
        articles.*,
        -- What the analyst tier has masked is withheld as well.
        looks_personal(title) OR contains(title, '█') OR speaks_of_minors(title)
            OR of_minors.article_id IS NOT NULL AS withheld
    FROM analyst.marts.articles AS articles
    LEFT JOIN of_minors USING (article_id)
    WHERE relevant OR article_id IN (SELECT article_id FROM told)
)
SELECT
    * EXCLUDE (withheld, published_basis, extractor_version, model_version)
    REPLACE (
        CASE WHEN NOT withheld THEN url END AS url,
        CASE WHEN NOT withheld THEN canonical_url END AS canonical_url,
        CASE WHEN NOT withheld THEN title END AS title
    )
FROM judged
ORDER BY article_id;
