"""Measure the pace of the crawl process on loopback, beside bare Scrapy on the same pages.

``python -m tests.bench_crawl`` serves invented pages from a process of its own, crawls them as a run does
(robots, pace, limits, archive, events to the parent; extraction is not part of the crawl) and then with a spider
that does nothing but count, in a Scrapy stripped of all its middlewares. Start-up is left out: pace counts from the first page to the last, and processor time is
what many pages take beyond few. One thread does all the work of a crawl, so pages for a second of processor time are what
it reaches with a core of its own, however busy the machine is.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from crawlers.crawl import crawl
from crawlers.settings import CrawlSettings
from pipeline.records import FetchState, Politeness, Source, SourceEvidence

N_SOURCES = 16
FEW = 2  # pages of each outlet that tell the cost of starting
N_PAGES = 100
"""Of each outlet."""
PAGE_BYTES = 20_000
"""Plain bytes of a page: what is measured is the cost per request."""


def source(number: int) -> Source:
    """Return one of the invented outlets; its feed lists pages that hint at the subject."""
    host = f"outlet{number}.example"
    return Source(
        source_id=f"outlet{number}",
        name=host,
        owner=host,
        country="IDN",
        language="id",
        timezone="Asia/Jakarta",
        homepage=f"http://{host}/",
        hosts=(host,),
        feeds=(f"http://{host}/feed",),
        article_url=r"/read/\d+",
        politeness=Politeness(delay_s=0, max_per_day=100_000),
        evidence=SourceEvidence(status="seen", note="invented"),
    )


# --- the outlets --------------------------------------------------------------------------------------


class Outlets(asyncio.Protocol):
    """Answers as a forward proxy for every outlet, fast enough not to be what is measured."""

    def __init__(self, n_pages: int, page_bytes: int) -> None:
        self.n_pages = n_pages
        self.pages = [page(number, page_bytes) for number in range(50)]
        self.rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self.transport: Any = transport

    def data_received(self, data: bytes) -> None:
        """Answer each request that is whole."""
        *whole, self.rest = (self.rest + data).split(b"\r\n\r\n")
        for request in whole:
            url = request.split(b" ", 2)[1].decode()
            kind, body = "text/html; charset=utf-8", b""
            if url.endswith("/robots.txt"):
                kind, body = "text/plain", b"User-agent: *\nDisallow: /private/\n"
            elif url.endswith("/feed"):
                kind, body = "application/rss+xml", feed(url.removesuffix("/feed"), self.n_pages)
            else:
                body = self.pages[int(url.rpartition("/")[2]) % len(self.pages)]
                body += f"<!-- {url} -->".encode()  # the archive stores a body only once
            head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
            self.transport.write(head.encode() + body)


def feed(base: str, n_pages: int) -> bytes:
    """Return the feed of one outlet."""
    items = "".join(
        f"<item><title>WNI dipulangkan dari Kamboja</title><link>{base}/read/{number}</link></item>"
        for number in range(n_pages)
    )
    return f'<rss version="2.0"><channel><title>f</title>{items}</channel></rss>'.encode()


def page(number: int, n_bytes: int) -> bytes:
    """Return a page that packs to a sixth or seventh, as pages do that are words and much more markup."""
    dice = random.Random(number)
    words = ["".join(dice.choices("aeiounrstkmpdgl", k=dice.randint(2, 9))) for _ in range(800)]
    parts = [f"<html><head><title>{number}</title></head><body>"]
    size = 0
    while size < n_bytes:
        teaser, item = " ".join(dice.choices(words, k=4)), dice.randint(1, 99_999)
        parts.append(
            f'<li class="menu__item item-{len(parts)}"><a class="menu__link" href="/rubrik/{item}">'
            f'{teaser}</a><span class="date">1 September 2026</span></li>\n'
        )
        size += len(parts[-1])
    return "".join([*parts, "</body></html>"]).encode()


async def _serve(n_pages: int, page_bytes: int) -> None:
    loop = asyncio.get_running_loop()
    made = Outlets(n_pages, page_bytes).pages

    def connection() -> Outlets:
        each = Outlets.__new__(Outlets)
        each.n_pages, each.pages, each.rest = n_pages, made, b""
        return each

    server = await loop.create_server(connection, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


@contextlib.contextmanager
def served(n_pages: int, page_bytes: int) -> Iterator[str]:
    """Serve the outlets while the block runs; yield the address of the proxy."""
    command = [sys.executable, "-m", "tests.bench_crawl", "serve", str(n_pages), str(page_bytes)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        yield f"http://127.0.0.1:{child.stdout.readline().strip()}"
    finally:
        child.kill()
        child.wait()


# --- the crawls ---------------------------------------------------------------------------------------


class Pace(NamedTuple):
    """Pages per second of wall time, and per second of processor time."""

    wall: float
    cpu: float


class _Crawled(NamedTuple):
    n_pages: int
    wall_s: float
    cpu_s: float


def our_pace(n_pages: int, page_bytes: int) -> Pace:
    """Return the pace of our crawl process, every page told and archived."""
    with served(FEW, page_bytes) as proxy:
        few = _crawled(proxy)
    with served(n_pages, page_bytes) as proxy:
        many = _crawled(proxy)
    return Pace(
        (many.n_pages - 1) / many.wall_s,
        (many.n_pages - few.n_pages) / (many.cpu_s - few.cpu_s),
    )


def _crawled(proxy: str) -> _Crawled:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as folder:
        found = crawl(
            [source(number) for number in range(N_SOURCES)],
            archive_dir=Path(folder),
            run_id="bench",
            settings=CrawlSettings(demo_proxy=proxy, max_addresses=100_000, backoff_s=0.1),
        )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if found.error:
        raise RuntimeError(found.error)
    ended = [each for each in found.fetches if each.kind == "article"]
    if {each.state for each in ended} != {FetchState.FETCHED}:
        raise RuntimeError("some pages were not fetched")
    times = [each.fetched_at.timestamp() for each in ended]
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return _Crawled(len(times), max(times) - min(times), cpu)


def bare_pace(n_pages: int, page_bytes: int) -> Pace:
    """Return the pace of a spider that counts, in a process of Scrapy's own making."""
    with served(n_pages, page_bytes) as proxy:
        command = [sys.executable, "-m", "tests.bench_crawl", "bare", proxy, str(n_pages)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Pace(*json.loads(done.stdout))


def _bare(proxy: str, n_pages: int) -> None:
    from collections.abc import AsyncIterator

    from scrapy import Request, Spider
    from scrapy.crawler import CrawlerProcess
    from scrapy.http import Response

    times: list[tuple[float, float]] = []

    class Bare(Spider):
        name = "bare"

        async def start(self) -> AsyncIterator[Request]:
            for number in range(n_pages):
                for outlet in range(N_SOURCES):
                    url = f"http://outlet{outlet}.example/read/{number}"
                    yield Request(url, meta={"proxy": proxy}, dont_filter=True)

        def parse(self, response: Response) -> None:
            times.append((time.perf_counter(), time.process_time()))

    process = CrawlerProcess(
        {
            "CONCURRENT_REQUESTS": N_SOURCES,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "LOG_LEVEL": "ERROR",
            "TELNETCONSOLE_ENABLED": False,
            "COOKIES_ENABLED": False,
            "DOWNLOAD_DELAY": 0,
            "ROBOTSTXT_OBEY": False,
            # Nothing that a request could do without, and not the 100 workers for items of each answer.
            "DOWNLOADER_MIDDLEWARES_BASE": {},
            "SPIDER_MIDDLEWARES_BASE": {},
            "CONCURRENT_ITEMS": 1,
        }
    )
    process.crawl(Bare)
    process.start()
    spent = (late - early for early, late in zip(times[0], times[-1], strict=True))
    sys.stdout.write(json.dumps([(len(times) - 1) / each for each in spent]) + "\n")


def main(arguments: list[str]) -> None:
    """Measure and print, or play one of the parts."""
    match arguments:
        case ["serve", pages, size]:
            asyncio.run(_serve(int(pages), int(size)))
        case ["bare", proxy, pages]:
            _bare(proxy, int(pages))
        case _:
            page_bytes = int(arguments[0]) if arguments else PAGE_BYTES
            for what, pace in (
                ("our crawl process", our_pace(N_PAGES, page_bytes)),
                ("stripped Scrapy", bare_pace(N_PAGES, page_bytes)),
            ):
                told = f"{pace.cpu:>6.0f} pages/s of processor time, {pace.wall:.0f} of wall time"
                sys.stdout.write(f"{what:<20}{told} ({page_bytes:,} bytes a page)\n")


if __name__ == "__main__":
    main(sys.argv[1:])
