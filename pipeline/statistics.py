"""Read aggregate figures: totals over a period or an area, which are not incidents.

    Article, Relevance, [Mention] -> [Statistic]

Figures are taken in text order, each in the light of those before it (``figures``): is it an aggregate
(``aggregates``), does it go on with another or divide it (``parts``), over which days does it run, what is it
about (``categories``). Cumulative series keep their start and their as-of day and are never turned into rates.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline import aggregates, categories, figures, parts, periods, segments, subjects
from pipeline.claims import read as read_claims
from pipeline.figures import Context, Figure, Kind
from pipeline.numbers import Measure, Quantity
from pipeline.periods import Period, When
from pipeline.records import (
    Article,
    Claim,
    Mention,
    MentionKind,
    Relation,
    Relevance,
    Statistic,
    StatisticCategory,
    make_id,
)
from pipeline.segments import Sentence

EXTRACTOR = "rules.statistics"
VERSION = "2"

# Words before an older or later figure of a series that the text measures another one against.
_OLDER = re.compile(
    r"\b(?:up|down|rise|rose|increase\w*|jump\w*|naik|meningkat|melonjak|turun|menurun|compared|berbanding|dibanding\w*|ketimbang|against|lebih tinggi|(?<!more )(?<!less )(?<!fewer )(?<!other )than)\b[^,;.]{0,25}$|,\s(?:from|dari)\s$",
    re.IGNORECASE,
)
# What is left to do on one day, which no period bounds.
_PENDING = re.compile(
    r"\b(?:masih(?! (?:menjadi|merupakan|mendominasi|menempati|tertinggi|terbanyak|yang))|belum|sedang|pending|still(?! (?:the|leads?|tops?))|outstanding|unresolved|ongoing|remain(?:s|ed|ing)? (?:open|pending|unsolved|active|under))\b",
    re.IGNORECASE,
)
# "Tahun sebelumnya jumlahnya 11 orang": the figure goes on with the subject of the one before.
_SAME_SERIES = re.compile(
    r"\b(?:jumlahnya|angkanya|bilangannya|totalnya|the (?:figure|number|total|tally|count)|angka itu|jumlah itu)\b[^,;.\d]{0,30}$",
    re.IGNORECASE,
)
# News tells of a count within so many days of hearing it.
_TELLING_DAYS = 7
# A place this far before a figure is the one it is told for: "Myanmar 1.733 kasus".
_PLACE_REACH = 25


def read(
    article: Article,
    relevance: Relevance,
    mentions: Sequence[Mention],
    claims: Sequence[Claim] | None = None,
) -> list[Statistic]:
    """Return the aggregate figures of one relevant article in text order."""
    if not relevance.relevant:
        return []
    counted = read_claims(article, mentions) if claims is None else claims
    found = _Reader(article, mentions, counted).read()
    return _statistics(article, found, mentions)


class _Reader:
    """Reads the figures of one article in order, each in the light of those before it."""

    def __init__(
        self, article: Article, mentions: Sequence[Mention], claims: Sequence[Claim]
    ) -> None:
        sentences = segments.read(article)
        self._context = Context(sentences, article.reference_date, mentions, claims)
        self._by_start = {claim.start: claim for claim in claims}

    def read(self) -> list[Figure]:
        """Return the aggregate figures below the headline."""
        batches = aggregates.sums_of_batches(self._context.claims, self._context.sentences)
        for sentence in self._context.sentences[1:]:
            counted = [q for q in sentence.quantities if not q.is_anaphor and q.best is not None]
            if not counted:
                continue
            times = periods.find(sentence, self._context.reference)
            shares = []
            for quantity in counted:
                claim = self._by_start.get(quantity.start)
                if claim is not None and (period := batches.pop(claim.claim_id, None)) is not None:
                    self._add(quantity, sentence, "persons", "total", period, StatisticCategory.ONLINE_SCAM)  # fmt: skip
                    self._context.figures[-1].is_cumulative = True
                    continue
                measure, fixed = subjects.counted(quantity, sentence)
                if measure == "percent":
                    shares.append(quantity)
                    continue
                if measure == "persons" and not quantity.noun:
                    whole = parts.divided(self._context, quantity, sentence)
                    measure = whole.measure if whole is not None else measure
                if measure is None and claim is not None and not parts.CASES.search(sentence.text):
                    measure = "persons"
                if aggregates.is_no_count(quantity, sentence, measure):
                    continue
                if not self._is_told(quantity, sentence, measure):
                    self._take(quantity, sentence, claim, measure, fixed, periods.of(quantity, sentence, times))  # fmt: skip
            for quantity in shares:
                self._take_share(quantity, sentence, periods.of(quantity, sentence, times))
        return sorted(self._context.figures, key=lambda item: item.quantity.start)

    def _add(
        self, quantity: Quantity, sentence: Sentence, measure: Measure, kind: Kind, period: Period,
        category: StatisticCategory,
    ) -> None:  # fmt: skip
        start, end = period
        self._context.figures.append(
            Figure(
                quantity, sentence, measure, kind, start, end,
                is_cumulative=False, category=category,
                is_part=kind in {"part", "share"} or figures.is_said_part(sentence, quantity),
            )
        )  # fmt: skip

    def _is_told(self, quantity: Quantity, sentence: Sentence, measure: Measure | None) -> bool:
        """Whether the text gave this figure before: it is told once, and what follows goes on with it."""
        if measure == "percent":
            return False
        told = [
            i
            for i in self._context.figures
            if i.size == quantity.best and measure in {i.measure, None}
        ]
        if told:
            self._context.retold = sentence, told[-1]
        return bool(told)

    def _take(
        self, quantity: Quantity, sentence: Sentence, claim: Claim | None, measure: Measure | None,
        fixed: StatisticCategory | None, when: When | None,
    ) -> None:  # fmt: skip
        """Add the figure where it is an aggregate."""
        judged = aggregates.judge(self._context, quantity, sentence, claim, measure, fixed, when)
        if judged is None:
            return
        measure, kind = judged
        if when is not None and self._is_of_telling(quantity, sentence, measure, when):
            when = None
        before = sentence.text[: quantity.start - sentence.start][-60:]
        divided = parts.divided(self._context, quantity, sentence) is not None
        period = self._period(quantity, sentence, claim, measure, kind, when)
        category = fixed or categories.of(self._context, quantity, sentence, claim, measure, kind)
        if fixed is StatisticCategory.OTHER and measure == "cases" and categories.is_trafficking(self._context, quantity, sentence):  # fmt: skip
            category = StatisticCategory.TPPO_ALL
        goes_on = (when is not None and when.kind == "earlier") or (
            quantity.measure is None and _OLDER.search(before) is not None
        )
        if fixed is None and (goes_on or _SAME_SERIES.search(before)):
            category = categories.goes_on(self._context, quantity, sentence, measure) or category
        self._add(quantity, sentence, measure, kind, period, category)
        item = self._context.figures[-1]
        item.is_pending = item.start is None and _is_pending(quantity, sentence)
        item.is_cumulative = self._is_cumulative(claim, when, item)
        behind = sentence.text[figures.end_of(quantity) - sentence.start :][:25]
        item.is_compared = (
            (when is not None and (when.kind == "earlier" or periods.is_against(sentence, when)))
            or _OLDER.search(before) is not None
            or re.match(r"\s(?:menjadi|jadi|to)\s(?:[\w ]+\s)?\d", behind) is not None
        )
        main = next(
            (
                i
                for i in reversed(self._context.figures[:-1])
                if i.measure == measure and not i.is_compared
            ),
            None,
        )
        near = main is not None and sentence.index - main.sentence.index <= 2
        if near and main is not None and main.start and main.end and item.end and kind != "part":
            older = item.end < main.start and (main.end - item.end).days >= figures.LONG
            item.is_compared = item.is_compared or (older and (main.end - main.start).days >= 27)
        item.is_part = (item.is_part or (divided and when is None)) and not item.is_compared

    def _is_of_telling(
        self, quantity: Quantity, sentence: Sentence, measure: Measure, when: When
    ) -> bool:
        """Whether the day at the end of a list is when it was told: "... dan 85 di negara lain, Rabu (14/1)"."""
        if when.kind != "day" or when.first is None or when.start < quantity.end:
            return False
        main = self._context.main(sentence, 1)
        listed = main is not None and main.measure == measure and main.start and main.end
        long = (
            listed
            and main is not None
            and main.start
            and main.end
            and (main.end - main.start).days >= 27
        )
        return bool(long) and (self._context.reference - when.first).days <= _TELLING_DAYS

    def _take_share(self, quantity: Quantity, sentence: Sentence, when: When | None) -> None:
        """Add a share or a growth with the period of the count that it is one of."""
        before = [
            item for item in self._context.near(sentence) if item.quantity.start < quantity.start
        ]
        behind = [item for item in self._context.figures if item.sentence is sentence and item.quantity.start > quantity.start]  # fmt: skip
        main = self._context.main(sentence, 1)
        whole = before[-1] if before else behind[0] if behind else main
        kind = aggregates.share_or_growth(quantity, sentence)
        if whole is None or kind is None:
            return
        period = whole.start, whole.end
        leads = when is not None and when.kind in {"span", "since"} and when.end <= quantity.start
        if kind == "share" and leads and when is not None:
            own = all(item.sentence is not sentence for item in [*before, *behind])
            period = self._context.resolve(when, sentence) if own else period
        elif whole.is_compared or (
            kind == "growth" and before and behind and not behind[0].is_compared
        ):
            newer = behind[0] if behind and not behind[0].is_compared else main
            period = (newer.start, newer.end) if newer is not None else period
        category = whole.category
        if kind == "share" or whole.sentence is not sentence:
            category = categories.own_subject(quantity, sentence) or category
            if category is StatisticCategory.MIGRANT_WORKER_CASES:
                category = whole.category
        self._add(quantity, sentence, "percent", kind, period, category)
        self._context.figures[-1].is_cumulative = whole.is_cumulative

    def _period(
        self, quantity: Quantity, sentence: Sentence, claim: Claim | None, measure: Measure, kind: Kind,
        when: When | None,
    ) -> Period:  # fmt: skip
        """Return the days of a figure: its own, else those of the figures that it goes on with."""
        pending = (
            measure in {"cases", "complaints", "persons"}
            and kind != "campaign"
            and _is_pending(quantity, sentence)
        )
        document = measure == "persons" and aggregates.is_document(quantity, sentence)
        tally = self._context.tally()
        if document and (when is None or when.kind == "until") and tally is not None:
            return tally[0], (when.last if when is not None else None) or tally[1]
        opened = (
            when is not None and when.kind == "day" and when.first == self._context.campaign_start
        )
        if opened and (kind == "campaign" or measure == "sites") and tally is not None:
            return tally
        if when is not None:
            start, end = self._context.resolve(when, sentence)
            if start or end:
                return (None, end) if pending and when.start < quantity.start else (start, end)
        if (
            aggregates.THOSE.search(sentence.text)
            and (main := self._context.main(sentence))
            and main.start
        ):
            return main.start, main.end
        borrowed = claim is not None and any(
            item.is_compared and item.sentence is sentence and item.start == claim.cumulative_since
            for item in self._context.figures
        )
        if claim is not None and claim.cumulative_since and kind in {"campaign", "total"} and not borrowed:  # fmt: skip
            last = (
                claim.as_of_date
                or (self._context.covered or (None, None))[1]
                or self._context.as_of(sentence)
            )
            return claim.cumulative_since, last
        if kind == "campaign" and tally is not None:
            return tally
        main = self._context.main(sentence) or self._context.main(sentence, 3)
        if (
            pending
            and main is not None
            and (
                main.measure not in {"cases", "complaints"}
                or main.sentence.paragraph != sentence.paragraph
            )
        ):
            main = None
        said = next(
            (d for d in sentence.dates if (d.is_statement_day or d.bound == "on") and d.days <= 31),
            None,
        )
        beside = main is not None and main.sentence is sentence
        if main is not None and (kind != "money" or beside) and (main.start or main.end):
            if kind == "total" and main.sentence.paragraph != sentence.paragraph and not aggregates.is_document(quantity, sentence) and not parts.OF_THOSE.search(sentence.text) and not parts.goes_along(self._context, quantity, sentence, claim):  # fmt: skip
                return None, self._context.as_of(sentence)
            return (None if pending else main.start), main.end
        if said is not None and (self._context.reference - said.date_end).days > 7:
            return None, said.date_end
        month = next((day for day in sentence.dates if day.days >= 28), None)
        if month is not None and measure == "sites":
            return None, month.date_end
        if kind == "money" or (kind == "total" and aggregates.ESTIMATE.search(sentence.text)):
            return None, None
        if tally is not None and not pending and measure in {"sites", "cases", "persons"} and kind != "part":  # fmt: skip
            return tally
        told = self._context.period_of_text(sentence)
        return (None if pending else told[0]), self._context.as_of(sentence)

    def _is_cumulative(self, claim: Claim | None, when: When | None, item: Figure) -> bool:
        """Whether a figure runs up to a day: by its own words or those of the figure that it goes on with."""
        if item.kind == "campaign" or (when is not None and when.kind in {"since", "until"}):
            return True
        if claim is not None and claim.is_cumulative and claim.cumulative_since is not None:
            return True
        if item.start and item.end and (item.end - item.start).days > 366:
            return True
        main = self._context.main(item.sentence, 3)
        if main is item:
            main = self._context.figures[-2] if len(self._context.figures) > 1 else None
        same = main is not None and (main.start, main.end) == (item.start, item.end)
        return when is None and main is not None and same and main.is_cumulative


def _is_pending(quantity: Quantity, sentence: Sentence) -> bool:
    """Whether a figure counts what is left on one day: "129 kasus masih diupayakan"."""
    return _PENDING.search(figures.clause_of(sentence, quantity)) is not None


# --- rows ------------------------------------------------------------------------------------------------


def _statistics(
    article: Article, found: Sequence[Figure], mentions: Sequence[Mention]
) -> list[Statistic]:
    ids = [make_id("stat", article.article_id, item.quantity.start) for item in found]
    wholes = parts.wholes(found)
    agencies = [item for item in mentions if item.kind is MentionKind.AGENCY and item.canonical_id]
    rows = []
    areas = _areas(found, wholes, mentions)
    for index, item in enumerate(found):
        quantity = item.quantity
        assert quantity.best is not None
        both = (
            categories.both_kinds(item.sentence.text)
            and item.category is StatisticCategory.ONLINE_SCAM
            and wholes.get(index) is None
        )
        rows.append(
            Statistic(
                stat_id=ids[index],
                article_id=article.article_id,
                metric=categories.metric(item),
                category=item.category,
                value=quantity.best,
                unit=figures.UNIT[item.measure],
                relation=quantity.relation
                if quantity.relation is not Relation.RANGE
                else Relation.EQUAL,
                period_start=item.start,
                period_end=item.end,
                as_of=item.end,
                area_country=areas[index],
                population=quantity.nationality,
                is_cumulative=item.is_cumulative,
                disaggregation_of=ids[wholes[index]] if index in wholes else None,
                source_agency=_source(item, agencies),
                definition_note="online gambling and online scam together" if both else None,
                start=quantity.start,
                end=quantity.end,
                surface=quantity.surface,
                extractor=EXTRACTOR,
                extractor_version=VERSION,
            )
        )
    return rows


def _areas(
    found: Sequence[Figure], wholes: dict[int, int], mentions: Sequence[Mention]
) -> list[str | None]:
    """Return the country of each figure; one whose sentence names no place has that of its whole or series."""
    areas: list[str | None] = []
    for index, item in enumerate(found):
        area = _area(item, mentions)
        named = any(
            place.kind is MentionKind.PLACE and item.sentence.start <= place.start < item.sentence.end
            for place in mentions
        )  # fmt: skip
        if area is None and not named and index:
            whole = wholes.get(index)
            near = item.sentence.index - found[index - 1].sentence.index <= 1
            area = (
                areas[whole] if whole is not None and whole < index else areas[-1] if near else None
            )
        areas.append(area)
    return areas


def _area(item: Figure, mentions: Sequence[Mention]) -> str | None:
    """Return the country of the figure: the place in its own clause, else the only one of its sentence."""
    sentence, quantity = item.sentence, item.quantity
    here = [
        place
        for place in mentions
        if place.kind is MentionKind.PLACE
        and place.country
        and sentence.start <= place.start < sentence.end
        and place.role not in {"agency_seat", "dateline"}
    ]
    following = figures.next_figure(sentence, quantity)
    behind = [place for place in here if quantity.end <= place.start < following]
    behind = [p for p in behind if not re.search(r"[,;]", sentence.text[quantity.end - sentence.start : p.start - sentence.start])]  # fmt: skip
    before = [place for place in here if 0 <= quantity.start - place.end <= _PLACE_REACH]
    before = [p for p in before if not re.search(r"\d|,", sentence.text[p.end - sentence.start : quantity.start - sentence.start])]  # fmt: skip
    own = {place.country for place in behind} or {place.country for place in before[-1:]}
    countries = own or {place.country for place in here}
    return countries.pop() if len(countries) == 1 else None


def _source(item: Figure, agencies: Sequence[Mention]) -> str | None:
    inside = [
        agency for agency in agencies if item.sentence.start <= agency.start < item.sentence.end
    ]
    if not inside:
        inside = [agency for agency in agencies if agency.start < item.sentence.start][-1:]
    return inside[0].canonical_id if inside else None
