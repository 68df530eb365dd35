"""Read the publication times that outlets print, in meta tags and in words.

    "Selasa, 18 Juni 2024 14:30 WIB" -> 2024-06-18T07:30Z, on the local day 2024-06-18

Day comes before month in numbers, as everywhere in the region. A printed zone always wins over the
zone of the source. Our own patterns find and read the parts: general parsers take "16.20 WIB" for the
20th, or fill in today's year.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import NamedTuple
from zoneinfo import ZoneInfo

# A time this far ahead of the fetch is a clock or parsing fault; a day covers zones and scheduled posts.
FUTURE_TOLERANCE = dt.timedelta(hours=24)
# No outlet we watch has pages of its own from before; earlier years are epoch zero and template faults.
FIRST_YEAR = 2000
# Publication lines are short; anything longer is a text, in which the first date may be anyone's.
_MAX_LENGTH = 400


class PublishedTime(NamedTuple):
    """When something was published: the moment in UTC, the local day, and whether a clock time was printed."""

    at: dt.datetime
    date: dt.date
    has_time: bool


def _table(listed: str) -> dict[str, int]:
    return {
        name: month
        for month, line in enumerate(listed.strip().splitlines(), start=1)
        for name in line.split()
    }


# Indonesian, Malay, English, Tagalog and the short forms in use; "ags" and "agt" beside "agu".
_MONTHS = _table(
    """
    januari january jan enero
    februari february pebruari feb febuari peb pebr pebrero
    maret march mac mar mrt marso
    april apr abril
    mei may mayo
    juni june jun hunyo
    juli july julai jul hulyo
    agustus august ogos agu ags agt aug agst ogo agosto
    september sept sep setyembre
    oktober october okt oct oktubre
    november nov nop nopember nobyembre
    desember december disember des dec dis disyembre
    """
)
_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))

_Y = r"(?P<y>(?:19|20)\d{2})"
_PATTERNS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"(?<!\d){_Y}[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})(?!\d)",
        rf"(?<!\d){_Y}(?P<m>\d{{2}})(?P<d>\d{{2}})(?=T|\d{{6}}(?!\d)|(?!\d))",
        rf"(?<!\d){_Y}\s?年\s?(?P<m>\d{{1,2}})\s?月\s?(?P<d>\d{{1,2}})\s?日",
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s.,/-]{{1,3}}(?:of\s)?(?P<name>{_NAME})[\s.,/'’-]{{1,3}}(?P<yy>\d{{4}}|\d{{2}})(?!\d)",
        rf"(?<![^\W\d_])(?P<name>{_NAME})[\s.]{{1,2}}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s,]{{1,3}}(?P<yy>\d{{4}})(?!\d)",
        r"(?<![\d.])(?P<d>\d{1,2})\s?([/.-])\s?(?P<m>\d{1,2})\s?\2\s?(?P<yy>\d{4}|\d{2})(?![\d/])",
        r"(?<!\d)ngày\s(?P<d>\d{1,2})\stháng\s(?P<m>\d{1,2})[\s,]{1,2}(?:năm\s)?(?P<yy>\d{4})(?!\d)",
    )
)
_CLOCK = r"(?P<h>\d{1,2})(?:[:.](?P<i>\d{2})(?:[:.](?P<s>\d{2})(?:[.,]\d{1,9})?)?\s?(?P<ap>[ap]\.?m\b\.?)?|\s?(?P<ap2>[ap]\.?m\b\.?))"
_TIME_AFTER = re.compile(
    rf"[\s,;:@|/–—()•·-]{{0,6}}T?(?:(?:pukul|pkl|jam|at|lúc|oras)\b\.?\s{{0,2}})?{_CLOCK}", re.I
)
_TIME_COMPACT = re.compile(r"T?(?P<h>\d{2})(?P<i>\d{2})(?P<s>\d{2})")
_TIME_BEFORE = re.compile(
    rf"(?<![\d:.]){_CLOCK}(?P<zone>(?:\D{{0,5}}[+-]\d{{1,2}}(?::?\d{{2}})?)?\D{{0,12}})$", re.I
)
_ZONE = re.compile(
    r"\s{0,2}\(?(?:(?P<offset>(?:GMT|UTC)?\s?[+-]\s?\d{1,2}(?::?\d{2})?)(?!\d)|(?P<name>(?i:wib|wita|wit)|[A-Z]{1,4})\b)"
)
_HOURS = {
    "Z": 0.0, "UTC": 0.0, "GMT": 0.0, "WIB": 7.0, "WITA": 8.0, "WIT": 9.0, "ICT": 7.0, "MMT": 6.5,
    "MYT": 8.0, "SGT": 8.0, "PHT": 8.0, "PHST": 8.0, "HKT": 8.0, "JST": 9.0, "KST": 9.0, "IST": 5.5,
    "EDT": -4.0, "EST": -5.0, "CDT": -5.0, "PDT": -7.0, "BST": 1.0, "CET": 1.0, "CEST": 2.0,
    "AEST": 10.0, "AEDT": 11.0,
}  # fmt: skip
_EPOCH = re.compile(r"^(?:/?Date\()?(?P<seconds>\d{10})(?:\d{3})?(?:\.\d{1,6})?(?:\)/?)?$")


def read(raw: str, timezone: str, fetched_at: dt.datetime) -> PublishedTime | None:
    """Return the publication time in ``raw``, or None when there is none that can be true.

    ``timezone`` is used where no zone is printed. A day without a clock time stands for its first
    moment there. Times over a day after ``fetched_at``, or before 2000, are faults.
    """
    text = raw.strip()[:_MAX_LENGTH].replace("\u2212", "-")  # a minus sign set as one
    zone = ZoneInfo(timezone)
    epoch = _EPOCH.match(text)
    if epoch:
        moment = dt.datetime.fromtimestamp(int(epoch["seconds"]), dt.UTC)
        return _checked(moment, moment.astimezone(zone).date(), fetched_at, has_time=True)
    for match, day in _days(text):
        clock, offset = _clock(text, match)
        local = dt.datetime.combine(day, clock or dt.time.min)
        if clock is None or offset is None:
            moment = local.replace(tzinfo=zone).astimezone(dt.UTC)
        else:
            moment = (local - dt.timedelta(hours=offset)).replace(tzinfo=dt.UTC)
        here = day if clock is None else moment.astimezone(zone).date()
        return _checked(moment, here, fetched_at, has_time=clock is not None)
    return None


def of_day(day: dt.date, timezone: str, fetched_at: dt.datetime) -> PublishedTime | None:
    """Return the publication time of a day known without a clock time, or None when it cannot be true."""
    start = dt.datetime.combine(day, dt.time.min, ZoneInfo(timezone)).astimezone(dt.UTC)
    return _checked(start, day, fetched_at, has_time=False)


def of_moment(moment: dt.datetime, timezone: str, fetched_at: dt.datetime) -> PublishedTime | None:
    """Return the publication time of a given moment; without a zone it is read in ``timezone``."""
    zone = ZoneInfo(timezone)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    try:
        return _checked(
            aware.astimezone(dt.UTC), aware.astimezone(zone).date(), fetched_at, has_time=True
        )
    except OverflowError:
        return None


def _checked(
    moment: dt.datetime, day: dt.date, fetched_at: dt.datetime, *, has_time: bool
) -> PublishedTime | None:
    if day.year < FIRST_YEAR or moment > fetched_at + FUTURE_TOLERANCE:
        return None
    return PublishedTime(moment, day, has_time)


def _days(text: str) -> Iterator[tuple[re.Match[str], dt.date]]:
    """Yield the days in the text in the order in which they stand there."""
    matches = [match for pattern in _PATTERNS for match in pattern.finditer(text)]
    for match in sorted(matches, key=lambda match: (match.start(), -match.end())):
        day = _day(match)
        if day is not None:
            yield match, day


def _day(match: re.Match[str]) -> dt.date | None:
    parts = match.groupdict()
    year = int(parts.get("y") or parts["yy"])
    if year < 100:
        year += 2000
    number = int(parts["d"])
    month = _MONTHS[parts["name"].lower()] if parts.get("name") else int(parts["m"])
    if month > 12 and number <= 12 and parts.get("y") is None:
        month, number = number, month  # 06/18/2024 can only be month first
    try:
        return dt.date(year, month, number)
    except ValueError:
        return None


def _clock(text: str, match: re.Match[str]) -> tuple[dt.time | None, float | None]:
    """Return the clock time that belongs to the day, and the hours that its zone is ahead of UTC."""
    if re.match(r"T?\d{6}(?!\d)", text[match.end() :]):
        after = _TIME_COMPACT.match(text, match.end())
    else:
        after = _TIME_AFTER.match(text, match.end())
    if after:
        time = _time(after)
        if time is not None:
            return time, _offset(text[after.end() : after.end() + 16])
    before = _TIME_BEFORE.search(text[: match.start()][-40:])
    if before:
        time = _time(before)
        if time is not None:
            return time, _offset(before["zone"])
    return None, None


def _time(match: re.Match[str]) -> dt.time | None:
    parts = match.groupdict()
    hour = int(parts["h"])
    half = (parts.get("ap") or parts.get("ap2") or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    try:
        return dt.time(hour, int(parts["i"] or 0), int(parts["s"] or 0))
    except ValueError:
        return None


def _offset(text: str) -> float | None:
    """Return the hours ahead of UTC that a printed zone says, or None for none that we know."""
    match = _ZONE.match(text)
    if not match:
        return None
    if match["name"]:
        return _HOURS.get(match["name"].upper())
    digits = re.sub(r"[^\d:]", "", match["offset"])
    hours, _, minutes = digits.partition(":")
    if not minutes and len(hours) > 2:
        hours, minutes = hours[:-2], hours[-2:]
    value = int(hours) + int(minutes or 0) / 60
    if value > 14:
        return None
    return -value if "-" in match["offset"] else value
