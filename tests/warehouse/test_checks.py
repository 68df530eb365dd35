"""Every assertion passes on a sound file, and every one of them is seen to fail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipeline.records import CountRole, EventType, Tier
from tests.warehouse import world
from warehouse import checks, releases
from warehouse.checks import Finding
from warehouse.releases import Release
from warehouse.store import Store

# A release that held 20 incidents more than the file, each of 10 persons; they are as they were until one is changed.
_RELEASED = (
    "INSERT INTO core.releases BY NAME SELECT 'earlier' AS release_id, TIMESTAMP '2026-09-20 04:00' AS"
    " published_at, TIMESTAMP '2026-09-20 04:00' AS recorded_at, 'r' AS run_id, 'h' AS row_hash;"
    " INSERT INTO core.incidents SELECT * EXCLUDE (n) REPLACE ('inc_old' || n AS incident_id, NULL AS parent_id,"
    " 10 AS persons_low, 10 AS persons_best, 10 AS persons_high, TIMESTAMP '2026-09-20 03:00' AS recorded_at)"
    " FROM core.incidents, range(20) AS numbers(n) WHERE event_type = 'raid';"
)
_CHANGED = (
    " INSERT INTO core.incidents SELECT * REPLACE ({} , TIMESTAMP '2026-09-20 05:00' AS recorded_at)"
    " FROM core.incidents WHERE incident_id LIKE 'inc_old%';"
    " UPDATE core.incidents SET superseded_at = TIMESTAMP '2026-09-20 05:00'"
    " WHERE incident_id LIKE 'inc_old%' AND recorded_at < '2026-09-20 05:00'"
)
_TENFOLD = "100 AS persons_low, 100 AS persons_best, 100 AS persons_high"

# What makes each assertion on the private file fail.
FAULTS = {
    "columns_emptied": _RELEASED + _CHANGED.format("NULL AS event_country"),
    "children_exceed_parent": (
        "UPDATE core.incidents SET persons_best = 999, persons_high = 999, headline_role = 'detained'"
        " WHERE parent_id IS NOT NULL"
    ),
    "coordinates_on_earth": "UPDATE core.incidents SET lat = 95 WHERE event_type = 'raid'",
    "counts_in_order": "UPDATE core.claims SET low = best + 1 WHERE best = 418",
    "dates_in_order": "UPDATE core.reports SET date_end = date_start - 1 WHERE event_type = 'raid'",
    "dates_plausible": "UPDATE core.incidents SET date_start = '1998-01-01' WHERE event_type = 'raid'",
    "evidence_or_null": "DELETE FROM core.report_evidence WHERE article_id IN (SELECT min(article_id) FROM core.report_evidence)",
    "incidents_add_up": "UPDATE core.incidents SET n_reports = 2 WHERE event_type = 'raid'",
    "incidents_vanished": (
        "INSERT INTO core.releases BY NAME SELECT 'earlier' AS release_id, TIMESTAMP '2026-09-20 04:00' AS"
        " published_at, TIMESTAMP '2026-09-20 04:00' AS recorded_at, 'r' AS run_id, 'h' AS row_hash;"
        " INSERT INTO core.incidents SELECT * REPLACE (event_type || n AS incident_id,"
        " TIMESTAMP '2026-09-20 05:00' AS superseded_at) FROM core.incidents, range(5) AS numbers(n)"
    ).replace("SELECT * REPLACE", "SELECT * EXCLUDE (n) REPLACE"),
    "links_resolve": "UPDATE core.links SET incident_id = 'inc_nowhere' WHERE report_id = (SELECT min(report_id) FROM core.links)",
    "no_rings": "UPDATE core.incidents SET parent_id = incident_id WHERE event_type = 'raid'",
    "one_current_row": "INSERT INTO core.articles SELECT * REPLACE ('other' AS row_hash) FROM core.articles WHERE source_id = 'raid'",
    "orphans": "UPDATE core.mentions SET article_id = 'art_nowhere' WHERE surface = 'KK Park'",
    "persons_out_of_bounds": _RELEASED + _CHANGED.format(_TENFOLD),
    "relevance_collapsed": (
        "UPDATE core.articles SET recorded_at = recorded_at - INTERVAL 1 DAY;"
        " INSERT INTO core.articles SELECT * EXCLUDE (n) REPLACE (article_id || n AS article_id, recorded_at"
        " + INTERVAL 1 DAY AS recorded_at) FROM core.articles, range(20) AS numbers(n) WHERE source_id = 'sport';"
        " INSERT INTO core.relevance SELECT * EXCLUDE (n) REPLACE (article_id || n AS article_id)"
        " FROM core.relevance, range(20) AS numbers(n) WHERE NOT relevant"
    ),
    "relevance_surged": (
        "UPDATE core.articles SET recorded_at = recorded_at - INTERVAL 1 DAY;"
        " UPDATE core.relevance SET relevant = false WHERE article_id <> (SELECT min(article_id) FROM core.articles);"
        " INSERT INTO core.articles SELECT * EXCLUDE (n) REPLACE (article_id || n AS article_id, recorded_at"
        " + INTERVAL 1 DAY AS recorded_at) FROM core.articles, range(20) AS numbers(n) WHERE source_id = 'sport';"
        " INSERT INTO core.relevance SELECT * EXCLUDE (n) REPLACE (article_id || n AS article_id, true AS relevant)"
        " FROM core.relevance, range(20) AS numbers(n) WHERE article_id ="
        " (SELECT article_id FROM core.articles WHERE outlet = 'Sport' ORDER BY length(article_id) LIMIT 1)"
    ),
    "reports_are_on_topic": "UPDATE core.relevance SET relevant = false",
    "sources_went_silent": (
        "INSERT INTO raw.fetches SELECT * EXCLUDE (n) REPLACE (TIMESTAMP '2026-09-05 01:00' - n * INTERVAL 7 DAY"
        " AS fetched_at) FROM raw.fetches, range(3) AS numbers(n) WHERE kind = 'article'"
    ),
    "spans_match_text": "UPDATE core.mentions SET surface = 'lain' WHERE surface = 'KK Park'",
    "vocabulary": "UPDATE core.incident_counts SET role = 'bystander' WHERE best = 418",
}  # fmt: skip
PUBLIC_FAULTS = {
    "public_fine_dates": "UPDATE public.marts.incidents SET date_start = '2026-09-11' WHERE event_type = 'escape'",
    "public_fine_places": "UPDATE public.marts.incident_places SET lat = 16.6472",
    "public_private_columns": "ALTER TABLE public.marts.reports ADD COLUMN summary VARCHAR",
    "public_small_cells": "UPDATE public.marts.incident_counts SET best = 4 WHERE best = 9",
}


def named(findings: list[Finding]) -> set[str]:
    return {finding.check for finding in findings}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with world.open_store(tmp_path) as opened:
        yield opened


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("checks")
    with world.open_store(folder) as store:
        return world.publish(store, folder / "releases")


def test_every_assertion_has_a_fault_and_a_sound_file_has_none(store: Store) -> None:
    assert {check.name for check in checks.load()} == {*FAULTS, *PUBLIC_FAULTS}
    assert checks.run(store.connection) == []


@pytest.mark.parametrize("name", FAULTS)
def test_assertion_finds_its_fault(store: Store, name: str) -> None:
    store.connection.execute(FAULTS[name])
    assert name in named(checks.run(store.connection))


@pytest.mark.parametrize("name", PUBLIC_FAULTS)
def test_assertion_finds_its_fault_in_the_public_tier(
    release: Release, tmp_path: Path, name: str
) -> None:
    with duckdb.connect() as connection:
        copy = tmp_path / "suar.duckdb"
        copy.write_bytes(release.public.read_bytes())
        connection.execute(f"ATTACH '{copy}' AS public")
        assert checks.run(connection, public=True) == []
        connection.execute(PUBLIC_FAULTS[name])
        assert named(checks.run(connection, public=True)) == {name}


def test_what_is_new_or_only_a_little_different_is_no_fault(store: Store) -> None:
    store.connection.execute(_RELEASED)
    store.connection.execute(
        "INSERT INTO core.incidents SELECT * EXCLUDE (n) REPLACE ('inc_new' || n AS incident_id, 900 AS persons_best,"
        " 900 AS persons_high, TIMESTAMP '2026-09-20 05:00' AS recorded_at) FROM core.incidents, range(50) AS numbers(n)"
        " WHERE incident_id = 'inc_old0'"
    )
    store.connection.execute(_CHANGED.format("19 AS persons_best, 19 AS persons_high"))
    bounds = {"persons_out_of_bounds", "columns_emptied", "incidents_vanished", "orphans"}
    assert not named(checks.run(store.connection)) & bounds


@pytest.mark.parametrize(
    "table", ["relevance", "claims", "statistics", "reports", "report_evidence", "report_places",
              "report_agencies", "route_legs", "sightings", "incident_counts"],
)  # fmt: skip
def test_an_orphan_is_found_in_each_table(store: Store, table: str) -> None:
    store.connection.execute(
        f"UPDATE core.{table} SET article_id = 'art_nowhere' WHERE rowid = (SELECT min(rowid) FROM core.{table})"
    )
    (found,) = [each for each in checks.run(store.connection) if each.check == "orphans"]
    assert found.rows[0].startswith(f"{table}: ")


def test_the_vocabulary_is_that_of_the_records() -> None:
    sql = (checks.FOLDER / "vocabulary.sql").read_text("utf-8")
    lists = [
        {word.strip().strip("'") for word in part.partition("]")[0].split(",")}
        for part in sql.split("unnest([")[1:]
    ]
    assert lists == [{str(code) for code in enum} for enum in (Tier, EventType, CountRole)]


def test_a_warning_lets_the_release_out_and_is_told(store: Store, tmp_path: Path) -> None:
    store.connection.execute(FAULTS["children_exceed_parent"])
    made = releases.publish(
        store, tmp_path / "releases", day=world.DAY, now=world.AT, place_of=world.GAZETTEER.get
    )
    assert [warning.partition(":")[0] for warning in made.warnings] == ["children_exceed_parent"]


def test_a_file_without_a_head_is_refused(tmp_path: Path) -> None:
    (tmp_path / "odd.sql").write_text("SELECT 1;")
    with pytest.raises(ValueError, match=r"odd\.sql"):
        checks.load(tmp_path)
