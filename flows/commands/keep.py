"""Commands that look after what was published: releases."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from cyclopts import App, Parameter, validators

from flows.console import PLAIN, Common, number, table
from flows.problems import Exit, UsageProblem, near

releases = App(
    name="releases", help="Published releases: list, use, prune.", help_format="plaintext"
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
