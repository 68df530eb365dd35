"""Sitemaps: news dates, indexes, zipped, CDATA, cut, hostile."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers import sitemaps
from crawlers.sitemaps import read_sitemap
from crawlers.spiders import Listed

URL = "https://www.warta.example/sitemap-news.xml"
HEAD = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
NEWS = f"""<?xml version="1.0" encoding="UTF-8"?>{HEAD}
<url><loc>https://www.warta.example/read/1</loc><lastmod>2026-09-03</lastmod>
<image:image xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><image:title>Foto</image:title></image:image>
<news:news><news:publication><news:name>Warta</news:name></news:publication><news:title>Satu</news:title>
<news:publication_date>2026-09-02T23:30:00+07:00</news:publication_date><news:keywords>WNI, Kamboja</news:keywords>
</news:news></url>
<url><loc><![CDATA[
 /read/2?a=1&b=2 ]]></loc><lastmod>2026-09-02</lastmod></url>
<url><lastmod>2026-09-02</lastmod></url></urlset>""".encode()
INDEX = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap>
<loc>https://www.warta.example/sitemap/2026-09.xml.gz</loc><lastmod>2026-09-02</lastmod></sitemap></sitemapindex>"""


def read(body: bytes, limit: int = 1_000_000) -> sitemaps.Sitemap:
    return read_sitemap(body, URL, limit)


def test_the_news_date_comes_before_the_day_of_change() -> None:
    found = read(NEWS)
    assert found.items == [
        Listed(
            "https://www.warta.example/read/1", "2026-09-02T23:30:00+07:00", "Satu", "WNI, Kamboja"
        ),
        Listed("https://www.warta.example/read/2?a=1&b=2", "2026-09-02"),
    ]
    assert found.fault == ""


def test_an_index_lists_sitemaps() -> None:
    found = read(INDEX)
    assert found.sitemaps == [
        Listed("https://www.warta.example/sitemap/2026-09.xml.gz", "2026-09-02")
    ]
    assert found.items == []


def test_a_zipped_sitemap_is_unzipped_up_to_the_limit() -> None:
    assert read(gzip.compress(NEWS)).items == read(NEWS).items
    bomb = read(gzip.compress(NEWS + b" " * 2_000_000))
    assert bomb.items == []
    assert "more than" in bomb.fault
    cut = read(gzip.compress(NEWS)[:-9])
    assert cut.items == []
    assert cut.fault


def test_a_document_type_is_refused_unread() -> None:
    bomb = b'<!DOCTYPE u [<!ENTITY a "/etc/passwd">]>' + NEWS[NEWS.index(b"<urlset") :]
    found = read(bomb)
    assert found.items == []
    assert found.fault == "declares a document type"


@pytest.mark.parametrize("body", [b"", b"<html><body/></html>", b"<rss/>", b"no xml"])
def test_what_is_no_sitemap_is_told(body: bytes) -> None:
    found = read(body)
    assert found.items == []
    assert found.fault.startswith("is not a sitemap")


def test_entries_before_a_break_are_kept() -> None:
    found = read(NEWS[: NEWS.index(b"<url><loc><![CDATA")])
    assert [item.url for item in found.items] == ["https://www.warta.example/read/1"]
    assert found.fault


def test_addresses_beyond_the_limit_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_ADDRESSES", 1)
    found = read(NEWS)
    assert len(found.items) == 1
    assert found.n_beyond == 1


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_told(body: bytes) -> None:
    found = read(body)
    assert found.fault or found.items or found.sitemaps or b"url" in body or b"sitemap" in body
