"""A release of many invented incidents, to see how fast its trends answer; `make bench` measures a million."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from warehouse import marts, queries, trends
from warehouse.database import connect

_MARTS = Path(marts.__path__[0])
# The views that a release holds as tables, in the order in which they build on each other.
VIEWS = (
    "trends_daily", "trends_weekly", "trends_monthly", "trends_by_dimension", "outcomes", "reporting_lags",
    "hub_shares", "hub_shifts",
)  # fmt: skip
_PARTS = """
CREATE TABLE marts.incidents AS SELECT
    'inc_' || lpad(i::VARCHAR, 16, '0') AS incident_id,
    CASE WHEN i % 20 = 19 THEN 'inc_' || lpad((i - 1)::VARCHAR, 16, '0') END AS parent_id,
    ['raid', 'rescue', 'repatriation', 'arrest', 'complaint'][1 + i % 5] AS event_type,
    'reported' AS status,
    DATE '2016-01-01' + (i % 3650)::INTEGER AS date_start,
    '1' AS date_precision,
    ['KHM', 'MMR', 'LAO', 'PHL'][1 + i % 4] AS event_country,
    event_country AS destination_country,
    'Province ' || (i % 25) AS admin1,
    ['online_gambling', 'romance'][1:1 + i % 2] AS scam_types,
    ['IDN', 'VNM', 'PHL'][1:1 + i % 3] AS nationalities,
    ['detained', 'rescued', 'repatriated', 'arrested', 'complainant'][1 + i % 5] AS headline_role,
    (i % 900)::BIGINT AS persons_best,
    (DATE '2016-01-02' + (i % 3650)::INTEGER)::TIMESTAMP AS first_reported_at
FROM range({n}) t(i);

CREATE TABLE marts.trend_incidents AS SELECT
    incident_id, date_start AS day, date_precision, event_country AS country, event_type,
    CASE WHEN parent_id IS NULL THEN persons_best END AS persons,
    1::BIGINT AS n_reports,
    destination_country,
    ['detained', 'freed', 'repatriated', 'prosecuted', 'reported'][1 + persons_best % 5] AS outcome,
    persons AS persons_of_outcome,
    ['s' || (persons_best % 150), 's' || (persons_best % 7)] AS source_ids
FROM marts.incidents;

CREATE TABLE marts.trend_source_days AS SELECT
    DATE '2016-01-01' + d::INTEGER AS day, 's' || s AS source_id, 20::BIGINT AS n_articles_screened,
    true AS is_watched
FROM range(3650) a(d), range(150) b(s);

CREATE TABLE marts.trend_days AS SELECT
    day, sum(n_articles_screened)::BIGINT AS n_articles_screened, true AS is_watched
FROM marts.trend_source_days
GROUP BY day;

CREATE TABLE marts.incident_counts AS SELECT
    incident_id, headline_role AS role, persons_best AS best, 'persons' AS unit, 'IDN' AS nationality,
    NULL::VARCHAR AS sex, NULL::VARCHAR AS age_band, NULL::VARCHAR AS subset_of,
    NULL::VARCHAR AS superseded_by
FROM marts.incidents;

CREATE TABLE marts.incident_agencies AS SELECT
    incident_id, 'a' || (persons_best % 60) AS agency_id, 'actor' AS role
FROM marts.incidents;

CREATE TABLE marts.incident_places AS SELECT
    incident_id, 'p' || (persons_best % 60) AS place_id, 'P' AS name, 'event_site' AS role,
    event_country AS country, '2' AS geo_precision
FROM marts.incidents;
"""


def build(db: Path, n_incidents: int) -> None:
    """Write a release's tables of trends, made by the project's own views from invented parts."""
    connection = connect(db)
    connection.execute("CREATE SCHEMA marts")
    connection.execute(_PARTS.replace("{n}", str(n_incidents)))
    connection.execute((_MARTS / "01_local_day.sql").read_text("utf-8"))
    parts = (_MARTS / "16_trend_parts.sql").read_text("utf-8")
    connection.execute(parts[parts.index("CREATE OR REPLACE MACRO marts.trends_by(") :])
    for name in ("17", "18", "19", "25", "26", "27", "28"):
        (path,) = _MARTS.glob(f"{name}_*.sql")
        for statement in re.split(r";\s*\n", path.read_text("utf-8")):
            table, n = re.subn(r"CREATE OR REPLACE VIEW (\S+) AS", r"CREATE TABLE \1 AS", statement)
            if statement.strip():
                connection.execute(f"{table} ORDER BY ALL" if n else statement)
    connection.close()


def measure(db: Path) -> dict[str, float]:
    """Return the median milliseconds of reading each table as a chart does, and of `suar trends`."""
    questions = {
        **{name: f"SELECT * FROM {name} ORDER BY ALL LIMIT 5000" for name in VIEWS},
        "trends_by_dimension": "SELECT period, value, sum(n_incidents) FROM trends_by_dimension"
        " WHERE dimension = 'nationality' AND grain = 'week' GROUP BY ALL ORDER BY ALL",
    }
    found = {}
    with queries._opened(db) as opened:
        for name, sql in questions.items():
            found[name] = _median(lambda sql=sql: opened.execute(sql).fetchall())  # type: ignore[misc]
    found["suar trends --by agency"] = _median(lambda: trends.trends(db, by="agency"))
    found["suar trends --panel"] = _median(lambda: trends.trends(db, panel=True))
    return found


def _median(work: Callable[[], object]) -> float:
    took = []
    for _ in range(6):
        begin = time.perf_counter()
        work()
        took.append(1000 * (time.perf_counter() - begin))
    return statistics.median(took[1:])
