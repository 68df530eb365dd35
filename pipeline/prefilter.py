"""Tell from the raw bytes of a page whether it is worth reading: a sieve for archives of everything.

    bytes of a page -> bool

Of a public archive one page in a hundred is on the subject, and extracting text takes nearly all the time. A page is
dropped when no word stands in it, markup and menus included, by which the screening could call it relevant
(``pipeline/relevance.py``). What passes is read and screened as ever; the sieve alone never makes a page relevant.
The words are in ``data/prefilter.yml`` and are looked for by an Aho-Corasick automaton, all of them in one pass.
"""

from __future__ import annotations

import codecs
import functools
import importlib.resources
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from pipeline import lexicon

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

VERSION = "prefilter-1"

ENOUGH, WORK, TIE, NUMBERED = 1, 2, 4, 8
_KINDS = {"enough": ENOUGH, "work": WORK, "tie": TIE}
# What may part the words of a phrase in HTML; UTF-8 and Latin-1 write a fixed blank differently.
_BLANKS = (b" ", b"-", b"_", b"+", b"&nbsp;", b"\xc2\xa0", b"\xa0", b"\n")
# How pages of these scripts were written before UTF-8.
_LEGACY = ("tis-620", "gb18030", "big5")
_EDGE = "|"
_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789")
_WIDE = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# A page in two bytes a letter and without a mark shows by its zeros: every second byte of markup is one.
_OPENING = 512
_ZEROS = 4
# A letter may be written as its number; what opens one is looked for in the same pass as the words.
_OPENS_NUMBER = b"&#"
_NUMERIC = re.compile(rb"&#(?:[0-9]{2,7}|x[0-9a-f]{2,6});?")


@dataclass(frozen=True, slots=True)
class _Sieve:
    """The automaton, and for each of its patterns the kind and whether it asks for edges before and behind."""

    automaton: BytesAhoCorasick
    kinds: Sequence[int]
    edges: Sequence[tuple[bool, bool]]


def keeps(body: bytes) -> bool:
    """Return whether a page with these bytes is to be read; the encoding need not be known."""
    return _is_enough(found(body))


def found(body: bytes) -> int:
    """Return the kinds of words that stand in the bytes, as a sum of flags; no more are looked for than it takes."""
    plain = _plain(body)
    seen = _seen(plain)
    if seen & NUMBERED and not _is_enough(seen):
        seen |= _seen(_NUMERIC.sub(_letter, plain).lower())
    return seen


def _seen(plain: bytes) -> int:
    sieve = _sieve()
    seen = 0
    for number, start, end in sieve.automaton.find_matches_as_indexes(plain, overlapping=True):
        kind = sieve.kinds[number]
        if seen & kind:
            continue
        before, behind = sieve.edges[number]
        if before and start and plain[start - 1] in _LETTERS:
            continue
        if behind and end < len(plain) and plain[end] in _LETTERS:
            continue
        seen |= kind
        if _is_enough(seen):
            break
    return seen


def _is_enough(seen: int) -> bool:
    return bool(seen & ENOUGH) or seen & (WORK | TIE) == WORK | TIE


def _plain(body: bytes) -> bytes:
    """Return the bytes in lower case, in an encoding that writes plain letters as ASCII does."""
    for mark, encoding in _WIDE:
        if body.startswith(mark):
            body = body.decode(encoding, "replace").encode("utf-8", "replace")
    opening = body[:_OPENING]
    if opening.count(0) > len(opening) // _ZEROS:
        is_big = opening[::2].count(0) > opening[1::2].count(0)
        encoding = "utf-16-be" if is_big else "utf-16-le"
        body = body.decode(encoding, "replace").encode("utf-8", "replace")
    return body.lower()


def _letter(match: re.Match[bytes]) -> bytes:
    told = match[0][2:].rstrip(b";")
    code = int(told[1:], 16) if told.startswith(b"x") else int(told)
    try:
        return chr(code).encode()
    except (ValueError, OverflowError):  # no character, or half of one
        return match[0]


def table() -> Mapping[str, Sequence[str]]:
    """Return the words as written, by kind."""
    raw = (importlib.resources.files("pipeline") / "data" / "prefilter.yml").read_text("utf-8")
    words: Mapping[str, Sequence[str]] = yaml.safe_load(raw)
    return words


@functools.cache
def _sieve() -> _Sieve:
    from ahocorasick_rs import BytesAhoCorasick, Implementation

    patterns: dict[tuple[bytes, int], tuple[bool, bool]] = {
        (_OPENS_NUMBER, NUMBERED): (False, False)
    }
    for name, words in table().items():
        for word in words:
            edges = word.startswith(_EDGE), word.endswith(_EDGE)
            for spelt in _spellings(word.strip(_EDGE)):
                patterns[spelt, _KINDS[name]] = edges
    for word in _of_other_scripts():
        for spelt in _encodings(word):
            patterns[spelt, ENOUGH] = (False, False)
    return _Sieve(
        BytesAhoCorasick([spelt for spelt, _ in patterns], implementation=Implementation.DFA),
        [kind for _, kind in patterns],
        list(patterns.values()),
    )


def _spellings(word: str) -> Iterator[bytes]:
    pieces = word.encode().split(b" ")
    for blanks in itertools.product(_BLANKS, repeat=len(pieces) - 1):
        if len(set(blanks)) <= 1:  # a phrase is parted in one way throughout
            yield b"".join(itertools.chain.from_iterable(zip(pieces, (*blanks, b""), strict=True)))


def _of_other_scripts() -> Iterable[str]:
    """Yield the lexicon's names of the work and its sites that no Latin letter opens."""
    for group in ("scam_work", "captivity_site"):
        for languages in lexicon.terms()[group].values():
            for terms in languages.values():
                for term in itertools.chain.from_iterable(map(lexicon.choices, terms)):
                    if not term.isascii():
                        yield term


def _encodings(word: str) -> Iterator[bytes]:
    yield word.lower().encode()
    for encoding in _LEGACY:
        try:
            # Upper and lower case are folded in the page byte by byte, so here as well.
            yield word.encode(encoding).lower()
        except UnicodeEncodeError:
            continue
