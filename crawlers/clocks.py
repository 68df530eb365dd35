"""How far the clock of this machine is off, told from what hosts said in archived responses."""

from __future__ import annotations

import contextlib
import datetime as dt
import email.utils
import itertools
import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

MIN_HOSTS = 3  # a single host may be wrong itself
MAX_RECORDS = 500  # of each file


def offset(files: Sequence[Path]) -> dt.timedelta | None:
    """Return by how much our clock was ahead of the hosts (negative: behind), None when too few of them tell.

    Of each host the answer that was the quickest counts, since one may come late or from a store; of the hosts the
    median.
    """
    found: dict[str, float] = {}
    for path in files:
        # A damaged file is for others to tell of.
        with contextlib.suppress(OSError, ValueError, EOFError), path.open("rb") as stream:
            for host, seconds in itertools.islice(_differences(stream), MAX_RECORDS):
                found[host] = min(seconds, found.get(host, seconds))
    if len(found) < MIN_HOSTS:
        return None
    return dt.timedelta(seconds=round(statistics.median(found.values())))


def _differences(stream: IO[bytes]) -> Iterator[tuple[str, float]]:
    """Yield host and seconds between a response's own `Date` and the time that we noted."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    for record in ArchiveIterator(
        stream, record_types=WarcRecordType.response | WarcRecordType.revisit, parse_http=False
    ):
        if record.headers.get("Suar-Kind") is None:  # not fetched by us: handed in, or foreign
            continue
        record.parse_http(auto_decode="none")
        web = record.http_headers
        host = urlsplit(record.headers.get("WARC-Target-URI") or "").hostname
        noted = record.headers.get("WARC-Date")
        said = web.get("Date") if web is not None else None
        if not host or not noted or not said:
            continue
        try:
            theirs = email.utils.parsedate_to_datetime(said)
            ours = dt.datetime.fromisoformat(noted)
        except (ValueError, TypeError):
            continue
        age = web.get("Age") or "0"
        stored = (
            dt.timedelta(seconds=int(age)) if age.isdecimal() and len(age) < 8 else dt.timedelta()
        )
        theirs = theirs.replace(tzinfo=theirs.tzinfo or dt.UTC) + stored
        yield host, (ours - theirs).total_seconds()
