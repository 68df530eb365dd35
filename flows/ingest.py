"""Reading handed-in files as a Prefect flow."""

from __future__ import annotations

from prefect import flow

from flows import plans, runs, sessions, settings, tasks
from flows.runs import RunReport


@flow(name="suar-ingest", persist_result=False)
def ingest(paths: list[str], home: str | None = None) -> RunReport:
    """Return the report of reading the files into the home."""
    settled = settings.load({"home": home})
    sources = sessions.sources_of(settled)
    with sessions.session("ingest", settled, sources, runs.listener()) as run:
        plans.ingest(run, tasks, tasks.bar(run), paths=paths)
    return tasks.shown(run)
