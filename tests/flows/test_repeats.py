"""A notice that a host gives at many addresses with status 200 is counted and becomes no article."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from crawlers.archive import Exchange, Writer
from flows import sessions, shards, steps
from flows.runs import Run
from pipeline import refusals
from pipeline.records import Page, Reason
from tests.flows import homes
from tests.flows.test_backfill import make_source, page
from warehouse.store import Store

AT = dt.datetime(2026, 9, 12, 1, tzinfo=dt.UTC)
KABAR = make_source("kabar", "kabar.example")
# No word of it is one by which notices are known, and it names the address that was asked for.
NOTICE = {
    **homes.RAID,
    "title": "Kabar Tiap Hari Untuk Anda Semua",
    "text": "Redaksi menyapa pembaca setia dari seluruh pelosok dengan ragam cerita. " * 9,
}


def exchange(path: str, body: bytes, host: str = "kabar.example") -> Exchange:
    url = f"https://{host}/{path}"
    return Exchange.of_page(Page.of("kabar", url, body.replace(b"PATH", f"/{path}".encode()), AT))


def notices(n: int, host: str = "kabar.example") -> list[Exchange]:
    body = page({**NOTICE, "title": f"{NOTICE['title']} di {host}"}).replace(
        b"</nav>", b"PATH</nav>"
    )
    return [exchange(f"berita/{host}-{number}", body, host) for number in range(n)]


def write(folder: Path, run_id: str, exchanges: list[Exchange]) -> Path:
    with Writer(folder, run_id, by_day=False) as writer:
        for each in exchanges:
            writer.add(each)
    return folder / writer.files[0]


def processed(home: Path, *, everything: bool = False) -> Run:
    with sessions.session("backfill", homes.settled(home), {"kabar": KABAR}) as run:
        steps.process(run, everything=everything)
    return run


def test_a_page_that_many_addresses_give_alike_is_rejected_by_name(tmp_path: Path) -> None:
    home = tmp_path / "home"
    few = notices(refusals.MANY_ADDRESSES - 1, "lain.example")
    raid = [
        exchange(f"raid{query}", page(homes.RAID))
        for query in ("", *map("?utm_id={}".format, "abcd"))
    ]
    write(home / "archive", "one", [*notices(refusals.MANY_ADDRESSES), *few, *raid])
    # Another run of the same day meets the notice once: it cannot know it for one.
    write(home / "archive", "two", notices(1, "warta.example"))
    run = processed(home)
    assert run.rejections == {"articles: repeated_page": refusals.MANY_ADDRESSES}
    assert not run.rejected, "they are counted, not told one by one"
    with Store.open(homes.settled(home).warehouse) as store:
        hosts = [article.url.split("/")[2] for article in store.load_articles()]
    assert sorted(hosts) == ["kabar.example", *["lain.example"] * len(few), "warta.example"]
    again = processed(home, everything=True)
    assert again.rejections == run.rejections
    assert again.counts["articles_changed"] == 0
    assert processed(home).counts["inputs"] == 0


def test_a_shard_rejects_them_too(tmp_path: Path) -> None:
    path = write(tmp_path, "days", [*notices(5), exchange("raid", page(homes.RAID))])
    task = shards.Task(
        path=str(path),
        name=path.name,
        n_bytes=path.stat().st_size,
        sha256=shards.digest(path),
        code="test",
        sieved=False,
        sources=(KABAR,),
    )
    made = shards.work(task, tmp_path / "out")
    assert made.counts == {"articles": 1, "pages": 6, "rejected": 5}
    told = [line.rejection for line in shards.lines(tmp_path / "out", made) if line.rejection]
    assert {each.reason for each in told} == {Reason.REPEATED_PAGE}
    assert {each.source_id for each in told} == {"kabar"}
