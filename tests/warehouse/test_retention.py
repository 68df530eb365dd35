from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.warehouse import world
from warehouse import releases, retention

OPENED = """
import sys, time
from pathlib import Path
from warehouse.database import connect
connection = connect(Path(sys.argv[1]), read_only=True)
print("open", flush=True)
sys.stdin.readline()
print(connection.execute("SELECT count(*) FROM marts.incidents").fetchone()[0], flush=True)
"""
MONTH = dt.timedelta(days=30)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three releases of three days; the last is current."""
    folder = tmp_path_factory.mktemp("retention")
    with world.open_store(folder) as store:
        for n in range(3):
            moved = dt.timedelta(days=n)
            world.publish(
                store, folder / "releases", day=world.DAY + moved, now=world.AT + moved, force=True
            )
    return folder / "releases"


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "releases", symlinks=True))


@contextmanager
def reader(database: Path) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        [sys.executable, "-c", OPENED, str(database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    try:
        assert child.stdout.readline() == "open\n"
        yield child
    finally:
        child.kill()
        child.communicate()


def test_the_current_one_and_those_of_the_last_week_stay(folder: Path) -> None:
    first, second, third = releases.published(folder)
    week = retention.KEPT
    assert retention.prune(folder, now=world.AT + week) == []
    assert retention.prune(folder, now=world.AT + week + dt.timedelta(hours=1)) == [first]
    releases.use(folder, second)
    assert retention.prune(folder, now=world.AT + MONTH) == [third]
    assert releases.published(folder) == [second]
    assert releases.current(folder).release_id == second
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("tier", ["analyst", "public"])
def test_one_that_is_read_stays_until_its_reader_goes(folder: Path, tier: str) -> None:
    first, second, _ = releases.published(folder)
    with reader(folder / first / tier / releases.DATABASE) as child:
        assert [each.reader for each in retention.shelf(folder)] == [child.pid, None, None]
        assert retention.prune(folder, now=world.AT + MONTH) == [second]
    assert [each.reader for each in retention.shelf(folder)] == [None, None]
    assert retention.prune(folder, now=world.AT + MONTH) == [first]


def test_who_reads_what_is_removed_by_name_reads_on(folder: Path) -> None:
    first, second, third = releases.published(folder)
    with reader(folder / first / "analyst" / releases.DATABASE) as child:
        assert retention.remove(folder, [first, third]) == [first]
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write("\n")
        child.stdin.flush()
        assert int(child.stdout.readline()) > 0
    assert releases.published(folder) == [second, third]


def test_a_release_that_cannot_be_read_counts_from_its_day(folder: Path) -> None:
    first = releases.published(folder)[0]
    manifest = folder / first / releases.MANIFEST
    manifest.chmod(0o644)
    manifest.write_text("{")
    damaged = retention.shelf(folder)[0]
    assert damaged.made_at is None
    assert not damaged.spare(dt.datetime.combine(world.DAY, dt.time(), dt.UTC) + retention.KEPT)
    assert damaged.spare(world.AT + MONTH)
