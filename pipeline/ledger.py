"""Consolidate what the reports of one incident count.

    [Report] of one incident -> Ledger

Nothing is added up. Every figure stays as a row; written rules say which row of a kind stands and which it
supersedes: done beats planned, exact beats rounded, a headline beats a figure told in passing, an agency's
figure beats an unattributed one, the later announced beats the earlier; a running total is superseded by
the next larger one. Copies of one text speak once. The incident's size is the standing headline figure;
where sources differ, the lowest and highest of their figures are kept beside it (as in UCDP GED).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.records import (
    AgencyRole,
    Claim,
    CountRole,
    Country,
    EventType,
    IncidentCount,
    Relation,
    Report,
    Unit,
    make_id,
)

# A nation's figure below this share of a general one is a part of it and not a rival.
PART_SHARE = 0.9
_SPEAKING = frozenset({AgencyRole.SOURCE_OF_FIGURE, AgencyRole.SPOKESPERSON})
_UNKNOWN_DAY = dt.date.max


class Ledger(NamedTuple):
    """The rows of one incident and the size that they give it."""

    counts: tuple[IncidentCount, ...]
    role: CountRole | None
    low: int | None
    best: int | None
    high: int | None
    is_series: bool


@dataclass(slots=True)
class _Row:
    """A figure with what its standing depends on."""

    claim: Claim
    report: Report
    row_id: str
    is_headline: bool
    is_main: bool
    is_official: bool
    is_planned: bool
    told: dt.date
    is_whole: bool = False
    subset_of: str | None = None
    superseded_by: str | None = None

    @property
    def value(self) -> int:
        return self.claim.best or self.claim.low or 0

    @property
    def has_best(self) -> bool:
        return self.claim.best is not None


def tellers(reports: Sequence[Report]) -> list[Report]:
    """Return the reports that speak for themselves, earliest first: of copies only the first article's."""
    ordered = sorted(reports, key=_told)
    first: dict[str, str] = {}
    for report in ordered:
        if report.copy_group_id is not None:
            first.setdefault(report.copy_group_id, report.article_id)
    return [
        report for report in ordered
        if report.copy_group_id is None or first[report.copy_group_id] == report.article_id
    ]  # fmt: skip


def consolidate(incident_id: str, event_type: EventType, reports: Sequence[Report]) -> Ledger:
    """Return the ledger of an incident; the order of the reports plays no part."""
    speaking = tellers(reports)
    rows, row_of_claim = _rows(incident_id, speaking)
    for row in rows:
        parent = row.claim.subset_of
        mapped = row_of_claim.get(parent) if parent is not None else None
        row.subset_of = mapped if mapped != row.row_id else None
    headline = [row for row in rows if row.is_headline]
    is_series = _is_series(event_type, headline, speaking)
    if not is_series and (whole := _common_whole(rows, headline, speaking)) is not None:
        whole.is_headline = whole.is_whole = True
        headline.append(whole)
    winner, rivals = _settle_headline(headline, is_series=is_series)
    if winner is not None:
        _settle_repeats(rows, headline, winner, is_series=is_series)
    _settle_others([row for row in rows if not row.is_headline and row.superseded_by is None])
    counts = tuple(_count(incident_id, row) for row in sorted(rows, key=lambda row: row.row_id))
    if winner is None:
        return Ledger(counts, *_told_size(speaking), is_series)
    low, best, high = winner.claim.low, winner.claim.best, winner.claim.high
    values = [row.value for row in rivals if row.has_best]
    if best is not None and values:
        low = min(best if low is None or winner.claim.relation is Relation.ABOUT else low, *values)
        high = (
            None if winner.claim.relation is Relation.AT_LEAST else max(best, high or best, *values)
        )
    return Ledger(counts, winner.claim.role, low, best, high, is_series)


def _told(report: Report) -> tuple[dt.datetime, str]:
    return (report.published_at or dt.datetime.max.replace(tzinfo=dt.UTC), report.report_id)


def _is_series(event_type: EventType, headline: Sequence[_Row], speaking: Sequence[Report]) -> bool:
    """Whether the headline figures are totals that grow: said so, or people coming in day by day.

    Where the largest figure is no running total, a later one that is smaller corrects it.
    """
    done = [row for row in headline if row.has_best and not row.is_planned]
    if event_type is EventType.COMPLAINT and len({row.value for row in done}) > 1:
        return True
    if not done:
        return any(report.is_cumulative and report.count_best is not None for report in speaking)
    largest = max(row.value for row in done)
    return any(row.claim.is_cumulative for row in done if row.value == largest)


def _common_whole(
    rows: Sequence[_Row], headline: Sequence[_Row], speaking: Sequence[Report]
) -> _Row | None:
    """Return the figure for all that several texts tell beside the shares of different nations, if any."""
    nations = {row.claim.nationality for row in headline}
    if len(nations) < 2 or None in nations:
        return None
    roles = {row.claim.role for row in headline}
    largest = max(row.value for row in headline)
    told_by: dict[int, set[str]] = defaultdict(set)
    for report in speaking:
        for claim in report.claims:
            if (
                claim.best is not None
                and claim.role in roles
                and claim.unit is Unit.PERSONS
                and not claim.is_planned
            ):
                told_by[claim.best].add(report.article_id)
    shared = {value for value, articles in told_by.items() if len(articles) > 1 and value > largest}
    if not shared:
        return None
    wanted = max(shared)
    found = [row for row in rows if row.claim.best == wanted and row.claim.role in roles]
    return min(found, key=lambda row: (row.told, row.row_id), default=None)


def _rows(incident_id: str, speaking: Sequence[Report]) -> tuple[list[_Row], dict[str, str]]:
    """Return one row per distinct figure, with its earliest evidence, and the row that each claim is in."""
    rows: dict[tuple[object, ...], _Row] = {}
    row_of_claim: dict[str, str] = {}
    for report in speaking:
        heads = _headline_ids(report)
        speaks = any(item.role in _SPEAKING for item in report.agencies)
        for claim in sorted(report.claims, key=lambda item: (item.start, item.end, item.claim_id)):
            if claim.claim_id in row_of_claim:
                continue
            is_headline = claim.claim_id in heads
            is_planned = claim.is_planned or (is_headline and report.is_planned)
            kind: tuple[object, ...] = (
                ("headline",) if is_headline
                else (claim.role, claim.nationality, claim.sex, claim.age_band, claim.place_id, claim.subset_of is None,
                      claim.is_cumulative)
            )  # fmt: skip
            key = (*kind, claim.unit, claim.low, claim.best, claim.high, is_planned)
            held = rows.get(key)
            if is_headline and held is not None and _are_two_nations(held.claim, claim):
                key = (*key, claim.nationality)
                held = rows.get(key)
            if held is not None and (is_headline or held.report.article_id != report.article_id):
                row_of_claim[claim.claim_id] = held.row_id
                held.is_main = held.is_main or report.salience == "main"
                held.is_official = held.is_official or claim.speaker_agency_id is not None or speaks
                continue
            row = _Row(
                claim=claim,
                report=report,
                row_id=make_id("count", incident_id, claim.claim_id),
                is_headline=is_headline,
                is_main=report.salience == "main",
                is_official=claim.speaker_agency_id is not None or speaks,
                is_planned=is_planned,
                told=claim.as_of_date or report.published_date or report.date_end or _UNKNOWN_DAY,
            )
            rows.setdefault(key, row)
            if rows[key] is not row:
                rows[(*key, claim.claim_id)] = row
            row_of_claim[claim.claim_id] = row.row_id
    return list(rows.values()), row_of_claim


def _are_two_nations(left: Claim, right: Claim) -> bool:
    return (
        None not in {left.nationality, right.nationality} and left.nationality != right.nationality
    )


def _headline_ids(report: Report) -> set[str]:
    """Return the claims that size the event: the headline figure, or the whole that it is a part of."""
    claims = {claim.claim_id: claim for claim in report.claims}
    heads = set()
    for claim in report.claims:
        if not claim.is_headline or claim.unit is not Unit.PERSONS:
            continue
        whole = claims.get(claim.subset_of or "")
        is_same_kind = whole is not None and whole.role is claim.role and whole.unit is Unit.PERSONS
        heads.add(whole.claim_id if whole is not None and is_same_kind else claim.claim_id)
    return heads


# --- which figure stands ---------------------------------------------------------------------------


def _settle_headline(rows: Sequence[_Row], *, is_series: bool) -> tuple[_Row | None, list[_Row]]:
    """Mark what is superseded; return the standing row and the rows whose figures differ from it."""
    if not rows:
        return None, []
    done = [row for row in rows if not row.is_planned] or list(rows)
    firm = [row for row in done if row.has_best] or done
    rivals = [row for row in firm if not _is_share(row, firm, is_series=is_series)]
    disputed: list[_Row] = []
    if is_series:
        winner = max(rivals, key=lambda row: (row.value, -row.told.toordinal(), row.row_id))
        ordered = sorted(rivals, key=lambda row: (row.told, row.value, row.row_id))
        for index, row in enumerate(ordered):
            if row is not winner:
                after = next(
                    (item for item in ordered[index + 1 :] if item.value > row.value), winner
                )
                row.superseded_by = after.row_id
    else:
        winner = max(rivals, key=_standing)
        for row in rivals:
            if row is winner:
                continue
            row.superseded_by = winner.row_id
            if row.is_main and not _is_implied(row, winner):
                disputed.append(row)
    for row in rows:
        if row in firm and row not in rivals:
            # Beside the whole a nation's share is a part of it; beside another share it stands by itself.
            if winner.is_whole or winner.claim.nationality is None:
                row.subset_of = winner.row_id
        elif row is not winner and row not in rivals:
            row.superseded_by = winner.row_id
    return winner, disputed


def _is_share(row: _Row, firm: Sequence[_Row], *, is_series: bool) -> bool:
    """Whether a figure counts one nation's people among those that a larger figure counts."""
    nation = row.claim.nationality
    if nation is None or row.is_whole:
        return False
    for other in firm:
        is_wider = other.is_whole or other.claim.nationality is None
        is_other_nation = not is_series and other.claim.nationality not in {None, nation}
        # In a series: a total that had already been passed when this was told counts something less.
        is_in_time = not is_series or other.told <= row.told
        if is_in_time and (is_wider or is_other_nation) and row.value < PART_SHARE * other.value:
            return True
    return False


def _standing(row: _Row) -> tuple[bool, bool, bool, dt.date, int, str]:
    told = row.told if row.told != _UNKNOWN_DAY else dt.date.min
    return (
        row.claim.relation is Relation.EQUAL, row.is_main, row.is_official, told, row.value, row.row_id
    )  # fmt: skip


def _is_implied(row: _Row, winner: _Row) -> bool:
    """Whether a rounded figure says nothing that the standing one does not: "over 1,000" beside 1,047."""
    if row.claim.relation is Relation.AT_LEAST:
        return row.value <= winner.value
    return row.claim.relation is Relation.AT_MOST and row.value >= winner.value


def _settle_repeats(
    rows: Sequence[_Row], headline: Sequence[_Row], winner: _Row, *, is_series: bool
) -> None:
    """Mark what a text says of the headline figure a second time, and earlier totals it looks back on."""
    ordered = sorted(headline, key=lambda row: (row.told, row.value, row.row_id))
    for row in rows:
        claim = row.claim
        is_of_the_whole = (
            claim.role is winner.claim.role
            and claim.unit is Unit.PERSONS
            and claim.nationality in {None, winner.claim.nationality}
            and claim.sex is None
            and claim.age_band is None
            and claim.place_id in {None, winner.claim.place_id}
        )
        if row.is_headline or row.subset_of is not None or row.is_planned or not is_of_the_whole:
            continue
        same = next((item for item in ordered if item.value == row.value), None)
        if same is not None:
            row.superseded_by = same.row_id
        elif is_series and claim.is_cumulative and row.value < winner.value:
            after = next((item for item in ordered if item.value > row.value), winner)
            row.superseded_by = after.row_id


def _settle_others(rows: Sequence[_Row]) -> None:
    """Mark figures beside the headline that a later text replaces: one of its kind in each text."""
    kinds: dict[tuple[object, ...], list[_Row]] = defaultdict(list)
    for row in rows:
        claim = row.claim
        if claim.subset_of is None and claim.unit is Unit.PERSONS:
            kinds[
                (claim.role, claim.nationality, claim.sex, claim.age_band, claim.place_id)
            ].append(row)
    for group in kinds.values():
        articles = Counter(row.claim.article_id for row in group)
        if len(articles) < 2 or max(articles.values()) > 1:
            continue
        if all(row.claim.is_cumulative for row in group):
            winner = max(group, key=lambda row: (row.value, row.told, row.row_id))
        else:
            winner = max(group, key=lambda row: (not row.is_planned, *_standing(row)))
        for row in group:
            if row is not winner:
                row.superseded_by = winner.row_id


def _told_size(
    speaking: Sequence[Report],
) -> tuple[CountRole | None, int | None, int | None, int | None]:
    """Return the size as the reports give it when none of them carries the figure's place in its text."""
    role = next((report.headline_role for report in speaking if report.headline_role), None)
    counted = [report for report in speaking if report.count_best is not None]
    if not counted:
        vague = [
            report
            for report in speaking
            if report.count_low is not None or report.count_high is not None
        ]
        return (
            (role, vague[0].count_low, None, vague[0].count_high)
            if vague
            else (role, None, None, None)
        )
    done = [report for report in counted if not report.is_planned] or counted
    mains = [report for report in done if report.salience == "main"] or done
    last = max(
        mains, key=lambda report: (report.is_cumulative, report.count_best or 0, report.report_id)
    )
    return (last.headline_role or role, last.count_low, last.count_best, last.count_high)


def _count(incident_id: str, row: _Row) -> IncidentCount:
    claim = row.claim
    nationality: Country | None = claim.nationality
    return IncidentCount(
        count_id=row.row_id,
        incident_id=incident_id,
        role=claim.role,
        low=claim.low,
        best=claim.best,
        high=claim.high,
        relation=claim.relation,
        unit=claim.unit,
        nationality=nationality,
        sex=claim.sex,
        age_band=claim.age_band,
        as_of_date=claim.as_of_date or (row.report.published_date if claim.is_cumulative else None),
        is_cumulative=claim.is_cumulative,
        cumulative_since=claim.cumulative_since,
        subset_of=row.subset_of,
        superseded_by=row.superseded_by,
        basis=claim.basis,
        report_id=row.report.report_id,
        article_id=claim.article_id,
        start=claim.start,
        end=claim.end,
    )
