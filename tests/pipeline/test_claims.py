"""The count ledger: roles, parts and wholes, running totals, plans; what is no person is no row."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import claims
from pipeline.records import Article, Claim, CountRole, Mention, MentionKind, Relation

DAY = dt.date(2025, 12, 11)


def article(body: str, title: str = "Kabar hari ini", language: str = "id") -> Article:
    return Article(
        article_id="a", url="", canonical_url="", source_id="", outlet="Warta Uji", language=language,
        title=title, text=f"{title}\n{body}", published_date=DAY,
        fetched_at=dt.datetime(2025, 12, 12, tzinfo=dt.UTC), page_sha256="",
    )  # fmt: skip


def read(body: str, title: str = "Kabar hari ini") -> list[Claim]:
    return claims.read(article(body, title), [])


def by_best(rows: list[Claim]) -> dict[int | None, Claim]:
    return {row.best: row for row in rows}


@pytest.mark.parametrize(
    ("text", "best", "role"),
    [
        ("Sebanyak 21 WNI dipulangkan dari Myawaddy.", 21, CountRole.REPATRIATED),
        ("Pemerintah memulangkan 21 WNI.", 21, CountRole.REPATRIATED),
        ("Thailand mendeportasi 12 warga negara Indonesia.", 12, CountRole.DEPORTED),
        ("Polisi menangkap empat tersangka.", 4, CountRole.ARRESTED),
        ("Petugas menggagalkan keberangkatan 10 orang.", 10, CountRole.INTERDICTED),
        ("Sebanyak 308 WNI melapor ke kedutaan.", 308, CountRole.COMPLAINANT),
        ("110 pekerja melarikan diri dari kompleks itu.", 110, CountRole.ESCAPED),
        ("Dua WNI ditemukan meninggal dunia.", 2, CountRole.DEAD),
        ("Ada 302 WNI masih menunggu giliran.", 302, CountRole.REMAINING),
        ("Tiga terdakwa divonis empat tahun.", 3, CountRole.CONVICTED),
        ("Police rescued 45 workers from the building.", 45, CountRole.RESCUED),
        ("Some 84 citizens were flown home.", 84, CountRole.REPATRIATED),
        ("Five men have been charged with trafficking.", 5, CountRole.SUSPECT),
        ("Perekrut 12 pekerja divonis tujuh tahun.", 12, CountRole.VICTIM),
    ],
)
def test_roles(text: str, best: int, role: CountRole) -> None:
    assert by_best(read(text))[best].role is role


@pytest.mark.parametrize(
    "text",
    [
        "Mereka dijanjikan gaji 12 juta per bulan.",
        "Tersangka RH (34) ditangkap di rumahnya.",
        "Korban dipaksa bekerja 16 jam sehari.",
        "Mereka menumpang QZ 257 dan dipulangkan.",
        "Pelaku dijerat Pasal 81 dan ditahan.",
        "Keluarga dimintai tebusan US$5.000 agar dibebaskan.",
        "Polisi menangani 35 kasus sepanjang tahun.",
    ],
)
def test_money_ages_hours_flights_laws_and_cases_are_no_persons(text: str) -> None:
    assert read(text) == []


def test_a_part_points_at_its_whole_behind_it() -> None:
    rows = by_best(read("Sebanyak 27 dari 28 WNI sudah dipulangkan."))
    assert rows[27].subset_of == rows[28].claim_id
    assert rows[28].subset_of is None


def test_parts_that_add_up_hang_on_the_whole_and_a_part_may_have_parts() -> None:
    rows = by_best(
        read(
            "Sebanyak 120 WNI melarikan diri. Rinciannya, 95 orang berada di kantor polisi dan 25 orang "
            "dirawat di rumah sakit."
        )
    )
    assert rows[95].subset_of == rows[120].claim_id
    assert rows[25].subset_of == rows[120].claim_id
    assert rows[120].subset_of is None


def test_sex_and_nationality_divide_the_figure_before_them() -> None:
    rows = by_best(read("Polisi menangkap 400 WNI. Sebanyak 313 laki-laki dan 87 perempuan."))
    assert {rows[313].sex, rows[87].sex} == {"male", "female"}
    assert rows[313].subset_of == rows[87].subset_of == rows[400].claim_id
    rows = by_best(read("Police arrested 210 people, among them 120 Chinese and 30 Vietnamese."))
    assert (rows[120].nationality, rows[30].nationality) == ("CHN", "VNM")
    assert rows[120].subset_of == rows[30].subset_of == rows[210].claim_id


def test_the_rest_is_a_part() -> None:
    rows = by_best(read("Dari 554 WNI, 400 sudah tiba. Sisanya, 154 WNI, dijadwalkan tiba besok."))
    assert rows[154].subset_of == rows[554].claim_id


@pytest.mark.parametrize(
    ("text", "best", "since"),
    [
        ("Sejak 22 Oktober 2025 sebanyak 349 WNI diamankan.", 349, dt.date(2025, 10, 22)),
        ("Since June 27, 3,455 people have been arrested.", 3455, dt.date(2025, 6, 27)),
        ("Sepanjang 2024 sebanyak 699 WNI dipulangkan.", 699, dt.date(2024, 1, 1)),
        ("Setakat ini 64 orang sudah dipulangkan.", 64, None),
        ("More than 7,000 people were rounded up since the crackdown began.", 7000, None),
    ],
)
def test_running_totals(text: str, best: int, since: dt.date | None) -> None:
    row = by_best(read(text))[best]
    assert row.is_cumulative
    assert row.cumulative_since == since


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("Sebanyak 54 WNI tiba di Bandara Soekarno-Hatta pada Senin (8/12).", 54),
        ("Akhir November lalu, 21 WNI dipulangkan.", 21),
        ("Sampai 9 Desember 2025, sebanyak 302 WNI masih menunggu giliran.", 302),
        ("Last week police arrested 80 suspects.", 80),
    ],
)
def test_new_figures_and_stocks_are_no_running_totals(text: str, best: int) -> None:
    assert not by_best(read(text))[best].is_cumulative


def test_a_tally_of_walk_ins_runs_but_its_daily_peak_does_not() -> None:
    rows = by_best(
        read(
            "Sebanyak 1.440 WNI melapor ke KBRI dalam lima hari. Puncaknya, 520 orang melapor pada 19 November.",
            "1.440 WNI Melapor ke KBRI",
        )
    )
    assert rows[1440].is_cumulative
    assert not rows[520].is_cumulative


def test_every_telling_of_a_running_total_is_marked() -> None:
    rows = read("Sejak 16 November sebanyak 2.493 WNI melarikan diri.", "2.493 WNI melarikan diri")
    assert [row.is_cumulative for row in rows if row.best == 2493] == [True, True]


def test_vague_amounts_keep_bounds_and_plans_are_marked() -> None:
    vague = read("Puluhan WNI dipulangkan dari Kamboja.")[0]
    assert (vague.low, vague.best, vague.high, vague.relation) == (20, None, 99, Relation.RANGE)
    assert by_best(read("Sebanyak 67 WNI akan dipulangkan besok."))[67].is_planned
    assert not by_best(read("Sebanyak 67 WNI sudah dipulangkan."))[67].is_planned


def test_a_denied_verb_governs_no_figure() -> None:
    rows = by_best(read("Sebanyak 15 WNI ditangkap. Polisi menegaskan 11 WNI tidak meninggal."))
    assert rows[15].role is CountRole.ARRESTED
    assert rows[11].role is not CountRole.DEAD


def test_the_speaker_is_the_agency_of_the_sentence() -> None:
    whole = article("Menurut KBRI, sebanyak 21 WNI dipulangkan.")
    start = whole.text.index("KBRI")
    agency = Mention(
        article_id="a", kind=MentionKind.AGENCY, start=start, end=start + 4, surface="KBRI",
        canonical_id="id.kbri", role="source_of_figure", extractor="t", extractor_version="1",
    )  # fmt: skip
    assert claims.read(whole, [agency])[0].speaker_agency_id == "id.kbri"


PIECES = st.sampled_from(
    ["21 WNI", "dipulangkan", "dari", "28", "sejak 2020", "puluhan", "sisanya", "87 perempuan", "ditangkap", ".", ",",
     "120 Chinese", "di antaranya", "akan", "(34)", "melapor", "lima", "and", "\n", "total"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_rows_cite_their_words_and_parts_form_a_tree(body: str) -> None:
    whole = article(body)
    rows = claims.read(whole, [])
    known = {row.claim_id: row for row in rows}
    assert len(known) == len(rows)
    for row in rows:
        assert whole.text[row.start : row.end] == row.surface
        seen = {row.claim_id}
        while row.subset_of is not None:
            row = known[row.subset_of]
            assert row.claim_id not in seen
            seen.add(row.claim_id)


@pytest.mark.parametrize(
    ("title", "body", "best"),
    [
        ("Indonesians seeking embassy help pass 240", "Staff were busy.", 240),
        ("Gelombang WNI ke KBRI tembus 3.120", "Petugas kewalahan.", 3120),
        ("Kabar hari ini", "The number of people detained in the sweep has reached 3,480.", 3480),
        ("Kabar hari ini", "Jumlah WNI yang melapor ke KBRI mencapai 905.", 905),
    ],
)
def test_a_total_may_stand_without_its_noun(title: str, body: str, best: int) -> None:
    assert best in by_best(read(body, title))


def test_money_and_views_that_reach_a_total_are_no_persons() -> None:
    assert read("Kerugian mencapai 905 juta. Video itu ditonton dan tembus 3.120.") == []


def test_an_earlier_total_belongs_to_the_series() -> None:
    rows = by_best(
        read(
            "The sweep has put 2,730 people in custody since December 1. "
            "The commission had reported 1,150 arrests a week ago."
        )
    )
    assert rows[1150].is_cumulative


def test_since_when_may_be_told_in_the_next_sentence() -> None:
    rows = by_best(
        read("Sebanyak 1.260 WNI melapor ke KBRI. Angka itu merupakan jumlah sejak 30 November.")
    )
    assert (rows[1260].is_cumulative, rows[1260].cumulative_since) == (True, dt.date(2025, 11, 30))


def test_parts_in_a_headline_add_up_to_the_lead() -> None:
    rows = by_best(
        read("Officers deported 162 foreigners on Monday.", "128 Chinese, 34 Indonesians deported")
    )
    assert rows[128].subset_of == rows[34].subset_of == rows[162].claim_id


def test_recruiters_send_victims() -> None:
    rows = by_best(read("Keduanya ditangkap.", "Kirim 9 Korban ke Myawaddy, 2 Terdakwa Divonis"))
    assert (rows[9].role, rows[2].role) == (CountRole.VICTIM, CountRole.CONVICTED)


@pytest.mark.parametrize(
    "body",
    [
        "Cambodia began the drive on December 2. By Tuesday it had rounded up 1,904 people.",
        "Razia ini digulirkan sejak 2 Desember. Sampai Selasa sebanyak 1.904 orang dijaring.",
        "Sebanyak 1.904 orang dijaring di sembilan provinsi. Operasi itu digelar sejak 2 Desember.",
    ],
)
def test_a_sweep_is_counted_from_the_day_that_the_sentence_beside_it_gives(body: str) -> None:
    row = by_best(read(body))[1904]
    assert row.is_cumulative
    assert row.cumulative_since == dt.date(2025, 12, 2)


def test_since_belongs_to_the_nearer_figure() -> None:
    rows = by_best(
        read("Police arrested 412 people in a drive that netted 1,180 people since December 2.")
    )
    assert not rows[412].is_cumulative
    assert rows[1180].is_cumulative


def test_a_share_of_a_total_is_counted_over_the_days_of_the_total() -> None:
    rows = by_best(
        read(
            "Sebanyak 2.655 orang ditangkap sejak 2 Desember.",
            "58 WNI di antara 2.655 orang ditangkap",
        )
    )
    assert rows[58].is_cumulative
    assert rows[58].cumulative_since == dt.date(2025, 12, 2)


@pytest.mark.parametrize(
    "body",
    [
        "Kini belasan orang per hari melapor ke KBRI.",
        "Some 20 people a day turn up at the embassy.",
    ],
)
def test_a_pace_is_no_count(body: str) -> None:
    assert read(body) == []


def test_cases_of_the_lead_are_no_persons_in_the_headline() -> None:
    assert read("Kemlu menangani 9.412 kasus penipuan daring.", "9.412 WNI Terseret Penipuan") == []


def test_those_who_were_to_become_operators_are_persons() -> None:
    rows = by_best(read("Imigrasi menahan sembilan calon operator judi daring di bandara."))
    assert rows[9].role is CountRole.ARRESTED


@pytest.mark.parametrize(
    "body",
    [
        "Police rescued 512 victims, up from 306 victims in 2024, and arrested 45 suspects.",
        "Compared with 306 victims in 2024, police rescued 512 victims and arrested 45 suspects.",
        "Polisi menyelamatkan 512 korban, naik dari 306 korban sepanjang 2024, dan menangkap 45 tersangka.",
    ],
)
def test_a_year_compared_with_is_no_period_of_later_figures(body: str) -> None:
    told = {claim.best: claim for claim in read(f"Laporan\n{body}")}
    assert told[306].cumulative_since == dt.date(2024, 1, 1)
    assert told[512].cumulative_since is None
    assert told[45].cumulative_since is None


def test_a_period_before_a_figure_is_its_own_unless_compared_with() -> None:
    rows = read("Laporan\nIn 2024, more than 300 victims were rescued and 45 suspects arrested.")
    assert {claim.cumulative_since for claim in rows} == {dt.date(2024, 1, 1)}


@pytest.mark.parametrize(
    "body",
    [
        "Milisi menyerahkan 78 warga asing pada Selasa, penyerahan pertama sejak musim hujan.",
        "The militia turned over 78 foreigners on Tuesday, the first transfer since the rainy season.",
        "Militia menyerahkan 78 warga asing pada Selasa, penyerahan terbesar sejak Mac lalu.",
        "The case dates from July 2025, when police freed 78 workers from a row of shophouses.",
        "Kasus itu bermula dari Juli 2025, ketika polisi membebaskan 78 pekerja dari deretan ruko.",
        "RH dinilai terbukti mengirim 78 orang ke Poipet sejak Maret 2025.",
        "She was found to have recruited at least 78 people since March 2025.",
        "Suspek dipercayai memperdaya sekurang-kurangnya 78 remaja sejak Ogos tahun lalu.",
    ],
)
def test_what_is_compared_dated_or_done_since_a_day_is_no_running_total(body: str) -> None:
    rows = by_best(read(body))
    assert not rows[78].is_cumulative
    assert rows[78].cumulative_since is None


@pytest.mark.parametrize(
    "body",
    [
        "Hingga Rabu sudah 246 WNI melapor ke KBRI sejak 1 Desember. Puncak harian terjadi Jumat, yakni 71 orang.",
        "Hingga Rabu sudah 246 WNI melapor ke KBRI sejak 1 Desember. Pada Senin (8/12) saja 71 orang datang.",
        "By Wednesday 246 Indonesians had sought help at the embassy since December 1. Friday was the busiest day with 71 arrivals.",
        "Sehingga Rabu 246 rakyat Malaysia meminta bantuan kedutaan sejak 1 Disember. Kemuncaknya pada Jumaat, iaitu 71 orang.",
    ],
)
def test_the_share_of_one_day_does_not_run(body: str) -> None:
    rows = by_best(read(body))
    assert rows[246].is_cumulative
    assert not rows[71].is_cumulative


@pytest.mark.parametrize(
    "body",
    [
        "Sejak 1 Desember, 246 WNI melapor ke KBRI. Dari 246 orang itu, 31 sudah terbang ke Jakarta dan 40 masih menunggu giliran.",
        "Since December 1, 246 Indonesians have sought help at the embassy. Thirty-one of the 246 have already flown to Jakarta and 40 are still waiting.",
        "Sejak 1 Disember, 246 rakyat Malaysia meminta bantuan kedutaan. Daripada 246 itu, 31 sudah pulang dan 40 masih menunggu giliran.",
    ],
)
def test_a_part_of_a_running_total_runs_but_those_who_wait_are_a_stock(body: str) -> None:
    rows = by_best(read(body))
    assert rows[31].is_cumulative
    assert rows[31].subset_of is not None
    assert not rows[40].is_cumulative


@pytest.mark.parametrize(
    "body",
    [
        "Kini 49 orang dipulangkan. Kementerian sebelumnya mengumumkan 47 orang.",
        "Forty-nine people were flown home on Monday. The ministry had announced 47 people.",
    ],
)
def test_a_figure_put_right_is_no_running_total(body: str) -> None:
    assert not by_best(read(body))[47].is_cumulative


def test_parts_hang_on_the_figure_whose_place_they_name() -> None:
    rows = by_best(
        read(
            "Police took 412 people out of a building in Bavet on Monday, in a sweep that has seen 1,180 people "
            "detained since December 1. Those picked up at Bavet include 171 Chinese, 96 Indonesians and 83 Vietnamese."
        )
    )
    assert {rows[part].subset_of for part in (171, 96, 83)} == {rows[412].claim_id}
    assert not rows[96].is_cumulative


@pytest.mark.parametrize(
    "body",
    [
        "Sebanyak 128 WNI tiba di Jakarta pada Senin. Di bandara 11 orang dijemput penyidik. Adapun 117 orang lain dibawa ke asrama.",
        "On Monday 128 Indonesians arrived home. At the airport 11 people were led away by detectives. The other 117 others went to a dormitory.",
        "Seramai 128 rakyat Malaysia tiba di KLIA pada Isnin. Seramai 11 orang dibawa polis. Manakala 117 orang lagi pulang ke rumah.",
    ],
)
def test_those_called_the_others_divide_the_whole(body: str) -> None:
    rows = by_best(read(body))
    assert rows[11].subset_of == rows[117].subset_of == rows[128].claim_id


@pytest.mark.parametrize(
    ("body", "role"),
    [
        ("Pengadilan menghukum seorang perekrut dan dua rekannya pada Senin.", CountRole.CONVICTED),
        ("The court sentenced the former mayor and two others on Monday.", CountRole.CONVICTED),
        ("Polis menahan seorang lelaki dan dua rakannya pada Isnin.", CountRole.ARRESTED),
    ],
)
def test_the_one_named_beside_the_others_is_counted_with_them(body: str, role: CountRole) -> None:
    row = by_best(read(body))[3]
    assert row.role is role
    assert row.basis == "derived"
    assert f"Kabar hari ini\n{body}"[row.start : row.end] == row.surface


def test_two_figures_are_not_one_person_more() -> None:
    assert {2, 5} <= set(by_best(read("Police arrested two recruiters and five others on Monday.")))


@pytest.mark.parametrize(
    "body",
    [
        "Sembilan dari 10 pekerja direkrut lewat Telegram, kata korban.",
        "Nine in ten workers were lured by Telegram, a survivor said.",
    ],
)
def test_shares_of_ten_count_nobody(body: str) -> None:
    assert not {9, 10} & set(by_best(read(body)))


def test_nine_of_the_ten_who_were_told_of_are_counted() -> None:
    rows = by_best(
        read("Polisi membebaskan 10 WNI pada Senin. Sembilan dari 10 orang itu sudah pulang.")
    )
    assert {9, 10} <= set(rows)


def test_parents_are_family_and_no_victims() -> None:
    rows = by_best(read("Dua orang tua korban melapor, dan delapan warga disekap di Bavet."))
    assert rows[2].role is CountRole.FAMILY_MEMBER


@pytest.mark.parametrize(
    "body",
    [
        "Dua pemuda disandera di Myawaddy.",
        "Two cousins are being held for ransom in Myawaddy.",
        "Dua sepupu dijadikan tebusan sindiket di Myawaddy.",
    ],
)
def test_captives_of_a_gang_are_victims(body: str) -> None:
    assert by_best(read(body))[2].role is CountRole.VICTIM


parts = st.lists(st.integers(min_value=2, max_value=400), min_size=2, max_size=5, unique=True)


@given(parts)
@settings(max_examples=40)
def test_a_whole_is_never_less_than_its_parts_together(sizes: list[int]) -> None:
    names = ["warga Indonesia", "warga Vietnam", "warga China", "warga Thailand", "warga Myanmar"]
    listed = ", ".join(f"{size} {name}" for size, name in zip(sizes, names, strict=False))
    rows = read(f"Polisi menangkap {sum(sizes)} orang di Bavet, terdiri dari {listed}.")
    for whole in rows:
        inside = [row.best or 0 for row in rows if row.subset_of == whole.claim_id]
        assert sum(inside) <= (whole.best or 0)
    assert sum(row.best or 0 for row in rows if row.subset_of is None) == sum(sizes)


@pytest.mark.parametrize(
    ("body", "whole", "part"),
    [
        ("Of the 28 freed on Monday, 27 have flown home.", 28, 27),
        ("Dari 28 orang yang dibebaskan, 27 sudah pulang.", 28, 27),
        ("Daripada 28 mangsa yang diselamatkan, 27 sudah pulang.", 28, 27),
        ("Dari 74 orang yang tiba, 7 diduga perekrut.", 74, 7),
        ("Of the 74 people flown home, seven are suspected recruiters.", 74, 7),
    ],
)
def test_a_part_may_open_a_clause_behind_its_whole(body: str, whole: int, part: int) -> None:
    rows = by_best(read(body))
    assert rows[part].subset_of == rows[whole].claim_id


@pytest.mark.parametrize(
    "body",
    [
        "Dari 74 orang yang dipulangkan, 7 diduga perekrut.",
        "Of the 74 people flown home, seven are suspected recruiters.",
        "Daripada 74 yang dibawa pulang, 7 disyaki ejen.",
    ],
)
def test_those_thought_to_have_recruited_are_told_from_those_they_came_with(body: str) -> None:
    assert by_best(read(body))[7].role in {CountRole.RECRUITER, CountRole.SUSPECT}
