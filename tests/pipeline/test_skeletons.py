"""Every layout of the source files, on a page of its own: one check per field."""

from __future__ import annotations

import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from pipeline import articles, markup
from pipeline.records import Article
from tests import extraction, skeletons
from tests.skeletons import Family

FAMILIES = {family.name: family for family in skeletons.families()}
NUMBERS = {name: number for number, name in enumerate(FAMILIES)}
# The body as published, of every family; see "Bars" of the design.
MIN_F1 = 0.97


@cache
def _read(name: str, *, parts: int = 1, selectors: bool = True) -> Article:
    family = FAMILIES[name]
    first, *later = skeletons.pages(family, NUMBERS[name], parts=parts)
    source = family.source if selectors else family.source.model_copy(update={"selectors": ()})
    found = articles.extract(first, source, later)
    assert isinstance(found, Article), found
    return found


def _f1(found: Article, family: Family) -> float:
    truth = "\n".join(skeletons.PROSE[family.source.language])
    return extraction.quality([extraction.shares(truth, found.body)]).f1


def test_the_families_are_those_of_the_sources() -> None:
    assert len(FAMILIES) >= 50
    assert {"kompas.0", "detik.0", "detik.1", "tempo.0", "tempo.1", "okezone.1"} <= FAMILIES.keys()


@pytest.mark.parametrize("name", FAMILIES)
class TestEveryFamily:
    def test_its_selectors_find_their_elements(self, name: str) -> None:
        family = FAMILIES[name]
        (page,) = skeletons.pages(family, 0)
        tree = markup.parse(page.body.decode())
        assert family.layout.title is None or markup.selected(tree, family.layout.title)
        if family.layout.body:
            body = markup.selected(tree, family.layout.body)[-1]
            assert skeletons.PROSE[family.source.language][0] in body.text_content()

    def test_title(self, name: str) -> None:
        assert _read(name).title == skeletons.TITLE[FAMILIES[name].source.language]

    def test_author(self, name: str) -> None:
        assert _read(name).author == skeletons.AUTHOR

    def test_published_on_the_clock_of_the_source(self, name: str) -> None:
        found, zone = _read(name), ZoneInfo(FAMILIES[name].source.timezone)
        assert found.published_at == skeletons.PUBLISHED.replace(tzinfo=zone).astimezone(dt.UTC)
        assert found.published_date == dt.date(2024, 6, 18)

    def test_body(self, name: str) -> None:
        assert _f1(_read(name), FAMILIES[name]) >= MIN_F1

    def test_no_line_of_the_portal_is_left(self, name: str) -> None:
        lines = set(_read(name).text.split("\n"))
        assert lines.isdisjoint(skeletons.FURNITURE)
        assert skeletons.REMOVED not in _read(name).text

    def test_the_dateline_stays(self, name: str) -> None:
        found = _read(name)
        assert found.dateline == skeletons.DATELINE[FAMILIES[name].source.language]
        assert found.body.startswith(found.dateline)

    def test_all_copies_have_one_address(self, name: str) -> None:
        assert _read(name).canonical_url == skeletons.ADDRESS

    def test_language(self, name: str) -> None:
        assert _read(name).language == FAMILIES[name].source.language

    def test_pages_are_joined(self, name: str) -> None:
        found = _read(name, parts=2)
        assert found.n_parts == 2
        assert found.body == _read(name).body

    def test_body_without_selectors(self, name: str) -> None:
        """As on a page of an outlet nobody described; its boxes are then not known, all the rest is."""
        found = _read(name, selectors=False)
        known = found.model_copy(update={"text": found.text.replace(f"\n{skeletons.REMOVED}", "")})
        assert _f1(known, FAMILIES[name]) >= MIN_F1
