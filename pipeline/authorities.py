"""Which authorities, missions, courts, forces and groups there are, and the words that name them.

    data/agencies.csv, data/agency_families.yml -> Agency, patterns

Single agencies stand in the first table; those that are named by pattern ("Polres <town>", "KBRI <city>",
"<state>'s Interior Ministry") in the second, and are made when a text names one.
"""

from __future__ import annotations

import csv
import datetime as dt
import functools
import importlib.resources
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import yaml

HOME = "IDN"


@dataclass(frozen=True, slots=True)
class Agency:
    """One authority, mission, court, force, company or organisation."""

    agency_id: str
    name: str
    name_en: str
    country: str | None
    type: str
    level: str
    seat: str = ""
    host_country: str | None = None
    parent_id: str | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    predecessor_id: str | None = None
    successor_ids: tuple[str, ...] = ()
    acronyms: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    def is_valid(self, day: dt.date) -> bool:
        """Return whether it bore this name on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


# --- single agencies ---------------------------------------------------------------------------------


def _day(value: str) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


def _parts(value: str) -> tuple[str, ...]:
    return tuple(part for part in value.split(";") if part)


@functools.cache
def table() -> Mapping[str, Agency]:
    """Return the single agencies by id."""
    raw = (importlib.resources.files("pipeline") / "data" / "agencies.csv").read_text("utf-8")
    return {
        row["agency_id"]: Agency(
            agency_id=row["agency_id"],
            name=row["name"],
            name_en=row["name_en"],
            country=None if row["country"] == "INT" else row["country"],
            type=row["type"],
            level=row["level"],
            seat=row["seat"],
            host_country=row["host_country"] or None,
            parent_id=row["parent_id"] or None,
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
            predecessor_id=row["predecessor_id"] or None,
            successor_ids=_parts(row["successor_id"]),
            acronyms=_parts(row["acronyms"]),
            aliases=_parts(row["aliases"]),
        )
        for row in csv.DictReader(raw.splitlines())
    }


def get(agency_id: str) -> Agency | None:
    """Return the agency of the table with this id. Agencies named by pattern come with their reading."""
    return table().get(agency_id)


# How outlets spell the same word: each pair is tried on every name, both ways.
_SPELLINGS = (
    ("Kementerian", "Kementrian"), ("Pelindungan", "Perlindungan"), ("Centre", "Center"),
    ("Organisation", "Organization"), ("Defence", "Defense"), ("Labour", "Labor"), (" dan ", " & "),
    ("U.S.", "US"), ("Tiongkok", "China"), ("Kamboja", "Kemboja"), ("-Trafficking", " Trafficking"),
    ("Anti-", "Anti "), (", dan ", " dan "), (", and ", " and "),
)  # fmt: skip


# Who leads a body speaks for it, and English puts the subject of a ministry before the word as often as behind.
_LED = (
    (re.compile(r"(?:Ministry|Minister) (?:of|for) (?P<of>.+)"),
     ("{of} Ministry", "{of} Minister", "Ministry of {of}", "Ministry for {of}", "Minister of {of}", "Minister for {of}")),
    (re.compile(r"Coordinating Ministry (?:of|for) (?P<of>.+)"),
     ("Coordinating Minister for {of}", "Coordinating {of} Minister", "Coordinating {of} Ministry")),
    (re.compile(r"Directorate General of (?P<of>.+)"),
     ("{of} Directorate General", "Director General of {of}", "Director-General of {of}")),
    (re.compile(r"Directorate (?:of|for) (?P<of>.+)"), ("{of} Directorate", "Director of {of}", "Director for {of}")),
    (re.compile(r"Kementerian (?P<of>.+)"), ("Menteri {of}",)),
)  # fmt: skip


def _led(name: str) -> set[str]:
    """Return what else this body and its head are called, by the form of its name."""
    plain = name.removesuffix(" of Indonesia")
    found = {
        form.format(of=match["of"])
        for pattern, forms in _LED
        if (match := pattern.fullmatch(plain))
        for form in forms
    }
    return found | {plain} if found else found


def _spelt(name: str) -> set[str]:
    forms = {name}
    for one, other in _SPELLINGS:
        forms |= {form.replace(one, other) for form in forms}
        forms |= {form.replace(other, one) for form in forms if other in form}
    return forms


@functools.cache
def names() -> Mapping[str, tuple[str, ...]]:
    """Return every name of the table as printed, with the ids it may stand for, best first."""
    found: dict[str, list[str]] = defaultdict(list)
    for item in table().values():
        own = {item.name, item.name_en, *item.acronyms, *item.aliases}
        if item.country == HOME:  # other states' are read by pattern, with the state beside them
            own |= {form for name in own for form in _led(name)}
        if item.country == HOME and item.type == "ministry":
            own |= {f"{item.name} Republik Indonesia", f"{item.name} RI"}
        for name in own:
            for form in _spelt(name):
                if form and item.agency_id not in found[form]:
                    found[form].append(item.agency_id)
    # A name that one agency bears itself beats the same form as a respelling of another's.
    own_names = {item.name: item.agency_id for item in table().values()}
    for name, ids in found.items():
        ids.sort(key=lambda key, name=name: (own_names.get(name) != key, key))  # type: ignore[misc]
    return MappingProxyType({name: tuple(ids) for name, ids in sorted(found.items())})


# --- families ----------------------------------------------------------------------------------------


def _either(words: Sequence[str] | Mapping[str, Any]) -> str:
    """Return a pattern for any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda w: (-len(w), w)))


def slug(name: str) -> str:
    """Return the name as a part of an id."""
    return re.sub(r"[^a-z0-9]+", "", name.lower())


def place_part(name: str) -> str:
    """Return the name of a place as a part of an id, by one of its names where it has several."""
    part = slug(name)
    return all_families().places_in_ids.get(part, part)


_SIDES = {
    "North": "Utara",
    "South": "Selatan",
    "East": "Timur",
    "West": "Barat",
    "Central": "Pusat",
}


def in_indonesian(seat: str) -> str:
    """Return the name of a town as its own bodies print it: "Jakarta Utara" for "North Jakarta"."""
    side, _, town = seat.partition(" ")
    return f"{town} {_SIDES[side]}" if town and side in _SIDES else seat


_ID = re.compile(r"(?P<state>[a-z]{2,3})\.(?P<unit>[a-z0-9.]+)(?:-(?P<place>[a-z0-9-]+))?")


def is_id(name: str) -> bool:
    """Return whether this is written like an id of an agency."""
    return _ID.fullmatch(name) is not None


def usual_id(agency_id: str) -> str:
    """Return the id as this project writes it: tables made elsewhere call units and places by other names."""
    if agency_id in table():
        return agency_id
    units, cities, whole = all_families().other_ids
    match = _ID.fullmatch(whole.get(agency_id, agency_id))
    if match is None:
        return agency_id
    state, unit, place = match["state"], units.get(match["unit"], match["unit"]), match["place"]
    if place is None:
        code = all_families().code.get(state, "")
        return all_families().known.get((unit, code)) or f"{state}.{unit}"
    if unit in {"police", "mps", "npa"} and state != "id":
        ids = all_families().abroad["police"]["id"]
        unit = ids.get(all_families().code.get(state, ""), ids["else"])
    if unit == "polresmetro" or (unit == "polres" and place.startswith("metro-")):
        unit, place = "polres", "metro" + place.removeprefix("metro-")
    place = cities.get(place, place) if state == "id" or unit in {"embassy", "court"} else place
    if unit == "polres" and place.startswith("jakarta"):
        place = f"metro{place}"
    place = all_families().places_in_ids.get(place, place) if state != "id" else place
    return f"{state}.{unit}-{place}"


class LocalFamily(NamedTuple):
    """A body that stands in many places: "Polres <town>"."""

    key: str
    head: re.Pattern[str]
    name: str
    part: str
    type: str
    parent: str | None
    seat: str
    fallback: bool


class Families:
    """The patterns of ``agency_families.yml``, compiled once."""

    def __init__(self) -> None:
        folder = importlib.resources.files("pipeline") / "data"
        raw = yaml.safe_load((folder / "agency_families.yml").read_text("utf-8"))
        people = yaml.safe_load((folder / "demonyms.yml").read_text("utf-8"))
        self.prefix: dict[str, str] = {code: row[0] for code, row in raw["states"].items()}
        self.state: dict[str, str] = {code: row[1] for code, row in raw["states"].items()}
        self.capital: dict[str, str] = {code: row[2] for code, row in raw["states"].items()}
        self.code: dict[str, str] = {prefix: code for code, prefix in self.prefix.items()}
        words = raw["state_words"]
        self.country: dict[str, str] = dict(words["names"])
        self.adjective: dict[str, str] = dict(words["adjectives"])
        for code, forms in people.items():
            self.country.update(dict.fromkeys(forms["country"], code))
            self.adjective.update({form: code for form in forms["people"] if form[-1] != "s"})
            self.adjective.update({form: code for form in forms["people"] if form in {"Lao"}})
        self.adjective |= {name: code for name, code in self.country.items() if name[0].isupper()}
        for word in ("WNI", "WNIB", "PMI", "TKI", "AS"):
            self.adjective.pop(word, None)
        self.capitals: dict[str, str] = words["capitals"]
        # What tells of which state a text speaks: names, capitals, adjectives, people.
        self.signs: dict[str, str] = {**self.country, **self.adjective, **self.capitals}
        for code, forms in people.items():
            self.signs.update(dict.fromkeys(forms["people"], code))
        self.officials: dict[str, str] = words["officials"]
        self.signs |= self.officials
        self._ministries(raw["ministries"])
        self.bodies: dict[str, dict[str, Any]] = raw["bodies"]
        self._missions(raw)
        self.local = [
            LocalFamily(
                key, re.compile(rf"(?<![\w-])(?:{row['head']})(?!\w)"), row["name"], row["part"], row["type"],
                row["parent"] or None, row["seat"], row.get("fallback", True),
            )
            for key, row in raw["local"].items()
        ]  # fmt: skip
        self.local_head = re.compile(
            r"(?<![\w-])(?:"
            + "|".join(f"(?P<{key}>{row['head']})" for key, row in raw["local"].items())
            + r")(?!\w)"
        )
        self.local_by_key = {item.key: item for item in self.local}
        self._provinces(raw)
        self._abroad(raw)
        self.open_names: dict[str, dict[str, str]] = raw["open_names"]
        self._compile()

    def _ministries(self, raw: dict[str, Any]) -> None:
        self.known: dict[tuple[str, str], str] = {}
        self.subject: dict[str, str] = {}
        self.ministry_word: dict[str, str] = {}
        self.ministry_english: dict[str, str] = {}
        self.ministry_short: dict[str, str] = {}
        for key, row in raw.items():
            self.subject[key] = row["subject"]
            self.ministry_word.update(dict.fromkeys(row["words"], key))
            self.ministry_english.update({word.lower(): key for word in row["english"]})
            self.ministry_short.update(dict.fromkeys(row["short"], key))
            self.known.update({(key, code): agency for code, agency in row["known"].items()})

    def _missions(self, raw: dict[str, Any]) -> None:
        for key, row in raw["bodies"].items():
            self.known.update({(key, code): agency for code, agency in row["known"].items()})
        # (kind, spelling) -> agency; the first mission of a state is its embassy.
        self.mission: dict[tuple[str, str], Agency] = {}
        self.embassy_in: dict[str, Agency] = {}
        self.mission_cities: dict[str, str] = {}
        for code, kind, city, part, spellings in raw["missions"]:
            agency_id = f"id.{kind.lower()}-{part}"
            english = "Consulate General" if kind == "KJRI" else "Embassy"
            agency = table().get(agency_id) or Agency(
                agency_id, f"{kind} {city}", f"{english} of Indonesia in {city}", HOME,
                "embassy" if kind == "KBRI" else "consulate", "mission", city, code, "id.kemlu",
            )  # fmt: skip
            for spelling in (city, *spellings):
                self.mission[(kind, spelling)] = agency
                self.mission_cities[spelling] = code
            if kind in {"KBRI", "KDEI"}:
                self.embassy_in.setdefault(code, agency)
        self.embassy_seats: dict[str, str] = raw["embassy_seats"]
        self.posts: dict[str, tuple[str, str]] = {
            city: (code, slug(city))
            for city, code in [
                *((city, code) for code, city in self.capital.items()),
                *self.capitals.items(),
            ]
        }
        self.posts.update({city: (code, part) for city, code, part in raw["posts"]})

    def _provinces(self, raw: dict[str, Any]) -> None:
        """Spelling of a province -> the short form that names its bodies."""
        self.province: dict[str, str] = {}
        self.province_part: dict[str, str] = {}
        for agency in table().values():
            if agency.agency_id.startswith("id.polda-"):
                short = agency.name.removeprefix("Polda ")
                self.province_part[short] = agency.agency_id.removeprefix("id.polda-")
                for name in (agency.name, *agency.aliases):
                    if name.startswith("Polda "):
                        self.province[name.removeprefix("Polda ")] = short
        for spelling, short in list(self.province.items()):
            self.province[spelling.replace("Sumatera", "Sumatra")] = short
        self.province |= raw["provinces_english"]
        self.province |= {"Jakarta": "Metro Jaya", "DKI Jakarta": "Metro Jaya", "Yogyakarta": "DIY"}

    def _abroad(self, raw: dict[str, Any]) -> None:
        """Read what other states have one of per place."""
        self.abroad: dict[str, dict[str, Any]] = raw["abroad"]
        self.abroad_known: dict[tuple[str, str, str], str] = {
            (key, state, part): agency_id for key, state, part, agency_id in raw["abroad_known"]
        }
        self.provinces_abroad = {
            state: {name.upper() for name in listed}
            for state, listed in raw["provinces_abroad"].items()
        }
        self.province_of_town: dict[str, str] = raw["provinces_of_towns"]
        self.places_in_ids: dict[str, str] = raw["places_in_ids"]
        self.common_names: list[tuple[str, dict[str, str]]] = raw["common_names"]
        self.twin_towns = frozenset(raw["twin_towns"])
        self.other_ids: tuple[dict[str, str], dict[str, str], dict[str, str]] = (
            raw["id_units"], raw["id_places"], raw["ids"],
        )  # fmt: skip
        self.malay_first_words = frozenset(raw["malay_first_words"])

    def _open_names(self) -> None:
        """Compile the names of bodies that no table knows."""
        word = r"[A-Z][\w-]*"
        heads, tails = self.open_names["heads"], self.open_names["tails"]
        self.open_id = re.compile(
            rf"(?<![\w-])(?P<head>{_either(heads)}) {word}(?:,? (?:dan |untuk )?{word}){{0,7}}"
        )
        self.next_name = re.compile(
            rf",? (?:dan|untuk)(?: (?:{_either([*heads, 'KBRI', 'KJRI', 'Polda', 'Polres', 'Polri', 'Kemlu'])})(?!\w)|$)"
        )
        self.open_tail = re.compile(
            rf"(?<![\w-])(?:{word} (?:(?:of|and|for|Against|against) )?){{1,7}}?(?P<tail>{_either(tails)})(?![\w-]| of | for | and [A-Z])"
        )
        self.open_head = re.compile(
            rf"(?<![\w-])(?:{word} ){{0,3}}(?P<head>{_either(self.open_names['english_heads'])}) (?:of|for|on(?! (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))) (?:the )?{word}(?:,? (?:(?:and|of|for|the) ){{0,2}}{word}){{0,5}}"
        )

    def _compile(self) -> None:
        country = _either(self.country)
        self._open_names()
        adjective = _either(self.adjective)
        city = _either([*self.posts, *self.mission_cities])
        words = _either(self.ministry_word)
        english = "|".join(
            re.escape(word).replace(r"\ ", " ")
            for word in sorted(self.ministry_english, key=len, reverse=True)
        )
        english = re.sub(r"(?<![a-z])([a-z])", lambda m: f"[{m[1].upper()}{m[1]}]", english)
        short = _either(self.ministry_short)
        of_state = rf"(?: (?:di )?(?P<state>{country}))"
        self.sign = re.compile(rf"(?<![\w-])(?:{_either(self.signs)})(?!\w)")
        joined = rf"(?=,? (?:dan|serta|maupun|atau|and) (?!KBRI|KJRI|Kedutaan|Konsulat|Duta|Dubes|WNI)(?:[A-Z][\w/-]+ ){{1,4}}?(?:di )?(?P<shared>{country})(?!\w))"
        # Malay and Indonesian: "Menteri Luar Negeri Kamboja", "Kemlu Myanmar".
        self.ministry_id = re.compile(
            r"(?<![\w-])(?:(?:Timbalan |Wakil |Deputi )?(?:Kement(?:e)?rian|Menteri|Departemen|Jubir Kementerian) "
            rf"(?P<word>{words})(?: \((?:{short})\))?|(?P<short>{short}))(?!\w)"
            rf"(?:{of_state}(?!\w)|(?P<own> (?:RI|Republik Indonesia))(?!\w)|{joined})?"
        )
        self.ministry_en = re.compile(
            rf"(?<![\w-])(?:(?:(?P<adj>{adjective})(?:['’]s)?|(?P<from>{_either(self.capitals)})['’]s) )?(?P<deputy>[Dd]eputy |[Vv]ice )?(?:"
            rf"(?P<subject>{english}) (?:[Mm]inist(?:ry|er)|MINISTRY|(?:[Uu]nder)?[Ss]ecretary)(?! for)|(?:Ministry|Minister|Department|ministry|minister) (?:of|for) (?:the )?(?P<subject2>{english})(?! and [A-Z]))(?!\w)"
            rf"(?: (?:of|in) (?:the )?(?P<state>{_either([*self.country, *self.capitals])})(?!\w))?"
        )
        self.body_id = re.compile(
            r"(?<![\w-])(?:(?P<police>(?:[Kk]epolisian|[Pp]olisi|[Pp]olis)(?: (?:Nasional|Kerajaan|Diraja|Negara|Kebangsaan))?)"
            r"|(?P<immigration>(?:(?:[Oo]toritas|[Pp]ihak|[Pp]etugas|[Pp]ejabat|Biro|Departemen|Kantor|Jabatan(?: Am)?|Direktorat Jenderal|Ditjen) )?(?:[Ii]migrasi|[Ii]migresen))"
            r"|(?P<junta>[Jj]unta(?: [Mm]iliter| tentera)?)"
            r"|(?P<military>[Mm]iliter|[Tt]entara|[Tt]entera|Angkatan Bersenjata)"
            r"|(?P<pm>(?:Wakil )?(?:Perdana Menteri|PM)))"
            rf"(?:{of_state}(?!\w)|{joined})"
        )
        self.body_en = re.compile(
            rf"(?<![\w-])(?:(?P<adj>{adjective})(?:['’]s)? (?:(?P<police>(?:[Nn]ational |[Rr]oyal )?[Pp]olice(?: [Ff]orce)?)"
            r"|(?P<immigration>[Ii]mmigration(?: (?:[Aa]uthorit(?:y|ies)|[Pp]olice|[Oo]fficials|[Oo]fficers|[Bb]ureau|[Dd]epartment))?)"
            r"|(?P<junta>(?:military |ruling )?junta)"
            r"|(?P<military>military|army|troops|soldiers|armed forces|Armed Forces)"
            r"|(?P<pm>[Pp]rime [Mm]inister))"
            r"|(?P<bare_police>National Police(?: Commissioner| Commissioner-General| [Cc]hief)?)"
            r"|(?P<bare_immigration>Immigration (?:Bureau|Department|Division)))(?!\w)"
        )
        self.pm_name = re.compile(
            r"(?<![\w-])(?:(?:[Dd]eputy |Wakil |Timbalan )?(?:[Pp]rime [Mm]inister|Perdana Menteri|PM)) (?:(?:Datuk|Seri|Dato|Sri) ?)*"
            rf"(?P<who>{_either(self.officials)})(?!\w)"
        )
        self.kbri = re.compile(
            r"(?<![\w-])(?:(?P<kind>KBRI|KJRI|KDEI|KRI|Konsul(?:at)? RI)(?: \((?:KBRI|KJRI)\))?|(?P<cg>(?:Konsulat Jenderal|Konjen|Konsul Jenderal) (?:RI|Republik Indonesia|Indonesia)(?: \(KJRI\))?)"
            r"|(?P<embassy>(?:Kedutaan Besar|Kedubes|Kedutaan|Duta Besar|Dubes|Duta Besar LBBP|Wakil Duta Besar) (?:RI|Republik Indonesia|Indonesia)(?: \((?:KBRI|Dubes RI|Dubes)\))?))(?!\w)"
            rf"(?: (?:(?:di|untuk|bagi|utk|ke) )?(?:(?:Kerajaan|Ibu Kota) )?(?P<city>{_either([*self.mission_cities, *self.country])})(?!\w))?"
        )
        self.mission_id = re.compile(
            rf"(?<![\w-])(?:(?P<embassy>Kedutaan Besar|Kedutaan|Kedubes|Duta Besar|Dubes|Duta)|(?P<cg>(?:Pejabat )?Konsul(?:at)?(?: Jenderal| Jeneral| Besar)?)) (?:Negara )?(?P<state>{country})(?!\w)"
            rf"(?: (?:(?:di|untuk|bagi|ke) )?(?P<city>{_either([*self.posts, *self.mission_cities, *self.country])})(?!\w))?"
        )
        self.mission_en = re.compile(
            rf"(?<![\w-])(?:(?P<adj>{adjective}|{_either(self.capitals)}(?=['’]s ))(?:['’]s)? (?:(?P<embassy>[Ee]mbass(?:y|ies)|[Aa]mbassador(?= (?:in|to|for) ))|(?P<cg>[Cc]onsulate(?:[ -][Gg]eneral)?|[Cc]onsul[ -][Gg]eneral))"
            rf"|(?P<embassy2>Embassy) of (?:the )?(?:Republic of )?(?P<state>{country})|(?P<cg2>Consulate(?:[ -]General)?) of (?:the )?(?:Republic of )?(?P<state2>{country}))(?!\w)"
            rf"(?: (?:in|to|for) (?:the )?(?P<city>{_either([*self.posts, *self.mission_cities, *self.country])})(?!\w))?"
        )
        self.next_city = re.compile(
            rf"(?:, | (?:dan|serta|and|&) |, (?:dan|serta|and) )(?:di |in )?(?P<city>{city})(?!\w)"
        )
        self.ncb = re.compile(
            rf"(?<![\w-])(?:Set |Ses |Sekretariat )?NCB(?:[ -]Interpol)? (?P<city>{_either([*self.capitals, *self.country])})(?!\w)"
        )


@functools.cache
def all_families() -> Families:
    """Return the families, read once."""
    return Families()


# --- agencies made by their pattern ------------------------------------------------------------------


def local_body(family: LocalFamily, head: str, seat: str) -> Agency:
    """Return the body of this family that sits there; the words of its head may tell its grade."""
    families = all_families()
    if family.seat == "province":
        short = families.province.get(re.sub(r"^(?:Provinsi|Wilayah) ", "", seat), seat)
        part = families.province_part.get(short, slug(short))
        if (family.key == "bp3mi" and short == "Metro Jaya") or (
            family.key != "polda" and short == "Metro Jaya"
        ):
            short, part = "DKI Jakarta", "dki"
        name = f"{family.name} {short}"
    else:
        kind = family.name
        grade = re.search(r"polres(tabes|ta)", head, re.IGNORECASE)
        if family.key == "polres":
            kind += grade[1] if grade else "ta" if "Kota" in head else ""
            kind += " Metro" if head.endswith("Metro") else ""
        seat = re.sub(r"^(?:Kab\.|Kabupaten|Wilayah|Provinsi) ", "", seat)
        if (
            family.key in {"pemkot", "pemkab"}
            or seat.removeprefix("Kota ") not in families.twin_towns
        ):
            seat = seat.removeprefix("Kota ")
        elif seat.startswith("Kota "):
            seat = f"{seat.removeprefix('Kota ')} Kota"
        if family.seat == "any" and seat in families.province:
            seat = families.province[seat] if families.province[seat] != "Metro Jaya" else seat
        name = f"{kind} {seat}"
        part = slug(name.removeprefix(family.name) if family.key == "polres" else seat)
        for grade_word in ("tabes", "ta"):
            if family.key == "polres" and kind.startswith(f"Polres{grade_word}"):
                part = slug(seat)
    agency_id = f"id.{family.part}{part}"
    if family.key == "polres" and (grade := re.search(r"polres(tabes|ta)", head, re.IGNORECASE)):
        agency_id = f"id.polres{grade[1].lower()}-{part}"
    known = names().get(name)
    return (
        table().get(agency_id)
        or (table()[known[0]] if known else None)
        or Agency(
            agency_id, name, name, HOME, family.type, "subnational", seat, HOME, family.parent
        )
    )


def embassy(state: str, host: str, city: str, kind: str) -> Agency | None:
    """Return the embassy or consulate of one state in another, or None when its city is not known."""
    families = all_families()
    prefix = families.prefix.get(state, state.lower())
    if city not in families.posts:
        city = families.embassy_seats.get(host) or families.capital.get(host, city)
    if not city:
        return None
    part = families.posts.get(city, (host, slug(city)))[1]
    agency_id = f"{prefix}.{kind}-{part}"
    known = table().get(agency_id)
    if known:
        return known
    own = families.state.get(state, state)
    head, english = (
        ("Kedutaan Besar", "Embassy") if kind == "embassy" else ("Konsulat Jenderal", "Consulate General")
    )  # fmt: skip
    return Agency(
        agency_id, f"{head} {own} {city}", f"{english} of {own} in {city}", state,
        "embassy" if kind == "embassy" else "consulate", "mission", city, host,
        families.known.get(("mfa", state)),
    )  # fmt: skip


def national_body(key: str, state: str) -> Agency:
    """Return the body of this kind of a state, from the table or made by its pattern."""
    families = all_families()
    known = families.known.get((key, state))
    if known:
        return table()[known]
    prefix, own = families.prefix.get(state, state.lower()), families.state.get(state, state)
    if key in families.subject:
        name, kind = f"Kementerian {families.subject[key]} {own}", "ministry"
    else:
        body = families.bodies[key]
        name, kind = f"{body['name']} {own}", body["type"]
    return Agency(
        f"{prefix}.{key}",
        name,
        name,
        state,
        kind,
        "national",
        families.capital.get(state, ""),
        state,
    )


def trial_court(seat: str) -> Agency:
    """Return the Regional Trial Court of a Philippine city."""
    place = (seat.title() if seat.isupper() else seat).removesuffix(" City")
    name = f"{place} Regional Trial Court"
    return Agency(f"ph.rtc-{slug(place)}", name, name, "PHL", "court", "subnational", place, "PHL")
