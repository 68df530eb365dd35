"""Read what the model learns from and what it is judged on.

Learned from: sentences in several languages (TALPCo; Universal Dependencies PUD, CSUI and GSD with their
English text), premises and what follows from them (IndoNLI), names of countries, and our own phrases
(``phrases.yml``). Judged on, never learned from: STS-B in Indonesian, NTREX-128.
"""

from __future__ import annotations

import csv
import gzip
import importlib.resources
import json
import random
import re
import string
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import yaml

Pairs = list[tuple[str, str]]
LANGUAGES = ("id", "ms", "en")
_TALPCO = {"id": "data_ind.txt", "ms": "data_zsm.txt", "en": "data_eng.txt"}
_TREEBANKS = (
    "id_pud-ud-test", "id_csui-ud-train", "id_csui-ud-test", "id_gsd-ud-dev", "id_gsd-ud-test",
)  # fmt: skip
# IndoNLI's test splits stay unread, for others to measure with.
_INDONLI = ("train", "val")
_FIGURES = (2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 16, 17, 19, 21, 24, 26, 28, 31, 36, 40, 45, 54, 60, 69, 75,
            84, 91, 96, 110, 120, 155, 160, 212, 270, 312, 340, 385, 400, 554, 640, 911, 1000, 1047, 1260,
            1500, 1726, 2137, 2493, 3075)  # fmt: skip


class Scored(NamedTuple):
    """Two sentences and how alike people found them, 0 to 5."""

    left: str
    right: str
    score: float


def talpco(data: Path) -> Pairs:
    """Return everyday sentences, each with its translation, for every two of the three languages."""
    held: dict[str, dict[str, str]] = {}
    for language, name in _TALPCO.items():
        lines = (data / "talpco" / name).read_text(encoding="utf-8-sig").splitlines()
        held[language] = dict(line.split("\t", 1) for line in lines if "\t" in line)
    return [
        (held[left][key], held[right][key])
        for left, right in combinations(LANGUAGES, 2)
        for key in sorted(held[left].keys() & held[right].keys())
    ]


def treebanks(data: Path) -> Pairs:
    """Return Indonesian news and encyclopaedia sentences with their English text."""
    pairs: Pairs = []
    for name in _TREEBANKS:
        with gzip.open(data / "ud-id" / f"{name}.conllu.gz", "rt", encoding="utf-8") as file:
            text = ""
            for line in file:
                if line.startswith("# text = "):
                    text = line.removeprefix("# text = ").strip()
                elif line.startswith("# text_en = ") and text:
                    pairs.append((text, line.removeprefix("# text_en = ").strip()))
                    text = ""
    return pairs


def indonli(data: Path) -> Pairs:
    """Return Indonesian premises, each with a sentence that follows from it."""
    pairs: Pairs = []
    for split in _INDONLI:
        with gzip.open(data / "indonli" / f"{split}.jsonl.gz", "rt", encoding="utf-8") as file:
            rows = [json.loads(line) for line in file if line.strip()]
        pairs += [(row["premise"], row["hypothesis"]) for row in rows if row["label"] == "e"]
    return pairs


def countries(data: Path) -> Pairs:
    """Return the names of countries for every two languages in which they differ."""
    names: dict[str, dict[str, str]] = {}
    for language in LANGUAGES:
        path = data / "gazetteer" / "country-names" / f"{language}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))[1:]
        names[language] = {row[0]: row[1] for row in rows if len(row) > 1}
    return [
        (names[left][code], names[right][code])
        for left, right in combinations(LANGUAGES, 2)
        for code in sorted(names[left].keys() & names[right].keys())
        if names[left][code] != names[right][code]
    ]


def _phrases() -> Any:
    raw = (importlib.resources.files("models.similarity") / "phrases.yml").read_text("utf-8")
    return yaml.safe_load(raw)


def concepts() -> Pairs:
    """Return every two wordings of one concept of the subject, in one language or two."""
    pairs: Pairs = []
    for line in _phrases()["concepts"]:
        wordings = dict.fromkeys(part.strip() for part in re.split(r"[|;]", line))
        pairs += list(combinations(wordings, 2))
    return pairs


def reports(n: int, seed: int) -> Pairs:
    """Return ``n`` pairs of invented headlines on one event each, in one language or two."""
    raw = _phrases()
    slots = {
        name: [[part.strip() for part in f"{value}".split("|")] for value in values]
        for name, values in raw["slots"].items()
    }
    chooser = random.Random(seed)  # noqa: S311 -- a choice of words, no secret
    pairs: Pairs = []
    while len(pairs) < n:
        template = chooser.choice(raw["templates"])
        filling = {name: chooser.choice(values) for name, values in slots.items()}
        figure = chooser.choice(_FIGURES)
        left, right = (_filled(template, filling, figure, chooser) for _ in range(2))
        if left != right:
            pairs.append((left, right))
    return pairs


def _filled(
    template: dict[str, list[str]],
    filling: dict[str, list[str]],
    figure: int,
    chooser: random.Random,
) -> str:
    index = chooser.randrange(len(LANGUAGES))
    sentence = chooser.choice(template[LANGUAGES[index]])
    values = {name: parts[min(index, len(parts) - 1)] for name, parts in filling.items()}
    separator = "," if LANGUAGES[index] != "id" else "."
    values["n"] = f"{figure:,}".replace(",", separator)
    wanted = {field for _, field, _, _ in string.Formatter().parse(sentence) if field}
    return sentence.format(**{name: values[name] for name in wanted})


def ntrex(data: Path, language: str) -> list[str]:
    """Return the news sentences of NTREX-128 in ``id``, ``ms`` or ``en``, aligned by line. Never learned."""
    names = {
        "id": "newstest2019-ref.ind.txt",
        "ms": "newstest2019-ref.msa.txt",
        "en": "newstest2019-src.eng.txt",
    }
    return (data / "ntrex" / names[language]).read_text(encoding="utf-8").splitlines()


def stsb(data: Path, split: str) -> list[Scored]:
    """Return the pairs of STS-B in Indonesian, split ``dev`` or ``test``. Never learned."""
    path = data / "stsb-id" / f"sts-{split}-ind.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Scored(row["text_1"], row["text_2"], float(row["correlation"]))
            for row in csv.DictReader(file)
        ]


def letters(text: str) -> str:
    """Return the letters and digits in lower case: equal for sentences that differ in nothing else."""
    return re.sub(r"[\W_]+", "", text.lower())


def held_out(data: Path) -> frozenset[str]:
    """Return every sentence of the evaluation sets as letters and digits."""
    texts: Iterator[str] = (
        text
        for texts in (
            *(ntrex(data, language) for language in LANGUAGES),
            *([p.left, p.right] for split in ("dev", "test") for p in stsb(data, split)),
        )
        for text in texts
    )
    return frozenset(letters(text) for text in texts)
