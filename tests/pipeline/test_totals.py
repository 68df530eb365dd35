"""Running totals: what is counted over days, and what merely happened in them or has lasted since."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline import claims
from pipeline.records import Article, Claim

DAY = dt.date(2025, 12, 11)


def read(body: str, title: str = "Kabar hari ini") -> dict[int | None, Claim]:
    article = Article(
        article_id="a", url="", canonical_url="", source_id="", outlet="Warta Uji", language="und",
        title=title, text=f"{title}\n{body}", published_date=DAY,
        fetched_at=dt.datetime(2025, 12, 12, tzinfo=dt.UTC), page_sha256="",
    )  # fmt: skip
    return {row.best: row for row in claims.read(article, [])}


@pytest.mark.parametrize(
    ("text", "best"),
    [
        # a month says when one thing happened
        ("In August the militia released 310 foreigners from a compound.", 310),
        ("Pada Agustus, polisi menangkap 310 warga asing di kompleks itu.", 310),
        ("Pada bulan Ogos, 64 rakyat Malaysia dihantar pulang dari Bavet.", 64),
        # a sum over groups is no sum over days
        ("In all, 310 foreigners were freed from the compound on Wednesday.", 310),
        ("Total 310 pekerja diselamatkan dari kompleks itu, Rabu (10/12).", 310),
        ("Secara keseluruhan, 64 rakyat Malaysia diselamatkan semalam.", 64),
        # how long they have been there
        ("The bureau deported 34 foreigners held in the annexe since September.", 34),
        ("Polisi menahan 34 WNI yang berada di gudang itu sejak September.", 34),
        ("Sudah dua bulan 58 WNI ditahan di gedung imigrasi.", 58),
        # of the figure beside it
        ("Embassy rescues 58 workers from Bokeo; 702 freed so far.", 58),
        # whom one deed befell
        ("Between March and August 2025 the couple had deceived 37 victims.", 37),
    ],
)
def test_no_running_total(text: str, best: int) -> None:
    row = read(text)[best]
    assert not row.is_cumulative
    assert row.cumulative_since is None


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("During August the militia released 310 foreigners from compounds.", 310),
        ("Sepanjang Agustus polisi menangkap 310 warga asing.", 310),
        ("Sepanjang Ogos, 64 rakyat Malaysia dihantar pulang.", 64),
        ("In nine days, Tuesday included, more than 1,306 people were arrested.", 1306),
        ("Dalam tiga hari, Senin sampai Rabu, lebih dari 1.000 orang ditangkap.", 1000),
        ("The number of people arrested stood at 3,466 on Tuesday evening.", 3466),
        ("Sudah 412 WNI melapor ke KBRI.", 412),
        ("The army has detained 2,730 people since the crackdown began.", 2730),
    ],
)
def test_running_total(text: str, best: int) -> None:
    assert read(text)[best].is_cumulative


def test_a_headline_says_to_what_a_total_has_risen() -> None:
    assert read("Sampai Rabu malam 96 WNI tiba.", "WNI Pelarian Bertambah Jadi 96 Orang")[96].is_cumulative  # fmt: skip


def test_so_far_belongs_to_the_figure_before_the_comma() -> None:
    rows = read("The embassy reports 635 citizens rescued so far, 47 of them on 10 December.")
    assert rows[635].is_cumulative
    assert not rows[47].is_cumulative
