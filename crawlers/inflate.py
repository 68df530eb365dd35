"""Unpack compressed bytes up to a limit, and tell a cut stream from a whole one."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from typing import Any

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
    except CutError as framed:
        try:
            return _unpack(packed, limit, -zlib.MAX_WBITS)
        except CutError:
            raise framed from None


def unbrotli(packed: bytes, limit: int) -> bytes:
    """Return what a Brotli stream holds."""
    import brotli

    stream = brotli.Decompressor()

    def piece(fed: bytes) -> bytes:
        try:
            found: bytes = stream.process(fed, output_buffer_limit=_CHUNK)
        except brotli.error as error:
            raise CutError(f"damaged: {error}") from error
        return found

    return _capped(packed, limit, piece, stream.is_finished)


def unzstd(packed: bytes, limit: int) -> bytes:
    """Return what all Zstandard frames hold together."""
    from backports import zstd

    out = io.BytesIO()
    rest = packed
    while True:
        stream = zstd.ZstdDecompressor()
        out.write(_capped(rest, limit - out.tell(), *_steps(stream, zstd.ZstdError)))
        rest = stream.unused_data
        if not rest:
            return out.getvalue()


def _steps(
    stream: Any, damage: type[Exception]
) -> tuple[Callable[[bytes], bytes], Callable[[], bool]]:
    def piece(fed: bytes) -> bytes:
        try:
            found: bytes = stream.decompress(fed, _CHUNK)
        except damage as error:
            raise CutError(f"damaged: {error}") from error
        return found

    return piece, lambda: bool(stream.eof)


def _capped(
    packed: bytes, limit: int, piece: Callable[[bytes], bytes], is_whole: Callable[[], bool]
) -> bytes:
    """Return what the pieces of a stream make together; it is fed once and then asked for more."""
    out = io.BytesIO()
    found = piece(packed)
    while found:
        out.write(found)
        if out.tell() > limit:
            raise TooLargeError(f"more than {limit} bytes when unpacked")
        if is_whole():
            break
        found = piece(b"")
    if not is_whole():
        raise CutError(f"ends early, after {out.tell()} bytes")
    return out.getvalue()


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
