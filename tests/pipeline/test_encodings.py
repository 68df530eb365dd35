"""Pages in thirty encodings and labels, right and wrong; then what must hold for any of them."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import articles, markup
from pipeline.records import Article, Page

FETCHED = dt.datetime(2024, 6, 20, 2, tzinfo=dt.UTC)
# Invented prose, one sentence a script; repeated to the length of a report.
PROSE = {
    "id": "“Kami mengamankan dua perekrut,” ujarnya – lalu petugas membawa 12 calon pekerja ke rumah aman di pesisir. ",
    "fr": "Des pêcheurs ont été aidés à l’hôtel près du marché ; la mère, âgée, a déjà reçu l’argent promis là-bas. ",
    "th": "เจ้าหน้าที่ช่วยเหลือแรงงานสิบสองคนที่ท่าเรือเมื่อคืนวันจันทร์ และพาไปยังบ้านพักของรัฐก่อนเดินทางกลับ ",
    "zh-hant": "警方週一晚間在碼頭攔下十二名準備出境的工人,並將他們送往社會局的安全住所等候返鄉。",
    "zh-hans": "警方周一晚间在码头拦下十二名准备出境的工人,并将他们送往社会局的安全住所等候返乡。",
    "vi": "Công an đã giải cứu mười hai người lao động tại bến phà tối thứ Hai và đưa họ về nhà tạm lánh an toàn. ",
    "km": "មន្ត្រីបានជួយសង្គ្រោះកម្មករដប់ពីរនាក់នៅកំពង់ផែនៅយប់ថ្ងៃចន្ទ ហើយនាំពួកគេទៅផ្ទះសុវត្ថិភាព។ ",
    "my": "ရဲများသည် တနင်္လာနေ့ညက ဆိပ်ကမ်းတွင် အလုပ်သမား ဆယ့်နှစ်ဦးကို ကယ်တင်ခဲ့သည်။ ",
    "ja": "警察は月曜の夜、港で出国しようとした十二人の労働者を止め、安全な施設に送り届けた。",
}  # fmt: skip


class Case(NamedTuple):
    """How a page is written and what it says of that."""

    language: str
    written: str
    header: str = ""
    meta: str = ""


CASES = (
    Case("id", "utf-8"), Case("id", "utf-8-sig"), Case("id", "utf-8", "utf-8", "utf-8"),
    Case("id", "cp1252", "windows-1252"), Case("id", "cp1252", "", "windows-1252"), Case("id", "cp1252", "iso-8859-1"),
    Case("id", "cp1252", "", "iso-8859-1"), Case("id", "cp1252"),
    Case("id", "utf-16"), Case("id", "utf-16-le", "utf-16le"), Case("id", "utf-16-be", "utf-16be"), Case("id", "utf-32"), Case("id", "utf-16-le"), Case("id", "utf-16-be"),
    # Labels that lie about a page in UTF-8.
    Case("id", "utf-8", "iso-8859-1", "iso-8859-1"), Case("id", "utf-8", "windows-1252"), Case("id", "utf-8", "", "big5"),
    Case("id", "utf-8", "us-ascii"), Case("id", "utf-8", "no-such-charset"), Case("id", "utf-8-sig", "", "iso-8859-1"),
    # The header counts more than the page's own label, as in browsers.
    Case("th", "cp874", "windows-874", "iso-8859-1"), Case("zh-hant", "big5", "big5", "gb2312"),
    Case("fr", "iso-8859-1", "iso-8859-1"), Case("fr", "iso-8859-15", "", "iso-8859-15"), Case("fr", "cp1252", "latin1"),
    Case("th", "tis-620", "tis-620"), Case("th", "cp874", "", "windows-874"), Case("th", "utf-8", "", "tis-620"),
    Case("zh-hant", "big5", "", "big5"), Case("zh-hans", "gb18030", "gb18030"), Case("zh-hans", "gbk", "", "gb2312"),
    Case("vi", "utf-8", "iso-8859-1"), Case("vi", "utf-16"), Case("km", "utf-8", "windows-1252"), Case("my", "utf-8", "", "iso-8859-1"),
    Case("ja", "shift_jis", "shift_jis"), Case("ja", "euc-jp", "", "euc-jp"), Case("ja", "utf-8", "shift_jis"),
)  # fmt: skip


def _extract(raw: bytes, header: str = "") -> Article:
    kind = f"text/html; charset={header}" if header else "text/html"
    page = Page.of("none", "https://outlet.example/a/b", raw, FETCHED, content_type=kind)
    found = articles.extract(page)
    assert isinstance(found, Article), found
    return found


def _html(language: str, meta: str, prose: str) -> str:
    label = f'<meta charset="{meta}">' if meta else ""
    return (
        f"<html><head>{label}<title>Berita {prose[:24]}</title></head><body><p>{prose}</p></body></html>"
        f"<!-- invented, {language} -->"
    )


def _body_text(language: str, written: str) -> str:
    """Return the prose as far as the encoding can hold it."""
    prose = PROSE[language] * 8
    return prose.encode(written, "ignore").decode(written).strip()


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(part or "none" for part in case))
def test_pages_are_read_as_they_were_written(case: Case) -> None:
    prose = _body_text(case.language, case.written)
    found = _extract(_html(case.language, case.meta, prose).encode(case.written), case.header)
    assert found.body == unicodedata.normalize("NFC", prose)
    assert "\ufffd" not in found.text


def test_there_are_thirty_of_them() -> None:
    assert len(set(CASES)) >= 30


def test_a_few_broken_bytes_cost_themselves_alone() -> None:
    prose = PROSE["id"] * 8
    raw = _html("id", "utf-8", prose).encode().replace(b"pesisir", b"pes\xe9\xff\xfeisir", 1)
    found = _extract(raw)
    assert found.body.count("“Kami mengamankan dua perekrut,” ujarnya – lalu") == 8
    assert found.body.count("pesisir") == 7


def test_bytes_in_no_encoding_are_no_article() -> None:
    noise = bytes(range(0x80, 0x100)) * 40
    raw = b"<html><title>Berita Panjang Sekali</title><body><p>" + noise + b"</p>"
    page = Page.of(
        "none", "https://outlet.example/a", raw, FETCHED, content_type="text/html; charset=utf-8"
    )
    found = articles.extract(page)
    assert not isinstance(found, Article) or "\ufffd" not in found.text


@pytest.mark.parametrize(
    "char",
    ["\x00", "\x0b", "\x1b", "\x7f", "\u200b", "\u202e", "\u2066", "\ufeff", "\u00ad", "\ue000", "\ud800"],
    ids=ascii,
)  # fmt: skip
def test_marks_that_nobody_reads_are_dropped(char: str) -> None:
    prose = f"Petugas meme{char}riksa dua belas paspor di pelabuhan feri pada Senin malam itu. " * 4
    found = _extract(_html("id", "", prose).encode("utf-8", "surrogatepass"))
    # A lone surrogate is no character in UTF-8: its bytes may leave marks, but only there.
    assert "memeriksa dua belas paspor" in found.body or char == "\ud800"
    assert char not in found.text


@given(
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=200),
    st.sampled_from(["utf-8", "utf-16", "cp1252", "big5", "cp874", "gb18030"]),
    st.sampled_from(["", "utf-8", "iso-8859-1", "big5", "no-such-charset"]),
)
@settings(max_examples=120, deadline=None)
def test_any_text_in_any_encoding_ends_clean(words: str, written: str, header: str) -> None:
    prose = f"{words} Petugas memeriksa dua belas paspor di pelabuhan feri pada Senin malam. " * 4
    raw = _html("id", "", prose).encode(written, "ignore")
    page = Page.of(
        "none",
        "https://outlet.example/a",
        raw,
        FETCHED,
        content_type=f"text/html; charset={header}",
    )
    found = articles.extract(page)
    if isinstance(found, Article):
        assert found.text == unicodedata.normalize("NFC", found.text)
        assert not any(
            unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co"} and c != "\n" for c in found.text
        )


@given(
    st.binary(max_size=300),
    st.sampled_from(["", "text/html; charset=utf-16", "text/html; charset=\x00"]),
)
@settings(max_examples=120, deadline=None)
def test_any_bytes_become_some_text(raw: bytes, kind: str) -> None:
    assert isinstance(markup.decode(raw, kind), str)
