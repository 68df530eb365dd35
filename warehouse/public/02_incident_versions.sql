-- Every state of each incident under the rules of the public tier. A figure that is near an earlier one keeps the
-- earlier value until it has changed by 5, so that neither two states nor two releases can be subtracted. Where the state that stands now counts
-- fewer than 5 persons, the earlier ones do not describe them either.
CREATE TABLE public.marts.incident_versions AS
WITH few AS (
    SELECT DISTINCT incident_id
    FROM analyst.marts.incident_versions
    WHERE superseded_at IS NULL AND is_small(persons_low, persons_best, persons_high)
),
figures AS (
    SELECT
        incident_id,
        recorded_at,
        superseded_at,
        figure_shown(
            list(
                CASE
                    WHEN is_small(persons_low, persons_best, persons_high)
                        THEN {'low': NULL, 'best': NULL, 'high': NULL}
                    ELSE {'low': persons_low, 'best': persons_best, 'high': persons_high}
                END
            ) OVER states
        ) AS figure
    FROM analyst.marts.incident_versions
    WINDOW states AS (
        PARTITION BY incident_id ORDER BY recorded_at, superseded_at NULLS LAST ROWS UNBOUNDED PRECEDING
    )
),
judged AS (
    SELECT
        versions.* EXCLUDE (persons_low, persons_best, persons_high),
        figures.figure,
        minors.incident_id IS NOT NULL AS is_minor,
        is_small(persons_low, persons_best, persons_high) AS persons_suppressed,
        shows_people(event_type, persons_low, persons_best, persons_high)
            AND minors.incident_id IS NULL AND few.incident_id IS NULL AS people_shown,
        is_authority_act(event_type) AND minors.incident_id IS NULL AS keeps_day
    FROM analyst.marts.incident_versions AS versions
    JOIN figures
      ON figures.incident_id = versions.incident_id AND figures.recorded_at = versions.recorded_at
     AND figures.superseded_at IS NOT DISTINCT FROM versions.superseded_at
    LEFT JOIN minors ON minors.incident_id = versions.incident_id
    LEFT JOIN few ON few.incident_id = versions.incident_id
)
SELECT
    incident_id,
    parent_id,
    case_id,
    event_type,
    sub_event,
    status,
    tier,
    first_shown(date_start, keeps_day) AS date_start,
    last_shown(date_end, keeps_day) AS date_end,
    precision_shown(date_precision, keeps_day) AS date_precision,
    date_basis,
    event_country,
    CASE WHEN NOT is_minor THEN destination_country END AS destination_country,
    CASE WHEN people_shown THEN coarse.place_id END AS place_id,
    CASE WHEN people_shown THEN coarse.name END AS place_name,
    CASE WHEN people_shown THEN coalesce(coarse.admin1, provinces.admin1) END AS admin1,
    CASE WHEN people_shown THEN coarse.lat END AS lat,
    CASE WHEN people_shown THEN coarse.lon END AS lon,
    CASE
        WHEN people_shown AND coarse.place_id IS NOT NULL THEN coarse.geo_precision
        WHEN people_shown AND provinces.admin1 IS NOT NULL THEN '4'
        WHEN event_country IS NOT NULL THEN '5'
        ELSE '9'
    END AS geo_precision,
    CASE WHEN is_minor THEN [] ELSE scam_types END AS scam_types,
    CASE WHEN people_shown THEN nationalities ELSE [] END AS nationalities,
    headline_role,
    CASE WHEN NOT persons_suppressed THEN figure.low END AS persons_low,
    CASE WHEN NOT persons_suppressed THEN figure.best END AS persons_best,
    CASE WHEN NOT persons_suppressed THEN figure.high END AS persons_high,
    persons_suppressed,
    n_reports,
    n_sources,
    confidence,
    CASE WHEN keeps_day THEN first_reported_at ELSE date_trunc('month', first_reported_at) END
        AS first_reported_at,
    CASE WHEN keeps_day THEN last_updated_at ELSE date_trunc('month', last_updated_at) END
        AS last_updated_at,
    CASE
        WHEN coalesce(first_reported_at, last_updated_at) IS NOT NULL
            THEN precision_shown('1', keeps_day)
    END AS reported_precision,
    only_version(linked_by) AS linked_by,
    merged_into,
    recorded_at,
    superseded_at,
    people_shown
FROM judged
LEFT JOIN coarse_places AS coarse ON coarse.fine_id = judged.place_id
LEFT JOIN shown_provinces AS provinces ON provinces.place_id = judged.place_id
ORDER BY incident_id, recorded_at;
