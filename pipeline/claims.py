"""Read the count ledger of an article: every figure of persons, and what it counts.

    Article, [Mention] -> [Claim]

A figure becomes a claim when it counts persons in a role that the text gives it. Figures of money,
cases, ages, sites are left to ``statistics``. Parts point at the figure they are a part of, so that
nothing is added twice; figures that say "since", "so far", "in total" are marked as running totals.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from pipeline import persons, segments, totals, wholes
from pipeline.drafts import TALLY, Draft, governing_cue
from pipeline.numbers import Quantity
from pipeline.persons import TRADER_BEFORE, TRADER_REACH
from pipeline.records import (
    Article,
    Claim,
    CountRole,
    EventType,
    Mention,
    MentionKind,
    Relation,
    make_id,
)
from pipeline.segments import Sentence

EXTRACTOR = "rules.claims"
VERSION = "1"
_ROLE_OF_NOUN: tuple[tuple[re.Pattern[str], CountRole], ...] = tuple(
    (re.compile(rf"[\s-]*(?:\w+\s){{0,2}}?(?:{pattern})", re.IGNORECASE), role)
    for pattern, role in (
        (r"orang tua|ibu ?bapak?|kerabat|ahli keluarga|family members|parents|mothers|fathers|relatives|in-laws", CountRole.FAMILY_MEMBER),
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
# Of "sent 24 people home" or "sent 12 suspects to court" nobody was recruited.
_NOT_TRADED = re.compile(
    r"[^.;,]{0,40}?\b(?:home|back|to (?:court|prosecutors|jail|prison|trial)|pulang|kembali|balik|ke (?:mahkamah|pengadilan|penjara|kejaksaan|tanah air|indonesia|malaysia|jakarta))\b",
    re.IGNORECASE,
)
# "Jumlah korban mencapai 38 orang"
_VICTIMS_BEFORE = re.compile(
    r"\b(?:korban|mangsa|victims)\s(?:\w+\s)?(?:mencapai|sebanyak|ada|berjumlah|menjadi|seramai|number|numbered|total|totalled)\s(?:\w+\s)?$",
    re.IGNORECASE,
)
# Acts whose persons may be on either side of the law: the noun says which.
_ROLE_BY_NOUN = frozenset({EventType.INVESTIGATION, EventType.SANCTION, EventType.PROSECUTION})


def read(article: Article, mentions: Sequence[Mention]) -> list[Claim]:
    """Return the ledger rows of one article in text order."""
    sentences = segments.read(article)
    cases = {
        item.best for sentence in sentences[1:4] for item in sentence.quantities
        if item.measure in {"cases", "complaints"} and (item.best or 0) >= TALLY
    }  # fmt: skip
    # A headline makes people of the cases below: "9.412 WNI Terseret" of "9.412 kasus".
    drafts = [
        draft
        for sentence in sentences
        for draft in _drafts(sentence, sentences)
        if not (sentence.is_title and draft.quantity.best in cases)
    ]
    drafts = _without_shares_of_ten(drafts)
    _give_roles(drafts, sentences)
    wholes.find(drafts)
    totals.share(drafts)
    totals.date(drafts, sentences)
    totals.spread(drafts)
    totals.share(drafts)
    _give_nationalities(drafts, mentions)
    drafts = [draft for draft in drafts if draft.role is not None]
    return _claims(article, drafts, mentions)


# "belasan orang per hari": a pace, not a number of people.
_RATE = re.compile(
    r"\s?(?:orang\s|people\s|wni\s)?(?:(?:per|setiap|tiap|saban)\s(?:hari|pekan|minggu|bulan)|a (?:day|week|month)(?!\s(?:ago|later|earlier|before|after))|(?:per|each|every) (?:day|week|month)|daily|sehari-hari)\b",
    re.IGNORECASE,
)


# "Sembilan dari 10 pekerja", "nine in ten": a share, told without counting anybody.
_IN_TEN = re.compile(r"\s(?:dari(?:pada)?|in|out of(?: every)?)\s(?:setiap\s)?", re.IGNORECASE)
_TENS = frozenset({10.0, 100.0})


def _without_shares_of_ten(drafts: Sequence[Draft]) -> list[Draft]:
    """Return the drafts but for shares of ten or a hundred, unless ten people are told of elsewhere."""
    part_of = {id(draft): part for draft in drafts if (part := _part_of_ten(draft)) is not None}
    counted = {draft.quantity.best for draft in drafts if id(draft) not in part_of}
    shares = [draft for draft in drafts if id(draft) in part_of and draft.quantity.best not in counted]  # fmt: skip
    gone = {draft.quantity.start for draft in shares} | {part_of[id(draft)] for draft in shares}
    return [draft for draft in drafts if draft.quantity.start not in gone]


def _part_of_ten(draft: Draft) -> int | None:
    """Return where the figure begins of which this ten or hundred is the whole, or None."""
    text, offset, quantity = draft.sentence.text, draft.sentence.start, draft.quantity
    if quantity.best not in _TENS:
        return None
    return next(
        (
            item.start
            for item in draft.sentence.quantities
            if item.end < quantity.start
            and _IN_TEN.fullmatch(text[item.end - offset : quantity.start - offset])
        ),
        None,
    )


def _drafts(sentence: Sentence, sentences: Sequence[Sentence]) -> list[Draft]:
    drafts = []
    for quantity in sentence.quantities:
        joined = None if quantity.is_anaphor else _with_the_one(sentence, quantity)
        if quantity.is_anaphor or (
            joined is None and not persons.counted(sentences, sentence, quantity)
        ):
            continue
        quantity = joined or quantity
        if _RATE.match(sentence.text, max(quantity.end, quantity.noun_end) - sentence.start):
            continue
        cue = governing_cue(sentence, quantity.start, max(quantity.end, quantity.noun_end))
        draft = Draft(quantity, sentence, cue, None, is_planned=bool(cue and cue.is_planned), is_derived=joined is not None)  # fmt: skip
        draft.is_cumulative, draft.since, draft.as_of = totals.running(sentence, quantity)
        draft.is_earlier = totals.is_earlier_total(sentence, quantity.start, quantity.best)
        drafts.append(draft)
    return drafts


# "a trafficker and five accomplices", "pemuda itu dan seorang rekannya": the one is named beside the others.
_THE_ONE = re.compile(
    r"(?P<article>\b(?:seorang|an?|one|the|his|her)\s(?:[\w-]+\s){0,3}?)?(?<!\w)(?:ex-|former\s|eks\s|mantan\s|bekas\s)?"
    r"(?:mayor|trafficker|recruiter|boss|kingpin|tycoon|ringleader|leader|man|woman|worker|student|mother|father|broker|agent|owner|manager|suspect|defendant|"
    r"wali kota|bupati|perekrut|penyalur|bos|dalang|pemuda|pemudi|pria|wanita|perempuan|lelaki|remaja|pekerja|agen|ejen|pemilik|pengelola|otak sindikat|terdakwa|tersangka|suspek)\b"
    r"(?!\s(?:\w+\s)?(?:were|are))(?:\s(?!dan\b|and\b|serta\b|yang\b|who\b)[\w()-]+){0,5}?,?\s?(?:,|\band|\bdan|\bserta|\bbersama|\bbeserta|\b(?:together|along) with|\balongside)\s$",
    re.IGNORECASE,
)
_COMPANIONS = re.compile(
    r"\s(?:of (?:his|her|their) )?(?:orang\s)?(?:others?|lain(?:nya)?|accomplices?|accused|co-accused|co-defendants?|companions?|friends?|colleagues?|associates?|relatives?|cousins?|"
    r"(?:rekan|teman|kawan|rakan|sahabat|kaki tangan|anak buah|sepupu|saudara|kerabat)(?:nya)?)\b",
    re.IGNORECASE,
)
_ONE_REACH, _MOST_COMPANIONS = 90, 30


def _with_the_one(sentence: Sentence, quantity: Quantity) -> Quantity | None:
    """Return the figure with the one person named before it added, or None where there is none."""
    if quantity.best is None or quantity.best > _MOST_COMPANIONS or quantity.relation is not Relation.EQUAL:  # fmt: skip
        return None
    begin, end = quantity.start - sentence.start, quantity.end - sentence.start
    if not _COMPANIONS.match(sentence.text, end):
        return None
    ahead = range(max(0, begin - _ONE_REACH), begin)
    named = [match for at in ahead if (match := _THE_ONE.match(sentence.text, at, begin))]
    if not named:
        return None
    found = max(named, key=lambda match: (match["article"] is not None, match.start()))
    start = sentence.start + found.start()
    if any(item.is_persons and start <= item.start < quantity.start and (item.best or 0) > 1 for item in sentence.quantities):  # fmt: skip
        return None  # "two recruiters and five others" are two figures
    size = quantity.best + 1
    return dataclasses.replace(
        quantity, start=start, surface=sentence.text[found.start() : end], low=size, best=size, high=size,
        measure="persons",
    )  # fmt: skip


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
    told = [cue for cue in sentences[sentence.index - 1].cues if cue.is_fact]
    return told[0].role if len(told) == 1 and told[0].side == "before" else None


def _give_roles(drafts: list[Draft], sentences: Sequence[Sentence]) -> None:
    """Give each figure its role: by its verb and noun, else that of the figure before it, else the first."""
    previous: Draft | None = None
    for draft in drafts:
        draft.role = _own_role(draft) or _role_told_before(draft, sentences)
        if draft.role is None and previous is not None:
            draft.role = previous.role
        if draft.role is not None:
            previous = draft
    main = next(
        (
            draft.role
            for draft in drafts
            if draft.role is not None and draft.role not in _ASIDE_ROLES
        ),
        None,
    )
    for draft in drafts:
        if draft.role is None:
            draft.role = main


# Of whom these are told, they are some among those whom a text is about.
_ASIDE_ROLES = frozenset(
    {CountRole.INJURED, CountRole.SICK, CountRole.MISSING, CountRole.FAMILY_MEMBER, CountRole.SHELTERED}
)  # fmt: skip


_SOUGHT = frozenset({CountRole.SUSPECT, CountRole.RECRUITER})
_SOUGHT_ROLES = _SOUGHT | {CountRole.ARRESTED, CountRole.CONVICTED}
_SAID_TO_BE = re.compile(
    r"\s(?:orang\s|people\s|di antaranya\s|of them\s)?(?:diduga|disyaki|dipercayai|berstatus|(?:are|were|is|was)\s(?:thought to be\s|believed to be\s)?(?:suspected|alleged))\s",
    re.IGNORECASE,
)


def _own_role(draft: Draft) -> CountRole | None:
    """Return the role that the figure's own verb and noun give it."""
    before = draft.sentence.text[: draft.quantity.start - draft.sentence.start][-TRADER_REACH:]
    behind = draft.sentence.text[draft.quantity.end - draft.sentence.start :]
    if TRADER_BEFORE.search(before) and not _NOT_TRADED.match(behind):
        # what recruiters did over months is told as the deed, not counted so far
        draft.is_cumulative, draft.since, draft.as_of = False, None, None
        return CountRole.VICTIM
    noun = _noun_role(draft)
    if noun is None and _VICTIMS_BEFORE.search(before):
        return CountRole.VICTIM
    role = draft.cue.role if draft.cue else None
    if noun in _SOUGHT and _SAID_TO_BE.match(behind):
        return noun  # "dari 74 yang pulang, 7 diduga perekrut"
    if draft.cue is not None and draft.cue.event_type in _ROLE_BY_NOUN:
        role = noun or role
    if noun is CountRole.VICTIM and draft.cue is not None and draft.cue.side == "after" and role in _SOUGHT_ROLES:  # fmt: skip
        return noun  # "menangkap perekrut 22 WNI, satu korban ditebus": nobody catches the victim
    if role is CountRole.DETAINED and noun is CountRole.SUSPECT:
        return CountRole.ARRESTED
    if noun in {CountRole.DEAD, CountRole.FAMILY_MEMBER} or (
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
                basis="derived" if draft.is_derived else "text",
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


def counted(
    article: Article, sentence: Sentence, quantity: Quantity, role: CountRole, mentions: Sequence[Mention]
) -> Claim:  # fmt: skip
    """Return the ledger row of a figure of which something else than its words says whom it counts."""
    cue = governing_cue(sentence, quantity.start, max(quantity.end, quantity.noun_end))
    draft = Draft(quantity, sentence, cue, role, is_planned=bool(cue and cue.is_planned))
    draft.is_cumulative, draft.since, draft.as_of = totals.running(sentence, quantity)
    _give_nationalities([draft], mentions)
    return _claims(article, [draft], mentions)[0]
