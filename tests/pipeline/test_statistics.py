"""Aggregate figures: value, unit, period, subject; events and things are none."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import statistics
from pipeline.records import (
    Article,
    Band,
    DocType,
    GeoPrecision,
    Mention,
    MentionKind,
    Relevance,
    Statistic,
    StatisticCategory,
    Unit,
)

DAY = dt.date(2025, 7, 21)


def article(body: str, title: str = "Kasus penipuan daring meningkat") -> Article:
    return Article(
        article_id="a", url="", canonical_url="", source_id="", outlet="Warta Uji", language="id",
        title=title, text=f"{title}\n{body}", published_date=DAY,
        fetched_at=dt.datetime(2025, 7, 22, tzinfo=dt.UTC), page_sha256="",
    )  # fmt: skip


def relevance(relevant: bool = True) -> Relevance:
    return Relevance(
        article_id="a", grade=3 if relevant else 1, score=1, threshold=0.5, relevant=relevant,
        band=Band.ACCEPT, doc_type=DocType.NEWS, model_version="t",
    )  # fmt: skip


def read(body: str) -> dict[float, Statistic]:
    return {row.value: row for row in statistics.read(article(body), relevance(), [])}


def period(row: Statistic) -> tuple[str | None, str | None]:
    return (
        row.period_start.isoformat() if row.period_start else None,
        row.period_end.isoformat() if row.period_end else None,
    )


def test_a_rise_between_two_years_and_its_two_parts() -> None:
    rows = read(
        "Jumlahnya naik dari 12 kasus di tahun 2020 menjadi 1.386 kasus di tahun 2023. Adapun pada tahun "
        "2023, 544 kasus merupakan kasus judi online dan 842 kasus merupakan kasus scam online."
    )
    assert set(rows) == {12, 1386, 544, 842}
    assert period(rows[12]) == ("2020-01-01", "2020-12-31")
    assert period(rows[1386]) == period(rows[842]) == ("2023-01-01", "2023-12-31")
    assert rows[544].category is StatisticCategory.ONLINE_GAMBLING
    assert rows[842].category is StatisticCategory.ONLINE_SCAM
    assert rows[544].disaggregation_of == rows[842].disaggregation_of == rows[1386].stat_id
    assert rows[1386].unit is Unit.CASES


def test_a_cumulative_series_keeps_its_first_year_and_its_day() -> None:
    row = read("Sejak 2020 hingga November 2024, sebanyak 5.118 kasus online scam telah rampung.")[
        5118
    ]
    assert period(row) == ("2020-01-01", "2024-11-30")
    assert row.is_cumulative
    assert row.category is StatisticCategory.ONLINE_SCAM


def test_pending_cases_have_no_first_day() -> None:
    rows = read("Sejak 2023 sebanyak 196 kasus online scam selesai dan 129 kasus masih diupayakan.")
    assert period(rows[196]) == ("2023-01-01", "2025-07-21")
    assert period(rows[129]) == (None, "2025-07-21")


def test_a_share_takes_period_from_its_whole_and_subject_from_its_words() -> None:
    rows = read(
        "Sepanjang 2024 kedutaan menangani 3.310 kasus WNI bermasalah, dan 75 persen di antaranya terkait "
        "penipuan daring."
    )
    assert rows[3310].category is StatisticCategory.MIGRANT_WORKER_CASES
    assert rows[75].category is StatisticCategory.ONLINE_SCAM
    assert rows[75].unit is Unit.PERCENT
    assert period(rows[75]) == ("2024-01-01", "2024-12-31")
    assert rows[75].disaggregation_of == rows[3310].stat_id


def test_a_year_that_is_only_compared_with_is_not_the_period() -> None:
    rows = read("Pada 2024 ada 306 kasus online scam, naik 40 persen dibanding 2023.")
    assert period(rows[306]) == ("2024-01-01", "2024-12-31")


def test_the_same_months_a_year_before() -> None:
    rows = read(
        "From January to March 2025 the embassy handled 1,112 scam cases, up from 306 a year ago."
    )
    assert period(rows[1112]) == ("2025-01-01", "2025-03-31")
    assert period(rows[306]) == ("2024-01-01", "2024-03-31")


@pytest.mark.parametrize(
    ("text", "value", "unit", "category"),
    [
        ("Sejak 2020 lebih dari 10.000 WNI terjerat penipuan daring.", 10000, Unit.PERSONS, "online_scam"),
        ("Sepanjang Januari-Mei 2025 petugas menunda keberangkatan 1.148 orang.", 1148, Unit.PERSONS, "departures"),
        ("Kerugian korban mencapai US$10 miliar pada 2024.", 10**10, Unit.USD, "fraud_losses"),
        ("Sebanyak 28 kasus kematian WNI tercatat pada 2024.", 28, Unit.CASES, "deaths"),
        ("Since January 2025 police have searched 92 scam sites.", 92, Unit.SITES, "online_scam"),
    ],
)  # fmt: skip
def test_units_and_subjects(text: str, value: float, unit: Unit, category: str) -> None:
    row = read(f"Pejabat menyampaikan data. {text}")[value]
    assert row.unit is unit
    assert row.category.value == category


def test_the_sum_of_batches_runs_from_the_first_to_the_last() -> None:
    rows = read(
        "Kemlu memulangkan 30 WNI pada 3 Mei, 60 WNI pada 9 Mei, dan 210 WNI pada 20-21 Mei. "
        "Total 300 WNI telah dipulangkan."
    )
    assert set(rows) == {300}
    assert period(rows[300]) == ("2025-05-03", "2025-05-21")


@pytest.mark.parametrize(
    "text",
    [
        "Sebanyak 21 WNI dipulangkan pada Jumat (18/7).",
        "Mereka dijanjikan gaji Rp12 juta sebulan.",
        "Korban bekerja 16 jam sehari di lantai 8.",
        "Pelaku dijerat Pasal 4 UU Nomor 21 Tahun 2007.",
    ],
)
def test_events_pay_hours_and_laws_are_no_statistics(text: str) -> None:
    assert read(text) == {}


def test_an_irrelevant_article_yields_none() -> None:
    body = "Sejak 2020 sebanyak 5.118 kasus online scam telah rampung."
    assert statistics.read(article(body), relevance(relevant=False), []) == []


EVENT = "Sebanyak 21 WNI korban penipuan daring tiba di bandara, Jumat (18/7).\n"


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        # A table in prose: bare figures go on with unit and subject, each with its own year.
        (
            ("Aduan terkait penipuan daring melonjak dari 87 pada 2021 menjadi 412 pada 2022, 655 pada 2023, lalu "
            "1.290 sepanjang tahun lalu."),
            {87: ("online_scam", "2021-01-01", "2021-12-31"), 412: ("online_scam", "2022-01-01", "2022-12-31"),
             655: ("online_scam", "2023-01-01", "2023-12-31"), 1290: ("online_scam", "2024-01-01", "2024-12-31")},
        ),
        (
            "Kasus penipuan daring tercatat 116 kasus (2021), 864 kasus (2022), dan 3.037 kasus (2024).",
            {116: ("online_scam", "2021-01-01", "2021-12-31"), 864: ("online_scam", "2022-01-01", "2022-12-31"),
             3037: ("online_scam", "2024-01-01", "2024-12-31")},
        ),
        # A list of countries inherits the period of the whole, not that of the year it is compared with.
        (
            ("Kementerian mencatat 7.400 kasus penipuan daring sepanjang 2024. Setahun sebelumnya jumlahnya 3.100 kasus.\n"
            "Kamboja menyumbang 4.300 kasus, disusul Myanmar 1.200 kasus."),
            {7400: ("online_scam", "2024-01-01", "2024-12-31"), 3100: ("online_scam", "2023-01-01", "2023-12-31"),
             4300: ("online_scam", "2024-01-01", "2024-12-31"), 1200: ("online_scam", "2024-01-01", "2024-12-31")},
        ),
        # Both ends of a period stand on either side of the figure.
        (
            "Per Juni 2025 tercatat 7.628 kasus penipuan daring sejak 2020.",
            {7628: ("online_scam", "2020-01-01", "2025-06-30")},
        ),
        # One time behind two figures that "and" joins.
        (
            "Cambodian police raided 118 scam sites and arrested 2,418 suspects in the first six months of the year.",
            {118: ("online_scam", "2025-01-01", "2025-06-30"), 2418: ("arrests", "2025-01-01", "2025-06-30")},
        ),
        (
            "As of July 15, the hotline had received 1,904 scam reports this year, against 1,010 in the same period of 2024.",
            {1904: ("online_scam", "2025-01-01", "2025-07-15"), 1010: ("online_scam", "2024-01-01", "2024-07-15")},
        ),
        (
            ("Sebanyak 12,110 kes penipuan dicatat dalam tempoh enam bulan pertama tahun ini, naik daripada 10,402 kes "
            "setahun sebelumnya."),
            {12110: ("online_scam", "2025-01-01", "2025-06-30"), 10402: ("online_scam", "2024-01-01", "2024-06-30")},
        ),
        # People of the cases, parts of people, and what police did.
        (
            "Bareskrim menangani 189 kasus TPPO sepanjang 2024 dengan 546 korban, dan menetapkan 231 tersangka.",
            {189: ("tppo_all", "2024-01-01", "2024-12-31"), 546: ("tppo_all", "2024-01-01", "2024-12-31"),
             231: ("tppo_all", "2024-01-01", "2024-12-31")},
        ),
        (
            "Imigrasi menunda keberangkatan 2.100 orang selama 2024, 390 di antaranya hendak bekerja di judi daring.",
            {2100: ("departures", "2024-01-01", "2024-12-31"), 390: ("departures", "2024-01-01", "2024-12-31")},
        ),
        (
            "OJK mencatat kerugian akibat penipuan daring Rp4,6 triliun sejak November 2024 hingga Juni 2025.",
            {4.6e12: ("fraud_losses", "2024-11-01", "2025-06-30")},
        ),
        (
            "Authorities say the crackdown on scam centres, launched on July 1, has led to 1,377 arrests.",
            {1377: ("arrests", "2025-07-01", "2025-07-18")},
        ),
    ],
)  # fmt: skip
def test_periods_and_subjects(body: str, wanted: dict[float, tuple[str, str, str]]) -> None:
    rows = read(EVENT + body)
    assert {value: (row.category.value, *period(row)) for value, row in rows.items()} == wanted


def test_a_figure_told_again_lends_its_period_to_what_follows() -> None:
    rows = read(
        "Pada 2024 ada 3.905 kasus penipuan daring dan judi daring, naik dari 96 kasus pada 2021.\n"
        "Dari 3.905 kasus itu, 2.467 kasus merupakan penipuan daring dan 1.438 kasus merupakan judi daring."
    )
    assert period(rows[2467]) == period(rows[1438]) == ("2024-01-01", "2024-12-31")
    assert rows[2467].disaggregation_of == rows[1438].disaggregation_of == rows[3905].stat_id
    assert rows[96].disaggregation_of is None


@pytest.mark.parametrize(
    "body",
    [
        "Polisi menangkap dua perekrut, Rabu (16/7). Keduanya telah mengirim 24 orang ke Kamboja sejak 2023.",
        "Dua belas WNI dievakuasi, Kamis (17/7). Mereka disekap sejak Februari 2025 dan bekerja 16 jam sehari.",
        "A court sentenced four people on Friday for trafficking 27 Indonesians between 2021 and 2023.",
        "Police freed 42 workers from a scam villa on Thursday. They had been held there since January.",
        "Penampungan disediakan bagi paling banyak 300 WNI sejak Januari 2025.",
    ],
)
def test_what_befell_the_people_of_one_case_is_no_statistic(body: str) -> None:
    assert read(body) == {}


def test_the_months_of_the_headline_hold_for_what_follows() -> None:
    whole = article(
        "Jumlah korban penipuan daring terus bertambah, kata kementerian.\nKBRI menangani 2.731 kasus WNI tahun ini.\n"
        "Dari jumlah itu, 2.020 kasus terkait penipuan daring.\n"
        "Pada periode yang sama tahun lalu, KBRI menangani 1.322 kasus.",
        title="Hingga akhir Juni 2025, Angka Kasus Penipuan Daring Naik",
    )
    rows = {row.value: row for row in statistics.read(whole, relevance(), [])}
    assert period(rows[2731]) == period(rows[2020]) == ("2025-01-01", "2025-06-30")
    assert period(rows[1322]) == ("2024-01-01", "2024-06-30")
    assert rows[2020].category is StatisticCategory.ONLINE_SCAM
    assert rows[1322].category is rows[2731].category is StatisticCategory.MIGRANT_WORKER_CASES


@pytest.mark.parametrize(
    ("whole", "countries"),
    [
        ("Kemlu menangani 1.843 korban penipuan daring sepanjang Januari-Juni 2025.", "Kamboja 1.203, Myanmar 402, dan Laos 238."),
        ("The agency assisted 1,843 scam victims from January to June 2025.", "Kamboja accounted for 1,203, Myanmar for 402 and Laos for 238."),
        ("Seramai 1,843 mangsa penipuan dibantu sepanjang Januari hingga Jun 2025.", "Kamboja mencatatkan 1,203 mangsa, Myanmar 402 dan Laos 238."),
    ],
)  # fmt: skip
def test_countries_divide_a_total_of_persons(whole: str, countries: str) -> None:
    told = article(f"{EVENT}{whole}\n{countries} Sekitar 22 persen di antaranya perempuan.")
    places = [
        Mention(
            article_id="a", kind=MentionKind.PLACE, start=(at := told.text.rindex(name)), end=at + len(name), surface=name,
            canonical_id=name, country=name[:3].upper(), geo_precision=GeoPrecision.COUNTRY, extractor="t", extractor_version="1",
        )
        for name in ("Kamboja", "Myanmar", "Laos")
    ]  # fmt: skip
    rows = {row.value: row for row in statistics.read(told, relevance(), places)}
    assert set(rows) == {1843, 1203, 402, 238, 22}
    assert {period(row) for row in rows.values()} == {("2025-01-01", "2025-06-30")}
    assert {row.category for row in rows.values()} == {StatisticCategory.ONLINE_SCAM}
    assert all(rows[v].disaggregation_of == rows[1843].stat_id for v in (1203, 402, 238))
    assert all(rows[v].unit is Unit.PERSONS for v in (1843, 1203, 402, 238))


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        # A task force against trafficking counts cases, suspects and victims of every kind.
        (
            "Sejak 5 Juni hingga kemarin, Satgas TPPO menerima 190 laporan, menangkap 212 tersangka, dan menyelamatkan 824 korban.",
            {190: ("tppo_all", "2025-06-05", "2025-07-20"), 212: ("tppo_all", "2025-06-05", "2025-07-20"),
             824: ("tppo_all", "2025-06-05", "2025-07-20")},
        ),
        (
            "The government opened 118 trafficking prosecutions in 2024, up from 96 in 2023, and courts convicted 71 traffickers in 2024.",
            {118: ("tppo_all", "2024-01-01", "2024-12-31"), 96: ("tppo_all", "2023-01-01", "2023-12-31"),
             71: ("tppo_all", "2024-01-01", "2024-12-31")},
        ),
        (
            "Polis membuka 96 kertas siasatan ATIPSOM dari Januari hingga Jun tahun ini berbanding 71 kertas bagi tempoh sama tahun lalu.",
            {96: ("tppo_all", "2025-01-01", "2025-06-30"), 71: ("tppo_all", "2024-01-01", "2024-06-30")},
        ),
        # The figure of the year that is compared with keeps that year.
        (
            "Sepanjang 2024 ditangani 3.412 kasus penipuan daring. Dibandingkan dengan 2023, yang mencatat 2.038 kasus, bebannya berat.",
            {3412: ("online_scam", "2024-01-01", "2024-12-31"), 2038: ("online_scam", "2023-01-01", "2023-12-31")},
        ),
        (
            "As of end-May, the embassy had handled 640 cases of nationals lured into scam compounds since 2022.",
            {640: ("online_scam", "2022-01-01", "2025-05-31")},
        ),
        ("The 14 and 18 July flights together brought home 202 people freed from scam hubs.",
         {202: ("online_scam", "2025-07-14", "2025-07-18")}),
        # Licences, and the firms that lost them.
        (
            "The department cancelled 27 recruitment licences in 2024. It suspended 53 agencies in the first half of 2025.",
            {27: ("other", "2024-01-01", "2024-12-31"), 53: ("other", "2025-01-01", "2025-06-30")},
        ),
        ("Sepanjang 2024 kementerian mencabut 41 izin perusahaan penempatan.", {41: ("other", "2024-01-01", "2024-12-31")}),
    ],
)  # fmt: skip
def test_series_task_forces_and_licences(
    body: str, wanted: dict[float, tuple[str, str, str]]
) -> None:
    rows = read(EVENT + body)
    assert {value: (row.category.value, *period(row)) for value, row in rows.items()} == wanted
    if 27 in rows:
        assert rows[27].unit is rows[53].unit is Unit.PERMITS


def test_all_of_a_group_and_shares_on_a_stock_market_are_no_statistics() -> None:
    rows = read(
        "Jaringan itu memberangkatkan 26 orang ke pusat penipuan daring.\nSeluruh 26 korban keluar pada akhir 2024.\n"
        "Shares in a supplier of the scam park fell 7 per cent on Monday."
    )
    assert rows == {}


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        # The middle of a year is an end; so is the same quarter of the year before.
        ("Sejak 2021 hingga pertengahan 2025 kementerian mencatat 4.210 kasus penipuan daring.",
         {4210: ("online_scam", "2021-01-01", "2025-06-30")}),
        ("The ministry logged 4,210 online scam cases from 2021 to the middle of 2025.",
         {4210: ("online_scam", "2021-01-01", "2025-06-30")}),
        ("Pada triwulan pertama 2025 perwakilan menangani 940 kasus WNI bermasalah, dan 710 kasus di antaranya penipuan daring. Pada triwulan yang sama tahun lalu totalnya 655 kasus.",
         {940: ("migrant_worker_cases", "2025-01-01", "2025-03-31"), 710: ("online_scam", "2025-01-01", "2025-03-31"),
          655: ("migrant_worker_cases", "2024-01-01", "2024-03-31")}),
        ("Setakat tahun ini 118 kes penipuan siber dirujuk kepada polis, berbanding 97 pada tahun lepas.",
         {118: ("online_scam", "2025-01-01", "2025-07-21"), 97: ("online_scam", "2024-01-01", "2024-12-31")}),
        # What a task force has done it did since it was formed.
        ("Satgas TPPO yang dibentuk 5 Juni itu sudah menetapkan 212 tersangka dalam 190 laporan.",
         {212: ("tppo_all", "2025-06-05", "2025-07-21"), 190: ("tppo_all", "2025-06-05", "2025-07-21")}),
        # A week in front of a figure is not its time where a long period stands behind it.
        ("Badan itu, yang pekan ini menjadi kementerian, mencatat 1.958 pekerja di sektor penipuan dan judi daring selama Januari-Mei 2025.",
         {1958: ("online_scam", "2025-01-01", "2025-05-31")}),
        # "The same period" alone is the one just told; what a figure rose from has a year of its own.
        ("Kedutaan menangani 5.008 kasus WNI penipuan daring sepanjang 2024, meningkat 60 persen dari 2023 (3.130 kasus).\nKedutaan memfasilitasi kepulangan 4.412 WNI selama periode yang sama.",
         {5008: ("online_scam", "2024-01-01", "2024-12-31"), 60: ("online_scam", "2024-01-01", "2024-12-31"),
          3130: ("online_scam", "2023-01-01", "2023-12-31"), 4412: ("online_scam", "2024-01-01", "2024-12-31")}),
        ("Border guards took back 1,214 citizens who had worked in online scam compounds in the first five months of the year, against 640 in the same period of 2024.",
         {1214: ("online_scam", "2025-01-01", "2025-05-31"), 640: ("online_scam", "2024-01-01", "2024-05-31")}),
        ("Sepanjang 2024 polisi menangani 17 kasus penipuan daring dengan 88 korban.",
         {17: ("online_scam", "2024-01-01", "2024-12-31"), 88: ("online_scam", "2024-01-01", "2024-12-31")}),
        # A hyphened quarter, the same year behind a longer series, and the day on which a list was told.
        ("Kementerian mencatat 5.940 kasus WNI penipuan daring sepanjang 2024. Kamboja menyumbang 4.011 kasus, lalu 85 kasus di negara lain, demikian paparan di Jakarta, Rabu (16/7).\nSejak 2020, kasus yang sudah ditangani berjumlah 13.614.\nPada triwulan IV-2024 saja ada 2.215 kasus penipuan daring baru.",
         {5940: ("online_scam", "2024-01-01", "2024-12-31"), 4011: ("online_scam", "2024-01-01", "2024-12-31"),
          85: ("online_scam", "2024-01-01", "2024-12-31"), 13614: ("online_scam", "2020-01-01", "2025-07-21"),
          2215: ("online_scam", "2024-10-01", "2024-12-31")}),
        ("Polis menerima 61 laporan penipuan pekerjaan bagi 2024. Mengikut negeri, Sarawak tertinggi dengan 30 laporan, kemudian Selangor 21 dan Johor 10.",
         {61: ("online_scam", "2024-01-01", "2024-12-31"), 30: ("online_scam", "2024-01-01", "2024-12-31"),
          21: ("online_scam", "2024-01-01", "2024-12-31"), 10: ("online_scam", "2024-01-01", "2024-12-31")}),
        # The year of a law is no time, nor are people who come first in a raid a case.
        ("Sepanjang 2024 polis membuka 84 kertas siasatan pemerdagangan orang di bawah Akta Antipemerdagangan Orang 2007.",
         {84: ("tppo_all", "2024-01-01", "2024-12-31")}),
        ("Di luar penipuan daring, kedutaan menangani 31.406 kasus WNI pada 2024.", {31406: ("migrant_worker_cases", "2024-01-01", "2024-12-31")}),
        ("Losses to online scams in 2024 came to more than $10 billion, a 66 per cent rise.",
         {10_000_000_000: ("fraud_losses", "2024-01-01", "2024-12-31"), 66: ("fraud_losses", "2024-01-01", "2024-12-31")}),
        # People whose verb alone tells what they are.
        ("In the whole of 2024 it flew home 2,100 of those caught in scam hubs.", {2100: ("online_scam", "2024-01-01", "2024-12-31")}),
        # What is only thought is an estimate and no arrest.
        ("At least 120,000 people may be held in online scam compounds, the office estimated.", {120000: ("online_scam", None, None)}),
        ("Sekitar 90.000 orang diduga ditahan di kompleks penipuan daring, demikian perkiraan badan itu.",
         {90000: ("online_scam", None, None)}),
    ],
)  # fmt: skip
def test_times_told_in_other_words(
    body: str, wanted: dict[float, tuple[str, str | None, str | None]]
) -> None:
    rows = read(EVENT + body)
    assert {value: (row.category.value, *period(row)) for value, row in rows.items()} == wanted


def test_the_largest_part_is_counted_like_its_whole() -> None:
    rows = read(
        "Kementerian menerima 3.157 laporan penipuan tawaran kerja sejak 2021 hingga Mei 2025. "
        "Kemboja mencatatkan kes tertinggi iaitu 1.402."
    )
    assert {value: row.unit for value, row in rows.items()} == dict.fromkeys(
        (3157, 1402), Unit.COMPLAINTS
    )
    assert {period(row) for row in rows.values()} == {("2021-01-01", "2025-05-31")}


def test_patients_and_shares_of_ten_are_no_statistics() -> None:
    rows = read(
        EVENT
        + "Dokter relawan menemukan 14 kasus tifus.\nAbout 6 in 10 came from Myanmar in 2024.\n"
        "Sembilan dari 10 pekerja penipuan daring itu direkrut lewat Telegram selama 2024."
    )
    assert rows == {}


PIECES = st.sampled_from(
    ["5.118 kasus", "online scam", "sejak 2020", "hingga November 2024", "82 persen", "di antaranya", ",", ".", "\n",
     "dibanding tahun lalu", "306 a year ago", "92 sites", "1.500 orang", "sepanjang 2024", "US$10 miliar", "lost"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_rows_cite_their_words_and_periods_run_forward(body: str) -> None:
    whole = article(body)
    rows = statistics.read(whole, relevance(), [])
    ids = {row.stat_id for row in rows}
    assert len(ids) == len(rows)
    for row in rows:
        assert whole.text[row.start : row.end] == row.surface
        assert row.disaggregation_of in {None, *ids}
        assert row.disaggregation_of != row.stat_id
        if row.period_start and row.period_end:
            assert row.period_start <= row.period_end
