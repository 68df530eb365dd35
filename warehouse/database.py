"""How DuckDB files are opened: always under one name, with the storage format that older clients read."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.errors import StoreMissing, explained

if TYPE_CHECKING:
    import duckdb

# DuckDB 1.3 to 2.0 read what is written so; the default of 2.0 is unreadable before 2.0.
STORAGE_VERSION = "v1.2.0"
# The catalogue name under which every file is attached, whatever the file is called.
ALIAS = "suar"


def literal(value: str | Path) -> str:
    """Return the value as an SQL string literal, for the statements that take no parameters."""
    return "'" + str(value).replace("'", "''") + "'"


def attach(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    alias: str,
    *,
    read_only: bool = False,
    block_size: int | None = None,
) -> None:
    """Attach the file under the alias; ``block_size`` in bytes can be chosen for a new file only."""
    mode = "READ_ONLY" if read_only else f"STORAGE_VERSION '{STORAGE_VERSION}'"
    if block_size:
        mode += f", BLOCK_SIZE {block_size}"
    connection.execute(f"ATTACH {literal(path)} AS {alias} ({mode})")


def connect(path: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Return a connection on which the file is attached as ``suar`` and in use."""
    import duckdb

    if read_only and not path.exists():
        raise StoreMissing(f"{path} does not exist")
    connection = duckdb.connect(":memory:")
    try:
        with explained(path):
            # Nothing may be downloaded, whatever a query asks for.
            connection.execute("SET autoinstall_known_extensions = false")
            connection.execute("SET TimeZone = 'UTC'")
            # Left alone, a database in memory spills to a folder where the command was called.
            spill = Path(tempfile.gettempdir()) if read_only else path.parent
            connection.execute(
                f"SET temp_directory = {literal(spill / f'.suar-{os.getpid()}.tmp')}"
            )
            attach(connection, path, ALIAS, read_only=read_only)
            connection.execute(f"USE {ALIAS}")
    except BaseException:
        connection.close()
        raise
    return connection


def sync_file(path: Path) -> None:
    """Force the file's bytes onto the disk."""
    with path.open("rb") as handle:
        os.fsync(handle.fileno())


def sync_folder(path: Path) -> None:
    """Force the folder's names onto the disk, where the system allows it."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:  # Windows opens no folders; its renames are journalled
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
