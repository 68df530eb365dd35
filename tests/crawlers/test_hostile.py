"""What a hostile web does to a crawl: counted states, and nothing taken in that should not be.

Each promise is a count of its violations. It must be 0 in a crawl as we ship it, and above 0 in a twin crawl
of the same farm whose guards are taken away: a check that cannot fail promises nothing.
docs/explanation/hostile-web.md lists the promises.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import itertools
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.records import FetchState, Listing, Politeness, Source
from tests.crawlers import hostile
from tests.crawlers.hostile import (
    MEBIBYTE,
    Farm,
    Route,
    Run,
    Wire,
    chunked,
    html,
    raw,
    reply,
    rss,
    urlset,
    watched,
    zeros,
)

pytestmark = pytest.mark.slow

CODINGS = ("gzip", "deflate", "br", "zstd")
LARGE = 100 * MEBIBYTE
N_LISTED = 5_000
MAX_ADDRESSES = 40
OK = reply(html("Baik"))
TEXT = "text/plain"

# How an inner address is written to slip past a filter of names, and the address that is meant.
FORMS = {
    "127.0.0.1": "127.0.0.1", "127.1": "127.0.0.1", "0x7f.1": "127.0.0.1", "2130706433": "127.0.0.1",
    "0x7f000001": "127.0.0.1", "017700000001": "127.0.0.1", "0": "0.0.0.0", "localhost": "127.0.0.1",
    "[::1]": "::1", "[::]": "::", "[::ffff:127.0.0.1]": "::ffff:127.0.0.1",
    "[::ffff:7f00:1]": "::ffff:127.0.0.1", "[64:ff9b::7f00:1]": "64:ff9b::7f00:1",
    "[2002:7f00:1::]": "2002:7f00:1::", "169.254.169.254": "169.254.169.254", "10.0.0.5": "10.0.0.5",
    "172.16.0.1": "172.16.0.1", "192.168.1.1": "192.168.1.1", "100.64.0.1": "100.64.0.1",
    "[fe80::1]": "fe80::1", "[fd00::1]": "fd00::1", "[fec0::1]": "fec0::1",
    "192.0.0.192": "192.0.0.192", "168.63.129.16": "168.63.129.16",
}  # fmt: skip


# --- the sites ------------------------------------------------------------------------------------------


def fed(farm: Farm, name: str, pages: dict[str, Any], **values: Any) -> Source:
    return watched(name, feeds=(farm.plant(f"{name}.test", pages),), **values)


def large_bodies(farm: Farm) -> Iterator[Source]:
    head = "HTTP/1.1 200 x\nContent-Type: text/html\nConnection: close"
    yield fed(farm, "size", {
        "declared": lambda _: itertools.chain(raw(f"{head}\nContent-Length: {LARGE}"), zeros(LARGE)),
        "chunked": lambda _: itertools.chain(
            raw(f"{head}\nTransfer-Encoding: chunked"), chunked(zeros(LARGE))
        ),
        "unsized": lambda _: itertools.chain(raw(head), zeros(LARGE)),
    })  # fmt: skip


def bombs(farm: Farm) -> Iterator[Source]:
    pages = {}
    for coding in CODINGS:
        packed = hostile.bomb(coding)
        twice = hostile.pack(coding, packed)
        assert len(packed) < 400_000
        pages[f"{coding}1"] = reply(packed, 200, f"Content-Encoding: {coding}")
        pages[f"{coding}2"] = reply(twice, 200, f"Content-Encoding: {coding}, {coding}")
    yield fed(farm, "bombs", pages)
    base = "http://mapbombs.test"
    farm.plant("mapbombs.test", {})
    packed = hostile.bomb("gzip")
    farm.routes[f"{base}/map.xml.gz"] = reply(packed, kind="application/gzip")
    farm.routes[f"{base}/nested.xml.gz"] = reply(
        hostile.pack("gzip", packed), 200, "Content-Encoding: gzip", kind="application/gzip"
    )
    yield watched("mapbombs", sitemaps=(f"{base}/map.xml.gz", f"{base}/nested.xml.gz"))


def redirects(farm: Farm) -> Iterator[Source]:
    base = "http://hops.test/a"

    def fresh(nth: int) -> list[bytes | float]:
        return reply(b"", 302, f"Location: {base}/fresh?{nth}-{len(farm.hits)}")

    yield fed(farm, "hops", {
        "loop": reply(b"", 301, f"Location: {base}/loop"),
        "chain": reply(b"", 302, f"Location: {base}/chain/0"),
        "fresh": fresh, "fresh?*": fresh,
    } | {f"chain/{n}": reply(b"", 302, f"Location: {base}/chain/{n + 1}") for n in range(1_000)})  # fmt: skip
    farm.routes["http://hops.test/feed"] = reply(
        rss(f"{base}/{name}" for name in ("loop", "chain", "fresh"))
    )


SLOW = ("drip", "stalled", "headdrip", "mute")
N_HEALTHY = 5


def slow_sites(farm: Farm) -> Iterator[Source]:
    """Yield slow hosts, and healthy ones whose work must be done long before theirs."""
    head = "HTTP/1.1 200 x\nContent-Type: text/html\nConnection: close\nContent-Length: 4000"
    drip: list[bytes | float] = [b"<", 0.2] * 40
    for name, route in {
        "drip": raw(head, *drip),
        "stalled": [b"HTTP/1.1 200 x\r\nContent-", 15.0],
        "headdrip": [b"HTTP/1.1 200 x\r\n", *itertools.chain(*[[b"X-A: 1\r\n", 0.2]] * 40)],
        "mute": [15.0],
    }.items():
        yield fed(farm, name, {"page": route})
    farm.plant("slowtls.test", {}, scheme="https")
    yield watched("slowtls", feeds=("https://slowtls.test/feed",))
    for n in range(N_HEALTHY):
        yield fed(farm, f"healthy{n}", {f"p{page}": OK for page in range(4)})


def broken_answers(farm: Farm) -> Iterator[Source]:
    start = "HTTP/1.1 200 x\nContent-Type: text/html\nConnection: close"
    whole = html("Utuh")
    half = whole[: len(whole) // 2]
    line = "X-Filler: " + "x" * 1_000 + "\r\n"
    cut = {
        coding: reply(hostile.pack(coding, whole)[:-9], 200, f"Content-Encoding: {coding}")
        for coding in CODINGS
    }
    yield fed(farm, "broken", {
        "headbomb": lambda _: [b"HTTP/1.1 200 x\r\n", *[line.encode() * 100] * 20, b"\r\n", whole],
        "headline": lambda _: [b"HTTP/1.1 200 x\r\nX-A: " + b"x" * 300_000 + b"\r\n\r\n", whole],
        "cookies": reply(whole, 200, *(f"Set-Cookie: c{n}=" + "v" * 40 for n in range(10_000))),
        "interim": lambda _: [b"HTTP/1.1 103 x\r\nLink: </x>\r\n\r\n" * 20_000, *OK],
        "short": raw(f"{start}\nContent-Length: 5000", half),
        "chunkshort": raw(f"{start}\nTransfer-Encoding: chunked", b"%x\r\n" % 5_000, half),
        "chunkbad": raw(f"{start}\nTransfer-Encoding: chunked", b"zz\r\n", whole),
        "lengths": raw(f"{start}\nContent-Length: 9\nContent-Length: 700", whole),
        "negative": raw(f"{start}\nContent-Length: -1", whole),
        "unsized": raw(start, half),
        "garbage": [b"\x00\x01\x02" * 400],
        "silent": [],
        **{f"cut{coding}": body for coding, body in cut.items()},
    })  # fmt: skip


def inner_addresses(farm: Farm) -> Iterator[Source]:
    """Yield the routes to inner addresses: a source's own list, a redirect, a page's wish, a changing name."""
    for n, form in enumerate(FORMS):
        yield watched(f"direct{n}", hosts=(form.strip("[]"),), feeds=(f"http://{form}/feed",))
    names = {f"f{n}": form for n, form in enumerate(FORMS)}
    yield fed(
        farm, "hop",
        {key: reply(b"", 302, f"Location: http://{form}/a/x") for key, form in names.items()},
        # The source trusts them: the check of hosts must not be the only one.
        hosts=("hop.test", *(form.strip("[]") for form in FORMS)),
    )  # fmt: skip
    wish = '<meta http-equiv="refresh" content="0;url=http://{0}/a/x"><base href="http://{0}/">'
    yield fed(farm, "wish", {
        key: reply(html("Sebentar", wish.format(form)), 200, f"Refresh: 0;url=http://{form}/a/x")
        for key, form in names.items()
    })  # fmt: skip
    for n in range(len(FORMS)):
        yield fed(farm, f"flip{n}", {"page": OK})


def elsewhere(farm: Farm) -> Iterator[Source]:
    yield fed(farm, "away", {
        "moved": reply(b"", 301, "Location: http://offlist.test/a/x"),
        "plain": reply(b"", 302, "Location: //offlist.test/a/x"),
        "suffix": reply(b"", 302, "Location: http://away.test.offlist.test/a/x"),
        "user": reply(b"", 302, "Location: http://away.test@offlist.test/a/x"),
        "slash": reply(b"", 302, "Location: http://offlist.test\\@away.test/a/x"),
        "file": reply(b"", 302, "Location: file:///etc/passwd"),
        "barred": reply(b"", 302, "Location: http://m.away.test/a/x"),
    }, hosts=("away.test", "m.away.test"))  # fmt: skip
    farm.routes["http://m.away.test/robots.txt"] = reply(b"User-agent: *\nDisallow: /\n", kind=TEXT)
    for host in ("offlist.test", "away.test.offlist.test", "m.away.test"):
        farm.routes[f"http://{host}/a/x"] = OK


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
) + "]>"  # fmt: skip
OUTER = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
SQUARE = f'<!DOCTYPE x [<!ENTITY a "{"x" * 50_000}">]>'
XML = {"laughs": (LAUGHS, "&j;"), "outer": (OUTER, "&a;"), "square": (SQUARE, "&a;" * 5_000)}


def xml_faults(farm: Farm) -> Iterator[Source]:
    for name, (head, used) in XML.items():
        feed = rss([f"http://feed{name}.test/a/x"], head=head).replace(b">f<", f">{used}<".encode())
        farm.plant(f"feed{name}.test", {"x": OK})
        farm.routes[f"http://feed{name}.test/feed"] = reply(feed, kind="application/xml")
        yield watched(f"feed{name}", feeds=(f"http://feed{name}.test/feed",))
        farm.plant(f"map{name}.test", {"x": OK})
        sitemap = head.encode() + urlset([f"http://map{name}.test/a/x", used])
        farm.routes[f"http://map{name}.test/map.xml"] = reply(sitemap, kind="application/xml")
        yield watched(f"map{name}", sitemaps=(f"http://map{name}.test/map.xml",))


FEED_FAULTS = {
    "none": "empty", "page": "malformed", "torn": "ok", "short": "malformed", "blank": "empty",
    "moved": "failed", "gone": "gone", "tomorrow": "ok", "epoch": "ok",
}  # fmt: skip


def feed_faults(farm: Farm) -> Iterator[Source]:
    host = "http://{}.test/a/x"
    for name, answer in {
        "none": reply(rss(())),
        "page": reply(html("Selamat datang")),
        "torn": reply(rss([host.format("torn")])[:150], kind="text/xml"),
        "short": raw("HTTP/1.1 200 x\nContent-Length: 9000\nConnection: close", rss(())),
        "blank": reply(b" \n"),
        "moved": reply(b"", 301, "Location: http://parked.test/"),
        "gone": reply(b"", 410),
        "tomorrow": reply(rss([host.format("tomorrow")], "Sat, 02 Feb 2064 10:00:00 +0700")),
        "epoch": reply(rss([host.format("epoch")], "Thu, 01 Jan 1970 00:00:00 GMT")),
    }.items():
        farm.plant(f"{name}.test", {"x": OK})
        farm.routes[f"http://{name}.test/feed"] = answer
        yield watched(name, feeds=(f"http://{name}.test/feed",))


def endless_maps(farm: Farm) -> Iterator[Source]:
    base, now = "http://maps.test", hostile.DAY.isoformat()
    farm.plant("maps.test", {"*": OK})
    index = [f"{base}/self.xml", f"{base}/deep/1", f"{base}/huge.xml"]
    farm.routes[f"{base}/self.xml"] = reply(urlset(index, "sitemap", now), kind="text/xml")
    farm.routes[f"{base}/deep/*"] = lambda _: reply(
        urlset([f"{base}/deep/{len(farm.hits)}"], "sitemap", now), kind="text/xml"
    )
    farm.routes[f"{base}/huge.xml"] = lambda _: reply(
        urlset((f"{base}/a/n{n}" for n in range(N_LISTED)), lastmod=now), kind="text/xml"
    )
    yield watched("maps", sitemaps=(f"{base}/self.xml",))


def endless_calendar(farm: Farm) -> Iterator[Source]:
    base = "http://calendar.test"
    farm.plant("calendar.test", {"*": OK})

    def day(_: int) -> list[bytes | float]:
        nth = len(farm.hits)
        links = "".join(
            f'<li><a href="/a/same{n};jsessionid={nth}F{n}?PHPSESSID={nth:032d}"></a></li>'
            for n in range(4)
        )
        return reply(html("Kalender", f'<ul>{links}<li><a href="/2099/{nth}"></a></li></ul>'))

    farm.routes[f"{base}/calendar*"] = day
    listing = Listing(kind="index", url=f"{base}/calendar?d={{page}}", links="li a")
    yield watched("calendar", listings=(listing,), drop_query=False)


ROBOTS_BARRED = b"User-agent: *\nDisallow: /a/barred\n"


def robots_answers(farm: Farm) -> Iterator[Source]:
    long = b"# " + b"x" * 998 + b"\n"
    answers: dict[str, Route] = {
        "robots503": reply(b"busy", 503),
        "robotsslow": [b"HTTP/1.1 200 x\r\n", 15.0],
        "robots404": reply(b"no", 404),
        "robotshtml": reply(html("Selamat datang")),
        "robotslong": reply(ROBOTS_BARRED + long * 1_000, kind=TEXT),
        "robotsmoved": reply(b"", 301, "Location: http://rules.test/robots.txt"),
        "robotsloop": reply(b"", 302, "Location: /robots.txt"),
    }
    for name, answer in answers.items():
        source = fed(farm, name, {"barred": OK, "open": OK})
        farm.routes[f"http://{name}.test/robots.txt"] = answer
        yield source
    farm.routes["http://rules.test/robots.txt"] = reply(ROBOTS_BARRED, kind=TEXT)


DELAY_S = 0.2
REST_S = 1


def busy_hosts(farm: Farm) -> Iterator[Source]:
    def rests(by: str) -> Callable[[int], list[bytes | float]]:
        def answer(nth: int) -> list[bytes | float]:
            if nth > 1:
                return OK
            # A host whose clock is a day behind ours means its own clock.
            theirs = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
            back = email.utils.format_datetime(
                theirs + dt.timedelta(seconds=REST_S + 1), usegmt=True
            )
            date = f"Date: {email.utils.format_datetime(theirs, usegmt=True)}"
            wait = f"Retry-After: {back if by == 'date' else REST_S}"
            return reply(b"", 503 if by == "date" else 429, date, wait)

        return answer

    paced = Politeness(delay_s=DELAY_S)
    pages: dict[str, Route] = {
        "a": OK,
        "rest": rests("seconds"),
        "b": OK,
        "until": rests("date"),
        "c": OK,
    }
    yield fed(farm, "busy", pages, politeness=paced)
    # A second source on the same host shares its pace.
    farm.routes["http://busy.test/feed2"] = reply(
        rss(["http://busy.test/b/d", "http://busy.test/b/e"])
    )
    farm.routes["http://busy.test/b/*"] = OK
    yield watched(
        "busytoo", hosts=("busy.test",), feeds=("http://busy.test/feed2",), politeness=paced,
        article_url="/b/",
    )  # fmt: skip


ROBOTS_SILENT = ("robots503", "robotsslow", "robotshtml", "robotsloop")
ROBOTS_RULED = ("robotslong", "robotsmoved")
TLS = {"sound": "", "expired": "expired", "selfsigned": "self-signed", "wronghost": "wrong host"}


TLS_FAULTY = ("expired", "selfsigned", "wronghost", "babbletls")


def secure_sites(farm: Farm) -> Iterator[Source]:
    for name in (*TLS, "babbletls"):
        farm.plant(f"{name}.test", {"x": OK}, scheme="https")
        yield watched(name, feeds=(f"https://{name}.test/feed",))


Family = Callable[[Farm], Iterator[Source]]
FAMILIES: tuple[Family, ...] = (
    large_bodies, bombs, redirects, slow_sites, broken_answers, inner_addresses, elsewhere, xml_faults,
    feed_faults, endless_maps, endless_calendar, robots_answers, secure_sites,
)  # fmt: skip
# What a twin without its guards cannot do in a few seconds, or does alike.
NOT_TWINNED: tuple[Family, ...] = (large_bodies, bombs, slow_sites, feed_faults)


def crawled(tmp: Path, families: Iterable[Family], *, guarded: bool) -> Iterator[Run]:
    with hostile.serve() as farm:
        authority = hostile.certify(
            farm, tmp, {f"{name}.test": fault for name, fault in TLS.items()}
        )
        flips = {
            f"flip{n}.test": [["9.8.7.6"], [address]] for n, address in enumerate(FORMS.values())
        }
        wire = Wire(
            names=flips,
            stalled=("slowtls.test",),
            babbling=("babbletls.test",),
            unguarded=() if guarded else hostile.GUARDS,
            authority=authority,
        )
        sources = [source for family in families for source in family(farm)]
        limits = {"max_addresses": MAX_ADDRESSES}
        if not guarded:
            limits = {"max_redirects": 30, "max_addresses": 4 * MAX_ADDRESSES}
        yield hostile.run(farm, sources, tmp, wire, **limits)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    yield from crawled(tmp_path_factory.mktemp("guarded"), FAMILIES, guarded=True)


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    families = [each for each in FAMILIES if each not in NOT_TWINNED]
    yield from crawled(tmp_path_factory.mktemp("open"), families, guarded=False)


# --- what is promised: nothing of this happens -----------------------------------------------------------


def taken_in(run: Run, source_id: str, *but: str) -> int:
    """Return how many pages were taken in from a source, beside those that may be."""
    states = run.states(source_id)
    return sum(each is FetchState.FETCHED for name, each in states.items() if name not in but)


def long_chains(run: Run) -> int:
    return sum(
        max(0, len(run.farm.urls(f"hops.test/a/{name}")) - 11)
        for name in ("loop", "chain", "fresh")
    )


def gaps_cut_short(run: Run) -> int:
    """Return how often a busy host was asked sooner than its pace or its word allows."""
    hits = [hit for hit in run.farm.hits if "//busy.test" in hit.url]
    first_of = {"/a/rest": REST_S, "/a/until": REST_S}
    n_short = 0
    for early, late in itertools.pairwise(hits):
        wait = next(
            (first_of.pop(end) for end in list(first_of) if early.url.endswith(end)), DELAY_S
        )
        n_short += (
            late.at - early.at < wait * 0.8
        )  # arrival jitters by the scheduling of two processes
    return n_short


def flood(run: Run) -> int:
    return max(0, len(run.farm.urls("maps.test")) - MAX_ADDRESSES - 6)


def doubled(run: Run) -> int:
    """Return how often an article was taken in again under another session."""
    return max(0, run.n_fetched("calendar") - 4)


def barred_pages(run: Run) -> int:
    """Return how many pages were fetched that robots.txt bars, or may bar where it cannot be known."""
    barred = [f"//{name}.test/a/barred" for name in ROBOTS_RULED]
    barred += [f"//{name}.test/a/" for name in ROBOTS_SILENT]
    barred.append("//m.away.test/a/")
    return sum(any(part in url for part in barred) for url in run.farm.urls())


def unseen_entities(run: Run) -> int:
    """Return how many feeds with entities were taken for sound."""
    return sum(run.states(f"feed{name}", "feed") != {"feed": FetchState.MALFORMED} for name in XML)


PROMISES: dict[str, Callable[[Run], int]] = {
    "inner addresses reached": lambda run: run.farm.secret_hits,
    "redirects followed after the tenth": long_chains,
    "broken answers taken for articles": lambda run: taken_in(run, "broken"),
    "pages of other hosts fetched": lambda run: len(run.farm.urls("offlist.test")),
    "barred pages fetched": barred_pages,
    "addresses of a flood asked for": flood,
    "unverified bytes taken in": lambda run: sum(taken_in(run, name) for name in TLS_FAULTY),
    "articles doubled by their sessions": doubled,
    "entities unseen": unseen_entities,
}


@pytest.mark.parametrize("promise", PROMISES)
def test_promise_is_kept_and_would_be_broken_without_its_guard(
    promise: str, run: Run, twin: Run
) -> None:
    assert PROMISES[promise](run) == 0
    assert PROMISES[promise](twin) > 0, "the check cannot fail"


# --- the states that tell of it ---------------------------------------------------------------------------


def test_every_address_asked_for_ends_in_one_named_state(run: Run) -> None:
    ended = [(each.source_id, each.url, each.kind) for each in run.result.fetches]
    assert len(ended) == len(set(ended))
    assert not [each for each in run.result.fetches if each.state is FetchState.FAILED]
    assert len(run.result.source_states) == len({each.source_id for each in run.result.fetches})


def test_large_bodies_and_bombs_are_cut_and_memory_stays_small(run: Run) -> None:
    assert run.states("size") == dict.fromkeys(
        ("declared", "chunked", "unsized"), FetchState.TOO_LARGE
    )
    packed = [f"{coding}{layers}" for coding in CODINGS for layers in (1, 2)]
    assert run.states("bombs") == dict.fromkeys(packed, FetchState.TOO_LARGE)
    maps = run.states("mapbombs", "sitemap")
    assert maps == dict.fromkeys(("map.xml.gz", "nested.xml.gz"), FetchState.MALFORMED)
    assert run.result.source_states["mapbombs"].state == "malformed"
    assert run.peak_rss_mb < 300  # of some 90 sources at once; a bomb unpacked would add as much


def test_endless_redirects_end_and_their_hops_are_kept(run: Run) -> None:
    states = run.states("hops")
    assert states == dict.fromkeys(("loop", "chain", "fresh"), FetchState.TOO_MANY_REDIRECTS)
    assert len(kept_hops(run, "http://hops.test/a/chain")) == 11


def kept_hops(run: Run, asked: str) -> list[str]:
    """Return the addresses of a chain as the archive holds them."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    hops: list[str] = []
    for name in run.result.warc_files:
        with (run.folder / "archive" / name).open("rb") as stream:
            hops += [
                record.headers["WARC-Target-URI"]
                for record in ArchiveIterator(stream, record_types=WarcRecordType.response)
                if record.headers.get("Suar-Requested-URI") == asked
            ]
    return hops


def test_slow_sites_are_left_and_the_others_do_not_wait_for_them(run: Run) -> None:
    for name in SLOW:
        assert run.states(name) == {"page": FetchState.TIMED_OUT}
        assert len(run.farm.urls(f"//{name}.test/a/page")) <= 2, "tried again within the same time"
    assert run.states("slowtls", "robots") == {"robots.txt": FetchState.TIMED_OUT}
    ends = {each.source_id: at for at, each in run.told}  # the last of each source
    slowest = max(ends[f"healthy{n}"] for n in range(N_HEALTHY))
    assert slowest < min(ends[name] for name in SLOW)
    assert all(run.n_fetched(f"healthy{n}") == 4 for n in range(N_HEALTHY))


def test_broken_answers_have_their_states(run: Run) -> None:
    states = run.states("broken")
    large = {"headbomb", "headline", "cookies", "interim"}
    failed = {"lengths", "negative", "garbage", "silent"}
    assert {name for name, state in states.items() if state is FetchState.TOO_LARGE} == large
    assert {
        name for name, state in states.items() if state is FetchState.CONNECTION_FAILED
    } == failed
    cut = {"short", "chunkshort", "chunkbad", "unsized", *(f"cut{coding}" for coding in CODINGS)}
    assert {name for name, state in states.items() if state is FetchState.TRUNCATED} == cut
    assert len(states) == len(large) + len(failed) + len(cut)


def test_inner_addresses_are_told_as_refused(run: Run) -> None:
    for n, form in enumerate(FORMS):
        assert run.states(f"direct{n}", "robots") == {"robots.txt": FetchState.REFUSED_ADDRESS}, (
            form
        )
        # The name that had a public address for robots.txt has an inner one for the feed.
        assert run.states(f"flip{n}", "robots") == {"robots.txt": FetchState.FETCHED}
        assert run.states(f"flip{n}", "feed") == {"feed": FetchState.REFUSED_ADDRESS}, form
    told = [
        each for each in run.result.fetches if each.source_id == "hop" and each.kind == "article"
    ]
    assert len(told) == len(FORMS)
    for each in told:
        assert FetchState.REFUSED_ADDRESS in (each.state, each.detail.rpartition(" ")[2]), each
    assert run.n_fetched("wish") == len(FORMS), "what a page wishes is not followed"


def test_hosts_that_are_not_the_sources_are_recorded(run: Run) -> None:
    states = run.states("away")
    assert states.pop("barred") is FetchState.ROBOTS_DISALLOWED
    assert set(states.values()) == {FetchState.OFF_LIST}
    assert len(states) == 6


@pytest.mark.parametrize("name", XML)
def test_entities_are_a_fault_of_the_source_and_not_an_empty_list(run: Run, name: str) -> None:
    for family, path in (("feed", "feed"), ("map", "map.xml")):
        kind = "sitemap" if family == "map" else "feed"
        assert run.states(f"{family}{name}", kind) == {path: FetchState.MALFORMED}
        assert run.result.source_states[f"{family}{name}"].state == "malformed"


def test_faults_of_feeds_are_told_apart(run: Run) -> None:
    told = {name: run.result.source_states[name].state for name in FEED_FAULTS}
    assert told == FEED_FAULTS
    torn = next(each for each in run.result.fetches if each.url == "http://torn.test/feed")
    assert torn.detail, "what could be read was, and the fault is told"


def test_sitemaps_without_end_are_read_so_far(run: Run) -> None:
    told = [each for each in run.result.fetches if each.source_id == "maps"]
    assert sum(each.kind == "sitemap" for each in told) == 4
    assert len(run.farm.urls("maps.test/self.xml")) == 1
    assert any("deeper than" in each.detail for each in told)
    assert run.n_fetched("maps") == MAX_ADDRESSES
    (rest,) = [each for each in told if each.state is FetchState.DEFERRED]
    assert rest.detail.startswith(f"{N_LISTED - MAX_ADDRESSES} addresses")


def test_calendar_without_end_is_left(run: Run) -> None:
    assert len(run.farm.urls("calendar.test")) <= 60
    assert run.n_fetched("calendar") == 4


def test_robots_that_cannot_be_known_bar_the_host(run: Run) -> None:
    for name in ROBOTS_SILENT:
        assert run.states(name, "feed") == {"feed": FetchState.ROBOTS_UNREACHABLE}
        assert run.result.source_states[name].state == "blocked"
    for name in ROBOTS_RULED:
        assert run.states(name) == {
            "barred": FetchState.ROBOTS_DISALLOWED, "open": FetchState.FETCHED
        }  # fmt: skip
    assert run.n_fetched("robots404") == 2


@pytest.mark.parametrize("guarded", [True, False])
def test_busy_hosts_are_waited_for(guarded: bool, tmp_path: Path) -> None:
    # By themselves: what keeps the process busy would blur when a request arrives.
    for run in crawled(tmp_path, [busy_hosts], guarded=guarded):
        assert (gaps_cut_short(run) == 0) is guarded
        if guarded:
            assert (run.n_fetched("busy"), run.n_fetched("busytoo")) == (5, 2)


def test_certificates_are_checked(run: Run) -> None:
    assert run.n_fetched("sound") == 1
    for name in TLS_FAULTY:
        assert run.states(name, "robots") == {"robots.txt": FetchState.TLS_FAILED}, name
