"""Small SQLite files beside the archive that spare work and may be lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path


def opened(path: Path, table: str) -> sqlite3.Connection:
    """Return a connection to the file, which has the table afterwards; one that cannot be read is begun anew.

    ``table`` is the name of the table with its columns, as ``CREATE TABLE`` takes it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _with_table(path, table)
    except sqlite3.DatabaseError:  # torn by a crash or a full disk
        path.unlink()
        return _with_table(path, table)


def _with_table(path: Path, table: str) -> sqlite3.Connection:
    base = sqlite3.connect(path)
    base.execute(f"CREATE TABLE IF NOT EXISTS {table} WITHOUT ROWID")
    return base
