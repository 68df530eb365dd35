"""The command `ask`: ready questions by name, and what each asks, takes and means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from flows.commands.ask import print_csv, release_of, say_invented, show_result
from flows.console import PLAIN, Common, Screen, table
from flows.problems import Exit, UsageProblem, near

if TYPE_CHECKING:
    from warehouse.questions import Question


def ask(
    question: Annotated[str, Parameter(help="Name of a question, `list`, or `show`.")],
    name: Annotated[str | None, Parameter(help="After `show`: the question.")] = None,
    *,
    common: Common = PLAIN,
    csv: Annotated[bool, Parameter(negative=(), help="Print CSV, safe for spreadsheets.")] = False,
    since: Annotated[str | None, Parameter(help="A year, month or day, such as 2025-03.")] = None,
    until: Annotated[str | None, Parameter(help="Up to the end of a year, month or day.")] = None,
    as_of: Annotated[str | None, Parameter(help="What was believed at the end of it.")] = None,
    country: Annotated[
        str | None, Parameter(help="ISO alpha-3 codes, with commas between several.")
    ] = None,
    nationality: Annotated[str | None, Parameter(help="One ISO alpha-3 code.")] = None,
    category: Annotated[str | None, Parameter(help="Category of statistics.")] = None,
    level: Annotated[str | None, Parameter(help="country or place.")] = None,
    release: Annotated[str | None, Parameter(help="Id of a release.")] = None,
    least: Annotated[str | None, Parameter(help="Fewest persons.")] = None,
    limit: Annotated[str | None, Parameter(help="Most rows.")] = None,
) -> Exit:
    """Ask the current release a ready question; `suar ask list` names them, `suar ask show NAME` explains one."""
    from warehouse import questions

    screen = common.screen
    given = {
        key: value
        for key, value in {
            "since": since, "until": until, "as_of": as_of, "country": country, "nationality": nationality,
            "category": category, "level": level, "release": release, "least": least, "limit": limit,
        }.items()
        if value is not None
    }  # fmt: skip
    if csv and common.json:
        raise UsageProblem("both --csv and --json", "choose one")
    if question == "list":
        _list(screen)
        return Exit.OK
    wanted = name if question == "show" else question
    if wanted is None or (name is not None and question != "show"):
        raise UsageProblem("one question at a time", "`suar ask list` names them")
    if wanted not in questions.load():
        raise UsageProblem(f"no question is called {wanted}", near(wanted, [*questions.load()]))
    found = questions.get(wanted)
    if question == "show":
        _show(screen, found)
        return Exit.OK
    taken = [param.name for param in found.params]
    if unknown := [key for key in given if key not in taken]:
        flags = ", ".join(f"--{key.replace('_', '-')}" for key in taken)
        raise UsageProblem(
            f"{wanted} does not take --{unknown[0].replace('_', '-')}", f"it takes {flags}"
        )
    settings = common.settings()
    answer = questions.answer(release_of(settings).analyst, wanted, given)
    if common.json:
        screen.document(answer.records())
    elif csv:
        print_csv(answer)
    else:
        screen.print(found.asks, style="bold")
        show_result(screen, answer)
        screen.print(found.help)
        say_invented(screen, settings)
    return Exit.OK


def _list(screen: Screen) -> None:
    from warehouse import questions

    known = questions.load()
    if screen.as_json:
        screen.document([_told(question) for question in known.values()])
        return
    screen.print(
        table(
            ("question", "asks", "takes"),
            (
                (name, one.asks, " ".join(f"--{p.name.replace('_', '-')}" for p in one.params))
                for name, one in known.items()
            ),
            wrap=("asks", "takes"),
        )
    )
    screen.print("`suar ask show NAME` says how an answer is read and prints its SQL")


def _told(question: Question) -> dict[str, Any]:
    return {**question._asdict(), "params": [param._asdict() for param in question.params]}


def _show(screen: Screen, question: Question) -> None:
    if screen.as_json:
        screen.document(_told(question))
        return
    screen.print(question.asks, style="bold")
    screen.print(f"\n{question.help}\n")
    for param in question.params:
        default = f" (unless told {param.default})" if param.default else ""
        screen.print(f"  --{param.name.replace('_', '-'):<13} {param.words}{default}")
    screen.print(f"\n{question.sql.strip()}")
