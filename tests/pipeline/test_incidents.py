"""Incidents: the cases of the codebook, people's decisions, stable ids, independence of order."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import incidents
from pipeline.records import (
    CountRole,
    DateBasis,
    DatePrecision,
    EventType,
    Incident,
    IncidentStatus,
    Relation,
    Report,
    Review,
    ScamType,
    Tier,
    Unit,
)
from tests.factories import day, make_claim, make_report

COMPLAINT, RAID, RETURN = EventType.COMPLAINT, EventType.RAID, EventType.REPATRIATION
MISSION = "id.kbri-phnompenh"


def _live(linked: incidents.Linked) -> list[Incident]:
    return [item for item in linked.incidents if item.merged_into is None]


def _one(reports: Sequence[Report], **given_: Any) -> Incident:
    found = _live(incidents.link(reports, **given_))
    assert len(found) == 1, [(item.event_type, item.persons_best, item.n_reports) for item in found]
    return found[0]


def _top_level_persons(linked: incidents.Linked) -> int:
    return sum(item.persons_best or 0 for item in _live(linked) if item.parent_id is None)


def _review(number: int, action: Any, record_id: str, **fields: Any) -> Review:
    return Review(
        review_id=f"rev{number}",
        record_id=record_id,
        action=action,
        reviewer="coder",
        reason="checked against the texts",
        reviewed_at=dt.datetime(2026, 9, 21, number, tzinfo=dt.UTC),
        **fields,
    )


def _walk_ins(totals: Sequence[tuple[str, int]], since: str | None = "08-31") -> list[Report]:
    return [
        make_report(
            COMPLAINT,
            total,
            article=f"w{total}",
            published=told,
            date=since or told,
            until=told,
            place="kh.phnompenh",
            is_cumulative=True,
            agencies=(MISSION,),
        )
        for told, total in totals
    ]


WALK_INS = [("09-02", 212), ("09-04", 385), ("09-07", 640), ("09-10", 1015), ("09-13", 1260)]
LONGER = [("09-02", 911), ("09-03", 1047), ("09-05", 1726), ("09-09", 2493), ("09-14", 3100)]


# --- one or two ------------------------------------------------------------------------------------


@pytest.mark.parametrize("since", ["08-31", None])
@pytest.mark.parametrize("totals", [WALK_INS, LONGER])
def test_growing_walk_ins_are_one_incident_of_the_last_size(
    totals: list[tuple[str, int]], since: str | None
) -> None:
    reports = _walk_ins(totals, since)
    linked = incidents.link(reports)
    found = _one(reports)
    assert found.persons_best == totals[-1][1]
    assert (found.persons_low, found.persons_high) == (totals[-1][1], totals[-1][1])
    assert found.n_sources == len(totals)
    assert found.date_end == day(totals[-1][0])
    # Each total is superseded by the next one; the naive sum would be more than twice the truth.
    rows = sorted(found.counts, key=lambda row: row.best or 0)
    assert [row.superseded_by for row in rows] == [*(row.count_id for row in rows[1:]), None]
    assert _top_level_persons(linked) <= 1.05 * totals[-1][1]


def test_only_one_total_of_a_series_stands_however_often_texts_repeat_it() -> None:
    def told(published: str, total: int, earlier: int | None) -> Report:
        name = f"w{total}"
        claims = [
            make_claim(
                total, CountRole.COMPLAINANT, article=name, is_headline=True, is_cumulative=True
            )
        ]
        claims.append(
            make_claim(total, CountRole.COMPLAINANT, article=name, start=40, is_cumulative=True)
        )
        if earlier is not None:
            claims.append(
                make_claim(
                    earlier, CountRole.COMPLAINANT, article=name, start=90, is_cumulative=True
                )
            )
        return make_report(
            COMPLAINT, total, article=name, published=published, date="08-31", until=published,
            place="kh.phnompenh", is_cumulative=True, agencies=(MISSION,), claims=tuple(claims),
        )  # fmt: skip

    found = _one([told("09-02", 212, None), told("09-04", 385, 212), told("09-07", 640, 385)])
    standing = [row.best for row in found.counts if row.superseded_by is None]
    assert standing == [640]
    known = {row.count_id for row in found.counts}
    assert {row.superseded_by for row in found.counts} - {None} <= known


def test_a_tally_months_later_is_another_wave() -> None:
    reports = _walk_ins([*WALK_INS, ("12-20", 90), ("12-22", 140)], None)
    sizes = sorted(item.persons_best or 0 for item in _live(incidents.link(reports)))
    assert sizes == [140, 1260]


def _campaign(told: str, total: int, relation: Relation = Relation.EQUAL) -> Report:
    return make_report(
        RAID,
        total,
        article=f"c{total}",
        published=told,
        date="06-27",
        until=told,
        is_cumulative=True,
        claim={
            "relation": relation,
            "nationality": None,
            "high": total if relation is Relation.EQUAL else None,
        },
    )


def _raids() -> list[Report]:
    return [
        make_report(RAID, 418, article="r1", published="07-15", date="07-14", place="kh.poipet"),
        make_report(
            RAID, 587, article="r2", published="07-16", date="07-15", place="kh.sihanoukville"
        ),
        make_report(RAID, 233, article="r3", published="07-18", date="07-17", place="kh.bavet"),
    ]


def test_a_crackdown_is_one_campaign_and_its_raids_are_children() -> None:
    campaign = [
        _campaign("07-17", 1000, Relation.AT_LEAST),
        _campaign("07-19", 2137),
        _campaign("08-01", 3075),
        _campaign("10-16", 3455),
    ]
    linked = incidents.link([*campaign, *_raids()])
    found = _live(linked)
    top = [item for item in found if item.parent_id is None]
    assert [item.persons_best for item in top] == [3455]
    assert top[0].place_id is None
    assert top[0].event_country == "KHM"
    children = [item for item in found if item.parent_id == top[0].incident_id]
    assert sorted(item.persons_best or 0 for item in children) == [233, 418, 587]
    assert _top_level_persons(linked) <= 1.05 * 3455
    # The raids add nothing to the campaign: without them it is the same.
    alone = _one(campaign)
    assert alone.persons_best == top[0].persons_best
    assert alone.counts == top[0].counts


def test_a_raid_elsewhere_or_before_the_campaign_is_nobodys_child() -> None:
    early = make_report(RAID, 60, article="e", published="05-02", date="05-01", place="kh.bavet")
    found = _live(incidents.link([_campaign("07-19", 2137), early]))
    assert [item.parent_id for item in found] == [None, None]


def test_one_nations_share_of_a_raid_is_a_part_of_its_total() -> None:
    whole = make_report(
        RAID, 418, article="a", date="09-03", place="kh.poipet", claim={"nationality": None}
    )
    share = make_report(
        RAID,
        62,
        article="b",
        published="09-05",
        date="09-03",
        place="kh.poipet",
        claim={"nationality": "IDN"},
    )
    found = _one([whole, share])
    assert (found.persons_low, found.persons_best, found.persons_high) == (418, 418, 418)
    rows = {row.best: row for row in found.counts}
    assert rows[62].subset_of == rows[418].count_id
    assert rows[62].superseded_by is None


def test_the_shares_of_two_nations_are_parts_of_the_whole_that_both_texts_tell() -> None:
    def told(article: str, nation: str, share: int, *, whole: int | None) -> Report:
        own = make_claim(
            share, CountRole.DETAINED, article=article, nationality=nation, is_headline=True
        )
        more = (make_claim(whole, CountRole.DETAINED, article=article, start=30),) if whole else ()
        return make_report(
            RAID,
            article=article,
            date="09-09",
            place="kh.sihanoukville",
            claims=(own, *more),
            nationalities=(nation,),
        )

    found = _one([told("a", "IDN", 134, whole=587), told("b", "PHL", 47, whole=587)])
    assert (found.persons_best, found.nationalities) == (587, ("IDN", "PHL"))
    rows = {row.best: row for row in found.counts if row.superseded_by is None}
    assert rows[134].subset_of == rows[47].subset_of == rows[587].count_id
    # Without a whole the largest share is a floor, and no two shares are added.
    assert (
        _one([told("a", "IDN", 134, whole=None), told("b", "PHL", 47, whole=None)]).persons_best
        == 134
    )


def test_the_rest_of_a_group_stays_a_part() -> None:
    """In "60 escaped, 45 are at the police station, the rest in hospital" the rest is 15 of the 60."""
    whole = make_claim(60, CountRole.ESCAPED, article="a", is_headline=True)
    held = make_claim(45, CountRole.ESCAPED, article="a", start=10, subset_of=whole.claim_id)
    rest = make_claim(
        15, CountRole.ESCAPED, article="a", start=20, subset_of=whole.claim_id, basis="derived"
    )
    first = make_report(
        EventType.ESCAPE, article="a", date="09-05", country="KHM", claims=(whole, held, rest)
    )
    again = make_report(EventType.ESCAPE, 60, article="b", published="09-07", date="09-05")
    found = _one([first, again])
    assert found.persons_best == 60
    rows = {row.best: row for row in found.counts}
    assert rows[45].subset_of == rows[15].subset_of == rows[60].count_id
    assert rows[15].basis == "derived"
    assert rows[60].article_id == first.article_id


def test_two_ministries_with_two_figures_are_one_return_with_a_spread() -> None:
    first = make_report(
        RETURN,
        84,
        article="a",
        published="09-11",
        date="09-11",
        claim={"speaker_agency_id": "id.kemlu"},
    )
    later = make_report(
        RETURN,
        87,
        article="b",
        published="09-12",
        date="09-11",
        claim={"speaker_agency_id": "id.p2mi"},
    )
    passing = make_report(
        RETURN, 84, article="c", published="09-15", date="09-11", salience="background"
    )
    found = _one([first, later, passing])
    assert (found.persons_low, found.persons_best, found.persons_high) == (84, 87, 87)
    assert found.status is IncidentStatus.CONFIRMED_MULTIPLE


def test_a_first_estimate_is_superseded_by_the_corrected_figure() -> None:
    about = make_report(
        EventType.RESCUE, 40, article="a", published="09-06", date="09-06", place="mm.shwekokko",
        claim={"relation": Relation.ABOUT, "low": 36, "high": 44},
    )  # fmt: skip
    exact = make_report(
        EventType.RESCUE, 36, article="b", published="09-08", date="09-06", place="mm.shwekokko",
        claim={"speaker_agency_id": "id.kemlu"},
    )  # fmt: skip
    found = _one([about, exact])
    assert (found.persons_low, found.persons_best, found.persons_high) == (36, 36, 40)
    rows = {row.best: row for row in found.counts}
    assert rows[40].superseded_by == rows[36].count_id


def test_a_rounded_headline_does_not_widen_the_spread() -> None:
    over = make_report(
        RAID,
        1000,
        article="a",
        date="09-03",
        place="kh.poipet",
        claim={"relation": Relation.AT_LEAST},
    )
    exact = make_report(RAID, 1047, article="b", date="09-03", place="kh.poipet")
    found = _one([over, exact])
    assert (found.persons_low, found.persons_best, found.persons_high) == (1047, 1047, 1047)


def test_a_second_batch_is_a_new_incident_of_the_same_case() -> None:
    first = make_report(
        RETURN,
        84,
        article="a",
        published="09-11",
        date="09-11",
        summary="Kloter pertama tiba di bandara.",
    )
    second = make_report(
        RETURN,
        86,
        article="b",
        published="09-12",
        date="09-12",
        summary="Kloter kedua tiba di bandara.",
    )
    found = _live(incidents.link([first, second]))
    assert sorted(item.persons_best or 0 for item in found) == [84, 86]
    assert found[0].case_id is not None
    assert found[0].case_id == found[1].case_id


def test_a_rescue_and_the_flight_home_are_two_incidents_of_one_case() -> None:
    rescue = make_report(EventType.RESCUE, 36, article="a", date="08-02", place="mm.shwekokko")
    home = make_report(RETURN, 35, article="b", published="09-15", date="09-14", country="MMR")
    other = make_report(RETURN, 150, article="c", published="09-15", date="09-14", country="MMR")
    found = {item.persons_best: item for item in _live(incidents.link([rescue, home, other]))}
    assert found[36].case_id is not None
    assert found[36].case_id == found[35].case_id
    assert found[150].case_id is None


def test_arrest_and_verdict_are_one_case() -> None:
    base: dict[str, Any] = {"place": "id.batam", "destination_country": "KHM"}
    arrest = make_report(EventType.ARREST, 3, article="a", published="03-02", date="03-01", **base)
    verdict = make_report(
        EventType.VERDICT, 3, article="b", published="09-18", date="09-17", **base
    )
    one, two = _live(incidents.link([arrest, verdict]))
    assert one.case_id == two.case_id is not None


def test_an_announced_return_joins_the_one_that_took_place() -> None:
    plan = make_report(
        RETURN,
        100,
        article="a",
        published="09-09",
        date="09-10",
        is_planned=True,
        claim={"is_planned": True},
    )
    done = make_report(RETURN, 99, article="b", published="09-15", date="09-14")
    found = _one([plan, done])
    assert found.persons_best == 99
    assert found.date_start == day("09-14")
    rows = {row.best: row for row in found.counts}
    assert rows[100].superseded_by == rows[99].count_id


def test_cases_are_not_persons() -> None:
    cases = make_claim(90, CountRole.VICTIM, article="a", unit=Unit.CASES, is_headline=True)
    people = make_claim(120, CountRole.COMPLAINANT, article="a", start=40)
    found = _one([make_report(COMPLAINT, article="a", place="kh.phnompenh", claims=(cases, people), count_best=None,
                              count_low=None, count_high=None)])  # fmt: skip
    assert found.persons_best is None
    assert {(row.best, row.unit) for row in found.counts} == {(90, Unit.CASES), (120, Unit.PERSONS)}


@pytest.mark.parametrize(
    "change",
    [
        {"published": "09-20", "date": "09-19"},
        {"place": "kh.bavet"},
        {"event_type": RETURN},
        {"best": 25},
        {"event_country": "MMR", "destination_country": "MMR"},
    ],
)
def test_another_day_place_kind_or_size_is_another_incident(change: dict[str, Any]) -> None:
    base: dict[str, Any] = {
        "event_type": RAID,
        "best": 134,
        "published": "09-10",
        "date": "09-09",
        "place": "kh.poipet",
    }
    one = make_report(article="a", **base)
    assert len(_live(incidents.link([one, make_report(article="b", **base)]))) == 1
    assert len(_live(incidents.link([one, make_report(article="b", **{**base, **change})]))) == 2


def test_a_country_alone_joins_only_by_a_figure_of_its_own() -> None:
    def raid(article: str, best: int | None) -> Report:
        return make_report(RAID, best, article=article, date="09-03")

    assert len(_live(incidents.link([raid("a", 61), raid("b", 61)]))) == 1
    assert len(_live(incidents.link([raid("a", None), raid("b", None)]))) == 2


def test_one_article_never_tells_the_same_incident_twice_unless_word_for_word() -> None:
    one = make_report(RAID, 50, article="a", date="09-03", place="kh.poipet")
    same = one.model_copy(update={"report_id": "report_again"})
    other = make_report(RAID, 55, article="a", date="09-04", place="kh.poipet")
    assert len(_live(incidents.link([one, same]))) == 1
    assert len(_live(incidents.link([one, other]))) == 2


def test_what_is_told_in_passing_joins_but_never_bridges() -> None:
    left = make_report(RAID, 100, article="a", date="09-01", place="kh.poipet")
    right = make_report(RAID, 100, article="b", published="09-06", date="09-05", place="kh.poipet")
    between = make_report(
        RAID,
        100,
        article="c",
        published="09-07",
        date="09-03",
        place="kh.poipet",
        salience="background",
    )
    found = _live(incidents.link([left, right, between]))
    assert sorted(item.n_reports for item in found) == [1, 2]


# --- sources, status, fields -----------------------------------------------------------------------


def test_copies_of_a_wire_text_are_one_source_and_speak_once() -> None:
    copies = [
        make_report(
            RETURN, 84, article=f"s{n}", published="09-11", date="09-11", copy_group_id="copy_1"
        )
        for n in range(5)
    ]
    found = _one(copies)
    assert (found.n_reports, found.n_sources, len(found.counts)) == (5, 1, 1)
    assert found.status is IncidentStatus.REPORTED
    other = make_report(RETURN, 84, article="own", published="09-12", date="09-11")
    assert _one([*copies, other]).n_sources == 2


def test_an_agency_as_source_confirms() -> None:
    assert (
        _one([make_report(RAID, 9, agencies=("kh.police",))]).status
        is IncidentStatus.CONFIRMED_OFFICIAL
    )


def test_the_exact_day_and_the_finest_place_that_most_name_are_kept() -> None:
    guess = make_report(
        RAID, 587, article="a", published="09-11", date="09-11", date_precision=DatePrecision.WITHIN_WEEK,
        date_basis=DateBasis.PUBLICATION_UPPER_BOUND, scam_types=(ScamType.UNKNOWN,),
    )  # fmt: skip
    town = [
        make_report(
            RAID, 587, article=name, published="09-10", date="09-09", place="kh.sihanoukville",
            scam_types=(ScamType.ROMANCE,),
        )
        for name in "bc"
    ]  # fmt: skip
    found = _one([guess, *town])
    assert (found.date_start, found.date_precision, found.place_id) == (
        day("09-09"), DatePrecision.DAY, "kh.sihanoukville",
    )  # fmt: skip
    assert found.scam_types == (ScamType.ROMANCE,)
    assert (found.first_reported_at, found.last_updated_at) == (
        town[0].published_at,
        guess.published_at,
    )


def test_a_doubtful_link_lowers_the_confidence() -> None:
    sure = [make_report(RAID, 200, article=name, date="09-03", place="kh.poipet") for name in "ab"]
    doubtful = [
        make_report(RAID, 200, article="a", date="09-03"),
        make_report(
            RAID,
            205,
            article="b",
            published="09-06",
            date="09-04",
            date_precision=DatePrecision.WITHIN_WEEK,
        ),
    ]
    assert _one(doubtful).confidence < _one(sure).confidence


# --- ids -------------------------------------------------------------------------------------------


def _known(linked: incidents.Linked) -> dict[str, str]:
    return {item.report_id: item.incident_id for item in linked.links}


def test_an_incident_keeps_its_id_when_an_earlier_report_turns_up() -> None:
    late = _walk_ins(WALK_INS[2:])
    before = incidents.link(late)
    after = incidents.link(_walk_ins(WALK_INS), known=_known(before))
    assert [item.incident_id for item in after.incidents] == [
        item.incident_id for item in before.incidents
    ]


def test_an_incident_that_another_swallows_is_marked_as_merged() -> None:
    first, *_, last = _walk_ins([WALK_INS[0], ("09-25", 1300)], None)
    before = incidents.link([first, last])
    assert len(before.incidents) == 2
    between = _walk_ins([("09-09", 900), ("09-17", 1100)], None)
    after = incidents.link([first, *between, last], known=_known(before))
    gone = [item for item in after.incidents if item.merged_into is not None]
    assert len(gone) == 1
    assert gone[0].status is IncidentStatus.MERGED_INTO
    assert (gone[0].report_ids, gone[0].counts, gone[0].persons_best) == ((), (), None)
    assert {gone[0].incident_id, gone[0].merged_into} == {
        item.incident_id for item in before.incidents
    }


# --- people's decisions ----------------------------------------------------------------------------


def _two_raids() -> tuple[list[Report], incidents.Linked]:
    reports = [
        make_report(RAID, 100, article="a", date="09-01", place="kh.poipet"),
        make_report(RAID, 100, article="b", date="09-01", place="kh.poipet"),
        make_report(RAID, 300, article="c", date="09-02", place="kh.bavet"),
    ]
    return reports, incidents.link(reports)


def test_a_merge_holds_through_reruns_and_an_undo_takes_it_back() -> None:
    reports, before = _two_raids()
    small, large = sorted(before.incidents, key=lambda item: item.persons_best or 0)
    merge = _review(1, "merge", small.incident_id, value=large.incident_id)
    known = _known(before)
    for _ in range(3):
        linked = incidents.link(reports, known=known, reviews=[merge])
        found = _live(linked)
        assert [item.incident_id for item in found] == [large.incident_id]
        assert found[0].tier is Tier.REVIEWED
        assert found[0].n_reports == 3
        gone = next(item for item in linked.incidents if item.merged_into)
        assert (gone.incident_id, gone.merged_into) == (small.incident_id, large.incident_id)
        known = _known(linked)
    undone = incidents.link(reports, known=known, reviews=[merge, _review(2, "undo", "rev1")])
    assert sorted(item.n_reports for item in _live(undone)) == [1, 2]


def test_a_split_gives_the_report_an_incident_of_its_own_for_good() -> None:
    reports, before = _two_raids()
    shared = next(item for item in before.incidents if item.n_reports == 2)
    split = _review(1, "split", shared.report_ids[0], value=shared.incident_id)
    known = _known(before)
    for _ in range(3):
        linked = incidents.link(reports, known=known, reviews=[split])
        known = _known(linked)
        assert known[shared.report_ids[1]] == shared.incident_id
        assert known[shared.report_ids[0]] != shared.incident_id
        assert len(_live(linked)) == 3
    assert (
        next(item for item in linked.links if item.report_id == shared.report_ids[0]).linked_by
        == "review"
    )


def test_decisions_find_an_incident_after_its_first_report_left_it() -> None:
    reports, before = _two_raids()
    large = next(item for item in before.incidents if item.n_reports == 1)
    shared = next(item for item in before.incidents if item.n_reports == 2)
    first, second = sorted(reports[:2], key=lambda item: item.report_id)
    decisions = [
        _review(1, "split", first.report_id, value=shared.incident_id),
        _review(2, "merge", shared.incident_id, value=large.incident_id),
    ]
    known = _known(before)
    for _ in range(3):
        known = _known(incidents.link(reports, known=known, reviews=decisions))
        assert known[second.report_id] == known[reports[2].report_id] == large.incident_id
        assert known[first.report_id] not in {shared.incident_id, large.incident_id}


def test_an_undo_can_be_undone() -> None:
    decisions = [
        _review(1, "accept", "inc_1"),
        _review(2, "undo", "rev1"),
        _review(3, "undo", "rev2"),
    ]
    assert [item.review_id for item in incidents.standing(decisions)] == ["rev1"]
    assert incidents.standing(decisions[:2]) == []


def test_accept_correct_and_reject() -> None:
    reports, before = _two_raids()
    small, large = sorted(before.incidents, key=lambda item: item.persons_best or 0)
    linked = incidents.link(
        reports,
        reviews=[
            _review(1, "accept", small.incident_id),
            _review(2, "correct", small.incident_id, field="persons_best", value="90"),
            _review(3, "correct", small.incident_id, field="nationalities", value="IDN, CHN"),
            _review(4, "correct", small.incident_id, field="incident_id", value="inc_other"),
            _review(5, "reject", large.incident_id),
        ],
    )
    assert len(linked.incidents) == 1
    found = linked.incidents[0]
    assert (found.incident_id, found.tier) == (small.incident_id, Tier.REVIEWED)
    assert (found.persons_low, found.persons_best, found.persons_high) == (90, 90, 100)
    assert found.nationalities == ("IDN", "CHN")
    assert {item.incident_id for item in linked.links} == {small.incident_id}


def test_a_correction_that_does_not_fit_is_refused() -> None:
    found = _one([make_report(RAID, 9)])
    with pytest.raises(ValueError, match="cannot be corrected"):
        incidents.corrected(found, "report_ids", "x")
    with pytest.raises(ValueError, match="date_start"):
        incidents.corrected(found, "date_start", "yesterday")
    assert incidents.corrected(found, "event_type", "rescue").event_type is EventType.RESCUE


# --- properties ------------------------------------------------------------------------------------


@st.composite
def _reports(draw: st.DrawFn) -> list[Report]:
    reports = []
    for number in range(draw(st.integers(1, 14))):
        told = dt.date(2026, 9, 1) + dt.timedelta(days=draw(st.integers(0, 20)))
        place = draw(st.sampled_from([None, "kh.poipet", "kh.bavet", "mm.kkpark"]))
        is_total = draw(st.booleans())
        reports.append(
            make_report(
                draw(
                    st.sampled_from([RAID, EventType.RESCUE, EventType.ESCAPE, RETURN, COMPLAINT])
                ),
                draw(st.sampled_from([None, 3, 60, 62, 100, 105, 700, 1500])),
                article=f"s{number % 9}",
                published=told.isoformat(),
                date=(told - dt.timedelta(days=draw(st.integers(0, 4)))).isoformat(),
                until=told.isoformat() if is_total else None,
                place=place,
                is_cumulative=is_total,
                salience=draw(st.sampled_from(["main", "main", "background"])),
                copy_group_id=draw(st.sampled_from([None, None, "copy_1"])),
            )
        )
    return reports


@given(_reports(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_reports_plays_no_part(
    reports: list[Report], chooser: random.Random
) -> None:
    shuffled = list(reports)
    chooser.shuffle(shuffled)
    assert incidents.link(shuffled) == incidents.link(reports)


@given(_reports())
@settings(max_examples=60, deadline=None)
def test_linking_again_with_its_own_links_changes_nothing(reports: list[Report]) -> None:
    first = incidents.link(reports)
    again = incidents.link(reports, known=_known(first))
    assert again == first


@given(_reports(), st.data())
@settings(max_examples=60, deadline=None)
def test_every_report_is_in_one_incident_whose_figure_somebody_told(
    reports: list[Report], data: st.DataObject
) -> None:
    known = _known(incidents.link(reports[: data.draw(st.integers(0, len(reports)))]))
    linked = incidents.link(reports, known=known)
    told = defaultdict(set)
    for report in reports:
        told[report.report_id].add(report.count_best)
    assert sorted(item.report_id for item in linked.links) == sorted(told)
    ids = [item.incident_id for item in linked.incidents]
    assert len(ids) == len(set(ids))
    live = {item.incident_id: item for item in _live(linked)}
    for item in live.values():
        figures = {best for report_id in item.report_ids for best in told[report_id]}
        assert item.persons_best in figures | {None}, "a sum of figures is nobody's figure"
        count_ids = {row.count_id for row in item.counts}
        for row in item.counts:
            assert {row.subset_of, row.superseded_by} <= count_ids | {None}
            assert row.count_id not in {row.subset_of, row.superseded_by}
        if item.parent_id is not None:
            parent = live[item.parent_id]
            assert parent.parent_id is None
            assert not set(parent.report_ids) & set(item.report_ids)
    assert all(item.merged_into in live for item in linked.incidents if item.merged_into)
