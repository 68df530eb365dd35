"""Find names of persons, organisations and places that no list holds.

    load() -> EntityTagger

A spaCy pipeline learned from openly licensed Indonesian sentences, bundled. It knows no ids: what a name refers
to is for others to say. ``CARD.md`` says how well it does.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

from models.similarity import files
from models.similarity.files import ModelError
from pipeline.protocols import TaggedSpan
from pipeline.records import MentionKind

if TYPE_CHECKING:
    from spacy.language import Language

__all__ = ["BUNDLED", "EntityTagger", "ModelError", "load"]

BUNDLED = Path(__file__).resolve().parent / "bundled"
EXTRACTOR = "suar_entities"
_KINDS = {"LOC": MentionKind.PLACE, "ORG": MentionKind.AGENCY}
_PERSON = "PER"


class EntityTagger:
    """Satisfies ``pipeline.protocols.Tagger``; the persons it finds come out of a door of their own."""

    def __init__(self, nlp: Language, version: str) -> None:
        self.nlp = nlp
        self.version = version

    def tag(self, text: str, language: str) -> list[TaggedSpan]:
        """Return the places and organisations found, in order, without ids.

        ``language`` makes no difference: one model reads all, and was measured on Indonesian.
        """
        return [
            TaggedSpan(
                kind=_KINDS[label],
                start=start,
                end=end,
                surface=text[start:end],
                extractor=EXTRACTOR,
            )
            for start, end, label in self._names(text)
            if label in _KINDS
        ]

    def persons(self, text: str) -> list[tuple[int, int]]:
        """Return where names of persons start and end, in order: what to mask before a text is shown."""
        return [(start, end) for start, end, label in self._names(text) if label == _PERSON]

    def _names(self, text: str) -> list[tuple[int, int, str]]:
        """Return start, end and label of each name; a name that runs over a line break is cut there."""
        if not text.strip():
            return []
        found: list[tuple[int, int, str]] = []
        for span in self.nlp(text).ents:
            begin = span.start_char
            for line in text[begin : span.end_char].splitlines(keepends=True):
                start = begin + len(line) - len(line.lstrip())
                end = begin + len(line.rstrip())
                if start < end:
                    found.append((start, end, span.label_))
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
