"""Decide which event the headline and lead of an article are about.

    [Sentence], [Claim] -> EventType | None

Each verb and noun of an event weighs by where it stands; what only says who the people are, what is
planned, and visits and inquiries weigh less.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from pipeline.acts import (
    ACTION,
    DATE_REACH,
    ONWARD,
    RECRUITER,
    SITE_RAIDED,
    SWEPT_UP,
    WEAK,
    sentence_of,
)
from pipeline.cues import EventCue
from pipeline.records import Claim, CountRole, EventType
from pipeline.segments import Sentence

# Weight of a sentence in deciding what the article is about: headline, first sentence, second, third.
_POSITION_WEIGHT = (4.0, 3.0, 1.5, 1.0)
_LEAST_MAIN = 1.2  # a verb that only the third sentence has is not what the article is about
_NOUN_SHARE, _PLANNED_SHARE, _ASIDE_SHARE = 0.5, 0.7, 0.5
_WEAK_SHARE = 0.55
# Where no word names a sweep, so many make one.
_ANY_SWEEP = 30
_ARRIVED_HOME = re.compile(
    r"\b(?:tiba|mendarat|diterbangkan|sampai|turun)\b[^.]{0,80}(?:bandara|soekarno|soetta|jakarta|indonesia|tanah air|malaysia|manila)|\bcarter\b|\bpesawat sewaan\b|touched down|land(?:s|ed)? (?:in|at)|fl(?:y|ies|ew) into|fl(?:y|ew|own) home",
    re.IGNORECASE,
)


def main_event(sentences: Sequence[Sentence], claims: Sequence[Claim]) -> EventType | None:
    """Return the event type that headline and lead are about."""
    scores: dict[EventType, float] = defaultdict(float)
    for sentence in sentences[: len(_POSITION_WEIGHT)]:
        weight = _POSITION_WEIGHT[sentence.index]
        shares: dict[EventType, float] = {}
        for cue in sentence.cues:
            if (
                cue.event_type is not None
                and not cue.is_denied
                and not _counts_cases(cue, sentence)
            ):
                share = _NOUN_SHARE if cue.side == "noun" else 1.0
                share *= _PLANNED_SHARE if cue.is_planned else 1.0
                share *= _ASIDE_SHARE if _is_aside(cue, sentence) else 1.0
                event = EventType.DEATH if _is_of_body(cue, sentence) else cue.event_type
                shares[event] = max(share, shares.get(event, 0.0))
        for event, share in shares.items():
            scores[event] += weight * share
    if not scores:
        return None
    opening = " ".join(item.text for item in sentences[:6])
    for weak in WEAK:
        if weak in scores and len(scores) > 1 and not _is_headline_act(weak, sentences[0]):
            scores[weak] *= _WEAK_SHARE
    if EventType.ARREST in scores and not RECRUITER.search(sentences[0].text):
        least = SWEPT_UP if SITE_RAIDED.search(opening) else _ANY_SWEEP
        swept = any(
            (claim.best or claim.low or 0) >= least
            and claim.role in {CountRole.ARRESTED, CountRole.DETAINED, CountRole.SUSPECT}
            for claim in claims
            if sentence_of(claim.start, sentences).is_lead
        )
        scores[EventType.RAID] += (1.1 if swept else 0.0) * scores[EventType.ARREST]
    # A riot or mass breakout is the event; who was saved or held after it comes second.
    if scores.get(EventType.UNREST, 0.0) >= _POSITION_WEIGHT[-1] * _NOUN_SHARE:
        scores[EventType.UNREST] += max(scores.get(event, 0.0) for event in ACTION)
    if _is_captivity(sentences, opening):
        scores[EventType.DETENTION] += scores.pop(EventType.ARREST, 0.0) + scores.pop(
            EventType.RAID, 0.0
        )
    best, score = max(
        scores.items(), key=lambda item: (item[1], -_told_at(item[0], sentences), item[0].value)
    )
    if score < _LEAST_MAIN:
        return None
    asked = any(cue.event_type is EventType.COMPLAINT for cue in sentences[0].cues)
    if best is EventType.DETENTION and (asked or _is_reported_missing(sentences)):
        return EventType.COMPLAINT  # a family that asks for help tells of a captive
    if best is EventType.ESCAPE and EventType.RELEASE_HANDOVER in scores and _only_crossed(sentences):  # fmt: skip
        return EventType.RELEASE_HANDOVER  # whom an army counts at a handover did not get out alone
    homeward = any(
        cue.event_type is EventType.REPATRIATION and cue.side == "noun" and not cue.is_denied
        for sentence in sentences[:3]
        for cue in sentence.cues
    )
    if best in ONWARD and _came_home(sentences, claims):
        return EventType.REPATRIATION
    if best is EventType.RELEASE_HANDOVER and homeward:
        return EventType.REPATRIATION
    return best


# People of whom nothing was heard are a report: what the family told the police at home is the event.
_FAMILY = re.compile(
    r"\b(?:keluarga|orang tua|ibu|bapa|ayah|istri|isteri|suami|kerabat|waris|kakak|adik|famil(?:y|ies)|parents?|mothers?|fathers?|wi(?:fe|ves)|relatives?|sisters?|brothers?)\b",
    re.IGNORECASE,
)
_POLICE = re.compile(
    r"\b(?:polisi|polis|kepolisian|polres\w*|polda|polsek|bareskrim|balai|police|interpol)\b",
    re.IGNORECASE,
)
_MISSING_REACH = 12


def _is_reported_missing(sentences: Sequence[Sentence]) -> bool:
    """Whether the lead says that people are missing and the text that their family went to the police."""
    lost = any(cue.role is CountRole.MISSING for item in sentences[:3] for cue in item.cues)
    return lost and any(
        cue.event_type is EventType.COMPLAINT
        and cue.is_fact
        and _FAMILY.search(item.text, 0, cue.start - item.start)
        and _POLICE.search(item.text, cue.start - item.start)
        for item in sentences[1:_MISSING_REACH]
        for cue in item.cues
    )


_CROSSING = re.compile(r"(?:had |have )?(?:cross|menyeberang)", re.IGNORECASE)


def _only_crossed(sentences: Sequence[Sentence]) -> bool:
    """Whether of an escape the headline and lead tell only that a border was crossed."""
    told = [
        cue for item in sentences[: len(_POSITION_WEIGHT)] for cue in item.cues
        if cue.event_type is EventType.ESCAPE and not cue.is_denied
    ]  # fmt: skip
    return all(_CROSSING.match(cue.surface) for cue in told)


# "Jenazah pekerja asal Garut tiba di rumah duka", "the body of a man was flown home": a death is told.
_BODY_AHEAD = re.compile(
    r"\b(?:jenazah|jasad|mayat|peti mati|(?:body|bodies|remains|coffins?|ashes) of)\b[^,.;]{0,80}$", re.IGNORECASE
)  # fmt: skip


def _is_of_body(cue: EventCue, sentence: Sentence) -> bool:
    """Whether a return is that of a dead body."""
    if cue.event_type is not EventType.REPATRIATION or cue.side == "after":
        return False
    return _BODY_AHEAD.search(sentence.text, 0, cue.start - sentence.start) is not None


def _told_at(event: EventType, sentences: Sequence[Sentence]) -> int:
    """Return where headline and lead first tell of an event: "21 freed, five held" is first of the freed."""
    return min(
        (
            cue.start
            for sentence in sentences[: len(_POSITION_WEIGHT)]
            for cue in sentence.cues
            if cue.event_type is event and not cue.is_denied
        ),
        default=sentences[-1].end,
    )


# So near the beginning of a headline, in characters, stands a verb that opens it.
_FRONTED_REACH = 12
_HELD = re.compile(
    r"(?:ditahan|menahan|tahan|detain(?:s|ed)|held|(?:were |are |being )?(?:detained|held)|(?:were |are )?in (?:\w+ )?custody)$",
    re.IGNORECASE,
)
_CONSULAR = re.compile(
    r"\b(?:akses (?:kekonsuleran|konsuler|konsular)|minta akses|consular access|rumah tahanan|rumah detensi|depot (?:tahanan )?imigr\w+|immigration detention|detention cent(?:re|er))\b",
    re.IGNORECASE,
)


def _is_captivity(sentences: Sequence[Sentence], opening: str) -> bool:
    """Whether headline and lead say only that people are held, and the text goes on about access to them."""
    told = [
        cue
        for sentence in sentences[:2]
        for cue in sentence.cues
        if cue.event_type is not None and not cue.is_denied and cue.side != "noun"
    ]
    captive = bool(told) and all(_HELD.match(cue.surface) for cue in told)
    lead = " ".join(item.text for item in sentences[:2])
    recruiters = RECRUITER.search(lead) or SITE_RAIDED.search(lead)
    return captive and not recruiters and _CONSULAR.search(opening) is not None


_WHO = re.compile(r"\b(?:yang|who|that|which)\s(?:[\w-]+\s){0,2}$", re.IGNORECASE)


def _is_aside(cue: EventCue, sentence: Sentence) -> bool:
    """Whether the verb only says who the people are: "expels 34 Indonesians caught in a raid"."""
    others = [
        item
        for item in sentence.cues
        if item.event_type not in {None, cue.event_type} and not item.is_denied
    ]
    if cue.side != "before" or not others:
        return False
    counted = any(item.is_persons and item.end <= cue.start for item in sentence.quantities)
    if sentence.is_title and not counted and cue.start - sentence.start <= _FRONTED_REACH:
        # "Kabur dari Segitiga Emas, 148 WNI padati KBRI": what opens the line had come before
        return any(
            item.is_persons and cue.end <= item.start and "," in sentence.text[cue.end - sentence.start : item.start - sentence.start]
            and any(other.start >= item.end and other.side == "before" for other in others)
            for item in sentence.quantities
        )  # fmt: skip
    ahead = sentence.text[: cue.start - sentence.start][-DATE_REACH:]
    return (
        any(item.side == "after" and item.end < cue.start for item in others)
        or _WHO.search(ahead) is not None
    )


def _is_headline_act(event: EventType, title: Sentence) -> bool:
    """Whether the headline tells this as its first act, with a verb: "Malaysia sets up task force to ..."."""
    told = [cue for cue in title.cues if cue.event_type is not None and cue.is_fact]
    return (
        bool(told)
        and all(cue.event_type is event for cue in told)
        and any(cue.side != "noun" for cue in told)
    )


# What is handled, recorded, received here is counted in files, not in people: a statistic.
_FILES = frozenset({"cases", "complaints", "percent", "permits", "accounts", "IDR", "USD", "money"})
_FILES_REACH = 60


def _counts_cases(cue: EventCue, sentence: Sentence) -> bool:
    """Whether a complaint's verb has cases and not people behind it: "menangani 3.905 kasus"."""
    if cue.event_type is not EventType.COMPLAINT:
        return False
    behind = [item for item in sentence.quantities if 0 <= item.start - cue.end <= _FILES_REACH]
    ahead = [item for item in sentence.quantities if 0 <= cue.start - item.end <= _FILES_REACH]
    nearest = behind[:1] if cue.side == "after" else ahead[-1:] or behind[:1]
    return any(item.measure in _FILES for item in nearest)


def _came_home(sentences: Sequence[Sentence], claims: Sequence[Claim]) -> bool:
    """Whether the very people of the headline are told to have reached home, not a part of them."""
    sizes = {claim.best for claim in claims if sentence_of(claim.start, sentences).index <= 1}
    for sentence in sentences[1:8]:
        arrived = any(
            cue.event_type is EventType.REPATRIATION and cue.side == "before" and cue.is_fact
            for cue in sentence.cues
        )
        if arrived and _ARRIVED_HOME.search(sentence.text):
            inside = {
                claim.best for claim in claims if sentence.start <= claim.start < sentence.end
            }
            return inside <= sizes
    return False
