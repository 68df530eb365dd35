-- The ledger with small figures withheld. A part is also withheld when it could be worked out: when
-- another part of the same whole is withheld, or when the whole less this part, or less all its parts,
-- would leave fewer than 5. The headline figure is a whole of every figure below it. A figure that is withheld
-- is not pointed at either. Neither is a figure near one of the same people that was recorded before it (the growth
-- of a running total, the telling of another outlet): the difference of both would be such a cell.
CREATE TABLE public.marts.incident_counts AS
WITH ledger AS (
    SELECT *, is_small(low, best, high) AS small FROM analyst.marts.incident_counts
),
-- Every value that a figure ever had, so that what is compared with was shown, or withheld, by an earlier release.
recorded AS (
    SELECT *, (first_at, count_id) AS turn
    FROM (
        SELECT
            incident_id, count_id, role, unit, nationality, sex, age_band, subset_of, low, best, high,
            min(recorded_at) AS first_at
        FROM core.incident_counts
        GROUP BY ALL
    )
),
near AS (
    SELECT DISTINCT later.incident_id, later.count_id
    FROM recorded AS later
    JOIN ledger
      ON ledger.incident_id = later.incident_id AND ledger.count_id = later.count_id
     AND (ledger.low, ledger.best, ledger.high) IS NOT DISTINCT FROM (later.low, later.best, later.high)
    JOIN recorded AS earlier
      ON earlier.incident_id = later.incident_id AND earlier.role = later.role AND earlier.unit = later.unit
     AND earlier.nationality IS NOT DISTINCT FROM later.nationality
     AND earlier.sex IS NOT DISTINCT FROM later.sex
     AND earlier.age_band IS NOT DISTINCT FROM later.age_band
     AND earlier.subset_of IS NOT DISTINCT FROM later.subset_of
    WHERE earlier.turn < later.turn
      AND (is_near(earlier.low, later.low) OR is_near(earlier.best, later.best) OR is_near(earlier.high, later.high))
),
pairs AS (
    SELECT one.incident_id, one.subset_of, bool_or(whole.best - one.best - other.best BETWEEN 1 AND 4) AS leave_few
    FROM ledger AS one
    JOIN ledger AS other
      ON other.incident_id = one.incident_id AND other.subset_of = one.subset_of AND other.count_id > one.count_id
    JOIN ledger AS whole
      ON whole.incident_id = one.incident_id AND whole.count_id = one.subset_of
    GROUP BY ALL
),
parts AS (
    SELECT
        part.incident_id,
        part.subset_of,
        bool_or(part.small) AS any_small,
        bool_or(whole.best - part.best BETWEEN 1 AND 4) AS leaves_few,
        any_value(whole.best) - sum(part.best) BETWEEN 1 AND 4 AS leave_few
    FROM ledger AS part
    JOIN ledger AS whole
      ON whole.incident_id = part.incident_id AND whole.count_id = part.subset_of
    GROUP BY ALL
),
-- The figure that the headline is read from is shown as the headline is; parts of one that is held back are withheld.
headlines AS (
    SELECT
        ledger.incident_id,
        ledger.count_id,
        {'low': seen.persons_low, 'best': seen.persons_best, 'high': seen.persons_high} AS headline,
        seen.persons_best IS DISTINCT FROM ledger.best AS is_held
    FROM ledger
    JOIN analyst.marts.incidents AS incidents
      ON incidents.incident_id = ledger.incident_id AND incidents.headline_role = ledger.role
     AND (incidents.persons_low, incidents.persons_best, incidents.persons_high)
         IS NOT DISTINCT FROM (ledger.low, ledger.best, ledger.high)
    JOIN public.marts.incidents AS seen ON seen.incident_id = ledger.incident_id
    WHERE ledger.subset_of IS NULL
),
judged AS (
    SELECT
        ledger.*,
        headlines.headline,
        small OR near.count_id IS NOT NULL AND headlines.headline IS NULL
            OR coalesce(whole.is_held, false)
            OR headlines.headline IS NULL AND coalesce(seen.persons_best - ledger.best BETWEEN 1 AND 4, false)
            OR coalesce(parts.any_small OR parts.leaves_few OR parts.leave_few OR pairs.leave_few, false)
            OR coalesce(incidents.persons_best - ledger.best BETWEEN 1 AND 4, false)
            AS persons_suppressed,
        is_authority_act(incidents.event_type) AND minors.incident_id IS NULL AS keeps_day,
        described.incident_id IS NOT NULL AND ledger.age_band IS DISTINCT FROM 'minor' AS people_shown
    FROM ledger
    JOIN analyst.marts.incidents AS incidents ON incidents.incident_id = ledger.incident_id
    JOIN public.marts.incidents AS seen ON seen.incident_id = ledger.incident_id
    LEFT JOIN near ON near.incident_id = ledger.incident_id AND near.count_id = ledger.count_id
    LEFT JOIN headlines ON headlines.incident_id = ledger.incident_id AND headlines.count_id = ledger.count_id
    LEFT JOIN headlines AS whole
      ON whole.incident_id = ledger.incident_id AND whole.count_id = ledger.subset_of
    LEFT JOIN parts ON parts.incident_id = ledger.incident_id AND parts.subset_of = ledger.subset_of
    LEFT JOIN pairs ON pairs.incident_id = ledger.incident_id AND pairs.subset_of = ledger.subset_of
    LEFT JOIN minors ON minors.incident_id = ledger.incident_id
    LEFT JOIN described ON described.incident_id = ledger.incident_id
)
SELECT
    incident_id,
    count_id,
    role,
    CASE WHEN NOT persons_suppressed THEN if(headline IS NULL, low, headline.low) END AS low,
    CASE WHEN NOT persons_suppressed THEN if(headline IS NULL, best, headline.best) END AS best,
    CASE WHEN NOT persons_suppressed THEN if(headline IS NULL, high, headline.high) END AS high,
    persons_suppressed,
    relation,
    unit,
    CASE WHEN people_shown AND NOT persons_suppressed THEN nationality END AS nationality,
    CASE WHEN people_shown AND NOT persons_suppressed THEN sex END AS sex,
    CASE WHEN NOT persons_suppressed THEN age_band END AS age_band,
    first_shown(as_of_date, keeps_day) AS as_of_date,
    is_cumulative,
    first_shown(cumulative_since, keeps_day) AS cumulative_since,
    CASE
        WHEN coalesce(as_of_date, cumulative_since) IS NOT NULL THEN precision_shown('1', keeps_day)
    END AS as_of_precision,
    subset_of,
    superseded_by,
    basis,
    report_id,
    article_id,
    CASE WHEN NOT persons_suppressed AND coalesce(headline.best = best, true) THEN "start" END AS "start",
    CASE WHEN NOT persons_suppressed AND coalesce(headline.best = best, true) THEN "end" END AS "end"
FROM judged
ORDER BY incident_id, count_id;
