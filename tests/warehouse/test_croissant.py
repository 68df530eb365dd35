"""Croissant metadata agrees with the files and the codebook; HTCDS names stand for every code of ours."""

from __future__ import annotations

import csv
import hashlib
import json
from importlib import resources
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml

from tests.warehouse import world
from tests.warehouse.test_exports import export_of
from warehouse import codebook, exports, htcds
from warehouse.exports import Export
from warehouse.releases import Release


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Release:
    home = tmp_path_factory.mktemp("home")
    with world.open_store(home) as store:
        return world.publish(store, home / "releases")


@pytest.fixture(scope="module", params=["analyst", "public"])
def package(
    request: pytest.FixtureRequest, published: Release, tmp_path_factory: pytest.TempPathFactory
) -> Export:
    out = tmp_path_factory.mktemp("packages") / "out"
    return export_of(published, out, request.param, formats=exports.FORMATS)


def metadata(package: Export) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((package.path / "croissant.json").read_text("utf-8"))
    return found


def nodes(found: Any) -> list[dict[str, Any]]:
    """Every object that has an id of its own."""
    if isinstance(found, list):
        return [node for each in found for node in nodes(each)]
    if not isinstance(found, dict):
        return []
    own = [found] if {"@id", "@type"} <= found.keys() else []
    return own + [
        node for name, each in found.items() if name != "@context" for node in nodes(each)
    ]


class TestMetadata:
    def test_says_what_the_package_is(self, package: Export) -> None:
        found = metadata(package)
        assert found["conformsTo"] == "http://mlcommons.org/croissant/1.1"
        assert found["@type"] == "sc:Dataset"
        assert found["version"] == package.release_id
        assert found["datePublished"] == "2026-09-20"
        is_public = package.tier == "public"
        assert found["license"].startswith("https://creativecommons.org/") == is_public
        assert ("Do not cite this tier" in found["citeAs"]) != is_public

    def test_every_key_has_a_meaning(self, package: Export) -> None:
        found = metadata(package)
        context = found["@context"]
        schema_org = {
            "name", "description", "version", "datePublished", "inLanguage", "keywords", "license",
            "creator", "distribution", "contentUrl", "contentSize", "encodingFormat", "sha256",
        }  # fmt: skip
        keys = {key for node in [found, *nodes(found)] for key in node if not key.startswith("@")}
        assert {key for key in keys if ":" not in key} <= schema_org | context.keys()
        assert {key.partition(":")[0] for key in keys if ":" in key} <= context.keys()

    def test_every_file_is_as_described(self, package: Export) -> None:
        found = metadata(package)["distribution"]
        assert {"suar.xlsx", "incidents.geojson", "feed.atom", "htcds.csv"} <= {
            each["@id"] for each in found
        }
        for each in found:
            body = (package.path / each["contentUrl"]).read_bytes()
            assert each["sha256"] == hashlib.sha256(body).hexdigest()
            assert each["contentSize"] == f"{len(body)} B"

    def test_ids_are_unique_and_references_lead_to_them(self, package: Export) -> None:
        found = metadata(package)
        ids = [node["@id"] for node in nodes(found)]
        assert len(ids) == len(set(ids))
        referred = 0
        for field in (node for node in nodes(found) if node["@type"] == "cr:Field"):
            if "source" in field:
                assert field["source"]["fileObject"]["@id"] in ids
            if "references" in field:
                assert field["references"]["field"]["@id"] in ids
                referred += 1
        assert referred > 20

    def test_fields_are_the_columns_of_the_files(self, package: Export) -> None:
        sets = {each["@id"]: each for each in metadata(package)["recordSet"]}
        for name in package.rows:
            fields = sets[name]["field"]
            schema = pq.read_schema(package.path / f"data/{name}.parquet")
            columns = codebook.load().tables[name].columns
            assert [each["name"] for each in fields] == [
                column for column in schema.names if columns[column].type != "spans"
            ]
            for each in fields:
                kind = str(schema.field(each["name"]).type)
                assert each.get("isArray", False) == kind.startswith("list")
                assert {
                    "sc:Text": "string", "cr:Int64": "int", "cr:Float64": "double", "sc:Boolean": "bool",
                    "sc:Date": "date", "sc:DateTime": "timestamp",
                }[each["dataType"]] in kind  # fmt: skip

    def test_codes_are_those_of_the_codebook(self, package: Export) -> None:
        sets = {each["@id"]: each for each in metadata(package)["recordSet"]}
        found = sets["codes/EventType"]
        assert found["dataType"] == "sc:Enumeration"
        assert {
            row["codes/EventType/code"]: row["codes/EventType/meaning"] for row in found["data"]
        } == (codebook.load().vocabularies["EventType"].values)

    def test_a_package_without_tables_has_no_record_sets(
        self, published: Release, tmp_path: Path
    ) -> None:
        package = export_of(published, tmp_path / "out", "public", formats=["xlsx"])
        found = metadata(package)
        assert found["recordSet"] == []
        assert {each["@id"] for each in found["distribution"]} == {"suar.xlsx", "htcds.csv"}

    @pytest.mark.parametrize("best", ["csv", "jsonl"])
    def test_a_loader_that_guesses_types_is_not_led_astray(
        self, published: Release, tmp_path: Path, best: str
    ) -> None:
        package = export_of(published, tmp_path / "out", "public", formats=[best])
        for field in (node for node in nodes(metadata(package)) if node["@type"] == "cr:Field"):
            if "references" in field:
                assert "Precision" not in field["references"]["field"]["@id"]


class TestCaseDataStandard:
    def test_every_code_of_ours_has_a_name_there(self) -> None:
        named = {(row.kind, row.code) for row in htcds.rows()}
        lexicon = yaml.safe_load(
            resources.files("pipeline").joinpath("data/lexicon.yml").read_text("utf-8")
        )
        expected = {(kind, code) for kind in ("channel", "control_means") for code in lexicon[kind]}
        codes = codebook.load().vocabularies
        expected |= {("scam_type", code) for code in codes["ScamType"].values}
        expected |= {("sex", code) for code in codes["Sex"].values}
        assert expected <= named

    def test_extensions_stand_beside_other(self) -> None:
        for row in htcds.rows():
            assert (row.htcds_code == "Other") == bool(row.extension), row
        assert all(row.extension for row in htcds.rows() if row.kind == "scam_type")

    def test_the_table_is_in_every_package(self, package: Export) -> None:
        with (package.path / "htcds.csv").open(encoding="utf-8", newline="") as handle:
            header, *rows = csv.reader(handle)
        assert tuple(header) == htcds.COLUMNS
        assert [tuple(row) for row in rows] == [tuple(row) for row in htcds.rows()]
