"""Find the spans of a text that may name a place or an agency.

    load() -> Tagger

A spaCy pipeline of our own components over one tokeniser for all languages. It proposes: which place a
name means, and whether it is a name at all, is decided by ``pipeline.places`` and ``pipeline.agencies``.
``CARD.md`` says how well it does.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.mentions.tagger import NameTagger

__all__ = ["load"]


@functools.cache
def load() -> NameTagger:
    """Return the tagger, built once per process."""
    # spaCy takes a second or more to import, and pulls in torch where that is installed.
    from models.mentions.tagger import build

    return build()
