"""Incidents over time: rates with their denominator, a fixed panel of sources, surges and lasting changes.

trends_* | trends_by_dimension -> trends
trend_incidents, trend_members, trend_source_days -> trends of a panel, series -> signals

The counting rules are in the SQL of ``warehouse/marts``; this module asks for rows and says what may be asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from warehouse import signals
from warehouse.errors import QueryFailed
from warehouse.queries import Result, ask
from warehouse.signals import Point, Signals

Grain = Literal["day", "week", "month"]
_TABLES: Mapping[str, str] = {
    "day": "trends_daily",
    "week": "trends_weekly",
    "month": "trends_monthly",
}
# The coarsest date precision that still tells the period, as in `marts/16_trend_parts.sql`.
_COARSEST: Mapping[str, int] = {"day": 1, "week": 3, "month": 4}
_COLUMNS = ("country", "event_type")
DIMENSIONS = ("admin1", "destination", "role", "nationality", "scam_type", "agency")
SPLITS = (*_COLUMNS, *DIMENSIONS)
# A source belongs to the panel when it was watched on half of the days of every period on which
# anything was watched: one good day of a month is not a month.
PANEL_SHARE = 0.5
_FIRST, _LAST = dt.date(1, 1, 1), dt.date(9999, 12, 31)


class Trend(NamedTuple):
    """Rows over time; ``panel`` names the sources that were counted, None when all were."""

    rows: Result
    panel: tuple[str, ...] | None = None


class Series(NamedTuple):
    """The signals of one value of a split; ``value`` is None for everything together."""

    value: str | None
    points: tuple[Point, ...]
    found: Signals


def _split(by: str | None) -> tuple[str, ...]:
    """Return the columns to split by: country and event type as wished, or one dimension with or without type."""
    chosen = tuple(name.strip() for name in (by or "").split(",") if name.strip())
    if unknown := [name for name in chosen if name not in SPLITS]:
        raise QueryFailed(
            f"trends cannot be split by {unknown[0]!r}", f"use one of {', '.join(SPLITS)}"
        )
    if len([name for name in chosen if name != "event_type"]) > 1 or len(set(chosen)) < len(chosen):
        raise QueryFailed(
            f"trends cannot be split by {', '.join(chosen)} together",
            "use one of them, with event_type if you wish",
        )
    return chosen


def _window(grain: str, since: dt.date | None, until: dt.date | None) -> tuple[object, ...]:
    if grain not in _TABLES:
        raise QueryFailed(f"{grain!r} is no grain", f"use {', '.join(_TABLES)}")
    return (grain, since or _FIRST, until or _LAST)


_IN_WINDOW = "period >= date_trunc(?, CAST(? AS DATE)) AND period <= CAST(? AS DATE)"


def trends(
    db: Path,
    *,
    by: str | None = None,
    grain: Grain = "month",
    since: dt.date | None = None,
    until: dt.date | None = None,
    panel: bool = False,
) -> Trend:
    """Return one row per period, and per value of ``by`` when it is given, oldest first.

    ``by`` is one of `SPLITS`, or one of them and ``event_type`` with a comma. The number of articles screened
    is that of the whole period in every row. Persons are added within one event type only: over several the
    same people would count as arrested, released and flown home, so without that split there is no such
    column. With ``panel`` only the sources that were watched throughout are counted, in both parts of the
    rate, so that a new source is no new trend; raises `QueryFailed` when there is none.
    """
    chosen = _split(by)
    window = _window(grain, since, until)
    if panel:
        return _of_panel(db, chosen, grain, window)
    dimension = next((name for name in chosen if name in DIMENSIONS), None)
    source, parameters = _TABLES[grain], []
    if dimension:
        source = (
            f"(SELECT * RENAME (value AS {dimension}) FROM trends_by_dimension"  # noqa: S608
            " WHERE dimension = ? AND grain = ?)"
        )
        parameters = [dimension, grain]
    keys = "".join(f", {name}" for name in chosen)
    persons = (
        " CAST(sum(persons_best) AS BIGINT) AS persons_best," if "event_type" in chosen else ""
    )
    # Split rows of periods without incidents have no key: they say something only of the period.
    having = " HAVING sum(n_incidents) > 0" if chosen else ""
    found = ask(
        db,
        f"SELECT period{keys}, CAST(sum(n_incidents) AS BIGINT) AS n_incidents,"  # noqa: S608
        f"{persons} CAST(sum(n_reports) AS BIGINT) AS n_reports,"
        " max(n_articles_screened) AS n_articles_screened,"
        " round(10000.0 * sum(n_incidents) / nullif(max(n_articles_screened), 0), 2)"
        " AS incidents_per_10k_screened, bool_and(is_outage) AS is_outage"
        f" FROM {source} WHERE {_IN_WINDOW} GROUP BY period{keys}{having} ORDER BY period{keys}",
        [*parameters, *window],
    )
    return Trend(found)


# --- the panel -------------------------------------------------------------------------------------


def panel(
    db: Path,
    *,
    grain: Grain = "month",
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Result:
    """Return one row per source: periods watched, first and last, and whether it was watched in all of them.

    Articles read from files name no source and are never of the panel.
    """
    return _panel(db, _window(grain, since, until))


def _panel(db: Path, window: Sequence[object]) -> Result:
    return ask(
        db,
        "WITH days AS (SELECT CAST(date_trunc(?, day) AS DATE) AS period, * FROM trend_source_days"  # noqa: S608
        " WHERE is_watched AND source_id <> 'file'),"
        f" inside AS (SELECT * FROM days WHERE {_IN_WINDOW}),"
        " whole AS (SELECT period, count(DISTINCT day) AS n, count(*) OVER () AS n_periods"
        " FROM inside GROUP BY period),"
        " own AS (SELECT source_id, period, count(*) AS n, sum(n_articles_screened) AS screened"
        " FROM inside GROUP BY ALL),"
        " counted AS (SELECT source_id, count(*) FILTER (WHERE own.n >= ? * whole.n) AS n_periods,"
        " any_value(whole.n_periods) AS n_periods_watched, min(period) AS first_period,"
        " max(period) AS last_period, CAST(sum(screened) AS BIGINT) AS n_articles_screened"
        " FROM own JOIN whole USING (period) GROUP BY source_id)"
        " SELECT *, n_periods = n_periods_watched AS in_panel FROM counted ORDER BY source_id",
        [window[0], *window, PANEL_SHARE],
    )


def _members(db: Path, grain: str, window: Sequence[object]) -> tuple[str, ...]:
    rows = _panel(db, window).records()
    if members := tuple(row["source_id"] for row in rows if row["in_panel"]):
        return members
    longest = max((row["n_periods"] for row in rows), default=0)
    n_periods = rows[0]["n_periods_watched"] if rows else 0
    raise QueryFailed(
        f"no source was watched in every {grain} of the window (at most {longest} of {n_periods})",
        "narrow the window with --since and --until, or leave out --panel",
    )


def _counted(chosen: Sequence[str], *, of_panel: bool) -> tuple[str, str]:
    """Return the columns that split and the tables that are counted from, for questions to the parts."""
    dimension = next((name for name in chosen if name in DIMENSIONS), None)
    source = "trend_incidents AS told"
    if dimension:
        source += " JOIN trend_members AS members USING (incident_id)"
    conditions = [
        *([f"members.dimension = '{dimension}'"] if dimension else []),
        *(["list_has_any(told.source_ids, CAST(? AS VARCHAR[]))"] if of_panel else []),
    ]
    columns = "".join(
        f", members.value AS {name}" if name == dimension else f", told.{name}" for name in chosen
    )
    return columns, f"{source} WHERE {' AND '.join(conditions) or 'true'}"


_DAYS = (
    "SELECT day, sum(n_articles_screened) AS n_articles_screened, bool_or(is_watched) AS is_watched"
    " FROM trend_source_days WHERE source_id IN (SELECT unnest(CAST(? AS VARCHAR[]))) GROUP BY day"
)


def _of_panel(db: Path, chosen: Sequence[str], grain: str, window: Sequence[object]) -> Trend:
    members = _members(db, grain, window)
    columns, source = _counted(chosen, of_panel=True)
    keys = "".join(f", {name}" for name in chosen)
    persons = ""
    if "event_type" in chosen:
        dimension = any(name in DIMENSIONS for name in chosen)
        persons = (
            f", CAST(sum({'members' if dimension else 'told'}.persons) AS BIGINT) AS persons_best"
        )
    kept = ", persons_best" if persons else ""
    found = ask(
        db,
        f"WITH days AS ({_DAYS}),"  # noqa: S608
        " spine AS (SELECT CAST(date_trunc(?, day) AS DATE) AS period FROM trend_days GROUP BY ALL),"
        " seen AS (SELECT CAST(date_trunc(?, day) AS DATE) AS period,"
        " CAST(sum(n_articles_screened) AS BIGINT) AS n_articles_screened, bool_or(is_watched) AS is_watched"
        " FROM days GROUP BY ALL),"
        f" counted AS (SELECT CAST(date_trunc(?, told.day) AS DATE) AS period{columns}, count(*) AS n{persons}"
        f" FROM {source} GROUP BY ALL)"
        f" SELECT period{keys}, coalesce(counted.n, 0) AS n_incidents{kept},"
        " coalesce(seen.n_articles_screened, 0) AS n_articles_screened,"
        " round(10000.0 * coalesce(counted.n, 0) / nullif(seen.n_articles_screened, 0), 2)"
        " AS incidents_per_10k_screened, NOT coalesce(seen.is_watched, false) AS is_outage"
        f" FROM spine {'JOIN' if chosen else 'LEFT JOIN'} counted USING (period)"
        f" LEFT JOIN seen USING (period) WHERE {_IN_WINDOW} ORDER BY ALL",
        [list(members), grain, grain, grain, list(members), *window],
    )
    return Trend(found, members)


# --- surges and lasting changes --------------------------------------------------------------------


def series(
    db: Path,
    *,
    by: str | None = None,
    grain: Grain = "month",
    since: dt.date | None = None,
    until: dt.date | None = None,
    panel: bool = False,
) -> list[Series]:
    """Return the signals of each value of ``by`` (one of `SPLITS`), or of everything together.

    Only periods in which articles were screened are looked at, so that an outage is neither a fall nor a
    baseline. Incidents dated less finely than the period are left out: those known to the month would all
    fall on the week of its first day.
    """
    chosen = _split(by)
    if len(chosen) > 1:
        raise QueryFailed("signals are looked for in one split", f"use one of {', '.join(SPLITS)}")
    window = _window(grain, since, until)
    members = list(_members(db, grain, window)) if panel else None
    days = _DAYS if panel else "SELECT * FROM trend_days"
    watched = ask(
        db,
        "SELECT CAST(date_trunc(?, day) AS DATE) AS period,"  # noqa: S608
        f" CAST(sum(n_articles_screened) AS BIGINT) AS screened FROM ({days}) WHERE true GROUP BY ALL"
        f" HAVING sum(n_articles_screened) > 0 AND {_IN_WINDOW} ORDER BY period",
        [grain, *([members] if panel else []), *window],
    ).rows
    columns, source = _counted(chosen, of_panel=panel)
    key = chosen[0] if chosen else "CAST(NULL AS VARCHAR)"
    counted: dict[str | None, dict[dt.date, int]] = {} if chosen else {None: {}}
    for value, period, n in ask(
        db,
        f"WITH counted AS (SELECT CAST(date_trunc(?, told.day) AS DATE) AS period{columns}"  # noqa: S608
        f" FROM {source} AND CAST(told.date_precision AS INTEGER) <= ?)"
        f" SELECT {key} AS value, period, count(*) FROM counted WHERE {_IN_WINDOW}"
        f"{f' AND {key} IS NOT NULL' if chosen else ''} GROUP BY ALL ORDER BY ALL",
        [grain, *([members] if panel else []), _COARSEST[grain], *window],
    ).rows:
        counted.setdefault(value, {})[period] = n
    made = []
    for value, told in counted.items():
        points = tuple(Point(period, told.get(period, 0), n) for period, n in watched)
        made.append(Series(value, points, signals.find(points, grain)))
    return made


def document(found: Sequence[Series]) -> list[dict[str, Any]]:
    """Return the series as plain mappings, each finding with its reason in words."""
    return [
        {
            "value": one.value,
            "n_periods": len(one.points),
            "n_incidents": sum(point.n for point in one.points),
            "n_periods_judged": one.found.n_judged,
            "surges": [{**item._asdict(), "why": item.why} for item in one.found.surges],
            "changes": [{**item._asdict(), "why": item.why} for item in one.found.changes],
            "refused": list(one.found.refused),
        }
        for one in found
    ]
