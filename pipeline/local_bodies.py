"""Read the police, courts, administrations and offices of places outside Indonesia.

    text, places, Context -> [Find]

The id of such a body is that of the body it is a part of, a hyphen and the place: ``kh.cnp-svayrieng`` is the
Cambodian National Police in Svay Rieng (codebook, section 5). The tables are in ``agency_families.yml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from pipeline import authorities
from pipeline.agency_context import BY_CONTEXT, BY_PATTERN, Context, Find
from pipeline.authorities import HOME, Agency
from pipeline.protocols import TaggedSpan

_GRADE = r"(?: (?:[Pp]rovinc(?:e|ial)|[Cc]ity|[Tt]own|[Dd]istrict|[Mm]unicipal|[Rr]egional|[Ss]tate|[Pp]refectural|[Mm]etro(?:politan)?))?"
# "Kampot provincial police", "Tak's governor", "Svay Rieng authorities".
_AFTER = re.compile(
    rf"(?:['’]s)?{_GRADE}(?: (?:"
    r"(?P<police>[Pp]olice(?! (?:station|[Gg]eneral))(?: (?:[Cc]hief|[Cc]ommissioner))?)"
    r"|(?P<court>(?:[Ii]mmigration |[Cc]riminal |[Dd]istrict |[Mm]agistrates['’]? |[Ss]essions |[Hh]igh )?[Cc]ourt(?! of| Jester))"
    r"|(?P<admin>[Aa]dministration|[Aa]uthorities|(?:[Dd]eputy |[Vv]ice )?[Gg]overnor(?:['’]s [Oo]ffice)?)"
    r"|(?P<immigration>[Ii]mmigration(?: (?:[Dd]epartment|[Oo]ffice|[Pp]olice|[Ss]tation|[Cc]heckpoint|[Bb]ureau|[Dd]etention [Cc]ent(?:re|er)))?)"
    r"|(?P<hospital>(?:[Pp]rovincial )?[Rr]eferral [Hh]ospital)))(?!\w)"
)
# "polisi Provinsi Svay Rieng", "court in Wenzhou", "Gabenor Svay Rieng", "police from Yunnan".
_BEFORE = re.compile(
    r"(?<!\w)(?:"
    r"(?P<police>(?:[Kk]antor |[Bb]alai )?(?:[Kk]epolisian|[Pp]olisi|[Pp]olis)(?: (?:Kota|[Pp]rovinsi|[Ww]ilayah|[Dd]aerah|[Dd]istrik))?"
    r"|[Pp]olice (?:in|of|from))"
    r"|(?P<court>(?:[Pp]engadilan|[Mm]ahkamah)(?: (?:[Pp]rovinsi|Kota|[Ww]ilayah|Negeri|Distrik))?(?: di)?"
    r"|(?:[Ii]mmigration |[Cc]riminal |[Pp]rovincial |[Pp]eople['’]s |[Dd]istrict |[Mm]agistrates['’]? )*[Cc]ourt (?:in|of)(?: the)?)"
    r"|(?P<admin>(?:[Pp]ihak [Bb]erkuasa|[Oo]toritas)(?: (?:[Pp]rovinsi|[Ww]ilayah))?|(?:[Pp]ihak|[Pp]emerintah|[Ww]akil [Gg]ubernur|[Gg]ubernur|[Gg]abenor) (?:[Pp]rovinsi|[Ww]ilayah)"
    r"|(?:[Ww]akil )?(?:[Gg]ubernur|[Gg]abenor)|(?:[Gg]overnor|[Aa]uthorities) (?:of|in))"
    r"|(?P<immigration>(?:[Kk]antor |[Pp]ejabat |[Jj]abatan |[Dd]epot )?(?:[Ii]migrasi|[Ii]migresen)|[Ii]mmigration (?:detention cent(?:re|er)|officers|officials|office|police|bureau) in)"
    r") $"
)
_LONGEST_HEAD = 60
_WITH_CASE = re.compile(r" (?:[Pp]rovince|[Cc]ity|[Dd]istrict)(?!\w)")


def read(text: str, places: Mapping[int, Sequence[TaggedSpan]], context: Context) -> Iterator[Find]:
    """Yield the bodies that stand beside the name of their place abroad."""
    countries = authorities.all_families().country
    for start, group in places.items():
        span = group[0]
        state = _state(group, context)
        if state is None or state == HOME or span.surface in countries or "-" in span.surface:
            continue
        if (after := _AFTER.match(text, span.end)) and (key := after.lastgroup):
            if (agency := body(key, state, span.surface, after[0])) is not None:
                yield Find(start, after.end(), agency, BY_PATTERN)
            continue
        before = _BEFORE.search(text, max(0, start - _LONGEST_HEAD), start)
        if before and (key := before.lastgroup):
            if (agency := body(key, state, span.surface, before[0])) is None:
                continue
            more = _WITH_CASE.match(text, span.end)
            yield Find(before.start(), more.end() if more else span.end, agency, BY_PATTERN)
    yield from _malay(text, context)
    yield from _unplaced(text, places, context)


def _state(group: Sequence[TaggedSpan], context: Context) -> str | None:
    """Return the state of the likeliest place of this name, or of the one in a state the text speaks of."""
    codes = authorities.all_families().code
    found = [codes.get(key[:2].lower()) for span in group[:1] for key in span.candidate_ids]
    spoken = [code for code in found if code and context.weight[code]]
    if found and found[0] and (found[0] in spoken or not spoken):
        return found[0]
    return spoken[0] if spoken else (found[0] if found else None)


def body(key: str, state: str, seat: str, words: str = "") -> Agency | None:
    """Return the body of this kind in a place of a state, or None where no such body is kept apart.

    Args:
        key: ``police``, ``court``, ``admin``, ``immigration``, ``hospital`` ...
        state: ISO 3166-1 alpha-3 code.
        seat: Name of the place, as printed.
        words: The words beside it, which may tell what the place is.
    """
    families = authorities.all_families()
    family = families.abroad[key]
    prefix = families.prefix.get(state)
    if prefix is None or ("only" in family and state not in family["only"]):
        return None
    if re.search(r"[Pp]rovin", words):
        seat = families.province_of_town.get(seat, seat)
    part = authorities.place_part(seat)
    known = families.abroad_known.get((key, state, part))
    if known:
        return authorities.table()[known]
    whole = families.known.get((key, state))
    if key == "immigration" and state not in family["id"]:
        return authorities.table()[whole] if whole else None
    unit = family["id"].get(state, family["id"]["else"])
    english = family["english"].get(state, family["english"]["else"])
    return Agency(
        f"{prefix}.{unit}-{part}", english.format(seat=seat), english.format(seat=seat), state, family["type"],
        "subnational", seat, state, whole,
    )  # fmt: skip


# --- Malaysia: the head of an office tells that it is one, so its place need not be known ---------------------

_SEAT = r"(?P<seat>(?!The )[A-Z][a-z]\w+(?: (?!Datuk|Dato|ACP|DCP|Asisten|Superintendan|Komisioner)[A-Z][a-z]\w+)?(?: (?:Utara|Selatan|Barat|Timur|Tengah))?|KLIA)"
_MALAY = re.compile(
    r"(?<![\w-])(?:"
    r"(?P<police>(?:(?:Timbalan |Pemangku )?(?:Ketua|Pesuruhjaya) Polis(?: Daerah| Negeri| Kontinjen)?|Polis Kontinjen|Ibu Pejabat Polis(?: Daerah| Kontinjen)?(?: \(IP[DK]\))?|IP[DK]))"
    r"|(?P<immigration>(?:Ketua |Pengarah |Timbalan Pengarah )?(?:Jabatan |Depot )?Imigresen(?: Malaysia)?(?: \(JIM\))?(?: Negeri)?|(?:Pengarah )?JIM)"
    r"|(?P<labour>(?:Pengarah )?(?:Jabatan Tenaga Kerja(?: \(JTK\))?|JTK)(?: [Nn]egeri)?)"
    r"|(?P<customs>(?:Pengarah )?(?:Jabatan )?Kastam(?: Diraja Malaysia)?(?: \(JKDM\))?(?: Negeri)?)"
    r"|(?P<commercial>(?:Ketua )?(?:Jabatan Siasatan Jenayah Komersial|JSJK)(?: \(JSJK\))?)"
    r"|(?P<court>Mahkamah (?:Tinggi|Majistret|Sesyen)(?: di)?)"
    r"|(?P<hospital>Hospital)"
    rf") {_SEAT}(?!\w)"
)
_NOT_MALAY_SEAT = re.compile(
    r"(?:Malaysia|Negara|Bukit Aman|Diraja|Negeri|Daerah|Kontinjen|Jabatan|Dalam|Thai|Thailand|Kemboja|Kamboja|Myanmar|Laos|Tuanku|Sultan|Sultanah|Permai|"
    r"Bahagian|Pulau|Semenanjung|Persekutuan|Rayuan|Syariah|Jenderal|Indonesia|Kelas)$|(?:Bukit Aman|Indonesia)"
)
_ENGLISH_MY = re.compile(
    rf"(?<![\w-])(?:{_SEAT} (?:(?P<police>OCPD|CPO|CCID chief)|(?P<immigration>Immigration Department)|(?P<court>(?:Sessions|Magistrates['’]?|High) Court)))(?!\w)"
)


def _malay(text: str, context: Context) -> Iterator[Find]:
    if context.language != "ms" and not context.weight["MYS"]:
        return
    families = authorities.all_families()
    for pattern in (_MALAY, _ENGLISH_MY):
        for match in pattern.finditer(text):
            seat, end = match["seat"], match.end()
            first = seat.split()[0]
            if pattern is _MALAY and first not in families.malay_first_words:
                seat, end = first, match.start("seat") + len(first)
            key = next(
                name for name, found in match.groupdict().items() if found and name != "seat"
            )
            if _NOT_MALAY_SEAT.match(seat) or seat in families.country:
                continue
            agency = body(key, "MYS", seat)
            if agency is not None:
                yield Find(match.start(), end, agency, BY_PATTERN)


def _has_province(state: str, seat: str) -> bool:
    families = authorities.all_families()
    return seat in families.province_of_town or seat.upper() in families.provinces_abroad[state]


# --- bodies whose place only the text tells -----------------------------------------------------------------

_UNPLACED = re.compile(
    r"(?<![\w-])(?:"
    r"(?P<police>[Pp]rovincial police(?: chief)?|[Pp]olis (?:wilayah|kontinjen)|[Ss]tate police(?: commissioner| chief)?)"
    r"|(?P<court>[Pp]rovincial [Cc]ourt|(?:Mahkamah (?:Tinggi|Majistret|Sesyen)|(?:Sessions|High|Magistrates['’]?) Court)(?! [A-Z]))"
    r"|(?P<admin>[Pp]rovincial (?:administration|(?:deputy )?governor)|[Gg]abenor wilayah|[Gg]ubernur provinsi))(?!\w)"
)


def _unplaced(
    text: str, places: Mapping[int, Sequence[TaggedSpan]], context: Context
) -> Iterator[Find]:
    """Yield the provincial body of the province that the text named last, or first."""
    families = authorities.all_families()
    seats = sorted(
        (start, state, group[0].surface)
        for start, group in places.items()
        if (state := _state(group, context)) not in {None, HOME}
        and group[0].surface not in families.country
    )
    dateline = context.dateline
    for match in _UNPLACED.finditer(text):
        key = match.lastgroup or ""
        is_malay = key == "court" and not match[0].lower().startswith("provincial")
        is_malay = is_malay or "kontinjen" in match[0] or match[0].lower().startswith("state")
        wanted = {"MYS"} if is_malay else set(families.provinces_abroad)
        if is_malay and context.language != "ms" and not context.weight["MYS"]:
            continue
        near = [
            (start, state, seat)
            for start, state, seat in seats
            if state in wanted and (is_malay or _has_province(state, seat))
        ]
        before = [item for item in near if item[0] < match.start()]
        chosen = (before[-1:] or near[:1]) if not is_malay else (
            [item for item in near if dateline and item[2].upper() == dateline.upper()] or before[-1:]
        )  # fmt: skip
        if not chosen:
            continue
        agency = body(key, chosen[0][1] or "", chosen[0][2], "provincial" if not is_malay else "")
        if agency is not None:
            yield Find(match.start(), match.end(), agency, BY_CONTEXT)
