"""Decide when each event of an article happened.

Frame, Claim, [Sentence], Article -> first and last day, DatePrecision, DateBasis
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from pipeline.acts import RETURN, Frame, dates_of, same_action
from pipeline.cues import EventCue
from pipeline.dates import DateExpression
from pipeline.records import Article, Claim, DateBasis, DatePrecision, EventType
from pipeline.segments import Sentence

_IN_THAT = re.compile(
    r"(?:(?:dalam|pada|dari|during|in|from) )?(?:(?:operasi|penggerebekan|razia|serbuan|penyerahan|aksi|kejadian)(?:nya)? (?:itu|tersebut|ini|berkenaan)|(?:that|the) (?:raid|operation|sweep|handover|transfer)\b)",
    re.IGNORECASE,
)
_SUBORDINATE = re.compile(
    r"(?:after|once|setelah|usai|sesudah|selepas|sehabis|menyusul)\s[^,]{5,80},", re.IGNORECASE
)


# Cost, in characters, of a date that stands before its figure or beyond another one.
_BEFORE_FIGURE, _BEYOND_FIGURE = 15, 120


def own_date(
    claim: Claim,
    cue: EventCue | None,
    sentence: Sentence,
    sentences: Sequence[Sentence],
    article: Article,
) -> DateExpression | None:
    """Return the date that stands with a figure: rather behind it than before, none beyond another figure."""
    others = [
        item.start for item in sentence.quantities if item.may_be_persons and item.sex is None
    ]
    onward = cue is not None and cue.event_type in RETURN and cue.start >= claim.end
    anchor = cue.end if cue is not None and onward else claim.end

    def cost(day: DateExpression) -> float:
        if day.start >= claim.end:
            between = sum(claim.end <= start < day.start for start in others)
            return abs(day.start - anchor) + _BEYOND_FIGURE * between
        between = sum(day.end <= start < claim.start for start in others)
        return claim.start - day.end + _BEFORE_FIGURE + _BEYOND_FIGURE * between

    days = dates_of(sentence, article, cue is not None and cue.is_planned)
    if not days and _IN_THAT.match(sentence.text) and sentence.index > 1:
        # "Penggerebekan dilakukan pada 9 Januari. Dalam operasi itu 318 orang dibekuk"
        before = sentences[sentence.index - 1]
        told = [day for day in dates_of(before, article, is_planned=False) if day.days <= 7]
        return told[0] if len(told) == 1 else None
    clause = _SUBORDINATE.match(sentence.text)
    if clause is not None and claim.end <= sentence.start + clause.end():
        # "After 186 return, second charter due Saturday": the day is that of the charter
        days = [day for day in days if day.start < sentence.start + clause.end()]
    nearest = min(days, key=cost, default=None)
    # "9 WNI tiba, 46 lainnya besok": in a headline the date beyond another figure is the other's.
    beyond = nearest is not None and cost(nearest) >= _BEYOND_FIGURE
    return None if sentence.is_title and beyond else nearest


def decide(
    frame: Frame, anchor: Claim | None, sentences: Sequence[Sentence], article: Article
) -> tuple[dt.date | None, dt.date | None, DatePrecision, DateBasis]:
    """Return when the event happened, how exactly we know, and from what; ``anchor`` gives its size."""
    reference = article.reference_date
    if anchor is not None and anchor.is_cumulative and anchor.cumulative_since is not None:
        first = anchor.cumulative_since
        last = anchor.as_of_date or reference
        days = (last - first).days + 1
        precision = (
            DatePrecision.DAY if days <= 1 else DatePrecision.WITHIN_WEEK if days <= 7 else DatePrecision.WEEK if days <= 10
            else DatePrecision.MONTH if days <= 45 else DatePrecision.QUARTER if days <= 120 else DatePrecision.YEAR
        )  # fmt: skip
        return first, max(first, last), precision, DateBasis.EXPLICIT
    chosen = frame.date
    happens = frame.is_main and not frame.is_planned and frame.event_type not in RETURN
    said = _said_when(sentences) if happens else None
    inside_own = chosen is not None and frame.sentence.start <= chosen.start < frame.sentence.end
    chosen = said if said is not None and not inside_own else chosen
    vague = chosen is not None and chosen.days > 7 and not frame.is_planned
    if chosen is None or chosen.bound == "until" or vague:
        found = _search_date(frame, sentences, reference)
        # a day sharpens a month only where it lies in it
        if found is not None and not (vague and chosen is not None and not _within(found, chosen)):
            chosen = found
    if chosen is not None:
        return chosen.date_start, chosen.date_end, chosen.precision, chosen.basis
    if article.published_date is None:
        return None, None, DatePrecision.UNKNOWN, DateBasis.PUBLICATION_UPPER_BOUND
    told = " ".join(item.text for item in frame.sentences)
    precision = DatePrecision.MONTH if _LATELY.search(told) else DatePrecision.WITHIN_WEEK
    return reference, reference, precision, DateBasis.PUBLICATION_UPPER_BOUND


def _within(day: DateExpression, span: DateExpression) -> bool:
    return span.date_start <= day.date_start and day.date_end <= span.date_end


# Said of what lies back some time: within the month, at best.
_LATELY = re.compile(
    r"\b(?:beberapa (?:waktu|pekan|minggu) (?:yang )?(?:lalu|lepas)|baru-baru ini|belum lama ini|recently|some time ago|in recent weeks)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"(?:mereka|rombongan|semua|seluruh|kelompok|they|the group|all of them|all)\b", re.IGNORECASE
)
_ATTRIBUTION = re.compile(
    r"(?:menurut|kata|mengikut|according to|as per)\s[^,.]{3,60},\s|katanya,\s", re.IGNORECASE
)


def _date_behind(frame: Frame, sentences: Sequence[Sentence]) -> DateExpression | None:
    """Return the date of the next sentence where it goes on about the same people: "Mereka tiba ..."."""
    behind = sentences[frame.sentence.index + 1 : frame.sentence.index + 2]
    for item in behind:
        said = _ATTRIBUTION.match(item.text)
        if item.paragraph == frame.sentence.paragraph and _GOES_ON.match(
            item.text, said.end() if said else 0
        ):
            return next(
                (day for day in item.dates if not day.is_statement_day and day.days <= 7), None
            )
    return None


def _date_begun(frame: Frame, sentences: Sequence[Sentence]) -> DateExpression | None:
    """Return since when a total has run that is told right behind the sentence on its beginning."""
    if not frame.claims or not frame.claims[0].is_cumulative:
        return None
    ahead = sentences[max(0, frame.sentence.index - 1) : frame.sentence.index]
    days = [
        day for item in ahead for day in item.dates if not day.is_statement_day and day.days <= 7
    ]
    return next((day for day in days if day.bound == "since"), None)


# "Peristiwanya terjadi Minggu malam": the sentence that dates what headline and lead tell.
_OCCURRED = re.compile(
    r"(?:(?:peristiwa|kejadian|insiden)(?:nya| itu| tersebut| ini| berkenaan)? (?:\w+ )?(?:terjadi|berlaku|berlangsung)|"
    r"(?:the|this) incident (?:happened|took place|occurred)|it (?:happened|took place|occurred))\b",
    re.IGNORECASE,
)


def _said_when(sentences: Sequence[Sentence]) -> DateExpression | None:
    """Return the day of the first sentence that says when it happened: "Peristiwanya terjadi Minggu malam"."""
    told = (item for item in sentences[1:8] if _OCCURRED.match(item.text))
    days = (day for item in told for day in item.dates if day.bound == "on" and day.days <= 7)
    return next(days, None)


# Days known so well are an event's own; a month or year is the frame around it.
_SHARP = frozenset({DatePrecision.DAY, DatePrecision.WITHIN_WEEK})
# Their announcement is the event: the day of the statement is the day it happened.
_ANNOUNCED = frozenset(
    {EventType.VERDICT, EventType.SANCTION, EventType.POLICY, EventType.PROSECUTION}
)


def _search_date(
    frame: Frame, sentences: Sequence[Sentence], reference: dt.date
) -> DateExpression | None:
    """Look for the event's date in the sentences that speak of the same kind of event, then close by."""
    if not frame.is_main:
        return _date_behind(frame, sentences) or _date_begun(frame, sentences)
    latest = reference + dt.timedelta(days=45 if frame.is_planned else 1)
    alike = [
        item for item in sentences
        if any(cue.event_type is not None and same_action(cue.event_type, frame.event_type)
               and not cue.is_denied and cue.is_planned <= frame.is_planned for cue in item.cues)
    ]  # fmt: skip
    near = [
        item for item in sentences if 0 <= item.index - frame.sentence.index <= 2 or item.is_lead
    ]
    tally = sentences[:8] if frame.event_type is EventType.COMPLAINT else []
    for pool in (alike[:6], near, tally):
        days = [day for item in pool for day in item.dates
                if not day.is_statement_day and day.bound in {"on", "since"} and day.days <= 14 and day.date_start <= latest
                and not _is_of_another(day, item, frame.event_type)]  # fmt: skip
        if days:
            return next((day for day in days if day.precision in _SHARP), days[0])
    if frame.event_type in _ANNOUNCED:
        said = [
            day
            for item in sentences[:4]
            for day in item.dates
            if day.precision is DatePrecision.DAY
        ]
        relative = [day for day in said if day.basis is DateBasis.RELATIVE_RESOLVED]
        return next(iter(relative or said), None)
    return None


# So near ahead of a day, in characters, stands the verb it dates; where the sentence has no verb of the event
# asked for, any verb this much further ahead.
_VERB_REACH, _ONLY_VERB_REACH = 20, 40
_NEXT_VERB = re.compile(r"[,;]|\b(?:dan|serta|lalu|and|then)\b", re.IGNORECASE)


def _is_of_another(day: DateExpression, sentence: Sentence, event: EventType) -> bool:
    """Whether a date is that of a verb of another kind of event: "who died in May arrived home on Friday"."""
    verbs = [
        cue for cue in sentence.cues
        if cue.event_type is not None and cue.side != "noun" and not cue.is_denied
    ]  # fmt: skip

    def is_kin(other: EventType | None) -> bool:
        return other is None or same_action(other, event) or {other, event} <= RETURN

    nearest = max((cue for cue in verbs if cue.end <= day.start), key=lambda cue: cue.end, default=None)  # fmt: skip
    if nearest is None or is_kin(nearest.event_type):
        return False
    gap = sentence.text[nearest.end - sentence.start : day.start - sentence.start]
    reach = _VERB_REACH if any(is_kin(cue.event_type) for cue in verbs) else _ONLY_VERB_REACH
    return len(gap) <= reach and not _NEXT_VERB.search(gap)
