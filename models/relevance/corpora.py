"""Read what the model learns from: labelled articles, invented cases, ordinary news.

    files -> list[Example]

The held-out articles are never among them.
"""

from __future__ import annotations

import gzip
import json
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import yaml

from models.entities import corpora as sentences
from models.similarity import corpora as pairs

TESTS = Path(__file__).resolve().parents[2] / "tests"
CASES = TESTS / "pipeline" / "relevance_cases.yml"
# How the names of files of labelled articles begin that may be learned from; the held-out ones judge alone.
LEARNED = ("dev_gold", "development", "training")
# So many sentences in a row stand for an article where a source has sentences only.
RUN = 9
# What is made of the first of them, or of the opening of a premise, for want of a title.
TITLE_LENGTH = 110
_GUM = Path("ner-en-gum") / "gum-open-genres.conllu.tar.xz"
_TEXT = "# text = "


class Example(NamedTuple):
    """A text with its side of the line; ``source`` is the set it belongs to, most often of one writer."""

    source: str
    title: str
    body: str
    relevant: bool


def gold() -> list[Path]:
    """Return the files of labelled articles that may be learned from, in order."""
    found = (TESTS / "gold").rglob("*.jsonl")
    return sorted(path for path in found if path.name.startswith(LEARNED))


def labelled(paths: Sequence[Path]) -> list[Example]:
    """Return the articles of files of JSON lines with ``title``, ``text`` and ``relevant``."""
    return [
        Example(path.stem, row["title"], row["text"], bool(row["relevant"]))
        for path in paths
        for row in map(json.loads, _lines(path.read_text(encoding="utf-8")))
    ]


def cases(path: Path = CASES) -> list[Example]:
    """Return the invented cases of the tests."""
    return [
        Example(path.stem, case["title"], case["text"], bool(case["relevant"]))
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def ordinary(data: Path) -> list[Example]:
    """Return openly licensed news and prose off the subject: headlines alone, premises, sentences in runs."""
    found = _headlines(data, 0) + _premises(data, ("train", "val"))
    for name, told in _prose(data):
        found += runs(name, told)
    return found


def unlearned(data: Path) -> list[Example]:
    """Return ordinary news that is only asked about: the other headlines, IndoNLI's test premises, NTREX-128, IDNER's dev set."""
    found = _headlines(data, 1) + _premises(data, ("test_lay", "test_expert"))
    for language in pairs.LANGUAGES:
        found += runs(f"ntrex-{language}", pairs.ntrex(data, language))
    return found + runs("idner", [" ".join(item.words) for item in sentences.idner(data, "dev")])


def runs(source: str, told: Sequence[str]) -> list[Example]:
    """Return the sentences in runs as long as a short article, the first as its title."""
    return [
        _off(source, told[at], "\n".join(told[at + 1 : at + RUN]))
        for at in range(0, len(told) - RUN + 1, RUN)
    ]


def _prose(data: Path) -> Iterator[tuple[str, list[str]]]:
    yield "idner", [" ".join(item.words) for item in sentences.idner(data, "train")]
    yield "nerp", [" ".join(item.words) for item in sentences.nerp(data, {})]
    treebanks = pairs.treebanks(data)
    yield "treebanks-id", [left for left, _ in treebanks]
    yield "treebanks-en", [right for _, right in treebanks]
    everyday = pairs.talpco(data)
    n = len(everyday) // len(pairs.LANGUAGES)
    yield "talpco-id", [left for left, _ in everyday[:n]]
    yield "talpco-ms", [right for _, right in everyday[:n]]
    yield "gum", _gum(data / _GUM)


def _off(source: str, title: str, body: str) -> Example:
    """Return a text off the subject."""
    return Example(source, title[:TITLE_LENGTH], body, relevant=False)


def _headlines(data: Path, half: int) -> list[Example]:
    """Return every second headline of CLICK-ID, from the first or the second on."""
    return [_off("click-id", title, "") for title in sentences.headlines(data)[half::2]]


def _premises(data: Path, splits: Sequence[str]) -> list[Example]:
    """Return the premises of IndoNLI, each once, in order."""
    found: dict[str, None] = {}
    for split in splits:
        with gzip.open(data / "indonli" / f"{split}.jsonl.gz", "rt", encoding="utf-8") as file:
            for row in map(json.loads, _lines(file.read())):
                found[row["premise"]] = None
    return [_off("indonli", premise, premise) for premise in found]


def _gum(path: Path) -> list[str]:
    """Return the sentences of the open genres of GUM, in English."""
    found: list[str] = []
    with tarfile.open(path) as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file is not None:
                lines = file.read().decode("utf-8").splitlines()
                found += [line.removeprefix(_TEXT) for line in lines if line.startswith(_TEXT)]
    return found


def _lines(text: str) -> list[str]:
    # Not splitlines: a text may hold other breaks than that of a line.
    return [line for line in text.split("\n") if line.strip()]
