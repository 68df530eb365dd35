"""The archive of raw responses: written once as gzip WARC, read back as pages.

    Exchange -> suar-YYYYMMDD-<run>-NNNNN.warc.gz -> Page | Rejection

Bodies are stored unpacked, as Common Crawl does: the original ``Content-Encoding``, ``Transfer-Encoding``
and ``Content-Length`` are kept under an ``X-Suar-`` prefix. Request headers and cookies are not stored.
What we know beyond HTTP (source, kind, part, run) stands in ``Suar-`` fields of the record header, and for
other programs in a metadata record behind it. A body that is archived already is not stored again: a revisit
record (WARC 1.1, identical payload digest) says where it is, and readers find it there.
"""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import gzip
import hashlib
import http
import io
import os
import re
import uuid
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, NamedTuple, Self

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawlers.inflate import CutError, TooLargeError, gunzip, inflate
from crawlers.payloads import Payloads, Stored
from pipeline.records import Page, Reason, Rejection

MAX_FILE_BYTES = 1 << 30  # the usual size of WARC files: one is read, copied or lost at a time
MAX_PAGE_BYTES = 5 << 20  # the cap of the crawl; larger pages in foreign files are not articles
GZIP_LEVEL = 4  # level 6 costs half as long again on news pages and saves two in a hundred
STAGE = "archive"
MIN_REVISIT_BYTES = 1024  # a revisit record takes about as much as a smaller body

_OPEN = ".open"  # stands beside a file that is being written; found later, it tells of a crash
_MEMBER = b"\x1f\x8b\x08"
_SCAN = 1 << 20
_SECRET = frozenset({"set-cookie", "set-cookie2", "cookie", "authorization", "proxy-authorization"})
_REWRITTEN = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|article)\b", re.I)
_HTML_TYPES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True)
class Exchange:
    """One response as it came, unpacked, and why it was asked for."""

    source_id: str
    kind: str
    url: str
    final_url: str
    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes
    fetched_at: dt.datetime
    part_of: str | None = None
    part_no: int = 1

    @classmethod
    def of_page(cls, page: Page) -> Self:
        """Return the response of a page that was handed in or read from another archive."""
        return cls(
            source_id=page.source_id,
            kind="article",
            url=page.url,
            final_url=page.final_url,
            status=page.status,
            headers=[("Content-Type", page.content_type)],
            body=page.body,
            fetched_at=page.fetched_at,
            part_of=page.part_of,
            part_no=page.part_no,
        )


class Location(NamedTuple):
    """Where a record begins: file name below the archive folder, byte offset."""

    file: str
    offset: int


class Repair(NamedTuple):
    """What was cut from a file whose last record was torn by a crash."""

    path: Path
    kept_bytes: int
    dropped_bytes: int


class Writer:
    """Appends responses to the day's file of one run; nothing may be cited before `sync` returns."""

    def __init__(
        self,
        folder: Path,
        run_id: str,
        software: str = "suar",
        *,
        by_day: bool = True,
        revisits: bool = True,
        name: str = "",
        repairs: bool = True,
    ) -> None:
        """Begin to write; with ``by_day`` off, responses of many days in any order share one file.

        With ``revisits`` off every body is stored, whatever the folder holds already. ``name`` stands in the names
        of the files in place of the run. With ``repairs`` off, files that others write at present are left alone.
        """
        self._folder = folder
        self._by_day = by_day
        self._run_id = run_id
        self._name = re.sub(r"[^A-Za-z0-9.]+", "-", name or run_id).strip("-") or "run"
        self._software = software
        self._file: IO[bytes] | None = None
        self._path: Path | None = None
        self._day = ""
        self._dirty = False
        self.files: list[str] = []
        folder.mkdir(parents=True, exist_ok=True)
        self.repairs = recover(folder) if repairs else []
        self._payloads = Payloads(folder) if revisits else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def add(self, exchange: Exchange) -> Location:
        """Return where the response was written; it is on disk for good after the next `sync`."""
        file, name = self._file_for(exchange.fetched_at)
        place = Location(name, file.tell())
        digest = _payload_digest(exchange.body)
        known = None
        if self._payloads is not None and len(exchange.body) >= MIN_REVISIT_BYTES:
            known = self._payloads.find(digest)
            if known is None:
                stored = Stored(_line(exchange.final_url), _stamp(exchange.fetched_at), *place)
                self._payloads.add(digest, stored)
        file.write(_records(exchange, self._run_id, place, digest, known))
        self._dirty = True
        return place

    def sync(self) -> None:
        """Make everything added so far survive a power cut."""
        if self._file is not None and self._dirty:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._dirty = False
            if self._payloads is not None:
                self._payloads.save()

    def close(self) -> None:
        """Finish writing."""
        self._finish_file()
        if self._payloads is not None:
            self._payloads.close()
            self._payloads = None

    def _finish_file(self) -> None:
        if self._file is not None and self._path is not None:
            self.sync()
            self._file.close()
            self._file = None
            _marker(self._path).unlink(missing_ok=True)

    def _file_for(self, moment: dt.datetime) -> tuple[IO[bytes], str]:
        day = moment.astimezone(dt.UTC).strftime("%Y%m%d")
        if self._day and not self._by_day:
            day = self._day
        if self._file is not None and (self._day != day or self._file.tell() > MAX_FILE_BYTES):
            self._finish_file()
        if self._file is None or self._path is None:
            self._day = day
            self._path, self._file = _create(self._folder, f"suar-{day}-{self._name}")
            self._file.write(_warcinfo(self._path.name, moment, self._software, self._run_id))
            self.files.append(self._path.name)
        return self._file, self._path.name


def recover(folder: Path) -> list[Repair]:
    """Return what had to be cut from files that a crash left open; each now ends with a whole record."""
    repairs = []
    for marker in sorted(folder.glob(f"*.warc.gz{_OPEN}")):
        path = marker.with_name(marker.name.removesuffix(_OPEN))
        if path.exists():
            cut = repair(path)
            if cut is not None:
                repairs.append(cut)
        marker.unlink()
    return repairs


def repair(path: Path) -> Repair | None:
    """Return what was cut from the end of the file, or None when its last record is whole."""
    size = path.stat().st_size
    whole = _whole_bytes(path)
    if whole == size:
        return None
    with path.open("r+b") as file:
        file.truncate(whole)
        os.fsync(file.fileno())
    return Repair(path, whole, size - whole)


def is_ours(path: Path) -> bool:
    """Return whether the first response of a WARC file was written by a crawl of this program."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    try:
        with path.open("rb") as stream:
            kinds = WarcRecordType.response
            first = next(ArchiveIterator(stream, record_types=kinds, parse_http=False), None)
            return first is not None and first.headers.get("Suar-Kind") is not None
    except (OSError, ValueError, EOFError):
        return False


def is_html(content_type: str, body: bytes) -> bool:
    """Return whether the body is a web page: by its declared type, or by its look when none is given."""
    declared = content_type.partition(";")[0].strip().lower()
    if declared:
        return declared in _HTML_TYPES
    return _HTML.search(body[:2048]) is not None


Wanted = Callable[[str, dt.datetime, bytes], bool]
"""Whether a page at this address, fetched then, with these bytes is wanted."""


def read(
    path: Path, max_page_bytes: int = MAX_PAGE_BYTES, wanted: Wanted | None = None
) -> Iterator[Page | Rejection]:
    """Yield the web pages of a WARC file, ours or foreign, and a rejection for each damaged stretch.

    Of our own files only articles are pages; of foreign ones every HTML response with status 200
    (their ``source_id`` is empty). ``wanted`` is asked before anything costly is done with a page; of one
    that is not wanted nothing is yielded. Reading goes on with the next sound record.
    """
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    try:
        stream: IO[bytes] = path.open("rb")
    except OSError as error:
        yield Rejection(
            record_id=path.name, stage=STAGE, reason=Reason.MISSING_PATH, detail=str(error)
        )
        return
    with stream:
        start: int | None = 0
        bodies: dict[str, Location] = {}  # of this file, for the revisits of others
        while start is not None:
            stream.seek(start)
            position = start
            n_read = 0
            fault = ""
            held: Page | Rejection | None = None
            try:
                for record in ArchiveIterator(
                    stream,
                    record_types=WarcRecordType.response | WarcRecordType.revisit,
                    parse_http=False,
                ):
                    if held is not None:
                        yield held
                        held = None
                    position = record.stream_pos
                    n_read += 1
                    held = _page(record, path, max_page_bytes, wanted, bodies)
            except _DamagedError as error:
                fault = str(error)
            except (OSError, ValueError, EOFError) as error:  # what FastWARC raises on damage
                fault = str(error)
            # The checksum stands behind the text: a record is believed once the next one has begun.
            if held is not None and (not fault or _is_whole(stream, position)):
                yield held
            if not fault:
                return
            if n_read or not start:  # else the damaged stretch goes on: it was told already
                yield Rejection(
                    record_id=f"{path.name}:{position}",
                    stage=STAGE,
                    reason=Reason.MALFORMED_WARC,
                    detail=fault,
                )
            start = _next_record(stream, position)


class _DamagedError(Exception):
    """The record ends before the length that it promises."""


# --- writing ------------------------------------------------------------------------------------------


def _marker(path: Path) -> Path:
    return path.with_name(path.name + _OPEN)


def _create(folder: Path, stem: str) -> tuple[Path, IO[bytes]]:
    """Return a new file with the first free number; never one that exists."""
    for number in range(100_000):
        path = folder / f"{stem}-{number:05d}.warc.gz"
        if path.exists():
            continue
        _marker(path).touch()
        with contextlib.suppress(FileExistsError):
            file = path.open("xb")
            _sync_folder(folder)
            return path, file
    raise FileExistsError(f"no free number for {stem} in {folder}")


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _packed(record_writer: WARCWriter, out: io.BytesIO, record: Any) -> bytes:
    """Return the record as one gzip member, so that a torn one can be cut off."""
    record_writer.write_record(record)
    return gzip.compress(out.getvalue(), GZIP_LEVEL, mtime=0)


def _warcinfo(name: str, moment: dt.datetime, software: str, run_id: str) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="1.1")
    fields = {
        "software": software,
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "robots": "obey",
        "isPartOf": run_id,
    }
    record = writer.create_warcinfo_record(name, fields)
    record.rec_headers.replace_header("WARC-Record-ID", _record_id(run_id, Location(name, 0)))
    record.rec_headers.replace_header("WARC-Date", _stamp(moment))
    return _packed(writer, out, record)


def _record_id(run_id: str, place: Location, what: str = "") -> str:
    """Return an id that the same bytes at the same place get again: a backfill repeated is the same file."""
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{run_id}/{place.file}/{place.offset}{what}')}>"


def _payload_digest(body: bytes) -> str:
    """Return the digest of a body as WARC writers write it."""
    told = hashlib.sha1(body, usedforsecurity=False).digest()
    return f"sha1:{base64.b32encode(told).decode()}"


def _records(
    exchange: Exchange, run_id: str, place: Location, digest: str, known: Stored | None
) -> bytes:
    """Return the response, or where its body is already, and the metadata record that goes with it."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="1.1")
    fields = {
        "WARC-Record-ID": _record_id(run_id, place),
        "WARC-Date": _stamp(exchange.fetched_at),
        "Suar-Source-Id": exchange.source_id,
        "Suar-Kind": exchange.kind,
        "Suar-Run-Id": _line(run_id),
        "Suar-Requested-URI": _line(exchange.url),
    }
    if exchange.part_of is not None:
        fields["Suar-Part-Of"] = _line(exchange.part_of)
        fields["Suar-Part-No"] = str(exchange.part_no)
    target = _line(exchange.final_url)
    if known is None:
        fields["WARC-Payload-Digest"] = digest
        record = writer.create_warc_record(
            target,
            "response",
            payload=io.BytesIO(exchange.body),
            length=len(exchange.body),
            http_headers=_http_headers(exchange),
            warc_headers_dict=fields,
        )
    else:
        fields["Suar-Refers-To-File"] = known.file
        fields["Suar-Refers-To-Offset"] = str(known.offset)
        record = writer.create_revisit_record(
            target,
            digest,
            known.url,
            known.date,
            http_headers=_http_headers(exchange),
            warc_headers_dict=fields,
        )
    return _packed(writer, out, record) + _metadata(exchange, run_id, place, fields)


def _metadata(exchange: Exchange, run_id: str, place: Location, said: Mapping[str, str]) -> bytes:
    """Return the record that tells any reader of WARC files why this response was asked for."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="1.1")
    told = {
        "source": exchange.source_id,
        "kind": exchange.kind,
        "isPartOf": _line(run_id),
        "requestedUri": _line(exchange.url),
        **({"via": _line(exchange.part_of)} if exchange.part_of is not None else {}),
    }
    body = "".join(f"{name}: {value}\r\n" for name, value in told.items() if value).encode()
    record = writer.create_warc_record(
        _line(exchange.final_url),
        "metadata",
        payload=io.BytesIO(body),
        length=len(body),
        warc_content_type="application/warc-fields",
        warc_headers_dict={
            "WARC-Record-ID": _record_id(run_id, place, "metadata"),
            "WARC-Date": said["WARC-Date"],
            "WARC-Concurrent-To": said["WARC-Record-ID"],
        },
    )
    return _packed(writer, out, record)


def _http_headers(exchange: Exchange) -> StatusAndHeaders:
    headers = [("Content-Length", str(len(exchange.body)))]
    for name, value in exchange.headers:
        low = name.lower()
        if low not in _SECRET:
            headers.append((f"X-Suar-{name}" if low in _REWRITTEN else name, _line(value)))
    try:
        phrase = http.HTTPStatus(exchange.status).phrase
    except ValueError:
        phrase = "Unknown"
    return StatusAndHeaders(f"{exchange.status} {phrase}", headers, protocol="HTTP/1.1")


def _stamp(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _line(text: str) -> str:
    """Return the text without what would start a new header line."""
    return re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]+", " ", text).strip()


# --- reading ------------------------------------------------------------------------------------------


def _page(
    record: Any, path: Path, limit: int, wanted: Wanted | None, bodies: dict[str, Location]
) -> Page | Rejection | None:
    """Return the page in a record, None when it is none; raise when the record is cut."""
    headers = record.headers
    kind = headers.get("Suar-Kind")
    if kind not in (None, "article") or not record.is_http:
        return None
    name, offset = path.name, record.stream_pos
    record_id = f"{name}:{offset}"
    source_id = headers.get("Suar-Source-Id") or ""

    def rejected(reason: Reason, detail: str) -> Rejection:
        return Rejection(
            record_id=record_id, stage=STAGE, reason=reason, detail=detail, source_id=source_id
        )

    record.parse_http(auto_decode="none")
    web = record.http_headers
    status = web.status_code if web is not None else None
    if status != 200:
        return None
    content_type = web.get("Content-Type") or ""
    place = Location(name, offset)
    digest = headers.get("WARC-Payload-Digest") or ""
    if headers.get("WARC-Type") == "revisit":
        ours = _referred(headers)
        place = ours or bodies.get(digest) or place
        body = _body_at(path.with_name(place.file), place.offset, digest if ours else "", limit)
        if body is None:
            told = headers.get("WARC-Refers-To-Target-URI") or "another record"
            detail = f"the same as {told}, which is not at hand"
            return rejected(Reason.MALFORMED_WARC, detail)
        return _made(record, body, place, content_type, wanted, rejected)
    if digest:
        bodies.setdefault(digest, place)
    promised = record.content_length
    packed = record.reader.read(min(promised, limit) + 1)
    if len(packed) > limit:
        return rejected(Reason.TOO_LARGE, f"body of {promised} bytes, limit {limit}")
    if len(packed) < promised:
        raise _DamagedError(f"record holds {len(packed)} of {promised} bytes")
    try:
        body = _decoded(packed, web, limit)
    except TooLargeError as error:
        return rejected(Reason.TOO_LARGE, str(error))
    except (CutError, OSError, ValueError) as error:
        return rejected(Reason.MALFORMED_WARC, f"body cannot be unpacked: {error}")
    return _made(record, body, place, content_type, wanted, rejected)


def _made(
    record: Any,
    body: bytes,
    place: Location,
    content_type: str,
    wanted: Wanted | None,
    rejected: Callable[[Reason, str], Rejection],
) -> Page | Rejection | None:
    """Return the page with this body, None when it is no page or none that is wanted."""
    headers = record.headers
    if not body or body.isspace() or not is_html(content_type, body):
        return None
    target = (headers.get("WARC-Target-URI") or "").strip("<>")
    fetched_at = _moment(headers.get("WARC-Date") or "")
    if not target or fetched_at is None:
        return rejected(Reason.MALFORMED_WARC, "record has no target address or no date")
    if wanted is not None and not wanted(target, fetched_at, body):
        return None
    part_no = headers.get("Suar-Part-No") or "1"
    return Page.of(
        headers.get("Suar-Source-Id") or "",
        headers.get("Suar-Requested-URI") or target,
        body,
        fetched_at,
        final_url=target,
        status=record.http_headers.status_code,
        content_type=content_type,
        part_of=headers.get("Suar-Part-Of"),
        part_no=int(part_no) if part_no.isdecimal() else 1,
        warc_file=place.file,
        warc_offset=place.offset,
    )


def _referred(headers: Any) -> Location | None:
    """Return where our own revisit record says that its body is."""
    file, offset = headers.get("Suar-Refers-To-File"), headers.get("Suar-Refers-To-Offset") or ""
    if not file or not offset.isdecimal() or Path(file).name != file:
        return None
    return Location(file, int(offset))


def _body_at(path: Path, offset: int, digest: str, limit: int) -> bytes | None:
    """Return the body of the response at a place, None when there is none or (by its digest) another one."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    try:
        with path.open("rb") as stream:
            stream.seek(offset)
            record = next(ArchiveIterator(stream, parse_http=False), None)
            if record is None or record.record_type != WarcRecordType.response:
                return None
            record.parse_http(auto_decode="none")
            packed = record.reader.read(limit + 1)
            if len(packed) > limit or (digest and _payload_digest(packed) != digest):
                return None
            return _decoded(packed, record.http_headers, limit)
    except (OSError, ValueError, EOFError, CutError, TooLargeError):
        return None


def _moment(text: str) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or dt.UTC).astimezone(dt.UTC)


def _decoded(body: bytes, web: Any, limit: int) -> bytes:
    """Return the body without transfer and content coding.

    Many archives store bodies unpacked under their old headers, so the bytes decide and not the header.
    """
    if "chunked" in (web.get("Transfer-Encoding") or "").lower() and _CHUNKED.match(body):
        body = _unchunked(body, limit)
    coding = (web.get("Content-Encoding") or "").strip().lower()
    if coding in ("gzip", "x-gzip") and body.startswith(_MEMBER):
        return gunzip(body, limit)
    if coding == "deflate" and not _HTML.search(body[:2048]):
        return inflate(body, limit)
    if coding in ("br", "zstd"):
        return _fast_decoded(body, coding, limit)
    return body


_CHUNKED = re.compile(rb"[0-9a-fA-F]{1,8}[ \t]*(?:;[^\r\n]*)?\r\n")


def _unchunked(body: bytes, limit: int) -> bytes:
    from fastwarc.stream_io import ChunkedReader

    return _capped(ChunkedReader(io.BytesIO(body)), limit)


def _fast_decoded(body: bytes, coding: str, limit: int) -> bytes:
    from fastwarc.stream_io import BrotliReader, ZstdReader

    if _HTML.search(body[:2048]):
        return body
    reader = BrotliReader if coding == "br" else ZstdReader
    return _capped(reader(io.BytesIO(body)), limit)


def _capped(reader: Any, limit: int) -> bytes:
    out = io.BytesIO()
    while out.tell() <= limit:
        piece = reader.read(min(_SCAN, limit + 1 - out.tell()))
        if not piece:
            return out.getvalue()
        out.write(piece)
    raise TooLargeError(f"more than {limit} bytes when unpacked")


def _next_record(stream: IO[bytes], after: int) -> int | None:
    """Return where the next sound-looking record begins, or None at the end of the file."""
    stream.seek(0)
    mark = _MEMBER if stream.read(3) == _MEMBER else b"WARC/1."
    position = after + 1
    while True:
        stream.seek(position)
        window = stream.read(_SCAN)
        if len(window) < len(mark):
            return None
        found = window.find(mark)
        while found >= 0:
            if mark != _MEMBER or _opens_record(stream, position + found):
                return position + found
            found = window.find(mark, found + 1)
        position += max(len(window) - len(mark) + 1, 1)


def _is_whole(stream: IO[bytes], offset: int) -> bool:
    """Return whether the record there is sound by its checksum; one that has none is believed."""
    stream.seek(offset)
    if stream.read(3) != _MEMBER:
        return True
    stream.seek(offset)
    return _member_bytes(stream) is not None


def _opens_record(stream: IO[bytes], offset: int) -> bool:
    """Return whether a gzip member with a WARC record begins here."""
    stream.seek(offset)
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(stream.read(4096), 5) == b"WARC/"
    except zlib.error:
        return False


def _whole_bytes(path: Path) -> int:
    """Return how many bytes from the start are whole gzip members."""
    whole = 0
    with path.open("rb") as file:
        while True:
            file.seek(whole)
            length = _member_bytes(file)
            if length is None:
                return whole
            whole += length


def _member_bytes(file: IO[bytes]) -> int | None:
    """Return the length of the gzip member at the current place, or None when there is no whole one."""
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    taken = 0
    while not member.eof:
        piece = member.unconsumed_tail or file.read(_SCAN)
        taken += 0 if member.unconsumed_tail else len(piece)
        if not piece:
            return None
        try:
            member.decompress(piece, _SCAN)
        except zlib.error:
            return None
    return taken - len(member.unused_data)
