"""The sieve loses no page that the screening would call relevant, however the page is written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from crawlers.sample import pages as sample_pages
from crawlers.sample.stories import outlets, stories
from models import relevance as judges
from pipeline import lexicon, prefilter, relevance
from tests.factories import make_article

HERE = Path(__file__).parent
GOLD = sorted((HERE.parent / "gold").rglob("*.jsonl"))
PAGE = '<!doctype html><html lang="{language}"><head><title>{title}</title></head><body>{body}</body></html>'
OFF_TOPIC = (
    "Harga cabai rawit di pasar induk naik menjadi Rp80.000 per kilogram. Pedagang menyebut pasokan berkurang.",
    "The council approved a new bus timetable on Tuesday; the judicial review of fares goes on.",
    "Timnas menang dua gol tanpa balas. Pelatih memuji multipurpose stadium yang baru dibuka.",
)


def rows() -> list[dict[str, Any]]:
    return [json.loads(line) for path in GOLD for line in path.read_text("utf-8").splitlines()]


def html(title: str, text: str, language: str = "id") -> str:
    body = "".join(f"<p>{line}</p>\n" for line in text.splitlines())
    return PAGE.format(language=language, title=title, body=body)


def numbered(text: str) -> bytes:
    """Write every letter of the text as a number, as some old systems do."""
    return "".join(f"&#{ord(char)};" if char.isalpha() else char for char in text).encode()


def spellings(row: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    page = html(row["title"], row["text"], row["language"])
    yield "utf-8", page.encode()
    yield "upper case", page.upper().encode()
    yield "latin-1", page.encode("latin-1", "xmlcharrefreplace")
    yield "utf-16 with its mark", page.encode("utf-16")
    yield "utf-16-be", page.encode("utf-16-be")
    yield "utf-16-le", page.encode("utf-16-le")
    told = PAGE.format(language="id", title="", body="{}").encode()
    yield "numbers", told.replace(b"{}", numbered(f"{row['title']} {row['text']}"))
    yield "fixed blanks", page.replace(" ", "&nbsp;").encode()
    yield "one word a line", page.replace(" ", "\n").encode()


# --- nothing relevant is lost --------------------------------------------------------------------------


def test_every_relevant_text_of_the_labelled_sets_passes_in_every_encoding() -> None:
    relevant = [row for row in rows() if row["relevant"]]
    assert len(relevant) > 80
    lost = [
        (row["id"], how)
        for row in relevant
        for how, page in spellings(row)
        if not prefilter.keeps(page)
    ]
    assert lost == []


def test_every_text_that_the_screening_would_show_to_a_person_passes() -> None:
    cases = yaml.safe_load((HERE / "relevance_cases.yml").read_text("utf-8"))
    texts = [(row["title"], row["text"]) for row in rows()]
    texts += [(case["title"], case["text"]) for case in cases]
    assert len(texts) > 200
    words = judges.load()
    lost = [
        title
        for title, body in texts
        if relevance.weigh(relevance.read(title, body), words.score(title, body))
        >= relevance.REVIEW_FROM
        and not prefilter.keeps(html(title, body).encode())
    ]
    assert lost == []


def test_every_relevant_page_of_the_sample_passes() -> None:
    told = [story for story in stories() if story.state == "whole"]
    pages = {
        story.title: sample_pages.render(story, outlets()[story.outlet], None) for story in told
    }
    judged = {
        story.title: relevance.assess(
            make_article(f"{story.title}\n" + "\n".join(story.paragraphs))
        )
        for story in told
    }
    relevant = [title for title, found in judged.items() if found.relevant]
    assert len(relevant) > 20
    assert [title for title in relevant if not prefilter.keeps(pages[title])] == []


@pytest.mark.parametrize(
    ("group", "kinds"),
    [
        ("scam_work", prefilter.WORK | prefilter.ENOUGH),
        ("captivity_site", prefilter.ENOUGH),
        ("site_town", prefilter.ENOUGH),
    ],
)
def test_every_term_that_states_the_subject_is_looked_for(group: str, kinds: int) -> None:
    terms = {
        choice
        for languages in lexicon.terms()[group].values()
        for written in languages.values()
        for term in written
        for choice in lexicon.choices(term)
    }
    assert [term for term in sorted(terms) if not prefilter.found(term.encode()) & kinds] == []


def test_the_states_of_the_compounds_are_enough() -> None:
    hosts = [
        term
        for key, languages in lexicon.terms()["abroad"].items()
        if key in relevance.HOSTS
        for language, written in languages.items()
        if language in relevance.SUPPORTED
        for term in written
    ]
    assert [term for term in hosts if not prefilter.keeps(term.encode())] == []


# --- what is dropped -----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", OFF_TOPIC)
def test_a_page_about_something_else_is_dropped(text: str) -> None:
    assert not prefilter.keeps(html("Berita", text).encode())
    assert not prefilter.keeps(html("Berita", text).encode("utf-16"))


def test_scam_work_alone_is_not_enough_without_a_tie() -> None:
    assert not prefilter.keeps(b"<p>Bank mengingatkan modus penipuan baru.</p>")
    assert prefilter.keeps(b"<p>Penipuan daring: tiga WNI dipulangkan.</p>")


@pytest.mark.parametrize(
    ("page", "kept"),
    [
        (b"<p>KAMBOJA</p>", True),
        (b"<b>Sihanouk</b>ville", True),
        (b"O&rsquo;Smach", True),
        (b"judicial review of citizens", False),
        (b"<p>judi</p><p>WNI</p>", True),
        ("诈骗园区".encode("gb18030"), True),
        ("แก๊งคอลเซ็นเตอร์".encode("tis-620"), True),
        (b"&#35784;&#39575;&#22253;&#21306;", True),
        (b"&#x8bc8;&#x9a97;&#x56ed;&#x533a;", True),
        (b"&#99999999; &#xD800; &#0;", False),
        (b"", False),
        (b"\xff\xfe", False),
    ],
)
def test_how_words_may_be_written(page: bytes, kept: bool) -> None:
    assert prefilter.keeps(page) is kept


@given(st.binary(max_size=400))
def test_any_bytes_are_judged(noise: bytes) -> None:
    assert prefilter.keeps(b"<p>x</p>" + noise + b" <p>Kamboja</p>")
