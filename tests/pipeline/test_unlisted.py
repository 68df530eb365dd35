"""Names that no list holds: what is asked, what is added or refused, and what a finder cannot do.

All names are invented, or places of the gazetteer in invented use.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import entities
from models.mentions import load
from pipeline import mentions, unlisted
from pipeline.protocols import FoundName, NameFinder
from pipeline.records import Mention, MentionKind
from tests.factories import make_article

TITLE = "Kabar hari ini"
NAMED = (MentionKind.PLACE, MentionKind.AGENCY)


def names(text: str, *, language: str = "id") -> list[Mention]:
    article = make_article(f"{TITLE}\n\n{text}", language=language)
    found = mentions.find(article, load(), entities.load)
    for item in found:
        assert article.text[item.start : item.end] == item.surface
    return [item for item in found if item.kind in NAMED]


def unresolved(text: str, *, language: str = "id") -> list[tuple[MentionKind, str]]:
    return [
        (item.kind, item.surface)
        for item in names(text, language=language)
        if item.extractor == unlisted.EXTRACTOR
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Korban disekap di Wanglongbat, Myanmar, selama tiga bulan.", "Wanglongbat"),
        ("Sebanyak 21 pekerja tertahan di Kampung Sorongela sejak Maret.", "Kampung Sorongela"),
        ("Rombongan menuju Wotangmulyo lewat jalur laut.", "Wotangmulyo"),
    ],
)
def test_a_place_that_no_list_holds_is_found_without_an_id(text: str, expected: str) -> None:
    assert unresolved(text) == [(MentionKind.PLACE, expected)]
    (found,) = [item for item in names(text) if item.surface == expected]
    assert (found.canonical_id, found.country, found.lat) == (None, None, None)
    assert found.score == unlisted.SCORE
    assert found.extractor_version == entities.load().version


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("PT Maju Batam Sejahtera menyalurkan mereka ke Kamboja.", "Batam"),
        ("Mereka direkrut PT Batam Gemilang di Jakarta.", "Batam"),
        ("Korban, kata Rizky Porac, dipaksa bekerja di Filipina.", "Porac"),
        ("Adalah Siti Muse yang melapor ke polisi di Myanmar.", "Muse"),
        ("Pengacara Darsono Batu mengatakan korban disekap di Kamboja.", "Batu"),
    ],
)
def test_a_listed_name_used_otherwise_is_no_place(text: str, name: str) -> None:
    assert name not in {item.surface for item in names(text)}


@pytest.mark.parametrize(
    ("text", "name", "place_id"),
    [
        ("Bupati Batam Rizky Hartono menemui korban.", "Batam", "id.batam"),
        ("Mereka digerebek di Porac, Filipina.", "Porac", "ph.porac"),
        ("Mereka dibawa ke Muse, Myanmar, lewat darat.", "Muse", "mm.muse"),
        ("Kantor pelaku berada di Golden Triangle, Kuningan, Jakarta Selatan.", "Golden Triangle", "id.segitiga-emas"),
        ("Korban disekap di Golden Triangle, Bokeo, Laos.", "Golden Triangle", "la.gtsez"),
    ],
)  # fmt: skip
def test_the_same_names_stay_where_they_are_places(text: str, name: str, place_id: str) -> None:
    (found,) = [
        item for item in names(text) if item.surface == name and item.kind is MentionKind.PLACE
    ]
    assert found.canonical_id == place_id


@pytest.mark.parametrize(
    "text",
    [
        "Mereka tiba di Tanah Air pada Rabu malam.",
        "Rombongan keluar dari Terminal 3 pukul sembilan.",
        "Korban berinisial A.E. ditahan bersama RAP dan WS.",
        "Kapolda Kepri Irjen Pol. Tabana Bangun memberi keterangan.",
    ],
)
def test_what_is_no_place_or_body_is_not_added(text: str) -> None:
    assert unresolved(text) == []


def test_other_languages_and_titles_are_not_asked_about() -> None:
    assert unresolved("They were held in Wanglongbat for months.", language="en") == []
    article = make_article("Puluhan WNI disekap di Wanglongbat\n\nMereka sudah pulang.")
    found = mentions.find(article, load(), entities.load)
    assert not [item for item in found if item.extractor == unlisted.EXTRACTOR]


def test_the_finder_is_not_opened_where_there_is_nothing_to_ask() -> None:
    def open_it() -> NameFinder:
        raise AssertionError("opened")

    article = make_article(f"{TITLE}\n\nSebanyak 21 WNI dipulangkan dari Myawaddy ke Jakarta.")
    assert mentions.find(article, load(), open_it) == mentions.find(article, load())


class Claims:
    """A finder that takes every sentence for one name."""

    version = "claims"

    def __init__(self, kind: Literal["person", "organisation", "place"]) -> None:
        self.kind = kind

    def names(self, texts: Sequence[str]) -> list[list[FoundName]]:
        return [[FoundName(0, len(text), self.kind)] for text in texts]


PIECES = st.lists(
    st.sampled_from(
        ["di", "ke", "Batam", "Porac", "Myawaddy", "PT", "Wanglong", "kata", "KBRI", "Yangon", ".", ",", "\n", "WNI", "21", "Bupati"]
    ),
    max_size=40,
).map(" ".join)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(PIECES, st.sampled_from(["person", "organisation", "place"]))
def test_no_finder_breaks_the_offsets_or_touches_a_lone_sure_place(
    text: str, kind: Literal["person", "organisation", "place"]
) -> None:
    article = make_article(f"{TITLE}\n\n{text}")
    found = mentions.find(article, load(), lambda: Claims(kind))
    for item in found:
        assert article.text[item.start : item.end] == item.surface == item.surface.strip()
    plain = mentions.find(article, load())
    agencies = [item for item in plain if item.kind is MentionKind.AGENCY]
    assert all(item in found for item in agencies)
    assert all(item.canonical_id is None for item in found if item.extractor == unlisted.EXTRACTOR)
