"""Read aggregate figures: totals over a period or an area, which are not incidents.

    Article, Relevance, [Mention] -> [Statistic]

Cases, complaints and shares are always aggregates; persons are when the figure runs over a long period.
Cumulative series keep their start and their as-of day and are never turned into rates here.
"""

from __future__ import annotations

import calendar
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
    CountRole,
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
    is_cumulative: bool
    category: StatisticCategory
    is_part: bool


Period = tuple[dt.date | None, dt.date | None]


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
    counted = ledger.read(article, mentions) if claims is None else claims
    by_start = {claim.start: claim for claim in counted}
    batches = _sums_of_batches(counted, sentences)
    found: list[_Found] = []
    for sentence in sentences[1:]:
        for quantity in sentence.quantities:
            claim = by_start.get(quantity.start)
            if claim is not None and (period := batches.pop(claim.claim_id, None)) is not None:
                found.append(
                    _Found(
                        quantity, sentence, *period, is_cumulative=True,
                        category=StatisticCategory.ONLINE_SCAM, is_part=False,
                    )
                )  # fmt: skip
            elif _is_aggregate(quantity, sentence, claim, article, found):
                found.append(_read_one(quantity, sentence, claim, article, found, counted))
    return _statistics(article, found, mentions)


_RETURNED = frozenset(
    {CountRole.REPATRIATED, CountRole.DEPORTED, CountRole.RELEASED, CountRole.RESCUED}
)


def _sums_of_batches(claims: Sequence[Claim], sentences: Sequence[Sentence]) -> dict[str, Period]:
    """Return for the first telling of each sum of batches the days from the first to the last batch."""
    title_end = sentences[0].end if sentences else 0
    sums = ledger.batch_sums([claim for claim in claims if claim.role in _RETURNED])
    found: dict[str, Period] = {}
    for total in sorted(set(sums.values())):
        told = [claim for claim in claims if claim.best == total and claim.start >= title_end]
        starts = [claim.start for claim in claims if sums.get(claim.claim_id) == total]
        days = [
            day
            for sentence in sentences
            if any(sentence.start <= start < sentence.end for start in starts)
            or any(_opens_behind(sentence, sentences, start) for start in starts)
            for day in sentence.dates
            if not day.is_statement_day and day.bound == "on" and day.days <= 7
        ]
        if told and days:
            first, last = min(day.date_start for day in days), max(day.date_end for day in days)
            found[told[0].claim_id] = first, last
    return found


def _opens_behind(sentence: Sentence, sentences: Sequence[Sentence], start: int) -> bool:
    """Whether this is the next sentence of the paragraph in which the figure stands."""
    before = sentences[max(0, sentence.index - 1)]
    return before.start <= start < before.end and before.paragraph == sentence.paragraph


def _read_one(
    quantity: Quantity,
    sentence: Sentence,
    claim: Claim | None,
    article: Article,
    found: Sequence[_Found],
    claims: Sequence[Claim],
) -> _Found:
    near = [item for item in found if item.sentence.paragraph == sentence.paragraph]
    start, end = _period(sentence, quantity, claim, found, claims, article.reference_date)
    return _Found(
        quantity=quantity,
        sentence=sentence,
        start=start,
        end=end,
        is_cumulative=claim is not None or bool(start and end and (end - start).days > 366),
        category=(
            _CATEGORY_OF_ROLE[claim.role]
            if claim is not None and claim.role in _CATEGORY_OF_ROLE and _by_verb(claim, sentence)
            else _category(sentence, quantity, near or found[-1:])
        ),
        is_part=bool(_PART.search(_around(sentence, quantity))),
    )


def _by_verb(claim: Claim, sentence: Sentence) -> bool:
    """Whether a verb beside the figure gives its role, not the figures around it."""
    cue = ledger.governing_cue(sentence, claim.start, claim.end)
    return cue is not None and cue.role is claim.role and cue.side != "noun"


# --- what is an aggregate ------------------------------------------------------------------------------

# Police campaigns count their catch so far: from this many days on that is a statistic as well.
_CAMPAIGN = dt.timedelta(days=14)
_CAMPAIGN_ROLES = frozenset({CountRole.ARRESTED, CountRole.DEPORTED, CountRole.SUSPECT})
# What was done with people says more than the words around their figure.
_CATEGORY_OF_ROLE = {
    CountRole.ARRESTED: StatisticCategory.ARRESTS,
    CountRole.DEAD: StatisticCategory.DEATHS,
    CountRole.DEPORTED: StatisticCategory.OTHER,
    CountRole.INTERDICTED: StatisticCategory.DEPARTURES,
    CountRole.SUSPECT: StatisticCategory.OTHER,
}
# Estimates of how many people live or work somewhere, and totals of years.
_ESTIMATE = re.compile(
    r"\b(?:believes?|estimat\w+|memperkirakan|diperkirakan|dianggarkan|legally|resid(?:e|ing|ents)|menetap|bermukim|live and work)\b",
    re.IGNORECASE,
)
_OVER_YEARS = re.compile(
    r"\b(?:over the (?:past|last) (?:\w+ )?years|in recent years|selama (?:ini|beberapa tahun)|(?:beberapa )?tahun (?:terakhir|belakangan))\b",
    re.IGNORECASE,
)
_LEAST_ESTIMATE, _LEAST_YEARS, _LEAST_REPORTS = 1000, 100, 10
_ABOUT_SITES = re.compile(
    r"scam|penipuan|judi|gambling|raid|search|target|digerebek", re.IGNORECASE
)
_BIG_MONEY = re.compile(
    r"\b(?:lost|losses|launder\w*|kerugian|made over|proceeds|billion|miliar)\b", re.IGNORECASE
)
# "306 a year ago", "dari 3.310": bare figures that are compared with a case count.
_COMPARED = re.compile(
    r"(?:up from|down from|against|from|of these|tercatat|menjadi|berbanding|dibanding(?:kan)?|,)\s$",
    re.IGNORECASE,
)


def _is_aggregate(
    quantity: Quantity,
    sentence: Sentence,
    claim: Claim | None,
    article: Article,
    found: Sequence[_Found],
) -> bool:
    if quantity.is_anaphor or quantity.best is None:
        return False
    near = [item for item in found if item.sentence.paragraph == sentence.paragraph]
    match quantity.measure:
        case "cases" | "complaints":
            few = (
                re.fullmatch(r"laporan|reports?", quantity.noun) and quantity.best < _LEAST_REPORTS
            )
            return quantity.best >= 2 and not few and quantity.noun != "counts"
        case "percent":
            return quantity.best <= 1000 and any(
                item.quantity.measure != "percent" for item in near
            )
        case "persons":
            return _is_total_of_persons(quantity, sentence, claim, article)
        case "sites":
            return quantity.best >= 5 and _ABOUT_SITES.search(sentence.text) is not None
        case "USD":
            return quantity.best >= 10**6 and _BIG_MONEY.search(sentence.text) is not None
        case None:
            before = sentence.text[: quantity.start - sentence.start][-30:]
            counted = {item.measure for item in sentence.quantities}
            counted |= {item.quantity.measure for item in near}
            cases = bool(counted & {"cases", "complaints"})
            return (
                cases
                and quantity.best >= 10
                and quantity.best == int(quantity.best)
                and _COMPARED.search(before) is not None
            )
        case _:
            return False


def _is_total_of_persons(
    quantity: Quantity, sentence: Sentence, claim: Claim | None, article: Article
) -> bool:
    size = quantity.best or 0
    if claim is None:
        runs = any(day.bound in {"since", "span"} and day.days > 31 for day in sentence.dates)
        estimated = size >= _LEAST_ESTIMATE and _ESTIMATE.search(sentence.text) is not None
        return estimated or (runs and size >= _LEAST_YEARS)
    if ledger.is_running_total(claim, sentence, article.reference_date):
        return True
    if claim.is_cumulative and claim.cumulative_since and claim.role in _CAMPAIGN_ROLES:
        last = claim.as_of_date or article.reference_date
        return last - claim.cumulative_since >= _CAMPAIGN and claim.subset_of is None
    if size >= _LEAST_YEARS and _OVER_YEARS.search(sentence.text):
        return True
    return size >= _LEAST_ESTIMATE and _ESTIMATE.search(sentence.text) is not None


def _around(sentence: Sentence, quantity: Quantity) -> str:
    offset = sentence.start
    return sentence.text[max(0, quantity.start - offset - 45) : quantity.end - offset + 45]


# --- over which period -----------------------------------------------------------------------------------

_PENDING = re.compile(r"\b(?:masih|belum|pending|still|outstanding)\b", re.IGNORECASE)
# A year that a figure is compared with is not the figure's own.
_COMPARISON = re.compile(
    r"\b(?:dibanding(?:kan)?|ketimbang|daripada|kurun|periode|tempoh|sama|serupa|than|compared|year-on-year|"
    r"rise|increase|naik|meningkat|melonjak|turun|up|down)\b",
    re.IGNORECASE,
)
_YEAR_BEFORE = re.compile(
    r"\b(?:a year (?:ago|earlier|before)|(?:periode|kurun|masa|tempoh|bulan) (?:yang )?(?:sama|serupa)(?: pada)?"
    r"(?: tahun(?: lalu| sebelumnya)?)?|same (?:period|quarter|months?)(?: of| in| last)?)(?: (?P<year>20\d\d))?",
    re.IGNORECASE,
)
_THAT_PERIOD = re.compile(
    r"\b(?:in (?:the|that|this) (?:quarter|period|half)|(?:periode|kurun|tempoh|masa) (?:itu|tersebut|ini))\b",
    re.IGNORECASE,
)


def _period(
    sentence: Sentence,
    quantity: Quantity,
    claim: Claim | None,
    found: Sequence[_Found],
    claims: Sequence[Claim],
    reference: dt.date,
) -> Period:
    """Return the period of a figure: its own date, else that of the figures around it."""
    near = [item for item in found if item.sentence.paragraph == sentence.paragraph]
    before = near[-1] if near else None
    behind = sentence.text[
        quantity.end - sentence.start : _next_figure(sentence, quantity) - sentence.start
    ][:45]
    if (compared := _year_before(sentence, quantity, behind, found)) is not None:
        return compared
    own = _own_period(sentence, quantity, reference)
    if own is None and claim is not None and (claim.cumulative_since or claim.as_of_date):
        own = claim.cumulative_since, claim.as_of_date or reference
    if _THAT_PERIOD.search(sentence.text) and found:
        own = found[-1].start, found[-1].end
    if own is None and quantity.measure in _INHERITS:
        inherited = next((item for item in reversed(near) if item.start or item.end), None)
        tally = next(
            (item for item in claims if item.cumulative_since and item.start < quantity.start), None
        )
        if inherited is not None:
            own = inherited.start, inherited.end
        elif tally is not None and quantity.measure in {"sites", "cases"}:
            own = tally.cumulative_since, tally.as_of_date or reference
    if own is None:
        counted = quantity.measure in {"cases", "complaints"} and _PENDING.search(sentence.text)
        return None, reference if counted or _OVER_YEARS.search(sentence.text) else None
    start, end = own
    if end == reference and before is not None and before.end and start != before.start:
        end = before.end  # both figures are told as of one day
    return (None, end) if _PENDING.search(behind) else (start, end)


def _next_figure(sentence: Sentence, quantity: Quantity) -> int:
    """Return where the next figure begins, but for the share that says the same: "1.112 kasus atau 85 persen"."""
    tail = max(quantity.end, quantity.noun_end) - sentence.start
    for item in sentence.quantities:
        if item.start <= quantity.end or item.measure == "other":
            continue
        gap = sentence.text[tail : item.start - sentence.start]
        if item.measure == "percent" and re.search(r"\b(?:atau|or)\s$", gap):
            continue
        return item.start
    return sentence.end


_INHERITS = frozenset({None, "cases", "complaints", "percent", "sites"})


def _year_before(
    sentence: Sentence, quantity: Quantity, behind: str, found: Sequence[_Found]
) -> Period | None:
    """Return the same months of the year that a figure is compared with, if it is the older of two."""
    dated = next((item for item in reversed(found) if item.start and item.end), None)
    if quantity.measure not in {None, "cases", "complaints"} or dated is None:
        return None
    before = sentence.text[: quantity.start - sentence.start][-60:]
    match = _YEAR_BEFORE.search(behind) or _YEAR_BEFORE.search(before)
    if match is None or (match.string == behind and "%" in behind[: match.start()]):
        return None
    if (
        re.search(r"\b(?:percent|persen|peratus)\b|\d", match.string[: match.start()])
        and match.string == behind
    ):
        return None
    if match["year"] and dated.start and dated.end:
        year = int(match["year"])
        return _in_year(dated.start, year), _in_year(dated.end, year)
    return _year_earlier(dated.start), _year_earlier(dated.end)


def _in_year(day: dt.date, year: int) -> dt.date:
    last = calendar.monthrange(year, day.month)[1]
    return dt.date(year, day.month, min(day.day, last))


def _year_earlier(day: dt.date | None) -> dt.date | None:
    return None if day is None else _in_year(day, day.year - 1)


def _own_period(sentence: Sentence, quantity: Quantity, reference: dt.date) -> Period | None:
    """Return the days that the sentence gives the figure: the date right behind it, else all dates."""
    text, offset = sentence.text, sentence.start
    days = [
        day
        for day in sentence.dates
        if not day.is_statement_day
        and not _COMPARISON.search(
            text, quantity.end - offset, max(day.start, quantity.end) - offset
        )
    ]
    if not days:
        return None
    tail = max(quantity.end, quantity.noun_end)

    def is_behind(day: DateExpression) -> bool:
        gap = text[tail - offset : day.start - offset]
        return 0 <= day.start - tail <= 32 and not re.search(r"[,;]|\d", gap)

    attached = [day for day in days if is_behind(day)]
    chosen = attached[:1] or days
    if attached and attached[0].bound == "since":
        chosen += [day for day in days if day.bound == "until" and day.start > attached[0].start][
            :1
        ]
    start = end = None
    for day in chosen:
        whole = day.bound == "span" or day.precision in _WHOLE or day.days > 1
        if day.bound == "since":
            start = start or day.date_start
        elif day.bound == "until":
            end = end or day.date_end
        elif whole and start is None and end is None:
            start, end = day.date_start, day.date_end
    if start is None and end is None:
        if attached or len(days) == 1:
            return days[0].date_start, days[0].date_end
        return None
    return start, min(end or reference, reference)


# --- of what ---------------------------------------------------------------------------------------------

_WHOLE = frozenset({DatePrecision.YEAR, DatePrecision.QUARTER, DatePrecision.MONTH})
_NEXT_CLAUSE = re.compile(r"[,;.]|\bdan \d|\band \d|\bdi ?antaranya\b|\bof (?:which|these|whom)\b")
_CONSULAR = re.compile(
    r"bermasalah|kasus (?:wni|pmi)|consular|in trouble|pekerja migran|\bcases? (?:handled|of citizens)",
    re.IGNORECASE,
)


def _category(sentence: Sentence, quantity: Quantity, near: Sequence[_Found]) -> StatisticCategory:
    """Return the subject of a figure, by the words nearest to it first."""
    offset = sentence.start
    following = _next_figure(sentence, quantity)
    behind = sentence.text[quantity.end - offset : min(following, quantity.end + 70) - offset]
    before = sentence.text[: quantity.start - offset][-60:]
    scopes = (_NEXT_CLAUSE.split(behind)[0], behind, before)
    for scope in scopes:
        hits = [category for category, pattern in _CATEGORIES if pattern.search(scope)]
        if {StatisticCategory.ONLINE_GAMBLING, StatisticCategory.ONLINE_SCAM} <= set(hits):
            return StatisticCategory.ONLINE_SCAM
        if quantity.measure == "USD" and StatisticCategory.FRAUD_LOSSES in hits:
            return StatisticCategory.FRAUD_LOSSES
        specific = [
            hit
            for hit in hits
            if hit is not StatisticCategory.MIGRANT_WORKER_CASES
            and not (quantity.measure == "USD" and hit is StatisticCategory.ONLINE_SCAM)
        ]
        if specific:
            return specific[0]
    told = sentence.text[: following - offset]
    return _category_around(told, quantity, near)


def _category_around(told: str, quantity: Quantity, near: Sequence[_Found]) -> StatisticCategory:
    """Return the subject that sentence and paragraph give a figure whose own words give none."""
    if _CONSULAR.search(told) and quantity.measure in {"cases", "complaints", None}:
        return StatisticCategory.MIGRANT_WORKER_CASES
    hits = [category for category, pattern in _CATEGORIES if pattern.search(told)]
    if {StatisticCategory.ONLINE_GAMBLING, StatisticCategory.ONLINE_SCAM} <= set(hits):
        return StatisticCategory.ONLINE_SCAM
    if quantity.measure == "USD":
        lost = StatisticCategory.FRAUD_LOSSES
        return lost if lost in hits else StatisticCategory.OTHER
    specific = [hit for hit in hits if hit is not StatisticCategory.MIGRANT_WORKER_CASES]
    if specific and quantity.measure != "percent":
        return specific[0]
    if near and quantity.measure != "persons":
        return next((item for item in reversed(near) if not item.is_part), near[-1]).category
    if quantity.measure in {"persons", "sites"}:
        return StatisticCategory.ONLINE_SCAM
    return hits[0] if hits else StatisticCategory.OTHER


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
                as_of=item.end,
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
