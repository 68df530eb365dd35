"""Sources whose articles are found on index, tag, section or search pages."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from parsel import Selector
from scrapy import Request
from scrapy.http import Response, TextResponse

from crawlers.apis import read_json, read_posts
from crawlers.catalog import POSTS_PER_PAGE, expand, is_dated
from crawlers.spiders import Entries, Listed, SourceSpider, plain, urls_of
from pipeline import titles
from pipeline.records import FetchState, Listing

MAX_DAYS = 366  # of a dated index in one run; a longer past is a job for several runs
_BESIDE = ("nav", "aside", "footer")
# What columns beside a list call themselves, as a part of a class or an id.
_ASIDE = re.compile(
    r"(?:^|[-_ ])(?:side-?bar|popul[ae]r|terpopuler|trending|related|terkait|rekomendasi|recommend\w*|most-?read"
    r"|footer|menu|navbar|breadcrumbs?)(?:$|[-_ ])",
    re.I,
)
WINDOW_DAYS = 31  # of one search: sites show so many results of a search and no more


@dataclass
class Walk:
    """One listing being paged through, for one query and one day or window of days."""

    listing: Listing
    query: str
    first: dt.date
    day: dt.date
    page: int
    seen: set[str] = field(default_factory=set)

    @property
    def url(self) -> str:
        """The address of the current page."""
        return expand(
            self.listing, page=self.page, query=self.query, date=self.day, since=self.first
        )

    @property
    def is_paged(self) -> bool:
        """Whether there is a further page to ask for."""
        return "{page" in self.listing.url or self.listing.kind == "wordpress"

    @property
    def is_dated(self) -> bool:
        """Whether the listing is of one day or window, and so ends by itself."""
        return is_dated(self.listing)


def walks(
    listing: Listing, day: dt.date, since: dt.date | None, queries: tuple[str, ...]
) -> Iterator[Walk]:
    """Yield the first page of every listing meant: per query, and per day or window from ``day`` backwards.

    Without ``since`` a dated index is read for that day and the one before, for what came late.
    """
    step, n_days = 1, 1
    if is_dated(listing):
        first = since or day - dt.timedelta(days=1)
        n_days = min(max((day - first).days + 1, 1), MAX_DAYS)
        step = 1 if "{date" in listing.url else WINDOW_DAYS
    for query in queries if "{query" in listing.url else ("",):
        for back in range(0, n_days, step):
            last = day - dt.timedelta(days=back)
            begin = last - dt.timedelta(days=min(step, n_days - back) - 1)
            yield Walk(listing, query, begin, last, listing.first_page)


class ListingSpider(SourceSpider):
    """Pages through the listings of one source."""

    name = "listings"
    kind = "listing"

    def lists(self) -> Iterator[Request]:
        """Yield a request for the first page of each listing."""
        visit = self.visit
        for listing in visit.source.listings:
            for walk in walks(listing, visit.last_day, visit.since, visit.settings.queries):
                yield from self.ask_list(walk.url, walk=walk)

    def read_list(self, response: Response) -> Iterator[Request]:
        """Note the links of the list, ask for the articles, and for the next page while there is news."""
        assert response.request is not None
        walk: Walk = response.request.meta["walk"]
        links, fault = entries(response, walk.listing)
        found = self.articles(links)
        first = walk.page == walk.listing.first_page
        state, detail = FetchState.FETCHED, fault
        if fault and not links:
            state = FetchState.MALFORMED
        elif first and not links:
            state, detail = FetchState.EMPTY, f"nothing matches {walk.listing.links}".strip()
        elif first and not found:
            detail = "no link is an article address that is due"
        self.note(response, state, n_listed=len(found), detail=detail, listed=urls_of(found))
        # All that a tag or a search finds was filed under its words.
        about = walk.query if walk.query else _words_of(walk.listing)
        yield from self.ask_articles(found, about)
        if (
            walk.is_paged
            and _has_more(response, walk.listing)
            and self._is_news(walk, found, links)
        ):
            walk.seen.update(urls_of(found))
            walk.page += 1
            if walk.page - walk.listing.first_page < self.visit.settings.max_list_pages:
                yield from self.ask_list(walk.url, walk=walk)

    def _is_news(self, walk: Walk, found: list[Listed], links: list[Listed]) -> bool:
        """Return whether the page brought an address that makes the next page worth asking for.

        A dated index ends by itself. The others go back for years: they are left at the first page
        that holds nothing but what earlier runs have fetched or skipped or, on the way to a past, at the
        first that holds nothing new at all or nothing but what is older.
        """
        visit = self.visit
        new = set(urls_of(found)) - walk.seen
        if walk.is_dated:
            return bool(new)
        if not visit.is_past:
            return bool(new - visit.validators.keys() - visit.skipped_before)
        ahead = {each.url for each in links if self._is_ahead(each)} - walk.seen
        walk.seen |= ahead
        return bool(new or ahead)

    def _is_ahead(self, listed: Listed) -> bool:
        """Return whether an entry is newer than the days asked for."""
        day, _ = self.published(listed)
        return day is not None and self.visit.until is not None and day > self.visit.until


def _words_of(listing: Listing) -> str:
    """Return the words of a tag as its address spells them."""
    return titles.words(listing.url) if listing.kind == "tag" else ""


def _has_more(response: Response, listing: Listing) -> bool:
    """Return whether a further page may exist: WordPress says how many there are, and answers 400 behind."""
    if listing.kind != "wordpress" or not isinstance(response, TextResponse):
        return True
    pages = (response.headers.get("X-WP-TotalPages") or b"").strip()
    page = re.search(r"[?&]page=(\d+)", response.url)
    if not pages.isdigit() or page is None:
        return len(read_posts(response.body, response.url).items) >= POSTS_PER_PAGE
    return int(page[1]) < int(pages)


def entries(response: Response, listing: Listing) -> Entries:
    """Return what a page of a listing holds."""
    if listing.kind == "wordpress":
        return read_posts(response.body, response.url)
    if listing.fields is not None:
        return read_json(response, listing.fields)
    return Entries(list_links(response, listing.links))


def list_links(response: Response, selector: str) -> list[Listed]:
    """Return the links inside the list, in order; links elsewhere on the page do not count.

    Menus, footers and side columns are no lists, whatever the selector would take from them, unless it
    names them. Where a selector names no list at all, since none is known, those that only call themselves so
    are left out as well.
    """
    if not isinstance(response, TextResponse):
        return []
    found = []
    outside = {name for name in _BESIDE if not re.search(rf"\b{name}\b", selector)}
    links = [
        each
        for each in response.css(selector)
        if not any(above.tag in outside for above in each.root.iterancestors())
    ]
    beside = _columns_beside(links) if is_unscoped(selector) else set()
    for each in links:
        if not beside.isdisjoint(each.root.iterancestors()):
            continue
        link = (each.attrib.get("href") or "").strip()
        title = each.attrib.get("title") or " ".join(each.css("::text").getall())
        try:
            found.append(Listed(urljoin(response.url, link), title=plain(title)))
        except ValueError:
            continue
    return found


def is_unscoped(selector: str) -> bool:
    """Return whether a selector takes the links of the whole page: no list of the source is known."""
    return re.fullmatch(r"a(?:\[href\])?", selector.strip()) is not None


def _columns_beside(links: Sequence[Selector]) -> set[Any]:
    """Return the elements around links that call themselves something beside a list.

    One that holds most links of the page is the page itself ("content with-sidebar").
    """
    held: Counter[Any] = Counter()
    for each in links:
        held.update(
            above
            for above in each.root.iterancestors()
            if _ASIDE.search(above.get("class", "")) or _ASIDE.search(above.get("id", ""))
        )
    return {element for element, n in held.items() if 2 * n <= len(links)}
