"""A small release becomes a data package; then hostile cells, broken promises, folders and full disks."""

from __future__ import annotations

import csv
import datetime as dt
import errno
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.warehouse import world
from warehouse import codebook, exports, feeds, written
from warehouse.database import connect
from warehouse.errors import DiskFull, ExportFailed, StoreCorrupt, StoreMissing
from warehouse.exports import Export, exact_cell, safe_cell
from warehouse.packages import File, Resource
from warehouse.releases import Release

MADE = dt.datetime(2024, 6, 20, 23, 30, tzinfo=dt.UTC)
STORED = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "list": "VARCHAR[]",
    "spans": 'STRUCT("start" INTEGER, "end" INTEGER, surface VARCHAR)[]',
}


def _stored(*parts: int) -> dt.datetime:
    """A moment as the warehouse holds it: UTC without a zone."""
    return dt.datetime(*parts, tzinfo=dt.UTC).replace(tzinfo=None)  # type: ignore[arg-type, misc]


SPANS = [{"start": 0, "end": 4, "surface": "Lima"}]
# What stands in a column that must not be empty, unless the row says otherwise.
FILLER: dict[str, Any] = {
    "text": "x",
    "integer": 0,
    "number": 0.5,
    "boolean": False,
    "date": dt.date(2024, 6, 18),
    "datetime": _stored(2024, 6, 18, 1, 2, 3),
    "list": [],
    "spans": SPANS,
}
ROWS: dict[str, list[dict[str, Any]]] = {
    "articles": [
        {
            "article_id": "art_2",
            "outlet": "Kabar Contoh",
            "title": 'Lima WNI dipulangkan; polisi: "selamat"\nbaris kedua',
            "fetched_at": _stored(2024, 6, 18, 1, 2, 3, 250000),
            "copy_group_id": "grp_1",
            "country": "IDN",
        },
        {"article_id": "art_1", "outlet": "Harian Misal", "title": "Judul"},
    ],
    "reports": [
        {"report_id": "rep_1", "article_id": "art_1", "incident_id": "inc_1", "evidence": SPANS},
        {"report_id": "rep_2", "article_id": "art_2"},
    ],
    "incidents": [
        {
            "incident_id": "inc_2",
            "parent_id": "inc_1",
            "scam_types": ["online_gambling", "romance"],
            "lat": -6.2,
            "persons_best": 12,
        },
        {"incident_id": "inc_1", "date_start": dt.date(2024, 6, 1), "nationalities": ["IDN"]},
    ],
    "incident_counts": [
        {"incident_id": "inc_1", "count_id": "clm_1", "report_id": "rep_1", "article_id": "art_1"},
        {
            "incident_id": "inc_1",
            "count_id": "clm_2",
            "report_id": "rep_1",
            "article_id": "art_1",
            "subset_of": "clm_1",
            "best": 5,
        },
    ],
    "trends_monthly": [
        {
            "period": dt.date(2024, 6, 1),
            "country": "KHM",
            "event_type": "rescue",
            "persons_best": 12,
        }
    ],
    "changes": [
        {"change_id": "chg_1", "incident_id": "inc_1", "fields": ["persons_best", "status"]}
    ],
}


def _value(table: str, column: str, row: dict[str, Any]) -> Any:
    entry = codebook.load().tables[table].columns[column]
    if column in row or entry.empty is not None:
        return row.get(column)
    if entry.vocabulary and entry.type == "text":
        return next(iter(codebook.load().vocabularies[entry.vocabulary].values))
    return FILLER[entry.type]


def make_release(path: Path, tier: str = "analyst", rows: dict[str, Any] | None = None) -> Path:
    """A release file whose tables are those of the codebook, with a few rows."""
    connection = connect(path)
    connection.execute("CREATE SCHEMA marts")
    for name in ROWS:
        columns = codebook.load().tables[name].in_tier(tier)
        listed = ", ".join(f'"{column}" {STORED[entry.type]}' for column, entry in columns.items())
        connection.execute(f'CREATE TABLE marts."{name}" ({listed})')
        for row in (rows or ROWS).get(name, []):
            values = [_value(name, column, row) for column in columns]
            marks = ", ".join("?" * len(values))
            connection.execute(f'INSERT INTO marts."{name}" VALUES ({marks})', values)
    connection.close()
    return path


def write(release: Path, out: Path, **given: Any) -> Export:
    options: dict[str, Any] = {"tier": "analyst", "release_id": "2024-06-21", "made_at": MADE}
    return exports.export(release, out, **{**options, **given})


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_release(tmp_path_factory.mktemp("release") / "suar.duckdb")


@pytest.fixture(scope="module")
def package(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Export:
    return write(release, tmp_path_factory.mktemp("packages") / "new" / "package")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    home = tmp_path_factory.mktemp("home")
    with world.open_store(home) as store:
        yield world.publish(store, home / "releases")


def export_of(published: Release, out: Path, tier: str, **given: Any) -> Export:
    """A package of one tier of a real release."""
    return exports.export(
        published.analyst if tier == "analyst" else published.public,
        out,
        tier=tier,
        release_id=published.release_id,
        made_at=published.made_at,
        **given,
    )


def read_csv(package: Export, table: str) -> list[dict[str, str]]:
    with (package.path / f"data/{table}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def read_json(package: Export, table: str) -> list[dict[str, Any]]:
    lines = (package.path / f"data/{table}.jsonl").read_text("utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def described(package: Export) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((package.path / "datapackage.json").read_text("utf-8"))
    return found


def tables_of(package: Export) -> list[dict[str, Any]]:
    return [each for each in described(package)["resources"] if each.get("type") == "table"]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


class TestFiles:
    def test_one_file_for_each_table_and_format(self, package: Export) -> None:
        expected = {f"{table}.{name}" for table in ROWS for name in ("parquet", "csv", "jsonl")}
        assert {path.name for path in (package.path / "data").iterdir()} == expected
        assert {path.name for path in package.path.iterdir()} == {
            "data", "datapackage.json", "croissant.json", "htcds.csv", "codebook.md", "CITATION.cff",
            "LICENSE-DATA", "README.md", "checksums.txt",
        }  # fmt: skip
        assert package.rows == {name: len(rows) for name, rows in ROWS.items()}
        assert package.problems == ()

    def test_rows_are_sorted_by_key(self, package: Export) -> None:
        assert [row["article_id"] for row in read_csv(package, "articles")] == ["art_1", "art_2"]
        assert [row["incident_id"] for row in read_json(package, "incidents")] == ["inc_1", "inc_2"]

    def test_csv(self, package: Export) -> None:
        first, second = read_csv(package, "incidents")
        assert first["date_start"] == "2024-06-01"
        assert first["persons_best"] == ""
        assert second["scam_types"] == "online_gambling;romance"
        assert second["lat"] == "-6.2"
        article = read_csv(package, "articles")[1]
        assert article["title"] == ROWS["articles"][0]["title"]
        assert article["fetched_at"] == "2024-06-18T01:02:03.250000Z"
        assert article["published_at"] == ""
        first_report, second_report = read_csv(package, "reports")
        assert json.loads(first_report["evidence"]) == SPANS
        assert second_report["evidence"] == ""
        assert read_csv(package, "trends_monthly")[0]["is_outage"] == "false"

    def test_json_lines(self, package: Export) -> None:
        first, second = read_json(package, "incidents")
        assert first["persons_best"] is None
        assert second["scam_types"] == ["online_gambling", "romance"]
        assert read_json(package, "articles")[0]["fetched_at"] == "2024-06-18T01:02:03Z"

    def test_parquet(self, package: Export) -> None:
        table = pq.read_table(package.path / "data/articles.parquet")
        assert str(table.schema.field("fetched_at").type) == "timestamp[us, tz=UTC]"
        assert table.column("title").to_pylist()[1] == ROWS["articles"][0]["title"]
        schema = pq.read_schema(package.path / "data/incidents.parquet")
        assert str(schema.field("persons_best").type) == "int64"
        metadata = pq.read_metadata(package.path / "data/incidents.parquet")
        assert metadata.row_group(0).column(0).compression == "ZSTD"

    def test_sums_of_integers_stay_integers(self, tmp_path: Path) -> None:
        release = make_release(tmp_path / "suar.duckdb")
        with duckdb.connect(str(release)) as connection:
            connection.execute("ALTER TABLE marts.trends_monthly ALTER persons_best TYPE HUGEINT")
        package = write(release, tmp_path / "out", formats=["parquet"])
        schema = pq.read_schema(package.path / "data/trends_monthly.parquet")
        assert str(schema.field("persons_best").type) == "int64"

    def test_the_same_release_gives_the_same_bytes(
        self, release: Path, package: Export, tmp_path: Path
    ) -> None:
        assert contents(write(release, tmp_path / "again").path) == contents(package.path)

    def test_an_empty_release_has_headers_only(self, tmp_path: Path) -> None:
        release = make_release(tmp_path / "suar.duckdb", rows={"none": []})
        package = write(release, tmp_path / "out")
        assert set(package.rows.values()) == {0}
        assert (
            (package.path / "data/incidents.csv").read_text().startswith("incident_id,parent_id,")
        )
        assert (package.path / "data/incidents.jsonl").read_text() == ""
        assert pq.read_table(package.path / "data/incidents.parquet").num_rows == 0

    def test_checksums_cover_every_file(self, package: Export) -> None:
        lines = (package.path / "checksums.txt").read_text("utf-8").splitlines()
        told = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
        assert told == {
            name: hashlib.sha256(body).hexdigest()
            for name, body in contents(package.path).items()
            if name != "checksums.txt"
        }


class TestDescriptor:
    def test_says_what_the_package_is(self, package: Export) -> None:
        found = described(package)
        assert found["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
        assert found["version"] == "2024-06-21"
        assert found["created"] == "2024-06-20T23:30:00Z"
        assert found["sources"] == [{"title": "Harian Misal"}, {"title": "Kabar Contoh"}]
        assert found["licenses"][0]["path"] == "LICENSE-DATA"

    def test_files_are_as_described(self, package: Export) -> None:
        resources = described(package)["resources"]
        assert len({resource["name"] for resource in resources}) == len(resources)
        assert len(tables_of(package)) == 3 * len(ROWS)
        for resource in resources:
            body = (package.path / resource["path"]).read_bytes()
            assert resource["bytes"] == len(body)
            assert resource["hash"] == f"sha256:{hashlib.sha256(body).hexdigest()}"

    def test_fields_are_the_columns_of_the_file(self, package: Export) -> None:
        for resource in tables_of(package):
            fields = [field["name"] for field in resource["schema"]["fields"]]
            path = package.path / resource["path"]
            if resource["format"] == "csv":
                with path.open(encoding="utf-8", newline="") as handle:
                    assert next(csv.reader(handle)) == fields
            elif resource["format"] == "parquet":
                assert pq.read_schema(path).names == fields
            else:
                assert all(list(row) == fields for row in read_json(package, path.stem))

    def test_constraints_hold_for_every_row(self, package: Export) -> None:
        checked = 0
        for resource in tables_of(package):
            if resource["format"] != "csv":
                continue
            rows = read_csv(package, resource["title"])
            for field in resource["schema"]["fields"]:
                rules = field.get("constraints", {})
                values = [row[field["name"]] for row in rows]
                if rules.get("required"):
                    assert all(values), field["name"]
                if rules.get("unique"):
                    assert len(set(values)) == len(values)
                if "enum" in rules:
                    assert set(values) <= {*rules["enum"], ""}
                checked += len(rules)
        assert checked > 50

    def test_keys_hold_for_every_row(self, package: Export) -> None:
        resources = {resource["name"]: resource for resource in tables_of(package)}
        checked = set()
        for name, resource in resources.items():
            if resource["format"] != "csv":
                continue
            rows = read_csv(package, resource["title"])
            if key := resource["schema"].get("primaryKey"):
                assert len({tuple(row[part] for part in key) for row in rows}) == len(rows)
            for foreign in resource["schema"].get("foreignKeys", ()):
                target = resources[foreign["reference"].get("resource", name)]["title"]
                theirs = {
                    tuple(row[part] for part in foreign["reference"]["fields"])
                    for row in read_csv(package, target)
                }
                ours = [tuple(row[part] for part in foreign["fields"]) for row in rows]
                assert {values for values in ours if all(values)} <= theirs
                checked.add((resource["title"], *foreign["fields"]))
        assert ("reports", "incident_id") in checked
        assert ("incidents", "parent_id") in checked
        assert ("incident_counts", "subset_of") in checked

    def test_broken_promises_are_told_and_not_declared(self, tmp_path: Path) -> None:
        release = make_release(tmp_path / "suar.duckdb")
        with duckdb.connect(str(release)) as connection:
            connection.execute(
                "UPDATE marts.reports SET incident_id = 'inc_9' WHERE report_id = 'rep_1'"
            )
            connection.execute("UPDATE marts.incidents SET status = 'rumour'")
            connection.execute("UPDATE marts.incidents SET scam_types = ['magic']")
            connection.execute(
                "UPDATE marts.incident_counts SET count_id = 'clm_1', subset_of = NULL"
            )
            connection.execute("UPDATE marts.articles SET page_sha256 = ''")
        package = write(release, tmp_path / "out")
        for told in (
            "reports: `incident_id` is not found in incidents (1 rows).",
            "incidents: `status` holds a code that is not in IncidentStatus (2 rows).",
            "incidents: `scam_types` holds a code that is not in ScamType (2 rows).",
            "incident_counts: the key incident_id, count_id stands twice (1 rows).",
            "articles: `page_sha256` is empty (2 rows).",
        ):
            assert told in package.problems
            assert told in (package.path / "README.md").read_text("utf-8")
        schemas = {each["name"]: each["schema"] for each in tables_of(package)}
        assert "primaryKey" not in schemas["incident_counts.csv"]
        assert ["incident_id"] not in [
            foreign["fields"] for foreign in schemas["reports.csv"]["foreignKeys"]
        ]
        fields = {field["name"]: field for field in schemas["incidents.csv"]["fields"]}
        assert "enum" not in fields["status"].get("constraints", {})

    def test_the_choice_of_formats_is_kept(self, release: Path, tmp_path: Path) -> None:
        package = write(release, tmp_path / "out", formats=["csv"])
        assert {each["format"] for each in tables_of(package)} == {"csv"}
        assert {path.suffix for path in (package.path / "data").iterdir()} == {".csv"}
        assert "read_parquet" not in (package.path / "README.md").read_text("utf-8")


class TestDocuments:
    def test_citation(self, package: Export) -> None:
        found = yaml.safe_load((package.path / "CITATION.cff").read_text("utf-8"))
        assert found["cff-version"] == "1.2.0"
        assert found["version"] == "2024-06-21"
        assert str(found["date-released"]) == "2024-06-20"
        assert found["authors"] == [{"name": "The Suar developers"}]

    def test_only_the_public_tier_is_licensed(self, tmp_path: Path, package: Export) -> None:
        public = write(
            make_release(tmp_path / "suar.duckdb", "public"), tmp_path / "out", tier="public"
        )
        assert described(public)["licenses"][0]["name"] == "CC-BY-4.0"
        assert "CC-BY-4.0" in (public.path / "LICENSE-DATA").read_text("utf-8")
        assert "license: CC-BY-4.0" in (public.path / "CITATION.cff").read_text("utf-8")
        assert "CC-BY" not in (package.path / "LICENSE-DATA").read_text("utf-8")
        assert "license" not in yaml.safe_load((package.path / "CITATION.cff").read_text("utf-8"))

    @pytest.mark.parametrize("best", exports.TABULAR)
    def test_the_queries_of_the_readme_answer(
        self, published: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, best: str
    ) -> None:
        package = export_of(published, tmp_path / "out", "public", formats=[best])
        text = (package.path / "README.md").read_text("utf-8")
        monkeypatch.chdir(package.path)
        incidents, seen = (part.split("```")[0] for part in text.split("```sql\n")[1:])
        assert sum(row[2] for row in duckdb.connect().execute(incidents).fetchall()) == 4
        assert duckdb.connect().execute(seen).fetchall() == [
            (
                world.incidents()["raid"].incident_id,
                "MethodOfRecruitment",
                "ThroughOnlineSocialNetworks",
                None,
                1,
            )
        ]

    @pytest.mark.parametrize("library", ["pandas", "polars"])
    @pytest.mark.parametrize("best", exports.TABULAR)
    def test_the_readers_of_the_readme_read(
        self,
        published: Release,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        best: str,
        library: str,
    ) -> None:
        package = export_of(published, tmp_path / "out", "public", formats=[best])
        text = (package.path / "README.md").read_text("utf-8")
        blocks = [part.split("```")[0] for part in text.split("```python\n")[1:]]
        block = next(block for block in blocks if library in block)
        monkeypatch.chdir(package.path)
        names: dict[str, Any] = {}
        exec(block, names)
        assert len(names["incidents"]) == package.rows["incidents"]
        assert set(names["incidents"]["event_type"]) >= {"raid", "rescue"}

    def test_a_package_without_tables_has_no_readers(self, release: Path, tmp_path: Path) -> None:
        package = write(release, tmp_path / "out", formats=["geojson"])
        assert "## How to read it" not in (package.path / "README.md").read_text("utf-8")
        assert not (package.path / "data").exists()
        assert package.rows["incidents"] == 2

    def test_the_codebook_travels_along(self, package: Export) -> None:
        assert (package.path / "codebook.md").read_text("utf-8") == codebook.render()


class TestPrivacy:
    def test_the_analyst_file_is_not_written_as_public(self, release: Path, tmp_path: Path) -> None:
        with pytest.raises(ExportFailed, match="not in the public tier"):
            write(release, tmp_path / "out", tier="public")
        assert not (tmp_path / "out").exists()

    @pytest.mark.parametrize("tier", ["public", "analyst"])
    def test_a_column_that_nobody_described_stops_the_export(
        self, tmp_path: Path, tier: str
    ) -> None:
        release = make_release(tmp_path / "suar.duckdb", tier)
        with duckdb.connect(str(release)) as connection:
            connection.execute("ALTER TABLE marts.incidents ADD COLUMN victim_name VARCHAR")
        with pytest.raises(ExportFailed, match=r"incidents\.victim_name"):
            write(release, tmp_path / "out", tier=tier)

    def test_a_table_that_nobody_described_stops_the_export(self, tmp_path: Path) -> None:
        release = make_release(tmp_path / "suar.duckdb", "public")
        with duckdb.connect(str(release)) as connection:
            connection.execute("CREATE TABLE marts.persons (name VARCHAR)")
        with pytest.raises(ExportFailed, match=r"persons\.name"):
            write(release, tmp_path / "out", tier="public")


class TestRealRelease:
    @pytest.mark.parametrize("tier", ["analyst", "public"])
    def test_each_tier_is_exported_whole(
        self, published: Release, tmp_path: Path, tier: str
    ) -> None:
        package = export_of(published, tmp_path / "out", tier, formats=exports.FORMATS)
        assert package.rows == published.manifest["rows"][tier]
        assert package.problems == ()
        assert package.rows["incidents"] > 0
        assert described(package)["suar:tier"] == tier

    def test_a_name_with_an_age_never_gets_out(self, published: Release, tmp_path: Path) -> None:
        database = tmp_path / "suar.duckdb"
        database.write_bytes(published.public.read_bytes())
        with duckdb.connect(str(database)) as connection:
            connection.execute("UPDATE marts.articles SET title = 'AB (25) pulang'")
        with pytest.raises(ExportFailed, match=r"articles\.title") as caught:
            write(database, tmp_path / "out", tier="public")
        assert "AB (25)" not in str(caught.value)
        assert not (tmp_path / "out").exists()

    @pytest.mark.parametrize("file_format", exports.FORMATS)
    def test_the_files_pass_the_gate_again(self, tmp_path: Path, file_format: str) -> None:
        rows = {
            "articles": [
                {"article_id": "art_1", "title": "Judul, lalu\nAB (25) pulang", "outlet": "Kabar"},
                {"article_id": "art_2", "title": "Biasa", "canonical_url": "https://a.test/0812345678901"},
            ],
            "incidents": [
                {"incident_id": "inc_1", "place_name": "hubungi 0812-3456-7890", "event_type": "raid"}
            ],
            "changes": [{"change_id": "chg_1", "incident_id": "inc_1", "change": "new"}],
        }  # fmt: skip
        release = make_release(tmp_path / "suar.duckdb", rows=rows)
        package = write(release, tmp_path / "out", formats=[file_format])
        resources = [
            Resource(table, file_format, f"data/{table}.{file_format}", 0, "", 0, (*columns,))
            for table, columns in (
                (name, codebook.load().tables[name].in_tier("analyst")) for name in ROWS
            )
            if (package.path / f"data/{table}.{file_format}").exists()
        ]
        files = [
            File(path.name, file_format, 0, "", "")
            for path in package.path.iterdir()
            if path.suffix in {".xlsx", ".geojson", ".atom"}
        ]
        found = {
            (leak.table, leak.column, leak.kind)
            for leak in written.leaks(package.path, resources, files, tmp_path / "spill")
        }
        expected = {
            "atom": {
                ("feed.atom", "title", "telephone number"), ("feed.atom", "content", "telephone number")
            },
            "geojson": {("incidents.geojson", "place_name", "telephone number")},
        }.get(file_format, {
            (f"articles.{file_format}", "title", "initials"),
            (f"incidents.{file_format}", "place_name", "telephone number"),
        })  # fmt: skip
        assert found >= expected
        # An address holds long numbers that are nobody's.
        assert not [leak for leak in found if leak[1].endswith("url")]

    def test_what_a_writer_adds_is_seen(
        self, published: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(feeds, "_title", lambda *_: "AB (25) pulang")
        with pytest.raises(ExportFailed, match=r"feed\.atom\.title holds 4 x initials"):
            export_of(published, tmp_path / "out", "public", formats=["atom"])
        assert not (tmp_path / "out").exists()


# --- cells that a spreadsheet would run ------------------------------------------------------------

PAYLOADS = [
    "=1+1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://a.test","x")', "=IMPORTXML(1)", "@SUM(1+1)",
    "@import", "+1+1", "+cmd|' /C calc'!A0", "-1+1", "-cmd|' /C calc'!A0", "-2+3+cmd|' '!A0",
    "\t=1+1", "\r=1+1", "\n=1+1", "\r\n=1+1", "\ttext", "\rtext", " =1+1", "   =1+1", "\u00a0=1+1",
    "\u3000=1+1", "\u200b=1+1", "\ufeff=1+1", "\u202e=1+1", "\u2060=1+1", '"=1+1"', "'=1+1", "''=1+1",
    "\" =1+1", "`=1+1", "\u201c=1+1", "\u2018=1+1", "\uff1d1+1", "\uff0b1", "\uff0d1+1", "\uff20SUM(1)",
    "\u22121+1", "\x01=1+1", "\x7f=1+1", "\x0b=1+1", "=\n1", "-", "=", "+62 812", "- satu", "-1,5 juta",
]  # fmt: skip
HARMLESS = [
    "",
    "satu",
    "a=1",
    "1-2",
    "3",
    "-5",
    "-5.25",
    "e@mail.test",
    "(+1)",
    "[=1]",
    "#x",
    "'satu'",
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Export:
    folder = tmp_path_factory.mktemp("hostile")
    rows = [
        {
            "article_id": f"art_{n:03}",
            "title": text or None,
            "outlet": text or None,
            "doc_type": "news",
        }
        for n, text in enumerate([*PAYLOADS, *HARMLESS])
    ]
    changes = [
        {"change_id": f"chg_{n:03}", "incident_id": text, "fields": [text]}
        for n, text in enumerate(PAYLOADS)
    ]
    release = make_release(folder / "suar.duckdb", rows={"articles": rows, "changes": changes})
    return write(release, folder / "out")


class TestFormulas:
    def test_there_are_enough_payloads(self) -> None:
        assert len(set(PAYLOADS)) >= 40

    def test_no_cell_of_csv_runs(self, hostile: Export) -> None:
        cells = [row[name] for row in read_csv(hostile, "articles") for name in ("title", "outlet")]
        cells += [
            row[name] for row in read_csv(hostile, "changes") for name in ("incident_id", "fields")
        ]
        guarded = [cell for cell in cells if cell.startswith("'")]
        for cell in cells:
            bare = cell.strip('\t\r\n "')
            assert not bare.startswith(("=", "+", "@", "\uff1d")), repr(cell)
            assert not cell.startswith(("\t", "\r", "\n")), repr(cell)
        assert len(guarded) >= 4 * len(PAYLOADS)

    def test_harmless_cells_are_left_alone(self, hostile: Export) -> None:
        cells = [row["title"] for row in read_csv(hostile, "articles")]
        assert cells[len(PAYLOADS) :] == HARMLESS

    def test_other_formats_are_exact(self, hostile: Export) -> None:
        exact = [text or None for text in [*PAYLOADS, *HARMLESS]]
        assert [row["title"] for row in read_json(hostile, "articles")] == exact
        table = pq.read_table(hostile.path / "data/articles.parquet")
        assert table.column("title").to_pylist() == exact

    def test_the_exact_text_can_be_had_back(self, hostile: Export) -> None:
        cells = [row["title"] for row in read_csv(hostile, "articles")]
        assert [exact_cell(cell) for cell in cells] == [*PAYLOADS, *HARMLESS]

    def test_numbers_are_numbers(self, package: Export) -> None:
        assert read_csv(package, "incidents")[1]["lat"] == "-6.2"


TRICKY = st.text(
    st.one_of(
        st.sampled_from("=+-@'\"`\t\r\n ;,.0159\u00a0\u200b\u3000\ufeff\uff1d\u2212\x00\x0b"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=12,
)


@given(TRICKY)
def test_no_text_is_lost_in_a_cell(text: str) -> None:
    assert exact_cell(safe_cell(text)) == text
    assert safe_cell(text) in {text, f"'{text}"}


@pytest.fixture(scope="module")
def bare() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


@settings(max_examples=300, deadline=None)
@given(texts=st.lists(TRICKY, min_size=1, max_size=20))
def test_the_warehouse_guards_cells_as_we_say(
    bare: duckdb.DuckDBPyConnection, texts: list[str]
) -> None:
    guarded = bare.execute(
        f"SELECT list_transform(?::VARCHAR[], lambda cell: {exports._in_csv('cell', 'text')})",
        [texts],
    ).fetchall()
    assert guarded == [([safe_cell(text) for text in texts],)]


# --- what can go wrong -----------------------------------------------------------------------------


class TestRefusals:
    @pytest.mark.parametrize("formats", [["xls"], ["croissant"], ["csv", "exe"], []])
    def test_formats_that_are_not_there(
        self, release: Path, tmp_path: Path, formats: list[str]
    ) -> None:
        with pytest.raises(
            ExportFailed, match="choose from parquet, csv, jsonl, xlsx, geojson, atom"
        ):
            write(release, tmp_path / "out", formats=formats)

    def test_unknown_tier(self, release: Path, tmp_path: Path) -> None:
        with pytest.raises(ExportFailed, match="choose from analyst, public"):
            write(release, tmp_path / "out", tier="secret")

    def test_missing_release(self, tmp_path: Path) -> None:
        with pytest.raises(StoreMissing):
            write(tmp_path / "none.duckdb", tmp_path / "out")

    def test_damaged_release(self, tmp_path: Path) -> None:
        (tmp_path / "suar.duckdb").write_bytes(b"not a database" * 500)
        with pytest.raises(StoreCorrupt, match=r"suar\.duckdb"):
            write(tmp_path / "suar.duckdb", tmp_path / "out")
        assert [path.name for path in tmp_path.iterdir()] == ["suar.duckdb"]

    def test_a_file_that_is_no_release(self, tmp_path: Path) -> None:
        connect(tmp_path / "other.duckdb").close()
        with pytest.raises(ExportFailed, match="holds no release"):
            write(tmp_path / "other.duckdb", tmp_path / "out")


class TestFolder:
    def test_an_empty_folder_is_used(self, release: Path, tmp_path: Path) -> None:
        (tmp_path / "out").mkdir()
        assert write(release, tmp_path / "out").path.is_dir()

    def test_an_earlier_export_is_replaced(self, release: Path, tmp_path: Path) -> None:
        write(release, tmp_path / "out")
        again = write(release, tmp_path / "out", formats=["csv"], release_id="2024-06-22")
        assert described(again)["version"] == "2024-06-22"
        assert {path.suffix for path in (again.path / "data").iterdir()} == {".csv"}
        assert [path.name for path in tmp_path.iterdir()] == ["out"]

    @pytest.mark.parametrize("change", ["added", "folder", "edited", "link"])
    def test_what_others_put_in_is_never_deleted(
        self, release: Path, tmp_path: Path, change: str
    ) -> None:
        out = write(release, tmp_path / "out").path
        match change:
            case "added":
                (out / "data" / "notes.txt").write_text("mine")
            case "folder":
                (out / "mine").mkdir()
            case "edited":
                (out / "README.md").write_text("mine")
            case "link":
                (out / "link").symlink_to(tmp_path)
        before = contents(out)
        with pytest.raises(ExportFailed, match="added or changed since"):
            write(release, out)
        assert contents(out) == before

    def test_a_folder_of_others_is_left_alone(self, release: Path, tmp_path: Path) -> None:
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "datapackage.json").write_text('{"name": "theirs"}')
        with pytest.raises(ExportFailed, match="not an export"):
            write(release, tmp_path / "out")
        assert contents(tmp_path) == {"out/datapackage.json": b'{"name": "theirs"}'}

    def test_a_file_is_left_alone(self, release: Path, tmp_path: Path) -> None:
        (tmp_path / "out").write_text("mine")
        with pytest.raises(ExportFailed, match="is a file"):
            write(release, tmp_path / "out")
        with pytest.raises(ExportFailed, match="cannot be written to"):
            write(release, tmp_path / "out" / "below")
        assert (tmp_path / "out").read_text() == "mine"

    def test_not_the_folder_one_is_in(
        self, release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "here" / "below").mkdir(parents=True)
        monkeypatch.chdir(tmp_path / "here" / "below")
        for out in (Path(), Path("..")):
            with pytest.raises(ExportFailed, match="folder you are in"):
                write(release, out)

    def test_a_full_disk_leaves_the_old_export(
        self, release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = contents(write(release, tmp_path / "out").path)

        def full(path: Path) -> None:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))

        monkeypatch.setattr(exports, "sync_file", full)
        with pytest.raises(DiskFull):
            write(release, tmp_path / "out", release_id="2024-06-22")
        assert contents(tmp_path / "out") == before
        assert [path.name for path in tmp_path.iterdir()] == ["out"]

    def test_a_rename_that_fails_brings_the_old_export_back(
        self, release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = contents(write(release, tmp_path / "out").path)
        rename = Path.rename

        def fails(path: Path, target: Path) -> Path:
            if path.name.endswith(".writing.suar-export"):
                raise OSError(errno.EBUSY, "Device or resource busy")
            return rename(path, target)

        monkeypatch.setattr(Path, "rename", fails)
        with pytest.raises(ExportFailed, match="busy"):
            write(release, tmp_path / "out", release_id="2024-06-22")
        assert contents(tmp_path / "out") == before
        assert [path.name for path in tmp_path.iterdir()] == ["out"]

    def test_what_a_killed_export_left_is_put_right(self, release: Path, tmp_path: Path) -> None:
        out = write(release, tmp_path / "out").path
        before = contents(out)
        # Killed between the two renames: the old package is aside, the new one not yet in place.
        out.rename(tmp_path / ".out.previous.suar-export")
        (tmp_path / ".out.writing.suar-export").mkdir()
        connect(tmp_path / "other.duckdb").close()
        with pytest.raises(ExportFailed, match="no release"):
            write(tmp_path / "other.duckdb", out)
        assert contents(out) == before
        assert {path.name for path in tmp_path.iterdir()} == {"out", "other.duckdb"}
