from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from flows.ledger import Entry, Ledger

AT = dt.datetime(2026, 9, 4, 21, tzinfo=dt.UTC)


def entry(run_id: str, state: Any, day: str = "2026-09-04", **fields: Any) -> Entry:
    values = {"at": AT, "run_id": run_id, "kind": "daily", "day": day, "state": state, **fields}
    return Entry.model_validate(values)


def test_a_ledger_gives_back_what_was_added(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "home" / "ledger.jsonl")
    told = [entry("a", "begun"), entry("a", "done", counts={"articles": 3}, detail="ünïcode")]
    for item in told:
        ledger.add(item)
    assert ledger.entries() == told
    assert ledger.n_torn == 0


def test_a_torn_line_is_counted_and_costs_no_other(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    ledger.add(entry("a", "begun"))
    with ledger.path.open("ab") as file:
        file.write(b'{"at": "2026-09-04T21:00')
    ledger.add(entry("b", "begun"))
    assert [item.run_id for item in ledger.entries()] == ["a", "b"]
    assert ledger.n_torn == 1


def test_only_a_finished_run_covers_its_day(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    assert ledger.last_day() is None
    ledger.add(entry("a", "partial", "2026-09-02"))
    ledger.add(entry("b", "failed", "2026-09-03"))
    ledger.add(entry("c", "done", "2026-09-04", stage="crawl"))
    ledger.add(entry("d", "done", "2026-09-05", kind="ingest"))
    assert ledger.last_day() == dt.date(2026, 9, 2)


def test_runs_that_never_ended_are_named(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    for run_id, state in (
        ("a", "begun"),
        ("b", "begun"),
        ("a", "done"),
        ("c", "begun"),
        ("c", "failed"),
    ):
        ledger.add(entry(run_id, state))
    assert ledger.unfinished() == ["b"]
