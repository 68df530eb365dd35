"""The codebook and the warehouse say the same, and the page is what it should be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args

import duckdb
import pytest

from pipeline import records
from pipeline.records import EventType, FetchState
from tests.warehouse import world
from warehouse import codebook
from warehouse.releases import Release
from warehouse.store import Store

# How the warehouse stores what the codebook calls by plainer names.
STORED = {
    "VARCHAR": "text",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "HUGEINT": "integer",
    "DOUBLE": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    "VARCHAR[]": "list",
}


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """Tables, columns and types of the views in a fresh private file."""
    with Store.open(tmp_path_factory.mktemp("home") / "warehouse.duckdb") as store:
        rows = store.connection.execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns()"
            " WHERE database_name = current_database() AND schema_name = 'marts'"
            " ORDER BY table_name, column_index"
        ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        found.setdefault(table, {})[column] = kind
    return found


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    home = tmp_path_factory.mktemp("home")
    with world.open_store(home) as store:
        yield world.publish(store, home / "releases")


def test_every_view_is_described(stored: dict[str, dict[str, str]]) -> None:
    assert set(codebook.load().tables) == set(stored)


def test_every_column_is_described_in_its_order_with_its_type(
    stored: dict[str, dict[str, str]],
) -> None:
    for name, columns in stored.items():
        told = {
            column: entry.type
            for column, entry in codebook.load().tables[name].columns.items()
            if entry.tiers != ("public",)
        }
        kinds = {column: STORED.get(kind, "spans") for column, kind in columns.items()}
        assert [*told.items()] == [*kinds.items()], name


@pytest.mark.parametrize("tier", ["analyst", "public"])
def test_a_release_shows_what_the_codebook_says_of_its_tier(published: Release, tier: str) -> None:
    path = published.analyst if tier == "analyst" else published.public
    with duckdb.connect(str(path), read_only=True) as connection:
        shown = {
            name: set(columns)
            for name, columns in connection.execute(
                "SELECT table_name, list(column_name) FROM duckdb_columns()"
                " WHERE schema_name = 'marts' GROUP BY ALL"
            ).fetchall()
        }
        comments = connection.execute(
            "SELECT comment FROM duckdb_columns() WHERE schema_name = 'marts'"
        ).fetchall()
    told = {
        name: set(table.in_tier(tier))
        for name, table in codebook.load().tables.items()
        if tier in table.tiers
    }
    assert shown == told
    assert all(comment for (comment,) in comments)


def _enums() -> Iterator[type[StrEnum]]:
    for found in vars(records).values():
        if isinstance(found, type) and issubclass(found, StrEnum) and found is not StrEnum:
            yield found


def test_every_enum_of_the_records_is_explained() -> None:
    book = codebook.load().vocabularies
    for enum in _enums():
        assert list(book[enum.__name__].values) == [str(code) for code in enum]


def _literal(record: type[records.Record], field: str) -> set[str]:
    annotation: Any = record.model_fields[field].annotation
    found = get_args(annotation)
    return {code for part in found for code in (get_args(part) or (part,)) if isinstance(code, str)}


@pytest.mark.parametrize(
    ("vocabulary", "record", "field"),
    [
        ("Sex", records.Claim, "sex"),
        ("AgeBand", records.Claim, "age_band"),
        ("CountBasis", records.Claim, "basis"),
        ("SightingKind", records.Sighting, "kind"),
        ("Salience", records.Report, "salience"),
        ("PublishedBasis", records.Article, "published_basis"),
    ],
)
def test_lists_inside_records_are_explained(
    vocabulary: str, record: type[records.Record], field: str
) -> None:
    assert set(codebook.load().vocabularies[vocabulary].values) == _literal(record, field)


def test_a_failed_day_of_coverage_carries_a_state_of_a_request() -> None:
    failed = {str(state) for state in FetchState} - {"fetched", "not_modified", "skipped"}
    assert failed <= set(codebook.load().vocabularies["CoverageState"].values)


def test_every_vocabulary_is_used() -> None:
    book = codebook.load()
    used = {
        column.vocabulary for table in book.tables.values() for column in table.columns.values()
    }
    assert set(book.vocabularies) <= used


def test_contradictions_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = codebook._yaml

    def broken(package: str, name: str) -> dict[str, Any]:
        found = real(package, name)
        if name == "columns.yml":
            del found["vocabularies"]["Tier"]["values"]["reviewed"]
            found["tables"]["runs"]["key"] = ["finished_at"]
            found["tables"]["runs"]["columns"]["state"]["vocabulary"] = "Nowhere"
        return found

    monkeypatch.setattr(codebook, "_yaml", broken)
    with pytest.raises(codebook.CodebookError) as caught:
        codebook.load.__wrapped__()
    assert "Tier" in str(caught.value)
    assert "finished_at" in str(caught.value)
    assert "Nowhere" in str(caught.value)


class TestPage:
    def test_is_fresh(self) -> None:
        assert codebook.PAGE.read_text("utf-8") == codebook.render(), (
            "run `python -m warehouse.codebook`"
        )

    def test_shows_every_column_and_code(self) -> None:
        page = codebook.render()
        for name, table in codebook.load().tables.items():
            section = page.split(f"\n### {name}\n")[1].split("\n### ")[0]
            for column in table.columns:
                assert f"| `{column}` |" in section, f"{name}.{column}"
        for code in EventType:
            assert f"| `{code}` |" in page
            assert f"**{code}**" in page

    def test_links_lead_somewhere(self) -> None:
        page = codebook.render()
        headings = {line.lstrip("# ").lower() for line in page.splitlines() if line.startswith("#")}
        assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= headings

    def test_tables_have_as_many_cells_as_headers(self) -> None:
        width = 0
        for line in codebook.render().splitlines():
            if not line.startswith("|"):
                width = 0
                continue
            cells = len(re.findall(r"(?<!\\)\|", line))
            assert cells == (width or cells), line
            width = cells

    def test_check_tells_a_stale_page(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        page = tmp_path / "reference" / "codebook.md"
        monkeypatch.setattr(codebook, "PAGE", page)
        monkeypatch.setattr(codebook.write, "__defaults__", (page,))
        assert codebook.main(["--check"]) == 1
        assert not page.exists()
        assert codebook.main([]) == 0
        assert codebook.main(["--check"]) == 0
        page.write_text(page.read_text("utf-8") + "\n", "utf-8")
        assert codebook.main(["--check"]) == 1
        assert "stale" in capsys.readouterr().out


def test_comments_are_sentences_of_every_column() -> None:
    comments = codebook.comments()
    for name, table in codebook.load().tables.items():
        assert list(comments[name]) == list(table.columns)
        assert all(text.endswith(".") for text in comments[name].values())
    assert "Values: candidate, reviewed." in comments["incidents"]["tier"]
    assert set(codebook.table_comments()) == set(comments)
