"""Turn fetched pages into articles.

    Page (and its later pages) -> Article | Rejection

The body comes from the outlet's own selectors where they hold, else from trafilatura; what the page says of
itself (title, author, time, address) is read by ``pipeline.metadata``. Nothing on a page can do more here
than become text.
"""

from __future__ import annotations

import copy
import datetime as dt
import re
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

from pipeline import boilerplate, headings, markup, metadata, refusals, timestamps, urls
from pipeline import text as texts
from pipeline.records import Article, Page, Reason, Rejection, Selectors, Source, make_id
from pipeline.timestamps import PublishedTime

EXTRACTOR_VERSION = "articles-2"
MAX_TEXT = 100_000  # code points of an article; the longest report seen has a third of that
# Shorter bodies of pages are captions, video stubs and login boxes.
MIN_BODY = 120
# A body that the selectors found is believed from this length on.
TRUSTED_BODY = 1_500
# A shorter one is believed when it holds so much of the prose of the page: a changed layout shows first
# as a body that leaves most of them out. Else the generic reader is asked too.
TRUSTED_SHARE = 0.85
# Below this a fast reading that misses prose is repeated with every fallback: a layout unknown to it.
SLOW_BELOW = 500
DEFAULT_TIMEZONE = "Asia/Jakarta"

PublishedBasis = Literal["jsonld", "meta", "selector", "feed", "url", "given", "text", "none"]


# --- bodies ---------------------------------------------------------------------------------------


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
    """Return the cleaned lines of the body: the longest sane reading; the tree is used up.

    ``said`` is the body as JSON-LD gives it; it has no paragraphs and only serves when nothing else does.
    """
    patterns = source.boilerplate if source else ()
    best: list[str] = []
    for layout in layouts:
        for selector in layout.remove:
            for node in markup.selected(tree, selector):
                if node.getparent() is not None:
                    node.drop_tree()
        lines = [line for node in markup.selected(tree, layout.body) for line in markup.lines(node)]
        lines = boilerplate.clean(lines, patterns, title)
        if _length(lines) > _length(best):
            best = lines
    prose = 0 if _length(best) >= TRUSTED_BODY else markup.n_prose(tree)

    def is_whole(lines: list[str]) -> bool:
        return _length(lines) >= MIN_BODY and _length(lines) >= TRUSTED_SHARE * prose

    if _length(best) >= TRUSTED_BODY or is_whole(best):
        return best
    generic = boilerplate.clean(
        _generic(copy.deepcopy(tree), page.final_url, fast=True), patterns, title
    )
    if max(_length(generic), _length(best)) < SLOW_BELOW and not is_whole(generic):
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


# --- times ----------------------------------------------------------------------------------------


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
    if not any(len(line) >= markup.MIN_PROSE for line in lines):
        lines = []  # headlines of other articles, menus
    body = _capped(lines, MAX_TEXT - len(reading.title) - 1)
    if len(body) < MIN_BODY:
        reason = Reason.TOO_SHORT if body else Reason.NO_TEXT
        return refusals.no_article(page, reason, f"{len(body)} characters, {MIN_BODY} are needed")
    return _article(
        title=reading.title, body=body, url=page.url, canonical=reading.canonical, source=source,
        source_id=page.source_id, outlet="", author=reading.author, dated=reading.dated,
        language=None, hint=reading.language, fetched_at=page.fetched_at,
        page_sha256=page.body_sha256, n_parts=1 + len(later),
    )  # fmt: skip


def _read(page: Page, source: Source | None) -> _Reading | Rejection:
    """Return what one page gives, or the reason there is nothing."""
    refused = refusals.by_status(page)
    if refused:
        return refused
    text = markup.decode(page.body, page.content_type)
    if text.count("\ufffd") > markup.MAX_UNREADABLE * len(text):
        return refusals.no_article(page, Reason.UNREADABLE_ENCODING, "no encoding fits the bytes")
    tree = markup.parse(text)
    if tree is None:
        return refusals.no_article(page, Reason.NO_TEXT, "no markup")
    said = metadata.read(tree, page.final_url)
    timezone = source.timezone if source else DEFAULT_TIMEZONE
    names = headings.site_names(page.final_url, source, said.site_names)
    declared: list[tuple[str, PublishedBasis]] = [(raw, basis) for raw, basis in said.published]
    dated = _first_dated(declared, timezone, page.fetched_at)
    day = dated.when.date if dated else page.fetched_at.date()
    layouts = _layout(source, day)
    selected: list[tuple[str, PublishedBasis]] = [
        (raw, "selector") for item in layouts if (raw := markup.selected_text(tree, item.published))
    ]
    if dated is None or not dated.when.has_time:
        dated = _first_dated([*declared, *selected], timezone, page.fetched_at)
    own_titles = [raw for item in layouts if (raw := markup.selected_text(tree, item.title))]
    own_authors = [raw for item in layouts if (raw := markup.selected_text(tree, item.author))]
    title = headings.title([*own_titles, *said.titles], names)
    heads = [*said.titles[-1:], *markup.first_heading(tree)]
    shown = list(markup.shown_times(tree)) if dated is None else []
    markup.strip_hidden(tree, [n for item in layouts for n in markup.selected(tree, item.body)])
    visible = markup.visible_text(tree)
    refused = refusals.by_content(page, heads, visible, tree, said.kind)
    if refused:
        return refused
    if not title:
        return refusals.no_article(page, Reason.NO_TITLE)
    lines = _body(tree, page, source, layouts, title, said.body)
    author = headings.author([*own_authors, *said.authors], names)
    if author:
        lines = [line for line in lines if line != author]
    if refusals.is_teaser(visible, _length(lines), is_free=said.is_free):
        return refusals.no_article(page, Reason.TOO_SHORT, "teaser of a paywalled article")
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
        author=author,
        dated=dated,
        canonical=urls.canonical(said.canonical or page.final_url, source),
        language=said.language,
    )


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
            record_id=record_id,
            stage=refusals.STAGE,
            reason=reason,
            detail=detail,
            source_id=source_id,
        )

    names = headings.site_names(url, source, [outlet] if outlet else [])
    heading = headings.title([title], names) if title.strip() else ""
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
    if len(first) <= headings.MAX_TITLE:
        spans = texts.sentences(first)
        if len(spans) <= 1:
            return first, lines[1:]
    bounds = texts.sentences(first)[0]
    heading = first[bounds.start : bounds.end]
    if len(heading) > headings.MAX_TITLE:
        cut = heading.rfind(" ", 0, headings.MAX_TITLE)
        heading = heading[: cut if cut > 0 else headings.MAX_TITLE].rstrip()
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
