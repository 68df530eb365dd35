"""Lists that come as data: posts of WordPress, and whatever JSON a source file describes.

Nothing of a source file is executed: a path names keys one below the other ("data.items"), and an address
is such a path or a text with paths in braces.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urljoin

from scrapy.http import Response, TextResponse

from crawlers.spiders import Entries, Listed, plain
from pipeline.records import JsonFields

MAX_ITEMS = 2_000  # a list of more entries is a dump, not news
_PATH = re.compile(r"\{([^{}]+)\}")
_FAR_S = 10**11  # seconds since 1970 are fewer than this, milliseconds of any year since 1973 more
_FIRST_S = 10**8  # smaller numbers are ids and years


def read_posts(body: bytes, url: str) -> Entries:
    """Return the posts that the REST interface of WordPress lists (wp/v2/posts)."""
    posts, fault = _loaded(body)
    if fault or not isinstance(posts, list):
        # An error comes as an object with a code and a message.
        code = posts.get("code") if isinstance(posts, dict) else None
        return Entries([], fault or f"is no list of posts: {code or type(posts).__name__}"[:200])
    items = []
    for post in _mappings(posts):
        title, summary = find(post, "title.rendered"), find(post, "excerpt.rendered")
        items.append(
            (
                post.get("link"),
                _post_date(post.get("date"), post.get("date_gmt")),
                title,
                summary,
            )
        )
    return Entries(_listed(items, url))


def _post_date(local: object, gmt: object) -> str:
    """Return when a post was published, with the offset that its site keeps.

    WordPress prints the clock of the site and that of Greenwich, both without a zone: the one alone would be
    read in the zone of the source even where the site's clock is set to another.
    """
    try:
        here = dt.datetime.fromisoformat(str(local))
        there = dt.datetime.fromisoformat(str(gmt))
    except ValueError:
        return str(local or "")
    offset = here.replace(tzinfo=None) - there.replace(tzinfo=None)
    if here.tzinfo is not None or abs(offset) > dt.timedelta(hours=14):
        return str(local)
    return here.replace(tzinfo=dt.timezone(offset)).isoformat()


def read_json(response: Response, fields: JsonFields) -> Entries:
    """Return the entries of a JSON answer, or of the JSON inside a script element of a page."""
    body = response.body
    if fields.script:
        found = response.css(fields.script) if isinstance(response, TextResponse) else []
        if not found:
            return Entries([], f"nothing matches {fields.script}")
        body = "".join(found[0].css("::text").getall()).encode()
    document, fault = _loaded(body)
    if fault:
        return Entries([], fault)
    entries = find(document, fields.items)
    if isinstance(entries, dict):  # a store of articles by their ids
        entries = list(entries.values())
    if not isinstance(entries, list):
        return Entries([], f"has no list at `{fields.items}`")
    items = [
        (
            _address(entry, fields.url),
            _moment(find(entry, fields.date) if fields.date else None),
            find(entry, fields.title) if fields.title else "",
            find(entry, fields.summary) if fields.summary else "",
        )
        for entry in _mappings(entries)
    ]
    listed = _listed(items, response.url)
    fault = f"no entry has an address at `{fields.url}`" if entries and not listed else ""
    return Entries(listed, fault)


def find(value: object, path: str) -> object:
    """Return what lies at a dotted path of keys and positions, None when there is nothing."""
    for step in path.split(".") if path else ():
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def _address(entry: object, where: str) -> str | None:
    if "{" not in where:
        return _written(find(entry, where))
    parts = {path: _written(find(entry, path)) for path in _PATH.findall(where)}
    if not all(parts.values()):
        return None
    return _PATH.sub(lambda match: str(parts[match[1]]), where)


def _written(value: object) -> str | None:
    if isinstance(value, str):
        return value.strip() or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _moment(value: object) -> str:
    """Return a date as text; a number counts seconds or milliseconds since 1970 (UTC)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value if isinstance(value, str) else ""
    seconds = value / 1000 if value >= _FAR_S else value
    try:
        return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat() if value >= _FIRST_S else ""
    except (OverflowError, OSError, ValueError):
        return ""


def _listed(items: Iterable[tuple[object, str, object, object]], base: str) -> list[Listed]:
    found: list[Listed] = []
    for link, date, title, summary in items:
        if isinstance(link, str) and link.strip() and len(found) < MAX_ITEMS:
            try:
                url = urljoin(base, link.strip())
            except ValueError:
                continue
            found.append(Listed(url, date, plain(title), plain(summary)))
    return found


def _mappings(entries: Iterable[object]) -> list[Mapping[str, Any]]:
    return [entry for entry in entries if isinstance(entry, dict)]


def _loaded(body: bytes) -> tuple[Any, str]:
    """Return the JSON document, and what is wrong with it."""
    try:
        return json.loads(body), ""
    except (ValueError, RecursionError) as error:
        return None, f"is not JSON: {' '.join(str(error).split())[:150]}"
