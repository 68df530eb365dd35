"""Reports: which events an article tells of, with type, day, place and size."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import claims, reports, statistics
from pipeline.records import CountRole, DateBasis, DatePrecision, EventType
from tests.reading import DAY, article, mentions, only, read, relevance


def test_a_return_home() -> None:
    found = only(
        "21 WNI Dipulangkan dari Myanmar",
        "Sebanyak 21 WNI tiba di Bandara Soekarno-Hatta pada Senin (8/12). Mereka disekap di Myawaddy.",
    )
    assert found.event_type is EventType.REPATRIATION
    assert (found.count_best, found.headline_role) == (21, CountRole.REPATRIATED)
    assert (found.date_start, found.date_precision) == (dt.date(2025, 12, 8), DatePrecision.DAY)
    assert found.event_country == "MMR"  # the state that people leave
    assert not found.is_cumulative


@pytest.mark.parametrize(
    ("title", "body", "language", "event", "best", "role"),
    [
        ("61 WNI Ditangkap di Kamboja", "Polisi menggerebek markas penipuan daring di Poipet dan menangkap 61 WNI.",
         "id", EventType.RAID, 61, CountRole.ARRESTED),
        ("Dua Perekrut WNI Ditangkap di Batam", "Polisi menangkap dua perekrut pekerja ke Kamboja.",
         "id", EventType.ARREST, 2, CountRole.ARRESTED),
        ("308 WNI Melapor ke KBRI", "Sebanyak 308 WNI melapor ke KBRI setelah keluar dari sindikat di Kamboja.",
         "id", EventType.COMPLAINT, 308, CountRole.COMPLAINANT),
        ("Petugas Gagalkan Keberangkatan 10 WNI ke Kamboja", "Petugas menggagalkan keberangkatan 10 orang di Batam.",
         "id", EventType.INTERDICTION, 10, CountRole.INTERDICTED),
        ("Kericuhan di Kompleks Scam Kamboja", "Sebanyak 110 WNI melarikan diri saat kericuhan di kompleks itu.",
         "id", EventType.UNREST, 110, CountRole.ESCAPED),
        ("Tiga Terdakwa TPPO Divonis", "Tiga terdakwa divonis empat tahun penjara di Batam.",
         "id", EventType.VERDICT, 3, CountRole.CONVICTED),
        ("Police rescue 45 workers in Cambodia", "Officers rescued 45 workers from a building in Bavet on Tuesday.",
         "en", EventType.RESCUE, 45, CountRole.RESCUED),
        ("Over 1,000 flee scam zone in Myanmar", "By Wednesday 1,049 people had fled the compound in Myawaddy.",
         "en", EventType.ESCAPE, 1049, CountRole.ESCAPED),
    ],
)  # fmt: skip
def test_event_types_and_their_headline_figures(
    title: str, body: str, language: str, event: EventType, best: int, role: CountRole
) -> None:
    found = only(title, body, language)
    assert found.event_type is event
    assert (found.count_best, found.headline_role) == (best, role)


def test_a_release_told_with_the_flight_home_is_one_return() -> None:
    found = only(
        "40 WNI keluar dari Myawaddy",
        "Sebanyak 40 WNI dikeluarkan dari Myawaddy pada Senin (8/12).\nSeluruhnya tiba di Bandara "
        "Soekarno-Hatta pada Selasa (9/12).",
    )
    assert found.event_type is EventType.REPATRIATION
    assert found.count_best == 40


def test_a_rescue_and_the_return_of_some_are_two_events() -> None:
    found = read(
        "110 WNI Melarikan Diri di Kamboja, 67 Segera Pulang",
        "Sebanyak 110 WNI melarikan diri dari kompleks itu pada 17 November 2025.\nSebanyak 67 orang dijadwalkan "
        "kembali ke Indonesia pada 14 Desember 2025.",
    )
    told = {item.event_type: item for item in found}
    assert told[EventType.ESCAPE].count_best == 110
    assert told[EventType.ESCAPE].date_start == dt.date(2025, 11, 17)
    assert told[EventType.REPATRIATION].count_best == 67
    assert told[EventType.REPATRIATION].date_start == dt.date(2025, 12, 14)
    assert told[EventType.REPATRIATION].is_planned


def test_a_running_total_over_months_is_no_event() -> None:
    found = read(
        "21 WNI Dipulangkan",
        "Sebanyak 21 WNI tiba di Indonesia pada Senin (8/12).\nSejak 2020 sebanyak 5.118 WNI dipulangkan.",
    )
    assert [item.count_best for item in found] == [21]


def test_the_two_suspects_of_a_foiled_departure_are_part_of_it() -> None:
    found = read(
        "Polisi Gagalkan Keberangkatan 10 WNI",
        "Polisi menggagalkan keberangkatan 10 orang di Batam. Dua tersangka ikut ditangkap.",
    )
    assert [item.event_type for item in found] == [EventType.INTERDICTION]
    assert {claim.best for claim in found[0].claims} >= {10, 2}


def test_the_day_of_the_statement_is_not_the_day_of_the_event() -> None:
    found = only(
        "61 WNI Ditangkap",
        "Polisi menangkap 61 WNI, kata juru bicara di Jakarta, Selasa (9/12). Penggerebekan di Poipet itu "
        "berlangsung pada 27 November 2025.",
    )
    assert found.date_start == dt.date(2025, 11, 27)


def test_without_any_date_publication_is_an_upper_bound() -> None:
    found = only("61 WNI Ditangkap", "Polisi menangkap 61 WNI di Poipet.")
    assert found.date_start == DAY
    assert found.date_basis is DateBasis.PUBLICATION_UPPER_BOUND
    assert found.date_precision is DatePrecision.WITHIN_WEEK


def test_a_denied_event_is_none() -> None:
    assert read("Kabar Kamboja", "Pejabat menegaskan tidak ada WNI yang ditangkap.") == []


def test_an_irrelevant_article_yields_none() -> None:
    whole = article("21 WNI Dipulangkan", "Sebanyak 21 WNI dipulangkan.")
    assert reports.read(whole, relevance(relevant=False), [], claims.read(whole, [])) == []


PIECES = st.sampled_from(
    ["21 WNI", "dipulangkan", "ditangkap", "di Poipet", "pada Senin (8/12)", "sejak 2020", ".", ",", "\n", "110 orang",
     "melarikan diri", "kericuhan", "kata juru bicara", "akan", "400", "67 dari 110", "Kamboja", "were arrested",
     "gelombang kedua", "tiba di Bandara Soekarno-Hatta"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_evidence_is_cited_and_ids_are_stable(body: str) -> None:
    whole = article("21 WNI ditangkap di Kamboja", body)
    places = mentions(whole)
    ledger = claims.read(whole, places)
    found = reports.read(whole, relevance(), places, ledger)
    assert found == reports.read(whole, relevance(), places, ledger)
    assert len({item.report_id for item in found}) == len(found)
    for item in found:
        assert item.evidence
        for span in item.evidence:
            assert whole.text[span.start : span.end] == span.surface
        assert item.date_start is None or item.date_end is None or item.date_start <= item.date_end
        heads = [claim for claim in item.claims if claim.is_headline]
        assert len(heads) <= 1
        if item.count_best is not None:
            assert heads[0].best == item.count_best


def test_each_figure_of_a_sentence_has_its_own_place_and_day() -> None:
    found = read(
        "Kamboja Tahan 2.730 Orang dalam Operasi Nasional",
        "Polisi menahan 2.730 orang dalam operasi yang dimulai 1 Desember.\n"
        "Penggerebekan terbesar terjadi di Poipet pada 3 Desember dengan 418 orang dan di Bavet pada 9 Desember dengan 587 orang.",
    )
    told = {item.count_best: (item.place_name, str(item.date_start)) for item in found}
    assert told[418] == ("Poipet", "2025-12-03")
    assert told[587] == ("Bavet", "2025-12-09")


def test_a_nations_share_of_a_campaign_is_the_headline_and_keeps_its_whole() -> None:
    found = only(
        "58 rakyat Malaysia antara 2,655 diberkas di Cambodia",
        "Seramai 58 rakyat Malaysia dikesan dalam kalangan 2,655 individu yang diberkas sejak operasi "
        "membanteras pusat penipuan dilancarkan pada 1 Disember lalu.",
        "ms",
    )
    assert (found.event_type, found.count_best, found.is_cumulative) == (EventType.RAID, 58, True)
    assert found.date_start == dt.date(2025, 12, 1)
    assert 2655 in {claim.best for claim in found.claims}


@pytest.mark.parametrize(
    ("title", "body", "language"),
    [
        ("Satgas Tangani Kasus Penipuan Daring",
         "Sepanjang 2024 satgas mengungkap 397 kasus TPPO dan penipuan daring di Kamboja. Jumlah korban yang diselamatkan mencapai 904 orang.",
         "id"),
        ("574 masih terkandas di pusat scam",
         "Kementerian menerima 3,157 laporan penipuan tawaran kerja dari 2021 hingga Oktober 2025. Daripada jumlah itu, 2,583 mangsa telah dibawa pulang dari Kamboja.",
         "ms"),
        ("UN office: 120,000 people held in scam centres of Myanmar",
         "At least 120,000 people across Myanmar may be held in scam compounds, the office estimated.", "en"),
    ],
)  # fmt: skip
def test_a_total_over_a_long_period_is_no_event(title: str, body: str, language: str) -> None:
    whole = article(title, body, language)
    places = mentions(whole)
    ledger = claims.read(whole, places)
    totals = statistics.read(whole, relevance(), places, ledger)
    assert len(totals) >= 1
    found = reports.read(whole, relevance(), places, ledger, totals)
    assert [(item.event_type, item.count_best) for item in found if item.count_best] == []


def test_a_campaign_is_told_by_its_running_total() -> None:
    whole = article(
        "Cambodia sweep: 2,310 held",
        "Police have arrested 2,310 people in Cambodia since a nationwide crackdown on scam hubs began on Oct. 2.",
        "en",
    )
    places = mentions(whole)
    ledger = claims.read(whole, places)
    totals = statistics.read(whole, relevance(), places, ledger)
    assert [row.value for row in totals] == [2310]
    (found,) = reports.read(whole, relevance(), places, ledger, totals)
    assert (found.event_type, found.count_best) == (EventType.RAID, 2310)


@pytest.mark.parametrize(
    ("title", "body", "language", "day"),
    [
        ("Malaysian dies in scam compound in Cambodia",
         "The body of a man who died in a compound in Bavet came home on Wednesday. Police recorded the death on November 25.",
         "en", dt.date(2025, 11, 25)),
        ("Pekerja Meninggal di Kamboja",
         "Jenazah seorang pekerja tiba di tanah air pada Rabu (10/12). Ia meninggal di Bavet pada 25 November.",
         "id", dt.date(2025, 11, 25)),
    ],
)  # fmt: skip
def test_a_day_is_that_of_the_verb_beside_it(
    title: str, body: str, language: str, day: dt.date
) -> None:
    found = next(item for item in read(title, body, language) if item.event_type is EventType.DEATH)
    assert (found.date_start, found.count_best) == (day, 1)


@pytest.mark.parametrize(
    ("title", "body", "language"),
    [
        ("Kericuhan di Bavet", "Kericuhan pecah di Bavet, Kamboja, Selasa (9/12). Sekitar 60 WNI melempari pos jaga.", "id"),
        ("Riot in Bavet", "A riot broke out in Bavet, Cambodia on Tuesday. Some 60 Indonesians smashed a guard post.", "en"),
    ],
)  # fmt: skip
def test_those_who_riot_where_they_are_held_are_victims(
    title: str, body: str, language: str
) -> None:
    found = only(title, body, language)
    assert found.event_type is EventType.UNREST
    assert (found.headline_role, found.count_best) == (CountRole.VICTIM, 60)


@pytest.mark.parametrize(
    ("body", "language"),
    [
        ("Polisi menangkap 5 perekrut di Batam. Penerbangan bersama direncanakan Senin (15/12) dengan 85 penumpang dari Kamboja.", "id"),
        ("Since December 1 the embassy has registered 731 people who asked for help in Cambodia. A flight with 85 people is planned for December 15.", "en"),
    ],
)  # fmt: skip
def test_a_flight_that_is_planned_is_a_return_to_come(body: str, language: str) -> None:
    found = next(
        item
        for item in read("Kabar dari Kamboja", body, language)
        if item.event_type is EventType.REPATRIATION
    )
    assert (found.count_best, found.is_planned, found.date_start) == (
        85,
        True,
        dt.date(2025, 12, 15),
    )
