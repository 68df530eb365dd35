"""Find the words of a sentence that tell of an event, and on which side of them the persons stand.

    sentence -> [EventCue]

The table is ``data/event_cues.yml``. A cue may be planned ("akan dipulangkan") or denied ("belum
dipulangkan"); a denied cue tells of no event.
"""

from __future__ import annotations

import functools
import importlib.resources
import itertools
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

import yaml

from pipeline.records import CountRole, EventType

Side = Literal["before", "after", "noun"]
_SIDES: tuple[Side, ...] = ("before", "after", "noun")


@dataclass(frozen=True, slots=True)
class EventCue:
    """A word or phrase that tells of an event; offsets are into the text that was searched."""

    key: str
    event_type: EventType | None
    role: CountRole | None
    side: Side
    start: int
    end: int
    surface: str
    is_planned: bool
    is_denied: bool


_PLANNED = re.compile(
    r"\b(?:akan|bakal|hendak|segera|dijadwalkan|direncanakan|rencananya|rencana|berencana|dijadual|dijadualkan|diupayakan|mengupayakan|"
    r"menyiapkan|siap|ingin|agar|supaya|untuk|dapat|bisa|menargetkan|target|will|would|to be|due to|due|expected to|expected|expects to|are to|is to|"
    r"scheduled to|plans? to|planning to|set to|hopes? to|in order to|about to|may|might|could|wants? to|asked to|seek(?:s|ing)? to|"
    r"is ready to|be)\s+(?:\w+\s){0,2}$",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:tidak|tak|belum|bukan|tanpa|batal|gagal|tiada|tidak ada|no|not|never|nobody|without|nor|n't|yet to|before being|if|jika|bila|apabila)\s+(?:\w+\s){0,2}$",
    re.IGNORECASE,
)

_BE = re.compile(r"\b(?:was|were|is|are|been|being|be|got)\s(?:\w+ly\s)?$", re.IGNORECASE)
_PLANNED_INSIDE = re.compile(r"(?:to be|akan|segera|dijadwalkan|jadwal)\b", re.IGNORECASE)
# "Police rescued 20 victims" has its object behind it, "20 victims rescued from ..." before it.
_OBJECT = re.compile(
    r"\s(?:(?:at least|more than|about|around|nearly|some|over|another|the|all|a further)\s)*"
    r"(?:\d|one\b|two\b|three\b|four\b|five\b|six\b|seven\b|eight\b|nine\b|ten\b|dozens|hundreds|them\b|foreigners|people|workers|victims|suspects)",
    re.IGNORECASE,
)
# How far back a word that plans or denies may stand; keeps the time linear on endless sentences.
_LOOK_BACK = 70


@dataclass(frozen=True, slots=True)
class _Row:
    """The cues of one kind and side, as one pattern."""

    key: str
    event_type: EventType | None
    role: CountRole | None
    side: Side
    pattern: re.Pattern[str]


@functools.cache
def _table() -> dict[str, list[_Row]]:
    """Return the rows of the table by the first letter of a word that may open one of their cues.

    Trying every row at every character costs ten times the rest of the reading; words that open no cue
    are passed over in one look-up.
    """
    raw = (importlib.resources.files("pipeline") / "data" / "event_cues.yml").read_text("utf-8")
    events = {item.value for item in EventType}
    table: dict[str, list[_Row]] = defaultdict(list)
    for key, entry in yaml.safe_load(raw).items():
        for side in _SIDES:
            patterns = entry.get(side)
            if patterns:
                joined = "|".join(sorted(patterns, key=len, reverse=True))
                compiled = re.compile(rf"(?:{joined})(?:(?<=\s)|(?!\w))", re.IGNORECASE)
                event = EventType(key) if key in events else None
                role = CountRole(entry["role"]) if entry["role"] else None
                row = _Row(key, event, role, side, compiled)
                for letter in set().union(*map(_openings, patterns)):
                    table[letter].append(row)
    return dict(table)


def _openings(pattern: str) -> set[str]:
    """Return the letters with which a match of this pattern may begin.

    Understands what the table uses at the front of a cue: letters, ``(?:...)`` with or without ``?`` or
    ``*`` behind it, and look-aheads.
    """
    if not pattern.startswith("("):
        rest = _openings(pattern[2:]) if pattern[1:2] == "?" else set()
        if not pattern[:1].isalpha():
            raise ValueError(f"a cue must begin with a letter or a group: {pattern!r}")
        return {pattern[0].lower()} | rest
    depth, cuts = 0, [0]
    for at, char in enumerate(pattern):
        depth += (char == "(") - (char == ")")
        if depth == 1 and char == "|":
            cuts.append(at)
        if depth == 0:
            cuts.append(at)
            break
    inner, behind = pattern[: cuts[-1]], pattern[cuts[-1] + 1 :]
    if inner.startswith(("(?=", "(?!")):
        return _openings(behind)
    options = [inner[3 : cuts[1]], *(inner[a + 1 : b] for a, b in itertools.pairwise(cuts[1:]))]
    letters = set().union(*map(_openings, options))
    return letters | (_openings(behind[1:]) if behind[:1] in {"?", "*"} else set())


_WORD = re.compile(r"(?<![\w-])[^\W\d_]")


def find(sentence: str) -> list[EventCue]:
    """Return the cues of one sentence in order; of overlapping ones the longest stays."""
    found: list[EventCue] = []
    table = _table()
    ends: dict[_Row, int] = {}  # where the last cue of a row ended: none begins inside it
    for word in _WORD.finditer(sentence):
        for row in table.get(word[0].lower(), ()):
            if word.start() < ends.get(row, 0):
                continue
            match = row.pattern.match(sentence, word.start())
            if match is None:
                continue
            ends[row] = match.end()
            surface = match[0].rstrip()
            before = sentence[max(0, match.start() - _LOOK_BACK) : match.start()]
            found.append(
                EventCue(
                    row.key, row.event_type, row.role, _passive(row.side, before), match.start(),
                    match.start() + len(surface), surface,
                    is_planned=bool(_PLANNED.search(before) or _PLANNED_INSIDE.match(surface)),
                    is_denied=bool(_DENIED.search(before)),
                )
            )  # fmt: skip
    found.sort(key=lambda cue: (cue.start - cue.end, cue.start, cue.key))
    kept: list[EventCue] = []
    for cue in found:
        rival = next(
            (other for other in kept if cue.start < other.end and other.start < cue.end), None
        )
        if rival is None:
            kept.append(cue)
        elif (
            (rival.start, rival.end, rival.key, rival.side)
            == (cue.start, cue.end, cue.key, "before")
            and cue.side == "after"
            and _OBJECT.match(sentence, cue.end)
        ):
            kept[kept.index(rival)] = cue
    return sorted(kept, key=lambda cue: cue.start)


def _passive(side: Side, before: str) -> Side:
    """Return ``before`` for an English participle behind a form of "be": "were arrested"."""
    return "before" if side == "after" and _BE.search(before) else side
