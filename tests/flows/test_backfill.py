"""A backfill reads past days from archive files: the same bytes whoever works, nothing lost, nothing doubled."""

from __future__ import annotations

import datetime as dt
import io
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawlers import sample as farm
from crawlers.settings import CrawlSettings
from flows import days, engines, harvest, launch, runs, sample, sessions, shards, steps
from flows.harvest import Choice
from flows.problems import Problem
from flows.runs import Run, RunReport
from flows.shards import Task
from pipeline.records import Fetch, FetchState, Source
from tests.flows import homes
from warehouse.store import Store

OFF_TOPIC = (
    "Harga cabai rawit di pasar induk naik menjadi Rp80.000 per kilogram, Selasa pagi. Pedagang menyebut pasokan "
    "dari daerah penghasil berkurang akibat hujan deras sejak pekan lalu.\n\nDinas perdagangan setempat akan "
    "menggelar pasar murah di enam kecamatan. Warga diminta membeli secukupnya sampai panen berikutnya tiba."
)
PAGE = """<!doctype html><html lang="{language}"><head><title>{title}</title>
<meta property="article:published_time" content="{published_at}"></head>
<body><nav><a href="/">Beranda</a></nav><article><h1>{title}</h1>{body}</article></body></html>"""


def page(article: Mapping[str, Any]) -> bytes:
    body = "".join(f"<p>{part}</p>" for part in article["text"].split("\n\n"))
    return PAGE.format(**{**article, "body": body}).encode()


def off_topic(number: int) -> dict[str, Any]:
    return {
        "url": f"https://pasar.example/{number}",
        "title": f"Harga cabai hari ke-{number}",
        "text": OFF_TOPIC,
        "published_at": "2026-09-08T06:00:00+07:00",
        "language": "id",
    }


def write(
    path: Path, articles: list[Mapping[str, Any]], *, fetched: str = "2026-09-12T00:00:00Z"
) -> Path:
    """Write a WARC file as a public archive does: request and response, no fields of ours."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=path.suffix == ".gz")
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "invented"}))
        for article in articles:
            asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "x")], is_http_request=True)
            writer.write_record(
                writer.create_warc_record(article["url"], "request", http_headers=asked)
            )
            answer = StatusAndHeaders(
                "200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1"
            )
            record = writer.create_warc_record(
                article["url"], "response", payload=io.BytesIO(page(article)), http_headers=answer
            )
            record.rec_headers.replace_header("WARC-Date", fetched)
            writer.write_record(record)
    return path


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three files of news: one gzipped a record, one in one piece with a page of the first, one off topic."""
    folder = tmp_path_factory.mktemp("news")
    write(folder / "a.warc.gz", [homes.RAID, off_topic(1), homes.INTERDICTION, homes.HANDOVER])
    write(folder / "b.warc", [homes.RAID_AGAIN, off_topic(3), homes.RETURN, homes.RAID])
    write(folder / "c.warc.gz", [off_topic(4), off_topic(5)])
    return folder


def run(home: Path, *paths: Path, **values: Any) -> RunReport:
    return launch.backfill(homes.settled(home), Choice(list(paths), **values))


def content(home: Path) -> dict[str, set[tuple[Any, ...]]]:
    """What a home's warehouse holds now, without when and by whom it was written."""
    with Store.open(homes.settled(home).warehouse) as store:
        found = {}
        for schema, name in store.connection.execute(
            "SELECT table_schema, table_name FROM information_schema.tables"
            " WHERE table_type = 'BASE TABLE' AND table_schema IN ('core', 'raw')"
        ).fetchall():
            columns = [
                row[0] for row in store.connection.execute(f"DESCRIBE {schema}.{name}").fetchall()
            ]
            if "row_hash" in columns and name not in {"runs", "releases", "changes"}:
                rows = store.connection.execute(
                    f"SELECT row_hash, superseded_at IS NULL FROM {schema}.{name} ORDER BY ALL"
                ).fetchall()
                assert len(rows) == len(set(rows)), f"{name} holds a row twice"
                found[name] = set(rows)
        return found


def planned(home: Path, *paths: Path, **values: Any) -> list[Task]:
    settings = homes.settled(home)
    with sessions.session("backfill", settings, sessions.sources_of(settings)) as run_:
        return harvest.plan(run_, Choice(list(paths), **values))


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def tasks(tmp_path_factory: pytest.TempPathFactory, archive: Path) -> list[Task]:
    return planned(tmp_path_factory.mktemp("plan") / "home", archive)


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory, tasks: list[Task]) -> Path:
    """The shards of the archive, worked by two processes beside each other."""
    out = tmp_path_factory.mktemp("worked") / "backfill"
    assert [error for _, error in engines.on_processes(tasks, out, 2, lambda _: None)] == [""] * 3
    return out


# --- what a home holds afterwards ----------------------------------------------------------------------


def prepared(folder: Path, worked: Path) -> Path:
    """A home in which the shards lie already, as after a run that was stopped before it loaded them."""
    home = folder / "home"
    shutil.copytree(worked, home / harvest.FOLDER)
    return home


@pytest.fixture(scope="module")
def filled(
    tmp_path_factory: pytest.TempPathFactory, archive: Path, worked: Path
) -> tuple[Path, RunReport]:
    home = prepared(tmp_path_factory.mktemp("filled"), worked)
    return home, run(home, archive)


def test_what_is_on_the_subject_is_read_and_the_rest_dropped_and_counted(
    filled: tuple[Path, RunReport],
) -> None:
    home, report = filled
    assert report.state == "done", report
    counts = report.counts
    assert counts["pages"] == 10
    assert counts["pages_dropped"] == 4
    assert counts["articles"] == 6, "one page stands in two files"
    assert counts["shards"] == counts["shards_loaded"] == 3
    assert counts["incidents"] >= 3
    assert report.release
    with Store.open(homes.settled(home).warehouse) as store:
        titles = {article.title for article in store.load_articles()}
    told = (homes.RAID, homes.RAID_AGAIN, homes.INTERDICTION, homes.HANDOVER, homes.RETURN)
    assert titles == {each["title"] for each in told}


def test_it_holds_what_an_ingest_of_the_same_files_finds(
    filled: tuple[Path, RunReport], archive: Path, tmp_path: Path
) -> None:
    launch.ingest(homes.settled(tmp_path / "home"), [str(archive)])
    with (
        Store.open(homes.settled(filled[0]).warehouse) as ours,
        Store.open(homes.settled(tmp_path / "home").warehouse) as theirs,
    ):
        assert ours.load_reports() == theirs.load_reports()
        kept = {article.article_id: article for article in ours.load_articles()}
        everything = {article.article_id: article for article in theirs.load_articles()}
        assert kept == {key: everything[key] for key in kept}
        dropped = [judged for judged in theirs.load_relevance() if judged.article_id not in kept]
        assert len(dropped) == 4
        assert not any(judged.relevant for judged in dropped)


def test_a_second_run_finds_all_of_it_done(filled: tuple[Path, RunReport], archive: Path) -> None:
    home, first = filled
    before = content(home)
    again = run(home, archive)
    assert again.counts["shards_known"] == 3
    assert "pages" not in again.counts
    assert (again.release, again.release_note) == (first.release, runs.UNCHANGED)
    assert content(home) == before


def test_the_kept_pages_lie_in_the_archive_so_that_a_rebuild_finds_them(
    filled: tuple[Path, RunReport],
) -> None:
    home, _ = filled
    before = content(home)
    report = launch.rebuild(homes.settled(home))
    assert report.counts["articles"] == 5
    assert not report.changes
    after = content(home)
    for name in ("articles", "reports", "claims", "mentions", "incidents", "links"):
        assert after[name] == before[name], name


def test_a_daily_run_does_not_read_them_again(filled: tuple[Path, RunReport]) -> None:
    home, _ = filled
    with sessions.session("ingest", homes.settled(home), {}) as run_:
        steps.process(run_)
    assert run_.counts["inputs"] == 0


def loaded(home: Path, *paths: Path) -> Mapping[str, int]:
    """Read the files into the home without linking and publishing."""
    settings = homes.settled(home)
    with sessions.session("backfill", settings, sessions.sources_of(settings)) as run_:
        steps.backfill(run_, Choice(list(paths)))
        return dict(run_.counts)


class Killed(BaseException):
    """Stands for the end of the process at that moment."""


@pytest.mark.parametrize("moment", ["archived", "marked", "cleared"])
def test_a_kill_while_loading_loses_nothing_and_doubles_nothing(
    moment: str,
    filled: tuple[Path, RunReport],
    archive: Path,
    worked: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = prepared(tmp_path, worked)

    def then_killed(owner: object, name: str) -> None:
        real = getattr(owner, name)

        def fail(*given: Any, **named: Any) -> None:
            real(*given, **named)
            raise Killed

        monkeypatch.setattr(owner, name, fail)

    owner, name = {
        "archived": (harvest, "_archive"),
        "marked": (Store, "mark_processed"),
        "cleared": (harvest, "_clear"),
    }[moment]
    then_killed(owner, name)
    with pytest.raises(Killed):
        loaded(home, archive)
    monkeypatch.undo()
    assert loaded(home, archive)["shards"] == 3
    ours, theirs = content(home), content(filled[0])
    for table in ("articles", "reports", "claims", "mentions", "relevance", "processed"):
        assert ours[table] == theirs[table], table
    for shard in (home / harvest.FOLDER).iterdir():
        assert [path.name for path in shard.iterdir()] == [shards.MANIFEST]


def test_a_shard_that_was_damaged_on_disk_is_worked_again(
    worked: Path, tmp_path: Path, tasks: list[Task]
) -> None:
    home = prepared(tmp_path, worked)
    out = home / harvest.FOLDER
    off_topic_only = tasks[2]
    readings = out / off_topic_only.shard_id / shards.READINGS
    readings.write_bytes(readings.read_bytes()[:-4])
    assert shards.finished(out, off_topic_only.shard_id) is None
    shards.work(off_topic_only, out)
    assert tree(out) == tree(worked)


# --- which pages are looked at -------------------------------------------------------------------------


def make_source(source_id: str, host: str, **terms: Any) -> Source:
    return Source.model_validate(
        {
            "source_id": source_id,
            "name": source_id,
            "owner": source_id,
            "country": "IDN",
            "language": "id",
            "timezone": "Asia/Jakarta",
            "homepage": f"https://{host}/",
            "hosts": [host],
            "article_url": "^https://",
            "terms": terms,
            "evidence": {"status": "seen", "note": "invented"},
        }
    )


KABAR = make_source("kabar", "kabar.example")
BARRED = make_source("warta", "warta.example", ai_opt_out=True)


def counts(tmp_path: Path, path: Path, **values: Any) -> Mapping[str, int]:
    task = Task(
        path=str(path),
        name=path.name,
        n_bytes=path.stat().st_size,
        sha256=shards.digest(path),
        code="test",
        **values,
    )
    return shards.work(task, tmp_path / "out").counts


def test_pages_of_other_days_and_sources_and_of_those_who_opted_out_are_left_alone(
    archive: Path, tmp_path: Path
) -> None:
    b = archive / "b.warc"
    known = (KABAR, BARRED)
    late = dt.date(2026, 10, 1)
    assert counts(tmp_path, b, since=late) == {"out_of_period": 4, "pages": 4}
    found = counts(tmp_path, b, sources=known, until=dt.date(2026, 9, 4))
    assert found == {"articles": 1, "dropped": 1, "opted_out": 1, "out_of_period": 1, "pages": 4}
    found = counts(tmp_path, b, sources=known, only=("warta",))
    assert found == {"opted_out": 1, "other_source": 3, "pages": 4}


def test_a_page_of_a_known_host_is_read_as_its_source_would_be(
    archive: Path, tmp_path: Path
) -> None:
    path = write(tmp_path / "one.warc.gz", [{**homes.RAID, "url": "https://www.kabar.example/a"}])
    assert counts(tmp_path, path, sources=(KABAR,))["articles"] == 1
    (manifest,) = (tmp_path / "out").glob(f"*/{shards.MANIFEST}")
    told = shards.Manifest.model_validate_json(manifest.read_bytes())
    (line,) = shards.lines(tmp_path / "out", told)
    assert line.article is not None
    assert (line.article.source_id, line.article.country) == ("kabar", "IDN")


def test_of_a_source_day_every_page_is_read_and_none_is_copied(
    archive: Path, tmp_path: Path
) -> None:
    assert counts(tmp_path, archive / "a.warc.gz", sieved=False) == {"articles": 4, "pages": 4}
    assert not list((tmp_path / "out").rglob("*.warc.gz"))


def test_a_damaged_file_gives_what_can_be_read_and_tells_of_the_rest(tmp_path: Path) -> None:
    path = write(tmp_path / "cut.warc.gz", [off_topic(1), off_topic(2)])
    path.write_bytes(path.read_bytes()[:-60])
    assert counts(tmp_path, path) == {"damaged": 1, "dropped": 1, "pages": 1}


def test_a_file_that_changed_behind_the_plan_is_refused(archive: Path, tmp_path: Path) -> None:
    path = tmp_path / "c.warc.gz"
    shutil.copy(archive / "c.warc.gz", path)
    (task,) = planned(tmp_path / "home", path)
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(shards.ShardFailed, match="has changed"):
        shards.work(task, tmp_path / "out")


# --- whoever works -------------------------------------------------------------------------------------


@pytest.mark.parametrize("sent", ["", '{"path": "half of a ta'])
def test_a_worker_ends_with_whoever_started_it_even_in_the_middle_of_a_task(
    sent: str, tmp_path: Path
) -> None:
    worker = shards.Worker(tmp_path / "out")
    child = worker._child
    assert child.stdin is not None
    child.stdin.write(sent)
    child.stdin.close()
    try:
        assert child.wait(timeout=60) == 3
    finally:
        worker.close()


@pytest.mark.slow
def test_one_process_that_is_killed_at_random_gives_the_bytes_of_two(
    worked: Path, tasks: list[Task], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(20260912)
    killed: list[subprocess.Popen[str]] = []

    class Mortal(shards.Worker):
        def __init__(self, out: Path, started: Any) -> None:
            super().__init__(out, started)
            if len(killed) < engines.TRIES - 1:
                killed.append(self._child)
                threading.Timer(dice.uniform(0.2, 3.0), self._child.kill).start()

    monkeypatch.setattr(shards, "Worker", Mortal)
    out = tmp_path / "out"
    outcomes = list(engines.on_processes(tasks[:1], out, 1, lambda _: None))
    assert [child.returncode for child in killed] == [-signal.SIGKILL] * (engines.TRIES - 1)
    assert outcomes == [(tasks[0], "")]
    harvest._tidy(out, [])
    assert tree(out / tasks[0].shard_id) == tree(worked / tasks[0].shard_id)
    assert [path.name for path in out.iterdir()] == [tasks[0].shard_id]


@pytest.mark.slow
def test_a_dask_cluster_that_loses_a_worker_gives_the_same_bytes(
    worked: Path, tasks: list[Task], tmp_path: Path
) -> None:
    distributed = pytest.importorskip("distributed")
    out = tmp_path / "out"
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, local_directory=tmp_path
    ) as cluster:
        lost = random.Random(7).choice(list(cluster.workers.values()))
        timer = threading.Timer(1.5, os.kill, (lost.pid, signal.SIGKILL))
        timer.start()
        outcomes = list(engines.on_dask(tasks[1:], out, cluster.scheduler_address))
        timer.join()
    assert {error for _, error in outcomes} == {""}
    assert {task.shard_id for task, _ in outcomes} == {task.shard_id for task in tasks[1:]}
    harvest._tidy(out, [])
    for task in tasks[1:]:
        assert tree(out / task.shard_id) == tree(worked / task.shard_id)


def test_a_shard_that_keeps_failing_is_told_of_and_the_rest_goes_on(
    archive: Path, worked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = prepared(tmp_path, worked)
    shutil.rmtree(
        next(path for path in (home / harvest.FOLDER).iterdir() if _is_of(path, "a.warc.gz"))
    )

    def fail(worker: shards.Worker, task: Task, *_: Any) -> str:
        if task.name == "a.warc.gz":
            raise shards.ShardFailed(f"{task.name}: ended by signal 9")
        return task.shard_id

    monkeypatch.setattr(shards.Worker, "work", fail)
    report = run(home, archive)
    assert report.state == "partial"
    assert report.problems == ("a.warc.gz: ended by signal 9",)
    assert report.counts["shards_failed"] == 1
    assert report.counts["shards_loaded"] == 2


def _is_of(folder: Path, name: str) -> bool:
    return f'"name": "{name}"' in (folder / shards.MANIFEST).read_text("utf-8")


def test_dask_that_does_not_answer_is_a_problem(
    tasks: list[Task], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "CONNECT_S", 0.2)
    with pytest.raises(Problem, match="no Dask scheduler answers"):
        list(engines.on_dask(tasks, tmp_path, "tcp://127.0.0.1:9"))


# --- from the sources themselves -----------------------------------------------------------------------


SINCE, UNTIL = sample.LAST_DAY - dt.timedelta(days=9), sample.LAST_DAY - dt.timedelta(days=6)
# An index by day and a sitemap; a sitemap alone.
REACHING = {key: sample.sources()[key] for key in ("warta-harian", "kilat-kabar")}


def asked(home: Path, how: CrawlSettings, **values: Any) -> Run:
    """Ask two sample outlets for four days, without linking and publishing."""
    settings = homes.settled(home, day=sample.LAST_DAY)
    choice = Choice([], SINCE, UNTIL)
    with sessions.session("backfill", settings, REACHING) as run_:
        steps.ask(run_, choice, crawl_settings=how.model_copy(update=values))
        steps.backfill(run_, choice)
    return run_


def articles(home: Path) -> list[tuple[str, str, str]]:
    """What articles say, without when they were fetched."""
    with Store.open(homes.settled(home).warehouse) as store:
        return sorted((each.article_id, each.url, each.text) for each in store.load_articles())


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run]:
    """A home that holds the four days, and the run that brought them in."""
    home = tmp_path_factory.mktemp("past") / "home"
    with sample.served() as how:
        return home, asked(home, how)


@pytest.mark.slow
def test_without_files_each_source_and_day_is_a_shard(past: tuple[Path, Run]) -> None:
    home, run_ = past
    # The index is asked day by day, the sitemaps for all days in one go.
    assert run_.counts["source_days"] == 4 + 2
    assert run_.counts["shards_loaded"] == run_.counts["shards"] == run_.counts["source_days"]
    assert run_.counts["source_days_open"] == 0
    assert not run_.problems
    receipts = sorted((home / days.BACKFILL / days.FOLDER).glob("warta-harian-????-??-??.json"))
    assert [path.stem[-10:] for path in receipts] == [
        str(SINCE + dt.timedelta(days=number)) for number in range(4)
    ]
    with Store.open(homes.settled(home).warehouse) as store:
        told = [article.published_date or UNTIL for article in store.load_articles()]
        lists = {url for url, each in store.validators().items() if each.etag or each.last_modified}
        asked_for = {fetch.url for fetch in store.load_fetches() if fetch.kind == "article"}
    assert len(told) == 3
    assert all(SINCE <= day <= UNTIL for day in told), sorted(told)
    assert lists <= asked_for, "no list is noted as read"


@pytest.mark.slow
def test_a_source_day_that_was_gone_through_is_not_asked_for_again(
    past: tuple[Path, Run], tmp_path: Path
) -> None:
    shutil.copytree(past[0], tmp_path / "home")
    before = content(tmp_path / "home")
    with farm.serve() as server:
        how = CrawlSettings(demo_proxy=server.proxy_url, backoff_s=0.2, titles_first=False)
        again = asked(tmp_path / "home", how)
        assert not server.requests
    assert again.counts["source_days_known"] == again.counts["source_days"]
    assert again.counts["shards_known"] == again.counts["shards"]
    after = content(tmp_path / "home")
    assert after == before


@pytest.mark.slow
def test_a_run_for_past_days_that_is_killed_at_random_loses_and_doubles_nothing(
    past: tuple[Path, Run], tmp_path: Path
) -> None:
    dice = random.Random(20260906)
    home = tmp_path / "home"
    n_killed = 0
    with sample.served() as how:
        for seconds in (dice.uniform(2, 4), dice.uniform(4, 7), dice.uniform(7, 10)):
            child = multiprocessing.get_context("spawn").Process(target=asked, args=(home, how))
            child.start()
            child.join(seconds)
            n_killed += child.is_alive()
            child.kill()
            child.join()
        run_ = asked(home, how)
    assert n_killed, "no run was killed on its way"
    assert not run_.problems
    with sessions.session("ingest", homes.settled(home), REACHING) as later:
        steps.process(later)
    assert later.counts["articles"] == 0, "a daily run finds nothing that was left unread"
    ours, theirs = content(home), content(past[0])
    assert articles(home) == articles(past[0])
    for table in ("reports", "claims", "mentions", "relevance", "statistics"):
        current = {row for row, is_current in ours[table] if is_current}
        assert current == {row for row, is_current in theirs[table] if is_current}, table
    for receipt in (home / days.BACKFILL / days.FOLDER).iterdir():
        assert days.Receipt.model_validate_json(receipt.read_bytes()).complete


def test_a_source_day_is_whole_when_its_lists_were_read_and_nothing_is_left() -> None:
    def fetch(kind: Any, state: FetchState) -> Fetch:
        at = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
        return Fetch(
            run_id="x",
            source_id="x",
            url="https://x.example/",
            kind=kind,
            state=state,
            fetched_at=at,
        )

    read = fetch("listing", FetchState.FETCHED)
    assert days.is_whole([read], 1)
    assert days.is_whole(
        [fetch("listing", FetchState.EMPTY), fetch("robots", FetchState.FAILED)], 1
    )
    assert not days.is_whole([], 1), "nobody was asked"
    assert not days.is_whole([read, fetch("listing", FetchState.TIMED_OUT)], 9)
    assert not days.is_whole([read, fetch("article", FetchState.DEFERRED)], 9)
    broken = [read, fetch("article", FetchState.SERVER_ERROR)]
    assert [days.is_whole(broken, tries) for tries in (1, 2, 3)] == [False, False, True]
    assert days.is_whole([read, fetch("article", FetchState.NOT_FOUND)], 1)


# --- the command ---------------------------------------------------------------------------------------


def test_the_command_reads_files_and_tells_in_json(
    archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = homes.call(
        capsys,
        "backfill",
        str(archive / "c.warc.gz"),
        "--home",
        str(tmp_path / "home"),
        "--json",
        "--no-prefect",
    )
    assert told.code == 0, told.err
    assert told.document["kind"] == "backfill"
    assert told.document["counts"]["pages_dropped"] == 2
    assert told.document["counts"]["shards_loaded"] == 1


@pytest.mark.parametrize(
    ("tokens", "said"),
    [
        ([], "needs both ends"),
        (["--from", "2026-09-01"], "needs both ends"),
        (["nowhere.warc.gz"], "does not exist"),
        (["{archive}", "--from", "2026-09-02", "--to", "2026-09-01"], "before it begins"),
        (["{archive}", "--source", "nobody-at-all"], "no source is called"),
        (["{archive}", "--processes", "0"], "is not between"),
        (["{home}"], "holds no file"),
    ],
)
def test_a_wrong_call_ends_with_code_2(
    tokens: list[str],
    said: str,
    archive: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    places = {"archive": archive, "home": tmp_path}
    told = homes.call(
        capsys,
        "backfill",
        *(token.format(**places) for token in tokens),
        "--home",
        str(tmp_path / "home"),
    )
    assert told.code == 2
    assert said in told.err
