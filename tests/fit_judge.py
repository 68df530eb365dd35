"""Fit the judge of figures on the training sets, and say how well such a fit does on a writer it has not seen.

``python -m tests.fit_judge`` leaves out one training set at a time and prints what rules alone and rules with the
judge find in it; ``--write`` then fits on all of them and writes ``models/judgement/bundled``. The development set and
the sets kept aside for measuring are never fitted on.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rich.console import Console
from scipy import optimize, sparse

from flows import reading, scoring
from models import judgement
from models.judgement import ANSWERS, BUNDLED, TRAITS, WEIGHTS, LinearJudge, Tables
from models.similarity import files
from pipeline import claims as ledger
from pipeline import duplicates, gold, relevance, traits
from pipeline import mentions as names
from pipeline import reports as accounts
from pipeline import statistics as aggregates
from pipeline.evaluation import Reading
from pipeline.gold import GoldArticle, GoldIncident
from pipeline.records import Article, Rejection, Unit
from pipeline.traits import OF_RULES, Candidate

MORE = Path(__file__).parent / "gold" / "more"
TRAINING = sorted(MORE.glob("training_*.jsonl"))
# Rules were tuned on these, so that they look better there than they are.
TUNED = sorted(MORE.glob("development_*.jsonl"))
TUNED_WEIGHT = 0.5
NOW = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)

NAME = "suar-judgement-1"
# Inverse strength of the pull to zero, for each question; chosen by leaving out one writer at a time.
STRENGTH = {"event": 0.1, "event_type": 0.2}
# What rules say is one trait among a hundred words: it counts this much more.
RULES_WEIGHT = 2.0
# A trait that only one figure has says nothing of others.
LEAST_FIGURES = 2
STEPS = 40
YES, NO = "yes", "no"

Floats = npt.NDArray[np.float64]


class Example(NamedTuple):
    """A figure with its traits and the true answers; an event type only where it is the size of an event."""

    traits: Collection[str]
    may_be_persons: bool
    is_event: bool
    event_type: str
    weight: float
    labelled_set: str


# --- examples ----------------------------------------------------------------------------------------


def read(labelled: Sequence[GoldArticle]) -> Iterator[tuple[GoldArticle, Reading]]:
    """Yield the labelled articles with what the rules alone make of them; relevant ones are always read."""
    tagger = reading.load_tagger()
    articles = [_article(item) for item in labelled]
    for item, article in zip(labelled, duplicates.group(articles), strict=True):
        judged = relevance.assess(article)
        if item.relevant and not judged.relevant:
            judged = judged.model_copy(update={"relevant": True})
        if not judged.relevant:
            continue
        found = names.find(article, tagger, reading.load_names)
        figures = ledger.read(article, found)
        totals = aggregates.read(article, judged, found, figures)
        told = accounts.read(article, judged, found, figures, totals)
        yield item, Reading(article, judged, found, figures, told, totals)


def _article(item: GoldArticle) -> Article:
    made = scoring.as_article(item, NOW)
    if isinstance(made, Rejection):
        raise SystemExit(f"{item.labelled_set}: {item.id} is no article ({made.reason.value})")
    return made


def examples(item: GoldArticle, read_as: Reading, weight: float) -> list[Example]:
    """Return the figures of one labelled article."""
    events: dict[float, str] = {}
    for incident in item.incidents:
        size = _size(incident)
        if size is not None:
            events.setdefault(size, incident.event_type.value)
    return [
        Example(
            candidate.traits, candidate.may_be_persons, candidate.value in events,
            events.get(candidate.value, ""), weight, item.labelled_set,
        )
        for candidate in _candidates(read_as)
    ]  # fmt: skip


def _candidates(read_as: Reading) -> list[Candidate]:
    return traits.candidates(read_as.article, read_as.claims, read_as.statistics, read_as.reports)


def _size(incident: GoldIncident) -> float | None:
    headline = incident.headline
    if headline is None or headline.unit is not Unit.PERSONS:
        return None
    return headline.best if headline.best is not None else headline.low


# --- fitting -----------------------------------------------------------------------------------------


def fit(given: Sequence[Example]) -> LinearJudge:
    """Return the judge fitted on these figures."""
    common = Counter(trait for item in given for trait in item.traits)
    known = sorted(trait for trait, n in common.items() if n >= LEAST_FIGURES)
    rows = {trait: row for row, trait in enumerate(known)}
    scale = np.array([RULES_WEIGHT if trait.startswith(OF_RULES) else 1.0 for trait in known])
    sheet = _sheet([item.traits for item in given], rows).multiply(scale[None, :]).tocsr()
    weights = np.array([item.weight for item in given])
    persons = np.array([item.may_be_persons for item in given])
    events = np.array([item.is_event for item in given])
    asked: dict[str, tuple[npt.NDArray[np.bool_], list[str]]] = {
        "event": (persons, [YES if item.is_event else NO for item in given]),
        "event_type": (persons & events, [item.event_type for item in given]),
    }  # fmt: skip
    answers, tables, biases = {}, {}, {}
    for question, (mask, truth) in asked.items():
        labels = sorted({answer for answer, is_asked in zip(truth, mask, strict=True) if is_asked})
        columns = np.array([labels.index(answer) if answer in labels else 0 for answer in truth])
        table, bias = _regress(sheet[mask], columns[mask], len(labels), weights[mask], STRENGTH[question])  # fmt: skip
        answers[question] = labels
        tables[question] = (table * scale[:, None]).astype(np.float16).astype(np.float32)
        biases[question] = bias.astype(np.float32)
    return LinearJudge(Tables(known, answers, tables, biases), NAME)


def _sheet(given: Sequence[Collection[str]], rows: Mapping[str, int]) -> sparse.csr_matrix:
    found = [sorted(rows[trait] for trait in own if trait in rows) for own in given]
    ends = np.cumsum([0, *map(len, found)])
    columns = np.concatenate([np.array(own, dtype=np.int64) for own in found])
    return sparse.csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(given), len(rows)))


def _regress(
    sheet: sparse.csr_matrix, truth: npt.NDArray[np.int64], n_answers: int, weights: Floats, strength: float
) -> tuple[Floats, Floats]:  # fmt: skip
    """Return weights and bias of a multinomial logistic regression with a ridge, by L-BFGS."""
    n_rows, n_traits = sheet.shape
    wanted = np.zeros((n_rows, n_answers))
    wanted[np.arange(n_rows), truth] = 1.0
    flipped = sheet.T.tocsr()

    def loss(flat: Floats) -> tuple[float, Floats]:
        table = flat[: n_traits * n_answers].reshape(n_traits, n_answers)
        logits = sheet @ table + flat[n_traits * n_answers :]
        logits -= logits.max(axis=1, keepdims=True)
        odds = np.exp(logits)
        sums = odds.sum(axis=1, keepdims=True)
        told = ((logits * wanted).sum(axis=1) - np.log(sums[:, 0])) * weights
        error = (odds / sums - wanted) * weights[:, None]
        slope = flipped @ error + table / strength
        ridge = (table * table).sum() / (2 * strength)
        return ridge - told.sum(), np.concatenate([slope.ravel(), error.sum(axis=0)])

    start = np.zeros(n_traits * n_answers + n_answers)
    found = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    table = found.x[: n_traits * n_answers].reshape(n_traits, n_answers)
    return table, found.x[n_traits * n_answers :]


def write(judge: LinearJudge, folder: Path = BUNDLED) -> None:
    """Write the judge as ``models.judgement.load`` opens it."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    parts = judge.tables
    (folder / TRAITS).write_text("\n".join(parts.traits) + "\n", "utf-8")
    (folder / ANSWERS).write_text(json.dumps(parts.answers, indent=1) + "\n", "utf-8")
    tables: dict[str, npt.NDArray[np.floating]] = {
        f"{name}.weight": table.astype(np.float16) for name, table in parts.weights.items()
    }
    tables |= {f"{name}.bias": bias for name, bias in parts.biases.items()}
    save_file(tables, folder / WEIGHTS)
    files.write_manifest(folder, NAME)


# --- leaving out one writer ----------------------------------------------------------------------------


class Tally(NamedTuple):
    """Labelled events with a size, those whose size was found, also with their type, with their role; sized reports."""

    n_events: int = 0
    sizes: int = 0
    kinds: int = 0
    heads: int = 0
    reports: int = 0

    def line(self) -> str:
        """Return the tally in words."""
        return (
            f"size {self.sizes / self.n_events:.3f}, and type {self.kinds / self.n_events:.3f}, and role"
            f" {self.heads / self.n_events:.3f} of {self.n_events} events; {self.sizes / self.reports:.3f} of"
            f" {self.reports} sized reports"
        )


def plus(left: Tally, right: Tally) -> Tally:
    """Return both tallies together."""
    return Tally(*(a + b for a, b in zip(left, right, strict=True)))


def tally(item: GoldArticle, read_as: Reading) -> Tally:
    """Count the labelled sizes of events that the reading has."""
    wanted = [incident for incident in item.incidents if _size(incident) is not None]
    sized = [r for r in read_as.reports if (r.count_best or r.count_low) is not None]
    left = list(sized)
    sizes = kinds = heads = 0
    for incident in wanted:
        same = [r for r in left if (r.count_best or r.count_low) == _size(incident)]
        if same:
            best = min(same, key=lambda r: r.event_type is not incident.event_type)
            left.remove(best)
            sizes += 1
            kinds += best.event_type is incident.event_type
            heads += incident.headline is not None and best.headline_role is incident.headline.role
    return Tally(len(wanted), sizes, kinds, heads, len(sized))


def second_look(read_as: Reading, judge: LinearJudge) -> Reading:
    """Return the reading with what the judge adds."""
    seen = _candidates(read_as)
    told = accounts.look_again(
        read_as.article, read_as.mentions, read_as.claims, read_as.reports, seen, judge
    )
    return read_as._replace(reports=told)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, measure, and write where asked; return an exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.fit_judge", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the judge fitted on all sets")
    asked = parser.parse_args(arguments)
    sets = {
        path.stem: list(read(gold.parse(path.read_text("utf-8").splitlines(), path.stem)))
        for path in (*TRAINING, *TUNED)
    }
    figures = {
        name: [
            example
            for item, read_as in pairs
            for example in examples(item, read_as, TUNED_WEIGHT if name in {p.stem for p in TUNED} else 1.0)
        ]
        for name, pairs in sets.items()
    }  # fmt: skip
    rules, judged = Tally(), Tally()
    say = Console().print
    for name in (path.stem for path in TRAINING):
        judge = fit([item for other, given in figures.items() if other != name for item in given])
        alone = [tally(item, read_as) for item, read_as in sets[name]]
        helped = [tally(item, second_look(read_as, judge)) for item, read_as in sets[name]]
        for each in alone:
            rules = plus(rules, each)
        for each in helped:
            judged = plus(judged, each)
    say("rules alone      ", rules.line())
    say("with the judge   ", judged.line())
    if asked.write:
        write(fit([item for given in figures.values() for item in given]))
        judgement.load.cache_clear()
        say(f"written: {BUNDLED}, {judgement.load().version}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
