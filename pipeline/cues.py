"""Find the words of a sentence that tell of an event, and on which side of them the persons stand.

    sentence -> [EventCue]

The table is ``data/event_cues.yml``. A cue may be planned ("akan dipulangkan") or denied ("belum
dipulangkan"); a denied cue tells of no event.
"""

from __future__ import annotations

import functools
import importlib.resources
import re
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


@functools.cache
def _table() -> list[tuple[str, EventType | None, CountRole | None, Side, re.Pattern[str]]]:
    raw = (importlib.resources.files("pipeline") / "data" / "event_cues.yml").read_text("utf-8")
    events = {item.value for item in EventType}
    table = []
    for key, entry in yaml.safe_load(raw).items():
        for side in _SIDES:
            patterns = entry.get(side)
            if patterns:
                joined = "|".join(sorted(patterns, key=len, reverse=True))
                compiled = re.compile(rf"(?<![\w-])(?:{joined})(?!\w)", re.IGNORECASE)
                event = EventType(key) if key in events else None
                role = CountRole(entry["role"]) if entry["role"] else None
                table.append((key, event, role, side, compiled))
    return table


def find(sentence: str) -> list[EventCue]:
    """Return the cues of one sentence in order; of overlapping ones the longest stays."""
    found: list[EventCue] = []
    for key, event, role, side, pattern in _table():
        for match in pattern.finditer(sentence):
            if match.end() == match.start():
                continue
            before = sentence[: match.start()]
            found.append(
                EventCue(
                    key, event, role, _passive(side, before), match.start(), match.end(), match[0],
                    bool(_PLANNED.search(before)), bool(_DENIED.search(before)),
                )
            )  # fmt: skip
    found.sort(key=lambda cue: (cue.start - cue.end, cue.start, cue.key))
    kept: list[EventCue] = []
    for cue in found:
        if not any(cue.start < other.end and other.start < cue.end for other in kept):
            kept.append(cue)
    return sorted(kept, key=lambda cue: cue.start)


def _passive(side: Side, before: str) -> Side:
    """Return ``before`` for an English participle behind a form of "be": "were arrested"."""
    if side == "after" and re.search(
        r"\b(?:was|were|is|are|been|being|be|got)\s(?:\w+ly\s)?$", before, re.IGNORECASE
    ):
        return "before"
    return side
