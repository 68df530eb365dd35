-- stop: low, best and high of a figure are out of order or negative
WITH figures AS (
    SELECT 'count ' || count_id AS what, low, best, high
    FROM core.incident_counts WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'claim ' || claim_id, low, best, high FROM core.claims WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'incident ' || incident_id, persons_low, persons_best, persons_high
    FROM core.incidents WHERE superseded_at IS NULL
)
SELECT DISTINCT what
FROM figures
WHERE low > best OR best > high OR low > high OR least(low, best, high) < 0
ORDER BY what;
