"""Read one article through every stage; the models are lent from outside.

Article -> Reading (relevance, mentions, claims, reports, statistics)
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator, Sequence

from flows.problems import Problem
from pipeline import claims as ledger
from pipeline import incidents, mentions, relevance, reports, statistics, traits
from pipeline.evaluation import Reading
from pipeline.protocols import Encoder, Judge, NameFinder, Scorer, Tagger
from pipeline.records import Article

_ANEW = "install Suar again: the model that it brings is damaged"


@contextlib.contextmanager
def _whole(way_on: str = _ANEW) -> Iterator[None]:
    """Make a ``Problem`` of a model that is not the one that was trained, or that cannot be used."""
    from models.similarity.files import ModelError

    try:
        yield
    except ModelError as error:
        raise Problem(str(error), way_on) from error


@functools.cache
def load_tagger() -> Tagger:
    """Return the tagger, loaded once per process."""
    from models import mentions as tagging

    return tagging.load()


@functools.cache
def load_names() -> NameFinder:
    """Return the learned name finder, loaded once per process and only when a text asks for it.

    Raises ``Problem`` when the model is not the one that was trained.
    """
    from models import entities

    with _whole():
        return entities.load()


@functools.cache
def load_scorer() -> Scorer:
    """Return the learned judge of the screening, loaded once per process.

    Raises ``Problem`` when the model is not the one that was trained.
    """
    from models import relevance as judges

    with _whole():
        return judges.load()


@functools.cache
def load_encoder(model: str = "") -> Encoder:
    """Return the sentence encoder, loaded once per process; empty is the bundled one.

    Raises ``Problem`` when the model is not there, or has no calibrated thresholds.
    """
    from models import similarity

    with _whole(
        "correct similarity_model, or leave it out to use the bundled model" if model else _ANEW
    ):
        return similarity.load(model)


@functools.cache
def load_judge() -> Judge:
    """Return the judge of figures, loaded once per process and only when a text is on the subject.

    Raises ``Problem`` when the model is not the one that was trained.
    """
    from models import judgement

    with _whole():
        return judgement.load()


def read(
    article: Article, tagger: Tagger, judges: Callable[[], Judge] | None = load_judge
) -> Reading:
    """Return everything that one article says; nothing of it depends on other articles.

    ``judges`` lends the judge that looks again at what the rules passed over; None leaves it at the rules.
    """
    judged = relevance.assess(article, load_scorer())
    # Most articles are off the subject: names that no list holds are looked for in the others alone.
    found = mentions.find(article, tagger, load_names if judged.relevant else None)
    figures = ledger.read(article, found) if judged.relevant else []
    totals = statistics.read(article, judged, found, figures)
    told = reports.read(article, judged, found, figures, totals)
    if judges is not None and judged.relevant:
        seen = traits.candidates(article, figures, totals, told)
        told = reports.look_again(article, found, figures, told, seen, judges())
    return Reading(
        article=article,
        relevance=judged,
        mentions=found,
        claims=figures,
        reports=told,
        statistics=totals,
    )


def link(readings: Sequence[Reading], encoder: Encoder) -> incidents.Linked:
    """Return the incidents that the reports of these readings tell of."""
    told = [report for reading in readings for report in reading.reports]
    return incidents.link(told, encoder=encoder)
