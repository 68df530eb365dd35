"""Read what one article says of each event: what, when, where, who, how many.

    Article, Relevance, [Mention], [Claim] -> [Report]

An article may tell of several events. Its headline and lead name the main ones; figures with a date and
a verb of their own further down are background reports, which later link to the incident they belong to.
Running totals over long periods and figures without an event are left to ``statistics``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline import claims as ledger
from pipeline import segments
from pipeline.cues import EventCue
from pipeline.dates import DateExpression
from pipeline.records import (
    AgencyRole,
    Article,
    Claim,
    CountRole,
    DateBasis,
    DatePrecision,
    EventType,
    GeoPrecision,
    Mention,
    MentionKind,
    PlaceRole,
    Relevance,
    Report,
    ReportAgency,
    ReportPlace,
    ScamType,
    Sighting,
    Span,
    make_id,
)
from pipeline.segments import Sentence

EXTRACTOR = "rules.reports"
VERSION = "1"

# Events that pull people out, sweep them up or hold them: in one text and one place they are one action.
_ACTION = frozenset(
    {EventType.RESCUE, EventType.RELEASE_HANDOVER, EventType.ESCAPE, EventType.UNREST, EventType.RAID,
     EventType.ARREST, EventType.DETENTION}
)  # fmt: skip
_RETURN = frozenset({EventType.REPATRIATION, EventType.DEPORTATION})
_LEGAL = frozenset({EventType.PROSECUTION, EventType.VERDICT, EventType.INVESTIGATION})
# Which role an event's headline figure has, by the codebook.
HEADLINE_ROLE: dict[EventType, tuple[CountRole, ...]] = {
    EventType.RESCUE: (CountRole.RESCUED, CountRole.VICTIM),
    EventType.RELEASE_HANDOVER: (CountRole.RELEASED, CountRole.RESCUED, CountRole.VICTIM),
    EventType.ESCAPE: (CountRole.ESCAPED,),
    EventType.UNREST: (CountRole.ESCAPED, CountRole.DETAINED, CountRole.ARRESTED),
    EventType.RAID: (CountRole.ARRESTED, CountRole.DETAINED, CountRole.RESCUED),
    EventType.ARREST: (CountRole.ARRESTED, CountRole.SUSPECT),
    EventType.DETENTION: (CountRole.DETAINED, CountRole.VICTIM),
    EventType.REPATRIATION: (CountRole.REPATRIATED,),
    EventType.DEPORTATION: (CountRole.DEPORTED,),
    EventType.INTERDICTION: (CountRole.INTERDICTED,),
    EventType.COMPLAINT: (CountRole.COMPLAINANT, CountRole.VICTIM),
    EventType.DEATH: (CountRole.DEAD,),
    EventType.INVESTIGATION: (CountRole.VICTIM, CountRole.SUSPECT),
    EventType.PROSECUTION: (CountRole.SUSPECT,),
    EventType.VERDICT: (CountRole.CONVICTED,),
    EventType.SANCTION: (),
    EventType.POLICY: (),
    EventType.OTHER: (CountRole.VICTIM,),
}
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
# Weight of a sentence in deciding what the article is about: headline, first sentence, second, third.
_POSITION_WEIGHT = (4.0, 3.0, 1.5, 1.0)
# Countries that people are taken to; where an article names several, these are asked first.
_HOSTS = ("KHM", "MMR", "LAO", "PHL", "THA", "VNM", "TLS", "MYS", "ARE")
_SITE_ROLES = (PlaceRole.EVENT_SITE, PlaceRole.DESTINATION)
_HOME = {"id": "IDN", "ms": "MYS"}

_RECRUITER_NEAR = re.compile(
    r"\b(?:perekrut|penyalur|calo|sponsor|buronan|dalang|otak|bos|bandar|pengirim|pelaku perdagangan|tersangka (?:tppo|perdagangan)|recruiters?|traffickers?|kingpin|tycoon|mastermind|boss|fugitive|red notice|dpo)\b",
    re.IGNORECASE,
)
_SITE_RAIDED = re.compile(
    r"\b(?:digerebek|menggerebek|penggerebekan|gerebek|razia|dirazia|operasi|terjaring|serbuan|diserbu|raid(?:s|ed)?|crackdown|sweep|stormed|searched|broken up|membongkar|bongkar|pusat (?:online )?scam|markas)\b",
    re.IGNORECASE,
)
_BATCH = re.compile(
    r"\b(?:gelombang|kloter|kumpulan|rombongan|kelompok|tahap|batch|group|flight|wave)\s(?:pertama|kedua|ketiga|keempat|kelima|terakhir|\d)|\b(?:first|second|third|fourth|last|latest|previous)\s(?:batch|group|wave|flight|plane)",
    re.IGNORECASE,
)
_ARRIVED_HOME = re.compile(
    r"\b(?:tiba|mendarat|diterbangkan|sampai|turun)\b[^.]{0,80}(?:bandara|soekarno|soetta|jakarta|indonesia|tanah air|malaysia|manila)|\bcarter\b|\bpesawat sewaan\b|touched down|landed (?:in|at)",
    re.IGNORECASE,
)
_FLIGHT = re.compile(r"\b(?:[A-Z]{2}|[A-Z]\d|\d[A-Z])[- ]?\d{2,4}\b")


@dataclass(slots=True)
class Frame:
    """One event of an article in the making."""

    event_type: EventType
    sentence: Sentence
    cue: EventCue | None
    claims: list[Claim] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    is_main: bool = False
    date: DateExpression | None = None


def read(
    article: Article, relevance: Relevance, mentions: Sequence[Mention], claims: Sequence[Claim]
) -> list[Report]:
    """Return the reports of one article; none when it is not relevant or tells of no event."""
    if not relevance.relevant:
        return []
    sentences = segments.read(article)
    places = [item for item in mentions if item.kind is MentionKind.PLACE and item.canonical_id]
    agencies = [item for item in mentions if item.kind is MentionKind.AGENCY and item.canonical_id]
    frames = _frames(article, sentences, claims)
    home = _HOME.get(article.language, "IDN")
    host = _host_country(article, sentences, places, home)
    reports = []
    for frame in frames:
        report = _report(article, frame, frames, sentences, places, agencies, mentions, host, home)
        if report is not None:
            reports.append(report)
    return reports


# --- which events ----------------------------------------------------------------------------------


def _frames(
    article: Article, sentences: Sequence[Sentence], claims: Sequence[Claim]
) -> list[Frame]:
    main_type = _main_type(sentences)
    frames: list[Frame] = []
    leftovers: list[tuple[Claim, Sentence]] = []
    for claim in claims:
        sentence = _sentence_of(claim.start, sentences)
        cue = ledger.governing_cue(sentence, claim.start, claim.end)
        event = _event_of(claim, cue, sentence, main_type)
        if event is None or (
            claim.subset_of is not None
            and not sentence.is_title
            and not _own_event(claim, cue, sentence)
        ):
            leftovers.append((claim, sentence))
            continue
        if ledger.is_running_total(claim, sentence, article.reference_date):
            continue
        frame = Frame(event, sentence, cue, [claim], [sentence], is_main=sentence.index <= 1)
        frame.date = _own_date(claim, cue, sentence)
        _merge_or_add(frames, frame)
    if main_type is not None:
        _ensure_main(frames, main_type, sentences)
    frames = _keep(frames, article)
    for claim, sentence in leftovers:
        _attach(frames, claim, sentence)
    return frames


def _sentence_of(offset: int, sentences: Sequence[Sentence]) -> Sentence:
    return next(item for item in sentences if item.start <= offset < item.end)


def _main_type(sentences: Sequence[Sentence]) -> EventType | None:
    """Return the event type that headline and lead are about."""
    scores: dict[EventType, float] = defaultdict(float)
    for sentence in sentences[: len(_POSITION_WEIGHT)]:
        weight = _POSITION_WEIGHT[sentence.index]
        seen: set[EventType] = set()
        for cue in sentence.cues:
            if cue.event_type is None or cue.is_denied or cue.event_type in seen:
                continue
            seen.add(cue.event_type)
            share = 0.5 if cue.side == "noun" else 1.0
            share *= 0.7 if cue.is_planned else 1.0
            scores[cue.event_type] += weight * share
    if not scores:
        return None
    opening = " ".join(item.text for item in sentences[:6])
    for weak in (EventType.POLICY, EventType.INVESTIGATION):
        if weak in scores and len(scores) > 1:
            scores[weak] *= 0.55
    if (
        EventType.ARREST in scores
        and _SITE_RAIDED.search(opening)
        and not _RECRUITER_NEAR.search(sentences[0].text)
    ):
        scores[EventType.RAID] += 0.8 * scores[EventType.ARREST]
    if scores.get(EventType.REPATRIATION) and _ARRIVED_HOME.search(opening):
        scores[EventType.REPATRIATION] += 2.5
    best = max(scores.items(), key=lambda item: (item[1], item[0].value))
    return best[0]


def _event_of(
    claim: Claim, cue: EventCue | None, sentence: Sentence, main: EventType | None
) -> EventType | None:
    """Return the event a figure stands for: by its verb, else by its role."""
    event = cue.event_type if cue is not None else None
    event = event or _TYPE_OF_ROLE.get(claim.role)
    if event is EventType.ARREST and main is EventType.RAID:
        event = EventType.RAID
    if (
        event is EventType.ARREST
        and _SITE_RAIDED.search(sentence.text)
        and not _RECRUITER_NEAR.search(sentence.text)
    ):
        event = EventType.RAID
    if event in {EventType.UNREST, EventType.ESCAPE} and main in {
        EventType.UNREST,
        EventType.ESCAPE,
    }:
        event = main
    if claim.role in {CountRole.REMAINING, CountRole.SHELTERED, CountRole.INJURED, CountRole.MISSING, CountRole.SICK,
                      CountRole.FRAUD_VICTIM, CountRole.FAMILY_MEMBER}:  # fmt: skip
        return None
    if claim.role is CountRole.SUSPECT and (cue is None or cue.event_type is None):
        return None
    return event


def _own_event(claim: Claim, cue: EventCue | None, sentence: Sentence) -> bool:
    """Whether a part of a larger figure had an event of its own ("67 dari 110 pulang")."""
    return (
        cue is not None
        and cue.event_type in _RETURN
        and any(not day.is_statement_day for day in sentence.dates)
    )


def _own_date(claim: Claim, cue: EventCue | None, sentence: Sentence) -> DateExpression | None:
    """Return the date that stands with a figure: the nearest one that is not the day of a statement."""
    days = [
        day
        for day in sentence.dates
        if not day.is_statement_day and day.precision is not DatePrecision.YEAR
    ]
    if not days:
        return None
    anchor = cue.end if cue is not None else claim.end
    return min(days, key=lambda day: min(abs(day.start - anchor), abs(day.start - claim.end)))


def _same_action(left: EventType, right: EventType) -> bool:
    return (
        left == right
        or (left in _ACTION and right in _ACTION)
        or {left, right} <= {EventType.RAID, EventType.ARREST, EventType.PROSECUTION}
    )


def _dates_agree(left: DateExpression | None, right: DateExpression | None) -> bool:
    if left is None or right is None:
        return True
    slack = dt.timedelta(days=2)
    return left.date_start - slack <= right.date_end and right.date_start - slack <= left.date_end


def _merge_or_add(frames: list[Frame], new: Frame) -> None:
    claim = new.claims[0]
    for frame in frames:
        if not _same_action(frame.event_type, new.event_type):
            continue
        equal = any(_equal(claim, other) for other in frame.claims)
        if new.event_type in _RETURN and not equal and _distinct_batch(frame, new):
            continue
        if equal or (_dates_agree(frame.date, new.date) and not _distinct_place(frame, new)):
            frame.claims.append(claim)
            frame.sentences.append(new.sentence)
            frame.date = _better_date(frame.date, new.date)
            frame.is_main = frame.is_main or new.is_main
            return
    frames.append(new)


def _equal(left: Claim, right: Claim) -> bool:
    return left.best is not None and left.best == right.best


def _better_date(
    left: DateExpression | None, right: DateExpression | None
) -> DateExpression | None:
    if left is None or right is None:
        return left or right
    order = (DatePrecision.DAY, DatePrecision.WITHIN_WEEK, DatePrecision.WEEK, DatePrecision.MONTH)
    rank = {precision: index for index, precision in enumerate(order)}
    if left.bound == "since" or right.bound == "since":
        return left if left.bound == "since" else right
    return right if rank.get(right.precision, 9) < rank.get(left.precision, 9) else left


def _distinct_batch(frame: Frame, new: Frame) -> bool:
    """Whether two returns in one text are two batches: other size and other day or an ordinal."""
    old, fresh = frame.claims[0], new.claims[0]
    if old.is_cumulative or fresh.is_cumulative:
        return (
            not (fresh.subset_of or old.subset_of)
            and frame.date is not None
            and new.date is not None
            and not _dates_agree(frame.date, new.date)
        )
    if fresh.subset_of is not None:
        return False
    both_dated = frame.date is not None and new.date is not None
    other_day = both_dated and (frame.date.date_start, frame.date.date_end) != (
        new.date.date_start,
        new.date.date_end,
    )  # type: ignore[union-attr]
    return bool(other_day or (_BATCH.search(new.sentence.text) and old.best != fresh.best))


def _distinct_place(frame: Frame, new: Frame) -> bool:
    """Two sites in one sentence list are told apart later, by the places themselves."""
    return False


def _ensure_main(frames: list[Frame], main: EventType, sentences: Sequence[Sentence]) -> None:
    """Make sure that the event the headline is about has a frame, and that it has that type."""
    for frame in frames:
        if frame.is_main and _same_action(frame.event_type, main):
            frame.event_type = main
            return
    lead = next(
        (
            item
            for item in sentences[:3]
            if any(cue.event_type == main and not cue.is_denied for cue in item.cues)
        ),
        None,
    )
    if lead is None:
        return
    candidates = [frame for frame in frames if frame.event_type == main]
    if candidates:
        candidates[0].is_main = True
        return
    cue = next(item for item in lead.cues if item.event_type == main and not item.is_denied)
    frame = Frame(main, lead, cue, [], [lead], is_main=True)
    # A release told with the flight home is one return.
    for other in list(frames):
        if (
            other.is_main
            and main in _RETURN
            and other.event_type
            in {EventType.RESCUE, EventType.RELEASE_HANDOVER, EventType.COMPLAINT}
        ):
            frame.claims, frame.sentences, frame.date = other.claims, other.sentences, other.date
            frames.remove(other)
    frames.insert(0, frame)


def _keep(frames: list[Frame], article: Article) -> list[Frame]:
    """Drop what is told in passing without a count, a date of its own or a place in the lead."""
    kept = []
    for frame in frames:
        if frame.is_main:
            kept.append(frame)
            continue
        exact = any(claim.best is not None and claim.best >= 1 for claim in frame.claims)
        dated = frame.date is not None and not frame.date.is_statement_day and frame.date.days <= 31
        batch = frame.event_type in _RETURN and _BATCH.search(frame.sentence.text) is not None
        lead = frame.sentence.is_lead and frame.event_type not in {
            EventType.POLICY,
            EventType.INVESTIGATION,
        }
        if exact and (dated or batch or lead):
            kept.append(frame)
    if kept and not any(frame.is_main for frame in kept):
        kept[0].is_main = True
    return kept


def _attach(frames: list[Frame], claim: Claim, sentence: Sentence) -> None:
    """Give a figure without an event of its own to the event told nearest before it."""
    if not frames:
        return
    for frame in frames:
        if claim.subset_of is not None and any(
            item.claim_id == claim.subset_of for item in frame.claims
        ):
            frame.claims.append(claim)
            return
    before = [
        frame
        for frame in frames
        if frame.sentence.index <= sentence.index
        and (frame.is_main or sentence.paragraph == frame.sentence.paragraph)
    ]
    (
        before[-1] if before and sentence.paragraph == before[-1].sentence.paragraph else frames[0]
    ).claims.append(claim)


# --- where, when, who ------------------------------------------------------------------------------


def _host_country(
    article: Article, sentences: Sequence[Sentence], places: Sequence[Mention], home: str
) -> str | None:
    """Return the country where people are held or were to be sent."""
    scores: dict[str, float] = defaultdict(float)
    title_end = len(article.title)
    lead_end = sentences[min(3, len(sentences) - 1)].end if sentences else 0
    for item in places:
        if item.country is None or item.country == home:
            continue
        weight = 3.0 if item.start < title_end else 2.0 if item.start < lead_end else 1.0
        weight *= {
            "destination": 2.0, "event_site": 2.0, "intended_destination": 2.0, "agency_seat": 0.4, "transit": 0.2,
            "arrival": 0.2, "origin": 0.05, "dateline": 0.3, "recruitment": 0.1, "target_market": 0.1, "crossing": 0.4,
        }.get(item.role or "", 1.0)  # fmt: skip
        if item.country in _HOSTS:
            weight *= 1.5
        scores[item.country] += weight
    if not scores:
        return None
    return max(sorted(scores), key=lambda code: scores[code])


def _event_country(
    frame: Frame, near: Sequence[Mention], agencies: Sequence[Mention], host: str | None, home: str
) -> str | None:
    event = frame.event_type
    sites = [item for item in near if item.role in {"event_site", "departure"} and item.country]
    if event in _RETURN or event is EventType.RELEASE_HANDOVER:
        return host
    if event is EventType.INTERDICTION:
        return sites[0].country if sites else home
    if event in {
        EventType.ARREST,
        EventType.VERDICT,
        EventType.PROSECUTION,
        EventType.SANCTION,
        EventType.INVESTIGATION,
    }:
        inside = [
            item
            for item in agencies
            if item.country and any(s.start <= item.start < s.end for s in frame.sentences)
        ]
        if sites:
            return sites[0].country
        if inside:
            return inside[0].country
        return host or home
    if event is EventType.COMPLAINT:
        embassy = any(
            re.search(r"kbri|kjri|kedutaan|embassy|mission", item.surface, re.IGNORECASE)
            for item in agencies
            if any(s.start <= item.start < s.end for s in frame.sentences[:3])
        )
        domestic = [item for item in sites if item.country == home]
        return home if domestic and not embassy else host
    foreign = [item for item in sites if item.country != home]
    return foreign[0].country if foreign else host or (sites[0].country if sites else None)


def _near(frame: Frame, items: Iterable[Mention], sentences: Sequence[Sentence]) -> list[Mention]:
    """Return the mentions in the sentences of the frame, nearest sentences first."""
    spans = [(item.start, item.end) for item in frame.sentences]
    return [item for item in items if any(start <= item.start < end for start, end in spans)]


def _choose_place(
    frame: Frame, places: Sequence[Mention], near: Sequence[Mention], country: str | None
) -> Mention | None:
    """Return the most specific place of the event in its country."""
    wanted = {
        "event_site": 0,
        "destination": 1,
        "shelter": 3,
        "crossing": 3,
        "intended_destination": 2,
        "departure": 2,
    }
    pool = [item for item in near if item.country == country] or (
        [item for item in places if item.country == country] if frame.is_main else []
    )
    pool = [item for item in pool if item.role in wanted]
    if not pool:
        return None

    def key(item: Mention) -> tuple[int, int, int]:
        precision = int(item.geo_precision.value) if item.geo_precision else 9
        return (precision if precision <= 4 else 8, wanted[item.role or ""], item.start)

    return min(pool, key=key)


def _frame_dates(
    frame: Frame, sentences: Sequence[Sentence], article: Article
) -> tuple[dt.date | None, dt.date | None, DatePrecision, DateBasis]:
    """Return when the event happened, how exactly we know, and from what."""
    reference = article.reference_date
    anchor = _anchor(frame)
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
    if chosen is None or chosen.bound in {"until"}:
        chosen = _search_date(frame, sentences) or chosen
    if chosen is not None:
        return chosen.date_start, chosen.date_end, chosen.precision, chosen.basis
    if article.published_date is None:
        return None, None, DatePrecision.UNKNOWN, DateBasis.PUBLICATION_UPPER_BOUND
    return reference, reference, DatePrecision.WITHIN_WEEK, DateBasis.PUBLICATION_UPPER_BOUND


def _search_date(frame: Frame, sentences: Sequence[Sentence]) -> DateExpression | None:
    """Look for the event's date in the sentences that speak of the same kind of event, then close by."""
    if not frame.is_main:
        return None
    alike = [
        item for item in sentences
        if any(cue.event_type is not None and _same_action(cue.event_type, frame.event_type) and not cue.is_denied for cue in item.cues)
    ]  # fmt: skip
    near = [
        item for item in sentences if 0 <= item.index - frame.sentence.index <= 2 or item.is_lead
    ]
    for pool in (alike[:5], near):
        days = [day for item in pool for day in item.dates
                if not day.is_statement_day and day.bound in {"on", "since"} and day.days <= 14]  # fmt: skip
        if days:
            return days[0]
    return None


def _anchor(frame: Frame) -> Claim | None:
    """Return the claim that gives the event its size: in the headline before the lead, exact before vague."""
    roles = HEADLINE_ROLE[frame.event_type]
    if not roles:
        return None

    def key(claim: Claim) -> tuple[bool, bool, bool, int, int]:
        fits = claim.role in roles
        title = claim.start < frame.sentence.end and frame.sentence.is_title
        return (fits, claim.best is not None, title, -(claim.subset_of is not None), -claim.start)

    candidates = [claim for claim in frame.claims if claim.role in roles]
    if not candidates:
        own = [
            claim
            for claim in frame.claims
            if claim in frame.claims[:1] and claim.role is not CountRole.REMAINING
        ]
        candidates = own
    return max(candidates, key=key) if candidates else None


def _report(
    article: Article, frame: Frame, frames: Sequence[Frame], sentences: Sequence[Sentence], places: Sequence[Mention],
    agencies: Sequence[Mention], mentions: Sequence[Mention], host: str | None, home: str,
) -> Report | None:  # fmt: skip
    near = _near(frame, places, sentences)
    local_host = _local_host(frame, near, host, home)
    country = _event_country(frame, near, agencies, local_host, home)
    place = _choose_place(frame, places, near, country)
    first, last, precision, basis = _frame_dates(frame, sentences, article)
    anchor = _anchor(frame)
    roles = HEADLINE_ROLE[frame.event_type]
    claims = tuple(
        claim.model_copy(update={"is_headline": True, "role": _headline_role(frame, claim)})
        if anchor is not None and claim.claim_id == anchor.claim_id
        else claim
        for claim in _unique(frame.claims)
    )
    headline = next((claim for claim in claims if claim.is_headline), None)
    evidence = _evidence(article, frame, anchor)
    confidence = min(
        1.0,
        0.45 + 0.2 * frame.is_main + 0.1 * (basis is not DateBasis.PUBLICATION_UPPER_BOUND)
        + 0.15 * (headline is not None and headline.best is not None) + 0.1 * (place is not None),
    )  # fmt: skip
    text = " ".join(item.text for item in frame.sentences)
    return Report(
        report_id=make_id(
            "report",
            article.article_id,
            frame.event_type,
            anchor.start if anchor else frame.sentence.start,
        ),
        article_id=article.article_id,
        event_type=frame.event_type,
        salience="main" if frame.is_main else "background",
        is_planned=bool(
            frame.cue
            and frame.cue.is_planned
            and (first is None or first >= article.reference_date)
        ),
        date_start=first,
        date_end=last,
        date_precision=precision,
        date_basis=basis,
        event_country=country,
        destination_country=local_host,
        place_id=place.canonical_id if place else None,
        place_name=place.canonical_name if place else None,
        admin1=place.admin1 if place else None,
        lat=place.lat if place else None,
        lon=place.lon if place else None,
        geo_precision=(
            place.geo_precision
            if place and place.geo_precision
            else GeoPrecision.COUNTRY
            if country
            else GeoPrecision.UNKNOWN
        ),
        scam_types=_scam_types(mentions),
        nationalities=tuple(sorted({claim.nationality for claim in claims if claim.nationality})),
        legal_stage=_legal_stage(frame.event_type),
        headline_role=headline.role if headline else (roles[0] if roles and claims else None),
        count_low=headline.low if headline else None,
        count_best=headline.best if headline else None,
        count_high=headline.high if headline else None,
        is_cumulative=bool(headline and headline.is_cumulative),
        claims=claims,
        places=_report_places(frame, places, near),
        agencies=_report_agencies(frame, agencies),
        sightings=_sightings(mentions) if frame is frames[0] else (),
        keys=tuple(
            sorted({match[0].replace(" ", "").replace("-", "") for match in _FLIGHT.finditer(text)})
        ),
        summary=frame.sentence.text
        if not frame.sentence.is_title or len(sentences) < 2
        else sentences[1].text,
        evidence=evidence,
        confidence=round(confidence, 3),
        source_id=article.source_id,
        owner=article.owner or article.outlet,
        outlet=article.outlet,
        language=article.language,
        copy_group_id=article.copy_group_id,
        published_at=article.published_at,
        published_date=article.published_date,
        extractor_version=VERSION,
    )


def _headline_role(frame: Frame, claim: Claim) -> CountRole:
    roles = HEADLINE_ROLE[frame.event_type]
    return claim.role if not roles or claim.role in roles else roles[0]


def _unique(claims: Sequence[Claim]) -> list[Claim]:
    return list({claim.claim_id: claim for claim in claims}.values())


def _local_host(frame: Frame, near: Sequence[Mention], host: str | None, home: str) -> str | None:
    """Return the host country as the event's own sentence gives it, else the article's."""
    counts: dict[str, int] = defaultdict(int)
    for item in near:
        if (
            item.country
            and item.country != home
            and item.role in {"destination", "event_site", "intended_destination", "mention"}
            and item.country in _HOSTS
        ):
            counts[item.country] += 2 if item.role != "mention" else 1
    if frame.is_main and host is not None:
        return host
    return max(sorted(counts), key=lambda code: counts[code]) if counts else host


def _evidence(article: Article, frame: Frame, anchor: Claim | None) -> tuple[Span, ...]:
    spans = [(frame.sentence.start, frame.sentence.end)]
    if frame.cue is not None:
        spans.append((frame.cue.start, frame.cue.end))
    if frame.date is not None:
        spans.append((frame.date.start, frame.date.end))
    if anchor is not None:
        spans.append((anchor.start, anchor.end))
    return tuple(
        Span(start=start, end=end, surface=article.text[start:end])
        for start, end in dict.fromkeys(spans)
    )


def _scam_types(mentions: Sequence[Mention]) -> tuple[ScamType, ...]:
    found = {
        item.canonical_id
        for item in mentions
        if item.kind is MentionKind.SCAM_TYPE and item.canonical_id
    }
    kinds = [kind for kind in ScamType if kind.value in found]
    return tuple(kinds) or (ScamType.UNKNOWN,)


def _legal_stage(event: EventType) -> str:
    return {
        EventType.INVESTIGATION: "investigation", EventType.ARREST: "arrest", EventType.PROSECUTION: "charged",
        EventType.VERDICT: "verdict", EventType.COMPLAINT: "report",
    }.get(event, "none")  # fmt: skip


def _report_places(
    frame: Frame, places: Sequence[Mention], near: Sequence[Mention]
) -> tuple[ReportPlace, ...]:
    pool = list(places) if frame.is_main else list(near)
    rows: dict[tuple[str, str], ReportPlace] = {}
    for item in pool:
        if item.role in {None, "agency_seat", "dateline", "mention"} or item.canonical_id is None:
            continue
        key = (item.canonical_id, item.role or "")
        if key not in rows:
            rows[key] = ReportPlace(
                place_id=item.canonical_id, name=item.canonical_name or item.surface, role=PlaceRole(item.role),
                country=item.country, admin1=item.admin1, lat=item.lat, lon=item.lon,
                geo_precision=item.geo_precision or GeoPrecision.UNKNOWN, start=item.start, end=item.end,
            )  # fmt: skip
    return tuple(rows.values())


def _report_agencies(frame: Frame, agencies: Sequence[Mention]) -> tuple[ReportAgency, ...]:
    spans = [(item.start, item.end) for item in frame.sentences]
    pool = (
        agencies
        if frame.is_main
        else [item for item in agencies if any(s <= item.start < e for s, e in spans)]
    )
    rows: dict[str, ReportAgency] = {}
    for item in pool:
        assert item.canonical_id is not None
        if item.canonical_id not in rows:
            role = (
                AgencyRole(item.role)
                if item.role in {member.value for member in AgencyRole}
                else AgencyRole.MENTIONED
            )
            rows[item.canonical_id] = ReportAgency(
                agency_id=item.canonical_id, name=item.canonical_name or item.surface, role=role, start=item.start, end=item.end
            )  # fmt: skip
    return tuple(rows.values())


_SIGHTING = {
    MentionKind.CHANNEL: "channel",
    MentionKind.OFFERED_JOB: "promised_job",
    MentionKind.CONTROL_MEANS: "control_means",
}
_RANSOM = re.compile(r"tebusan|ransom", re.IGNORECASE)


def _sightings(mentions: Sequence[Mention]) -> tuple[Sighting, ...]:
    rows: dict[tuple[str, str], Sighting] = {}
    for item in mentions:
        kind = _SIGHTING.get(item.kind)
        if item.kind is MentionKind.MONEY and item.role in {"promised_pay", "ransom"}:
            kind = item.role
        if kind is None:
            continue
        value = item.canonical_id or item.surface
        if (kind, value) not in rows:
            rows[(kind, value)] = Sighting(
                kind=kind, value=value, start=item.start, end=item.end, surface=item.surface
            )  # type: ignore[arg-type]
    return tuple(rows.values())
