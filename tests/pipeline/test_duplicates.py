"""Copies of one text: examples, then independence of order."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import duplicates
from pipeline.records import Article, make_id

START = dt.datetime(2024, 6, 18, tzinfo=dt.UTC)
WORDS = [
    "petugas",
    "korban",
    "gedung",
    "sungai",
    "kapal",
    "paspor",
    "pejabat",
    "kementerian",
    "desa",
    "pantai",
    "pasar",
    "malam",
    "pagi",
    "keluarga",
    "bandara",
    "pulang",
    "tiba",
    "periksa",
    "tahan",
    "bebas",
    "kerja",
    "janji",
    "gaji",
    "utang",
    "jaga",
    "pagar",
    "telepon",
    "kedutaan",
    "warga",
]


def _prose(seed: int, n_words: int = 180) -> str:
    chooser = random.Random(seed)
    words = [
        chooser.choice(WORDS) + str(chooser.randrange(9)) * (chooser.random() < 0.1)
        for _ in range(n_words)
    ]
    return " ".join(words)


def _article(
    name: str, body: str, *, title: str = "Judul", hour: int | None = 0, dateline: str | None = None
) -> Article:
    return Article(
        article_id=make_id("art", name),
        url=f"https://{name}.example/x",
        canonical_url=f"https://{name}.example/x",
        source_id=name,
        outlet=name,
        language="id",
        title=title,
        text=f"{title}\n{body}",
        published_at=None if hour is None else START + dt.timedelta(hours=hour),
        fetched_at=START,
        page_sha256="0",
        dateline=dateline,
    )


def _groups(articles: list[Article]) -> set[frozenset[str]]:
    held: dict[str | None, set[str]] = {}
    for article in duplicates.group(articles):
        held.setdefault(article.copy_group_id, set()).add(article.source_id)
    return {frozenset(names) for names in held.values()}


def test_a_wire_text_on_twenty_sites_is_one_group() -> None:
    wire = _prose(1)
    copies = [
        _article(
            f"situs{n}",
            f"Kota{n}, SITUS{n} - {wire}",
            title=f"Judul {n}",
            hour=n,
            dateline=f"Kota{n}, SITUS{n}",
        )
        for n in range(20)
    ]
    grouped = duplicates.group([*reversed(copies), _article("lain", _prose(2))])
    of_wire = [article for article in grouped if article.source_id != "lain"]
    assert len({article.copy_group_id for article in of_wire}) == 1
    assert [article.source_id for article in of_wire if article.is_primary] == ["situs0"]
    assert {article.duplicate_of for article in of_wire} == {None, copies[0].article_id}
    other = grouped[-1]
    assert other.is_primary
    assert other.duplicate_of is None
    assert other.copy_group_id == make_id("copy", other.article_id)


def test_the_earliest_is_primary_and_an_unknown_time_is_last() -> None:
    wire = _prose(3)
    grouped = duplicates.group(
        [_article("a", wire, hour=None), _article("b", wire, hour=5), _article("c", wire, hour=2)]
    )
    assert [article.is_primary for article in grouped] == [False, False, True]


def test_the_smaller_id_breaks_a_tie() -> None:
    wire = _prose(3)
    pair = [_article("a", wire), _article("b", wire)]
    primary = next(article for article in duplicates.group(pair) if article.is_primary)
    assert primary.article_id == min(article.article_id for article in pair)


def _swapped(text: str, every: int) -> str:
    return " ".join("lainnya" if n % every == 0 else word for n, word in enumerate(text.split(), 1))


@pytest.mark.parametrize(
    ("other", "is_copy"),
    [
        (_prose(4), True),
        (_prose(4).upper(), True),
        (_swapped(_prose(4), 30), True),
        (_swapped(_prose(4), 5), False),
        (" ".join(_prose(4).split()[:120]), True),
        (" ".join(_prose(4).split()[:50]), False),
        (f"{_prose(4)} {_prose(5, 30)}", True),
        (_prose(6), False),
    ],
)
def test_what_counts_as_the_same_text(other: str, is_copy: bool) -> None:
    groups = _groups([_article("a", _prose(4)), _article("b", other, hour=1)])
    assert (len(groups) == 1) is is_copy


def test_an_update_with_other_figures_is_no_copy() -> None:
    body = "Sebanyak {} orang melapor ke kedutaan sejak Senin. " + _prose(7)
    assert (
        len(_groups([_article("a", body.format("1.260")), _article("b", body.format("1.440"))]))
        == 2
    )
    assert (
        len(_groups([_article("a", body.format("1.260")), _article("b", body.format("1,260"))]))
        == 1
    )


def test_short_texts_are_copies_only_when_equal() -> None:
    assert len(_groups([_article("a", "Dua orang tiba."), _article("b", "Dua orang tiba.")])) == 1
    assert (
        len(_groups([_article("a", "Dua orang tiba."), _article("b", "Dua orang tiba lagi.")])) == 2
    )


def test_nothing_comes_from_nothing() -> None:
    assert duplicates.group([]) == []


POOL = [
    _article(f"s{n}", _swapped(_prose(n % 4), 40 + n) if n % 3 else _prose(n % 4), hour=n * 7 % 5)
    for n in range(12)
]


@given(st.permutations(POOL))
@settings(max_examples=25, deadline=None)
def test_the_order_plays_no_part(articles: list[Article]) -> None:
    def by_id(found: list[Article]) -> dict[str, Article]:
        return {article.article_id: article for article in found}

    assert by_id(duplicates.group(articles)) == by_id(duplicates.group(POOL))
    assert [a.article_id for a in duplicates.group(articles)] == [a.article_id for a in articles]


@given(st.lists(st.sampled_from(POOL), max_size=8))
@settings(max_examples=25, deadline=None)
def test_every_group_has_one_primary(articles: list[Article]) -> None:
    grouped = duplicates.group(articles)
    for article in grouped:
        primaries = {
            other.article_id
            for other in grouped
            if other.copy_group_id == article.copy_group_id and other.is_primary
        }
        assert len(primaries) == 1
        assert article.duplicate_of in {None, *primaries}
    assert duplicates.group(grouped) == grouped
