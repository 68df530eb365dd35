-- The ledger with small figures withheld. A part is also withheld when it could be worked out: when
-- another part of the same whole is withheld, or when the whole less this part, or less all its parts,
-- would leave fewer than 5. The headline figure is a whole of every figure below it. A figure that is withheld
-- is not pointed at either.
CREATE TABLE public.marts.incident_counts AS
WITH ledger AS (
    SELECT *, is_small(low, best, high) AS small FROM analyst.marts.incident_counts
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
judged AS (
    SELECT
        ledger.*,
        small OR coalesce(parts.any_small OR parts.leaves_few OR parts.leave_few, false)
            OR coalesce(incidents.persons_best - ledger.best BETWEEN 1 AND 4, false)
            AS persons_suppressed,
        is_authority_act(incidents.event_type) AND minors.incident_id IS NULL AS keeps_day,
        described.incident_id IS NOT NULL AND ledger.age_band IS DISTINCT FROM 'minor' AS people_shown
    FROM ledger
    JOIN analyst.marts.incidents AS incidents USING (incident_id)
    LEFT JOIN parts USING (incident_id, subset_of)
    LEFT JOIN minors USING (incident_id)
    LEFT JOIN described USING (incident_id)
)
SELECT
    incident_id,
    count_id,
    role,
    CASE WHEN NOT persons_suppressed THEN low END AS low,
    CASE WHEN NOT persons_suppressed THEN best END AS best,
    CASE WHEN NOT persons_suppressed THEN high END AS high,
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
    CASE WHEN NOT persons_suppressed THEN "start" END AS "start",
    CASE WHEN NOT persons_suppressed THEN "end" END AS "end"
FROM judged
ORDER BY incident_id, count_id;
