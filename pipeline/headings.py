"""Clean what a page prints above the text: the headline without its site, the author without an office."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from pipeline import text as texts
from pipeline.records import Source

MAX_TITLE = 300

_SEPARATOR = re.compile(r"\s{1,3}(?:[-–—|»•·]|::?)\s{1,3}|\s?\|\s?")
_PAGE_MARK = re.compile(
    r"\s{0,3}[-|–]?\s{0,3}(?:halaman|hal|page|laman)\s{1,3}(?:\d{1,3}|all|semua)\s{0,3}$", re.I
)
_SITE_LIKE = re.compile(
    r"^(?:www\.)?[\w-]{2,30}\.(?:com|co|co\.id|id|net|tv|news|org)$|^(?:halaman|page)\s", re.I
)
_ALNUM = re.compile(r"[^a-z0-9]+")


def plain(name: str) -> str:
    """Return the letters and digits of a name, for comparing."""
    return _ALNUM.sub("", texts.fold(name))


def title(candidates: Sequence[str], names: set[str]) -> str:
    """Return the best candidate without the name of the site; "" when there is none."""
    cleaned = [_without_site(texts.normalise(raw).replace("\n", " "), names) for raw in candidates]
    cleaned = [title for title in cleaned if title and plain(title) not in names]
    if not cleaned:
        return ""
    best = cleaned[0]
    if best.endswith(("...", "…")):
        stem = plain(best)
        best = next(
            (t for t in cleaned[1:] if len(t) > len(best) and plain(t).startswith(stem)), best
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
        if plain(tail) in names or _SITE_LIKE.match(tail.strip()):
            title = _PAGE_MARK.sub("", title[: cuts[-1].start()]).strip()
        elif plain(head) in names and len(title) - cuts[0].end() > 15:
            title = title[cuts[0].end() :].strip()
        else:
            return title


_AUTHOR_PREFIX = re.compile(
    r"^(?:oleh|by|penulis|reporter|pewarta|editor|jurnalis|wartawan|written by|tim)\s*[:\-|]?\s+(?=\S)|^[:|,-]\s*",
    re.I,
)
_AUTHOR_REST = re.compile(
    r"\s{0,3}(?:Terbit|Diperbarui|Updated|Published|Kompas\.com|,?\s\d{1,2}\s\w{1,12}\s\d{4}|\||\s-\s).*$",
    re.S,
)
_NO_AUTHOR = frozenset({"redaksi", "admin", "administrator", "timredaksi", "newsroom", "newsdesk", "editor", "tim", "staff", "unknown", "none", "null", "agencies", "agency", "webmaster", "redaktur", "staffwriter", "onlinedesk"})  # fmt: skip


def author(candidates: Sequence[str], names: set[str]) -> str | None:
    """Return who signed the article, or None where only an address or an office is named."""
    for raw in candidates:
        if "://" in raw or raw.startswith(("www.", "@")) or len(raw) > 200:
            continue
        people = []
        for piece in re.split(r"\s*[,;/]\s*|\s+(?:dan|and|&)\s+", raw):
            name = _AUTHOR_REST.sub(
                "", _AUTHOR_PREFIX.sub("", texts.normalise(piece).strip())
            ).strip(" .:-")
            letters = plain(name)
            if (
                letters
                and letters not in names
                and letters not in _NO_AUTHOR
                and not name.isdigit()
            ):
                office = any(len(n) > 3 and n in letters for n in names)
                if not office and len(name) <= 60:
                    people.append(name)
        if people:
            return ", ".join(dict.fromkeys(people))
    return None


def site_names(url: str, source: Source | None, said: Sequence[str]) -> set[str]:
    """Return the names, in plain letters, under which the site may sign a title or an article."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    labels = [label for label in host.split(".") if len(label) > 3]
    names = {host, *labels[:2], *said}
    if source:
        names |= {source.name, source.owner, *source.hosts}
    names |= {name.split(".")[0] for name in list(names) if "." in name and " " not in name}
    return {letters for name in names if len(letters := plain(name)) > 2}
