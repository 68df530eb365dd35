"""The command line: ``suar COMMAND``, also ``python -m flows``.

Commands are imported only when they are called, so that ``--help`` and queries answer at once.
"""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from cyclopts import App, CycloptsError

from flows.problems import Exit, Problem, code_of

# Name, where it lives, what it does. The order is that of `suar --help`.
COMMANDS: tuple[tuple[str, str, str, str], ...] = (
    ("demo", "flows.commands.work:demo", "Run", "Crawl the invented sample outlets and show what came out."),
    ("run", "flows.commands.work:run", "Run", "One daily run: crawl, process, link, publish."),
    ("ingest", "flows.commands.work:ingest", "Run", "The same pipeline from files."),
    ("backfill", "flows.commands.work:backfill", "Run", "Past days, from archive files or the lists of the sources."),
    ("rebuild", "flows.commands.work:rebuild", "Run", "Derive everything again from the archive."),
    ("publish", "flows.commands.work:publish", "Run", "Publish a release of what the warehouse holds."),
    ("incidents", "flows.commands.ask:incidents", "Ask", "List incidents."),
    ("explain", "flows.commands.ask:explain", "Ask", "The full story of an incident or a figure, with its evidence."),
    ("trends", "flows.commands.trends:trends", "Ask", "Incidents over time, with their denominator."),
    ("ask", "flows.commands.questions:ask", "Ask", "Ask a ready question by name; `suar ask list`."),
    ("query", "flows.commands.ask:query", "Ask", "Ask the current release in SQL, read-only."),
    ("sql", "flows.commands.ask:sql", "Ask", "An SQL prompt on the current release."),
    ("export", "flows.commands.ask:export", "Ask", "Write a release as a citable data package."),
    ("sources", "flows.commands.care:sources", "Care", "The sources: list, show, check."),
    ("review", "flows.commands.review:review", "Care", "Decisions of people: see what is doubtful, decide, undo."),
    ("releases", "flows.commands.keep:releases", "Care", "Published releases: list, what changed, go back to one, remove old ones."),
    ("takedown", "flows.commands.keep:takedown", "Care", "Take an article or incident out of all releases to come."),
    ("evaluate", "flows.commands.care:evaluate", "Care", "Score every stage on a labelled set."),
    ("doctor", "flows.commands.care:doctor", "Care", "Check installation, home, models and sources."),
)  # fmt: skip
# Flags that may stand before the command as well.
_LEADING = {"--home": 1, "--json": 0, "--quiet": 0, "--no-color": 0, "--debug": 0}
_ASKING = ("--help", "-h", "--version")


def app() -> App:
    """Return the command line application."""
    made = App(
        name="suar",
        help="Watch Indonesian and regional news for people trafficked into online-scam and "
        "online-gambling compounds; keep incidents with evidence in DuckDB.",
        version=lambda: version("suar"),
        help_format="plaintext",
        end_of_options_delimiter="--",
        result_action="return_value",
        suppress_keyboard_interrupt=False,
    )
    for name, path, group, text in COMMANDS:
        made.command(path, name=name, help=text, group=group)
    return made


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave the process with its exit code."""
    code = call(sys.argv[1:] if arguments is None else arguments)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _nobody_reads()
    sys.exit(int(code))


def call(tokens: Sequence[str]) -> Exit:
    """Run one command; return how it ended. Errors are told in one line, or as JSON with ``--json``."""
    tokens = _leading_flags_last(list(tokens))
    as_json, debug = "--json" in tokens, "--debug" in tokens
    if tokens and not any(token in _ASKING for token in tokens) and tokens[0] in _LEADING:
        return _tell(
            "usage", "no command is named", "see `suar --help`", Exit.USAGE, as_json=as_json
        )
    try:
        result = app()(tokens, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        return _tell("usage", str(error).strip(), "see `suar --help`", Exit.USAGE, as_json=as_json)
    except KeyboardInterrupt:
        return _tell("interrupted", "stopped", "", Exit.INTERRUPTED, as_json=as_json)
    except BrokenPipeError:  # the reader of our output has gone: `suar incidents | head`
        _nobody_reads()
        return Exit.OK
    except Problem as error:
        if debug:
            traceback.print_exc()
        return _tell(code_of(error), error.what, error.next_step, error.exit_code, as_json=as_json)
    except Exception as error:
        if debug:
            traceback.print_exc()
        code, what, next_step = _stored(error)
        return _tell(code, what, next_step, Exit.FAILED, as_json=as_json)
    return result if isinstance(result, Exit) else Exit.OK


def _nobody_reads() -> None:
    """Let what is still to be written go nowhere, so that leaving does not fail on the closed pipe."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _stored(error: Exception) -> tuple[str, str, str]:
    """Return code, cause and next step of an error; those of the warehouse know theirs."""
    from flows.logs import summary

    cause = getattr(error, "cause", None)
    if isinstance(cause, str):
        return code_of(error), cause, str(getattr(error, "next_step", ""))
    if isinstance(error, OSError):
        where = f": {error.filename}" if error.filename else ""
        told = f"{error.strerror or error}{where}"
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return "disk_full", told, "free space on the disk and run again; nothing saved is lost"
        return code_of(error), told, "run `suar doctor`"
    return code_of(error), summary(error), "run again with --debug to see where; please report it"


def _tell(code: str, what: str, next_step: str, exit_code: Exit, *, as_json: bool) -> Exit:
    from flows.console import clean, to_json

    if as_json:
        told: dict[str, Any] = {"error": {"code": code, "what": what, "next_step": next_step}}
        sys.stdout.write(to_json(told) + "\n")
    arrow = f"\n  -> {next_step}" if next_step else ""
    sys.stderr.write(clean(f"suar: {what}{arrow}") + "\n")
    return exit_code


def _leading_flags_last(tokens: list[str]) -> list[str]:
    """Return the tokens with flags that stand before the command moved behind it."""
    leading: list[str] = []
    rest = list(tokens)
    while rest:
        name, _, value = rest[0].partition("=")
        if name not in _LEADING:
            break
        n_values = 0 if value else _LEADING[name]
        leading += rest[: 1 + n_values]
        rest = rest[1 + n_values :]
    if not rest or "--" not in rest:
        return [*rest, *leading]
    end = rest.index("--")
    return [*rest[:end], *leading, *rest[end:]]


if __name__ == "__main__":
    main()
