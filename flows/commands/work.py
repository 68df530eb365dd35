"""Commands that start a run: demo, run, ingest, backfill, rebuild, publish."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from flows.console import PLAIN, Common, Screen, number, table
from flows.problems import Exit, Problem, UsageProblem, near
from flows.runs import UNCHANGED, Progress, RunReport
from flows.settings import DEFAULT_HOME, Settings

_INGEST_FLAGS = ("--home", "--json", "--quiet", "--no-color", "--debug", "--no-prefect")
MAX_PROCESSES = 64
DEMO_HOME = DEFAULT_HOME / "demo"
Prefect = Annotated[
    bool | None, Parameter(help="Run inside a Prefect flow; without it the same steps run alone.")
]


def _started(
    common: Common, settings: Settings, begin: Callable[[Settings, Progress], RunReport]
) -> RunReport:
    with common.screen.progress() as progress:
        return begin(settings, progress)


def demo(*, common: Common = PLAIN, prefect: Prefect = None) -> Exit:
    """Crawl the invented sample outlets over loopback, run every stage, publish, show what came out.

    Everything lands in a home of its own (./data/demo); nothing leaves this machine.
    """
    from flows import launch
    from flows.commands import ask

    settings = common.settings(prefect=prefect)
    if settings.home == DEFAULT_HOME:  # nobody has named a home
        settings = settings.model_copy(update={"home": DEMO_HOME})
    _refuse_mixing(settings)
    report = _started(common, settings, lambda s, progress: launch.demo(s, progress=progress))
    screen = common.screen
    if screen.as_json:
        shown = ask.demo_document(settings)
        screen.document({**report.model_dump(mode="json"), **shown})
        return report.exit_code
    show_report(screen, report)
    ask.show_demo(screen, settings)
    return report.exit_code


def _refuse_mixing(settings: Settings) -> None:
    """Raise when the home holds real data: invented incidents must never stand among them."""
    from flows import sample

    if settings.warehouse.exists() and not sample.is_demo(settings):
        raise Problem(
            f"{settings.home} holds data of real runs; the demonstration would mix invented ones in",
            "leave --home out, or name another folder",
        )


def run(
    *,
    common: Common = PLAIN,
    source: Annotated[
        list[str] | None, Parameter(help="Only this source; may be given several times.")
    ] = None,
    since: Annotated[
        dt.date | None, Parameter(help="Also fetch articles published since this day (YYYY-MM-DD).")
    ] = None,
    prefect: Prefect = None,
) -> Exit:
    """One daily run: crawl the enabled sources, process, link, publish. Safe to repeat."""
    from flows import launch

    settings = common.settings(prefect=prefect)
    report = _started(
        common,
        settings,
        lambda s, progress: launch.daily(s, sources=source or (), since=since, progress=progress),
    )
    return _ended(common, report)


def ingest(
    *paths: Annotated[
        str,
        Parameter(allow_leading_hyphen=True, help="Files or folders; - is standard input."),
    ],
    common: Common = PLAIN,
    prefect: Prefect = None,
) -> Exit:
    """Read files through the same pipeline: .jsonl, .html, .warc, .txt, folders; ``-`` is standard input.

    A line of JSON holds url, title, text or html, and optionally published_at, outlet, language.
    """
    from flows import launch

    if not paths:
        raise UsageProblem("nothing to ingest", "name files or folders, or - for standard input")
    for path in paths:  # to let a lone hyphen through, all that begins with one comes in here
        if path.startswith("-") and path != "-" and not Path(path).exists():
            raise UsageProblem(f"Unknown option: {path}", near(path, _INGEST_FLAGS))
    settings = common.settings(prefect=prefect)
    report = _started(
        common, settings, lambda s, progress: launch.ingest(s, paths, progress=progress)
    )
    return _ended(common, report)


def backfill(
    *paths: Annotated[Path, Parameter(help="WARC files, or folders of them.")],
    common: Common = PLAIN,
    from_: Annotated[
        dt.date | None, Parameter(name="--from", help="First day of the articles (YYYY-MM-DD).")
    ] = None,
    to: Annotated[dt.date | None, Parameter(help="Last day of the articles.")] = None,
    source: Annotated[
        list[str] | None, Parameter(help="Only this source; may be given several times.")
    ] = None,
    processes: Annotated[
        int | None, Parameter(help="Files that are read beside each other; default: workers.")
    ] = None,
    dask: Annotated[
        str | None, Parameter(help="Have a Dask cluster work: the address of its scheduler.")
    ] = None,
    prefect: Prefect = None,
) -> Exit:
    """Past days, from archive files of all the news (WARC, such as CC-NEWS): what is off topic is dropped unread.

    Each file is one shard: begun again after a stop, loaded once. Without files the sources are asked for the days,
    as far as their indexes, searches and sitemaps reach. Then link and publish.
    """
    from flows import harvest, launch

    if processes is not None and not 1 <= processes <= MAX_PROCESSES:
        raise UsageProblem(
            f"--processes {processes} is not between 1 and {MAX_PROCESSES}", "name another number"
        )
    settings = common.settings(prefect=prefect)
    choice = harvest.Choice(
        paths, from_, to, tuple(source or ()), processes or settings.workers, dask
    )
    harvest.sources_for(settings, choice)
    report = _started(
        common, settings, lambda s, progress: launch.backfill(s, choice, progress=progress)
    )
    return _ended(common, report)


def rebuild(
    *,
    common: Common = PLAIN,
    from_: Annotated[
        str,
        Parameter(name="--from", help="First stage to do again: articles, mentions, incidents."),
    ] = "articles",
    prefect: Prefect = None,
) -> Exit:
    """Derive everything again from the archive with today's code and models; show what changed and why."""
    from flows import launch
    from flows.commands import ask

    stages: dict[str, Any] = {name: name for name in ("articles", "mentions", "incidents")}
    if from_ not in stages:
        raise UsageProblem(f"no stage is called {from_}", near(from_, stages))
    settings = common.settings(prefect=prefect)
    report = _started(
        common,
        settings,
        lambda s, progress: launch.rebuild(s, from_stage=stages[from_], progress=progress),
    )
    if not common.json and report.changes:
        ask.show_changes(common.screen, settings, report.run_id)
    ended = _ended(common, report)
    if report.release and report.release_note == UNCHANGED and not report.changes:
        common.screen.print("nothing changed: what was derived again is what the release holds")
    return ended


def publish(
    *,
    common: Common = PLAIN,
    force: Annotated[
        bool, Parameter(negative=(), help="Make a release even when nothing has changed.")
    ] = False,
    prefect: Prefect = None,
) -> Exit:
    """Publish a release of what the warehouse holds; a failed check leaves the last one current."""
    from flows import launch

    settings = common.settings(prefect=prefect)
    report = _started(
        common, settings, lambda s, progress: launch.publish(s, force=force, progress=progress)
    )
    return _ended(common, report)


def _ended(common: Common, report: RunReport) -> Exit:
    if common.json:
        common.screen.document(report.model_dump(mode="json"))
    else:
        show_report(common.screen, report)
    return report.exit_code


def show_report(screen: Screen, report: RunReport) -> None:
    """Print what a run did, for people."""
    seconds = (report.finished_at - report.started_at).total_seconds()
    screen.print(f"{report.kind} for {report.day}: {report.state} in {seconds:.0f} s", style="bold")
    if report.sources:
        screen.print(
            table(
                ("source", "state", "listed", "fetched", "detail"),
                (
                    (
                        s.source_id,
                        s.state,
                        number(s.n_listed),
                        number(s.n_fetched),
                        s.detail or None,
                    )
                    for s in report.sources
                ),
                right=("listed", "fetched"),
                wrap=("detail",),
            )
        )
    rows = [(name.replace("_", " "), number(value)) for name, value in report.counts.items()]
    rows += [(f"rejected, {name}", number(value)) for name, value in report.rejections.items()]
    rows += [(f"addresses {name}", number(value)) for name, value in report.fetch_states.items()]
    rows += [(f"incidents {name}", number(value)) for name, value in report.changes.items()]
    screen.print(table(("what", "n"), rows, right=("n",)))
    for text in report.rejected:
        screen.print(f"  not taken: {text}", style="yellow")
    for text in report.alarms:
        screen.print(f"  alarm: {text}", style="yellow")
    for text in report.problems:
        screen.print(f"  problem: {text}", style="red")
    screen.print(f"release: {report.release or 'none'} {report.release_note}".rstrip())
