"""How records become rows and rows become records again.

A record's own fields are the columns of its table; nested records have tables of their own, which carry
the parent's key and an ordinal. Times are stored as UTC without a zone, so that no client shifts them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

from pipeline import records
from pipeline.records import Record

Row = dict[str, Any]

# The columns that close every table; see migrations/0001_spine.sql.
SYSTEM = ("recorded_at", "superseded_at", "run_id", "row_hash")


@dataclass(frozen=True)
class Table:
    """One table: the record it holds, what a rerun replaces, and what tells its rows apart."""

    name: str
    record: type[Record]
    scope: str
    key: tuple[str, ...]
    added: tuple[str, ...] = ()
    nested: tuple[str, ...] = ()
    order: tuple[str, ...] = ()

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The record's own columns."""
        return tuple(name for name in self.record.model_fields if name not in self.nested)

    def row(self, record: Record, **added: Any) -> Row:
        """Return the record as a row, with the hash of its content."""
        values: Row = dict(added)
        for name in self.fields:
            values[name] = _plain(getattr(record, name))
        content = json.dumps(values, default=str, ensure_ascii=False)
        digest = hashlib.sha256(f"{self.name}\x1f{content}".encode(errors="surrogatepass"))
        values["row_hash"] = digest.hexdigest()[:32]
        return values

    def values(self, row: Mapping[str, Any]) -> Row:
        """Return what the record is made of again."""
        return {name: _rich(row[name]) for name in self.fields}


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _rich(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=dt.UTC)
    return value


class Processed(Record):
    """An input that was read to the end by one version of the code."""

    input_key: str
    version: str


class StoredValidator(Record):
    """What a server gave to ask later whether an address has changed."""

    url: str
    etag: str | None = None
    last_modified: str | None = None


class Run(Record):
    """One run of a flow, as the warehouse knows it."""

    run_id: str
    kind: str
    started_at: dt.datetime
    finished_at: dt.datetime | None = None
    state: str
    detail: str = ""


class PublishedRelease(Record):
    """A release that went out, and when."""

    release_id: str
    published_at: dt.datetime


class Change(Record):
    """What became of one incident from one linking to the next."""

    change_id: str
    incident_id: str
    change: str
    fields: tuple[str, ...] = ()
    reason: str = ""


_IN_REPORT = ("report_id", "article_id", "ordinal")
_IN_INCIDENT = ("incident_id", "ordinal")
_SPANS = ("article_id", "start", "end")

PAGES = Table("raw.pages", records.Page, "page_id", ("page_id",), nested=("body",))
FETCHES = Table("raw.fetches", records.Fetch, "run_id", ("run_id", "url", "kind"))
VALIDATORS = Table("raw.validators", StoredValidator, "url", ("url",))
PROCESSED = Table("raw.processed", Processed, "input_key", ("input_key", "version"))
RUNS = Table("core.runs", Run, "run_id", ("run_id",))
REJECTIONS = Table(
    "core.rejections", records.Rejection, "record_id", ("record_id", "stage", "reason")
)
ARTICLES = Table("core.articles", records.Article, "article_id", ("article_id",))
RELEVANCE = Table("core.relevance", records.Relevance, "article_id", ("article_id",))
MENTIONS = Table(
    "core.mentions", records.Mention, "article_id", ("article_id", "kind", "start", "end", "role"),
    order=("article_id", "start", "end", "kind", "row_hash"),
)  # fmt: skip
CLAIMS = Table(
    "core.claims", records.Claim, "article_id", ("report_id", "claim_id"),
    added=("report_id", "ordinal"), order=("article_id", "start", "end", "claim_id"),
)  # fmt: skip
STATISTICS = Table(
    "core.statistics", records.Statistic, "article_id", ("stat_id",), order=("article_id", "start", "stat_id")
)  # fmt: skip
REPORTS = Table(
    "core.reports", records.Report, "article_id", ("report_id",),
    nested=("claims", "places", "agencies", "legs", "sightings", "evidence"),
)  # fmt: skip
REPORT_EVIDENCE = Table(
    "core.report_evidence", records.Span, "article_id", ("report_id", "ordinal"), added=_IN_REPORT
)
REPORT_PLACES = Table(
    "core.report_places", records.ReportPlace, "article_id", ("report_id", "ordinal"), added=_IN_REPORT
)  # fmt: skip
REPORT_AGENCIES = Table(
    "core.report_agencies", records.ReportAgency, "article_id", ("report_id", "ordinal"), added=_IN_REPORT
)  # fmt: skip
ROUTE_LEGS = Table(
    "core.route_legs", records.RouteLeg, "article_id", ("report_id", "ordinal"), added=_IN_REPORT
)
SIGHTINGS = Table(
    "core.sightings", records.Sighting, "article_id", ("report_id", "ordinal"), added=_IN_REPORT
)
INCIDENTS = Table(
    "core.incidents", records.Incident, "incident_id", ("incident_id",),
    nested=("counts", "places", "agencies"),
)  # fmt: skip
INCIDENT_COUNTS = Table(
    "core.incident_counts", records.IncidentCount, "incident_id", ("incident_id", "count_id"),
    added=("ordinal",),
)  # fmt: skip
INCIDENT_PLACES = Table(
    "core.incident_places", records.IncidentPlace, "incident_id", ("incident_id", "ordinal"),
    added=_IN_INCIDENT,
)  # fmt: skip
INCIDENT_AGENCIES = Table(
    "core.incident_agencies", records.IncidentAgency, "incident_id", ("incident_id", "ordinal"),
    added=_IN_INCIDENT,
)  # fmt: skip
LINKS = Table("core.links", records.Link, "report_id", ("report_id",))
CHANGES = Table("core.changes", Change, "change_id", ("change_id",))
REVIEWS = Table("core.reviews", records.Review, "review_id", ("review_id",))
RELEASES = Table("core.releases", PublishedRelease, "release_id", ("release_id",))

# The field of a report or incident, and the table that holds it.
IN_REPORT: Mapping[str, Table] = {
    "claims": CLAIMS,
    "places": REPORT_PLACES,
    "agencies": REPORT_AGENCIES,
    "legs": ROUTE_LEGS,
    "sightings": SIGHTINGS,
    "evidence": REPORT_EVIDENCE,
}
IN_INCIDENT: Mapping[str, Table] = {
    "counts": INCIDENT_COUNTS,
    "places": INCIDENT_PLACES,
    "agencies": INCIDENT_AGENCIES,
}
# What an article's reading replaces as a whole.
READINGS: Sequence[Table] = (
    ARTICLES,
    RELEVANCE,
    MENTIONS,
    STATISTICS,
    REPORTS,
    *IN_REPORT.values(),
)
# Everything that must come out the same when it is derived again.
DERIVED: Sequence[Table] = (*READINGS, INCIDENTS, *IN_INCIDENT.values(), LINKS, REJECTIONS)
ALL: Sequence[Table] = (
    PAGES, FETCHES, VALIDATORS, PROCESSED, RUNS, *DERIVED, CHANGES, REVIEWS, RELEASES
)  # fmt: skip


def nested_rows(parents: Iterable[Record], field: str, table: Table, *keys: str) -> list[Row]:
    """Return the rows of a nested field, each with its parent's keys and its place in the order."""
    rows = []
    for parent in parents:
        inherited = {key: getattr(parent, key) for key in keys}
        for ordinal, item in enumerate(getattr(parent, field)):
            added = {
                name: ordinal if name == "ordinal" else inherited[name] for name in table.added
            }
            rows.append(table.row(item, **added))
    return rows
