"""Decide which figures are aggregates, which are not incidents of their own.

    figure, figures before -> Kind | None

Cases, complaints and shares are always aggregates; persons are when their figure runs over a long period, over
many countries or over a police campaign, or is a part of such a figure. The event of the article itself, and
what befell its people long ago, are none.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from pipeline import categories, figures, parts, periods, subjects
from pipeline.figures import Context, Kind
from pipeline.numbers import Measure, Quantity
from pipeline.periods import Period, When
from pipeline.records import Claim, CountRole, Relation, StatisticCategory
from pipeline.segments import Sentence
from pipeline.totals import batch_sums

_CAMPAIGN_ROLES = frozenset(
    {CountRole.ARRESTED, CountRole.DEPORTED, CountRole.SUSPECT, CountRole.DETAINED}
)
_LEAST_ESTIMATE = 1000
# No single place holds so many: an estimate of this size is always one of the whole trade.
_LEAST_SURE_ESTIMATE = 20_000
_LEAST_YEARS = 100
_LEAST_TOTAL = 10
_LEAST_DEATHS = 2
_LEAST_SITES = 5
_LEAST_MONEY = {"USD": 10**6, "IDR": 10**9}
# Estimates of how many people live or work somewhere.
ESTIMATE = re.compile(
    r"\b(?:believes?|believed|estimat\w+|memperkirakan|diperkirakan|perkiraan|taksiran|menaksir|estimasi|dianggarkan|ditaksir|legally|resid(?:e|ing|ents)|menetap|bermukim|live and work|registered with|terdaftar di)\b",
    re.IGNORECASE,
)
_ONE_SITE = re.compile(
    r"\b(?:this|the|itu|tersebut|ini) (?:compound|park|complex|zone|kompleks|zona|kawasan)\b",
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
    r"\b(?:terdiri (?:atas|dari|daripada)|mengisi|menempati|menyumbang|mencakup|made up|makes? up|accounts? for|accounted for|constitut\w+|compris\w+|di ?antaranya|dari (?:jumlah|total|angka|kasus|seluruh|mereka|aduan|laporan|semua)|daripada (?:jumlah|kes|mereka)|of (?:the|these|those|them|whom|which|all|its|that|recorded)|"
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
# "About 6 in 10", "sembilan dari 10": a share, told without a sum.
_OF_TEN = re.compile(
    r"\b(?:[1-9]|one|two|three|four|five|six|seven|eight|nine|satu|dua|tiga|empat|lima|enam|tujuh|delapan|lapan|sembilan)"
    r" (?:in|out of|of every|dari|daripada)(?: (?:every|setiap|tiap))? $",
    re.IGNORECASE,
)
_TENS = frozenset({3.0, 4.0, 5.0, 10.0})
# "14 kasus tifus": patients are no cases of ours.
_DISEASE = re.compile(
    r"\s(?:(?:kasus|kes|cases?)(?: of)? )?(?:suspected |confirmed |dugaan )?(?:tifus|tipes|typhoid|malaria|TBC?|tuberkulosis|tuberculosis|HIV|covid\S*|dengue|demam|DBD|influenza|flu|campak|measles|scabies|kudis|diare|diarrhoea|pneumonia|hepatitis|cholera|kolera)\b",
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
_REGISTERED = re.compile(
    r"\b(?:dilaporkan|dicatat|tercatat|direkod\w*|merekod\w*|mencatat\w*|menerima|terdata|reported|recorded|registered|logged|received|tallied)\b",
    re.IGNORECASE,
)
_ALL = re.compile(r"\b(?:seluruh|semua|kesemua|ke|all(?: of)?(?: the)?)[\s-]$", re.IGNORECASE)
_TOGETHER = re.compile(
    r"\b(?:together|combined|in total|in all|altogether|a total of|(?:se)?jumlah(?:nya)?|total(?:nya)?|seluruhnya|kesemuanya|genap|keseluruhan(?:nya)?)\b",
    re.IGNORECASE,
)
_BATCHES = re.compile(
    r"\b(?:flights?|batch(?:es)?|groups?|waves?|kloter|gelombang|penerbangan|kumpulan|rombongan)\b",
    re.IGNORECASE,
)
_ALONE = re.compile(r"\s(?:alone|saja|sahaja)\b", re.IGNORECASE)
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
_RETURNED = frozenset(
    {
        CountRole.REPATRIATED,
        CountRole.DEPORTED,
        CountRole.RELEASED,
        CountRole.RESCUED,
        CountRole.ESCAPED,
    }
)
THOSE = re.compile(
    r"\b(?:those|these|the same) (?:cases|raids|arrests|operations|complaints)\b|\b(?:kasus|operasi|penangkapan|razia|laporan|aduan|kes|serbuan)(?:-kasus)? (?:itu|tersebut|berkenaan)\b",
    re.IGNORECASE,
)


def is_no_count(quantity: Quantity, sentence: Sentence, measure: Measure | None) -> bool:
    """Whether a figure counts nothing that is added up: a fraction, an average, an open range."""
    behind, before = (
        sentence.text[quantity.end - sentence.start :],
        sentence.text[: quantity.start - sentence.start],
    )
    return (
        measure in {"money", "other"}
        or _FRACTION.match(behind) is not None
        or (
            quantity.best in _TENS
            and not quantity.noun
            and _OF_TEN.search(before[-30:]) is not None
        )
        or _AVERAGE.search(before[-40:]) is not None
        or _DISEASE.match(behind) is not None
        or (measure in _LEAST_MONEY and _OPEN_RANGE.search(before[-60:]) is not None)
        or (measure in _LEAST_MONEY and _OPENS_RANGE.search(before[-20:]) is not None)
    )


def judge(
    context: Context, quantity: Quantity, sentence: Sentence, claim: Claim | None, measure: Measure | None,
    fixed: StatisticCategory | None, when: When | None,
) -> tuple[Measure, Kind] | None:  # fmt: skip
    """Return what an aggregate figure counts and why it is taken up, or None for any other figure."""
    kind: Kind | None = None
    if measure is None:
        before = sentence.text[: quantity.start - sentence.start][-60:]
        measure = parts.measure_of_bare(context, quantity, sentence, before, when)
        kind = None if measure is None else "count"
        if measure == "persons":
            kind = _total_of_persons(context, quantity, sentence, claim, when, fixed)
    elif measure in {"cases", "complaints"}:
        kind = "count" if _counts(context, quantity, sentence, when) else None
    elif measure == "persons":
        kind = _total_of_persons(context, quantity, sentence, claim, when, fixed)
    elif measure in _LEAST_MONEY:
        kind = "money" if _is_big_money(quantity, sentence, measure, when) else None
    elif measure == "permits" and fixed is StatisticCategory.OTHER:
        kind = "count" if _counts_permits(context, quantity, sentence, when) else None
    else:
        kind = "count" if _counts_places(context, quantity, sentence, when) else None
    return None if kind is None or measure is None else (measure, kind)


def _counts(context: Context, quantity: Quantity, sentence: Sentence, when: When | None) -> bool:
    size = quantity.best or 0
    if size < 2 or quantity.noun == "counts":
        return False
    if size >= figures.LEAST_REPORTS:
        return True
    if re.fullmatch(r"laporan|reports?", quantity.noun):
        return False
    return when is not None or bool(context.near(sentence, 1)) or context.tally() is not None


def _counts_places(
    context: Context, quantity: Quantity, sentence: Sentence, when: When | None
) -> bool:
    told = _BLOCKED.search(sentence.text) or quantity.measure == "accounts"
    if (quantity.best or 0) < _LEAST_SITES or not told:
        return False
    if when is not None and when.kind == "day" and when.first != context.campaign_start:
        return False
    dated = when is not None and (
        when.length >= figures.CAMPAIGN_DAYS or when.kind in {"until", "since"}
    )
    return bool(
        dated
        or context.near(sentence, 1)
        or context.tally()
        or re.search(r"\b(?:operating|beroperasi|so far|sejauh ini|setakat ini|to date)\b", sentence.text, re.IGNORECASE)
    )  # fmt: skip


def _counts_permits(
    context: Context, quantity: Quantity, sentence: Sentence, when: When | None
) -> bool:
    """Whether licences are counted that were given or taken over a long period."""
    if (quantity.best or 0) < _LEAST_SITES:
        return False
    if when is None:
        return any(item.measure == "permits" for item in context.near(sentence))
    return when.kind in {"since", "until", "same", "earlier"} or when.length >= figures.LONG_IN_LEAD


def _is_big_money(
    quantity: Quantity, sentence: Sentence, measure: Measure, when: When | None
) -> bool:
    if (quantity.best or 0) < _LEAST_MONEY[measure] or not _BIG_MONEY.search(sentence.text):
        return False
    return measure == "USD" or when is not None or (quantity.best or 0) >= 10**11


def share_or_growth(quantity: Quantity, sentence: Sentence) -> Kind | None:
    """Return whether a percentage is a share of a count or its growth; None for prices and the like."""
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


def _total_of_persons(
    context: Context, quantity: Quantity, sentence: Sentence, claim: Claim | None, when: When | None,
    fixed: StatisticCategory | None,
) -> Kind | None:  # fmt: skip
    size = quantity.best or 0
    estimated = size >= _LEAST_ESTIMATE and ESTIMATE.search(sentence.text) is not None
    if estimated and size >= _LEAST_SURE_ESTIMATE and not _ONE_SITE.search(sentence.text):
        return "total"
    inside = _INSIDE.search(figures.around(sentence, quantity, 90)) is not None
    if estimated and not inside and figures.may_be(quantity, sentence):
        return "total"
    if (claim is not None and claim.is_planned) or quantity.relation is Relation.AT_MOST:
        return None
    if (
        when is not None
        and when.kind == "earlier"
        and parts.is_of_series(context, quantity, sentence)
    ):
        return "total"
    if (when is None or when.kind != "day") and (
        parts.is_part(context, quantity, sentence)
        or parts.follows_total(context, quantity, sentence)
        or (when is None and parts.is_of_whole(context, quantity, sentence))
    ):
        return "part"
    if THOSE.search(sentence.text) and context.near(sentence):
        return "total"
    role = categories.told_role(quantity, sentence) or (claim.role if claim is not None else None)
    first, last = context.resolve(when, sentence) if when is not None else (None, None)
    if when is not None and when.kind == "day":
        opened = first == context.campaign_start and (
            periods.is_campaign(sentence.text) or (claim is not None and claim.is_cumulative)
        )
        last = context.as_of_campaign if opened else last
    shared = claim is not None and any(
        item.sentence is sentence and item.start == claim.cumulative_since
        for item in context.figures
    )
    runs = claim is not None and (context.is_running(claim) or shared)
    if first is None and claim is not None and claim.cumulative_since and when is None and runs:
        first = claim.cumulative_since
        last = claim.as_of_date or context.as_of(sentence)
    counted = claim is not None and claim.is_cumulative and when is None
    if first is None and counted and role in _CAMPAIGN_ROLES and (tally := context.tally()):
        first, last = tally
    length = (last - first).days + 1 if first and last else 0
    in_campaign = role in _CAMPAIGN_ROLES or fixed is StatisticCategory.ARRESTS
    if in_campaign and _is_of_campaign(context, sentence, claim, length):
        return None if _is_older(context, quantity, sentence, when) else "campaign"
    if categories.is_of_task_force(context, quantity, sentence, claim, length):
        return "campaign"
    if _is_of_batches(quantity, sentence, when, role):
        return "total"
    least = _LEAST_DEATHS if _are_dead(quantity, sentence, claim) else _LEAST_TOTAL
    if size < least or (claim is not None and claim.subset_of is not None):
        return None
    if fixed is None and _is_own_story(quantity, sentence, when, role):
        return None
    if _is_everybody(context, quantity, sentence):
        return None
    if _is_long(context, quantity, sentence, claim, when, first, last):
        return "total"
    served = parts.SERVED.search(figures.around(sentence, quantity, 60)) or _REGISTERED.search(
        sentence.text
    )
    if when is None and served and not context.in_lead(quantity):
        since, until = context.period_of_text(sentence)
        broad = until is not None and (since or (until + dt.timedelta(days=1)).day == 1)
        if broad and not any(day.days <= 7 and not day.is_statement_day for day in sentence.dates):
            return "total"
    if when is None and parts.goes_along(context, quantity, sentence, claim):
        return "total"
    if fixed is not None and role not in _CAMPAIGN_ROLES:
        return "total" if context.tally() or length >= figures.LONG else None
    if is_document(quantity, sentence) and context.tally() is not None:
        return "total"
    if _is_over_countries(context, quantity, sentence) and sentence.index <= 8:
        return "total"
    if size >= _LEAST_YEARS and _OVER_YEARS.search(sentence.text):
        return "total"
    return "total" if estimated and not inside else None


def _is_of_batches(
    quantity: Quantity, sentence: Sentence, when: When | None, role: CountRole | None
) -> bool:
    """Whether two flights are summed: "the flights of November 14 and 18 together brought 202 home"."""
    if when is None or when.kind not in {"day", "span"} or not 2 <= when.length <= 31:
        return False
    returned = role in _RETURNED or _BATCHES.search(sentence.text) is not None
    return returned and _TOGETHER.search(sentence.text) is not None


def _is_everybody(context: Context, quantity: Quantity, sentence: Sentence) -> bool:
    """Whether all of a group are meant that the text has counted: "seluruh 26 korban"."""
    if not _ALL.search(sentence.text[: quantity.start - sentence.start]):
        return False
    earlier = context.sentences[: sentence.index]
    return any(q.best == quantity.best for text in earlier for q in text.quantities)


def _is_long(context: Context, quantity: Quantity, sentence: Sentence, claim: Claim | None, when: When | None,
    first: dt.date | None, last: dt.date | None,
) -> bool:  # fmt: skip
    """Whether the figure runs over a long period."""
    if first is None or last is None:
        until = when is not None and when.kind == "until" and sentence.index >= 2
        tally = claim is not None and claim.is_cumulative and context.in_lead(quantity)
        stock = claim is not None and claim.role in {CountRole.REMAINING, CountRole.SHELTERED}
        return bool(until and not tally and not stock and _is_broad(sentence, when))
    length = (last - first).days + 1
    dead = _are_dead(quantity, sentence, claim)
    whole_year = first.month == first.day == 1 and (
        length >= figures.LONG_IN_LEAD or last.year > first.year
    )
    if sentence.index <= 1:
        yearly = (
            when is not None and (when.kind == "span" or dead) and length >= figures.LONG_IN_LEAD
        )
        if whole_year and when is not None and length >= 180:
            return True
        return yearly or (whole_year and when is not None and not context.in_title(quantity))
    if length > figures.LONG or (whole_year and length >= 28):
        return True
    if when is None or when.kind != "span" or length < 12:
        return False
    ahead = sentence.text[: when.start - sentence.start][-25:]
    alone = _ALONE.match(sentence.text, when.end - sentence.start)
    throughout = _THROUGHOUT.search(ahead) or alone
    return throughout is not None and not context.in_lead(quantity)


def _is_broad(sentence: Sentence, when: When | None) -> bool:
    """Whether an "until" names a month or year, not a day and hour of the event itself."""
    return when is not None and any(
        day.days >= 7 for day in sentence.dates if when.start <= day.start < when.end
    )


def _is_of_campaign(context: Context, sentence: Sentence, claim: Claim | None, length: int) -> bool:
    if claim is not None and claim.subset_of is not None:
        return False
    if length < figures.CAMPAIGN_DAYS:
        return False
    about = " ".join(s.text for s in context.sentences[:3])
    return periods.is_campaign(sentence.text) or periods.is_campaign(about)


def _is_older(context: Context, quantity: Quantity, sentence: Sentence, when: When | None) -> bool:
    """Whether it is the campaign's count of an earlier day, told beside the count of today."""
    larger = any(
        item.kind == "campaign" and item.measure == "persons" and item.size > (quantity.best or 0)
        for item in context.figures
    )
    return larger and (
        _EARLIER_COUNT.search(sentence.text) is not None
        or (when is not None and when.kind == "day" and when.first != context.campaign_start)
    )


def _are_dead(quantity: Quantity, sentence: Sentence, claim: Claim | None) -> bool:
    if claim is not None and claim.role is CountRole.DEAD:
        return True
    return subjects.DEATH.search(figures.around(sentence, quantity)) is not None


def _is_own_story(
    quantity: Quantity, sentence: Sentence, when: When | None, role: CountRole | None
) -> bool:
    if when is None:
        return False
    if subjects.DEPARTURE.search(figures.around(sentence, quantity, 60)):
        return False
    # "took back 1,214 who had worked there in the first eight months": the months are those of the return.
    opens_year = when.first is not None and when.first.month == when.first.day == 1
    if (
        role in _RETURNED
        and when.kind == "span"
        and opens_year
        and when.length >= figures.LONG_IN_LEAD
    ):
        return False
    left, right = sorted((quantity.start, when.start))
    between = sentence.text[left - sentence.start : right - sentence.start]
    if periods.is_campaign(between):
        return False
    registered = (
        when.length >= figures.LONG_IN_LEAD
        and not when.is_open
        and _REGISTERED.search(sentence.text)
    )
    if when.kind == "since" and not registered and role in {CountRole.DETAINED, CountRole.REMAINING, CountRole.SHELTERED, CountRole.MISSING}:  # fmt: skip
        return True
    ahead = sentence.text[: quantity.start - sentence.start][-40:]
    return _OWN_STORY.search(between) is not None or _OWN_STORY.search(ahead) is not None


def is_document(quantity: Quantity, sentence: Sentence) -> bool:
    """Whether papers or fines are counted by their persons: "menerbitkan SPLP untuk 2.346 orang"."""
    at, end = quantity.start - sentence.start, quantity.end - sentence.start
    before = re.split(r"[,;\d]", sentence.text[max(0, at - 80) : at])[-1]
    behind = sentence.text[end : end + 70]
    return _PAPERS.search(before) is not None or _GIVEN_PAPERS.match(behind) is not None


def _is_over_countries(context: Context, quantity: Quantity, sentence: Sentence) -> bool:
    if sentence.quantities and quantity.best is not None and quantity.best < 20:
        return False
    behind = sentence.text[quantity.end - sentence.start :][:160]
    if _MANY_COUNTRIES.search(behind):
        return True
    tail = quantity.end
    found = [
        item for item in context.places
        if item.geo_precision == "5" and tail <= item.start < min(sentence.end, tail + 160)
    ]  # fmt: skip
    if len({item.canonical_id for item in found}) < 3:
        return False
    lead_in = sentence.text[: found[0].start - sentence.start]
    return re.search(r"\b(?:di|in|across|from such \w+ in)\s$", lead_in) is not None


def sums_of_batches(claims: Sequence[Claim], sentences: Sequence[Sentence]) -> dict[str, Period]:
    """Return for the first telling of each sum of batches the days from the first to the last batch."""
    title_end = sentences[0].end if sentences else 0
    sums = batch_sums([claim for claim in claims if claim.role in _RETURNED])
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
