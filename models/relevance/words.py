"""Cut a text into what the model weighs: stems, neighbouring stems, stems of the title.

    title, body -> the set of pieces

Indonesian and Malay build words before and behind a root ("dipulangkan", "pemulangan"), English behind it. Cutting
the commonest affixes brings such forms together well enough for a sum of weights; no word list is needed.
"""

from __future__ import annotations

import functools
import itertools
import re

from pipeline import text as texts

# Stands for every figure: "64 orang" and "7 orang" say the same about the subject.
FIGURE = "#"
# Before a stem that stands in the title.
IN_TITLE = "^"
# What is left of a word is never shorter.
LEAST = 4

_TOKEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|\d+")
# The longest first: only one is cut on each side.
_BEFORE = (
    "mempers", "memper", "diper", "meng", "meny", "peng", "peny", "mem", "men", "pem", "pen", "ber", "ter", "per",
    "me", "di", "ke", "se", "pe",
)  # fmt: skip
_BEHIND = ("kannya", "annya", "nya", "kan", "lah", "kah", "pun", "ing", "an", "ed", "es", "i", "s")


def pieces(title: str, body: str) -> set[str]:
    """Return the pieces of a text, each once."""
    headline, below = stems(title), stems(body)
    found = {*headline, *below, *(IN_TITLE + stem for stem in headline)}
    for told in (headline, below):
        found.update(f"{left} {right}" for left, right in itertools.pairwise(told))
    return found


def stems(text: str) -> list[str]:
    """Return the stems of a text in order, a figure as ``#``."""
    return [_stem(match[0]) for match in _TOKEN.finditer(texts.fold(text))]


@functools.lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    if word[0].isdigit():
        return FIGURE
    for ending in _BEHIND:
        if word.endswith(ending) and len(word) - len(ending) >= LEAST:
            word = word[: -len(ending)]
            break
    for opening in _BEFORE:
        if word.startswith(opening) and len(word) - len(opening) >= LEAST:
            return word[len(opening) :]
    return word
