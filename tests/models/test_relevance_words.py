"""The learned judge of the screening: what it reads, that it is the one that was trained, what it is worth on writers unseen."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import reading
from models import relevance as judges
from models.relevance import corpora, train, words
from models.relevance.corpora import Example
from pipeline import relevance
from tests.fit_relevance import Answer, cleaned, unseen

SCORER = judges.load()
FOLDS = 4
# Floors under what is reached without the ordinary news, which is not in this repository; see CARD.md.
LEAST_F1, LEAST_RECALL, MOST_FALSE_ALARMS = 0.96, 0.96, 0.06


# --- words ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("forms", "stem"),
    [
        (("dijanjikan", "menjanjikan", "perjanjian"), "janji"),
        (("pekerja", "pekerjaan", "dikerjakan"), "kerja"),
        (("worker", "workers"), "worker"),
        (("7", "64"), words.FIGURE),
    ],
)
def test_forms_of_a_word_share_a_stem(forms: Sequence[str], stem: str) -> None:
    assert {words.stems(form)[0] for form in forms} == {stem}


def test_pieces_are_stems_neighbours_and_the_title_apart() -> None:
    assert words.pieces("Tiga Pulang", "Tiga orang") == {
        "tiga", "pulang", "orang", "^tiga", "^pulang", "tiga pulang", "tiga orang",
    }  # fmt: skip


# --- the bundled model ---------------------------------------------------------------------------------


def test_the_subject_sounds_like_itself() -> None:
    told = SCORER.score(
        "Tujuh pemuda ceritakan malam di balik pagar Myawaddy",
        "Paspor mereka diambil setiba di Myanmar. Tiap malam mereka mengetik rayuan, yang tidak mencapai target disetrum."
        " Keluarga di Medan diminta membayar agar mereka dilepaskan perusahaan.",
    )
    assert told > 0.8
    assert SCORER.score("Harga cabai naik jelang akhir pekan", "Pedagang mengeluh.") < 0.1
    assert SCORER.score("", "") < 0.5


@given(st.text(max_size=40), st.text(max_size=200))
def test_any_text_gets_a_probability_and_always_the_same(title: str, body: str) -> None:
    first = SCORER.score(title, body)
    assert 0.0 < first < 1.0
    assert SCORER.score(title, body) == first


def test_a_run_lends_the_bundled_model() -> None:
    assert reading.load_scorer().version == SCORER.version


def test_a_model_whose_files_differ_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(judges.BUNDLED, folder)
    assert judges.load(folder).version == SCORER.version
    with (folder / judges.PIECES).open("a", encoding="utf-8") as file:
        file.write("tambahan\n")
    with pytest.raises(judges.ModelError, match="SHA-256"):
        judges.load(folder)


# --- learning ------------------------------------------------------------------------------------------


def test_what_was_learned_is_what_is_saved_and_opened(tmp_path: Path) -> None:
    examples = [
        Example("a", f"{name} pulang dari Bavet", "Mereka dipaksa menipu.", relevant=True)
        for name in ("Tiga", "Empat", "Lima")
    ] + [
        Example("a", f"{name} panen raya", "Petani senang.", relevant=False)
        for name in ("Tiga", "Empat", "Lima")
    ]
    found = train.fit(train.cut(examples, []))
    assert found.scorer.score("Enam pulang dari Bavet", "") > 0.5
    assert found.scorer.score("Enam petani panen", "") < 0.5
    assert train.fit(train.cut(examples, [])) == found
    train.save(found, tmp_path / "model", {})
    opened = judges.load(tmp_path / "model")
    title = "Tujuh petani pulang dari panen"
    assert opened.score(title, "") == pytest.approx(found.scorer.score(title, ""), abs=1e-6)


def test_held_out_articles_are_never_learned_from() -> None:
    found = corpora.gold()
    assert len(found) > 5
    assert not [path for path in found if "held" in path.name]


def recall(answers: Sequence[Answer]) -> float:
    on = [item.value >= relevance.THRESHOLD for item in answers if item.relevant]
    return sum(on) / len(on)


@pytest.mark.slow
def test_sets_that_were_not_learned_from() -> None:
    """Whole sets are held back, so whoever wrote one is unknown to what answers it; the words of the rule knew some."""
    examples = [cleaned(item) for item in corpora.labelled(corpora.gold()) + corpora.cases()]
    sources = sorted({item.source for item in examples})
    folds = {source: str(number % FOLDS) for number, source in enumerate(sources)}
    _, both = unseen(examples, [], folds, rule=relevance.WEIGHTS)
    hits = sum(item.value >= relevance.THRESHOLD for item in both if item.relevant)
    false = sum(item.value >= relevance.THRESHOLD for item in both if not item.relevant)
    n_on = sum(item.relevant for item in both)
    assert n_on > 300
    assert recall(both) >= LEAST_RECALL
    assert 2 * hits / (hits + false + n_on) >= LEAST_F1
    assert false / (len(both) - n_on) <= MOST_FALSE_ALARMS
