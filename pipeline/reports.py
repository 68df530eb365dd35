"""Read what one article says of each event: what, when, where, who, how many.

    Article, Relevance, [Mention], [Claim] -> [Report]

An article may tell of several events. Its headline and lead name the main ones; figures with a date and
a verb of their own further down are background reports, which later link to the incident they belong to.
Running totals over long periods and figures without an event are left to ``statistics``.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from pipeline import frames as events
from pipeline import numbers, segments
from pipeline.dates import DateExpression
from pipeline.frames import Frame
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
    Relation,
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

# Which role an event's headline figure has, by the codebook; further roles may lend the figure.
HEADLINE_ROLE: dict[EventType, tuple[CountRole, ...]] = {
    EventType.RESCUE: (CountRole.RESCUED, CountRole.VICTIM),
    EventType.RELEASE_HANDOVER: (CountRole.RELEASED, CountRole.RESCUED, CountRole.VICTIM),
    EventType.ESCAPE: (CountRole.ESCAPED,),
    EventType.UNREST: (CountRole.ESCAPED, CountRole.DETAINED, CountRole.ARRESTED),
    EventType.RAID: (CountRole.ARRESTED, CountRole.DETAINED, CountRole.SUSPECT, CountRole.RESCUED),
    EventType.ARREST: (CountRole.ARRESTED, CountRole.SUSPECT),
    EventType.DETENTION: (CountRole.DETAINED, CountRole.VICTIM),
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
# A headline rounds: a body figure up to this much larger says the same more exactly.
_ROUNDING = 1.12
# Countries that people are taken to; where an article names several, these are asked first.
_HOSTS = ("KHM", "MMR", "LAO", "PHL", "THA", "VNM", "TLS", "MYS", "ARE")
# Agencies that send people out of the country.
_HOST_AGENCY = frozenset({"law_enforcement", "host_authority", "actor", "mentioned"})
# Roles in which a country that sends and holds people is the holder.
_HOST_ROLES = frozenset({"event_site", "destination"})
_SITE_ROLES = (PlaceRole.EVENT_SITE, PlaceRole.DESTINATION)
_HOME = {"id": "IDN", "ms": "MYS"}
# In English the people of an article show its home; the first that is named counts.
_PEOPLE_OF = {
    "IDN": re.compile(r"\bIndonesians?\b"),
    "MYS": re.compile(r"\bMalaysians?\b"),
    "PHL": re.compile(r"\bFilipin[oa]s?\b"),
}
# In these people leave a country; others that are named receive them.
_LEFT_BEHIND = frozenset(
    {EventType.RELEASE_HANDOVER, EventType.REPATRIATION, EventType.DEPORTATION, EventType.ESCAPE}
)
_COURT_EVENTS = frozenset({EventType.VERDICT, EventType.PROSECUTION})
# "Thailand deports 112 foreigners", "Kamboja usir 70 WNI": who stands right before the verb acts.
_SUBJECT_REACH = 30
_TALKS_REACH = 90
_METONYM_REACH = 1

_FLIGHT = re.compile(r"\b(?:[A-Z]{2}|[A-Z]\d|\d[A-Z])[- ]?\d{2,4}\b")


def read(
    article: Article, relevance: Relevance, mentions: Sequence[Mention], claims: Sequence[Claim]
) -> list[Report]:
    """Return the reports of one article; none when it is not relevant or tells of no event."""
    if not relevance.relevant:
        return []
    sentences = segments.read(article)
    places = [item for item in mentions if item.kind is MentionKind.PLACE and item.canonical_id]
    agencies = [item for item in mentions if item.kind is MentionKind.AGENCY and item.canonical_id]
    frames = events.read(article, sentences, claims, places)
    home = _home(article)
    host = _host_country(article, sentences, places, home)
    reports = []
    for frame in frames:
        report = _report(article, frame, frames, sentences, places, agencies, mentions, host, home)
        if report is not None:
            reports.append(report)
    return reports


def _home(article: Article) -> str:
    """Return the country that the article looks out from: by its language, in English whose people it counts."""
    if article.language in _HOME:
        return _HOME[article.language]
    counted = [name for name, pattern in _PEOPLE_OF.items() if pattern.search(article.text)]
    if article.country in counted:
        return article.country or "IDN"
    if counted:
        return counted[0]
    return article.country if article.country in _PEOPLE_OF else "IDN"


# --- where, when, who ------------------------------------------------------------------------------


def _host_country(
    article: Article, sentences: Sequence[Sentence], places: Sequence[Mention], home: str
) -> str | None:
    """Return the country where people are held or were to be sent."""
    scores: dict[str, float] = defaultdict(float)
    title_end = len(article.title)
    lead_end = sentences[min(3, len(sentences) - 1)].end if sentences else 0
    for item in places:
        at_home = item.country == home
        if item.country is None or (
            at_home and (home not in _HOSTS or item.role not in _HOST_ROLES)
        ):
            continue
        weight = 3.0 if item.start < title_end else 2.0 if item.start < lead_end else 1.0
        weight *= {
            "destination": 2.0, "event_site": 2.0, "intended_destination": 2.0, "agency_seat": 0.4, "transit": 0.2,
            "arrival": 0.2, "origin": 0.05, "dateline": 0.3, "recruitment": 0.1, "target_market": 0.1, "crossing": 0.4,
        }.get(item.role or "", 1.0)  # fmt: skip
        if item.country in _HOSTS:
            weight *= 1.5
        scores[item.country] += weight
    hosts = sorted(code for code in scores if code in _HOSTS) or sorted(scores)
    return max(hosts, key=lambda code: scores[code], default=None)


def _event_country(
    frame: Frame, near: Sequence[Mention], agencies: Sequence[Mention], host: str | None, home: str, title: str, lead_end: int
) -> str | None:  # fmt: skip
    event = frame.event_type
    sites = [item for item in near if item.role in {"event_site", "departure"} and item.country]
    inside = [
        item
        for item in agencies
        if item.country and any(s.start <= item.start < s.end for s in frame.sentences)
    ]
    if frame.is_main and not inside:
        inside = [item for item in agencies if item.country and item.start <= lead_end]
    if event is EventType.DEPORTATION:
        actor = _subject_country(frame, near, home)
        if actor is not None:
            return actor
        hosts = [item for item in inside if item.country != home and item.role in _HOST_AGENCY]
        return hosts[0].country if hosts else host
    if event in events.RETURN or event is EventType.RELEASE_HANDOVER:
        return host
    if event is EventType.POLICY:
        return _policy_country(frame, near) or host
    if event is EventType.INTERDICTION:
        return sites[0].country if sites else home
    if event in {
        EventType.ARREST,
        EventType.VERDICT,
        EventType.PROSECUTION,
        EventType.SANCTION,
        EventType.INVESTIGATION,
    }:
        named = _authority_of(frame, title if frame.is_main else "")
        if named is not None:
            return named
        police = [item for item in inside if item.role in {"law_enforcement", "court"}]
        if police:
            return police[0].country
        at_home = [item for item in near if item.country == home and item.role in _ACTS_HERE]
        if at_home and event in _COURT_EVENTS:
            return home
        if _own_authority(frame, home):
            return home
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
        asked_here = any(
            item.country == home and _HOME_DESK.search(item.surface) for item in inside
        ) or (not inside and _own_authority(frame, home))
        return home if (domestic or asked_here) and not embassy else host
    if event is EventType.DETENTION and not frame.is_main:
        held = [
            item for item in near
            if item.role in {"event_site", "shelter", "mention", "transit", "arrival"} and item.country not in {None, home}
            and item.geo_precision is not GeoPrecision.COUNTRY
        ]  # fmt: skip
        if held:
            return held[0].country
    if host is None and not sites and _own_authority(frame, home):
        return home
    foreign = [item for item in sites if item.country != home]
    if sites and not foreign and sites[0].role == "event_site" and event in events.ACTION:
        return home
    return foreign[0].country if foreign else host or (sites[0].country if sites else None)


# Places of a court report that show where the court sits.
_ACTS_HERE = frozenset({"mention", "event_site", "agency_seat", "dateline"})
# Where families and victims turn at home.
_HOME_DESK = re.compile(
    r"\b(?:bp[23]mi|polda|polres\w*|polsek|polisi|polis|bareskrim|disnaker\w*|dprd|dinas|nbi|pnp|police)\b",
    re.IGNORECASE,
)
# Police and courts named without a country are those of the paper's own.
_AUTHORITY = re.compile(
    r"\b(?:polis|polisi|penyidik|reskrim|bareskrim|polda|polres\w*|jaksa|kejaksaan|hakim|mahkamah|pengadilan|imigresen|bukit aman)\b(?!\s(?:\w+\s)?(?:kamboja|kemboja|myanmar|laos|thailand|vietnam|filipina|china|setempat|tempatan))",
    re.IGNORECASE,
)


def _own_authority(frame: Frame, home: str) -> bool:
    """Whether the event's own sentence has police or a court act that need no country: those at home."""
    if home not in _HOME.values():
        return False
    return frame.is_main and any(_AUTHORITY.search(item.text) for item in frame.sentences[:2])


@functools.cache
def _authority_words() -> tuple[re.Pattern[str], dict[str, str]]:
    people, countries = numbers.demonyms()

    def any_of(names: Iterable[str]) -> str:
        return "|".join(sorted(map(re.escape, names), key=len, reverse=True))

    return re.compile(
        rf"\b(?P<people>{any_of(people)})\s(?:court|judges?|prosecutors?|police|authorities|tribunal|officials|investigators)\b"
        rf"|\b(?:court|police|prosecutors|authorities|pengadilan|mahkamah|polisi|polis|kepolisian|otoritas|jaksa|kejaksaan|hakim|aparat)\s(?:in\s|of\s|di\s)?(?P<country>{any_of(countries)})\b",
        re.IGNORECASE,
    ), {**people, **countries}


def _authority_of(frame: Frame, title: str) -> str | None:
    """Return the country of the police or court that the event's sentences name with it: "Vietnamese court"."""
    pattern, codes = _authority_words()
    texts = [*(item.text for item in frame.sentences[:3]), title]
    match = next((found for text in texts if (found := pattern.search(text))), None)
    return codes[(match["people"] or match["country"]).casefold()] if match is not None else None


def _subject_country(frame: Frame, near: Sequence[Mention], home: str) -> str | None:
    """Return the country that is named right before the verb as the one that acts."""
    for cue in (item for sentence in frame.sentences for item in sentence.cues):
        if cue.event_type is not frame.event_type or cue.side != "after":
            continue
        for item in near:
            if (
                item.geo_precision is GeoPrecision.COUNTRY
                and 0 <= cue.start - item.end <= _SUBJECT_REACH
                and item.country != home
            ):
                return item.country
    return None


def _policy_country(frame: Frame, near: Sequence[Mention]) -> str | None:
    """Return where a visit or talks took place, or which country took the measure."""
    cue = frame.cue
    if cue is None:
        return None
    behind = [
        item for item in near
        if item.role in {"event_site", "mention", "destination"} and item.geo_precision is not GeoPrecision.COUNTRY
        and frame.sentence.start <= item.start < frame.sentence.end and 0 <= item.start - cue.end <= _TALKS_REACH
    ]  # fmt: skip
    acting = [
        item for item in near
        if (item.geo_precision is GeoPrecision.COUNTRY and 0 <= cue.start - item.end <= _SUBJECT_REACH)
        or 0 <= cue.start - item.end <= _METONYM_REACH  # "Jakarta sets up ..."
    ]  # fmt: skip
    first = next(iter(acting if cue.side == "before" and acting else behind), None)
    return first.country if first is not None else None


def _sanctioner(
    article: Article, sentences: Sequence[Sentence], places: Sequence[Mention], agencies: Sequence[Mention], host: str | None
) -> str | None:  # fmt: skip
    """Return the state that imposes a sanction: that of the first authority or capital named in the lead."""
    lead_end = sentences[min(3, len(sentences) - 1)].end
    acting = [
        item
        for item in agencies
        if item.start < lead_end and item.country and item.country not in _HOSTS and item.role != "armed_group_in_control"
    ]  # fmt: skip
    named = [
        item
        for item in places
        if item.start < lead_end and item.country and item.country not in _HOSTS and item.country != host
    ]  # fmt: skip
    first = min([*acting, *named], key=lambda item: item.start, default=None)
    said = _country_named(article.text[:lead_end])
    if said is not None and (first is None or said[0] < first.start):
        return said[1]
    return first.country if first is not None else None


@functools.cache
def _country_names() -> tuple[re.Pattern[str], dict[str, str]]:
    people, countries = numbers.demonyms()
    codes = {name: code for name, code in (people | countries).items() if code not in _HOSTS}
    words = "|".join(sorted(map(re.escape, codes), key=len, reverse=True))
    return re.compile(rf"\b(?:{words})\b|\bUS\b|\bUK\b|\bEU\b|\bAS\b", re.IGNORECASE), codes


def _country_named(text: str) -> tuple[int, str] | None:
    """Return where a state that hosts no compounds is first named, and its code."""
    pattern, codes = _country_names()
    for match in pattern.finditer(text):
        code = {"us": "USA", "as": "USA", "uk": "GBR"}.get(
            match[0].lower(), codes.get(match[0].casefold())
        )
        if code is not None and (len(match[0]) > 2 or match[0].isupper()):
            return match.start(), code
    return None


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
    if frame.event_type is EventType.COMPLAINT:
        # where they ask for help, not where they had been kept
        pool = [
            item
            for item in pool
            if item.role in {"event_site", "shelter"} or _behind_cue(frame, item)
        ]
    if not pool:
        return None
    if not frame.is_main:
        pool = [item for item in pool if item.canonical_id in frame.sites] or pool

    def key(item: Mention) -> tuple[int, int, int]:
        precision = int(item.geo_precision.value) if item.geo_precision else 9
        return (precision if precision <= 4 else 8, wanted[item.role or ""], item.start)

    return min(pool, key=key)


def _behind_cue(frame: Frame, place: Mention) -> bool:
    """Whether a place stands right behind the word that tells the event: "1.260 pelapor di Phnom Penh"."""
    return any(
        cue.event_type is frame.event_type and 0 <= place.start - cue.end <= _SUBJECT_REACH
        for sentence in frame.sentences
        for cue in sentence.cues
    )


def _court_seat(
    frame: Frame, places: Sequence[Mention], agencies: Sequence[Mention], country: str | None
) -> Mention | None:
    """Return the seat of the court that judged: a judgment happens where the court sits."""
    courts = [item for item in agencies if item.role == "court" or _COURT.match(item.surface)]
    seats = [
        place
        for place in places
        if place.country == country and place.geo_precision is not GeoPrecision.COUNTRY
        and any(court.start <= place.start < court.end for court in courts)
    ]  # fmt: skip
    own = [item for item in seats if any(s.start <= item.start < s.end for s in frame.sentences)]
    return next(iter(own or seats), None)


_COURT = re.compile(r"(?:pengadilan|mahkamah|PN\b|PT\b)|.*\bcourt", re.IGNORECASE)


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
    vague = chosen is not None and chosen.days > 7 and not _planned_frame(frame)
    if chosen is None or chosen.bound == "until" or vague:
        chosen = _search_date(frame, sentences, reference) or chosen
    if chosen is not None:
        return chosen.date_start, chosen.date_end, chosen.precision, chosen.basis
    if article.published_date is None:
        return None, None, DatePrecision.UNKNOWN, DateBasis.PUBLICATION_UPPER_BOUND
    told = " ".join(item.text for item in frame.sentences)
    precision = DatePrecision.MONTH if _LATELY.search(told) else DatePrecision.WITHIN_WEEK
    return reference, reference, precision, DateBasis.PUBLICATION_UPPER_BOUND


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


def _planned_frame(frame: Frame) -> bool:
    return frame.cue is not None and frame.cue.is_planned


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
    latest = reference + dt.timedelta(days=45 if frame.cue and frame.cue.is_planned else 1)
    alike = [
        item for item in sentences
        if any(cue.event_type is not None and events.same_action(cue.event_type, frame.event_type)
               and not cue.is_denied and cue.is_planned <= _planned_frame(frame) for cue in item.cues)
    ]  # fmt: skip
    near = [
        item for item in sentences if 0 <= item.index - frame.sentence.index <= 2 or item.is_lead
    ]
    tally = sentences[:8] if frame.event_type is EventType.COMPLAINT else []
    for pool in (alike[:6], near, tally):
        days = [day for item in pool for day in item.dates
                if not day.is_statement_day and day.bound in {"on", "since"} and day.days <= 14 and day.date_start <= latest]  # fmt: skip
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
            title or not claim.is_planned or _planned_frame(frame),
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
    return frame.sentence.is_title and events.names_nation(claim, frame.sentence)


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
            if claim.best is not None and best.best < claim.best <= best.best * _ROUNDING
            and claim.relation is Relation.EQUAL
        ]  # fmt: skip
        return finer[0] if finer else best
    return best


def _report(
    article: Article, frame: Frame, frames: Sequence[Frame], sentences: Sequence[Sentence], places: Sequence[Mention],
    agencies: Sequence[Mention], mentions: Sequence[Mention], host: str | None, home: str,
) -> Report | None:  # fmt: skip
    near = _near(frame, places, sentences)
    local_host = _local_host(frame, near, host, home)
    country = _event_country(
        frame,
        near,
        agencies,
        local_host,
        home,
        article.title,
        sentences[min(1, len(sentences) - 1)].end,
    )
    if frame.event_type is EventType.SANCTION and frame.is_main:
        country = _sanctioner(article, sentences, places, agencies, host) or country
    place = _choose_place(frame, places, near, country)
    if place is None and frame.event_type in _COURT_EVENTS:
        place = _court_seat(frame, places, agencies, country)
    first, last, precision, basis = _frame_dates(frame, sentences, article)
    anchor = _anchor(frame)
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
        destination_country=local_host or (country if frame.event_type in events.ACTION else None),
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
    """Return what the counted persons are in this event: the saved are rescued, whatever the verb near by."""
    roles = HEADLINE_ROLE[frame.event_type]
    if claim.role is CountRole.VICTIM and frame.event_type in _VICTIMS_STAY:
        return claim.role
    return roles[0]


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
            if item.role == "mention" and frame.event_type in _LEFT_BEHIND:
                continue  # the state they were handed to, not the one they left
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
            )
    return tuple(rows.values())
