"""Decide where an event happened: its country and the finest place that the text gives it.

    Article, Frame, [Sentence], [Mention] -> Whereabouts

The country follows from the kind of event: a return leaves the country that held the people, a court
judges where it sits, a foiled departure is caught at home. The place is the most specific one in that
country.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipeline import numbers
from pipeline.acts import ACTION, RETURN, Frame, inside
from pipeline.records import Article, EventType, GeoPrecision, Mention
from pipeline.segments import Sentence

# Countries that people are taken to; where an article names several, these are asked first.
_HOSTS = ("KHM", "MMR", "LAO", "PHL", "THA", "VNM", "TLS", "MYS", "ARE")
# Agencies that send people out of the country.
_HOST_AGENCY = frozenset({"law_enforcement", "host_authority", "actor", "mentioned"})
# Roles in which a country that sends and holds people is the holder.
_HOST_ROLES = frozenset({"event_site", "destination"})
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


class Whereabouts(NamedTuple):
    """Where an event happened, and in which country the people were held or were to be sent."""

    country: str | None
    place: Mention | None
    host: str | None


def find(
    article: Article,
    frame: Frame,
    sentences: Sequence[Sentence],
    places: Sequence[Mention],
    agencies: Sequence[Mention],
) -> Whereabouts:
    """Return the country and place of one event of the article."""
    home = _home(article)
    general = _host_country(article, sentences, places, home)
    near = inside(places, frame.sentences)
    host = _local_host(frame, near, general, home)
    lead_end = sentences[min(1, len(sentences) - 1)].end
    country = _event_country(frame, near, agencies, host, home, article.title, lead_end)
    if frame.event_type is EventType.SANCTION and frame.is_main:
        country = _sanctioner(article, sentences, places, agencies, general) or country
    elif frame.event_type is EventType.SANCTION:
        said = _country_named(frame.sentence.text[: frame.cue.start - frame.sentence.start] if frame.cue else "")  # fmt: skip
        country = said[1] if said is not None else country
    place = _choose_place(frame, places, near, country)
    if place is None and frame.event_type in _COURT_EVENTS:
        place = _court_seat(frame, places, agencies, country)
    return Whereabouts(country, place, host)


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


def _event_country(
    frame: Frame, near: Sequence[Mention], agencies: Sequence[Mention], host: str | None, home: str, title: str, lead_end: int
) -> str | None:  # fmt: skip
    event = frame.event_type
    sites = [item for item in near if item.role in {"event_site", "departure"} and item.country]
    acting = [item for item in inside(agencies, frame.sentences) if item.country]
    if frame.is_main and not acting:
        acting = [item for item in agencies if item.country and item.start <= lead_end]
    if event is EventType.DEPORTATION:
        actor = _subject_country(frame, near, home)
        if actor is not None:
            return actor
        hosts = [item for item in acting if item.country != home and item.role in _HOST_AGENCY]
        return hosts[0].country if hosts else host
    if event in RETURN or event is EventType.RELEASE_HANDOVER:
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
        police = [item for item in acting if item.role in {"law_enforcement", "court"}]
        if police:
            return police[0].country
        at_home = [item for item in near if item.country == home and item.role in _ACTS_HERE]
        if at_home and event in _COURT_EVENTS:
            return home
        if _own_authority(frame, home):
            return home
        if sites:
            return sites[0].country
        if acting:
            return acting[0].country
        return host or home
    if event is EventType.COMPLAINT:
        embassy = any(
            re.search(r"kbri|kjri|kedutaan|embassy|mission", item.surface, re.IGNORECASE)
            for item in inside(agencies, frame.sentences[:3])
        )
        domestic = [item for item in sites if item.country == home]
        asked_here = any(
            item.country == home and _HOME_DESK.search(item.surface) for item in acting
        ) or (not acting and _own_authority(frame, home))
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
    if sites and not foreign and sites[0].role == "event_site" and event in ACTION:
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


def _any_of(names: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


@functools.cache
def _authority_words() -> tuple[re.Pattern[str], dict[str, str]]:
    people, countries = numbers.demonyms()

    return re.compile(
        rf"\b(?P<people>{_any_of(people)})\s(?:court|judges?|prosecutors?|police|authorities|tribunal|officials|investigators)\b"
        rf"|\b(?:court|police|prosecutors|authorities|pengadilan|mahkamah|polisi|polis|kepolisian|otoritas|jaksa|kejaksaan|hakim|aparat)\s(?:in\s|of\s|di\s)?(?P<country>{_any_of(countries)})\b",
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
    return re.compile(
        rf"\b(?:{_any_of(codes)})\b|\bUS\b|\bUK\b|\bEU\b|\bAS\b", re.IGNORECASE
    ), codes


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
    return next(iter(inside(seats, frame.sentences) or seats), None)


_COURT = re.compile(r"(?:pengadilan|mahkamah|PN\b|PT\b)|.*\bcourt", re.IGNORECASE)
