"""Background: events told beside the main ones, without a figure of their own."""

from __future__ import annotations

import pytest

from pipeline.records import EventType
from tests.reading import only, read


def test_what_befell_the_returned_before_is_an_event_of_its_own() -> None:
    found = read(
        "22 WNI Dipulangkan dari Myanmar",
        "Sebanyak 22 WNI tiba di Bandara Soekarno-Hatta pada Selasa (9/12). "
        "Kelompok itu diserahkan kepada kedutaan pada 1 Desember oleh aparat di Myawaddy.",
    )
    assert [(item.event_type, item.count_best, str(item.date_start)) for item in found] == [
        (EventType.REPATRIATION, 22, "2025-12-09"),
        (EventType.RELEASE_HANDOVER, 22, "2025-12-01"),
    ]


def test_one_person_without_a_figure_is_counted_from_the_words_that_name_them() -> None:
    found = only(
        "Buronan TPPO ditangkap di Batam", "Seorang buronan ditangkap di Batam pada Senin (8/12)."
    )
    assert found.event_type is EventType.ARREST
    assert found.count_best == 1


@pytest.mark.parametrize(
    "aside",
    [
        "Pengelola kawasan mengusir perusahaan itu dengan tenggat pertengahan bulan ini.",
        "Mereka dilepas setelah pengelola kawasan memberi tenggat sampai 15 Desember.",
        "Kasus ini terbongkar setelah ayah seorang korban datang ke polisi pada 1 Desember.",
    ],
)
def test_reasons_told_in_passing_are_no_events(aside: str) -> None:
    found = read(
        "21 WNI Dipulangkan dari Myanmar", f"Sebanyak 21 WNI tiba di Jakarta, Senin (8/12). {aside}"
    )
    assert [item.event_type for item in found] == [EventType.REPATRIATION]
