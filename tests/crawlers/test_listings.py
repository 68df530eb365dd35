"""Listings: which pages are asked for and which links count."""

from __future__ import annotations

import datetime as dt

import pytest
from scrapy.http import HtmlResponse, Response

from crawlers.listings import MAX_DAYS, list_links, walks
from pipeline.records import Listing

DAY = dt.date(2026, 9, 20)
PAGE = b"""<html><body><nav><a href="/read/0">Menu</a></nav>
<div class="list"><h3><a href="/read/1">Satu</a></h3><h3><a href=" https://www.warta.example/read/2 ">Dua</a></h3>
<h3><a>Tanpa alamat</a></h3><h3><a href="http://[::1">Rusak</a></h3></div>
<aside><h3><a href="/read/9">Populer</a></h3></aside></body></html>"""


def listing(url: str, **values: int) -> Listing:
    return Listing.model_validate(
        {"kind": "index", "url": f"https://www.warta.example/{url}", "links": "a", **values}
    )


def asked(each: Listing, since: dt.date | None = None, queries: tuple[str, ...] = ()) -> list[str]:
    return [walk.url.rpartition("/")[2] for walk in walks(each, DAY, since, queries)]


@pytest.mark.parametrize(
    ("url", "first", "expected"),
    [
        ("indeks?p={page}", 1, ["indeks?p=1"]),
        ("indeks?p={page}", 0, ["indeks?p=0"]),
        ("indeks", 1, ["indeks"]),
        ("d?{date:%Y-%m-%d}", 1, ["d?2026-09-20", "d?2026-09-19"]),
        ("q?{query}", 1, ["q?wni+kamboja", "q?tppo"]),
    ],
)
def test_first_pages_of_a_day(url: str, first: int, expected: list[str]) -> None:
    assert asked(listing(url, first_page=first), queries=("wni kamboja", "tppo")) == expected


def test_a_past_is_walked_back_day_by_day_up_to_a_year() -> None:
    each = listing("d?{date:%m/%d}")
    assert asked(each, since=dt.date(2026, 9, 18)) == ["20", "19", "18"]
    assert asked(each, since=dt.date(2026, 9, 25)) == ["20"]
    assert len(asked(each, since=dt.date(2001, 1, 1))) == MAX_DAYS


def test_a_search_of_a_long_past_is_asked_in_windows() -> None:
    each = listing("q?{query}&from={since:%m-%d}&to={until:%m-%d}")
    assert asked(each, since=dt.date(2026, 8, 19), queries=("tppo",)) == [
        "q?tppo&from=08-21&to=09-20",
        "q?tppo&from=08-19&to=08-20",
    ]
    assert asked(each, queries=("tppo",)) == ["q?tppo&from=09-19&to=09-20"]


def test_a_search_without_words_asks_nothing() -> None:
    assert asked(listing("q?{query}")) == []


def test_only_links_inside_the_list_count() -> None:
    page = HtmlResponse("https://www.warta.example/indeks", body=PAGE, encoding="utf-8")
    found = [each.url for each in list_links(page, "div.list h3 > a")]
    assert found[:2] == ["https://www.warta.example/read/1", "https://www.warta.example/read/2"]
    assert not any(url.endswith(("/0", "/9")) or "[" in url for url in found)


UNKNOWN = b"""<html><body class="home right-sidebar"><div class="top-menu"><a href="/read/0">Menu</a></div>
<div class="content has-sidebar"><div class="elementor-widget"><a href="/read/1">Satu</a><a href="/read/2">Dua</a>
<a href="/read/3">Tiga</a><div class="box box-terkait"><a href="/read/8">Terkait</a></div></div>
<div id="td-main-sidebar"><a href="/read/9">Populer</a></div></div>
<div class="site-footer"><a href="/read/10">Kaki</a></div></body></html>"""


@pytest.mark.parametrize(
    ("selector", "paths"),
    [
        ("a[href]", ["1", "2", "3"]),
        ("body a[href]", ["0", "1", "2", "3", "8", "9", "10"]),
        (".box a", ["8"]),
    ],
)
def test_where_no_list_is_known_columns_that_call_themselves_so_do_not_count(
    selector: str, paths: list[str]
) -> None:
    page = HtmlResponse("https://www.warta.example/", body=UNKNOWN, encoding="utf-8")
    found = [each.url.rpartition("/")[2] for each in list_links(page, selector)]
    assert found == paths


def test_an_answer_that_is_no_text_holds_no_links() -> None:
    assert list_links(Response("https://www.warta.example/indeks", body=b"\x89PNG"), "a") == []
