"""A release goes out whole, private things stay home, and no crash leaves readers with half."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.records import CountRole, EventType, Incident
from tests.warehouse import world
from warehouse import privacy, releases
from warehouse.database import connect
from warehouse.errors import DiskFull, ReleaseBlocked, ReleaseDamaged, ReleaseMissing, StoreError
from warehouse.releases import Release
from warehouse.store import Store

LATER = world.AT + dt.timedelta(days=1)
NEXT = world.DAY + dt.timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with world.open_store(tmp_path) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "releases"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("release")
    with world.open_store(folder) as store:
        return world.publish(store, folder / "releases", run_id=world.RUN)


@pytest.fixture
def after_first(release: Release, tmp_path: Path) -> Iterator[tuple[Store, Path]]:
    """A home in which the release is out already: its store and its folder of releases."""
    home = release.path.parents[1]
    shutil.copytree(home, tmp_path, symlinks=True, dirs_exist_ok=True)
    with Store.open(tmp_path / "warehouse.duckdb") as opened:
        yield opened, tmp_path / "releases"


def rows(db: Path, sql: str) -> list[tuple[Any, ...]]:
    connection = connect(db, read_only=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def change_something(store: Store, **fields: object) -> None:
    raid = world.incidents()["raid"].model_copy(update={"confidence": 0.5, **fields})
    others = [item for name, item in world.incidents().items() if name != "raid"]
    found = {item.incident_id: item for item in (raid, *others)}
    store.save_incidents("run-2", LATER, [*found.values()], world.links(found))


def left_over(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name.startswith(".")}


# --- what a release is -----------------------------------------------------------------------------


def test_a_release_is_a_sealed_folder_with_its_own_account(release: Release) -> None:
    manifest = release.manifest
    assert release.release_id == "2026-09-20"
    assert releases.current(release.path.parent).release_id == release.release_id
    assert manifest["run_ids"] == [world.RUN]
    assert manifest["versions"]["relevance"] == ["lexicon-1"]
    assert manifest["rows"]["analyst"]["incidents"] == 4
    assert set(manifest["files"]) == {"analyst/suar.duckdb", "public/suar.duckdb"}
    releases.verify(release)
    for name in (*manifest["files"], "manifest.json"):
        assert (release.path / name).stat().st_mode & 0o222 == 0
    assert left_over(release.path.parent) == set()


def test_the_analyst_tier_holds_every_mart_as_a_table(release: Release, tmp_path: Path) -> None:
    with world.open_store(tmp_path) as store:
        views = store.connection.execute(
            "SELECT view_name FROM duckdb_views() WHERE database_name = 'suar' AND schema_name = 'marts'"
        ).fetchall()
    held = {name for (name,) in rows(release.analyst, "SELECT table_name FROM duckdb_tables()")}
    assert held == {name for (name,) in views} - {"evidence_of_all"}


def test_older_clients_can_open_a_release(release: Release) -> None:
    for path in (release.analyst, release.public):
        with duckdb.connect(str(path), read_only=True) as connection:
            tags = connection.execute(
                "SELECT tags['storage_version'] FROM duckdb_databases() WHERE NOT internal"
            ).fetchall()
            assert tags == [("v1.2.0+",)]
            as_of = connection.execute(
                "SELECT * FROM marts.incidents_as_of('2026-09-20')"
            ).fetchall()
            assert len(as_of) == 4


def test_columns_carry_the_words_of_the_codebook(release: Release) -> None:
    for path in (release.analyst, release.public):
        found = dict(
            rows(
                path,
                "SELECT column_name, comment FROM duckdb_columns()"
                " WHERE table_name = 'incidents' AND comment IS NOT NULL",
            )
        )
        assert {"incident_id", "event_type", "persons_best"} <= set(found)
        assert rows(path, "SELECT comment FROM duckdb_tables() WHERE table_name = 'incidents'")[0][
            0
        ]


def test_evidence_is_cut_to_the_sentence_and_offsets_hold(release: Release, tmp_path: Path) -> None:
    with world.open_store(tmp_path) as store:
        texts = {article.article_id: article.text for article in store.load_articles()}
    for table in ("evidence", "figure_evidence"):
        for article_id, start, end, surface, sentence, first in rows(
            release.analyst,
            f'SELECT article_id, "start", "end", surface, sentence, sentence_start FROM marts.{table}',
        ):
            assert texts[article_id][start:end] == surface
            assert texts[article_id][first : first + len(sentence)] == sentence
    sentences = {text for (text,) in rows(release.analyst, "SELECT sentence FROM marts.evidence")}
    assert "Polisi menahan 418 orang di Poipet, Rabu." in sentences


# --- publishing again ------------------------------------------------------------------------------


def test_the_same_content_makes_no_new_release(after_first: tuple[Store, Path]) -> None:
    store, folder = after_first
    first = releases.current(folder)
    store.save_crawl(
        "run-2", LATER, [f.model_copy(update={"run_id": "run-2"}) for f in world.fetches()]
    )
    again = world.publish(store, folder, day=NEXT, now=LATER)
    assert (again.release_id, again.unchanged) == (first.release_id, True)
    assert releases.published(folder) == [first.release_id]
    change_something(store)
    assert world.publish(store, folder, now=LATER).release_id == "2026-09-20.1"
    assert world.publish(store, folder, day=NEXT, force=True, now=LATER).release_id == "2026-09-21"
    assert releases.published(folder) == ["2026-09-20", "2026-09-20.1", "2026-09-21"]
    assert [item.release_id for item in store.load_releases()] == releases.published(folder)


def test_a_reader_keeps_its_release_while_others_are_published(
    after_first: tuple[Store, Path],
) -> None:
    store, folder = after_first
    reader = connect(releases.current(folder).analyst, read_only=True)
    change_something(store)
    world.publish(store, folder, now=LATER)
    assert reader.execute("SELECT max(confidence) FROM marts.incidents").fetchall() == [(0.8,)]
    reader.close()


def test_the_pointer_may_be_a_file(
    after_first: tuple[Store, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    store, folder = after_first
    change_something(store)
    made = world.publish(store, folder, now=LATER)
    assert (folder / "current").read_text().strip() == made.release_id
    assert releases.current(folder).release_id == made.release_id


def test_going_back(after_first: tuple[Store, Path]) -> None:
    store, folder = after_first
    first = releases.current(folder)
    second = world.publish(store, folder, day=NEXT, now=LATER, force=True)
    assert releases.use(folder, first.release_id).release_id == first.release_id
    assert releases.current(folder).release_id == first.release_id
    assert releases.published(folder) == [first.release_id, second.release_id]
    for name in ("2026-01-01", "../elsewhere", "current"):
        with pytest.raises(ReleaseMissing):
            releases.use(folder, name)


def test_a_changed_byte_or_a_missing_file_is_noticed(release: Release, tmp_path: Path) -> None:
    copy = tmp_path / "2026-09-20"
    shutil.copytree(release.path, copy)
    database = copy / "public" / "suar.duckdb"
    database.chmod(0o644)
    content = bytearray(database.read_bytes())
    content[len(content) // 2] ^= 1
    database.write_bytes(content)
    with pytest.raises(ReleaseDamaged, match=r"public/suar\.duckdb has other bytes"):
        releases.verify(releases.open_release(copy))
    database.unlink()
    with pytest.raises(ReleaseDamaged, match="missing"):
        releases.open_release(copy)
    (copy / "manifest.json").chmod(0o644)
    (copy / "manifest.json").write_text("{")
    with pytest.raises(ReleaseDamaged):
        releases.open_release(copy)


# --- crashes ---------------------------------------------------------------------------------------

CRASHES = {
    "building": (releases, "_build_analyst"),
    "public tier": (releases, "_comment"),
    "digests": (releases, "_files"),
    "manifest": (releases, "_write_manifest"),
    "sealing": (releases, "_seal"),
    "rename": (Path, "rename"),
    "pointing": (releases, "_point"),
    "noting": (releases, "open_release"),
}


@pytest.mark.parametrize("moment", CRASHES)
def test_a_crash_leaves_the_old_release_or_the_new_one(
    after_first: tuple[Store, Path], monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    store, folder = after_first
    first = releases.current(folder)
    change_something(store)
    where, name = CRASHES[moment]
    real = getattr(where, name)

    def crash(*given: Any, **options: Any) -> Any:
        # Opening the release before this one is no part of the crash.
        if moment == "noting" and given[0] == first.path:
            return real(*given, **options)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(where, name, crash)
        with pytest.raises(KeyboardInterrupt):
            world.publish(store, folder, now=LATER)
    served = releases.current(folder)
    releases.verify(served)
    assert served.release_id == ("2026-09-20.1" if moment == "noting" else first.release_id)
    if moment not in {"sealing", "pointing", "noting"}:
        assert left_over(folder) == set()
        return
    after = world.publish(store, folder, now=LATER)
    assert after.unchanged is (moment == "noting")
    assert rows(after.analyst, "SELECT min(confidence) FROM marts.incidents") == [(0.5,)]
    assert after.release_id in {item.release_id for item in store.load_releases()}
    assert left_over(folder) == set()


def test_a_full_disk_leaves_the_old_release(
    after_first: tuple[Store, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, folder = after_first
    first = releases.current(folder)
    change_something(store)
    with monkeypatch.context() as patch:
        usage = shutil.disk_usage(folder)._replace(free=1000)
        patch.setattr(shutil, "disk_usage", lambda _: usage)
        with pytest.raises(DiskFull):
            world.publish(store, folder, now=LATER)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(releases, "_write_manifest", full)
    with pytest.raises(DiskFull):
        world.publish(store, folder, now=LATER)
    assert releases.current(folder).release_id == first.release_id
    assert left_over(folder) == set()


CHILD = """
import sys, datetime as dt
from pathlib import Path
from tests.warehouse import world
from warehouse.store import Store
home = Path(sys.argv[1])
with Store.open(home / "warehouse.duckdb") as store:
    for turn in range(1000):
        world.publish(store, home / "releases", force=True)
        print(turn, flush=True)
"""


def test_kill_at_any_moment_of_publishing(store: Store, folder: Path) -> None:
    store.close()
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(store.path.parent)],
        stdout=subprocess.PIPE, cwd=Path(__file__).parents[2], env={**os.environ, "PYTHONPATH": "."},
    )  # fmt: skip
    assert child.stdout is not None
    assert child.stdout.readline().strip() == b"0"
    time.sleep(0.15)
    child.send_signal(signal.SIGKILL)
    child.wait()
    served = releases.current(folder)
    releases.verify(served)
    assert rows(served.analyst, "SELECT count(*) FROM marts.incidents") == [(4,)]
    with Store.open(store.path) as opened:
        again = world.publish(opened, folder, force=True)
        assert opened.counts()["core.incidents"] == 4
    assert releases.current(folder).release_id == again.release_id
    assert left_over(folder) == set()


# --- what stays at home ----------------------------------------------------------------------------


def everything(db: Path) -> str:
    """Return all that a database holds, as text."""
    told = []
    for (table,) in rows(db, "SELECT table_name FROM duckdb_tables()"):
        found = rows(db, f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM marts.{table}")
        told += [" ".join(str(cell) for cell in row) for row in found]
    return "\n".join(told)


CANARIES = {
    "initials": "RX (19)",
    "name": "korban bernama Rekaan Karangan",
    "telephone": "0812-3456-7890",
    "identity number": "3201990101990001",
    "passport": "X1234567",
    "mail": "rekaan@karangan.example",
}


def test_personal_data_in_texts_and_titles_leaks_into_neither_tier(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_: dict[str, list[Any]] = {"articles": [], "relevance": [], "reports": []}
    for number, canary in enumerate(CANARIES.values()):
        name = f"canary{number}"
        sentence = f"Sebanyak 3 WNI pulang, {canary} di antaranya."
        monkeypatch.setitem(world.PUBLISHED, name, 10)
        monkeypatch.setitem(world.TEXTS, name, f"Pulang setelah dua tahun, {canary}\n{sentence}")
        claim = world.make_claim(name, "3 WNI", 3, CountRole.REPATRIATED, is_headline=True)
        address = f"https://home.example/{canary.replace(' ', '-').lower()}"
        given_["articles"].append(world.make_article(name, url=address, canonical_url=address))
        given_["relevance"].append(world.make_relevance(name))
        given_["reports"].append(
            world.make_report(name, EventType.REPATRIATION, (claim,), "kh.poipet", sentence, 9)
        )
    store.save_readings("run-2", LATER, **given_)
    found = [*world.incidents().values(), *map(world.make_incident, given_["reports"])]
    keyed = {item.incident_id: item for item in found}
    store.save_incidents("run-2", LATER, [*keyed.values()], world.links(keyed))
    made = world.publish(store, folder, now=LATER)
    shown = everything(made.public)
    words = "\n".join(
        str(row)
        for row in rows(made.analyst, "SELECT title FROM marts.articles")
        + rows(made.analyst, "SELECT sentence, surface FROM marts.evidence")
        + rows(made.analyst, "SELECT evidence FROM marts.reports")
        + rows(made.analyst, "SELECT sentence FROM marts.figure_evidence")
    )
    assert words.count(privacy.MASK) > 4 * len(CANARIES)
    for canary in CANARIES.values():
        private = canary.split("bernama ")[-1]
        assert private not in words
        assert private not in shown
        assert private.replace(" ", "-").lower() not in shown


def test_words_of_articles_are_in_no_public_column(release: Release) -> None:
    shown = everything(release.public)
    for private in (
        "Sukamaju",
        "dijanjikan",
        "Rp 12 juta",
        "Penulis Rekaan",
        "KK Park.",
        "mm.kkpark",
        "AB (25)",
    ):
        assert private not in shown
    assert "Desa Sukamaju" in everything(release.analyst)


def test_small_figures_are_withheld_with_all_that_would_give_them_away(release: Release) -> None:
    incidents = rows(
        release.public,
        "SELECT event_type, persons_best, persons_suppressed, place_id, nationalities"
        " FROM marts.incidents ORDER BY 1",
    )
    assert incidents == [
        ("escape", 120, False, "mm.myawaddy", ["IDN"]),
        ("raid", 418, False, "kh.poipet", ["IDN"]),
        ("repatriation", None, True, None, []),
        ("rescue", 9, False, None, []),
    ]
    # 117 of 120 would tell of the 3.
    assert rows(
        release.public, "SELECT best, persons_suppressed FROM marts.incident_counts ORDER BY best"
    ) == [(9, False), (120, False), (418, False), (None, True), (None, True), (None, True)]
    assert rows(
        release.public, "SELECT count(*) FROM marts.incident_counts WHERE sex IS NOT NULL"
    ) == [(0,)]


def test_a_figure_that_is_withheld_is_not_pointed_at(release: Release) -> None:
    where = 'SELECT DISTINCT persons_suppressed, "start" IS NULL, "end" IS NULL FROM marts.incident_counts'
    assert sorted(rows(release.public, where)) == [(False, False, False), (True, True, True)]


def test_a_small_statistic_is_neither_shown_nor_pointed_at(store: Store, folder: Path) -> None:
    of_them = 'SELECT value, value_suppressed, "start", "end" FROM marts.statistics'
    (before,) = rows(world.publish(store, folder).public, of_them)
    assert before == (2310, False, *world.at("home", "2.310 kasus").values())
    store.connection.execute("UPDATE core.statistics SET value = 3")
    made = world.publish(store, folder, now=LATER)
    assert rows(made.public, of_them) == [(None, True, None, None)]


def test_an_article_does_not_print_what_its_incident_withholds(release: Release) -> None:
    few, many = world.article_id("home"), world.article_id("escape")
    shown = (
        "SELECT title IS NOT NULL AND url IS NOT NULL FROM marts.articles WHERE article_id = '{}'"
    )
    assert rows(release.public, shown.format(few)) == [(False,)]
    assert rows(release.public, shown.format(many)) == [(True,)]
    # The place of the three must not be found beside their article either, only that of the 120.
    places = "SELECT DISTINCT article_id FROM marts.mentions WHERE kind = 'place' AND geo_precision < '5'"
    assert rows(release.analyst, f"{places} AND article_id = '{few}'") == [(few,)]
    found = rows(release.public, places)
    assert (few,) not in found
    assert (many,) in found
    agencies = (
        "SELECT count(*) FROM marts.incident_agencies SEMI JOIN marts.reports USING (incident_id)"
    )
    told = f"{agencies} WHERE incident_id = '{world.incidents()['home'].incident_id}'"
    assert rows(release.analyst, told) != [(0,)]
    assert rows(release.public, told) == [(0,)]


def test_a_figure_that_became_small_is_not_described_by_its_past(
    store: Store, folder: Path
) -> None:
    found = world.incidents()
    raid = found["raid"]
    fewer = raid.model_copy(
        update={"persons_low": 3, "persons_best": 3, "persons_high": 3, "counts": ()}
    )
    now_held = [fewer, *(item for name, item in found.items() if name != "raid")]
    links = world.links({item.incident_id: item for item in now_held})
    store.save_incidents("run-2", LATER, now_held, links)
    made = world.publish(store, folder, now=LATER)
    states = (
        "SELECT place_id, nationalities FROM marts.incident_versions"
        f" WHERE incident_id = '{raid.incident_id}'"
    )
    assert rows(made.public, states) == [(None, []), (None, [])]


@pytest.mark.parametrize("is_marked", [True, False], ids=["as a part", "beside the headline"])
def test_a_part_that_leaves_few_is_withheld(store: Store, folder: Path, is_marked: bool) -> None:
    escape = world.incidents()["escape"]
    whole, most, few = escape.counts
    part = most if is_marked else most.model_copy(update={"subset_of": None})
    only = escape.model_copy(update={"counts": (whole, part)})
    others = [item for name, item in world.incidents().items() if name != "escape"]
    found = {item.incident_id: item for item in (only, *others)}
    store.save_incidents("run-2", LATER, [*found.values()], world.links(found))
    assert few.best == 3
    made = world.publish(store, folder, now=LATER)
    shown = f"SELECT best FROM marts.incident_counts WHERE incident_id = '{only.incident_id}' ORDER BY 1"
    assert rows(made.public, shown) == [(120,), (None,)]


def test_days_of_victims_are_months_and_days_of_authorities_stay(release: Release) -> None:
    found = rows(
        release.public,
        "SELECT event_type, date_start, date_end, date_precision FROM marts.incidents ORDER BY 1",
    )
    month = (dt.date(2026, 9, 1), dt.date(2026, 9, 30), "4")
    assert found == [
        ("escape", *month),
        ("raid", dt.date(2026, 9, 2), dt.date(2026, 9, 2), "1"),
        ("repatriation", *month),
        ("rescue", *month),
    ]
    for grain in ("daily", "weekly"):
        assert rows(
            release.public,
            f"SELECT DISTINCT event_type FROM marts.trends_{grain} WHERE event_type IS NOT NULL",
        ) == [("raid",)]
    assert rows(
        release.public, "SELECT sum(n_incidents), sum(persons_best) FROM marts.trends_monthly"
    ) == [(4, 547)]


def test_what_is_shown_as_a_month_says_so(store: Store, folder: Path) -> None:
    found = world.incidents()
    for name in ("raid", "escape"):
        dated = (
            found[name]
            .counts[0]
            .model_copy(
                update={
                    "as_of_date": dt.date(2026, 9, 11),
                    "cumulative_since": dt.date(2026, 8, 20),
                }
            )
        )
        found[name] = found[name].model_copy(update={"counts": (dated,)})
    keyed = {item.incident_id: item for item in found.values()}
    store.save_incidents("run-2", LATER, [*keyed.values()], world.links(keyed))
    made = world.publish(store, folder, now=LATER)
    reported = (
        "SELECT event_type, CAST(first_reported_at AS DATE), CAST(last_updated_at AS DATE),"
        " reported_precision FROM marts.incidents ORDER BY 1"
    )
    first = dt.date(2026, 9, 1)
    assert rows(made.public, reported) == [
        ("escape", first, first, "4"),
        ("raid", dt.date(2026, 9, 4), dt.date(2026, 9, 4), "1"),
        ("repatriation", first, first, "4"),
        ("rescue", first, first, "4"),
    ]
    stood = (
        "SELECT best, as_of_date, cumulative_since, as_of_precision FROM marts.incident_counts"
        " WHERE best IS NOT NULL ORDER BY 1"
    )
    assert rows(made.public, stood) == [
        (9, None, None, None),
        (120, first, dt.date(2026, 8, 1), "4"),
        (418, dt.date(2026, 9, 11), dt.date(2026, 8, 20), "1"),
    ]


def test_of_minors_only_the_event_and_the_count_remain(release: Release) -> None:
    article = world.article_id("child")
    assert rows(
        release.public,
        f"SELECT title, url, canonical_url FROM marts.articles WHERE article_id = '{article}'",
    ) == [(None, None, None)]
    assert rows(
        release.public,
        "SELECT place_id, admin1, destination_country, scam_types, persons_best FROM marts.incidents"
        " WHERE event_type = 'rescue'",
    ) == [(None, None, None, [], 9)]


def test_sites_become_towns_and_homes_are_not_shown(release: Release) -> None:
    assert rows(
        release.public,
        "SELECT place_id, role, lat, lon, geo_precision FROM marts.incident_places ORDER BY 1",
    ) == [
        ("kh.poipet", "event_site", 13.7, 102.6, "2"),
        ("mm.myawaddy", "event_site", 16.7, 98.5, "2"),
    ]
    assert rows(
        release.public, "SELECT surface, canonical_id FROM marts.mentions WHERE kind = 'place'"
    ) == [("Myawaddy", "mm.myawaddy")]


def test_a_place_that_the_gazetteer_does_not_know_is_not_shown(store: Store, folder: Path) -> None:
    made = world.publish(store, folder, place_of=lambda _: None)
    assert rows(made.public, "SELECT count(place_id), count(lat) FROM marts.incidents") == [(0, 0)]
    assert rows(made.public, "SELECT count(*) FROM marts.incident_places") == [(0,)]


def test_a_failed_check_names_its_rows_and_a_person_may_let_it_pass(
    store: Store, folder: Path
) -> None:
    found: Incident = world.incidents()["raid"]
    store.connection.execute(
        "UPDATE core.incidents SET n_sources = 0 WHERE incident_id = ?", [found.incident_id]
    )
    with pytest.raises(ReleaseBlocked, match=rf"incidents_add_up.*{found.incident_id}"):
        world.publish(store, folder)
    made = world.publish(store, folder, accepted=["incidents_add_up"])
    assert any("incidents_add_up" in warning for warning in made.warnings)


# --- patterns --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "AB (25), warga desa",
        "A.B. (25 tahun)",
        "Seorang berinisial RTX dipulangkan",
        "Budi Karangan (31)",
        "Rina Rekaan, 24, said",
        "korban bernama Sita",
        "hubungi +62 812-3456-789",
        "WA 081234567890",
        "call +855 12 345 678",
        "NIK 3201990101990001",
        "kartu 3201 9901 0199 0001",
        "paspor C1234567",
        "passport P1234567A",
        "rekening BCA 1234567890",
        "tulis ke nama@contoh.example",
    ],
)
def test_personal_data_is_seen_by_python_and_by_sql(text: str) -> None:
    masked = privacy.mask(text)
    assert masked != text
    assert len(masked) == len(text)
    found = duckdb.execute("SELECT regexp_matches(?, ?)", [text, privacy.any_pattern()]).fetchone()
    assert found == (True,)


@pytest.mark.parametrize(
    "text",
    [
        "212 WNI datangi KBRI Phnom Penh sejak Senin (2/9/2026)",
        "Polisi menahan 1.726 orang, kerugian Rp 12.000.000.000",
        "Jakarta (Antara) - Sebanyak 27 dari 28 korban",
        "Pasal 4 UU 21/2007 (TPPO)",
        "pada 2026-09-04 pukul 16.20 WIB",
        "Police hold 418 after search of Poipet buildings",
        "penerbangan GA 867 dan gedung B12",
        "art_0123456789012345",
    ],
)
def test_what_is_nobody_is_left_alone(text: str) -> None:
    assert privacy.mask(text) == text


@given(st.text(st.sampled_from("AB z0123456789().,-+@berinisial"), max_size=60))
def test_masking_keeps_length_and_is_final(text: str) -> None:
    once = privacy.mask(text)
    assert len(once) == len(text)
    assert privacy.mask(once) == once


@given(st.text(st.sampled_from("Ab. (25)?\"'!"), max_size=60), st.data())
def test_narrowing_keeps_the_span_inside(line: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(line)))
    end = data.draw(st.integers(start, len(line)))
    words, first = privacy.narrowed(line, start, end)
    assert re.sub("█+", "", words) == "" or set(words) <= {*line, privacy.MASK}
    if start < end:
        assert first <= start
        assert first + len(words) >= end


def test_an_error_is_told_with_its_next_step(folder: Path) -> None:
    with pytest.raises(StoreError) as caught:
        releases.current(folder)
    assert "->" in str(caught.value)
    assert json.dumps(caught.value.next_step)
