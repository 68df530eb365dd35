"""Pages on the skeletons of the sources: invented prose and invented outlets on selectors in real use.

Each distinct layout that a source file describes is built here as markup that its selectors find, with
every line in and around the text that portals are known to add. So a selector or a cleaning rule that
would lose a body is seen the day it is written.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crawlers import catalog
from pipeline.records import Page, Selectors, Source

NOW = dt.datetime(2024, 6, 20, 2, tzinfo=dt.UTC)
PUBLISHED = dt.datetime(2024, 6, 18, 21, 15)  # noqa: DTZ001 - on the clock of each source
AUTHOR = "Rara Sentosa"
HOST = "kabarmuara.example"

TITLE = {
    "id": "Petugas Gagalkan Keberangkatan 12 Calon Pekerja di Muara Seberang",
    "en": "Officers stop 12 would-be workers at the Muara Seberang ferry pier",
}
PROSE = {
    "id": (
        ("Muara Seberang, KabarMuara - Petugas gabungan menggagalkan keberangkatan 12 calon pekerja yang hendak"
        " dikirim ke luar negeri lewat pelabuhan feri, Senin malam."),
        ("Kepala pelabuhan mengatakan mereka dijanjikan gaji Rp 14,5 juta sebulan sebagai admin media sosial, lalu"
        " direkrut melalui grup percakapan sejak awal bulan."),
        "“Kami mengamankan dua perekrut dan 12 paspor,” ujarnya dalam keterangan tertulis, Selasa (18/6/2024).",
        "Baca buku harian para korban, penyidik menemukan nama tiga kota tujuan yang belum pernah disebut sebelumnya.",
        "Sebanyak 27 dari 28 tiket dibeli dengan satu kartu, kata penyidik. Iklan lowongan itu menuai 2 komentar.",
        "Seluruh calon pekerja kini ditampung di rumah aman milik dinas sosial sambil menunggu pemulangan.",
    ),
    "en": (
        ("MUARA SEBERANG, June 18 — Officers stopped 12 would-be workers who were about to be sent abroad through"
        " the ferry pier on Monday night."),
        ("The head of the pier said they had been promised Rp14.5 million a month to manage social media accounts"
        " and were recruited in a chat group."),
        "“We have secured two recruiters and 12 passports,” he said in a written statement on Tuesday.",
        "Read together, the diaries of the victims name three towns that no one had mentioned before.",
        "All but one of 28 tickets were bought with one card, an investigator said. The advert drew 2 comments.",
        "All of them now stay in a safe house of the social services office while they wait to go home.",
    ),
}  # fmt: skip
DATELINE = {"id": "Muara Seberang, KabarMuara", "en": "MUARA SEBERANG, June 18"}

# What portals print between the paragraphs, one entry a block: its lines, each of its own element.
BETWEEN: tuple[tuple[str, ...], ...] = (
    ("SCROLL TO CONTINUE WITH CONTENT",),
    ("SCROLL TO RESUME CONTENT",),
    ("ADVERTISEMENT",),
    ("Advertisement",),
    ("Baca juga: Harga Beras Turun di Lima Pasar Besar",),
    ("Baca juga:", "Jadwal Kapal Penyeberangan Akhir Pekan"),
    ("Baca Juga", "Cuaca Hujan Ringan di Pesisir Utara"),
    ("Baca Juga : Ribuan Pelari Ikuti Lomba di Tepi Danau",),
    ("Baca: Pemilik Pabrik Es Buka Cabang",),
    ("Lihat Juga :", "Ribuan Pelari Ikuti Lomba di Tepi Danau"),
    ("Pilihan Redaksi", "Harga Beras Turun di Lima Pasar Besar", "Pabrik Es Buka Cabang Baru"),
    ("Pilihan Editor: Riwayat Kapal Kayu di Muara",),
    ("[Gambas:Video 20kilas]",),
    ("[Gambas:Video KabarMuara]",),
    ("Simak Video 'Suasana Pelabuhan Saat Pemeriksaan'",),
    ("Simak juga Video 'Suasana Pelabuhan'",),
    ("Lihat juga Video 'Suasana Pelabuhan'",),
    ("Tonton juga: Suasana Pelabuhan",),
    ("Add", "as a preferred", "source on Google"),
    ("Jadikan KabarMuara sumber pilihan di Google",),
    ("View this post on Instagram",),
    ("Foto: Petugas di pelabuhan (dok. Humas)",),
    ("Terpopuler", "Harga Cabai Naik Lagi", "Pabrik Es Buka Cabang Baru"),
    ("Trending", "Harga Cabai Naik Lagi", "Pabrik Es Buka Cabang Baru"),
)
# What they print below the last paragraph.
BELOW: tuple[tuple[str, ...], ...] = (
    ("Next Article", "Harga Beras Turun di Lima Pasar Besar"),
    ("Baca selengkapnya di halaman selanjutnya...",),
    ("Halaman 2 dari 2",),
    ("Pewarta: Meja Daerah",),
    ("Editor: Meja Nasional",),
    ("Editor : Meja Nasional",),
    ("Uploader : Meja Nasional",),
    ("Penulis : Meja Daerah",),
    ("Kontributor : Meja Daerah",),
    ("Sumber : Kantor Berita Muara",),
    ("COPYRIGHT © KABARMUARA 2024",),
    (
        ("Dilarang keras mengambil konten, melakukan crawling atau pengindeksan otomatis untuk AI di situs web ini"
        " tanpa izin tertulis dari Kantor Berita Muara."),
    ),
    (
        ("* Fakta atau Hoaks? Untuk mengetahui kebenaran informasi yang beredar, silakan WhatsApp ke nomor redaksi"
        " Cek Fakta KabarMuara hanya dengan ketik kata kunci yang diinginkan."),
    ),
    ("BACA BERITA TERKINI LAINNYA DI GOOGLE NEWS",),
    ("Simak berita pilihan kami lewat WhatsApp Channel KabarMuara",),
    ("Ikuti kami di Google News",),
    ("Follow WhatsApp Channel KabarMuara untuk update berita terbaru setiap hari",),
    ("Telusuri berita nasional lainnya",),
    ("Cek berita dan artikel yg lain di Google News",),
    ("Berita Terkait :", "Harga Beras Turun di Lima Pasar Besar"),
    ("Lihat Artikel Asli",),
    ("2 Komentar",),
    ("(rds/end)", "tppo", "kamboja", "judi online"),
)  # fmt: skip
FURNITURE = tuple(line for block in (*BETWEEN, *BELOW) for line in block)
REMOVED = "Kotak sisipan ini bukan bagian dari berita dan harus hilang dari teks yang dibaca orang."


class Family(NamedTuple):
    """One layout, in its source's file, with the source disguised as an invented outlet."""

    name: str
    source: Source
    layout: Selectors


def families() -> list[Family]:
    """Return every distinct layout of the bundled sources, each with one of its sources."""
    found: dict[str, Family] = {}
    for source in catalog.load():
        for layout in source.selectors:
            key = layout.model_copy(update={"valid_from": None, "valid_until": None})
            invented = source.model_copy(
                update={
                    "name": "KabarMuara", "owner": "KabarMuara Group", "hosts": (HOST,),
                    "homepage": f"https://{HOST}/", "article_url": ".*", "selectors": (layout,),
                }
            )  # fmt: skip
            label = f"{source.source_id}.{source.selectors.index(layout)}"
            found.setdefault(key.model_dump_json(), Family(label, invented, layout))
    return list(found.values())


# --- selectors to markup --------------------------------------------------------------------------------

_PART = re.compile(
    r"(?P<tag>^[a-z][a-z0-9]*)|\.(?P<class>[\w-]+)|\#(?P<id>[\w-]+)"
    r"|\[(?P<name>[\w-]+)(?:[*^$]?=\"(?P<value>[^\"]*)\")?\]"
)
_NO_BLOCKS = frozenset({"p", "span", "h1", "h2", "h3", "h4", "h5", "h6", "time", "a"})


def _opened(compound: str) -> tuple[str, str]:
    """Return the tag of ``div.a#b[c="d"]`` and its opening as markup."""
    tag = "div"
    marks: dict[str, str] = {}
    for part in _PART.finditer(compound):
        if part["tag"]:
            tag = part["tag"]
        elif part["class"]:
            marks["class"] = f"{marks.get('class', '')} {part['class']}".strip()
        elif part["id"]:
            marks["id"] = part["id"]
        else:
            marks[part["name"]] = f"{marks.get(part['name'], '')} {part['value'] or ''}".strip()
    written = "".join(f' {name}="{html.escape(value)}"' for name, value in marks.items())
    return tag, f"<{tag}{written}>"


def element(selector: str | None, inner: str, default: str = "") -> str:
    """Return ``inner`` inside the elements that the first alternative of the selector asks for."""
    if not selector:
        return default
    steps = re.split(r"\s*>\s*|\s+", selector.split(",")[0].strip())
    opened = [_opened(step) for step in steps]
    return (
        "".join(start for _, start in opened)
        + inner
        + "".join(f"</{t}>" for t, _ in reversed(opened))
    )


# --- pages ----------------------------------------------------------------------------------------------


def _paragraphs(lines: Sequence[str], *, blocks: bool) -> str:
    if blocks:
        return "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    return "".join(f"{html.escape(line)}<br><br>" for line in lines)


def _inner(layout: Selectors, lines: Sequence[str], rotate: int) -> str:
    """Return the body's markup: paragraphs, and between and below them what portals add."""
    last = (layout.body or "div").split(",")[0].split()[-1]
    blocks = _opened(last)[0] not in _NO_BLOCKS
    parts: list[str] = []
    share = len(BETWEEN) // len(lines)
    for number, line in enumerate(lines):
        parts.append(_paragraphs([line], blocks=blocks))
        if number < len(lines) - 1:
            for n in range(share + 1):
                block = BETWEEN[(rotate + number * (share + 1) + n) % len(BETWEEN)]
                parts.append(_paragraphs(block, blocks=blocks))
    parts += [_paragraphs(block, blocks=blocks) for block in BELOW]
    if blocks:
        inserted = [element(css.split()[-1], REMOVED) for css in layout.remove if _is_inside(css)]
        parts[1:1] = inserted
    return "".join(parts)


def _is_inside(selector: str) -> bool:
    """Return whether a removed element is one that stands inside the body and holds text of its own."""
    return not selector.startswith("script") and not selector.endswith(("h1", "ul"))


def render(family: Family, lines: Sequence[str], rotate: int = 0) -> str:
    """Return a page of the family with these lines as its article."""
    layout, source = family.layout, family.source
    title = TITLE[source.language]
    shown = f"{PUBLISHED:%d/%m/%Y %H:%M}"
    stamp = PUBLISHED.replace(tzinfo=ZoneInfo(source.timezone)).isoformat()
    declared = (
        ""
        if layout.published
        else '<script type="application/ld+json">{"@context":"https://schema.org","@graph":['
        '{"@type":"BreadcrumbList","itemListElement":[]},'
        f'{{"@type":"NewsArticle","headline":"{title}","datePublished":"{stamp}"}}]}}</script>'
    )
    byline = f'<meta name="author" content="{AUTHOR}">' if not layout.author else ""
    heading = element(layout.title, title, default=f"<h1>{title}</h1>")
    others = "".join(
        f'<li><a href="/lain/{n}">{text}</a> <time datetime="2023-01-0{n}T10:00:00+07:00">0{n}/01/2023</time></li>'
        for n, text in enumerate(("Harga Beras Turun di Lima Pasar", "Cuaca Hujan Ringan"), start=1)
    )
    body = element(layout.body, _inner(layout, lines, rotate))
    if not layout.body:
        body = f"<article>{_inner(layout, lines, rotate)}</article>"
    return (
        f'<!DOCTYPE html><html lang="{source.language}"><!-- Invented prose on the skeleton of a news page; outlet,'
        f' people, events and figures are made up. --><head><meta charset="utf-8"><title>{title} - KabarMuara</title>'
        f'<meta property="og:title" content="{title}"><meta property="og:site_name" content="KabarMuara">'
        f"<style>.a{{color:red}}</style>{byline}{declared}</head><body>"
        '<nav><ul><li><a href="/">Home</a></li><li><a href="/berita">Berita</a></li></ul></nav>'
        f"{heading}{element(layout.author, AUTHOR)}{element(layout.published, shown)}{body}"
        f'<div class="komentar"><span>2 komentar</span></div><div class="sidebar"><ul>{others}</ul></div>'
        "<footer><p>Alamat redaksi: Jalan Muara Seberang nomor satu, buka setiap hari kerja dari pagi hingga sore.</p>"
        "</footer></body></html>"
    )


ADDRESS = f"https://{HOST}/read/2024/06/18/petugas-gagalkan"
# The address under which each page is fetched, in turn; all are copies of the same one.
COPIES = (
    ADDRESS,
    f"https://www.{HOST}/read/2024/06/18/petugas-gagalkan?utm_source=rss&utm_medium=feed",
    f"https://m.{HOST}/amp/read/2024/06/18/petugas-gagalkan",
    f"http://amp.{HOST}/read/2024/06/18/petugas-gagalkan/",
    f"https://{HOST}/read/2024/06/18/petugas-gagalkan?page=all&fbclid=x#komentar",
)


def pages(family: Family, number: int, *, parts: int = 1) -> Iterator[Page]:
    """Yield the page of the family, or the pages over which its article is spread."""
    lines = PROSE[family.source.language]
    step = -(-len(lines) // parts)
    for n in range(parts):
        url = COPIES[number % len(COPIES)] if n == 0 else f"{ADDRESS}?page={n + 1}"
        yield Page.of(
            family.source.source_id,
            url,
            render(family, lines[n * step : (n + 1) * step], number).encode(),
            NOW,
            content_type="text/html; charset=utf-8",
            part_no=n + 1,
        )
