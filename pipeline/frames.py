"""Decide which events an article tells of, and which figures belong to each.

    Article, [Sentence], [Claim], [Mention] -> [Frame]

Headline and lead name the main events. Further down, a figure with a verb of its own, and a verb with a
date of its own, are background events; what is told in passing without either is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline import background, event_dates, leads, merging, totals
from pipeline.acts import (
    ACTION,
    BATCH,
    ONWARD,
    REASON,
    RECRUITER,
    RETURN,
    SITE_RAIDED,
    SWEEP,
    SWEPT_UP,
    TYPE_OF_ROLE,
    WEAK,
    Frame,
    dates_agree,
    names_nation,
    same_action,
    sentence_of,
)
from pipeline.cues import EventCue
from pipeline.drafts import governing_cue
from pipeline.records import Article, Claim, CountRole, EventType, Mention
from pipeline.segments import Sentence
from pipeline.wholes import RELATIVE

# What befalls those who send people; the people they sent are counted in it.
_OF_TRADERS = frozenset({EventType.ARREST, EventType.PROSECUTION, EventType.VERDICT})
# With these, the few who were caught with the victims are part of the same operation.
_WITH_ARRESTS = frozenset({EventType.INTERDICTION, EventType.RESCUE, EventType.RAID})
_CAPTIVE = frozenset({EventType.ARREST, EventType.RAID, EventType.DETENTION})
# People who are counted inside an event and never make one.
_STATES = frozenset(
    {CountRole.REMAINING, CountRole.SHELTERED, CountRole.INJURED, CountRole.MISSING, CountRole.SICK,
     CountRole.FRAUD_VICTIM, CountRole.FAMILY_MEMBER}
)  # fmt: skip
# With a figure and a verb these are events even where the text gives no day.
_TOLD_UNDATED = frozenset({EventType.PROSECUTION, EventType.RESCUE, EventType.DEATH})
# How far the whole of "67 dari 110" stands behind its part.
_WHOLE_REACH = 40
# "430 dari 1.260 WNI pelapor": so near stands the noun of the whole.
_NAMED_REACH = 12
# "47 Filipinos among 587 held": here the verb is the whole's.
_AMONG = re.compile(r"\b(?:among|di antara|antara|dalam kalangan)\b", re.IGNORECASE)
# From this size on a figure of a list has a place of its own.
_OWN_SITE = 5


def read(
    article: Article,
    sentences: Sequence[Sentence],
    claims: Sequence[Claim],
    places: Sequence[Mention],
) -> list[Frame]:
    """Return the events of an article, in the order in which the text brings them up."""
    main_type = leads.main_event(sentences, claims)
    told = _told(sentences, claims, main_type)
    # 11 led away and 117 others handed over are parts of the 128 who came; batches have a day or a number.
    sums = totals.batch_sums(
        [
            item.claim
            for item in told
            if item.event in RETURN | ONWARD
            and (item.claim.subset_of is None or item.sentence.dates or BATCH.search(item.sentence.text))
        ]
    )  # fmt: skip
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
        earlier = totals.is_earlier_total(sentence, claim.start, claim.best) and any(
            (item.best or 0) > (claim.best or 0) for item in claims if item.start < claim.start
        )
        guess = (claim.best or claim.low or 0) >= _LEAST_GUESS and _GUESSED.search(sentence.text)
        in_passing = bool(guess) or (
            cue is None and not sentence.is_lead and not _names_role(claim, article)
        )
        if event is None or earlier or in_passing or (part and not _own_event(cue, sentence)):
            leftovers.append((claim, sentence))
        elif not totals.is_running_total(claim, sentence, article.reference_date):
            date = event_dates.own_date(claim, cue, sentence, sentences, article)
            frame = Frame(event, sentence, cue, [claim], [], [sentence], sentence.index <= 1, date)
            frame.sites = _sites(claim, sentence, places)
            frame.is_counted = _names_role(claim, article)
            merging.add(frames, frame, claim.claim_id in sums)
    if main_type is not None:
        _ensure_main(frames, main_type, sentences)
    frames = _keep(_same_people(_with_arrests(frames)))
    _name_unrest(frames, sentences)
    frames = _with_deaths(frames)
    _on_arrival(frames)
    frames += background.earlier_steps(frames, sentences, article)
    frames += background.earlier_batches(frames, sentences, claims, article)
    frames += background.listed_batches(frames, sentences, claims, article)
    frames += background.joined_sanctions(frames, sentences, article)
    frames += background.dated_events(frames, sentences, article)
    frames += background.inquiry(frames, sentences, claims)
    for claim, sentence in leftovers:
        _attach(frames, claim, sentence)
    for frame in frames:
        background.count_one(frame, sentences, article)
    return frames


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
        cue = governing_cue(sentence, claim.start, claim.end)
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
                named or RELATIVE.match(text) or _AMONG.search(ahead)
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
                if not shared or RELATIVE.match(text):
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
    told = ONWARD | _CAPTIVE if main in RETURN else ONWARD
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
    if claim.role is CountRole.VICTIM and event in _OF_TRADERS:
        return cue, None  # "arrested a woman who recruited 15": how many she had sent
    if main in RETURN and event is EventType.INTERDICTION and cue is not None and _MISSED.match(cue.surface):  # fmt: skip
        return cue, None  # one who missed the flight home was not kept from leaving
    event = event or TYPE_OF_ROLE.get(claim.role)
    at_embassy = main is EventType.COMPLAINT or claim.role is CountRole.COMPLAINANT
    if at_embassy and event is EventType.ESCAPE and cue is not None and cue.side == "noun":
        return cue, EventType.COMPLAINT  # "520 arrivals"
    if event in ONWARD and (home := _home_cue(claim, sentence)) is not None:
        return home, home.event_type
    if event is EventType.ARREST and not RECRUITER.search(sentence.text):
        swept = SITE_RAIDED.search(sentence.text) or (claim.best or 0) >= SWEPT_UP
        if main is EventType.RAID or swept:
            return cue, EventType.RAID
    if event is EventType.RELEASE_HANDOVER and cue is not None and _CROSSED.match(cue.surface):
        by_themselves = main is not EventType.RELEASE_HANDOVER and _SINCE_RAID.search(sentence.text)
        return cue, EventType.ESCAPE if by_themselves else event
    fled = {EventType.UNREST, EventType.ESCAPE}
    return cue, main if event in fled and main in fled else event


_MISSED = re.compile(r"(?:batal|urung|gagal)\b", re.IGNORECASE)
# "1,233 people had crossed into Tak since the raid": they left by themselves, nobody handed them over.
_CROSSED = re.compile(r"(?:had |have )?(?:cross|enter|came over|menyeberang|masuk)", re.IGNORECASE)
_SINCE_RAID = re.compile(
    r"\b(?:since|after|following|sejak|setelah|usai|selepas|sesudah)\s(?:[\w-]+\s){0,4}?(?:raids?|crackdown|sweep|operation|clearance|troops|soldiers|army|razia|penggerebekan|serbuan|operasi|tentara|militer|junta)\b",
    re.IGNORECASE,
)


def _home_cue(claim: Claim, sentence: Sentence) -> EventCue | None:
    """Return the return home that the same people go on to: "menyeberang ... dan tiba di Jakarta"."""
    others = [item.start for item in sentence.quantities if item.may_be_persons]
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
        and any(not day.is_statement_day and day.bound != "until" for day in sentence.dates)
        and not any(day.days > _LONG_FRAME and day.start < cue.start for day in sentence.dates)
    )


# "In the first eight months of 2024 ... of whom 1,071 had been deported": parts of a total over so many days.
_LONG_FRAME = 45


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
        if item.may_be_persons and item.sex is None and (item.best or 0) >= _OWN_SITE
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


# --- which events stay ----------------------------------------------------------------------------------


def _ensure_main(frames: list[Frame], main: EventType, sentences: Sequence[Sentence]) -> None:
    """Make sure that the event the headline is about has a frame, and that it has that type."""
    if main is EventType.COMPLAINT:
        _report_captives(frames, sentences)
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
        if other.is_main and main in RETURN and other.event_type in ONWARD | {EventType.COMPLAINT}:
            frame.claims, frame.sentences = other.claims, [*other.sentences, lead]
            frames.remove(other)
    frames.insert(0, frame)


def _report_captives(frames: Sequence[Frame], sentences: Sequence[Sentence]) -> None:
    """Give the captives of headline and lead to the report that their families made."""
    told = next(
        (
            item
            for item in sentences[:12]
            if any(cue.event_type is EventType.COMPLAINT and cue.is_fact for cue in item.cues)
        ),
        None,
    )
    for frame in frames:
        captive = all(claim.role is CountRole.VICTIM for claim in frame.claims)
        if told and captive and frame.is_main and frame.event_type is EventType.DETENTION:
            frame.event_type = EventType.COMPLAINT
            frame.date = None
            frame.sentences.append(told)


def _name_unrest(frames: Sequence[Frame], sentences: Sequence[Sentence]) -> None:
    """Give the action of a text that opens with a riot the name of the riot."""
    riot = any(
        cue.event_type is EventType.UNREST and not cue.is_denied
        for sentence in sentences
        if sentence.is_lead
        for cue in sentence.cues
    )
    actions = [frame for frame in frames if frame.event_type in ACTION]
    if riot and actions:
        actions[0].event_type = EventType.UNREST


def _with_deaths(frames: Sequence[Frame]) -> list[Frame]:
    """Give those who died in a riot to the riot: only a death with another day is an event beside it."""
    riot = next((item for item in frames if item.is_main and item.event_type is EventType.UNREST), None)  # fmt: skip
    if riot is None:
        return list(frames)
    kept = []
    for frame in frames:
        if frame.event_type is EventType.DEATH and dates_agree(riot.date, frame.date):
            riot.details += frame.claims
        else:
            kept.append(frame)
    return kept


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
                and frame.event_type in ONWARD
                and other.event_type in {EventType.COMPLAINT, EventType.REPATRIATION}
                and dates_agree(frame.date, other.date)
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
        few = all((claim.best or 0) < SWEPT_UP for claim in frame.claims)
        if (
            operation is not None
            and frame is not operation
            and frame.event_type is EventType.ARREST
            and few
            and not frame.sentence.is_title
            and dates_agree(operation.date, frame.date)
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
        batch = frame.event_type in RETURN and BATCH.search(frame.sentence.text) is not None
        lead = frame.sentence.is_lead and frame.event_type not in WEAK
        sited = bool(frame.sites) and frame.event_type in SWEEP
        verb = frame.cue is not None and frame.cue.side != "noun" and not frame.is_planned
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
            and REASON.search(frame.sentence.text[: frame.cue.start - frame.sentence.start])
        ):
            continue  # "terbongkar setelah ayah seorang korban datang ke polisi": how it came to light
        if frame.is_main or (exact and (dated or batch or lead or sited or told)):
            kept.append(frame)
    if kept and not any(frame.is_main for frame in kept):
        kept[0].is_main = True
    return kept


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
