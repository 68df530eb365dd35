"""The archive gives back what went in, whoever wrote it, however it was cut."""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import hashlib
import io
import os
import random
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawlers import archive, payloads
from crawlers.archive import Exchange, Location, Writer
from pipeline.records import Page, Reason, Rejection

NOW = dt.datetime(2026, 9, 20, 3, 4, 5, 678901, tzinfo=dt.UTC)
HTML = (("Content-Type", "text/html; charset=utf-8"),)
MEMBER = b"\x1f\x8b\x08"


def body(text: str) -> bytes:
    return f"<!doctype html><html><body><p>{text}</p></body></html>".encode()


def exchange(name: str = "1", **values: object) -> Exchange:
    given_: dict[str, object] = {
        "source_id": "warta",
        "kind": "article",
        "url": f"https://warta.example/read/{name}",
        "final_url": f"https://www.warta.example/read/{name}",
        "status": 200,
        "headers": HTML,
        "body": body(f"Berita {name}. Polisi memulangkan korban."),
        "fetched_at": NOW,
    }
    return Exchange(**{**given_, **values})  # type: ignore[arg-type]


def written(folder: Path, *exchanges: Exchange) -> tuple[Path, list[Location]]:
    with Writer(folder, "run-1") as writer:
        places = [writer.add(each) for each in exchanges]
    return folder / places[0].file, places


def foreign(path: Path, *records: tuple[str, bytes, dict[str, str]], zipped: bool = True) -> Path:
    """Write a WARC file as other crawlers do: request and response, own headers, no Suar fields."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=zipped)
        for url, payload, headers in records:
            request = StatusAndHeaders("GET / HTTP/1.1", [("Host", "x")], is_http_request=True)
            writer.write_record(writer.create_warc_record(url, "request", http_headers=request))
            status = headers.pop("Status", "200 OK")
            answer = StatusAndHeaders(status, list(headers.items()), protocol="HTTP/1.1")
            record = writer.create_warc_record(
                url, "response", payload=io.BytesIO(payload), http_headers=answer
            )
            record.rec_headers.replace_header("WARC-Date", "2026-09-20T03:04:05Z")
            writer.write_record(record)
    return path


def pages(path: Path, **limits: Any) -> list[Page]:
    found = list(archive.read(path, **limits))
    assert all(isinstance(each, Page) for each in found), found
    return [each for each in found if isinstance(each, Page)]


def sorted_out(path: Path, **limits: Any) -> tuple[list[Page], list[Rejection]]:
    found = list(archive.read(path, **limits))
    return (
        [each for each in found if isinstance(each, Page)],
        [each for each in found if isinstance(each, Rejection)],
    )


# --- what goes in comes out ---------------------------------------------------------------------------


def test_a_response_comes_back_as_it_was(tmp_path: Path) -> None:
    given_ = exchange("7", part_of="https://warta.example/read/6", part_no=2)
    path, (place,) = written(tmp_path, given_)
    (page,) = pages(path)
    assert page == Page.of(
        "warta",
        given_.url,
        given_.body,
        NOW,
        final_url=given_.final_url,
        content_type="text/html; charset=utf-8",
        part_of="https://warta.example/read/6",
        part_no=2,
        warc_file=path.name,
        warc_offset=place.offset,
    )


def test_only_articles_that_are_pages_come_back(tmp_path: Path) -> None:
    path, _ = written(
        tmp_path,
        exchange("feed", kind="feed", body=b"<rss></rss>"),
        exchange("robots", kind="robots", body=b"User-agent: *"),
        exchange("gone", status=404),
        exchange("pdf", headers=[("Content-Type", "application/pdf")], body=b"%PDF-1.7"),
        exchange("empty", body=b"  \n"),
        exchange("untyped", headers=[]),
        exchange("good"),
    )
    assert [page.url.rsplit("/")[-1] for page in pages(path)] == ["untyped", "good"]


def test_other_readers_find_whole_records_under_the_offsets(tmp_path: Path) -> None:
    path, places = written(tmp_path, exchange("1"), exchange("2"), exchange("3"))
    with path.open("rb") as file:
        for number, place in enumerate(places, start=1):
            file.seek(place.offset)
            record = next(iter(ArchiveIterator(file)))
            assert record.rec_headers.get_header("WARC-Target-URI").endswith(f"/read/{number}")
            assert record.content_stream().read() == exchange(str(number)).body
        file.seek(0)
        kinds = [record.rec_type for record in ArchiveIterator(file)]
    assert kinds == ["warcinfo", *["response", "metadata"] * 3]


def test_a_run_never_writes_into_a_file_that_exists(tmp_path: Path) -> None:
    first, _ = written(tmp_path, exchange("1"))
    before = first.read_bytes()
    second, _ = written(tmp_path, exchange("2"))
    assert [first.name, second.name] == [
        "suar-20260920-run-1-00000.warc.gz",
        "suar-20260920-run-1-00001.warc.gz",
    ]
    assert first.read_bytes() == before


def test_each_day_and_each_full_file_begins_a_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MAX_FILE_BYTES", 1500)
    with Writer(tmp_path, "r/../1") as writer:
        for number in range(4):
            writer.add(exchange(str(number), body=body("x") + os.urandom(700)))
        writer.add(exchange("next", fetched_at=NOW + dt.timedelta(days=1)))
        names = list(writer.files)
    assert all(name.startswith(("suar-20260920-r-..-1", "suar-20260921-r-..-1")) for name in names)
    assert names[-1].startswith("suar-20260921")
    assert len(names) > 2
    assert sum(len(pages(tmp_path / name)) for name in names) == 5
    assert not list(tmp_path.glob("*.open"))


def test_secrets_are_not_stored(tmp_path: Path) -> None:
    headers = [
        *HTML,
        ("Set-Cookie", "sesi=CANARY-1"),
        ("COOKIE", "CANARY-2"),
        ("Authorization", "Bearer CANARY-3"),
        ("Proxy-Authorization", "CANARY-4"),
        ("set-cookie2", "CANARY-5"),
        ("ETag", '"kept"'),
    ]
    path, _ = written(tmp_path, exchange(headers=headers))
    plain = gzip.decompress(path.read_bytes())
    assert b"CANARY" not in plain
    assert b'ETag: "kept"' in plain


def test_headers_that_no_longer_fit_are_kept_under_another_name(tmp_path: Path) -> None:
    headers = [
        *HTML,
        ("Content-Encoding", "gzip"),
        ("Content-Length", "12"),
        ("X-A", "b\r\nEvil: 1"),
    ]
    path, _ = written(tmp_path, exchange(headers=headers))
    plain = gzip.decompress(path.read_bytes())
    assert b"X-Suar-Content-Encoding: gzip" in plain
    assert b"X-Suar-Content-Length: 12" in plain
    assert b"\r\nEvil:" not in plain
    (page,) = pages(path)
    assert page.body == exchange().body


texts = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=30)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            texts,
            st.binary(max_size=200),
            st.dictionaries(texts.filter(str.isidentifier), texts, max_size=3),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_any_bodies_and_headers_survive(
    tmp_path_factory: pytest.TempPathFactory, items: list[tuple[str, bytes, dict[str, str]]]
) -> None:
    given_ = [
        exchange(
            str(number),
            source_id="warta",
            headers=[*HTML, *(pair for pair in headers.items() if pair[0].isascii())],
            body=body(text) + tail,
        )
        for number, (text, tail, headers) in enumerate(items)
    ]
    path, _ = written(tmp_path_factory.mktemp("archive"), *given_)
    found = pages(path)
    assert [page.body for page in found] == [each.body for each in given_]
    assert [page.url for page in found] == [each.url for each in given_]


# --- files of others ----------------------------------------------------------------------------------

TYPE = {"Content-Type": "text/html"}


@pytest.mark.parametrize("zipped", [True, False])
def test_a_foreign_file_gives_its_pages(tmp_path: Path, zipped: bool) -> None:
    path = foreign(
        tmp_path / "crawl.warc.gz",
        ("https://kabar.example/1", body("satu"), {**TYPE}),
        ("https://kabar.example/style.css", b"p {}", {"Content-Type": "text/css"}),
        ("https://kabar.example/2", body("dua"), {**TYPE, "Status": "404 Not Found"}),
        ("https://kabar.example/3", body("tiga"), {**TYPE}),
        zipped=zipped,
    )
    found = pages(path)
    assert [page.url for page in found] == ["https://kabar.example/1", "https://kabar.example/3"]
    assert [page.source_id for page in found] == ["", ""]
    assert found[0].fetched_at == dt.datetime(2026, 9, 20, 3, 4, 5, tzinfo=dt.UTC)
    assert found[0].warc_file == "crawl.warc.gz"


def chunked(data: bytes) -> bytes:
    return (
        b"".join(
            b"%x\r\n%s\r\n" % (len(data[i : i + 9]), data[i : i + 9])
            for i in range(0, len(data), 9)
        )
        + b"0\r\n\r\n"
    )


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PLAIN = body("dikemas")


@pytest.mark.parametrize(
    ("payload", "headers"),
    [
        (gzip.compress(PLAIN), {"Content-Encoding": "gzip"}),
        (gzip.compress(PLAIN[:20]) + gzip.compress(PLAIN[20:]), {"Content-Encoding": "x-gzip"}),
        (zlib.compress(PLAIN), {"Content-Encoding": "deflate"}),
        (deflated(PLAIN), {"Content-Encoding": "deflate"}),
        (chunked(PLAIN), {"Transfer-Encoding": "chunked"}),
        (chunked(gzip.compress(PLAIN)), {"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"}),
        (PLAIN, {"Content-Encoding": "gzip"}),
        (PLAIN, {"Content-Encoding": "br", "Transfer-Encoding": "chunked"}),
        (PLAIN, {"Content-Encoding": "deflate"}),
    ],
    ids=["gzip", "two-members", "zlib", "raw-deflate", "chunked", "both", "unpacked", "unpacked-br", "unpacked-deflate"],
)  # fmt: skip
def test_packed_bodies_are_unpacked_whatever_the_header_says(
    tmp_path: Path, payload: bytes, headers: dict[str, str]
) -> None:
    path = foreign(
        tmp_path / "a.warc.gz", ("https://kabar.example/1", payload, {**TYPE, **headers})
    )
    (page,) = pages(path)
    assert page.body == PLAIN


BOMB = b"<html>" + b" " * 3_000_000


@pytest.mark.parametrize(
    ("payload", "headers"),
    [
        (gzip.compress(BOMB), {"Content-Encoding": "gzip"}),
        (b"".join(gzip.compress(BOMB[:900_000]) for _ in range(4)), {"Content-Encoding": "gzip"}),
        (zlib.compress(BOMB), {"Content-Encoding": "deflate"}),
        (BOMB, {}),
    ],
    ids=["gzip", "members", "deflate", "plain"],
)
def test_a_bomb_is_refused_and_the_next_page_read(
    tmp_path: Path, payload: bytes, headers: dict[str, str]
) -> None:
    path = foreign(
        tmp_path / "a.warc.gz",
        ("https://kabar.example/bomb", payload, {**TYPE, **headers}),
        ("https://kabar.example/2", body("dua"), {**TYPE}),
    )
    found, refused = sorted_out(path, max_page_bytes=1_000_000)
    assert [page.url for page in found] == ["https://kabar.example/2"]
    assert [each.reason for each in refused] == [Reason.TOO_LARGE]


def test_a_body_that_cannot_be_unpacked_is_refused_alone(tmp_path: Path) -> None:
    cut = gzip.compress(PLAIN * 50)[:-30]
    path = foreign(
        tmp_path / "a.warc.gz",
        ("https://kabar.example/cut", cut, {**TYPE, "Content-Encoding": "gzip"}),
        ("https://kabar.example/2", body("dua"), {**TYPE}),
    )
    found, refused = sorted_out(path)
    assert [page.url for page in found] == ["https://kabar.example/2"]
    assert [each.reason for each in refused] == [Reason.MALFORMED_WARC]
    assert "unpacked" in refused[0].detail


def test_a_missing_file_is_a_rejection(tmp_path: Path) -> None:
    (refused,) = archive.read(tmp_path / "none.warc.gz")
    assert isinstance(refused, Rejection)
    assert refused.reason is Reason.MISSING_PATH


@pytest.mark.parametrize(
    "junk", [b"", b"\x00" * 5000, b"not an archive\n" * 200, MEMBER + b"\x00" * 99]
)
def test_a_file_that_is_no_archive_holds_no_page(tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "junk.warc.gz"
    path.write_bytes(junk)
    found, refused = sorted_out(path)
    assert not found
    assert {each.reason for each in refused} <= {Reason.MALFORMED_WARC}


# --- damage -------------------------------------------------------------------------------------------


@pytest.fixture
def three(tmp_path: Path) -> tuple[Path, list[Location]]:
    return written(
        tmp_path, *(exchange(str(n), body=body("x") + os.urandom(2000)) for n in (1, 2, 3))
    )


def names(found: list[Page]) -> list[str]:
    return [page.url.rsplit("/")[-1] for page in found]


def test_a_torn_last_record_is_cut_off_at_the_next_start(
    three: tuple[Path, list[Location]],
) -> None:
    path, places = three
    whole = path.read_bytes()
    path.write_bytes(whole[: places[2].offset + 700])
    path.with_name(f"{path.name}.open").touch()
    with Writer(path.parent, "run-2") as writer:
        (repair,) = writer.repairs
        assert (repair.kept_bytes, repair.dropped_bytes) == (places[2].offset, 700)
    assert path.read_bytes() == whole[: places[2].offset]
    assert names(pages(path)) == ["1", "2"]
    assert archive.recover(path.parent) == []


def test_a_tail_of_zeros_is_cut_off(three: tuple[Path, list[Location]]) -> None:
    path, _ = three
    whole = path.read_bytes()
    path.write_bytes(whole + b"\x00" * 4096)
    repair = archive.repair(path)
    assert repair is not None
    assert repair.dropped_bytes == 4096
    assert path.read_bytes() == whole


def test_a_whole_file_is_left_alone(three: tuple[Path, list[Location]]) -> None:
    path, _ = three
    before = path.stat().st_mtime_ns
    assert archive.repair(path) is None
    assert path.stat().st_mtime_ns == before


@pytest.mark.parametrize("at", [60, 500, 1500])
def test_damage_in_the_middle_costs_one_record(three: tuple[Path, list[Location]], at: int) -> None:
    path, places = three
    data = bytearray(path.read_bytes())
    start = places[1].offset + at
    data[start : start + 40] = b"\xff" * 40
    path.write_bytes(data)
    found, refused = sorted_out(path)
    assert names(found) == ["1", "3"]
    assert refused
    assert {each.reason for each in refused} == {Reason.MALFORMED_WARC}


def test_a_stretch_that_was_lost_costs_no_more_than_it_held(
    three: tuple[Path, list[Location]],
) -> None:
    path, places = three
    data = path.read_bytes()
    path.write_bytes(data[: places[1].offset + 300] + data[places[1].offset + 900 :])
    found, refused = sorted_out(path)
    assert names(found) == ["1", "3"]
    assert refused


def test_a_record_whose_checksum_is_missing_is_not_believed(
    three: tuple[Path, list[Location]],
) -> None:
    """Its bytes can be read up to their promised number, yet nothing vouches for them."""
    path, places = three
    data = path.read_bytes()
    record = gzip.decompress(data[places[1].offset : places[2].offset])
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    endless = packer.compress(record + os.urandom(200_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    path.write_bytes(data[: places[1].offset] + endless + data[places[2].offset :])
    found, refused = sorted_out(path)
    assert names(found) == ["1", "3"]
    assert [each.reason for each in refused] == [Reason.MALFORMED_WARC]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), min_size=1, max_size=3
    )
)
def test_flipped_bytes_never_make_up_a_page(
    tmp_path_factory: pytest.TempPathFactory, flips: list[tuple[float, int]]
) -> None:
    """Whatever is hit: reading ends, and a page that comes back is one that was written."""
    path, _ = written(tmp_path_factory.mktemp("flip"), *(exchange(str(n)) for n in (1, 2, 3)))
    raw = bytearray(path.read_bytes())
    for where, mask in flips:
        raw[int(where * len(raw))] ^= mask
    path.write_bytes(raw)
    found, _ = sorted_out(path)
    known = {exchange(str(n)).body for n in (1, 2, 3)}
    assert len(found) <= 3
    for page in found:
        assert page.body in known


def _openings(raw: bytes) -> Iterator[int]:
    at = raw.find(MEMBER)
    while at >= 0:
        yield at
        at = raw.find(MEMBER, at + 1)


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 1))
def test_a_cut_anywhere_keeps_all_records_before_it(
    tmp_path_factory: pytest.TempPathFactory, share: float
) -> None:
    path, places = written(tmp_path_factory.mktemp("cut"), *(exchange(str(n)) for n in (1, 2, 3)))
    raw = path.read_bytes()
    cut = round(share * len(raw))
    path.write_bytes(raw[:cut])
    archive.repair(path)
    # A response ends where its metadata record begins.
    ends = [next(at for at in _openings(raw) if at > place.offset) for place in places]
    whole = sum(end <= cut for end in ends)
    assert names(pages(path)) == ["1", "2", "3"][:whole]
    assert path.stat().st_size in {0, *_openings(raw), len(raw)}


# --- what is stored once -------------------------------------------------------------------------------

LONG = body(random.Random(1).randbytes(2000).hex())


def kinds(path: Path) -> list[str]:
    with path.open("rb") as file:
        return [record.rec_type for record in ArchiveIterator(file)]


def test_each_response_has_a_metadata_record_that_any_program_reads(tmp_path: Path) -> None:
    path, _ = written(tmp_path, exchange("7", part_of="https://warta.example/read/6", part_no=2))
    with path.open("rb") as file:
        records = {
            record.rec_type: (record.rec_headers, record.content_stream().read())
            for record in ArchiveIterator(file, check_digests="raise")
        }
    (response, _), (metadata, told) = records["response"], records["metadata"]
    assert metadata["WARC-Concurrent-To"] == response["WARC-Record-ID"]
    assert metadata["WARC-Target-URI"] == response["WARC-Target-URI"]
    assert b"source: warta\r\n" in told
    assert b"requestedUri: https://warta.example/read/7\r\n" in told
    assert b"via: https://warta.example/read/6\r\n" in told


def test_payload_digests_are_those_of_the_bodies(tmp_path: Path) -> None:
    path, _ = written(tmp_path, exchange())
    with path.open("rb") as file:
        (response,) = [r for r in ArchiveIterator(file) if r.rec_type == "response"]
        expected = base64.b32encode(hashlib.sha1(exchange().body).digest()).decode()
        assert response.rec_headers["WARC-Payload-Digest"] == f"sha1:{expected}"


def test_an_unchanged_page_is_a_revisit_that_is_read_as_the_page_it_was(tmp_path: Path) -> None:
    first, _ = written(tmp_path, exchange("1", body=LONG))
    later = NOW + dt.timedelta(days=1)
    second, _ = written(tmp_path, exchange("1", body=LONG, fetched_at=later))
    assert kinds(second) == ["warcinfo", "revisit", "metadata"]
    assert second.stat().st_size < first.stat().st_size
    with second.open("rb") as file:
        (revisit,) = [r for r in ArchiveIterator(file) if r.rec_type == "revisit"]
    told = revisit.rec_headers
    assert told["WARC-Profile"].endswith("/1.1/revisit/identical-payload-digest")
    assert told["WARC-Refers-To-Target-URI"] == "https://www.warta.example/read/1"
    assert told["WARC-Refers-To-Date"] == "2026-09-20T03:04:05.678901Z"
    (before,), (after,) = pages(first), pages(second)
    assert after == before.model_copy(update={"fetched_at": later})


def test_the_same_body_twice_in_a_run_is_stored_once(tmp_path: Path) -> None:
    path, _ = written(tmp_path, exchange("1", body=LONG), exchange("2", body=LONG), exchange("3"))
    assert kinds(path)[1::2] == ["response", "revisit", "response"]
    assert [page.body for page in pages(path)] == [LONG, LONG, exchange("3").body]
    assert [page.url[-1] for page in pages(path)] == ["1", "2", "3"]


def test_a_revisit_whose_file_is_gone_or_another_is_told_of(tmp_path: Path) -> None:
    first, _ = written(tmp_path, exchange("1", body=LONG))
    second, _ = written(tmp_path, exchange("2", body=LONG))
    held = first.read_bytes()
    first.unlink()
    (refused,) = archive.read(second)
    assert isinstance(refused, Rejection)
    assert "https://www.warta.example/read/1, which is not at hand" in refused.detail
    first.write_bytes(held.replace(MEMBER, b"\x1f\x8b\x09"))
    assert [type(each) for each in archive.read(second)] == [Rejection]
    # What is no longer there is no reason to leave a body out.
    first.unlink()
    with Writer(tmp_path, "run-2") as writer:
        third = tmp_path / writer.add(exchange("3", body=LONG)).file
    assert kinds(third) == ["warcinfo", "response", "metadata"]


def test_nothing_refers_to_what_was_never_forced_to_disk(tmp_path: Path) -> None:
    writer = Writer(tmp_path, "run-1")
    writer.add(exchange("1", body=LONG))
    del writer  # a kill: neither sync nor close
    path, _ = written(tmp_path, exchange("2", body=LONG))
    assert kinds(path) == ["warcinfo", "response", "metadata"]


def test_a_torn_list_of_bodies_costs_space_alone(tmp_path: Path) -> None:
    written(tmp_path, exchange("1", body=LONG))
    (tmp_path / payloads.FILE).write_bytes(b"no database" * 1000)
    path, _ = written(tmp_path, exchange("2", body=LONG))
    assert kinds(path) == ["warcinfo", "response", "metadata"]
    again, _ = written(tmp_path, exchange("3", body=LONG))
    assert kinds(again) == ["warcinfo", "revisit", "metadata"]


def test_a_revisit_of_others_is_found_in_its_file_or_told_of(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=False)
        answer = StatusAndHeaders("200 OK", list(TYPE.items()), protocol="HTTP/1.1")
        record = writer.create_warc_record(
            "https://kabar.example/1", "response", payload=io.BytesIO(LONG), http_headers=answer
        )
        writer.write_record(record)
        known = record.rec_headers["WARC-Payload-Digest"]
        for number, digest in (("2", known), ("3", "sha1:AAAA")):
            writer.write_record(
                writer.create_revisit_record(
                    f"https://kabar.example/{number}",
                    digest,
                    "https://kabar.example/1",
                    "2026-09-20T03:04:05Z",
                    http_headers=answer,
                )
            )
    found, refused = sorted_out(path)
    assert [(page.url[-1], page.body) for page in found] == [("1", LONG), ("2", LONG)]
    assert ["not at hand" in each.detail for each in refused] == [True]


def test_a_brotli_body_is_unpacked(tmp_path: Path) -> None:
    packed = brotli.compress(LONG)
    path = foreign(
        tmp_path / "a.warc.gz",
        ("https://kabar.example/1", packed, {**TYPE, "Content-Encoding": "br"}),
        ("https://kabar.example/2", packed[:-9], {**TYPE, "Content-Encoding": "br"}),
        ("https://kabar.example/3", chunked(packed), {**TYPE, "Content-Encoding": "br", "Transfer-Encoding": "chunked"}),
    )  # fmt: skip
    found, _ = sorted_out(path)
    assert {page.url[-1]: page.body for page in found if page.url[-1] != "2"} == {
        "1": LONG,
        "3": LONG,
    }


def test_records_without_digests_and_of_other_kinds_do_not_matter(tmp_path: Path) -> None:
    """The shape of CC-NEWS: warcinfo, request, response, metadata; here with the digests taken out."""
    path = tmp_path / "cc-news.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "StormCrawler"}))
        for number in range(3):
            url = f"https://kabar.example/{number}"
            asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "x")], is_http_request=True)
            answer = StatusAndHeaders("200 OK", list(TYPE.items()), protocol="HTTP/1.1")
            for kind, given_ in (
                ("request", {"http_headers": asked}),
                ("response", {"http_headers": answer, "payload": io.BytesIO(body(str(number)))}),
                ("metadata", {"payload": io.BytesIO(b"fetchTimeMs: 12\r\n"), "warc_content_type": "application/warc-fields"}),
            ):  # fmt: skip
                record = writer.create_warc_record(url, kind, **given_)
                for name in ("WARC-Payload-Digest", "WARC-Block-Digest"):
                    record.rec_headers.remove_header(name)
                writer.write_record(record)
    assert [page.url[-1] for page in pages(path)] == ["0", "1", "2"]


def test_what_is_not_wanted_is_never_made(tmp_path: Path) -> None:
    path, _ = written(tmp_path, exchange("1"), exchange("2"))
    asked: list[str] = []

    def wanted(url: str, fetched_at: dt.datetime, given_: bytes) -> bool:
        asked.append(url)
        return fetched_at == NOW and b"Berita 2" in given_

    assert [page.url[-1] for page in pages(path, wanted=wanted)] == ["2"]
    assert len(asked) == 2


def test_the_same_responses_make_the_same_file(tmp_path: Path) -> None:
    files = []
    for name in ("a", "b"):
        folder = tmp_path / name
        with Writer(folder, "shard", by_day=False, revisits=False) as writer:
            for number in (1, 2):
                moment = NOW - dt.timedelta(days=number)
                writer.add(exchange(str(number), fetched_at=moment))
        (file,) = folder.glob("*.warc.gz")
        files.append((file.name, file.read_bytes()))
    assert files[0] == files[1]
    assert files[0][0] == "suar-20260919-shard-00000.warc.gz"
