"""Find the thresholds of a model on labelled articles and store them where ``load`` looks for them.

python -m models.similarity.calibrate --model MODEL --gold FILE...
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

from models import similarity
from models.similarity import calibration as calibrations
from models.similarity import files
from models.similarity.calibration import Pair
from pipeline import gold
from pipeline import text as texts
from pipeline.gold import GoldArticle


def labelled(paths: Sequence[Path]) -> list[GoldArticle]:
    """Return the articles of all labelled sets."""
    return [
        article
        for path in paths
        for article in gold.parse(path.read_text(encoding="utf-8").splitlines(), path.name)
    ]


def opening(article: GoldArticle) -> str:
    """Return title and first sentence: as long as the sentence by which linking knows a report."""
    sentences = texts.sentences(article.text)
    lead = article.text[sentences[0].start : sentences[0].end] if sentences else ""
    return f"{article.title}. {lead}".strip(". ")


def labelled_pairs(articles: Sequence[GoldArticle]) -> list[Pair]:
    """Return all pairs of articles with incidents, within each labelled set and language.

    They tell of one event when they share an incident key. Pairs across languages are left out: the sets
    do not say whether two of them are one event.
    """
    groups: dict[tuple[str, str], list[GoldArticle]] = {}
    for article in articles:
        if article.incidents:
            groups.setdefault((article.labelled_set, article.language), []).append(article)
    pairs = []
    for group in groups.values():
        keys = [frozenset(item.incident_key for item in article.incidents) for article in group]
        heads = [opening(article) for article in group]
        pairs += [
            Pair(heads[i], heads[j], bool(keys[i] & keys[j]))
            for i, j in combinations(range(len(group)), 2)
        ]
    return pairs


def main(arguments: Sequence[str] | None = None) -> int:
    """Calibrate one model; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m models.similarity.calibrate", description=__doc__
    )
    parser.add_argument("--model", default="", help="folder or name; empty is the bundled model")
    parser.add_argument("--gold", type=Path, nargs="+", required=True, help="labelled sets")
    parser.add_argument(
        "--out", type=Path, help="file to write, where the usual place is read-only"
    )
    options = parser.parse_args(arguments)
    try:
        encoder, usual = similarity.uncalibrated(options.model)
        pairs = labelled_pairs(labelled(options.gold))
        found = calibrations.calibrate(encoder, pairs)
    except (similarity.ModelError, ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    target = options.out or usual
    calibrations.write(target, found)
    manifest = target.parent / files.MANIFEST
    if manifest.is_file():
        files.write_manifest(target.parent, encoder.version.partition("@")[0])
    sys.stdout.write(f"{found.model_dump_json(indent=2)}\nwritten to {target}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
