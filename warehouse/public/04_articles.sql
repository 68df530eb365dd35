-- Articles on the subject. A title is shown when every word of it is known to name nobody (`shown_titles`), and
-- its address when that has no other words. A title that speaks of a child is withheld with its address. So is the title of an article whose topic is an incident of
-- fewer than 5 persons: it would print the figure and the place that the incident withholds.
CREATE OR REPLACE TEMP TABLE articles_of_minors AS
SELECT DISTINCT article_id FROM analyst.marts.reports SEMI JOIN minors USING (incident_id);

CREATE OR REPLACE TEMP TABLE articles_of_few AS
SELECT DISTINCT reports.article_id
FROM analyst.marts.reports AS reports
JOIN public.marts.incidents AS incidents USING (incident_id)
WHERE incidents.persons_suppressed AND reports.salience = 'main';

CREATE TABLE public.marts.articles AS
WITH told AS (
    SELECT DISTINCT article_id FROM analyst.marts.reports
),
judged AS (
    SELECT
        articles.*,
        -- What the analyst tier has masked is withheld as well.
        looks_personal(title) OR contains(title, '█') OR speaks_of_minors(title)
            OR article_id IN (SELECT article_id FROM articles_of_minors)
            OR article_id IN (SELECT article_id FROM articles_of_few) AS withheld
    FROM analyst.marts.articles AS articles
    WHERE relevant OR article_id IN (SELECT article_id FROM told)
)
SELECT
    judged.* EXCLUDE (withheld, published_basis, extractor_version, model_version)
    REPLACE (
        CASE WHEN NOT withheld THEN cleared.url END AS url,
        CASE WHEN NOT withheld THEN cleared.canonical_url END AS canonical_url,
        CASE WHEN NOT withheld THEN cleared.title END AS title,
        only_language(judged.language) AS language,
        CASE WHEN judged.outlet IN (FROM shown_outlets) THEN judged.outlet END AS outlet,
        CASE
            WHEN judged.owner IN (FROM shown_outlets) THEN judged.owner
            WHEN judged.outlet IN (FROM shown_outlets) THEN NULL
            ELSE 'not listed'
        END AS owner
    )
FROM judged
LEFT JOIN shown_titles AS cleared USING (article_id)
ORDER BY article_id;
