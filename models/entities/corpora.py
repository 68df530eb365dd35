"""Read the labelled sentences and the plain text from which names are learned.

    folder -> list[Sentence]

All sets are brought to one tag set: ``B-`` and ``I-`` before PER, ORG or LOC, ``O`` for no name, and ``-``
where the set does not say. Sentences of the sets that judge the model are never returned for training.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

UNKNOWN = "-"
# The names that each set gives to the three kinds. NERP labels products, events and food too: never names here.
_LABELS = {
    "PER": "PER", "ORG": "ORG", "LOC": "LOC",
    "PERSON": "PER", "ORGANISATION": "ORG", "PLACE": "LOC",
    "PPL": "PER", "PLC": "LOC",
}  # fmt: skip
# Words inside a name that keep their small letters.
_PARTICLES = frozenset({"al", "bin", "binti", "dan", "de", "di", "van", "von"})
_TREEBANKS = ("id_csui-ud-train", "id_gsd-ud-dev", "id_gsd-ud-test", "id_pud-ud-test")
_INDONLI = ("train", "val", "test_lay", "test_expert")


class Sentence(NamedTuple):
    """One sentence: its words and a tag for each."""

    words: tuple[str, ...]
    tags: tuple[str, ...]


class Span(NamedTuple):
    """A name: the words from ``start`` up to ``stop`` and its kind."""

    start: int
    stop: int
    label: str


def letters(words: Iterable[str]) -> str:
    """Return the letters and digits in lower case: equal for sentences that differ in nothing else."""
    return re.sub(r"[\W_]+", "", "".join(words).lower())


def spans(tags: Iterable[str]) -> list[Span]:
    """Return the names that the tags spell out, in order."""
    found: list[Span] = []
    start, label = 0, ""
    for i, tag in enumerate([*tags, "O"]):
        if label and tag != f"I-{label}":
            found.append(Span(start, i, label))
            label = ""
        if not label and tag[:2] in ("B-", "I-"):
            start, label = i, tag[2:]
    return found


def repaired(tags: Iterable[str]) -> tuple[str, ...]:
    """Return the tags with ``B-`` where a name opens with ``I-``."""
    found: list[str] = []
    for tag in tags:
        follows = bool(found) and found[-1][2:] == tag[2:]
        found.append(f"B-{tag[2:]}" if tag.startswith("I-") and not follows else tag)
    return tuple(found)


def columns(path: Path, separator: str) -> list[Sentence]:
    """Return the sentences of a file with a word a line, tag last, and an empty line between sentences."""
    found: list[Sentence] = []
    rows: list[tuple[str, str]] = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line.strip():
            parts = line.split(separator)
            rows.append((parts[0], parts[-1]))
        elif rows:
            words, tags = zip(*rows, strict=True)
            found.append(Sentence(words, repaired(map(_tag, tags))))
            rows = []
    return found


def _tag(raw: str) -> str:
    prefix, _, name = raw.partition("-")
    return f"{prefix}-{_LABELS[name]}" if name in _LABELS else "O"


def idner(data: Path, split: str) -> list[Sentence]:
    """Return the news sentences of IDNER-News-2K, split ``train`` or ``dev``."""
    return columns(data / "ner-idner-news-2k" / f"{split}.txt", " ")


def nergrit(data: Path, split: str) -> list[Sentence]:
    """Return the sentences of NERGrit, mostly of an encyclopedia, split ``train`` or ``valid``."""
    return columns(data / "indonlu-nergrit" / f"{split}.txt", "\t")


def english(data: Path) -> list[Sentence]:
    """Return the English sentences of Universal NER on PUD. Never learned."""
    found: list[Sentence] = []
    rows: list[tuple[str, str]] = []
    path = data / "ner-en-uner-pud" / "en_pud-ud-test.iob2"
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("#"):
            continue
        if line.strip():
            parts = line.split("\t")
            rows.append((parts[1], _tag(parts[2])))
        elif rows:
            words, tags = zip(*rows, strict=True)
            found.append(Sentence(words, repaired(tags)))
            rows = []
    return found


def nerp(data: Path, cases: dict[str, str]) -> list[Sentence]:
    """Return the news sentences of NERP with capitals put back, tagged only as far as the set goes.

    The set is in small letters and labels no organisations, but it comes from the same newsrooms as
    IDNER-News-2K: in the sentences that both hold, 95 % of the persons agree, while half of its places are
    parts of names of organisations there. So a word that is printed with a capital and is neither person nor
    place is unknown, and so is a place that follows such a word.
    """
    found: list[Sentence] = []
    for split in ("train", "valid"):
        path = data / "indonlu-nerp" / f"{split}.txt"
        raw = _raw_columns(path)
        found += [_with_capitals(rows, cases) for rows in raw]
    return found


def _raw_columns(path: Path) -> list[list[tuple[str, str]]]:
    found: list[list[tuple[str, str]]] = []
    rows: list[tuple[str, str]] = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line.strip():
            word, _, tag = line.partition("\t")
            rows.append((word, tag))
        elif rows:
            found.append(rows)
            rows = []
    return found


def _with_capitals(rows: list[tuple[str, str]], cases: dict[str, str]) -> Sentence:
    words: list[str] = []
    tags: list[str] = []
    for word, raw in rows:
        kind = raw[2:]
        usual = cases.get(word, "")
        capital = usual if usual not in ("", word) else word[:1].upper() + word[1:]
        if not word[:1].isalpha():
            printed, tag = word, _tag(raw)
        elif kind in ("PPL", "PLC"):
            printed, tag = (word if word in _PARTICLES else capital), _tag(raw)
        elif kind in ("IND", "FNB"):
            printed, tag = capital, UNKNOWN
        elif not usual:
            # Seen nowhere else: it may be an acronym whose capitals are lost.
            printed, tag = word, UNKNOWN
        else:
            printed, tag = usual, "O" if usual == word else UNKNOWN
        words.append(printed)
        tags.append(tag)
    for span in spans(tags):
        if span.label == "LOC" and span.start and tags[span.start - 1] == UNKNOWN:
            tags[span.start : span.stop] = [UNKNOWN] * (span.stop - span.start)
    for i, word in enumerate(words):
        if word[:1].isalpha():
            words[i] = word[0].upper() + word[1:]
            break
    return Sentence(tuple(words), repaired(tags))


def usual_cases(sentences: Iterable[Iterable[str]]) -> dict[str, str]:
    """Return how each lower-cased word is printed most often inside a sentence."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for words in sentences:
        opens = True
        for word in words:
            if word[:1].isalpha():
                if not opens:
                    counts[word.lower()][word] += 1
                opens = False
            elif word in '.:!?"“”':
                opens = True
    return {
        word: max(forms, key=lambda form: (forms[form], form)) for word, forms in counts.items()
    }


def prose(data: Path) -> list[str]:
    """Return the unlabelled sentences: IndoNLI and the treebanks, each once, in order."""
    found: set[str] = set()
    for split in _INDONLI:
        for line in _lines(data / "indonli" / f"{split}.jsonl.gz"):
            row = json.loads(line)
            found |= {row["premise"], row["hypothesis"]}
    for name in _TREEBANKS:
        for line in _lines(data / "ud-id" / f"{name}.conllu.gz"):
            if line.startswith("# text = "):
                found.add(line.removeprefix("# text = ").strip())
    return sorted(found)


def headlines(data: Path) -> list[str]:
    """Return the headlines of CLICK-ID, each once, in order."""
    path = data / "click-id" / "clickid-main.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return sorted({row["title"] for row in csv.DictReader(file)})


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from (line for line in file if line.strip())


def split_further(sentence: Sentence, tokenizer: Callable[[str], Iterable[str]]) -> Sentence:
    """Return the sentence in the words of our tokeniser, which parts some words of the sets."""
    words: list[str] = []
    tags: list[str] = []
    for word, tag in zip(*sentence, strict=True):
        for i, part in enumerate(tokenizer(word)):
            words.append(part)
            tags.append(f"I-{tag[2:]}" if i and tag.startswith("B-") else tag)
    return Sentence(tuple(words), tuple(tags))


class Training(NamedTuple):
    """What is learned: sentences by set, and plain sentences in words for the vectors."""

    sets: dict[str, list[Sentence]]
    plain: list[list[str]]


def training(data: Path, tokenizer: Callable[[str], Iterable[str]]) -> Training:
    """Return what is learned, each sentence once and none of a set that judges the model."""
    seen = {letters(s.words) for s in [*idner(data, "dev"), *nergrit(data, "valid")]}
    seen |= {letters(s.words) for s in english(data)}
    running = [list(tokenizer(text)) for text in prose(data)]
    labelled = {"idner": idner(data, "train"), "nergrit": nergrit(data, "train")}
    cases = usual_cases([*running, *(s.words for found in labelled.values() for s in found)])
    labelled["nerp"] = nerp(data, cases)
    sets: dict[str, list[Sentence]] = {}
    for name, sentences in labelled.items():
        kept: list[Sentence] = []
        for sentence in sentences:
            key = letters(sentence.words)
            if key not in seen:
                seen.add(key)
                kept.append(split_further(sentence, tokenizer))
        sets[name] = kept
    barred = {letters(s.words) for s in [*idner(data, "dev"), *nergrit(data, "valid")]}
    plain = [*running, *(list(tokenizer(text)) for text in headlines(data))]
    plain += [list(s.words) for found in sets.values() for s in found]
    return Training(sets, [words for words in plain if letters(words) not in barred])
