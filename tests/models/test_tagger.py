"""The tagger: which names it proposes, what capitals decide, and what holds for any text."""

from __future__ import annotations

import subprocess
import sys

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from models.mentions import load
from models.mentions.tagger import AGENCIES, PLACES, Words
from pipeline import agencies, places
from pipeline.protocols import Tagger
from pipeline.records import MentionKind

TAGGER = load()


def surfaces(text: str, kind: MentionKind = MentionKind.AGENCY) -> list[str]:
    return [span.surface for span in TAGGER.tag(text, "id") if span.kind is kind]


def test_it_is_a_tagger_built_once() -> None:
    tagger: Tagger = load()
    assert tagger is TAGGER
    assert tagger.version.startswith("mentions-")


def test_names_come_with_their_candidates() -> None:
    (agency,) = [
        s for s in TAGGER.tag("Kata Bareskrim Polri", "id") if s.surface == "Bareskrim Polri"
    ]
    assert agency.kind is MentionKind.AGENCY
    assert agency.candidate_ids[0] == "id.bareskrim"
    assert agency.extractor == AGENCIES
    (place,) = [s for s in TAGGER.tag("dari Myawaddy ke Mae Sot", "id") if s.surface == "Mae Sot"]
    assert place.kind is MentionKind.PLACE
    assert place.extractor == PLACES
    assert place.candidate_ids == places.names()["Mae Sot"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kata BIN kemarin", ["BIN"]),
        ("Kamal bin Yusuf", []),
        ("KBRI Phnom Penh-lah yang membantu", ["KBRI Phnom Penh"]),
        ("KEMLU MEMBANTAH", ["KEMLU"]),
        ("kemlu membantah", []),
        ("surat ke kementerian sosial", []),
        ("polisi Kamboja bergerak", ["polisi Kamboja"]),
        ("lihat @Kemlu di sana", []),
    ],
)
def test_capitals_decide(text: str, expected: list[str]) -> None:
    assert surfaces(text) == expected


def test_a_word_is_not_a_province() -> None:
    assert "tak" not in surfaces("mereka tak pulang", MentionKind.PLACE)
    assert "Tak" in surfaces("mereka ke Tak, Thailand", MentionKind.PLACE)


def test_names_may_nest() -> None:
    found = TAGGER.tag("Kementerian Sosial RI di Kota Batam", "id")
    names = [span.surface for span in found]
    assert "Kementerian Sosial" in names
    assert "Kementerian Sosial RI" in names


def test_every_name_of_the_tables_is_found_as_printed() -> None:
    # Every seventh name: the lists are long, and a fault of the tokeniser would not hide in the rest.
    for kind, names in (
        (MentionKind.PLACE, places.names()),
        (MentionKind.AGENCY, agencies.names()),
    ):
        for name in list(names)[::7]:
            found = [
                span
                for span in TAGGER.tag(f"Di {name} kini", "id")
                if span.kind is kind and span.surface == name
            ]
            assert found, name
            assert set(names[name]) <= set(found[0].candidate_ids)


def test_importing_the_package_does_not_import_spacy() -> None:
    code = "import sys, models.mentions; sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


ANY = st.text(max_size=150) | st.lists(
    st.sampled_from(["KBRI", "Batam", " ", "  ", "\n", "-", "Phnom", "Penh", "TAK", "é", "‍", "Polri", "😀", "."]),
    max_size=40,
).map("".join)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(ANY)
def test_tokens_give_back_the_text(text: str) -> None:
    doc = Words(spacy.blank("xx").vocab)(text) if not text else TAGGER._nlp.make_doc(text)
    assert doc.text == text


@settings(max_examples=100, deadline=None)
@given(ANY, st.sampled_from(["id", "en", "und"]))
def test_spans_are_true_to_the_text_and_never_repeat(text: str, language: str) -> None:
    found = TAGGER.tag(text, language)
    assert [span.start for span in found] == sorted(span.start for span in found)
    keys = [(span.kind, span.start, span.end) for span in found]
    assert len(keys) == len(set(keys))
    for span in found:
        assert text[span.start : span.end] == span.surface
        assert span.candidate_ids
