-- stop: the latest day's share of relevant articles fell below a fifth of the usual share
-- Judged only where at least 10 relevant articles were to be expected, so that a quiet day does not stop a
-- release.
SELECT found
FROM marts.latest_relevance()
WHERE n_expected >= 10 AND n_relevant < 0.2 * n_expected;
