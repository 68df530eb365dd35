"""Which reports tell of one incident: the labelled sets, pairs, wording."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import facts, gold, likeness, linking
from pipeline.gold import GoldArticle, GoldIncident
from pipeline.protocols import Vectors
from pipeline.records import (
    AgencyRole,
    Claim,
    CountRole,
    DateBasis,
    DatePrecision,
    EventType,
    GeoPrecision,
    PlaceRole,
    Relation,
    Report,
    ReportAgency,
    ReportPlace,
    Span,
    Unit,
    make_id,
)
from tests.factories import make_claim, make_report

GOLD = Path(__file__).parents[1] / "gold"
RAID, RETURN = EventType.RAID, EventType.REPATRIATION
# Perfectly read reports of the development sets are told apart without a fault today.
FLOOR = 0.97


# --- the labelled sets, read without a fault -------------------------------------------------------


def _labelled_report(article: GoldArticle, incident: GoldIncident) -> Report:
    """Return what a reader without faults would report of a labelled incident."""
    assert article.published is not None
    told = dt.date.fromisoformat(article.published[:10])
    head = incident.headline
    claims = []
    for number, count in enumerate(incident.counts):
        if count.unit is not Unit.PERSONS:
            continue
        low = count.low if count.low is not None else count.best
        high = count.best if count.high is None and count.relation is Relation.EQUAL else count.high
        claims.append(
            Claim(
                claim_id=make_id("claim", article.id, incident.incident_key, number),
                article_id=article.id,
                role=count.role,
                low=low,
                best=count.best,
                high=high,
                relation=count.relation,
                is_cumulative=bool(count.is_cumulative),
                is_headline=count is head,
                start=number,
                end=number + 1,
                surface="x",
                extractor="labelled",
                extractor_version="1",
            )
        )
    headline = next((claim for claim in claims if claim.is_headline), None)
    is_total = headline is not None and headline.is_cumulative
    places = tuple(
        ReportPlace(
            place_id=place.name,
            name=place.name,
            role=PlaceRole(place.role),
            country=place.country or incident.event_country,
            admin1=place.admin1,
            geo_precision=GeoPrecision.TOWN if place.admin1 else GeoPrecision.COUNTRY,
            start=0,
            end=1,
        )
        for place in incident.places
        if place.role
    )
    wanted = (PlaceRole.DESTINATION,) if incident.event_type in facts.RETURN else (
        PlaceRole.EVENT_SITE, PlaceRole.DESTINATION, PlaceRole.DEPARTURE,
    )  # fmt: skip
    site = next(
        (item for role in wanted for item in places if item.role is role and item.admin1), None
    )
    return Report(
        report_id=make_id("report", article.id, incident.incident_key),
        article_id=article.id,
        event_type=incident.event_type,
        date_start=incident.date,
        date_end=incident.date_end or (told if is_total else incident.date),
        date_precision=incident.date_precision or DatePrecision.DAY,
        date_basis=DateBasis.EXPLICIT,
        event_country=incident.event_country,
        destination_country=incident.destination_country,
        place_id=site.place_id if site else None,
        admin1=site.admin1 if site else None,
        geo_precision=site.geo_precision if site else GeoPrecision.COUNTRY,
        nationalities=incident.nationality,
        headline_role=headline.role if headline else None,
        count_low=headline.low if headline else None,
        count_best=headline.best if headline else None,
        count_high=headline.high if headline else None,
        is_cumulative=is_total,
        claims=tuple(claims),
        places=places,
        agencies=tuple(
            ReportAgency(agency_id=name, name=name, role=AgencyRole.MENTIONED, start=0, end=1)
            for name in incident.agencies
        ),
        evidence=(Span(start=0, end=1, surface="x"),),
        confidence=0.8,
        outlet=article.outlet,
        language=article.language,
        published_date=told,
        published_at=dt.datetime.combine(told, dt.time(5), dt.UTC),
        extractor_version="1",
    )


def _b_cubed(found: Mapping[str, object], truth: Mapping[str, object]) -> float:
    """Return the B-cubed F1 (Bagga and Baldwin 1998) of one clustering against another."""
    ours, theirs = defaultdict(set), defaultdict(set)
    for item in truth:
        ours[found[item]].add(item)
        theirs[truth[item]].add(item)
    shares = [
        (len(both) / len(ours[found[item]]), len(both) / len(theirs[truth[item]]))
        for item in truth
        for both in (ours[found[item]] & theirs[truth[item]],)
    ]
    precision, recall = (sum(column) / len(truth) for column in zip(*shares, strict=True))
    return float(2 * precision * recall / (precision + recall))


@pytest.mark.parametrize("language", ["id", "en"])
def test_labelled_incidents_are_found_again(language: str) -> None:
    lines = (GOLD / f"dev_gold_{language}.jsonl").read_text(encoding="utf-8").splitlines()
    reports, truth = [], {}
    for article in gold.parse(lines, language):
        for incident in article.incidents:
            reports.append(_labelled_report(article, incident))
            truth[reports[-1].report_id] = incident.incident_key
    clusters = linking.cluster(reports)
    found = {
        report.report_id: number for number, item in enumerate(clusters) for report in item.reports
    }
    alone = {report_id: report_id for report_id in truth}
    assert _b_cubed(found, truth) >= FLOOR > _b_cubed(alone, truth)


# --- two reports -----------------------------------------------------------------------------------


def _match(left: Report, right: Report) -> bool:
    return likeness.compare(left, right).is_match


def test_the_people_of_an_escape_may_be_told_of_as_rescued() -> None:
    escape = make_report(EventType.ESCAPE, 60, article="a", date="09-03", place="kh.bavet")
    rescue = make_report(EventType.RESCUE, 60, article="b", date="09-03", place="kh.bavet")
    raid = make_report(RAID, 110, article="c", date="09-03", place="kh.bavet")
    assert _match(escape, rescue)
    assert likeness.compare(escape, raid).is_contradiction


def test_returns_of_other_nationals_are_other_returns() -> None:
    ours = make_report(RETURN, 84, article="a", date="09-03")
    theirs = make_report(RETURN, 84, article="b", date="09-03", nationalities=("PHL",))
    assert _match(ours, ours.model_copy(update={"article_id": "art_b", "report_id": "report_b"}))
    assert likeness.compare(ours, theirs).is_contradiction


def test_a_flight_number_makes_up_for_a_missing_place() -> None:
    def flown(article: str, **fields: object) -> Report:
        return make_report(RETURN, None, article=article, date="09-03", **fields)  # type: ignore[arg-type]

    assert not _match(flown("a"), flown("b"))
    assert _match(flown("a", keys=("GA867",)), flown("b", keys=("GA867",)))


def test_a_part_of_the_other_texts_figure_is_the_same_event() -> None:
    whole = make_claim(120, CountRole.DETAINED, article="a", is_headline=True)
    part = make_claim(95, CountRole.DETAINED, article="a", start=9, subset_of=whole.claim_id)
    first = make_report(RAID, article="a", date="09-03", claims=(whole, part))
    assert _match(first, make_report(RAID, 95, article="b", date="09-03"))
    assert not _match(first, make_report(RAID, 93, article="b", date="09-03"))


def test_an_old_day_in_news_of_the_same_hour_does_not_part_one_figure() -> None:
    home = make_report(RETURN, 21, article="a", published="09-10", date="09-09")
    misread = make_report(RETURN, 21, article="b", published="09-10", date="05-02")
    real = make_report(RETURN, 21, article="c", published="05-03", date="05-02")
    assert _match(home, misread)
    assert not _match(home, real)


def test_a_total_is_counted_since_the_day_that_its_twin_gives() -> None:
    """The title has the bare figure, the lead says since when: they are one figure."""
    role = CountRole.COMPLAINANT
    bare = make_claim(6308, role, article="a", is_headline=True)
    twin = make_claim(
        6308, role, article="a", start=50, is_cumulative=True, cumulative_since=dt.date(2026, 7, 16)
    )
    late = make_report(
        EventType.COMPLAINT, article="a", published="09-27", date="10-11", claims=(bare, twin)
    )
    read = facts.Facts(late)
    assert read.since == dt.date(2026, 7, 16).toordinal()
    early = make_report(
        EventType.COMPLAINT,
        1726,
        article="b",
        published="07-22",
        date="07-16",
        until="07-21",
        is_cumulative=True,
    )
    assert _match(early, late)


def test_a_title_that_rounds_its_own_figure_is_no_second_event() -> None:
    title = make_report(
        RAID, 2100, article="a", published="09-19", date="09-01", until="09-19", is_cumulative=True
    )
    body = make_report(
        RAID, 2137, article="a", published="09-19", date="09-01", until="09-19", is_cumulative=True,
        salience="background",
    )  # fmt: skip
    assert len(linking.cluster([title, body])) == 1


def _campaign(best: int, day: str, article: str, claims: tuple[Claim, ...] | None = None) -> Report:
    return make_report(
        RAID, best, article=article, published=day, date="02-10", until=day, is_cumulative=True,
        claims=claims,
    )  # fmt: skip


def test_a_campaign_grows_through_the_shares_that_each_paper_tells() -> None:
    """ "58 of ours among 2,655": the whole is the campaign's total, whatever figure the headline has."""
    since = dt.date(2026, 2, 10)
    whole = make_claim(
        2655, CountRole.ARRESTED, article="c", start=40, is_cumulative=True, cumulative_since=since
    )
    share = make_claim(
        58, CountRole.ARRESTED, article="c", is_headline=True, is_cumulative=True, nationality="MYS",
        cumulative_since=since, subset_of=whole.claim_id,
    )  # fmt: skip
    first = _campaign(1180, "02-20", "a")
    second = _campaign(1904, "03-02", "b")
    third = _campaign(58, "03-17", "c", claims=(share, whole))
    assert len(linking.cluster([third, first, second])) == 1


def test_one_nation_among_a_larger_total_does_not_part_the_series() -> None:
    share = make_claim(75, CountRole.ESCAPED, article="a", is_headline=True, nationality="IDN")
    ours = make_report(
        EventType.ESCAPE, 75, article="a", published="10-24", date="10-22", claims=(share,)
    )
    total = make_report(
        EventType.ESCAPE, 1233, article="b", published="10-26", date="10-22", until="10-26",
        is_cumulative=True, claim={"nationality": None},
    )  # fmt: skip
    left, right = facts.Facts(ours), facts.Facts(total)
    found = likeness.compare_facts(left, right, likeness.Wording([left, right], None), 0, 1)
    assert not found.is_contradiction


class _Encoder:
    """Puts summaries with the same first word in one direction."""

    version = "first-word@1"

    def __init__(self, thresholds: dict[str, float] | None = None) -> None:
        self.thresholds = thresholds

    def encode(self, texts: Sequence[str]) -> Vectors:
        names = sorted({text.split()[0] for text in texts})
        return np.eye(len(names), dtype=np.float32)[
            [names.index(text.split()[0]) for text in texts]
        ]


def test_wording_decides_where_figures_are_missing() -> None:
    left = make_report(
        RAID, None, article="a", date="09-03", place="kh.poipet", summary="alpha gedung digerebek"
    )
    alike = make_report(
        RAID, None, article="b", date="09-03", country="KHM", admin1="Banteay Meanchey",
        geo_precision=GeoPrecision.ADMIN1, summary="alpha kompleks diserbu",
    )  # fmt: skip
    other = alike.model_copy(update={"summary": "beta kompleks diserbu"})
    for thresholds in (None, {"same_event": 0.27, "different_event": 0.14}):
        encoder = _Encoder(thresholds)
        assert likeness.compare(left, alike, encoder).is_match
        assert not likeness.compare(left, other, encoder).is_match


# --- properties ------------------------------------------------------------------------------------


@st.composite
def _report(draw: st.DrawFn) -> Report:
    told = dt.date(2026, 9, 1) + dt.timedelta(days=draw(st.integers(0, 40)))
    return make_report(
        draw(
            st.sampled_from([RAID, EventType.RESCUE, EventType.ESCAPE, RETURN, EventType.COMPLAINT])
        ),
        draw(st.sampled_from([None, 4, 60, 62, 105, 700])),
        article=draw(st.sampled_from("abc")),
        published=told.isoformat(),
        date=draw(
            st.sampled_from([None, (told - dt.timedelta(days=30)).isoformat(), told.isoformat()])
        ),
        place=draw(st.sampled_from([None, "kh.poipet", "kh.bavet", "mm.kkpark"])),
        is_cumulative=draw(st.booleans()),
        is_planned=draw(st.booleans()),
        salience=draw(st.sampled_from(["main", "background"])),
        summary=draw(st.sampled_from(["", "kloter kedua tiba", "polisi menggerebek gedung"])),
    )


@given(_report(), _report())
@settings(max_examples=200, deadline=None)
def test_comparing_has_no_direction(left: Report, right: Report) -> None:
    assert likeness.compare(left, right) == likeness.compare(right, left)


@given(st.lists(_report(), min_size=2, max_size=8))
@settings(max_examples=80, deadline=None)
def test_no_cluster_holds_a_contradiction_and_none_is_missed(reports: list[Report]) -> None:
    clusters = linking.cluster(reports)
    assert sorted(r.report_id for c in clusters for r in c.reports) == sorted(
        {r.report_id for r in reports}
    )
    for item in clusters:
        members = item.reports
        for position, left in enumerate(members):
            for right in members[position + 1 :]:
                assert not likeness.compare(left, right).is_contradiction
    # What was never looked up together would not have matched: the index hides no pair.
    for position, one in enumerate(clusters):
        for two in clusters[position + 1 :]:
            if len(one.reports) == len(two.reports) == 1:
                assert not likeness.compare(one.reports[0], two.reports[0]).is_match
