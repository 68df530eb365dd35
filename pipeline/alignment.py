"""Decide which report of an article tells of which labelled incident, one to one.

Neither the event type nor the count alone may decide: a report of the right event with a wrong figure must
still be held against that event, or its error would vanish. So each shared trait counts a little, and the
pairing with the largest sum wins.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache

from pipeline.gold import GoldIncident
from pipeline.records import EventType, Report
from pipeline.text import fold

# Worth of a shared trait. Type and headline figure weigh most, date and place settle between equals.
SAME_TYPE = 3.0
SAME_FAMILY = 1.5
SAME_HEADLINE = 3.0
SHARED_FIGURE = 1.5
SAME_DATE = 2.0
NEAR_DATE = 1.0
SAME_PLACE = 1.0
SAME_COUNTRY = 0.5
# Less than this is not the same event: country and a date near by alone do not reach it, nor does a
# type alone without country; type and country do.
ENOUGH = 3.4
_NEAR = dt.timedelta(days=7)
# The exact pairing is sought among at most this many reports; no article tells of more events.
_MOST_REPORTS = 14

# Acts that one text may name either way (codebook, section 2: one action read as rescue, raid or release).
FAMILIES: tuple[frozenset[EventType], ...] = (
    frozenset(
        {
            EventType.RESCUE,
            EventType.RAID,
            EventType.RELEASE_HANDOVER,
            EventType.ESCAPE,
            EventType.DETENTION,
            EventType.UNREST,
        }
    ),
    frozenset({EventType.RAID, EventType.ARREST}),
    frozenset({EventType.REPATRIATION, EventType.DEPORTATION}),
    frozenset(
        {EventType.ARREST, EventType.INVESTIGATION, EventType.PROSECUTION, EventType.VERDICT}
    ),
    frozenset({EventType.POLICY, EventType.SANCTION, EventType.OTHER}),
)


def align(incidents: Sequence[GoldIncident], reports: Sequence[Report]) -> dict[int, int]:
    """Return the index of the report for each labelled incident that has one."""
    worth = [[likeness(incident, report) for report in reports] for incident in incidents]
    if len(reports) > _MOST_REPORTS:
        return _greedy(worth)

    @cache
    def best(index: int, used: int) -> tuple[float, tuple[tuple[int, int], ...]]:
        if index == len(worth):
            return 0.0, ()
        result = best(index + 1, used)
        for column, value in enumerate(worth[index]):
            if value >= ENOUGH and not used & (1 << column):
                total, pairs = best(index + 1, used | (1 << column))
                if total + value > result[0]:
                    result = (total + value, ((index, column), *pairs))
        return result

    return dict(best(0, 0)[1])


def _greedy(worth: Sequence[Sequence[float]]) -> dict[int, int]:
    pairs = sorted(
        (-value, row, column)
        for row, values in enumerate(worth)
        for column, value in enumerate(values)
        if value >= ENOUGH
    )
    chosen: dict[int, int] = {}
    for _, row, column in pairs:
        if row not in chosen and column not in chosen.values():
            chosen[row] = column
    return chosen


def likeness(incident: GoldIncident, report: Report) -> float:
    """Return how much a report looks like a labelled incident; acts of another kind and size do not."""
    kind = size = 0.0
    if incident.event_type is report.event_type:
        kind = SAME_TYPE
    elif any({incident.event_type, report.event_type} <= family for family in FAMILIES):
        kind = SAME_FAMILY
    headline = incident.headline
    figures = {item.best for item in incident.counts if item.best is not None}
    found = {item.best for item in report.claims if item.best is not None} | {report.count_best}
    if headline is not None and headline.best is not None and headline.best == report.count_best:
        size = SAME_HEADLINE
    elif figures & found:
        size = SHARED_FIGURE
    if kind == 0.0 and size < SAME_HEADLINE:
        return 0.0
    total = kind + size
    total += _date_likeness(incident, report)
    if incident.event_country is not None and incident.event_country == report.event_country:
        total += SAME_COUNTRY
    names = {fold(place.name) for place in incident.places}
    if names & {fold(report.place_name or ""), *(fold(place.name) for place in report.places)}:
        total += SAME_PLACE
    return total


def _date_likeness(incident: GoldIncident, report: Report) -> float:
    window = incident.window()
    if window is None or report.date_start is None:
        return 0.0
    if window[0] <= report.date_start <= window[1]:
        return SAME_DATE
    near = window[0] - _NEAR <= report.date_start <= window[1] + _NEAR
    return NEAR_DATE if near else 0.0
