"""Link reports into incidents.

    [Report], known links, [Review] -> Linked(incidents, links)

Reports are clustered, people's decisions are replayed in the order they were made, every cluster keeps the
id that most of its reports had, and what its reports say becomes one incident. The outcome depends on what
is given and not on its order; fed with its own links, it gives the same ids again.

An incident id is minted once, from the first report that told of it, so a decision that names an incident
still finds it after later runs have moved its reports.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pydantic import ValidationError

from pipeline import consolidation, linking
from pipeline.linking import Cluster
from pipeline.protocols import Encoder
from pipeline.records import (
    Incident,
    IncidentStatus,
    Link,
    Report,
    Review,
    Tier,
    make_id,
)

# What a person may correct. Ids of reports, the ledger and the tallies of sources follow from the reports.
CORRECTABLE = frozenset(
    {"event_type", "sub_event", "status", "date_start", "date_end", "date_precision", "date_basis", "event_country",
     "destination_country", "place_id", "place_name", "admin1", "lat", "lon", "geo_precision", "scam_types",
     "nationalities", "headline_role", "persons_low", "persons_best", "persons_high", "case_id", "parent_id"}
)  # fmt: skip
_RELATIONAL = frozenset({"case_id", "parent_id"})


class Linked(NamedTuple):
    """Incidents in order of id, and why each report belongs to its own."""

    incidents: list[Incident]
    links: list[Link]


def link(
    reports: Sequence[Report],
    *,
    encoder: Encoder | None = None,
    known: Mapping[str, str] | None = None,
    reviews: Sequence[Review] = (),
) -> Linked:
    """Return the incidents that the reports tell of.

    ``known`` maps report ids to the incident ids of the run before. An incident whose reports now belong
    to another one comes back without reports, as ``merged_into`` it.
    """
    known = known or {}
    groups = _Groups(linking.cluster(reports, encoder), known)
    groups.replay(reviews)
    ids = _assign_ids(groups.groups, known)
    # An "@" would look like a mail address to the guard of the public tier.
    by = "rules" if encoder is None else "rules+" + encoder.version.replace("@", ":")
    drafts, links = [], []
    corrections: dict[str, dict[str, str | None]] = {}
    for group, incident_id in zip(groups.groups, ids, strict=True):
        if group.is_rejected:
            continue
        cluster = group.cluster()
        corrections[incident_id] = group.corrections
        draft = consolidation.describe(incident_id, cluster, "review" if group.by_review else by)
        incident = _reviewed(draft.incident, group)
        drafts.append(draft._replace(incident=incident))
        links.extend(_links(incident_id, cluster, group.by_review, by))
    incidents = consolidation.with_parents(drafts)
    incidents = consolidation.with_cases(
        incidents, {d.incident.incident_id: d.ordinals for d in drafts}
    )
    incidents = [_relate(incident, corrections[incident.incident_id]) for incident in incidents]
    incidents += _merged(groups, ids, known, incidents)
    return Linked(
        sorted(incidents, key=lambda item: item.incident_id),
        sorted(links, key=lambda item: item.report_id),
    )


def corrected(incident: Incident, name: str, value: str | None) -> Incident:
    """Return the incident with one field as a person gives it; lists are separated by commas.

    Raises ``ValueError`` when the field may not be corrected or the value does not fit it.
    """
    if name not in CORRECTABLE:
        raise ValueError(
            f"{name!r} cannot be corrected; these can: {', '.join(sorted(CORRECTABLE))}"
        )
    given: Any = value or None
    if name in {"scam_types", "nationalities"}:
        given = tuple(part.strip() for part in (value or "").split(",") if part.strip())
    values = {**incident.model_dump(), name: given}
    try:
        changed = Incident.model_validate(values)
    except ValidationError as error:
        raise ValueError(f"{name}: {error.errors()[0]['msg']}") from error
    best, low, high = changed.persons_best, changed.persons_low, changed.persons_high
    if name == "persons_best" and best is not None:
        # The bounds follow the figure, as far as they would contradict it.
        bounds = {
            "persons_low": min(best, low or best),
            "persons_high": None if high is None else max(best, high),
        }
        changed = changed.model_copy(update=bounds)
    return changed


def _links(incident_id: str, cluster: Cluster, by_review: set[str], by: str) -> list[Link]:
    rows = []
    for report in cluster.reports:
        score, reason = cluster.why[report.report_id]
        if report.report_id in by_review:
            score, linked_by = 1.0, "review"
        else:
            linked_by = reason if reason in {"alone", "copy"} else f"{by}.{reason}"
        rows.append(
            Link(
                report_id=report.report_id,
                incident_id=incident_id,
                score=score,
                linked_by=linked_by,
            )
        )
    return rows


# --- what people decided ---------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class _Group:
    """A cluster as decisions change it."""

    reports: dict[str, Report]
    why: dict[str, tuple[float, str]]
    wanted_id: str | None = None
    by_review: set[str] = field(default_factory=set)
    is_rejected: bool = False
    is_reviewed: bool = False
    corrections: dict[str, str | None] = field(default_factory=dict)

    def cluster(self) -> Cluster:
        return Cluster(tuple(self.reports[key] for key in sorted(self.reports)), self.why)

    @property
    def first(self) -> str:
        """Id of the report that told of it first."""
        return min(self.reports.values(), key=linking.published_key).report_id


class _Groups:
    """The clusters, and which incident id means which of them while decisions are replayed."""

    def __init__(self, clusters: Iterable[Cluster], known: Mapping[str, str]) -> None:
        self.groups = [
            _Group({report.report_id: report for report in item.reports}, dict(item.why))
            for item in clusters
        ]
        self.merges: dict[str, _Group] = {}
        self._known = known
        self._holder: dict[str, _Group] = {}
        self._of_report: dict[str, _Group] = {}
        self._anchor: dict[str, str] = {}
        self._told_as: dict[str, list[str]] = defaultdict(list)

    def replay(self, reviews: Sequence[Review]) -> None:
        """Apply the decisions in the order they were made; those about what is no more are passed over."""
        active = standing(reviews)
        if not active:
            return
        for group in self.groups:
            for report_id in group.reports:
                self._of_report[report_id] = group
                self._anchor[_minted(report_id)] = report_id
                if report_id in self._known:
                    self._told_as[self._known[report_id]].append(report_id)
        for review in active:
            if review.action == "split":
                self._split(review)
                continue
            meant = self.find(review.record_id)
            if meant is None:
                continue
            if review.action == "merge" and review.value:
                self._merge(meant, review.record_id, review.value)
            elif review.action == "correct" and review.field:
                meant.corrections[review.field] = review.value
                meant.is_reviewed = True
            elif review.action == "reject":
                meant.is_rejected = True
            elif review.action == "accept":
                meant.is_reviewed, meant.is_rejected = True, False

    def find(self, incident_id: str) -> _Group | None:
        """Return the cluster that an incident id means, or None when nothing is left of it."""
        if incident_id in self._holder:
            return self._holder[incident_id]
        anchor = self._anchor.get(incident_id)
        members = self._told_as.get(incident_id, [])
        if anchor is not None and (
            not members or self._known.get(anchor, incident_id) == incident_id
        ):
            return self._of_report[anchor]
        if not members:
            return None
        votes = Counter(min(self._of_report[report_id].reports) for report_id in members)
        chosen = min(votes, key=lambda name: (-votes[name], name))
        return self._of_report[chosen]

    def _merge(self, group: _Group, incident_id: str, into: str) -> None:
        target = self.find(into)
        if target is None or target is group:
            return
        for report_id in group.reports:
            self._of_report[report_id] = target
        target.by_review |= set(group.reports)
        target.reports.update(group.reports)
        target.why.update(group.why)
        target.is_reviewed = True
        target.wanted_id = into
        self.groups.remove(group)
        for name, held in list(self._holder.items()):
            if held is group:
                self._holder[name] = target
        self._holder.update({incident_id: target, into: target})
        for name, held in list(self.merges.items()):
            if held is group:
                self.merges[name] = target
        self.merges[incident_id] = target

    def _split(self, review: Review) -> None:
        """Give a report an incident of its own; ``value`` names the one to leave when only that is meant."""
        report_id = review.record_id
        group = self._of_report.get(report_id)
        if group is None or len(group.reports) < 2:
            return
        left = review.value if review.value not in {None, "", "new"} else None
        if left is not None and self.find(left) is not group:
            return
        own = _Group({report_id: group.reports.pop(report_id)}, {report_id: (1.0, "review")})
        own.wanted_id = make_id("inc", report_id, "split")
        own.by_review.add(report_id)
        own.is_reviewed = True
        group.why.pop(report_id, None)
        group.by_review.discard(report_id)
        group.is_reviewed = True
        if left is not None:
            group.wanted_id = left
            self._holder[left] = group
        self._holder[own.wanted_id] = own
        self._holder.setdefault(_minted(report_id), group)
        self._of_report[report_id] = own
        self.groups.append(own)


def standing(reviews: Sequence[Review]) -> list[Review]:
    """Return the decisions that no later one undoes, in the order they were made."""
    ordered = sorted(
        {item.review_id: item for item in reviews}.values(),
        key=lambda item: (item.reviewed_at, item.review_id),
    )
    undone: set[str] = set()
    kept = []
    for review in reversed(ordered):
        if review.review_id in undone:
            continue
        if review.action == "undo":
            undone.add(review.record_id)
        else:
            kept.append(review)
    return kept[::-1]


def taken_down(reviews: Sequence[Review]) -> frozenset[str]:
    """Return the articles that shall not be read any more."""
    return frozenset(item.record_id for item in standing(reviews) if item.action == "takedown")


def waiting(
    reviews: Sequence[Review], *, report_ids: Collection[str], known: Mapping[str, str]
) -> list[Review]:
    """Return the standing decisions about what is no more, which `link` passes over, in order of time.

    They come into force when a report comes back that tells of what they name.
    """
    held = set(report_ids)
    found = {_minted(report_id) for report_id in held}
    found.update(incident_id for report_id, incident_id in known.items() if report_id in held)
    idle = []
    for review in standing(reviews):
        if review.action == "takedown":
            continue
        if review.action == "split":
            if review.record_id in held:
                found.add(make_id("inc", review.record_id, "split"))
                continue
        elif review.record_id in found and (review.action != "merge" or review.value in found):
            continue
        idle.append(review)
    return idle


def _reviewed(incident: Incident, group: _Group) -> Incident:
    """Return the incident as people corrected it; a correction that no longer fits is passed over."""
    for name, value in group.corrections.items():
        try:
            incident = corrected(incident, name, value)
        except ValueError:
            continue
    return incident.model_copy(update={"tier": Tier.REVIEWED}) if group.is_reviewed else incident


def _relate(incident: Incident, corrections: Mapping[str, str | None]) -> Incident:
    update = {name: value or None for name, value in corrections.items() if name in _RELATIONAL}
    return incident.model_copy(update=update) if update else incident


# --- ids -------------------------------------------------------------------------------------------


def _minted(report_id: str) -> str:
    return make_id("inc", report_id)


def _assign_ids(groups: Sequence[_Group], known: Mapping[str, str]) -> list[str]:
    """Return one id per cluster: as decided, else held by most of its reports, else newly minted."""
    wishes: list[tuple[int, int, str, str, int]] = []
    for index, group in enumerate(groups):
        first = group.first
        if group.wanted_id is not None:
            wishes.append((0, 0, group.wanted_id, first, index))
        votes = Counter(known[report_id] for report_id in group.reports if report_id in known)
        wishes.extend((1, -n, incident_id, first, index) for incident_id, n in votes.items())
    ids: dict[int, str] = {}
    taken: set[str] = set()
    for _, _, incident_id, _, index in sorted(wishes):
        if index not in ids and incident_id not in taken:
            ids[index] = incident_id
            taken.add(incident_id)
    used = taken | set(known.values())
    rest = sorted((group.first, index) for index, group in enumerate(groups) if index not in ids)
    for first, index in rest:
        fresh, attempt = _minted(first), 0
        while fresh in used:
            attempt += 1
            fresh = make_id("inc", first, attempt)
        ids[index] = fresh
        used.add(fresh)
    return [ids[index] for index in range(len(groups))]


def _merged(
    groups: _Groups, ids: Sequence[str], known: Mapping[str, str], incidents: Sequence[Incident]
) -> list[Incident]:
    """Return the incidents that are no more because their reports tell of another one."""
    live = {incident.incident_id: incident for incident in incidents}
    heirs: dict[str, Counter[str]] = defaultdict(Counter)
    gone_by_review: dict[str, str] = {}
    for group, incident_id in zip(groups.groups, ids, strict=True):
        if group.is_rejected:
            continue
        gone_by_review.update(
            {name: incident_id for name, held in groups.merges.items() if held is group}
        )
        for report_id in group.reports:
            if report_id in known:
                heirs[known[report_id]][incident_id] += 1
    found = {
        name: min(votes, key=lambda heir: (-votes[heir], heir)) for name, votes in heirs.items()
    }
    found.update(gone_by_review)
    return [
        live[target].model_copy(
            update={
                "incident_id": name, "merged_into": target, "status": IncidentStatus.MERGED_INTO, "parent_id": None,
                "case_id": None, "report_ids": (), "article_ids": (), "n_reports": 0, "n_sources": 0, "counts": (),
                "places": (), "agencies": (), "persons_low": None, "persons_best": None, "persons_high": None,
            }
        )
        for name, target in found.items()
        if name not in live
    ]  # fmt: skip
