"""Find the dates of events in a text and resolve them against the day of publication.

    text, reference day -> [DateExpression]

Indonesian, Malay and English: full dates, day-month without a year, ranges, months, quarters, years,
weekdays and relative words. A date without a year takes the year that puts it nearest before the
reference day (a week of grace allows for planned events). Precision codes are those of the codebook,
which follow ACLED's time precision.
"""

from __future__ import annotations

import calendar
import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Iterator
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
        "september sept sep", "oktober october oct okt", "november nov nopember", "desember december dec des disember dis",
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
_FULL_WEEKDAY = (
    "senin|isnin|selasa|rabu|kamis|khamis|jum'?at|jumaat|sabtu|minggu|ahad|"
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?:19[89]\d|20[0-4]\d)"
# Beside a month a year may also be Buddhist, as Thai and Khmer officials write it: 2568 is 2025.
_ERA = r"(?:19[89]\d|20[0-4]\d|25[3-9]\d)"
_BUDDHIST = 543
_TO = r"\s?(?:-|–|—|hingga|sampai(?: dengan)?|s\.?d\.?|to|through|until|till|dan|and|&)\s?"
_PART = r"(?:(?P<part{n}>awal|pertengahan|akhir|early|mid|late|the start of|the beginning of|the end of|beginning of|start of|end of)[ -])?"

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
        ("wd", rf"\b(?P<last>last\s|next\s)?(?P<wd>{_FULL_WEEKDAY})\b(?P<lalu>\s(?:pekan lalu|lalu|lepas|ini|depan|mendatang))?"),
        ("rel", (r"\b(?P<rel>awal tahun(?: ini)?|(?:the )?(?:start|beginning) of (?:the|this) year|hari ini|today|kemarin(?: malam| sore| pagi)?|kelmarin|yesterday|besok|esok|tomorrow|lusa|"
                r"pekan (?:lalu|ini|depan)|minggu (?:lalu|ini|depan)|last week|this week|next week|bulan (?:lalu|ini|depan)|last month|this month|earlier this month|next month|"
                r"tahun (?:lalu|lepas|ini)|last year|this year|overnight|tadi malam|semalam|dini hari tadi|pagi tadi|sepekan (?:sebelumnya|lalu|terakhir)|seminggu (?:lalu|lepas)|a week (?:earlier|ago)|sebulan (?:lalu|terakhir)|"
                r"(?P<n>\d{1,2}|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|two|three|four|five|six|seven|eight|nine|ten)\s(?P<unit>hari|pekan|minggu|bulan|tahun|days?|weeks?|months?|years?)\s(?:lalu|lepas|yang lalu|terakhir|ago|earlier|sebelumnya))\b")),
        # two days later, sepekan sesudahnya, keesokan harinya: told from the day before it
        ("after", (r"\b(?:(?P<same>(?:the|that) (?:very )?same (?:day|morning|afternoon|evening|night)|(?:pada )?hari yang sama|hari itu juga|hari sama)|(?P<next>keesokan(?: hari|paginya|nya)?(?:nya)?|esok harinya|esoknya|hari berikutnya|the (?:next|following) day|a day later|sehari (?:kemudian|setelah\w*|sesudah\w*|selepas\w*))|"
                r"(?P<week>(?:sepekan|seminggu) (?:kemudian|setelah(?:nya| itu)|sesudah(?:nya| itu)|selepas(?:nya| itu)|berikutnya|berselang)|a week (?:later|after that)|the following week)|"
                r"(?:selang |berselang )?(?P<n>\d{1,2}|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|two|three|four|five|six|seven|eight|nine|ten)\s(?P<unit>hari|pekan|minggu|days?|weeks?)\s(?:kemudian|setelah(?:nya| itu)|sesudah(?:nya| itu)|selepas(?:nya| itu)|berselang|later|after that))\b")),
    )
)  # fmt: skip

# A weekday may stand between the preposition and the day: "hingga Sabtu malam (12/9)".
_DAY_NAMED = rf"(?:{_FULL_WEEKDAY})(?:\s(?:malam|pagi|sore|siang|petang|dini|night|morning|evening|afternoon))?,?"
_SINCE = re.compile(
    # "the case dates from July" and "berawal dari Juli" say when one thing began, not since when is counted
    r"(?:sejak|semenjak|sedari|mulai|(?<!bermula )(?<!berawal )(?<!berasal )dari|terhitung|bermula|since|(?<!dates )(?<!dating )(?<!stems )(?<!stemming )from|as of|beginning|starting)"
    rf"(?:\s(?:tahun|bulan|tanggal|early|mid|late|the (?:start|beginning) of|awal|akhir|pertengahan|hari|last|the|pada|around|{_DAY_NAMED}))*\s?\(?$"
    # "since the surge began on January 16"
    r"|(?:since|sejak)(?:\s[\w-]+){1,4}\s(?:on|in|pada)\s?\(?$"
    # "sejak operasi membanteras pusat penipuan dilancarkan pada 10 Februari"
    r"|(?:since|sejak|semenjak)(?:\s[\w-]+){1,8}\s(?:began|begun|launched|started|opened|dimulai|dimulakan|bermula|dilancarkan|digelar|digulirkan|dijalankan|datang|melancarkan|menggelar|memulai|memulakan)(?:\s[\w-]+){0,10}\s(?:on|in|pada)\s?\(?$",
    re.IGNORECASE)  # fmt: skip
_UNTIL = re.compile(
    r"(?:hingga|sampai(?: dengan)?|s/d|per|setakat|until|till|up to|through|to|by(?: the morning of| the end of)?|as of|before|sebelum)"
    rf"(?:\s(?:tahun|bulan|tanggal|hari|akhir|awal|pertengahan|pada|\d{{1,2}} [ap]\.?m\.? on|noon on|{_DAY_NAMED}))*\s?\(?$", re.IGNORECASE)  # fmt: skip
_SPAN = re.compile(
    r"(?:sepanjang|selama|pada tahun|tahun|in|during|throughout|over|for|in all of|all of)\s?$",
    re.IGNORECASE,
)
# A weekday or short date behind a verb of saying is the day of the statement, not of the event.
_SAYING = (
    "kata|ujar|ujarnya|katanya|tutur|tuturnya|ucap|ucapnya|jelas|jelasnya|ungkap|ungkapnya|imbuhnya|tegas|tegasnya|menurut|"
    "mengatakan|menyebut|menyebutkan|menyampaikan|menjelaskan|menerangkan|menuturkan|menegaskan|mengungkapkan|memaparkan|memerinci|menambahkan|membenarkan|menyatakan|"
    "berkata|memberitahu|keterangan|pernyataan|siaran pers|konferensi pers|sidang media|rilis|dikutip|dilansir|dikonfirmasi|diterima|dipantau|kenyataan|jumpa pers|taklimat|press briefing|unggahan|"
    "said|says|told|statement|announced|confirmed|disclosed|mengumumkan|diumumkan|memaklumkan|dimaklumkan|mengabarkan|reported|according|spokesman|spokesperson|press conference|briefing|interview|monitored"
)  # fmt: skip
_SAID_BEFORE = re.compile(
    rf"\b(?:{_SAYING})\b(?P<between>(?:(?!\b(?:{_SAYING})\b)[^.;]){{0,120}})$", re.IGNORECASE
)
# '..., kata deputi yang memimpin delegasi, Rabu': behind a quotation only the speaker is described.
_SPEAKER = re.compile(
    r"[,”\"]\s(?:kata|ujar|tutur|ucap|jelas|ungkap|tegas|kata beliau|said)\s(?:(?!\d)[^.;\"”“])*,\s(?:pada\s|on\s|di\s[\w\s]{1,30},\s)?$",
    re.IGNORECASE,
)
_SAID_AFTER = re.compile(
    rf"^(?:\s(?:malam|pagi|sore|siang|petang))?[,)\s]*(?:\(\d{{1,2}}/\d{{1,2}}(?:/\d{{4}})?\))?,?\s?(?:{_SAYING})\b",
    re.IGNORECASE,
)
# With one of these between the verb of saying and the date, the date is that of what is said.
_TOLD = re.compile(
    r"\d|\b(?:bahwa|mereka|yang|telah|sudah|akan|bakal|terjadi|berlangsung|dilakukan|digelar|tiba|mendarat|pulang|"
    r"kembali|berangkat|kabur|lari|meninggal|tewas|ditemukan|ditangkap|ditahan|dibekuk|diamankan|dipulangkan|"
    r"dideportasi|dievakuasi|diserahkan|diserah|dibawa|diterbangkan|diseberangkan|diselamatkan|dibebaskan|dikeluarkan|digerebek|dijemput|diberangkatkan|that|they|he|"
    r"she|it|had|have|has|were|was|are|is|would|will|been|people|since|after|raid|arrest|operasi|penangkapan)\b",
    re.IGNORECASE,
)
_SMALL = {
    "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9,
    "sepuluh": 10, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10,
}  # fmt: skip


# How the first words of the patterns begin that open with a word: three characters, in small letters. Trying a
# pattern only where such a word stands more than halves the time of `find`.
_MONTH_KEYS = frozenset(name[:3] for name in _MONTHS)
_PART_KEYS = frozenset(["awa", "per", "akh", "ear", "mid", "lat", "the", "beg", "sta", "end"])
_NUMBER_KEYS = frozenset(
    [
        "dua",
        "tig",
        "emp",
        "lim",
        "ena",
        "tuj",
        "del",
        "sem",
        "sep",
        "two",
        "thr",
        "fou",
        "fiv",
        "six",
        "sev",
        "eig",
        "nin",
        "ten",
        "#",
    ]
)
_OPENERS: dict[str, frozenset[str]] = {
    "md_md": _MONTH_KEYS,
    "m_dd": _MONTH_KEYS,
    "md": _MONTH_KEYS,
    "m_m": _MONTH_KEYS | _PART_KEYS,
    "m": _MONTH_KEYS | _PART_KEYS | {"las"},
    "wd": frozenset(name[:3] for name in _WEEKDAYS) | {"las", "nex"},
    "rel": _NUMBER_KEYS
    | {"a w"}
    | frozenset(
        [
            "awa",
            "the",
            "sta",
            "beg",
            "har",
            "tod",
            "kem",
            "kel",
            "yes",
            "bes",
            "eso",
            "tom",
            "lus",
            "pek",
            "min",
            "las",
            "thi",
            "nex",
            "bul",
            "ear",
            "tah",
            "ove",
            "tad",
            "din",
            "pag",
            "seb",
        ]
    ),
    "after": _NUMBER_KEYS
    | {"a w", "a d"}
    | frozenset(["the", "tha", "pad", "har", "kee", "eso", "seh", "sel", "ber"]),
}
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
    later: list[re.Match[str]] = []
    openings = _openings(text)
    for name, pattern in _PATTERNS:
        for match in _matches(name, pattern, text, openings):
            if name == "after":
                later.append(match)
                continue
            start, end = match.span()
            if any(taken[start:end]):
                continue
            days = _RESOLVERS.get(name, _calendar_days)(match, reference)
            if days is None:
                continue
            taken[start:end] = b"\1" * (end - start)
            bound = _bound(name, text, start)
            found.append(
                DateExpression(
                    start, end, match[0], *days,
                    bound=bound,
                    is_statement_day=bound != "since" and _is_statement(text, start, end, name),
                )
            )  # fmt: skip
    for match in later:
        resolved = _after(match, found, reference)
        if resolved is not None:
            found.append(resolved)
    found.sort(key=lambda item: item.start)
    named = [
        item
        for index, item in enumerate(found)
        if index + 1 == len(found) or not _names_weekday_of(item, found[index + 1], text)
    ]
    return _joined(named, text)


# "Senin (14/7) hingga Rabu (16/7)", "between Sunday and Monday": one stretch of days, printed as two.
_FROM_TO = re.compile(
    rf"\)?(?:\s(?:malam|pagi|sore|siang|petang|night|morning|evening))?\s(?:(?P<to>hingga|sampai(?: dengan)?|to|until|through|[-–])|dan|and)\s(?:{_DAY_NAMED}\s?)?\(?",
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
            or not (day.surface[0].isdigit() or day.surface.lower() in _WEEKDAYS)
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
        _NEAR_DAY.sub("", item.surface.lower()) in _WEEKDAYS
        and following.surface[0].lower() + following.surface[1:] not in _WEEKDAYS
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


# "Menurut komisi, sampai Kamis (19/2) ...": the last day of a count, whoever gives it.
_LAST_DAY = re.compile(
    rf"\b(?:hingga|sampai(?: dengan)?|sehingga|until|up to|as of)\s(?:{_DAY_NAMED}\s?)?\(?$",
    re.IGNORECASE,
)


# "dideportasi pada Selasa (11/8), kata ...": the day of the act, said later.
_DONE_ON = re.compile(
    rf"\b(?:di\w{{3,}}(?:kan|i|p|s|k|t)?\spada|tiba\spada|mendarat\spada|pulang\spada|berlaku\spada|terjadi\spada)\s(?:hari\s)?(?:{_DAY_NAMED}\s?)?\(?$",
    re.IGNORECASE,
)


# "tiba di Batam pada Rabu (11/3), kata ...", "landed on Monday, said ...": the comma parts the day from who says it.
_ON_DAY = re.compile(
    rf"(?<!,)\s(?:pada|on)\s(?:hari\s)?(?:{_DAY_NAMED}\s?)?\(?(?:tanggal\s)?$", re.IGNORECASE
)
_THEN_SAID = re.compile(
    r"(?:\s(?:malam|pagi|sore|siang|petang|lalu|night|morning|evening|afternoon))?(?:\s?\(\d{1,2}/\d{1,2}(?:/\d{4})?\))?\)?,\s(?:kata|ujar|tutur|jelas|ungkap|demikian|menurut|lapor|said|according)\b",
    re.IGNORECASE,
)


def _is_statement(text: str, start: int, end: int, name: str) -> bool:
    if name not in {"wd", "dn", "dmy", "rel", "dm", "md"} or _LAST_DAY.search(
        text, max(0, start - 40), start
    ):
        return False
    if _DONE_ON.search(text, max(0, start - 60), start):
        return False
    if _ON_DAY.search(text, max(0, start - 40), start) and _THEN_SAID.match(text, end):
        return False
    if text[end - 1] != "." and _SAID_AFTER.match(text[end : end + 60].split("\n")[0]):
        return True
    before = text[max(0, start - 160) : start]
    sentence = re.split(r"(?<=[a-z\d\"”)])[.!?]\s|\n", before)[-1]
    if _SPEAKER.search(sentence):
        return True
    said = _SAID_BEFORE.search(sentence)
    return said is not None and _TOLD.search(said["between"]) is None


# --- days of the calendar --------------------------------------------------------------------------

Days = tuple[dt.date, dt.date, DatePrecision, DateBasis]


def _date(year: int, month: int, day: int) -> dt.date | None:
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
        candidate = _date(year, month, min(day, calendar.monthrange(year, month)[1]))
        if candidate is not None and candidate <= reference + GRACE:
            return year
    return reference.year - 1


def _month_span(year: int, month: int, part: str | None = None) -> tuple[dt.date, dt.date]:
    last = calendar.monthrange(year, month)[1]
    key = (part or "").lower().removeprefix("the ").removesuffix(" of")
    first_day, last_day = {
        "awal": (1, 10), "early": (1, 10), "start": (1, 10), "beginning": (1, 10),
        "pertengahan": (11, 20), "mid": (11, 20),
        "akhir": (21, last), "late": (21, last), "end": (21, last),
    }.get(key, (1, last))  # fmt: skip
    return dt.date(year, month, first_day), dt.date(year, month, last_day)


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


def _calendar_days(match: re.Match[str], reference: dt.date) -> Days | None:
    """Resolve a day or days of a month; a missing year is worked out from the reference."""
    groups = match.groupdict()
    month = _MONTHS[groups["m1"].lower()] if groups.get("m1") else int(groups["n1"])
    month_end = _MONTHS[groups["m2"].lower()] if groups.get("m2") else month
    day = int(groups["d1"])
    day_end = int(groups.get("d2") or day)
    year, year_end = _year(groups.get("y1")), _year(groups.get("y2"))
    year_end = year_end or year or _year_of(month_end, day_end, reference)
    year = year or (year_end if month <= month_end else year_end - 1)
    return _span(_date(year, month, day), _date(year_end, month_end, day_end))


def _months(match: re.Match[str], reference: dt.date) -> Days | None:
    month, month_end = _MONTHS[match["m1"].lower()], _MONTHS[match["m2"].lower()]
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


def _month(match: re.Match[str], reference: dt.date) -> Days | None:
    word, month, year = match["m1"], _MONTHS[match["m1"].lower()], _year(match["y1"])
    if year is None:
        # "may", "mar", "mei" alone are common words and names: ask for a capital and no neighbour word.
        lead = match.string[max(0, match.start() - 12) : match.start()]
        short = len(word) <= 3 and word.lower() != "mei"
        if not word[0].isupper() or (short and not _SHORT_MONTH_LEAD.search(lead)):
            return None
        at = match.start("m1")
        before = match.string[max(0, at - 12) : at]
        if word.lower() in {"may", "march"} and not _MONTH_LEAD.search(before):
            return None
        year = _year_of(month, 1, reference)
        if (match["lalu"] or match["last"]) and dt.date(year, month, 1) > reference:
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
    end = _month_span(last, _MONTHS[match["m2"].lower()])[1]
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
    r"\b(?:akan|dijadwalkan|dijadual|rencananya|direncanakan|expected|due|will|scheduled|set to|to be)\s(?:[\w-]+\s){0,5}$",
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
    back = (reference.weekday() - _WEEKDAYS[word.lower()]) % 7
    day = reference - dt.timedelta(days=back)
    if "pekan" in said:
        monday = reference - dt.timedelta(days=reference.weekday() + 7)
        day = monday + dt.timedelta(days=_WEEKDAYS[word.lower()])
    elif _ahead(said) > 0 or _PLANNED_BEFORE.search(
        match.string[max(0, match.start() - 60) : match.start()]
    ):
        day += dt.timedelta(days=7)
    elif _ahead(said) < 0 and back == 0:
        day -= dt.timedelta(days=7)
    return day, day, DatePrecision.DAY, DateBasis.RELATIVE_RESOLVED


_TODAY = frozenset({"hari ini", "today", "overnight", "tadi malam", "dini hari tadi", "pagi tadi"})
# First and last day from today, and how exactly that is known.
_OFFSETS: dict[str, tuple[int, int, DatePrecision]] = {
    **dict.fromkeys(_TODAY, (0, 0, DatePrecision.DAY)),
    # "semalam" is yesterday in Malay and last night in Indonesian: the same evening, mostly.
    **dict.fromkeys(("kemarin", "kemarin malam", "kemarin sore", "kemarin pagi", "kelmarin"), (-1, -1, DatePrecision.DAY)),
    **dict.fromkeys(("yesterday", "semalam"), (-1, -1, DatePrecision.DAY)),
    **dict.fromkeys(("besok", "esok", "tomorrow"), (1, 1, DatePrecision.DAY)),
    "lusa": (2, 2, DatePrecision.DAY),
    **dict.fromkeys(
        ("sepekan sebelumnya", "sepekan lalu", "a week earlier", "a week ago", "seminggu lalu", "seminggu lepas"),
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
    if "month" in phrase or phrase.startswith("bulan"):
        first_day, last_day = _months_from(reference, shift)
        return (
            first_day,
            min(last_day, reference) if shift == 0 else last_day,
            DatePrecision.MONTH,
            basis,
        )
    year = reference.year + shift
    end = reference if shift == 0 else dt.date(year, 12, 31)
    return dt.date(year, 1, 1), end, DatePrecision.YEAR, basis


def _months_from(reference: dt.date, shift: int) -> tuple[dt.date, dt.date]:
    index = reference.year * 12 + reference.month - 1 + shift
    return _month_span(index // 12, index % 12 + 1)


def _counted(match: re.Match[str], reference: dt.date) -> Days:
    """Resolve "empat hari lalu", "two weeks ago", "tiga hari terakhir"."""
    count = _SMALL.get(match["n"].lower()) or int(match["n"])
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
    count = (
        0
        if match["same"]
        else 1
        if match["next"]
        else 7
        if match["week"]
        else _SMALL.get(match["n"].lower()) or int(match["n"])
    )
    if match["unit"] and match["unit"].lower().startswith(("pekan", "minggu", "week")):
        count *= 7
    day = max(before, key=lambda item: item.end).date_end + dt.timedelta(days=count)
    if day > reference + GRACE:
        return None
    precision = DatePrecision.DAY if count < 7 else DatePrecision.WITHIN_WEEK
    return DateExpression(
        match.start(), match.end(), match[0], day, day, precision, DateBasis.RELATIVE_RESOLVED
    )


_RESOLVERS: dict[str, Callable[[re.Match[str], dt.date], Days | None]] = {
    "y": _one_year, "y_y": _years, "y_m": _year_to_month, "m": _month, "m_m": _months,
    "quarter": _quarter, "half": _half, "rel": _relative, "wd": _weekday,
}  # fmt: skip
