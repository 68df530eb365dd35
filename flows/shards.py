"""One shard of a backfill: a WARC file in, one folder of what it says out. Any engine may call it.

    Task -> <out>/<shard_id>/ with readings.jsonl.gz, *.warc.gz, manifest.json

The folder is written beside its place, forced to disk and renamed, so it is whole or not there. The same input under
the same code gives the same bytes, so that working a shard twice, or on two machines at once, does no harm. Nothing here
opens the warehouse; `flows.harvest` loads the folders.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import gzip
import hashlib
import os
import queue
import secrets
import shutil
import subprocess
import sys
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError

from crawlers import archive as warc
from flows import archive as files
from flows import extraction, reading, steps
from pipeline import prefilter
from pipeline.evaluation import Reading
from pipeline.records import (
    Article,
    Claim,
    Mention,
    Page,
    Reason,
    Record,
    Rejection,
    Relevance,
    Report,
    Source,
    Statistic,
    make_id,
)

MANIFEST = "manifest.json"
READINGS = "readings.jsonl.gz"
# Files of other packages that decide what a shard says; what only stores or shows it is left out.
_CODE = (
    "pipeline", "models", "crawlers/archive.py", "crawlers/inflate.py", "flows/archive.py", "flows/shards.py",
)  # fmt: skip
_CODE_KINDS = frozenset({".py", ".yml", ".csv", ".gz", ".json", ".safetensors", ".txt"})
_BLOCK = 1 << 20
_DONE = "done\n"
_REFUSED = "refused "
_TOLD_EVERY = 500  # pages between two lines about the progress of a shard


class ShardFailed(Exception):  # noqa: N818 - named for what a reader meets
    """A shard could not be worked; the message says why."""


class Task(Record):
    """What one shard is made from, and everything that decides what comes out.

    Without ``sieved`` every page is read: the file lies in the archive of the home, as what was asked of a source does.
    """

    path: str
    name: str
    n_bytes: int
    sha256: str
    code: str
    since: dt.date | None = None
    until: dt.date | None = None
    only: tuple[str, ...] = ()
    sieved: bool = True
    sources: tuple[Source, ...] = ()
    page_time_limit_s: float = 20.0
    page_memory_mb: int = 2048
    recycle_after: int = 500

    @property
    def shard_id(self) -> str:
        """The id of the shard: same file, same choice, same code, same id."""
        known = sorted(source.model_dump_json() for source in self.sources)
        wanted = (self.since, self.until, self.sieved, *sorted(self.only), *known)
        return make_id("shard", self.sha256, self.code, *wanted)


class File(Record):
    """One file of a shard."""

    name: str
    n_bytes: int
    sha256: str


class Manifest(Record):
    """What a shard was made from, what it holds, and how many pages ended how.

    Every page of the input is counted once in ``pages`` and once more under what became of it: ``out_of_period``,
    ``other_source``, ``opted_out``, ``dropped`` by the sieve, ``repeated``, ``articles``, ``rejected`` or ``parts`` (the
    later pages of split articles). ``damaged`` counts stretches of the file that hold no page that could be read.
    """

    shard_id: str
    name: str
    n_bytes: int
    sha256: str
    code: str
    prefilter: str
    since: dt.date | None
    until: dt.date | None
    only: tuple[str, ...] = ()
    sieved: bool = True
    counts: Mapping[str, int]
    readings: File
    archive: tuple[File, ...]


class Line(Record):
    """One line of the readings: the page, and its article with all it says or why there is none."""

    input_key: str
    article: Article | None = None
    relevance: Relevance | None = None
    mentions: tuple[Mention, ...] = ()
    claims: tuple[Claim, ...] = ()
    reports: tuple[Report, ...] = ()
    statistics: tuple[Statistic, ...] = ()
    rejection: Rejection | None = None

    @property
    def reading(self) -> Reading | None:
        """What the article says, None when there is none or it could not be read."""
        if self.article is None or self.relevance is None:
            return None
        return Reading(
            self.article,
            self.relevance,
            self.mentions,
            self.claims,
            self.reports,
            self.statistics,
        )


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@functools.cache
def code_version() -> str:
    """Return what changes whenever code or models that decide what a shard says change."""
    root = Path(__file__).resolve().parents[1]
    told = hashlib.sha256()
    for part in _CODE:
        place = root / part
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        for path in files:
            if path.suffix in _CODE_KINDS and path.is_file():
                told.update(f"{path.relative_to(root).as_posix()}\x1f{digest(path)}\n".encode())
    return f"{version('suar')}+{told.hexdigest()[:12]}"


def finished(out: Path, shard_id: str) -> Manifest | None:
    """Return the manifest of a shard whose files are all there and whole, None when it must be worked."""
    folder = out / shard_id
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
        whole = all(
            digest(folder / file.name) == file.sha256
            for file in (manifest.readings, *manifest.archive)
        )
    except (OSError, ValidationError):
        return None
    return manifest if whole and manifest.shard_id == shard_id else None


def lines(out: Path, manifest: Manifest) -> Iterator[Line]:
    """Yield the readings of a finished shard."""
    with gzip.open(out / manifest.shard_id / manifest.readings.name, "rb") as file:
        for line in file:
            yield Line.model_validate_json(line)


# --- work ----------------------------------------------------------------------------------------------


def work(task: Task, out: Path, tell: Callable[[int], None] = lambda _: None) -> Manifest:
    """Return the manifest of the shard, which lies in ``out`` afterwards; ``tell`` hears of pages seen.

    Raises ``ShardFailed`` when the input is not the file that was planned.
    """
    shard_id = task.shard_id
    held = finished(out, shard_id)
    if held is not None:
        return held
    path = Path(task.path)
    try:
        if path.stat().st_size != task.n_bytes or digest(path) != task.sha256:
            raise ShardFailed(f"{task.name} has changed since the backfill was planned")
    except OSError as error:
        raise ShardFailed(f"{task.name} cannot be read: {error.strerror}") from error
    out.mkdir(parents=True, exist_ok=True)
    # Not by `tempfile`, whose folders nobody else may open: the loader may be another user on a shared folder.
    folder = out / f".{shard_id}-{secrets.token_hex(4)}"
    folder.mkdir()
    try:
        manifest = _written(task, folder, tell)
        _settle(folder, out / shard_id)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return manifest


def _settle(folder: Path, place: Path) -> None:
    """Move a whole folder to its place; where another worker was first, that one's stays."""
    for path in folder.iterdir():
        _sync(path)
    _sync(folder)
    if place.exists() and finished(place.parent, place.name) is None:
        shutil.rmtree(place)  # torn by a full disk or a hand; no whole shard is ever replaced
    try:
        folder.rename(place)
    except OSError:
        if finished(place.parent, place.name) is None:
            raise
    _sync(place.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _written(task: Task, folder: Path, tell: Callable[[int], None]) -> Manifest:
    choice = _Choice(task, tell)
    damaged: list[Rejection] = []
    with (
        (folder / READINGS).open("wb") as raw,
        # No name and no time in the header: the same readings are the same bytes.
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=6) as file,
        warc.Writer(folder, task.shard_id, by_day=False, revisits=False) as writer,
    ):
        for line, pages in _read(task, choice, damaged):
            file.write(line.model_dump_json().encode() + b"\n")
            for page in pages if task.sieved else ():
                writer.add(warc.Exchange.of_page(page))
        for item in damaged:
            is_page = item.reason is Reason.REPEATED_PAGE
            choice.counts["rejected" if is_page else "damaged"] += 1
            key = item.record_id if is_page else f"{task.sha256[:16]}:{item.record_id}"
            line = Line(input_key=key, rejection=item)
            file.write(line.model_dump_json().encode() + b"\n")
    tell(choice.counts["pages"])
    manifest = Manifest(
        shard_id=task.shard_id,
        name=task.name,
        n_bytes=task.n_bytes,
        sha256=task.sha256,
        code=task.code,
        prefilter=prefilter.VERSION,
        since=task.since,
        until=task.until,
        only=task.only,
        sieved=task.sieved,
        counts=dict(sorted(choice.counts.items())),
        readings=_file(folder / READINGS),
        archive=tuple(_file(folder / name) for name in writer.files),
    )
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return manifest


def _file(path: Path) -> File:
    return File(name=path.name, n_bytes=path.stat().st_size, sha256=digest(path))


class _Choice:
    """Which pages of the input are looked at, and how many are not and why."""

    def __init__(self, task: Task, tell: Callable[[int], None]) -> None:
        self.counts: Counter[str] = Counter()
        self._task = task
        self._tell = tell
        self._by_host = {host.lower(): source for source in task.sources for host in source.hosts}

    def source_of(self, url: str) -> Source | None:
        """Return the source whose page an address is: the one of the longest host that fits."""
        host = (urlsplit(url).hostname or "").rstrip(".")
        while host:
            if host in self._by_host:
                return self._by_host[host]
            host = host.partition(".")[2]
        return None

    def wants(self, url: str, fetched_at: dt.datetime, body: bytes) -> bool:
        """Return whether a page is worth reading; one that is not is counted."""
        self.counts["pages"] += 1
        if self.counts["pages"] % _TOLD_EVERY == 0:
            self._tell(self.counts["pages"])
        reason = self._refusal(url, fetched_at, body)
        if reason:
            self.counts[reason] += 1
        return not reason

    def _refusal(self, url: str, fetched_at: dt.datetime, body: bytes) -> str:
        # Nothing is published after it was fetched; time zones are worth a day.
        since = self._task.since
        if since is not None and fetched_at.date() + dt.timedelta(days=1) < since:
            return "out_of_period"
        try:
            source = self.source_of(url)
        except ValueError:  # an address that is none
            source = None
        if self._task.only and (source is None or source.source_id not in self._task.only):
            return "other_source"
        if source is not None and source.standing == "opted out":
            return "opted_out"
        return "dropped" if self._task.sieved and not prefilter.keeps(body) else ""


def _read(
    task: Task, choice: _Choice, damaged: list[Rejection]
) -> Iterator[tuple[Line, tuple[Page, ...]]]:
    """Yield a line for each page that was looked at, with the pages to be archived."""
    path = Path(task.path)
    sources = {source.source_id: source for source in task.sources}
    # Split articles, and what one run got at many addresses, are known in our own files alone.
    ahead = files.look_ahead([path] if warc.is_ours(path) else [], sources)
    limits = extraction.Limits(
        workers=1,
        page_time_s=task.page_time_limit_s,
        memory_mb=task.page_memory_mb,
        recycle_after=task.recycle_after,
    )
    jobs = extraction.first_pages(_pages(path, choice, ahead.repeated, damaged), ahead.parts)
    for job, made in extraction.extract_all(jobs, sources, limits):
        pages = (job.page, *job.parts)
        if isinstance(made, Rejection):
            choice.counts["rejected"] += 1
            yield Line(input_key=job.page.page_id, rejection=made), pages
        elif not _is_within(made.reference_date, task):
            choice.counts["out_of_period"] += 1
        else:
            choice.counts["articles"] += 1
            yield _line(job.page.page_id, made), pages


def _is_within(day: dt.date, task: Task) -> bool:
    return (task.since is None or day >= task.since) and (task.until is None or day <= task.until)


def _pages(
    path: Path, choice: _Choice, repeated: set[str], damaged: list[Rejection]
) -> Iterator[Page]:
    seen: set[str] = set()
    for page in files.sifted(warc.read(path, wanted=choice.wants), repeated, damaged):
        if page.part_of is not None:
            choice.counts["parts"] += 1
        elif page.page_id in seen:
            choice.counts["repeated"] += 1
        else:
            seen.add(page.page_id)
            source = choice.source_of(page.final_url)
            known = page.source_id or (source.source_id if source else "")
            yield page.model_copy(update={"source_id": known})


def _line(key: str, article: Article) -> Line:
    try:
        made = reading.read(article, reading.load_tagger())
    except Exception as error:  # one odd text must not stop a shard
        return Line(input_key=key, article=article, rejection=steps.unread(article, error))
    return Line(
        input_key=key,
        article=article,
        relevance=made.relevance,
        mentions=tuple(made.mentions),
        claims=tuple(made.claims),
        reports=tuple(made.reports),
        statistics=tuple(made.statistics),
    )


# --- as a process of its own ---------------------------------------------------------------------------


class Worker:
    """A process of its own that works one shard after the other.

    A process of its own, because what a page may do to memory or C code must not reach the engine, and because the
    workers of an engine may not have children. It ends when whoever started it is gone.
    """

    def __init__(
        self, out: Path, started: Callable[[subprocess.Popen[str]], None] = lambda _: None
    ) -> None:
        self.n_bytes = 0
        """How much it was given to read so far."""
        self._said: deque[str] = deque(maxlen=50)
        self._child = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "flows.shards", str(out.resolve())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": _python_path()},
        )
        started(self._child)
        assert self._child.stderr is not None
        self._listening = threading.Thread(target=self._said.extend, args=(self._child.stderr,))
        self._listening.start()

    def work(self, task: Task, tell: Callable[[int], None] = lambda _: None) -> str:
        """Return the id of the shard once it is worked; raise ``ShardFailed`` when it cannot be."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self.n_bytes += task.n_bytes
        with contextlib.suppress(BrokenPipeError):
            self._child.stdin.write(task.model_dump_json() + "\n")
            self._child.stdin.flush()
        for line in self._child.stdout:
            if line.strip().isdecimal():
                tell(int(line))
            elif line == _DONE:
                return task.shard_id
            elif line.startswith(_REFUSED):
                raise ShardFailed(line.removeprefix(_REFUSED).strip())
        code = self._child.wait()
        self._listening.join()
        told = " ".join("".join(self._said).split())[-300:]
        ended = f"ended by signal {-code}" if code < 0 else f"ended with code {code}"
        raise ShardFailed(f"{task.name}: {ended}{': ' + told if told else ''}")

    def close(self) -> None:
        """End the process."""
        self._child.kill()
        self._child.wait()
        self._listening.join()
        for pipe in (self._child.stdin, self._child.stdout, self._child.stderr):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()


def launch(task: Task, out: Path) -> str:
    """Return the id of the shard once a process of its own has worked it; raise ``ShardFailed``."""
    with contextlib.closing(Worker(out)) as worker:
        return worker.work(task)


def _python_path() -> str:
    root = str(Path(__file__).resolve().parents[1])
    return os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH", "")) if part)


def main(out: str) -> None:
    """Work the shards whose tasks stand on standard input, a line each; end at once when that is closed."""
    tasks: queue.SimpleQueue[Task] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(tasks,), daemon=True).start()
    while True:
        try:
            work(tasks.get(), Path(out), _tell)
        except ShardFailed as error:
            sys.stdout.write(f"{_REFUSED}{' '.join(str(error).split())}\n")
        else:
            sys.stdout.write(_DONE)
        sys.stdout.flush()


def _tell(n_pages: int) -> None:
    sys.stdout.write(f"{n_pages}\n")
    sys.stdout.flush()


def _listen(tasks: queue.SimpleQueue[Task]) -> None:
    try:
        for line in sys.stdin.buffer:
            tasks.put(Task.model_validate_json(line))
    finally:  # also when the starter was killed in the middle of a line
        os._exit(3)


if __name__ == "__main__":
    main(sys.argv[1])
