"""Reading source files: what is right comes through, what is wrong is named by file and field."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers import catalog
from crawlers.catalog import CatalogError, expand, is_own_host
from pipeline.records import Listing

GOOD = """
source_id: warta
name: Warta Harian
owner: Warta Group
country: IDN
language: id
timezone: Asia/Makassar
homepage: https://www.warta.example/
hosts: [www.warta.example]
feeds: [https://www.warta.example/rss]
listings:
  - kind: index
    url: https://www.warta.example/indeks?page={page}&date={date:%Y-%m-%d}
    links: div.list h3 > a
article_url: ^https?://www\\.warta\\.example/read/\\d+
selectors:
  - title: h1
    body: div.body
    remove: [div.iklan]
boilerplate:
  - "^Baca juga: .*"
paging:
  kind: query
  value: page=all
terms:
  paywall: none
evidence:
  status: seen
  note: Invented for this test.
"""


def write(folder: Path, text: str, name: str = "warta.yml") -> Path:
    path = folder / "id" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str, name: str = "warta.yml") -> list[tuple[str, str]]:
    with pytest.raises(CatalogError) as caught:
        catalog.read(write(folder, text, name))
    return [(problem.field, problem.message) for problem in caught.value.problems]


def test_an_opt_out_keeps_a_source_from_the_daily_run(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("terms:", "terms:\n  ai_opt_out: true"))
    (source,) = catalog.load(tmp_path)
    assert source.standing == "opted out"
    assert not source.enabled


def test_a_file_becomes_a_source(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    (source,) = catalog.load(tmp_path)
    assert source.source_id == "warta"
    assert source.enabled
    assert source.listings[0].links == "div.list h3 > a"
    assert source.selectors[0].remove == ("div.iklan",)
    assert source.politeness.delay_s == 5.0
    assert source.evidence.references == ()


def test_sources_come_in_order_of_their_ids(tmp_path: Path) -> None:
    for name in ("zaman", "abadi", "warta"):
        write(tmp_path, GOOD.replace("source_id: warta", f"source_id: {name}"), f"{name}.yml")
    assert [source.source_id for source in catalog.load(tmp_path)] == ["abadi", "warta", "zaman"]


@pytest.mark.parametrize(
    ("old", "new", "field", "says"),
    [
        ("owner: Warta Group", "ownr: Warta Group", "ownr", "did you mean `owner`?"),
        ("    body: div.body", "    bdy: div.body", "selectors.0.bdy", "did you mean `body`?"),
        ("name: Warta Harian\n", "", "name", "is required"),
        ("name: Warta Harian", "name: 2026", "name", "must be a text; put it in quotes"),
        ("timezone: Asia/Makassar", "timezone: WITA", "timezone", "is not an IANA zone"),
        ("country: IDN", "country: id", "country", "pattern"),
        ("https?://www", "https?://(www", "article_url", "is not a regular expression"),
        ('"^Baca juga: .*"', '"^(Baca"', "boilerplate.0", "is not a regular expression"),
        ("hosts: [www.warta.example]", "hosts: []", "hosts", "at least one host"),
        ("[www.warta.example]", "[https://www.warta.example]", "hosts.0", "bare host name"),
        ("[https://www.warta.example/rss]", "[/rss]", "feeds.0", "is not a web address"),
        ("[https://www.warta.example/rss]", "['http://[::1']", "feeds.0", "is not a web address"),
        ("{page}", "{slug}", "listings.0.url", "may hold {page}, {query}, and {date:%Y-%m-%d} or"),
        ("{page}", "{page.real.x}", "listings.0.url", "may hold"),
        ("div.list h3 > a", "div..list >", "listings.0.links", "is not a CSS selector"),
        ("[div.iklan]", "['p::before::x(']", "selectors.0.remove.0", "is not a CSS selector"),
        ("  value: page=all\n", "", "paging.value", "is required with `query`"),
        ("kind: query", "kind: none", "paging.kind", "is `none` although a value is given"),
        ("  note: Invented for this test.", "", "evidence.note", "is required"),
    ],
)
def test_faults_are_named(tmp_path: Path, old: str, new: str, field: str, says: str) -> None:
    assert old in GOOD
    found = faults(tmp_path, GOOD.replace(old, new))
    assert field in dict(found)
    assert says in dict(found)[field]


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("WITA", "").replace("Asia/Makassar", "WITA"), "warta.yml")
    write(tmp_path, "nonsense: [", "kabar.yml")
    write(tmp_path, "- just\n- a list\n", "suluh.yml")
    with pytest.raises(CatalogError) as caught:
        catalog.load(tmp_path)
    told = str(caught.value)
    assert len(told.splitlines()) == 3
    for name in ("warta.yml: timezone", "kabar.yml: cannot be read as YAML", "suluh.yml: must be"):
        assert name in told


def test_an_id_is_the_name_of_its_file_and_used_once(tmp_path: Path) -> None:
    assert faults(tmp_path, GOOD, "kabar.yml") == [
        ("source_id", "must equal the file name (kabar)")
    ]
    (tmp_path / "id" / "kabar.yml").unlink()
    write(tmp_path, GOOD)
    other = tmp_path / "kh" / "warta.yml"
    other.parent.mkdir()
    other.write_text(GOOD, encoding="utf-8")
    with pytest.raises(CatalogError, match="is also used by"):
        catalog.load(tmp_path)


def test_a_key_given_twice_is_a_fault(tmp_path: Path) -> None:
    ((field, message),) = faults(tmp_path, f"{GOOD}name: Another\n")
    assert field == ""
    assert "`name` stands twice" in message


def test_nothing_in_a_file_is_executed(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    ((_, message),) = faults(tmp_path, f"source_id: !!python/object/apply:os.mkdir [{mark}]\n")
    assert "cannot be read as YAML" in message
    assert not mark.exists()


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b"source_id: \x00", b"&a [*a, *a]"])
def test_bytes_that_are_no_description_are_refused(tmp_path: Path, body: bytes) -> None:
    path = write(tmp_path, "")
    path.write_bytes(body)
    with pytest.raises(CatalogError):
        catalog.read(path)


def test_an_oversized_file_is_not_read(tmp_path: Path) -> None:
    ((_, message),) = faults(tmp_path, GOOD + "#" * catalog.MAX_FILE_BYTES)
    assert "too large" in message


def test_a_missing_folder_is_told() -> None:
    with pytest.raises(CatalogError, match="is not a folder"):
        catalog.load(Path("nowhere"))


def test_only_seen_sources_are_crawled_and_they_need_a_way_in(tmp_path: Path) -> None:
    closed = re.sub(r"feeds:.*\n|listings:\n(?:  .*\n){3}", "", GOOD)
    assert faults(tmp_path, closed) == [
        ("feeds", "an enabled source needs a feed, a sitemap or a listing")
    ]
    for status in ("inferred", "disabled"):
        path = write(tmp_path, closed.replace("status: seen", f"status: {status}"))
        assert not catalog.read(path).enabled


def test_expand_fills_in_page_query_and_day() -> None:
    listing = Listing(
        kind="search",
        url="https://a.example/cari?q={query}&p={page}&d={date:%m/%d/%Y}",
        links="a",
    )
    url = expand(listing, page=3, query="wni & kamboja", date=dt.date(2026, 9, 5))
    assert url == "https://a.example/cari?q=wni+%26+kamboja&p=3&d=09/05/2026"


POSTS = "https://www.warta.example/wp-json/wp/v2/posts"


def test_a_listing_has_what_its_kind_is_read_with_and_nothing_else(tmp_path: Path) -> None:
    before, _, after = GOOD.partition("  - kind: index\n")
    after = after.partition("links: div.list h3 > a\n")[2]

    def described(*lines: str) -> str:
        return before + "  - " + "\n    ".join(lines) + "\n" + after

    posts = described("kind: wordpress", f"url: {POSTS}?search={{query}}")
    data = ("kind: json", "url: https://www.warta.example/api?p={page}")
    whole = described(*data, "fields: {items: data.items, url: '/read/{id}', title: judul}")
    for text in (posts, whole):
        assert len(catalog.read(write(tmp_path, text)).listings) == 1
    for text, field, says in (
        (described("kind: tag", f"url: {POSTS}"), "links", "is required with `tag`"),
        (described(*data), "fields", "is required with `json`"),
        (described(*data, "fields: {url: a}", "links: a"), "links", "is not read with `json`"),
        (posts.replace("/wp/v2/posts", "/posts"), "url", "must be the address of the posts"),
        (described(*data, "fields: {link: a}"), "fields.link", "is not a known field"),
    ):
        assert says in dict(faults(tmp_path, text))[f"listings.0.{field}"]


def test_posts_are_asked_for_a_window_of_days_of_the_site() -> None:
    listing = Listing(kind="wordpress", url=f"{POSTS}?categories=7")
    day = dt.date(2026, 9, 5)
    assert expand(listing, page=2, query="", date=day, since=dt.date(2026, 9, 1)) == (
        f"{POSTS}?categories=7&_fields=link,date,date_gmt,title,excerpt&per_page=100&page=2"
        "&after=2026-08-31T23:59:59&before=2026-09-06T00:00:00"
    )


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("kabar.example", True),
        ("NEWS.Kabar.example.", True),
        ("bukankabar.example", False),
        ("kabar.example.evil.test", False),
        ("example", False),
    ],
)
def test_a_host_stands_for_all_below_it(host: str, own: bool) -> None:
    assert is_own_host(host, ("kabar.example",)) is own


labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)


@given(st.lists(labels, min_size=1, max_size=4), labels, labels)
def test_only_whole_labels_count(below: list[str], name: str, front: str) -> None:
    host = f"{name}.example"
    assert is_own_host(".".join([*below, host]), (host,))
    assert not is_own_host(f"{front}{host}", (host,))
    assert not is_own_host(f"{host}.{front}", (host,))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("catalog")


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(folder: Path, text: str) -> None:
    """A file may hold anything: the answer is a source or a list of faults, never a crash."""
    for whole in (text, f"{GOOD}{text}", GOOD.replace("Warta Harian", text)):
        path = folder / "warta.yml"
        path.write_text(whole, encoding="utf-8")
        try:
            source = catalog.read(path)
        except CatalogError as error:
            told = str(error)
            assert told.startswith(str(path))
        else:
            assert source.source_id == "warta"
