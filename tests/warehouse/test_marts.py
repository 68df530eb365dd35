"""What the views say of a small invented world."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.records import EventType, Fetch, FetchState, Incident, IncidentStatus
from tests.warehouse import world
from warehouse.store import Store

D = dt.date
LATER = world.AT + dt.timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with world.open_store(tmp_path) as opened:
        yield opened


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    return store.connection.execute(sql).fetchall()


def relink(store: Store, *incidents: Incident) -> None:
    found = {item.incident_id: item for item in incidents}
    store.save_incidents("run-2", LATER, [*found.values()], world.links(found))


def test_articles_carry_the_screening_and_never_the_text(store: Store) -> None:
    store.save_readings("r", LATER, articles=[world.make_article("home")])
    assert rows(store, "SELECT source_id, relevant, doc_type FROM marts.articles ORDER BY 1") == [
        ("child", True, "news"),
        ("escape", True, "news"),
        ("home", None, None),
        ("raid", True, "news"),
        ("sport", False, "news"),
    ]
    columns = {name for (name,) in rows(store, "SELECT column_name FROM (DESCRIBE marts.articles)")}
    assert not columns & {"text", "author", "dateline"}


def test_merged_incidents_leave_the_incidents_and_their_ledger(store: Store) -> None:
    raid, home = (world.incidents()[name] for name in ("raid", "home"))
    merged = home.model_copy(
        update={
            "merged_into": raid.incident_id,
            "status": IncidentStatus.MERGED_INTO,
            "parent_id": None,
        }
    )
    relink(store, raid, merged)
    assert rows(store, "SELECT incident_id FROM marts.incidents") == [(raid.incident_id,)]
    assert rows(store, "SELECT DISTINCT incident_id FROM marts.incident_counts") == [
        (raid.incident_id,)
    ]
    assert rows(
        store,
        "SELECT merged_into FROM marts.incident_versions WHERE superseded_at IS NULL ORDER BY 1",
    ) == [(raid.incident_id,), (None,)]


def test_incidents_as_of_a_day_are_those_of_that_day(store: Store) -> None:
    raid = world.incidents()["raid"]
    relink(store, raid.model_copy(update={"persons_best": 430, "persons_high": 430}))

    def known(day: str) -> list[int | None]:
        found = rows(store, f"SELECT persons_best FROM marts.incidents_as_of('{day}') ORDER BY 1")
        return [persons for (persons,) in found]

    assert known("2026-09-19") == []
    assert known("2026-09-20") == [3, 9, 120, 418]
    assert known("2026-09-21") == [430]


def test_every_figure_leads_to_its_words_and_line(store: Store) -> None:
    for table, where in (("evidence", "true"), ("figure_evidence", "true")):
        found = rows(
            store,
            f'SELECT e.surface, e.sentence, e.sentence_start, e."start", e."end", a.text'
            f" FROM marts.{table} AS e JOIN core.articles AS a USING (article_id) WHERE {where}",
        )
        assert found
        for surface, line, line_start, start, end, text in found:
            assert text[start:end] == surface
            assert text[line_start : line_start + len(line)] == line
            assert "\n" not in line
            assert surface in line
    assert rows(store, "SELECT DISTINCT kind FROM marts.figure_evidence ORDER BY 1") == [
        ("count",),
        ("statistic",),
    ]


def test_coverage_tells_a_quiet_day_from_a_blind_one(store: Store) -> None:
    assert rows(store, "SELECT * FROM marts.coverage ORDER BY day, source_id") == [
        (D(2026, 9, 4), "raid", 20, 1, 1, 1, 1, "ok", 0),
        (D(2026, 9, 8), "raid", 0, 0, 0, 0, 0, "server_error", 0),
        (D(2026, 9, 10), "home", 0, 0, 1, 1, 1, "ingested", 0),
        (D(2026, 9, 11), "escape", 0, 0, 1, 1, 1, "ingested", 0),
        (D(2026, 9, 11), "sport", 0, 0, 1, 1, 0, "ingested", 0),
        (D(2026, 9, 12), "child", 7, 0, 1, 1, 1, "partial", 0),
    ]


def test_what_was_left_out_by_its_title_was_screened_by_it(store: Store) -> None:
    at = dt.datetime(2026, 9, 4, 6, tzinfo=dt.UTC)

    def skipped(name: str, run_id: str, day: dt.date | None, at: dt.datetime = at) -> Fetch:
        return Fetch(
            run_id=run_id, source_id="raid", url=f"https://raid.example/{name}", kind="article",
            state=FetchState.SKIPPED, fetched_at=at, listed_date=day,
        )  # fmt: skip

    def denominators() -> dict[dt.date, int]:
        return dict(
            rows(store, "SELECT DISTINCT period, n_articles_screened FROM marts.trends_daily")
        )

    before = denominators()
    store.save_crawl(
        "run-2", LATER, [skipped("a", "run-2", D(2026, 9, 3)), skipped("b", "run-2", None)]
    )
    # A run that was cut off knows of no earlier one, and is told of the same again.
    store.save_crawl("run-3", LATER, [skipped("b", "run-3", None, at + dt.timedelta(days=1))])
    told = "SELECT n_screened, n_skipped, state FROM marts.coverage WHERE source_id = 'raid' AND day = '2026-09-04'"
    assert rows(store, told) == [(1, 2, "ok")]
    after = denominators()
    assert after[D(2026, 9, 3)] == before.get(D(2026, 9, 3), 0) + 1  # the day that the list tells
    assert after[D(2026, 9, 4)] == before[D(2026, 9, 4)] + 1  # else the day on which it was seen
    assert sum(after.values()) == sum(before.values()) + 2
    assert store.skipped(D(2026, 9, 4)) == {"https://raid.example/a", "https://raid.example/b"}
    assert store.skipped(D(2026, 9, 6)) == set()
    assert store.crawled() == {world.RUN, "run-2", "run-3"}


def test_a_list_read_twice_a_day_is_counted_once(store: Store) -> None:
    again = [fetch.model_copy(update={"run_id": "run-2"}) for fetch in world.fetches()]
    store.save_crawl("run-2", LATER, again)
    assert rows(
        store, "SELECT n_listed, n_fetched FROM marts.coverage WHERE day = '2026-09-04'"
    ) == [(20, 1)]
    assert rows(store, "SELECT n_fetches FROM marts.fetch_states WHERE day = '2026-09-04'") == [
        (4,)
    ]


def test_trends_have_one_denominator_and_never_add_child_to_parent(store: Store) -> None:
    found = rows(
        store,
        "SELECT country, event_type, n_incidents, persons_best, n_articles_screened,"
        " incidents_per_10k_screened, is_outage FROM marts.trends_monthly ORDER BY 1, 2",
    )
    assert found == [
        ("KHM", "raid", 1, 418, 5, 2000.0, False),
        ("KHM", "repatriation", 1, None, 5, 2000.0, False),
        ("KHM", "rescue", 1, 9, 5, 2000.0, False),
        ("MMR", "escape", 1, 120, 5, 2000.0, False),
    ]


def test_a_grandchild_counts_nothing_when_only_the_top_has_a_figure(store: Store) -> None:
    raid, home, escape = (world.incidents()[name] for name in ("raid", "home", "escape"))
    middle = home.model_copy(
        update={"persons_low": None, "persons_best": None, "persons_high": None}
    )
    below = escape.model_copy(update={"parent_id": middle.incident_id})
    relink(store, raid, middle, below)
    assert rows(store, "SELECT sum(persons_best), sum(n_incidents) FROM marts.trends_monthly") == [
        (418, 3)
    ]
    # Without a figure at the top the next below counts.
    relink(store, raid.model_copy(update={"persons_best": None}), middle, below)
    assert rows(store, "SELECT sum(persons_best) FROM marts.trends_monthly") == [(120,)]


def test_a_ring_of_parents_ends(store: Store) -> None:
    raid, home = (world.incidents()[name] for name in ("raid", "home"))
    relink(store, raid.model_copy(update={"parent_id": home.incident_id}), home)
    assert rows(store, "SELECT sum(n_incidents) FROM marts.trends_monthly") == [(2,)]


def test_refuted_incidents_and_defrauded_people_are_not_counted(store: Store) -> None:
    raid, escape = (world.incidents()[name] for name in ("raid", "escape"))
    refuted = raid.model_copy(update={"status": IncidentStatus.REFUTED})
    defrauded = escape.model_copy(update={"headline_role": "fraud_victim"})
    relink(store, refuted, defrauded)
    assert rows(
        store,
        "SELECT event_type, n_incidents, persons_best FROM marts.trends_monthly WHERE n_incidents > 0",
    ) == [("escape", 1, None)]
    assert len(rows(store, "SELECT * FROM marts.incidents")) == 2


def test_days_that_nobody_watched_are_outages_and_quiet_days_are_zeros(store: Store) -> None:
    found = dict(
        rows(
            store,
            "SELECT period, (sum(n_incidents), bool_and(is_outage)) FROM marts.trends_daily GROUP BY 1",
        )
    )
    assert found[D(2026, 9, 8)] == (0, True)  # the only request failed
    assert found[D(2026, 9, 6)] == (0, True)  # nothing was asked
    assert found[D(2026, 9, 12)] == (0, False)  # watched, and nothing happened
    assert found[D(2026, 9, 11)] == (1, False)  # read in from files
    weeks = rows(store, "SELECT DISTINCT period, is_outage FROM marts.trends_weekly ORDER BY 1")
    assert weeks == [(D(2026, 8, 31), False), (D(2026, 9, 7), False)]


def test_no_month_between_the_first_article_and_the_first_request_is_left_out(store: Store) -> None:
    old = dt.date(2026, 5, 17)
    store.connection.execute(
        "UPDATE core.articles SET published_date = ? WHERE source_id = 'sport'", [old]
    )
    assert rows(store, "SELECT min(day), max(day), count(*) FROM marts.trend_days") == [
        (old, D(2026, 9, 12), (D(2026, 9, 12) - old).days + 1)
    ]
    months = "SELECT DISTINCT period, n_articles_screened, is_outage FROM marts.trends_monthly ORDER BY 1"
    assert rows(store, months) == [
        (D(2026, 5, 1), 1, False),
        (D(2026, 6, 1), 0, True),
        (D(2026, 7, 1), 0, True),
        (D(2026, 8, 1), 0, True),
        (D(2026, 9, 1), 4, False),
    ]


def test_a_coarse_date_is_counted_once_in_every_grain_and_flagged(store: Store) -> None:
    raid = world.incidents()["raid"]
    relink(
        store,
        raid.model_copy(
            update={"date_start": D(2026, 9, 1), "date_end": D(2026, 9, 30), "date_precision": "4"}
        ),
    )
    for table, flagged in (("trends_daily", 1), ("trends_weekly", 1), ("trends_monthly", 0)):
        assert rows(store, f"SELECT sum(n_incidents), sum(n_dated_coarser) FROM marts.{table}") == [
            (1, flagged)
        ]


def test_an_undated_incident_counts_when_it_was_first_reported(store: Store) -> None:
    raid = world.incidents()["raid"]
    relink(
        store, raid.model_copy(update={"date_start": None, "date_end": None, "date_precision": "9"})
    )
    assert rows(
        store, "SELECT period, n_dated_coarser FROM marts.trends_daily WHERE n_incidents > 0"
    ) == [(D(2026, 9, 4), 1)]


def test_changes_name_the_first_release_that_shows_them(store: Store, tmp_path: Path) -> None:
    assert rows(store, "SELECT DISTINCT release FROM marts.changes") == [(None,)]
    world.publish(store, tmp_path / "releases")
    assert rows(store, "SELECT DISTINCT release FROM marts.changes") == [("2026-09-20",)]
    relink(store, world.incidents()["raid"])
    assert rows(
        store, "SELECT change, release, count(*) FROM marts.changes GROUP BY ALL ORDER BY 1"
    ) == [("new", "2026-09-20", 4), ("withdrawn", None, 3)]


@pytest.mark.parametrize("event_type", [EventType.POLICY, EventType.COMPLAINT])
def test_events_without_victims_on_the_move_are_rows_too(
    store: Store, event_type: EventType
) -> None:
    relink(store, world.incidents()["raid"].model_copy(update={"event_type": event_type}))
    assert rows(store, "SELECT event_type FROM marts.trends_monthly") == [(event_type.value,)]
