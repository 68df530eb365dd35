"""Reading archive files of past days as a Prefect flow."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from prefect import flow

from flows import harvest, plans, runs, sessions, settings, tasks
from flows.harvest import Choice
from flows.runs import RunReport


@flow(name="suar-backfill", persist_result=False)
def backfill(
    paths: list[str],
    since: dt.date | None = None,
    until: dt.date | None = None,
    sources: list[str] | None = None,
    processes: int = 1,
    dask: str | None = None,
    home: str | None = None,
) -> RunReport:
    """Return the report of reading the archive files into the home, or of crawling for past days without any."""
    settled = settings.load({"home": home})
    choice = Choice(
        [Path(path) for path in paths], since, until, tuple(sources or ()), processes, dask
    )
    known = harvest.sources_for(settled, choice)
    with sessions.session("backfill", settled, known, runs.listener()) as run:
        plans.backfill(run, tasks, tasks.bar(run), choice=choice)
    return tasks.shown(run)
