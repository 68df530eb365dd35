"""Whether a count rose: surges and lasting changes of a rate, with the reason in words. Pure.

    (period, incidents, articles screened) -> Surge, Change, or why nothing can be said

Both methods compare rates, so a month in which twice as many articles were read is allowed twice as many
incidents. `docs/explanation/trends.md` derives the formulas and tells how often they are wrong.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

# How many watched periods before the one in question are its baseline, and how many there must be.
BASELINE: Mapping[str, int] = {"day": 28, "week": 12, "month": 12}
LEAST_BASELINE: Mapping[str, int] = {"day": 14, "week": 6, "month": 6}
# A baseline of fewer incidents tells no rate; the figure is that of Farrington et al. (1996), who
# raise no alarm on fewer than five cases.
LEAST_BASELINE_INCIDENTS = 5
# Two incidents may be one flight that was told twice.
LEAST_SURGE = 3
# The chance of a false alarm in one period: about one in 200 watched periods.
ALPHA = 0.005

# For lasting changes: watched periods, incidents and periods on each side that there must be.
LEAST_PERIODS = 12
LEAST_INCIDENTS = 20
LEAST_SEGMENT = 3


class Point(NamedTuple):
    """One watched period: incidents and the articles screened, more than none."""

    period: dt.date
    n: int
    screened: int


class Surge(NamedTuple):
    """A period with more incidents than the ones before it let expect."""

    period: dt.date
    n: int
    expected: float
    probability: float
    n_baseline: int

    @property
    def why(self) -> str:
        """The finding in one sentence."""
        once = 1 / max(self.probability, 1e-6)
        return (
            f"{self.n} incidents where about {self.expected:.1f} were to be expected from the"
            f" {self.n_baseline} watched periods before and the articles screened; chance alone brings so"
            f" many or more once in {'over ' if once > 9e5 else ''}{min(round(once), 1_000_000):,} periods"
        )


class Change(NamedTuple):
    """The first period of a new level, with the rates before and after per 10,000 articles."""

    period: dt.date
    before: float
    after: float
    n_before: int
    n_after: int

    @property
    def why(self) -> str:
        """The finding in one sentence."""
        turned = "rose" if self.after > self.before else "fell"
        return (
            f"the rate {turned} from {self.before:.2f} to {self.after:.2f} incidents per 10,000 articles and"
            f" stayed there ({self.n_before} and {self.n_after} incidents)"
        )


class Signals(NamedTuple):
    """What was found in one series; ``refused`` says what could not be judged and why."""

    surges: tuple[Surge, ...] = ()
    changes: tuple[Change, ...] = ()
    n_judged: int = 0
    refused: tuple[str, ...] = ()


def find(points: Sequence[Point], grain: str) -> Signals:
    """Return the surges and lasting changes of a series, oldest first; ``grain`` is that of its periods."""
    surges, n_judged = _surges(points, grain)
    refused = []
    if not n_judged:
        refused.append(
            f"surges: no period has {LEAST_BASELINE[grain]} watched periods with"
            f" {LEAST_BASELINE_INCIDENTS} incidents before it"
        )
    total = sum(point.n for point in points)
    changes: tuple[Change, ...] = ()
    if len(points) < LEAST_PERIODS or total < LEAST_INCIDENTS:
        refused.append(
            f"lasting changes: {len(points)} watched periods and {total} incidents;"
            f" it takes {LEAST_PERIODS} and {LEAST_INCIDENTS}"
        )
    else:
        changes = _changes(points)
    return Signals(surges, changes, n_judged, tuple(refused))


# --- surges ----------------------------------------------------------------------------------------


def _surges(points: Sequence[Point], grain: str) -> tuple[tuple[Surge, ...], int]:
    found = []
    n_judged = 0
    for at, point in enumerate(points):
        baseline = points[max(0, at - BASELINE[grain]) : at]
        if (
            len(baseline) < LEAST_BASELINE[grain]
            or sum(p.n for p in baseline) < LEAST_BASELINE_INCIDENTS
        ):
            continue
        n_judged += 1
        expected, spread = _predicted(baseline, point.screened)
        chance = probability_of_at_least(point.n, expected, spread)
        if point.n >= LEAST_SURGE and chance < ALPHA:
            found.append(Surge(point.period, point.n, expected, chance, len(baseline)))
    return tuple(found), n_judged


def _predicted(baseline: Sequence[Point], screened: int) -> tuple[float, float]:
    """Return the mean of the next count and its variance divided by that mean.

    The rate of the baseline is pooled, with half an incident added (Jeffreys' prior), as in the Gamma-Poisson
    detector of Hoehle (2007); the variance is raised by the dispersion of the baseline, as Farrington et
    al. (1996) do. With no dispersion this is the negative binomial predictive distribution exactly.
    """
    incidents, articles = sum(p.n for p in baseline), sum(p.screened for p in baseline)
    rate = incidents / articles
    pearson = sum((p.n - rate * p.screened) ** 2 / (rate * p.screened) for p in baseline)
    dispersion = max(1.0, pearson / (len(baseline) - 1))
    mean = screened * (incidents + 0.5) / articles
    return mean, dispersion * (1 + screened / articles)


def probability_of_at_least(n: int, mean: float, spread: float) -> float:
    """Return the chance of ``n`` or more under a negative binomial with this variance-to-mean ratio > 1."""
    size = mean / (spread - 1)
    term = math.exp(size * math.log(size / (size + mean)))
    below = 0.0
    for k in range(n):
        below += term
        term *= (k + size) / (k + 1) * mean / (size + mean)
    return max(0.0, 1.0 - below)


# --- lasting changes -------------------------------------------------------------------------------


def _changes(points: Sequence[Point]) -> tuple[Change, ...]:
    """Return where the rate changed, by the partition of least penalised deviance.

    Optimal partitioning (Jackson et al. 2005; the exact problem that PELT of Killick et al. 2012 prunes) with
    the Poisson likelihood of each segment's own rate, divided by the dispersion, and the penalty of three
    times the logarithm of the length, the leading term of the modified BIC (Zhang and Siegmund 2007).
    """
    n = len(points)
    incidents, articles = [0], [0]
    for point in points:
        incidents.append(incidents[-1] + point.n)
        articles.append(articles[-1] + point.screened)
    dispersion = _local_dispersion(points)
    penalty = 3 * math.log(n)

    def cost(first: int, last: int) -> float:
        told = incidents[last] - incidents[first]
        if not told:
            return 0.0
        return -2 * told * math.log(told / (articles[last] - articles[first])) / dispersion

    best = [-penalty] + [math.inf] * n
    previous = [0] * (n + 1)
    for last in range(LEAST_SEGMENT, n + 1):
        for first in range(last - LEAST_SEGMENT + 1):
            tried = best[first] + cost(first, last) + penalty
            if tried < best[last]:
                best[last], previous[last] = tried, first
    cuts = [n]
    while cuts[-1]:
        cuts.append(previous[cuts[-1]])
    cuts.reverse()
    found = []
    for start, cut, end in zip(cuts, cuts[1:], cuts[2:], strict=False):
        n_before, n_after = incidents[cut] - incidents[start], incidents[end] - incidents[cut]
        before = 10_000 * n_before / (articles[cut] - articles[start])
        after = 10_000 * n_after / (articles[end] - articles[cut])
        found.append(Change(points[cut].period, before, after, n_before, n_after))
    return tuple(found)


def _local_dispersion(points: Sequence[Point]) -> float:
    """Return how much more neighbouring periods differ than chance lets them, at least 1.

    Of the incidents of two neighbours each gets its part by its articles; the squared deviation from that part
    is compared with the binomial variance. A change of level touches one pair only, so it does not hide itself
    by raising the dispersion of the whole series.
    """
    squares = []
    for left, right in pairwise(points):
        both = left.n + right.n
        if both:
            part = left.screened / (left.screened + right.screened)
            squares.append((left.n - both * part) ** 2 / (both * part * (1 - part)))
    return max(1.0, sum(squares) / len(squares)) if squares else 1.0
