"""Dates are looked for only where one can begin: what is found so is what a search at each letter finds."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import dates

PATTERNS = dict(dates._PATTERNS)
GATED = sorted(dates._OPENERS)
WORDS = st.sampled_from(
    [
        "pada",
        "Senin",
        "12",
        "Mei",
        "2024",
        "hingga",
        "akhir",
        "Juni",
        "lalu",
        "(3/4)",
        "a",
        "week",
        "ago",
        "two",
        "days",
        "later",
        "–",
        "awal",
        "tahun",
        "ini,",
        "last",
    ]
)
FILLING = st.lists(WORDS, max_size=6).map(" ".join)


def _spans(name: str, text: str, *, everywhere: bool) -> list[tuple[int, int]]:
    pattern = PATTERNS[name]
    found = (
        pattern.finditer(text)
        if everywhere
        else dates._matches(name, pattern, text, dates._openings(text))
    )
    return [match.span() for match in found]


def test_only_patterns_that_exist_are_gated() -> None:
    assert set(GATED) <= PATTERNS.keys()


@pytest.mark.parametrize("name", GATED)
def test_every_wording_of_a_pattern_is_found(name: str) -> None:
    """Wordings are drawn from the pattern itself, so that one added there and not to its openers shows."""

    @given(st.from_regex(PATTERNS[name]), FILLING, FILLING)
    @settings(max_examples=120, deadline=None, derandomize=True, database=None)
    def holds(wording: str, before: str, after: str) -> None:
        text = f"{before} {wording} {after}"
        assert _spans(name, text, everywhere=False) == _spans(name, text, everywhere=True)

    holds()


@given(st.lists(st.one_of(WORDS, st.text(max_size=4)), max_size=20).map(" ".join))
def test_on_any_text(text: str) -> None:
    for name in GATED:
        assert _spans(name, text, everywhere=False) == _spans(name, text, everywhere=True)


def test_letters_that_grow_when_made_small() -> None:
    text = "İstanbul İİ, 12 Mei 2024, lalu Senin malam"
    found = dates.find(text, dt.date(2024, 6, 1))
    assert [text[item.start : item.end] for item in found] == ["12 Mei 2024", "Senin"]
