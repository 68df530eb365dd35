from __future__ import annotations

import datetime as dt
import json
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import reviews, sessions, steps
from flows.problems import Problem, UsageProblem
from pipeline.records import Review
from tests.flows import homes
from tests.flows.homes import Told
from warehouse import releases
from warehouse.store import Store

AT = dt.datetime(2026, 9, 21, 8, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("reviews") / "home"
    assert homes.ingest(made).state == "done"
    return made


class Desk:
    """A person at the command line of one home."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self._capsys = capsys

    def __call__(self, *tokens: object) -> Told:
        return homes.call(self._capsys, *tokens, "--home", self.home)

    def review(self, *tokens: object) -> Any:
        """Return the document of a command of `suar review` that went well."""
        told = self("review", *tokens, "--by", "ab", "--json")
        assert (told.code, told.err) == (0, ""), told
        return told.document

    def applied(self, *tokens: object) -> str:
        """Return the id of a decision that was applied at once."""
        document = self.review(*tokens, "--apply", "--no-prefect")
        assert document["state"] == "applied"
        assert document["run"]["release"]
        return str(document["review"]["review_id"])

    def incidents(self) -> dict[str, dict[str, Any]]:
        return {row["incident_id"]: row for row in self("incidents", "--json").document}

    def of(self, event_type: str) -> str:
        return next(k for k, row in self.incidents().items() if row["event_type"] == event_type)

    def reports(self, incident_id: str) -> list[str]:
        return [
            row["report_id"] for row in self("explain", incident_id, "--json").document["links"]
        ]

    def changes(self) -> set[tuple[str, str]]:
        rows = self("query", "SELECT incident_id, change FROM changes", "--json").document
        return {(row["incident_id"], row["change"]) for row in rows}

    def states(self) -> list[tuple[str, str]]:
        return [(row["action"], row["state"]) for row in self("review", "list", "--json").document]

    def lines(self) -> list[str]:
        path = self.home / "reviews" / reviews.FILE
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def desk(ingested: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(Path(shutil.copytree(ingested, tmp_path / "home", symlinks=True)), capsys)


# --- decisions and what comes of them ------------------------------------------------------------------


def test_what_is_accepted_is_reviewed_and_what_names_nothing_waits(desk: Desk) -> None:
    raid = desk.of("raid")
    reviews.append(desk.home / "reviews", review_of(1, record_id="inc_0000000000000000"))
    assert desk("review", "next", "--json").document["n_open"] == 4
    kept = desk.review("accept", raid, "--reason", " read  both ")
    assert kept["state"] == "next run"
    assert kept["review"]["reason"] == "read both"
    assert desk.incidents()[raid]["tier"] == "candidate"
    assert desk.states() == [("accept", "waiting"), ("accept", "next run")]
    assert desk("review", "next", "--json").document["n_open"] == 3

    told = desk("rebuild", "--from", "incidents", "--no-prefect", "--json")
    assert told.code == 0
    assert told.document["counts"]["decisions"] == 2
    assert told.document["counts"]["decisions_waiting"] == 1
    assert desk.incidents()[raid]["tier"] == "reviewed"
    assert desk.states() == [("accept", "waiting"), ("accept", "applied")]
    assert "1 waiting" in desk("review", "list").out
    assert desk("review", "next", "--json").document["n_open"] == 3
    for file in (desk.home / "releases").rglob("*"):
        assert file.is_dir() or b"read both" not in file.read_bytes()


def test_a_correction_survives_a_rebuild_from_nothing_and_the_later_one_wins(desk: Desk) -> None:
    raid = desk.of("raid")
    desk.review("correct", raid, "--field", "persons_best", "--value", "30")
    desk.applied("correct", raid, "--field", "persons_best", "--value", "29")
    assert desk.incidents()[raid]["persons_best"] == 29
    changed = desk("explain", raid, "--json").document["changes"][-1]
    assert (changed["change"], changed["reason"]) == ("updated", "a person decided")
    for file in desk.home.glob("warehouse.duckdb*"):
        file.unlink()
    assert desk("rebuild", "--no-prefect", "--json").code == 0
    found = desk.incidents()[raid]
    assert (found["persons_low"], found["persons_best"], found["tier"]) == (29, 29, "reviewed")
    assert desk.states() == [("correct", "applied"), ("correct", "applied")]


def test_a_merge_leaves_one_id_and_its_undo_brings_the_other_back(desk: Desk) -> None:
    before = desk.incidents()
    raid, handover = desk.of("raid"), desk.of("rescue")
    merge = desk.applied("merge", handover, raid)
    merged = desk.incidents()
    assert set(merged) == set(before) - {handover}
    assert merged[raid]["n_reports"] == before[raid]["n_reports"] + 1
    assert (handover, "merged") in desk.changes()
    told = desk("review", "accept", handover, "--by", "ab")
    assert told.code == 2
    assert f"went into {raid}" in told.err

    desk.applied("undo", merge, "--reason", "two places after all")
    assert desk.incidents() == before
    assert desk.states() == [("merge", "undone"), ("undo", "applied")]
    again = desk("review", "undo", merge, "--by", "ab")
    assert (again.code, again.out) == (2, "")
    assert "undone already" in again.err
    undo = json.loads(desk.lines()[-1])["review_id"]
    assert "itself an undo" in desk("review", "undo", undo, "--by", "ab").err


def test_a_split_gives_the_report_an_id_of_its_own(desk: Desk) -> None:
    before, raid = desk.incidents(), desk.of("raid")
    first, second = desk.reports(raid)
    desk.applied("split", second, raid)
    after = desk.incidents()
    (fresh,) = set(after) - set(before)
    assert desk.reports(raid) == [first]
    assert desk.reports(fresh) == [second]
    assert {(raid, "split"), (fresh, "new")} <= desk.changes()


def test_what_is_rejected_leaves_the_release_and_can_be_taken_back(desk: Desk) -> None:
    before, rescue = desk.incidents(), desk.of("rescue")
    desk.applied("reject", rescue, "--reason", "an exercise")
    assert set(desk.incidents()) == set(before) - {rescue}
    assert (rescue, "withdrawn") in desk.changes()
    told = desk("review", "correct", rescue, "--field", "persons_best", "--value", "3", "--by", "a")
    assert told.code == 2
    assert f"suar review accept {rescue}" in told.err
    desk.review("accept", rescue)
    assert desk.states() == [("reject", "applied"), ("accept", "next run")]


def test_a_rejection_holds_when_the_report_that_minted_the_id_is_no_more(desk: Desk) -> None:
    raid = desk.of("raid")
    n_incidents = len(desk.incidents())
    with Store.open(desk.home / "warehouse.duckdb") as store:
        store.connection.execute(
            "UPDATE core.links SET incident_id = 'inc_older' WHERE incident_id = ?", [raid]
        )
    reviews.append(desk.home / "reviews", review_of(1, record_id="inc_older", action="reject"))
    for _ in range(3):
        with sessions.session("rebuild", homes.settled(desk.home)) as run:
            steps.link(run)
        assert run.counts["decisions_waiting"] == 0
        assert run.counts["incidents"] == n_incidents - 1
    undo = review_of(2, record_id="rev_1", action="undo")
    reviews.append(desk.home / "reviews", undo)
    with sessions.session("rebuild", homes.settled(desk.home)) as run:
        steps.link(run)
    with Store.open(desk.home / "warehouse.duckdb", read_only=True) as store:
        assert "inc_older" in {item.incident_id for item in store.load_incidents()}


# --- what to look at -----------------------------------------------------------------------------------


def test_next_shows_evidence_and_commands_that_work_as_printed(desk: Desk) -> None:
    raid = desk.of("raid")
    told = desk("review", "next", "--limit", 9)
    assert (told.code, told.err) == (0, "")
    assert "[32]" in " ".join(told.out.split())
    assert "nobody has looked at" in told.out
    assert told.out == desk("review", "next", "--limit", 9).out
    printed = [line.strip() for line in told.out.splitlines() if line.startswith("  suar review")]
    assert any("split" in line and "# Warta: KBRI: 32 WNI" in line for line in printed)
    (line,) = [line for line in printed if f"accept {raid}" in line]
    tokens = [token.replace("NAME", "ab") for token in shlex.split(line)[1:]]
    assert homes.call(desk._capsys, *tokens).code == 0
    assert desk.states() == [("accept", "next run")]


def test_the_most_doubtful_comes_first() -> None:
    def row(name: str, **values: Any) -> dict[str, Any]:
        return {
            "incident_id": name, "parent_id": None, "date_start": AT.date(), "admin1": "north",
            "confidence": 0.9, "persons_best": 10, **values,
        }  # fmt: skip

    sure = row("inc_a")
    links = [(0.95, "r1"), (1.0, "r2")]
    plain = reviews._doubt(sure, links, [sure])
    for worse, held_by in (
        (row("inc_a", confidence=0.4), links),
        (row("inc_a", persons_best=4000), links),
        (row("inc_a"), [(0.61, "r1"), (1.0, "r2")]),
    ):
        assert reviews._doubt(worse, held_by, []).score > plain.score
    others = [
        row("inc_b", date_start=AT.date() + dt.timedelta(days=2)),
        row("inc_c", date_start=AT.date() + dt.timedelta(days=8)),
        row("inc_d", parent_id="inc_a"),
        row("inc_e", date_start=None),
        row("inc_f", admin1="south"),
        row("inc_g", admin1=None),
    ]
    assert reviews._doubt(sure, links, [sure, *others]).near == ("inc_g", "inc_b")


# --- refusals ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def names(ingested: Path) -> dict[str, str]:
    held = reviews.held(releases.current(ingested / "releases").analyst, [])
    raid, rescue = (
        next(k for k, row in held.incidents.items() if row["event_type"] == kind)
        for kind in ("raid", "rescue")
    )
    return {
        "raid": raid, "rescue": rescue,
        "report": held.reports_of(raid)[0], "only": held.reports_of(rescue)[0],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("tokens", "hint"),
    [
        ("accept {raid}x --by ab", "did you mean {raid}?"),
        ("accept nothing --by ab", "suar incidents"),
        ("accept {report} --by ab", "its incident is {raid}"),
        ("accept {raid}", "--by"),
        ("correct {raid} --field person_best --value 3 --by ab", "did you mean persons_best?"),
        ("correct {raid} --field incident_id --value 3 --by ab", "event_type"),
        ("correct {raid} --field persons_best --value many --by ab", "persons_best"),
        ("correct {raid} --field persons_best --value -3 --by ab", "(low, best, high)"),
        ("correct {raid} --field persons_low --value 900 --by ab", "correct persons_best first"),
        ("correct {raid} --field date_end --value 2020-01-01 --by ab", "other date first"),
        ("correct {raid} --field event_country --value Cambodia --by ab", "event_country"),
        ("correct {raid} --field lat --value 123 --by ab", "not be on Earth"),
        ("correct {raid} --field place_id --value Poipet --by ab", "did you mean"),
        ("correct {raid} --field parent_id --value {raid} --by ab", "another parent"),
        ("merge {raid} {raid} --by ab", "two incidents"),
        ("merge {raid} inc_x --by ab", "no incident inc_x"),
        ("split {only} --by ab", "only report"),
        ("split {report} {rescue} --by ab", "it is in {raid}"),
        ("split {raid} --by ab", "no report {raid}"),
        ("reject {raid} --by ab", "--reason"),
        ("reject {raid} --by ab --reason ", "--reason"),
        ("undo rev_x --by ab", "suar review list"),
        ("acept {raid}", "accept"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_with_a_way_on(
    tokens: str,
    hint: str,
    ingested: Path,
    names: dict[str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    desk = Desk(ingested, capsys)
    told = desk("review", *tokens.format(**names).split(" "))
    assert told.code == 2, told
    assert hint.format(**names) in told.err
    assert len(told.err.splitlines()) <= 2
    assert desk.lines() == []


def test_nothing_is_written_while_a_run_holds_the_home(desk: Desk) -> None:
    raid = desk.of("raid")
    with homes.other_process(homes.HOLD_HOME, desk.home) as pid:
        told = desk("review", "accept", raid, "--by", "ab", "--json")
    assert told.code == 1
    assert told.document["error"]["code"] == "busy"
    assert f"process {pid} (suar run)" in told.err
    assert desk.lines() == []


def test_an_empty_home_is_not_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for tokens in (("next",), ("list",), ("accept", "inc_x", "--by", "ab")):
        told = homes.call(capsys, "review", *tokens, "--home", tmp_path / "none", "--json")
        assert told.code == 1
        assert told.document["error"]["code"] == "release_missing"
    assert not (tmp_path / "none").exists()


def test_the_reviewer_may_be_a_setting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUAR_REVIEWER", "cd")
    told = desk("review", "accept", desk.of("raid"))
    assert told.code == 0
    assert "rebuild --from incidents" in told.out
    assert json.loads(desk.lines()[0])["reviewer"] == "cd"
    assert "--by" not in desk("review", "next").out


def test_a_decision_is_kept_when_it_cannot_be_applied_at_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise Problem("no room")

    monkeypatch.setattr("flows.launch.rebuild", broken)
    told = desk("review", "accept", desk.of("raid"), "--by", "ab", "--apply")
    assert told.code == 1
    assert "is kept" in told.err
    assert desk.states() == [("accept", "next run")]


# --- the file ------------------------------------------------------------------------------------------


def review_of(number: int, **values: Any) -> Review:
    given = {
        "review_id": f"rev_{number}", "record_id": "inc_1", "action": "accept", "reviewer": "ab",
        "reason": "", "reviewed_at": AT + dt.timedelta(hours=number), **values,
    }  # fmt: skip
    return Review.model_validate(given)


def test_a_torn_end_is_moved_aside_and_told_once(desk: Desk) -> None:
    raid = desk.of("raid")
    desk.review("accept", raid)
    path = desk.home / "reviews" / reviews.FILE
    torn = b'{"review_id": "rev_2", "reason": "caf\xc3'
    with path.open("ab") as file:
        file.write(torn)
    assert len(desk.states()) == 1
    with sessions.session("rebuild", homes.settled(desk.home)) as run:
        steps.link(run)
        steps.link(run)
    (told,) = run.problems
    assert reviews.TORN in told
    assert (path.parent / reviews.TORN).read_bytes() == torn + b"\n"
    with Store.open(desk.home / "warehouse.duckdb", read_only=True) as store:
        assert [item.record_id for item in store.load_reviews()] == [raid]
        tiers = {item.incident_id: item.tier for item in store.load_incidents()}
    assert tiers[raid] == "reviewed"


def test_a_whole_line_that_is_no_decision_stops_everything(tmp_path: Path) -> None:
    (tmp_path / reviews.FILE).write_text("\n{}\n")
    with pytest.raises(Problem, match="line 2 is no decision"):
        reviews.load(tmp_path)
    (tmp_path / reviews.FILE).write_text('{"review_id": "by hand"}')
    with pytest.raises(Problem, match="line 1"):
        reviews.load(tmp_path)


def test_a_last_line_without_a_break_is_followed_by_a_line_of_its_own(tmp_path: Path) -> None:
    (tmp_path / reviews.FILE).write_text(review_of(1).model_dump_json())
    reviews.append(tmp_path, review_of(2))
    assert reviews.load(tmp_path) == [review_of(1), review_of(2)]


def test_a_decision_is_later_than_all_before_it_though_the_clock_went_back() -> None:
    ahead = review_of(1, reviewed_at=dt.datetime(2999, 1, 1, tzinfo=dt.UTC))
    made = reviews.make([ahead], "undo", "rev_1", reviewer="ab")
    assert made.reviewed_at > ahead.reviewed_at


@settings(max_examples=30)
@given(
    reasons=st.lists(st.text(), min_size=1, max_size=4),
    cut=st.integers(min_value=0, max_value=10_000),
)
def test_whatever_was_told_as_kept_survives_a_crash_in_the_next_line(
    reasons: list[str], cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("file")
    made = [review_of(number, reason=reason) for number, reason in enumerate(reasons)]
    for item in made[:-1]:
        reviews.append(folder, item)
    torn = made[-1].model_dump_json().encode()
    torn = torn[: cut % len(torn)]
    with (folder / reviews.FILE).open("ab") as file:
        file.write(torn)
    assert reviews.load(folder) == made[:-1]
    reviews.append(folder, made[-1])
    assert reviews.load(folder) == made
    assert (folder / reviews.TORN).exists() == bool(torn)


def test_refusals_need_no_home() -> None:
    held = reviews.Held(incidents={}, gone={"inc_1": None}, reports={"r": None}, decisions=[])
    for review, told in (
        (review_of(1), "in the release no more"),
        (review_of(1, action="split", record_id="r"), "in no incident"),
        (review_of(1, action="accept", record_id="r"), "is a report"),
    ):
        with pytest.raises(UsageProblem, match=told):
            held.check(review)
