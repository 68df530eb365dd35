"""The feed: what an entry says, which links it has, how it grows; then hostile texts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.warehouse import world
from tests.warehouse.test_exports import export_of, make_release, write
from warehouse import feeds
from warehouse.errors import ExportFailed
from warehouse.feeds import Article, Entry, is_linkable
from warehouse.packages import Facts
from warehouse.releases import Release

MADE = dt.datetime(2024, 6, 21, tzinfo=dt.UTC)
FACTS = Facts("2024-06-21", "public", MADE, ())
ATOM = "{http://www.w3.org/2005/Atom}"
COUNTRIES = {"KHM": "Cambodia"}
INCIDENT: dict[str, Any] = {
    "incident_id": "inc_1", "event_type": "rescue", "event_country": "KHM", "place_name": "Poipet",
    "geo_precision": "3", "date_start": dt.date(2024, 6, 1), "date_end": dt.date(2024, 6, 30),
    "date_precision": "4", "headline_role": "rescued", "persons_low": 12, "persons_best": 12,
    "persons_high": 12, "n_reports": 3, "n_sources": 2, "status": "confirmed_official",
    "tier": "candidate",
}  # fmt: skip


def at(day: int) -> dt.datetime:
    """A moment as the warehouse holds it: UTC without a zone."""
    return dt.datetime(2024, 6, day, 1, 2, 3, 456)  # noqa: DTZ001


def make_entry(articles: list[Article] | None = None, **values: Any) -> Entry:
    incident = {**INCIDENT, **values}
    return Entry("inc_1", "updated", at(20), at(19), incident, articles or [])


def entries(text: str) -> list[ET.Element]:
    return ET.fromstring(text).findall(f"{ATOM}entry")


def render(*told: Entry) -> list[ET.Element]:
    return entries(feeds.render(FACTS, told, COUNTRIES))


def text_of(entry: ET.Element, name: str) -> str:
    return entry.findtext(f"{ATOM}{name}") or ""


class TestEntry:
    def test_says_what_where_when_and_how_many(self) -> None:
        (entry,) = render(make_entry())
        assert text_of(entry, "id") == "tag:suar.example,2026:incident:inc_1"
        assert text_of(entry, "title") == "Rescue in Poipet, Cambodia: 12 persons"
        assert text_of(entry, "updated") == "2024-06-20T01:02:03Z"
        assert text_of(entry, "published") == "2024-06-19T01:02:03Z"
        content = text_of(entry, "content")
        assert "When: 2024-06-01 to 2024-06-30 (the month)." in content
        assert "Persons: 12 persons (rescued)." in content
        assert "Status: confirmed official; candidate." in content

    @pytest.mark.parametrize(
        ("values", "told"),
        [
            ({"persons_best": None, "persons_high": 99}, ": 12 to 99 persons"),
            ({"persons_best": None, "persons_high": None}, ": at least 12 persons"),
            ({"persons_best": None, "persons_low": None, "persons_high": 9}, ": at most 9 persons"),
            (
                {
                    "persons_best": None, "persons_low": None, "persons_high": None,
                    "persons_suppressed": True,
                },
                ": number of persons withheld",
            ),
            ({"persons_best": None, "persons_low": None, "persons_high": None}, ", Cambodia"),
        ],
    )  # fmt: skip
    def test_figures_are_told_as_they_are_known(self, values: dict[str, Any], told: str) -> None:
        assert text_of(render(make_entry(**values))[0], "title").endswith(told)

    def test_an_incident_that_is_no_longer_listed_says_only_that(self) -> None:
        (entry,) = render(
            Entry("inc_9", "merged", at(20), at(1), None, [Article("A", "http://a.test")])
        )
        assert text_of(entry, "title") == "Found to be another incident: inc_9"
        assert text_of(entry, "content") == "Found to be another incident."
        assert entry.find(f"{ATOM}category") is None

    def test_a_code_without_a_name_stands_for_its_country(self) -> None:
        (entry,) = render(make_entry(event_country="XKX", place_name=None))
        assert text_of(entry, "title") == "Rescue in XKX: 12 persons"


class TestLinks:
    @pytest.mark.parametrize(
        "url",
        [
            "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://a.test/x", "//a.test/x",
            "http://", "https://user@a.test/", "https://user:pass@a.test/", "http://a.test/\nx",
            "http://a.test/ x", 'http://a.test/"onload=x', "http://a.test/<b>", " http://a.test/", "",
            None, "HTTP//a.test", "http://[::1", "http://a.test/\u202egnp.exe", "http:\\\\a.test",
        ],
    )  # fmt: skip
    def test_addresses_that_are_not_of_the_web_are_left_out(self, url: str | None) -> None:
        assert not is_linkable(url)
        (entry,) = render(make_entry([Article("Kabar", url)]))
        assert entry.findall(f"{ATOM}link") == []

    def test_one_of_each_outlet_first_and_few(self) -> None:
        articles = [
            Article(name, f"https://{name}.test/{n}?a=1&b=2") for name in "ab" for n in range(4)
        ]
        (entry,) = render(make_entry(articles))
        found = [link.get("href") for link in entry.findall(f"{ATOM}link")]
        assert len(found) == feeds.MOST_LINKS
        assert found[:2] == ["https://a.test/0?a=1&b=2", "https://b.test/0?a=1&b=2"]
        assert {link.get("rel") for link in entry.findall(f"{ATOM}link")} == {"related"}

    def test_a_withheld_figure_is_not_led_to(self) -> None:
        articles = [Article("Kabar", "https://kabar.test/1")]
        (entry,) = render(make_entry(articles, persons_best=None, persons_suppressed=True))
        assert entry.findall(f"{ATOM}link") == []


class TestFeed:
    @pytest.fixture(scope="class")
    def published(self, tmp_path_factory: pytest.TempPathFactory) -> Release:
        home = tmp_path_factory.mktemp("home")
        with world.open_store(home) as store:
            return world.publish(store, home / "releases")

    def test_has_what_the_standard_asks_for(self) -> None:
        feed = ET.fromstring(feeds.render(FACTS, [make_entry()], COUNTRIES))
        for parent in (feed, *feed.findall(f"{ATOM}entry")):
            for name in ("id", "title", "updated"):
                assert len(parent.findall(f"{ATOM}{name}")) == 1
                assert text_of(parent, name)
        assert feed.findtext(f"{ATOM}author/{ATOM}name") == "The Suar developers"
        assert text_of(feed, "updated") == "2024-06-21T00:00:00Z"

    @pytest.mark.parametrize("tier", ["analyst", "public"])
    def test_of_a_release(self, published: Release, tmp_path: Path, tier: str) -> None:
        package = export_of(published, tmp_path / "out", tier, formats=["atom"])
        found = entries((package.path / "feed.atom").read_text("utf-8"))
        assert {text_of(entry, "id").rpartition(":")[2] for entry in found} == {
            each.incident_id for each in world.incidents().values()
        }
        titles = {text_of(entry, "title") for entry in found}
        assert "Raid in Poipet, Cambodia: 418 persons" in titles
        small = "Repatriation in Cambodia: number of persons withheld"
        assert (small in titles) == (tier == "public")
        links = [link.get("href") for entry in found for link in entry.findall(f"{ATOM}link")]
        assert "https://raid.example/berita" in links
        # The title of an article on a child is withheld, and its address with it.
        assert ("https://child.example/berita" in links) == (tier == "analyst")

    def test_holds_the_last_changes_and_each_incident_once(self, tmp_path: Path) -> None:
        changes = [
            {"change_id": f"chg_{n:03}", "incident_id": f"inc_{n % 120:03}", "change": change,
             "changed_at": at(1) + dt.timedelta(hours=n)}
            for n, change in enumerate(["new"] * 120 + ["updated"] * 50)
        ]  # fmt: skip
        rows = {"changes": changes, "incidents": [{"incident_id": "inc_000", "event_type": "raid"}]}
        release = make_release(tmp_path / "suar.duckdb", rows=rows)
        package = write(release, tmp_path / "out", formats=["atom"])
        found = entries((package.path / "feed.atom").read_text("utf-8"))
        # The last 100 changes are 50 updates and 50 first listings, of 100 incidents.
        ids = [text_of(entry, "id") for entry in found]
        assert len(ids) == len(set(ids)) == feeds.LIMIT
        assert ids[0].endswith("inc_049")
        times = [text_of(entry, "updated") for entry in found]
        assert times == sorted(times, reverse=True)
        first = next(entry for entry in found if text_of(entry, "id").endswith("inc_000"))
        assert text_of(first, "published") == "2024-06-01T01:02:03Z"
        assert text_of(first, "title").startswith("Raid")

    def test_a_release_without_changes_is_refused(self, tmp_path: Path) -> None:
        release = make_release(tmp_path / "suar.duckdb")
        with duckdb.connect(str(release)) as connection:
            connection.execute("DROP TABLE marts.changes")
        with pytest.raises(ExportFailed, match="atom is made of changes"):
            write(release, tmp_path / "out", formats=["atom"])


ANY = st.one_of(st.text(), st.sampled_from(["<script>", "]]>", "&lt;", "\x00", "\u202e", "\ufffe"]))


@given(name=ANY, outlet=ANY, url=st.one_of(st.just("https://a.test/1"), ANY))
def test_no_text_breaks_out_of_the_feed(name: str, outlet: str, url: str) -> None:
    text = feeds.render(
        FACTS, [make_entry([Article(outlet, url)], place_name=name, event_type=name)], COUNTRIES
    )
    (entry,) = entries(text)
    assert {element.tag.removeprefix(ATOM) for element in entry} <= {
        "id", "title", "updated", "published", "category", "content", "link",
    }  # fmt: skip
    assert all(len(element) == 0 for element in entry)
    for link in entry.findall(f"{ATOM}link"):
        assert (link.get("href") or "").startswith(("http://", "https://"))
    assert not set(text) & {"\u202e", "\x00", "\ufffe"}
