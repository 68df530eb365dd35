"""Judge figures that the rules could not place: the size of an event or not, and of which kind.

    load() -> LinearJudge

Multinomial logistic regression over the traits of ``pipeline.traits``, fitted on labelled articles of the project's
own writing (``python -m tests.fit_judge``), bundled, served with numpy alone. ``CARD.md`` says how well it does.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.similarity import files
from models.similarity.files import ModelError

__all__ = ["ANSWERS", "BUNDLED", "TRAITS", "WEIGHTS", "LinearJudge", "ModelError", "Tables", "load"]

BUNDLED = Path(__file__).resolve().parent / "bundled"
TRAITS, ANSWERS, WEIGHTS = "traits.txt", "answers.json", "model.safetensors"

Weights = npt.NDArray[np.float32]


class Tables(NamedTuple):
    """Traits name the rows of every table of weights, answers the columns of the table of each question."""

    traits: Sequence[str]
    answers: Mapping[str, Sequence[str]]
    weights: Mapping[str, Weights]
    biases: Mapping[str, Weights]


class LinearJudge:
    """Satisfies ``pipeline.protocols.Judge``."""

    def __init__(self, tables: Tables, version: str) -> None:
        self.tables = tables
        self.version = version
        self._rows = {trait: row for row, trait in enumerate(tables.traits)}

    def judge(self, question: str, traits: Sequence[Collection[str]]) -> list[Mapping[str, float]]:
        """Return for each figure the probability of every answer; traits that no text of the fit had say nothing."""
        weights, bias = self.tables.weights[question], self.tables.biases[question]
        found: list[Mapping[str, float]] = []
        for own in traits:
            rows = sorted(row for trait in own if (row := self._rows.get(trait)) is not None)
            logits = (weights[rows].sum(axis=0) + bias).astype(np.float64)
            odds = np.exp(logits - logits.max())
            shares = odds / odds.sum()
            found.append(dict(zip(self.tables.answers[question], shares.tolist(), strict=True)))
        return found


@functools.cache
def load(folder: Path = BUNDLED) -> LinearJudge:
    """Return the judge, opened once per process.

    Raises ``ModelError`` when a file of the folder is not the one that was fitted.
    """
    from safetensors.numpy import load_file

    name = files.verify(folder)
    tables = load_file(folder / WEIGHTS)
    answers: dict[str, list[str]] = json.loads((folder / ANSWERS).read_text("utf-8"))
    made = Tables(
        (folder / TRAITS).read_text("utf-8").splitlines(),
        answers,
        {question: tables[f"{question}.weight"].astype(np.float32) for question in answers},
        {question: tables[f"{question}.bias"].astype(np.float32) for question in answers},
    )
    return LinearJudge(made, f"{name}@{files.fingerprint(folder)}")
