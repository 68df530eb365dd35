"""What runs and checks write down of sources, and what later runs make of it, over sites on loopback."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from crawlers import probe
from flows import health, probing, sessions, steps, watching
from flows.clock import now
from flows.problems import Problem, UsageProblem
from flows.runs import Run, SourceOutcome
from flows.settings import Settings
from flows.watch import Alarm, Finding
from pipeline.records import Fetch, FetchState, Source, SourceEvidence, Terms
from tests.crawlers import test_crawl as farming
from tests.flows import homes
from warehouse.store import Store

farm = farming.farm
DAY = dt.timedelta(days=1)


def crawled(farm: farming.Farm, settings: Settings, names: tuple[str, ...]) -> Run:
    """Return the run behind its first two steps."""
    sources = {name: farming.fed(name) for name in names}
    with sessions.session("daily", settings, sources) as run:
        steps.crawl(run, since=farming.DAY - 2 * DAY, crawl_settings=farming.settings(farm))
        steps.process(run)
    return run


def plant(farm: farming.Farm, *names: str) -> None:
    for name in names:
        farming.plant(farm, name, one=farming.Answer(farming.html("Warga Dipulangkan")))


def test_a_run_writes_down_how_each_source_did(farm: farming.Farm, tmp_path: Path) -> None:
    plant(farm, "harian", "lenyap", "wacana")
    del farm.routes["http://lenyap.test/feed"]
    farm.routes["http://harian.test/feed"] = farming.Answer(
        farming.rss("http://harian.test/a/one", "http://harian.test/a/shut")
    )
    farm.routes["http://harian.test/a/shut"] = farming.Answer(b"", 403)
    settings = homes.settled(tmp_path / "home", day=farming.DAY)
    run = crawled(farm, settings, ("harian", "lenyap", "wacana"))
    steps.process(run)  # a step that is taken again counts once
    found = watching.History(settings.source_history).read()
    assert {name: each[-1].state for name, each in found.items()} == {
        "harian": "ok", "lenyap": "gone", "wacana": "ok",
    }  # fmt: skip
    (good,) = found["harian"]
    assert (good.day, good.origin, good.run_id) == (farming.DAY, "run", run.run_id)
    assert good.newest_at == dt.datetime(2026, 9, 2, 16, 30, tzinfo=dt.UTC)
    assert [alarm.trouble for alarm in found["lenyap"][0].alarms] == ["down"]
    with Store.open(settings.warehouse, read_only=True) as store:
        rows = {row["source_id"]: row for row in store.source_health(dt.date(2026, 1, 1))}
    kept = ("n_listed", "n_new", "n_fetched", "n_refused", "n_articles", "n_undated", "state")
    assert [rows["harian"][name] for name in kept] == [2, 2, 1, 1, 1, 1, "ok"]
    assert [rows["lenyap"][name] for name in kept] == [0, 0, 0, 0, 0, 0, "not_found"]
    assert rows["harian"]["median_chars"] > 100


def test_alarms_of_a_run_stand_in_its_report(farm: farming.Farm, tmp_path: Path) -> None:
    plant(farm, "harian")
    settings = homes.settled(tmp_path / "home", day=farming.DAY)
    refused = [f"http://harian.test/a/n{n}" for n in range(4)]
    farm.routes["http://harian.test/feed"] = farming.Answer(
        farming.rss("http://harian.test/a/one", *refused)
    )
    for url in refused:
        farm.routes[url] = farming.Answer(b"<title>Just a moment</title>", 403)
    run = crawled(farm, settings, ("harian",))
    report = run.report(now())
    assert report.alarms == ("harian: blocked: 4 of 5 pages were refused",)
    assert (report.state, report.exit_code) == ("partial", 3)


def answer(source_id: str, status: int | None) -> Fetch:
    state = FetchState.FETCHED if status else FetchState.DNS_FAILED
    return Fetch(
        run_id="r", source_id=source_id, url=f"http://{source_id}.test/feed", kind="feed", state=state,
        status=status, fetched_at=now(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("reached", "lost", "online", "offline"),
    [
        (0, 1, False, True),
        (0, 1, True, False),  # others can be reached, so it is down
        (2, 5, True, True),
        (4, 3, False, False),
        (3, 0, False, False),
    ],
)
def test_our_line_is_told_from_theirs(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    reached: int,
    lost: int,
    online: bool,
    offline: bool,
) -> None:
    monkeypatch.setattr(probe, "is_online", lambda _: online)
    statuses = [200] * reached + [None] * lost
    fetches = [answer(f"s{n}", status) for n, status in enumerate(statuses)]
    sources = {each.source_id: farming.fed(each.source_id) for each in fetches}
    run = Run("r", "daily", farming.DAY, now(), homes.settled(tmp_path), sources)
    assert (watching.excuse(run, fetches, broke_off=False) == watching.OFFLINE) is offline
    assert watching.excuse(run, fetches, broke_off=True)


def test_what_was_no_fault_of_theirs_is_not_held_against_sources(tmp_path: Path) -> None:
    settings = homes.settled(tmp_path / "home", day=farming.DAY)
    sources = {name: farming.fed(name) for name in ("baik", "sakit")}
    for excuse, held in ((watching.OFFLINE, {"baik"}), ("", {"baik", "sakit"})):
        with sessions.session("daily", settings, sources) as run:
            run.outcomes += [
                SourceOutcome(source_id="baik", state="ok"),
                SourceOutcome(source_id="sakit", state="failed"),
            ]
            run.excuse = excuse
            with steps.open_store(run) as store:
                watching.look(run, store)
        assert set(watching.History(settings.source_history).read()) == held


# --- the history ---------------------------------------------------------------------------------------


def finding(source_id: str, state: str, day: dt.date, origin: Any = "run", **more: Any) -> Finding:
    at = dt.datetime.combine(day, dt.time(21), dt.UTC)
    return Finding(
        at=at, day=day, run_id=f"{origin}-{day}", origin=origin, source_id=source_id, state=state, **more
    )  # fmt: skip


def catalogue(folder: Path, *sources: Source) -> Path:
    for source in sources:
        file = folder / "id" / f"{source.source_id}.yml"
        file.parent.mkdir(parents=True, exist_ok=True)
        told = source.model_dump(mode="json", exclude_defaults=True)
        file.write_text(yaml.safe_dump(told), encoding="utf-8")
    return folder


def inferred(name: str) -> Source:
    return farming.fed(name).model_copy(
        update={"evidence": SourceEvidence(status="inferred", note="invented")}
    )


def test_who_is_crawled_follows_the_history(tmp_path: Path) -> None:
    names = ("baik", "sakit", "lama", "kira")
    settings = homes.settled(
        tmp_path / "home",
        sources_dir=catalogue(tmp_path / "s", *map(farming.fed, names[:3]), inferred("kira")),
        day=farming.DAY,
    )
    assert set(sessions.chosen(settings)) == {"baik", "sakit", "lama"}
    history = watching.History(settings.source_history)
    history.add(finding("sakit", "gone", farming.DAY - n * DAY) for n in (2, 1))
    history.add(finding("lama", "gone", farming.DAY - n * DAY) for n in (40, 39, 2))
    history.add([finding("kira", "ok", farming.DAY, "check")])
    assert set(sessions.chosen(settings)) == {"baik", "kira"}
    assert set(sessions.chosen(settings, ["sakit"])) == {"sakit"}, "a person asks for it"
    later = settings.model_copy(update={"day": farming.DAY + DAY})
    assert set(sessions.chosen(later)) == {"baik", "kira", "sakit"}, "two days behind the last try"


def test_a_gap_is_filled_when_a_source_is_tried_again(tmp_path: Path) -> None:
    settings = homes.settled(tmp_path / "home", day=farming.DAY)
    history = watching.History(settings.source_history)
    history.add([finding("sakit", "ok", farming.DAY - 10 * DAY)])
    history.add(finding("sakit", "gone", farming.DAY - n * DAY) for n in (9, 8, 6))
    sources = {name: farming.fed(name) for name in ("baik", "sakit")}
    with sessions.session("daily", settings, sources) as run:
        found = watching.begins(
            run, farming.DAY - 2 * DAY, reach=2 * DAY, earliest=farming.DAY - 30 * DAY
        )
    assert found == {"sakit": farming.DAY - 12 * DAY}


def test_a_torn_line_is_passed_over(tmp_path: Path) -> None:
    history = watching.History(tmp_path / "sources.jsonl")
    history.add([finding("baik", "ok", farming.DAY)])
    with history.path.open("ab") as file:
        file.write(b'{"at": "2026-09-0')
    history.add([finding("baik", "gone", farming.DAY + DAY)])
    assert [each.state for each in history.read()["baik"]] == ["ok", "gone"]


def test_list_and_doctor_tell_of_sources_that_are_not_well(tmp_path: Path) -> None:
    settings = homes.settled(
        tmp_path / "home",
        sources_dir=catalogue(tmp_path / "s", *map(farming.fed, ("baik", "sakit", "aneh"))),
        day=farming.DAY,
    )
    history = watching.History(settings.source_history)
    newest_at = dt.datetime(2026, 9, 2, tzinfo=dt.UTC)
    history.add(
        finding("baik", "ok", farming.DAY - n * DAY, newest_at=newest_at) for n in (2, 1, 0)
    )
    history.add(finding("sakit", "gone", farming.DAY - n * DAY, detail="404") for n in (2, 1))
    odd = (Alarm(trouble="shrunk", found="lists 20; usually 40"),)
    history.add([finding("aneh", "ok", farming.DAY, alarms=odd)])
    rows = {row.source_id: row for row in health.source_rows(settings)}
    assert (rows["baik"].week, rows["baik"].n_green, rows["baik"].newest_at) == (
        "....+++", 3, newest_at,
    )  # fmt: skip
    assert (rows["sakit"].status, rows["sakit"].week) == ("quarantined", "....xx.")
    assert rows["sakit"].due_on == farming.DAY + DAY
    assert rows["aneh"].alarms == ("shrunk: lists 20; usually 40",)
    told = {check.what: check for check in health._sources(settings)}
    assert "1 in quarantine or dormant: sakit" in told["sources failing"].found
    assert "aneh (shrunk)" in told["source alarms"].found


# --- check ---------------------------------------------------------------------------------------------


def test_a_check_opens_and_closes_sources(farm: farming.Farm, tmp_path: Path) -> None:
    plant(farm, "kira", "mati", "tutup")
    del farm.routes["http://mati.test/feed"]
    closed = farming.fed("tutup").model_copy(update={"terms": Terms(ai_opt_out=True)})
    settings = homes.settled(
        tmp_path / "home",
        sources_dir=catalogue(tmp_path / "s", inferred("kira"), farming.fed("mati"), closed),
    )
    now_there = farming.rss("http://kira.test/a/one", date=f"{now():%a, %d %b %Y %H:%M:%S} GMT")
    farm.routes["http://kira.test/feed"] = farming.Answer(now_there)
    assert set(sessions.chosen(settings)) == {"mati"}
    n_asked = len(farm.asked)
    checked = probing.check(settings, crawl_settings=farming.settings(farm))
    told = {row.source_id: (row.asked, row.state, row.standing, row.failed) for row in checked}
    assert told == {
        "kira": (True, "ok", "on", False),
        "mati": (True, "gone", "quarantined", True),
        "tutup": (False, "not asked", "opted out", False),
    }
    assert not any("tutup.test" in url for url in farm.urls()[n_asked:])
    assert set(sessions.chosen(settings)) == {"kira"}
    lines = settings.source_history.read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["origin"] for line in lines} == {"check"}
    assert not list((tmp_path / "home").glob("archive/*")), "a probe archives nothing"


def test_a_check_without_a_network_writes_nothing_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = homes.settled(
        tmp_path / "home", sources_dir=catalogue(tmp_path / "s", farming.fed("baik"))
    )
    monkeypatch.setattr(probe, "is_online", lambda _: False)
    lost = farming.settings(None, demo_proxy="http://127.0.0.1:9", retry_times=0)
    with pytest.raises(Problem, match="offline"):
        probing.check(settings, crawl_settings=lost)
    assert not settings.source_history.exists()
    monkeypatch.setattr(probe, "is_online", lambda _: True)
    (row,) = probing.check(settings, crawl_settings=lost)
    assert (row.failed, row.standing) == (True, "quarantined")


def test_an_unknown_source_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="no source is called kompass"):
        probing.check(homes.settled(tmp_path / "home"), ["kompass"])
