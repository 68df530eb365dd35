"""Part Indonesian text into words as spaCy does, without the seconds that its list of exceptions takes.

spaCy keeps 31,000 doubled words such as "anak-anak" whole by a rule each, and writes every rule into the
vocabulary when a pipeline opens. Here one look into a set keeps them whole.
"""

from __future__ import annotations

from collections.abc import Callable

from spacy.lang.id import Indonesian
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.util import (
    compile_infix_regex,
    compile_prefix_regex,
    compile_suffix_regex,
    registry,
)

from models.stateless import Stateless

NAME = "suar_indonesian_words"


class Words(Stateless, Tokenizer):  # type: ignore[misc, unused-ignore]
    """spaCy's tokeniser with rules that are code: nothing of it is written with a pipeline."""


def tokenizer(nlp: Language) -> Words:
    """Return the tokeniser for a pipeline."""
    defaults = Indonesian.Defaults
    # Exceptions of several words, such as "'Cause", are English or smileys: none part an Indonesian name.
    whole = frozenset(
        text for text, parts in (defaults.tokenizer_exceptions or {}).items() if len(parts) == 1
    )
    return Words(
        nlp.vocab,
        prefix_search=compile_prefix_regex(defaults.prefixes or ()).search,
        suffix_search=compile_suffix_regex(defaults.suffixes or ()).search,
        infix_finditer=compile_infix_regex(defaults.infixes or ()).finditer,
        token_match=whole.__contains__,
        url_match=defaults.url_match,
    )


@registry.tokenizers(NAME)  # type: ignore[untyped-decorator, unused-ignore]
def create() -> Callable[[Language], Words]:
    """Return what makes the tokeniser for a pipeline."""
    return tokenizer
