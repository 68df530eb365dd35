"""Score readings against a labelled set: one measure for each bar of the project.

    [GoldArticle], [Reading], report -> incident, [Incident] -> [Measure]

What a set leaves out is not measured: a field that is null or missing in the set never counts for or
against us. What we miss counts: an event that no report tells of is wrong in every measure of events.
Intervals are 95 % percentile bootstrap over articles (Efron 1979), seeded, so that they repeat.

How things are compared
    texts         folded: case, accents and kinds of quotes make no difference.
    place names   each article's distinct surfaces, one to one: equal when folded, else one inside the other
                  at word bounds with the same country ("Soekarno-Hatta", "Bandara Soekarno-Hatta").
    agencies      each article's distinct agencies, however often and under whatever name they stand there.
    events        the pairing of ``pipeline.alignment``; no article lends a report to two events.
    periods       as coarsely as the set writes them: "2024-11" is met by any day of that month; a bound
                  that the set leaves null is not compared.
    clusters      incident keys are those of one labelled set; an event without a report is a cluster of its own.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline import alignment, places
from pipeline.gold import GoldArticle, GoldIncident, GoldMention, GoldStatistic
from pipeline.records import (
    Article,
    Claim,
    EventType,
    GeoPrecision,
    Incident,
    Mention,
    MentionKind,
    Record,
    Relevance,
    Report,
    Statistic,
    Unit,
)
from pipeline.text import fold

Numbers = npt.NDArray[np.float64]

# Share of relevant articles in a crawl, on which a precision must be judged (a labelled set has far more).
TRUE_PREVALENCE = 0.02
# A series is growing when this many articles tell of it; fewer say little about sums.
GROWING_SERIES = 3
N_RESAMPLES = 1000
SEED = 20240618
# A place is near when it lies within 100 miles (Cheng, Caverlee and Lee 2010).
NEAR_KM = 161.0
EARTH_RADIUS_KM = 6371.0
# With no false hit among n articles the true rate may still be 3/n (95 %, "rule of three", Hanley 1983).
RULE_OF_THREE = 3.0


class Reading(NamedTuple):
    """All that the stages made of one labelled article."""

    article: Article
    relevance: Relevance
    mentions: Sequence[Mention]
    claims: Sequence[Claim]
    reports: Sequence[Report]
    statistics: Sequence[Statistic]


class Measure(Record):
    """One figure of merit with its bar. ``value`` is null when nothing was there to measure."""

    name: str
    language: str
    value: float | None
    n: int
    bar: float | None = None
    lower_is_better: bool = False
    passed: bool | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""


class _Scale(NamedTuple):
    """How a measure is computed from sums of tallies; the last axis of the sums is the tally."""

    name: str
    combine: Callable[[Numbers], Numbers]
    size: Callable[[Numbers], float]
    bar: float | None = None
    lower_is_better: bool = False
    note: str = ""


class _Paired(NamedTuple):
    """A labelled event of an article and the report that tells of it, if any."""

    article: int
    incident: GoldIncident
    report: Report | None


Tallies = dict[str, list[list[float]]]


# --- combining tallies ---------------------------------------------------------------------------------


def _quotient(top: Numbers, bottom: Numbers) -> Numbers:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(bottom > 0, top / bottom, np.nan)


def _share(sums: Numbers) -> Numbers:
    """Hits of all, from tallies (hit, all)."""
    return _quotient(sums[..., 0], sums[..., 1])


def _f1(sums: Numbers) -> Numbers:
    """F1 from tallies (true positive, false positive, false negative)."""
    return _quotient(2 * sums[..., 0], 2 * sums[..., 0] + sums[..., 1] + sums[..., 2])


def _precision(sums: Numbers) -> Numbers:
    return _quotient(sums[..., 0], sums[..., 0] + sums[..., 1])


def _recall(sums: Numbers) -> Numbers:
    return _quotient(sums[..., 0], sums[..., 0] + sums[..., 2])


def _precision_at_prevalence(sums: Numbers) -> Numbers:
    """Precision where few articles are relevant, from (tp, fp, fn, tn): recall and false alarms reweighed."""
    recall = _recall(sums)
    alarms = _quotient(sums[..., 1], sums[..., 1] + sums[..., 3])
    hits = TRUE_PREVALENCE * recall
    return _quotient(hits, hits + (1 - TRUE_PREVALENCE) * alarms)


def _macro_f1(sums: Numbers) -> Numbers:
    """Mean F1 over the classes that the set holds, from a (tp, fp, fn) for each class in turn."""
    by_class = sums.reshape((*sums.shape[:-1], -1, 3))
    present = by_class[..., 0] + by_class[..., 2] > 0
    scores = np.where(present, np.nan_to_num(_f1(by_class)), 0.0)
    return _quotient(scores.sum(axis=-1), present.sum(axis=-1).astype(np.float64))


def _harmonic(sums: Numbers) -> Numbers:
    """F1 from sums of precision and recall over the same items: (precision, recall, items)."""
    precision, recall = _quotient(sums[..., 0], sums[..., 2]), _quotient(sums[..., 1], sums[..., 2])
    return _quotient(2 * precision * recall, precision + recall)


def _total(index: int) -> Callable[[Numbers], float]:
    return lambda sums: float(sums[index])


def _true(sums: Numbers) -> float:
    """How many items the set holds, from (tp, fp, fn)."""
    return float(sums[0] + sums[2])


def _offered(sums: Numbers) -> float:
    """How many items we offered, from (tp, fp, ...)."""
    return float(sums[0] + sums[1])


def _members(sums: Numbers) -> float:
    by_class = sums.reshape(-1, 3)
    return float(by_class[:, 0].sum() + by_class[:, 2].sum())


def _all(sums: Numbers) -> float:
    return float(sums.sum())


# Bars are those of the project's design page, section "Bars".
_SCALES: Mapping[str, tuple[_Scale, ...]] = {
    "relevance": (
        _Scale("relevance_f1", _f1, _all, 0.95),
        _Scale("relevance_precision", _precision, _offered),
        _Scale("relevance_recall", _recall, _true, 0.97),
        _Scale(
            "relevance_precision_at_2_percent", _precision_at_prevalence, _all,
            note="precision if 2 % of a crawl were relevant",
        ),
    ),
    "false_reports": (
        _Scale(
            "reports_on_irrelevant_articles", lambda sums: sums[..., 0], _total(1), 0.0,
            lower_is_better=True, note="a count",
        ),
    ),
    "places": (_Scale("place_mention_f1", _f1, _true, 0.90),),
    "country": (_Scale("place_country_accuracy", _share, _total(1), 0.98, note="of mentions found"),),
    "near": (
        _Scale(
            "place_within_161_km", _share, _total(1), 0.95, note="of mentions found that are finer than a country",
        ),
    ),
    "admin1": (_Scale("place_admin1_accuracy", _share, _total(1), 0.95, note="of mentions found"),),
    "agencies": (_Scale("agency_f1", _f1, _true, 0.90, note="canonical, once per article"),),
    "events": (
        _Scale("incidents_found_precision", _precision, _offered, note="of all reports"),
        _Scale("incidents_found_recall", _recall, _true),
    ),
    "event_type": (_Scale("event_type_macro_f1", _macro_f1, _members, 0.80),),
    "headline": (
        _Scale("headline_count_accuracy", _share, _total(1), 0.90, note="value and role; missed events wrong"),
    ),
    "headline_found": (_Scale("headline_count_accuracy_of_found", _share, _total(1)),),
    "cumulative": (
        _Scale("running_total_accuracy", _share, _total(1), 0.95, note="figures whose value was found"),
    ),
    "date": (_Scale("event_date_accuracy", _share, _total(1), 0.90, note="missed events wrong"),),
    "date_found": (_Scale("event_date_accuracy_of_found", _share, _total(1)),),
    "event_country": (_Scale("event_country_accuracy", _share, _total(1), note="missed events wrong"),),
    "statistics": (_Scale("statistics_f1", _f1, _true, 0.85, note="value, period and category"),),
    "statistics_value": (_Scale("statistics_value_f1", _f1, _true, note="value alone"),),
    "b_cubed": (_Scale("linking_b_cubed_f1", _harmonic, _total(2), 0.90),),
    "pairs": (_Scale("linking_pairwise_f1", _f1, _true),),
    "inflation": (
        _Scale(
            "inflation_on_growing_series", _share, _total(2), 1.05, lower_is_better=True,
            note="persons of our incidents by the last true total",
        ),
        _Scale(
            "inflation_of_naive_sum", lambda sums: _quotient(sums[..., 3], sums[..., 1]), _total(2),
            note="every article's figure added up",
        ),
    ),
}  # fmt: skip


# --- the measures --------------------------------------------------------------------------------------


def evaluate(
    gold: Sequence[GoldArticle],
    readings: Sequence[Reading],
    links: Mapping[str, str],
    incidents: Iterable[Incident],
    *,
    agency_names: Mapping[str, Sequence[str]] | None = None,
) -> list[Measure]:
    """Return every measure for all articles, then for each language of the set.

    ``readings`` stand in the order of ``gold``. ``links`` maps report to incident. ``agency_names`` maps
    a name as printed to agency ids; with it an agency of the set is found under any of its names.
    """
    if len(gold) != len(readings):
        raise ValueError(f"{len(gold)} labelled articles but {len(readings)} readings")
    paired = [_pair(index, item, readings[index]) for index, item in enumerate(gold)]
    tallies: Tallies = {name: [] for name in _SCALES}
    for item, reading, events in zip(gold, readings, paired, strict=True):
        _tally_article(tallies, item, reading, events, _Names(agency_names or {}))
    everything = [event for events in paired for event in events]
    _tally_links(tallies, gold, everything, links)
    _tally_series(tallies, gold, everything, links, {item.incident_id: item for item in incidents})
    languages = [item.language for item in gold]
    measures = []
    for language in ("all", *sorted(set(languages))):
        rows = [index for index, code in enumerate(languages) if language in {"all", code}]
        for name, scales in _SCALES.items():
            table = np.array([tallies[name][index] for index in rows], dtype=np.float64)
            measures += [_measure(scale, language, table) for scale in scales]
    return measures


def _measure(scale: _Scale, language: str, table: Numbers) -> Measure:
    if not table.size:
        return Measure(name=scale.name, language=language, value=None, n=0, bar=scale.bar)
    sums = table.sum(axis=0)
    n = round(scale.size(sums))
    value = float(scale.combine(sums[np.newaxis])[0])
    if n == 0 or np.isnan(value):
        return Measure(
            name=scale.name, language=language, value=None, n=0, bar=scale.bar,
            lower_is_better=scale.lower_is_better, note=scale.note,
        )  # fmt: skip
    low, high = _interval(scale, table)
    if scale.combine is _precision_at_prevalence and sums[1] == 0 and sums[3] > 0:
        worst = sums.copy()
        worst[1], worst[3] = RULE_OF_THREE, max(sums[3] - RULE_OF_THREE, 0.0)
        low = float(_precision_at_prevalence(worst[np.newaxis])[0])
    passed = None
    if scale.bar is not None:
        passed = value <= scale.bar if scale.lower_is_better else value >= scale.bar
    return Measure(
        name=scale.name, language=language, value=value, n=n, bar=scale.bar,
        lower_is_better=scale.lower_is_better, passed=passed, low=low, high=high, note=scale.note,
    )  # fmt: skip


def _interval(scale: _Scale, table: Numbers) -> tuple[float | None, float | None]:
    """Return the middle 95 % of the measure over resampled articles."""
    drawn = np.random.default_rng(SEED).multinomial(
        len(table), np.full(len(table), 1 / len(table)), size=N_RESAMPLES
    )
    values = scale.combine(drawn.astype(np.float64) @ table)
    values = values[~np.isnan(values)]
    if not values.size:
        return None, None
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)


def _pair(index: int, gold: GoldArticle, reading: Reading) -> list[_Paired]:
    pairs = alignment.align(gold.incidents, reading.reports)
    return [
        _Paired(index, incident, reading.reports[pairs[row]] if row in pairs else None)
        for row, incident in enumerate(gold.incidents)
    ]


def _tally_article(
    tallies: Tallies,
    gold: GoldArticle,
    reading: Reading,
    events: Sequence[_Paired],
    names: _Names,
) -> None:
    """Add one row to every tally that looks at articles one by one."""
    said, true = reading.relevance.relevant, gold.relevant
    tallies["relevance"].append(
        [said and true, said and not true, true and not said, not said and not true]
    )
    tallies["false_reports"].append([0 if true else len(reading.reports), 0 if true else 1])
    _tally_places(tallies, gold, reading)
    tallies["agencies"].append(_tally_agencies(gold, reading, names))
    found = [event.report for event in events if event.report is not None]
    tallies["events"].append(
        [len(found), len(reading.reports) - len(found), len(events) - len(found)]
    )
    tallies["event_type"].append(_tally_types(events, reading))
    _tally_events(tallies, events, reading)
    periods = _matched(gold.statistics, reading.statistics, _same_statistic)
    tallies["statistics"].append(periods)
    tallies["statistics_value"].append(
        _matched(gold.statistics, reading.statistics, lambda left, right: left.value == right.value)
    )


# --- places and agencies -------------------------------------------------------------------------------


def _tally_places(tallies: Tallies, gold: GoldArticle, reading: Reading) -> None:
    hits = [item for item in reading.mentions if item.kind is MentionKind.PLACE]
    if gold.places is None:
        for name, width in (("places", 3), ("country", 2), ("near", 2)):
            tallies[name].append([0.0] * width)
    else:
        pairs, n_true, n_found = _paired_surfaces(gold.places, hits)
        tallies["places"].append([len(pairs), n_found - len(pairs), n_true - len(pairs)])
        known = [(item, hit) for item, hit in pairs if item.country is not None]
        tallies["country"].append(
            [sum(item.country == hit.country for item, hit in known), len(known)]
        )
        far = [
            _kilometres(point, hit) for item, hit in known if (point := _point(item)) is not None
        ]
        tallies["near"].append([sum(away <= NEAR_KM for away in far), len(far)])
    wanted = {fold(item.name): item.admin1 for event in gold.incidents for item in event.places}
    wanted |= {fold(item.name): item.admin1 for item in gold.places or () if item.admin1}
    right = measured = 0
    for name, admin1 in wanted.items():
        found = [
            hit for hit in hits
            if admin1 and name in {fold(hit.surface), fold(hit.canonical_name or "")}
        ]  # fmt: skip
        if found and admin1:
            measured += 1
            right += any(_same_area(admin1, hit.admin1) for hit in found)
    tallies["admin1"].append([right, measured])


def _point(item: GoldMention) -> tuple[float, float] | None:
    """Return where the gazetteer has the labelled name in the labelled country, null for countries.

    Of several such places it is the likeliest by itself, whatever the text made of the name.
    """
    for place in map(places.get, places.names().get(item.name, ())):
        if place is None or place.country != item.country or place.lat is None or place.lon is None:
            continue
        if place.precision not in {GeoPrecision.COUNTRY, GeoPrecision.REGION}:
            return place.lat, place.lon
    return None


def _kilometres(point: tuple[float, float], hit: Mention) -> float:
    """Return how far the mention lies from the point on a sphere; a mention without coordinates is far."""
    if hit.lat is None or hit.lon is None:
        return math.inf
    lat, lon, there, east = map(math.radians, (*point, hit.lat, hit.lon))
    half = (
        math.sin((there - lat) / 2) ** 2
        + math.cos(lat) * math.cos(there) * math.sin((east - lon) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(half))


def _paired_surfaces(
    gold: Sequence[GoldMention], hits: Sequence[Mention]
) -> tuple[list[tuple[GoldMention, Mention]], int, int]:
    """Return the pairs of labelled and found surfaces, and how many distinct ones each side has."""
    wanted = {fold(item.surface): item for item in reversed(gold)}
    offered: dict[str, list[Mention]] = defaultdict(list)
    for hit in hits:
        offered[fold(hit.surface)].append(hit)
    equal = sorted(wanted.keys() & offered.keys())
    pairs = [(wanted[surface], _best_of(offered.pop(surface))) for surface in equal]
    left = {surface: item for surface, item in wanted.items() if surface not in equal}
    n_found = len(offered) + len(pairs)
    for surface, item in sorted(left.items(), key=lambda pair: -len(pair[0])):
        near = [
            other for other in sorted(offered, key=len, reverse=True)
            if _contains(surface, other) and any(hit.country == item.country for hit in offered[other])
        ]  # fmt: skip
        if near:
            pairs.append((item, _best_of(offered.pop(near[0]))))
    return pairs, len(wanted), n_found


def _best_of(hits: Sequence[Mention]) -> Mention:
    """Return the hit that a reader would take as the place: the reading most of its mentions share."""
    common = Counter(hit.country for hit in hits).most_common(1)[0][0]
    return next(hit for hit in hits if hit.country == common)


def _contains(left: str, right: str) -> bool:
    short, long = sorted((left, right), key=len)
    return re.search(rf"(?<!\w){re.escape(short)}(?!\w)", long) is not None


_AREA_WORDS = re.compile(
    r"\b(?:provinsi|province|state|region|special|capital|territory|di|dki|daerah|istimewa|khusus|ibu ?kota|city|municipality|of)\b"
)


def _same_area(wanted: str, found: str | None) -> bool:
    """Whether two names of a first-level area agree but for words like "province"."""
    if found is None:
        return False
    plain = [re.sub(r"[^\w]+", "", _AREA_WORDS.sub("", fold(name))) for name in (wanted, found)]
    return plain[0] == plain[1]


class _Names:
    """The ids that a canonical name of a labelled set may stand for."""

    def __init__(self, names: Mapping[str, Sequence[str]]) -> None:
        self._ids: dict[str, set[str]] = defaultdict(set)
        for name, ids in names.items():
            if ids:
                self._ids[fold(name)].add(ids[0])

    def keys(self, name: str) -> set[str]:
        """Return the folded name itself and the ids it stands for."""
        return {fold(name), *self._ids.get(fold(name), ())}


def _tally_agencies(gold: GoldArticle, reading: Reading, names: _Names) -> list[float]:
    if gold.agencies is None:
        return [0.0, 0.0, 0.0]
    wanted = {item.name: names.keys(item.name) for item in gold.agencies}
    found: dict[str, set[str]] = {}
    for hit in reading.mentions:
        if hit.kind is MentionKind.AGENCY:
            key = hit.canonical_id or hit.canonical_name or hit.surface
            found[key] = {fold(key), key, fold(hit.canonical_name or key)}
    hits = 0
    free = dict(found)
    for keys in wanted.values():
        same = next((key for key, forms in sorted(free.items()) if keys & forms), None)
        if same is not None:
            hits += 1
            del free[same]
    return [hits, len(found) - hits, len(wanted) - hits]


# --- events ----------------------------------------------------------------------------------------------


def _tally_types(events: Sequence[_Paired], reading: Reading) -> list[float]:
    """Return (tp, fp, fn) for each event type in turn: missed events and stray reports count too."""
    counts = {event: [0.0, 0.0, 0.0] for event in EventType}
    used = set()
    for event in events:
        report = event.report
        if report is not None:
            used.add(report.report_id)
        if report is not None and report.event_type is event.incident.event_type:
            counts[event.incident.event_type][0] += 1
            continue
        counts[event.incident.event_type][2] += 1
        if report is not None:
            counts[report.event_type][1] += 1
    for report in reading.reports:
        if report.report_id not in used:
            counts[report.event_type][1] += 1
    return [value for row in counts.values() for value in row]


def _tally_events(tallies: Tallies, events: Sequence[_Paired], reading: Reading) -> None:
    sized = [event for event in events if _headline_best(event.incident) is not None]
    dated = [event for event in events if event.incident.window() is not None]
    placed = [event for event in events if event.incident.event_country is not None]
    for name, group, test in (
        ("headline", sized, _right_headline),
        ("date", dated, _right_date),
        ("event_country", placed, _right_country),
    ):
        hits = sum(
            test(event.incident, event.report) for event in group if event.report is not None
        )
        tallies[name].append([hits, len(group)])
        if f"{name}_found" in tallies:
            tallies[f"{name}_found"].append(
                [hits, sum(event.report is not None for event in group)]
            )
    tallies["cumulative"].append(_tally_cumulative(events, reading))


def _headline_best(incident: GoldIncident) -> int | None:
    return incident.headline.best if incident.headline is not None else None


def _right_headline(incident: GoldIncident, report: Report) -> bool:
    headline = incident.headline
    return (
        headline is not None
        and report.count_best == headline.best
        and report.headline_role is headline.role
    )


def _right_date(incident: GoldIncident, report: Report) -> bool:
    window = incident.window()
    return (
        window is not None
        and report.date_start is not None
        and (window[0] <= report.date_start <= window[1])
    )


def _right_country(incident: GoldIncident, report: Report) -> bool:
    return report.event_country == incident.event_country


def _tally_cumulative(events: Sequence[_Paired], reading: Reading) -> list[float]:
    """Return hits and all over the figures marked new or running that we found, by value, in the article."""
    right = measured = 0
    for event in events:
        own = event.report.claims if event.report is not None else ()
        for count in event.incident.counts:
            if count.is_cumulative is None or count.best is None or count.unit is not Unit.PERSONS:
                continue
            found = [item for item in (*own, *reading.claims) if item.best == count.best]
            if found:
                measured += 1
                fitting = [item for item in found if item.role is count.role] or found
                right += fitting[0].is_cumulative == count.is_cumulative
    return [right, measured]


# --- statistics --------------------------------------------------------------------------------------------


def _same_statistic(wanted: GoldStatistic, found: Statistic) -> bool:
    if wanted.value != found.value:
        return False
    if wanted.category is not None and wanted.category is not found.category:
        return False
    bounds = zip(wanted.bounds, (found.period_start, found.period_end), strict=True)
    return all(
        as_written is None or (day is not None and day.isoformat().startswith(as_written))
        for as_written, day in bounds
    )


def _matched(
    gold: Sequence[GoldStatistic] | None,
    found: Sequence[Statistic],
    same: Callable[[GoldStatistic, Statistic], bool],
) -> list[float]:
    """Return (tp, fp, fn) of the largest one-to-one pairing of equal figures."""
    if gold is None:
        return [0.0, 0.0, 0.0]
    taken: dict[int, int] = {}

    def place(row: int, seen: set[int]) -> bool:
        for column, item in enumerate(found):
            if column not in seen and same(gold[row], item):
                seen.add(column)
                if column not in taken or place(taken[column], seen):
                    taken[column] = row
                    return True
        return False

    hits = sum(place(row, set()) for row in range(len(gold)))
    return [hits, len(found) - hits, len(gold) - hits]


# --- linking -------------------------------------------------------------------------------------------------


def _clusters(
    gold: Sequence[GoldArticle], events: Sequence[_Paired], links: Mapping[str, str]
) -> list[tuple[tuple[str, str], tuple[str, Any]]]:
    """Return for each labelled event its true cluster and ours; both are held apart by labelled set."""
    found = []
    for index, event in enumerate(events):
        labelled_set = gold[event.article].labelled_set
        ours: Any = None if event.report is None else links.get(event.report.report_id)
        found.append(
            (
                (labelled_set, event.incident.incident_key),
                (labelled_set, ours if ours is not None else index),
            )
        )
    return found


def _tally_links(
    tallies: Tallies,
    gold: Sequence[GoldArticle],
    events: Sequence[_Paired],
    links: Mapping[str, str],
) -> None:
    """Add B-cubed (Bagga and Baldwin 1998) and pairwise tallies; half of each pair goes to each article."""
    b_cubed = [[0.0, 0.0, 0.0] for _ in gold]
    pairs = [[0.0, 0.0, 0.0] for _ in gold]
    clusters = _clusters(gold, events, links)
    for event, (true, ours) in zip(events, clusters, strict=True):
        n_true = sum(other == true for other, _ in clusters)
        n_ours = sum(other == ours for _, other in clusters)
        n_both = sum(other == (true, ours) for other in clusters)
        for column, amount in enumerate((n_both / n_ours, n_both / n_true, 1.0)):
            b_cubed[event.article][column] += amount
        for column, amount in enumerate((n_both - 1, n_ours - n_both, n_true - n_both)):
            pairs[event.article][column] += amount / 2
    tallies["b_cubed"], tallies["pairs"] = b_cubed, pairs


def _tally_series(
    tallies: Tallies,
    gold: Sequence[GoldArticle],
    events: Sequence[_Paired],
    links: Mapping[str, str],
    incidents: Mapping[str, Incident],
) -> None:
    """Add what each growing series sums up to; a series stands in the row of its first article.

    A series is an incident key that several articles tell with totals so far. Its true size is the
    largest headline figure, or the largest total so far where a text heads with a part of it; ours, the
    sum over the incidents that its reports were linked to. Where another labelled set tells of the same
    incident, its figures are true of it as well.
    """
    rows = [[0.0, 0.0, 0.0, 0.0] for _ in gold]
    series: dict[tuple[str, str], list[_Paired]] = defaultdict(list)
    for event in events:
        series[gold[event.article].labelled_set, event.incident.incident_key].append(event)
    for members in series.values():
        sizes = [size for event in members if (size := _headline_best(event.incident)) is not None]
        running = any(count.is_cumulative for event in members for count in event.incident.counts)
        found = {
            links[event.report.report_id]
            for event in members
            if event.report is not None and event.report.report_id in links
        }
        if len({event.article for event in members}) < GROWING_SERIES or not running or not sizes:
            continue
        if len(set(sizes)) < 2 or not found:
            continue
        known = [
            size
            for event in events
            if event.report is not None
            and links.get(event.report.report_id) in found
            and gold[event.article].labelled_set != gold[members[0].article].labelled_set
            and (size := _headline_best(event.incident)) is not None
        ]
        totals = [
            count.best
            for event in members
            for count in event.incident.counts
            if count.is_cumulative and not count.is_subset and count.best is not None
            and count.unit is Unit.PERSONS
        ]  # fmt: skip
        true = max(*sizes, *known, *totals)
        rows[members[0].article] = [_persons(found, incidents), true, 1.0, float(sum(sizes))]
    tallies["inflation"] = rows


def _persons(ids: Collection[str], incidents: Mapping[str, Incident]) -> float:
    """Return the persons of these incidents: the best figure, else the least; parents are not counted twice."""
    total = 0.0
    for incident_id in sorted(ids):
        incident = incidents[incident_id]
        if incident.parent_id in ids:
            continue
        total += incident.persons_best or incident.persons_low or 0
    return total
