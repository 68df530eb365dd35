"""One source in one run: what was asked, what came of it, and when the next request may go out."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, Literal
from urllib.parse import urldefrag, urlsplit

from crawlers.archive import Writer
from crawlers.catalog import is_own_host
from crawlers.crawl import LIST_READ, Validator
from crawlers.rules import Copies
from crawlers.settings import CrawlSettings
from pipeline import titles, urls
from pipeline.records import Fetch, FetchState, Source

Kind = Literal["robots", "feed", "sitemap", "listing", "article"]
SYNC_EVERY = 32  # results per write to disk: one fsync per page would halve the pace
SMALL_PER_DAY = 30  # items a day that take minutes to fetch, even at five seconds each
SETTLED = frozenset({FetchState.FETCHED, FetchState.NOT_MODIFIED})


class Journal:
    """Tells the parent process what happened, one JSON line each, never before the archive is on disk."""

    def __init__(self, out: IO[str]) -> None:
        self.writers: list[Writer] = []
        self._out = out
        self._lines: list[str] = []

    def tell(self, event: str, **values: Any) -> None:
        """Add one event."""
        self._lines.append(json.dumps({"event": event, **values}, ensure_ascii=False))
        if len(self._lines) >= SYNC_EVERY:
            self.flush()

    def flush(self) -> None:
        """Put the archive on disk, then pass on what cites it."""
        if self._lines:
            for writer in self.writers:
                writer.sync()
            self._out.write("\n".join(self._lines) + "\n")
            self._out.flush()
            self._lines.clear()


@dataclass
class Traffic:
    """When each host may be asked again, and what; shared by all sources of a run."""

    copies: Copies
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Any] = asyncio.sleep
    next_at: dict[str, float] = field(default_factory=dict)
    crawl_delay: dict[str, float] = field(default_factory=dict)
    robots: dict[str, Any] = field(default_factory=dict)

    def wait_s(self, host: str) -> float:
        """Return how long the host is to be left alone from now."""
        return max(0.0, self.next_at.get(host, 0.0) - self.clock())

    def pause(self, host: str, seconds: float) -> None:
        """Leave the host alone for so long; a longer pause stays."""
        self.next_at[host] = max(self.next_at.get(host, 0.0), self.clock() + seconds)

    def sent(self, host: str, delay_s: float) -> None:
        """Note that a request goes out now."""
        self.pause(host, max(delay_s, self.crawl_delay.get(host, 0.0)))


def host_of(url: str) -> str:
    r"""Return the host (and port) of an address, in lower case; empty when it has none.

    With a backslash in it, ``a.example\@b.example`` is one host to some readers and another to others.
    """
    try:
        netloc = urlsplit(url).netloc
    except ValueError:
        return ""
    return "" if "\\" in netloc else netloc.rpartition("@")[2].lower()


def is_titles_first(source: Source) -> bool:
    """Return whether titles decide what is fetched of a source: not where little is told each day.

    Nor where titles are in a language that they cannot be judged in.
    """
    if source.titles_first is not None:
        return source.titles_first
    if source.language not in titles.LANGUAGES or source.kind not in ("outlet", "wire"):
        return False
    return source.expects_per_day is None or source.expects_per_day[1] > SMALL_PER_DAY


class Visit:
    """The crawl of one source: its limits, and the book of every address."""

    def __init__(
        self,
        source: Source,
        *,
        run_id: str,
        settings: CrawlSettings,
        journal: Journal,
        writer: Writer,
        traffic: Traffic,
        validators: Mapping[str, Validator],
        skipped: frozenset[str] = frozenset(),
        day: dt.date,
        since: dt.date | None,
        until: dt.date | None = None,
        resolver: Any = None,
        number: int = 0,
        n_articles: int = 0,
    ) -> None:
        """Begin; ``number`` is that of the visit among all of the run, ``n_articles`` what this run asked before."""
        self.source = source
        self.number = number
        self.run_id = run_id
        self.settings = settings
        self.journal = journal
        self.writer = writer
        self.traffic = traffic
        self.validators = validators
        self.skipped_before = skipped
        self.day = day
        self.since = since
        self.until = until
        self.resolver = resolver
        self.is_titles_first = settings.titles_first and is_titles_first(source)
        self.deadline = traffic.clock() + settings.source_limit_s
        self.newest = 0.0
        self.n_articles = n_articles
        self.n_lists_read = 0
        self._taken: set[str] = set()
        self._over: set[str] = set()
        self.n_sitemaps = 0
        self._keys: dict[str, str] = {}
        self._asked: set[str] = set()
        self._settled: set[str] = set()
        self.fetched: set[str] = set()
        self._skipped: dict[str, tuple[str, dt.date | None, str]] = {}
        self._listed: dict[str, tuple[set[str], Validator]] = {}
        lists = [*source.feeds, *source.sitemaps, *(each.url for each in source.listings)]
        # Feeds often live on a host of their own; articles are taken from the source's hosts only.
        self._list_hosts = source.hosts + tuple(host_of(url).partition(":")[0] for url in lists)

    def may_visit(self, url: str, kind: Kind) -> bool:
        """Return whether the address lies on a host that belongs to the source."""
        host = host_of(url).partition(":")[0]
        return is_own_host(host, self.source.hosts if kind == "article" else self._list_hosts)

    @property
    def last_day(self) -> dt.date:
        """The last day that articles are asked for."""
        return min(self.day, self.until or self.day)

    @property
    def is_past(self) -> bool:
        """Whether the days asked for are over, so that the newest entries of lists are none of them."""
        return self.last_day < self.day

    def is_due(self, day: dt.date | None) -> bool:
        """Return whether an article of this day is asked for; one of an unknown day always is."""
        if day is None:
            return True
        return (self.since is None or day >= self.since) and (
            self.until is None or day <= self.until
        )

    def saw(self, moment: float) -> None:
        """Note when an article on a list was published, in seconds since 1970; 0 is not known."""
        if moment <= dt.datetime.now(dt.UTC).timestamp():  # clocks of sites may be ahead
            self.newest = max(self.newest, moment)

    def take(self, url: str, kind: Kind) -> str | None:
        """Return the address to ask for, or None when this run has asked for the same already."""
        url = urldefrag(url.strip())[0]
        key = self.key(url) if kind == "article" else f"{kind}:{url}"
        if key in self._asked:
            return None
        self._asked.add(key)
        self._skipped.pop(key, None)
        self.journal.tell("asked", source_id=self.source.source_id, url=url, kind=kind)
        return url

    def take_article(self, url: str) -> str | None:
        """Return the address to ask for, or None when it was asked for or the run has taken on enough."""
        if len(self._taken) >= self.settings.max_addresses:
            if url not in self._taken:
                self._over.add(url)
            return None
        taken = self.take(url, "article")
        if taken is not None:
            self._taken.add(url)
        return taken

    def is_wanted(self, url: str, title: str, summary: str) -> bool:
        """Return whether an article is worth fetching, as far as the list lets that be seen."""
        return (
            not self.is_titles_first
            or not title
            or url in self.validators
            or titles.may_concern(title, summary, url)
        )

    def skip(self, url: str, day: dt.date | None, title: str) -> None:
        """Leave an article out by its title, unless another list of this run says more of it."""
        key = self.key(url)
        if len(self._taken) + len(self._skipped) >= self.settings.max_addresses:
            if key not in self._skipped:
                self._over.add(url)
        elif key not in self._asked:
            self._skipped[key] = (url, day, title)

    def key(self, url: str) -> str:
        """Return what stands for the article at this address, however it is spelt."""
        if url not in self._keys:  # asked for when listed, when taken and when settled
            self._keys[url] = urls.canonical(urldefrag(url.strip())[0], self.source)
        return self._keys[url]

    def is_final(self, url: str) -> bool:
        """Return whether an article was fetched before from a server that cannot tell of changes."""
        known = self.validators.get(url)
        return known is not None and not (known.etag or known.last_modified)

    def take_part(self, url: str, first: str) -> str | None:
        """Return the address of a further page of an article, or None when it was asked for."""
        url = urldefrag(url)[0]
        key = f"part:{url}"
        if url == first or key in self._asked:
            return None
        self._asked.add(key)
        self.journal.tell("asked", source_id=self.source.source_id, url=url, kind="article")
        return url

    def note(
        self,
        url: str,
        kind: Kind,
        state: FetchState,
        *,
        status: int | None = None,
        detail: str = "",
        n_listed: int = 0,
        page_id: str | None = None,
        warc_file: str | None = None,
        validator: Validator | None = None,
        listed: Iterable[str] | None = None,
        listed_date: dt.date | None = None,
    ) -> None:
        """Write down what became of an address."""
        fetch = Fetch(
            run_id=self.run_id,
            source_id=self.source.source_id,
            url=url,
            kind=kind,
            state=state,
            status=status,
            detail=detail,
            fetched_at=dt.datetime.now(dt.UTC),
            n_listed=n_listed,
            listed_date=listed_date,
            page_id=page_id,
            warc_file=warc_file,
        )
        if state in SETTLED and kind == "article":
            self._settled.add(self.key(url))
            self.fetched.add(url)
        if state in LIST_READ and kind not in ("article", "robots"):
            self.n_lists_read += 1
        kept = None
        if validator is not None and kind == "article":
            kept = validator.model_dump(exclude_none=True)
        elif validator is not None and (validator.etag or validator.last_modified):
            wanted = {self.key(each) for each in listed or () if not self.is_final(each)}
            self._listed[url] = (wanted, validator)
        self.journal.tell("fetch", fetch=fetch.model_dump(mode="json"), validator=kept)

    @property
    def has_room(self) -> bool:
        """Whether more articles may be asked for on this day."""
        return self.n_articles < self.source.politeness.max_per_day

    @property
    def skipped(self) -> set[str]:
        """The addresses left out by their titles."""
        return {url for url, _, _ in self._skipped.values()}

    def close(self, *, is_last: bool = True) -> None:
        """Note what was skipped, once for all runs, and pass on the validators of lists.

        Those only where every address listed has been settled: a "not modified" of the next run would else
        hide what this run did not get. ``is_last`` tells that the source is not visited again in this run.
        """
        for key, (url, day, title) in self._skipped.items():
            self._settled.add(key)
            if url not in self.skipped_before:
                self.note(url, "article", FetchState.SKIPPED, detail=title[:300], listed_date=day)
        if self._over:  # a row each would be a flood of their making
            more = f"{len(self._over)} addresses over the {self.settings.max_addresses} of one run"
            self.note(min(self._over), "article", FetchState.DEFERRED, detail=more)
        for url, (listed, validator) in self._listed.items():
            if listed <= self._settled:
                self.journal.tell(
                    "validator", url=url, validator=validator.model_dump(exclude_none=True)
                )
        if self.newest:
            newest = dt.datetime.fromtimestamp(self.newest, dt.UTC).isoformat()
            self.journal.tell("newest", source_id=self.source.source_id, at=newest)
        self.journal.tell(
            "done", source_id=self.source.source_id, number=self.number, is_last=is_last
        )
        self.journal.flush()
