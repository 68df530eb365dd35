"""The days a figure is told for: behind it, before it, on both sides, told from other figures."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import periods, segments
from pipeline.records import Article
from pipeline.segments import Sentence

DAY = dt.date(2025, 7, 21)


def sentences(body: str) -> tuple[Sentence, ...]:
    title = "Kasus penipuan daring"
    return segments.read(
        Article(
            article_id="a", url="", canonical_url="", source_id="", outlet="Warta Uji", language="id",
            title=title, text=f"{title}\n{body}", published_date=DAY,
            fetched_at=dt.datetime(2025, 7, 22, tzinfo=dt.UTC), page_sha256="",
        )
    )  # fmt: skip


def told(body: str) -> dict[float | None, tuple[str, str | None, str | None]]:
    """Return figure -> kind and days of its time."""
    sentence = sentences(body)[1]
    times = periods.find(sentence, DAY)
    found: dict[float | None, tuple[str, str | None, str | None]] = {}
    for figure in sentence.quantities:
        when = periods.of(figure, sentence, times)
        if when is not None:
            first, last = when.first, when.last
            found[figure.best] = (
                str(when.kind),
                first.isoformat() if first else None,
                last.isoformat() if last else None,
            )
    return found


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("Ada 702 kasus pada 2022 dan 1.214 kasus pada 2023.",
         {702: ("span", "2022-01-01", "2022-12-31"), 1214: ("span", "2023-01-01", "2023-12-31")}),
        ("Pada 2022 ada 702 kasus, pada 2023 ada 1.214 kasus.",
         {702: ("span", "2022-01-01", "2022-12-31"), 1214: ("span", "2023-01-01", "2023-12-31")}),
        ("Pada 2024 ada 306 kasus, naik dibanding 2023.", {306: ("span", "2024-01-01", "2024-12-31")}),
        ("Sejak 2020, sebanyak 5.000 kasus ditangani hingga Juni 2025.", {5000: ("since", "2020-01-01", "2025-06-30")}),
        ("Sepanjang 2025 hingga 15 Juli ada 2.120 kasus.", {2120: ("span", "2025-01-01", "2025-07-15")}),
        ("Triwulan II 2025 mencatat 402 aduan.", {402: ("span", "2025-04-01", "2025-06-30")}),
        ("Over the past two years 610 cases were closed.", {610: ("since", "2023-07-21", "2025-07-21")}),
        ("As of June 2025 there were 214 cases.", {214: ("until", None, "2025-06-30")}),
        ("From January to end-May the embassy handled 640 cases.", {640: ("since", "2025-01-01", "2025-05-31")}),
        ("Hingga kuartal II 2025 ada 640 kasus.", {640: ("span", "2025-01-01", "2025-06-30")}),
        ("Sejak Januari hingga Jun tahun ini ada 147 kes.", {147: ("span", "2025-01-01", "2025-06-30")}),
        ("Dibandingkan dengan 2023, yang mencatat 603 kasus, bebannya naik.", {603: ("span", "2023-01-01", "2023-12-31")}),
        ("As at Feb 20, 2025, it had 789 reports since 2021.", {789: ("since", "2021-01-01", "2025-02-20")}),
        ("Pada September tahun lalu ada 301 laporan.", {301: ("span", "2024-09-01", "2024-09-30")}),
    ],
)  # fmt: skip
def test_each_figure_has_its_own_time(
    body: str, wanted: dict[float, tuple[str, str | None, str | None]]
) -> None:
    assert told(body) == wanted


def test_the_year_before_keeps_its_months() -> None:
    spring = dt.date(2024, 1, 1), dt.date(2024, 2, 29)
    assert periods.year_before(spring) == (dt.date(2023, 1, 1), dt.date(2023, 2, 28))
    assert periods.year_before(spring, 2020) == (dt.date(2020, 1, 1), dt.date(2020, 2, 29))
    assert periods.year_before((None, None)) == (None, None)


def test_a_campaign_begins_on_the_day_the_text_gives() -> None:
    text = "Operasi itu dilancarkan pada 3 Juli 2025. Sebanyak 640 orang ditahan."
    assert periods.campaign_start(sentences(text), DAY) == dt.date(2025, 7, 3)
    assert periods.campaign_start(sentences("Pada 3 Juli 2025 mereka tiba."), DAY) is None


def test_a_text_counts_up_to_its_last_statement() -> None:
    text = "Mereka tiba pada 17 Juli. Jumlahnya 640 orang, kata juru bicara, Minggu (20/7)."
    assert periods.told_as_of(sentences(text), DAY) == dt.date(2025, 7, 20)


PIECES = st.sampled_from(
    ["702 kasus", "pada 2022", "sejak 2020", "hingga Juni 2025", "tahun ini", "setahun sebelumnya", "dan", ",", ";",
     "in the first five days", "that year", "as of July 15", "triwulan II", "dibanding", "1.214"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=25).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_times_stand_in_order_inside_their_sentence_and_run_forward(body: str) -> None:
    for sentence in sentences(body)[1:]:
        times = periods.find(sentence, DAY)
        assert [item.start for item in times] == sorted(item.start for item in times)
        for item in times:
            assert sentence.start <= item.start < item.end <= sentence.end
            assert item.length >= 0
