"""Mechanisms that carry over to texts nobody has seen: invented sentences in Indonesian, Malay and English."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline import cues, numbers
from pipeline.records import CountRole, EventType
from tests.reading import only, read


@pytest.mark.parametrize(
    ("text", "is_complaint"),
    [
        ("Two brothers had been registered at both gates.", False),
        ("The embassy registered 40 men.", True),
        ("Thai troops received 90 people from the militia's park.", False),
        ("The consulate received 90 people.", True),
    ],
)
def test_taking_in_is_a_complaint_only_at_a_desk(text: str, is_complaint: bool) -> None:
    found = {cue.event_type for cue in cues.find(text)}
    assert (EventType.COMPLAINT in found) is is_complaint


@pytest.mark.parametrize(
    ("title", "body", "language"),
    [
        ("Militia passes 52 foreigners to Thai army", "The militia on Tuesday gave up 52 people who had worked in a scam park in Myawaddy.", "en"),
        ("Militia hands 52 foreigners from a scam park near the river to Thai army", "A militia on Tuesday handed 52 foreigners who had toiled in a scam park in Myawaddy to Thai soldiers.", "en"),
        ("52 orang menyeberang dari Myawaddy", "Penyerahan oleh milisi itu berlangsung Selasa (9/12); 52 orang menyeberang ke Thailand dari kompleks penipuan.", "id"),
        ("52 warga asing diserahkan milisi", "Milisi menyerahkan 52 warga asing dari pusat scam di Myawaddy kepada tentera Thailand pada Selasa.", "ms"),
    ],
)  # fmt: skip
def test_who_is_passed_from_a_militia_to_an_army_is_handed_over(
    title: str, body: str, language: str
) -> None:
    found = only(title, body, language)
    assert (found.event_type, found.count_best) == (EventType.RELEASE_HANDOVER, 52)
    assert found.date_start == dt.date(2025, 12, 9)


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("Bareskrim ciduk suami istri perekrut.", 2),
        ("Polis tahan suami isteri di Bavet.", 2),
        ("14 insan ditahan.", 14),
        ("14 bakal buruh dicegah.", 14),
    ],
)
def test_couples_and_rare_nouns_are_persons(text: str, best: int) -> None:
    assert [item.best for item in numbers.find(text) if item.is_persons] == [best]


@pytest.mark.parametrize(
    "text",
    [
        "Pemulangan tahap dua WNI itu lancar.",
        "Tahun 2024 Filipina memulangkan banyak orang.",
        "Tidak ada hubungan suami istri di antara mereka.",
    ],
)
def test_an_ordinal_a_year_and_marital_relations_count_nobody(text: str) -> None:
    assert not [item for item in numbers.find(text) if item.is_persons]


def test_a_figure_behind_the_colon_of_a_headline_is_read() -> None:
    found = read(
        "Polisi: 64 ditangkap, 9 diselamatkan di Poipet",
        "Polisi menggerebek kantor penipuan daring di Poipet, Selasa (9/12), menangkap 64 orang dan menyelamatkan 9 orang.",
    )
    assert found[0].count_best == 64


def test_the_sentence_that_says_when_it_happened_dates_the_event() -> None:
    found = only(
        "Enam WNI Kabur dari Myawaddy",
        "Enam WNI kabur dari kompleks penipuan daring di Myawaddy. Kejadiannya terjadi Minggu (7/12), "
        "ujar seorang yang lolos, Rabu (10/12).",
    )
    assert found.date_start == dt.date(2025, 12, 7)


def test_that_operation_has_the_day_of_the_sentence_before() -> None:
    found = read(
        "Kamboja Deportasi 21 WNI",
        "Kamboja mendeportasi 21 WNI bekas pekerja penipuan daring, Selasa (9/12). "
        "Penggerebekan di Poipet dilakukan pada 4 November. Dalam operasi itu 210 orang dibekuk.",
    )
    raids = [item for item in found if item.event_type is EventType.RAID]
    assert [(item.count_best, item.date_start) for item in raids] == [(210, dt.date(2025, 11, 4))]


def test_months_and_figures_of_one_list_are_batches() -> None:
    found = read(
        "27 Malaysians land in Penang",
        "Twenty-seven Malaysians held in a scam park in Myawaddy flew into Penang on Tuesday. "
        "The earlier flights, in June and August, brought 31 and 12 people.",
        "en",
    )
    returns = [(item.count_best, item.date_start) for item in found if item.event_type is EventType.REPATRIATION]  # fmt: skip
    assert returns == [
        (27, dt.date(2025, 12, 9)),
        (31, dt.date(2025, 6, 1)),
        (12, dt.date(2025, 8, 1)),
    ]


def test_who_misses_the_flight_home_is_not_kept_from_leaving() -> None:
    found = read(
        "30 WNI Pulang dari Kamboja",
        "Sebanyak 30 WNI korban penipuan daring tiba di Jakarta, Selasa (9/12). Dua orang batal terbang pada Senin (8/12) karena demam.",
    )
    assert [item.event_type for item in found] == [EventType.REPATRIATION]


@pytest.mark.parametrize(
    ("title", "body", "language"),
    [
        ("Tiga Pemuda Diduga Disekap di Bavet", "Tiga pemuda hilang kontak setelah berangkat ke Kamboja. Keluarga menduga mereka disekap sindikat penipuan daring. Selasa (9/12), orang tua mereka melapor ke Polres setempat.", "id"),
        ("Tiga pemuda dipercayai dikurung sindiket di Bavet", "Tiga pemuda hilang selepas ke Kemboja dan dipercayai dikurung oleh sindiket. Pada Selasa ibu mereka membuat laporan polis.", "ms"),
    ],
)  # fmt: skip
def test_the_report_of_a_family_at_home_is_the_event(title: str, body: str, language: str) -> None:
    found = only(title, body, language)
    assert (found.event_type, found.date_start) == (EventType.COMPLAINT, dt.date(2025, 12, 9))


def test_two_states_that_sanction_are_two_events() -> None:
    found = read(
        "US blacklists landlord of scam compound in Myanmar",
        "The US Treasury on Tuesday imposed sanctions on a landlord in Myanmar over cyber scam compounds. "
        "The step freezes property. Britain announced similar measures on the same day.",
        "en",
    )
    assert [(item.event_type, item.event_country) for item in found] == [
        (EventType.SANCTION, "USA"),
        (EventType.SANCTION, "GBR"),
    ]


def test_the_dead_of_a_riot_are_counted_in_it() -> None:
    found = only(
        "Ratusan Pekerja Jebol Gerbang di Bavet, Tiga Tewas",
        "Kericuhan pecah di kompleks penipuan daring di Bavet, Minggu (7/12). Ratusan pekerja asing menjebol gerbang. "
        "Tiga orang tewas terinjak.",
    )
    assert found.event_type is EventType.UNREST
    assert found.count_best is None or found.headline_role is not CountRole.DEAD


def test_the_last_group_of_several_handovers_is_among_their_total() -> None:
    found = only(
        "140 people crossed from Myawaddy so far, Thai army says",
        "The count over three handovers of people from a scam park in Myawaddy since Friday is now 140 people. "
        "The last group, on Tuesday, had 31 people.",
        "en",
    )
    assert (found.event_type, found.count_best) == (EventType.RELEASE_HANDOVER, 140)


def test_parts_of_a_total_over_months_are_no_event() -> None:
    found = read(
        "71 held in scam hub in Bavet",
        "Police raided a scam hub in Bavet on Tuesday and held 71 people. In the first ten months of 2025, "
        "operations ended with 2,410 foreigners in custody, of whom 980 had been deported by the end of November.",
        "en",
    )
    assert EventType.DEPORTATION not in {item.event_type for item in found}
    assert found[0].count_best == 71
