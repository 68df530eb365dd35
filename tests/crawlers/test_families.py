"""One invented site per family of lists, crawled by the real spiders in the real child process.

Every site has the same side column of articles that its list does not hold, and the same three kinds of titles:
two on the subject, one of other news. What is asked for must be the first two, and nothing beside the list.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from crawlers import catalog
from crawlers.crawl import CrawlResult, SourceState, crawl
from crawlers.listings import list_links
from pipeline.records import FetchState, JsonFields, Listing, Source
from tests.crawlers import test_crawl as farming
from tests.crawlers.test_crawl import DAY, Answer, Farm, html, source

farm = farming.farm

TITLES = {
    "sebelas": "Sebelas WNI Dipulangkan dari Kamboja",
    "gerebek": "Polisi Gerebek Markas Penipuan Daring",
    "cabai": "Harga Cabai Naik Jelang Akhir Pekan",
}
ON_SUBJECT = {"sebelas", "gerebek"}
# On the subject too, so that a list that takes it in is found out.
BESIDE = "wni-di-samping"
WHEN = "2026-09-02T23:30:00+07:00"


def address(name: str, slug: str) -> str:
    return f"http://{name}.test/a/{slug}"


def cards(name: str, *slugs: str) -> str:
    """Return a list as outlets mark it up: the picture and the heading of a card link alike."""
    return "".join(
        f'<article class="card"><a href="{address(name, slug)}"><img src="/x.jpg"></a>'
        f'<h3><a href="{address(name, slug)}">{TITLES[slug]}</a></h3></article>'
        for slug in slugs
    )


def page(name: str, *slugs: str) -> Answer:
    """Return a page with the list in the middle and the same markup all around it."""
    beside = f'<article class="card"><h3><a href="{address(name, BESIDE)}">WNI di Samping</a></h3></article>'
    return Answer(
        html(
            "Daftar",
            f"<nav>{beside}</nav><main><div class='list'>{cards(name, *slugs)}</div>"
            f"<div class='popular'>{beside}</div></main><aside>{beside}</aside><footer>{beside}</footer>",
        )
    )


def feed(name: str, slugs: Iterator[str] | dict[str, str]) -> Answer:
    items = "".join(
        f"<item><title>{TITLES[slug]}</title><link>{address(name, slug)}</link>"
        "<pubDate>Wed, 02 Sep 2026 23:30:00 WIB</pubDate></item>"
        for slug in slugs
    )
    return Answer(f'<rss version="2.0"><channel><title>f</title>{items}</channel></rss>'.encode())


def posts(name: str, *slugs: str) -> list[dict[str, object]]:
    return [
        {
            "link": address(name, slug),
            "date": "2026-09-02T23:30:00",
            "date_gmt": "2026-09-02T16:30:00",
            "title": {"rendered": TITLES[slug]},
            "excerpt": {"rendered": "<p>Teras berita.</p>"},
        }
        for slug in slugs
    ]


def data(document: object) -> Answer:
    return Answer(json.dumps(document).encode(), kind="application/json")


class Wordpress:
    """Posts over two pages, and what WordPress answers behind the last."""

    def __init__(self, farm: Farm, name: str) -> None:
        self.name = name
        self.url = f"http://{name}.test/wp-json/wp/v2/posts"
        self.listing = Listing(kind="wordpress", url=self.url)
        day = f"after={DAY - dt.timedelta(days=3)}T23:59:59&before={DAY + dt.timedelta(days=1)}T00:00:00"
        fields = "_fields=link,date,date_gmt,title,excerpt&per_page=100"
        for number, slugs in enumerate((("sebelas", "cabai"), ("gerebek",)), start=1):
            answer = data(posts(name, *slugs))
            answer.headers["X-WP-TotalPages"] = "2"
            farm.routes[f"{self.url}?{fields}&page={number}&{day}"] = answer


def plant(farm: Farm) -> list[Source]:
    """Return the sources of the fake web, planted on the farm."""
    names = (
        "feed", "sitemap", "index", "tag", "search", "wpfeed", "wpjson", "json", "nextdata", "small",
    )  # fmt: skip
    for name in (f"fam{each}" for each in names):
        farm.routes[f"http://{name}.test/robots.txt"] = Answer(b"", 404)
        for slug in (*TITLES, BESIDE):
            farm.routes[address(name, slug)] = Answer(html(TITLES.get(slug, BESIDE)))
    every = tuple(TITLES)
    farm.routes["http://famfeed.test/feed"] = feed("famfeed", TITLES)
    farm.routes["http://famwpfeed.test/feed/"] = feed("famwpfeed", TITLES)
    farm.routes["http://famsmall.test/feed"] = feed("famsmall", TITLES)
    farm.routes["http://famsitemap.test/news.xml"] = Answer(
        (
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
            ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
            + "".join(
                f"<url><loc>{address('famsitemap', slug)}</loc><news:news><news:publication_date>{WHEN}"
                f"</news:publication_date><news:title>{TITLES[slug]}</news:title></news:news></url>"
                for slug in every
            )
            + "</urlset>"
        ).encode(),
        kind="text/xml",
    )
    by_day = {DAY: ("sebelas",), DAY - dt.timedelta(days=1): ("gerebek", "cabai")}
    for back in range(3):
        day = DAY - dt.timedelta(days=back)
        farm.routes[f"http://famindex.test/indeks?d={day}&p=1"] = page(
            "famindex", *by_day.get(day, ())
        )
        farm.routes[f"http://famindex.test/indeks?d={day}&p=2"] = page("famindex")
    # All of a tag was filed under it, whatever its titles say.
    farm.routes["http://famtag.test/tag/wni-korban-tppo/1"] = page("famtag", *every)
    farm.routes["http://famtag.test/tag/wni-korban-tppo/2"] = page("famtag")
    farm.routes["http://famsearch.test/cari?q=WNI+disekap&p=1"] = page("famsearch", "sebelas")
    farm.routes["http://famsearch.test/cari?q=WNI+disekap&p=2"] = page("famsearch", "gerebek")
    farm.routes["http://famsearch.test/cari?q=WNI+disekap&p=3"] = page("famsearch")
    stored = [
        {"slug": slug, "judul": TITLES[slug], "waktu": "2 September 2026 23:30 WIB"}
        for slug in every
    ]
    farm.routes["http://famjson.test/api/berita?page=1"] = data({"data": {"items": stored}})
    farm.routes["http://famjson.test/api/berita?page=2"] = data({"data": {"items": []}})
    inside = json.dumps({"props": {"berita": stored}})
    farm.routes["http://famnextdata.test/"] = Answer(
        html("Depan", f'<script id="__NEXT_DATA__" type="application/json">{inside}</script>')
    )
    fields = {"url": "/a/{slug}", "title": "judul", "date": "waktu"}
    links = "div.list h3 a, div.list article > a"

    def listing(kind: str, url: str) -> tuple[Listing, ...]:
        return (Listing.model_validate({"kind": kind, "url": url, "links": links}),)

    return [
        source("famfeed", feeds=("http://famfeed.test/feed",)),
        source("famsitemap", sitemaps=("http://famsitemap.test/news.xml",)),
        source(
            "famindex",
            listings=listing("index", "http://famindex.test/indeks?d={date:%Y-%m-%d}&p={page}"),
        ),
        source("famtag", listings=listing("tag", "http://famtag.test/tag/wni-korban-tppo/{page}")),
        source(
            "famsearch", listings=listing("search", "http://famsearch.test/cari?q={query}&p={page}")
        ),
        source("famwpfeed", feeds=("http://famwpfeed.test/feed/",)),
        source("famwpjson", listings=(Wordpress(farm, "famwpjson").listing,)),
        source(
            "famjson",
            listings=(
                Listing(
                    kind="json",
                    url="http://famjson.test/api/berita?page={page}",
                    fields=JsonFields(items="data.items", **fields),
                ),
            ),
        ),
        source(
            "famnextdata",
            listings=(
                Listing(
                    kind="json",
                    url="http://famnextdata.test/",
                    fields=JsonFields(
                        script="script#__NEXT_DATA__", items="props.berita", **fields
                    ),
                ),
            ),
        ),
        source("famsmall", feeds=("http://famsmall.test/feed",), expects_per_day=(1, 10)),
    ]


def run(farm: Farm, folder: Path, sources: list[Source], **values: object) -> CrawlResult:
    own = {"titles_first": True, "queries": ("WNI disekap",)} | {
        name: value for name, value in values.items() if name not in ("skipped", "validators")
    }
    given = {name: value for name, value in values.items() if name in ("skipped", "validators")}
    result = crawl(
        sources,
        archive_dir=folder,
        run_id="families",
        settings=farming.settings(farm, **own),
        since=DAY - dt.timedelta(days=2),
        day=DAY,
        **given,  # type: ignore[arg-type]
    )
    assert not result.error
    return result


@pytest.fixture(scope="module")
def sources(farm: Farm) -> list[Source]:
    return plant(farm)


@pytest.fixture(scope="module")
def found(
    farm: Farm, sources: list[Source], tmp_path_factory: pytest.TempPathFactory
) -> CrawlResult:
    return run(farm, tmp_path_factory.mktemp("archive"), sources)


def ends(result: CrawlResult, name: str) -> dict[str, FetchState]:
    """Return the state of each article address of a source; each must have one."""
    told = [each for each in result.fetches if each.source_id == name and each.kind == "article"]
    assert len({each.url for each in told}) == len(told)
    return {each.url.rpartition("/")[2]: each.state for each in told}


FAMILIES = ("feed", "sitemap", "index", "wpfeed", "wpjson", "json", "nextdata")


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_asks_for_what_its_list_holds_and_hints_at_the_subject(
    found: CrawlResult, farm: Farm, family: str
) -> None:
    name = f"fam{family}"
    assert ends(found, name) == {
        "sebelas": FetchState.FETCHED,
        "gerebek": FetchState.FETCHED,
        "cabai": FetchState.SKIPPED,
    }
    assert found.source_states[name] == SourceState("ok")
    asked = {
        urlsplit(url).path.rpartition("/")[2] for url in farm.urls() if f"//{name}.test/a/" in url
    }
    assert asked == ON_SUBJECT


@pytest.mark.parametrize(
    ("family", "expected"), [("tag", set(TITLES)), ("search", ON_SUBJECT), ("small", set(TITLES))]
)
def test_tags_searches_and_small_sources_are_read_whole(
    found: CrawlResult, family: str, expected: set[str]
) -> None:
    assert ends(found, f"fam{family}") == dict.fromkeys(expected, FetchState.FETCHED)


def test_every_list_of_every_family_has_a_state(found: CrawlResult) -> None:
    lists = [each for each in found.fetches if each.kind in ("feed", "sitemap", "listing")]
    assert {each.source_id for each in lists} == set(found.source_states)
    # The last page of a list may be empty; nothing else than that went wrong.
    assert {each.state for each in lists} == {FetchState.FETCHED, FetchState.EMPTY}


def test_what_is_skipped_says_its_title_and_day_and_is_told_once(
    found: CrawlResult, farm: Farm, sources: list[Source], tmp_path: Path
) -> None:
    skipped = [each for each in found.fetches if each.state is FetchState.SKIPPED]
    assert {each.source_id for each in skipped} == {f"fam{family}" for family in FAMILIES}
    dated = {each.source_id: each.listed_date for each in skipped}
    assert dated.pop("famindex") is None  # neither its cards nor its addresses tell a day
    assert set(dated.values()) == {
        dt.date(2026, 9, 2)
    }  # 23:30 there, whatever the zone of a reader
    assert {each.detail for each in skipped} == {TITLES["cabai"]}
    again = run(
        farm, tmp_path, sources[:1], skipped=[each.url for each in skipped],
        validators=found.validators,
    )  # fmt: skip
    assert again.count(FetchState.SKIPPED) == 0


def test_one_setting_fetches_everything(farm: Farm, sources: list[Source], tmp_path: Path) -> None:
    whole = run(farm, tmp_path, sources[:1], titles_first=False)
    assert ends(whole, "famfeed") == dict.fromkeys(TITLES, FetchState.FETCHED)


def test_a_window_of_wordpress_is_bounded_by_days_of_the_site(
    farm: Farm, found: CrawlResult
) -> None:
    asked = [
        parse_qs(urlsplit(url).query) for url in farm.urls() if "famwpjson.test/wp-json" in url
    ]
    assert [each["page"] for each in asked] == [["1"], ["2"]]
    assert {(each["after"][0], each["before"][0]) for each in asked} == {
        ("2026-08-31T23:59:59", "2026-09-04T00:00:00")
    }


# --- the selectors of the catalogue -----------------------------------------------------------------

# A page whose every link lies beside a list, in the forms that outlets use.
AROUND = "".join(
    f"<{tag}><ul><li><article class='card'><h2><a href='/x'>x</a></h2><h3><a href='/x'>x</a></h3>"
    f"<div><p><a href='/x'>x</a></p></div></article></li></ul></{tag}>"
    for tag in ("nav", "aside", "footer")
)


def test_no_listing_of_the_catalogue_takes_links_from_menus_side_columns_or_footers() -> None:
    from scrapy.http import HtmlResponse

    around = HtmlResponse(
        "https://www.warta.example/", body=f"<html><body>{AROUND}</body></html>", encoding="utf-8"
    )
    for described in catalog.load():
        for listing in described.listings:
            if listing.links:
                taken = list_links(around, listing.links)
                assert not taken, (described.source_id, listing.links)
