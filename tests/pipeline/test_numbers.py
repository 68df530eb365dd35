"""Figures: what they are worth, what they count, and what is never a count of persons."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from num2words import num2words

from pipeline import numbers
from pipeline.numbers import Quantity
from pipeline.records import Relation


def one(text: str) -> Quantity:
    found = [item for item in numbers.find(text) if item.measure != "other"]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("27 WNI dipulangkan", 27),
        ("1.386 orang korban", 1386),
        ("1,386 people were held", 1386),
        ("dua puluh tujuh warga negara Indonesia", 27),
        ("sebelas pekerja migran", 11),
        ("seratus lima belas orang", 115),
        ("forty-two Filipinos", 42),
        ("two dozen workers", 24),
        ("two hundred and six workers", 206),
        ("1,5 juta orang", 1_500_000),
        ("3 ribu orang", 3000),
        ("seorang WNI dilaporkan hilang", 1),
    ],
)
def test_persons_in_digits_and_words(text: str, best: float) -> None:
    found = one(text)
    assert found.is_persons
    assert found.best == best


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("gaji 12 juta rupiah sebulan", "IDR"),
        ("dijanjikan Rp10 juta", "IDR"),
        ("tebusan US$5.000 dibayar", "USD"),
        ("a salary of $900", "USD"),
        ("RM15,000 was demanded", "money"),
        ("dijual seharga 2.000 dirham", "money"),
        ("menangani 1.386 kasus", "cases"),
        ("menerima 301 aduan", "complaints"),
        ("sebanyak 82 persen", "percent"),
        ("43 lokasi digerebek", "sites"),
        ("memblokir 120 rekening", "accounts"),
    ],
)
def test_units_that_are_not_persons(text: str, measure: str) -> None:
    assert [item.measure for item in numbers.find(text)] == [measure]


@pytest.mark.parametrize(
    "text",
    [
        "RH (34), warga kabupaten itu",
        "pria berusia 24 tahun",
        "the 24-year-old was taken",
        "bekerja 16 jam sehari",
        "pesawat QZ 257 tiba",
        "pukul 22.10 WIB",
        "pasal 81 undang-undang itu",
        "di lantai 8 gedung",
        "sembilan bus membawa mereka",
        "dari 21 provinsi",
        "setelah dua hari perjalanan",
        "a 12-hour shift",
    ],
)
def test_ages_hours_flights_laws_and_things_are_never_persons(text: str) -> None:
    assert not [item for item in numbers.find(text) if item.is_persons]


@pytest.mark.parametrize(
    ("text", "low", "best", "high", "relation"),
    [
        ("lebih dari 1.500 WNI", 1500, 1500, None, Relation.AT_LEAST),
        ("at least 53 people", 53, 53, None, Relation.AT_LEAST),
        ("sedikitnya 12 orang", 12, 12, None, Relation.AT_LEAST),
        ("300 lebih WNI", 300, 300, None, Relation.AT_LEAST),
        ("sekitar 75 orang", 68, 75, 82, Relation.ABOUT),
        ("nearly 200 people", 180, 200, 220, Relation.ABOUT),
        ("paling banyak 40 orang", None, 40, 40, Relation.AT_MOST),
        ("puluhan WNI", 20, None, 99, Relation.RANGE),
        ("belasan pekerja", 11, None, 19, Relation.RANGE),
        ("ratusan orang", 200, None, 999, Relation.RANGE),
        ("hundreds of workers", 200, None, 999, Relation.RANGE),
        ("dozens of Indonesians", 24, None, 99, Relation.RANGE),
    ],
)
def test_vague_and_hedged_amounts(
    text: str, low: float | None, best: float | None, high: float | None, relation: Relation
) -> None:
    found = one(text)
    assert (found.low, found.best, found.high, found.relation) == (low, best, high, relation)


@pytest.mark.parametrize(
    ("text", "nationality", "sex"),
    [
        ("21 warga negara Indonesia", "IDN", None),
        ("13 warga Malaysia", "MYS", None),
        ("27 Chinese nationals", "CHN", None),
        ("enam WN Tiongkok", "CHN", None),
        ("87 perempuan", None, "female"),
        ("313 orang laki-laki", None, "male"),
        ("220 Filipinos", "PHL", None),
    ],
)
def test_nationality_and_sex(text: str, nationality: str | None, sex: str | None) -> None:
    found = one(text)
    assert (found.nationality, found.sex) == (nationality, sex)


def test_a_list_of_nationalities_counts_persons() -> None:
    found = numbers.find("Mereka berasal dari Kenya (23), Ethiopia (12) dan Nepal (9).")
    assert [(item.best, item.nationality) for item in found] == [
        (23, "KEN"),
        (12, "ETH"),
        (9, "NPL"),
    ]


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("Tercatat 3.905 kasus, Kamboja 2.116, Myanmar 420, dan Laos 130.", "cases"),
        ("Dari 512 kasus: Kamboja 300, Myanmar 120.", "cases"),
        ("The hotline took 900 complaints: Cambodia 610, Myanmar 90.", "complaints"),
        ("Di antara 162 orang: Kenya 23, Uganda 12.", "persons"),
        ("Tercatat 40 kasus dengan korban dari Kenya 23, Uganda 12.", "persons"),
    ],
)
def test_a_list_of_countries_counts_what_its_whole_counts(text: str, measure: str) -> None:
    listed = numbers.find(text)[1:]
    assert {item.measure for item in listed} == {measure}
    assert all((item.nationality is not None) is (measure == "persons") for item in listed)


def test_an_anaphor_refers_and_does_not_count_again() -> None:
    found = one("ke-21 WNI itu")
    assert found.is_anaphor
    assert found.best == 21


@given(st.integers(min_value=0, max_value=10**7))
@settings(max_examples=400, deadline=None)
def test_indonesian_number_words(value: int) -> None:
    words = num2words(value, lang="id")
    assert numbers.value_of(words) == value


@given(st.integers(min_value=0, max_value=10**7))
@settings(max_examples=400, deadline=None)
def test_english_number_words(value: int) -> None:
    words = num2words(value, lang="en").replace(",", "")
    assert numbers.value_of(words) == value


@given(st.integers(min_value=2, max_value=999_999))
@settings(max_examples=200, deadline=None)
def test_number_words_in_a_sentence(value: int) -> None:
    found = numbers.find(f"Sebanyak {num2words(value, lang='id')} orang dipulangkan.")
    assert [(item.best, item.measure) for item in found] == [(value, "persons")]


@given(st.integers(min_value=1, max_value=99_999_999), st.sampled_from([".", ","]))
def test_grouped_digits(value: int, mark: str) -> None:
    printed = f"{value:,}".replace(",", mark)
    assert [item.best for item in numbers.find(f"{printed} orang")] == [value]


PIECES = st.sampled_from(
    ["21", "1.386", "lima", " ", " ", ".", ",", "-", "ke-", "Rp", "orang", "WNI", "dari", "(", ")", "\n",
     "puluh", "ratusan", "a dozen", "%", "warga negara", "Indonesia", "kasus", "seorang", "sekitar", "é", "៕"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join))
@settings(max_examples=200, deadline=None)
def test_offsets_are_true_and_figures_never_overlap(text: str) -> None:
    found = numbers.find(text)
    for item in found:
        assert text[item.start : item.end] == item.surface
    for left, right in itertools.pairwise(found):
        assert left.end <= right.start


@pytest.mark.parametrize(
    "piece",
    ["1", "1.", "1,111", "satu ", "dua puluh ", "sekitar ", "1 warga negara ", "ke-", "a ", "(", "-", " ",
     "1 of the the the ", "hundred and ", "1 orang yang ", "puluhan "],
)  # fmt: skip
def test_time_grows_with_length(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    begin = time.process_time()
    _ = numbers.find(text)
    assert time.process_time() - begin < 5


@pytest.mark.parametrize(
    ("text", "best", "nationality"),
    [
        ("Sepasang suami istri ditangkap", 2, None),
        ("Pasutri itu diadili", 2, None),
        ("a married couple was charged", 2, None),
        ("84 are Vietnamese", 84, "VNM"),
        ("53 dari mereka adalah WNI", 53, "IDN"),
        ("12 of them were Filipinos", 12, "PHL"),
        ("640 penangkapan", 640, None),
    ],
)
def test_couples_and_what_people_are_said_to_be(
    text: str, best: int, nationality: str | None
) -> None:
    found = one(text)
    assert (found.best, found.nationality, found.measure) == (best, nationality, "persons")


def test_at_is_a_time_only_before_an_hour() -> None:
    assert numbers.find("the count stood at 1,480")[0].measure is None
    assert numbers.find("they left at 10")[0].measure == "other"
    assert numbers.find("tersangka berusia antara 24 hingga 38 tahun")[0].measure == "other"
