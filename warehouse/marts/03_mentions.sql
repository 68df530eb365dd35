-- One row per span that names something: places, agencies, counts of persons, dates, money...
-- Offsets are Unicode code points into the article's text, title line included.
CREATE OR REPLACE VIEW marts.mentions AS
SELECT
    article_id,
    kind,
    "start",
    "end",
    surface,
    canonical_id,
    canonical_name,
    country,
    admin1,
    lat,
    lon,
    geo_precision,
    role,
    score,
    extractor,
    extractor_version
FROM core.mentions
WHERE superseded_at IS NULL;
