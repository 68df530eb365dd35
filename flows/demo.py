"""The demonstration as a Prefect flow: the bundled sample outlets, crawled for real over loopback."""

from __future__ import annotations

from prefect import flow

from flows import plans, runs, sample, sessions, settings, tasks
from flows.runs import RunReport


@flow(name="suar-demo", persist_result=False)
def demo(home: str | None = None) -> RunReport:
    """Return the report of a daily run over the sample outlets."""
    settled = sample.demo_settings(settings.load({"home": home}))
    with (
        sample.served() as crawl_settings,
        sessions.session("demo", settled, sample.sources(), runs.listener()) as run,
    ):
        plans.daily(
            run, tasks, tasks.bar(run), since=sample.FIRST_DAY, crawl_settings=crawl_settings
        )
    return tasks.shown(run)
