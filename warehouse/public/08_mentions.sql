-- Mentions of places, agencies and closed codes; the words shown are the gazetteer's, not the text's. What
-- an incident withholds must not be found here: articles on minors have none, and those whose topic is an
-- incident of fewer than 5 persons have no agency and no place finer than a country.
CREATE TABLE public.marts.mentions AS
WITH held AS (
    SELECT * FROM analyst.marts.mentions
    SEMI JOIN public.marts.articles USING (article_id)
    ANTI JOIN articles_of_minors USING (article_id)
    WHERE canonical_id IS NOT NULL
),
places AS (
    SELECT
        held.* REPLACE (
            coarse.name AS surface,
            coarse.place_id AS canonical_id,
            coarse.name AS canonical_name,
            coarse.country AS country,
            coarse.admin1 AS admin1,
            coarse.lat AS lat,
            coarse.lon AS lon,
            coarse.geo_precision AS geo_precision
        )
    FROM held
    JOIN coarse_places AS coarse ON coarse.fine_id = held.canonical_id
    WHERE kind = 'place' AND coalesce(role, '') NOT IN ('origin', 'recruitment', 'shelter')
      AND (
          coarse.geo_precision IN ('5', '6')
          OR article_id NOT IN (SELECT article_id FROM articles_of_few)
      )
),
agencies AS (
    SELECT held.* REPLACE (
        listed.name AS surface,
        listed.name AS canonical_name,
        CAST(NULL AS VARCHAR) AS admin1,
        CAST(NULL AS DOUBLE) AS lat,
        CAST(NULL AS DOUBLE) AS lon,
        CAST(NULL AS VARCHAR) AS geo_precision
    )
    FROM held
    JOIN shown_agencies AS listed ON listed.agency_id = held.canonical_id
    WHERE kind = 'agency'
      AND article_id NOT IN (SELECT article_id FROM articles_of_few)
),
codes AS (
    SELECT * REPLACE (
        CAST(NULL AS VARCHAR) AS surface,
        CAST(NULL AS VARCHAR) AS canonical_name,
        CAST(NULL AS VARCHAR) AS admin1
    )
    FROM held
    WHERE kind IN ('scam_type', 'channel', 'control_means')
      AND canonical_id IN (SELECT value FROM shown WHERE kind = 'code')
)
FROM places
UNION ALL BY NAME
FROM agencies
UNION ALL BY NAME
FROM codes
ORDER BY article_id, "start", "end", kind;
