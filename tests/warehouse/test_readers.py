from __future__ import annotations

from pathlib import Path

from tests import readers


def test_readers_see_whole_releases_while_a_writer_publishes(tmp_path: Path) -> None:
    found = readers.watch(tmp_path, n_readers=3, seconds=3)
    assert found.errors == ()
    assert found.n_published >= 3
    assert found.n_seen >= 2
    assert found.n_held >= 1
    assert found.n_opens >= 2 * found.n_readers
