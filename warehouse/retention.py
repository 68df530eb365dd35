"""Which releases are kept: what each takes, who reads it, and the removal of those that nobody needs."""

from __future__ import annotations

import datetime as dt
import fcntl
import shutil
import struct
import sys
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from warehouse import releases
from warehouse.errors import ReleaseDamaged, ReleaseMissing

KEPT = dt.timedelta(days=7)
"""Younger releases are never removed: a reader who found the pointer a moment ago still needs one."""

# `struct flock` of fcntl.h, without the type of lock: where it stands, start, length (0: to the end), holder.
_LINUX, _BSD = "@hhqqi", "@qqihh"


class Shelved(NamedTuple):
    """One release in its folder."""

    release_id: str
    made_at: dt.datetime | None
    """None when the manifest cannot be read."""
    n_bytes: int
    is_current: bool
    reader: int | None
    """A process that has one of its databases open; None when there is none."""

    def spare(self, now: dt.datetime, kept: dt.timedelta = KEPT) -> bool:
        """Return whether it may go: not current, read by nobody, and older than ``kept``."""
        made = self.made_at or dt.datetime.combine(_day(self.release_id), dt.time(), dt.UTC)
        return not self.is_current and self.reader is None and now - made > kept


def shelf(releases_dir: Path) -> list[Shelved]:
    """Return the finished releases, oldest first."""
    served = releases.pointed_at(releases_dir)
    found = []
    for release_id in releases.published(releases_dir):
        path = releases_dir / release_id
        made_at = None
        with suppress(ReleaseMissing, ReleaseDamaged):
            made_at = releases.open_release(path).made_at
        files = [file for file in path.rglob("*") if file.is_file()]
        readers = (reader_of(file) for file in files if file.name == releases.DATABASE)
        found.append(
            Shelved(
                release_id=release_id,
                made_at=made_at,
                n_bytes=sum(file.stat().st_size for file in files),
                is_current=release_id == served,
                reader=next((pid for pid in readers if pid is not None), None),
            )
        )
    return found


def prune(releases_dir: Path, *, now: dt.datetime, kept: dt.timedelta = KEPT) -> list[str]:
    """Return the releases that were removed: those that are spare, looked at anew just before."""
    return remove(
        releases_dir, [each.release_id for each in shelf(releases_dir) if each.spare(now, kept)]
    )


def remove(releases_dir: Path, release_ids: Collection[str]) -> list[str]:
    """Return which of the named releases were removed; the current one never is.

    Whoever has a file of one open reads on until closing it: the name goes at once, the bytes when nobody
    holds them any more.
    """
    removed = []
    for release_id in releases.published(releases_dir):
        if release_id not in release_ids or release_id == releases.pointed_at(releases_dir):
            continue
        # Renamed first, so that nobody finds half a release.
        doomed = releases_dir / f".{release_id}.removed"
        (releases_dir / release_id).rename(doomed)
        shutil.rmtree(doomed)
        removed.append(release_id)
    return removed


def reader_of(database: Path) -> int | None:
    """Return a process that has the database open, None when no other than this one has.

    DuckDB holds a shared POSIX lock as long as it has a file open; asking whether an exclusive one could be
    had (fcntl(2), F_GETLK) names its holder and takes nothing. Closing the file lets go of the locks that this
    process itself holds on it, so never ask about a database that this process has open.
    """
    bsd = sys.platform == "darwin"
    if bsd:
        asked = struct.pack(_BSD, 0, 0, 0, fcntl.F_WRLCK, 0)
    else:
        asked = struct.pack(_LINUX, fcntl.F_WRLCK, 0, 0, 0, 0)
    with database.open("rb") as file:
        told = fcntl.fcntl(file, fcntl.F_GETLK, asked)
    if bsd:
        _, _, pid, kind, _ = struct.unpack(_BSD, told)
    else:
        kind, _, _, _, pid = struct.unpack(_LINUX, told)
    return None if kind == fcntl.F_UNLCK else int(pid)


def _day(release_id: str) -> dt.date:
    return dt.date.fromisoformat(release_id[:10])
