"""What became of each incident: new, updated, merged, split or withdrawn. Pure.

incidents before, incidents now -> changes
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from pipeline.records import Incident, IncidentStatus, make_id
from warehouse.tables import Change

# Which reports and articles stand behind an incident is told in the reason, not as a changed field.
_UNTOLD = frozenset({"incident_id", "report_ids", "article_ids", "linked_by", "merged_into"})

# Every reason that is ever given, as regular expressions: the public tier shows no other words.
_IDS = r"inc_[0-9a-f]{16}(?:, inc_[0-9a-f]{16})*"
REASONS = (
    r"first report",
    r"a person decided",
    r"its reports read differently",
    r"\d+ reports joined(?:, \d+ reports left)?|\d+ reports left",
    rf"(?:some of )?its reports now tell of {_IDS}",
    rf"from reports of {_IDS}",
    r"an article was taken down",
    r"no report tells of it any more",
)


def _is_gone(incident: Incident) -> bool:
    return incident.status is IncidentStatus.MERGED_INTO or incident.merged_into is not None


def _home_of_reports(incidents: Iterable[Incident]) -> dict[str, str]:
    return {
        report_id: incident.incident_id
        for incident in incidents
        if not _is_gone(incident)
        for report_id in incident.report_ids
    }


def _updated(old: Incident, new: Incident) -> tuple[tuple[str, ...], str]:
    fields = tuple(
        name
        for name in Incident.model_fields
        if name not in _UNTOLD and getattr(old, name) != getattr(new, name)
    )
    gained = len(set(new.report_ids) - set(old.report_ids))
    lost = len(set(old.report_ids) - set(new.report_ids))
    moved = [f"{gained} reports joined"] * bool(gained) + [f"{lost} reports left"] * bool(lost)
    # Only a decision, or its undo, moves the tier.
    otherwise = "a person decided" if "tier" in fields else "its reports read differently"
    return fields, ", ".join(moved) or (otherwise if fields else "")


def compare(
    before: Mapping[str, Incident],
    now: Sequence[Incident],
    *,
    run_id: str,
    taken_down: Collection[str] = (),
) -> list[Change]:
    """Return one change per incident that is not what it was, in order of incident id.

    ``taken_down`` are articles that went because a person decided so.
    """
    homes = _home_of_reports(now)
    current = {incident.incident_id: incident for incident in now}
    found: dict[str, tuple[str, tuple[str, ...], str]] = {}
    came_from: dict[str, set[str]] = defaultdict(set)
    for old in before.values():
        if _is_gone(old):
            continue
        for report_id in old.report_ids:
            if report_id in homes:
                came_from[homes[report_id]].add(old.incident_id)

    for incident_id, old in before.items():
        new = current.get(incident_id)
        if _is_gone(old) and (new is None or _is_gone(new)):
            continue
        heirs = sorted(
            {homes[report] for report in old.report_ids if report in homes} - {incident_id}
        )
        if new is not None and not _is_gone(new):
            fields, reason = _updated(old, new)
            fresh = [heir for heir in heirs if heir not in before]
            if fresh:
                found[incident_id] = (
                    "split",
                    fields,
                    f"some of its reports now tell of {', '.join(fresh)}",
                )
            elif reason:
                found[incident_id] = ("updated", fields, reason)
            continue
        target = (new.merged_into if new is not None else None) or (
            heirs[0] if len(heirs) == 1 else None
        )
        if target:
            found[incident_id] = ("merged", (), f"its reports now tell of {target}")
        elif heirs:
            found[incident_id] = ("split", (), f"its reports now tell of {', '.join(heirs)}")
        else:
            taken = not set(taken_down).isdisjoint(old.article_ids)
            why = "an article was taken down" if taken else "no report tells of it any more"
            found[incident_id] = ("withdrawn", (), why)

    for incident_id, new in current.items():
        if incident_id in before or _is_gone(new):
            continue
        parents = sorted(came_from[incident_id] - {incident_id})
        reason = f"from reports of {', '.join(parents)}" if parents else "first report"
        found[incident_id] = ("new", (), reason)

    return [
        Change(
            change_id=make_id("chg", run_id, incident_id, change, *fields, reason),
            incident_id=incident_id,
            change=change,
            fields=fields,
            reason=reason,
        )
        for incident_id, (change, fields, reason) in sorted(found.items())
    ]
