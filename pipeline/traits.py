"""Say what can be seen of a figure: the words beside it, where it stands, what the rules took it for.

    Article, [Claim], [Statistic], [Report] -> [Candidate]

A learned judge weighs these traits where the rules found nothing. The same number told in headline and body is
one candidate with the traits of all its places, since one event has one size.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline import segments
from pipeline.dates import DateExpression
from pipeline.drafts import governing_cue
from pipeline.numbers import Quantity
from pipeline.records import Article, Claim, Report, Statistic
from pipeline.segments import Sentence
from pipeline.text import fold

# Traits with this mark say what the rules made of a figure; the others can be read off the text alone.
OF_RULES = "~"
# How many words to either side are told with their distance, and how many without.
_BESIDE_LEFT, _BESIDE_RIGHT, _LEFT, _RIGHT = 4, 5, 10, 12
_SIZES = (1, 2, 5, 10, 20, 50, 100, 300, 1000, 5000, 20_000)
_LONG_DAYS = 45

_WORD = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|[^\w\s]")
_CLAUSE_ENDS = frozenset(",;:.()")
# Indonesian and Malay affixes (Sneddon and others, Indonesian Reference Grammar, 2010) and the English endings of verbs and plurals:
# cut so roughly that "dipulangkan", "memulangkan" and "pemulangan" meet, which is all that is asked here.
_PREFIX = re.compile(
    r"^(?:memper|diper|meng|meny|mem|men|me|di|ber|ter|peng|peny|pem|pen|per|pe|ke|se)(?=[a-z]{3})"
)
_SUFFIX = re.compile(r"(?:kannya|annya|inya|kan|nya|an|ing|ed|es|s|i)$")
_STEM = 6


@dataclass(frozen=True, slots=True)
class Candidate:
    """One number of an article with everywhere it stands, in text order."""

    value: float
    places: tuple[tuple[Sentence, Quantity], ...]
    traits: frozenset[str]

    @property
    def may_be_persons(self) -> bool:
        """Whether it may count persons anywhere."""
        return any(quantity.may_be_persons for _, quantity in self.places)


class _Word(NamedTuple):
    """A word's stem and where the word starts and ends in its sentence."""

    stem: str
    start: int
    end: int


@functools.lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return what a folded word has in common with its other forms; digits become their number of places."""
    if word[0].isdigit():
        return "0" if len(word) < 3 else "00"
    if len(word) < 5:
        return word
    bare = _PREFIX.sub("", word)
    if len(bare) > 5:
        bare = _SUFFIX.sub("", bare)
    return bare[:_STEM]


def candidates(
    article: Article,
    claims: Sequence[Claim],
    statistics: Sequence[Statistic],
    reports: Sequence[Report],
) -> list[Candidate]:
    """Return the numbers of an article that may count something, in text order."""
    sentences = segments.read(article)
    by_value: dict[float, list[tuple[Sentence, Quantity]]] = {}
    for sentence in sentences:
        for quantity in sentence.quantities:
            value = _value(quantity)
            if value is not None and not quantity.is_anaphor:
                by_value.setdefault(value, []).append((sentence, quantity))
    view = _View(article, sentences, by_value, claims, statistics, reports)
    return [
        Candidate(
            value,
            tuple(places),
            frozenset(trait for place in places for trait in view.traits(*place)),
        )
        for value, places in by_value.items()
    ]


def _value(quantity: Quantity) -> float | None:
    return quantity.best if quantity.best is not None else quantity.low


class _View:
    """What is the same for every figure of an article."""

    def __init__(
        self,
        article: Article,
        sentences: Sequence[Sentence],
        by_value: dict[float, list[tuple[Sentence, Quantity]]],
        claims: Sequence[Claim],
        statistics: Sequence[Statistic],
        reports: Sequence[Report],
    ) -> None:
        self._language = article.language
        self._n_sentences = len(sentences)
        persons = {
            value: [place for place in places if place[1].may_be_persons]
            for value, places in by_value.items()
        }
        self._times = Counter({value: len(places) for value, places in persons.items()})
        self._in_title = {
            value for value, places in persons.items() if any(s.is_title for s, _ in places)
        }
        self._in_opening = {
            value for value, places in persons.items() if any(1 <= s.index <= 2 for s, _ in places)
        }
        self._claims = claims
        self._statistics = statistics
        self._reports = reports
        self._words: dict[int, list[_Word]] = {}

    def traits(self, sentence: Sentence, quantity: Quantity) -> Iterator[str]:
        """Yield the traits of a figure at one of its places."""
        yield from self._of_words(sentence, quantity)
        yield from self._of_place(sentence, quantity)
        yield from self._of_figure(sentence, quantity)
        for trait in self._of_rules(quantity):
            yield OF_RULES + trait

    def _of_words(self, sentence: Sentence, quantity: Quantity) -> Iterator[str]:
        words = self._words.get(sentence.index)
        if words is None:
            words = [
                _Word(stem(fold(match[0])), match.start(), match.end())
                for match in _WORD.finditer(sentence.text)
            ]
            self._words[sentence.index] = words
        begin, end = quantity.start - sentence.start, quantity.end - sentence.start
        left = [word.stem for word in words if word.end <= begin]
        right = [word.stem for word in words if word.start >= end]
        for distance, word in enumerate(reversed(left[-_BESIDE_LEFT:])):
            yield f"l{distance}={word}"
        for distance, word in enumerate(right[:_BESIDE_RIGHT]):
            yield f"r{distance}={word}"
        for side, near in (("L", left[-_LEFT:]), ("R", right[:_RIGHT])):
            for word in near:
                yield f"{side}={word}"
            for first, second in itertools.pairwise(near):
                yield f"{side}2={first}_{second}"
        for side, near in (("CL", left[::-1]), ("CR", right)):
            for word in near[:_RIGHT]:
                if word in _CLAUSE_ENDS:
                    break
                yield f"{side}={word}"

    def _of_place(self, sentence: Sentence, quantity: Quantity) -> Iterator[str]:
        yield f"index={min(sentence.index, 8)}"
        yield f"paragraph={min(sentence.paragraph, 6)}"
        yield f"last={sentence.index >= self._n_sentences - 2}"
        yield f"title={sentence.is_title}"
        yield f"lead={sentence.is_lead}"
        value = _value(quantity)
        told = value in self._in_title
        yield f"in title={told}"
        yield f"in opening={value in self._in_opening}"
        yield f"title counts={bool(self._in_title)}{told}{sentence.is_title}"
        yield f"times={min(self._times[value or 0.0], 3)}"
        yield f"larger={min(sum(other > (value or 0.0) for other in self._times), 4)}"
        beside = [item for item in sentence.quantities if item.may_be_persons]
        yield f"order={min(beside.index(quantity), 3) if quantity in beside else 'none'}"
        yield f"beside={min(len(beside), 4)}"
        for day in sentence.dates:
            yield f"date={day.bound},{_length(day)}"
        if not sentence.dates:
            yield "date=none"

    def _of_figure(self, sentence: Sentence, quantity: Quantity) -> Iterator[str]:
        yield f"language={self._language}"
        yield f"size={_size(quantity.best)}"
        yield f"relation={quantity.relation.value}"
        yield f"measure={quantity.measure}"
        yield f"noun={fold(quantity.noun)}"
        yield f"nationality={quantity.nationality}"
        yield f"sex={quantity.sex}"
        cue = governing_cue(sentence, quantity.start, max(quantity.end, quantity.noun_end))
        if cue is None:
            yield "cue=none"
        else:
            yield f"cue={cue.event_type},{cue.side}"
            yield f"cue event={cue.event_type}"
            yield f"cue role={cue.role}"
            yield f"cue key={cue.key}"
            yield f"cue planned={cue.is_planned}"
        for other in sentence.cues:
            yield f"sentence tells={other.event_type}{'!' if other.is_denied else ''}"

    def _of_rules(self, quantity: Quantity) -> Iterator[str]:
        claim = next((c for c in self._claims if c.start <= quantity.start < c.end), None)
        if claim is None:
            yield "claim=none"
        else:
            yield f"role={claim.role.value}"
            yield f"running={claim.is_cumulative}"
            yield f"part={claim.subset_of is not None}"
            yield f"planned={claim.is_planned}"
        yield from self._of_reports(claim)
        statistic = next((s for s in self._statistics if s.start <= quantity.start < s.end), None)
        yield f"statistic={statistic.category.value if statistic else None}"
        if statistic is not None:
            first, last = statistic.period_start, statistic.period_end
            yield f"long={first is None or last is None or (last - first).days > _LONG_DAYS}"

    def _of_reports(self, claim: Claim | None) -> Iterator[str]:
        own = [
            (not item.is_headline, report)
            for report in self._reports
            for item in report.claims
            if claim is not None and item.claim_id == claim.claim_id
        ]
        if own:
            is_detail, report = min(own, key=lambda pair: pair[0])
            part = "detail" if is_detail else "headline"
            yield f"in={part}"
            yield f"in={part},{report.event_type.value}"
            yield f"in={part},{report.salience}"
        else:
            yield "in=none"
        main = [report.event_type.value for report in self._reports if report.salience == "main"]
        for event in main:
            yield f"main={event}"
        yield f"n main={min(len(main), 3)}"
        yield f"n reports={min(len(self._reports), 4)}"


def _length(day: DateExpression) -> str:
    length = "day" if day.days <= 1 else "week" if day.days <= 14 else "month" if day.days <= 31 else "long"  # fmt: skip
    return f"{length},said" if day.is_statement_day else length


def _size(value: float | None) -> str:
    if value is None:
        return "vague"
    return next((f"<={bound}" for bound in _SIZES if value <= bound), "huge")
