"""Mentions of whole articles: invented ones, the trip to Cambodia in our own words, then properties."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.mentions import load
from pipeline import mentions, places
from pipeline.protocols import TaggedSpan
from pipeline.records import Article, Mention, MentionKind
from tests.factories import make_article


def find(text: str, **fields: object) -> list[Mention]:
    return mentions.find(make_article(text, **fields), load())  # type: ignore[arg-type]


def of(found: Sequence[Mention], kind: MentionKind) -> list[Mention]:
    return [item for item in found if item.kind is kind]


def values(found: Sequence[Mention], kind: MentionKind) -> list[tuple[str, str | None]]:
    return [(item.surface, item.canonical_id) for item in of(found, kind)]


VISIT = """Delegasi Indonesia Bahas Nasib WNI di Kamboja
Rombongan Kemenko Polhukam bertandang ke Kamboja pekan lalu. Pelatihan akan diberikan kepada Kepolisian dan Satgas TPPO Kamboja.
Rombongan melihat layanan di KBRI Phnom Penh. Kasus judi online naik dari 15 kasus pada 2020 menjadi 1.386 kasus pada 2023.
Baca juga: Polda Metro Jaya Bongkar Jaringan di Medan"""


def test_a_visit_names_its_agencies_and_no_seat_is_an_event_place() -> None:
    found = find(VISIT)
    assert [agency for _, agency in values(found, MentionKind.AGENCY)] == [
        "id.polhukam", "kh.cnp", "kh.ncct", "id.kbri-phnompenh",
    ]  # fmt: skip
    roles = {item.surface: item.role for item in of(found, MentionKind.PLACE)}
    assert roles["Phnom Penh"] == "agency_seat"
    assert "Medan" not in roles  # the line that points elsewhere is not read
    assert not of(found, MentionKind.PERSON_COUNT)  # cases are not persons


RETURN = """Dijanjikan Gaji Rp15 Juta, 12 Warga Malaysia Pulang dari Poipet
Sebanyak 12 warga negara Malaysia tiba pada 3 September 2026. Mereka tergiur lowongan di Telegram sebagai layanan pelanggan dengan gaji US$900 per bulan.
Paspor mereka disita, dan keluarga diminta tebusan 20.000 ringgit agar dapat pulang. Mereka dipaksa menipu lewat judi online."""


def test_a_return_names_persons_money_channel_job_and_means() -> None:
    found = find(RETURN)
    persons = of(found, MentionKind.PERSON_COUNT)
    assert [(item.surface, item.canonical_id, item.country) for item in persons] == [
        ("12", "12", "MYS"),
        ("12", "12", "MYS"),
    ]
    money = {item.surface: (item.canonical_id, item.role) for item in of(found, MentionKind.MONEY)}
    assert money["US$900"] == ("USD 900/month", "promised_pay")
    assert money["20.000 ringgit"] == ("MYR 20000", "ransom")
    assert money["Rp15 Juta"] == ("IDR 15000000", "promised_pay")
    assert ("3 September 2026", "2026-09-03") in values(found, MentionKind.DATE)
    assert ("Telegram", "telegram") in values(found, MentionKind.CHANNEL)
    assert "customer_service" in [key for _, key in values(found, MentionKind.OFFERED_JOB)]
    assert "withholds_documents" in [key for _, key in values(found, MentionKind.CONTROL_MEANS)]
    assert "online_gambling" in [key for _, key in values(found, MentionKind.SCAM_TYPE)]
    assert {key for _, key in values(found, MentionKind.NATIONALITY)} == {"MYS"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Raid frees dozens\nPolice found 31 Chinese, two Kenyans and a Vietnamese worker.", ["CHN", "KEN", "VNM"]),
        ("Raid\nA Chinese-run firm and a Thai court were named.", []),
        ("Razia\nPetugas menahan WN China dan warga negara Filipina.", ["CHN", "PHL"]),
        ("Razia\nDirektur Pelindungan WNI hadir.", []),
    ],
)  # fmt: skip
def test_nationalities_need_a_person(text: str, expected: list[str]) -> None:
    language = "en" if text.startswith("Raid") else "id"
    found = values(find(text, language=language), MentionKind.NATIONALITY)
    assert [code for _, code in found] == expected


def test_a_fine_is_no_pay() -> None:
    (money,) = of(find("Vonis\nHakim menjatuhkan denda Rp200 juta."), MentionKind.MONEY)
    assert money.role is None


def test_a_date_span_is_an_interval() -> None:
    found = find("Tren\nLaporan masuk sepanjang Januari hingga Maret 2026.")
    assert "2026-01-01/2026-03-31" in [day for _, day in values(found, MentionKind.DATE)]


class SilentTagger:
    """A tagger that proposes nothing."""

    version = "silent"

    def tag(self, text: str, language: str) -> list[TaggedSpan]:
        return []


def test_what_needs_no_tagger_is_found_without_names() -> None:
    found = mentions.find(make_article(RETURN), SilentTagger())
    assert of(found, MentionKind.MONEY)
    assert of(found, MentionKind.PERSON_COUNT)
    assert not of(found, MentionKind.PLACE)


# --- properties --------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        "12", "WNI", "Polres", "Dumai", "KBRI", "Yangon", "dan", "Bangkok", "US$", "900", "per bulan", ".", "\n", "Rp",
        "15 juta", "Kamis", "(3/9/2026)", "gaji", "dari", "Myawaddy", "Baca juga: Polda Bali", "Chinese", "warga negara",
        "Malaysia", "judi online", "Telegram", "ratusan", "tebusan", "20.000 ringgit", "Thai police", "👍🏽", "ก", "é",
    ]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.lists(PIECES, min_size=1, max_size=30).map(" ".join) | st.text(min_size=1, max_size=100),
    st.sampled_from(["id", "en", "ms", "und"]),
)
def test_every_mention_is_its_stretch_of_text_and_none_repeats(text: str, language: str) -> None:
    article: Article = make_article(f"Judul\n{text}", language=language)
    found = mentions.find(article, load())
    keys = [(item.kind, item.start, item.end, item.role) for item in found]
    assert len(keys) == len(set(keys))
    order = [(item.start, item.end, item.kind) for item in found]
    assert order == sorted(order)
    for item in found:
        assert item.start < item.end
        assert article.text[item.start : item.end] == item.surface
        assert item.article_id == article.article_id
    agencies = [(m.start, m.end) for m in found if m.kind is MentionKind.AGENCY]
    for item in of(found, MentionKind.PLACE):
        if any(start <= item.start and item.end <= end for start, end in agencies):
            assert item.role == "agency_seat"
    assert found == mentions.find(article, load())


def test_reference_day_resolves_dates() -> None:
    article = make_article("Kabar\nMereka tiba kemarin.", published="2026-09-04")
    assert article.reference_date == dt.date(2026, 9, 4)
    assert ("kemarin", "2026-09-03") in values(mentions.find(article, load()), MentionKind.DATE)


def test_the_outlets_country_is_home_where_it_sends_workers() -> None:
    class Spy:
        version = "t"

        def tag(self, text: str, language: str) -> list[TaggedSpan]:
            return []

    homes: list[str] = []
    real = places.read

    def read(*args: object, home: str, **fields: object) -> list[object]:
        homes.append(home)
        return []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(places, "read", read)
        for country in ("MYS", "PHL", "IDN", "SGP", None):
            mentions.find(make_article("Rakyat pulang", country=country), Spy())
    assert homes == ["MYS", "PHL", "IDN", "IDN", "IDN"]
    assert places.read is real
