"""Read a labelled set: articles with the mentions, incidents and statistics that a person found in them.

JSON Lines, one article a line. Only ``id``, ``text`` and ``relevant`` must be there: what a set leaves out
is not measured. Keys that we do not know are passed over, so a set may carry more than we read.
"""

from __future__ import annotations

import calendar
import datetime as dt
import json
import re
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from pipeline.records import CountRole, DatePrecision, EventType, Relation, StatisticCategory, Unit


class GoldError(ValueError):
    """A line of a labelled set that cannot be read; the message names line, field and cause."""


class _Gold(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


def _listed(value: Any) -> Any:
    """Return a list: a set may write null for nothing and a bare value for one."""
    if value is None:
        return []
    return value if isinstance(value, list | tuple) else [value]


def _named(value: Any) -> Any:
    """Return mention objects: a set may give plain names."""
    return [{"surface": item} if isinstance(item, str) else item for item in _listed(value)]


def _day(value: Any) -> Any:
    """Return the first day of a year or month that is written short; null when the day is not known."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}(-\d{2})?", value):
        return f"{value}-01-01" if len(value) == 4 else f"{value}-01"
    return value or None


def _text(value: Any) -> Any:
    """Return a code or year that is written as a number as the text it is."""
    return str(value) if isinstance(value, int) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Day = Annotated[dt.date | None, BeforeValidator(_day)]


class GoldMention(_Gold):
    """A place or agency named in the text, once per role."""

    surface: str
    canonical: str | None = None
    country: str | None = None
    admin1: str | None = None
    role: str | None = None

    @property
    def name(self) -> str:
        """The canonical name, else the words of the text."""
        return self.canonical or self.surface


class GoldPlace(_Gold):
    """A place of an incident."""

    name: str
    role: str | None = None
    country: str | None = None
    admin1: str | None = None


class GoldCount(_Gold):
    """A figure of an incident."""

    role: CountRole
    best: int | None = None
    low: int | None = None
    high: int | None = None
    relation: Relation = Relation.EQUAL
    unit: Unit = Unit.PERSONS
    is_cumulative: bool | None = None
    is_subset: bool = False
    is_headline: bool | None = None


class GoldIncident(_Gold):
    """One event that the article tells of."""

    incident_key: str
    event_type: EventType
    date: Day = None
    date_end: Day = None
    date_precision: Annotated[DatePrecision | None, BeforeValidator(_text)] = None
    event_country: str | None = None
    destination_country: str | None = None
    places: Annotated[tuple[GoldPlace, ...], BeforeValidator(_listed)] = ()
    counts: Annotated[tuple[GoldCount, ...], BeforeValidator(_listed)] = ()
    nationality: Names = ()
    agencies: Names = ()
    scam_type: Names = ()

    @property
    def headline(self) -> GoldCount | None:
        """The figure that sizes the event: the one marked so, else the first of persons."""
        persons = [item for item in self.counts if item.unit is Unit.PERSONS]
        marked = [item for item in persons if item.is_headline]
        return next(iter(marked or persons), None)

    def window(self) -> tuple[dt.date, dt.date] | None:
        """Return the days on which the event may have begun, as its precision code allows.

        The codes follow ACLED and UCDP GED (1 the day, 2 within a week, 3 week, 4 month, 5 quarter,
        6 year). Null when the set does not say when, or says that nobody knows (9).
        """
        precision = self.date_precision or DatePrecision.DAY
        if self.date is None or precision is DatePrecision.UNKNOWN:
            return None
        first, last = self.date, max(self.date, self.date_end or self.date)
        days = {DatePrecision.DAY: 0, DatePrecision.WITHIN_WEEK: 3, DatePrecision.WEEK: 7}
        if precision in days:
            slack = dt.timedelta(days=days[precision])
            return first - slack, last + slack
        months = {DatePrecision.MONTH: 1, DatePrecision.QUARTER: 3, DatePrecision.YEAR: 12}[
            precision
        ]
        return _period_start(first, months), _period_end(last, months)


class GoldStatistic(_Gold):
    """An aggregate figure; a period is a year, a month or a day, compared as coarsely as it is written."""

    metric: str = ""
    value: float
    unit: Unit | None = None
    category: StatisticCategory | None = None
    period_start: Annotated[str | None, BeforeValidator(_text)] = None
    period_end: Annotated[str | None, BeforeValidator(_text)] = None
    period: Annotated[str | None, BeforeValidator(_text)] = Field(
        default=None,
        description="A period in one field: `2024`, `2024-11`, or two parts with a slash.",
    )

    @property
    def bounds(self) -> tuple[str | None, str | None]:
        """First and last period as written."""
        if self.period is None:
            return self.period_start, self.period_end
        first, _, last = self.period.partition("/")
        return first.strip() or None, (last or first).strip() or None


class GoldArticle(_Gold):
    """One labelled article. ``labelled_set`` is the file it stands in: incident keys are its own."""

    id: str
    labelled_set: str = ""
    url: str = ""
    outlet: str = ""
    language: str = "und"
    published: str | None = None
    title: str = ""
    text: str
    relevant: bool
    incidents: Annotated[tuple[GoldIncident, ...], BeforeValidator(_listed)] = ()
    statistics: Annotated[tuple[GoldStatistic, ...], BeforeValidator(_listed)] | None = ()
    places: Annotated[tuple[GoldMention, ...], BeforeValidator(_named)] | None = None
    agencies: Annotated[tuple[GoldMention, ...], BeforeValidator(_named)] | None = None


def parse(lines: Iterable[str], labelled_set: str = "labelled set") -> list[GoldArticle]:
    """Return the labelled articles, in order. Empty lines are passed over.

    Raises ``GoldError`` with the line number and the field at the first line that cannot be read: scores
    over half a labelled set would mislead.
    """
    articles: list[GoldArticle] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{labelled_set}, line {number}"
        try:
            raw = json.loads(line)
        except json.JSONDecodeError as error:
            raise GoldError(f"{where}: not JSON ({error.msg} at column {error.colno})") from error
        if not isinstance(raw, dict):
            raise GoldError(f"{where}: expected one JSON object a line")
        # A set that does not list mentions at all is not measured on them; an empty list says there are none.
        try:
            article = GoldArticle.model_validate({**raw, "labelled_set": labelled_set})
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"])
            raise GoldError(f"{where}: {field}: {first['msg']}") from error
        if article.id in seen:
            raise GoldError(f"{where}: id {article.id!r} stands on line {seen[article.id]} already")
        seen[article.id] = number
        articles.append(article)
    return articles


def _period_start(day: dt.date, months: int) -> dt.date:
    return dt.date(day.year, (day.month - 1) // months * months + 1, 1)


def _period_end(day: dt.date, months: int) -> dt.date:
    month = (day.month - 1) // months * months + months
    return dt.date(day.year, month, calendar.monthrange(day.year, month)[1])
