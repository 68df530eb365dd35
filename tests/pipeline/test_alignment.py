"""Pairing of reports with labelled events: one to one, by several traits, never by closeness alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import alignment
from pipeline.gold import GoldIncident
from pipeline.records import CountRole, DateBasis, DatePrecision, EventType, Report, Span

DAY = dt.date(2025, 10, 17)


def event(kind: str, best: int | None = None, **fields: Any) -> GoldIncident:
    counts = [] if best is None else [{"role": "victim", "best": best}]
    given_fields = {
        "incident_key": "k", "event_type": kind, "date": "2025-10-17", "date_precision": 1,
        "event_country": "KHM", "counts": counts,
    }  # fmt: skip
    return GoldIncident.model_validate(given_fields | fields)


def report(kind: EventType, best: int | None = None, **fields: Any) -> Report:
    values: dict[str, Any] = {
        "report_id": f"r.{kind}.{best}", "article_id": "a", "event_type": kind, "date_start": DAY,
        "date_end": DAY, "date_precision": DatePrecision.DAY, "date_basis": DateBasis.EXPLICIT,
        "event_country": "KHM", "destination_country": "KHM", "headline_role": CountRole.VICTIM,
        "count_best": best, "evidence": (Span(start=0, end=1, surface="x"),), "confidence": 1.0,
        "extractor_version": "1",
    }  # fmt: skip
    return Report(**(values | fields))


def test_a_wrong_figure_is_still_held_against_its_event() -> None:
    assert alignment.align([event("raid", 61)], [report(EventType.RAID, 67)]) == {0: 0}


def test_one_action_may_be_named_two_ways() -> None:
    assert alignment.align([event("unrest", 110)], [report(EventType.ESCAPE, 110)]) == {0: 0}


@pytest.mark.parametrize(
    "stranger",
    [
        report(EventType.VERDICT, 3),  # another kind, other size, same place and day
        report(EventType.RAID, 61, date_start=dt.date(2024, 1, 1), event_country="PHL"),
    ],
)
def test_day_and_country_alone_make_no_pair(stranger: Report) -> None:
    assert alignment.align([event("repatriation", 21)], [stranger]) == {}


def test_no_report_serves_twice_and_the_best_pairing_wins() -> None:
    events = [event("repatriation", 400), event("repatriation", 154)]
    reports = [report(EventType.REPATRIATION, 154), report(EventType.REPATRIATION, 400)]
    assert alignment.align(events, reports) == {0: 1, 1: 0}
    assert len(alignment.align(events, reports[:1])) == 1


KINDS = st.sampled_from(["raid", "arrest", "repatriation", "policy", "escape"])


@given(
    st.lists(st.tuples(KINDS, st.integers(1, 5)), max_size=5),
    st.lists(st.tuples(KINDS, st.integers(1, 5)), max_size=20),
)
@settings(max_examples=100, deadline=None)
def test_pairs_are_one_to_one_and_good_enough(
    labelled: list[tuple[str, int]], told: list[tuple[str, int]]
) -> None:
    events = [event(kind, best) for kind, best in labelled]
    reports = [report(EventType(kind), best) for kind, best in told]
    pairs = alignment.align(events, reports)
    assert len(set(pairs.values())) == len(pairs)
    for row, column in pairs.items():
        assert alignment.likeness(events[row], reports[column]) >= alignment.ENOUGH
