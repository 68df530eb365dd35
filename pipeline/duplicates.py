"""Find the articles that carry one text: syndicated, reprinted, shortened.

    [Article] -> [Article]  with copy_group_id, is_primary and duplicate_of set

Copies are kept, since who printed whose story is a fact; they only stop counting as further sources.
Candidates come from MinHash (16 bands of 8 rows) and from equal openings; each pair is then compared
exactly, so a hash collision never joins two stories.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from pipeline import text as texts
from pipeline.records import Article, make_id

# At 16 bands of 8 rows a pair is met with probability .5 at Jaccard .68, .94 at .80 and .99 at .90.
N_BANDS = 16
N_ROWS = 8
SEED = 20240618
SHINGLE_WORDS = 3
# Exact likeness from which two texts are one. A reprint that swaps one word in sixteen stays above it
# (15/16 to the third power of its shingles survive); a text spun more heavily counts as its own.
SAME_TEXT = 0.70
# A shortened reprint: nearly all of the shorter text stands in the longer one, which is at most twice it.
CONTAINED = 0.90
MIN_SIZE_RATIO = 0.5
# The opening that a reprint keeps even when its tail is cut or followed by other matter.
OPENING_LETTERS = 200
# Where the figures stand that tell one day's update from the next.
LEAD_LETTERS = 600
# Texts of fewer shingles are compared for equality alone: a shared phrase is half of them.
MIN_SHINGLES = 20

# The same words again after so long are a text brought up anew, not a reprint of the day's story.
WINDOW = dt.timedelta(days=45)

_WORD = re.compile(r"\w+")
_FIGURE = re.compile(r"\d[\d.,]*")
_LATEST = dt.datetime.max.replace(tzinfo=dt.UTC)


def group(articles: Sequence[Article]) -> list[Article]:
    """Return the articles, in the order given, each with its copy group and the group's primary.

    The primary is the earliest published one, then the one with the smallest id. An article without
    copies is the primary of a group of its own. The order of the input plays no part.
    """
    texts_of: dict[str, Article] = {}
    for article in articles:
        held = texts_of.get(article.article_id)
        if held is None or _rank(article) < _rank(held):
            texts_of[article.article_id] = article
    ordered = [texts_of[key] for key in sorted(texts_of)]
    sets = _Sets(len(ordered))
    profiles = [_Profile(article) for article in ordered]
    for left, right in _candidates(profiles):
        if sets.root(left) != sets.root(right) and profiles[left].same_as(profiles[right]):
            sets.join(left, right)
    members: dict[int, list[Article]] = defaultdict(list)
    for index, article in enumerate(ordered):
        members[sets.root(index)].append(article)
    primary_of = {
        article.article_id: primary
        for group_ in members.values()
        for primary in (min(group_, key=_rank),)
        for article in group_
    }
    return [_marked(article, primary_of[article.article_id]) for article in articles]


def _marked(article: Article, primary: Article) -> Article:
    is_primary = article.article_id == primary.article_id
    return article.model_copy(
        update={
            "copy_group_id": make_id("copy", primary.article_id),
            "is_primary": is_primary,
            "duplicate_of": None if is_primary else primary.article_id,
        }
    )


def _rank(article: Article) -> tuple[dt.datetime, str, dt.datetime, str]:
    return (
        article.published_at or _LATEST,
        article.article_id,
        article.fetched_at,
        article.page_sha256,
    )


class _Sets:
    """Disjoint sets of indices."""

    def __init__(self, size: int) -> None:
        self._up = list(range(size))

    def root(self, index: int) -> int:
        while self._up[index] != index:
            self._up[index] = self._up[self._up[index]]
            index = self._up[index]
        return index

    def join(self, left: int, right: int) -> None:
        low, high = sorted((self.root(left), self.root(right)))
        self._up[high] = low


class _Profile:
    """What is compared of one text: its shingles, its opening, the figures of its lead."""

    __slots__ = ("day", "figures", "opening", "shingles", "whole")

    def __init__(self, article: Article) -> None:
        self.day = article.reference_date
        body = article.body
        if article.dateline and body.startswith(article.dateline):
            body = body[len(article.dateline) :]  # each outlet signs the dateline in its own way
        words = _WORD.findall(texts.fold(body or article.title))
        self.whole = " ".join(words)
        self.shingles = frozenset(
            " ".join(words[i : i + SHINGLE_WORDS]) for i in range(len(words) - SHINGLE_WORDS + 1)
        )
        title = " ".join(_WORD.findall(texts.fold(article.title)))
        self.opening = f"{title}\n{self.whole[:OPENING_LETTERS]}"
        self.figures = frozenset(
            re.sub(r"\D", "", figure) for figure in _FIGURE.findall(body[:LEAD_LETTERS])
        )

    def same_as(self, other: _Profile) -> bool:
        """Return whether both carry one text; a lead with other figures is an update, not a copy."""
        if abs(self.day - other.day) > WINDOW:
            return False
        if self.whole == other.whole:
            return True
        if min(len(self.shingles), len(other.shingles)) < MIN_SHINGLES:
            return False
        if self.figures - other.figures and other.figures - self.figures:
            return False
        shared = len(self.shingles & other.shingles)
        small, large = sorted((len(self.shingles), len(other.shingles)))
        if shared >= SAME_TEXT * (small + large - shared):
            return True
        return shared >= CONTAINED * small and small >= MIN_SIZE_RATIO * large


def _candidates(profiles: Sequence[_Profile]) -> Iterator[tuple[int, int]]:
    """Yield the pairs worth comparing, each band's in order of index."""
    from rensa import RMinHash

    buckets: dict[tuple[int, object], list[int]] = defaultdict(list)
    for index, profile in enumerate(profiles):
        buckets[(-1, profile.whole)].append(index)
        buckets[(-2, profile.opening)].append(index)
        if len(profile.shingles) < MIN_SHINGLES:
            continue
        sketch = RMinHash(num_perm=N_BANDS * N_ROWS, seed=SEED)
        sketch.update(sorted(profile.shingles))
        digest = sketch.digest()
        for band in range(N_BANDS):
            buckets[(band, tuple(digest[band * N_ROWS : (band + 1) * N_ROWS]))].append(index)
    for members in buckets.values():
        yield from combinations(members, 2)
