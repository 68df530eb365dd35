from __future__ import annotations

import sys
from pathlib import Path

import pytest

from crawlers import catalog
from flows import reference
from flows.cli import COMMANDS
from flows.settings import Settings


def test_the_pages_are_those_that_would_be_written() -> None:
    assert reference.stale() == [], "run `python -m flows.reference`"


def test_every_command_setting_and_source_has_its_place() -> None:
    commands, settings, sources = reference.commands(), reference.settings(), reference.sources()
    for name, _, _, text in COMMANDS:
        assert f"## suar {name}\n\n{text}" in commands
        assert f"Usage: suar {name}" in commands
    for name, field in Settings.model_fields.items():
        assert f"`SUAR_{name.upper()}`" in settings
        assert field.description
    for source in catalog.load():
        assert f"| `{source.source_id}` |" in sources
    assert "\x1b" not in commands + settings + sources


def test_a_changed_page_is_stale_until_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reference, "FOLDER", tmp_path)
    monkeypatch.setattr(sys, "argv", ["reference", "--check"])
    with pytest.raises(SystemExit, match=r"commands\.md, settings\.md, sources\.md"):
        reference.main()
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(sys, "argv", ["reference"])
    reference.main()
    assert reference.stale() == []
    (tmp_path / "settings.md").write_text("old")
    assert reference.stale() == ["settings.md"]
