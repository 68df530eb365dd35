"""Score the telling of Indonesian, Malay and English on parallel texts; ten seconds.

python -m models.language.evaluate --data DIR

The texts are never learned from. Lines are asked about one by one and in runs: five lines are a short notice,
twelve an article. Intervals are Wilson's (1927), 95 %.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from models.similarity import corpora
from pipeline import language

RUNS = (1, 5, 12)
Z = 1.96
_TALPCO = {"en": "data_eng.txt", "id": "data_ind.txt", "ms": "data_zsm.txt"}


class Row(NamedTuple):
    """What came out for the texts of one language, corpus and length."""

    corpus: str
    n_lines: int
    code: str
    right: int
    n: int
    wrong: Mapping[str, int]

    def __str__(self) -> str:
        low, high = wilson(self.right, self.n)
        taken = ", ".join(f"{code} {n}" for code, n in sorted(self.wrong.items()))
        return (
            f"{self.corpus}, {self.n_lines} lines, {self.code}: {self.right / self.n:.3f}"
            f" [{low:.3f}, {high:.3f}] (n={self.n}){f'; taken for {taken}' if taken else ''}"
        )


def wilson(right: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share; of nothing, all is possible."""
    if not n:
        return 0.0, 1.0
    share = right / n
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def told(corpus: str, lines: Sequence[str], code: str, n_lines: int) -> Row:
    """Return how the runs of so many lines were told."""
    texts = [
        "\n".join(lines[at : at + n_lines]) for at in range(0, len(lines) - n_lines + 1, n_lines)
    ]
    answers = Counter(language.detect(text) for text in texts)
    right = answers.pop(code, 0)
    return Row(corpus, n_lines, code, right, len(texts), answers)


def texts_of(data: Path) -> dict[tuple[str, str], list[str]]:
    """Return the lines by corpus and language."""
    found = {}
    for code, name in _TALPCO.items():
        raw = (data / "talpco" / name).read_text(encoding="utf-8-sig").splitlines()
        lines = (line.partition("\t")[2].strip() for line in raw)
        found["TALPCo", code] = [line for line in lines if line]
        found["NTREX-128", code] = corpora.ntrex(data, code)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the scores and return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    data = parser.parse_args(arguments).data
    for (corpus, code), lines in sorted(texts_of(data).items()):
        for n_lines in RUNS:
            sys.stdout.write(f"{told(corpus, lines, code, n_lines)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
