"""Invented persons are planted wherever a text can enter; no file of the public tier may hold one of them."""

from __future__ import annotations

import datetime as dt
import html
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline.records import (
    AgencyRole,
    CountRole,
    EventType,
    Fetch,
    FetchState,
    GeoPrecision,
    IncidentAgency,
    IncidentPlace,
    MentionKind,
    PlaceRole,
    Reason,
    Rejection,
    ReportAgency,
    ReportPlace,
    Review,
    RouteLeg,
    Sighting,
    Statistic,
    StatisticCategory,
    Unit,
    make_id,
)
from tests.warehouse import world
from warehouse import closed, codebook, exports, releases, titles
from warehouse.database import connect
from warehouse.errors import ReleaseBlocked
from warehouse.releases import Release
from warehouse.store import Store
from warehouse.tables import Run
from warehouse.titles import Listed

# What stands in a text, and what no file may hold of it: letters and digits alone, in small letters.
PLANTED = {
    "name": ("Rekamira Wirakarang", ("rekamira", "wirakarang")),
    "name alone": ("Zulkarmin", ("zulkarmin",)),
    "split name": ("Tuti<b>nara</b> Fik\u200bsidewi", ("tutinara", "fiksidewi")),
    "initials": ("QXZ (19)", ("qxz19",)),
    "telephone": ("0812-3456-7899", ("081234567899",)),
    "passport": ("X7654329", ("x7654329",)),
    "identity number": ("3201990101990007", ("3201990101990007",)),
    "account": ("rekening 7788990011", ("7788990011",)),
    "plate": ("B 7731 QVR", ("7731qvr",)),
    "address": ("Jalan Mentubali 171 Blok QK", ("mentubali",)),
    "village": ("Desa Sukarekayasa", ("sukarekayasa",)),
    "e-mail": ("pulang@karsabakti.example", ("karsabakti",)),
}
TRACES = [trace for _, traces in PLANTED.values() for trace in traces]
# What is no secret and must come through, so that an empty release proves nothing.
CONTROL = "Puluhan orang kabur dari KK Park"
LATER = world.AT + dt.timedelta(days=1)


def slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


def _texts(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return the planted words by the name of the article that is full of them."""
    found = {}
    for number, (words, _) in enumerate(PLANTED.values()):
        # Two articles each: one says it in its title, the other in its address and text alone.
        for place in ("title", "address"):
            name = f"plant{number}{place}"
            title = f"{words} pulang dari Kamboja" if place == "title" else "Puluhan orang pulang"
            body = f"Sebanyak 60 WNI pulang, di antaranya {words}, kata Yayasan {words}."
            monkeypatch.setitem(world.TEXTS, name, f"{title}\n{body}")
            monkeypatch.setitem(world.PUBLISHED, name, 10)
            found[name] = words
    return found


def _planted(name: str, words: str) -> dict[str, Any]:
    """Return the records of an article whose every text holds the words."""
    sentence = world.TEXTS[name].partition("\n")[2]
    at, surface = world.at(name, words), world.span(name, words)
    body = "Yayasan " + words
    agency = f"int.{slug(body).replace('-', '')}"
    claim = world.make_claim(name, "60 WNI", 60, CountRole.REPATRIATED, is_headline=True)
    address = f"https://home.example/user/{slug(words)}/pulang-{slug(words)}?q={words.replace(' ', '%20')}"
    report = world.make_report(
        name, EventType.REPATRIATION, (claim,), "kh.poipet", sentence, 9,
        place_name=words, admin1=words, legal_stage="none", keys=(words,), summary=words, outlet=words, owner=words,
        places=(
            ReportPlace(place_id="id.sukamaju", name=words, role=PlaceRole.EVENT_SITE, admin1=words, **at),
            ReportPlace(place_id=slug(words), name=words, role=PlaceRole.EVENT_SITE, **at),
        ),
        agencies=(ReportAgency(agency_id=agency, name=body, role=AgencyRole.ACTOR, **world.at(name, body)),),
        legs=(RouteLeg(leg_no=1, from_place_id=slug(words), from_name=words, to_place_id="kh.poipet", to_name=words, **at),),
        sightings=tuple(
            Sighting(kind=kind, value=words, **surface)
            for kind in ("channel", "promised_job", "promised_pay", "control_means", "ransom")
        ),
    )  # fmt: skip
    incident = world.make_incident(
        report,
        places=(IncidentPlace(place_id="kh.poipet", name=words, role=PlaceRole.EVENT_SITE, country="KHM", admin1=words),),
        agencies=(
            IncidentAgency(agency_id=agency, name=body, role=AgencyRole.ACTOR),
            IncidentAgency(agency_id="id.kbri-phnompenh", name=words, role=AgencyRole.ACTOR),
        ),
    )  # fmt: skip
    mentions = [
        world._mention(
            name, kind, words, canonical_id=key, canonical_name=words, admin1=words, role=role
        )
        for kind, key, role in (
            (MentionKind.PLACE, None, "event_site"),
            (MentionKind.PLACE, slug(words), "event_site"),
            (MentionKind.AGENCY, None, "actor"),
            (MentionKind.AGENCY, agency, "actor"),
            (MentionKind.CHANNEL, slug(words), None),
            (MentionKind.OFFERED_JOB, None, None),
            (MentionKind.SCAM_TYPE, words, None),
        )
    ]
    # A village of the gazetteer in a title is finer than the public tier shows.
    mentions.append(
        world._mention(
            name, MentionKind.PLACE, words, canonical_id="id.sukamaju", canonical_name="Sukamaju",
            geo_precision=GeoPrecision.TOWN, role="departure",
        )
    )  # fmt: skip
    statistic = Statistic(
        stat_id=make_id("stat", name), article_id=world.article_id(name), metric=words, population=words,
        category=StatisticCategory.TPPO_ALL, value=2310, unit=Unit.CASES, is_cumulative=True, definition_note=words,
        period_start=dt.date(2025, 1, 1), period_end=dt.date(2025, 12, 31), as_of=dt.date(2025, 12, 31),
        source_agency=agency, extractor="statistics", extractor_version="1", **surface,
    )  # fmt: skip
    outside = name.endswith("title")
    return {
        "articles": world.make_article(
            name, author=words, dateline=words, published_raw=words,
            outlet=words if outside else "Home", owner=words if outside else "home",
            source_id="" if outside else "home", url=address, canonical_url=address,
        ),
        "relevance": world.make_relevance(name, cues=(words,)),
        "reports": report,
        "incident": incident,
        "mentions": mentions,
        "statistics": statistic,
    }  # fmt: skip


def _fill(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    plants = [_planted(name, words) for name, words in _texts(monkeypatch).items()]
    store.save_readings(
        "run-2", LATER,
        mentions=[mention for plant in plants for mention in plant["mentions"]],
        **{key: [plant[key] for plant in plants] for key in ("articles", "relevance", "reports", "statistics")},
    )  # fmt: skip
    found = [*world.incidents().values(), *(plant["incident"] for plant in plants)]
    keyed = {item.incident_id: item for item in found}
    store.save_incidents("run-2", LATER, found, world.links(keyed))
    words = " ".join(told for told, _ in PLANTED.values())
    store.save_run(
        Run(run_id="run-2", kind="daily", started_at=LATER, state="failed", detail=words), LATER
    )
    store.save_rejections(
        "run-2", LATER,
        [Rejection(record_id=words, stage=words, reason=Reason.NO_TEXT, detail=words, source_id="home")],
    )  # fmt: skip
    store.save_crawl(
        "run-2", LATER,
        [
            Fetch(
                run_id="run-2", source_id="home", url=f"https://home.example/{words}", kind="article",
                state=FetchState.NOT_FOUND, fetched_at=LATER, detail=words,
            )
        ],
    )  # fmt: skip
    store.save_reviews(
        "run-2", LATER,
        [
            Review(
                review_id=make_id("rev", 1), record_id=found[0].incident_id, action="accept", field=None, value=words,
                reviewer=words, reason=words, reviewed_at=LATER,
            )
        ],
    )  # fmt: skip
    # What the program would not write, but a later version might.
    store.connection.execute("UPDATE core.changes SET reason = ?, fields = [?]", [words, words])
    store.connection.execute("UPDATE core.incidents SET linked_by = 'rules+' || ?", [words])


# --- reading everything that a stranger could read ---------------------------------------------------


def plain(text: str) -> str:
    """Return the letters and digits alone, without markup, in small letters."""
    return re.sub(r"[\W_]+", "", re.sub(r"<[^<>]{0,200}>", "", html.unescape(text))).casefold()


def _of_database(path: Path) -> Iterator[str]:
    connection = connect(path, read_only=True)
    try:
        for (table,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            rows = connection.execute(f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM marts.{table}")
            yield from (str(cell) for row in rows.fetchall() for cell in row)
        for of in ("tables", "columns", "views", "functions", "schemas", "databases"):
            rows = connection.execute(f"FROM duckdb_{of}()")
            yield from (str(cell) for row in rows.fetchall() for cell in row)
    finally:
        connection.close()


def _of_parquet(path: Path) -> Iterator[str]:
    told = pq.read_metadata(path)
    yield f"{told.metadata} {told.created_by} {told.schema}"
    for group in range(told.num_row_groups):
        yield from (str(told.row_group(group).column(n).to_dict()) for n in range(told.num_columns))
    yield str(pq.read_table(path).to_pylist())


def contents(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the name of each file, and all that it holds as text."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".duckdb":
            yield name, "\n".join(_of_database(path))
        elif path.suffix == ".parquet":
            yield name, "\n".join(_of_parquet(path))
        elif path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as packed:
                parts = [f"{each.filename} {each.comment!r}" for each in packed.infolist()]
                yield (
                    name,
                    "\n".join(
                        [*parts, *(packed.read(each).decode() for each in packed.namelist())]
                    ),
                )
        else:
            yield name, path.read_text("utf-8")


def _package(release: Release, out: Path) -> Path:
    exports.export(
        release.public, out / "package", tier="public", release_id=release.release_id,
        made_at=release.made_at, formats=exports.FORMATS,
    )  # fmt: skip
    (out / "suar.duckdb").write_bytes(release.public.read_bytes())
    (out / "manifest.json").write_bytes((release.path / "manifest.json").read_bytes())
    return out


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    with world.open_store(tmp_path) as opened:
        _fill(opened, monkeypatch)
        yield opened


def test_no_file_of_the_public_tier_holds_what_was_planted(store: Store, tmp_path: Path) -> None:
    made = world.publish(store, tmp_path / "releases", now=LATER)
    at_home = plain("\n".join(_of_database(made.analyst)))
    out = tmp_path / "out"
    out.mkdir()
    found = {name: (text, plain(f"{name} {text}")) for name, text in contents(_package(made, out))}
    assert {
        (name, trace) for name, (_, text) in found.items() for trace in TRACES if trace in text
    } == set()
    # The plants were there to be found, and what may be shown is.
    assert {
        trace for trace in ("rekamira", "mentubali", "sukarekayasa") if trace in at_home
    } != set()
    told = [
        "suar.duckdb", "package/suar.xlsx", "package/incidents.geojson", "package/feed.atom",
        *(f"package/data/articles.{kind}" for kind in ("parquet", "csv", "jsonl")),
    ]  # fmt: skip
    for name in told:
        shown = "inc" if name.endswith(("geojson", "atom")) else plain(CONTROL)
        assert shown in found[name][1], name
    for kept in ("Home", "not listed"):
        assert kept in found["package/data/articles.csv"][0]
    assert {"package/codebook.md", "package/CITATION.cff", "package/croissant.json"} <= set(found)


def test_a_lenient_eye_for_titles_would_be_noticed(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look at the files can fail: names in titles come through when each word counts as ordinary."""
    monkeypatch.setattr(titles, "is_clear", lambda *_: True)
    made = world.publish(store, tmp_path / "releases", now=LATER)
    shown = plain("\n".join(_of_database(made.public)))
    assert {"rekamira", "zulkarmin", "mentubali", "sukarekayasa"} <= {
        trace for trace in TRACES if trace in shown
    }


# --- the gate, one column at a time ------------------------------------------------------------------

# What each column would hold if its masking were left out; patterns find two of them as well.
RAW = {
    "articles.title": "Rekamira Wirakarang pulang",
    "articles.canonical_url": "https://home.example/rekamira-wirakarang",
    "articles.outlet": "Rekamira Wirakarang",
    "changes.reason": "RW (19) was left out",
    "incident_agencies.name": "Yayasan Rekamira",
    "incident_places.name": "Desa Sukarekayasa",
    "statistics.metric": "cases_rekamira_tppo_all",
    "statistics.population": "0812 3456 7890",
}


def test_a_release_is_refused_where_masking_is_left_out(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unmasked = tmp_path / "99_unmasked.sql"
    statements = []
    for where, value in RAW.items():
        table, column = where.split(".")
        statements.append(
            f"INSERT INTO public.marts.{table} SELECT * REPLACE ('{value}' AS \"{column}\")"
            f" FROM public.marts.{table} LIMIT 1"
        )
    unmasked.write_text(";\n".join(statements))
    real = releases._numbered
    monkeypatch.setattr(releases, "_numbered", lambda folder: [*real(folder), unmasked])
    with pytest.raises(ReleaseBlocked) as caught:
        world.publish(store, tmp_path / "releases", now=LATER)
    told = str(caught.value)
    for where in RAW:
        assert f"{where} holds 1 x text that no list holds" in told
    assert "changes.reason holds 1 x initials" in told
    assert "statistics.population holds 1 x telephone number" in told
    assert not any(value in told for value in RAW.values())
    assert releases.published(tmp_path / "releases") == []
    assert not list((tmp_path / "releases").glob(".*"))


def test_every_text_column_is_ruled_and_refuses_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert closed.unruled() == []
    tried: list[str] = []

    def each(connection: Any, catalogue: str) -> list[Any]:
        for table, entry in codebook.load().tables.items():
            for column, told in entry.in_tier("public").items():
                if told.type not in {"text", "list"}:
                    continue
                is_list = told.type == "list"
                for value in ("Rekamira Wirakarang", "rekamira-wirakarang!", "RW (19)"):
                    connection.execute(
                        f'CREATE OR REPLACE TABLE public.marts.tried AS SELECT ? AS "{column}"',
                        [[value] if is_list else value],
                    )
                    with monkeypatch.context() as patch:
                        patch.setattr(codebook, "load", lambda t=table: _renamed(t))
                        found = [
                            *closed._strangers_in(
                                connection, catalogue, "tried", [(column, is_list)]
                            )
                        ]
                    assert [(leak.column, leak.n_rows) for leak in found] == [(column, 1)], (
                        table,
                        column,
                        value,
                    )
                    assert value not in str(found[0])
                tried.append(f"{table}.{column}")
        connection.execute("DROP TABLE public.marts.tried")
        return []

    monkeypatch.setattr(closed, "strangers", each)
    with world.open_store(tmp_path) as opened:
        world.publish(opened, tmp_path / "releases")
    assert len(tried) > 150


def test_a_column_that_nobody_has_told_of_is_refused(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = tmp_path / "99_new.sql"
    new.write_text("ALTER TABLE public.marts.incidents ADD COLUMN remark VARCHAR")
    real = releases._numbered
    monkeypatch.setattr(releases, "_numbered", lambda folder: [*real(folder), new])
    with pytest.raises(
        ReleaseBlocked, match=r"incidents\.remark holds 1 x text that no rule clears"
    ):
        world.publish(store, tmp_path / "releases", now=LATER)


# --- titles and addresses ----------------------------------------------------------------------------

ORDINARY = frozenset(
    str.split("puluhan orang pulang dari polisi gerebek a police raid the of women freed")
)


@pytest.mark.parametrize(
    ("title", "listed", "clear"),
    [
        ("Puluhan orang pulang dari Kamboja", "Kamboja", True),
        ("Puluhan orang pulang dari Kamboja", "", False),
        ("Polisi Gerebek 3 Orang", "", True),
        ("POLISI GEREBEK ORANG", "", True),
        ("418 WNI pulang", "", True),
        ("AB pulang", "", False),
        ("A pulang", "", False),
        ("Rekamira pulang dari Kamboja", "Kamboja", False),
        ("Rekamira Kamboja pulang", "Kamboja", False),
        ("Women freed", "", True),
        ("ชาวไทยกลับบ้าน", "", False),
        ("", "", False),
    ],
)
def test_a_title_is_shown_when_no_word_can_be_a_name(title: str, listed: str, clear: bool) -> None:
    start = title.find(listed)
    spans = [Listed(start, start + len(listed))] if listed else []
    assert titles.is_clear(title, spans, ORDINARY) is clear


@pytest.mark.parametrize(
    ("address", "clear"),
    [
        (
            "https://www.warta.example/read/2026/09/12/10150041/puluhan-orang-pulang-dari-kamboja",
            True,
        ),
        ("https://warta.example/berita/d-8210077/polisi-gerebek", True),
        ("https://warta.example/index.php?id=12", True),
        ("https://warta.example/rekamira", False),
        ("https://warta.example/puluhan?user=rekamira", False),
        ("https://warta.example/puluhan%20rekamira", False),
        ("https://warta.example/%2572ekamira", False),
        ("https://warta.example/puluhan#rekamira", False),
        ("https://rekamira@warta.example/puluhan", False),
        ("https://rekamira.example/puluhan", False),
        ("https://rekamirawarta.example/puluhan", False),
        ("https://warta.example/ab-pulang", False),
        ("https://warta.example/x7654329", False),
        ("https://warta.example/0812-3456-7899", False),
        ("https://warta.example/3201990101990007", False),
        ("ftp://warta.example/puluhan", False),
        ("https://[warta/puluhan", False),
    ],
)
def test_an_address_is_shown_when_it_says_no_more_than_its_title(address: str, clear: bool) -> None:
    title = "Puluhan orang pulang dari Kamboja"
    assert titles.is_clear_address(address, title, ORDINARY, {"www.warta.example"}) is clear


def _renamed(table: str) -> codebook.Codebook:
    """Return the codebook with the table under another name."""
    return REAL.model_copy(update={"tables": {**REAL.tables, "tried": REAL.tables[table]}})


REAL = codebook.load()
