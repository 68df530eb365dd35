"""The run ledger: what was begun, what was finished, and with which counts.

One JSON object a line in the home, appended and forced to disk. It, and not the memory of an orchestrator,
knows which days were monitored; a line torn by a crash is passed over and counted.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from pipeline.records import Record

State = Literal["begun", "done", "partial", "failed"]
FINISHED: tuple[State, ...] = ("done", "partial")


class Entry(Record):
    """One line: a run, or one stage of it, and how far it came."""

    at: dt.datetime
    run_id: str
    kind: str
    day: dt.date
    stage: str = "run"
    state: State
    counts: Mapping[str, int] = {}
    detail: str = ""


class Ledger:
    """The ledger file of a home."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.n_torn = 0

    def add(self, entry: Entry) -> None:
        """Append one entry and force it to disk."""
        append(self.path, [entry.model_dump(mode="json")])

    def entries(self) -> list[Entry]:
        """Return all entries in order; ``n_torn`` tells how many lines could not be read."""
        self.n_torn = 0
        try:
            lines = self.path.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        found = []
        for line in lines:
            if not line.strip():
                continue
            try:
                found.append(Entry.model_validate_json(line))
            except ValidationError:
                self.n_torn += 1
        return found

    def last_day(self, kind: str = "daily") -> dt.date | None:
        """Return the last day that a run of this kind finished, None when there was none."""
        days = [
            entry.day
            for entry in self.entries()
            if entry.kind == kind and entry.stage == "run" and entry.state in FINISHED
        ]
        return max(days, default=None)

    def begun(self) -> list[Entry]:
        """Return the beginnings of the runs that never told of an end, oldest first."""
        open_runs: dict[str, Entry] = {}
        for entry in self.entries():
            if entry.stage != "run":
                continue
            if entry.state == "begun":
                open_runs[entry.run_id] = entry
            else:
                open_runs.pop(entry.run_id, None)
        return list(open_runs.values())

    def unfinished(self) -> list[str]:
        """Return the ids of the runs that began and never told of an end, oldest first."""
        return [entry.run_id for entry in self.begun()]


def append(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add a line of JSON per row to the file and force them to disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    with path.open("ab+") as file:
        if file.tell() and not _ends_with_newline(file):
            file.write(b"\n")  # a line torn by a crash must not swallow this one
        file.write(lines.encode())
        file.flush()
        os.fsync(file.fileno())


def _ends_with_newline(file: Any) -> bool:
    file.seek(-1, os.SEEK_END)
    return bool(file.read(1) == b"\n")
