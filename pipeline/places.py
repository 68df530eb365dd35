"""Find out which place a name means, and what the place does in the text.

    text, [TaggedSpan] -> [PlaceReading]

The gazetteer is ``data/gazetteer.csv.gz`` (sources and licence: ``data/GAZETTEER.md``). A candidate span is
first admitted or refused: many names of the region are ordinary words ("Tak", "Batu", "Muse"), a country
behind "warga negara" is a nationality, a city inside "Bangkok Post" is a newspaper. What is admitted is
resolved by what else the text names: a parent behind a comma, the countries and provinces mentioned, the
size of the place. Roles follow the words around the name and are handed down along lists.
"""

from __future__ import annotations

import csv
import functools
import gzip
import importlib.resources
import io
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.protocols import TaggedSpan
from pipeline.records import GeoPrecision, MentionKind, PlaceRole

EXTRACTOR = "rules.places"
VERSION = "1"


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the gazetteer."""

    place_id: str
    name: str
    kind: str
    country: str | None
    admin1: str | None
    admin2: str | None
    lat: float | None
    lon: float | None
    precision: GeoPrecision
    population: int
    parent_id: str | None
    is_scam_site: bool
    is_ambiguous: bool
    is_sure: bool
    aliases: tuple[str, ...]

    @property
    def coarse_id(self) -> str:
        """The place at the second administrative level or above that stands for it in public tables."""
        if self.precision is GeoPrecision.SITE or self.kind in {"district", "ward", "village"}:
            return self.parent_id or self.place_id
        return self.place_id


@dataclass(frozen=True, slots=True)
class PlaceReading:
    """A place name in a text, resolved; offsets are into the text that was read."""

    start: int
    end: int
    surface: str
    place: Place | None
    role: PlaceRole
    score: float


# --- the gazetteer ---------------------------------------------------------------------------------


_DOUBTFUL = "~"  # opens such an alias in the file


@functools.cache
def _rows() -> dict[str, tuple[str, ...]]:
    packed = (importlib.resources.files("pipeline") / "data" / "gazetteer.csv.gz").read_bytes()
    reader = csv.reader(io.StringIO(gzip.decompress(packed).decode("utf-8"), newline=""))
    next(reader)
    return {row[0]: tuple(row) for row in reader}


@functools.cache
def get(place_id: str) -> Place | None:
    """Return the place with this id, if there is one."""
    row = _rows().get(place_id)
    if row is None:
        return None
    (key, name, kind, country, admin1, admin2, lat, lon, precision, people, parent, scam, vague, sure, other) = row  # fmt: skip
    return Place(
        key, name, kind, country or None, admin1 or None, admin2 or None,
        float(lat) if lat else None, float(lon) if lon else None, GeoPrecision(precision), int(people or 0),
        parent or None, bool(scam), bool(vague), bool(sure), tuple(other.replace(_DOUBTFUL, "").split(";")) if other else (),
    )  # fmt: skip


@functools.cache
def names() -> Mapping[str, tuple[str, ...]]:
    """Return every name as printed with the ids it may stand for, the likeliest first."""
    found: dict[str, list[str]] = defaultdict(list)
    for key, row in _rows().items():
        for name in (row[1], *(row[14].split(";") if row[14] else ())):
            printed = re.sub(r" \(.*\)$", "", name.removeprefix(_DOUBTFUL))
            if len(printed) > 1 and key not in found[printed]:
                found[printed].append(key)
    return {
        name: tuple(sorted(ids, key=lambda key: (-_prior(key), key))) if len(ids) > 1 else (ids[0],)
        for name, ids in found.items()
    }


@functools.cache
def _doubtful() -> frozenset[str]:
    """Return the other names that are more often words or people's names, in lower case."""
    return frozenset(
        name[1:].lower()
        for row in _rows().values()
        for name in row[14].split(";")
        if name.startswith(_DOUBTFUL)
    )


@functools.cache
def _by_lower() -> Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """Return the printed names and their ids by lower-case name."""
    table: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    for name, ids in names().items():
        table[name.lower()].append((name, ids))
    return {key: tuple(value) for key, value in table.items()}


_PRIOR = {"1": 4.0, "2": 2.5, "3": 4.5, "4": 5.0, "5": 7.0, "6": 3.5, "9": 0.0}


@functools.cache
def _prior(place_id: str) -> float:
    """Return how likely a bare name is to mean this place, before the text is read."""
    row = _rows()[place_id]
    value = _PRIOR[row[8]] + 0.3 * math.log10(int(row[9] or 0) + 1) + (1.0 if row[11] else 0.0)
    if row[2] in {"district", "ward", "township"} and not row[9]:
        value -= 1.0
    if row[13]:
        value += 1.5
    # Of a city and the regency around it the bare name means the city.
    return value - 0.3 if row[2] == "regency" else value


# --- admission -------------------------------------------------------------------------------------

# Unit words that belong to the name when they open it with a capital ("Provinsi Tak", "Bandara Juanda").
_UNIT = (
    r"(?:Terminal \d\w?,? )?(?:Bandara(?: Udara)?(?: Internasional)?|Lapangan Terbang(?: Antarabangsa)?)|Terminal \d\w?|"
    r"Pelabuhan(?: (?:Internasional|Ferry|Feri|Rakyat))*|Provinsi|Propinsi|Kabupaten|Kab\.|Kota(?: Administrasi)?|"
    r"Negara Bagian|Negeri|Pulau|Sungai|Barangay|Detensi Imigrasi|Zona|PLBN"
)
# Names that are first of all words for a kind of place, or half of one ("Polda Metro Jaya").
_UNIT_WORDS = frozenset(
    {"Kota", "Negara", "Negeri", "Metro", "Pulau", "Bandar", "Pekan", "Kuala", "Bukit"}
)
_BEFORE_UNIT = re.compile(
    rf"(?<!Ibu )(?<!Wali )(?<!Luar )(?<!Dalam )(?<!Pengadilan )(?<!Kejaksaan )(?<![\w-])(?P<unit>{_UNIT}) $"
)
_UNIT_OPENS = re.compile(rf"(?P<unit>{_UNIT}) (?=[A-Z])")
_AFTER_UNIT = re.compile(
    r"(?: (?:International )?Airport| City| State| Province| Special Economic Zone| SEZ| Freeport| Region)(?![\w])",
)
_AFTER_UNIT_CAPS = re.compile(r" (?:CITY|STATE|PROVINCE)(?!\w)")
# Words before or behind a name that say a place follows, without being part of it.
_TYPED_BEFORE = re.compile(
    r"(?:Kecamatan|kecamatan|Kec\.|Desa|desa|Kelurahan|kelurahan|Dusun|kabupaten|kota|provinsi|Distrik|distrik|daerah|Daerah|kawasan|wilayah|"
    r"pulau|negeri|bandar|Bandar|Pekan|pekan|Kampung|kampung|township of|town of|city of|district of|province of|municipality of|village of) $"
)
_TYPED_AFTER = re.compile(
    r"^(?:'s|’s)? (?:[Pp]rovince|[Dd]istrict|[Tt]ownship|[Tt]own|[Cc]ity|[Ss]tate|[Mm]unicipality|[Rr]egency|[Vv]illage|[Aa]irport|[Cc]ompound|border)\b"
)
_PREPOSITION = re.compile(
    r"(?:^|[\s(“\"])(?:di|ke|dari|asal|via|lewat|menuju|dekat|sekitar|antara|hingga|in|at|from|to|near|of|through|into|across|around|outside|inside|for|toward|towards|"
    r"Di|Dari|Ke|In|From|At|Near|daripada) (?:the |wilayah |kawasan |daerah |sekitar |northern |southern |eastern |western |central )?$"
)
_LIST_GAP = re.compile(
    r"^(?:,? (?:dan|serta|maupun|hingga|atau|and|or|&|then|lalu|kemudian) (?:the |di |dari |ke |juga )?|, (?:the |di |dari |ke )?|[-–—/]| ?[–—] ?|; )$"
)
_NATIONALITY_BEFORE = re.compile(
    r"(?<![\w-])(?:warga negara|warganegara|warga|WN|WNA|WNI|rakyat|berkebangsaan|kebangsaan|kewarganegaraan|bangsa|bahasa|etnis|keturunan|suku|"
    r"pekerja migran|tenaga kerja|buruh migran|orang|mata uang|dolar|paspor|pasport|masyarakat|pria|wanita|perempuan|laki-laki|lelaki|bos|bandar|turis|warganet) (?:asing )?$",
    re.IGNORECASE,
)
_NATIONALITY_AFTER = re.compile(
    r"^ (?:nationals?|citizens?|passports?|people|nationality|dollars?|migrants?|migrant workers?|workers|women|men|victims|suspects)\b",
)
# Newspapers, airlines, banks and clubs that carry a place in their name.
_NAME_AFTER = re.compile(
    r"^(?:'s|’s)? (?:Post|Times|Daily|Globe|Sun|Herald|Tribune|Airlines?|Airways|Air|Raya|Investment Bank|Bank|Mori|Nine|Lion|Highway|Street|Avenue|Road|Boulevard|Square|Tower|Hotel)\b|^\$"
)
_NAME_BEFORE = re.compile(r"(?<![\w-])(?:Bank|Universitas|Garuda|Air|Radio Free|Telkom|University of|Tribun|Lion|Harian|Persib|Persija|Gojek|Grab|Jalan|Jl\.|Gedung|Hotel|Gunung|Stasiun TV|PT|CV) $")  # fmt: skip
# A line that only points at another article.
_LINK_LINE = re.compile(
    r"(?:Baca [Jj]uga|BACA JUGA|Lihat [Jj]uga|Simak [Jj]uga|Also [Rr]ead|Read [Aa]lso|Read [Mm]ore) ?:"
)
_ADDRESS = re.compile(r"^(?:\.(?:com|co|id|net|go|org)\b|@|_)")
_MISSION = re.compile(r"KBRI|KJRI|KRI|Kedutaan|Kedubes|Konsulat|Duta|Dubes|Embassy|Consulate|(?:Indonesian|Malaysian|Philippine) Embassy")  # fmt: skip
_SEAT_GAPS = frozenset({" di ", " untuk ", " in ", " to "})
_SENTENCE_OPENS = re.compile(r"(?:^|[.!?:\n]|[.!?]['\"”’)])\s*[“\"'‘(\[•-]*\s*$")
_CAPITALISED = re.compile(r"(?:^|[\s(])([A-Z][\w'’.-]*) $")
_NEXT_CAPITALISED = re.compile(r"^ ([A-Z][a-z]\w*)")

# Words that tell that people are exploited or held: only then is a host country a destination.
_EXPLOITATION = re.compile(
    r"\b(?:scam\w*|scammer\w*|penipuan|judi|judol|perjudian|TPPO|perdagangan orang|pemerdagangan|traffick\w+|gambling|disekap|penyekapan|"
    r"fraud|kerja paksa|forced labou?r|sindiket|tawaran kerja|call[- ]cent(?:re|er)s?|compounds?)\b",
    re.IGNORECASE,
)
_HOSTS = frozenset({"KHM", "MMR", "LAO", "PHL", "THA", "VNM", "TLS", "MYS", "ARE"})


@dataclass(slots=True)
class _Find:
    """A candidate on its way through the steps."""

    start: int
    end: int
    surface: str
    ids: tuple[str, ...]
    unit: str = ""
    in_agency: bool = False
    behind_agency: bool = False
    is_typed: bool = False
    parent: int | None = None
    place: Place | None = None
    score: float = 0.0
    role: PlaceRole | None = None
    listed_after: int | None = None
    core: tuple[int, int] = (0, 0)
    further: tuple[PlaceRole, ...] = ()


def read(
    text: str,
    spans: Sequence[TaggedSpan],
    *,
    language: str,
    title_end: int,
    dateline: str | None = None,
    agency_spans: Sequence[tuple[int, int]] = (),
    home: str = "IDN",
) -> list[PlaceReading]:
    """Return the places among the candidate spans, in order; refused candidates are left out.

    ``home`` is the country whose people the outlet writes for; a text that speaks of another country's
    people held abroad is read with theirs.
    """
    finds = _candidates(text, spans, agency_spans)
    home = _home_of(text, finds, language, home)
    finds = _admit(text, finds, title_end, dateline, language, home)
    _resolve(text, finds, home)
    _assign_roles(text, finds, title_end, dateline, home)
    return [
        PlaceReading(item.start, item.end, item.surface, item.place, role, round(item.score, 3))
        for item in finds
        for role in (item.role or PlaceRole.MENTION, *item.further)
    ]


# Words for the people of countries that are both home and host.
_PEOPLE_OF = {
    "IDN": re.compile(r"\bIndonesians?\b|\bWNI\b|\bPMI\b|\b[Ww]arga [Nn]egara Indonesia\b"),
    "MYS": re.compile(r"\bMalaysians?\b|\b(?:[Rr]akyat|[Ww]arga) Malaysia\b"),
    "PHL": re.compile(r"\bFilipin[oa]s?\b(?! [A-Z])|\bOFWs?\b"),
    "THA": re.compile(r"\bThais\b|\bThai (?:nationals|citizens|workers|victims|women|men)\b"),
    "VNM": re.compile(r"\bVietnamese (?:nationals|citizens|workers|victims|women|men)\b"),
}


def _home_of(text: str, finds: Sequence[_Find], language: str, home: str) -> str:
    """Return the country whose people are abroad: the given one unless the text is about others."""
    counts = {code: len(words.findall(text)) for code, words in _PEOPLE_OF.items()}
    best = max(counts, key=lambda code: (counts[code], code == home))
    least = 1 if (language, best) == ("ms", "MYS") else 2
    if best == home or counts[best] < least or (language == "id" and best != "IDN"):
        return home
    named = Counter(place.country for item in finds if (place := get(item.ids[0])) is not None)
    abroad = any(named[code] >= 2 for code in _HOSTS - {best})
    return best if abroad else home


def _candidates(
    text: str, spans: Sequence[TaggedSpan], agency_spans: Sequence[tuple[int, int]]
) -> list[_Find]:
    """Return the widest spans that look like names, with the unit words that belong to them."""
    kept: list[_Find] = []
    taken_until = -1
    ordered = sorted(
        (item for item in spans if item.kind is MentionKind.PLACE),
        key=lambda item: (item.start, -item.end),
    )
    for span in ordered:
        if span.start < taken_until or not _fits_case(span, text):
            continue
        if span.surface in _UNIT_WORDS and not text[: span.start].endswith("Kota "):
            continue
        ids = _ids_for(span)
        if not ids:
            continue
        start, end, unit = span.start, span.end, ""
        opening = _UNIT_OPENS.match(span.surface)
        if opening is not None:
            unit = opening["unit"]
            rest = _by_lower().get(span.surface[opening.end() :].lower())
            ids = _likeliest_first((*ids, *(rest[0][1] if rest else ())))
        before = _BEFORE_UNIT.search(text, max(0, start - 48), start)
        if before is not None and before.start() >= taken_until:
            start, unit = before.start(), before["unit"]
        after = _AFTER_UNIT.match(text, end) or _AFTER_UNIT_CAPS.match(text, end)
        if after is not None and not text[span.start : end].lower().endswith(after[0].lower()):
            end, unit = after.end(), unit or after[0].strip()
        whole = _by_lower().get(text[start:end].lower())
        if whole is not None and (start, end) != (span.start, span.end):
            # "Bandara Phnom Penh" is listed whole; "Kota Batu" is, but as a village elsewhere.
            ids = _likeliest_first((*whole[0][1], *ids))
        find = _Find(start, end, text[start:end], ids, unit, core=(span.start, span.end))
        find.in_agency = any(a <= span.start and span.end <= b for a, b in agency_spans)
        if find.in_agency and not any(a <= start and end <= b for a, b in agency_spans):
            find.start, find.end, find.surface, find.unit = span.start, span.end, text[span.start : span.end], ""  # fmt: skip
        find.behind_agency = any(
            text[b : span.start] == " " or (text[b : span.start] in _SEAT_GAPS and _MISSION.match(text, a))
            for a, b in agency_spans if b <= span.start
        )  # fmt: skip
        kept.append(find)
        taken_until = find.end
    return kept


def _likeliest_first(ids: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(set(ids), key=lambda key: (-_prior(key), key)))


def _ids_for(span: TaggedSpan) -> tuple[str, ...]:
    if span.candidate_ids:
        return tuple(item for item in span.candidate_ids if item in _rows())
    entries = _by_lower().get(span.surface.lower(), ())
    return entries[0][1] if entries else ()


def _fits_case(span: TaggedSpan, text: str) -> bool:
    """Whether the letters are those of a name: capital first, short forms exactly as listed."""
    surface = span.surface
    if not surface[0].isupper():
        return not surface[0].isascii() or surface[0].isdigit()
    if (span.start and (text[span.start - 1].isalnum() or text[span.start - 1] in "@#_/")) or (
        span.end < len(text) and text[span.end].isalnum()
    ):
        return not surface[0].isascii()
    if len(surface) <= 4 or surface.isupper():
        entries = _by_lower().get(surface.lower(), ())
        listed = {name for name, _ in entries}
        if listed and all(name.isupper() and len(name) <= 5 for name in listed):
            return surface in listed
    return not _ADDRESS.match(text, span.end)


def _admit(
    text: str, finds: list[_Find], title_end: int, dateline: str | None, language: str, home: str
) -> list[_Find]:
    """Drop what is not a place here: nationalities, other names, ordinary words, people."""
    kept: list[_Find] = []
    for item in finds:
        start, end = item.core
        before, after = text[max(0, start - 40) : start], text[end : end + 30]
        best = get(item.ids[0])
        assert best is not None
        if _LINK_LINE.match(text, text.rfind("\n", 0, start) + 1):
            continue
        if item.in_agency:
            if best.is_sure or _SEAT_BEFORE.search(before):
                kept.append(item)
            continue
        national = best.kind == "country" or best.precision is GeoPrecision.REGION
        if national and (_NATIONALITY_BEFORE.search(before) or _NATIONALITY_AFTER.match(after)):
            continue
        if not item.unit and (_NAME_AFTER.match(after) or _NAME_BEFORE.search(before)):
            continue
        kept.append(item)
    named = _named(kept)
    for index, item in enumerate(kept):
        _link(text, kept, index)
        item.is_typed = _typed(text, item)
    body = _body_start(text, title_end)
    result: list[_Find] = []
    city: _Find | None = None
    for item in kept:
        # A list hangs together: a refused neighbour supports nobody.
        if item.listed_after is not None and not kept[item.listed_after].ids:
            item.listed_after = None
        opens_text = _is_dateline(text, item, body, dateline)
        if (
            city is not None
            and item.start < _dateline_end(text, city)
            and not _may_hold(item, city)
        ):
            item.ids = ()  # "Batam, Warta Asia - ...": the outlet's name
            continue
        city = item if opens_text and city is None else city
        if (
            item.in_agency
            or opens_text
            or _admissible(text, item, named, title_end, language, home)
        ):
            result.append(item)
        else:
            item.ids = ()
    # From here on parents and neighbours are counted among the admitted.
    position = {id(item): number for number, item in enumerate(result)}
    for item in result:
        if item.parent is not None:
            item.parent = position.get(id(kept[item.parent]))
        if item.listed_after is not None:
            item.listed_after = position.get(id(kept[item.listed_after]))
    return result


@dataclass(frozen=True, slots=True)
class _Named:
    """What the sure names of a text are: countries and first- and second-level units."""

    countries: frozenset[str]
    units: frozenset[tuple[str, str]]


def _named(finds: Sequence[_Find]) -> _Named:
    countries: set[str] = set()
    units: set[tuple[str, str]] = set()
    for item in finds:
        place = get(item.ids[0])
        if (
            place is None
            or not place.country
            or not place.is_sure
            or item.surface.lower() in _doubtful()
        ):
            continue
        countries.add(place.country)
        units.add((place.country, place.admin1 or ""))
        if place.admin2:
            units.add((place.country, place.admin2))
    return _Named(frozenset(countries), frozenset(units))


def _link(text: str, finds: Sequence[_Find], index: int) -> None:
    """Note the parent behind a comma and the neighbour before in a list."""
    item = finds[index]
    if index + 1 < len(finds):
        after = finds[index + 1]
        gap = text[item.end : after.start]
        if gap in {", ", " (", ", di ", " di ", ", in ", " in "} or re.fullmatch(
            r"(?: (?:district|province|town|township|city|city's|state))?(?:,| of| in|, in)(?: the)?(?: \w+ern)? (?:Kabupaten |Kota |Provinsi |Negara Bagian )?",
            gap,
        ):
            ours = {get(key) for key in item.ids}
            theirs = {get(key) for key in after.ids}
            if any(a and b and _contains(b, a) for a in ours for b in theirs):
                item.parent = index + 1
    if index:
        previous = finds[index - 1]
        if _LIST_GAP.match(text[previous.end : item.start]):
            item.listed_after = index - 1


def _contains(outer: Place, inner: Place) -> bool:
    """Whether one place lies in the other, as far as the administrative names say."""
    if outer.country != inner.country or outer.place_id == inner.place_id or outer.country is None:
        return False
    if outer.kind == "country":
        return inner.kind != "country"
    if outer.precision is GeoPrecision.ADMIN1:
        return outer.admin1 == inner.admin1 and inner.precision is not GeoPrecision.ADMIN1
    if inner.parent_id == outer.place_id:
        return True
    return bool(
        outer.admin2 and outer.admin2 == inner.admin2 and outer.admin1 == inner.admin1 and outer.kind in {"city", "regency"}
    ) or (inner.precision is GeoPrecision.SITE and outer.admin1 == inner.admin1)  # fmt: skip


def _typed(text: str, item: _Find) -> bool:
    return bool(
        item.unit
        or _TYPED_BEFORE.search(text[max(0, item.start - 20) : item.start])
        or _TYPED_AFTER.match(text[item.end : item.end + 14])
    )


def _admissible(
    text: str, item: _Find, named: _Named, title_end: int, language: str, home: str
) -> bool:
    """Whether the text supports reading the span as a place at all."""
    best = get(item.ids[0])
    assert best is not None
    ambiguous = best.is_ambiguous or item.surface.lower() in _doubtful()
    strong = best.is_sure or (ambiguous and _is_unit(best))
    start, end = item.start, item.end
    before, after = text[max(0, start - 40) : start], text[end : end + 24]
    opens = bool(_SENTENCE_OPENS.search(before)) or start == title_end
    shouted = item.surface.isupper() and len(item.surface) > 5
    # Short forms of places abroad are initials of much else: kilolitres, a person, a law.
    short = item.surface.isupper() and len(item.surface) <= 3 and best.kind != "country"
    if best.is_sure and not ambiguous and not (short and best.country != home):
        return True
    if item.parent is not None:
        return True
    candidates = [place for place in map(get, item.ids) if place is not None]
    local = any(place.country == home for place in candidates)
    backed = any(
        (place.country, place.admin1 or "-") in named.units
        or bool(place.admin2 and (place.country, place.admin2) in named.units)
        for place in candidates
    )
    country_named = any(place.country in named.countries for place in candidates)
    if item.is_typed and (local or country_named or best.country in _HOSTS):
        return True
    in_title = start < title_end
    preposition = bool(_PREPOSITION.search(before))
    if not strong or ambiguous:
        embedded = _embedded(before, after, opens, in_title)
        if embedded and not item.is_typed:
            return False
    multiword = " " in item.surface and not shouted
    if ambiguous:
        if not (country_named or (local and (strong or backed))):
            return False
        if language in {"id", "ms"} and (opens or in_title):
            return preposition
        return preposition or (item.listed_after is not None and strong) or (language == "en" and strong and backed and not opens)  # fmt: skip
    if local and not country_named and not backed:
        return preposition and strong
    if preposition or item.listed_after is not None:
        return backed or (country_named and not local) or strong
    return backed and multiword and not opens and not in_title


def _is_unit(place: Place) -> bool:
    """Whether the place is a country, a province, or a regency or city of Indonesia."""
    return place.precision in {GeoPrecision.COUNTRY, GeoPrecision.ADMIN1, GeoPrecision.ADMIN2}


def _embedded(before: str, after: str, opens: bool, in_title: bool) -> bool:
    """Whether the name stands between other capitalised words, as persons' and firms' names do."""
    if in_title:
        return False
    left = _CAPITALISED.search(before)
    if left is not None and not opens:
        word = left[1]
        if word not in {"Di", "Ke", "Dari", "In", "At", "From", "The"} and not word.endswith(
            (".", ",")
        ):
            return True  # fmt: skip
    return bool(_NEXT_CAPITALISED.match(after))


# --- resolution ------------------------------------------------------------------------------------

_UNIT_KINDS: Mapping[str, frozenset[str]] = {
    "Provinsi": frozenset({"province", "state"}), "Propinsi": frozenset({"province", "state"}),
    "Negara Bagian": frozenset({"state", "zone", "province"}), "Negeri": frozenset({"state", "province"}),
    "State": frozenset({"state", "zone"}), "Province": frozenset({"province"}),
    "Kabupaten": frozenset({"regency"}), "Kab.": frozenset({"regency"}), "Kota": frozenset({"city", "town", "municipality"}),
    "Kota Administrasi": frozenset({"city"}), "City": frozenset({"city", "municipality", "town"}),
    "Pulau": frozenset({"island"}), "Sungai": frozenset({"river"}),
}  # fmt: skip
_GATEWAY_UNITS = (("Bandara", "airport"), ("Lapangan", "airport"), ("Airport", "airport"), ("Pelabuhan", "port"))  # fmt: skip


def _unit_kinds(unit: str) -> frozenset[str] | None:
    """Return the kinds of place that the unit word of a name stands for."""
    for word, kind in _GATEWAY_UNITS:
        if word in unit:
            return frozenset({kind})
    return _UNIT_KINDS.get(unit)


_ZONE_WORDS = re.compile(
    r"\bBokeo\b|\bTon ?[Pp]heung\b|\bGTSEZ\b|Kings Romans|Special Economic Zone|Zona Ekonomi Khusus|Kawasan Ekonomi Khusus|\bSEZ\b|\bZEK\b"
)


def _resolve(text: str, finds: Sequence[_Find], home: str) -> None:
    """Give each find the candidate that agrees best with the rest of the text."""
    countries: Counter[str] = Counter()
    units: set[tuple[str, str]] = set()
    for item in finds:
        sure = get(item.ids[0])
        if sure is None or not sure.country or (len(item.ids) > 1 and not sure.is_sure):
            continue
        if len({_rows()[key][3] for key in item.ids}) > 1 and sure.kind != "country":
            continue
        countries[sure.country] += 1
        if sure.precision in {GeoPrecision.ADMIN1, GeoPrecision.ADMIN2} and sure.admin1:
            units.add((sure.country, sure.admin1))
    for index in range(len(finds) - 1, -1, -1):  # parents stand behind their parts
        item = finds[index]
        parent = finds[item.parent].place if item.parent is not None else None
        scored = []
        for key in item.ids:
            place = get(key)
            if place is not None:
                scored.append((_fit(text, item, place, parent, countries, units, home), key, place))
        scored.sort(key=lambda entry: (-entry[0], entry[1]))
        best, _, item.place = scored[0]
        margin = best - scored[1][0] if len(scored) > 1 else 4.0
        same = len(scored) > 1 and scored[1][2].country == item.place.country and scored[1][2].admin1 == item.place.admin1  # fmt: skip
        item.score = 0.95 if same else min(0.99, 0.6 + 0.1 * max(0.0, margin))


def _fit(
    text: str, item: _Find, place: Place, parent: Place | None, countries: Counter[str], units: set[tuple[str, str]], home: str,
) -> float:  # fmt: skip
    value = _prior(place.place_id)
    if place.country is not None and place.country in countries:
        value += 2.0 + min(2.0, 0.25 * countries[place.country])
    elif place.country == home:
        value += 1.5
    if place.admin1 and (place.country or "", place.admin1) in units:
        value += 2.0
    if parent is not None:
        value += 6.0 if _contains(parent, place) else -3.0
    kinds = _unit_kinds(item.unit)
    if kinds is not None:
        value += 4.0 if place.kind in kinds else -1.0
    elif _TYPED_AFTER.match(text[item.end : item.end + 14]):
        word = text[item.end : item.end + 14].lower()
        wants_unit = " province" in word or " state" in word
        value += 3.0 if wants_unit == (place.precision is GeoPrecision.ADMIN1) else 0.0
    if item.surface.lower() in {"golden triangle", "segitiga emas", "segi tiga emas"}:
        value += _triangle(text, place, countries)
    return value


def _triangle(text: str, place: Place, countries: Counter[str]) -> float:
    """Return what speaks for each Golden Triangle: a zone in Bokeo, three countries, central Jakarta."""
    laos = countries["LAO"] >= max([countries[code] for code in ("MMR", "THA")], default=0)
    zone = bool(_ZONE_WORDS.search(text)) or (laos and countries["LAO"] > 0)
    mekong = any(countries[code] for code in ("LAO", "MMR", "THA", "CHN"))
    if place.place_id == "la.gtsez":
        return 8.0 if zone else -8.0
    if place.country == "IDN":
        return 8.0 if not mekong and countries["IDN"] else -8.0
    return 4.0 if mekong and not zone else 0.0


# --- roles -----------------------------------------------------------------------------------------


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_SEAT_BEFORE = _words(
    r"(?<![\w-])(?:pemerintah|otoritas(?: imigrasi)?|kepolisian(?: nasional)?|polisi|polis(?: daerah)?|imigrasi|polda|kapolda|polres(?:ta|tabes)?|kapolres(?:ta|tabes)?|polsek|"
    r"bp3mi|bp2mi|disnaker|kanim|kejari|kejati|kejaksaan (?:negeri|tinggi)|pengadilan (?:negeri|tinggi)|pn|ncb(?: interpol)?|perdana menteri|pm|raja|presiden|"
    r"(?:kementerian|menteri)(?: (?-i:[A-Z])\w+){1,4}|duta besar (?:ri|republik indonesia) (?:untuk|di)|dubes ri (?:untuk|di)|dubes|kedutaan besar|konsulat jenderal|kbri(?: di)?|kjri(?: di)?|"
    r"kedutaan(?: malaysia)? di|pihak(?:berkuasa)?|militer|tentara|junta|gubernur|bupati|wali kota|walikota|dinas \w+|embassy (?:in|of)|embassies in|consulate(?: general)? in|"
    r"government of|police in|governor of|royal academy of|kingdom of|ambassador (?:to|in)|konsulat (?:jenderal|jeneral)(?: \w+)? di) $"
)
_SEAT_AFTER = _words(
    r"^(?:'s|’s)? (?:\w+ )?(?:court|police|junta|military|troops|army|government|authorities|treasury|immigration|police force|embassy|consulate|ministry|parliament|"
    r"public security|foreign ministry|regional trial court|regional office|jail|intermediate people|soldiers|border command|'s? \d+(?:st|nd|rd|th))\b"
)
_ARRIVAL = _words(
    r"\b(?:tiba|mendarat|sampai|turun|pulang|kembali|kepulangan|dipulangkan|memulangkan|pemulangan|dipulang|setiba(?:nya)?|ketibaan|dibawa pulang|diterbangkan|menjejak\w*|"
    r"arriv\w+|land(?:ed|ing|s)?|return\w*|repatriat\w+|flown|flew|touch\w* down|back|came|brought|crossed|home)\b[^.;]{0,60}$"
)
_ORIGIN = _words(
    r"(?:\basal(?:nya)?|\bberasal(?: dari)?|\b[A-Z]{1,3}\.? dari|\bnationals of|\bcitizens of|\b(?:came|come|comes|hails?|were) from|\btwo \w+ from|\bdatang dari|\bwarga(?: asal| dari)?|\basal para korban tersebar di|\bpenduduk|\bkelahiran|\banak muda(?: dari)?|\bremaja|\bpemuda|"
    r"\bdari(?: [\w\d]+){0,2} provinsi,? (?:terbanyak|yakni|yaitu|antara lain)|\bprovinsi seperti|\bcame from|\bhail\w* from|\bcoming from|\boriginat\w+ from|\bnatives? of|\bresidents? of)"
    r"(?: (?:di|dari|the|kota|kabupaten|provinsi|kampung|desa))*[\s:]*$"
)
_FROM = _words(r"\b(?:dari|from|daripada)(?: the)? $")
_PEOPLE = _words(
    r"\b(?:nationals|citizens|people|victims|workers|foreigners|nationalities|men|women|persons|individuals|orang|korban|warga|pekerja|calon|migrants|arrestees|suspects|countries|them|lelaki|wanita|rakyat|mangsa|WNI|\w+(?:ians|inos|ese)|group|youths?|teenagers?|pemuda)\b[^.;]{0,80}$"
)
_INTENDED = _words(
    r"\b(?:akan|hendak|ingin|berencana|rencana\w*|tujuan|bertujuan|calon|dijanjikan|keberangkatan|bound|headed|heading|about to|planned|planning|intend\w*|supposed|ke luar negeri)\b[^.;]{0,70}$"
)
_DEPARTURE_STOPPED = _words(
    r"\b(?:digagalkan|menggagalkan|gagalkan|penggagalan|menunda keberangkatan|tunda keberangkatan|gagal berangkat|dicegat|(?:mencegah|cegah|dicegah)(?: \w+){0,4} (?:keberangkatan|berangkat|terbang)|"
    r"intercept\w*|offload\w*|foil\w*|(?:prevented|stopped|barred) from (?:leaving|boarding|departing|flying))\b"
)
_TRANSIT = _words(
    r"\b(?:via|lewat|melalui|transit(?: di| ke| in| through)?|singgah(?: di)?|through|by way of|melewati|rute|route|penerbangan(?: dari)?|pesawat(?:\w| )*(?:dari)|terbang (?:dari|ke)|menyeberang ke|diseberangkan ke|"
    r"menyeberang dari|darat ke|dibawa ke|dijanjikan bekerja di|crossed (?:into|to)|fled (?:to|into)|across (?:the border )?(?:to|into)|over to)(?: the)? $"
)
_DEPARTURE = _words(
    r"\b(?:berangkat|bertolak|terbang|diberangkatkan|keberangkatan|memberangkatkan|depart\w*|left|leaving|boarded)\b[^.;]{0,30}\b(?:dari|lewat|melalui|from|at|through|via) (?:the |pelabuhan (?:di )?)?$"
)
_SHELTER = _words(
    r"\b(?:ditampung|penampungan|tempat(?:kan)? (?:sementara|singgah)|detensi|rumah singgah|selter|shelter\w*|safe ?house|dititipkan|diinapkan|menginap|rumah sakit|hospital|ditahan di|held (?:at|in)|housed|accommodat\w+|penginapan|depot)\b[^.;]{0,45}$"
)
_RECRUITED = _words(
    r"\b(?:direkrut|merekrut|perekrutan|recruit\w*|rekrut)\b[^.;]{0,25}\b(?:di|dari|in|from) $"
)
_MARKET = _words(
    r"\b(?:menyasar|sasaran|menarget\w*|target\w*|menipu|korban(?:nya)? (?:di|berada di|warga)|defraud\w*|victims in|cheated|prey\w*)\b[^.;]{0,40}$"
)
_SEAT_OF_FIRM = _words(r"\b(?:berkantor|berpusat|bermarkas|dikendalikan dari|headquartered|based|based out of|registered) (?:di|in|at|of)? ?$")  # fmt: skip
_EVENT = _words(
    r"\b(?:penggerebekan|digerebek|menggerebek|gerebek|razia|operasi|kerusuhan|ricuh|kericuhan|kabur|melarikan diri|lari|ditangkap|menangkap|penangkapan|diamankan|diringkus|diselamatkan|menyelamatkan|ledakan|tewas|meninggal|"
    r"bongkar|membongkar|raid\w*|rescu\w+|arrest\w*|detain\w*|stormed|searched|crackdown|operation|swept|escap\w+|freed|found|explosion|died|ditemukan|ditahan|diserbu|serbuan|menyerbu|disergap)\b[^.;]{0,60}\b(?:di|dari|in|at|on|from|near)(?: the| sebuah \w+ di| wilayah| kawasan| kompleks)?(?: \w+ern)? $"
)
_SITE_EVENT = _words(
    r"\b(?:penggerebekan|digerebek|menggerebek|gerebek|menggerebek|razia|dirazia|kerusuhan|ricuh|kericuhan|kabur|melarikan diri|ditangkap|menangkap|tangkap|penangkapan|diamankan|diringkus|menjaring|terjaring|"
    r"tewas|meninggal|membongkar|bongkar|disandera|disergap|diserbu|serbuan|menyerbu|maut|diselamatkan|menyelamatkan|raid\w*|rescu\w+|arrest\w*|storm\w*|crackdown|sweep|swept|flee\w*|fled|escap\w+|broke out|searched|riot\w*|clash\w*|blow up|demolish\w*|seized)\b"
)
_WORKS = _words(
    r"\b(?:bekerja|dipekerjakan|disekap|dikirim|diberangkatkan|dijual|terjebak|disekap|dipaksa|sindikat|jaringan|pusat|work\w*|held|trapped|lured|trafficked|sent|sold|forced|centres?|centers?|compounds?|syndicates?|hubs?|operations?)\b[^.;]{0,50}$"
)
_RETURN = _words(
    r"\b(?:di)?pulang\w*|pemulangan|memulangkan|kepulangan|repatriat\w*|\breturn\w*|\btiba\b|mendarat|\barriv\w*|\bland(?:s|ed)\b|\bhome\b|deporta\w*|dideportasi"
)
# Countries told with a figure each: "Kenya (23), Ukraine 12 and ...".
_TALLY_GAP = re.compile(
    r"^(?:[\s,;:()\d-]|\b(?:dan|and|serta|with|by|from|dari|each|people|orang|persons|nationals|the|followed|one|two|three|four|five|six|seven|eight|nine|ten|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh)\b){1,14}$"
)
_LIST_OF_TARGETS = _words(
    r"\b(?:di|ke|in|to|into|ialah|adalah|yaitu|yakni|were|are|include|termasuk) (?:the )?$"
)
_BORDER = frozenset({"Tak", "Sa Kaeo"})  # Thai provinces opposite Myawaddy and Poipet
_LEAD = 600
_GATEWAYS = frozenset({"airport", "port", "border_post"})
_DATELINE_END = re.compile(r"^[^.\n]{0,60}?(?: [-–—] |[–—]|: |\) )")


def _assign_roles(
    text: str, finds: Sequence[_Find], title_end: int, dateline: str | None, home: str
) -> None:
    returns = bool(_RETURN.search(text, 0, title_end + 4 * _LEAD))
    stopped = bool(_DEPARTURE_STOPPED.search(text, 0, title_end + _LEAD))
    goes_home = bool(_RETURN.search(text, 0, title_end or _LEAD))
    body = _body_start(text, title_end)
    for item in finds:
        if _is_dateline(text, item, body, dateline):
            item.role = PlaceRole.DATELINE
    host = _host(text, finds, title_end, home)
    for index, item in enumerate(finds):
        item.role = _role(text, item, finds, index, home, host, returns, stopped)
    for item in finds:
        _refine(text, item, host, home, goes_home)
        gateway = (
            item.place is not None and item.place.country == home and item.place.kind in _GATEWAYS
        )
        if stopped and gateway and item.role is PlaceRole.EVENT_SITE:
            # Where a departure is stopped is also where the journey was to begin.
            item.further = (PlaceRole.DEPARTURE,)
    _settle_sites(text, finds, host, home)
    _mark_origin_lists(text, finds, host)


def _refine(text: str, item: _Find, host: str | None, home: str, goes_home: bool) -> None:
    """Turn places of exploitation and bare mentions into event sites where their sentence tells of one."""
    place = item.place
    if place is None or goes_home or item.role not in {PlaceRole.DESTINATION, PlaceRole.MENTION}:
        return
    opens, closes = _sentence(text, item)
    if not _SITE_EVENT.search(text, opens, closes):
        return
    if item.role is PlaceRole.DESTINATION and place.country == host:
        # "Perekrut ditangkap, korban dikirim ke X": the arrest was not at X.
        if not re.search(
            r"\b(?:ke|to|menuju)(?: the)? $", text[max(0, item.start - 10) : item.start]
        ):
            item.role = PlaceRole.EVENT_SITE
    elif place.country == home and place.kind != "country" and re.search(
        r"(?:\b(?:di|dari|in|at|from|Kecamatan|Kelurahan|Desa) |, )$", text[max(opens, item.start - 12) : item.start]
    ):  # fmt: skip
        said = re.search(
            r"\b(?:kata|ujar|ucap|tutur|konferensi pers|jumpa pers|keterangan|said|told|mengungkapkan\w*|menerangkan|seminar|briefing)\b[^.]{0,60}$",
            text[opens : item.start],
        )
        if said is None:
            item.role = PlaceRole.EVENT_SITE


def _settle_sites(text: str, finds: Sequence[_Find], host: str | None, home: str) -> None:
    """Leave the host a destination where its sentence puts the event at home."""
    for item in finds:
        if (
            item.role is not PlaceRole.EVENT_SITE
            or item.place is None
            or item.place.country != host
        ):
            continue  # fmt: skip
        opens, closes = _sentence(text, item)
        if any(
            other.role is PlaceRole.EVENT_SITE and other.place is not None and other.place.country == home
            and opens <= other.start < closes
            for other in finds
        ):  # fmt: skip
            item.role = PlaceRole.DESTINATION


def _sentence(text: str, item: _Find) -> tuple[int, int]:
    opens = max(text.rfind("\n", 0, item.start), text.rfind(". ", 0, item.start)) + 1
    stops = [at for at in (text.find(". ", item.end), text.find("\n", item.end)) if at >= 0]
    return opens, min(stops, default=len(text))


def _mark_origin_lists(text: str, finds: Sequence[_Find], host: str | None) -> None:
    """Read three or more countries in a row, few of them hosts, as where people come from."""
    run: list[_Find] = []
    for item in [*finds, None]:
        linked = (
            item is not None and run and item.place is not None and item.place.kind == "country"
            and _TALLY_GAP.match(text[run[-1].end : item.start])
        )  # fmt: skip
        if linked and item is not None:
            run.append(item)
            continue
        if len(run) >= 3:
            hosts = sum(1 for one in run if one.place is not None and one.place.country in _HOSTS)
            told = any(one.role is PlaceRole.ORIGIN for one in run)
            where = _LIST_OF_TARGETS.search(text[max(0, run[0].start - 40) : run[0].start])
            if told or (host is not None and where is None and hosts * 2 <= len(run)):
                for one in run:
                    one.role = PlaceRole.ORIGIN
        run = [item] if item is not None and item.place is not None and item.place.kind == "country" and item.role is not PlaceRole.AGENCY_SEAT else []  # fmt: skip


def _body_start(text: str, title_end: int) -> int:
    body = title_end
    while body < len(text) and text[body].isspace():
        body += 1
    return body


def _host(text: str, finds: Sequence[_Find], title_end: int, home: str) -> str | None:
    """Return the country in which people are held, if the text speaks of such a thing."""
    named_site = any(item.place is not None and item.place.is_scam_site for item in finds)
    if not named_site and not _EXPLOITATION.search(text):
        return None
    weights: dict[str, float] = defaultdict(float)
    for item in finds:
        place = item.place
        if place is None or place.country not in _HOSTS or place.country == home:
            continue
        weight = 3.0 if item.start < title_end else 2.0 if item.start < title_end + 200 else 1.0
        if item.in_agency or item.behind_agency or item.role is PlaceRole.DATELINE:
            weight = 0.4
        elif place.country == "THA" and place.admin1 in _BORDER:
            continue  # where people are led across, whatever side they were held on
        elif item.start < title_end and _SITE_EVENT.search(text, 0, item.start) and re.search(r"\b(?:di|in|at) $", text[: item.start]):  # fmt: skip
            weight += 4.0
        if place.is_scam_site:
            weight += 2.0
        if place.country in {"THA", "MYS", "VNM"}:  # more often on the way than at its end
            weight *= 0.5
        weights[place.country] += weight
    return max(sorted(weights), key=lambda code: weights[code]) if weights else None


def _role(
    text: str, item: _Find, finds: Sequence[_Find], index: int, home: str, host: str | None, returns: bool,
    stopped: bool,
) -> PlaceRole:  # fmt: skip
    place = item.place
    if place is None:
        return PlaceRole.MENTION
    start, end = item.start, item.end
    line = max(text.rfind("\n", 0, start), text.rfind(". ", 0, start)) + 1
    before = text[max(line, start - 110) : start]
    near = before[-60:]
    after = text[end : end + 60]
    at_home = place.country == home
    if item.role is PlaceRole.DATELINE:
        return PlaceRole.DATELINE
    if item.in_agency or item.behind_agency or _SEAT_BEFORE.search(near) or _SEAT_AFTER.match(after):  # fmt: skip
        return PlaceRole.AGENCY_SEAT
    if item.listed_after is not None:
        previous = finds[item.listed_after]
        inherited = previous.role
        # A list hands its role down; "town, province" does too, but never a seat, a dateline or a crossing.
        if inherited in {PlaceRole.ORIGIN, PlaceRole.TARGET_MARKET} or (
            previous.parent == index
            and inherited
            in {PlaceRole.EVENT_SITE, PlaceRole.DEPARTURE, PlaceRole.ARRIVAL, PlaceRole.SHELTER}
        ):
            return inherited
        dash = bool(re.fullmatch(r" ?[-–—/] ?", text[previous.end : start]))
        if dash and at_home and inherited is PlaceRole.TRANSIT:
            return PlaceRole.ARRIVAL
        if (
            not dash
            and previous.place is not None
            and previous.place.kind == place.kind
            and (previous.place.country == place.country or place.country in _HOSTS)
            and inherited in {PlaceRole.EVENT_SITE, PlaceRole.DESTINATION, PlaceRole.TRANSIT}
        ):
            return inherited
    if place.kind in {"bridge", "river"} or item.unit == "Sungai" or (place.kind == "border_post" and not _ARRIVAL.search(before)):  # fmt: skip
        return PlaceRole.CROSSING
    if _SEAT_OF_FIRM.search(near) or re.match(r"^-(?:based|berbasis)\b", after):
        return PlaceRole.HEADQUARTERS
    shelter = _SHELTER.search(before)
    # "Held in a scam compound" is no shelter.
    if place.kind == "facility" or (shelter and not _EXPLOITATION.search(shelter[0])):
        return PlaceRole.SHELTER
    if _RECRUITED.search(near):
        return PlaceRole.RECRUITMENT
    if place.country is not None and place.country != host and _MARKET.search(before):
        return PlaceRole.TARGET_MARKET
    gateway = at_home and place.kind in _GATEWAYS
    if (
        place.country != host
        and not gateway
        and (
            (_ORIGIN.search(before) and not (place.kind == "country" and at_home))
            or (_FROM.search(near) and _PEOPLE.search(before))
        )
    ):
        return PlaceRole.ORIGIN
    if at_home:
        return _home_role(before, place, returns, stopped)
    if _TRANSIT.search(near) and place.country != host:
        return PlaceRole.TRANSIT
    if stopped and place.country in _HOSTS and place.country == host:
        return PlaceRole.INTENDED_DESTINATION
    if _EVENT.search(before) and place.country == host:
        return PlaceRole.EVENT_SITE
    if place.country == host:
        return PlaceRole.DESTINATION
    if place.kind == "airport":
        return PlaceRole.TRANSIT
    if host is not None and place.country in {"THA", "MYS", "VNM", "SGP"}:
        border = place.country == "THA" and place.admin1 in _BORDER
        if border and host in {"MMR", "KHM"}:
            return PlaceRole.CROSSING if place.precision is GeoPrecision.TOWN else PlaceRole.TRANSIT
        if re.search(r"\b(?:di|ke|dari|menuju|in|to|into|from|via|at) (?:the )?$|, $", before):
            return PlaceRole.TRANSIT
    if host is not None and place.country in _HOSTS and _WORKS.search(before):
        return PlaceRole.DESTINATION
    if host is not None and place.country not in _HOSTS and _INTENDED.search(before) and stopped:
        return PlaceRole.INTENDED_DESTINATION
    return PlaceRole.MENTION


def _home_role(before: str, place: Place, returns: bool, stopped: bool) -> PlaceRole:
    """Return the role of a place in the country whose people the text is about."""
    gateway = place.kind in _GATEWAYS
    if _DEPARTURE.search(before):
        return PlaceRole.DEPARTURE
    if gateway and stopped:
        return PlaceRole.EVENT_SITE
    if _ARRIVAL.search(before) and re.search(
        r"\b(?:di|ke|dari|in|at|to|into) (?:the |tanah air, )?$|, $", before
    ):
        return PlaceRole.ARRIVAL
    if gateway:
        return PlaceRole.ARRIVAL if returns else PlaceRole.DEPARTURE
    if _EVENT.search(before):
        return PlaceRole.EVENT_SITE
    return PlaceRole.MENTION


def _dateline_end(text: str, city: _Find) -> int:
    rest = _DATELINE_END.match(text[city.end : city.end + 70])
    return city.end + rest.end() if rest is not None else city.end


def _may_hold(outer: _Find, inner: _Find) -> bool:
    return any(
        a is not None and b is not None and _contains(a, b)
        for a in map(get, outer.ids)
        for b in map(get, inner.ids)
    )


def _is_dateline(text: str, item: _Find, body: int, dateline: str | None) -> bool:
    """Whether the name opens the first line as the place of writing: "Batam, Kabar - ..."."""
    if item.in_agency:
        return False
    if dateline is not None and text.startswith(dateline) and item.end <= len(dateline):
        return True  # a text without a title of its own opens with it
    if not body <= item.start <= body + 40:
        return False
    if dateline is not None:
        at = text.find(dateline, max(0, body - len(dateline) - 2), body + 80)
        if at >= 0 and at <= item.start and item.end <= at + len(dateline):
            return True
    ahead = text[body : item.start]
    if re.search(r"[.:–—\n]| - ", ahead) or (re.search(r"[a-z]", ahead.replace("KH", "")) and item.start - body > 24):  # fmt: skip
        return False
    rest = _DATELINE_END.match(text[item.end : item.end + 70])
    if rest is None:
        return False
    # Between the city and the dash stand an outlet, a country or a date: no running prose.
    between = rest[0].strip(" -–—:()")
    words = re.findall(r"[a-z]+", re.sub(r"\b[A-Z][\w.]*", "", between))
    return len(words) <= 1


def spans_of(text: str) -> Iterator[TaggedSpan]:
    """Yield the longest gazetteer names in the text: what a tagger does, without a model.

    A plain word walk over ``names()``; meant for tests and small tools, not for bulk.
    """
    table = _by_lower()
    limit = _longest()
    words = [(match.start(), match.end()) for match in re.finditer(r"\w+|[^\w\s]", text)]
    for index, (start, _) in enumerate(words):
        for last in range(min(len(words), index + limit) - 1, index - 1, -1):
            end = words[last][1]
            entries = table.get(text[start:end].lower())
            if entries:
                ids = tuple(dict.fromkeys(key for _, listed in entries for key in listed))
                yield TaggedSpan(
                    kind=MentionKind.PLACE, start=start, end=end, surface=text[start:end], candidate_ids=ids,
                    extractor=EXTRACTOR,
                )  # fmt: skip
                break


@functools.cache
def _longest() -> int:
    return max(len(re.findall(r"\w+|[^\w\s]", name)) for name in names())
