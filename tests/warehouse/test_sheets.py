"""Workbooks: typed cells, hostile texts, limits; then any text comes back as it was."""

from __future__ import annotations

import datetime as dt
import errno
import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.warehouse.test_exports import HARMLESS, MADE, PAYLOADS, ROWS, make_release, write
from warehouse import exports, sheets
from warehouse.errors import DiskFull, ExportFailed
from warehouse.exports import Export
from warehouse.packages import Facts
from warehouse.sheets import Sheet

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FACTS = Facts("2024-06-21", "public", MADE, ())
TROUBLE = [
    "<r><t>bold</t></r>", "<r></r>", "<r><f>1+1</f></r>", "_x0041_", "_x005F_", "]]>", "&amp;",
    "</t></is></c>", "<![CDATA[x]]>", "\x00 nul", "\x1b[31m", "tab\tand\nline", " room ", "1e5", "TRUE",
    "0012", "2024-06-21", "http://a.test/?a=1&b=2", "mailto:a@b.test", "internal:Sheet1!A1", "{=1}",
    "\U0001f6a8 dua", "\u202eterbalik", "#REF!",
]  # fmt: skip


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Export:
    folder = tmp_path_factory.mktemp("sheets")
    return write(make_release(folder / "suar.duckdb"), folder / "out", formats=["xlsx"])


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Export:
    folder = tmp_path_factory.mktemp("hostile")
    rows = [
        {"article_id": f"art_{n:03}", "title": text or None, "outlet": text or None}
        for n, text in enumerate([*PAYLOADS, *HARMLESS, *TROUBLE])
    ]
    release = make_release(folder / "suar.duckdb", rows={"articles": rows})
    return write(release, folder / "out", formats=["xlsx"])


def parts(package: Export) -> dict[str, bytes]:
    with zipfile.ZipFile(package.path / "suar.xlsx") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sheet(package: Export, name: str) -> ET.Element:
    number = sheets.names(package.path / "suar.xlsx").index(name) + 1
    return ET.fromstring(parts(package)[f"xl/worksheets/sheet{number}.xml"])


def rows_of(package: Export, table: str) -> list[dict[str, str]]:
    return [row for name, row in sheets.texts(package.path / "suar.xlsx") if name == table]


class TestWorkbook:
    def test_a_sheet_for_each_table_behind_the_notes(self, package: Export) -> None:
        names = sheets.names(package.path / "suar.xlsx")
        assert names[:4] == ["notes", "columns", "codes", "htcds"]
        assert set(names[4:]) == set(ROWS)
        assert package.rows == {name: len(rows) for name, rows in ROWS.items()}

    def test_the_notes_say_what_one_must_know(self, package: Export) -> None:
        text = "".join(sheet(package, "notes").itertext())
        assert "Release 2024-06-21, analyst tier" in text
        assert "not licensed for redistribution" in text
        assert "Do not add `persons_best` of a parent and its children" in text
        columns = "".join(sheet(package, "columns").itertext())
        assert "incident_counts" in columns
        assert "Value as printed." in columns

    def test_cells_are_typed(self, package: Export) -> None:
        cells = {cell.get("r"): cell for cell in sheet(package, "incidents").iter(f"{MAIN}c")}
        header = {"".join(c.itertext()): r for r, c in cells.items() if r and r.endswith("1")}
        column = {name: (r or "").rstrip("1") for name, r in header.items()}
        first, second = 2, 3
        day = cells[f"{column['date_start']}{first}"]
        assert day.get("t") is None
        # Days since the end of 1899, as spreadsheets count.
        assert day.findtext(f"{MAIN}v") == str((dt.date(2024, 6, 1) - dt.date(1899, 12, 30)).days)
        assert cells[f"{column['lat']}{second}"].findtext(f"{MAIN}v") == "-6.2"
        assert cells[f"{column['persons_best']}{second}"].get("t") is None
        assert f"{column['persons_best']}{first}" not in cells
        assert cells[f"{column['incident_id']}{first}"].get("t") == "inlineStr"
        assert rows_of(package, "incidents")[1]["scam_types"] == "online_gambling;romance"
        assert "scam_types" not in rows_of(package, "incidents")[0]
        booleans = [c for c in sheet(package, "reports").iter(f"{MAIN}c") if c.get("t") == "b"]
        assert booleans

    def test_the_header_stays_and_can_be_filtered(self, package: Export) -> None:
        for name in ("incidents", "articles", "codes"):
            found = sheet(package, name)
            pane = found.find(f".//{MAIN}pane")
            assert pane is not None
            assert (pane.get("ySplit"), pane.get("state")) == ("1", "frozen")
            filters = found.find(f"{MAIN}autoFilter")
            assert filters is not None
            assert (filters.get("ref") or "").startswith("A1:")

    def test_the_same_tables_give_the_same_bytes(self, package: Export, tmp_path: Path) -> None:
        again = write(make_release(tmp_path / "suar.duckdb"), tmp_path / "out", formats=["xlsx"])
        ours, theirs = (each.path / "suar.xlsx" for each in (package, again))
        assert ours.read_bytes() == theirs.read_bytes()
        assert b"2024-06-20T23:30:00Z" in parts(package)["docProps/core.xml"]

    def test_other_libraries_read_it(self, hostile: Export) -> None:
        book = openpyxl.load_workbook(hostile.path / "suar.xlsx")
        cells = [cell for row in book["articles"].iter_rows(min_row=2) for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n", "b", "d"}


class TestHostileTexts:
    def test_no_cell_is_a_formula_or_a_link(self, hostile: Export) -> None:
        for name, body in parts(hostile).items():
            if name.startswith("xl/worksheets/"):
                root = ET.fromstring(body)
                assert not [*root.iter(f"{MAIN}f"), *root.iter(f"{MAIN}hyperlink")], name
        assert not [name for name in parts(hostile) if "rels" in name and "sheet" in name]

    def test_every_text_is_exact(self, hostile: Export) -> None:
        rows = rows_of(hostile, "articles")
        told = [*PAYLOADS, *HARMLESS, *TROUBLE]
        assert [row.get("title", "") for row in rows] == told
        assert [row.get("outlet", "") for row in rows] == told

    def test_texts_that_begin_like_formulas_are_marked(self, hostile: Export) -> None:
        # Excel shows the mark as an apostrophe when the cell is edited, and keeps the text a text.
        styles = ET.fromstring(parts(hostile)["xl/styles.xml"])
        formats = list(styles.find(f"{MAIN}cellXfs") or [])
        marked = {str(n) for n, each in enumerate(formats) if each.get("quotePrefix") == "1"}
        cells = list(sheet(hostile, "articles").iter(f"{MAIN}c"))
        assert sum(cell.get("s") in marked for cell in cells) >= 2 * len(PAYLOADS)

    def test_a_long_text_is_cut_and_told(self, tmp_path: Path) -> None:
        long = "<r>" + "\U0001f6a8" * 20_000 + "</r>"
        rows = {"articles": [{"article_id": "art_1", "title": long}, {"article_id": "art_2"}]}
        release = make_release(tmp_path / "suar.duckdb", rows=rows)
        package = write(release, tmp_path / "out", formats=["xlsx"])
        told = "articles: `title` is cut after 32,767 characters in xlsx (1 rows)."
        assert package.problems == (told,)
        assert told in (package.path / "README.md").read_text("utf-8")
        shown = rows_of(package, "articles")[0]["title"]
        assert long.startswith(shown)
        assert 32_765 <= len(shown.encode("utf-16-le")) // 2 <= 32_767


class TestLimits:
    def test_a_table_beyond_a_sheet_is_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sheets, "MOST_ROWS", 1)
        with pytest.raises(
            ExportFailed, match=r"has 2 rows, and a sheet of xlsx holds 1"
        ) as caught:
            write(make_release(tmp_path / "suar.duckdb"), tmp_path / "out", formats=["csv", "xlsx"])
        assert "leave xlsx out" in caught.value.next_step
        assert [path.name for path in tmp_path.iterdir()] == ["suar.duckdb"]

    def test_a_full_disk_leaves_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(_: Any) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr("xlsxwriter.workbook.Workbook._store_workbook", full)
        with pytest.raises(DiskFull):
            write(make_release(tmp_path / "suar.duckdb"), tmp_path / "out", formats=["xlsx"])
        assert [path.name for path in tmp_path.iterdir()] == ["suar.duckdb"]

    def test_days_before_spreadsheets_count_are_texts(self, tmp_path: Path) -> None:
        found = _written(tmp_path, [("2", dt.date(1890, 1, 1)), ("3", dt.date(1900, 3, 1))])
        assert [row.get("date_start") for row in found] == ["1890-01-01", None]


def _written(folder: Path, values: list[tuple[str, Any]]) -> list[dict[str, str]]:
    columns = ("incident_id", "date_start")
    table = Sheet("incidents", columns, len(values), values)
    path = folder / "some.xlsx"
    sheets.write(path, FACTS, [table], spill=folder, is_formula=exports._is_formula)
    return [row for _, row in sheets.texts(path)]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@settings(max_examples=25, deadline=None)
@given(
    texts=st.lists(
        st.one_of(
            st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
            st.from_regex(r"(<r>|_x00|=|&)[<>/rt0-9A-F ]{0,9}(</r>|_)?", fullmatch=True),
        ),
        max_size=40,
    )
)
def test_any_text_comes_back(folder: Path, texts: list[str]) -> None:
    table = Sheet(
        "articles",
        ("article_id", "title"),
        len(texts),
        [(f"art_{n}", text) for n, text in enumerate(texts)],
    )
    path = folder / "any.xlsx"
    assert not sheets.write(path, FACTS, [table], spill=folder, is_formula=exports._is_formula)
    shown = [row.get("title", "") for _, row in sheets.texts(path)]
    # XML has no place for these two.
    told = [re.sub("[\ufffe\uffff]", "\ufffd", text) for text in texts]
    assert shown == told
