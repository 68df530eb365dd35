-- One row per account that one article gives of one event, with the incident it was linked to.
-- `evidence` lists the spans of the article's text that the account rests on.
CREATE OR REPLACE VIEW marts.reports AS
WITH told AS (
    SELECT * FROM core.reports WHERE superseded_at IS NULL
),
linked AS (
    SELECT report_id, incident_id, score, linked_by FROM core.links WHERE superseded_at IS NULL
),
proof AS (
    SELECT
        report_id,
        list({'start': "start", 'end': "end", 'surface': surface} ORDER BY ordinal) AS evidence
    FROM core.report_evidence
    WHERE superseded_at IS NULL
    GROUP BY report_id
)
SELECT
    told.report_id,
    told.article_id,
    linked.incident_id,
    told.event_type,
    told.sub_event,
    told.salience,
    told.is_planned,
    told.date_start,
    told.date_end,
    told.date_precision,
    told.date_basis,
    told.event_country,
    told.destination_country,
    told.place_id,
    told.place_name,
    told.admin1,
    told.lat,
    told.lon,
    told.geo_precision,
    told.scam_types,
    told.nationalities,
    told.legal_stage,
    told.headline_role,
    told.count_low,
    told.count_best,
    told.count_high,
    told.is_cumulative,
    told.confidence,
    proof.evidence,
    told.source_id,
    told.outlet,
    told.owner,
    told.language,
    told.copy_group_id,
    told.published_date,
    linked.score AS link_score,
    linked.linked_by,
    told.extractor_version
FROM told
LEFT JOIN linked USING (report_id)
LEFT JOIN proof USING (report_id);
