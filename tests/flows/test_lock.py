from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows import lock
from flows.problems import Busy

HOLD = """
import sys, time
from pathlib import Path
from flows import lock
with lock.hold(Path(sys.argv[1]), "suar other"):
    print("held", flush=True)
    time.sleep(60)
"""


def other(home: Path) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    return child


def test_a_second_run_is_told_who_holds_the_home_and_a_killed_one_lets_go(tmp_path: Path) -> None:
    child = other(tmp_path)
    try:
        with pytest.raises(Busy, match=rf"process {child.pid} \(suar other\)"), lock.hold(tmp_path):
            pass
        assert lock.holder(tmp_path) is not None
    finally:
        child.kill()
        child.wait()
        assert child.stdout is not None
        child.stdout.close()
    for _ in range(50):
        if lock.holder(tmp_path) is None:
            break
        time.sleep(0.05)
    with lock.hold(tmp_path):
        pass
    assert lock.holder(tmp_path) is None
