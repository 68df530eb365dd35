"""Feeds as outlets serve them: RSS, RDF, Atom, wrong, cut, hostile."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.feeds import read_feed
from crawlers.spiders import Listed

URL = "https://www.warta.example/rss/nasional"
RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Warta</title>
<item><title>Satu &amp;amp; <![CDATA[<b>lagi</b>]]></title>
<description>&lt;p&gt;Teras  berita&lt;/p&gt;</description><category>TPPO</category><category>WNI</category>
<link>https://www.warta.example/read/1</link>
<pubDate>Rab, 02 Sep 2026 23:30:00 WIB</pubDate></item>
<item><title>Dua</title><link> /read/2 </link></item>
<item><title>Tanpa tautan</title></item>
</channel></rss>"""
RDF = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><item rdf:about="x"><title>Three</title>
<link>https://www.warta.example/read/3</link><dc:date>2026-09-02T08:00:00+08:00</dc:date></item></rdf:RDF>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>W</title><entry><title>Four</title>
<link rel="alternate" href="https://www.warta.example/read/4"/><updated>2026-09-02T01:00:00Z</updated></entry></feed>"""


def test_entries_come_with_their_dates_as_printed() -> None:
    feed = read_feed(RSS.encode(), URL)
    assert feed.items == [
        Listed(
            "https://www.warta.example/read/1",
            "Rab, 02 Sep 2026 23:30:00 WIB",
            "Satu & lagi",
            "Teras berita TPPO WNI",
        ),
        Listed("https://www.warta.example/read/2", "", "Dua"),
    ]
    assert feed.fault == ""


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        (RDF, Listed("https://www.warta.example/read/3", "2026-09-02T08:00:00+08:00", "Three")),
        (ATOM, Listed("https://www.warta.example/read/4", "2026-09-02T01:00:00Z", "Four")),
    ],
)
def test_rdf_and_atom_are_feeds_too(text: str, entry: Listed) -> None:
    assert read_feed(text.encode(), URL).items == [entry]


@pytest.mark.parametrize(
    "body", [b"", b"<html><body>Just a moment</body></html>", b'{"items": []}']
)
def test_what_is_no_feed_is_told(body: bytes) -> None:
    feed = read_feed(body, URL)
    assert feed.items == []
    assert feed.fault


def test_a_feed_that_breaks_off_gives_what_it_held() -> None:
    feed = read_feed(RSS.encode()[: RSS.index("Dua")], URL)
    assert [item.url for item in feed.items] == ["https://www.warta.example/read/1"]
    assert feed.fault


@pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
def test_declared_entities_are_refused_unread(coding: str) -> None:
    bomb = RSS.replace("<rss", '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss')
    feed = read_feed(bomb.replace("UTF-8", coding).encode(coding), URL)
    assert feed == ([], "declares XML entities")


def test_a_name_of_a_file_is_not_opened() -> None:
    feed = read_feed(__file__.encode(), URL)
    assert feed.items == []


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_told(body: bytes) -> None:
    feed = read_feed(body, URL)
    assert feed.items == [] or all(item.url for item in feed.items)
