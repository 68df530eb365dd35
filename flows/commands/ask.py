"""Commands that ask the current release: incidents, explain, query, sql, export."""

from __future__ import annotations

import csv
import datetime as dt
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter, validators

from flows.console import PLAIN, Common, Screen, clean, number, table
from flows.problems import Exit, UsageProblem, near
from flows.settings import Settings

if TYPE_CHECKING:
    from rich.text import Text

    from warehouse.queries import Result, Story
    from warehouse.releases import Release

# Past statements of the prompt, in the home.
SQL_HISTORY = ".sql_history"
_COUNTRY = re.compile(r"[A-Za-z]{3}")
_AtLeastOne = validators.Number(gte=1)
_Share = validators.Number(gte=0, lte=1)


def release_of(settings: Settings) -> Release:
    """Return the release that is served now."""
    from warehouse import releases

    return releases.current(settings.releases)


def incidents(
    *,
    common: Common = PLAIN,
    country: Annotated[
        str | None, Parameter(help="Country of the event or destination, ISO alpha-3, such as KHM.")
    ] = None,
    event_type: Annotated[str | None, Parameter(help="Such as rescue, raid, repatriation.")] = None,
    since: Annotated[dt.date | None, Parameter(help="Events on or after this day.")] = None,
    until: Annotated[dt.date | None, Parameter(help="Events on or before this day.")] = None,
    place: Annotated[str | None, Parameter(help="Place id, or a part of a place's name.")] = None,
    min_confidence: Annotated[
        float | None, Parameter(help="From 0 to 1.", validator=_Share)
    ] = None,
    tier: Annotated[
        Literal["candidate", "reviewed"] | None, Parameter(help="How far people have looked at it.")
    ] = None,
    limit: Annotated[int, Parameter(help="Most rows shown.", validator=_AtLeastOne)] = 100,
) -> Exit:
    """List incidents, latest first."""
    from warehouse import queries

    if event_type is not None:
        _refuse_unknown_event(event_type)
    if country is not None and not _COUNTRY.fullmatch(country):
        raise UsageProblem(
            f"{country} is no ISO 3166 alpha-3 code", "use three letters, such as KHM or MMR"
        )
    refuse_turned(since, until)
    settings = common.settings()
    release = release_of(settings)
    found = queries.incidents(
        release.analyst, country=country, event_type=event_type, since=since, until=until,
        place=place, min_confidence=min_confidence, tier=tier, limit=limit,
    )  # fmt: skip
    if common.json:
        common.screen.document(found.records())
    else:
        show_incidents(common.screen, found.records(), release.release_id)
        if found.truncated:
            common.screen.print(f"only the first {limit} are shown; --limit shows more")
        say_invented(common.screen, settings)
    return Exit.OK


def say_invented(screen: Screen, settings: Settings) -> None:
    """Say that the home holds the sample, so that none of its figures is taken for news."""
    from flows.sample import is_demo

    if is_demo(settings):
        screen.say("all invented: this home holds the sample of `suar demo`")


def _refuse_unknown_event(name: str) -> None:
    from pipeline.records import EventType

    known = [event_type.value for event_type in EventType]
    if name.lower() not in known:
        raise UsageProblem(f"no event type is called {name}", near(name, known))


def refuse_turned(since: dt.date | None, until: dt.date | None) -> None:
    """Raise `UsageProblem` when the window ends before it begins."""
    if since and until and since > until:
        raise UsageProblem(f"--since {since} is after --until {until}", "turn them round")


def show_incidents(screen: Screen, rows: Sequence[Mapping[str, Any]], release_id: str) -> None:
    """Print incidents, one a line; a child stands below its parent where both are shown."""
    shown = {row["incident_id"] for row in rows}
    screen.print(
        table(
            ("incident", "date", "event", "where", "persons", "told by", "conf"),
            (
                (
                    row["incident_id"], _day(row),
                    ("└ " if row["parent_id"] in shown else "") + row["event_type"],
                    _where(row), _persons(row), f"{row['n_reports']} of {row['n_sources']}",
                    f"{row['confidence']:.2f}",
                )
                for row in _families(rows)
            ),
            right=("conf",),
            wrap=("where", "persons"),
        )
    )  # fmt: skip
    screen.print(
        f"{len(rows)} incidents in release {release_id}. told by: reports of independent sources; "
        "persons of a child (└) are in its parent's figure."
    )


def _families(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the rows in their order, each child moved below its parent."""
    children: dict[str, list[Mapping[str, Any]]] = {}
    shown = {row["incident_id"] for row in rows}
    for row in rows:
        if row["parent_id"] in shown:
            children.setdefault(row["parent_id"], []).append(row)
    ordered: list[Mapping[str, Any]] = []

    def add(row: Mapping[str, Any]) -> None:
        ordered.append(row)
        for child in children.get(row["incident_id"], ()):
            add(child)

    for row in rows:
        if row["parent_id"] not in shown:
            add(row)
    return ordered


def _where(row: Mapping[str, Any]) -> str | None:
    return " ".join(part for part in (row["event_country"], row["place_name"]) if part) or None


def _day(row: Mapping[str, Any]) -> str | None:
    if row["date_start"] is None:
        return None
    told = f"{row['date_start']}"
    precision = str(row["date_precision"])
    if precision == "4":
        return told[:7]
    if precision == "6":
        return told[:4]
    if row["date_end"] not in (None, row["date_start"]):
        return f"{told} to {row['date_end']:%m-%d}"
    return told if precision == "1" else f"c. {told}"


def _persons(row: Mapping[str, Any]) -> str | None:
    low, best, high = (row[f"persons_{name}"] for name in ("low", "best", "high"))
    role = row["headline_role"] or "persons"
    if best is None:
        return None if low is None else f"{number(low)}-{number(high) or '?'} {role}"
    spread = "" if low == high else f" ({number(low) or '?'}-{number(high) or '?'})"
    return f"{number(best)} {role}{spread}"


# --- explain -------------------------------------------------------------------------------------------


def explain(
    what: Annotated[
        str, Parameter(help="Id of an incident, report, count, statistic or article, or a figure.")
    ],
    *,
    common: Common = PLAIN,
) -> Exit:
    """Walk from an incident or a figure to its reports, ledger and highlighted evidence."""
    from flows import masking
    from warehouse import queries

    settings = common.settings()
    release = release_of(settings)
    story = masking.masked(queries.explain(release.analyst, what))
    if common.json:
        common.screen.document({"release": release.release_id, **vars(story)})
    else:
        show_story(common.screen, story)
        say_invented(common.screen, settings)
    return Exit.OK


def show_story(screen: Screen, story: Story) -> None:
    """Print all that stands behind one id or figure."""
    incident = story.incident
    if incident is not None:
        screen.print(_headline(incident), style="bold")
        _print_facts(screen, incident)
    if story.kind in {"count", "statistic"}:
        screen.print(f"\nThe {story.kind} asked for", style="bold")
        _print_evidence(screen, [story.subject], "  ")
    if story.kind == "article":
        screen.print(story.subject["title"], style="bold")
        screen.print(f"  {story.subject['outlet']}, {story.subject['url']}")
    if story.counts:
        _print_ledger(screen, story.counts)
    if story.matches:
        screen.print(f"\nThe figure {story.id} in ledgers", style="bold")
        _print_ledger(screen, story.matches, with_incident=True)
    if story.reports:
        screen.print(f"\n{len(story.reports)} reports", style="bold")
    for report in story.reports:
        _print_report(screen, report)
    if story.statistics:
        screen.print("\nStatistics", style="bold")
        _print_statistics(screen, story.statistics)
    for child in story.children:
        screen.print(
            f"  contains {child['incident_id']}: {child['event_type']} {child['date_start'] or ''}"
            f" {number(child['persons_best']) or ''}"
        )
    if story.changes:
        screen.print("\nChanges", style="bold")
        for change in story.changes:
            fields = f" ({', '.join(change['fields'])})" if change.get("fields") else ""
            screen.print(
                f"  {change['release'] or 'unpublished'}: {change['change']}{fields}: {change['reason']}"
            )


def _headline(incident: Mapping[str, Any]) -> str:
    parts = [
        incident["incident_id"], incident["event_type"],
        incident["place_name"] or incident["event_country"], _day(incident),
    ]  # fmt: skip
    told = _persons(incident) or "no figure"
    return f"{'  '.join(str(part) for part in parts if part)}  {told}"


def _print_facts(screen: Screen, incident: Mapping[str, Any]) -> None:
    told = {
        "status": f"{incident['status']}, {incident['tier']}, confidence {incident['confidence']:.2f}",
        "countries": f"event in {incident['event_country'] or 'an unknown country'}, "
        f"destination {incident['destination_country'] or 'unknown'}",
        "told by": f"{incident['n_reports']} reports of {incident['n_sources']} independent sources",
        "parent": incident["parent_id"],
        "case": incident["case_id"],
    }
    for name, value in told.items():
        if value:
            screen.print(f"  {name:<10} {clean(value)}")


def _print_ledger(
    screen: Screen, counts: Sequence[Mapping[str, Any]], *, with_incident: bool = False
) -> None:
    screen.print("\nLedger: every figure, with what took its place", style="bold")
    # Both ids do not fit a line; the ledger of the incident has those of the figures.
    incident, count = (("incident",), ()) if with_incident else ((), ("count",))
    places = {row["count_id"]: f"#{place}" for place, row in enumerate(counts, start=1)}
    screen.print(
        table(
            ("", *incident, "role", "figure", "as of", "running", "part of", "replaced by", *count),
            (
                (
                    places[row["count_id"]], *(row["incident_id"] for _ in incident),
                    row["role"], _figure(row), row["as_of_date"],
                    "total" if row["is_cumulative"] else "",
                    places.get(row["subset_of"], row["subset_of"]) or "",
                    places.get(row["superseded_by"], row["superseded_by"]) or "",
                    *(row["count_id"] for _ in count),
                )
                for row in counts
            ),
            right=("figure",),
        )
    )  # fmt: skip


_RELATION = {"at_least": "≥ ", "at_most": "≤ ", "about": "~ "}


def _figure(row: Mapping[str, Any]) -> str | None:
    if row["best"] is not None:
        return _RELATION.get(row["relation"], "") + (number(row["best"]) or "")
    return None if row["low"] is None else f"{number(row['low'])}-{number(row['high']) or '?'}"


def _print_report(screen: Screen, report: Mapping[str, Any]) -> None:
    article = report.get("article") or {}
    outlet = clean(article.get("outlet") or "")
    title = clean(article.get("title") or "")
    at = article.get("published_at")
    when = f"{at:%Y-%m-%d %H:%M} UTC" if at else "no date"
    screen.print(f"\n  {outlet}, {when}: {title}")
    screen.print(f"    {article.get('url', '')}")
    screen.print(f"    archived page sha256 {article.get('page_sha256', '')[:16]}")
    _print_evidence(screen, [report], "    ")


def _print_evidence(screen: Screen, rows: Sequence[Mapping[str, Any]], indent: str) -> None:
    for row in rows:
        for proof in row.get("evidence") or ():
            screen.print(_highlighted(proof, indent))


def _highlighted(proof: Mapping[str, Any], indent: str) -> Text:
    """Return a sentence with the words that count set off, also where there are no colours."""
    from rich.text import Text

    sentence = str(proof["sentence"])
    whole = (0, len(sentence))
    spans = sorted({tuple(span) for span in proof["highlights"]} - {whole})
    told = Text(indent)
    at = 0
    for first, last in spans:
        if first < at:
            continue
        told.append(clean(sentence[at:first]))
        told.append("[" + clean(sentence[first:last]) + "]", style="bold yellow")
        at = last
    told.append(clean(sentence[at:]))
    return told


def _print_statistics(screen: Screen, rows: Sequence[Mapping[str, Any]]) -> None:
    screen.print(
        table(
            ("statistic", "metric", "value", "unit", "from", "to", "part of"),
            (
                (
                    row["stat_id"], row["metric"], number(row["value"]), row["unit"],
                    row["period_start"], row["period_end"], row["disaggregation_of"],
                )
                for row in rows
            ),
            right=("value",),
        )
    )  # fmt: skip
    _print_evidence(screen, rows, "  ")


# --- free questions ------------------------------------------------------------------------------------


def query(
    sql: Annotated[str, Parameter(help="One SELECT; `SHOW TABLES` lists the tables.")],
    *,
    common: Common = PLAIN,
    csv: Annotated[bool, Parameter(negative=(), help="Print CSV, safe for spreadsheets.")] = False,
    parquet: Annotated[
        Path | None, Parameter(help="Write a Parquet file, which must not exist yet.")
    ] = None,
    limit: Annotated[int, Parameter(help="Most rows.", validator=_AtLeastOne)] = 1000,
    timeout: Annotated[
        float, Parameter(help="Seconds that the query may take.", validator=validators.Number(gt=0))
    ] = 10.0,
) -> Exit:
    """Ask the current release in SQL, read-only."""
    from warehouse import queries

    if csv + common.json + (parquet is not None) > 1:
        raise UsageProblem("more than one format", "choose one of --csv, --json, --parquet")
    release = release_of(common.settings())
    found = queries.query(release.analyst, sql, limit=limit, timeout_s=timeout)
    if parquet is not None:
        queries.write_parquet(found, parquet)
        common.screen.print(f"{len(found.rows):,} rows in {parquet}")
    elif common.json:
        common.screen.document(found.records())
    elif csv:
        print_csv(found)
    else:
        show_result(common.screen, found)
    if found.truncated:
        common.screen.say(f"only the first {limit} rows are shown; --limit shows more")
    return Exit.OK


def print_csv(found: Result) -> None:
    """Print the rows as CSV, safe for spreadsheets."""
    from warehouse.exports import safe_cell

    def text(cell: object) -> str:
        # A file gets what the release holds; a terminal must not be steered by it.
        return safe_cell(clean(cell) if sys.stdout.isatty() else str(cell))

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(found.columns)
    for row in found.rows:
        writer.writerow(
            text(cell) if isinstance(cell, str)
            else text(";".join(map(str, cell))) if isinstance(cell, list)
            else "" if cell is None
            else str(cell).lower() if isinstance(cell, bool)  # as in the files of an export
            else cell
            for cell in row
        )  # fmt: skip


def show_result(screen: Screen, found: Result) -> None:
    """Print the rows of a query."""
    numeric = [
        name
        for name, kind in zip(found.columns, found.types, strict=True)
        if any(word in kind.upper() for word in ("INT", "DOUBLE", "DECIMAL", "FLOAT"))
    ]
    screen.print(table(found.columns, found.rows, right=numeric, wrap=found.columns))
    screen.print(f"{len(found.rows)} rows")


def sql(*, common: Common = PLAIN) -> Exit:
    """Ask the current release at a prompt; a statement ends with a semicolon, Ctrl-D ends the session."""
    settings = common.settings()
    release = release_of(settings)
    screen = common.screen
    interactive = sys.stdin.isatty()
    if interactive:
        screen.say(
            f"release {release.release_id}, read-only; SHOW TABLES; lists the tables, Ctrl-D ends"
        )
    editing = (
        _line_editing(release.analyst, settings.home / SQL_HISTORY)
        if interactive
        else nullcontext()
    )
    with editing:
        failed = _prompt(screen, release.analyst, interactive=interactive)
    return Exit.FAILED if failed and not interactive else Exit.OK


def _prompt(screen: Screen, db: Path, *, interactive: bool) -> bool:
    """Ask statement after statement until the input ends; return whether one of them failed."""
    from warehouse import queries
    from warehouse.errors import QueryFailed

    failed = False
    held: list[str] = []
    while True:
        try:
            line = input(("   -> " if held else "suar> ") if interactive else "")
        except EOFError:
            break
        held.append(line)
        if not line.rstrip().endswith(";"):
            continue
        statement, held = "\n".join(held), []
        try:
            show_result(screen, queries.query(db, statement))
        except QueryFailed as error:
            failed = True
            screen.say(f"{error.cause}\n  -> {error.next_step}")
    if any(line.strip() for line in held):
        failed = True
        screen.say("the last statement was not ended with a semicolon and was not asked")
    return failed


# Words of SQL that the prompt completes beside the names of the release.
_WORDS_OF_SQL = (
    "SELECT", "FROM", "WHERE", "GROUP BY ALL", "ORDER BY", "LIMIT", "JOIN", "LEFT JOIN", "USING", "COUNT(*)",
    "SUM", "FILTER", "DISTINCT", "DESCRIBE", "SHOW TABLES", "SUMMARIZE", "WITH", "CASE WHEN", "DATE",
)  # fmt: skip
_HISTORY = 1000


@contextmanager
def _line_editing(db: Path, history: Path) -> Iterator[None]:
    """Give the prompt completion, and a history that outlives it, where the system can edit lines.

    The history lies beside what was asked, readable by its owner alone: a question may tell what is looked for.
    """
    try:
        import readline
    except ImportError:
        yield
        return
    words = names_of(db)

    def complete(text: str, state: int) -> str | None:
        fitting = [word for word in words if word.lower().startswith(text.lower())]
        return fitting[state] if state < len(fitting) else None

    readline.set_completer(complete)
    # A column may be written behind the name of its table: what follows the dot is completed.
    readline.set_completer_delims(" \t\n,()=<>.;'\"")
    readline.parse_and_bind("tab: complete")
    readline.set_history_length(_HISTORY)
    with suppress(OSError):
        readline.read_history_file(history)
    try:
        yield
    finally:
        with suppress(OSError):
            history.touch(mode=0o600)
            readline.write_history_file(history)


def names_of(db: Path) -> list[str]:
    """Return what the prompt completes: tables, columns and words of SQL."""
    from warehouse import queries

    found = queries.query(
        db,
        "SELECT DISTINCT unnest([table_name, column_name]) FROM information_schema.columns"
        " WHERE table_schema = 'marts'",
        limit=10_000,
    )
    return [*sorted(str(row[0]) for row in found.rows), *_WORDS_OF_SQL]


# --- export --------------------------------------------------------------------------------------------


def export(
    folder: Annotated[Path, Parameter(help="New or empty, or an earlier export of ours.")],
    *,
    common: Common = PLAIN,
    format: Annotated[  # noqa: A002  (the name of the flag)
        str, Parameter(help="Of parquet, csv, jsonl, xlsx, geojson, atom; several with commas.")
    ] = "parquet,csv,jsonl",
    tier: Annotated[
        Literal["public", "analyst"],
        Parameter(help="public: may be shared; analyst: every figure, to stay with you."),
    ] = "public",
) -> Exit:
    """Write the current release as a data package: tables, descriptors, codebook, citation, licence."""
    from warehouse import exports

    formats = [name.strip() for name in format.split(",") if name.strip()]
    for name in formats or [""]:
        if name not in exports.FORMATS:
            raise UsageProblem(f"no format is called {name!r}", near(name, exports.FORMATS))
    from flows.sample import is_demo

    settings = common.settings()
    release = release_of(settings)
    made = exports.export(
        release.analyst if tier == "analyst" else release.public,
        folder,
        formats=formats,
        tier=tier,
        release_id=release.release_id,
        made_at=release.made_at,
        is_invented=is_demo(settings),
    )
    screen = common.screen
    ended = Exit.PARTIAL if made.problems else Exit.OK
    if screen.as_json:
        screen.document({**made._asdict(), "path": str(made.path)})
        return ended
    screen.print(
        table(("table", "rows"), ((k, number(v)) for k, v in made.rows.items()), right=("rows",))
    )
    screen.print(
        f"release {made.release_id}, {made.tier} tier, {made.n_bytes / 1e6:,.1f} MB in {made.path}"
    )
    for text in made.problems:
        screen.say(f"look: {text}")
    if tier == "analyst":
        screen.say("this tier holds small numbers and exact places: keep it to yourself")
    return ended


# --- what runs show ------------------------------------------------------------------------------------


def show_changes(screen: Screen, settings: Settings, run_id: str) -> None:
    """Print what a run changed of the incidents, and why."""
    from warehouse.store import Store

    with Store.open(settings.warehouse, read_only=True) as store:
        changes = store.load_changes(run_id)
    screen.print(
        table(
            ("incident", "change", "fields", "reason"),
            ((c.incident_id, c.change, ", ".join(c.fields) or None, c.reason) for c in changes),
            wrap=("fields", "reason"),
        )
    )


def _telling(rows: Sequence[Mapping[str, Any]]) -> str | None:
    """Return the incident with the most reports: the one whose story shows the most."""
    if not rows:
        return None
    return str(max(rows, key=lambda row: (row["n_reports"], row["incident_id"]))["incident_id"])


def show_demo(screen: Screen, settings: Settings) -> None:
    """Print the incidents, a trend with its denominator, and one incident explained."""
    from flows.commands.trends import show_trends
    from warehouse import queries
    from warehouse import trends as asked

    release = release_of(settings)
    rows = queries.incidents(release.analyst).records()
    screen.print("\nIncidents (all invented)", style="bold")
    show_incidents(screen, rows, release.release_id)
    screen.print("\nTrend", style="bold")
    show_trends(screen, asked.trends(release.analyst, grain="week", until=release.day))
    telling = _telling(rows)
    if telling is not None:
        screen.print(f"\nsuar explain {telling}", style="bold")
        show_story(screen, queries.explain(release.analyst, telling))
    screen.print(f"\nAsk on: suar --home {settings.home} incidents --country KHM")


def demo_document(settings: Settings) -> dict[str, Any]:
    """Return the same as one document."""
    from warehouse import queries
    from warehouse import trends as asked

    release = release_of(settings)
    rows = queries.incidents(release.analyst).records()
    telling = _telling(rows)
    return {
        "incidents": rows,
        "trends": asked.trends(release.analyst, grain="week", until=release.day).rows.records(),
        "explained": vars(queries.explain(release.analyst, telling)) if telling else None,
    }
