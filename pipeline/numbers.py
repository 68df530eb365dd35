"""Find the figures of a text with what they count: words and digits, hedges, ranges, units.

    text -> [Quantity]

Indonesian, Malay and English. A figure that counts nothing we understand has unit ``None``; money,
durations, ages, times, flight and law numbers carry a unit of their own so that they are never persons.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib.resources
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import yaml

from pipeline.records import Relation

Measure = Literal["persons", "cases", "complaints", "percent", "IDR", "USD", "money", "accounts", "sites",
                  "permits", "other"]  # fmt: skip

# "sekitar 75" without more says how far off it may be nowhere; the codebook reads it as +-10 %.
ABOUT_SHARE = 0.10
# What a list of countries with a bare figure each may count.
_LISTED = frozenset({"persons", "cases", "complaints"})


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure and what it counts. ``start``/``end`` bound the number words alone."""

    start: int
    end: int
    surface: str
    low: float | None
    best: float | None
    high: float | None
    relation: Relation
    measure: Measure | None
    noun: str = ""
    noun_start: int = -1
    noun_end: int = -1
    nationality: str | None = None
    sex: Literal["male", "female"] | None = None
    is_anaphor: bool = False
    hedge_start: int = -1

    @property
    def is_persons(self) -> bool:
        """Whether it certainly counts persons."""
        return self.measure == "persons"

    @property
    def may_be_persons(self) -> bool:
        """Whether it counts persons, or is bare and may, and does not just point back at a count."""
        return self.measure in {"persons", None} and not self.is_anaphor


# --- number words ----------------------------------------------------------------------------------

_UNITS_ID = {
    "nol": 0, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7,
    "delapan": 8, "lapan": 8, "sembilan": 9, "sepuluh": 10, "sebelas": 11, "seratus": 100, "seribu": 1000,
    "sejuta": 10**6,
}  # fmt: skip
_UNITS_EN = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "dozen": 12,
}  # fmt: skip
_SCALES = {
    "belas": 10, "puluh": 10, "ratus": 100, "ribu": 1000, "juta": 10**6, "miliar": 10**9, "bilion": 10**9,
    "triliun": 10**12, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9,
    "trillion": 10**12,
}  # fmt: skip
# Ranges of vague amounts: the project's codebook, section 3 (best is unknown).
_VAGUE = {
    "puluhan ribu": (20_000, 99_999), "ratusan ribu": (200_000, 999_999), "puluhan": (20, 99),
    "belasan": (11, 19), "ratusan": (200, 999), "ribuan": (1000, 9999), "beberapa": (2, 9),
    "sejumlah": (2, 9), "berpuluh-puluh": (20, 99), "berpuluh": (20, 99), "beratus-ratus": (200, 999),
    "beratus": (200, 999), "beribu": (1000, 9999), "tens of thousands of": (20_000, 99_999),
    "hundreds of thousands of": (200_000, 999_999), "dozens of": (24, 99), "dozens": (24, 99),
    "scores of": (40, 199), "hundreds of": (200, 999), "hundreds": (200, 999), "thousands of": (2000, 9999),
    "thousands": (2000, 9999), "several": (2, 9), "a dozen": (12, 12),
}  # fmt: skip

_HEDGES: tuple[tuple[str, Relation], ...] = (
    ((r"tidak kurang dari|tak kurang dari|setidaknya|sedikitnya|paling sedikit|sekurang-kurangnya|"
     r"sekurangnya|minimal|lebih dari|lebih daripada|lebih|melebihi|lewat|at least|more than|over|"
     r"no fewer than|no less than|not less than|upwards of|a minimum of"), Relation.AT_LEAST),
    ((r"hingga|sampai|paling banyak|maksimal|up to|at most|as many as|no more than|fewer than|less than|"
     r"kurang dari|kurang daripada"), Relation.AT_MOST),
    ((r"sekitar|kurang lebih|kira-kira|lebih kurang|hampir|nyaris|mendekati|diperkirakan|dianggarkan|anggaran|"
     r"about|around|approximately|some|nearly|almost|close to|roughly|an estimated|estimated"), Relation.ABOUT),
)  # fmt: skip
_HEDGE_BEFORE = re.compile(
    r"(?:"
    + "|".join(f"(?P<h{i}>(?<!\\w)(?:{words}))" for i, (words, _) in enumerate(_HEDGES))
    + r")"
    r"(?:\s+(?:sebanyak|seramai|an estimated|ada))?\s+$",
    re.IGNORECASE,
)
_HEDGE_AFTER = re.compile(
    r"^\s*(?:orang\s+)?(?:lebih|or more|plus)\b(?!\s+(?:dari|than|besar|kecil|dulu|dahulu|awal|cepat|memilih|suka|banyak|sedikit|jauh|lanjut|sering))",
    re.IGNORECASE,
)

_WORD_UNIT = "|".join(sorted([*_UNITS_ID, *_UNITS_EN], key=len, reverse=True))
_WORD_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_WORDS = rf"(?:{_WORD_UNIT})(?:[ -](?:and )?(?:{_WORD_UNIT}|{_WORD_SCALE}))*"
_NUMBER = re.compile(
    rf"(?:(?<![\w/])|(?<=Rp)|(?<=RM)|(?<=\bP))(?<!\d[.,])(?:"
    rf"(?P<anaphor>ke-?(?P<ke>\d+|(?:{_WORD_UNIT})(?:\s(?:{_WORD_UNIT}|{_WORD_SCALE}))*)(?P<nya>nya)?)"
    rf"|(?P<vague>{'|'.join(sorted(_VAGUE, key=len, reverse=True))})"
    rf"|(?P<digits>\d{{1,3}}(?:[.,]\d{{3}})+(?![\d])|\d+)(?P<decimals>[.,]\d+)?"
    rf"(?P<scale>[ -](?:{_WORD_SCALE})(?:[ -](?:{_WORD_SCALE}))?)?"
    rf"|(?P<words>{_WORDS})"
    rf"|(?P<single>seorang)"
    rf"|(?P<pair>(?:sepasang|pasangan) (?:suami[- ]i?steri|suami[- ]istri|kekasih|suami dan istri)|pasutri|dua sejoli|(?<!hubungan )(?<!layaknya )suami[- ]?ist(?:e)?ri|a (?:married )?couple|(?:a )?husband and wife|kakak[- ]beradik|dua beradik)"
    rf")(?!\w)(?![.,:]\d)",
    re.IGNORECASE,
)

# --- what a figure may count -----------------------------------------------------------------------

_PERSON_NOUNS = (
    # Indonesian and Malay
    "orang", "wni", "wna", "wnib", "warga negara", "warga", "warganya", "rakyat", "warganegara", "korban", "mangsa",
    "pekerja migran", "pekerja", "buruh", "pmi", "cpmi", "tki", "tkw", "calon", "tersangka", "terduga",
    "terdakwa", "terpidana", "pelaku", "suspek", "tertuduh", "individu", "jiwa", "perempuan", "wanita", "laki-laki",
    "lelaki", "pria", "anak", "remaja", "pemuda", "pemudi", "penumpang", "saksi", "perekrut", "calo", "agen",
    "ejen", "penyalur", "bos", "buronan", "imigran", "pendatang", "jenazah", "mayat", "pelapor", "pengadu",
    "tukang tipu", "perantis", "insan", "belia", "ahli sindiket", "tekong", "kanak-kanak", "gadis", "mangsa", "juragan", "penghuni",
    "operator", "admin", "scammer", "karyawan", "pegawai", "mahasiswa", "warga asing", "banduan", "tahanan",
    "abk", "santri", "pesepak bola", "pemain", "penipu", "anggota", "saudara", "kerabat",
    # English
    "people", "persons", "person", "nationals", "national", "citizens", "citizen", "foreigners", "foreigner",
    "workers", "worker", "victims", "victim", "suspects", "suspect", "men", "man", "women", "woman", "males",
    "females", "male", "female", "children", "child", "minors", "minor", "employees", "employee", "detainees",
    "returnees", "defendants", "ringleaders", "ringleader", "accomplices", "recruiters", "recruiter",
    "arrests", "arrest", "arrivals", "penangkapan", "tangkapan", "detentions", "removals", "survivors", "survivor", "migrants", "students", "student", "bodies",
    "body", "others", "convicts", "inmates", "passengers", "operators", "scammers", "captives", "hostages",
    "girls", "girl", "boys", "boy", "youths", "residents", "deportees", "escapees", "staff", "individuals",
    "traffickers", "trafficker", "fugitives", "jobseekers", "nationals", "countrymen", "callers", "walk-ins", "applicants",
    "teenagers", "adults", "labourers", "laborers", "job-seekers", "agents", "brokers", "handlers", "co-accused", "accused", "expatriates",
    "compatriots", "deaths", "death", "casualties", "brothers", "sisters", "evacuees", "bosses", "managers",
    "death sentences", "life terms", "convictions",
    "supervisors", "supervisor", "overseers", "guards", "translators", "interpreters", "technicians", "kingpins", "masterminds", "tycoons",
    "facilitators", "financiers", "plaintiffs", "complainants", "petitioners", "villagers", "cousins", "siblings", "friends", "sons",
    "daughters", "graduates", "trainees", "recruits", "hires", "evacuated", "expats", "newcomers", "natives", "countrywomen", "mules",
    "penyelia", "pengawas", "mandor", "koordinator", "manajer", "sepupu", "kakak beradik", "pelajar", "siswa", "penyintas", "pencari kerja",
    "orang tua", "ibu bapa", "family members", "ahli keluarga", "relatives", "parents", "mothers", "fathers",
    "lulusan", "penduduk", "jurucakap", "juru masak", "pengurus", "dalang", "kaki tangan", "penjaga", "penterjemah", "penerjemah",
)  # fmt: skip
_CASE_NOUNS = ("kasus", "kes", "perkara", "cases", "case", "incidents", "counts", "prosecutions")
_COMPLAINT_NOUNS = ("aduan", "pengaduan", "laporan", "complaints", "complaint", "reports", "report")
_SITE_NOUNS = (
    "lokasi", "situs", "tempat", "premis", "sites", "site", "locations", "location", "compounds", "compound",
    "centres", "centers", "centre", "center", "targets", "target", "premises", "hubs", "hotspots", "places",
)  # fmt: skip
_ACCOUNT_NOUNS = ("rekening", "akun", "accounts", "akaun")
_PERMIT_NOUNS = ("izin tinggal", "permits", "visa", "permit")
_OTHER_NOUNS = (
    "tahun", "bulan", "minggu", "pekan", "hari", "jam", "menit", "detik", "years", "year", "months", "month",
    "weeks", "week", "days", "day", "hours", "hour", "minutes", "minute", "km", "kilometer", "kilometers",
    "kilometres", "meter", "metres", "hektare", "hectares", "kg", "kilogram", "kilograms", "ton", "tonne",
    "lembar", "unit", "buah", "ponsel", "telepon", "laptop", "laptops", "komputer", "computers", "phones",
    "mobile", "desktop", "paspor", "passports", "pasport", "gedung", "bangunan", "buildings", "building", "kamar", "rooms", "lantai",
    "bus", "buses", "trucks", "truk", "mobil", "vehicles", "pesawat", "flights", "penerbangan", "kali", "times",
    "negara", "countries", "nations", "nationalities", "provinsi", "provinces", "province", "kota", "cities", "kabupaten",
    "districts", "towns", "desa", "villages", "pasal", "article", "articles", "seksyen", "section", "halaman", "pages",
    "persidangan", "poin", "gelombang", "kloter", "tahap", "kelompok", "kumpulan", "groups", "group", "batches",
    "waves", "ribu situs", "konten", "domain", "barang", "item", "items", "peluru", "senjata", "ringgit", "baht",
    "dolar", "dollars", "peso", "dirham", "won", "yuan", "yen", "euro", "buku", "kartu", "sim", "pil", "pills", "bungkusan",
    "skor", "gol", "menit", "kementerian", "ministries", "lembaga", "instansi", "agencies", "embassies", "perusahaan",
    "companies", "firms", "syarikat", "crimes", "kilometre", "percentage", "per", "dokumen", "documents", "warrants", "surat", "petugas",
    "personel", "officers", "polisi", "police", "soldiers", "prajurit", "anggota keluarga", "branches", "pengikut", "followers", "kawasan", "wilayah", "daerah", "cabang", "pintu",
    "kapal", "boats", "rumah", "apartemen", "apartments", "villas", "properties", "aset", "assets", "stars", "bintang", "tahun penjara", "sesi", "putaran", "pertemuan", "meetings",
)  # fmt: skip
_MALE = ("laki-laki", "lelaki", "pria", "men", "man", "males", "male", "boys", "boy")
_FEMALE = ("perempuan", "wanita", "women", "woman", "females", "female", "girls", "girl")
# A noun that no list holds is a person's by its shape: those who do or undergo something ("drivers", "pengantar"),
# kin and companions ("lima ibu", "dua rekannya"), people called by their number of names ("33 nama") or by where
# they come from ("eight young Sarawakians"). The exceptions are things of the same shape.
_OPEN_PERSON = re.compile(
    r"^\s(?:(?!(?:of|in|on|at|to|and|or|from|who|were|was|are|is|had|have|with|for|by|more|after|before|the|that)\b)[a-z][\w'’-]*(?<!s)\s){0,2}?(?P<noun>"
    r"(?-i:[A-Z][a-z]{2,}(?:ians|ans|ese|is))|"
    r"(?!(?:computer|number|letter|paper|order|border|quarter|container|server|router|charter|offer|tower|trailer|shelter|counter|printer|"
    r"scanner|poster|banner|tier|chapter|meter|metre|character|matter|winter|summer|semester|cluster|folder|corner|disaster|paramet|river|drawer|follower|"
    r"motor|sector|factor|door|floor|error|corridor|mirror|monitor|reactor|indicator|generator|tractor|list|checklist|test|committee|fee|degree|tree|guarantee|coffee)s\b)"
    r"[a-z-]{2,}(?:er|or|ist|ee)s|"
    r"(?!(?:restaurant|grant|warrant|plant|descendant)s\b)[a-z-]{3,}ants|(?:cli|stud|resid|depend|respond|adolesc|par|presid)ents|"
    r"[a-z]*(?:men|women|folk|wives|mates)|(?:[a-z-]+ian|captive|nurse|relative|colleague|associate|subordinate|native|inmate|refugee|kid|child|head|chief|guest|youngster|teen|nephew|niece|aunt|uncle|name)s|souls|"
    r"(?!pe(?:sawat|tanda|rahu|ti|dang|ta|rkara|rsen|ristiwa|rak|san|tak|njuru|njara|nyakit|luru|rangkat|rintah|rtama|rsegi|sta|rtemuan|rempat|riode|ringkat)\w*)"
    r"pe(?:m|n|ng|ny|r|l)?[a-z]{3,}(?<!an)(?:nya|-pe[a-z]+)?|"
    r"(?:ibu|bapak|bapa|ayah|emak|anak|adik|kakak|abang|beradik|bersaudara|saudara|kawan|rakan|teman|rekan|staf|sopir|supir|siswa|alumni|bocah|tokoh|guru|dokter|doktor|perawat|nelayan|petani|"
    r"nama|nyawa|insan|kurir|tukang|juru|ahli(?=\s(?:kumpulan|keluarga|sindiket))|ketua|kepala(?=\skeluarga)|tamu|tetamu|siswi|janda|duda|balita|bayi|mantan|bekas|eks|[a-z]{3,}(?:wan|wati))(?:nya)?"
    r")(?![\w’'])",
    re.IGNORECASE,
)
# Adjectives that may stand between a figure and its English or Indonesian noun.
_FILLERS = (
    r"(?:more|other|major|consular|separate|additional|further|alleged|suspected|foreign|undocumented|illegal|trafficked|rescued|freed|of the|of its|of his|of their|"
    r"of\s(?:them|whom|these|those|which)|young|fellow|former|bakal|stranded|new|mostly|different|would-be|potential|possible|ex-?|eks|mantan|calon|terduga|para|lagi|lain|lainnya|stranded|"
    r"confirmed|arrested|detained|male|female|of|the|these|those|scam|migrant|factory|Pogo|POGO|Chinese-run)"
)


def _alternation(words: tuple[str, ...]) -> str:
    return "|".join(
        re.escape(word).replace(r"\ ", r"\s") for word in sorted(words, key=len, reverse=True)
    )


@functools.cache
def demonyms() -> tuple[dict[str, str], dict[str, str]]:
    """Return demonym -> ISO3 and country name -> ISO3, keys casefolded."""
    raw = (importlib.resources.files("pipeline") / "data" / "demonyms.yml").read_text("utf-8")
    people: dict[str, str] = {}
    countries: dict[str, str] = {}
    for code, forms in yaml.safe_load(raw).items():
        people.update({form.casefold(): code for form in forms["people"]})
        countries.update({form.casefold(): code for form in forms["country"]})
    return people, countries


@functools.cache
def _after() -> re.Pattern[str]:
    """Return the pattern of the noun phrase that may follow a figure."""
    people, countries = demonyms()
    demonym = _alternation(tuple(people))
    country = _alternation(tuple(countries))
    return re.compile(
        rf"^[\s-]*(?P<filler>(?:{_FILLERS}\s+){{0,4}})(?:"
        rf"(?:(?:of\s(?:them|these|those|whom)|dari\smereka|di\santara\smereka|di\santaranya|daripada\smereka|orang\sdi\santaranya)\s)?"
        rf"(?:are|were|is|was|adalah|ialah|merupakan)\s(?:(?P<cdemonym>{demonym})|(?:warga\snegara|warganegara|warga|rakyat|from)\s(?P<ccountry>{country}))"
        rf"|(?P<percent>%|persen|percent|per\scent|peratus)"
        rf"|(?P<belong>(?:orang\s|pemegang\spaspor\s)?(?:warga\snegara|warganegara|warga|wn|wna|rakyat|nationals\sof|people\sfrom|persons\sfrom|from|asal|dari)\s(?:the\s)?(?P<country>{country}))"
        rf"|(?P<demonym>(?:orang\s)?(?:{demonym}))(?:\s(?P<dnoun>{_alternation(_PERSON_NOUNS)}))?"
        rf"|(?P<person>{_alternation(_PERSON_NOUNS)})(?:\s(?P<person2>{_alternation(_PERSON_NOUNS)}))?"
        rf"|(?P<case>{_alternation(_CASE_NOUNS)})"
        rf"|(?P<complaint>{_alternation(_COMPLAINT_NOUNS)})"
        rf"|(?P<permit>{_alternation(_PERMIT_NOUNS)})"
        rf"|(?P<account>{_alternation(_ACCOUNT_NOUNS)})"
        rf"|(?P<site>(?:(?:online|scam|suspected|gambling)\s){{0,3}}(?:{_alternation(_SITE_NOUNS)}))"
        rf"|(?P<other>{_alternation(_OTHER_NOUNS)})"
        rf")(?!\w)",
        re.IGNORECASE,
    )


# The groups of the noun phrase and what each says that the figure counts, in order of weight.
_UNIT_OF_GROUP: tuple[tuple[str, Measure], ...] = (
    ("cdemonym", "persons"), ("ccountry", "persons"), ("percent", "percent"), ("belong", "persons"), ("demonym", "persons"), ("person", "persons"),
    ("case", "cases"), ("complaint", "complaints"), ("permit", "permits"), ("account", "accounts"),
    ("site", "sites"), ("other", "other"),
)  # fmt: skip
_MONEY_BEFORE = re.compile(
    r"(?P<usd>US\$|USD|\$)|(?P<idr>Rp\.?|IDR)|(?P<other>S\$|RM|THB|PHP|P|₱|฿|€|£|¥|CNY|AUD|SGD|MYR|HK\$|A\$)"
)
_MONEY_TAIL = re.compile(
    r"(?:(?<=\W)|^)(?:US\$|USD|\$|Rp\.?|IDR|S\$|RM|THB|PHP|P|₱|฿|€|£|¥|CNY|AUD|SGD|MYR|HK\$|A\$)\s?$"
)
_MONEY_AFTER = re.compile(
    r"^\s*(?:(?:ribu|juta|miliar|triliun|million|billion|thousand)\s)?"
    r"(?P<unit>dolar(?:\s(?:AS|Amerika))?|dollars?|US\sdollars?|rupiah|ringgit|baht|peso(?:s)?|dirham|yuan|won|euro)\b",
    re.IGNORECASE,
)
# Before a number: it is a label (law, flight, room, age ...), not a count.
_LABEL_BEFORE = re.compile(
    r"(?:\b(?:nomor|no|number|pasal|ayat|seksyen|section|article|act|akta|uu|ra|perpres|keppres|unit|branch|terminal|"
    r"pukul|jam|km|lantai|blok|blk|rute|(?:usia|berusia|umur|berumur|aged|age|ages)(?:\s(?:antara|sekitar|between|from|lingkungan))?|tahun|menit|ke|ranking|halaman|"
    r"grup|group|bab|covid|formula|top|kelas|class|tipe|ruang|room|gate|nopol|kode|code|hotline|talian|phase|"
    r"tahap|kuartal|republic act no|crossing no)\.?\s?-?|"
    r"(?-i:\b(?!WN[IA]\b|PMI\b|TKI\b|RI\b|AS\b|U[SKN]\b)[A-Z]{1,3})[- ]?|[#№(]\s?(?=\d{1,2}\)))$",
    re.IGNORECASE,
)
# A number word behind these says which one; a year behind these is no count, whatever comes next.
_ORDER_BEFORE = re.compile(r"\b(?:tahap|gelombang|kloter|jilid|babak|fasa|fase|phase|batch|wave|part)\s$", re.IGNORECASE)  # fmt: skip
_YEAR = re.compile(r"(?:19|20)\d\d")
_YEAR_BEFORE = re.compile(
    r"\b(?:tahun|year|in|since|during|sejak|pada|selama|sepanjang|hingga|until)\s$", re.IGNORECASE
)
# "at 10" is a time of day; "stood at 1,480" and "at 14 sites" are counts.
_TIME_BEFORE = re.compile(r"(?<!stood)(?<!stands)(?<!put)(?<!remained)\sat\s$", re.IGNORECASE)
_LAST_HOUR = 24
_FLIGHT_BEFORE = re.compile(r"\b(?:[A-Z]{2}|[A-Z]\d|\d[A-Z])[ -]?$")
_AGE_AFTER = re.compile(
    r"^(?:-|\s)?(?:year|tahun)s?-old\b|^\s*(?:tahun|thn)\b(?!\s+(?:terakhir|penjara))",
    re.IGNORECASE,
)
_TIME_AFTER = re.compile(
    r"^(?:[.:]\d\d)?\s?(?:WIB|WITA|WIT|a\.m\.|p\.m\.|am\b|pm\b|petang|pagi|malam|siang)",
    re.IGNORECASE,
)
# "the youngest 18", "a boy of sixteen": years of one person's life. "anaknya, 19, meninggalkan", "at 17 he" as well.
_AGE_BEFORE = re.compile(
    r"\b(?:(?:under|below|above|bawah|over the age of|termuda|tertua|youngest|oldest)(?:\s(?:of\s)?(?:them|whom|mereka|was|is|baru))?,?|"
    r"(?:usia|umur)\s(?:\w+\s){1,2}|(?:an?|one|another)\s(?:[\w-]+\s){1,4}of(?:\sabout)?)\s$",
    re.IGNORECASE,
)
_APPOSED = re.compile(r"(?<![\d.]),\s$")
_APPOSED_AFTER = re.compile(r",(?!\s?(?:\d|and\b|dan\b))")
_AT = re.compile(r"\bat\s$", re.IGNORECASE)
_AT_AFTER = re.compile(r"\s(?:he|she)\b", re.IGNORECASE)
_YOUNGEST, _OLDEST = 10, 75
# "between 22 and 30 years", "9 dan 6 tahun", "US$2,000 to 3,500", "Pasal 2, 4, dan 10": told once for both.
_SPAN = re.compile(r"\s?(?:-|–|hingga|sampai(?:\sdengan)?|to|atau|or|dan|and|,|,\s?(?:dan|and))\s?(?:US\$|AS\$|Rp|RM)?", re.IGNORECASE)  # fmt: skip
# Floors, hours and names of places are told in words as well.
_WORD_LABEL_BEFORE = re.compile(r"\b(?:lantai|berlantai|tingkat|bertingkat|pukul|jam|tanggal|segi|terminal|blok|bilik|kamar|kedua)[\s-]$", re.IGNORECASE)  # fmt: skip
_CLOCK_AFTER = re.compile(r"^\s?(?:o'clock|o’clock|in the (?:morning|evening|afternoon))\b|^-(?!based)[a-z]", re.IGNORECASE)  # fmt: skip


def value_of(words: str) -> float | None:
    """Return the value of a run of number words, or None where it is not one number ("dua tiga")."""
    total = group = 0.0
    ones: float | None = (
        None  # a digit that "puluh", "ratus" or the end of the number may still claim
    )
    last_scale = 10.0**15
    for word in re.split(r"[ -]", words.lower()):
        scale = _SCALES.get(word)
        if word == "and":
            continue
        if scale is None:
            value = _UNITS_ID.get(word, _UNITS_EN.get(word))
            if word == "dozen":
                group, ones = max(group + (ones or 0), 1) * 12, None
            elif value is None or ones is not None or (value >= 10 and group % 100):
                return None
            elif value < 10:
                ones = float(value)
            elif value >= 1000:  # seribu, sejuta
                total, last_scale = total + value, float(value)
            else:
                group += value
                ones = 0.0 if value < 20 else None
        elif scale >= 1000:
            if scale >= last_scale:
                return None
            total += max(group + (ones or 0), 1) * scale
            group, ones, last_scale = 0.0, None, float(scale)
        elif word == "hundred":
            group, ones = max(group + (ones or 0), 1) * 100, None
        elif not ones or group % (100 if scale == 10 else 1000):
            return None
        elif word == "belas":
            group, ones = group + 10 + ones, 0.0
        else:  # puluh, ratus: the digit just read counts the tens or hundreds
            group, ones = group + ones * scale, None
    return total + group + (ones or 0)


def _parse_digits(digits: str, decimals: str | None, scale: str | None) -> float:
    """Return the value of printed digits: 1.386 and 1,386 are thousands, 1,5 juta has a decimal."""
    grouped = bool(re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", digits))
    value = float(re.sub(r"[.,]", "", digits)) if grouped else float(digits)
    if decimals:
        value += float("0." + decimals[1:])
    if scale:
        for word in re.split(r"[ -]", scale.strip(" -").lower()):
            value *= _SCALES[word]
    return value


def _bounds(
    value: float | None, relation: Relation, vague: tuple[float, float] | None
) -> tuple[float | None, float | None, float | None]:
    if vague is not None:
        return vague[0], None, vague[1]
    if value is None:  # pragma: no cover - a number always has a value or a vague range
        return None, None, None
    match relation:
        case Relation.AT_LEAST:
            return value, value, None
        case Relation.AT_MOST:
            return None, value, value
        case Relation.ABOUT:
            return round(value * (1 - ABOUT_SHARE)), value, round(value * (1 + ABOUT_SHARE))
        case _:
            return value, value, value


def find(text: str) -> list[Quantity]:
    """Return the figures of the text in order, each with what it counts; offsets are into ``text``."""
    found: list[Quantity] = []
    for match in _NUMBER.finditer(text):
        quantity = _read(text, match)
        if quantity is not None:
            found.append(_as_listed(text, quantity, found))
    return _as_spans(text, found)


def _as_spans(text: str, found: Sequence[Quantity]) -> list[Quantity]:
    """Return the figures, a bare one as what the figure is that it is joined to, where that is no person."""
    shared = list(found)
    for index in range(len(shared) - 2, -1, -1):  # "9 dan 6 tahun"
        item, right = shared[index], shared[index + 1]
        if item.measure is None and right.measure not in {"persons", None, "cases", "complaints"} and _SPAN.fullmatch(text, item.end, right.start):  # fmt: skip
            shared[index] = dataclasses.replace(item, measure=right.measure)
    for index in range(1, len(shared)):  # "Pasal 2, 4, dan 10"
        left, item = shared[index - 1], shared[index]
        if item.measure is None and left.measure == "other" and not left.noun and not _YEAR.fullmatch(left.surface) and _SPAN.fullmatch(text, left.end, item.start):  # fmt: skip
            shared[index] = dataclasses.replace(item, measure="other")
    return shared


# A list that says whom it counts, counts people: "12 kasus dengan korban asal Kenya 5, Uganda 3".
_OF_PEOPLE = re.compile(
    r"\b(?:korban|mangsa|orang|wni|warga|victims?|people|persons|nationals|citizens)\b",
    re.IGNORECASE,
)


def _as_listed(text: str, item: Quantity, before: Sequence[Quantity]) -> Quantity:
    """Return a figure of a list of countries as what the list counts: "3.905 kasus, Kamboja 2.116, Myanmar 420"."""
    if item.measure != "persons" or item.noun or item.is_anaphor:
        return item
    whole = next((q for q in reversed(before) if q.noun and q.measure in _LISTED), None)
    if whole is None or whole.measure == "persons" or (item.best or 0) >= (whole.best or 0):
        return item
    if _OF_PEOPLE.search(text, whole.noun_end, item.start) or not _names_country(text, item):
        return item
    return dataclasses.replace(item, measure=whole.measure, nationality=None)


def _names_country(text: str, item: Quantity) -> bool:
    """Whether a listed figure stands behind a country and not behind its people: "Kenya 23", not "Filipinos 23"."""
    match = _list_before().search(text[max(0, item.start - 40) : item.start])
    return match is not None and match["country"] is not None


def _read(text: str, match: re.Match[str]) -> Quantity | None:
    start, end = match.span()
    before = text[max(0, start - 40) : start]
    after = text[end : end + 80]
    vague: tuple[float, float] | None = None
    value: float | None = None
    relation = Relation.EQUAL
    is_anaphor = False
    if match["anaphor"]:
        raw = match["ke"]
        value = float(raw) if raw.isdigit() else value_of(raw)
        is_anaphor = True
        if value is None:
            return None
    elif match["vague"]:
        vague = _VAGUE[match["vague"].lower()]
        relation = Relation.RANGE
    elif match["digits"]:
        value = _parse_digits(match["digits"], match["decimals"], match["scale"])
    elif match["single"]:
        value = 1.0
    elif match["pair"]:
        value = 2.0
    else:
        value = value_of(match["words"])
        if value is None:
            return None
    noun = _after().match(after)
    if match["single"]:
        return _single(text, start, end, after)
    if match["pair"]:
        return Quantity(
            start=start, end=end, surface=text[start:end], low=2, best=2, high=2, relation=Relation.EQUAL,
            measure="persons", noun="pasangan", noun_start=start, noun_end=end,
        )  # fmt: skip
    hedge_start = -1
    if not is_anaphor and vague is None:
        hedge = _HEDGE_BEFORE.search(before)
        if hedge:
            index = next(i for i in range(len(_HEDGES)) if hedge[f"h{i}"])
            relation = _HEDGES[index][1]
            hedge_start = start - len(before) + hedge.start()
            # "hingga 3 Mei" bounds a period, "hingga 300 orang" a number.
        elif _HEDGE_AFTER.match(after):
            relation = Relation.AT_LEAST
            noun = _after().match(_HEDGE_AFTER.sub(lambda m: " " * len(m[0]), after))
    low, best, high = _bounds(value, relation, vague)
    measure: Measure | None = None
    word = nationality = None
    sex: Literal["male", "female"] | None = None
    noun_start = noun_end = -1
    money_sign = _MONEY_TAIL.search(before) if match["digits"] else None
    if money_sign is not None:
        kind = _MONEY_BEFORE.search(money_sign[0])
        measure = "USD" if kind and kind["usd"] else "IDR" if kind and kind["idr"] else "money"
    elif money := _MONEY_AFTER.match(after):
        unit = money["unit"].lower()
        measure = "IDR" if unit == "rupiah" else "USD" if "dol" in unit else "money"
    elif (match["digits"] and (_AGE_AFTER.match(after) or _TIME_AFTER.match(after))) or (
        match["digits"]
        and not (noun and (noun["person"] or noun["demonym"]))
        and (
            _LABEL_BEFORE.search(before)
            or _FLIGHT_BEFORE.search(before)
            or (not noun and (value or 0) <= _LAST_HOUR and _TIME_BEFORE.search(before))
        )
    ):
        measure = "other"
    elif (match["words"] and _ORDER_BEFORE.search(before)) or (
        match["digits"] and _YEAR.fullmatch(text[start:end]) and _YEAR_BEFORE.search(before)
    ):
        measure = "other"  # "tahap dua WNI", "Tahun 2024 Filipina memulangkan"
    elif (
        _CLOCK_AFTER.match(after)
        or (not noun and _WORD_LABEL_BEFORE.search(before))
        or (not noun and _is_age(value, before, after))
    ):
        measure = "other"
    elif noun:
        group, measure = next((name, unit) for name, unit in _UNIT_OF_GROUP if noun[name])
        word = noun[group]
        noun_start, noun_end = end + noun.start(group), end + noun.end()
        people, countries = demonyms()
        if group == "belong":
            nationality = countries[re.sub(r"\s+", " ", noun["country"]).casefold()]
        elif group == "ccountry":
            nationality = countries[re.sub(r"\s+", " ", noun["ccountry"]).casefold()]
        elif group == "cdemonym":
            nationality = people.get(re.sub(r"\s+", " ", noun["cdemonym"]).casefold())
        elif group == "demonym":
            bare = re.sub(r"^orang\s", "", noun["demonym"], flags=re.IGNORECASE)
            nationality = people.get(re.sub(r"\s+", " ", bare).casefold())
        forms = {form.lower() for form in (noun["person"], noun["person2"], noun["dnoun"]) if form}
        sex = "male" if forms & set(_MALE) else "female" if forms & set(_FEMALE) else None
    if measure is None and noun is None and (someone := _OPEN_PERSON.match(after)):
        measure, word = "persons", someone["noun"]
        noun_start, noun_end = end + someone.start("noun"), end + someone.end("noun")
    if measure is None and match["digits"] and (listed := _listed_nationality(before, after)):
        measure, nationality = "persons", listed
    elif measure is None and before.endswith("(") and after.startswith(")") and (best or 0) < 100:
        measure = "other"  # "RH (34)" is an age
    if is_anaphor and not (match["nya"] or measure == "persons"):
        return None
    if match["words"] and measure is None and best is not None and best <= 1:
        return None
    return Quantity(
        start=start, end=end, surface=text[start:end], low=low, best=best, high=high, relation=relation,
        measure="persons" if is_anaphor else measure, noun=(word or "").lower(), noun_start=noun_start,
        noun_end=noun_end, nationality=nationality, sex=sex, is_anaphor=is_anaphor, hedge_start=hedge_start,
    )  # fmt: skip


def _is_age(value: float | None, before: str, after: str) -> bool:
    """Whether a bare figure is how old somebody is."""
    if value is None or not _YOUNGEST <= value <= _OLDEST:
        return False
    return (
        _AGE_BEFORE.search(before) is not None
        or (_APPOSED.search(before) is not None and _APPOSED_AFTER.match(after) is not None)
        or (_AT.search(before) is not None and _AT_AFTER.match(after) is not None)
    )


@functools.cache
def _list_before() -> re.Pattern[str]:
    people, countries = demonyms()
    return re.compile(
        rf"(?<!\w)(?:(?P<demonym>{_alternation(tuple(people))})|(?P<country>{_alternation(tuple(countries))}))"
        rf"\s?(?P<join>\(|with\s|sebanyak\s|:\s?|\s)$",
        re.IGNORECASE,
    )


def _listed_nationality(before: str, after: str) -> str | None:
    """Return the nationality of a bare figure in a list: "Kenya with 23", "Filipinos (220)", "China 10"."""
    match = _list_before().search(before)
    if match is None or (
        match["join"].strip() == "" and not re.match(r"\s*(?:[,.;)]|and\b|dan\b|$)", after)
    ):
        return None
    people, countries = demonyms()
    name = re.sub(r"\s+", " ", match["demonym"] or match["country"]).casefold()
    return people.get(name) or countries.get(name)


def _single(text: str, start: int, end: int, after: str) -> Quantity:
    """Return "seorang X" as one person."""
    noun = re.match(r"\s+(\w+)", after)
    word = noun[1].lower() if noun else ""
    sex: Literal["male", "female"] | None = (
        "male" if word in _MALE else "female" if word in _FEMALE else None
    )
    return Quantity(
        start=start, end=end, surface=text[start:end], low=1, best=1, high=1, relation=Relation.EQUAL,
        measure="persons", noun=word, noun_start=end, noun_end=end + (noun.end() if noun else 0),
        nationality="IDN" if word in {"wni", "pmi"} else None, sex=sex,
    )  # fmt: skip
