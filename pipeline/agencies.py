"""Read which authorities, missions, courts, forces and groups a text names, and what each does in it.

    text, [TaggedSpan] -> [AgencyReading]

What there is to be named stands in `pipeline.authorities`. A reading covers the seat or jurisdiction in the
name, so that the place in it is never taken for the place of an event. Bare words ("polisi", "police",
"kementerian") name no agency; a bare "KBRI" or "Interior Ministry" names the one that the text speaks of.
After a renaming the name as printed keeps its own id (codebook, section 5).
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline import agency_roles, authorities, common_names, local_bodies, missions
from pipeline.agency_context import (
    BY_CONTEXT,
    BY_NAME,
    BY_PATTERN,
    NOT_A_SEAT,
    OPEN,
    SHORT,
    Context,
    Find,
    if_any,
    state_of,
)
from pipeline.authorities import HOME, Agency, get, names
from pipeline.protocols import TaggedSpan
from pipeline.records import AgencyRole, MentionKind

__all__ = ["Agency", "AgencyReading", "get", "identify", "names", "read"]


@dataclass(frozen=True, slots=True)
class AgencyReading:
    """A stretch of text that names an agency, and what the agency does there."""

    start: int
    end: int
    surface: str
    agency: Agency
    role: AgencyRole
    score: float


def identify(name: str) -> Agency | None:
    """Return the agency that this name alone stands for, as another table may write it."""
    known = names().get(name)
    if known:
        return authorities.table()[known[0]]
    if authorities.is_id(name):
        key = authorities.usual_id(name)
        return authorities.table().get(key) or Agency(key, name, name, None, "", "")
    span = TaggedSpan(
        kind=MentionKind.AGENCY, start=0, end=0, surface="", extractor="", candidate_ids=()
    )
    found = [
        item
        for item in read(name, [span], language="und", reference_date=dt.date.max)
        if item.end - item.start >= len(name) * 3 // 4
    ]
    return found[0].agency if found else None


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
    context = Context(text, language, country_hint, places)
    finds = [
        *_from_table(text, spans, context, reference_date),
        *_local(text, places),
        *missions.named(text, context),
        *_national(text, context),
        *local_bodies.read(text, places, context),
        *_police_in_english(text, places, context),
        *_courts(text, places, context),
        *common_names.read(text, context),
    ]
    finds += [*missions.bare(text, finds, context), *_commands(text)]
    kept = _longest(finds, ())
    kept = _longest(_open(text, context), kept)
    kept = _longest(_acronyms(text, kept), kept)
    home = country_hint or {"ms": "MYS"}.get(language, HOME)
    return [
        AgencyReading(
            item.start, item.end, text[item.start : item.end], item.agency, agency_roles.read(text, item.start, item.end, item.agency, home=home), item.score
        )
        for item in kept
    ]  # fmt: skip


def _longest(finds: Iterable[Find], given: Sequence[Find]) -> list[Find]:
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


_D3 = re.compile(r"(?:\bD3|Bahagian|Unit|Divisyen|Pegawai|Pasukan) (?:\w+ )?$")
_RED_NOTICE = re.compile(r"[Rr]ed [Nn]otice(?: dari)? $")
# Acronyms of one state that nothing else bears.
_WORLDWIDE = {"FBI"}
_RI = re.compile(r" (?:RI|Republik Indonesia)\b")


def _from_table(
    text: str, spans: Sequence[TaggedSpan], context: Context, day: dt.date
) -> Iterator[Find]:
    table = authorities.table()
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
    spelt_out = {agency.agency_id for span, agency in finds if len(span.surface) > SHORT + 2}
    for span, agency in finds:
        if span.surface == "ATIPSOM" and not _D3.search(text, max(0, span.start - 30), span.start):
            continue  # the law that the unit is named after
        if agency.agency_id == "int.interpol" and (
            _RED_NOTICE.search(text, max(0, span.start - 20), span.start)
            or re.match(r"(?:['’]s)? [Rr]ed [Nn]otice", text[span.end : span.end + 14])
        ):
            continue
        if (
            len(span.surface) <= SHORT
            and span.surface.isupper()
            and agency.country not in {HOME, None}
            and span.surface not in _WORLDWIDE
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
        yield Find(span.start, end, agency, BY_NAME)


@functools.cache
def _generic() -> frozenset[str]:
    """Return the names of the table that every state's own text would use of its own ministry."""
    families = authorities.all_families()
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


def _local(text: str, places: Mapping[int, Sequence[TaggedSpan]]) -> Iterator[Find]:
    families = authorities.all_families()
    title_end = text.find("\n")
    for match in families.local_head.finditer(text):
        family = families.local_by_key[match.lastgroup or ""]
        gap = _BEFORE_SEAT.match(text, match.end())
        if gap is None:
            continue
        stop = _seat_end(
            text, gap.end(), places, family.fallback and match.start() >= title_end, family.seat
        )
        if stop is None or _is_abroad(places, gap.end(), families):
            continue
        agency = authorities.local_body(family, match[0], text[match.end() + 1 : stop])
        yield Find(match.start(), stop, agency, BY_PATTERN)
        # "Polda Riau dan Kepri": the second place inherits the head.
        more = re.match(r"(?:,? (?:dan|serta) |, )", text[stop : stop + 8])
        if more:
            begin = stop + more.end()
            second = _seat_end(text, begin, places, fallback=False, seat=family.seat)
            if second is not None and (family.seat == "province") == (
                text[begin:second] in families.province
            ):
                yield Find(
                    begin,
                    second,
                    authorities.local_body(family, match[0], text[begin:second]),
                    BY_CONTEXT,
                )


def _is_abroad(
    places: Mapping[int, Sequence[TaggedSpan]], start: int, families: authorities.Families
) -> bool:
    """Return whether the place that begins here lies in no reading in Indonesia: "Imigrasi Tawau"."""
    found = places.get(start)
    if not found:
        return False
    states = {families.code.get(key[:2].lower()) for key in found[0].candidate_ids}
    return bool(states) and HOME not in states


def _seat_end(
    text: str, begin: int, places: Mapping[int, Sequence[TaggedSpan]], fallback: bool, seat: str
) -> int | None:
    """Return where the place that begins here ends, or None when none does."""
    families = authorities.all_families()
    if seat == "province":
        for size in (3, 2, 1):
            words = re.match(
                rf"[A-Z]\w+(?: [A-Z]\w+){{{size - 1}}}(?!\w)", text[begin : begin + 60]
            )
            if words and words[0] in families.province:
                return begin + words.end()
    if NOT_A_SEAT.match(text, begin):
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


def _national(text: str, context: Context) -> Iterator[Find]:
    """Yield ministries, police, immigration, forces and heads of government of states."""
    families = authorities.all_families()
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
            yield Find(
                match.start(), match.end(), authorities.national_body(key, state), BY_PATTERN
            )
        elif match["short"]:
            yield Find(match.start(), match.end(), authorities.national_body(key, HOME), BY_PATTERN)
        elif key not in {"security", "justice", "tourism", "information"}:
            bare.append((match, key, match.end()))
    for match in if_any(families.ministry_en, text, _MINISTRY_SIGNS):
        subject = (match["subject"] or match["subject2"]).lower()
        key = families.ministry_english[subject.removeprefix("the ")]
        named = match["adj"] or match["from"] or match["state"]
        if named:
            code = families.adjective.get(named) or families.signs[named]
            context.seen.setdefault(key, code)
            yield Find(match.start(), match.end(), authorities.national_body(key, code), BY_PATTERN)
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
        yield Find(match.start(), match.end(), authorities.national_body(key, state), BY_PATTERN)
    for match in families.pm_name.finditer(text):
        agency = authorities.national_body("pm", families.officials[match["who"]])
        yield Find(match.start(), match.end(), agency, BY_PATTERN)
    for match in if_any(families.body_en, text, _BODY_SIGNS):
        key = _group(match, [*families.bodies, "bare_police", "bare_immigration"])
        if key.startswith("bare_"):
            bare.append((match, key.removeprefix("bare_"), match.end()))
            continue
        state = families.adjective[match["adj"]]
        context.seen.setdefault(key, state)
        yield Find(match.start(), match.end(), authorities.national_body(key, state), BY_PATTERN)
    for match, key, end in bare:
        own = context.own_state(key)
        if own is not None:
            yield Find(match.start(), end, authorities.national_body(key, own), BY_CONTEXT)


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


def _group(match: re.Match[str], keys: Sequence[str] | Mapping[str, Any]) -> str:
    groups = match.groupdict()
    return next(key for key in keys if groups.get(key))


_POLICE_OF = re.compile(
    r"(?: [Pp]rovinc(?:e|ial)| [Cc]ity| [Dd]istrict| [Mm]unicipal| [Rr]egional| [Mm]etro(?:politan)?)? [Pp]olice(?!\w)"
)
# "Border Patrol Police": not the police of a village called Patrol.
_CAPITAL_BEFORE = re.compile(r"(?<![.!?\n] )(?!(?:In|At|The|On|But|And|Both) )\b[A-Z]\w+ $")


def _police_in_english(
    text: str, places: Mapping[int, Sequence[TaggedSpan]], context: Context
) -> Iterator[Find]:
    """Yield Indonesian police under their English name: "North Sumatra Police"."""
    if context.language != "en":
        return
    families = authorities.all_families()
    for start, group in places.items():
        span = group[0]
        if state_of(span) != HOME or span.surface in families.country:
            continue
        after = _POLICE_OF.match(text, span.end)
        if after and not _CAPITAL_BEFORE.search(text, max(0, start - 20), start):
            family = families.local_by_key[
                "polda" if span.surface in families.province else "polres"
            ]
            seat, head = span.surface, family.name
            if family.key == "polres":
                seat = authorities.in_indonesian(seat)
                head += " Metro" if seat.startswith("Jakarta ") else ""
            if " City" in after[0].title() and seat in families.twin_towns:
                seat += " Kota"
            yield Find(start, after.end(), authorities.local_body(family, head, seat), BY_PATTERN)


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
_DISTRICT_COURT = re.compile(r" District Court(?!\w)")
_JAIL = re.compile(r"(?:[A-Z]\w+ ){1,3}(?:City|Provincial|District|Municipal) Jail(?!\w)")


def _courts(
    text: str, places: Mapping[int, Sequence[TaggedSpan]], context: Context
) -> Iterator[Find]:
    if not any(sign in text for sign in _COURT_SIGNS):
        return
    for match in _CHINESE_COURT.finditer(text):
        seat = match["seat"]
        name = match[0].removeprefix("the ").replace("’", "'")
        start = match.start() + (4 if match[0].startswith("the ") else 0)
        yield Find(
            start, match.end(),
            Agency(f"cn.court-{authorities.slug(seat)}", name, name, "CHN", "court", "subnational", seat, "CHN"), BY_PATTERN,
        )  # fmt: skip
    yield from _district_courts(text, places)
    if not context.weight["PHL"] and context.home != "PHL" and "Regional Trial Court" not in text:
        return
    for match in _RTC_OF.finditer(text):
        yield Find(match.start(), match.end(), authorities.trial_court(match["seat"]), BY_PATTERN)
    for match in _JAIL.finditer(text):
        yield Find(match.start(), match.end(), authorities.table()["ph.bjmp"], BY_PATTERN)
    for match in _COURT_SEAT.finditer(text):
        after = _COURT_AFTER.match(text, match.end())
        seat, start = match["seat"], match.start()
        if after is None or _NO_SEAT.fullmatch(seat):
            continue
        for lead in ("The ", "A "):
            if seat.startswith(lead):
                start, seat = start + len(lead), seat.removeprefix(lead)
        state = next((state_of(span) for span in places.get(start, ())), None)
        if state == "PHL" or after["rtc"] or (state is None and context.own_state("") == "PHL"):
            yield Find(start, after.end(), authorities.trial_court(seat), BY_PATTERN)


def _district_courts(text: str, places: Mapping[int, Sequence[TaggedSpan]]) -> Iterator[Find]:
    """Yield Indonesian courts under their English name: "Medan District Court"."""
    family = authorities.all_families().local_by_key["pn"]
    for start, group in places.items():
        span = group[0]
        after = _DISTRICT_COURT.match(text, span.end)
        if after and state_of(span) == HOME:
            yield Find(
                start,
                after.end(),
                authorities.local_body(
                    family, family.name, authorities.in_indonesian(span.surface)
                ),
                BY_PATTERN,
            )


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


def _open(text: str, context: Context) -> Iterator[Find]:
    """Yield bodies that no table knows, by the words that such names open or close with."""
    families = authorities.all_families()
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


def _named_so(start: int, name: str, kind: str, context: Context) -> Find:
    """Return a find whose agency is called as the text calls it."""
    families = authorities.all_families()
    sign = families.sign.search(name)
    code = families.signs[sign[0]] if sign else context.own_state("")
    prefix = "int" if code is None else families.prefix.get(code, code.lower())
    agency = Agency(
        f"{prefix}.{authorities.slug(name)}", name, name, code, kind, "national", "", code
    )
    return Find(start, start + len(name), agency, OPEN)


_IN_BRACKETS = re.compile(r" \((?P<short>[A-Z][A-Za-z]*[A-Z][A-Za-z]*(?:-[A-Z]+)?)\)")


def _acronyms(text: str, kept: Sequence[Find]) -> Iterator[Find]:
    """Yield the uses of an acronym that the text itself gives for a name before it."""
    known: dict[str, Agency] = {}
    for item in kept:
        match = _IN_BRACKETS.match(text, item.end)
        if match and len(match["short"]) >= _LEAST_ACRONYM:
            known.setdefault(match["short"], item.agency)
    for short, agency in known.items():
        for match in re.finditer(rf"(?<![\w-]){re.escape(short)}(?!\w)", text):
            yield Find(match.start(), match.end(), agency, OPEN)


_LEAST_ACRONYM = 3


_KODAM = re.compile(
    r"(?<!\w)(?:Pangdam|Kodam|Kapendam)(?: (?P<number>[IVX]+)(?:/| )(?P<name>[A-Z]\w+(?: (?:Barisan|Jaya))?)| (?P<only>Jaya|Udayana|Diponegoro|Siliwangi|Brawijaya|Hasanuddin|Mulawarman|Tanjungpura|Cenderawasih|Pattimura|Kasuari))?(?!\w)"
)


def _commands(text: str) -> Iterator[Find]:
    """Yield regional commands of the army; a bare "Kodam" is the one named last."""
    last: Agency | None = None
    for match in _KODAM.finditer(text):
        name = match["name"] or match["only"]
        if name:
            full = f"Kodam {match['number']}/{name}" if match["number"] else f"Kodam {name}"
            last = Agency(
                f"id.kodam-{authorities.slug(name)}",
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
            yield Find(match.start(), match.end(), last, BY_PATTERN if name else BY_CONTEXT)
