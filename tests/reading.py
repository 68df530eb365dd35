"""Read invented articles to their reports: what the tests of events, places and reports share."""

from __future__ import annotations

import datetime as dt

from pipeline import claims, reports
from pipeline.records import (
    Article,
    Band,
    DocType,
    GeoPrecision,
    Mention,
    MentionKind,
    Relevance,
    Report,
)

DAY = dt.date(2025, 12, 11)
COUNTRIES = {
    "Kamboja": "KHM",
    "Cambodia": "KHM",
    "Myanmar": "MMR",
    "Indonesia": "IDN",
    "Thailand": "THA",
}
TOWNS = {
    "Poipet": "KHM",
    "Kratie": "KHM",
    "Pursat": "KHM",
    "Myawaddy": "MMR",
    "Batam": "IDN",
    "Bavet": "KHM",
}


def article(title: str, body: str, language: str = "id") -> Article:
    """Return an article of the day with this headline and body."""
    return Article(
        article_id="a", url="", canonical_url="", source_id="", outlet="Warta Uji", language=language,
        title=title, text=f"{title}\n{body}", published_date=DAY,
        fetched_at=dt.datetime(2025, 12, 12, tzinfo=dt.UTC), page_sha256="",
    )  # fmt: skip


def relevance(*, relevant: bool = True) -> Relevance:
    """Return a verdict on the article."""
    return Relevance(
        article_id="a", grade=3 if relevant else 1, score=1, threshold=0.5, relevant=relevant,
        band=Band.ACCEPT, doc_type=DocType.NEWS, model_version="t",
    )  # fmt: skip


def mentions(whole: Article) -> list[Mention]:
    """Return the places that the article names, each as where it happened or, at home, as the arrival."""
    found = []
    for name, country in (COUNTRIES | TOWNS).items():
        start = whole.text.find(name)
        while start >= 0:
            found.append(
                Mention(
                    article_id="a", kind=MentionKind.PLACE, start=start, end=start + len(name), surface=name,
                    canonical_id=f"p.{name}", canonical_name=name, country=country, extractor="t",
                    role="arrival" if country == "IDN" else "event_site", extractor_version="1",
                    geo_precision=GeoPrecision.TOWN if name in TOWNS else GeoPrecision.COUNTRY,
                )
            )  # fmt: skip
            start = whole.text.find(name, start + 1)
    return found


def read(title: str, body: str, language: str = "id") -> list[Report]:
    """Return the reports of an article."""
    whole = article(title, body, language)
    places = mentions(whole)
    return reports.read(whole, relevance(), places, claims.read(whole, places))


def only(title: str, body: str, language: str = "id") -> Report:
    """Return the one main report of an article."""
    found = [item for item in read(title, body, language) if item.salience == "main"]
    assert len(found) == 1, [(item.event_type, item.count_best) for item in found]
    return found[0]
