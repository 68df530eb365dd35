"""What stands between a spider and the network: robots, pace, limits, redirects, archive.

Whatever ends a request early is an `EndedError` that names the state the address ends in.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import email.utils
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urljoin, urlsplit

from OpenSSL import SSL
from protego import Protego
from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from service_identity import VerificationError

from crawlers.archive import Exchange
from crawlers.inflate import CutError, TooLargeError, gunzip, inflate, unbrotli, unzstd
from crawlers.settings import AGENT
from crawlers.visits import Visit, host_of
from pipeline.records import FetchState, Page

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

RETRIED_STATUS = frozenset({408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
RETRIED_ERRORS = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
MAX_CRAWL_DELAY_S = (
    60.0  # a longer wish cannot be met within a run: the source then gets few requests
)
MAX_HEAD_BYTES = 256 * 1024  # what browsers take; news sites send 1 to 8 KiB
_ROOT_ENDS = (b"</html>", b"</rss>", b"</feed>", b"</urlset>", b"</sitemapindex>", b"</rdf:rdf>")


class EndedError(IgnoreRequest):
    """The request goes no further; the address ends in this state."""

    def __init__(self, state: FetchState, detail: str = "") -> None:
        self.state = state
        self.detail = detail
        super().__init__(f"{state}: {detail}")


def state_of(error: BaseException, url: str, visit: Visit) -> tuple[FetchState, str]:
    """Return the state and detail that an error of a request means."""
    refused = visit.resolver.refused if visit.resolver is not None else {}
    host = (urlsplit(url).hostname or "") if host_of(url) else ""
    text = " ".join(str(error).split())[:300]
    match error:
        case EndedError():
            return error.state, error.detail
        case CannotResolveHostError() if host in refused:
            return FetchState.REFUSED_ADDRESS, f"{host} is {refused[host]}, not a public address"
        case CannotResolveHostError():
            return FetchState.DNS_FAILED, text
        case DownloadTimeoutError():
            return FetchState.TIMED_OUT, text
        case DownloadCancelledError():
            return FetchState.TOO_LARGE, text or "more than the limit"
        case ResponseDataLossError():
            return FetchState.TRUNCATED, "the connection ended before the body"
        case DownloadFailedError() if _reason(error, SSL.Error, VerificationError):
            return FetchState.TLS_FAILED, text
        case DownloadConnectionRefusedError() | DownloadFailedError() | OSError():
            return FetchState.CONNECTION_FAILED, text
        case UnsupportedURLSchemeError():
            return FetchState.OFF_LIST, text
        case _:
            return FetchState.FAILED, f"{type(error).__name__}: {text}"


def _reason(error: BaseException, *kinds: type[BaseException]) -> BaseException | None:
    """Return the error of one of the kinds that Twisted gives as the reason for a failed response."""
    for each in getattr(error.__cause__, "reasons", None) or []:
        value = getattr(each, "value", None)
        if isinstance(value, kinds):
            return value
    return None


class HeadersTooLargeError(Exception):
    """The head of a response, interim ones included, is larger than the limit."""


class _CappedParser(_LenientHTTPClientParser):
    """Reads a response whose head stays within the limit; Twisted takes headers without end."""

    _head_bytes = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802  (Twisted's name)
        self._head_bytes += len(line) + 2
        if self._head_bytes > MAX_HEAD_BYTES:
            self.lineLengthExceeded(line)
        super().lineReceived(line)

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: N802  (Twisted's name)
        # Not merely closed: what is still on its way would be read on.
        connection: Any = self.transport
        connection._producer.abortConnection()  # noqa: SLF001
        raise HeadersTooLargeError(f"more than {MAX_HEAD_BYTES} bytes of headers, or one too long")


class _CappedProtocol(_LenientHTTP11ClientProtocol):
    def request(self, request: Any) -> Any:
        answer = super().request(request)
        self._parser.__class__ = _CappedParser  # as its own base class does it
        return answer


class _CappedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> _CappedProtocol:  # noqa: N802  (Twisted's name)
        return _CappedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class TimedHandler(HTTP11DownloadHandler):
    """Downloads within what is left of the time of the address; further tries draw on the same time."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._visited = crawler
        self._pool._factory = _CappedFactory  # noqa: SLF001  (as the base class sets its own)

    async def download_request(self, request: Request) -> Response:
        """Return the response, or fail when the time is used up."""
        settings = _visit(self._visited).settings
        spent = request.meta.get("spent_s", 0.0)
        left = settings.url_limit_s - spent
        if left <= 0:
            raise EndedError(FetchState.TIMED_OUT, f"took {spent:.0f} s over all tries")
        request.meta["download_timeout"] = min(settings.response_limit_s, left)
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            return await super().download_request(request)
        except DownloadFailedError as error:
            if head := _reason(error, HeadersTooLargeError):
                raise EndedError(FetchState.TOO_LARGE, str(head)) from error
            raise
        finally:
            request.meta["spent_s"] = spent + loop.time() - began


def _visit(crawler: Crawler) -> Visit:
    visit: Visit = crawler.spider.visit  # type: ignore[union-attr]
    return visit


class _Middleware:
    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def visit(self) -> Visit:
        return _visit(self.crawler)


# A host that is down, not one that says no: what it said last still holds for a while.
_SILENT = frozenset(
    {
        FetchState.SERVER_ERROR,
        FetchState.TIMED_OUT,
        FetchState.CONNECTION_FAILED,
        FetchState.DNS_FAILED,
    }
)


class Robots(_Middleware):
    """Asks robots.txt first; where it is silent the last answer holds for a day, then silence is a no (RFC 9309)."""

    async def process_request(self, request: Request) -> None:
        """Let the request pass only when the host's rules are known and allow it."""
        if request.meta["kind"] == "robots":
            return
        visit = self.visit
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        known = visit.traffic.robots
        if origin not in known:
            known[origin] = asyncio.ensure_future(self._rules(origin))
        rules = await known[origin]
        if isinstance(rules, str):
            raise EndedError(FetchState.ROBOTS_UNREACHABLE, rules)
        if not rules.can_fetch(request.url, AGENT):
            raise EndedError(FetchState.ROBOTS_DISALLOWED, f"{origin}/robots.txt")

    async def _rules(self, origin: str) -> Protego | str:
        """Return the rules of the host, or why they cannot be known."""
        visit = self.visit
        url = f"{origin}/robots.txt"
        request = Request(
            url,
            meta={
                "kind": "robots",
                "asked": url,
                "download_maxsize": visit.settings.page_max_bytes,
            },
        )
        try:
            assert self.crawler.engine
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # whatever it was, the rules are not known
            status, warc_file = None, None
            state, detail = state_of(error, url, visit)
            reason = str(state)
        else:
            status, warc_file = response.status, response.meta.get("warc_file")
            state, reason = robots_answer(status, response.body)
            detail = reason
        now = dt.datetime.now(dt.UTC)
        copy = visit.traffic.copies.find(origin, now) if state in _SILENT else None
        if copy is not None:
            detail = f"{detail}; its answer of {copy.fetched_at:%Y-%m-%d %H:%M} UTC holds"
        visit.note(url, "robots", state, status=status, detail=detail, warc_file=warc_file)
        if copy is not None:
            text = copy.text
        elif reason:
            return f"{url}: {reason}"
        elif state is not FetchState.FETCHED:
            return Protego.parse("")
        else:
            text = response.body[: visit.settings.robots_max_bytes].decode("utf-8", "replace")
            visit.traffic.copies.keep(origin, text, now)
        rules = Protego.parse(text)
        wish = rules.crawl_delay(AGENT)
        if wish:
            visit.traffic.crawl_delay[host_of(url)] = min(float(wish), MAX_CRAWL_DELAY_S)
        return rules


def robots_answer(status: int, body: bytes) -> tuple[FetchState, str]:
    """Return the state of a robots.txt answer and, when it must count as a no, the reason."""
    if status == 429:  # a busy host has not said yes
        return FetchState.RATE_LIMITED, "status 429"
    if 400 <= status < 500:
        return (FetchState.NOT_FOUND if status in (404, 410) else FetchState.CLIENT_ERROR), ""
    if status != 200:
        return FetchState.SERVER_ERROR, f"status {status}"
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"<" or b"\0" in body:
        return FetchState.MALFORMED, "robots.txt cannot be read: it is no plain text"
    return FetchState.FETCHED, ""


class Gate(_Middleware):
    """Holds each request until its host may be asked again, and sends it the allowed way."""

    async def process_request(self, request: Request) -> None:
        """Wait, or end the request when there is no time or number left in this run."""
        visit = self.visit
        host = host_of(request.url)
        article = request.meta["kind"] == "article"
        if article and "counted" not in request.meta:
            if visit.n_articles >= visit.source.politeness.max_per_day:
                raise EndedError(FetchState.DEFERRED, "the day's number of pages is used up")
            visit.n_articles += 1
            request.meta["counted"] = True
        traffic = visit.traffic
        while True:
            wait = traffic.wait_s(host)
            if traffic.clock() + wait > visit.deadline:
                raise EndedError(FetchState.DEFERRED, "no time left for this source in this run")
            if wait <= 0:
                break
            await traffic.sleep(wait)
        traffic.sent(host, visit.source.politeness.delay_s)
        if visit.settings.demo_proxy:
            request.meta["proxy"] = visit.settings.demo_proxy

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep what the host says about coming back."""
        if response.status in (429, 503):
            seconds = retry_after_s(
                (response.headers.get("Retry-After") or b"").decode("latin-1"),
                # A moment is meant by the clock of the host: ours may go wrong.
                _moment((response.headers.get("Date") or b"").decode("latin-1"))
                or dt.datetime.now(dt.UTC),
            )
            if seconds is not None:
                self.visit.traffic.pause(host_of(request.url), seconds)
                request.meta["retry_after_s"] = seconds
        return response


def retry_after_s(value: str, now: dt.datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for, or None when it says nothing usable."""
    value = value.strip()
    if value.isdecimal():
        return float(value[:9])
    moment = _moment(value)
    return None if moment is None else max(0.0, (moment - now).total_seconds())


def _moment(value: str) -> dt.datetime | None:
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.replace(tzinfo=moment.tzinfo or dt.UTC)


class Unpacking(HttpCompressionMiddleware):
    """Unpacks bodies up to the limit, and takes a cut stream for what it is."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Return the response with its plain body."""
        try:
            plain = super().process_response(request, response)
        except (EndedError, TooLargeError, CutError) as error:
            raise _unpacking_ended(error) from error
        except IgnoreRequest as error:  # Scrapy's own word for a body that grows too large
            raise EndedError(FetchState.TOO_LARGE, "more than the limit when unpacked") from error
        coding = plain.headers.get("Content-Encoding") if isinstance(plain, Response) else None
        if coding:
            raise EndedError(FetchState.MALFORMED, f"unknown content coding {coding!r}")
        return plain

    @staticmethod
    def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
        if encoding in (b"gzip", b"x-gzip"):
            # Some servers label plain text as gzip; there is nothing to unpack then.
            return gunzip(body, max_size) if body.startswith(b"\x1f\x8b") else body
        return _UNPACK[encoding](body, max_size)


_UNPACK = {b"deflate": inflate, b"br": unbrotli, b"zstd": unzstd}


def _unpacking_ended(error: Exception) -> EndedError:
    if isinstance(error, EndedError):
        return error
    state = FetchState.TOO_LARGE if isinstance(error, TooLargeError) else FetchState.TRUNCATED
    return EndedError(state, str(error))


class Archiving(_Middleware):
    """Writes every whole response to the archive before anything else looks at it."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Archive the response; refuse a cut one."""
        meta = request.meta
        if response.status == 304:
            return response
        if "dataloss" in response.flags or ("partial" in response.flags and _is_cut(response.body)):
            raise EndedError(FetchState.TRUNCATED, "the connection ended before the page did")
        visit = self.visit
        fetched_at = dt.datetime.now(dt.UTC)
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        place = visit.writer.add(
            Exchange(
                source_id=visit.source.source_id,
                kind=meta["kind"],
                url=meta["asked"],
                final_url=response.url,
                status=response.status,
                headers=[
                    (name.decode("latin-1"), value.decode("latin-1"))
                    for name, values in response.headers.items()
                    for value in values
                ],
                body=response.body,
                fetched_at=fetched_at,
                part_of=meta.get("part_of"),
                part_no=meta.get("part_no", 1),
            )
        )
        meta["warc_file"] = place.file
        if meta["kind"] == "article" and response.status == 200:
            page = Page.of(
                visit.source.source_id, meta["asked"], response.body, fetched_at,
                content_type=content_type,
            )  # fmt: skip
            meta["page_id"] = page.page_id
        return response


def _is_cut(body: bytes) -> bool:
    """Return whether a body that ended with the connection lacks the end of its root element."""
    tail = body[-2048:].lower()
    return not any(end in tail for end in _ROOT_ENDS)


class Redirects(RedirectMiddleware):
    """Follows redirects, never away from the source; robots and addresses are checked at every hop."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Return the next request, or end where the redirect must not be followed."""
        location = response.headers.get("Location")
        if location is None or response.status not in (301, 302, 303, 307, 308):
            return response
        visit = _visit(self.crawler)
        kind = request.meta["kind"]
        try:
            target = urljoin(request.url, location.decode("latin-1").strip())
            parts = urlsplit(target)
        except ValueError as error:
            raise EndedError(FetchState.MALFORMED, "redirect to no address") from error
        if parts.scheme not in ("http", "https"):
            raise EndedError(FetchState.OFF_LIST, f"redirect to {target[:300]}")
        if kind != "robots" and not visit.may_visit(target, kind):
            # A bare address must be told from a foreign host: it is an attack, not a move.
            raise EndedError(_foreign(parts.hostname or ""), f"redirect to {target[:300]}")
        if kind == "article" and parts.path in ("", "/"):
            raise EndedError(FetchState.NOT_FOUND, "redirected to the front page")
        try:
            followed = super().process_response(request, response)
        except IgnoreRequest as error:
            raise EndedError(FetchState.TOO_MANY_REDIRECTS, f"last to {target[:300]}") from error
        return followed

    def handle_referer(self, request: Request, response: Response) -> None:
        """Send no Referer."""
        request.headers.pop("Referer", None)

    def _engine_started(self) -> None:
        """Skip Scrapy's look for a Referer middleware: there is none on purpose."""


def _foreign(host: str) -> FetchState:
    import ipaddress

    from crawlers.addresses import is_public

    try:
        ipaddress.ip_address(host)
    except ValueError:
        return FetchState.OFF_LIST
    return FetchState.OFF_LIST if is_public(host) else FetchState.REFUSED_ADDRESS


class Retries(_Middleware):
    """Tries again what may heal, after a growing pause or the one that the host asked for."""

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Return a further try, or the response when no more are due."""
        if response.status not in RETRIED_STATUS:
            return response
        return self._again(request, f"status {response.status}") or response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Return a further try for a fault of the network."""
        if not isinstance(exception, RETRIED_ERRORS):
            return None
        state, _ = state_of(exception, request.url, self.visit)
        if state is FetchState.REFUSED_ADDRESS:
            return None
        return self._again(request, type(exception).__name__)

    def _again(self, request: Request, reason: str) -> Request | None:
        visit = self.visit
        asked_for = request.meta.pop("retry_after_s", None)
        if asked_for is not None and asked_for > visit.settings.max_retry_after_s:
            return None
        spider = self.crawler.spider
        assert spider is not None
        again = get_retry_request(request, spider=spider, reason=reason)
        if again is None or request.meta.get("spent_s", 0.0) >= visit.settings.url_limit_s:
            return None
        tries = again.meta["retry_times"]
        host = host_of(request.url)
        if asked_for is None:
            visit.traffic.pause(host, visit.settings.backoff_s * 2 ** (tries - 1))
        if visit.traffic.clock() + visit.traffic.wait_s(host) > visit.deadline:
            return None  # the answer at hand says more than "deferred"
        return again
