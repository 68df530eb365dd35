"""Tell the language of a text.

    text -> ISO 639-1 code, or "und"

The script decides where it can (Thai, Khmer, Burmese, Lao, Chinese, Japanese, Korean); otherwise the n-gram
identifier py3langid is asked. Indonesian and Malay share most of their n-grams, so words that only one of
the two writes settle that pair, and with it the regional languages that the identifier takes for either.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Callable

UNKNOWN = "und"
# The opening tells the language as well as the whole does, and makes a long text as cheap as a short one.
LOOK_AT = 2000
# Below this an answer is a guess: "Foto" or "Breaking news" is the same in every newsroom.
MIN_WORDS = 4
MIN_LETTERS = 18
# Scripts without blanks put a sentence into fewer letters.
MIN_SCRIPT_LETTERS = 8
# A text may quote another script; its own is the one with at least this share of the letters.
SCRIPT_SHARE = 0.4
# A regional language is believed when this share of the words are its own; the lists hold the commonest
# ones, which make up a fifth of any text, while names and loans bring a Javanese word into every other one.
REGIONAL_SHARE = 0.10


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Common words that only one of the two neighbours writes, or spells so.
INDONESIAN = _words(
    """
    karena bahwa bisa yaitu yakni nggak enggak mau sudah lalu saat usai namun meski meskipun lantaran terkait
    berbeda pekan kemarin besok sore siang jumat senin kamis juli juni agustus desember maret delapan tanggal
    polisi polri polda polres kepolisian tersangka terdakwa penyidik jaksa petugas kasus uang perusahaan
    mobil motor kantor bandara dokter mahasiswa universitas kamar toko sepatu pak butuh coba ujar ucap
    provinsi kabupaten kecamatan pemkot gubernur pemerintah warganya wni daring dubes kemlu resmi tas
    telepon televisi sopir kuliah libur gampang gimana dong deh kok teman istri pria situs ponsel kau aku
    internasional informasi hal bagian adanya lainnya kelompok biaya kebijakan kekerasan dukungan rencana
    pertanyaan jadwal direktur juru pers pribadi kesehatan keamanan layanan rekan akun nomor pesan menit
    stasiun persen miliar triliun inggris eropa jepang tiongkok serikat partai tim lokal bus pohon kabar
    """
)
MALAY = _words(
    """
    ialah kerana bahawa iaitu daripada manakala seramai sahaja pelbagai beliau selepas setakat semasa apabila
    polis jenayah suspek siasatan diberkas serbuan sindiket dadah peguam kes wang syarikat kerajaan timbalan
    pengarah majikan hospital doktor pelajar universiti cikgu encik cik awak isnin khamis jumaat ahad julai
    ogos disember jun esok bilik kasut basikal motosikal keretapi tandas bercakap tengok nak mesyuarat
    kenyataan tempoh peratus ringgit warganegara pasport ejen khidmat lawatan kakitangan difahamkan
    dimaklumkan perniagaan pengurusan seksyen zon tular teksi lori siapakah adakah bagaimanakah kat
    lapan nombor talian mesej maklumat laman kad rakan kawan isteri bapa tentera sempadan tempatan
    antarabangsa jurucakap jawatankuasa keselamatan kesihatan perkhidmatan menghantar dijangka mahu tiada
    semula bahagian mengikut cuba minit bandar baharu sebarang amat mesti inggeris eropah jepun kemboja
    """
)
_REGIONAL = {
    "jv": _words(
        "lan ing kang sing ora iki kuwi saka karo kanggo wis uga marang wong dening durung nalika amarga ana isih"
    ),
    "su": _words(
        "nu jeung teu ieu éta anu sareng oge ogé geus kana kanggo ti ka aya lamun henteu urang jalma deui mangrupa"
    ),
    "tl": _words("ang ng mga ay hindi naman kung nang ito niya sila ni kay noong nila pang siya rin sa na"),
}  # fmt: skip

_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS = {
    "THAI": "th", "KHMER": "km", "MYANMAR": "my", "LAO": "lo", "CJK": "zh", "HIRAGANA": "ja",
    "KATAKANA": "ja", "HANGUL": "ko",
}  # fmt: skip


def detect(text: str) -> str:
    """Return the ISO 639-1 code of the language, or ``und`` where the text is too short to tell."""
    opening = text[:LOOK_AT]
    by_script = _by_script(opening)
    if by_script:
        return by_script
    words = _WORD.findall(opening.lower())
    if len(words) < MIN_WORDS or sum(map(len, words)) < MIN_LETTERS:
        return UNKNOWN
    counts = Counter(words)
    for code, marks in _REGIONAL.items():
        if _share(counts, marks, len(words)) >= REGIONAL_SHARE:
            return code
    found: str = _identifier()(opening)
    if found in {"id", "ms", "jv"}:  # the share above has settled that it is not Javanese
        more = sum(counts[word] for word in INDONESIAN) - sum(counts[word] for word in MALAY)
        found = "ms" if more < 0 else "id" if more > 0 or found == "jv" else found
    # The identifier names languages without a two-letter code too, mostly for lists of names.
    return found if len(found) == 2 else UNKNOWN


def _by_script(text: str) -> str | None:
    """Return the language that the script stands for, or null for scripts of many languages."""
    if text.isascii():
        return None
    letters = Counter(_script(char) for char in text if char.isalpha())
    n_letters = letters.total()
    del letters[""]
    if not letters:
        return None
    if letters["ja"] and letters["ja"] * 5 >= letters["zh"]:
        letters["ja"] += letters.pop("zh", 0)  # kana tell a Japanese text apart from a Chinese one
    code, n = letters.most_common(1)[0]
    return code if n >= MIN_SCRIPT_LETTERS and n >= SCRIPT_SHARE * n_letters else None


@functools.lru_cache(maxsize=8192)
def _script(char: str) -> str:
    """Return the language that a letter's script stands for, or nothing for the scripts of many."""
    return _SCRIPTS.get(unicodedata.name(char, "").partition(" ")[0], "")


def _share(counts: Counter[str], marks: frozenset[str], n_words: int) -> float:
    return sum(counts[word] for word in marks) / n_words


@functools.cache
def _identifier() -> Callable[[str], str]:
    """Return the n-gram identifier; loading it takes half a second, so it waits for a text that needs it."""
    import py3langid

    def classify(text: str) -> str:
        code: str = py3langid.classify(text)[0]
        return code

    return classify
