"""The last robots.txt that each host has given, for the hours in which it gives none (RFC 9309, 2.4)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import NamedTuple

from crawlers.dispensable import opened

FILE = "robots.sqlite"
MAX_AGE = dt.timedelta(hours=24)  # RFC 9309, 2.4: a copy should not be used for longer


class Copy(NamedTuple):
    """The text of a robots.txt and when it was fetched."""

    text: str
    fetched_at: dt.datetime


class Copies:
    """The last good robots.txt by origin. Dispensable: where the file is lost, a silent host is barred at once."""

    def __init__(self, folder: Path) -> None:
        self._base = opened(
            folder / FILE, "copies (origin TEXT PRIMARY KEY, text TEXT, fetched_at TEXT)"
        )

    def find(self, origin: str, now: dt.datetime) -> Copy | None:
        """Return the copy of an origin that may still be used, None when there is none or it is too old.

        One of the future was kept while the clock went wrong: nobody knows how old it is.
        """
        row = self._base.execute(
            "SELECT text, fetched_at FROM copies WHERE origin = ?", [origin]
        ).fetchone()
        if row is None:
            return None
        fetched_at = dt.datetime.fromisoformat(row[1])
        return Copy(row[0], fetched_at) if dt.timedelta(0) <= now - fetched_at <= MAX_AGE else None

    def keep(self, origin: str, text: str, fetched_at: dt.datetime) -> None:
        """Remember a robots.txt in place of the one before."""
        with self._base:
            self._base.execute(
                "INSERT OR REPLACE INTO copies VALUES (?, ?, ?)",
                [origin, text, fetched_at.isoformat()],
            )

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()
