from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows import cli
from flows.cli import COMMANDS
from flows.commands import ask
from flows.console import Screen, clean, table, to_json
from flows.problems import Problem
from tests.flows import homes
from tests.flows.homes import call, child
from warehouse.exports import Export, safe_cell

ESC = "\x1b[31mred\x9b2J\u202e"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("cli") / "home"
    assert homes.ingest(made).state == "done"
    return made


def incident_of(home: Path, capsys: pytest.CaptureFixture[str], event_type: str) -> str:
    told = call(capsys, "incidents", "--event-type", event_type, "--json", "--home", home)
    return str(told.document[0]["incident_id"])


# --- every command, for people and for programs --------------------------------------------------------


@pytest.mark.parametrize(
    ("tokens", "shown"),
    [
        (("incidents",), "Poipet"),
        (("incidents", "--country", "mmr"), "KK Park"),
        (("incidents", "--event-type", "interdiction", "--since", "2026-09-01"), "7 interdicted"),
        (("explain", "84"), "repatriated"),
        (("trends",), "2026-09-01"),
        (("trends", "--weekly", "--by", "country,event_type"), "raid"),
        (("trends", "--by", "nationality", "--raw"), "IDN"),
        (("trends", "--surges", "--by", "event_type"), "too few data for raid"),
        (("trends", "--outcomes"), "repatriated"),
        (("trends", "--hubs"), "0.75"),
        (("trends", "--lags"), "days_followed"),
        (("ask", "list"), "recruitment-channels"),
        (("ask", "show", "repatriations"), "--as-of"),
        (("ask", "repatriations", "--since", "2026", "--country", "khm"), "84"),
        (("query", "SELECT count(*) AS n FROM articles"), "6"),
        (("query", "SHOW TABLES"), "incident_counts"),
        (("sources", "list"), "antaranews"),
        (("sources", "list", "--country", "idn"), "antaranews"),
        (("sources", "show", "antaranews"), "source_id: antaranews"),
        (("sources", "check", "--offline"), "no fault"),
    ],
)
def test_a_command_answers_people_and_programs(
    tokens: tuple[str, ...], shown: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = call(capsys, *tokens, "--home", home)
    assert (told.code, told.err) == (0, "")
    assert shown in told.out
    told = call(capsys, *tokens, "--home", home, "--json")
    assert (told.code, told.err) == (0, "")
    assert told.document


def test_explain_walks_from_the_incident_to_the_sentence(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = call(capsys, "explain", incident_of(home, capsys, "raid"), "--home", home)
    assert told.code == 0
    assert "2 reports" in told.out
    assert "https://warta.example/b" in told.out
    assert "[32]" in " ".join(told.out.split())


def test_runs_tell_their_report_as_one_document(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = homes.write_lines(tmp_path / "in.jsonl")
    for tokens in (("ingest", path), ("rebuild", "--from", "incidents"), ("publish",)):
        told = call(capsys, *tokens, "--no-prefect", "--home", home, "--json")
        assert told.code == 0, told
        assert told.err == ""
        assert told.document["kind"] == tokens[0]
        assert told.document["release_note"] == "(unchanged)"
    told = call(capsys, "rebuild", "--from", "mentions", "--no-prefect", "--home", home)
    assert told.code == 0
    assert "(unchanged)" in told.out
    assert "nothing changed" in told.out


def test_lines_come_through_standard_input(home: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flows", "ingest", "-", "--no-prefect", "--json", "--home", home],
        input=homes.write_lines(tmp_path / "in.jsonl").read_bytes(),
        capture_output=True,
        env=homes.environment(),
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["counts"]["known"] == len(homes.ARTICLES)


def test_sql_reads_statements_and_tells_of_a_bad_one(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("SELECT count(*) AS n\nFROM incidents;\n"))
    told = call(capsys, "sql", "--home", home)
    assert (told.code, told.err) == (0, "")
    assert "4" in told.out
    monkeypatch.setattr("sys.stdin", io.StringIO("SELECT 41 + 1;\nSELECT nothing;\nSELECT 1"))
    told = call(capsys, "sql", "--home", home)
    assert told.code == 1
    assert "42" in told.out
    assert "nothing" in told.err
    assert "semicolon" in told.err


def test_a_query_is_written_as_parquet_once(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "answer.parquet"
    sql = "SELECT event_type, date_start, persons_best, scam_types FROM incidents ORDER BY 1, 2"
    assert call(capsys, "query", sql, "--parquet", path, "--home", home).code == 0
    read = duckdb.connect().execute(f"SELECT count(*), min(date_start) FROM '{path}'").fetchone()
    assert read == (4, dt.date(2026, 9, 3))
    again = call(capsys, "query", sql, "--parquet", path, "--home", home)
    assert (again.code, "exists" in again.err) == (1, True)
    assert call(capsys, "query", sql, "--parquet", path, "--csv", "--home", home).code == 2


def test_the_prompt_keeps_its_history_to_itself_and_completes_names(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import readline

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal("SELECT 41 + 1;\n"))
    lines = iter(["SELECT 41 + 1;"])

    def ended(_: str) -> str:
        readline.add_history("SELECT 41 + 1;")
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", ended)
    assert call(capsys, "sql", "--home", home).code == 0
    history = home / ask.SQL_HISTORY
    assert "SELECT 41 + 1;" in history.read_text("utf-8")
    assert history.stat().st_mode & 0o777 == 0o600
    complete = readline.get_completer()
    assert complete is not None
    assert complete("trends_by", 0) == "trends_by_dimension"
    assert complete("sel", 0) == "SELECT"
    assert complete("persons_be", 1) is None


def test_evaluate_shows_measures_beside_their_bars(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold = Path(__file__).parents[1] / "gold" / "dev_gold_id.jsonl"
    sample = tmp_path / "gold.jsonl"
    sample.write_text("".join(gold.open(encoding="utf-8").readlines()[:4]), encoding="utf-8")
    told = call(capsys, "evaluate", sample, "--quiet")
    assert told.code == 0, told.err
    assert "4 labelled articles" in told.out
    told = call(capsys, "evaluate", sample, "--json")
    assert told.code == 0
    assert told.document


# --- export --------------------------------------------------------------------------------------------


def test_export_writes_a_package_and_replaces_only_its_own(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "package"
    told = call(capsys, "export", out, "--format", "csv,jsonl", "--home", home, "--json")
    assert told.code == 0, told
    assert told.document["tier"] == "public"
    assert (out / "datapackage.json").exists()
    assert call(capsys, "export", out, "--tier", "analyst", "--home", home).code == 0
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    told = call(capsys, "export", tmp_path / "mine", "--home", home, "--json")
    assert told.code == 1
    assert told.document["error"]["code"] == "export_failed"


def test_a_package_of_the_sample_says_that_it_is_invented(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(home, tmp_path / "home", symlinks=True)
    call(capsys, "export", tmp_path / "real", "--format", "csv", "--home", tmp_path / "home")
    (tmp_path / "home" / "DEMO.txt").write_text("invented")
    told = call(
        capsys, "export", tmp_path / "sample", "--format", "csv", "--home", tmp_path / "home"
    )
    assert told.code == 0, told
    for name in ("README.md", "CITATION.cff", "datapackage.json", "croissant.json"):
        assert "INVENTED SAMPLE" in (tmp_path / "sample" / name).read_text("utf-8")
        assert "INVENTED" not in (tmp_path / "real" / name).read_text("utf-8")
    assert "all invented" in call(capsys, "incidents", "--home", tmp_path / "home").err
    assert "all invented" not in call(capsys, "incidents", "--home", home).err


def test_an_export_that_falls_short_of_the_codebook_says_so_in_its_exit_code(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def short(*_: Any, **__: Any) -> Export:
        return Export(tmp_path, "r", "public", ("csv",), {}, 1, ("incidents: a key is empty",))

    monkeypatch.setattr("warehouse.exports.export", short)
    told = call(capsys, "export", tmp_path, "--home", home)
    assert told.code == 3
    assert "a key is empty" in told.err
    assert call(capsys, "export", tmp_path, "--home", home, "--json").code == 3


# --- help, version, where flags stand ------------------------------------------------------------------


def test_help_shows_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    told = call(capsys, "--help")
    assert told.code == 0
    for name, _, _, text in COMMANDS:
        assert name in told.out
        shown = call(capsys, name, "--help")
        assert (shown.code, shown.err) == (0, ""), name
        assert f"Usage: suar {name}" in shown.out
        assert text.split(".")[0].split(",")[0].split(":")[0] in " ".join(told.out.split())
    assert call(capsys, "--version").out.strip() == "0.1.0"


def test_the_home_is_named_before_or_behind_the_command_or_in_the_environment(home: Path) -> None:
    sql = "SELECT count(*) AS n FROM incidents"
    for told in (
        child("--home", home, "--json", "query", sql),
        child(f"--home={home}", "query", sql, "--json"),
        child("query", sql, "--home", home, "--json"),
        child("query", sql, "--json", SUAR_HOME=str(home)),
    ):
        assert told.code == 0, told.err
        assert told.document == [{"n": 4}]


def test_a_flag_beats_the_environment(home: Path, tmp_path: Path) -> None:
    assert child("incidents", "--home", home, SUAR_HOME=str(tmp_path)).code == 0
    assert child("incidents", SUAR_HOME=str(tmp_path)).code == 1


# --- wrong usage ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tokens", "hint"),
    [
        (("incident",), "incidents"),
        (("sources", "lst"), "list"),
        (("incidents", "--limt", "3"), "--limit"),
        (("incidents", "--limit", "0"), "--limit"),
        (("incidents", "--limit", "three"), "--limit"),
        (("incidents", "--tier", "candidat"), "candidate"),
        (("incidents", "--event-type", "reskue"), "did you mean rescue?"),
        (("incidents", "--country", "KH"), "KHM"),
        (("incidents", "--min-confidence", "7"), "--min-confidence"),
        (("incidents", "--since", "yesterday"), "--since"),
        (("incidents", "--since", "2026-09-08", "--until", "2026-09-01"), "turn them round"),
        (("trends", "--by", "contry"), "did you mean country?"),
        (("trends", "--daily", "--weekly"), "choose one"),
        (("trends", "--hubs", "--lags"), "choose --surges"),
        (("trends", "--hubs", "--panel"), "have their own rows"),
        (("ask", "repatriation"), "did you mean repatriations?"),
        (("ask", "outcomes", "--limit", "3"), "it takes --since, --until, --country"),
        (("ask", "outcomes", "--csv", "--json"), "choose one"),
        (("ask", "show"), "`suar ask list` names them"),
        (("query",), "--sql"),
        (("query", "SELECT 1", "--csv", "--json"), "choose one"),
        (("query", "SELECT 1", "--timeout", "0"), "--timeout"),
        (("export", "out", "--format", "parket"), "did you mean parquet?"),
        (("export", "out", "--tier", "secret"), "analyst"),
        (("explain", "a", "b"), "b"),
        (("ingest",), "name files"),
        (("ingest", "x", "--bogus"), "--bogus"),
        (("rebuild", "--from", "mention"), "did you mean mentions?"),
        (("run", "--source", "antaranewz", "--no-prefect"), "did you mean antaranews?"),
        (("sources", "show", "antaranewz"), "did you mean antaranews?"),
        (("evaluate",), "name a file"),
        (("evaluate", "/nowhere.jsonl"), "name a labelled set"),
        (("--json",), "--help"),
    ],
)
def test_wrong_usage_is_told_in_one_line_with_a_way_on(
    tokens: tuple[str, ...], hint: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = call(capsys, "--home", home, *tokens)
    assert told.code == 2, told
    assert "Traceback" not in told.err
    assert hint in told.err
    assert len(told.err.splitlines()) <= 2, told.err
    if "--json" not in tokens:
        told = call(capsys, "--home", home, *tokens, "--json")
        assert told.code == 2
    error = told.document["error"]
    assert error["code"] in {"usage", "usage_problem"}
    assert error["what"]


def test_a_home_that_cannot_be_one_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    told = call(capsys, "incidents", "--home", file, "--json")
    assert told.code == 2
    assert told.document["error"]["what"] == f"the home {file} is a file"
    told = call(capsys, "publish", "--no-prefect", "--home", "/proc/none", "--json")
    assert told.code == 1
    assert "/proc/none cannot be made" in told.document["error"]["what"]


def test_invented_and_real_pages_never_share_a_home(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = call(capsys, "demo", "--no-prefect", "--home", home, "--json")
    assert told.code == 1
    assert "name another folder" in told.document["error"]["next_step"]
    (tmp_path / "DEMO.txt").write_text("invented")
    told = call(capsys, "run", "--no-prefect", "--home", tmp_path, "--json")
    assert told.code == 1
    assert "invented sample" in told.document["error"]["what"]


def test_the_demonstration_goes_where_it_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []

    def demo(settings: Any, **_: Any) -> None:
        asked.append(settings.home)
        raise Problem("seen enough")

    monkeypatch.setattr("flows.launch.demo", demo)
    monkeypatch.chdir(tmp_path)
    call(capsys, "demo", "--no-prefect")
    call(capsys, "demo", "--no-prefect", "--home", tmp_path / "a")
    monkeypatch.setenv("SUAR_HOME", str(tmp_path / "b"))
    call(capsys, "demo", "--no-prefect")
    assert asked == [Path("data/demo"), tmp_path / "a", tmp_path / "b"]


def test_a_wrong_setting_is_wrong_usage(home: Path) -> None:
    told = child("incidents", "--home", home, "--json", SUAR_WORKER="3")
    assert told.code == 2
    assert told.document["error"]["code"] == "usage_problem"
    assert "SUAR_WORKERS" in told.err


# --- failures ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tokens",
    [
        ("incidents",),
        ("trends",),
        ("ask", "outcomes"),
        ("explain", "x"),
        ("query", "SELECT 1"),
        ("sql",),
        ("export", "out"),
    ],
)
def test_an_empty_home_says_what_to_run_first(
    tokens: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty"
    told = call(capsys, *tokens, "--home", empty, "--json")
    assert told.code == 1
    assert told.document["error"]["code"] == "release_missing"
    assert "suar demo" in told.document["error"]["next_step"]
    assert "suar demo" in call(capsys, *tokens, "--home", empty).err
    assert not empty.exists()


@pytest.mark.parametrize(
    ("tokens", "told"),
    [
        (("query", "SELECT * FROM incident"), "did you mean `incidents`"),
        (("query", "SELECT titel FROM articles"), "title"),
        (("query", "DROP TABLE articles"), "a release is only read"),
        (("query", "SELECT * FROM read_csv('/etc/passwd')"), "a query reads the tables"),
        (("query", "SELECT sum(a.range) FROM range(1000000) a, range(1000000) b", "--timeout", "0.2"), "longer"),
        (("explain", "inc_none"), "suar incidents"),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_answered_is_a_failure(
    tokens: tuple[str, ...], told: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = call(capsys, *tokens, "--home", home)
    assert said.code == 1
    assert told in said.err
    assert said.out == ""
    assert "Traceback" not in said.err
    said = call(capsys, *tokens, "--home", home, "--json")
    assert said.document["error"]["code"] == "query_failed"


def test_a_traceback_is_shown_only_to_those_who_ask(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr("warehouse.queries.incidents", broken)
    told = call(capsys, "incidents", "--home", home, "--json")
    assert told.code == 1
    assert "Traceback" not in told.err
    assert told.document["error"]["code"] == "key_error"
    assert "--debug" in told.err
    assert "Traceback" in call(capsys, "incidents", "--home", home, "--debug").err


def test_ctrl_c_ends_with_130(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("warehouse.queries.incidents", stopped)
    told = call(capsys, "incidents", "--home", home, "--json")
    assert told.code == 130
    assert told.document["error"]["code"] == "interrupted"


@pytest.mark.parametrize(
    "tokens", [("incidents",), ("query", "FROM range(100000)", "--limit", "100000", "--csv")]
)
def test_a_reader_who_leaves_is_no_failure(tokens: tuple[str, ...], home: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "flows", *tokens, "--home", home],
            stdout=closed,
            stderr=subprocess.PIPE,
            env=homes.environment(),
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, b"")


# --- what is printed cannot harm -----------------------------------------------------------------------


def test_csv_is_safe_for_spreadsheets_and_exact_for_programs(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sql = "SELECT '=1+1' AS a, -7 AS b, '-7' AS c, 'x, \"y\"' AS d, NULL AS e, ['@f', 'g'] AS f"
    told = call(capsys, "query", sql, "--csv", "--home", home)
    assert told.code == 0
    rows = list(csv.reader(io.StringIO(told.out)))
    assert rows == [
        ["a", "b", "c", "d", "e", "f"],
        [safe_cell("=1+1"), "-7", "-7", 'x, "y"', "", safe_cell("@f;g")],
    ]
    assert rows[1][0] == "'=1+1"


def test_escape_sequences_never_reach_the_terminal(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = set("\x1b\x9b\u202e")
    sql = "SELECT chr(27) || '[31mred' AS title, chr(155) || '2J' AS c1, chr(8238) AS turned"
    for flags in ((), ("--json",)):
        told = call(capsys, "query", sql, "--home", home, *flags)
        assert told.code == 0
        assert not bad & set(told.out)
    assert call(capsys, "query", sql, "--home", home, "--json").document == [
        {"title": "\x1b[31mred", "c1": "\x9b2J", "turned": "\u202e"}
    ]
    told = call(capsys, "query", f'SELECT "{ESC}"', "--home", home, "--json")
    assert told.code == 1
    assert not bad & set(told.out + told.err)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert not bad & set(call(capsys, "query", sql, "--home", home, "--csv").out)


def test_a_page_cannot_speak_through_a_story(capsys: pytest.CaptureFixture[str]) -> None:
    from warehouse.queries import Story

    story = Story(
        kind="article",
        id="a",
        subject={"title": ESC, "outlet": ESC, "url": f"https://x.example/{ESC}"},
        reports=[
            {
                "article": {"outlet": ESC, "title": ESC, "url": ESC, "page_sha256": "0"},
                "evidence": [{"sentence": f"{ESC} 32 WNI", "highlights": [(0, 4)]}],
            }
        ],
        changes=[{"release": None, "change": "new", "fields": [], "reason": ESC}],
    )
    ask.show_story(Screen(color=False), story)
    assert not set("\x1b\x9b\u202e") & set(capsys.readouterr().out)


def test_cleaning_keeps_what_people_write() -> None:
    assert clean("Rp80.000 – “dua”\n\tπ") == "Rp80.000 – “dua”\n\tπ"
    assert json.loads(to_json({"a": ESC})) == {"a": ESC}
    assert table(("a",), [(None,), (ESC,)]).row_count == 2


def test_colours_are_left_out_where_nobody_wants_them(home: Path) -> None:
    for flags, values in ((("--no-color",), {}), ((), {"NO_COLOR": "1"})):
        told = child("incidents", "--home", home, *flags, FORCE_COLOR="1", **values)
        assert told.code == 0
        assert "\x1b[3" not in told.out


# --- start-up ------------------------------------------------------------------------------------------

_LARGE = ("duckdb", "spacy", "torch", "prefect", "scrapy", "pydantic_settings", "trafilatura")
_PROBE = """
import sys
from flows import cli
code = cli.call(sys.argv[1:])
print(int(code), *sorted(set(sys.modules)), file=sys.stderr)
"""


def imported(*tokens: object) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", _PROBE, *map(str, tokens)],
        capture_output=True,
        text=True,
        env=homes.environment(),
        timeout=60,
        check=True,
    )
    code, *names = done.stderr.split()
    assert code == "0", done.stderr[:300]
    return set(names)


def test_help_imports_no_large_library(home: Path) -> None:
    assert not imported("--help") & {*_LARGE, "yaml", "numpy"}


def test_questions_import_only_what_answers_them(home: Path) -> None:
    for tokens in (("query", "SELECT 1"), ("incidents",), ("trends",)):
        found = imported(*tokens, "--home", home)
        assert "duckdb" in found
        assert not found & {"torch", "spacy", "prefect", "scrapy", "trafilatura"}, tokens


def test_leading_flags_move_behind_the_command() -> None:
    moved = cli._leading_flags_last
    assert moved(["--home", "x", "--json", "query", "q"]) == ["query", "q", "--home", "x", "--json"]
    assert moved(["--home=x", "query", "--", "--home"]) == ["query", "--home=x", "--", "--home"]
    assert moved(["query", "--json"]) == ["query", "--json"]
