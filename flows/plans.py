"""Which steps a run consists of, in order: the table of contents of each flow.

``do`` is where the steps come from: ``flows.steps`` itself, or ``flows.tasks``, which runs the same steps
as Prefect tasks. ``step`` is called behind each of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal, Protocol

from flows.runs import Run

if TYPE_CHECKING:
    from crawlers.settings import CrawlSettings
    from flows.harvest import Choice

Stage = Literal["articles", "mentions", "incidents"]
N_STAGES = {"daily": 4, "demo": 4, "ingest": 4, "rebuild": 3, "publish": 1, "backfill": 3}


class Steps(Protocol):
    """The steps that a plan puts in order."""

    def crawl(
        self,
        run: Run,
        *,
        since: dt.date | None = None,
        crawl_settings: CrawlSettings | None = None,
    ) -> None:
        """Crawl the sources into the archive."""

    def receive(self, run: Run, paths: Sequence[str]) -> None:
        """Put what was handed in into the archive."""

    def process(self, run: Run, *, everything: bool = False) -> None:
        """Turn the archive into articles and what they say."""

    def ask(self, run: Run, choice: Choice, *, crawl_settings: CrawlSettings | None = None) -> None:
        """Ask the sources for past days."""

    def backfill(self, run: Run, choice: Choice) -> None:
        """Read archive files of past days into the warehouse."""

    def reread(self, run: Run) -> None:
        """Read all held articles anew."""

    def link(self, run: Run) -> None:
        """Link reports into incidents."""

    def publish(self, run: Run, *, force: bool = False) -> None:
        """Publish a release."""


def nothing() -> None:
    """Do nothing behind a step."""


def daily(
    run: Run,
    do: Steps,
    step: Callable[[], None] = nothing,
    *,
    since: dt.date | None = None,
    crawl_settings: CrawlSettings | None = None,
) -> None:
    """Crawl, process, link, publish."""
    do.crawl(run, since=since, crawl_settings=crawl_settings)
    step()
    do.process(run)
    step()
    _link_and_publish(run, do, step)


def ingest(
    run: Run, do: Steps, step: Callable[[], None] = nothing, *, paths: Sequence[str]
) -> None:
    """Receive, process, link, publish."""
    do.receive(run, list(paths))
    step()
    do.process(run)
    step()
    _link_and_publish(run, do, step)


def backfill(
    run: Run,
    do: Steps,
    step: Callable[[], None] = nothing,
    *,
    choice: Choice,
    crawl_settings: CrawlSettings | None = None,
) -> None:
    """Read archive files by shards, those of past days just asked for where none is named; link, publish."""
    if not choice.paths:
        do.ask(run, choice, crawl_settings=crawl_settings)
    do.backfill(run, choice)
    step()
    _link_and_publish(run, do, step)


def rebuild(
    run: Run, do: Steps, step: Callable[[], None] = nothing, *, from_stage: Stage = "articles"
) -> None:
    """Process everything that was ever archived, link, publish; nothing is fetched."""
    if from_stage == "articles":
        do.process(run, everything=True)
    elif from_stage == "mentions":
        do.reread(run)
    step()
    _link_and_publish(run, do, step)


def _link_and_publish(run: Run, do: Steps, step: Callable[[], None]) -> None:
    do.link(run)
    step()
    do.publish(run)
    step()


def publish(
    run: Run, do: Steps, step: Callable[[], None] = nothing, *, force: bool = False
) -> None:
    """Publish what the warehouse holds now."""
    do.publish(run, force=force)
    step()
