"""Bombs in files: what our own readers of archives, sitemaps, feeds and lines make of them, and at what cost.

They run in one child process, whose memory can be told.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from crawlers.inflate import CutError, TooLargeError, gunzip, inflate, unbrotli, unzstd
from pipeline.records import Reason
from tests.crawlers import hostile
from tests.crawlers.hostile import MEBIBYTE
from tests.crawlers.test_hostile import CODINGS, XML

UNPACK = {"gzip": gunzip, "deflate": inflate, "br": unbrotli, "zstd": unzstd}


@pytest.mark.parametrize("coding", CODINGS)
def test_a_limit_stops_what_is_packed_and_only_that(coding: str) -> None:
    unpack, body = UNPACK[coding], b"Warga dipulangkan. " * 50_000
    packed = hostile.pack(coding, body)
    assert unpack(packed, len(body)) == body
    with pytest.raises(TooLargeError):
        unpack(packed, len(body) - 1)
    with pytest.raises(CutError):
        unpack(packed[:-6], len(body))
    with pytest.raises(CutError):
        unpack(b"\x00\xff" * 40, len(body))


# --- whole files ----------------------------------------------------------------------------------------

CHILD = """
import datetime as dt, json, sys
from pathlib import Path
from scrapy.http import XmlResponse
from crawlers import archive
from crawlers.feeds import read_feed
from crawlers.listings import list_links
from crawlers.sitemaps import read_sitemap
from flows import inputs
from pipeline import articles
from pipeline.records import Page, Rejection
from tests.crawlers import hostile

folder, now = Path(sys.argv[1]), dt.datetime(2026, 9, 3, tzinfo=dt.UTC)
page = Page.of("", "https://x.example/a", hostile.html("Hangat"), now, content_type="text/html")
articles.extract(page)
list_links(XmlResponse("https://x.example/", body=b"<a/>"), "a")
begin = hostile.peak_rss_mb()
said = {}
for path in sorted(folder.glob("*.warc*")) + sorted(folder.glob("*.jsonl.gz")):
    found = list(inputs.read(path, now))
    said[path.name] = [str(each.reason) if isinstance(each, Rejection) else "taken" for each in found]
for path in sorted(folder.glob("*.xml*")):
    said[path.name] = read_sitemap(path.read_bytes(), "https://x.example/", 8 << 20).fault
for path in sorted(folder.glob("*.doc")):
    body = path.read_bytes()
    feed, sitemap = read_feed(body, "https://x.example/"), read_sitemap(body, "https://x.example/", 8 << 20)
    links = list_links(XmlResponse("https://x.example/", body=body), "link")
    page = Page.of("", "https://x.example/b", body, now, content_type="application/xhtml+xml")
    article = articles.extract(page)
    said[path.name] = {
        "feed": feed.fault, "sitemap": sitemap.fault, "n": len(feed.items) + len(sitemap.items),
        "expanded": any("haha" in str(each) for each in (links, article)),
    }
said["grown_mb"] = hostile.peak_rss_mb() - begin
print(json.dumps(said))
"""


def record(payload: bytes, coding: str) -> bytes:
    """Return a WARC record of a web page whose body is packed so."""
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: {coding}\r\n\r\n".encode()
    )
    lines = (
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://x.example/a\r\n"
        "WARC-Date: 2026-09-03T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000000>\r\n"
        "Content-Type: application/http;msgtype=response\r\n"
        f"Content-Length: {len(head) + len(payload)}\r\n\r\n"
    )
    return lines.encode() + head + payload + b"\r\n\r\n"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("bombs")
    for coding in CODINGS:
        packed = record(hostile.bomb(coding), coding)
        (folder / f"{coding}.warc").write_bytes(packed)
        (folder / f"{coding}-twice.warc.gz").write_bytes(gzip.compress(packed))
    with gzip.open(folder / "plain.warc.gz", "wb", compresslevel=1) as file:
        whole = record(b"<html>", "identity").replace(b"\r\n\r\n", b"\r\n\r\n", 1)
        length = next(x for x in whole.split(b"\r\n") if x.startswith(b"Content-Length"))
        longer = int(length.split()[1]) + 100 * MEBIBYTE
        file.write(
            whole.replace(length, b"Content-Length: %d" % longer, 1).removesuffix(b"\r\n\r\n")
        )
        file.writelines(hostile.zeros(100 * MEBIBYTE))
        file.write(b"\r\n\r\n")
    with gzip.open(folder / "line.jsonl.gz", "wb", compresslevel=1) as file:
        file.writelines(hostile.zeros(100 * MEBIBYTE))
    (folder / "map.xml.gz").write_bytes(hostile.bomb("gzip"))
    for name, (head, used) in XML.items():
        feed = hostile.rss(["https://x.example/a/x"], head=head)
        (folder / f"{name}-feed.doc").write_bytes(feed.replace(b">f<", f">{used}<".encode()))
        sitemap = hostile.urlset(["https://x.example/a/x", used])
        (folder / f"{name}-map.doc").write_bytes(head.encode() + sitemap)
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder)],
        capture_output=True, text=True, timeout=100, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    return dict(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("name", [f"{x}{y}" for x in CODINGS for y in (".warc", "-twice.warc.gz")])
def test_bombs_in_archives_are_rejected_for_their_size(told: dict[str, Any], name: str) -> None:
    assert told[name] == [Reason.TOO_LARGE]


def test_long_records_lines_and_sitemaps_are_not_unpacked_whole(told: dict[str, Any]) -> None:
    assert told["plain.warc.gz"] == [Reason.TOO_LARGE]
    assert told["line.jsonl.gz"] == [Reason.TOO_LARGE]
    assert "more than" in told["map.xml.gz"]


@pytest.mark.parametrize("name", XML)
def test_entities_are_expanded_by_no_parser(told: dict[str, Any], name: str) -> None:
    for kind in ("feed", "map"):
        said = told[f"{name}-{kind}.doc"]
        assert said["feed"], "a fault, not an empty list"
        assert said["sitemap"]
        assert said["n"] == 0
        assert not said["expanded"]


def test_all_of_it_costs_little_memory(told: dict[str, Any]) -> None:
    assert told["grown_mb"] < 120
