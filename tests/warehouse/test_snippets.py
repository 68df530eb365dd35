"""The analyses that a package prints are run on its files; what cannot be run here is read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.warehouse import world
from warehouse import codebook, exports
from warehouse.releases import Release

# Functions and arguments of R that look like columns.
_OF_R = {"group_by", "read_parquet", "read_csv", "stream_in", "guess_max", "trends_monthly"}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("snippets")
    with world.open_store(folder) as store:
        return world.publish(store, folder / "releases")


@pytest.fixture(scope="module", params=exports.TABULAR)
def package(
    request: pytest.FixtureRequest, release: Release, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    made = exports.export(
        release.public, tmp_path_factory.mktemp(request.param) / "out", tier="public",
        release_id=release.release_id, made_at=release.made_at, formats=[request.param],
    )  # fmt: skip
    return made.path


def blocks(package: Path, language: str) -> list[str]:
    analysis = (package / "README.md").read_text("utf-8").partition("## A first analysis")[2]
    return re.findall(rf"```{language}\n(.*?)\n```", analysis, re.S)


@pytest.mark.parametrize("library", ["pandas", "polars", "ibis"])
def test_the_analyses_in_python_give_the_rate(
    package: Path, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (block,) = (block for block in blocks(package, "python") if f"import {library}" in block)
    monkeypatch.chdir(package)
    names: dict[str, Any] = {}
    exec(block, names)
    rate = names["rate"]
    # Four incidents in five articles.
    assert [float(value) for value in rate["per_10k"]] == [8000.0]
    assert [int(value) for value in rate["n_articles_screened"]] == [5]


def test_the_analysis_in_r_names_files_and_columns_that_exist(package: Path) -> None:
    (block,) = blocks(package, "r")
    (path,) = re.findall(r'"(data/[^"]+)"', block)
    assert (package / path).is_file()
    columns = set(codebook.load().tables["trends_monthly"].in_tier("public"))
    named = set(re.findall(r"\b[a-z]+_[a-z_]+\b", re.sub(r'"[^"]*"', "", block))) - _OF_R
    assert {"n_incidents", "n_articles_screened", "is_outage"} <= named <= columns
    assert block.count("(") == block.count(")")
