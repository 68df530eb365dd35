-- How the requests of each day (UTC+7) ended, by source and state.
CREATE OR REPLACE VIEW marts.fetch_states AS
SELECT marts.local_day(fetched_at) AS day, source_id, state, count(*) AS n_fetches
FROM raw.fetches
WHERE superseded_at IS NULL
GROUP BY ALL;
