"""Which bodies lie in an archive folder, so that one that comes again need not be stored again."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from crawlers.dispensable import opened

FILE = "payloads.sqlite"


class Stored(NamedTuple):
    """An archived body: the address and time of its response, and where that is."""

    url: str
    date: str
    file: str
    offset: int


class Payloads:
    """The places of bodies by their digest. Derived and dispensable: where it is lost, bodies repeat."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._fresh: dict[str, Stored] = {}
        self._base = opened(
            folder / FILE,
            "payloads (digest TEXT PRIMARY KEY, url TEXT, date TEXT, file TEXT, offset INTEGER)",
        )

    def find(self, digest: str) -> Stored | None:
        """Return where a body with this digest is, None when it is not in the archive."""
        if digest in self._fresh:
            return self._fresh[digest]
        row = self._base.execute(
            "SELECT url, date, file, offset FROM payloads WHERE digest = ?", [digest]
        ).fetchone()
        found = Stored(*row) if row else None
        return found if found is not None and (self._folder / found.file).exists() else None

    def add(self, digest: str, stored: Stored) -> None:
        """Note a body; it is remembered after the next `save`."""
        self._fresh[digest] = stored

    def save(self) -> None:
        """Remember what was noted; only called when the archive itself is on disk."""
        rows = [(digest, *stored) for digest, stored in self._fresh.items()]
        with self._base:
            self._base.executemany("INSERT OR REPLACE INTO payloads VALUES (?, ?, ?, ?, ?)", rows)
        self._fresh.clear()

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()
