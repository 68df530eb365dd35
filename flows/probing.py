"""Try the sources out on request and write down what was found: `suar sources check`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pydantic import Field

from flows import lock, runs, sessions, watch, watching
from flows.clock import now
from flows.problems import Problem
from flows.runs import Progress
from flows.settings import Settings
from flows.watch import Finding
from pipeline.records import Fetch, Record, Source

if TYPE_CHECKING:
    from crawlers.settings import CrawlSettings

KIND = "check"
CLOSED = frozenset({"disabled", "opted out"})


class Checked(Record):
    """How a source answered, and how it stands since."""

    source_id: str
    name: str
    country: str
    asked: bool = Field(description="Closed sources and those without a list are not asked.")
    state: str
    standing: str
    detail: str = ""
    n_listed: int = 0
    n_articles: int = 0
    newest_at: dt.datetime | None = None
    lists: tuple[Mapping[str, object], ...] = ()

    @property
    def failed(self) -> bool:
        """Whether it was asked and did not work."""
        return self.asked and self.state != "ok"


def check(
    settings: Settings,
    ids: Sequence[str] = (),
    progress: Progress = runs.quiet,
    crawl_settings: CrawlSettings | None = None,
) -> list[Checked]:
    """Return how the sources answer: those named, or all that are not closed; the history holds it afterwards.

    Raises ``Problem`` when this machine is offline: then nothing is written down. Raises ``Busy`` while a run
    holds the home, since both would ask the same hosts.
    """
    from crawlers import probe
    from crawlers.settings import CrawlSettings

    limits = crawl_settings or CrawlSettings(contact=settings.contact)
    known = sessions.chosen(settings, ids) if ids else sessions.catalogue(settings)
    asked = {key: each for key, each in known.items() if _has_lists(each)}
    if not ids:
        asked = {key: each for key, each in asked.items() if each.standing not in CLOSED}
    at = now()
    day = settings.today(at)
    run_id = runs.new_run_id(KIND, at)
    n_ended = 0

    def told(fetch: Fetch) -> None:
        nonlocal n_ended
        n_ended += fetch.kind != "robots"
        progress("check", n_ended, None)

    history = watching.History(settings.source_history)
    with lock.hold(settings.home, "suar sources check"):
        settings.logs.mkdir(parents=True, exist_ok=True)
        probes = probe.probe(
            list(asked.values()),
            run_id=run_id,
            settings=limits.model_copy(update={"log_file": settings.logs / f"{run_id}.crawl.log"}),
            now=at,
            day=day,
            on_event=told,
        )
        _refuse_offline(settings, asked, [each.reached for each in probes])
        history.add(
            Finding(
                at=at,
                day=day,
                run_id=run_id,
                origin="check",
                source_id=each.source_id,
                state=each.state,
                detail=each.detail,
                n_listed=each.n_listed,
                newest_at=each.newest_at,
            )
            for each in probes
        )
    found = history.read()
    answers = {each.source_id: each for each in probes}
    rows = []
    for source_id, source in known.items():
        row = Checked(
            source_id=source_id,
            name=source.name,
            country=source.country,
            asked=source_id in answers,
            state="not asked",
            standing=watch.standing(source, found.get(source_id, [])).state,
            detail="" if _has_lists(source) else "describes no list",
        )
        answer = answers.get(source_id)
        if answer is not None:
            told_of = answer.model_dump(mode="json", include={"lists"})
            row = row.model_copy(
                update={
                    "state": answer.state,
                    "detail": answer.detail,
                    "n_listed": answer.n_listed,
                    "n_articles": answer.n_articles,
                    "newest_at": answer.newest_at,
                    "lists": tuple(told_of["lists"]),
                }
            )
        rows.append(row)
    return rows


def _has_lists(source: Source) -> bool:
    return bool(source.feeds or source.sitemaps or source.listings)


def _refuse_offline(
    settings: Settings, asked: Mapping[str, Source], reached: Sequence[bool]
) -> None:
    """Raise when nobody was reached and nobody else is either."""
    if not asked or any(reached):
        return
    if len(asked) >= watching.MIN_SOURCES or not watching.is_online(settings, asked):
        raise Problem(
            "no server answered at all: this machine seems to be offline; nothing was written down",
            "check the connection, then run the check again",
        )
