"""The step of a backfill: plan shards, have them worked, load each of them once.

    archive files -> [Task] -> folders of shards -> warehouse

The files are those that the choice names, or those of the source-days that `flows.days` has brought into the archive.

Any number of processes work shards; this one alone writes into the warehouse, one transaction for each shard, in the
order of the plan. What a shard says is loaded as if its pages had come through a daily run.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from flows import days, engines, reviews, sessions, shards, steps
from flows.clock import now
from flows.logs import LOGGER
from flows.problems import UsageProblem, near
from flows.runs import Run
from flows.settings import Settings
from flows.shards import Manifest, Task
from pipeline import prefilter
from pipeline.evaluation import Reading
from pipeline.records import Article, Rejection, Source, make_id

if TYPE_CHECKING:
    from warehouse.store import Store

FOLDER = days.BACKFILL
_WARC = (".warc", ".warc.gz")


class Choice(NamedTuple):
    """What a backfill is asked for; without paths the sources themselves are asked for their past."""

    paths: Sequence[Path]
    since: dt.date | None = None
    until: dt.date | None = None
    only: tuple[str, ...] = ()
    processes: int = 1
    dask: str | None = None


def files(paths: Sequence[Path]) -> list[Path]:
    """Return the WARC files that the paths name, those of folders in order of their names, each once.

    Raises ``UsageProblem`` for a path that is not there or holds none.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            raise UsageProblem(f"{path} does not exist", "name WARC files or folders of them")
        inner = sorted(path.rglob("*")) if path.is_dir() else [path]
        named = [each for each in inner if each.is_file() and each.name.lower().endswith(_WARC)]
        if not named:
            raise UsageProblem(
                f"{path} holds no file that ends in {' or '.join(_WARC)}",
                "other files are read by `suar ingest`",
            )
        found.update(dict.fromkeys(each.resolve() for each in named))
    return list(found)


def check(choice: Choice, sources: Mapping[str, Source]) -> None:
    """Raise ``UsageProblem`` for a path, a period or a source that cannot be meant."""
    files(choice.paths)
    if not choice.paths and not (choice.since and choice.until):
        raise UsageProblem(
            "without files a backfill asks the sources for past days, and needs both ends of them",
            "give --from and --to, or name WARC files or folders of them",
        )
    if not choice.paths and choice.dask:
        raise UsageProblem("a crawl runs on this machine alone", "leave --dask out, or name files")
    if choice.since and choice.until and choice.since > choice.until:
        raise UsageProblem(
            f"the period ends on {choice.until}, before it begins on {choice.since}", "swap them"
        )
    for source_id in choice.only:
        if source_id not in sources:
            raise UsageProblem(f"no source is called {source_id}", near(source_id, sources))


def sources_for(settings: Settings, choice: Choice) -> dict[str, Source]:
    """Return the sources of a backfill: all whose pages files may hold, or those whose lists reach back.

    Raises ``UsageProblem`` for what `check` refuses, and for a source asked for whose lists tell of today alone.
    """
    from crawlers import crawl as crawling

    known = sessions.sources_of(settings)
    check(choice, known)
    if choice.paths:
        return known
    chosen = sessions.chosen(settings, choice.only)
    reaching = {key: source for key, source in chosen.items() if crawling.reaches_back(source)}
    for source_id in choice.only:
        if source_id not in reaching:
            raise UsageProblem(
                f"the lists of {source_id} do not reach back: it has feeds alone",
                "choose another, or look for its pages in archive files",
            )
    return reaching


def backfill(run: Run, choice: Choice) -> None:
    """Read the archive files of the choice into the warehouse; shards that are held are not read again."""
    check(choice, run.sources)
    asked = {name: n for name, n in run.counts.items() if name in days.COUNTS}
    run.counts.clear()
    run.counts.update(asked)
    run.rejections.clear()
    tasks = plan(run, choice)
    out = run.settings.home / FOLDER
    run.counts["shards"] = len(tasks)
    with steps.open_store(run) as store:
        held = store.processed(steps.READ)
    # A daily run may have read a file of ours before its shard was loaded.
    known = [task for task in tasks if held.intersection({_key(task), *_own_file(task)})]
    todo = [task for task in tasks if task not in known]
    _tidy(out, [task.shard_id for task in known])
    run.counts["shards_known"] = len(tasks) - len(todo)
    if choice.dask:
        outcomes = engines.on_dask(todo, out, choice.dask)
    else:
        outcomes = engines.on_processes(
            todo, out, choice.processes, lambda n: run.progress("pages", n, None)
        )
    failed: dict[str, str] = {}
    ended: set[str] = set()
    waiting = list(todo)
    run.progress("shards", 0, len(todo))
    for task, error in outcomes:
        ended.add(task.shard_id)
        if error:
            failed[task.shard_id] = error
        while waiting and waiting[0].shard_id in ended:
            first = waiting.pop(0)
            _load(run, first, out, failed.get(first.shard_id, ""))
            run.progress("shards", len(todo) - len(waiting), len(todo))


def plan(run: Run, choice: Choice) -> list[Task]:
    """Return a task for each file, files of one content once."""
    code = shards.code_version()
    sources = tuple(run.sources[key] for key in sorted(run.sources))
    found: dict[str, Task] = {}
    named = files(choice.paths) if choice.paths else days.files(run, choice)
    # What sources were asked for is kept, whatever its day.
    whole = choice if choice.paths else Choice([])
    for number, path in enumerate(named):
        run.progress("plan", number, len(named))
        task = Task(
            path=str(path),
            name=path.name,
            n_bytes=path.stat().st_size,
            sha256=shards.digest(path),
            code=code,
            since=whole.since,
            until=whole.until,
            only=whole.only,
            sieved=bool(choice.paths),
            sources=sources,
            page_time_limit_s=run.settings.page_time_limit_s,
            page_memory_mb=run.settings.page_memory_mb,
            recycle_after=run.settings.recycle_after,
        )
        found.setdefault(task.shard_id, task)
    run.progress("plan", len(named), len(named))
    return list(found.values())


def _key(made: Task | Manifest) -> str:
    """Return what stands for a file that was read for a period, whatever version of the readers did it.

    Like any input it is read once, and `rebuild` derives its pages anew. Only another sieve, which may keep what
    was dropped and is in no archive of ours, is a reason to read the file again.
    """
    sieve = prefilter.VERSION if made.sieved else "none"
    asked = (made.sha256, made.since, made.until, sieve, *sorted(made.only))
    return make_id("backfill", *asked)


def _own_file(made: Task | Manifest) -> list[str]:
    """Return what notes that an input is a file of our archive and was read, nothing for other inputs."""
    return [] if made.sieved else [f"file:{made.name}"]


def _tidy(out: Path, loaded: Sequence[str]) -> None:
    """Remove what workers that were killed left half done, and what was loaded but not yet cleared away."""
    for folder in out.glob(".shard_*"):
        shutil.rmtree(folder, ignore_errors=True)
    for shard_id in loaded:
        _clear(out / shard_id)


def _clear(folder: Path) -> None:
    """Leave the manifest of a loaded shard as its receipt; warehouse and archive hold the rest."""
    for path in folder.glob("*"):
        if path.name != shards.MANIFEST:
            path.unlink()


# --- load ----------------------------------------------------------------------------------------------


def _load(run: Run, task: Task, out: Path, error: str) -> None:
    manifest = None if error else shards.finished(out, task.shard_id)
    if manifest is None:
        run.counts["shards_failed"] += 1
        run.problems.append(error or f"{task.name}: what its shard holds is not whole")
        return
    _archive(run, manifest, out)
    with steps.open_store(run) as store, store.transaction():
        commit(run, store, manifest, out)
    _clear(out / task.shard_id)
    LOGGER.info(
        "shard loaded",
        extra={"stage": "backfill", "record_id": task.shard_id, "counts": dict(manifest.counts)},
    )


def _archive(run: Run, manifest: Manifest, out: Path) -> None:
    """Put the pages of a shard into the archive before any row cites them."""
    folder = run.settings.archive
    folder.mkdir(parents=True, exist_ok=True)
    for file in manifest.archive:
        place = folder / file.name
        if place.exists() and shards.digest(place) == file.sha256:
            continue
        partial = folder / f".{file.name}.part"
        shutil.copyfile(out / manifest.shard_id / file.name, partial)
        with partial.open("rb") as copied:
            os.fsync(copied.fileno())
        partial.replace(place)
    if manifest.archive and os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def commit(run: Run, store: Store, manifest: Manifest, out: Path) -> None:
    """Load one shard, inside a transaction of the caller; one that was loaded before adds nothing."""
    from pipeline import incidents

    key = _key(manifest)
    if key in store.processed(steps.READ):
        run.counts["shards_known"] += 1
        return
    ready: dict[tuple[str, str], Reading] = {}
    refused: list[Rejection] = []
    keys: list[str] = []
    gone = incidents.taken_down(reviews.load(run.settings.reviews))
    with steps.spooled() as spool:
        for line in shards.lines(out, manifest):
            keys.append(line.input_key)
            if line.article is not None and line.article.article_id in gone:
                run.counts["taken_down"] += 1
                continue
            if line.rejection is not None and line.article is None:
                refused.append(line.rejection)
            if line.article is not None:
                spool.add(line.article, line.input_key)
            if line.reading is not None:
                ready[line.reading.article.article_id, steps.digest_of(line.reading.article)] = (
                    line.reading
                )
        steps.reject(run, store, refused, {item.record_id for item in refused}, lost_only=True)
        changed, n_other = steps.settle(store, spool, everything=False)

        def made_before(article: Article) -> Reading | None:
            found = ready.get((article.article_id, steps.digest_of(article)))
            return _regrouped(found, article) if found is not None else None

        steps.save_readings(run, store, changed, ready=made_before)
        run.counts["articles"] += len(spool)
        run.counts["articles_changed"] += n_other
    of_files = (f"file:{file.name}" for file in manifest.archive)
    finished = [*keys, *of_files, *_own_file(manifest), key]
    store.mark_processed(run.run_id, now(), finished, steps.READ)
    run.counts["shards_loaded"] += 1
    for name, n in manifest.counts.items():
        if name not in {"articles", "rejected"}:  # counted as they are saved
            run.counts[f"pages_{name}" if name != "pages" else name] += n


def _regrouped(reading: Reading, article: Article) -> Reading:
    """Return the reading for the article as it stands now: what it says is the same, its copies may not be."""
    return reading._replace(
        article=article,
        reports=[
            report.model_copy(update={"copy_group_id": article.copy_group_id})
            for report in reading.reports
        ],
    )
