"""Say which pages are no article: refusals, challenges, errors, front pages, teasers.

Blocking is looked for before anything is parsed as news, so that a challenge page never becomes a text.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from pipeline.records import Page, Reason, Rejection

STAGE = "articles"
MAX_BYTES = 5_000_000  # the crawl keeps no larger body; a file that is handed in may be larger
# A page with so little visible text may be a challenge or an error instead of an article.
MAX_BLOCK_TEXT = 1_500
# Text of a paywalled page that ends this early is a teaser.
MAX_TEASER = 700

_BINARY = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"RIFF")
_CHALLENGE = re.compile(
    r"just a moment|attention required|access (?:to this page has been )?denied|captcha|datadome|perimeterx|px-captcha"
    r"|verify(?:ing)? (?:that )?you are (?:a )?human|are you (?:a )?(?:robot|human)|enable javascript and cookies"
    r"|request (?:was )?blocked|pardon our interruption|checking your browser|unusual traffic|cf-chl|ray id"
    r"|incapsula|security check|bot detection|akamai|403 forbidden|error 1015|rate limited|too many requests"
    r"|not available in your (?:region|country|location)|unavailable for legal reasons|akses ditolak",
    re.I,
)
_CHALLENGE_TITLE = re.compile(
    r"^(?:just a moment|attention required|access denied|403 forbidden|are you a robot|security check|captcha"
    r"|ddos-guard|pardon our interruption|robot check|human verification|before you continue|sebelum anda melanjutkan)",
    re.I,
)
_MISSING = re.compile(
    r"\b404\b|not found|page (?:you|does)\b.{0,40}(?:exist|found|looking)|tidak (?:dapat )?ditemukan|halaman (?:tidak|yang anda cari)"
    r"|artikel (?:tidak|telah dihapus)|tidak tersedia lagi|page unavailable|no longer available|laman tidak",
    re.I,
)
_PARKED = re.compile(
    r"domain (?:is|may be) for sale|buy this domain|domain ini dijual|parked (?:free|domain)|sedoparking|website (?:is )?coming soon"
    r"|welcome to nginx|apache2? .{0,30}default page|account (?:has been )?suspended",
    re.I,
)
_TEASER = re.compile(
    r"berlangganan (?:untuk|sekarang)|lanjutkan membaca|khusus pelanggan|baca selengkapnya dengan berlangganan|artikel premium"
    r"|subscribe to (?:continue|read)|to continue reading|subscribers? only|already a subscriber|sudah berlangganan|konten premium"
    r"|this (?:article|content) is (?:for|available to) (?:subscribers|members)|masuk untuk membaca|log ?in to (?:continue|read)",
    re.I,
)


def no_article(page: Page, reason: Reason, detail: str = "") -> Rejection:
    """Return the rejection of this page."""
    return Rejection(
        record_id=page.page_id, stage=STAGE, reason=reason, detail=detail, source_id=page.source_id
    )


def by_status(page: Page) -> Rejection | None:
    """Return why bytes with this status and type are not read at all."""
    if page.status in {401, 403, 407, 429, 451, 503} or (
        page.status == 202 and not page.body.strip()
    ):
        return no_article(page, Reason.BLOCK_PAGE, f"status {page.status}")
    if page.status >= 400:
        return no_article(page, Reason.NOT_AN_ARTICLE, f"status {page.status}")
    if not page.body.strip(b" \t\r\n\0\xef\xbb\xbf"):
        return no_article(page, Reason.EMPTY_FILE)
    if len(page.body) > MAX_BYTES:
        return no_article(page, Reason.TOO_LARGE, f"{len(page.body)} bytes, {MAX_BYTES} are read")
    kind = page.content_type.partition(";")[0].strip().lower()
    if page.body.startswith(_BINARY) or kind.startswith(
        ("image/", "video/", "audio/", "application/pdf")
    ):
        return no_article(page, Reason.UNSUPPORTED_FILE, kind)
    return None


def by_content(page: Page, title: str, visible: str, kind: str) -> Rejection | None:
    """Return why a readable page is no article: challenge, error, parked or front page."""
    if _CHALLENGE_TITLE.match(title):
        return no_article(page, Reason.BLOCK_PAGE, title[:80])
    if len(visible) <= MAX_BLOCK_TEXT:
        head = f"{title} {visible}"
        for pattern, reason in (
            (_CHALLENGE, Reason.BLOCK_PAGE),
            (_PARKED, Reason.NOT_AN_ARTICLE),
        ):
            found = pattern.search(head)
            if found:
                return no_article(page, reason, found.group()[:80])
    if _MISSING.search(title) and len(visible) <= 2 * MAX_BLOCK_TEXT and kind != "article":
        return no_article(page, Reason.NOT_AN_ARTICLE, title[:80])
    if not urlsplit(page.final_url).path.strip("/") and kind != "article":
        parts = urlsplit(page.final_url)
        if not parts.query and parts.scheme in {"http", "https"}:
            return no_article(page, Reason.NOT_AN_ARTICLE, "front page")
    return None


def is_teaser(visible: str, n_chars: int, *, is_free: bool) -> bool:
    """Return whether a body of this length on such a page is the free opening of a paid article."""
    return n_chars < MAX_TEASER and (not is_free or bool(_TEASER.search(visible)))
