"""Keep the aggregate figures that an article has told so far, and the days that it sets for them.

    figures before -> what the next one goes on with

A list goes on with the period, unit and subject of the figure that opened it: whoever judges a figure looks at
those before it, at the running total that the article is about and at its campaign, if it tells of one.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline import periods, subjects
from pipeline.numbers import Measure, Quantity
from pipeline.periods import Period, When
from pipeline.records import Claim, CountRole, Mention, MentionKind, StatisticCategory, Unit
from pipeline.segments import Sentence
from pipeline.totals import LONG_TOTAL

UNIT: dict[str, Unit] = {
    "cases": Unit.CASES, "complaints": Unit.COMPLAINTS, "percent": Unit.PERCENT, "persons": Unit.PERSONS,
    "sites": Unit.SITES, "permits": Unit.PERMITS, "accounts": Unit.ACCOUNTS, "USD": Unit.USD, "IDR": Unit.IDR,
}  # fmt: skip

# Why a figure is taken up: ``total`` and ``campaign`` count persons, ``compared`` is an older figure that the
# text measures another one against; what follows it goes on with the newer one.
Kind = Literal["count", "total", "campaign", "share", "growth", "money", "part"]
_NOT_SHARES = frozenset(set(UNIT) - {"percent"})
# A total that began longer ago than this, told in passing, is a statistic.
LONG = LONG_TOTAL.days
# In headline or lead only a figure over at least a quarter is: shorter series are the event itself.
LONG_IN_LEAD = 89
# Police campaigns count their catch so far: from this many days on that is a statistic as well.
CAMPAIGN_DAYS = 5
# Fewer cases or reports than this are told of one event.
LEAST_REPORTS = 10
# A headline's "hingga September" holds for later figures while no more time than this has passed.
_SERIES_RUNS = dt.timedelta(days=100)
_STILL_RUNS = dt.timedelta(days=14)

COUNTED_WORD = re.compile(
    r"\b(?:jumlah\w*|angka\w*|kasus|kes|cases?|aduan|complaints?|laporan|reports?|requests?|permohonan|permintaan|applications|calls|numbers?|figures?|totals?|count|tally|data|tercatat|recorded|korban|victims?|mangsa)\b",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"\b(?:first|pertama|mulai|dimulai|began|started|sejak|since|opened|dibuka)\b", re.IGNORECASE
)
_COVERS = re.compile(
    r"\b(?:totals?|figures?|count|tally|numbers?|angka|jumlah|data|statistics?|laporan|report)\b[^.;]{0,30}\b(?:covers?|covering|spans?|mencakup|meliputi|merangkumi|dihitung|is for|run(?:s|ning)? from)\b",
    re.IGNORECASE,
)
_AGAIN = re.compile(
    r"\b(?:periode|kurun|tempoh|masa|rentang)(?: waktu)?(?: yang)? (?:sama|serupa)\b|\bsame (?:period|months|stretch|time)\b|\bsetahun sebelumnya\b|\ba year earlier\b",
    re.IGNORECASE,
)
NEXT_CLAUSE = re.compile(
    r"[,;.]|\bdan \d|\band \d|\bdi ?antaranya\b|\bof (?:which|these|whom)\b|\b(?:sedangkan|sementara|tetapi|while|but|naik|meningkat|up|compared)\b"
)
PART = re.compile(
    r"\b(?:di ?antaranya|di antara (?:mereka|jumlah)|daripadanya|dari (?:jumlah|angka|total|keseluruhan|mereka)|(?<!naik )(?<!meningkat )(?<!melonjak )(?<!turun )(?<!menurun )dari (?!20\d\d\b)(?=[\d.,]+\b)|khusus|of (?:these|those|them|which|whom|that)|out of (?:the|these|those|a total|a|all|(?=\d))|among them|daripada (?:jumlah|mereka)|termasuk|including|merupakan|adalah|terdiri|yakni|yaitu|iaitu|namely|rinciannya|perinciannya)\b",
    re.IGNORECASE,
)

# "120,000 people across Myanmar may be held": what is only thought is told as an estimate.
_MAY_BE = re.compile(
    r"[^;.]{0,120}?\b(?:may|might|could|likely|probably|are (?:believed|thought|estimated)|diperkirakan|diduga|dianggarkan|dipercayai|mungkin|ditaksir)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Figure:
    """A figure taken up as an aggregate, its period and its subject; ``is_pending`` counts what is left."""

    quantity: Quantity
    sentence: Sentence
    measure: Measure
    kind: Kind
    start: dt.date | None
    end: dt.date | None
    is_cumulative: bool
    category: StatisticCategory
    is_part: bool
    is_compared: bool = False
    is_pending: bool = False

    @property
    def size(self) -> float:
        """The figure as a number."""
        return self.quantity.best or 0.0


class Context:
    """What one article has told before a figure."""

    def __init__(
        self,
        sentences: Sequence[Sentence],
        reference: dt.date,
        mentions: Sequence[Mention],
        claims: Sequence[Claim],
    ) -> None:
        self.sentences = sentences
        self.reference = reference
        self.claims = claims
        self.places = [item for item in mentions if item.kind is MentionKind.PLACE]
        self.figures: list[Figure] = []
        # A sentence that tells a figure again, and that figure.
        self.retold: tuple[Sentence, Figure] | None = None
        self._periods: dict[int, Period] = {}

    def near(self, sentence: Sentence, reach: int = 0) -> list[Figure]:
        """Return the figures found in this paragraph, or in it and the ``reach`` before it."""
        return [
            item for item in self.figures if sentence.paragraph - item.sentence.paragraph <= reach
        ]

    def main(
        self, sentence: Sentence, reach: int = 0, measures: frozenset[str] = _NOT_SHARES
    ) -> Figure | None:
        """Return the figure that this sentence goes on with: the last one that is not there to be compared with.

        A figure that the paragraph tells again ("dari 3.905 kasus itu") comes before all others.
        """
        near = self.near(sentence, reach)
        if self.retold is not None and self.retold[0].paragraph == sentence.paragraph:
            later = [item for item in near if item.sentence.index > self.retold[0].index]
            if not later and self.retold[1].measure in measures:
                return self.retold[1]
        own = [
            item for item in near
            if not item.is_compared and not item.is_pending and item.measure in measures
        ]  # fmt: skip
        if (
            not own
            and near
            and reach < 3
            and all(i.measure == "percent" or i.is_compared for i in near)
        ):
            return self.main(sentence, reach + 1, measures) or near[-1]
        return own[-1] if own else (near[-1] if near else None)

    def whole(self, sentence: Sentence) -> Figure | None:
        """Return the latest whole of persons or cases within the last sentences, or None."""
        if self.retold is not None and self.retold[0] is sentence:
            return self.retold[1]
        for item in reversed(self.figures):
            if (
                sentence.index - item.sentence.index > 5
                or sentence.paragraph - item.sentence.paragraph > 3
            ):
                return None
            apart = item.is_compared or item.is_pending or item.is_part
            if item.kind not in {"total", "count"}:
                continue
            if item.measure in {"persons", "cases", "complaints"} and not apart:
                return item
        return None

    def is_running(self, claim: Claim) -> bool:
        """Whether the running total of a claim still runs: one that ended long ago is quoted, not counted."""
        return claim.as_of_date is None or self.reference - claim.as_of_date <= _STILL_RUNS

    def in_title(self, quantity: Quantity) -> bool:
        """Whether the headline gives the figure."""
        return any(q.best == quantity.best for q in self.sentences[0].quantities)

    def in_lead(self, quantity: Quantity) -> bool:
        """Whether headline or lead give the figure: then it is the event's own."""
        return any(q.best == quantity.best for s in self.sentences[:2] for q in s.quantities)

    @functools.cached_property
    def told_as_of(self) -> dt.date:
        """The day up to which the article counts."""
        return periods.told_as_of(self.sentences, self.reference)

    @functools.cached_property
    def covered(self) -> Period | None:
        """The days that the text says its figures cover: "the total covers March 3 to March 31"."""
        for sentence in self.sentences[1:]:
            if _COVERS.search(sentence.text):
                spans = [day for day in sentence.dates if day.bound == "span"]
                if spans:
                    return spans[0].date_start, spans[0].date_end
        return None

    @functools.cached_property
    def campaign_start(self) -> dt.date | None:
        """The day on which the campaign of the article began."""
        return periods.campaign_start(self.sentences, self.reference)

    @functools.cached_property
    def as_of_campaign(self) -> dt.date:
        """The last day that the text tells of: what police did then is counted already."""
        return periods.told_as_of(self.sentences, self.reference, with_events=True)

    def tally(self) -> Period | None:
        """Return the days of the running total that the article is about."""
        if self.covered is not None:
            return self.covered
        for claim in self.claims:
            if claim.cumulative_since and claim.subset_of is None and self.is_running(claim):
                return claim.cumulative_since, claim.as_of_date or self.told_as_of
        if self.campaign_start is not None:
            return self.campaign_start, self.as_of_campaign
        series = next((c for c in self.claims if c.is_cumulative and c.role is CountRole.COMPLAINANT), None)  # fmt: skip
        if series is None:
            return self._first_day()
        days = [
            day.date_start for s in self.sentences[1:6] for day in s.dates
            if day.days <= 2 and not day.is_statement_day and day.date_start <= self.reference
        ]  # fmt: skip
        return (min(days), self.told_as_of) if days else None

    def _first_day(self) -> Period | None:
        """Return the days since the first of them came: "the first of them arrived on Aug 9"."""
        for sentence in self.sentences[1:6]:
            days = [
                d
                for d in sentence.dates
                if d.days <= 2 and not d.is_statement_day and d.bound in {"on", "since"}
            ]
            if days and _FIRST.search(sentence.text):
                return days[0].date_start, self.told_as_of
        return None

    def as_of(self, sentence: Sentence) -> dt.date:
        """Return the day up to which a figure with an open end counts: that of the figures beside it."""
        near = [item.end for item in self.near(sentence) if item.end and not item.is_compared]
        recent = [day for day in near if (self.reference - day).days <= 45]
        if recent:
            return recent[-1]
        return self.period_of_text(sentence)[1] or self.told_as_of

    def period_of_text(self, sentence: Sentence) -> Period:
        """Return the days that the text before a sentence sets, looked up once for each sentence."""
        if sentence.index not in self._periods:
            self._periods[sentence.index] = self._find_period(sentence)
        return self._periods[sentence.index]

    def _find_period(self, sentence: Sentence) -> Period:
        """Return the days that headline, lead or paragraph set for the figures that follow, or (None, None).

        "Hingga September 2024, kasus terus naik. KBRI menangani 2.731 kasus." A whole year, the days of an
        event and times that are only compared with set none.
        """
        before = [
            item for item in self.sentences[: sentence.index]
            if item.paragraph <= self.sentences[min(1, len(self.sentences) - 1)].paragraph or item.paragraph == sentence.paragraph
        ]  # fmt: skip
        for text in reversed(before):
            for when in periods.find(text, self.reference):
                if when.last is None or when.is_open or periods.is_against(text, when):
                    continue
                if not dt.timedelta(0) <= self.reference - when.last <= _SERIES_RUNS:
                    continue
                until = when.kind in {"until", "since"} and COUNTED_WORD.search(text.text)
                span = when.kind == "span" and 28 < when.length < 365
                if (until or span) and (when.first is None or when.length >= 28):
                    return when.first, when.last
        return None, None

    def resolve(self, when: When, sentence: Sentence) -> Period:
        """Return the days of a time, looking at the figures before it where it points at theirs."""
        main = self.main(sentence, 2)
        match when.kind:
            case "earlier":
                base: Period = (
                    (main.start, main.end) if main is not None and main.end else (None, None)
                )
                if base[1] is None:
                    base = self.period_of_text(sentence)
                if base[1] is None:
                    year = when.first.year if when.first else self.reference.year - 1
                    return dt.date(year, 1, 1), dt.date(year, 12, 31)
                if (
                    base[0] is not None
                    and base[0] == dt.date(base[0].year, 1, 1)
                    and base[1].month == 12
                ):
                    base = base[0], dt.date(base[1].year, 12, 31)
                return periods.year_before(base, when.first.year if when.first else None)
            case "opening":
                if self.covered is not None:
                    return self.covered
                first = self.campaign_start or (self.tally() or (None, None))[0]
                if first is None:
                    return None, None
                return first, min(first + dt.timedelta(days=when.days - 1), self.reference)
            case "same":
                if main is None or not (main.start or main.end):
                    return self._days_before(sentence, when)
                long = main.start and main.end and (main.end - main.start).days > 366
                if when.days and long and main.end:
                    return dt.date(main.end.year, 1, 1), main.end
                return main.start, main.end
            case "until":
                if _AGAIN.search(sentence.text) and when.last is not None:
                    return dt.date(when.last.year, 1, 1), when.last
                open_before = [
                    i
                    for i in self.figures
                    if i.sentence is sentence and i.is_cumulative and i.start
                ]
                if open_before and open_before[-1].measure != "percent":
                    return open_before[-1].start, when.last
                return self._opened(when.last), when.last
            case _:
                last = when.last
                if when.is_open and last == self.reference:
                    series = [
                        item.end for item in self.figures
                        if item.start == when.first and item.end and not item.is_compared
                        and item.measure not in {"percent", "sites"} and item.kind != "campaign"
                    ]  # fmt: skip
                    last = series[-1] if series else self.as_of(sentence)
                    last = max(last, when.first or last)
                    if _is_catch(sentence) and last == self.told_as_of:
                        last = self.as_of_campaign
                return when.first, last

    def _opened(self, last: dt.date | None) -> dt.date | None:
        """Return the first day of the year that the headline counts: "5.008 Kasus Sepanjang 2025"."""
        if last is None:
            return None
        for when in periods.find(self.sentences[0], self.reference):
            first, end = when.first, when.last
            if when.kind != "span" or first is None or end is None or when.length < 28:
                continue
            if first.month == first.day == 1 and first <= last <= dt.date(end.year, 12, 31):
                return first
        return None

    def _days_before(self, sentence: Sentence, when: When) -> Period:
        """Return the days spoken of before "that year": in this sentence, else in the one before it."""
        before = self.sentences[sentence.index - 1]
        for text in (sentence, before) if before.paragraph == sentence.paragraph else (sentence,):
            times = [
                item
                for item in periods.find(text, self.reference)
                if item.kind in {"since", "span"} and item.end <= when.start
            ]
            if times:
                return self.resolve(times[-1], text)
        return None, None


def around(sentence: Sentence, quantity: Quantity, reach: int = 45) -> str:
    """Return the words on both sides of a figure."""
    offset = sentence.start
    return sentence.text[max(0, quantity.start - offset - reach) : quantity.end - offset + reach]


def is_said_part(sentence: Sentence, quantity: Quantity) -> bool:
    """Whether words between the figures on both sides call this one a part: "1.422 kasus di antaranya"."""
    offset, reach = sentence.start, 45
    previous = max((end_of(q) for q in sentence.quantities if q.end <= quantity.start and q.measure != "other"), default=offset)  # fmt: skip
    first = max(previous, quantity.start - reach)
    last = min(next_figure(sentence, quantity), quantity.end + reach)
    return PART.search(sentence.text, first - offset, last - offset) is not None


def may_be(quantity: Quantity, sentence: Sentence) -> bool:
    """Whether it is only thought that so many are there."""
    return _MAY_BE.match(sentence.text, end_of(quantity) - sentence.start) is not None


def clause_of(sentence: Sentence, quantity: Quantity) -> str:
    """Return the words of the figure's clause: from the last comma before it to the first break behind it."""
    offset = sentence.start
    before = sentence.text[max(0, quantity.start - offset - 40) : quantity.start - offset]
    behind = sentence.text[quantity.end - offset : next_figure(sentence, quantity) - offset][:45]
    return re.split(r"[,;]|\b(?:dan|and)\b", before)[-1] + NEXT_CLAUSE.split(behind)[0]


def next_figure(sentence: Sentence, quantity: Quantity) -> int:
    """Return where the next figure begins, but for the share that says the same: "1.112 kasus atau 85 persen"."""
    tail = end_of(quantity) - sentence.start
    for item in sentence.quantities:
        if item.start <= quantity.end or item.measure == "other":
            continue
        gap = sentence.text[tail : item.start - sentence.start]
        if item.measure == "percent" and re.search(r"\b(?:atau|or)\s", gap):
            continue
        return item.start
    return sentence.end


def end_of(quantity: Quantity) -> int:
    """Return where a figure and its noun end."""
    return max(quantity.end, quantity.noun_end)


def _is_catch(sentence: Sentence) -> bool:
    """Whether a sentence counts what authorities have caught, searched or listed so far."""
    return subjects.ARRESTED.search(sentence.text) is not None or re.search(
        r"\b(?:listed|sanctioned|designated|blacklisted|searched|raided|digerebek|masuk daftar|dikenai sanksi)\b",
        sentence.text, re.IGNORECASE,
    ) is not None  # fmt: skip
