"""Read aggregate figures: totals over a period or an area, which are not incidents.

    Article, Relevance, [Mention] -> [Statistic]

Cases, complaints and shares are always aggregates; persons are when the figure runs over a long period.
Cumulative series keep their start and their as-of day and are never turned into rates here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline import claims as ledger
from pipeline import segments
from pipeline.dates import DateExpression
from pipeline.numbers import Quantity
from pipeline.records import (
    Article,
    Claim,
    DatePrecision,
    Mention,
    MentionKind,
    Relation,
    Relevance,
    Statistic,
    StatisticCategory,
    Unit,
    make_id,
)
from pipeline.segments import Sentence

EXTRACTOR = "rules.statistics"
VERSION = "1"

_UNIT: dict[str, Unit] = {
    "cases": Unit.CASES, "complaints": Unit.COMPLAINTS, "percent": Unit.PERCENT, "persons": Unit.PERSONS,
    "sites": Unit.SITES, "permits": Unit.PERMITS, "accounts": Unit.ACCOUNTS, "USD": Unit.USD, "IDR": Unit.IDR,
}  # fmt: skip

_CATEGORIES: tuple[tuple[StatisticCategory, re.Pattern[str]], ...] = tuple(
    (category, re.compile(pattern, re.IGNORECASE))
    for category, pattern in (
        (StatisticCategory.DEATHS, r"\bkematian\b|\bmeninggal\b|\btewas\b|\bdeaths?\b|\bdied\b|\bkilled\b"),
        (StatisticCategory.RESIDENTS, r"\b(?:tinggal|menetap|bermukim|izin tinggal|lapor diri)\b.{0,40}\b(?:di|in)\b|\blive and work\b|\bresid(?:e|ing|ents)\b"),
        (StatisticCategory.DEPARTURES, r"\b(?:menunda|penundaan|mencegah|pencegahan|menggagalkan)\b.{0,40}\b(?:keberangkatan|berangkat)\b|\bkeberangkatan\b|\bdepartures?\b|\boffloaded\b"),
        (StatisticCategory.FRAUD_LOSSES, r"\b(?:kerugian|rugi|losses|lost|kehilangan)\b"),
        (StatisticCategory.ARRESTS, r"\b(?:arrest(?:ed|s)?|detained|custody|detainees|taken in|ditangkap|ditahan|tertangkap|tangkapan)\b"),
        (StatisticCategory.ONLINE_GAMBLING, r"\bjudi (?:online|daring)\b|\bjudol\b|\bperjudian daring\b|\bonline gambling\b|\bjudi dalam talian\b"),
        (StatisticCategory.ONLINE_SCAM, r"\bscam\w*|\bpenipuan (?:daring|online|siber|dalam talian)\b|\bonline fraud\b|\bcyber ?fraud\b"),
        (StatisticCategory.TPPO_ALL, r"\bTPPO\b|\bperdagangan (?:orang|manusia)\b|\bpemerdagangan\b|\btrafficking\b"),
        (StatisticCategory.MIGRANT_WORKER_CASES, r"\bkasus (?:wni|pmi|pekerja migran)|\bwni bermasalah\b|\bbermasalah\b|\bconsular cases\b|\bcitizens in trouble\b|\bpekerja migran\b|\bmigrant workers?\b|\bkes\b|\bkasus\b|\bcases\b"),
    )
)  # fmt: skip
_PART = re.compile(
    r"\b(?:di antaranya|diantaranya|dari jumlah|dari angka|dari total|khusus|of these|of them|of which|of whom|among them|daripada jumlah|termasuk|including|merupakan|adalah)\b",
    re.IGNORECASE,
)
_METRIC_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("resolved", r"\b(?:tuntas|selesai|menyelesaikan|diselesaikan|rampung|resolved|settled)\b"),
        ("pending", r"\b(?:masih ditangani|masih berjalan|masih diupayakan|belum|masih|pending|still)\b"),
        ("repatriated", r"\b(?:dipulangkan|memulangkan|kepulangan|dihantar pulang|repatriated|sent home|flown home|brought (?:back|home))\b"),
        ("deported", r"\b(?:dideportasi|deport\w+)\b"),
        ("rescued", r"\b(?:diselamatkan|rescued|freed)\b"),
        ("arrested", r"\b(?:ditangkap|tertangkap|arrest\w*|detain\w*)\b"),
        ("deaths", r"\b(?:kematian|meninggal|tewas|deaths?|killed)\b"),
        ("growth", r"\b(?:naik|meningkat|melonjak|turun|lonjakan|rise|rose|growth|more than in|up from|increase\w*)\b"),
        ("complaints", r"\b(?:aduan|pengaduan|laporan|melapor|complaints?|reports?|reported)\b"),
        ("handled", r"\b(?:menangani|ditangani|handled|dealt with|tangani)\b"),
        ("searched", r"\b(?:searched|raided|digerebek|operating)\b"),
        ("losses", r"\b(?:kerugian|rugi|losses|lost)\b"),
    )
)  # fmt: skip


@dataclass(slots=True)
class _Found:
    quantity: Quantity
    sentence: Sentence
    start: dt.date | None
    end: dt.date | None
    as_of: dt.date | None
    is_cumulative: bool
    category: StatisticCategory
    is_part: bool


def read(
    article: Article,
    relevance: Relevance,
    mentions: Sequence[Mention],
    claims: Sequence[Claim] | None = None,
) -> list[Statistic]:
    """Return the aggregate figures of one relevant article in text order."""
    if not relevance.relevant:
        return []
    sentences = segments.read(article)
    by_start = {
        claim.start: claim
        for claim in (ledger.read(article, mentions) if claims is None else claims)
    }
    found: list[_Found] = []
    period: tuple[dt.date | None, dt.date | None, dt.date | None] | None = None
    paragraph = -1
    for sentence in sentences:
        if sentence.is_title:
            continue
        if sentence.paragraph != paragraph:
            paragraph, period = sentence.paragraph, None
        for quantity in sentence.quantities:
            if not _is_aggregate(quantity, sentence, by_start.get(quantity.start), article, found):
                continue
            own = _period(sentence, quantity, article.reference_date)
            if (
                (own is None
                and quantity.measure in {"cases", "complaints", "percent"})
                or own is not None
            ):
                start, end, as_of = own or period or (None, None, None)
                if own is None and re.search(
                    r"\b(?:masih|pending|still|lain)\b",
                    sentence.text[quantity.end - sentence.start :][:40],
                ):
                    start = None
                if own is not None:
                    period = own
            else:
                start = end = as_of = None
            found.append(
                _Found(
                    quantity, sentence, start, end, as_of,
                    bool(start and end and (end - start).days > 366) or by_start.get(quantity.start) is not None,
                    _category(sentence, quantity, article), bool(_PART.search(_around(sentence, quantity))),
                )
            )  # fmt: skip
    return _statistics(article, found, mentions)


def _is_aggregate(
    quantity: Quantity,
    sentence: Sentence,
    claim: Claim | None,
    article: Article,
    found: Sequence[_Found],
) -> bool:
    if quantity.is_anaphor or quantity.best is None:
        return False
    if quantity.measure in {"cases", "complaints"}:
        if re.match(r"(?:laporan|reports?)$", quantity.noun) and quantity.best < 10:
            return False
        return quantity.best >= 2
    if quantity.measure == "percent":
        recent = [
            item
            for item in found
            if item.sentence.paragraph == sentence.paragraph and item.quantity.measure != "percent"
        ]
        return bool(recent) and quantity.best <= 1000
    if quantity.measure == "persons":
        return claim is not None and ledger.is_running_total(
            claim, sentence, article.reference_date
        )
    if quantity.measure == "sites":
        return quantity.best >= 5 and bool(
            re.search(
                r"scam|penipuan|judi|gambling|raid|search|target|digerebek",
                sentence.text,
                re.IGNORECASE,
            )
        )
    if quantity.measure == "USD":
        return (
            bool(
                re.search(
                    r"\b(?:lost|losses|launder\w*|kerugian|made over|proceeds|billion|miliar)\b",
                    sentence.text,
                    re.IGNORECASE,
                )
            )
            and quantity.best >= 10**6
        )
    # "306 a year ago", "dari 3.310": bare figures that are compared with a case count.
    if quantity.measure is None and quantity.best >= 10 and quantity.best == int(quantity.best):
        before = sentence.text[: quantity.start - sentence.start]
        cases = any(item.measure == "cases" for item in sentence.quantities) or any(
            item.sentence.paragraph == sentence.paragraph and item.quantity.measure == "cases"
            for item in found
        )
        return cases and bool(
            re.search(
                r"(?:up from|down from|against|from|of these|tercatat|menjadi|berbanding|dibanding(?:kan)?|,)\s$",
                before,
                re.IGNORECASE,
            )
        )
    return False


def _around(sentence: Sentence, quantity: Quantity) -> str:
    offset = sentence.start
    return sentence.text[max(0, quantity.start - offset - 45) : quantity.end - offset + 45]


def _period(
    sentence: Sentence, quantity: Quantity, reference: dt.date
) -> tuple[dt.date | None, dt.date | None, dt.date | None] | None:
    """Return start, end and as-of day of a figure: the date right behind it, else the sentence's."""
    days = [day for day in sentence.dates if not day.is_statement_day]
    if not days:
        return None
    text, offset = sentence.text, sentence.start
    tail = max(quantity.end, quantity.noun_end)

    def behind(day: DateExpression) -> bool:
        gap = text[tail - offset : day.start - offset]
        return 0 <= day.start - tail <= 32 and not re.search(r"[,;]|\d", gap)

    attached = [day for day in days if behind(day)]
    chosen = attached[:1] or days
    if attached and attached[0].bound == "since":
        chosen = [
            attached[0],
            *[day for day in days if day.bound == "until" and day.start > attached[0].start][:1],
        ]
    start = end = None
    for day in chosen:
        if day.bound == "since":
            start = start or day.date_start
        elif day.bound == "until":
            end = end or day.date_end
        elif day.bound == "span" or day.precision in {
            DatePrecision.YEAR,
            DatePrecision.QUARTER,
            DatePrecision.MONTH,
        }:
            if start is None and end is None:
                start, end = day.date_start, day.date_end
        elif start is None and end is None and day.days > 1:
            start, end = day.date_start, day.date_end
    if start is None and end is None:
        if attached or len(days) == 1:
            return days[0].date_start, days[0].date_end, days[0].date_end
        return None
    if end is None or (
        start is not None and end > reference + dt.timedelta(days=31) and end.year == reference.year
    ):
        end = reference
    return start, end, end


def _category(sentence: Sentence, quantity: Quantity, article: Article) -> StatisticCategory:
    offset = sentence.start
    after = sentence.text[quantity.end - offset :][:70]
    before = sentence.text[: quantity.start - offset][-60:]
    for scope in (
        re.split(r"[,;.]|\bdan \d|\band \d|\bdi antaranya\b", after)[0],
        after,
        before,
        sentence.text,
    ):
        hits = [category for category, pattern in _CATEGORIES if pattern.search(scope)]
        if not hits:
            continue
        if {StatisticCategory.ONLINE_GAMBLING, StatisticCategory.ONLINE_SCAM} <= set(hits):
            return StatisticCategory.ONLINE_SCAM
        specific = [hit for hit in hits if hit is not StatisticCategory.MIGRANT_WORKER_CASES]
        if specific:
            return specific[0]
        if scope is sentence.text:
            return hits[0]
        if re.search(
            r"bermasalah|kasus wni|consular|in trouble|pekerja migran", sentence.text, re.IGNORECASE
        ):
            return StatisticCategory.MIGRANT_WORKER_CASES
    if quantity.measure == "persons":
        return StatisticCategory.ONLINE_SCAM
    return StatisticCategory.OTHER


def _metric(found: _Found) -> str:
    scope = _around(found.sentence, found.quantity)
    what = next((name for name, pattern in _METRIC_WORDS if pattern.search(scope)), "count")
    unit = _UNIT.get(found.quantity.measure or "cases", Unit.CASES)
    return f"{unit.value}_{what}_{found.category.value}"


def _statistics(
    article: Article, found: Sequence[_Found], mentions: Sequence[Mention]
) -> list[Statistic]:
    ids = [make_id("stat", article.article_id, item.quantity.start) for item in found]
    wholes = _wholes(found)
    agencies = [item for item in mentions if item.kind is MentionKind.AGENCY and item.canonical_id]
    rows = []
    for index, item in enumerate(found):
        quantity = item.quantity
        assert quantity.best is not None
        both = (
            _both_kinds(item.sentence.text)
            and item.category is StatisticCategory.ONLINE_SCAM
            and wholes.get(index) is None
        )
        rows.append(
            Statistic(
                stat_id=ids[index],
                article_id=article.article_id,
                metric=_metric(item),
                category=item.category,
                value=quantity.best,
                unit=_UNIT.get(quantity.measure or "cases", Unit.CASES),
                relation=quantity.relation
                if quantity.relation is not Relation.RANGE
                else Relation.EQUAL,
                period_start=item.start,
                period_end=item.end,
                as_of=item.as_of,
                area_country=_area(item.sentence, mentions),
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


def _both_kinds(text: str) -> bool:
    return bool(
        re.search(r"judi online|judi daring|judol|online gambling", text, re.IGNORECASE)
        and re.search(r"scam|penipuan", text, re.IGNORECASE)
    )


def _wholes(found: Sequence[_Found]) -> dict[int, int]:
    """Return part -> whole: figures that add up to an earlier one, or shares and parts said to be of it."""
    wholes: dict[int, int] = {}
    for whole, item in enumerate(found):
        size = item.quantity.best or 0
        for other in range(whole + 1, len(found)):
            rows = [
                i
                for i in range(other, min(other + 4, len(found)))
                if found[i].quantity.measure == item.quantity.measure
            ]
            for stop in range(2, len(rows) + 1):
                if sum(found[i].quantity.best or 0 for i in rows[:stop]) == size and size:
                    wholes.update({i: whole for i in rows[:stop] if i not in wholes})
    for index, item in enumerate(found):
        if index in wholes or not item.is_part or index == 0:
            continue
        earlier = [i for i in range(index) if found[i].sentence.paragraph == item.sentence.paragraph and found[i].quantity.measure != "percent"
                   and (item.quantity.measure == "percent" or (found[i].quantity.best or 0) > (item.quantity.best or 0))]  # fmt: skip
        if earlier:
            wholes[index] = earlier[-1]
    return wholes


def _area(sentence: Sentence, mentions: Sequence[Mention]) -> str | None:
    inside = [
        item.country
        for item in mentions
        if item.kind is MentionKind.PLACE
        and item.country
        and sentence.start <= item.start < sentence.end
        and item.role != "agency_seat"
    ]
    countries = list(dict.fromkeys(inside))
    return countries[0] if len(countries) == 1 else None


def _source(item: _Found, agencies: Sequence[Mention]) -> str | None:
    inside = [
        agency for agency in agencies if item.sentence.start <= agency.start < item.sentence.end
    ]
    if not inside:
        inside = [agency for agency in agencies if agency.start < item.sentence.start][-1:]
    return inside[0].canonical_id if inside else None
