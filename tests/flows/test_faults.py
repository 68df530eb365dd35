"""What goes wrong outside: bad files, broken homes, silent sites, kills. The rest goes on, and it is told."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows import launch, plans, reading, runs, sessions, steps
from flows.commands import work
from flows.console import Screen
from flows.ledger import Ledger
from flows.problems import Busy
from pipeline.records import Reason
from tests.crawlers import test_crawl as farming
from tests.flows import homes
from tests.flows.homes import HOLD_FILE, HOLD_HOME, call, other_process
from warehouse import queries, releases
from warehouse.store import Store

farm = farming.farm

# --- bad input -----------------------------------------------------------------------------------------

PAGE = (
    "<html><head><title>{title}</title></head><body><article><h1>{title}</h1>"
    "<p>{text}</p></article></body></html>"
)


def page(**article: str) -> str:
    return PAGE.format(title=article["title"], text=article["text"].replace("\n\n", "</p><p>"))


def bad_files(folder: Path) -> list[Path]:
    folder.mkdir()
    homes.write_lines(
        folder / "lines.jsonl",
        [
            homes.RAID,
            b'{"url": "https://x.example/1", ',
            {"url": "https://x.example/2"},
            homes.RETURN,
        ],
    )
    (folder / "good.html").write_text(page(**homes.RAID_AGAIN), encoding="utf-8")
    (folder / "hollow.html").write_text("<html><head><title>x</title></head><body></body></html>")
    (folder / "empty.html").write_bytes(b"")
    (folder / "empty.jsonl").write_bytes(b"")
    (folder / "noise.txt").write_bytes(b"\x00\x01\x02\xff" * 50)
    (folder / "plain.txt").write_text(str(homes.HANDOVER["text"]), encoding="utf-8")
    (folder / "damaged.warc.gz").write_bytes(b"\x1f\x8b\x08garbage")
    (folder / "table.xlsx").write_bytes(b"PK")
    return [folder, folder / "table.xlsx", folder / "nowhere.jsonl"]


def test_bad_files_are_named_and_counted_and_the_good_ones_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths, home = bad_files(tmp_path / "in"), tmp_path / "home"
    flags = ("--no-prefect", "--home", home, "--json")
    told = call(capsys, "ingest", *paths, *flags)
    assert told.code == 3, told
    report = told.document
    assert report["state"] == "partial"
    assert report["counts"]["articles"] == 4
    assert report["counts"]["rejected"] == sum(report["rejections"].values())
    said = "\n".join(report["rejected"])
    for name, reason in (
        ("lines.jsonl:2", Reason.MALFORMED_JSON), ("lines.jsonl:3", Reason.MISSING_FIELD),
        ("empty.html", Reason.EMPTY_FILE), ("empty.jsonl", Reason.EMPTY_FILE),
        ("noise.txt", Reason.UNREADABLE_ENCODING), ("damaged.warc.gz", Reason.MALFORMED_WARC),
        ("table.xlsx", Reason.UNSUPPORTED_FILE), ("nowhere.jsonl", Reason.MISSING_PATH),
    ):  # fmt: skip
        assert any(name in line and reason in line for line in report["rejected"]), (name, said)
    assert any(name.startswith("articles: ") for name in report["rejections"]), "the hollow page"
    with Store.open(homes.settled(home).warehouse, read_only=True) as store:
        assert len(store.load_rejections()) == report["counts"]["rejected"]
        assert len(store.load_articles()) == 4
    again = call(capsys, "ingest", *paths, *flags)
    assert again.code == 3
    assert again.document["rejections"] == report["rejections"]
    assert again.document["release_note"] == runs.UNCHANGED
    work.show_report(Screen(color=False), runs.RunReport.model_validate(report))
    assert "not taken: lines.jsonl:2" in capsys.readouterr().out


def test_a_long_list_of_refusals_is_cut_for_people_but_counted(tmp_path: Path) -> None:
    report = homes.ingest(tmp_path / "home", [homes.PRICES, *[b"{"] * (steps.MAX_TOLD + 9)])
    assert report.rejections == {"inputs: malformed_json": steps.MAX_TOLD + 9}
    assert len(report.rejected) == steps.MAX_TOLD + 1
    assert report.rejected[-1].startswith("... and more")


# --- a home that is held, broken or full ---------------------------------------------------------------


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("faults") / "home"
    assert homes.ingest(made).state == "done"
    return made


def copied(home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(home, tmp_path / "home", symlinks=True))


def test_a_home_at_work_is_refused_at_once_and_its_holder_named(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = homes.write_lines(tmp_path / "in.jsonl")
    with other_process(HOLD_HOME, home) as pid:
        for flags in ((), ("--no-prefect",)):  # with Prefect no server may be started in vain
            began = time.monotonic()
            told = call(capsys, "ingest", path, "--home", home, "--json", *flags)
            assert told.code == 1
            assert time.monotonic() - began < 10
            assert told.document["error"]["code"] == "busy"
            assert f"process {pid} (suar run)" in told.document["error"]["what"]
        assert call(capsys, "incidents", "--home", home).code == 0, "readers are never shut out"
    with pytest.raises(Busy), other_process(HOLD_HOME, home):
        launch.publish(homes.settled(home))


def test_a_held_warehouse_is_named_and_the_run_is_closed(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = copied(home, tmp_path)
    path = homes.write_lines(tmp_path / "in.jsonl")
    with other_process(HOLD_FILE, home / "warehouse.duckdb") as pid:
        told = call(capsys, "ingest", path, "--no-prefect", "--home", home, "--json")
        assert told.code == 1
        assert told.document["error"]["code"] == "store_locked"
        assert str(pid) in told.document["error"]["what"]
        assert call(capsys, "incidents", "--home", home).code == 0
    ledger = Ledger(home / "ledger.jsonl")
    assert ledger.entries()[-1].state == "failed"
    assert ledger.unfinished() == []
    assert call(capsys, "ingest", path, "--no-prefect", "--home", home).code == 0


@pytest.mark.parametrize("damage", ["header", "garbage", "cut"])
def test_a_broken_warehouse_is_rebuilt_from_the_archive(
    damage: str, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = copied(home, tmp_path)
    held = homes.current_rows(home)
    file = home / "warehouse.duckdb"
    body = bytearray(file.read_bytes())
    if damage == "header":
        body[: 4096 * 3] = bytes(4096 * 3)
    elif damage == "garbage":
        body = bytearray(b"not a database\n" * 100)
    else:
        body = body[:4096]
    file.write_bytes(body)
    told = call(capsys, "rebuild", "--no-prefect", "--home", home, "--json")
    assert told.code == 1
    assert told.document["error"]["code"] == "store_corrupt"
    assert "move the file aside" in told.document["error"]["next_step"]
    assert call(capsys, "incidents", "--home", home).code == 0
    file.rename(tmp_path / "aside.duckdb")
    told = call(capsys, "rebuild", "--no-prefect", "--home", home, "--json")
    assert told.code == 0, told
    now = homes.current_rows(home)
    for name in ("articles", "relevance", "mentions", "claims", "reports", "incidents", "links"):
        assert now[f"core.{name}"] == held[f"core.{name}"], name


def test_no_run_begins_on_a_disk_that_is_nearly_full(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUAR_MIN_FREE_MB", "999999999")
    n_before = len(Ledger(home / "ledger.jsonl").entries())
    told = call(capsys, "publish", "--no-prefect", "--home", home, "--json")
    assert told.code == 1
    assert "MiB are free" in told.document["error"]["what"]
    assert "min_free_mb" in told.document["error"]["next_step"]
    assert len(Ledger(home / "ledger.jsonl").entries()) == n_before


def test_an_error_of_a_full_disk_is_told_as_one(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copied(home, tmp_path)

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "texts.jsonl.gz")

    monkeypatch.setattr("flows.archive.TextWriter.write", full)
    path = homes.write_lines(
        tmp_path / "in.jsonl", [{**homes.PRICES, "url": "https://new.example/x"}]
    )
    told = call(capsys, "ingest", path, "--no-prefect", "--home", home, "--json")
    assert told.code == 1
    assert told.document["error"]["code"] == "disk_full"
    assert "free space" in told.document["error"]["next_step"]
    assert not list((home / "archive").glob("*.open"))
    monkeypatch.undo()
    assert call(capsys, "ingest", path, "--no-prefect", "--home", home).code == 0


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("no file system may be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


@pytest.mark.skipif(shutil.which("mount") is None, reason="needs mount")
def test_a_disk_that_fills_up_costs_nothing_that_was_there(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with small_disk(tmp_path / "disk", 64) as disk:
        path = homes.write_lines(tmp_path / "in.jsonl")
        flags = ("--no-prefect", "--json", "--home", disk / "home")
        (disk / "home").mkdir()
        (disk / "home" / "suar.toml").write_text("min_free_mb = 0\n")
        first = homes.write_lines(tmp_path / "first.jsonl", homes.ARTICLES[:2])
        assert call(capsys, "ingest", first, *flags).code == 0
        filler = disk / "filler"
        with contextlib.suppress(OSError), filler.open("wb") as file:
            for _ in range(64 * 16):
                file.write(bytes(64 * 1024))
                file.flush()
        told = call(capsys, "ingest", path, *flags)
        assert told.code == 1, told
        assert told.document["error"]["code"] == "disk_full"
        assert len(call(capsys, "query", "FROM articles", *flags[1:]).document) == 2
        filler.unlink()
        told = call(capsys, "ingest", path, *flags)
        assert told.code == 0, told
        assert content(disk / "home") == content(home)


# --- sites that fail -----------------------------------------------------------------------------------


def test_a_run_over_failing_sites_goes_on_and_says_which_failed(
    farm: farming.Farm, tmp_path: Path
) -> None:
    ok = farming.Answer(farming.html("Warga Dipulangkan"))
    farming.plant(
        farm, "works", good=ok, gone=farming.Answer(b"", 404), shut=farming.Answer(b"", 403),
        ill=farming.Answer(b"", 500),
    )  # fmt: skip
    farming.plant(farm, "garbled")
    farm.routes["http://garbled.test/feed"] = farming.Answer(b"<rss><chan", kind="text/xml")
    for name, status in (("refuses", 403), ("busy", 429), ("broken", 503)):
        farming.plant(farm, name)
        farm.routes[f"http://{name}.test/feed"] = farming.Answer(b"", status)
    names = ("works", "garbled", "refuses", "busy", "broken")
    sources = {name: farming.fed(name) for name in names}
    settings = homes.settled(tmp_path / "home", day=farming.DAY, min_sources_share=0.2)
    with sessions.session("daily", settings, sources) as run:
        since = farming.DAY - dt.timedelta(days=2)
        plans.daily(run, steps, since=since, crawl_settings=farming.settings(farm))
    report = run.report(run.started_at)
    assert report.exit_code == 3
    states = {outcome.source_id: outcome.state for outcome in report.sources}
    assert states["works"] == "ok"
    for name in names[1:]:
        assert states[name] not in {"ok", "empty"}, states
        assert any(f"source {name}: " in problem for problem in report.problems)
    assert report.fetch_states == {"fetched": 1, "not_found": 1, "forbidden": 1, "server_error": 1}
    assert report.counts["articles"] == 1
    assert report.release
    assert queries.query(
        releases.current(settings.releases).analyst,
        "SELECT n_articles FROM coverage WHERE source_id = 'works'",
    ).rows == ((1,),)


# --- kills ---------------------------------------------------------------------------------------------

# Loads the models once, then runs the ingest again and again in forks that are killed after the times given.
KILLED = """
import os, signal, sys, time
from pathlib import Path
from flows import launch, reading
from tests.flows import homes
home, path = Path(sys.argv[1]), sys.argv[2]
reading.load_tagger(); reading.load_encoder()
settings = homes.settled(home)
for moment in map(float, sys.argv[3:]):
    pid = os.fork()
    if not pid:
        launch.ingest(settings, [path])
        os._exit(0)
    time.sleep(moment)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    print(os.WIFSIGNALED(status), flush=True)
    sys.stdin.readline()
"""
SEED = 20260904
N_KILLS = 10


def content(home: Path) -> dict[str, Any]:
    """Return what a home tells, without when and by which run it was read."""
    with Store.open(homes.settled(home).warehouse, read_only=True) as store:
        articles = [
            a.model_dump(mode="json", exclude={"fetched_at"}) for a in store.load_articles()
        ]
    rows = homes.current_rows(home)
    kept = ("relevance", "mentions", "claims", "statistics", "reports", "report_places",
            "report_evidence", "incidents", "incident_counts", "incident_places", "links")  # fmt: skip
    return {"articles": articles, **{name: rows[f"core.{name}"] for name in kept}}


@pytest.mark.slow
def test_kills_at_any_moment_lose_and_double_nothing(tmp_path: Path) -> None:
    base = homes.ARTICLES[:4]
    edited = {
        **homes.RAID,
        "text": f"{homes.RAID['text']} Mereka dibawa ke kantor polisi setempat.",
    }
    more = [edited, *homes.ARTICLES[1:]]
    twin, home = tmp_path / "twin" / "home", tmp_path / "home"
    homes.ingest(twin, base)
    homes.ingest(home, base)
    began = time.monotonic()
    homes.ingest(twin, more)
    whole_run = time.monotonic() - began
    path = homes.write_lines(tmp_path / "more.jsonl", more)
    draw = random.Random(SEED)
    moments = sorted(draw.uniform(0.02, whole_run) for _ in range(N_KILLS))
    killer = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(home), str(path), *map(str, moments)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
        env=homes.environment(),
    )  # fmt: skip
    assert killer.stdin is not None
    assert killer.stdout is not None
    killed = []
    try:
        for _ in moments:
            killed.append(killer.stdout.readline().strip() == "True")
            release = releases.current(home / "releases")
            releases.verify(release)
            found = queries.incidents(release.analyst)
            assert found.rows, "readers always find a whole release"
            killer.stdin.write("\n")
            killer.stdin.flush()
    finally:
        killer.communicate(timeout=60)
    assert killer.returncode == 0
    assert sum(killed) >= 3, "the kills came too late to tell anything"
    report = homes.ingest(home, more)
    assert report.state == "done", report.problems
    assert content(home) == content(twin)
    ledger = Ledger(home / "ledger.jsonl")
    assert ledger.unfinished() == []
    assert not list((home / "archive").glob(".*")), "what a killed run left is swept up"
    assert not list((home / "releases").glob(".*"))
    rebuilt = launch.rebuild(homes.settled(home))
    assert rebuilt.release_note == runs.UNCHANGED
    assert content(home) == content(twin)


def test_a_torn_line_in_the_ledger_stops_nothing(home: Path, tmp_path: Path) -> None:
    home = copied(home, tmp_path)
    with (home / "ledger.jsonl").open("ab") as file:
        file.write(b'{"at": "2026-09-04T')
    assert homes.ingest(home).state == "done"
    ledger = Ledger(home / "ledger.jsonl")
    assert ledger.entries()[-1].state == "done"
    assert ledger.n_torn == 1


def test_a_terminated_run_ends_without_a_trace_of_python(tmp_path: Path) -> None:
    """Ctrl-C in the middle of a run: one line, code 130, and the run is closed in the ledger."""
    reader = tmp_path / "pipe.jsonl"
    reader.write_text(json.dumps(homes.PRICES) + "\n")
    child = subprocess.Popen(
        [sys.executable, "-m", "flows", "ingest", "-", "--no-prefect", "--home", str(tmp_path / "home")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=homes.environment(SUAR_MIN_FREE_MB="0"),
    )  # fmt: skip
    ledger = Ledger(tmp_path / "home" / "ledger.jsonl")
    for _ in range(300):
        if ledger.entries() and (tmp_path / "home" / "archive").exists():
            break
        time.sleep(0.1)
    time.sleep(0.3)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=30)
    assert child.returncode == 130, err
    assert "Traceback" not in err
    assert ledger.entries()[-1].state == "failed"
    assert ledger.unfinished() == []


# --- texts that break a stage --------------------------------------------------------------------------


def broken_for(monkeypatch: pytest.MonkeyPatch, *urls: str) -> None:
    whole = reading.read

    def read(article: Any, tagger: Any) -> Any:
        if article.url in urls:
            raise KeyError("kata dari berita")
        return whole(article, tagger)

    monkeypatch.setattr(reading, "read", read)


def test_a_text_that_breaks_a_stage_is_kept_aside_and_read_again_later(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = tmp_path / "home"
    broken_for(monkeypatch, homes.RETURN["url"])
    report = homes.ingest(new)
    assert report.exit_code == 3
    assert report.rejections == {"read: extraction_failed": 1}
    (told,) = report.rejected
    assert "KeyError at test_faults.py" in told
    assert "kata" not in "".join(path.read_text() for path in (new / "logs").iterdir())
    assert report.counts["articles"] == len(homes.ARTICLES)
    assert report.release
    monkeypatch.undo()
    rebuilt = launch.rebuild(homes.settled(new), from_stage="mentions")
    assert rebuilt.state == "done"
    assert content(new) == content(home)
    with Store.open(homes.settled(new).warehouse, read_only=True) as store:
        assert store.load_rejections() == []


def test_a_fault_of_the_program_ends_the_run_and_the_last_release_stays(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copied(home, tmp_path)
    before = content(home)
    broken_for(monkeypatch, *(article["url"] for article in homes.ARTICLES))
    with pytest.raises(KeyError):
        launch.rebuild(homes.settled(home))
    assert content(home) == before
    assert len(releases.published(home / "releases")) == 1
