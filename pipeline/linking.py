"""Gather the reports that tell of one incident.

    [Report] -> [Cluster]

Pairs join from the likest down (agglomeration under constraints, with ties broken by id, so the order of
the input plays no part), and no cluster ever holds two reports that contradict each other. Only reports
that share a country and a place, a figure, a running total or a flight in the same weeks are compared at
all: the work grows with the number of reports and not with its square.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.facts import COUNTLESS, Facts, is_stale, is_tally
from pipeline.likeness import (
    DISTINCTIVE,
    NEAR_LEAST,
    NEAR_SHARE,
    SERIES_GAP_DAYS,
    SLACK_DAYS,
    SLACK_DAYS_ANNOUNCED,
    Wording,
    compare_facts,
)
from pipeline.protocols import Encoder
from pipeline.records import Report

_WEEK, _MONTH = 7, 30
# Where reports meet of which nothing is known in time.
_NO_MONTH = -1
# A window of more weeks than this is looked up by months.
_NARROW_WEEKS = 10
# Two figures within NEAR_SHARE of the larger one are at most one such step apart.
_NEAR_STEP = -math.log(1 - NEAR_SHARE)


class Cluster(NamedTuple):
    """Reports of one incident in order of id, and for each the score and the rule that holds it there."""

    reports: tuple[Report, ...]
    why: dict[str, tuple[float, str]]


def cluster(reports: Sequence[Report], encoder: Encoder | None = None) -> list[Cluster]:
    """Return the reports in clusters of one incident each, in order of their smallest report id."""
    held: dict[str, Report] = {}
    for report in reports:
        other = held.get(report.report_id)
        if other is None or report.model_dump_json() < other.model_dump_json():
            held[report.report_id] = report
    units = _units([held[key] for key in sorted(held)])
    facts = [Facts(members[0]) for members in units]
    likeness = Wording(facts, encoder)
    pairs: list[tuple[int, float, int, int, str]] = []
    for left, right in _candidates(facts):
        found = compare_facts(facts[left], facts[right], likeness, left, right)
        if found.is_match:
            phase = 0 if facts[left].is_main and facts[right].is_main else 1
            pairs.append((phase, -found.score, left, right, found.reason))
    pairs.sort()
    home = _agglomerate(facts, pairs, likeness)
    best: dict[int, tuple[float, str]] = {}
    for _, negative, left, right, reason in pairs:
        if home[left] == home[right]:
            for index in (left, right):
                if index not in best or -negative > best[index][0]:
                    best[index] = (round(-negative, 3), reason)
    clusters: dict[int, list[int]] = defaultdict(list)
    for index in range(len(units)):
        clusters[home[index]].append(index)
    found_clusters = []
    for indices in clusters.values():
        why: dict[str, tuple[float, str]] = {}
        for index in indices:
            first, *copies = units[index]
            why[first.report_id] = best.get(index, (1.0, "alone" if not copies else "copy"))
            why.update({copy.report_id: (1.0, "copy") for copy in copies})
        members = sorted((report for i in indices for report in units[i]), key=_by_id)
        found_clusters.append(Cluster(tuple(members), why))
    return sorted(found_clusters, key=lambda item: item.reports[0].report_id)


def _by_id(report: Report) -> str:
    return report.report_id


def published_key(report: Report) -> tuple[dt.datetime, str]:
    """Return a sort key: earliest published first, unknown times last, then the smaller id."""
    return (report.published_at or dt.datetime.max.replace(tzinfo=dt.UTC), report.report_id)


# --- copies ----------------------------------------------------------------------------------------


def _units(reports: Sequence[Report]) -> list[list[Report]]:
    """Return what is compared: reports, with those of copies of one text taken together.

    Copies agree when type and figure are equal. Where one text tells twice of the same type and figure,
    the day tells the two apart.
    """
    loose: dict[tuple[object, ...], list[Report]] = defaultdict(list)
    units: list[list[Report]] = []
    for report in reports:
        if report.copy_group_id is None:
            units.append([report])
        else:
            key = (
                report.copy_group_id,
                report.event_type,
                report.count_best,
                report.count_low,
                report.count_high,
            )
            loose[key].append(report)
    for group in loose.values():
        if len({report.article_id for report in group}) == len(group):
            units.append(group)
            continue
        by_day: dict[tuple[object, ...], list[Report]] = defaultdict(list)
        for report in group:
            by_day[(report.date_start, report.place_id, report.salience)].append(report)
        for same in by_day.values():
            if len({report.article_id for report in same}) == len(same):
                units.append(same)
            else:
                units.extend([report] for report in same)
    # The primary of a unit speaks for it: the one of the headline before one in passing, then the earliest.
    ordered = [
        sorted(unit, key=lambda item: (item.salience != "main", published_key(item)))
        for unit in units
    ]
    return sorted(ordered, key=lambda unit: unit[0].report_id)


# --- which pairs are worth comparing ---------------------------------------------------------------


def _names(item: Facts) -> Iterator[tuple[object, ...]]:
    """Yield what a report can be found by, beside the time."""
    block, country = item.block, item.country
    if item.place is not None:
        yield ("place", block, country, item.place)
    for site in item.sites:
        if site != item.place:
            yield ("place", block, country, site)
    if item.admin1 is not None:
        yield ("admin1", block, country, item.admin1)
    if item.best is not None:
        yield ("count", block, item.best if item.best >= DISTINCTIVE else (item.best, country))
        if item.best >= NEAR_LEAST:
            step = int(math.log(item.best) / _NEAR_STEP)
            yield ("near", block, country, step)
            yield ("near", block, country, step + 1)
    for part in sorted(item.parts, reverse=True)[:8]:
        if part >= DISTINCTIVE:
            yield ("count", block, part)
    if is_tally(item) or item.is_multi_site:
        yield ("tally", block, country)
    for key in item.keys:
        yield ("key", block, key)
    if item.type in COUNTLESS:
        for agency in item.agencies:
            yield ("agency", block, country, agency)


def _candidates(facts: Sequence[Facts]) -> Iterator[tuple[int, int]]:
    """Yield each pair of indices that shares a name and a stretch of time, once, left below right.

    Narrow windows meet by weeks; wide ones meet each other and the narrow ones by months.
    """
    number_of: dict[tuple[object, ...], int] = {}
    weeks: dict[tuple[int, int], list[int]] = defaultdict(list)
    months: dict[tuple[int, int], list[int]] = defaultdict(list)
    wide_months: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, item in enumerate(facts):
        names = {number_of.setdefault(name, len(number_of)) for name in _names(item)}
        in_weeks, in_months = _spans(item)
        is_wide = not in_weeks
        found: set[int] = set()
        for name in names:
            for week in in_weeks:
                members = weeks[name, week]
                found.update(members)
                members.append(index)
            for month in in_months:
                found.update((months if is_wide else wide_months)[name, month])
                months[name, month].append(index)
                if is_wide:
                    wide_months[name, month].append(index)
        for other in sorted(found):
            yield other, index


def _spans(item: Facts) -> tuple[set[int], set[int]]:
    """Return the weeks and the months in which a report may meet others; no weeks for a wide window."""
    if item.first is None or item.last is None:
        return set(), {_NO_MONTH}
    # One side carries the slack of both: two windows that miss each other by it still meet.
    slack = SLACK_DAYS_ANNOUNCED if item.is_return else SLACK_DAYS
    reach = SERIES_GAP_DAYS if is_tally(item) else slack
    first, last = item.first - reach, item.last + reach
    if is_tally(item) and item.told is not None:
        last = max(last, item.told + reach)  # a total goes on until it is told
    in_weeks = set(range(first // _WEEK, last // _WEEK + 1))
    in_months = set(range(first // _MONTH, last // _MONTH + 1))
    if len(in_weeks) > _NARROW_WEEKS:
        in_weeks = set()
    if item.published is not None and is_stale(item):
        in_months.add(item.published // _MONTH)
        if in_weeks:
            in_weeks |= {item.published // _WEEK - 1, item.published // _WEEK}
    return in_weeks, in_months


# --- joining ---------------------------------------------------------------------------------------


def _agglomerate(
    facts: Sequence[Facts], pairs: Sequence[tuple[int, float, int, int, str]], likeness: Wording
) -> list[int]:
    """Return for each report the index of its cluster.

    Reports of headlines join among themselves first. What an article tells in passing then joins one of
    their clusters, and so never makes two of them one.
    """
    home = list(range(len(facts)))
    members: dict[int, list[int]] = {index: [index] for index in home}
    has_main = [item.is_main for item in facts]
    # A pair that matched is no contradiction; clusters that once were at odds stay so as they grow.
    verdicts = {(left, right): False for _, _, left, right, _ in pairs}
    foes: dict[int, set[int]] = defaultdict(set)

    def contradict(left: int, right: int) -> bool:
        key = (left, right) if left < right else (right, left)
        if key not in verdicts:
            found = compare_facts(facts[key[0]], facts[key[1]], likeness, *key)
            verdicts[key] = found.is_contradiction
        return verdicts[key]

    for phase, _, left, right, _ in pairs:
        one, two = home[left], home[right]
        if one == two or two in foes[one] or (phase and has_main[one] and has_main[two]):
            continue
        if any(contradict(x, y) for x in members[one] for y in members[two]):
            foes[one].add(two)
            foes[two].add(one)
            continue
        keep, gone = (one, two) if len(members[one]) >= len(members[two]) else (two, one)
        for index in members[gone]:
            home[index] = keep
        members[keep].extend(members.pop(gone))
        has_main[keep] = has_main[keep] or has_main[gone]
        for foe in foes.pop(gone, ()):
            foes[foe].discard(gone)
            foes[foe].add(keep)
            foes[keep].add(foe)
    return home
