"""Try sources out: their robots.txt, lists and newest articles, asked for as the daily crawl asks.

    Source, ... -> Probe, ...

What is fetched here goes into no archive: a probe says whether a source works, and nothing of what it tells.
"""

from __future__ import annotations

import datetime as dt
import re
import socket
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from crawlers.crawl import crawl, source_state
from crawlers.settings import CrawlSettings
from pipeline.records import Fetch, FetchState, Page, Record, Source

N_ARTICLES = 2
"""Articles that are fetched of a source: one may be gone."""
LIMITS: dict[str, Any] = {
    "max_addresses": N_ARTICLES,
    "max_list_pages": 1,
    "max_sitemaps": 3,
    "retry_times": 1,
    "source_limit_s": 300.0,
    "titles_first": False,
}
STALE_AFTER = {
    "outlet": dt.timedelta(days=14),
    "wire": dt.timedelta(days=7),
    "government": dt.timedelta(days=90),
    "ngo": dt.timedelta(days=120),
    "igo": dt.timedelta(days=120),
}
"""Age of the newest item from which the lists of a source are taken for frozen: several times the longest
pause of their kind (a paper over the end of the fast, a ministry over a change of government)."""
CONNECT_S = 3.0
N_ANCHORS = 5

# What pages say to machines: the TDM Reservation Protocol of the W3C community group, and the robots
# meta values that picture and text archives honour.
_RESERVED = re.compile(
    rb"""<meta\s[^>]{0,200}?name\s*=\s*["']?(?:
        tdm-reservation["']?\s[^>]{0,200}?content\s*=\s*["']?1\b
      | robots["']?\s[^>]{0,200}?content\s*=\s*["'][^"'>]{0,200}\bnoai\b
    )""",
    re.I | re.X,
)
_HEAD_BYTES = 256 * 1024

State = Literal[
    "ok", "empty", "malformed", "gone", "blocked", "failed", "unfit", "stale", "opted out"
]


class ListProbe(Record):
    """What became of one address that is no article."""

    url: str
    kind: str
    state: FetchState
    status: int | None = None
    detail: str = ""
    n_listed: int = 0


class Probe(Record):
    """How one source answered."""

    source_id: str
    state: State = Field(
        description="`unfit`: its lists name no article of its; `stale`: its newest item is too old; "
        "`opted out`: its pages declare a reservation."
    )
    detail: str = ""
    lists: tuple[ListProbe, ...] = ()
    n_listed: int = 0
    n_articles: int = Field(default=0, description="Articles that could be fetched.")
    newest_at: dt.datetime | None = None
    reached: bool = Field(default=False, description="Some server has answered at all.")


def probe(
    sources: Sequence[Source],
    *,
    run_id: str,
    settings: CrawlSettings,
    now: dt.datetime,
    day: dt.date,
    on_event: Callable[[Fetch], None] | None = None,
) -> list[Probe]:
    """Return how each source answers when it is asked once, in the order given.

    The limits of the settings are narrowed to ``LIMITS``; robots.txt, pace and addresses are guarded by the
    middlewares of every crawl.
    """
    with tempfile.TemporaryDirectory(prefix="suar-probe-") as folder:
        result = crawl(
            sources,
            archive_dir=Path(folder),
            run_id=run_id,
            settings=settings.model_copy(update=LIMITS),
            day=day,
            on_event=on_event,
        )
        reserved = _reserving(Path(folder))
    own: dict[str, list[Fetch]] = {source.source_id: [] for source in sources}
    for fetch in result.fetches:
        own[fetch.source_id].append(fetch)
    return [
        judge(
            source,
            own[source.source_id],
            newest_at=result.newest.get(source.source_id),
            now=now,
            is_reserved=source.source_id in reserved,
        )
        for source in sources
    ]


def judge(
    source: Source,
    fetches: Sequence[Fetch],
    *,
    newest_at: dt.datetime | None,
    now: dt.datetime,
    is_reserved: bool = False,
) -> Probe:
    """Return what the answers say of the source."""
    articles = [each for each in fetches if each.kind == "article"]
    tried = [each for each in articles if each.state is not FetchState.DEFERRED]
    found = source_state(fetches)
    state: State = found.state
    detail = found.detail
    if state == "ok":
        if not tried:
            state, detail = "unfit", "no address on its lists fits its article_url"
        elif is_reserved:
            state, detail = "opted out", "its pages reserve text and data mining"
        elif newest_at is not None and now - newest_at > STALE_AFTER[source.kind]:
            state, detail = "stale", f"its newest item is of {newest_at:%Y-%m-%d}"
    lists = [each for each in fetches if each.kind != "article"]
    return Probe(
        source_id=source.source_id,
        state=state,
        detail=detail,
        lists=tuple(
            ListProbe(
                url=each.url,
                kind=each.kind,
                state=each.state,
                status=each.status,
                detail=each.detail,
                n_listed=each.n_listed,
            )
            for each in lists
        ),
        n_listed=sum(each.n_listed for each in lists),
        n_articles=sum(each.state is FetchState.FETCHED for each in articles),
        newest_at=newest_at,
        reached=any(each.status is not None for each in fetches),
    )


def reserves(body: bytes) -> bool:
    """Return whether a page tells machines that text and data mining is reserved."""
    return _RESERVED.search(body[:_HEAD_BYTES]) is not None


def _reserving(folder: Path) -> set[str]:
    """Return the sources of which a fetched article carries a reservation."""
    from crawlers import archive

    return {
        page.source_id
        for path in sorted(folder.glob("*.warc.gz"))
        for page in archive.read(path)
        if isinstance(page, Page) and reserves(page.body)
    }


def is_online(hosts: Iterable[str]) -> bool:
    """Return whether one of the first hosts takes a connection: if none does, it is we who are cut off.

    Nothing is asked of them.
    """
    return any(_takes_connection(host) for host in list(hosts)[:N_ANCHORS])


def _takes_connection(host: str) -> bool:
    from crawlers.addresses import is_public

    try:
        found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
        for family, kind, protocol, _, address in found:
            if is_public(str(address[0])):
                with socket.socket(family, kind, protocol) as connection:
                    connection.settimeout(CONNECT_S)
                    connection.connect(address)
                return True
    except (OSError, UnicodeError):
        return False
    return False
