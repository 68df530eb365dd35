"""The command `trends`: incidents over time, of all sources or of a panel, with what stands out in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from flows.commands.ask import refuse_turned, release_of, say_invented, show_result
from flows.console import PLAIN, Common, Screen, number, table
from flows.problems import Exit, UsageProblem, near

if TYPE_CHECKING:
    from pathlib import Path

    from warehouse.trends import Grain, Series, Trend

BAR_WIDTH = 28
# Same as `warehouse.trends.SPLITS`, which a wrong use need not import.
_SPLITS = (
    "country", "event_type", "admin1", "destination", "role", "nationality", "scam_type", "agency",
)  # fmt: skip
_FLAGS = {"negative": ()}


def trends(
    *,
    common: Common = PLAIN,
    by: Annotated[
        str | None,
        Parameter(
            help="Split by country, event_type, admin1, destination, role, nationality, scam_type or"
            " agency; event_type may follow another with a comma."
        ),
    ] = None,
    daily: Annotated[bool, Parameter(**_FLAGS)] = False,
    weekly: Annotated[bool, Parameter(**_FLAGS)] = False,
    monthly: Annotated[bool, Parameter(**_FLAGS)] = False,
    since: dt.date | None = None,
    until: dt.date | None = None,
    panel: Annotated[
        bool, Parameter(help="Count only the sources that were watched throughout.", **_FLAGS)
    ] = False,
    raw: Annotated[
        bool, Parameter(help="Draw incidents instead of incidents per 10,000 articles.", **_FLAGS)
    ] = False,
    surges: Annotated[
        bool, Parameter(help="Say which periods and lasting changes stand out, and why.", **_FLAGS)
    ] = False,
    outcomes: Annotated[
        bool, Parameter(help="What became of people, by month and destination.", **_FLAGS)
    ] = False,
    hubs: Annotated[
        bool, Parameter(help="Shares of destinations by quarter, and how far they moved.", **_FLAGS)
    ] = False,
    lags: Annotated[
        bool, Parameter(help="Days from an event to its first report, by month.", **_FLAGS)
    ] = False,
) -> Exit:
    """Incidents over time with the number of articles screened, and a chart (monthly unless told)."""
    from warehouse import trends as asked

    if daily + weekly + monthly > 1:
        raise UsageProblem("more than one grain", "choose one of --daily, --weekly, --monthly")
    if surges + outcomes + hubs + lags > 1:
        raise UsageProblem("more than one view", "choose --surges, --outcomes, --hubs or --lags")
    if (outcomes or hubs or lags) and (by or daily or weekly or panel or raw):
        raise UsageProblem(
            "--outcomes, --hubs and --lags have their own rows",
            "only --since and --until go with them",
        )
    for name in (part.strip() for part in (by or "").split(",")):
        if name and name not in _SPLITS:
            raise UsageProblem(f"trends cannot be split by {name}", near(name, _SPLITS))
    refuse_turned(since, until)
    grain: Grain = "day" if daily else "week" if weekly else "month"
    settings = common.settings()
    db = release_of(settings).analyst
    screen = common.screen
    window: dict[str, Any] = {"since": since, "until": until}
    if outcomes or hubs or lags:
        _answer(screen, db, "outcomes" if outcomes else "hubs" if hubs else "reporting-lag", window)
    elif surges:
        found = asked.series(db, by=by, grain=grain, panel=panel, **window)
        if common.json:
            screen.document(asked.document(found))
        else:
            show_signals(screen, found)
    else:
        trend = asked.trends(db, by=by, grain=grain, panel=panel, **window)
        if common.json:
            screen.document(trend.rows.records())
        else:
            show_trends(screen, trend, raw=raw)
    if not common.json:
        say_invented(screen, settings)
    return Exit.OK


def show_trends(screen: Screen, trend: Trend, *, raw: bool = False) -> None:
    """Print a trend with its denominator and a bar for each row; an outage has no bar."""
    found = trend.rows
    rows = found.records()
    keys = [name for name in found.columns if name in _SPLITS]
    drawn = "n_incidents" if raw else "incidents_per_10k_screened"
    most = max((row[drawn] or 0 for row in rows if not row["is_outage"]), default=0) or 1
    persons = ("persons",) if "persons_best" in found.columns else ()
    reports = ("reports",) if "n_reports" in found.columns else ()
    screen.print(
        table(
            ("period", *keys, "incidents", *persons, *reports, "screened", "per 10k", ""),
            (
                (
                    row["period"], *(row[key] for key in keys), number(row["n_incidents"]),
                    *(number(row["persons_best"]) for _ in persons),
                    *(number(row["n_reports"]) for _ in reports),
                    number(row["n_articles_screened"]), number(row["incidents_per_10k_screened"]),
                    "outage" if row["is_outage"] else "█" * round(BAR_WIDTH * (row[drawn] or 0) / most),
                )
                for row in rows
            ),
            right=("incidents", *persons, *reports, "screened", "per 10k"),
            wrap=keys,
        )
    )  # fmt: skip
    told = (
        "persons: best figures, those of child incidents left to their parents; not to be added over event types"
        if persons
        else "persons are added within one event type only: --by event_type"
    )
    screen.print(
        "screened: articles read in the whole period, the denominator; per 10k: incidents per 10,000 of them, "
        f"{'not drawn' if raw else 'drawn'}; " + told
    )
    if trend.panel is not None:
        screen.print(f"panel of {len(trend.panel)} sources: {', '.join(trend.panel)}")


def show_signals(screen: Screen, found: Sequence[Series]) -> None:
    """Print each surge and lasting change with its reason, and what could not be judged."""
    from warehouse.signals import ALPHA

    rows = [
        (one.value, item.period, kind, item.why)
        for one in found
        for kind, items in (("surge", one.found.surges), ("change", one.found.changes))
        for item in items
    ]
    split = any(one.value is not None for one in found)
    if rows:
        screen.print(
            table(
                (*(["value"] if split else []), "period", "what", "why"),
                (row if split else row[1:] for row in rows),
                wrap=("value", "why"),
            )
        )
    judged = sum(one.found.n_judged for one in found)
    refused = [f"{one.value or 'everything'}: {why}" for one in found for why in one.found.refused]
    screen.print(
        f"{len(rows)} findings in {len(found)} series; {judged} periods were judged for surges, of which chance"
        f" alone would flag about {judged * ALPHA:.1f}"
    )
    for line in refused[:10]:
        screen.print(f"too few data for {line}")
    if len(refused) > 10:
        screen.print(f"and {len(refused) - 10} more series with too few data")


def _answer(screen: Screen, db: Path, question: str, window: dict[str, Any]) -> None:
    """Print the answer of a ready question with how it is read."""
    from warehouse import questions

    given = {name: day.isoformat() for name, day in window.items() if day is not None}
    found = questions.answer(db, question, given)
    if screen.as_json:
        screen.document(found.records())
        return
    show_result(screen, found)
    screen.print(questions.get(question).help)
