"""Commands that look after what was published."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from flows import launch, lock, settings
from flows.clock import now
from tests.flows import homes
from warehouse import releases, retention
from warehouse.store import Store


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("keep") / "home"
    assert homes.ingest(made).state == "done"
    assert launch.publish(homes.settled(made), force=True).state == "done"
    return made


@pytest.fixture
def home(ingested: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ingested, tmp_path / "home", symlinks=True))


def test_releases_are_listed_and_gone_back_to(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = releases.published(home / "releases")
    listed = homes.call(capsys, "releases", "list", "--home", home, "--json").document
    assert [(row["release_id"], row["is_current"]) for row in listed] == [
        (first, False),
        (second, True),
    ]
    assert "2 releases" in homes.call(capsys, "releases", "list", "--home", home).out
    used = homes.call(capsys, "releases", "use", first, "--home", home, "--json")
    assert (used.code, used.document) == (0, {"release": first, "before": second})
    asked = homes.call(capsys, "query", "SELECT count(*) AS n FROM incidents", "--home", home)
    assert asked.code == 0
    assert releases.current(home / "releases").release_id == first
    wrong = homes.call(capsys, "releases", "use", "2020-01-01", "--home", home)
    assert (wrong.code, "2020-01-01" in wrong.err) == (2, True)


def test_a_run_at_work_is_named_and_nothing_moves(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = releases.published(home / "releases")
    with homes.other_process(homes.HOLD_HOME, home) as pid:
        told = homes.call(capsys, "releases", "use", first, "--home", home)
        assert lock.holder(home) is not None
    assert told.code == 1
    assert f"process {pid} (suar run)" in told.err
    assert releases.current(home / "releases").release_id == second


def test_pruning_is_tried_first_and_keeps_a_week(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def prune(*tokens: object) -> object:
        told = homes.call(capsys, "releases", "prune", *tokens, "--home", home, "--json")
        assert told.code == 0
        return told.document

    first, second = releases.published(home / "releases")
    assert prune("--yes") == {"spare": [], "removed": []}
    later = now() + 2 * retention.KEPT
    monkeypatch.setattr("flows.clock.now", lambda: later)
    assert prune() == {"spare": [first], "removed": []}
    assert prune("--keep-days", "30", "--yes") == {"spare": [], "removed": []}
    assert homes.call(capsys, "releases", "prune", "--keep-days", "6", "--home", home).code == 2
    assert releases.published(home / "releases") == [first, second]
    assert prune("--yes") == {"spare": [first], "removed": [first]}
    assert releases.published(home / "releases") == [second]


def test_a_check_that_a_person_lets_pass_blocks_no_release(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(home / "warehouse.duckdb") as store:
        store.connection.execute("UPDATE core.mentions SET article_id = 'art_nowhere'")
    blocked = launch.publish(homes.settled(home))
    assert blocked.release is None
    assert "orphans" in blocked.release_note
    monkeypatch.setenv("SUAR_ACCEPTED_CHECKS", "orphans, spans_match_text")
    passed = launch.publish(settings.load({"home": home, "prefect": False, "min_free_mb": 0}))
    assert passed.release
    manifest = releases.current(home / "releases").manifest
    assert any(text.startswith("orphans") for text in manifest["warnings"])


def test_changes_between_releases_are_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = releases.published(home / "releases")
    told = homes.call(capsys, "releases", "changes", first, second, "--home", home, "--json")
    assert (told.code, told.document["changes"]) == (0, [])
    shown = homes.call(
        capsys, "releases", "changes", first, second, "--tier", "public", "--home", home
    )
    assert (shown.code, "0 incidents differ" in shown.out) == (0, True)
    for wrong in ((second, first), (first, "2020-01-01")):
        assert homes.call(capsys, "releases", "changes", *wrong, "--home", home).code == 2
