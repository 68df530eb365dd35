"""Numbered SQL files that build the private file, in order, and the small runner that applies them.

A migration works on a copy, which is verified and then swapped in by a rename: a crash at any moment
leaves the old file or the new one. Files move forward only. After the migrations the views of
``warehouse/marts`` are written anew; the file is stamped with the number of its last migration and the
digest of those views. A file that was released never changes: a change is a new file.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from warehouse.database import connect, sync_file, sync_folder
from warehouse.errors import DiskFull, StoreCorrupt, StoreTooNew, explained

if TYPE_CHECKING:
    import duckdb

FOLDER = Path(__file__).parent
MARTS = FOLDER.parent / "marts"
_NAME = re.compile(r"^(\d{4})_\w+\.sql$")
# Room kept free beside the copy: the new views and the checkpoint need a little.
_SPARE_BYTES = 16 * 1024 * 1024


class Migration(NamedTuple):
    """One numbered step."""

    number: int
    path: Path


class Stamp(NamedTuple):
    """What a file says of itself."""

    version: int
    marts: str


def steps(folder: Path = FOLDER) -> list[Migration]:
    """Return the migrations in order; their numbers run from 1 without a gap."""
    found = sorted(
        Migration(int(match.group(1)), path)
        for path in folder.glob("*.sql")
        if (match := _NAME.match(path.name))
    )
    if [step.number for step in found] != list(range(1, len(found) + 1)):
        raise ValueError(f"migrations in {folder} are not numbered 1, 2, 3...")
    return found


def mart_files(folder: Path = MARTS) -> list[Path]:
    """Return the view definitions in the order in which they build on each other."""
    return sorted(folder.glob("[0-9]*.sql"))


def target() -> Stamp:
    """Return what a file written by this version says of itself."""
    digest = hashlib.sha256()
    for path in mart_files():
        digest.update(path.read_bytes())
    return Stamp(len(steps()), digest.hexdigest())


def stamp(connection: duckdb.DuckDBPyConnection) -> Stamp:
    """Return what the file says of itself; version 0 is an empty file."""
    known = connection.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE database_name = current_database()"
        " AND schema_name = 'main' AND table_name = 'schema_stamp'"
    ).fetchone()
    if not known or not known[0]:
        return Stamp(0, "")
    row = connection.execute("SELECT version, marts FROM main.schema_stamp").fetchone()
    if row is None:
        raise StoreCorrupt("the private file has lost its version stamp")
    return Stamp(int(row[0]), str(row[1]))


def refuse_newer(path: Path, found: Stamp) -> None:
    """Raise when the file comes from a later version of this program."""
    if found.version > target().version:
        raise StoreTooNew(
            f"{path} has schema version {found.version}, this program knows {target().version}"
        )


def _counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    tables = connection.execute(
        "SELECT schema_name, table_name FROM duckdb_tables()"
        " WHERE database_name = current_database() AND schema_name IN ('raw', 'core')"
    ).fetchall()
    counts = {}
    for schema, table in tables:
        row = connection.execute(f'SELECT count(*) FROM "{schema}"."{table}"').fetchone()  # noqa: S608
        counts[f"{schema}.{table}"] = int(row[0]) if row else 0
    return counts


def apply(connection: duckdb.DuckDBPyConnection) -> None:
    """Bring the file on this connection up to date in one transaction, and prove it."""
    found, wanted = stamp(connection), target()
    before = _counts(connection)
    connection.execute("BEGIN")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS main.schema_stamp (version INTEGER, marts VARCHAR)"
    )
    for step in steps()[found.version :]:
        connection.execute(step.path.read_text("utf-8"))
    # Written from nothing, so that no view of an earlier version outlives its file.
    connection.execute("DROP SCHEMA IF EXISTS marts CASCADE")
    connection.execute("CREATE SCHEMA marts")
    for path in mart_files():
        connection.execute(path.read_text("utf-8"))
    connection.execute("DELETE FROM main.schema_stamp")
    connection.execute(
        "INSERT INTO main.schema_stamp VALUES (?, ?)", [wanted.version, wanted.marts]
    )
    connection.execute("COMMIT")
    after = _counts(connection)
    lost = {name for name, rows in before.items() if name in after and after[name] < rows}
    if lost:
        raise StoreCorrupt(f"the migration lost rows of {', '.join(sorted(lost))}")
    views = connection.execute(
        "SELECT view_name FROM duckdb_views() WHERE database_name = current_database()"
        " AND schema_name = 'marts'"
    ).fetchall()
    for (view,) in views:
        connection.execute(f'SELECT * FROM marts."{view}" LIMIT 0')  # noqa: S608
    connection.execute("CHECKPOINT")


def _room_for_copy(path: Path) -> None:
    needed = path.stat().st_size + _SPARE_BYTES
    free = shutil.disk_usage(path.parent).free
    if free < needed:
        raise DiskFull(f"migrating {path} needs {needed:,} bytes beside it, {free:,} are free")


def migrate(path: Path) -> bool:
    """Return whether the file had to be made or changed; afterwards it is up to date."""
    path.parent.mkdir(parents=True, exist_ok=True)
    copy = path.with_name(f".{path.name}.migrating")
    copy_log = copy.with_name(copy.name + ".wal")
    if path.exists():
        connection = connect(path)
        try:
            with explained(path):
                found = stamp(connection)
                refuse_newer(path, found)
                if found == target():
                    return False
                # The log is folded in, so that the copy is whole and no log outlives the swap.
                connection.execute("CHECKPOINT")
        finally:
            connection.close()
        _room_for_copy(path)
    with explained(copy):
        for stale in (copy, copy_log):
            stale.unlink(missing_ok=True)
        if path.exists():
            shutil.copyfile(path, copy)
        connection = connect(copy)
        try:
            apply(connection)
        finally:
            connection.close()
        if copy_log.exists():
            raise StoreCorrupt(f"{copy} did not check-point")
        sync_file(copy)
        copy.replace(path)
        sync_folder(path.parent)
    return True
