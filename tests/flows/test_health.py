from __future__ import annotations

import datetime as dt
import email.utils
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawlers.archive import Exchange, Writer
from flows import health, lock, runs, sessions
from flows.health import Check
from tests.factories import NOW
from tests.flows import homes
from tests.flows.homes import HOLD_FILE, call, other_process
from warehouse import releases


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("health") / "home"
    assert homes.ingest(made).state == "done"
    return made


@pytest.fixture
def home(healthy: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(healthy, tmp_path / "home", symlinks=True))


def examined(home: Path, *, verify: bool = False, **values: Any) -> dict[str, Check]:
    settings = homes.settled(home, **{"contact": "https://suar.example/crawler", **values})
    return {check.what: check for check in health.examine(settings, verify=verify)}


def not_ok(checks: dict[str, Check]) -> dict[str, str]:
    return {what: check.state for what, check in checks.items() if check.state != "ok"}


def test_a_healthy_home_is_all_right(home: Path) -> None:
    checks = examined(home, verify=True)
    assert not_ok(checks) == {}
    for what in ("python", "duckdb", "tagger", "similarity", "home", "lock", "clock", "archive",
                 "warehouse", "release", "sources"):  # fmt: skip
        assert what in checks
    assert checks["warehouse"].found == "6 articles, 4 incidents"
    assert "every checksum holds" in checks["release"].found


def test_a_home_to_be_is_told_how_to_begin(tmp_path: Path) -> None:
    checks = examined(tmp_path / "none")
    assert not_ok(checks) == {"home": "warn"}
    assert "suar demo" in checks["home"].next_step
    assert not (tmp_path / "none").exists()


def break_warehouse(home: Path) -> None:
    (home / "warehouse.duckdb").write_bytes(b"not a database\n" * 99)


def break_manifest(home: Path) -> None:
    manifest = releases.current(home / "releases").path / "manifest.json"
    manifest.chmod(0o644)
    manifest.write_text("{")


def remove_release(home: Path) -> None:
    shutil.rmtree(home / "releases")


def leave_a_torn_record(home: Path) -> None:
    (home / "archive" / "suar-20260904-run-00000.warc.gz.open").touch()


def forget_to_end(home: Path) -> None:
    run = runs.Run(
        run_id="lost", kind="daily", day=dt.date(2026, 9, 4), started_at=NOW,
        settings=homes.settled(home), sources={},
    )  # fmt: skip
    run.note("run", "begun", NOW)


def rest_for_weeks(home: Path) -> None:
    run = runs.Run(
        run_id="old", kind="daily", day=dt.date(2026, 9, 4), started_at=NOW,
        settings=homes.settled(home), sources={},
    )  # fmt: skip
    run.note("run", "done", NOW)


@pytest.mark.parametrize(
    ("damage", "what", "state", "next_step"),
    [
        (break_warehouse, "warehouse", "bad", "suar rebuild"),
        (break_manifest, "release", "bad", "another release"),
        (remove_release, "release", "warn", "suar publish"),
        (leave_a_torn_record, "archive", "warn", "the next run"),
        (forget_to_end, "runs", "warn", "run again"),
        (rest_for_weeks, "last daily run", "warn", "suar run"),
    ],
)
def test_one_broken_thing_is_one_finding_with_a_next_step(
    damage: Callable[[Path], None], what: str, state: str, next_step: str, home: Path
) -> None:
    damage(home)
    checks = examined(home)
    assert not_ok(checks) == {what: state}
    assert next_step in checks[what].next_step
    assert checks[what].found


@pytest.mark.parametrize(
    ("values", "what", "state"),
    [
        ({"min_free_mb": 999_999_999}, "home", "bad"),
        ({"contact": ""}, "contact", "warn"),
        ({"similarity_model": "/nowhere/model"}, "models", "bad"),
        ({"sources_dir": "/nowhere/sources"}, "sources", "bad"),
    ],
)
def test_a_setting_that_cannot_work_is_found(
    values: dict[str, Any], what: str, state: str, home: Path
) -> None:
    checks = examined(home, **values)
    assert not_ok(checks) == {what: state}
    assert checks[what].next_step


def test_a_wrong_clock_is_found(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "now", lambda: dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
    assert not_ok(examined(home)) == {"clock": "bad"}


def answers(folder: Path, ahead: dt.timedelta, n_hosts: int) -> None:
    """Write responses of hosts into an archive, fetched by a clock that is ahead of theirs."""
    theirs = dt.datetime(2026, 9, 20, 3, tzinfo=dt.UTC)
    with Writer(folder, "x") as writer:
        for number in range(n_hosts):
            url = f"https://h{number}.example/a"
            # The second answer of each lay in a store for an hour, and its last clock is a year behind.
            shift = dt.timedelta(days=365) if number == n_hosts - 1 else dt.timedelta()
            for late, age in ((0, "0"), (3600, "3600"), (3600, "none")):
                said = theirs - shift - dt.timedelta(seconds=late)
                headers = [("Date", email.utils.format_datetime(said, usegmt=True)), ("Age", age)]
                writer.add(Exchange("h", "feed", url, url, 200, headers, b"<rss/>", theirs + ahead))


@pytest.mark.parametrize(
    ("ahead", "n_hosts", "state"),
    [(86_400, 4, "warn"), (-86_400, 4, "warn"), (60, 4, "ok"), (86_400, 2, "ok")],
)
def test_a_clock_that_differs_from_those_of_three_hosts_is_found(
    ahead: int, n_hosts: int, state: str, tmp_path: Path
) -> None:
    answers(tmp_path / "archive", dt.timedelta(seconds=ahead), n_hosts)
    checks = {check.what: check for check in health._clock(homes.settled(tmp_path))}
    assert checks["clock"].state == state
    if state == "warn":
        assert ("ahead of" if ahead > 0 else "behind") in checks["clock"].found


def test_a_missing_library_is_found(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LIBRARIES", ("duckdb", "no-such-library"))
    checks = examined(home)
    assert not_ok(checks) == {"no-such-library": "bad"}
    assert "make setup" in checks["no-such-library"].next_step


def test_only_verify_finds_a_flipped_byte(home: Path) -> None:
    database = releases.current(home / "releases").public
    database.chmod(0o644)
    body = bytearray(database.read_bytes())
    body[len(body) // 2] ^= 1
    database.write_bytes(body)
    assert not_ok(examined(home)) == {}
    checks = examined(home, verify=True)
    assert not_ok(checks) == {"release": "bad"}
    assert "public/suar.duckdb has other bytes" in checks["release"].found


def test_a_run_at_work_is_no_fault(home: Path) -> None:
    with other_process(HOLD_FILE, home / "warehouse.duckdb"):
        assert not_ok(examined(home)) == {"warehouse": "warn"}
        with lock.hold(home, "suar run"):
            checks = examined(home)
    assert not_ok(checks) == {}
    assert "in use" in checks["warehouse"].found
    assert "suar run" in checks["lock"].found


def test_doctor_fails_only_on_what_is_bad(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = call(capsys, "doctor", "--home", home, "--json")
    assert (told.code, told.err) == (0, "")
    assert {check["state"] for check in told.document} == {"ok", "warn"}, "no contact is named"
    break_warehouse(home)
    told = call(capsys, "doctor", "--home", home)
    assert told.code == 1
    assert "BAD" in told.out
    assert "doctor" in told.out
    assert "--repair" in told.out


def test_sources_stand_beside_how_they_did(home: Path) -> None:
    settings = homes.settled(home)
    rows = health.source_rows(settings)
    assert {row.source_id for row in rows} == set(sessions.catalogue(settings))
    assert all(row.status for row in rows)
    assert {row.last_state for row in rows} == {None}, "no source was crawled into this home"
