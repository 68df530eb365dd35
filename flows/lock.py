"""One run at a time per home: an operating-system lock that dies with its holder."""

from __future__ import annotations

import fcntl
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.clock import now
from flows.problems import Busy, Problem

LOCK_FILE = ".lock"
_held: dict[Path, int] = {}
"""Homes held by this process and how often: a flow started by a command shares the command's lock."""


@contextmanager
def hold(home: Path, command: str = "") -> Iterator[None]:
    """Hold the home until the block ends, or raise `Busy` naming who holds it."""
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(
            f"the home {home} cannot be made: {error.strerror}", "choose another with --home"
        ) from error
    path = (home / LOCK_FILE).resolve()
    if path in _held:
        _held[path] += 1
        try:
            yield
        finally:
            _held[path] -= 1
        return
    try:
        handle = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise Problem(
            f"the home {home} cannot be written: {error.strerror}",
            "check its permissions or choose another with --home",
        ) from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            who = holder(home)
            raise Busy(
                f"another run holds {home}: {describe(who)}", "wait for it to end, or stop it"
            ) from error
        handle.seek(0)
        handle.truncate()
        json.dump(
            {
                "pid": os.getpid(),
                "started_at": now().isoformat(timespec="seconds"),
                "command": command or " ".join(Path(part).name for part in sys.argv[:2]),
            },
            handle,
        )
        handle.flush()
        _held[path] = 1
        try:
            yield
        finally:
            del _held[path]
            # Emptied but never removed: removing would let two runs lock two files of one name.
            handle.seek(0)
            handle.truncate()


def holder(home: Path) -> dict[str, object] | None:
    """Return who holds the home, or None when nobody does."""
    path = home / LOCK_FILE
    try:
        with path.open("r", encoding="utf-8") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                try:
                    return dict(json.loads(handle.read() or "{}"))
                except ValueError:
                    return {}
            return None
    except OSError:
        return None


def describe(who: dict[str, object] | None) -> str:
    """Return the holder in words."""
    if not who:
        return "a process that has not named itself yet"
    return f"process {who.get('pid')} ({who.get('command')}), since {who.get('started_at')}"
