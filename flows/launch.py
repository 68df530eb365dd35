"""Start a run from the command line: inside its Prefect flow, or the same steps without it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flows import lock, plans, runs, sessions, steps
from flows.clock import now
from flows.ledger import Ledger
from flows.logs import summary
from flows.problems import Problem
from flows.runs import Kind, Progress, RunReport
from flows.settings import Settings, prepare_prefect
from warehouse.errors import StoreError

if TYPE_CHECKING:
    from flows.harvest import Choice


@contextmanager
def _prefect(kind: Kind, settings: Settings, progress: Progress) -> Iterator[None]:
    """Run the block with Prefect set up inside the home and the progress passed on to the flow.

    The home is held before Prefect starts, which takes most of the first half minute: two runs never start
    a server each, and the second is told at once. Raises ``Problem`` when Prefect fails before the run has
    begun; errors of the run stay as they are.
    """
    with lock.hold(settings.home, f"suar {kind}"):
        prepare_prefect(settings.home)
        n_known = len(Ledger(settings.ledger).entries())
        progress("start", 0, None)
        try:
            with runs.listening(progress):
                yield
        except (Problem, StoreError):
            raise
        except Exception as error:
            if len(Ledger(settings.ledger).entries()) > n_known:
                raise
            raise Problem(
                f"Prefect could not start: {summary(error)}",
                "run again with --no-prefect, which takes the same steps without it",
            ) from error


def daily(
    settings: Settings,
    *,
    sources: Sequence[str] = (),
    since: dt.date | None = None,
    progress: Progress = runs.quiet,
) -> RunReport:
    """Return the report of a daily run."""
    if settings.prefect:
        with _prefect("daily", settings, progress):
            from flows.daily import daily as flow

            return flow(
                home=str(settings.home), day=settings.day, since=since, sources=list(sources)
            )
    chosen = sessions.chosen(settings, sources)
    with sessions.session("daily", settings, chosen, progress) as run:
        plans.daily(run, steps, since=since)
    return run.report(now())


def ingest(
    settings: Settings, paths: Sequence[str], *, progress: Progress = runs.quiet
) -> RunReport:
    """Return the report of reading files into the home."""
    if settings.prefect:
        with _prefect("ingest", settings, progress):
            from flows.ingest import ingest as flow

            return flow(paths=list(paths), home=str(settings.home))
    known = sessions.sources_of(settings)
    with sessions.session("ingest", settings, known, progress) as run:
        plans.ingest(run, steps, paths=paths)
    return run.report(now())


def backfill(settings: Settings, choice: Choice, *, progress: Progress = runs.quiet) -> RunReport:
    """Return the report of reading archive files of past days, or of crawling for them."""
    if settings.prefect:
        with _prefect("backfill", settings, progress):
            from flows.backfill import backfill as flow

            return flow(
                paths=[str(path) for path in choice.paths],
                since=choice.since,
                until=choice.until,
                sources=list(choice.only),
                processes=choice.processes,
                dask=choice.dask,
                home=str(settings.home),
            )
    from flows import harvest

    sources = harvest.sources_for(settings, choice)
    with sessions.session("backfill", settings, sources, progress) as run:
        plans.backfill(run, steps, choice=choice)
    return run.report(now())


def rebuild(
    settings: Settings, *, from_stage: plans.Stage = "articles", progress: Progress = runs.quiet
) -> RunReport:
    """Return the report of deriving everything again."""
    if settings.prefect:
        with _prefect("rebuild", settings, progress):
            from flows.rebuild import rebuild as flow

            return flow(home=str(settings.home), from_stage=from_stage)
    known = sessions.sources_of(settings)
    with sessions.session("rebuild", settings, known, progress) as run:
        plans.rebuild(run, steps, from_stage=from_stage)
    return run.report(now())


def publish(
    settings: Settings, *, force: bool = False, progress: Progress = runs.quiet
) -> RunReport:
    """Return the report of publishing a release."""
    if settings.prefect:
        with _prefect("publish", settings, progress):
            from flows.publish import publish as flow

            return flow(home=str(settings.home), force=force)
    with sessions.session("publish", settings, {}, progress) as run:
        plans.publish(run, steps, force=force)
    return run.report(now())


def demo(settings: Settings, *, progress: Progress = runs.quiet) -> RunReport:
    """Return the report of a daily run over the sample outlets."""
    from flows import sample

    if settings.prefect:
        with _prefect("demo", settings, progress):
            from flows.demo import demo as flow

            return flow(home=str(settings.home))
    settled = sample.demo_settings(settings)
    with (
        sample.served() as crawl_settings,
        sessions.session("demo", settled, sample.sources(), progress) as run,
    ):
        plans.daily(run, steps, since=sample.FIRST_DAY, crawl_settings=crawl_settings)
    return run.report(now())
