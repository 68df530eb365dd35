"""Say what a figure counts and which subject the words around it give it.

    words -> Measure, StatisticCategory

The tables hold Indonesian, Malay and English. A subject is read from one clause at a time: death and stopped
departures win over the kind of crime, scam over trafficking, and consular trouble is what is left.
"""

from __future__ import annotations

import functools
import re

from pipeline import places
from pipeline.numbers import Measure, Quantity
from pipeline.records import StatisticCategory
from pipeline.segments import Sentence

# --- figures that count more than their noun says -------------------------------------------------------

_Thing = tuple[re.Pattern[str], Measure, StatisticCategory | None]


def _thing(pattern: str, measure: Measure, category: StatisticCategory | None) -> _Thing:
    return (
        re.compile(rf"[\s-]*(?:[\w-]+\s){{0,3}}?(?:{pattern})\b", re.IGNORECASE),
        measure,
        category,
    )


# What the words behind a figure count when they are no persons and no cases. A document is counted as the
# person it is made out to.
_THINGS: tuple[_Thing, ...] = (
    _thing(r"(?:emergency |temporary |replacement )?travel (?:papers?|documents?|certificates?)|SPLP|surat perjalanan|dokumen perjalanan|dokumen perjalanan cemas", "persons", None),
    _thing(r"kepulangan|pemulangan|penghantaran pulang|repatriations?|returns\b(?! to)", "persons", None),
    _thing(r"penangkapan|tangkapan|detentions", "persons", StatisticCategory.ARRESTS),
    _thing(r"crossings|penyeberangan|pelintasan|lintasan", "persons", StatisticCategory.OTHER),
    _thing(r"(?:people|individuals|persons) and (?:entities|companies|firms)|(?:individu|orang) dan (?:entitas|perusahaan)|entities|entitas", "cases", StatisticCategory.OTHER),
    _thing(r"prosecutions|convictions|indictments|verdicts|penuntutan|dakwaan|pendakwaan|vonis|putusan|pertuduhan|sabitan", "cases", StatisticCategory.OTHER),
    _thing(r"cases?|incidents|investigations|kertas(?: siasatan)?|investigation papers|laporan polisi|police reports", "cases", None),
    _thing(r"complaints|pengaduan|aduan|permohonan|permintaan|requests|applications|calls|panggilan", "complaints", None),
    _thing(r"victims|survivors|suspects|passengers|travell?ers|jobseekers|recruits|captives|workers", "persons", None),
    _thing(r"(?:residence|work|stay) permits?|izin tinggal|izin kerja|permit kerja", "permits", StatisticCategory.RESIDENTS),
    _thing(r"keberangkatan|departures|pelepasan", "persons", StatisticCategory.DEPARTURES),
    _thing(r"(?:recruitment |business |operating |company )?licen[cs]es?|(?:izin|lesen|SIUP|SIP)(?: (?:usaha|operasi(?:onal)?|penempatan|perekrutan|perusahaan|agensi))*|SIP3MI|SIPPMI", "permits", StatisticCategory.OTHER),
    _thing(r"(?:bank |mule |social media )?accounts?|rekening|akun|akaun", "accounts", None),
    _thing(r"(?:web ?sites?|web ?pages?|domains?|URLs?|links?|situs|laman|tautan|konten|kandungan)", "sites", None),
)  # fmt: skip
# A cheap look before the table is tried.
_MAY_BE_THING = re.compile(
    r"victim|survivor|suspect|passenger|travel|jobseeker|recruit|captive|worker|permohonan|permintaan|request|applic|calls|panggil|case|incident|investigation|siasat|kertas|laporan|complaint|aduan|travel|SPLP|perjalanan|pulang|repatriat|returns|angkap|detention|crossing|seberang|lintas|entit|individu|people and|prosecut|convict|"
    r"indict|verdict|tuntut|dakwa|vonis|putus|tuduh|sabit|permit|izin|licen|lesen|SIUP|SIP|berangkat|departure|lepas|account|rekening|aku?n|akaun|site|page|"
    r"domain|url|link|situs|laman|taut|konten|kandungan",
    re.IGNORECASE,
)


def counted(
    quantity: Quantity, sentence: Sentence
) -> tuple[Measure | None, StatisticCategory | None]:
    """Return what a figure counts and, where that settles it, the subject."""
    measure = quantity.measure
    if measure in {"IDR", "USD", "money", "percent"}:
        return measure, None
    behind = sentence.text[quantity.end - sentence.start :][:60]
    if measure in {"cases", "persons"}:
        if re.match(r"[\s-]*(?:prosecutions|convictions|(?:people|individuals|persons) and (?:\w+ )?(?:entities|companies|firms|organi[sz]ations)|orang dan (?:perusahaan|entitas))", behind, re.IGNORECASE):  # fmt: skip
            return "cases", StatisticCategory.OTHER
        if measure == "persons" and re.match(r"[\s-]*arrests?\b", behind, re.IGNORECASE):
            return measure, StatisticCategory.ARRESTS
        return measure, None
    if measure in {None, "other"} and REVOKED.search(sentence.text) and _FIRMS.match(behind):
        return "permits", StatisticCategory.OTHER
    if measure in {"complaints", "permits"}:
        return measure, StatisticCategory.RESIDENTS if measure == "permits" else None
    if measure is None and re.match(r"\s?(?:persen|peratus)(?:nya)?\b", behind, re.IGNORECASE):
        return "percent", None
    if _MAY_BE_THING.search(behind):
        clause = _CLAUSE_END.split(behind)[0]
        for pattern, counted, category in _THINGS:
            if pattern.match(clause):
                return counted, category
    return measure, None


# A firm whose licence is taken away is counted as that licence.
REVOKED = re.compile(
    r"\b(?:revok\w+|cancel\w*|withdr\w+|suspend\w*|terminat\w+|dicabut|mencabut|pencabutan|dibekukan|membekukan|pembekuan|dibatalkan|membatalkan|batalkan|digantung|menggantung|ditarik)\b",
    re.IGNORECASE,
)
_FIRMS = re.compile(
    r"\s(?:[\w-]+\s){0,2}?(?:agenc(?:y|ies)|firms|companies|recruiters|casinos?|operators?|kasino|perusahaan|syarikat|agensi|P3MI|PPTKIS|PJTKI|LPK)\b",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(
    r"[,;.:()]|\s(?:yang|dari|from|that|which|who|for|untuk|di|in|of|by|oleh|and|dan|with|dengan|were|was|have|had|has|sejak|since|pada|on|to)\s"
)

# --- subjects ----------------------------------------------------------------------------------------------

GAMBLING = re.compile(
    r"\bjudi\b(?! dan penipuan)|\bjudol\b|\bperjudian\b|\bgambling\b|\bkasino (?:daring|online)\b|\bslot\b",
    re.IGNORECASE,
)
SCAM = re.compile(
    r"\bscam\w*|\bpenipuan\b|\bmenipu\b|\bpenipu\b|\b(?:cyber|online|telecom|internet) ?-?(?:fraud|crimes?)\b|\bfraud\w*|\bswindl\w*|\bterperangkap\b|"
    r"\bsindi[ck][ae]t|\b(?:di|ter)tipu\b|\bsyndicate|\bPogos?\b|\bdi (?:zona|kawasan|kompleks|zon) (?:itu|tersebut|ini|berkenaan)\b",
    re.IGNORECASE,
)
# Licensed for gambling, known for scams: by itself the word tells neither.
OFFSHORE_GAMING = re.compile(r"\bPOGOs?\b", re.IGNORECASE)
TRAFFICKING = re.compile(
    r"\bTPPO\b|\b(?:perdagangan|pemerdagangan) (?:orang|manusia)\b|\btrafficking\b|\btraffick(?:ed|ers?)\b|\bATIPSOM\b|\b(?:anti)?pemerdagangan orang\b",
    re.IGNORECASE,
)
CONSULAR = re.compile(
    r"\bbermasalah\b|\bbermasalah\b|\bkasus (?:wni|pmi|pekerja migran|ketenagakerjaan|kekonsuleran|perlindungan|pelindungan)\b|\bkonsuler\b|\bketenagakerjaan\b|\bkeimigrasian\b|\bkonsular\b|"
    r"\bconsular\b|\bin (?:trouble|distress)\b|\bpekerja migran\b|\bmigrant workers?\b|\butang\b|\bsengketa\b|\bgaji (?:tidak|tak)\b|\bkes (?:konsular|rakyat)\b|"
    r"\bprotection cases\b|\blabou?r (?:cases|disputes)\b|\bcases? of (?:indonesians?|citizens|nationals|filipinos|malaysians)\b|\bnon-?prosedural\b",
    re.IGNORECASE,
)
EMBASSY = re.compile(
    r"\b(?:KBRI|KJRI|KDEI|kedutaan|perwakilan|embassy|consulate|mission|BP2MI|BP3MI|BP4MI|P2MI|DMW|OWWA)\b",
    re.IGNORECASE,
)
DEATH = re.compile(
    r"\b(?:kematian|meninggal|tewas|wafat|maut|terbunuh|dibunuh|nyawa|tutup usia|jenazah|jasad|mayat|mortal remains|bodies of|deaths?|died|dead|killed|lost their lives|perished|fatalities)\b",
    re.IGNORECASE,
)
RESIDENCE = re.compile(
    r"\b(?:tinggal|menetap|bermukim|berdomisili|izin tinggal|lapor diri|bermastautin)\b|\blive and work\b|\b(?:living|reside|residing|residents|registered)\b",
    re.IGNORECASE,
)
DEPARTURE = re.compile(
    r"\b(?:menunda|penundaan|ditunda|mencegah|dicegah|pencegahan|menggagalkan|digagalkan|menolak|ditolak|menangguhkan|menghalang)\b.{0,40}\b(?:keberangkatan|berangkat|perlepasan|pelepasan|paspor)\b|"
    r"\bkeberangkatan\b|\bdepartures?\b|\boff-?load(?:ed|ing)\b|\b(?:outbound|departing|outgoing) (?:\w+ )?(?:passengers|travell?ers|filipinos|workers|nationals)\b|\bintercept\w*\b|\bstopped (?:from (?:leaving|boarding|flying)|at (?:airports?|ports?))\b|\bdeferred departure\b",
    re.IGNORECASE,
)
LOSS = re.compile(
    r"\b(?:kerugian|merugi|rugi|losses|loss|lost|losing|kehilangan|swindled|cheated (?:out )?of|stolen|defrauded|raup|kerugiannya)\b",
    re.IGNORECASE,
)
ARRESTED = re.compile(
    r"\b(?:arrest(?:ed|s)?|detained|custody|detainees|taken in|rounded up|netted|ditangkap|ditahan|tertangkap|menangkap|menahan|diciduk|dibekuk|diberkas|penangkapan|tangkapan)\b",
    re.IGNORECASE,
)
_COURT = re.compile(
    r"\b(?:prosecutors?|prosecut\w+|pendakwa(?: raya)?|jaksa|penuntut umum|sent to court|facing charges|face charges|convict\w+|kejaksaan|didakwa|pengadilan|penuntutan|mahkamah|deport\w*|dideportasi|sanction\w*|blacklist\w*|"
    r"abduct\w*|kidnap\w*|confined|diculik|penculikan)\b",
    re.IGNORECASE,
)


@functools.cache
def is_scam_site(place_id: str) -> bool:
    """Return whether the gazetteer knows this place as the site of scam compounds."""
    place = places.get(place_id)
    return place is not None and place.is_scam_site


def of(text: str) -> StatisticCategory | None:
    """Return the subject that words of a clause give a count of cases or people, or None."""
    if DEATH.search(text):
        return StatisticCategory.DEATHS
    if DEPARTURE.search(text):
        return StatisticCategory.DEPARTURES
    scam = SCAM.search(text) is not None
    if GAMBLING.search(text):
        return StatisticCategory.ONLINE_SCAM if scam else StatisticCategory.ONLINE_GAMBLING
    if scam:
        return StatisticCategory.ONLINE_SCAM
    if TRAFFICKING.search(text):
        return StatisticCategory.TPPO_ALL
    if _COURT.search(text):
        return StatisticCategory.OTHER
    return StatisticCategory.MIGRANT_WORKER_CASES if CONSULAR.search(text) else None
