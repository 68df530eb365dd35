"""What a text speaks of: the states whose bodies a bare name may mean.

    text, places -> Context

And the words that the readers of agencies and missions share.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pipeline import authorities
from pipeline.authorities import HOME, Agency
from pipeline.protocols import TaggedSpan

# Scores: a name of the table, by pattern, one that only its surroundings complete, a body we do not know.
BY_NAME, BY_PATTERN, BY_CONTEXT, OPEN = 1.0, 0.95, 0.7, 0.5


class Find(NamedTuple):
    """A stretch of text that may name an agency, and how surely."""

    start: int
    end: int
    agency: Agency
    score: float


# A short acronym of another state is a coincidence unless the text speaks of that state.
SHORT = 4
# Words behind a head ("Polres", "KBRI") that are not where it sits.
NOT_A_SEAT = re.compile(
    r"(?:AKBP|AKP|Kombes|Kompol|Kombespol|Irjen|Brigjen|Iptu|Ipda|Aiptu|Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu|Polri|Polda|Kelas|"
    r"Republik|Indonesia|RI|Dalam|Untuk|Dan|Yang|Di|Ke|Dari|Baca|Sebut|Tangkap|Ungkap|Gagalkan|Tegaskan|Bongkar|Amankan|Periksa|Setempat|Terpadu|Jenderal)(?!\w)"
)
_COUNTED = re.compile(r"(?:\d|\b(?:WN|warga|dua|tiga|two|three|five|seven|one|a))\s$")
_TITLE_WEIGHT = 3
# A state spoken of less than one time in so many is not whose bodies a bare name means.
_ENOUGH = 3
# "MUAR: ", "JOHOR BAHRU, 5 Mac -".
_CITY_LINE = re.compile(r"(?P<city>[A-Z][A-Z'’ -]{2,28}?)(?:[,:(]| [-–—]|—)")
_DATELINE = re.compile(r"(?P<city>[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+)?)\b[^\n]{0,25}?(?: [-–—]|—|\()")


class Context:
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
        signs = authorities.all_families().signs
        title_end = text.find("\n") if "\n" in text else 0
        self.text = text
        self.signs: list[tuple[int, str]] = []
        for match in authorities.all_families().sign.finditer(text):
            code = signs[match[0]]
            self.signs.append((match.start(), code))
            weight = _TITLE_WEIGHT if match.start() < title_end else 1
            # "27 Chinese, 75 Indonesians": people of a state say little about whose bodies act.
            if _COUNTED.search(text, max(0, match.start() - 6), match.start()):
                self.people[code] += weight
            else:
                self.weight[code] += weight
        for start, group in places.items():
            surface, state = group[0].surface, state_of(group[0])
            if state is not None and len(surface) > SHORT and surface not in signs:
                self.signs.append((start, state))
                self.weight[state] += _TITLE_WEIGHT if start < title_end else 1
        dateline = _DATELINE.match(text, title_end + 1)
        line = _CITY_LINE.match(text, title_end + 1) or dateline
        self.dateline = line["city"] if line else None
        if line and home is None:
            self.home = authorities.all_families().capitals.get(line["city"].title())
        if dateline and dateline["city"].title() in authorities.all_families().capitals:
            self.weight[authorities.all_families().capitals[dateline["city"].title()]] += (
                _TITLE_WEIGHT
            )

    def meant(self, at: int, among: frozenset[str]) -> str | None:
        """Return which of these states a name at this offset belongs to: the sentence's, else the text's.

        None means that the text speaks of none of them, or far more of another.
        """
        sentence = max(self.text.rfind(mark, 0, at) for mark in (". ", "\n", "? ", "! "))
        before = [(where, code) for where, code in self.signs if sentence < where < at]
        near = [code for _, code in sorted(before) if code in among]
        if near:
            return near[-1]
        scores = {code: self.weight[code] for code in sorted(among) if self.weight[code]}
        if not scores:
            return self.home if self.home in among else None
        best = max(scores, key=lambda code: (scores[code], code == self.home))
        if self.home in scores and scores[self.home] * 2 >= scores[best]:
            best = self.home
        enough = scores[best] * _ENOUGH >= max(self.weight.values())
        return best if enough or best == self.home else None

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


def state_of(span: TaggedSpan) -> str | None:
    """Return the state of a place: gazetteer ids begin with its two letters."""
    if not span.candidate_ids:
        return None
    return authorities.all_families().code.get(span.candidate_ids[0][:2].lower())


def if_any(pattern: re.Pattern[str], text: str, signs: Sequence[str]) -> Iterable[re.Match[str]]:
    """Return what the pattern finds, if the text has any of the signs without which it finds nothing."""
    return pattern.finditer(text) if any(sign in text for sign in signs) else ()
