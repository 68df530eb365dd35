"""The list of ordinary words holds words, and none that it also marks as a name."""

from __future__ import annotations

from pipeline import ordinary


def test_words_are_small_single_and_no_names() -> None:
    words, names = ordinary.words(), ordinary.names()
    assert len(words) > 20_000
    assert not words & names
    assert all(word.isalpha() and word == word.lower() for word in words | names)


def test_what_is_ordinary_and_what_may_be_a_person() -> None:
    assert {"puluhan", "dipulangkan", "police", "diselamatkan", "monday"} <= ordinary.words()
    for name in ("putri", "hope", "surya", "budi", "maria", "siti", "ahmad", "rahmat", "agus"):
        assert name not in ordinary.words(), name
