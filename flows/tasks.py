"""The steps as Prefect tasks, and what a run shows in Prefect's pages: a progress bar and two tables.

Prefect is the clock and the window; what was done is known to our ledger and warehouse alone. So every task
may run twice, none keeps a result, and none is cached.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from prefect import task
from prefect.artifacts import (
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.cache_policies import NO_CACHE

from flows import plans, steps
from flows.clock import now
from flows.problems import Problem
from flows.runs import Run, RunReport
from warehouse.errors import StoreError

if TYPE_CHECKING:
    from crawlers.settings import CrawlSettings
    from flows.harvest import Choice

RETRY_DELAY_S = 5


def _may_heal(_task: Any, _run: Any, state: Any) -> bool:
    """Whether another try may help: not where a person has to act first."""
    try:
        state.result()
    except (Problem, StoreError):
        return False
    except Exception:
        return True
    return False


_AGAIN: dict[str, Any] = {
    "retries": 1,
    "retry_delay_seconds": RETRY_DELAY_S,
    "retry_condition_fn": _may_heal,
    "cache_policy": NO_CACHE,
    "persist_result": False,
}


@task(name="crawl", **_AGAIN)
def crawl(
    run: Run,
    *,
    since: dt.date | None = None,
    crawl_settings: CrawlSettings | None = None,
) -> None:
    """Crawl the sources into the archive."""
    steps.crawl(run, since=since, crawl_settings=crawl_settings)


@task(name="receive", **_AGAIN)
def receive(run: Run, paths: Sequence[str]) -> None:
    """Put what was handed in into the archive."""
    steps.receive(run, paths)


@task(name="process", **_AGAIN)
def process(run: Run, *, everything: bool = False) -> None:
    """Turn the archive into articles and what they say."""
    steps.process(run, everything=everything)


@task(name="ask", **_AGAIN)
def ask(run: Run, choice: Choice, *, crawl_settings: CrawlSettings | None = None) -> None:
    """Ask the sources for past days; their answers lie in the archive afterwards."""
    steps.ask(run, choice, crawl_settings=crawl_settings)


@task(name="backfill", **_AGAIN)
def backfill(run: Run, choice: Choice) -> None:
    """Read archive files of past days into the warehouse; the shards are worked outside Prefect."""
    steps.backfill(run, choice)


@task(name="reread", **_AGAIN)
def reread(run: Run) -> None:
    """Read all held articles anew."""
    steps.reread(run)


@task(name="link", **_AGAIN)
def link(run: Run) -> None:
    """Link reports into incidents."""
    steps.link(run)


@task(name="publish", **_AGAIN)
def publish(run: Run, *, force: bool = False) -> None:
    """Publish a release."""
    steps.publish(run, force=force)


def bar(run: Run) -> Callable[[], None]:
    """Return what moves a new progress bar in Prefect's pages on by one stage."""
    artifact: Any = create_progress_artifact(progress=0.0, description=f"{run.kind} {run.day}")
    stages = itertools.count(1)

    def step() -> None:
        done = 100.0 * next(stages) / plans.N_STAGES[run.kind]
        update_progress_artifact(artifact, progress=min(done, 100.0))

    return step


def shown(run: Run) -> RunReport:
    """Return the report of a run, with its counts and sources put into tables in Prefect's pages."""
    report = run.report(now())
    counts: list[dict[str, Any]] = [
        {"what": name, "n": value} for name, value in report.counts.items()
    ]
    counts += [
        {"what": f"rejected: {name}", "n": value} for name, value in report.rejections.items()
    ]
    counts += [{"what": f"incidents {name}", "n": value} for name, value in report.changes.items()]
    create_table_artifact(
        table=counts or [{"what": "nothing", "n": 0}],
        key=f"suar-{report.kind}-counts",
        description=f"{report.run_id}: {report.state}, release {report.release or 'unchanged'}",
    )
    if report.sources:
        create_table_artifact(
            table=[item.model_dump() for item in report.sources],
            key=f"suar-{report.kind}-sources",
            description=f"Sources of {report.run_id}",
        )
    return report
