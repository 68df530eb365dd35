"""Score the bundled name finder; half a minute.

python -m models.entities.evaluate --data DIR

A name counts when its borders and its kind are right. Intervals are bootstraps over sentences.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from models.entities import BUNDLED, corpora, load
from models.entities.corpora import Sentence, Span

if TYPE_CHECKING:
    from spacy.language import Language

LABELS = ("PER", "ORG", "LOC")
RESAMPLES = 1_000
# Names of the subject that no training set holds, in sentences of the kind that news prints.
SUBJECTS = {"Myawaddy": "LOC", "Laos": "LOC", "Poipet": "LOC", "Kemlu": "ORG"}
TEMPLATES = {
    "LOC": (
        "Puluhan WNI disekap di {}.",
        "Mereka dibawa ke {} lewat jalur darat.",
        "Korban berangkat dari Medan menuju {} pada Mei lalu.",
        "Polisi menggerebek sebuah gedung di {}, Jumat malam.",
        "Sebanyak 21 pekerja asal Bekasi tertahan di {} sejak Maret.",
        "Kondisi para korban di {} memprihatinkan, katanya.",
        "Ia dijanjikan bekerja sebagai operator di {} dengan gaji Rp 12 juta.",
        "{} dikenal sebagai pusat penipuan daring.",
        "Perusahaan judi daring itu beroperasi di {}.",
        "Keluarga mengaku terakhir menerima kabar dari {}.",
        "WNI yang dipulangkan dari {} tiba di Bandara Soekarno-Hatta.",
        "Menurut dia, jaringan itu merekrut warga untuk dikirim ke {}.",
        "Pemerintah {} memulangkan 84 orang pada pekan ini.",
        "Sejumlah korban berhasil kabur dari {} dan meminta pertolongan.",
        "Otoritas {} menahan belasan orang, Selasa (12/3).",
    ),
    "ORG": (
        "{} memastikan kondisi mereka baik.",
        "Hal itu disampaikan juru bicara {} dalam keterangan tertulis.",
        "Menurut {}, ada 40 WNI yang masih tertahan.",
        "Keluarga korban mendatangi kantor {} di Jakarta.",
        "Laporan itu sudah diteruskan ke {}.",
        "{} dan kepolisian setempat berkoordinasi untuk memulangkan korban.",
        "Data {} menyebutkan 3.000 orang telah dipulangkan.",
        "Pejabat {} menolak berkomentar.",
        "Ia meminta {} segera turun tangan.",
        "Kasus ini ditangani oleh {} bersama aparat.",
        "Direktur Perlindungan WNI {} mengatakan proses masih berjalan.",
        "Sebelumnya, {} menerima aduan dari keluarga.",
        "Tim {} menjemput para korban pada Rabu malam.",
        "Kepala humas {} membenarkan kabar tersebut.",
        "Upaya {} membuahkan hasil.",
    ),
}


class Score(NamedTuple):
    """Names found right, found wrong and missed."""

    right: int
    wrong: int
    missed: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / total if total else 1.0


def predicted(nlp: Language, words: Sequence[str]) -> list[Span]:
    """Return the names found among these very words."""
    from spacy.tokens import Doc

    doc = Doc(nlp.vocab, words=list(words))
    for _, component in nlp.pipeline:
        doc = component(doc)
    return [Span(e.start, e.end, e.label_) for e in doc.ents]


def compared(gold: Sequence[Span], found: Sequence[Span], label: str = "") -> Score:
    """Return how the names found differ from those expected, of one kind or of all."""
    wanted = {span for span in gold if label in ("", span.label)}
    got = {span for span in found if label in ("", span.label)}
    return Score(len(wanted & got), len(got - wanted), len(wanted - got))


def total(scores: Sequence[Score]) -> Score:
    """Return the sum of the scores."""
    return (
        Score(*(sum(column) for column in zip(*scores, strict=True))) if scores else Score(0, 0, 0)
    )


def interval(each: Sequence[Score]) -> tuple[float, float]:
    """Return the 95 % percentile bootstrap of F1 over sentences (Efron 1979), seeded."""
    chooser = random.Random(1)  # noqa: S311 -- a resample, no secret
    drawn = sorted(total(chooser.choices(each, k=len(each))).f1 for _ in range(RESAMPLES))
    return drawn[RESAMPLES // 40], drawn[-RESAMPLES // 40]


def score(nlp: Language, sentences: Sequence[Sentence]) -> list[str]:
    """Return a line for all kinds together and one for each: F1 with its interval, precision, recall, names."""
    pairs = [(corpora.spans(s.tags), predicted(nlp, s.words)) for s in sentences]
    lines = []
    for label in ("", *LABELS):
        each = [compared(gold, found, label) for gold, found in pairs]
        right, wrong, missed = whole = total(each)
        low, high = interval(each)
        lines.append(
            f"{label or 'all'}: F1 {whole.f1:.3f} [{low:.3f}, {high:.3f}]"
            f" P {right / max(1, right + wrong):.3f} R {right / max(1, right + missed):.3f} (n={right + missed})"
        )
    return lines


def touched(nlp: Language, sentences: Sequence[Sentence]) -> tuple[int, int]:
    """Return how many names of persons a person found overlaps, and how many there are: what masking rests on."""
    n_touched = n_persons = 0
    for sentence in sentences:
        found = [span for span in predicted(nlp, sentence.words) if span.label == "PER"]
        for span in corpora.spans(sentence.tags):
            if span.label == "PER":
                n_persons += 1
                n_touched += any(it.start < span.stop and span.start < it.stop for it in found)
    return n_touched, n_persons


def transfer(nlp: Language) -> dict[str, tuple[int, int, int]]:
    """Return for each name of the subject: found with its kind, found at all, tried."""
    found: dict[str, tuple[int, int, int]] = {}
    for name, label in SUBJECTS.items():
        kind, any_kind = 0, 0
        for template in TEMPLATES[label]:
            names = {(e.text, e.label_) for e in nlp(template.format(name)).ents}
            kind += (name, label) in names
            any_kind += any(text == name for text, _ in names)
        found[name] = (kind, any_kind, len(TEMPLATES[label]))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the scores and return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--model", type=Path, default=BUNDLED, help="folder of the model")
    chosen = parser.parse_args(arguments)
    nlp = load(chosen.model).nlp
    sets = {
        "IDNER-News-2K dev": corpora.idner(chosen.data, "dev"),
        "NERGrit valid": corpora.nergrit(chosen.data, "valid"),
        "English PUD": corpora.english(chosen.data),
    }
    lines = [
        f"{name}, {line}" for name, sentences in sets.items() for line in score(nlp, sentences)
    ]
    lines += [
        f"{name}: {kind}/{tried} with its kind, {found}/{tried} at all"
        for name, (kind, found, tried) in transfer(nlp).items()
    ]
    n_touched, n_persons = touched(nlp, sets["IDNER-News-2K dev"])
    lines.append(f"persons of IDNER-News-2K dev: {n_touched} of {n_persons} touched")
    texts = [" ".join(s.words) for s in sets["IDNER-News-2K dev"]]
    start = time.perf_counter()
    n_words = sum(len(doc) for doc in nlp.pipe(texts))
    lines.append(f"{n_words / (time.perf_counter() - start):.0f} words a second")
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
