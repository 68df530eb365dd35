"""Questions to a published release: free SQL in a locked box, and the prepared questions of the commands.

Free SQL is read-only on a read-only file, without files, network, extensions or settings, with bounded
memory and time, and never more than one statement. It is a guard against accidents and careless pasting on
an analyst's own machine, not a wall for strangers: DuckDB does not promise one.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from warehouse.database import ALIAS, connect, literal
from warehouse.errors import QueryFailed, ReleaseMissing, explained

if TYPE_CHECKING:
    import duckdb

DEFAULT_LIMIT = 1000
DEFAULT_TIMEOUT_S = 10.0
MEMORY_LIMIT = "512MB"

# Values of a question, in order or by name.
Parameters = Sequence[object] | Mapping[str, object]
_MISSING_TABLE = re.compile(r"(?:Table|View)[\w ]* with name \"?([\w.]+)\"? does not exist")
_MISSING_COLUMN = re.compile(
    r'(?:Referenced column "|does not have a column named "|Table ".*?" does not have a column named ")([^"]+)"'
)
_POSITION = re.compile(r"\n\s*\nLINE \d+:.*", re.DOTALL)


class Result(NamedTuple):
    """Rows with the names and types of their columns; ``truncated`` when there were more."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool = False

    def records(self) -> list[dict[str, Any]]:
        """Return each row as a mapping from column to value."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


# --- the box ---------------------------------------------------------------------------------------


@contextmanager
def _opened(db: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Lend a connection on which nothing but reading the release is possible."""
    if not db.exists():
        raise ReleaseMissing(f"{db} does not exist")
    connection = connect(db, read_only=True)
    try:
        for statement in (
            f"SET search_path = '{ALIAS}.marts'",
            "SET autoload_known_extensions = false",
            "SET allow_community_extensions = false",
            "SET temp_directory = ''",
            f"SET memory_limit = '{MEMORY_LIMIT}'",
            "SET enable_external_access = false",
            "SET lock_configuration = true",
        ):
            connection.execute(statement)
        yield connection
    finally:
        connection.close()


def query(
    release_db: Path,
    sql: str,
    *,
    limit: int = DEFAULT_LIMIT,
    timeout_s: float = DEFAULT_TIMEOUT_S,
) -> Result:
    """Return what one SQL statement reads from the release, up to ``limit`` rows."""
    with _opened(release_db) as connection:
        _refuse_all_but_reading(connection, sql)
        return _run(connection, release_db, sql, (), limit=limit, timeout_s=timeout_s)


def write_parquet(found: Result, path: Path) -> None:
    """Write the rows to a new Parquet file with the types of their columns."""
    import duckdb

    if path.exists():
        raise QueryFailed(f"{path} exists", "name a file that does not exist yet")
    listed = ", ".join(
        f'"{name.replace(chr(34), chr(34) * 2)}" {kind}'
        for name, kind in zip(found.columns, found.types, strict=True)
    )
    connection = duckdb.connect(":memory:")
    try:
        with explained(path):
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute(f"CREATE TABLE answer ({listed})")
            if found.rows:
                marks = ", ".join("?" * len(found.columns))
                connection.executemany(f"INSERT INTO answer VALUES ({marks})", list(found.rows))  # noqa: S608
            connection.execute(f"COPY answer TO {literal(path)} (FORMAT parquet, COMPRESSION zstd)")
    except duckdb.Error as error:
        raise QueryFailed(
            " ".join(str(error).split()), "give each column a name and a plain type"
        ) from error
    finally:
        connection.close()


def _refuse_all_but_reading(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    import duckdb

    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as error:
        raise _told(connection, error) from error
    if not statements:
        raise QueryFailed("there is no statement", "write one, such as `SELECT * FROM incidents`")
    if len(statements) > 1:
        raise QueryFailed(f"{len(statements)} statements were given", "ask one at a time")
    kind = statements[0].type
    if kind not in {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}:
        raise QueryFailed(
            f"{kind.name} is refused: a release is only read",
            "use SELECT, DESCRIBE, SUMMARIZE, SHOW or EXPLAIN",
        )


def _run(
    connection: duckdb.DuckDBPyConnection,
    db: Path,
    sql: str,
    parameters: Parameters = (),
    *,
    limit: int | None = None,
    timeout_s: float = DEFAULT_TIMEOUT_S,
) -> Result:
    import duckdb

    clock = threading.Timer(timeout_s, connection.interrupt)
    clock.daemon = True
    clock.start()
    try:
        with explained(db):
            bound = dict(parameters) if isinstance(parameters, Mapping) else list(parameters)
            found = connection.execute(sql, bound)
            described = found.description or []
            rows = found.fetchall() if limit is None else found.fetchmany(limit + 1)
    except duckdb.InterruptException as error:
        raise QueryFailed(
            f"the query took longer than {timeout_s:g} s", "narrow it down or allow more time"
        ) from error
    except duckdb.OutOfMemoryException as error:
        raise QueryFailed(
            f"the query needs more than {MEMORY_LIMIT} of memory", "select fewer columns or rows"
        ) from error
    except duckdb.Error as error:
        raise _told(connection, error) from error
    finally:
        clock.cancel()
    truncated = limit is not None and len(rows) > limit
    folder = str(db.parent)
    return Result(
        tuple(str(column[0]) for column in described),
        tuple(str(column[1]) for column in described),
        tuple(tuple(_without_path(cell, folder) for cell in row) for row in rows[:limit]),
        truncated,
    )


def _without_path(cell: Any, folder: str) -> Any:
    """Return the cell without the folder that the file lies in, which DuckDB tells to whoever asks."""
    return cell.replace(folder, "") if isinstance(cell, str) and folder in cell else cell


def _told(connection: duckdb.DuckDBPyConnection, error: duckdb.Error) -> QueryFailed:
    """Return the error in one line, with the nearest table or column that does exist."""
    import duckdb

    text = _POSITION.sub("", str(error)).strip()
    said, _, candidates = text.partition("\nCandidate bindings:")
    line = " ".join(said.partition("\nDid you mean")[0].split())
    wanted = _MISSING_TABLE.search(said)
    known = _names(connection, "table_name") if wanted else []
    if not wanted and (wanted := _MISSING_COLUMN.search(said)):
        # DuckDB knows which columns are in reach; without its word all columns are looked through.
        known = re.findall(r'"(?:\w+\.)?(\w+)"', candidates) or _names(connection, "column_name")
    if wanted:
        name = wanted[1].split(".")[-1].lower()
        near = difflib.get_close_matches(name, set(known) - {name}, n=3, cutoff=0.5)
        if near:
            return QueryFailed(line, f"did you mean {' or '.join(f'`{n}`' for n in near)}?")
    if isinstance(error, duckdb.PermissionException):
        return QueryFailed(line, "a query reads the tables of the release and nothing else")
    return QueryFailed(line)


def _names(
    connection: duckdb.DuckDBPyConnection, column: Literal["table_name", "column_name"]
) -> list[str]:
    import duckdb

    with suppress(duckdb.Error):  # when no transaction was open
        connection.rollback()
    rows = connection.execute(
        f"SELECT DISTINCT {column} FROM duckdb_columns()"  # noqa: S608
        " WHERE database_name = ? AND schema_name = 'marts' ORDER BY ALL",
        [ALIAS],
    ).fetchall()
    return [name for (name,) in rows]


def ask(db: Path, sql: str, parameters: Parameters = (), *, limit: int | None = None) -> Result:
    """Return what a prepared question reads; values are bound as parameters, in order or by name."""
    with _opened(db) as connection:
        return _run(connection, db, sql, parameters, limit=limit)


# --- prepared questions ----------------------------------------------------------------------------


def incidents(
    db: Path,
    *,
    country: str | None = None,
    event_type: str | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
    place: str | None = None,
    min_confidence: float | None = None,
    tier: str | None = None,
    limit: int = 100,
) -> Result:
    """Return the incidents that pass every filter given, latest first.

    ``country`` is that of the event or of the destination; ``place`` is a place id or a part of a name,
    of the incident's own place or any of its places. ``since`` and ``until`` are days of the event.
    """
    filters: list[tuple[str, tuple[object, ...]]] = []
    if country is not None:
        filters.append(("upper(?) IN (event_country, destination_country)", (country,)))
    if event_type is not None:
        filters.append(("lower(?) IN (event_type, sub_event)", (event_type,)))
    if since is not None:
        filters.append(("coalesce(date_end, date_start) >= ?", (since,)))
    if until is not None:
        filters.append(("date_start <= ?", (until,)))
    if place is not None:
        anywhere = (
            "(place_id = ? OR contains(lower(place_name), lower(?)) OR contains(lower(admin1), lower(?))"
            " OR incident_id IN (SELECT incident_id FROM incident_places"
            " WHERE place_id = ? OR contains(lower(name), lower(?))))"
        )
        filters.append((anywhere, (place,) * 5))
    if min_confidence is not None:
        filters.append(("confidence >= ?", (min_confidence,)))
    if tier is not None:
        filters.append(("tier = lower(?)", (tier,)))
    where = " AND ".join(condition for condition, _ in filters) or "true"
    return ask(
        db,
        f"SELECT * FROM incidents WHERE {where}"  # noqa: S608 - conditions are written here
        " ORDER BY date_start DESC NULLS LAST, incident_id",
        [value for _, values in filters for value in values],
        limit=limit,
    )


# --- the story behind a figure ---------------------------------------------------------------------

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Story:
    """All that stands behind one id or figure; what does not apply is empty.

    ``kind`` is incident, report, count, statistic, article or figure. ``reports`` carry their article and
    their ``evidence``: sentences with the offsets of the words that count, ``highlights``, counted from
    the start of the sentence. ``counts`` are the ledger, each with its evidence and the chain of figures
    that replaced it. ``subject`` is the record asked for.
    """

    kind: str
    id: str
    subject: dict[str, Any]
    incident: dict[str, Any] | None = None
    reports: Rows = field(default_factory=list)
    counts: Rows = field(default_factory=list)
    places: Rows = field(default_factory=list)
    agencies: Rows = field(default_factory=list)
    route_legs: Rows = field(default_factory=list)
    sightings: Rows = field(default_factory=list)
    links: Rows = field(default_factory=list)
    children: Rows = field(default_factory=list)
    changes: Rows = field(default_factory=list)
    versions: Rows = field(default_factory=list)
    statistics: Rows = field(default_factory=list)
    matches: Rows = field(default_factory=list)


class _Reader:
    """Reads whole rows of an open release."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, db: Path) -> None:
        self._connection = connection
        self._db = db

    def rows(self, sql: str, *parameters: object) -> Rows:
        return _run(self._connection, self._db, sql, parameters).records()

    def one(self, sql: str, *parameters: object) -> dict[str, Any] | None:
        found = self.rows(sql, *parameters)
        return found[0] if found else None


def explain(db: Path, record: str) -> Story:
    """Return the story of an incident, report, figure of a ledger, statistic or article, or of a number.

    A number ("1726", "1.726") lists where it stands in the ledgers and statistics. The id of an incident
    that was merged tells the story of the incident it went into.
    """
    wanted = record.strip()
    with _opened(db) as connection:
        read = _Reader(connection, db)
        for tell in (_incident, _report, _count, _statistic, _article, _figure):
            story = tell(read, wanted)
            if story is not None:
                return story
        near = _near_ids(read, wanted)
    raise QueryFailed(
        f"the release holds nothing with the id or figure {wanted!r}",
        f"did you mean {near}?" if near else "`suar incidents` lists the incidents with their ids",
    )


def _near_ids(read: _Reader, wanted: str) -> str:
    found = read.rows(
        "SELECT id FROM (SELECT incident_id AS id FROM incidents UNION SELECT report_id FROM reports"
        " UNION SELECT stat_id FROM statistics UNION SELECT article_id FROM articles)"
        " WHERE starts_with(id, ?) ORDER BY id LIMIT 1",
        wanted,
    )
    return f"`{found[0]['id']}`" if found and len(wanted) > 3 else ""


def _highlighted(proof: Rows) -> Rows:
    """Return the sentences with the offsets of their evidence, counted from where each begins."""
    sentences: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in proof:
        key = (row["article_id"], row["sentence_start"], row["sentence"])
        sentence = sentences.setdefault(
            key,
            {
                "article_id": row["article_id"],
                "sentence": row["sentence"],
                "sentence_start": row["sentence_start"],
                "highlights": [],
            },
        )
        first = row["start"] - row["sentence_start"]
        sentence["highlights"].append((first, first + row["end"] - row["start"]))
    return list(sentences.values())


def _with_evidence(read: _Reader, rows: Rows, kind: str, key: str) -> Rows:
    proof: dict[str, Rows] = {}
    for row in read.rows(
        "SELECT * FROM figure_evidence WHERE kind = ? AND record_id IN (SELECT unnest(?::VARCHAR[]))"
        ' ORDER BY article_id, "start"',
        kind,
        [row[key] for row in rows],
    ):
        proof.setdefault(row["record_id"], []).append(row)
    return [{**row, "evidence": _highlighted(proof.get(row[key], []))} for row in rows]


def _reports_of(read: _Reader, where: str, value: str) -> Rows:
    reports = read.rows(
        f"SELECT * EXCLUDE (evidence) FROM reports WHERE {where} = ?"  # noqa: S608
        " ORDER BY published_date, report_id",
        value,
    )
    articles = {
        row["article_id"]: row
        for row in read.rows(
            "SELECT article_id, url, title, outlet, language, published_at, page_sha256 FROM articles"
            " WHERE article_id IN (SELECT unnest(?::VARCHAR[]))",
            [report["article_id"] for report in reports],
        )
    }
    proof: dict[str, Rows] = {}
    for row in read.rows(
        'SELECT * FROM evidence WHERE report_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY "start"',
        [report["report_id"] for report in reports],
    ):
        proof.setdefault(row["report_id"], []).append(row)
    return [
        {
            **report,
            "article": articles.get(report["article_id"]),
            "evidence": _highlighted(proof.get(report["report_id"], [])),
        }
        for report in reports
    ]


def _ledger(read: _Reader, incident_id: str) -> Rows:
    """Return the figures with, for each, the ids of those that replaced it one after the other."""
    rows = read.rows(
        "SELECT * FROM incident_counts WHERE incident_id = ?"
        " ORDER BY role, as_of_date NULLS FIRST, count_id",
        incident_id,
    )
    heirs = {row["count_id"]: row["superseded_by"] for row in rows}
    for row in rows:
        chain: list[str] = []
        heir = row["superseded_by"]
        while heir and heir not in chain:
            chain.append(heir)
            heir = heirs.get(heir)
        row["superseded_chain"] = chain
    return _with_evidence(read, rows, "count", "count_id")


def _incident(
    read: _Reader, wanted: str, subject: dict[str, Any] | None = None, kind: str = "incident"
) -> Story | None:
    found = read.one("SELECT * FROM incidents WHERE incident_id = ?", wanted)
    if found is None:
        gone = read.one(
            "SELECT merged_into FROM incident_versions WHERE incident_id = ? AND merged_into IS NOT NULL"
            " ORDER BY recorded_at DESC LIMIT 1",
            wanted,
        )
        target = gone["merged_into"] if gone else None
        return (
            _incident(read, target, {"incident_id": wanted, "merged_into": target})
            if target
            else None
        )
    incident_id = found["incident_id"]

    def of(table: str, order: str) -> Rows:
        return read.rows(
            f"SELECT * FROM {table} WHERE incident_id = ? ORDER BY {order}",  # noqa: S608
            incident_id,
        )

    reports = _reports_of(read, "incident_id", incident_id)
    return Story(
        kind=kind,
        id=wanted,
        subject=subject or found,
        incident=found,
        reports=reports,
        counts=_ledger(read, incident_id),
        places=of("incident_places", "role, name"),
        agencies=of("incident_agencies", "role, name"),
        route_legs=of("route_legs", "report_id, leg_no"),
        sightings=of("sightings", "kind, value"),
        links=[
            {key: report[key] for key in ("report_id", "article_id", "link_score", "linked_by")}
            for report in reports
        ],
        children=read.rows(
            "SELECT incident_id, event_type, date_start, persons_best FROM incidents"
            " WHERE parent_id = ? ORDER BY date_start, incident_id",
            incident_id,
        ),
        changes=of("changes", "changed_at, change_id"),
        versions=of("incident_versions", "recorded_at"),
    )


def _report(read: _Reader, wanted: str) -> Story | None:
    reports = _reports_of(read, "report_id", wanted)
    if not reports:
        return None
    (report,) = reports
    whole = (
        _incident(read, report["incident_id"], report, "report") if report["incident_id"] else None
    )
    if whole is not None:
        return _renamed(whole, wanted)
    return Story(kind="report", id=wanted, subject=report, reports=reports)


def _count(read: _Reader, wanted: str) -> Story | None:
    found = read.one(
        "SELECT * FROM incident_counts WHERE count_id = ? ORDER BY incident_id", wanted
    )
    if found is None:
        return None
    (subject,) = _with_evidence(read, [found], "count", "count_id")
    whole = _incident(read, found["incident_id"], subject, "count")
    return _renamed(whole, wanted) if whole else None


def _renamed(story: Story, wanted: str) -> Story:
    return Story(**{**vars(story), "id": wanted})


def _statistic(read: _Reader, wanted: str) -> Story | None:
    found = read.rows("SELECT * FROM statistics WHERE stat_id = ?", wanted)
    if not found:
        return None
    (subject,) = _with_evidence(read, found, "statistic", "stat_id")
    subject["article"] = read.one(
        "SELECT * FROM articles WHERE article_id = ?", subject["article_id"]
    )
    related = read.rows(
        "SELECT * FROM statistics WHERE stat_id = ? OR disaggregation_of = ? ORDER BY stat_id",
        subject["disaggregation_of"],
        wanted,
    )
    return Story(kind="statistic", id=wanted, subject=subject, statistics=related)


def _article(read: _Reader, wanted: str) -> Story | None:
    found = read.one(
        "SELECT * FROM articles WHERE article_id = ? OR url = ? OR canonical_url = ?"
        " ORDER BY article_id LIMIT 1",
        *(wanted,) * 3,
    )
    if found is None:
        return None
    article_id = found["article_id"]
    figures = read.rows(
        'SELECT * FROM statistics WHERE article_id = ? ORDER BY "start", stat_id', article_id
    )
    return Story(
        kind="article",
        id=wanted,
        subject=found,
        reports=_reports_of(read, "article_id", article_id),
        statistics=_with_evidence(read, figures, "statistic", "stat_id"),
    )


def _figure(read: _Reader, wanted: str) -> Story | None:
    """Return where a number stands; "1.726" and "1,726" are both one thousand seven hundred..."""
    plain = re.sub(r"(?<=\d)[.,](?=\d{3}\b)", "", wanted)
    if not re.fullmatch(r"\d{1,15}(?:\.\d+)?", plain):
        return None
    value = float(plain)
    counts = read.rows(
        "SELECT * FROM incident_counts WHERE ? IN (low, best, high) ORDER BY incident_id, count_id",
        value,
    )
    figures = read.rows("SELECT * FROM statistics WHERE value = ? ORDER BY stat_id", value)
    if not counts and not figures:
        return None
    return Story(
        kind="figure",
        id=wanted,
        subject={"value": value},
        matches=_with_evidence(read, counts, "count", "count_id"),
        statistics=_with_evidence(read, figures, "statistic", "stat_id"),
    )
