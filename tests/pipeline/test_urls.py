"""Canonical addresses: a table, the rules of a source, then idempotence."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import quote

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


# Addresses in the forms that the families of sources use; host, path and the paging rule of the source.
ORIGINALS = (
    ("nasional.pagi.example", "/read/2024/06/18/09152211/polisi-gagalkan-keberangkatan", "page=all"),
    ("news.kilas.example", "/berita/d-7391823/polisi-gagalkan-keberangkatan", "single=1"),
    ("muara.example", "/berita/4726833/polisi-gagalkan-keberangkatan", "page=all"),
    ("bengkulu.muara.example", "/berita/403457/polisi-gagalkan-keberangkatan", "page=all"),
    ("kaca.example", "/nasional/20240618093000-20-1110001/polisi-gagalkan-keberangkatan", "page=all"),
    ("batam.suluh.example", "/2024/06/18/polisi-gagalkan-keberangkatan.html", "page=all"),
    ("mekong-ledger.example", "/501310290/police-stop-twelve", "page=2"),
    ("warta.co.example", "/read/2024/06/18/polisi-gagalkan", "showpage=all"),
    ("inti.example", "/news/nasional/polisi-gagalkan-keberangkatan", "view=all"),
    ("ledger.com.example", "/news/story-1234567", "page=3"),
)  # fmt: skip


def _copies(host: str, path: str, paging: str) -> list[str]:
    """Return the addresses under which readers, phones, shares and caches see one article."""
    plain = f"https://{host}{path}"
    return [
        plain, f"http://{host}{path}", f"https://www.{host}{path}", f"https://m.{host}{path}",
        f"https://amp.{host}{path}", f"https://m.{host}/amp{path}", f"https://{host}/amp{path}", f"{plain}/amp",
        f"{plain}/amp/", f"{plain}?amp", f"{plain}?amp=1", f"{plain}?{paging}", f"{plain}?{paging}#page2",
        f"{plain}?utm_source=a&utm_medium=b&utm_campaign=c", f"{plain}?fbclid=IwAR0&{paging}", f"{plain}?gad_source=1",
        f"{plain}&utm_source=whatsapp", f"{plain}?mibextid=x&sfnsn=wa", f"{plain}/", f"{plain}#komentar",
        f"https://{host}:443{path}", f"HTTPS://{host.upper()}{path}",
        f"https://{host.replace('.', '-')}.cdn.ampproject.org/c/s/{host}{path}",
        f"https://www.google.com/amp/s/{host}/amp{path}", f"https://web.archive.org/web/20240620010203/{plain}",
        f"https://www.google.com/url?q={plain}&sa=U", f"https://l.facebook.com/l.php?u={quote(plain, safe='')}&h=AT0",
    ]  # fmt: skip


PAIRS = [
    (copy, f"https://{host}{path}")
    for host, path, paging in ORIGINALS
    for copy in _copies(host, path, paging)
]


def test_pairs_of_copies_and_originals() -> None:
    assert len(set(PAIRS)) >= 200
    wrong = {copy: found for copy, plain in PAIRS if (found := urls.canonical(copy)) != plain}
    assert not wrong
    assert all(urls.canonical(plain) == plain for _, plain in PAIRS)


def test_different_articles_keep_different_addresses() -> None:
    plain = {f"https://{host}{path}" for host, path, _ in ORIGINALS}
    assert len({urls.canonical(url) for url in plain}) == len(plain)


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
        ["outlet.example", "www.m.outlet.example", "amp.amp.co.id", "o.example:80", "o.example:81", "a.cdn.ampproject.org", "www.google.com", "web.archive.org/web/2024/https:", "l.facebook.com/l.php?u=https://o.example", "ü.example"]
    ),
    st.lists(SEGMENT, max_size=5),
    st.one_of(
        st.text(max_size=12),
        st.lists(st.sampled_from(["page=2", "utm_x=1", "id=%C3%A9", "a=b c", "a", "=", "page=all", "A=1", "x=http://y.example", "q=http://y.example", "utm_source=a&fbclid"])).map("&".join),
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
