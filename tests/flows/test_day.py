"""A whole day on the sample outlets, held against what a correct run finds."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from flows import launch, settings
from flows.runs import RunReport
from pipeline.records import Article, Incident, Report, Statistic
from warehouse import queries, releases
from warehouse.store import Store

EXPECTED: dict[str, Any] = json.loads(
    (Path(__file__).parent / "sample_expected.json").read_text(encoding="utf-8")
)
INCIDENTS: list[dict[str, Any]] = EXPECTED["incidents"]
KEYS = [item["key"] for item in INCIDENTS]


class Day:
    """One demonstration run, looked at by many tests."""

    def __init__(self, home: Path) -> None:
        self.settings = settings.load({"home": home, "prefect": False, "min_free_mb": 0}, {})
        self.report: RunReport = launch.demo(self.settings)
        self.reload()

    def reload(self) -> None:
        with Store.open(self.settings.warehouse, read_only=True) as store:
            self.articles: dict[str, Article] = {
                item.article_id: item for item in store.load_articles()
            }
            self.relevance = {item.article_id: item for item in store.load_relevance()}
            self.reports: dict[str, Report] = {
                item.report_id: item for item in store.load_reports()
            }
            self.incidents: dict[str, Incident] = {
                item.incident_id: item
                for item in store.load_incidents()
                if item.merged_into is None
            }
            self.statistics: list[Statistic] = store.load_statistics()
            self.fetches = store.load_fetches()
            self.links = store.known_links()

    def article(self, url: str) -> Article:
        found = [a for a in self.articles.values() if url in (a.url, a.canonical_url)]
        assert len(found) == 1, url
        return found[0]

    def incident(self, key: str) -> Incident:
        """Return the incident that most main reports of the expected articles are linked to."""
        told = next(item for item in INCIDENTS if item["key"] == key)
        ids = {self.article(url).article_id for url in told["member_urls"]}
        votes = Counter(
            self.links[report.report_id]
            for report in self.reports.values()
            if report.article_id in ids and report.salience == "main"
        )
        assert votes, f"no report tells of {key}"
        best = max(votes.values())
        fitting = sorted(
            (incident_id for incident_id, n in votes.items() if n == best),
            key=lambda i: self.incidents[i].event_type.value != told["event_type"],
        )
        return self.incidents[fitting[0]]


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Day:
    return Day(tmp_path_factory.mktemp("day"))


@pytest.fixture(params=INCIDENTS, ids=KEYS)
def told(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = request.param
    return found


def test_the_run_ends_well_and_counts_in_equal_counts_out(day: Day) -> None:
    report = day.report
    assert report.state == "done", report.problems
    assert report.release == "2026-09-20"
    assert report.counts["inputs"] >= report.counts["articles"] + report.counts["rejected"]
    assert report.counts["screened"] == report.counts["articles"] == len(day.articles)


def test_every_article_is_there_once_with_its_title_time_and_language(day: Day) -> None:
    whole = [item for item in EXPECTED["articles"] if item["state"] == "whole"]
    assert len(day.articles) == len(whole)
    for item in whole:
        article = day.article(item["url"])
        assert article.title == item["title"]
        assert article.language == item["language"], item["url"]
        assert str(article.published_date) == item["published"]
        assert article.source_id == item["source_id"]
    for urls in EXPECTED["same_article"]:
        held = {
            a.article_id for a in day.articles.values() if a.url in urls or a.canonical_url in urls
        }
        assert len(held) == 1


def test_relevance_is_right_for_every_story(day: Day) -> None:
    wrong = [
        item["url"]
        for item in EXPECTED["articles"]
        if item["state"] == "whole"
        and day.relevance[day.article(item["url"]).article_id].relevant != item["relevant"]
    ]
    assert wrong == []


def test_addresses_end_in_their_states(day: Day) -> None:
    states = {fetch.url: fetch.state.value for fetch in day.fetches}
    for state in ("robots_disallowed", "not_found", "server_error", "empty"):
        for url in EXPECTED["fetch_states"][state]:
            assert states[url] == state
    for url in EXPECTED["fetch_states"]["without_article"]:
        assert not any(url in (a.url, a.canonical_url) for a in day.articles.values())
    for url in EXPECTED["fetch_states"]["unreadable_feed"]:
        assert states[url] == "malformed"


def test_copies_of_one_text_are_one_group(day: Day) -> None:
    groups = {day.article(url).copy_group_id for url in EXPECTED["copy_group"][:4]}
    assert len(groups) == 1


def test_the_kind_of_event_is_right(day: Day, told: dict[str, Any]) -> None:
    assert day.incident(told["key"]).event_type.value == told["event_type"]


def test_its_countries_and_place_are_right(day: Day, told: dict[str, Any]) -> None:
    found = day.incident(told["key"])
    assert found.event_country == told["event_country"]
    assert found.destination_country == told["destination_country"]
    assert found.place_id == told["place_id"]


def test_its_date_is_right(day: Day, told: dict[str, Any]) -> None:
    found = day.incident(told["key"])
    assert str(found.date_start) == told["date_start"]
    if told["date_end"] != told["date_start"]:
        assert str(found.date_end) == told["date_end"]


def test_its_figures_are_right(day: Day, told: dict[str, Any]) -> None:
    found = day.incident(told["key"])
    role = found.headline_role.value if found.headline_role else None
    assert (role, found.persons_low, found.persons_best, found.persons_high) == (
        told["headline_role"], told["persons_low"], told["persons_best"], told["persons_high"],
    )  # fmt: skip


def test_its_reports_are_together(day: Day, told: dict[str, Any]) -> None:
    found = day.incident(told["key"])
    members = {day.article(url).article_id for url in told["member_urls"]}
    assert members <= set(found.article_ids)
    background = {day.article(url).article_id for url in told["background_urls"]}
    assert set(found.article_ids) <= members | background


def test_raids_of_a_campaign_are_its_children(day: Day) -> None:
    for item in INCIDENTS:
        parent = day.incident(item["parent"]).incident_id if item["parent"] else None
        assert day.incident(item["key"]).parent_id == parent, item["key"]


def test_nothing_else_is_made_up(day: Day) -> None:
    known = {day.incident(key).incident_id for key in KEYS}
    others = [
        (i.event_type.value, str(i.date_start), i.event_country, i.persons_best, i.article_ids)
        for i in day.incidents.values()
        if i.incident_id not in known
    ]
    assert others == []


def test_a_growing_tally_is_not_counted_again(day: Day) -> None:
    limit = EXPECTED["inflation"]
    ids = {
        day.article(url).article_id
        for item in INCIDENTS
        if item["key"] == limit["incident"]
        for url in item["member_urls"]
    }
    persons = sum(
        incident.persons_best or 0
        for incident in day.incidents.values()
        if incident.event_type.value == "complaint" and ids & set(incident.article_ids)
    )
    assert persons <= limit["at_most"] * limit["true_total"]


def test_statistics_are_found_and_no_incident_is_made_of_them(day: Day) -> None:
    missing = []
    for item in EXPECTED["statistics"]:
        article = day.article(item["url"])
        fitting = [
            s
            for s in day.statistics
            if s.article_id == article.article_id
            and s.value == item["value"]
            and s.category.value == item["category"]
            and str(s.period_start or "").startswith(item["period_start"])
            and str(s.period_end or "").startswith(item["period_end"])
        ]
        if not fitting:
            missing.append((item["value"], item["category"], item["period_start"]))
    assert missing == []


def test_every_figure_has_its_span_in_the_archived_text(day: Day) -> None:
    for report in day.reports.values():
        text = day.articles[report.article_id].text
        for span in report.evidence:
            assert text[span.start : span.end] == span.surface
        for claim in report.claims:
            assert text[claim.start : claim.end] == claim.surface


def test_the_release_tells_the_same(day: Day) -> None:
    release = releases.current(day.settings.releases)
    releases.verify(release)
    rows = queries.incidents(release.analyst).records()
    assert {row["incident_id"] for row in rows} == set(day.incidents)
    story = queries.explain(release.analyst, day.incident("raid-poipet").incident_id)
    assert story.reports
    assert all(report["evidence"] for report in story.reports)


def test_a_second_run_and_a_rebuild_change_nothing(day: Day) -> None:
    with Store.open(day.settings.warehouse, read_only=True) as store:
        before = store.counts()
    again = launch.demo(day.settings)
    assert again.state == "done", again.problems
    assert again.fetch_states.get("fetched", 0) < day.report.fetch_states["fetched"]
    rebuilt = launch.rebuild(day.settings)
    assert rebuilt.state == "done", rebuilt.problems
    assert not again.changes
    assert not rebuilt.changes
    with Store.open(day.settings.warehouse, read_only=True) as store:
        after = store.counts()
    for name in ("core.articles", "core.mentions", "core.reports", "core.claims", "core.incidents"):
        assert after[name] == before[name], name
