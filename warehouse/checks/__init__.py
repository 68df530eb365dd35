"""SQL assertions that a release must pass: each returns the rows that are wrong, and empty is healthy.

The first line of a file is its head: ``-- stop: what is wrong`` blocks the release, ``-- warn: ...`` is
reported with it. Files named ``public_*.sql`` look at the finished public tier, where the catalogue is
called ``public``; all others look at the private file. The first column names the row.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    import duckdb

FOLDER = Path(__file__).parent
_HEAD = re.compile(r"-- (?P<level>stop|warn): (?P<says>.+)")
# A message names the first rows; the rest is a number.
_NAMED = 5


class Check(NamedTuple):
    """One assertion."""

    name: str
    level: Literal["stop", "warn"]
    says: str
    sql: str

    @property
    def is_public(self) -> bool:
        """Whether it looks at the public tier."""
        return self.name.startswith("public_")


class Finding(NamedTuple):
    """The rows that one assertion found wrong."""

    check: str
    level: Literal["stop", "warn"]
    says: str
    n_rows: int
    rows: tuple[str, ...]

    def __str__(self) -> str:
        more = f" and {self.n_rows - len(self.rows)} more" if self.n_rows > len(self.rows) else ""
        return f"{self.check}: {self.says}: {', '.join(self.rows)}{more}"


def load(folder: Path = FOLDER) -> list[Check]:
    """Return the assertions, in order of name."""
    found = []
    for path in sorted(folder.glob("*.sql")):
        sql = path.read_text("utf-8")
        head = _HEAD.match(sql)
        if head is None:
            raise ValueError(f"{path.name} does not begin with `-- stop: ...` or `-- warn: ...`")
        level: Any = head["level"]
        found.append(Check(path.stem, level, head["says"].rstrip("."), sql))
    return found


def run(
    connection: duckdb.DuckDBPyConnection, *, public: bool = False, folder: Path = FOLDER
) -> list[Finding]:
    """Return what the assertions on the private file, or on the public tier, found wrong."""
    findings = []
    for check in load(folder):
        if check.is_public is not public:
            continue
        rows = connection.execute(check.sql).fetchall()
        if rows:
            named = tuple(str(row[0]) for row in rows[:_NAMED])
            findings.append(Finding(check.name, check.level, check.says, len(rows), named))
    return findings
