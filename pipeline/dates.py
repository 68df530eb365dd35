"""Find the dates of events in a text and resolve them against the day of publication.

    text, reference day -> [DateExpression]

Indonesian, Malay and English: full dates, day-month without a year, ranges, months, quarters, years,
weekdays and relative words. A date without a year takes the year that puts it nearest before the
reference day (a week of grace allows for planned events). Precision codes are those of the codebook,
which follow ACLED's time precision.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from pipeline.calendar_days import (
    DAY_NAMED,
    FULL_WEEKDAY,
    GRACE,
    MONTHS,
    RESOLVERS,
    SMALL,
    WEEKDAYS,
    calendar_days,
    date_of,
    precision_of,
)
from pipeline.records import DateBasis, DatePrecision
from pipeline.said_days import is_statement

Bound = Literal["on", "since", "until", "span"]


@dataclass(frozen=True, slots=True)
class DateExpression:
    """A date as printed and the days it stands for, both ends included."""

    start: int
    end: int
    surface: str
    date_start: dt.date
    date_end: dt.date
    precision: DatePrecision
    basis: DateBasis
    bound: Bound = "on"
    is_statement_day: bool = False

    @property
    def days(self) -> int:
        """Length of the span in days."""
        return (self.date_end - self.date_start).days + 1


_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?:19[89]\d|20[0-4]\d)"
# Beside a month a year may also be Buddhist, as Thai and Khmer officials write it: 2568 is 2025.
_ERA = r"(?:19[89]\d|20[0-4]\d|25[3-9]\d)"
_TO = r"\s?(?:-|–|—|hingga|sampai(?: dengan)?|s\.?d\.?|to|through|until|till|dan|and|&)\s?"
_PART = r"(?:(?P<part{n}>awal|pertengahan|akhir|early|mid|late|the start of|the beginning of|the end of|beginning of|start of|end of|(?:pekan|minggu) (?:pertama|kedua|ketiga|keempat|terakhir)(?: bulan)?|(?:first|second|third|fourth|last|final) week of)[ -])?"

_DAY_PART = r"(?:malam|pagi|sore|siang|petang|dini hari|night|morning|afternoon|evening)"

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        # 30 Januari sampai 26 Maret 2026
        ("dm_dm", rf"\b(?P<d1>{_DAY})\s(?P<m1>{_MONTH})\.?(?:\s(?P<y1>{_ERA}))?{_TO}(?P<d2>{_DAY})\s(?P<m2>{_MONTH})\b\.?(?:,?\s(?P<y2>{_ERA}))?"),
        # January 30 to February 22
        ("md_md", rf"\b(?P<m1>{_MONTH})\.?\s(?P<d1>{_DAY})(?:,\s(?P<y1>{_ERA}))?{_TO}(?P<m2>{_MONTH})\.?\s(?P<d2>{_DAY})\b(?:,\s(?P<y2>{_ERA}))?"),
        # 22-24 Oktober 2025
        ("dd_m", rf"\b(?P<d1>{_DAY}){_TO}(?P<d2>{_DAY})\s(?P<m1>{_MONTH})\b\.?(?:,?\s(?P<y1>{_ERA}))?"),
        # January 16 and 17
        ("m_dd", rf"\b(?P<m1>{_MONTH})\.?\s(?P<d1>{_DAY}){_TO}(?P<d2>{_DAY})\b(?!\d|[.,]\d|\s(?:people|orang))(?:,\s(?P<y1>{_ERA}))?"),
        # 17/10/2025
        ("dmy", rf"(?<![\d/])(?P<d1>{_DAY})/(?P<n1>0?[1-9]|1[0-2])/(?P<y1>{_ERA}|\d\d)(?![\d/])"),
        ("iso", rf"(?<![\d-])(?P<y1>{_YEAR})-(?P<n1>0[1-9]|1[0-2])-(?P<d1>0[1-9]|[12]\d|3[01])(?![\d-])"),
        # (17-18/10)
        ("dd_n", rf"(?<=\()(?P<d1>{_DAY})-(?P<d2>{_DAY})/(?P<n1>0?[1-9]|1[0-2])(?:/(?P<y1>{_YEAR}))?(?=\))"),
        # (17/10)
        ("dn", rf"(?<=\()(?P<d1>{_DAY})/(?P<n1>0?[1-9]|1[0-2])(?=\))"),
        # 17 Oktober 2025
        ("dm", rf"\b(?P<d1>{_DAY})\s(?P<m1>{_MONTH})\b\.?(?:,?\s(?P<y1>{_ERA})\b)?"),
        # October 17, 2025
        ("md", rf"\b(?P<m1>{_MONTH})\b\.?\s(?P<d1>{_DAY})(?:st|nd|rd|th)?\b(?!\.\d|,\d{{3}}\b)(?:,?\s(?P<y1>{_ERA})\b)?"),
        # Juli 2023 hingga Juni 2024, Januari-Juni 2025
        ("m_m", rf"\b{_PART.format(n=1)}(?P<m1>{_MONTH})\.?(?:\s(?P<y1>{_YEAR}))?{_TO}{_PART.format(n=2)}(?P<m2>{_MONTH})\b\.?(?:\s(?P<y2>{_YEAR}))?"),
        # 2020 hingga November 2024
        ("y_m", rf"\b(?P<y1>{_YEAR}){_TO}(?P<m2>{_MONTH})\.?\s(?P<y2>{_YEAR})\b"),
        # Maret 2025, akhir November lalu, last September
        ("m", rf"\b{_PART.format(n=1)}(?:(?P<last>last)\s)?(?P<m1>{_MONTH})\b\.?(?:\s(?:tahun\s)?(?P<y1>{_ERA})\b)?(?P<lalu>\s(?:lalu|lepas))?"),
        ("y_y", rf"\b(?P<y1>{_YEAR}){_TO}(?P<y2>{_YEAR})\b"),
        ("quarter", rf"\b(?:(?P<qw>first|second|third|fourth)\s(?:quarter|three\smonths)|tiga\sbulan\s(?P<qp>pertama|kedua|ketiga)|kuartal\s(?P<qr>IV|III|II|I|[1-4]|pertama|kedua|ketiga|keempat)|q(?P<qn>[1-4]))(?:\s(?:of|tahun)|-|,)?\s?(?P<y1>{_YEAR})?"),
        ("half", rf"\b(?:(?P<hw>first|second)\s(?:half|six months)|semester\s(?P<hr>I{{1,2}}|pertama|kedua)|(?:paruh|enam\sbulan)\s(?P<hp>pertama|kedua))(?:\s(?:of|tahun))?(?:\s(?P<y1>{_YEAR}|the year|this year|last year|ini|lalu))?"),
        ("y", rf"(?<![\d.,/-])\b(?P<y1>{_YEAR})\b(?![.,]\d|[/-]\d|\s?(?:orang|people|wni|kasus|cases))"),
        ("wd", rf"\b(?P<last>last\s|next\s|this\s)?(?P<wd>{FULL_WEEKDAY})\b(?P<lalu>(?:\s{_DAY_PART})?\s(?P<week>(?:pekan|minggu) (?:lalu|lepas|ini|depan)|(?:of )?(?:last|this|next) week)|\s(?:lalu|lepas|ini|depan|mendatang))?"),
        ("rel", (r"\b(?P<rel>awal tahun(?: ini)?|(?:the )?(?:start|beginning) of (?:the|this) year|hari ini|today|last night|tonight|(?:pagi|siang|sore|petang|malam) ini|this (?:morning|afternoon|evening)|(?:malam|petang|sore|siang|subuh) tadi|kemarin(?: malam| sore| pagi)?|kelmarin|yesterday|besok|esok|tomorrow|lusa|"
                r"pekan (?:lalu|ini|depan)|minggu (?:lalu|lepas|ini|depan)|last week|this week|next week|(?P<part1>awal |pertengahan |akhir |early |late |mid-)?(?:bulan (?:lalu|lepas|ini|depan)|last month|this month|next month)|"
                r"tahun (?:lalu|lepas|ini)|last year|this year|overnight|tadi malam|semalam|dini hari tadi|pagi tadi|sepekan (?:lalu|terakhir)|seminggu (?:lalu|lepas)|a week ago|sebulan (?:lalu|terakhir)|"
                r"(?P<n>\d{1,2}|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|two|three|four|five|six|seven|eight|nine|ten)\s(?P<unit>hari|pekan|minggu|bulan|tahun|days?|weeks?|months?|years?)\s(?:lalu|lepas|yang lalu|terakhir|ago))\b")),
        # two days later, sepekan sesudahnya, keesokan harinya: told from the day before it
        ("after", (r"\b(?:(?P<same>(?:the|that) (?:very )?same (?:day|morning|afternoon|evening|night)|(?:pada )?hari yang sama|hari itu juga|hari sama)|(?P<next>keesokan(?: hari|paginya|nya)?(?:nya)?|esok harinya|esoknya|hari berikutnya|the (?:next|following) day|a day later|sehari (?:kemudian|setelah\w*|sesudah\w*|selepas\w*))|"
                r"(?P<week>(?:sepekan|seminggu) (?:kemudian|setelah(?:nya| itu)|sesudah(?:nya| itu)|selepas(?:nya| itu)|berikutnya|berselang)|a week (?:later|after that)|the following week)|"
                r"(?:selang |berselang )?(?P<n>\d{1,2}|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|two|three|four|five|six|seven|eight|nine|ten)\s(?P<unit>hari|pekan|minggu|days?|weeks?)\s(?:kemudian|setelah(?:nya| itu)|sesudah(?:nya| itu)|selepas(?:nya| itu)|berselang|later|after that))\b")),
        # delapan hari sebelumnya, a day earlier, the night before: counted back from the day told before it
        ("before", (r"(?:\b(?:(?P<day>sehari (?:sebelumnya|sebelum itu)|malam sebelumnya|a day (?:earlier|before)(?! the)|the (?:day|night) before(?! the)|the previous (?:day|night))|"
                r"(?P<week>(?:sepekan|seminggu) (?:sebelumnya|sebelum itu)|a week (?:earlier|before)(?! the)|the (?:previous week|week before(?! the)))|"
                r"(?P<n>\d{1,2}|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|lapan|two|three|four|five|six|seven|eight|nine|ten)\s(?P<unit>hari|pekan|minggu|days?|weeks?)\s(?:sebelumnya|sebelum itu|lebih awal|lebih dulu|earlier))\b(?! than\b))")),
        # on the 28th, pada tanggal 10: a day of the month told before it
        ("d", rf"\b(?:(?:tanggal|tarikh)\s(?P<d1>{_DAY})\b(?!\s?(?:{_MONTH}|hari|orang|WNI)\b|[/.-]\d)|on the (?P<d2>{_DAY})(?:st|nd|rd|th)\b(?=[,.;)]|\s(?:and|at|by|in|of (?:that|the same) month|when|before|after|of {_MONTH})\b|$))"),
    )
)  # fmt: skip

_SINCE = re.compile(
    # "the case dates from July" and "berawal dari Juli" say when one thing began, not since when is counted
    r"(?:sejak|semenjak|sedari|mulai|(?<!bermula )(?<!berawal )(?<!berasal )dari|terhitung|bermula|since|(?<!dates )(?<!dating )(?<!stems )(?<!stemming )from|as of|beginning|starting)"
    rf"(?:\s(?:tahun|bulan|tanggal|early|mid|late|the (?:start|beginning) of|awal|akhir|pertengahan|hari|last|the|pada|around|{DAY_NAMED}))*\s?\(?$"
    # "since the surge began on January 16"
    r"|(?:since|sejak)(?:\s[\w-]+){1,4}\s(?:on|in|pada)\s?\(?$"
    # "sejak operasi membanteras pusat penipuan dilancarkan pada 10 Februari"
    r"|(?:since|sejak|semenjak)(?:\s[\w-]+){1,8}\s(?:began|begun|launched|started|opened|dimulai|dimulakan|bermula|dilancarkan|digelar|digulirkan|dijalankan|datang|melancarkan|menggelar|memulai|memulakan)(?:\s[\w-]+){0,10}\s(?:on|in|pada)\s?\(?$",
    re.IGNORECASE)  # fmt: skip
_UNTIL = re.compile(
    r"(?:hingga|sampai(?: dengan)?|s/d|per|setakat|until|till|up to|through|to|by(?: the morning of| the end of)?|as of|before|sebelum)"
    rf"(?:\s(?:tahun|bulan|tanggal|hari|akhir|awal|pertengahan|pada|\d{{1,2}} [ap]\.?m\.? on|noon on|{DAY_NAMED}))*\s?\(?$", re.IGNORECASE)  # fmt: skip
_SPAN = re.compile(
    r"(?:sepanjang|selama|pada tahun|tahun|in|during|throughout|over|for|in all of|all of)\s?$",
    re.IGNORECASE,
)


# How the first words of the patterns begin that open with a word: three characters, in small letters. Trying a
# pattern only where such a word stands more than halves the time of `find`.
def _keys(beginnings: str) -> frozenset[str]:
    return frozenset(beginnings.split())


_MONTH_KEYS = frozenset(name[:3] for name in MONTHS)
_PART_KEYS = _keys("awa per akh ear mid lat the beg sta end pek min fir sec thi fou las fin")
_NUMBER_KEYS = _keys(
    "dua tig emp lim ena tuj del lap sem sep two thr fou fiv six sev eig nin ten #"
)
_OPENERS: dict[str, frozenset[str]] = {
    "md_md": _MONTH_KEYS,
    "m_dd": _MONTH_KEYS,
    "md": _MONTH_KEYS,
    "m_m": _MONTH_KEYS | _PART_KEYS,
    "m": _MONTH_KEYS | _PART_KEYS,
    "wd": frozenset(name[:3] for name in WEEKDAYS) | {"las", "nex", "thi"},
    "rel": _NUMBER_KEYS | _PART_KEYS | {"a w"} | _keys("har tod ton sia sor pet mal sub kem kel yes bes eso tom lus nex bul tah ove tad din pag seb"),
    "after": _NUMBER_KEYS | {"a w", "a d"} | _keys("the tha pad har kee eso seh sel ber"),
    "before": _NUMBER_KEYS | {"a w", "a d"} | _keys("seh mal the"),
    "d": _keys("tan tar") | {"on "},
}  # fmt: skip
_WORDS = re.compile(r"\w+")


def _openings(text: str) -> dict[str, list[int]]:
    """Return where the words of the text begin, by their first three characters, numbers under ``#``."""
    found: dict[str, list[int]] = {}
    small = text.lower()
    if len(small) != len(text):  # a few letters grow when they are made small
        small = "".join(char.lower()[0] for char in text)
    for word in _WORDS.finditer(text):
        start = word.start()
        key = "#" if text[start].isdigit() else small[start : start + 3]
        found.setdefault(key, []).append(start)
    return found


def _matches(
    name: str, pattern: re.Pattern[str], text: str, openings: dict[str, list[int]]
) -> Iterator[re.Match[str]]:
    """Yield what ``pattern.finditer`` yields, trying only the places where the pattern can begin."""
    openers = _OPENERS.get(name)
    if openers is None:
        yield from pattern.finditer(text)
        return
    end = 0
    for start in sorted(start for key in openers for start in openings.get(key, ())):
        match = pattern.match(text, start) if start >= end else None
        if match:
            yield match
            end = match.end()


def find(text: str, reference: dt.date) -> list[DateExpression]:
    """Return the dates of the text in order, without overlaps, resolved against ``reference``."""
    found: list[DateExpression] = []
    taken = bytearray(len(text))
    later: list[tuple[str, re.Match[str]]] = []
    openings = _openings(text)
    for name, pattern in _PATTERNS:
        for match in _matches(name, pattern, text, openings):
            if name in _FROM_OTHERS:
                later.append((name, match))
                continue
            start, end = match.span()
            if any(taken[start:end]):
                continue
            days = RESOLVERS.get(name, calendar_days)(match, reference)
            if days is None:
                continue
            taken[start:end] = b"\1" * (end - start)
            bound = _bound(name, text, start)
            found.append(
                DateExpression(
                    start, end, match[0], *days,
                    bound=bound,
                    is_statement_day=bound != "since" and is_statement(text, start, end, name),
                )
            )  # fmt: skip
    for name, match in sorted(later, key=lambda item: item[1].start()):
        resolved = _FROM_OTHERS[name](match, found, reference)
        if resolved is not None and not any(taken[match.start() : match.end()]):
            taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
            found.append(resolved)
    found.sort(key=lambda item: item.start)
    found = _with_said_years(found, text, reference)
    named = [
        item
        for index, item in enumerate(found)
        if index + 1 == len(found) or not _names_weekday_of(item, found[index + 1], text)
    ]
    return _joined(named, text)


# "Senin (14/7) hingga Rabu (16/7)", "between Sunday and Monday": one stretch of days, printed as two.
_FROM_TO = re.compile(
    rf"\)?(?:\s(?:malam|pagi|sore|siang|petang|night|morning|evening))?\s(?:(?P<to>hingga|sampai(?: dengan)?|to|until|through|[-–])|dan|and)\s(?:{DAY_NAMED}\s?)?\(?",
    re.IGNORECASE,
)
_LONGEST_JOINED, _LONGEST_EVENT = 14, 3


def _joined(days: list[DateExpression], text: str) -> list[DateExpression]:
    """Return the days with two neighbours that are the first and the last of a stretch made one.

    A first day that a total runs since stays its own: "terhitung Senin (20/4) hingga Rabu (22/4)".
    """
    found: list[DateExpression] = []
    for day in days:
        first = found[-1] if found else None
        gap = _FROM_TO.fullmatch(text[first.end : day.start]) if first is not None else None
        if (
            first is None
            or gap is None
            or first.days > 1
            or day.days > 1
            or first.bound != "on"
            or first.is_statement_day
            or day.is_statement_day
            or not (day.surface[0].isdigit() or _NEAR_DAY.sub("", day.surface.lower()) in WEEKDAYS)
        ):
            found.append(day)
            continue
        length = (day.date_start - first.date_start).days + 1
        if not 1 < length <= (_LONGEST_JOINED if gap["to"] else 2):
            found.append(day)
            continue
        found[-1] = dataclasses.replace(
            first,
            end=day.end,
            surface=text[first.start : day.end],
            date_end=day.date_end,
            precision=precision_of(first.date_start, day.date_end),
            bound="on" if length <= _LONGEST_EVENT else "span",
        )
    return found


_WEEKDAY_GAP = re.compile(
    r"(?:\s?(?:malam|pagi|sore|siang|dini hari|petang))?[\s,]*\(?(?:tanggal\s)?"
)


# "Khamis ini, 22 Mei"
_NEAR_DAY = re.compile(r"^(?:last|next|this)\s|\s(?:ini|lalu|lepas|depan|mendatang)$")


def _names_weekday_of(item: DateExpression, following: DateExpression, text: str) -> bool:
    """Whether this is the weekday of the date behind it: "Jumat (17/10)"; the date says it better.

    Where the two disagree the printed date wins: weekdays are miscounted more often than days.
    """
    gap = text[item.end : following.start]
    return (
        _NEAR_DAY.sub("", item.surface.lower()) in WEEKDAYS
        and following.surface[0].lower() + following.surface[1:] not in WEEKDAYS
        and following.days <= 3
        and len(gap) <= 18
        and _WEEKDAY_GAP.fullmatch(gap) is not None
    )


# "a deadline of June 30": a day that something is to be done by, not one on which it happened.
_DEADLINE = re.compile(
    r"\b(?:deadline|tenggat(?: waktu)?|batas waktu|tarikh akhir|paling lambat|selewat-lewatnya|no later than|ultimatum|expires?)"
    r"(?:\s(?:of|for|to|on|is|hingga|sampai|pada|tanggal|akhir|set|until|by|the end of))*\s?\(?$",
    re.IGNORECASE,
)


# How far back, in characters, the word that makes a date a first or last day may stand.
_BOUND_REACH = 110


def _bound(name: str, text: str, start: int) -> Bound:
    if name in {"dm_dm", "md_md", "m_m", "y_m", "y_y", "quarter", "half"}:
        return "span"
    before = text[max(0, start - _BOUND_REACH) : start]
    if _SINCE.search(before):
        return "since"
    if _UNTIL.search(before) or _DEADLINE.search(before):
        return "until"
    if name in {"y", "m"} and _SPAN.search(before):
        return "span"
    return "on"


def _after(
    match: re.Match[str], found: list[DateExpression], reference: dt.date
) -> DateExpression | None:
    """Resolve "two days later" from the last event day told before it; None where none is known."""
    before = [
        item for item in found
        if item.end <= match.start() and not item.is_statement_day and item.precision is DatePrecision.DAY
    ]  # fmt: skip
    if not before:
        return None
    count = 0 if match["same"] else 1 if match["next"] else _days_counted(match)
    day = max(before, key=lambda item: item.end).date_end + dt.timedelta(days=count)
    if day > reference + GRACE:
        return None
    precision = DatePrecision.DAY if count < 7 else DatePrecision.WITHIN_WEEK
    return DateExpression(
        match.start(), match.end(), match[0], day, day, precision, DateBasis.RELATIVE_RESOLVED
    )


def _days_counted(match: re.Match[str]) -> int:
    """Return how many days "two weeks later" or "a week earlier" counts."""
    if match["week"]:
        return 7
    count = SMALL.get(match["n"].lower()) or int(match["n"])
    return count if match["unit"].lower().startswith(("hari", "day")) else count * 7


def _before(
    match: re.Match[str], found: list[DateExpression], reference: dt.date
) -> DateExpression:
    """Resolve "three days earlier" from the last event day told before it, else from publication."""
    told = [
        item for item in found
        if item.end <= match.start() and not item.is_statement_day and item.precision is DatePrecision.DAY
    ]  # fmt: skip
    last = max(told, key=lambda item: item.end).date_start if told else reference
    count = 1 if match["day"] else _days_counted(match)
    unit = (match["unit"] or "").lower()
    by_weeks = match["week"] is not None or unit.startswith(("pekan", "minggu", "week"))
    slack = dt.timedelta(days=3 if by_weeks else 0)
    day = last - dt.timedelta(days=count)
    precision = DatePrecision.WITHIN_WEEK if by_weeks else DatePrecision.DAY
    return DateExpression(
        match.start(), match.end(), match[0], day - slack, day + slack, precision,
        DateBasis.RELATIVE_RESOLVED,
    )  # fmt: skip


def _day_of_month(
    match: re.Match[str], found: list[DateExpression], reference: dt.date
) -> DateExpression | None:
    """Resolve "on the 28th" in the month told before it, else as the last such day before publication."""
    told = [item for item in found if item.end <= match.start() and item.days <= 31]
    number = int(match["d1"] or match["d2"])
    last = max(told, key=lambda item: item.end).date_start if told else reference
    months = (last, reference, reference.replace(day=1) - dt.timedelta(days=1))
    days = [date_of(month.year, month.month, number) for month in months]
    day = next((item for item in days if item is not None and item <= reference + GRACE), None)
    if day is None:
        return None
    return DateExpression(
        match.start(), match.end(), match[0], day, day, DatePrecision.DAY, DateBasis.RELATIVE_RESOLVED
    )  # fmt: skip


_FROM_OTHERS: dict[
    str, Callable[[re.Match[str], list[DateExpression], dt.date], DateExpression | None]
] = {"after": _after, "before": _before, "d": _day_of_month}


# "in April last year", "29 September tahun sama"
_SAID_YEAR = re.compile(
    r",?\s(?:of\s|pada\s)?(?:(?P<last>last year|tahun lalu|tahun lepas)|(?P<this>this year|tahun ini)|"
    r"(?:the |that )?same year|that year|tahun (?:yang )?sama|tahun (?:itu|tersebut))\b",
    re.IGNORECASE,
)
_PRINTED_YEAR = re.compile(r"\d{4}|\d/\d\d?/\d\d")


def _with_said_years(
    days: list[DateExpression], text: str, reference: dt.date
) -> list[DateExpression]:
    """Return the dates with the year that words behind them give, and without those words."""
    found: list[DateExpression] = []
    for day in days:
        if found and day.start < found[-1].end:
            continue  # the words of a year, taken by the date before them
        said = _SAID_YEAR.match(text, day.end)
        calendar_day = day.basis is DateBasis.EXPLICIT and day.days <= 92
        if said is None or not calendar_day or _PRINTED_YEAR.search(day.surface):
            found.append(day)
            continue
        year = (
            reference.year - 1
            if said["last"]
            else reference.year
            if said["this"]
            else found[-1].date_start.year
            if found
            else day.date_start.year
        )
        first = date_of(year, day.date_start.month, day.date_start.day)
        last = date_of(
            year + day.date_end.year - day.date_start.year, day.date_end.month, day.date_end.day
        )
        if first is not None and last is not None:
            day = dataclasses.replace(
                day, date_start=first, date_end=last, end=said.end(), surface=text[day.start : said.end()]
            )  # fmt: skip
        found.append(day)
    return found
