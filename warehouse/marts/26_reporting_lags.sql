-- How long after an event it was first told of, by month of the event and type of event.
--
-- Only incidents whose day is known are measured. Those told of before their day (announced flights) are
-- counted apart. The last months look quick because slow stories have not been told yet: `days_followed` is
-- how long the project has watched since the month ended, and a month followed for less than the usual
-- longest lag is not to be compared with older ones.
CREATE OR REPLACE MACRO marts.reporting_lags_of(incidents, days) AS TABLE
WITH lags AS (
    SELECT
        CAST(date_trunc('month', date_start) AS DATE) AS period,
        event_type,
        marts.local_day(first_reported_at) - date_start AS lag_days
    FROM query_table(incidents)
    WHERE status <> 'refuted' AND date_precision = '1' AND date_start IS NOT NULL
      AND first_reported_at IS NOT NULL
),
watched AS (
    SELECT max(day) FILTER (WHERE is_watched) AS last_day FROM query_table(days)
)
SELECT
    period,
    event_type,
    count(*) FILTER (WHERE lag_days >= 0) AS n_incidents,
    count(*) FILTER (WHERE lag_days < 0) AS n_announced_before,
    CAST(round(quantile_cont(lag_days, 0.5) FILTER (WHERE lag_days >= 0), 1) AS DOUBLE) AS median_days,
    CAST(round(quantile_cont(lag_days, 0.9) FILTER (WHERE lag_days >= 0), 1) AS DOUBLE) AS p90_days,
    CAST(greatest(any_value(watched.last_day) - last_day(period), 0) AS BIGINT) AS days_followed
FROM lags, watched
GROUP BY period, event_type;

CREATE OR REPLACE VIEW marts.reporting_lags AS
SELECT * FROM marts.reporting_lags_of('marts.incidents', 'marts.trend_days');
