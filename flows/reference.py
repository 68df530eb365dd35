"""Write the generated reference pages: commands, settings, sources.

``python -m flows.reference`` writes ``docs/reference/``; with ``--check`` it writes nothing and fails when a
page is stale.
"""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from flows.cli import COMMANDS, app
from flows.settings import PREFIX, Settings
from pipeline.records import Source, Terms

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "reference"
WIDTH = 100
INNER: Mapping[str, tuple[str, ...]] = {
    "sources": ("list", "show", "check"),
    "releases": ("list", "changes", "use", "prune"),
    "review": ("next", "accept", "correct", "merge", "split", "reject", "undo", "list"),
}
"""Commands that hold others."""


def commands() -> str:
    """Return the page of commands: what ``--help`` prints for each."""
    parts = [
        "# Commands",
        "",
        "`suar COMMAND`, also `python -m flows COMMAND`. Results go to standard output, messages and progress to",
        "standard error. `--json` prints one JSON document and nothing else.",
        "",
        "| exit code | meaning |",
        "|---|---|",
        "| 0 | done |",
        "| 1 | failed |",
        "| 2 | wrong usage |",
        "| 3 | finished, but some sources or records failed; the output says which |",
        "| 130 | stopped by Ctrl-C |",
        "",
    ]
    for name, _, _, text in COMMANDS:
        parts += [f"## suar {name}", "", text, "", "```text", _help(name), "```", ""]
        for inner in INNER.get(name, ()):
            parts += [f"### suar {name} {inner}", "", "```text", _help(name, inner), "```", ""]
    return "\n".join(parts)


def _help(*tokens: str) -> str:
    from rich.console import Console

    out = io.StringIO()
    console = Console(file=out, width=WIDTH, no_color=True, force_terminal=False)
    app().help_print(list(tokens), console=console)
    return "\n".join(line.rstrip() for line in out.getvalue().strip().splitlines())


def settings() -> str:
    """Return the page of settings."""
    parts = [
        "# Settings",
        "",
        "Strongest first: flags of the command line, variables of the environment, `suar.toml` in the home, the",
        "defaults below. An unknown key is an error that names the nearest known one.",
        "",
        "| key in `suar.toml` | variable | default | meaning |",
        "|---|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        key = "(not in the file)" if name == "home" else f"`{name}`"
        default = field.default
        shown = "" if default in (None, "") else f"`{default}`"
        parts.append(f"| {key} | `{PREFIX}{name.upper()}` | {shown} | {field.description} |")
    return "\n".join([*parts, ""])


def sources() -> str:
    """Return the page of sources."""
    from crawlers import catalog

    parts = [
        "# Sources",
        "",
        "Described in `crawlers/sources/<country>/<source_id>.yml`. `seen`: the addresses were seen to work and the",
        "daily run crawls them; `inferred`: written down but not yet seen, so off until `suar sources check` passes; `disabled`:",
        "closed to programs, for subscribers alone, or ended, and kept so that nobody tries again; `opted out`: the",
        "publisher bars programs like this one, so it is crawled only when named with `--source` by somebody who has",
        "leave.",
        "",
        "A status is what the file says; `suar sources list` adds what checks and runs found in a home. `checked` is",
        "the last day or month on record in which a feed or list answered somebody.",
        "",
    ]
    known = catalog.load()
    parts += [
        "| kind | described | crawled by default | inferred | opted out | disabled |",
        "|---|---|---|---|---|---|",
        *_by_kind(known),
        "",
        "| source | name | country | language | owner | ways in | status | checked | terms | evidence |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for source in known:
        ways = [
            *(["feed"] * bool(source.feeds)),
            *(["sitemap"] * bool(source.sitemaps)),
            *sorted({listing.kind for listing in source.listings}),
        ]
        parts.append(
            f"| `{source.source_id}` | {source.name} | {source.country} | {source.language} | {source.owner} "
            f"| {', '.join(ways)} | {source.standing} | {source.evidence.checked or ''} "
            f"| {_terms(source.terms)} | {_cell(source.evidence.note)} |"
        )
    return "\n".join([*parts, ""])


def _by_kind(known: Sequence[Source]) -> list[str]:
    """Return the rows of how many sources of each kind there are, by standing."""
    rows = []
    for name in (*sorted({source.kind for source in known}), "all"):
        counted = Counter(source.standing for source in known if name in {source.kind, "all"})
        numbers = (counted[state] for state in ("seen", "inferred", "opted out", "disabled"))
        rows.append(f"| {name} | {counted.total()} | {' | '.join(map(str, numbers))} |")
    return rows


def _terms(terms: Terms) -> str:
    """Return what the publisher says, in a cell."""
    said = ["opted out"] if terms.ai_opt_out else []
    if terms.paywall in {"metered", "hard"}:
        said.append(f"{terms.paywall} paywall")
    return _cell("; ".join([*said, *([terms.note] if terms.note else [])]))


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "/").split())


PAGES: Mapping[str, Callable[[], str]] = {
    "commands.md": commands,
    "settings.md": settings,
    "sources.md": sources,
}


def stale() -> list[str]:
    """Return the names of the pages that differ from what would be written."""
    found = []
    for name, make in PAGES.items():
        path = FOLDER / name
        if not path.exists() or path.read_text(encoding="utf-8") != make():
            found.append(name)
    return found


def main() -> None:
    """Write the pages, or check them."""
    if "--check" in sys.argv[1:]:
        old = stale()
        if old:
            sys.exit(f"stale: {', '.join(old)}; run `make docs`")
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        (FOLDER / name).write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    main()
