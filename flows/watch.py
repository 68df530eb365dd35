"""Judge how sources do: what is amiss with one beside its own last weeks, and whether it is crawled at all.

    SourceDay, ... -> Alarm, ...      Source, Finding, ... -> Standing

Nothing here reads a clock, a file or a table. A source is compared with itself alone: what is quiet for one is
a gale for another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Literal

from pydantic import Field

from pipeline.records import Record, Source

DAY = dt.timedelta(days=1)
USUAL_DAYS = 14
"""Days of which the medians are taken."""
MEMORY_DAYS = 28
"""Days of which the extremes are taken: what happened within four weeks is no alarm."""
MIN_DAYS = 10
"""Days watched before a source is judged by them: fewer may hold no weekend and the days around it."""
LEAST, MOST = 0.2, 3.0
"""New articles of a day, as shares of the median, outside of which a day is odd."""
MIN_NEW = 10
"""Least median of new articles a day for those shares: below it, chance alone brings empty days."""
SILENT_GAPS = 3
SILENT_LEAST = dt.timedelta(hours=48)
MIN_GAPS = 4
"""Least gaps between days with news from which the usual one of a slow source is told."""
SHRUNK = 0.6
"""Share of its median length below which a list is cut: lists have a length that hardly changes."""
MIN_LISTED = 8
MIN_PAGES = 5
"""Least pages of a day of which shares are told."""
MIN_ODD = 3
MAX_SHARE = 0.3
"""Share of pages without text or day, or refused, above which a day is odd if the source is not always so."""
THIN = 0.4
"""Share of the usual length of articles below which something of them is lost."""

ANSWERED = frozenset({"ok", "partial", "empty"})

Trouble = Literal[
    "down", "empty", "unclean", "shrunk", "silent", "few", "many", "short", "thin", "undated", "blocked"
]  # fmt: skip


class SourceDay(Record):
    """One day of watching one source; a row of the coverage, with what a list tells of its newest item."""

    source_id: str
    day: dt.date
    state: str = Field(description="`ok`, `partial`, `empty`, or how the day failed.")
    detail: str = ""
    n_listed: int = 0
    n_new: int = Field(default=0, description="Article addresses never seen before.")
    n_fetched: int = 0
    n_articles: int = 0
    n_short: int = Field(default=0, description="Pages with no or too little text.")
    n_undated: int = Field(default=0, description="Articles without a day of publication.")
    n_refused: int = Field(default=0, description="Challenges and refusals in place of pages.")
    n_unclean: int = Field(default=0, description="Lists that answered and are damaged.")
    median_chars: int | None = Field(default=None, description="Median length of the articles.")
    newest_at: dt.datetime | None = None

    @property
    def answered(self) -> bool:
        """Whether the lists answered as lists."""
        return self.state in ANSWERED


class Alarm(Record):
    """What is amiss with a source."""

    trouble: Trouble
    found: str = Field(description="In words and numbers, for the person who looks into it.")


def alarms(days: Sequence[SourceDay], now: dt.datetime) -> list[Alarm]:
    """Return what is amiss on the last of these days of one source, judged by those before it.

    A source that does not answer is told at once; the rest once the source has been watched for
    ``MIN_DAYS`` days. The bounds of volume and silence: outside 0.2 to 3 times the median, and longer than
    three usual gaps and 48 hours (Media Cloud and OpenSanctions guard theirs in like ways).
    """
    *earlier, today = sorted(days, key=lambda each: each.day)
    if not today.answered:
        return [Alarm(trouble="down", found=f"{today.state}: {today.detail}".rstrip(": "))]
    before = [
        each
        for each in earlier
        if each.answered and today.day - MEMORY_DAYS * DAY <= each.day < today.day
    ]
    found = list(_refusals(today))
    if len(before) >= MIN_DAYS:
        found += _lists(today, before)
        found += _volume(today, before)
        found += _silence(today, before, now)
        found += _yield_of_pages(today, before)
    return found


def _recent(before: Sequence[SourceDay], today: SourceDay) -> Sequence[SourceDay]:
    """Return the days whose median is the usual: the last two weeks, or the last ones there are."""
    recent = [each for each in before if each.day >= today.day - USUAL_DAYS * DAY]
    return recent if len(recent) >= MIN_DAYS else before[-USUAL_DAYS:]


def _usual(days: Sequence[SourceDay], value: Callable[[SourceDay], float]) -> float:
    return float(median(value(each) for each in days))


def _lists(today: SourceDay, before: Sequence[SourceDay]) -> Iterator[Alarm]:
    least = min(each.n_listed for each in before)
    usual = _usual(_recent(before, today), lambda each: each.n_listed)
    if not today.n_listed and least:
        yield Alarm(trouble="empty", found=f"lists nothing; usually {usual:.0f}")
    elif usual >= MIN_LISTED and today.n_listed < min(SHRUNK * usual, 0.75 * least):
        yield Alarm(trouble="shrunk", found=f"lists {today.n_listed}; usually {usual:.0f}")
    if today.n_unclean and not any(each.n_unclean for each in before):
        yield Alarm(
            trouble="unclean", found=f"{today.n_unclean} damaged: {today.detail}".rstrip(": ")
        )


def _volume(today: SourceDay, before: Sequence[SourceDay]) -> Iterator[Alarm]:
    usual = _usual(_recent(before, today), lambda each: each.n_new)
    told = f"{today.n_new} new articles; usually {usual:.0f}"
    if usual >= MIN_NEW and today.n_new < LEAST * usual:
        # Holidays come back within four weeks less often than weekends do: a lower day is news.
        if today.n_new < min(each.n_new for each in before):
            yield Alarm(trouble="few", found=told)
    elif (
        today.n_new > max(MOST * usual, MIN_NEW, *(each.n_new for each in before))
        # After days that nobody watched, the articles of all of them are new at once.
        and before[-1].day == today.day - DAY
    ):
        yield Alarm(trouble="many", found=told)


def usual_gap(before: Sequence[SourceDay]) -> dt.timedelta | None:
    """Return the usual time between two new articles of a source, None where too little is known."""
    a_day = float(median(each.n_new for each in before)) if before else 0.0
    if a_day >= 1:
        return DAY / a_day
    gaps = _gaps(before)
    return sum(gaps, dt.timedelta()) / len(gaps) if len(gaps) >= MIN_GAPS else None


def _gaps(before: Sequence[SourceDay]) -> list[dt.timedelta]:
    told = [each.day for each in before if each.n_new]
    return [later - sooner for sooner, later in pairwise(told)]


def _silence(today: SourceDay, before: Sequence[SourceDay], now: dt.datetime) -> Iterator[Alarm]:
    last = max((n for n, each in enumerate(before) if each.n_new), default=-1)
    before = before[: last + 1]  # the silence itself is no measure
    gap = usual_gap(before)
    if gap is None or today.n_new:
        return
    moments = [each.newest_at for each in (*before, today) if each.newest_at is not None]
    # Where lists tell no times: some moment of the last day that brought something.
    days = [each.day for each in before if each.n_new]
    if days and not moments:
        moments = [dt.datetime.combine(days[-1] + DAY, dt.time(), dt.UTC)]
    if not moments:
        return
    silent = now - max(moments)
    # Weekends and holidays of those that tell every day; of the others chance makes longer gaps by and by.
    longest = max(_gaps(before), default=DAY) * (
        2.0 if gap > DAY else 1.5 if gap > DAY / 5 else 1.0
    )
    if silent > max(SILENT_GAPS * gap, SILENT_LEAST, longest):
        hours = silent / dt.timedelta(hours=1)
        yield Alarm(
            trouble="silent",
            found=f"nothing new for {hours:.0f} h; usually {gap / dt.timedelta(hours=1):.1f} h",
        )


def _refusals(today: SourceDay) -> Iterator[Alarm]:
    asked = today.n_refused + today.n_fetched
    if today.n_refused >= MIN_ODD and today.n_refused > MAX_SHARE * asked:
        yield Alarm(trouble="blocked", found=f"{today.n_refused} of {asked} pages were refused")


def _yield_of_pages(today: SourceDay, before: Sequence[SourceDay]) -> Iterator[Alarm]:
    n_pages = today.n_articles + today.n_short
    if _is_odd(today.n_short, n_pages, sum(d.n_short for d in before),
               sum(d.n_articles + d.n_short for d in before)):  # fmt: skip
        yield Alarm(trouble="short", found=f"{today.n_short} of {n_pages} pages hold no text")
    if _is_odd(today.n_undated, today.n_articles, sum(d.n_undated for d in before),
               sum(d.n_articles for d in before)):  # fmt: skip
        yield Alarm(
            trouble="undated", found=f"{today.n_undated} of {today.n_articles} articles tell no day"
        )
    lengths = [d.median_chars for d in before if d.median_chars is not None and d.n_articles >= 3]
    if today.median_chars is None or today.n_articles < MIN_PAGES or len(lengths) < 3:
        return
    usual = float(median(lengths))
    if today.median_chars < min(THIN * usual, *lengths):
        yield Alarm(
            trouble="thin",
            found=f"articles of {today.median_chars:,} characters; usually {usual:,.0f}",
        )


def _is_odd(n: int, of: int, n_before: int, of_before: int) -> bool:
    usual = n_before / of_before if of_before else 0.0
    return n >= MIN_ODD and of >= MIN_PAGES and n / of > max(MAX_SHARE, MOST * usual)


# --- standing ------------------------------------------------------------------------------------------

DORMANT_AT = 30.0
"""Weighted days of failure (Media Cloud's count) after which a source is only tried once a week."""
MAX_WAIT = 7
"""Days between two tries, at most: feeds return from the dead."""

# What may heal by itself counts less: a busy server, a quiet list, a list that has aged.
_WEIGHT = {"failed": 0.5, "empty": 0.5, "stale": 0.5}


class Finding(Record):
    """How one source did in one run or check; a line of the history in the home."""

    at: dt.datetime
    day: dt.date
    run_id: str
    origin: Literal["run", "check"]
    source_id: str
    state: str = Field(
        description="ok, empty, malformed, gone, blocked, failed; of a check: stale, unfit."
    )
    detail: str = ""
    n_listed: int = 0
    newest_at: dt.datetime | None = None
    alarms: tuple[Alarm, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether the source worked."""
        return self.state == "ok"

    @property
    def weight(self) -> float:
        """How much a day of it counts as failed: nothing where a run found its lists empty, as on a quiet day."""
        if self.is_good or (self.state == "empty" and self.origin == "run" and not self._is_empty):
            return 0.0
        return _WEIGHT.get(self.state, 1.0)

    @property
    def _is_empty(self) -> bool:
        return any(alarm.trouble == "empty" for alarm in self.alarms)


class Standing(Record):
    """Whether a source is crawled, and since when it is not well."""

    state: Literal["on", "inferred", "disabled", "opted out", "quarantined", "dormant"]
    due_on: dt.date | None = Field(
        default=None, description="Day of the next try, of a source that failed last."
    )
    n_failed: int = Field(default=0, description="Days of failed tries since it last worked.")
    failures: float = Field(default=0.0, description="Weighted days since it last worked.")
    last_good: dt.date | None = None
    last: Finding | None = None

    def is_crawled(self, day: dt.date) -> bool:
        """Return whether the daily run of this day crawls it."""
        if self.state in {"inferred", "disabled", "opted out"}:
            return False
        return self.due_on is None or self.due_on <= day


def standing(source: Source, findings: Sequence[Finding]) -> Standing:
    """Return how a source stands, by its file and by what was found of it.

    A source that was only inferred is crawled once a check of it has passed. One that fails is tried again
    after 1, 2, 4 and then every 7 days; the days between count as failed too. A success forgives all.
    """
    passed = reserved = False
    n_failed, failures = 0, 0.0
    last_good: dt.date | None = None
    since: dt.date | None = None
    by_check = False
    for day, found in _by_day(findings):
        for each in found:
            if each.origin == "check":
                passed = passed or each.is_good
                reserved = each.state == "opted out" or (reserved and not each.is_good)
        if any(each.is_good for each in found):
            n_failed, failures, last_good, since, by_check = 0, 0.0, day, None, False
        last = _verdict(found)
        if last.weight:
            n_failed += 1
            failures += last.weight * ((day - since).days if since else 1)
            since = day
            by_check = last.origin == "check"
    base = source.standing
    told: Literal["on", "inferred", "disabled", "opted out", "quarantined", "dormant"]
    if base == "disabled" or base == "opted out" or (base == "inferred" and not passed):
        told = base
    elif reserved:  # what pages declare counts like what the file says, until a check finds it gone
        told = "opted out"
    elif failures >= DORMANT_AT:
        told = "dormant"
    else:
        told = "quarantined" if n_failed >= 2 or by_check else "on"
    wait = min(2 ** max(0, n_failed - 1), MAX_WAIT)
    return Standing(
        state=told,
        due_on=since + wait * DAY if since else None,
        n_failed=n_failed,
        failures=failures,
        last_good=last_good,
        last=max(findings, key=lambda each: each.at) if findings else None,
    )


def _by_day(findings: Sequence[Finding]) -> list[tuple[dt.date, list[Finding]]]:
    """Return the findings of each day, in order: a run that is repeated fails no more often."""
    days: dict[dt.date, list[Finding]] = {}
    for each in sorted(findings, key=lambda each: each.at):
        days.setdefault(each.day, []).append(each)
    return sorted(days.items())


def _verdict(found: Sequence[Finding]) -> Finding:
    """Return the last finding of a day that says something: a list found empty by a run does not."""
    return next((each for each in reversed(found) if each.is_good or each.weight), found[-1])


def since_of(found: Standing, since: dt.date, *, reach: dt.timedelta, earliest: dt.date) -> dt.date:
    """Return the first day that is due of a source: from its last good day on, when that lies further back."""
    if found.last_good is None:
        return since
    return max(min(since, found.last_good - reach), earliest)


def week(findings: Sequence[Finding], day: dt.date) -> str:
    """Return the seven days up to this one, a sign each.

    ``+`` worked, ``!`` worked with an alarm, ``o`` listed nothing, ``x`` failed, ``.`` was not asked.
    """
    by_day = dict(_by_day(findings))
    signs = []
    for back in range(6, -1, -1):
        found = by_day.get(day - back * DAY)
        if not found:
            signs.append(".")
            continue
        last = _verdict(found)
        if last.is_good:
            signs.append("!" if last.alarms else "+")
        else:
            signs.append("x" if last.weight else "o")
    return "".join(signs)
