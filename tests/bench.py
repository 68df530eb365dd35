"""Measure speed on this machine: ``make bench``.

Every figure is the median of several rounds in this process, on one core, beside the bar it is held
against. Ratios are taken in one run, so that they mean something on a busy machine; absolute figures drift.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import json
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from crawlers import sample
from crawlers.sample import pages as sample_pages
from crawlers.sample.stories import outlets, stories
from pipeline import articles, incidents
from pipeline.records import Article, Page, Report

NOW = dt.datetime(2026, 9, 20, 12, tzinfo=dt.UTC)
GOLD = Path(__file__).parent / "gold"
# News pages of the outlets we know weigh 170 to 265 kB; nearly all of it is not the article.
PAGE_BYTES = 200_000
N_PAGES = 40


class Figure(NamedTuple):
    """One measured figure."""

    what: str
    value: float
    unit: str
    bar: str = ""
    note: str = ""


def median_rate(work: Callable[[], object], n: int, rounds: int) -> float:
    """Return items per second: the median over rounds, the first round not counted."""
    rates = []
    for number in range(rounds + 1):
        begin = time.perf_counter()
        work()
        rate = n / (time.perf_counter() - begin)
        if number:
            rates.append(rate)
    return statistics.median(rates)


def padded(body: bytes) -> bytes:
    """Return the page with as much menu, script and style around the article as real pages carry."""
    menu = b"".join(
        b'<li class="menu__item"><a class="menu__link" href="/rubrik/%d">Rubrik %d</a></li>'
        % (n, n)
        for n in range(400)
    )
    script = b"<script>var settings = {%s};</script>" % b",".join(
        b'"key%d": "value %d"' % (n, n) for n in range(2000)
    )
    style = b"<style>%s</style>" % b"".join(b".c%d{margin:%dpx}" % (n, n % 40) for n in range(1500))
    related = b"".join(
        b'<div class="card"><h3><a href="/berita/%d">Judul berita lain nomor %d</a></h3>'
        b'<span class="date">1 September 2026</span></div>' % (n, n)
        for n in range(150)
    )
    page = body.replace(b"</head>", style + script + b"</head>", 1)
    page = page.replace(b"<body>", b"<body><nav><ul>" + menu + b"</ul></nav>", 1)
    page = page.replace(b"</body>", b'<aside class="terkait">' + related + b"</aside></body>", 1)
    missing = PAGE_BYTES - len(page)
    filler = b"<script>/*" + b"x" * max(0, missing - 25) + b"*/</script>"
    return page.replace(b"</head>", filler + b"</head>", 1)


def sample_pages_padded() -> list[Page]:
    """Return pages of the sample, one part each, padded to the weight of real ones."""
    found = []
    for story in [item for item in stories() if item.state == "whole"][:N_PAGES]:
        outlet = outlets()[story.outlet]
        url = outlet.url(story)
        found.append(
            Page.of(story.outlet, url, padded(sample_pages.render(story, outlet, None)), NOW)
        )
    return found


def reading_figures(rounds: int) -> list[Figure]:
    """Pages and texts per second through extraction and reading, beside a plain trafilatura chain."""
    from trafilatura import bare_extraction

    from flows import reading, scoring

    sources = {source.source_id: source for source in sample.sources()}
    pages = sample_pages_padded()
    tagger, encoder = reading.load_tagger(), reading.load_encoder()

    def ours() -> None:
        made = [articles.extract(page, sources[page.source_id]) for page in pages]
        readings = [reading.read(item, tagger) for item in made if isinstance(item, Article)]
        reading.link(readings, encoder)

    def extraction() -> None:
        for page in pages:
            articles.extract(page, sources[page.source_id])

    def plain() -> None:
        for page in pages:
            bare_extraction(page.body, url=page.url, with_metadata=True)

    size = statistics.mean(len(page.body) for page in pages) / 1000
    note = f"{len(pages)} pages of {size:.0f} kB"
    rate = median_rate(ours, len(pages), rounds)
    base = median_rate(plain, len(pages), rounds)
    labelled = scoring.load_gold(sorted(GOLD.glob("*.jsonl")))
    texts = [scoring.as_article(item, NOW) for item in labelled]
    read = [item for item in texts if isinstance(item, Article)]

    def text_only() -> None:
        reading.link([reading.read(item, tagger) for item in read], encoder)

    from pipeline import segments

    def fresh() -> None:
        segments._read.cache_clear()
        text_only()

    return [
        Figure("page to linked incident", rate, "pages/s", ">= 40", note),
        Figure("plain trafilatura with metadata", base, "pages/s", "", "the same pages, text only"),
        Figure("ratio", rate / base, "x", ">= 2", "page to incident / plain trafilatura"),
        Figure("extraction alone", median_rate(extraction, len(pages), rounds), "pages/s"),
        Figure("text to incident", median_rate(fresh, len(read), rounds), "articles/s", ">= 100",
               f"{len(read)} labelled texts"),
    ]  # fmt: skip


def stage_figures(rounds: int) -> list[Figure]:
    """Articles per second of each stage alone, on the labelled texts; the stages before it are done already."""
    from flows import reading, scoring
    from models import entities
    from pipeline import (
        claims,
        language,
        mentions,
        relevance,
        reports,
        segments,
    )
    from pipeline import statistics as figures

    labelled = scoring.load_gold(sorted(GOLD.glob("*.jsonl")))
    read = [
        item
        for item in (scoring.as_article(one, NOW) for one in labelled)
        if isinstance(item, Article)
    ]
    tagger, finder, scorer = reading.load_tagger(), entities.load(), reading.load_scorer()
    whole = [reading.read(item, tagger) for item in read]

    def cut() -> None:
        for item in read:
            segments._read.cache_clear()
            segments.read(item)

    def named(*, asks: bool) -> None:
        for item in read:
            segments._read.cache_clear()
            mentions.find(item, tagger, reading.load_names if asks else None)

    def counted() -> None:
        for item in whole:
            claims.read(item.article, item.mentions)

    def summed() -> None:
        for item in whole:
            figures.read(item.article, item.relevance, item.mentions, item.claims)

    def told() -> None:
        for item in whole:
            reports.read(item.article, item.relevance, item.mentions, item.claims, item.statistics)

    stages: list[tuple[str, Callable[[], object], str]] = [
        ("language", lambda: [language.detect(item.text) for item in read], ""),
        ("screening", lambda: [relevance.assess(item, scorer) for item in read], ""),
        ("sentences, figures, dates, cues", cut, ""),
        ("mentions by the lists", lambda: named(asks=False), "sentences anew"),
        ("mentions, name finder asked", lambda: named(asks=True), "sentences anew; the few questions of a run"),
        ("name finder on whole texts", lambda: finder.names([item.text for item in read]), "not done in a run"),
        ("claims", counted, "sentences anew"),
        ("statistics", summed, "sentences anew"),
        ("reports", told, "sentences anew"),
    ]  # fmt: skip
    return [
        Figure(f"stage: {what}", median_rate(work, len(read), rounds), "articles/s", "", note)
        for what, work, note in stages
    ]


def archive_figures(rounds: int, n_records: int = 1_500) -> list[Figure]:
    """Records per second of an archive of all the news, one page in a hundred of it on the subject."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    from crawlers import archive
    from flows import reading
    from pipeline import prefilter

    sources = {source.source_id: source for source in sample.sources()}
    tagger, encoder = reading.load_tagger(), reading.load_encoder()
    with tempfile.TemporaryDirectory() as folder:
        path = news_archive(Path(folder) / "news.warc.gz", n_records)

        def read_alone() -> None:
            with path.open("rb") as stream:
                for record in ArchiveIterator(stream, record_types=WarcRecordType.response):
                    record.reader.read()

        kept: list[Page] = []

        def sifted() -> None:
            kept.clear()
            found = archive.read(path, wanted=lambda _url, _at, body: prefilter.keeps(body))
            kept.extend(page for page in found if isinstance(page, Page))

        def whole() -> None:
            sifted()
            made = [articles.extract(page, sources.get(page.source_id)) for page in kept]
            readings = [reading.read(item, tagger) for item in made if isinstance(item, Article)]
            reading.link(readings, encoder)

        alone = median_rate(read_alone, n_records, rounds)
        rate = median_rate(sifted, n_records, rounds)
        both = median_rate(whole, n_records, rounds)
        note = f"{n_records:,} gzip records of {PAGE_BYTES // 1000} kB, {len(kept)} kept"
    return [
        Figure("archive, FastWARC alone", alone, "records/s", "", note),
        Figure("archive, FastWARC and sieve", rate, "records/s", ">= 800", "pages in hand, digests made"),
        Figure("archive, page to linked incident", both, "pages/s", ">= 70", "kept pages extracted, read, linked"),
    ]  # fmt: skip


def news_archive(path: Path, n_records: int) -> Path:
    """Write pages of invented news, each with other words in its menus and text; one in a hundred is a sample story."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    told = sample_pages_padded()
    dice = random.Random(20260920)
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for number in range(n_records):
            if number % 100 == 0:
                url, body = (
                    told[number // 100 % len(told)].url,
                    told[number // 100 % len(told)].body,
                )
            else:
                url, body = f"https://pasar.example/{number}", padded(ordinary_page(dice))
            answer = StatusAndHeaders(
                "200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1"
            )
            writer.write_record(
                writer.create_warc_record(
                    url, "response", payload=io.BytesIO(body), http_headers=answer
                )
            )
    return path


_WORDS = [
    "harga",
    "cabai",
    "pasar",
    "induk",
    "pedagang",
    "pasokan",
    "hujan",
    "jalan",
    "tol",
    "bupati",
    "rapat",
    "anggaran",
    "sekolah",
    "guru",
    "murid",
    "lomba",
    "timnas",
    "gol",
    "pelatih",
    "stadion",
    "laga",
    "konser",
    "penyanyi",
    "album",
    "film",
    "sutradara",
    "resep",
    "bumbu",
    "wisata",
    "pantai",
    "hotel",
    "banjir",
    "gempa",
    "cuaca",
    "saham",
    "rupiah",
    "bank",
    "kredit",
    "pajak",
    "mobil",
    "listrik",
    "baterai",
    "telepon",
    "aplikasi",
    "kamera",
    "rumah",
    "sakit",
    "dokter",
    "vaksin",
    "minister",
    "budget",
    "council",
    "match",
    "striker",
    "recipe",
    "weather",
    "market",
    "shares",
    "traffic",
    "museum",
    "festival",
]


def ordinary_page(dice: random.Random) -> bytes:
    """Return a page of words about anything else; like real pages it names the subject in a menu now and then."""

    def said(n: int) -> str:
        return " ".join(dice.choices(_WORDS, k=n))

    text = "".join(f"<p>{said(40).capitalize()}.</p>" for _ in range(12))
    related = "".join(f'<li><a href="/{n}">{said(8)}</a></li>' for n in range(40))
    # One page in twenty carries such a headline beside its own text, and is kept for it.
    aside = "<li>Judi online: polisi tangkap WNI</li>" if dice.random() < 0.05 else ""
    title = said(8).title()
    return (
        f"<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1>"
        f"{text}<ul>{related}{aside}</ul></body></html>"
    ).encode()


def crawl_figures() -> list[Figure]:
    """Pages per second of processor time of the crawl process on loopback, beside Scrapy without anything else."""
    from tests import bench_crawl

    figures = []
    for n_bytes in (bench_crawl.PAGE_BYTES, PAGE_BYTES):
        note = f"{bench_crawl.N_SOURCES} outlets on loopback, pages of {n_bytes // 1000} kB"
        ours = bench_crawl.our_pace(bench_crawl.N_PAGES, n_bytes).cpu
        bare = bench_crawl.bare_pace(bench_crawl.N_PAGES, n_bytes).cpu
        figures += [
            Figure("crawl process", ours, "pages/cpu-s", ">= 350", note),
            Figure("stripped Scrapy", bare, "pages/cpu-s", "", "the same pages, counted only"),
        ]
    return figures


def linking_figures(n_reports: int) -> list[Figure]:
    """Seconds to link many reports without text likeness."""
    reports = many_reports(n_reports)
    begin = time.perf_counter()
    linked = incidents.link(reports)
    seconds = time.perf_counter() - begin
    note = f"{len(linked.incidents):,} incidents"
    return [Figure(f"linking {n_reports:,} reports", seconds, "s", "100,000 < 60 s", note)]


def many_reports(n: int) -> list[Report]:
    """Return reports of invented events over ten years, a few per event."""
    sys.path.insert(0, str(Path(__file__).parent.parent))
    from pipeline.records import EventType
    from tests.factories import PLACES, make_report

    kinds = (EventType.RAID, EventType.RESCUE, EventType.REPATRIATION, EventType.ARREST)
    places = [place for place in PLACES if not place.startswith("id.")]
    first = dt.date(2016, 1, 1)
    made = []
    for number in range(n):
        event = number // 3
        day = first + dt.timedelta(days=event * 3650 // (n // 3 + 1))
        made.append(
            make_report(
                kinds[event % len(kinds)],
                20 + event % 700,
                article=f"a{number}",
                published=str(day + dt.timedelta(days=number % 3)),
                date=str(day),
                place=places[event // len(kinds) % len(places)],
                country=None,
            )
        )
    return made


def query_figures(n_incidents: int) -> list[Figure]:
    """Milliseconds of a trend and a look-up on a release of many incidents."""
    from warehouse import queries
    from warehouse.database import connect

    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "suar.duckdb"
        connection = connect(db)
        connection.execute("CREATE SCHEMA marts")
        connection.execute(
            "CREATE TABLE marts.incidents AS SELECT 'inc_' || lpad(i::VARCHAR, 16, '0') AS incident_id,"
            " DATE '2016-01-01' + (i % 3650)::INTEGER AS date_start,"
            " ['KHM','MMR','LAO','PHL'][1 + i % 4] AS event_country,"
            " ['raid','rescue','repatriation','arrest','complaint'][1 + i % 5] AS event_type,"
            " i % 900 AS persons_best, NULL::VARCHAR AS parent_id"
            f" FROM range({n_incidents}) t(i)"
        )
        connection.close()
        trend = (
            "SELECT date_trunc('month', date_start) AS month, event_country, count(*), sum(persons_best)"
            " FROM incidents WHERE parent_id IS NULL GROUP BY ALL ORDER BY ALL"
        )
        point = "SELECT * FROM incidents WHERE incident_id = 'inc_0000000000012345'"
        figures = []
        for what, sql, bar in (("monthly trend", trend, "< 50"), ("look-up by id", point, "< 20")):
            with queries._opened(db) as opened:
                took = []
                for _ in range(8):
                    begin = time.perf_counter()
                    opened.execute(sql).fetchall()
                    took.append(1000 * (time.perf_counter() - begin))
            figures.append(
                Figure(f"{what}, {n_incidents:,} incidents", statistics.median(took[1:]), "ms", bar)
            )
        return figures


def trend_figures(n_incidents: int) -> list[Figure]:
    """Milliseconds of each table of trends, and of `suar trends`, on a release of many incidents."""
    from tests import trend_scale

    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "suar.duckdb"
        trend_scale.build(db, n_incidents)
        return [
            Figure(what, took, "ms", "< 100" if what in trend_scale.VIEWS else "")
            for what, took in trend_scale.measure(db).items()
        ]


def start_figures(rounds: int) -> list[Figure]:
    """Seconds until a command answers, as a whole process."""
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        home = str(Path(folder) / "home")
        text = Path(folder) / "a.jsonl"
        line = {"url": "https://kabar.example/a", "title": "21 WNI pulang dari Kamboja",
                "text": "Sebanyak 21 WNI korban penipuan daring dipulangkan dari Kamboja, Jumat (4/9/2026).",
                "published_at": "2026-09-04"}  # fmt: skip
        text.write_text(json.dumps(line), encoding="utf-8")
        suar = [sys.executable, "-m", "flows"]
        run = [*suar, "ingest", str(text), "--home", home, "--no-prefect", "--quiet"]
        environment = {**os.environ, "SUAR_MIN_FREE_MB": "0"}
        subprocess.run(run, check=True, capture_output=True, env=environment)
        for what, tokens, bar in (
            ("suar --help", ["--help"], "< 0.4"),
            ("suar query", ["query", "SELECT count(*) FROM incidents", "--home", home], "< 1"),
        ):
            took = []
            for _ in range(rounds + 1):
                begin = time.perf_counter()
                subprocess.run([*suar, *tokens], check=True, capture_output=True)
                took.append(time.perf_counter() - begin)
            figures.append(Figure(what, statistics.median(took[1:]), "s", bar))
    return figures


def reader_figures(seconds: float) -> list[Figure]:
    """What eight readers of the current release meet while a writer publishes."""
    from tests import readers

    with tempfile.TemporaryDirectory() as folder:
        found = readers.watch(Path(folder), seconds=seconds)
    for error in found.errors[:5]:
        sys.stderr.write(f"{error}\n")
    return [
        Figure("opens of the current release", found.n_opens, "opens", ">= 10,000 in 120 s"),
        Figure("errors and torn readings", len(found.errors), "errors", "0"),
        Figure("releases published meanwhile", found.n_published, "releases"),
        Figure("releases met by the readers", found.n_seen, "releases"),
    ]


def score_extraction(folder: Path, *, as_json: bool) -> None:
    """Print how the extractors do on a folder of pages; end with code 2 for one of another layout."""
    from tests import extraction

    try:
        samples, n_without = extraction.load(folder)
    except extraction.FolderError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from error
    document = extraction.told(extraction.compare(samples), n_without)
    text = json.dumps(document, indent=2) + "\n" if as_json else extraction.table(document)
    sys.stdout.write(text)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--incidents", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--extraction",
        type=Path,
        metavar="FOLDER",
        help="score text extraction on this folder instead (layout: tests/extraction.py)",
    )
    parser.add_argument(
        "--readers",
        type=float,
        metavar="SECONDS",
        help="watch eight readers of the current release while a writer publishes, instead",
    )
    options = parser.parse_args(arguments)
    if options.readers:
        tell(reader_figures(options.readers), as_json=options.json)
        return
    if options.extraction:
        score_extraction(options.extraction, as_json=options.json)
        return
    figures = [
        *start_figures(options.rounds),
        *reading_figures(options.rounds),
        *stage_figures(options.rounds),
        *archive_figures(options.rounds),
        *crawl_figures(),
        *linking_figures(options.reports),
        *query_figures(options.incidents),
        *trend_figures(options.incidents),
    ]
    # Linux tells kilobytes.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures.append(Figure("peak memory of this process", peak, "MiB", "< 2,048"))
    tell(figures, as_json=options.json)


def tell(figures: Sequence[Figure], *, as_json: bool) -> None:
    """Print the figures, with the machine that they were taken on."""
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    if as_json:
        told: dict[str, Any] = {"machine": machine, "figures": [item._asdict() for item in figures]}
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
        return
    sys.stdout.write(f"{machine}\n\n")
    for item in figures:
        bar = f"(bar {item.bar})" if item.bar else ""
        row = f"{item.what:<34} {item.value:>10,.2f} {item.unit:<11} {bar:<22} {item.note}"
        sys.stdout.write(row.rstrip() + "\n")


if __name__ == "__main__":
    main()
