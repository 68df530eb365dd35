"""What the cosines of one model mean: thresholds found on pairs of which a person knows the answer.

    encoder, pairs -> Calibration

A cosine of .6 is near for one model and far for another, so thresholds belong to a model and lie beside it
in ``calibration.json``; they name the version they were found for and fit no other.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.similarity.files import ModelError
from pipeline.protocols import Encoder

FILE = "calibration.json"
# Of the pairs that tell of one event, the share that may lie below ``different_event``.
LOST_BELOW = 0.05
MIN_PAIRS = 10
# Cuts count as equally good when the share decided rightly differs by no more than this.
TOP = 0.01

Floats = npt.NDArray[np.float64]


class Pair(NamedTuple):
    """Two texts and whether they tell of one event."""

    left: str
    right: str
    is_same: bool


class Calibration(BaseModel):
    """Thresholds on the cosine, with the evidence behind them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = Field(description="Version of the encoder the thresholds were found for.")
    same_event: float = Field(
        description="Where the share of pairs decided rightly, averaged over same and different, peaks."
    )
    different_event: float = Field(
        description="Below it lies one in twenty of the pairs that tell of one event: a sign against."
    )
    same_topic: float = Field(
        description="Median cosine of two articles on the subject that tell of different events."
    )
    auc: float = Field(description="Chance that a same pair lies above a different one.")
    n_same: int
    n_different: int


def auc(scores: Floats, labels: npt.NDArray[np.bool_]) -> float:
    """Return the area under the ROC curve (Mann-Whitney, ties counted half)."""
    ranks = rank(scores)
    n_same = int(labels.sum())
    n_other = len(labels) - n_same
    return float((ranks[labels].sum() - n_same * (n_same + 1) / 2) / (n_same * n_other))


def rank(values: Floats) -> Floats:
    """Return the ranks from 1; equal values share the mean of theirs."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[inverse], dtype=np.float64)


def cosines(encoder: Encoder, pairs: Sequence[Pair]) -> Floats:
    """Return the cosine of each pair; every text is encoded once."""
    order = {text: row for row, text in enumerate(sorted({t for p in pairs for t in p[:2]}))}
    vectors = encoder.encode(list(order))
    left = vectors[[order[pair.left] for pair in pairs]]
    right = vectors[[order[pair.right] for pair in pairs]]
    found: Floats = np.einsum("ij,ij->i", left, right, dtype=np.float64)
    return found


def calibrate(encoder: Encoder, pairs: Sequence[Pair]) -> Calibration:
    """Return the thresholds of this model on these pairs.

    Raises ``ValueError`` when there are too few pairs of either kind to say anything.
    """
    labels = np.array([pair.is_same for pair in pairs], dtype=bool)
    n_same, n_different = int(labels.sum()), int((~labels).sum())
    if min(n_same, n_different) < MIN_PAIRS:
        raise ValueError(
            f"calibration needs {MIN_PAIRS} pairs of either kind, not {n_same} same and {n_different} different"
        )
    scores = cosines(encoder, pairs)
    same, different = np.sort(scores[labels]), np.sort(scores[~labels])
    cuts = np.unique(scores)
    kept = 1 - np.searchsorted(same, cuts, side="left") / n_same
    dropped = np.searchsorted(different, cuts, side="left") / n_different
    right = (kept + dropped) / 2
    # Few pairs make a ragged curve: the middle of its top moves less from one set to the next than its peak.
    top = cuts[right >= right.max() - TOP]
    best = float((top.min() + top.max()) / 2)
    return Calibration(
        model=encoder.version,
        same_event=round(best, 4),
        different_event=round(min(best, float(np.quantile(same, LOST_BELOW))), 4),
        same_topic=round(float(np.median(different)), 4),
        auc=round(auc(scores, labels), 4),
        n_same=n_same,
        n_different=n_different,
    )


def read(path: Path, version: str) -> Calibration:
    """Return the calibration in this file; raise ``ModelError`` when there is none for this version."""
    if not path.is_file():
        raise ModelError(
            f"the model {version} is not calibrated ({path} is missing): run "
            "`python -m models.similarity.calibrate --model MODEL --gold FILE...` first"
        )
    try:
        found = Calibration.model_validate_json(path.read_text(encoding="utf-8"))
    except ValidationError as error:
        raise ModelError(f"{path} cannot be read: {error.errors()[0]['msg']}") from error
    if found.model != version:
        raise ModelError(
            f"{path} was found for {found.model}, this is {version}: run "
            "`python -m models.similarity.calibrate --model MODEL --gold FILE...` again"
        )
    return found


def write(path: Path, calibration: Calibration) -> None:
    """Write the calibration as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(calibration.model_dump(), indent=2) + "\n", encoding="utf-8")
