"""Ready questions: answered from both tiers and from exported files alone, with values bound and never pasted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.records import EventType, Incident, IncidentCount, make_id
from tests.warehouse import world
from warehouse import checks, exports, questions
from warehouse.errors import QueryFailed
from warehouse.releases import Release

D = dt.date
# The day on which the second, corrected state of the world was recorded.
LATER = dt.datetime(2026, 10, 2, 3, tzinfo=dt.UTC)


def _flight(
    name: str, day: dt.date, persons: int, country: str, *, like: str = "raid", **fields: Any
) -> Incident:
    """Return a repatriation of Indonesians told by the report of that article."""
    base = world.incidents()[like]
    figure: IncidentCount = base.counts[0].model_copy(
        update={
            "count_id": make_id("cnt", name), "incident_id": make_id("inc", name), "role": "repatriated", "nationality": "IDN", "low": persons,
            "best": persons, "high": persons,
        }
    )  # fmt: skip
    values: dict[str, Any] = {
        "incident_id": make_id("inc", name), "event_type": EventType.REPATRIATION, "headline_role": "repatriated",
        "date_start": day, "date_end": day, "event_country": country, "destination_country": country,
        "persons_low": persons, "persons_best": persons, "persons_high": persons, "parent_id": None,
        "nationalities": ("IDN",), "counts": (figure,),
    }  # fmt: skip
    return base.model_copy(update={**values, **fields})


def _counts(flight: Incident, *more: tuple[str, int, dict[str, Any]]) -> tuple[IncidentCount, ...]:
    (first,) = flight.counts
    return (
        first,
        *(
            first.model_copy(
                update={"count_id": make_id("cnt", name), "low": n, "best": n, "high": n, **fields}
            )
            for name, n, fields in more
        ),
    )


def world_of_flights() -> tuple[list[Incident], list[Incident]]:
    """Return what was believed in September 2026 and what is believed since October."""
    first = _flight("first", D(2026, 1, 10), 80, "KHM", like="raid")
    corrected = _flight("first", D(2026, 1, 10), 90, "KHM", like="raid")
    # A total since the year before stands in its ledger; it is nobody's flight.
    corrected = corrected.model_copy(
        update={"counts": _counts(corrected, ("total", 5_000, {"is_cumulative": True}))}
    )
    wave = _flight("wave", D(2026, 3, 1), 300, "MMR", like="escape")
    batch = _flight(
        "batch", D(2026, 3, 5), 120, "MMR", like="child", parent_id=make_id("inc", "wave")
    )
    # Of 200 people 41 are Indonesians.
    mixed = _flight("mixed", D(2026, 3, 20), 200, "KHM", like="home", nationalities=("IDN", "VNM"))
    (whole,) = mixed.counts
    whole = whole.model_copy(update={"nationality": None})
    part = whole.model_copy(
        update={
            "count_id": make_id("cnt", "part"), "low": 41, "best": 41, "high": 41, "nationality": "IDN",
            "subset_of": whole.count_id,
        }
    )  # fmt: skip
    mixed = mixed.model_copy(update={"counts": (whole, part)})
    # Three people who came home in March: the public tier shows neither how many nor who.
    few = _flight("few", D(2026, 3, 24), 3, "KHM").model_copy(
        update={"report_ids": (), "article_ids": (), "n_reports": 0}
    )
    return [first, wave, batch], [corrected, wave, batch, mixed, few]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("questions")
    then, now = world_of_flights()
    readings = world.readings()
    # Without the child in its title the public tier describes this one too.
    readings["articles"] = [
        item.model_copy(update={"title": "Rombongan tiba"}) if item.source_id == "child" else item
        for item in readings["articles"]
    ]
    with world.open_store(folder) as store:
        store.save_readings("run-1", world.AT, **readings)
        for run, at, incidents in (("run-2", world.AT, then), ("run-3", LATER, now)):
            found = {item.incident_id: item for item in incidents}
            store.save_incidents(run, at + dt.timedelta(minutes=1), incidents, world.links(found))
        # Of the few there is no report, which no real file may hold.
        accepted = [check.name for check in checks.load()]
        now_ = LATER + dt.timedelta(hours=1)
        return world.publish(store, folder / "releases", now=now_, accepted=accepted)


@pytest.fixture(scope="module")
def files(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published Parquet files of the public tier."""
    made = exports.export(
        release.public, tmp_path_factory.mktemp("package") / "out", tier="public", release_id="x",
        made_at=LATER, formats=["parquet"],
    )  # fmt: skip
    return made.path / "data"


def asked_of_files(files: Path, name: str, **given: str) -> Sequence[dict[str, Any]]:
    """Ask plain DuckDB, which knows nothing of the project but the files and the question."""
    question = questions.get(name)
    connection = duckdb.connect()
    for path in files.glob("*.parquet"):
        connection.execute(f"CREATE VIEW {path.stem} AS FROM '{path}'")
    found = connection.execute(question.sql, questions.bind(question, given))
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


# --- the question that the data must answer --------------------------------------------------------

# How many Indonesians came home from Cambodia and Myanmar a month since 2024, told by how many independent
# sources, and what was believed in September.
HOME = {"since": "2024", "country": "KHM,MMR", "as_of": "2026-09"}
ANSWER = [
    {
        "month": D(2026, 1, 1), "persons": 90, "n_incidents": 1, "n_without_figure": 0, "n_sources": 1,
        "headline_now": 90, "headline_then": 80, "n_incidents_then": 1, "n_withheld": 0,
    },
    {
        # The wave of 300 holds the batch of 120; of the mixed flight 41 are counted.
        "month": D(2026, 3, 1), "persons": 341, "n_incidents": 3, "n_without_figure": 0, "n_sources": 3,
        "headline_now": 500, "headline_then": 300, "n_incidents_then": 2, "n_withheld": 1,
    },
]  # fmt: skip


def test_the_published_files_alone_tell_who_came_home_and_what_was_believed(files: Path) -> None:
    assert asked_of_files(files, "repatriations", **HOME) == ANSWER


def test_the_release_tells_the_same_and_the_analyst_tier_those_few_more(release: Release) -> None:
    assert questions.answer(release.public, "repatriations", HOME).records() == ANSWER
    january, march = ANSWER
    assert questions.answer(release.analyst, "repatriations", HOME).records() == [
        january, {**march, "persons": 344, "n_incidents": 4, "headline_now": 503, "n_withheld": 0},
    ]  # fmt: skip
    later = questions.answer(release.analyst, "repatriations", {"since": "2026-02"}).records()
    assert [row["month"] for row in later] == [D(2026, 3, 1)]
    cambodia = questions.answer(release.analyst, "repatriations", {"country": "khm"}).records()
    assert [(row["persons"], row["n_sources"]) for row in cambodia] == [(90, 1), (44, 1)]
    vietnam = questions.answer(release.analyst, "repatriations", {"nationality": "vnm"}).records()
    assert [(row["persons"], row["n_without_figure"]) for row in vietnam] == [(None, 1)]


# --- all of them -----------------------------------------------------------------------------------


def test_there_are_questions_with_help_for_each() -> None:
    known = questions.load()
    assert len(known) >= 15
    for name, question in known.items():
        assert question.asks.endswith("?"), name
        assert question.help.endswith("."), name
        assert all(param.words.endswith(".") for param in question.params), name


@pytest.mark.parametrize("name", questions.load())
def test_both_tiers_and_the_files_answer_with_the_same_columns(
    release: Release, files: Path, name: str
) -> None:
    analyst = questions.answer(release.analyst, name)
    public = questions.answer(release.public, name)
    assert analyst.columns == public.columns
    of_files = asked_of_files(files, name)
    assert [tuple(row.values()) for row in of_files] == [*public.rows]


# What the invented world answers to each; the numbers are those of its few incidents.
def test_some_answers(release: Release) -> None:
    def ask(name: str, **given: str) -> list[dict[str, Any]]:
        return questions.answer(release.analyst, name, given).records()

    assert {row["incident_id"]: row["what"] for row in ask("believed", as_of="2026-09-30")} == {
        make_id("inc", "first"): "changed", make_id("inc", "mixed"): "new",
        make_id("inc", "few"): "new",
    }  # fmt: skip
    assert [(row["first_figure"], row["last_figure"]) for row in ask("growing-figures")] == [
        (80, 90)
    ]
    assert [row["incident_id"] for row in ask("single-voices", least="200")] == [
        make_id("inc", "wave"), make_id("inc", "mixed"),
    ]  # fmt: skip
    assert ask("disputed-figures", limit="0") == []
    assert ask("official-statistics", category="tppo_all")[0]["value"] == 2310
    assert ask("outcomes", country="KHM", since="2026-03")[0]["persons_best"] == 203


# --- values ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        ("from", "2025", D(2025, 1, 1)),
        ("to", "2025", D(2025, 12, 31)),
        ("from", "2024-02", D(2024, 2, 1)),
        ("to", "2024-02", D(2024, 2, 29)),
        ("to", "2025-12", D(2025, 12, 31)),
        ("from", " 2025-03-04 ", D(2025, 3, 4)),
        ("country", "khm", "KHM"),
        ("countries", "khm, mmr", "KHM,MMR"),
        ("integer", "50", 50),
        ("text", "Batam", "Batam"),
        ("text", "  ", None),
    ],
)
def test_values_are_read_by_their_kind(kind: questions.Kind, written: str, value: Any) -> None:
    question = questions.Question("q", "", "", (questions.Param("x", kind, None, ""),), "")
    assert questions.bind(question, {"x": written}) == {"x": value}


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("from", "March"), ("from", "2025-13"), ("to", "2025-00"), ("to", "2025-02-30"), ("from", "0000"),
        ("country", "Cambodia"), ("country", "KHM,MMR"), ("countries", "KHM;MMR"), ("integer", "-1"),
        ("integer", "1e9"),
    ],
)  # fmt: skip
def test_values_of_another_kind_are_refused(kind: questions.Kind, written: str) -> None:
    question = questions.Question("q", "", "", (questions.Param("x", kind, None, ""),), "")
    with pytest.raises(QueryFailed):
        questions.bind(question, {"x": written})


def test_unknown_questions_and_values_bring_the_known_ones() -> None:
    with pytest.raises(QueryFailed) as caught:
        questions.get("outcome")
    assert "outcomes" in caught.value.next_step
    with pytest.raises(QueryFailed) as caught:
        questions.bind(questions.get("outcomes"), {"shoe_size": "3"})
    assert "since, until, country" in caught.value.next_step


@pytest.mark.parametrize(
    "text",
    [
        "-- A statement.\n--\n-- Help.\nSELECT 1",
        "-- What is it?\nSELECT 1",
        "-- What is it?\n--\n-- Help.\n--\n-- param x\nSELECT $x",
        "-- What is it?\n--\n-- Help.\n--\n-- param x colour: Words.\nSELECT $x",
        "-- What is it?\n--\n-- Help.\n--\n-- param x text: Words.\nSELECT 1",
        "-- What is it?\n--\n-- Help.\nSELECT $x",
    ],
)
def test_a_file_whose_header_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="q:"):
        questions.read("q", text)


def _payloads() -> Iterator[str]:
    """Yield 60 texts that would be read as SQL if they were pasted."""
    for quote in ("'", '"', "`", "$$", "E'", "\\'"):
        for tail in (
            " OR 1=1 --", " OR true OR ", "; DROP TABLE incidents; --", " UNION SELECT * FROM articles --",
            ") OR (1=1", ", (SELECT 1)", "||(SELECT getenv('HOME'))||", "/**/OR/**/1=1", "\x00 OR 1=1",
            " IN (SELECT release FROM changes)",
        ):  # fmt: skip
            yield quote + tail


PAYLOADS = [*_payloads()]


def test_no_value_is_read_as_sql(release: Release) -> None:
    assert len(set(PAYLOADS)) == 60
    assert questions.answer(release.analyst, "what-changed").rows
    for payload in PAYLOADS:
        for name, param in (
            ("what-changed", "release"),
            ("official-statistics", "category"),
            ("hubs", "level"),
        ):
            assert questions.answer(release.analyst, name, {param: payload}).rows == ()
        for name, param in (
            ("outcomes", "country"),
            ("repatriations", "nationality"),
            ("outcomes", "since"),
            ("single-voices", "least"),
        ):
            with pytest.raises(QueryFailed):
                questions.answer(release.analyst, name, {param: payload})
