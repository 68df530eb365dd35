"""Read the count ledger of an article: every figure of persons, and what it counts.

    Article, [Mention] -> [Claim]

A figure becomes a claim when it counts persons in a role that the text gives it. Figures of money,
cases, ages, sites are left to ``statistics``. Parts point at the figure they are a part of, so that
nothing is added twice; figures that say "since", "so far", "in total" are marked as running totals.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline import segments
from pipeline.cues import EventCue
from pipeline.dates import DateExpression
from pipeline.numbers import Quantity
from pipeline.records import (
    Article,
    Claim,
    CountRole,
    EventType,
    Mention,
    MentionKind,
    make_id,
)
from pipeline.segments import Sentence

EXTRACTOR = "rules.claims"
VERSION = "1"

# Sums are sought among this many of the largest returns of a text; smaller groups add up by chance.
_MOST_BATCHES, _LEAST_BATCH = 8, 10
# Fewer people at a counter are a family that asks for help, more are a tally.
_TALLY = 20
_OUTCOMES = frozenset({CountRole.DEPORTED, CountRole.SUSPECT, CountRole.CONVICTED})
# A running total that began longer ago than this, told in passing, is a statistic and not an event.
LONG_TOTAL = dt.timedelta(days=45)
# A total as of a day that lies further back than this is quoted, not reported.
_OLD_TOTAL = dt.timedelta(days=30)

# A total over weeks that ended some days ago ("sepanjang Januari") is told for comparison.
_CLOSED_PERIOD, _JUST_NOW = dt.timedelta(days=20), dt.timedelta(days=5)

# How many figures back the whole of a part is sought; no list of nationalities is longer.
_LOOK_BACK, _MOST_WHOLES = 30, 6
# How far, in characters plus penalties, an event word may stand from the figure it governs. Chosen on
# the development set: longer reaches pick words of the next clause, shorter ones miss apposition chains.
REACH = 190
_WRONG_SIDE = 80
_PLANNED_BESIDE = 60
_COMMA, _CONJUNCTION, _STOP, _FIGURE_BETWEEN = 12, 22, 45, 25

_CONJUNCTIONS = re.compile(
    r"\b(?:dan|serta|sedangkan|sementara|tetapi|namun|lalu|kemudian|manakala|and|while|but|then|after|setelah|sesudah|usai|when|ketika|saat)\b",
    re.IGNORECASE,
)

# A part of a larger group, said before the figure ...
_PART_BEFORE = re.compile(
    r"(?:di antara (?:mereka|jumlah|ke-?\w+)|dari (?:jumlah|total|angka|keseluruhan|mereka|ke-?\d+|antara|\d[\d.,]*)\b[^.;]{0,40}|termasuk(?: di antaranya)?|meliputi|terdiri (?:dari|atas|daripada)|"
    r"rinciannya|perinciannya|yakni|yaitu|iaitu|daripada jumlah(?: itu| tersebut)?|including|among them|of whom|of which|of these|of those|of the (?:[\d,.]+|foreigners|detainees|people|accused|\w+)|"
    r"made up of|comprising|consist(?:s|ing|ed) of|include(?:s|d)?|among (?:the|those)|broke(?:n)? [\w ]+ down into)"
    r"[,:]?\s(?:ada\s|sebanyak\s|seramai\s|about\s|some\s|sekitar\s|at least\s|sedikitnya\s|an additional\s)?$",
    re.IGNORECASE,
)
# ... or after it.
_PART_AFTER = re.compile(
    r"^\s?(?:orang\s|people\s)?(?:dalam|di|from|in) (?:rombongan|kelompok|kumpulan|the group|that group)\b|^\s?(?:\w+\s){0,4}?(?:di antara(?:nya| mereka)|diantaranya|daripada (?:mereka|jumlah)|of (?:them|whom|these|those|the \d[\d,]*)|among them|dari (?:mereka|jumlah|total|yang|ke-?\d+|\d[\d.,]*|kelompok|rombongan) ?|(?:dari|daripada) [\d.,]+ |of the [\d.,]+)",
    re.IGNORECASE,
)
_OTHERS_AFTER = re.compile(
    r"^\s?(?:orang\s|wni\s|others?\s)?(?:lain(?:nya)?|lagi|sisanya|others?|more)\b", re.IGNORECASE
)
_REST = re.compile(
    r"\b(?:sisanya|selebihnya|the rest|the remaining|the remainder|baki)\b", re.IGNORECASE
)
_TOTAL_NEAR = re.compile(
    r"\b(?:total(?:nya)?|akumulasi|keseluruhan(?:nya)?|sejauh ini|setakat ini|hingga kini|sampai kini|hingga saat ini|sampai saat ini|hingga hari ini|setakat hari ini|tembus|menembus|bertambah|"
    r"mencapai|menjadi|jumlahnya|menjadikan jumlah\w*|meningkat|so far|to date|has risen|have risen|rose to|climbed|brings? the|lifted the|number of|altogether|in all|all told|"
    r"thus|have (?:reported|registered|crossed)|had (?:recorded|crossed)|total of|passed?|tops?|keeps climbing|dalam (?:\w+ )?hari(?: terakhir)?|in (?:\w+ )days|within days|genap|sudah)\b",
    re.IGNORECASE,
)
_TOTAL_AFTER = re.compile(
    r"\b(?:so far|to date|sejauh ini|setakat ini|(?:in|over|within|during) (?:the )?(?:first |past |last )?(?:\w+ )(?:days|weeks|months)|in (?:a|one) (?:week|month)|"
    r"dalam (?:\w+ )?(?:hari|pekan|minggu|bulan|sepekan|seminggu|sebulan)|dalam (?:sepekan|seminggu|sebulan))\b",
    re.IGNORECASE,
)
# "since the crackdown began": a running total whose first day the text does not give.
_SINCE_SOMETHING = re.compile(
    r"\b(?:since|sejak|semenjak)\b(?!\s(?:then|itu|lama|long))", re.IGNORECASE
)
_DAY_ONLY = re.compile(
    r"\b(?:hari itu saja|\w+day alone|saja ada|dalam sehari|sehari|in a (?:single )?day|on (?:that|the same) day|busiest day|puncaknya|tertinggi|peak)\b",
    re.IGNORECASE,
)

# Bare figures: larger ones are money or views, and these neighbours make them something else ...
_MOST_BARE = 100_000
_NOT_BARE_AFTER = re.compile(r"\s?(?:%|persen|/|:\d|\.\d)")
_NOT_BARE_BEFORE = re.compile(r"(?:/|:|\bskor|\b(?:nomor|no)\.?)\s?$", re.IGNORECASE)
# ... and these make them people.
_VERB_AFTER = re.compile(
    r"\s(?:had|have|has|were|are|whose|who|orang|berada|telah|sudah|came|arrived|departed|more|lagi)\b"
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
_TOTAL_POINTING_BACK = re.compile(
    r"\b(?:the (?:figure|total|count|tally|number)|angka(?: itu| tersebut)?|jumlah(?:nya| itu| tersebut)|total(?:nya)?|angkanya)\b",
    re.IGNORECASE,
)

_POINTING_REACH = 40

_ROLE_OF_NOUN: tuple[tuple[re.Pattern[str], CountRole], ...] = tuple(
    (re.compile(rf"[\s-]*(?:\w+\s){{0,2}}?(?:{pattern})", re.IGNORECASE), role)
    for pattern, role in (
        (r"tersangka|terduga pelaku|suspek|suspects?|pelaku|accused|ringleader|accomplice", CountRole.SUSPECT),
        (r"terdakwa|tertuduh|defendants?", CountRole.SUSPECT),
        (r"terpidana|convict|death sentence|life term", CountRole.CONVICTED),
        (r"(?:arrests?|detentions|penangkapan|tangkapan)\b", CountRole.ARRESTED),
        (r"detainees?|tahanan|inmates?", CountRole.DETAINED),
        (r"perekrut|calo|penyalur|ejen|recruiter|traffickers?", CountRole.RECRUITER),
        (r"jenazah|mayat|bodies|body|deaths?|casualties", CountRole.DEAD),
        (r"returnees?", CountRole.REPATRIATED),
        (r"deportees?", CountRole.DEPORTED),
        (r"pelapor|pengadu", CountRole.COMPLAINANT),
        (r"korban|mangsa|victims?|survivors?|captives?|hostages?", CountRole.VICTIM),
    )
)  # fmt: skip
# "Perekrut 12 pekerja divonis": the verb is about the recruiter, the figure about the recruited.
_TRADER_BEFORE = re.compile(
    r"\b(?:perekrut|penyalur|pengirim|penjual|pemberangkat|merekrut|menjual|mengirim|memberangkatkan|mempekerjakan|menempatkan|menampung|menyelundupkan|menyalurkan|memasok|menggiring|menjebak|memperdaya|menipu|menjerat|menyeludup|memperdagangkan|"
    r"kirim|rekrut|jual|salurkan|berangkatkan|seludup|selundupkan|pekerjakan|perdagangkan|jerat|tipu|recruiters? of|sending|recruiting|luring|trafficking|selling|"
    r"smuggling|recruited|lured|trafficked|smuggled|sold|sent|shipped|duped|who sent|for sending)\s(?:sekitar\s|sedikitnya\s|sebanyak\s|seramai\s|at least\s|about\s|some\s|more than\s|lebih dari\s)?$",
    re.IGNORECASE,
)
# "Jumlah korban mencapai 38 orang"
_VICTIMS_BEFORE = re.compile(
    r"\b(?:korban|mangsa|victims)\s(?:\w+\s)?(?:mencapai|sebanyak|ada|berjumlah|menjadi|seramai|number|numbered|total|totalled)\s(?:\w+\s)?$",
    re.IGNORECASE,
)
# Acts whose persons may be on either side of the law: the noun says which.
_ROLE_BY_NOUN = frozenset({EventType.INVESTIGATION, EventType.SANCTION, EventType.PROSECUTION})
# People who are counted for other reasons than the subject.
_BYSTANDER_NOUN = re.compile(
    r"^(?:saksi|anggota|petugas|personel|pegawai|karyawan|agen|penumpang|pemain|staff|employees?|students?|mahasiswa|passengers|residents|operators?|admin|brothers|sisters|saudara|managers|bosses|pejabat|narasumber|pemimpin|penduduk)$",
    re.IGNORECASE,
)
_SINGLE_NOUNS = re.compile(
    r"^(?:wni|warga|korban|mangsa|tersangka|pria|wanita|perempuan|laki|lelaki|pekerja|rakyat|terdakwa|perekrut|buronan|remaja|anak|pmi|wna|pelaku)$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Draft:
    """A claim in the making: the figure, where it stands, the word that governs it."""

    quantity: Quantity
    sentence: Sentence
    cue: EventCue | None
    role: CountRole | None
    parent: Draft | None = None
    is_part: bool = False
    is_rest: bool = False
    nationality: str | None = None
    is_cumulative: bool = False
    since: dt.date | None = None
    as_of: dt.date | None = None
    is_planned: bool = False


def governing_cue(sentence: Sentence, start: int, end: int) -> EventCue | None:
    """Return the event word that the figure at ``start:end`` belongs to, or None within ``REACH``."""
    best: tuple[float, EventCue] | None = None
    text, offset = sentence.text, sentence.start
    done = any(not (cue.is_planned or cue.is_denied) for cue in sentence.cues)
    for cue in sentence.cues:
        if cue.is_denied:
            continue
        if cue.end <= start:
            gap, comes_first = text[cue.end - offset : start - offset], True
        elif end <= cue.start:
            gap, comes_first = text[end - offset : cue.start - offset], False
        else:
            continue
        cost = float(len(gap))
        cost += _COMMA * gap.count(",") + _STOP * sum(gap.count(mark) for mark in ";:")
        cost += _CONJUNCTION * len(_CONJUNCTIONS.findall(gap))
        cost += _FIGURE_BETWEEN * sum(
            1 for item in sentence.quantities
            if item.is_persons and not item.is_anaphor and min(end, cue.end) <= item.start and item.end <= max(start, cue.start)
        )  # fmt: skip
        # "asking to go home": what is only wanted comes behind what was done
        cost += _PLANNED_BESIDE if cue.is_planned and done else 0
        if cue.side == "before":
            cost += _WRONG_SIDE if comes_first else 0
        elif cue.side == "after":
            cost += 0 if comes_first else _WRONG_SIDE
        else:
            cost += 20 if comes_first else 45
        if best is None or cost < best[0]:
            best = (cost, cue)
    return best[1] if best and best[0] <= REACH else None


def read(article: Article, mentions: Sequence[Mention]) -> list[Claim]:
    """Return the ledger rows of one article in text order."""
    sentences = segments.read(article)
    cases = {
        item.best for sentence in sentences[1:4] for item in sentence.quantities
        if item.measure in {"cases", "complaints"} and (item.best or 0) >= _TALLY
    }  # fmt: skip
    # A headline makes people of the cases below: "9.412 WNI Terseret" of "9.412 kasus".
    drafts = [
        draft
        for sentence in sentences
        for draft in _drafts(sentence)
        if not (sentence.is_title and draft.quantity.best in cases)
    ]
    _give_roles(drafts, sentences)
    _find_parts(drafts)
    _date_totals(drafts, sentences)
    _spread_totals(drafts)
    _share_totals(drafts)
    _give_nationalities(drafts, mentions)
    drafts = [draft for draft in drafts if draft.role is not None]
    return _claims(article, drafts, mentions)


def is_running_total(claim: Claim, sentence: Sentence, reference: dt.date) -> bool:
    """Whether a count of persons is a long running total told in passing rather than the event itself."""
    if not claim.is_cumulative:
        return False
    if claim.cumulative_since is None:
        return claim.as_of_date is not None and reference - claim.as_of_date > _OLD_TOTAL
    if sentence.index <= 1 and claim.role is not CountRole.DEAD:
        return False
    until = claim.as_of_date or reference
    closed = until < reference - _JUST_NOW and until - claim.cumulative_since > _CLOSED_PERIOD
    return closed or (
        until - claim.cumulative_since > LONG_TOTAL
        or reference - claim.cumulative_since > LONG_TOTAL
    )


def batch_sums(returns: Sequence[Claim]) -> dict[str, int]:
    """Return claim -> sum for returns that a text gives batch by batch and together: 400 + 154 = 554."""
    whole = [claim for claim in returns if claim.sex is None and (claim.best or 0) >= _LEAST_BATCH]
    sizes = sorted({claim.best for claim in whole if claim.best})[-_MOST_BATCHES:]
    found: dict[str, int] = {}
    for n in (2, 3, 4):
        for parts in itertools.combinations(sizes, n):
            if sum(parts) in sizes:
                batches = [claim for claim in whole if claim.best in parts]
                if len({claim.nationality for claim in batches}) == 1:
                    found.update({claim.claim_id: sum(parts) for claim in batches})
    return found


# "belasan orang per hari": a pace, not a number of people.
_RATE = re.compile(
    r"\s?(?:orang\s|people\s|wni\s)?(?:(?:per|setiap|tiap|saban)\s(?:hari|pekan|minggu|bulan)|a (?:day|week|month)(?!\s(?:ago|later|earlier|before|after))|(?:per|each|every) (?:day|week|month)|daily|sehari-hari)\b",
    re.IGNORECASE,
)


def _drafts(sentence: Sentence) -> list[Draft]:
    drafts = []
    for quantity in sentence.quantities:
        if quantity.is_anaphor or not _counts_persons(sentence, quantity):
            continue
        if _RATE.match(sentence.text, max(quantity.end, quantity.noun_end) - sentence.start):
            continue
        cue = governing_cue(sentence, quantity.start, max(quantity.end, quantity.noun_end))
        draft = Draft(quantity, sentence, cue, None, is_planned=bool(cue and cue.is_planned))
        draft.is_cumulative, draft.since, draft.as_of = _running(sentence, quantity)
        if is_earlier_total(sentence, quantity.start, quantity.best):
            draft.is_cumulative = True
        drafts.append(draft)
    return drafts


# "Sembilan calon operator judol": people who were to become that.
_WOULD_BE = re.compile(
    r"\s?(?:orang\s)?(?:calon|bakal|would-be|aspiring|prospective|eks|bekas|mantan|former|ex)[\s-](?:\w+)",
    re.IGNORECASE,
)


def _counts_persons(sentence: Sentence, quantity: Quantity) -> bool:
    """Whether the figure counts persons: by its noun, or bare but plainly about people."""
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
    if _PART_AFTER.match(after) or _OTHERS_AFTER.match(after):
        earlier = [item for item in sentence.quantities if item.end <= quantity.start]
        return not (earlier and earlier[-1].measure == "other")  # "tujuh negara ..., tiga lainnya"
    if _TOTAL_VERB.search(before) and quantity.best >= _TALLY:
        return bool(_TOTAL_OF_PERSONS.search(whole) or _TOTAL_POINTING_BACK.search(before))
    return _BARE_PERSONS_BEFORE.search(before) is not None or _has_cue_right(
        after, sentence, quantity
    )


# "mencokok tiga agen": whom police catch is no bystander, whatever the trade.
_CAUGHT = frozenset({EventType.ARREST, EventType.VERDICT, EventType.PROSECUTION})
_CAUGHT_REACH = 20
_TRADE = re.compile(
    r"^(?:agen|agents?|pegawai|karyawan|staff|employees?|operators?|admin|managers|bosses|anggota|brothers|sisters|saudara)$",
    re.IGNORECASE,
)

_YOUNG = re.compile(r"^(?:mahasiswa|students?|pelajar|penumpang|passengers)$", re.IGNORECASE)


def _is_caught(sentence: Sentence, quantity: Quantity) -> bool:
    end = max(quantity.end, quantity.noun_end)
    trade, young = _TRADE.match(quantity.noun), _YOUNG.match(quantity.noun)
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


# "The commission had reported 2,730 a week ago", "Sepekan sebelumnya baru tercatat 1.150": the same total as it
# stood some days before.
_EARLIER_VERB = re.compile(
    r"\b(?:had (?:previously |earlier )?(?:reported|recorded|counted|stood at|been|announced|put)|(?:figure|total|count|tally|number) (?:had )?(?:stood|was|were|had been)|"
    r"up from|compared with|naik dari|meningkat daripada|bertambah dari|(?:baru|masih|hanya) (?:mencatat|tercatat|berjumlah|di angka)|"
    r"(?:sebelumnya|lalu),? (?:\w+ ){0,3}?(?:baru|masih|hanya)|(?:jumlahnya|angkanya|totalnya) (?:baru|masih|hanya)|"
    r"sebelumnya (?:\w+ ){0,3}?(?:mengumumkan|mencatat|menyebut|melaporkan|tercatat))\b",
    re.IGNORECASE,
)


def is_earlier_total(sentence: Sentence, start: int, size: float | None) -> bool:
    """Whether the figure at ``start`` is the total of a series as it stood earlier, quoted beside a new one."""
    begin = start - sentence.start
    said = _EARLIER_VERB.search(sentence.text, max(0, begin - 90), begin)
    return said is not None and (size or 0) >= _TALLY and _DAY_ONLY.search(sentence.text) is None


def _running(sentence: Sentence, quantity: Quantity) -> tuple[bool, dt.date | None, dt.date | None]:
    """Return whether the figure is a running total, since when, and as of when."""
    since = as_of = None
    is_span = False
    for day in sentence.dates:
        if day.is_statement_day or not _speaks_of(sentence, quantity, day):
            continue
        if day.bound == "since":
            since = day.date_start
        elif day.bound == "until":
            as_of = day.date_end
        elif day.bound == "span" and day.days > 3:
            since, as_of, is_span = day.date_start, day.date_end, True
    before = sentence.text[
        max(0, quantity.start - sentence.start - 70) : quantity.start - sentence.start
    ]
    after = sentence.text[quantity.end - sentence.start : quantity.end - sentence.start + 60]
    if since or is_span:
        return True, since, as_of
    if _DAY_ONLY.search(before) or _DAY_ONLY.search(after):
        return False, None, None
    words = _TOTAL_NEAR.search(before[-38:]) or _TOTAL_AFTER.search(after)
    clause = _clause(sentence, quantity)
    following = (
        item.start
        for item in sentence.quantities
        if item.is_persons
        and not item.is_anaphor
        and item.sex is None
        and item.start > quantity.end
    )
    until = min(clause[1], next(following, clause[1]))  # beyond it, "since" is the next figure's
    unsaid = _SINCE_SOMETHING.search(
        sentence.text, quantity.end - sentence.start, until - sentence.start
    )
    return bool(as_of or words or unsaid), None, as_of


def _speaks_of(sentence: Sentence, quantity: Quantity, day: DateExpression) -> bool:
    """Whether a date stands in the figure's clause with no other figure of persons in between."""
    left, right = _clause(sentence, quantity)
    if not left <= day.start < right:
        return False
    if day.start < quantity.start:
        return True
    return not any(
        item.measure in {"persons", None}
        and not item.is_anaphor
        and quantity.end <= item.start < day.start
        for item in sentence.quantities
        if item.sex is None
    )


_CONTRAST = re.compile(r";|\b(?:sedangkan|sementara|manakala|while|adapun)\b", re.IGNORECASE)


def _clause(sentence: Sentence, quantity: Quantity) -> tuple[int, int]:
    """Return the stretch of the sentence around the figure, between semicolons and contrasts."""
    left, right = sentence.start, sentence.end
    for match in _CONTRAST.finditer(sentence.text):
        if match.end() <= quantity.start - sentence.start:
            left = sentence.start + match.end()
        elif match.start() >= quantity.end - sentence.start:
            right = sentence.start + match.start()
            break
    return left, right


# "The earlier group landed on June 12. The ministry counts 47 people on that flight": told just before.
_THAT = re.compile(
    r"\b(?:that|those|them|the (?:flight|group|raid|operation)|itu|tersebut|ini|mereka|berkenaan)\b",
    re.IGNORECASE,
)


def _role_told_before(draft: Draft, sentences: Sequence[Sentence]) -> CountRole | None:
    """Return the role of the one event of the sentence before, where the figure's clause points back to it."""
    quantity, sentence = draft.quantity, draft.sentence
    if sentence.index < 2 or not _THAT.search(sentence.text[quantity.end - sentence.start :][:40]):
        return None
    told = [
        cue for cue in sentences[sentence.index - 1].cues if not (cue.is_denied or cue.is_planned)
    ]
    return told[0].role if len(told) == 1 and told[0].side == "before" else None


# "Cambodia began the drive on Feb. 10. By Sunday it had rounded up 1,904": what began, and when.
_BEGAN = re.compile(
    r"\b(?:began|begun|launched|started|kicked off|dimulai|dimulakan|bermula|dilancarkan|digulirkan|digelar|melancarkan|menggelar|memulai|memulakan)\b",
    re.IGNORECASE,
)
_CAMPAIGN = re.compile(
    r"\b(?:campaign|crackdown|drive|sweeps?|operations?|push|offensive|operasi|kempen|kampanye|razia|penertiban|pembersihan|serbuan|exodus|eksodus|hitungan|count|tally)\b",
    re.IGNORECASE,
)
_SWEPT = frozenset(
    {
        CountRole.ARRESTED,
        CountRole.DETAINED,
        CountRole.ESCAPED,
        CountRole.RESCUED,
        CountRole.COMPLAINANT,
    }
)


def _campaign_day(sentence: Sentence) -> dt.date | None:
    """Return the first day of the campaign that a sentence without a figure of persons speaks of."""
    if any(item.is_persons for item in sentence.quantities):
        return None
    if not _CAMPAIGN.search(sentence.text):
        return None
    begun = _BEGAN.search(sentence.text) is not None
    days = (item for item in sentence.dates if not item.is_statement_day and item.days <= 7)
    return next(
        (day.date_start for day in days if day.bound == "since" or (begun and day.bound == "on")),
        None,
    )


def _date_campaigns(drafts: Sequence[Draft], sentences: Sequence[Sentence]) -> None:
    """Read since when a sweep's total runs from the sentence beside it that tells when the sweep began."""
    for draft in drafts:
        index = draft.sentence.index
        if draft.since is not None or draft.role not in _SWEPT or _size(draft) < _TALLY:
            continue
        ahead = _campaign_day(sentences[index - 1]) if draft.is_cumulative and index else None
        own = draft.is_cumulative or all(day.is_statement_day for day in draft.sentence.dates)
        behind = sentences[index + 1 : index + 2] if own and not draft.sentence.is_title else []
        begun = ahead or next((day for item in behind if (day := _campaign_day(item))), None)
        if begun is not None:
            draft.is_cumulative, draft.since = True, begun


def _date_totals(drafts: Sequence[Draft], sentences: Sequence[Sentence]) -> None:
    """Read since when a total runs from the sentence behind it: "Angka itu dihitung sejak 31 Agustus"."""
    _date_campaigns(drafts, sentences)
    for draft in drafts:
        following = sentences[draft.sentence.index + 1 : draft.sentence.index + 2]
        if draft.since is not None or not following or draft.sentence.is_title or draft.is_part:
            continue
        behind = following[0]
        pointing = _TOTAL_POINTING_BACK.search(behind.text[:_POINTING_REACH])
        if pointing is None or any(item.is_persons for item in behind.quantities):
            continue
        day = next(
            (
                item
                for item in behind.dates
                if not item.is_statement_day and item.bound in {"since", "span"}
            ),
            None,
        )
        if day is not None:
            draft.is_cumulative, draft.since = True, day.date_start
            draft.as_of = day.date_end if day.bound == "span" else draft.as_of


def _give_roles(drafts: list[Draft], sentences: Sequence[Sentence]) -> None:
    """Give each figure its role: by its verb and noun, else that of the figure before it, else the first."""
    previous: Draft | None = None
    for draft in drafts:
        draft.role = _own_role(draft) or _role_told_before(draft, sentences)
        if (
            draft.role is None
            and previous is not None
            and draft.sentence.index - previous.sentence.index <= 1
        ):
            draft.role = previous.role
        if draft.role is not None:
            previous = draft
    main = next((draft.role for draft in drafts if draft.role is not None), None)
    for draft in drafts:
        if draft.role is None and draft.sentence.is_lead:
            draft.role = main


def _own_role(draft: Draft) -> CountRole | None:
    """Return the role that the figure's own verb and noun give it."""
    before = draft.sentence.text[: draft.quantity.start - draft.sentence.start][-30:]
    if _TRADER_BEFORE.search(before):
        return CountRole.VICTIM
    noun = _noun_role(draft)
    if noun is None and _VICTIMS_BEFORE.search(before):
        return CountRole.VICTIM
    role = draft.cue.role if draft.cue else None
    if draft.cue is not None and draft.cue.event_type in _ROLE_BY_NOUN:
        role = noun or role
    if role is CountRole.DETAINED and noun is CountRole.SUSPECT:
        return CountRole.ARRESTED
    if noun is CountRole.DEAD or (
        noun is CountRole.SUSPECT and role in {CountRole.VICTIM, CountRole.REMAINING}
    ):
        return noun
    return role or noun


def _noun_role(draft: Draft) -> CountRole | None:
    sentence, quantity = draft.sentence, draft.quantity
    start = quantity.end - sentence.start
    end = max(quantity.end, quantity.noun_end) - sentence.start
    behind = sentence.text[start : end + 24]
    return next((role for pattern, role in _ROLE_OF_NOUN if pattern.match(behind)), None)


# "27 dari 28", "53 WNI termasuk di antara 214 orang": the whole stands behind its part.
_WHOLE_BEHIND = re.compile(
    r"\s?(?:\w+\s){0,2}?(?:dari|daripada|of(?: the)?|out of|among(?: the)?|antara|(?:termasuk )?di antara|(?:\w+ )?dalam kalangan)\s(?:ke-?|total\s|the\s)?(\d[\d.,]*|\w+)",
    re.IGNORECASE,
)


def _find_parts(drafts: list[Draft]) -> None:
    """Point parts at the figure they are a part of."""
    for index, draft in enumerate(drafts):
        behind = _whole_behind(drafts, index)
        if behind is not None and not _has_clause(behind):
            _free(behind, drafts)
        whole = behind or _whole_before(drafts, index)
        if whole is not None:
            draft.is_part, draft.parent = True, whole
    _sum_parts(drafts)
    for draft in drafts:
        whole = draft.parent
        if whole is None:
            continue
        # The parts of one whole inherit its role when their own word gives none.
        if draft.cue is None:
            draft.role = whole.role or draft.role
    _share_totals(drafts)


def _share_totals(drafts: Sequence[Draft]) -> None:
    """Count a nation's or a sex's share of a running total over the days of the total."""
    for draft in drafts:
        whole = draft.parent
        if whole is None or not whole.is_cumulative or draft.since is not None:
            continue
        listed = draft.quantity.sex is not None or draft.quantity.nationality is not None
        if draft.cue is None or listed:
            draft.is_cumulative, draft.since, draft.as_of = True, whole.since, whole.as_of


def _whole_behind(drafts: list[Draft], index: int) -> Draft | None:
    draft = drafts[index]
    quantity = draft.quantity
    bare_after = draft.sentence.text[quantity.end - draft.sentence.start :][:60]
    if not _WHOLE_BEHIND.match(bare_after):
        return None
    for item in drafts[index + 1 : index + 3]:
        near = item.sentence is draft.sentence and item.quantity.start - quantity.end < 40
        if near and _size(item) > _size(draft):
            return item
    return None


# "5 dari 61 WNI yang ditangkap": here the verb is the whole's.
RELATIVE = re.compile(
    r"\s?(?:\w+\s){0,3}?(?:yang|who (?:were|had been|have been))\s", re.IGNORECASE
)


def _has_clause(whole: Draft) -> bool:
    behind = whole.sentence.text[whole.quantity.end - whole.sentence.start :][:50]
    return RELATIVE.match(behind) is not None


def _free(whole: Draft, drafts: Sequence[Draft]) -> None:
    """Take the part's verb from the whole behind it: its role is the one it has elsewhere, else victim."""
    whole.cue, whole.is_planned = None, False
    elsewhere = (
        item.role
        for item in drafts
        if item.sentence is not whole.sentence and _size(item) == _size(whole) and item.role
    )
    whole.role = next(elsewhere, CountRole.VICTIM)


def _whole_before(drafts: list[Draft], index: int) -> Draft | None:
    draft = drafts[index]
    sentence, quantity = draft.sentence, draft.quantity
    larger = [
        item for item in drafts[max(0, index - _LOOK_BACK) : index] if _size(item) > _size(draft)
    ]
    if not larger:
        return None
    # Parts of a list hang on the same whole, not on each other.
    whole = next(
        (
            item
            for item in reversed(larger)
            if not item.is_part or item.sentence.index < sentence.index
        ),
        larger[-1],
    )
    if sentence.index - whole.sentence.index <= 2:
        before = sentence.text[: quantity.start - sentence.start][-90:]
        after = sentence.text[max(quantity.end, quantity.noun_end) - sentence.start :][:80]
        bare_after = sentence.text[quantity.end - sentence.start :][:80]
        if _PART_BEFORE.search(before) or _PART_AFTER.match(after) or _PART_AFTER.match(bare_after):
            return whole
        if quantity.sex is not None or quantity.nationality is not None:
            divided = _divided(drafts, index, larger)
            if divided is not None:
                return divided
        if _REST.search(before[-40:]):
            draft.is_rest = True
            while whole.parent is not None:  # the rest is what the whole has beside its other parts
                whole = whole.parent
            return whole
    left = drafts[index - 1]
    if left.is_part and left.sentence is sentence and _in_list(sentence, left.quantity, quantity):
        return left.parent
    return None


def _divided(drafts: list[Draft], index: int, larger: Sequence[Draft]) -> Draft | None:
    """Return the nearest figure before that a count by sex or nationality divides."""
    draft = drafts[index]
    for whole in list(reversed(larger))[:_MOST_WHOLES]:
        if draft.sentence.index - whole.sentence.index > 2:
            return None
        if whole.is_part and whole.sentence is draft.sentence:
            continue
        later = drafts[drafts.index(whole, max(0, index - _LOOK_BACK)) + 1 :][: 2 * _LOOK_BACK]
        if _breaks_down(draft, whole, later):
            return whole
    return None


def _sum_parts(drafts: list[Draft]) -> None:
    """Mark figures of one sentence that add up exactly to the figure before them: 95 + 25 = 120."""
    for position, parent in enumerate(drafts):
        size = _size(parent)
        if parent.is_part or size < 3:
            continue
        for sentence_index in (
            parent.sentence.index,
            parent.sentence.index + 1,
            parent.sentence.index + 2,
        ):
            rows = [i for i in range(position + 1, len(drafts))
                    if drafts[i].sentence.index == sentence_index and not drafts[i].is_part and 0 < _size(drafts[i]) < size]  # fmt: skip
            if len(rows) >= 2 and sum(_size(drafts[i]) for i in rows) == size:
                for i in rows:
                    drafts[i].is_part, drafts[i].parent = True, parent
                break
        # A headline that lists the parts of the figure in the lead: "128 Chinese, 34 Indonesians" of 162.
        titled = [
            item
            for item in drafts[:position]
            if item.sentence.is_title and not item.is_part and 0 < _size(item) < size
        ]
        if parent.sentence.is_lead and len(titled) >= 2 and sum(map(_size, titled)) == size:
            for item in titled:
                item.is_part, item.parent = True, parent


def _spread_totals(drafts: list[Draft]) -> None:
    """Mark every telling of a running total as one: headline and lead often leave the period out.

    People who turn to an embassy are always counted so far, unless the figure is that of one day.
    """
    for draft in drafts:
        if draft.role is CountRole.REMAINING and draft.since is None:
            draft.is_cumulative = False  # a stock on a day, not a sum of days
        elif draft.role is CountRole.COMPLAINANT and not draft.is_part and _size(draft) >= _TALLY:
            draft.is_cumulative = draft.is_cumulative or not _of_one_day(draft)
    tally = next((draft for draft in drafts if draft.since and draft.sentence.is_lead), None)
    for draft in drafts:
        # What courts and police did with them is counted over the same campaign.
        undated = all(day.is_statement_day for day in draft.sentence.dates)
        later = tally is not None and draft.sentence.index > tally.sentence.index
        if (
            tally is not None
            and later
            and undated
            and draft.role in _OUTCOMES
            and not draft.is_part
        ):
            draft.is_cumulative, draft.since, draft.as_of = True, tally.since, tally.as_of
    totals: dict[tuple[float, CountRole | None], Draft] = {}
    for draft in drafts:
        key = (_size(draft), _held(draft.role))
        if (
            draft.is_cumulative
            and key[0] > 1
            and draft.quantity.best is not None
            and (key not in totals or totals[key].since is None)
        ):
            totals[key] = draft
    for draft in drafts:
        total = totals.get((_size(draft), _held(draft.role)))
        if total is not None and draft.quantity.best is not None and draft.since is None:
            draft.is_cumulative = True
            draft.since, draft.as_of = total.since, total.as_of


def _held(role: CountRole | None) -> CountRole | None:
    """Return one role for those held: papers call the same people arrested and detained."""
    return CountRole.ARRESTED if role is CountRole.DETAINED else role


def _of_one_day(draft: Draft) -> bool:
    offset, quantity = draft.sentence.start, draft.quantity
    around = draft.sentence.text[max(0, quantity.start - offset - 60) : quantity.end - offset + 60]
    return _DAY_ONLY.search(around) is not None or any(
        day.bound == "on" and day.days <= 2 and not day.is_statement_day
        and abs(day.start - quantity.end) <= 40
        for day in draft.sentence.dates
    )  # fmt: skip


def _size(draft: Draft) -> float:
    return draft.quantity.best or draft.quantity.low or 0


def _in_list(sentence: Sentence, left: Quantity, right: Quantity) -> bool:
    gap = sentence.text[
        max(left.end, left.noun_end) - sentence.start : right.start - sentence.start
    ]
    return (
        len(gap) <= 40
        and ";" not in gap
        and bool(re.match(r"^[^.]*?(?:,|\band\b|\bdan\b|\bserta\b|\bfollowed by\b)", gap))
    )


def _breaks_down(draft: Draft, whole: Draft, later: list[Draft]) -> bool:
    """Whether a count by sex or nationality divides the figure before it."""
    if (
        draft.cue is not None
        and whole.cue is not None
        and draft.cue.event_type != whole.cue.event_type
        and draft.sentence is not whole.sentence
    ):
        return False
    if draft.quantity.sex is not None:
        return True
    if whole.quantity.nationality is not None:
        return False
    neighbours = [
        item for item in later if item.sentence is draft.sentence and item.quantity.nationality
    ]
    return (len(neighbours) >= 2 or draft.sentence is whole.sentence) and sum(
        map(_size, neighbours)
    ) <= _size(whole)


def _give_nationalities(drafts: list[Draft], mentions: Sequence[Mention]) -> None:
    stated = [
        item.canonical_id
        for item in mentions
        if item.kind is MentionKind.NATIONALITY and item.canonical_id
    ]
    counted = {draft.quantity.nationality for draft in drafts if draft.quantity.nationality}
    only = counted.pop() if len(counted) == 1 else None
    if only is None and not counted and stated and len(set(stated)) == 1:
        only = stated[0]
    for draft in drafts:
        draft.nationality = draft.quantity.nationality
        if draft.nationality is None and draft.parent is not None:
            draft.nationality = draft.parent.nationality or draft.parent.quantity.nationality
        if (
            draft.nationality is None
            and only is not None
            and not re.search(
                r"asing|foreign",
                draft.sentence.text[draft.quantity.end - draft.sentence.start :][:30],
                re.IGNORECASE,
            )
        ):
            draft.nationality = only if len(only) == 3 else None


def _as_int(value: float | None) -> int | None:
    return None if value is None else int(value)


def _claims(article: Article, drafts: list[Draft], mentions: Sequence[Mention]) -> list[Claim]:
    agencies = [item for item in mentions if item.kind is MentionKind.AGENCY]
    claims = []
    for draft in drafts:
        quantity, role = draft.quantity, draft.role
        assert role is not None
        parent = draft.parent
        claims.append(
            Claim(
                claim_id=_claim_id(article, draft),
                article_id=article.article_id,
                role=role,
                low=_as_int(quantity.low),
                best=_as_int(quantity.best),
                high=_as_int(quantity.high),
                relation=quantity.relation,
                nationality=draft.nationality,
                sex=quantity.sex,
                as_of_date=draft.as_of,
                is_cumulative=draft.is_cumulative,
                cumulative_since=draft.since,
                subset_of=_claim_id(article, parent)
                if parent is not None and parent.role
                else None,
                speaker_agency_id=_speaker(draft, agencies),
                is_planned=draft.is_planned,
                start=quantity.start,
                end=quantity.end,
                surface=quantity.surface,
                extractor=EXTRACTOR,
                extractor_version=VERSION,
            )
        )
    return claims


def _claim_id(article: Article, draft: Draft) -> str:
    return make_id("claim", article.article_id, draft.quantity.start, draft.quantity.end)


def _speaker(draft: Draft, agencies: Sequence[Mention]) -> str | None:
    """Return the agency that gives the figure: the nearest one named in its sentence."""
    inside = [
        item
        for item in agencies
        if draft.sentence.start <= item.start < draft.sentence.end and item.canonical_id
    ]
    if not inside:
        return None
    sources = [
        item for item in inside if item.role in {"source_of_figure", "spokesperson"}
    ] or inside
    return min(sources, key=lambda item: abs(item.start - draft.quantity.start)).canonical_id
