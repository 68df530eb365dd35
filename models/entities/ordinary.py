"""Write the list of ordinary words that decides which titles the public may see.

    openly licensed texts, labelled names, our own word lists and labelled sets -> pipeline/data/ordinary_words.txt

    python -m models.entities.ordinary --data FOLDER

A word is ordinary when texts print it in small letters. Capitalised names never are, so the list holds next to
none of them; a word that labelled sets also know as a part of a person's name is marked, and clears nothing.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import re
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from models.entities import corpora

ROOT = Path(__file__).parents[2]
LIST = ROOT / "pipeline" / "data" / "ordinary_words.txt"
_DEMONYMS = ROOT / "pipeline" / "data" / "demonyms.yml"
# What of our own holds words of the subject, and sets whose texts are ours; the held-out set is not read.
_OWN = ("lexicon.yml", "event_cues.yml", "agency_families.yml", "prefilter.yml")
_GOLD = ("dev_gold_*.jsonl", "more/development_*.jsonl")
# NERP prints everything in small letters; a word that it tags as no name so often is none.
_LEAST_UNTAGGED = 3
# A word that labelled sets count as part of a person in so many of its uses names people too.
_PERSON_SHARE = 0.02
_OWN_PERSON_SHARE = 0.2
# Names that are words, which the labelled sets happen to lack or to hold in one sense only.
_NAMES_TOO = str.split("""
abadi agung aisyah alam aman angel angin anggun arum asih asri aulia awan ayu bagus bahagia bayu berkah bill bima
bintang bob budiman bulan bunga cahaya cahya candra cantika cinta citra dawn dewi dian eka embun fajar faith fitri
frank gading gede gilang grace guntur harapan harmoni hope indah intan iris jack jasmine jaya jelita joy kartika kasih
kadek kemala ketut komang kurnia laksana lestari lily made mark mawar mega melati mulia murni mustika mutiara nirmala nur nyoman permata pertiwi
precious puji purnama puspa putra putri putu rahayu rahmat ratih ratna ratu rejeki restu rich ria rizki rose ruby sakti
salju sari satria sejati seno senja setia setiawan sinar sri suci surya susila tirta tri tulus utama utari wahyu
wati wayan widya will wira yanti yuda yudha
""")
_CALENDAR = str.split("""
januari februari maret april mei juni juli agustus september oktober november desember senin selasa rabu kamis jumat sabtu
minggu january february march may june july august october december monday tuesday wednesday thursday friday saturday sunday
jan feb mar apr jun jul aug agu sep sept oct okt nov dec des mac ogos julai disember isnin khamis jumaat ahad
""")
_WORD = re.compile(r"[^\W\d_]+")


def build(data: Path) -> list[str]:
    """Return the lines of the list: a word each, in order; ``~`` opens one that also names people."""
    seen: Counter[str] = Counter()
    for line in _licensed(data):
        # The first word of a line says nothing of how it is printed elsewhere.
        seen.update({word for word in _WORD.findall(line)[1:] if word.islower()})
    own = {word for text in _own() for word in _WORD.findall(text) if word.islower()}
    own |= {*_CALENDAR, *_WORD.findall(_DEMONYMS.read_text("utf-8").lower())}
    capitalised, persons = _names(data)
    named = set(_NAMES_TOO)
    for word, n in persons.items():
        share = n / (capitalised[word] + seen[word])
        # Few of the words that our own lists hold name people ("kabur"), though newsrooms' crews may be called so.
        if share >= (_OWN_PERSON_SHARE if word in own else _PERSON_SHARE):
            named.add(word)
    words = {*seen, *_untagged(data), *own, *_NAMES_TOO}
    # A word of a script without capitals says nothing by being printed small.
    cased = (word for word in words if word.isalpha() and word != word.upper())
    return sorted((f"~{word}" if word in named else word for word in cased), key=_without_mark)


def _without_mark(line: str) -> str:
    return line.removeprefix("~")


def _licensed(data: Path) -> Iterator[str]:
    yield from corpora.prose(data)
    with gzip.open(data / "ud-id" / "en_pud-ud-test.conllu.gz", "rt", encoding="utf-8") as lines:
        yield from _text_of(lines)
    for language in ("eng", "ind", "zsm"):
        path = data / "talpco" / f"data_{language}.txt"
        for line in path.read_text("utf-8").splitlines():
            yield line.rpartition("\t")[2]
    with tarfile.open(data / "ner-en-gum" / "gum-open-genres.conllu.tar.xz") as packed:
        for member in packed:
            if (file := packed.extractfile(member)) is not None:
                yield from _text_of(io.TextIOWrapper(file, "utf-8"))


def _text_of(lines: Iterator[str] | io.TextIOBase) -> Iterator[str]:
    for line in lines:
        if line.startswith("# text ="):
            yield line.removeprefix("# text =").strip()


def _own() -> Iterator[str]:
    for name in _OWN:
        yield (ROOT / "pipeline" / "data" / name).read_text("utf-8")
    for pattern in _GOLD:
        for path in sorted((ROOT / "tests" / "gold").glob(pattern)):
            for line in path.read_text("utf-8").splitlines():
                yield json.loads(line)["text"]


def _untagged(data: Path) -> Iterator[str]:
    counted: Counter[str] = Counter()
    for split in ("train", "valid"):
        for line in (data / "indonlu-nerp" / f"{split}.txt").read_text("utf-8").splitlines():
            word, _, tag = line.partition("\t")
            if tag.strip() == "O" and _WORD.fullmatch(word):
                counted[word] += 1
    return (word for word, n in counted.items() if n >= _LEAST_UNTAGGED)


def _names(data: Path) -> tuple[Counter[str], Counter[str]]:
    """Return how often each word is printed with a capital, and how often it is then part of a person."""
    capitalised: Counter[str] = Counter()
    persons: Counter[str] = Counter()
    sentences = [
        *corpora.idner(data, "train"),
        *corpora.nergrit(data, "train"),
        *corpora.nergrit(data, "valid"),
        *corpora.nerp(data, {}),
    ]
    for sentence in sentences:
        for word, tag in zip(*sentence, strict=True):
            if not word.islower():
                capitalised[word.lower()] += 1
                persons[word.lower()] += tag.endswith("-PER")
    return capitalised, persons


def main() -> int:
    """Return 0 after writing the list."""
    parser = argparse.ArgumentParser(prog="python -m models.entities.ordinary")
    parser.add_argument("--data", type=Path, required=True, help="folder with the training data")
    lines = build(parser.parse_args().data)
    LIST.write_text("\n".join(lines) + "\n", "utf-8")
    sys.stdout.write(f"{LIST.name}: {len(lines)} words\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
