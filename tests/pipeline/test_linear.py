"""Our own patterns on hostile text: none may take time that grows faster than the text.

A pattern that backtracks over 30,000 characters would not end within the time limit of the test by far:
it needs thousands of times what a linear one does.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from types import ModuleType

import pytest

MODULES = ("articles", "boilerplate", "headings", "markup", "metadata", "refusals", "timestamps", "urls")  # fmt: skip
LENGTH = 30_000
# What makes patterns go back: runs of what they repeat, without the end that they wait for.
SEEDS = (
    "a", " ", "A ", "JAKARTA, ", "(", "(ab/", "1", "18/6/", "-", ". ", "baca juga ", "\n", "<p ", "&amp", "a.b.", "artikel ini bisa ",
    "ab. (abc) a b ", "[Gambas:", "18 juni ", '"headline":"\\', "page you ", "&utm_a=", "10:10 ", "By a, ", "apache2 ", ". - A", "2024", "/",
)  # fmt: skip


def _patterns(module: ModuleType) -> Iterator[re.Pattern[str]]:
    for value in vars(module).values():
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, re.Pattern) and isinstance(item.pattern, str):
                yield item


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.timeout(60)
def test_patterns_end_on_hostile_text(name: str) -> None:
    patterns = list(_patterns(importlib.import_module(f"pipeline.{name}")))
    assert patterns
    for pattern in patterns:
        for seed in SEEDS:
            hostile = (seed * (LENGTH // len(seed) + 1))[:LENGTH] + "!"
            assert sum(len(match[0]) for match in pattern.finditer(hostile)) <= len(hostile)
