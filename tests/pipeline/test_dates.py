"""Dates: explicit, short, relative; ranges and bounds; the day of a statement is not the event's."""

from __future__ import annotations

import datetime as dt
import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import calendar_days, dates
from pipeline.dates import DateExpression
from pipeline.records import DateBasis, DatePrecision

# A Thursday.
REFERENCE = dt.date(2025, 12, 11)


def one(text: str, reference: dt.date = REFERENCE) -> DateExpression:
    found = dates.find(text, reference)
    assert len(found) == 1, found
    return found[0]


def day(text: str, reference: dt.date = REFERENCE) -> str:
    found = one(text, reference)
    assert found.date_start == found.date_end, found
    assert found.precision is DatePrecision.DAY
    return found.date_start.isoformat()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pada 17 Oktober 2025", "2025-10-17"),
        ("on October 17, 2025", "2025-10-17"),
        ("on 17 October 2025", "2025-10-17"),
        ("Selasa (18/6/2024)", "2024-06-18"),
        ("Senin (8/12)", "2025-12-08"),
        ("Senin (8/12) malam", "2025-12-08"),
        ("Jumat, 5 Desember", "2025-12-05"),
        ("pada 24 Desember", "2025-12-24"),  # a plan, within the grace
        ("pada 20 Februari", "2025-02-20"),
        ("2025-11-30", "2025-11-30"),
        ("pada 17 Ogos 2024", "2024-08-17"),
        ("on 17 October 2568", "2025-10-17"),  # Buddhist era
        ("17/10/2568", "2025-10-17"),
    ],
)
def test_days_of_the_calendar(text: str, expected: str) -> None:
    assert day(text) == expected
    assert one(text).basis is DateBasis.EXPLICIT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kemarin", "2025-12-10"),
        ("kemarin malam", "2025-12-10"),
        ("semalam", "2025-12-10"),
        ("hari ini", "2025-12-11"),
        ("besok", "2025-12-12"),
        ("lusa", "2025-12-13"),
        ("empat hari lalu", "2025-12-07"),
        ("three days ago", "2025-12-08"),
        ("sepuluh hari yang lalu", "2025-12-01"),
        ("on Monday", "2025-12-08"),
        ("pada Kamis", "2025-12-11"),
        ("Kamis lalu", "2025-12-04"),  # said on a Thursday: the week before
        ("last Tuesday", "2025-12-09"),
        ("Senin pekan lalu", "2025-12-01"),
        ("Jumat pekan lalu", "2025-12-05"),
        ("tiba Minggu lalu", "2025-12-07"),
        ("Senin mendatang", "2025-12-15"),
        ("pada Minggu", "2025-12-07"),
        ("pada Khamis", "2025-12-11"),
    ],
)
def test_days_told_from_today(text: str, expected: str) -> None:
    assert day(text) == expected
    assert one(text).basis is DateBasis.RELATIVE_RESOLVED


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("22-24 Oktober 2025", "2025-10-22", "2025-10-24", DatePrecision.WITHIN_WEEK),
        ("(17-18/10)", "2025-10-17", "2025-10-18", DatePrecision.WITHIN_WEEK),
        ("30 Januari sampai 26 Maret 2025", "2025-01-30", "2025-03-26", DatePrecision.QUARTER),
        ("December 30 to January 4", "2025-12-30", "2026-01-04", DatePrecision.WITHIN_WEEK),
        ("Maret 2025", "2025-03-01", "2025-03-31", DatePrecision.MONTH),
        ("akhir November lalu", "2025-11-21", "2025-11-30", DatePrecision.WEEK),
        ("Januari-Juni 2025", "2025-01-01", "2025-06-30", DatePrecision.YEAR),
        ("first quarter of 2025", "2025-01-01", "2025-03-31", DatePrecision.QUARTER),
        ("kuartal II 2025", "2025-04-01", "2025-06-30", DatePrecision.QUARTER),
        ("semester I 2025", "2025-01-01", "2025-06-30", DatePrecision.YEAR),
        ("the first half of last year", "2024-01-01", "2024-06-30", DatePrecision.YEAR),
        ("pekan lalu", "2025-12-01", "2025-12-07", DatePrecision.WEEK),
        ("Minggu lalu", "2025-12-01", "2025-12-07", DatePrecision.WEEK),
        ("minggu lalu", "2025-12-01", "2025-12-07", DatePrecision.WEEK),
        ("this week", "2025-12-08", "2025-12-14", DatePrecision.WEEK),
        ("bulan lalu", "2025-11-01", "2025-11-30", DatePrecision.MONTH),
        ("bulan ini", "2025-12-01", "2025-12-11", DatePrecision.MONTH),
        ("tahun lalu", "2024-01-01", "2024-12-31", DatePrecision.YEAR),
        ("dua bulan lalu", "2025-10-01", "2025-10-31", DatePrecision.MONTH),
        ("tahun 2023", "2023-01-01", "2023-12-31", DatePrecision.YEAR),
    ],
)
def test_spans(text: str, first: str, last: str, precision: DatePrecision) -> None:
    found = one(text)
    assert (found.date_start.isoformat(), found.date_end.isoformat()) == (first, last)
    assert found.precision is precision


def test_the_printed_date_wins_over_a_weekday_that_disagrees() -> None:
    found = one("Selasa (8/12)")  # the 8th was a Monday
    assert found.date_start == dt.date(2025, 12, 8)
    assert found.surface == "8/12"


def test_a_year_is_taken_so_that_the_day_lies_before_the_report() -> None:
    assert day("pada 20 Desember", dt.date(2026, 1, 5)) == "2025-12-20"
    assert day("pada 20 Januari", dt.date(2025, 12, 20)) == "2026-01-20"


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("sejak 2020", "since"),
        ("sejak 22 Oktober 2025", "since"),
        ("since June 27", "since"),
        ("terhitung mulai 16 Januari 2026", "since"),
        ("hingga 26 Maret 2025", "until"),
        ("as of July 18", "since"),
        ("sepanjang 2025", "span"),
        ("in 2024", "span"),
        ("pada 17 Oktober", "on"),
    ],
)
def test_bounds_of_a_period(text: str, bound: str) -> None:
    assert one(text).bound == bound


def test_the_day_of_a_statement_is_marked() -> None:
    said, happened = dates.find(
        "Kata juru bicara, Selasa (9/12), mereka tiba pada Senin (8/12).", REFERENCE
    )
    assert said.is_statement_day
    assert happened.date_start == dt.date(2025, 12, 8)
    assert one("The spokesman said on Tuesday").is_statement_day
    assert not one("Mereka tiba pada Senin").is_statement_day


@pytest.mark.parametrize(
    "text",
    ["1.386 kasus", "skor 2-1", "2585 kasus", "you may leave", "dua minggu", "pasal 10/2018", "no. 21/2007", "31/02/2025"],
)  # fmt: skip
def test_what_is_no_date(text: str) -> None:
    assert dates.find(text, REFERENCE) == []


@given(
    st.dates(dt.date(2018, 1, 1), dt.date(2035, 12, 31)),
    st.sampled_from(["{d.day}/{d.month}/{d.year}", "{d.day} {m} {d.year}", "{d:%Y-%m-%d}"]),
    st.dates(dt.date(2018, 1, 1), dt.date(2035, 12, 31)),
)
def test_a_full_date_is_itself_whatever_the_reference(
    when: dt.date, form: str, reference: dt.date
) -> None:
    month = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
    text = f"pada {form.format(d=when, m=month.split()[when.month - 1])} sore"
    found = one(text, reference)
    assert found.date_start == found.date_end == when


@given(st.dates(dt.date(2018, 1, 1), dt.date(2035, 12, 31)))
def test_a_short_date_lies_within_a_year_before_and_the_grace_after(reference: dt.date) -> None:
    for month, number in itertools.product(("Januari", "Juni", "Desember"), (1, 28)):
        found = one(f"pada {number} {month}", reference)
        assert (
            reference - dt.timedelta(days=366)
            <= found.date_start
            <= reference + calendar_days.GRACE
        )


PIECES = st.sampled_from(
    ["17", "/", "10", "(", ")", " ", " ", "Oktober", "2025", "Senin", "Minggu lalu", "-", "sampai", "hingga", ",",
     "kemarin", "sejak", "May", "31 Februari", "first quarter", "dua hari lalu", "\n", "0", "2568", "January"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join))
@settings(max_examples=200, deadline=None)
def test_offsets_are_true_and_spans_are_in_order(text: str) -> None:
    found = dates.find(text, REFERENCE)
    for item in found:
        assert text[item.start : item.end] == item.surface
        assert item.date_start <= item.date_end
    for left, right in itertools.pairwise(found):
        assert left.end <= right.start


@pytest.mark.parametrize(
    "piece", ["1", "1/", "1 ", "17 Oktober ", "2025-", "Senin ", "(", " ", "sejak ", "last ", "awal Mei ", "dua hari "]
)  # fmt: skip
def test_time_grows_with_length(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    begin = time.process_time()
    _ = dates.find(text, REFERENCE)
    assert time.process_time() - begin < 5


@pytest.mark.parametrize(
    ("text", "last"),
    [
        (
            "Sembilan orang lari pada 1 Desember. Dua hari kemudian lima orang menyusul.",
            "2025-12-03",
        ),
        ("Kloter pertama tiba 1 Desember, kloter kedua sepekan sesudahnya.", "2025-12-08"),
        ("They crossed on December 1. The next day soldiers searched the building.", "2025-12-02"),
        ("Mereka ditahan 1 Desember dan keesokan harinya dilepas.", "2025-12-02"),
        ("The raid was on Dec 1; a week later the rest were moved.", "2025-12-08"),
    ],
)
def test_a_day_may_be_told_from_the_one_before(text: str, last: str) -> None:
    assert str(dates.find(text, REFERENCE)[-1].date_start) == last


def test_later_than_nothing_is_no_date() -> None:
    assert dates.find("Dua hari kemudian mereka dilepas.", REFERENCE) == []


@pytest.mark.parametrize(
    "text",
    [
        "Sampai Senin malam (8/12), ada 64 orang",
        "hingga Rabu (10/12/2025)",
        "a deadline of December 30 for the owners",
        "tenggat hingga 30 Desember",
    ],
)
def test_totals_and_deadlines_run_until_a_day(text: str) -> None:
    assert one(text).bound == "until"


def test_behind_a_quotation_the_day_is_that_of_the_speaker() -> None:
    text = '"Kami usul ada petugas penghubung," kata deputi yang memimpin delegasi, Rabu.'
    assert one(text).is_statement_day


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("sejak operasi membanteras sarang penipuan dilancarkan pada 8 Disember lalu", "since"),
        ("sejak Laos melancarkan razia terhadap sarang judi daring pada 8 Desember, kata polisi", "since"),
        ("since the national drive against scam farms began on December 8", "since"),
        ("Menurut komisi itu, sampai Senin (8/12) ada 900 orang", "until"),
    ],
)  # fmt: skip
def test_the_days_of_a_count_are_not_those_of_a_statement(text: str, bound: str) -> None:
    (found,) = dates.find(text, dt.date(2025, 12, 11))
    assert found.date_start == dt.date(2025, 12, 8)
    assert (found.bound, found.is_statement_day) == (bound, False)


def test_a_weekday_with_this_or_last_gives_way_to_the_date_behind_it() -> None:
    (found,) = dates.find("dijangka pulang pada Khamis ini, 18 Disember", dt.date(2025, 12, 16))
    assert found.date_start == dt.date(2025, 12, 18)


def test_the_day_of_an_act_stays_its_own_before_who_says_it() -> None:
    (found,) = dates.find(
        "32 WNI dideportasi pada Selasa (9/12), kata Kemlu", dt.date(2025, 12, 11)
    )
    assert not found.is_statement_day


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Operasi berlangsung selama Senin (8/12) hingga Rabu (10/12).", 8, 10),
        ("Mereka tiba antara Minggu (7/12) dan Senin (8/12).", 7, 8),
        ("They were flown home on Sunday and Monday.", 7, 8),
    ],
)
def test_neighbouring_days_are_one_stretch(text: str, first: int, last: int) -> None:
    (day,) = dates.find(text, dt.date(2025, 12, 11))
    assert (day.date_start.day, day.date_end.day) == (first, last)
    assert text[day.start : day.end] == day.surface


@pytest.mark.parametrize(
    ("text", "is_statement"),
    [
        ("Sebanyak 64 orang tiba di Batam pada Rabu (10/12), kata kepala balai.", False),
        ("The group landed in Jakarta on Wednesday, said the ministry.", False),
        ("Menteri pada Rabu (10/12) mengatakan 64 orang akan pulang.", True),
        ("Ada 64 orang di sana, kata kepala balai, Rabu (10/12).", True),
    ],
)
def test_a_comma_parts_the_day_of_an_act_from_who_tells_it(text: str, is_statement: bool) -> None:
    (day,) = dates.find(text, dt.date(2025, 12, 11))
    assert day.is_statement_day is is_statement


def test_the_same_day_is_that_of_the_event_before() -> None:
    found = dates.find(
        "Raids began on December 2. An indictment was unsealed the same day.", dt.date(2025, 12, 11)
    )
    assert [item.date_start.day for item in found] == [2, 2]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        # counted back from the day told before
        ("They flew home on 20 May; a day earlier 9 others had come.", "2025-05-19", "2025-05-19"),
        ("On 20 May they asked for help, having fled the previous night.", "2025-05-19", "2025-05-19"),
        ("Ia dipulangkan pada 20 Mei. Delapan hari sebelumnya ia kabur.", "2025-05-12", "2025-05-12"),
        # a day of the month told before
        ("In November the sites were searched; 40 people left on the 28th.", "2025-11-28", "2025-11-28"),
        ("Pada 3 Mei mereka dijemput. Yang lain menyusul tanggal 10.", "2025-05-10", "2025-05-10"),
        # the year that words behind a date give
        ("Gudang itu digeledah pada 9 Februari tahun lalu.", "2024-02-09", "2024-02-09"),
        ("In Lusaka 77 were held in April last year.", "2024-04-01", "2024-04-30"),
        ("Mereka berangkat pada 8 Juli 2022 dan diselamatkan 29 September tahun sama.", "2022-09-29", "2022-09-29"),
        # weeks of a month, parts of this one and the last
        ("Di pekan terakhir Mei 2025 tiga gedung disisir.", "2025-05-25", "2025-05-31"),
        ("In the first week of May they were freed.", "2025-05-01", "2025-05-07"),
        ("Pada awal bulan lalu mereka dilepas.", "2025-11-01", "2025-11-10"),
        # a month lies behind, unless words speak of what is to come
        ("In January the militia let 60 of them go.", "2025-01-01", "2025-01-31"),
        ("They are expected to return in January.", "2026-01-01", "2026-01-31"),
        # weekdays
        ("Serbuan dilakukan antara Jumaat hingga Ahad lalu.", "2025-12-05", "2025-12-07"),
        ("They were caught on Tuesday last week.", "2025-12-02", "2025-12-02"),
        ("Rombongan itu akan terbang Selasa malam pekan depan.", "2025-12-16", "2025-12-16"),
        ("Twelve walked out of the terminal last night.", "2025-12-10", "2025-12-10"),
    ],
)  # fmt: skip
def test_days_told_from_other_days(text: str, first: str, last: str) -> None:
    day = dates.find(text, dt.date(2025, 12, 11))[-1]
    assert (str(day.date_start), str(day.date_end)) == (first, last)


def test_a_day_earlier_than_planned_is_no_day() -> None:
    found = dates.find("They left on Tuesday, a day earlier than planned.", dt.date(2025, 12, 11))
    assert [item.surface for item in found] == ["Tuesday"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Dirjen mengatakan rombongan menumpang kapal nelayan pada Minggu (7/12) dini hari.",
            False,
        ),
        ("Jurucakap berkata, kejadian berlaku pada malam 3 Disember.", False),
        ("Jurucakap berkata kepada pemberita pada Isnin.", True),
        ("The group's spokeswoman said on Tuesday.", True),
        ("Laporan diterima Polres Ciamis pada Selasa (2/12).", False),
    ],
)
def test_an_act_told_behind_a_verb_of_saying_has_its_own_day(text: str, said: bool) -> None:
    (day,) = dates.find(text, dt.date(2025, 12, 11))
    assert day.is_statement_day is said
