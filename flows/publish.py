"""Publishing what the warehouse holds as a Prefect flow."""

from __future__ import annotations

from prefect import flow

from flows import plans, runs, sessions, settings, tasks
from flows.runs import RunReport


@flow(name="suar-publish", persist_result=False)
def publish(home: str | None = None, force: bool = False) -> RunReport:
    """Return the report of publishing; ``force`` makes a release even when nothing changed."""
    settled = settings.load({"home": home})
    with sessions.session("publish", settled, {}, runs.listener()) as run:
        plans.publish(run, tasks, tasks.bar(run), force=force)
    return tasks.shown(run)
