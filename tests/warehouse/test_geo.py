"""Incidents on a map: no point finer than its evidence, and none where nothing finer than a country is known."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.records import GeoPrecision
from tests.warehouse import world
from tests.warehouse.test_exports import export_of, make_release, write
from warehouse import codebook, geo
from warehouse.errors import ExportFailed
from warehouse.packages import Facts
from warehouse.releases import Release

FACTS = Facts("2024-06-21", "public", dt.datetime(2024, 6, 21, tzinfo=dt.UTC), ())


def make_incident(**values: Any) -> dict[str, Any]:
    return {
        "incident_id": "inc_1",
        "lat": 13.65873,
        "lon": 102.56391,
        "geo_precision": "1",
        **values,
    }


def point(**values: Any) -> list[float] | None:
    geometry: dict[str, Any] | None = geo.feature(make_incident(**values))["geometry"]
    return geometry["coordinates"] if geometry else None


class TestGeometry:
    @pytest.mark.parametrize(
        ("precision", "expected"),
        [
            (GeoPrecision.SITE, [102.5639, 13.6587]),
            (GeoPrecision.TOWN, [102.56, 13.66]),
            (GeoPrecision.ADMIN2, [102.6, 13.7]),
            (GeoPrecision.ADMIN1, [102.6, 13.7]),
            (GeoPrecision.COUNTRY, None),
            (GeoPrecision.REGION, None),
            (GeoPrecision.UNKNOWN, None),
        ],
    )
    def test_a_point_carries_the_digits_of_its_precision(
        self, precision: GeoPrecision, expected: list[float] | None
    ) -> None:
        assert point(geo_precision=precision.value) == expected

    @pytest.mark.parametrize(
        "values",
        [
            {"lat": None}, {"lon": None}, {"lat": 91.0}, {"lon": -181.0}, {"lat": float("nan")},
            {"geo_precision": None}, {"geo_precision": "7"},
        ],
    )  # fmt: skip
    def test_what_cannot_be_drawn_has_no_point(self, values: dict[str, Any]) -> None:
        assert point(**values) is None

    def test_properties_are_the_columns(self) -> None:
        found = geo.feature(
            make_incident(
                date_start=dt.date(2024, 6, 1),
                last_updated_at=dt.datetime(2024, 6, 2, 3, 4, 5),  # noqa: DTZ001  (as stored)
                scam_types=["romance"],
                persons_best=None,
            )
        )
        assert found["id"] == "inc_1"
        assert found["properties"] == {
            "incident_id": "inc_1",
            "geo_precision": "1",
            "geo_precision_meaning": "A site, such as a compound or building.",
            "date_start": "2024-06-01",
            "last_updated_at": "2024-06-02T03:04:05Z",
            "scam_types": ["romance"],
            "persons_best": None,
        }


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


class TestFile:
    @pytest.fixture(scope="class")
    def published(self, tmp_path_factory: pytest.TempPathFactory) -> Release:
        home = tmp_path_factory.mktemp("home")
        with world.open_store(home) as store:
            return world.publish(store, home / "releases")

    @pytest.mark.parametrize("tier", ["analyst", "public"])
    def test_every_incident_is_a_feature(
        self, published: Release, tmp_path: Path, tier: str
    ) -> None:
        package = export_of(published, tmp_path / "out", tier, formats=["geojson"])
        found = read(package.path / "incidents.geojson")
        assert found["type"] == "FeatureCollection"
        assert "crs" not in found
        features = found["features"]
        assert len(features) == package.rows["incidents"]
        assert [each["id"] for each in features] == sorted(each["id"] for each in features)
        shown = set(codebook.load().tables["incidents"].in_tier(tier)) - {"lat", "lon"}
        assert all(
            set(each["properties"]) == shown | {"geo_precision_meaning"} for each in features
        )
        n_points = sum(each["geometry"] is not None for each in features)
        assert n_points == (len(features) if tier == "analyst" else 2)

    def test_the_public_map_is_coarser(self, published: Release, tmp_path: Path) -> None:
        package = export_of(published, tmp_path / "out", "public", formats=["geojson"])
        for each in read(package.path / "incidents.geojson")["features"]:
            if each["geometry"]:
                assert all(round(x, 1) == x for x in each["geometry"]["coordinates"])
                assert each["properties"]["geo_precision"] != GeoPrecision.SITE
            if each["properties"]["persons_suppressed"]:
                assert each["geometry"] is None

    def test_an_empty_release_is_an_empty_collection(self, tmp_path: Path) -> None:
        release = make_release(tmp_path / "suar.duckdb", rows={"none": []})
        package = write(release, tmp_path / "out", formats=["geojson"])
        assert read(package.path / "incidents.geojson")["features"] == []

    def test_a_release_without_incidents_is_refused(self, tmp_path: Path) -> None:
        release = make_release(tmp_path / "suar.duckdb")
        with duckdb.connect(str(release)) as connection:
            connection.execute("DROP TABLE marts.incidents")
        with pytest.raises(ExportFailed, match="geojson is made of incidents"):
            write(release, tmp_path / "out", formats=["geojson"])


@given(
    st.floats(-90, 90),
    st.floats(-180, 180),
    st.sampled_from([code.value for code in GeoPrecision]),
    st.dictionaries(st.sampled_from(["place_name", "linked_by"]), st.text()),
)
def test_the_file_is_geojson_whatever_it_holds(
    lat: float, lon: float, precision: str, texts: dict[str, str]
) -> None:
    incident = make_incident(lat=lat, lon=lon, geo_precision=precision, **texts)
    lines = geo.render(FACTS, list(incident), [list(incident.values())] * 2)
    first, second = json.loads("".join(lines))["features"]
    assert first == second
    assert {**first["properties"], **texts} == first["properties"]
    if first["geometry"]:
        assert precision in {"1", "2", "3", "4"}
        shown_lon, shown_lat = first["geometry"]["coordinates"]
        assert abs(shown_lat - lat) <= 0.051
        assert abs(shown_lon - lon) <= 0.051
