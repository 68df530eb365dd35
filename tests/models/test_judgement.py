"""The judge of figures: that it is the one that was fitted, how it adds up, and what it adds to a text."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from flows import reading
from models import judgement
from models.judgement import BUNDLED, LinearJudge, ModelError, Tables
from pipeline.records import Article
from tests.factories import make_article

JUDGE = judgement.load()


def told(title: str, *paragraphs: str) -> Article:
    return make_article("\n".join((title, *paragraphs)))


def test_answers_sum_to_one_and_unknown_traits_say_nothing() -> None:
    none, strange = JUDGE.judge("event_type", [[], ["no such trait"]])
    assert none == strange
    assert sum(none.values()) == pytest.approx(1.0)
    assert JUDGE.judge("event", []) == []


def test_weights_of_traits_add_up() -> None:
    tables = Tables(
        ["a", "b"],
        {"event": ["no", "yes"]},
        {"event": np.array([[0.0, 1.0], [0.0, 2.0]], np.float32)},
        {"event": np.array([0.0, -1.0], np.float32)},
    )
    (found,) = LinearJudge(tables, "test").judge("event", [{"a", "b"}])
    assert found["yes"] == pytest.approx(1 / (1 + np.exp(-2.0)))


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "judge"
    shutil.copytree(BUNDLED, folder)
    assert judgement.load(folder).version == JUDGE.version
    judgement.load.cache_clear()
    (folder / judgement.TRAITS).write_text("other\n", "utf-8")
    with pytest.raises(ModelError, match="is not the file that was trained"):
        judgement.load(folder)


def test_what_the_rules_found_stays_and_nothing_is_added_without_a_span() -> None:
    article = told(
        "Scam centre raids: 214 foreigners held in Poipet",
        "POIPET - Police held 214 foreigners in a scam compound in Poipet, Cambodia, on Monday (4 May 2026).",
        "Another 61 souls had walked out of a scam compound in Bavet on 2 May and reached the embassy by themselves.",
        "In March some 37 were put on a plane home after being forced to run online scams.",
    )
    tagger = reading.load_tagger()
    alone = reading.read(article, tagger, None)
    helped = reading.read(article, tagger, lambda: JUDGE)
    assert {report.report_id for report in alone.reports} <= {r.report_id for r in helped.reports}
    assert helped.statistics == alone.statistics
    for report in helped.reports:
        for claim in report.claims:
            assert article.text[claim.start : claim.end] == claim.surface


class Sure:
    """A judge that takes every figure for people who were sent home."""

    version = "sure"

    def judge(self, question: str, traits: Sequence[Collection[str]]) -> list[Mapping[str, float]]:
        answer = {"event": {"yes": 0.9, "no": 0.1}, "event_type": {"repatriation": 1.0}}[question]
        return [answer for _ in traits]


def test_an_event_that_is_seen_has_the_figure_its_day_and_no_more_confidence_than_the_judge() -> (
    None
):
    article = told(
        "Good news from the scam compounds of Bavet",
        "For 52 Indonesians the months of forced online scamming in Bavet, Cambodia, were over on 2 May 2026.",
    )
    found = reading.read(article, reading.load_tagger(), Sure).reports
    (added,) = [report for report in found if report.count_best == 52]
    assert (added.event_type, added.headline_role) == ("repatriation", "repatriated")
    assert added.date_start is not None
    assert added.date_start.isoformat() == "2026-05-02"
    assert added.confidence <= 0.9
