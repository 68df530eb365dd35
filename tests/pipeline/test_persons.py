"""Which figures count persons: by their noun, by the shape of it, or because nothing else is told of."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import claims, persons, segments
from pipeline.records import Article

DAY = dt.date(2026, 3, 6)


def article(body: str, title: str = "Kabar hari ini") -> Article:
    return Article(
        article_id="a", url="", canonical_url="", source_id="", outlet="Warta Uji", language="id", title=title,
        text=f"{title}\n{body}", published_date=DAY, fetched_at=dt.datetime(2026, 3, 7, tzinfo=dt.UTC), page_sha256="",
    )  # fmt: skip


def counted(body: str) -> set[int]:
    """Return the figures of the body that count persons."""
    sentences = segments.read(article(body))
    return {
        int(item.best)
        for sentence in sentences[1:]
        for item in sentence.quantities
        if item.best is not None
        and not item.is_anaphor
        and persons.counted(sentences, sentence, item)
    }


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        # What somebody does, in the form of the noun.
        ("Two boatmen and four porters were questioned.", {2, 4}),
        ("Polisi juga menahan tiga pengantar di dermaga.", {3}),
        ("Tujuh pendaftar berasal dari kabupaten itu.", {7}),
        # Kin, companions, names, people of a place.
        ("Perkara itu bermula dari keluhan enam ibu.", {6}),
        ("Ia melarikan diri bersama tiga rakannya.", {3}),
        ("Ada 33 nama dalam daftar itu.", {33}),
        ("Nine weary Moldovans waited in the hall.", {9}),
        # Things of the same shape.
        ("They carried off 12 computers, 40 posters and three generators.", set()),
        ("Petugas menyewa dua penginapan dan memeriksa 19 permohonan.", set()),
    ],
)  # fmt: skip
def test_the_shape_of_a_noun_tells_persons_from_things(body: str, wanted: set[int]) -> None:
    assert counted(body) == wanted


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("On Monday 41 workers were freed. A second convoy, with 160, is to follow.", {41, 160}),
        ("Sebanyak 33 WNI tiba. Pada Minggu jumlahnya 78.", {33, 78}),
        ("Sebanyak 17 gadis diselamatkan. Sembilan dibawa ke klinik.", {17, 9}),
        ("Polis menahan 18 lelaki. Daripada jumlah itu, 12 dari Sabah dan enam dari Sarawak.", {18, 12, 6}),
        # What was counted last is counted still.
        ("The ministry took 300 complaints in May, up from 212 in April.", set()),
        ("Aduan penipuan melonjak menjadi 412 pada 2022, 655 pada 2023.", set()),
        ("Pihaknya menerima 88 laporan; dari wilayah utara 41.", set()),
        # Shares, capacities, rates, hours, floors, ages, laws, labels.
        ("The hall was meant for 600, the group said of the 900 people inside.", {900}),
        ("Ia bekerja di lantai tujuh sampai pukul sembilan.", set()),
        ("A boy of sixteen and a woman of 29 were among the 48 people.", {48}),
        ("Anaknya, 19, berangkat bersama dua orang; yang termuda 17.", {2}),
        ("Mereka dijerat Pasal 2, 4, dan 10 undang-undang itu.", set()),
        ("Jaksa menuntut 11 dan 8 tahun.", set()),
        ("They paid 2,000 to 3,500 baht a head.", set()),
        ("Mereka berumur antara 19 sampai 26 tahun.", set()),
    ],
)  # fmt: skip
def test_a_bare_figure_counts_persons_where_nothing_else_is_told_of(
    body: str, wanted: set[int]
) -> None:
    assert counted(body) == wanted


def test_a_figure_without_a_verb_of_its_own_has_the_role_of_the_one_before_it() -> None:
    body = (
        "Sebanyak 31 WNI dipulangkan dari Kamboja. Cuaca di bandara cerah. Penerbangan memakan waktu lama. "
        "Mereka terdiri atas 20 laki-laki dan 11 perempuan."
    )
    roles = {item.best: item.role.value for item in claims.read(article(body), [])}
    assert roles == {31: "repatriated", 20: "repatriated", 11: "repatriated"}


@given(st.lists(st.sampled_from(["12", "lima", ",", "dan", "orang", "kasus", "of", "(", "Kamboja", "youngest", "tahun", "who", "."]), max_size=25).map(" ".join))  # fmt: skip
def test_each_figure_has_an_answer(body: str) -> None:
    sentences = segments.read(article(body + " x"))
    for sentence in sentences:
        for item in sentence.quantities:
            assert persons.counted(sentences, sentence, item) in {True, False}
