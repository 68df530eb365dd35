"""Reports: which events an article tells of, with type, day, place and size."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import claims, reports
from pipeline.records import (
    Article,
    Band,
    CountRole,
    DateBasis,
    DatePrecision,
    DocType,
    EventType,
    GeoPrecision,
    Mention,
    MentionKind,
    Relevance,
    Report,
)

DAY = dt.date(2025, 12, 11)
COUNTRIES = {
    "Kamboja": "KHM",
    "Cambodia": "KHM",
    "Myanmar": "MMR",
    "Indonesia": "IDN",
    "Thailand": "THA",
}
TOWNS = {
    "Poipet": "KHM",
    "Kratie": "KHM",
    "Pursat": "KHM",
    "Myawaddy": "MMR",
    "Batam": "IDN",
    "Bavet": "KHM",
}


def article(title: str, body: str, language: str = "id") -> Article:
    return Article(
        article_id="a", url="", canonical_url="", source_id="", outlet="Warta Uji", language=language,
        title=title, text=f"{title}\n{body}", published_date=DAY,
        fetched_at=dt.datetime(2025, 12, 12, tzinfo=dt.UTC), page_sha256="",
    )  # fmt: skip


def relevance(*, relevant: bool = True) -> Relevance:
    return Relevance(
        article_id="a", grade=3 if relevant else 1, score=1, threshold=0.5, relevant=relevant,
        band=Band.ACCEPT, doc_type=DocType.NEWS, model_version="t",
    )  # fmt: skip


def mentions(whole: Article) -> list[Mention]:
    found = []
    for name, country in (COUNTRIES | TOWNS).items():
        start = whole.text.find(name)
        while start >= 0:
            found.append(
                Mention(
                    article_id="a", kind=MentionKind.PLACE, start=start, end=start + len(name), surface=name,
                    canonical_id=f"p.{name}", canonical_name=name, country=country, extractor="t",
                    role="arrival" if country == "IDN" else "event_site", extractor_version="1",
                    geo_precision=GeoPrecision.TOWN if name in TOWNS else GeoPrecision.COUNTRY,
                )
            )  # fmt: skip
            start = whole.text.find(name, start + 1)
    return found


def read(title: str, body: str, language: str = "id") -> list[Report]:
    whole = article(title, body, language)
    places = mentions(whole)
    return reports.read(whole, relevance(), places, claims.read(whole, places))


def only(title: str, body: str, language: str = "id") -> Report:
    found = [item for item in read(title, body, language) if item.salience == "main"]
    assert len(found) == 1, [(item.event_type, item.count_best) for item in found]
    return found[0]


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


def test_one_person_without_a_figure_is_counted_from_the_words_that_name_them() -> None:
    found = only(
        "Buronan TPPO ditangkap di Batam", "Seorang buronan ditangkap di Batam pada Senin (8/12)."
    )
    assert found.event_type is EventType.ARREST
    assert found.count_best == 1


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


def test_cases_of_a_year_are_no_complaint() -> None:
    assert not read(
        "KBRI Tangani 3.905 Kasus Penipuan Daring di Kamboja",
        "KBRI menangani 3.905 kasus warga yang terjerat penipuan daring sepanjang 2024.",
    )


def test_each_figure_of_a_sentence_has_its_own_place_and_day() -> None:
    found = read(
        "Kamboja Tahan 2.730 Orang dalam Operasi Nasional",
        "Polisi menahan 2.730 orang dalam operasi yang dimulai 1 Desember.\n"
        "Penggerebekan terbesar terjadi di Poipet pada 3 Desember dengan 418 orang dan di Bavet pada 9 Desember dengan 587 orang.",
    )
    told = {item.count_best: (item.place_name, str(item.date_start)) for item in found}
    assert told[418] == ("Poipet", "2025-12-03")
    assert told[587] == ("Bavet", "2025-12-09")


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


def test_a_total_told_behind_a_sweep_is_the_campaign() -> None:
    found = read(
        "Bavet Digerebek, 53 WNI Termasuk di Antara 214 Orang yang Diciduk",
        "Polisi menggerebek dua gedung di Bavet, Kamboja, Selasa (9/12). Operasi nasional dimulai 3 Desember. "
        "Kementerian sebelumnya mengumumkan 640 penangkapan dalam lima hari pertama.",
    )
    assert [item.count_best for item in found] == [214, 640]


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


def test_people_held_with_access_asked_for_are_in_detention() -> None:
    body = "Polisi menahan 43 WNI. KBRI mengajukan akses kekonsuleran ke rumah tahanan di Poipet."
    assert only("Puluhan WNI ditahan di Kamboja", body).event_type is EventType.DETENTION
    raided = "Polisi menggerebek gedung dan menahan 43 WNI. KBRI meminta akses kekonsuleran."
    assert only("Puluhan WNI ditahan di Kamboja", raided).event_type is EventType.RAID


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
