"""A release as one workbook for spreadsheets, and such a workbook read back.

tables + codebook -> suar.xlsx

Every cell has the type that the codebook gives its column; a text is a text whatever it begins with, and is
never a formula or a link. Rows are streamed, so that a large table needs little memory. The same tables
give the same bytes: the file carries the time of the release and not that of its writing.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree as ET
from xml.parsers.expat import ParserCreate

from warehouse import codebook, htcds, packages
from warehouse.codebook import Column
from warehouse.errors import ExportFailed
from warehouse.packages import Facts

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

# What a sheet and a cell hold (Excel's specifications and limits); one row is the header.
MOST_ROWS = 1_048_575
MOST_CHARACTERS = 32_767
# Excel counts days from 1900; what is earlier is written as text.
_FIRST_DAY = dt.date(1900, 3, 1)
_WIDTHS = {"text": 24, "list": 24, "spans": 24, "date": 12, "datetime": 20}
_FRONT = ("notes", "columns", "codes", "htcds")
_CHARACTER = re.compile("_x([0-9A-F]{4})_")
# XML 1.0 holds neither; a lone half of a pair cannot be written at all.
_UNFIT = re.compile("[\ud800-\udfff\ufffe\uffff]")


class Sheet(NamedTuple):
    """One table: its columns and its rows, each value as Python knows it."""

    name: str
    columns: Sequence[str]
    n_rows: int
    rows: Iterable[Sequence[object]]


class _Styles(NamedTuple):
    head: Format
    title: Format
    wrapped: Format
    plain: Format
    guarded: Format
    by_type: Mapping[str, Format]


def refuse_long(rows: Mapping[str, int]) -> None:
    """Raise `ExportFailed` when a table has more rows than a sheet; part of it would be taken for all."""
    for name, n_rows in rows.items():
        if n_rows > MOST_ROWS:
            raise ExportFailed(
                f"{name} has {n_rows:,} rows, and a sheet of xlsx holds {MOST_ROWS:,}",
                "leave xlsx out; the other formats hold every row",
            )


def write(
    path: Path,
    facts: Facts,
    sheets: Sequence[Sheet],
    *,
    spill: Path,
    is_formula: Callable[[str], bool],
) -> list[str]:
    """Return a sentence for each column with texts that were cut; the workbook is at ``path``.

    Texts for which ``is_formula`` is true are marked, so that they stay texts when somebody edits the cell.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    spill.mkdir(parents=True, exist_ok=True)
    workbook = xlsxwriter.Workbook(
        str(path),
        {
            "constant_memory": True,
            "tmpdir": str(spill),
            "use_zip64": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    made_at = facts.made_at.astimezone(dt.UTC).replace(tzinfo=None)
    workbook.set_properties(
        {
            "title": facts.title,
            "subject": f"Release {facts.release_id}, {facts.tier} tier",
            "author": packages.AUTHOR,
            "created": made_at,
        }
    )
    styles = _styles(workbook)
    _write_front(workbook, styles, facts, sheets)
    problems = [
        problem for sheet in sheets for problem in _write_sheet(workbook, styles, sheet, is_formula)
    ]
    try:
        workbook.close()
    except FileCreateError as error:
        # The library wraps what the disk says; its callers read the error of the disk.
        raise next((part for part in error.args if isinstance(part, OSError)), error) from error
    return problems


def _styles(workbook: Workbook) -> _Styles:
    return _Styles(
        head=workbook.add_format({"bold": True, "bottom": 1}),
        title=workbook.add_format({"bold": True, "font_size": 14}),
        wrapped=workbook.add_format({"text_wrap": True, "valign": "top"}),
        plain=workbook.add_format(),
        guarded=workbook.add_format({"quote_prefix": True}),
        by_type={
            "date": workbook.add_format({"num_format": "yyyy-mm-dd"}),
            "datetime": workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        },
    )


# --- the sheets in front -----------------------------------------------------------------------------


def _write_front(
    workbook: Workbook, styles: _Styles, facts: Facts, sheets: Sequence[Sheet]
) -> None:
    notes = workbook.add_worksheet("notes")
    notes.set_column(0, 0, 110)
    notes.write_string(0, 0, facts.title, styles.title)
    for row, line in enumerate(_notes(facts), 1):
        notes.write_string(row, 0, line, styles.wrapped)
    book = codebook.load()
    _write_list(
        workbook,
        styles,
        "columns",
        ("table", "column", "type", "meaning", "unit", "codes", "when empty", "public tier"),
        (
            (
                sheet.name, name, entry.type, entry.description, entry.unit, entry.vocabulary,
                entry.empty or "never empty", entry.public,
            )
            for sheet in sheets
            for name, entry in _entries(sheet)
        ),
        (18, 22, 10, 60, 22, 18, 40, 40),
    )  # fmt: skip
    used = {entry.vocabulary for sheet in sheets for _, entry in _entries(sheet)}
    _write_list(
        workbook,
        styles,
        "codes",
        ("vocabulary", "code", "meaning"),
        (
            (name, code, meaning)
            for name, vocabulary in sorted(book.vocabularies.items())
            if name in used
            for code, meaning in vocabulary.values.items()
        ),
        (20, 28, 90),
    )
    _write_list(workbook, styles, "htcds", htcds.COLUMNS, htcds.rows(), (16, 26, 22, 30, 34))


def _entries(sheet: Sheet) -> list[tuple[str, Column]]:
    columns = codebook.load().tables[sheet.name].columns
    return [(name, columns[name]) for name in sheet.columns]


def _notes(facts: Facts) -> Iterator[str]:
    yield f"Release {facts.release_id}, {facts.tier} tier, made {packages.moment(facts.made_at)}."
    yield packages.tier_note(facts.tier)
    yield packages.cite(facts)
    yield from (" ".join(part.split()) for part in packages.licence(facts).split("\n\n"))
    yield "Sheets: columns and codes explain the tables; htcds gives codes of IOM's data standard."
    yield "Times are UTC. A list is joined with `;`. An empty cell means what `columns` says of it."
    yield (
        "Cells are typed: a text that begins like a formula is a text here. Saved from here as CSV it may"
        " run when that file is opened; take the CSV files of the package instead."
    )
    yield from codebook.counting()


def _write_list(
    workbook: Workbook,
    styles: _Styles,
    name: str,
    header: Sequence[str],
    rows: Iterable[Sequence[str | None]],
    widths: Sequence[int],
) -> None:
    sheet = workbook.add_worksheet(name)
    for column, (title, width) in enumerate(zip(header, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, styles.head)
    sheet.freeze_panes(1, 0)
    last = 0
    for last, values in enumerate(rows, 1):
        for column, value in enumerate(values):
            if value:
                sheet.write_string(last, column, value)
    sheet.autofilter(0, 0, last, len(header) - 1)


# --- the tables --------------------------------------------------------------------------------------


def _write_sheet(
    workbook: Workbook, styles: _Styles, table: Sheet, is_formula: Callable[[str], bool]
) -> Iterator[str]:
    sheet = workbook.add_worksheet(table.name)
    entries = _entries(table)
    for number, (name, entry) in enumerate(entries):
        sheet.set_column(number, number, max(_WIDTHS.get(entry.type, 12), len(name) + 3))
        sheet.write_string(0, number, name, styles.head)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, table.n_rows, len(entries) - 1)
    cut: dict[str, int] = {}
    for row, values in enumerate(table.rows, 1):
        for number, ((name, entry), value) in enumerate(zip(entries, values, strict=True)):
            if not _write_cell(sheet, styles, row, number, entry.type, value, is_formula):
                cut[name] = cut.get(name, 0) + 1
    for name, count in cut.items():
        yield (
            f"{table.name}: `{name}` is cut after {MOST_CHARACTERS:,} characters in xlsx"
            f" ({count:,} rows)."
        )


def _write_cell(
    sheet: Worksheet,
    styles: _Styles,
    row: int,
    column: int,
    kind: str,
    value: Any,
    is_formula: Callable[[str], bool],
) -> bool:
    """Return whether the cell holds the whole value."""
    if value is None or value in ("", []):
        return True
    if kind == "boolean":
        sheet.write_boolean(row, column, value)
    elif kind in {"integer", "number"} and math.isfinite(value):
        sheet.write_number(row, column, value)
    elif kind == "datetime" and value.date() >= _FIRST_DAY:
        # A spreadsheet keeps milliseconds, and shows seconds here.
        sheet.write_datetime(row, column, value, styles.by_type[kind])
    elif kind == "date" and value >= _FIRST_DAY:
        sheet.write_datetime(row, column, value, styles.by_type[kind])
    else:
        return _write_text(sheet, styles, row, column, _as_text(kind, value), is_formula)
    return True


def _as_text(kind: str, value: Any) -> str:
    if kind == "list":
        return packages.LIST_SEPARATOR.join(value)
    if kind == "spans":
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _write_text(
    sheet: Worksheet,
    styles: _Styles,
    row: int,
    column: int,
    text: str,
    is_formula: Callable[[str], bool],
) -> bool:
    text, is_whole = _cut(_UNFIT.sub("\ufffd", text))
    style = styles.guarded if is_formula(text) else styles.plain
    if text.startswith("<r>") and text.endswith("</r>"):
        # The library takes such a text for its own markup; in two pieces it is escaped as it should be.
        fragments = (styles.plain, text[:3], styles.plain, text[3:])
        sheet.write_rich_string(row, column, *fragments, style)
    else:
        sheet.write_string(row, column, text, style)
    return is_whole


def _cut(text: str) -> tuple[str, bool]:
    """Return as much of the text as a cell holds, and whether that is all of it."""
    if len(text) <= MOST_CHARACTERS // 2:
        return text, True
    # Excel counts in UTF-16: a character beyond the first 65,536 is two.
    coded = text.encode("utf-16-le")
    most = 2 * MOST_CHARACTERS
    return coded[:most].decode("utf-16-le", "ignore"), len(coded) <= most


# --- read back ---------------------------------------------------------------------------------------

_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_CHUNK = 1 << 16


def names(path: Path) -> list[str]:
    """Return the names of the sheets of a workbook of ours, in their order."""
    with zipfile.ZipFile(path) as archive, archive.open("xl/workbook.xml") as handle:
        found = ET.parse(handle).iter(f"{_SHEET}sheet")  # noqa: S314  (we wrote it)
        return [sheet.get("name", "") for sheet in found]


def texts(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Return the name of the table and the texts of each row, as a reader of the workbook sees them."""
    for number, name in enumerate(names(path), 1):
        if name in _FRONT:
            continue
        header: dict[str, str] = {}
        for row in _rows(path, number):
            if not header:
                header = row
                continue
            yield name, {header[letters]: text for letters, text in row.items()}


def _rows(path: Path, number: int) -> Iterator[dict[str, str]]:
    """Return the texts of each row of a sheet by the letters of their columns."""
    found = _Rows()
    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = found.start
    parser.EndElementHandler = found.end
    parser.CharacterDataHandler = found.text
    with (
        zipfile.ZipFile(path) as archive,
        archive.open(f"xl/worksheets/sheet{number}.xml") as handle,
    ):
        while chunk := handle.read(_CHUNK):
            parser.Parse(chunk)
            yield from found.take()


class _Rows:
    """What a parser has seen: the rows that are complete, and the one that is being read."""

    def __init__(self) -> None:
        self._complete: list[dict[str, str]] = []
        self._row: dict[str, str] = {}
        self._letters = ""
        self._is_text = False

    def take(self) -> list[dict[str, str]]:
        """Return the complete rows and forget them."""
        found, self._complete = self._complete, []
        return found

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note which cell begins, and whether its text does."""
        if name == "c":
            is_text = attributes.get("t") == "inlineStr"
            self._letters = attributes["r"].rstrip("0123456789") if is_text else ""
        elif name == "row":
            self._row = {}
        self._is_text = name == "t" and bool(self._letters)

    def end(self, name: str) -> None:
        """Note that a row is complete, or that a text is."""
        self._is_text = False
        if name == "row":
            self._complete.append({letters: _shown(text) for letters, text in self._row.items()})

    def text(self, data: str) -> None:
        """Add to the text of the cell."""
        if self._is_text:
            self._row[self._letters] = self._row.get(self._letters, "") + data


def _shown(text: str) -> str:
    return _CHARACTER.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
