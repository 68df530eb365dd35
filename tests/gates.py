"""The floors under each measure of quality, and the one way to move them.

``python -m tests.gates`` measures the labelled set and raises the floors to what was reached, less a small
margin; it never lowers one unless ``--allow-lower`` is given.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from flows import scoring
from pipeline.evaluation import Measure

GOLD = sorted((Path(__file__).parent / "gold").glob("*.jsonl"))
FLOORS = Path(__file__).parent / "gold" / "floors.json"
# Scores are exact for one code; the margin leaves room for a change of one or two articles.
MARGIN = 0.01

Floors = Mapping[str, float]


def measures() -> list[Measure]:
    """Return the measures over all languages that have something to measure."""
    scored = scoring.evaluate(GOLD)
    return [item for item in scored.measures if item.language == "all" and item.value is not None]


def floors() -> dict[str, float]:
    """Return the floors as they stand."""
    try:
        found: dict[str, float] = json.loads(FLOORS.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return found


def broken(found: Sequence[Measure], held: Floors) -> list[str]:
    """Return one line for each measure that is worse than its floor, or was not measured."""
    by_name = {item.name: item for item in found}
    told = []
    for name, floor in held.items():
        item = by_name.get(name)
        if item is None or item.value is None:
            told.append(f"{name} was not measured, its floor is {floor}")
        elif item.value > floor if item.lower_is_better else item.value < floor:
            told.append(f"{name} is {item.value:.3f}, its floor is {floor}")
    return told


def moved(found: Sequence[Measure], held: Floors, *, allow_lower: bool) -> dict[str, float]:
    """Return the floors after these scores: never easier than before unless that is allowed."""
    new = dict(held)
    for item in found:
        if item.value is None or item.name.startswith("inflation_of_naive"):
            continue
        worst = item.value + MARGIN if item.lower_is_better else item.value - MARGIN
        floor = round(worst, 3)
        old = held.get(item.name)
        if old is not None and not allow_lower:
            floor = min(floor, old) if item.lower_is_better else max(floor, old)
        new[item.name] = floor
    return dict(sorted(new.items()))


def main() -> None:
    """Measure and write the floors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--allow-lower", action="store_true")
    options = parser.parse_args()
    found, held = measures(), floors()
    new = moved(found, held, allow_lower=options.allow_lower)
    FLOORS.write_text(json.dumps(new, indent=1) + "\n", encoding="utf-8")
    for name in sorted(set(new) | set(held)):
        if new.get(name) != held.get(name):
            sys.stdout.write(f"{name}: {held.get(name)} -> {new.get(name)}\n")


if __name__ == "__main__":
    main()
