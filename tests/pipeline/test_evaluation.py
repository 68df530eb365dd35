"""Scoring: a perfect reading scores one, each kind of error shows in its measure and only there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import evaluation
from pipeline.evaluation import Measure, Reading
from pipeline.gold import GoldArticle
from pipeline.records import (
    Article,
    Band,
    Claim,
    CountRole,
    DateBasis,
    DatePrecision,
    DocType,
    EventType,
    Incident,
    Mention,
    MentionKind,
    Relation,
    Relevance,
    Report,
    Span,
    Statistic,
    StatisticCategory,
    Unit,
    make_id,
)

DAY = dt.date(2025, 3, 18)
NOON = dt.datetime(2025, 3, 19, 12, tzinfo=dt.UTC)


def labelled(
    key: str, *, relevant: bool = True, language: str = "id", **fields: Any
) -> GoldArticle:
    return GoldArticle.model_validate(
        {"id": key, "text": "isi", "relevant": relevant, "language": language, "labelled_set": "a"}
        | fields
    )


def event(
    key: str, best: int | None, *, kind: str = "repatriation", **fields: Any
) -> dict[str, Any]:
    role = {"repatriation": "repatriated", "raid": "arrested", "complaint": "complainant"}[kind]
    count = {"role": role, "best": best, "is_cumulative": False}
    return {
        "incident_key": key, "event_type": kind, "date": "2025-03-18", "date_precision": 1,
        "event_country": "MMR", "counts": [count],
    } | fields  # fmt: skip


def claim(article_id: str, best: int, role: CountRole, *, running: bool = False) -> Claim:
    return Claim(
        claim_id=make_id("claim", article_id, best), article_id=article_id, role=role, low=best,
        best=best, high=best, relation=Relation.EQUAL, is_cumulative=running, start=0, end=1,
        surface="x", extractor="t", extractor_version="1",
    )  # fmt: skip


def report(
    article_id: str, best: int, kind: EventType = EventType.REPATRIATION, **fields: Any
) -> Report:
    role = CountRole.ARRESTED if kind is EventType.RAID else CountRole.REPATRIATED
    given: dict[str, Any] = {
        "report_id": make_id("report", article_id, best, kind), "article_id": article_id,
        "event_type": kind, "date_start": DAY, "date_end": DAY, "date_precision": DatePrecision.DAY,
        "date_basis": DateBasis.EXPLICIT, "event_country": "MMR", "destination_country": "MMR",
        "headline_role": role, "count_low": best, "count_best": best, "count_high": best,
        "claims": (claim(article_id, best, role),), "evidence": (Span(start=0, end=1, surface="x"),),
        "confidence": 0.9, "extractor_version": "1",
    }  # fmt: skip
    return Report(**(given | fields))


def reading(
    key: str,
    reports: Sequence[Report] = (),
    *,
    relevant: bool = True,
    mentions: Sequence[Mention] = (),
    statistics: Sequence[Statistic] = (),
) -> Reading:
    article = Article(
        article_id=key, url="", canonical_url="", source_id="", outlet="Warta Uji", language="id",
        title="judul", text="judul\nisi", fetched_at=NOON, page_sha256="",
    )  # fmt: skip
    relevance = Relevance(
        article_id=key, grade=3 if relevant else 0, score=1, threshold=0.5, relevant=relevant,
        band=Band.ACCEPT, doc_type=DocType.NEWS, model_version="t",
    )  # fmt: skip
    claims = [item for one in reports for item in one.claims]
    return Reading(article, relevance, mentions, claims, reports, statistics)


def mention(surface: str, kind: MentionKind = MentionKind.PLACE, **fields: Any) -> Mention:
    return Mention(
        article_id="a", kind=kind, start=0, end=len(surface), surface=surface, extractor="t",
        extractor_version="1", **fields,
    )  # fmt: skip


def statistic(
    value: float, first: dt.date | None, last: dt.date | None, category: str
) -> Statistic:
    return Statistic(
        stat_id=make_id("stat", value, first), article_id="a", metric="m", value=value,
        category=StatisticCategory(category), unit=Unit.CASES, period_start=first, period_end=last,
        start=0, end=1, surface="x", extractor="t", extractor_version="1",
    )  # fmt: skip


def incident(key: str, persons: int, reports: Sequence[Report]) -> Incident:
    return Incident(
        incident_id=key, event_type=EventType.COMPLAINT, date_start=DAY, date_end=DAY,
        date_precision=DatePrecision.DAY, date_basis=DateBasis.EXPLICIT, event_country="KHM",
        destination_country="KHM", persons_best=persons, n_reports=len(reports), n_sources=1,
        report_ids=tuple(item.report_id for item in reports), confidence=1, linked_by="t",
        article_ids=tuple(item.article_id for item in reports),
    )  # fmt: skip


def score(
    gold: Sequence[GoldArticle], readings: Sequence[Reading], links: dict[str, str] | None = None,
    incidents: Sequence[Incident] = (), **more: Any,
) -> dict[str, Measure]:  # fmt: skip
    measures = evaluation.evaluate(gold, readings, links or {}, incidents, **more)
    return {item.name: item for item in measures if item.language == "all"}


def test_what_the_set_leaves_out_is_not_measured() -> None:
    measures = score([labelled("a", relevant=False)], [reading("a", relevant=False)])
    assert measures["place_mention_f1"].value is None
    assert measures["event_date_accuracy"].value is None
    assert measures["statistics_f1"].passed is None
    assert measures["reports_on_irrelevant_articles"].value == 0
    assert measures["reports_on_irrelevant_articles"].passed


def test_a_right_report_scores_in_every_event_measure() -> None:
    measures = score([labelled("a", incidents=[event("k", 21)])], [reading("a", [report("a", 21)])])
    for name in (
        "incidents_found_recall", "incidents_found_precision", "event_type_macro_f1",
        "headline_count_accuracy", "event_date_accuracy", "event_country_accuracy",
        "running_total_accuracy", "linking_b_cubed_f1",
    ):  # fmt: skip
        assert measures[name].value == 1, name


@pytest.mark.parametrize(
    ("wrong", "hurt"),
    [
        ({"count_best": 12}, "headline_count_accuracy"),
        ({"headline_role": CountRole.VICTIM}, "headline_count_accuracy"),
        ({"date_start": dt.date(2025, 3, 15)}, "event_date_accuracy"),
        ({"event_country": "THA"}, "event_country_accuracy"),
        ({"event_type": EventType.DEPORTATION}, "event_type_macro_f1"),
    ],
)
def test_an_error_hurts_its_own_measure_alone(wrong: dict[str, Any], hurt: str) -> None:
    measures = score(
        [labelled("a", incidents=[event("k", 21)])], [reading("a", [report("a", 21, **wrong)])]
    )
    names = (
        "headline_count_accuracy",
        "event_date_accuracy",
        "event_country_accuracy",
        "event_type_macro_f1",
    )
    assert {name for name in names if measures[name].value == 0} == {hurt}


def test_a_missed_event_is_wrong_and_a_stray_report_costs_precision() -> None:
    gold = [labelled("a", incidents=[event("k", 21), event("l", 300, kind="raid")])]
    stray = report("a", 7, EventType.VERDICT, event_country="CHN", date_start=dt.date(2020, 1, 1))
    measures = score(gold, [reading("a", [report("a", 21), stray])])
    assert measures["incidents_found_recall"].value == 0.5
    assert measures["incidents_found_precision"].value == 0.5
    assert measures["headline_count_accuracy"].value == 0.5
    assert measures["headline_count_accuracy_of_found"].value == 1
    assert measures["event_type_macro_f1"].value == 0.5


def test_precision_at_true_prevalence_shows_what_a_balanced_set_hides() -> None:
    gold = [labelled(str(i), relevant=i < 50) for i in range(100)]
    found = [reading(str(i), relevant=i < 54) for i in range(100)]  # 8 % false alarms
    measures = score(gold, found)
    assert measures["relevance_precision"].value == pytest.approx(50 / 54)
    assert measures["relevance_precision_at_2_percent"].value == pytest.approx(
        0.02 / (0.02 + 0.98 * 0.08)
    )


def test_no_false_alarm_among_few_is_not_proof() -> None:
    gold = [labelled(str(i), relevant=i < 5) for i in range(15)]
    measures = score(gold, [reading(str(i), relevant=i < 5) for i in range(15)])
    assert measures["relevance_precision_at_2_percent"].value == 1
    low = measures["relevance_precision_at_2_percent"].low
    assert low is not None
    assert low < 0.1


def test_places_by_distinct_surface_and_by_longer_name_in_one_country() -> None:
    gold = labelled(
        "a",
        places=[
            {"surface": "Bandara Soekarno-Hatta", "country": "IDN", "role": "arrival"},
            {"surface": "Myawaddy", "country": "MMR", "role": "destination"},
            {"surface": "Myawaddy", "country": "MMR", "role": "mention"},
            {"surface": "Muse", "country": "MMR"},
        ],
        incidents=[event("k", 3, places=[{"name": "Myawaddy", "admin1": "Kayin State"}])],
    )
    found = [
        mention("Soekarno-Hatta", country="IDN"),
        mention("Myawaddy", country="THA", admin1="Kayin"),
        mention("Solo", country="IDN"),
    ]
    measures = score([gold], [reading("a", mentions=found)])
    assert measures["place_mention_f1"].value == pytest.approx(2 * 2 / (2 * 2 + 1 + 1))
    assert measures["place_country_accuracy"].value == 0.5
    assert measures["place_admin1_accuracy"].value == 1


@pytest.mark.parametrize(
    ("lat", "lon", "is_near"),
    [
        (16.69, 98.51, 1.0),  # the town itself
        (16.69, 99.90, 1.0),  # some 148 km east of it
        (16.69, 100.10, 0.0),  # some 170 km
        (None, None, 0.0),
    ],
)
def test_a_place_is_near_within_161_km_of_the_gazetteers_point(
    lat: float | None, lon: float | None, is_near: float
) -> None:
    gold = labelled(
        "a",
        places=[
            {"surface": "Myawaddy", "canonical": "Myawaddy", "country": "MMR"},
            {"surface": "Myanmar", "canonical": "Myanmar", "country": "MMR"},
        ],
    )
    found = [
        mention("Myawaddy", country="MMR", lat=lat, lon=lon),
        mention("Myanmar", country="MMR"),
    ]
    near = score([gold], [reading("a", mentions=found)])["place_within_161_km"]
    assert (near.value, near.n) == (is_near, 1)


def test_agencies_count_once_per_article_and_under_any_of_their_names() -> None:
    gold = labelled("a", agencies=[{"surface": "Kemlu", "canonical": "Kementerian Luar Negeri RI"},
                                   {"surface": "Kementerian Luar Negeri", "canonical": "Kementerian Luar Negeri RI"},
                                   {"surface": "kedutaan", "canonical": "KBRI Bangkok"}])  # fmt: skip
    hits = [
        mention("Kemlu", MentionKind.AGENCY, canonical_id="id.kemlu", canonical_name="Kemlu RI"),
        mention("Kemlu", MentionKind.AGENCY, canonical_id="id.kemlu", canonical_name="Kemlu RI"),
        mention("Polri", MentionKind.AGENCY, canonical_id="id.polri", canonical_name="Polri"),
    ]
    names = {"Kementerian Luar Negeri RI": ("id.kemlu",)}
    measures = score([gold], [reading("a", mentions=hits)], agency_names=names)
    assert measures["agency_f1"].value == pytest.approx(0.5)
    assert score([gold], [reading("a", mentions=hits)])["agency_f1"].value == 0


def test_statistics_by_value_period_as_written_and_category() -> None:
    gold = labelled("a", statistics=[
        {"value": 1386, "period": "2023", "category": "online_scam"},
        {"value": 544, "period_start": "2023-01", "period_end": "2023-11", "category": "online_gambling"},
        {"value": 30, "period_start": None, "period_end": "2023-04-24", "category": "online_scam"},
    ])  # fmt: skip
    found = [
        statistic(1386, dt.date(2023, 1, 1), dt.date(2023, 12, 31), "online_scam"),
        statistic(544, dt.date(2023, 1, 1), dt.date(2023, 11, 17), "online_scam"),
        statistic(30, dt.date(2020, 1, 1), dt.date(2023, 4, 24), "online_scam"),
    ]
    measures = score([gold], [reading("a", statistics=found)])
    assert measures["statistics_f1"].value == pytest.approx(2 / 3)
    assert measures["statistics_value_f1"].value == 1


def test_linking_and_inflation_on_a_growing_series() -> None:
    sizes = (911, 1726, 2493)
    gold, readings, told = [], [], []
    for size in sizes:
        key = str(size)
        counts = [{"role": "complainant", "best": size, "is_cumulative": True}]
        gold.append(
            labelled(key, incidents=[event("walkin", size, kind="complaint", counts=counts)])
        )
        told.append(report(key, size, EventType.COMPLAINT))
        readings.append(reading(key, [told[-1]]))
    together = {item.report_id: "one" for item in told}
    good = score(gold, readings, together, [incident("one", 2493, told)])
    assert good["linking_b_cubed_f1"].value == 1
    assert good["inflation_on_growing_series"].value == 1
    assert good["inflation_on_growing_series"].passed
    assert good["inflation_of_naive_sum"].value == pytest.approx(sum(sizes) / 2493)
    apart = {item.report_id: item.report_id for item in told}
    each = [incident(item.report_id, size, [item]) for item, size in zip(told, sizes, strict=True)]
    bad = score(gold, readings, apart, each)
    assert bad["linking_b_cubed_f1"].value == pytest.approx(0.5)  # precision 1, recall 1/3
    assert bad["inflation_on_growing_series"].value == pytest.approx(sum(sizes) / 2493)
    assert bad["inflation_on_growing_series"].passed is False


def test_keys_of_two_sets_are_two_clusters_even_under_one_name() -> None:
    gold = [
        labelled("a", incidents=[event("k", 21)]),
        labelled("b", incidents=[event("k", 21)], labelled_set="other"),
    ]
    told = [report("a", 21), report("b", 21)]
    readings = [reading("a", told[:1]), reading("b", told[1:])]
    links = {item.report_id: "one" for item in told}
    assert score(gold, readings, links)["linking_b_cubed_f1"].value == 1


def test_a_report_on_an_irrelevant_article_is_counted_and_fails() -> None:
    measures = score([labelled("a", relevant=False)], [reading("a", [report("a", 9)])])
    assert measures["reports_on_irrelevant_articles"].value == 1
    assert measures["reports_on_irrelevant_articles"].passed is False


def test_readings_must_stand_beside_their_articles() -> None:
    with pytest.raises(ValueError, match="1 labelled articles but 0 readings"):
        evaluation.evaluate([labelled("a")], [], {}, [])


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.booleans(), st.booleans(), st.sampled_from(["id", "en"]), st.integers(1, 60)),
        min_size=1,
        max_size=8,
    )
)
def test_every_value_lies_in_its_interval_and_repeats(
    drawn: list[tuple[bool, bool, str, int]],
) -> None:
    gold, readings = [], []
    for index, (true, said, language, best) in enumerate(drawn):
        key = str(index)
        gold.append(
            labelled(key, relevant=true, language=language, incidents=[event(str(best % 3), best)])
        )
        readings.append(reading(key, [report(key, best if said else best + 1)], relevant=said))
    links = {item.reports[0].report_id: str(index % 2) for index, item in enumerate(readings)}
    measures = evaluation.evaluate(
        gold, readings, links, [incident("0", 1, []), incident("1", 2, [])]
    )
    assert measures == evaluation.evaluate(
        gold, readings, links, [incident("0", 1, []), incident("1", 2, [])]
    )
    for item in measures:
        if item.value is not None and item.name.endswith(("accuracy", "f1", "recall", "precision")):
            assert 0 <= item.value <= 1
            assert item.low is not None
            assert item.high is not None
            assert 0 <= item.low <= item.high <= 1
