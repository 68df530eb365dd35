"""Which words are ordinary ones of Indonesian, Malay and English, and which of them also name people.

    data/ordinary_words.txt -> words, names

Written by ``python -m models.entities.ordinary``: words that texts print in small letters. A name is printed
with a capital, so a text of such words alone names nobody.
"""

from __future__ import annotations

import functools
import importlib.resources

_ALSO_NAMES = "~"


@functools.cache
def _lines() -> tuple[str, ...]:
    path = importlib.resources.files("pipeline") / "data" / "ordinary_words.txt"
    return tuple(path.read_text("utf-8").split())


@functools.cache
def words() -> frozenset[str]:
    """Return the words that name nobody, in small letters."""
    return frozenset(line for line in _lines() if not line.startswith(_ALSO_NAMES))


@functools.cache
def names() -> frozenset[str]:
    """Return the words that are also parts of people's names ("Putri", "Hope")."""
    return frozenset(
        line.removeprefix(_ALSO_NAMES) for line in _lines() if line.startswith(_ALSO_NAMES)
    )
