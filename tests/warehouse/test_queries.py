"""Free SQL in its box, prepared questions, and the way from a figure back to its sentence."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.records import IncidentStatus, make_id
from tests.warehouse import world
from warehouse import queries
from warehouse.errors import QueryFailed, ReleaseMissing
from warehouse.releases import Release

LATER = world.AT + dt.timedelta(days=1)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("queries")
    with world.open_store(folder) as store:
        return world.publish(store, folder / "releases")


@pytest.fixture(scope="module")
def db(release: Release) -> Path:
    return release.analyst


# --- the box ---------------------------------------------------------------------------------------


def test_tables_need_no_schema(db: Path) -> None:
    found = queries.query(db, "SELECT event_type, persons_best FROM incidents ORDER BY 1 LIMIT 2")
    assert found.columns == ("event_type", "persons_best")
    assert found.types == ("VARCHAR", "BIGINT")
    assert found.rows == (("escape", 120), ("raid", 418))
    assert not found.truncated
    assert found.records()[1] == {"event_type": "raid", "persons_best": 418}
    assert queries.query(db, "FROM incidents_as_of(DATE '2026-09-20')").rows


def test_more_rows_than_wanted_are_cut_and_said(db: Path) -> None:
    found = queries.query(db, "FROM range(10)", limit=3)
    assert (len(found.rows), found.truncated) == (3, True)
    assert not queries.query(db, "FROM range(3)", limit=3).truncated


@pytest.mark.parametrize(
    "sql",
    [
        "DESCRIBE incidents",
        "SHOW TABLES",
        "SUMMARIZE incidents",
        "EXPLAIN FROM incidents",
        "VALUES (1)",
    ],
)
def test_looking_around_is_allowed(db: Path, sql: str) -> None:
    assert queries.query(db, sql).rows


PROBES = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/hostname')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM read_parquet('https://host.example/x.parquet')",
    "COPY incidents TO 'stolen.csv'",
    "COPY (SELECT 1) TO '/tmp/stolen.parquet'",
    "EXPORT DATABASE 'stolen'",
    "ATTACH 'other.duckdb' AS other",
    "DETACH suar",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "SET memory_limit = '64GB'",
    "RESET memory_limit",
    "PRAGMA database_list",
    "INSTALL httpfs",
    "LOAD httpfs",
    "CREATE TABLE mine AS SELECT 1",
    "CREATE TEMP TABLE mine AS SELECT 1",
    "CREATE MACRO mine() AS 1",
    "DROP TABLE incidents",
    "ALTER TABLE incidents ADD COLUMN x INTEGER",
    "DELETE FROM incidents",
    "UPDATE incidents SET persons_best = 0",
    "INSERT INTO incidents SELECT * FROM incidents",
    "EXPLAIN ANALYZE DELETE FROM incidents",
    "BEGIN",
    "CHECKPOINT",
    "VACUUM",
    "USE memory",
    "PREPARE q AS SELECT 1",
    "CALL pragma_version()",
    "SELECT 1; DROP TABLE incidents",
    "",
    "   -- nothing",
    "SELEC 1",
    "SELECT getenv('HOME')",
]  # fmt: skip


@pytest.mark.parametrize("sql", PROBES)
def test_everything_else_is_refused(
    db: Path, sql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = db.read_bytes()
    with pytest.raises(QueryFailed) as caught:
        queries.query(db, sql)
    assert caught.value.next_step
    assert "\n" not in caught.value.cause
    assert db.read_bytes() == before
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_the_file_is_not_told(db: Path) -> None:
    shown = str(queries.query(db, "SELECT * FROM duckdb_databases()").rows)
    assert str(db.parent) not in shown


def test_a_long_query_is_stopped(db: Path) -> None:
    with pytest.raises(QueryFailed, match="took longer than"):
        queries.query(
            db, "SELECT count(*) FROM range(10000000) a, range(10000000) b", timeout_s=0.2
        )


def test_a_greedy_query_is_stopped(db: Path) -> None:
    with pytest.raises(QueryFailed, match="memory"):
        queries.query(
            db,
            "SELECT list(a.range || 'xxxxxxxxxxxxxxxxxxxx') FROM range(100000000) a",
            timeout_s=60,
        )


@pytest.mark.parametrize(
    ("sql", "near"),
    [
        ("SELECT * FROM incident", "incidents"),
        ("SELECT * FROM marts.trend_monthly", "trends_monthly"),
        ("SELECT event_typ FROM incidents", "event_type"),
        ("SELECT i.persons FROM incidents AS i", "persons_best"),
    ],
)
def test_a_misspelt_name_brings_the_nearest_one(db: Path, sql: str, near: str) -> None:
    with pytest.raises(QueryFailed) as caught:
        queries.query(db, sql)
    assert f"`{near}`" in caught.value.next_step


def test_without_a_release_there_is_nothing_to_ask(tmp_path: Path) -> None:
    with pytest.raises(ReleaseMissing):
        queries.query(tmp_path / "none.duckdb", "SELECT 1")


# --- prepared questions ----------------------------------------------------------------------------


def types(found: queries.Result) -> list[str]:
    return [row["event_type"] for row in found.records()]


def test_incidents_pass_every_filter_latest_first(db: Path) -> None:
    ask = queries.incidents
    assert types(ask(db)) == ["rescue", "escape", "repatriation", "raid"]
    assert types(ask(db, limit=2)) == ["rescue", "escape"]
    assert ask(db, limit=2).truncated
    assert types(ask(db, country="mmr")) == ["escape"]
    assert types(ask(db, event_type="RAID")) == ["raid"]
    assert types(ask(db, since=dt.date(2026, 9, 10))) == ["rescue", "escape"]
    assert types(ask(db, until=dt.date(2026, 9, 9))) == ["repatriation", "raid"]
    assert types(ask(db, place="poipet")) == ["repatriation", "raid"]
    assert types(ask(db, place="Sukamaju")) == [
        "raid"
    ]  # an origin counts as a place of the incident
    assert types(ask(db, place="mm.kkpark")) == ["escape"]
    assert ask(db, min_confidence=0.9).rows == ()
    assert len(ask(db, tier="candidate").rows) == 4
    assert ask(db, tier="reviewed").rows == ()
    assert types(ask(db, country="KHM", event_type="raid", place="poipet")) == ["raid"]


@settings(max_examples=25, deadline=None)
@given(payload=st.text(st.sampled_from("'\";-- ()%_\\OR1=x"), max_size=20).filter(str.strip))
def test_no_filter_is_read_as_sql(release: Release, payload: str) -> None:
    for name in ("country", "event_type", "tier"):
        assert queries.incidents(release.analyst, **{name: payload}).rows == ()  # type: ignore[arg-type]


# --- the story -------------------------------------------------------------------------------------


def test_an_incident_is_told_down_to_its_sentences(db: Path) -> None:
    raid = world.incidents()["raid"]
    story = queries.explain(db, raid.incident_id)
    assert story.kind == "incident"
    assert story.incident is not None
    assert story.incident["persons_best"] == 418
    (report,) = story.reports
    (proof,) = report["evidence"]
    assert proof["sentence"] == "Polisi menahan 418 orang di Poipet, Rabu."
    assert proof["highlights"] == [(0, len(proof["sentence"]))]
    assert report["article"]["page_sha256"] == world.make_article("raid").page_sha256
    (count,) = story.counts
    (words,) = count["evidence"]
    ((first, last),) = words["highlights"]
    assert words["sentence"][first:last] == "418 orang"
    assert {place["name"] for place in story.places} == {"Poipet", "Sukamaju"}
    assert [leg["from_name"] for leg in story.route_legs] == ["Sukamaju"]
    assert [seen["value"] for seen in story.sightings] == ["telegram", "IDR 12000000"]
    assert [child["event_type"] for child in story.children] == ["repatriation"]
    assert [change["change"] for change in story.changes] == ["new"]
    assert story.links[0]["linked_by"] == "rules-1"


def test_a_report_and_a_figure_lead_to_the_whole_story(db: Path) -> None:
    raid = world.incidents()["raid"]
    report = queries.explain(db, raid.report_ids[0])
    assert (report.kind, report.id) == ("report", raid.report_ids[0])
    assert report.incident is not None
    assert report.incident["incident_id"] == raid.incident_id
    count = queries.explain(db, raid.counts[0].count_id)
    assert count.kind == "count"
    assert count.subject["evidence"][0]["sentence"].startswith("Polisi menahan")
    assert count.incident is not None
    assert count.incident["incident_id"] == raid.incident_id


def test_a_statistic_an_article_and_a_number_are_explained(db: Path) -> None:
    statistic = queries.explain(db, world.STATISTIC)
    assert statistic.kind == "statistic"
    assert statistic.subject["evidence"][0]["sentence"] == "Sepanjang 2025 tercatat 2.310 kasus."
    article = queries.explain(db, world.article_id("home"))
    assert (article.kind, len(article.reports), len(article.statistics)) == ("article", 1, 1)
    assert queries.explain(db, "https://home.example/berita").kind == "article"
    for figure in ("2310", "2.310", " 2,310 "):
        found = queries.explain(db, figure)
        assert (found.kind, [row["stat_id"] for row in found.statistics]) == (
            "figure",
            [world.STATISTIC],
        )
    assert [row["best"] for row in queries.explain(db, "418").matches] == [418]


def test_an_unknown_id_brings_the_nearest_one(db: Path) -> None:
    raid = world.incidents()["raid"].incident_id
    with pytest.raises(QueryFailed) as caught:
        queries.explain(db, raid[:-2])
    assert raid in caught.value.next_step
    for nothing in ("inc_nowhere", "99999", "' OR 1=1 --"):
        with pytest.raises(QueryFailed):
            queries.explain(db, nothing)


NEWER, NEWEST = make_id("cnt", "newer"), make_id("cnt", "newest")


def test_superseded_figures_and_merged_incidents_tell_where_they_went(tmp_path: Path) -> None:
    raid, home = (world.incidents()[name] for name in ("raid", "home"))
    old = raid.counts[0]
    newer = old.model_copy(update={"count_id": NEWER, "best": 430, "low": 430, "high": 430})
    newest = newer.model_copy(update={"count_id": NEWEST, "best": 440, "low": 440, "high": 440})
    whole = raid.model_copy(
        update={
            "counts": (
                old.model_copy(update={"superseded_by": NEWER}),
                newer.model_copy(update={"superseded_by": NEWEST}),
                newest,
            ),
            "report_ids": (*raid.report_ids, *home.report_ids),
            "article_ids": (*raid.article_ids, *home.article_ids),
            "n_reports": 2,
            "n_sources": 2,
        }
    )
    gone = home.model_copy(
        update={
            "merged_into": raid.incident_id,
            "status": IncidentStatus.MERGED_INTO,
            "parent_id": None,
        }
    )
    links = world.links({"whole": whole})
    with world.open_store(tmp_path) as store:
        store.save_incidents("run-2", LATER, [whole, gone], links)
        db = world.publish(store, tmp_path / "releases", now=LATER).analyst
    story = queries.explain(db, home.incident_id)
    assert story.subject == {"incident_id": home.incident_id, "merged_into": raid.incident_id}
    assert story.incident is not None
    assert story.incident["incident_id"] == raid.incident_id
    chains = {count["count_id"]: count["superseded_chain"] for count in story.counts}
    assert chains == {
        old.count_id: [NEWER, NEWEST],
        NEWER: [NEWEST],
        NEWEST: [],
    }
    assert [version["n_reports"] for version in story.versions] == [1, 2]
