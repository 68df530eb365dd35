"""The gate on what an export has written: the files are read back as a stranger would read them.

files of a package -> what `privacy.leaks` finds in their texts

The tables pass the gate before they are exported. This look at the files themselves does not trust the
writers: whatever joins, cuts or renames texts on the way, a pattern of personal data in a file stops it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse import codebook, feeds, geo, privacy, sheets
from warehouse.database import literal
from warehouse.packages import File, Resource
from warehouse.privacy import Leak

if TYPE_CHECKING:
    import duckdb

_CATALOGUE = "written"
_TEXTUAL = ("text", "list", "spans")


def leaks(
    folder: Path, resources: Iterable[Resource], files: Iterable[File], spill: Path
) -> list[Leak]:
    """Return what looks like personal data in the files; ``spill`` is a folder for what is in between."""
    import duckdb

    spill.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET autoinstall_known_extensions = false")
        connection.execute(f"SET temp_directory = {literal(spill)}")
        connection.execute(f"ATTACH ':memory:' AS {_CATALOGUE}")
        connection.execute(f"CREATE SCHEMA {_CATALOGUE}.marts")
        for resource in resources:
            _show_table(connection, folder, resource)
        for file in files:
            for name, path in _texts(folder / file.path, file.format, spill):
                _show(connection, name, f"read_ndjson({literal(path)}, {_names_in(path)})", "*")
        return privacy.leaks(connection, _CATALOGUE)


def _show(connection: duckdb.DuckDBPyConnection, name: str, source: str, listed: str) -> None:
    view = f'CREATE VIEW {_CATALOGUE}.marts."{name}" AS SELECT {listed} FROM {source}'  # noqa: S608
    connection.execute(view)


def _show_table(connection: duckdb.DuckDBPyConnection, folder: Path, resource: Resource) -> None:
    entries = codebook.load().tables[resource.table].columns
    columns = [name for name in resource.columns if entries[name].type in _TEXTUAL]
    if not columns:
        return
    path = literal(folder / resource.path)
    # All as text, and in the order of the file: nothing is guessed.
    typed = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in resource.columns)
    source = {
        "parquet": f"read_parquet({path})",
        "jsonl": f"read_ndjson({path}, columns = {{{typed}}})",
        "csv": (
            f"read_csv({path}, columns = {{{typed}}}, header = true, auto_detect = false,"
            " delim = ',', quote = '\"', escape = '\"', new_line = '\\n', strict_mode = true)"
        ),
    }[resource.format]
    listed = ", ".join(f'"{name}"' for name in columns)
    _show(connection, f"{resource.table}.{resource.format}", source, listed)


def _texts(path: Path, file_format: str, spill: Path) -> Iterator[tuple[str, Path]]:
    """Return a file of JSON lines for each table of texts that the file shows."""
    found: Iterable[tuple[str, dict[str, str]]] = ()
    if file_format == "xlsx":
        found = ((f"{table}.xlsx", row) for table, row in sheets.texts(path))
    elif file_format == "geojson":
        found = ((path.name, row) for row in geo.texts(path.read_text("utf-8")))
    elif file_format == "atom":
        found = ((path.name, row) for row in feeds.texts(path.read_text("utf-8")))
    written: dict[str, Path] = {}
    with ExitStack() as stack:
        handles = {}
        for name, row in found:
            if not row:
                continue
            if name not in handles:
                written[name] = spill / f"{name}.jsonl"
                handles[name] = stack.enter_context(written[name].open("w", encoding="utf-8"))
            handles[name].write(json.dumps(row) + "\n")
    yield from written.items()


def _names_in(path: Path) -> str:
    with path.open(encoding="utf-8") as handle:
        names = dict.fromkeys(name for line in handle for name in json.loads(line))
    listed = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    return f"columns = {{{listed}}}"
