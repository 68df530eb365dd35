"""Human decisions in the home: an append-only file of JSON Lines that every rerun applies."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from flows.problems import Problem
from pipeline.records import Review

FILE = "reviews.jsonl"


def load(folder: Path) -> list[Review]:
    """Return the decisions in order of time; a line that cannot be read stops the run.

    Passing over a decision would silently undo it.
    """
    path = folder / FILE
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found.append(Review.model_validate_json(line))
        except ValidationError as error:
            fields = sorted({".".join(map(str, item["loc"])) for item in error.errors()})
            raise Problem(
                f"{path}, line {number} is no decision ({', '.join(fields) or 'not JSON'})",
                "correct the line, or move it to another file",
            ) from error
    return sorted(found, key=lambda review: (review.reviewed_at, review.review_id))
