"""Log files: one JSON object a line, with run, stage and source; never article text or secrets."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

LOGGER = logging.getLogger("suar")
MESSAGE_LIMIT = 500
_FIELDS = ("stage", "source_id", "record_id", "counts", "detail")
# A name that speaks of a secret, in a query, a header, an assignment or JSON, and what it is set to.
_SECRET = re.compile(
    r"(?i)([\w-]*(?:token|api[_-]?key|passw|secret|authorization|credential)[\w-]*[\"']?\s*[=:]\s*[\"']?)"
    r"(?:(?:basic|bearer|token)\s+)?[^\s\"'&,;}]+"
)
_USERINFO = re.compile(r"(?<=://)[^/\s@]+@")


def redact(text: str) -> str:
    """Return the text without what looks like a password, key or token."""
    return _USERINFO.sub("***@", _SECRET.sub(r"\1***", text))


def frames(error: BaseException) -> list[str]:
    """Return where an error arose, innermost last.

    Its message is left to `summary`: messages of validation errors quote the text they refuse.
    """
    return [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]


def summary(error: BaseException) -> str:
    """Return the error's type and a short message that quotes no input."""
    errors = getattr(error, "errors", None)
    if callable(
        errors
    ):  # pydantic's ValidationError prints the refused value, which may be article text
        fields = sorted({".".join(str(part) for part in item["loc"]) for item in errors()})
        return f"{type(error).__name__}: {', '.join(fields) or 'invalid record'}"
    first_line = str(error).partition("\n")[0]
    return redact(f"{type(error).__name__}: {first_line}"[:MESSAGE_LIMIT])


class _JsonLines(logging.Formatter):
    """Writes one record as one JSON object."""

    def __init__(self, run_id: str) -> None:
        super().__init__()
        self._run_id = run_id

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname,
            "run_id": self._run_id,
        }
        for name in _FIELDS:
            if (value := getattr(record, name, None)) is not None:
                entry[name] = redact(value) if isinstance(value, str) else value
        entry["message"] = redact(record.getMessage())[:MESSAGE_LIMIT]
        if record.exc_info and record.exc_info[1] is not None:
            entry["error"] = summary(record.exc_info[1])
            entry["traceback"] = frames(record.exc_info[1])
        return json.dumps(entry, ensure_ascii=False, default=str)


@contextmanager
def written_to(folder: Path, run_id: str, level: str = "INFO") -> Iterator[Path]:
    """Write the log entries of the block to ``<folder>/<run_id>.jsonl``; yield that path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{run_id}.jsonl"
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(_JsonLines(run_id))
    before, propagates = LOGGER.level, LOGGER.propagate
    LOGGER.setLevel(level)
    LOGGER.propagate = False
    LOGGER.addHandler(handler)
    try:
        yield path
    finally:
        LOGGER.removeHandler(handler)
        handler.close()
        LOGGER.setLevel(before)
        LOGGER.propagate = propagates
