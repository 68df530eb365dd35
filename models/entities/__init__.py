"""Find names of persons, organisations and places that no list holds.

    load() -> EntityTagger

A spaCy pipeline learned from openly licensed Indonesian sentences, bundled. It knows no ids: what a name refers
to is for others to say. ``CARD.md`` says how well it does.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from models.similarity import files
from models.similarity.files import ModelError
from pipeline.protocols import FoundName, TaggedSpan
from pipeline.records import MentionKind

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

__all__ = ["BUNDLED", "EntityTagger", "ModelError", "load"]

BUNDLED = Path(__file__).resolve().parent / "bundled"
EXTRACTOR = "suar_entities"
Kind = Literal["person", "organisation", "place"]
_KINDS: dict[str, Kind] = {"PER": "person", "ORG": "organisation", "LOC": "place"}
_MENTIONS = {"place": MentionKind.PLACE, "organisation": MentionKind.AGENCY}


class EntityTagger:
    """Satisfies ``pipeline.protocols.NameFinder``, and ``Tagger`` without ids and without persons."""

    def __init__(self, nlp: Language, version: str) -> None:
        self.nlp = nlp
        self.version = version

    def names(self, texts: Sequence[str]) -> list[list[FoundName]]:
        """Return the names in each text, in order; one that runs over a line break is cut there."""
        docs = self.nlp.pipe(text if text.strip() else "" for text in texts)
        return [_names(text, doc) for text, doc in zip(texts, docs, strict=True)]

    def tag(self, text: str, language: str) -> list[TaggedSpan]:
        """Return the places and organisations found, in order, without ids.

        ``language`` makes no difference: one model reads all, and was measured on Indonesian.
        """
        return [
            TaggedSpan(
                kind=_MENTIONS[name.kind],
                start=name.start,
                end=name.end,
                surface=text[name.start : name.end],
                extractor=EXTRACTOR,
            )
            for name in self.names([text])[0]
            if name.kind in _MENTIONS
        ]

    def persons(self, text: str) -> list[tuple[int, int]]:
        """Return where names of persons start and end, in order: what to mask before a text is shown."""
        return [(name.start, name.end) for name in self.names([text])[0] if name.kind == "person"]


def _names(text: str, doc: Doc) -> list[FoundName]:
    found = []
    for span in doc.ents:
        begin = span.start_char
        for line in text[begin : span.end_char].splitlines(keepends=True):
            start = begin + len(line) - len(line.lstrip())
            end = begin + len(line.rstrip())
            if start < end:
                found.append(FoundName(start, end, _KINDS[span.label_]))
            begin += len(line)
    return found


@functools.cache
def load(folder: Path = BUNDLED) -> EntityTagger:
    """Return the tagger, opened once per process.

    Raises ``ModelError`` when a file of the folder is not the one that was trained.
    """
    name = files.verify(folder)
    # spaCy takes a second or more to import, and pulls in torch where that is installed.
    import spacy

    import models.entities.words  # noqa: F401 - the pipeline asks for this tokeniser by name

    nlp = spacy.load(folder)
    nlp.max_length = 10_000_000
    return EntityTagger(nlp, f"{name}@{files.fingerprint(folder)}")
