"""Turn fetched pages into articles.

    Page (and its later pages) -> Article | Rejection

The body comes from the outlet's own selectors where they hold, else from trafilatura; what the page says of
itself (title, author, time, address) is read by ``pipeline.metadata``. Nothing on a page can do more here
than become text.
"""

from __future__ import annotations

import copy
import datetime as dt
import functools
import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

from lxml import etree, html
from lxml.cssselect import CSSSelector
from w3lib.encoding import html_to_unicode

from pipeline import boilerplate, metadata, timestamps, urls
from pipeline import text as texts
from pipeline.records import Article, Page, Reason, Rejection, Selectors, Source, make_id
from pipeline.timestamps import PublishedTime

EXTRACTOR_VERSION = "articles-1"
STAGE = "articles"

MAX_BYTES = 5_000_000  # the crawl keeps no larger body; a file that is handed in may be larger
MAX_TEXT = 100_000  # code points of an article; the longest report seen has a third of that
MAX_TITLE = 300
# Shorter bodies of pages are captions, video stubs and login boxes.
MIN_BODY = 120
# A page with so little visible text may be a challenge or an error instead of an article.
MAX_BLOCK_TEXT = 1_500
# A body that the selectors found is believed from this length on; below, the generic reader is asked too,
# because a changed layout shows first as a body of one paragraph.
TRUSTED_BODY = 1_500
# Below this a fast reading is repeated with every fallback: it often means a layout that it misses.
SLOW_BELOW = 500
# Text of a paywalled page that ends this early is a teaser.
MAX_TEASER = 700
# More unreadable characters than this and the text is not in the encoding that it was read in.
MAX_UNREADABLE = 0.02
DEFAULT_TIMEZONE = "Asia/Jakarta"

PublishedBasis = Literal["jsonld", "meta", "selector", "feed", "url", "given", "text", "none"]


# --- bytes ----------------------------------------------------------------------------------------------


def _decode(body: bytes, content_type: str) -> str:
    """Return the page as text: byte order mark, then header, then meta tag, then a detector decide.

    A body that is valid UTF-8 is read so whatever it claims: other encodings give that by chance only in
    plain ASCII, and wrong labels are common.
    """
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    _, decoded = html_to_unicode(content_type or None, body, auto_detect_fun=_detect)
    text = str(decoded)
    if text.count("\ufffd") > MAX_UNREADABLE * max(len(text), 1):
        guess = _detect(body)
        if guess:
            text = body.decode(guess, "replace")
    return text


def _detect(body: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(body[:64_000]).best()
    return best.encoding if best else "cp1252"


_BINARY = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"RIFF")
_PARSER_OPTIONS = {
    "encoding": "utf-8", "remove_comments": True, "remove_pis": True, "collect_ids": False, "no_network": True,
}  # fmt: skip


def _parse(text: str) -> Any | None:
    """Return the parsed page, or None when there is no markup in it."""
    cleaned = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", "", text)
    try:
        tree = html.document_fromstring(
            cleaned.encode("utf-8"), parser=html.HTMLParser(**_PARSER_OPTIONS)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return tree if len(tree) else None


# --- pages that are no article -----------------------------------------------------------------------------

_CHALLENGE = re.compile(
    r"just a moment|attention required|access (?:to this page has been )?denied|captcha|datadome|perimeterx|px-captcha"
    r"|verify(?:ing)? (?:that )?you are (?:a )?human|are you (?:a )?(?:robot|human)|enable javascript and cookies"
    r"|request (?:was )?blocked|pardon our interruption|checking your browser|unusual traffic|cf-chl|ray id"
    r"|incapsula|security check|bot detection|akamai|403 forbidden|error 1015|rate limited|too many requests"
    r"|not available in your (?:region|country|location)|unavailable for legal reasons|akses ditolak",
    re.I,
)
_CHALLENGE_TITLE = re.compile(
    r"^(?:just a moment|attention required|access denied|403 forbidden|are you a robot|security check|captcha"
    r"|ddos-guard|pardon our interruption|robot check|human verification|before you continue|sebelum anda melanjutkan)",
    re.I,
)
_MISSING = re.compile(
    r"\b404\b|not found|page (?:you|does)\b.{0,40}(?:exist|found|looking)|tidak (?:dapat )?ditemukan|halaman (?:tidak|yang anda cari)"
    r"|artikel (?:tidak|telah dihapus)|tidak tersedia lagi|page unavailable|no longer available|laman tidak",
    re.I,
)
_PARKED = re.compile(
    r"domain (?:is|may be) for sale|buy this domain|domain ini dijual|parked (?:free|domain)|sedoparking|website (?:is )?coming soon"
    r"|welcome to nginx|apache2? .{0,30}default page|account (?:has been )?suspended",
    re.I,
)
_TEASER = re.compile(
    r"berlangganan (?:untuk|sekarang)|lanjutkan membaca|khusus pelanggan|baca selengkapnya dengan berlangganan|artikel premium"
    r"|subscribe to (?:continue|read)|to continue reading|subscribers? only|already a subscriber|sudah berlangganan|konten premium"
    r"|this (?:article|content) is (?:for|available to) (?:subscribers|members)|masuk untuk membaca|log ?in to (?:continue|read)",
    re.I,
)
_HIDDEN = (
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "iframe",
    "form",
    "button",
    "select",
    "object",
)
# Boxes that outlets put inside the body; named by what they hold, matched on class and id.
_BOXES = re.compile(
    r"(?:^|[\s_-])(?:baca-?juga|bacajuga|inject-baca|linksisip|related|terkait|kompasid\w*|ads?|iklan|advert\w*|banner|paradetail"
    r"|share|sharing|social|sosmed|comments?|komentar|newsletter|breadcrumbs?|paging|pagination|long-nav|detail__anchor\w*"
    r"|tags?|tag-list|blog-tags|detail-tag|box-gnews|rctiplus|video-wrap|lihatjg|terpopuler|popular|recommend\w*|rekomendasi"
    r"|ext-channel|info-author|paywall-\w+|sidebar|credit|penulis|caption|photo__wrap|widget|subscribe)(?:[\s_-]|$|\d)",
    re.I,
)  # fmt: skip
_SMALL_BOX = 700  # letters; a box of this kind that holds more is the article after all


def _no_article(page: Page, reason: Reason, detail: str = "") -> Rejection:
    return Rejection(
        record_id=page.page_id, stage=STAGE, reason=reason, detail=detail, source_id=page.source_id
    )


def _refuse_status(page: Page) -> Rejection | None:
    """Return why bytes with this status and type are not read at all."""
    if page.status in {401, 403, 407, 429, 451, 503} or (
        page.status == 202 and not page.body.strip()
    ):
        return _no_article(page, Reason.BLOCK_PAGE, f"status {page.status}")
    if page.status >= 400:
        return _no_article(page, Reason.NOT_AN_ARTICLE, f"status {page.status}")
    if not page.body.strip(b" \t\r\n\0\xef\xbb\xbf"):
        return _no_article(page, Reason.EMPTY_FILE)
    if len(page.body) > MAX_BYTES:
        return _no_article(page, Reason.TOO_LARGE, f"{len(page.body)} bytes, {MAX_BYTES} are read")
    kind = page.content_type.partition(";")[0].strip().lower()
    if page.body.startswith(_BINARY) or kind.startswith(
        ("image/", "video/", "audio/", "application/pdf")
    ):
        return _no_article(page, Reason.UNSUPPORTED_FILE, kind)
    return None


def _refuse_content(page: Page, title: str, visible: str, kind: str) -> Rejection | None:
    """Return why a readable page is no article: challenge, error, parked or front page."""
    if _CHALLENGE_TITLE.match(title):
        return _no_article(page, Reason.BLOCK_PAGE, title[:80])
    if len(visible) <= MAX_BLOCK_TEXT:
        head = f"{title} {visible}"
        for pattern, reason in (
            (_CHALLENGE, Reason.BLOCK_PAGE),
            (_PARKED, Reason.NOT_AN_ARTICLE),
        ):
            found = pattern.search(head)
            if found:
                return _no_article(page, reason, found.group()[:80])
    if _MISSING.search(title) and len(visible) <= 2 * MAX_BLOCK_TEXT and kind != "article":
        return _no_article(page, Reason.NOT_AN_ARTICLE, title[:80])
    if not urlsplit(page.final_url).path.strip("/") and kind != "article":
        parts = urlsplit(page.final_url)
        if not parts.query and parts.scheme in {"http", "https"}:
            return _no_article(page, Reason.NOT_AN_ARTICLE, "front page")
    return None


# --- bodies ---------------------------------------------------------------------------------------------------

_BLOCKS = frozenset(
    """
    p div section article main header footer h1 h2 h3 h4 h5 h6 ul ol li blockquote pre table tr td th dl dt dd
    figure figcaption aside address hr br
    """.split()  # noqa: SIM905
)
_SKIPPED = frozenset(_HIDDEN) | {
    "figure",
    "figcaption",
    "aside",
    "nav",
    "header",
    "footer",
    "video",
    "audio",
}
_LINK_SHARE = 0.9  # a line that is link for so much of its length points to another article


def _lines(element: Any) -> list[str]:
    """Return the lines of text inside the element, without those that are nothing but a link."""
    lines: list[str] = []
    parts: list[str] = []
    linked = 0

    def flush() -> None:
        nonlocal linked
        line = texts.normalise(" ".join("".join(parts).split()))
        if line and not (linked and linked >= _LINK_SHARE * len(line)):
            lines.append(line)
        parts.clear()
        linked = 0

    def add(piece: str | None, *, link: bool) -> None:
        nonlocal linked
        if piece:
            parts.append(piece)
            linked += len(piece.strip()) if link else 0

    in_link = 0
    skipped = 0
    for event, node in etree.iterwalk(element, events=("start", "end")):
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            if skipped or tag in _SKIPPED:
                skipped += 1
                continue
            in_link += tag == "a"
            if tag in _BLOCKS:
                flush()
            add(node.text, link=in_link > 0)
        else:
            if skipped:
                skipped -= 1
            else:
                if tag in _BLOCKS:
                    flush()
                in_link -= tag == "a"
            if not skipped and node is not element:
                add(node.tail, link=in_link > 0)
    flush()
    return lines


def _strip_hidden(tree: Any) -> None:
    """Remove what no reader sees, and the small boxes that are known to stand inside bodies."""
    etree.strip_elements(tree, *_HIDDEN, with_tail=False)
    for node in list(
        tree.iter("div", "p", "ul", "ol", "section", "aside", "span", "table", "figure")
    ):
        marks = f"{node.get('class') or ''} {node.get('id') or ''}"
        if (
            len(marks) > 1
            and _BOXES.search(marks)
            and node.getparent() is not None
            and len("".join(node.itertext())) <= _SMALL_BOX
        ):
            node.drop_tree()


@functools.lru_cache(maxsize=512)
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")


def _selected(tree: Any, selector: str | None) -> list[Any]:
    """Return the elements that a selector finds, outermost only; a broken selector finds none."""
    if not selector:
        return []
    try:
        found = list(_compiled(selector)(tree))
    except (etree.XPathError, ValueError, SyntaxError):  # cssselect raises SyntaxError for bad CSS
        return []
    chosen = set(found)
    return [node for node in found if not any(up in chosen for up in node.iterancestors())]


def _selected_text(tree: Any, selector: str | None) -> str:
    """Return the text of the first element that a selector finds, or its machine-readable value."""
    for node in _selected(tree, selector)[:1]:
        value = node.get("datetime") or node.get("content") or " ".join(node.itertext())
        return " ".join(str(value).split())
    return ""


def _layout(source: Source | None, day: dt.date) -> tuple[Selectors, ...]:
    """Return the source's layouts that were in use on the day, newest first."""
    if source is None:
        return ()
    fitting = [
        item
        for item in source.selectors
        if (item.valid_from is None or item.valid_from <= day)
        and (item.valid_until is None or day <= item.valid_until)
    ]
    return tuple(sorted(fitting, key=lambda item: item.valid_from or dt.date.min, reverse=True))


def _generic(tree: Any, url: str, *, fast: bool) -> list[str]:
    """Return the lines that trafilatura reads as the body."""
    from trafilatura import bare_extraction

    found = bare_extraction(
        tree, url=url, fast=fast, favor_precision=False, include_comments=False, with_metadata=False
    )
    return texts.normalise(str(getattr(found, "text", None) or "")).split("\n")


def _length(lines: Sequence[str]) -> int:
    return sum(len(line) + 1 for line in lines)


def _body(
    tree: Any,
    page: Page,
    source: Source | None,
    layouts: Sequence[Selectors],
    title: str,
    said: str,
) -> list[str]:
    """Return the cleaned lines of the body: the longest sane reading.

    ``said`` is the body as JSON-LD gives it; it has no paragraphs and only serves when nothing else does.
    """
    patterns = source.boilerplate if source else ()
    best: list[str] = []
    for layout in layouts:
        for selector in layout.remove:
            for node in _selected(tree, selector):
                if node.getparent() is not None:
                    node.drop_tree()
        lines = [line for node in _selected(tree, layout.body) for line in _lines(node)]
        lines = boilerplate.clean(lines, patterns, title)
        if _length(lines) > _length(best):
            best = lines
    if _length(best) >= TRUSTED_BODY:
        return best
    generic = boilerplate.clean(_generic(tree, page.final_url, fast=True), patterns, title)
    if _length(generic) < SLOW_BELOW and _length(best) < SLOW_BELOW:
        slow = boilerplate.clean(_generic(tree, page.final_url, fast=False), patterns, title)
        generic = max(generic, slow, key=_length)
    # The selectors know where the body ends; the generic reader wins only where they clearly miss text.
    if _length(best) < 0.8 * _length(generic):
        best = generic
    if _length(best) < MIN_BODY and len(said) > MIN_BODY:
        best = boilerplate.clean(texts.normalise(said).split("\n"), patterns, title)
    return best


def _merged(first: list[str], others: Sequence[list[str]]) -> list[str]:
    """Return the lines of all pages without repeats; a page that repeats the first replaces it."""
    merged = list(first)
    seen = {texts.fold(line) for line in merged}
    for lines in others:
        folded = {texts.fold(line) for line in lines}
        if len(seen & folded) >= 0.6 * len(seen) and _length(lines) > _length(merged):
            merged, seen = list(lines), folded  # the page with everything on it
            continue
        for line in lines:
            key = texts.fold(line)
            if key not in seen:
                seen.add(key)
                merged.append(line)
    return merged if _length(merged) >= _length(first) else list(first)


def _capped(lines: Sequence[str], room: int) -> str:
    """Return the lines as one text, cut at a line end where it would grow too long."""
    kept: list[str] = []
    used = 0
    for line in lines:
        if used + len(line) + 1 > room:
            if not kept:
                kept.append(line[: max(room - 1, 0)].rstrip())
            break
        kept.append(line)
        used += len(line) + 1
    return "\n".join(kept)


# --- titles, authors, times -------------------------------------------------------------------------------------

_SEPARATOR = re.compile(r"\s+(?:[-–—|»•·]|::?)\s+|\s?\|\s?")
_PAGE_MARK = re.compile(r"\s*[-|–]?\s*(?:halaman|hal|page|laman)\s+(?:\d{1,3}|all|semua)\s*$", re.I)
_SITE_LIKE = re.compile(
    r"^(?:www\.)?[\w-]{2,30}\.(?:com|co|co\.id|id|net|tv|news|org)$|^(?:halaman|page)\s", re.I
)
_ALNUM = re.compile(r"[^a-z0-9]+")


def _plain(name: str) -> str:
    return _ALNUM.sub("", texts.fold(name))


def _title(candidates: Sequence[str], names: set[str]) -> str:
    """Return the best candidate without the name of the site; "" when there is none."""
    cleaned = [_without_site(texts.normalise(raw).replace("\n", " "), names) for raw in candidates]
    cleaned = [title for title in cleaned if title and _plain(title) not in names]
    if not cleaned:
        return ""
    best = cleaned[0]
    if best.endswith(("...", "…")):
        stem = _plain(best)
        best = next(
            (t for t in cleaned[1:] if len(t) > len(best) and _plain(t).startswith(stem)), best
        )
    # The heading of the page settles where a headline ends and a suffix we do not know begins.
    for other in cleaned[1:]:
        if best.startswith(other) and _SEPARATOR.match(best[len(other) :]) and len(other) > 15:
            best = other
    return best[:MAX_TITLE].strip()


def _without_site(title: str, names: set[str]) -> str:
    title = _PAGE_MARK.sub("", title).strip()
    while True:
        cuts = list(_SEPARATOR.finditer(title))
        if not cuts:
            return title
        tail, head = title[cuts[-1].end() :], title[: cuts[0].start()]
        if _plain(tail) in names or _SITE_LIKE.match(tail.strip()):
            title = _PAGE_MARK.sub("", title[: cuts[-1].start()]).strip()
        elif _plain(head) in names and len(title) - cuts[0].end() > 15:
            title = title[cuts[0].end() :].strip()
        else:
            return title


_AUTHOR_PREFIX = re.compile(
    r"^(?:oleh|by|penulis|reporter|pewarta|editor|jurnalis|wartawan|written by|tim)\s*[:\-|]?\s+(?=\S)|^[:|,-]\s*",
    re.I,
)
_AUTHOR_REST = re.compile(
    r"\s*(?:Terbit|Diperbarui|Updated|Published|Kompas\.com|,?\s\d{1,2}\s\w+\s\d{4}|\||\s-\s).*$",
    re.S,
)
_NO_AUTHOR = frozenset({"redaksi", "admin", "administrator", "timredaksi", "newsroom", "newsdesk", "editor", "tim", "staff", "unknown", "none", "null", "agencies", "agency", "webmaster", "redaktur", "staffwriter", "onlinedesk"})  # fmt: skip


def _author(candidates: Sequence[str], names: set[str]) -> str | None:
    """Return who signed the article, or None where only an address or an office is named."""
    for raw in candidates:
        if "://" in raw or raw.startswith(("www.", "@")) or len(raw) > 200:
            continue
        people = []
        for piece in re.split(r"\s*[,;/]\s*|\s+(?:dan|and|&)\s+", raw):
            name = _AUTHOR_REST.sub(
                "", _AUTHOR_PREFIX.sub("", texts.normalise(piece).strip())
            ).strip(" .:-")
            plain = _plain(name)
            if plain and plain not in names and plain not in _NO_AUTHOR and not name.isdigit():
                office = any(len(n) > 3 and (n in plain) for n in names)
                if not office and len(name) <= 60:
                    people.append(name)
        if people:
            return ", ".join(dict.fromkeys(people))
    return None


class _Dated(NamedTuple):
    when: PublishedTime
    raw: str
    basis: PublishedBasis


def _first_dated(
    candidates: Sequence[tuple[str, PublishedBasis]], timezone: str, fetched_at: dt.datetime
) -> _Dated | None:
    """Return the first candidate that can be true; one of the same day with a clock time is better."""
    chosen: _Dated | None = None
    for raw, basis in candidates:
        when = timestamps.read(raw, timezone, fetched_at)
        if when is None:
            continue
        if chosen is None:
            chosen = _Dated(when, raw, basis)
        elif not chosen.when.has_time and when.has_time and when.date == chosen.when.date:
            return _Dated(when, raw, basis)
        if chosen.when.has_time:
            return chosen
    return chosen


# "…, Selasa (18/6/2024)": how Indonesian leads print the day of publication or of the statement.
_WEEKDAY = r"(?:senin|selasa|rabu|kamis|jum['’]?at|sabtu|minggu|isnin|khamis|ahad|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_TEXT_DAY = re.compile(
    rf"\b{_WEEKDAY}(?:\s(?:malam|pagi|siang|sore|dini\shari|lalu)){{0,2}},?\s?\(?(?P<day>\d{{1,2}}(?:[/.-]\d{{1,2}}[/.-]\d{{4}}|\s\w{{3,9}}\s\d{{4}}))",
    re.I,
)
_TEXT_DAY_REACH = 3_000


def _day_in_text(body: str, timezone: str, fetched_at: dt.datetime) -> _Dated | None:
    """Return the first day that the lead prints with its weekday and year."""
    for match in _TEXT_DAY.finditer(body[:_TEXT_DAY_REACH]):
        when = timestamps.read(match["day"], timezone, fetched_at)
        if when:
            return _Dated(when._replace(has_time=False), match["day"], "text")
    return None


def _day_in_url(url: str, timezone: str, fetched_at: dt.datetime) -> _Dated | None:
    found = urls.date_in(url)
    if found is None:
        return None
    when = timestamps.read(found[0], timezone, fetched_at) or timestamps.of_day(
        found[1], timezone, fetched_at
    )
    return _Dated(when, found[0], "url") if when else None


# Where pages print their time, for outlets without selectors; the first one that can be read counts.
_SHOWN = CSSSelector(
    "article time[datetime], .read__time, .detail__date, .entry-date, time.published, .post__timeago,"
    " .journalist, .date, .tanggal, .article-date, .post-date, time",
    translator="html",
)  # fmt: skip


def _shown(tree: Any) -> Iterator[str]:
    """Yield the times printed around the heading, not those of related articles."""
    for node in _SHOWN(tree)[:6]:
        if any(up.tag in {"aside", "li", "nav", "footer"} for up in node.iterancestors()):
            continue
        for value in (node.get("datetime"), " ".join(" ".join(node.itertext()).split())):
            if value:
                yield value[:200]


# --- articles -----------------------------------------------------------------------------------------------------


class _Reading(NamedTuple):
    """What one page gave."""

    title: str
    lines: list[str]
    author: str | None
    dated: _Dated | None
    canonical: str
    language: str | None


def extract(
    page: Page, source: Source | None = None, parts: Sequence[Page] = ()
) -> Article | Rejection:
    """Return the article on this page and its later pages, or the reason there is none."""
    reading = _read(page, source)
    if isinstance(reading, Rejection):
        return reading
    later = []
    for part in sorted(parts, key=lambda part: (part.part_no, part.url)):
        if part.page_id != page.page_id:
            found = _read(part, source)
            if not isinstance(found, Rejection):
                later.append(found.lines)
    lines = _merged(reading.lines, later)
    body = _capped(lines, MAX_TEXT - len(reading.title) - 1)
    if len(body) < MIN_BODY:
        reason = Reason.TOO_SHORT if body else Reason.NO_TEXT
        return _no_article(page, reason, f"{len(body)} characters, {MIN_BODY} are needed")
    return _article(
        title=reading.title, body=body, url=page.url, canonical=reading.canonical, source=source,
        source_id=page.source_id, outlet="", author=reading.author, dated=reading.dated,
        language=None, hint=reading.language, fetched_at=page.fetched_at,
        page_sha256=page.body_sha256, n_parts=1 + len(later),
    )  # fmt: skip


def _read(page: Page, source: Source | None) -> _Reading | Rejection:
    """Return what one page gives, or the reason there is nothing."""
    refused = _refuse_status(page)
    if refused:
        return refused
    text = _decode(page.body, page.content_type)
    if text.count("\ufffd") > MAX_UNREADABLE * len(text):
        return _no_article(page, Reason.UNREADABLE_ENCODING, "no encoding fits the bytes")
    tree = _parse(text)
    if tree is None:
        return _no_article(page, Reason.NO_TEXT, "no markup")
    said = metadata.read(tree, page.final_url)
    timezone = source.timezone if source else DEFAULT_TIMEZONE
    names = _site_names(page.final_url, source, said.site_names)
    declared: list[tuple[str, PublishedBasis]] = [(raw, basis) for raw, basis in said.published]
    dated = _first_dated(declared, timezone, page.fetched_at)
    day = dated.when.date if dated else page.fetched_at.date()
    layouts = _layout(source, day)
    selected: list[tuple[str, PublishedBasis]] = [
        (raw, "selector") for item in layouts if (raw := _selected_text(tree, item.published))
    ]
    if dated is None or not dated.when.has_time:
        dated = _first_dated([*declared, *selected], timezone, page.fetched_at)
    own_titles = [raw for item in layouts if (raw := _selected_text(tree, item.title))]
    own_authors = [raw for item in layouts if (raw := _selected_text(tree, item.author))]
    title = _title([*own_titles, *said.titles], names)
    visible_title = said.titles[-1] if said.titles else ""
    shown = list(_shown(tree)) if dated is None else []
    _strip_hidden(tree)
    body_node = tree.find(".//body")
    visible = " ".join(" ".join((tree if body_node is None else body_node).itertext()).split())
    refused = _refuse_content(page, visible_title or title, visible, said.kind)
    if refused:
        return refused
    if not title:
        return _no_article(page, Reason.NO_TITLE)
    lines = _body(copy.deepcopy(tree), page, source, layouts, title, said.body)
    length = _length(lines)
    if length < MAX_TEASER and (not said.is_free or _TEASER.search(visible)):
        return _no_article(page, Reason.TOO_SHORT, "teaser of a paywalled article")
    if dated is None:
        seen: list[tuple[str, PublishedBasis]] = [(raw, "selector") for raw in shown]
        later: list[tuple[str, PublishedBasis]] = [(raw, "meta") for raw in said.modified]
        dated = (
            _day_in_url(page.final_url, timezone, page.fetched_at)
            or _first_dated(seen, timezone, page.fetched_at)
            or _first_dated(later, timezone, page.fetched_at)
            or _day_in_text("\n".join(lines), timezone, page.fetched_at)
        )
    return _Reading(
        title=title,
        lines=lines,
        author=_author([*own_authors, *said.authors], names),
        dated=dated,
        canonical=urls.canonical(said.canonical or page.final_url, source),
        language=said.language,
    )


def _site_names(url: str, source: Source | None, said: Sequence[str]) -> set[str]:
    """Return the names, in plain letters, under which the site may sign a title or an article."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    labels = [label for label in host.split(".") if len(label) > 3]
    names = {host, *labels[:2], *said}
    if source:
        names |= {source.name, source.owner, *source.hosts}
    names |= {name.split(".")[0] for name in list(names) if "." in name and " " not in name}
    return {plain for name in names if len(plain := _plain(name)) > 2}


def _article(
    *, title: str, body: str, url: str, canonical: str, source: Source | None, source_id: str, outlet: str,
    author: str | None, dated: _Dated | None, language: str | None, hint: str | None,
    fetched_at: dt.datetime, page_sha256: str, n_parts: int,
) -> Article:  # fmt: skip
    """Return the record, with what follows from the text itself filled in."""
    text = f"{title}\n{body}" if body else title
    return Article(
        article_id=make_id("art", canonical),
        url=url,
        canonical_url=canonical,
        source_id=source.source_id if source else source_id,
        outlet=outlet or (source.name if source else urlsplit(canonical).hostname or ""),
        owner=source.owner if source else "",
        country=source.country if source else None,
        language=language or _language(text, hint, source),
        title=title,
        text=text,
        author=author,
        published_at=dated.when.at if dated else None,
        published_date=dated.when.date if dated else None,
        published_raw=dated.raw if dated else None,
        published_basis=dated.basis if dated else "none",
        fetched_at=fetched_at,
        page_sha256=page_sha256,
        n_parts=n_parts,
        dateline=boilerplate.dateline(body) or boilerplate.dateline(title),
        extractor_version=EXTRACTOR_VERSION,
    )


def _language(text: str, hint: str | None, source: Source | None) -> str:
    """Return the language of the text; what the page or the source says only where the text cannot tell."""
    from pipeline import language

    found = language.detect(text)
    if found != "und":
        return found
    return hint or (source.language if source else None) or "und"


# --- texts without a page -------------------------------------------------------------------------------------------


def from_text(
    title: str,
    text: str,
    *,
    url: str,
    fetched_at: dt.datetime,
    source: Source | None = None,
    outlet: str = "",
    language: str | None = None,
    published: str | dt.date | dt.datetime | None = None,
) -> Article | Rejection:
    """Return the article that this text is, or the reason it is none.

    Without a title the first line serves, or its first sentence where it is a paragraph; without a
    time the text's own "Selasa (18/6/2024)" does. Lines that are not the article's own go as on pages.
    """
    import hashlib

    digest = hashlib.sha256(f"{title}\x1f{text}".encode("utf-8", "replace")).hexdigest()
    timezone = source.timezone if source else DEFAULT_TIMEZONE
    record_id = make_id("page", url, digest)
    source_id = source.source_id if source else ""

    def refused(reason: Reason, detail: str = "") -> Rejection:
        return Rejection(
            record_id=record_id, stage=STAGE, reason=reason, detail=detail, source_id=source_id
        )

    names = _site_names(url, source, [outlet] if outlet else [])
    heading = _title([title], names) if title.strip() else ""
    given = texts.normalise(text[: 2 * MAX_TEXT])
    lines = boilerplate.clean(given.split("\n"), source.boilerplate if source else (), heading)
    if not heading and lines:
        heading, lines = _heading_of(lines)
    if not heading:
        return refused(Reason.NO_TEXT if not given else Reason.NO_TITLE)
    body = _capped(lines, MAX_TEXT - len(heading) - 1)
    if not any(char.isalpha() for char in body or heading):
        return refused(Reason.NO_TEXT)
    canonical = urls.canonical(url, source)
    dated = (
        _given(published, timezone, fetched_at)
        or _day_in_url(url, timezone, fetched_at)
        or _day_in_text(f"{heading}\n{body}", timezone, fetched_at)
    )
    return _article(
        title=heading, body=body, url=url, canonical=canonical, source=source, source_id=source_id,
        outlet=outlet, author=None, dated=dated, language=language, hint=None, fetched_at=fetched_at,
        page_sha256=digest, n_parts=1,
    )  # fmt: skip


def _heading_of(lines: list[str]) -> tuple[str, list[str]]:
    """Return a heading taken from the first line, and the lines that are left."""
    first = lines[0]
    if len(first) <= MAX_TITLE:
        spans = texts.sentences(first)
        if len(spans) <= 1:
            return first, lines[1:]
    bounds = texts.sentences(first)[0]
    heading = first[bounds.start : bounds.end]
    if len(heading) > MAX_TITLE:
        cut = heading.rfind(" ", 0, MAX_TITLE)
        heading = heading[: cut if cut > 0 else MAX_TITLE].rstrip()
    rest = first[bounds.start + len(heading) :].strip()
    return heading, [*([rest] if rest else []), *lines[1:]]


def _given(
    published: str | dt.date | dt.datetime | None, timezone: str, fetched_at: dt.datetime
) -> _Dated | None:
    """Return the time that came along with a text, if it can be true."""
    if published is None:
        return None
    if isinstance(published, dt.datetime):
        when = timestamps.of_moment(published, timezone, fetched_at)
    elif isinstance(published, dt.date):
        when = timestamps.of_day(published, timezone, fetched_at)
    else:
        when = timestamps.read(published, timezone, fetched_at)
    raw = published if isinstance(published, str) else published.isoformat()
    return _Dated(when, raw, "given") if when else None
