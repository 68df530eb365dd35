"""Article pages: an invented story set into the page skeleton of its outlet, always to the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from html import escape
from string import Template

from crawlers.sample.stories import HERE, Outlet, Story, stories_of

INVENTED_COMMENT = "Invented sample page: outlet, people, events and figures are made up."
FOOTERS = {
    "id": "Halaman contoh: seluruh isi, angka, dan nama media di halaman ini rekaan.",
    "en": "Sample page: this outlet and everything on this page is invented.",
}
RELATED_SHOWN = 2
ADVERT_AFTER = 2  # paragraphs before the advertising marker
ALSO_AFTER = 3  # paragraphs before the "Baca juga" line

_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_MONTHS = {8: "Agustus", 9: "September"}
_SHORT_MONTHS = {8: "Agu", 9: "Sep"}
_ZONES = {7: "WIB", 8: "WITA"}


@cache
def _template(skeleton: str) -> Template:
    return Template((HERE / "skeletons" / f"{skeleton}.html").read_text(encoding="utf-8"))


def shown_time(story: Story, skeleton: str) -> str:
    """Return the publication time as the skeleton prints it."""
    when = story.published
    offset = when.utcoffset()
    hours = int(offset.total_seconds()) // 3600 if offset else 0
    zone, day = _ZONES.get(hours, ""), _DAYS[when.weekday()]
    month = _MONTHS[when.month]
    english = f"{when:%B} {when.day}, {when.year}"
    return {
        "kompas": f"Wartaharian.com, {when:%d/%m/%Y, %H:%M} {zone}",
        "detik": f"{day}, {when:%d} {_SHORT_MONTHS[when.month]} {when:%Y %H:%M} {zone}",
        "tempo": f"{when.day} {month} {when.year} | {when:%H.%M} {zone}",
        "antaranews": f"{day}, {when.day} {month} {when:%Y %H:%M} {zone}",
        "tribunnews": f"{day}, {when.day} {month} {when:%Y %H:%M} {zone}",
        "okezone": f"{day} {when:%d} {month} {when:%Y |%H:%M} {zone}",
        "khmertimes": english,
        "rappler": f"{when:%b} {when.day}, {when:%Y} {when:%I:%M %p} PHT",
    }[skeleton]


# --- bodies ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sheet:
    """What one page shows of a story."""

    story: Story
    outlet: Outlet
    paragraphs: tuple[str, ...]
    is_first: bool
    is_last: bool

    @property
    def also(self) -> str:
        """The link of the cross-reference line."""
        title = self.story.also
        return f'<a href="{side_path(self.outlet, title)}">{escape(title)}</a>'


def _with_inserts(sheet: Sheet, advert: str, also: str, first: str) -> list[str]:
    """Return the body in `p` elements with advertisement and cross-reference in their places."""
    story, paragraphs = sheet.story, sheet.paragraphs
    lines = []
    for number, paragraph in enumerate(paragraphs, start=1):
        opening = first if number == 1 and sheet.is_first else ""
        lines.append(f"<p>{opening}{escape(paragraph)}</p>")
        if number == ADVERT_AFTER:
            lines.append(advert)
        if story.also and number == min(ALSO_AFTER, len(paragraphs)):
            lines.append(also)
    return lines


def _kompas(sheet: Sheet) -> list[str]:
    lines = _with_inserts(
        sheet,
        '<div class="ads-on-body">ADVERTISEMENT</div>',
        f"<p><strong>Baca juga: {sheet.also}</strong></p>"
        f'<div class="inject-baca-juga-1"></div><div class="kompasidRec"></div>',
        f"<strong>{escape(sheet.story.dateline.upper())}, WARTAHARIAN.com</strong> - ",
    )
    if sheet.is_last:
        lines.append(
            f"<p><i>Ikuti kabar pilihan kami setiap hari lewat WhatsApp Channel {sheet.outlet.name}. "
            "Pastikan aplikasi WhatsApp sudah terpasang.</i></p>"
        )
    return lines


def _detik(sheet: Sheet) -> list[str]:
    lines = [f"<strong>{escape(sheet.story.dateline)}</strong> - "] if sheet.is_first else []
    lines += _with_inserts(
        sheet,
        '<p>ADVERTISEMENT</p>\n<div class="clearfix">SCROLL TO CONTINUE WITH CONTENT</div>',
        '<table class="linksisip"><tr><td><div class="lihatjg"><strong>Baca juga:</strong>'
        f"<br>{sheet.also}</div></td></tr></table>",
        "",
    )
    if sheet.is_last:
        if sheet.story.video:
            lines.append(f"<p>Simak Video '{escape(sheet.story.video)}'</p>")
            lines.append("<p>[Gambas:Video 20kilat]</p>")
        lines.append(f"<strong>({sheet.story.initials})</strong>")
        lines += [
            f'<a class="nav" href="/tag/{tag.replace(" ", "-")}">{tag}</a><br>'
            for tag in sheet.story.tags
        ]
    return lines


def _tempo(sheet: Sheet) -> list[str]:
    lines = _with_inserts(
        sheet,
        '<div class="iklan">Scroll ke bawah untuk melanjutkan membaca</div>',
        "",
        f"<strong>PEKANWARTA.EXAMPLE</strong>, <strong>{escape(sheet.story.dateline)}</strong> - ",
    )
    if sheet.is_last and sheet.story.also:
        lines.append(f"<p><strong>Pilihan Editor: {sheet.also}</strong></p>")
    return lines


def _antaranews(sheet: Sheet) -> list[str]:
    lines = []
    for number, paragraph in enumerate(sheet.paragraphs, start=1):
        opening = (
            f"{escape(sheet.story.dateline)} (SAMUDRA) - " if number == 1 and sheet.is_first else ""
        )
        lines.append(f"{opening}{escape(paragraph)}<br><br>")
        if sheet.story.also and number == min(ALSO_AFTER, len(sheet.paragraphs)):
            lines.append(f'<span class="baca-juga"><b>Baca juga: {sheet.also}</b></span><br>')
    if sheet.is_last:
        lines.append(
            f'<p class="text-muted mt-2 small">Pewarta: {sheet.story.byline or "Redaksi"}<br>'
            f"Editor: Meja Nasional<br>COPYRIGHT © SAMUDRA {sheet.story.published.year}</p>"
            '<p class="text-muted small">Dilarang keras mengambil konten, melakukan crawling atau '
            "pengindeksan otomatis untuk AI di situs ini tanpa izin tertulis dari Kantor Berita "
            "Samudra.</p>"
        )
    return lines


def _tribunnews(sheet: Sheet) -> list[str]:
    lines = _with_inserts(
        sheet,
        "<script>googletag.cmd.push(function(){});</script>",
        f'<p class="baca">Baca Juga : {sheet.also}</p>',
        f"<strong>LENSADAERAH.COM, {escape(sheet.story.dateline.upper())}</strong> - ",
    )
    if sheet.is_last:
        lines.append(f"<p>Ikuti saluran WhatsApp {sheet.outlet.name} untuk kabar terkini.</p>")
    return lines


def _okezone(sheet: Sheet) -> list[str]:
    lines = _with_inserts(
        sheet,
        '<div id="rctiplus" class="video-wrap">Lanjutkan membaca di bawah iklan</div>',
        f'<div id="bacajuga">Baca Juga: {sheet.also}</div>',
        f"<strong>{escape(sheet.story.dateline.upper())}</strong> - ",
    )
    if sheet.is_last:
        lines.append(
            f"<p>Follow WhatsApp Channel {sheet.outlet.name} untuk update berita terbaru setiap hari</p>"
            '<p>Telusuri berita <a href="/nasional">nasional</a> lainnya</p>'
        )
    return lines


def _khmertimes(sheet: Sheet) -> list[str]:
    lines = _with_inserts(sheet, '<div class="ad">ADVERTISEMENT</div>', "", "")
    if sheet.is_last:
        lines.append(f'<div class="sharedaddy">Share this: {sheet.outlet.name}</div>')
    return lines


def _rappler(sheet: Sheet) -> list[str]:
    lines = _with_inserts(
        sheet,
        '<div class="ad-slot">ADVERTISEMENT</div>',
        f'<p class="must-read"><strong>READ: {sheet.also}</strong></p>',
        f"{escape(sheet.story.dateline)} – ",
    )
    if sheet.is_last and lines:
        lines[-1] = lines[-1].removesuffix("</p>") + f" – <em>{sheet.outlet.name}</em></p>"
    return lines


_BODIES: dict[str, Callable[[Sheet], list[str]]] = {
    "kompas": _kompas,
    "detik": _detik,
    "tempo": _tempo,
    "antaranews": _antaranews,
    "tribunnews": _tribunnews,
    "okezone": _okezone,
    "khmertimes": _khmertimes,
    "rappler": _rappler,
}


# --- around the body -------------------------------------------------------------------------------


def side_path(outlet: Outlet, title: str) -> str:
    """Return the address of an off-topic headline; nothing lies there, so following it shows."""
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    return f"/sela/{outlet.outlet_id}/{slug}"


def sidebar(outlet: Outlet) -> str:
    """Return the off-topic links beside the page."""
    return "".join(
        f'<li><a href="{side_path(outlet, title)}">{escape(title)}</a></li>'
        for title in outlet.sidebar
    )


def _related(story: Story, outlet: Outlet) -> str:
    others = [
        other
        for other in stories_of(outlet.outlet_id)
        if other.story_id != story.story_id and other.state == "whole"
    ]
    return "".join(
        f'<div class="item"><time datetime="{other.published.isoformat()}">'
        f'{shown_time(other, outlet.skeleton)}</time> <a href="{outlet.url(other)}">'
        f"{escape(other.title)}</a></div>"
        for other in others[:RELATED_SHOWN]
    )


def _json_ld(story: Story, outlet: Outlet, url: str) -> str:
    article: dict[str, object] = {
        "@type": "NewsArticle",
        "headline": story.title,
        "url": url,
        "datePublished": story.published.isoformat(),
        "dateModified": story.published.isoformat(),
        "inLanguage": outlet.language,
        "author": {"@type": "Organization", "name": story.byline or outlet.name},
        "publisher": {"@type": "Organization", "name": outlet.name},
    }
    if story.json_ld == "plain":
        document: dict[str, object] = {"@context": "https://schema.org", **article}
    else:
        crumbs = [
            {"@type": "ListItem", "position": 1, "name": "Home", "item": f"http://{outlet.host}/"},
            {"@type": "ListItem", "position": 2, "name": story.section},
        ]
        document = {
            "@context": "https://schema.org",
            "@graph": [{"@type": "BreadcrumbList", "itemListElement": crumbs}, article],
        }
    text = json.dumps(document, ensure_ascii=False, indent=1).replace("</", "<\\/")
    return f'<script type="application/ld+json">\n{text}\n</script>'


def _head(story: Story, outlet: Outlet) -> str:
    url = escape(outlet.url(story))
    summary = escape(story.paragraphs[0][:150]) if story.paragraphs else ""
    lines = [
        f'<link rel="canonical" href="{url}">',
        '<meta property="og:type" content="article">',
        f'<meta property="og:title" content="{escape(story.title)}">',
        f'<meta property="og:url" content="{url}">',
        f'<meta property="og:site_name" content="{escape(outlet.name)}">',
        f'<meta property="og:description" content="{summary}">',
        f'<meta property="article:published_time" content="{story.published.isoformat()}">',
        f'<meta property="article:section" content="{escape(story.section)}">',
    ]
    if has_amp(outlet):
        lines.append(f'<link rel="amphtml" href="{amp_url(story)}">')
    if story.json_ld != "none":
        lines.append(_json_ld(story, outlet, outlet.url(story)))
    return "\n".join(lines)


def has_amp(outlet: Outlet) -> bool:
    """Whether the outlet serves an AMP copy of each article."""
    return outlet.outlet_id == "samudra"


def amp_url(story: Story) -> str:
    """Return the AMP address of a story."""
    return f"http://m.samudranews.example/amp{story.path}"


def _paging(story: Story, outlet: Outlet, part: int | None) -> str:
    total = len(story.parts)
    if total == 1 or part is None:
        return ""
    url = outlet.url(story)
    numbers = "".join(
        f'<div class="paging__item"><a href="{url}?page={number}">{number}</a></div>'
        for number in range(1, total + 1)
    )
    following = (
        f'<a class="next" href="{url}?page={part + 1}">Selanjutnya</a>' if part < total else ""
    )
    return {
        "kompas": f'<div class="paging__wrap clearfix">{numbers}<a class="paging__link '
        f'paging__link--show" href="{url}?page=all">Tampilkan Semua</a></div>',
        "detik": f'<div class="detail__long-nav"><a class="detail__anchor-numb" '
        f'href="{url}?page=2">2</a> Halaman {part} dari {total} '
        f'<a href="{url}?single=1">Tampilkan semua</a></div>',
        "tribunnews": f'<div class="paging mb20">Halaman <b>{part}</b>/{total} '
        f'<a href="{url}?page=all">Semua</a></div>',
    }.get(outlet.skeleton, f'<div class="paging">{following}</div>')


def render(story: Story, outlet: Outlet, part: int | None = 1) -> bytes:
    """Return the page of a story; ``part`` is the page number, None the whole on one page."""
    if story.state == "empty":
        return b""
    sheet = Sheet(
        story=story,
        outlet=outlet,
        paragraphs=story.paragraphs if part is None else story.parts[part - 1],
        is_first=part in (None, 1),
        is_last=part in (None, len(story.parts)),
    )
    body = "\n".join(_BODIES[outlet.skeleton](sheet))
    page = (
        _template(outlet.skeleton)
        .substitute(
            invented=INVENTED_COMMENT,
            outlet=escape(outlet.name),
            head=_head(story, outlet),
            title=escape(story.title),
            section=escape(story.section),
            byline=escape(story.byline or ""),
            shown=shown_time(story, outlet.skeleton),
            iso=story.published.isoformat(),
            slashed=f"{story.published:%Y/%m/%d %H:%M:%S}",
            keywords=escape(", ".join(story.tags)),
            tags=" ".join(
                f'<li><a href="/tag/{tag.replace(" ", "-")}">{tag}</a></li>' for tag in story.tags
            ),
            body=body,
            paging=_paging(story, outlet, part),
            related=_related(story, outlet),
            sidebar=sidebar(outlet),
            footer=FOOTERS[outlet.language],
        )
        .encode()
    )
    if story.state == "cut":
        # The connection of a real server once broke just before the text.
        return page[: page.index(b"<h1")]
    return page


def render_amp(story: Story, outlet: Outlet) -> bytes:
    """Return the AMP copy: little more than title, time and text, canonical to the full page."""
    body = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in story.paragraphs)
    shown = shown_time(story, outlet.skeleton)
    return (
        f'<!DOCTYPE html>\n<html amp lang="{outlet.language}">\n<!-- {INVENTED_COMMENT} -->\n'
        f'<head><meta charset="utf-8"><title>{escape(story.title)}</title>\n'
        f'<link rel="canonical" href="{outlet.url(story)}">\n'
        f'<meta property="article:published_time" content="{story.published.isoformat()}"></head>\n'
        f"<body><article><h1>{escape(story.title)}</h1><p class='date'>{shown}</p>\n"
        f'<div class="post-content">\n{body}\n</div></article>\n'
        f"<footer>{FOOTERS[outlet.language]}</footer></body></html>\n"
    ).encode()
