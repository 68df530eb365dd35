"""Who subtracts one public release from another, or parts from a whole, uncovers no cell of fewer than 5 persons."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.records import Incident, Statistic, StatisticCategory, Unit, make_id
from tests.warehouse import world
from warehouse import checks, closed, public, releases
from warehouse.database import connect
from warehouse.store import Store

N_RELEASES = 10
RULES = Path(public.__path__[0]) / "01_rules.sql"


def few(figures: Iterable[float]) -> set[tuple[float, float]]:
    """Return the pairs whose difference is a cell that nobody should see."""
    return {
        pair
        for pair in itertools.combinations(sorted(set(figures)), 2)
        if 0 < pair[1] - pair[0] < 5
    }


# --- one figure over time ------------------------------------------------------------------------------

figures = st.one_of(st.none(), st.integers(5, 40))


@pytest.fixture(scope="module")
def rules() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for statement in RULES.read_text("utf-8").split(";\n"):
            if "MACRO" in statement:
                connection.execute(statement)
        yield connection


@settings(max_examples=60, deadline=None)
@given(history=st.lists(figures, min_size=1, max_size=10))
def test_no_two_figures_that_were_ever_shown_are_near(
    rules: duckdb.DuckDBPyConnection, history: list[int | None]
) -> None:
    shown = []
    for n in range(1, len(history) + 1):
        states = [{"low": value, "best": value, "high": value} for value in history[:n]]
        row = rules.execute(
            "SELECT figure_shown(CAST(? AS STRUCT(low BIGINT, best BIGINT, high BIGINT)[])).best",
            [states],
        ).fetchone()
        assert row is not None
        shown.append(row[0])
    assert few(value for value in shown if value is not None) == set()
    assert shown[0] == history[0]
    for told, value in zip(shown, history, strict=True):
        assert (told is None) == (value is None)
        # What is shown was once true, and is never far from what is true now.
        assert told in history
    growing = sorted(value for value in history if value is not None)
    if growing == history and growing:
        assert growing[-1] - shown[-1] < 5


# --- ten releases of a home that grows -----------------------------------------------------------------


def _grown(rng: random.Random, now: list[Incident], turn: int) -> list[Incident]:
    """Return the incidents after a day on which some grew, by few or many, and some came to be."""
    found = []
    for incident in now:
        best = incident.persons_best or 0
        if rng.random() < 0.6:
            best = max(1, best + rng.choice([-8, -2, -1, 1, 2, 3, 4, 9, 40]))
        found.append(_with(incident, best, rng, turn))
    for n in range(2):
        base = world.incidents()[rng.choice(["raid", "escape"])]
        key = make_id("inc", turn, n)
        fresh = base.model_copy(
            update={"incident_id": key, "parent_id": None, "counts": base.counts[:1]}
        )
        found.append(_with(fresh, rng.randint(1, 60), rng, turn))
    return found


def _with(incident: Incident, best: int, rng: random.Random, turn: int) -> Incident:
    """Return the incident with that figure: the ledger gains a row for it, and parts of it."""
    if best == incident.persons_best and len(incident.counts) > 1:
        return incident
    head = incident.counts[0].model_copy(
        update={
            "count_id": make_id("cnt", incident.incident_id, turn), "incident_id": incident.incident_id, "low": best,
            "best": best, "high": best, "as_of_date": dt.date(2026, 9, 1) + dt.timedelta(days=turn),
        }
    )  # fmt: skip
    cuts = sorted(rng.sample(range(1, best), min(2, best - 1))) if best > 1 else []
    sizes = [end - start for start, end in itertools.pairwise([0, *cuts, best])]
    told = rng.sample(sizes, rng.randint(0, len(sizes)))
    parts = [
        head.model_copy(
            update={
                "count_id": make_id("cnt", incident.incident_id, turn, n), "low": size, "best": size, "high": size,
                "subset_of": head.count_id,
            }
        )
        for n, size in enumerate(told)
    ]  # fmt: skip
    return incident.model_copy(
        update={
            "persons_low": best, "persons_best": best, "persons_high": best,
            "counts": (head, *parts, *(row for row in incident.counts if row.incident_id == incident.incident_id)),
        }
    )  # fmt: skip


def _total(turn: int, value: int) -> Statistic:
    return Statistic(
        stat_id=make_id("stat", turn), article_id=world.article_id("escape"), metric="cases_handled_online_scam",
        category=StatisticCategory.ONLINE_SCAM, value=value, unit=Unit.CASES, is_cumulative=True,
        period_start=dt.date(2026, 1, 1), period_end=dt.date(2026, 9, 1) + dt.timedelta(days=turn),
        as_of=dt.date(2026, 9, 1) + dt.timedelta(days=turn), extractor="statistics", extractor_version="1",
        **world.span("escape", "120 orang"),
    )  # fmt: skip


def _rows(db: Path, sql: str) -> list[tuple[Any, ...]]:
    connection = connect(db, read_only=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def _releases(store: Store, folder: Path) -> Iterator[Path]:
    rng = random.Random(43)
    incidents = [item.model_copy(update={"parent_id": None}) for item in world.incidents().values()]
    readings = world.readings()
    totals = [_total(0, 2_310)]
    # Many incidents here are told by one report, which no real file may hold.
    accepted = [check.name for check in checks.load()]
    for turn in range(1, N_RELEASES + 1):
        at = world.AT + dt.timedelta(days=turn)
        incidents = _grown(rng, incidents, turn)
        keyed = {item.incident_id: item for item in incidents}
        totals.append(_total(turn, int(totals[-1].value) + rng.choice([0, 1, 3, 7])))
        store.save_readings(f"run-{turn}", at, **{**readings, "statistics": totals})
        store.save_incidents(f"run-{turn}", at, incidents, world.links(keyed))
        made = world.publish(
            store, folder, day=at.date(), now=at + dt.timedelta(hours=1), accepted=accepted
        )
        yield made.public


@pytest.mark.slow
def test_ten_releases_subtracted_from_each_other_tell_of_no_few(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Looked at in tests of their own; ten times they are most of the time.
    monkeypatch.setattr(releases, "_comment", lambda *_: None)
    monkeypatch.setattr(closed, "strangers", lambda *_: [])
    shown: dict[str, set[int]] = defaultdict(set)
    ledger: dict[tuple[Any, ...], set[int]] = defaultdict(set)
    totals: set[float] = set()
    true: dict[str, set[int]] = defaultdict(set)
    with world.open_store(tmp_path) as store:
        for db in _releases(store, tmp_path / "releases"):
            for incident_id, *persons in _rows(
                db,
                "SELECT incident_id, persons_low, persons_best, persons_high FROM marts.incident_versions",
            ):
                shown[incident_id] |= {value for value in persons if value is not None}
            told = _rows(
                db,
                "SELECT incident_id, role, nationality, sex, age_band, best, count_id, subset_of FROM marts.incident_counts",
            )
            best_of = {row[6]: row[5] for row in told}
            parts: dict[str, list[int]] = defaultdict(list)
            for *key, best, _, whole in told:
                if best is not None and whole is None:
                    ledger[tuple(key)].add(best)
                if best is not None and whole is not None:
                    parts[whole].append(best)
            for whole, sizes in parts.items():
                for n in (1, 2, 3):
                    for chosen in itertools.combinations(sizes, n):
                        assert best_of[whole] is None or not 0 < best_of[whole] - sum(chosen) < 5
            totals |= {
                value for (value,) in _rows(db, "SELECT value FROM marts.statistics") if value
            }
            increments = _rows(
                db, "SELECT increment FROM marts.statistic_series WHERE increment > 0"
            )
            assert not [value for (value,) in increments if value < 5]
            _trends_add_what_is_shown(db)
        for incident_id, best in store.connection.execute(
            "SELECT incident_id, persons_best FROM core.incidents WHERE persons_best IS NOT NULL"
        ).fetchall():
            true[incident_id].add(best)
    assert {key: pairs for key, values in shown.items() if (pairs := few(values))} == {}
    assert {key: pairs for key, values in ledger.items() if (pairs := few(values))} == {}
    assert few(totals) == set()
    # Without the rule there would have been much to uncover, and figures that grow by much are shown as they are.
    assert sum(bool(few(values)) for values in true.values()) > 10
    assert sum(values <= shown[key] for key, values in true.items()) > 2


def _trends_add_what_is_shown(db: Path) -> None:
    """The trends are sums of the figures that `incidents` shows, so that nothing is left when those are taken away."""
    added = (
        "SELECT CAST(date_trunc('month', date_start) AS DATE), event_country, event_type, sum(persons_best)"
        " FROM marts.incidents WHERE headline_role <> 'fraud_victim' GROUP BY ALL HAVING sum(persons_best) > 0 ORDER BY ALL"
    )
    told = "SELECT period, country, event_type, persons_best FROM marts.trends_monthly WHERE persons_best > 0 ORDER BY ALL"
    assert _rows(db, told) == _rows(db, added) != []
