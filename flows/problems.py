"""Errors that a person can act on: what happened, and what to do next, in one line each."""

from __future__ import annotations

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
