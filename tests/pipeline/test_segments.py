"""Sentences with what was found in them: the title first, offsets into the whole text."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import segments
from pipeline.records import Article

DAY = dt.date(2025, 12, 11)


def article(title: str, body: str, published: dt.date | None = DAY) -> Article:
    return Article(
        article_id="a", url="", canonical_url="", source_id="", outlet="Warta Uji", language="id",
        title=title, text=f"{title}\n{body}", published_date=published,
        fetched_at=dt.datetime(2025, 12, 12, tzinfo=dt.UTC), page_sha256="",
    )  # fmt: skip


def test_the_title_is_the_first_sentence_and_the_lead_follows() -> None:
    found = segments.read(
        article("21 WNI Tiba", "Mereka tiba pada Senin (8/12). Semua sehat.\nParagraf kedua.")
    )
    assert [item.text for item in found] == [
        "21 WNI Tiba", "Mereka tiba pada Senin (8/12).", "Semua sehat.", "Paragraf kedua.",
    ]  # fmt: skip
    assert [item.is_title for item in found] == [True, False, False, False]
    assert [item.paragraph for item in found] == [0, 1, 1, 2]
    assert found[1].dates[0].date_start == dt.date(2025, 12, 8)


def test_a_date_is_no_figure() -> None:
    found = segments.read(article("Judul", "Sebanyak 21 WNI tiba pada 8 Desember 2025."))
    assert [item.surface for item in found[1].quantities] == ["21"]


@pytest.mark.parametrize(
    "lead",
    [
        "PHNOM PENH, 9 Dec — Police held 21 people on 8 December.",
        "Jakarta (9/12) - Sebanyak 21 orang ditahan pada Senin (8/12).",
        "KUALA LUMPUR, 9 Dis: Seramai 21 orang ditahan pada 8 Disember.",
    ],
)
def test_the_date_of_a_dateline_is_not_the_events(lead: str) -> None:
    days = segments.read(article("Judul", lead))[1].dates
    assert [day.is_statement_day for day in days] == [True, False]
    assert days[1].date_start == dt.date(2025, 12, 8)


def test_a_line_that_is_a_date_dates_the_lines_below_it() -> None:
    found = segments.read(
        article(
            "Runut Kasus",
            "8 Desember 2025\nMereka mengadu.\n10 Desember 2025\nMereka tiba di Indonesia.",
        )
    )
    assert [item.dates[0].date_start.day for item in found[1:]] == [8, 8, 10, 10]


def test_without_a_day_of_publication_the_day_of_fetching_serves() -> None:
    found = segments.read(article("Judul", "Mereka tiba kemarin.", published=None))
    assert found[1].dates[0].date_start == dt.date(2025, 12, 11)


def test_an_endless_sentence_is_cut_and_nothing_is_lost() -> None:
    body = "kata " * 2000
    found = segments.read(article("Judul", body.strip()))
    assert all(item.end - item.start <= segments.LONGEST_SENTENCE for item in found)
    assert sum(item.text.count("kata") for item in found) == 2000


@given(st.text(alphabet="ab 21.,()/8\nWNI–", max_size=200))
@settings(max_examples=150, deadline=None)
def test_offsets_are_true(body: str) -> None:
    whole = article("Judul berita", body)
    for item in segments.read(whole):
        assert whole.text[item.start : item.end] == item.text
        for figure in item.quantities:
            assert whole.text[figure.start : figure.end] == figure.surface
        for cue in item.cues:
            assert whole.text[cue.start : cue.end] == cue.surface


@pytest.mark.parametrize(
    "piece", ["21 WNI dipulangkan pada 8 Desember. ", "1 ", "ditangkap 8/12/2025 "]
)
def test_time_grows_with_length(piece: str) -> None:
    whole = article("Judul", piece * (30_000 // len(piece)))
    begin = time.process_time()
    _ = segments.read(whole)
    assert time.process_time() - begin < 15
