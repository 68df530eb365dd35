"""Find the dates of events in a text and resolve them against the day of publication.

    text, reference day -> [DateExpression]

Indonesian, Malay and English: full dates, day-month without a year, ranges, months, quarters, years,
weekdays and relative words. A date without a year takes the year that puts it nearest before the
reference day (a week of grace allows for planned events). Precision codes are those of the codebook,
which follow ACLED's time precision.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pipeline.records import DateBasis, DatePrecision

# A date without a year may lie this far ahead of publication ("akan tiba pada 24 Oktober").
GRACE = dt.timedelta(days=45)

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


_MONTHS: dict[str, int] = {}
for _number, _names in enumerate(
    (
        "januari january jan", "februari february feb pebruari", "maret march mar mac", "april apr",
        "mei may", "juni june jun", "juli july jul julai", "agustus august aug agu ags ogos",
        "september sept sep", "oktober october oct okt", "november nov nopember", "desember december dec des disember",
    ),
    start=1,
):  # fmt: skip
    _MONTHS.update(dict.fromkeys(_names.split(), _number))
_WEEKDAYS: dict[str, int] = {}
for _number, _names in enumerate(
    (
        "senin isnin monday mon", "selasa tuesday tue tues", "rabu wednesday wed", "kamis khamis thursday thu thurs",
        "jumat jum'at jumaat friday fri", "sabtu saturday sat", "minggu ahad sunday sun",
    )
):  # fmt: skip
    _WEEKDAYS.update(dict.fromkeys(_names.split(), _number))

_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_FULL_WEEKDAY = "senin|isnin|selasa|rabu|kamis|khamis|jum'?at|jumaat|sabtu|ahad|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?:19[89]\d|20[0-4]\d)"
_TO = r"\s?(?:-|–|—|hingga|sampai(?: dengan)?|s\.?d\.?|to|through|until|till|dan|and|&)\s?"
_PART = r"(?:(?P<part{n}>awal|pertengahan|akhir|early|mid|late|the start of|the beginning of|the end of|beginning of|start of|end of)[ -])?"

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        # 30 Januari sampai 26 Maret 2026
        ("dm_dm", rf"\b(?P<d1>{_DAY})\s(?P<m1>{_MONTH})\.?(?:\s(?P<y1>{_YEAR}))?{_TO}(?P<d2>{_DAY})\s(?P<m2>{_MONTH})\b\.?(?:,?\s(?P<y2>{_YEAR}))?"),
        # January 30 to February 22
        ("md_md", rf"\b(?P<m1>{_MONTH})\.?\s(?P<d1>{_DAY})(?:,\s(?P<y1>{_YEAR}))?{_TO}(?P<m2>{_MONTH})\.?\s(?P<d2>{_DAY})\b(?:,\s(?P<y2>{_YEAR}))?"),
        # 22-24 Oktober 2025
        ("dd_m", rf"\b(?P<d1>{_DAY}){_TO}(?P<d2>{_DAY})\s(?P<m1>{_MONTH})\b\.?(?:,?\s(?P<y1>{_YEAR}))?"),
        # January 16 and 17
        ("m_dd", rf"\b(?P<m1>{_MONTH})\.?\s(?P<d1>{_DAY}){_TO}(?P<d2>{_DAY})\b(?!\d|[.,]\d|\s(?:people|orang))(?:,\s(?P<y1>{_YEAR}))?"),
        # 17/10/2025
        ("dmy", rf"(?<![\d/])(?P<d1>{_DAY})/(?P<n1>0?[1-9]|1[0-2])/(?P<y1>{_YEAR}|\d\d)(?![\d/])"),
        ("iso", rf"(?<![\d-])(?P<y1>{_YEAR})-(?P<n1>0[1-9]|1[0-2])-(?P<d1>0[1-9]|[12]\d|3[01])(?![\d-])"),
        # (17-18/10)
        ("dd_n", rf"(?<=\()(?P<d1>{_DAY})-(?P<d2>{_DAY})/(?P<n1>0?[1-9]|1[0-2])(?:/(?P<y1>{_YEAR}))?(?=\))"),
        # (17/10)
        ("dn", rf"(?<=\()(?P<d1>{_DAY})/(?P<n1>0?[1-9]|1[0-2])(?=\))"),
        # 17 Oktober 2025
        ("dm", rf"\b(?P<d1>{_DAY})\s(?P<m1>{_MONTH})\b\.?(?:,?\s(?P<y1>{_YEAR})\b)?"),
        # October 17, 2025
        ("md", rf"\b(?P<m1>{_MONTH})\b\.?\s(?P<d1>{_DAY})(?:st|nd|rd|th)?\b(?!\.\d|,\d{{3}}\b)(?:,?\s(?P<y1>{_YEAR})\b)?"),
        # 2020 hingga November 2024
        ("y_m", rf"\b(?P<y1>{_YEAR}){_TO}(?P<m2>{_MONTH})\.?\s(?P<y2>{_YEAR})\b"),
        # Juli 2023 hingga Juni 2024, Januari-Juni 2025
        ("m_m", rf"\b{_PART.format(n=1)}(?P<m1>{_MONTH})\.?(?:\s(?P<y1>{_YEAR}))?{_TO}{_PART.format(n=2)}(?P<m2>{_MONTH})\b\.?(?:\s(?P<y2>{_YEAR}))?"),
        # Maret 2025, akhir November lalu, last September
        ("m", rf"\b{_PART.format(n=1)}(?:(?P<last>last)\s)?(?P<m1>{_MONTH})\b\.?(?:\s(?:tahun\s)?(?P<y1>{_YEAR})\b)?(?P<lalu>\s(?:lalu|lepas))?"),
        ("y_y", rf"\b(?P<y1>{_YEAR}){_TO}(?P<y2>{_YEAR})\b"),
        ("quarter", rf"\b(?:(?P<qw>first|second|third|fourth)\squarter|kuartal\s(?P<qr>IV|III|II|I|[1-4]|pertama|kedua|ketiga|keempat)|q(?P<qn>[1-4]))(?:\s(?:of|tahun)|-|,)?\s?(?P<y1>{_YEAR})?"),
        ("half", rf"\b(?:(?P<hw>first|second)\s(?:half|six months)|semester\s(?P<hr>I{{1,2}}|pertama|kedua)|paruh\s(?P<hp>pertama|kedua))(?:\s(?:of|tahun))?(?:\s(?P<y1>{_YEAR}|the year|this year|last year|ini|lalu))?"),
        ("y", rf"(?<![\d.,/-])\b(?P<y1>{_YEAR})\b(?![.,]\d|[/-]\d|\s?(?:orang|people|wni|kasus|cases))"),
        ("rel", r"\b(?P<rel>hari ini|today|kemarin(?: malam| sore| pagi)?|yesterday|besok|esok|tomorrow|lusa|"
                r"pekan (?:lalu|ini|depan)|minggu (?:lalu|ini|depan)|last week|this week|next week|bulan (?:lalu|ini|depan)|last month|this month|earlier this month|next month|"
                r"tahun (?:lalu|ini)|last year|this year|overnight|tadi malam|semalam|dini hari tadi|pagi tadi|sepekan (?:sebelumnya|lalu|terakhir)|seminggu (?:lalu|lepas)|a week (?:earlier|ago)|sebulan (?:lalu|terakhir)|"
                r"(?P<n>\d{1,2}|dua|tiga|empat|lima|enam|tujuh|two|three|four|five|six|seven)\s(?P<unit>hari|pekan|minggu|bulan|tahun|days?|weeks?|months?|years?)\s(?:lalu|lepas|yang lalu|terakhir|ago|earlier|sebelumnya))\b"),
        ("wd", rf"\b(?P<last>last\s|next\s)?(?P<wd>{_FULL_WEEKDAY})\b(?P<lalu>\s(?:lalu|pekan lalu|depan|mendatang))?"),
    )
)  # fmt: skip

_SINCE = re.compile(
    r"(?:sejak|semenjak|sedari|mulai|dari|terhitung|bermula|since|from|as of|beginning|starting)"
    r"(?:\s(?:tahun|bulan|tanggal|early|mid|late|the (?:start|beginning) of|awal|akhir|pertengahan|hari|last|the|pada|around))*\s?\(?$", re.IGNORECASE)  # fmt: skip
_UNTIL = re.compile(
    r"(?:hingga|sampai(?: dengan)?|s/d|per|setakat|until|till|up to|through|to|by(?: the morning of| the end of)?|as of|before|sebelum)"
    r"(?:\s(?:tahun|bulan|tanggal|hari|akhir|awal|pertengahan|pada|\d{1,2} [ap]\.?m\.? on|noon on))*\s?\(?$", re.IGNORECASE)  # fmt: skip
_SPAN = re.compile(
    r"(?:sepanjang|selama|pada tahun|tahun|in|during|throughout|over|for|in all of|all of)\s?$",
    re.IGNORECASE,
)
# A weekday or short date behind a verb of saying is the day of the statement, not of the event.
_SAYING = (
    "kata|ujar|ujarnya|katanya|tutur|tuturnya|ucap|ucapnya|jelas|jelasnya|ungkap|ungkapnya|imbuhnya|tegas|tegasnya|menurut|"
    "mengatakan|menyebut|menyebutkan|menyampaikan|menjelaskan|menerangkan|menuturkan|menegaskan|mengungkapkan|memaparkan|memerinci|menambahkan|membenarkan|menyatakan|"
    "berkata|memberitahu|keterangan|pernyataan|siaran pers|konferensi pers|sidang media|rilis|dikutip|dilansir|dikonfirmasi|diterima|dipantau|kenyataan|jumpa pers|taklimat|press briefing|unggahan|"
    "said|says|told|statement|announced|reported|according|spokesman|spokesperson|press conference|briefing|interview|monitored"
)  # fmt: skip
_SAID_BEFORE = re.compile(rf"\b(?:{_SAYING})\b[^.;]{{0,70}}$", re.IGNORECASE)
_SMALL = {"dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "two": 2, "three": 3,
          "four": 4, "five": 5, "six": 6, "seven": 7}  # fmt: skip


def find(text: str, reference: dt.date) -> list[DateExpression]:
    """Return the dates of the text in order, without overlaps, resolved against ``reference``."""
    found: list[DateExpression] = []
    taken: list[tuple[int, int]] = []
    for name, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < stop and begin < end for begin, stop in taken):
                continue
            days = _resolve(name, match, reference, text)
            if days is None:
                continue
            taken.append((start, end))
            first, last, precision, basis = days
            found.append(
                DateExpression(
                    start, end, match[0], first, last, precision, basis,
                    _bound(name, text, start), _is_statement(text, start, name),
                )
            )  # fmt: skip
    return sorted(_join_weekdays(found, text), key=lambda item: item.start)


def _join_weekdays(found: list[DateExpression], text: str) -> Iterator[DateExpression]:
    """Fold "Jumat (17/10)" and "Friday, Feb. 28" into the date; the weekday alone adds nothing."""
    dated = [
        item for item in found if not item.surface.lower().strip().startswith(tuple(_WEEKDAYS))
    ]
    for item in found:
        if item in dated:
            yield item
            continue
        near = [other for other in dated if 0 <= other.start - item.end <= 9 and other.days <= 3
                and re.fullmatch(r"(?:\s?(?:malam|pagi|sore|siang|dini hari|petang))?[\s,]*\(?(?:tanggal\s)?", text[item.end:other.start])]  # fmt: skip
        if not near:
            yield item


def _bound(name: str, text: str, start: int) -> Bound:
    if name in {"dm_dm", "md_md", "m_m", "y_m", "y_y", "quarter", "half"}:
        return "span"
    before = text[max(0, start - 40) : start]
    if _SINCE.search(before):
        return "since"
    if _UNTIL.search(before):
        return "until"
    if name in {"y", "m"} and _SPAN.search(before):
        return "span"
    return "on"


def _is_statement(text: str, start: int, name: str) -> bool:
    if name not in {"wd", "dn", "dmy", "rel", "dm", "md"}:
        return False
    before = text[max(0, start - 160) : start]
    sentence = re.split(r"(?<=[a-z\d\"”)])[.!?]\s|\n", before)[-1]
    return bool(_SAID_BEFORE.search(sentence))


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _year_of(month: int, day: int, reference: dt.date) -> int:
    """Return the year that puts the day nearest before the reference, with a grace for plans."""
    for year in (reference.year + 1, reference.year, reference.year - 1):
        candidate = _date(year, month, min(day, calendar.monthrange(year, month)[1]))
        if candidate is not None and candidate <= reference + GRACE:
            return year
    return reference.year - 1


def _month_span(year: int, month: int, part: str | None) -> tuple[dt.date, dt.date]:
    last = calendar.monthrange(year, month)[1]
    key = (part or "").lower().removeprefix("the ").removesuffix(" of")
    first_day, last_day = {
        "awal": (1, 10), "early": (1, 10), "start": (1, 10), "beginning": (1, 10),
        "pertengahan": (11, 20), "mid": (11, 20),
        "akhir": (21, last), "late": (21, last), "end": (21, last),
    }.get(key, (1, last))  # fmt: skip
    return dt.date(year, month, first_day), dt.date(year, month, last_day)


Resolved = tuple[dt.date, dt.date, DatePrecision, DateBasis]


def _span_precision(first: dt.date, last: dt.date) -> DatePrecision:
    days = (last - first).days + 1
    if days <= 1:
        return DatePrecision.DAY
    if days <= 7:
        return DatePrecision.WITHIN_WEEK
    if days <= 10:
        return DatePrecision.WEEK
    if days <= 31:
        return DatePrecision.MONTH
    if days <= 92:
        return DatePrecision.QUARTER
    return DatePrecision.YEAR


def _resolve(name: str, match: re.Match[str], reference: dt.date, text: str) -> Resolved | None:
    groups = match.groupdict()
    if name in {"rel", "wd"}:
        return _resolve_relative(name, match, reference, text)
    if name in {"quarter", "half"}:
        return _resolve_part_year(name, match, reference)
    year1 = int(groups["y1"]) if groups.get("y1") and groups["y1"].isdigit() else None
    if year1 is not None and year1 < 100:
        year1 += 2000
    year2 = int(groups["y2"]) if groups.get("y2") else None
    month1 = (
        _MONTHS[groups["m1"].lower()]
        if groups.get("m1")
        else int(groups["n1"])
        if groups.get("n1")
        else None
    )
    month2 = _MONTHS[groups["m2"].lower()] if groups.get("m2") else None
    if name == "y":
        assert year1 is not None
        return dt.date(year1, 1, 1), dt.date(year1, 12, 31), DatePrecision.YEAR, DateBasis.EXPLICIT
    if name == "y_y":
        assert year1 is not None
        assert year2 is not None
        if year2 < year1:
            return None
        return dt.date(year1, 1, 1), dt.date(year2, 12, 31), DatePrecision.YEAR, DateBasis.EXPLICIT
    if name == "y_m":
        assert year1 is not None
        assert year2 is not None
        assert month2 is not None
        last = _month_span(year2, month2, None)[1]
        return dt.date(year1, 1, 1), last, DatePrecision.YEAR, DateBasis.EXPLICIT
    assert month1 is not None
    if name == "m":
        return _resolve_month(match, month1, year1, reference, text)
    if name == "m_m":
        assert month2 is not None
        year2 = year2 or year1 or _year_of(month2, 1, reference)
        year1 = year1 or (year2 if month1 <= month2 else year2 - 1)
        first, last = (
            _month_span(year1, month1, groups["part1"])[0],
            _month_span(year2, month2, groups["part2"])[1],
        )
        return (
            (first, last, _span_precision(first, last), DateBasis.EXPLICIT)
            if first <= last
            else None
        )
    day1 = int(groups["d1"])
    day2 = int(groups["d2"]) if groups.get("d2") else None
    month_end = month2 or month1
    year_end = year2 or year1 or _year_of(month_end, day2 or day1, reference)
    year_start = year1 or (year_end if month1 <= month_end else year_end - 1)
    begin, stop = _date(year_start, month1, day1), _date(year_end, month_end, day2 or day1)
    if begin is None or stop is None or stop < begin:
        return None
    return begin, stop, _span_precision(begin, stop), DateBasis.EXPLICIT


def _resolve_month(
    match: re.Match[str], month: int, year: int | None, reference: dt.date, text: str
) -> Resolved | None:
    word = match["m1"]
    if year is None:
        # "may", "mar", "mei" alone are common words and names: ask for a capital and no neighbour word.
        if not word[0].isupper() or (len(word) <= 3 and word.lower() not in {"mei"}):
            return None
        if word.lower() in {"may", "march"} and not re.search(
            r"\b(?:in|since|until|last|from|of|by|early|mid|late|and|to|through|on)\s$|[-–]\s?$",
            text[: match.start("m1")],
            re.IGNORECASE,
        ):
            return None
        year = _year_of(month, 1, reference)
        if (match["lalu"] or match["last"]) and dt.date(year, month, 1) > reference:
            year -= 1
    first, last = _month_span(year, month, match["part1"])
    precision = DatePrecision.WEEK if match["part1"] else DatePrecision.MONTH
    return first, last, precision, DateBasis.EXPLICIT


def _resolve_part_year(name: str, match: re.Match[str], reference: dt.date) -> Resolved | None:
    raw = match["y1"] or ""
    year = (
        int(raw)
        if raw.isdigit()
        else reference.year - 1
        if raw in {"last year", "lalu"}
        else reference.year
    )
    if name == "quarter":
        word = (match["qw"] or match["qr"] or match["qn"]).lower()
        order = {"first": 1, "second": 2, "third": 3, "fourth": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4,
                 "pertama": 1, "kedua": 2, "ketiga": 3, "keempat": 4}  # fmt: skip
        quarter = order.get(word) or int(word)
        first = dt.date(year, 3 * quarter - 2, 1)
        last = _month_span(year, 3 * quarter, None)[1]
        return first, last, DatePrecision.QUARTER, DateBasis.EXPLICIT
    word = (match["hw"] or match["hr"] or match["hp"]).lower()
    second = word in {"second", "ii", "kedua"}
    first = dt.date(year, 7 if second else 1, 1)
    last = dt.date(year, 12, 31) if second else dt.date(year, 6, 30)
    return first, last, DatePrecision.YEAR, DateBasis.EXPLICIT


def _resolve_relative(
    name: str, match: re.Match[str], reference: dt.date, text: str
) -> Resolved | None:
    basis = DateBasis.RELATIVE_RESOLVED
    if name == "wd":
        word = match["wd"].lower()
        weekday = _WEEKDAYS[word]
        ahead = (match["last"] or "").strip().lower() == "next" or (
            match["lalu"] or ""
        ).strip() in {"depan", "mendatang"}
        if word == "minggu" and (
            not match["wd"][0].isupper()
            or (re.search(r"\b(?:\w+)\s$", text[: match.start()][-12:])
            and text[: match.start()].endswith(("tiga ", "dua ", "beberapa ")))
        ):
            return None
        if not match["wd"][0].isupper():
            return None
        back = (reference.weekday() - weekday) % 7
        day = reference - dt.timedelta(days=back)
        if ahead:
            day += dt.timedelta(days=7)
        elif back == 0 and (match["last"] or match["lalu"]):
            day -= dt.timedelta(days=7)
        if match["lalu"] and "pekan" in match["lalu"]:
            day -= dt.timedelta(days=7) if back < reference.weekday() + 1 else dt.timedelta()
        return day, day, DatePrecision.DAY, basis
    phrase = match["rel"].lower()
    one = dt.timedelta(days=1)
    monday = reference - dt.timedelta(days=reference.weekday())
    if match["n"]:
        count = _SMALL.get(match["n"].lower()) or int(match["n"])
        unit = match["unit"].lower()
        if unit.startswith(("hari", "day")):
            day = reference - count * one
            if "terakhir" in phrase:
                return day + one, reference, DatePrecision.WITHIN_WEEK, basis
            return day, day, DatePrecision.DAY, basis
        if unit.startswith(("pekan", "minggu", "week")):
            day = reference - count * 7 * one
            return day - 3 * one, day + 3 * one, DatePrecision.WEEK, basis
        if unit.startswith(("bulan", "month")):
            index = reference.year * 12 + reference.month - 1 - count
            first, last = _month_span(index // 12, index % 12 + 1, None)
            return first, last, DatePrecision.MONTH, basis
        year = reference.year - count
        return dt.date(year, 1, 1), dt.date(year, 12, 31), DatePrecision.YEAR, basis
    if phrase in {"hari ini", "today", "overnight", "tadi malam", "dini hari tadi", "pagi tadi"}:
        return reference, reference, DatePrecision.DAY, basis
    if phrase.startswith("kemarin") or phrase in {"yesterday", "semalam"}:
        return reference - one, reference - one, DatePrecision.DAY, basis
    if phrase in {"besok", "esok", "tomorrow"}:
        return reference + one, reference + one, DatePrecision.DAY, basis
    if phrase == "lusa":
        return reference + 2 * one, reference + 2 * one, DatePrecision.DAY, basis
    if phrase in {
        "sepekan sebelumnya",
        "sepekan lalu",
        "a week earlier",
        "a week ago",
        "seminggu lalu",
        "seminggu lepas",
    }:
        day = reference - 7 * one
        return day - 2 * one, day + 2 * one, DatePrecision.WEEK, basis
    if phrase == "sepekan terakhir":
        return reference - 7 * one, reference, DatePrecision.WEEK, basis
    if phrase.startswith("sebulan"):
        return reference - 30 * one, reference, DatePrecision.MONTH, basis
    if "week" in phrase or phrase.startswith(("pekan", "minggu")):
        shift = (
            -1
            if ("last" in phrase or "lalu" in phrase)
            else 1
            if ("next" in phrase or "depan" in phrase)
            else 0
        )
        first = monday + shift * 7 * one
        return first, first + 6 * one, DatePrecision.WEEK, basis
    if "month" in phrase or phrase.startswith("bulan"):
        shift = (
            -1
            if ("last" in phrase or "lalu" in phrase)
            else 1
            if ("next" in phrase or "depan" in phrase)
            else 0
        )
        index = reference.year * 12 + reference.month - 1 + shift
        first, last = _month_span(index // 12, index % 12 + 1, None)
        return first, (min(last, reference) if shift == 0 else last), DatePrecision.MONTH, basis
    year = reference.year - (1 if ("last" in phrase or "lalu" in phrase) else 0)
    last = dt.date(year, 12, 31) if year < reference.year else reference
    return dt.date(year, 1, 1), last, DatePrecision.YEAR, basis
