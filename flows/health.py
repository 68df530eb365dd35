"""How the program and its home are: what `suar doctor` and `suar sources list` show."""

from __future__ import annotations

import datetime as dt
import importlib
import importlib.metadata
import itertools
import platform
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

from pydantic import Field

from flows import lock, sessions, watch, watching
from flows.clock import now
from flows.ledger import Ledger
from flows.logs import summary
from flows.settings import Settings
from pipeline.records import Record

PYTHONS = ((3, 11), (3, 12))
LIBRARIES = (
    "scrapy",
    "trafilatura",
    "spacy",
    "sentence-transformers",
    "duckdb",
    "prefect",
    "torch",
)
# A clock before the program's own release date is wrong.
RELEASED = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
STALE = dt.timedelta(days=2)


MAX_CLOCK_FILES = 20  # the newest of the archive; one of a daily run holds all hosts
# A response may take a minute, and hosts keep time by themselves.
MAX_CLOCK_OFF = dt.timedelta(minutes=10)


class Check(Record):
    """One finding of the doctor."""

    what: str
    state: Literal["ok", "warn", "bad"]
    found: str
    next_step: str = ""


class SourceRow(Record):
    """One source and how it did of late."""

    source_id: str
    name: str
    country: str
    language: str
    lists: tuple[str, ...]
    status: str = Field(description="on, quarantined, dormant, inferred, disabled or opted out.")
    note: str
    week: str = Field(default="", description="The last seven days, a sign each; see `watch.week`.")
    n_green: int = Field(default=0, description="Days of them on which it worked.")
    due_on: dt.date | None = Field(default=None, description="Day of the next try after a failure.")
    newest_at: dt.datetime | None = None
    alarms: tuple[str, ...] = ()
    last_detail: str = ""
    last_state: str | None = None
    last_day: dt.date | None = None
    n_listed: int | None = None
    n_fetched: int | None = None
    n_relevant: int | None = None


def source_rows(settings: Settings) -> list[SourceRow]:
    """Return every described source with its history in the home and its coverage in the current release."""
    told = _coverage(settings)
    history = watching.History(settings.source_history).read()
    day = settings.today(now())
    rows = []
    for source_id, source in sessions.sources_of(settings).items():
        lists = [
            *(["feed"] * bool(source.feeds)),
            *(["sitemap"] * bool(source.sitemaps)),
            *sorted({listing.kind for listing in source.listings}),
        ]
        found = history.get(source_id, [])
        standing = watch.standing(source, found)
        week = watch.week(found, day)
        times = [each.newest_at for each in found if each.newest_at is not None]
        row = SourceRow(
            source_id=source_id,
            name=source.name,
            country=source.country,
            language=source.language,
            lists=tuple(lists),
            status=standing.state,
            note=source.evidence.note,
            week=week,
            n_green=sum(sign in "+!" for sign in week),
            due_on=standing.due_on,
            newest_at=max(times, default=None),
            alarms=_told(standing),
            last_detail=standing.last.detail if standing.last else "",
        )
        rows.append(row.model_copy(update=told.get(source_id, {})))
    return rows


def _told(standing: watch.Standing) -> tuple[str, ...]:
    """Return the alarms of the last finding on a source."""
    last = standing.last
    return tuple(f"{each.trouble}: {each.found}" for each in last.alarms) if last else ()


def _coverage(settings: Settings) -> dict[str, dict[str, object]]:
    from warehouse import queries, releases
    from warehouse.errors import ReleaseMissing

    try:
        release = releases.current(settings.releases)
    except ReleaseMissing:
        return {}
    found = queries.query(
        release.analyst,
        "SELECT source_id, max(day) AS last_day, arg_max(state, day) AS last_state,"
        " sum(n_listed)::BIGINT AS n_listed, sum(n_fetched)::BIGINT AS n_fetched,"
        " sum(n_relevant)::BIGINT AS n_relevant FROM coverage GROUP BY source_id",
    )
    names = [name for name in found.columns if name != "source_id"]
    return {
        str(row[found.columns.index("source_id")]): {
            name: row[found.columns.index(name)] for name in names
        }
        for row in found.rows
    }


# --- doctor --------------------------------------------------------------------------------------------


def examine(settings: Settings, *, verify: bool = False) -> list[Check]:
    """Return what was found, in the order in which a person would look."""
    checks: list[Check] = []
    parts: tuple[tuple[str, Callable[[], Iterator[Check]]], ...] = (
        ("python", _python),
        ("libraries", _libraries),
        ("models", lambda: _models(settings)),
        ("home", lambda: _home(settings)),
        ("clock", lambda: _clock(settings)),
        ("archive", lambda: _archive(settings, verify=verify)),
        ("warehouse", lambda: _warehouse(settings)),
        ("release", lambda: _release(settings, verify=verify)),
        ("runs", lambda: _runs(settings)),
        ("sources", lambda: _sources(settings)),
    )
    for what, part in parts:
        try:
            checks += list(part())
        except Exception as error:  # a broken part is a finding, not the end of the examination
            checks.append(_failed(what, error))
    return checks


def _failed(what: str, error: Exception) -> Check:
    cause = getattr(error, "cause", None) or getattr(error, "what", None) or summary(error)
    return Check(
        what=what, state="bad", found=str(cause), next_step=str(getattr(error, "next_step", ""))
    )


def _python() -> Iterator[Check]:
    good = sys.version_info[:2] in PYTHONS
    yield Check(
        what="python",
        state="ok" if good else "bad",
        found=f"{platform.python_version()} on {platform.system()}",
        next_step="" if good else "use Python 3.11 or 3.12",
    )


def _libraries() -> Iterator[Check]:
    for name in LIBRARIES:
        try:
            yield Check(what=name, state="ok", found=importlib.metadata.version(name))
        except importlib.metadata.PackageNotFoundError:
            yield Check(what=name, state="bad", found="not installed", next_step="run `make setup`")
    importlib.import_module("trafilatura")  # fails where lxml_html_clean was missed
    yield Check(what="trafilatura imports", state="ok", found="yes")


def _models(settings: Settings) -> Iterator[Check]:
    from flows import reading

    yield Check(what="tagger", state="ok", found=reading.load_tagger().version)
    yield Check(what="screening", state="ok", found=reading.load_scorer().version)
    yield Check(what="judgement", state="ok", found=reading.load_judge().version)
    encoder = reading.load_encoder(settings.similarity_model)
    yield Check(what="similarity", state="ok", found=encoder.version)


def _home(settings: Settings) -> Iterator[Check]:
    home = settings.home
    if not home.exists():
        yield Check(
            what="home",
            state="warn",
            found=f"{home} does not exist yet",
            next_step="`suar demo` or `suar run` makes it",
        )
        return
    free = shutil.disk_usage(home).free // (1024 * 1024)
    short = free < settings.min_free_mb
    yield Check(
        what="home",
        state="bad" if short else "ok",
        found=f"{home.absolute()}, {free:,} MiB free",
        next_step=f"free space: a run needs {settings.min_free_mb:,} MiB" if short else "",
    )
    holder = lock.holder(home)
    yield Check(what="lock", state="ok", found="free" if holder is None else lock.describe(holder))


def _clock(settings: Settings) -> Iterator[Check]:
    from crawlers import clocks
    from flows import archive

    moment = now()
    behind = moment < RELEASED
    found = f"{moment:%Y-%m-%d %H:%M} UTC, day {settings.today(moment)} in {settings.timezone}"
    # Nobody is asked for this: the last crawls have brought what time it was at the hosts.
    off = clocks.offset(archive.warc_files(settings.archive)[-MAX_CLOCK_FILES:])
    wrong = off is not None and abs(off) > MAX_CLOCK_OFF
    if off is not None and wrong:
        found += f"; {abs(off)} {'ahead of' if off > dt.timedelta() else 'behind'} the hosts last crawled"
    yield Check(
        what="clock",
        state="bad" if behind else "warn" if wrong else "ok",
        found=found,
        next_step="set the clock of this machine" if behind or wrong else "",
    )


def _archive(settings: Settings, *, verify: bool) -> Iterator[Check]:
    from flows import archive

    if not settings.archive.exists():
        return
    warcs = archive.warc_files(settings.archive)
    texts = archive.text_files(settings.archive)
    size = sum(path.stat().st_size for path in (*warcs, *texts))
    torn = list(settings.archive.glob("*.open"))
    yield Check(
        what="archive",
        state="warn" if torn else "ok",
        found=f"{len(warcs)} WARC files, {len(texts)} files of texts, {size / 1e6:,.1f} MB",
        next_step="the next run cuts the torn record off" if torn else "",
    )
    if verify:
        yield _verified(warcs, texts)


def _verified(warcs: Sequence[Path], texts: Sequence[Path]) -> Check:
    """Return whether every archived page can be read and has the digest that was written beside it."""
    from flows import archive
    from pipeline.records import Reason, Rejection

    n_read = 0
    faults = []
    for found in itertools.chain(archive.pages(warcs), *map(archive.documents, texts)):
        n_read += 1
        # Others are whole records that are no articles.
        if isinstance(found, Rejection) and found.reason in {
            Reason.MALFORMED_WARC,
            Reason.MALFORMED_JSON,
        }:
            faults.append(f"{found.record_id}: {found.detail}")
    return Check(
        what="archive contents",
        state="bad" if faults else "ok",
        found=_first(faults) if faults else f"{n_read:,} pages and texts, every checksum holds",
        next_step="bring the file back from a copy; all other records are read as before"
        if faults
        else "",
    )


def _warehouse(settings: Settings) -> Iterator[Check]:
    from warehouse.errors import StoreLocked
    from warehouse.store import Store

    if not settings.warehouse.exists():
        return
    try:
        with Store.open(settings.warehouse, read_only=True) as store:
            counts = store.counts()
    except StoreLocked as error:  # a run is at work, or somebody has opened the private file
        yield Check(
            what="warehouse",
            state="ok" if lock.holder(settings.home) is not None else "warn",
            found=f"in use: {error.cause}",
            next_step=error.next_step,
        )
        return
    yield Check(
        what="warehouse",
        state="ok",
        found=f"{counts['core.articles']:,} articles, {counts['core.incidents']:,} incidents",
    )


def _release(settings: Settings, *, verify: bool) -> Iterator[Check]:
    from warehouse import releases
    from warehouse.errors import ReleaseMissing

    try:
        release = releases.current(settings.releases)
    except ReleaseMissing:
        if settings.warehouse.exists():
            yield Check(
                what="release", state="warn", found="none yet", next_step="`suar publish` makes one"
            )
        return
    if verify:
        yield from _older_releases(settings, release.release_id)
        releases.verify(release)
    told = "every checksum holds" if verify else "current"
    yield Check(what="release", state="ok", found=f"{release.release_id}, {told}")


def _older_releases(settings: Settings, served: str) -> Iterator[Check]:
    """Yield what the checksums of the releases say that are not current."""
    from warehouse import releases
    from warehouse.errors import StoreError

    older = [name for name in releases.published(settings.releases) if name != served]
    damaged = {}
    for name in older:
        try:
            releases.verify(releases.open_release(settings.releases / name))
        except StoreError as error:
            damaged[name] = error.cause
    if older:
        yield Check(
            what="older releases",
            state="warn" if damaged else "ok",
            found=_first(damaged.values()) if damaged else f"{len(older)}, every checksum holds",
            next_step="nobody can go back to these; bring them back from a copy" if damaged else "",
        )


def _runs(settings: Settings) -> Iterator[Check]:
    ledger = Ledger(settings.ledger)
    unfinished = ledger.unfinished()
    if unfinished:
        yield Check(
            what="runs",
            state="warn",
            found=f"{len(unfinished)} never ended, the last was {unfinished[-1]}",
            next_step="run again: what is missing is found",
        )
    last = ledger.last_day("daily")
    if last is not None:
        late = settings.today(now()) - last > STALE
        yield Check(
            what="last daily run",
            state="warn" if late else "ok",
            found=str(last),
            next_step="`suar run` fills the gap" if late else "",
        )


def _sources(settings: Settings) -> Iterator[Check]:
    known = sessions.catalogue(settings)
    found = watching.standings(settings, known)
    n_on = sum(each.state == "on" for each in found.values())
    yield Check(
        what="sources",
        state="ok" if n_on else "warn",
        found=f"{len(known)} described, {n_on} crawled by default",
    )
    ill = {key: each for key, each in found.items() if each.state in {"quarantined", "dormant"}}
    if ill:
        yield Check(
            what="sources failing",
            state="warn",
            found=f"{len(ill)} in quarantine or dormant: {_first(ill)}",
            next_step="`suar sources check` tries them; `suar sources list` tells more",
        )
    alarmed = {
        f"{key} ({', '.join(alarm.trouble for alarm in each.last.alarms)})": each
        for key, each in found.items()
        if each.last is not None and each.last.alarms and key not in ill
    }
    if alarmed:
        yield Check(
            what="source alarms",
            state="warn",
            found=f"{len(alarmed)}: {_first(alarmed)}",
            next_step="see docs/how-to/silent-sources.md",
        )
    if not settings.contact:
        yield Check(
            what="contact",
            state="warn",
            found="the user agent names no contact",
            next_step="set SUAR_CONTACT to a page or address before crawling real sites",
        )


def _first(names: Iterable[str], most: int = 5) -> str:
    """Return the first of the names, and how many more there are."""
    told = list(names)
    return ", ".join(told[:most]) + (f" and {len(told) - most} more" if len(told) > most else "")
