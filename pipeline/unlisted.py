"""Ask a learned name finder where the lists are silent, or may be mistaken.

    text, what the lists gave, NameFinder -> places to refuse, names to add

The gazetteer and the authority table lead. Asked are only sentences with a name behind a word of place that
no list holds, a body behind a word for one, or a listed place right beside another capitalised word; few
sentences have any. What is added has no id: it says that something is named here, not what it is.

The finder was measured on Indonesian alone (``models/entities/CARD.md``), so only Indonesian is asked about.
Headlines are left out: their capitals mislead it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from pipeline.places import PlaceReading
from pipeline.protocols import FoundName, NameFinder
from pipeline.records import MentionKind

EXTRACTOR = "entities"
LANGUAGE = "id"
# The finder gives no probabilities. A name of its own is worth what an unknown body of the agency reader is.
SCORE = 0.5

_RUN = r"[A-Z][\w'’]+(?:[ -][A-Z][\w'’]*)*"
_PLACE_CUE = re.compile(
    r"(?<![\w'’.-])(?:[Dd]i|[Kk]e|[Dd]ari|asal|via|lewat|menuju|dekat|sekitar|kawasan|wilayah|daerah|kota|desa|dusun|distrik"
    rf"|kecamatan|kompleks) (?P<name>{_RUN})"
)
_BODY_CUE = re.compile(
    r"(?<![\w'’.-])(?:[Ll]embaga(?: swadaya masyarakat)?|LSM|[Oo]rganisasi(?: nirlaba)?|[Yy]ayasan|[Kk]omunitas|[Ss]erikat"
    rf"|[Aa]liansi|[Kk]oalisi) (?:\w+ )?(?P<name>{_RUN})"
)
# Halls, gates and the country itself: told by capitals, on no map.
_NO_PLACE = re.compile(
    r"(?:Terminal|Gerbang|Gate|Blok|Lantai|Kamar|Jalan|RSUP?D?|Tanah Air|Ibu Kota|Ibukota|Tol|Pos)\b"
)
_FIRM = re.compile(r"\b(?:PT|CV|UD|Tbk|Ltd|Inc|Corp|Sdn|Bhd|Grup|Group|Holdings?|Persero)\b")
_BEFORE = re.compile(r"(?:^|[\s(“\"])(?P<word>[A-Z][\w'’.]*) $")
_AFTER = re.compile(r"^ (?P<word>[A-Z][\w'’]*)")
# A word for who governs or for what kind of place it is opens no name of a person or firm.
_OFFICE = re.compile(
    r"(?:Pemerintah|Pemprov|Pemkot|Pemkab|Menteri|Presiden|PM|Raja|Gubernur|Bupati|Walikota|Kota|Otoritas|Kepolisian|Polisi"
    r"|Imigrasi|Provinsi|Kabupaten|Kecamatan|Desa|Di|Ke|Dari|Warga|WNI|PMI|RI)$"
)
# What only a person does, right beside a name that stands alone.
_SPEAKS_BEFORE = re.compile(
    r"\b(?:kata|ujar|tutur|ucap|imbuh|jelas|menurut|bernama|[Ss]audara|[Bb]apak|[Ii]bu|Pak|Bu|Tuan|Nyonya) $"
)
_SPEAKS_AFTER = re.compile(
    r"^ (?:mengatakan|mengaku|berkata|menuturkan|menjelaskan|mengungkapkan|bercerita|menambahkan|menangis)\b"
)
_LOOK_BACK = 40


class Unlisted(NamedTuple):
    """A name that no list holds."""

    kind: MentionKind
    start: int
    end: int


class Answer(NamedTuple):
    """What the finder changes; offsets are into the text."""

    refused: frozenset[tuple[int, int]]
    added: tuple[Unlisted, ...]


NOTHING = Answer(frozenset(), ())


class _Question(NamedTuple):
    """A sentence worth asking about, with the reasons: doubted places, and bare names with their kind."""

    start: int
    end: int
    doubted: tuple[PlaceReading, ...]
    bare: tuple[Unlisted, ...]


def ask(
    text: str,
    sentences: Iterable[tuple[int, int]],
    located: Sequence[PlaceReading],
    taken: Iterable[tuple[int, int]],
    finder: Callable[[], NameFinder],
) -> Answer:
    """Return which listed places are something else here, and which names no list holds.

    ``taken`` are the spans of all that was found, ``sentences`` those below the title. ``finder`` is called
    only when there is something to ask.
    """
    covered = bytearray(len(text))
    for start, end in taken:
        covered[start:end] = b"\x01" * (end - start)
    questions = [
        question
        for start, end in sentences
        for question in [_question(text, start, end, located, covered)]
        if question.doubted or question.bare
    ]
    if not questions:
        return NOTHING
    answers = finder().names([text[item.start : item.end] for item in questions])
    refused: set[tuple[int, int]] = set()
    added: list[Unlisted] = []
    for item, told in zip(questions, answers, strict=True):
        names = [name.moved(item.start) for name in told]
        refused |= {
            (place.start, place.end)
            for place in item.doubted
            if any(_is_another(text, place, name) for name in names)
        }
        added += [found for bare in item.bare if (found := _agreed(text, bare, names)) is not None]
    return Answer(frozenset(refused), tuple(dict.fromkeys(added)))


def _question(
    text: str, start: int, end: int, located: Sequence[PlaceReading], covered: bytearray
) -> _Question:
    bare = []
    for kind, cue in ((MentionKind.PLACE, _PLACE_CUE), (MentionKind.AGENCY, _BODY_CUE)):
        for match in cue.finditer(text, start, end):
            first, last = match.span("name")
            free = not any(covered[first:last]) and len(match["name"]) > 3
            if free and not (kind is MentionKind.PLACE and _NO_PLACE.match(match["name"])):
                bare.append(Unlisted(kind, first, last))
    doubted = tuple(
        place
        for place in located
        if start <= place.start < end and _is_doubted(text, start, place, covered)
    )
    return _Question(start, end, doubted, tuple(bare))


def _is_doubted(text: str, opens: int, place: PlaceReading, covered: bytearray) -> bool:
    """Whether the place may be part of another name: what stands beside it could be the rest of one.

    Asked about is only what ``_is_another`` could refuse. A well-known place that opens a name stays, so what
    follows it makes no doubt.
    """
    before = _BEFORE.search(text[max(opens, place.start - _LOOK_BACK) : place.start])
    led = False
    if before is not None:
        begin = place.start - 1 - len(before["word"])
        led = begin > opens and not covered[begin] and not _OFFICE.match(before["word"])
    if led or _FIRM.search(text, max(opens, place.start - _LOOK_BACK), place.end + _LOOK_BACK):
        return True
    if _is_sure(place):
        return False
    after = _AFTER.match(text[place.end : place.end + _LOOK_BACK])
    return (after is not None and not covered[place.end + 1]) or _speaks(text, place)


def _is_sure(place: PlaceReading) -> bool:
    return place.place is not None and place.place.is_sure


def _speaks(text: str, place: PlaceReading) -> bool:
    return bool(
        _SPEAKS_BEFORE.search(text[max(0, place.start - _LOOK_BACK) : place.start])
        or _SPEAKS_AFTER.match(text[place.end : place.end + _LOOK_BACK])
    )


def _is_another(text: str, place: PlaceReading, name: FoundName) -> bool:
    """Whether the name that the finder sees is no place and takes this one in, and the words agree."""
    if not (name.start <= place.start and place.end <= name.end):
        return False
    whole = name.end - name.start > place.end - place.start
    if name.kind == "organisation":
        # "Kepolisian Nasional Kamboja" is of Cambodia; only a firm merely bears the name.
        firm = text[max(0, name.start - 4) : name.end + 5]
        return whole and bool(_FIRM.search(firm))
    if name.kind != "person":
        return False
    if not whole:
        return not _is_sure(place) and _speaks(text, place)
    # "Bupati Batam Rizky ...": a place that opens the name belongs to the office before it.
    return name.start < place.start or not _is_sure(place)


def _agreed(text: str, bare: Unlisted, names: Sequence[FoundName]) -> Unlisted | None:
    """Return the bare name within the bounds that the finder gives it, when it gives it the same kind."""
    wanted = "place" if bare.kind is MentionKind.PLACE else "organisation"
    for name in names:
        if name.kind == wanted and name.start <= bare.start < name.end:
            end = min(name.end, bare.end)
            if end - bare.start > 3 and not text[bare.start : end].isupper():
                return Unlisted(bare.kind, bare.start, end)
    return None
