"""What `suar doctor` mends, and what only `--verify` sees."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.flows import homes
from tests.flows.homes import HOLD_FILE, HOLD_HOME, call, other_process
from warehouse import releases


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("repairs") / "home"
    assert homes.ingest(made).state == "done"
    return made


class Patient:
    """A home that may be ill."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self._capsys = capsys

    def doctor(self, *flags: str, code: int = 0) -> dict[str, dict[str, Any]]:
        told = call(self._capsys, "doctor", *flags, "--home", self.home, "--json")
        assert told.code == code, told
        return {check["what"]: check for check in told.document}

    def incidents(self) -> Any:
        told = call(self._capsys, "query", "SELECT * FROM incidents ORDER BY ALL",
                    "--home", self.home, "--json")  # fmt: skip
        return [{**row, "last_updated_at": None} for row in told.document]


@pytest.fixture
def patient(ingested: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Patient:
    return Patient(Path(shutil.copytree(ingested, tmp_path / "home", symlinks=True)), capsys)


def damaged(path: Path) -> None:
    """Turn one byte in the middle of a file."""
    path.chmod(0o644)
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 0xFF
    path.write_bytes(body)


def test_a_sound_home_is_left_alone(patient: Patient) -> None:
    before = {path: path.read_bytes() for path in patient.home.rglob("*") if path.is_file()}
    checks = patient.doctor("--repair", "--verify")
    assert not any(what.startswith("repaired") for what in checks)
    assert checks["archive contents"]["found"] == "6 pages and texts, every checksum holds"
    after = {path: path.read_bytes() for path in patient.home.rglob("*") if path.is_file()}
    assert after == before


@pytest.mark.parametrize("lost", [False, True])
def test_a_warehouse_that_cannot_be_read_is_derived_again(patient: Patient, lost: bool) -> None:
    incidents = patient.incidents()
    file = patient.home / "warehouse.duckdb"
    if lost:
        file.unlink()
    else:
        file.write_bytes(b"not a database\n" * 99)
        assert "--repair" in patient.doctor(code=1)["warehouse"]["next_step"]
    told = patient.doctor("--repair")["repaired: warehouse"]
    assert told["state"] == "ok"
    assert "minutes as release" in told["found"]
    assert patient.incidents() == incidents
    kept = list((patient.home / "broken").rglob("warehouse.duckdb"))
    assert [path.read_bytes()[:14] for path in kept] == ([] if lost else [b"not a database"])
    assert "repaired: warehouse" not in patient.doctor("--repair")


def test_a_damaged_release_is_published_anew(patient: Patient) -> None:
    incidents = patient.incidents()
    old = releases.current(patient.home / "releases")
    damaged(old.public)
    told = patient.doctor("--repair", "--verify")
    assert "other bytes" in told["repaired: release"]["found"]
    assert told["release"]["state"] == "ok"
    assert told["older releases"]["state"] == "warn"
    assert old.release_id in told["older releases"]["found"]
    assert patient.incidents() == incidents


def test_torn_ends_are_cut_off(patient: Patient) -> None:
    warc = patient.home / "archive" / "suar-20260904-run-00000.warc.gz"
    whole = gzip.compress(b"WARC/1.1\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n")
    warc.write_bytes(whole + whole[:20])
    warc.with_name(f"{warc.name}.open").touch()
    (patient.home / "reviews").mkdir(exist_ok=True)
    (patient.home / "reviews" / "reviews.jsonl").write_text('{"review_id": "rev_')
    told = patient.doctor("--repair")
    assert told["repaired: archive"]["found"] == f"{warc.name}: 20 torn bytes cut off"
    assert told["repaired: decisions"]["next_step"] == "decide again"
    assert warc.read_bytes() == whole


def test_only_verify_reads_the_archive(patient: Patient) -> None:
    (texts,) = (patient.home / "archive").glob("texts-*.jsonl.gz")
    damaged(texts)
    assert "archive contents" not in patient.doctor()
    told = patient.doctor("--verify", code=1)["archive contents"]
    assert (told["state"], told["found"].partition(":")[0]) == ("bad", texts.name)


def test_what_others_hold_is_not_mended(
    patient: Patient, capsys: pytest.CaptureFixture[str]
) -> None:
    with other_process(HOLD_HOME, patient.home):
        told = call(capsys, "doctor", "--repair", "--home", patient.home)
        assert (told.code, "suar run" in told.err) == (1, True)
    with other_process(HOLD_FILE, patient.home / "warehouse.duckdb"):
        told = call(capsys, "doctor", "--repair", "--home", patient.home)
        assert (told.code, "is held by" in told.err) == (1, True)
    assert not (patient.home / "broken").exists()
    told = call(capsys, "doctor", "--repair", "--home", patient.home / "none")
    assert told.code == 2
