"""Lists that come as data: posts of WordPress, JSON answers, JSON inside a page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import HtmlResponse, TextResponse

from crawlers.apis import find, read_json, read_posts
from crawlers.spiders import Listed
from pipeline.records import JsonFields

URL = "https://www.warta.example/api/list?page=1"


def post(local: str, gmt: str | None) -> dict[str, Any]:
    return {
        "link": "https://www.warta.example/2026/09/02/satu/",
        "date": local,
        "date_gmt": gmt,
        "title": {"rendered": "Satu &#8211; <i>dua</i>"},
        "excerpt": {"rendered": "<p>Teras berita &hellip;</p>\n", "protected": False},
    }


@pytest.mark.parametrize(
    ("local", "gmt", "expected"),
    [
        ("2026-09-02T23:30:00", "2026-09-02T16:30:00", "2026-09-02T23:30:00+07:00"),
        # A site whose clock was never set prints Greenwich twice.
        ("2026-09-02T16:30:00", "2026-09-02T16:30:00", "2026-09-02T16:30:00+00:00"),
        ("2026-09-03T00:10:00", "2026-09-02T17:40:00", "2026-09-03T00:10:00+06:30"),
        # Without a Greenwich time the zone of the source has to do.
        ("2026-09-02T23:30:00", "0000-00-00T00:00:00", "2026-09-02T23:30:00"),
        ("2026-09-02T23:30:00", None, "2026-09-02T23:30:00"),
        ("2026-09-02T23:30:00", "1970-01-01T00:00:00", "2026-09-02T23:30:00"),
    ],
)
def test_posts_carry_the_offset_of_their_site(local: str, gmt: str | None, expected: str) -> None:
    found = read_posts(json.dumps([post(local, gmt)]).encode(), URL)
    assert found.fault == ""
    assert found.items == [
        Listed(
            "https://www.warta.example/2026/09/02/satu/", expected, "Satu – dua", "Teras berita …"
        )
    ]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b'{"code": "rest_no_route", "message": "x"}', "rest_no_route"),
        (b"<html>Selamat datang</html>", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"\xff\xfe\x00", "is not JSON"),
        (b"17", "is no list of posts"),
    ],
)
def test_what_is_no_list_of_posts_says_so(body: bytes, fault: str) -> None:
    found = read_posts(body, URL)
    assert found.items == []
    assert fault in found.fault


def answer(document: object) -> TextResponse:
    return TextResponse(URL, body=json.dumps(document).encode(), encoding="utf-8")


def test_a_list_is_read_where_the_source_file_says() -> None:
    entries = [
        {"slug": "satu", "id": 7, "judul": "Satu", "waktu": 1788366600, "isi": {"teras": "Teras"}},
        {"slug": "dua", "id": 8, "judul": "Dua", "waktu": 1788366600000},
        {"slug": None, "id": 9, "judul": "Tanpa alamat"},
        "bukan artikel",
    ]
    fields = JsonFields(
        items="data.0.berita",
        url="/berita/{id}/{slug}",
        title="judul",
        date="waktu",
        summary="isi.teras",
    )
    found = read_json(answer({"data": [{"berita": entries}]}), fields)
    when = "2026-09-02T16:30:00+00:00"
    assert found.items == [
        Listed("https://www.warta.example/berita/7/satu", when, "Satu", "Teras"),
        Listed("https://www.warta.example/berita/8/dua", when, "Dua", ""),
    ]
    assert found.fault == ""


def test_a_store_of_articles_by_id_is_a_list_too() -> None:
    stored = {"a": {"u": "/1"}, "b": {"u": "https://www.warta.example/2"}, "ROOT": []}
    found = read_json(answer(stored), JsonFields(url="u"))
    assert [each.url[-2:] for each in found.items] == ["/1", "/2"]


def test_json_inside_a_page_is_read_from_its_script() -> None:
    inside = json.dumps({"props": {"list": [{"url": "/read/1", "title": "A </b> B"}]}})
    body = f'<html><script>var a = 1;</script><script id="__NEXT_DATA__" type="application/json">{inside}</script>'
    page = HtmlResponse(URL, body=body.encode(), encoding="utf-8")
    fields = JsonFields(script="script#__NEXT_DATA__", items="props.list", url="url", title="title")
    assert read_json(page, fields).items == [
        Listed("https://www.warta.example/read/1", "", "A B", "")
    ]
    gone = HtmlResponse(URL, body=b"<html></html>", encoding="utf-8")
    assert read_json(gone, fields).fault == "nothing matches script#__NEXT_DATA__"


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ({"data": {"pesan": "galat"}}, "has no list at `data.list`"),
        ({"data": {"list": [{"link": "/1"}]}}, "no entry has an address at `url`"),
        ({"data": {"list": []}}, ""),
    ],
)
def test_a_changed_answer_is_a_fault_and_a_quiet_day_is_none(document: object, fault: str) -> None:
    found = read_json(answer(document), JsonFields(items="data.list", url="url"))
    assert (found.items, found.fault) == ([], fault)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc01"), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(JSON, st.sampled_from(["", "a", "a.b", "a.0.b", "0"]))
def test_whatever_comes_never_stops_the_reading(document: object, path: str) -> None:
    found = read_json(answer(document), JsonFields(items=path, url="a.b", date="c", title="0"))
    assert all(each.url.startswith(("http", "//")) or ":" in each.url for each in found.items)
    assert read_posts(json.dumps(document).encode(), URL).items is not None
    assert find(document, "") is document
