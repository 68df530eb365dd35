"""The answer to any address of the invented outlets, without a network."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from urllib.parse import parse_qs, urlsplit

from crawlers.sample import lists, pages
from crawlers.sample.stories import Outlet, Story, outlets, stories

HTML = "text/html; charset=utf-8"
XML = "application/xml; charset=utf-8"
RSS = "application/rss+xml; charset=utf-8"
ATOM = "application/atom+xml; charset=utf-8"
TEXT = "text/plain; charset=utf-8"

Query = Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """One response: status, content type and body."""

    status: int
    content_type: str
    body: bytes


Route = Callable[[Query], Answer]

_NOT_FOUND = Answer(404, TEXT, b"not found\n")
_FAILING = Answer(500, TEXT, b"this invented page always fails\n")


def hosts() -> frozenset[str]:
    """Return every host that is answered for."""
    return frozenset(place.partition("/")[0] for place in _routes())


def answer(url: str) -> Answer | None:
    """Return the response to an address, None where the host is not one of ours."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "http" or host not in hosts():
        return None
    route = _routes().get(f"{host}{parts.path or '/'}")
    if route is None:
        return _NOT_FOUND
    return route({key: values[-1] for key, values in parse_qs(parts.query).items()})


def addresses() -> list[str]:
    """Return every address without its query, in order."""
    return sorted(f"http://{place}" for place in _routes())


def _fixed(content_type: str, make: Callable[[], bytes]) -> Route:
    return lambda _query: Answer(200, content_type, make())


def _whole_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and int(text) > 0 else None


def _article(story: Story, outlet: Outlet) -> Route:
    def show(query: Query) -> Answer:
        part: int | None = 1
        if query.get("page") == "all" or query.get("single") == "1":
            part = None
        elif "page" in query:
            part = _whole_number(query["page"])
            if part is None or part > len(story.parts):
                return _NOT_FOUND
        return Answer(200, HTML, pages.render(story, outlet, part))

    return show


def _dated(outlet: Outlet) -> Route:
    def show(query: Query) -> Answer:
        page = _whole_number(query.get("page", "1"))
        try:
            day = dt.date.fromisoformat(query["date"]) if "date" in query else None
        except ValueError:
            return _NOT_FOUND
        return Answer(200, HTML, lists.dated_index(outlet, day, page)) if page else _NOT_FOUND

    return show


@cache
def _routes() -> dict[str, Route]:
    """Return what answers at each host and path."""
    routes: dict[str, Route] = {}
    ways: dict[str, dict[str, Route]] = {
        name: _ways_in(outlet) for name, outlet in outlets().items()
    }
    for outlet_id, outlet in outlets().items():
        sitemaps = [path for path in ways[outlet_id] if path.endswith(".xml") and "rss" not in path]
        own_hosts = {outlet.host, *(s.host for s in stories() if s.outlet == outlet_id and s.host)}
        if pages.has_amp(outlet):
            own_hosts.add("m.samudranews.example")
        for host in own_hosts:
            routes[f"{host}/robots.txt"] = _fixed(TEXT, partial(lists.robots, outlet, sitemaps))
            routes[f"{host}/"] = _fixed(HTML, partial(lists.home, outlet))
        routes.update({f"{outlet.host}{path}": route for path, route in ways[outlet_id].items()})
    for story in stories():
        outlet = outlets()[story.outlet]
        routes[f"{story.host or outlet.host}{story.path}"] = _article(story, outlet)
        if pages.has_amp(outlet) and not story.host:
            routes[pages.amp_url(story).removeprefix("http://")] = _fixed(
                HTML, partial(pages.render_amp, story, outlet)
            )
    routes[f"{outlets()['kabar-kini'].host}{lists.FAILING_PATH}"] = lambda _query: _FAILING
    return routes


def _ways_in(outlet: Outlet) -> dict[str, Route]:
    """Return the feeds, sitemaps and lists of one outlet by path."""
    first, second = lists.halves(outlet)
    everything = [*first, *second]
    return {
        "warta-harian": {
            "/indeks": _dated(outlet),
            "/sitemap-news.xml": _fixed(XML, partial(lists.news_sitemap, outlet, everything)),
        },
        "kilat-kabar": {
            "/sitemap_news.xml": _fixed(XML, partial(lists.news_sitemap, outlet, everything))
        },
        "pekan-warta": {"/rss/nasional": _fixed(RSS, partial(lists.rss, outlet))},
        "samudra": {
            "/rss/terkini.xml": _fixed(RSS, partial(lists.rss, outlet)),
            **{
                f"/tag/wni/{page}": _fixed(HTML, partial(lists.tag_page, outlet, page))
                for page in (1, 2)
            },
        },
        "lensa-daerah": {
            "/sitemap.xml": _fixed(
                XML,
                lambda: lists.sitemap_index(
                    outlet, ["/sitemap-berita-1.xml", "/sitemap-berita-2.xml"]
                ),
            ),
            "/sitemap-berita-1.xml": _fixed(XML, partial(lists.news_sitemap, outlet, first)),
            "/sitemap-berita-2.xml": _fixed(XML, partial(lists.news_sitemap, outlet, second)),
        },
        "kabar-kini": {
            "/sindikasi/nasional.rss": _fixed(RSS, partial(lists.rss, outlet)),
            "/sindikasi/rusak.rss": _fixed(RSS, partial(lists.broken_feed, outlet)),
        },
        "mekong-ledger": {"/feed/": _fixed(RSS, partial(lists.wordpress_feed, outlet))},
        "isla-monitor": {"/feed/atom/": _fixed(ATOM, partial(lists.atom, outlet))},
    }[outlet.outlet_id]
