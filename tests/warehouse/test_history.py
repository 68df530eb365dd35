"""What became of each incident between two releases, and why."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from pipeline.records import Incident, Review, Tier, make_id
from tests.warehouse import world
from warehouse import history, releases
from warehouse.errors import QueryFailed
from warehouse.store import Store

DAY = dt.timedelta(days=1)
# The folder of releases, their ids, and the incidents of the world by name.
Home = tuple[Path, list[str], dict[str, Incident]]


def _save(store: Store, turn: int, found: dict[str, Incident], **options: Any) -> None:
    keyed = {item.incident_id: item for item in found.values()}
    links = options.pop("links", None) or world.links(keyed)
    store.save_incidents(f"run-{turn}", world.AT + turn * DAY, [*found.values()], links, **options)


def _publish(store: Store, folder: Path, turn: int) -> str:
    at = world.AT + turn * DAY
    return world.publish(store, folder, day=at.date(), now=at + dt.timedelta(hours=1)).release_id


@pytest.fixture(scope="module")
def home(
    tmp_path_factory: pytest.TempPathFactory,
) -> Home:
    """Three releases: between them each cause brings a change, and one incident comes and goes."""
    folder = tmp_path_factory.mktemp("history")
    names = []
    found = world.incidents()
    fleeting = found["raid"].model_copy(
        update={
            "incident_id": make_id("inc", "fleeting"), "report_ids": (make_id("rep", "fleeting"),), "counts": (),
        }
    )  # fmt: skip
    with world.open_store(folder) as store:
        names.append(_publish(store, folder / "releases", 0))
        # Two days between two releases: one incident that soon is no more, another reading of the raid.
        found["raid"] = found["raid"].model_copy(update={"confidence": 0.6})
        _save(store, 1, {**found, "fleeting": fleeting})
        found["raid"] = found["raid"].model_copy(update={"persons_best": 430, "persons_high": 430})
        found["escape"] = found["escape"].model_copy(update={"tier": Tier.REVIEWED})
        _save(store, 2, found)
        names.append(_publish(store, folder / "releases", 2))
        # An outlet changes its text; an article is taken down; a person says that a report tells of the raid.
        readings = world.readings()
        readings["articles"] = [
            item.model_copy(update={"text": f"{item.text} Ralat: 420 orang."})
            if item.source_id == "raid"
            else item
            for item in readings["articles"]
        ]
        store.save_readings("run-3", world.AT + 3 * DAY, **readings)
        found["raid"] = found["raid"].model_copy(update={"persons_best": 420, "persons_low": 420})
        gone = found.pop("child")
        home = found.pop("home")
        reports = (*found["escape"].report_ids, *home.report_ids)
        found["escape"] = found["escape"].model_copy(
            update={"report_ids": reports, "n_reports": 2, "n_sources": 2}
        )
        keyed = {item.incident_id: item for item in found.values()}
        links = [
            link.model_copy(update={"linked_by": "review"})
            if link.report_id in home.report_ids
            else link
            for link in world.links(keyed)
        ]
        store.save_reviews("run-3", world.AT + 3 * DAY, [
            Review(review_id="rev_1", record_id=home.incident_id, action="merge", field=None,
                   value=found["escape"].incident_id, reviewer="A", reason="same", reviewed_at=world.AT)
        ])  # fmt: skip
        _save(store, 3, found, links=links, taken_down=gone.article_ids)
        names.append(_publish(store, folder / "releases", 3))
    return folder / "releases", names, world.incidents()


def _told(home: Home, first: int, last: int, **options: Any) -> dict[str, Any]:
    folder, names, incidents = home
    of = {item.incident_id: name for name, item in incidents.items()}
    rows = history.between(folder / names[-1], names[first], names[last], **options).records()
    return {
        of.get(row["incident_id"], "?"): (row["change"], row["fields"], row["causes"])
        for row in rows
    }


def test_each_release_against_the_one_before(
    home: Home,
) -> None:
    assert _told(home, 0, 1) == {
        "raid": ("updated", ["confidence", "persons_best", "persons_high"], ["reading"]),
        "escape": ("updated", ["tier"], ["review"]),
    }
    assert _told(home, 1, 2) == {
        "raid": ("updated", ["persons_best", "persons_low"], ["correction"]),
        "escape": ("updated", ["n_reports", "n_sources"], ["review"]),
        "home": ("merged", [], ["review"]),
        "child": ("withdrawn", [], ["takedown"]),
    }


def test_over_several_releases_each_incident_has_one_row(
    home: Home,
) -> None:
    both = _told(home, 0, 2)
    assert both["raid"] == (
        "updated", ["confidence", "persons_best", "persons_high", "persons_low"], ["correction", "reading"],
    )  # fmt: skip
    assert set(both) == {"raid", "escape", "home", "child"}
    assert _told(home, 2, 2) == {}


def test_the_public_tier_tells_the_same_of_what_it_shows(
    home: Home,
) -> None:
    analyst, public = _told(home, 1, 2), _told(home, 1, 2, tier="public")
    assert {key: (row[0], row[2]) for key, row in public.items()} == {
        key: (row[0], row[2]) for key, row in analyst.items()
    }


def test_the_first_release_is_all_new(home: Home) -> None:
    folder, names, incidents = home
    rows = history.between(folder / names[-1], "2000-01-01", names[0]).records()
    assert {(row["change"], *row["causes"]) for row in rows} == {("new", "report")}
    assert len(rows) == len(incidents)


def test_an_older_release_is_told_apart(
    home: Home,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(releases, "_macros", list)
    with world.open_store(tmp_path) as store:
        made = world.publish(store, tmp_path / "releases")
    with pytest.raises(QueryFailed, match="tells no causes"):
        history.between(made.path, made.release_id, made.release_id)


def test_what_was_recorded_in_the_second_of_a_release_is_in_it(tmp_path: Path) -> None:
    recorded = world.AT + 5 * DAY + dt.timedelta(milliseconds=440)
    with world.open_store(tmp_path) as store:
        _publish(store, tmp_path / "releases", 0)
        found = world.incidents()
        found["raid"] = found["raid"].model_copy(update={"confidence": 0.6})
        keyed = {item.incident_id: item for item in found.values()}
        store.save_incidents("run-5", recorded, [*found.values()], world.links(keyed))
        names = [
            world.publish(
                store, tmp_path / "releases", day=at.date(), now=at, force=True
            ).release_id
            for at in (recorded + dt.timedelta(milliseconds=200), recorded + 2 * DAY)
        ]
    assert len(history.between(tmp_path / "releases" / names[-1], *names).rows) == 0
