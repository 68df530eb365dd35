"""Incidents as GeoJSON for maps. Pure.

rows of incidents -> incidents.geojson

The format is RFC 7946: WGS 84, longitude before latitude, a null geometry where nothing can be drawn. A
point is drawn only for what is known at least as finely as a province, and with no more digits than that
precision carries: a point in the middle of a country would tell of a place that no text names.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from warehouse import codebook
from warehouse.packages import LICENCE_URL, Facts

# Digits after the point: about 10 m for a site, 1 km for a town, 10 km for districts and provinces.
_DIGITS: Mapping[str, int] = {"1": 4, "2": 2, "3": 1, "4": 1}
_COORDINATES = ("lat", "lon")


def render(facts: Facts, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Return the lines of the file: what it is, then one feature a line."""
    head = {
        "type": "FeatureCollection",
        "suar:title": facts.title,
        "suar:release": facts.release_id,
        "suar:tier": facts.tier,
        "suar:licence": LICENCE_URL if facts.tier == "public" else "LICENSE-DATA",
    }
    yield _line(head)[:-1] + ', "features": ['
    before = "\n"
    for row in rows:
        yield before + _line(feature(dict(zip(columns, row, strict=True))))
        before = ",\n"
    yield "\n]}\n"


def feature(incident: Mapping[str, object]) -> dict[str, Any]:
    """Return the incident as a feature; its properties are the columns of the tier."""
    properties = {
        name: _plain(value) for name, value in incident.items() if name not in _COORDINATES
    }
    codes = codebook.load().vocabularies["GeoPrecision"].values
    properties["geo_precision_meaning"] = codes.get(str(incident.get("geo_precision")))
    return {
        "type": "Feature",
        "id": incident["incident_id"],
        "geometry": _geometry(incident),
        "properties": properties,
    }


def _geometry(incident: Mapping[str, object]) -> dict[str, Any] | None:
    lat, lon = (incident.get(name) for name in _COORDINATES)
    digits = _DIGITS.get(str(incident.get("geo_precision")))
    if digits is None or not isinstance(lat, float) or not isinstance(lon, float):
        return None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None
    # Adding zero turns -0.0 into 0.0.
    return {"type": "Point", "coordinates": [round(lon, digits) + 0.0, round(lat, digits) + 0.0]}


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime):
        return value.isoformat() + "Z"
    return value.isoformat() if isinstance(value, dt.date) else value


def _line(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=False)


def texts(content: str) -> Iterator[dict[str, str]]:
    """Return the text properties of each feature of a file."""
    for found in json.loads(content)["features"]:
        yield {
            name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            for name, value in found["properties"].items()
            if isinstance(value, str | list)
        }
