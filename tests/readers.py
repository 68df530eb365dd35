"""Readers of the current release while a writer publishes: for ``make bench`` and, shorter, for the tests.

Each publication gives all incidents one confidence of its own, so a reader who saw parts of two releases would
find two. The number of rows is compared with the manifest of the release that the reader opened.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

from tests.warehouse import world
from warehouse import releases, retention
from warehouse.store import Store

# So many publications stay, as if the rest were older than a week.
SPARED = 24


class Watched(NamedTuple):
    """What readers and writer did."""

    n_readers: int
    seconds: float
    n_opens: int
    n_published: int
    n_seen: int
    """Distinct releases that the readers met."""
    n_held: int
    """Times that a release which was held open from the beginning was read again."""
    errors: tuple[str, ...]


def read(releases_dir: Path, stop: Path, *, hold: bool) -> dict[str, Any]:
    """Return what one reader saw until ``stop`` is there, and once more after that.

    With ``hold`` it also keeps the first release open throughout.
    """
    from warehouse.database import connect

    seen: set[str] = set()
    errors: list[str] = []
    n_opens = n_held = 0
    first = connect(releases.current(releases_dir).analyst, read_only=True) if hold else None
    held = first.execute("SELECT * FROM marts.incidents ORDER BY ALL").fetchall() if first else []
    last = False
    while not last:
        last = stop.exists()
        try:
            release = releases.current(releases_dir)
            connection = connect(release.analyst, read_only=True)
            try:
                n_rows, n_kinds = connection.execute(
                    "SELECT count(*), count(DISTINCT confidence) FROM marts.incidents"
                ).fetchall()[0]
            finally:
                connection.close()
            n_opens += 1
            seen.add(release.release_id)
            if (n_rows, n_kinds) != (release.manifest["rows"]["analyst"]["incidents"], 1):
                errors.append(f"{release.release_id}: {n_rows} incidents of {n_kinds} publications")
            if first is not None and (last or not n_opens % 20):
                n_held += 1
                if first.execute("SELECT * FROM marts.incidents ORDER BY ALL").fetchall() != held:
                    errors.append("a release that was held open has changed")
        except Exception as error:  # every one is counted
            errors.append(f"{type(error).__name__}: {error}")
        if n_opens + len(errors) == 1:
            sys.stdout.write("reading\n")
            sys.stdout.flush()
    if first is not None:
        first.close()
    return {"n_opens": n_opens, "n_held": n_held, "seen": sorted(seen), "errors": errors}


def watch(folder: Path, *, n_readers: int = 8, seconds: float = 120) -> Watched:
    """Return what ``n_readers`` processes met while this one published as fast as it could."""
    releases_dir, stop = folder / "releases", folder / "stop"
    with world.open_store(folder) as store:
        _publish(store, releases_dir, 0)
        readers = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.readers", str(releases_dir), str(stop), str(number)],
                stdout=subprocess.PIPE,
                text=True,
            )
            for number in range(n_readers)
        ]
        try:
            for child in readers:
                assert child.stdout is not None
                assert child.stdout.readline() == "reading\n"
            n_published = 1
            end = time.monotonic() + seconds
            while n_published < 3 or time.monotonic() < end:
                _publish(store, releases_dir, n_published)
                n_published += 1
                # As if they had been made an hour after the other, a week ago.
                later = world.AT + retention.KEPT + dt.timedelta(hours=n_published - SPARED)
                retention.prune(releases_dir, now=later)
        finally:
            stop.touch()
            told = [child.communicate()[0] for child in readers]
    found = [json.loads(text) for text in told]
    return Watched(
        n_readers=n_readers,
        seconds=seconds,
        n_opens=sum(each["n_opens"] for each in found),
        n_published=n_published,
        n_seen=len({name for each in found for name in each["seen"]}),
        n_held=sum(each["n_held"] for each in found),
        errors=tuple(error for each in found for error in each["errors"]),
    )


def _publish(store: Store, releases_dir: Path, number: int) -> None:
    at = world.AT + dt.timedelta(hours=number)
    found = {
        key: item.model_copy(update={"confidence": 0.5 + number / 1_000_000})
        for key, item in world.incidents().items()
    }
    store.save_incidents(f"run-{number}", at, [*found.values()], world.links(found))
    world.publish(store, releases_dir, day=at.date(), now=at)


if __name__ == "__main__":
    where, until, which = sys.argv[1:]
    sys.stdout.write(json.dumps(read(Path(where), Path(until), hold=which == "0")))
