"""What the stages ask of a model. ``models`` satisfies these without being imported here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Literal, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from pipeline.records import MentionKind, Record, Unit01

Vectors = npt.NDArray[np.float32]


class TaggedSpan(Record):
    """A raw find of a tagger: a span and the canonical ids it may stand for, best first."""

    kind: MentionKind
    start: int
    end: int
    surface: str
    candidate_ids: tuple[str, ...] = ()
    score: Unit01 = 1.0
    extractor: str


class Tagger(Protocol):
    """Finds spans that may name places, agencies and other things."""

    version: str

    def tag(self, text: str, language: str) -> list[TaggedSpan]:
        """Return the spans found, in order of ``start``; they may nest but never repeat."""
        ...


class FoundName(NamedTuple):
    """A name that a finder saw, without an id; offsets are into the text that it was given."""

    start: int
    end: int
    kind: Literal["person", "organisation", "place"]

    def moved(self, by: int) -> FoundName:
        """Return the same name in a text that begins ``by`` characters earlier."""
        return FoundName(self.start + by, self.end + by, self.kind)


class NameFinder(Protocol):
    """Sees names that no list holds."""

    version: str

    def names(self, texts: Sequence[str]) -> list[list[FoundName]]:
        """Return the names in each text, in order; they never overlap."""
        ...


class Scorer(Protocol):
    """Judges how likely a text is on the subject."""

    version: str

    def score(self, title: str, body: str) -> float:
        """Return a probability in [0, 1]."""
        ...


class Encoder(Protocol):
    """Turns texts into vectors whose cosine is their likeness."""

    version: str

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one L2-normalised row of float32 per text: shape ``(len(texts), dimension)``."""
        ...


class Judge(Protocol):
    """Weighs the traits of figures that the rules could not place."""

    version: str

    def judge(self, question: str, traits: Sequence[Collection[str]]) -> list[Mapping[str, float]]:
        """Return for each figure the probability of every answer to the question; they sum to one.

        Questions are ``event`` (``yes`` or ``no``) and ``event_type`` (the codes of the codebook).
        """
        ...
