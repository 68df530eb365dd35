"""Running totals as increments, and official figures beside ours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.records import Statistic, StatisticCategory, Unit, make_id
from tests.warehouse import world
from warehouse.database import connect
from warehouse.store import Store

D = dt.date
LATER = world.AT + dt.timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with world.open_store(tmp_path) as opened:
        yield opened


def total(number: int, value: float, as_of: dt.date, **more: Any) -> Statistic:
    """Return a running total of an embassy since the first of July, as one article tells it."""
    fields: dict[str, Any] = {
        "stat_id": make_id("stat", number), "article_id": world.article_id("home"), "metric": "cases",
        "category": StatisticCategory.ONLINE_SCAM, "value": value, "unit": Unit.CASES,
        "period_start": D(2026, 7, 1), "period_end": as_of, "as_of": as_of, "is_cumulative": True,
        "source_agency": "id.kbri-phnompenh", "extractor": "t", "extractor_version": "1",
        **world.span("home", "2.310 kasus"),
    }  # fmt: skip
    return Statistic(**{**fields, **more})


def save(store: Store, *told: Statistic) -> None:
    """Put the figures in place of those that the article gave."""
    store.save_readings("run-2", LATER, **{**world.readings(), "statistics": [*told]})


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    return store.connection.execute(sql).fetchall()


STEPS = (
    "SELECT as_of, value, previous_as_of, increment, is_reversal FROM marts.statistic_series"
    " ORDER BY series_id, as_of"
)


def test_a_running_total_becomes_increments_and_a_reversal_is_flagged(store: Store) -> None:
    save(
        store,
        total(3, 640, D(2026, 7, 31)),
        total(1, 212, D(2026, 7, 8)),
        total(2, 385, D(2026, 7, 15)),
        total(4, 600, D(2026, 8, 10)),
        total(5, 615, D(2026, 8, 20)),
    )
    assert rows(store, STEPS) == [
        (D(2026, 7, 8), 212, None, None, False),
        (D(2026, 7, 15), 385, D(2026, 7, 8), 173, False),
        (D(2026, 7, 31), 640, D(2026, 7, 15), 255, False),
        (D(2026, 8, 10), 600, D(2026, 7, 31), None, True),
        (D(2026, 8, 20), 615, D(2026, 8, 10), 15, False),
    ]
    assert len(rows(store, "SELECT DISTINCT series_id FROM marts.statistic_series")) == 1


def test_what_differs_in_source_subject_or_start_is_another_series_and_parts_are_none(
    store: Store,
) -> None:
    whole = total(1, 640, D(2026, 7, 31))
    save(
        store,
        whole,
        total(2, 90, D(2026, 7, 31), disaggregation_of=whole.stat_id),
        total(3, 700, D(2026, 8, 31), source_agency="id.kemlu"),
        total(4, 700, D(2026, 8, 31), category=StatisticCategory.TPPO_ALL),
        total(5, 900, D(2026, 8, 31), period_start=D(2026, 1, 1)),
        total(6, 55, D(2026, 8, 31), unit=Unit.PERCENT),
        total(7, 300, D(2026, 8, 31), is_cumulative=False),
    )
    assert sorted(row[1] for row in rows(store, STEPS)) == [640, 700, 700, 900]
    assert all(row[3] is None and not row[4] for row in rows(store, STEPS))


def test_articles_that_disagree_give_the_bounds(store: Store) -> None:
    day = D(2026, 7, 31)
    save(store, total(1, 640, day), total(2, 640, day), total(3, 604, day))
    assert rows(
        store, "SELECT value, value_least, value_most, n_articles FROM marts.statistic_series"
    ) == [(640, 604, 640, 2)]


def test_official_figures_stand_beside_the_incidents_of_their_days(store: Store) -> None:
    persons = {"unit": Unit.PERSONS, "is_cumulative": False, "area_country": "KHM"}
    save(
        store,
        total(1, 900, D(2026, 9, 30), period_start=D(2026, 9, 1), **persons),
        total(2, 50, D(2026, 8, 31), period_start=D(2026, 8, 1), **persons),
        total(3, 70, D(2026, 9, 30), period_start=D(2026, 9, 1), source_agency=None, **persons),
    )
    seen = "SELECT sum(persons), count(*) FROM marts.trend_incidents WHERE 'KHM' IN (country, destination_country)"
    ((n_persons, n_incidents),) = rows(store, seen)
    assert n_persons
    assert rows(
        store,
        "SELECT value, ours_incidents, ours_persons FROM marts.official_figures ORDER BY period_start",
    ) == [(50, 0, None), (900, n_incidents, n_persons)]


def test_the_public_tier_sets_ours_beside_whole_months_only(store: Store, tmp_path: Path) -> None:
    persons = {"unit": Unit.PERSONS, "is_cumulative": False, "area_country": "KHM"}
    save(
        store,
        total(1, 900, D(2026, 9, 30), period_start=D(2026, 9, 1), **persons),
        total(2, 500, D(2026, 9, 12), period_start=D(2026, 9, 4), **persons),
    )
    public = world.publish(store, tmp_path / "releases").public
    with connect(public, read_only=True) as connection:
        found = connection.execute(
            "SELECT value, ours_incidents, ours_persons FROM marts.official_figures ORDER BY 1"
        ).fetchall()
    assert [row[0] for row in found] == [500, 900]
    assert found[0][1:] == (None, None)
    assert found[1][1] > 0
