"""Read the count ledger of an article: every figure of persons, and what it counts.

    Article, [Mention] -> [Claim]

A figure becomes a claim when it counts persons in a role that the text gives it. Figures of money,
cases, ages, sites are left to ``statistics``. Parts point at the figure they are a part of, so that
nothing is added twice; figures that say "since", "so far", "in total" are marked as running totals.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline import segments
from pipeline.cues import EventCue
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

# A running total that began longer ago than this, told in passing, is a statistic and not an event.
LONG_TOTAL = dt.timedelta(days=60)

# How far, in characters plus penalties, an event word may stand from the figure it governs. Chosen on
# the development set: longer reaches pick words of the next clause, shorter ones miss apposition chains.
REACH = 190
_WRONG_SIDE = 80
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
    r"^\s?(?:\w+\s){0,4}?(?:di antara(?:nya| mereka)|diantaranya|daripada (?:mereka|jumlah)|of (?:them|whom|these|those|the \d[\d,]*)|among them|dari (?:jumlah|total|ke-?\d+|\d[\d.,]*|kelompok|rombongan) ?|(?:dari|daripada) [\d.,]+ |of the [\d.,]+)",
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
_DAY_ONLY = re.compile(
    r"\b(?:hari itu saja|dalam sehari|sehari|in a (?:single )?day|on (?:that|the same) day|busiest day|puncaknya|tertinggi|peak)\b",
    re.IGNORECASE,
)

_ROLE_OF_NOUN: tuple[tuple[re.Pattern[str], CountRole], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), role)
    for pattern, role in (
        (r"tersangka|terduga pelaku|suspek|suspects?|pelaku|accused|ringleader|accomplice", CountRole.SUSPECT),
        (r"terdakwa|tertuduh|defendants?", CountRole.SUSPECT),
        (r"terpidana|convict|death sentence|life term", CountRole.CONVICTED),
        (r"arrests?$", CountRole.ARRESTED),
        (r"detainees?|tahanan|inmates?", CountRole.DETAINED),
        (r"perekrut|calo|penyalur|ejen|recruiter|traffickers?", CountRole.RECRUITER),
        (r"jenazah|mayat|bodies|body|deaths?|casualties", CountRole.DEAD),
        (r"returnees?", CountRole.REPATRIATED),
        (r"deportees?", CountRole.DEPORTED),
        (r"pelapor|pengadu", CountRole.COMPLAINANT),
        (r"korban|mangsa|victims?|survivors?|captives?|hostages?", CountRole.VICTIM),
    )
)  # fmt: skip
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
    drafts = [draft for sentence in sentences for draft in _drafts(sentence)]
    _give_roles(drafts)
    _find_parts(drafts)
    _give_nationalities(drafts, mentions)
    drafts = [draft for draft in drafts if draft.role is not None]
    return _claims(article, drafts, mentions)


def is_running_total(claim: Claim, sentence: Sentence, reference: dt.date) -> bool:
    """Whether a count of persons is a long running total told in passing rather than the event itself."""
    if sentence.index <= 1 or not claim.is_cumulative or claim.cumulative_since is None:
        return False
    until = claim.as_of_date or reference
    return (
        until - claim.cumulative_since > LONG_TOTAL
        or reference - claim.cumulative_since > LONG_TOTAL
    )


def _drafts(sentence: Sentence) -> list[Draft]:
    drafts = []
    for quantity in sentence.quantities:
        if quantity.is_anaphor or not _counts_persons(sentence, quantity):
            continue
        cue = governing_cue(sentence, quantity.start, max(quantity.end, quantity.noun_end))
        draft = Draft(quantity, sentence, cue, None, is_planned=bool(cue and cue.is_planned))
        draft.is_cumulative, draft.since, draft.as_of = _running(sentence, quantity)
        drafts.append(draft)
    return drafts


def _counts_persons(sentence: Sentence, quantity: Quantity) -> bool:
    """Whether the figure counts persons: by its noun, or bare but plainly about people."""
    if quantity.measure == "persons":
        if quantity.noun and _BYSTANDER_NOUN.match(quantity.noun):
            return False
        if quantity.surface.lower() == "seorang":
            return bool(_SINGLE_NOUNS.match(quantity.noun))
        return True
    if quantity.measure is not None or quantity.best is None or quantity.best < 2:
        return False
    if quantity.best != int(quantity.best) or quantity.best > 100_000:
        return False
    before = sentence.text[: quantity.start - sentence.start]
    after = sentence.text[quantity.end - sentence.start :]
    if re.match(r"\s?(?:%|persen|/|:\d|\.\d)", after) or re.search(
        r"(?:/|:|\bskor|\b(?:nomor|no)\.?)\s?$", before, re.IGNORECASE
    ):
        return False
    if _PART_AFTER.match(after) or _OTHERS_AFTER.match(after):
        return True
    if re.search(
        r"\b(?:sebanyak|seramai|sejumlah|the (?:first|last|other|remaining)|all|dari|of(?: the| these| those)?|these|the|another)\s(?:\w+\s)?$",
        before,
        re.IGNORECASE,
    ) and _has_cue_right(after, sentence, quantity):
        return True
    return _has_cue_right(after, sentence, quantity)


def _has_cue_right(after: str, sentence: Sentence, quantity: Quantity) -> bool:
    """Whether a verb that takes persons as its subject follows within a few words."""
    return any(
        cue.side == "before"
        and 0 <= cue.start - quantity.end <= 22
        and "," not in after[: cue.start - quantity.end]
        for cue in sentence.cues
    ) or bool(
        re.match(
            r"\s(?:had|have|were|are|orang|berada|telah|sudah|came|arrived|more|lagi)\b", after
        )
    )


def _running(sentence: Sentence, quantity: Quantity) -> tuple[bool, dt.date | None, dt.date | None]:
    """Return whether the figure is a running total, since when, and as of when."""
    since = as_of = None
    near = _clause(sentence, quantity)
    for day in sentence.dates:
        if day.is_statement_day or not (near[0] <= day.start < near[1]):
            continue
        if day.bound == "since":
            since = day.date_start
        elif day.bound == "until":
            as_of = day.date_end
        elif day.bound == "span" or day.days > 3:
            since, as_of = day.date_start, day.date_end
    before = sentence.text[
        max(0, quantity.start - sentence.start - 70) : quantity.start - sentence.start
    ]
    after = sentence.text[quantity.end - sentence.start : quantity.end - sentence.start + 60]
    if since or as_of:
        return True, since, as_of
    if _DAY_ONLY.search(before) or _DAY_ONLY.search(after):
        return False, None, None
    return (
        bool(
            _TOTAL_NEAR.search(before[-38:])
            or re.search(
                r"\b(?:so far|to date|sejauh ini|setakat ini|in (?:\w+ )days|dalam (?:\w+ )?hari)\b",
                after,
                re.IGNORECASE,
            )
        ),
        None,
        None,
    )


def _clause(sentence: Sentence, quantity: Quantity) -> tuple[int, int]:
    """Return the stretch of the sentence around the figure, between semicolons and contrasts."""
    text, offset = sentence.text, sentence.start
    left = max(
        (
            match.end()
            for match in re.finditer(
                r";|\bsedangkan\b|\bsementara\b|\bmanakala\b|\bwhile\b",
                text[: quantity.start - offset],
            )
        ),
        default=0,
    )
    right_match = re.search(
        r";|\bsedangkan\b|\bsementara\b|\bmanakala\b|\bwhile\b", text[quantity.end - offset :]
    )
    right = quantity.end - offset + right_match.start() if right_match else len(text)
    return left + offset, right + offset


def _give_roles(drafts: list[Draft]) -> None:
    main: CountRole | None = None
    previous: Draft | None = None
    for draft in drafts:
        noun_text = draft.sentence.text[
            draft.quantity.end - draft.sentence.start : max(
                draft.quantity.end, draft.quantity.noun_end
            )
            - draft.sentence.start
            + 24
        ]
        noun_role = next(
            (
                role
                for pattern, role in _ROLE_OF_NOUN
                if re.match(
                    rf"[\s-]*(?:\w+\s){{0,2}}?(?:{pattern.pattern})", noun_text, re.IGNORECASE
                )
            ),
            None,
        )
        role = draft.cue.role if draft.cue else None
        if draft.cue is not None and draft.cue.event_type in {
            EventType.INVESTIGATION,
            EventType.SANCTION,
            EventType.PROSECUTION,
        }:
            role = noun_role or role
        if role is None:
            role = noun_role
        if role in {CountRole.DETAINED} and noun_role is CountRole.SUSPECT:
            role = CountRole.ARRESTED
        if noun_role in {CountRole.DEAD} or (
            noun_role is CountRole.SUSPECT and role in {CountRole.VICTIM, CountRole.REMAINING}
        ):
            role = noun_role
        if role is None and previous is not None and previous.sentence is draft.sentence:
            role = previous.role
        if (
            role is None
            and previous is not None
            and draft.sentence.index - previous.sentence.index <= 1
        ):
            role = previous.role
        draft.role = role or main
        if main is None and draft.role is not None:
            main = draft.role
        if draft.role is not None:
            previous = draft


def _find_parts(drafts: list[Draft]) -> None:
    """Point parts at the figure they are a part of."""
    for index, draft in enumerate(drafts):
        sentence, quantity = draft.sentence, draft.quantity
        before = sentence.text[: quantity.start - sentence.start]
        after = sentence.text[max(quantity.end, quantity.noun_end) - sentence.start :]
        bare_after = sentence.text[quantity.end - sentence.start :]
        size = quantity.best or quantity.low or 0
        larger = [i for i in range(index) if _size(drafts[i]) > size]
        # "27 dari 28": the whole stands behind its part.
        whole = re.match(
            r"\s?(?:\w+\s){0,2}?(?:dari|daripada|of(?: the)?|out of)\s(?:ke-?|total\s|the\s)?(\d[\d.,]*|\w+)",
            bare_after,
            re.IGNORECASE,
        )
        if whole:
            behind = [i for i in range(index + 1, min(index + 3, len(drafts)))
                      if drafts[i].sentence is sentence and _size(drafts[i]) > size and drafts[i].quantity.start - quantity.end < 40]  # fmt: skip
            if behind:
                draft.is_part, draft.parent = True, drafts[behind[0]]
                continue
        marked = bool(
            _PART_BEFORE.search(before) or _PART_AFTER.match(after) or _PART_AFTER.match(bare_after)
        )
        listed = quantity.sex is not None or quantity.nationality is not None
        if not larger:
            continue
        nearest = larger[-1]
        for candidate in reversed(larger):
            # Parts of a list hang on the same whole, not on each other.
            if not drafts[candidate].is_part or drafts[candidate].sentence.index < sentence.index:
                nearest = candidate
                break
        near = drafts[nearest]
        same_sentence_or_next = sentence.index - near.sentence.index <= 2
        if (marked and same_sentence_or_next) or (listed and same_sentence_or_next and _breaks_down(draft, near, drafts[nearest + 1 :])):
            draft.is_part, draft.parent = True, near
        elif (
            index
            and drafts[index - 1].is_part
            and drafts[index - 1].sentence is sentence
            and _in_list(sentence, drafts[index - 1].quantity, quantity)
        ):
            draft.is_part, draft.parent = True, drafts[index - 1].parent
        elif _REST.search(before[-40:]) and same_sentence_or_next:
            draft.is_part, draft.parent, draft.is_rest = True, near, True
    _sum_parts(drafts)
    for draft in drafts:
        whole_draft = draft.parent
        if whole_draft is None or draft.cue is not None:
            continue
        # The parts of one whole inherit its role when their own word gives none.
        draft.role = whole_draft.role or draft.role
        if whole_draft.is_cumulative:
            draft.is_cumulative, draft.since, draft.as_of = (
                True,
                whole_draft.since,
                whole_draft.as_of,
            )


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
