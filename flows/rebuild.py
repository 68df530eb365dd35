"""Deriving everything again, with today's code and models, as a Prefect flow."""

from __future__ import annotations

from prefect import flow

from flows import plans, runs, sessions, settings, tasks
from flows.runs import RunReport


@flow(name="suar-rebuild", persist_result=False)
def rebuild(home: str | None = None, from_stage: plans.Stage = "articles") -> RunReport:
    """Return the report of deriving everything from a stage on; nothing is fetched."""
    settled = settings.load({"home": home})
    sources = sessions.sources_of(settled)
    with sessions.session("rebuild", settled, sources, runs.listener()) as run:
        plans.rebuild(run, tasks, tasks.bar(run), from_stage=from_stage)
    return tasks.shown(run)
