"""What is taken down leaves every release to come, whatever is done afterwards."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.flows import homes
from tests.flows.homes import HANDOVER, RAID, call
from warehouse import releases
from warehouse.store import Store

COPY = {**HANDOVER, "url": "https://gazette.example/d2", "outlet": "Gazette"}
TAKEN = ("HANDOVER", "KK Park", "Thai army hands over")


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("takedowns") / "home"
    assert homes.ingest(made, [*homes.ARTICLES, COPY]).state == "done"
    return made


@pytest.fixture
def home(ingested: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ingested, tmp_path / "home", symlinks=True))


@pytest.fixture
def ask(home: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    def asked(*tokens: object) -> Any:
        told = call(capsys, *tokens, "--home", home, "--json")
        assert told.code == 0, told
        return told.document

    return asked


def taken(ask: Callable[..., Any], record_id: str, *flags: str) -> Any:
    return ask("takedown", record_id, "--reason", "asked to", "--by", "ab", *flags)


def incident_of(ask: Callable[..., Any], url: str) -> str:
    (row,) = ask(
        "query",
        f"SELECT incident_id FROM reports JOIN articles USING (article_id) WHERE url = '{url}'",
    )
    return str(row["incident_id"])


def words_of(folder: Path) -> list[str]:
    """Return what the files of a release still say of the hand-over."""
    found = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return [word for word in TAKEN if any(word.encode() in body for body in found)]


def outlets(ask: Callable[..., Any]) -> set[str]:
    return {row["outlet"] for row in ask("query", "SELECT outlet FROM articles")}


def test_an_incident_goes_with_its_articles_and_stays_away(
    ask: Callable[..., Any], home: Path
) -> None:
    incident, other = incident_of(ask, HANDOVER["url"]), incident_of(ask, RAID["url"])
    old = releases.current(home / "releases")
    assert "KK Park" in words_of(old.path)
    told = taken(ask, incident, "--apply", "--no-prefect")
    assert {row["outlet"] for row in told["articles"]} == {"Ledger", "Gazette"}
    assert told["still_in"] == [old.release_id]
    assert told["run"]["release"]

    def gone() -> None:
        held = {row["incident_id"] for row in ask("incidents")}
        assert (incident in held, other in held) == (False, True)
        assert outlets(ask) == {"Kabar", "Warta", "Lensa", "Samudra"}
        past = ask("query", f"SELECT * FROM incident_versions WHERE incident_id = '{incident}'")
        assert past == []
        assert words_of(releases.current(home / "releases").path) == []

    gone()
    change = ask(
        "query", f"SELECT change, fields, reason FROM changes WHERE incident_id = '{incident}'"
    )
    assert {"change": "withdrawn", "fields": [], "reason": "an article was taken down"} in change
    with Store.open(home / "warehouse.duckdb", read_only=True) as store:
        for table in ("articles", "mentions", "reports", "claims", "relevance"):
            rows = store.connection.execute(
                f"SELECT count(*) FROM core.{table} WHERE article_id IN (SELECT record_id FROM core.reviews)"
            ).fetchone()
            assert rows == (0,), table

    # Asked for again, derived again, and from nothing.
    assert (
        homes.ingest(
            home, [HANDOVER, {**COPY, "title": "Edited", "text": COPY["text"] + " More."}]
        ).state
        == "done"
    )
    gone()
    assert ask("rebuild", "--no-prefect")["counts"]["taken_down"] == 3, "one was edited"
    gone()
    for file in home.glob("warehouse.duckdb*"):
        file.unlink()
    ask("rebuild", "--no-prefect")
    gone()


def test_older_releases_are_named_and_removed_on_request(
    ask: Callable[..., Any], home: Path
) -> None:
    (row,) = ask("query", f"SELECT article_id FROM articles WHERE url = '{COPY['url']}'")
    old = releases.current(home / "releases").release_id
    first = taken(ask, row["article_id"])
    assert len(first["decisions"]) == 2
    assert (first["still_in"], first["run"]) == ([old], None)
    assert "Ledger" in outlets(ask)
    told = taken(ask, row["article_id"], "--remove-releases", "--no-prefect")
    assert (told["removed_releases"], told["still_in"]) == ([old], [])
    assert releases.published(home / "releases") == [told["run"]["release"]]
    assert words_of(home / "releases") == []


def test_an_incident_that_others_tell_of_lives_on_without_its_past(
    ask: Callable[..., Any], home: Path
) -> None:
    incident = incident_of(ask, RAID["url"])
    (row,) = ask(
        "query", f"SELECT article_id FROM articles WHERE url = '{homes.RAID_AGAIN['url']}'"
    )
    taken(ask, row["article_id"], "--apply", "--no-prefect")
    (held,) = [each for each in ask("incidents") if each["incident_id"] == incident]
    assert (held["n_reports"], held["persons_best"]) == (1, 32)
    past = ask("query", f"SELECT n_reports FROM incident_versions WHERE incident_id = '{incident}'")
    assert [each["n_reports"] for each in past] == [1]


def test_it_is_undone_by_a_decision_and_a_rebuild(ask: Callable[..., Any]) -> None:
    incident = incident_of(ask, HANDOVER["url"])
    told = taken(ask, incident, "--apply", "--no-prefect")
    assert {row["state"] for row in ask("review", "list")} == {"applied"}
    for review_id in told["decisions"]:
        ask("review", "undo", review_id, "--by", "ab")
    ask("rebuild", "--no-prefect")
    assert incident in {row["incident_id"] for row in ask("incidents")}
    assert outlets(ask) >= {"Ledger", "Gazette"}


@pytest.mark.parametrize("record", ["inc_0000000000000000", "art_1", "' OR 1=1 --"])
def test_what_nobody_holds_is_refused(
    home: Path, capsys: pytest.CaptureFixture[str], record: str
) -> None:
    told = call(capsys, "takedown", record, "--reason", "x", "--by", "ab", "--home", home)
    assert told.code == 2
    assert not (home / "reviews" / "reviews.jsonl").exists()


def test_the_reason_stays_in_the_home(ask: Callable[..., Any], home: Path) -> None:
    taken(ask, incident_of(ask, HANDOVER["url"]), "--apply", "--no-prefect")
    line = json.loads((home / "reviews" / "reviews.jsonl").read_text().splitlines()[0])
    assert (line["action"], line["reason"], line["reviewer"]) == ("takedown", "asked to", "ab")
    for file in (home / "releases").rglob("*"):
        assert file.is_dir() or b"asked to" not in file.read_bytes()
