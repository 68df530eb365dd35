-- The day of a moment (UTC) as the project counts days: in western Indonesia, UTC+7 the year round.
CREATE OR REPLACE MACRO marts.local_day(moment) AS CAST(moment + INTERVAL 7 HOUR AS DATE);
