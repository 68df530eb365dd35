"""Make one incident of the reports in a cluster, and see which incidents belong together.

    Cluster -> Incident;  [Incident] -> parents and cases

A national campaign is the parent of the raids told inside it; its total and theirs are never added up.
A case is a chain of incidents about one group of people or one prosecution: rescue, release, repatriation;
arrest, trial, verdict; the batches of one return.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import NamedTuple, TypeVar

from pipeline import ledger, linking
from pipeline.facts import ACTION, BREAKOUT, RETURN, Facts
from pipeline.likeness import DOUBT, NEAR_SHARE, THRESHOLD
from pipeline.linking import Cluster
from pipeline.records import (
    AgencyRole,
    DateBasis,
    DatePrecision,
    EventType,
    GeoPrecision,
    Incident,
    IncidentAgency,
    IncidentPlace,
    IncidentStatus,
    PlaceRole,
    Report,
    ScamType,
    make_id,
)

H = TypeVar("H", bound=Hashable)

# Where one act fits two types, the codebook's order decides.
PRECEDENCE = (
    EventType.RESCUE, EventType.RELEASE_HANDOVER, EventType.ESCAPE, EventType.RAID, EventType.DETENTION,
    EventType.VERDICT, EventType.PROSECUTION, EventType.ARREST, EventType.INVESTIGATION,
)  # fmt: skip
# Confidence gained by each further independent source, at most by three, and lost by a doubtful link or
# by an event that was only announced.
GAIN_SOURCE, MOST_GAINS = 0.05, 3
LOSS_DOUBT, LOSS_PLANNED = 0.15, 0.10
# Days within which people who came out are flown home, batches follow each other, a trial ends.
CASE_DAYS, BATCH_DAYS, LEGAL_DAYS = 120, 30, 730
CASE_LEAST = 5
CAMPAIGN_SLACK_DAYS = 2

_NEAR_STEP = -math.log(1 - NEAR_SHARE)
_BASIS_RANK = {
    DateBasis.EXPLICIT: 0,
    DateBasis.RELATIVE_RESOLVED: 0,
    DateBasis.PUBLICATION_UPPER_BOUND: 1,
}
_SPEAKING = frozenset({AgencyRole.SOURCE_OF_FIGURE, AgencyRole.SPOKESPERSON})
_CHILDREN = frozenset({EventType.RAID, EventType.DETENTION, EventType.RESCUE, EventType.ARREST})
_COME_OUT = ACTION | BREAKOUT | {EventType.COMPLAINT}
_BEFORE_COURT = frozenset({EventType.ARREST, EventType.INTERDICTION, EventType.INVESTIGATION})
_IN_COURT = (EventType.PROSECUTION, EventType.VERDICT)
_NO_SITE = frozenset({GeoPrecision.COUNTRY, GeoPrecision.REGION, GeoPrecision.UNKNOWN})


class Draft(NamedTuple):
    """An incident with what only its reports know."""

    incident: Incident
    is_campaign: bool
    ordinals: frozenset[int]


def describe(incident_id: str, cluster: Cluster, linked_by: str) -> Draft:
    """Return the incident that the reports of a cluster tell of."""
    reports = cluster.reports
    speaking = ledger.tellers(reports)
    mains = [report for report in speaking if report.salience == "main"] or speaking
    done = [report for report in mains if not report.is_planned] or mains
    event_type, sub_event = _event_types(done)
    counted = ledger.consolidate(incident_id, event_type, reports)
    is_campaign = _is_campaign(done)
    first, last, precision, basis = _dates(done, is_series=counted.is_series)
    country = _most_common([report.event_country for report in done])
    # A campaign is of a country; people flown home left it from several places.
    site = None if is_campaign or event_type in RETURN else _site(done, country)
    sources = {report.owner or report.outlet or report.source_id for report in speaking}
    published = [report.published_at for report in reports if report.published_at is not None]
    is_official = any(
        any(item.role in _SPEAKING for item in report.agencies) or any(claim.speaker_agency_id for claim in report.claims)
        for report in speaking
    )  # fmt: skip
    incident = Incident(
        incident_id=incident_id,
        event_type=event_type,
        sub_event=sub_event,
        status=(
            IncidentStatus.CONFIRMED_MULTIPLE if len(sources) > 1
            else IncidentStatus.CONFIRMED_OFFICIAL if is_official
            else IncidentStatus.REPORTED
        ),
        date_start=first,
        date_end=last,
        date_precision=precision,
        date_basis=basis,
        event_country=country,
        destination_country=_most_common([report.destination_country for report in done]),
        place_id=site.place_id if site else None,
        place_name=site.place_name if site else None,
        admin1=site.admin1 if site else None,
        lat=site.lat if site else None,
        lon=site.lon if site else None,
        geo_precision=site.geo_precision if site else GeoPrecision.COUNTRY if country else GeoPrecision.UNKNOWN,
        scam_types=_scam_types(mains),
        nationalities=tuple(sorted({code for report in speaking for code in report.nationalities})),
        headline_role=counted.role,
        persons_low=counted.low,
        persons_best=counted.best,
        persons_high=counted.high,
        report_ids=tuple(sorted(report.report_id for report in reports)),
        article_ids=tuple(sorted({report.article_id for report in reports})),
        n_reports=len(reports),
        n_sources=len(sources),
        confidence=_confidence(done, cluster, len(sources)),
        first_reported_at=min(published, default=None),
        last_updated_at=max(published, default=None),
        counts=counted.counts,
        places=_places(mains),
        agencies=_agencies(mains),
        linked_by=linked_by,
    )  # fmt: skip
    batches = [Facts(report).ordinal for report in mains if report.event_type in RETURN]
    return Draft(incident, is_campaign, frozenset(batch for batch in batches if batch is not None))


def _most_common(values: Iterable[H | None]) -> H | None:
    counts = Counter(value for value in values if value is not None)
    return min(counts, key=lambda value: (-counts[value], str(value)), default=None)


def _event_types(reports: Sequence[Report]) -> tuple[EventType, EventType | None]:
    """Return the type most reports give, and the other reading that comes next."""
    counts = Counter(report.event_type for report in reports)

    def order(event: EventType) -> tuple[int, int, str]:
        rank = PRECEDENCE.index(event) if event in PRECEDENCE else len(PRECEDENCE)
        return (-counts[event], rank, event.value)

    chosen, *others = sorted(counts, key=order)
    given = [report.sub_event for report in reports if report.sub_event not in {None, chosen}]
    return chosen, others[0] if others else _most_common(given)


def _is_campaign(reports: Sequence[Report]) -> bool:
    running = [report for report in reports if report.is_cumulative and report.event_type in ACTION]
    return 2 * sum(Facts(report).is_national for report in running) > len(reports)


def _dates(
    reports: Sequence[Report], *, is_series: bool
) -> tuple[dt.date | None, dt.date | None, DatePrecision, DateBasis]:
    """Return when it happened: what most say among those who say it most exactly."""
    dated = [report for report in reports if report.date_start is not None]
    if not dated:
        return None, None, DatePrecision.UNKNOWN, DateBasis.PUBLICATION_UPPER_BOUND
    rank = min(_BASIS_RANK[report.date_basis] for report in dated)
    sure = [report for report in dated if _BASIS_RANK[report.date_basis] == rank]
    if is_series:
        return _series_dates(sure)
    finest = min(report.date_precision for report in sure)
    exact = [report for report in sure if report.date_precision is finest]
    counts = Counter((report.date_start, report.date_end, report.date_basis) for report in exact)

    def order(
        item: tuple[dt.date | None, dt.date | None, DateBasis],
    ) -> tuple[int, dt.datetime, str]:
        tellers = [r for r in exact if (r.date_start, r.date_end, r.date_basis) == item]
        return (-counts[item], *min(linking.published_key(report) for report in tellers))

    start, end, basis = min(counts, key=order)
    return start, end or start, finest, basis


def _series_dates(
    reports: Sequence[Report],
) -> tuple[dt.date, dt.date, DatePrecision, DateBasis]:
    """Return the day that most totals are counted from, and the last day for which one was told."""
    facts = [(Facts(report), report) for report in reports]
    running = [item for item in facts if item[0].is_cumulative] or facts
    starts: Counter[dt.date] = Counter()
    ends = []
    for item, report in running:
        since = dt.date.fromordinal(item.since) if item.since is not None else report.date_start
        assert since is not None
        starts[since] += 1
        ends.append(
            dt.date.fromordinal(item.told) if item.told is not None else report.date_end or since
        )
    first = min(starts, key=lambda day: (-starts[day], day))
    last = max(first, *ends)
    return (
        first,
        last,
        _span_precision(first, last),
        min(report.date_basis for _, report in running),
    )


def _span_precision(first: dt.date, last: dt.date) -> DatePrecision:
    days = (last - first).days + 1
    for most, precision in (
        (1, DatePrecision.DAY), (7, DatePrecision.WITHIN_WEEK), (10, DatePrecision.WEEK), (45, DatePrecision.MONTH),
        (120, DatePrecision.QUARTER),
    ):  # fmt: skip
        if days <= most:
            return precision
    return DatePrecision.YEAR


def _site(reports: Sequence[Report], country: str | None) -> Report | None:
    """Return the report that gives the place best: the finest place of the province that most name."""
    located = [
        report for report in reports
        if report.place_id is not None and report.geo_precision not in _NO_SITE and report.event_country == country
    ]  # fmt: skip
    if not located:
        return None

    def province(report: Report) -> str:
        return report.admin1 or report.place_id or ""

    votes = Counter(province(report) for report in located)
    chosen = min(votes, key=lambda name: (-votes[name], name))
    inside = [report for report in located if province(report) == chosen]
    support = Counter(report.place_id for report in inside)
    return min(
        inside,
        key=lambda report: (
            report.geo_precision,
            -support[report.place_id],
            report.place_id or "",
            report.report_id,
        ),
    )


def _scam_types(reports: Sequence[Report]) -> tuple[ScamType, ...]:
    found = {kind for report in reports for kind in report.scam_types}
    named = found - {ScamType.UNKNOWN, ScamType.UNSPECIFIED_SCAM}
    kept = named or found - {ScamType.UNKNOWN} or found
    return tuple(kind for kind in ScamType if kind in kept)


def _confidence(reports: Sequence[Report], cluster: Cluster, n_sources: int) -> float:
    value = max(report.confidence for report in reports)
    value += GAIN_SOURCE * min(MOST_GAINS, n_sources - 1)
    is_doubtful = any(score < THRESHOLD + DOUBT for score, _ in cluster.why.values())
    value -= LOSS_DOUBT * is_doubtful + LOSS_PLANNED * all(report.is_planned for report in reports)
    return round(min(1.0, max(0.0, value)), 3)


def _places(reports: Sequence[Report]) -> tuple[IncidentPlace, ...]:
    found: dict[tuple[str, PlaceRole], list[tuple[str, str | None, str | None]]] = defaultdict(list)
    for report in reports:
        for key in dict.fromkeys((item.place_id, item.role) for item in report.places):
            item = next(item for item in report.places if (item.place_id, item.role) == key)
            found[key].append((item.name, item.country, item.admin1))
    return tuple(
        IncidentPlace(
            place_id=place_id, name=min(rows)[0], role=role, country=_most_common(row[1] for row in rows),
            admin1=_most_common(row[2] for row in rows), n_reports=len(rows),
        )
        for (place_id, role), rows in sorted(found.items(), key=lambda item: (-len(item[1]), *item[0]))
    )  # fmt: skip


def _agencies(reports: Sequence[Report]) -> tuple[IncidentAgency, ...]:
    found: dict[tuple[str, AgencyRole], list[str]] = defaultdict(list)
    for report in reports:
        for key in dict.fromkeys((item.agency_id, item.role) for item in report.agencies):
            found[key].append(
                next(item.name for item in report.agencies if (item.agency_id, item.role) == key)
            )
    return tuple(
        IncidentAgency(agency_id=agency_id, name=min(names), role=role, n_reports=len(names))
        for (agency_id, role), names in sorted(
            found.items(), key=lambda item: (-len(item[1]), *item[0])
        )
    )


# --- incidents that belong together ----------------------------------------------------------------


def with_parents(drafts: Sequence[Draft]) -> list[Incident]:
    """Return the incidents, with raids inside a national campaign pointing at it."""
    campaigns: dict[str | None, list[Incident]] = defaultdict(list)
    for draft in drafts:
        if draft.is_campaign and draft.incident.date_start is not None:
            campaigns[draft.incident.event_country].append(draft.incident)
    return [
        draft.incident
        if draft.is_campaign
        else _child(draft.incident, campaigns.get(draft.incident.event_country, ()))
        for draft in drafts
    ]


def _child(incident: Incident, campaigns: Iterable[Incident]) -> Incident:
    if (
        incident.event_type not in _CHILDREN
        or incident.date_start is None
        or incident.admin1 is None
    ):
        return incident
    slack = dt.timedelta(days=CAMPAIGN_SLACK_DAYS)
    around = []
    for campaign in campaigns:
        assert campaign.date_start is not None
        last = campaign.date_end or campaign.date_start
        is_inside = (
            campaign.date_start - slack <= incident.date_start
            and (incident.date_end or incident.date_start) <= last + slack
        )
        limit = campaign.persons_high or campaign.persons_best
        if campaign.persons_high is None and campaign.persons_best is not None:
            limit = None  # "more than": no upper bound is known
        if is_inside and (limit is None or (incident.persons_best or 0) <= limit):
            around.append(((last - campaign.date_start).days, campaign.incident_id))
    if not around:
        return incident
    return incident.model_copy(update={"parent_id": min(around)[1]})


def with_cases(
    incidents: Sequence[Incident], ordinals: dict[str, frozenset[int]]
) -> list[Incident]:
    """Return the incidents, with those of one chain sharing a case; a lone incident has none."""
    by_id = {incident.incident_id: incident for incident in incidents}
    up = {key: key for key in by_id}

    def root(key: str) -> str:
        while up[key] != key:
            up[key] = up[up[key]]
            key = up[key]
        return key

    for left, right in _chained(list(by_id.values()), ordinals):
        one, two = sorted((root(left), root(right)))
        up[two] = one
    chains: dict[str, list[Incident]] = defaultdict(list)
    for key, incident in by_id.items():
        chains[root(key)].append(incident)
    case_of: dict[str, str] = {}
    for chain in chains.values():
        if len(chain) > 1:
            opening = min(
                chain, key=lambda item: (item.date_start or dt.date.max, item.incident_id)
            )
            case_of.update(
                {item.incident_id: make_id("case", opening.incident_id) for item in chain}
            )
    return [
        item.model_copy(update={"case_id": case_of[item.incident_id]})
        if item.incident_id in case_of
        else item
        for item in incidents
    ]


def _chained(
    incidents: Sequence[Incident], ordinals: dict[str, frozenset[int]]
) -> Iterable[tuple[str, str]]:
    returns = [item for item in incidents if item.event_type in RETURN]
    out = [item for item in incidents if item.event_type in _COME_OUT]
    courts = [item for item in incidents if item.event_type in _IN_COURT]
    yield from _pairs(out, returns, _cohort_keys, _same_cohort)
    batches = [item for item in returns if ordinals.get(item.incident_id)]
    yield from _pairs(
        batches, batches, lambda item: [item.destination_country],
        lambda a, b: a is not b and _within(a, b, BATCH_DAYS) and _share_nation(a, b) and not ordinals[a.incident_id] & ordinals[b.incident_id],
    )  # fmt: skip
    before = [
        item
        for item in incidents
        if item.event_type in _BEFORE_COURT or item.event_type in _IN_COURT
    ]
    yield from _pairs(
        before,
        courts,
        lambda item: [(item.event_country, item.admin1)] if item.admin1 else [],
        _same_trial,
    )


def _pairs(
    left: Sequence[Incident], right: Sequence[Incident], keys: Callable[[Incident], Sequence[Hashable]],
    fits: Callable[[Incident, Incident], bool],
) -> Iterable[tuple[str, str]]:  # fmt: skip
    """Yield the ids of incidents that share a key and fit; both sides are looked up by year as well."""
    index: dict[Hashable, list[Incident]] = defaultdict(list)
    for item in right:
        for key in keys(item):
            index[key].append(item)
    for item in left:
        for other in {
            id(found): found for key in keys(item) for found in index.get(key, ())
        }.values():
            if item.incident_id != other.incident_id and fits(item, other):
                yield item.incident_id, other.incident_id


def _sizes(incident: Incident) -> set[int]:
    """Return the figures by which a group of people is known again: its size, and that of each nation."""
    sizes = {incident.persons_best} if incident.persons_best else set()
    sizes |= {
        row.best for row in incident.counts
        if row.best and row.superseded_by is None and row.role is incident.headline_role and row.nationality is not None
        and row.sex is None
    }  # fmt: skip
    return {size for size in sizes if size >= CASE_LEAST}


def _cohort_keys(incident: Incident) -> list[Hashable]:
    keys: list[Hashable] = []
    month = incident.date_start.toordinal() // CASE_DAYS if incident.date_start else None
    if month is None:
        return keys
    months = (month, month + 1) if incident.event_type not in RETURN else (month,)
    for size in sorted(_sizes(incident)):
        step = int(math.log(size) / _NEAR_STEP)
        keys.extend(
            (incident.destination_country, when, at) for when in months for at in (step, step + 1)
        )
    return keys


def _near(a: Incident, b: Incident) -> bool:
    return any(abs(x - y) <= max(1.0, NEAR_SHARE * max(x, y)) for x in _sizes(a) for y in _sizes(b))


def _within(a: Incident, b: Incident, days: int) -> bool:
    return (
        a.date_start is not None
        and b.date_start is not None
        and abs((b.date_start - a.date_start).days) <= days
    )


def _share_nation(a: Incident, b: Incident) -> bool:
    return (
        not a.nationalities
        or not b.nationalities
        or bool(set(a.nationalities) & set(b.nationalities))
    )


def _same_cohort(out: Incident, home: Incident) -> bool:
    if out.date_start is None or home.date_start is None or home.date_start < out.date_start:
        return False
    return _within(out, home, CASE_DAYS) and _share_nation(out, home) and _near(out, home)


def _same_trial(before: Incident, court: Incident) -> bool:
    if (
        before.date_start is None
        or court.date_start is None
        or before.date_start > court.date_start
    ):
        return False
    if (
        before.event_type is court.event_type
        or before.destination_country != court.destination_country
    ):
        return False
    a, b = before.persons_best, court.persons_best
    return _within(before, court, LEGAL_DAYS) and a is not None and a == b
