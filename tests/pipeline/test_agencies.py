"""Agencies: names, families, completion by context, traps, roles; then properties."""

from __future__ import annotations

import datetime as dt
import functools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.mentions import load
from pipeline import agencies
from pipeline.agencies import AgencyReading
from pipeline.records import AgencyRole

DAY = dt.date(2025, 6, 1)


@functools.lru_cache(maxsize=512)
def read(text: str, language: str = "id", hint: str | None = None) -> tuple[AgencyReading, ...]:
    """Read a text below an empty headline."""
    body = f"Judul\n{text}"
    spans = load().tag(body, language)
    return tuple(
        agencies.read(body, spans, language=language, reference_date=DAY, country_hint=hint)
    )


def ids(text: str, language: str = "id", hint: str | None = None) -> list[str]:
    return [item.agency.agency_id for item in read(text, language, hint)]


def only(text: str, language: str = "id") -> AgencyReading:
    (found,) = read(text, language)
    return found


# --- names of the table ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kemlu RI membenarkan kabar itu.", "id.kemlu"),
        ("Kementrian Luar Negeri Republik Indonesia membenarkan kabar itu.", "id.kemlu"),
        ("Direktur Pelindungan WNI hadir.", "id.kemlu.pwni"),
        ("Direktur Perlindungan WNI hadir.", "id.kemlu.pwni"),
        ("Kemenko Polhukam menggelar rapat.", "id.polhukam"),
        ("Kemenko Polkam menggelar rapat.", "id.polkam"),
        ("Badan Perlindungan Pekerja Migran Indonesia mendata mereka.", "id.bp2mi"),
        ("Menteri P2MI menjemput mereka.", "id.kp2mi"),
        ("Bareskrim Polri menetapkan tersangka.", "id.bareskrim"),
        ("Kapolri memberi arahan.", "id.polri"),
        ("Bukit Aman membuka kertas siasatan.", "my.pdrm"),
        ("Wisma Putra memantau perkembangan.", "my.kln"),
        ("Pejambon belum memberi tanggapan.", "id.kemlu"),
        ("Regional Support Office of the Bali Process melatih petugas.", "int.rso-bali"),
        ("Dewan itu dipimpin Komnas HAM.", "id.komnasham"),
        ("Kelompok BGF menjaga gerbang di Myanmar.", "mm.bgf"),
    ],
)
def test_names_of_the_table(text: str, expected: str) -> None:
    assert ids(text) == [expected]


def test_name_as_printed_keeps_its_own_id_after_a_renaming() -> None:
    assert ids("BP2MI, kini KP2MI, mendampingi mereka.") == ["id.bp2mi", "id.kp2mi"]


# --- families --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "surface", "agency_id", "name"),
    [
        ("KBRI Phnom Penh menampung mereka.", "KBRI Phnom Penh", "id.kbri-phnompenh", "KBRI Phnom Penh"),
        ("KBRI di Pnom Penh menampung mereka.", "KBRI di Pnom Penh", "id.kbri-phnompenh", "KBRI Phnom Penh"),
        ("KBRI Laos menampung mereka.", "KBRI Laos", "id.kbri-vientiane", "KBRI Vientiane"),
        ("Kedutaan Besar Republik Indonesia (KBRI) di Yangon hadir.",
         "Kedutaan Besar Republik Indonesia (KBRI) di Yangon", "id.kbri-yangon", "KBRI Yangon"),
        ("Duta Besar RI untuk Thailand hadir.", "Duta Besar RI untuk Thailand", "id.kbri-bangkok", "KBRI Bangkok"),
        ("Konsulat Jenderal RI di Johor Bahru hadir.", "Konsulat Jenderal RI di Johor Bahru", "id.kjri-jb", "KJRI Johor Bahru"),
        ("Kapolda Jawa Barat hadir.", "Kapolda Jawa Barat", "id.polda-jabar", "Polda Jabar"),
        ("Ditreskrimum Polda Kepri menyidik.", "Ditreskrimum Polda Kepri", "id.polda-kepri", "Polda Kepri"),
        ("Kapolres Dumai AKBP Angin hadir.", "Kapolres Dumai", "id.polres-dumai", "Polres Dumai"),
        ("Polrestabes Medan menyidik.", "Polrestabes Medan", "id.polrestabes-medan", "Polrestabes Medan"),
        ("Polres Metro Bekasi Kota menyidik.", "Polres Metro Bekasi Kota", "id.polres-metrobekasikota", "Polres Metro Bekasi Kota"),
        ("Kantor Imigrasi Kelas II TPI Entikong menolak.", "Kantor Imigrasi Kelas II TPI Entikong",
         "id.imigrasi.entikong", "Kantor Imigrasi Entikong"),
        ("BP3MI Kalimantan Utara mendata.", "BP3MI Kalimantan Utara", "id.bp3mi-kaltara", "BP3MI Kaltara"),
        ("Kejaksaan Negeri Sambas menerima berkas.", "Kejaksaan Negeri Sambas", "id.kejari-sambas", "Kejaksaan Negeri Sambas"),
        ("Kejati Sumut menerima berkas.", "Kejati Sumut", "id.kejati-sumut", "Kejaksaan Tinggi Sumut"),
        ("PN Batam menjatuhkan vonis.", "PN Batam", "id.pn-batam", "Pengadilan Negeri Batam"),
        ("Disnaker Kabupaten Cilacap mendata.", "Disnaker Kabupaten Cilacap", "id.disnaker-cilacap", "Disnaker Cilacap"),
        ("NCB Manila menjawab.", "NCB Manila", "ph.ncb-interpol", "NCB Manila"),
        ("Kedutaan Besar Malaysia di Bangkok membantu.", "Kedutaan Besar Malaysia di Bangkok", "my.embassy-bkk",
         "Kedutaan Besar Malaysia Bangkok"),
        ("Kementerian Pertahanan Kamboja membantah.", "Kementerian Pertahanan Kamboja", "kh.mod", "Kementerian Pertahanan Kamboja"),
        ("Kemlu Myanmar menjawab.", "Kemlu Myanmar", "mm.mofa", "Kementerian Luar Negeri Myanmar"),
        ("polisi Kamboja bergerak.", "polisi Kamboja", "kh.cnp", "Kepolisian Nasional Kamboja"),
        ("Otoritas imigrasi Kamboja bergerak.", "Otoritas imigrasi Kamboja", "kh.gdi", "Direktorat Jenderal Imigrasi Kamboja"),
    ],
)  # fmt: skip
def test_families(text: str, surface: str, agency_id: str, name: str) -> None:
    found = only(text)
    assert (found.surface, found.agency.agency_id, found.agency.name) == (surface, agency_id, name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Indonesian Embassy in Phnom Penh spoke.", ["id.kbri-phnompenh"]),
        (
            "Indonesian embassies in Yangon and Bangkok helped.",
            ["id.kbri-yangon", "id.kbri-bangkok"],
        ),
        ("The Philippine Embassy in Phnom Penh spoke.", ["ph.embassy-pp"]),
        ("The South Korean Embassy in Cambodia spoke.", ["kr.embassy-pp"]),
        ("The Consulate General of Malaysia in Songkhla spoke.", ["my.consulate-songkhla"]),
        ("Cambodian Interior Minister Dara Vann spoke.", ["kh.moi"]),
        ("Thailand's Foreign Ministry spoke.", ["th.mfa"]),
        ("The Ministry of National Defence of Cambodia spoke.", ["kh.mod"]),
        ("Seoul's foreign ministry spoke.", ["kr.mofa"]),
        ("Thai police and Myanmar troops moved in.", ["th.rtp", "mm.tatmadaw"]),
        ("Sihanoukville provincial police moved in.", ["kh.cnp-preahsihanouk"]),
        ("Svay Rieng Provincial Court sat.", ["kh.court-svayrieng"]),
        ("Tak's governor and Svay Rieng authorities met.", ["th.tak", "kh.admin-svayrieng"]),
        ("Police in Kampot recorded the death.", ["kh.cnp-kampot"]),
        ("Two were sent to a people's court of Tay Ninh province.", ["vn.court-tayninh"]),
        ("North Jakarta police moved in.", ["id.polres-metrojakartautara"]),
        ("The South Jakarta District Court sat.", ["id.pn-jakartaselatan"]),
        ("North Sumatra Police moved in.", ["id.polda-sumut"]),
        ("The Makati Regional Trial Court in the Philippines sat.", ["ph.rtc-makati"]),
        ("The Xiamen Intermediate People's Court sat.", ["cn.court-xiamen"]),
        ("The Riau Islands Regional Police moved in.", ["id.polda-kepri"]),
        ("The Medan District Court sat.", ["id.pn-medan"]),
        ("The Philippine Embassy in Myanmar spoke.", ["ph.embassy-ygn"]),
        ("The FBI lent a hand.", ["us.fbi"]),
    ],
)
def test_english_families(text: str, expected: list[str]) -> None:
    assert ids(text, "en") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Menteri Luar dan Ketua Polis Johor hadir bersama Jabatan Imigresen Malaysia.", ["my.kln", "my.pdrm-johor", "my.jim"]),
        ("Ketua Pengarah Imigresen dan Polis Kontinjen Pulau Pinang hadir.", ["my.jim", "my.pdrm-penang"]),
        ("Ibu Pejabat Polis Daerah Pasir Mas membuka kertas siasatan.", ["my.pdrm-pasirmas"]),
        ("Ketua Polis Daerah Batu Pahat, ACP Angin, hadir.", ["my.pdrm-batupahat"]),
        ("Jabatan Imigresen Kelantan dan Pengarah JIM Johor hadir.", ["my.jim-kelantan", "my.jim-johor"]),
        ("Kes didengar di Mahkamah Tinggi Kuantan.", ["my.court-kuantan"]),
        ("Polis wilayah Svay Rieng menahan mereka.", ["kh.cnp-svayrieng"]),
        ("Konsulat Indonesia di Tawau dan Pejabat Konsul Malaysia di Songkhla membantu.", ["id.kri-tawau", "my.consulate-songkhla"]),
    ],
)  # fmt: skip
def test_malay_families(text: str, expected: list[str]) -> None:
    assert ids(text, "ms") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In Bavet, Cambodia, military police freed 35 people.", ["kh.gendarmerie"]),
        ("MANILA - A Senate panel heard the President.", ["ph.senate"]),
        ("In Thailand the Criminal Court issued a warrant.", ["th.court-criminal"]),
        ("Cambodian law changed; the prime minister and the National Assembly agreed.", ["kh.pm", "kh.nationalassembly"]),
        ("Handed to Vietnamese border guards at Moc Bai.", ["vn.borderguard"]),
        ("A Karen militia and Karen border guards left Myanmar.", []),
        ("The Senate and military police of another age.", []),
        ("Cambodia and Laos spoke; in Laos the zone's authorities agreed.", ["la.gtsez"]),
    ],
)  # fmt: skip
def test_names_common_to_several_states(text: str, expected: list[str]) -> None:
    assert ids(text, "en") == expected


def test_a_law_is_no_unit() -> None:
    text = (
        "Kes disiasat mengikut Seksyen 26A ATIPSOM 2007 oleh Bahagian D3 Jabatan Siasatan Jenayah."
    )
    assert ids(text, "ms") == ["my.pdrm.d3"]


def test_missions_in_cities_far_away() -> None:
    assert ids("Kedutaan Besar Malaysia di Lima membantu.", "ms") == ["my.embassy-lima"]
    assert ids("Konsulat Jeneral Malaysia di Melbourne membantu.", "ms") == [
        "my.consulate-melbourne"
    ]
    assert ids("Duta Malaysia ke Laos membantu.", "ms") == ["my.embassy-vte"]


def test_the_provincial_court_is_that_of_the_province_named() -> None:
    text = "Officers in Kampot searched a block. Two men were sent to the provincial court."
    assert ids(text, "en") == ["kh.court-kampot"]
    assert ids("MUAR: Seorang lelaki mengaku di Mahkamah Majistret.", "ms") == ["my.court-muar"]


def test_offices_abroad_are_not_indonesian() -> None:
    assert ids("Imigrasi Phnom Penh memproses mereka.") == ["kh.gdi"]
    assert ids("Gubernur Provinsi Tak hadir.") == ["th.tak"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Religious Affairs Ministry spoke.", "id.kemenag"),
        ("The Minister of Law and Human Rights spoke.", "id.kemenkumham"),
        ("The Coordinating Minister for Human Development and Culture spoke.", "id.kemenko-pmk"),
        ("The Director General of Customs and Excise spoke.", "id.beacukai"),
    ],
)
def test_heads_of_bodies_and_subjects_before_the_word(text: str, expected: str) -> None:
    assert ids(text, "en") == [expected]


# --- names that their surroundings complete ----------------------------------------------------------


def test_second_seat_inherits_the_family() -> None:
    found = read("KBRI Yangon dan Bangkok mendampingi mereka, begitu pula Polda Riau dan Kepri.")
    assert [(item.surface, item.agency.agency_id) for item in found] == [
        ("KBRI Yangon", "id.kbri-yangon"),
        ("Bangkok", "id.kbri-bangkok"),
        ("Polda Riau", "id.polda-riau"),
        ("Kepri", "id.polda-kepri"),
    ]


def test_first_of_two_bodies_shares_the_state() -> None:
    text = "Pelatihan ditawarkan kepada pihak Kepolisian dan Satgas TPPO Kamboja."
    assert ids(text) == ["kh.cnp", "kh.ncct"]
    assert ids("Satgas TPPO Polda Jatim menyidik.") == ["id.polda-jatim"]


def test_an_embassy_lends_no_state_to_a_ministry() -> None:
    text = "Keluarga melapor ke Kementerian Luar Negeri dan KBRI Laos."
    assert ids(text) == ["id.kemlu", "id.kbri-vientiane"]


def test_bare_mission_is_the_one_named_before() -> None:
    text = "KBRI Yangon menerima laporan. Sehari kemudian KBRI menghubungi keluarga."
    assert ids(text) == ["id.kbri-yangon", "id.kbri-yangon"]
    assert ids("KBRI mendata mereka di Kamboja.") == ["id.kbri-phnompenh"]


def test_bare_ministry_is_the_states_own() -> None:
    assert ids("Kementerian Dalam Negeri hadir.", "id") == ["id.kemendagri"]
    assert ids("Kementerian Dalam Negeri hadir.", "ms") == ["my.kdn"]
    cambodia = "Officers in Phnom Penh held 40 people, the Interior Ministry of the kingdom said in Kandal."
    assert ids(cambodia, "en") == ["kh.moi"]
    assert ids("In Mae Sot, Tak, the Defence Ministry spoke.", "en") == ["th.mod"]
    assert ids("The Ministry of Manpower spoke.", "en", "SGP") == ["sg.mom"]


def test_text_gives_its_own_acronyms() -> None:
    text = "Yayasan Cahaya Samudra Biru (YCSB) menampung mereka. YCSB juga mendata keluarga."
    found = read(text)
    assert [item.surface for item in found] == ["Yayasan Cahaya Samudra Biru", "YCSB", "YCSB"]
    assert len({item.agency.agency_id for item in found}) == 1
    assert found[0].agency.name == "Yayasan Cahaya Samudra Biru"


def test_unknown_bodies_keep_their_own_name() -> None:
    listed = read("Hadir pula Yayasan Mawar Senja, Yayasan Teluk Biru, dan Lapas Tanjung Rusa.")
    assert [item.surface for item in listed] == [
        "Yayasan Mawar Senja",
        "Yayasan Teluk Biru",
        "Lapas Tanjung Rusa",
    ]
    found = only("He spoke to the Coastal Fisheries Inspection Bureau on Tuesday.", "en")
    assert found.surface == found.agency.name == "Coastal Fisheries Inspection Bureau"


# --- what is no agency -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Polisi menangkap tiga orang dan kepolisian belum bicara.", "id"),
        ("Police held three people; the ministry had no comment.", "en"),
        ("Nama lengkapnya Kamal bin Yusuf, bukan anggota.", "id"),
        ("Ia masuk daftar red notice Interpol.", "id"),
        ("Detensi di sana penuh dan imigrasi kewalahan.", "id"),
        ("Rumahnya dekat kantor pengadilan negeri.", "id"),
        ("Penjual mas bernama MAS itu dikejar.", "id"),
        ("The Chinese boss and his Thai driver ran.", "en"),
    ],
)
def test_no_agency(text: str, language: str) -> None:
    assert ids(text, language) == []


def test_a_village_called_patrol_has_no_border_police() -> None:
    assert ids("The Border Patrol Police of Thailand moved in.", "en") == ["th.bpp"]


# --- roles -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language", "role"),
    [
        ("KBRI Phnom Penh mencatat 300 laporan.", "id", AgencyRole.SOURCE_OF_FIGURE),
        ("Menurut Kemlu, jumlahnya 300 orang.", "id", AgencyRole.SOURCE_OF_FIGURE),
        ("Kemlu mengatakan upaya itu berlanjut.", "id", AgencyRole.SPOKESPERSON),
        ("Korban diserahkan ke Polda Riau.", "id", AgencyRole.LAW_ENFORCEMENT),
        ("Mereka dibawa ke PN Batam.", "id", AgencyRole.COURT),
        ("Lokasi itu dirazia Kepolisian Kamboja.", "id", AgencyRole.HOST_AUTHORITY),
        ("KBRI Yangon memfasilitasi pemulangan mereka.", "id", AgencyRole.FACILITATOR),
        ("The gate was held by the Karen National Army.", "en", AgencyRole.ARMED_GROUP_IN_CONTROL),
        ("Jabatan Imigresen Malaysia menahan mereka.", "ms", AgencyRole.LAW_ENFORCEMENT),
    ],
)  # fmt: skip
def test_roles(text: str, language: str, role: AgencyRole) -> None:
    assert only(text, language).role is role


# --- identify --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "agency_id"),
    [
        ("Kementerian Luar Negeri RI", "id.kemlu"),
        ("Polres Dumai", "id.polres-dumai"),
        ("Malaysian Embassy in Yangon", "my.embassy-ygn"),
        ("Kementerian Pertahanan Thailand", "th.mod"),
        ("vn.mofa", "vn.mfa"),
        ("kh.gov-kandal", "kh.admin-kandal"),
        ("my.highcourt-kuching", "my.court-kuching"),
        ("id.pn-jakut", "id.pn-jakartautara"),
        ("id.polres-metro-bekasikota", "id.polres-metrobekasikota"),
        ("us.treasury", "us.ofac"),
    ],
)
def test_identify(name: str, agency_id: str) -> None:
    found = agencies.identify(name)
    assert found is not None
    assert found.agency_id == agency_id


def test_identify_is_silent_on_other_words() -> None:
    assert agencies.identify("sebuah rumah makan") is None


# --- properties --------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        "KBRI", "Yangon", "dan", "Bangkok", "Polda", "Riau", "Kepri", ",", ". ", "\n", "Kementerian", "Luar Negeri",
        "Kamboja", "Thai", "police", "the", "Embassy", "in", "Phnom Penh", "(BGF)", "Satgas TPPO", "Kepolisian", "12",
        "Interior Ministry", "Yayasan", "Bahari", "Court", "Manila", "menyebut", "Imigrasi", "Batam", "’s", "National Police",
    ]
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(
    st.lists(PIECES, max_size=25).map(" ".join) | st.text(max_size=120),
    st.sampled_from(["id", "en", "ms", "und"]),
)
def test_readings_are_ordered_apart_and_true_to_the_text(text: str, language: str) -> None:
    spans = load().tag(text, language)
    found = agencies.read(text, spans, language=language, reference_date=DAY)
    last = 0
    for item in found:
        assert last <= item.start < item.end <= len(text)
        assert text[item.start : item.end] == item.surface
        assert item.agency.name
        assert "." in item.agency.agency_id
        last = item.end
    assert found == agencies.read(text, spans, language=language, reference_date=DAY)
