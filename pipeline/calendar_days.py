"""Resolve what a pattern of a date found into days.

    match of a pattern, reference day -> first day, last day, DatePrecision, DateBasis

A day without a year takes the year that puts it nearest before the reference day (a grace allows for plans);
relative words are counted from the reference day.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable

from pipeline.records import DateBasis, DatePrecision

# A date without a year may lie this far ahead of publication ("akan tiba pada 24 Oktober").
GRACE = dt.timedelta(days=45)

_BUDDHIST = 543

MONTHS: dict[str, int] = {}
for _number, _names in enumerate(
    (
        "januari january jan", "februari february feb pebruari", "maret march mar mac", "april apr",
        "mei may", "juni june jun", "juli july jul julai", "agustus august aug agu ags ogos",
        "september sept sep", "oktober october oct okt", "november nov nopember", "desember december dec des disember dis",
    ),
    start=1,
):  # fmt: skip
    MONTHS.update(dict.fromkeys(_names.split(), _number))
WEEKDAYS: dict[str, int] = {}
for _number, _names in enumerate(
    (
        "senin isnin monday mon", "selasa tuesday tue tues", "rabu wednesday wed", "kamis khamis thursday thu thurs",
        "jumat jum'at jumaat friday fri", "sabtu saturday sat", "minggu ahad sunday sun",
    )
):  # fmt: skip
    WEEKDAYS.update(dict.fromkeys(_names.split(), _number))

FULL_WEEKDAY = (
    "senin|isnin|selasa|rabu|kamis|khamis|jum'?at|jumaat|sabtu|minggu|ahad|"
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
)
# A weekday may stand between the preposition and the day: "hingga Sabtu malam (12/9)".
DAY_NAMED = rf"(?:{FULL_WEEKDAY})(?:\s(?:malam|pagi|sore|siang|petang|dini|night|morning|evening|afternoon))?,?"

SMALL = {
    "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9,
    "sepuluh": 10, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10,
}  # fmt: skip

# --- days of the calendar --------------------------------------------------------------------------

Days = tuple[dt.date, dt.date, DatePrecision, DateBasis]


def date_of(year: int, month: int, day: int) -> dt.date | None:
    """Return this day of the calendar; None where it has no such day."""
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _year(printed: str | None) -> int | None:
    """Return the year of our era: short years are of this century, Buddhist ones are set back."""
    if not printed:
        return None
    year = int(printed)
    if year < 100:
        return year + 2000
    return year - _BUDDHIST if year > 2500 else year


def _year_of(month: int, day: int, reference: dt.date) -> int:
    """Return the year that puts the day nearest before the reference, with a grace for plans."""
    for year in (reference.year + 1, reference.year, reference.year - 1):
        candidate = date_of(year, month, min(day, calendar.monthrange(year, month)[1]))
        if candidate is not None and candidate <= reference + GRACE:
            return year
    return reference.year - 1


def _month_span(year: int, month: int, part: str | None = None) -> tuple[dt.date, dt.date]:
    last = calendar.monthrange(year, month)[1]
    key = (part or "").lower().removeprefix("the ").removesuffix(" of").removesuffix(" bulan")
    week = _WEEK_OF_MONTH.get(
        key.removeprefix("pekan ").removeprefix("minggu ").removesuffix(" week")
    )
    if week is not None:
        start = min(7 * week, last - 7)
        return dt.date(year, month, start + 1), dt.date(year, month, start + 7)
    first_day, last_day = {
        "awal": (1, 10), "early": (1, 10), "start": (1, 10), "beginning": (1, 10),
        "pertengahan": (11, 20), "mid": (11, 20),
        "akhir": (21, last), "late": (21, last), "end": (21, last),
    }.get(key, (1, last))  # fmt: skip
    return dt.date(year, month, first_day), dt.date(year, month, last_day)


# How many whole weeks of a month lie ahead; the last one ends with it.
_WEEK_OF_MONTH = {
    "pertama": 0, "kedua": 1, "ketiga": 2, "keempat": 3, "terakhir": 4,
    "first": 0, "second": 1, "third": 2, "fourth": 3, "last": 4, "final": 4,
}  # fmt: skip


def _whole_years(first: int, last: int) -> Days:
    return dt.date(first, 1, 1), dt.date(last, 12, 31), DatePrecision.YEAR, DateBasis.EXPLICIT


# How many days a span may have to be known that well (codebook, section 1).
_LONGEST: tuple[tuple[int, DatePrecision], ...] = (
    (1, DatePrecision.DAY), (7, DatePrecision.WITHIN_WEEK), (10, DatePrecision.WEEK),
    (31, DatePrecision.MONTH), (92, DatePrecision.QUARTER),
)  # fmt: skip


def precision_of(first: dt.date, last: dt.date) -> DatePrecision:
    """Return how exactly a span of days says when something happened."""
    days = (last - first).days + 1
    return next((code for longest, code in _LONGEST if days <= longest), DatePrecision.YEAR)


def _span(first: dt.date | None, last: dt.date | None) -> Days | None:
    if first is None or last is None or last < first:
        return None
    return first, last, precision_of(first, last), DateBasis.EXPLICIT


def calendar_days(match: re.Match[str], reference: dt.date) -> Days | None:
    """Resolve a day or days of a month; a missing year is worked out from the reference."""
    groups = match.groupdict()
    month = MONTHS[groups["m1"].lower()] if groups.get("m1") else int(groups["n1"])
    month_end = MONTHS[groups["m2"].lower()] if groups.get("m2") else month
    day = int(groups["d1"])
    day_end = int(groups.get("d2") or day)
    year, year_end = _year(groups.get("y1")), _year(groups.get("y2"))
    year_end = year_end or year or _year_of(month_end, day_end, reference)
    year = year or (year_end if month <= month_end else year_end - 1)
    return _span(date_of(year, month, day), date_of(year_end, month_end, day_end))


def _months(match: re.Match[str], reference: dt.date) -> Days | None:
    month, month_end = MONTHS[match["m1"].lower()], MONTHS[match["m2"].lower()]
    year, year_end = _year(match["y1"]), _year(match["y2"])
    year_end = year_end or year or _year_of(month_end, 1, reference)
    year = year or (year_end if month <= month_end else year_end - 1)
    first = _month_span(year, month, match["part1"])[0]
    return _span(first, _month_span(year_end, month_end, match["part2"])[1])


_MONTH_LEAD = re.compile(
    r"\b(?:in|since|until|last|from|of|by|early|mid|late|and|to|through|on)\s$|[-–]\s?$",
    re.IGNORECASE,
)


# Malay months are often as short as a name: "setakat Jun", "pada Mac".
_SHORT_MONTH_LEAD = re.compile(
    r"\b(?:setakat|sehingga|hingga|sejak|pada|bulan|antara|akhir|awal|pertengahan|menjelang)\s$",
    re.IGNORECASE,
)


_PLANNING = (
    "akan|bakal|mungkin|dijadwalkan|dijadual|dijadualkan|rencananya|direncanakan|diperkirakan|dijangka|will|would|may|"
    "expected|due|scheduled|set to|to be|plans?"
)
# A month without a year lies behind, unless words before it speak of what is to come.
_LIES_AHEAD = re.compile(
    rf"\b(?:{_PLANNING}|menjelang|hingga|sampai|sebelum|mulai|until|till|by|before|deadline|from|next|ultimatum|tenggat)\b[^.;]{{0,60}}$",
    re.IGNORECASE,
)


def _month(match: re.Match[str], reference: dt.date) -> Days | None:
    word, month, year = match["m1"], MONTHS[match["m1"].lower()], _year(match["y1"])
    if year is None:
        # "may", "mar", "mei" alone are common words and names: ask for a capital and no neighbour word.
        lead = match.string[max(0, match.start() - 12) : match.start()]
        alone = not match["part1"]  # behind "the first week of" stands a month
        short = alone and len(word) <= 3 and word.lower() != "mei"
        if not word[0].isupper() or (short and not _SHORT_MONTH_LEAD.search(lead)):
            return None
        at = match.start("m1")
        before = match.string[max(0, at - 12) : at]
        if alone and word.lower() in {"may", "march"} and not _MONTH_LEAD.search(before):
            return None
        year = _year_of(month, 1, reference)
        if dt.date(year, month, 1) > reference and not _LIES_AHEAD.search(
            match.string, max(0, match.start() - 80), match.start()
        ):
            year -= 1
    precision = DatePrecision.WEEK if match["part1"] else DatePrecision.MONTH
    return *_month_span(year, month, match["part1"]), precision, DateBasis.EXPLICIT


def _one_year(match: re.Match[str], reference: dt.date) -> Days:
    return _whole_years(int(match["y1"]), int(match["y1"]))


def _years(match: re.Match[str], reference: dt.date) -> Days | None:
    first, last = int(match["y1"]), int(match["y2"])
    return _whole_years(first, last) if first <= last else None


def _year_to_month(match: re.Match[str], reference: dt.date) -> Days | None:
    first, last = int(match["y1"]), int(match["y2"])
    if last < first:
        return None
    end = _month_span(last, MONTHS[match["m2"].lower()])[1]
    return dt.date(first, 1, 1), end, DatePrecision.YEAR, DateBasis.EXPLICIT


_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4,
    "pertama": 1, "kedua": 2, "ketiga": 3, "keempat": 4, "1": 1, "2": 2, "3": 3, "4": 4,
}  # fmt: skip


def _said_year(printed: str | None, reference: dt.date) -> int:
    word = (printed or "").lower()
    if word.isdigit():
        return int(word)
    return reference.year - 1 if word in {"last year", "lalu"} else reference.year


def _quarter(match: re.Match[str], reference: dt.date) -> Days:
    number = _ORDINALS[(match["qw"] or match["qr"] or match["qn"] or match["qp"]).lower()]
    year = _said_year(match["y1"], reference)
    last = _month_span(year, 3 * number)[1]
    return dt.date(year, 3 * number - 2, 1), last, DatePrecision.QUARTER, DateBasis.EXPLICIT


def _half(match: re.Match[str], reference: dt.date) -> Days:
    second = _ORDINALS[(match["hw"] or match["hr"] or match["hp"]).lower()] == 2
    year = _said_year(match["y1"], reference)
    first, last = ((7, 1), (12, 31)) if second else ((1, 1), (6, 30))
    return dt.date(year, *first), dt.date(year, *last), DatePrecision.YEAR, DateBasis.EXPLICIT


# --- days told from today ----------------------------------------------------------------------------


def _ahead(words: str) -> int:
    """Return -1, 0 or 1 for what lies behind, is running or comes."""
    if re.search(r"\b(?:last|lalu|lepas)\b", words):
        return -1
    return 1 if re.search(r"\b(?:next|depan|mendatang)\b", words) else 0


# "are expected on Wednesday": the coming one.
_PLANNED_BEFORE = re.compile(
    rf"\b(?:{_PLANNING})\s(?:[\w-]+\s){{0,5}}$",
    re.IGNORECASE,
)


def _weekday(match: re.Match[str], reference: dt.date) -> Days | None:
    """Resolve a weekday: the last one before the reference, unless the words say otherwise."""
    word = match["wd"]
    if not word[0].isupper():
        return None  # weekdays are written with a capital; "minggu" is a week
    opening = match.string[max(0, match.start() - 2) : match.start()].strip(' \n."“')
    if word == "Minggu" and match["lalu"] and not opening:
        return None  # "Minggu lalu" is last Sunday inside a sentence, last week where it opens one
    said = f"{match['last'] or ''}{match['lalu'] or ''}".lower()
    back = (reference.weekday() - WEEKDAYS[word.lower()]) % 7
    day = reference - dt.timedelta(days=back)
    if match["week"]:
        monday = reference - dt.timedelta(days=reference.weekday() - 7 * _ahead(said))
        day = monday + dt.timedelta(days=WEEKDAYS[word.lower()])
    elif _ahead(said) > 0 or (
        back > 0 and _PLANNED_BEFORE.search(match.string, max(0, match.start() - 60), match.start())
    ):
        day += dt.timedelta(days=7)
    elif _ahead(said) < 0 and back == 0:
        day -= dt.timedelta(days=7)
    return day, day, DatePrecision.DAY, DateBasis.RELATIVE_RESOLVED


_TODAY = frozenset(
    {"hari ini", "today", "overnight", "tadi malam", "dini hari tadi", "pagi tadi", "tonight",
     *(f"{part} ini" for part in ("pagi", "siang", "sore", "petang", "malam")),
     *(f"{part} tadi" for part in ("siang", "sore", "petang", "subuh")),
     *(f"this {part}" for part in ("morning", "afternoon", "evening"))}
)  # fmt: skip
# First and last day from today, and how exactly that is known.
_OFFSETS: dict[str, tuple[int, int, DatePrecision]] = {
    **dict.fromkeys(_TODAY, (0, 0, DatePrecision.DAY)),
    # "semalam" is yesterday in Malay and last night in Indonesian: the same evening, mostly.
    **dict.fromkeys(("kemarin", "kemarin malam", "kemarin sore", "kemarin pagi", "kelmarin"), (-1, -1, DatePrecision.DAY)),
    **dict.fromkeys(("yesterday", "semalam", "last night", "malam tadi"), (-1, -1, DatePrecision.DAY)),
    **dict.fromkeys(("besok", "esok", "tomorrow"), (1, 1, DatePrecision.DAY)),
    "lusa": (2, 2, DatePrecision.DAY),
    **dict.fromkeys(
        ("sepekan lalu", "a week ago", "seminggu lalu", "seminggu lepas"),
        (-9, -5, DatePrecision.WEEK),
    ),
    "sepekan terakhir": (-7, 0, DatePrecision.WEEK),
    **dict.fromkeys(("sebulan lalu", "sebulan terakhir"), (-30, 0, DatePrecision.MONTH)),
}  # fmt: skip


def _relative(match: re.Match[str], reference: dt.date) -> Days | None:
    phrase, basis = match["rel"].lower(), DateBasis.RELATIVE_RESOLVED
    if match["n"]:
        return _counted(match, reference)
    if phrase.endswith(("tahun", "tahun ini", "year")) and phrase.startswith(
        ("awal", "the", "start", "begin")
    ):
        new_year = dt.date(reference.year, 1, 1)
        return new_year, new_year + dt.timedelta(days=9), DatePrecision.WEEK, basis
    if phrase in _OFFSETS:
        first, last, precision = _OFFSETS[phrase]
        day = dt.timedelta(days=1)
        return reference + first * day, reference + last * day, precision, basis
    shift = _ahead(phrase)
    if "week" in phrase or phrase.startswith(("pekan", "minggu")):
        monday = reference + dt.timedelta(days=7 * shift - reference.weekday())
        return monday, monday + dt.timedelta(days=6), DatePrecision.WEEK, basis
    if "month" in phrase or "bulan" in phrase:
        first_day, last_day = _months_from(reference, shift)
        if match["part1"]:
            part = match["part1"].strip(" -")
            first_day, last_day = _month_span(first_day.year, first_day.month, part)
            return first_day, last_day, DatePrecision.WEEK, basis
        last_day = min(last_day, reference) if shift == 0 else last_day
        return first_day, last_day, DatePrecision.MONTH, basis
    year = reference.year + shift
    end = reference if shift == 0 else dt.date(year, 12, 31)
    return dt.date(year, 1, 1), end, DatePrecision.YEAR, basis


def _months_from(reference: dt.date, shift: int) -> tuple[dt.date, dt.date]:
    index = reference.year * 12 + reference.month - 1 + shift
    return _month_span(index // 12, index % 12 + 1)


def _counted(match: re.Match[str], reference: dt.date) -> Days:
    """Resolve "empat hari lalu", "two weeks ago", "tiga hari terakhir"."""
    count = SMALL.get(match["n"].lower()) or int(match["n"])
    unit, basis = match["unit"].lower(), DateBasis.RELATIVE_RESOLVED
    one = dt.timedelta(days=1)
    if unit.startswith(("hari", "day")):
        day = reference - count * one
        if match["rel"].lower().endswith("terakhir"):
            return day + one if count else day, reference, DatePrecision.WITHIN_WEEK, basis
        return day, day, DatePrecision.DAY, basis
    if unit.startswith(("pekan", "minggu", "week")):
        day = reference - count * 7 * one
        return day - 3 * one, day + 3 * one, DatePrecision.WEEK, basis
    if unit.startswith(("bulan", "month")):
        return *_months_from(reference, -count), DatePrecision.MONTH, basis
    year = reference.year - count
    return dt.date(year, 1, 1), dt.date(year, 12, 31), DatePrecision.YEAR, basis


RESOLVERS: dict[str, Callable[[re.Match[str], dt.date], Days | None]] = {
    "y": _one_year, "y_y": _years, "y_m": _year_to_month, "m": _month, "m_m": _months,
    "quarter": _quarter, "half": _half, "rel": _relative, "wd": _weekday,
}  # fmt: skip
