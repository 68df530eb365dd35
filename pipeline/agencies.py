"""Read which authorities, missions, courts, forces and groups a text names, and what each does in it.

    text, [TaggedSpan] -> [AgencyReading]

Single agencies stand in ``data/agencies.csv``; those that are named by pattern ("Polres <town>", "KBRI
<city>", "<state>'s Interior Ministry") in ``data/agency_families.yml``. A reading covers the seat or
jurisdiction in the name, so that the place in it is never taken for the place of an event. Bare words
("polisi", "police", "kementerian") name no agency; a bare "KBRI" or "Interior Ministry" names the one that
the text speaks of. After a renaming the name as printed keeps its own id (codebook, section 5).
"""

from __future__ import annotations

import bisect
import csv
import datetime as dt
import functools
import importlib.resources
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import yaml

from pipeline.protocols import TaggedSpan
from pipeline.records import AgencyRole, MentionKind

HOME = "IDN"

# Scores: a name of the table, by pattern, one that only its surroundings complete, a body we do not know.
_BY_NAME, _BY_PATTERN, _BY_CONTEXT, _OPEN = 1.0, 0.95, 0.7, 0.5


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


@dataclass(frozen=True, slots=True)
class AgencyReading:
    """A stretch of text that names an agency, and what the agency does there."""

    start: int
    end: int
    surface: str
    agency: Agency
    role: AgencyRole
    score: float


class _Find(NamedTuple):
    start: int
    end: int
    agency: Agency
    score: float


# --- the tables ------------------------------------------------------------------------------------


def _day(value: str) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


def _parts(value: str) -> tuple[str, ...]:
    return tuple(part for part in value.split(";") if part)


@functools.cache
def _table() -> Mapping[str, Agency]:
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
    return _table().get(agency_id)


def identify(name: str) -> Agency | None:
    """Return the agency that this name alone stands for, as another table may write it."""
    known = names().get(name)
    if known:
        return _table()[known[0]]
    span = TaggedSpan(
        kind=MentionKind.AGENCY, start=0, end=0, surface="", extractor="", candidate_ids=()
    )
    found = [
        item
        for item in read(name, [span], language="und", reference_date=dt.date.max)
        if item.end - item.start >= len(name) * 3 // 4
    ]
    return found[0].agency if found else None


# How outlets spell the same word: each pair is tried on every name, both ways.
_SPELLINGS = (
    ("Kementerian", "Kementrian"), ("Pelindungan", "Perlindungan"), ("Centre", "Center"),
    ("Organisation", "Organization"), ("Defence", "Defense"), ("Labour", "Labor"), (" dan ", " & "),
    ("U.S.", "US"), ("Tiongkok", "China"), ("Kamboja", "Kemboja"), ("-Trafficking", " Trafficking"),
    ("Anti-", "Anti "), (", dan ", " dan "), (", and ", " and "),
)  # fmt: skip


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
    for item in _table().values():
        own = {item.name, item.name_en, *item.acronyms, *item.aliases}
        if item.country == HOME and item.type == "ministry":
            own |= {f"{item.name} Republik Indonesia", f"{item.name} RI"}
        for name in own:
            for form in _spelt(name):
                if form and item.agency_id not in found[form]:
                    found[form].append(item.agency_id)
    # A name that one agency bears itself beats the same form as a respelling of another's.
    own_names = {item.name: item.agency_id for item in _table().values()}
    for name, ids in found.items():
        ids.sort(key=lambda key, name=name: (own_names.get(name) != key, key))  # type: ignore[misc]
    return MappingProxyType({name: tuple(ids) for name, ids in sorted(found.items())})


def _either(words: Sequence[str] | Mapping[str, Any]) -> str:
    """Return a pattern for any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda w: (-len(w), w)))


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", name.lower())


class _Local(NamedTuple):
    """A body that stands in many places: "Polres <town>"."""

    key: str
    head: re.Pattern[str]
    name: str
    part: str
    type: str
    parent: str | None
    seat: str
    fallback: bool


class _Families:
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
            _Local(
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
            agency = _table().get(agency_id) or Agency(
                agency_id, f"{kind} {city}", f"{english} of Indonesia in {city}", HOME,
                "embassy" if kind == "KBRI" else "consulate", "mission", city, code, "id.kemlu",
            )  # fmt: skip
            for spelling in (city, *spellings):
                self.mission[(kind, spelling)] = agency
                self.mission_cities[spelling] = code
            if kind in {"KBRI", "KDEI"}:
                self.embassy_in.setdefault(code, agency)
        self.posts: dict[str, tuple[str, str]] = {
            city: (code, _slug(city)) for city, code in self.capitals.items()
        }
        self.posts.update({city: (code, part) for city, code, part in raw["posts"]})

    def _provinces(self, raw: dict[str, Any]) -> None:
        """Spelling of a province -> the short form that names its bodies."""
        self.province: dict[str, str] = {}
        self.province_part: dict[str, str] = {}
        for agency in _table().values():
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
            rf"(?<![\w-])(?:(?P<embassy>Kedutaan Besar|Kedutaan|Kedubes|Duta Besar|Dubes)|(?P<cg>Konsulat(?: Jenderal| Jeneral| Besar)?|Konsul Jenderal)) (?P<state>{country})(?!\w)"
            rf"(?: (?:(?:di|untuk|bagi) )?(?P<city>{_either([*self.posts, *self.country])})(?!\w))?"
        )
        self.mission_en = re.compile(
            rf"(?<![\w-])(?:(?P<adj>{adjective})(?:['’]s)? (?:(?P<embassy>[Ee]mbass(?:y|ies)|[Aa]mbassador(?= (?:in|to|for) ))|(?P<cg>[Cc]onsulate(?:[ -][Gg]eneral)?|[Cc]onsul[ -][Gg]eneral))"
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
def _families() -> _Families:
    return _Families()


# --- what the text speaks of -------------------------------------------------------------------------

_COUNTED = re.compile(r"(?:\d|\b(?:WN|warga|dua|tiga|two|three|five|seven|one|a))\s$")
_TITLE_WEIGHT = 3
_DATELINE = re.compile(r"(?P<city>[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+)?)\b[^\n]{0,25}?(?: [-–—]|—|\()")


class _Context:
    """The states a text speaks of, where, and the bodies it has named in full so far."""

    def __init__(
        self,
        text: str,
        language: str,
        home: str | None,
        places: Mapping[int, Sequence[TaggedSpan]],
    ) -> None:
        self.language, self.home = language, home
        self.weight: Counter[str] = Counter()
        self.people: Counter[str] = Counter()
        self.seen: dict[str, str] = {}
        signs = _families().signs
        title_end = text.find("\n") if "\n" in text else 0
        for match in _families().sign.finditer(text):
            code = signs[match[0]]
            weight = _TITLE_WEIGHT if match.start() < title_end else 1
            # "27 Chinese, 75 Indonesians": people of a state say little about whose bodies act.
            if _COUNTED.search(text, max(0, match.start() - 6), match.start()):
                self.people[code] += weight
            else:
                self.weight[code] += weight
        for start, group in places.items():
            surface, state = group[0].surface, _state_of(group[0])
            if state is not None and len(surface) > _SHORT and surface not in signs:
                self.weight[state] += _TITLE_WEIGHT if start < title_end else 1
        dateline = _DATELINE.match(text, title_end + 1)
        if dateline and dateline["city"].title() in _families().capitals:
            self.weight[_families().capitals[dateline["city"].title()]] += _TITLE_WEIGHT

    def own_state(self, key: str) -> str | None:
        """Return the state whose ministry or body a bare name means."""
        if self.language in {"id", "ms"}:  # these outlets print a foreign body's state every time
            return self.home or {"id": "IDN", "ms": "MYS"}[self.language]
        if key in self.seen:
            return self.seen[key]
        scores = Counter(self.weight)
        if key == "mfa":  # it speaks for its own people abroad
            scores.update(self.people)
        if not scores:
            return self.home
        best, most = min(scores.items(), key=lambda item: (-item[1], item[0]))
        # The outlet's own state is meant unless the text hardly speaks of it.
        if self.home and scores[self.home] * 2 >= most:
            return self.home
        return best

    def host(self, but: str = HOME) -> str | None:
        """Return the foreign state the text speaks of most, seen from the state ``but``."""
        codes = {code: n for code, n in self.weight.items() if code != but}
        return min(codes, key=lambda code: (-codes[code], code)) if codes else None


# --- finding ---------------------------------------------------------------------------------------


def read(
    text: str,
    spans: Sequence[TaggedSpan],
    *,
    language: str,
    reference_date: dt.date,
    country_hint: str | None = None,
) -> list[AgencyReading]:
    """Return the agencies named in the text, in order and without overlaps; the longest name wins.

    ``spans`` are a tagger's finds over ``names()`` and over the names of places; ``country_hint`` is the
    state of the outlet.
    """
    places = _place_ends(spans)
    context = _Context(text, language, country_hint, places)
    finds = [
        *_from_table(text, spans, context, reference_date),
        *_local(text, places),
        *_missions(text, context),
        *_national(text, context),
        *_police_of_places(text, places, context),
        *_courts(text, places, context),
    ]
    finds += _bare(text, finds, context)
    kept = _longest(finds, ())
    kept = _longest(_open(text, context), kept)
    kept = _longest(_acronyms(text, kept), kept)
    home = country_hint or {"ms": "MYS"}.get(language, HOME)
    return [
        AgencyReading(
            item.start, item.end, text[item.start : item.end], item.agency, _role(text, item, home), item.score
        )
        for item in kept
    ]  # fmt: skip


def _longest(finds: Iterable[_Find], given: Sequence[_Find]) -> list[_Find]:
    """Return what was given and the finds that overlap nothing: longer first, surer first."""
    kept = list(given)
    finds = sorted(finds, key=lambda f: (f.start - f.end, -f.score, f.start, f.agency.agency_id))
    taken = bytearray(max((item.end for item in [*kept, *finds]), default=0))
    for item in kept:
        taken[item.start : item.end] = b"\x01" * (item.end - item.start)
    for item in finds:
        if not any(taken[item.start : item.end]):
            taken[item.start : item.end] = b"\x01" * (item.end - item.start)
            kept.append(item)
    return sorted(kept, key=lambda item: item.start)


def _place_ends(spans: Sequence[TaggedSpan]) -> dict[int, list[TaggedSpan]]:
    """Return the spans of places by where they begin, the longest first."""
    found: dict[int, list[TaggedSpan]] = defaultdict(list)
    for span in spans:
        if span.kind is MentionKind.PLACE:
            found[span.start].append(span)
    for group in found.values():
        group.sort(key=lambda span: (-span.end, span.candidate_ids))
    return found


_RED_NOTICE = re.compile(r"[Rr]ed [Nn]otice(?: dari)? $")
_RI = re.compile(r" (?:RI|Republik Indonesia)\b")
# A short acronym of another state is a coincidence unless the text speaks of that state.
_SHORT = 4


def _from_table(
    text: str, spans: Sequence[TaggedSpan], context: _Context, day: dt.date
) -> Iterator[_Find]:
    table = _table()
    finds = []
    for span in spans:
        if span.kind is not MentionKind.AGENCY or not span.candidate_ids:
            continue
        agencies = [table[key] for key in span.candidate_ids if key in table]
        if not agencies or span.surface in _generic():
            continue  # "Ministry of Health" is read below, by whose it is
        agencies.sort(
            key=lambda item: (
                not item.is_valid(day),
                item.country != context.own_state("") if len(agencies) > 1 else False,
            )
        )
        finds.append((span, agencies[0]))
    spelt_out = {agency.agency_id for span, agency in finds if len(span.surface) > _SHORT + 2}
    for span, agency in finds:
        if agency.agency_id == "int.interpol" and (
            _RED_NOTICE.search(text, max(0, span.start - 20), span.start)
            or re.match(r"(?:['’]s)? [Rr]ed [Nn]otice", text[span.end : span.end + 14])
        ):
            continue
        if (
            len(span.surface) <= _SHORT
            and span.surface.isupper()
            and agency.country not in {HOME, None}
            and agency.agency_id not in spelt_out
            and not context.weight[agency.country or ""]
            and context.home != agency.country
        ):
            continue
        end = span.end
        if agency.country == HOME and (more := _RI.match(text, end)):
            end = more.end()
        elif agency.country == HOME and _OTHER_STATE.match(text[end : end + 40]):
            continue  # "Kemlu Myanmar" is read below
        yield _Find(span.start, end, agency, _BY_NAME)


@functools.cache
def _generic() -> frozenset[str]:
    """Return the names of the table that every state's own text would use of its own ministry."""
    families = _families()
    found = set()
    for name in names():
        one, other = families.ministry_id.fullmatch(name), families.ministry_en.fullmatch(name)
        if one and not (one["state"] or one["own"] or one["short"]):
            found.add(name)
        if other and not (other["state"] or other["adj"]):
            found.add(name)
    return frozenset(found - _OWN_NAMES)


# Only one state calls its ministry so.
_OWN_NAMES = {
    "Ministry of Foreign Affairs and International Cooperation", "Ministry of External Affairs", "External Affairs Ministry",
    "Department of Foreign Affairs", "Ministry of Social Development and Human Security",
}  # fmt: skip
_OTHER_STATE = re.compile(
    r" (?:Kamboja|Kemboja|Myanmar|Thailand|Filipina|Laos|Vietnam|Malaysia|Singapura|Tiongkok|China|Korea|India|Kenya|Jepang|Taiwan|AS)\b"
)

# What may stand between a head and its place, and what may follow the place in its name.
_BEFORE_SEAT = re.compile(
    r" (?:(?:Provinsi|Kota|Kabupaten|Kab\.|Kawasan|Kecamatan|Wilayah|Bandar Udara|Bandara(?: Internasional)?|Pelabuhan|Pos) )*"
)
_SIDE = re.compile(
    r" (?:Kota|Kabupaten|Utara|Selatan|Barat|Timur|Pusat|Tengah|Tenggara|Besar|Raya|Ilir|Ulu)(?!\w)"
)
_SEAT_WORD = re.compile(r"[A-Z][\w'’/-]+")
_NOT_A_SEAT = re.compile(
    r"(?:AKBP|AKP|Kombes|Kompol|Kombespol|Irjen|Brigjen|Iptu|Ipda|Aiptu|Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu|Polri|Polda|Kelas|"
    r"Republik|Indonesia|RI|Dalam|Untuk|Dan|Yang|Di|Ke|Dari|Baca|Sebut|Tangkap|Ungkap|Gagalkan|Tegaskan|Bongkar|Amankan|Periksa|Setempat|Terpadu|Jenderal)(?!\w)"
)


def _local(text: str, places: Mapping[int, Sequence[TaggedSpan]]) -> Iterator[_Find]:
    families = _families()
    title_end = text.find("\n")
    for match in families.local_head.finditer(text):
        family = families.local_by_key[match.lastgroup or ""]
        gap = _BEFORE_SEAT.match(text, match.end())
        if gap is None:
            continue
        stop = _seat_end(
            text, gap.end(), places, family.fallback and match.start() >= title_end, family.seat
        )
        if stop is None:
            continue
        agency = _local_agency(family, match[0], text[match.end() + 1 : stop])
        yield _Find(match.start(), stop, agency, _BY_PATTERN)
        # "Polda Riau dan Kepri": the second place inherits the head.
        more = re.match(r"(?:,? (?:dan|serta) |, )", text[stop : stop + 8])
        if more:
            begin = stop + more.end()
            second = _seat_end(text, begin, places, fallback=False, seat=family.seat)
            if second is not None and (family.seat == "province") == (
                text[begin:second] in families.province
            ):
                yield _Find(
                    begin, second, _local_agency(family, match[0], text[begin:second]), _BY_CONTEXT
                )


def _seat_end(
    text: str, begin: int, places: Mapping[int, Sequence[TaggedSpan]], fallback: bool, seat: str
) -> int | None:
    """Return where the place that begins here ends, or None when none does."""
    families = _families()
    if seat == "province":
        for size in (3, 2, 1):
            words = re.match(
                rf"[A-Z]\w+(?: [A-Z]\w+){{{size - 1}}}(?!\w)", text[begin : begin + 60]
            )
            if words and words[0] in families.province:
                return begin + words.end()
    if _NOT_A_SEAT.match(text, begin):
        return None
    stop: int | None = None
    if begin in places:
        stop = places[begin][0].end
    elif fallback and (word := _SEAT_WORD.match(text, begin)):
        stop = word.end()
    if stop is None:
        return None
    while side := _SIDE.match(text, stop):
        stop = side.end()
    return stop


_RANKED = re.compile(r"(?:Ka|Waka|Ma)(?=pol)|Wakil Kepala ")


def _local_agency(family: _Local, head: str, seat: str) -> Agency:
    families = _families()
    if family.seat == "province":
        short = families.province.get(re.sub(r"^(?:Provinsi|Wilayah) ", "", seat), seat)
        part = families.province_part.get(short, _slug(short))
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
        if family.key in {"pemkot", "pemkab"}:
            seat = re.sub(r"^Kota ", "", seat)
        name = f"{kind} {seat}"
        part = _slug(name.removeprefix(family.name) if family.key == "polres" else seat)
        for grade_word in ("tabes", "ta"):
            if family.key == "polres" and kind.startswith(f"Polres{grade_word}"):
                part = _slug(seat)
    agency_id = f"id.{family.part}{part}"
    if family.key == "polres" and (grade := re.search(r"polres(tabes|ta)", head, re.IGNORECASE)):
        agency_id = f"id.polres{grade[1].lower()}-{part}"
    known = names().get(name)
    return (
        _table().get(agency_id)
        or (_table()[known[0]] if known else None)
        or Agency(
            agency_id, name, name, HOME, family.type, "subnational", seat, HOME, family.parent
        )
    )


def _embassy(state: str, host: str, city: str, kind: str) -> Agency:
    """Return the embassy or consulate of one state in another."""
    families = _families()
    prefix = families.prefix.get(state, state.lower())
    city = city if city in families.posts else families.capital.get(host, city)
    part = families.posts.get(city, (host, _slug(city)))[1]
    agency_id = f"{prefix}.{kind}-{part}"
    known = _table().get(agency_id)
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


def _mission_of(
    state: str, kind: str, city: str | None, context: _Context
) -> tuple[Agency | None, str | None]:
    """Return the mission of a state in a city or country, and the host state."""
    families = _families()
    host = None
    if city:
        host = families.mission_cities.get(city) or families.country.get(city) or (
            families.posts[city][0] if city in families.posts else None
        )  # fmt: skip
    if state == HOME:
        wanted = ("KBRI", "KDEI", "KJRI", "KRI") if kind == "embassy" else ("KJRI", "KRI", "KDEI")
        if city:
            for form in wanted:
                if (form, city) in families.mission:
                    return families.mission[(form, city)], host
        if city and host and city in families.country:
            return families.embassy_in.get(host), host
        if city is None and (there := context.host()) and there in families.embassy_in:
            return families.embassy_in[there], there
        return None, None
    host = host or context.host(but=state)
    if host is None or host == state:
        return None, None
    return _embassy(state, host, city or "", kind), host


def _missions(text: str, context: _Context) -> Iterator[_Find]:
    families = _families()
    for match in families.kbri.finditer(text):
        city = match["city"]
        kind = match["kind"] or ("KJRI" if match["cg"] else "KBRI")
        kind = "KRI" if kind.startswith("Konsul") else kind
        if city is None:
            if match["kind"] and kind != "KRI":
                yield from _unplaced_mission(text, match, kind, context)
            continue
        agency = families.mission.get((kind, city))
        if agency is None and kind != "KRI":
            agency = _mission_of(HOME, "embassy" if kind == "KBRI" else "consulate", city, context)[
                0
            ]
        if agency is None:
            continue
        yield _Find(match.start(), match.end(), agency, _BY_PATTERN)
        yield from _next_cities(text, match.end(), kind)
    for match in families.mission_id.finditer(text):
        state = families.country[match["state"]]
        kind = "embassy" if match["embassy"] else "consulate"
        agency, _ = _mission_of(state, kind, match["city"], context)
        if agency is not None:
            yield _Find(
                match.start(), match.end(), agency, _BY_PATTERN if match["city"] else _BY_CONTEXT
            )
    for match in _if_any(families.mission_en, text, _MISSION_SIGNS):
        named = match["state"] or match["state2"]
        state = families.country[named] if named else families.adjective[match["adj"]]
        kind = "embassy" if match["embassy"] or match["embassy2"] else "consulate"
        agency, _ = _mission_of(state, kind, match["city"], context)
        if agency is None:
            continue
        yield _Find(
            match.start(), match.end(), agency, _BY_PATTERN if match["city"] else _BY_CONTEXT
        )
        if state == HOME and match["city"]:
            yield from _next_cities(text, match.end(), "KBRI")
    for match in families.ncb.finditer(text):
        code = families.capitals.get(match["city"]) or families.country[match["city"]]
        if code == HOME:
            yield _Find(match.start(), match.end(), _table()["id.ncb-interpol"], _BY_PATTERN)
            continue
        prefix = families.prefix.get(code, code.lower())
        city = families.capital.get(code, match["city"])
        agency = Agency(
            f"{prefix}.ncb-interpol", f"NCB {city}", f"NCB Interpol {city}", code, "police_unit", "national",
            city, code, families.known.get(("police", code)),
        )  # fmt: skip
        yield _Find(match.start(), match.end(), agency, _BY_PATTERN)


def _unplaced_mission(
    text: str, match: re.Match[str], kind: str, context: _Context
) -> Iterator[_Find]:
    """Yield a mission whose city is unknown to us; a bare one is read later from what else is named."""
    word = re.match(r" (?:di )?([A-Z][a-z]\w+)(?!\w)", text[match.end() : match.end() + 40])
    if word and not _NOT_A_SEAT.match(word[1]) and match.start() >= text.find("\n"):
        city = word[1]
        agency = Agency(
            f"id.{kind.lower()}-{_slug(city)}", f"{kind} {city}", f"Mission of Indonesia in {city}", HOME,
            "embassy" if kind == "KBRI" else "consulate", "mission", city, None, "id.kemlu",
        )  # fmt: skip
        yield _Find(match.start(), match.end() + word.end(), agency, _BY_PATTERN)


def _next_cities(text: str, end: int, kind: str) -> Iterator[_Find]:
    """Yield the further seats of an enumeration: "KBRI Yangon dan Bangkok"."""
    families = _families()
    while more := families.next_city.match(text, end):
        agency = families.mission.get((kind, more["city"]))
        if agency is None:
            return
        yield _Find(more.start("city"), more.end("city"), agency, _BY_CONTEXT)
        end = more.end()


def _national_agency(key: str, state: str) -> Agency:
    """Return the body of this kind of a state, from the table or made by its pattern."""
    families = _families()
    known = families.known.get((key, state))
    if known:
        return _table()[known]
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


def _national(text: str, context: _Context) -> Iterator[_Find]:
    """Yield ministries, police, immigration, forces and heads of government of states."""
    families = _families()
    bare: list[tuple[re.Match[str], str, int]] = []
    for match in families.ministry_id.finditer(text):
        key = (
            families.ministry_word[match["word"]]
            if match["word"]
            else families.ministry_short[match["short"]]
        )
        named = match["state"] or match["shared"]
        if match["word"] == "Luar" and context.language == "id":
            continue
        if named or match["own"]:
            state = families.country[named] if named else HOME
            context.seen.setdefault(key, state)
            yield _Find(match.start(), match.end(), _national_agency(key, state), _BY_PATTERN)
        elif match["short"]:
            yield _Find(match.start(), match.end(), _national_agency(key, HOME), _BY_PATTERN)
        elif key not in {"security", "justice", "tourism", "information"}:
            bare.append((match, key, match.end()))
    for match in _if_any(families.ministry_en, text, _MINISTRY_SIGNS):
        subject = (match["subject"] or match["subject2"]).lower()
        key = families.ministry_english[subject.removeprefix("the ")]
        named = match["adj"] or match["from"] or match["state"]
        if named:
            code = families.adjective.get(named) or families.signs[named]
            context.seen.setdefault(key, code)
            yield _Find(match.start(), match.end(), _national_agency(key, code), _BY_PATTERN)
        elif match[0][0].isupper() or match["subject"]:
            bare.append((match, key, match.end()))
    for match in families.body_id.finditer(text):
        key = (
            match.lastgroup
            if match.lastgroup in families.bodies
            else _group(match, families.bodies)
        )
        named = match["state"] or match["shared"]
        state = families.country[named]
        if match["state"] is None and match[0][0].islower():
            continue
        yield _Find(match.start(), match.end(), _national_agency(key, state), _BY_PATTERN)
    for match in families.pm_name.finditer(text):
        agency = _national_agency("pm", families.officials[match["who"]])
        yield _Find(match.start(), match.end(), agency, _BY_PATTERN)
    for match in _if_any(families.body_en, text, _BODY_SIGNS):
        key = _group(match, [*families.bodies, "bare_police", "bare_immigration"])
        if key.startswith("bare_"):
            bare.append((match, key.removeprefix("bare_"), match.end()))
            continue
        state = families.adjective[match["adj"]]
        context.seen.setdefault(key, state)
        yield _Find(match.start(), match.end(), _national_agency(key, state), _BY_PATTERN)
    for match, key, end in bare:
        own = context.own_state(key)
        if own is not None:
            yield _Find(match.start(), end, _national_agency(key, own), _BY_CONTEXT)


# English patterns open with an optional state, which makes them slow to fail: these signs must be there.
_MINISTRY_SIGNS = ("inist", "INIST", "ecretary", "Department")
_BODY_SIGNS = (
    "olice",
    "mmigration",
    "junta",
    "military",
    "army",
    "troops",
    "soldiers",
    "rmed ",
    "rime ",
)
_MISSION_SIGNS = ("mbass", "onsul")


def _if_any(pattern: re.Pattern[str], text: str, signs: Sequence[str]) -> Iterable[re.Match[str]]:
    return pattern.finditer(text) if any(sign in text for sign in signs) else ()


def _group(match: re.Match[str], keys: Sequence[str] | Mapping[str, Any]) -> str:
    groups = match.groupdict()
    return next(key for key in keys if groups.get(key))


_POLICE_OF = re.compile(
    r"(?: [Pp]rovinc(?:e|ial)| [Cc]ity| [Dd]istrict| [Mm]unicipal)? [Pp]olice(?!\w)"
)
# "Border Patrol Police": not the police of a village called Patrol.
_CAPITAL_BEFORE = re.compile(r"(?<![.!?\n] )(?!(?:In|At|The|On|But|And|Both) )\b[A-Z]\w+ $")
_MY_CHIEF = re.compile(
    r"(?<!\w)(?:(?:Timbalan |Pemangku )?Ketua Polis(?: Daerah| Negeri| Kontinjen)?|Ibu Pejabat Polis(?: Daerah| Kontinjen)?(?: \(IP[DK]\))?|IP[DK]) (?P<seat>[A-Z]\w+(?: [A-Z]\w+)?)"
)
_ID_POLICE_OF = re.compile(
    r"(?<!\w)(?:Kepolisian|Polisi|Polis) (?:(?:Kota|Provinsi|Wilayah|Daerah|Distrik) )?$"
)


def _state_of(span: TaggedSpan) -> str | None:
    """Return the state of a place: gazetteer ids begin with its two letters."""
    if not span.candidate_ids:
        return None
    return _families().code.get(span.candidate_ids[0][:2].lower())


def _police_of_places(
    text: str, places: Mapping[int, Sequence[TaggedSpan]], context: _Context
) -> Iterator[_Find]:
    """Yield the police of towns and provinces abroad; the table knows only the force they belong to."""
    families = _families()
    for match in _MY_CHIEF.finditer(text):
        if context.language == "ms" or context.weight["MYS"]:
            yield _Find(match.start(), match.end(), _table()["my.pdrm"], _BY_PATTERN)
    for start, group in places.items():
        span = group[0]
        state = _state_of(span)
        if state is None or span.surface in families.country:
            continue
        if state == HOME:
            after = _POLICE_OF.match(text, span.end)
            if (
                after
                and context.language == "en"
                and not _CAPITAL_BEFORE.search(text, max(0, start - 20), start)
            ):
                family = families.local_by_key[
                    "polda" if span.surface in families.province else "polres"
                ]
                agency = _local_agency(family, family.name, span.surface)
                yield _Find(start, after.end(), agency, _BY_PATTERN)
            continue
        known = families.known.get(("police", state))
        if known is None:
            continue
        if after := _POLICE_OF.match(text, span.end):
            yield _Find(start, after.end(), _table()[known], _BY_PATTERN)
        elif before := _ID_POLICE_OF.search(text, max(0, start - 30), start):
            yield _Find(before.start(), span.end, _table()[known], _BY_PATTERN)


_COURT_SIGNS = ("Court", "court", "COURT", "RTC", "Jail")
_COURT_AFTER = re.compile(
    r"(?: (?:City|Municipal|CITY))? (?:(?P<rtc>Regional Trial Court|RTC|REGIONAL TRIAL COURT)(?: Branch \d+)?|(?P<court>[Cc]ourt|COURT)(?! of| Jester))(?!\w)"
)
_RTC_OF = re.compile(
    r"(?<!\w)(?:Regional Trial Court|RTC)(?: \(RTC\))?(?:,? Branch \d+,?)? (?:of|in) (?P<seat>[A-Z]\w+(?: City)?)"
)
_CHINESE_COURT = re.compile(
    r"(?<!\w)(?:the )?(?P<seat>[A-Z]\w+) (?:(?:Municipal )?Intermediate|High|Higher) People['’]s Court"
)
_COURT_SEAT = re.compile(
    r"(?<!\w)(?P<seat>[A-Z]\w+(?: [A-Z]\w+)?)"
    r"(?= (?:City |Municipal |CITY )?(?:[Cc]ourt|COURT|Regional Trial|REGIONAL|RTC))"
)
_NO_SEAT = re.compile(
    r"The|Supreme|High|Criminal|Civil|Appeals?|Constitutional|A|Trial|District|Family|Central|Jakarta|"
    r".*People.*|Regional.*|.*Supreme|.*High|.*Municipal"
)
_JAIL = re.compile(r"(?:[A-Z]\w+ ){1,3}(?:City|Provincial|District|Municipal) Jail(?!\w)")


def _courts(
    text: str, places: Mapping[int, Sequence[TaggedSpan]], context: _Context
) -> Iterator[_Find]:
    if not any(sign in text for sign in _COURT_SIGNS):
        return
    for match in _CHINESE_COURT.finditer(text):
        seat = match["seat"]
        name = match[0].removeprefix("the ").replace("’", "'")
        start = match.start() + (4 if match[0].startswith("the ") else 0)
        yield _Find(
            start, match.end(),
            Agency(f"cn.court-{_slug(seat)}", name, name, "CHN", "court", "subnational", seat, "CHN"), _BY_PATTERN,
        )  # fmt: skip
    if not context.weight["PHL"] and context.home != "PHL" and "Regional Trial Court" not in text:
        return
    for match in _RTC_OF.finditer(text):
        yield _Find(match.start(), match.end(), _trial_court(match["seat"]), _BY_PATTERN)
    for match in _JAIL.finditer(text):
        yield _Find(match.start(), match.end(), _table()["ph.bjmp"], _BY_PATTERN)
    for match in _COURT_SEAT.finditer(text):
        after = _COURT_AFTER.match(text, match.end())
        seat, start = match["seat"], match.start()
        if after is None or _NO_SEAT.fullmatch(seat):
            continue
        for lead in ("The ", "A "):
            if seat.startswith(lead):
                start, seat = start + len(lead), seat.removeprefix(lead)
        state = next((_state_of(span) for span in places.get(start, ())), None)
        if state == "PHL" or after["rtc"] or (state is None and context.own_state("") == "PHL"):
            yield _Find(start, after.end(), _trial_court(seat), _BY_PATTERN)


def _trial_court(seat: str) -> Agency:
    place = (seat.title() if seat.isupper() else seat).removesuffix(" City")
    name = f"{place} Regional Trial Court"
    return Agency(f"ph.rtc-{_slug(place)}", name, name, "PHL", "court", "subnational", place, "PHL")


_SENTENCE_WORDS = re.compile(
    r"^(?:(?:The|A|An|In|On|At|By|But|And|For|From|With|According|When|While|After|Meanwhile|Its|Their|His|Her|This|That|Former|Mr|Ms|Mrs|Dr|Maj|Gen|Col|Lt|Police|"
    r"Chief|Director|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday) )+"
)
# Bodies of the state need two words more than the head; "Badan Usaha" or "Jaringan Internasional" name nobody.
_WANTS_TWO = {"Lembaga", "Badan", "Komisi", "Komite", "Jaringan", "Jabatan", "Satgas", "Satuan Tugas", "Balai", "Agensi", "Majlis", "Serikat", "Dinas"}  # fmt: skip
_WANTS_THREE = {"Center", "Centre", "Office", "Network", "Administration"}
_NO_NAME = re.compile(
    r"Lembaga Pemasyarakatan|Jabatan (?:Ketua|Menteri|Presiden)|Mahkamah (?:Majistret|Sesyen|Tinggi)$|Dinas Luar|Serikat Pekerja$|"
    r"(?:Special|Exclusive) Economic|(?:Trade|Convention|Shopping|City|Detention|Call|Scam|World|Medical|Referral|Town|Batam|Business) Cent(?:er|re)|Security Council Res|Kementerian(?:/| Lembaga)"
)


def _open(text: str, context: _Context) -> Iterator[_Find]:
    """Yield bodies that no table knows, by the words that such names open or close with."""
    families = _families()
    body = text.find("\n") + 1  # headlines capitalise every word
    at = body
    while match := families.open_id.search(text, at):
        head, name = match["head"], match[0].rstrip(",")
        if other := families.next_name.search(name):
            name = name[: other.start()]
        # "Yayasan Mawar, Polda Riau" are two names: a comma goes on only when "dan" ends the list.
        if "," in name and not re.search(r", dan [A-Z]", name):
            name = name.split(",")[0]
        at = match.start() + max(len(name), len(head))  # the next name of a list may begin here
        wanted = len(head.split()) + (2 if head in _WANTS_TWO else 1)
        if len(name.split()) >= wanted and not _NO_NAME.match(name):
            yield _named_so(match.start(), name, families.open_names["heads"][head], context)
    for pattern, kinds, group in (
        (families.open_tail, families.open_names["tails"], "tail"),
        (families.open_head, families.open_names["english_heads"], "head"),
    ):
        for match in pattern.finditer(text, body):
            name = _SENTENCE_WORDS.sub("", match[0])
            least = 3 if match[group] in _WANTS_THREE else 2
            if len(name.split()) < least or _NO_NAME.search(name):
                continue
            start = match.end() - len(name)
            yield _named_so(start, name, kinds[match[group]], context)


def _named_so(start: int, name: str, kind: str, context: _Context) -> _Find:
    """Return a find whose agency is called as the text calls it."""
    families = _families()
    sign = families.sign.search(name)
    code = families.signs[sign[0]] if sign else context.own_state("")
    prefix = "int" if code is None else families.prefix.get(code, code.lower())
    agency = Agency(f"{prefix}.{_slug(name)}", name, name, code, kind, "national", "", code)
    return _Find(start, start + len(name), agency, _OPEN)


_IN_BRACKETS = re.compile(r" \((?P<short>[A-Z][A-Za-z]*[A-Z][A-Za-z]*(?:-[A-Z]+)?)\)")


def _acronyms(text: str, kept: Sequence[_Find]) -> Iterator[_Find]:
    """Yield the uses of an acronym that the text itself gives for a name before it."""
    known: dict[str, Agency] = {}
    for item in kept:
        match = _IN_BRACKETS.match(text, item.end)
        if match and len(match["short"]) >= _LEAST_ACRONYM:
            known.setdefault(match["short"], item.agency)
    for short, agency in known.items():
        for match in re.finditer(rf"(?<![\w-]){re.escape(short)}(?!\w)", text):
            yield _Find(match.start(), match.end(), agency, _OPEN)


_LEAST_ACRONYM = 3


_BARE_MISSION = re.compile(
    r"(?<![\w-])(?:(?P<kbri>KBRI|KJRI)|(?P<name>[Kk]edutaan(?: [Bb]esar)?|[Tt]he [Ee]mbassy|[Ee]mbassy)(?! (?:of|Besar|RI|Malaysia)))(?!\w)"
)
_KODAM = re.compile(
    r"(?<!\w)(?:Pangdam|Kodam|Kapendam)(?: (?P<number>[IVX]+)(?:/| )(?P<name>[A-Z]\w+(?: (?:Barisan|Jaya))?)| (?P<only>Jaya|Udayana|Diponegoro|Siliwangi|Brawijaya|Hasanuddin|Mulawarman|Tanjungpura|Cenderawasih|Pattimura|Kasuari))?(?!\w)"
)


def _bare(text: str, finds: Sequence[_Find], context: _Context) -> Iterator[_Find]:
    """Yield names that only what else the text names completes: "KBRI", "the embassy", "Kodam"."""
    missions = sorted(
        (item for item in finds if item.agency.level == "mission"), key=lambda item: item.start
    )
    pools: dict[tuple[str, bool], list[_Find]] = {
        (kind, indonesian): [
            item
            for item in missions
            if item.agency.type == kind and (item.agency.country == HOME or not indonesian)
        ]
        for kind in ("embassy", "consulate")
        for indonesian in (True, False)
    }
    for match in _BARE_MISSION.finditer(text):
        is_acronym = match["kbri"] is not None
        pool = pools["consulate" if match["kbri"] == "KJRI" else "embassy", is_acronym]
        start = match.start() + (4 if match[0][:4].lower() == "the " else 0)
        # The one named last before, else the first named after.
        before = bisect.bisect_right(pool, match.start(), key=lambda item: item.start)
        chosen = pool[max(0, before - 1)].agency if pool else None
        if chosen is None and (
            is_acronym
            or start < text.find("\n")
            or _OWN_EMBASSY.search(text, max(0, start - 20), start)
        ):
            chosen = _embassy_of_people(context, is_acronym)
        if chosen is not None:
            yield _Find(start, match.end(), chosen, _BY_CONTEXT)
    last: Agency | None = None
    for match in _KODAM.finditer(text):
        name = match["name"] or match["only"]
        if name:
            full = f"Kodam {match['number']}/{name}" if match["number"] else f"Kodam {name}"
            last = Agency(
                f"id.kodam-{_slug(name)}",
                full,
                full,
                HOME,
                "military",
                "subnational",
                "",
                HOME,
                "id.tni",
            )
        if last is not None:
            yield _Find(match.start(), match.end(), last, _BY_PATTERN if name else _BY_CONTEXT)


_OWN_EMBASSY = re.compile(r"(?:their|its|his|her)(?: country['’]s)? $|country['’]s $")


def _embassy_of_people(context: _Context, is_indonesian: bool) -> Agency | None:
    """Return the embassy that the people of the text turn to in the state it speaks of."""
    state: str | None = HOME
    if not is_indonesian:
        people = context.people or context.weight
        state = min(people, key=lambda code: (-people[code], code)) if people else None
    if state is None:
        return None
    agency, _ = _mission_of(state, "embassy", None, context)
    return agency


# --- what it does ----------------------------------------------------------------------------------

_SAID_AFTER = re.compile(
    r"^[^.!?\n]{0,70}?\b(?:mengatakan|menyebut(?:kan)?|menyatakan|mencatat|mengungkap(?:kan)?|melaporkan|menuturkan|menerangkan|memerinci|merinci|"
    r"menjelaskan|mengaku|menegaskan|berkata|memberitahu|mendata|said|says|told|reported|recorded|counted|announced|confirmed|added|stated|registered|according)\b"
)
_SAID_BEFORE = re.compile(
    r"\b(?:menurut|kata|ujar|tutur|ungkap|jelas|data|catatan|laporan|keterangan|dikutip dari|rilis|according to|data from|figures from|report by|statement (?:by|from)|said|told by)\b[^.!?\n]{0,40}$",
    re.IGNORECASE,
)
_BY_BEFORE = re.compile(
    r"\b(?:oleh|by|tim|bersama|dari tim|officers from|agents of)\s(?:the )?(?:\w+ )?$",
    re.IGNORECASE,
)
_ACTS_AFTER = re.compile(
    r"^(?: [A-Z]\w+){0,3} (?:(?:telah|sudah|kembali|berhasil|akan|juga|have|has|had|also|were|was) )?(?:me[a-z]{4,}|ber[a-z]{4,}|arrested|rescued|raided|freed|detained|deported|repatriated|picked|held|seized|took|handed|opened|launched|helped|sent|ordered|brought|caught|charged|filed)\b"
)
_HELPS = re.compile(
    r"memfasilitasi|fasilitasi|menampung|penampungan|mendampingi|pendampingan|membantu|bantuan|SPLP|dokumen perjalanan|memulangkan|pemulangan|shelter|facilitat|assist|travel (?:paper|document)|repatriat|helped",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d|puluhan|ratusan|ribuan|hundreds|thousands|dozens")
_STATE_BODIES = {"police", "police_unit", "immigration", "ministry", "government_agency", "military", "task_force", "government",
                 "local_government", "head_of_government", "regulator"}  # fmt: skip


def _role(text: str, item: _Find, home: str) -> AgencyRole:
    """Return what the agency does where it is named."""
    kind, agency = item.agency.type, item.agency
    begin = max(text.rfind("\n", 0, item.start), text.rfind(". ", 0, item.start)) + 1
    stops = [stop for stop in (text.find("\n", item.end), text.find(". ", item.end)) if stop >= 0]
    end = min(stops, default=len(text))
    begin, end = max(begin, item.start - 300), min(end, item.end + 300)
    before, after = text[begin : item.start], text[item.end : end]
    if _SAID_AFTER.search(after) or _SAID_BEFORE.search(before):
        has_figure = _FIGURE.search(before) or _FIGURE.search(after)
        return AgencyRole.SOURCE_OF_FIGURE if has_figure else AgencyRole.SPOKESPERSON
    if kind == "armed_group":
        return AgencyRole.ARMED_GROUP_IN_CONTROL
    if kind in {"court", "prosecution"}:
        return AgencyRole.COURT
    if kind in {"embassy", "consulate", "shelter", "ngo", "union", "igo"} and _HELPS.search(
        before[-80:] + after[:120]
    ):
        return (
            AgencyRole.SERVICE_PROVIDER
            if kind in {"shelter", "ngo", "union"}
            else AgencyRole.FACILITATOR
        )
    if kind in {"hospital", "shelter"}:
        return AgencyRole.SERVICE_PROVIDER
    if agency.country not in {home, None} and kind in _STATE_BODIES:
        return AgencyRole.HOST_AUTHORITY
    if kind in {"police", "police_unit", "immigration"}:
        return AgencyRole.LAW_ENFORCEMENT
    if _BY_BEFORE.search(before) or _ACTS_AFTER.search(after):
        return AgencyRole.ACTOR
    return AgencyRole.MENTIONED
