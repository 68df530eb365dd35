"""A clock that jumps or is a day off moves no row to another day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from crawlers import crawl as crawling
from crawlers.crawl import CrawlResult
from flows import sessions, steps
from tests.flows import homes
from warehouse.store import Store

# 23:59 in Jakarta, two days after the newest article.
LATE = dt.datetime(2026, 9, 10, 16, 59, tzinfo=dt.UTC)
TOLD = [homes.RAID, homes.INTERDICTION, homes.HANDOVER]


def set_clock(monkeypatch: pytest.MonkeyPatch, moment: dt.datetime) -> None:
    for module in (sessions, steps):
        monkeypatch.setattr(module, "now", lambda: moment)


def days(home: Path) -> list[tuple[Any, ...]]:
    with Store.open(homes.settled(home).warehouse) as store:
        articles = [
            (each.url, each.published_at, each.published_date) for each in store.load_articles()
        ]
        reports = [
            (each.date_start, each.date_end, each.event_type) for each in store.load_reports()
        ]
    assert len(articles) == len(TOLD)
    assert reports
    return sorted(articles) + sorted(reports, key=str)


def test_a_clock_that_is_a_day_off_moves_no_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    path = homes.write_lines(tmp_path / "articles.jsonl", TOLD)
    for off in (0, -1, 1):
        set_clock(monkeypatch, LATE + dt.timedelta(days=off))
        home = tmp_path / f"home{off}"
        with sessions.session("ingest", homes.settled(home)) as run:
            steps.receive(run, [str(path)])
            steps.process(run)
        found.append(days(home))
    assert found[0] == found[1] == found[2]


def test_a_run_over_midnight_keeps_its_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    def crawl(sources: object, **how: Any) -> CrawlResult:
        asked.update(how)
        return CrawlResult()

    monkeypatch.setattr(crawling, "crawl", crawl)
    set_clock(monkeypatch, LATE)
    with sessions.session("daily", homes.settled(tmp_path / "home")) as run:
        set_clock(monkeypatch, LATE + dt.timedelta(hours=9))
        steps.crawl(run)
    assert run.day == asked["day"] == dt.date(2026, 9, 10)
    assert asked["since"] == run.day - steps.DEFAULT_REACH
    assert run.report(LATE).day == run.day
