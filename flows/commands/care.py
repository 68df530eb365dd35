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
            ("source", "name", "country", "status", "7 days", "newest", "fetched", "relevant", "alarms"),
            (
                (
                    row.source_id, row.name, row.country, row.status, f"{row.week} {row.n_green}",
                    row.newest_at and f"{row.newest_at:%Y-%m-%d}", number(row.n_fetched),
                    number(row.n_relevant), "; ".join(row.alarms) or None,
                )
                for row in rows
            ),
            right=("fetched", "relevant"),
            wrap=("name", "alarms"),
        )
    )  # fmt: skip
    on = sum(row.status == "on" for row in rows)
    screen.print(
        f"{len(rows)} sources, {on} crawled by default. Off: what was only inferred, until `suar sources check` "
        "has passed; what is in quarantine or dormant, between two tries; whose publisher opted out, unless named "
        "with --source by somebody who may. Days: + worked, ! with an alarm, o listed nothing, x failed, . not asked."
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
def check(
    *ids: Annotated[str, Parameter(help="Sources to try; default: all that are not closed.")],
    offline: Annotated[
        bool, Parameter(negative=(), help="Only read the source files; ask nobody.")
    ] = False,
    folder: Annotated[
        Path | None, Parameter(help="Folder of source files in place of the bundled ones.")
    ] = None,
    common: Common = PLAIN,
) -> Exit:
    """Try sources: robots.txt, each list, two articles. A source that was inferred is crawled once it has passed.

    What fails is put into quarantine and tried again by later runs; the history in the home keeps both.
    Faults in the source files are named with file, field and the nearest known name, and nobody is asked then.
    """
    from flows import probing

    settings = common.settings(sources_dir=folder) if folder else common.settings()
    n_read, faults = _read_files(settings.sources_dir)
    screen = common.screen
    if faults or offline:
        if screen.as_json:
            screen.document({"n_sources": n_read, "faults": faults})
        elif faults:
            screen.print(
                table(
                    ("file", "field", "fault"), (tuple(f.values()) for f in faults), wrap=("fault",)
                )
            )
        else:
            screen.print(f"{n_read} source files, no fault")
        return Exit.FAILED if faults else Exit.OK
    with screen.progress() as progress:
        checked = probing.check(settings, ids, progress)
    failed = [row for row in checked if row.failed]
    if screen.as_json:
        screen.document([row.model_dump(mode="json") for row in checked])
        return Exit.PARTIAL if failed else Exit.OK
    asked = [row for row in checked if row.asked]
    screen.print(
        table(
            ("source", "answer", "listed", "articles", "newest", "stands", "detail"),
            (
                (
                    row.source_id, row.state, number(row.n_listed), number(row.n_articles),
                    row.newest_at and f"{row.newest_at:%Y-%m-%d %H:%M}", row.standing,
                    row.detail or None,
                )
                for row in asked
            ),
            right=("listed", "articles"),
            wrap=("detail",),
        )
    )  # fmt: skip
    closed = len(checked) - len(asked)
    screen.print(
        f"{len(asked)} asked, {len(asked) - len(failed)} answered well, {len(failed)} failed; "
        f"{closed} not asked: closed, opted out, or without a list"
    )
    return Exit.PARTIAL if failed else Exit.OK


def _read_files(folder: Path | None) -> tuple[int, list[dict[str, str]]]:
    """Return how many source files were read and every fault of them."""
    from crawlers import catalog

    try:
        return len(catalog.load(folder)), []
    except catalog.CatalogError as error:
        return 0, [
            {"file": fault.file.name, "field": fault.field, "fault": fault.message}
            for fault in error.problems
        ]


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
            negative=(),
            help="Also read the whole archive and compare it and every release with their checksums.",
        ),
    ] = False,
    repair: Annotated[
        bool,
        Parameter(
            negative=(),
            help="First mend what can be: torn ends, a warehouse or release that cannot be read.",
        ),
    ] = False,
) -> Exit:
    """Check the installation, models, home, disk, clock, archive, release and sources.

    With --repair a warehouse that cannot be read is moved aside and derived again from the archive and the
    decisions of people; nothing is removed.
    """
    from flows import health

    settings, screen = common.settings(), common.screen
    mended: list[health.Check] = []
    if repair:
        from flows import repairs

        with screen.progress() as progress:
            mended = repairs.repair(settings, progress)
    checks = mended + health.examine(settings, verify=verify)
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
