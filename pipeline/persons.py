"""Say of each figure whether it counts persons.

    [Sentence], Quantity -> bool

By its noun where it has one. A bare figure counts what was counted last, and people where nothing else is
told of: it is asked what else it could be, a share, a capacity, cases, a label.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline import totals, wholes
from pipeline.drafts import TALLY
from pipeline.numbers import Quantity
from pipeline.records import EventType
from pipeline.segments import Sentence

# Bare figures: larger ones are money or views, and these neighbours make them something else ...
_MOST_BARE = 100_000
_NOT_BARE_AFTER = re.compile(r"\s?(?:%|persen|/|:\d|\.\d)")
_NOT_BARE_BEFORE = re.compile(r"(?:/|\d\s?:|\bskor|\b(?:nomor|no)\.?)\s?$", re.IGNORECASE)
# ... and these make them people.
_VERB_AFTER = re.compile(
    r"\s(?:had|have|has|were|are|whose|who|orang|berada|telah|sudah|diduga|disyaki|berstatus|dinyatakan|masih|menolak|memilih|remain|remained|came|arrived|departed|more|lagi)\b"
)
_BARE_PERSONS_BEFORE = re.compile(
    r"\b(?:number of (?:people|persons|detainees|victims|foreigners|workers|arrests)|arrests|detentions|total detainees)"
    r"(?:\s\w+){0,6}?\s(?:to|at|pass|passed|top|topped|hit|reach|reached|exceed)\s(?:over\s|more than\s|some\s|about\s)?$"
    r"|\b(?:group of|batch of|with|killing|injuring|wounding|menewaskan)\s$",
    re.IGNORECASE,
)
# "... pass 240", "the count had stood at 1,480", "tembus 3.120": a total without its noun. The persons are
# named earlier in the sentence, or the words point back to a total of persons told just before.
_TOTAL_VERB = re.compile(
    r"\b(?:pass(?:es|ed)?|reach(?:es|ed)?|top(?:s|ped)?|hits?|climb(?:s|ed) (?:to|past)|r(?:ise|ises|ose|isen) to|grew to|grown to|swell(?:s|ed) to|st(?:ands|ood) at|"
    r"exceed(?:s|ed)?|surpass(?:es|ed)?|is now|now at|put at|jump(?:s|ed) to|tembus|menembus|tembusi|mencapai|capai|mencecah|cecah|melampaui|lampaui|melewati|"
    r"(?:men)?jadi|bertambah(?: menjadi| jadi)?|naik (?:menjadi|jadi|ke)|meningkat (?:kepada|menjadi|jadi)|genap)\s"
    r"(?:over\s|more than\s|some\s|about\s|nearly\s|almost\s|lebih dari\s|sekitar\s|hampir\s|angka\s)*$",
    re.IGNORECASE,
)
_TOTAL_OF_PERSONS = re.compile(
    r"\b(?:number of|jumlah (?:wni|warga|korban|orang|pelapor|rakyat|mangsa|tahanan)|indonesians|malaysians|filipinos|nationals|citizens|people|workers|victims|detainees|"
    r"arrests|suspects|foreigners|walk-?ins|arrivals|returnees|wni|rakyat|warga|pelapor|pekerja|korban|mangsa|sweep total|arrest total|headcount|death toll)\b",
    re.IGNORECASE,
)
# "Perekrut 12 pekerja divonis": the verb is about the recruiter, the figure about the recruited.
TRADER_BEFORE = re.compile(
    r"\b(?:perekrut|penyalur|pengirim|penjual|pemberangkat|penipu|merekrut|menjual|mengirim(?:kan)?|memberangkatkan|mempekerjakan|menempatkan|menampung|menyelundupkan|menyalurkan|memasok|menggiring|menjebak|memperdaya(?:kan)?|menipu|menjerat|menyeludup|memperdagangkan|mengeksploitasi|membujuk|mengajak|menghantar|mengupah|"
    r"kirim|rekrut|jual|salurkan|berangkatkan|seludup|selundupkan|pekerjakan|perdagangkan|jerat|tipu|hantar|perdaya|bujuk|"
    r"recruiters? of|recruitment of|sending|recruiting|luring|trafficking(?: of)?|selling|smuggling|duping|recruited|lured|trafficked|smuggled|sold|sent|shipped|duped|tricked|dispatched)\s"
    r"(?:off\s|away\s)?(?:sekitar\s|sedikitnya\s|setidaknya\s|sekurang-kurangnya\s|sekurangnya\s|paling sedikit\s|tidak kurang dari\s|sebanyak\s|seramai\s|hampir\s|at least\s|about\s|around\s|some\s|nearly\s|more than\s|over\s|lebih dari\s|lebih\s|total\s|the\s)*$",
    re.IGNORECASE,
)
TRADER_REACH = 60
# People who are counted for other reasons than the subject.
_BYSTANDER_NOUN = re.compile(
    r"^(?:jurucakap|penduduk|pengurus|penjaga|guards|friends|villagers|penterjemah|penerjemah|translators|interpreters|natives|saksi|anggota|petugas|personel|pegawai|karyawan|agen|penumpang|pemain|staff|employees?|students?|mahasiswa|passengers|residents|operators?|admin|brothers|sisters|saudara|managers|bosses|pejabat|narasumber|pemimpin|penduduk)$",
    re.IGNORECASE,
)
_SINGLE_NOUNS = re.compile(
    r"^(?:wni|warga|korban|mangsa|tersangka|pria|wanita|perempuan|laki|lelaki|pekerja|rakyat|terdakwa|perekrut|buronan|remaja|anak|pmi|wna|pelaku|pemuda|pemudi|gadis|buruh|pelajar|belia|suspek|penyalur|ejen|sopir|guru)$",
    re.IGNORECASE,
)


# "Sembilan calon operator judol": people who were to become that.
_WOULD_BE = re.compile(
    r"\s?(?:orang\s)?(?:calon|bakal|would-be|aspiring|prospective|eks|bekas|mantan|former|ex)[\s-](?:\w+)",
    re.IGNORECASE,
)


def counted(sentences: Sequence[Sentence], sentence: Sentence, quantity: Quantity) -> bool:
    """Return whether the figure counts persons: by its noun, or bare with nothing else that it could count."""
    if quantity.measure == "persons":
        if _WOULD_BE.match(sentence.text, quantity.end - sentence.start):
            return True
        if quantity.noun and _BYSTANDER_NOUN.match(quantity.noun):
            return _is_caught(sentence, quantity)
        if quantity.surface.lower() == "seorang":
            return bool(_SINGLE_NOUNS.match(quantity.noun))
        return True
    if quantity.measure is not None or quantity.best is None or quantity.best < 2:
        return False
    if quantity.best != int(quantity.best) or quantity.best > _MOST_BARE:
        return False
    whole = sentence.text[: quantity.start - sentence.start]
    before = whole[-120:]
    after = sentence.text[quantity.end - sentence.start :][:120]
    if _NOT_BARE_AFTER.match(after) or _NOT_BARE_BEFORE.search(before):
        return False
    if _is_distributed(sentence, quantity) or _OPEN_NOUN.match(after):
        return True
    if wholes.PART_AFTER.match(after) or wholes.OTHERS_AFTER.match(after):
        earlier = [item for item in sentence.quantities if item.end <= quantity.start]
        return not (earlier and earlier[-1].measure == "other")  # "tujuh negara ..., tiga lainnya"
    if _TOTAL_VERB.search(before) and quantity.best >= TALLY:
        return bool(_TOTAL_OF_PERSONS.search(whole) or totals.POINTING_BACK.search(before))
    if _BARE_PERSONS_BEFORE.search(before) or _has_cue_right(after, sentence, quantity):
        return True
    return _is_bare(before, after) and _unit_before(sentences, sentence, quantity) == "persons"


# "61 insan yang hendak", "61 souls who had worked": only of people does one say who they are in this way.
_OPEN_NOUN = re.compile(
    r"\s[a-z]{3,}\s(?:who|whose)\b"
    r"|\s[a-z]{3,}\s(?:yang|asal)\s(?:di(?:sangka|duga|percaya\w*|paksa|sekap|janjikan|tawari)|hendak|ingin|mahu|mengaku|bekerja|melarikan|kabur)\b",
)
# "brought 24 and 11 people": the noun is told once for both.
_JOINED_FIGURES = re.compile(r"\s(?:and|dan|serta)\s")


def _is_distributed(sentence: Sentence, quantity: Quantity) -> bool:
    following = next((item for item in sentence.quantities if item.start > quantity.start), None)
    if following is None or not following.is_persons or following.nationality is not None:
        return False
    gap = sentence.text[quantity.end - sentence.start : following.start - sentence.start]
    dated = any(day.start <= quantity.start < day.end for day in sentence.dates)
    return not dated and _JOINED_FIGURES.fullmatch(gap) is not None


# "mencokok tiga agen": whom police catch is no bystander, whatever the trade.
_CAUGHT = frozenset({EventType.ARREST, EventType.VERDICT, EventType.PROSECUTION})
_CAUGHT_REACH = 20
_TRADE = re.compile(
    r"^(?:agen|agents?|pegawai|karyawan|staff|employees?|operators?|admin|managers|bosses|anggota|brothers|sisters|saudara)$",
    re.IGNORECASE,
)
_YOUNG = re.compile(
    r"^(?:mahasiswa|students?|pelajar|penumpang|passengers|villagers|penduduk|friends)$",
    re.IGNORECASE,
)
_OF_PASSENGERS = frozenset({EventType.REPATRIATION, EventType.INTERDICTION})
_ABOARD = re.compile(r"^(?:penumpang|passengers)$", re.IGNORECASE)


def _is_caught(sentence: Sentence, quantity: Quantity) -> bool:
    end = max(quantity.end, quantity.noun_end)
    trade, young = _TRADE.match(quantity.noun), _YOUNG.match(quantity.noun)
    if _ABOARD.match(quantity.noun):  # of a flight home, or kept off one
        return any(cue.event_type in _OF_PASSENGERS and not cue.is_denied for cue in sentence.cues)
    if TRADER_BEFORE.search(sentence.text[: quantity.start - sentence.start][-TRADER_REACH:]):
        return True
    return any(
        ((trade and cue.event_type in _CAUGHT) or (young and cue.event_type is not None)) and not cue.is_denied
        and (0 <= quantity.start - cue.end <= _CAUGHT_REACH or 0 <= cue.start - end <= 2 * _CAUGHT_REACH)
        for cue in sentence.cues
    )  # fmt: skip


def _has_cue_right(after: str, sentence: Sentence, quantity: Quantity) -> bool:
    """Whether a verb that takes persons as its subject follows within a few words."""
    return _VERB_AFTER.match(after) is not None or any(
        cue.side == "before"
        and 0 <= cue.start - quantity.end <= 22
        and "," not in after[: cue.start - quantity.end]
        for cue in sentence.cues
    )


# Behind a figure that stands for itself: the end of a clause, a word that opens the next, or a verb.
_CLAUSE_GOES_ON = re.compile(
    r"(?:\s(?:or so|lebih|so far))?(?:\s?$|\s?[,.;:!?)\"”'’—–]|\s(?:—|–|-|\()|\s(?:of|in|on|at|to|and|or|from|by|with|for|as|but|than|who|whose|were|was|are|is|had|have|has|will|would|could|did|"
    r"more|after|before|since|while|when|that|under|over|into|across|through|inside|aboard|still|also|then|each|"
    r"dan|atau|di|ke|dari|daripada|pada|oleh|dengan|untuk|yang|sejak|selama|setelah|selepas|sebelum|ketika|saat|saja|sahaja|lagi|lain(?:nya)?|telah|sudah|belum|akan|masih|sedang|tidak|"
    r"adalah|ialah|merupakan|kemudian|lalu|hingga|sampai|seperti|asal|batal|tinggal|pulang|tiba|kabur|"
    r"(?:di|me|ber|ter)(?!nas\b|stri\w*|visi\w*|plom\w*|alog\w*|ja\b|sin\b|sej\b|nit\b|ter\b|nara\b|rek\b|dia\b|mo\b|kas\b|as\b|ita\b|minal\b|owong\w*)\w{3,}|[a-z]+ed(?!\s(?:[\w-]+\s)?\w+s\b))\b)",
    re.IGNORECASE,
)
# What a bare figure behind these tells is a share, a capacity, a rate, a name.
_NO_COUNT_BEFORE = re.compile(
    r"(?:\b(?:for|untuk|in|out of|rata-rata|averag\w+|per|versi|version|update|chapter|target)\s$|(?<![.!?:;\"“] )(?<!^)(?-i:\b(?!Only|About|Some|Another|Of|Total|Totalnya)[A-Z][\w’']+)\s$|\bkedua-$)",
    re.IGNORECASE,
)
_LISTED_PLACES = re.compile(r"(?:\b(?-i:[A-Z])\w+\s[\w.]+,?\s(?:and\s|dan\s)?(?:(?-i:[A-Z])\w+\s){1,3}|\bfrom\s)$", re.IGNORECASE)  # fmt: skip
_NUMBERING = re.compile(r"^\s?$")
# Words that a bare figure behind them may count, and that are no people.
_COUNTED_THINGS = re.compile(
    r"\b(?:kasus|kes|perkara|aduan|pengaduan|laporan|permohonan|cases|complaints|reports|requests|calls|messages|operators|casinos|sites|situs|premis|gangs|trips|meja|tables|permits|raids|"
    r"sentence\w*|penjara|jail|menuntut|tuntutan|terms?|bitcoin|gaji|salary|wage|dibayar|pa(?:y|id)|pasal|seksyen|section)\b",
    re.IGNORECASE,
)
_PEOPLED = re.compile(
    r"\b(?:people|persons|nationals|citizens|victims|workers|foreigners|suspects|detainees|arrivals|returns|(?-i:[A-Z][a-z]+(?:ians|ans|ese|is))|women|men|mereka|orang|warga|wni|wna|korban|mangsa|pekerja|rakyat|tersangka|suspek|pendatang)\b",
    re.IGNORECASE,
)
_TIMES = frozenset(
    [
        "tahun",
        "bulan",
        "minggu",
        "pekan",
        "hari",
        "jam",
        "menit",
        "detik",
        "kali",
        "years",
        "year",
        "months",
        "month",
        "weeks",
        "week",
        "days",
        "day",
        "hours",
        "hour",
        "minutes",
        "minute",
        "times",
    ]
)
_SENTENCES_BACK = 2


def _is_bare(before: str, after: str) -> bool:
    """Whether the figure stands where a count of something told before may stand."""
    if not _CLAUSE_GOES_ON.match(after) or (_NUMBERING.match(before) and after.startswith(".")):
        return False
    return _NO_COUNT_BEFORE.search(before) is None or _LISTED_PLACES.search(before) is not None


def _unit_before(
    sentences: Sequence[Sentence], sentence: Sentence, quantity: Quantity
) -> str | None:
    """Return what the nearest figure or noun before a bare figure counts, "persons" where there is none."""
    before = sentence.text[: quantity.start - sentence.start]
    thing = max((match.end() for match in _COUNTED_THINGS.finditer(before)), default=-1)
    person = max((match.end() for match in _PEOPLED.finditer(before)), default=-1)
    if max(thing, person) >= 0:
        nearest = max(thing, person) + sentence.start
        unit = "persons" if person > thing else "cases"
    else:
        nearest, unit = -1, ""
    for item in reversed(sentence.quantities):
        if item.end > quantity.start:
            continue
        if found := _unit(item):
            return found if item.noun_end >= nearest else unit or found
        if _is_of_things(sentence, item):
            return "other"
    if unit:
        return unit
    for earlier in reversed(sentences[max(0, sentence.index - _SENTENCES_BACK) : sentence.index]):
        for item in reversed(earlier.quantities):
            if found := _unit(item):
                return found
        if _PEOPLED.search(earlier.text):
            return "persons"
    return "persons"


def _is_of_things(sentence: Sentence, item: Quantity) -> bool:
    """Whether a noun that is no person's follows a figure without a measure: "118 trafficking trials"."""
    begin, end = item.start - sentence.start, item.end - sentence.start
    bare = item.measure is None and (item.best or 0) > 1 and not item.is_anaphor
    return bare and not _is_bare(sentence.text[:begin], sentence.text[end:])


def _unit(item: Quantity) -> str | None:
    """Return what a figure counts, None of a time, a sum of money, a label."""
    if item.measure in {"persons", "cases", "complaints", "sites", "accounts", "permits"}:
        return item.measure
    return "other" if item.measure == "other" and item.noun and item.noun not in _TIMES else None
