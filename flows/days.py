"""The past that sources themselves are asked for, one source and day after the other.

    sources, period -> [Stretch] -> archive/*.warc.gz + backfill/days/<source>-<day>.json

One crawl asks all of them, as a daily run does, so that no host is ever asked faster or by two at once. A receipt is
written when a source-day was gone through and its responses are on disk; a complete one is not asked for again.
`flows.harvest` has the files read as shards.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from crawlers.crawl import LIST_READ, Stretch, Validator, lists_of, past_of
from flows import steps
from pipeline.records import Fetch, FetchState, Record, Source, make_id

if TYPE_CHECKING:
    from crawlers.settings import CrawlSettings
    from flows.harvest import Choice
    from flows.runs import Run

BACKFILL = "backfill"
FOLDER = "days"
COUNTS = frozenset({"source_days", "source_days_known", "source_days_open", "listed", "fetched"})
# An article that keeps failing by itself does not hold its day open for ever.
TRIES = 3
# What is published late is added to the lists of its day; a daily run looks as far back.
SETTLED_AFTER = steps.DEFAULT_REACH
_SETTLED = frozenset({FetchState.FETCHED, FetchState.NOT_MODIFIED})
_MAY_HEAL = frozenset(
    {
        FetchState.CONNECTION_FAILED,
        FetchState.DNS_FAILED,
        FetchState.FAILED,
        FetchState.RATE_LIMITED,
        FetchState.ROBOTS_UNREACHABLE,
        FetchState.SERVER_ERROR,
        FetchState.TIMED_OUT,
        FetchState.TRUNCATED,
    }
)


class Receipt(Record):
    """How a stretch of days was gone through the last time, and where what it brought lies."""

    stretch: Stretch
    asked: str
    tries: int
    complete: bool
    files: tuple[str, ...]
    fetched: tuple[str, ...]
    states: Mapping[str, int]


def ask(run: Run, choice: Choice, *, crawl_settings: CrawlSettings | None = None) -> None:
    """Ask the sources of the run for the days of the choice that no earlier run has brought in whole.

    Lists are read in full, and it is not noted that they were: a "not modified" would hide the past from a later
    run, or the present from the next daily one. What is left open is a problem of the run.
    """
    from crawlers import crawl as crawling

    run.counts.clear()
    run.fetch_states.clear()
    run.outcomes.clear()
    settings = crawl_settings or steps.settings_of_crawl(run)
    wanted = plan(run, choice)
    held = {each.name: _read(run, each) for each in wanted}
    todo = [
        each
        for each in wanted
        if not _is_done(held[each.name], _asked(run.sources[each.source_id], each, settings))
    ]
    run.counts["source_days"] = len(wanted)
    run.counts["source_days_known"] = len(wanted) - len(todo)
    with steps.open_store(run) as store:
        steps.save_missing_fetches(run, store)
        urls = set(store.validators())
        skipped = store.skipped(run.day - steps.MAX_REACH)
    urls.update(url for each in held.values() if each is not None for url in each.fetched)

    def gone_through(stretch: Stretch, fetches: Sequence[Fetch]) -> None:
        before = held[stretch.name]
        asked = _asked(run.sources[stretch.source_id], stretch, settings)
        n_before = before.tries if before is not None and before.asked == asked else 0
        held[stretch.name] = _receipt(run, stretch, fetches, asked=asked, tries=n_before + 1)

    with steps.logged(run) as told:
        result = crawling.crawl(
            list(run.sources.values()),
            archive_dir=run.settings.archive,
            run_id=run.run_id,
            settings=settings,
            validators={url: Validator() for url in urls},
            skipped=skipped,
            day=run.day,
            stretches=todo,
            on_event=told,
            on_stretch=gone_through,
        )
    articles = {fetch.url for fetch in result.fetches if fetch.kind == "article"}
    known = {url: each for url, each in result.validators.items() if url in articles}
    # Those that a run which was killed could not save.
    lost = {url for each in held.values() if each is not None for url in each.fetched} - set(known)
    with steps.open_store(run) as store:
        lost -= set(store.validators())
    steps.take_in(run, result, {**dict.fromkeys(lost, Validator()), **known})
    _tell_open(run, todo, held)


def plan(run: Run, choice: Choice) -> list[Stretch]:
    """Return the stretches of the choice, those of each source together, the latest day first."""
    assert choice.since is not None
    assert choice.until is not None
    last = min(choice.until, run.day)
    return [
        stretch
        for source_id in sorted(run.sources)
        for stretch in past_of(run.sources[source_id], choice.since, last)
    ]


def files(run: Run, choice: Choice) -> list[Path]:
    """Return the files of the archive that hold what was brought in for the choice, unread ones included."""
    held = (_read(run, each) for each in plan(run, choice))
    names = [name for each in held if each is not None for name in each.files]
    return [path for name in names if (path := run.settings.archive / name).exists()]


def _asked(source: Source, stretch: Stretch, settings: CrawlSettings) -> str:
    """Return what changes when the lists of a source, or what is looked for on them, change."""
    lists = lists_of(source, dated=stretch.is_dated)
    told = (each.model_dump_json() for each in lists.listings)
    searches = any("{query" in each.url for each in lists.listings)
    return make_id(
        "asked",
        *lists.sitemaps,
        *told,
        source.article_url,
        *source.hosts,
        settings.titles_first,
        *(settings.queries if searches else ()),
    )


def _is_done(held: Receipt | None, asked: str) -> bool:
    return held is not None and held.complete and held.asked == asked


def _tell_open(run: Run, todo: Sequence[Stretch], held: Mapping[str, Receipt | None]) -> None:
    n_open: Counter[str] = Counter()
    for stretch in todo:
        receipt = held[stretch.name]
        if stretch.last <= run.day - SETTLED_AFTER and not (receipt and receipt.complete):
            n_open[stretch.source_id] += 1
    run.counts["source_days_open"] = sum(n_open.values())
    for source_id, n in sorted(n_open.items()):
        run.problems.append(
            f"source {source_id}: {n} of its days not gone through; give the command again"
        )


# --- receipts ------------------------------------------------------------------------------------------


def _receipt(
    run: Run, stretch: Stretch, fetches: Sequence[Fetch], *, asked: str, tries: int
) -> Receipt:
    """Return the receipt of a stretch that was just gone through; it is on disk afterwards."""
    receipt = Receipt(
        stretch=stretch,
        asked=asked,
        tries=tries,
        complete=stretch.last <= run.day - SETTLED_AFTER and is_whole(fetches, tries),
        # Also those of runs that were killed on the way: nothing that was fetched is lost.
        files=tuple(
            sorted(
                path.name
                for path in run.settings.archive.glob(f"suar-????????-{stretch.name}-?????.warc.gz")
            )
        ),
        fetched=tuple(sorted({each.url for each in _articles(fetches) if each.state in _SETTLED})),
        states=dict(sorted(Counter(each.state.value for each in fetches).items())),
    )
    place = _place(run, stretch)
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = place.with_name(f".{place.name}.part")
    with partial.open("w", encoding="utf-8") as file:
        file.write(receipt.model_dump_json(indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    partial.replace(place)
    return receipt


def is_whole(fetches: Sequence[Fetch], tries: int) -> bool:
    """Return whether nothing more is to be had: every list was read, and no article is left for later."""
    lists = [each for each in fetches if each.kind not in ("article", "robots")]
    if not lists or any(each.state not in LIST_READ for each in lists):
        return False
    states = {each.state for each in _articles(fetches)}
    return FetchState.DEFERRED not in states and (tries >= TRIES or not states & _MAY_HEAL)


def _articles(fetches: Sequence[Fetch]) -> list[Fetch]:
    return [each for each in fetches if each.kind == "article"]


def _place(run: Run, stretch: Stretch) -> Path:
    return run.settings.home / BACKFILL / FOLDER / f"{stretch.name}.json"


def _read(run: Run, stretch: Stretch) -> Receipt | None:
    try:
        return Receipt.model_validate_json(_place(run, stretch).read_bytes())
    except (OSError, ValidationError):
        return None
