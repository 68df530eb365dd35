from __future__ import annotations

import datetime as dt
import os
import time
from typing import Any

import pytest

from flows import extraction
from flows.extraction import Job, Limits
from pipeline.records import Article, Page, Reason, Rejection

NOW = dt.datetime(2026, 9, 20, tzinfo=dt.UTC)
PROSE = "Warga yang dipulangkan tiba di bandara pada malam hari bersama petugas kementerian. "


def job(name: str, body: str | None = None) -> Job:
    html = (
        body
        or f"<html><head><title>Judul {name}</title></head><body><p>{PROSE * 6}</p></body></html>"
    )
    return Job(Page.of("", f"https://kabar.example/{name}", html.encode(), NOW))


def run(jobs: list[Job], **limits: Any) -> list[Article | Rejection]:
    found = list(extraction.extract_all(jobs, {}, Limits(**{"workers": 1, **limits})))
    assert [given for given, _ in found] == jobs
    return [result for _, result in found]


def test_pages_come_out_in_their_order() -> None:
    jobs = [job(f"n{n}") for n in range(7)]
    found = run(jobs, workers=2, recycle_after=3)
    assert [item.url for item in found if isinstance(item, Article)] == [
        given.page.url for given in jobs
    ]


def test_no_more_children_are_started_than_there_are_pages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[object] = []
    begin = extraction._Child.__init__

    def counted(self: Any, limits: Limits) -> None:
        started.append(self)
        begin(self, limits)

    monkeypatch.setattr(extraction._Child, "__init__", counted)
    assert run([]) == []
    assert started == []
    assert len(run([job("only")], workers=3)) == 1
    assert len(started) == 1


def _dies_at_once(pipe: Any, memory_mb: int) -> None:
    os._exit(7)


def test_a_child_that_dies_while_it_starts_costs_its_page_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(extraction, "_serve", _dies_at_once)
    found = run([job("a", "x" * 3_000_000), job("b")])
    assert [item.reason for item in found if isinstance(item, Rejection)] == [
        Reason.EXTRACTION_FAILED,
        Reason.EXTRACTION_FAILED,
    ]


class _Server:
    """Answers jobs in place of the real child: some pages hang, end the child or need much memory."""

    @staticmethod
    def serve(pipe: Any, memory_mb: int) -> None:
        while True:
            try:
                given: Job = pipe.recv()
            except (EOFError, OSError):
                return
            if "hang" in given.page.url:
                time.sleep(60)
            if "die" in given.page.url:
                os._exit(9)
            pipe.send(extraction.refused(given.page, Reason.TOO_SHORT, "answered"))


def test_a_page_that_hangs_or_ends_its_child_costs_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(extraction, "_serve", _Server.serve)
    monkeypatch.setattr(extraction, "START_GRACE_S", 8.0)
    jobs = [job("a"), job("hang"), job("b"), job("die"), job("c")]
    found = run(jobs, page_time_s=0.5)
    assert [item.reason for item in found if isinstance(item, Rejection)] == [
        Reason.TOO_SHORT, Reason.TIMED_OUT, Reason.TOO_SHORT, Reason.EXTRACTION_FAILED, Reason.TOO_SHORT,
    ]  # fmt: skip


def test_later_pages_go_with_their_first() -> None:
    first = Page.of("s", "https://kabar.example/a", b"1", NOW)
    later = Page.of("s", "https://kabar.example/a?page=2", b"2", NOW, part_of=first.url, part_no=2)
    jobs = list(extraction.first_pages([first, later], {("s", first.url): [later]}))
    assert jobs == [Job(first, (later,))]
