"""What can go wrong at rest: each error names the cause and the next step."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class StoreError(Exception):
    """Something at rest cannot be used; ``cause`` says why, ``next_step`` what to do about it."""

    next_step = "run `suar doctor`"

    def __init__(self, cause: str, next_step: str | None = None) -> None:
        self.cause = cause
        self.next_step = next_step or self.next_step
        super().__init__(f"{cause} -> {self.next_step}")


class StoreMissing(StoreError):  # noqa: N818 - the word a reader meets in messages
    """There is no such file."""

    next_step = "run `suar run` or `suar ingest` first, or check SUAR_HOME"


class StoreLocked(StoreError):  # noqa: N818
    """Another process holds the file."""

    next_step = "wait for the other run to end; analysts read a release, never the private file"


class StoreCorrupt(StoreError):  # noqa: N818
    """The file is not a database, or its checksums do not hold."""

    next_step = "`suar doctor --repair` will move the file aside and do what `suar rebuild` does"


class StoreTooNew(StoreError):  # noqa: N818
    """The file was written by a later version of this program."""

    next_step = "update Suar; this version will not touch the file"


class StoreTooOld(StoreError):  # noqa: N818
    """The file waits for a migration, which a reader may not do."""

    next_step = "run `suar run`, which migrates a copy and swaps it in"


class DiskFull(StoreError):  # noqa: N818
    """No room is left; what was committed before is safe."""

    next_step = "free space on the disk and run again; nothing that was saved is lost"


class ReleaseMissing(StoreError):  # noqa: N818
    """Nothing was published yet, or not under this name."""

    next_step = "run `suar run`, `suar ingest` or `suar demo` first, or name a published release"


class ReleaseBlocked(StoreError):  # noqa: N818
    """A check failed, so the release stays unpublished and the last one goes on being served."""

    next_step = "look at the rows named above; the last release is still current"


class ReleaseDamaged(StoreError):  # noqa: N818
    """A file of a release is not what was published."""

    next_step = "use another release, or publish a new one"


class QueryFailed(StoreError):  # noqa: N818
    """A query cannot be answered."""

    next_step = "correct the query; `SHOW ALL TABLES` lists what there is"


class ExportFailed(StoreError):  # noqa: N818
    """A data package cannot be written."""

    next_step = "name a folder that is new, empty or an earlier export"


_FULL = ("no space left on device", "disk quota", "out of disk", "could not write all bytes")
_BROKEN = (
    "not a valid duckdb",
    "could not read enough bytes",
    "checksum",
    "corrupt",
    "failed to replay wal",
    "failure while replaying wal",
    "deserializ",
    "serialization",
    "newer version of duckdb",
    "magic bytes",
)


def explain(error: BaseException, path: Path) -> StoreError | None:
    """Return the error in our words, or None when it is not about the file."""
    text = str(error)
    lower = text.lower()
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DiskFull(f"no space left while writing {path}")
    if any(word in lower for word in _FULL):
        return DiskFull(f"no space left while writing {path}")
    if "could not set lock" in lower or "file handle conflict" in lower:
        holder = text.partition("held in ")[2].partition(". See")[0]
        return StoreLocked(f"{path} is held by {holder or 'another connection'}")
    if any(word in lower for word in _BROKEN):
        return StoreCorrupt(f"{path} cannot be read: {text.splitlines()[0]}")
    if isinstance(error, FileNotFoundError) or "no such file" in lower:
        return StoreMissing(f"{path} does not exist")
    if isinstance(error, PermissionError) or "permission denied" in lower:
        return StoreError(f"no permission for {path}", "check the owner and mode of the folder")
    return None


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Run the block; an error about the file leaves it as a `StoreError`, others as they are."""
    import duckdb

    try:
        yield
    except (duckdb.Error, OSError) as error:
        told = explain(error, path)
        if told is None:
            raise
        raise told from error
