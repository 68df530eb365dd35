"""Decisions of people: what is doubtful, and accept, correct, merge, split, reject, undo."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from textwrap import shorten
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter, validators

from flows.console import PLAIN, Common, clean, table
from flows.problems import Exit, UsageProblem
from flows.settings import DEFAULT_HOME, Settings

if TYPE_CHECKING:
    from flows.reviews import Action, Doubt, Held
    from flows.runs import RunReport
    from pipeline.records import Review

review = App(
    name="review",
    help="Decisions of people: see what is doubtful, decide, undo.",
    help_format="plaintext",
)
TITLE_WIDTH = 70
LATER = "applied at the next run, or at once by `suar rebuild --from incidents`"

Incident = Annotated[str, Parameter(help="Id of the incident.")]
By = Annotated[str | None, Parameter(help="Who decides (setting reviewer); stays in the home.")]
Why = Annotated[str, Parameter(help="Why, for those who come later; stays in the home.")]
Apply = Annotated[
    bool, Parameter(negative=(), help="Link and publish at once instead of at the next run.")
]
Prefect = Annotated[
    bool | None, Parameter(help="With --apply: inside a Prefect flow, or the same steps alone.")
]


# --- look ------------------------------------------------------------------------------------------


@review.command(name="next")
def next_(
    *,
    common: Common = PLAIN,
    limit: Annotated[
        int, Parameter(help="Most incidents shown.", validator=validators.Number(gte=1))
    ] = 1,
) -> Exit:
    """Show the most doubtful incidents that nobody has looked at, and the commands to decide.

    Doubtful: low confidence, a report that barely belongs to it, many persons.
    """
    from flows import masking, reviews
    from flows.commands import ask
    from warehouse import queries, releases

    settings = common.settings()
    release = releases.current(settings.releases)
    held = reviews.held(release.analyst, reviews.load(settings.reviews))
    found = reviews.doubtful(release.analyst, held)
    screen = common.screen
    shown = [
        (doubt, masking.masked(queries.explain(release.analyst, doubt.incident_id)))
        for doubt in found[:limit]
    ]
    if screen.as_json:
        document = [
            {**asdict(doubt), "commands": _commands(doubt, settings), "story": vars(story)}
            for doubt, story in shown
        ]
        screen.document(
            {"release": release.release_id, "n_open": len(found), "incidents": document}
        )
        return Exit.OK
    for doubt, story in shown:
        ask.show_story(screen, story)
        screen.print(f"\nDoubtful: {', '.join(doubt.why)}", style="bold")
        if doubt.near:
            screen.print(f"  may be the same as {', '.join(doubt.near)}")
        screen.print("Decide with one of", style="bold")
        heads = {report["report_id"]: _head(report) for report in story.reports}
        for command in _commands(doubt, settings):
            head = next((heads[name] for name in command.split() if name in heads), "")
            screen.console().print(clean(f"  {command}{head}"), soft_wrap=True)
        screen.print("")
    screen.print(
        f"{len(shown)} of {len(found)} incidents that nobody has looked at, in release "
        f"{release.release_id}"
    )
    return Exit.OK


def _head(report: Mapping[str, Any]) -> str:
    """Return a comment that tells reports apart: outlet and the beginning of the title."""
    title = (report.get("article") or {}).get("title") or ""
    told = f"{report['outlet']}: {title}"
    return f"  # {shorten(told, TITLE_WIDTH, placeholder=' ...')}"


def _commands(doubt: Doubt, settings: Settings) -> list[str]:
    """Return the commands to decide about an incident; words in capitals are to be filled in."""
    where = [] if settings.home == DEFAULT_HOME else ["--home", str(settings.home)]
    by = [] if settings.reviewer else ["--by", "NAME"]
    name = doubt.incident_id
    decisions = [["accept", name], ["correct", name, "--field", "FIELD", "--value", "VALUE"]]
    decisions += [["merge", name, other] for other in doubt.near]
    if len(doubt.report_ids) > 1:
        decisions += [["split", report_id] for report_id in doubt.report_ids]
    decisions.append(["reject", name, "--reason", "TEXT"])
    return [shlex.join(["suar", "review", *decision, *by, *where]) for decision in decisions]


@review.command(name="list")
def list_(*, common: Common = PLAIN) -> Exit:
    """List all decisions in order of time, and how each of them stands.

    applied; next run: made since the last linking; waiting: what it names is no more, so it is passed over
    until that comes back; undone.
    """
    from flows import reviews
    from warehouse import releases

    settings = common.settings()
    decisions = reviews.load(settings.reviews)
    release = releases.current(settings.releases)
    states = reviews.states(reviews.held(release.analyst, decisions), _applied(settings))
    screen = common.screen
    if screen.as_json:
        screen.document(
            [
                {**item.model_dump(mode="json"), "state": states[item.review_id]}
                for item in decisions
            ]
        )
        return Exit.OK
    screen.print(
        table(
            ("decision", "made", "by", "what", "about", "state", "reason"),
            (
                (
                    item.review_id, f"{item.reviewed_at:%Y-%m-%d %H:%M}", item.reviewer,
                    item.action, _about(item), states[item.review_id], item.reason or None,
                )
                for item in decisions
            ),
            wrap=("about", "reason", "by"),
        )
    )  # fmt: skip
    waiting = sum(state == "waiting" for state in states.values())
    screen.print(f"{len(decisions)} decisions, {waiting} waiting; times are UTC")
    return Exit.OK


def _applied(settings: Settings) -> set[str]:
    """Return the decisions that a linking has taken in."""
    from warehouse.errors import StoreMissing
    from warehouse.store import Store

    try:
        with Store.open(settings.warehouse, read_only=True) as store:
            return {item.review_id for item in store.load_reviews()}
    except StoreMissing:
        return set()


def _about(item: Review) -> str:
    if item.action == "correct":
        return f"{item.record_id} {item.field} = {item.value or 'null'}"
    if item.value is None:
        return item.record_id
    return f"{item.record_id} {'into' if item.action == 'merge' else 'from'} {item.value}"


# --- decide ----------------------------------------------------------------------------------------


@review.command
def accept(
    incident: Incident, *, common: Common = PLAIN, by: By = None, reason: Why = "",
    apply: Apply = False, prefect: Prefect = None,
) -> Exit:  # fmt: skip
    """Accept an incident as it stands: its tier becomes reviewed. Takes a rejected one back."""
    return _decide(common, "accept", incident, by, reason, apply=apply, prefect=prefect)


@review.command
def correct(
    incident: Incident, *, common: Common = PLAIN,
    field: Annotated[str, Parameter(help="Column of the incident, such as persons_best.")],
    value: Annotated[
        str,
        Parameter(allow_leading_hyphen=True, help="New value; lists with commas; empty: null."),
    ],
    by: By = None, reason: Why = "", apply: Apply = False, prefect: Prefect = None,
) -> Exit:  # fmt: skip
    """Correct one field of an incident. Its reports and ledger stay as they were read."""
    return _decide(
        common, "correct", incident, by, reason,
        field=field.strip().lower(), value=value.strip(), apply=apply, prefect=prefect,
    )  # fmt: skip


@review.command
def merge(
    incident: Incident,
    into: Annotated[str, Parameter(help="Id of the incident that it is the same as; this one stays.")],
    *, common: Common = PLAIN, by: By = None, reason: Why = "",
    apply: Apply = False, prefect: Prefect = None,
) -> Exit:  # fmt: skip
    """Merge an incident into another: both are the same happening."""
    return _decide(
        common, "merge", incident, by, reason, value=into.strip(), apply=apply, prefect=prefect
    )


@review.command
def split(
    report: Annotated[str, Parameter(help="Id of the report that tells of something else.")],
    leaving: Annotated[
        str | None, Parameter(help="Id of the incident to leave; none other is left then.")
    ] = None,
    *, common: Common = PLAIN, by: By = None, reason: Why = "",
    apply: Apply = False, prefect: Prefect = None,
) -> Exit:  # fmt: skip
    """Split a report off: it becomes an incident of its own, which may then be merged into another."""
    value = leaving.strip() if leaving else None
    return _decide(common, "split", report, by, reason, value=value, apply=apply, prefect=prefect)


@review.command
def reject(
    incident: Incident, *, common: Common = PLAIN,
    reason: Annotated[str, Parameter(help="Why it is none; stays in the home.")],
    by: By = None, apply: Apply = False, prefect: Prefect = None,
) -> Exit:  # fmt: skip
    """Reject an incident: it did not happen, or is no incident. It leaves the release; its reports stay."""
    if not reason.strip():
        raise UsageProblem("a rejection needs a reason", "say why with --reason")
    return _decide(common, "reject", incident, by, reason, apply=apply, prefect=prefect)


@review.command
def undo(
    decision: Annotated[str, Parameter(help="Id of the decision to take back.")],
    *, common: Common = PLAIN, by: By = None, reason: Why = "",
    apply: Apply = False, prefect: Prefect = None,
) -> Exit:  # fmt: skip
    """Take an earlier decision back. Both stay on record."""
    return _decide(common, "undo", decision, by, reason, apply=apply, prefect=prefect)


def _decide(
    common: Common,
    action: Action,
    record_id: str,
    by: str | None,
    reason: str,
    *,
    apply: bool,
    prefect: bool | None,
    field: str | None = None,
    value: str | None = None,
) -> Exit:
    """Check a decision, write it down and, when asked to, apply it."""
    from flows import launch, lock, reviews
    from warehouse import releases

    settings = common.settings(reviewer=by, prefect=prefect)
    reviewer = " ".join(settings.reviewer.split())
    if not reviewer:
        raise UsageProblem(
            "nobody is named who decides", "name yourself with --by, SUAR_REVIEWER or `reviewer`"
        )
    screen = common.screen
    releases.current(
        settings.releases
    )  # before the lock, which would make a home that is not there
    with lock.hold(settings.home, f"suar review {action}"):
        release = releases.current(settings.releases)
        earlier = reviews.load(settings.reviews)
        made = reviews.make(
            earlier, action, record_id.strip(),
            reviewer=reviewer, reason=reason, field=field, value=value,
        )  # fmt: skip
        held = reviews.held(release.analyst, earlier)
        held.check(made)
        reviews.append(settings.reviews, made)
        notes = _notes(held, made)
        report = None
        if apply:
            try:
                with screen.progress() as progress:
                    report = launch.rebuild(settings, from_stage="incidents", progress=progress)
            except BaseException:
                screen.say(f"decision {made.review_id} is kept; {LATER}")
                raise
    return _tell(common, settings, made, report, notes)


def _tell(
    common: Common, settings: Settings, made: Review, report: RunReport | None, notes: Sequence[str]
) -> Exit:
    from flows.commands import ask, work

    screen = common.screen
    if screen.as_json:
        told: dict[str, Any] = {
            "review": made.model_dump(mode="json"),
            "state": "applied" if report else "next run",
            "notes": list(notes),
            "run": report.model_dump(mode="json") if report else None,
        }
        screen.document(told)
        return report.exit_code if report else Exit.OK
    screen.print(f"decision {made.review_id}: {made.action} {_about(made)}")
    for note in notes:
        screen.print(f"  {note}")
    if report is None:
        screen.print(LATER)
        return Exit.OK
    if report.changes:
        ask.show_changes(screen, settings, report.run_id)
    work.show_report(screen, report)
    return report.exit_code


def _notes(held: Held, made: Review) -> list[str]:
    """Return what a person should know who made this correction."""
    if made.action != "correct":
        return []
    if made.field == "place_id":
        return ["place_name, admin1, lat, lon and geo_precision stay: correct them as well"]
    if made.field in {"lat", "lon"}:
        other = "lon" if made.field == "lat" else "lat"
        if (held.incidents[made.record_id][other] is None) != (not made.value):
            return [f"no release without {other}: correct it as well before the next run"]
    return []
