"""Documentation that fails the tests when it lies: links, commands, targets, files, SQL, JSON."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows import reference
from flows.cli import COMMANDS, app
from pipeline.gold import GoldArticle
from pipeline.records import Review
from tests.warehouse import world
from warehouse import queries

ROOT = Path(__file__).parents[1]
FOLDERS = ("docs", "crawlers", "flows", "models", "pipeline", "tests", "warehouse")
PAGES = sorted(
    [*ROOT.glob("*.md"), *(path for name in FOLDERS for path in (ROOT / name).rglob("*.md"))]
)
WRITTEN = [path for path in PAGES if path.parent != reference.FOLDER]
README = (ROOT / "README.md").read_text("utf-8")

_FENCE = re.compile(r"^(?P<marks>```+)(?P<kind>\w*)\n(?P<body>.*?)^(?P=marks)$", re.M | re.S)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.M)
_COMMAND = re.compile(r"(?:^|[\s/(])suar (?:--home \S+ )?([a-z]+)(?: ([a-z]+))?")
_MAKE = re.compile(r"(?:^|[\s(])make ([a-z]+)")
_FILE = re.compile(rf"(?:{'|'.join(FOLDERS)})/[\w./-]+\.(?:py|yml|sql|csv|jsonl|json|md|gz)")
# Numbers of tickets and paths of one machine say nothing to a reader elsewhere.
_OF_ELSEWHERE = re.compile(r"(?<![\w&#])#\d+\b|(?<![\w.])/(?:work|tmp|root|home)/|\.\./shared")
_INNER = reference.INNER


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _blocks(text: str, kind: str) -> list[str]:
    return [match["body"] for match in _FENCE.finditer(text) if match["kind"] == kind]


def _code(text: str) -> Iterator[str]:
    """Yield what stands in code: fenced blocks without the program's output, and spans."""
    for match in _FENCE.finditer(text):
        if match["kind"] != "text":
            yield match["body"]
    yield from _SPAN.findall(_FENCE.sub("", text))


def _anchors(text: str) -> set[str]:
    """Return the anchors that a renderer of Markdown makes of the headings."""
    headings = _HEADING.findall(_FENCE.sub("", text))
    return {
        re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).replace(" ", "-")
        for heading in headings
    }


def _prompted(text: str) -> Iterator[str]:
    """Yield the commands after a prompt."""
    for block in _blocks(text, "console"):
        for line in block.splitlines():
            if line.startswith("$ "):
                yield line[2:]


PROMPTED = [(_name(path), line) for path in WRITTEN for line in _prompted(path.read_text("utf-8"))]
OURS = [
    pytest.param(line, id=f"{page}: {line[:50]}")
    for page, line in PROMPTED
    if re.match(r"(?:cat \S+ \| )?suar ", line)
]


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_links_lead_somewhere(path: Path) -> None:
    text = path.read_text("utf-8")
    broken = []
    for target in _LINK.findall(_SPAN.sub("", _FENCE.sub("", text))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        found = (path.parent / name).resolve() if name else path
        if not found.exists() or (
            anchor and found.suffix == ".md" and anchor not in _anchors(found.read_text("utf-8"))
        ):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("path", WRITTEN, ids=_name)
def test_commands_targets_and_files_exist(path: Path) -> None:
    commands = {name for name, *_ in COMMANDS}
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    wrong = []
    for code in _code(path.read_text("utf-8")):
        for name, inner in _COMMAND.findall(code):
            if name not in commands or (name in _INNER and inner not in _INNER[name]):
                wrong.append(f"suar {name} {inner}")
        wrong += [f"make {name}" for name in _MAKE.findall(code) if name not in targets]
        for name in _FILE.findall(code):
            if not (ROOT / name).exists() and not (path.parent / name).exists():
                wrong.append(name)
    assert wrong == []


@pytest.mark.parametrize("line", OURS)
def test_commands_at_a_prompt_are_understood_with_their_flags(line: str) -> None:
    tokens = shlex.split(line.partition(" | ")[2] or line, comments=True)[1:]
    ends = [place for place, token in enumerate(tokens) if token in {">", ">>", "|"}]
    app().parse_args(tokens[: ends[0]] if ends else tokens, exit_on_error=False, print_error=False)


def test_some_commands_stand_at_a_prompt() -> None:
    assert len(OURS) > 20


@pytest.mark.parametrize("path", WRITTEN, ids=_name)
def test_pages_speak_of_the_project_alone(path: Path) -> None:
    text = path.read_text("utf-8")
    outputs = "".join(_blocks(text, "text"))
    assert _OF_ELSEWHERE.findall(_FENCE.sub("", text)) == []
    assert re.findall(r"/(?:work|tmp)/|\.\./shared", outputs) == []


def test_sql_of_the_pages_can_be_asked(tmp_path: Path) -> None:
    asked = [sql for path in WRITTEN for sql in _blocks(path.read_text("utf-8"), "sql")]
    for _, line in PROMPTED:
        if (found := re.search(r"suar query (?:--csv )?\"(.+?)\"", line)) is not None:
            asked.append(found[1])
    with world.open_store(tmp_path) as store:
        release = world.publish(store, tmp_path / "releases")
    for sql in asked:
        queries.query(release.analyst, sql)
    assert len(asked) > 8


def test_json_of_the_pages_is_what_it_says() -> None:
    for path in WRITTEN:
        for block in _blocks(path.read_text("utf-8"), "json"):
            json.loads(block)
    labels, reviews = (
        _blocks((ROOT / "docs" / name).read_text("utf-8"), "json")[0]
        for name in ("how-to/label-articles.md", "explanation/linking.md")
    )
    assert len(GoldArticle.model_validate_json(labels).incidents) == 1
    assert Review.model_validate_json(reviews).action == "correct"


def test_readme_opens_with_how_to_set_up_and_fits_a_screen_and_a_half() -> None:
    assert _blocks(README, "console")[0].split()[1:3] == ["make", "demo"]
    assert "make test" in _blocks(README, "console")[0]
    assert len(README.splitlines()) <= 120


def test_decisions_are_numbered_and_listed() -> None:
    folder = ROOT / "docs" / "adr"
    pages = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [int(name[:4]) for name in pages] == list(range(1, len(pages) + 1))
    listed = _LINK.findall((folder / "README.md").read_text("utf-8"))
    assert listed == pages
    for name in pages:
        headings = _HEADING.findall((folder / name).read_text("utf-8"))
        assert headings[1:] == ["Context", "Decision", "Consequences", "Alternatives"]


def test_reference_pages_are_fresh() -> None:
    assert reference.stale() == []
