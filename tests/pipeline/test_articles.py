"""Extraction on invented pages, one check per field; then texts without a page; then hostile input."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import articles
from pipeline.records import Article, Page, Reason, Rejection, Source

GOLDEN = Path(__file__).parents[1] / "golden"
CASES = sorted(
    path.relative_to(GOLDEN).with_suffix("").as_posix() for path in GOLDEN.rglob("*.json")
)
GOOD = [
    case
    for case in CASES
    if "rejection" not in json.loads((GOLDEN / f"{case}.json").read_text())["expect"]
]
FETCHED = dt.datetime(2024, 6, 20, 2, tzinfo=dt.UTC)


@cache
def _extracted(case: str) -> tuple[dict[str, Any], Article | Rejection]:
    described = json.loads((GOLDEN / f"{case}.json").read_text())
    source = Source(**described["source"]) if described["source"] else None

    def page(name: str, part: int) -> Page:
        body = (GOLDEN / case).with_name(f"{name}.html").read_bytes()
        return Page.of(
            source.source_id if source else "none",
            described["url"] + (f"?page={part}" if part > 1 else ""),
            body,
            dt.datetime.fromisoformat(described["fetched_at"]),
            content_type=described.get("content_type", "text/html; charset=utf-8"),
            part_no=part,
        )

    first = page(Path(case).name, 1)
    parts = [page(name, n) for n, name in enumerate(described.get("parts", []), start=2)]
    return described["expect"], articles.extract(first, source, parts)


def _good(case: str) -> tuple[dict[str, Any], Article]:
    expect, article = _extracted(case)
    assert isinstance(article, Article), article
    return expect, article


@pytest.mark.parametrize("case", GOOD)
class TestGoldenFields:
    def test_title(self, case: str) -> None:
        expect, article = _good(case)
        assert article.title == expect["title"]

    def test_body(self, case: str) -> None:
        expect, article = _good(case)
        assert article.body.split("\n") == expect["body"]

    def test_author(self, case: str) -> None:
        expect, article = _good(case)
        assert article.author == expect["author"]

    def test_published_at(self, case: str) -> None:
        expect, article = _good(case)
        assert article.published_at == dt.datetime.fromisoformat(expect["published_at"])

    def test_published_date(self, case: str) -> None:
        expect, article = _good(case)
        assert str(article.published_date) == expect["published_date"]

    def test_published_basis(self, case: str) -> None:
        expect, article = _good(case)
        assert article.published_basis == expect["published_basis"]

    def test_canonical_url(self, case: str) -> None:
        expect, article = _good(case)
        assert article.canonical_url == expect["canonical_url"]

    def test_dateline(self, case: str) -> None:
        expect, article = _good(case)
        assert article.dateline == expect["dateline"]

    def test_language(self, case: str) -> None:
        expect, article = _good(case)
        assert article.language == expect["language"]

    def test_parts(self, case: str) -> None:
        expect, article = _good(case)
        assert article.n_parts == expect.get("n_parts", 1)


@pytest.mark.parametrize("case", sorted(set(CASES) - set(GOOD)))
def test_golden_pages_that_are_no_article(case: str) -> None:
    expect, rejection = _extracted(case)
    assert isinstance(rejection, Rejection), rejection
    assert rejection.reason == expect["rejection"]


def test_one_article_under_all_its_addresses() -> None:
    ids = {_good(case)[1].article_id for case in GOOD if case.startswith("id/kompas/")}
    assert len(ids) == 1


def test_an_old_layout_is_read_only_in_its_time() -> None:
    prose = "<p>" + "Warga desa menanam bakau di pesisir pada hari itu. " * 6 + "</p>"
    html = (
        "<html><head><title>Warga Menanam Bakau di Pesisir</title>"
        '<meta property="article:published_time" content="{day}T08:00:00+07:00"></head><body>'
        f'<div class="baru">{prose}</div><div class="lama">{prose}<p>{"Tambahan lama. " * 40}</p></div>'
        "</body></html>"
    )
    described = json.loads((GOLDEN / "id/kompas/2024-06-18.json").read_text())["source"]
    described["selectors"] = [
        {"body": "div.lama", "valid_until": "2019-12-31"},
        {"body": "div.baru", "valid_from": "2020-01-01"},
    ]
    source = Source(**described)
    layouts = {
        day: [item.body for item in articles._layout(source, dt.date.fromisoformat(day))]
        for day in ("2019-05-01", "2024-05-01")
    }
    assert layouts == {"2019-05-01": ["div.lama"], "2024-05-01": ["div.baru"]}
    old = articles.extract(_page(html.format(day="2019-05-01")), source)
    assert isinstance(old, Article)
    assert "Tambahan lama." in old.body


# --- texts without a page ------------------------------------------------------------------------------

LINES = (
    "BATAM – Delegasi mengunjungi pusat pelatihan untuk membahas pelindungan warga.\n"
    "Baca Juga: Pemilik Pabrik Es Buka Cabang di Medan\n"
    "“Kerja sama ini penting,” ujarnya, Selasa (18/6/2024).\n"
    "Jumlah kasus naik dari 15 pada 2020 menjadi 1.386 pada 2023. Dalam kolom komentar, warga berterima kasih.\n"
    "2 komentar"
)


def test_a_text_without_title_and_time() -> None:
    article = articles.from_text("", LINES, url="file:///berkas.txt", fetched_at=FETCHED)
    assert isinstance(article, Article)
    assert article.title == LINES.split("\n")[0]
    assert article.published_date == dt.date(2024, 6, 18)
    assert article.published_basis == "text"
    assert article.dateline == "BATAM"
    assert "Medan" not in article.text
    assert "2 komentar" not in article.text
    assert "Dalam kolom komentar, warga berterima kasih." in article.text
    assert article.canonical_url == "file:///berkas.txt"


def test_a_long_first_paragraph_gives_its_first_sentence_as_title() -> None:
    first = "Dua orang pulang dari Kamboja. Mereka tiba di bandara pada pagi hari."
    article = articles.from_text("", f"{first}\nKeluarga menunggu.", url="u", fetched_at=FETCHED)
    assert isinstance(article, Article)
    assert article.text == (
        "Dua orang pulang dari Kamboja.\nMereka tiba di bandara pada pagi hari.\nKeluarga menunggu."
    )


@pytest.mark.parametrize(
    ("given_time", "day", "at"),
    [
        ("2024-06-18", "2024-06-18", "2024-06-17T17:00:00+00:00"),
        (dt.date(2024, 6, 18), "2024-06-18", "2024-06-17T17:00:00+00:00"),
        ("2024-06-18T23:30:00Z", "2024-06-19", "2024-06-18T23:30:00+00:00"),
        (dt.datetime(2024, 6, 18, 8, tzinfo=dt.UTC), "2024-06-18", "2024-06-18T08:00:00+00:00"),
    ],
)
def test_a_given_time_wins(given_time: Any, day: str, at: str) -> None:
    article = articles.from_text(
        "Judul",
        LINES,
        url="u",
        fetched_at=FETCHED,
        published=given_time,
        outlet="Koran",
        language="id",
    )
    assert isinstance(article, Article)
    assert str(article.published_date) == day
    assert article.published_at == dt.datetime.fromisoformat(at)
    assert article.published_basis == "given"
    assert (article.outlet, article.language) == ("Koran", "id")


def test_an_impossible_given_time_falls_back() -> None:
    article = articles.from_text(
        "Judul", LINES, url="u", fetched_at=FETCHED, published="2064-01-01", language="id"
    )
    assert isinstance(article, Article)
    assert article.published_basis == "text"


@pytest.mark.parametrize(
    ("title", "text", "reason"),
    [
        ("", "", Reason.NO_TEXT),
        ("", " \n\u200b ", Reason.NO_TEXT),
        ("", "2 komentar", Reason.NO_TITLE),
    ],
)
def test_texts_with_nothing_in_them(title: str, text: str, reason: Reason) -> None:
    rejection = articles.from_text(title, text, url="u", fetched_at=FETCHED)
    assert isinstance(rejection, Rejection)
    assert rejection.reason == reason


# --- hostile and broken pages ----------------------------------------------------------------------------


def _page(body: str | bytes, *, status: int = 200, content_type: str = "text/html") -> Page:
    raw = body if isinstance(body, bytes) else body.encode()
    return Page.of(
        "none", "https://outlet.example/a/b", raw, FETCHED, status=status, content_type=content_type
    )


PROSE = "Warga desa menanam bakau di pesisir pada hari itu bersama murid sekolah. " * 8


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (_page(b""), Reason.EMPTY_FILE),
        (_page(b" \n\xef\xbb\xbf"), Reason.EMPTY_FILE),
        (_page(b"%PDF-1.7 ...", content_type="application/pdf"), Reason.UNSUPPORTED_FILE),
        (_page(b"\x89PNG\r\n\x1a\n" + b"\0" * 50), Reason.UNSUPPORTED_FILE),
        (_page("<html><body>" + "x" * 5_000_001), Reason.TOO_LARGE),
        (_page("<html><title>x</title>", status=403), Reason.BLOCK_PAGE),
        (_page("", status=202), Reason.BLOCK_PAGE),
        (_page("<html><title>x</title>", status=404), Reason.NOT_AN_ARTICLE),
        (_page("just words, no markup"), Reason.NO_TITLE),
        (
            _page("<html><head><title>Berita Baru Hari Ini</title></head><body></body></html>"),
            Reason.NO_TEXT,
        ),
        (_page(f"<html><body><p>{PROSE}</p></body></html>"), Reason.NO_TITLE),
        (
            _page(
                "<title>outlet.example</title><body>Please verify you are human (captcha)</body>"
            ),
            Reason.BLOCK_PAGE,
        ),
        (_page("<title>Sale</title><body>This domain is for sale</body>"), Reason.NOT_AN_ARTICLE),
    ],
)
def test_pages_that_are_refused(page: Page, reason: Reason) -> None:
    rejection = articles.extract(page)
    assert isinstance(rejection, Rejection)
    assert rejection.reason == reason
    assert rejection.record_id == page.page_id


def test_an_article_about_captchas_is_an_article() -> None:
    body = (
        f"<title>Kisah Para Penebak Captcha di Kamboja</title><p>{PROSE * 4} Captcha itu sulit.</p>"
    )
    assert isinstance(articles.extract(_page(f"<html><body>{body}</body></html>")), Article)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "iso-8859-1"])
def test_encodings_are_read(encoding: str) -> None:
    html = f"<html><head><title>Café Nelayan Dibuka di Pesisir</title></head><body><p>{PROSE} Café dibuka.</p></body></html>"
    header = "" if encoding.startswith("utf") else f"; charset={encoding}"
    article = articles.extract(_page(html.encode(encoding), content_type=f"text/html{header}"))
    assert isinstance(article, Article)
    assert article.title == "Café Nelayan Dibuka di Pesisir"
    assert "Café dibuka." in article.text


def test_a_lying_charset_does_not_break_utf8() -> None:
    html = f"<meta charset='iso-8859-1'><title>Café Nelayan Dibuka di Pesisir</title><body><p>{PROSE} “Ya,” katanya.</p>"
    article = articles.extract(_page(html, content_type="text/html; charset=iso-8859-1"))
    assert isinstance(article, Article)
    assert "“Ya,” katanya." in article.text


def test_invisible_characters_are_dropped() -> None:
    html = f"<title>Judul\u200b Berita\u202e Panjang</title><body><p>{PROSE}Kam\u00adboja\u00a0jauh.\x00</p>"
    article = articles.extract(_page(html))
    assert isinstance(article, Article)
    assert article.title == "Judul Berita Panjang"
    assert article.text.endswith("Kamboja jauh.")


WRAPPERS = {
    "a page inside one form": '<form id="form1" action="./x.aspx"><div class="isi"><p>{}</p><p>{}</p></div></form>',
    "paragraphs that a page builder calls widgets": (
        '<div class="elementor-widget elementor-widget-text-editor"><p>{}</p></div>'
        '<div class="elementor-widget elementor-widget-text-editor"><p>{}</p></div>'
    ),
}


@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_wrappers_of_a_body_are_not_taken_for_boxes(wrapper: str) -> None:
    first, second = PROSE[:300].strip(), PROSE[73:400].strip()
    html = f"<title>Warga Menanam Bakau di Pesisir</title><body>{WRAPPERS[wrapper].format(first, second)}"
    article = articles.extract(_page(html))
    assert isinstance(article, Article)
    assert article.body == f"{first}\n{second}"


def test_a_small_form_inside_a_body_goes() -> None:
    form = "<form><p>Masukkan alamat surel Anda untuk menerima kabar pagi dari redaksi kami setiap hari kerja.</p></form>"
    article = articles.extract(
        _page(
            f"<title>Warga Menanam Bakau di Pesisir</title><body><p>{PROSE}</p>{form}<p>{PROSE}</p>"
        )
    )
    assert isinstance(article, Article)
    assert "alamat surel" not in article.text


def test_a_body_is_read_whatever_its_selector_is_called() -> None:
    described = json.loads((GOLDEN / "id/kompas/2024-06-18.json").read_text())["source"]
    described["selectors"] = [{"body": "div.widget.caption"}]
    html = f'<title>Warga Menanam Bakau di Pesisir</title><body><div class="widget caption">{PROSE[:200]}</div>'
    article = articles.extract(_page(html), Source(**described))
    assert isinstance(article, Article)
    assert article.body == PROSE[:200].strip()


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="canonical" href="https://www.outlet.example/berita/7/bakau">',
        '<link rel="canonical" href="https://m.outlet.example/amp/berita/7/bakau?utm_source=x">',
        '<meta property="og:url" content="https://outlet.example/berita/7/bakau/">',
    ],
)
def test_a_copy_on_a_regional_host_is_keyed_by_the_address_it_names(link: str) -> None:
    html = f"<head><title>Warga Menanam Bakau di Pesisir</title>{link}</head><body><p>{PROSE}</p>"
    page = Page.of(
        "none", "https://batam.outlet.example/amp/berita/9/bakau", html.encode(), FETCHED, content_type="text/html"
    )  # fmt: skip
    article = articles.extract(page)
    assert isinstance(article, Article)
    assert article.canonical_url == "https://outlet.example/berita/7/bakau"


def test_a_page_cannot_name_the_address_of_another_publisher() -> None:
    html = (
        '<head><title>Warga Menanam Bakau di Pesisir</title><link rel="canonical" href="https://other.example/x">'
        f"</head><body><p>{PROSE}</p>"
    )
    article = articles.extract(_page(html))
    assert isinstance(article, Article)
    assert article.canonical_url == "https://outlet.example/a/b"


HOSTILE = {
    "deep": "<div>" * 20_000 + PROSE + "</div>" * 20_000,
    "many tags": "<b></b>" * 100_000 + PROSE,
    "long line": "a" * 1_000_000,
    "open quotes": '<p title="' * 20_000,
    "deep json": '<script type="application/ld+json">' + "[" * 100_000 + "</script>",
    "brackets": f"<p>{'(' * 50_000}{'baca juga ' * 20_000}</p>",
    "dates": "<p>" + "18/6/2024 " * 30_000 + "</p>",
    "dashes": f"<title>{'A - ' * 30_000}</title><p>{'JAKARTA, ' * 20_000}</p>",
}


@pytest.mark.parametrize("shape", sorted(HOSTILE))
@pytest.mark.timeout(20)
def test_hostile_pages_end(shape: str) -> None:
    html = f"<html><head><title>Berita Panjang Sekali Hari Ini</title></head><body>{HOSTILE[shape]}</body></html>"
    result = articles.extract(_page(html))
    assert isinstance(result, (Article, Rejection))
    if isinstance(result, Article):
        assert len(result.text) <= articles.MAX_TEXT


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_bytes_end_in_a_value(raw: bytes) -> None:
    assert isinstance(articles.extract(_page(raw)), (Article, Rejection))


@given(st.text(max_size=60), st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_ends_in_a_value(title: str, text: str) -> None:
    result = articles.from_text(title, text, url="u", fetched_at=FETCHED, language="id")
    if isinstance(result, Article):
        assert result.text.startswith(result.title)
        again = articles.from_text(
            result.title, result.body, url="u", fetched_at=FETCHED, language="id"
        )
        assert isinstance(again, Article)
        assert again.article_id == result.article_id
