"""Read the files that somebody hands in: lines of JSON, web pages, WARC files, plain texts, folders.

    path -> Document | Page | Rejection

A bad line or file is a counted rejection that names file, line and cause; the rest goes on.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import sys
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from crawlers import archive as warc
from flows.archive import Document
from pipeline.records import Page, Reason, Rejection, make_id

STAGE = "inputs"
STDIN = "-"
MAX_LINE = 20_000_000  # bytes of one JSON line: a page of 5 MB escaped four times over
MAX_FILE = 20_000_000  # bytes of one text or web page
_WARC = (".warc", ".warc.gz")
_LINES = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")
_HTML = (".html", ".htm", ".xhtml")
_TEXT = (".txt",)
KNOWN = (*_LINES, *_HTML, *_WARC, *_TEXT)

Found = Document | Page | Rejection


def read_all(paths: Iterable[str | Path], received_at: dt.datetime) -> Iterator[Found]:
    """Yield what the paths hold, in order; ``-`` is standard input with a JSON object a line."""
    for path in paths:
        if str(path) == STDIN:
            yield from _lines(sys.stdin.buffer, "stdin", received_at)
        else:
            yield from read(Path(path), received_at)


def read(path: Path, received_at: dt.datetime) -> Iterator[Found]:
    """Yield what one file or folder holds; of a folder only the files of a known kind."""
    try:
        if path.is_dir():
            for inner in sorted(path.rglob("*")):
                if inner.is_file() and _kind(inner):
                    yield from _file(inner, received_at)
        elif not path.exists():
            yield _refused(path.name, Reason.MISSING_PATH, f"{path} does not exist")
        elif not _kind(path):
            known = ", ".join(KNOWN)
            yield _refused(path.name, Reason.UNSUPPORTED_FILE, f"{path.name}: not one of {known}")
        else:
            yield from _file(path, received_at)
    except PermissionError as error:
        yield _refused(path.name, Reason.MISSING_PATH, f"{path}: {error.strerror}")


def _kind(path: Path) -> str:
    name = path.name.lower()
    return next((kind for kind in KNOWN if name.endswith(kind)), "")


def _file(path: Path, received_at: dt.datetime) -> Iterator[Found]:
    kind = _kind(path)
    if path.stat().st_size == 0:
        yield _refused(path.name, Reason.EMPTY_FILE, f"{path.name} is empty")
    elif kind in _WARC:
        yield from warc.read(path)
    elif kind in _LINES:
        with gzip.open(path, "rb") if kind.endswith(".gz") else path.open("rb") as stream:
            yield from _lines(stream, path.name, received_at)
    elif path.stat().st_size > MAX_FILE:
        yield _refused(path.name, Reason.TOO_LARGE, f"{path.name} has more than {MAX_FILE:,} bytes")
    elif kind in _HTML:
        body = path.read_bytes()
        yield Page.of("", _address(body), body, received_at, content_type="text/html")
    else:
        yield _text(path, received_at)


def _refused(record_id: str, reason: Reason, detail: str) -> Rejection:
    return Rejection(record_id=record_id, stage=STAGE, reason=reason, detail=detail)


def _address(body: bytes) -> str:
    """Return a name for content that came without an address: the same content, the same name."""
    return f"urn:suar:{make_id('file', body)}"


def _text(path: Path, received_at: dt.datetime) -> Document | Rejection:
    body = path.read_bytes()
    text = decode(body)
    if text is None:
        return _refused(path.name, Reason.UNREADABLE_ENCODING, f"{path.name}: no encoding fits")
    if not text.strip():
        return _refused(path.name, Reason.EMPTY_FILE, f"{path.name} holds no text")
    return Document.of(path.name, received_at, _address(body), text=text)


def decode(body: bytes) -> str | None:
    """Return the text in UTF-8, UTF-16 with its mark, or the encoding that fits best; None if none does."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig")):
        if body.startswith(mark):
            try:
                return body.decode(encoding)
            except UnicodeDecodeError:
                continue
    if b"\x00" in body:
        return None
    from charset_normalizer import from_bytes

    best = from_bytes(body).best()
    return str(best) if best is not None else None


# --- lines of JSON -------------------------------------------------------------------------------------


def _lines(stream: IO[bytes] | Any, name: str, received_at: dt.datetime) -> Iterator[Found]:
    number = 0
    n_found = 0
    try:
        while True:
            number += 1
            line = stream.readline(MAX_LINE + 1)
            if not line:
                break
            if len(line) > MAX_LINE:
                while line and not line.endswith(b"\n"):
                    line = stream.readline(MAX_LINE)
                n_found += 1
                yield _refused(
                    f"{name}:{number}", Reason.TOO_LARGE, f"longer than {MAX_LINE:,} bytes"
                )
                continue
            if line.strip():
                n_found += 1
                yield _line(line, f"{name}:{number}", received_at)
    except (OSError, EOFError, zlib.error) as error:  # a gzip file that is cut or none
        yield _refused(f"{name}:{number}", Reason.MALFORMED_JSON, f"not readable: {error}")
        return
    if not n_found:
        yield _refused(name, Reason.EMPTY_FILE, f"{name} holds no line")


def _line(line: bytes, where: str, received_at: dt.datetime) -> Document | Rejection:
    try:
        raw = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return _refused(where, Reason.UNREADABLE_ENCODING, "not UTF-8")
    except (ValueError, RecursionError) as error:
        told = error.msg if isinstance(error, json.JSONDecodeError) else type(error).__name__
        return _refused(where, Reason.MALFORMED_JSON, told)
    if not isinstance(raw, dict):
        return _refused(where, Reason.MALFORMED_JSON, "not a JSON object")
    said: dict[str, str | None] = {}
    for field in (
        "url",
        "title",
        "text",
        "html",
        "published_at",
        "published",
        "outlet",
        "language",
    ):
        value = raw.get(field)
        if value is not None and not isinstance(value, str):
            return _refused(where, Reason.MALFORMED_JSON, f"{field} is not a text")
        # A lone half of a surrogate pair is no character; nothing can write it down again.
        said[field] = value and value.encode("utf-8", "replace").decode()
    url = (said.pop("url") or "").strip()
    if not url:
        return _refused(where, Reason.MISSING_FIELD, "url")
    if not _is_address(url):
        return _refused(where, Reason.MALFORMED_JSON, "url is not an address")
    if not (said["text"] or "").strip() and not (said["html"] or "").strip():
        return _refused(where, Reason.MISSING_FIELD, "text or html")
    # The project's labelled sets call the day `published`.
    published = said.pop("published")
    said["published_at"] = said["published_at"] or published
    return Document.of(where, received_at, url, **said)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.scheme and (parts.netloc or parts.path)) and not any(c.isspace() for c in url)
