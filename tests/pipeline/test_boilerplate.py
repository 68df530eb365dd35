"""Lines that go, lines that stay, datelines; then what must hold for any lines."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import boilerplate

A = "Petugas menyelamatkan sebelas orang dari sebuah gedung di tepi sungai pada Senin pagi."
B = "Mereka akan pulang setelah pemeriksaan selesai, kata seorang pejabat."

GONE = """
SCROLL TO CONTINUE WITH CONTENT
SCROLL TO RESUME CONTENT
Scroll ke bawah untuk melanjutkan membaca
ADVERTISEMENT
Advertisement
Iklan
Baca juga: Harga Beras Turun di Lima Pasar
Baca Juga: Harga Beras Turun di Lima Pasar
Baca Juga : Harga Beras Turun di Lima Pasar
BACA JUGA: HARGA BERAS TURUN
Baca juga Harga Beras Turun di Lima Pasar
Baca: Harga Beras Turun di Lima Pasar
(Baca juga: Harga Beras Turun di Lima Pasar)
Baca lagi: Harga beras turun di lima pasar
Lihat Juga : Harga Beras Turun
Simak juga: Harga Beras Turun
Pilihan Editor: Riwayat Kapal Kayu di Muara
Pilihan Redaksi
Next Article
Also read: Rice mills plan new halls
Read also: Rice mills plan new halls
READ: Rice mills plan new halls
Read more: Rice mills plan new halls
See also: Rice mills plan new halls
Related: Rice mills plan new halls
[Gambas:Video 20detik]
[Gambas:Video CNN]
[Gambas:Instagram]
Simak Video 'Suasana Pelabuhan Saat Pemeriksaan'
Simak Video "Suasana Pelabuhan"
Simak juga Video 'Suasana Pelabuhan'
Lihat juga Video 'Suasana Pelabuhan'
Lihat Video: Suasana Pelabuhan
Tonton juga: Suasana Pelabuhan
Saksikan Live Siaran Pagi
Add
as a preferred
source on Google
Jadikan kami sumber pilihan di Google
(rds/end)
(isa/rds)
(luc/luc)
(isa/rds/dek)
(mcr8/jpnn)
(pta)
Halaman 2 dari 2
Halaman 1 dari 3
Page 2 of 3
Halaman: 2
Baca selengkapnya di halaman selanjutnya...
Selanjutnya
Halaman Selanjutnya
Pewarta: Lintang Jaya
Editor: Meja Nasional
Editor : Meja Nasional
Uploader : Meja Nasional
Penulis : Wira Adiguna
Reporter: Wira Adiguna
Kontributor : Wira Adiguna
Sumber : Kantor Berita
COPYRIGHT © SAMUDERA 2026
Copyright © 2024 Outlet. All rights reserved
© 2024 Outlet Media
Dilarang keras mengambil konten, melakukan crawling atau pengindeksan otomatis untuk AI di situs web ini tanpa izin tertulis dari Kantor Berita.
Artikel ini telah tayang di Suluh dengan judul Petugas Selamatkan Sebelas Orang
Laporan Wartawan SuluhTimur.com, Wira Adiguna
* Fakta atau Hoaks? Untuk mengetahui kebenaran informasi yang beredar, silakan WhatsApp ke nomor redaksi.
BACA BERITA TERKINI LAINNYA DI GOOGLE NEWS
Simak berita pilihan kami lewat WhatsApp Channel Outlet
Simak breaking news dan berita pilihan kami langsung di ponselmu. Pilih saluran andalanmu akses berita Outlet WhatsApp Channel
Dapatkan update berita pilihan dan breaking news setiap hari dari Outlet.com. Mari bergabung di Grup Telegram kami.
Ikuti kami di Google News
Ikuti berita SuluhTimur lainnya di Google News
Follow WhatsApp Channel Outlet untuk update berita terbaru setiap hari
Telusuri berita nasional lainnya
Cek berita dan artikel yg lain di Google News
Berita Terkait :
Lihat Artikel Asli
Foto: Petugas di pelabuhan (dok. Humas)
Photo: A gate of the compound
Ilustrasi (Foto: Istimewa)
Ilustrasi. Dok. Outlet
Arsip foto - Petugas memeriksa paspor di pelabuhan. ANTARA/HO-Humas
Petugas memeriksa paspor. ANTARA FOTO/Humas
View this post on Instagram
A post shared by Outlet (@outlet)
2 komentar
2 Komentar
14 comments
Komentar
Tulis Komentar
Leave a Reply
Share this:
Bagikan
Copy Link
Facebook
Selasa, 18 Jun 2024 09:15 WIB
PagiNusa.com, 18/06/2024, 09:15 WIB
Tayang: Selasa, 18 Juni 2024 10:15 WITA
""".strip().splitlines()

STAYS = """
Baca buku harian para korban, penyidik menemukan nama tiga kota.
Baca kembali pasal itu, kata hakim, sebelum memutus perkara.
Dalam kolom komentar, seorang warga mengaku kehilangan Rp 20 juta.
Kementerian belum memberi komentar.
Ia menolak memberi komentar: semua sudah disampaikan.
Unggahan itu menuai 2 komentar bernada ancaman dari akun palsu.
Korban ikuti grup Telegram lowongan kerja sejak Mei.
Ikuti arahan petugas, para korban lalu keluar dari gedung.
Perekrut menghubungi korban melalui WhatsApp dan Facebook.
Video itu memperlihatkan korban memohon bantuan.
Simak, kata dia, bagaimana korban dijerat utang.
Lihat saja jumlahnya: 21 orang dalam sehari.
Iklan lowongan kerja itu tersebar di Facebook.
Editor sebuah media lokal turut menjadi korban.
Sumber di kepolisian mengatakan 12 orang ditahan.
Penulis laporan itu mewawancarai 58 penyintas.
Foto para korban beredar luas di media sosial.
Foto yang dikirim korban memperlihatkan luka di punggung.
The photo showed a guard with a baton.
Read the charge sheet and it is plain how the debts were kept, a lawyer said.
See how quickly the compound grew, he said.
Comment was not available from the embassy.
Share prices were not affected by the raid.
Next, police searched the second floor.
Watch towers stand at each corner of the compound.
Related charges were dropped in May.
Para pelaku (dua orang) kabur.
Satgas menahan lima orang (tiga perempuan).
Pasukan menjaga perbatasan (ASEAN).
Halaman gedung itu dipagari kawat berduri.
Penipuan itu dikenal sebagai pig butchering
Daftar negara asal korban:
Mereka bekerja 14 jam sehari. - Ani
""".strip().splitlines()


@pytest.mark.parametrize("line", GONE)
def test_lines_that_go(line: str) -> None:
    assert boilerplate.clean([A, line, B]) == [A, B]


@pytest.mark.parametrize("line", GONE)
def test_lines_that_go_at_the_end(line: str) -> None:
    assert boilerplate.clean([A, B, line]) == [A, B]


@pytest.mark.parametrize("line", STAYS)
def test_lines_that_stay(line: str) -> None:
    assert boilerplate.clean([A, line, B]) == [A, line, B]


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        ([A, "Baca juga:", "Harga Beras Turun di Lima Pasar", B], [A, B]),
        ([A, "BACA JUGA", "Harga Beras Turun di Lima Pasar", B], [A, B]),
        ([A, "Lihat Juga :", "Harga Beras Turun", B], [A, B]),
        ([A, "Baca juga:", B], [A, B]),
        ([A, "Pilihan Redaksi", "Harga Beras Turun", "Cuaca Hujan Ringan", B], [A, B]),
        ([A, B, "(rds/end)", "tppo", "kamboja", "judi online"], [A, B]),
        ([A, f"{B} (rds/end)", "tppo", "kamboja"], [A, B]),
        ([A, f"{B}(rds/end)tppo", "kamboja"], [A, B]),
        ([A, f"{B} (pta)", "tppo"], [A, B]),
        ([A, B, "(luc/end) batam imigrasi love scamming"], [A, B]),
        ([A, "(rds/end)", B], [A, B]),
        ([A, B, "Tags:", "tppo", "kamboja"], [A, B]),
        ([f"{A} [Gambas:Video 20detik]", B], [A, B]),
        ([f"{A} SCROLL TO CONTINUE WITH CONTENT", B], [A, B]),
        ([f"{A} Baca juga: Harga Beras Turun", B], [A, B]),
        ([f"{A} (Baca juga: Harga Beras Turun)", B], [A, B]),
        ([A, f"{B} (ANTARA/HO-Kemlu RI)"], [A, B]),
        ([A, f"{B} – Rappler.com"], [A, B]),
        ([A, f"{B} - AFP"], [A, B]),
        (["Jakarta -", A, B], [f"Jakarta - {A}", B]),
        (["Jakarta, CNN Indonesia --", A], [f"Jakarta, CNN Indonesia -- {A}"]),
        (["Judul Berita Ini", A], [A]),
        ([], []),
    ],
)
def test_lines_that_belong_together(lines: list[str], kept: list[str]) -> None:
    assert boilerplate.clean(lines, title="Judul berita ini") == kept


def test_patterns_of_the_source_match_whole_lines() -> None:
    lines = [A, "Langganan sekarang juga", "Langganan sekarang juga kata dia.", B]
    assert boilerplate.clean(lines, ["langganan sekarang juga"]) == [A, lines[2], B]


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("Jakarta (ANTARA) - Polisi", "Jakarta (ANTARA)"),
        ("Jakarta, CNN Indonesia -- Polisi", "Jakarta, CNN Indonesia"),
        ("Jakarta, CNBC Indonesia - Polisi", "Jakarta, CNBC Indonesia"),
        ("Liputan6.com, Jakarta - Polisi", "Liputan6.com, Jakarta"),
        ("tirto.id - Polisi", "tirto.id"),
        ("Suara.com - Polisi", "Suara.com"),
        ("Jakarta - Polisi", "Jakarta"),
        ("JAKARTA – Polisi", "JAKARTA"),
        ("JAKARTA, KOMPAS.com - Polisi", "JAKARTA, KOMPAS.com"),
        ("TEMPO.CO, Jakarta - Polisi", "TEMPO.CO, Jakarta"),
        ("Bisnis.com, JAKARTA - Polisi", "Bisnis.com, JAKARTA"),
        ("TRIBUNNEWS.COM, JAKARTA - Polisi", "TRIBUNNEWS.COM, JAKARTA"),
        ("jpnn.com, JAKARTA - Polisi", "jpnn.com, JAKARTA"),
        ("PUTRAJAYA, Nov 22 — Police", "PUTRAJAYA, Nov 22"),
        ("PHNOM PENH, Jul 17 — Police", "PHNOM PENH, Jul 17"),
        ("PHNOM PENH, Cambodia, July 19 – At", "PHNOM PENH, Cambodia, July 19"),
        ("MANILA, Philippines – Police", "MANILA, Philippines"),
        ("BANGKOK, June 3 (Reuters) - Police", "BANGKOK, June 3 (Reuters)"),
        ("KUALA LUMPUR: Police", "KUALA LUMPUR"),
        ("Kota Kinabalu (Bernama) -- Polis", "Kota Kinabalu (Bernama)"),
        ("Deli Serdang - Polisi", "Deli Serdang"),
        ("Polisi menangkap dua orang - kata saksi", None),
        ("Anak-anak itu pulang.", None),
        ("Polisi Tangkap Dua Orang. Jakarta - x", None),
        ("", None),
    ],
)
def test_datelines(text: str, dateline: str | None) -> None:
    assert boilerplate.dateline(text) == dateline


LINE = st.one_of(
    st.sampled_from([*GONE[:20], *STAYS, A, B, "tppo", "Jakarta -"]), st.text(max_size=80)
)


@given(st.lists(LINE, max_size=12))
def test_nothing_is_made_up_or_moved(lines: list[str]) -> None:
    kept = boilerplate.clean(lines)
    rest = "\n".join(lines)
    for line in kept:
        for piece in line.split(" - ", 1):
            assert piece.split(" ")[0] in rest
    assert sum(map(len, kept)) <= sum(map(len, lines)) + len(lines)


@given(st.lists(st.sampled_from(STAYS), min_size=1, max_size=10))
def test_prose_is_never_touched(lines: list[str]) -> None:
    assert boilerplate.clean([A, *lines, A]) == [A, *lines, A]


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "unit", ["baca juga ", "( ", "(a/", ". (", "Jakarta, ", "A. ", "a.b/", "simak video ", "18/", " - ", "[Gambas:", "foto: "]
)  # fmt: skip
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    line = unit * (1_000_000 // len(unit))
    begun = time.process_time()
    boilerplate.clean([line, line[:440], A], title=A)
    boilerplate.dateline(line)
    assert time.process_time() - begun < 2.0  # a quadratic pattern needs minutes on a megabyte
