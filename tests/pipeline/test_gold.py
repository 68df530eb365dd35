"""Labelled sets: loose in what they may leave out, strict in what they say."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import gold
from pipeline.gold import GoldError, GoldIncident
from pipeline.records import CountRole, DatePrecision

SHIPPED = Path(__file__).parents[1] / "gold"


def line(**fields: Any) -> str:
    return json.dumps({"id": "a", "text": "isi", "relevant": True} | fields)


def event(**fields: Any) -> GoldIncident:
    return GoldIncident.model_validate({"incident_key": "k", "event_type": "raid"} | fields)


@pytest.mark.parametrize("name", ["dev_gold_id.jsonl", "dev_gold_en.jsonl"])
def test_the_shipped_sets_can_be_read(name: str) -> None:
    found = gold.parse((SHIPPED / name).read_text("utf-8").splitlines(), name)
    assert len(found) >= 40
    assert all(item.labelled_set == name for item in found)
    assert any(item.incidents and item.statistics and item.places for item in found)
    assert not any(item.incidents for item in found if not item.relevant)


def test_only_three_fields_must_be_there_and_unknown_ones_are_passed_over() -> None:
    found = gold.parse([line(mood="gloomy"), "", line(id="b")])
    assert [item.id for item in found] == ["a", "b"]
    assert found[0].places is None  # not labelled, unlike an empty list
    assert gold.parse([line(places=[])])[0].places == ()


def test_names_may_stand_alone_and_null_is_nothing() -> None:
    found = gold.parse([line(places=["Batam"], agencies=None, incidents=None, statistics=None)])[0]
    assert found.places is not None
    assert found.places[0].name == "Batam"
    assert found.incidents == ()
    assert found.statistics is None or found.statistics == ()


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["{"], "line 1: not JSON"),
        (["[]"], "line 1: expected one JSON object"),
        ([line(), line()], "line 2: id 'a' stands on line 1 already"),
        ([line(relevant="maybe")], "line 1: relevant"),
        (
            [line(incidents=[{"incident_key": "k", "event_type": "picnic"}])],
            "incidents.0.event_type",
        ),
    ],
)
def test_the_first_bad_line_stops_the_reading_and_is_named(lines: list[str], message: str) -> None:
    with pytest.raises(GoldError, match=message):
        gold.parse(lines)


def test_the_headline_is_the_marked_figure_else_the_first_of_persons() -> None:
    cases = {"role": "victim", "best": 9, "unit": "cases"}
    first, second = {"role": "arrested", "best": 5}, {"role": "escaped", "best": 6}
    unmarked, marked = (
        event(counts=[cases, first]),
        event(counts=[first, second | {"is_headline": True}]),
    )
    assert unmarked.headline is not None
    assert unmarked.headline.best == 5
    assert marked.headline is not None
    assert marked.headline.role is CountRole.ESCAPED
    assert event().headline is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"date": "2025-03-18", "date_precision": 1}, ("2025-03-18", "2025-03-18")),
        ({"date": "2025-03-18", "date_precision": 2}, ("2025-03-15", "2025-03-21")),
        ({"date": "2025-03-18", "date_precision": 3}, ("2025-03-11", "2025-03-25")),
        ({"date": "2025-03", "date_precision": 4}, ("2025-03-01", "2025-03-31")),
        ({"date": "2025-05-02", "date_precision": 5}, ("2025-04-01", "2025-06-30")),
        ({"date": "2025", "date_precision": 6}, ("2025-01-01", "2025-12-31")),
        ({"date": "2025-03-18", "date_end": "2025-03-20", "date_precision": 1}, ("2025-03-18", "2025-03-20")),
        ({"date": "2025-03-18", "date_precision": 9}, None),
        ({"date": None, "date_precision": 1}, None),
    ],
)  # fmt: skip
def test_the_window_is_as_wide_as_the_precision(
    fields: dict[str, Any], expected: tuple[str, str] | None
) -> None:
    window = event(**fields).window()
    assert (window and tuple(day.isoformat() for day in window)) == expected


def test_periods_in_one_field_or_two() -> None:
    rows = [
        {"value": 1, "period": "2024"},
        {"value": 2, "period": "2020/2024-11"},
        {"value": 3, "period_start": 2023, "period_end": None},
    ]
    found = gold.parse([line(statistics=rows)])[0].statistics
    assert found is not None
    assert [row.bounds for row in found] == [("2024", "2024"), ("2020", "2024-11"), ("2023", None)]


@given(st.dates(dt.date(2000, 1, 1), dt.date(2040, 12, 31)), st.sampled_from([1, 2, 3, 4, 5, 6]))
def test_a_window_holds_its_day(day: dt.date, precision: int) -> None:
    found = event(date=day.isoformat(), date_precision=precision)
    window = found.window()
    assert window is not None
    assert window[0] <= day <= window[1]
    assert found.date_precision is DatePrecision(str(precision))
