"""Everything that came in, as it came, and how it is read again.

The archive folder of a home holds three kinds of files, all append-only:

- ``*.warc.gz``: responses of crawls, and pages that were handed in;
- ``texts-<run>.jsonl.gz``: articles that were handed in as text or as lines with HTML;
- ``fetches-<run>.jsonl``: what became of each requested address.

Beside them lie ``payloads.sqlite``, which knows the bodies that need not be stored again, and ``robots.sqlite`` with
the last robots.txt of each host; both may be lost.

Every table of the warehouse can be derived from them again.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from pydantic import ValidationError

from crawlers import archive as warc
from pipeline import refusals, urls
from pipeline.records import Fetch, Page, Reason, Record, Rejection, Source, make_id

STAGE = "archive"


class Document(Record):
    """One article as somebody handed it in: text or HTML, and what was said of it."""

    document_id: str
    name: str
    url: str
    title: str = ""
    text: str | None = None
    html: str | None = None
    published_at: str | None = None
    outlet: str = ""
    language: str | None = None
    received_at: dt.datetime

    @staticmethod
    def of(name: str, received_at: dt.datetime, url: str, **said: str | None) -> Document:
        """Return the document with its id, which derives from everything that was said."""
        told = json.dumps({"url": url, **said}, sort_keys=True, ensure_ascii=False)
        document_id = make_id("doc", told.encode("utf-8", "replace"))
        given = {key: value for key, value in said.items() if value is not None}
        return Document(
            document_id=document_id, name=name, url=url, received_at=received_at, **given
        )


class TextWriter:
    """Writes handed-in articles to the archive: complete on disk, or not there at all."""

    def __init__(self, folder: Path, run_id: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for torn in folder.glob(".texts-*.open"):  # of a run that was killed before it was complete
            torn.unlink()
        self.path = folder / f"texts-{run_id}.jsonl.gz"
        self._open = self.path.with_name(f".{self.path.name}.open")
        self._file = gzip.open(  # noqa: SIM115  (closed by __exit__)
            self._open, "wt", encoding="utf-8", compresslevel=6
        )
        self.n_written = 0

    def write(self, document: Document) -> None:
        """Add one article."""
        self._file.write(document.model_dump_json() + "\n")
        self.n_written += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        if kind is not None or not self.n_written:
            self._open.unlink(missing_ok=True)
            return
        with self._open.open("rb") as file:
            os.fsync(file.fileno())
        self._open.replace(self.path)
        handle = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class FetchLog:
    """Writes what became of each address while the crawl goes on, so that a crash loses none of it."""

    def __init__(self, folder: Path, run_id: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = (folder / f"fetches-{run_id}.jsonl").open("a", encoding="utf-8")

    def write(self, fetch: Fetch) -> None:
        """Add the end of one address."""
        self._file.write(fetch.model_dump_json() + "\n")
        self._file.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()


# --- reading -------------------------------------------------------------------------------------------


def warc_files(folder: Path) -> list[Path]:
    """Return the WARC files, oldest first: their names begin with the day and the run."""
    return sorted([*folder.glob("*.warc.gz"), *folder.glob("*.warc")])


def text_files(folder: Path) -> list[Path]:
    """Return the files of handed-in texts, oldest first."""
    return sorted(folder.glob("texts-*.jsonl.gz"))


def pages(files: Sequence[Path]) -> Iterator[Page | Rejection]:
    """Yield the pages of the files in order, and a rejection for each damaged stretch."""
    for path in files:
        yield from warc.read(path)


class Ahead(NamedTuple):
    """What must be known of files before their pages are read one by one."""

    parts: dict[tuple[str, str], list[Page]]
    """The later pages of split articles by source and address of their first page."""
    repeated: set[str]
    """The ids of pages that many addresses of a host gave alike in one run."""


def look_ahead(files: Sequence[Path], sources: Mapping[str, Source]) -> Ahead:
    """Return what is to be known of our own files before they are read; a file is of one run."""
    ahead = Ahead({}, set())
    for path in files:
        repeats = refusals.Repeats()
        for page in warc.read(path):
            if isinstance(page, Page) and page.part_of is not None:
                ahead.parts.setdefault((page.source_id, page.part_of), []).append(page)
            elif isinstance(page, Page):
                repeats.add(page, urls.canonical(page.url, sources.get(page.source_id)))
        ahead.repeated.update(repeats.page_ids())
    return ahead


def sifted(
    pages: Iterable[Page | Rejection], repeated: set[str], damaged: list[Rejection]
) -> Iterator[Page]:
    """Yield the pages; what is damaged, and what many addresses gave alike, is put down as rejected instead."""
    told: set[str] = set()
    for page in pages:
        if isinstance(page, Rejection):
            damaged.append(page)
        elif page.page_id in repeated:
            if page.page_id not in told:  # the archive may hold it of several days
                damaged.append(refusals.no_article(page, Reason.REPEATED_PAGE))
            told.add(page.page_id)
        else:
            yield page


def documents(path: Path) -> Iterator[Document | Rejection]:
    """Yield the texts of one file; a damaged one gives a rejection behind what could be read."""
    n_read = 0
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield Document.model_validate_json(line)
                n_read += 1
    # pydantic's errors are ValueErrors; zlib's are none of the others
    except (OSError, EOFError, ValueError, zlib.error) as error:
        yield Rejection(
            record_id=f"{path.name}:{n_read + 1}",
            stage=STAGE,
            reason=Reason.MALFORMED_JSON,
            detail=type(error).__name__,
        )


def fetch_logs(folder: Path) -> dict[str, list[Fetch]]:
    """Return what became of each address, by run; a line torn by a crash is passed over."""
    found: dict[str, list[Fetch]] = {}
    for path in sorted(folder.glob("fetches-*.jsonl")):
        rows = found.setdefault(path.stem.removeprefix("fetches-"), [])
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                rows.append(Fetch.model_validate_json(line))
            except ValidationError:
                continue
    return found
