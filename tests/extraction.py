"""Score text extraction on a folder of pages: ``make bench EXTRACTION=FOLDER``.

The folder is laid out as the public article-extraction-benchmark of Scrapinghub is
(https://github.com/scrapinghub/article-extraction-benchmark):

    ground-truth.json       {id: {"articleBody": text, "url": address}}
    html/<id>.html.gz       the page, UTF-8

The measure is that benchmark's, from its description: both texts are cut into overlapping runs of four
words, shared and unshared runs are counted and scaled to a sum of one per page, so that long pages weigh
no more; precision and recall are means over pages, F1 is made of the two means, accuracy is the share of
pages without any unshared run. Ours reads without the selectors of a source, as on a page never seen.
"""

from __future__ import annotations

import datetime as dt
import gzip
import importlib.util
import json
import random
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pipeline import articles
from pipeline.records import Article, Page

N_WORDS = 4  # of a run
N_BOOTSTRAP = 1_000
SEED = 20_261_125
_WORD = re.compile(r"\w+")
_ID = re.compile(r"[\w.-]{1,200}")  # ids are file names: nothing that could leave the folder

Extractor = Callable[[bytes, str], str]


class Sample(NamedTuple):
    """One page with the text that people marked as its article."""

    id: str
    url: str
    body: bytes
    truth: str


class Shares(NamedTuple):
    """Shared, wrongly given and missed runs of one page; they sum to one, or to zero for two empty texts."""

    both: float
    extra: float
    missed: float


class Quality(NamedTuple):
    """Means over pages."""

    f1: float
    precision: float
    recall: float
    accuracy: float


class Result(NamedTuple):
    """How one extractor did. ``half_width`` holds the half widths of 95 % bootstrap intervals."""

    name: str
    quality: Quality | None
    half_width: Quality | None
    pages_per_s: float
    n_empty: int
    n_failed: int
    shares: tuple[Shares, ...]
    note: str = ""


class FolderError(Exception):
    """A folder that is not laid out as the benchmark is."""


# --- the folder -----------------------------------------------------------------------------------------


def load(folder: Path) -> tuple[list[Sample], int]:
    """Return the pages of the folder in order of id, and how many of its texts have no page.

    Raises `FolderError` for a folder of another layout and for pages that cannot be unpacked.
    """
    listed = folder / "ground-truth.json"
    try:
        told = json.loads(listed.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FolderError(f"{listed}: cannot be read as JSON: {error}") from error
    if not isinstance(told, dict) or not all(isinstance(item, dict) for item in told.values()):
        raise FolderError(f"{listed}: must be an object of objects with `articleBody` and `url`")
    found: list[Sample] = []
    n_without = 0
    for key, item in sorted(told.items()):
        path = folder / "html" / f"{key}.html.gz"
        if not _ID.fullmatch(key) or not path.is_file():
            n_without += 1
            continue
        try:
            body = gzip.decompress(path.read_bytes())
        except (OSError, EOFError) as error:
            raise FolderError(f"{path}: cannot be unpacked: {error}") from error
        found.append(
            Sample(key, str(item.get("url") or ""), body, str(item.get("articleBody") or ""))
        )
    if not found:
        raise FolderError(f"{folder}: no page of ground-truth.json lies in html/")
    return found, n_without


# --- the measure ----------------------------------------------------------------------------------------


def _runs(text: str) -> Counter[tuple[str, ...]]:
    """Return the runs of four words with their numbers; a shorter text is one run."""
    words = _WORD.findall(text)
    last = max(1, len(words) - N_WORDS + 1)
    return Counter(run for n in range(last) if (run := tuple(words[n : n + N_WORDS])))


def shares(truth: str, given: str) -> Shares:
    """Return how the runs of the two texts agree."""
    wanted, found = _runs(truth), _runs(given)
    both = (wanted & found).total()
    extra, missed = found.total() - both, wanted.total() - both
    total = both + extra + missed
    return Shares(both / total, extra / total, missed / total) if total else Shares(0, 0, 0)


def _ratio(both: float, wrong: float) -> float | None:
    return both / (both + wrong) if both + wrong else None


def quality(found: Sequence[Shares]) -> Quality:
    """Return the means over pages; a page without any text given says nothing of precision."""
    precisions = [p for item in found if (p := _ratio(item.both, item.extra)) is not None]
    recalls = [r for item in found if (r := _ratio(item.both, item.missed)) is not None]
    precision = statistics.fmean(precisions) if precisions else 0.0
    recall = statistics.fmean(recalls) if recalls else 0.0
    total = precision + recall
    return Quality(
        f1=2 * precision * recall / total if total else 0.0,
        precision=precision,
        recall=recall,
        accuracy=statistics.fmean(item.extra == item.missed == 0 for item in found),
    )


def _draws(n: int, n_bootstrap: int) -> Iterator[list[int]]:
    """Yield the same draws of pages each time, so that extractors are compared on equal ones."""
    chance = random.Random(SEED)
    for _ in range(n_bootstrap):
        yield chance.choices(range(n), k=n)


def half_width(found: Sequence[Shares], n_bootstrap: int = N_BOOTSTRAP) -> Quality:
    """Return 1.96 standard deviations of each measure over draws of pages with replacement."""
    drawn = [quality([found[n] for n in draw]) for draw in _draws(len(found), n_bootstrap)]
    return Quality(*(1.96 * statistics.stdev(values) for values in zip(*drawn, strict=True)))


def difference(
    ours: Sequence[Shares], other: Sequence[Shares], n_bootstrap: int = N_BOOTSTRAP
) -> tuple[float, float, float]:
    """Return ours minus the other's F1, and the bounds of its 95 % bootstrap interval, page by page."""
    drawn = sorted(
        quality([ours[n] for n in draw]).f1 - quality([other[n] for n in draw]).f1
        for draw in _draws(len(ours), n_bootstrap)
    )
    edge = int(0.025 * len(drawn))
    return quality(ours).f1 - quality(other).f1, drawn[edge], drawn[-edge - 1]


# --- extractors -----------------------------------------------------------------------------------------

_NOW = dt.datetime(2026, 9, 20, 12, tzinfo=dt.UTC)


def _ours(body: bytes, url: str) -> str:
    page = Page.of("none", url, body, _NOW, content_type="text/html; charset=utf-8")
    found = articles.extract(page)
    return found.body if isinstance(found, Article) else ""


def _trafilatura(body: bytes, url: str) -> str:
    from trafilatura import extract

    return str(extract(body, url=url or None, include_comments=False) or "")


def _newspaper(body: bytes, url: str) -> str:
    import newspaper

    page = newspaper.Article(url or "https://page.example/", fetch_images=False)
    page.download(input_html=body.decode("utf-8", "replace"))
    page.parse()
    return str(page.text or "")


EXTRACTORS: tuple[tuple[str, str, Extractor], ...] = (
    ("suar", "trafilatura", _ours),
    ("trafilatura", "trafilatura", _trafilatura),
    ("newspaper4k", "newspaper", _newspaper),
)


def score(name: str, extractor: Extractor, samples: Sequence[Sample]) -> Result:
    """Return how one extractor does on the pages; a page that it fails on counts as one without text."""
    extractor(samples[0].body, samples[0].url)  # what it loads at its first call is not its speed
    found: list[Shares] = []
    n_empty = n_failed = 0
    seconds = 0.0
    for item in samples:
        begin = time.process_time()
        try:
            given = extractor(item.body, item.url)
        except Exception:  # another's fault on one page is a figure in the table
            given = ""
            n_failed += 1
        seconds += time.process_time() - begin
        n_empty += not given.strip()
        found.append(shares(item.truth, given))
    return Result(
        name=name,
        quality=quality(found),
        half_width=half_width(found) if len(found) > 1 else None,
        pages_per_s=len(samples) / max(seconds, 1e-9),
        n_empty=n_empty,
        n_failed=n_failed,
        shares=tuple(found),
    )


def compare(samples: Sequence[Sample]) -> list[Result]:
    """Return one result per extractor, ours first; those that are not installed say so."""
    results = []
    for name, module, extractor in EXTRACTORS:
        if importlib.util.find_spec(module) is None:
            note = 'not installed: pip install -e ".[comparison]"'
            results.append(Result(name, None, None, 0.0, 0, 0, (), note))
        else:
            results.append(score(name, extractor, samples))
    return results


# --- the table ------------------------------------------------------------------------------------------


def told(results: Sequence[Result], n_without: int) -> dict[str, Any]:
    """Return the results as one JSON document."""
    document: dict[str, Any] = {
        "n_pages": max(len(item.shares) for item in results),
        "n_texts_without_page": n_without,
        "extractors": [
            {
                "name": item.name,
                "quality": item.quality and item.quality._asdict(),
                "half_width_95": item.half_width and item.half_width._asdict(),
                "pages_per_s": item.pages_per_s or None,
                "n_empty": item.n_empty,
                "n_failed": item.n_failed,
                "note": item.note,
            }
            for item in results
        ],
    }
    ours, other = results[0], results[1]
    if len(ours.shares) > 1 and other.shares:
        gain, low, high = difference(ours.shares, other.shares)
        document["f1_over_trafilatura"] = {"difference": gain, "low": low, "high": high}
    return document


def table(document: dict[str, Any]) -> str:
    """Return the results for people."""
    lines = [
        f"{document['n_pages']} pages, texts without a page: {document['n_texts_without_page']}",
        "",
    ]
    lines.append(
        f"{'':<12} {'F1':>13} {'precision':>13} {'recall':>13} {'accuracy':>13} {'pages/s':>8} {'empty':>6} {'failed':>6}"
    )
    for item in document["extractors"]:
        if item["quality"] is None:
            lines.append(f"{item['name']:<12} {item['note']}")
            continue
        cells = [
            f"{item['quality'][name]:.3f}"
            + (f" ± {item['half_width_95'][name]:.3f}" if item["half_width_95"] else "")
            for name in Quality._fields
        ]
        lines.append(
            f"{item['name']:<12} "
            + " ".join(f"{cell:>13}" for cell in cells)
            + f" {item['pages_per_s']:>8.1f} {item['n_empty']:>6} {item['n_failed']:>6}"
        )
    gain = document.get("f1_over_trafilatura")
    if gain:
        interval = f"95 % interval {gain['low']:+.4f} to {gain['high']:+.4f}"
        lines += ["", f"F1 over trafilatura: {gain['difference']:+.4f}, {interval} (bar >= 0)"]
    return "\n".join(lines) + "\n"
