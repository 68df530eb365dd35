"""How much the words of a text sound like the subject, whatever they are: a second opinion for the screening.

    load() -> WordScorer

A logistic regression over stems and pairs of stems, learned from labelled articles. The rule of
``pipeline/relevance.py`` knows the words that state the subject; this model knows how such articles go on, and so
notices one that calls the work by no usual name. What weight it has is decided there. ``CARD.md`` says how well it does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from models.relevance import words
from models.similarity import files
from models.similarity.files import ModelError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["BUNDLED", "ModelError", "WordScorer", "load"]

BUNDLED = Path(__file__).resolve().parent / "bundled"
WEIGHTS, PIECES = "model.safetensors", "pieces.txt"
# Beyond this the sum says no more than "certainly".
FARTHEST = 12.0


class WordScorer:
    """Satisfies ``pipeline.protocols.Scorer``: for each piece its rarity and its weight, and where the sum starts."""

    def __init__(
        self, known: Mapping[str, tuple[float, float]], intercept: float, version: str
    ) -> None:
        self.version = version
        self._known = known
        self._intercept = intercept

    def score(self, title: str, body: str) -> float:
        """Return a probability in [0, 1]."""
        return 1.0 / (1.0 + math.exp(-self.logit(title, body)))

    def logit(self, title: str, body: str) -> float:
        """Return the sum of the weights: each piece once, the rarer the more, a long text no more than a short one."""
        known = self._known
        found = [known[piece] for piece in words.pieces(title, body) if piece in known]
        # Exact sums: the pieces come in no order that stays, and a score must.
        length = math.sqrt(math.fsum(rarity * rarity for rarity, _ in found))
        told = math.fsum(rarity * weight for rarity, weight in found) / length if found else 0.0
        return max(-FARTHEST, min(FARTHEST, self._intercept + told))


def load(folder: Path = BUNDLED) -> WordScorer:
    """Return the model of a folder; raise ``ModelError`` when a file of it is not the one that was trained."""
    from safetensors.numpy import load_file

    name = files.verify(folder)
    held: dict[str, npt.NDArray[np.float32]] = load_file(folder / WEIGHTS)
    listed = (folder / PIECES).read_text(encoding="utf-8").splitlines()
    rarity, weights = held["rarity"].tolist(), held["weights"].tolist()
    if not len(listed) == len(rarity) == len(weights):
        raise ModelError(f"{folder / PIECES} and {WEIGHTS} do not belong together")
    known = dict(zip(listed, zip(rarity, weights, strict=True), strict=True))
    return WordScorer(known, float(held["intercept"][0]), f"{name}@{files.fingerprint(folder)}")
