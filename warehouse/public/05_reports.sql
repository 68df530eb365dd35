-- Reports that are linked to an incident; their evidence is offsets without words.
CREATE TABLE public.marts.reports AS
WITH judged AS (
    SELECT
        reports.*,
        is_authority_act(event_type) AND minors.incident_id IS NULL AS keeps_day,
        -- A report is described when its incident is, and when its own figures are not small.
        described.incident_id IS NOT NULL AND NOT is_small(count_low, count_best, count_high)
            AS people_shown
    FROM analyst.marts.reports AS reports
    LEFT JOIN minors USING (incident_id)
    LEFT JOIN described USING (incident_id)
    WHERE reports.incident_id IS NOT NULL
)
SELECT
    report_id,
    article_id,
    incident_id,
    event_type,
    sub_event,
    salience,
    is_planned,
    first_shown(date_start, keeps_day) AS date_start,
    last_shown(date_end, keeps_day) AS date_end,
    precision_shown(date_precision, keeps_day) AS date_precision,
    date_basis,
    event_country,
    CASE WHEN people_shown THEN destination_country END AS destination_country,
    CASE WHEN people_shown THEN coarse.place_id END AS place_id,
    legal_stage,
    confidence,
    list_transform(evidence, lambda span: {'start': span."start", 'end': span."end"}) AS evidence,
    source_id,
    CASE WHEN outlet IN (FROM shown_outlets) THEN outlet END AS outlet,
    CASE
        WHEN owner IN (FROM shown_outlets) THEN owner
        WHEN outlet IN (FROM shown_outlets) THEN NULL
        ELSE 'not listed'
    END AS owner,
    only_language(language) AS language,
    copy_group_id,
    published_date,
    link_score,
    only_version(judged.linked_by) AS linked_by
FROM judged
LEFT JOIN coarse_places AS coarse ON coarse.fine_id = judged.place_id
ORDER BY report_id;
