"""One run: what it works on, what it tells while it goes on, and the report it ends with."""

from __future__ import annotations

import datetime as dt
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from pydantic import Field

from flows.ledger import Entry, Ledger
from flows.ledger import State as EntryState
from flows.logs import LOGGER
from flows.problems import Exit
from flows.settings import Settings
from pipeline.records import Record, Source

Kind = Literal["daily", "ingest", "rebuild", "publish", "demo", "backfill"]
UNCHANGED = "(unchanged)"
"""What a report notes of a release that holds all that the run has found."""
Progress = Callable[[str, int, int | None], None]
"""Called with a stage, how much of it is done, and how much there is (None when not known)."""


def quiet(stage: str, done: int, total: int | None) -> None:
    """Tell nothing."""


_listeners: list[Progress] = []


@contextmanager
def listening(progress: Progress) -> Iterator[None]:
    """Let runs that begin inside the block tell of their progress here.

    A Prefect flow takes identifiers alone, so what shows the progress cannot be handed to it.
    """
    _listeners.append(progress)
    try:
        yield
    finally:
        _listeners.remove(progress)


def listener() -> Progress:
    """Return who listens at present; nobody in a scheduled run."""
    return _listeners[-1] if _listeners else quiet


class SourceOutcome(Record):
    """How one source did in a run."""

    source_id: str
    state: str
    detail: str = ""
    n_listed: int = 0
    n_fetched: int = 0


class RunReport(Record):
    """What a run did. Every input is counted once: it became an article, was known, or was rejected."""

    run_id: str
    kind: Kind
    day: dt.date
    started_at: dt.datetime
    finished_at: dt.datetime
    state: Literal["done", "partial", "failed"]
    counts: Mapping[str, int] = {}
    rejections: Mapping[str, int] = Field(
        default={}, description="Rejected records by stage and reason."
    )
    rejected: tuple[str, ...] = Field(
        default=(), description="The first rejected inputs, each with its place and cause."
    )
    fetch_states: Mapping[str, int] = Field(
        default={}, description="Requested article addresses by state."
    )
    sources: tuple[SourceOutcome, ...] = ()
    alarms: tuple[str, ...] = Field(
        default=(),
        description="What is odd about sources that answered, beside their own last weeks.",
    )
    changes: Mapping[str, int] = Field(default={}, description="Incidents by what became of them.")
    release: str | None = None
    release_note: str = ""
    problems: tuple[str, ...] = Field(
        default=(), description="What did not work while the rest went on."
    )

    @property
    def exit_code(self) -> Exit:
        """How the command ends."""
        return {"done": Exit.OK, "partial": Exit.PARTIAL, "failed": Exit.FAILED}[self.state]


@dataclass
class Run:
    """A run in progress: its settings and sources, and what it has found so far."""

    run_id: str
    kind: Kind
    day: dt.date
    started_at: dt.datetime
    settings: Settings
    sources: Mapping[str, Source]
    progress: Progress = quiet
    counts: Counter[str] = field(default_factory=Counter)
    rejections: Counter[str] = field(default_factory=Counter)
    rejected: list[str] = field(default_factory=list)
    fetch_states: Counter[str] = field(default_factory=Counter)
    outcomes: list[SourceOutcome] = field(default_factory=list)
    newest: dict[str, dt.datetime] = field(default_factory=dict)
    excuse: str = ""
    """Why what failed is not the fault of the sources; empty when it is."""
    alarms: list[str] = field(default_factory=list)
    changes: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    release: str | None = None
    release_note: str = ""

    @property
    def ledger(self) -> Ledger:
        """The ledger of the home."""
        return Ledger(self.settings.ledger)

    def note(self, stage: str, state: EntryState, at: dt.datetime, detail: str = "") -> None:
        """Write how far a stage came into ledger and log."""
        self.ledger.add(
            Entry(
                at=at,
                run_id=self.run_id,
                kind=self.kind,
                day=self.day,
                stage=stage,
                state=state,
                counts=dict(self.counts),
                detail=detail,
            )
        )
        LOGGER.info(
            "%s %s",
            stage,
            state,
            extra={"stage": stage, "counts": dict(self.counts), "detail": detail},
        )

    def report(self, finished_at: dt.datetime, *, failed: bool = False) -> RunReport:
        """Return the report of the run as it stands."""
        faults = self.problems or self.rejected or self.alarms
        state: Literal["done", "partial", "failed"] = (
            "failed" if failed else "partial" if faults else "done"
        )
        return RunReport(
            run_id=self.run_id,
            kind=self.kind,
            day=self.day,
            started_at=self.started_at,
            finished_at=finished_at,
            state=state,
            counts=dict(sorted(self.counts.items())),
            rejections=dict(sorted(self.rejections.items())),
            rejected=tuple(self.rejected),
            fetch_states=dict(sorted(self.fetch_states.items())),
            sources=tuple(self.outcomes),
            alarms=tuple(self.alarms),
            changes=dict(sorted(self.changes.items())),
            release=self.release,
            release_note=self.release_note,
            problems=tuple(self.problems),
        )


def new_run_id(kind: str, started_at: dt.datetime) -> str:
    """Return an id that sorts by time and that no two runs share."""
    return f"{started_at:%Y%m%dT%H%M%S}-{kind}-{secrets.token_hex(2)}"
