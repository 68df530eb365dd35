"""Find the words of the subject in a text: trafficking, scam work, host countries, look-alikes.

    text -> [Term]

The table is ``data/lexicon.yml``, which says how its terms are written. A term is matched token by token along
a trie, so that the size of the table does not count: an article of three thousand characters takes under two
milliseconds.
"""

from __future__ import annotations

import functools
import importlib.resources
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from pipeline import text as texts


@dataclass(frozen=True, slots=True)
class Term:
    """A find: ``text[start:end] == surface``; group and key say what the words stand for."""

    start: int
    end: int
    surface: str
    group: str
    key: str
    language: str


# Of one group the longest find at a place stays, so no two terms of a group overlap. A promised job is no find
# inside the name of the trade itself (the "call centre" of a "call centre gang" was offered to nobody), and no country
# is named by a ministry or a nationality (Kementerian Luar Negeri, rakyat Malaysia).
_INSIDE = {"offered_job": ("scam_work", "scam_type"), "abroad": ("persons",)}

_TOKEN = re.compile(r"[^\W_]+")
# What may part the words of one term: "cyber-scam", 'pusat "online scam"', "K.K. Park".
_GAP = re.compile(r"[ \-\u2010-\u2015'\"\u2018\u2019\u201c\u201d/]{1,3}")
_AFTER_INITIAL = re.compile(r"\. ?")
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)

_AFFIX = r"[^\W_]*"

_BRACES = re.compile(r"[{}]")
# Where a path along the trie ends: the groups and keys that the words belong to.
_END = ""
_Entry = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Table:
    trie: dict[str, Any]
    stems: re.Pattern[str] | None
    unspaced: re.Pattern[str]
    unspaced_entries: dict[str, tuple[_Entry, ...]]


def find(text: str, *groups: str) -> list[Term]:
    """Return the terms of the text in order, of the named groups or of all."""
    found = _find(text)
    return [term for term in found if not groups or term.group in groups]


def choices(written: str) -> Iterator[str]:
    """Yield the terms that an entry stands for: "{a|b} c" is "a c" and "b c"."""
    parts = [part.split("|") for part in _BRACES.split(written)]
    for chosen in itertools.product(*parts):
        yield "".join(chosen)


def terms() -> dict[str, dict[str, dict[str, list[str]]]]:
    """Return the table as written: group, key, language, terms."""
    raw = (importlib.resources.files("pipeline") / "data" / "lexicon.yml").read_text("utf-8")
    table: dict[str, dict[str, dict[str, list[str]]]] = yaml.load(raw, Loader=_Loader)  # noqa: S506
    return table


# The C loader reads the table in a tenth of the time; both are safe loaders.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@functools.lru_cache(maxsize=8)
def _find(text: str) -> tuple[Term, ...]:
    folded = texts.fold(text)
    candidates = [
        (start, end, entry)
        for start, end, entries in (*_spaced(text, folded), *_unspaced(text))
        for entry in entries
    ]
    candidates.sort(key=lambda item: (item[0], -item[1], item[2]))
    kept: list[Term] = []
    reached: dict[str, int] = {}
    for start, end, (group, key, language) in candidates:
        if start >= reached.get(group, 0):
            reached[group] = end
            kept.append(Term(start, end, text[start:end], group, key, language))
    return tuple(term for term in kept if not _is_inside(term, kept))


def _is_inside(term: Term, others: list[Term]) -> bool:
    outer = _INSIDE.get(term.group)
    return outer is not None and any(
        other.group in outer and other.start <= term.start and term.end <= other.end
        for other in others
    )


def _spaced(text: str, folded: str) -> Iterator[tuple[int, int, tuple[_Entry, ...]]]:
    """Yield the finds in scripts that part words, at every start the ones of every length."""
    table = _table()
    spans = [match.span() for match in _TOKEN.finditer(folded)]
    steps = [_keys(folded[start:end], text[start:end]) for start, end in spans]
    joined = [
        bool(
            _GAP.fullmatch(folded, end, spans[index + 1][0])
            or (end - start == 1 and _AFTER_INITIAL.fullmatch(folded, end, spans[index + 1][0]))
        )
        for index, (start, end) in enumerate(spans[:-1])
    ]
    joined.append(False)
    for first, keys in enumerate(steps):
        nodes = [table.trie[key] for key in keys if key in table.trie]
        at = first
        while nodes:
            for node in nodes:
                if _END in node:
                    yield spans[first][0], spans[at][1], node[_END]
            if not joined[at]:
                break
            at += 1
            nodes = [node[key] for node in nodes for key in steps[at] if key in node]


def _unspaced(text: str) -> Iterator[tuple[int, int, tuple[_Entry, ...]]]:
    """Yield the finds in scripts that do not, longest first at each place."""
    if not text.isascii() and _UNSPACED.search(text):
        table = _table()
        for match in table.unspaced.finditer(text):
            yield match.start(), match.end(), table.unspaced_entries[match[0]]


@functools.lru_cache(maxsize=32768)
def _keys(folded: str, written: str) -> tuple[str, ...]:
    """Return what a token is called in the trie: itself, itself in capitals, and the stem it opens from."""
    keys = [folded]
    if written.isupper() and len(written) > 1:
        keys.append(f"={written}")
    stems = _table().stems
    if stems is not None and (match := stems.fullmatch(folded)):
        keys.append(str(match.lastgroup))
    return tuple(keys)


@functools.cache
def _table() -> _Table:
    trie: dict[str, Any] = {}
    stems: dict[str, str] = {}
    unspaced: dict[str, tuple[_Entry, ...]] = {}
    for group, keys in terms().items():
        for key, languages in keys.items():
            for language, listed in languages.items():
                for term in (choice for written in listed for choice in choices(written)):
                    entry = (group, key, language)
                    if _UNSPACED.search(term):
                        unspaced[term] = _with(unspaced.get(term, ()), entry)
                        continue
                    node = trie
                    for step in _steps(term, stems):
                        node = node.setdefault(step, {})
                    node[_END] = _with(node.get(_END, ()), entry)
    ordered = sorted(unspaced, key=len, reverse=True)
    pattern = "|".join(f"(?P<{name}>{regex})" for regex, name in stems.items())
    return _Table(
        trie,
        re.compile(pattern) if pattern else None,
        re.compile("|".join(map(re.escape, ordered))),
        unspaced,
    )


def _with(entries: tuple[_Entry, ...], new: _Entry) -> tuple[_Entry, ...]:
    """Return the entries and the new one, unless its group holds the term already in another language."""
    return entries if any(entry[0] == new[0] for entry in entries) else (*entries, new)


def _steps(term: str, stems: dict[str, str]) -> Iterator[str]:
    """Yield the path of a term along the trie, and note the stems it opens."""
    for piece in term.split():
        opens = piece.startswith("~"), piece.endswith("~")
        for match in _TOKEN.finditer(piece):
            written = match[0]
            if any(opens):
                before, after = (_AFFIX if is_open else "" for is_open in opens)
                regex = f"{before}{re.escape(texts.fold(written))}{after}"
                yield stems.setdefault(regex, f"stem{len(stems)}")
            elif written.isupper() and len(written) > 1:
                yield f"={written}"
            else:
                yield texts.fold(written)
