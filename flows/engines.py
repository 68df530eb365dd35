"""What works the shards of a backfill: processes of this machine, or a Dask cluster.

    [Task] -> (Task, error or "") for each, in the order in which they end

An engine moves nothing but tasks and names: what a shard says lies in its folder, where all workers can reach it.
"""

from __future__ import annotations

import contextlib
import queue
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from flows import shards
from flows.problems import Problem
from flows.shards import ShardFailed, Task, Worker

# A shard that ends its process this often is damaged beyond what the caps catch; the others go on.
TRIES = 3
# Starting a process and loading its models takes seconds: small shards share one, a large one has its own.
RECYCLE_BYTES = 64 << 20
CONNECT_S = 30

Outcome = tuple[Task, str]
Tell = Callable[[int], None]


def on_processes(tasks: Sequence[Task], out: Path, n: int, tell: Tell) -> Iterator[Outcome]:
    """Yield each task with why it failed, empty when it did not; ``n`` shards are worked beside each other.

    ``tell`` hears how many pages all shards together have seen. When the caller stops, so do the processes.
    """
    todo: queue.SimpleQueue[Task] = queue.SimpleQueue()
    for task in tasks:
        todo.put(task)
    ended: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
    running: set[subprocess.Popen[str]] = set()
    guard = threading.Lock()
    stopped = threading.Event()
    seen: dict[str, int] = {}

    def started(child: subprocess.Popen[str]) -> None:
        with guard:
            running.add(child)
            if stopped.is_set():
                child.kill()

    def end(workers: list[Worker]) -> None:
        while workers:
            workers.pop().close()

    def serve() -> None:
        workers: list[Worker] = []  # one at a time; none before the first task and behind a failure
        while not stopped.is_set():
            try:
                task = todo.get_nowait()
            except queue.Empty:
                break

            def told(n_pages: int, task: Task = task) -> None:
                with guard:
                    seen[task.shard_id] = n_pages
                    tell(sum(seen.values()))

            error = ""
            for _ in range(TRIES):
                if stopped.is_set():
                    break
                try:
                    if not workers:
                        workers.append(shards.Worker(out, started))
                    workers[0].work(task, told)
                except (ShardFailed, OSError) as failed:
                    error = str(failed)
                else:
                    error = ""
                    break
                end(workers)
            if workers and workers[0].n_bytes > RECYCLE_BYTES:
                end(workers)
            ended.put((task, error))
        end(workers)

    threads = [threading.Thread(target=serve, daemon=True) for _ in range(min(n, len(tasks)))]
    for thread in threads:
        thread.start()
    try:
        for _ in tasks:
            yield ended.get()
    finally:
        stopped.set()
        with guard:
            for child in running:
                child.kill()
        for thread in threads:
            thread.join()


def on_dask(tasks: Sequence[Task], out: Path, address: str) -> Iterator[Outcome]:
    """Yield each task with why it failed, empty when it did not, as the cluster at the address ends them.

    The workers see the input files and ``out`` under the same paths as this machine. Raises ``Problem`` when Dask is
    not installed or no scheduler answers.
    """
    try:
        import distributed
    except ImportError as error:
        raise Problem("dask is not installed", "pip install 'suar[dask]'") from error
    dask: Any = distributed  # most of it has no types
    try:
        client = dask.Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise Problem(
            f"no Dask scheduler answers at {address}", "start `dask scheduler`, or correct --dask"
        ) from error
    with client:
        sent = {
            client.submit(
                shards.launch, task, out.resolve(), key=task.shard_id, pure=False, retries=TRIES - 1
            ): task
            for task in tasks
        }
        try:
            for future in dask.as_completed(list(sent), loop=client.loop):
                failed = future.exception()
                yield sent.pop(future), "" if failed is None else str(failed)
                future.release()
        finally:
            with contextlib.suppress(Exception):  # the cluster may be gone; its shards may be too
                client.cancel(list(sent))
