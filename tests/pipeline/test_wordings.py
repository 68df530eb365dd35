"""One event in many words: type, role, figure and day in Indonesian, Malay and English.

Each row is an invented headline and lead. Together they hold the verbs, nouns and turns in which news tells
of each kind of event, so that a change of the tables that loses one of them is seen.
"""

from __future__ import annotations

import pytest

from tests.reading import read

WORDINGS = [
    # language, headline, lead, event, role of the headline figure, figure, first day (None: not told)
    ("id", "34 WNI Lepas dari Cengkeraman Sindikat di Bavet", "Tim KBRI bersama polisi setempat membebaskan 34 WNI dari sebuah ruko di Bavet, Selasa (9/12).", "rescue", "rescued", 34, "2025-12-09"),
    ("id", "Tim Gabungan Bawa Keluar 12 Pekerja dari Kompleks di Sihanoukville", "Sebanyak 12 WNI berhasil dibawa keluar dari kompleks penipuan daring di Sihanoukville pada Selasa (9/12).", "rescue", "rescued", 12, "2025-12-09"),
    ("id", "Tujuh Warga Sukabumi Akhirnya Bebas dari Kurungan Sindikat", "Tujuh warga Sukabumi bebas setelah polisi Kamboja mendatangi tempat mereka dikurung, Rabu (10/12).", "rescue", "rescued", 7, "2025-12-10"),
    ("id", "58 Korban Scam Kamboja Tiba di Juanda", "Sebanyak 58 WNI korban penipuan daring tiba di Bandara Juanda, Rabu (10/12) malam.", "repatriation", "repatriated", 58, "2025-12-10"),
    ("id", "41 WNI Eks Operator Judol Kembali ke Pelukan Keluarga", "Rombongan 41 WNI bekas operator judi daring di Poipet menginjakkan kaki di Jakarta, Rabu (10/12).", "repatriation", "repatriated", 41, "2025-12-10"),
    ("id", "Pemerintah Jemput 23 WNI dari Bangkok", "Kemlu menjemput 23 WNI yang sempat terjebak di Myawaddy dan membawa mereka ke Jakarta pada Selasa (9/12).", "repatriation", "repatriated", 23, "2025-12-09"),
    ("id", "KBRI Fasilitasi Kepulangan 19 WNI dari Kamboja", "KBRI Phnom Penh memfasilitasi kepulangan 19 WNI bekas pekerja penipuan daring pada Rabu (10/12).", "repatriation", "repatriated", 19, "2025-12-10"),
    ("id", "Gudang di Kandal Digeledah, 86 Orang Asing Diangkut", "Polisi Kamboja menggeledah sebuah gudang di Kandal, Selasa (9/12), dan mengangkut 86 warga asing yang bekerja di kantor penipuan daring.", "raid", "arrested", 86, "2025-12-09"),
    ("id", "Polisi Bongkar Markas Scam di Batam, 120 WNA Diamankan", "Polda Kepri membongkar markas penipuan daring di Batam, Senin (8/12), dan mengamankan 120 warga negara asing.", "raid", "arrested", 120, "2025-12-08"),
    ("id", "Tiga Perekrut Pekerja Judol Ditangkap di Cirebon", "Polisi menangkap tiga perekrut yang mengirim warga ke Kamboja, Rabu (10/12).", "arrest", "arrested", 3, "2025-12-10"),
    ("id", "Pasutri Penyalur Pekerja ke Kamboja Dicokok Polisi", "Polres Subang menangkap pasangan suami istri yang menyalurkan pekerja ke perusahaan penipuan daring di Kamboja, Selasa (9/12).", "arrest", "arrested", 2, "2025-12-09"),
    ("id", "Sembilan WNI Nekat Kabur Lewat Jendela", "Sembilan WNI kabur dari kantor penipuan daring di Poipet dengan turun dari jendela pada Minggu (7/12).", "escape", "escaped", 9, "2025-12-07"),
    ("id", "KBRI Phnom Penh Kebanjiran 210 Pengadu", "Sampai Rabu (10/12), 210 WNI mendatangi KBRI Phnom Penh untuk minta dipulangkan setelah keluar dari perusahaan penipuan daring sejak 4 Desember.", "complaint", "complainant", 210, None),
    ("id", "Petugas Gagalkan Keberangkatan 14 Calon Pekerja Scam", "Imigrasi Kualanamu menggagalkan keberangkatan 14 WNI yang hendak bekerja di perusahaan penipuan daring di Kamboja, Senin (8/12).", "interdiction", "interdicted", 14, "2025-12-08"),
    ("id", "Enam Calon Admin Judol Dicegat di Bandara", "Enam WNI dicegat petugas imigrasi di Bandara Soekarno-Hatta saat hendak terbang ke Kamboja, Senin (8/12).", "interdiction", "interdicted", 6, "2025-12-08"),
    ("id", "Empat Perekrut Pekerja Scam Dihukum Delapan Tahun", "Majelis hakim PN Medan menghukum empat terdakwa masing-masing delapan tahun penjara, Selasa (9/12).", "verdict", "convicted", 4, "2025-12-09"),
    ("id", "Tiga Agen Pengirim Pekerja ke Kamboja Mulai Disidang", "Tiga terdakwa menjalani sidang perdana di PN Pontianak, Senin (8/12), karena mengirim 18 orang ke kompleks penipuan di Kamboja.", "prosecution", "suspect", 3, "2025-12-08"),
    ("id", "Kamboja Usir 75 WNI Eks Pekerja Scam", "Otoritas imigrasi Kamboja mendeportasi 75 WNI bekas pekerja penipuan daring, Rabu (10/12).", "deportation", "deported", 75, "2025-12-10"),
    ("id", "Pekerja Asal Lampung Meninggal di Kompleks Scam", "Seorang pekerja asal Lampung meninggal dunia di kompleks penipuan daring di Bavet, Minggu (7/12).", "death", "dead", 1, "2025-12-07"),
    ("id", "27 WNI Ditahan Imigrasi Kamboja, KBRI Minta Akses Kekonsuleran", "Sebanyak 27 WNI ditahan di rumah detensi imigrasi Kamboja dan KBRI meminta akses kekonsuleran.", "detention", "detained", 27, None),
    ("id", "Milisi Karen Serahkan 64 Warga Asing ke Thailand", "Milisi Karen menyerahkan 64 warga asing bekas pekerja penipuan daring kepada militer Thailand di Mae Sot, Selasa (9/12).", "release_handover", "released", 64, "2025-12-09"),
    ("id", "Dua Pemuda Garut Disandera di Myawaddy, Pelaku Minta Tebusan", "Dua pemuda asal Garut disandera kelompok penipuan daring di Myawaddy dan keluarganya dimintai tebusan Rp80 juta.", "detention", "victim", 2, None),
    ("en", "Police free 34 Indonesians from Bavet shophouse", "Cambodian police freed 34 Indonesians from a shophouse in Bavet where they ran online scams, the embassy said, in a raid on Tuesday.", "rescue", "rescued", 34, "2025-12-09"),
    ("en", "17 trafficked workers brought out of scam hub", "Seventeen Indonesians were brought out of a scam hub in Sihanoukville on Tuesday, officials said.", "rescue", "rescued", 17, "2025-12-09"),
    ("en", "52 Filipinos back in Manila after ordeal in scam farm", "Fifty-two Filipinos who had been forced to work in scam farms in Cambodia returned to Manila on Wednesday.", "repatriation", "repatriated", 52, "2025-12-10"),
    ("en", "29 Malaysians touch down at KLIA after scam hub ordeal", "A group of 29 Malaysians rescued from scam hubs in Cambodia touched down at KLIA on Wednesday night.", "repatriation", "repatriated", 29, "2025-12-10"),
    ("en", "Plane carrying 88 scam survivors lands in Jakarta", "A chartered plane carrying 88 Indonesians landed in Jakarta on Tuesday.", "repatriation", "repatriated", 88, "2025-12-09"),
    ("en", "140 foreigners taken into custody in Phnom Penh tower", "Police took 140 foreigners into custody in a Phnom Penh tower used for online scams on Tuesday.", "raid", "arrested", 140, "2025-12-09"),
    ("en", "93 nabbed as police swoop on scam den in Kandal", "Police swooped on a villa in Kandal on Monday and detained 93 people running online scams.", "raid", "arrested", 93, "2025-12-08"),
    ("en", "Three recruiters for scam farms picked up in Cebu", "Police picked up three recruiters on Wednesday who had sent workers to scam farms in Cambodia.", "arrest", "arrested", 3, "2025-12-10"),
    ("en", "Couple accused of sending jobseekers to scam hubs held", "Police arrested a couple on Tuesday over the sending of jobseekers to scam hubs in Cambodia.", "arrest", "arrested", 2, "2025-12-09"),
    ("en", "Nine Indonesians climb out of window to flee scam office", "Nine Indonesians fled a scam office in Poipet on Sunday by climbing out of a window.", "escape", "escaped", 9, "2025-12-07"),
    ("en", "Indonesians seeking help at embassy reach 210", "By Wednesday, 210 Indonesians had come to the embassy in Phnom Penh asking for help since December 4.", "complaint", "complainant", 210, None),
    ("en", "14 stopped at airport on way to scam jobs", "Immigration officers stopped 14 Filipinos from boarding a flight on Monday to scam jobs in Cambodia.", "interdiction", "interdicted", 14, "2025-12-08"),
    ("en", "Four traffickers jailed for sending workers to scam hubs", "A Manila court sentenced four traffickers to life imprisonment on Tuesday for sending workers to scam hubs.", "verdict", "convicted", 4, "2025-12-09"),
    ("en", "Three agents go on trial over scam hub jobs", "Three agents went on trial in Kuala Lumpur on Monday, accused of sending 18 people to scam hubs.", "prosecution", "suspect", 3, "2025-12-08"),
    ("en", "Cambodia kicks out 75 scam workers", "Cambodia deported 75 Indonesians who had worked in scam compounds on Wednesday.", "deportation", "deported", 75, "2025-12-10"),
    ("en", "Malaysian dies in scam compound", "A 24-year-old Malaysian man died in a scam compound in Bavet on Sunday.", "death", "dead", 1, "2025-12-07"),
    ("en", "Militia hands 64 foreigners to Thai soldiers", "A Karen militia handed 64 foreigners over to Thai soldiers at Mae Sot on Tuesday.", "release_handover", "released", 64, "2025-12-09"),
    ("en", "64 scam workers let go by Karen militia", "A Karen militia let 64 foreigners go on Tuesday and they crossed to Mae Sot.", "release_handover", "released", 64, "2025-12-09"),
    ("en", "Two cousins held for ransom in Myawaddy", "Two cousins from Penang are being held for ransom by a scam gang in Myawaddy, their family said.", "detention", "victim", 2, None),
    ("ms", "34 rakyat Malaysia diselamatkan dari sarang scam di Bavet", "Polis Kemboja menyelamatkan 34 rakyat Malaysia dari sebuah kedai di Bavet pada Selasa.", "rescue", "rescued", 34, "2025-12-09"),
    ("ms", "12 mangsa sindiket pekerjaan berjaya dibawa keluar dari Sihanoukville", "Seramai 12 mangsa berjaya dibawa keluar dari pusat penipuan di Sihanoukville pada Selasa.", "rescue", "rescued", 12, "2025-12-09"),
    ("ms", "29 mangsa sindiket scam selamat tiba di KLIA", "Seramai 29 rakyat Malaysia yang menjadi mangsa sindiket penipuan di Kemboja selamat tiba di KLIA pada Rabu.", "repatriation", "repatriated", 29, "2025-12-10"),
    ("ms", "Wisma Putra bawa pulang 21 rakyat Malaysia dari Kemboja", "Wisma Putra membawa pulang 21 rakyat Malaysia yang terperangkap dalam sindiket penipuan di Kemboja pada Rabu.", "repatriation", "repatriated", 21, "2025-12-10"),
    ("ms", "Polis serbu kondominium, 86 warga asing diberkas", "Polis menyerbu sebuah kondominium yang dijadikan pusat penipuan dalam talian pada Selasa dan memberkas 86 warga asing.", "raid", "arrested", 86, "2025-12-09"),
    ("ms", "Tiga ejen sindiket kerja palsu ditahan di Johor", "Polis menahan tiga ejen sindiket kerja palsu ke Kemboja pada Rabu.", "arrest", "arrested", 3, "2025-12-10"),
    ("ms", "Sembilan anak muda Sarawak lari dari pusat scam", "Sembilan anak muda Sarawak melarikan diri dari pusat penipuan di Poipet pada Ahad.", "escape", "escaped", 9, "2025-12-07"),
    ("ms", "14 individu dihalang terbang ke Kemboja", "Jabatan Imigresen menghalang 14 individu daripada menaiki pesawat ke Kemboja pada Isnin kerana disyaki mahu bekerja dengan sindiket penipuan.", "interdiction", "interdicted", 14, "2025-12-08"),
    ("ms", "Dua lelaki didakwa hantar mangsa ke Kemboja", "Dua lelaki didakwa di Mahkamah Sesyen pada Isnin atas tuduhan memperdagangkan lapan individu ke Kemboja.", "prosecution", "suspect", 2, "2025-12-08"),
    ("ms", "Dua ejen dipenjara 10 tahun", "Mahkamah Tinggi memenjarakan dua ejen sindiket kerja palsu selama 10 tahun pada Selasa.", "verdict", "convicted", 2, "2025-12-09"),
    ("ms", "Lelaki Perak maut di pusat scam", "Seorang lelaki dari Perak maut di pusat penipuan di Bavet pada Ahad.", "death", "dead", 1, "2025-12-07"),
    ("ms", "Militia Karen serah 64 warga asing kepada Thailand", "Militia Karen menyerahkan 64 warga asing kepada tentera Thailand di Mae Sot pada Selasa.", "release_handover", "released", 64, "2025-12-09"),
    ("ms", "Dua sepupu dijadikan tebusan sindiket di Myawaddy", "Dua sepupu dari Pulau Pinang dijadikan tebusan oleh sindiket penipuan di Myawaddy dan keluarga diminta membayar RM50,000.", "detention", "victim", 2, None),
    ("id", "WNI yang Datang ke KBRI Bertambah Jadi 356 Orang", "Jumlah WNI yang melapor ke KBRI Phnom Penh sejak 1 Desember bertambah menjadi 356 orang hingga Rabu (10/12).", "complaint", "complainant", 356, "2025-12-01"),
    ("id", "Total 356 WNI Eks Pekerja Scam Minta Dipulangkan", "KBRI Phnom Penh mencatat total 356 WNI meminta dipulangkan hingga Rabu (10/12). Puncaknya terjadi Senin (8/12), saat 120 orang datang dalam sehari.", "complaint", "complainant", 356, None),
    ("id", "Operasi Scam Kamboja: 2.140 Orang Ditangkap Sejak November", "Polisi Kamboja telah menangkap 2.140 orang sejak operasi digelar pada 21 November.", "raid", "arrested", 2140, "2025-11-21"),
    ("id", "Kloter Kedua Berisi 45 WNI Tiba dari Kamboja", "Kloter kedua pemulangan yang berisi 45 WNI mendarat di Soekarno-Hatta, Rabu (10/12). Sebelumnya, 60 WNI tiba pada Senin (8/12).", "repatriation", "repatriated", 45, "2025-12-10"),
    ("id", "57 WNI Terseret Razia Besar di Sihanoukville", "Sebanyak 57 WNI ikut terjaring saat polisi Kamboja merazia tiga gedung di Sihanoukville pada Selasa (9/12).", "raid", "arrested", 57, "2025-12-09"),
    ("id", "Enam Remaja NTT Diselamatkan dari Kompleks Judol", "Polisi Kamboja menyelamatkan enam remaja asal Nusa Tenggara Timur dari kompleks judi daring di Bavet, Senin (8/12). Satu di antaranya berusia 16 tahun.", "rescue", "rescued", 6, "2025-12-08"),
    ("id", "Dua WNI Ditemukan Tewas di Asrama Pekerja Scam", "Dua WNI ditemukan tewas di asrama pekerja penipuan daring di Poipet pada Sabtu (6/12).", "death", "dead", 2, "2025-12-06"),
    ("id", "Bos Penyalur Pekerja Scam Divonis 12 Tahun Penjara", "Hakim PN Tangerang memvonis seorang penyalur pekerja ke Kamboja 12 tahun penjara, Selasa (9/12).", "verdict", "convicted", 1, "2025-12-09"),
    ("id", "Polisi Tangkap Perekrut Pekerja Judol Kamboja di Medan", "Polda Sumut menangkap seorang perempuan yang merekrut 15 orang untuk bekerja di perusahaan judi daring di Kamboja, Selasa (9/12).", "arrest", "arrested", 1, "2025-12-09"),
    ("id", "33 WNI Korban Scam Akan Dipulangkan Pekan Depan", "Sebanyak 33 WNI korban penipuan daring di Kamboja dijadwalkan pulang pada Selasa (16/12).", "repatriation", "repatriated", 33, "2025-12-16"),
    ("id", "Keluarga Korban Sekapan di Myawaddy Dimintai Tebusan Rp100 Juta", "Seorang pemuda asal Ciamis disekap perusahaan penipuan daring di Myawaddy dan keluarganya dimintai tebusan Rp100 juta.", "detention", "victim", 1, None),
    ("id", "21 Orang Dievakuasi, 5 Tersangka Diringkus", "Polda Metro Jaya mengevakuasi 21 korban dari rumah penampungan di Bekasi, Selasa (9/12), dan meringkus lima tersangka penyalur pekerja ke Kamboja.", "rescue", "rescued", 21, "2025-12-09"),
    ("id", "13 WNI Lompat Tembok untuk Kabur dari Sarang Scam", "Tiga belas WNI melompati tembok kompleks penipuan daring di Bavet pada Minggu (7/12) malam.", "escape", "escaped", 13, "2025-12-07"),
    ("id", "Isak Tangis Sambut 18 Korban TPPO dari Kamboja", "Delapan belas korban perdagangan orang yang dipaksa menjadi penipu daring di Kamboja disambut keluarga di Bandara Juanda, Rabu (10/12).", "repatriation", "repatriated", 18, "2025-12-10"),
    ("en", "Embassy queue grows to 356", "The number of Indonesians who have come to the embassy in Phnom Penh for help since December 1 has grown to 356, it said on Wednesday.", "complaint", "complainant", 356, "2025-12-01"),
    ("en", "Cambodia says 2,140 held in scam sweep", "Cambodian police have detained 2,140 people since the sweep began on November 21, the interior ministry said.", "raid", "arrested", 2140, "2025-11-21"),
    ("en", "310 caught in raid on casino building", "Police raided a casino building in Sihanoukville on Tuesday and caught 310 people at their keyboards, the largest haul since August.", "raid", "arrested", 310, "2025-12-09"),
    ("en", "Second batch of 45 Filipinos home from Cambodia", "A second batch of 45 Filipinos arrived home from Cambodia on Wednesday. The first batch of 60 came on Monday.", "repatriation", "repatriated", 45, "2025-12-10"),
    ("en", "Two workers found dead in scam dormitory", "Two Indonesians were found dead in a scam dormitory in Poipet on Saturday.", "death", "dead", 2, "2025-12-06"),
    ("en", "Woman held over jobs in scam hubs", "Police arrested a woman on Tuesday who recruited 15 people for scam hubs in Cambodia.", "arrest", "arrested", 1, "2025-12-09"),
    ("en", "33 scam victims to fly home next week", "Thirty-three Indonesians freed from scam hubs are scheduled to fly home on Tuesday, December 16.", "repatriation", "repatriated", 33, "2025-12-16"),
    ("en", "21 rescued, five held in raid on safe house", "Police rescued 21 victims from a house in Bekasi on Tuesday and arrested five suspected recruiters for scam hubs.", "rescue", "rescued", 21, "2025-12-09"),
    ("en", "13 scale wall to escape scam compound", "Thirteen Indonesians scaled the wall of a scam compound in Bavet on Sunday night.", "escape", "escaped", 13, "2025-12-07"),
    ("en", "Life for trafficker and five accomplices", "A Pasig court sentenced a trafficker and five accomplices to life imprisonment on Tuesday for running a scam hub.", "verdict", "convicted", 6, "2025-12-09"),
    ("en", "Myanmar hands over 120 scam workers at Mae Sot", "Myanmar authorities handed over 120 scam workers at the Mae Sot bridge on Tuesday.", "release_handover", "released", 120, "2025-12-09"),
    ("en", "38 Malaysians in Cambodian detention after scam raids", "Thirty-eight Malaysians are in immigration detention in Cambodia, Wisma Putra said, and consular access has been sought.", "detention", "detained", 38, None),
    ("en", "Eight bound for Laos scam hub offloaded at NAIA", "Immigration officers offloaded eight Filipinos from a flight to Bangkok on Monday; they were bound for a scam hub in Laos.", "interdiction", "interdicted", 8, "2025-12-08"),
    ("en", "Nine charged over Bavet scam hub", "Prosecutors charged nine people on Monday over a scam hub in Bavet.", "prosecution", "suspect", 9, "2025-12-08"),
    ("ms", "Rakyat Malaysia minta bantuan kedutaan cecah 356 orang", "Seramai 356 rakyat Malaysia meminta bantuan kedutaan di Phnom Penh sejak 1 Disember.", "complaint", "complainant", 356, "2025-12-01"),
    ("ms", "Kemboja tahan 2,140 individu dalam operasi banteras scam", "Polis Kemboja menahan 2,140 individu sejak operasi dilancarkan pada 21 November.", "raid", "arrested", 2140, "2025-11-21"),
    ("ms", "Kumpulan kedua 45 mangsa scam tiba di KLIA", "Kumpulan kedua membabitkan 45 rakyat Malaysia tiba di KLIA pada Rabu.", "repatriation", "repatriated", 45, "2025-12-10"),
    ("ms", "21 mangsa diselamatkan, lima suspek dicekup", "Polis menyelamatkan 21 mangsa di sebuah rumah di Klang pada Selasa dan mencekup lima suspek sindiket kerja palsu ke Kemboja.", "rescue", "rescued", 21, "2025-12-09"),
    ("ms", "Wanita ditahan disyaki rekrut mangsa scam", "Polis menahan seorang wanita pada Selasa kerana disyaki merekrut 15 mangsa untuk sindiket penipuan di Kemboja.", "arrest", "arrested", 1, "2025-12-09"),
    ("ms", "13 rakyat Malaysia panjat tembok lari dari pusat scam", "Seramai 13 rakyat Malaysia memanjat tembok untuk melarikan diri dari pusat penipuan di Bavet pada Ahad.", "escape", "escaped", 13, "2025-12-07"),
    ("ms", "33 mangsa scam dijangka pulang minggu depan", "Seramai 33 rakyat Malaysia dijangka dibawa pulang pada Selasa, 16 Disember.", "repatriation", "repatriated", 33, "2025-12-16"),
    ("ms", "Imigresen gempur pusat panggilan scam, cekup 64 warga asing", "Jabatan Imigresen menggempur sebuah pusat panggilan penipuan di Johor Bahru pada Selasa dan mencekup 64 warga asing.", "raid", "arrested", 64, "2025-12-09"),
    ("ms", "Kemboja usir 75 rakyat Malaysia", "Kemboja mengusir 75 rakyat Malaysia yang bekerja dengan sindiket penipuan pada Rabu.", "deportation", "deported", 75, "2025-12-10"),
    ("ms", "Dua rakyat Malaysia ditemui mati di asrama pusat scam", "Dua rakyat Malaysia ditemui mati di asrama pusat penipuan di Poipet pada Sabtu.", "death", "dead", 2, "2025-12-06"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "title", "body", "event", "role", "best", "day"),
    WORDINGS,
    ids=[row[1][:40] for row in WORDINGS],
)
def test_one_event_in_many_words(
    language: str, title: str, body: str, event: str, role: str, best: int, day: str | None
) -> None:
    found = next(item for item in read(title, body, language) if item.salience == "main")
    told = (found.event_type.value, found.headline_role, found.count_best)
    assert told == (event, role, best)
    assert day is None or str(found.date_start) == day
