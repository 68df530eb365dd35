"""Canonical addresses: a table, the rules of a source, then idempotence."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import urls
from pipeline.records import Source, SourceEvidence

PLAIN = "https://outlet.example/read/2024/06/18/judul"
SAME = [
    PLAIN,
    "http://outlet.example/read/2024/06/18/judul",
    "https://outlet.example:443/read/2024/06/18/judul/",
    "http://outlet.example:80/read//2024/06/18/judul",
    "HTTPS://WWW.Outlet.Example/read/2024/06/18/judul",
    "https://m.outlet.example/read/2024/06/18/judul",
    "https://amp.outlet.example/read/2024/06/18/judul",
    "https://outlet.example/amp/read/2024/06/18/judul",
    "https://outlet.example/read/2024/06/18/judul/amp/",
    "https://outlet.example/read/2024/06/18/judul?amp=1",
    "https://outlet.example/read/2024/06/18/judul?outputType=amp",
    "https://outlet.example/read/2024/06/18/judul?page=2",
    "https://outlet.example/read/2024/06/18/judul?page=all#page2",
    "https://outlet.example/read/2024/06/18/judul?single=1",
    "https://outlet.example/read/2024/06/18/judul?showpage=all",
    "https://outlet.example/read/2024/06/18/judul?view=all",
    "https://outlet.example/read/2024/06/18/judul?utm_source=a&utm_medium=b&fbclid=c",
    "https://outlet.example/read/2024/06/18/judul?PHPSESSID=0a1b",
    "https://outlet.example/read/2024/06/18/judul;jsessionid=0A1B.n1?page=2",
    "https://outlet.example/read/2024/06/18/judul#komentar",
    " https://outlet.example/read/2024/06/18/judul ",
    "//outlet.example/read/2024/06/18/judul",
    "outlet.example/read/2024/06/18/judul",
    "https://outlet-example.cdn.ampproject.org/c/s/outlet.example/read/2024/06/18/judul",
    "https://www.google.com/amp/s/www.outlet.example/amp/read/2024/06/18/judul",
]


@pytest.mark.parametrize("url", SAME)
def test_one_article_has_one_address(url: str) -> None:
    assert urls.canonical(url) == PLAIN


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("https://outlet.example/", "https://outlet.example/"),
        ("https://batam.outlet.example/x", "https://batam.outlet.example/x"),
        ("https://outlet.example/berita?id=7&b=1", "https://outlet.example/berita?b=1&id=7"),
        ("https://outlet.example/x?page=tentang", "https://outlet.example/x?page=tentang"),
        ("https://outlet.example/tv/all", "https://outlet.example/tv/all"),
        ("https://outlet.example:8080/x", "https://outlet.example:8080/x"),
        ("https://m.co.id/x", "https://m.co.id/x"),
        ("file:///data/berita.txt", "file:///data/berita.txt"),
        ("berkas-1", "berkas-1"),
        ("", ""),
    ],
)
def test_what_stays(url: str, same: str) -> None:
    assert urls.canonical(url) == same


def _source(**fields: Any) -> Source:
    return Source(
        source_id="outlet", name="Outlet", owner="Outlet", country="IDN", language="id",
        timezone="Asia/Jakarta", homepage="https://outlet.example/", hosts=("outlet.example",),
        article_url=".*", evidence=SourceEvidence(status="seen", note="test"), **fields,
    )  # fmt: skip


def test_the_rules_of_a_source() -> None:
    suffix = _source(paging={"kind": "suffix", "value": "/all"})
    assert urls.canonical("https://outlet.example/x/all", suffix) == "https://outlet.example/x"
    assert urls.canonical("https://outlet.example/x?id=7", suffix) == "https://outlet.example/x"
    keeping = _source(drop_query=False, paging={"kind": "query", "value": "lembar=semua"})
    assert (
        urls.canonical("https://outlet.example/x?id=7&lembar=semua", keeping)
        == "https://outlet.example/x?id=7"
    )


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://o.example/read/2024/06/18/x", ("2024/06/18", dt.date(2024, 6, 18))),
        ("https://o.example/2024-06-18/x", ("2024-06-18", dt.date(2024, 6, 18))),
        (
            "https://o.example/nasional/20240618093000-20-11/x",
            ("20240618093000", dt.date(2024, 6, 18)),
        ),
        ("https://o.example/read/20240618/15/x", ("20240618", dt.date(2024, 6, 18))),
        ("https://o.example/read/2024/02/31/x", None),
        ("https://o.example/berita/20249918/x", None),
        ("https://o.example/berita/4159823/x", None),
        ("https://o.example/x?d=2024/06/18", None),
        ("berkas/2024/06/18", None),
    ],
)
def test_days_in_addresses(url: str, found: tuple[str, dt.date] | None) -> None:
    assert urls.date_in(url) == found


SEGMENT = st.one_of(
    st.sampled_from(
        ["amp", "all", "a.amp", ".amp", "amp.html", "..", ".", "%41", "%zz", "é", "a b", "2", "x;y"]
    ),
    st.text(max_size=6),
)
ADDRESS = st.builds(
    lambda scheme, host, path, query, fragment: f"{scheme}{host}/{'/'.join(path)}?{query}#{fragment}",
    st.sampled_from(["https://", "http://", "HTTP://", "//", ""]),
    st.sampled_from(
        ["outlet.example", "www.m.outlet.example", "amp.amp.co.id", "o.example:80", "o.example:81", "a.cdn.ampproject.org", "www.google.com", "ü.example"]
    ),
    st.lists(SEGMENT, max_size=5),
    st.one_of(
        st.text(max_size=12),
        st.lists(st.sampled_from(["page=2", "utm_x=1", "id=%C3%A9", "a=b c", "a", "=", "page=all", "A=1", "x=http://y.example"])).map("&".join),
    ),
    st.text(max_size=5),
)  # fmt: skip


@given(st.one_of(ADDRESS, st.text(max_size=40)))
@settings(max_examples=400, deadline=None)
def test_applying_it_twice_changes_nothing(url: str) -> None:
    for source in (
        None,
        _source(paging={"kind": "suffix", "value": "/all"}),
        _source(drop_query=False),
    ):
        once = urls.canonical(url, source)
        assert urls.canonical(once, source) == once
