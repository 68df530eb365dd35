"""Point the parts of a count at the figure that they are a part of.

    [Draft] -> [Draft]

A part is said to be one ("di antaranya", "of whom", "27 dari 28"), divides the figure before it by sex or
nation, or adds up to it with its neighbours.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from pipeline.drafts import Draft, size_of
from pipeline.numbers import Quantity
from pipeline.records import CountRole
from pipeline.segments import Sentence

# How many figures back the whole of a part is sought; no list of nationalities is longer.
_LOOK_BACK, _MOST_WHOLES = 30, 6
# A part of a larger group, said before the figure ...
_PART_BEFORE = re.compile(
    r"(?:di antara (?:mereka|jumlah|ke-?\w+)|(?<!naik )(?<!turun )(?<!meningkat )(?<!menurun )(?<!bertambah )dari(?:pada)? (?:jumlah|total|angka|keseluruhan|mereka|ke-?\d+|antara|\d[\d.,]*)\b[^.;]{0,40}|termasuk(?: di antaranya)?|meliputi|terdiri (?:dari|atas|daripada)|"
    r"rinciannya|perinciannya|yakni|yaitu|iaitu|daripada jumlah(?: itu| tersebut)?|including|among them|of whom|of which|of these|of those|of (?:the |its |their )?\d[\d,.]*\b[^.;]{0,50},|of the (?:[\d,.]+|foreigners|detainees|people|accused|\w+)|"
    r"(?:largest|biggest|second-largest|smallest) (?:group|share|contingent|number|bloc|part|nationality)[^.;\d]{0,30}?(?:with|at|are|were|is|was|,|of)|(?:kelompok|kumpulan|jumlah) (?:terbesar|terbanyak)[^.;\d]{0,40}?(?:dengan|sebanyak|seramai|yakni|yaitu|iaitu|,)|"
    r"(?:led|followed|topped|dominated) by|ahead of|disusul|diikuti|didominasi|"
    r"made up of|comprising|consist(?:s|ing|ed) of|include(?:s|d)?|among (?:the|those)|broke(?:n)? [\w ]+ down into)"
    r"[,:]?\s(?:ada\s|sebanyak\s|seramai\s|about\s|some\s|sekitar\s|at least\s|sedikitnya\s|an additional\s)?$",
    re.IGNORECASE,
)
# ... or after it.
PART_AFTER = re.compile(
    r"^\s?(?:orang\s|people\s)?(?:dalam|di|from|in) (?:rombongan|kelompok|kumpulan|the group|that group)\b|^\s?(?:\w+\s){0,4}?(?:di antara(?:nya| mereka)|diantaranya|daripada (?:mereka|jumlah)|of (?:them|whom|these|those|the \d[\d,]*|(?:the|its|their) (?-i:[A-Z])\w+|the (?:men|women|victims|workers|people|detainees|foreigners|arrivals|returnees|suspects))|among them|dari (?:mereka|jumlah|total|yang|ke-?\d+|\d[\d.,]*|kelompok|rombongan) ?|(?:dari|daripada) [\d.,]+ |of the [\d.,]+)",
    re.IGNORECASE,
)
OTHERS_AFTER = re.compile(
    r"^\s?(?:orang\s|wni\s|others?\s)?(?:lain(?:nya)?|lagi|sisanya|others?|more)\b", re.IGNORECASE
)
_REST = re.compile(
    r"\b(?:sisanya|selebihnya|the rest|the remaining|the remainder|baki)\b", re.IGNORECASE
)
# "27 dari 28", "53 WNI termasuk di antara 214 orang": the whole stands behind its part.
_WHOLE_BEHIND = re.compile(
    r"\s?(?:\w+\s){0,2}?(?:dari|daripada|of(?: the)?|out of|among(?: the)?|antara|(?:termasuk )?di antara|(?:\w+ )?dalam kalangan)\s(?:ke-?|total\s|the\s)?(\d[\d.,]*|\w+)",
    re.IGNORECASE,
)


def find(drafts: list[Draft]) -> None:
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


def _whole_behind(drafts: list[Draft], index: int) -> Draft | None:
    draft = drafts[index]
    quantity = draft.quantity
    bare_after = draft.sentence.text[quantity.end - draft.sentence.start :][:60]
    if not _WHOLE_BEHIND.match(bare_after):
        return None
    for item in drafts[index + 1 : index + 3]:
        near = item.sentence is draft.sentence and item.quantity.start - quantity.end < 40
        if near and size_of(item) > size_of(draft):
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
        if item.sentence is not whole.sentence and size_of(item) == size_of(whole) and item.role
    )
    whole.role = next(elsewhere, CountRole.VICTIM)


def _whole_before(drafts: list[Draft], index: int) -> Draft | None:
    draft = drafts[index]
    sentence, quantity = draft.sentence, draft.quantity
    larger = [
        item
        for item in drafts[max(0, index - _LOOK_BACK) : index]
        if size_of(item) > size_of(draft)
    ]
    if not larger:
        return None
    # Parts of a list hang on the same whole, not on each other.
    whole = _named_again(sentence, quantity, larger) or next(
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
        if _PART_BEFORE.search(before) or PART_AFTER.match(after) or PART_AFTER.match(bare_after):
            return whole
        left = drafts[index - 1]
        if quantity.nationality and left.quantity.nationality and left.is_part and left.sentence is sentence and _in_list(sentence, left.quantity, quantity):  # fmt: skip
            return left.parent
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


_NAME = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][a-z]{3,}\b")
_NAME_REACH = 90


def _named_again(sentence: Sentence, quantity: Quantity, larger: Sequence[Draft]) -> Draft | None:
    """Return the larger figure beside which a name stood that the list of its parts opens with.

    "412 out of a building in Bavet, of 1,180 so far. Those picked up at Bavet include 171": of the 412.
    """
    opening = sentence.text[: quantity.start - sentence.start]
    names = set(_NAME.findall(opening))
    near = [item for item in larger if 0 < sentence.index - item.sentence.index <= 2]
    if not names or len({item.sentence.index for item in near}) != 1 or len(near) < 2:
        return None
    text = near[0].sentence.text
    told = [match.span() for match in _NAME.finditer(text) if match[0] in names]
    if not told:
        return None

    def distance(item: Draft) -> int:
        begin, end = (at - item.sentence.start for at in (item.quantity.start, item.quantity.end))
        return min(max(first - end, begin - last) for first, last in told)

    nearest = min(near, key=distance)
    return nearest if distance(nearest) <= _NAME_REACH else None


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
        size = size_of(parent)
        if parent.is_part or size < 3:
            continue
        _divide_by_others(drafts, position)
        for sentence_index in (
            parent.sentence.index,
            parent.sentence.index + 1,
            parent.sentence.index + 2,
        ):
            rows = [i for i in range(position + 1, len(drafts))
                    if drafts[i].sentence.index == sentence_index and not drafts[i].is_part and 0 < size_of(drafts[i]) < size]  # fmt: skip
            if len(rows) >= 2 and sum(size_of(drafts[i]) for i in rows) == size:
                for i in rows:
                    drafts[i].is_part, drafts[i].parent = True, parent
                break
        # A headline that lists the parts of the figure in the lead: "128 Chinese, 34 Indonesians" of 162.
        titled = [
            item
            for item in drafts[:position]
            if item.sentence.is_title and not item.is_part and 0 < size_of(item) < size
        ]
        if parent.sentence.is_lead and len(titled) >= 2 and sum(map(size_of, titled)) == size:
            for item in titled:
                item.is_part, item.parent = True, parent


def _divide_by_others(drafts: list[Draft], position: int) -> None:
    """Mark the last two figures of a text that divide a whole, the second called "the others": 11 + 117 = 128."""
    whole = drafts[position]
    for left, right in itertools.pairwise(drafts[position + 1 :]):
        after = right.sentence.text[right.quantity.end - right.sentence.start :]
        before = right.sentence.text[: right.quantity.start - right.sentence.start]
        near = 0 <= right.sentence.index - left.sentence.index <= 1
        told = OTHERS_AFTER.match(after) or _REST.search(before[-40:])
        if near and told and size_of(left) + size_of(right) == size_of(whole):
            for item in (left, right):
                if item.parent is None:
                    item.is_part, item.parent = True, whole


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
        map(size_of, neighbours)
    ) <= size_of(whole)
