from __future__ import annotations

import datetime as dt
import gzip
import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import feedparser
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html

from crawlers import sample
from crawlers.sample import lists, pages, site
from crawlers.sample.stories import HERE, Outlet, Story, local_day, outlets, stories, stories_of
from pipeline.records import Source

ROOT = Path(__file__).parents[2]
EXPECTED: dict[str, Any] = json.loads(
    (ROOT / "tests/flows/sample_expected.json").read_text(encoding="utf-8")
)
WHOLE = [story for story in stories() if story.state == "whole"]
BARRED = [story for story in stories() if story.state == "barred"]
VOID = {"meta", "link", "img", "br", "input", "hr"}
BY_ID = {story.story_id: story for story in stories()}


def url_of(story: Story) -> str:
    return outlets()[story.outlet].url(story)


def body_at(url: str) -> bytes:
    found = site.answer(url)
    assert found is not None
    assert found.status == 200, url
    return found.body


def described() -> dict[str, Source]:
    found = [
        Source.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        for path in sorted((HERE / "sources").rglob("*.yml"))
    ]
    return {source.source_id: source for source in found}


def squeezed(text: str) -> str:
    return " ".join(text.split())


class Balance(HTMLParser):
    """Raises on an end tag that closes something else."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open.pop() == tag


# --- the pages -------------------------------------------------------------------------------------


def test_there_are_eight_outlets_and_about_fifty_stories_within_the_fixed_days() -> None:
    assert len(outlets()) == 8
    assert 40 <= len(stories()) <= 60
    assert all(sample.FIRST_DAY <= local_day(story) <= sample.LAST_DAY for story in stories())
    assert {story.outlet for story in stories()} == set(outlets())
    assert all(host.endswith(".example") for host in site.hosts())


@pytest.mark.parametrize("story", WHOLE, ids=lambda story: story.story_id)
def test_a_page_is_well_formed_and_holds_its_story(story: Story) -> None:
    outlet = outlets()[story.outlet]
    raw = pages.render(story, outlet, None)
    balance = Balance()
    balance.feed(raw.decode())
    assert balance.open == []

    tree = lxml_html.document_fromstring(raw)
    selectors = described()[story.outlet].selectors[0]
    (title,) = tree.cssselect(selectors.title)
    assert squeezed(title.text_content()) == story.title
    (body,) = tree.cssselect(selectors.body)
    text = squeezed(body.text_content())
    assert all(squeezed(paragraph) in text for paragraph in story.paragraphs)
    assert selectors.published is not None
    assert tree.cssselect(selectors.published)
    (canonical,) = tree.xpath("//link[@rel='canonical']/@href")
    assert canonical == url_of(story)


@pytest.mark.parametrize("story", WHOLE, ids=lambda story: story.story_id)
def test_a_page_says_that_it_is_invented_outside_the_article(story: Story) -> None:
    outlet = outlets()[story.outlet]
    raw = pages.render(story, outlet).decode()
    assert pages.INVENTED_COMMENT in raw
    tree = lxml_html.document_fromstring(raw)
    footer = pages.FOOTERS[outlet.language]
    assert any(footer in node.text_content() for node in tree.cssselect("footer"))
    (body,) = tree.cssselect(described()[story.outlet].selectors[0].body)
    assert footer not in body.text_content()


def test_amp_copies_point_to_the_full_page_and_hold_the_same_text() -> None:
    for story in stories_of("samudra"):
        if not story.host:
            raw = body_at(pages.amp_url(story))
            tree = lxml_html.document_fromstring(raw)
            assert tree.xpath("//link[@rel='canonical']/@href") == [url_of(story)]
            assert all(p in squeezed(tree.text_content()) for p in story.paragraphs)


@pytest.mark.parametrize(
    ("outlet_id", "lines"),
    [
        ("warta-harian", ["ADVERTISEMENT", "Baca juga:", "WhatsApp Channel", "2 komentar"]),
        (
            "kilat-kabar",
            ["SCROLL TO CONTINUE WITH CONTENT", "[Gambas:Video", "(rds/end)", "Simak Video"],
        ),
        ("pekan-warta", ["Pilihan Editor:"]),
        ("samudra", ["Pewarta:", "Editor:", "COPYRIGHT ©", "Dilarang keras", "Baca juga:"]),
        ("lensa-daerah", ["Baca Juga :", "saluran WhatsApp", "Penulis:"]),
        ("kabar-kini", ["Baca Juga:", "Follow WhatsApp Channel", "Telusuri berita"]),
        ("mekong-ledger", ["ADVERTISEMENT", "Related Posts"]),
        ("isla-monitor", ["ADVERTISEMENT", "READ:", "Related Stories"]),
    ],
)
def test_an_outlet_carries_its_house_boilerplate(outlet_id: str, lines: list[str]) -> None:
    outlet = outlets()[outlet_id]
    told = [pages.render(s, outlet, None).decode() for s in stories_of(outlet_id) if s in WHOLE]
    for line in lines:
        assert any(line in squeezed(re.sub(r"<[^>]+>", "", page)) for page in told), line


def test_related_items_carry_other_times_than_the_article() -> None:
    for story in WHOLE:
        tree = lxml_html.document_fromstring(pages.render(story, outlets()[story.outlet]))
        shown = tree.xpath("//div[@class='item']/time/@datetime")
        assert shown
        assert story.published.isoformat() not in shown


def test_json_ld_comes_plain_as_graph_and_not_at_all() -> None:
    kinds = set()
    for story in WHOLE:
        tree = lxml_html.document_fromstring(pages.render(story, outlets()[story.outlet]))
        blocks = tree.xpath("//script[@type='application/ld+json']/text()")
        data = json.loads(blocks[0]) if blocks else {}
        kinds.add("graph" if "@graph" in data else "plain" if data else "none")
        for item in data.get("@graph", [data] if data else []):
            if item["@type"] == "NewsArticle":
                assert item["headline"] == story.title
                assert dt.datetime.fromisoformat(item["datePublished"]) == story.published
    assert kinds == {"graph", "plain", "none"}


def test_split_articles_are_whole_only_when_every_part_is_read() -> None:
    split = [story for story in WHOLE if len(story.parts) > 1]
    assert {described()[story.outlet].paging.kind for story in split} == {"query", "follow"}
    for story in split:
        paging = described()[story.outlet].paging
        url = url_of(story)
        first = squeezed(lxml_html.document_fromstring(body_at(url)).text_content())
        assert story.paragraphs[-1] not in first
        if paging.kind == "query":
            whole = lxml_html.document_fromstring(body_at(f"{url}?{paging.value}"))
            assert all(p in squeezed(whole.text_content()) for p in story.paragraphs)
        else:
            (following,) = lxml_html.document_fromstring(body_at(url)).cssselect(paging.value)
            rest = lxml_html.document_fromstring(body_at(following.get("href")))
            assert story.paragraphs[-1] in squeezed(rest.text_content())
            assert not rest.cssselect(paging.value)
        beyond = site.answer(f"{url}?page={len(story.parts) + 1}")
        assert beyond is not None
        assert beyond.status == 404


def test_the_bad_pages_are_bad_in_the_way_they_promise() -> None:
    (cut,) = [story for story in stories() if story.state == "cut"]
    (empty,) = [story for story in stories() if story.state == "empty"]
    assert b"<h1" not in body_at(url_of(cut))
    assert b"</html>" not in body_at(url_of(cut))
    assert body_at(url_of(empty)) == b""


# --- the prose -------------------------------------------------------------------------------------

SPEAKERS = (
    "Juru|Direktur|Kepala|Kabid|Duta|Pejabat|Kemlu|KBRI|Menurutnya|Kementerian|Data|BP3MI|Rabu|"
    "Migrant|LICADHO|PAOCC|Thursday|Friday|Saturday|September"
)
NAME_PATTERNS = (
    re.compile(r"\b(?:bernama|berinisial|alias|named|identified as|surnamed)\b", re.I),
    re.compile(r"\b(?:Bapak|Ibu|Pak|Bu|Sdr|Mr|Mrs|Ms|Tuan|Nyonya)\.? [A-Z]"),
    re.compile(r"\b[A-Z][a-z]+(?: [A-Z][a-z]+)? \(\d{2}\)"),  # a name with an age
    re.compile(r"\b[A-Z]{1,4} \(\d{2}\)"),  # initials with an age
    re.compile(
        rf"\b(?:kata|ujar|ucap|tutur|jelas|said|says|according to) (?!(?:{SPEAKERS})\b)[A-Z]"
    ),
)


@pytest.mark.parametrize("pattern", NAME_PATTERNS, ids=lambda pattern: pattern.pattern[:20])
def test_no_story_names_a_person(pattern: re.Pattern[str]) -> None:
    for story in stories():
        for text in (story.title, *story.paragraphs):
            assert not pattern.search(text), (story.story_id, text)


def test_bylines_are_desks_or_initials() -> None:
    desk = re.compile(r"^(?:[A-Z]{3}|Samudra|Staff reporters|(?:Tim|Redaksi|Isla Monitor)\b.*)$")
    assert all(story.byline is None or desk.match(story.byline) for story in stories())


def test_weekdays_agree_with_their_dates() -> None:
    days = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
    printed = re.compile(rf"({'|'.join(days)})(?: \w+){{0,2}} \((\d{{1,2}})/(\d{{1,2}})")
    spelt = re.compile(rf"({'|'.join(days)}), (\d{{1,2}}) September 2026")
    english = re.compile(r"(\w+day), September (\d{1,2})\b")
    seen = 0
    for story in stories():
        for text in story.paragraphs:
            for name, day, month in printed.findall(text):
                assert days[dt.date(2026, int(month), int(day)).weekday()] == name, text
                seen += 1
            for name, day in spelt.findall(text):
                assert days[dt.date(2026, 9, int(day)).weekday()] == name, text
                seen += 1
            for name, day in english.findall(text):
                assert f"{dt.date(2026, 9, int(day)):%A}" == name, text
                seen += 1
    assert seen > 30  # the patterns find something


# --- what leads to them ----------------------------------------------------------------------------


def feed_links(url: str) -> list[str]:
    read = feedparser.parse(body_at(url))
    assert not read.bozo, url
    return [entry.link for entry in read.entries]


def all_urls(outlet_id: str) -> set[str]:
    return {url_of(story) for story in stories() if story.outlet == outlet_id}


def test_feeds_list_exactly_their_articles() -> None:
    for outlet_id, url in [
        ("pekan-warta", "http://www.pekanwarta.example/rss/nasional"),
        ("samudra", "http://www.samudranews.example/rss/terkini.xml"),
        ("mekong-ledger", "http://www.mekongledger.example/feed/"),
        ("isla-monitor", "http://www.islamonitor.example/feed/atom/"),
    ]:
        links = feed_links(url)
        assert {link.partition("?")[0] for link in links} == all_urls(outlet_id)
        assert len(links) == len(set(links))


def test_one_feed_holds_a_missing_and_a_failing_link_and_one_cannot_be_read() -> None:
    host = outlets()["kabar-kini"].host
    links = feed_links(f"http://{host}/sindikasi/nasional.rss")
    extra = set(links) - all_urls("kabar-kini")
    assert all_urls("kabar-kini") < set(links)
    found = {url: site.answer(url) for url in extra}
    assert sorted(answer.status for answer in found.values() if answer) == [404, 500]
    broken = feedparser.parse(body_at(f"http://{host}/sindikasi/rusak.rss"))
    assert broken.bozo
    assert not broken.entries


def test_the_wordpress_feed_carries_full_texts() -> None:
    read = feedparser.parse(body_at("http://www.mekongledger.example/feed/"))
    by_url = {url_of(story): story for story in stories_of("mekong-ledger")}
    for entry in read.entries:
        assert all(
            p in entry.content[0].value
            for p in by_url[entry.link].paragraphs
            if "'" not in p and '"' not in p
        )


def locations(url: str) -> list[str]:
    root = etree.fromstring(body_at(url))
    return [node.text for node in root.iter("{*}loc")]


def test_sitemaps_list_exactly_their_articles() -> None:
    assert set(locations("http://www.wartaharian.example/sitemap-news.xml")) == all_urls(
        "warta-harian"
    )
    assert set(locations("http://news.kilatkabar.example/sitemap_news.xml")) == all_urls(
        "kilat-kabar"
    )
    children = locations("http://www.lensadaerah.example/sitemap.xml")
    assert len(children) == 2
    listed = [url for child in children for url in locations(child)]
    assert len(listed) == len(set(listed))
    assert set(listed) == all_urls("lensa-daerah")


def test_the_dated_index_shows_each_article_on_its_day() -> None:
    source = described()["warta-harian"]
    (listing,) = source.listings
    seen: set[str] = set()
    day = sample.FIRST_DAY
    while day <= sample.LAST_DAY:
        tree = lxml_html.document_fromstring(body_at(listing.url.format(date=day, page=1)))
        cards = {link.get("href") for link in tree.cssselect(listing.links)}
        own = {url_of(s) for s in stories_of("warta-harian") if local_day(s) == day}
        assert cards == own
        seen |= cards
        after = lxml_html.document_fromstring(body_at(listing.url.format(date=day, page=2)))
        assert not after.cssselect(listing.links)
        day += dt.timedelta(days=1)
    assert seen == all_urls("warta-harian")


def test_the_tag_page_lists_its_subject_and_one_amp_copy() -> None:
    (listing,) = described()["samudra"].listings
    tree = lxml_html.document_fromstring(body_at(listing.url.format(page=1)))
    links = [link.get("href") for link in tree.cssselect(listing.links)]
    amp = [link for link in links if "/amp/" in link]
    assert len(amp) == 1
    tagged = {url_of(s) for s in stories_of("samudra") if "wni" in s.tags}
    plain = {
        link.replace("m.samudranews", "www.samudranews").replace("/amp/", "/") for link in links
    }
    assert plain == tagged


def test_off_topic_links_stay_outside_the_lists_and_lead_nowhere() -> None:
    for outlet in outlets().values():
        pattern = re.compile(described()[outlet.outlet_id].article_url)
        for title in outlet.sidebar:
            url = f"http://{outlet.host}{pages.side_path(outlet, title)}"
            assert not pattern.match(url)
            found = site.answer(url)
            assert found is not None
            assert found.status == 404


def test_the_barred_page_is_linked_by_its_feed_alone() -> None:
    (barred,) = BARRED
    outlet = outlets()[barred.outlet]
    assert barred.path.startswith(outlet.barred_path)
    assert (
        f"Disallow: {outlet.barred_path}\n" in body_at(f"http://{outlet.host}/robots.txt").decode()
    )
    linking = []
    for url in site.addresses():
        found = site.answer(url)
        assert found is not None
        if barred.path.encode() in found.body and url != url_of(barred):
            linking.append(url)
    assert linking == ["http://www.pekanwarta.example/rss/nasional"]


# --- the sources -----------------------------------------------------------------------------------


def test_sources_describe_the_outlets_and_every_way_in_answers() -> None:
    found = described()
    assert set(found) == set(outlets())
    for source in found.values():
        assert source.enabled
        assert source.politeness.delay_s == 0
        assert "invented" in source.evidence.note
        for url in (*source.feeds, *source.sitemaps, source.homepage):
            body_at(url)
        pattern = re.compile(source.article_url)
        for url in all_urls(source.source_id):
            assert pattern.match(url)
            assert re.match(r"http://([^/]+)/", url)
            assert url.split("/")[2] in source.hosts


def test_the_catalogue_loads_them() -> None:
    assert {source.source_id: source for source in sample.sources()} == described()


# --- what a run should find ------------------------------------------------------------------------


def test_expected_articles_are_those_of_the_sample() -> None:
    rows = {row["story"]: row for row in EXPECTED["articles"]}
    assert set(rows) == {story.story_id for story in stories() if story.state != "barred"}
    for story in WHOLE:
        row = rows[story.story_id]
        assert row["url"] == url_of(story)
        assert row["title"] == story.title
        assert row["published"] == local_day(story).isoformat()
        assert row["language"] == outlets()[story.outlet].language
        assert row["parts"] == len(story.parts)


def printed_forms(value: int, language: str) -> set[str]:
    grouped = f"{value:,}"
    return {str(value), grouped.replace(",", "." if language == "id" else ",")}


def text_at(url: str) -> tuple[str, str]:
    (story,) = [story for story in WHOLE if url_of(story) == url]
    return "\n".join((story.title, *story.paragraphs)), outlets()[story.outlet].language


def prints(url: str, value: int) -> bool:
    text, language = text_at(url)
    return any(
        re.search(rf"(?<![\d.,]){re.escape(f)}(?![\d]|[.,]\d)", text)
        for f in printed_forms(value, language)
    )


def test_expected_figures_stand_in_the_texts_they_come_from() -> None:
    for incident in EXPECTED["incidents"]:
        members = incident["member_urls"]
        assert members
        values = {row["value"] for row in incident.get("series", [])}
        # Small counts are written as words ("seorang", "empat", "dua terdakwa").
        values |= {v for v in (incident["persons_best"], incident["persons_low"]) if v and v > 11}
        for value in values:
            assert any(prints(url, value) for url in members), (incident["key"], value)
    for row in EXPECTED["statistics"]:
        assert prints(row["url"], row["value"]), row


def test_expected_incidents_rest_on_relevant_articles_and_known_parents() -> None:
    relevant = {row["url"] for row in EXPECTED["articles"] if row.get("relevant")}
    keys = {incident["key"] for incident in EXPECTED["incidents"]}
    told: set[str] = set()
    for incident in EXPECTED["incidents"]:
        assert set(incident["member_urls"]) <= relevant
        assert set(incident["background_urls"]) <= relevant
        assert incident["parent"] is None or incident["parent"] in keys
        told |= set(incident["member_urls"])
    statistics_only = relevant - told
    assert statistics_only == {row["url"] for row in EXPECTED["statistics"]}
    assert EXPECTED["inflation"]["naive_sum"] > 3 * EXPECTED["inflation"]["true_total"]


def test_the_growing_tally_is_told_by_several_owners() -> None:
    (tally,) = [i for i in EXPECTED["incidents"] if i["key"] == "walkin-phnompenh"]
    owner = {url: row.owner for row in described().values() for url in all_urls(row.source_id)}
    assert len({owner[url] for url in tally["member_urls"]}) >= 4
    values = [row["value"] for row in tally["series"]]
    assert values == sorted(values)


# --- bytes and wire --------------------------------------------------------------------------------

DIGEST = (
    "import hashlib\n"
    "from crawlers.sample import site\n"
    "whole = hashlib.sha256()\n"
    "for url in site.addresses():\n"
    "    found = site.answer(url)\n"
    "    whole.update(url.encode() + found.body)\n"
    "print(whole.hexdigest())\n"
)


def test_every_process_renders_the_same_bytes() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Jakarta"))
    }
    assert len(digests) == 1


def opener(proxy_url: str) -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(urllib.request.ProxyHandler({"http": proxy_url}))


def test_the_proxy_serves_every_page_over_http() -> None:
    with sample.serve() as served:
        ask = opener(served.proxy_url)
        for story in stories():
            with ask.open(url_of(story), timeout=10) as reply:
                assert reply.status == 200
                assert reply.read() == pages.render(story, outlets()[story.outlet])
        assert [asked.url for asked in served.requests] == [url_of(s) for s in stories()]
        assert served.urls() == [url_of(s) for s in stories()]


def test_the_proxy_knows_etags_compression_and_heads() -> None:
    story = WHOLE[0]
    url = url_of(story)
    with sample.serve() as served:
        ask = opener(served.proxy_url)
        with ask.open(url, timeout=10) as reply:
            plain, etag = reply.read(), reply.headers["ETag"]
        with ask.open(
            urllib.request.Request(url, headers={"Accept-Encoding": "gzip"}), timeout=10
        ) as reply:
            assert reply.headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(reply.read()) == plain
        with pytest.raises(urllib.error.HTTPError) as unchanged:
            ask.open(urllib.request.Request(url, headers={"If-None-Match": etag}), timeout=10)
        assert unchanged.value.code == 304
        with ask.open(urllib.request.Request(url, method="HEAD"), timeout=10) as reply:
            assert int(reply.headers["Content-Length"]) == len(plain)
            assert reply.read() == b""


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("http://www.wartaharian.example/tidak-ada", 404),
        (f"http://nasional.kabarkini.example{lists.GONE_PATH}", 404),
        (f"http://nasional.kabarkini.example{lists.FAILING_PATH}", 500),
        ("http://elsewhere.test/", 502),
        ("http://www.wartaharian.example/indeks?date=kemarin", 404),
    ],
)
def test_the_proxy_refuses_what_is_not_there(url: str, status: int) -> None:
    with sample.serve() as served, pytest.raises(urllib.error.HTTPError) as refused:
        opener(served.proxy_url).open(url, timeout=10)
    assert refused.value.code == status
    assert served.requests[-1].status == status


def test_the_proxy_stops_with_its_block() -> None:
    with sample.serve() as served:
        pass
    with pytest.raises(urllib.error.URLError):
        opener(served.proxy_url).open(url_of(WHOLE[0]), timeout=5)


@given(st.sampled_from(site.addresses()), st.text(max_size=12), st.text(max_size=12))
def test_any_query_gets_an_answer(url: str, key: str, value: str) -> None:
    found = site.answer(f"{url}?{urllib.parse.urlencode({key: value, 'page': value})}")
    assert found is not None
    assert found.status in {200, 404, 500}


@given(st.text(max_size=30))
def test_an_unknown_path_is_not_found(path: str) -> None:
    found = site.answer(f"http://www.samudranews.example/x-{urllib.parse.quote(path)}")
    assert found is not None
    assert found.status == 404


def test_an_outlet_has_one_file_of_each_kind() -> None:
    skeletons = {path.stem for path in (HERE / "skeletons").glob("*.html")}
    assert skeletons == {outlet.skeleton for outlet in outlets().values()}
    assert isinstance(next(iter(outlets().values())), Outlet)
    assert all(
        BY_ID[story.copy_of].paragraphs == story.paragraphs for story in stories() if story.copy_of
    )
