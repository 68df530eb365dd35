"""The daily run as a Prefect flow."""

from __future__ import annotations

import datetime as dt

from prefect import flow

from flows import plans, runs, sessions, settings, tasks
from flows.runs import RunReport


@flow(name="suar-daily", persist_result=False)
def daily(
    home: str | None = None,
    day: dt.date | None = None,
    since: dt.date | None = None,
    sources: list[str] | None = None,
) -> RunReport:
    """Return the report of one daily run; days missed since the last one are filled."""
    settled = settings.load({"home": home, "day": day})
    chosen = sessions.chosen(settled, sources or ())
    with sessions.session("daily", settled, chosen, runs.listener()) as run:
        plans.daily(run, tasks, tasks.bar(run), since=since)
    return tasks.shown(run)
