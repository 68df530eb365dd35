"""Fit the weights of the screening rule again, and say how well such a fit does on texts it has not seen.

``python -m tests.fit_relevance`` reads the labelled set and the invented cases; ``--labelled`` adds files of
``{"title", "text", "relevant"}`` lines, ``--ordinary`` the same of ordinary news, all of it off the subject, and
``--check`` ordinary news that is only asked about.
It prints what to write into ``pipeline/relevance.py`` and changes nothing.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import math
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import yaml

from models.language.evaluate import wilson
from pipeline import articles, gold, language, relevance
from pipeline.evaluation import TRUE_PREVALENCE
from pipeline.records import Article

HERE = Path(__file__).parent
# Features that may only speak against a text; the others only for it.
AGAINST = frozenset(
    {"nobody_moved", "domestic", "consumer", "other_exploitation", "foreigners_here", "other_topic"}
)
# A short text is cut less often than a long one is quoted by its opening, so both count, the opening less.
OPENING_WEIGHT = 0.3
N_OPENING = 3
# What a feature weighs before any text is seen, and how hard the fit is pulled there: few labelled texts state the
# work and speak of another exploitation as well, which must not make that feature worthless.
PRIOR_FOR, PRIOR_AGAINST = 1.0, -2.0
PULL = 1.0
STEPS = 4000
RATE = 2.0
FOLDS = 8
SEED = 3
# Edges of the answers in the table of reliability; most answers lie near 0 or 1.
EDGES = (0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
NOW = dt.datetime(2026, 9, 20, tzinfo=dt.UTC)

Floats = npt.NDArray[np.float64]


class Example(NamedTuple):
    """A text with its side of the line."""

    title: str
    body: str
    relevant: bool


class Rows(NamedTuple):
    """Examples as the rule sees them: only those that state the subject, for the gate answers the others."""

    features: Floats
    relevant: Floats
    weights: Floats


def labelled() -> list[Example]:
    """Return the labelled articles and the invented cases."""
    found = [
        example(item.title, item.text, item.relevant)
        for path in sorted((HERE / "gold").glob("*.jsonl"))
        for item in gold.parse(path.read_text("utf-8").splitlines())
    ]
    cases = yaml.safe_load((HERE / "pipeline" / "relevance_cases.yml").read_text("utf-8"))
    return found + [example(case["title"], case["text"], case["relevant"]) for case in cases]


def example(title: str, text: str, relevant: bool) -> Example:
    """Return a text as the screening sees it: cleaned like every article that comes in."""
    made = articles.from_text(title, text, url="http://kabar.example/1", fetched_at=NOW)
    return Example(title, made.body if isinstance(made, Article) else text, relevant)


def lines(path: Path) -> list[Example]:
    """Return the examples of a file of JSON lines."""
    rows = (json.loads(line) for line in path.read_text("utf-8").splitlines() if line)
    return [example(row["title"], row["text"], bool(row["relevant"])) for row in rows]


def seen(examples: Sequence[Example], *, openings: bool = True) -> Rows:
    """Return what the rule weighs of the examples, each also by its opening."""
    features, relevant, weights = [], [], []
    for item in examples:
        opening = "\n".join(item.body.split("\n")[:N_OPENING])
        versions = [(item.body, 1.0)]
        if openings and opening != item.body:
            versions.append((opening, OPENING_WEIGHT))
        for body, weight in versions:
            reading = relevance.read(item.title, body)
            if reading.states_subject:
                features.append([reading.features[name] for name in relevance.WEIGHTS])
                relevant.append(float(item.relevant))
                weights.append(weight)
    return Rows(np.array(features), np.array(relevant), np.array(weights))


def fit(rows: Rows) -> tuple[float, Floats]:
    """Return intercept and weights of a logistic rule whose signs are fixed beforehand."""
    prior = np.array(
        [PRIOR_AGAINST if name in AGAINST else PRIOR_FOR for name in relevance.WEIGHTS]
    )
    weights = rows.weights.copy()
    on = rows.relevant > 0
    weights[on] *= weights[~on].sum() / weights[on].sum()
    total = weights.sum()
    intercept, found = 0.0, prior.copy()
    for _ in range(STEPS):
        error = weights * (_sigmoid(rows.features @ found + intercept) - rows.relevant)
        found -= RATE * (rows.features.T @ error / total + PULL * (found - prior) / len(error))
        intercept -= RATE * float(error.sum()) / total
        found = np.where(found * prior < 0, 0.0, found)
    return intercept, found


def _sigmoid(values: Floats) -> Floats:
    answers: Floats = 1.0 / (1.0 + np.exp(-values))
    return answers


class Answer(NamedTuple):
    """A probability for an example that its fit had not seen."""

    value: float
    language: str
    relevant: bool


def unseen(examples: Sequence[Example]) -> list[Answer]:
    """Return the answers in cross-validation: each fold is answered by a fit of the others."""
    order = list(range(len(examples)))
    random.Random(SEED).shuffle(order)
    answers = []
    for fold in range(FOLDS):
        held = set(order[fold::FOLDS])
        intercept, found = fit(seen([examples[i] for i in order if i not in held]))
        for index in sorted(held):
            item = examples[index]
            reading = relevance.read(item.title, item.body)
            row = np.array([reading.features[name] for name in relevance.WEIGHTS])
            value = float(_sigmoid(row @ found + intercept)) if reading.states_subject else 0.0
            answers.append(
                Answer(value, language.detect(f"{item.title}\n{item.body}"), item.relevant)
            )
            if (value >= relevance.THRESHOLD) != item.relevant:
                sys.stderr.write(f"{value:.2f} {item.relevant!s:5} {item.title}\n")
    return answers


def scores(name: str, answers: Sequence[Answer]) -> str:
    """Return how right the answers are in one line, at the balance of the set and where few are relevant."""
    says = [item.value >= relevance.THRESHOLD for item in answers]
    n_on = sum(item.relevant for item in answers)
    hits = sum(yes and item.relevant for yes, item in zip(says, answers, strict=True))
    false = sum(says) - hits
    unsure = sum(relevance.REVIEW_FROM <= item.value < relevance.ACCEPT_FROM for item in answers)
    recall, alarms = hits / max(1, n_on), false / max(1, len(answers) - n_on)
    few = TRUE_PREVALENCE * recall
    rare = few / (few + (1 - TRUE_PREVALENCE) * alarms) if few else math.nan
    return (
        f"{name:4} n {len(answers):4} ({n_on} relevant): F1 {2 * hits / max(1, hits + false + n_on):.3f}"
        f" recall {recall:.3f} {_text(wilson(hits, n_on))} false alarms {alarms:.3f}"
        f" {_text(wilson(false, len(answers) - n_on))} precision {hits / max(1, hits + false):.3f},"
        f" {rare:.3f} at {TRUE_PREVALENCE:.0%} relevant; between the bands {unsure / len(answers):.3f}"
    )


def reliability(answers: Sequence[Answer]) -> list[str]:
    """Return for each range of answers how many there are, their mean and the share that is relevant; the Brier score."""
    told = []
    low = 0.0
    for high in EDGES:
        here = [item for item in answers if low <= item.value < high or item.value == high == 1]
        if here:
            n_on = sum(item.relevant for item in here)
            mean = sum(item.value for item in here) / len(here)
            told.append(
                f"{low:.2f} to {high:.2f}: n {len(here):4} mean answer {mean:.3f}"
                f" relevant {n_on / len(here):.3f} {_text(wilson(n_on, len(here)))}"
            )
        low = high
    brier = sum((item.value - item.relevant) ** 2 for item in answers) / len(answers)
    return [*told, f"Brier score {brier:.4f}"]


def _text(bounds: tuple[float, float]) -> str:
    return f"[{bounds[0]:.3f}, {bounds[1]:.3f}]"


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--labelled", type=Path, nargs="*", default=[])
    parser.add_argument("--ordinary", type=Path, nargs="*", default=[])
    parser.add_argument("--check", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    examples = labelled() + [item for path in options.labelled for item in lines(path)]
    ordinary = [item for path in options.ordinary for item in lines(path)]
    answers = unseen(examples)
    for code in ("", *sorted({item.language for item in answers})):
        own = [item for item in answers if code in ("", item.language)]
        sys.stdout.write(f"{scores(code or 'all', own)}\n")
    sys.stdout.write("\n".join(reliability(answers)) + "\n")
    intercept, found = fit(seen([*examples, *ordinary]))
    sys.stdout.write(f"INTERCEPT = {intercept:.1f}\n")
    for name, value in zip(relevance.WEIGHTS, found, strict=True):
        sys.stdout.write(f'    "{name}": {value:.1f},\n')
    check = [item for path in options.check for item in lines(path)]
    if check:
        values = [
            float(_sigmoid(row @ found + intercept)) for row in seen(check, openings=False).features
        ]
        false = sum(value >= relevance.THRESHOLD for value in values)
        sys.stdout.write(
            f"{false} of {len(check)} ordinary texts taken for the subject, {len(values)} past the gate\n"
        )


if __name__ == "__main__":
    main()
