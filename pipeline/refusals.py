"""Say which pages are no article: refusals, challenges, errors, front pages, teasers.

Blocking is looked for before anything is parsed as news, so that a challenge page never becomes a text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from pipeline import markup
from pipeline.records import Page, Reason, Rejection

STAGE = "articles"
MAX_BYTES = 5_000_000  # the crawl keeps no larger body; a file that is handed in may be larger
# A page with so little visible text may be a challenge or an error instead of an article.
MAX_BLOCK_TEXT = 1_500
# So much prose no challenge, error or parking page has; the shortest reports have as much.
MAX_NOTICE_PROSE = 450
# Consent pages explain themselves at length; no longer one was seen.
MAX_CONSENT_TEXT = 8_000
# Text of a paywalled page that ends this early is a teaser.
MAX_TEASER = 700

# An article stands at two or three addresses of its host (sections, an edition for print); a notice at all of them.
MANY_ADDRESSES = 4

_BINARY = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"RIFF")
# What such pages call themselves. A heading counts only as a whole: "akses ditolak di perbatasan" is news.
_CHALLENGE_HEAD = re.compile(
    r"just a moment|(?:please )?wait(?: a moment)?|attention required|access (?:to this page has been )?denied|akses ditolak"
    r"|are you (?:a )?(?:robot|human)|security check|verifikasi (?:keamanan|manusia)|captcha|ddos-guard|pardon our interruption"
    r"|robot check|human verification|one more step|(?:sorry, )?you have been blocked|checking your browser.{0,60}"
    r"|verifying (?:that )?you are human.{0,40}|making sure you[\u2019']re not a bot|too many requests|(?:error )?429.{0,30}requests"
    r"|(?:error )?403(?: forbidden)?|(?:error )?1015|(?:451:? ?)?(?:unavailable (?:for|due to) legal reasons)",
    re.I,
)
_CONSENT_HEAD = re.compile(
    r"before you continue(?: to .{1,30})?|sebelum anda melanjutkan(?: ke .{1,30})?|we (?:value|care about|respect) your privacy"
    r"|your privacy(?: choices| settings| matters)?|privacy (?:choices|preference cent(?:er|re)|settings)|cookie (?:consent|settings|preferences)"
    r"|kami (?:menghargai|menghormati|peduli(?: dengan)?) privasi anda|(?:pengaturan|persetujuan) (?:privasi|cookie)",
    re.I,
)
_MISSING_HEAD = re.compile(
    r"(?:error |http )?(?:404|410|500|502|503|504)(?: error| page)?(?: (?:\(?not found\)?!{0,2}1?|gone|internal server error|bad gateway"
    r"|service (?:temporarily )?unavailable|gateway time-?out|page not found|halaman tidak ditemukan))?"
    r"|(?:internal server error|bad gateway|service (?:temporarily )?unavailable)"
    r"|(?:(?:maaf|mohon maaf|ups|ops|oops|sorry|whoops)\W{0,3})?(?:(?:halaman|laman|artikel|berita|konten|tautan)(?: ini)?"
    r"(?: yang (?:anda|kamu) (?:cari|tuju|minta|maksud))?(?: ini)?(?: (?:sudah|telah))? (?:tidak (?:dapat |bisa )?(?:ditemukan|dijumpai|tersedia(?: lagi)?|ada(?: lagi)?)|dihapus))"
    r"|oops|ups|(?:(?:oops|sorry|whoops)\W{0,3})?(?:(?:the |this |that )?(?:page|article|content)(?: you (?:are|were) looking for)? ?(?:not found|(?:can[\u2019']?t|cannot|could not) be found"
    r"|(?:does not|doesn[\u2019']t) exist|(?:is )?(?:not|no longer|isn[\u2019']t) available|unavailable|has been removed)|nothing found|not found|something went wrong)"
    r"|(?:không tìm thấy|trang không tồn tại|lỗi 404).{0,60}|ไม่พบ(?:หน้า|เนื้อหา|ข้อมูล).{0,60}|(?:找不到|頁面不存在|网页不存在|页面不存在).{0,30}"
    r"|database error|error establishing a database connection"
    r"|(?:(?:situs|website|site|laman)(?: (?:kami|ini|is))? )?(?:sedang )?(?:dalam |under |scheduled )?(?:perbaikan|pemeliharaan|maintenance|construction)(?: mode)?"
    r"|coming soon|index of /.{0,200}|welcome to nginx|apache2? .{0,30}default page.{0,30}|account (?:has been )?suspended",
    re.I,
)
_HEAD_PARTS = re.compile(r"\s[-–—|»•·]\s|\s?\|\s?")
# The same in words, anywhere on a page that has no more text than a notice.
_CHALLENGE = re.compile(
    r"just a moment|attention required|access (?:to this page has been )?denied|captcha|datadome|perimeterx"
    r"|verify(?:ing)? (?:that )?you are (?:a )?human|are you (?:a )?(?:robot|human)|(?:you are|bahwa anda) (?:not a|bukan) (?:ro)?bot|enable javascript and cookies"
    r"|enable js and disable any ad ?blocker|request (?:was )?blocked|pardon our interruption|checking your browser|unusual traffic|lalu lintas tidak biasa|cf-chl|ray id"
    r"|incapsula|security check|security of your connection|bot detection|akamai|403 forbidden|error 1015|rate limited|too many requests"
    r"|(?:not |un)available in your (?:region|country|location)|unavailable (?:for|due to) legal reasons|akses ditolak"
    r"|tidak tersedia di (?:wilayah|negara|lokasi) anda|access cannot be granted at this time|you have been blocked",
    re.I,
)
_PARKED = re.compile(
    r"domain (?:is|may be) for sale|buy this domain|domain ini dijual|parked (?:free|for free|domain)|sedoparking|website (?:is )?coming soon"
    r"|welcome to nginx|apache2? .{0,30}default page|account (?:has been )?suspended|establishing a database connection",
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


class Repeats:
    """Finds pages that many addresses of one host give alike: notices at status 200 whose words nobody knows yet.

    To be given all pages of one run. What a page says of its own address is left out of the comparison.
    """

    def __init__(self) -> None:
        self._found: dict[bytes, dict[str, str]] = {}

    def add(self, page: Page, canonical_url: str) -> None:
        """Look at one page; ``canonical_url`` is what stands for its article however it is spelt."""
        parts = urlsplit(page.final_url)
        body = page.body
        if len(parts.path) > 1:
            body = body.replace(parts.path.encode(), b"")
        told = hashlib.sha256(f"{parts.netloc.lower()}\n".encode("utf-8", "replace") + body)
        self._found.setdefault(told.digest(), {})[page.page_id] = canonical_url

    def page_ids(self) -> set[str]:
        """Return the ids of the pages that at least `MANY_ADDRESSES` addresses give alike."""
        many = (own for own in self._found.values() if len(set(own.values())) >= MANY_ADDRESSES)
        return {page_id for own in many for page_id in own}


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


def by_content(
    page: Page, headings: Sequence[str], visible: str, tree: Any, kind: str
) -> Rejection | None:
    """Return why a readable page is no article: challenge, consent, error, parked or front page.

    ``headings`` are the title of the page and its first heading, ``visible`` the words of its ``tree``.
    """
    if len(visible) <= MAX_CONSENT_TEXT:
        refused = _notice(page, headings, visible, markup.n_prose(tree), kind)
        if refused:
            return refused
    if not urlsplit(page.final_url).path.strip("/") and kind != "article":
        parts = urlsplit(page.final_url)
        if not parts.query and parts.scheme in {"http", "https"}:
            return no_article(page, Reason.NOT_AN_ARTICLE, "front page")
    return None


def _notice(
    page: Page, headings: Sequence[str], visible: str, n_prose: int, kind: str
) -> Rejection | None:
    """Return which notice this page of few words is, if any; ``n_prose`` counts those of paragraphs."""
    is_article = kind == "article" and n_prose > MAX_NOTICE_PROSE
    named = [
        part.strip(" .!?…\u200b") for head in headings for part in (head, *_HEAD_PARTS.split(head))
    ]
    for pattern, reason, longest in (
        (_CHALLENGE_HEAD, Reason.BLOCK_PAGE, 2 * MAX_BLOCK_TEXT),
        (_CONSENT_HEAD, Reason.BLOCK_PAGE, MAX_CONSENT_TEXT),
        (_MISSING_HEAD, Reason.NOT_AN_ARTICLE, 2 * MAX_BLOCK_TEXT),
    ):
        found = next((part for part in named if pattern.fullmatch(part)), None)
        if found and len(visible) <= longest and not is_article:
            return no_article(page, reason, found[:80])
    if len(visible) <= MAX_BLOCK_TEXT and n_prose <= MAX_NOTICE_PROSE:
        text = " ".join((*headings, visible))
        for pattern, reason in (
            (_CHALLENGE, Reason.BLOCK_PAGE),
            (_PARKED, Reason.NOT_AN_ARTICLE),
        ):
            said = pattern.search(text)
            if said:
                return no_article(page, reason, said.group()[:80])
    return None


def is_teaser(visible: str, n_chars: int, *, is_free: bool) -> bool:
    """Return whether a body of this length on such a page is the free opening of a paid article."""
    return n_chars < MAX_TEASER and (not is_free or bool(_TEASER.search(visible)))
