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
from typing import Literal, NamedTuple

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

    @property
    def is_fact(self) -> bool:
        """Whether it tells of what has happened: neither denied nor only planned."""
        return not (self.is_planned or self.is_denied)


_PLANNED = re.compile(
    r"\b(?:akan|bakal|hendak|segera|dijadwalkan|direncanakan|rencananya|rencana|berencana|dijadual|dijadualkan|dijangka(?:kan)?|diharapkan|diperkirakan|bersiap|diupayakan|mengupayakan|"
    r"menyiapkan|menjanjikan|berjanji|promis(?:es|ed|ing)|siap|ingin|agar|supaya|untuk|dapat|bisa|menargetkan|target|will|would|to be|due to|due|expected to|expected|expects to|are to|is to|"
    r"scheduled to|plans? to|planning to|set to|hopes? to|in order to|about to|may|might|could|wants? to|asked to|seek(?:s|ing)? to|"
    r"is ready to|be)\s+(?:\w+\s){0,2}$",
    re.IGNORECASE,
)
# "A flight with 85 people is planned for May 4", "pemulangan kedua dijadwalkan Senin": told behind a noun.
_PLANNED_BEHIND = re.compile(
    r"(?:\s[\w,.-]+){0,6}?\s(?:yang\s)?(?:(?:is|are|was|were)\s(?:\w+ly\s)?(?:planned|scheduled|due|expected|set|slated|to)|will\b|direncanakan|dijadwalkan|dijadual(?:kan)?|akan|bakal|rencananya|menyusul)\b",
    re.IGNORECASE,
)
_INFINITIVE = re.compile(r"\bto\s$", re.IGNORECASE)
_DENIED = re.compile(
    r"\b(?:tidak|tak|belum|bukan|tanpa|batal|gagal|tiada|tidak ada|no|not|never|nobody|without|nor|n't|yet to|before being|if|jika|bila|apabila)\s+(?:\w+\s){0,2}$",
    re.IGNORECASE,
)

_BE = re.compile(r"\b(?:was|were|is|are|been|being|be|got)\s(?:\w+ly\s)?$", re.IGNORECASE)
_PLANNED_INSIDE = re.compile(
    r"(?:to be|akan|bakal|segera|dijadwalkan|direncanakan|dijadual(?:kan)?|rencananya|jadwal|menyusul|(?:are |is |were )?(?:scheduled|due|expected|set|slated) to)\b",
    re.IGNORECASE,
)
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


class _Shelf(NamedTuple):
    """The rows of one opening, and one pattern that tells whether any of them can match."""

    gate: re.Pattern[str]
    rows: tuple[_Row, ...]


@functools.cache
def _table() -> dict[str, _Shelf]:
    """Return the rows of the table by the first two letters of a word that may open one of their cues.

    Trying every row at every character costs ten times the rest of the reading; words that open no cue
    are passed over in one look-up, and the others try few patterns. Cues whose second letter is open stand
    under one letter.
    """
    raw = (importlib.resources.files("pipeline") / "data" / "event_cues.yml").read_text("utf-8")
    events = {item.value for item in EventType}
    table: dict[str, list[_Row]] = defaultdict(list)
    gates: dict[str, list[str]] = defaultdict(list)
    for key, entry in yaml.safe_load(raw).items():
        named = entry.get(
            "event", key
        )  # an event that is told of two kinds of people has two entries
        event = EventType(named) if named in events else None
        role = CountRole(entry["role"]) if entry["role"] else None
        for side in _SIDES:
            by_opening: dict[str, list[str]] = defaultdict(list)
            for pattern in entry.get(side) or ():
                for branch in _branches(pattern):
                    for opening in _openings_of(branch):
                        by_opening[opening].append(branch)
            for opening, branches in by_opening.items():
                joined = "|".join(sorted(branches, key=len, reverse=True))
                compiled = re.compile(rf"(?:{joined})(?:(?<=\s)|(?!\w))", re.IGNORECASE)
                table[opening].append(_Row(key, event, role, side, compiled))
                gates[opening] += branches
    return {
        opening: _Shelf(re.compile("|".join(gates[opening]), re.IGNORECASE), tuple(rows))
        for opening, rows in table.items()
    }


def _branches(pattern: str) -> list[str]:
    """Return the alternatives of a pattern that opens with a group, each with what stands behind the group."""
    if not pattern.startswith("(?:"):
        return [pattern]
    cuts, end = _cuts(pattern)
    behind = pattern[end + 1 :]
    if behind[:1] in {"?", "*"}:
        return [pattern]
    options = [pattern[a + 1 : b] for a, b in itertools.pairwise([2, *cuts[1:]])]
    return [found for option in options for found in _branches(option + behind)]


def _openings_of(branch: str) -> set[str]:
    """Return the two letters, or the single letters, with which a match of this branch may begin."""
    if branch[:2].isalpha() and branch[2:3] not in {"?", "*"} and branch[1:2] not in {"?", "*"}:
        return {branch[:2].lower()}
    return _openings(branch)


def _cuts(pattern: str) -> tuple[list[int], int]:
    """Return where the options of the group that opens a pattern are parted, and where it closes."""
    depth, cuts = 0, [0]
    for at, char in enumerate(pattern):
        depth += (char == "(") - (char == ")")
        if depth == 1 and char == "|":
            cuts.append(at)
        if depth == 0:
            cuts.append(at)
            break
    return cuts, cuts[-1]


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
    cuts, _ = _cuts(pattern)
    inner, behind = pattern[: cuts[-1]], pattern[cuts[-1] + 1 :]
    if inner.startswith(("(?=", "(?!")):
        return _openings(behind)
    options = [inner[3 : cuts[1]], *(inner[a + 1 : b] for a, b in itertools.pairwise(cuts[1:]))]
    letters = set().union(*map(_openings, options))
    return letters | (_openings(behind[1:]) if behind[:1] in {"?", "*"} else set())


# "Bureau of Investigation", "Task Force Command": a cue inside the name of an office tells of nothing.
_OFFICE = re.compile(
    r"\b(?:bureau|department|directorate|office|agency|division|ministry|committee|council) (?:of|for) (?:\w+ (?:and )?){0,2}$",
    re.IGNORECASE,
)
# "ruang kedatangan" is a hall and no arrival; "berhubung dakwaan" speaks of what is alleged, not of a charge.
_OTHER_SENSE = re.compile(
    r"\b(?:ruang|balai|lorong|terminal|pintu|area|aula|berhubung|mengenai|tentang|susulan|menafikan|menyangkal|membantah)\s$",
    re.IGNORECASE,
)
# "had been registered at both piers", "received 40 men": a complaint only where somebody takes complaints.
_TAKEN_IN = re.compile(
    r"(?:(?:had |have |has |were |was )?(?:been )?(?:received|registered|recorded)|approached|lodged|filed|logs?|logged|t(?:akes?|aken|ook) in)$",
    re.IGNORECASE,
)
_DESK = re.compile(
    r"\b(?:embass\w+|missions?|consul\w+|minist\w+|police|hotlines?|departments?|bureau|authorit\w+|agenc\w+|commission|ngos?|organi[sz]ations?|groups?|associations?|offices?|foundation|"
    r"complaints?|reports?|walk-?ins?|help|KBRI|KJRI|DFA|DMW|OWWA|PAOCC|IACAT|NBI|SBMI|MHO|IOM|Wisma Putra)\b",
    re.IGNORECASE,
)
# "membongkar jaringan": a ring is uncovered; no site is raided.
_BROKEN_UP = re.compile(r"(?:di|mem)?bongkar", re.IGNORECASE)
_RING_WORDS = (
    r"(?:komplotan|jaringan|sindikat|kasus|praktik|modus|dugaan|kejahatan|tindak pidana|upaya|aksi)"
)
_RING = re.compile(rf"\s{_RING_WORDS}\b", re.IGNORECASE)
_RING_AHEAD = re.compile(rf"\b{_RING_WORDS}\s[^,.;]{{0,60}}$", re.IGNORECASE)
_WORD = re.compile(r"(?<![\w-])[^\W\d_]")


def find(sentence: str) -> list[EventCue]:
    """Return the cues of one sentence in order; of overlapping ones the longest stays."""
    # with the length of what the pattern asked for, and the side as the table has it
    matched: list[tuple[int, EventCue, int]] = []
    table = _table()
    ends: dict[
        tuple[str, Side], int
    ] = {}  # where the last cue of a row ended: none begins inside it
    begun: dict[tuple[str, Side], int] = {}
    for word in _WORD.finditer(sentence):
        opening = sentence[word.start() : word.start() + 2].lower()
        shelves = (table.get(opening), table.get(opening[0]))
        for row in (
            row
            for shelf in shelves
            if shelf is not None and shelf.gate.match(sentence, word.start())
            for row in shelf.rows
        ):
            if word.start() < ends.get((row.key, row.side), 0) and word.start() != begun.get(
                (row.key, row.side)
            ):
                continue
            match = row.pattern.match(sentence, word.start())
            if match is None:
                continue
            begun[row.key, row.side] = word.start()
            ends[row.key, row.side] = max(match.end(), ends.get((row.key, row.side), 0))
            surface = match[0].rstrip()
            before = sentence[max(0, match.start() - _LOOK_BACK) : match.start()]
            if _BROKEN_UP.fullmatch(surface) and (
                _RING_AHEAD.search(before) or _RING.match(sentence, match.start() + len(surface))
            ):
                continue
            if row.event_type is EventType.COMPLAINT and _TAKEN_IN.match(surface) and not _DESK.search(sentence):  # fmt: skip
                continue
            if row.side == "noun" and (
                (match[0][0].isupper() and _OFFICE.search(before)) or _OTHER_SENSE.search(before)
            ):
                continue
            cue = (
                EventCue(
                    row.key, row.event_type, row.role, _passive(row.side, before, surface, sentence[match.end() : match.end() + 12]), match.start(),
                    match.start() + len(surface), surface,
                    is_planned=bool(
                        (row.side == "noun" and _PLANNED_BEHIND.match(sentence, match.start() + len(surface)))
                        or _PLANNED.search(before)
                        or _PLANNED_INSIDE.match(surface)
                        or _INFINITIVE.search(before)
                    ),
                    is_denied=bool(_DENIED.search(before)),
                )
            )  # fmt: skip
            matched.append((match.end() - match.start(), cue, _SIDES.index(row.side)))
    matched.sort(key=lambda item: (-item[0], item[1].start, item[1].key, item[2]))
    found = [cue for _, cue, _ in matched]
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


# "during raids in two towns", "the arrest of": forms that are verb and noun alike are nouns here.
_NOMINAL = re.compile(
    r"\b(?:during|in|of|after|the|by|from|following|since|several|two|three|four|recent|earlier|police|joint|these|those|such|new|further|fresh|more|his|her|their)\s$",
    re.IGNORECASE,
)
_PARTICIPLE = re.compile(r"(?:ed|held|caught)$", re.IGNORECASE)
_NO_OBJECT = re.compile(r"\s?(?:in|by|at|after|over|on|during|since|near)\s", re.IGNORECASE)
_VERB_OR_NOUN = re.compile(
    r"(?:raids?|arrests?|searches|sanctions|probes|charges|sweeps|busts|rescues?)$", re.IGNORECASE
)


def _passive(side: Side, before: str, surface: str, behind: str) -> Side:
    """Return the side as the words before show it: "were arrested" has a subject, "during raids" is a noun."""
    if side == "after" and _BE.search(before):
        return "before"
    if side == "after" and _PARTICIPLE.search(surface) and _NO_OBJECT.match(behind):
        return "before"  # "64 nationals detained in Cambodia"
    if side == "after" and _VERB_OR_NOUN.match(surface) and _NOMINAL.search(before):
        return "noun"
    return side
