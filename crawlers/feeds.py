"""Sources that announce their articles in RSS, RDF or Atom feeds."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import feedparser
from scrapy import Request
from scrapy.http import Response

from crawlers.spiders import Entries, Listed, SourceSpider, plain, urls_of
from pipeline.records import FetchState

MAX_ITEMS = 2_000  # a feed of more entries is a dump, not news
_ENTITY = "<!ENTITY"


def read_feed(body: bytes, url: str) -> Entries:
    """Return the entries of a feed with their dates as printed; a fault when it is none or unclean.

    feedparser takes WIB for UTC, so its own dates are not used.
    """
    if any(_ENTITY.encode(code) in body for code in ("ascii", "utf-16-le", "utf-16-be")):
        return Entries([], "declares XML entities")
    parsed = feedparser.parse(  # a stream: a plain string could name a file
        io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False
    )
    error = " ".join(str(parsed.get("bozo_exception") or "").split())[:200]
    if not parsed.get("version"):
        return Entries([], error or "is not a feed")
    items = []
    for entry in parsed.entries[:MAX_ITEMS]:
        link = str(entry.get("link") or "").strip()
        raw = str(entry.get("published") or entry.get("updated") or "")
        if link:
            try:
                items.append(
                    Listed(urljoin(url, link), raw, plain(entry.get("title")), _summary(entry))
                )
            except ValueError:
                continue
    unclean = parsed.bozo and not isinstance(
        parsed.get("bozo_exception"),
        feedparser.exceptions.CharacterEncodingOverride | feedparser.exceptions.NonXMLContentType,
    )
    return Entries(items, error if unclean else "")


def _summary(entry: Any) -> str:
    """Return what a feed says of an article beside its title: teaser and subject words."""
    words = (tag.get("term") for tag in entry.get("tags") or ())
    return plain(" ".join(str(word) for word in (entry.get("summary"), *words) if word))


class FeedSpider(SourceSpider):
    """Polls the feeds of one source."""

    name = "feeds"
    kind = "feed"

    def lists(self) -> Iterator[Request]:
        """Yield a request per feed."""
        for url in self.visit.source.feeds:
            yield from self.ask_list(url)

    def read_list(self, response: Response) -> Iterator[Request]:
        """Note the entries of the feed and ask for the articles."""
        feed = read_feed(response.body, response.url)
        found = self.articles(feed.items)
        state = FetchState.FETCHED
        if not feed.items:
            state = FetchState.MALFORMED if feed.fault else FetchState.EMPTY
        self.note(
            response, state, n_listed=len(feed.items), detail=feed.fault, listed=urls_of(found)
        )
        yield from self.ask_articles(found)
