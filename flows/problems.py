"""Errors that a person can act on: what happened, and what to do next, in one line each."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from enum import IntEnum


class Exit(IntEnum):
    """How a command ends."""

    OK = 0
    FAILED = 1
    USAGE = 2
    PARTIAL = 3
    INTERRUPTED = 130


class Problem(Exception):  # noqa: N818 - the word a reader meets in messages
    """Something that stops a command; ``next_step`` tells how to get past it."""

    exit_code = Exit.FAILED

    def __init__(self, what: str, next_step: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.what} -> {self.next_step}" if self.next_step else self.what


class UsageProblem(Problem):
    """The command or a setting was given wrongly."""

    exit_code = Exit.USAGE


class Busy(Problem):
    """Another run holds the home."""


def code_of(error: BaseException) -> str:
    """Return the name by which programs tell an error: ``StoreLocked`` is ``store_locked``."""
    return re.sub(
        r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", type(error).__name__
    ).lower()


def near(word: str, known: Iterable[str]) -> str:
    """Return the next step behind a word that is not known: the nearest one, or all there are."""
    names = list(known)
    found = difflib.get_close_matches(word.lower(), names, n=1)
    return f"did you mean {found[0]}?" if found else f"one of {', '.join(names)}"
