"""Build the spaCy pipeline that finds names of places and agencies.

    tokeniser -> suar_gazetteer -> suar_agencies -> Doc.spans

Phrases are matched on lower-cased tokens (``PhraseMatcher(attr="LOWER")``, which stays fast with tens of
thousands of phrases where spaCy's rulers do not); a check of capitals follows, for "tak" is a word and
"Tak" a province, "bin" a word and "BIN" an agency. Names in scripts without blanks between words are looked for
letter by letter.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span
from spacy.util import registry
from spacy.vocab import Vocab

from models.stateless import Stateless
from pipeline import agencies, places
from pipeline.protocols import TaggedSpan
from pipeline.records import MentionKind

VERSION = "mentions-2"
PLACES, AGENCIES = "suar_places", "suar_agencies"
_KINDS = {PLACES: MentionKind.PLACE, AGENCIES: MentionKind.AGENCY}

# Thai, Lao, Burmese, Khmer and Chinese, whose names stand in a text without blanks around them.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u4e00-\u9fff"
_HAS_UNSPACED = re.compile(f"[{_UNSPACED}]")
# Two Chinese characters are a name, two or three letters of an alphabet may be a piece of a word.
_LEAST_LETTERS = 4
_CHINESE = re.compile(r"[\u4e00-\u9fff]")

# A hyphen parts words, for "KBRI-lah", "Thai-Myanmar" and "Medan-Kuala Lumpur" each hold a name.
_WORD = re.compile(r"\w+|[^\w\s]")


class Words(Stateless):
    """A tokeniser: runs of letters and digits, and every other mark by itself.

    One for all languages, because a name must come apart in the same way in the phrase list and in every
    text. It keeps no cache of strings, so a list of names does not slow the texts that follow.
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Return the text as a document whose tokens give back the text exactly."""
        words: list[str] = []
        spaces: list[bool] = []
        end = 0
        for match in _WORD.finditer(text):
            start = match.start()
            if start > end:
                gap = text[end:start]
                # A single space hangs on the word before it; any other gap is a token of its own.
                if gap[0] == " " and words:
                    spaces[-1] = True
                    gap = gap[1:]
                if gap:
                    words.append(gap)
                    spaces.append(False)
            words.append(match[0])
            spaces.append(False)
            end = match.end()
        if end < len(text):
            words.append(text[end:])
            spaces.append(False)
        doc = Doc(self.vocab, words=words, spaces=spaces)
        doc.user_data["text"] = text  # ``doc.text`` would put it together again, token by token
        return doc

    def pipe(self, texts: Iterable[str]) -> Iterable[Doc]:
        """Yield the documents of the texts."""
        return map(self, texts)


@registry.tokenizers("suar_words")  # type: ignore[untyped-decorator, unused-ignore]
def create_words() -> Callable[[Language], Words]:
    """Return what makes the tokeniser for a pipeline."""
    return lambda nlp: Words(nlp.vocab)


class Names:
    """A component that writes the names of one list into ``Doc.spans``.

    A span's label is the lower-cased name; ``candidates`` gives the ids for it as the text prints it.
    """

    def __init__(self, nlp: Language, key: str, names: Mapping[str, tuple[str, ...]]) -> None:
        self.key = key
        self._printed: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
        for name, ids in names.items():
            self._printed[name.lower()].append((name, ids))
        self._matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        tokenizer = nlp.tokenizer
        self._matcher.add(key, [tokenizer(name) for name in self._printed])

    def __call__(self, doc: Doc) -> Doc:
        """Return the document with the names found, in order of where they begin."""
        found: list[Span] = []
        text = doc.user_data["text"]
        for _, start, stop in self._matcher(doc):
            begin, end = doc[start].idx, doc[stop - 1].idx + len(doc[stop - 1])
            if _fits(text, begin, end) and self.candidates(text[begin:end]):
                found.append(Span(doc, start, stop, label=self.key))
        doc.spans[self.key] = sorted(found, key=lambda span: (span.start, -span.end))
        return doc

    @functools.lru_cache(maxsize=50_000)  # noqa: B019 - the component lives as long as the process
    def candidates(self, surface: str) -> tuple[str, ...]:
        """Return the ids that the name may stand for when it is printed like this, best first."""
        ids: dict[str, None] = {}
        for name, known in self._printed.get(surface.lower(), ()):
            if _printed_like(name, surface):
                ids.update(dict.fromkeys(known))
        return tuple(ids)


def _fits(text: str, begin: int, end: int) -> bool:
    """Return whether the name is not a part of a longer word: "BIN" in "BIN's", not in "e-BIN"."""
    if begin and text[begin - 1] in "@#_":
        return False
    return not (end < len(text) and text[end] == "_")


def _printed_like(name: str, surface: str) -> bool:
    """Return whether the text's capitals let it be this name.

    Acronyms want their capitals; other names a capital wherever the name has one at the start of a word.
    Headlines may be in capitals throughout.
    """
    if name == surface:
        return True
    if name.isupper() and sum(map(str.isalpha, name)) > 1:
        return False
    if surface.isupper():
        # "TAK" may be a province in a dateline; words of two letters are too short to tell.
        return len(surface) > 2
    return all(
        there.isupper() or not here.isupper()
        for here, there, at_start in zip(name, surface, _starts(name), strict=False)
        if at_start
    )


def _starts(name: str) -> list[bool]:
    """Return for each character whether it begins a word."""
    return [i == 0 or not name[i - 1].isalnum() for i in range(len(name))]


@functools.cache
def _unspaced() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    """Return the pattern of the places' names in scripts without blanks, the longest first, with their ids."""
    listed = {
        name: ids
        for name, ids in places.names().items()
        if _HAS_UNSPACED.match(name) and (len(name) >= _LEAST_LETTERS or _CHINESE.match(name))
    }
    longest_first = sorted(listed, key=lambda name: (-len(name), name))
    return re.compile("|".join(map(re.escape, longest_first))), listed


@Language.factory(PLACES)
def create_places(nlp: Language, name: str) -> Names:
    """Return the component that finds names of the gazetteer."""
    return Names(nlp, name, places.names())


@Language.factory(AGENCIES)
def create_agencies(nlp: Language, name: str) -> Names:
    """Return the component that finds names of the authority table."""
    return Names(nlp, name, agencies.names())


class NameTagger:
    """Satisfies ``pipeline.protocols.Tagger`` with a spaCy pipeline."""

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp
        digest = hashlib.sha256()
        for listed in (places.names(), agencies.names()):
            for name, ids in listed.items():
                digest.update(f"{name}\x1f{','.join(ids)}\n".encode())
        self.version = f"{VERSION}+{digest.hexdigest()[:8]}"

    def tag(self, text: str, language: str) -> list[TaggedSpan]:
        """Return the names found in the text, by start and the longest first.

        Names are names in any language, so ``language`` makes no difference here; false friends of one
        language are the business of the stages that read the spans.
        """
        doc = self._nlp(text)
        found = []
        for key, kind in _KINDS.items():
            component = self._nlp.get_pipe(key)
            for span in doc.spans[key]:
                surface = text[span.start_char : span.end_char]
                found.append(
                    TaggedSpan(
                        kind=kind,
                        start=span.start_char,
                        end=span.end_char,
                        surface=surface,
                        candidate_ids=component.candidates(surface),  # type: ignore[attr-defined]
                        extractor=key,
                    )
                )
        if _HAS_UNSPACED.search(text):
            taken = {(span.start, span.end) for span in found}
            pattern, listed = _unspaced()
            found += [
                TaggedSpan(
                    kind=MentionKind.PLACE,
                    start=match.start(),
                    end=match.end(),
                    surface=match[0],
                    candidate_ids=listed[match[0]],
                    extractor=PLACES,
                )
                for match in pattern.finditer(text)
                if match.span() not in taken
            ]
        return sorted(found, key=lambda span: (span.start, -span.end, span.kind))


def build() -> NameTagger:
    """Return a tagger over the bundled lists."""
    config = {"nlp": {"tokenizer": {"@tokenizers": "suar_words"}}}
    nlp = spacy.blank("xx", config=config)
    nlp.max_length = 10_000_000
    for key in _KINDS:
        nlp.add_pipe(key)
    return NameTagger(nlp)
