from __future__ import annotations

import datetime as dt
import socket
from typing import Any

import pytest

from crawlers import probe
from crawlers.probe import Probe
from pipeline.records import Fetch, FetchState, Source
from tests.crawlers import test_crawl as farming

NOW = dt.datetime(2026, 9, 3, 5, tzinfo=dt.UTC)
farm = farming.farm


def probed(farm: farming.Farm, *sources: Source, **values: Any) -> dict[str, Probe]:
    found = probe.probe(
        sources,
        run_id="probe-1",
        settings=farming.settings(farm, **values),
        now=NOW,
        day=farming.DAY,
    )
    return {each.source_id: each for each in found}


def test_each_source_is_asked_once_and_judged(farm: farming.Farm) -> None:
    ok = farming.Answer(farming.html("Baik"))
    names = (
        "fine",
        "bare",
        "page",
        "shut",
        "gone",
        "silent",
        "alien",
        "frozen",
        "reserved",
        "dead",
    )
    for name in names:
        farming.plant(farm, name, one=ok, two=ok, three=ok, four=ok)
    feed = "http://{}.test/feed"
    farm.routes[feed.format("bare")] = farming.Answer(farming.rss())
    farm.routes[feed.format("page")] = farming.Answer(farming.html("Beranda"))
    farm.routes["http://shut.test/robots.txt"] = farming.Answer(
        b"User-agent: *\nDisallow: /\n", kind="text/plain"
    )
    del farm.routes[feed.format("gone")]
    farm.routes["http://silent.test/robots.txt"] = farming.Answer(b"", 503)
    farm.routes[feed.format("alien")] = farming.Answer(farming.rss("http://alien.test/video/1"))
    farm.routes[feed.format("frozen")] = farming.Answer(
        farming.rss("http://frozen.test/a/one", date="Thu, 02 Jul 2026 08:00:00 WIB")
    )
    for path in ("one", "two"):
        farm.routes[f"http://reserved.test/a/{path}"] = farming.Answer(
            farming.html("Dilindungi", '<meta name="tdm-reservation" content="1">')
        )
    for path in ("one", "two", "three", "four"):
        farm.routes[f"http://dead.test/a/{path}"] = farming.Answer(b"", 404)

    found = probed(farm, *(farming.fed(name) for name in names))
    assert {name: each.state for name, each in found.items()} == {
        "fine": "ok",
        "bare": "empty",
        "page": "malformed",
        "shut": "blocked",
        "gone": "gone",
        "silent": "blocked",
        "alien": "unfit",
        "frozen": "stale",
        "reserved": "opted out",
        "dead": "gone",
    }
    fine = found["fine"]
    assert (fine.n_listed, fine.n_articles) == (4, probe.N_ARTICLES)
    assert fine.newest_at == dt.datetime(2026, 9, 2, 16, 30, tzinfo=dt.UTC)
    assert [(each.kind, each.state) for each in fine.lists] == [
        ("robots", FetchState.FETCHED),
        ("feed", FetchState.FETCHED),
    ]
    assert "2026-07-02" in found["frozen"].detail
    asked = farm.urls()
    assert not any(url.startswith("http://silent.test/feed") for url in asked), (
        "no rules, no request"
    )
    assert sum(url.startswith("http://fine.test/a/") for url in asked) == probe.N_ARTICLES
    assert all(each.reached for each in found.values())


def fetch(kind: Any, state: FetchState, status: int | None = 200, n_listed: int = 0) -> Fetch:
    return Fetch(
        run_id="r", source_id="kabar", url=f"http://kabar.test/{kind}", kind=kind, state=state,
        status=status, fetched_at=NOW, n_listed=n_listed,
    )  # fmt: skip


def test_a_source_that_nobody_reaches_says_so() -> None:
    source = farming.fed("kabar")
    lost = [
        fetch("robots", FetchState.DNS_FAILED, None),
        fetch("feed", FetchState.ROBOTS_UNREACHABLE, None),
    ]
    assert not probe.judge(source, lost, newest_at=None, now=NOW).reached


@pytest.mark.parametrize(("kind", "days", "state"), [
    ("wire", 8, "stale"), ("outlet", 8, "ok"), ("outlet", 15, "stale"), ("ngo", 100, "ok"),
])  # fmt: skip
def test_how_old_is_frozen_depends_on_the_kind_of_source(kind: Any, days: int, state: str) -> None:
    source = farming.fed("kabar").model_copy(update={"kind": kind})
    good = [
        fetch("feed", FetchState.FETCHED, n_listed=3),
        fetch("article", FetchState.FETCHED),
    ]
    newest_at = NOW - dt.timedelta(days=days)
    assert probe.judge(source, good, newest_at=newest_at, now=NOW).state == state


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (b'<meta name="tdm-reservation" content="1">', True),
        (b"<META content-x=y NAME=tdm-reservation content=1 >", True),
        (b'<meta name="robots" content="noindex, noai, noimageai">', True),
        (b'<meta name="tdm-reservation" content="0">', False),
        (b'<meta name="robots" content="index,follow">', False),
        (b"<p>tdm-reservation content=1</p>", False),
    ],
)
def test_reservations_of_pages(page: bytes, told: bool) -> None:
    assert probe.reserves(b"<html><head>" + page + b"</head>") is told


def test_being_offline_is_told_from_a_source_that_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing_resolves(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-3, "no answer")

    monkeypatch.setattr(socket, "getaddrinfo", nothing_resolves)
    assert not probe.is_online(["kabar.example", "warta.example"])

    def one_resolves(host: str, *_: Any, **__: Any) -> Any:
        if host != "warta.example":
            raise socket.gaierror(-3, "no answer")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443))]

    monkeypatch.setattr(socket, "getaddrinfo", one_resolves)
    monkeypatch.setattr(socket.socket, "connect", lambda *_: None)
    assert probe.is_online(["kabar.example", "warta.example"])
    assert not probe.is_online(["kabar.example"])


def test_an_inner_address_is_no_sign_of_the_internet(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.168.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: inner)
    monkeypatch.setattr(
        socket.socket, "connect", lambda *_: pytest.fail("an inner address was asked")
    )
    assert not probe.is_online(["kabar.example"])
