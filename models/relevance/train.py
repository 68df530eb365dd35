"""Learn the weights of the words from labelled articles and ordinary news; a minute on one core.

python -m models.relevance.train --data DIR [--labelled FILE...] [--out DIR]

Logistic regression with a quadratic penalty. A piece weighs by its rarity (tf-idf without the frequency in the
text, Spärck Jones 1972) and a text has length one, so that a long one says no more than a short one. Ordinary news is
easy and plentiful, so it counts little beside the look-alikes of the labelled sets.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models import relevance
from models.relevance import corpora, words
from models.relevance.corpora import Example
from models.similarity import files

NAME = "suar-words"
# A piece is known when so many texts hold it, so many labelled ones among them.
LEAST_TEXTS, LEAST_LABELLED = 3, 2
# What an ordinary text counts beside a labelled one, and all texts on the subject together beside all others. Labelled
# sets are three quarters relevant, a crawl is two in a hundred.
ORDINARY_WEIGHT = 0.05
SHARE_RELEVANT = 0.5
# How hard the weights are pulled to nought; from 10 to 100 made no difference in cross-validation.
PENALTY = 1 / 60
STEPS = 200

Floats = npt.NDArray[np.float64]


class Texts(NamedTuple):
    """Examples cut into pieces."""

    pieces: Sequence[frozenset[str]]
    relevant: Floats
    weights: Floats

    def without(self, held: set[int]) -> Texts:
        """Return all but the texts with these numbers."""
        kept = [index for index in range(len(self.pieces)) if index not in held]
        return Texts([self.pieces[i] for i in kept], self.relevant[kept], self.weights[kept])


class Fit(NamedTuple):
    """What was learned: for each piece its rarity and its weight, and where the sum starts."""

    known: dict[str, tuple[float, float]]
    intercept: float

    @property
    def scorer(self) -> relevance.WordScorer:
        """The model that judges by it."""
        return relevance.WordScorer(self.known, self.intercept, NAME)


def cut(examples: Sequence[Example], ordinary: Sequence[Example]) -> Texts:
    """Return the pieces of all examples with what each counts."""
    both = [*examples, *ordinary]
    return Texts(
        [frozenset(words.pieces(item.title, item.body)) for item in both],
        np.array([float(item.relevant) for item in both]),
        np.array([1.0] * len(examples) + [ORDINARY_WEIGHT] * len(ordinary)),
    )


def fit(texts: Texts) -> Fit:
    """Return the weights learned from the texts."""
    import torch

    spread = Counter(piece for found in texts.pieces for piece in found)
    in_labelled = Counter(
        piece
        for found, weight in zip(texts.pieces, texts.weights, strict=True)
        if weight == 1.0
        for piece in found
    )
    listed = sorted(
        piece
        for piece, n in in_labelled.items()
        if n >= LEAST_LABELLED and spread[piece] >= LEAST_TEXTS
    )
    number = {piece: index for index, piece in enumerate(listed)}
    rarity = np.array([math.log(len(texts.pieces) / spread[piece]) + 1 for piece in listed])
    weights = texts.weights.copy()
    on = texts.relevant > 0
    weights[on] *= SHARE_RELEVANT * weights[~on].sum() / weights[on].sum()

    rows = np.repeat(
        np.arange(len(texts.pieces)), [len(found & number.keys()) for found in texts.pieces]
    )
    columns = np.array(
        [number[piece] for found in texts.pieces for piece in sorted(found) if piece in number]
    )
    shares = rarity[columns]
    lengths = np.sqrt(np.bincount(rows, shares * shares, len(texts.pieces)))
    shares /= lengths[rows]

    learned = torch.zeros(len(listed) + 1, dtype=torch.float64)
    solver = torch.optim.LBFGS([learned], max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> float:
        values = learned.numpy()
        told = np.bincount(rows, shares * values[columns], len(on)) + values[-1]
        # The logarithm of the likelihood, written so that no exponential runs over.
        missed = np.logaddexp(0.0, told) - texts.relevant * told
        error = weights * (1.0 / (1.0 + np.exp(-told)) - texts.relevant)
        slopes = np.append(np.bincount(columns, shares * error[rows], len(listed)), error.sum())
        learned.grad = torch.from_numpy(slopes + PENALTY * values)
        return float(weights @ missed + PENALTY / 2 * values @ values)

    solver.step(loss)  # type: ignore[no-untyped-call]
    found = learned.numpy()
    known = dict(zip(listed, zip(rarity.tolist(), found[:-1].tolist(), strict=True), strict=True))
    return Fit(known, float(found[-1]))


def save(found: Fit, out: Path, facts: dict[str, object]) -> None:
    """Write a model folder with its manifest."""
    from safetensors.numpy import save_file

    out.mkdir(parents=True, exist_ok=True)
    listed = list(found.known)
    (out / relevance.PIECES).write_text("\n".join(listed) + "\n", encoding="utf-8")
    numbers = np.array(list(found.known.values()), dtype=np.float32).reshape(-1, 2)
    tensors = {
        "rarity": np.ascontiguousarray(numbers[:, 0]),
        "weights": np.ascontiguousarray(numbers[:, 1]),
        "intercept": np.array([found.intercept], dtype=np.float32),
    }
    save_file(tensors, out / relevance.WEIGHTS)
    (out / relevance.WEIGHTS).chmod(0o644)
    (out / "training.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    files.write_manifest(out, NAME)


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, write, say what was learned."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--labelled", type=Path, nargs="*", default=None)
    parser.add_argument("--out", type=Path, default=relevance.BUNDLED)
    options = parser.parse_args(arguments)
    paths = corpora.gold() if options.labelled is None else options.labelled
    examples = corpora.labelled(paths) + corpora.cases()
    ordinary = corpora.ordinary(options.data)
    found = fit(cut(examples, ordinary))
    counts = Counter(item.source for item in [*examples, *ordinary])
    facts = {
        "name": NAME, "pieces": len(found.known), "penalty": PENALTY, "ordinary_weight": ORDINARY_WEIGHT,
        "share_relevant": SHARE_RELEVANT, "texts": dict(sorted(counts.items())),
    }  # fmt: skip
    with tempfile.TemporaryDirectory(dir=options.out.parent) as made:
        save(found, Path(made), facts)
        options.out.mkdir(exist_ok=True)
        for path in Path(made).iterdir():
            path.replace(options.out / path.name)
    by_weight = sorted(found.known, key=lambda piece: found.known[piece][0] * found.known[piece][1])
    sys.stdout.write(
        f"{len(found.known)} pieces\nfor: {', '.join(by_weight[:-40:-1])}\nagainst: {', '.join(by_weight[:40])}\n"
    )


if __name__ == "__main__":
    main()
