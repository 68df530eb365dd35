"""The notebook runs on a package of the sample and shows what the release holds."""

from __future__ import annotations

import datetime as dt
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from flows import launch, settings
from warehouse import exports, releases

ROOT = Path(__file__).parents[1]


@pytest.fixture
def notebook() -> Iterator[None]:
    """Forget marimo afterwards: transformers takes a process that has imported it for a notebook, and asks for IPython."""
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == "marimo"]:
        del sys.modules[name]


@pytest.mark.slow
def test_the_tour_runs_on_the_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, notebook: None
) -> None:
    home = settings.load({"home": tmp_path / "home", "prefect": False, "min_free_mb": 0}, {})
    launch.demo(home)
    release = releases.current(home.releases)
    made = exports.export(
        release.public, tmp_path / "package", tier="public", release_id=release.release_id,
        made_at=release.made_at, formats=["parquet"], is_invented=True,
    )  # fmt: skip
    monkeypatch.setenv("SUAR_PACKAGE", str(made.path))
    spec = importlib.util.spec_from_file_location("tour", ROOT / "notebooks" / "tour.py")
    assert spec is not None
    assert spec.loader is not None
    tour = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tour)
    outputs, names = tour.app.run()
    assert dict(names["sizes"][1])["incidents"] == made.rows["incidents"] > 0
    assert "INVENTED SAMPLE" in outputs[1].text
    # Of all the figures of the incident that is told of most, one stands.
    package = duckdb.connect()
    best = package.execute(
        f"SELECT persons_best FROM '{made.path}/data/incidents.parquet'"
        " WHERE (incident_id, persons_best) IN"
        f" (SELECT (incident_id, best) FROM '{made.path}/data/incident_counts.parquet')"
        " ORDER BY n_reports DESC, incident_id LIMIT 1"
    ).fetchone()
    ledger = [dict(zip(names["ledger"][0], row, strict=True)) for row in names["ledger"][1]]
    standing = [row["best"] for row in ledger if row["is_headline"] and not row["is_replaced"]]
    assert len(ledger) > len(standing) > 0
    assert {*standing} == {*(best or ())}
    # A month that was watched and brought no article has no rate.
    assert all((per_10k is None) == (n == 0) for _, _, n, per_10k in names["rate"][1])
    assert any(per_10k for *_, per_10k in names["rate"][1])
    assert {row[2] for row in names["outcomes"][1]} >= {"freed", "repatriated"}
    held = package.execute(f"FROM '{made.path}/data/outcomes.parquet'").fetchall()
    assert len(held) == len(names["outcomes"][1])
    ((day, n_incidents, _),) = names["believed"][1]
    assert isinstance(day, dt.date)
    assert n_incidents == made.rows["incidents"]
