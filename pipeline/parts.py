"""Find which figures are parts of others, or go on with a list or series that an earlier one opened.

    figure, figures before -> Measure, whole

"2.014 pekerja. Kamboja 1.310, Myanmar 402" divides a total by country; "702 pada 2022, 1.214 pada 2023" counts
one thing year by year; "118 cases in 2024 and convicted 71" tells two counts of one period.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline import figures, subjects
from pipeline.figures import Context, Figure
from pipeline.numbers import Measure, Quantity
from pipeline.periods import When
from pipeline.records import Claim, Mention, StatisticCategory
from pipeline.segments import Sentence

_COMPLAINED = re.compile(r"\b(?:aduan|pengaduan|complaints?|laporan|reports?)\b", re.IGNORECASE)
CASES = re.compile(r"\b(?:kasus|kes|cases?|aduan|pengaduan|complaints?|perkara)\b", re.IGNORECASE)
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
SERVED = re.compile(
    r"\b(?:identif\w+|mengidentifikasi|(?:di|ter)identifikasi|(?:dinyatakan|ditetapkan|dikategorikan|diakui|disahkan) (?:sebagai )?(?:korban|mangsa)|assist\w*|menangani|ditangani|handled|served|membantu|dibantu|melayani|dilayani|mendampingi|didampingi|referred|recogni[sz]ed|mengendalikan)\b",
    re.IGNORECASE,
)
_SORT_LEADS = re.compile(
    r"\b(?:perempuan|wanita|laki-laki|lelaki|women|men|females?|males?|minors|anak-anak|kanak-kanak)(?:nya)?\s(?:[a-z]+\s){0,2}$",
    re.IGNORECASE,
)
_MOST = re.compile(
    r"\b(?:terbanyak|terbesar|tertinggi|paling (?:banyak|ramai|tinggi)|teratas|mendominasi|the most|largest|top|majority|most of them|accounted for|menyumbang|mencatatkan)\b[^;.\d]{0,50}$",
    re.IGNORECASE,
)
# "Kemboja mencatatkan kes tertinggi iaitu 1,402": the largest part of the cases just counted.
_LEADING = re.compile(
    r"\b(?:kasus|kes|aduan|laporan|angka|jumlah|cases|complaints|figure|number|share)\b[^,;.\d]{0,25}\b(?:terbanyak|tertinggi|terbesar|paling \w+|highest|largest|most)\b[^;.\d]{0,40}$|"
    r"\b(?:terbanyak|tertinggi|terbesar|paling \w+|highest|largest|most)\b[^;.\d]{0,60}\b(?:yaitu|yakni|iaitu|sebanyak|dengan|mencapai|with|at)\s$",
    re.IGNORECASE,
)
# "In the whole of 2024 it sent home 2,100": people, though no noun says so.
_DONE_TO = re.compile(
    r"\b(?:deported|sent home|flew home|repatriated|brought (?:home|back)|rescued|freed|released|stopped|turned back|memulangkan|dipulangkan|menyelamatkan|mendeportasi|membebaskan|mencegah|menghantar pulang|membawa pulang)\s(?:(?:some|about|only|just|another|sekitar|hanya|baru|sebanyak|seramai)\s)*$",
    re.IGNORECASE,
)
_JOINS = re.compile(r"\b(?:and|dan|serta|dengan|with)\b[^,;.\d]*$", re.IGNORECASE)
_YEAR = re.compile(r"\b20\d\d\b")
OF_THOSE = re.compile(
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
_CASES_NUMBER = re.compile(
    r"\b(?:kasus|kes|cases|aduan|pengaduan|complaints|laporan|reports)\b[^.,;:\d]{0,40}\b(?:berjumlah|mencapai|mencecah|sebanyak|tembus|total(?:nya|led|ling)?|reached|numbered|stood at|came to|hit)\s(?:sekitar |about |lebih dari |more than )?$",
    re.IGNORECASE,
)
_INVOLVED = re.compile(
    r"\b(?:involv\w+|concern\w*|affect\w*|melibatkan|menyangkut|mencakup|membabitkan|dengan|with|korban\w*|mangsa\w*)\b",
    re.IGNORECASE,
)


def measure_of_bare(
    context: Context, quantity: Quantity, sentence: Sentence, before: str, when: When | None
) -> Measure | None:
    """Return what a bare figure counts when it goes on with a count: "702 pada 2022, 1.214 pada 2023"."""
    size = quantity.best or 0
    if size < 2 or size != int(size):
        return None
    near = context.near(sentence, 1)
    main = context.main(sentence, 1)
    behind = sentence.text[quantity.end - sentence.start :]
    dated = (
        when is not None
        and when.kind in {"span", "earlier", "since", "opening"}
        and (when.length >= 28 or when.kind != "span")
        and (
            0 <= when.start - quantity.end <= 22
            or (0 <= quantity.start - when.end <= 32 and size >= figures.LEAST_REPORTS)
        )
    )
    counted = {item.measure for item in sentence.quantities} & {
        "cases",
        "complaints",
        "persons",
    }
    goes_on = _goes_on(context, quantity, sentence)
    if goes_on is not None:
        return goes_on
    whole = divided(context, quantity, sentence)
    if whole is not None and not dated:
        return whole.measure
    main_of_persons = next((item for item in near if item.measure == "persons"), None)
    if main_of_persons is not None and _OTHERS.match(behind, 1) and not counted:
        return "persons"
    if main_of_persons is not None and _ANOTHER.search(before) and not counted:
        return "persons"
    leading = _LEADING.search(before)
    if (
        leading
        and main is not None
        and main.measure in {"cases", "complaints"}
        and size < main.size
    ):
        return main.measure
    if _NO_NOUN.match(behind) is None:
        return None
    if (
        dated
        and when is not None
        and when.length >= figures.LONG_IN_LEAD
        and _DONE_TO.search(before)
    ):
        return "persons"
    if _PERSONS_NUMBER.search(before):
        return "persons"
    if size >= figures.LEAST_REPORTS and (numbered := _CASES_NUMBER.search(before)) is not None:
        return "complaints" if _COMPLAINED.match(numbered[0]) else "cases"
    if dated and not counted and subjects.ARRESTED.search(before):
        return "persons"
    series = main is not None and main.measure in {"cases", "complaints", "persons", "sites"}
    if dated and (named := CASES.search(before)) is not None:
        return "complaints" if _COMPLAINED.fullmatch(named[0]) else "cases"
    if dated and series and main is not None:
        return main.measure
    if dated and (counted or figures.COUNTED_WORD.search(sentence.text)):
        if re.search(r"\b(?:orang|people|victims|persons|korban|mangsa)\b", sentence.text, re.IGNORECASE) and "cases" not in counted:  # fmt: skip
            return "persons"
        told = "complaints" in counted or (_COMPLAINED.search(sentence.text) and not counted)
        return "complaints" if told else "cases"
    if size < figures.LEAST_REPORTS or (
        _COMPARED.search(before) is None and not before.endswith(", ")
    ):
        return None
    if main is not None and main.measure in {"cases", "complaints"}:
        return main.measure
    return "cases" if "cases" in counted else None


def _goes_on(context: Context, quantity: Quantity, sentence: Sentence) -> Measure | None:
    """Return the measure of the figure that this one follows in a list: "120,000 in A and 90,000 in B"."""
    last = context.figures[-1] if context.figures else None
    trails = _PART_TRAILS.match(sentence.text, quantity.end - sentence.start)
    if last is None or last.sentence is not sentence or trails:
        part = trails or _PART_LEADS.search(sentence.text[: quantity.start - sentence.start][-40:])
        main = context.main(sentence, 1) if part else None
        return main.measure if main is not None and (quantity.best or 0) < main.size else None
    tail = figures.end_of(last.quantity) - sentence.start
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
        r"(?:,|\b(?:and|dan|serta|manakala|while|sedangkan|disusul|diikuti|followed by))\s(?:kemudian\s|lalu\s|then\s|selanjutnya\s|[A-Z][\w ]{0,20}\s|by\s|with\s|dengan\s|another\s|some\s|about\s|sekitar\s|oleh\s)*$",
        gap,
    )
    if listed and re.match(
        r"\s(?:and|dan|serta|manakala|in|di|from|dari|for|untuk|of|to|terkait|involving|on|masih|sudah|telah|selesai|still|remain|were|are)\b|\s?(?:[,.;]|$)",
        behind,
    ):
        return last.measure
    return None


def goes_along(
    context: Context, quantity: Quantity, sentence: Sentence, claim: Claim | None
) -> bool:
    """Whether the figure shares the long period of the one before it: "118 cases in 2024 and convicted 71"."""
    last = next((item for item in reversed(context.figures) if item.measure != "percent"), None)
    if last is None:
        return False
    numbered = _PERSONS_NUMBER.search(sentence.text[: quantity.start - sentence.start])
    if numbered and (main := context.main(sentence) or context.main(sentence, 1)) is not None and main.start and main.end:  # fmt: skip
        return (main.end - main.start).days >= figures.LONG_IN_LEAD
    if _ANOTHER.search(sentence.text[: quantity.start - sentence.start]):
        return last.measure == "persons" and sentence.index - last.sentence.index <= 1
    served = SERVED.search(figures.around(sentence, quantity, 60)) and not sentence.dates
    if served and sentence.index - last.sentence.index <= 2 and not context.in_lead(quantity):
        near = context.main(sentence, 1)
        long = near is not None and (
            near.measure in {"cases", "complaints"} or near.category is StatisticCategory.TPPO_ALL
        )
        return bool(
            long
            and near
            and near.start
            and near.end
            and (near.end - near.start).days >= figures.LONG_IN_LEAD
        )
    if last.sentence is not sentence or last.measure not in {"cases", "complaints"}:
        return False
    if (
        last.start is None
        or last.end is None
        or (last.end - last.start).days < figures.LONG_IN_LEAD
    ):
        return False
    gap = sentence.text[last.quantity.end - sentence.start : quantity.start - sentence.start]
    told = claim is not None or quantity.measure in {"persons", None}
    return told and _JOINS.search(gap) is not None and len(gap) <= 90


def is_of_series(context: Context, quantity: Quantity, sentence: Sentence) -> bool:
    """Whether persons of an earlier year stand beside a total of persons that was taken up."""
    main = context.main(sentence, 1, frozenset({"persons"}))
    return main is not None and main.measure == "persons" and main.kind in {"total", "part"}


def is_of_whole(context: Context, quantity: Quantity, sentence: Sentence) -> bool:
    """Whether persons are said by origin, sex or fate to be some of a total of persons just told."""
    whole = divided(context, quantity, sentence)
    if whole is not None:
        return whole.measure == "persons"
    whole = context.whole(sentence)
    if whole is None or (quantity.best or 0) >= whole.size:
        return False
    lead_in = sentence.text[: quantity.start - sentence.start]
    reach = 3 if OF_THOSE.search(sentence.text) or _MOST.search(lead_in) else 1
    last = context.figures[-1]
    listed = last.sentence.index if last.is_part else whole.sentence.index
    retold = context.retold is not None and context.retold[0] is sentence
    near = retold or sentence.index - listed <= reach
    long = whole.end and (
        whole.start is None or (whole.end - whole.start).days >= figures.LONG_IN_LEAD - 1
    )
    days = [day for day in sentence.dates if day.days <= 7]
    behind = sentence.text[quantity.end - sentence.start :][:60]
    before = sentence.text[: quantity.start - sentence.start]
    said = OF_THOSE.search(sentence.text) or _SORTS.search(behind)
    if whole.measure == "persons":
        said = said or _SORT_LEADS.search(before) or _MOST.search(before)
    elif not re.fullmatch(r"korban|mangsa|victims?|survivors?", quantity.noun):
        said = OF_THOSE.search(sentence.text)
    return bool(near and long and said and not days)


def divided(context: Context, quantity: Quantity, sentence: Sentence) -> Figure | None:
    """Return the total just told that this figure and others like it divide by country or by fate, or None.

    "2.014 pekerja. Kamboja 1.310, Myanmar 402": at least two countries, none larger than the whole.
    "Some 930 have gone home": the same people, without a noun of their own.
    """
    whole = context.whole(sentence)
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
        last = context.figures[-1]
        listed = last.sentence is sentence and last.is_part and last.measure != "percent"
        return (last if listed else whole) if opens and size >= 2 else None
    beside = {
        place.canonical_id: q.best or 0
        for q in sentence.quantities
        if (q.measure in {whole.measure, None} or not q.noun) and q.start != whole.quantity.start
        for place in context.places
        if _is_beside(q, place, sentence)
    }
    own = any(_is_beside(quantity, place, sentence) for place in context.places)
    return whole if own and len(beside) >= 2 and sum(beside.values()) <= whole.size else None


def is_part(context: Context, quantity: Quantity, sentence: Sentence) -> bool:
    """Whether it is a part of a total of persons or cases just given, or counts the people of such cases."""
    reach = 1 if OF_THOSE.search(sentence.text) else 0
    near = [
        item for item in context.near(sentence, reach)
        if item.measure in {"cases", "persons", "complaints"} and item.kind in {"count", "total", "part"}
        and sentence.index - item.sentence.index <= 1 + 2 * reach
    ]  # fmt: skip
    size = quantity.best or 0
    told = [q for q in sentence.quantities if q.end <= quantity.start and q.measure in {"cases", "complaints"}]  # fmt: skip
    around = figures.around(sentence, quantity)
    for item in near:
        if item.measure != "persons" or size >= item.size:
            continue
        said = figures.PART.search(around) or _OTHERS.search(around) or _divides(context, item)
        apart = context.in_lead(item.quantity) or item.kind == "part"
        if said and (not context.in_lead(quantity) or apart):
            return True
    if told and any(item.size == told[-1].best for item in context.figures):
        gap = sentence.text[told[-1].noun_end - sentence.start : quantity.start - sentence.start]
        return _INVOLVED.search(gap) is not None and len(gap) < 40
    return False


def follows_total(context: Context, quantity: Quantity, sentence: Sentence) -> bool:
    """Whether a bare figure goes on with a total of persons in the same list."""
    last = context.figures[-1] if context.figures else None
    return (
        quantity.measure is None
        and last is not None
        and last.sentence is sentence
        and last.kind in {"total", "part"}
        and _goes_on(context, quantity, sentence) == "persons"
    )


def _divides(context: Context, item: Figure) -> bool:
    return item.kind == "part" and context.figures[-1] is item and context.figures[-1].is_part


def _is_beside(quantity: Quantity, place: Mention, sentence: Sentence) -> bool:
    """Whether a country of the sentence stands right before or behind a figure: "Myanmar in 160", "402 di Laos"."""
    if place.geo_precision != "5" or not sentence.start <= place.start < sentence.end:
        return False
    first, last = (
        (place.end, quantity.start)
        if place.end <= quantity.start
        else (figures.end_of(quantity), place.start)
    )
    gap = sentence.text[first - sentence.start : last - sentence.start]
    return len(gap) <= 22 and re.search(r"[,;.\d]", gap) is None


def wholes(found: Sequence[Figure]) -> dict[int, int]:
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
        reach = 2 if OF_THOSE.search(item.sentence.text) else 0
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
