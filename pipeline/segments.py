"""Cut an article into sentences and find in each the figures, dates and event words.

    Article -> [Sentence]

Everything later stages read is found here once; offsets are into ``Article.text``.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline import cues, dates, numbers
from pipeline import text as texts
from pipeline.cues import EventCue
from pipeline.dates import DateExpression
from pipeline.numbers import Quantity
from pipeline.records import Article

# No sentence of news is longer; lists without a stop are cut here so that time stays linear.
LONGEST_SENTENCE = 1200
# "PHNOM PENH, Jul 17 —", "Jakarta (19/1) -", "KUALA LUMPUR, 26 Feb:", "HANOI, May 2 (NewsWire) --": the day of writing.
_DATELINE = re.compile(r"\s*\)?\s*(?:\([^()\n]{1,40}\)\s*)?(?:—|–|-|:|\.-)")
_DATELINE_REACH = 48
# The lead: how many sentences below the title carry what the article is about.
N_LEAD = 3


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with what was found in it. ``index`` 0 is the title."""

    index: int
    paragraph: int
    start: int
    end: int
    text: str
    quantities: tuple[Quantity, ...]
    dates: tuple[DateExpression, ...]
    cues: tuple[EventCue, ...]

    @property
    def is_title(self) -> bool:
        """Whether this is the headline."""
        return self.index == 0

    @property
    def is_lead(self) -> bool:
        """Whether this is the headline or one of the first sentences below it."""
        return self.index <= N_LEAD


def read(article: Article) -> tuple[Sentence, ...]:
    """Return the sentences of the article, the title first."""
    return _read(article.text, len(article.title), article.reference_date)


@functools.lru_cache(maxsize=8)
def _read(text: str, title_end: int, reference: dt.date) -> tuple[Sentence, ...]:
    bounds = [(0, title_end)] if title_end else []
    for item in texts.sentences(text[title_end:]):
        bounds += _pieces(text, item.start + title_end, item.end + title_end)
    first = bounds[1][0] if title_end and len(bounds) > 1 else 0
    all_dates = [_without_dateline(item, text, first) for item in dates.find(text, reference)]
    sentences = []
    paragraph = 0
    heading: tuple[DateExpression, ...] = ()
    for index, (start, end) in enumerate(bounds):
        if index and "\n" in text[bounds[index - 1][1] : start]:
            paragraph += 1
        body = text[start:end]
        here = tuple(item for item in all_dates if start <= item.start and item.end <= end)
        if len(here) == 1 and end - start <= here[0].end - here[0].start + 2:
            heading = here  # a line that is a date dates the lines below it
        elif not here:
            here = heading
        figures = tuple(
            _shift_quantity(item, start)
            for item in numbers.find(body)
            if not any(
                item.start + start < day.end and day.start < item.end + start for day in here
            )
        )
        found = tuple(
            dataclasses.replace(cue, start=cue.start + start, end=cue.end + start)
            for cue in cues.find(body)
        )
        sentences.append(Sentence(index, paragraph, start, end, body, figures, here, found))
    return tuple(sentences)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a sentence that is longer than any sentence at its spaces."""
    while end - start > LONGEST_SENTENCE:
        cut = text.rfind(" ", start + 1, start + LONGEST_SENTENCE)
        cut = cut if cut > start else start + LONGEST_SENTENCE
        yield start, cut
        start = cut + 1 if text[cut] == " " else cut
    yield start, end


def _without_dateline(day: DateExpression, text: str, first: int) -> DateExpression:
    """Return the date, as a day of statement when it stands in the dateline of the body."""
    near = 0 <= day.start - first <= _DATELINE_REACH
    if near and _DATELINE.match(text, day.end):
        return dataclasses.replace(day, is_statement_day=True)
    return day


def _shift_quantity(item: Quantity, by: int) -> Quantity:
    def move(offset: int) -> int:
        return offset + by if offset >= 0 else offset

    return dataclasses.replace(
        item, start=item.start + by, end=item.end + by, noun_start=move(item.noun_start),
        noun_end=move(item.noun_end), hedge_start=move(item.hedge_start),
    )  # fmt: skip
