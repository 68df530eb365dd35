"""Extract articles in child processes that can be killed: a page may cost its child, never the run.

(Page, later pages) -> Article | Rejection, in the order given
"""

from __future__ import annotations

import contextlib
import multiprocessing
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import NamedTuple

from pipeline.records import Article, Page, Reason, Rejection, Source

STAGE = "articles"
# A fresh child imports lxml and trafilatura before its first page: about two seconds on a busy machine.
START_GRACE_S = 60.0
# Results kept waiting behind a slow page before no further page is handed out.
WINDOW = 64


class Job(NamedTuple):
    """One article to be: its first page and its later ones; ``key`` is for the caller alone."""

    page: Page
    parts: tuple[Page, ...] = ()
    source: Source | None = None
    key: str = ""


@dataclass
class Limits:
    """What a page and its child may cost."""

    workers: int = 2
    page_time_s: float = 20.0
    memory_mb: int = 2048
    recycle_after: int = 500


def extract_all(
    jobs: Iterable[Job], sources: Mapping[str, Source], limits: Limits
) -> Iterator[tuple[Job, Article | Rejection]]:
    """Yield each job with its article or the reason there is none, in the order of the jobs.

    A page that takes longer than the limit, or that ends its child, becomes a rejection.
    """
    pool = _Pool(sources, limits)
    try:
        yield from pool.run(iter(jobs))
    finally:
        pool.close()


# --- the parent ----------------------------------------------------------------------------------------


class _Child:
    """One child process and the job it is at."""

    def __init__(self, limits: Limits) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        # What is handed over here must stay small: a child that dies while it starts would leave its
        # parent writing for ever. So each job brings its own source.
        self.process: BaseProcess = context.Process(
            target=_serve, args=(theirs, limits.memory_mb), daemon=True
        )
        self.process.start()
        theirs.close()
        self.n_done = 0
        self.number: int | None = None
        self.deadline = 0.0

    def give(self, number: int, job: Job, limit_s: float) -> None:
        grace = 0.0 if self.n_done else START_GRACE_S
        self.number, self.deadline = number, time.monotonic() + limit_s + grace
        self.pipe.send(job)

    def end(self) -> None:
        with contextlib.suppress(OSError):
            self.pipe.close()
        self.process.kill()
        self.process.join()


class _Pool:
    def __init__(self, sources: Mapping[str, Source], limits: Limits) -> None:
        self._sources = sources
        self._limits = limits
        self._children: list[_Child] = []

    def close(self) -> None:
        for child in self._children:
            child.end()
        self._children.clear()

    def run(self, jobs: Iterator[Job]) -> Iterator[tuple[Job, Article | Rejection]]:
        given: dict[int, Job] = {}
        waiting: deque[int] = deque()
        results: dict[int, Article | Rejection] = {}
        exhausted = False
        number = 0
        while True:
            while not exhausted and len(waiting) < WINDOW and self._has_room():
                job = next(jobs, None)
                if job is None:
                    exhausted = True
                    break
                given[number] = job
                waiting.append(number)
                self._give(self._idle(), number, job)
                number += 1
            if exhausted and not waiting:
                return
            self._collect(given, results)
            while waiting and waiting[0] in results:
                first = waiting.popleft()
                yield given.pop(first), results.pop(first)

    def _has_room(self) -> bool:
        idle = any(child.number is None for child in self._children)
        return idle or len(self._children) < self._limits.workers

    def _idle(self) -> _Child:
        for child in self._children:
            if child.number is None:
                return child
        self._children.append(_Child(self._limits))
        return self._children[-1]

    def _give(self, child: _Child, number: int, job: Job) -> None:
        job = job._replace(source=self._sources.get(job.page.source_id))
        try:
            child.give(number, job, self._limits.page_time_s)
        except (OSError, ValueError):  # it died idle: the deadline check replaces it and tells
            child.number, child.deadline = number, 0.0

    def _collect(self, given: Mapping[int, Job], results: dict[int, Article | Rejection]) -> None:
        """Take in what is ready, and end children that are late or gone."""
        busy = {child.pipe: child for child in self._children if child.number is not None}
        patience = min((child.deadline for child in busy.values()), default=0.0) - time.monotonic()
        ready = wait(list(busy), timeout=max(0.0, patience))
        for pipe in ready:
            assert isinstance(pipe, Connection)
            child = busy[pipe]
            assert child.number is not None
            try:
                results[child.number] = pipe.recv()
            except (EOFError, OSError):
                code = self._replace(child)
                results[child.number] = refused(
                    given[child.number].page, Reason.EXTRACTION_FAILED, f"the child ended: {code}"
                )
                continue
            child.number = None
            child.n_done += 1
            if child.n_done >= self._limits.recycle_after:
                self._replace(child)
        now = time.monotonic()
        for child in busy.values():
            if child.number is not None and child.number not in results and child.deadline <= now:
                self._replace(child)
                results[child.number] = refused(
                    given[child.number].page,
                    Reason.TIMED_OUT,
                    f"more than {self._limits.page_time_s:g} s",
                )

    def _replace(self, child: _Child) -> int | None:
        child.process.join(0.2)
        code = child.process.exitcode
        child.end()
        self._children.remove(child)
        return code


def refused(page: Page, reason: Reason, detail: str) -> Rejection:
    """Return the rejection of a page."""
    return Rejection(
        record_id=page.page_id, stage=STAGE, reason=reason, detail=detail, source_id=page.source_id
    )


def first_pages(
    pages: Iterable[Page], parts: Mapping[tuple[str, str], Sequence[Page]]
) -> Iterator[Job]:
    """Yield a job for each page that opens an article, with the later pages that belong to it."""
    for page in pages:
        if page.part_of is None:
            yield Job(page, tuple(parts.get((page.source_id, page.url), ())))


# --- the child -----------------------------------------------------------------------------------------


def _serve(pipe: Connection, memory_mb: int) -> None:
    """Answer jobs until the parent closes the pipe."""
    from pipeline import articles

    _limit_memory(memory_mb)
    while True:
        try:
            job: Job = pipe.recv()
        except (EOFError, OSError, KeyboardInterrupt):
            return
        try:
            found: Article | Rejection = articles.extract(job.page, job.source, job.parts)
        except (Exception, MemoryError) as error:  # one hostile page must not stop the run
            found = refused(job.page, Reason.EXTRACTION_FAILED, type(error).__name__)
        try:
            pipe.send(found)
        except (OSError, KeyboardInterrupt):
            return


def _limit_memory(memory_mb: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    limit = memory_mb * 1024 * 1024
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
