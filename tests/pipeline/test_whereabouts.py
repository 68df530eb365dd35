"""Whereabouts: in which country an event happened."""

from __future__ import annotations

import pytest

from tests.reading import only


@pytest.mark.parametrize(
    ("title", "body", "language", "country"),
    [
        ("Vietnamese court jails nine recruiters", "Nine recruiters were jailed on Monday for selling workers to Bavet.", "en", "VNM"),
        ("Tiga Agen Dibekuk", "Polisi membekuk tiga agen yang mengirim 26 warga ke Bavet, Kamboja.", "id", "IDN"),
        ("Thailand deports 112 foreigners", "Thailand deported 112 foreigners from Poipet on Monday.", "en", "THA"),
        ("Polis tahan tujuh ejen", "Polis menahan tujuh ejen yang merekrut belia ke Poipet.", "ms", "MYS"),
    ],
)  # fmt: skip
def test_police_and_courts_say_where_it_happened(
    title: str, body: str, language: str, country: str
) -> None:
    assert only(title, body, language).event_country == country


def test_the_finest_place_named_with_the_event_is_where_it_happened() -> None:
    found = only(
        "Polisi Kamboja menahan 61 WNI",
        "Polisi menggerebek gedung di Poipet, Kamboja, dan menangkap 61 WNI. Mereka berangkat dari Batam.",
    )
    assert (found.event_country, found.place_name, found.destination_country) == (
        "KHM",
        "Poipet",
        "KHM",
    )
