"""The latest changes as an Atom feed, for feed readers and mail bridges. Pure.

changes + incidents + articles -> feed.atom

The format is RFC 4287. An incident is one entry for good: its id is a tag URI (RFC 4151) made of the
incident id, and a later change raises its ``updated``, so that a reader shows it once. An entry holds what
the tables of the tier hold, in plain text, and links to articles by ``http`` and ``https`` only.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from warehouse import codebook
from warehouse.packages import AUTHOR, Facts

LIMIT = 100
# Articles an entry links to: enough to check it, and no copy of the table.
MOST_LINKS = 5
# Nobody's name (RFC 2606), since ids must not depend on where a copy of the feed lies.
_TAG = "tag:suar.example,2026:"
_NAMESPACE = "http://www.w3.org/2005/Atom"
# What XML 1.0 cannot hold, and characters that turn the direction of what follows them.
_UNFIT = re.compile(
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_WORDS: Mapping[str, str] = {
    "new": "Listed for the first time",
    "updated": "Updated",
    "merged": "Found to be another incident",
    "split": "Parted into several incidents",
    "withdrawn": "No longer listed",
}


class Article(NamedTuple):
    """An article that tells of an incident."""

    outlet: str | None
    url: str | None


class Entry(NamedTuple):
    """One incident and its latest change; ``incident`` is None when it is no longer listed."""

    incident_id: str
    change: str
    changed_at: dt.datetime
    listed_at: dt.datetime | None
    incident: Mapping[str, object] | None
    articles: Sequence[Article] = ()


def render(facts: Facts, entries: Iterable[Entry], countries: Mapping[str, str]) -> str:
    """Return the feed; ``countries`` gives the names of countries by their codes."""
    told = sorted(entries, key=lambda entry: (entry.changed_at, entry.incident_id), reverse=True)
    feed = ET.Element("feed", xmlns=_NAMESPACE)
    _add(feed, "id", f"{_TAG}feed:{facts.tier}")
    _add(feed, "title", facts.title)
    _add(feed, "subtitle", f"Latest changes, release {facts.release_id}, {facts.tier} tier")
    made_at = facts.made_at.astimezone(dt.UTC).replace(tzinfo=None)
    _add(feed, "updated", _moment(max([made_at, *(entry.changed_at for entry in told)])))
    _add(ET.SubElement(feed, "author"), "name", AUTHOR)
    _add(feed, "rights", "CC BY 4.0" if facts.tier == "public" else "Not for redistribution")
    for entry in told:
        _add_entry(ET.SubElement(feed, "entry"), entry, countries)
    ET.indent(feed)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, "unicode") + "\n"


def _add(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes).text = _fit(text)


def _fit(text: str) -> str:
    return _UNFIT.sub("", text)


def _moment(at: dt.datetime) -> str:
    return f"{at.replace(microsecond=0).isoformat()}Z"


def _add_entry(node: ET.Element, entry: Entry, countries: Mapping[str, str]) -> None:
    _add(node, "id", f"{_TAG}incident:{entry.incident_id}")
    _add(node, "title", _title(entry, countries))
    _add(node, "updated", _moment(entry.changed_at))
    if entry.listed_at is not None:
        _add(node, "published", _moment(entry.listed_at))
    if entry.incident is not None:
        _add_category(node, str(entry.incident["event_type"]))
    _add(node, "content", "\n".join(_content(entry, countries)), type="text")
    # Where a figure is withheld, the feed does not lead to the text that prints it.
    is_withheld = entry.incident is not None and bool(entry.incident.get("persons_suppressed"))
    for article in [] if is_withheld else _linked(entry.articles)[:MOST_LINKS]:
        link = {"rel": "related", "type": "text/html", "href": article.url or ""}
        if article.outlet:
            link["title"] = _fit(article.outlet)
        ET.SubElement(node, "link", link)


def _add_category(node: ET.Element, event_type: str) -> None:
    ET.SubElement(node, "category", {"scheme": f"{_TAG}event_type", "term": _fit(event_type)})


def _linked(articles: Iterable[Article]) -> list[Article]:
    """Return the articles that may be linked to, one of each outlet first."""
    fit = [article for article in articles if is_linkable(article.url)]
    first: dict[str | None, Article] = {}
    for article in fit:
        first.setdefault(article.outlet, article)
    return list(dict.fromkeys([*first.values(), *fit]))


def is_linkable(url: str | None) -> bool:
    """Return whether the address is one of the web, without a user name and without odd characters."""
    if not url or re.search(r"[\s<>\"'`\\\x00-\x20\x7f]", url) or _UNFIT.search(url):
        return False
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
        )
    except ValueError:
        return False


def _title(entry: Entry, countries: Mapping[str, str]) -> str:
    incident = entry.incident
    if incident is None:
        return f"{_WORDS.get(entry.change, entry.change)}: {entry.incident_id}"
    parts = [_spoken(str(incident["event_type"]))]
    if where := _where(incident, countries):
        parts.append(f" in {where}")
    if figure := _persons(incident):
        parts.append(f": {figure}")
    return "".join(parts)


def _spoken(code: str) -> str:
    return code.replace("_", " ").capitalize()


def _where(incident: Mapping[str, object], countries: Mapping[str, str]) -> str:
    code = incident.get("event_country")
    country = countries.get(str(code), str(code)) if code else ""
    place = str(incident.get("place_name") or "")
    return ", ".join(dict.fromkeys(filter(None, (place, country))))


def _persons(incident: Mapping[str, object]) -> str:
    """Return the headline figure as it may be read: exact, bounded, withheld or not at all."""
    low, best, high = (incident.get(f"persons_{name}") for name in ("low", "best", "high"))
    if isinstance(best, int):
        return f"{best:,} persons"
    if isinstance(low, int) and isinstance(high, int):
        return f"{low:,} to {high:,} persons"
    if isinstance(low, int):
        return f"at least {low:,} persons"
    if isinstance(high, int):
        return f"at most {high:,} persons"
    return "number of persons withheld" if incident.get("persons_suppressed") else ""


def _content(entry: Entry, countries: Mapping[str, str]) -> Iterator[str]:
    yield f"{_WORDS.get(entry.change, entry.change)}."
    incident = entry.incident
    if incident is None:
        return
    codes = codebook.load().vocabularies
    yield codes["EventType"].values.get(str(incident["event_type"]), "")
    if where := _where(incident, countries):
        yield f"Where: {where} ({_code('GeoPrecision', incident.get('geo_precision'))})."
    if (start := incident.get("date_start")) is not None:
        end = incident.get("date_end")
        span = f"{start}" if end in {None, start} else f"{start} to {end}"
        yield f"When: {span} ({_code('DatePrecision', incident.get('date_precision'))})."
    if figure := _persons(incident):
        role = incident.get("headline_role")
        yield f"Persons: {figure}{f' ({_spoken(str(role)).lower()})' if role else ''}."
    yield (
        f"Reports: {incident['n_reports']}. Independent publishers: {incident['n_sources']}."
        f" Status: {_spoken(str(incident['status'])).lower()}; {incident['tier']}."
    )


def _code(vocabulary: str, code: object) -> str:
    meaning = codebook.load().vocabularies[vocabulary].values.get(str(code), "not known.")
    return meaning[:1].lower() + meaning[1:].rstrip(".")


def texts(content: str) -> Iterator[dict[str, str]]:
    """Return the texts and addresses of each entry of a feed of ours."""
    name = f"{{{_NAMESPACE}}}"
    for entry in ET.fromstring(content).iter(f"{name}entry"):  # noqa: S314  (we wrote it)
        links = entry.findall(f"{name}link")
        yield {
            "title": entry.findtext(f"{name}title", ""),
            "content": entry.findtext(f"{name}content", ""),
            "outlets": "; ".join(link.get("title", "") for link in links),
            "url": " ".join(link.get("href", "") for link in links),
        }
