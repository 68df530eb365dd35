-- warn: the latest day's share of relevant articles is more than three times the usual share
SELECT found
FROM marts.latest_relevance()
WHERE n_relevant >= 10 AND n_relevant > 3 * n_expected;
