"""What of a report is compared with other reports.

    Report -> Facts

Days become numbers and windows, as wide as their precision says; figures become ranges, names sets. What a
text repeats is read together: the title has the bare figure, the body says since when it was counted.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re

from pipeline import text as texts
from pipeline.records import (
    DateBasis,
    DatePrecision,
    EventType,
    GeoPrecision,
    PlaceRole,
    Report,
    Unit,
)

# Which kinds of event may be one happening: the same action reads as a raid, a rescue, a release.
ACTION = frozenset(
    {EventType.RESCUE, EventType.RELEASE_HANDOVER, EventType.RAID, EventType.ARREST,
     EventType.DETENTION}
)  # fmt: skip
BREAKOUT = frozenset({EventType.ESCAPE, EventType.UNREST})
RETURN = frozenset({EventType.REPATRIATION, EventType.DEPORTATION})
# Events that have no headline figure of persons to be told apart by.
COUNTLESS = frozenset(
    {EventType.POLICY, EventType.SANCTION, EventType.INVESTIGATION, EventType.PROSECUTION,
     EventType.OTHER}
)  # fmt: skip

# A sweep that is counted over this many days is a campaign.
CAMPAIGN_DAYS = 7
# People who walk in at a mission are told as a tally whether or not the text says "so far".
WALK_IN_LEAST = 50
# Parts of a figure below this size recur by chance.
PART_LEAST = 5
# Where a text gives no day, the event lies within this many days before it.
UNDATED_DAYS = 21
# News tells of what happened in the last days: a day further back beside an equal figure, in texts that
# appear together, is the day of something else.
STALE_DAYS, TOGETHER_DAYS = 10, 3
# The true figure behind "more than N" is taken to lie below this multiple of N.
AT_LEAST_REACH = 1.5

_SITE_ROLES = frozenset(
    {PlaceRole.EVENT_SITE, PlaceRole.DESTINATION, PlaceRole.CROSSING, PlaceRole.SHELTER}
)
_LOCAL = frozenset({GeoPrecision.SITE, GeoPrecision.TOWN, GeoPrecision.ADMIN2, GeoPrecision.ADMIN1})
_POINT = frozenset({GeoPrecision.SITE, GeoPrecision.TOWN})
_NATIONWIDE = re.compile(
    r"\b(?:nation-?wide|national (?:sweep|crackdown|campaign|operation|push|drive|effort|offensive)|(?:\d+|two|three|four|five|six|seven|eight|nine|ten|dozen) provinces|(?:dua|tiga|empat|lima|enam|tujuh|delapan|lapan|sembilan|sepuluh|belasan|puluhan) (?:provinsi|wilayah)|across (?:the country|the nation|cambodia|myanmar|the philippines|\w+ provinces)|"
    r"operasi nasional|berskala nasional|seluruh (?:negeri|negara|kamboja|myanmar)|se-?kamboja|secara nasional|seluruh negara|\d+ provin(?:ces|si))\b",
    re.IGNORECASE,
)
_ORDINALS = {
    "pertama": 1, "first": 1, "kedua": 2, "second": 2, "ketiga": 3, "third": 3, "keempat": 4, "fourth": 4, "kelima": 5,
    "fifth": 5, "keenam": 6, "sixth": 6, "ketujuh": 7, "seventh": 7, "kedelapan": 8, "eighth": 8,
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6,
}  # fmt: skip
_GROUP = r"(?:kloter|gelombang|rombongan|kelompok|kumpulan|tahap|batch|group|wave|flight|tranche)"
_BATCH = re.compile(
    rf"\b{_GROUP} (?:ke-?)?(?P<after>\d{{1,2}}\b|{'|'.join(_ORDINALS)})\b|\b(?P<before>first|second|third|fourth|fifth|sixth|seventh|eighth) {_GROUP}\b",
    re.IGNORECASE,
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]{3,}")
# Words of any text on the subject: sharing them says nothing.
_COMMON = frozenset(
    _WORD.findall(
        "yang dan dari untuk dengan pada dalam oleh para telah sudah akan itu ini ada mereka orang wni warga "
        "negara indonesia the and from for with that were was have had has been said who people"
    )
)


class Facts:
    """A report as comparing needs it: days as numbers, figures as ranges, names as sets."""

    __slots__ = (
        "admin1",
        "agencies",
        "article",
        "best",
        "block",
        "count_nation",
        "country",
        "destination",
        "exact",
        "first",
        "high",
        "is_complaint",
        "is_cumulative",
        "is_loose",
        "is_main",
        "is_multi_site",
        "is_national",
        "is_planned",
        "is_return",
        "keys",
        "language",
        "last",
        "low",
        "nations",
        "ordinal",
        "origins",
        "parts",
        "place",
        "point",
        "published",
        "since",
        "site_admin1s",
        "sites",
        "summary",
        "told",
        "total",
        "twins",
        "type",
        "words",
    )  # fmt: skip

    def __init__(self, report: Report) -> None:
        self.article = report.article_id
        self.type = report.event_type
        self.block = _block(report.event_type)
        self.is_return = report.event_type in RETURN
        self.is_complaint = report.event_type is EventType.COMPLAINT
        self.is_main = report.salience == "main"
        self.is_planned = report.is_planned
        self.is_cumulative = report.is_cumulative
        self.country = report.event_country or report.destination_country
        self.destination = report.destination_country or report.event_country
        is_local = report.geo_precision in _LOCAL and report.place_id is not None
        self.place = report.place_id if is_local else None
        self.admin1 = report.admin1 if report.geo_precision in _LOCAL else None
        self.point = is_local and report.geo_precision in _POINT
        sites = [
            item for item in report.places
            if item.role in _SITE_ROLES and item.geo_precision in _LOCAL and item.country in {None, self.country}
        ]  # fmt: skip
        self.sites = frozenset(item.place_id for item in sites)
        self.site_admin1s = frozenset(item.admin1 for item in sites if item.admin1 is not None)
        events = {
            item.admin1 or item.place_id for item in sites if item.role is PlaceRole.EVENT_SITE
        }
        self.is_multi_site = len(events) > 1 or len(self.site_admin1s) > 2
        self.origins = frozenset(
            item.admin1 or item.place_id for item in report.places if item.role is PlaceRole.ORIGIN
        )
        self._read_counts(report)
        self._read_days(report)
        # No single place is raided for weeks on end: such a total is the country's, wherever it is told.
        is_long = self.since is not None and (self.told or 0) - self.since >= CAMPAIGN_DAYS
        is_named = bool(_NATIONWIDE.search(report.summary))
        is_spread = not is_local or self.is_multi_site or is_long or is_named
        self.is_national = report.event_type in ACTION and self.is_cumulative and is_spread
        if self.is_national:
            self.place = self.admin1 = None
            self.point = False
        self.nations = frozenset(report.nationalities)
        self.agencies = frozenset(item.agency_id for item in report.agencies)
        self.keys = frozenset(report.keys)
        self.ordinal = _ordinal(report.summary) if self.is_return else None
        self.language = report.language
        self.summary = report.summary
        self.words = frozenset(
            word for word in _WORD.findall(texts.fold(report.summary)) if word not in _COMMON
        )

    def _read_counts(self, report: Report) -> None:
        self.best = report.count_best
        low: float | None = report.count_low
        high: float | None = report.count_high
        if low is None and high is None:
            low = high = self.best
        elif low is not None and high is None:
            high = low * AT_LEAST_REACH
        elif high is not None and low is None:
            low = high / AT_LEAST_REACH
        self.low, self.high = low, high
        persons = [claim for claim in report.claims if claim.unit is Unit.PERSONS]
        parts = {claim.best for claim in persons if claim.subset_of is not None and claim.best}
        self.parts = frozenset(part for part in parts if part >= PART_LEAST)
        headline = next((claim for claim in persons if claim.is_headline), None)
        # The body repeats the figure of the title, and only there says since when it was counted.
        self.twins = tuple(
            claim for claim in persons
            if headline is not None and claim.best is not None and claim.best == headline.best and claim.role is headline.role
        )  # fmt: skip
        self.is_cumulative = report.is_cumulative or any(
            claim.is_cumulative for claim in self.twins
        )
        self.count_nation = headline.nationality if headline is not None else None
        whole = headline.subset_of if headline is not None else None
        totals = [
            claim.best for claim in persons
            if claim.best is not None and not claim.is_planned and claim.role is report.headline_role
            and (claim.is_cumulative or claim.claim_id == whole)
        ]  # fmt: skip
        own = self.best or self.low or 0
        is_tally = self.is_cumulative or self.is_complaint
        self.total = max([*totals, own]) if is_tally else own

    def _read_days(self, report: Report) -> None:
        published = report.published_date
        first, last = report.date_start, report.date_end or report.date_start
        precision = report.date_precision
        is_bound = report.date_basis is DateBasis.PUBLICATION_UPPER_BOUND
        told = max(
            (
                day
                for day in (*(claim.as_of_date for claim in self.twins), published or last)
                if day
            ),
            default=None,
        )
        since = min(
            (claim.cumulative_since for claim in self.twins if claim.cumulative_since), default=None
        )
        if since is None and report.is_cumulative and not is_bound:
            since = first
        if since is not None and told is not None and self.is_cumulative:
            # A total is of days gone by; a later day in its sentence is that of something planned.
            since = first = last = since if since <= told else None
        self.told = told.toordinal() if told is not None else None
        self.since = since.toordinal() if since is not None and self.is_cumulative else None
        self.published = published.toordinal() if published is not None else None
        self.exact = None
        self.is_loose = is_bound
        if first is None or last is None or precision is DatePrecision.UNKNOWN:
            # Nothing but the day of the telling is known: the event lies in the weeks before it.
            self.first = self.published - UNDATED_DAYS if self.published is not None else None
            self.last = self.published
            self.is_loose = True
            return
        last = max(first, last)
        is_one_day = precision is DatePrecision.DAY and first == last
        if is_one_day and not is_bound and not self.is_cumulative:
            self.exact = first.toordinal()
        if self.is_cumulative and self.told is not None:
            last = max(last, dt.date.fromordinal(self.told))
        low, high = first.toordinal(), last.toordinal()
        if not self.is_cumulative:
            if is_bound and not report.is_planned:
                low -= UNDATED_DAYS
            elif precision is DatePrecision.WITHIN_WEEK:
                low, high = low - 3, high + 3
            elif precision is DatePrecision.WEEK:
                low, high = low - 7, high + 7
        if precision in {DatePrecision.MONTH, DatePrecision.QUARTER, DatePrecision.YEAR}:
            months = {DatePrecision.MONTH: 1, DatePrecision.QUARTER: 3, DatePrecision.YEAR: 12}[
                precision
            ]
            begin = dt.date(first.year, (first.month - 1) // months * months + 1, 1)
            month = (last.month - 1) // months * months + months
            finish = dt.date(last.year, month, calendar.monthrange(last.year, month)[1])
            low, high = begin.toordinal(), max(high, finish.toordinal())
        self.first, self.last = low, high


def _block(event: EventType) -> str:
    """Return the name of the kinds of event among which a report may find its own."""
    if event in ACTION or event in BREAKOUT:
        return "action"
    if event in RETURN:
        return "return"
    return event.value


def _ordinal(summary: str) -> int | None:
    """Return which batch the sentence speaks of, when it names exactly one."""
    found = set()
    for match in _BATCH.finditer(summary):
        word = (match["after"] or match["before"]).lower()
        found.add(int(word) if word.isdigit() else _ORDINALS[word])
    return found.pop() if len(found) == 1 else None


def is_tally(item: Facts) -> bool:
    """Whether the figure is a total so far."""
    return item.is_cumulative or (item.is_complaint and item.total >= WALK_IN_LEAST)


def is_stale(item: Facts) -> bool:
    """Whether a headline's event would lie further back than news reaches: its day may be misread."""
    if item.last is None or item.published is None or item.is_cumulative or not item.is_main:
        return False
    return item.published - item.last > STALE_DAYS
