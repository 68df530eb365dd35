"""What every source file promises: valid, polite, honest about its evidence, safe to run.

Addresses in these tests are made up after the forms that the outlets use.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import time
from collections import Counter
from pathlib import Path

import pytest

from crawlers import catalog
from crawlers.catalog import BUNDLED, expand, is_own_host
from crawlers.listings import is_unscoped
from pipeline import articles, urls
from pipeline.records import Article, Page, Source

SOURCES = {source.source_id: source for source in catalog.load()}
GOLDEN = Path(__file__).parents[1] / "golden"
REGION = ("KHM", "MMR", "LAO", "THA", "PHL", "MYS", "SGP", "VNM")
# Country of the publisher, its folder and the zones that its clocks keep.
COUNTRIES = {
    "AUT": ("at", "Europe/Vienna"),
    "BRN": ("bn", "Asia/Brunei"),
    "CHE": ("ch", "Europe/Zurich"),
    "CHN": ("cn", "Asia/Shanghai"),
    "FRA": ("fr", "Europe/Paris"),
    "GBR": ("gb", "Europe/London"),
    "HKG": ("hk", "Asia/Hong_Kong"),
    "IDN": ("id", "Asia/Jakarta Asia/Pontianak Asia/Makassar Asia/Jayapura"),
    "JPN": ("jp", "Asia/Tokyo"),
    "KHM": ("kh", "Asia/Phnom_Penh"),
    "LAO": ("la", "Asia/Vientiane"),
    "MMR": ("mm", "Asia/Yangon"),
    "MYS": ("my", "Asia/Kuala_Lumpur Asia/Kuching"),
    "NLD": ("nl", "Europe/Amsterdam"),
    "PHL": ("ph", "Asia/Manila"),
    "QAT": ("qa", "Asia/Qatar"),
    "SGP": ("sg", "Asia/Singapore"),
    "THA": ("th", "Asia/Bangkok"),
    "TLS": ("tl", "Asia/Dili"),
    "TWN": ("tw", "Asia/Taipei"),
    "USA": ("us", "America/New_York"),
    "VNM": ("vn", "Asia/Ho_Chi_Minh"),
}
# A service of a foreign publisher for one country keeps the clock of its readers.
READERS = {"id": "Asia/Jakarta", "km": "Asia/Phnom_Penh"}


def lists(source: Source) -> list[str]:
    day = dt.date(2026, 9, 20)
    return [
        source.homepage,
        *source.feeds,
        *source.sitemaps,
        *(expand(each, page=2, query="wni kamboja", date=day) for each in source.listings),
    ]


def counts() -> str:
    found = Counter((source.country, source.evidence.status) for source in SOURCES.values())
    return ", ".join(f"{country} {status} {n}" for (country, status), n in sorted(found.items()))


# --- each source ------------------------------------------------------------------------------------


def test_files_lie_in_the_folder_of_their_country() -> None:
    for path in BUNDLED.rglob("*.yml"):
        source = SOURCES[path.stem]
        assert path.parent == BUNDLED / COUNTRIES[source.country][0], path


def test_zone_is_one_of_the_country_or_of_the_readers() -> None:
    wrong = {}
    for source in SOURCES.values():
        zones = COUNTRIES[source.country][1].split()
        if source.country not in ("IDN", "KHM"):
            zones += [zone for language, zone in READERS.items() if language == source.language]
        if source.timezone not in zones:
            wrong[source.source_id] = source.timezone
    assert not wrong


def test_sources_are_asked_gently() -> None:
    for source in SOURCES.values():
        assert source.politeness.delay_s >= 5, source.source_id
        assert source.politeness.max_per_day <= 500, source.source_id


def test_evidence_says_what_was_seen_and_why_a_source_is_off() -> None:
    reasons = {
        "seen": "",
        "disabled": r"subscri|stopped|bot check|refuse|challenge|terms|closed",
        "inferred": r"guess|off until|unchecked|no list|no other list|not seen|no feed|container",
    }
    for source in SOURCES.values():
        note = source.evidence.note
        assert len(note.split()) >= 8, source.source_id
        assert note.endswith("."), source.source_id
        assert re.search(reasons[source.evidence.status], note, re.I), (source.source_id, note)
        for name in source.evidence.references:
            assert re.fullmatch(r"[\w.-]+/[\w.-]+", name), source.source_id
        if source.evidence.status == "disabled":
            assert (*source.feeds, *source.sitemaps, *source.listings) == (), source.source_id


def test_lists_use_https_and_are_no_articles() -> None:
    for source in SOURCES.values():
        pattern = re.compile(source.article_url)
        for url in lists(source):
            assert url.startswith("https://") or source.source_id == "xinhua-en", url
            assert not pattern.search(url), (source.source_id, url)


def test_where_no_list_is_known_the_pattern_alone_tells_articles_from_menus() -> None:
    unscoped = {
        source.source_id
        for source in SOURCES.values()
        if any(is_unscoped(listing.links) for listing in source.listings)
    }
    assert len(unscoped) <= 11, "a source file should name the list that its links stand in"
    menus = (
        *(
            "",
            "indeks",
            "indeks/2",
            "index-berita",
            "page/2",
            "tag/wni",
            "tags/online-scam-kamboja",
        ),
        *(
            "kategori/nasional",
            "category/news",
            "news",
            "news/",
            "berita/nasional",
            "nasional/hukum",
        ),
        *(
            "about",
            "about-us",
            "tentang-kami",
            "kontak",
            "pedoman-media-siber",
            "kebijakan-privasi",
        ),
        *(
            "pages/privacy-policy-terms",
            "author/someone-with-names",
            "search?q=wni",
            "login",
            "rss",
        ),
        *("articles/indeks", "articles/nasional", "articles/indeks?page=3", "video", "foto/"),
    )
    for source_id in unscoped:
        source = SOURCES[source_id]
        pattern = re.compile(source.article_url)
        taken = [path for path in menus if pattern.search(source.homepage + path)]
        assert not taken, (source_id, taken)


def test_article_patterns_are_bound_to_the_hosts_of_the_source() -> None:
    for source in SOURCES.values():
        assert source.article_url.startswith("^https?://"), source.source_id
        pattern = re.compile(source.article_url)
        for other in SOURCES.values():
            if other.owner != source.owner:
                for url in (*EXAMPLES.get(other.source_id, ()), other.homepage):
                    assert not pattern.search(url), (source.source_id, url)
        for host in source.hosts:
            labels = host.removeprefix("www.").split(".")
            assert all(label in source.article_url for label in labels), source.source_id


def test_home_page_lies_on_the_hosts() -> None:
    for source in SOURCES.values():
        host = source.homepage.split("/")[2]
        assert is_own_host(host, source.hosts), source.source_id


def test_a_host_belongs_to_one_owner() -> None:
    owners: dict[str, tuple[str, str]] = {}
    for source in SOURCES.values():
        for host in source.hosts:
            for other, (owner, other_id) in owners.items():
                if is_own_host(host, (other,)) or is_own_host(other, (host,)):
                    assert owner == source.owner, f"{source.source_id} and {other_id} share {host}"
            owners[host] = (source.owner, source.source_id)


def test_editions_of_a_group_count_as_one_owner() -> None:
    for prefix, owner in (("antara", "LKBN ANTARA"), ("tribun", "Kompas Gramedia")):
        owners = {source.owner for name, source in SOURCES.items() if name.startswith(prefix)}
        assert owners == {owner}


def test_antara_carries_its_opt_out_in_every_edition() -> None:
    editions = [source for source in SOURCES.values() if source.owner == "LKBN ANTARA"]
    assert len(editions) > 25
    assert all(source.terms.ai_opt_out and source.terms.note for source in editions)


def test_only_queries_that_name_an_article_are_kept() -> None:
    keeping = {source.source_id for source in SOURCES.values() if not source.drop_query}
    assert keeping == {"bernama", "kpl"}
    for source_id in keeping:
        (url,) = EXAMPLES[source_id]
        assert urls.canonical(url, SOURCES[source_id]).endswith(url.partition("?")[2])


# --- the whole ----------------------------------------------------------------------------------------


def test_coverage() -> None:
    by_country = Counter(source.country for source in SOURCES.values())
    enabled = Counter(source.country for source in SOURCES.values() if source.enabled)
    assert by_country["IDN"] >= 150, counts()
    assert enabled["IDN"] >= 75, counts()
    assert all(by_country[country] >= 3 for country in REGION), counts()
    assert all(enabled[country] >= 1 for country in REGION), counts()
    kinds = Counter(source.kind for source in SOURCES.values())
    assert set(kinds) == {"outlet", "wire", "government", "ngo", "igo"}, counts()


# --- patterns ---------------------------------------------------------------------------------------

# Addresses that must be taken for articles.
EXAMPLES: dict[str, tuple[str, ...]] = {
    "antaranews": (
        "https://www.antaranews.com/berita/5012345/polisi-gagalkan-keberangkatan-12-calon-pekerja",
        "https://m.antaranews.com/amp/berita/5012345/polisi-gagalkan-keberangkatan",
    ),
    "antara-kepri": ("https://kepri.antaranews.com/berita/212345/imigrasi-batam-tunda-34-orang",),
    "antara-en": ("https://en.antaranews.com/news/301234/dozens-brought-home-from-cambodia",),
    "detik": ("https://news.detik.com/berita/d-8012345/polri-pulangkan-21-wni-dari-kamboja",),
    "cnbcindonesia": (
        "https://www.cnbcindonesia.com/news/20260912143005-4-512345/kemlu-pulangkan-wni",
    ),
    "tribun-batam": (
        "https://batam.tribunnews.com/2026/09/12/belasan-orang-dicegah-di-pelabuhan",
        "https://batam.tribunnews.com/kepri/195109/belasan-orang-dicegah-di-pelabuhan",
    ),
    "sindonews": ("https://nasional.sindonews.com/read/1512345/13/kemlu-pulangkan-wni-1726123456",),
    "kumparan": ("https://kumparan.com/kumparannews/kemlu-pulangkan-wni-23Ab4cDe5Fg",),
    "viva": ("https://www.viva.co.id/berita/nasional/1712345-kemlu-pulangkan-wni",),
    "suara": ("https://www.suara.com/news/2026/09/12/143005/kemlu-pulangkan-wni",),
    "rri": ("https://rri.co.id/batam/kriminal/912345/belasan-orang-dicegah",),
    "voi": ("https://voi.id/en/news/412345", "https://voi.id/berita/412345/kemlu-pulangkan-wni"),
    "ntvnews": ("https://www.ntvnews.id/news/01234567/kemlu-pulangkan-wni",),
    "nusabali": ("https://www.nusabali.com/berita/212345/belasan-orang-dicegah-di-bandara",),
    "thejakartapost": (
        "https://www.thejakartapost.com/indonesia/2026/09/12/dozens-brought-home.html",
    ),
    "batampos": ("https://batampos.jawapos.com/belasan-orang-dicegah-di-pelabuhan/",),
    "setkab": ("https://setkab.go.id/pemerintah-bentuk-gugus-tugas-baru/",),
    "camboja": ("https://cambojanews.com/police-raid-compound-in-bavet/",),
    "mizzima": ("https://eng.mizzima.com/2026/09/12/31234",),
    "bernama": ("https://www.bernama.com/en/general/news.php?id=2412345",),
    "malaymail": (
        "https://www.malaymail.com/news/malaysia/2026/09/12/nine-brought-home-from-poipet/191234",
    ),
    "hmetro": ("https://www.hmetro.com.my/mutakhir/2026/09/1212345/sembilan-dibawa-pulang",),
    "kpl": ("https://kpl.gov.la/En/detail.aspx?id=91234",),
    "inquirer": ("https://newsinfo.inquirer.net/2012345/raid-frees-hundreds",),
    "straitstimes": ("https://www.straitstimes.com/asia/se-asia/raid-frees-hundreds-in-poipet",),
    "vnexpress-intl": ("https://e.vnexpress.net/news/news/raid-frees-hundreds-4812345.html",),
    "scmp": ("https://www.scmp.com/week-asia/politics/article/3291234/raid-frees-hundreds-poipet",),
    "guardian": ("https://www.theguardian.com/world/2026/sep/12/raid-frees-hundreds-in-poipet",),
    "unnews": ("https://news.un.org/en/story/2026/09/1161234",),
}
# Addresses of the same hosts that are videos, tags, photographs, sections or of another edition.
OTHERS = {
    "antaranews": (
        "https://www.antaranews.com/video/5012345/polisi-gagalkan",
        "https://kepri.antaranews.com/berita/212345/imigrasi-batam-tunda",
    ),
    "antara-kepri": ("https://www.antaranews.com/berita/5012345/polisi-gagalkan",),
    "cnbcindonesia": ("https://www.cnbcindonesia.com/tag/kamboja",),
    "tribun-batam": (
        "https://batam.tribunnews.com/tag/kamboja",
        "https://batam.tribunnews.com/kepri",
    ),
    "kumparan": ("https://kumparan.com/topic/kamboja",),
    "viva": ("https://www.viva.co.id/tag/kamboja",),
    "kbr": ("https://kbr.id/articles/indeks", "https://kbr.id/articles/berita"),
    "metrotvnews": ("https://www.metrotvnews.com/play/AbC12-kemlu-pulangkan-wni",),
    "voi": ("https://voi.id/artikel/cari?q=kamboja", "https://voi.id/en/artikel/indeks?page=2"),
    "independen": (
        "https://independen.id/tentang-kami",
        "https://independen.id/user/redaksi-satu-dua",
    ),
    "batampos": ("https://batampos.co.id/tag/kamboja-raya/", "https://batampos.co.id/kriminal"),
    "setkab": ("https://setkab.go.id/category/berita/page/2/", "https://setkab.go.id/kontak"),
    "kemenkopmk": ("https://www.kemenkopmk.go.id/index.php/kolom/berita",),
    "camboja": ("https://cambojanews.com/category/human-rights-news/",),
    "rfa-en": ("https://www.rfa.org/khmer/news/politics/raid-2026.html",),
    "aljazeera": ("https://www.aljazeera.com/gallery/2026/9/12/raid",),
    "cna": ("https://www.channelnewsasia.com/watch/raid-frees-hundreds-5312345",),
}


@pytest.mark.parametrize(("source_id", "url"), [(i, u) for i, us in EXAMPLES.items() for u in us])
def test_articles_match(source_id: str, url: str) -> None:
    source = SOURCES[source_id]
    assert re.search(source.article_url, url)
    assert is_own_host(url.split("/")[2], source.hosts)


@pytest.mark.parametrize(("source_id", "url"), [(i, u) for i, us in OTHERS.items() for u in us])
def test_other_pages_do_not(source_id: str, url: str) -> None:
    assert not re.search(SOURCES[source_id].article_url, url)


LONG = 20_000
HOSTILE = [
    unit * (LONG // len(unit)) for unit in ("a", "-", "a-", "1", "/", "a/", "1/", "a-1/", "x=1&")
]


def test_address_patterns_are_linear() -> None:
    """No pattern may take long on an address that a hostile list makes up."""
    slow = []
    for source in SOURCES.values():
        pattern = re.compile(source.article_url)
        stems = [f"https://{host}/" for host in source.hosts]
        stems += EXAMPLES.get(source.source_id, ())
        for stem in stems[:3]:
            for tail in HOSTILE:
                began = time.process_time()
                pattern.search(f"{stem}{tail}!?")
                if time.process_time() - began > 1.0:
                    slow.append((source.source_id, tail[:4]))
    assert not slow


def test_boilerplate_patterns_are_linear() -> None:
    lines = {line for source in SOURCES.values() for line in source.boilerplate}
    openings = (
        "Baca juga: ",
        "Ikuti berita ",
        "Simak ",
        "[Gambas:",
        "(a",
        "COPYRIGHT © ANTARA ",
        "",
    )
    slow = []
    for line in lines:
        pattern = re.compile(line)
        for opening in openings:
            for unit in ("a", " ", "a ", "Google News", "]", "("):
                text = opening + unit * (10 * LONG // len(unit)) + "\x00"
                began = time.process_time()
                pattern.match(text)
                pattern.fullmatch(text)
                if time.process_time() - began > 1.0:
                    slow.append((line, opening, unit))
    assert not slow


def test_boilerplate_spares_prose() -> None:
    prose = (
        "Polisi menyimak laporan warga soal lowongan kerja di Kamboja.",
        "Editor buku itu meninggal di Phnom Penh, kata keluarganya.",
        "Ikuti sidang perdana, tiga terdakwa mengaku dibayar lewat aplikasi.",
        "Baca tulis menjadi syarat yang diminta perekrut kepada para korban.",
        "Sumber di kepolisian mengatakan 21 orang sudah dipulangkan.",
    )
    for source in SOURCES.values():
        for pattern in source.boilerplate:
            assert not any(re.match(pattern, line) for line in prose), (source.source_id, pattern)


# --- golden pages -------------------------------------------------------------------------------------

FAMILIES = (
    "antaranews",
    "detik",
    "kompas",
    "okezone",
    "tempo",
    "tribunnews",
    "mediaindonesia",
    "khmertimes",
    "rappler",
    "bangkokpost",
    "malaymail",
    "taipeitimes",
)  # fmt: skip


@pytest.mark.parametrize("source_id", FAMILIES)
def test_golden_page_of_the_template_reads_with_the_selectors_of_the_catalogue(
    source_id: str,
) -> None:
    source = SOURCES[source_id]
    folder = GOLDEN / COUNTRIES[source.country][0] / source_id
    read = 0
    for path in sorted(folder.glob("????-??-??.json")):
        described = json.loads(path.read_text(encoding="utf-8"))
        given = Source(**described["source"]).model_copy(
            update={"selectors": source.selectors, "boilerplate": source.boilerplate}
        )
        page = Page.of(
            given.source_id,
            described["url"],
            path.with_suffix(".html").read_bytes(),
            dt.datetime.fromisoformat(described["fetched_at"]),
            content_type=described.get("content_type", "text/html; charset=utf-8"),
        )
        article = articles.extract(page, given)
        assert isinstance(article, Article), article
        assert article.title == described["expect"]["title"]
        assert article.body.split("\n") == described["expect"]["body"]
        assert str(article.published_date) == described["expect"]["published_date"]
        read += 1
    assert read


def test_editions_share_the_selectors_of_their_template() -> None:
    for prefix, template in (("antara-", "antaranews"), ("tribun-", "tribunnews")):
        for name, source in SOURCES.items():
            if name.startswith(prefix):
                assert source.selectors == SOURCES[template].selectors, name
