"""Read and check the files that describe sources.

sources/<cc>/<source_id>.yml -> Source
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote_plus, urlencode, urlsplit
from zoneinfo import ZoneInfo

import yaml
from cssselect import SelectorError
from cssselect.xpath import HTMLTranslator
from pydantic import BaseModel, ValidationError

from pipeline.records import (
    JsonFields,
    Listing,
    Paging,
    Politeness,
    Selectors,
    Source,
    SourceEvidence,
    Terms,
)

BUNDLED = Path(__file__).parent / "sources"
MAX_FILE_BYTES = 256 * 1024  # a description is two pages of text; more is the wrong file

POSTS_PER_PAGE = 100  # the most that WordPress gives

_ANY_DAY = dt.date(2000, 1, 1)
_PARTS: dict[str, type[BaseModel]] = {
    "selectors": Selectors,
    "listings": Listing,
    "fields": JsonFields,
    "paging": Paging,
    "politeness": Politeness,
    "terms": Terms,
    "evidence": SourceEvidence,
}


class Problem(NamedTuple):
    """One fault: the file, the field and what is wrong with it."""

    file: Path
    field: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}: {self.field}" if self.field else str(self.file)
        return f"{where}: {self.message}"


class CatalogError(Exception):
    """Source files that cannot be used; names every file and field at once."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


def load(folder: Path | None = None) -> list[Source]:
    """Return the sources described below the folder (the bundled ones when None), in order of id.

    Raises `CatalogError` with every fault of every file.
    """
    folder = folder or BUNDLED
    if not folder.is_dir():
        raise CatalogError([Problem(folder, "", "is not a folder of source files")])
    found: dict[str, tuple[Path, Source]] = {}
    problems: list[Problem] = []
    for path in sorted(folder.rglob("*.y*ml")):
        try:
            source = read(path)
        except CatalogError as error:
            problems += error.problems
            continue
        if source.source_id in found:
            other = found[source.source_id][0]
            problems.append(Problem(path, "source_id", f"is also used by {other}"))
        found[source.source_id] = (path, source)
    if problems:
        raise CatalogError(problems)
    return [source for _, (_, source) in sorted(found.items())]


def read(path: Path) -> Source:
    """Return the source that one file describes, or raise `CatalogError`."""
    raw = _mapping(path)
    try:
        source = Source.model_validate(raw)
    except ValidationError as error:
        raise CatalogError(
            [
                Problem(
                    path, _dotted(fault["loc"]), _message(fault["type"], fault["loc"], fault["msg"])
                )
                for fault in error.errors()
            ]
        ) from error
    problems = [Problem(path, field, message) for field, message in _faults(source, path)]
    if problems:
        raise CatalogError(problems)
    return source


def is_own_host(host: str, hosts: tuple[str, ...]) -> bool:
    """Return whether the host is one of the hosts or below one of them."""
    host = host.lower().rstrip(".")
    return any(host == own or host.endswith(f".{own}") for own in hosts)


def expand(
    listing: Listing, *, page: int, query: str, date: dt.date, since: dt.date | None = None
) -> str:
    """Return the address of one page of a listing, for one day or for the days from ``since`` to it."""
    first = since or date
    url = listing.url.format(page=page, query=quote_plus(query), date=date, since=first, until=date)
    if listing.kind != "wordpress":
        return url
    parameters = {
        "_fields": "link,date,date_gmt,title,excerpt",
        "per_page": POSTS_PER_PAGE,
        "page": page,
        # Of the clock of the site; what is published at the very moment is left out.
        "after": f"{first - dt.timedelta(days=1)}T23:59:59",
        "before": f"{date + dt.timedelta(days=1)}T00:00:00",
    }
    return f"{url}{'&' if '?' in url else '?'}{urlencode(parameters, safe=',:')}"


def is_windowed(listing: Listing) -> bool:
    """Return whether a listing is asked for a window of days."""
    return listing.kind == "wordpress" or "{since" in listing.url or "{until" in listing.url


def is_dated(listing: Listing) -> bool:
    """Return whether a listing is asked for one day or a window of days, and so ends by itself."""
    return is_windowed(listing) or "{date" in listing.url


class _Loader(yaml.SafeLoader):
    """Plain YAML in which a key that stands twice is a fault and not a silent loss."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        mapping = super().construct_mapping(node, deep=deep)
        if len(mapping) < len(node.value):
            keys = [self.construct_object(key) for key, _ in node.value]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise yaml.constructor.ConstructorError(
                None, None, f"`{twice}` stands twice", node.start_mark
            )
        return mapping


def _mapping(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise CatalogError([Problem(path, "", "is too large for a source file")])
        # Inherits from SafeLoader: nothing in a file is executed.
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        text = " ".join(str(error).split())
        raise CatalogError([Problem(path, "", f"cannot be read as YAML: {text}")]) from error
    if not isinstance(raw, dict):
        raise CatalogError([Problem(path, "", "must be a list of `field: value` lines")])
    return raw


def _dotted(location: tuple[int | str, ...]) -> str:
    return ".".join(map(str, location))


def _message(kind: str, location: tuple[int | str, ...], message: str) -> str:
    """Return the message, with the nearest known name for an unknown field."""
    if kind == "missing":
        return "is required"
    if kind == "string_type":
        return "must be a text; put it in quotes when it holds `: ` or looks like a number"
    if kind != "extra_forbidden":
        return message.removeprefix("Value error, ")
    owner = next((_PARTS[part] for part in location[:-1] if part in _PARTS), Source)
    near = difflib.get_close_matches(str(location[-1]), list(owner.model_fields), n=1, cutoff=0.5)
    hint = f"; did you mean `{near[0]}`?" if near else f"; known: {', '.join(owner.model_fields)}"
    return f"is not a known field{hint}"


def _faults(source: Source, path: Path) -> Iterator[tuple[str, str]]:
    """Yield the field and fault of what the types alone cannot see."""
    if path.stem != source.source_id:
        yield "source_id", f"must equal the file name ({path.stem})"
    try:
        ZoneInfo(source.timezone)
    except (KeyError, ValueError, OSError):
        yield "timezone", f"`{source.timezone}` is not an IANA zone such as Asia/Jakarta"
    patterns = [("article_url", source.article_url)]
    patterns += [(f"boilerplate.{n}", line) for n, line in enumerate(source.boilerplate)]
    for field, pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            yield field, f"is not a regular expression: {error}"
    yield from _address_faults(source)
    yield from _selector_faults(source)
    if source.paging.kind == "none" and source.paging.value:
        yield "paging.kind", "is `none` although a value is given"
    if source.paging.kind != "none" and not source.paging.value:
        yield "paging.value", f"is required with `{source.paging.kind}`"
    if source.enabled and not (source.feeds or source.sitemaps or source.listings):
        yield "feeds", "an enabled source needs a feed, a sitemap or a listing"


def _address_faults(source: Source) -> Iterator[tuple[str, str]]:
    if not source.hosts:
        yield "hosts", "must name at least one host"
    for number, host in enumerate(source.hosts):
        if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host):
            yield f"hosts.{number}", f"`{host}` must be a bare host name in lower case"
    addresses = [("homepage", source.homepage)]
    addresses += [(f"feeds.{n}", url) for n, url in enumerate(source.feeds)]
    addresses += [(f"sitemaps.{n}", url) for n, url in enumerate(source.sitemaps)]
    for number, listing in enumerate(source.listings):
        field = f"listings.{number}.url"
        try:
            url = expand(listing, page=1, query="x", date=_ANY_DAY)
        except (KeyError, ValueError, IndexError, AttributeError):
            yield (
                field,
                "may hold {page}, {query}, and {date:%Y-%m-%d} or {since:...} and {until:...}",
            )
        else:
            addresses.append((field, url))
        yield from _reader_faults(listing, f"listings.{number}")
    for field, url in addresses:
        try:
            parts = urlsplit(url)
            fits = parts.scheme in {"http", "https"} and bool(parts.hostname)
        except ValueError:
            fits = False
        if not fits:
            yield field, f"`{url}` is not a web address"


def _reader_faults(listing: Listing, field: str) -> Iterator[tuple[str, str]]:
    """Yield what a listing lacks to be read, or has too much."""
    reader = {"wordpress": "", "json": "fields"}.get(listing.kind, "links")
    for name in ("links", "fields"):
        is_given = bool(getattr(listing, name))
        if name == reader and not is_given:
            yield f"{field}.{name}", f"is required with `{listing.kind}`"
        elif name != reader and is_given:
            yield f"{field}.{name}", f"is not read with `{listing.kind}`"
    if listing.kind == "wordpress" and not re.search(r"/wp/v2/\w+(?:\?|$)", listing.url):
        yield f"{field}.url", "must be the address of the posts, /wp-json/wp/v2/posts"


def _selector_faults(source: Source) -> Iterator[tuple[str, str]]:
    selectors = [
        (f"listings.{n}.links", each.links) for n, each in enumerate(source.listings) if each.links
    ]
    selectors += [
        (f"listings.{n}.fields.script", each.fields.script)
        for n, each in enumerate(source.listings)
        if each.fields and each.fields.script
    ]
    for number, layout in enumerate(source.selectors):
        selectors += [
            (f"selectors.{number}.{name}", getattr(layout, name) or "a")
            for name in ("title", "body", "author", "published")
        ]
        selectors += [
            (f"selectors.{number}.remove.{n}", css) for n, css in enumerate(layout.remove)
        ]
    if source.paging.kind == "follow":
        selectors.append(("paging.value", source.paging.value or "a"))
    for field, css in selectors:
        try:
            HTMLTranslator().css_to_xpath(css)
        except SelectorError as error:
            yield field, f"`{css}` is not a CSS selector: {error}"
