"""A release is read by clients that are older than the DuckDB which wrote it."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from tests.warehouse import world
from warehouse.releases import Release

OLD = "1.3"
# The storage format of DuckDB 1.2, which 1.2 to 2.0 read: https://duckdb.org/docs/internals/storage
V1_2 = 65
LOOK = """
import duckdb, json, sys
connection = duckdb.connect(sys.argv[1], read_only=True)
ask = lambda sql: connection.execute(sql).fetchall()
tables = [name for (name,) in ask("SELECT table_name FROM duckdb_tables() ORDER BY ALL")]
print(json.dumps({
    "version": duckdb.__version__,
    "rows": {name: ask(f"SELECT count(*) FROM (SELECT * FROM marts.{name})")[0][0] for name in tables},
    "cells": {name: len(str(ask(f"SELECT * FROM marts.{name}"))) for name in tables},
    "as_of": ask("SELECT count(*) FROM marts.incidents_as_of('2026-09-20')")[0][0],
    "persons": ask("SELECT sum(persons_best)::INT FROM marts.trends_monthly")[0][0],
    "comments": ask("SELECT count(comment) FROM duckdb_columns() WHERE schema_name = 'marts'")[0][0],
}))
"""


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("older")
    with world.open_store(folder) as store:
        return world.publish(store, folder / "releases")


def test_the_files_are_in_the_format_of_duckdb_1_2(release: Release) -> None:
    for path in (release.analyst, release.public):
        head = path.read_bytes()[:20]
        assert head[8:12] == b"DUCK"
        assert struct.unpack("<Q", head[12:20]) == (V1_2,)


def _seen_by(path: Path, **environment: str) -> dict[str, object]:
    told = subprocess.run(
        [sys.executable, "-c", LOOK, str(path)],
        capture_output=True, check=True, text=True, env={**os.environ, **environment},
    )  # fmt: skip
    found: dict[str, object] = json.loads(told.stdout)
    return found


@pytest.mark.slow
def test_duckdb_1_3_reads_every_row_of_a_release(release: Release, tmp_path: Path) -> None:
    pip = subprocess.run(
        [
            sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--only-binary", ":all:", "--retries", "1",
            "--timeout", "10", "--target", str(tmp_path), f"duckdb=={OLD}.*",
        ],
        capture_output=True, check=False, text=True,
    )  # fmt: skip
    if pip.returncode:
        pytest.skip(f"no package index offers duckdb {OLD} here: {pip.stderr.strip()[-200:]}")
    for path in (release.analyst, release.public):
        old = _seen_by(path, PYTHONPATH=str(tmp_path))
        assert str(old.pop("version")).startswith(f"{OLD}.")
        now = _seen_by(path)
        now.pop("version")
        assert old == now
        assert now["as_of"] == len(world.incidents())
