"""The history of the sources: what each run and check found of them, and how they stand by it.

One JSON object a line in the home, appended and forced to disk, never altered. It outlives the warehouse, so a
rebuild forgets no quarantine. `flows/watch.py` judges; this module reads and writes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from flows import ledger, watch
from flows.clock import now
from flows.runs import Run, SourceOutcome
from flows.settings import Settings
from flows.watch import Finding, SourceDay, Standing
from pipeline.records import Fetch, Source

if TYPE_CHECKING:
    from warehouse.store import Store

UTC_PLUS_7 = dt.timedelta(hours=7)
MIN_SOURCES = 5
OFFLINE = "hardly a server could be reached: this machine seems to be offline; nothing is held against the sources"


class History:
    """The history file of a home."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, findings: Iterable[Finding]) -> None:
        """Append findings and force them to disk."""
        ledger.append(self.path, [each.model_dump(mode="json") for each in findings])

    def read(self) -> dict[str, list[Finding]]:
        """Return the findings of each source in order; of one run the last, a torn line is passed over."""
        try:
            lines = self.path.read_bytes().splitlines()
        except FileNotFoundError:
            return {}
        found: dict[str, dict[str, Finding]] = {}
        for line in lines:
            try:
                each = Finding.model_validate_json(line)
            except ValidationError:
                continue
            found.setdefault(each.source_id, {})[each.run_id] = each
        return {
            source_id: sorted(own.values(), key=lambda each: each.at)
            for source_id, own in found.items()
        }


def standings(settings: Settings, sources: Mapping[str, Source]) -> dict[str, Standing]:
    """Return how each source stands, by its file and by the history of the home."""
    found = History(settings.source_history).read()
    return {
        source_id: watch.standing(source, found.get(source_id, []))
        for source_id, source in sources.items()
    }


def begins(
    run: Run, since: dt.date, *, reach: dt.timedelta, earliest: dt.date
) -> dict[str, dt.date]:
    """Return the sources that were not well of late, with the day from which they are read again."""
    found = {
        source_id: watch.since_of(standing, since, reach=reach, earliest=earliest)
        for source_id, standing in standings(run.settings, run.sources).items()
    }
    return {source_id: first for source_id, first in found.items() if first < since}


def excuse(run: Run, fetches: Sequence[Fetch], *, broke_off: bool) -> str:
    """Return why the failures of a crawl are none of the sources; empty when they are.

    When more than half of the sources were not reached at all, it is our line that is down. Of fewer than
    ``MIN_SOURCES`` that says nothing, so others are tried for a connection.
    """
    if broke_off:
        return "the crawl broke off"
    reached = {each.source_id for each in fetches if each.status is not None}
    lost = {each.source_id for each in fetches} - reached
    if not lost or len(lost) <= len(run.sources) / 2:
        return ""
    if len(run.sources) >= MIN_SOURCES:
        return OFFLINE
    return "" if reached or is_online(run.settings, run.sources) else OFFLINE


def is_online(settings: Settings, tried: Iterable[str]) -> bool:
    """Return whether a host of some source that was not tried takes a connection."""
    from crawlers import probe
    from flows import sessions

    own = set(tried)
    others = (
        source.hosts[0]
        for source in sessions.catalogue(settings).values()
        if source.enabled and source.source_id not in own
    )
    return probe.is_online(others)


def look(run: Run, store: Store) -> None:
    """Judge the sources that the run has crawled and add what was found to the history."""
    history = History(run.settings.source_history)
    first = run.day - dt.timedelta(days=watch.MEMORY_DAYS)
    days = _days(store.source_health(first), history.read())
    at = now()
    run.alarms.clear()
    findings = []
    for outcome in run.outcomes:
        if run.excuse and outcome.state != "ok":
            continue
        today = _today(run, outcome, days.get(outcome.source_id, []))
        earlier = [each for each in days.get(outcome.source_id, []) if each.day < today.day]
        alarms = watch.alarms([*earlier, today], at)
        findings.append(
            Finding(
                at=at,
                day=run.day,
                run_id=run.run_id,
                origin="run",
                source_id=outcome.source_id,
                state=outcome.state,
                detail=outcome.detail,
                n_listed=outcome.n_listed,
                newest_at=today.newest_at,
                alarms=tuple(alarms),
            )
        )
        # That a source is down, the run has told as a problem.
        run.alarms += [
            f"{outcome.source_id}: {alarm.trouble}: {alarm.found}"
            for alarm in alarms
            if alarm.trouble != "down"
        ]
    history.add(findings)


def _days(
    rows: Sequence[Mapping[str, Any]], known: Mapping[str, Sequence[Finding]]
) -> dict[str, list[SourceDay]]:
    """Return the days of each source in order, with what its lists told of their newest item."""
    newest = {
        (each.source_id, each.day): each.newest_at
        for own in known.values()
        for each in own
        if each.newest_at is not None
    }
    found: dict[str, list[SourceDay]] = {}
    for row in rows:
        told = {key: value for key, value in row.items() if key in SourceDay.model_fields}
        day = SourceDay(
            **{**told, "detail": row["fault"] or ""},
            newest_at=newest.get((row["source_id"], row["day"])),
        )
        found.setdefault(day.source_id, []).append(day)
    for days in found.values():
        days.sort(key=lambda each: each.day)
    return found


def _today(run: Run, outcome: SourceOutcome, days: Sequence[SourceDay]) -> SourceDay:
    """Return the day of the run: its own verdict on the lists beats what the day's requests add up to."""
    begun = (run.started_at + UTC_PLUS_7).date()  # days of the coverage
    newest_at = run.newest.get(outcome.source_id)
    held = [each for each in days if each.day >= begun]
    if not held:
        return SourceDay(
            source_id=outcome.source_id,
            day=begun,
            state=outcome.state,
            detail=outcome.detail,
            n_listed=outcome.n_listed,
            n_fetched=outcome.n_fetched,
            newest_at=newest_at,
        )
    today = max(
        held, key=lambda each: each.n_listed
    )  # a run over midnight has read lists on one side
    changed: dict[str, object] = {"newest_at": newest_at}
    if outcome.state != "ok":
        changed |= {"state": outcome.state, "detail": outcome.detail}
    return today.model_copy(update=changed)
