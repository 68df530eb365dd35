"""What leads to the articles: feeds, news sitemaps, index and tag pages, robots files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from email.utils import format_datetime
from html import escape

from crawlers.sample.pages import FOOTERS, INVENTED_COMMENT, amp_url, shown_time, sidebar
from crawlers.sample.stories import Outlet, Story, local_day, stories_of

PAGE_SIZE = 10
GONE_PATH = "/read/2026/09/06/337/3160990/halaman-yang-sudah-dihapus"
FAILING_PATH = "/read/2026/09/06/337/3160991/halaman-yang-selalu-gagal"


def _summary(story: Story) -> str:
    return escape(story.paragraphs[0]) if story.paragraphs else ""


def _rss_time(when: dt.datetime, *, named_zone: bool) -> str:
    # Some Indonesian feeds name the zone, which feed readers take for UTC.
    text = format_datetime(when)
    return text.replace("+0700", "WIB") if named_zone else text


def rss(outlet: Outlet) -> bytes:
    """Return an RSS 2.0 feed with summaries; its links carry the habits of each outlet."""
    told = stories_of(outlet.outlet_id)
    query = "?utm_source=rss&amp;utm_medium=feed" if outlet.outlet_id == "samudra" else ""
    items = [
        f"<item><title>{escape(story.title)}</title><link>{outlet.url(story)}{query}</link>"
        f"<description>{_summary(story)}</description>"
        f"<pubDate>{_rss_time(story.published, named_zone=outlet.outlet_id == 'pekan-warta')}"
        f"</pubDate></item>"
        for story in told
    ]
    if outlet.outlet_id == "kabar-kini":
        items += [
            f"<item><title>{title}</title><link>http://{outlet.host}{path}</link>"
            f"<pubDate>{format_datetime(told[0].published)}</pubDate></item>"
            for title, path in (
                ("Halaman yang sudah dihapus", GONE_PATH),
                ("Halaman yang selalu gagal", FAILING_PATH),
            )
        ]
    return _xml(
        '<rss version="2.0"><channel>'
        f"<title>{outlet.name}</title><link>http://{outlet.host}/</link>"
        f"<description>{FOOTERS[outlet.language]}</description>\n"
        + "\n".join(items)
        + "\n</channel></rss>"
    )


def wordpress_feed(outlet: Outlet) -> bytes:
    """Return a WordPress feed: the full text in ``content:encoded``."""
    items = []
    for story in stories_of(outlet.outlet_id):
        text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in story.paragraphs)
        items.append(
            f"<item><title>{escape(story.title)}</title><link>{outlet.url(story)}</link>"
            f"<dc:creator><![CDATA[{story.byline or outlet.name}]]></dc:creator>"
            f"<pubDate>{format_datetime(story.published.astimezone(dt.UTC))}</pubDate>"
            f'<guid isPermaLink="false">http://{outlet.host}/?p={story.path.split("/")[1]}</guid>'
            f"<description><![CDATA[{_summary(story)}]]></description>"
            f"<content:encoded><![CDATA[{text}]]></content:encoded></item>"
        )
    return _xml(
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>{outlet.name}</title><link>http://{outlet.host}/</link>"
        f"<description>{FOOTERS[outlet.language]}</description>\n"
        + "\n".join(items)
        + "\n</channel></rss>"
    )


def atom(outlet: Outlet) -> bytes:
    """Return an Atom feed."""
    told = stories_of(outlet.outlet_id)
    entries = [
        f'<entry><title>{escape(story.title)}</title><link rel="alternate" '
        f'href="{outlet.url(story)}"/><id>{outlet.url(story)}</id>'
        f"<published>{story.published.isoformat()}</published>"
        f"<updated>{story.published.isoformat()}</updated>"
        f"<summary>{_summary(story)}</summary></entry>"
        for story in told
    ]
    return _xml(
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>{outlet.name}</title>'
        f"<subtitle>{FOOTERS[outlet.language]}</subtitle><id>http://{outlet.host}/</id>"
        f"<updated>{told[0].published.isoformat()}</updated>\n" + "\n".join(entries) + "\n</feed>"
    )


def broken_feed(outlet: Outlet) -> bytes:
    """Return what one outlet serves in place of a second feed: bytes no feed reader can read."""
    return b"\x00\x01<<<" + outlet.outlet_id.encode() + b" [kesalahan: basis data tidak terhubung"


def news_sitemap(outlet: Outlet, told: Sequence[Story]) -> bytes:
    """Return a news sitemap; Lensa Daerah wraps its addresses in CDATA."""
    rows = []
    for story in told:
        url = outlet.url(story)
        loc = f"<![CDATA[{url}]]>" if outlet.outlet_id == "lensa-daerah" else url
        rows.append(
            f"<url><loc>{loc}</loc><news:news><news:publication><news:name>{outlet.name}"
            f"</news:name><news:language>{outlet.language}</news:language></news:publication>"
            f"<news:publication_date>{story.published.isoformat()}</news:publication_date>"
            f"<news:title>{escape(story.title)}</news:title></news:news></url>"
        )
    return _xml(
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n'
        + "\n".join(rows)
        + "\n</urlset>"
    )


def sitemap_index(outlet: Outlet, children: Sequence[str]) -> bytes:
    """Return a sitemap index over the given paths."""
    rows = "\n".join(
        f"<sitemap><loc>http://{outlet.host}{path}</loc></sitemap>" for path in children
    )
    return _xml(
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}\n</sitemapindex>'
    )


def halves(outlet: Outlet) -> tuple[list[Story], list[Story]]:
    """Return the stories of an outlet in two halves, newest first."""
    told = stories_of(outlet.outlet_id)
    middle = (len(told) + 1) // 2
    return told[:middle], told[middle:]


def dated_index(outlet: Outlet, day: dt.date | None, page: int) -> bytes:
    """Return one page of the index of a day (all days without one); a far page has no cards."""
    told = [s for s in stories_of(outlet.outlet_id) if day is None or local_day(s) == day]
    cards = "\n".join(
        f'<div class="articleItem"><a class="article-link" href="{outlet.url(story)}">'
        f'<h2 class="articleTitle">{escape(story.title)}</h2></a>'
        f'<div class="articlePost-date">{shown_time(story, outlet.skeleton)}</div></div>'
        for story in told[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    )
    return _list_page(outlet, "Indeks Berita", f'<div class="articleList">\n{cards}\n</div>')


def tag_page(outlet: Outlet, page: int) -> bytes:
    """Return one page of a tag list of the wire service; its newest card links the AMP copy."""
    told = [s for s in stories_of(outlet.outlet_id) if "wni" in s.tags]
    cards = []
    for number, story in enumerate(told[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]):
        url = amp_url(story) if number == 0 and page == 1 and not story.host else outlet.url(story)
        cards.append(
            f'<div class="card__post card__post-list"><a href="{url}">{escape(story.title)}</a>'
            f"<span>{shown_time(story, outlet.skeleton)}</span></div>"
        )
    return _list_page(outlet, "Tag: WNI", "\n".join(cards))


def home(outlet: Outlet) -> bytes:
    """Return the home page: it says what the place is and lists nothing."""
    return _list_page(outlet, outlet.name, f"<p>{FOOTERS[outlet.language]}</p>")


def robots(outlet: Outlet, sitemaps: Sequence[str]) -> bytes:
    """Return the robots file: open, but for the subscribers' corner of one outlet."""
    lines = ["# Invented sample outlet", "User-agent: *"]
    lines.append(f"Disallow: {outlet.barred_path}")
    lines += [f"Sitemap: http://{outlet.host}{path}" for path in sitemaps]
    return ("\n".join(lines) + "\n").encode()


def _list_page(outlet: Outlet, heading: str, content: str) -> bytes:
    return (
        f'<!DOCTYPE html>\n<html lang="{outlet.language}">\n<!-- {INVENTED_COMMENT} -->\n'
        f'<head><meta charset="utf-8"><title>{heading} - {outlet.name}</title></head>\n'
        f'<body><header><a href="/">{outlet.name}</a></header>\n<h1>{heading}</h1>\n{content}\n'
        f'<aside class="sidebar"><ul>{sidebar(outlet)}</ul></aside>\n'
        f"<footer>{FOOTERS[outlet.language]}</footer></body></html>\n"
    ).encode()


def _xml(text: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- {INVENTED_COMMENT} -->\n{text}\n'.encode()
