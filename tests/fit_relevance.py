"""Fit the screening again, and say how well it does on writers that it has not seen.

``python -m tests.fit_relevance --data DIR`` reads the labelled sets and the invented cases; ``DIR`` holds the openly
licensed texts of ``models/relevance/corpora.py``, ``--labelled`` adds files of ``{"title", "text", "relevant"}`` lines.
Each set is answered by a rule and a learned judge that were fitted on the other sets. Prints scores, and the weights to
write into ``pipeline/relevance.py``; changes nothing.
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.language.evaluate import wilson
from models.relevance import corpora, train
from models.relevance.corpora import Example
from pipeline import articles, language, relevance
from pipeline.evaluation import TRUE_PREVALENCE
from pipeline.records import Article

# Features that may only speak against a text; the others only for it.
AGAINST = frozenset({"nobody_moved", *relevance.LOOK_ALIKES})
FEATURES = [name for name in relevance.WEIGHTS if name != relevance.START]
# A short text is cut less often than a long one is quoted by its opening, so both count, the opening less.
OPENING_WEIGHT = 0.3
N_OPENING = 3
# What a feature weighs before any text is seen, and how hard the fit is pulled there: few labelled texts state the
# work and speak of another exploitation as well, which must not make that feature worthless.
PRIOR_FOR, PRIOR_AGAINST = 1.0, -2.0
PULL = 1.0
STEPS = 4000
RATE = 2.0
# For the folds one ordinary text in so many is learned from, and counts for the others.
THINNED = 3
# Edges of the answers in the table of reliability; most answers lie near 0 or 1.
EDGES = (0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
NOW = dt.datetime(2026, 9, 20, tzinfo=dt.UTC)

Floats = npt.NDArray[np.float64]


class Rows(NamedTuple):
    """Examples as the rule sees them: only those that state the subject, for the gate answers the others."""

    features: Floats
    relevant: Floats
    weights: Floats


class Answer(NamedTuple):
    """A probability for an example that its fit had not seen."""

    value: float
    language: str
    relevant: bool
    source: str = ""


def cleaned(item: Example) -> Example:
    """Return a text as the screening sees it: cleaned like every article that comes in."""
    made = articles.from_text(item.title, item.body, url="http://kabar.example/1", fetched_at=NOW)
    return item._replace(body=made.body) if isinstance(made, Article) else item


def seen(examples: Sequence[Example]) -> Rows:
    """Return what the rule weighs of the examples, each also by its opening."""
    features, relevant, weights = [], [], []
    for item in examples:
        opening = "\n".join(item.body.split("\n")[:N_OPENING])
        versions = [(item.body, 1.0)]
        if opening != item.body:
            versions.append((opening, OPENING_WEIGHT))
        for body, weight in versions:
            reading = relevance.read(item.title, body)
            if reading.states_subject:
                features.append([reading.features[name] for name in FEATURES])
                relevant.append(float(item.relevant))
                weights.append(weight)
    return Rows(np.array(features), np.array(relevant), np.array(weights))


def fit(rows: Rows) -> dict[str, float]:
    """Return the weights of a logistic rule whose signs are fixed beforehand."""
    prior = np.array([PRIOR_AGAINST if name in AGAINST else PRIOR_FOR for name in FEATURES])
    weights = rows.weights.copy()
    on = rows.relevant > 0
    weights[on] *= weights[~on].sum() / weights[on].sum()
    total = weights.sum()
    start, found = 0.0, prior.copy()
    for _ in range(STEPS):
        answers = 1.0 / (1.0 + np.exp(-(rows.features @ found + start)))
        error = weights * (answers - rows.relevant)
        found -= RATE * (rows.features.T @ error / total + PULL * (found - prior) / len(error))
        start -= RATE * float(error.sum()) / total
        found = np.where(found * prior < 0, 0.0, found)
    return {relevance.START: start, **dict(zip(FEATURES, found.tolist(), strict=True))}


def unseen(
    examples: Sequence[Example],
    ordinary: Sequence[Example],
    asked: Mapping[str, str],
    *,
    rule: Mapping[str, float] | None = None,
) -> tuple[list[Answer], list[Answer]]:
    """Return the answers of the rule alone and of both judges, each example answered by a fit without its fold.

    ``asked`` gives the fold of each source; ``rule`` is not fitted again where it is given.
    """
    texts = train.cut(examples, ordinary)
    alone: list[Answer] = []
    both: list[Answer] = []
    for fold in sorted(set(asked.values())):
        held = {index for index, item in enumerate(examples) if asked[item.source] == fold}
        others = [item for index, item in enumerate(examples) if index not in held]
        weights = rule or fit(seen(others))
        scorer = train.fit(texts.without(held)).scorer
        for index in sorted(held):
            item = examples[index]
            reading = relevance.read(item.title, item.body)
            code = language.detect(f"{item.title}\n{item.body}")
            for answers, words in ((alone, None), (both, scorer.score(item.title, item.body))):
                value = relevance.weigh(reading, words, weights)
                answers.append(Answer(value, code, item.relevant, item.source))
            if (both[-1].value >= relevance.THRESHOLD) != item.relevant:
                told = (
                    f"{alone[-1].value:.2f} {both[-1].value:.2f} {item.relevant!s:5} {item.source}"
                )
                sys.stderr.write(f"{told} {item.title}\n")
    return alone, both


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


def by_language(answers: Sequence[Answer]) -> list[str]:
    """Return the scores of all answers and of each language that has relevant texts."""
    codes = sorted({item.language for item in answers if item.relevant})
    return [
        scores(code or "all", [item for item in answers if code in ("", item.language)])
        for code in ("", *codes)
    ]


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--labelled", type=Path, nargs="*", default=[])
    parser.add_argument("--shipped", action="store_true", help="do not fit the rule again")
    options = parser.parse_args()
    examples = [
        cleaned(item)
        for item in corpora.labelled([*corpora.gold(), *options.labelled]) + corpora.cases()
    ]
    ordinary = corpora.ordinary(options.data)
    train.ORDINARY_WEIGHT *= THINNED
    alone, both = unseen(
        examples,
        ordinary[::THINNED],
        {item.source: item.source for item in examples},
        rule=relevance.WEIGHTS if options.shipped else None,
    )
    for name, answers in (("rule alone", alone), ("rule and words", both)):
        sys.stdout.write("\n".join([f"-- {name}", *by_language(answers), *reliability(answers)]))
        sys.stdout.write("\n")
        for source in sorted({item.source for item in answers}):
            own = [item for item in answers if item.source == source]
            sys.stdout.write(f"{scores(source, own)}\n")
    train.ORDINARY_WEIGHT /= THINNED
    weights = relevance.WEIGHTS if options.shipped else fit(seen([*examples, *ordinary]))
    sys.stdout.writelines(f'    "{name}": {value:.1f},\n' for name, value in weights.items())
    scorer = train.fit(train.cut(examples, ordinary)).scorer
    check = corpora.unlearned(options.data)
    values = [
        relevance.weigh(
            relevance.read(item.title, item.body), scorer.score(item.title, item.body), weights
        )
        for item in check
    ]
    false = sum(value >= relevance.THRESHOLD for value in values)
    shown = sum(relevance.REVIEW_FROM <= value < relevance.THRESHOLD for value in values)
    sys.stdout.write(
        f"of {len(check)} ordinary texts {false} taken for the subject, {shown} more shown to a person\n"
    )


if __name__ == "__main__":
    main()
