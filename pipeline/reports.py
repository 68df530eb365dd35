"""Read what one article says of each event: what, when, where, who, how many.

    Article, Relevance, [Mention], [Claim] -> [Report]

An article may tell of several events. Its headline and lead name the main ones; figures with a date and
a verb of their own further down are background reports, which later link to the incident they belong to.
Running totals over long periods and figures without an event are left to ``statistics``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from pipeline import background, event_dates, segments, whereabouts
from pipeline import claims as claims_of
from pipeline import frames as events
from pipeline.acts import ACTION, ROUNDING, SLACK, Frame, inside, names_nation, same_action
from pipeline.drafts import governing_cue
from pipeline.protocols import Judge
from pipeline.records import (
    AgencyRole,
    Article,
    Claim,
    CountRole,
    DateBasis,
    EventType,
    GeoPrecision,
    Mention,
    MentionKind,
    PlaceRole,
    Relation,
    Relevance,
    Report,
    ReportAgency,
    ReportPlace,
    ScamType,
    Sighting,
    Span,
    Statistic,
    StatisticCategory,
    make_id,
)
from pipeline.segments import Sentence
from pipeline.traits import Candidate

EXTRACTOR = "rules.reports"
VERSION = "1"
# Which role an event's headline figure has, by the codebook; further roles may lend the figure.
HEADLINE_ROLE: dict[EventType, tuple[CountRole, ...]] = {
    EventType.RESCUE: (CountRole.RESCUED, CountRole.VICTIM),
    EventType.RELEASE_HANDOVER: (CountRole.RELEASED, CountRole.RESCUED, CountRole.VICTIM),
    EventType.ESCAPE: (CountRole.ESCAPED,),
    EventType.UNREST: (CountRole.ESCAPED, CountRole.VICTIM, CountRole.DETAINED, CountRole.ARRESTED),
    EventType.RAID: (CountRole.ARRESTED, CountRole.DETAINED, CountRole.SUSPECT, CountRole.RESCUED),
    EventType.ARREST: (CountRole.ARRESTED, CountRole.SUSPECT),
    EventType.DETENTION: (CountRole.DETAINED, CountRole.VICTIM, CountRole.ARRESTED),
    EventType.REPATRIATION: (CountRole.REPATRIATED, CountRole.RELEASED, CountRole.RESCUED),
    EventType.DEPORTATION: (CountRole.DEPORTED,),
    EventType.INTERDICTION: (CountRole.INTERDICTED, CountRole.VICTIM),
    EventType.COMPLAINT: (CountRole.COMPLAINANT, CountRole.VICTIM),
    EventType.DEATH: (CountRole.DEAD,),
    EventType.INVESTIGATION: (CountRole.VICTIM, CountRole.SUSPECT),
    EventType.PROSECUTION: (CountRole.SUSPECT,),
    EventType.VERDICT: (CountRole.CONVICTED,),
    EventType.SANCTION: (),
    EventType.POLICY: (),
    EventType.OTHER: (CountRole.VICTIM,),
}
# Events whose figure keeps the role of a victim where the text speaks of victims alone.
_VICTIMS_STAY = frozenset({EventType.DETENTION, EventType.COMPLAINT})
# "Ratusan WNI datang, total 3.120 orang": so near, in characters, the exact figure is the headline's own.
_SAME_LINE = 60
# From this probability on a figure that the rules placed nowhere is an event; chosen by cross-validation over the
# writers of the training sets (models/judgement/CARD.md).
EVENT_FROM = 0.4
_FLIGHT = re.compile(r"\b(?:[A-Z]{2}|[A-Z]\d|\d[A-Z])[- ]?\d{2,4}\b")


# A total over more days than this is a statistic and no event of its own, unless police count their catch.
_LONGEST_EVENT = dt.timedelta(days=45)
# A first estimate and what it is corrected to lie so near each other; batches rarely do on one day.
_REVISED = 1.25
# From this size on two figures of one text that are equal are the same.
_LEAST_RETOLD = 20


def read(
    article: Article,
    relevance: Relevance,
    mentions: Sequence[Mention],
    claims: Sequence[Claim],
    statistics: Sequence[Statistic] = (),
) -> list[Report]:
    """Return the reports of one article; none when it is not relevant or tells of no event.

    A figure that is one of the article's ``statistics`` is never the headline figure of an event, but for
    those of a campaign, which is told by its running total.
    """
    if not relevance.relevant:
        return []
    sentences = segments.read(article)
    places = [item for item in mentions if item.kind is MentionKind.PLACE and item.canonical_id]
    agencies = [item for item in mentions if item.kind is MentionKind.AGENCY and item.canonical_id]
    totals = [item for item in statistics if _is_long_total(item)]
    listed = {
        claim.claim_id for item in sentences[1:] for claim in background.in_list(item, claims)
    }
    told = [item for item in claims if item.claim_id in listed or not _is_among(item, totals)]
    frames = [
        frame
        for frame in events.read(article, sentences, told, places)
        if frame.claims or not _counts_total(frame, totals)
    ]
    return [
        _report(article, frame, frames, sentences, places, agencies, mentions) for frame in frames
    ]


def look_again(
    article: Article,
    mentions: Sequence[Mention],
    claims: Sequence[Claim],
    found: Sequence[Report],
    candidates: Sequence[Candidate],
    judge: Judge,
) -> list[Report]:
    """Return the reports with those of events that the rules passed over and the judge sees in a figure.

    What the rules found stays; a figure that was a detail of it and is an event of its own leaves it. Whom the
    figure counts follows from what happened to them (codebook, section 3); no such report is surer than the judge.
    """
    headed = {report.count_best or report.count_low for report in found}
    asked = [item for item in candidates if item.may_be_persons and item.value not in headed]
    told = judge.judge("event", [item.traits for item in asked])
    sure = {item.value: answer["yes"] for item, answer in zip(asked, told, strict=True)}
    seen = [item for item in asked if sure[item.value] > EVENT_FROM]
    kinds = judge.judge("event_type", [item.traits for item in seen])
    sentences = segments.read(article)
    places = [item for item in mentions if item.kind is MentionKind.PLACE and item.canonical_id]
    agencies = [item for item in mentions if item.kind is MentionKind.AGENCY and item.canonical_id]
    judged = [
        (_frame(article, item, event, sentences, claims, mentions), sure[item.value])
        for item, answer in zip(seen, kinds, strict=True)
        if HEADLINE_ROLE[event := EventType(max(answer, key=answer.__getitem__))]
    ]
    frames = [frame for frame, _ in judged]
    added = []
    for frame, probability in judged:
        report = _report(article, frame, frames, sentences, places, agencies, mentions)
        if not any(_tells_again(report, other) for other in found):
            confidence = round(min(report.confidence, probability), 3)
            added.append(report.model_copy(update={"confidence": confidence, "sightings": ()}))
    own = {claim.claim_id for report in added for claim in report.claims}
    left = [
        report.model_copy(
            update={"claims": tuple(item for item in report.claims if item.is_headline or item.claim_id not in own)}
        )
        for report in found
    ]  # fmt: skip
    return left + added


def _tells_again(new: Report, known: Report) -> bool:
    """Whether a figure that the rules gave to an event is another figure of that very event: "36, not 40"."""
    own = {claim.claim_id for claim in new.claims} & {claim.claim_id for claim in known.claims}
    sizes = new.count_best or new.count_low or 0, known.count_best or known.count_low or 0
    near = max(sizes) <= _REVISED * min(sizes)
    if not own or not near or not same_action(new.event_type, known.event_type):
        return False
    if new.date_basis is DateBasis.PUBLICATION_UPPER_BOUND:
        return True
    first, last = known.date_start, known.date_end or known.date_start
    if new.date_start is None or first is None or last is None:
        return True
    return first - SLACK <= new.date_start <= last + SLACK


def _frame(
    article: Article, candidate: Candidate, event: EventType, sentences: Sequence[Sentence],
    claims: Sequence[Claim], mentions: Sequence[Mention],
) -> Frame:  # fmt: skip
    """Return the event that a figure tells of: where the text dates it, else where it first stands in the body."""
    told = [place for place in candidate.places if place[1].may_be_persons]
    sentence, quantity = min(
        told,
        key=lambda place: (
            place[0].is_title,
            all(day.is_statement_day for day in place[0].dates),
            place[0].index,
        ),
    )
    roles = HEADLINE_ROLE[event]
    claim = next((item for item in claims if item.start <= quantity.start < item.end), None)
    if claim is None:
        claim = claims_of.counted(article, sentence, quantity, roles[0], mentions)
    role = claim.role if claim.role in roles else roles[0]
    claim = claim.model_copy(update={"role": role, "subset_of": None})
    cue = governing_cue(sentence, quantity.start, max(quantity.end, quantity.noun_end))
    date = event_dates.own_date(claim, cue, sentence, sentences, article)
    opens = any(place[0].index <= 1 for place in told)
    return Frame(event, sentence, cue, [claim], [], [sentence], is_main=opens, date=date)


def _is_long_total(statistic: Statistic) -> bool:
    if statistic.category is StatisticCategory.ARRESTS:
        return False
    first, last = statistic.period_start, statistic.period_end
    return first is None or last is None or last - first > _LONGEST_EVENT


def _is_among(claim: Claim, totals: Sequence[Statistic]) -> bool:
    """Whether a figure is one of the totals, or tells one of them again as the headline does."""
    size = claim.best or 0
    return any(
        claim.start == total.start or (size == total.value and size >= _LEAST_RETOLD)
        for total in totals
    )


def _counts_total(frame: Frame, totals: Sequence[Statistic]) -> bool:
    """Whether the sentence of an event without a figure of its own gives one of the totals."""
    return any(
        item.best == total.value and (item.best or 0) >= _LEAST_RETOLD
        for item in frame.sentence.quantities
        for total in totals
    )


def _anchor(frame: Frame) -> Claim | None:
    """Return the claim that gives the event its size: in the headline before the body, exact before vague."""
    roles = HEADLINE_ROLE[frame.event_type]
    if not roles:
        return None
    fitting = [claim for claim in frame.claims if claim.role in roles]
    if not frame.claims and frame.is_main:
        fitting = [item for item in frame.details if item.role in roles and item.subset_of is None]
    fitting = fitting or [
        claim for claim in frame.claims[:1] if claim.role is not CountRole.REMAINING
    ]
    if not fitting:
        return None

    def key(claim: Claim) -> tuple[bool, bool, bool, bool, bool, bool, bool, int]:
        title = claim.start < frame.sentence.end and frame.sentence.is_title
        return (
            claim.best is not None,
            claim.sex is None,
            title or not claim.is_planned or frame.is_planned,
            title,
            claim.role in roles and claim.start < frame.sentence.end,
            claim.role is roles[0],
            claim.subset_of is None or _is_own_share(claim, frame),
            -claim.start,
        )

    best = max(fitting, key=key)
    if best.subset_of is not None and _is_own_share(best, frame):
        return best
    told = [claim for claim in (*fitting, *frame.details) if claim.role in roles]
    return _more_exactly(min(fitting, key=lambda claim: claim.start), best, told)


def _is_own_share(claim: Claim, frame: Frame) -> bool:
    """Whether a headline opens with one nation's share of those found: "58 rakyat Malaysia antara 2,655"."""
    return frame.sentence.is_title and names_nation(claim, frame.sentence)


def _more_exactly(opening: Claim, best: Claim, claims: Sequence[Claim]) -> Claim:
    """Return the body figure that a vague or rounded headline stands for: "over 1,000" is 1,049 below."""
    said_exactly = best.best is not None and best.start - opening.end < _SAME_LINE
    if opening.best is None and opening.low and opening.high and not said_exactly:
        within = [
            claim for claim in sorted(claims, key=lambda item: (item.relation is not Relation.EQUAL, item.start))
            if claim.best is not None and opening.low <= claim.best <= opening.high
            and opening.nationality in {None, claim.nationality}
        ]  # fmt: skip
        return within[0] if within else best
    if best.best is not None and (
        best.relation is not Relation.EQUAL or best.best % (10 if best.is_cumulative else 100) == 0
    ):
        finer = [
            claim for claim in claims
            if claim.best is not None and best.best < claim.best <= best.best * ROUNDING
            and claim.relation is Relation.EQUAL
        ]  # fmt: skip
        return finer[0] if finer else best
    return best


def _report(
    article: Article, frame: Frame, frames: Sequence[Frame], sentences: Sequence[Sentence], places: Sequence[Mention],
    agencies: Sequence[Mention], mentions: Sequence[Mention],
) -> Report:  # fmt: skip
    country, place, host = whereabouts.find(article, frame, sentences, places, agencies)
    anchor = _anchor(frame)
    first, last, precision, basis = event_dates.decide(frame, anchor, sentences, article)
    roles = HEADLINE_ROLE[frame.event_type]
    claims = tuple(
        claim.model_copy(update={"is_headline": True, "role": _headline_role(frame, claim)})
        if anchor is not None and claim.claim_id == anchor.claim_id
        else claim
        for claim in _unique([*frame.claims, *frame.details])
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
        is_planned=frame.is_planned and (first is None or first >= article.reference_date),
        date_start=first,
        date_end=last,
        date_precision=precision,
        date_basis=basis,
        event_country=country,
        destination_country=host or (country if frame.event_type in ACTION else None),
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
        places=_report_places(frame, places),
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
    """Return what the counted persons are in this event: the saved are rescued, whatever the verb near by."""
    roles = HEADLINE_ROLE[frame.event_type]
    if claim.role is CountRole.VICTIM and frame.event_type in _VICTIMS_STAY:
        return claim.role
    if (
        claim.role is CountRole.VICTIM
        and frame.event_type is EventType.UNREST
        and not any(
            cue.event_type is EventType.ESCAPE for item in frame.sentences for cue in item.cues
        )
    ):
        return claim.role  # they rioted and stayed where they were held
    return roles[0]


def _unique(claims: Sequence[Claim]) -> list[Claim]:
    return list({claim.claim_id: claim for claim in claims}.values())


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


def _report_places(frame: Frame, places: Sequence[Mention]) -> tuple[ReportPlace, ...]:
    pool = places if frame.is_main else inside(places, frame.sentences)
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
    pool = agencies if frame.is_main else inside(agencies, frame.sentences)
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
            )
    return tuple(rows.values())
