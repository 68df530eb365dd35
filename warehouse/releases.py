"""Published releases: immutable folders that analysts read, and the pointer to the current one.

    private store -> checks -> analyst tier -> public tier -> gate -> releases/<day>[.n]/ -> current

A release is built in a hidden folder, forced to disk, renamed and then pointed at, so a crash at any
moment leaves the old release current or the new one, never a half. Nothing in a finished folder changes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse import checks, closed, codebook, marts, migrations, privacy, public
from warehouse.database import ALIAS, STORAGE_VERSION, attach, literal, sync_file, sync_folder
from warehouse.errors import (
    DiskFull,
    ReleaseBlocked,
    ReleaseDamaged,
    ReleaseMissing,
    StoreCorrupt,
    explained,
)
from warehouse.store import Store
from warehouse.tables import PublishedRelease

if TYPE_CHECKING:
    import duckdb

CURRENT = "current"
MANIFEST = "manifest.json"
DATABASE = "suar.duckdb"
ANALYST, PUBLIC = "analyst", "public"
# Views that only serve other views.
_INNER_VIEWS = frozenset({"evidence_of_all"})
# What a rerun changes though it finds nothing new.
_OF_EVERY_RUN = frozenset({"runs", "fetch_states"})
# Columns of the analyst tier that repeat words of a text.
_WORDS = ("title", "surface", "definition_note")
_ID = re.compile(r"^(\d{4}-\d{2}-\d{2})(?:\.(\d+))?$")
_SPARE_BYTES = 32 * 1024 * 1024
# DuckDB's smallest. With its usual 256 KiB each of the many short columns takes a block of its own: a
# release of 5 articles took 5 MB and takes 0.5; one of 100,000 incidents is as large either way.
_BLOCK_SIZE = 16 * 1024

PlaceOf = Callable[[str], privacy.Gazetteered | None]


@dataclass(frozen=True)
class Release:
    """A published folder; ``unchanged`` when publishing found nothing that it does not hold already."""

    release_id: str
    path: Path
    made_at: dt.datetime
    manifest: Mapping[str, Any]
    unchanged: bool = False

    @property
    def analyst(self) -> Path:
        """The database that stays in the home: every figure with its evidence."""
        return self.path / ANALYST / DATABASE

    @property
    def public(self) -> Path:
        """The database that may be shared."""
        return self.path / PUBLIC / DATABASE

    @property
    def day(self) -> dt.date:
        """The day that the release was made for."""
        return _order(self.release_id)[0]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the checks reported without stopping the release."""
        return tuple(self.manifest.get("warnings", ()))


def publish(
    store: Store,
    releases_dir: Path,
    *,
    day: dt.date,
    now: dt.datetime,
    run_id: str = "",
    force: bool = False,
    accepted: Collection[str] = (),
    place_of: PlaceOf | None = None,
    outlets: Mapping[str, closed.Outlet] | None = None,
) -> Release:
    """Return the release that is now current: a new one, or the last when it holds the same content.

    ``force`` makes a new release all the same. ``accepted`` names checks whose findings a person has
    looked at and lets pass; the gate of the public tier cannot be let pass. ``place_of`` is the gazetteer,
    ``outlets`` the registry of sources by id: the public tier names no other publisher.
    """
    releases_dir.mkdir(parents=True, exist_ok=True)
    _sweep(releases_dir)
    previous = _current_or_none(releases_dir)
    if previous:
        # A crash between pointing and noting leaves it out of the books.
        _note(store, previous, run_id)
    findings = checks.run(store.connection)
    _refuse(finding for finding in findings if finding.check not in accepted)
    _refuse_without_room(store.path, releases_dir, previous)
    release_id = _next_id(releases_dir, day)
    work = releases_dir / f".{release_id}.building"
    try:
        with explained(work):
            content, rows = _build(store, work, release_id, place_of or _gazetteer(), outlets)
            if previous and not force and previous.manifest.get("content") == content:
                shutil.rmtree(work)
                return replace(previous, unchanged=True)
            manifest = {
                "release_id": release_id,
                # To the microsecond: what was recorded earlier in this second is in this release.
                "made_at": now.astimezone(dt.UTC).isoformat(),
                "program_version": _program_version(),
                "schema_version": migrations.target().version,
                "storage_version": STORAGE_VERSION,
                "previous": previous.release_id if previous else None,
                "content": content,
                "run_ids": _run_ids(store, previous),
                "versions": _versions(store),
                "warnings": [str(finding) for finding in findings],
                "rows": rows,
                "files": _files(work),
            }
            _write_manifest(work, manifest)
            _seal(work)
            release_path = releases_dir / release_id
            work.rename(release_path)
            sync_folder(releases_dir)
            _point(releases_dir, release_id)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    release = open_release(release_path)
    _note(store, release, run_id)
    return release


# --- reading ---------------------------------------------------------------------------------------


def current(releases_dir: Path) -> Release:
    """Return the release that is served now."""
    name = pointed_at(releases_dir)
    if name is None:
        raise ReleaseMissing(f"{releases_dir} holds no published release")
    return open_release(releases_dir / name)


def open_release(path: Path) -> Release:
    """Return the release in this folder."""
    try:
        manifest = json.loads((path / MANIFEST).read_text("utf-8"))
        release = Release(
            manifest["release_id"], path, dt.datetime.fromisoformat(manifest["made_at"]), manifest
        )
    except FileNotFoundError as error:
        raise ReleaseMissing(f"{path} is not a published release") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseDamaged(f"{path / MANIFEST} cannot be read") from error
    for database in (release.analyst, release.public):
        if not database.exists():
            raise ReleaseDamaged(f"{database} is missing")
    return release


def published(releases_dir: Path) -> list[str]:
    """Return the ids of the finished releases, oldest first."""
    if not releases_dir.is_dir():
        return []
    found = [
        path.name
        for path in releases_dir.iterdir()
        if _ID.match(path.name) and (path / MANIFEST).exists()
    ]
    return sorted(found, key=_order)


def verify(release: Release) -> None:
    """Raise `ReleaseDamaged` unless every file of the release is what was published."""
    wrong = []
    for name, told in release.manifest["files"].items():
        path = release.path / name
        if not path.is_file():
            wrong.append(f"{name} is missing")
        elif path.stat().st_size != told["bytes"] or _sha256(path) != told["sha256"]:
            wrong.append(f"{name} has other bytes")
    if wrong:
        raise ReleaseDamaged(f"release {release.release_id}: {'; '.join(wrong)}")


# --- moving the pointer ----------------------------------------------------------------------------


def use(releases_dir: Path, release_id: str) -> Release:
    """Return the named release after making it the current one: the way back from a bad release."""
    if not _ID.match(release_id):
        raise ReleaseMissing(f"{release_id!r} is not the id of a release")
    release = open_release(releases_dir / release_id)
    verify(release)
    _point(releases_dir, release_id)
    return release


def _point(releases_dir: Path, release_id: str) -> None:
    """Make the release current in one step: a symbolic link, or a file where links are not to be had."""
    pointer = releases_dir / CURRENT
    fresh = releases_dir / f".{CURRENT}.new"
    fresh.unlink(missing_ok=True)
    try:
        fresh.symlink_to(release_id, target_is_directory=True)
    except (OSError, NotImplementedError):
        fresh.write_text(f"{release_id}\n", "utf-8")
        sync_file(fresh)
    fresh.replace(pointer)
    sync_folder(releases_dir)


def pointed_at(releases_dir: Path) -> str | None:
    """Return the id of the release that is served now, None when there is none."""
    pointer = releases_dir / CURRENT
    try:
        name = (
            pointer.readlink().name if pointer.is_symlink() else pointer.read_text("utf-8").strip()
        )
    except (OSError, ValueError):
        return None
    return name if _ID.match(name) else None


def _current_or_none(releases_dir: Path) -> Release | None:
    """Return the current release, or None when there is none that can be compared with."""
    with suppress(ReleaseMissing, ReleaseDamaged):
        return current(releases_dir)
    return None


def _sweep(releases_dir: Path) -> None:
    """Remove what an interrupted run left behind; finished releases are never touched."""
    for path in releases_dir.glob(".*"):
        if path.suffix in {".building", ".removed"} and path.is_dir():
            shutil.rmtree(path)
        elif path.name == f".{CURRENT}.new":
            path.unlink()


def _order(release_id: str) -> tuple[dt.date, int]:
    match = _ID.match(release_id)
    if match is None:
        raise ReleaseMissing(f"{release_id!r} is not the id of a release")
    return dt.date.fromisoformat(match[1]), int(match[2] or 0)


def _next_id(releases_dir: Path, day: dt.date) -> str:
    taken = {path.name for path in releases_dir.iterdir()}
    if day.isoformat() not in taken:
        return day.isoformat()
    numbers = [_order(name)[1] for name in taken if _ID.match(name) and _order(name)[0] == day]
    return f"{day.isoformat()}.{max(numbers) + 1}"


# --- building --------------------------------------------------------------------------------------


def _gazetteer() -> PlaceOf:
    # Read only where a release is built: the gazetteer is large.
    from pipeline import places

    return places.get


def _build(
    store: Store,
    work: Path,
    release_id: str,
    place_of: PlaceOf,
    outlets: Mapping[str, closed.Outlet] | None,
) -> tuple[str, dict[str, dict[str, int]]]:
    """Return the digest of the content and the rows of each table, after writing both databases."""
    connection = store.connection
    paths = {tier: work / tier / DATABASE for tier in (ANALYST, PUBLIC)}
    for path in paths.values():
        path.parent.mkdir(parents=True)
    with _functions(connection), _attached(connection, paths):
        with _written(connection, ANALYST):
            _build_analyst(connection, release_id)
        _list_places(connection, place_of)
        closed.list_shown(connection, place_of, outlets)
        with _written(connection, PUBLIC):
            for path in _numbered(public.__path__[0]):
                connection.execute(path.read_text("utf-8"))
        _refuse(checks.run(connection, public=True))
        if leaks := [*privacy.leaks(connection, PUBLIC), *closed.strangers(connection, PUBLIC)]:
            raise ReleaseBlocked(
                f"the public tier would show personal data: {'; '.join(map(str, leaks))}",
                "see which source brought it and correct the reading; the last release stays current",
            )
        content, rows = _content(connection), {tier: _rows(connection, tier) for tier in paths}
        for tier in paths:
            connection.execute(f"CHECKPOINT {tier}")
    for path in paths.values():
        if path.with_name(f"{path.name}.wal").exists():
            raise StoreCorrupt(f"{path} did not check-point")
    return content, rows


@contextmanager
def _functions(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Lend the rules of `privacy` to SQL."""
    pattern, minors = literal(privacy.any_pattern()), literal(privacy.MINORS)
    connection.create_function("suar_mask", privacy.mask, ["VARCHAR"], "VARCHAR")
    connection.create_function(
        "suar_narrowed",
        _narrowed,
        ["VARCHAR", "INTEGER", "INTEGER"],
        "STRUCT(words VARCHAR, first INTEGER)",
    )
    try:
        connection.execute(
            "CREATE OR REPLACE TEMP MACRO looks_personal(words) AS"
            f" coalesce(regexp_matches(words, {pattern}), false)"
        )
        connection.execute(
            "CREATE OR REPLACE TEMP MACRO speaks_of_minors(words) AS"
            f" coalesce(regexp_matches(words, {minors}), false)"
        )
        for statement in closed.macros():
            connection.execute(statement)
        yield
    finally:
        connection.remove_function("suar_mask")
        connection.remove_function("suar_narrowed")


def _narrowed(line: str, start: int, end: int) -> dict[str, str | int]:
    words, first = privacy.narrowed(line, start, end)
    return {"words": words, "first": first}


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, paths: Mapping[str, Path]) -> Iterator[None]:
    import duckdb

    attached = []
    try:
        for tier, path in paths.items():
            attach(connection, path, tier, block_size=_BLOCK_SIZE)
            attached.append(tier)
            connection.execute(f"CREATE SCHEMA {tier}.marts")
        yield
    finally:
        # A disk that filled up has killed the connection: then there is nothing left to let go of.
        with suppress(duckdb.Error):
            connection.execute(f"USE {ALIAS}")
            for tier in attached:
                connection.execute(f"DETACH {tier}")


@contextmanager
def _written(connection: duckdb.DuckDBPyConnection, tier: str) -> Iterator[None]:
    """Make the tables of a tier, its macros and its comments in one transaction: hundreds would be slow."""
    import duckdb

    connection.execute("BEGIN")
    try:
        yield
        connection.execute(f"USE {tier}")
        for path in _macros():
            connection.execute(path.read_text("utf-8"))
        connection.execute(f"USE {ALIAS}")
        _comment(connection, tier)
        connection.execute("COMMIT")
    except BaseException:
        with suppress(duckdb.Error):
            connection.execute("ROLLBACK")
        raise


def _build_analyst(connection: duckdb.DuckDBPyConnection, release_id: str) -> None:
    """Turn the views into tables, with what looks like personal data masked."""
    columns: dict[str, list[str]] = {}
    for view, column in connection.execute(
        "SELECT table_name, column_name FROM duckdb_columns()"
        " WHERE database_name = ? AND schema_name = 'marts' ORDER BY table_name, column_index",
        [ALIAS],
    ).fetchall():
        columns.setdefault(view, []).append(column)
    for view, names in columns.items():
        if view not in _INNER_VIEWS:
            connection.execute(
                f"CREATE TABLE {ANALYST}.marts.{view} AS {_reading(view, names, release_id)} ORDER BY ALL"
            )


def _reading(view: str, columns: Collection[str], release_id: str) -> str:
    """Return the query that reads a view for the analyst tier."""
    if "sentence" in columns:
        kept = ", ".join(
            f'"{name}"' for name in columns if name not in {"surface", "sentence", "sentence_start"}
        )
        return (
            f"SELECT {kept},"  # noqa: S608
            ' substring(cut.words, "start" - sentence_start - cut.first + 1, "end" - "start") AS surface,'
            " cut.words AS sentence, CAST(sentence_start + cut.first AS INTEGER) AS sentence_start"
            ' FROM (SELECT *, suar_narrowed(sentence, "start" - sentence_start, "end" - sentence_start)'
            f" AS cut FROM marts.{view})"
        )
    replaced = [f"{_masked(name)} AS {name}" for name in _WORDS if name in columns]
    if view == "reports":
        surface = _masked("span.surface")
        span = f"{{'start': span.\"start\", 'end': span.\"end\", 'surface': {surface}}}"
        replaced.append(f"list_transform(evidence, lambda span: {span}) AS evidence")
    if view == "changes":
        replaced.append(f"coalesce(release, {literal(release_id)}) AS release")
    replacing = f" REPLACE ({', '.join(replaced)})" if replaced else ""
    return f"SELECT *{replacing} FROM marts.{view}"  # noqa: S608


def _masked(column: str) -> str:
    return f"CASE WHEN looks_personal({column}) THEN suar_mask({column}) ELSE {column} END"


def _list_places(connection: duckdb.DuckDBPyConnection, place_of: PlaceOf) -> None:
    """Make the table of the public place of each place that the analyst tier names."""
    named = connection.execute(
        "SELECT place_id FROM analyst.marts.incident_versions WHERE place_id IS NOT NULL"
        " UNION SELECT place_id FROM analyst.marts.reports WHERE place_id IS NOT NULL"
        " UNION SELECT place_id FROM analyst.marts.incident_places"
        " UNION SELECT unnest([from_place_id, to_place_id]) FROM analyst.marts.route_legs"
        " UNION SELECT canonical_id FROM analyst.marts.mentions WHERE kind = 'place'"
    ).fetchall()
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE coarse_places (fine_id VARCHAR, place_id VARCHAR, name VARCHAR,"
        " country VARCHAR, admin1 VARCHAR, lat DOUBLE, lon DOUBLE, geo_precision VARCHAR)"
    )
    places = privacy.coarsened((place_id for (place_id,) in named if place_id), place_of)
    if places:
        import pyarrow as pa

        found = pa.Table.from_pylist([place._asdict() for place in places])
        connection.register("found_places", found)
        connection.execute("INSERT INTO coarse_places BY NAME SELECT * FROM found_places")
        connection.unregister("found_places")


def _numbered(folder: str) -> list[Path]:
    return sorted(Path(folder).glob("[0-9]*.sql"))


def _macros() -> list[Path]:
    """Return the questions that a release answers beside its tables."""
    folder = Path(marts.__path__[0])
    return [*folder.glob("*_incidents_as_of.sql"), *folder.glob("*_changes_between.sql")]


def _comment(connection: duckdb.DuckDBPyConnection, tier: str) -> None:
    """Write the codebook's words to the tables and columns that the tier has."""
    held = connection.execute(
        "SELECT table_name, column_name FROM duckdb_columns()"
        " WHERE database_name = ? AND schema_name = 'marts'",
        [tier],
    ).fetchall()
    columns = codebook.comments()
    named = {table for table, _ in held}
    statements = [
        f"COMMENT ON TABLE {tier}.marts.{table} IS {literal(text)}"
        for table, text in codebook.table_comments().items()
        if table in named
    ] + [
        f'COMMENT ON COLUMN {tier}.marts.{table}."{column}" IS {literal(columns[table][column])}'
        for table, column in held
        if column in columns.get(table, {})
    ]
    connection.execute(";\n".join(statements))


def _tables(connection: duckdb.DuckDBPyConnection, tier: str) -> list[str]:
    found = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND schema_name = 'marts'"
        " ORDER BY table_name",
        [tier],
    ).fetchall()
    return [name for (name,) in found]


def _rows(connection: duckdb.DuckDBPyConnection, tier: str) -> dict[str, int]:
    counted = {}
    for table in _tables(connection, tier):
        row = connection.execute(f"SELECT count(*) FROM {tier}.marts.{table}").fetchone()  # noqa: S608
        counted[table] = int(row[0]) if row else 0
    return counted


def _content(connection: duckdb.DuckDBPyConnection) -> str:
    """Return a digest that is the same when both tiers hold the same rows, in whatever order."""
    digest = hashlib.sha256()
    for tier in (ANALYST, PUBLIC):
        for table in _tables(connection, tier):
            if table in _OF_EVERY_RUN:
                continue
            # The release that first showed a change is the id that is being decided here.
            read = "* EXCLUDE (release)" if table == "changes" else "*"
            row = connection.execute(
                "SELECT count(*), sum(CAST(md5_number_lower(CAST(held AS VARCHAR)) AS HUGEINT))"  # noqa: S608
                f" FROM (SELECT {read} FROM {tier}.marts.{table}) AS held"
            ).fetchone()
            digest.update(f"{tier}.{table}: {row}\n".encode())
    return digest.hexdigest()


# --- manifest, digests, room -----------------------------------------------------------------------


def _run_ids(store: Store, previous: Release | None) -> list[str]:
    """Return the runs that wrote something since the last release."""
    since = previous.made_at.replace(tzinfo=None) if previous else dt.datetime.min  # noqa: DTZ901
    found = store.connection.execute(
        "SELECT DISTINCT run_id FROM raw.batches WHERE recorded_at >= ? ORDER BY run_id", [since]
    ).fetchall()
    return [run_id for (run_id,) in found]


def _versions(store: Store) -> dict[str, list[str]]:
    """Return the versions of the models and readers whose rows are current."""
    found: dict[str, list[str]] = {}
    for table, column in {
        "articles": "extractor_version",
        "relevance": "model_version",
        "mentions": "extractor_version",
        "reports": "extractor_version",
        "statistics": "extractor_version",
        "links": "linked_by",
    }.items():
        rows = store.connection.execute(
            f"SELECT DISTINCT {column} FROM core.{table} WHERE superseded_at IS NULL ORDER BY ALL"  # noqa: S608
        ).fetchall()
        found[table] = [version for (version,) in rows]
    return found


def _program_version() -> str:
    try:
        return metadata.version("suar")
    except metadata.PackageNotFoundError:
        return "unknown"


def _files(work: Path) -> dict[str, dict[str, Any]]:
    return {
        path.relative_to(work).as_posix(): {"bytes": path.stat().st_size, "sha256": _sha256(path)}
        for path in sorted(work.rglob("*"))
        if path.is_file()
    }


def _write_manifest(work: Path, manifest: Mapping[str, Any]) -> None:
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (work / MANIFEST).write_text(text, "utf-8")


def _seal(work: Path) -> None:
    """Force everything onto the disk and take away the right to write."""
    for path in sorted(work.rglob("*"), reverse=True):
        if path.is_dir():
            sync_folder(path)
        else:
            sync_file(path)
            path.chmod(0o444)
    sync_folder(work)


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _refuse(findings: Iterator[checks.Finding] | Collection[checks.Finding]) -> None:
    stops = [str(finding) for finding in findings if finding.level == "stop"]
    if stops:
        raise ReleaseBlocked(f"{len(stops)} checks failed: {'; '.join(stops)}")


def _refuse_without_room(private: Path, releases_dir: Path, previous: Release | None) -> None:
    """Raise before anything is written when two tiers would not fit beside what is there."""
    if previous:
        needed = sum(told["bytes"] for told in previous.manifest["files"].values())
    else:
        needed = private.stat().st_size
    needed = 2 * needed + _SPARE_BYTES
    free = shutil.disk_usage(releases_dir).free
    if free < needed:
        raise DiskFull(
            f"a release needs about {needed:,} bytes in {releases_dir}, {free:,} are free"
        )


def _note(store: Store, release: Release, run_id: str) -> None:
    known = {held.release_id for held in store.load_releases()}
    if release.release_id not in known:
        noted = PublishedRelease(release_id=release.release_id, published_at=release.made_at)
        store.save_release(run_id or release.release_id, release.made_at, noted)
