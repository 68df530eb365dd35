"""What frames every run: one at a time per home, room on the disk, logs, and an entry in the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flows import lock, logs, runs, steps
from flows.clock import now
from flows.ledger import Entry
from flows.logs import LOGGER, summary
from flows.problems import Problem, UsageProblem, near
from flows.runs import Kind, Progress, Run
from flows.settings import Settings
from pipeline.records import Source

if TYPE_CHECKING:
    from warehouse.tables import Run as StoredRun


@contextmanager
def session(
    kind: Kind,
    settings: Settings,
    sources: Mapping[str, Source] | None = None,
    progress: Progress | None = None,
) -> Iterator[Run]:
    """Yield the run; its end, good or bad, is in the ledger and in the warehouse afterwards.

    Raises ``Busy`` when another run holds the home and ``Problem`` when the disk is nearly full, or when
    real pages would mix with those of a demonstration.
    """
    from flows import sample

    if kind in {"daily", "ingest", "backfill"} and sample.is_demo(settings):
        raise Problem(
            f"{settings.home} holds the invented sample; real pages would mix with it",
            "name another folder with --home",
        )
    started_at = now()
    run = Run(
        run_id=runs.new_run_id(kind, started_at),
        kind=kind,
        day=settings.today(started_at),
        started_at=started_at,
        settings=settings,
        sources=dict(sources or {}),
        progress=progress or runs.quiet,
    )
    with (
        lock.hold(settings.home, f"suar {kind}"),
        logs.written_to(settings.logs, run.run_id, settings.log_level),
    ):
        steps.check_room(run)
        lost = run.ledger.begun()
        run.note("run", "begun", started_at)
        try:
            _close(run, lost)
            _save(run, "begun")
            yield run
        except BaseException as error:
            LOGGER.exception("the run failed")
            run.note("run", "failed", now(), summary(error))
            _try_to_save(run, "failed", summary(error))
            raise
        state = run.report(now()).state
        _save(run, state)
        run.note("run", state, now())


def _close(run: Run, lost: Sequence[Entry]) -> None:
    """Note the end of runs that could not tell of it: nobody else holds the home, so they are gone."""
    for begun in lost:
        LOGGER.warning("an earlier run never ended", extra={"record_id": begun.run_id})
        detail = f"never told of its end; found by {run.run_id}"
        with steps.open_store(run) as store:
            stored = _stored(begun.run_id, begun.kind, begun.at, None, "failed", detail)
            store.save_run(stored, now())
        run.ledger.add(begun.model_copy(update={"at": now(), "state": "failed", "detail": detail}))


def _save(run: Run, state: str, detail: str = "") -> None:
    """Write how the run stands into the warehouse, where analysts see it."""
    at = now()
    finished_at = None if state == "begun" else at
    stored = _stored(run.run_id, run.kind, run.started_at, finished_at, state, detail)
    with steps.open_store(run) as store:
        store.save_run(stored, at)


def _stored(
    run_id: str,
    kind: str,
    started_at: dt.datetime,
    finished_at: dt.datetime | None,
    state: str,
    detail: str,
) -> StoredRun:
    from warehouse.tables import Run as StoredRun

    return StoredRun(
        run_id=run_id,
        kind=kind,
        started_at=started_at,
        finished_at=finished_at,
        state=state,
        detail=detail,
    )


def _try_to_save(run: Run, state: str, detail: str) -> None:
    """Write the failure down where that still works: a full disk or a broken file may be its cause."""
    try:
        _save(run, state, detail)
    except Exception as error:
        LOGGER.error("the failure could not be saved", extra={"detail": summary(error)})


def catalogue(settings: Settings) -> dict[str, Source]:
    """Return all described sources by id.

    Raises ``UsageProblem`` with the first fault of a source file that cannot be read.
    """
    from crawlers import catalog

    try:
        found = catalog.load(settings.sources_dir)
    except catalog.CatalogError as error:
        raise UsageProblem(
            str(error), "correct the source file; `suar sources check` shows all faults"
        ) from error
    return {source.source_id: source for source in found}


def sources_of(settings: Settings) -> dict[str, Source]:
    """Return the sources whose pages may lie in the home: the catalogue's, and a demonstration's."""
    from flows import sample

    return sample.of_home(settings, catalogue(settings))


def chosen(settings: Settings, wanted: Iterable[str] = ()) -> dict[str, Source]:
    """Return the sources to crawl: those that are on and due today, or those asked for by id.

    Raises ``UsageProblem`` for an id that no source has, or for a source that is switched off.
    """
    known = catalogue(settings)
    ids = list(wanted)
    if not ids:
        from flows import watching

        day = settings.today(now())
        found = watching.standings(settings, known)
        return {key: source for key, source in known.items() if found[key].is_crawled(day)}
    for source_id in ids:
        if source_id not in known:
            raise UsageProblem(f"no source is called {source_id}", near(source_id, known))
        if known[source_id].evidence.status == "disabled":
            raise UsageProblem(
                f"source {source_id} is switched off: {known[source_id].evidence.note}",
                "choose another",
            )
    return {source_id: known[source_id] for source_id in ids}
