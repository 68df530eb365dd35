"""Crawl sources in a child process and tell what became of every address.

The child holds Scrapy and the network; a crash or hang there costs the rest of this crawl and nothing else.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

from crawlers.catalog import is_dated
from crawlers.settings import CrawlSettings
from pipeline.records import Fetch, FetchState, Record, Source

GRACE_S = 60.0  # for start-up and the last write, beyond the time of the sources
STOP_S = 5.0  # between the polite and the hard end of the child
ERROR_TAIL = 1_000
MAX_UNREACHED = 3  # past days of a source without an answer, one after the other: its host is down

Health = Literal["ok", "empty", "malformed", "gone", "blocked", "failed"]


class Stretch(Record):
    """Past days of a source that are asked for at one go.

    One day, where its lists are dated; all days together on its other lists, which lead through all of them anyway.
    """

    source_id: str
    first: dt.date
    last: dt.date
    is_dated: bool

    @property
    def name(self) -> str:
        """What files of this stretch are called: the source and its days."""
        days = f"{self.first}" if self.is_dated else f"{self.first}-{self.last}-lists"
        return f"{self.source_id}-{days}"


class Validator(Record):
    """What a server gave to ask later whether an address has changed.

    Empty for an article: it was fetched, and its server cannot tell of changes; it is not asked for again.
    """

    etag: str | None = None
    last_modified: str | None = None


class SourceState(NamedTuple):
    """How a source did, and why."""

    state: Health
    detail: str = ""


@dataclass
class CrawlResult:
    """What a crawl brought: the state of every address and source, and where the pages are."""

    fetches: list[Fetch] = field(default_factory=list)
    warc_files: list[str] = field(default_factory=list)
    source_states: dict[str, SourceState] = field(default_factory=dict)
    validators: dict[str, Validator] = field(default_factory=dict)
    newest: dict[str, dt.datetime] = field(default_factory=dict)
    """When the newest article on the lists of a source was published, where they tell."""
    repairs: list[str] = field(default_factory=list)
    error: str = ""

    def count(self, state: FetchState, kind: str = "article") -> int:
        """Return how many addresses of a kind ended in a state."""
        return sum(each.state is state and each.kind == kind for each in self.fetches)


def crawl(
    sources: Sequence[Source],
    *,
    archive_dir: Path,
    run_id: str,
    settings: CrawlSettings | None = None,
    validators: Mapping[str, Validator] | None = None,
    skipped: Iterable[str] = (),
    since: dt.date | None = None,
    until: dt.date | None = None,
    since_of: Mapping[str, dt.date] | None = None,
    day: dt.date | None = None,
    stretches: Sequence[Stretch] | None = None,
    on_event: Callable[[Fetch], None] | None = None,
    on_stretch: Callable[[Stretch, Sequence[Fetch]], None] | None = None,
) -> CrawlResult:
    """Return what became of every address of the sources; their pages are in ``archive_dir``.

    ``skipped`` are addresses that earlier runs left out by their titles; they are not told again.
    ``day`` is the day of the crawl, with which dated lists end (today in UTC when None). With ``since``
    only articles from that day on are asked for, as far as lists or addresses tell their day; ``since_of``
    names sources that begin on another day. A page may be read from the archive as soon as ``on_event``
    names it. An interrupt ends the child and is raised again.

    With ``stretches`` these past days are asked for instead, those of one source one after the other in the
    order given, each into files of its own; ``on_stretch`` hears of each that was gone through. A source whose
    number of pages is used up, or that does not answer for `MAX_UNREACHED` of them in a row, is left for this run.
    """
    settings = settings or CrawlSettings()
    day = day or dt.datetime.now(dt.UTC).date()
    result = CrawlResult()
    if stretches is None:
        since_of = since_of or {}
        starts = [since_of.get(source.source_id, since) for source in sources]
        visits: list[dict[str, Any]] = [
            {"source_id": source.source_id, "since": start.isoformat() if start else None}
            for source, start in zip(sources, starts, strict=True)
        ]
    else:
        visits = [each.model_dump(mode="json") | {"name": each.name} for each in stretches]
        told = {each.source_id for each in stretches}
        sources = [source for source in sources if source.source_id in told]
    if not sources:
        return result
    book = _Book(sources, run_id, result, on_event, stretches or (), on_stretch)
    with tempfile.TemporaryDirectory(prefix="suar-crawl-") as folder:
        job = Path(folder) / "job.json"
        log = settings.log_file or Path(folder) / "child.log"
        job.write_text(
            json.dumps(
                {
                    "sources": [source.model_dump(mode="json") for source in sources],
                    "archive_dir": str(archive_dir.resolve()),
                    "run_id": run_id,
                    "settings": settings.model_dump(mode="json"),
                    "validators": {
                        url: each.model_dump(exclude_none=True)
                        for url, each in (validators or {}).items()
                    },
                    "skipped": sorted(skipped),
                    "visits": visits,
                    "day": day.isoformat(),
                },
                ensure_ascii=False,
            ),
            encoding="utf-8",
        )
        longest = max(Counter(each["source_id"] for each in visits).values())
        rounds = -(-len(visits) // settings.parallel_sources) + longest - 1
        with log.open("ab") as errors:
            begin = errors.tell()
            code = _run(job, errors, rounds * settings.source_limit_s + GRACE_S, book)
        if code != 0 or not book.is_complete:
            result.error = f"{_ended(code)}: {_tail(log, begin)}"
    _recover(archive_dir, result)
    book.close()
    return result


def reaches_back(source: Source) -> bool:
    """Return whether days before the last ones can be found on the lists of a source: feeds cannot."""
    return bool(source.sitemaps or source.listings)


def past_of(source: Source, first: dt.date, last: dt.date) -> list[Stretch]:
    """Return how the days of a source from ``first`` to ``last`` are asked for, the latest day first."""
    found = []
    if any(is_dated(listing) for listing in source.listings):
        for back in range((last - first).days + 1):
            day = last - dt.timedelta(days=back)
            found.append(Stretch(source_id=source.source_id, first=day, last=day, is_dated=True))
    if lists_of(source, dated=False).sitemaps or lists_of(source, dated=False).listings:
        found.append(Stretch(source_id=source.source_id, first=first, last=last, is_dated=False))
    return found


def lists_of(source: Source, *, dated: bool) -> Source:
    """Return the source with its dated lists alone, or with the others that reach back."""
    listings = tuple(each for each in source.listings if is_dated(each) == dated)
    sitemaps = () if dated else source.sitemaps
    return source.model_copy(update={"feeds": (), "sitemaps": sitemaps, "listings": listings})


# --- the child ----------------------------------------------------------------------------------------


def _run(job: Path, errors: Any, limit_s: float, book: _Book) -> int | None:
    """Return the exit code of the child, None when it was ended for taking too long."""
    root = Path(__file__).resolve().parents[1]
    environment = dict(os.environ)
    paths = [str(root), environment.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    child = subprocess.Popen(  # noqa: S603  (our own module)
        [sys.executable, "-m", "crawlers.worker", str(job)],
        stdin=subprocess.PIPE,  # its end tells the child that we are gone
        stdout=subprocess.PIPE,
        stderr=errors,
        env=environment,
        start_new_session=True,
    )
    late = threading.Event()

    def end_late() -> None:
        late.set()
        _kill(child)

    timer = threading.Timer(limit_s, end_late)
    timer.daemon = True
    timer.start()
    try:
        assert child.stdout is not None
        for line in child.stdout:
            book.read(line)
        code = child.wait()
    except BaseException:  # Ctrl-C, or an error of the caller's on_event
        _kill(child)
        raise
    finally:
        timer.cancel()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
    return None if late.is_set() else code


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End the child and whatever it started."""
    for name in ("SIGTERM", "SIGKILL"):
        number = getattr(signal, name, signal.SIGTERM)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(child.pid, number)
            else:
                child.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(STOP_S)
            return


def _ended(code: int | None) -> str:
    if code is None:
        return "the crawl process took too long and was ended"
    if code < 0:
        return f"the crawl process was ended by signal {-code}"
    return f"the crawl process ended with code {code}"


def _tail(log: Path, begin: int) -> str:
    with log.open("rb") as file:
        file.seek(begin)
        text = file.read()[-ERROR_TAIL:].decode("utf-8", "replace")
    return " ".join(text.split()) or "no message"


def _recover(archive_dir: Path, result: CrawlResult) -> None:
    """Cut torn records off files that a crash of the child left open."""
    from crawlers import archive

    for cut in archive.recover(archive_dir):
        result.repairs.append(
            f"{cut.path.name}: {cut.dropped_bytes} bytes of a torn record cut off"
        )


# --- the book -----------------------------------------------------------------------------------------


class _Book:
    """Keeps what the child tells, and who has not been heard of."""

    def __init__(
        self,
        sources: Sequence[Source],
        run_id: str,
        result: CrawlResult,
        on_event: Callable[[Fetch], None] | None,
        stretches: Sequence[Stretch] = (),
        on_stretch: Callable[[Stretch, Sequence[Fetch]], None] | None = None,
    ) -> None:
        self._run_id = run_id
        self._result = result
        self._on_event = on_event
        self._stretches = stretches
        self._on_stretch = on_stretch
        # Those of the stretch that a source is at: it goes through one after the other.
        self._own: dict[str, list[Fetch]] = {source.source_id: [] for source in sources}
        self._open = {source.source_id: source for source in sources}
        self._order = [source.source_id for source in sources]
        self._pending: dict[tuple[str, str, Any], None] = {}

    @property
    def is_complete(self) -> bool:
        """Whether every source has reported its end."""
        return not self._open

    def read(self, line: bytes) -> None:
        """Take in one event; a line torn by a crash is passed over."""
        try:
            event = json.loads(line)
        except ValueError:
            return
        match event:
            case {"event": "asked", "source_id": source_id, "url": url, "kind": kind}:
                self._pending[source_id, url, kind] = None
            case {"event": "fetch", "fetch": raw, "validator": validator}:
                fetch = Fetch.model_validate(raw)
                if validator is not None:
                    self._result.validators[fetch.url] = Validator.model_validate(validator)
                self._add(fetch)
            case {"event": "validator", "url": url, "validator": validator}:
                self._result.validators[url] = Validator.model_validate(validator)
            case {"event": "newest", "source_id": source_id, "at": at}:
                self._result.newest[source_id] = dt.datetime.fromisoformat(at)
            case {"event": "file", "name": name}:
                self._result.warc_files.append(name)
            case {"event": "repair", "text": text}:
                self._result.repairs.append(text)
            case {"event": "done", "source_id": source_id, "number": number, "is_last": is_last}:
                if is_last:
                    self._open.pop(source_id, None)
                own, self._own[source_id] = self._own[source_id], []
                if self._stretches and self._on_stretch is not None:
                    self._on_stretch(self._stretches[number], own)

    def close(self) -> None:
        """Give every address and source without an end the state failed, and judge the sources."""
        error = self._result.error or "the crawl ended before it was done"
        for source_id, url, kind in list(self._pending):
            self._add(
                Fetch(
                    run_id=self._run_id,
                    source_id=source_id,
                    url=url,
                    kind=kind,
                    state=FetchState.FAILED,
                    detail=error,
                    fetched_at=dt.datetime.now(dt.UTC),
                )
            )
        for source_id in self._order:
            own = [each for each in self._result.fetches if each.source_id == source_id]
            state = source_state(own)
            if source_id in self._open:
                state = SourceState("failed", error)
            self._result.source_states[source_id] = state

    def _add(self, fetch: Fetch) -> None:
        self._pending.pop((fetch.source_id, fetch.url, fetch.kind), None)
        self._result.fetches.append(fetch)
        self._own[fetch.source_id].append(fetch)
        if fetch.warc_file and fetch.warc_file not in self._result.warc_files:
            self._result.warc_files.append(fetch.warc_file)
        if self._on_event is not None:
            self._on_event(fetch)


_GOOD = frozenset({FetchState.FETCHED, FetchState.NOT_MODIFIED})
LIST_READ = _GOOD | {FetchState.EMPTY, FetchState.NOT_FOUND}
"""How a list of past days ends that has nothing more to tell."""
_UNTRIED = frozenset({FetchState.DEFERRED, FetchState.SKIPPED})
_BARRED = frozenset(
    {
        FetchState.BLOCKED,
        FetchState.FORBIDDEN,
        FetchState.RATE_LIMITED,
        FetchState.ROBOTS_DISALLOWED,
        FetchState.ROBOTS_UNREACHABLE,
        FetchState.REFUSED_ADDRESS,
    }
)
_UNREADABLE = frozenset(
    {FetchState.MALFORMED, FetchState.TRUNCATED, FetchState.TOO_LARGE, FetchState.NOT_HTML}
)


def source_state(fetches: Sequence[Fetch]) -> SourceState:
    """Return how a source did, judged by its lists first and then by its articles."""
    lists = [each for each in fetches if each.kind in ("feed", "sitemap", "listing")]
    articles = [each for each in fetches if each.kind == "article"]
    if not lists:
        return SourceState("failed", "no list was asked for")
    faulty = [each for each in lists if each.state not in _GOOD]
    listing = any(each.n_listed or each.state is FetchState.NOT_MODIFIED for each in lists)
    if not listing:
        return _worst(faulty) if faulty else SourceState("empty", "the lists name no article")
    tried = [each for each in articles if each.state not in _UNTRIED]
    if tried and not any(each.state in _GOOD for each in tried):
        worst = _worst(tried)
        return SourceState(worst.state, f"no article could be fetched: {worst.detail}")
    # A day without articles in a dated index is no fault.
    told = [each for each in faulty if (each.kind, each.state) != ("listing", FetchState.EMPTY)]
    return SourceState("ok", _worst(told).detail if told else "")


def _worst(fetches: Sequence[Fetch]) -> SourceState:
    """Return the state that most of these failed requests mean."""
    counted = Counter(_health(each.state) for each in fetches)
    state = counted.most_common(1)[0][0]
    told = [f"{each.url} {each.state} {each.detail}".strip() for each in fetches]
    more = f" (and {len(told) - 3} more)" if len(told) > 3 else ""
    return SourceState(state, "; ".join(told[:3]) + more)


def _health(state: FetchState) -> Health:
    if state in _BARRED:
        return "blocked"
    if state in _UNREADABLE:
        return "malformed"
    if state is FetchState.NOT_FOUND:
        return "gone"
    return "empty" if state is FetchState.EMPTY else "failed"
