"""What goes in comes out; nothing is written twice, overwritten or half."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.records import Band, CountRole, DocType, Fetch, FetchState, Relevance, Review, make_id
from tests.warehouse import world
from warehouse import tables
from warehouse.errors import StoreLocked, StoreMissing, StoreTooNew
from warehouse.store import Store
from warehouse.tables import Run

LATER = world.AT + dt.timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with world.open_store(tmp_path) as opened:
        yield opened


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(tmp_path_factory.mktemp("store") / "warehouse.duckdb") as opened:
        yield opened


def test_saving_then_loading_is_identity(store: Store) -> None:
    given_ = world.readings()
    assert store.load_articles() == sorted(given_["articles"], key=lambda item: item.article_id)
    assert store.load_relevance() == sorted(given_["relevance"], key=lambda item: item.article_id)
    assert store.load_statistics() == given_["statistics"]
    assert set(store.load_mentions()) == set(given_["mentions"])
    assert store.load_reports() == sorted(given_["reports"], key=lambda item: item.report_id)
    incidents = world.incidents()
    assert store.load_incidents() == sorted(incidents.values(), key=lambda item: item.incident_id)
    assert set(store.load_links()) == set(world.links(incidents))
    assert store.known_links() == {
        link.report_id: link.incident_id for link in world.links(incidents)
    }
    assert set(store.load_fetches()) == set(world.fetches())
    assert len(store.load_claims()) == 6
    assert [item.record_id for item in store.load_rejections()] == ["page_x"]


def test_the_error_that_broke_a_transaction_is_the_one_told(store: Store) -> None:
    nameless = {"row_hash": "x", "article_id": None}
    with pytest.raises(duckdb.ConstraintException), store.transaction():
        store._replace(tables.ARTICLES, "r", world.AT, [nameless], None)
    assert store.load_articles(), "the connection goes on"


def test_a_rerun_adds_nothing(store: Store) -> None:
    def rows() -> list[int]:
        return [
            store.connection.execute(f"SELECT count(*) FROM {table.name}").fetchall()[0][0]
            for table in tables.ALL
        ]

    before = rows()
    assert store.save_readings("run-2", LATER, **world.readings()) == 0
    found = world.incidents()
    assert store.save_incidents("run-2", LATER, [*found.values()], world.links(found)) == []
    assert store.save_crawl(world.RUN, LATER, world.fetches()) == 0
    assert rows() == before


def test_another_reading_closes_the_old_rows_and_keeps_them(store: Store) -> None:
    given_ = world.readings()
    raid = world.reports()["raid"]
    corrected = raid.model_copy(update={"count_best": 420})
    only: dict[str, Any] = {
        "articles": [world.make_article("raid")],
        "relevance": [world.make_relevance("raid")],
        "mentions": [m for m in given_["mentions"] if m.article_id == raid.article_id],
    }
    assert store.save_readings("run-2", LATER, **only, reports=[corrected]) == 1
    assert store.load_reports([raid.article_id]) == [corrected]
    kept = store.connection.execute(
        "SELECT count_best, superseded_at, run_id FROM core.reports WHERE report_id = ? ORDER BY recorded_at",
        [raid.report_id],
    ).fetchall()
    assert kept == [(418, LATER.replace(tzinfo=None), world.RUN), (420, None, "run-2")]


def test_what_is_not_found_again_is_closed_and_other_articles_stay(store: Store) -> None:
    raid = world.article_id("raid")
    store.save_readings("run-2", LATER, articles=[world.make_article("raid")])
    assert store.load_reports([raid]) == []
    assert store.load_claims([raid]) == []
    assert len(store.load_reports()) == 3


def test_a_figure_that_no_report_took_up_is_kept_beside_the_reports(store: Store) -> None:
    loose = world.make_claim("sport", "tiga", 3, CountRole.VICTIM)
    store.save_readings("run-2", LATER, articles=[world.make_article("sport")], claims=[loose])
    assert store.load_claims([loose.article_id]) == [loose]


def test_readings_of_a_stranger_are_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="outside the scope"):
        store.save_readings("run-2", LATER, relevance=[world.make_relevance("raid")])


def test_an_error_inside_a_transaction_leaves_nothing(store: Store) -> None:
    before = store.counts()

    def half() -> None:
        with store.transaction():
            changed = world.make_article("raid", outlet="Lain")
            store.save_readings("run-2", LATER, articles=[changed])
            assert store.load_articles([changed.article_id]) == [changed]
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        half()
    assert store.counts() == before
    assert store.load_articles([world.article_id("raid")])[0].outlet == "Raid"


def test_a_run_is_one_row_that_comes_further(store: Store) -> None:
    run = Run(run_id="run-2", kind="daily", started_at=LATER, state="running")
    assert store.save_run(run, LATER) == 1
    assert store.save_run(run, LATER) == 0
    done = run.model_copy(update={"state": "done", "finished_at": LATER})
    assert store.save_run(done, LATER) == 1
    assert store.connection.execute(
        "SELECT state FROM marts.runs WHERE run_id = 'run-2'"
    ).fetchall() == [("done",)]


def test_decisions_and_inputs_are_noted_once(store: Store) -> None:
    review = Review(
        review_id="rev_1", record_id="inc_1", action="accept", reviewer="r", reason="read it",
        reviewed_at=LATER,
    )  # fmt: skip
    assert store.save_reviews("run-2", LATER, [review]) == 1
    assert store.save_reviews("run-3", LATER, [review]) == 0
    assert store.load_reviews() == [review]
    assert store.mark_processed("run-2", LATER, ["a", "b"], "v1") == 2
    assert store.mark_processed("run-3", LATER, ["b", "c"], "v1") == 1
    assert store.processed("v1") == {"a", "b", "c"}
    assert store.processed("v2") == set()


def test_one_writer_holds_the_file_and_a_missing_one_is_named(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreLocked):
        Store.open(store.path)
    with pytest.raises(StoreMissing, match=r"nothing\.duckdb"):
        Store.open(tmp_path / "nothing.duckdb", read_only=True)


def test_a_file_of_a_later_version_is_left_alone(store: Store) -> None:
    store.connection.execute("UPDATE main.schema_stamp SET version = 999")
    store.close()
    before = store.path.read_bytes()
    for read_only in (True, False):
        with pytest.raises(StoreTooNew):
            Store.open(store.path, read_only=read_only)
    assert store.path.read_bytes() == before


moments = st.integers(631_152_000, 3_786_912_000).map(
    lambda seconds: dt.datetime.fromtimestamp(seconds, dt.UTC)
)
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    title=words,
    body=words,
    published=st.none() | moments,
    fetched=moments,
    score=st.floats(0, 1),
    cues=st.lists(words, max_size=3),
    detail=words,
)
def test_any_text_and_time_survive(
    empty: Store,
    title: str,
    body: str,
    published: dt.datetime | None,
    fetched: dt.datetime,
    score: float,
    cues: list[str],
    detail: str,
) -> None:
    article = world.make_article("raid").model_copy(
        update={
            "title": title,
            "text": f"{title}\n{body}",
            "published_at": published,
            "published_date": published and published.date(),
            "fetched_at": fetched,
        }
    )
    relevance = Relevance(
        article_id=article.article_id, grade=2, score=score, threshold=0.5, relevant=True,
        band=Band.REVIEW, doc_type=DocType.OTHER, cues=tuple(cues), model_version=detail,
    )  # fmt: skip
    fetch = Fetch(
        run_id="r", source_id="s", url=make_id("u", detail), kind="feed", state=FetchState.FETCHED,
        detail=detail, fetched_at=fetched,
    )  # fmt: skip
    empty.save_readings("r", fetched, articles=[article], relevance=[relevance])
    empty.save_crawl("r", fetched, [fetch])
    assert empty.load_articles() == [article]
    assert empty.load_relevance() == [relevance]
    assert fetch in empty.load_fetches("r")
    assert empty.save_readings("r", fetched, articles=[article], relevance=[relevance]) == 0
