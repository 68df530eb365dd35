"""Pages that a server hands out with status 200 and that are no article; then good pages, none of them lost.

Skeletons of what is met in practice, with the words such pages use and invented prose around them.
"""

from __future__ import annotations

import datetime as dt
import html
from typing import NamedTuple

import pytest

from pipeline import articles
from pipeline.records import Article, Page, Reason, Rejection
from tests import skeletons

FETCHED = dt.datetime(2024, 6, 20, 2, tzinfo=dt.UTC)
# What a portal prints on every page it has: summaries of others, long enough to be taken for prose.
TEASERS = "".join(
    f'<div class="card"><h3><a href="/berita/{n}">{head}</a></h3><p>{head}, demikian hasil pantauan di lima pasar'
    " besar pada akhir pekan lalu menurut dinas setempat.</p></div>"
    for n, head in enumerate(("Harga beras turun", "Pabrik es buka cabang", "Pelari ramaikan danau", "Hujan ringan di pesisir"))
)  # fmt: skip
MENU = (
    "<nav><ul>"
    + "".join(f'<li><a href="/r{n}">Rubrik {n}</a></li>' for n in range(20))
    + "</ul></nav>"
)
SCRIPT = "<script>" + "var a=1;" * 3_000 + "</script>"
LEGAL = (
    "We and our partners store and access information on a device, such as cookies, and process personal data"
    " such as unique identifiers for personalised advertising, measurement and audience research. "
)
LEGAL_ID = (
    "Kami dan mitra kami menyimpan serta mengakses informasi pada perangkat Anda, misalnya cookie, untuk iklan"
    " yang dipersonalisasi, pengukuran, dan riset audiens. "
)
LEAD = (
    "Petugas gabungan menggagalkan keberangkatan dua belas calon pekerja yang hendak dikirim ke luar negeri lewat"
    " pelabuhan feri pada Senin malam, kata kepala pelabuhan."
)


class Bad(NamedTuple):
    """A page that is no article, with the reasons that say so rightly."""

    name: str
    title: str
    body: str
    reasons: tuple[Reason, ...]


BLOCK = (Reason.BLOCK_PAGE,)
NOT = (Reason.NOT_AN_ARTICLE, Reason.NO_TEXT, Reason.TOO_SHORT, Reason.NO_TITLE)
STUB = (Reason.TOO_SHORT, Reason.NO_TEXT)


def _p(*lines: str) -> str:
    return "".join(f"<p>{html.escape(line)}</p>" for line in lines)


BAD = (
    # Missing pages that answer 200.
    Bad("404 with teasers", "Halaman Tidak Ditemukan - KabarMuara", MENU + _p("Maaf, halaman yang Anda cari tidak ditemukan.") + TEASERS, NOT),
    Bad("404 bare", "404", _p("404", "Not Found"), NOT),
    Bad("404 under the name of the site", "KabarMuara - Berita Terkini Hari Ini", MENU + "<h1>Maaf, halaman yang Anda cari tidak ditemukan</h1>" + TEASERS, NOT),
    Bad("404 with a search box", "Page not found | Mekong Ledger", _p("It looks like nothing was found at this location. Maybe try a search?") + TEASERS, NOT),
    Bad("removed article", "Artikel telah dihapus", _p("Artikel yang Anda tuju telah dihapus oleh redaksi.") + TEASERS, NOT),
    Bad("oops", "Oops!", _p("Oops! The page you are looking for does not exist or has been moved to another address by our editors."), NOT),
    Bad("content gone", "KabarMuara", "<h1>Konten ini sudah tidak tersedia lagi</h1>" + TEASERS, NOT),
    Bad("Malay", "Laman tidak dijumpai", _p("Maaf, laman yang anda cari tidak dijumpai. Sila kembali ke halaman utama."), NOT),
    Bad("Vietnamese", "Không tìm thấy trang", _p("Trang bạn tìm kiếm không tồn tại hoặc đã bị xóa khỏi hệ thống của chúng tôi trong thời gian gần đây, xin vui lòng quay lại trang chủ."), NOT),
    Bad("Thai", "ไม่พบหน้าที่คุณต้องการ", _p("ขออภัย ไม่พบหน้าที่คุณต้องการ " * 6), NOT),
    Bad("Chinese", "找不到網頁", _p("很抱歉,您要找的網頁不存在或已被移除,請返回首頁繼續瀏覽其他新聞內容。" * 4), NOT),
    Bad("gone", "410 Gone", _p("The requested resource is no longer available on this server and there is no forwarding address. Please remove all references to this resource."), NOT),
    Bad("database", "Database Error", _p("Error establishing a database connection. This either means that the username and password information is incorrect or that contact with the database server was lost."), NOT),
    Bad("maintenance", "Situs Sedang Dalam Perbaikan", _p("Mohon maaf, situs kami sedang dalam pemeliharaan. Silakan kembali beberapa saat lagi untuk membaca berita terbaru dari redaksi kami di seluruh daerah."), NOT),
    Bad("server error", "500 Internal Server Error", _p("The server encountered an internal error and was unable to complete your request. Please contact the administrator and inform them of the time the error occurred."), NOT),
    Bad("unavailable", "503 Service Temporarily Unavailable", _p("The server is temporarily unable to service your request due to maintenance downtime or capacity problems. Please try again later, or write to us."), NOT),
    Bad("listing of files", "Index of /berita/2024", "<pre>Name Last modified Size\n" + "gambar.jpg 2024-06-18 09:15 12K\n" * 9 + "</pre>", NOT),
    # Challenges.
    Bad("waiting room", "Just a moment...", SCRIPT + _p("Enable JavaScript and cookies to continue"), BLOCK),
    Bad("attention", "Attention Required! | Cloudflare", _p("Sorry, you have been blocked. You are unable to access kabarmuara.example. Why have I been blocked? This website is using a security service to protect itself from online attacks.", "Ray ID: 89f0c"), BLOCK),
    Bad("slider", "kabarmuara.example", SCRIPT + _p("Please enable JS and disable any ad blocker") + '<iframe src="https://geo.captcha-delivery.com/captcha/"></iframe>', BLOCK),
    Bad("press and hold", "Access to this page has been denied", _p("Press & Hold to confirm you are a human (and not a bot).", "Reference ID 7c9"), BLOCK),
    Bad("edge", "Access Denied", _p("You don't have permission to access \"http://kabarmuara.example/berita/1\" on this server.", "Reference #18.6d"), BLOCK),
    Bad("incident", "KabarMuara", _p("Request unsuccessful. Incapsula incident ID: 1234000567-89"), BLOCK),
    Bad("firewall", "Website Firewall - Access Denied", _p("Access Denied - Website Firewall. If you are the site owner, please whitelist your IP. Block reason: Exploit attempt was denied by virtual hardening of this site."), BLOCK),
    Bad("secure connection", "kabarmuara.example", _p("Checking if the site connection is secure", "kabarmuara.example needs to review the security of your connection before proceeding to the page."), BLOCK),
    Bad("one more step", "One more step", _p("Please complete the security check to access kabarmuara.example", "Why do I have to complete a CAPTCHA?"), BLOCK),
    Bad("Indonesian robot check", "Verifikasi Keamanan", _p("Kami mendeteksi lalu lintas tidak biasa dari jaringan Anda. Mohon verifikasi bahwa Anda bukan robot untuk melanjutkan membaca berita di situs ini."), BLOCK),
    Bad("proof of work", "Making sure you're not a bot!", _p("Loading... You are seeing this because the administrator of this website has set up a guard to protect the server against the scourge of companies aggressively scraping websites. This can and does cause downtime."), BLOCK),
    Bad("human verification", "Human Verification", SCRIPT + _p("Verify you are human by completing the action below."), BLOCK),
    Bad("rate limit", "Too Many Requests", _p("You have sent too many requests in a given amount of time. Please wait and try again later, or write to the administrator of this server."), BLOCK),
    Bad("region", "KabarMuara", _p("This content is not available in your region. We recognise that you are attempting to access this website from a country to which we cannot grant access at this time."), BLOCK),
    Bad("region in Indonesian", "KabarMuara", _p("Maaf, konten ini tidak tersedia di wilayah Anda. Silakan hubungi redaksi bila Anda merasa pesan ini keliru, kami akan memeriksanya pada hari kerja."), BLOCK),
    Bad("law", "451: Unavailable due to legal reasons", _p("We recognize you are attempting to access this website from a country belonging to the European Economic Area and therefore access cannot be granted at this time."), BLOCK),
    # Consent walls: long, and before any article.
    Bad("before you continue", "Before you continue", _p(LEGAL * 8), BLOCK),
    Bad("before in Indonesian", "Sebelum Anda melanjutkan", _p(LEGAL_ID * 8), BLOCK),
    Bad("value your privacy", "Mekong Ledger", "<h1>We value your privacy</h1>" + _p(*[LEGAL * 2] * 8), BLOCK),
    Bad("value in Indonesian", "KabarMuara", "<h2>Kami menghargai privasi Anda</h2>" + _p(*[LEGAL_ID * 2] * 6), BLOCK),
    Bad("privacy choices", "Your privacy choices", _p(*[LEGAL] * 6, "Accept all", "Reject all"), BLOCK),
    # Paid articles that show their opening.
    Bad("premium", "Petugas Gagalkan Keberangkatan 12 Calon Pekerja", _p(LEAD, "Berlangganan untuk lanjut membaca. Sudah berlangganan? Masuk di sini.") + TEASERS, STUB),
    Bad("members", "Officers stop 12 would-be workers at the pier", _p("Officers stopped twelve would-be workers who were about to be sent abroad through the pier on Monday.", "Subscribe to continue reading this story. Already a subscriber? Log in."), STUB),
    Bad("paid by its own word", "Petugas Gagalkan Keberangkatan 12 Calon Pekerja", '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Petugas Gagalkan Keberangkatan 12 Calon Pekerja","isAccessibleForFree":false}</script>' + _p(LEAD), STUB),
    Bad("login", "Masuk - KabarMuara", _p("Silakan masuk untuk membaca artikel ini. Belum punya akun? Daftar sekarang."), NOT),
    # Addresses without an outlet behind them.
    Bad("for sale", "kabarmuara.example is for sale", _p("This domain is for sale! Buy this domain. The owner of kabarmuara.example is offering it for sale for an asking price of 999 USD. Contact our broker today."), NOT),
    Bad("parked", "kabarmuara.example", _p("This Web page is parked for free, courtesy of a registrar. Related searches: Berita, Loker, Kredit. " * 2), NOT),
    Bad("fresh server", "Welcome to nginx!", _p("If you see this page, the nginx web server is successfully installed and working. Further configuration is required. Thank you for using nginx."), NOT),
    Bad("suspended", "Account Suspended", _p("This Account has been suspended. Contact your hosting provider for more information about the status of this account and what to do next."), NOT),
    Bad("being built", "Coming Soon", _p("Website is coming soon. Situs ini sedang dibangun. Kami akan segera hadir dengan tampilan baru, terima kasih atas kesabaran Anda menunggu kami kembali."), NOT),
    Bad("app shell", "KabarMuara", SCRIPT + "<noscript>You need to enable JavaScript to run this app.</noscript><div id='root'></div>", NOT),
    Bad("empty tag", "KabarMuara", MENU + "<ul>" + "<li><a href='/a'>Harga Beras Turun di Lima Pasar Besar</a></li>" * 12 + "</ul>", NOT),
)  # fmt: skip


def _result(bad: Bad) -> Article | Rejection:
    raw = f"<!DOCTYPE html><html><head><title>{html.escape(bad.title)}</title></head><body>{bad.body}</body></html>"
    return articles.extract(
        Page.of(
            "none",
            "https://kabarmuara.example/berita/1/x",
            raw.encode(),
            FETCHED,
            content_type="text/html",
        )
    )


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_what_is_no_article_says_why(bad: Bad) -> None:
    found = _result(bad)
    assert isinstance(found, Rejection), found.text
    assert found.reason in bad.reasons


def test_there_are_forty_of_them() -> None:
    assert len({bad.name for bad in BAD}) >= 40


@pytest.mark.parametrize("family", skeletons.families(), ids=lambda family: family.name)
def test_no_good_page_is_lost(family: skeletons.Family) -> None:
    for rotate in range(0, 24, 6):
        lines = skeletons.PROSE[family.source.language]
        raw = skeletons.render(family, lines, rotate).encode()
        page = Page.of("none", skeletons.ADDRESS, raw, skeletons.NOW, content_type="text/html")
        assert isinstance(articles.extract(page, family.source), Article)


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Situs Kementerian Tidak Dapat Diakses, Muncul Pesan 404 Not Found", "Laman itu menampilkan pesan 404 not found."),
        ("Kisah Para Penebak Captcha di Kompleks Penipuan", "Mereka menebak captcha, verify you are human, sepanjang malam."),
        ("Domain for Sale: How Scammers Buy Old Names", "The page says this domain is for sale, an investigator said."),
        ("Akses Ditolak, Puluhan Calon Pekerja Tertahan di Perbatasan", "Petugas perbatasan mengatakan akses ditolak."),
        ("Polisi Tutup Situs Judi, Halaman Tidak Ditemukan Lagi", "Halaman tidak ditemukan, kata polisi saat situs dibuka."),
        ("Kami Menghargai Privasi Korban, Kata Kepala Rumah Aman", "Kami menghargai privasi, katanya tentang para korban."),
        ("Layanan Paspor Sedang Dalam Perbaikan", "Kantor itu sedang dalam perbaikan, kata kepala kantor."),
        ("Warga Tidak Ditemukan di Alamat yang Tertulis", "Dua orang tidak ditemukan di alamat itu, kata lurah."),
        ("Account Suspended: Bank Freezes Money of a Scam Ring", "Each account has been suspended, the bank said."),
        ("Before You Go Abroad: Ten Questions to Ask a Recruiter", "Ask before you continue with any payment."),
    ],
)  # fmt: skip
def test_articles_that_speak_of_such_pages_are_articles(title: str, line: str) -> None:
    body = f"<h1>{title}</h1>" + _p(LEAD, line, *skeletons.PROSE["id"])
    raw = f"<html><head><title>{title} - KabarMuara</title></head><body>{body}</body></html>"
    found = articles.extract(
        Page.of(
            "none",
            "https://kabarmuara.example/berita/1/x",
            raw.encode(),
            FETCHED,
            content_type="text/html",
        )
    )
    assert isinstance(found, Article), found
    assert line in found.text
