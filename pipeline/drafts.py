"""Say what one claim is in the making, and which word of a sentence governs its figure."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from pipeline.cues import EventCue
from pipeline.numbers import Quantity
from pipeline.records import CountRole
from pipeline.segments import Sentence

# Fewer people at a counter are a family that asks for help, more are a tally.
TALLY = 20
# How far, in characters plus penalties, an event word may stand from the figure it governs. Chosen on
# the development set: longer reaches pick words of the next clause, shorter ones miss apposition chains.
REACH = 190
_WRONG_SIDE = 80
_PLANNED_BESIDE = 60
_COMMA, _CONJUNCTION, _STOP, _FIGURE_BETWEEN = 12, 22, 45, 25
_CONJUNCTIONS = re.compile(
    r"\b(?:dan|serta|sedangkan|sementara|tetapi|namun|lalu|kemudian|manakala|and|while|but|then|after|setelah|sesudah|usai|when|ketika|saat)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Draft:
    """A claim in the making: the figure, where it stands, the word that governs it."""

    quantity: Quantity
    sentence: Sentence
    cue: EventCue | None
    role: CountRole | None
    parent: Draft | None = None
    is_part: bool = False
    is_rest: bool = False
    nationality: str | None = None
    is_cumulative: bool = False
    is_earlier: bool = False  # a total as it stood before, quoted beside a newer one
    since: dt.date | None = None
    as_of: dt.date | None = None
    is_planned: bool = False
    is_derived: bool = (
        False  # reckoned from what is printed: "a recruiter and two others" are three
    )


def size_of(draft: Draft) -> float:
    """Return how many persons the figure counts, of a vague one the least."""
    return draft.quantity.best or draft.quantity.low or 0


def governing_cue(sentence: Sentence, start: int, end: int) -> EventCue | None:
    """Return the event word that the figure at ``start:end`` belongs to, or None within ``REACH``."""
    best: tuple[float, EventCue] | None = None
    text, offset = sentence.text, sentence.start
    done = any(cue.is_fact for cue in sentence.cues)
    for cue in sentence.cues:
        if cue.is_denied:
            continue
        if cue.end <= start:
            gap, comes_first = text[cue.end - offset : start - offset], True
        elif end <= cue.start or start < cue.start < end < cue.end:
            # the second where the verb takes the noun with it: "40 [WNI pulang]"
            gap, comes_first = text[end - offset : max(end, cue.start) - offset], False
        else:
            continue
        cost = float(len(gap))
        cost += _COMMA * gap.count(",") + _STOP * sum(gap.count(mark) for mark in ";:")
        cost += _CONJUNCTION * len(_CONJUNCTIONS.findall(gap))
        cost += _FIGURE_BETWEEN * sum(
            1 for item in sentence.quantities
            if item.is_persons and not item.is_anaphor and min(end, cue.end) <= item.start and item.end <= max(start, cue.start)
        )  # fmt: skip
        # "asking to go home": what is only wanted comes behind what was done
        cost += _PLANNED_BESIDE if cue.is_planned and done else 0
        if cue.side == "before":
            cost += _WRONG_SIDE if comes_first else 0
        elif cue.side == "after":
            cost += 0 if comes_first else _WRONG_SIDE
        else:
            cost += 20 if comes_first else 45
        if best is None or cost < best[0]:
            best = (cost, cue)
    return best[1] if best and best[0] <= REACH else None
