"""Tell how two reports stand to each other: one incident, two, or not to be said.

    Report, Report -> Comparison

The score adds up how well place, figure, day, kind and wording agree. What the codebook calls different
(another batch, another compound, a national campaign beside one raid) is a contradiction: it keeps two
reports apart whatever else they share. Weights and thresholds were set on the labelled development articles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import NamedTuple

import numpy as np

from pipeline.facts import (
    BREAKOUT,
    COUNTLESS,
    TOGETHER_DAYS,
    Facts,
    is_stale,
    is_tally,
)
from pipeline.protocols import Encoder
from pipeline.records import Report

# A pair at or above this score is one incident; within DOUBT above it, a person should look.
THRESHOLD = 0.60
DOUBT = 0.06
WEIGHT_PLACE, WEIGHT_COUNT, WEIGHT_DATE, WEIGHT_TYPE, WEIGHT_TEXT = 0.30, 0.30, 0.20, 0.10, 0.10
BONUS_KEY, BONUS_AGENCY, BONUS_AGENCY_COUNTLESS = 0.15, 0.03, 0.12

# Days by which two event windows may miss each other; more for a return announced beforehand.
SLACK_DAYS = 2
SLACK_DAYS_ANNOUNCED = 7
# Days of silence after which a new total at the same place is joined no more, and after which it
# contradicts the old one.
SERIES_GAP_DAYS = 14
SERIES_BREAK_DAYS = 60
# Two totals that began further apart than this are two series.
SERIES_START_DAYS = 31
# A running total may be told a little smaller the next day, when double entries are taken out.
SERIES_DIP = 0.9
# Official figures for one event that differ by less than this share are two counts of the same people.
NEAR_SHARE = 0.10
NEAR_LEAST = 5
# A figure from this size on is a sign of its own; smaller ones recur by chance.
DISTINCTIVE = 10
# On one day at one place, official figures may differ by more.
NEAR_SHARE_SAME_DAY = 0.20
# Rounded figures of this size that overlap closely tell of one thing even where the place is not named.
ROUNDED_LEAST, ROUNDED_SHARE = 100, 0.85
# A title rounds a figure by less than this share of it.
ROUNDING = 0.05
# Sentences from this likeness on tell the same thing in nearly the same words.
LIKE_WORDING = 0.7
# Shared words, as a share of the shorter sentence, times this are worth as much as a calibrated cosine:
# half of the same pairs of the development set share two words in five and more.
OVERLAP_WORTH = 1.5
# The first day's figure of a raid is often half of the last one, but seldom less.
REVISED_FACTOR = 2.5
REVISED_LIKENESS = 0.4


class Comparison(NamedTuple):
    """How two reports stand to each other; a contradiction keeps their clusters apart for good."""

    score: float
    reason: str
    is_contradiction: bool

    @property
    def is_match(self) -> bool:
        """Whether the two tell of one incident."""
        return not self.is_contradiction and self.score >= THRESHOLD


def compare(left: Report, right: Report, encoder: Encoder | None = None) -> Comparison:
    """Return how two reports stand to each other."""
    facts = [Facts(left), Facts(right)]
    return compare_facts(facts[0], facts[1], Wording(facts, encoder), 0, 1)


# --- wording ---------------------------------------------------------------------------------------


class Wording:
    """How alike the summaries of two reports are, in [0, 1]; None when nothing can be said."""

    def __init__(self, facts: Sequence[Facts], encoder: Encoder | None) -> None:
        self.facts = facts
        self.vectors = None
        self.scale: tuple[list[float], list[float]] | None = None
        if encoder is not None and facts:
            self.vectors = np.asarray(
                encoder.encode([item.summary for item in facts]), dtype=np.float32
            )
            self.scale = _scale(getattr(encoder, "thresholds", None))

    def __call__(self, left: int, right: int) -> float | None:
        """Return the likeness of two reports by their places in the sequence."""
        a, b = self.facts[left], self.facts[right]
        if not a.words or not b.words:
            return None
        if self.vectors is not None:
            cosine = float(self.vectors[left] @ self.vectors[right])
            return (
                float(np.interp(cosine, *self.scale))
                if self.scale is not None
                else min(1.0, max(0.0, cosine))
            )
        if a.language != b.language:
            return None
        shared = len(a.words & b.words)
        return min(1.0, OVERLAP_WORTH * shared / min(len(a.words), len(b.words)))


def _scale(thresholds: Mapping[str, float] | None) -> tuple[list[float], list[float]] | None:
    """Return what a calibrated model's cosines are worth; a model without thresholds is taken at its word."""
    if not thresholds:
        return None
    same = thresholds["same_event"]
    different = min(same - 1e-6, thresholds["different_event"])
    return [different - (same - different), different, same, (1.0 + same) / 2], [0.0, 0.2, 0.6, 1.0]


# --- two reports -----------------------------------------------------------------------------------

_NO = Comparison(0.0, "contradiction", is_contradiction=True)
_APART = Comparison(0.0, "apart", is_contradiction=False)
# What is assumed of the wording where it cannot be compared.
_NEUTRAL_TEXT = 0.3


def compare_facts(a: Facts, b: Facts, likeness: Wording, left: int, right: int) -> Comparison:
    """Return how two reports stand to each other; ``left`` and ``right`` are their places in ``likeness``."""
    if a.block != b.block:
        return _NO
    kind = _type_score(a, b)
    if kind is None or _contradict_plainly(a, b):
        return _NO
    series = _series(a, b)
    if series is _Series.BROKEN or _is_campaign_beside_raid(a, b):
        return _NO
    place = _place_score(a, b)
    date = 0.8 if series in {_Series.GROWING, _Series.FAR} else _date_score(a, b)
    if place is None:
        return _NO
    if date is None:
        is_unsure = a.best is not None and a.best == b.best and (is_stale(a) or is_stale(b))
        return _APART if is_unsure and (a.best or 0) >= DISTINCTIVE else _NO
    if series is _Series.FAR:
        return _APART
    text: float | None = None
    if series is _Series.GROWING:
        count, reason = (0.95 if a.total == b.total else 0.85), "series"
    else:
        counted = _count_score(a, b)
        if counted is None:
            return _APART if _may_be_share(a, b) else _NO
        count, reason = counted
        if reason == "revised":
            text = likeness(left, right)
            if not (a.agencies & b.agencies) and (text or 0.0) < REVISED_LIKENESS:
                return _NO
    is_equal = reason in {"count", "series"}
    if kind < 0.5 and not (is_equal and count >= 0.9):
        # An escape and a raid at one site are two events, unless both tell of the same number of people.
        return (
            _NO
            if a.best is not None and b.best is not None and reason not in {"near", "range", "part"}
            else _APART
        )
    is_countless = a.best is None and b.best is None and a.type in COUNTLESS and b.type in COUNTLESS
    shares_agency = bool(a.agencies & b.agencies)
    shares_key = bool(a.keys & b.keys)
    if place <= _VAGUE_PLACE and not (
        is_equal or shares_key or is_countless or _is_telling(a, b, reason)
    ):
        return _APART
    if text is None:
        text = likeness(left, right)
    wording = _NEUTRAL_TEXT if text is None else text
    if (
        reason == "unknown"
        and place < 1.0
        and not (is_countless or shares_key or wording >= LIKE_WORDING)
    ):
        # A figure that one text leaves out is made good by the very place, or by telling it alike.
        return _APART
    if is_countless:
        rest = WEIGHT_PLACE + WEIGHT_DATE + WEIGHT_TYPE + WEIGHT_TEXT
        score = (
            WEIGHT_PLACE * place + WEIGHT_DATE * date + WEIGHT_TYPE * kind + WEIGHT_TEXT * wording
        ) / rest
        score += BONUS_AGENCY_COUNTLESS * shares_agency
        reason = "agency" if shares_agency else "place"
    else:
        score = (
            WEIGHT_PLACE * place + WEIGHT_COUNT * count + WEIGHT_DATE * date + WEIGHT_TYPE * kind + WEIGHT_TEXT * wording
        )  # fmt: skip
        score += BONUS_AGENCY * shares_agency
        reason = "place" if reason == "unknown" else reason
    score += BONUS_KEY * shares_key
    return Comparison(
        round(min(1.0, score), 4), "key" if shares_key else reason, is_contradiction=False
    )


def _is_telling(a: Facts, b: Facts, reason: str) -> bool:
    """Whether figures that are not equal still tell one event where no place is shared but the country."""
    if reason == "part":
        return True
    if a.best is None or b.best is None:
        return False
    small, large = sorted((a.best, b.best))
    if reason == "near":
        return large - small <= max(1.0, NEAR_SHARE * large) and _near_day(a, b)
    return reason == "range" and small >= ROUNDED_LEAST and small >= ROUNDED_SHARE * large


def _type_score(a: Facts, b: Facts) -> float | None:
    if a.type is b.type:
        return 1.0
    if a.is_return or (a.type in BREAKOUT) == (b.type in BREAKOUT):
        return 0.8
    return 0.3


def _contradict_plainly(a: Facts, b: Facts) -> bool:
    """Whether the two are told apart by what they are, before any figure is looked at."""
    if a.article == b.article:
        return not (_is_word_for_word(a, b) or _is_rounded_title(a, b))
    is_abroad = a.country != b.country and a.country is not None and b.country is not None
    if is_abroad and not _is_one_story(a, b):
        return True
    if a.ordinal is not None and b.ordinal is not None and a.ordinal != b.ordinal:
        return True
    if a.is_return and a.nations and b.nations and not a.nations & b.nations:
        return True
    is_few = max(a.best or 0, b.best or 0) <= NEAR_LEAST
    return is_few and bool(a.origins and b.origins and not a.origins & b.origins)


def _is_word_for_word(a: Facts, b: Facts) -> bool:
    return (
        a.type is b.type and a.place == b.place and a.country == b.country and (a.low, a.best, a.high) == (b.low, b.best, b.high)
        and (a.first, a.last) == (b.first, b.last)
    )  # fmt: skip


def _is_rounded_title(a: Facts, b: Facts) -> bool:
    """Whether a text gives the figure of its headline once more, exactly, where it goes into detail."""
    if a.is_main == b.is_main or a.type is not b.type or a.country != b.country:
        return False
    if (
        a.best is None
        or b.best is None
        or a.first is None
        or b.first is None
        or a.last is None
        or b.last is None
    ):
        return False
    small, large = sorted((a.best, b.best))
    is_near = small >= ROUNDED_LEAST and large - small <= ROUNDING * large
    return is_near and a.first <= b.last and b.first <= a.last


def _is_one_story(a: Facts, b: Facts) -> bool:
    """Whether one of two texts that appear together took another country for the one where it happened.

    It did when figure and days agree, an agency speaks in both, and at least one knows no place.
    """
    if a.best is None or a.best != b.best or a.best < 2 * DISTINCTIVE or (a.place and b.place):
        return False
    if not a.agencies & b.agencies or not _appear_together(a, b):
        return False
    if a.first is None or b.first is None or a.last is None or b.last is None:
        return False
    return a.first <= b.last and b.first <= a.last


def _appear_together(a: Facts, b: Facts) -> bool:
    return (
        a.published is not None and b.published is not None and abs(a.published - b.published) <= TOGETHER_DAYS
    )  # fmt: skip


def _is_misdated(a: Facts, b: Facts) -> bool:
    """Whether one of two texts that appear together took the day of something else for the event's own."""
    if (
        not (a.is_main and b.is_main)
        or a.best is None
        or a.best != b.best
        or not _appear_together(a, b)
    ):
        return False
    if a.best < DISTINCTIVE and not (a.best >= NEAR_LEAST and a.agencies & b.agencies):
        return False
    return is_stale(a) != is_stale(b)


def _is_campaign_beside_raid(a: Facts, b: Facts) -> bool:
    """Whether one tells the total of a country and the other of one of its places: whole and part."""
    if a.is_national == b.is_national:
        return False
    one = b if a.is_national else a
    whole = a if a.is_national else b
    if a.total == b.total and a.total >= 10 * DISTINCTIVE:
        return False
    if one.place is None and not one.is_multi_site:
        return False  # the country's total, or one raid without its place: the figures decide
    if one.is_cumulative and one.total > whole.total and (one.told or 0) >= (whole.told or 0):
        return False  # more than the whole: the total of the country, told where it was announced
    return not (one.is_multi_site and one.is_main)


class _Series(Enum):
    """How two totals stand to each other in time."""

    NONE = auto()  # not two totals: judged by their figures
    GROWING = auto()
    FAR = auto()  # perhaps one series, but only through the totals told in between
    BROKEN = auto()


def _when_told(item: Facts) -> tuple[int, float, bool, bool, int, str, bool, bool]:
    """Return a sort key: earlier told first; of one day the smaller, then what is no total so far."""
    return (
        item.told or 0, item.total, is_tally(item), not item.is_national, item.first or 0, item.place or "",
        item.is_main, item.is_multi_site,
    )  # fmt: skip


def _series(a: Facts, b: Facts) -> _Series:
    """Return whether the two are totals of one growing series."""
    if not (is_tally(a) or is_tally(b)) or not a.total or not b.total:
        return _Series.NONE
    if a.told is None or b.told is None or a.country != b.country:
        return _Series.NONE
    early, late = sorted((a, b), key=_when_told)
    both = is_tally(a) and is_tally(b)
    if a.is_return and not both:
        # One batch is no stage of the sum of batches, unless the figure is the same.
        return _Series.NONE if a.best is not None and a.best == b.best else _Series.BROKEN
    if a.is_return and early.told == late.told and early.total != late.total:
        return _Series.NONE  # two sums told on one day are of two groups
    if not both:
        one_site = early.place is not None and early.place == late.place
        if early.is_national and late.place is None and late.total >= early.total:
            # A later and larger figure for the country, given without "so far".
            return _Series.FAR if late.total > early.total else _Series.NONE
        is_sweep = early.is_multi_site and early.is_main
        if not (is_tally(late) and (is_sweep or one_site)):
            return _Series.NONE
    if a.since is not None and b.since is not None and abs(a.since - b.since) > SERIES_START_DAYS:
        return _Series.BROKEN
    assert early.told is not None
    gap = (late.first if late.first is not None else early.told) - early.told
    if gap > SERIES_BREAK_DAYS:
        return _Series.BROKEN
    if late.total < SERIES_DIP * early.total:
        # A smaller total told later is another thing counted: one day, one office, one nation.
        return _Series.NONE if _count_score(a, b) is not None else _Series.BROKEN
    return _Series.GROWING if gap <= SERIES_GAP_DAYS else _Series.FAR


_VAGUE_PLACE = 0.45


def _place_score(a: Facts, b: Facts) -> float | None:
    """Return how well the places agree; None when they are plainly two."""
    if a.country != b.country:
        return 0.3
    if a.place is not None and a.place == b.place:
        return 1.0
    if a.place is None or b.place is None:
        known = a.place or b.place
        if a.admin1 is not None and a.admin1 == b.admin1:
            return 0.8
        if known is not None and (known in a.sites and known in b.sites):
            return 0.6
        return _VAGUE_PLACE
    if a.place in b.sites or b.place in a.sites:
        return 0.8
    if a.admin1 is not None and a.admin1 == b.admin1:
        if a.point and b.point:
            # Two compounds of one province: one operation when it was one day.
            is_other_day = a.exact is not None and b.exact is not None and a.exact != b.exact
            return None if is_other_day and not a.is_return else 0.6
        return 0.85
    if a.admin1 in b.site_admin1s or b.admin1 in a.site_admin1s:
        return 0.6
    return 0.3 if a.is_return else None


def _slack(a: Facts, b: Facts) -> int:
    return SLACK_DAYS_ANNOUNCED if a.is_return and (a.is_planned or b.is_planned) else SLACK_DAYS


def _date_score(a: Facts, b: Facts) -> float | None:
    if a.first is None or b.first is None or a.last is None or b.last is None:
        return 0.3
    gap = max(0, a.first - b.last, b.first - a.last)
    if gap > _slack(a, b):
        return 0.3 if _is_misdated(a, b) else None
    if a.exact is not None and b.exact is not None:
        return 1.0 if a.exact == b.exact else 0.8
    if a.is_loose or b.is_loose:
        return 0.5 if gap == 0 else 0.4
    return 0.7 if gap == 0 else 0.55


def _near_day(a: Facts, b: Facts) -> bool:
    """Whether both tell of nearly one day: two batches of like size fly within a week."""
    if a.exact is not None and b.exact is not None:
        return abs(a.exact - b.exact) <= (_slack(a, b) if a.is_planned or b.is_planned else 1)
    if a.first is None or b.first is None or a.last is None or b.last is None:
        return False
    middle = abs((a.first + a.last) - (b.first + b.last)) / 2
    return middle <= _slack(a, b) + 1


def _may_be_share(a: Facts, b: Facts) -> bool:
    """Whether one may count one nation among the people that the other's total so far counts."""
    fewer, more = (a, b) if a.total < b.total else (b, a)
    return (
        more.is_cumulative
        and not more.is_return
        and fewer.count_nation is not None
        and fewer.count_nation != more.count_nation
        and (a.place is None or b.place is None)
    )


def _count_score(a: Facts, b: Facts) -> tuple[float, str] | None:
    """Return how well the headline figures agree, and by which rule; None when they are of two events."""
    if a.low is None or b.low is None or a.high is None or b.high is None:
        return 0.4, "unknown"
    if a.best is not None and a.best == b.best:
        return (1.0 if a.best >= DISTINCTIVE else 0.9 if a.best >= 3 else 0.7), "count"
    is_exact = a.low == a.high and b.low == b.high
    if not is_exact and a.low <= b.high and b.low <= a.high:
        return 0.75, "range"
    small, large = sorted((a.best or a.low, b.best or b.low))
    is_one_day = a.exact is not None and a.exact == b.exact
    if large >= NEAR_LEAST and large - small <= max(1.0, NEAR_SHARE * large):
        if not a.is_return or _near_day(a, b):
            return 0.7, "near"
        # without a day of its own it may be the same return; that is not said, nor ruled out
        return (0.5, "near") if a.is_loose or b.is_loose else None
    if is_one_day and not a.is_return and large - small <= NEAR_SHARE_SAME_DAY * large:
        return 0.6, "near"
    if (a.best in b.parts and a.best != b.best) or (b.best in a.parts):
        return 0.8, "part"
    if a.is_return:
        return None
    is_one_site = a.place is not None and a.place == b.place
    if is_one_site and (is_one_day or _near_day(a, b)):
        fewer, more = (a, b) if (a.best or a.low) < (b.best or b.low) else (b, a)
        if fewer.count_nation is not None and fewer.count_nation != more.count_nation:
            # "62 of ours" beside "418 foreigners": one nation's share of the people found there.
            return 0.6, "share"
        if large <= REVISED_FACTOR * max(small, 1):
            return 0.5, "revised"
    return None
