"""From nothing to the latest version, from any version to the latest, and from no crash to half a file."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from tests.warehouse import world
from warehouse import migrations, tables
from warehouse.errors import DiskFull, StoreCorrupt, StoreTooOld
from warehouse.store import Store


@pytest.fixture
def future(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of migrations with one step more than the program has."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    for step in migrations.steps():
        shutil.copy(step.path, folder)
    number = len(migrations.steps()) + 1
    (folder / f"{number:04}_notes.sql").write_text(
        "CREATE TABLE core.notes (note VARCHAR);\nINSERT INTO core.notes VALUES ('made');\n"
    )
    known = migrations.steps
    monkeypatch.setattr(migrations, "steps", lambda: known(folder))
    return folder


def test_tables_hold_exactly_the_records(tmp_path: Path) -> None:
    with Store.open(tmp_path / "w.duckdb") as store:
        held: dict[str, set[str]] = {}
        for schema, table, column in store.connection.execute(
            "SELECT schema_name, table_name, column_name FROM duckdb_columns()"
            " WHERE database_name = 'suar' AND schema_name IN ('raw', 'core')"
        ).fetchall():
            held.setdefault(f"{schema}.{table}", set()).add(column)
    held.pop("raw.batches")
    assert held == {
        table.name: {*table.fields, *table.added, *tables.SYSTEM} for table in tables.ALL
    }


def test_a_second_opening_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    assert migrations.migrate(path)
    before = path.read_bytes()
    assert not migrations.migrate(path)
    assert path.read_bytes() == before


def test_an_older_file_is_brought_up_with_all_its_rows(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with world.open_store(tmp_path) as store:
        before = store.counts()
    request.getfixturevalue("future")
    with pytest.raises(StoreTooOld):
        Store.open(store.path, read_only=True)
    with Store.open(store.path) as opened:
        assert opened.counts() == before
        assert opened.connection.execute("SELECT * FROM core.notes").fetchall() == [("made",)]
        assert migrations.stamp(opened.connection) == migrations.target()


def test_views_of_an_earlier_version_do_not_stay(tmp_path: Path) -> None:
    with world.open_store(tmp_path) as store:
        store.connection.execute("CREATE VIEW marts.forgotten AS SELECT 1 AS one")
        store.connection.execute("UPDATE main.schema_stamp SET marts = 'of an earlier version'")
    with Store.open(store.path) as opened, pytest.raises(duckdb.CatalogException):
        opened.connection.execute("FROM marts.forgotten")


@pytest.mark.parametrize("moment", ["copy", "apply", "rename"])
def test_a_crash_leaves_the_old_file(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    with world.open_store(tmp_path) as store:
        before = store.counts()
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "steps", request.getfixturevalue("future") and migrations.steps)

        def crash(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        target = {
            "copy": (shutil, "copyfile"),
            "apply": (migrations, "apply"),
            "rename": (Path, "replace"),
        }[moment]
        patch.setattr(*target, crash)
        with pytest.raises(KeyboardInterrupt):
            Store.open(store.path)
    with Store.open(store.path) as opened:
        assert opened.counts() == before


def test_a_step_that_loses_rows_is_refused(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    with world.open_store(tmp_path) as store:
        before = store.path
    folder: Path = request.getfixturevalue("future")
    next(folder.glob("*_notes.sql")).write_text("DELETE FROM core.articles;\n")
    with pytest.raises(StoreCorrupt, match=r"core\.articles"):
        Store.open(before)


def test_a_full_disk_is_noticed_before_copying(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world.open_store(tmp_path) as store:
        path = store.path
    request.getfixturevalue("future")
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(DiskFull):
        Store.open(path)


def test_steps_without_a_number_between_are_refused(tmp_path: Path) -> None:
    (tmp_path / "0001_a.sql").touch()
    (tmp_path / "0003_c.sql").touch()
    with pytest.raises(ValueError, match="1, 2, 3"):
        migrations.steps(tmp_path)
