"""Decide which counts are running totals, since when they run, and as of when.

    Sentence, Quantity -> is it one, first day, last day

A total says "since", "so far", "in all"; headline and lead often leave the period out, so that every
telling of the same number takes it from the one that gives it.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Sequence

from pipeline.dates import DateExpression
from pipeline.drafts import TALLY, Draft, size_of
from pipeline.numbers import Quantity
from pipeline.records import Claim, CountRole
from pipeline.segments import Sentence

# Sums are sought among this many of the largest returns of a text; smaller groups add up by chance.
_MOST_BATCHES, _LEAST_BATCH = 8, 10
_OUTCOMES = frozenset({CountRole.DEPORTED, CountRole.SUSPECT, CountRole.CONVICTED})
# A running total that began longer ago than this, told in passing, is a statistic and not an event.
LONG_TOTAL = dt.timedelta(days=45)
# A total as of a day that lies further back than this is quoted, not reported.
_OLD_TOTAL = dt.timedelta(days=30)
# A total over weeks that ended some days ago ("sepanjang Januari") is told for comparison.
_MONTH = dt.timedelta(days=31)
_CLOSED_PERIOD, _JUST_NOW = dt.timedelta(days=20), dt.timedelta(days=5)
_TOTAL_NEAR = re.compile(
    r"\b(?:akumulasi|sejauh ini|setakat ini|hingga kini|sampai kini|hingga saat ini|sampai saat ini|hingga hari ini|setakat hari ini|so far|to date|thus far|menjadikan jumlah\w*|"
    r"brings? the|lifted the|have (?:reported|registered|crossed)|had (?:recorded|crossed)|keeps climbing|dalam (?:\w+ )?hari(?: terakhir)?|in (?:\w+ )days|within days)\b(?![^,]*,?\s(?:hanya|cuma|only|just)\b)"
    r"|\b(?:tembus|menembus|bertambah|mencapai|menjadi|jadi|meningkat|has risen|have risen|rose to|climbed|climbs|passed?|tops?|stood at|stands at|genap|mencecah|cecah)\b(?:\s(?:lebih|dari|daripada|sekitar|hampir|total|angka|kepada|ke|menjadi|jadi|sebanyak|seramai|over|more|than|to|past|about|nearly|some|at|least|jumlah))*\s?$",
    re.IGNORECASE,
)
# "KBRI sudah menangani 1.440": of many, a tally; "polisi sudah menangkap tiga tersangka" is no more than said.
_ALREADY = re.compile(
    r"\b(?:sudah(?!\s\S+\s(?:hari|pekan|minggu|bulan|tahun)\b)|telah mencatat|telah menerima|has now|have now)\b",
    re.IGNORECASE,
)
_TOTAL_AFTER = re.compile(
    r"\b(?:so far|to date|sejauh ini|setakat ini|(?:in|over|within|during) (?:the )?(?:first |past |last )?(?:\w+ )(?:days|weeks|months)|in (?:a|one) (?:week|month)|"
    r"dalam (?:\w+ )?(?:hari|pekan|minggu|bulan|sepekan|seminggu|sebulan)|dalam (?:sepekan|seminggu|sebulan))\b",
    re.IGNORECASE,
)
# "since the crackdown began": a running total whose first day the text does not give.
_SINCE_SOMETHING = re.compile(
    r"\b(?:since|sejak|semenjak)\b(?!\s(?:then|itu|lama|long|been|flown|gone|left|\w+ed)\b)",
    re.IGNORECASE,
)
# "Lonjakan terbesar terjadi pada Rabu, yakni 71 orang", "Friday was the busiest day with 163": one day's share.
_DAY_ONLY = re.compile(
    r"\b(?:hari (?:itu|ini|tersebut|berkenaan) (?:saja|sahaja)|\w+day alone|saja ada|(?:senin|isnin|selasa|rabu|kamis|khamis|jum'?at|jumaat|sabtu|minggu|ahad)(?: \(\d{1,2}/\d{1,2}\))? (?:saja|sahaja)|"
    r"(?:dalam )?(?:sehari|setengah hari|separuh hari|satu hari)(?! (?:setelah|sesudah|sebelum|selepas|kemudian|lalu))|in (?:a single|a|one|half a) day|on (?:that|the same) day|"
    r"(?:busiest|quietest|worst|single) day|single-day|one-day|daily (?:high|peak|record|maximum)|record day|peak(?:ed|s)?|high point|"
    r"puncak(?:nya| harian)?|kemuncak(?:nya)?|tertinggi|(?:lonjakan|kenaikan|arus) (?:ter\w+|paling \w+)|rekor harian|(?:angka|jumlah) harian|(?:hari|paling) (?:ter|paling )?(?:ramai|padat|sibuk))\b",
    re.IGNORECASE,
)
# "the first transfer since the rainy season", "terbesar sejak 2023": the period is that of the comparison.
_COMPARING_SINCE = re.compile(
    r"\b(?:first|last|only|largest|biggest|highest|heaviest|deadliest|worst|latest|most|second|third|fourth|pertama(?: kali)?|kali (?:pertama|kedua|ketiga)|terakhir|satu-satunya|"
    r"ter(?:besar|banyak|tinggi|parah|ramai|buruk)|paling (?:besar|banyak|tinggi|ramai|parah)|kedua|ketiga)\b(?:[^.;,\d]|,(?! )){0,60}?\b(?:since|sejak|semenjak)\b[^.;,]{0,60}",
    re.IGNORECASE,
)
POINTING_BACK = re.compile(
    r"\b(?:the (?:figure|total|count|tally|number)|angka(?: itu| tersebut)?|jumlah(?:nya| itu| tersebut)|total(?:nya)?|angkanya)\b",
    re.IGNORECASE,
)
_POINTING_REACH = 40


def is_running_total(claim: Claim, sentence: Sentence, reference: dt.date) -> bool:
    """Whether a count of persons is a long running total told in passing rather than the event itself."""
    if not claim.is_cumulative:
        return False
    if claim.cumulative_since is None:
        return claim.as_of_date is not None and reference - claim.as_of_date > _OLD_TOTAL
    if sentence.index <= 1 and claim.role is not CountRole.DEAD:
        return False
    until = claim.as_of_date or reference
    closed = until < reference - _JUST_NOW and until - claim.cumulative_since > _CLOSED_PERIOD
    return closed or (
        until - claim.cumulative_since > LONG_TOTAL
        or reference - claim.cumulative_since > LONG_TOTAL
    )


def batch_sums(returns: Sequence[Claim]) -> dict[str, int]:
    """Return claim -> sum for returns that a text gives batch by batch and together: 400 + 154 = 554."""
    whole = [claim for claim in returns if claim.sex is None and (claim.best or 0) >= _LEAST_BATCH]
    sizes = sorted({claim.best for claim in whole if claim.best})[-_MOST_BATCHES:]
    found: dict[str, int] = {}
    for n in (2, 3, 4):
        for parts in itertools.combinations(sizes, n):
            if sum(parts) in sizes:
                batches = [claim for claim in whole if claim.best in parts]
                if len({claim.nationality for claim in batches}) == 1:
                    found.update({claim.claim_id: sum(parts) for claim in batches})
    return found


# "The commission had reported 2,730 a week ago", "Sepekan sebelumnya baru tercatat 1.150": the same total as it
# stood some days before.
_EARLIER_VERB = re.compile(
    r"\b(?:had (?:previously |earlier )?(?:reported|recorded|counted|stood at|been|announced|put)|(?:figure|total|count|tally|number) (?:had )?(?:stood|was|were|had been)|"
    r"up from|compared with|naik dari|meningkat daripada|bertambah dari|(?:baru|masih|hanya) (?:mencatat|tercatat|berjumlah|di angka)|"
    r"(?:sebelumnya|lalu),? (?:\w+ ){0,3}?(?:baru|masih|hanya)|(?:jumlahnya|angkanya|totalnya) (?:baru|masih|hanya)|"
    r"sebelumnya (?:\w+ ){0,3}?(?:mengumumkan|mencatat|menyebut|melaporkan|tercatat))\b",
    re.IGNORECASE,
)


def is_earlier_total(sentence: Sentence, start: int, size: float | None) -> bool:
    """Whether the figure at ``start`` is the total of a series as it stood earlier, quoted beside a new one."""
    begin = start - sentence.start
    said = _EARLIER_VERB.search(sentence.text, max(0, begin - 90), begin)
    return said is not None and (size or 0) >= TALLY and _DAY_ONLY.search(sentence.text) is None


def running(sentence: Sentence, quantity: Quantity) -> tuple[bool, dt.date | None, dt.date | None]:
    """Return whether the figure is a running total, since when, and as of when."""
    since = as_of = None
    is_span = False
    size = quantity.best or quantity.low or 0
    compared = [match.span() for match in _COMPARING_SINCE.finditer(sentence.text)]
    for day in sentence.dates:
        if day.is_statement_day or not _speaks_of(sentence, quantity, day):
            continue
        if any(first <= day.start - sentence.start < last for first, last in compared):
            continue
        if day.bound == "since":
            if not _stayed(sentence, quantity, day.start):
                since = day.date_start
        elif day.bound == "until":
            as_of = day.date_end
        elif _is_counted_over(sentence, day) or _is_running_period(sentence, quantity, day):
            since, as_of, is_span = day.date_start, day.date_end, True
    if since or is_span:
        return True, since, as_of
    ahead, behind = _own_words(sentence, quantity)
    if _DAY_ONLY.search(ahead[-70:]) or _DAY_ONLY.search(behind[:60]):
        return False, None, None
    words = bool(
        _TOTAL_NEAR.search(ahead[-38:]) or _TOTAL_AFTER.search(behind[:60]) or _OPENING.match(ahead)
    )
    words = words or (size >= TALLY and _ALREADY.search(ahead[-38:]) is not None)
    unsaid = any(
        not any(first <= said.start() < last for first, last in compared)
        and not _stayed(sentence, quantity, sentence.start + said.start())
        for said in _SINCE_SOMETHING.finditer(
            sentence.text,
            quantity.end - sentence.start,
            quantity.end - sentence.start + len(behind),
        )
    )
    return bool(as_of or words or unsaid), None, as_of


# "Dalam tiga hari, Senin sampai Rabu, lebih dari 1.000 ditangkap", "In nine days ...": the days lead the clause.
_OPENING = re.compile(
    r"\W*(?:(?:in|within|over|during)\s(?:the\s)?(?:first\s|past\s|last\s)?|(?:dalam|selama)\s)(?!(?:a|one|single|satu|1)\s)[\w-]+\s(?:days|weeks|months|hari|pekan|minggu|bulan)\b",
    re.IGNORECASE,
)


def _own_words(sentence: Sentence, quantity: Quantity) -> tuple[str, str]:
    """Return the words of a figure's clause before it and behind it, as far as the figures beside it."""
    left, right = _clause(sentence, quantity)
    others = [
        item
        for item in sentence.quantities
        if item.is_persons and not item.is_anaphor and item.sex is None
    ]
    right = min([right, *(item.start for item in others if item.start > quantity.end)])
    ahead = sentence.text[left - sentence.start : quantity.start - sentence.start]
    beside = max((item.end for item in others if left <= item.end <= quantity.start), default=left)
    # of "635 so far, 47 of them on Sunday" the words before the comma are those of the 635
    parted = sentence.text.find(", ", beside - sentence.start, quantity.start - sentence.start)
    if beside > left and parted >= 0:
        ahead = sentence.text[parted + 2 : quantity.start - sentence.start]
    ahead = re.split(r"[:;]\s", ahead)[-1]
    return ahead, sentence.text[quantity.end - sentence.start : right - sentence.start]


# "27 suspects held since late May", "26 who have waited in Myawaddy since April": how long, not how many since.
_STAYED = re.compile(
    r"\b(?:held|stranded|stuck|trapped|wait(?:ing|ed)|stay(?:ing|ed)|kept|confined|missing|liv(?:ing|ed)|been (?:in|at)|"
    r"berada|tertahan|(?:yang|masih|tetap) (?:\w+ )?ditahan|disekap|dikurung|terkurung|terkandas|menunggu|menanti|tinggal|dititipkan|terjebak|menginap|ditampung)\b",
    re.IGNORECASE,
)


def _stayed(sentence: Sentence, quantity: Quantity, start: int) -> bool:
    """Whether a first day behind a figure is that of a stay: these very people have been there since."""
    return (
        _STAYED.search(sentence.text, quantity.end - sentence.start, start - sentence.start)
        is not None
    )


# "In February the militia let 7,000 go": when it happened; "during February", "sepanjang Februari" count over it.
_OPEN = re.compile(r"\b(?:in|pada|dalam|di)\s(?:bulan\s)?$", re.IGNORECASE)


def _is_counted_over(sentence: Sentence, day: DateExpression) -> bool:
    """Whether a figure is counted over this stretch of days; a month by itself says when one thing happened."""
    if day.bound != "span" or day.days <= 3:
        return False
    ahead = sentence.text[: day.start - sentence.start]
    return day.days > _MONTH.days or _OPEN.search(ahead) is None


# "Lebih 30 rakyat Malaysia sudah pulang bulan ini": counted over the part of the month that is gone.
_RUNNING_PERIOD = re.compile(r"(?:bulan|tahun) ini|this (?:month|year)", re.IGNORECASE)
_RELATIVE = re.compile(r"\b(?:yang|who|which|that)\b", re.IGNORECASE)
_MAIN_VERB = re.compile(
    r",?\s(?:were|was|are|is|have|has|had|will|telah|sudah|akan|akhirnya|di\w{4,})\b",
    re.IGNORECASE,
)


def _is_running_period(sentence: Sentence, quantity: Quantity, day: DateExpression) -> bool:
    """Whether a figure is counted over the running month or year, and not who came during it."""
    if not _RUNNING_PERIOD.fullmatch(day.surface):
        return False
    first, last = sorted((quantity.end, day.start))
    said = _RELATIVE.search(sentence.text, first - sentence.start, last - sentence.start)
    # "foreigners who came this month were deported": the month is that of the clause on them
    return not (said and _MAIN_VERB.match(sentence.text, day.end - sentence.start))


def _speaks_of(sentence: Sentence, quantity: Quantity, day: DateExpression) -> bool:
    """Whether a date stands in the figure's clause with no other figure of persons in between."""
    left, right = _clause(sentence, quantity)
    if not left <= day.start < right:
        return False
    if day.start < quantity.start:
        return not _is_compared_with(sentence, day) and not _is_of_figure_before(
            sentence, quantity, day
        )
    return not any(
        item.may_be_persons and quantity.end <= item.start < day.start
        for item in sentence.quantities
        if item.sex is None
    )


_AND_THEN = re.compile(r",|\b(?:dan|serta|and)\b", re.IGNORECASE)


def _is_of_figure_before(sentence: Sentence, quantity: Quantity, day: DateExpression) -> bool:
    """Whether a first day belongs to the figure before it: "11 pulang sejak Januari dan satu belum ditemukan"."""
    left, _ = _clause(sentence, quantity)
    counted = any(
        item.is_persons and not item.is_anaphor and left <= item.start < item.end <= day.start
        for item in sentence.quantities
    )
    between = sentence.text[day.end - sentence.start : quantity.start - sentence.start]
    return day.bound == "since" and counted and _AND_THEN.search(between) is not None


# "Compared with 306 victims in 2024, ...", "naik dari 800 pada 2024, ...": the year is that of the figure told
# beside it, and later figures run over no part of it.
_COMPARED_WITH = re.compile(
    r"\b(?:compared (?:with|to)|(?<!more )(?<!less )(?<!fewer )than|versus|unlike|(?:up|down|rise|rose|increase) from|"
    r"dibanding(?:kan)?|berbanding|ketimbang|(?:naik|turun|meningkat|menurun|bertambah) dari(?:pada)?)\b[^,;:]{0,50}$",
    re.IGNORECASE,
)


def _is_compared_with(sentence: Sentence, day: DateExpression) -> bool:
    """Whether a period before a figure is only named to compare with."""
    ahead = sentence.text[: day.start - sentence.start]
    return day.bound == "span" and _COMPARED_WITH.search(ahead) is not None


_CONTRAST = re.compile(r";|\b(?:sedangkan|sementara|manakala|while|adapun)\b", re.IGNORECASE)


def _clause(sentence: Sentence, quantity: Quantity) -> tuple[int, int]:
    """Return the stretch of the sentence around the figure, between semicolons and contrasts."""
    left, right = sentence.start, sentence.end
    for match in _CONTRAST.finditer(sentence.text):
        if match.end() <= quantity.start - sentence.start:
            left = sentence.start + match.end()
        elif match.start() >= quantity.end - sentence.start:
            right = sentence.start + match.start()
            break
    return left, right


# "Cambodia began the drive on Feb. 10. By Sunday it had rounded up 1,904": what began, and when.
_BEGAN = re.compile(
    r"\b(?:began|begun|launched|started|kicked off|dimulai|dimulakan|bermula|dilancarkan|digulirkan|digelar|melancarkan|menggelar|memulai|memulakan)\b",
    re.IGNORECASE,
)
_CAMPAIGN = re.compile(
    r"\b(?:campaign|crackdown|drive|sweeps?|operations?|push|offensive|operasi|kempen|kampanye|razia|penertiban|pembersihan|serbuan|exodus|eksodus|hitungan|count|tally)\b",
    re.IGNORECASE,
)
_SWEPT = frozenset(
    {
        CountRole.ARRESTED,
        CountRole.DETAINED,
        CountRole.ESCAPED,
        CountRole.RESCUED,
        CountRole.COMPLAINANT,
    }
)


def _campaign_day(sentence: Sentence) -> dt.date | None:
    """Return the first day of the campaign that a sentence without a figure of persons speaks of."""
    if any(item.is_persons for item in sentence.quantities):
        return None
    if not _CAMPAIGN.search(sentence.text):
        return None
    begun = _BEGAN.search(sentence.text) is not None
    days = (item for item in sentence.dates if not item.is_statement_day and item.days <= 7)
    return next(
        (day.date_start for day in days if day.bound == "since" or (begun and day.bound == "on")),
        None,
    )


def _date_campaigns(drafts: Sequence[Draft], sentences: Sequence[Sentence]) -> None:
    """Read since when a sweep's total runs from the sentence beside it that tells when the sweep began."""
    for draft in drafts:
        index = draft.sentence.index
        if draft.since is not None or draft.role not in _SWEPT or size_of(draft) < TALLY:
            continue
        ahead = _campaign_day(sentences[index - 1]) if draft.is_cumulative and index else None
        own = draft.is_cumulative or all(day.is_statement_day for day in draft.sentence.dates)
        behind = sentences[index + 1 : index + 2] if own and not draft.sentence.is_title else []
        begun = ahead or next((day for item in behind if (day := _campaign_day(item))), None)
        if begun is not None:
            draft.is_cumulative, draft.since = True, begun


def date(drafts: Sequence[Draft], sentences: Sequence[Sentence]) -> None:
    """Read since when a total runs from the sentence behind it: "Angka itu dihitung sejak 31 Agustus"."""
    _date_campaigns(drafts, sentences)
    for draft in drafts:
        following = sentences[draft.sentence.index + 1 : draft.sentence.index + 2]
        if draft.since is not None or not following or draft.sentence.is_title or draft.is_part:
            continue
        if _of_one_day(draft):
            continue
        behind = following[0]
        pointing = POINTING_BACK.search(behind.text[:_POINTING_REACH])
        if pointing is None or any(item.is_persons for item in behind.quantities):
            continue
        day = next(
            (
                item
                for item in behind.dates
                if not item.is_statement_day and item.bound in {"since", "span"}
            ),
            None,
        )
        if day is not None:
            draft.is_cumulative, draft.since = True, day.date_start
            draft.as_of = day.date_end if day.bound == "span" else draft.as_of


def share(drafts: Sequence[Draft]) -> None:
    """Count a part of a running total over the days of the total: of 246 who came so far, 31 have flown home.

    Not the share of one day, and not those who are still to go or to come.
    """
    for draft in drafts:
        whole = draft.parent
        if whole is None or not whole.is_cumulative or draft.since is not None:
            continue
        waits = draft.is_planned or draft.role in _STOCKS
        if not waits and not _within_days(draft, 7):
            draft.is_cumulative, draft.since, draft.as_of = True, whole.since, whole.as_of


def spread(drafts: list[Draft]) -> None:
    """Mark every telling of a running total as one: headline and lead often leave the period out.

    People who turn to an embassy are always counted so far, unless the figure is that of one day.
    """
    of_one_day = {size_of(item) for item in drafts if _of_one_day(item)}
    totalled = [item for item in drafts if item.is_cumulative and not item.is_earlier]
    for draft in drafts:
        if draft.role in _OF_ONE_DEED and not draft.is_part:
            draft.is_cumulative, draft.since, draft.as_of = False, None, None
        if draft.is_earlier and not draft.is_cumulative:
            # "sebelumnya mengumumkan 47": of a series, its last total; of one event, a figure put right
            draft.is_cumulative = any(
                size_of(item) > size_of(draft) and item.sentence.index <= draft.sentence.index + 1
                for item in totalled
            )
        if draft.is_planned or (draft.role in _STOCKS and draft.since is None):
            draft.is_cumulative = False  # a stock on a day, not a sum of days
        elif draft.role is CountRole.COMPLAINANT and not draft.is_part and size_of(draft) >= TALLY:
            draft.is_cumulative = draft.is_cumulative or size_of(draft) not in of_one_day
    tally = next((draft for draft in drafts if draft.since and draft.sentence.is_lead), None)
    for draft in drafts:
        # What courts and police did with them is counted over the same campaign.
        undated = all(day.is_statement_day for day in draft.sentence.dates)
        later = tally is not None and draft.sentence.index > tally.sentence.index
        if (
            tally is not None
            and later
            and undated
            and draft.role in _OUTCOMES
            and not draft.is_part
        ):
            draft.is_cumulative, draft.since, draft.as_of = True, tally.since, tally.as_of
    totals: dict[tuple[float, CountRole | None], Draft] = {}
    for draft in drafts:
        key = (size_of(draft), _held(draft.role))
        if (
            draft.is_cumulative
            and key[0] > 1
            and draft.quantity.best is not None
            and (key not in totals or totals[key].since is None or _is_nearer(draft, totals[key]))
        ):
            totals[key] = draft
    for draft in drafts:
        total = totals.get((size_of(draft), _held(draft.role)))
        # "since February" in a headline is "since February 20" in the body
        nearer = total is not None and total.since is not None and draft.since is not None and draft.sentence.is_title and draft.since < total.since  # fmt: skip
        if (
            total is not None
            and draft.quantity.best is not None
            and (draft.since is None or nearer)
        ):
            draft.is_cumulative = True
            draft.since, draft.as_of = total.since, total.as_of
    for draft in drafts:
        # "Dari 288 orang tersebut, 197 sudah terbang": the total of the sentences before, in no role of its own
        if not draft.is_cumulative and draft.quantity.best is not None:
            total = next((item for key, item in totals.items() if key[0] == size_of(draft) >= TALLY), None)  # fmt: skip
            ahead = draft.sentence.text[: draft.quantity.start - draft.sentence.start]
            if total is not None and _OUT_OF.search(ahead):
                draft.is_cumulative = True
                draft.since, draft.as_of = total.since, total.as_of


_OUT_OF = re.compile(
    r"\b(?:dari(?:pada)?|of|out of|among)\s(?:the |total |jumlah )?$", re.IGNORECASE
)
# Whom one deed or one attempt befell: over how long they did it is not since when it is counted.
_OF_ONE_DEED = frozenset(
    {
        CountRole.VICTIM,
        CountRole.SUSPECT,
        CountRole.CONVICTED,
        CountRole.RECRUITER,
        CountRole.INJURED,
    }
)
# How many there are on a day is no sum over days.
_STOCKS = frozenset({CountRole.REMAINING, CountRole.MISSING})


def _is_nearer(draft: Draft, known: Draft) -> bool:
    """Whether the body gives the first day of a total that the headline gives the month of."""
    if draft.since is None or known.since is None or not known.sentence.is_title:
        return False
    return known.since < draft.since <= known.since + _MONTH


def _held(role: CountRole | None) -> CountRole | None:
    """Return one role for those held: papers call the same people arrested and detained."""
    return CountRole.ARRESTED if role is CountRole.DETAINED else role


_DAY_REACH = 60


def _of_one_day(draft: Draft) -> bool:
    return _within_days(draft, 2)


def _within_days(draft: Draft, most: int) -> bool:
    """Whether a date of at most so many days stands with the figure: "462 of them flew back last week"."""
    offset, quantity = draft.sentence.start, draft.quantity
    around = draft.sentence.text[max(0, quantity.start - offset - 60) : quantity.end - offset + 60]
    return _DAY_ONLY.search(around) is not None or any(
        day.bound == "on" and day.days <= most and not day.is_statement_day
        and abs(day.start - quantity.end) <= _DAY_REACH
        for day in draft.sentence.dates
    )  # fmt: skip
