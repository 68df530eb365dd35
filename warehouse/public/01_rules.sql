-- The rules of the public tier, each in one place.

-- Acts of authorities keep their day. Everything else is taken for something done by or to victims.
CREATE OR REPLACE TEMP MACRO is_authority_act(event_type) AS event_type IN (
    'raid', 'arrest', 'investigation', 'prosecution', 'verdict', 'sanction', 'policy'
);
CREATE OR REPLACE TEMP MACRO first_shown(day, keeps_day) AS
    CASE WHEN keeps_day THEN day ELSE CAST(date_trunc('month', day) AS DATE) END;
CREATE OR REPLACE TEMP MACRO last_shown(day, keeps_day) AS
    CASE WHEN keeps_day THEN day ELSE last_day(day) END;
CREATE OR REPLACE TEMP MACRO precision_shown(code, keeps_day) AS
    CASE WHEN keeps_day OR code > '4' THEN code ELSE '4' END;

-- A cell of fewer than 5 persons is not shown (the practice of the Counter Trafficking Data
-- Collaborative). A range that reaches below 5 counts as such a cell.
CREATE OR REPLACE TEMP MACRO is_small(low, best, high) AS coalesce(least(low, best, high) < 5, false);

-- Two figures of one thing, told one after the other, that are so near that their difference would be such a cell:
-- who subtracts an earlier release from a later one would see how few came in between.
CREATE OR REPLACE TEMP MACRO is_near(figure, other) AS coalesce(abs(figure - other) BETWEEN 1 AND 4, false);
CREATE OR REPLACE TEMP MACRO is_near_figure(figure, other) AS
    is_near(figure.low, other.low) OR is_near(figure.best, other.best) OR is_near(figure.high, other.high);
-- The figure that stands at the end of a history: the last one that is near no earlier one that was shown. What is
-- near one is shown as the last figure before it.
CREATE OR REPLACE TEMP MACRO figure_shown(history) AS list_reduce(
    list_transform(history, lambda told: [told]),
    lambda shown, told: list_append(
        shown,
        CASE
            WHEN len(list_filter(shown, lambda earlier: is_near_figure(earlier, told[1]))) > 0
                THEN list_filter(shown, lambda earlier: coalesce(earlier.low, earlier.best, earlier.high) IS NOT NULL)[-1]
            ELSE told[1]
        END
    )
)[-1];

-- What describes the people of an incident (where from, where to, which nationality, how recruited) is
-- shown when there are at least 5 of them, or when nobody is counted and the act is one of authorities.
CREATE OR REPLACE TEMP MACRO shows_people(event_type, low, best, high) AS
    NOT is_small(low, best, high)
    AND (coalesce(low, best, high) IS NOT NULL OR is_authority_act(event_type));

-- Incidents that concern minors, of which only the event and the count remain: a figure of minors that
-- is not a part of a larger one, or a report whose title speaks of children.
CREATE OR REPLACE TEMP TABLE minors AS
SELECT incident_id FROM analyst.marts.incident_counts
WHERE age_band = 'minor' AND subset_of IS NULL
UNION
SELECT reports.incident_id
FROM analyst.marts.reports AS reports
JOIN analyst.marts.articles AS articles USING (article_id)
WHERE reports.incident_id IS NOT NULL AND speaks_of_minors(articles.title);
