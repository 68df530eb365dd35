"""The extraction benchmark: its measure on texts counted by hand, its command on invented pages."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests import bench, extraction
from tests.extraction import Shares

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The golden pages of one part, in the layout of the public benchmark."""
    made = tmp_path_factory.mktemp("benchmark")
    (made / "html").mkdir()
    truth = {}
    for described in sorted(GOLDEN.rglob("*.json")):
        case = json.loads(described.read_text())
        if "rejection" in case["expect"] or "parts" in case or "content_type" in case:
            continue
        key = f"{described.parent.name}-{described.stem}"
        truth[key] = {"url": case["url"], "articleBody": "\n".join(case["expect"]["body"])}
        html = described.with_suffix(".html").read_bytes()
        (made / "html" / f"{key}.html.gz").write_bytes(gzip.compress(html))
    (made / "ground-truth.json").write_text(json.dumps(truth))
    return made


@pytest.mark.parametrize(
    ("truth", "given", "expected"),
    [
        ("a b c d e", "a b c d e", (1, 0, 0)),
        ("a b c d e", "a b c d", (1 / 2, 0, 1 / 2)),
        ("a b c d", "x a b c d", (1 / 2, 1 / 2, 0)),
        ("a b c d a b c d", "a b c d", (1 / 5, 0, 4 / 5)),  # a run counts as often as it stands there
        ("a b", "A, b!", (0, 1 / 2, 1 / 2)),  # case counts, marks do not, a short text is one run
        ("a b", "a, b!", (1, 0, 0)),
        ("a b c d", "", (0, 0, 1)),
        ("", "", (0, 0, 0)),
    ],
)  # fmt: skip
def test_shares(truth: str, given: str, expected: tuple[float, float, float]) -> None:
    assert extraction.shares(truth, given) == pytest.approx(expected)


def test_the_measures_are_means_over_pages() -> None:
    found = extraction.quality([Shares(1, 0, 0), Shares(0.5, 0, 0.5), Shares(0, 0, 1)])
    assert found.precision == 1  # the page without text says nothing of precision
    assert found.recall == pytest.approx(0.5)
    assert found.f1 == pytest.approx(2 / 3)
    assert found.accuracy == pytest.approx(1 / 3)


def test_intervals_come_from_the_same_draws() -> None:
    mixed = [Shares(1, 0, 0), Shares(0.5, 0.5, 0)] * 20
    assert extraction.half_width(mixed).precision == pytest.approx(1.96 * 0.25 / 40**0.5, rel=0.1)
    assert extraction.difference(mixed, mixed) == (0, 0, 0)
    gain, low, high = extraction.difference([Shares(1, 0, 0)] * 40, mixed)
    assert 0 < low < gain < high


def test_ours_is_no_worse_than_trafilatura_on_invented_pages(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.main(["--extraction", str(folder), "--json"])
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    ours, trafilatura, newspaper = document["extractors"]
    assert [item["name"] for item in document["extractors"]] == [
        "suar",
        "trafilatura",
        "newspaper4k",
    ]
    assert document["n_pages"] >= 15
    assert ours["quality"]["f1"] >= 0.97
    assert ours["quality"]["f1"] >= trafilatura["quality"]["f1"]
    assert document["f1_over_trafilatura"]["low"] > 0
    assert ours["pages_per_s"] > 0
    assert newspaper["quality"] or "not installed" in newspaper["note"]


def test_the_table_names_what_is_missing(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(body: bytes, url: str) -> str:
        raise ValueError(url)

    listed = (*extraction.EXTRACTORS[:1], ("trafilatura", "json", broken), ("x", "no_such", broken))
    monkeypatch.setattr(extraction, "EXTRACTORS", listed)
    with pytest.raises(ValueError, match="http"):
        bench.main(
            ["--extraction", str(folder)]
        )  # a first call that fails is a fault of the set-up
    rows = extraction.told(
        [
            extraction.Result("suar", None, None, 0, 0, 0, (Shares(1, 0, 0),)),
            extraction.Result("x", None, None, 0, 0, 0, (), "not installed: y"),
        ],
        2,
    )
    printed = extraction.table(rows)
    assert "texts without a page: 2" in printed
    assert "not installed: y" in printed
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("truth", "says"),
    [
        (None, "cannot be read as JSON"),
        ("[", "cannot be read as JSON"),
        ('["a"]', "must be an object of objects"),
        ('{"a": {"articleBody": "x", "url": "y"}}', "no page of ground-truth.json"),
        ('{"../a": {"articleBody": "x", "url": "y"}}', "no page of ground-truth.json"),
    ],
)
def test_another_layout_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], truth: str | None, says: str
) -> None:
    if truth is not None:
        (tmp_path / "ground-truth.json").write_text(truth)
    with pytest.raises(SystemExit) as ended:
        bench.main(["--extraction", str(tmp_path)])
    assert ended.value.code == 2
    assert says in capsys.readouterr().err


def test_a_page_that_cannot_be_unpacked_is_named(tmp_path: Path) -> None:
    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "a.html.gz").write_bytes(b"\x1f\x8bnot gzip")
    (tmp_path / "ground-truth.json").write_text('{"a": {"articleBody": "x", "url": "y"}}')
    with pytest.raises(extraction.FolderError, match=r"a\.html\.gz: cannot be unpacked"):
        extraction.load(tmp_path)
