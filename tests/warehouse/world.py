"""A small invented world in a store: five articles, three incidents, and what a release makes of them."""

from __future__ import annotations

import datetime as dt
import functools
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.records import (
    AgencyRole,
    Article,
    Band,
    Claim,
    CountRole,
    DateBasis,
    DatePrecision,
    DocType,
    EventType,
    Fetch,
    FetchState,
    GeoPrecision,
    Incident,
    IncidentAgency,
    IncidentCount,
    IncidentPlace,
    Link,
    Mention,
    MentionKind,
    PlaceRole,
    Reason,
    Rejection,
    Relation,
    Relevance,
    Report,
    ReportAgency,
    ReportPlace,
    RouteLeg,
    ScamType,
    Sighting,
    Span,
    Statistic,
    StatisticCategory,
    Unit,
    make_id,
)
from warehouse import releases
from warehouse.releases import Release
from warehouse.store import Store
from warehouse.tables import Run

AT = dt.datetime(2026, 9, 20, 3, tzinfo=dt.UTC)
DAY = dt.date(2026, 9, 20)
RUN = "run-1"
STATISTIC = make_id("stat", "home")

TEXTS = {
    "raid": (
        "Polisi gerebek gedung di Poipet\n"
        "Polisi menahan 418 orang di Poipet, Rabu. Mereka dipaksa bekerja sebagai admin judi online.\n"
        "AB (25), warga Desa Sukamaju, dijanjikan gaji Rp 12 juta lewat Telegram. Paspornya disita."
    ),
    "home": (
        "Tiga WNI tiba dari Kamboja\n"
        "Sebanyak 3 WNI korban penipuan daring tiba di Batam, kata KBRI Phnom Penh.\n"
        "Sepanjang 2025 tercatat 2.310 kasus."
    ),
    "escape": (
        "Puluhan orang kabur dari KK Park\n"
        "Sebanyak 120 orang kabur dari KK Park. Sebanyak 117 di kantor polisi dan 3 dirawat."
    ),
    "child": (
        "Siswi 15 tahun diselamatkan dari Bavet\n"
        "Seorang pelajar dan 9 orang lain diselamatkan dari Bavet."
    ),
    "sport": "Tim voli menang lagi\nPertandingan berakhir dengan skor tiga nol di Jakarta.",
}
PUBLISHED = {"raid": 4, "home": 10, "escape": 11, "child": 12, "sport": 11}


@dataclass(frozen=True)
class Spot:
    """A place of the test gazetteer."""

    place_id: str
    name: str
    kind: str
    country: str | None
    admin1: str | None
    lat: float | None
    lon: float | None
    precision: GeoPrecision
    coarse_id: str


def _spot(place_id: str, name: str, kind: str, country: str, admin1: str, lat: float, lon: float,
          precision: GeoPrecision, coarse_id: str = "") -> Spot:  # fmt: skip
    return Spot(place_id, name, kind, country, admin1, lat, lon, precision, coarse_id or place_id)


GAZETTEER = {
    spot.place_id: spot
    for spot in (
        _spot("kh.poipet", "Poipet", "city", "KHM", "Banteay Meanchey", 13.658, 102.563, GeoPrecision.TOWN),
        _spot("kh.bavet", "Bavet", "city", "KHM", "Svay Rieng", 11.081, 106.153, GeoPrecision.TOWN),
        _spot("mm.kkpark", "KK Park", "compound", "MMR", "Kayin", 16.6472, 98.5216, GeoPrecision.SITE, "mm.myawaddy"),
        _spot("mm.myawaddy", "Myawaddy", "city", "MMR", "Kayin", 16.689, 98.509, GeoPrecision.TOWN),
        _spot("id.batam", "Batam", "city", "IDN", "Kepulauan Riau", 1.083, 104.03, GeoPrecision.ADMIN2),
        _spot("id.sukamaju", "Sukamaju", "village", "IDN", "Jawa Barat", -6.52, 107.01, GeoPrecision.TOWN),
    )
}  # fmt: skip


def span(name: str, words: str) -> dict[str, Any]:
    """Return start, end and surface of the words in the article's text."""
    start = TEXTS[name].index(words)
    return {"start": start, "end": start + len(words), "surface": words}


def at(name: str, words: str) -> dict[str, int]:
    """Return start and end of the words."""
    found = span(name, words)
    return {"start": found["start"], "end": found["end"]}


def article_id(name: str) -> str:
    """Return the id of the article."""
    return make_id("art", name)


def make_article(name: str, **fields: Any) -> Article:
    """Return the article of that name."""
    text = TEXTS[name]
    published = dt.datetime(2026, 9, PUBLISHED[name], 5, tzinfo=dt.UTC)
    values: dict[str, Any] = {
        "article_id": article_id(name),
        "url": f"https://{name}.example/berita",
        "canonical_url": f"https://{name}.example/berita",
        "source_id": name,
        "outlet": name.title(),
        "owner": name,
        "country": "IDN",
        "language": "id",
        "title": text.partition("\n")[0],
        "text": text,
        "author": "Penulis Rekaan",
        "published_at": published,
        "published_date": published.date(),
        "fetched_at": published + dt.timedelta(hours=1),
        "page_sha256": f"{len(text):064x}",
        "extractor_version": "articles-1",
    }
    return Article(**{**values, **fields})


def make_relevance(name: str, **fields: Any) -> Relevance:
    """Return the judgement of that article: all but sport are on the subject."""
    relevant = name != "sport"
    values: dict[str, Any] = {
        "article_id": article_id(name),
        "grade": 3 if relevant else 0,
        "score": 0.97 if relevant else 0.01,
        "threshold": 0.5,
        "relevant": relevant,
        "band": Band.ACCEPT if relevant else Band.REJECT,
        "doc_type": DocType.NEWS,
        "model_version": "lexicon-1",
    }
    return Relevance(**{**values, **fields})


def make_claim(name: str, words: str, best: int, role: CountRole, **fields: Any) -> Claim:
    """Return the claim printed at those words."""
    found = span(name, words)
    values: dict[str, Any] = {
        "claim_id": make_id("claim", article_id(name), found["start"]),
        "article_id": article_id(name),
        "role": role,
        "low": best,
        "best": best,
        "high": best,
        "relation": Relation.EQUAL,
        "extractor": "claims",
        "extractor_version": "claims-1",
        **found,
    }
    return Claim(**{**values, **fields})


def make_report(name: str, event_type: EventType, claims: tuple[Claim, ...], place: str, proof: str,
                day: int, **fields: Any) -> Report:  # fmt: skip
    """Return the report of that article."""
    spot = GAZETTEER[place]
    values: dict[str, Any] = {
        "report_id": make_id("rep", name, event_type),
        "article_id": article_id(name),
        "event_type": event_type,
        "date_start": dt.date(2026, 9, day),
        "date_end": dt.date(2026, 9, day),
        "date_precision": DatePrecision.DAY,
        "date_basis": DateBasis.EXPLICIT,
        "event_country": spot.country,
        "destination_country": spot.country,
        "place_id": place,
        "place_name": spot.name,
        "admin1": spot.admin1,
        "lat": spot.lat,
        "lon": spot.lon,
        "geo_precision": spot.precision,
        "scam_types": (ScamType.ONLINE_GAMBLING,),
        "nationalities": ("IDN",),
        "headline_role": claims[0].role,
        "count_low": claims[0].low,
        "count_best": claims[0].best,
        "count_high": claims[0].high,
        "claims": claims,
        "summary": proof,
        "evidence": (Span(**span(name, proof)),),
        "confidence": 0.8,
        "source_id": name,
        "owner": name,
        "outlet": name.title(),
        "language": "id",
        "published_at": dt.datetime(2026, 9, PUBLISHED[name], 5, tzinfo=dt.UTC),
        "published_date": dt.date(2026, 9, PUBLISHED[name]),
        "extractor_version": "reports-1",
    }
    return Report(**{**values, **fields})


def make_incident(report: Report, **fields: Any) -> Incident:
    """Return the incident that this report alone tells of."""
    incident_id = make_id("inc", report.report_id)
    values: dict[str, Any] = {
        "incident_id": incident_id,
        "event_type": report.event_type,
        "date_start": report.date_start,
        "date_end": report.date_end,
        "date_precision": report.date_precision,
        "date_basis": report.date_basis,
        "event_country": report.event_country,
        "destination_country": report.destination_country,
        "place_id": report.place_id,
        "place_name": report.place_name,
        "admin1": report.admin1,
        "lat": report.lat,
        "lon": report.lon,
        "geo_precision": report.geo_precision,
        "scam_types": report.scam_types,
        "nationalities": report.nationalities,
        "headline_role": report.headline_role,
        "persons_low": report.count_low,
        "persons_best": report.count_best,
        "persons_high": report.count_high,
        "report_ids": (report.report_id,),
        "article_ids": (report.article_id,),
        "n_reports": 1,
        "n_sources": 1,
        "confidence": 0.8,
        "first_reported_at": report.published_at,
        "last_updated_at": report.published_at,
        "counts": tuple(_count(incident_id, report, claim) for claim in report.claims),
        "places": tuple(
            IncidentPlace(
                place_id=place.place_id, name=place.name, role=place.role, country=place.country,
                admin1=place.admin1,
            )
            for place in report.places
        ),
        "agencies": tuple(
            IncidentAgency(agency_id=agency.agency_id, name=agency.name, role=agency.role)
            for agency in report.agencies
        ),
        "linked_by": "rules-1",
    }  # fmt: skip
    return Incident(**{**values, **fields})


def _count(incident_id: str, report: Report, claim: Claim) -> IncidentCount:
    return IncidentCount(
        count_id=make_id("cnt", claim.claim_id), incident_id=incident_id, role=claim.role, low=claim.low,
        best=claim.best, high=claim.high, relation=claim.relation, unit=claim.unit,
        nationality=claim.nationality, sex=claim.sex, age_band=claim.age_band,
        as_of_date=claim.as_of_date, is_cumulative=claim.is_cumulative,
        cumulative_since=claim.cumulative_since,
        subset_of=claim.subset_of and make_id("cnt", claim.subset_of), superseded_by=None,
        basis=claim.basis, report_id=report.report_id, article_id=report.article_id,
        start=claim.start, end=claim.end,
    )  # fmt: skip


def _place(name: str, place_id: str, words: str, role: PlaceRole) -> ReportPlace:
    spot = GAZETTEER[place_id]
    return ReportPlace(
        place_id=place_id, name=spot.name, role=role, country=spot.country, admin1=spot.admin1,
        lat=spot.lat, lon=spot.lon, geo_precision=spot.precision, **at(name, words),
    )  # fmt: skip


def _mention(name: str, kind: MentionKind, words: str, **fields: Any) -> Mention:
    return Mention(
        article_id=article_id(name), kind=kind, extractor="test", extractor_version="mentions-1",
        **span(name, words), **fields,
    )  # fmt: skip


def reports() -> dict[str, Report]:
    """Return the four reports."""
    whole = make_claim("escape", "120 orang", 120, CountRole.ESCAPED, is_headline=True)
    return {
        "raid": make_report(
            "raid", EventType.RAID,
            (make_claim("raid", "418 orang", 418, CountRole.DETAINED, is_headline=True, nationality="IDN"),),
            "kh.poipet", "Polisi menahan 418 orang di Poipet, Rabu.", 2,
            places=(
                _place("raid", "kh.poipet", "Poipet", PlaceRole.EVENT_SITE),
                _place("raid", "id.sukamaju", "Desa Sukamaju", PlaceRole.ORIGIN),
            ),
            legs=(
                RouteLeg(
                    leg_no=1, from_place_id="id.sukamaju", from_name="Sukamaju",
                    to_place_id="kh.poipet", to_name="Poipet", **at("raid", "Desa Sukamaju"),
                ),
            ),
            sightings=(
                Sighting(kind="channel", value="telegram", **span("raid", "Telegram")),
                Sighting(kind="promised_pay", value="IDR 12000000", **span("raid", "Rp 12 juta")),
            ),
        ),
        "home": make_report(
            "home", EventType.REPATRIATION,
            (make_claim("home", "3 WNI", 3, CountRole.REPATRIATED, is_headline=True, nationality="IDN"),),
            "kh.poipet", "Sebanyak 3 WNI korban penipuan daring tiba di Batam", 9,
            agencies=(
                ReportAgency(
                    agency_id="kbri.phnompenh", name="KBRI Phnom Penh",
                    role=AgencyRole.SOURCE_OF_FIGURE, **at("home", "KBRI Phnom Penh"),
                ),
            ),
        ),
        "escape": make_report(
            "escape", EventType.ESCAPE,
            (
                whole,
                make_claim("escape", "117", 117, CountRole.ESCAPED, subset_of=whole.claim_id),
                make_claim("escape", "3 dirawat", 3, CountRole.SICK, subset_of=whole.claim_id, sex="male"),
            ),
            "mm.kkpark", "Sebanyak 120 orang kabur dari KK Park.", 10,
            places=(_place("escape", "mm.kkpark", "KK Park", PlaceRole.EVENT_SITE),),
        ),
        "child": make_report(
            "child", EventType.RESCUE,
            (make_claim("child", "9 orang", 9, CountRole.RESCUED, is_headline=True),),
            "kh.bavet", "Seorang pelajar dan 9 orang lain diselamatkan dari Bavet.", 11,
        ),
    }  # fmt: skip


def incidents() -> dict[str, Incident]:
    """Return the four incidents; the three who came home are a part of the raid."""
    found = {name: make_incident(report) for name, report in reports().items()}
    found["home"] = found["home"].model_copy(update={"parent_id": found["raid"].incident_id})
    return found


def links(found: dict[str, Incident]) -> list[Link]:
    """Return one link per report of these incidents."""
    return [
        Link(report_id=report_id, incident_id=incident.incident_id, score=0.9, linked_by="rules-1")
        for incident in found.values()
        for report_id in incident.report_ids
    ]


def readings() -> dict[str, Any]:
    """Return what `Store.save_readings` takes."""
    return {
        "articles": [make_article(name) for name in TEXTS],
        "relevance": [make_relevance(name) for name in TEXTS],
        "mentions": [
            _mention(
                "escape", MentionKind.PLACE, "KK Park", canonical_id="mm.kkpark", canonical_name="KK Park",
                country="MMR", admin1="Kayin", lat=16.6472, lon=98.5216, geo_precision=GeoPrecision.SITE,
                role="event_site",
            ),
            _mention(
                "raid", MentionKind.PLACE, "Desa Sukamaju", canonical_id="id.sukamaju",
                canonical_name="Sukamaju", country="IDN", geo_precision=GeoPrecision.TOWN, role="origin",
            ),
            _mention(
                "home", MentionKind.AGENCY, "KBRI Phnom Penh", canonical_id="kbri.phnompenh",
                canonical_name="KBRI Phnom Penh", role="source_of_figure",
            ),
            _mention(
                "home", MentionKind.PLACE, "Batam", canonical_id="id.batam", canonical_name="Batam",
                country="IDN", admin1="Kepulauan Riau", lat=1.083, lon=104.03,
                geo_precision=GeoPrecision.ADMIN2, role=PlaceRole.ARRIVAL,
            ),
            _mention("home", MentionKind.PERSON_COUNT, "3 WNI"),
            _mention("sport", MentionKind.PLACE, "Jakarta"),
        ],
        "statistics": [
            Statistic(
                stat_id=STATISTIC, article_id=article_id("home"), metric="cases_handled_tppo_all",
                category=StatisticCategory.TPPO_ALL, value=2310, unit=Unit.CASES,
                period_start=dt.date(2025, 1, 1), period_end=dt.date(2025, 12, 31),
                extractor="statistics", extractor_version="1", **span("home", "2.310 kasus"),
            )
        ],
        "reports": list(reports().values()),
    }  # fmt: skip


def fetches() -> list[Fetch]:
    """Return a crawl that worked on the 4th and the 12th, and failed on the 8th."""

    def one(name: str, day: int, kind: Any, state: FetchState, n_listed: int = 0) -> Fetch:
        return Fetch(
            run_id=RUN, source_id=name, url=f"https://{name}.example/{kind}", kind=kind, state=state,
            fetched_at=dt.datetime(2026, 9, day, 6, tzinfo=dt.UTC), n_listed=n_listed,
        )  # fmt: skip

    return [
        one("raid", 4, "feed", FetchState.FETCHED, 20),
        one("raid", 4, "article", FetchState.FETCHED),
        one("raid", 8, "feed", FetchState.SERVER_ERROR),
        one("child", 12, "feed", FetchState.FETCHED, 7),
        one("child", 12, "sitemap", FetchState.TIMED_OUT),
    ]


def fill(store: Store) -> Store:
    """Return the store after one run that brought the whole world."""
    store.save_run(Run(run_id=RUN, kind="daily", started_at=AT, finished_at=AT, state="done"), AT)
    store.save_crawl(RUN, AT, fetches())
    store.save_rejections(
        RUN,
        AT,
        [Rejection(record_id="page_x", stage="articles", reason=Reason.NO_TEXT, source_id="raid")],
    )
    store.save_readings(RUN, AT, **readings())
    found = incidents()
    store.save_incidents(RUN, AT, [*found.values()], links(found))
    return store


@functools.cache
def _filled() -> bytes:
    """Return the bytes of a file that holds the world: filling is slow, copying is not."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "warehouse.duckdb"
        with Store.open(path) as store:
            fill(store)
            store.connection.execute("CHECKPOINT")
        return path.read_bytes()


def open_store(folder: Path) -> Store:
    """Return a store that holds the world."""
    path = folder / "warehouse.duckdb"
    path.write_bytes(_filled())
    return Store.open(path)


def publish(store: Store, folder: Path, **options: Any) -> Release:
    """Return the release of the store as it is."""
    values: dict[str, Any] = {"day": DAY, "now": AT, "place_of": GAZETTEER.get}
    return releases.publish(store, folder, **{**values, **options})
