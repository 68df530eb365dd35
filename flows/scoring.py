"""Read labelled articles as if they had been handed in, and score what comes out.

labelled set -> Article -> Reading -> Incident -> [Measure]
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows import reading
from flows.clock import now
from flows.problems import Problem, UsageProblem
from flows.runs import Progress, quiet
from pipeline import agencies, articles, duplicates, evaluation, gold, incidents
from pipeline.evaluation import Measure, Reading
from pipeline.gold import GoldArticle
from pipeline.records import Article, Rejection

HEADINGS = ("measure", "lang", "value", "95 % interval", "n", "bar", "")


@dataclass(frozen=True)
class Scored:
    """The scores of one evaluation."""

    measures: Sequence[Measure]
    n_articles: int
    n_relevant: int
    by_language: Mapping[str, int]
    headings: Sequence[str] = HEADINGS

    @property
    def languages(self) -> str:
        """Languages and their number of articles, in words."""
        return ", ".join(f"{name} {n}" for name, n in sorted(self.by_language.items()))

    @property
    def passed(self) -> tuple[int, int]:
        """How many bars were reached, of how many that could be measured."""
        barred = [item.passed for item in self.measures if item.passed is not None]
        return sum(barred), len(barred)

    def rows(self) -> list[tuple[object, ...]]:
        """Return the table rows."""
        return [
            (
                item.name,
                item.language,
                None if item.value is None else f"{item.value:.3f}",
                None if item.low is None else f"{item.low:.3f} to {item.high:.3f}",
                item.n,
                None
                if item.bar is None
                else f"{'<=' if item.lower_is_better else '>='} {item.bar:g}",
                {None: "", True: "reached", False: "below"}[item.passed],
            )
            for item in self.measures
        ]

    def as_json(self) -> dict[str, Any]:
        """Return the scores as one document."""
        passed, measured = self.passed
        return {
            "n_articles": self.n_articles,
            "n_relevant": self.n_relevant,
            "languages": dict(self.by_language),
            "bars_measured": measured,
            "bars_reached": passed,
            "measures": [item.model_dump(mode="json") for item in self.measures],
        }


def load_gold(paths: Sequence[Path]) -> list[GoldArticle]:
    """Return the labelled articles of the files.

    Raises ``UsageProblem`` for a missing file and ``Problem`` for a line that cannot be read.
    """
    found: list[GoldArticle] = []
    for path in paths:
        try:
            with path.open(encoding="utf-8") as lines:
                found += gold.parse(lines, path.name)
        except OSError as error:
            raise UsageProblem(f"{path}: {error.strerror}", "name a labelled set") from error
        except (gold.GoldError, UnicodeDecodeError) as error:
            raise Problem(
                str(error), "correct the line; half a labelled set would mislead"
            ) from error
    return found


def as_article(labelled: GoldArticle, today: dt.datetime) -> Article | Rejection:
    """Return the labelled article as it comes out of a hand-in."""
    fetched_at = today
    if labelled.published:
        day = dt.datetime.fromisoformat(labelled.published)
        fetched_at = min(today, (day.replace(tzinfo=dt.UTC) + dt.timedelta(days=2)))
    return articles.from_text(
        labelled.title,
        labelled.text,
        url=labelled.url or f"urn:suar:{labelled.labelled_set}:{labelled.id}",
        fetched_at=fetched_at,
        outlet=labelled.outlet,
        language=None if labelled.language == "und" else labelled.language,
        published=labelled.published,
    )


def evaluate(
    paths: Sequence[Path], similarity_model: str = "", progress: Progress = quiet
) -> Scored:
    """Return the scores of every stage on the labelled articles of the files."""
    labelled = load_gold(paths)
    tagger, encoder = reading.load_tagger(), reading.load_encoder(similarity_model)
    today = now()
    made: list[Article] = []
    for item in labelled:
        article = as_article(item, today)
        if isinstance(article, Rejection):
            raise Problem(
                f"{item.labelled_set}: {item.id} is no article ({article.reason.value})",
                "correct its text",
            )
        made.append(article)
    readings: list[Reading] = []
    for number, article in enumerate(duplicates.group(made), start=1):
        progress("read", number, len(made))
        readings.append(reading.read(article, tagger))
    linked = reading.link(readings, encoder)
    return score(labelled, readings, linked)


def score(
    labelled: Sequence[GoldArticle], readings: Sequence[Reading], linked: incidents.Linked
) -> Scored:
    """Return the scores of these readings."""
    links = {link.report_id: link.incident_id for link in linked.links}
    return Scored(
        measures=evaluation.evaluate(
            labelled, readings, links, linked.incidents, agency_names=_agency_names(labelled)
        ),
        n_articles=len(labelled),
        n_relevant=sum(item.relevant for item in labelled),
        by_language=Counter(item.language for item in labelled),
    )


def _agency_names(labelled: Sequence[GoldArticle]) -> dict[str, tuple[str, ...]]:
    """Return the names of the table and those by which the labelled set calls local agencies, with their ids."""
    known = dict(agencies.names())
    for name in {item.name for article in labelled for item in article.agencies or ()}:
        agency = None if name in known else agencies.identify(name)
        if agency is not None:
            known[name] = (agency.agency_id,)
    return known
