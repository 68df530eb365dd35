"""Score a model on sets that no training reads, beside tf-idf, with bootstrap intervals.

python -m models.similarity.evaluate --data DIR [--model MODEL] [--gold FILE...] [--json]

- STS-B in Indonesian: Spearman's rank correlation of cosine and human score.
- NTREX-128: for how many English news sentences the nearest of all Indonesian (Malay) ones is its own
  translation.
- Labelled articles: chance that two openings on one event lie nearer than two on different ones (AUC).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models import similarity
from models.similarity import calibration as calibrations
from models.similarity import corpora
from models.similarity.calibrate import labelled, labelled_pairs
from models.similarity.calibration import Floats, Pair
from models.similarity.train import GOLD, SEED
from pipeline import text as texts
from pipeline.protocols import Encoder, Vectors

RESAMPLES = 1_000
_WORD = re.compile(r"\w+")


class Measured(NamedTuple):
    """One score with its 95 % interval and the number of pairs, sentences or articles behind it."""

    measure: str
    system: str
    score: float
    low: float
    high: float
    n: int


class TfIdf:
    """Words weighted by rarity in the texts that are compared: what the model has to beat."""

    version = "tf-idf"

    def __init__(self, fitted: Sequence[str]) -> None:
        self._n_texts = len(fitted)
        self._spread = Counter(word for text in fitted for word in set(self._words(text)))
        self._column = {word: column for column, word in enumerate(sorted(self._spread))}

    @staticmethod
    def _words(text: str) -> list[str]:
        return _WORD.findall(texts.fold(text))

    def encode(self, given: Sequence[str]) -> Vectors:
        """Return one L2-normalised row per text."""
        rows = np.zeros((len(given), len(self._column)), dtype=np.float32)
        for row, text in enumerate(given):
            for word, count in Counter(self._words(text)).items():
                if word in self._column:
                    rarity = np.log((1 + self._n_texts) / (1 + self._spread[word])) + 1
                    rows[row, self._column[word]] = (1 + np.log(count)) * rarity
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def spearman(left: Floats, right: Floats) -> float:
    """Return the rank correlation of two series."""
    return float(np.corrcoef(calibrations.rank(left), calibrations.rank(right))[0, 1])


def _interval(n: int, score: Callable[[npt.NDArray[np.int64]], float]) -> tuple[float, float]:
    """Return the 95 % percentile bootstrap interval of a score over ``n`` things drawn anew."""
    generator = np.random.default_rng(SEED)
    scores = [score(generator.integers(0, n, n)) for _ in range(RESAMPLES)]
    low, high = np.nanquantile(scores, [0.025, 0.975])
    return float(low), float(high)


def sentence_likeness(encoder: Encoder, scored: Sequence[corpora.Scored], name: str) -> Measured:
    """Return Spearman's correlation with human scores."""
    pairs = [Pair(item.left, item.right, is_same=False) for item in scored]
    found = calibrations.cosines(encoder, pairs)
    wanted = np.array([item.score for item in scored])
    low, high = _interval(len(scored), lambda draw: spearman(found[draw], wanted[draw]))
    return Measured(name, encoder.version, spearman(found, wanted), low, high, len(scored))


def retrieval(encoder: Encoder, asked: Sequence[str], kept: Sequence[str], name: str) -> Measured:
    """Return how often the nearest of all kept sentences is the translation of the one asked."""
    likeness = encoder.encode(asked) @ encoder.encode(kept).T
    hits = np.argmax(likeness, axis=1) == np.arange(len(asked))
    low, high = _interval(len(asked), lambda draw: float(hits[draw].mean()))
    return Measured(name, encoder.version, float(hits.mean()), low, high, len(asked))


def same_incident(encoder: Encoder, pairs: Sequence[Pair], name: str) -> Measured:
    """Return the AUC of telling one event from different ones; articles are drawn anew, not pairs."""
    order = {text: row for row, text in enumerate(sorted({t for p in pairs for t in p[:2]}))}
    left = np.array([order[pair.left] for pair in pairs])
    right = np.array([order[pair.right] for pair in pairs])
    labels = np.array([pair.is_same for pair in pairs])
    found = calibrations.cosines(encoder, pairs)

    def drawn(draw: npt.NDArray[np.int64]) -> float:
        times = np.bincount(draw, minlength=len(order))
        weights = times[left] * times[right]
        again = np.repeat(np.arange(len(pairs)), weights)
        if not labels[again].any() or labels[again].all():
            return float("nan")
        return calibrations.auc(found[again], labels[again])

    low, high = _interval(len(order), drawn)
    return Measured(
        name, encoder.version, calibrations.auc(found, labels), low, high, int(labels.sum())
    )


def evaluate(encoder: Encoder, data: Path, gold: Sequence[Path]) -> list[Measured]:
    """Return every score of the encoder, each followed by that of tf-idf."""
    found: list[Measured] = []
    for split in ("dev", "test"):
        scored = corpora.stsb(data, split)
        plain = TfIdf([text for item in scored for text in item[:2]])
        name = f"STS-B id {split}, Spearman"
        found += [sentence_likeness(system, scored, name) for system in (encoder, plain)]
    english = corpora.ntrex(data, "en")
    for language in ("id", "ms"):
        other = corpora.ntrex(data, language)
        plain = TfIdf(english + other)
        name = f"NTREX en to {language}, top 1"
        found += [retrieval(system, english, other, name) for system in (encoder, plain)]
    articles = labelled(gold)
    for languages in (("id",), ("en",), ("en", "id", "ms")):
        pairs = labelled_pairs([a for a in articles if a.language in languages])
        if sum(pair.is_same for pair in pairs) < calibrations.MIN_PAIRS:
            continue
        plain = TfIdf(sorted({text for pair in pairs for text in pair[:2]}))
        name = f"same incident {'+'.join(languages)}, AUC"
        found += [same_incident(system, pairs, name) for system in (encoder, plain)]
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the scores of one model; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m models.similarity.evaluate", description=__doc__
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the evaluation data")
    parser.add_argument("--model", default="", help="folder or name; empty is the bundled model")
    parser.add_argument("--gold", type=Path, nargs="*", help="labelled sets")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    options = parser.parse_args(arguments)
    gold = sorted(GOLD.glob("*.jsonl")) if options.gold is None else options.gold
    try:
        encoder, _ = similarity.uncalibrated(options.model)
        measured = evaluate(encoder, options.data, gold)
    except (similarity.ModelError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if options.json:
        sys.stdout.write(json.dumps([item._asdict() for item in measured], indent=2) + "\n")
        return 0
    for item in measured:
        sys.stdout.write(
            f"{item.measure:<30} {item.system:<26} {item.score:.3f} "
            f"[{item.low:.3f}, {item.high:.3f}] n={item.n}\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
