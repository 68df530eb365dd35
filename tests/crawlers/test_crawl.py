"""The real spiders against a farm of well and badly behaved sites, each on its own ``*.test`` host."""

from __future__ import annotations

import datetime as dt
import gzip
import itertools
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import pytest

from crawlers import archive
from crawlers import crawl as crawl_module
from crawlers.crawl import (
    CrawlResult,
    SourceState,
    Stretch,
    Validator,
    crawl,
    past_of,
    source_state,
)
from crawlers.rules import Copies
from crawlers.settings import CrawlSettings
from pipeline.records import Fetch, FetchState, Listing, Page, Paging, Politeness, Source
from tests.crawlers.hostile import watched

DAY = dt.date(2026, 9, 3)
PAGE_LIMIT = 60_000
PROSE = "Warga yang dipulangkan tiba di bandara pada malam hari. " * 8


def html(title: str, extra: str = "") -> bytes:
    return f"<html><head><title>{title}</title></head><body><p>{PROSE}</p>{extra}</body></html>".encode()


def rss(*links: str, date: str = "Wed, 02 Sep 2026 23:30:00 WIB") -> bytes:
    items = "".join(
        f"<item><title>t</title><link>{x}</link><pubDate>{date}</pubDate></item>" for x in links
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>f</title>{items}</channel></rss>'.encode()


def urlset(*links: str) -> bytes:
    body = "".join(f"<url><loc>{x}</loc><lastmod>2026-09-02</lastmod></url>" for x in links)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{body}</urlset>'.encode()


class Answer:
    """What the farm sends for one address."""

    def __init__(
        self,
        body: bytes = b"",
        status: int = 200,
        *,
        kind: str = "text/html; charset=utf-8",
        length: int | None = None,
        drip_s: float = 0.0,
        **headers: str,
    ) -> None:
        self.body = body
        self.status = status
        self.length = len(body) if length is None else length
        self.drip_s = drip_s
        self.headers = {"Content-Type": kind}
        self.headers |= {name.replace("_", "-"): value for name, value in headers.items()}


class Farm:
    """A loopback forward proxy that answers for many hosts and remembers what was asked."""

    def __init__(self) -> None:
        self.routes: dict[str, Answer | Callable[[int], Answer]] = {}
        self.asked: list[tuple[float, str, dict[str, str]]] = []
        self.lock = threading.Lock()
        self.proxy_url = ""

    def answer(self, url: str, headers: dict[str, str]) -> Answer:
        with self.lock:
            self.asked.append((time.monotonic(), url, headers))
            nth = self.urls().count(url)
        found = self.routes.get(url)
        if found is None:
            return Answer(b"not here", 404, kind="text/plain")
        given = found if isinstance(found, Answer) else found(nth)
        etag = given.headers.get("ETag")
        if etag and headers.get("if-none-match") == etag:
            return Answer(b"", 304, ETag=etag)
        return given

    def urls(self) -> list[str]:
        return [url for _, url, _ in self.asked]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 20

    def do_GET(self) -> None:
        farm = cast("Any", self.server).farm
        given = farm.answer(self.path, {k.lower(): v for k, v in self.headers.items()})
        self.send_response(given.status)
        for name, value in given.headers.items():
            self.send_header(name, value)
        if given.length >= 0 and given.status != 304:
            self.send_header("Content-Length", str(given.length))
        if given.length != len(given.body):
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        if given.drip_s:
            for each in given.body:
                time.sleep(given.drip_s)
                try:
                    self.wfile.write(bytes([each]))
                    self.wfile.flush()
                except OSError:
                    return
        elif given.status != 304:
            self.wfile.write(given.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (name set by the base)
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are part of the tests."""


@pytest.fixture(scope="module")
def farm() -> Iterator[Farm]:
    server = _Server(("127.0.0.1", 0), _Handler)
    made = Farm()
    cast("Any", server).farm = made
    made.proxy_url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


def source(name: str, **values: Any) -> Source:
    """Return a source whose articles lie on its own host only."""
    return watched(name, **{"article_url": rf"^http://{name}.test/a/\w+", **values})


def settings(farm: Farm | None, **values: Any) -> CrawlSettings:
    return CrawlSettings(
        **{
            "retry_times": 1,
            "backoff_s": 0.02,
            "response_limit_s": 1.5,
            "url_limit_s": 2.5,
            "source_limit_s": 20,
            "page_max_bytes": PAGE_LIMIT,
            "list_max_bytes": 10 * PAGE_LIMIT,
            "demo_proxy": farm.proxy_url if farm else None,
            "contact": "https://suar.test/crawler",
            "titles_first": False,
            **values,
        }
    )


def plant(farm: Farm, name: str, **paths: Answer | Callable[[int], Answer]) -> None:
    """Plant a feed of ``/a/<path>`` pages on a host of its own, with an open robots.txt."""
    base = f"http://{name}.test"
    farm.routes[f"{base}/robots.txt"] = Answer(b"User-agent: *\nAllow: /\n", kind="text/plain")
    farm.routes[f"{base}/feed"] = Answer(rss(*(f"{base}/a/{path}" for path in paths)))
    for path, answer in paths.items():
        farm.routes[f"{base}/a/{path}"] = answer


def fed(name: str, **values: Any) -> Source:
    return source(name, feeds=(f"http://{name}.test/feed",), **values)


def plant_all(farm: Farm) -> list[Source]:
    ok = Answer(html("Baik"))
    text = "text/plain"
    plant(farm, "feed", one=ok, two=Answer(html("Dua"), ETag='"2"'))
    farm.routes["http://feed.test/feed"] = Answer(
        gzip.compress(
            rss(
                "http://feed.test/a/one?utm_source=x",
                "http://feed.test/a/one",
                " /a/two ",
                "http://feed.test/tag/tppo",
                "http://elsewhere.test/a/x",
                "javascript:alert(1)",
            )
        ),
        kind="application/rss+xml",
        Content_Encoding="gzip",
        ETag='"feed"',
    )

    plant(farm, "map", new=ok, old=ok)
    farm.routes["http://map.test/index.xml"] = Answer(
        b'<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        b"<sitemap><loc>http://map.test/index.xml</loc></sitemap>"
        b"<sitemap><loc>http://map.test/news.xml.gz</loc></sitemap>"
        b"<sitemap><loc>http://map.test/2019.xml</loc><lastmod>2019-01-01</lastmod></sitemap>"
        b"</sitemapindex>",
        kind="text/xml",
    )
    farm.routes["http://map.test/news.xml.gz"] = Answer(
        gzip.compress(urlset("http://map.test/a/new")), kind="application/gzip"
    )
    farm.routes["http://map.test/dtd.xml"] = Answer(
        b'<!DOCTYPE urlset [<!ENTITY a "b">]>' + urlset("http://map.test/a/old"), kind="text/xml"
    )

    plant(farm, "list", **{f"n{n}": ok for n in range(5)}, beside=ok)
    for page, numbers in ((1, (0, 1, 2)), (2, (2, 3, 4))):
        links = "".join(f'<li class="card"><a href="/a/n{n}">x</a></li>' for n in numbers)
        beside = '<aside><a href="/a/beside">x</a></aside>'
        farm.routes[f"http://list.test/index/{page}"] = Answer(
            html("Indeks", f"<ul>{links}</ul>{beside}")
        )
    for page in range(3, 30):  # an endless calendar: always the same last page
        farm.routes[f"http://list.test/index/{page}"] = farm.routes["http://list.test/index/2"]

    plant(
        farm,
        "parts",
        long=Answer(html("Satu", '<a class="next" href="/a/long?page=2">2</a>')),
    )
    farm.routes["http://parts.test/a/long?page=2"] = Answer(
        html("Dua", '<a class="next" href="?page=3">3</a>')
    )
    farm.routes["http://parts.test/a/long?page=3"] = Answer(
        html("Tiga", '<a class="next" href="?page=2">2</a>')
    )
    plant(farm, "whole", full=Answer(html("Potongan")), plain=ok)
    farm.routes["http://whole.test/a/full?page=all"] = Answer(html("Semua halaman"))
    plant(farm, "suffix", full=Answer(html("Potongan")))
    farm.routes["http://suffix.test/a/full/all"] = Answer(html("Semua halaman"))

    plant(farm, "barred", secret=ok, open=ok)
    farm.routes["http://barred.test/robots.txt"] = Answer(
        b"User-agent: *\nDisallow: /a/secret\n\nUser-agent: GPTBot\nDisallow: /\n", kind=text
    )
    for name, answer in {
        "robots503": Answer(b"busy", 503, kind=text),
        "robots429": Answer(b"busy", 429, kind=text),
        "robotshtml": Answer(html("Selamat datang")),
        "robotscut": Answer(b"User-agent: *\nAll", kind=text, length=500),
        "robots404": Answer(b"no", 404, kind=text),
        "robots403": Answer(b"no", 403, kind=text),
    }.items():
        plant(farm, name, one=ok)
        farm.routes[f"http://{name}.test/robots.txt"] = answer

    plant(
        farm,
        "status",
        forbidden=Answer(html("no"), 403),
        challenge=Answer(b"<title>Just a moment...</title>", 403),
        gone=Answer(b"", 410),
        missing=Answer(html("no"), 404),
        legal=Answer(html("no"), 451),
        wait=lambda nth: Answer(b"", 429, Retry_After="1") if nth == 1 else ok,
        heals=lambda nth: Answer(b"", 500) if nth == 1 else ok,
        broken=Answer(html("no"), 500),
        pdf=Answer(b"%PDF-1.7", kind="application/pdf"),
        blank=Answer(b"  \n"),
        soft=Answer(b"<html><title>Access denied</title></html>"),
        good=ok,
    )
    plant(
        farm,
        "busy",
        first=Answer(b"", 503, Retry_After="7200"),
        second=ok,
    )
    plant(
        farm,
        "redirect",
        private=Answer(b"", 302, Location="http://127.0.0.1:9/secret"),
        metadata=Answer(b"", 302, Location="http://[::ffff:169.254.169.254]/"),
        elsewhere=Answer(b"", 301, Location="http://elsewhere.test/a/x"),
        local=Answer(b"", 301, Location="file:///etc/passwd"),
        loop=Answer(b"", 302, Location="/a/loop?again=1"),
        home=Answer(b"", 302, Location="/"),
        moved=Answer(b"", 301, Location="/a/good"),
        barred=Answer(b"", 301, Location="/private/x"),
    )
    for again in range(1, 30):
        farm.routes[f"http://redirect.test/a/loop?again={again}"] = Answer(
            b"", 302, Location=f"/a/loop?again={again + 1}"
        )
    farm.routes["http://redirect.test/a/good"] = ok
    farm.routes["http://redirect.test/private/x"] = ok
    farm.routes["http://redirect.test/robots.txt"] = Answer(
        b"User-agent: Suar\nDisallow: /private/\n", kind=text
    )

    big = b"<html>" + b"x" * (PAGE_LIMIT + 1) + b"</html>"
    packed = gzip.compress(html("Utuh"))
    plant(
        farm,
        "size",
        large=Answer(big),
        endless=Answer(big, length=-1),
        bomb=Answer(gzip.compress(b"0" * 30_000_000), Content_Encoding="gzip"),
        cut=Answer(html("Potong")[:200], length=5_000),
        cutzip=Answer(packed[:-30], Content_Encoding="gzip"),
        nolength=Answer(html("Tanpa panjang"), length=-1),
        nolengthcut=Answer(html("Tanpa panjang")[:150], length=-1),
        drip=Answer(html("Lambat"), drip_s=0.2),
        plainzip=Answer(html("Bukan gzip"), Content_Encoding="gzip"),
    )

    for name, feed in {
        "feedhtml": Answer(html("Bukan umpan")),
        "feedempty": Answer(rss()),
        "feedgone": Answer(b"", 404),
        "feedbomb": Answer(b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + rss("http://feedbomb.test/a/x")),
        "feedblank": Answer(b""),
    }.items():
        plant(farm, name, x=ok)
        farm.routes[f"http://{name}.test/feed"] = feed

    plant(farm, "many", **{f"m{n}": ok for n in range(5)})
    plant(farm, "paced", a=ok, b=ok, c=ok)
    farm.routes["http://paced.test/map"] = Answer(urlset("http://paced.test/a/d"), kind="text/xml")
    farm.routes["http://paced.test/a/d"] = ok
    return [
        fed("feed"),
        source("map", sitemaps=("http://map.test/index.xml", "http://map.test/dtd.xml")),
        source(
            "list",
            listings=(
                Listing(kind="index", url="http://list.test/index/{page}", links="li.card a"),
            ),
        ),
        fed("parts", paging=Paging(kind="follow", value="a.next")),
        fed("whole", paging=Paging(kind="query", value="page=all")),
        fed("suffix", paging=Paging(kind="suffix", value="/all")),
        *(
            fed(name)
            for name in ("barred", "robots503", "robots429", "robotshtml", "robotscut", "robots404")
        ),
        *(fed(name) for name in ("robots403", "status", "busy", "redirect", "size", "feedhtml")),
        *(fed(name) for name in ("feedempty", "feedgone", "feedbomb", "feedblank")),
        fed("many", politeness=Politeness(delay_s=0, max_per_day=3)),
        source(
            "paced",
            feeds=("http://paced.test/feed",),
            sitemaps=("http://paced.test/map",),
            politeness=Politeness(delay_s=0.3),
        ),
    ]


class Run:
    """One crawl of the whole farm, looked at by many tests."""

    def __init__(self, result: CrawlResult, folder: Path, told: list[Fetch]) -> None:
        self.result = result
        self.folder = folder
        self.told = told

    def state(self, url: str) -> FetchState:
        states = [each.state for each in self.result.fetches if each.url == url]
        assert len(states) == 1, (url, states)
        return states[0]

    def articles(self, name: str) -> dict[str, FetchState]:
        return {
            urlsplit(each.url).path.rpartition("/")[2]: each.state
            for each in self.result.fetches
            if each.source_id == name and each.kind == "article"
        }

    def pages(self) -> list[Page]:
        found = [
            page for name in self.result.warc_files for page in archive.read(self.folder / name)
        ]
        assert not [each for each in found if not isinstance(each, Page)]
        return cast("list[Page]", found)


@pytest.fixture(scope="module")
def run(farm: Farm, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("archive")
    told: list[Fetch] = []
    result = crawl(
        plant_all(farm),
        archive_dir=folder,
        run_id="2026-09-03",
        settings=settings(farm),
        day=DAY,
        since=dt.date(2026, 9, 1),
        on_event=told.append,
    )
    assert not result.error
    return Run(result, folder, told)


def test_feed_articles_are_fetched_once_and_only_ours(run: Run, farm: Farm) -> None:
    assert run.articles("feed") == {"one": FetchState.FETCHED, "two": FetchState.FETCHED}
    assert run.result.source_states["feed"] == SourceState("ok")
    assert not [url for url in farm.urls() if "//elsewhere" in url or "/tag/" in url]


def test_requests_say_who_we_are_and_carry_no_referer_or_cookie(run: Run, farm: Farm) -> None:
    for _, url, headers in farm.asked:
        assert "suar.test/crawler" in headers["user-agent"], url
        assert not {"cookie", "referer", "authorization"} & headers.keys()


def test_sitemap_index_is_followed_into_zipped_children(run: Run, farm: Farm) -> None:
    assert run.articles("map") == {"new": FetchState.FETCHED}
    assert run.state("http://map.test/dtd.xml") is FetchState.MALFORMED
    assert "http://map.test/2019.xml" not in farm.urls()
    assert farm.urls().count("http://map.test/index.xml") == 1
    assert "dtd.xml malformed declares a document type" in run.result.source_states["map"].detail


def test_articles_are_asked_for_in_the_order_of_the_list(run: Run, farm: Farm) -> None:
    asked = [url for url in farm.urls() if "status.test/a/" in url]
    names = list(dict.fromkeys(url.rpartition("/")[2] for url in asked))
    assert names == [
        "forbidden", "challenge", "gone", "missing", "legal", "wait", "heals", "broken",
        "pdf", "blank", "soft", "good",
    ]  # fmt: skip
    assert set(names) == set(run.articles("status"))


def test_listing_is_scoped_and_paging_ends_when_nothing_new_comes(run: Run, farm: Farm) -> None:
    assert run.articles("list") == {f"n{n}": FetchState.FETCHED for n in range(5)}
    assert [url for url in farm.urls() if "list.test/index" in url] == [
        f"http://list.test/index/{page}" for page in (1, 2, 3)
    ]


def test_further_pages_are_parts_of_the_first(run: Run) -> None:
    parts = [page for page in run.pages() if page.source_id == "parts"]
    assert [(page.part_no, page.part_of) for page in parts] == [
        (1, None),
        (2, "http://parts.test/a/long"),
        (3, "http://parts.test/a/long"),
    ]
    assert b"Tiga" in parts[2].body


def test_whole_article_is_asked_for_at_once_with_page_one_in_reserve(run: Run) -> None:
    pages = {page.url: page for page in run.pages()}
    assert b"Semua halaman" in pages["http://whole.test/a/full"].body
    assert pages["http://whole.test/a/full"].final_url == "http://whole.test/a/full?page=all"
    assert b"Baik" in pages["http://whole.test/a/plain"].body
    assert b"Semua halaman" in pages["http://suffix.test/a/full"].body
    assert run.articles("whole") == {"full": FetchState.FETCHED, "plain": FetchState.FETCHED}


def test_robots_rules_are_obeyed(run: Run, farm: Farm) -> None:
    assert run.articles("barred") == {
        "secret": FetchState.ROBOTS_DISALLOWED,
        "open": FetchState.FETCHED,
    }
    assert "http://barred.test/a/secret" not in farm.urls()


@pytest.mark.parametrize("name", ["robots503", "robots429", "robotshtml", "robotscut"])
def test_unknown_robots_rules_bar_the_host(run: Run, farm: Farm, name: str) -> None:
    assert run.state(f"http://{name}.test/feed") is FetchState.ROBOTS_UNREACHABLE
    assert run.result.source_states[name].state == "blocked"
    asked = {url for url in farm.urls() if f"{name}.test" in url}
    assert asked == {f"http://{name}.test/robots.txt"}


def test_a_host_that_is_down_is_held_to_its_robots_txt_of_the_last_day(
    farm: Farm, tmp_path: Path
) -> None:
    def crawled(robots: Answer, *paths: str) -> CrawlResult:
        host = "http://keptrobots.test"
        farm.routes[f"{host}/robots.txt"] = robots
        farm.routes[f"{host}/feed"] = Answer(rss(*(f"{host}/a/{path}" for path in paths)))
        for path in paths:
            farm.routes[f"{host}/a/{path}"] = Answer(html(path))
        return crawl(
            [fed("keptrobots")],
            archive_dir=tmp_path,
            run_id=paths[0],
            settings=settings(farm, retry_times=0),
            day=DAY,
        )

    def told(found: CrawlResult) -> dict[str, FetchState]:
        return {urlsplit(fetch.url).path: fetch.state for fetch in found.fetches}

    rules = b"User-agent: *\nDisallow: /a/barred\nCrawl-delay: 0\n"
    crawled(Answer(rules, kind="text/plain"), "first")
    down = Answer(b"busy", 503, kind="text/plain")
    again = crawled(down, "second", "barred")
    assert told(again) == {
        "/robots.txt": FetchState.SERVER_ERROR,
        "/feed": FetchState.FETCHED,
        "/a/second": FetchState.FETCHED,
        "/a/barred": FetchState.ROBOTS_DISALLOWED,
    }
    assert "its answer of" in next(each for each in again.fetches if each.kind == "robots").detail
    # A host that asks for rest, or that answers with a page, has not been silent.
    for answer in (Answer(b"busy", 429, kind="text/plain"), Answer(html("Selamat datang"))):
        assert told(crawled(answer, "third"))["/feed"] is FetchState.ROBOTS_UNREACHABLE
    copies = Copies(tmp_path)
    origin, now = "http://keptrobots.test", dt.datetime.now(dt.UTC)
    for age in (dt.timedelta(hours=25), dt.timedelta(hours=-1)):
        copies.keep(origin, rules.decode(), now - age)
        assert told(crawled(down, "fourth"))["/feed"] is FetchState.ROBOTS_UNREACHABLE
    copies.keep(origin, rules.decode(), now - dt.timedelta(hours=23))
    copies.close()
    assert told(crawled(down, "fifth"))["/feed"] is FetchState.FETCHED


@pytest.mark.parametrize("name", ["robots404", "robots403"])
def test_missing_robots_rules_allow(run: Run, name: str) -> None:
    assert run.articles(name) == {"one": FetchState.FETCHED}


def test_every_status_has_its_state(run: Run, farm: Farm) -> None:
    assert run.articles("status") == {
        "forbidden": FetchState.FORBIDDEN,
        "challenge": FetchState.BLOCKED,
        "gone": FetchState.NOT_FOUND,
        "missing": FetchState.NOT_FOUND,
        "legal": FetchState.BLOCKED,
        "wait": FetchState.FETCHED,
        "heals": FetchState.FETCHED,
        "broken": FetchState.SERVER_ERROR,
        "pdf": FetchState.NOT_HTML,
        "blank": FetchState.EMPTY,
        "soft": FetchState.BLOCKED,
        "good": FetchState.FETCHED,
    }
    assert farm.urls().count("http://status.test/a/broken") == 2
    assert farm.urls().count("http://status.test/a/forbidden") == 1


def test_retry_after_is_waited_for_by_the_whole_host(run: Run, farm: Farm) -> None:
    times = [(at, url) for at, url, _ in farm.asked if "status.test" in url]
    first = next(n for n, (_, url) in enumerate(times) if url.endswith("/a/wait"))
    assert times[first + 1][0] - times[first][0] >= 0.95


def test_long_retry_after_defers_the_host(run: Run, farm: Farm) -> None:
    states = list(run.articles("busy").values())
    assert sorted(states) == [FetchState.DEFERRED, FetchState.SERVER_ERROR]
    assert len([url for url in farm.urls() if "busy.test/a" in url]) == 1


def test_redirects_stay_with_the_source(run: Run, farm: Farm) -> None:
    assert run.articles("redirect") == {
        "private": FetchState.REFUSED_ADDRESS,
        "metadata": FetchState.REFUSED_ADDRESS,
        "elsewhere": FetchState.OFF_LIST,
        "local": FetchState.OFF_LIST,
        "loop": FetchState.TOO_MANY_REDIRECTS,
        "home": FetchState.NOT_FOUND,
        "moved": FetchState.FETCHED,
        "barred": FetchState.ROBOTS_DISALLOWED,
    }
    assert len([url for url in farm.urls() if "/a/loop" in url]) == 11
    assert not [url for url in farm.urls() if "127.0.0.1" in url or "169.254" in url]
    moved = next(page for page in run.pages() if page.url == "http://redirect.test/a/moved")
    assert moved.final_url == "http://redirect.test/a/good"


def test_cut_slow_and_oversized_bodies_are_never_pages(run: Run) -> None:
    assert run.articles("size") == {
        "large": FetchState.TOO_LARGE,
        "endless": FetchState.TOO_LARGE,
        "bomb": FetchState.TOO_LARGE,
        "cut": FetchState.TRUNCATED,
        "cutzip": FetchState.TRUNCATED,
        "nolength": FetchState.FETCHED,
        "nolengthcut": FetchState.TRUNCATED,
        "drip": FetchState.TIMED_OUT,
        "plainzip": FetchState.FETCHED,
    }
    pages = {page.url.rpartition("/")[2] for page in run.pages() if page.source_id == "size"}
    assert pages == {"nolength", "plainzip"}


def test_time_of_an_address_includes_further_tries(run: Run, farm: Farm) -> None:
    tries = [at for at, url, _ in farm.asked if url.endswith("size.test/a/drip")]
    told = [each for each in run.result.fetches if each.url.endswith("size.test/a/drip")]
    ended = told[-1].fetched_at.timestamp() - (time.time() - time.monotonic())
    assert len(tries) > 1
    assert ended - tries[0] < 3.5  # 2.5 s allowed, and one second for a busy machine


@pytest.mark.parametrize(
    ("name", "state", "health"),
    [
        ("feedhtml", FetchState.MALFORMED, "malformed"),
        ("feedempty", FetchState.EMPTY, "empty"),
        ("feedgone", FetchState.NOT_FOUND, "gone"),
        ("feedbomb", FetchState.MALFORMED, "malformed"),
        ("feedblank", FetchState.EMPTY, "empty"),
    ],
)
def test_feed_faults_are_named(run: Run, name: str, state: FetchState, health: str) -> None:
    assert run.state(f"http://{name}.test/feed") is state
    assert run.result.source_states[name].state == health
    assert run.articles(name) == {}


def test_number_of_the_day_defers_the_rest(run: Run) -> None:
    states = list(run.articles("many").values())
    assert states.count(FetchState.FETCHED) == 3
    assert states.count(FetchState.DEFERRED) == 2


def test_gap_between_requests_holds_across_spiders(run: Run, farm: Farm) -> None:
    times = [at for at, url, _ in farm.asked if "paced.test" in url]
    assert len(times) == 7  # robots, feed, three articles, sitemap, one article
    # 0.3 s are kept on the sending side; arrival jitters by the scheduling of two processes.
    assert min(late - early for early, late in itertools.pairwise(times)) > 0.15


def test_every_page_told_is_in_the_archive(run: Run) -> None:
    told = {each.page_id for each in run.told if each.page_id}
    pages = run.pages()
    # A refusal that came with status 200 is archived but was not told as a page.
    assert told <= {page.page_id for page in pages}
    assert {page.source_id for page in pages if page.page_id not in told} == {"status"}
    assert run.told == run.result.fetches
    assert {each.warc_file for each in run.told if each.page_id} == set(run.result.warc_files)


def test_unchanged_pages_are_not_fetched_again(run: Run, farm: Farm, tmp_path: Path) -> None:
    assert run.result.validators["http://feed.test/a/two"] == Validator(etag='"2"')
    before = len(farm.asked)
    again = crawl(
        [fed("feed")],
        archive_dir=tmp_path,
        run_id="again",
        settings=settings(farm),
        validators={
            url: each for url, each in run.result.validators.items() if not url.endswith("/feed")
        },
        day=DAY,
    )
    assert again.count(FetchState.NOT_MODIFIED) == 1
    # The server of the other page gave nothing to ask with: it is left alone.
    assert [url for _, url, _ in farm.asked[before:]] == [
        "http://feed.test/robots.txt",
        "http://feed.test/feed",
        "http://feed.test/a/two",
    ]
    quiet = crawl(
        [fed("feed")],
        archive_dir=tmp_path,
        run_id="quiet",
        settings=settings(farm),
        validators=run.result.validators,
        day=DAY,
    )
    assert quiet.count(FetchState.NOT_MODIFIED, "feed") == 1
    assert quiet.source_states["feed"].state == "ok"


def test_feed_validator_is_kept_only_when_all_it_lists_was_settled(run: Run) -> None:
    assert "http://feed.test/feed" in run.result.validators
    assert "http://status.test/feed" not in run.result.validators


def test_since_leaves_older_entries_out(farm: Farm, tmp_path: Path) -> None:
    plant(farm, "since", x=Answer(html("x")))
    found = crawl(
        [fed("since")],
        archive_dir=tmp_path,
        run_id="since",
        settings=settings(farm),
        day=DAY,
        # 23:30 WIB on 2 September is still the 2nd there, though UTC readers of WIB say the 3rd.
        since=DAY,
    )
    assert found.count(FetchState.FETCHED) == 0
    assert found.count(FetchState.FETCHED, "feed") == 1


def test_a_past_is_found_on_dated_indexes_and_down_the_pages_of_other_lists(
    farm: Farm, tmp_path: Path
) -> None:
    farm.routes["http://past.test/robots.txt"] = Answer(b"", 404)

    def page(*days: int) -> Answer:
        links = (f'<li><a href="/a/2026/08/{day:02}/x">x</a></li>' for day in days)
        return Answer(html("Indeks", f"<ul>{''.join(links)}</ul>"))

    for day in range(1, 32):
        farm.routes[f"http://past.test/a/2026/08/{day:02}/x"] = Answer(html("x"))
        farm.routes[f"http://past.test/index?d=2026-08-{day:02}"] = page(day)
    for number, days in enumerate([(31, 30), (29, 28), (27, 4), (3, 2), (1,)], start=1):
        farm.routes[f"http://past.test/tag/{number}"] = page(*days)
    url = "http://past.test/index?d={date:%Y-%m-%d}"
    both = source(
        "past",
        feeds=("http://past.test/feed",),
        listings=(
            Listing(kind="index", url=url, links="li a"),
            Listing(kind="tag", url="http://past.test/tag/{page}", links="li a"),
        ),
        article_url=r"^http://past\.test/a/",
    )
    first, last = dt.date(2026, 8, 3), dt.date(2026, 8, 5)
    stretches = past_of(both, first, last)
    ended: list[str] = []
    found = crawl(
        [both],
        archive_dir=tmp_path,
        run_id="past",
        settings=settings(farm),
        day=DAY,
        stretches=stretches,
        on_stretch=lambda stretch, fetches: ended.append(f"{stretch.name} {len(fetches)}"),
    )
    asked = [url.removeprefix("http://past.test/") for url in farm.urls() if "//past" in url]
    assert sorted(asked) == [
        *(f"a/2026/08/0{day}/x" for day in (3, 4, 5)),
        *(f"index?d=2026-08-0{day}" for day in (3, 4, 5)),
        "robots.txt",
        *(f"tag/{number}" for number in (1, 2, 3, 4, 5)),
    ]
    assert found.source_states["past"] == SourceState("ok")
    # Newest day first, robots.txt with the first of them; the tag brings what no day of the index has brought.
    assert ended == [
        "past-2026-08-05 3",
        "past-2026-08-04 2",
        "past-2026-08-03 2",
        "past-2026-08-03-2026-08-05-lists 5",
    ]
    assert [path.name for path in sorted(tmp_path.glob("*.warc.gz"))] == sorted(found.warc_files)
    for stretch in stretches[:3]:
        (path,) = tmp_path.glob(f"suar-*-{stretch.name}-00000.warc.gz")
        assert [page.url for page in archive.read(path) if isinstance(page, Page)] == [
            f"http://past.test/a/2026/08/{stretch.first:%d}/x"
        ]
    assert past_of(fed("pastfed"), first, last) == []


def test_a_source_that_does_not_answer_is_left_after_three_of_its_past_days(
    farm: Farm, tmp_path: Path
) -> None:
    farm.routes["http://downpast.test/robots.txt"] = Answer(b"", 404)
    down = source(
        "downpast",
        listings=(Listing(kind="index", url="http://downpast.test/{date:%Y-%m-%d}", links="li a"),),
        sitemaps=(),
    )
    for day in range(1, 32):
        farm.routes[f"http://downpast.test/2026-08-{day:02}"] = Answer(b"", 500)
    told: list[str] = []
    found = crawl(
        [down],
        archive_dir=tmp_path,
        run_id="down",
        settings=settings(farm, retry_times=0),
        day=DAY,
        stretches=past_of(down, dt.date(2026, 8, 1), dt.date(2026, 8, 31)),
        on_stretch=lambda stretch, _: told.append(stretch.name),
    )
    assert told == [f"downpast-2026-08-{day}" for day in (31, 30, 29)]
    assert found.source_states["downpast"].state == "failed"
    assert not found.error


def test_past_days_share_the_number_of_pages_of_one_day(farm: Farm, tmp_path: Path) -> None:
    farm.routes["http://fullpast.test/robots.txt"] = Answer(b"", 404)
    for day in (3, 4, 5):
        links = "".join(f'<li><a href="/a/2026/08/0{day}/{n}">x</a></li>' for n in (1, 2))
        farm.routes[f"http://fullpast.test/i/{day}"] = Answer(html("Indeks", f"<ul>{links}</ul>"))
        for n in (1, 2):
            farm.routes[f"http://fullpast.test/a/2026/08/0{day}/{n}"] = Answer(html("x"))
    full = source(
        "fullpast",
        listings=(Listing(kind="index", url="http://fullpast.test/i/{date.day}", links="li a"),),
        sitemaps=(),
        article_url=r"^http://fullpast\.test/a/",
        politeness=Politeness(delay_s=0, max_per_day=3),
    )
    told: dict[str, list[FetchState]] = {}

    def note(stretch: Stretch, own: Sequence[Fetch]) -> None:
        told[stretch.name] = [each.state for each in own if each.kind == "article"]

    crawl(
        [full],
        archive_dir=tmp_path,
        run_id="full",
        settings=settings(farm),
        day=DAY,
        stretches=past_of(full, dt.date(2026, 8, 3), dt.date(2026, 8, 5)),
        on_stretch=note,
    )
    fetched, deferred = FetchState.FETCHED, FetchState.DEFERRED
    assert told == {
        "fullpast-2026-08-05": [fetched, fetched],
        "fullpast-2026-08-04": [fetched, deferred],
    }


# --- private addresses -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "0x7f.1", "localhost", "[::1]", "169.254.169.254", "10.0.0.1"]
)
def test_private_addresses_are_refused_without_the_proxy(
    farm: Farm, tmp_path: Path, host: str
) -> None:
    port = urlsplit(farm.proxy_url).port
    before = len(farm.asked)
    watched = source(
        "private", hosts=(host.strip("[]"),), feeds=(f"http://{host}:{port}/feed",), sitemaps=()
    )
    found = crawl(
        [watched], archive_dir=tmp_path, run_id="x", settings=settings(None, retry_times=0)
    )
    assert {each.state for each in found.fetches if each.kind == "robots"} == {
        FetchState.REFUSED_ADDRESS
    }
    assert len(farm.asked) == before
    assert found.source_states["private"].state == "blocked"


# --- ends that are not clean -------------------------------------------------------------------------


class _Spy:
    """Lets a test hold the child process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.child: Any = None
        start = subprocess.Popen

        def popen(*args: Any, **kwargs: Any) -> Any:
            self.child = start(*args, **kwargs)
            return self.child

        monkeypatch.setattr(subprocess, "Popen", popen)


def test_killed_child_leaves_failed_states_and_a_readable_archive(
    farm: Farm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spy = _Spy(monkeypatch)
    plant(farm, "killed", a=Answer(html("a")), b=Answer(html("b"), drip_s=0.05), c=Answer(b"x"))
    plant(farm, "clean", a=Answer(html("a")))

    def kill(fetch: Fetch) -> None:
        if fetch.kind == "article" and fetch.source_id == "killed" and spy.child.poll() is None:
            os.kill(spy.child.pid, signal.SIGKILL)

    found = crawl(
        [fed("killed"), fed("clean")],
        archive_dir=tmp_path,
        run_id="killed",
        settings=settings(farm),
        day=DAY,
        on_event=kill,
    )
    assert "signal 9" in found.error
    states = {each.url: each.state for each in found.fetches if each.kind == "article"}
    assert states["http://killed.test/a/a"] is FetchState.FETCHED
    assert states["http://killed.test/a/b"] is FetchState.FAILED
    assert found.source_states["killed"].state == "failed"
    assert found.source_states["clean"].state == "ok"
    assert not list(tmp_path.glob("*.open"))
    pages = {page.page_id for name in found.warc_files for page in archive.read(tmp_path / name)
             if isinstance(page, Page)}  # fmt: skip
    assert {each.page_id for each in found.fetches if each.page_id} <= pages


def test_hanging_child_is_ended(
    farm: Farm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The clock of the child begins when it has started, so the parent's runs out first.
    monkeypatch.setattr(crawl_module, "GRACE_S", 0.5)
    plant(farm, "hang", a=Answer(html("a"), drip_s=0.5))
    found = crawl(
        [fed("hang")],
        archive_dir=tmp_path,
        run_id="hang",
        settings=settings(farm, source_limit_s=3.0, response_limit_s=60, url_limit_s=60),
        day=DAY,
    )
    assert "took too long" in found.error
    assert found.source_states["hang"].state == "failed"


def test_error_of_the_caller_ends_the_child(
    farm: Farm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spy = _Spy(monkeypatch)
    plant(farm, "stop", a=Answer(html("a"), drip_s=0.2))

    def interrupt(_: Fetch) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        crawl(
            [fed("stop")],
            archive_dir=tmp_path,
            run_id="stop",
            settings=settings(farm),
            on_event=interrupt,
        )
    assert spy.child.poll() is not None


def test_crawl_of_nothing_starts_nothing(tmp_path: Path) -> None:
    assert crawl([], archive_dir=tmp_path, run_id="x").fetches == []


def test_proxy_must_be_loopback() -> None:
    with pytest.raises(ValueError, match="demo"):
        CrawlSettings(demo_proxy="http://proxy.example:3128")


# --- how a source did -------------------------------------------------------------------------------


def fetch(kind: str, state: FetchState, n_listed: int = 0) -> Fetch:
    return Fetch.model_validate(
        {
            "run_id": "r",
            "source_id": "s",
            "url": "http://s.test/x",
            "kind": kind,
            "state": state,
            "n_listed": n_listed,
            "fetched_at": dt.datetime(2026, 9, 3, tzinfo=dt.UTC),
        }
    )


@pytest.mark.parametrize(
    ("fetches", "health"),
    [
        ([], "failed"),
        ([fetch("feed", FetchState.FETCHED, 3)], "ok"),
        ([fetch("feed", FetchState.NOT_MODIFIED)], "ok"),
        ([fetch("listing", FetchState.FETCHED, 0)], "empty"),
        ([fetch("feed", FetchState.FORBIDDEN)], "blocked"),
        ([fetch("feed", FetchState.TIMED_OUT)], "failed"),
        ([fetch("feed", FetchState.FETCHED, 1), fetch("article", FetchState.FORBIDDEN)], "blocked"),
        ([fetch("feed", FetchState.FETCHED, 1), fetch("article", FetchState.DEFERRED)], "ok"),
    ],
)
def test_source_state(fetches: list[Fetch], health: str) -> None:
    assert source_state(fetches).state == health
