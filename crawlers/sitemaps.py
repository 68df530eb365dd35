"""Sources that list their articles in sitemaps (sitemaps.org, with Google's news extension)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from lxml import etree
from scrapy import Request
from scrapy.http import Response

from crawlers.inflate import GZIP_MAGIC, CutError, TooLargeError, gunzip
from crawlers.spiders import Listed, SourceSpider, plain, urls_of
from pipeline.records import FetchState

MAX_ADDRESSES = 50_000  # the limit of sitemaps.org for one file
_OF_NEWS = frozenset({"title", "keywords"})
_KEPT = frozenset({"loc", "lastmod", "publication_date"}) | _OF_NEWS
MAX_DEPTH = 3  # an index of indexes of sitemaps; deeper ones were only seen as loops


@dataclass
class Sitemap:
    """What a sitemap holds: further sitemaps or articles, and what is wrong with it."""

    sitemaps: list[Listed] = field(default_factory=list)
    items: list[Listed] = field(default_factory=list)
    n_beyond: int = 0
    fault: str = ""


def read_sitemap(body: bytes, url: str, max_bytes: int) -> Sitemap:
    """Return the entries of a sitemap, unzipped when needed; a document type is refused unread."""
    found = Sitemap()
    if body.startswith(GZIP_MAGIC):
        try:
            body = gunzip(body, max_bytes)
        except (TooLargeError, CutError) as error:
            found.fault = str(error)
            return found
    try:
        _read_entries(body, url, found)
    except etree.XMLSyntaxError as error:
        found.fault = f"is not a sitemap: {error}"
    return found


def _read_entries(body: bytes, url: str, found: Sitemap) -> None:
    events = etree.iterparse(
        io.BytesIO(body),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    root = None
    for event, element in events:
        if root is None:
            root = element
            if element.getroottree().docinfo.internalDTD is not None:
                found.fault = "declares a document type"
                return
            if _local(element) not in ("urlset", "sitemapindex"):
                found.fault = f"is not a sitemap: begins with <{_local(element)}>"
                return
        if event == "end" and _local(element) in ("url", "sitemap"):
            _keep(element, url, found)
            element.clear()
            while element.getprevious() is not None:  # else memory grows with the file
                del element.getparent()[0]


def _keep(element: etree._Element, url: str, found: Sitemap) -> None:
    values: dict[str, str] = {}
    for child in element.iter():
        name = _local(child)
        if name in _OF_NEWS and _local(child.getparent()) != "news":
            continue  # of a picture or a video
        if name in _KEPT and child.text:
            values.setdefault(name, child.text.strip())
    if not values.get("loc"):
        return
    try:
        listed = Listed(
            urljoin(url, values["loc"]),
            values.get("publication_date") or values.get("lastmod") or "",
            plain(values.get("title")),
            plain(values.get("keywords")),
        )
    except ValueError:
        return
    if len(found.items) + len(found.sitemaps) >= MAX_ADDRESSES:
        found.n_beyond += 1
    elif _local(element) == "sitemap":
        found.sitemaps.append(listed)
    else:
        found.items.append(listed)


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


class SitemapSpider(SourceSpider):
    """Reads the sitemaps of one source, indexes included."""

    name = "sitemaps"
    kind = "sitemap"

    def lists(self) -> Iterator[Request]:
        """Yield a request per sitemap."""
        for url in self.visit.source.sitemaps:
            yield from self.ask_list(url, depth_of_list=1)

    def read_list(self, response: Response) -> Iterator[Request]:
        """Note the entries, ask for further sitemaps (newest first) and for the articles."""
        assert response.request is not None
        depth = response.request.meta["depth_of_list"]
        sitemap = read_sitemap(response.body, response.url, self.visit.settings.list_max_bytes)
        details = [sitemap.fault] if sitemap.fault else []
        if sitemap.n_beyond:
            details.append(f"{sitemap.n_beyond} addresses beyond {MAX_ADDRESSES} left out")
        children = self._due(sitemap.sitemaps)
        if depth >= MAX_DEPTH and children:
            details.append(f"{len(children)} sitemaps deeper than {MAX_DEPTH} left out")
            children = []
        room = max(0, self.visit.settings.max_sitemaps - self.visit.n_sitemaps)
        if len(children) > room:
            details.append(f"{len(children) - room} sitemaps over the number of one run left out")
            children = children[:room]
        self.visit.n_sitemaps += len(children)
        found = self.articles(sitemap.items)
        n_listed = len(sitemap.items) + len(sitemap.sitemaps)
        if sitemap.fault:
            state = FetchState.MALFORMED
        else:
            state = FetchState.FETCHED if n_listed else FetchState.EMPTY
        self.note(
            response,
            state,
            n_listed=len(sitemap.items),
            detail="; ".join(details),
            # An index that has not changed does not say that its sitemaps have not.
            listed=urls_of(found) if not sitemap.sitemaps else ["index"],
        )
        for child in children:
            yield from self.ask_list(child.url, depth_of_list=depth + 1)
        yield from self.ask_articles(found)

    def _due(self, listed: list[Listed]) -> list[Listed]:
        """Return the sitemaps on our hosts that may hold something recent enough, newest first."""
        dated = []
        for each in listed:
            day, moment = self.published(each)
            old = self.visit.since is not None and day is not None and day < self.visit.since
            if not old and self.visit.may_visit(each.url, "sitemap"):
                dated.append((-moment, each))
        return [each for _, each in sorted(dated, key=lambda pair: pair[0])]
