"""Mending a home: torn ends are cut off, and what cannot be read is moved aside and derived again."""

from __future__ import annotations

import time
from pathlib import Path

from flows import launch, lock, reviews
from flows.clock import now
from flows.health import Check
from flows.problems import UsageProblem
from flows.runs import Progress, RunReport
from flows.settings import Settings

BROKEN = "broken"


def repair(settings: Settings, progress: Progress) -> list[Check]:
    """Return what was mended, with the minutes it took; empty when there was nothing to mend.

    Raises ``Busy`` when a run holds the home. A warehouse that is held by another process or comes from a later
    version is no broken one and is left alone.
    """
    from crawlers import archive

    settings = settings.model_copy(update={"prefect": False})  # one thing less that may be broken
    if not settings.home.exists():
        raise UsageProblem(f"{settings.home} does not exist", "name the home with --home")
    with lock.hold(settings.home, "suar doctor --repair"):
        done = [
            Check(
                what="repaired: archive",
                state="ok",
                found=f"{cut.path.name}: {cut.dropped_bytes:,} torn bytes cut off",
            )
            for cut in (archive.recover(settings.archive) if settings.archive.exists() else ())
        ]
        torn = reviews.mend(settings.reviews)
        if torn is not None:
            done.append(
                Check(
                    what="repaired: decisions",
                    state="warn",
                    found=f"the last one was torn in writing; what is left is in {torn}",
                    next_step="decide again",
                )
            )
        begun = time.monotonic()
        cause = _warehouse_fault(settings)
        if cause:
            aside = _moved_aside(settings)
            report = launch.rebuild(settings, progress=progress)
            done.append(
                _told(
                    "repaired: warehouse", f"{cause}; now in {aside}, derived again", report, begun
                )
            )
        begun = time.monotonic()
        cause = _release_fault(settings)
        if cause:
            report = launch.publish(settings, force=True, progress=progress)
            done.append(_told("repaired: release", f"{cause}; published anew", report, begun))
    return done


def _told(what: str, how: str, report: RunReport, begun: float) -> Check:
    minutes = (time.monotonic() - begun) / 60
    return Check(
        what=what,
        state="ok" if report.release else "bad",
        found=f"{how} in {minutes:.1f} minutes"
        + (f" as release {report.release}" if report.release else ""),
        next_step="" if report.release else report.release_note,
    )


def _warehouse_fault(settings: Settings) -> str:
    """Return why the warehouse cannot be read, nothing when it can."""
    from warehouse.errors import StoreCorrupt, StoreMissing, StoreTooOld
    from warehouse.store import Store

    try:
        with Store.open(settings.warehouse, read_only=True) as store:
            store.counts()
            store.load_articles()
            store.load_incidents()
    except StoreCorrupt as error:
        return error.cause
    except StoreMissing as error:
        # A home that never held one has nothing to derive it from.
        return error.cause if _held_something(settings) else ""
    except StoreTooOld:  # the next run migrates it
        return ""
    return ""


def _held_something(settings: Settings) -> bool:
    from flows import archive

    return settings.archive.exists() and bool(
        archive.warc_files(settings.archive) or archive.text_files(settings.archive)
    )


def _moved_aside(settings: Settings) -> Path:
    """Return the folder that the files of the warehouse were moved to."""
    aside = settings.home / BROKEN / f"{now():%Y%m%dT%H%M%S%f}"
    aside.mkdir(parents=True)
    for path in sorted(settings.home.glob(f"{settings.warehouse.name}*")):
        path.rename(aside / path.name)
    return aside


def _release_fault(settings: Settings) -> str:
    """Return why the current release cannot be used, nothing when it can or when there was never one."""
    from warehouse import releases
    from warehouse.errors import ReleaseDamaged, ReleaseMissing

    try:
        releases.verify(releases.current(settings.releases))
    except ReleaseDamaged as error:
        return error.cause
    except ReleaseMissing as error:
        return error.cause if settings.warehouse.exists() else ""
    return ""
