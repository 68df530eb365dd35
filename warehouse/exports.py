"""A release as a data package that others can read, check and cite.

release file -> data/*.parquet, *.csv, *.jsonl, suar.xlsx, incidents.geojson, feed.atom
                + datapackage.json, croissant.json, htcds.csv, codebook, citation, licence, checksums

The same release gives the same bytes; Parquet files name the DuckDB version that wrote them and may differ
between versions. A package is written beside its place and renamed into it, so it is there whole or not
at all. Only an earlier package of ours, and only one that nobody has changed, is ever replaced.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from warehouse import codebook, croissant, feeds, geo, htcds, packages, privacy, sheets, written
from warehouse.codebook import Table
from warehouse.database import ALIAS, connect, literal, sync_file, sync_folder
from warehouse.errors import ExportFailed, StoreCorrupt, StoreMissing, explain
from warehouse.packages import Facts, File, Held, Resource
from warehouse.privacy import Leak

if TYPE_CHECKING:
    import duckdb

TIERS = ("analyst", "public")

# Cells that a spreadsheet would run as a formula: an operator at the start, plain or full-width, also
# behind what spreadsheets skip or users do not see (blanks, control and zero-width characters, quotes);
# or a tab or line break at the start. The pattern reads the same in Python and in DuckDB (RE2).
_HIDING = (
    "\\x00-\\x20\\x7f-\\xa0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
)
_QUOTES = "'\"`\u00b4\u00ab\u00bb\u2018-\u201f"
_FORMULA = f"^(?:[{_HIDING}{_QUOTES}]*[-=+@\uff0b\uff0d\uff1d\uff20\u2212]|[\t\r\n])"
_PLAIN_NEGATIVE = r"-[0-9]+(?:\.[0-9]+)?"

_BATCH = 10_000  # rows held in memory at once

_Select = Callable[[str, str], str]


class Export(NamedTuple):
    """A package that was written; ``problems`` says where the data fall short of the codebook."""

    path: Path
    release_id: str
    tier: str
    formats: tuple[str, ...]
    rows: Mapping[str, int]
    n_bytes: int
    problems: tuple[str, ...]


def safe_cell(text: str) -> str:
    """Return the text as a CSV cell that no spreadsheet runs: with an apostrophe in front if need be."""
    return f"'{text}" if _is_formula(text) else text


def exact_cell(cell: str) -> str:
    """Return the text that `safe_cell` was given."""
    return cell[1:] if cell.startswith("'") and _is_formula(cell[1:]) else cell


def _is_formula(text: str) -> bool:
    return bool(re.match(_FORMULA, text)) and not re.fullmatch(_PLAIN_NEGATIVE, text)


# --- how a column is written in each format --------------------------------------------------------


def _in_parquet(name: str, kind: str) -> str:
    if kind == "datetime":
        return f"({name} AT TIME ZONE 'UTC')"
    # A sum of integers is a HUGEINT, which Parquet would hold as an inexact number.
    return f"CAST({name} AS BIGINT)" if kind == "integer" else name


def _in_json(name: str, kind: str) -> str:
    if kind == "datetime":
        whole = f"strftime({name}, '%Y-%m-%dT%H:%M:%S')"
        part = (
            f"CASE WHEN microsecond({name}) % 1000000 = 0 THEN '' ELSE strftime({name}, '.%f') END"
        )
        return f"({whole} || {part} || 'Z')"
    return name


def _in_csv(name: str, kind: str) -> str:
    if kind == "datetime":
        return _in_json(name, kind)
    if kind == "spans":
        return f"to_json({name})"
    if kind not in {"text", "list"}:
        return name
    text = f"array_to_string({name}, '{packages.LIST_SEPARATOR}')" if kind == "list" else name
    return (
        f"CASE WHEN regexp_matches({text}, {literal(_FORMULA)})"
        f" AND NOT regexp_full_match({text}, {literal(_PLAIN_NEGATIVE)})"
        f" THEN '''' || {text} ELSE {text} END"
    )


_WRITERS: Mapping[str, tuple[_Select, str]] = {
    "parquet": (_in_parquet, "FORMAT parquet, COMPRESSION zstd"),
    "csv": (_in_csv, "FORMAT csv, HEADER true"),
    "jsonl": (_in_json, "FORMAT json"),
}
# Formats that hold several tables in one file, each with the file and what it says of itself.
_WORKBOOK, _MAP, _FEED = "xlsx", "geojson", "atom"
_WHOLE: Mapping[str, tuple[str, str]] = {
    _WORKBOOK: (
        "suar.xlsx",
        "every table as a sheet of one workbook, with notes, columns and codes in front.",
    ),
    _MAP: (
        "incidents.geojson",
        "incidents for maps; a point only where a province or something finer is known.",
    ),
    _FEED: ("feed.atom", f"incidents of the last {feeds.LIMIT} changes, for feed readers."),
}
TABULAR = tuple(_WRITERS)
FORMATS = (*TABULAR, *_WHOLE)


# --- writing ---------------------------------------------------------------------------------------


def export(
    release_db: Path,
    out: Path,
    *,
    tier: str,
    release_id: str,
    made_at: dt.datetime,
    formats: Sequence[str] = TABULAR,
    is_invented: bool = False,
) -> Export:
    """Return the data package of a published release, written to the folder ``out``.

    ``formats`` are of `FORMATS`; descriptions are written with any of them. ``made_at`` is when the release
    was made; ``is_invented`` marks the sample of the demonstration. The folder may be missing, empty or an
    unchanged package of ours; anything else raises `ExportFailed` and is left alone, as is everything on a
    full disk.
    """
    chosen = _chosen(formats, tier)
    out = out.expanduser().resolve()
    work = out.with_name(f".{out.name}.writing.suar-export")
    with _told(work, release_db):
        out.parent.mkdir(parents=True, exist_ok=True)
        _tidy(out, work)
        _refuse_foreign(out)
    connection = connect(release_db, read_only=True)
    try:
        with _told(work, release_db):
            found = _write(connection, work, chosen, tier, release_id, made_at, is_invented)
            _refuse_foreign(out)
            _swap(work, out)
    finally:
        connection.close()
        shutil.rmtree(work, ignore_errors=True)
    return found._replace(path=out)


def _chosen(formats: Sequence[str], tier: str) -> tuple[str, ...]:
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        what = f"cannot write {', '.join(unknown)}" if unknown else "no format is named"
        raise ExportFailed(what, f"choose from {', '.join(FORMATS)}")
    if tier not in TIERS:
        raise ExportFailed(f"there is no tier {tier}", f"choose from {', '.join(TIERS)}")
    return tuple(name for name in FORMATS if name in formats)


def _write(
    connection: duckdb.DuckDBPyConnection,
    work: Path,
    formats: Sequence[str],
    tier: str,
    release_id: str,
    made_at: dt.datetime,
    is_invented: bool,
) -> Export:
    tables = _tables(connection, tier)
    if tier == "public":
        _refuse_personal(privacy.leaks(connection, ALIAS))
    rows = {
        name: _one(connection, f'SELECT count(*) FROM marts."{name}"')  # noqa: S608
        for name in tables
    }
    if _WORKBOOK in formats:
        sheets.refuse_long(rows)
    work.mkdir()
    spill = work / "spill"
    # What does not fit in memory is sorted on the disk that the package goes to.
    connection.execute(f"SET temp_directory = {literal(spill)}")
    # With one thread the row groups of Parquet, hence its bytes, are always the same.
    connection.execute("SET threads = 1")
    held: dict[str, Held] = {}
    resources: list[Resource] = []
    problems: list[str] = []
    for name, columns in tables.items():
        held[name], broken = _check(connection, name, columns, tables)
        problems += broken
        resources += [
            _write_table(connection, work, name, columns, file_format, rows[name])
            for file_format in formats
            if file_format in TABULAR
        ]
    facts = Facts(release_id, tier, made_at, _outlets(connection, tables), is_invented)
    files = []
    if _WORKBOOK in formats:
        problems += _write_workbook(connection, work, facts, tables, rows, spill)
        files.append(_file(work, _WORKBOOK))
    if _MAP in formats:
        _write_map(connection, work, facts, tables)
        files.append(_file(work, _MAP))
    if _FEED in formats:
        _write_feed(connection, work, facts, tables)
        files.append(_file(work, _FEED))
    if tier == "public":
        _refuse_personal(written.leaks(work, resources, files, spill))
    shutil.rmtree(spill, ignore_errors=True)
    _write_text(work, "htcds.csv", htcds.render())
    files.append(
        _described(work, "htcds.csv", "csv", "our codes in IOM's data standard (HTCDS 2.0).")
    )
    for name, text in (
        ("datapackage.json", packages.to_json(packages.descriptor(facts, resources, files, held))),
        ("croissant.json", packages.to_json(croissant.metadata(facts, resources, files, held))),
        ("codebook.md", codebook.render()),
        ("CITATION.cff", packages.citation(facts)),
        ("LICENSE-DATA", packages.licence(facts)),
        ("README.md", packages.readme(facts, rows, resources, files, problems)),
    ):
        _write_text(work, name, text)
    digests = {path.relative_to(work).as_posix(): _sha256(path) for path in _files(work)}
    _write_text(
        work,
        "checksums.txt",
        "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items())),
    )
    for path in _files(work):
        sync_file(path)
    for folder in {path.parent for path in _files(work)}:
        sync_folder(folder)
    return Export(
        path=work,
        release_id=release_id,
        tier=tier,
        formats=tuple(formats),
        rows=rows,
        n_bytes=sum(path.stat().st_size for path in _files(work)),
        problems=tuple(problems),
    )


def _tables(connection: duckdb.DuckDBPyConnection, tier: str) -> dict[str, tuple[str, ...]]:
    """Return the tables of the release and their columns; what the tier may not show is refused."""
    rows = connection.execute(
        "SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns()"
        " WHERE database_name = current_database() AND schema_name = 'marts' GROUP BY table_name"
    ).fetchall()
    present = {name: tuple(columns) for name, columns in rows}
    if not present:
        raise ExportFailed("the file holds no release", "name the suar.duckdb of a release")
    known = codebook.load().tables
    told = {name: table.in_tier(tier) for name, table in known.items()}
    # Fails closed: a column that nobody has described may be one that nobody has cleared.
    strange = [
        f"{name}.{column}"
        for name, columns in sorted(present.items())
        for column in columns
        if column not in told.get(name, {})
    ]
    if strange:
        raise ExportFailed(
            f"{', '.join(strange[:5])} {'is' if len(strange) == 1 else 'are'} not in the {tier} tier",
            "name the file of that tier, and a release of this version of the program",
        )
    return {name: present[name] for name in known if name in present}


def _refuse_personal(found: Sequence[Leak]) -> None:
    # The release passed this gate when it was made; since then the gate may have learnt a pattern.
    if found:
        raise ExportFailed(
            f"the release would show personal data: {'; '.join(map(str, found))}",
            "publish a new release with this version of the program",
        )


def _write_text(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, "utf-8", newline="\n")


def _file(work: Path, file_format: str) -> File:
    name, description = _WHOLE[file_format]
    return _described(work, name, file_format, description)


def _described(work: Path, name: str, file_format: str, description: str) -> File:
    path = work / name
    return File(name, file_format, path.stat().st_size, _sha256(path), description)


def _write_table(
    connection: duckdb.DuckDBPyConnection,
    work: Path,
    name: str,
    columns: Sequence[str],
    file_format: str,
    n_rows: int,
) -> Resource:
    table = codebook.load().tables[name]
    select, options = _WRITERS[file_format]
    listed = ", ".join(
        f'{select(_quoted(column), table.columns[column].type)} AS "{column}"' for column in columns
    )
    path = work / "data" / f"{name}.{file_format}"
    path.parent.mkdir(exist_ok=True)
    query = _select(name, columns, listed)
    connection.execute(f"COPY ({query}) TO {literal(path)} ({options})")
    return Resource(
        table=name,
        format=file_format,
        path=f"data/{path.name}",
        n_bytes=path.stat().st_size,
        sha256=_sha256(path),
        n_rows=n_rows,
        columns=tuple(columns),
    )


def _select(name: str, columns: Sequence[str], listed: str) -> str:
    """Return the query of a table in the order in which every format has it."""
    order = _order(codebook.load().tables[name], columns)
    sort = ", ".join(f"source.{_quoted(column)}" for column in order)
    return f'SELECT {listed} FROM marts."{name}" AS source ORDER BY {sort}'  # noqa: S608


def _rows(
    connection: duckdb.DuckDBPyConnection, name: str, columns: Sequence[str]
) -> Iterator[tuple[Any, ...]]:
    """Return the rows of a table one by one; the query runs when the first is asked for."""
    cursor = connection.cursor()
    try:
        cursor.execute("USE " + ALIAS)
        cursor.execute(_select(name, columns, ", ".join(map(_quoted, columns))))
        while batch := cursor.fetchmany(_BATCH):
            yield from batch
    finally:
        cursor.close()


def _order(table: Table, columns: Sequence[str]) -> list[str]:
    """Return the key first and then all other columns, so that no two runs differ."""
    return [*dict.fromkeys([*(key for key in table.key if key in columns), *columns])]


def _write_workbook(
    connection: duckdb.DuckDBPyConnection,
    work: Path,
    facts: Facts,
    tables: Mapping[str, Sequence[str]],
    rows: Mapping[str, int],
    spill: Path,
) -> list[str]:
    return sheets.write(
        work / _WHOLE[_WORKBOOK][0],
        facts,
        [
            sheets.Sheet(name, columns, rows[name], _rows(connection, name, columns))
            for name, columns in tables.items()
        ],
        spill=spill,
        is_formula=_is_formula,
    )


def _write_map(
    connection: duckdb.DuckDBPyConnection,
    work: Path,
    facts: Facts,
    tables: Mapping[str, Sequence[str]],
) -> None:
    columns = _needed(tables, "incidents", _MAP)
    lines = geo.render(facts, columns, _rows(connection, "incidents", columns))
    with (work / _WHOLE[_MAP][0]).open("w", encoding="utf-8", newline="\n") as handle:
        handle.writelines(lines)


def _write_feed(
    connection: duckdb.DuckDBPyConnection,
    work: Path,
    facts: Facts,
    tables: Mapping[str, Sequence[str]],
) -> None:
    for name in ("changes", "incidents", "reports", "articles"):
        _needed(tables, name, _FEED)
    found = connection.execute(_LATEST, [feeds.LIMIT]).fetchall()
    ids = [row[0] for row in found]
    cursor = connection.execute(
        "SELECT * FROM marts.incidents WHERE list_contains(?, incident_id)", [ids]
    )
    names = [column[0] for column in cursor.description or ()]
    incidents = {
        found["incident_id"]: found
        for found in (dict(zip(names, row, strict=True)) for row in cursor.fetchall())
    }
    articles: dict[str, list[feeds.Article]] = {}
    for incident_id, outlet, url, *_ in connection.execute(_TOLD_BY, [ids]).fetchall():
        articles.setdefault(incident_id, []).append(feeds.Article(outlet, url))
    entries = [
        feeds.Entry(
            incident_id,
            change,
            changed_at,
            listed_at,
            incidents.get(incident_id),
            articles.get(incident_id, ()),
        )
        for incident_id, change, changed_at, listed_at in found
    ]
    _write_text(work, _WHOLE[_FEED][0], feeds.render(facts, entries, _country_names()))


# The incidents that the last changes tell of, each with its latest change and when it was first listed.
_LATEST = """
WITH latest AS (
    SELECT * FROM marts.changes ORDER BY changed_at DESC, change_id LIMIT ?
)
SELECT
    latest.incident_id,
    arg_max(latest.change, (latest.changed_at, latest.change_id)) AS change,
    max(latest.changed_at) AS changed_at,
    any_value(listed.listed_at) AS listed_at
FROM latest
LEFT JOIN (
    SELECT incident_id, min(changed_at) AS listed_at
    FROM marts.changes WHERE change = 'new' GROUP BY incident_id
) AS listed USING (incident_id)
GROUP BY latest.incident_id
ORDER BY latest.incident_id
"""
# First tellings before copies, earlier ones before later ones.
_TOLD_BY = """
SELECT DISTINCT reports.incident_id, articles.outlet, articles.canonical_url AS url,
    articles.is_primary, articles.published_at
FROM marts.reports AS reports JOIN marts.articles AS articles USING (article_id)
WHERE list_contains(?, reports.incident_id) AND articles.canonical_url IS NOT NULL
ORDER BY reports.incident_id, articles.is_primary DESC, articles.published_at NULLS LAST, url
"""


def _needed(tables: Mapping[str, Sequence[str]], name: str, file_format: str) -> Sequence[str]:
    if name not in tables:
        raise ExportFailed(
            f"{file_format} is made of {name}, which the release does not have",
            f"leave {file_format} out",
        )
    return tables[name]


def _country_names() -> dict[str, str]:
    """Return the names of countries by their codes."""
    from pipeline import places  # the gazetteer takes half a second to read

    found = (places.get(ids[0]) for ids in places.names().values() if len(ids[0]) == 2)
    return {
        place.country: place.name
        for place in found
        if place is not None and place.kind == "country" and place.country
    }


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def _outlets(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Sequence[str]]
) -> tuple[str, ...]:
    if "outlet" not in tables.get("articles", ()):
        return ()
    rows = connection.execute(
        "SELECT DISTINCT outlet FROM marts.articles WHERE outlet <> '' ORDER BY outlet"
    ).fetchall()
    return tuple(outlet for (outlet,) in rows)


# --- does the data keep what the codebook promises? ------------------------------------------------


def _check(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    columns: Sequence[str],
    tables: Mapping[str, Sequence[str]],
) -> tuple[Held, list[str]]:
    """Return the promises that hold for every row, and a sentence for each that does not."""
    book = codebook.load()
    table = book.tables[name]
    problems: list[str] = []

    def wrong(query: str, told: str) -> bool:
        count = _one(connection, query)
        if count:
            problems.append(f"{name}: {told} ({count:,} rows).")
        return bool(count)

    source = f'marts."{name}"'
    required = set()
    coded = set()
    for column in columns:
        entry = table.columns[column]
        cell = _quoted(column)
        empty = f"{cell} IS NULL" + (f" OR {cell} = ''" if entry.type == "text" else "")
        count_empty = f"SELECT count(*) FROM {source} WHERE {empty}"  # noqa: S608
        if entry.empty is None and not wrong(count_empty, f"`{column}` is empty"):
            required.add(column)
        if entry.vocabulary:
            codes = ", ".join(literal(code) for code in book.vocabularies[entry.vocabulary].values)
            strange = (
                f"NOT list_has_all([{codes}], {cell})"
                if entry.type == "list"
                else f"{cell} NOT IN ({codes})"
            )
            count_strange = f"SELECT count(*) FROM {source} WHERE {strange}"  # noqa: S608
            if not wrong(
                count_strange, f"`{column}` holds a code that is not in {entry.vocabulary}"
            ):
                coded.add(column)
    key = table.key if set(table.key) <= required else ()
    if key:
        listed = ", ".join(map(_quoted, key))
        twice = f"SELECT count(*) - count(DISTINCT ({listed})) FROM {source}"  # noqa: S608
        if wrong(twice, f"the key {', '.join(key)} stands twice"):
            key = ()
    foreign_keys = []
    for foreign in table.foreign_keys:
        if foreign.table not in tables or not set(foreign.columns) <= set(columns):
            continue
        pairs = " AND ".join(
            f"target.{_quoted(theirs)} = source.{_quoted(ours)}"
            for ours, theirs in zip(foreign.columns, foreign.references, strict=True)
        )
        filled = " AND ".join(f"source.{_quoted(ours)} IS NOT NULL" for ours in foreign.columns)
        orphans = (
            f'SELECT count(*) FROM {source} AS source ANTI JOIN marts."{foreign.table}" AS target'  # noqa: S608
            f" ON {pairs} WHERE {filled}"
        )
        if not wrong(orphans, f"`{', '.join(foreign.columns)}` is not found in {foreign.table}"):
            foreign_keys.append(foreign)
    return Held(frozenset(required), frozenset(coded), key, tuple(foreign_keys)), problems


# --- the folder ------------------------------------------------------------------------------------


@contextmanager
def _told(work: Path, release_db: Path) -> Iterator[None]:
    """Run the block; an error of disk or file leaves it as one of ours, a bug as it is."""
    import duckdb

    try:
        yield
    except (duckdb.Error, OSError) as error:
        told = explain(error, work)
        if isinstance(told, StoreCorrupt):
            raise explain(error, release_db) or told from error
        if told is not None and not isinstance(told, StoreMissing):
            raise told from error
        if isinstance(error, OSError):
            raise ExportFailed(f"{work.parent} cannot be written to: {error.strerror}") from error
        raise


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() or path.is_symlink())


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _previous(out: Path) -> Path:
    return out.with_name(f".{out.name}.previous.suar-export")


def _tidy(out: Path, work: Path) -> None:
    """Undo what an export that was cut off has left; the names are ours alone."""
    previous = _previous(out)
    if previous.exists():
        if out.exists():
            shutil.rmtree(previous)
        else:
            previous.rename(out)
    if work.exists():
        shutil.rmtree(work)


def _refuse_foreign(out: Path) -> None:
    """Raise unless the folder is missing, empty or a package of ours that nobody has changed."""
    if not out.exists():
        return
    if not out.is_dir():
        raise ExportFailed(f"{out} is a file")
    here = Path.cwd()
    if out == here or out in here.parents:
        raise ExportFailed(f"{out} is the folder you are in", "name a folder inside it")
    if not any(out.iterdir()):
        return
    own = _checksums(out)
    if own is None:
        raise ExportFailed(f"{out} holds files that are not an export")
    present = {path.relative_to(out).as_posix(): path for path in out.rglob("*")}
    strange = sorted(
        name
        for name, path in present.items()
        if not (name == "data" and path.is_dir() and not path.is_symlink())
        and name != "checksums.txt"
        and (path.is_symlink() or name not in own or _sha256(path) != own[name])
    )
    if strange:
        raise ExportFailed(f"{out} holds an export and files added or changed since: {strange[0]}")


def _checksums(out: Path) -> dict[str, str] | None:
    """Return the digests that a package of ours gives for its files, or None when it is none."""
    try:
        described = json.loads((out / "datapackage.json").read_text("utf-8"))
        lines = (out / "checksums.txt").read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return None
    if not isinstance(described, dict) or "suar:release" not in described:
        return None
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _swap(work: Path, out: Path) -> None:
    """Put the new package in its place; when that fails the old one is back."""
    previous = _previous(out)
    if out.exists():
        out.rename(previous)
    try:
        work.rename(out)
    except BaseException:
        if previous.exists():
            previous.rename(out)
        raise
    sync_folder(out.parent)
    shutil.rmtree(previous, ignore_errors=True)
