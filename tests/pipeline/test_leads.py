"""Leads: which event headline and lead are about."""

from __future__ import annotations

import datetime as dt

from pipeline.records import CountRole, EventType
from tests.reading import only, read


def test_what_opens_a_headline_had_come_before_its_verb() -> None:
    found = only(
        "Kabur dari Myanmar, 148 WNI Padati KBRI",
        "Sebanyak 148 WNI mengetuk pintu kedutaan sejak 5 Desember usai angkat kaki dari kantor penipuan.",
    )
    assert (found.event_type, found.headline_role) == (EventType.COMPLAINT, CountRole.COMPLAINANT)
    assert found.date_start == dt.date(2025, 12, 5)


def test_a_bare_participle_only_says_who_the_people_are() -> None:
    found = only(
        "Cambodia puts 87 scam workers on plane out",
        "Eighty-seven foreigners caught working for a scam ring were flown out of the country on Tuesday.",
        "en",
    )
    assert (found.event_type, found.count_best) == (EventType.DEPORTATION, 87)


def test_people_held_with_access_asked_for_are_in_detention() -> None:
    body = "Polisi menahan 43 WNI. KBRI mengajukan akses kekonsuleran ke rumah tahanan di Poipet."
    assert only("Puluhan WNI ditahan di Kamboja", body).event_type is EventType.DETENTION
    raided = "Polisi menggerebek gedung dan menahan 43 WNI. KBRI meminta akses kekonsuleran."
    assert only("Puluhan WNI ditahan di Kamboja", raided).event_type is EventType.RAID


def test_cases_of_a_year_are_no_complaint() -> None:
    assert not read(
        "KBRI Tangani 3.905 Kasus Penipuan Daring di Kamboja",
        "KBRI menangani 3.905 kasus warga yang terjerat penipuan daring sepanjang 2024.",
    )
