"""Which names are places, which places they are and what they do in the text."""

from __future__ import annotations

import csv
import gzip
import importlib.resources
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.mentions import build_gazetteer
from pipeline import places
from pipeline.places import PlaceReading
from pipeline.protocols import TaggedSpan
from pipeline.records import GeoPrecision, MentionKind, PlaceRole


def read(
    text: str, language: str = "id", title: str = "", agencies: tuple[str, ...] = ()
) -> list[PlaceReading]:
    """Read a text whose candidates come from a plain word walk over the gazetteer."""
    whole = f"{title}\n{text}" if title else text
    spans = list(places.spans_of(whole))
    seats = [(at, at + len(name)) for name in agencies if (at := whole.find(name)) >= 0]
    return places.read(whole, spans, language=language, title_end=len(title), agency_spans=seats)


def found(text: str, language: str = "id", title: str = "") -> list[tuple[str, str]]:
    return [
        (item.surface, item.place.place_id) for item in read(text, language, title) if item.place
    ]


def roles(
    text: str, language: str = "id", title: str = "", agencies: tuple[str, ...] = ()
) -> set[tuple[str, str]]:
    return {(item.surface, item.role.value) for item in read(text, language, title, agencies)}


# --- the gazetteer ---------------------------------------------------------------------------------


def test_every_place_stands_in_known_places_up_to_a_country() -> None:
    ids = {key for listed in places.names().values() for key in listed}
    for key in ids:
        place = places.get(key)
        assert place is not None
        seen = {key}
        while place.parent_id is not None:
            assert place.parent_id not in seen, key
            seen.add(place.parent_id)
            parent = places.get(place.parent_id)
            assert parent is not None, place.parent_id
            place = parent
        assert place.precision in {GeoPrecision.COUNTRY, GeoPrecision.REGION}, key


def test_ids_begin_with_the_country_and_coordinates_lie_on_earth() -> None:
    for listed in places.names().values():
        for key in listed:
            place = places.get(key)
            assert place is not None
            assert key == key.lower()
            assert len(key.split(".")[0]) == 2
            assert (place.country is None) == key.startswith("xx.")
            if place.lat is not None and place.lon is not None:
                assert -90 <= place.lat <= 90
                assert -180 <= place.lon <= 180
            if place.country == "IDN" and place.kind in {"regency", "city"}:
                assert place.lat is not None, key


@pytest.mark.parametrize(
    ("name", "place_id"),
    [
        ("Kamboja", "kh"),
        ("Kemboja", "kh"),
        ("Filipina", "ph"),
        ("Tiongkok", "cn"),
        ("Sumut", "id.sumatera-utara"),
        ("North Sumatra", "id.sumatera-utara"),
        ("Jabar", "id.jawa-barat"),
        ("NTT", "id.nusa-tenggara-timur"),
        ("Kampung Som", "kh.sihanoukville"),
        ("Shwe Koko", "mm.shwekokko"),
        ("Chrey Thum", "kh.chreythom"),
        ("Maesot", "th.maesot"),
        ("妙瓦底", "mm.myawaddy"),
        ("ปอยเปต", "kh.poipet"),
        ("Soetta", "id.soetta"),
        ("Kualanamu International Airport", "id.kualanamu"),
        ("Techo International Airport", "kh.techo"),
        ("Bandara Internasional Juanda", "id.juanda"),
        ("Harbour Bay", "id.harbourbay"),
        ("Solo", "id.surakarta"),
        ("Jakarta", "id.jakarta"),
        ("Bekasi", "id.bekasi"),
    ],
)
def test_names_of_the_press_lead_to_one_place(name: str, place_id: str) -> None:
    assert places.names().get(name, ("",))[0] == place_id


def test_public_tables_name_no_place_finer_than_the_second_level() -> None:
    for listed in places.names().values():
        for key in listed:
            place = places.get(key)
            assert place is not None
            coarse = places.get(place.coarse_id)
            assert coarse is not None
            assert coarse.precision is not GeoPrecision.SITE or coarse.parent_id is None
            assert coarse.kind not in {"ward", "village"}


# --- what is a place -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Mereka Tak tahu ke mana akan dibawa.",
        "Korban tak bisa pulang. Tak ada yang menolong mereka.",
        "Muse band tampil lagi; the Muse of history smiled.",
        "Pemain solo itu terpilih. Solo karier ditempuhnya.",
        "Dua warga negara Indonesia dan seorang WN China diperiksa.",
        "Seramai 20 rakyat Malaysia dan warga Kamboja diselamatkan.",
        "Ia membaca Bangkok Post dan menyetor ke Bank Indonesia.",
        "Uang tebusan US$5.000 diminta lewat telepon.",
        "Sebanyak 40 KL solar disita.",
        "Baca juga: Polisi Medan tangkap perekrut ke Kamboja",
        "Polisi menyita batu, palu, dan bau amis tercium di gudang.",
    ],
)
def test_words_nationalities_and_names_of_other_things_are_not_places(text: str) -> None:
    assert found(text) == []


def test_english_nationals_and_newspapers_are_not_places() -> None:
    assert found("Two Myanmar nationals spoke to the Phnom Penh Post.", "en") == []


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Rombongan menyeberang ke Provinsi Tak, Thailand.", "id", ("Provinsi Tak", "th.tak")),
        ("They were screened in Phop Phra district, Tak, Thailand.", "en", ("Tak", "th.tak")),
        ("Truk melintas di Muse, Negara Bagian Shan, Myanmar.", "id", ("Muse", "mm.muse")),
        ("Korban berasal dari Solo dan Kota Batu.", "id", ("Kota Batu", "id.batu")),
        ("Mereka ditampung di Menteng, Jakarta Pusat.", "id", ("Menteng", "id.menteng")),
        ("Penangkapan di Kecamatan Tebas berlangsung malam.", "id", ("Tebas", "id.tebas")),
        ("Mereka tiba di Kota Chrey Thum.", "id", ("Kota Chrey Thum", "kh.chreythom")),
        ("Pesawat mendarat di Terminal 3 Bandara Soekarno-Hatta.", "id", ("Terminal 3 Bandara Soekarno-Hatta", "id.soetta")),
        ("The raid was in KAYIN STATE, Myanmar.", "en", ("KAYIN STATE", "mm.kayin")),
    ],
)  # fmt: skip
def test_doubtful_names_are_read_where_the_text_says_place(
    text: str, language: str, expected: tuple[str, str]
) -> None:
    assert expected in found(text, language)


def test_lower_case_text_names_no_place() -> None:
    assert found("korban dibawa ke myawaddy lalu ke phnom penh dan tak pulang") == []


# --- which place -----------------------------------------------------------------------------------


def test_the_golden_triangle_is_a_zone_a_region_or_a_district_of_jakarta() -> None:
    zone = found("Police in Bokeo, Laos, entered the Golden Triangle on Monday.", "en")
    region = found("Drug routes of the Golden Triangle cross Myanmar, Thailand and Laos. Myanmar and Thailand patrol.", "en")  # fmt: skip
    city = found("Sewa kantor di Segitiga Emas turun, kata konsultan di Jakarta.", "id")
    assert ("Golden Triangle", "la.gtsez") in zone
    assert ("Golden Triangle", "xx.golden-triangle") in region
    assert ("Segitiga Emas", "id.segitiga-emas") in city


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rumah itu berada di San Fernando, La Union, Philippines.", ("San Fernando", "ph.san-fernando")),
        ("Pekerja dari Kabupaten Bekasi ditahan.", ("Kabupaten Bekasi", "id.bekasi-kab")),
        ("Pekerja dari Kota Bekasi ditahan.", ("Kota Bekasi", "id.bekasi")),
        ("Ia lahir di Provinsi Siem Reap, Kamboja.", ("Provinsi Siem Reap", "kh.siemreap-province")),
        ("Pesawat mendarat di Bandara Phnom Penh.", ("Bandara Phnom Penh", "kh.pnh")),
        ("Ia dirawat di Siem Reap, Kamboja.", ("Siem Reap", "kh.siemreap")),
    ],
)  # fmt: skip
def test_parents_and_unit_words_choose_between_places_of_one_name(
    text: str, expected: tuple[str, str]
) -> None:
    assert expected in found(text)


# --- roles -----------------------------------------------------------------------------------------


def test_a_place_inside_an_agency_is_its_seat() -> None:
    text = (
        "KBRI Phnom Penh menampung WNI korban penipuan daring di Bavet. Polda Kepri memeriksa agen."
    )
    assert roles(text, agencies=("KBRI Phnom Penh", "Polda Kepri")) >= {
        ("Phnom Penh", "agency_seat"),
        ("Kepri", "agency_seat"),
        ("Bavet", "destination"),
    }


@pytest.mark.parametrize(
    ("text", "language", "city"),
    [
        ("Batam, Warta Contoh - Polisi memeriksa dua agen.", "id", "Batam"),
        ("Jakarta (Warta Contoh) - Pemerintah menyiapkan pesawat.", "id", "Jakarta"),
        ("PHNOM PENH, Cambodia, July 19 – More suspects were taken into custody.", "en", "PHNOM PENH"),
        ("Padang, Warta Contoh - Dua agen ditahan.", "id", "Padang"),
        ("KUALA LUMPUR: Polis menahan lima lelaki.", "ms", "KUALA LUMPUR"),
    ],
)  # fmt: skip
def test_the_city_that_opens_the_text_is_the_dateline(text: str, language: str, city: str) -> None:
    assert (city, "dateline") in roles(text, language, title="Judul")


def test_an_outlet_named_after_a_region_is_no_place() -> None:
    text = "Batam, Warta Asia - Polisi memeriksa dua agen."
    assert found(text, title="Judul") == [("Batam", "id.batam")]


def test_the_first_sentence_is_not_a_dateline() -> None:
    text = "Batam menjadi pintu keluar korban, kata polisi - bukan kali ini saja."
    assert ("Batam", "dateline") not in roles(text, title="Judul")


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Para korban TPPO berasal dari Sumatera Utara, Banten, dan Jawa Barat.", "id",
         {("Sumatera Utara", "origin"), ("Banten", "origin"), ("Jawa Barat", "origin")}),
        ("Korban scam di Myawaddy tiba di Bandara Soekarno-Hatta, Tangerang.", "id",
         {("Bandara Soekarno-Hatta", "arrival"), ("Tangerang", "arrival"), ("Myawaddy", "destination")}),
        ("Polisi menggagalkan keberangkatan sepuluh orang ke Kamboja untuk judi daring.", "id",
         {("Kamboja", "intended_destination")}),
        ("Mereka dibawa ke pusat penipuan di Kamboja melalui Malaysia.", "id",
         {("Kamboja", "destination"), ("Malaysia", "transit")}),
        ("Korban penipuan di Myawaddy melewati Sungai Moei.", "id", {("Sungai Moei", "crossing")}),
        ("Pekerja scam asal Kamboja itu ditampung di Detensi Imigrasi Preak Pnov.", "id",
         {("Detensi Imigrasi Preak Pnov", "shelter")}),
        ("People locked up in scam compounds in Myanmar came from Kenya, Uganda and Nepal.", "en",
         {("Kenya", "origin"), ("Uganda", "origin"), ("Nepal", "origin"), ("Myanmar", "destination")}),
        ("Officers raided a scam compound in Bamban and the people held there were counted.", "en",
         {("Bamban", "event_site")}),
        ("Kelompok itu berkantor di Singapura dan memeras korban judi daring di Kamboja.", "id",
         {("Singapura", "headquarters")}),
    ],
)  # fmt: skip
def test_the_words_around_a_place_give_its_role(
    text: str, language: str, expected: set[tuple[str, str]]
) -> None:
    assert roles(text, language) >= expected


def test_a_text_about_the_people_of_another_country_is_read_with_their_home() -> None:
    text = (
        "Two Filipinos once held in a scam hub in Myawaddy, Myanmar, arrived in Manila on Tuesday. "
        "The Filipinos, from Cebu and Zambales, had left through Clark International Airport."
    )
    assert roles(text, "en") >= {
        ("Myawaddy", "destination"),
        ("Manila", "arrival"),
        ("Cebu", "origin"),
        ("Zambales", "origin"),
        ("Clark International Airport", "departure"),
    }


def test_a_named_compound_alone_makes_its_country_the_host() -> None:
    text = "Troops entered KK Park on Monday. People from Kenya had lived there, an officer said in Myanmar."
    assert roles(text, "en") >= {("KK Park", "destination"), ("Kenya", "origin")}


def test_a_stopped_departure_happens_where_the_journey_was_to_begin() -> None:
    text = "Imigrasi menunda keberangkatan tujuh orang di Bandara Kualanamu yang hendak bekerja di pusat judi di Kamboja."
    assert roles(text) >= {
        ("Bandara Kualanamu", "event_site"),
        ("Bandara Kualanamu", "departure"),
    }


# --- properties ------------------------------------------------------------------------------------

_WORDS = st.sampled_from(
    [
        "Kamboja", "Phnom Penh", "Tak", "tak", "Muse", "Batam", "di", "ke", "dari", "asal", "warga negara", "KBRI",
        "Provinsi", "Kota", "Myawaddy", "Myanmar", "Bandara", "Soekarno-Hatta", ",", ".", "\n", "(", ")", "dan", "and",
        "WNI", "Golden Triangle", "Kings", "scam", "US", "$", "Jakarta", "San Fernando", "La Union", "-", "–", "tiba",
        "妙瓦底", "Thailand", "Chrey Thum", "Menteng", "Solo", "City", "International Airport", "Baca juga:",
    ]
)  # fmt: skip
_TEXTS = st.lists(_WORDS, min_size=1, max_size=40).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(_TEXTS, st.sampled_from(["id", "en", "ms"]), st.integers(0, 60), st.randoms())
def test_readings_quote_the_text_and_do_not_depend_on_the_order_of_spans(
    text: str, language: str, title_end: int, rng: random.Random
) -> None:
    title_end = min(title_end, len(text))
    spans = list(places.spans_of(text))
    result = places.read(text, spans, language=language, title_end=title_end)
    end = 0
    seen: set[tuple[int, PlaceRole]] = set()
    for item in result:
        assert text[item.start : item.end] == item.surface
        assert item.place is not None
        assert 0 <= item.score <= 1
        assert item.start >= end or (item.start, item.role) not in seen
        seen.add((item.start, item.role))
        end = item.end
    rng.shuffle(spans)
    assert places.read(text, spans, language=language, title_end=title_end) == result


@settings(max_examples=60, deadline=None)
@given(_TEXTS)
def test_every_reading_comes_from_a_candidate(text: str) -> None:
    spans = list(places.spans_of(text))
    for item in places.read(text, spans, language="id", title_end=0):
        assert any(
            item.start <= span.start and span.end <= item.end and item.place is not None
            for span in spans
        )
    assert places.read(text, [], language="id", title_end=0) == []


def test_spans_of_other_kinds_and_unknown_ids_are_passed_over() -> None:
    text = "Kamboja"
    agency = TaggedSpan(kind=MentionKind.AGENCY, start=0, end=7, surface=text, extractor="x")
    unknown = TaggedSpan(
        kind=MentionKind.PLACE, start=0, end=7, surface=text, candidate_ids=("zz.none",), extractor="x"
    )  # fmt: skip
    assert places.read(text, [agency, unknown], language="id", title_end=0) == []


# --- the file --------------------------------------------------------------------------------------


def test_the_file_has_the_columns_that_its_builder_writes_and_is_sorted(tmp_path: Path) -> None:
    packed = (importlib.resources.files("pipeline") / "data" / "gazetteer.csv.gz").read_bytes()
    header, *rows = csv.reader(gzip.decompress(packed).decode("utf-8").splitlines())
    assert tuple(header) == build_gazetteer.COLUMNS
    ids = [row[0] for row in rows]
    assert ids == sorted(set(ids))
    row = build_gazetteer.Row(
        "Contoh", "town", "IDN", "Riau", aliases=["Conto"], place_id="id.contoh"
    )
    sizes = {build_gazetteer.write([row], tmp_path / name) for name in ("a", "b")}
    assert len(sizes) == 1
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize(
    ("name", "other", "is_kept"),
    [
        ("Vientiane", "Viangchan", False),
        ("Vientiane", "Vientian", True),
        ("Dili", "Delhi", False),
        ("Poipet", "POI", False),
        ("Myawaddy", "Myawadi", True),
    ],
)
def test_only_close_latin_spellings_become_aliases(name: str, other: str, is_kept: bool) -> None:
    assert (other in build_gazetteer.other_spellings(name, [other])) == is_kept


@pytest.mark.parametrize("place_id", ["id.jakarta", "id.lampung", "sg", "hk", "th.nonthaburi"])
def test_a_unit_that_is_one_city_lies_where_the_city_does(place_id: str) -> None:
    place = places.get(place_id)
    assert place is not None
    assert place.lat is not None
    assert place.lon is not None


def test_no_listed_name_has_blanks_around_it() -> None:
    assert [name for name in places.names() if name != name.strip()] == []
    assert "id.jakarta-utara" in places.names()["Jakarta Utara"]
