"""Records for tests: whole and plausible, with only what a test is about to be given."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pipeline.records import AgencyRole as Role
from pipeline.records import (
    Article,
    Claim,
    CountRole,
    DateBasis,
    DatePrecision,
    EventType,
    GeoPrecision,
    Relation,
    Report,
    ReportAgency,
    ReportPlace,
    Span,
    make_id,
)
from pipeline.records import PlaceRole as Does

NOW = dt.datetime(2026, 9, 20, tzinfo=dt.UTC)
ROLE = {
    EventType.RESCUE: CountRole.RESCUED,
    EventType.RELEASE_HANDOVER: CountRole.RELEASED,
    EventType.ESCAPE: CountRole.ESCAPED,
    EventType.UNREST: CountRole.ESCAPED,
    EventType.RAID: CountRole.DETAINED,
    EventType.DETENTION: CountRole.DETAINED,
    EventType.ARREST: CountRole.ARRESTED,
    EventType.REPATRIATION: CountRole.REPATRIATED,
    EventType.DEPORTATION: CountRole.DEPORTED,
    EventType.INTERDICTION: CountRole.INTERDICTED,
    EventType.COMPLAINT: CountRole.COMPLAINANT,
    EventType.DEATH: CountRole.DEAD,
    EventType.PROSECUTION: CountRole.SUSPECT,
    EventType.VERDICT: CountRole.CONVICTED,
}
# place id -> name, country, admin1, precision
PLACES = {
    "kh.poipet": ("Poipet", "KHM", "Banteay Meanchey", GeoPrecision.TOWN),
    "kh.bavet": ("Bavet", "KHM", "Svay Rieng", GeoPrecision.TOWN),
    "kh.sihanoukville": ("Sihanoukville", "KHM", "Preah Sihanouk", GeoPrecision.TOWN),
    "kh.phnompenh": ("Phnom Penh", "KHM", "Phnom Penh", GeoPrecision.TOWN),
    "mm.shwekokko": ("Shwe Kokko", "MMR", "Kayin", GeoPrecision.SITE),
    "mm.kkpark": ("KK Park", "MMR", "Kayin", GeoPrecision.SITE),
    "id.batam": ("Batam", "IDN", "Kepulauan Riau", GeoPrecision.ADMIN2),
}


def day(text: str) -> dt.date:
    """Return the date written as ``2026-09-04`` or, within that year, ``09-04``."""
    return dt.date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


def make_article(
    text: str = "Judul\nIsi berita.",
    *,
    name: str = "a",
    published: str | None = "09-04",
    **fields: Any,
) -> Article:
    """Return an article whose first line is its title."""
    title = text.split("\n", 1)[0]
    published_date = day(published) if published else None
    values: dict[str, Any] = {
        "article_id": make_id("art", name),
        "url": f"https://{name}.example/x",
        "canonical_url": f"https://{name}.example/x",
        "source_id": name,
        "outlet": name,
        "language": "id",
        "title": title,
        "text": text,
        "published_date": published_date,
        "published_at": published_date and dt.datetime.combine(published_date, dt.time(5), dt.UTC),
        "fetched_at": NOW,
        "page_sha256": "0" * 64,
    }
    return Article(**{**values, **fields})


def make_claim(
    best: int | None,
    role: CountRole = CountRole.VICTIM,
    *,
    article: str = "a",
    start: int = 0,
    **fields: Any,
) -> Claim:
    """Return a figure of persons; bounds follow the relation when they are not given."""
    relation = fields.get("relation", Relation.EQUAL)
    article_id = make_id("art", article)
    values: dict[str, Any] = {
        "claim_id": make_id("claim", article_id, start, best, role),
        "article_id": article_id,
        "role": role,
        "best": best,
        "low": best,
        "high": best if relation is Relation.EQUAL else None,
        "relation": relation,
        "start": start,
        "end": start + 3,
        "surface": str(best),
        "extractor": "test",
        "extractor_version": "1",
    }
    return Claim(**{**values, **fields})


def make_report(
    event_type: EventType,
    best: int | None = None,
    *,
    article: str = "a",
    published: str = "09-04",
    date: str | None = "published",
    until: str | None = None,
    place: str | None = None,
    country: str | None = "KHM",
    agencies: tuple[str, ...] = (),
    claims: tuple[Claim, ...] | None = None,
    claim: dict[str, Any] | None = None,
    sites: tuple[str, ...] = (),
    **fields: Any,
) -> Report:
    """Return a report of one event with its headline figure; ``claim`` overrides fields of that figure."""
    role = ROLE.get(event_type)
    article_id = make_id("art", article)
    name, land, admin1, precision = PLACES.get(
        place or "", (None, country, None, GeoPrecision.COUNTRY)
    )
    first = None if date is None else day(published if date == "published" else date)
    told = day(published)
    is_cumulative = fields.get("is_cumulative", False)
    if claims is None:
        claims = ()
        if best is not None and role is not None:
            values = {
                "is_headline": True,
                "is_cumulative": is_cumulative,
                "nationality": "IDN",
                **(claim or {}),
            }
            claims = (make_claim(best, role, article=article, **values),)
    headline = next((item for item in claims if item.is_headline), None)
    values = {
        "report_id": make_id("report", article_id, event_type, best, place, first),
        "article_id": article_id,
        "event_type": event_type,
        "date_start": first,
        "date_end": day(until) if until else first,
        "date_precision": DatePrecision.DAY if first else DatePrecision.UNKNOWN,
        "date_basis": DateBasis.EXPLICIT if first else DateBasis.PUBLICATION_UPPER_BOUND,
        "event_country": land,
        "destination_country": land,
        "place_id": place,
        "place_name": name,
        "admin1": admin1,
        "geo_precision": precision,
        "nationalities": ("IDN",),
        "headline_role": headline.role if headline else role,
        "count_low": headline.low if headline else None,
        "count_best": headline.best if headline else None,
        "count_high": headline.high if headline else None,
        "claims": claims,
        "places": tuple(
            ReportPlace(
                place_id=site, name=PLACES[site][0], role=Does.EVENT_SITE, country=PLACES[site][1],
                admin1=PLACES[site][2], geo_precision=PLACES[site][3], start=0, end=1,
            )
            for site in (*sites, *((place,) if place else ()))
        ),
        "agencies": tuple(
            ReportAgency(agency_id=item, name=item, role=Role.SOURCE_OF_FIGURE, start=0, end=1)
            for item in agencies
        ),
        "evidence": (Span(start=0, end=1, surface="x"),),
        "confidence": 0.8,
        "source_id": article,
        "owner": f"owner of {article}",
        "outlet": article,
        "language": "id",
        "published_at": dt.datetime.combine(told, dt.time(5), dt.UTC),
        "published_date": told,
        "extractor_version": "1",
    }  # fmt: skip
    return Report(**{**values, **fields})
