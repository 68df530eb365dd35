"""How commands speak: tables on a terminal, one JSON document with ``--json``, everything else on stderr."""

from __future__ import annotations

import json
import re
import sys
import time
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from flows.runs import Progress
    from flows.settings import Settings

PIPED_EVERY_S = 60.0
# Tables are written for a terminal of this width; in a pipe, whose width is not known, it is taken.
PIPED_WIDTH = 120
# What JSON may hold as it is although terminals obey it: the second set of control characters, and marks
# that turn the direction of writing.
_STEERING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


@Parameter(name="*")
@dataclass(frozen=True)
class Common:
    """What every command takes."""

    home: Annotated[
        Path | None, Parameter(help="Folder that holds everything Suar keeps (SUAR_HOME, ./data).")
    ] = None
    json: Annotated[
        bool, Parameter(negative=(), help="Print one JSON document on stdout and nothing else.")
    ] = False
    quiet: Annotated[bool, Parameter(negative=(), help="Show no progress.")] = False
    color: Annotated[bool, Parameter(help="Colours on a terminal; NO_COLOR is honoured.")] = True
    debug: Annotated[bool, Parameter(negative=(), help="Show the traceback of an error.")] = False

    def settings(self, **flags: Any) -> Settings:
        """Return the settings with these flags strongest."""
        from flows import settings

        return settings.load({"home": self.home, **flags})

    @property
    def screen(self) -> Screen:
        """Return where this command writes."""
        return Screen(as_json=self.json, quiet=self.quiet, color=self.color)


PLAIN = Common()


@dataclass
class Screen:
    """Standard output and error of one command."""

    as_json: bool = False
    quiet: bool = False
    color: bool = True
    _consoles: dict[bool, Console] = field(default_factory=dict)

    def console(self, *, stderr: bool = False) -> Console:
        """Return the console for output or for messages."""
        from rich.console import Console

        from flows.settings import colour_wanted

        class _Console(Console):
            def on_broken_pipe(self) -> None:
                raise BrokenPipeError  # told by `flows.cli`: the reader has gone, which is no failure

        if stderr not in self._consoles:
            plain = not (self.color and colour_wanted())
            made = _Console(stderr=stderr, no_color=plain, highlight=False, markup=False)
            if not made.is_terminal:
                made.width = PIPED_WIDTH
            self._consoles[stderr] = made
        return self._consoles[stderr]

    def document(self, value: Any) -> None:
        """Print one JSON document."""
        sys.stdout.write(to_json(value, indent=2) + "\n")

    def print(self, *parts: Any, style: str | None = None) -> None:
        """Print a line or a table for people."""
        if not self.as_json:
            shown = [clean(part) if isinstance(part, str) else part for part in parts]
            self.console().print(*shown, style=style)

    def say(self, text: str, style: str | None = None) -> None:
        """Say something beside the result, on standard error."""
        if not self.quiet:
            self.console(stderr=True).print(clean(text), style=style)

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Yield what shows the progress of a run: bars on a terminal, a line a minute in a pipe."""
        from flows import runs

        console = self.console(stderr=True)
        if self.quiet or self.as_json:
            yield runs.quiet
        elif console.is_terminal:
            with _bars(console) as tell:
                yield tell
        else:
            yield _Lines(self)


class _Lines:
    """Tells of progress in lines, at most one a minute and stage."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._stage = ""
        self._at = 0.0

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        moment = time.monotonic()
        if stage != self._stage:
            self._stage = stage
            self._screen.say(f"{stage} ...")
        elif moment - self._at < PIPED_EVERY_S:
            return
        else:
            self._screen.say(f"{stage}: {done:,}" + (f" of {total:,}" if total else ""))
        self._at = moment


@contextmanager
def _bars(console: Console) -> Iterator[Progress]:
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:<9}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[told]:>15}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=False) as bars:
        known: dict[str, Any] = {}

        def tell(stage: str, done: int, total: int | None) -> None:
            if stage not in known:
                for task in known.values():
                    _finish(bars, task)
                known[stage] = bars.add_task(stage, total=total, told="")
            told = f"{done:,} of {total:,}" if total else f"{done:,}"
            bars.update(known[stage], completed=done, total=total, told=told)

        yield tell
        for task in known.values():
            _finish(bars, task)


def _finish(bars: Any, task: Any) -> None:
    row = next(item for item in bars.tasks if item.id == task)
    bars.update(task, total=max(row.completed, 1), completed=max(row.completed, 1))
    bars.stop_task(task)


def to_json(value: Any, *, indent: int | None = None) -> str:
    """Return the value as JSON; characters that could steer a terminal are written as escapes."""
    told = json.dumps(value, ensure_ascii=False, indent=indent, default=str)
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", told)


def clean(text: object) -> str:
    """Return the text without control characters: what a page says must not steer a terminal."""
    return "".join(
        char if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cf"} else " "
        for char in str(text)
    )


def table(
    headings: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    title: str | None = None,
    right: Sequence[str] = (),
    wrap: Sequence[str] = (),
) -> Table:
    """Return a table for people; nulls are dashes.

    Columns named in ``right`` hold numbers. Where the screen is too narrow, those in ``wrap`` are folded;
    the others stay whole.
    """
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    made = Table(box=SIMPLE_HEAD, title=title, title_justify="left", pad_edge=False)
    cells = [["–" if cell is None else clean(cell) for cell in row] for row in rows]
    for place, heading in enumerate(headings):
        whole = max((len(row[place]) for row in cells), default=0)
        made.add_column(
            heading,
            justify="right" if heading in right else "left",
            no_wrap=heading not in wrap,
            overflow="fold",
            min_width=None if heading in wrap else max(whole, len(heading)),
        )
    for row in cells:
        made.add_row(*(Text(cell) for cell in row))
    return made


def number(value: float | None) -> str | None:
    """Return a number as people read it."""
    if value is None:
        return None
    return f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
