-- Incidents by week (from Monday), country and event type, beside the number of articles screened in the
-- period, which is the same in all rows of the period and is the denominator of every comparison over time. A period
-- that was watched and brought no incident, or was not watched, has one row without country and type.
CREATE OR REPLACE VIEW marts.trends_weekly AS
SELECT * FROM marts.trends_by('marts.trend_incidents', 'marts.trend_days', 'week', 3);
