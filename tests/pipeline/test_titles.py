"""Titles first: a wide net that loses nothing of the subject."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from pipeline import gold, text, titles

HERE = Path(__file__).parent


class Told(NamedTuple):
    """What a list tells of a labelled article."""

    title: str
    summary: str


def first_sentence(title: str, body: str) -> str:
    body = body.removeprefix(title).strip()
    found = text.sentences(body)
    return body[: found[0].end] if found else body


def is_training(path: Path) -> bool:
    return path.name.startswith("training_")


def relevant(*, training: bool = False) -> list[Told]:
    pairs = [
        (item.title, item.text)
        for path in sorted((HERE.parent / "gold").rglob("*.jsonl"))
        if is_training(path) is training
        for item in gold.parse(path.read_text(encoding="utf-8").splitlines())
        if item.relevant
    ]
    cases = yaml.safe_load((HERE / "relevance_cases.yml").read_text(encoding="utf-8"))
    pairs += [(case["title"], case["text"]) for case in cases if case["relevant"]]
    return [Told(title, first_sentence(title, body)) for title, body in pairs]


def test_no_labelled_article_on_the_subject_is_lost_by_title_and_first_sentence() -> None:
    told = relevant()
    assert len(told) > 300
    assert [each for each in told if not titles.may_concern(each.title, each.summary)] == []


def test_hardly_any_is_lost_by_its_title_alone() -> None:
    told = relevant()
    lost = [each.title for each in told if not titles.may_concern(each.title)]
    assert len(lost) <= 0.01 * len(told)


def test_of_writers_that_the_net_was_not_made_for_two_in_a_hundred_are_lost_at_most() -> None:
    told = relevant(training=True)
    assert len(told) > 500
    lost = [each.title for each in told if not titles.may_concern(each.title, each.summary)]
    assert len(lost) <= 0.02 * len(told)


@pytest.mark.parametrize(
    "title",
    [
        "Harga Cabai Naik Jelang Akhir Pekan",
        "Tim Tuan Rumah Menang Tipis di Laga Pembuka",
        "Gubernur Resmikan Jembatan Baru",
        "Resep Kue Lapis untuk Akhir Tahun",
        "Government unveils new budget for rural schools",
        "Striker signs two-year extension",
        "Menteri buka pameran teknologi hijau",
    ],
)
def test_ordinary_news_is_left_out(title: str) -> None:
    assert not titles.may_concern(title, "", "https://warta.example/read/2026/09/02/123/a-b")


@pytest.mark.parametrize(
    ("title", "summary", "url"),
    [
        ("Akhirnya Pulang", "Sebelas warga tiba dari Phnom Penh, Kamboja.", ""),
        ("Akhirnya Pulang", "", "https://warta.example/read/1/wni-dipulangkan-dari-kamboja"),
        ("Akhirnya Ketemu", "", "https://warta.example/a/korban%20TPPO.html"),
        ("", "", "https://warta.example/read/1"),
    ],
)
def test_summary_and_address_speak_too_and_silence_is_no_reason(
    title: str, summary: str, url: str
) -> None:
    assert titles.may_concern(title, summary, url)


def test_words_of_an_address_are_those_of_its_path() -> None:
    assert titles.words("https://tppo.example/read/12/wni_pulang-lagi.html?x=y") == (
        "read 12 wni pulang lagi html"
    )
    assert titles.words("http://[::1") == ""
