"""Merging: which figures of a text tell of one event, and which of several."""

from __future__ import annotations

import datetime as dt

from pipeline.records import EventType
from tests.reading import read


def test_two_batches_are_two_events_and_their_sum_is_none() -> None:
    found = read(
        "Pemulangan 554 WNI dari Myanmar",
        "Pemerintah memulangkan 554 WNI.\nSebanyak 400 WNI tiba di Bandara Soekarno-Hatta pada Senin (8/12). "
        "Sebanyak 154 WNI tiba di Bandara Soekarno-Hatta pada Selasa (9/12).",
    )
    returns = [
        (item.count_best, item.date_start)
        for item in found
        if item.event_type is EventType.REPATRIATION
    ]
    assert sorted(returns, key=str) == [(154, dt.date(2025, 12, 9)), (400, dt.date(2025, 12, 8))]


def test_sites_with_counts_of_their_own_are_events_beside_the_tally() -> None:
    found = read(
        "Over 1,000 arrested since Monday in Cambodia raids",
        "Police have arrested more than 1,000 people since Monday.\nIn Poipet at least 270 people were arrested. "
        "Police in Kratie reported 312 arrests.",
        "en",
    )
    assert {(item.event_type, item.count_best) for item in found} >= {
        (EventType.RAID, 1000), (EventType.RAID, 270), (EventType.RAID, 312),
    }  # fmt: skip


def test_others_who_fared_otherwise_are_another_event() -> None:
    found = read(
        "Sembilan WNI Lompat Pagar di Myawaddy",
        "Sembilan WNI melompat pagar gedung penipuan di Myawaddy, Myanmar, pada 1 Desember. "
        "Dua hari kemudian, lima WNI lain dilepas setelah keluarga membayar tebusan.",
    )
    assert {(item.event_type, item.count_best) for item in found} == {
        (EventType.ESCAPE, 9),
        (EventType.RELEASE_HANDOVER, 5),
    }


def test_those_still_to_come_are_a_batch_of_their_own() -> None:
    found = read(
        "47 WNI Mendarat di Jakarta",
        "Sebanyak 47 WNI dari Myawaddy tiba di Bandara Soekarno-Hatta, Selasa (9/12). "
        "Sebanyak 31 WNI lain dijadwalkan terbang pada Kamis (18/12).",
    )
    assert {(item.count_best, item.is_planned, str(item.date_start)) for item in found} == {
        (47, False, "2025-12-09"),
        (31, True, "2025-12-18"),
    }


def test_a_total_told_behind_a_sweep_is_the_campaign() -> None:
    found = read(
        "Bavet Digerebek, 53 WNI Termasuk di Antara 214 Orang yang Diciduk",
        "Polisi menggerebek dua gedung di Bavet, Kamboja, Selasa (9/12). Operasi nasional dimulai 3 Desember. "
        "Kementerian sebelumnya mengumumkan 640 penangkapan dalam lima hari pertama.",
    )
    assert [item.count_best for item in found] == [214, 640]


def test_the_plan_of_a_further_flight_is_another_return() -> None:
    found = read(
        "After 40 Indonesians return from Cambodia, second charter due Saturday",
        "Another 55 Indonesians will fly home on December 13, the ministry said. Forty Indonesians landed "
        "in Jakarta on December 9.",
        "en",
    )
    days = {item.count_best: item.date_start for item in found}
    assert days == {40: dt.date(2025, 12, 9), 55: dt.date(2025, 12, 13)}


def test_a_group_that_is_said_to_be_another_has_a_return_of_its_own() -> None:
    found = read(
        "25 rakyat Malaysia pulang dari Cambodia",
        "Seramai 25 rakyat Malaysia tiba di KLIA pada 9 Disember. Kumpulan ini berbeza daripada 15 mangsa "
        "yang tiba di KLIA pada 8 Disember.",
        "ms",
    )
    assert {item.count_best for item in found} == {25, 15}
