"""A seeded campaign of faults against the real commands: ``make chaos``, about ten minutes, ends in one line.

A plan of step x fault x seed is worked off on copies of one home. After each fault the command is given again,
as an operator would, and the home must come to tell what a twin tells that met no fault. Meanwhile a reader
opens the current release again and again and must find a whole one. At last a crawl meets the farm of hostile
sites. Ends with 1 when anything was lost, doubled, half seen or not survived.

    faults 70 | survived 70 | rows lost 0 | rows doubled 0 | half releases seen 0 of 900 | ...
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import random
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from pipeline.records import FetchState
from tests.crawlers import test_hostile as farming
from tests.flows import homes
from warehouse import queries, releases
from warehouse.store import Store

STEPS = ("ingest", "rebuild", "publish")
TRIES = 4
LIMIT_S = 180.0
WAREHOUSE = "warehouse.duckdb"
TOLD = "SELECT (SELECT count(*) FROM articles), count(*), sum(persons_best) FROM incidents"
TABLES = (
    "relevance", "mentions", "claims", "statistics", "reports", "report_places", "report_evidence",
    "incidents", "incident_counts", "incident_places", "links",
)  # fmt: skip
MORE = [
    {**homes.RAID, "text": f"{homes.RAID['text']} Mereka dibawa ke kantor polisi setempat."},
    *homes.ARTICLES[1:],
]


# --- commands -------------------------------------------------------------------------------------------


@dataclass
class Case:
    """One fault at one step on a home of its own."""

    step: str
    fault: str
    seed: int
    home: Path
    whole_s: float
    draw: random.Random

    def start(self) -> subprocess.Popen[bytes]:
        """Give the command of the step in a process group of its own."""
        paths = [str(self.home.parent / "more.jsonl")] if self.step == "ingest" else []
        return command(self.home, self.step, *paths)

    def end_at(self, moment: float, by: signal.Signals = signal.SIGKILL) -> None:
        """Give the command and end it after so many seconds, with all that it started."""
        child = self.start()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(moment)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, by)
        child.communicate(timeout=LIMIT_S)


def command(home: Path, *tokens: str) -> subprocess.Popen[bytes]:
    """Return a process of ``suar`` on the home."""
    return subprocess.Popen(
        [sys.executable, "-m", "flows", *tokens, "--home", str(home), "--no-prefect", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=homes.environment(SUAR_MIN_FREE_MB="0", SUAR_WORKERS="1"),
        cwd=Path(__file__).parents[1],
        start_new_session=True,
    )


def answered(child: subprocess.Popen[bytes]) -> tuple[int, dict[str, Any]]:
    """Return the exit code of a command and the document that it printed."""
    out, _ = child.communicate(timeout=LIMIT_S)
    try:
        return child.returncode, dict(json.loads(out))
    except ValueError:
        return child.returncode, {}


# --- faults ---------------------------------------------------------------------------------------------


def killed(case: Case) -> bool:
    """Kill the command at any moment."""
    case.end_at(case.draw.uniform(0.0, case.whole_s))
    return True


def killed_late(case: Case) -> bool:
    """Kill the command while it writes, links or publishes."""
    case.end_at(case.draw.uniform(0.6, 1.0) * case.whole_s)
    return True


def interrupted(case: Case) -> bool:
    """Ask the command to end."""
    case.end_at(case.draw.uniform(0.2, 1.0) * case.whole_s, signal.SIGTERM)
    return True


def two_at_once(case: Case) -> bool:
    """Give the command twice; one of them must be told that the home is at work, or come after the other."""
    both = [case.start(), case.start()]
    codes = [answered(child) for child in both]
    refused = [said for code, said in codes if code == 1]
    if any(said.get("error", {}).get("code") != "busy" for said in refused):
        raise AssertionError(f"two at once: {refused}")
    return True


def _killed_with_wal(case: Case) -> Path | None:
    """Kill the command while a write stands in the log only; return the log, None where none was met.

    A log lives for some 50 ms, until its writes are in the file.
    """
    wal = case.home / f"{WAREHOUSE}.wal"
    child = case.start()
    n_passed, was_there = case.draw.randrange(3), False
    while child.poll() is None:
        is_there = _size(wal) > 0
        if is_there and not was_there:
            if not n_passed:
                break
            n_passed -= 1
        was_there = is_there
        time.sleep(0.001)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.communicate(timeout=LIMIT_S)
    return wal if _size(wal) else None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def wal_torn(case: Case) -> bool:
    """Cut the log of the last writes, as a crash of the machine may."""
    wal = _killed_with_wal(case)
    if wal is not None:
        os.truncate(wal, case.draw.randrange(wal.stat().st_size))
    return wal is not None


def wal_zeroed(case: Case) -> bool:
    """Replace the end of the log by zeros, as a loss of power may."""
    wal = _killed_with_wal(case)
    if wal is not None:
        kept = case.draw.randrange(wal.stat().st_size)
        body = wal.read_bytes()
        wal.write_bytes(body[:kept] + bytes(len(body) - kept))
    return wal is not None


def wal_flipped(case: Case) -> bool:
    """Flip a bit of the log."""
    wal = _killed_with_wal(case)
    if wal is not None:
        _flip(wal, case.draw)
    return wal is not None


def file_flipped(case: Case) -> bool:
    """Flip bits of the private file."""
    for _ in range(3):
        _flip(case.home / WAREHOUSE, case.draw)
    return True


def _flip(path: Path, draw: random.Random) -> None:
    with path.open("r+b") as file:
        place = draw.randrange(path.stat().st_size)
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ (1 << draw.randrange(8))]))


def ledger_torn(case: Case) -> bool:
    """Cut the ledger of runs within its last line."""
    ledger = case.home / "ledger.jsonl"
    os.truncate(ledger, ledger.stat().st_size - case.draw.randrange(2, 60))
    return True


def disk_full(case: Case) -> bool:
    """Let the disk fill up at some point of the command."""
    disk = case.home.with_name("disk")
    disk.mkdir()
    used = sum(path.stat().st_size for path in case.home.rglob("*") if path.is_file())
    size = used + case.draw.randrange(64 << 10, 16 << 20)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size >> 10}k", "none", str(disk)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        return False
    try:
        small = disk / "home"
        shutil.copytree(case.home, small, symlinks=True)
        paths = [str(case.home.parent / "more.jsonl")] if case.step == "ingest" else []
        code, said = answered(command(small, case.step, *paths))
        if code == 1 and said.get("error", {}).get("code") != "disk_full":
            raise AssertionError(f"a full disk was told as {said.get('error')}")
        told(small)  # the last release is served from the full disk
        shutil.rmtree(case.home)
        shutil.copytree(small, case.home, symlinks=True)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)
    return True


FAULTS: dict[str, Callable[[Case], bool]] = {
    each.__name__: each
    for each in (
        killed, killed_late, interrupted, two_at_once, wal_torn, wal_zeroed, wal_flipped, file_flipped,
        ledger_torn, disk_full,
    )
}  # fmt: skip


# --- what a home tells ----------------------------------------------------------------------------------


def told(home: Path) -> tuple[Any, ...]:
    """Return what the current release says in a few numbers."""
    analyst = releases.current(home / "releases").analyst
    return tuple(queries.query(analyst, TOLD).rows[0])


def rows(home: Path) -> Counter[str]:
    """Return every current row of the home, without when and by which run it was read."""
    found: Counter[str] = Counter()
    with Store.open(home / WAREHOUSE, read_only=True) as store:
        for article in store.load_articles():
            found[article.model_dump_json(exclude={"fetched_at"})] += 1
        for table in TABLES:
            sql = f"SELECT row_hash FROM core.{table} WHERE superseded_at IS NULL"
            found.update(f"{table} {row[0]}" for row in store.connection.execute(sql).fetchall())
    return found


@dataclass
class Reader:
    """Opens the current release again and again, as readers do while a run is on."""

    home: Path
    whole: set[tuple[Any, ...]]
    n_reads: int = 0
    halves: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self._thread.join()

    def _read(self) -> None:
        while not self.ended.wait(0.2):
            if not (self.home / "releases").exists():
                continue  # the home is on its way back from the small disk
            try:
                seen = told(self.home)
            except Exception as error:
                if (self.home / "releases").exists():
                    self.halves.append(f"{type(error).__name__}: {error}"[:200])
                continue
            self.n_reads += 1
            if seen not in self.whole:
                self.halves.append(f"{seen}")


# --- the campaign ---------------------------------------------------------------------------------------


@dataclass
class Outcome:
    """What became of one fault."""

    step: str
    fault: str
    seed: int
    survived: bool = False
    note: str = ""
    lost: int = 0
    doubled: int = 0
    n_reads: int = 0
    halves: list[str] = field(default_factory=list)
    recovery_s: float = 0.0


class Campaign:
    """Works off a plan on copies of two homes: one before the step, one that has it behind it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.start, self.twin = folder / "start" / "home", folder / "twin" / "home"
        self.whole_s: dict[str, float] = {}

    def prepare(self) -> None:
        """Make the homes with the real commands, and take the time of each."""
        self.start.parent.mkdir(parents=True)
        first = homes.write_lines(self.start.parent / "more.jsonl", homes.ARTICLES[:3])
        self._done(self.start, "ingest", str(first))
        shutil.copytree(self.start, self.twin, symlinks=True)
        more = homes.write_lines(self.twin.parent / "more.jsonl", MORE)
        for step in STEPS:
            paths = [str(more)] if step == "ingest" else []
            began = time.monotonic()
            self._done(self.twin, step, *paths)
            self.whole_s[step] = time.monotonic() - began
        self.whole = {told(self.start), told(self.twin)}
        self.rows = rows(self.twin)

    def _done(self, home: Path, *tokens: str) -> None:
        code, said = answered(command(home, *tokens))
        if code:
            raise SystemExit(f"without a fault, suar {tokens[0]} ended with {code}: {said}")

    def meet(self, number: int, step: str, fault: str, seed: int) -> Outcome | None:
        """Return what became of the fault, or None where it could not be made."""
        outcome = Outcome(step, fault, seed)
        home = self.folder / f"case{number}" / "home"
        shutil.copytree(self.start if step == "ingest" else self.twin, home, symlinks=True)
        homes.write_lines(home.parent / "more.jsonl", MORE)
        draw = random.Random(f"{step} {fault} {seed}")
        case = Case(step, fault, seed, home, self.whole_s[step], draw)
        try:
            with Reader(home, self.whole) as reader:
                if not FAULTS[fault](case):
                    return None
                began = time.monotonic()
                outcome.note = self._recovered(case)
                outcome.recovery_s = time.monotonic() - began
            outcome.n_reads, outcome.halves = reader.n_reads, reader.halves
            now = rows(home)
            outcome.lost = (self.rows - now).total()
            outcome.doubled = (now - self.rows).total()
            outcome.survived = told(home) == told(self.twin)
        except Exception as error:  # whatever it is, the fault was not survived
            outcome.note = f"{type(error).__name__}: {error}"[:400]
        finally:
            shutil.rmtree(home.parent, ignore_errors=True)
        return outcome

    def _recovered(self, case: Case) -> str:
        """Give the command until it is done, and do what its errors ask for; return what that was."""
        notes: list[str] = []
        for _ in range(TRIES):
            code, said = answered(case.start())
            if code == 0:
                return ", ".join(notes)
            kind = said.get("error", {}).get("code", f"code {code}")
            notes.append(kind)
            if kind == "store_corrupt":  # its advice: move the file aside and rebuild
                for name in (WAREHOUSE, f"{WAREHOUSE}.wal"):
                    (case.home / name).unlink(missing_ok=True)
                code, said = answered(command(case.home, "rebuild"))
                if code:
                    raise AssertionError(f"rebuild ended with {code}: {said}")
        raise AssertionError(f"not recovered after {TRIES} tries: {notes}")


def hostile_crawl(folder: Path) -> dict[str, int]:
    """Return what the farm of hostile sites could do to a crawl."""
    folder.mkdir()
    for run in farming.crawled(folder, farming.FAMILIES, guarded=True):
        states = [each.state for each in run.result.fetches]
        return {
            "hostile answers": sum(each is not FetchState.FETCHED for each in states),
            "unnamed ends": states.count(FetchState.FAILED),
            "private hits": run.farm.secret_hits,
            "forbidden fetches": farming.barred_pages(run) + len(run.farm.urls("offlist.test")),
        }
    raise AssertionError("the farm yields one run")


def plan(seed: int) -> Iterator[tuple[str, str, int]]:
    """Yield step, fault and seed: each pair once in an order drawn anew, then all again."""
    draw = random.Random(seed)
    for turn in itertools.count():
        pairs = list(itertools.product(STEPS, FAULTS))
        draw.shuffle(pairs)
        yield from ((step, fault, seed + turn) for step, fault in pairs)


def main() -> int:
    """Return 0 when every fault was survived and nothing was lost, doubled or half seen."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--seed", type=int, default=20260904)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, help="where to write every outcome as JSON")
    given = parser.parse_args()
    began = time.monotonic()
    outcomes: list[Outcome] = []
    n_impossible = 0
    with tempfile.TemporaryDirectory(prefix="suar-chaos-") as name:
        campaign = Campaign(Path(name))
        campaign.prepare()
        score = hostile_crawl(Path(name) / "farm")
        todo, lock, numbers = plan(given.seed), threading.Lock(), itertools.count()
        # The last case may take as long again as a command and its recovery.
        stop = began + given.minutes * 60 - 4 * max(campaign.whole_s.values())

        def work() -> None:
            nonlocal n_impossible
            while time.monotonic() < stop:
                with lock:
                    (step, fault, seed), number = next(todo), next(numbers)
                outcome = campaign.meet(number, step, fault, seed)
                with lock:
                    if outcome is None:
                        n_impossible += 1
                        continue
                    outcomes.append(outcome)
                    if not outcome.survived or outcome.lost or outcome.doubled or outcome.halves:
                        sys.stderr.write(json.dumps(asdict(outcome)) + "\n")

        with ThreadPoolExecutor(given.workers) as pool:
            for each in [pool.submit(work) for _ in range(given.workers)]:
                each.result()
    used = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)
    )
    bad = {
        "rows lost": sum(each.lost for each in outcomes),
        "rows doubled": sum(each.doubled for each in outcomes),
        "half releases seen": sum(len(each.halves) for each in outcomes),
        **{name: n for name, n in score.items() if name != "hostile answers"},
    }
    n_survived = sum(each.survived for each in outcomes)
    figures: dict[str, Any] = {
        "faults": len(outcomes),
        "survived": n_survived,
        **bad,
        "release reads": sum(each.n_reads for each in outcomes),
        "hostile answers": score["hostile answers"],
        "not to be made here": n_impossible,
        "median recovery": f"{statistics.median([e.recovery_s for e in outcomes] or [0]):.1f} s",
        "max RSS": f"{used / (1 << 20):.2f} GB",
    }
    line = " | ".join(f"{name} {value}" for name, value in figures.items())
    sys.stdout.write(line + "\n")
    if given.out:
        document = {"seed": given.seed, **figures, "outcomes": [asdict(each) for each in outcomes]}
        given.out.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return 0 if outcomes and n_survived == len(outcomes) and not any(bad.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
