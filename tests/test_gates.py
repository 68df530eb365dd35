"""No measure of quality may fall below its floor."""

from __future__ import annotations

import pytest

from pipeline.evaluation import Measure
from tests import gates


def measure(name: str, value: float | None, *, lower: bool = False) -> Measure:
    return Measure(name=name, language="all", value=value, n=9, lower_is_better=lower)


@pytest.mark.slow
def test_every_measure_holds_its_floor() -> None:
    held = gates.floors()
    assert len(held) > 15
    assert gates.broken(gates.measures(), held) == []


def test_a_floor_notices_what_got_worse_and_what_was_not_measured() -> None:
    held = {"f1": 0.9, "inflation": 1.05, "gone": 0.5}
    found = [measure("f1", 0.89), measure("inflation", 1.2, lower=True)]
    assert len(gates.broken(found, held)) == 3
    better = [measure("f1", 0.95), measure("inflation", 1.0, lower=True), measure("gone", 0.5)]
    assert gates.broken(better, held) == []


def test_floors_rise_by_themselves_and_fall_only_when_told() -> None:
    held = {"f1": 0.9, "inflation": 1.05}
    worse = [measure("f1", 0.8), measure("inflation", 1.3, lower=True)]
    assert gates.moved(worse, held, allow_lower=False) == held
    assert gates.moved(worse, held, allow_lower=True) == {"f1": 0.79, "inflation": 1.31}
    better = [measure("f1", 0.95), measure("inflation", 1.0, lower=True)]
    assert gates.moved(better, held, allow_lower=False) == {"f1": 0.94, "inflation": 1.01}
