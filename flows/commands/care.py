"""Commands that look after the program: sources, evaluate, doctor."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from flows.console import PLAIN, Common, number, table
from flows.problems import Exit, UsageProblem, near

sources = App(name="sources", help="The sources: list, show, check.", help_format="plaintext")


@sources.command(name="list")
def list_sources(
    *,
    common: Common = PLAIN,
    country: Annotated[str | None, Parameter(help="ISO 3166 alpha-3 code, such as IDN.")] = None,
) -> Exit:
    """List the described sources, whether they are crawled, and how the last run went."""
    from flows import health

    settings = common.settings()
    rows = health.source_rows(settings)
    if country:
        rows = [row for row in rows if row.country == country.upper()]
    screen = common.screen
    if screen.as_json:
        screen.document([row.model_dump(mode="json") for row in rows])
        return Exit.OK
    screen.print(
        table(
            ("source", "name", "country", "lang", "lists", "status", "last run", "listed", "fetched", "relevant"),
            (
                (
                    row.source_id, row.name, row.country, row.language, ", ".join(row.lists),
                    row.status, row.last_state, number(row.n_listed), number(row.n_fetched),
                    number(row.n_relevant),
                )
                for row in rows
            ),
            right=("listed", "fetched", "relevant"),
            wrap=("name", "lists"),
        )
    )  # fmt: skip
    on = sum(row.status == "seen" for row in rows)
    screen.print(
        f"{len(rows)} sources, {on} crawled by default. Off: what was only inferred, until it was seen; "
        "whose publisher opted out, unless named with --source by somebody who may."
    )
    return Exit.OK


@sources.command
def show(source_id: str, *, common: Common = PLAIN) -> Exit:
    """Show everything that is known of one source, and why we believe it."""
    import yaml

    from flows import sessions

    known = sessions.sources_of(common.settings())
    if source_id not in known:
        raise UsageProblem(f"no source is called {source_id}", near(source_id, known))
    told = known[source_id].model_dump(mode="json")
    if common.json:
        common.screen.document(told)
    else:
        common.screen.print(yaml.safe_dump(told, sort_keys=False, allow_unicode=True).rstrip())
    return Exit.OK


@sources.command
def check(folder: Path | None = None, *, common: Common = PLAIN) -> Exit:
    """Read all source files and name every fault with file, field and the nearest known name."""
    from crawlers import catalog

    settings = common.settings()
    where = folder or settings.sources_dir
    faults: list[dict[str, str]] = []
    n_read = 0
    try:
        n_read = len(catalog.load(where))
    except catalog.CatalogError as error:
        faults = [
            {"file": fault.file.name, "field": fault.field, "fault": fault.message}
            for fault in error.problems
        ]
    if common.json:
        common.screen.document({"n_sources": n_read, "faults": faults})
    elif faults:
        common.screen.print(
            table(("file", "field", "fault"), (tuple(f.values()) for f in faults), wrap=("fault",))
        )
    else:
        common.screen.print(f"{n_read} source files, no fault")
    return Exit.FAILED if faults else Exit.OK


def evaluate(*gold: Path, common: Common = PLAIN) -> Exit:
    """Score every stage on labelled articles (JSON Lines) and show each measure beside its bar."""
    from flows import scoring

    if not gold:
        raise UsageProblem("no labelled set", "name a file, such as tests/gold/dev_gold_id.jsonl")
    settings = common.settings()
    with common.screen.progress() as progress:
        scored = scoring.evaluate(gold, settings.similarity_model, progress)
    screen = common.screen
    if screen.as_json:
        screen.document(scored.as_json())
        return Exit.OK
    screen.print(
        f"{scored.n_articles} labelled articles, {scored.n_relevant} relevant ({scored.languages})"
    )
    screen.print(table(scored.headings, scored.rows(), right=("value", "n", "bar")))
    passed, measured = scored.passed
    screen.print(f"{passed} of {measured} measured bars reached")
    return Exit.OK


def doctor(
    *,
    common: Common = PLAIN,
    verify: Annotated[
        bool,
        Parameter(
            negative=(), help="Also compare every file of the current release with its checksum."
        ),
    ] = False,
) -> Exit:
    """Check the installation, models, home, disk, clock, archive, release and sources."""
    from flows import health

    checks = health.examine(common.settings(), verify=verify)
    screen = common.screen
    if screen.as_json:
        screen.document([check.model_dump(mode="json") for check in checks])
    else:
        marks: dict[Literal["ok", "warn", "bad"], str] = {"ok": "ok", "warn": "look", "bad": "BAD"}
        screen.print(
            table(
                ("", "what", "found", "next step"),
                ((marks[c.state], c.what, c.found, c.next_step or None) for c in checks),
                wrap=("found", "next step"),
            )
        )
    return Exit.FAILED if any(check.state == "bad" for check in checks) else Exit.OK
