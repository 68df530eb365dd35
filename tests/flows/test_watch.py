from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import pytest

from flows import watch
from flows.watch import Alarm, Finding, SourceDay
from pipeline.records import Source, SourceEvidence, Terms

DAY = dt.timedelta(days=1)
FIRST = dt.date(2026, 9, 7)  # a Monday
HOUR = dt.time(21)  # a run at four in the morning in Jakarta
EARLIEST = FIRST - 30 * DAY


def moment(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, HOUR, dt.UTC)


def troubles(days: Sequence[SourceDay]) -> list[str]:
    return [alarm.trouble for alarm in watch.alarms(days, moment(days[-1].day))]


# --- days of invented sources --------------------------------------------------------------------------


def poisson(rate: float, dice: random.Random) -> int:
    n, left = 0, dice.random()
    share = math.exp(-rate)
    while left > share:
        left -= share
        n += 1
        share *= rate / n
    return n


def watched(
    name: str, a_day: float, *, size: int, n_days: int = 28, weekend: float = 1.0, seed: int = 0
) -> list[SourceDay]:
    """Return healthy days of a source: chance alone, and weekends with their share of news."""
    dice = random.Random(f"{name}{seed}")
    newest: dt.datetime | None = None
    made = []
    for back in range(n_days):
        day = FIRST + back * DAY
        rate = a_day * (weekend if day.weekday() >= 5 else 1.0)
        n_new = poisson(rate, dice)
        if n_new:
            newest = moment(day) - DAY / (n_new + 1)
        n_articles = min(n_new, 12)
        made.append(
            SourceDay(
                source_id=name,
                day=day,
                state="ok",
                n_listed=size,
                n_new=n_new,
                n_fetched=n_articles,
                n_articles=n_articles,
                n_short=sum(dice.random() < 0.04 for _ in range(n_articles)),
                median_chars=dice.randint(1800, 3200) if n_articles else None,
                newest_at=newest,
            )
        )
    return made


CLEAN: dict[str, Callable[[int], list[SourceDay]]] = {
    "portal": lambda seed: watched("portal", 180, size=100, weekend=0.6, seed=seed),
    "regional paper": lambda seed: watched("regional", 14, size=20, weekend=0.5, seed=seed),
    "weekly": lambda seed: watched("weekly", 0.4, size=10, seed=seed),
    "ministry": lambda seed: watched("ministry", 2.5, size=10, weekend=0.0, seed=seed),
    "wire": lambda seed: watched("wire", 45, size=50, weekend=0.8, seed=seed),
}


def test_clean_weeks_raise_hardly_an_alarm() -> None:
    """At most one false alarm in 28 clean days of a source, and one in 28 days of all five on average."""
    n_alarms = 0
    for name, make in CLEAN.items():
        for seed in range(10):
            days = make(seed)
            raised = [
                (day.day, found)
                for n, day in enumerate(days, start=1)
                if (found := troubles(days[:n]))
            ]
            assert len(raised) <= 1, (name, seed, raised)
            n_alarms += len(raised)
    assert n_alarms <= 5


def faulty(**changed: Any) -> list[SourceDay]:
    days = watched("portal", 30, size=40, weekend=0.7)
    return [*days[:-1], days[-1].model_copy(update=changed)]


@pytest.mark.parametrize(
    ("fault", "changed", "told"),
    [
        ("empty", {"n_listed": 0, "n_new": 0, "state": "empty"}, "empty"),
        ("frozen", {"n_new": 0}, "few"),
        ("truncated", {"n_listed": 17, "n_unclean": 1, "detail": "no element found"}, "unclean"),
        ("HTML at 200", {"state": "malformed", "n_listed": 0, "n_new": 0}, "down"),
        ("moved", {"state": "off_list", "n_listed": 0, "n_new": 0}, "down"),
        ("half size", {"n_listed": 20}, "shrunk"),
        ("gone", {"state": "gone", "n_listed": 0, "n_new": 0}, "down"),
        ("malformed", {"state": "malformed", "n_listed": 0, "n_new": 0}, "down"),
    ],
)
def test_each_fault_of_a_feed_is_told_by_the_first_run(
    fault: str, changed: dict[str, Any], told: str
) -> None:
    assert troubles(faulty()) == []
    assert told in troubles(faulty(**changed)), fault


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"n_articles": 6, "n_short": 6}, "short"),
        ({"n_articles": 8, "n_undated": 8}, "undated"),
        ({"n_articles": 8, "median_chars": 240}, "thin"),
        ({"n_fetched": 4, "n_refused": 5}, "blocked"),
        ({"n_new": 400}, "many"),
    ],
)
def test_pages_that_bring_little_are_told(changed: dict[str, Any], told: str) -> None:
    assert troubles(faulty(**changed)) == [told]


def test_a_source_that_always_lacks_days_is_not_told_every_day() -> None:
    days = [
        day.model_copy(update={"n_articles": 8, "n_undated": 8})
        for day in watched("portal", 30, size=40)
    ]
    assert troubles(days) == []


def test_silence_is_measured_by_the_gaps_of_the_source() -> None:
    days = watched("paper", 8, size=20, weekend=0.0)[:-2]
    assert days[-1].day.isoweekday() == 5
    last = max(day.newest_at for day in days if day.newest_at is not None)
    told = []
    for _ in range(6):
        day = days[-1].day + DAY
        days.append(days[-1].model_copy(update={"day": day, "n_new": 0, "newest_at": last}))
        told.append("silent" in troubles(days))
    first = told.index(True)
    assert not any(told[:2]), "it is the weekend"
    assert all(told[first:])
    assert first <= 3


def test_weeks_are_needed_before_a_source_is_judged_but_not_to_say_that_it_is_down() -> None:
    days = faulty(n_listed=0, n_new=0, state="empty")
    assert troubles(days[-watch.MIN_DAYS :]) == []
    assert troubles([days[-1].model_copy(update={"state": "gone"})]) == ["down"]


def test_articles_of_days_that_nobody_watched_are_no_gale() -> None:
    days = faulty(n_new=150)
    assert troubles(days) == ["many"]
    assert troubles([*days[:-3], days[-1]]) == []


def test_days_on_which_the_source_was_down_are_no_measure() -> None:
    days = faulty()
    down = [
        day.model_copy(update={"state": "timed_out", "n_new": 0, "n_listed": 0})
        for day in days[-6:-1]
    ]
    assert troubles([*days[:-6], *down, days[-1].model_copy(update={"n_new": 1})]) == ["few"]


# --- standing ------------------------------------------------------------------------------------------


def source(status: Any = "seen", *, opted_out: bool = False) -> Source:
    return Source(
        source_id="kabar",
        name="Kabar",
        owner="Kabar",
        country="IDN",
        language="id",
        timezone="Asia/Jakarta",
        homepage="https://kabar.example/",
        hosts=("kabar.example",),
        feeds=("https://kabar.example/feed",),
        article_url="^https://kabar.example/a/",
        terms=Terms(ai_opt_out=opted_out),
        evidence=SourceEvidence(status=status, note="invented"),
    )


def findings(told: str, origin: Any = "run", **values: Any) -> list[Finding]:
    """Return a finding a day for each letter: + good, x gone, ~ failed, o empty, . none."""
    states = {"+": "ok", "x": "gone", "~": "failed", "o": "empty"}
    return [
        Finding(
            at=moment(FIRST + n * DAY), day=FIRST + n * DAY, run_id=f"r{n}", origin=origin,
            source_id="kabar", state=states[letter], **values,
        )
        for n, letter in enumerate(told)
        if letter != "."
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "state", "wait"),
    [
        ("", "on", None),
        ("+++", "on", None),
        ("++x", "on", 1),
        ("++xx", "quarantined", 2),
        ("++xxx", "quarantined", 4),
        ("++xxxx", "quarantined", 7),
        ("++xx+", "on", None),
        ("++xxoo", "quarantined", 0),  # a quiet day neither forgives nor fails
    ],
)
def test_failures_are_tried_again_ever_later(told: str, state: str, wait: int | None) -> None:
    found = watch.standing(source(), findings(told))
    assert found.state == state
    last = FIRST + (len(told) - 1) * DAY
    assert found.due_on == (None if wait is None else last + wait * DAY)


def tried_until_dormant(state: str) -> Iterator[tuple[dt.date, str]]:
    """Yield each day on which a source that fails for good is tried, and how it stands behind it."""
    told: list[Finding] = []
    for n in range(100):
        day = FIRST + n * DAY
        if watch.standing(source(), told).is_crawled(day):
            told.append(
                findings("x")[0].model_copy(update={"at": moment(day), "day": day, "state": state})
            )
            yield day, watch.standing(source(), told).state


def test_a_dead_source_grows_dormant_and_is_still_tried_each_week() -> None:
    days = list(tried_until_dormant("gone"))
    first = next(day for day, state in days if state == "dormant")
    assert 30 <= (first - FIRST).days + 1 <= 37
    dormant = [day for day, state in days if state == "dormant"]
    assert {later - sooner for sooner, later in pairwise(dormant)} == {7 * DAY}


def test_what_may_heal_counts_half() -> None:
    hard = next(day for day, state in tried_until_dormant("gone") if state == "dormant")
    soft = next(day for day, state in tried_until_dormant("failed") if state == "dormant")
    assert soft - FIRST >= 1.7 * (hard - FIRST)


def test_a_run_that_is_repeated_fails_no_more_often() -> None:
    once = findings("x")
    later = [each.model_copy(update={"at": each.at + dt.timedelta(hours=1)}) for each in once]
    assert watch.standing(source(), [*once, *later]).n_failed == 1


def test_the_last_finding_of_a_day_counts() -> None:
    good, bad = findings("+")[0], findings("x", "check")[0]
    later = bad.model_copy(update={"at": bad.at + dt.timedelta(hours=1)})
    found = watch.standing(source(), [good, later])
    assert (found.state, found.last_good, found.n_failed) == ("quarantined", FIRST, 1)
    assert watch.week([good, later], FIRST) == "......x"
    mended = good.model_copy(update={"at": later.at + dt.timedelta(hours=1)})
    assert watch.standing(source(), [good, later, mended]).state == "on"


def test_what_was_inferred_is_crawled_once_a_check_has_passed() -> None:
    day = FIRST + 9 * DAY
    assert not watch.standing(source("inferred"), []).is_crawled(day)
    assert not watch.standing(source("inferred"), findings("+")).is_crawled(day), "a run by name"
    assert not watch.standing(source("inferred"), findings("x", "check")).is_crawled(day)
    passed = watch.standing(source("inferred"), findings("x+", "check"))
    assert (passed.state, passed.is_crawled(day)) == ("on", True)


def test_a_failed_check_puts_a_source_into_quarantine_at_once() -> None:
    assert watch.standing(source(), findings("+x", "check")).state == "quarantined"


def test_a_reservation_that_pages_declare_is_honoured_until_a_check_finds_it_gone() -> None:
    (told,) = findings("x", "check")
    declared = told.model_copy(update={"state": "opted out"})
    later = findings(".....+")
    found = watch.standing(source(), [declared, *later])
    assert (found.state, found.is_crawled(FIRST + 9 * DAY)) == ("opted out", False)
    unanswered = findings("......~", "check")
    assert watch.standing(source(), [declared, *unanswered]).state == "opted out"
    again = watch.standing(source(), [declared, *findings("......+", "check")])
    assert (again.state, again.is_crawled(FIRST + 9 * DAY)) == ("on", True)


@pytest.mark.parametrize("closed", [source("disabled"), source(opted_out=True)])
def test_no_check_opens_what_is_closed(closed: Source) -> None:
    assert not watch.standing(closed, findings("+++", "check")).is_crawled(FIRST + 9 * DAY)


def test_a_source_that_works_again_is_read_from_its_last_good_day() -> None:
    reach, since = 2 * DAY, FIRST + 10 * DAY
    found = watch.standing(source(), findings("+++xxxx"))
    assert watch.since_of(found, since, reach=reach, earliest=EARLIEST) == FIRST
    assert watch.since_of(found, since, reach=reach, earliest=FIRST + 5 * DAY) == FIRST + 5 * DAY
    fresh = watch.standing(source(), [])
    assert watch.since_of(fresh, since, reach=reach, earliest=EARLIEST) == since


def test_the_week_is_told_in_seven_signs() -> None:
    told = findings("+x~o.+")
    odd = told[-1].model_copy(
        update={"day": FIRST + 6 * DAY, "alarms": (Alarm(trouble="few", found="1 new"),)}
    )
    assert watch.week([*told, odd], FIRST + 6 * DAY) == "+xxo.+!"
    assert watch.week([], FIRST) == "......."
