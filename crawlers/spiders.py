"""What all three spiders share: asking for articles and their further pages."""

from __future__ import annotations

import datetime as dt
import html
import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit, urlunsplit

from scrapy import Request, Spider
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from crawlers.archive import is_html
from crawlers.crawl import Validator
from crawlers.middlewares import state_of
from crawlers.visits import Kind, Visit
from pipeline import timestamps, urls
from pipeline.records import FetchState, Paging

LIST_PRIORITY = 10  # lists before articles, so that the newest articles of all lists come first
MAX_SUMMARY = 1_000  # characters; some feeds carry whole articles
_TAG = re.compile(r"<[^<>]*>")
BLOCK_PAGE_BYTES = 20_000  # challenge pages are small; articles that quote these words are not
_BLOCK_WORDS = re.compile(
    rb"<title>\s*(?:just a moment|attention required|access denied|403 forbidden|verifying)"
    rb"|captcha-delivery\.com|px-captcha|cf-chl-|_incapsula_resource|geo\.captcha",
    re.I,
)


# The address of the whole article may be unknown to the server: page 1 is then better than nothing.
_WHOLE_REFUSED = frozenset(
    {FetchState.NOT_FOUND, FetchState.CLIENT_ERROR, FetchState.EMPTY, FetchState.NOT_HTML}
)


class Listed(NamedTuple):
    """An address as a list gives it, with the date as printed there and what it says of the article."""

    url: str
    published_raw: str = ""
    title: str = ""
    summary: str = ""


class Entries(NamedTuple):
    """What a list holds, and what is wrong with it."""

    items: list[Listed]
    fault: str = ""


def urls_of(items: Iterable[Listed]) -> list[str]:
    """Return the addresses alone."""
    return [each.url for each in items]


def plain(value: object) -> str:
    """Return a title or summary without markup on one line, cut where a text would begin."""
    if not isinstance(value, str):
        return ""
    return " ".join(html.unescape(_TAG.sub(" ", value[: 4 * MAX_SUMMARY])).split())[:MAX_SUMMARY]


class SourceSpider(Spider, ABC):
    """Reads one family of lists of one source and asks for the articles on them."""

    name = "source"
    kind: Kind = "listing"

    def __init__(self, visit: Visit, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.visit = visit
        self._article_url = re.compile(visit.source.article_url)

    async def start(self) -> AsyncIterator[Request]:
        """Yield the requests for the lists."""
        for request in self.lists():
            yield request

    @abstractmethod
    def lists(self) -> Iterator[Request]:
        """Yield the first requests."""

    @abstractmethod
    def read_list(self, response: Response) -> Iterator[Request]:
        """Note what the list holds and yield what follows from it."""

    # --- lists ---

    def ask_list(self, url: str, **meta: Any) -> Iterator[Request]:
        """Yield the request for a list that was not asked for yet."""
        taken = self.visit.take(url, self.kind)
        if taken is not None:
            yield self._request(taken, self.kind, self._list_answer, priority=LIST_PRIORITY, **meta)

    def _list_answer(self, response: Response) -> Iterator[Request]:
        state = answer_state(response)
        if state is FetchState.FETCHED:
            yield from self.read_list(response)
        else:
            self.note(response, state)

    # --- articles ---

    def articles(self, found: Iterable[Listed]) -> list[Listed]:
        """Return the articles of this source that are due, newest first, each once."""
        due: dict[str, Listed] = {}
        moments: dict[str, float] = {}
        for listed in found:
            each = listed._replace(url=without_tracking(listed.url.strip()))
            if not self._article_url.search(each.url):
                continue
            if not self.visit.may_visit(each.url, "article"):
                continue
            day, moment = self.published(each)
            self.visit.saw(moment)
            if not self.visit.is_due(day):
                continue
            known = due.get(each.url)
            if known is not None:  # a card links its picture, its heading and its teaser
                said = {text: None for text in (known.title, each.title) if text}
                each = known._replace(title=" | ".join(said), summary=known.summary or each.summary)
            due[each.url] = each
            moments[each.url] = max(moment, moments.get(each.url, moment))
        return sorted(due.values(), key=lambda each: -moments[each.url])

    def published(self, listed: Listed) -> tuple[dt.date | None, float]:
        """Return the local day and the moment (0 when unknown) that a list or an address tells."""
        found = timestamps.read(
            listed.published_raw, self.visit.source.timezone, dt.datetime.now(dt.UTC)
        )
        if found is not None:
            return found.date, found.at.timestamp()
        written = urls.date_in(listed.url)
        if written is None:
            return None, 0.0
        return written[1], dt.datetime.combine(written[1], dt.time(), dt.UTC).timestamp()

    def ask_articles(self, found: Iterable[Listed], about: str = "") -> Iterator[Request]:
        """Yield requests for articles not asked for in this run; those never seen before come first.

        Of a source that tells much, only what its title, summary or address or what the list is ``about``
        hints at is asked for; the rest is noted as skipped.
        """
        visit = self.visit
        for each in sorted(found, key=lambda each: each.url in visit.validators):
            if visit.is_final(each.url):
                continue
            if not visit.is_wanted(each.url, each.title, f"{each.summary} {about}"):
                visit.skip(each.url, self.published(each)[0], each.title)
                continue
            taken = visit.take_article(each.url)
            if taken is not None:
                whole = whole_url(taken, self.visit.source.paging)
                yield self._request(whole, "article", self._article_answer, asked=taken)

    def _article_answer(self, response: Response) -> Iterator[Request]:
        state = article_state(response)
        request = response.request
        assert request is not None
        asked = request.meta["asked"]
        if state in _WHOLE_REFUSED and "whole" not in request.meta:
            plain = self._plain(asked)
            if plain is not None:
                yield plain
                return
        self.note(response, state)
        if state is FetchState.FETCHED and self.visit.source.paging.kind == "follow":
            yield from self._next_part(response, request.meta.get("part_no", 1))

    def _plain(self, asked: str) -> Request | None:
        """Return the request for page 1 alone, where the address of the whole article does not work."""
        if whole_url(asked, self.visit.source.paging) == asked:
            return None
        return self._request(asked, "article", self._article_answer, whole=False)

    def _next_part(self, response: Response, part_no: int) -> Iterator[Request]:
        if part_no >= self.visit.settings.max_parts or not isinstance(response, TextResponse):
            return
        assert response.request is not None
        first = response.request.meta.get("part_of") or response.request.meta["asked"]
        for link in response.css(self.visit.source.paging.value):
            url = urljoin(response.url, (link.attrib.get("href") or "").strip())
            if not self.visit.may_visit(url, "article"):
                continue
            # By the full address: the key of an article leaves the page number out.
            taken = self.visit.take_part(url, first)
            if taken is not None:
                yield self._request(
                    taken, "article", self._article_answer,
                    part_of=first, part_no=part_no + 1, priority=LIST_PRIORITY + 1,
                )  # fmt: skip
                return

    # --- both ---

    def note(self, response: Response, state: FetchState, **more: Any) -> None:
        """Write down what became of the address that this response answers."""
        assert response.request is not None
        meta = response.request.meta
        validator = None
        if state is FetchState.FETCHED:
            validator = Validator(
                etag=_header(response, "ETag"), last_modified=_header(response, "Last-Modified")
            )
        self.visit.note(
            meta["asked"],
            meta["kind"],
            state,
            status=response.status,
            page_id=meta.get("page_id") if state is FetchState.FETCHED else None,
            warc_file=meta.get("warc_file"),
            validator=validator,
            **more,
        )

    def _request(
        self, url: str, kind: Kind, callback: Any, *, priority: int = 0, **meta: Any
    ) -> Request:
        asked = meta.setdefault("asked", url)
        settings = self.visit.settings
        headers = {}
        known = self.visit.validators.get(asked)
        if known is not None and known.etag:
            headers["If-None-Match"] = known.etag
        if known is not None and known.last_modified:
            headers["If-Modified-Since"] = known.last_modified
        limit = settings.page_max_bytes if kind == "article" else settings.list_max_bytes
        return Request(
            url,
            callback=callback,
            errback=self._failed,
            dont_filter=True,  # what was asked before is the visit's business
            priority=priority,
            headers=headers,
            meta={"kind": kind, "download_maxsize": limit, **meta},
        )

    def _failed(self, failure: Failure) -> Iterator[Request]:
        request: Request = failure.request  # type: ignore[attr-defined]
        error = failure.value
        assert error is not None
        state, detail = state_of(error, request.url, self.visit)
        asked = request.meta["asked"]
        if state is FetchState.ROBOTS_DISALLOWED and "whole" not in request.meta:
            plain = self._plain(asked) if request.meta["kind"] == "article" else None
            if plain is not None:
                yield plain
                return
        if state is FetchState.FAILED:
            self.logger.error("%s ended in an error", asked, exc_info=error)
        self.visit.note(
            asked,
            request.meta["kind"],
            state,
            detail=detail,
            warc_file=request.meta.get("warc_file"),
        )


def without_tracking(url: str) -> str:
    """Return the address without fragment and campaign parameters: those only name the way to it."""
    parts = urlsplit(url)
    kept = [each for each in parts.query.split("&") if not each.lower().startswith("utm_")]
    return urlunsplit(parts._replace(query="&".join(kept), fragment=""))


def whole_url(url: str, paging: Paging) -> str:
    """Return the address that shows all pages of the article at once, where the source has one."""
    if paging.kind not in ("query", "suffix"):
        return url
    parts = urlsplit(url)
    if paging.kind == "suffix":
        suffix = "/" + paging.value.strip("/")
        path = parts.path.rstrip("/")
        return urlunsplit(parts._replace(path=path if path.endswith(suffix) else path + suffix))
    name = paging.value.lstrip("?&").partition("=")[0]
    kept = [each for each in parts.query.split("&") if each and each.partition("=")[0] != name]
    return urlunsplit(parts._replace(query="&".join([*kept, paging.value.lstrip("?&")])))


def answer_state(response: Response) -> FetchState:
    """Return the state that a status means."""
    status = response.status
    if status == 200:
        return FetchState.FETCHED if response.body.strip() else FetchState.EMPTY
    if status == 304:
        return FetchState.NOT_MODIFIED
    if status in (401, 403):
        blocked = is_block_page(response.body)
        return FetchState.BLOCKED if blocked else FetchState.FORBIDDEN
    if status in (202, 451):  # a challenge that never ends; refused for where we are
        return FetchState.BLOCKED
    if status in (404, 410):
        return FetchState.NOT_FOUND
    if status == 429:
        return FetchState.RATE_LIMITED
    if status >= 500:
        return FetchState.BLOCKED if is_block_page(response.body) else FetchState.SERVER_ERROR
    return FetchState.CLIENT_ERROR


def article_state(response: Response) -> FetchState:
    """Return the state of an answer that should be an article."""
    state = answer_state(response)
    if state is not FetchState.FETCHED:
        return state
    if not is_html(_header(response, "Content-Type") or "", response.body):
        return FetchState.NOT_HTML
    return FetchState.BLOCKED if is_block_page(response.body) else state


def is_block_page(body: bytes) -> bool:
    """Return whether the body is a challenge or refusal in place of the page."""
    return len(body) < BLOCK_PAGE_BYTES and _BLOCK_WORDS.search(body) is not None


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
