"""The invented stories and the outlets that carry them: data read from ``outlets.yml`` and ``stories/``."""

from __future__ import annotations

import datetime as dt
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

import yaml
from pydantic import AwareDatetime, BaseModel, ConfigDict

HERE = Path(__file__).parent


class Story(BaseModel):
    """One invented article, apart from the page around it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    story_id: str
    outlet: str
    host: str = ""
    path: str
    title: str
    published: AwareDatetime
    section: str = "Nasional"
    byline: str | None = None
    dateline: str = ""
    tags: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()
    page_breaks: tuple[int, ...] = ()
    also: str = ""
    video: str = ""
    initials: str = ""
    json_ld: Literal["plain", "graph", "none"] = "plain"
    state: Literal["whole", "cut", "empty", "barred"] = "whole"
    copy_of: str = ""

    @property
    def parts(self) -> tuple[tuple[str, ...], ...]:
        """The paragraphs, page by page."""
        bounds = (0, *self.page_breaks, len(self.paragraphs))
        return tuple(self.paragraphs[start:end] for start, end in pairwise(bounds))


class Outlet(BaseModel):
    """One invented outlet: where it lives and whose page skeleton it borrows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    outlet_id: str
    name: str
    host: str
    skeleton: str
    language: str
    sidebar: tuple[str, ...]
    barred_path: str = ""

    def url(self, story: Story) -> str:
        """Return the canonical address of a story of this outlet."""
        return f"http://{story.host or self.host}{story.path}"


@cache
def outlets() -> dict[str, Outlet]:
    """Return the outlets by id, in the order of the file."""
    rows = yaml.safe_load((HERE / "outlets.yml").read_text(encoding="utf-8"))
    return {row["outlet_id"]: Outlet.model_validate(row) for row in rows}


@cache
def stories() -> tuple[Story, ...]:
    """Return all stories, oldest first; a wire copy takes the paragraphs of its original."""
    raw = {
        path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted((HERE / "stories").glob("*.yml"))
    }
    told = []
    for story_id, row in raw.items():
        if "copy_of" in row:
            row.setdefault("paragraphs", raw[row["copy_of"]]["paragraphs"])
        told.append(Story.model_validate({"story_id": story_id, **row}))
    return tuple(sorted(told, key=lambda story: (story.published, story.story_id)))


def stories_of(outlet_id: str) -> list[Story]:
    """Return the stories of one outlet that its lists may show, newest first."""
    return [story for story in reversed(stories()) if story.outlet == outlet_id]


def local_day(story: Story) -> dt.date:
    """Return the day printed on the page, in the zone of the outlet."""
    return story.published.date()
