from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import launch, logs, reviews, runs, sessions, steps
from flows.ledger import Ledger
from flows.problems import Problem
from pipeline.records import Article
from tests.factories import NOW, make_article
from tests.flows import homes
from warehouse import releases
from warehouse.store import Store

HOUR = dt.timedelta(hours=1)


def reading(text: str, hour: int, name: str = "a") -> Article:
    return make_article(f"Judul\n{text}", name=name, fetched_at=NOW + hour * HOUR)


def settled(*readings: Article, held: Article | None = None) -> Article | None:
    spool = steps.Spool(io.BytesIO())
    for number, article in enumerate(readings):
        spool.add(article, f"input-{number}")
    return spool.settled(readings[0].article_id, held)


EMPTY = {"url": "https://x.example/empty", "html": "<html><body></body></html>"}


# --- which reading of an article stands ----------------------------------------------------------------


def test_the_latest_reading_that_says_something_new_stands() -> None:
    first, second, third = reading("A", 0), reading("B", 1), reading("C", 2)
    assert settled(first) == first
    assert settled(third, first, second) == third
    assert settled(first, reading("A", 5)) == first


def test_an_article_that_went_back_to_its_first_words_is_a_third_version() -> None:
    first, second, back = reading("A", 0), reading("B", 1), reading("A", 2)
    assert settled(first, second, back) == back
    assert settled(second, back, held=first) == back
    assert settled(back, held=second) == back


def test_what_is_held_stands_when_nothing_new_is_said() -> None:
    held = reading("A", 3)
    assert settled(reading("A", 9), held=held) is None
    assert settled(reading("B", 1), held=held) is None, "older than what is held"
    assert settled(reading("B", 4), reading("A", 5), held=held) == reading("A", 5)


def test_of_two_readings_of_one_moment_the_one_put_down_last_stands() -> None:
    assert settled(reading("A", 0), reading("B", 0)) == reading("B", 0)
    assert settled(reading("B", 0), reading("A", 0)) == reading("A", 0)


def test_the_spool_keeps_articles_apart_and_in_order() -> None:
    spool = steps.Spool(io.BytesIO())
    articles = [reading("ü" * n, 0, name=f"n{n}") for n in range(5)]
    for article in articles:
        spool.add(article, "input")
    assert len(spool) == 5
    assert spool.article_ids() == sorted(article.article_id for article in articles)
    assert [spool.settled(a.article_id, None) for a in articles] == articles


@given(st.lists(st.sampled_from("ABC"), min_size=1, max_size=6), st.integers(0, 6))
def test_reading_in_two_runs_or_in_one_ends_with_the_same_words(said: list[str], cut: int) -> None:
    readings = [reading(text, hour) for hour, text in enumerate(said)]
    whole = settled(*readings)
    held = settled(*readings[:cut]) if readings[:cut] else None
    later = settled(*readings[cut:], held=held) if readings[cut:] else None
    stepwise = later or held
    assert whole is not None
    assert stepwise is not None
    assert (whole.text, whole.fetched_at) == (stepwise.text, stepwise.fetched_at)
    assert whole.text == readings[-1].text


# --- safe to repeat ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("steps") / "home"
    assert homes.ingest(made).state == "done"
    return made


def test_counts_in_equal_counts_out(tmp_path: Path) -> None:
    twice = [*homes.ARTICLES, homes.RAID]
    report = homes.ingest(tmp_path / "home", [*twice, b"{", EMPTY])
    counts = report.counts
    assert counts["received"] + counts["repeated"] == len(twice) + 1
    assert counts["inputs"] == counts["received"] == counts["articles"] + 1
    assert counts["rejected"] == sum(report.rejections.values()) == 2
    assert len(report.rejected) == 2
    assert report.state == "partial"
    again = homes.ingest(tmp_path / "home", [*twice, b"{", EMPTY])
    assert again.counts["known"] == counts["received"]
    assert again.rejections == report.rejections, (
        "what was refused is refused again, and told again"
    )


def test_a_second_run_adds_no_row_no_file_and_no_release(home: Path) -> None:
    rows, held = homes.n_rows(home), homes.current_rows(home)
    files = sorted(path.name for path in (home / "archive").iterdir())
    report = homes.ingest(home)
    assert (report.state, report.release_note) == ("done", runs.UNCHANGED)
    assert report.counts["known"] == len(homes.ARTICLES)
    assert report.counts["inputs"] == report.counts["screened"] == 0
    assert homes.n_rows(home) == rows
    assert homes.current_rows(home) == held
    assert sorted(path.name for path in (home / "archive").iterdir()) == files
    assert len(releases.published(home / "releases")) == 1


@pytest.mark.parametrize("stage", ["articles", "mentions", "incidents"])
def test_a_rebuild_of_unchanged_pages_changes_no_row(home: Path, stage: Any) -> None:
    rows, held = homes.n_rows(home), homes.current_rows(home)
    report = launch.rebuild(homes.settled(home), from_stage=stage)
    assert (report.state, report.release_note) == ("done", runs.UNCHANGED)
    assert report.counts.get("articles_changed", 0) == 0
    assert not report.changes
    assert homes.n_rows(home) == rows
    assert homes.current_rows(home) == held


def test_an_edited_article_is_a_new_version_beside_the_old_one(tmp_path: Path) -> None:
    home = tmp_path / "home"
    homes.ingest(home, [homes.RAID, homes.PRICES])
    edited = {**homes.RAID, "text": str(homes.RAID["text"]).replace("32", "35"),
              "title": str(homes.RAID["title"]).replace("32", "35")}  # fmt: skip
    report = homes.ingest(home, [edited, homes.PRICES])
    assert report.counts["articles_changed"] == report.counts["screened"] == 1
    assert report.counts["known"] == 1
    assert report.release_note == ""
    with Store.open(homes.settled(home).warehouse, read_only=True) as store:
        versions = store.connection.execute(
            "SELECT title, superseded_at IS NULL, superseded_at >= recorded_at FROM core.articles"
            " WHERE url = ? ORDER BY recorded_at",
            [homes.RAID["url"]],
        ).fetchall()
        best = [incident.persons_best for incident in store.load_incidents()]
    assert versions == [(homes.RAID["title"], False, True), (edited["title"], True, None)]
    assert best == [35]
    # Read from nothing, the archive tells the same.
    held = homes.current_rows(home)
    rebuilt = launch.rebuild(homes.settled(home))
    assert rebuilt.release_note == runs.UNCHANGED
    assert homes.current_rows(home)["core.incidents"] == held["core.incidents"]
    assert homes.current_rows(home)["core.articles"] == held["core.articles"]


def test_an_article_that_left_the_archive_is_withdrawn_by_a_rebuild(tmp_path: Path) -> None:
    home = tmp_path / "home"
    homes.ingest(home, [homes.RAID])
    homes.ingest(home, [homes.RETURN])
    last = max((home / "archive").glob("texts-*.jsonl.gz"))
    last.unlink()
    report = launch.rebuild(homes.settled(home))
    assert report.counts["articles_withdrawn"] == 1
    assert report.changes == {"withdrawn": 1}
    with Store.open(homes.settled(home).warehouse, read_only=True) as store:
        assert [a.url for a in store.load_articles()] == [homes.RAID["url"]]


# --- what frames a run ---------------------------------------------------------------------------------


def test_a_run_stands_in_ledger_log_and_warehouse(home: Path) -> None:
    entries = [e for e in Ledger(home / "ledger.jsonl").entries() if e.stage == "run"]
    assert [e.state for e in entries[:2]] == ["begun", "done"]
    assert entries[1].counts["articles"] == len(homes.ARTICLES)
    lines = (home / "logs" / f"{entries[0].run_id}.jsonl").read_text().splitlines()
    assert {json.loads(line)["run_id"] for line in lines} == {entries[0].run_id}
    with Store.open(homes.settled(home).warehouse, read_only=True) as store:
        told = store.connection.execute(
            "SELECT kind, state FROM core.runs WHERE run_id = ? AND superseded_at IS NULL",
            [entries[0].run_id],
        ).fetchall()
    assert told == [("ingest", "done")]


def test_a_run_that_fails_says_so_everywhere_and_the_error_goes_on(tmp_path: Path) -> None:
    settings = homes.settled(tmp_path / "home")
    with pytest.raises(RuntimeError, match="broken"), sessions.session("ingest", settings) as run:
        raise RuntimeError("broken")
    (entry,) = [e for e in Ledger(settings.ledger).entries() if e.state != "begun"]
    assert (entry.run_id, entry.state, entry.detail) == (
        run.run_id,
        "failed",
        "RuntimeError: broken",
    )
    with Store.open(settings.warehouse, read_only=True) as store:
        told = store.connection.execute(
            "SELECT state, detail FROM core.runs WHERE superseded_at IS NULL"
        ).fetchall()
    assert told == [("failed", "RuntimeError: broken")]


def test_a_run_that_vanished_is_closed_by_the_next_one(tmp_path: Path) -> None:
    settings = homes.settled(tmp_path / "home")
    lost = runs.Run(
        run_id="lost",
        kind="daily",
        day=dt.date(2026, 9, 4),
        started_at=NOW,
        settings=settings,
        sources={},
    )
    lost.note("run", "begun", NOW)
    with sessions.session("ingest", settings) as run:
        pass
    ledger = Ledger(settings.ledger)
    assert ledger.unfinished() == []
    (closed,) = [e for e in ledger.entries() if e.run_id == "lost" and e.state == "failed"]
    assert run.run_id in closed.detail
    assert ledger.last_day("daily") is None, "a run that vanished covers no day"
    assert "never ended" in (settings.logs / f"{run.run_id}.jsonl").read_text()


@pytest.mark.parametrize(
    ("days", "first"),
    [
        ([], "2026-09-18"),
        (["2026-09-19"], "2026-09-17"),
        (["2026-09-10", "2026-09-04"], "2026-09-08"),
        (["2026-01-01"], "2026-08-21"),
        (["2027-01-01"], "2026-09-18"),
    ],
)
def test_missed_days_are_filled_but_never_without_end(
    days: list[str], first: str, tmp_path: Path
) -> None:
    run = runs.Run(
        run_id="r", kind="daily", day=dt.date(2026, 9, 20), started_at=NOW,
        settings=homes.settled(tmp_path), sources={},
    )  # fmt: skip
    for number, day in enumerate(days):
        earlier = runs.Run(
            run_id=f"r{number}", kind="daily", day=dt.date.fromisoformat(day), started_at=NOW,
            settings=run.settings, sources={},
        )  # fmt: skip
        earlier.note("run", "partial", NOW)
    assert steps.first_day(run) == dt.date.fromisoformat(first)


def test_a_release_is_not_replaced_when_too_few_sources_answered(tmp_path: Path) -> None:
    settings = homes.settled(tmp_path / "home")

    def day() -> runs.RunReport:
        with sessions.session("daily", settings) as run:
            run.outcomes += [
                runs.SourceOutcome(source_id=f"s{n}", state="ok" if n < 2 else "unreachable")
                for n in range(5)
            ]
            steps.publish(run)
        return run.report(NOW)

    assert day().release is not None  # the first one has nothing to protect
    held = releases.published(settings.releases)
    report = day()
    assert report.state == "partial"
    assert report.release is None
    assert "40% of the sources answered" in report.release_note
    assert releases.published(settings.releases) == held


def test_a_decision_that_cannot_be_read_stops_the_run(tmp_path: Path) -> None:
    assert reviews.load(tmp_path) == []
    (tmp_path / "reviews.jsonl").write_text("\n{}\n")
    with pytest.raises(Problem, match="line 2 is no decision"):
        reviews.load(tmp_path)


# --- logs ----------------------------------------------------------------------------------------------

CANARY = "kenari-7Qx"


def test_logs_hold_neither_secrets_nor_words_of_articles(tmp_path: Path) -> None:
    secret = {**homes.PRICES, "url": f"https://orang:{CANARY}@kabar.example/e?token={CANARY}"}
    home = tmp_path / "home"
    report = homes.ingest(home, [homes.RAID, secret, b'{"url": "https://x.example", "text": 3}'])
    text = "".join(path.read_text() for path in (home / "logs").iterdir())
    assert report.run_id in text
    assert CANARY not in text
    assert CANARY not in report.model_dump_json()
    assert "Poipet" not in text
    for line in text.splitlines():
        entry = json.loads(line)
        assert {"at", "level", "run_id", "message"} <= set(entry)


@pytest.mark.parametrize(
    "told",
    [
        f"GET https://user:{CANARY}@host.example/x failed",
        f"GET https://host.example/x?api_key={CANARY}",
        f"token={CANARY}",
        f"Authorization: {CANARY}",
        f"Authorization: Bearer {CANARY}",
        f"password = {CANARY}",
        f"access_token={CANARY}&x=1",
        f'{{"secret": "{CANARY}"}}',
    ],
)
def test_secrets_are_redacted(told: str) -> None:
    assert CANARY not in logs.redact(told)


def test_a_logged_error_quotes_no_input(tmp_path: Path) -> None:
    with logs.written_to(tmp_path, "run-1") as path:
        try:
            Article.model_validate({"text": f"rahasia {CANARY}", "language": 7})
        except ValueError:
            logs.LOGGER.exception("could not be read", extra={"stage": "articles"})
    entry = json.loads(path.read_text())
    assert CANARY not in json.dumps(entry)
    assert (entry["run_id"], entry["stage"]) == ("run-1", "articles")
    assert entry["error"].startswith("ValidationError")
    assert "test_steps.py" in " ".join(entry["traceback"])
