"""Ready questions: one SQL file each, with a header that says what is asked, how to read it and what it takes.

    -- <the question>?
    --
    -- <how to read the answer, in as many lines as it needs>
    --
    -- param <name> <kind> [= default]: <what it does>

Every file reads tables that both tiers and an exported package have, and gets its values bound as ``$name``;
nothing is ever pasted into the SQL. A parameter without a default may be left out and is null then.
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from warehouse.errors import QueryFailed
from warehouse.queries import Result, ask

Kind = Literal["from", "to", "country", "countries", "text", "integer"]
Value = str | int | dt.date | None
_PARAM = re.compile(r"param (?P<name>\w+) (?P<kind>\w+)(?: = (?P<default>[^:]+))?: (?P<words>.+)")
_PARTS = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


class Param(NamedTuple):
    """One value that a question takes.

    ``from`` and ``to`` are the first and last day of a year, month or day; ``country`` and ``countries`` are ISO
    3166-1 alpha-3 codes, one or several with commas.
    """

    name: str
    kind: Kind
    default: str | None
    words: str


class Question(NamedTuple):
    """A named question: what it asks, how its answer is read, what it takes, and its SQL."""

    name: str
    asks: str
    help: str
    params: tuple[Param, ...]
    sql: str


@cache
def load() -> Mapping[str, Question]:
    """Return every question by its name, in alphabetical order."""
    found = {}
    for entry in sorted(resources.files(__name__).iterdir(), key=lambda path: path.name):
        if entry.name.endswith(".sql"):
            name = entry.name.removesuffix(".sql").replace("_", "-")
            found[name] = read(name, entry.read_text("utf-8"))
    return found


def read(name: str, text: str) -> Question:
    """Return the question of a file; raises `ValueError` when its header is not one."""
    lines = text.splitlines()
    header = []
    while lines and lines[0].startswith("--"):
        header.append(lines.pop(0).removeprefix("--").strip())
    asks, _, rest = "\n".join(header).partition("\n\n")
    told: list[str] = []
    params: list[Param] = []
    for line in rest.splitlines():
        if not line.startswith("param "):
            told.append(line)
            continue
        match = _PARAM.fullmatch(line)
        if match is None or match["kind"] not in get_args(Kind):
            raise ValueError(f"{name}: {line!r} declares no parameter")
        kind: Kind = match["kind"]  # type: ignore[assignment]
        params.append(Param(match["name"], kind, match["default"], match["words"]))
    asks, words, sql = " ".join(asks.split()), " ".join(" ".join(told).split()), "\n".join(lines)
    used = set(re.findall(r"\$(\w+)", sql))
    if not asks.endswith("?") or not words or used != {param.name for param in params}:
        raise ValueError(f"{name}: the header lacks a question or help, or names other parameters")
    return Question(name, asks, words, tuple(params), sql)


def get(name: str) -> Question:
    """Return the question of that name."""
    known = load()
    if name not in known:
        from difflib import get_close_matches

        near = get_close_matches(name, known, n=1, cutoff=0.4)
        raise QueryFailed(
            f"no question is called {name!r}",
            f"did you mean {near[0]}?" if near else "`suar ask list` lists them",
        )
    return known[name]


def answer(db: Path, name: str, given: Mapping[str, str] | None = None) -> Result:
    """Return the answer from a release; ``given`` are values as a person writes them."""
    question = get(name)
    return ask(db, question.sql, bind(question, given or {}))


def bind(question: Question, given: Mapping[str, str]) -> dict[str, Value]:
    """Return a value for each parameter of the question, checked by its kind."""
    known = {param.name: param for param in question.params}
    if unknown := [name for name in given if name not in known]:
        raise QueryFailed(
            f"{question.name} does not take {', '.join(unknown)}",
            f"it takes {', '.join(known) or 'nothing'}",
        )
    return {name: _value(param, given.get(name, param.default)) for name, param in known.items()}


def _value(param: Param, written: str | None) -> Value:
    if written is None or not written.strip():
        return None
    text = written.strip()
    if param.kind in {"from", "to"}:
        return _day(param, text)
    if param.kind == "integer":
        if not re.fullmatch(r"\d{1,9}", text):
            raise QueryFailed(f"{param.name} is {text!r}", "give a whole number")
        return int(text)
    if param.kind in {"country", "countries"}:
        codes = [code.strip().upper() for code in text.split(",")]
        if not all(re.fullmatch(r"[A-Z]{3}", code) for code in codes) or (
            param.kind == "country" and len(codes) > 1
        ):
            several = ", with commas between several" if param.kind == "countries" else ""
            raise QueryFailed(
                f"{param.name} is {text!r}", f"give ISO 3166 alpha-3 codes, such as KHM{several}"
            )
        return ",".join(codes)
    return text


def _day(param: Param, text: str) -> dt.date:
    """Return the first or last day of a year (2025), a month (2025-03) or the day itself."""
    match = _PARTS.fullmatch(text)
    parts = match.groups() if match else ("0", None, None)
    year, month, day = (None if part is None else int(part) for part in parts)
    assert year is not None
    try:
        if param.kind == "from":
            return dt.date(year, 1 if month is None else month, 1 if day is None else day)
        month = 12 if month is None else month
        return dt.date(year, month, monthrange(year, month)[1] if day is None else day)
    except ValueError as error:
        raise QueryFailed(
            f"{param.name} is {text!r}", "give a year, a month or a day, such as 2025-03"
        ) from error
