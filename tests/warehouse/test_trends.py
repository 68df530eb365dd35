"""What the trends count and what stands out in them, on a small invented world and on invented series."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.records import EventType, Fetch, FetchState, Incident, IncidentCount
from tests import trend_scale
from tests.warehouse import world
from warehouse import signals, trends
from warehouse.errors import QueryFailed
from warehouse.releases import Release
from warehouse.signals import Point
from warehouse.store import Store

D = dt.date
LATER = world.AT + dt.timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with world.open_store(tmp_path) as opened:
        yield opened


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("trends")
    with world.open_store(folder) as store:
        return world.publish(store, folder / "releases")


@pytest.fixture(scope="module")
def db(release: Release) -> Path:
    return release.analyst


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    return store.connection.execute(sql).fetchall()


def shown(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def relink(store: Store, *incidents: Incident) -> None:
    found = {item.incident_id: item for item in incidents}
    store.save_incidents("run-2", LATER, [*found.values()], world.links(found))


# --- rates and splits ------------------------------------------------------------------------------


def test_trends_carry_their_denominator(db: Path) -> None:
    (month,) = trends.trends(db).rows.records()
    assert month == {
        "period": D(2026, 9, 1),
        "n_incidents": 4,
        "n_reports": 4,
        "n_articles_screened": 5,
        "incidents_per_10k_screened": 8000.0,
        "is_outage": False,
    }
    by_country = trends.trends(db, by="country").rows.records()
    assert [
        (row["country"], row["n_incidents"], row["n_articles_screened"]) for row in by_country
    ] == [("KHM", 3, 5), ("MMR", 1, 5)]
    assert len(trends.trends(db, by="country, event_type").rows.rows) == 4
    # Persons over event types are no number: the same people escape, are held and flown home.
    assert "persons_best" not in by_country[0]
    of_raids = {row["event_type"]: row for row in trends.trends(db, by="event_type").rows.records()}
    assert of_raids["raid"]["persons_best"] == 418
    days = trends.trends(db, grain="day", since=D(2026, 9, 10), until=D(2026, 9, 11))
    assert [row["n_incidents"] for row in days.rows.records()] == [1, 1]
    # A week is asked for by any of its days.
    weeks = trends.trends(db, grain="week", since=D(2026, 9, 9))
    assert [row["period"] for row in weeks.rows.records()] == [D(2026, 9, 7)]


@pytest.mark.parametrize(
    ("by", "found"),
    [
        ("admin1", {"KHM/Banteay Meanchey": 2, "KHM/Svay Rieng": 1, "MMR/Kayin": 1}),
        ("destination", {"KHM": 3, "MMR": 1}),
        ("role", {"detained": 1, "escaped": 1, "repatriated": 1, "rescued": 1}),
        ("nationality", {"IDN": 4}),
        ("scam_type", {"online_gambling": 4}),
        ("agency", {}),  # the embassy only gives a figure
    ],
)
@pytest.mark.parametrize("grain", ["day", "month"])
def test_every_dimension_splits_the_same_incidents(
    db: Path, by: str, found: dict[str, int], grain: trends.Grain
) -> None:
    counted: dict[str, int] = {}
    for row in trends.trends(db, by=by, grain=grain).rows.records():
        counted[row[by]] = counted.get(row[by], 0) + row["n_incidents"]
    assert counted == found


def test_a_split_that_would_add_what_is_not_to_be_added_is_refused(db: Path) -> None:
    for by in ("shoe_size", "nationality,role", "country,admin1", "role,role"):
        with pytest.raises(QueryFailed, match="cannot be split"):
            trends.trends(db, by=by)
    with pytest.raises(QueryFailed, match="decade"):
        trends.trends(db, grain="decade")  # type: ignore[arg-type]
    with pytest.raises(QueryFailed, match="one split"):
        trends.series(db, by="role,event_type")


def _figure(like: IncidentCount, name: str, best: int, **fields: Any) -> IncidentCount:
    values = {"count_id": name, "low": best, "best": best, "high": best, **fields}
    return like.model_copy(update=values)


@pytest.mark.parametrize(
    ("figures", "persons"),
    [
        ([("c1", 418, {"nationality": "IDN"})], 418),
        ([("c1", 418, {"nationality": None}), ("c2", 20, {"subset_of": "c1"})], 20),
        # A total of another year stands in the ledger beside the headline.
        ([("c1", 418, {"nationality": "IDN"}), ("c2", 5_000, {})], 418),
        ([("c1", 418, {"nationality": None}), ("c2", 5_000, {})], None),
        ([("c1", 418, {"nationality": None}), ("c2", 20, {"subset_of": "c1", "sex": "female"})], None),
        ([("c1", 418, {"nationality": None})], None),
    ],
)  # fmt: skip
def test_persons_of_a_nationality_are_those_that_a_text_counts(
    store: Store, figures: list[tuple[str, int, dict[str, Any]]], persons: int | None
) -> None:
    raid = world.incidents()["raid"]
    like = raid.counts[0]
    counts = tuple(_figure(like, name, best, **fields) for name, best, fields in figures)
    relink(store, raid.model_copy(update={"counts": counts}))
    assert rows(
        store,
        "SELECT persons FROM marts.trend_members WHERE dimension = 'nationality' AND value = 'IDN'",
    ) == [(persons,)]
    # The split by what happened is not concerned.
    assert rows(store, "SELECT persons FROM marts.trend_members WHERE dimension = 'role'") == [
        (418,)
    ]


# --- what became of people -------------------------------------------------------------------------


def test_outcomes_count_each_group_once_within_an_outcome_and_never_across(store: Store) -> None:
    raid, home, escape = (world.incidents()[name] for name in ("raid", "home", "escape"))
    again = home.model_copy(update={"incident_id": "inc_again", "parent_id": home.incident_id})
    relink(store, raid, home, escape, again)
    found = rows(
        store,
        "SELECT outcome, n_incidents, n_with_figure, persons_best FROM marts.outcomes ORDER BY 1",
    )
    # The three who came home are in the raid as detained and, once, in the flight as repatriated.
    assert found == [("detained", 1, 1, 418), ("freed", 1, 1, 120), ("repatriated", 2, 1, 3)]


@pytest.mark.parametrize(
    ("event_type", "role", "outcome"),
    [
        (EventType.RESCUE, "victim", "freed"),
        (EventType.RAID, "arrested", "detained"),
        (EventType.ARREST, "arrested", "prosecuted"),
        (EventType.VERDICT, "victim", None),
        (EventType.VERDICT, None, "prosecuted"),
        (EventType.COMPLAINT, "complainant", "reported"),
        (EventType.DEATH, "dead", None),
        (EventType.INTERDICTION, "interdicted", None),
    ],
)
def test_an_outcome_is_that_of_the_people_counted(
    store: Store, event_type: EventType, role: str | None, outcome: str | None
) -> None:
    fields = {"event_type": event_type, "headline_role": role}
    relink(store, world.incidents()["raid"].model_copy(update=fields))
    assert rows(store, "SELECT outcome FROM marts.trend_incidents") == [(outcome,)]


# --- lags and hubs ---------------------------------------------------------------------------------


def test_lags_are_days_from_event_to_first_report(store: Store) -> None:
    found = rows(
        store,
        "SELECT period, event_type, n_incidents, n_announced_before, median_days, p90_days, days_followed"
        " FROM marts.reporting_lags ORDER BY event_type",
    )
    september = D(2026, 9, 1)
    assert found == [
        (september, "escape", 1, 0, 1.0, 1.0, 0),
        (september, "raid", 1, 0, 2.0, 2.0, 0),
        (september, "repatriation", 1, 0, 1.0, 1.0, 0),
        (september, "rescue", 1, 0, 1.0, 1.0, 0),
    ]


def test_what_is_announced_or_known_to_the_month_has_no_lag(store: Store) -> None:
    raid, escape = (world.incidents()[name] for name in ("raid", "escape"))
    planned = raid.model_copy(update={"date_start": D(2026, 9, 9), "date_end": D(2026, 9, 9)})
    coarse = escape.model_copy(update={"date_precision": "4"})
    relink(store, planned, coarse)
    assert rows(
        store, "SELECT n_incidents, n_announced_before, median_days FROM marts.reporting_lags"
    ) == [(0, 1, None)]


def _many(store: Store, quarters: dict[dt.date, dict[str, int]]) -> None:
    """Hold one incident per destination and count in each quarter."""
    raid = world.incidents()["raid"]
    made = [
        raid.model_copy(
            update={
                "incident_id": f"inc_{day}_{country}_{number}", "date_start": day, "date_end": day,
                "destination_country": country, "event_country": country, "parent_id": None,
                "report_ids": (), "article_ids": (), "counts": (), "places": (), "agencies": (),
            }
        )
        for day, told in quarters.items() for country, n in told.items() for number in range(n)
    ]  # fmt: skip
    store.save_incidents("run-2", LATER, made, [])


def test_shares_of_hubs_add_up_and_their_shift_is_set_against_chance(store: Store) -> None:
    _many(
        store,
        {
            D(2026, 1, 5): {"KHM": 18, "MMR": 2},
            D(2026, 4, 5): {"KHM": 6, "MMR": 14},
            D(2026, 7, 5): {"KHM": 3, "MMR": 3},
        },
    )
    shares = rows(
        store,
        "SELECT period, hub, n_incidents, share FROM marts.hub_shares WHERE level = 'country' ORDER BY 1, 2",
    )
    assert shares[:2] == [(D(2026, 1, 1), "KHM", 18, 0.9), (D(2026, 1, 1), "MMR", 2, 0.1)]
    shifts = rows(
        store,
        "SELECT period, shift_index, shift_by_chance, gained_most, lost_most FROM marts.hub_shifts"
        " WHERE level = 'country' ORDER BY 1",
    )
    # |0.9 - 0.3| + |0.1 - 0.7|, halved; by chance sqrt(2 / pi * 0.6 * 0.4 * (1/20 + 1/20)).
    assert shifts == [
        (D(2026, 4, 1), 0.6, 0.124, "MMR", "KHM"),
        (D(2026, 7, 1), None, None, "KHM", "MMR"),
    ]


def test_an_incident_with_two_places_counts_for_each_by_half(store: Store) -> None:
    raid = world.incidents()["raid"]
    bavet = raid.places[0].model_copy(update={"place_id": "kh.bavet", "name": "Bavet"})
    store.connection.execute(
        "UPDATE core.report_places SET place_id = 'kh.bavet' WHERE place_id = 'id.sukamaju'"
    )
    relink(store, raid.model_copy(update={"places": (raid.places[0], bavet)}))
    assert rows(
        store, "SELECT hub, share FROM marts.hub_shares WHERE level = 'place' ORDER BY 1"
    ) == [("kh.bavet", 0.5), ("kh.poipet", 0.5)]


# --- a panel of sources ----------------------------------------------------------------------------


def _watch(store: Store, source: str, days: list[dt.date]) -> None:
    fetches = [
        Fetch(
            run_id="run-2", source_id=source, url=f"https://{source}.example/feed", kind="feed",
            state=FetchState.FETCHED, fetched_at=dt.datetime(day.year, day.month, day.day, 6, tzinfo=dt.UTC),
        )
        for day in days
    ]  # fmt: skip
    store.save_crawl("run-2", LATER, fetches)


def test_a_panel_counts_only_sources_that_were_watched_throughout(
    store: Store, tmp_path: Path
) -> None:
    days = [D(2026, 9, 1) + dt.timedelta(days=n) for n in range(13)]
    _watch(store, "raid", days)
    _watch(store, "escape", days[7:])  # a newcomer: watched in the second week only
    db = world.publish(store, tmp_path / "releases", now=LATER).analyst
    whole = {row["source_id"]: row for row in trends.panel(db, grain="week").records()}
    assert [name for name, row in whole.items() if row["in_panel"]] == ["raid"]
    assert (whole["escape"]["n_periods"], whole["escape"]["n_periods_watched"]) == (1, 2)
    held = trends.trends(db, grain="week", panel=True)
    assert held.panel == ("raid",)
    assert [
        (row["period"], row["n_incidents"], row["n_articles_screened"])
        for row in held.rows.records()
    ] == [(D(2026, 8, 31), 1, 1), (D(2026, 9, 7), 0, 0)]
    (split,) = trends.trends(db, by="nationality,event_type", panel=True).rows.records()
    assert (split["nationality"], split["event_type"], split["persons_best"]) == (
        "IDN",
        "raid",
        418,
    )
    # In the second week alone the newcomer belongs.
    late = trends.trends(db, grain="week", since=D(2026, 9, 7), until=D(2026, 9, 13), panel=True)
    assert late.panel == ("escape", "raid")
    assert [row["n_incidents"] for row in late.rows.records()] == [1]
    assert [one.value for one in trends.series(db, by="country", panel=True)] == ["KHM"]


def test_without_a_source_watched_throughout_there_is_no_panel(db: Path) -> None:
    with pytest.raises(QueryFailed, match="no source was watched in every day"):
        trends.trends(db, grain="day", panel=True)


# --- the public tier -------------------------------------------------------------------------------


def test_the_public_tier_counts_what_it_shows(release: Release) -> None:
    public = release.public
    months = (
        "SELECT dimension, value, event_type, n_incidents, persons_best, persons_suppressed FROM"
    )
    found = shown(public, f"{months} marts.trends_by_dimension WHERE grain = 'month' ORDER BY ALL")
    # The rescue concerns a minor and the flight brought home three: neither is described.
    assert [row for row in found if row[0] in {"admin1", "nationality"}] == [
        ("admin1", "KHM/Banteay Meanchey", "raid", 1, 418, False),
        ("admin1", "MMR/Kayin", "escape", 1, 120, False),
        ("nationality", "IDN", "escape", 1, None, False),
        ("nationality", "IDN", "raid", 1, 418, False),
    ]
    assert ("role", "repatriated", "repatriation", 1, None, False) in found
    fine = "SELECT DISTINCT event_type FROM marts.trends_by_dimension WHERE grain <> 'month'"
    assert shown(public, fine) == [("raid",)]
    assert shown(public, "SELECT event_type FROM marts.reporting_lags") == [("raid",)]
    assert shown(
        public,
        "SELECT destination_country, outcome, persons_best, persons_suppressed FROM marts.outcomes ORDER BY ALL",
    ) == [
        ("KHM", "detained", 418, False),
        ("KHM", "repatriated", None, True),
        ("MMR", "freed", 120, False),
        (None, "freed", 9, False),
    ]


@pytest.mark.parametrize("table", ["trends_by_dimension", "outcomes"])
def test_no_sum_of_the_public_tier_is_below_five(release: Release, table: str) -> None:
    assert shown(release.public, f"SELECT * FROM marts.{table} WHERE persons_best < 5") == []
    assert shown(release.analyst, "SELECT 1 FROM marts.outcomes WHERE persons_best < 5") == [(1,)]


# --- signals ---------------------------------------------------------------------------------------


def points(counts: list[int], screened: int | list[int] = 1000) -> list[Point]:
    base = [screened] * len(counts) if isinstance(screened, int) else screened
    months = [D(2020 + n // 12, 1 + n % 12, 1) for n in range(len(counts))]
    return [Point(*item) for item in zip(months, counts, base, strict=True)]


def test_a_surge_is_named_with_what_was_to_be_expected() -> None:
    found = signals.find(points([3, 4, 2, 3, 5, 3, 4, 3, 18, 3]), "month")
    (surge,) = found.surges
    assert (surge.period, surge.n, surge.n_baseline) == (D(2020, 9, 1), 18, 8)
    assert surge.expected == pytest.approx(27.5 / 8)
    assert surge.probability < 0.0001
    assert "18 incidents where about 3.4 were to be expected" in surge.why
    assert found.n_judged == 4


def test_more_articles_are_allowed_more_incidents() -> None:
    calm = [3, 4, 2, 3, 5, 3, 4, 3]
    assert signals.find(points([*calm, 18], [1000] * 8 + [6000]), "month").surges == ()
    # A busy past allows more as well: its dispersion counts.
    assert signals.find(points([1, 9, 0, 12, 2, 10, 0, 8, 18]), "month").surges == ()


def test_the_tail_is_that_of_the_negative_binomial() -> None:
    # Size 2 and mean 2: the probability of 0 is 1/4, of 1 another 1/4.
    assert signals.probability_of_at_least(0, 2, 2) == 1
    assert signals.probability_of_at_least(1, 2, 2) == pytest.approx(0.75)
    assert signals.probability_of_at_least(2, 2, 2) == pytest.approx(0.5)
    # Nearly no dispersion: Poisson.
    assert signals.probability_of_at_least(2, 1, 1 + 1e-9) == pytest.approx(0.2642, abs=1e-4)


def test_a_lasting_change_is_dated_and_told_apart_from_more_reading() -> None:
    rise = [4, 5, 3, 4, 6, 4, 5, 4, 13, 12, 15, 11, 14, 13, 12, 14]
    (change,) = signals.find(points(rise), "month").changes
    assert (change.period, change.n_before, change.n_after) == (D(2020, 9, 1), 35, 104)
    assert "rose from 43.75 to 130.00" in change.why
    assert signals.find(points(rise, [1000] * 8 + [3000] * 8), "month").changes == ()


def test_too_few_data_are_refused_and_said() -> None:
    short = signals.find(points([1, 0, 9]), "month")
    assert (short.surges, short.changes, short.n_judged) == ((), (), 0)
    assert len(short.refused) == 2
    assert "3 watched periods and 10 incidents" in short.refused[1]
    # Long enough, but there is next to nothing to compare with.
    assert signals.find(points([0] * 20 + [4]), "month").n_judged == 0
    assert signals.find([], "week").refused


def test_steady_series_seldom_raise_an_alarm() -> None:
    chance = random.Random(7)

    def poisson(mean: float) -> int:
        left, n = chance.expovariate(1), 0
        while left < mean:
            left += chance.expovariate(1)
            n += 1
        return n

    judged = alarms = changes = 0
    for _ in range(60):
        screened = [chance.randint(500, 1500) for _ in range(36)]
        made = points([poisson(4 * n / 1000) for n in screened], screened)
        found = signals.find(made, "month")
        judged += found.n_judged
        alarms += len(found.surges)
        changes += bool(found.changes)
    assert judged == 60 * 30
    assert alarms <= 0.01 * judged
    assert changes <= 3


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 5000)), max_size=40),
    st.sampled_from(["day", "week", "month"]),
)
def test_any_series_is_answered(made: list[tuple[int, int]], grain: str) -> None:
    found = signals.find(points([n for n, _ in made], [n for _, n in made]), grain)
    for surge in found.surges:
        assert 0 <= surge.probability < signals.ALPHA
        assert surge.n > surge.expected
    for change in found.changes:
        assert change.n_before + change.n_after <= sum(n for n, _ in made)
    assert all(surge.why for surge in found.surges)
    assert all(change.why for change in found.changes)


def test_signals_leave_out_outages_and_what_is_dated_coarsely(store: Store, tmp_path: Path) -> None:
    raid = world.incidents()["raid"].model_copy(update={"date_precision": "4"})
    relink(store, raid, *(world.incidents()[name] for name in ("escape", "child")))
    db = world.publish(store, tmp_path / "releases", now=LATER).analyst
    (days,) = trends.series(db, grain="day")
    assert {point.period: point.n for point in days.points} == {
        D(2026, 9, 4): 0,
        D(2026, 9, 10): 1,
        D(2026, 9, 11): 1,
        D(2026, 9, 12): 0,
    }
    (told,) = trends.document([days])
    assert told["n_incidents"] == 2
    assert len(told["refused"]) == 2


def test_the_bench_measures_tables_that_hold_every_incident(tmp_path: Path) -> None:
    path = tmp_path / "suar.duckdb"
    trend_scale.build(path, 400)
    assert {*trend_scale.measure(path)} > {*trend_scale.VIEWS}
    for table in ("trends_daily", "trends_monthly"):
        assert shown(path, f"SELECT sum(n_incidents) FROM marts.{table}") == [(400,)]
    by_role = "SELECT sum(n_incidents) FROM marts.trends_by_dimension WHERE dimension = 'role'"
    assert shown(path, f"{by_role} AND grain = 'week'") == [(400,)]
    # A child is no story of a hub of its own.
    assert shown(path, "SELECT sum(n_incidents) FROM marts.hub_shares WHERE level = 'country'") == [
        (380,)
    ]
