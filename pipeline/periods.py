"""Find which days a figure of a sentence is told for.

    Sentence, figure -> When

Dates stand before or behind the figure that they belong to, two may bound one period ("sejak 2020 ... hingga
November 2024"), and some are told from others: "setahun sebelumnya", "in the first five days", "so far this
year". A date that a figure is only compared with ("dibanding 2023") is not its own.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.dates import DateExpression
from pipeline.numbers import Quantity
from pipeline.records import DatePrecision
from pipeline.segments import Sentence

Kind = Literal["span", "since", "until", "day", "said", "earlier", "opening", "same"]
Period = tuple[dt.date | None, dt.date | None]

# A time behind a figure belongs to it this far, in characters, when no other figure comes between.
_REACH_BEHIND = 120
# Days after which a total without an end of its own is no longer told "as of" that day.
_RECENT = dt.timedelta(days=4)
_RECENT_BOUND = dt.timedelta(days=14)

_WHOLE = frozenset({DatePrecision.YEAR, DatePrecision.QUARTER, DatePrecision.MONTH})


@dataclass(frozen=True, slots=True)
class When:
    """Words of a sentence that say for which days. Offsets are into the article.

    ``earlier`` and ``same`` point at another figure's days (``same`` with 365 ``days`` at its year), ``opening`` counts ``days`` from the day on
    which a campaign began; ``said`` is the day of a statement, ``is_open`` an end that the text leaves out.
    """

    start: int
    end: int
    kind: Kind
    first: dt.date | None = None
    last: dt.date | None = None
    days: int = 0
    is_open: bool = False

    @property
    def length(self) -> int:
        """Days from first to last; 0 where one of them is unknown."""
        return (self.last - self.first).days + 1 if self.first and self.last else 0


_COUNT = {
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "twelve": 12, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7,
    "delapan": 8, "lapan": 8, "sembilan": 9, "sepuluh": 10,
}  # fmt: skip
_N = rf"(?P<n>\d{{1,2}}|{'|'.join(sorted(_COUNT, key=len, reverse=True))})"
_DAYS = {
    "hari": 1, "day": 1, "pekan": 7, "minggu": 7, "week": 7, "bulan": 30, "month": 30, "tahun": 365, "year": 365,
    "fortnight": 14,
}  # fmt: skip
_LENGTH = rf"{_N}[ -](?P<unit>{'|'.join(_DAYS)})s?"

# The same months of the year before, or the year before.
_EARLIER = re.compile(
    r"\b(?:a year (?:ago|earlier|before)|(?:the )?(?:year before|previous year|preceding year|prior year)|"
    r"(?:se)?tahun (?:sebelumnya|sebelum itu)|setahun (?:lalu|yang lalu|lepas)|"
    r"(?:periode|kurun|masa|tempoh|rentang|kuartal|triwulan|caturwulan|semester|paruh|suku tahun|bulan) (?:waktu )?(?:yang )?(?:sama|serupa)(?: (?:pada|di|tahun))*(?: (?:lalu|lepas|sebelumnya))?|"
    r"(?:the )?same (?:\w+ )?(?:period|quarters?|months?|stretch|time)(?: (?:of|in|a|last|the|year|before|earlier))*)(?: (?P<year>20\d\d)\b)?",
    re.IGNORECASE,
)
_SAME = re.compile(
    r"\b(?:in|over|during|for) (?:the|that|this) (?:quarter|period|half|time|year)\b|"
    r"\b(?:periode|kurun(?: waktu)?|tempoh|masa|tahun|rentang)(?: yang)? (?:itu|tersebut|berkenaan|sama itu)|\btahun yang sama\b(?! (?:lalu|sebelum))\b|\b(?:that|the same) year\b",
    re.IGNORECASE,
)
_THIS_YEAR = re.compile(
    r"\b(?:so far this year|(?:this )?year[ -]to[ -]date|this year(?: alone| so far)?|tahun (?:ini|berjalan)|(?:sepanjang|selama) tahun(?=[,.;]))(?:\b|(?=[,.;]))",
    re.IGNORECASE,
)
_NOT_OF_YEAR = r"(?!\s(?:of\s)?(?:(?:the|this|last)\s)?(?:year|tahun|20\d\d))"
_OPENING = re.compile(
    rf"\b(?:first|initial) {_LENGTH}\b{_NOT_OF_YEAR}|\b{_LENGTH.replace('(?P<n>', '(?P<n2>').replace('(?P<unit>', '(?P<unit2>')} (?:pertama|awal)\b{_NOT_OF_YEAR}|"
    r"\b(?P<long>month|week|year)-long\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    rf"\b(?:over|in|during|for|within) the (?:past|last|previous) (?:{_LENGTH}|(?P<one>year|month|decade))\b|"
    rf"\b{_LENGTH.replace('(?P<n>', '(?P<n2>').replace('(?P<unit>', '(?P<unit2>')} (?:terakhir|belakangan(?: ini)?|kebelakangan(?: ini)?)\b|"
    r"\b(?:se)(?P<one2>tahun|bulan) (?:terakhir|belakangan(?: ini)?)\b",
    re.IGNORECASE,
)
_FIRST_MONTHS = re.compile(
    rf"\bfirst {_N} months of (?P<year>20\d\d|the year|this year|last year)\b|"
    rf"\b{_N.replace('(?P<n>', '(?P<n2>')} bulan pertama (?:tahun )?(?P<year2>20\d\d|ini|lalu|lepas)\b",
    re.IGNORECASE,
)
_THIRD = re.compile(
    r"\b(?:triwulan|caturwulan|suku (?:tahun )?)\s?(?P<q>I{1,3}|IV|[1-4]|pertama|kedua|ketiga|keempat)\b(?:[\s-]{1,2}(?:tahun\s)?(?P<year>20\d\d|ini|lalu|lepas))?",
    re.IGNORECASE,
)
_ORDINAL = {
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4,
    "pertama": 1, "kedua": 2, "ketiga": 3, "keempat": 4,
}  # fmt: skip
_MONTHS = {
    "jan": 1, "feb": 2, "peb": 2, "mar": 3, "mac": 3, "apr": 4, "may": 5, "mei": 5, "jun": 6, "jul": 7, "aug": 8,
    "agu": 8, "ogo": 8, "sep": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12, "des": 12, "dis": 12,
}  # fmt: skip
_MONTH = r"(?P<month>(?:Jan|Feb|Peb|Mar|Mac|Apr|May|Mei|Jun|Jul|Aug|Agu|Ogo|Sep|Oct|Okt|Nov|Dec|Des|Dis)[a-z]{0,6})"
# "as of end-May", "to the end of June", "hingga akhir September 2024", "sehingga hujung Mei".
_MONTH_END = re.compile(
    rf"\b(?P<bound>(?i:as of|as at|until|till|through|to|by|at|hingga|sampai|sehingga|setakat|per|pada))(?: the)? "
    rf"(?i:end|akhir|penghujung|hujung)[- ](?:of |bulan )?{_MONTH}\b\.?(?! \d{{1,2}}\b)(?:,? (?P<year>20\d\d))?"
)
# "hingga pertengahan 2025", "as of mid-2025", "to the middle of this year": up to the end of June.
_MID_YEAR = re.compile(
    r"\b(?P<bound>as of|as at|until|till|through|to|by|at|hingga|sampai|sehingga|setakat|per|pada)(?: the)? "
    r"(?:mid|middle|pertengahan)[- ](?:of |tahun )?(?P<year>20\d\d|this year|ini)\b",
    re.IGNORECASE,
)
# "hingga kuartal III 2024", "through the third quarter": all that came before in that year as well.
_UP_TO = re.compile(
    r"\b(?:hingga|sampai|sehingga|setakat|until|through|by the end of)(?: dengan)?(?: the| akhir)?\s$",
    re.IGNORECASE,
)
# Before a time that a figure is measured against.
_AGAINST = re.compile(
    r"\b(?:dibanding(?:kan)?|berbanding|ketimbang|daripada|melebihi|than|compared (?:with|to)|versus|relative to|over|on|from|dari)"
    r"(?: (?:in|pada|of|for|the|tahun|periode|early|late|all|total|angka|data|dengan|capaian|that))*\s?$",
    re.IGNORECASE,
)
# Between a figure and a time: what follows belongs to the next figure or to nobody.
_BREAK = re.compile(
    r"[;:]|,\s|\b(?:dan|serta|sedangkan|sementara|manakala|lalu|kemudian|tetapi|namun|and|while|but|then|compared|dibanding\w*|berbanding|"
    r"naik|meningkat|melonjak|turun|menurun|up|down|rise|rose|increase|against|than)\b",
    re.IGNORECASE,
)
_HARD_BREAK = re.compile(
    r"[;]|\b(?:sedangkan|sementara|manakala|while|dibanding\w*|berbanding|compared|than|naik|meningkat|melonjak|turun|up|down|against)\b",
    re.IGNORECASE,
)


def find(sentence: Sentence, reference: dt.date) -> list[When]:
    """Return the times of a sentence in order; none overlap."""
    text, offset = sentence.text, sentence.start
    found: list[When] = []
    for match in _EARLIER.finditer(text):
        year = match["year"]
        first = dt.date(int(year), 1, 1) if year else None
        told: Kind = "earlier" if _is_of_year_before(match) else "same"
        found.append(When(match.start() + offset, match.end() + offset, told, first))
    for match in _OPENING.finditer(text):
        if match["long"]:
            days = _DAYS[match["long"].lower()]
        else:
            days = _length(match["n"] or match["n2"], match["unit"] or match["unit2"])
        found.append(When(match.start() + offset, match.end() + offset, "opening", days=days))
    found += [
        When(
            match.start() + offset,
            match.end() + offset,
            "same",
            days=365 if _YEAR_NAMED.search(match[0]) else 0,
        )
        for match in _SAME.finditer(text)
    ]
    for match in _THIS_YEAR.finditer(text):
        first = dt.date(reference.year, 1, 1)
        found.append(
            When(
                match.start() + offset, match.end() + offset, "span", first, reference, is_open=True
            )
        )
    for match in _PAST.finditer(text):
        one = match["one"] or match["one2"]
        if one is not None:
            days = 3650 if one == "decade" else _DAYS[one.lower()]
        else:
            days = _length(match["n"] or match["n2"], match["unit"] or match["unit2"])
        found.append(
            When(
                match.start() + offset, match.end() + offset, "since",
                _back(reference, days), reference, is_open=True,
            )
        )  # fmt: skip
    for match in _FIRST_MONTHS.finditer(text):
        found.append(_first_months(match, offset, reference))
    for match in _THIRD.finditer(text):
        found.append(_third(match, offset, reference))
    for match in _MONTH_END.finditer(text):
        if match["month"].lower()[:3] in _MONTHS:
            found.append(_month_end(match, offset, reference))
    for match in _MID_YEAR.finditer(text):
        year = int(match["year"]) if match["year"].isdigit() else reference.year
        last = min(dt.date(year, 6, 30), reference)
        found.append(When(match.start() + offset, match.end() + offset, "until", None, last))
    longer = [(day.start, day.end) for day in sentence.dates]
    found = [
        item
        for item in found
        if item.kind == "earlier"
        or not any(
            a <= item.start and item.end <= b and b - a > item.end - item.start for a, b in longer
        )
    ]
    taken = [(item.start, item.end) for item in found]
    found += [
        item
        for item in _of_dates(sentence, reference)
        if not any(item.start < end and start < item.end for start, end in taken)
    ]
    return _joined(sorted(found, key=lambda item: (item.start, item.end)), text, offset)


_YEAR_NAMED = re.compile(r"\b(?:year|tahun)\b", re.IGNORECASE)
# "selama periode yang sama" alone is the period just told; with these words it is the one a year before.
_BACK = re.compile(
    r"\b(?:lalu|lepas|sebelum\w*|setahun|year|last|before|earlier|20\d\d)\b", re.IGNORECASE
)
_MEASURED = re.compile(
    r"\b(?:dibanding\w*|berbanding|ketimbang|daripada|compared|than|against|versus|up from|down from|naik dari|turun dari|meningkat dari|menurun dari)\b[^;.]{0,60}$",
    re.IGNORECASE,
)


def _is_of_year_before(match: re.Match[str]) -> bool:
    return (
        _BACK.search(match[0]) is not None
        or _MEASURED.search(match.string[: match.start()]) is not None
    )


def _length(count: str, unit: str) -> int:
    number = int(count) if count.isdigit() else _COUNT[count.lower()]
    return number * _DAYS[unit.lower()]


def _back(day: dt.date, days: int) -> dt.date:
    if days % 365 == 0:
        return in_year(day, day.year - days // 365)
    if days % 30 == 0:
        index = day.year * 12 + day.month - 1 - days // 30
        year, month = index // 12, index % 12 + 1
        return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
    return day - dt.timedelta(days=days - 1)


def _first_months(match: re.Match[str], offset: int, reference: dt.date) -> When:
    """Return the first months of a year: "the first five months of 2025"."""
    count = match["n"] or match["n2"]
    months = min(int(count) if count.isdigit() else _COUNT[count.lower()], 12)
    said = (match["year"] or match["year2"]).lower()
    year = (
        int(said) if said.isdigit() else reference.year - (said in {"last year", "lalu", "lepas"})
    )
    last = dt.date(year, max(months, 1), calendar.monthrange(year, max(months, 1))[1])
    return When(match.start() + offset, match.end() + offset, "span", dt.date(year, 1, 1), last)


def _month_end(match: re.Match[str], offset: int, reference: dt.date) -> When:
    """Return "until" the last day of a month; without a year the last such month that has begun."""
    month = _MONTHS[match["month"].lower()[:3]]
    year = int(match["year"]) if match["year"] else reference.year - (month > reference.month)
    last = dt.date(year, month, calendar.monthrange(year, month)[1])
    return When(match.start() + offset, match.end() + offset, "until", None, min(last, reference))


def _third(match: re.Match[str], offset: int, reference: dt.date) -> When:
    number = _ORDINAL[match["q"].lower()]
    said = (match["year"] or "").lower()
    year = int(said) if said.isdigit() else reference.year - (said in {"lalu", "lepas"})
    if not said and dt.date(year, 3 * number - 2, 1) > reference:
        year -= 1
    last = dt.date(year, 3 * number, calendar.monthrange(year, 3 * number)[1])
    return When(
        match.start() + offset, match.end() + offset, "span", dt.date(year, 3 * number - 2, 1), last
    )


# "Satgas yang dibentuk 5 Juni itu sudah menetapkan 212 tersangka": what a body has done, it did since then.
_FOUNDED = re.compile(
    r"\b(?:dibentuk|didirikan|dilancarkan|diluncurkan|ditubuhkan|dibuka|beroperasi|bertugas|bekerja|formed|set up|established|launched|created|opened|convened)"
    r"(?: (?:sejak|pada|mulai|tanggal|on|in|back in|hari))*\s(?:\w+,? \(?)?$",
    re.IGNORECASE,
)
# "meningkat 60 persen dari 2024": the year that it rose from.
_RISEN_FROM = re.compile(
    r"\b(?:naik|meningkat|melonjak|bertambah|tumbuh|turun|menurun|berkurang|kenaikan|penurunan|lonjakan|up|down|rise|rose|risen|increase\w*|jump\w*|grew|growth|fell|fall|drop\w*)(?: (?:by|about|some|nearly|almost|sebesar|sebanyak|sekitar|hampir|kira-kira))*(?: [\d.,]+(?: ?%| persen| peratus| per cent| percent)?)?(?: kasus| cases| kes)? (?:dari|daripada|from|on)(?: tahun)?\s$",
    re.IGNORECASE,
)
_AS_OF = re.compile(r"\bas (?:of|at)(?: (?:the|end|late|early|mid|of))*\s$", re.IGNORECASE)


# "di bawah Akta Antipemerdagangan Orang 2007": the year of a law.
_LAW = re.compile(
    r"\b(?:Akta|Act|Undang-?[Uu]ndang|UU|Enakmen|Ordinan|Peraturan|Perpres|Permen\w*|Decree|Regulation|Law)\b[^.;,]{0,90}$"
)


def _of_dates(sentence: Sentence, reference: dt.date) -> list[When]:
    found = []
    for day in sentence.dates:
        ahead = sentence.text[: day.start - sentence.start]
        if day.precision is DatePrecision.YEAR and day.surface.isdigit() and _LAW.search(ahead):
            continue
        kind: Kind
        first: dt.date | None = day.date_start
        last: dt.date | None = day.date_end
        is_open = False
        if day.is_statement_day and day.days <= 7:
            kind = "said"
        elif (
            day.bound == "since"
            and day.days >= 28
            and _RISEN_FROM.search(sentence.text[: day.start - sentence.start])
        ):
            kind = "span"
        elif day.bound == "since" and not _AS_OF.search(
            sentence.text[: day.start - sentence.start]
        ):
            kind, last, is_open = "since", reference, True
            if day.precision is DatePrecision.YEAR and day.surface.lower().endswith(
                ("ini", "year")
            ):
                kind = "span"
        elif day.bound in {"until", "since"} or _AS_OF.search(
            sentence.text[: day.start - sentence.start]
        ):
            kind, first = "until", None
        elif day.days <= 31 and _is_founding(sentence, day):
            kind, last, is_open = "since", reference, True
        elif day.bound == "span" or day.precision in _WHOLE or day.days > 7:
            kind = "span"
        else:
            kind = "day"
        if (
            kind == "span"
            and day.precision is DatePrecision.QUARTER
            and _UP_TO.search(sentence.text[: day.start - sentence.start])
        ):
            first = dt.date(day.date_start.year, 1, 1)
        if kind == "span" and last is not None and day.date_start <= reference < last:
            last, is_open = reference, True
        found.append(When(day.start, day.end, kind, first, last, is_open=is_open))
    return found


def _is_founding(sentence: Sentence, day: DateExpression) -> bool:
    """Whether the figures behind a day are those of a body that was set up on it."""
    before = sentence.text[: day.start - sentence.start]
    behind = [item for item in sentence.quantities if item.start >= day.end]
    return _FOUNDED.search(before) is not None and any(q.measure != "other" for q in behind)


_NEAR_GAP = re.compile(r"[^\d;.]{0,29}")


def _joined(found: list[When], text: str, offset: int) -> list[When]:
    """Join "sejak A" and "hingga B" of one period, and give "hingga Juli tahun ini" its first day."""
    joined: list[When] = []
    for item in found:
        before = joined[-1] if joined else None
        if before is not None:
            gap = text[before.end - offset : item.start - offset]
            if before.kind == "since" and item.kind == "until" and not re.search(r"[;.]|\d", gap):
                joined[-1] = replace(before, end=item.end, last=item.last, is_open=False)
                continue
            if before.kind == "until" and item.kind == "since" and _NEAR_GAP.fullmatch(gap):
                joined[-1] = replace(item, start=before.start, last=before.last, is_open=False)
                continue
            if (
                before.length
                and len(gap) <= 1
                and (shifted := _of_that_year(before, item, text, offset))
            ):
                joined[-1] = shifted
                continue
            pair = {before.kind: before, item.kind: item}
            if _NEAR_GAP.fullmatch(gap) and (told := _year_to_date(pair)) is not None:
                joined[-1] = replace(told, start=before.start, end=item.end)
                continue
        joined.append(item)
    return joined


def _year_to_date(pair: dict[Kind, When]) -> When | None:
    """Return "this year" and "until July 15" as one time, or None where they are not such a pair."""
    year, until = pair.get("span"), pair.get("until")
    if year is None or until is None or not until.last or not year.first:
        return None
    whole = year.first.month == year.first.day == 1 and (year.is_open or year.length >= 365)
    if not whole or until.last.year != year.first.year:
        return None
    return replace(year, last=until.last, is_open=False)


_YEAR_WORD = re.compile(r"(?:tahun|last|this)\s(?:ini|lalu|lepas|year)", re.IGNORECASE)


def _of_that_year(before: When, item: When, text: str, offset: int) -> When | None:
    """Return "September tahun lalu" as one time, or None when the second word names no year."""
    if not item.first or not before.last or before.length > (364 if before.kind == "span" else 100):
        return None
    if _YEAR_WORD.fullmatch(text[item.start - offset : item.end - offset]) is None:
        return None
    first, last = year_before((before.first, before.last), item.first.year)
    return replace(before, first=first, last=last, end=item.end, is_open=False)


# --- whose time it is ------------------------------------------------------------------------------------


def of(figure: Quantity, sentence: Sentence, times: Sequence[When]) -> When | None:
    """Return the time that a sentence gives one of its figures, or None.

    The time behind the figure comes first, then the one before it; a time that stands right behind
    another figure belongs to that one.
    """
    usable = [item for item in times if item.kind != "said"]
    figures = [
        item
        for item in sentence.quantities
        if item.measure != "other"
        and not item.is_anaphor
        and (item is figure or not sentence.text.startswith("-", item.end - sentence.start))
    ]
    behind = _behind(figure, sentence, figures, usable, _BREAK)
    before = _before(figure, sentence, figures, usable)
    if behind is not None and before is not None:
        return _both(behind, before)
    if behind is not None:
        return behind
    further = _behind(figure, sentence, figures, usable, _HARD_BREAK)
    # A day in front is that of the sentence; a long period behind is the figure's own.
    longer = further is not None and further.kind == "span" and further.length >= _LONG
    if before is not None and not (before.kind == "day" and longer):
        return before
    return further or _shared(figure, sentence, figures, usable)


def _shared(
    figure: Quantity, sentence: Sentence, figures: Sequence[Quantity], times: Sequence[When]
) -> When | None:
    """Return the time behind the next figure when "and" joins both: "raided 18 sites and held 200 in 2024"."""
    following = next((item for item in figures if item.start >= _tail(figure)), None)
    if following is None or following.measure == "percent":
        return None
    gap = sentence.text[_tail(figure) - sentence.start : following.start - sentence.start]
    if len(gap) > _REACH_SHARED or _JOINED.search(gap) is None or _HARD_BREAK.search(gap):
        return None
    found = _behind(following, sentence, figures, times, _BREAK)
    return found if found is not None and found.kind in {"span", "since", "same"} else None


# Days from which a period is no event's.
_LONG = 28
_REACH_SHARED = 60
_JOINED = re.compile(r"\b(?:and|dan|serta)\b[^,;]*$", re.IGNORECASE)


def _both(behind: When, before: When) -> When:
    """Return one time of the two around a figure: "per Juni 2025 tercatat 7.000 kasus sejak 2020"."""
    to_date = _year_to_date({behind.kind: behind, before.kind: before})
    if to_date is not None:
        return to_date
    opened = next((w for w in (behind, before) if w.kind == "since"), None)
    closed = next((w for w in (behind, before) if w.kind == "until"), None)
    if opened is None or closed is None or not closed.last or not opened.first:
        return behind
    if closed.last < opened.first:
        return behind
    return replace(opened, last=closed.last, is_open=False)


def _tail(figure: Quantity) -> int:
    return max(figure.end, figure.noun_end)


def _behind(
    figure: Quantity,
    sentence: Sentence,
    figures: Sequence[Quantity],
    times: Sequence[When],
    stop: re.Pattern[str],
) -> When | None:
    tail = _tail(figure)
    following = next(
        (
            item.start
            for item in figures
            if item.start >= tail and not _restates(sentence, tail, item)
        ),
        sentence.end,
    )
    for item in times:
        if not tail <= item.start < following or item.start - tail > _REACH_BEHIND:
            continue
        gap = sentence.text[tail - sentence.start : item.start - sentence.start]
        if stop.search(gap) is None and not is_against(sentence, item):
            return item
        return None
    return None


def _restates(sentence: Sentence, tail: int, item: Quantity) -> bool:
    """Whether a share says the figure before it again: "1.112 kasus atau 85 persen"."""
    gap = sentence.text[tail - sentence.start : item.start - sentence.start]
    return item.measure == "percent" and re.search(r"\b(?:atau|or)\s", gap) is not None


def _before(
    figure: Quantity, sentence: Sentence, figures: Sequence[Quantity], times: Sequence[When]
) -> When | None:
    for item in reversed(times):
        if item.end > figure.start:
            continue
        if is_against(sentence, item) and not _is_told_of(sentence, item, figure):
            continue
        between = sentence.text[item.end - sentence.start : figure.start - sentence.start]
        if _OPENS_OTHER.search(between):
            continue
        owner = next((other for other in reversed(figures) if _tail(other) <= item.start), None)
        if owner is not None and _behind(owner, sentence, figures, [item], _BREAK) is not None:
            continue
        return item
    return None


# "... over the period, compared with 21 cases in 2024": what follows is told for another time.
_OPENS_OTHER = re.compile(
    r"\b(?:compared (?:with|to)|versus|dibanding(?:kan)?|berbanding|ketimbang)\b", re.IGNORECASE
)
# "Dibandingkan dengan 2024, yang mencatat 6.038 kasus": the figure of the year that is compared with.
_TELLS = re.compile(
    r"\s\(|,?\s(?:(?:yang|which|when|saat|ketika|tatkala|dengan|with)\b[^;.\d]{0,60}|(?:sebanyak|seramai|sebesar|sejumlah|yaitu|yakni|iaitu|at|of)\s)",
    re.IGNORECASE,
)


def _is_told_of(sentence: Sentence, item: When, figure: Quantity) -> bool:
    """Whether a time that is compared with is itself followed by its figure."""
    gap = sentence.text[item.end - sentence.start : figure.start - sentence.start]
    return _TELLS.fullmatch(gap) is not None


def is_against(sentence: Sentence, item: When) -> bool:
    """Whether a time is there to be compared with: "dibanding 2023", "than in 2024"."""
    before = sentence.text[: item.start - sentence.start][-50:]
    match = _AGAINST.search(before)
    if match is None:
        return False
    word = match[0].split()[0].lower()
    # "dari 2020", "over 2024" open or name a period unless something rises from it.
    if word in {"from", "dari", "over", "on", "daripada"}:
        return item.kind in {"span", "earlier"} and bool(
            re.search(
                r"\b(?:naik|meningkat|melonjak|turun|rise|rose|increase|up|down|jump|percent|persen|peratus|%)\b[^,;]{0,30}$",
                before[: match.start()],
                re.IGNORECASE,
            )
            or before[: match.start()].rstrip().endswith("%")
        )
    return True


def in_year(day: dt.date, year: int) -> dt.date:
    """Return the day in another year; 29 February becomes the 28th."""
    last = calendar.monthrange(year, day.month)[1]
    return dt.date(year, day.month, min(day.day, last))


def year_before(period: Period, year: int | None = None) -> Period:
    """Return the same days of the year before, or of the year that is named."""
    first, last = period
    if last is None:
        return None, None
    back = 1 if year is None else last.year - year
    return (
        None if first is None else in_year(first, first.year - back),
        in_year(last, last.year - back),
    )


# --- the day of a text -----------------------------------------------------------------------------------

_BEGAN = re.compile(
    r"\b(?:began|begun|begins?|started|opened|launched|launching|kicked off|under way|dimulai|mulai|memulai|dilancarkan|melancarkan|"
    r"meluncurkan|diluncurkan|bergulir|digelar|menggelar|bermula|memulakan|dibuka|dilaksanakan)\b",
    re.IGNORECASE,
)
_CAMPAIGN = re.compile(
    r"\b(?:campaign|crackdown|operations?|sweep|drive|clampdown|offensive|blitz|purge|operasi|penindakan|penertiban|razia|pembersihan|"
    r"kempen|gempur(?:an)?|tindakan keras|pemberantasan|serbuan)\b",
    re.IGNORECASE,
)


def campaign_start(sentences: Sequence[Sentence], reference: dt.date) -> dt.date | None:
    """Return the day on which the campaign of an article began, or None."""
    for sentence in sentences:
        if not _CAMPAIGN.search(sentence.text):
            continue
        for day in sentence.dates:
            before = sentence.text[: day.start - sentence.start]
            began = _BEGAN.search(before[-100:]) or day.bound == "since"
            if began and day.days <= 3 and day.date_start <= reference:
                return day.date_start
    return None


def is_campaign(text: str) -> bool:
    """Whether a sentence speaks of a campaign."""
    return _CAMPAIGN.search(text) is not None


def told_as_of(
    sentences: Sequence[Sentence], reference: dt.date, *, with_events: bool = False
) -> dt.date:
    """Return the day up to which an article counts: one it names, else that of the last statement.

    ``with_events`` also looks at the days of events, for counts that grow with each.
    """
    first = sentences[1].start if len(sentences) > 1 else 0
    days = [
        day
        for sentence in sentences
        for day in sentence.dates
        if (with_events or day.is_statement_day or day.bound == "until") and day.days <= 2 and day.date_end <= reference and not _in_dateline(day.start, first, day.is_statement_day)
    ]  # fmt: skip
    bounds = [
        d.date_end for d in days if d.bound == "until" and reference - d.date_end <= _RECENT_BOUND
    ]
    if bounds:
        return max(bounds)
    recent = [d.date_end for d in days if reference - d.date_end <= _RECENT]
    return max(recent, default=reference)


def _in_dateline(start: int, first: int, is_statement_day: bool) -> bool:
    return is_statement_day and 0 <= start - first <= 48
