"""Commands that look after what was published: releases, takedown."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter, validators

from flows.console import PLAIN, Common, number, table
from flows.problems import Exit, UsageProblem, near

if TYPE_CHECKING:
    from flows.runs import RunReport

releases = App(
    name="releases", help="Published releases: list, changes, use, prune.", help_format="plaintext"
)
MIN_DAYS = 7


@releases.command(name="list")
def list_releases(*, common: Common = PLAIN) -> Exit:
    """List the releases that the home holds, which of them is current and who reads it."""
    from warehouse import retention

    settings = common.settings()
    found = retention.shelf(settings.releases)
    screen = common.screen
    if screen.as_json:
        screen.document([each._asdict() for each in found])
        return Exit.OK
    screen.print(
        table(
            ("release", "made", "MB", "current", "read by"),
            (
                (
                    each.release_id, f"{each.made_at:%Y-%m-%d %H:%M}" if each.made_at else "cannot be read",
                    number(each.n_bytes / 1e6), "current" if each.is_current else None,
                    each.reader and f"process {each.reader}",
                )
                for each in found
            ),
            right=("MB",),
        )
    )  # fmt: skip
    total = sum(each.n_bytes for each in found) / 1e6
    screen.print(f"{len(found)} releases, {total:,.1f} MB; times are UTC")
    return Exit.OK


@releases.command
def use(
    release: Annotated[str, Parameter(help="Id of the release, such as 2026-09-20.")],
    *,
    common: Common = PLAIN,
) -> Exit:
    """Make an earlier release the current one, once every checksum of it holds.

    The next run publishes again: mend first what made the later release a bad one.
    """
    from flows import lock
    from warehouse import releases as published

    settings = common.settings()
    known = published.published(settings.releases)
    if release not in known:
        raise UsageProblem(
            f"there is no release {release}",
            near(release, known) if known else "`suar run` makes the first",
        )
    with lock.hold(settings.home, "suar releases use"):
        before = published.pointed_at(settings.releases)
        used = published.use(settings.releases, release)
    if common.json:
        common.screen.document({"release": used.release_id, "before": before})
    else:
        common.screen.print(f"{used.release_id} is current; before it was {before or 'none'}")
    return Exit.OK


@releases.command
def changes(
    earlier: Annotated[str, Parameter(help="Id of a release, such as 2026-09-20.")],
    later: Annotated[str, Parameter(help="Id of one made after it.")],
    *,
    common: Common = PLAIN,
    tier: Annotated[
        Literal["analyst", "public"], Parameter(help="Whose figures the fields speak of.")
    ] = "analyst",
) -> Exit:
    """Tell what became of each incident between two releases, and why: one row each.

    The change is new, updated, merged, split or withdrawn; the cause another report, an outlet's correction, another
    reading or linking of the same texts, a person's decision, or a takedown.
    """
    from warehouse import history
    from warehouse import releases as published

    settings = common.settings()
    known = published.published(settings.releases)
    for release in (earlier, later):
        if release not in known:
            raise UsageProblem(
                f"there is no release {release}",
                near(release, known) if known else "`suar run` makes the first",
            )
    if known.index(earlier) > known.index(later):
        raise UsageProblem(f"{earlier} was made after {later}", "name the earlier release first")
    found = history.between(settings.releases / later, earlier, later, tier=tier)
    screen = common.screen
    if screen.as_json:
        screen.document({"from": earlier, "to": later, "tier": tier, "changes": found.records()})
        return Exit.OK
    screen.print(
        table(
            ("incident", "change", "fields", "causes", "reason"),
            (
                (row["incident_id"], row["change"], ", ".join(row["fields"]) or None, ", ".join(row["causes"]), row["reason"])
                for row in found.records()
            ),
            wrap=("fields", "reason"),
        )
    )  # fmt: skip
    screen.print(f"{len(found.rows):,} incidents differ between {earlier} and {later}")
    return Exit.OK


@releases.command
def prune(
    *,
    common: Common = PLAIN,
    keep_days: Annotated[
        int,
        Parameter(
            help="Releases made within so many days stay.",
            validator=validators.Number(gte=MIN_DAYS),
        ),
    ] = MIN_DAYS,
    yes: Annotated[
        bool, Parameter(negative=(), help="Remove them; without it they are only named.")
    ] = False,
) -> Exit:
    """Remove old releases: never the current one, one that somebody reads, or one of the last seven days."""
    from flows import lock
    from flows.clock import now
    from warehouse import retention

    settings = common.settings()
    at, kept = now(), dt.timedelta(days=keep_days)
    spare = [each for each in retention.shelf(settings.releases) if each.spare(at, kept)]
    removed: list[str] = []
    if yes and spare:
        with lock.hold(settings.home, "suar releases prune"):
            removed = retention.prune(settings.releases, now=at, kept=kept)
    if common.json:
        common.screen.document({"spare": [each.release_id for each in spare], "removed": removed})
        return Exit.OK
    screen = common.screen
    for each in spare:
        done = (
            "removed" if each.release_id in removed else "spare" if not yes else "kept: now in use"
        )
        screen.print(f"{each.release_id}  {each.n_bytes / 1e6:,.1f} MB  {done}")
    if not spare:
        screen.print("no release is spare")
    elif not yes:
        screen.print("nothing was removed; --yes removes them")
    return Exit.OK


def takedown(
    record: Annotated[str, Parameter(help="Id of an article, or of an incident for all its articles.")],
    *,
    common: Common = PLAIN,
    reason: Annotated[str, Parameter(help="Why; stays in the home.")],
    by: Annotated[str | None, Parameter(help="Who decides (setting reviewer); stays in the home.")] = None,
    apply: Annotated[
        bool, Parameter(negative=(), help="Link and publish at once instead of at the next run.")
    ] = False,
    remove_releases: Annotated[
        bool,
        Parameter(negative=(), help="Apply, and remove the older releases that still hold it."),
    ] = False,
    prefect: Annotated[
        bool | None, Parameter(help="With --apply: inside a Prefect flow, or the same steps alone.")
    ] = None,
) -> Exit:  # fmt: skip
    """Take an article, with its copies at other outlets, or an incident out of all releases to come.

    Every later run and rebuild obeys. The warehouse forgets the article and all versions of incidents that it
    told of; `changes` keeps that something was withdrawn, without what. `suar review undo` takes it back.
    The archive and what was exported before are not touched: see docs/how-to/recover.md.
    """
    from flows import launch, lock, reviews, takedowns

    if not reason.strip():
        raise UsageProblem("a takedown needs a reason", "say why with --reason")
    settings = common.settings(reviewer=by, prefect=prefect)
    reviewer = " ".join(settings.reviewer.split())
    if not reviewer:
        raise UsageProblem(
            "nobody is named who decides", "name yourself with --by, SUAR_REVIEWER or `reviewer`"
        )
    report: RunReport | None = None
    removed: list[str] = []
    named = takedowns.named(
        settings.releases, record.strip()
    )  # before the lock, which makes a home
    with lock.hold(settings.home, "suar takedown"):
        earlier = reviews.load(settings.reviews)
        for article in named:
            made = reviews.make(
                earlier, "takedown", article.article_id, reviewer=reviewer, reason=reason
            )
            reviews.append(settings.reviews, made)
            earlier.append(made)
        decisions = earlier[len(earlier) - len(named) :]
        if apply or remove_releases:
            with common.screen.progress() as progress:
                report = launch.rebuild(settings, from_stage="incidents", progress=progress)
        holding = takedowns.holding(settings.releases, [each.article_id for each in named])
        if remove_releases:
            from warehouse import retention

            removed = retention.remove(settings.releases, holding)
    left = [name for name in holding if name not in removed]
    screen = common.screen
    if screen.as_json:
        screen.document(
            {
                "articles": [each._asdict() for each in named],
                "decisions": [each.review_id for each in decisions],
                "still_in": left,
                "removed_releases": removed,
                "run": report.model_dump(mode="json") if report else None,
            }
        )
    else:
        screen.print(
            table(
                ("decision", "article", "outlet", "incidents"),
                (
                    (
                        made.review_id,
                        each.article_id,
                        each.outlet,
                        ", ".join(each.incidents) or None,
                    )
                    for made, each in zip(decisions, named, strict=True)
                ),
                wrap=("incidents", "outlet"),
            )
        )
        if report is None:
            screen.print("applied at the next run, or at once with --apply")
        if removed:
            screen.print(f"removed releases: {', '.join(removed)}")
        if left:
            screen.print(
                f"releases that still hold it: {', '.join(left)}; --remove-releases removes all but the current one"
            )
        screen.print("what was exported or handed on before, and the archive, still hold it")
    return report.exit_code if report else Exit.OK
