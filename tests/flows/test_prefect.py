"""One run inside Prefect for real; otherwise the tasks are called as the functions that they are."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, get_args

import pytest

from flows import launch, lock, plans, runs, settings
from flows.problems import Busy, Problem, UsageProblem
from flows.runs import RunReport
from tests.flows import homes
from tests.flows.homes import call
from warehouse.errors import StoreLocked

# Runs the flow, then asks the same temporary server what it shows of it.
IN_PREFECT = """
import json, sys
from pathlib import Path
from flows import launch, settings
home = Path(sys.argv[1])
report = launch.ingest(settings.load({"home": home}), [sys.argv[2]])
from prefect.client.orchestration import get_client
with get_client(sync_client=True) as client:
    told = [item.model_dump(mode="json") for item in client.read_artifacts()]
    runs = [(run.name, run.state_name) for run in client.read_task_runs()]
    flows = [run.state_name for run in client.read_flow_runs()]
print(json.dumps({"report": report.model_dump(mode="json"), "artifacts": told, "tasks": runs, "flows": flows}))
"""


@pytest.mark.slow
@pytest.mark.timeout(280)
def test_a_run_inside_prefect_does_the_same_and_shows_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    path = homes.write_lines(tmp_path / "in.jsonl", [*homes.ARTICLES[:3], b"{"])
    done = subprocess.run(
        [sys.executable, "-c", IN_PREFECT, str(home), str(path)],
        capture_output=True,
        text=True,
        env=homes.environment(SUAR_MIN_FREE_MB="0", SUAR_WORKERS="1"),
        timeout=270,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    report = RunReport.model_validate(told["report"])
    assert (report.kind, report.state) == ("ingest", "partial")
    assert report.counts["articles"] == 3
    assert report.rejections == {"inputs: malformed_json": 1}
    assert report.release
    assert told["flows"] == ["Completed"]
    assert sorted(name.split("-")[0] for name, _ in told["tasks"]) == [
        "link",
        "process",
        "publish",
        "receive",
    ]
    assert {state for _, state in told["tasks"]} == {"Completed"}
    by_type: dict[str, list[Any]] = {}
    for item in told["artifacts"]:
        by_type.setdefault(item["type"], []).append(item)
    assert by_type["progress"][-1]["data"] == 100.0
    (table,) = [item for item in by_type["table"] if item["key"] == "suar-ingest-counts"]
    assert {"what": "articles", "n": 3} in json.loads(table["data"])
    assert report.run_id in table["description"]
    assert "Traceback" not in done.stderr
    assert (home / "prefect").is_dir(), "Prefect keeps its things in the home"
    # What the flow did is found done outside Prefect.
    again = homes.ingest(home, homes.ARTICLES[:3])
    assert (again.counts["known"], again.release_note) == (3, runs.UNCHANGED)


# --- a start that fails --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("Timed out while attempting to connect to ephemeral Prefect API server."),
        RuntimeError("Failed to reach API at http://127.0.0.1:9/api/"),
        ImportError("cannot import name 'x' from 'fastapi'"),
        TypeError("Body() got an unexpected keyword argument 'min_items'"),
        ConnectionRefusedError("refused"),
    ],
)
def test_a_prefect_that_cannot_start_leads_to_the_way_without_it(
    error: Exception,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))

    def failing(*_: object) -> None:
        raise error

    monkeypatch.setattr(launch, "prepare_prefect", lambda home: None)
    monkeypatch.setitem(sys.modules, "flows.ingest", _module_whose_flow_raises(error))
    path = homes.write_lines(tmp_path / "in.jsonl")
    told = call(capsys, "ingest", path, "--prefect", "--home", tmp_path / "home", "--json")
    assert told.code == 1
    assert "Prefect could not start" in told.document["error"]["what"]
    assert "--no-prefect" in told.document["error"]["next_step"]
    assert lock.holder(tmp_path / "home") is None


def _module_whose_flow_raises(error: Exception) -> Any:
    from types import ModuleType

    made = ModuleType("flows.ingest")

    def ingest(**_: object) -> RunReport:
        raise error

    made.ingest = ingest  # type: ignore[attr-defined]
    return made


@contextmanager
def started(home: Path) -> Iterator[None]:
    with launch._prefect("ingest", homes.settled(home), runs.quiet):
        yield


@pytest.mark.parametrize(
    "error",
    [UsageProblem("no source is called x"), StoreLocked("held"), Busy("held"), KeyboardInterrupt()],
)
def test_what_is_not_of_prefect_is_told_as_it_is(error: BaseException, tmp_path: Path) -> None:
    with pytest.raises(type(error)), started(tmp_path):
        raise error


def test_an_error_of_the_run_itself_is_not_blamed_on_prefect(tmp_path: Path) -> None:
    from flows import sessions

    with (
        pytest.raises(RuntimeError, match="a bug"),
        started(tmp_path),
        sessions.session("ingest", homes.settled(tmp_path)),
    ):
        raise RuntimeError("a bug")


def test_an_address_where_no_prefect_answers(tmp_path: Path) -> None:
    path = homes.write_lines(tmp_path / "in.jsonl", homes.ARTICLES[:1])
    told = homes.child(
        "ingest", path, "--home", tmp_path / "home", "--quiet",
        PREFECT_API_URL="http://127.0.0.1:9/api", PREFECT_CLIENT_MAX_RETRIES="0",
    )  # fmt: skip
    assert told.code == 1
    assert "Prefect could not start" in told.err
    assert "--no-prefect" in told.err
    assert "Traceback" not in told.err


def test_prefect_keeps_to_the_home_and_to_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = settings.prefect_environment(tmp_path)
    assert told["PREFECT_HOME"] == str(tmp_path / "prefect")
    assert told["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    for name in told:
        monkeypatch.setenv(name, "set by the operator")
    settings.prepare_prefect(tmp_path)
    import os

    assert {os.environ[name] for name in told} == {"set by the operator"}


# --- tasks as functions --------------------------------------------------------------------------------


def test_the_tasks_are_the_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import sessions, steps, tasks

    path = homes.write_lines(tmp_path / "in.jsonl", homes.ARTICLES[:2])
    with sessions.session("ingest", homes.settled(tmp_path / "home")) as run:
        tasks.receive.fn(run, [str(path)])
        tasks.process.fn(run)
        tasks.link.fn(run)
        tasks.publish.fn(run)
    report = run.report(run.started_at)
    assert report.counts["articles"] == 2
    assert report.release
    for name in ("crawl", "receive", "process", "backfill", "reread", "link", "publish"):
        task = getattr(tasks, name)
        assert task.name == name
        assert task.retries == 1
        assert task.persist_result is False
        assert callable(getattr(steps, name))
    assert set(plans.N_STAGES) == set(get_args(runs.Kind))


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (Problem("a person has to act"), False),
        (StoreLocked("held"), False),
        (RuntimeError("may pass"), True),
        (OSError("may pass"), True),
    ],
)
def test_only_what_may_heal_is_tried_again(error: Exception, again: bool) -> None:
    from flows import tasks

    class State:
        def result(self) -> None:
            raise error

    assert tasks._may_heal(None, None, State()) is again
