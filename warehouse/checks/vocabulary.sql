-- stop: a code is not in the vocabulary of its column
WITH coded AS (
    SELECT 'incident ' || incident_id || ': ' || event_type AS what, event_type AS code, 'event' AS list
    FROM core.incidents WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'report ' || report_id || ': ' || event_type, event_type, 'event'
    FROM core.reports WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'count ' || count_id || ': ' || role, role, 'role'
    FROM core.incident_counts WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'claim ' || claim_id || ': ' || role, role, 'role'
    FROM core.claims WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'incident ' || incident_id || ': ' || tier, tier, 'tier'
    FROM core.incidents WHERE superseded_at IS NULL
),
lists AS (
    SELECT 'tier' AS list, unnest(['candidate', 'reviewed']) AS code
    UNION ALL
    SELECT 'event', unnest([
        'rescue', 'release_handover', 'escape', 'raid', 'arrest', 'detention', 'repatriation',
        'deportation', 'interdiction', 'complaint', 'death', 'unrest', 'investigation', 'prosecution',
        'verdict', 'sanction', 'policy', 'other'
    ])
    UNION ALL
    SELECT 'role', unnest([
        'victim', 'rescued', 'released', 'escaped', 'detained', 'repatriated', 'deported', 'arrested',
        'suspect', 'recruiter', 'convicted', 'interdicted', 'complainant', 'dead', 'injured', 'sick',
        'missing', 'remaining', 'sheltered', 'family_member', 'fraud_victim'
    ])
)
SELECT DISTINCT coded.what FROM coded ANTI JOIN lists USING (list, code) ORDER BY ALL;
