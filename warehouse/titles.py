"""Which titles and addresses of articles the public may see: those that, word by word, can name nobody. Pure.

title, listed spans, ordinary words -> bool

A name has no form of its own, so nothing is searched for. A title is shown when each of its words is an
ordinary one (`pipeline.ordinary`, and what the articles held print in small letters) or stands in a span that the lists know as a
place, body, nationality or code. Measured: of 209 persons in the news sentences of IDNER-News-2K (dev) one is wholly of
ordinary words (a party, tagged as a person), of 414 in the English PUD nine are ("May", "Homer", "North"). Of the 15,000
headlines of CLICK-ID 1,150 clear, and of 60 of those drawn by chance none names a person. Scripts without small letters
have no such words and show no titles.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Sequence
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from warehouse.privacy import PATTERNS

_WORD = re.compile(r"[^\W\d_]+")
# Short words in capitals are initials unless they are one of these.
_ACRONYMS = frozenset(
    str.split("""
    ASEAN ASN BGF BPJS CCTV COVID CPMI DIY DKBA DKI DPO DPR EU GTSEZ HAM II III IOM IV KBRI KJRI KKRI KTP LSM NBI NGO NTB NTT
    OFW OFWs PBB PDRM PMI POGO PPMI RI Rp SEZ SIM SPLP TIP TKI TKW TNI TPPO UK UN UNODC US USD UU VIP WIB WN WNA WNI WNIB
    """)
)
_INITIALS_AT_MOST = 4
# Words of addresses that say how a site is built, and short ends of running numbers.
_OF_ADDRESSES = frozenset(
    str.split("""
    amp article articles artikel asp aspx berita category com content d detail edition en fokus global go hl htm html id index
    indeks internasional jsp latest lipsus live m ms my nasional news newsid opini page pages php post posts print q r read
    region regional s section stories story tag topic topik url utm v video www x
    """)
)
_PAPERS = re.compile(
    r"(?<![^\W_])[a-z]{1,2}\d{7,8}[a-z]?(?![^\W_])|(?<!\d)\d{16}(?!\d)", re.IGNORECASE
)
_PRINTED = tuple(re.compile(PATTERNS[name]) for name in ("e-mail address", "telephone number"))
_ACCOUNT = re.compile(r"(?:rekening|account)\D{0,20}\d[\d -]{6,}", re.IGNORECASE)


class Listed(NamedTuple):
    """A stretch of a title that a list knows."""

    start: int
    end: int


def words(text: str) -> set[str]:
    """Return the words of a title or address in small letters."""
    return {word.lower() for word in _WORD.findall(unquote(text))}


def is_clear(title: str, listed: Sequence[Listed], ordinary: Container[str]) -> bool:
    """Return whether no word of the title can be a name."""
    shouted = title.isupper()
    for match in _WORD.finditer(title):
        if any(span.start <= match.start() and match.end() <= span.end for span in listed):
            continue
        word = match[0]
        if word in _ACRONYMS:
            continue
        if word.isupper() and len(word) <= _INITIALS_AT_MOST and not shouted:
            return False
        if len(word) == 1 or word.lower() not in ordinary:
            return False
    return bool(title)


def is_clear_address(
    url: str, title: str, ordinary: Container[str], hosts: Collection[str]
) -> bool:
    """Return whether an address holds ordinary words and those of its title, cleared already, alone."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        odd = parts.username is not None or parts.scheme not in {"http", "https"} or parts.fragment
    except ValueError:
        return False
    if odd or not any(f".{host}".endswith(f".{known.removeprefix('www.')}") for known in hosts):
        return False
    # Twice: an address may carry another one inside.
    path = unquote(unquote(f"{parts.path} {parts.query}"))
    if any(pattern.search(path) for pattern in (_PAPERS, _ACCOUNT, *_PRINTED)):
        return False
    own = words(title)
    return all(word in own or word in _OF_ADDRESSES or word in ordinary for word in words(path))
