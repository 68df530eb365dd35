"""Find the events that an article tells of beside its main ones and without a figure of their own.

    [Frame], [Sentence] -> [Frame]

What had befallen the people before, batches counted in the next sentence, verbs with a day of their
own, an inquiry; and the one person whom words name where a figure might stand.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import re
from collections.abc import Sequence

from pipeline import claims as ledger
from pipeline import dates
from pipeline.acts import (
    BATCH,
    DATE_REACH,
    ONWARD,
    REASON,
    RETURN,
    SLACK,
    TYPE_OF_ROLE,
    Frame,
    dates_agree,
    dates_of,
    same_action,
)
from pipeline.cues import EventCue
from pipeline.dates import DateExpression
from pipeline.records import Article, Claim, CountRole, EventType, Relation, make_id
from pipeline.segments import Sentence

# Events that a verb with a date may stand for without a figure; others need one.
_TELLS_WITHOUT_FIGURE = frozenset(
    {EventType.POLICY, EventType.SANCTION, EventType.RAID, EventType.PROSECUTION, EventType.VERDICT,
     EventType.UNREST, EventType.RESCUE, EventType.DEPORTATION}
)  # fmt: skip
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
# What happened longer before publication than this is not today's news.
_RECENT = dt.timedelta(days=7)
# A deadline lies ahead; the event is that it was set, when the article tells of it.
_DEADLINE = re.compile(
    r"\b(?:set|sets|gave|gives|given|issued|memberi(?:kan)?|menetapkan|mematok) (?:\w+ ){0,4}?(?:deadline|ultimatum|tenggat|batas waktu|tarikh akhir)\b",
    re.IGNORECASE,
)
# "since the government ordered a sweep on September 1": what began the count is no event of its own.
_SINCE_CLAUSE = re.compile(r"\b(?:since|sejak|semenjak)\s(?:[\w'’-]+\s){0,5}$", re.IGNORECASE)


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
    return REASON.search(sentence.text[: cue.start - sentence.start][-DATE_REACH:]) is not None


def dated_events(
    frames: Sequence[Frame], sentences: Sequence[Sentence], article: Article
) -> list[Frame]:
    """Return background events that have a day of their own but no figure."""
    found: list[Frame] = []
    for sentence in sentences[1:]:
        for cue in sentence.cues:
            event = cue.event_type
            if event is None or not cue.is_fact:
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
                for day in dates_of(sentence, article, is_planned=False)
                if day.days <= 31
                and (
                    day.bound in {"on", "span"}
                    or (day.bound == "since" and event is EventType.POLICY)
                )
                and min(abs(day.start - cue.end), abs(cue.start - day.end)) <= DATE_REACH
            ]
            if not days:
                continue
            day = min(days, key=lambda item: abs(item.start - cue.end))
            one = event in _ONE_PERSON_TYPES
            recent = abs(article.reference_date - day.date_end) <= _RECENT
            if not any(_knows(frame, event, day, one, recent) for frame in (*frames, *found)):
                found.append(Frame(event, sentence, cue, [], [], [sentence], date=day))
    return found


def _knows(frame: Frame, event: EventType, day: DateExpression, one: bool, recent: bool) -> bool:
    """Whether a frame already tells of this event; one person's on another day is news of its own."""
    alike = same_action(frame.event_type, event) or (frame.event_type in RETURN and event in ONWARD)
    if one:
        return alike and (dates_agree(frame.date, day) if frame.date is not None else recent)
    return alike and (frame.date is None or frame.is_main or dates_agree(frame.date, day))


# The very people of the headline, spoken of again.
_SAME_GROUP = re.compile(
    r"\b(?:mereka|(?:kumpulan|rombongan|kelompok) (?:itu|ini|tersebut|berkenaan)|kesemua(?:nya| mereka)?|semuanya|seluruhnya|semua mangsa|para korban|para wni|ke-?\d+|"
    r"they|the group|all of them|all \d+|the (?:men|workers|victims|\d+))\b",
    re.IGNORECASE,
)
_GROUP_REACH = 90
_STEPS = ONWARD | {EventType.DETENTION, EventType.ARREST, EventType.RAID}
# "162 foreigners who were rounded up ... on February 3"
_RELATIVE_AHEAD = re.compile(r"\b(?:who|yang)\s(?:[\w-]+\s){0,2}$", re.IGNORECASE)
_STEP_ROLE = {
    EventType.RESCUE: CountRole.RESCUED, EventType.RELEASE_HANDOVER: CountRole.RELEASED,
    EventType.ESCAPE: CountRole.ESCAPED, EventType.DETENTION: CountRole.DETAINED,
    EventType.RAID: CountRole.ARRESTED,
}  # fmt: skip


def earlier_steps(
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
            if event not in _STEPS or cue.side != "before" or not cue.is_fact:
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
                for day in dates_of(sentence, article, is_planned=False)
                if day.days <= 3 and day.start >= cue.end and day.start - cue.end <= DATE_REACH
            ]
            if not days or days[0].date_end > article.reference_date - SLACK:
                continue
            step = EventType.DETENTION if event is EventType.ARREST else event
            known = any(
                item.event_type in ONWARD | {step}
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
    return left is not None and dates_agree(left, right)


def earlier_batches(
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
        if not BATCH.search(sentence.text) or any(item.is_persons for item in sentence.quantities):
            continue
        cue = next(
            (item for item in sentence.cues if item.event_type in RETURN and item.side == "before" and item.is_fact),
            None,
        )  # fmt: skip
        days = [day for day in dates_of(sentence, article, is_planned=False) if day.days <= 3]
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


_MONTH = r"(?:jan|feb|ma[rc]|apr|may|mei|ju[nl]|jul|aug|agu|ogos|sep|o[ck]t|nov|de[csz])\w*"
# "The first two, in March and September, brought 24 and 11 people": as many days as figures, in one order.
_LISTED_MONTHS = re.compile(
    rf"\b({_MONTH})(?:,\s({_MONTH}))?,?\s(?:and|dan)\s({_MONTH})\b", re.IGNORECASE
)


def in_list(sentence: Sentence, claims: Sequence[Claim]) -> list[Claim]:
    """Return the figures of a sentence that gives each a month of its own, in order; none where it does not."""
    match = _LISTED_MONTHS.search(sentence.text)
    if match is None or not any(item.event_type in RETURN | ONWARD and item.is_fact for item in sentence.cues):  # fmt: skip
        return []
    counted = [
        claim
        for claim in claims
        if sentence.start <= claim.start < sentence.end and claim.best and claim.subset_of is None
    ]
    return counted if len(counted) == sum(name is not None for name in match.groups()) else []


def listed_batches(
    frames: Sequence[Frame],
    sentences: Sequence[Sentence],
    claims: Sequence[Claim],
    article: Article,
) -> list[Frame]:
    """Return earlier batches that one sentence lists with a month each, beside a return or handover."""
    if not any(frame.is_main and frame.event_type in RETURN | ONWARD for frame in frames):
        return []
    for sentence in sentences[1:]:
        cue = next((item for item in sentence.cues if item.event_type in RETURN | ONWARD and item.is_fact), None)  # fmt: skip
        match = _LISTED_MONTHS.search(sentence.text)
        if cue is None or cue.event_type is None or match is None:
            continue
        groups = [group for group in (1, 2, 3) if match[group]]
        days = [_month(sentence, match, group, article.reference_date) for group in groups]
        counted = in_list(sentence, claims)
        if not counted or None in days:
            continue
        told = {claim.claim_id for claim in counted}
        for frame in frames:  # they were read as figures of one event
            frame.claims = [claim for claim in frame.claims if claim.claim_id not in told]
            frame.details = [claim for claim in frame.details if claim.claim_id not in told]
        role = cue.role
        return [
            Frame(
                cue.event_type, sentence, cue,
                [claim.model_copy(update={"role": role or claim.role, "is_cumulative": False, "cumulative_since": None, "as_of_date": None})],
                [], [sentence], date=day,
            )
            for claim, day in zip(counted, days, strict=True)
        ]  # fmt: skip
    return []


def _month(
    sentence: Sentence, match: re.Match[str], group: int, reference: dt.date
) -> DateExpression | None:
    """Return one month of a list as a date of its own."""
    found = dates.find(f"in {match[group]}", reference) or dates.find(f"pada bulan {match[group]}", reference)  # fmt: skip
    if len(found) != 1:
        return None
    start, end = (sentence.start + at for at in match.span(group))
    return dataclasses.replace(found[0], start=start, end=end, surface=match[group])


_LIKEWISE = re.compile(
    r"\b(?:matching|similar|parallel|identical|corresponding|same|serupa|sama|sejalan|setara)\b",
    re.IGNORECASE,
)


def joined_sanctions(
    frames: Sequence[Frame], sentences: Sequence[Sentence], article: Article
) -> list[Frame]:
    """Return the sanctions of another state that took the same step: two states are two events."""
    main = next((item for item in frames if item.is_main and item.event_type is EventType.SANCTION), None)  # fmt: skip
    if main is None:
        return []
    for sentence in sentences[2:]:
        for cue in sentence.cues:
            if (
                cue.event_type is EventType.SANCTION
                and cue.is_fact
                and _LIKEWISE.search(cue.surface)
            ):
                days = dates_of(sentence, article, is_planned=False)
                return [Frame(EventType.SANCTION, sentence, cue, [], [], [sentence], date=days[0] if days else main.date)]  # fmt: skip
    return []


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


def inquiry(
    frames: Sequence[Frame], sentences: Sequence[Sentence], claims: Sequence[Claim]
) -> list[Frame]:
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
                and cue.is_fact
                and _OPENED.match(cue.surface)
            ):
                counted = [
                    claim
                    for claim in claims
                    if sentence.start <= claim.start < sentence.end
                    and claim.role is CountRole.VICTIM
                ]
                return [Frame(EventType.INVESTIGATION, sentence, cue, counted[:1], [], [sentence])]
    return []


def count_one(frame: Frame, sentences: Sequence[Sentence], article: Article) -> None:
    """Count the single person of an event that gives no figure: the words that name them are the evidence."""
    if frame.claims or frame.event_type not in _ONE_PERSON_TYPES or frame.cue is None:
        return
    # a headline is short: "Malaysian dies in compound"; the lead below it says who
    for sentence in (frame.sentence, *(sentences[1:3] if frame.sentence.is_title else ())):
        cue = next((item for item in sentence.cues if item.event_type is frame.event_type and not item.is_denied), None)  # fmt: skip
        found = _one_person(cue, sentence) if cue is not None else None
        if found is not None:
            break
    else:
        return
    begin, end = sentence.start + found.start(), sentence.start + found.end()
    role = next(role for role, event in TYPE_OF_ROLE.items() if event is frame.event_type)
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
    nearest = [*_ONE_PERSON.finditer(sentence.text, max(0, before - DATE_REACH), before)][-1:]
    nearest += [*_ONE_PERSON.finditer(sentence.text, after, after + DATE_REACH)][:1]
    return nearest[0] if nearest else None
