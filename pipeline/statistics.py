"""Read aggregate figures: totals over a period or an area, which are not incidents.

    Article, Relevance, [Mention] -> [Statistic]

Cases, complaints and shares are always aggregates; persons are when their figure runs over a long period, over
many countries or over a police campaign, or is a part of such a figure. Cumulative series keep their start
and their as-of day and are never turned into rates here. A list goes on with the period, unit and subject of
the figure that opened it.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline import claims as ledger
from pipeline import periods, segments, subjects
from pipeline.numbers import Measure, Quantity
from pipeline.periods import Period, When
from pipeline.records import (
    Article,
    Claim,
    CountRole,
    Mention,
    MentionKind,
    Relation,
    Relevance,
    Statistic,
    StatisticCategory,
    Unit,
    make_id,
)
from pipeline.segments import Sentence

EXTRACTOR = "rules.statistics"
VERSION = "2"

_UNIT: dict[str, Unit] = {
    "cases": Unit.CASES, "complaints": Unit.COMPLAINTS, "percent": Unit.PERCENT, "persons": Unit.PERSONS,
    "sites": Unit.SITES, "permits": Unit.PERMITS, "accounts": Unit.ACCOUNTS, "USD": Unit.USD, "IDR": Unit.IDR,
}  # fmt: skip

# Why a figure is taken up: ``total`` and ``campaign`` count persons, ``compared`` is an older figure that the
# text measures another one against; what follows it goes on with the newer one.
Kind = Literal["count", "total", "campaign", "share", "growth", "money", "part"]


_NOT_SHARES = frozenset(set(_UNIT) - {"percent"})


@dataclass(slots=True)
class _Found:
    quantity: Quantity
    sentence: Sentence
    measure: Measure
    kind: Kind
    start: dt.date | None
    end: dt.date | None
    is_cumulative: bool
    category: StatisticCategory
    is_part: bool
    is_compared: bool = False
    is_pending: bool = False

    @property
    def size(self) -> float:
        return self.quantity.best or 0.0


def read(
    article: Article,
    relevance: Relevance,
    mentions: Sequence[Mention],
    claims: Sequence[Claim] | None = None,
) -> list[Statistic]:
    """Return the aggregate figures of one relevant article in text order."""
    if not relevance.relevant:
        return []
    counted = ledger.read(article, mentions) if claims is None else claims
    found = _Reader(article, mentions, counted).read()
    return _statistics(article, found, mentions)


# Parts of these keep the subject of their whole, whatever their own words speak of.
_STICKY = frozenset(
    {StatisticCategory.DEPARTURES, StatisticCategory.DEATHS, StatisticCategory.ARRESTS,
     StatisticCategory.FRAUD_LOSSES, StatisticCategory.RESIDENTS}
)  # fmt: skip
# What was done with people says more than the words around their figure.
_CATEGORY_OF_ROLE = {
    CountRole.ARRESTED: StatisticCategory.ARRESTS,
    CountRole.DEAD: StatisticCategory.DEATHS,
    CountRole.DEPORTED: StatisticCategory.OTHER,
    CountRole.INTERDICTED: StatisticCategory.DEPARTURES,
    CountRole.SUSPECT: StatisticCategory.OTHER,
}

# --- what is an aggregate --------------------------------------------------------------------------------

# A total that began longer ago than this, told in passing, is a statistic.
_LONG = ledger.LONG_TOTAL.days
# In headline or lead only a figure over at least a quarter is: shorter series are the event itself.
_LONG_IN_LEAD = 89
# A headline's "hingga September" holds for later figures while no more time than this has passed.
_SERIES_RUNS = dt.timedelta(days=100)
_STILL_RUNS = dt.timedelta(days=14)
# Police campaigns count their catch so far: from this many days on that is a statistic as well.
_CAMPAIGN_DAYS = 5
_CAMPAIGN_ROLES = frozenset(
    {CountRole.ARRESTED, CountRole.DEPORTED, CountRole.SUSPECT, CountRole.DETAINED}
)
_LEAST_ESTIMATE, _LEAST_YEARS, _LEAST_TOTAL, _LEAST_DEATHS, _LEAST_SITES = 1000, 100, 10, 2, 5
_LEAST_REPORTS = 10
_LEAST_MONEY = {"USD": 10**6, "IDR": 10**9}
# Estimates of how many people live or work somewhere.
_ESTIMATE = re.compile(
    r"\b(?:believes?|believed|estimat\w+|memperkirakan|diperkirakan|dianggarkan|ditaksir|legally|resid(?:e|ing|ents)|menetap|bermukim|live and work|registered with|terdaftar di)\b",
    re.IGNORECASE,
)
# Those still in one compound are the event's own.
_INSIDE = re.compile(
    r"\b(?:still|remain\w*|masih|tertahan|terjebak|trapped|stranded|left behind)\b", re.IGNORECASE
)
_OVER_YEARS = re.compile(
    r"\b(?:over the (?:past|last|previous) (?:\w+ )?years|in (?:recent|past) years|selama (?:ini|beberapa tahun|bertahun-tahun)|(?:beberapa )?tahun (?:terakhir|belakangan|kebelakangan))\b",
    re.IGNORECASE,
)
# What happened to these people long ago is told of one case, not of a period: when they were hired, since when
# they are held, how long they have worked.
_OWN_STORY = re.compile(
    r"\b(?:(?:di|me)rekrut|dijanjikan|ditawari|bekerja sejak|tinggal sejak|disekap|dikurung|berada|menjual|dijual|menipu|memperdaya|menampung|mempekerjakan|trafficking(?! (?:victims?|survivors?|cases?|suspects?|prosecutions?|convictions?|rings?))|trafficked|selling|sold|sending|smuggling|hired|recruited|lured|promised|sent(?! (?:home|back))|dispatched|took|placed|worked|working there|held|stranded|waiting|menunggu|menanti|tiba di (?:sana|kamboja|myanmar)|berangkat|diberangkatkan|mengirim|memberangkatkan)\b",
    re.IGNORECASE,
)
_THROUGHOUT = re.compile(
    r"\b(?:sepanjang|selama|dalam|throughout|during|over|all of)\s(?:the\s|bulan\s|tahun\s|month of\s)?$",
    re.IGNORECASE,
)
_BLOCKED = re.compile(
    r"\b(?:suspected|arrest\w*|penangkapan|block\w*|diblokir|memblokir|pemblokiran|ditutup|menutup|disekat|menyekat|shut|closed|frozen|froze|dibekukan|membekukan|taken down|takedown\w*|removed|diputus|suspended|"
    r"raid\w*|search\w*|digerebek|menggerebek|penggerebekan|diserbu|serbuan|operat\w+|beroperasi|target\w*|disasar|scam\w*|penipuan|judi|gambling|went into|visited|disisir|inspected|diperiksa)\b",
    re.IGNORECASE,
)
_BIG_MONEY = re.compile(
    r"\b(?:lost|loss(?:es)?|losing|launder\w*|kerugian|rugi|kehilangan|made over|earn(?:ed|ings|s)?|generat\w+|proceeds|aliran (?:dana|uang|wang)|dana mengalir|money flows?|flows? of money|remitt\w+|transferred|revenues?|turnover|perputaran|transaksi|omzet|omset|swindled|stolen|defrauded|cheated)\b",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"\b(?:di ?antaranya|dari (?:jumlah|total|angka|kasus|seluruh|mereka|aduan|laporan|semua)|daripada (?:jumlah|kes|mereka)|of (?:the|these|those|them|whom|which|all|its|that|recorded)|"
    r"terkait|berkaitan|menyangkut|berhubungan|melibatkan|merupakan|adalah|involv\w+|linked|related|had to do|concern\w*|were|was|sudah|telah|selesai|tuntas|kasus|cases?|kes|aduan|complaints?|laporan|korban|victims?|mangsa|resolved|settled)\b",
    re.IGNORECASE,
)
_GROWTH = re.compile(
    r"\b(?:naik|meningkat|melonjak|lonjakan|kenaikan|peningkatan|bertambah|tumbuh|turun|menurun|penurunan|rise|rose|risen|increas\w+|jump\w*|surg\w+|up|grew|growth|grown|down|drop\w*|fell|fall|declin\w*|decreas\w+|more than (?:in|a|the)|more|fewer|less|higher|lower|tinggi|rendah|banyak|sedikit|kenaikan)\b",
    re.IGNORECASE,
)
_NO_SHARE = re.compile(
    r"\b(?:harga|prices?|tarif|bunga|interest|komisi|commissions?|pajak|tax|rents?|sewa|diskon|discount|saham|shares? in|stake|inflasi|inflation|PDB|GDP|economy|ekonomi|gaji|salary|wages?|tiket|tickets?)\b",
    re.IGNORECASE,
)
_STOCKS = re.compile(
    r"\b(?:shares? (?:in|of) (?:a|an|the|its)?|stocks?\b|saham\b|bursa\b)", re.IGNORECASE
)
_COUNTED_WORD = re.compile(
    r"\b(?:jumlah\w*|angka\w*|kasus|kes|cases?|aduan|complaints?|laporan|reports?|requests?|permohonan|permintaan|applications|calls|numbers?|figures?|totals?|count|tally|data|tercatat|recorded|korban|victims?|mangsa)\b",
    re.IGNORECASE,
)
_AVERAGE = re.compile(
    r"\b(?:average|rata-rata|purata)(?: (?:of|of about|sekitar|hanya|only))*\s$", re.IGNORECASE
)
# "between US$18 billion and US$37 billion" is one amount without a best value.
_OPENS_RANGE = re.compile(r"\b(?:between|antara)\s(?:US\$|Rp\.?\s?|\$)?$", re.IGNORECASE)
_OPEN_RANGE = re.compile(
    r"\b(?:between|antara)\s[^;]{0,30}\d[^;]{0,30}\b(?:and|dan|hingga|sampai)\s(?:US\$|Rp\.?\s?|\$)?$",
    re.IGNORECASE,
)
_FRACTION = re.compile(
    r"[\s-](?:quarters?|thirds?|fifths?|halves|perempat|pertiga|perlima|kali|times|suku)\b",
    re.IGNORECASE,
)
_COMPLAINED = re.compile(r"\b(?:aduan|pengaduan|complaints?|laporan|reports?)\b", re.IGNORECASE)
_CASES = re.compile(r"\b(?:kasus|kes|cases?|aduan|pengaduan|complaints?|perkara)\b", re.IGNORECASE)
# Behind a bare figure of a series stands no noun of its own.
_NO_NOUN = re.compile(
    r"\s?(?:[,.;)(]|$)|\s(?:pada|bagi|di|dalam|selama|sepanjang|tahun|in|since|sejak|until|hingga|during|for|at|on|by|over|a|the|last|this|setahun|sebelumnya|periode|dan|and|or|atau|menjadi|jadi|to|had|were|sudah|telah|from|dari)\b",
    re.IGNORECASE,
)
# "306 a year ago", "dari 3.310": bare figures that are compared with a count.
_COMPARED = re.compile(
    r"(?:up from|down from|against|from|than|of these|of them|tercatat|hanya|baru|menjadi|jadi|to|berbanding|dibanding(?:kan)?|ketimbang|daripada|dari|sebanyak|seramai)(?: (?:hanya|baru|just|only|about|sekitar|the))*\s$",
    re.IGNORECASE,
)
_OLDER = re.compile(
    r"\b(?:up|down|rise|rose|increase\w*|jump\w*|naik|meningkat|melonjak|turun|menurun|compared|berbanding|dibanding\w*|ketimbang|against|lebih tinggi|than)\b[^,;.]{0,25}$|,\s(?:from|dari)\s$",
    re.IGNORECASE,
)
_PENDING = re.compile(
    r"\b(?:masih(?! (?:menjadi|merupakan|mendominasi|menempati|tertinggi|terbanyak|yang))|belum|sedang|pending|still(?! (?:the|leads?|tops?))|outstanding|unresolved|ongoing|remain(?:s|ed|ing)? (?:open|pending|unsolved|active|under))\b",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:di ?antaranya|di antara (?:mereka|jumlah)|daripadanya|dari (?:jumlah|angka|total|keseluruhan|mereka)|(?<!naik )(?<!meningkat )(?<!melonjak )(?<!turun )(?<!menurun )dari (?=[\d.,]+\b)|khusus|of (?:these|those|them|which|whom|that)|out of (?:the|these|those|a total|a|all|(?=\d))|among them|daripada (?:jumlah|mereka)|termasuk|including|merupakan|adalah|terdiri|yakni|yaitu|iaitu|namely|rinciannya|perinciannya)\b",
    re.IGNORECASE,
)
# "The 812 cases involved 1,644 victims": the people of the cases just counted.
_PART_LEADS = re.compile(
    r"\b(?:of (?:which|whom|these|those|them)|including|termasuk|di ?antaranya|dari jumlah (?:itu|tersebut)|daripada jumlah (?:itu|tersebut)|among them|comprising|terdiri (?:dari|atas))"
    r",?\s(?:(?:about|some|only|at least|sekitar|sebanyak|seramai|hanya|baru|sedikitnya)\s)*$",
    re.IGNORECASE,
)
_PART_TRAILS = re.compile(
    r"\s(?:di ?antaranya|daripadanya|of (?:them|these|those|which|whom)|among them|dari (?:jumlah|mereka))\b",
    re.IGNORECASE,
)
_FATE = re.compile(
    r"\s(?:have|had|has|were|was|are|remain(?:ed)?|returned|went|came|come|berasal|sudah|telah|masih|belum|dapat|berhasil|berjaya)\b",
    re.IGNORECASE,
)
_OPENS_CLAUSE = re.compile(
    r"(?:^|[,;]\s(?:while |manakala |sedangkan |sementara )?|\b(?:and|dan|while|sedangkan|manakala)\s)(?:(?:some|about|only|at least|another|sebanyak|sekitar|seramai|baru|sedikitnya)\s)*$",
    re.IGNORECASE,
)
_SORTS = re.compile(
    r"\s?(?:[\w-]+\s){0,2}?(?:berasal|perempuan|wanita|laki-laki|lelaki|women|men|female|male|minors|anak|kanak-kanak|berusia|aged|came from|come from|were from|are from|sudah (?:dipulangkan|pulang|kembali)|telah (?:dipulangkan|pulang|kembali|diselamatkan|dibawa pulang)|have (?:gone|been|returned))\b",
    re.IGNORECASE,
)
_SERVED = re.compile(
    r"\b(?:identif\w+|mengidentifikasi|diidentifikasi|assist\w*|menangani|ditangani|handled|served|membantu|dibantu|melayani|dilayani|mendampingi|didampingi|referred|recogni[sz]ed|mengendalikan)\b",
    re.IGNORECASE,
)
_REGISTERED = re.compile(
    r"\b(?:dilaporkan|dicatat|tercatat|direkod\w*|merekod\w*|mencatat\w*|menerima|terdata|reported|recorded|registered|logged|received|tallied)\b",
    re.IGNORECASE,
)
_CONTRAST = re.compile(
    r"\b(?:sedangkan|sementara|manakala|adapun|while|whereas)\b[^,;.\d]{0,20}$", re.IGNORECASE
)
_SORT_LEADS = re.compile(
    r"\b(?:perempuan|wanita|laki-laki|lelaki|women|men|females?|males?|minors|anak-anak|kanak-kanak)(?:nya)?\s(?:[a-z]+\s){0,2}$",
    re.IGNORECASE,
)
_MOST = re.compile(
    r"\b(?:terbanyak|terbesar|tertinggi|paling (?:banyak|ramai|tinggi)|teratas|mendominasi|the most|largest|top|majority|most of them|accounted for|menyumbang|mencatatkan)\b[^;.\d]{0,50}$",
    re.IGNORECASE,
)
# What is said of some of the counted is not said of all: "5.120 kasus, banyak di antaranya ...".
_SOME_OF = re.compile(
    r",\s(?:banyak|sebagian|sebahagian|mayoritas|majoriti|kebanyakan\w*|terutama|di ?antaranya|many|most(?:ly)?|some|including|termasuk|several|beberapa)\b",
    re.IGNORECASE,
)
_ALL = re.compile(r"\b(?:seluruh|semua|kesemua|ke|all(?: of)?(?: the)?)[\s-]$", re.IGNORECASE)
_JOINS = re.compile(r"\b(?:and|dan|serta|dengan|with)\b[^,;.\d]*$", re.IGNORECASE)
_YEAR = re.compile(r"\b20\d\d\b")
_OF_THOSE = re.compile(
    r"\b(?:(?:dari|daripada) (?:jumlah|angka|total|keseluruhan)|of (?:these|those|that|the total)|among (?:them|these|those)|rinciannya|perinciannya)\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:lagi|yang lain(?:nya)?|lainnya|sisanya|selebihnya|bakinya|others?|the (?:rest|remaining|remainder))\b",
    re.IGNORECASE,
)
_ANOTHER = re.compile(
    r"\b(?:another|a further|further|an additional)(?: (?:some|about))?\s$", re.IGNORECASE
)
_PERSONS_NUMBER = re.compile(
    r"\b(?:victims?|survivors?|people|returnees|korban(?:nya)?|mangsa(?:nya)?)\s(?:(?:now|so far|pula|yang \w+)\s)?(?:number(?:ed|ing)?|totall?(?:ed|ing)?|berjumlah|mencapai|mencecah|sebanyak|seramai)\s(?:(?:about|some|sekitar)\s)?$",
    re.IGNORECASE,
)
# "Tahun sebelumnya jumlahnya 11 orang": the figure goes on with the subject of the one before.
_SAME_SERIES = re.compile(
    r"\b(?:jumlahnya|angkanya|bilangannya|totalnya|the (?:figure|number|total|tally|count)|angka itu|jumlah itu)\b[^,;.\d]{0,30}$",
    re.IGNORECASE,
)
_TOGETHER = re.compile(
    r"\b(?:together|combined|in total|in all|altogether|a total of|(?:se)?jumlah(?:nya)?|total(?:nya)?|seluruhnya|kesemuanya|genap|keseluruhan(?:nya)?)\b",
    re.IGNORECASE,
)
_BATCHES = re.compile(
    r"\b(?:flights?|batch(?:es)?|groups?|waves?|kloter|gelombang|penerbangan|kumpulan|rombongan)\b",
    re.IGNORECASE,
)
_ALONE = re.compile(r"\s(?:alone|saja|sahaja)\b", re.IGNORECASE)
_TASK_FORCE = re.compile(
    r"\b(?:satgas|satuan tugas|gugus tugas|task ?force|pasukan petugas)\b", re.IGNORECASE
)
_INVOLVED = re.compile(
    r"\b(?:involv\w+|concern\w*|affect\w*|melibatkan|menyangkut|mencakup|membabitkan|dengan|with|korban\w*|mangsa\w*)\b",
    re.IGNORECASE,
)
# In three countries or more: "di Myanmar, Kemboja dan Laos", "in nine countries".
_MANY_COUNTRIES = re.compile(
    r"\b(?:di|in|across|merentasi|dari pusat\w*.{0,20} di)\s(?:\w+\s)?(?:\d{1,2}|tiga|empat|lima|enam|tujuh|delapan|lapan|sembilan|sepuluh|three|four|five|six|seven|eight|nine|ten|several|various|berbagai|pelbagai|beberapa)\s(?:negara|countries|nations)\b",
    re.IGNORECASE,
)
_PAPERS = re.compile(
    r"\bSPLP\b|\bsurat perjalanan|\bdokumen (?:perjalanan|pulang)|\btravel (?:papers?|documents?|certificates?)|\bexit (?:permits?|visas?)|\bdenda\b|\bfines?\b",
    re.IGNORECASE,
)
_GIVEN_PAPERS = re.compile(
    rf"[\s-]*(?:(?:emergency|temporary|replacement|new|lembar|buah|helai|unit)\s){{0,2}}(?:{_PAPERS.pattern})|[^,;.]{{0,30}}?\b(?:given|issued|received|granted|menerima|memperoleh|mendapat\w*|mengantongi|memegang)\b[^,;.]{{0,20}}(?:{_PAPERS.pattern})",
    re.IGNORECASE,
)
_EARLIER_COUNT = re.compile(
    r"\b(?:sebelumnya|sebelum ini|tadinya|semula|earlier|previously|before|ago|had (?:reported|stood|been|put|recorded)|last (?:week|month)|(?:pekan|minggu|bulan) (?:lalu|lepas))\b",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"\b(?:first|pertama|mulai|dimulai|began|started|sejak|since|opened|dibuka)\b", re.IGNORECASE
)
_COVERS = re.compile(
    r"\b(?:totals?|figures?|count|tally|numbers?|angka|jumlah|data|statistics?|laporan|report)\b[^.;]{0,30}\b(?:covers?|covering|spans?|mencakup|meliputi|merangkumi|dihitung|is for|run(?:s|ning)? from)\b",
    re.IGNORECASE,
)
_RETURNED = frozenset(
    {
        CountRole.REPATRIATED,
        CountRole.DEPORTED,
        CountRole.RELEASED,
        CountRole.RESCUED,
        CountRole.ESCAPED,
    }
)


class _Reader:
    """Reads the figures of one article in order, each in the light of those before it."""

    def __init__(
        self, article: Article, mentions: Sequence[Mention], claims: Sequence[Claim]
    ) -> None:
        self._sentences = segments.read(article)
        self._reference = article.reference_date
        self._claims = claims
        self._by_start = {claim.start: claim for claim in claims}
        self._places = [item for item in mentions if item.kind is MentionKind.PLACE]
        self._found: list[_Found] = []
        self._told: dict[int, Period] = {}
        self._retold: tuple[Sentence, _Found] | None = None

    def read(self) -> list[_Found]:
        """Return the aggregate figures below the headline."""
        batches = _sums_of_batches(self._claims, self._sentences)
        for sentence in self._sentences[1:]:
            figures = [q for q in sentence.quantities if not q.is_anaphor and q.best is not None]
            if not figures:
                continue
            times = periods.find(sentence, self._reference)
            shares = []
            for quantity in figures:
                claim = self._by_start.get(quantity.start)
                if claim is not None and (period := batches.pop(claim.claim_id, None)) is not None:
                    self._add(quantity, sentence, "persons", "total", period, StatisticCategory.ONLINE_SCAM)  # fmt: skip
                    self._found[-1].is_cumulative = True
                    continue
                measure, fixed = subjects.counted(quantity, sentence)
                if measure == "percent":
                    shares.append(quantity)
                    continue
                if measure == "persons" and not quantity.noun:
                    whole = self._divided(quantity, sentence)
                    measure = whole.measure if whole is not None else measure
                if measure is None and claim is not None and not _CASES.search(sentence.text):
                    measure = "persons"
                if self._is_no_count(quantity, sentence, measure):
                    continue
                if not self._is_told(quantity, sentence, measure):
                    self._take(quantity, sentence, claim, measure, fixed, periods.of(quantity, sentence, times))  # fmt: skip
            for quantity in shares:
                self._take_share(quantity, sentence, periods.of(quantity, sentence, times))
        return sorted(self._found, key=lambda item: item.quantity.start)

    def _is_no_count(self, quantity: Quantity, sentence: Sentence, measure: Measure | None) -> bool:
        behind, before = (
            sentence.text[quantity.end - sentence.start :],
            sentence.text[: quantity.start - sentence.start],
        )
        return (
            measure in {"money", "other"}
            or _FRACTION.match(behind) is not None
            or _AVERAGE.search(before[-40:]) is not None
            or (measure in _LEAST_MONEY and _OPEN_RANGE.search(before[-60:]) is not None)
            or (measure in _LEAST_MONEY and _OPENS_RANGE.search(before[-20:]) is not None)
        )

    def _add(
        self, quantity: Quantity, sentence: Sentence, measure: Measure, kind: Kind, period: Period,
        category: StatisticCategory,
    ) -> None:  # fmt: skip
        start, end = period
        self._found.append(
            _Found(
                quantity, sentence, measure, kind, start, end,
                is_cumulative=False, category=category,
                is_part=kind in {"part", "share"} or _PART.search(_around(sentence, quantity)) is not None,
            )
        )  # fmt: skip

    def _is_told(self, quantity: Quantity, sentence: Sentence, measure: Measure | None) -> bool:
        """Whether the text gave this figure before: it is told once, and what follows goes on with it."""
        if measure == "percent":
            return False
        told = [i for i in self._found if i.size == quantity.best and measure in {i.measure, None}]
        if told:
            self._retold = sentence, told[-1]
        return bool(told)

    def _take(
        self, quantity: Quantity, sentence: Sentence, claim: Claim | None, measure: Measure | None,
        fixed: StatisticCategory | None, when: When | None,
    ) -> None:  # fmt: skip
        """Add the figure where it is an aggregate."""
        kind: Kind | None = None
        before = sentence.text[: quantity.start - sentence.start][-60:]
        if measure is None:
            measure = self._measure_of_bare(quantity, sentence, before, when)
            kind = None if measure is None else "count"
            if measure == "persons":
                kind = self._total_of_persons(quantity, sentence, claim, when, fixed)
        elif measure in {"cases", "complaints"}:
            kind = "count" if self._counts(quantity, sentence, when) else None
        elif measure == "persons":
            kind = self._total_of_persons(quantity, sentence, claim, when, fixed)
        elif measure in _LEAST_MONEY:
            kind = "money" if self._is_big_money(quantity, sentence, measure, when) else None
        elif measure == "permits" and fixed is StatisticCategory.OTHER:
            kind = "count" if self._counts_permits(quantity, sentence, when) else None
        else:
            kind = "count" if self._counts_places(quantity, sentence, when) else None
        if kind is None or measure is None:
            return
        divided = self._divided(quantity, sentence) is not None
        period = self._period(quantity, sentence, claim, measure, kind, when)
        category = fixed or self._category(quantity, sentence, claim, measure, kind)
        if fixed is StatisticCategory.OTHER and measure == "cases" and self._is_trafficking(quantity, sentence):  # fmt: skip
            category = StatisticCategory.TPPO_ALL
        goes_on = (when is not None and when.kind == "earlier") or (
            quantity.measure is None and _OLDER.search(before) is not None
        )
        if fixed is None and (goes_on or _SAME_SERIES.search(before)):
            category = self._category_goes_on(quantity, sentence, measure) or category
        self._add(quantity, sentence, measure, kind, period, category)
        item = self._found[-1]
        item.is_pending = item.start is None and self._is_pending(quantity, sentence)
        item.is_cumulative = self._is_cumulative(claim, when, item)
        behind = sentence.text[max(quantity.end, quantity.noun_end) - sentence.start :][:25]
        item.is_compared = (
            (when is not None and (when.kind == "earlier" or periods.is_against(sentence, when)))
            or _OLDER.search(before) is not None
            or re.match(r"\s(?:menjadi|jadi|to)\s(?:[\w ]+\s)?\d", behind) is not None
        )
        main = next(
            (i for i in reversed(self._found[:-1]) if i.measure == measure and not i.is_compared),
            None,
        )
        near = main is not None and sentence.index - main.sentence.index <= 1
        if near and main is not None and main.start and main.end and item.end and kind != "part":
            older = item.end < main.start and (main.end - item.end).days >= _LONG
            item.is_compared = item.is_compared or (older and (main.end - main.start).days >= 27)
        item.is_part = (item.is_part or (divided and when is None)) and not item.is_compared

    def _take_share(self, quantity: Quantity, sentence: Sentence, when: When | None) -> None:
        """Add a share or a growth with the period of the count that it is one of."""
        before = [item for item in self._near(sentence) if item.quantity.start < quantity.start]
        behind = [item for item in self._found if item.sentence is sentence and item.quantity.start > quantity.start]  # fmt: skip
        main = self._main(sentence, 1)
        whole = before[-1] if before else behind[0] if behind else main
        kind = self._share_or_growth(quantity, sentence)
        if whole is None or kind is None:
            return
        period = whole.start, whole.end
        leads = when is not None and when.kind in {"span", "since"} and when.end <= quantity.start
        if kind == "share" and leads and when is not None:
            own = all(item.sentence is not sentence for item in [*before, *behind])
            period = self._resolve(when, sentence) if own else period
        elif whole.is_compared or (
            kind == "growth" and before and behind and not behind[0].is_compared
        ):
            newer = behind[0] if behind and not behind[0].is_compared else main
            period = (newer.start, newer.end) if newer is not None else period
        category = whole.category
        if kind == "share":
            category = self._own_subject(quantity, sentence) or category
            if category is StatisticCategory.MIGRANT_WORKER_CASES:
                category = whole.category
        self._add(quantity, sentence, "percent", kind, period, category)
        self._found[-1].is_cumulative = whole.is_cumulative

    # --- which figures ---------------------------------------------------------------------------------

    def _near(self, sentence: Sentence, reach: int = 0) -> list[_Found]:
        """Return the figures found in this paragraph, or in it and the ``reach`` before it."""
        return [
            item for item in self._found if sentence.paragraph - item.sentence.paragraph <= reach
        ]

    def _main(
        self, sentence: Sentence, reach: int = 0, measures: frozenset[str] = _NOT_SHARES
    ) -> _Found | None:
        """Return the figure that this sentence goes on with: the last one that is not there to be compared with.

        A figure that the paragraph tells again ("dari 3.905 kasus itu") comes before all others.
        """
        near = self._near(sentence, reach)
        if self._retold is not None and self._retold[0].paragraph == sentence.paragraph:
            later = [item for item in near if item.sentence.index > self._retold[0].index]
            if not later and self._retold[1].measure in measures:
                return self._retold[1]
        own = [
            item for item in near
            if not item.is_compared and not item.is_pending and item.measure in measures
        ]  # fmt: skip
        if (
            not own
            and near
            and reach < 3
            and all(i.measure == "percent" or i.is_compared for i in near)
        ):
            return self._main(sentence, reach + 1, measures) or near[-1]
        return own[-1] if own else (near[-1] if near else None)

    def _counts(self, quantity: Quantity, sentence: Sentence, when: When | None) -> bool:
        size = quantity.best or 0
        if size < 2 or quantity.noun == "counts":
            return False
        if size >= _LEAST_REPORTS:
            return True
        if re.fullmatch(r"laporan|reports?", quantity.noun):
            return False
        return when is not None or bool(self._near(sentence, 1)) or self._tally() is not None

    def _counts_places(self, quantity: Quantity, sentence: Sentence, when: When | None) -> bool:
        told = _BLOCKED.search(sentence.text) or quantity.measure == "accounts"
        if (quantity.best or 0) < _LEAST_SITES or not told:
            return False
        if when is not None and when.kind == "day" and when.first != self._campaign_start:
            return False
        dated = when is not None and (
            when.length >= _CAMPAIGN_DAYS or when.kind in {"until", "since"}
        )
        return bool(
            dated
            or self._near(sentence, 1)
            or self._tally()
            or re.search(r"\b(?:operating|beroperasi|so far|sejauh ini|setakat ini|to date)\b", sentence.text, re.IGNORECASE)
        )  # fmt: skip

    def _counts_permits(self, quantity: Quantity, sentence: Sentence, when: When | None) -> bool:
        """Whether licences are counted that were given or taken over a long period."""
        if (quantity.best or 0) < _LEAST_SITES:
            return False
        if when is None:
            return any(item.measure == "permits" for item in self._near(sentence))
        return when.kind in {"since", "until", "same", "earlier"} or when.length >= _LONG_IN_LEAD

    def _is_big_money(
        self, quantity: Quantity, sentence: Sentence, measure: Measure, when: When | None
    ) -> bool:
        if (quantity.best or 0) < _LEAST_MONEY[measure] or not _BIG_MONEY.search(sentence.text):
            return False
        return measure == "USD" or when is not None or (quantity.best or 0) >= 10**11

    def _share_or_growth(self, quantity: Quantity, sentence: Sentence) -> Kind | None:
        before = sentence.text[: quantity.start - sentence.start][-60:]
        behind = sentence.text[quantity.end - sentence.start :][:60]
        listed = _STOCKS.search(sentence.text) and _GROWTH.search(before[-30:])
        if (quantity.best or 0) > 1000 or listed or _NO_SHARE.search(before[-40:] + behind):
            return None
        tail = re.sub(r"^\s?(?:%|persen|per cent|percent|peratus)", "", behind, flags=re.IGNORECASE)
        before = re.sub(
            r"\b(?:more|less|fewer) than\s$|\blebih (?:dari|daripada)\s$",
            "",
            before,
            flags=re.IGNORECASE,
        )
        if _GROWTH.search(before[-30:]) or re.match(
            r"\s(?:more|fewer|less|higher|lower|lebih|rise|increase|jump|growth|drop)\b", tail
        ):
            return "growth"
        return "share" if _SHARE.search(before[-40:]) or _SHARE.search(tail) else None

    def _measure_of_bare(
        self, quantity: Quantity, sentence: Sentence, before: str, when: When | None
    ) -> Measure | None:
        """Return what a bare figure counts when it goes on with a count: "702 pada 2022, 1.214 pada 2023"."""
        size = quantity.best or 0
        if size < 2 or size != int(size):
            return None
        near = self._near(sentence, 1)
        main = self._main(sentence, 1)
        behind = sentence.text[quantity.end - sentence.start :]
        dated = (
            when is not None
            and when.kind in {"span", "earlier", "since", "opening"}
            and (when.length >= 28 or when.kind != "span")
            and (
                0 <= when.start - quantity.end <= 22
                or (0 <= quantity.start - when.end <= 32 and size >= _LEAST_REPORTS)
            )
        )
        counted = {item.measure for item in sentence.quantities} & {
            "cases",
            "complaints",
            "persons",
        }
        goes_on = self._goes_on(quantity, sentence)
        if goes_on is not None:
            return goes_on
        divided = self._divided(quantity, sentence)
        if divided is not None and not dated:
            return divided.measure
        main_of_persons = next((item for item in near if item.measure == "persons"), None)
        if main_of_persons is not None and _OTHERS.match(behind, 1) and not counted:
            return "persons"
        if main_of_persons is not None and _ANOTHER.search(before) and not counted:
            return "persons"
        if _NO_NOUN.match(behind) is None:
            return None
        if _PERSONS_NUMBER.search(before):
            return "persons"
        if dated and not counted and subjects.ARRESTED.search(before):
            return "persons"
        series = main is not None and main.measure in {"cases", "complaints", "persons", "sites"}
        if dated and (named := _CASES.search(before)) is not None:
            return "complaints" if _COMPLAINED.fullmatch(named[0]) else "cases"
        if dated and series and main is not None:
            return main.measure
        if dated and (counted or _COUNTED_WORD.search(sentence.text)):
            if re.search(r"\b(?:orang|people|victims|persons|korban|mangsa)\b", sentence.text, re.IGNORECASE) and "cases" not in counted:  # fmt: skip
                return "persons"
            told = "complaints" in counted or (_COMPLAINED.search(sentence.text) and not counted)
            return "complaints" if told else "cases"
        if size < _LEAST_REPORTS or (
            _COMPARED.search(before) is None and not before.endswith(", ")
        ):
            return None
        if main is not None and main.measure in {"cases", "complaints"}:
            return main.measure
        return "cases" if "cases" in counted else None

    def _goes_on(self, quantity: Quantity, sentence: Sentence) -> Measure | None:
        """Return the measure of the figure that this one follows in a list: "120,000 in A and 90,000 in B"."""
        last = self._found[-1] if self._found else None
        trails = _PART_TRAILS.match(sentence.text, quantity.end - sentence.start)
        if last is None or last.sentence is not sentence or trails:
            part = trails or _PART_LEADS.search(
                sentence.text[: quantity.start - sentence.start][-40:]
            )
            main = self._main(sentence, 1) if part else None
            return main.measure if main is not None and (quantity.best or 0) < main.size else None
        tail = max(last.quantity.end, last.quantity.noun_end) - sentence.start
        gap = _YEAR.sub("", sentence.text[tail : quantity.start - sentence.start])
        behind = sentence.text[quantity.end - sentence.start :]
        if gap.endswith(": ") and len(gap) <= 80:
            return last.measure if (quantity.best or 0) < last.size else None
        part = _PART_LEADS.search(gap)
        if part and len(gap) <= 80 and last.measure != "percent":
            return last.measure
        if last.measure == "percent" or re.search(r"[;.\d]", gap) or len(gap) > 60:
            return None
        listed = re.search(
            r"(?:,|\b(?:and|dan|serta|manakala|while|sedangkan|disusul|diikuti|followed by))\s(?:[A-Z][\w ]{0,20}\s|by\s|with\s|dengan\s|another\s|some\s|about\s|sekitar\s|oleh\s)*$",
            gap,
        )
        if listed and re.match(
            r"\s(?:in|di|from|dari|for|untuk|of|to|terkait|involving|on|masih|sudah|telah|selesai|still|remain|were|are)\b|\s?(?:[,.;]|$)",
            behind,
        ):
            return last.measure
        return None

    def _total_of_persons(
        self, quantity: Quantity, sentence: Sentence, claim: Claim | None, when: When | None,
        fixed: StatisticCategory | None,
    ) -> Kind | None:  # fmt: skip
        size = quantity.best or 0
        if (claim is not None and claim.is_planned) or quantity.relation is Relation.AT_MOST:
            return None
        if when is not None and when.kind == "earlier" and self._is_of_series(quantity, sentence):
            return "total"
        if (when is None or when.kind != "day") and (
            self._is_part(quantity, sentence)
            or self._follows_total(quantity, sentence)
            or (when is None and self._is_of_whole(quantity, sentence))
        ):
            return "part"
        if _THOSE.search(sentence.text) and self._near(sentence):
            return "total"
        role = _told_role(quantity, sentence) or (claim.role if claim is not None else None)
        first, last = self._resolve(when, sentence) if when is not None else (None, None)
        if when is not None and when.kind == "day":
            opened = first == self._campaign_start and (
                periods.is_campaign(sentence.text) or (claim is not None and claim.is_cumulative)
            )
            last = self._as_of_campaign if opened else last
        shared = claim is not None and any(
            item.sentence is sentence and item.start == claim.cumulative_since
            for item in self._found
        )
        runs = claim is not None and (self._is_running(claim) or shared)
        if first is None and claim is not None and claim.cumulative_since and when is None and runs:
            first = claim.cumulative_since
            last = claim.as_of_date or self._as_of(sentence)
        counted = claim is not None and claim.is_cumulative and when is None
        if first is None and counted and role in _CAMPAIGN_ROLES and (tally := self._tally()):
            first, last = tally
        length = (last - first).days + 1 if first and last else 0
        in_campaign = role in _CAMPAIGN_ROLES or fixed is StatisticCategory.ARRESTS
        if in_campaign and self._is_of_campaign(sentence, claim, length):
            return None if self._is_older(quantity, sentence, when) else "campaign"
        if self._is_of_task_force(quantity, sentence, claim, length):
            return "campaign"
        if self._is_of_batches(quantity, sentence, when, role):
            return "total"
        least = _LEAST_DEATHS if self._are_dead(quantity, sentence, claim) else _LEAST_TOTAL
        if size < least or (claim is not None and claim.subset_of is not None):
            return None
        if fixed is None and self._is_own_story(quantity, sentence, when, role):
            return None
        if self._is_everybody(quantity, sentence):
            return None
        if self._is_long(quantity, sentence, claim, when, first, last):
            return "total"
        served = _SERVED.search(_around(sentence, quantity, 60)) or _REGISTERED.search(
            sentence.text
        )
        if when is None and served and not self._in_lead(quantity):
            since, until = self._period_of_text(sentence)
            broad = until is not None and (since or (until + dt.timedelta(days=1)).day == 1)
            if broad and not any(
                day.days <= 7 and not day.is_statement_day for day in sentence.dates
            ):
                return "total"
        if when is None and self._goes_along(quantity, sentence, claim):
            return "total"
        if fixed is not None and role not in _CAMPAIGN_ROLES:
            return "total" if self._tally() or length >= _LONG else None
        if self._is_document(quantity, sentence) and self._tally() is not None:
            return "total"
        if self._is_over_countries(quantity, sentence) and sentence.index <= 8:
            return "total"
        if size >= _LEAST_YEARS and _OVER_YEARS.search(sentence.text):
            return "total"
        estimated = size >= _LEAST_ESTIMATE and _ESTIMATE.search(sentence.text)
        return "total" if estimated and not _INSIDE.search(_around(sentence, quantity)) else None

    def _is_of_task_force(
        self, quantity: Quantity, sentence: Sentence, claim: Claim | None, length: int
    ) -> bool:
        """Whether a task force against trafficking counts its suspects and victims over some days."""
        about = " ".join(s.text for s in self._sentences[:2]) + sentence.text
        if not _TASK_FORCE.search(about) or not subjects.TRAFFICKING.search(about):
            return False
        if claim is not None and claim.subset_of is not None:
            return False
        if length >= _CAMPAIGN_DAYS:
            return True
        return length == 0 and any(
            item.category is StatisticCategory.TPPO_ALL and item.start is not None
            and item.measure in {"cases", "complaints", "persons"} and not item.is_compared
            and sentence.index - item.sentence.index <= 1
            for item in self._near(sentence)
        )  # fmt: skip

    def _is_of_batches(
        self, quantity: Quantity, sentence: Sentence, when: When | None, role: CountRole | None
    ) -> bool:
        """Whether two flights are summed: "the flights of November 14 and 18 together brought 202 home"."""
        if when is None or when.kind not in {"day", "span"} or not 2 <= when.length <= 31:
            return False
        returned = role in _RETURNED or _BATCHES.search(sentence.text) is not None
        return returned and _TOGETHER.search(sentence.text) is not None

    def _goes_along(self, quantity: Quantity, sentence: Sentence, claim: Claim | None) -> bool:
        """Whether the figure shares the long period of the one before it: "118 cases in 2024 and convicted 71"."""
        last = next((item for item in reversed(self._found) if item.measure != "percent"), None)
        if last is None:
            return False
        numbered = _PERSONS_NUMBER.search(sentence.text[: quantity.start - sentence.start])
        if numbered and (main := self._main(sentence)) is not None and main.start and main.end:
            return (main.end - main.start).days >= _LONG_IN_LEAD
        if _ANOTHER.search(sentence.text[: quantity.start - sentence.start]):
            return last.measure == "persons" and sentence.index - last.sentence.index <= 1
        served = _SERVED.search(_around(sentence, quantity, 60)) and not sentence.dates
        if served and sentence.index - last.sentence.index <= 1 and not self._in_lead(quantity):
            near = self._main(sentence, 1)
            long = near is not None and (
                near.measure in {"cases", "complaints"}
                or near.category is StatisticCategory.TPPO_ALL
            )
            return bool(
                long
                and near
                and near.start
                and near.end
                and (near.end - near.start).days >= _LONG_IN_LEAD
            )
        if last.sentence is not sentence or last.measure not in {"cases", "complaints"}:
            return False
        if last.start is None or last.end is None or (last.end - last.start).days < _LONG_IN_LEAD:
            return False
        gap = sentence.text[last.quantity.end - sentence.start : quantity.start - sentence.start]
        told = claim is not None or quantity.measure in {"persons", None}
        return told and _JOINS.search(gap) is not None and len(gap) <= 90

    def _is_of_series(self, quantity: Quantity, sentence: Sentence) -> bool:
        """Whether persons of an earlier year stand beside a total of persons that was taken up."""
        main = self._main(sentence, 1, frozenset({"persons"}))
        return main is not None and main.measure == "persons" and main.kind in {"total", "part"}

    def _is_of_whole(self, quantity: Quantity, sentence: Sentence) -> bool:
        """Whether persons are said by origin, sex or fate to be some of a total of persons just told."""
        whole = self._divided(quantity, sentence)
        if whole is not None:
            return whole.measure == "persons"
        whole = self._whole(sentence)
        if whole is None or (quantity.best or 0) >= whole.size:
            return False
        lead_in = sentence.text[: quantity.start - sentence.start]
        reach = 3 if _OF_THOSE.search(sentence.text) or _MOST.search(lead_in) else 1
        last = self._found[-1]
        listed = last.sentence.index if last.is_part else whole.sentence.index
        retold = self._retold is not None and self._retold[0] is sentence
        near = retold or sentence.index - listed <= reach
        long = whole.end and (
            whole.start is None or (whole.end - whole.start).days >= _LONG_IN_LEAD - 1
        )
        days = [day for day in sentence.dates if day.days <= 7]
        behind = sentence.text[quantity.end - sentence.start :][:60]
        before = sentence.text[: quantity.start - sentence.start]
        said = _OF_THOSE.search(sentence.text) or _SORTS.search(behind)
        if whole.measure == "persons":
            said = said or _SORT_LEADS.search(before) or _MOST.search(before)
        elif not re.fullmatch(r"korban|mangsa|victims?|survivors?", quantity.noun):
            said = _OF_THOSE.search(sentence.text)
        return bool(near and long and said and not days)

    def _is_everybody(self, quantity: Quantity, sentence: Sentence) -> bool:
        """Whether all of a group are meant that the text has counted: "seluruh 26 korban"."""
        if not _ALL.search(sentence.text[: quantity.start - sentence.start]):
            return False
        earlier = self._sentences[: sentence.index]
        return any(q.best == quantity.best for text in earlier for q in text.quantities)

    def _divided(self, quantity: Quantity, sentence: Sentence) -> _Found | None:
        """Return the total just told that this figure and others like it divide by country or by fate, or None.

        "2.014 pekerja. Kamboja 1.310, Myanmar 402": at least two countries, none larger than the whole.
        "Some 930 have gone home": the same people, without a noun of their own.
        """
        whole = self._whole(sentence)
        size = quantity.best or 0
        if (
            whole is None
            or size >= whole.size
            or (quantity.noun and quantity.measure not in {whole.measure, None})
        ):
            return None
        at = quantity.start - sentence.start
        if quantity.measure is None and _FATE.match(sentence.text, quantity.end - sentence.start):
            opens = _OPENS_CLAUSE.search(sentence.text[:at]) is not None or at == 0
            last = self._found[-1]
            listed = last.sentence is sentence and last.is_part and last.measure != "percent"
            return (last if listed else whole) if opens and size >= 2 else None
        beside = {
            place.canonical_id: q.best or 0
            for q in sentence.quantities
            if (q.measure in {whole.measure, None} or not q.noun)
            and q.start != whole.quantity.start
            for place in self._places
            if _is_beside(q, place, sentence)
        }
        own = any(_is_beside(quantity, place, sentence) for place in self._places)
        return whole if own and len(beside) >= 2 and sum(beside.values()) <= whole.size else None

    def _whole(self, sentence: Sentence) -> _Found | None:
        """Return the latest whole of persons or cases within the last sentences, or None."""
        if self._retold is not None and self._retold[0] is sentence:
            return self._retold[1]
        for item in reversed(self._found):
            if (
                sentence.index - item.sentence.index > 5
                or sentence.paragraph - item.sentence.paragraph > 3
            ):
                return None
            apart = item.is_compared or item.is_pending or item.is_part
            if item.kind not in {"total", "count"}:
                continue
            if item.measure in {"persons", "cases", "complaints"} and not apart:
                return item
        return None

    def _is_running(self, claim: Claim) -> bool:
        """Whether the running total of a claim still runs: one that ended long ago is quoted, not counted."""
        return claim.as_of_date is None or self._reference - claim.as_of_date <= _STILL_RUNS

    def _is_long(
        self, quantity: Quantity, sentence: Sentence, claim: Claim | None, when: When | None,
        first: dt.date | None, last: dt.date | None,
    ) -> bool:  # fmt: skip
        """Whether the figure runs over a long period."""
        if first is None or last is None:
            until = when is not None and when.kind == "until" and sentence.index >= 2
            tally = claim is not None and claim.is_cumulative and self._in_lead(quantity)
            stock = claim is not None and claim.role in {CountRole.REMAINING, CountRole.SHELTERED}
            return bool(until and not tally and not stock and self._is_broad(sentence, when))
        length = (last - first).days + 1
        dead = self._are_dead(quantity, sentence, claim)
        whole_year = first.month == first.day == 1 and (
            length >= _LONG_IN_LEAD or last.year > first.year
        )
        if sentence.index <= 1:
            yearly = when is not None and (when.kind == "span" or dead) and length >= _LONG_IN_LEAD
            if whole_year and when is not None and length >= 180:
                return True
            return yearly or (whole_year and when is not None and not self._in_title(quantity))
        if length > _LONG or (whole_year and length >= 28):
            return True
        if when is None or when.kind != "span" or length < 12:
            return False
        ahead = sentence.text[: when.start - sentence.start][-25:]
        alone = _ALONE.match(sentence.text, when.end - sentence.start)
        throughout = _THROUGHOUT.search(ahead) or alone
        return throughout is not None and not self._in_lead(quantity)

    def _is_broad(self, sentence: Sentence, when: When | None) -> bool:
        """Whether an "until" names a month or year, not a day and hour of the event itself."""
        return when is not None and any(
            day.days >= 7 for day in sentence.dates if when.start <= day.start < when.end
        )

    def _in_title(self, quantity: Quantity) -> bool:
        return any(q.best == quantity.best for q in self._sentences[0].quantities)

    def _in_lead(self, quantity: Quantity) -> bool:
        """Whether headline or lead give the figure: then it is the event's own."""
        return any(q.best == quantity.best for s in self._sentences[:2] for q in s.quantities)

    def _is_of_campaign(self, sentence: Sentence, claim: Claim | None, length: int) -> bool:
        if claim is not None and claim.subset_of is not None:
            return False
        if length < _CAMPAIGN_DAYS:
            return False
        about = " ".join(s.text for s in self._sentences[:3])
        return periods.is_campaign(sentence.text) or periods.is_campaign(about)

    def _is_older(self, quantity: Quantity, sentence: Sentence, when: When | None) -> bool:
        """Whether it is the campaign's count of an earlier day, told beside the count of today."""
        larger = any(
            item.kind == "campaign"
            and item.measure == "persons"
            and item.size > (quantity.best or 0)
            for item in self._found
        )
        return larger and (
            _EARLIER_COUNT.search(sentence.text) is not None
            or (when is not None and when.kind == "day" and when.first != self._campaign_start)
        )

    def _is_part(self, quantity: Quantity, sentence: Sentence) -> bool:
        """Whether it is a part of a total of persons or cases just given, or counts the people of such cases."""
        reach = 1 if _OF_THOSE.search(sentence.text) else 0
        near = [
            item for item in self._near(sentence, reach)
            if item.measure in {"cases", "persons", "complaints"} and item.kind in {"count", "total", "part"}
            and sentence.index - item.sentence.index <= 1 + 2 * reach
        ]  # fmt: skip
        size = quantity.best or 0
        told = [q for q in sentence.quantities if q.end <= quantity.start and q.measure in {"cases", "complaints"}]  # fmt: skip
        around = _around(sentence, quantity)
        for item in near:
            if item.measure != "persons" or size >= item.size:
                continue
            said = _PART.search(around) or _OTHERS.search(around) or self._divides(item)
            apart = self._in_lead(item.quantity) or item.kind == "part"
            if said and (not self._in_lead(quantity) or apart):
                return True
        if told and any(item.size == told[-1].best for item in self._found):
            gap = sentence.text[
                told[-1].noun_end - sentence.start : quantity.start - sentence.start
            ]
            return _INVOLVED.search(gap) is not None and len(gap) < 40
        return False

    def _follows_total(self, quantity: Quantity, sentence: Sentence) -> bool:
        """Whether a bare figure goes on with a total of persons in the same list."""
        last = self._found[-1] if self._found else None
        return (
            quantity.measure is None
            and last is not None
            and last.sentence is sentence
            and last.kind in {"total", "part"}
            and self._goes_on(quantity, sentence) == "persons"
        )

    def _divides(self, item: _Found) -> bool:
        return item.kind == "part" and self._found[-1] is item and self._found[-1].is_part

    def _are_dead(self, quantity: Quantity, sentence: Sentence, claim: Claim | None) -> bool:
        if claim is not None and claim.role is CountRole.DEAD:
            return True
        return subjects.DEATH.search(_around(sentence, quantity)) is not None

    def _is_own_story(
        self, quantity: Quantity, sentence: Sentence, when: When | None, role: CountRole | None
    ) -> bool:
        if when is None:
            return False
        if subjects.DEPARTURE.search(_around(sentence, quantity, 60)):
            return False
        left, right = sorted((quantity.start, when.start))
        between = sentence.text[left - sentence.start : right - sentence.start]
        if periods.is_campaign(between):
            return False
        registered = (
            when.length >= _LONG_IN_LEAD and not when.is_open and _REGISTERED.search(sentence.text)
        )
        if when.kind == "since" and not registered and role in {CountRole.DETAINED, CountRole.REMAINING, CountRole.SHELTERED, CountRole.MISSING}:  # fmt: skip
            return True
        ahead = sentence.text[: quantity.start - sentence.start][-40:]
        return _OWN_STORY.search(between) is not None or _OWN_STORY.search(ahead) is not None

    def _is_document(self, quantity: Quantity, sentence: Sentence) -> bool:
        """Whether papers or fines are counted by their persons: "menerbitkan SPLP untuk 2.346 orang"."""
        at, end = quantity.start - sentence.start, quantity.end - sentence.start
        before = re.split(r"[,;\d]", sentence.text[max(0, at - 80) : at])[-1]
        behind = sentence.text[end : end + 70]
        return _PAPERS.search(before) is not None or _GIVEN_PAPERS.match(behind) is not None

    def _is_over_countries(self, quantity: Quantity, sentence: Sentence) -> bool:
        if sentence.quantities and quantity.best is not None and quantity.best < 20:
            return False
        behind = sentence.text[quantity.end - sentence.start :][:160]
        if _MANY_COUNTRIES.search(behind):
            return True
        tail = quantity.end
        found = [
            item for item in self._places
            if item.geo_precision == "5" and tail <= item.start < min(sentence.end, tail + 160)
        ]  # fmt: skip
        if len({item.canonical_id for item in found}) < 3:
            return False
        lead_in = sentence.text[: found[0].start - sentence.start]
        return re.search(r"\b(?:di|in|across|from such \w+ in)\s$", lead_in) is not None

    # --- over which period -----------------------------------------------------------------------------

    @functools.cached_property
    def _told_as_of(self) -> dt.date:
        return periods.told_as_of(self._sentences, self._reference)

    @functools.cached_property
    def _covered(self) -> Period | None:
        """The days that the text says its figures cover: "the total covers March 3 to March 31"."""
        for sentence in self._sentences[1:]:
            if _COVERS.search(sentence.text):
                spans = [day for day in sentence.dates if day.bound == "span"]
                if spans:
                    return spans[0].date_start, spans[0].date_end
        return None

    @functools.cached_property
    def _campaign_start(self) -> dt.date | None:
        return periods.campaign_start(self._sentences, self._reference)

    @functools.cached_property
    def _as_of_campaign(self) -> dt.date:
        """The last day that the text tells of: what police did then is counted already."""
        return periods.told_as_of(self._sentences, self._reference, with_events=True)

    def _tally(self) -> Period | None:
        """Return the days of the running total that the article is about."""
        if self._covered is not None:
            return self._covered
        for claim in self._claims:
            if claim.cumulative_since and claim.subset_of is None and self._is_running(claim):
                return claim.cumulative_since, claim.as_of_date or self._told_as_of
        if self._campaign_start is not None:
            return self._campaign_start, self._as_of_campaign
        series = next((c for c in self._claims if c.is_cumulative and c.role is CountRole.COMPLAINANT), None)  # fmt: skip
        if series is None:
            return self._first_day()
        days = [
            day.date_start for s in self._sentences[1:6] for day in s.dates
            if day.days <= 2 and not day.is_statement_day and day.date_start <= self._reference
        ]  # fmt: skip
        return (min(days), self._told_as_of) if days else None

    def _first_day(self) -> Period | None:
        """Return the days since the first of them came: "the first of them arrived on Aug 9"."""
        for sentence in self._sentences[1:6]:
            days = [
                d
                for d in sentence.dates
                if d.days <= 2 and not d.is_statement_day and d.bound in {"on", "since"}
            ]
            if days and _FIRST.search(sentence.text):
                return days[0].date_start, self._told_as_of
        return None

    def _as_of(self, sentence: Sentence) -> dt.date:
        """Return the day up to which a figure with an open end counts: that of the figures beside it."""
        near = [item.end for item in self._near(sentence) if item.end and not item.is_compared]
        recent = [day for day in near if (self._reference - day).days <= 45]
        if recent:
            return recent[-1]
        return self._period_of_text(sentence)[1] or self._told_as_of

    def _period_of_text(self, sentence: Sentence) -> Period:
        """Return the days that the text before a sentence sets, looked up once for each sentence."""
        if sentence.index not in self._told:
            self._told[sentence.index] = self._find_period(sentence)
        return self._told[sentence.index]

    def _find_period(self, sentence: Sentence) -> Period:
        """Return the days that headline, lead or paragraph set for the figures that follow, or (None, None).

        "Hingga September 2024, kasus terus naik. KBRI menangani 2.731 kasus." A whole year, the days of an
        event and times that are only compared with set none.
        """
        before = [
            item for item in self._sentences[: sentence.index]
            if item.paragraph <= self._sentences[min(1, len(self._sentences) - 1)].paragraph or item.paragraph == sentence.paragraph
        ]  # fmt: skip
        for text in reversed(before):
            for when in periods.find(text, self._reference):
                if when.last is None or when.is_open or periods.is_against(text, when):
                    continue
                if not dt.timedelta(0) <= self._reference - when.last <= _SERIES_RUNS:
                    continue
                until = when.kind in {"until", "since"} and _COUNTED_WORD.search(text.text)
                span = when.kind == "span" and 28 < when.length < 365
                if (until or span) and (when.first is None or when.length >= 28):
                    return when.first, when.last
        return None, None

    def _resolve(self, when: When, sentence: Sentence) -> Period:
        """Return the days of a time, looking at the figures before it where it points at theirs."""
        main = self._main(sentence, 2)
        match when.kind:
            case "earlier":
                base: Period = (
                    (main.start, main.end) if main is not None and main.end else (None, None)
                )
                if base[1] is None:
                    base = self._period_of_text(sentence)
                if base[1] is None:
                    year = when.first.year if when.first else self._reference.year - 1
                    return dt.date(year, 1, 1), dt.date(year, 12, 31)
                if (
                    base[0] is not None
                    and base[0] == dt.date(base[0].year, 1, 1)
                    and base[1].month == 12
                ):
                    base = base[0], dt.date(base[1].year, 12, 31)
                return periods.year_before(base, when.first.year if when.first else None)
            case "opening":
                if self._covered is not None:
                    return self._covered
                first = self._campaign_start or (self._tally() or (None, None))[0]
                if first is None:
                    return None, None
                return first, min(first + dt.timedelta(days=when.days - 1), self._reference)
            case "same":
                if main is not None and (main.start or main.end):
                    return main.start, main.end
                return self._days_before(sentence, when)
            case "until":
                if _AGAIN.search(sentence.text) and when.last is not None:
                    return dt.date(when.last.year, 1, 1), when.last
                open_before = [
                    i for i in self._found if i.sentence is sentence and i.is_cumulative and i.start
                ]
                if open_before and open_before[-1].measure != "percent":
                    return open_before[-1].start, when.last
                return None, when.last
            case _:
                last = when.last
                if when.is_open and last == self._reference:
                    series = [
                        item.end for item in self._found
                        if item.start == when.first and item.end and not item.is_compared
                        and item.measure not in {"percent", "sites"} and item.kind != "campaign"
                    ]  # fmt: skip
                    last = series[-1] if series else self._as_of(sentence)
                    last = max(last, when.first or last)
                    if self._is_catch(sentence) and last == self._told_as_of:
                        last = self._as_of_campaign
                return when.first, last

    def _is_catch(self, sentence: Sentence) -> bool:
        """Whether a sentence counts what authorities have caught, searched or listed so far."""
        return subjects.ARRESTED.search(sentence.text) is not None or re.search(
            r"\b(?:listed|sanctioned|designated|blacklisted|searched|raided|digerebek|masuk daftar|dikenai sanksi)\b",
            sentence.text, re.IGNORECASE,
        ) is not None  # fmt: skip

    def _days_before(self, sentence: Sentence, when: When) -> Period:
        """Return the days spoken of before "that year": in this sentence, else in the one before it."""
        before = self._sentences[sentence.index - 1]
        for text in (sentence, before) if before.paragraph == sentence.paragraph else (sentence,):
            times = [
                item
                for item in periods.find(text, self._reference)
                if item.kind in {"since", "span"} and item.end <= when.start
            ]
            if times:
                return self._resolve(times[-1], text)
        return None, None

    def _period(
        self, quantity: Quantity, sentence: Sentence, claim: Claim | None, measure: Measure, kind: Kind,
        when: When | None,
    ) -> Period:  # fmt: skip
        """Return the days of a figure: its own, else those of the figures that it goes on with."""
        pending = (
            measure in {"cases", "complaints", "persons"}
            and kind != "campaign"
            and self._is_pending(quantity, sentence)
        )
        document = measure == "persons" and self._is_document(quantity, sentence)
        tally = self._tally()
        if document and (when is None or when.kind == "until") and tally is not None:
            return tally[0], (when.last if when is not None else None) or tally[1]
        opened = when is not None and when.kind == "day" and when.first == self._campaign_start
        if opened and (kind == "campaign" or measure == "sites") and tally is not None:
            return tally
        if when is not None:
            start, end = self._resolve(when, sentence)
            if start or end:
                return (None, end) if pending and when.start < quantity.start else (start, end)
        if _THOSE.search(sentence.text) and (main := self._main(sentence)) and main.start:
            return main.start, main.end
        borrowed = claim is not None and any(
            item.is_compared and item.sentence is sentence and item.start == claim.cumulative_since
            for item in self._found
        )
        if claim is not None and claim.cumulative_since and kind in {"campaign", "total"} and not borrowed:  # fmt: skip
            last = claim.as_of_date or (self._covered or (None, None))[1] or self._as_of(sentence)
            return claim.cumulative_since, last
        if kind == "campaign" and tally is not None:
            return tally
        main = self._main(sentence) or self._main(sentence, 3)
        if (
            pending
            and main is not None
            and (
                main.measure not in {"cases", "complaints"}
                or main.sentence.paragraph != sentence.paragraph
            )
        ):
            main = None
        said = next(
            (d for d in sentence.dates if (d.is_statement_day or d.bound == "on") and d.days <= 31),
            None,
        )
        beside = main is not None and main.sentence is sentence
        if main is not None and (kind != "money" or beside) and (main.start or main.end):
            if kind == "total" and main.sentence.paragraph != sentence.paragraph and not self._is_document(quantity, sentence) and not _OF_THOSE.search(sentence.text) and not self._goes_along(quantity, sentence, claim):  # fmt: skip
                return None, self._as_of(sentence)
            return (None if pending else main.start), main.end
        if said is not None and (self._reference - said.date_end).days > 7:
            return None, said.date_end
        month = next((day for day in sentence.dates if day.days >= 28), None)
        if month is not None and measure == "sites":
            return None, month.date_end
        if kind == "money" or (kind == "total" and _ESTIMATE.search(sentence.text)):
            return None, None
        if tally is not None and not pending and measure in {"sites", "cases", "persons"} and kind != "part":  # fmt: skip
            return tally
        told = self._period_of_text(sentence)
        return (None if pending else told[0]), self._as_of(sentence)

    def _is_pending(self, quantity: Quantity, sentence: Sentence) -> bool:
        """Whether a figure counts what is left on one day: "129 kasus masih diupayakan"."""
        return _PENDING.search(_clause_of(sentence, quantity)) is not None

    def _is_cumulative(self, claim: Claim | None, when: When | None, item: _Found) -> bool:
        if item.kind == "campaign" or (when is not None and when.kind in {"since", "until"}):
            return True
        if claim is not None and claim.is_cumulative and claim.cumulative_since is not None:
            return True
        if item.start and item.end and (item.end - item.start).days > 366:
            return True
        main = self._main(item.sentence, 3)
        if main is item:
            main = self._found[-2] if len(self._found) > 1 else None
        same = main is not None and (main.start, main.end) == (item.start, item.end)
        return when is None and main is not None and same and main.is_cumulative

    # --- of what -------------------------------------------------------------------------------------------

    def _category(
        self,
        quantity: Quantity,
        sentence: Sentence,
        claim: Claim | None,
        measure: Measure,
        kind: Kind,
    ) -> StatisticCategory:
        near = self._near(sentence)
        main = self._main(sentence) or self._main(sentence, 2)
        if measure in {"USD", "IDR"}:
            lost = subjects.LOSS.search(_around(sentence, quantity, 90))
            if lost is None and (told := self._found[-1:]) and told[0].sentence is sentence and told[0].kind == "money":  # fmt: skip
                return told[0].category
            return StatisticCategory.FRAUD_LOSSES if lost else StatisticCategory.OTHER
        if measure == "permits":
            return (
                main.category
                if main is not None and main.measure == measure
                else StatisticCategory.OTHER
            )
        if measure in {"sites", "accounts"}:
            gambling = subjects.GAMBLING.search(sentence.text) and not subjects.SCAM.search(
                sentence.text
            )
            return StatisticCategory.ONLINE_GAMBLING if gambling else StatisticCategory.ONLINE_SCAM
        tppo = (
            kind == "campaign" and measure == "persons" and self._is_trafficking(quantity, sentence)
        )
        if tppo and self._is_of_task_force(quantity, sentence, claim, _CAMPAIGN_DAYS):
            return StatisticCategory.TPPO_ALL
        if kind == "campaign":
            arrested = subjects.ARRESTED.search(_around(sentence, quantity, 90)) is not None
            said = claim.role if claim is not None else CountRole.ARRESTED
            role = _told_role(quantity, sentence) or said
            if role in _CATEGORY_OF_ROLE and (arrested or role is not CountRole.ARRESTED):
                return _CATEGORY_OF_ROLE[role]
            if arrested:
                return StatisticCategory.ARRESTS
        part = kind == "part" or (kind == "total" and _PART.search(_around(sentence, quantity)))
        if part and main is not None and main.category in _STICKY:
            return main.category
        own = self._own_subject(quantity, sentence)
        if measure == "persons":
            return self._subject_of_persons(quantity, sentence, claim, kind, own, main)
        if own is not None and own is not StatisticCategory.MIGRANT_WORKER_CASES:
            return own
        if own is not None and main is not None and main.category is StatisticCategory.TPPO_ALL:
            return main.category
        counts = [item for item in near if item.measure in {"cases", "complaints"}]
        if own is None and counts:
            whole = next((item for item in reversed(counts) if not item.is_part), counts[-1])
            return whole.category
        whole_sentence = subjects.of(sentence.text)
        strong = whole_sentence is not StatisticCategory.MIGRANT_WORKER_CASES
        if own is None and whole_sentence is not None and strong and self._is_alone(sentence):
            return whole_sentence
        if self._in_scam_site(sentence):
            return StatisticCategory.ONLINE_SCAM
        if own is not None:
            return own
        if (
            measure == "cases"
            and subjects.EMBASSY.search(sentence.text)
            and not self._goes_with(main)
        ):
            return StatisticCategory.MIGRANT_WORKER_CASES
        same = [i for i in self._found if i.measure == measure and not (i.is_part or i.is_compared)]
        if same:
            return same[-1].category
        if main is not None:
            return main.category
        if whole_sentence is not None and whole_sentence is not StatisticCategory.OTHER:
            return whole_sentence
        return StatisticCategory.ONLINE_SCAM

    def _category_goes_on(
        self, quantity: Quantity, sentence: Sentence, measure: Measure
    ) -> StatisticCategory | None:
        """Return the subject of the series that an older or later figure of it continues, or None."""
        main = self._main(sentence, 1, frozenset({measure}))
        wholes = [
            item for item in self._near(sentence, 2)
            if item.measure == measure and not (item.is_part or item.is_compared or item.kind == "part")
        ]  # fmt: skip
        if wholes and (main is None or main.sentence is not sentence):
            main = wholes[-1]
        if main is None or main.measure != measure or subjects.of(_clause_of(sentence, quantity)):
            return None
        return main.category

    def _is_trafficking(self, quantity: Quantity, sentence: Sentence) -> bool:
        """Whether cases and suspects are those of trafficking at large, not of scams."""
        around = _around(sentence, quantity, 80)
        if subjects.TRAFFICKING.search(around):
            return True
        if subjects.SCAM.search(around) or subjects.GAMBLING.search(around):
            return False
        near = [item for item in self._near(sentence, 1) if item.measure != "percent"]
        return bool(near) and near[-1].category is StatisticCategory.TPPO_ALL

    def _tells_of_scam(self, sentence: Sentence) -> bool:
        """Whether headline and lead both speak of scams: then the people counted below are those."""
        first = [item.text for item in self._sentences[:3] if item.paragraph <= sentence.paragraph]
        lead = " ".join(first[1:])
        return bool(subjects.SCAM.search(first[0]) and subjects.SCAM.search(lead))

    def _goes_with(self, main: _Found | None) -> bool:
        """Whether the figure before counts cases as well, whose subject goes on."""
        return main is not None and main.measure in {"cases", "complaints"}

    def _is_alone(self, sentence: Sentence) -> bool:
        """Whether the sentence holds one figure, so that all its words speak of it."""
        return sum(q.measure not in {"other", "percent"} for q in sentence.quantities) == 1

    def _in_scam_site(self, sentence: Sentence) -> bool:
        return any(
            item.canonical_id is not None and subjects.is_scam_site(item.canonical_id)
            for item in self._places
            if sentence.start <= item.start < sentence.end
        )

    def _own_subject(self, quantity: Quantity, sentence: Sentence) -> StatisticCategory | None:
        """Return the subject by the words nearest to the figure, those behind it first."""
        offset = sentence.start
        following = _next_figure(sentence, quantity)
        behind = sentence.text[quantity.end - offset : min(following, quantity.end + 90) - offset]
        clause = _NEXT_CLAUSE.split(behind)[0]
        behind = _SOME_OF.split(behind)[0]
        previous = max((q.noun_end if q.noun_end > 0 else q.end for q in sentence.quantities if q.end <= quantity.start and q.measure != "other"), default=offset)  # fmt: skip
        before = sentence.text[
            max(previous - offset, quantity.start - offset - 70) : quantity.start - offset
        ]
        before = before.rsplit(";", 1)[-1]
        contrast = _CONTRAST.search(before)
        scopes = (clause, behind) if contrast else (clause, behind, before)
        for scope in scopes:
            subject = subjects.of(scope)
            if subject is not None and subject is not StatisticCategory.MIGRANT_WORKER_CASES:
                return subject
        weak = next(
            (
                s
                for s in (clause, "" if contrast else before, behind)
                if subjects.CONSULAR.search(s)
            ),
            None,
        )
        return StatisticCategory.MIGRANT_WORKER_CASES if weak is not None else None

    def _subject_of_persons(
        self, quantity: Quantity, sentence: Sentence, claim: Claim | None, kind: Kind,
        own: StatisticCategory | None, main: _Found | None,
    ) -> StatisticCategory:  # fmt: skip
        if own in {StatisticCategory.DEATHS, StatisticCategory.DEPARTURES}:
            return own
        if subjects.DEPARTURE.search(_around(sentence, quantity, 60)):
            return StatisticCategory.DEPARTURES
        if re.fullmatch(
            r"tersangka|terdakwa|terpidana|suspek|suspects?|defendants?|convicts", quantity.noun
        ):
            if self._is_trafficking(quantity, sentence):
                return StatisticCategory.TPPO_ALL
            arrested = subjects.ARRESTED.search(_around(sentence, quantity))
            return StatisticCategory.ARRESTS if arrested else StatisticCategory.OTHER
        around = _around(sentence, quantity, 80)
        if subjects.RESIDENCE.search(around) and not subjects.SCAM.search(around):
            return StatisticCategory.RESIDENTS
        if kind == "part" and own is StatisticCategory.ONLINE_SCAM and claim is not None and claim.role is CountRole.ARRESTED:  # fmt: skip
            return own
        if claim is not None and claim.role in _CATEGORY_OF_ROLE and _by_verb(claim, sentence):
            if claim.role is CountRole.SUSPECT and self._is_trafficking(quantity, sentence):
                return StatisticCategory.TPPO_ALL
            return _CATEGORY_OF_ROLE[claim.role]
        if re.search(r"\bdeport\w+|\bdideportasi\b", around, re.IGNORECASE):
            return StatisticCategory.OTHER
        if claim is None and own is None and subjects.ARRESTED.search(around):
            return StatisticCategory.ARRESTS
        migrants = re.fullmatch(r"c?pmi|tk[iw]|pekerja migran|migrants?", quantity.noun)
        if (
            own is StatisticCategory.MIGRANT_WORKER_CASES
            and migrants
            and self._tells_of_scam(sentence)
        ):
            own = None
        if own is not None:
            return own
        if (kind == "part" or quantity.measure is None) and main is not None:
            return main.category
        general = main is not None and main.category is StatisticCategory.TPPO_ALL
        if general and not subjects.SCAM.search(sentence.text):
            return StatisticCategory.TPPO_ALL
        if (
            migrants
            and not subjects.SCAM.search(sentence.text)
            and not self._tells_of_scam(sentence)
            and not subjects.GAMBLING.search(sentence.text)
        ):
            return StatisticCategory.MIGRANT_WORKER_CASES
        return StatisticCategory.ONLINE_SCAM


_THOSE = re.compile(
    r"\b(?:those|these|the same) (?:cases|raids|arrests|operations|complaints)\b|\b(?:kasus|operasi|penangkapan|razia|laporan|aduan|kes|serbuan)(?:-kasus)? (?:itu|tersebut|berkenaan)\b",
    re.IGNORECASE,
)
_AGAIN = re.compile(
    r"\b(?:periode|kurun|tempoh|masa|rentang)(?: waktu)?(?: yang)? (?:sama|serupa)\b|\bsame (?:period|months|stretch|time)\b|\bsetahun sebelumnya\b|\ba year earlier\b",
    re.IGNORECASE,
)
_NEXT_CLAUSE = re.compile(
    r"[,;.]|\bdan \d|\band \d|\bdi ?antaranya\b|\bof (?:which|these|whom)\b|\b(?:sedangkan|sementara|tetapi|while|but|naik|meningkat|up|compared)\b"
)


_ROLE_WORDS: tuple[tuple[CountRole, str], ...] = (
    (CountRole.DEPORTED, r"deported|deportees|dideportasi|mendeportasi|deportasi|deportation of|deporting"),
    (CountRole.ARRESTED, r"arrested|arrest of|arresting|detained|ditangkap|menangkap|penangkapan|ditahan|menahan|diciduk|dibekuk|membekuk|menciduk|taken into custody|in custody"),
)  # fmt: skip
_ROLE_BEHIND = tuple(
    (r, re.compile(rf"[\s\w-]{{0,22}}?\b(?:{w})\b", re.IGNORECASE)) for r, w in _ROLE_WORDS
)
_ROLE_BEFORE = tuple(
    (r, re.compile(rf"\b(?:{w})\s(?:[\w-]+\s){{0,2}}$", re.IGNORECASE)) for r, w in _ROLE_WORDS
)


def _told_role(quantity: Quantity, sentence: Sentence) -> CountRole | None:
    """Return what police or border guards did with these people, when words right beside the figure say so."""
    before = sentence.text[: quantity.start - sentence.start][-50:]
    behind = sentence.text[quantity.end - sentence.start :][:60]
    hits = [role for role, pattern in _ROLE_BEFORE if pattern.search(before)]
    hits += [role for role, pattern in _ROLE_BEHIND if pattern.match(behind)]
    return hits[0] if hits else None


def _around(sentence: Sentence, quantity: Quantity, reach: int = 45) -> str:
    offset = sentence.start
    return sentence.text[max(0, quantity.start - offset - reach) : quantity.end - offset + reach]


def _clause_of(sentence: Sentence, quantity: Quantity) -> str:
    """Return the words of the figure's clause: from the last comma before it to the first break behind it."""
    offset = sentence.start
    before = sentence.text[max(0, quantity.start - offset - 40) : quantity.start - offset]
    behind = sentence.text[quantity.end - offset : _next_figure(sentence, quantity) - offset][:45]
    return re.split(r"[,;]|\b(?:dan|and)\b", before)[-1] + _NEXT_CLAUSE.split(behind)[0]


def _next_figure(sentence: Sentence, quantity: Quantity) -> int:
    """Return where the next figure begins, but for the share that says the same: "1.112 kasus atau 85 persen"."""
    tail = max(quantity.end, quantity.noun_end) - sentence.start
    for item in sentence.quantities:
        if item.start <= quantity.end or item.measure == "other":
            continue
        gap = sentence.text[tail : item.start - sentence.start]
        if item.measure == "percent" and re.search(r"\b(?:atau|or)\s", gap):
            continue
        return item.start
    return sentence.end


# Victims, not suspects: "1,420 nationals caught in scam compounds".
_CAUGHT_UP = re.compile(
    r"[\s\w-]{0,25}?\b(?:caught(?: up)?|ensnared|terjaring|terjerat)\s(?:up )?(?:in|by|oleh|dalam|sindikat|jaringan)\b",
    re.IGNORECASE,
)


def _end_of(quantity: Quantity) -> int:
    return max(quantity.end, quantity.noun_end)


def _is_beside(quantity: Quantity, place: Mention, sentence: Sentence) -> bool:
    """Whether a country of the sentence stands right before or behind a figure: "Myanmar in 160", "402 di Laos"."""
    if place.geo_precision != "5" or not sentence.start <= place.start < sentence.end:
        return False
    first, last = (
        (place.end, quantity.start)
        if place.end <= quantity.start
        else (_end_of(quantity), place.start)
    )
    gap = sentence.text[first - sentence.start : last - sentence.start]
    return len(gap) <= 22 and re.search(r"[,;.\d]", gap) is None


def _by_verb(claim: Claim, sentence: Sentence) -> bool:
    """Whether a verb beside the figure gives its role, not the figures around it."""
    if claim.role is CountRole.ARRESTED and _CAUGHT_UP.match(
        sentence.text, claim.end - sentence.start
    ):
        return False
    cue = ledger.governing_cue(sentence, claim.start, claim.end)
    return cue is not None and cue.role is claim.role and cue.side != "noun"


def _sums_of_batches(claims: Sequence[Claim], sentences: Sequence[Sentence]) -> dict[str, Period]:
    """Return for the first telling of each sum of batches the days from the first to the last batch."""
    title_end = sentences[0].end if sentences else 0
    sums = ledger.batch_sums([claim for claim in claims if claim.role in _RETURNED])
    found: dict[str, Period] = {}
    for total in sorted(set(sums.values())):
        told = [claim for claim in claims if claim.best == total and claim.start >= title_end]
        starts = [claim.start for claim in claims if sums.get(claim.claim_id) == total]
        days: list[tuple[dt.date, dt.date]] = []
        for sentence in sentences:
            if not any(sentence.start <= start < sentence.end for start in starts) and not any(
                _opens_behind(sentence, sentences, start) for start in starts
            ):
                continue
            days += [
                (day.date_start, day.date_end)
                for day in sentence.dates
                if not day.is_statement_day and day.bound == "on" and day.days <= 7
            ]
        if told and days:
            found[told[0].claim_id] = min(day[0] for day in days), max(day[1] for day in days)
    return found


def _opens_behind(sentence: Sentence, sentences: Sequence[Sentence], start: int) -> bool:
    """Whether this is the next sentence of the paragraph in which the figure stands."""
    before = sentences[max(0, sentence.index - 1)]
    return before.start <= start < before.end and before.paragraph == sentence.paragraph


# --- rows ------------------------------------------------------------------------------------------------

_METRIC_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("resolved", r"\b(?:tuntas|selesai|menyelesaikan|diselesaikan|rampung|resolved|settled)\b"),
        ("pending", r"\b(?:masih ditangani|masih berjalan|masih diupayakan|belum|masih|pending|still)\b"),
        ("repatriated", r"\b(?:dipulangkan|memulangkan|kepulangan|dihantar pulang|repatriated|sent home|flown home|brought (?:back|home))\b"),
        ("deported", r"\b(?:dideportasi|deport\w+)\b"),
        ("rescued", r"\b(?:diselamatkan|rescued|freed)\b"),
        ("arrested", r"\b(?:ditangkap|tertangkap|arrest\w*|detain\w*)\b"),
        ("deaths", r"\b(?:kematian|meninggal|tewas|deaths?|killed)\b"),
        ("growth", r"\b(?:naik|meningkat|melonjak|turun|lonjakan|rise|rose|growth|more than in|up from|increase\w*)\b"),
        ("complaints", r"\b(?:aduan|pengaduan|laporan|melapor|complaints?|reports?|reported)\b"),
        ("handled", r"\b(?:menangani|ditangani|handled|dealt with|tangani)\b"),
        ("searched", r"\b(?:searched|raided|digerebek|operating)\b"),
        ("losses", r"\b(?:kerugian|rugi|losses|lost)\b"),
    )
)  # fmt: skip


def _metric(found: _Found) -> str:
    scope = _around(found.sentence, found.quantity)
    what = next((name for name, pattern in _METRIC_WORDS if pattern.search(scope)), "count")
    return f"{_UNIT[found.measure].value}_{what}_{found.category.value}"


def _statistics(
    article: Article, found: Sequence[_Found], mentions: Sequence[Mention]
) -> list[Statistic]:
    ids = [make_id("stat", article.article_id, item.quantity.start) for item in found]
    wholes = _wholes(found)
    agencies = [item for item in mentions if item.kind is MentionKind.AGENCY and item.canonical_id]
    rows = []
    areas = _areas(found, wholes, mentions)
    for index, item in enumerate(found):
        quantity = item.quantity
        assert quantity.best is not None
        both = (
            _both_kinds(item.sentence.text)
            and item.category is StatisticCategory.ONLINE_SCAM
            and wholes.get(index) is None
        )
        rows.append(
            Statistic(
                stat_id=ids[index],
                article_id=article.article_id,
                metric=_metric(item),
                category=item.category,
                value=quantity.best,
                unit=_UNIT[item.measure],
                relation=quantity.relation
                if quantity.relation is not Relation.RANGE
                else Relation.EQUAL,
                period_start=item.start,
                period_end=item.end,
                as_of=item.end,
                area_country=areas[index],
                population=quantity.nationality,
                is_cumulative=item.is_cumulative,
                disaggregation_of=ids[wholes[index]] if index in wholes else None,
                source_agency=_source(item, agencies),
                definition_note="online gambling and online scam together" if both else None,
                start=quantity.start,
                end=quantity.end,
                surface=quantity.surface,
                extractor=EXTRACTOR,
                extractor_version=VERSION,
            )
        )
    return rows


def _both_kinds(text: str) -> bool:
    return bool(
        re.search(r"judi online|judi daring|judol|online gambling", text, re.IGNORECASE)
        and re.search(r"scam|penipuan", text, re.IGNORECASE)
    )


def _wholes(found: Sequence[_Found]) -> dict[int, int]:
    """Return part -> whole: figures that add up to an earlier one, or shares and parts said to be of it."""
    wholes: dict[int, int] = {}
    for whole, item in enumerate(found):
        size = item.size
        for other in range(whole + 1, len(found)):
            rows = [
                i
                for i in range(other, min(other + 4, len(found)))
                if found[i].measure == item.measure
            ]
            for stop in range(2, len(rows) + 1):
                if sum(found[i].size for i in rows[:stop]) == size and size:
                    wholes.update({i: whole for i in rows[:stop] if i not in wholes})
    for index, item in enumerate(found):
        if index in wholes or not item.is_part or index == 0:
            continue
        reach = 2 if _OF_THOSE.search(item.sentence.text) else 0
        earlier = [i for i in range(index) if item.sentence.paragraph - found[i].sentence.paragraph <= reach and found[i].measure != "percent"
                   and (item.measure == "percent" or found[i].size > item.size)]  # fmt: skip
        if earlier:
            before = earlier[-1]
            listed = found[before].sentence is item.sentence and found[before].is_part
            wholes[index] = wholes[before] if listed and before in wholes else before
    for index in range(1, len(found)):
        left, item = found[index - 1], found[index]
        listed = index - 1 in wholes and index not in wholes and left.sentence is item.sentence
        if listed and left.measure == item.measure and item.size < found[wholes[index - 1]].size:
            wholes[index] = wholes[index - 1]
    return wholes


def _areas(
    found: Sequence[_Found], wholes: dict[int, int], mentions: Sequence[Mention]
) -> list[str | None]:
    """Return the country of each figure; one whose sentence names no place has that of its whole or series."""
    areas: list[str | None] = []
    for index, item in enumerate(found):
        area = _area(item, mentions)
        named = any(
            place.kind is MentionKind.PLACE and item.sentence.start <= place.start < item.sentence.end
            for place in mentions
        )  # fmt: skip
        if area is None and not named and index:
            whole = wholes.get(index)
            near = item.sentence.index - found[index - 1].sentence.index <= 1
            area = (
                areas[whole] if whole is not None and whole < index else areas[-1] if near else None
            )
        areas.append(area)
    return areas


# A place this far before a figure is the one it is told for: "Myanmar 1.733 kasus".
_PLACE_REACH = 25


def _area(item: _Found, mentions: Sequence[Mention]) -> str | None:
    """Return the country of the figure: the place in its own clause, else the only one of its sentence."""
    sentence, quantity = item.sentence, item.quantity
    here = [
        place
        for place in mentions
        if place.kind is MentionKind.PLACE
        and place.country
        and sentence.start <= place.start < sentence.end
        and place.role not in {"agency_seat", "dateline"}
    ]
    following = _next_figure(sentence, quantity)
    behind = [place for place in here if quantity.end <= place.start < following]
    behind = [p for p in behind if not re.search(r"[,;]", sentence.text[quantity.end - sentence.start : p.start - sentence.start])]  # fmt: skip
    before = [place for place in here if 0 <= quantity.start - place.end <= _PLACE_REACH]
    before = [p for p in before if not re.search(r"\d|,", sentence.text[p.end - sentence.start : quantity.start - sentence.start])]  # fmt: skip
    own = {place.country for place in behind} or {place.country for place in before[-1:]}
    countries = own or {place.country for place in here}
    return countries.pop() if len(countries) == 1 else None


def _source(item: _Found, agencies: Sequence[Mention]) -> str | None:
    inside = [
        agency for agency in agencies if item.sentence.start <= agency.start < item.sentence.end
    ]
    if not inside:
        inside = [agency for agency in agencies if agency.start < item.sentence.start][-1:]
    return inside[0].canonical_id if inside else None
