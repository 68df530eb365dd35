"""Small tools on running text: normalising, folding for matching, paragraphs and sentences.

Spans count Unicode code points, so ``text[span.start : span.end]`` is always the span's own words. The
sentence splitter knows the abbreviations and titles of Indonesian, Malay and English news and needs no
model: it is called for every article, and its answer must be the same on every machine.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple


class Bounds(NamedTuple):
    """Where a piece of text begins and ends: ``text[start:end]``."""

    start: int
    end: int


# --- characters ------------------------------------------------------------------------------------


class _Cleaning(dict[int, str | None]):
    """What to do with each character when a raw text comes in, worked out on first sight."""

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        result: str | None = char
        if char in "\n\r\x0b\x0c\x85\u2028\u2029":
            result = "\n"
        elif char == "\t" or unicodedata.category(char) == "Zs":
            result = " "
        elif unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co"}:
            # Controls, zero-width and bidi marks, lone surrogates, icon fonts: never words of a text.
            result = None
        self[code] = result
        return result


# Letters that no decomposition takes apart but that people leave out when they type a name.
_PLAIN = str.maketrans("đðłøıĐÐŁØ", "ddloiddlo")
_LIKE_ASCII = {
    "\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u201b": "'", "\u2032": "'",
    "\u201c": '"', "\u201d": '"', "\u201f": '"', "\u2033": '"',
    "\u2010": "-", "\u2011": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ",
}  # fmt: skip
_FULLWIDTH = range(0xFF01, 0xFF5F)


class _Folding(dict[int, str]):
    """The matching form of each character: always exactly one character."""

    def __missing__(self, code: int) -> str:
        result = chr(code)
        if result in _LIKE_ASCII:
            result = _LIKE_ASCII[result]
        elif code in _FULLWIDTH:
            result = chr(code - 0xFEE0).lower()
        else:
            for _ in range(3):  # a base may itself have a lower case with a mark: settle it
                base = [
                    c for c in unicodedata.normalize("NFD", result) if not unicodedata.combining(c)
                ]
                plain = (base[0] if len(base) == 1 else result).translate(_PLAIN)
                lower = plain.casefold()
                result = lower if len(lower) == 1 else plain
        self[code] = result
        return result


_CLEANING = _Cleaning()
_FOLDING = _Folding()
_SPACES = re.compile(r" {2,}")
_BREAKS = re.compile(r" ?\n[ \n]*")


def normalise(raw: str) -> str:
    """Return the text in NFC, one space between words, one newline between lines, nothing invisible."""
    cleaned = unicodedata.normalize("NFC", raw.translate(_CLEANING))
    return _BREAKS.sub("\n", _SPACES.sub(" ", cleaned)).strip(" \n")


def fold(text: str) -> str:
    """Return the text for matching: lower case, no diacritics, plain quotes; as long as the input."""
    return text.translate(_FOLDING)


# --- lines and sentences -----------------------------------------------------------------------------

_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")


def _stripped(text: str, start: int, end: int) -> Bounds:
    """Return the bounds without white space at either end."""
    piece = text[start:end]
    lead = len(piece) - len(piece.lstrip())
    return Bounds(start + lead, start + lead + len(piece.strip()))


def paragraphs(text: str) -> list[Bounds]:
    """Return the lines that hold something, without the white space around them."""
    found = (_stripped(text, match.start(), match.end()) for match in _LINE.finditer(text))
    return [bounds for bounds in found if bounds.start < bounds.end]


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Ranks and titles, written with a capital; a name follows, so the sentence goes on.
_TITLES = _words(
    """
    akbp kombes irjen brigjen komjen jend jenderal letjen mayjen kol letkol kapt lettu letda ipda iptu
    akp kompol aiptu aipda bripka brigpol briptu bripda brig serma serka sertu serda peltu pelda pol
    laks laksda laksma mar inf kav art purn
    ir prof hj kh rr ny nn tn sdr sdri ust tgk hc kel kab kec kot prov kp perum
    mr mrs ms messrs st ste gen lt col sgt capt maj cmdr adm sen rep gov pres hon rev fr supt insp
    datuk dato tan en pn asp dsp sac dcp pt cv ud fa ft bp bpk yth
    """
)
# The same for those that are written with a small letter as well.
_LINKS = _words(
    "dr drs dra jl jln gg rt rw vs cf al dok cq alm a.n u.b d.a u.p c.q y.th s.d ph.d e.g i.e"
)
# Never the end before a figure: "No. 21", "Rp. 5 juta", "tgl. 3", "psl. 5".
_BEFORE_FIGURES = _words("no nos nomor nr rp idr usd rm tgl hlm hal pp p psl ay vol pkl pk jam")
# They end a sentence only when a word follows that usually opens one.
_EITHER = _words(
    """
    u.s u.k u.n u.a.e e.u d.c inc ltd corp co bhd sdn tbk jr sr
    jan feb mar apr jun jul ags agu aug sept sep okt oct nov des dec
    """
)
# Written with a stop, and any capital may follow them as a new sentence.
_CLOSERS = _words("dll dsb dst dkk etc a.m p.m s.h m.h s.e s.i.k m.si")
_STARTERS = _words(
    """
    the a an he she it they we i you this that these those his her their its our in on at by for from as
    but and or so if when while after before during since although however meanwhile according also more
    no not all some many most both each there here police officials authorities
    dia ia mereka kami kita saya ini itu di ke dari pada dalam untuk dengan namun tetapi sementara
    menurut selain setelah sebelum ketika saat kemudian para polisi petugas pihak sebanyak
    """
)
# A letter after these is a pseudonym that may end a sentence: "tersangka berinisial A. Polisi ...".
_LETTER_NAMES = _words(
    "inisial berinisial initial initials initialled blok block kelas class gedung"
)

_STOP = re.compile(
    r"[.!?\u2026]+[\"'\u201d\u2019\u00bb)\]]*(?=\s|$)|[\u3002\uff01\uff1f\u17d4\u104b]+[\"\u201d\u2019\u300d\u300f)\]]*"
)
_TOKEN = re.compile(r"[^\s(\[\"'\u201c\u2018\u00ab]*$")
_NEXT = re.compile(r"\s*[-\u2013\u2014\u2022*]*\s*[\"'\u201c\u2018\u00ab(\[]*")
_WORD = re.compile(r"[^\W\d_]+")
# Longest stretch before a stop that is looked at: no abbreviation is longer, and time stays linear.
_LOOK_BACK = 40
_LOOK_AHEAD = 40


def _ends_sentence(line: str, begin: int, stop: re.Match[str]) -> bool:
    """Return whether the sentence that began at ``begin`` ends with this stop."""
    if line[stop.start()] in "\u3002\uff01\uff1f\u17d4\u104b":
        return True
    ahead = line[stop.end() : stop.end() + _LOOK_AHEAD]
    opening = _NEXT.match(ahead)
    rest = ahead[opening.end() :] if opening else ahead
    if not rest:
        return True
    if rest[0].islower():
        return False  # "Tolong!" katanya
    marks = stop.group()
    if not marks.startswith(".") or marks.startswith(".."):
        return True
    back = line[max(begin, stop.start() - _LOOK_BACK) : stop.start()]
    found = _TOKEN.search(back)
    token = found.group() if found else ""
    before = back[: len(back) - len(token)].split()
    if not before and begin + len(token) >= stop.start() and token.isdigit():
        return False  # a list number that opens the line
    if len(marks) > 1:
        return True  # a quotation or bracket closes after the stop
    word = token.casefold().lstrip("-\u2013")
    after = _WORD.match(rest)
    follower = after.group().casefold() if after else ""
    if word in _CLOSERS:
        return True
    if word in _BEFORE_FIGURES:
        return not rest[0].isdigit()
    if word in _EITHER:
        return follower in _STARTERS
    if len(token) == 1 and token.isupper():
        return bool(before) and before[-1].casefold() in _LETTER_NAMES
    return not (word in _LINKS or (word in _TITLES and token[0].isupper()))


def sentences(text: str) -> list[Bounds]:
    """Return the sentences in order, stripped; together they hold every character that is not blank.

    A newline always ends one. A stop does not when a small letter follows, after a title, rank or
    initial, or between the digits of a number.
    """
    found: list[Bounds] = []
    for match in _LINE.finditer(text):
        line, offset = match.group(), match.start()
        begin = 0
        for stop in _STOP.finditer(line):
            if _ends_sentence(line, begin, stop):
                found.append(_stripped(text, offset + begin, offset + stop.end()))
                begin = stop.end()
        if begin < len(line):
            found.append(_stripped(text, offset + begin, offset + len(line)))
    return [bounds for bounds in found if bounds.start < bounds.end]
