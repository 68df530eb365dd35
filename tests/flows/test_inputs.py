from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.archive import Exchange, Writer
from flows import archive, inputs
from flows.archive import Document
from pipeline.records import Page, Reason, Rejection

NOW = dt.datetime(2026, 9, 20, tzinfo=dt.UTC)
TEXT = "Kementerian mencatat 21 orang sudah pulang dari Kamboja."
LINE = {"url": "https://kabar.example/a", "title": "Judul", "text": TEXT}


def found(path: Path) -> list[inputs.Found]:
    return list(inputs.read(path, NOW))


def reasons(items: list[inputs.Found]) -> list[tuple[str, Reason]]:
    return [(item.record_id, item.reason) for item in items if isinstance(item, Rejection)]


def lines(path: Path, *rows: Any) -> Path:
    body = b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows)
    path.write_bytes(body + b"\n")
    return path


def test_good_lines_go_on_around_bad_ones_and_each_is_named(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "in.jsonl",
        LINE,
        b'{"url": "https://kabar.example/b", "text": ',
        b"",
        {"url": "https://kabar.example/c"},
        {"title": "x", "text": TEXT},
        [1, 2],
        {"url": "https://kabar.example/d", "text": 7},
        {"url": "no address", "text": TEXT},
        b'{"url": "https://kabar.example/e", "text": "\xff\xfe"}',
        {**LINE, "url": "https://kabar.example/f", "published": "2026-09-01"},
    )
    items = found(path)
    assert reasons(items) == [
        ("in.jsonl:2", Reason.MALFORMED_JSON),
        ("in.jsonl:4", Reason.MISSING_FIELD),
        ("in.jsonl:5", Reason.MISSING_FIELD),
        ("in.jsonl:6", Reason.MALFORMED_JSON),
        ("in.jsonl:7", Reason.MALFORMED_JSON),
        ("in.jsonl:8", Reason.MALFORMED_JSON),
        ("in.jsonl:9", Reason.UNREADABLE_ENCODING),
    ]
    good = [item for item in items if isinstance(item, Document)]
    assert [item.url[-1] for item in good] == ["a", "f"]
    assert good[1].published_at == "2026-09-01"


def test_compressed_lines_are_read_and_a_cut_file_is_told(tmp_path: Path) -> None:
    whole = gzip.compress(json.dumps(LINE).encode() + b"\n" + b"x" * 50_000)
    (tmp_path / "a.jsonl.gz").write_bytes(whole)
    (tmp_path / "cut.jsonl.gz").write_bytes(whole[:-20])
    (tmp_path / "none.jsonl.gz").write_bytes(b"not gzip")
    assert reasons(found(tmp_path / "a.jsonl.gz")) == [("a.jsonl.gz:2", Reason.MALFORMED_JSON)]
    for name in ("cut.jsonl.gz", "none.jsonl.gz"):
        assert Reason.MALFORMED_JSON in [reason for _, reason in reasons(found(tmp_path / name))]


@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [
        ("empty.txt", b"", Reason.EMPTY_FILE),
        ("blank.txt", b" \n\n", Reason.EMPTY_FILE),
        ("empty.jsonl", b"", Reason.EMPTY_FILE),
        ("blank.jsonl", b"\n\n", Reason.EMPTY_FILE),
        ("binary.txt", b"\x00\x01\x02\xff" * 50, Reason.UNREADABLE_ENCODING),
        ("table.xlsx", b"PK", Reason.UNSUPPORTED_FILE),
        ("damaged.warc.gz", b"\x1f\x8b\x08garbage", Reason.MALFORMED_WARC),
    ],
)
def test_a_file_that_gives_nothing_says_why(
    tmp_path: Path, name: str, body: bytes, reason: Reason
) -> None:
    (tmp_path / name).write_bytes(body)
    assert [item.reason for item in found(tmp_path / name) if isinstance(item, Rejection)] == [
        reason
    ]


def test_a_missing_path_is_counted(tmp_path: Path) -> None:
    assert reasons(found(tmp_path / "gone.txt")) == [("gone.txt", Reason.MISSING_PATH)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_texts_of_usual_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    text = f"{TEXT} Kafé dan résumé di kota itu, kata petugas. " * 3
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    (document,) = found(tmp_path / "a.txt")
    assert isinstance(document, Document)
    assert document.text == text


def test_a_folder_gives_its_known_files_in_order(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "page.html").write_text("<html><body>x</body></html>")
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "notes.xlsx").write_text("ignored")
    with Writer(tmp_path / "c", "run-1") as writer:
        writer.add(
            Exchange("", "article", "https://kabar.example/w", "https://kabar.example/w", 200,
                     [("Content-Type", "text/html")], b"<html></html>", NOW)
        )  # fmt: skip
    kinds = [type(item) for item in found(tmp_path)]
    assert kinds == [Document, Page, Page]


def test_the_same_content_has_the_same_id_wherever_it_lies(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(TEXT)
    first, second = (found(tmp_path / name)[0] for name in ("a.txt", "b.txt"))
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert first.document_id == second.document_id
    assert str(tmp_path) not in first.model_dump_json()


def test_standard_input_is_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(json.dumps(LINE).encode())

    monkeypatch.setattr(sys, "stdin", Stdin)
    (document,) = inputs.read_all(["-"], NOW)
    assert isinstance(document, Document)
    assert document.name == "stdin:1"


def test_half_a_surrogate_pair_can_be_written_down_again(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", b'{"url": "https://kabar.example/a", "text": "x \\ud83d y"}')
    (document,) = found(path)
    assert isinstance(document, Document)
    assert Document.model_validate_json(document.model_dump_json()) == document


@given(st.binary(max_size=300))
def test_any_line_gives_one_answer(line: bytes) -> None:
    assert isinstance(inputs._line(line, "x:1", NOW), Document | Rejection)


def test_a_text_file_of_the_archive_with_any_byte_turned_never_stops_a_run(tmp_path: Path) -> None:
    """Damage shows as one of several errors: of gzip, of the packed stream, of the letters, of the JSON."""
    path = tmp_path / "texts-r.jsonl.gz"
    rows = [
        Document.of(f"{n}.txt", NOW, "", title="Judul", text=TEXT * 3).model_dump_json()
        for n in range(3)
    ]
    whole = gzip.compress("\n".join(rows).encode(), mtime=0)
    outcomes = set()
    for at in range(len(whole)):
        body = bytearray(whole)
        body[at] ^= 0xFF
        path.write_bytes(body)
        found = list(archive.documents(path))
        outcomes.add(next((item.detail for item in found if isinstance(item, Rejection)), "whole"))
    assert {"error", "BadGzipFile"} <= outcomes
