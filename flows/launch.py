"""Start a run from the command line: inside its Prefect flow, or the same steps without it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from flows import plans, runs, sessions, steps
from flows.clock import now
from flows.problems import Problem
from flows.runs import Progress, RunReport
from flows.settings import Settings, prepare_prefect


@contextmanager
def _prefect(settings: Settings, progress: Progress) -> Iterator[None]:
    """Run the block with Prefect set up inside the home and the progress passed on to the flow.

    Raises ``Problem`` when Prefect itself cannot start; errors of the run stay as they are.
    """
    prepare_prefect(settings.home)
    progress("start", 0, None)  # Prefect's own start takes most of the first half minute
    try:
        with runs.listening(progress):
            yield
    except (ImportError, RuntimeError) as error:
        if isinstance(error, ImportError) or "Prefect API" in str(error):
            raise Problem(
                f"Prefect could not start: {str(error).splitlines()[0]}",
                "run again with --no-prefect, which takes the same steps without it",
            ) from error
        raise


def daily(
    settings: Settings,
    *,
    sources: Sequence[str] = (),
    since: dt.date | None = None,
    progress: Progress = runs.quiet,
) -> RunReport:
    """Return the report of a daily run."""
    if settings.prefect:
        with _prefect(settings, progress):
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
        with _prefect(settings, progress):
            from flows.ingest import ingest as flow

            return flow(paths=list(paths), home=str(settings.home))
    known = sessions.sources_of(settings)
    with sessions.session("ingest", settings, known, progress) as run:
        plans.ingest(run, steps, paths=paths)
    return run.report(now())


def rebuild(
    settings: Settings, *, from_stage: plans.Stage = "articles", progress: Progress = runs.quiet
) -> RunReport:
    """Return the report of deriving everything again."""
    if settings.prefect:
        with _prefect(settings, progress):
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
        with _prefect(settings, progress):
            from flows.publish import publish as flow

            return flow(home=str(settings.home), force=force)
    with sessions.session("publish", settings, {}, progress) as run:
        plans.publish(run, steps, force=force)
    return run.report(now())


def demo(settings: Settings, *, progress: Progress = runs.quiet) -> RunReport:
    """Return the report of a daily run over the sample outlets."""
    from flows import sample

    if settings.prefect:
        with _prefect(settings, progress):
            from flows.demo import demo as flow

            return flow(home=str(settings.home))
    settled = sample.demo_settings(settings)
    with (
        sample.served() as crawl_settings,
        sessions.session("demo", settled, sample.sources(), progress) as run,
    ):
        plans.daily(run, steps, since=sample.FIRST_DAY, crawl_settings=crawl_settings)
    return run.report(now())
