"""Unpack compressed bytes up to a limit, and tell a cut stream from a whole one."""

from __future__ import annotations

import io
import zlib

GZIP_MAGIC = b"\x1f\x8b"
_CHUNK = 64 * 1024


class TooLargeError(Exception):
    """What is inside is larger than the limit."""


class CutError(Exception):
    """The stream ends before its end, or is no such stream."""


def gunzip(packed: bytes, limit: int) -> bytes:
    """Return what all gzip members hold together; at most ``limit`` bytes are ever unpacked."""
    return _unpack(packed, limit, zlib.MAX_WBITS | 16)


def inflate(packed: bytes, limit: int) -> bytes:
    """Return what a ``deflate`` body holds; servers send it with and without the zlib frame."""
    try:
        return _unpack(packed, limit, zlib.MAX_WBITS)
    except CutError:
        return _unpack(packed, limit, -zlib.MAX_WBITS)


def _unpack(packed: bytes, limit: int, window: int) -> bytes:
    out = io.BytesIO()
    rest = packed
    while True:
        stream = zlib.decompressobj(window)
        while not stream.eof:
            room = limit - out.tell()
            try:
                piece = stream.decompress(rest, min(_CHUNK, room + 1))
            except zlib.error as error:
                raise CutError(f"damaged after {out.tell()} bytes: {error}") from error
            out.write(piece)
            if out.tell() > limit:
                raise TooLargeError(f"more than {limit} bytes when unpacked")
            if not piece and not rest and not stream.eof:
                raise CutError(f"ends early, after {out.tell()} bytes")
            rest = stream.unconsumed_tail
        rest = stream.unused_data
        if not rest.startswith(GZIP_MAGIC):  # padding after the last member is allowed
            return out.getvalue()
