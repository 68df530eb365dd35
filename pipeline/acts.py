"""Say what one event of an article is in the making, and which kinds of event may be one act.

What deciding on events shares: the frame that gathers the figures of an event, the families of event
types, and the words that show a sweep, a recruiter or a batch.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.cues import EventCue
from pipeline.dates import DateExpression
from pipeline.records import Article, Claim, CountRole, DatePrecision, EventType, Mention
from pipeline.segments import Sentence

# Events that pull people out, sweep them up or hold them: in one text and one place they are one action.
ACTION = frozenset(
    {EventType.RESCUE, EventType.RELEASE_HANDOVER, EventType.ESCAPE, EventType.UNREST, EventType.RAID,
     EventType.ARREST, EventType.DETENTION}
)  # fmt: skip
RETURN = frozenset({EventType.REPATRIATION, EventType.DEPORTATION})
ONWARD = frozenset({EventType.RESCUE, EventType.RELEASE_HANDOVER, EventType.ESCAPE})
SWEEP = frozenset({EventType.RAID, EventType.ARREST, EventType.RESCUE, EventType.DETENTION})
_CAPTURE = frozenset({EventType.ARREST, EventType.PROSECUTION})
# Visits and inquiries stand in many leads that are about something else.
WEAK = (EventType.POLICY, EventType.INVESTIGATION)
TYPE_OF_ROLE = {
    CountRole.RESCUED: EventType.RESCUE,
    CountRole.RELEASED: EventType.RELEASE_HANDOVER,
    CountRole.ESCAPED: EventType.ESCAPE,
    CountRole.REPATRIATED: EventType.REPATRIATION,
    CountRole.DEPORTED: EventType.DEPORTATION,
    CountRole.ARRESTED: EventType.ARREST,
    CountRole.CONVICTED: EventType.VERDICT,
    CountRole.INTERDICTED: EventType.INTERDICTION,
    CountRole.COMPLAINANT: EventType.COMPLAINT,
    CountRole.DEAD: EventType.DEATH,
    CountRole.DETAINED: EventType.DETENTION,
}
# From this many on, people who are arrested together were swept up at a site, not sought by name.
SWEPT_UP = 10
# How far, in characters, the date of a background event may stand from its verb.
DATE_REACH = 70
SLACK = dt.timedelta(days=2)
# A headline rounds: "over 1,000" may be 1,049 below.
ROUNDING = 1.12
RECRUITER = re.compile(
    r"\b(?:perekrut|penyalur|calo|agen|ejen|tekong|brokers?|agents?|sponsor|buronan|dalang|otak|bos|bandar|pengirim|pelaku perdagangan|tersangka (?:tppo|perdagangan)|recruiters?|traffickers?|kingpin|tycoon|mastermind|boss|fugitive|red notice|dpo)\b",
    re.IGNORECASE,
)
SITE_RAIDED = re.compile(
    r"\b(?:digerebek|menggerebek|penggerebekan|gerebek|razia|dirazia|operasi|terjaring|serbuan|diserbu|raid(?:s|ed)?|crackdown|sweep|stormed|searched|broken up|campaign|operations|membongkar|bongkar|pusat (?:online )?scam|markas)\b",
    re.IGNORECASE,
)
BATCH = re.compile(
    r"\b(?:gelombang|kloter|kumpulan|rombongan|kelompok|tahap|batch|group|flight|wave)\s(?:pertama|kedua|ketiga|keempat|kelima|terakhir|sebelumnya|berikutnya|\d)|\b(?:first|second|third|fourth|last|latest|previous|earlier|next)\s(?:batch|group|wave|flight|plane)",
    re.IGNORECASE,
)
# "... setelah pengelola kawasan memberi tenggat": why something happened, told in passing.
REASON = re.compile(
    r"\b(?:setelah|usai|sesudah|selepas|karena|kerana|akibat|after|because|following)\s(?:[\w-]+\s){0,7}$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Frame:
    """One event of an article in the making."""

    event_type: EventType
    sentence: Sentence
    cue: EventCue | None
    claims: list[Claim] = field(default_factory=list)
    details: list[Claim] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    is_main: bool = False
    date: DateExpression | None = None
    sites: frozenset[str] = frozenset()
    is_counted: bool = False  # the figure's own noun tells the event: "640 arrests"

    @property
    def is_planned(self) -> bool:
        """Whether the word that tells of the event says that it is still to come."""
        return self.cue is not None and self.cue.is_planned


def same_action(left: EventType, right: EventType) -> bool:
    """Whether two event types may tell of one action."""
    return left == right or {left, right} <= ACTION or {left, right} <= _CAPTURE


def dates_agree(left: DateExpression | None, right: DateExpression | None) -> bool:
    """Whether two dates may be one, within ``SLACK``; an unknown date may be any."""
    if left is None or right is None:
        return True
    return left.date_start - SLACK <= right.date_end and right.date_start - SLACK <= left.date_end


def dates_of(sentence: Sentence, article: Article, is_planned: bool) -> list[DateExpression]:
    """Return the dates that events of a sentence may have; what lies ahead of publication dates a plan."""
    latest = article.reference_date + (dt.timedelta(days=366) if is_planned else SLACK)
    return [
        day
        for day in sentence.dates
        if not day.is_statement_day
        and day.precision is not DatePrecision.YEAR
        and day.date_start <= latest
    ]


def sentence_of(offset: int, sentences: Sequence[Sentence]) -> Sentence:
    """Return the sentence that holds this offset."""
    return next(item for item in sentences if item.start <= offset < item.end)


def names_nation(claim: Claim, sentence: Sentence) -> bool:
    """Return whether the figure is printed with its nation in this sentence: "58 rakyat Malaysia"."""
    return any(
        item.start == claim.start and item.nationality is not None for item in sentence.quantities
    )


def inside(items: Iterable[Mention], sentences: Sequence[Sentence]) -> list[Mention]:
    """Return the mentions that stand in these sentences."""
    return [item for item in items if any(one.start <= item.start < one.end for one in sentences)]
