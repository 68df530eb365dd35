"""Say what an aggregate figure is about: its category and the name of its metric.

    figure, figures before -> StatisticCategory, metric

The words right beside a figure come first, then what was done with its people, then the subject of the figures
that it goes on with, then the sentence and the article.
"""

from __future__ import annotations

import re

from pipeline import figures, subjects
from pipeline.drafts import governing_cue
from pipeline.figures import Context, Figure, Kind
from pipeline.numbers import Measure, Quantity
from pipeline.records import Claim, CountRole, StatisticCategory
from pipeline.segments import Sentence

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
_CONTRAST = re.compile(
    r"\b(?:sedangkan|sementara|manakala|adapun|while|whereas)\b[^,;.\d]{0,20}$", re.IGNORECASE
)
# What is said of some of the counted is not said of all: "5.120 kasus, banyak di antaranya ...".
_SOME_OF = re.compile(
    r",\s(?:banyak|sebagian|sebahagian|mayoritas|majoriti|kebanyakan\w*|terutama|di ?antaranya|many|most(?:ly)?|some|including|termasuk|several|beberapa)\b",
    re.IGNORECASE,
)
# "Di luar penipuan daring, ...": what is not counted.
_APART_FROM = re.compile(
    r"\b(?:di luar|selain|kecuali|besides|apart from|aside from|excluding|other than)\s[^,;.\d]{1,50}[,;]",
    re.IGNORECASE,
)
_TASK_FORCE = re.compile(
    r"\b(?:satgas|satuan tugas|gugus tugas|task ?force|pasukan petugas)\b", re.IGNORECASE
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
# Victims, not suspects: "1,420 nationals caught in scam compounds".
_CAUGHT_UP = re.compile(
    r"[\s\w-]{0,25}?\b(?:caught(?: up)?|ensnared|terjaring|terjerat)\s(?:up )?(?:in|by|oleh|dalam|sindikat|jaringan)\b",
    re.IGNORECASE,
)
# "17 kasus dengan 88 korban": the people of the cases.
_OF_CASES = frozenset({"korban", "mangsa", "victim", "victims", "survivors"})
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
# What was done with what is counted, as the names of series say it; `count` where no word says.
METRICS = tuple(name for name, _ in _METRIC_WORDS)


def is_of_task_force(
    context: Context, quantity: Quantity, sentence: Sentence, claim: Claim | None, length: int
) -> bool:
    """Whether a task force against trafficking counts its suspects and victims over some days."""
    about = " ".join(s.text for s in context.sentences[:2]) + sentence.text
    if not _TASK_FORCE.search(about) or not subjects.TRAFFICKING.search(about):
        return False
    if claim is not None and claim.subset_of is not None:
        return False
    if length >= figures.CAMPAIGN_DAYS:
        return True
    return length == 0 and any(
        item.category is StatisticCategory.TPPO_ALL and item.start is not None
        and item.measure in {"cases", "complaints", "persons"} and not item.is_compared
        and sentence.index - item.sentence.index <= 1
        for item in context.near(sentence)
    )  # fmt: skip


def of(
    context: Context,
    quantity: Quantity,
    sentence: Sentence,
    claim: Claim | None,
    measure: Measure,
    kind: Kind,
) -> StatisticCategory:
    """Return the subject of an aggregate figure."""
    near = context.near(sentence)
    main = context.main(sentence) or context.main(sentence, 2)
    if measure in {"USD", "IDR"}:
        lost = subjects.LOSS.search(figures.around(sentence, quantity, 90))
        if lost is None and (told := context.figures[-1:]) and told[0].sentence is sentence and told[0].kind == "money":  # fmt: skip
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
    named = kind == "campaign" and measure == "persons" and (
        _TASK_FORCE.search(sentence.text) or is_trafficking(context, quantity, sentence)
    )  # fmt: skip
    if named and is_of_task_force(context, quantity, sentence, claim, figures.CAMPAIGN_DAYS):
        return StatisticCategory.TPPO_ALL
    if kind == "campaign":
        arrested = subjects.ARRESTED.search(figures.around(sentence, quantity, 90)) is not None
        said = claim.role if claim is not None else CountRole.ARRESTED
        role = told_role(quantity, sentence) or said
        if role in _CATEGORY_OF_ROLE and (arrested or role is not CountRole.ARRESTED):
            return _CATEGORY_OF_ROLE[role]
        if arrested:
            return StatisticCategory.ARRESTS
    part = kind == "part" or (
        kind == "total" and figures.PART.search(figures.around(sentence, quantity))
    )
    if part and main is not None and main.category in _STICKY:
        return main.category
    own = own_subject(quantity, sentence)
    if measure == "persons":
        return _subject_of_persons(context, quantity, sentence, claim, kind, own, main)
    if own is not None and own is not StatisticCategory.MIGRANT_WORKER_CASES:
        return own
    if own is not None and main is not None and main.category is StatisticCategory.TPPO_ALL:
        return main.category
    counts = [item for item in near if item.measure in {"cases", "complaints"}]
    if own is None and counts:
        earlier = [item for item in context.figures if item.measure in {"cases", "complaints"}]
        whole = next((i for i in reversed(earlier) if not (i.is_part or i.is_compared)), counts[-1])
        return whole.category
    whole_sentence = subjects.of(sentence.text)
    strong = whole_sentence is not StatisticCategory.MIGRANT_WORKER_CASES
    if own is None and whole_sentence is not None and strong and _is_alone(sentence):
        return whole_sentence
    if _in_scam_site(context, sentence):
        return StatisticCategory.ONLINE_SCAM
    if own is not None:
        return own
    if measure == "cases" and subjects.EMBASSY.search(sentence.text) and not _goes_with(main):
        return StatisticCategory.MIGRANT_WORKER_CASES
    same = [i for i in context.figures if i.measure == measure and not (i.is_part or i.is_compared)]
    if same:
        return same[-1].category
    if main is not None:
        return main.category
    if whole_sentence is not None and whole_sentence is not StatisticCategory.OTHER:
        return whole_sentence
    return StatisticCategory.ONLINE_SCAM


def goes_on(
    context: Context, quantity: Quantity, sentence: Sentence, measure: Measure
) -> StatisticCategory | None:
    """Return the subject of the series that an older or later figure of it continues, or None."""
    main = context.main(sentence, 1, frozenset({measure}))
    wholes = [
        item for item in context.near(sentence, 2)
        if item.measure == measure and not (item.is_part or item.is_compared or item.kind == "part")
    ]  # fmt: skip
    if wholes and (main is None or main.sentence is not sentence):
        main = wholes[-1]
    if (
        main is None
        or main.measure != measure
        or subjects.of(figures.clause_of(sentence, quantity))
    ):
        return None
    return main.category


def is_trafficking(context: Context, quantity: Quantity, sentence: Sentence) -> bool:
    """Whether cases and suspects are those of trafficking at large, not of scams."""
    around = figures.around(sentence, quantity, 80)
    if subjects.TRAFFICKING.search(around):
        return True
    if subjects.SCAM.search(around) or subjects.GAMBLING.search(around):
        return False
    near = [item for item in context.near(sentence, 1) if item.measure != "percent"]
    return bool(near) and near[-1].category is StatisticCategory.TPPO_ALL


def _tells_of_scam(context: Context, sentence: Sentence) -> bool:
    """Whether headline and lead both speak of scams: then the people counted below are those."""
    first = [item.text for item in context.sentences[:3] if item.paragraph <= sentence.paragraph]
    lead = " ".join(first[1:])
    return bool(subjects.SCAM.search(first[0]) and subjects.SCAM.search(lead))


def _goes_with(main: Figure | None) -> bool:
    """Whether the figure before counts cases as well, whose subject goes on."""
    return main is not None and main.measure in {"cases", "complaints"}


def _is_alone(sentence: Sentence) -> bool:
    """Whether the sentence holds one figure, so that all its words speak of it."""
    return sum(q.measure not in {"other", "percent"} for q in sentence.quantities) == 1


def _in_scam_site(context: Context, sentence: Sentence) -> bool:
    return any(
        item.canonical_id is not None and subjects.is_scam_site(item.canonical_id)
        for item in context.places
        if sentence.start <= item.start < sentence.end
    )


def own_subject(quantity: Quantity, sentence: Sentence) -> StatisticCategory | None:
    """Return the subject by the words nearest to the figure, those behind it first."""
    offset = sentence.start
    following = figures.next_figure(sentence, quantity)
    behind = sentence.text[quantity.end - offset : min(following, quantity.end + 90) - offset]
    clause = figures.NEXT_CLAUSE.split(behind)[0]
    behind = _SOME_OF.split(behind)[0]
    previous = max((q.noun_end if q.noun_end > 0 else q.end for q in sentence.quantities if q.end <= quantity.start and q.measure != "other"), default=offset)  # fmt: skip
    before = sentence.text[
        max(previous - offset, quantity.start - offset - 70) : quantity.start - offset
    ]
    before = _APART_FROM.sub("", before.rsplit(";", 1)[-1])
    contrast = _CONTRAST.search(before)
    scopes = (clause, behind) if contrast else (clause, behind, before)
    for scope in scopes:
        subject = subjects.of(scope)
        if subject is not None and subject is not StatisticCategory.MIGRANT_WORKER_CASES:
            return subject
    weak = next(
        (s for s in (clause, "" if contrast else before, behind) if subjects.CONSULAR.search(s)),
        None,
    )
    return StatisticCategory.MIGRANT_WORKER_CASES if weak is not None else None


def _subject_of_persons(context: Context, quantity: Quantity, sentence: Sentence, claim: Claim | None, kind: Kind,
    own: StatisticCategory | None, main: Figure | None,
) -> StatisticCategory:  # fmt: skip
    if own in {StatisticCategory.DEATHS, StatisticCategory.DEPARTURES}:
        return own
    if subjects.DEPARTURE.search(figures.around(sentence, quantity, 60)):
        return StatisticCategory.DEPARTURES
    if re.fullmatch(
        r"tersangka|terdakwa|terpidana|suspek|suspects?|defendants?|convicts", quantity.noun
    ):
        if is_trafficking(context, quantity, sentence):
            return StatisticCategory.TPPO_ALL
        arrested = subjects.ARRESTED.search(figures.around(sentence, quantity))
        return StatisticCategory.ARRESTS if arrested else StatisticCategory.OTHER
    counts = [i for i in context.near(sentence) if i.measure in {"cases", "complaints"}]
    if quantity.noun in _OF_CASES and own is None and counts and counts[-1].sentence is sentence:
        return counts[-1].category
    around = figures.around(sentence, quantity, 80)
    if subjects.RESIDENCE.search(around) and not subjects.SCAM.search(around):
        return StatisticCategory.RESIDENTS
    if kind == "part" and own is StatisticCategory.ONLINE_SCAM and claim is not None and claim.role is CountRole.ARRESTED:  # fmt: skip
        return own
    if figures.may_be(quantity, sentence) and subjects.SCAM.search(sentence.text):
        return StatisticCategory.ONLINE_SCAM
    if claim is not None and claim.role in _CATEGORY_OF_ROLE and _by_verb(claim, sentence):
        if claim.role is CountRole.SUSPECT and is_trafficking(context, quantity, sentence):
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
        and _tells_of_scam(context, sentence)
    ):
        own = None
    if own is not None:
        return own
    if (kind == "part" or quantity.measure is None) and main is not None:
        return main.category
    general = main is not None and not main.is_part and main.category is StatisticCategory.TPPO_ALL
    if general and not subjects.SCAM.search(sentence.text):
        return StatisticCategory.TPPO_ALL
    if (
        migrants
        and not subjects.SCAM.search(sentence.text)
        and not _tells_of_scam(context, sentence)
        and not subjects.GAMBLING.search(sentence.text)
    ):
        return StatisticCategory.MIGRANT_WORKER_CASES
    return _subject_of_article(context)


def _subject_of_article(context: Context) -> StatisticCategory:
    """Return the trade that headline and lead speak of: scams, unless they name gambling alone."""
    opening = " ".join(sentence.text for sentence in context.sentences[:2])
    gambling = subjects.GAMBLING.search(opening) and not subjects.SCAM.search(
        subjects.OFFSHORE_GAMING.sub("", opening)
    )
    return StatisticCategory.ONLINE_GAMBLING if gambling else StatisticCategory.ONLINE_SCAM


def told_role(quantity: Quantity, sentence: Sentence) -> CountRole | None:
    """Return what police or border guards did with these people, when words right beside the figure say so."""
    before = sentence.text[: quantity.start - sentence.start][-50:]
    behind = sentence.text[quantity.end - sentence.start :][:60]
    hits = [role for role, pattern in _ROLE_BEFORE if pattern.search(before)]
    hits += [role for role, pattern in _ROLE_BEHIND if pattern.match(behind)]
    return hits[0] if hits else None


def _by_verb(claim: Claim, sentence: Sentence) -> bool:
    """Whether a verb beside the figure gives its role, not the figures around it."""
    if claim.role is CountRole.ARRESTED and _CAUGHT_UP.match(
        sentence.text, claim.end - sentence.start
    ):
        return False
    cue = governing_cue(sentence, claim.start, claim.end)
    return cue is not None and cue.role is claim.role and cue.side != "noun"


def metric(found: Figure) -> str:
    """Return the name of the series: unit, what was done, subject."""
    scope = figures.around(found.sentence, found.quantity)
    what = next((name for name, pattern in _METRIC_WORDS if pattern.search(scope)), "count")
    return f"{figures.UNIT[found.measure].value}_{what}_{found.category.value}"


def both_kinds(text: str) -> bool:
    """Whether words speak of online gambling and online scams together."""
    return bool(
        re.search(r"judi online|judi daring|judol|online gambling", text, re.IGNORECASE)
        and re.search(r"scam|penipuan", text, re.IGNORECASE)
    )
