"""New, updated, merged, split, withdrawn; then: comparing with itself finds nothing."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from pipeline.records import Incident, IncidentStatus
from tests.warehouse import world
from warehouse.changes import compare

RAID, HOME, ESCAPE = (world.incidents()[name] for name in ("raid", "home", "escape"))


def with_reports(incident: Incident, *report_ids: str, **fields: object) -> Incident:
    values = {"report_ids": report_ids, "n_reports": len(report_ids), **fields}
    return incident.model_copy(update=values)


def told(before: list[Incident], now: list[Incident]) -> dict[str, tuple[str, tuple[str, ...]]]:
    found = compare({item.incident_id: item for item in before}, now, run_id="run")
    return {change.incident_id: (change.change, change.fields) for change in found}


def test_a_first_report_is_new() -> None:
    assert told([], [RAID]) == {RAID.incident_id: ("new", ())}


def test_other_values_are_named_and_bookkeeping_is_not() -> None:
    more = RAID.model_copy(update={"persons_best": 420, "linked_by": "rules-2"})
    assert told([RAID], [more]) == {RAID.incident_id: ("updated", ("persons_best",))}
    assert told([RAID], [RAID.model_copy(update={"linked_by": "rules-2"})]) == {}


def test_a_joining_report_is_an_update() -> None:
    joined = with_reports(RAID, *RAID.report_ids, "rep_x")
    assert told([RAID], [joined]) == {RAID.incident_id: ("updated", ("n_reports",))}


def test_reports_that_moved_together_are_a_merge() -> None:
    whole = with_reports(RAID, *RAID.report_ids, *HOME.report_ids)
    gone = with_reports(HOME, merged_into=RAID.incident_id, status=IncidentStatus.MERGED_INTO)
    for now in ([whole], [whole, gone]):
        changes = told([RAID, HOME], now)
        assert changes[HOME.incident_id] == ("merged", ())
        assert changes[RAID.incident_id][0] == "updated"
    # A merge is told once.
    assert told([whole, gone], [whole, gone]) == {}


def test_reports_that_parted_are_a_split() -> None:
    whole = with_reports(RAID, "rep_1", "rep_2")
    left, right = with_reports(RAID, "rep_1"), with_reports(ESCAPE, "rep_2")
    changes = told([whole], [left, right])
    assert changes[RAID.incident_id][0] == "split"
    assert changes[ESCAPE.incident_id] == ("new", ())


def test_an_incident_without_reports_is_withdrawn() -> None:
    assert told([RAID, HOME], [RAID]) == {HOME.incident_id: ("withdrawn", ())}


@given(st.lists(st.sampled_from([RAID, HOME, ESCAPE]), unique=True), st.randoms())
def test_order_does_not_matter_and_sameness_is_silent(
    incidents: list[Incident], chance: random.Random
) -> None:
    shuffled = chance.sample(incidents, len(incidents))
    assert told(incidents, shuffled) == {}
    before = {item.incident_id: item for item in shuffled[:1]}
    first = compare(before, incidents, run_id="r")
    assert first == compare(before, shuffled, run_id="r")
