"""Decide which events an article tells of, and which figures belong to each.

    Article, [Sentence], [Claim], [Mention] -> [Frame]

Headline and lead name the main events. Further down, a figure with a verb of its own, and a verb with a
date of its own, are background events; what is told in passing without either is none.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline import claims as ledger
from pipeline.cues import EventCue
from pipeline.dates import DateExpression
from pipeline.records import (
    Article,
    Claim,
    CountRole,
    DatePrecision,
    EventType,
    Mention,
    Relation,
    make_id,
)
from pipeline.segments import Sentence

# Events that pull people out, sweep them up or hold them: in one text and one place they are one action.
ACTION = frozenset(
    {EventType.RESCUE, EventType.RELEASE_HANDOVER, EventType.ESCAPE, EventType.UNREST, EventType.RAID,
     EventType.ARREST, EventType.DETENTION}
)  # fmt: skip
RETURN = frozenset({EventType.REPATRIATION, EventType.DEPORTATION})
_SWEEP = frozenset({EventType.RAID, EventType.ARREST, EventType.RESCUE, EventType.DETENTION})
_CAPTURE = frozenset({EventType.ARREST, EventType.PROSECUTION})
# With these, the few who were caught with the victims are part of the same operation.
_WITH_ARRESTS = frozenset({EventType.INTERDICTION, EventType.RESCUE, EventType.RAID})
_ONWARD = frozenset({EventType.RESCUE, EventType.RELEASE_HANDOVER, EventType.ESCAPE})
_CAPTIVE = frozenset({EventType.ARREST, EventType.RAID, EventType.DETENTION})
_TYPE_OF_ROLE = {
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
# People who are counted inside an event and never make one.
_STATES = frozenset(
    {CountRole.REMAINING, CountRole.SHELTERED, CountRole.INJURED, CountRole.MISSING, CountRole.SICK,
     CountRole.FRAUD_VICTIM, CountRole.FAMILY_MEMBER}
)  # fmt: skip
# Weight of a sentence in deciding what the article is about: headline, first sentence, second, third.
_POSITION_WEIGHT = (4.0, 3.0, 1.5, 1.0)
_LEAST_MAIN = 1.2  # a verb that only the third sentence has is not what the article is about
_NOUN_SHARE, _PLANNED_SHARE, _ASIDE_SHARE = 0.5, 0.7, 0.5
# Visits and inquiries stand in many leads that are about something else.
_WEAK = (EventType.POLICY, EventType.INVESTIGATION)
_WEAK_SHARE = 0.55
# Events that a verb with a date may stand for without a figure; others need one.
_TELLS_WITHOUT_FIGURE = frozenset(
    {EventType.POLICY, EventType.SANCTION, EventType.RAID, EventType.PROSECUTION, EventType.VERDICT,
     EventType.UNREST, EventType.RESCUE, EventType.DEPORTATION}
)  # fmt: skip
# With a figure and a verb these are events even where the text gives no day.
_TOLD_UNDATED = frozenset({EventType.PROSECUTION, EventType.RESCUE, EventType.DEATH})
# From this many on, people who are arrested together were swept up at a site, not sought by name.
_SWEPT_UP, _ANY_SWEEP = 10, 30
# How far, in characters, the date of a background event may stand from its verb.
_DATE_REACH = 70
# Cost, in characters, of a date that stands before its figure or beyond another one.
_BEFORE_FIGURE, _BEYOND_FIGURE = 15, 120
# What happened longer before publication than this is not today's news.
_RECENT = dt.timedelta(days=7)
# How far the whole of "67 dari 110" stands behind its part.
_WHOLE_REACH = 40
# "47 Filipinos among 587 held": here the verb is the whole's.
_NAMED_REACH = 12  # "430 dari 1.260 WNI pelapor": so near stands the noun of the whole
_AMONG = re.compile(r"\b(?:among|di antara|antara|dalam kalangan)\b", re.IGNORECASE)
_SLACK = dt.timedelta(days=2)
# A headline rounds: "over 1,000" may be 1,049 below.
_ROUNDING = 1.12
# From this size on a figure of a list has a place of its own.
_OWN_SITE = 5

_RECRUITER = re.compile(
    r"\b(?:perekrut|penyalur|calo|agen|ejen|tekong|brokers?|agents?|sponsor|buronan|dalang|otak|bos|bandar|pengirim|pelaku perdagangan|tersangka (?:tppo|perdagangan)|recruiters?|traffickers?|kingpin|tycoon|mastermind|boss|fugitive|red notice|dpo)\b",
    re.IGNORECASE,
)
_SITE_RAIDED = re.compile(
    r"\b(?:digerebek|menggerebek|penggerebekan|gerebek|razia|dirazia|operasi|terjaring|serbuan|diserbu|raid(?:s|ed)?|crackdown|sweep|stormed|searched|broken up|campaign|operations|membongkar|bongkar|pusat (?:online )?scam|markas)\b",
    re.IGNORECASE,
)
_BATCH = re.compile(
    r"\b(?:gelombang|kloter|kumpulan|rombongan|kelompok|tahap|batch|group|flight|wave)\s(?:pertama|kedua|ketiga|keempat|kelima|terakhir|sebelumnya|berikutnya|\d)|\b(?:first|second|third|fourth|last|latest|previous|earlier|next)\s(?:batch|group|wave|flight|plane)",
    re.IGNORECASE,
)
_ARRIVED_HOME = re.compile(
    r"\b(?:tiba|mendarat|diterbangkan|sampai|turun)\b[^.]{0,80}(?:bandara|soekarno|soetta|jakarta|indonesia|tanah air|malaysia|manila)|\bcarter\b|\bpesawat sewaan\b|touched down|landed (?:in|at)|fl(?:y|ew|own) home",
    re.IGNORECASE,
)
# One person without a figure: "a Vietnamese worker who got away", "seorang buronan".
_ONE_PERSON = re.compile(
    r"\b(?:(?:a|an|one|the|another)\s(?:[\w-]+\s){0,3}?|seorang\s(?:\w+\s)?)?"
    r"(?:worker|man|woman|student|cook|driver|teacher|nurse|graduate|survivor|returnee|detainee|sopir|guru|penyintas|juru masak|tukang masak|tycoon|fugitive|mayor|chairman|employee|national|citizen|recruiter|broker|agent|buronan|perekrut|penyalur|agen|ejen|calo|bos|dalang|lelaki|"
    r"warga|wni|pria|wanita|perempuan|pemuda|mahasiswa|pekerja)\b(?!\w)",
    re.IGNORECASE,
)
_ONE_PERSON_TYPES = frozenset(
    {EventType.ARREST, EventType.ESCAPE, EventType.DEATH, EventType.VERDICT}
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


def read(
    article: Article,
    sentences: Sequence[Sentence],
    claims: Sequence[Claim],
    places: Sequence[Mention],
) -> list[Frame]:
    """Return the events of an article, in the order in which the text brings them up."""
    main_type = main_event(sentences, claims)
    told = _told(sentences, claims, main_type)
    sums = ledger.batch_sums([item.claim for item in told if item.event in RETURN | _ONWARD])
    frames: list[Frame] = []
    leftovers: list[tuple[Claim, Sentence]] = []
    for claim, sentence, cue, event in told:
        if event in RETURN and claim.best in sums.values():
            continue  # a sum of batches: each batch is an event, their sum a statistic
        # "27 dari 28 pulang" in a headline is the event; "128 Chinese, 34 Indonesians" of 162 below is not.
        titled = sentence.is_title and any(
            item.claim_id == claim.subset_of and item.start < sentence.end for item in claims
        )
        part = claim.subset_of is not None and not titled and claim.claim_id not in sums
        earlier = ledger.is_earlier_total(sentence, claim.start, claim.best) and any(
            (item.best or 0) > (claim.best or 0) for item in claims if item.start < claim.start
        )
        guess = (claim.best or claim.low or 0) >= _LEAST_GUESS and _GUESSED.search(sentence.text)
        in_passing = bool(guess) or (
            cue is None and not sentence.is_lead and not _names_role(claim, article)
        )
        if event is None or earlier or in_passing or (part and not _own_event(cue, sentence)):
            leftovers.append((claim, sentence))
        elif not ledger.is_running_total(claim, sentence, article.reference_date):
            date = _own_date(claim, cue, sentence, article)
            frame = Frame(event, sentence, cue, [claim], [], [sentence], sentence.index <= 1, date)
            frame.sites = _sites(claim, sentence, places)
            frame.is_counted = _names_role(claim, article)
            _merge_or_add(frames, frame, claim.claim_id in sums)
    if main_type is not None:
        _ensure_main(frames, main_type, sentences)
    frames = _keep(_same_people(_with_arrests(frames)))
    _name_unrest(frames, sentences)
    _on_arrival(frames)
    frames += _earlier_steps(frames, sentences, article)
    frames += _earlier_batches(frames, sentences, claims, article)
    frames += _dated_events(frames, sentences, article)
    frames += _inquiry(frames, sentences)
    for claim, sentence in leftovers:
        _attach(frames, claim, sentence)
    for frame in frames:
        _count_one(frame, article)
    return frames


def names_nation(claim: Claim, sentence: Sentence) -> bool:
    """Return whether the figure is printed with its nation in this sentence: "58 rakyat Malaysia"."""
    return any(
        item.start == claim.start and item.nationality is not None for item in sentence.quantities
    )


def sentence_of(offset: int, sentences: Sequence[Sentence]) -> Sentence:
    """Return the sentence that holds this offset."""
    return next(item for item in sentences if item.start <= offset < item.end)


# "Rights groups estimate that 100,000 are trapped": the size of the trade, not of an event.
_LEAST_GUESS = 5000
_GUESSED = re.compile(
    r"\b(?:estimat\w+|believe[sd]?|thought to|memperkirakan|diperkirakan|menganggarkan|dianggarkan|ditaksir)\b",
    re.IGNORECASE,
)
# A noun that says by itself what happened to the counted: "640 arrests", "2.730 detainees", "11 jenazah".
_TELLING_NOUN = re.compile(
    r"[\s-]*(?:\w+\s){0,2}?(?:arrests?|detentions?|penangkapan|tangkapan|detainees?|returnees?|deportees?|walk-?ins?|arrivals|convictions?|deaths?|jenazah|mayat|bodies|"
    r"pelapor|pengadu|escapees?|evacuees?|death sentences?|life terms?|removals)\b",
    re.IGNORECASE,
)


def _names_role(claim: Claim, article: Article) -> bool:
    """Whether the figure's own noun tells an event; without that or a verb it repeats what was said before."""
    return _TELLING_NOUN.match(article.text, claim.end) is not None


# --- what the article is about -----------------------------------------------------------------------


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
                shares[cue.event_type] = max(share, shares.get(cue.event_type, 0.0))
        for event, share in shares.items():
            scores[event] += weight * share
    if not scores:
        return None
    opening = " ".join(item.text for item in sentences[:6])
    for weak in _WEAK:
        if weak in scores and len(scores) > 1 and not _is_headline_act(weak, sentences[0]):
            scores[weak] *= _WEAK_SHARE
    if EventType.ARREST in scores and not _RECRUITER.search(sentences[0].text):
        least = _SWEPT_UP if _SITE_RAIDED.search(opening) else _ANY_SWEEP
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
    best, score = max(scores.items(), key=lambda item: (item[1], item[0].value))
    if score < _LEAST_MAIN:
        return None
    asked = any(cue.event_type is EventType.COMPLAINT for cue in sentences[0].cues)
    if best is EventType.DETENTION and asked:
        return EventType.COMPLAINT  # a family that asks for help tells of a captive
    homeward = any(
        cue.event_type is EventType.REPATRIATION and cue.side == "noun" and not cue.is_denied
        for sentence in sentences[:3]
        for cue in sentence.cues
    )
    if best in _ONWARD and _came_home(sentences, claims):
        return EventType.REPATRIATION
    if best is EventType.RELEASE_HANDOVER and homeward:
        return EventType.REPATRIATION
    return best


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
    recruiters = _RECRUITER.search(lead) or _SITE_RAIDED.search(lead)
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
    if sentence.is_title and cue.start - sentence.start <= _FRONTED_REACH:
        # "Kabur dari Segitiga Emas, 148 WNI padati KBRI": what opens the line had come before
        return any(
            item.is_persons and cue.end <= item.start and "," in sentence.text[cue.end - sentence.start : item.start - sentence.start]
            and any(other.start >= item.end and other.side == "before" for other in others)
            for item in sentence.quantities
        )  # fmt: skip
    ahead = sentence.text[: cue.start - sentence.start][-_DATE_REACH:]
    return (
        any(item.side == "after" and item.end < cue.start for item in others)
        or _WHO.search(ahead) is not None
    )


def _is_headline_act(event: EventType, title: Sentence) -> bool:
    """Whether the headline tells this as its first act, with a verb: "Malaysia sets up task force to ..."."""
    told = [
        cue
        for cue in title.cues
        if cue.event_type is not None and not (cue.is_denied or cue.is_planned)
    ]
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
            cue.event_type is EventType.REPATRIATION
            and cue.side == "before"
            and not (cue.is_denied or cue.is_planned)
            for cue in sentence.cues
        )
        if arrived and _ARRIVED_HOME.search(sentence.text):
            inside = {
                claim.best for claim in claims if sentence.start <= claim.start < sentence.end
            }
            return inside <= sizes
    return False


# --- events of figures ---------------------------------------------------------------------------------


class _Told(NamedTuple):
    """A figure with the verb and the event it stands for."""

    claim: Claim
    sentence: Sentence
    cue: EventCue | None
    event: EventType | None


def _told(
    sentences: Sequence[Sentence], claims: Sequence[Claim], main: EventType | None
) -> list[_Told]:
    """Return what each figure tells of; one without a verb tells of what the same figure told before."""
    # "67 dari 110 pulang": the verb is about the part, not about the whole behind it.
    ends = {claim.subset_of: claim.end for claim in claims if claim.subset_of is not None}
    found: list[_Told] = []
    for claim in claims:
        sentence = sentence_of(claim.start, sentences)
        cue = ledger.governing_cue(sentence, claim.start, claim.end)
        before = next((item for item in found if item.claim.best == claim.best), None)
        same = before is not None and before.event is main
        if cue is not None and _is_backstory(cue, claim, sentence, main):
            if main is EventType.COMPLAINT:
                claim = claim.model_copy(update={"role": CountRole.COMPLAINANT})
                found.append(_Told(claim, sentence, _cue_of(main, sentence), main))
                continue
            if main in RETURN and same and before is not None:
                claim = claim.model_copy(update={"role": before.claim.role})
                found.append(_Told(claim, sentence, _cue_of(main, sentence), main))
                continue
        text = sentence.text[claim.end - sentence.start :][:50]
        if 0 <= claim.start - ends.get(claim.claim_id, claim.start + 1) <= _WHOLE_REACH:
            ahead = sentence.text[: claim.start - sentence.start][-_WHOLE_REACH:]
            named = (
                cue is not None
                and cue.side == "noun"
                and 0 <= cue.start - claim.end <= _NAMED_REACH
            )
            if (
                named or ledger.RELATIVE.match(text) or _AMONG.search(ahead)
            ):  # "5 dari 61 WNI yang ditangkap": the verb is the whole's
                part = next(
                    item for item in reversed(found) if item.claim.subset_of == claim.claim_id
                )
                # "58 rakyat Malaysia antara 2,655 diberkas": a nation's share in the headline keeps its verb
                shared = (
                    sentence.is_title
                    and names_nation(part.claim, sentence)
                    and _AMONG.search(ahead)
                )
                if not shared or ledger.RELATIVE.match(text):
                    found[found.index(part)] = part._replace(event=None)
                found.append(_Told(claim, sentence, *_event_of(claim, cue, sentence, main)))
            else:
                found.append(_Told(claim, sentence, None, None))
        elif cue is None and before is not None and claim.best is not None and before.event:
            found.append(_Told(claim, sentence, None, before.event))
        else:
            found.append(_Told(claim, sentence, *_event_of(claim, cue, sentence, main)))
    return found


# "64 WNI yang mengaku baru dikeluarkan dari ...", "people who walked out of": how those came out who now ask.
_BACKSTORY = re.compile(
    r"\b(?:mengaku|yang|setelah|usai|sesudah|selepas|after|since|who|having|claiming|said they|say they)\b(?:\s[\w-]+){0,5}\s*$",
    re.IGNORECASE,
)


_PARTICIPLE = re.compile(
    r"(?:caught|held|arrested|detained|rescued|freed|nabbed|seized|found|trapped|rounded up)$",
    re.IGNORECASE,
)
_FINITE = re.compile(r"(?:was|were|is|are|have been|has been|had been)\s", re.IGNORECASE)


def _cue_of(event: EventType | None, sentence: Sentence) -> EventCue | None:
    """Return the first word of a sentence that tells of this event."""
    return next(
        (cue for cue in sentence.cues if cue.event_type is event and not cue.is_denied), None
    )


def _is_backstory(cue: EventCue, claim: Claim, sentence: Sentence, main: EventType | None) -> bool:
    """Whether the verb of a figure of walk-ins tells how they had come out, in the lead."""
    told = _ONWARD | _CAPTIVE if main in RETURN else _ONWARD
    if cue.event_type not in told or not sentence.is_lead or claim.subset_of is not None:
        return False
    between = sentence.text[claim.end - sentence.start : cue.start - sentence.start]
    if cue.start < claim.end:
        return False
    # "187 foreigners caught working for ... were flown out": a bare participle before the verb
    bare = _PARTICIPLE.match(cue.surface) is not None and any(
        other.event_type is main and other.side == "before" and _FINITE.match(other.surface) and other.start > cue.end
        for other in sentence.cues
    )  # fmt: skip
    return bare or _BACKSTORY.search(between) is not None


def _event_of(
    claim: Claim, cue: EventCue | None, sentence: Sentence, main: EventType | None
) -> tuple[EventCue | None, EventType | None]:
    """Return the verb of a figure and the event it stands for: by its verb, else by its role."""
    event = cue.event_type if cue is not None else None
    if claim.role in _STATES or (claim.role is CountRole.SUSPECT and event is None):
        return cue, None
    event = event or _TYPE_OF_ROLE.get(claim.role)
    at_embassy = main is EventType.COMPLAINT or claim.role is CountRole.COMPLAINANT
    if at_embassy and event is EventType.ESCAPE and cue is not None and cue.side == "noun":
        return cue, EventType.COMPLAINT  # "520 arrivals"
    if event in _ONWARD and (home := _home_cue(claim, sentence)) is not None:
        return home, home.event_type
    if event is EventType.ARREST and not _RECRUITER.search(sentence.text):
        swept = _SITE_RAIDED.search(sentence.text) or (claim.best or 0) >= _SWEPT_UP
        if main is EventType.RAID or swept:
            return cue, EventType.RAID
    if event is EventType.RELEASE_HANDOVER and cue is not None and _CROSSED.match(cue.surface):
        by_themselves = main is not EventType.RELEASE_HANDOVER and _SINCE_RAID.search(sentence.text)
        return cue, EventType.ESCAPE if by_themselves else event
    fled = {EventType.UNREST, EventType.ESCAPE}
    return cue, main if event in fled and main in fled else event


# "1,233 people had crossed into Tak since the raid": they left by themselves, nobody handed them over.
_CROSSED = re.compile(r"(?:had |have )?(?:cross|enter|came over|menyeberang|masuk)", re.IGNORECASE)
_SINCE_RAID = re.compile(
    r"\b(?:since|after|following|sejak|setelah|usai|selepas|sesudah)\s(?:[\w-]+\s){0,4}?(?:raids?|crackdown|sweep|operation|clearance|troops|soldiers|army|razia|penggerebekan|serbuan|operasi|tentara|militer|junta)\b",
    re.IGNORECASE,
)


def _home_cue(claim: Claim, sentence: Sentence) -> EventCue | None:
    """Return the return home that the same people go on to: "menyeberang ... dan tiba di Jakarta"."""
    others = [
        item.start
        for item in sentence.quantities
        if item.measure in {"persons", None} and not item.is_anaphor
    ]
    for cue in sentence.cues:
        if (
            cue.event_type is EventType.REPATRIATION
            and cue.side == "before"
            and not cue.is_denied
            and cue.start >= claim.end
        ):
            return None if any(claim.end <= start < cue.start for start in others) else cue
    return None


def _own_event(cue: EventCue | None, sentence: Sentence) -> bool:
    """Whether a part of a larger figure had an event of its own ("67 dari 110 pulang")."""
    return (
        cue is not None
        and cue.event_type in RETURN
        and any(not day.is_statement_day for day in sentence.dates)
    )


_SUBORDINATE = re.compile(
    r"(?:after|once|setelah|usai|sesudah|selepas|sehabis|menyusul)\s[^,]{5,80},", re.IGNORECASE
)


def _own_date(
    claim: Claim, cue: EventCue | None, sentence: Sentence, article: Article
) -> DateExpression | None:
    """Return the date that stands with a figure: rather behind it than before, none beyond another figure."""
    others = [
        item.start
        for item in sentence.quantities
        if item.measure in {"persons", None} and not item.is_anaphor and item.sex is None
    ]
    onward = cue is not None and cue.event_type in RETURN and cue.start >= claim.end
    anchor = cue.end if cue is not None and onward else claim.end

    def cost(day: DateExpression) -> float:
        if day.start >= claim.end:
            between = sum(claim.end <= start < day.start for start in others)
            return abs(day.start - anchor) + _BEYOND_FIGURE * between
        between = sum(day.end <= start < claim.start for start in others)
        return claim.start - day.end + _BEFORE_FIGURE + _BEYOND_FIGURE * between

    days = _dates_of(sentence, article, cue is not None and cue.is_planned)
    clause = _SUBORDINATE.match(sentence.text)
    if clause is not None and claim.end <= sentence.start + clause.end():
        # "After 186 return, second charter due Saturday": the day is that of the charter
        days = [day for day in days if day.start < sentence.start + clause.end()]
    nearest = min(days, key=cost, default=None)
    # "9 WNI tiba, 46 lainnya besok": in a headline the date beyond another figure is the other's.
    beyond = nearest is not None and cost(nearest) >= _BEYOND_FIGURE
    return None if sentence.is_title and beyond else nearest


def _dates_of(sentence: Sentence, article: Article, is_planned: bool) -> list[DateExpression]:
    """Return the dates that events of a sentence may have; what lies ahead of publication dates a plan."""
    latest = article.reference_date + (dt.timedelta(days=366) if is_planned else _SLACK)
    return [
        day
        for day in sentence.dates
        if not day.is_statement_day
        and day.precision is not DatePrecision.YEAR
        and day.date_start <= latest
    ]


def _sites(claim: Claim, sentence: Sentence, places: Sequence[Mention]) -> frozenset[str]:
    """Return the places finer than a country that stand with a figure."""
    fine = [
        item
        for item in places
        if sentence.start <= item.start < sentence.end
        and item.canonical_id is not None
        and item.role in {"event_site", "destination", "mention"}
        and item.geo_precision is not None
        and int(item.geo_precision.value) <= 4
    ]
    figures = [
        item.start
        for item in sentence.quantities
        if item.measure in {"persons", None} and not item.is_anaphor and item.sex is None and (item.best or 0) >= _OWN_SITE
    ]  # fmt: skip
    if (
        len({item.canonical_id for item in fine}) > 1
        and len(figures) > 1
        and claim.start in figures
    ):
        # "di Poipet dengan 418 orang dan di Sihanoukville dengan 587": each figure has a place of its own.
        leads = fine[0].start < figures[0]
        own = figures.index(claim.start)
        left = figures[own - 1] if leads and own else claim.start if not leads else sentence.start
        right = (
            claim.start if leads else figures[own + 1] if own + 1 < len(figures) else sentence.end
        )
        between = [item for item in fine if left <= item.start < right]
        fine = between or fine
    return frozenset(item.canonical_id for item in fine if item.canonical_id is not None)


def same_action(left: EventType, right: EventType) -> bool:
    """Whether two event types may tell of one action."""
    return left == right or {left, right} <= ACTION or {left, right} <= _CAPTURE


def _dates_agree(left: DateExpression | None, right: DateExpression | None) -> bool:
    if left is None or right is None:
        return True
    return left.date_start - _SLACK <= right.date_end and right.date_start - _SLACK <= left.date_end


_HANDED = re.compile(
    r"\b(?:releas\w+|hand(?:s|ed|ing|over)? (?:over|to)|handover|freed by|let go|turned over|dilepas\w*|melepas\w*|diserah\w*|menyerah\w*|penyerahan|serah terima|diseberangkan)\b",
    re.IGNORECASE,
)


def _merge_or_add(frames: list[Frame], new: Frame, is_batch: bool) -> None:
    claim = new.claims[0]
    for frame in frames:
        if not same_action(frame.event_type, new.event_type):
            continue
        equal = any(claim.best is not None and claim.best == other.best for other in frame.claims)
        equal = equal and not _opposed(frame, new)
        if new.event_type in RETURN and not equal and _distinct_batch(frame, new, is_batch):
            continue
        if not equal and _day_of_tally(frame, new):
            continue
        if not equal and _other_people(frame, new):
            continue
        if equal and _second_wave(frame, new):
            frames.append(new)
            return
        daily = (
            new.event_type is EventType.COMPLAINT
            and frame.claims[0].is_cumulative
            and (claim.best or 0) < (frame.claims[0].best or 0)
        )  # "On Wednesday alone 286 came": a day of the tally
        share = daily or (
            {frame.event_type, new.event_type} <= RETURN and frame.claims[0].is_cumulative
        )
        if (
            equal
            or share
            or (_dates_agree(frame.date, new.date) and not _distinct_place(frame, new))
        ):
            frame.claims.append(claim)
            frame.sentences.append(new.sentence)
            left = {frame.event_type, new.event_type} == {
                EventType.RELEASE_HANDOVER,
                EventType.RESCUE,
            }
            if left and equal and not _HANDED.search(frame.sentence.text):
                # "27 keluar dari ...", who further down "diselamatkan polis": the act of the police
                frame.event_type = EventType.RESCUE
            firm = new.date is not None and _is_noun(frame.cue) and not _is_noun(new.cue)
            if firm and equal:
                # "sepakati pemulangan 400": the day of the deal; "400 dijadwalkan terbang pada": their own
                frame.date, frame.cue = new.date, new.cue
            elif new.cue is not None and new.cue.event_type is not None:
                frame.date = _better_date(frame.date, new.date)
            frame.is_main = frame.is_main or new.is_main
            frame.sites |= new.sites
            return
    frames.append(new)


def _is_noun(cue: EventCue | None) -> bool:
    return cue is not None and cue.side == "noun"


def _opposed(frame: Frame, new: Frame) -> bool:
    """Whether one tells of people saved and the other, with a day of its own, of suspects: 80 and 80."""
    kinds = {frame.event_type, new.event_type}
    caught = {EventType.RAID, EventType.ARREST}
    return (
        EventType.RESCUE in kinds
        and bool(kinds & caught)
        and min(frame.sentence.index, new.sentence.index) > 1
        and (frame.date is not None or new.date is not None)
    )


# "Sembilan kabur, lima lainnya dilepas": other people, to whom something else happened.
_OTHERS = re.compile(
    r"\s?(?:orang\s|wni\s|wna\s|warga\s|people\s|workers\s|rakyat malaysia\s)?(?:lain(?:nya)?|lagi|others?|more)\b",
    re.IGNORECASE,
)


def _other_people(frame: Frame, new: Frame) -> bool:
    """Whether the new figure is told to be of others than those before, in an act of another kind."""
    behind = new.sentence.text[new.claims[0].end - new.sentence.start :]
    return (
        frame.event_type is not new.event_type
        and new.claims[0].subset_of is None
        and _OTHERS.match(behind) is not None
        and new.cue is not None
        and new.cue.side != "noun"
        and {frame.event_type, new.event_type} <= _ONWARD
    )


def _second_wave(frame: Frame, new: Frame) -> bool:
    """Whether a return that the headline names second has a day of its own; it then leaves the first."""
    size = new.claims[0].best
    named = [claim for claim in frame.claims if claim.best == size]
    if (
        new.event_type not in RETURN
        or new.date is None
        or size == frame.claims[0].best
        or any(claim.subset_of is not None for claim in named)
    ):
        return False
    frame.claims = [claim for claim in frame.claims if claim.best != size]
    new.claims = [*named, *new.claims]
    new.is_main = frame.is_main
    return True


def _day_of_tally(frame: Frame, new: Frame) -> bool:
    """Whether one of the two is a sweep on its own day and the other the campaign's total so far."""
    old, fresh = frame.claims[0], new.claims[0]
    single = new if old.is_cumulative else frame
    return (
        {frame.event_type, new.event_type} <= ACTION
        and old.is_cumulative != fresh.is_cumulative
        and fresh.subset_of is None
        and (single.date is not None or _is_total_behind(frame, new))
    )


def _is_total_behind(frame: Frame, new: Frame) -> bool:
    """Whether a larger total is told further down than the sweep of the headline: that of its campaign."""
    old, fresh = frame.claims[0], new.claims[0]
    is_rounded = (
        old.relation is not Relation.EQUAL and (fresh.best or 0) <= (old.best or 0) * _ROUNDING
    )
    return (
        fresh.is_cumulative
        and not is_rounded
        and new.sentence.index > 1
        and (fresh.best or 0) > (old.best or 0) > 0
    )


def _better_date(
    left: DateExpression | None, right: DateExpression | None
) -> DateExpression | None:
    if left is None or right is None:
        return left or right
    if left.bound == "since" or right.bound == "since":
        return left if left.bound == "since" else right
    return right if right.precision.value < left.precision.value else left


_MORE = re.compile(r"\b(?:another|a further|tambahan)\s$", re.IGNORECASE)
_MORE_REACH = 20


# "kumpulan ini berbeza daripada 15 mangsa yang tiba pada Isnin": said to be another group.
_UNLIKE = re.compile(
    r"\b(?:berbe[dz]a (?:dari(?:pada)?|dengan)|bukan (?:bagian|sebahagian) (?:dari(?:pada)?)|tidak termasuk|terpisah dari|lain dari(?:pada)?|different from|distinct from|separate from|not (?:to be confused with|part of|among)|apart from|in addition to|di luar|selain)\b[^.;]{0,30}$",
    re.IGNORECASE,
)


def _is_plan(frame: Frame) -> bool:
    return frame.cue is not None and frame.cue.is_planned


def _distinct_batch(frame: Frame, new: Frame, is_batch: bool) -> bool:
    """Whether two returns in one text are two batches: other size and other day or an ordinal."""
    old, fresh = frame.claims[0], new.claims[0]
    if old.best != fresh.best and _UNLIKE.search(
        new.sentence.text, 0, fresh.start - new.sentence.start
    ):
        return True
    apart = (
        frame.date is not None
        and new.date is not None
        and (frame.date.date_start, frame.date.date_end) != (new.date.date_start, new.date.date_end)
    )
    if (
        apart
        and new.cue is not None
        and new.cue.is_planned
        and frame.cue is not None
        and not frame.cue.is_planned
    ):
        return fresh.subset_of is None  # those who came, and those who are to come
    if (
        _is_plan(frame) is not _is_plan(new)
        and not (old.is_cumulative or fresh.is_cumulative)
        and fresh.subset_of is None
        and old.subset_of is None
        and _MORE.search(new.sentence.text[: fresh.start - new.sentence.start][-_MORE_REACH:])
    ):
        return True  # "another 94 will follow": not those who have come
    if old.is_cumulative or fresh.is_cumulative:
        # One day's share of a tally belongs to the tally.
        return fresh.subset_of is None and apart and not _dates_agree(_period(frame), _period(new))
    smaller = (fresh.best or 0) < (old.best or 0)
    if is_batch:
        return True
    if smaller and (fresh.subset_of is not None or _dates_agree(frame.date, new.date)):
        return _BATCH.search(new.sentence.text) is not None and apart and not frame.is_main
    ordinal = _BATCH.search(new.sentence.text) is not None and old.best != fresh.best
    return apart or ordinal


def _period(frame: Frame) -> DateExpression | None:
    """Return the date of a frame, stretched over the period of its running total."""
    claim = frame.claims[0]
    if frame.date is None or claim.cumulative_since is None:
        return frame.date
    last = claim.as_of_date or dt.date.max - _SLACK
    return dataclasses.replace(frame.date, date_start=claim.cumulative_since, date_end=last)


def _distinct_place(frame: Frame, new: Frame) -> bool:
    """Whether two sweeps in one text hit two sites: each with places of its own and a count of its own."""
    fresh, old = new.claims[0], frame.claims[0]
    if (
        not {frame.event_type, new.event_type} <= _SWEEP
        or fresh.subset_of is not None
        or fresh.is_cumulative
        or (fresh.best or 0) < 2
        or new.sentence.index <= 1
        or not new.sites
    ):
        return False
    if (fresh.best or 0) < (old.best or 0) and _OTHERS.match(
        new.sentence.text, fresh.end - new.sentence.start
    ):
        return False  # "Dua lainnya dibekuk di Cianjur": the rest of the three
    if not frame.sites:
        # a tally over many sites, or a headline without day and place, of which this is one
        return old.is_cumulative or (
            frame.date is None and new.date is not None and (fresh.best or 0) < (old.best or 0)
        )
    return not frame.sites & new.sites


# --- which events stay ----------------------------------------------------------------------------------


def _ensure_main(frames: list[Frame], main: EventType, sentences: Sequence[Sentence]) -> None:
    """Make sure that the event the headline is about has a frame, and that it has that type."""
    for frame in frames:
        if frame.is_main and same_action(frame.event_type, main):
            frame.event_type = main
            return
    lead = next(
        (
            item
            for item in sentences[:8]
            if any(cue.event_type == main and not cue.is_denied for cue in item.cues)
        ),
        None,
    )
    if lead is None:
        return
    own = next((frame for frame in frames if frame.event_type == main), None)
    if own is not None and not (main in RETURN and own.sentence.index > 3):
        own.is_main = True
        if not own.sentence.is_lead:
            own.sentences.append(lead)
        return
    cue = next(item for item in lead.cues if item.event_type == main and not item.is_denied)
    frame = Frame(main, lead, cue, [], [], [lead], is_main=True)
    # A release told with the flight home is one return: the headline's figure is that of the return.
    for other in list(frames):
        if other.is_main and main in RETURN and other.event_type in _ONWARD | {EventType.COMPLAINT}:
            frame.claims, frame.sentences = other.claims, [*other.sentences, lead]
            frames.remove(other)
    frames.insert(0, frame)


def _name_unrest(frames: Sequence[Frame], sentences: Sequence[Sentence]) -> None:
    """Give the action of a text that opens with a riot the name of the riot."""
    riot = any(
        cue.event_type is EventType.UNREST and not cue.is_denied
        for sentence in sentences[: len(_POSITION_WEIGHT)]
        for cue in sentence.cues
    )
    actions = [frame for frame in frames if frame.event_type in ACTION]
    if riot and actions:
        actions[0].event_type = EventType.UNREST


def _same_people(frames: Sequence[Frame]) -> list[Frame]:
    """Fold a way out into what the same number of people did next: they left, and went to the embassy."""
    kept: list[Frame] = []
    for frame in frames:
        onward = next(
            (
                other
                for other in frames
                if other is not frame
                and other.is_main
                and frame.is_main
                and frame.event_type in _ONWARD
                and other.event_type in {EventType.COMPLAINT, EventType.REPATRIATION}
                and _dates_agree(frame.date, other.date)
                and {claim.best for claim in frame.claims} & {claim.best for claim in other.claims}
            ),
            None,
        )
        if onward is None:
            kept.append(frame)
        else:
            onward.details += frame.claims
    return kept


def _with_arrests(frames: Sequence[Frame]) -> list[Frame]:
    """Give the few suspects caught in a main operation to it: they are no event of their own."""
    operation = next(
        (frame for frame in frames if frame.is_main and frame.event_type in _WITH_ARRESTS), None
    )
    kept = []
    for frame in frames:
        few = all((claim.best or 0) < _SWEPT_UP for claim in frame.claims)
        if (
            operation is not None
            and frame is not operation
            and frame.event_type is EventType.ARREST
            and few
            and not frame.sentence.is_title
            and _dates_agree(operation.date, frame.date)
        ):
            operation.details += frame.claims
        else:
            kept.append(frame)
    return kept


def _keep(frames: list[Frame]) -> list[Frame]:
    """Drop what is told in passing without a count, a date of its own or a place in the lead."""
    kept = []
    for frame in frames:
        exact = any(claim.best is not None and claim.best >= 1 for claim in frame.claims)
        dated = frame.date is not None and frame.date.days <= 31
        batch = frame.event_type in RETURN and _BATCH.search(frame.sentence.text) is not None
        lead = frame.sentence.is_lead and frame.event_type not in _WEAK
        sited = bool(frame.sites) and frame.event_type in _SWEEP
        verb = frame.cue is not None and frame.cue.side != "noun" and not frame.cue.is_planned
        head = frame.claims[0] if frame.claims else None
        told = (
            (verb and frame.event_type in _TOLD_UNDATED)
            or (head is not None and head.role is CountRole.DEAD)
            or (
                head is not None
                and head.is_cumulative
                and (verb or frame.is_counted)
                and frame.event_type in ACTION
            )
        )
        alone = head is not None and head.best == 1 and frame.event_type is EventType.COMPLAINT
        if (
            alone
            and frame.cue is not None
            and not frame.is_main
            and _REASON.search(frame.sentence.text[: frame.cue.start - frame.sentence.start])
        ):
            continue  # "terbongkar setelah ayah seorang korban datang ke polisi": how it came to light
        if frame.is_main or (exact and (dated or batch or lead or sited or told)):
            kept.append(frame)
    if kept and not any(frame.is_main for frame in kept):
        kept[0].is_main = True
    return kept


# A deadline lies ahead; the event is that it was set, when the article tells of it.
_DEADLINE = re.compile(
    r"\b(?:set|sets|gave|gives|given|issued|memberi(?:kan)?|menetapkan|mematok) (?:\w+ ){0,4}?(?:deadline|ultimatum|tenggat|batas waktu|tarikh akhir)\b",
    re.IGNORECASE,
)
# "since the government ordered a sweep on September 1": what began the count is no event of its own.
_SINCE_CLAUSE = re.compile(r"\b(?:since|sejak|semenjak)\s(?:[\w-]+\s){0,5}$", re.IGNORECASE)


def _began_the_count(cue: EventCue, sentence: Sentence) -> bool:
    match = _SINCE_CLAUSE.search(sentence.text[: cue.start - sentence.start])
    return match is not None and not any(
        sentence.start + match.start() <= day.start < cue.start for day in sentence.dates
    )


# "mengusir perusahaan-perusahaan itu", "expelled the firms": no people are sent away.
_FIRMS = re.compile(
    r"\s(?:(?:the|all|those|semua|seluruh|para|several|sejumlah)\s)?(?:perusahaan|syarikat|firma|companies|firms|businesses|operators|tenants|penyewa|sindikat|sindiket)\b",
    re.IGNORECASE,
)
# "... setelah pengelola kawasan memberi tenggat": why something happened, told in passing.
_REASON = re.compile(
    r"\b(?:setelah|usai|sesudah|selepas|karena|kerana|akibat|after|because|following)\s(?:[\w-]+\s){0,4}$",
    re.IGNORECASE,
)


def _of_firms(cue: EventCue, sentence: Sentence) -> bool:
    return cue.side == "after" and _FIRMS.match(sentence.text, cue.end - sentence.start) is not None


_DEADLINE_NOUN = re.compile(r"(?:deadline|tenggat|ultimatum)", re.IGNORECASE)
_OBJECT_REACH = 25


def _has_figure(cue: EventCue, sentence: Sentence) -> bool:
    """Whether the verb has a figure of persons behind it, which has been judged already."""
    return cue.side == "after" and any(
        item.is_persons and 0 <= item.start - cue.end <= _OBJECT_REACH and (item.best or 0) > 1
        for item in sentence.quantities
    )


def _is_reason(cue: EventCue, sentence: Sentence) -> bool:
    """Whether a measure is only given as the reason of something else."""
    if cue.event_type is not EventType.POLICY:
        return False
    return _REASON.search(sentence.text[: cue.start - sentence.start][-_DATE_REACH:]) is not None


def _dated_events(
    frames: Sequence[Frame], sentences: Sequence[Sentence], article: Article
) -> list[Frame]:
    """Return background events that have a day of their own but no figure."""
    found: list[Frame] = []
    for sentence in sentences[1:]:
        for cue in sentence.cues:
            event = cue.event_type
            if event is None or cue.is_denied or cue.is_planned:
                continue
            if event not in _TELLS_WITHOUT_FIGURE and not (
                event in _ONE_PERSON_TYPES and _one_person(cue, sentence)
            ):
                continue
            if cue.side == "noun" and event not in {EventType.POLICY, EventType.SANCTION}:
                continue
            if _began_the_count(cue, sentence):
                continue
            if _of_firms(cue, sentence) or _is_reason(cue, sentence) or _has_figure(cue, sentence):
                continue
            if (
                cue.side == "noun"
                and _DEADLINE_NOUN.match(cue.surface)
                and not _DEADLINE.search(sentence.text)
            ):
                continue
            if event is EventType.POLICY and _DEADLINE.search(sentence.text):
                if not any(frame.event_type is event for frame in (*frames, *found)):
                    found.append(Frame(event, sentence, cue, [], [], [sentence]))
                continue
            days = [
                day
                for day in _dates_of(sentence, article, is_planned=False)
                if day.days <= 31
                and (
                    day.bound in {"on", "span"}
                    or (day.bound == "since" and event is EventType.POLICY)
                )
                and min(abs(day.start - cue.end), abs(cue.start - day.end)) <= _DATE_REACH
            ]
            if not days:
                continue
            day = min(days, key=lambda item: abs(item.start - cue.end))
            one = event in _ONE_PERSON_TYPES
            recent = abs(article.reference_date - day.date_end) <= _RECENT
            if not any(_knows(frame, event, day, one, recent) for frame in (*frames, *found)):
                found.append(Frame(event, sentence, cue, [], [], [sentence], date=day))
    return found


# The very people of the headline, spoken of again.
_SAME_GROUP = re.compile(
    r"\b(?:mereka|(?:kumpulan|rombongan|kelompok) (?:itu|ini|tersebut|berkenaan)|kesemua(?:nya| mereka)?|semuanya|seluruhnya|semua mangsa|para korban|para wni|ke-?\d+|"
    r"they|the group|all of them|all \d+|the (?:men|workers|victims|\d+))\b",
    re.IGNORECASE,
)
_GROUP_REACH = 90
_STEPS = _ONWARD | {EventType.DETENTION, EventType.ARREST, EventType.RAID}
# "162 foreigners who were rounded up ... on February 3"
_RELATIVE_AHEAD = re.compile(r"\b(?:who|yang)\s(?:[\w-]+\s){0,2}$", re.IGNORECASE)
_STEP_ROLE = {
    EventType.RESCUE: CountRole.RESCUED, EventType.RELEASE_HANDOVER: CountRole.RELEASED,
    EventType.ESCAPE: CountRole.ESCAPED, EventType.DETENTION: CountRole.DETAINED,
    EventType.RAID: CountRole.ARRESTED,
}  # fmt: skip


def _earlier_steps(
    frames: Sequence[Frame], sentences: Sequence[Sentence], article: Article
) -> list[Frame]:
    """Return what had befallen the people of a return days before it: handed over, held, got out."""
    main = next((item for item in frames if item.is_main and item.event_type in RETURN), None)
    if main is None or not main.claims:
        return []
    found: list[Frame] = []
    for sentence in sentences[1:]:
        for cue in sentence.cues:
            event = cue.event_type
            if event not in _STEPS or cue.side != "before" or cue.is_denied or cue.is_planned:
                continue
            ahead = sentence.text[: cue.start - sentence.start][-_GROUP_REACH:]
            counted = [
                item for item in sentence.quantities
                if item.is_persons and not item.is_anaphor and item.start < cue.start
            ]  # fmt: skip
            relative = any(
                item.best == claim.best for item in counted for claim in main.claims
            ) and _RELATIVE_AHEAD.search(ahead)
            if not relative and (counted or not _SAME_GROUP.search(ahead)):
                continue
            days = [
                day
                for day in _dates_of(sentence, article, is_planned=False)
                if day.days <= 3 and day.start >= cue.end and day.start - cue.end <= _DATE_REACH
            ]
            if not days or days[0].date_end > article.reference_date - _SLACK:
                continue
            step = EventType.DETENTION if event is EventType.ARREST else event
            known = any(
                item.event_type in _ONWARD | {step}
                or (item.event_type in RETURN and _days_meet(item.date, days[0]))
                for item in (*frames, *found)
            )
            if not known:
                claim = main.claims[0].model_copy(
                    update={"role": _STEP_ROLE[step], "is_planned": False}
                )
                found.append(Frame(step, sentence, cue, [claim], [], [sentence], date=days[0]))
    return found


def _days_meet(left: DateExpression | None, right: DateExpression) -> bool:
    return left is not None and _dates_agree(left, right)


def _earlier_batches(
    frames: Sequence[Frame],
    sentences: Sequence[Sentence],
    claims: Sequence[Claim],
    article: Article,
) -> list[Frame]:
    """Return other batches that a text dates in one sentence and counts in the next: "47 people on that flight"."""
    if not any(frame.is_main and frame.event_type in RETURN for frame in frames):
        return []
    held = {claim.best for frame in frames for claim in frame.claims}
    found: list[Frame] = []
    for sentence, following in itertools.pairwise(sentences[1:]):
        if not _BATCH.search(sentence.text) or any(item.is_persons for item in sentence.quantities):
            continue
        cue = next(
            (item for item in sentence.cues if item.event_type in RETURN and item.side == "before" and not item.is_denied and not item.is_planned),
            None,
        )  # fmt: skip
        days = [day for day in _dates_of(sentence, article, is_planned=False) if day.days <= 3]
        counted = [
            claim
            for claim in claims
            if following.start <= claim.start < following.end
            and claim.best
            and claim.subset_of is None
        ]
        if cue is None or not days or not counted or counted[0].best in held:
            continue
        claim = counted[0].model_copy(update={"role": cue.role or counted[0].role})
        found.append(
            Frame(
                cue.event_type or EventType.REPATRIATION,
                sentence,
                cue,
                [claim],
                [],
                [sentence, following],
                date=days[0],
            )
        )
    return found


_AT_ARRIVAL = re.compile(
    r"\b(?:sebaik (?:sahaja |saja )?(?:tiba|mendarat|sampai)|setibanya|setiba|(?:saat|ketika|begitu|selepas|setelah) (?:tiba|mendarat)|(?:upon|on) (?:their |his |her )?(?:arrival|landing|return)|"
    r"(?:as|when|after) (?:he|she|they|the plane) (?:landed|arrived)|after landing)\b",
    re.IGNORECASE,
)


def _on_arrival(frames: Sequence[Frame]) -> None:
    """Date what happened to people when they came home by their coming home."""
    home = next((item for item in frames if item.is_main and item.event_type in RETURN), None)
    for frame in frames:
        if (
            frame is not home
            and home is not None
            and frame.date is None
            and _AT_ARRIVAL.search(frame.sentence.text)
        ):
            frame.date = home.date


_OPENED = re.compile(
    r"(?:membuka|memulai|buka|memulakan|opens?|opened|launch\w*|begun|began|starts?|started|disiasat|diusut|kertas siasatan)\b",
    re.IGNORECASE,
)
_PROCEEDINGS = frozenset(
    {
        EventType.ARREST,
        EventType.PROSECUTION,
        EventType.VERDICT,
        EventType.INVESTIGATION,
        EventType.RAID,
    }
)


def _inquiry(frames: Sequence[Frame], sentences: Sequence[Sentence]) -> list[Frame]:
    """Return the inquiry that police are told to have opened, where nobody has been caught yet."""
    caught = {CountRole.ARRESTED, CountRole.SUSPECT, CountRole.CONVICTED}
    if not frames or any(
        frame.event_type in _PROCEEDINGS
        or any(claim.role in caught for claim in (*frame.claims, *frame.details))
        for frame in frames
    ):
        return []
    for sentence in sentences[1:]:
        for cue in sentence.cues:
            if (
                cue.event_type is EventType.INVESTIGATION
                and not (cue.is_denied or cue.is_planned)
                and _OPENED.match(cue.surface)
            ):
                return [Frame(EventType.INVESTIGATION, sentence, cue, [], [], [sentence])]
    return []


def _knows(frame: Frame, event: EventType, day: DateExpression, one: bool, recent: bool) -> bool:
    """Whether a frame already tells of this event; one person's on another day is news of its own."""
    alike = same_action(frame.event_type, event) or (
        frame.event_type in RETURN and event in _ONWARD
    )
    if one:
        return alike and (_dates_agree(frame.date, day) if frame.date is not None else recent)
    return alike and (frame.date is None or frame.is_main or _dates_agree(frame.date, day))


def _attach(frames: Sequence[Frame], claim: Claim, sentence: Sentence) -> None:
    """Give a figure without an event of its own to the event told nearest before it."""
    if not frames:
        return
    for frame in frames:
        if claim.subset_of is not None and any(
            item.claim_id == claim.subset_of for item in (*frame.claims, *frame.details)
        ):
            frame.details.append(claim)
            return
    before = [
        frame
        for frame in frames
        if frame.sentence.index <= sentence.index
        and (frame.is_main or sentence.paragraph == frame.sentence.paragraph)
    ]
    near = before and sentence.paragraph == before[-1].sentence.paragraph
    (before[-1] if near else frames[0]).details.append(claim)


def _count_one(frame: Frame, article: Article) -> None:
    """Count the single person of an event that gives no figure: the words that name them are the evidence."""
    if frame.claims or frame.event_type not in _ONE_PERSON_TYPES or frame.cue is None:
        return
    found = _one_person(frame.cue, frame.sentence)
    if found is None:
        return
    begin, end = frame.sentence.start + found.start(), frame.sentence.start + found.end()
    role = next(role for role, event in _TYPE_OF_ROLE.items() if event is frame.event_type)
    frame.claims.append(
        Claim(
            claim_id=make_id("claim", article.article_id, begin, end), article_id=article.article_id,
            role=role, low=1, best=1, high=1, relation=Relation.EQUAL, basis="derived", start=begin,
            end=end, surface=article.text[begin:end], extractor=ledger.EXTRACTOR,
            extractor_version=ledger.VERSION,
        )
    )  # fmt: skip


def _one_person(cue: EventCue, sentence: Sentence) -> re.Match[str] | None:
    """Return the words that name one person as the subject or object of this verb."""
    before, after = cue.start - sentence.start, cue.end - sentence.start
    nearest = [*_ONE_PERSON.finditer(sentence.text, max(0, before - _DATE_REACH), before)][-1:]
    nearest += [*_ONE_PERSON.finditer(sentence.text, after, after + _DATE_REACH)][:1]
    return nearest[0] if nearest else None


def inside(items: Iterable[Mention], sentences: Sequence[Sentence]) -> list[Mention]:
    """Return the mentions that stand in these sentences."""
    return [item for item in items if any(one.start <= item.start < one.end for one in sentences)]
