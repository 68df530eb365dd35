"""Names of persons in shown evidence: covered, while evidence, places, bodies and headlines stay. All are invented."""

from __future__ import annotations

from typing import Any

import pytest

from flows import masking
from warehouse.queries import Story

BODY = 40


def shown(sentence: str, *words: str, start: int = BODY) -> str:
    highlights = [(at := sentence.index(word), at + len(word)) for word in words]
    proof = {"sentence": sentence, "sentence_start": start, "highlights": highlights}
    story = Story(kind="incident", id="inc_1", subject={}, reports=[{"evidence": [proof]}])
    told: dict[str, Any] = masking.masked(story).reports[0]["evidence"][0]
    assert proof["sentence"] == sentence, "the story that came in was changed"
    assert told["highlights"] == highlights
    assert len(told["sentence"]) == len(sentence)
    return str(told["sentence"])


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Korban bernama Darsono Wiratmaja diberangkatkan dari Medan ke Thailand.", "Darsono Wiratmaja"),
        ("Menurut keterangan polisi, Ratna Kusumawardhani mengaku ditawari pekerjaan oleh tetangganya.", "Ratna Kusumawardhani"),
    ],
)  # fmt: skip
def test_a_person_is_covered_letter_by_letter(sentence: str, name: str) -> None:
    covered = " ".join("█" * len(word) for word in name.split())
    assert shown(sentence) == sentence.replace(name, covered)


@pytest.mark.parametrize(
    "sentence",
    [
        "Sebanyak 21 WNI tiba di Bandara Soekarno-Hatta, Tangerang, pada Selasa pagi.",
        "Pemulangan terkendala karena situasi Myawaddy yang tidak stabil, kata Kemlu.",
        "Darsono Wiratmaja and others were sent from Medan to Thailand to work in a compound.",
    ],
)
def test_places_bodies_and_other_languages_stay(sentence: str) -> None:
    assert shown(sentence) == sentence


def test_what_counts_as_evidence_stays_readable() -> None:
    sentence = (
        "Korban bernama Darsono Wiratmaja dan 20 WNI lain diberangkatkan dari Medan ke Thailand."
    )
    told = shown(sentence, "20 WNI", "Wiratmaja")
    assert told == sentence.replace("Darsono", "█" * len("Darsono"))


def test_headlines_stay_for_their_capitals_mislead_the_finder() -> None:
    title = "Jaksa Dakwa Darsono Wiratmaja Perekrut Admin Judi Daring Asal Minahasa"
    assert shown(title, start=0) == title


def test_a_story_without_sentences_opens_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.reading.load_names", lambda: pytest.fail("opened"))
    story = Story(kind="article", id="art_1", subject={"title": "Kabar"})
    assert masking.masked(story) == story
