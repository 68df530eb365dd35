"""Decide whether an article is on the subject: people moved or held for online scam or gambling work.

    Article -> Relevance

A text must itself state scam or online-gambling work, or tell of people held at, or taken out of, a known site;
the rest is weighed by a logistic rule over words of the lexicon: where they stand (title and lead, or body), which
of them share a sentence, and which look-alikes speak against it. The work is stated by a term of its own ("judi
online") or by two words side by side ("komplotan penipu", "swindling pensioners"), since no list holds every way to
put it. Every feature can be read off the text, so can the answer.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline import lexicon
from pipeline import text as texts
from pipeline.lexicon import Term
from pipeline.protocols import Scorer
from pipeline.records import Article, Band, DocType, Relevance

VERSION = "lexicon-3"

# Logistic regression with the signs fixed beforehand (a look-alike never speaks for, a cue never against), pulled
# lightly to a prior, both classes weighing the same; fitted on the texts that pass the gate of the open labelled set,
# the sample stories, the invented cases of the tests and ordinary headlines and news, rounded to tenths.
# `python -m tests.fit_relevance` does it again; models/relevance/CARD.md has the scores.
START = "start"
WEIGHTS: Mapping[str, float] = {
    START: -4.0,
    "work_lead": 0.2,
    "site_words": 1.3,
    "captivity_site": 1.8,
    "host": 2.6,
    "elsewhere": 1.0,
    "nationals": 1.6,
    "workers": 0.8,
    "returned": 1.2,
    "mission": 1.7,
    "coercion": 2.8,
    "lured": 1.8,
    "work_there": 0.5,
    "work_coercion": 1.8,
    "site_there": 1.2,
    "taken_from_site": 1.2,
    "return_there": 1.3,
    "enforced_there": 0.7,
    "sent_there": 0.9,
    "departing": 1.4,
    "nobody_moved": -2.5,
    "domestic": -3.2,
    "consumer": -3.1,
    "other_exploitation": -2.0,
    "foreigners_here": -2.3,
    "other_topic": -2.3,
}

# Probability from which an article counts as relevant: both classes weighed the same in the fit.
THRESHOLD = 0.5
# Between these a person is asked: in eightfold cross-validation three texts in a hundred, among them every one that
# was on the wrong side of the threshold.
REVIEW_FROM = 0.25
ACCEPT_FROM = 0.75
# What a text can reach that states neither the work nor people held at a known site (codebook, section 0).
UNSTATED = 0.2
# What rule and learned judge count where both speak, on the scale of the logarithm of the odds, and where their sum
# starts; `python -m tests.fit_relevance` says how these do on writers that neither has seen.
RULE_COUNTS, WORDS_COUNT, BOTH_START = 1.0, 0.8, 0.0
# What the learned judge and the look-alikes must come to together before a text that the gate stops, and that names
# a host state or a known site, is relevant; the most that it can reach, so that a person sees it.
OPENS_FROM = 1.2
MOST_UNSTATED = 0.7
# The languages that the rule was fitted on; a text too short to tell is read like them.
SUPPORTED = frozenset({"id", "ms", "en", "und"})
# In the others the lexicon holds a few words only: enough to show a text to a person, never to accept it.
MARKED_IN_OTHER_LANGUAGE = 0.4
UNMARKED_IN_OTHER_LANGUAGE = 0.05

# Features that tell what a text is about instead.
LOOK_ALIKES = ("domestic", "consumer", "other_exploitation", "foreigners_here", "other_topic")
# No answer of a learned judge is nearer to never or always.
_NEVER = 1e-5

# Sentences below the title that are the lead, and what a find counts when it stands elsewhere.
N_LEAD = 3
IN_BODY = 0.5
# States where the compounds stand: scam work there is the subject even when no captive is named.
HOSTS = frozenset({"KHM", "MMR", "LAO", "PHL", "TLS"})
# Cues kept with the answer.
N_CUES = 8


@dataclass(frozen=True, slots=True)
class Reading:
    """What the lexicon finds in a text: features between 0 and 1, the tags of the title and lead, the terms."""

    features: Mapping[str, float]
    counts: Mapping[str, int]
    terms: tuple[Term, ...]
    n_opening: int

    @property
    def states_subject(self) -> bool:
        """Whether the text itself speaks of the work, or of people held at, sent to or taken out of a known site."""
        counts = self.counts
        held = counts["coercion"] > 0 or counts["lured"] > 0
        return (
            counts["work"] > 0
            or (counts["captivity_site"] > 0 and held)
            or (counts["site_town"] > 0 and counts["hint"] > 0 and (held or counts["act"] > 0))
            or (
                counts["site_town"] > 0
                and held
                and counts["return"] > 0
                and counts["nationals"] > 0
            )
            or self.features["taken_from_site"] > 0
        )


def assess(article: Article, scorer: Scorer | None = None) -> Relevance:
    """Return how likely the article is on the subject, with the words that decided.

    ``scorer`` is the learned judge, if one is lent.
    """
    reading = read(article.title, article.body)
    if article.language in SUPPORTED:
        words = scorer.score(article.title, article.body) if scorer else None
        score = weigh(reading, words)
    else:
        score = _in_other_language(reading)
    relevant = score >= THRESHOLD
    doc_type = _doc_type(article, reading)
    return Relevance(
        article_id=article.article_id,
        grade=_grade(reading, doc_type, relevant=relevant),
        score=round(score, 4),
        threshold=THRESHOLD,
        relevant=relevant,
        band=_band(score),
        doc_type=doc_type,
        cues=_cues(reading),
        model_version=f"{VERSION}+{scorer.version}" if scorer else VERSION,
    )


def weigh(
    reading: Reading, words: float | None = None, weights: Mapping[str, float] = WEIGHTS
) -> float:
    """Return the probability that a text is on the subject, from what was read and what its words sound like.

    ``words`` is the learned judge's probability, None where none was lent; ``weights`` are those of the rule.
    """
    ruled = weights[START] + sum(weights[name] * value for name, value in reading.features.items())
    if words is None:
        return _probability(ruled) if reading.states_subject else min(_probability(ruled), UNSTATED)
    sound = _log_odds(words)
    if reading.states_subject:
        return _probability(BOTH_START + RULE_COUNTS * ruled + WORDS_COUNT * sound)
    if not reading.counts["there"]:
        return min(_probability(ruled), UNSTATED)
    against = sum(weights[name] * reading.features[name] for name in LOOK_ALIKES)
    shown = min(_probability(sound + against - OPENS_FROM), MOST_UNSTATED)
    return shown if shown >= REVIEW_FROM else min(shown, UNSTATED)


def _probability(log_odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-log_odds))


def _log_odds(probability: float) -> float:
    held = min(max(probability, _NEVER), 1.0 - _NEVER)
    return math.log(held / (1.0 - held))


def read(title: str, body: str) -> Reading:
    """Return what the lexicon finds in a text."""
    text = f"{title}\n{body}"
    start = len(title) + 1
    sentences = texts.sentences(body)
    starts = [0, *(start + bounds.start for bounds in sentences)]
    opening_end = start + sentences[N_LEAD - 1].end if len(sentences) > N_LEAD else len(text)
    tags: list[set[str]] = [set() for _ in starts]
    halves: list[list[Term]] = [[] for _ in starts]
    counts: Counter[str] = Counter()
    zones: dict[str, float] = {}
    personas: list[tuple[int, int]] = []

    def note(tag: str, at: int, start: int) -> None:
        tags[at].add(tag)
        counts[tag] += 1
        zones[tag] = max(zones.get(tag, 0.0), 1.0 if start < opening_end else IN_BODY)
        if tag == "persona":
            personas.append((at, start))

    terms = lexicon.find(text)
    at = 0
    for term in terms:
        while at + 1 < len(starts) and term.start >= starts[at + 1]:
            at += 1
        if term.group == "half":
            halves[at].append(term)
        for tag in _tags(term):
            note(tag, at, term.start)
    stated = [(term.start, term.end) for term in terms if term.group == "scam_work"]
    for at, here in enumerate(halves):
        for left, right, tag in _together(here):
            note("work", at, left.start)
            if tag == "site":
                note("site", at, left.start)
            if not any(left.start < end and start < right.end for start, end in stated):
                surface = text[left.start : right.end]
                terms.append(Term(left.start, right.end, surface, "scam_work", tag, left.language))
    # Who plays a false lover there does the work, whatever it is called.
    is_played = bool(personas) and bool(
        counts["site_town"]
        or (counts["there"] and (counts["act"] or counts["lured"] or counts["coercion"]))
    )
    if is_played:
        note("work", *personas[0])

    def zone(tag: str) -> float:
        return zones.get(tag, 0.0)

    def shared(left: str, right: str) -> float:
        """Return how far sentences tell of both: one sentence .7, two or more 1."""
        return (0.0, 0.7, 1.0)[min(sum(left in here and right in here for here in tags), 2)]

    site_there, sent_there = shared("site", "there"), shared("lured", "there")
    is_walled = counts["walled"] > 0
    at_site = any(
        ("act" in here and "captivity_site" in here)
        or ("site_town" in here and (("act" in here and is_walled) or "coercion" in here))
        or ("there" in here and "walled" in here and "coercion" in here)
        for here in tags
    )
    features = {
        "work_lead": float(zone("work") == 1.0),
        "site_words": zone("site"),
        "captivity_site": zone("captivity_site"),
        "host": zone("host"),
        "elsewhere": zone("elsewhere"),
        "nationals": zone("nationals"),
        "workers": zone("workers"),
        "returned": zone("return"),
        "mission": zone("mission"),
        "coercion": zone("coercion"),
        "lured": zone("lured"),
        "work_there": shared("work", "there"),
        "work_coercion": shared("work", "coercion"),
        "site_there": site_there,
        "taken_from_site": float(at_site and bool(counts["strangers"] or counts["workers"])),
        "return_there": shared("return", "there"),
        "enforced_there": shared("enforced", "there"),
        "sent_there": sent_there,
        "departing": zone("departing"),
        "nobody_moved": float(
            not (counts["persons"] or counts["coercion"] or site_there or sent_there or is_played)
            and not (counts["captivity_site"] and is_walled)
        ),
        "domestic": min(counts["domestic"], 4) / 4,
        "consumer": min(counts["consumer"], 4) / 4,
        "other_exploitation": min(counts["other_exploitation"], 4) / 4,
        "foreigners_here": min(counts["foreigners_here"], 3) / 3,
        "other_topic": min(counts["other_topic"], 4) / 4,
    }
    return Reading(features, counts, tuple(terms), opening_end)


# Halves that name the work when they stand in one sentence, how many letters may part them, and what they count as:
# nouns must be neighbours ("komplotan penipu"), a verb may have its object before the means ("menipu orang Amerika
# lewat telepon"). Recruiters coax as well, so that verb counts only with what the fraud is baited with.
_PAIRS: Mapping[frozenset[str], tuple[int, str]] = {
    frozenset((left, right)): (apart, tag)
    for left, right, apart, tag in (
        ("fraud", "medium", 16, "work"),
        ("fraud", "ware", 16, "work"),
        ("fraud", "web", 12, "work"),
        ("fraud", "gambling", 12, "work"),
        ("fraud", "casino", 12, "work"),
        ("fraud", "workplace", 10, "site"),
        ("fraud", "building", 12, "site"),
        ("fraud", "staff", 10, "work"),
        ("deceive", "medium", 45, "work"),
        ("deceive", "ware", 45, "work"),
        ("deceive", "target", 20, "work"),
        ("coax", "ware", 45, "work"),
        ("bogus", "ware", 20, "work"),
        ("illicit", "medium", 20, "work"),
        ("gambling", "medium", 16, "work"),
        ("gambling", "web", 12, "work"),
        ("gambling", "staff", 20, "work"),
        ("gambling", "workplace", 10, "work"),
        ("gambling", "building", 12, "site"),
        ("casino", "building", 12, "work"),
    )
}
_FARTHEST = max(apart for apart, _ in _PAIRS.values())


def _together(halves: Sequence[Term]) -> Iterator[tuple[Term, Term, str]]:
    """Yield the halves of one sentence that name the work together, and as what."""
    for at, left in enumerate(halves):
        for right in halves[at + 1 :]:
            apart = right.start - left.end
            if apart > _FARTHEST:
                break
            allowed, tag = _PAIRS.get(frozenset((left.key, right.key)), (-1, ""))
            if apart <= allowed:
                yield left, right, tag


# Look-alikes by what they are taken for.
_LOOK_ALIKE = {
    "domestic_gambling": "domestic", "consumer_fraud": "consumer", "advisory": "consumer", "denial": "consumer",
    "other_trafficking": "other_exploitation", "foreigners_here": "foreigners_here",
    "domestic_scam": "foreigners_here", "conflict_or_travel": "other_topic", "economy": "other_topic",
    "sport": "other_topic", "drugs": "other_topic", "entertainment": "other_topic",
}  # fmt: skip


def _tags(term: Term) -> Iterator[str]:
    """Yield what a term counts as."""
    group, key = term.group, term.key
    if group == "scam_work":
        yield "work"
        if key == "site":
            yield "site"
    elif group == "captivity_site":
        yield from ("captivity_site", "there")
    elif group == "abroad":
        if key in HOSTS:
            yield from ("host", "there")
        else:
            yield "elsewhere"
    elif group == "site_town":
        yield "site_town"
    elif group == "persons":
        yield from ("persons", key)
        if key in {"nationals", "foreigners"}:
            yield "strangers"
        elif key == "return":
            yield "act"
    elif group == "enforcement":
        yield from ("act", "enforced")
    elif group == "trafficking":
        if key != "goods":
            yield "lured" if key in {"lured", "irregular"} else "coercion"
            if key in {"forced", "captivity"}:
                yield "act"
    elif group == "control_means":
        # A debt is most often the gambler's own, and unpaid wages any employer's.
        if key not in {"debt_bondage", "takes_earnings"}:
            yield "coercion"
    elif group == "half":
        if key in {"persona", "hint"}:
            yield key
        elif key in {"casino", "building"}:
            yield "walled"
    elif group == "look_alike":
        yield _LOOK_ALIKE[key]


def _in_other_language(reading: Reading) -> float:
    """Return a score that at most asks for a person's look."""
    counts = reading.counts
    marked = counts["site"] or (
        counts["work"] and (counts["coercion"] or counts["lured"] or counts["there"])
    )
    return MARKED_IN_OTHER_LANGUAGE if marked else UNMARKED_IN_OTHER_LANGUAGE


def _band(score: float) -> Band:
    if score >= ACCEPT_FROM:
        return Band.ACCEPT
    return Band.REVIEW if score >= REVIEW_FROM else Band.REJECT


# Kinds of text that give context rather than tell of a case.
_CONTEXT = frozenset(
    {DocType.STATISTICS, DocType.POLICY, DocType.OPINION, DocType.EXPLAINER, DocType.ADVISORY}
)


def _grade(reading: Reading, doc_type: DocType, *, relevant: bool) -> int:
    """Return the codebook's grade: 3 core, 2 context, 1 borderline, 0 unrelated."""
    counts = reading.counts
    if relevant:
        told = counts["persons"] or counts["coercion"] or counts["lured"]
        return 3 if told and doc_type not in _CONTEXT else 2
    abroad = counts["there"] or counts["elsewhere"]
    exploited = counts["coercion"] and (abroad or counts["persons"])
    return 1 if exploited or (counts["work"] and counts["there"]) else 0


# How many points make a text one of a kind: a cue in the title is two, in the lead one, below it a half.
# Words of statistics and policy are common in news, so it takes more of them.
_DOC_TYPES = {
    DocType.OPINION: 2.0, DocType.EXPLAINER: 2.0, DocType.FEATURE: 2.0, DocType.ADVISORY: 2.0,
    DocType.STATISTICS: 3.5, DocType.POLICY: 3.0, DocType.FOLLOWUP: 2.0, DocType.PRESS_RELEASE: 2.0,
}  # fmt: skip
_YEARS_AND_SHARES = re.compile(
    r"\b(?:19|20)\d\d\b|%|\bper ?sen\b|\bper ?cent\b|\bkasus\b|\bcases\b", re.IGNORECASE
)
# A text of figures has several of them.
_MANY_FIGURES = 6


def _doc_type(article: Article, reading: Reading) -> DocType:
    """Return the kind of text: the one whose cues are furthest over its mark, else news."""
    points: Counter[str] = Counter()
    for term in reading.terms:
        if term.group == "doc_type":
            in_title = term.start < len(article.title)
            points[term.key] += 4 if in_title else 2 if term.start < reading.n_opening else 1
    if len(_YEARS_AND_SHARES.findall(article.text)) < _MANY_FIGURES:
        points["statistics"] = 0
    over = {
        kind: points[kind.value] / 2 - mark
        for kind, mark in _DOC_TYPES.items()
        if points[kind.value] / 2 >= mark
    }
    return max(over, key=lambda kind: (over[kind], kind.value)) if over else DocType.NEWS


_DECIDING = ("scam_work", "captivity_site", "trafficking", "abroad", "persons", "look_alike")


def _cues(reading: Reading) -> tuple[str, ...]:
    """Return the words that decided, the weightiest group first, each once."""
    ordered = sorted(
        (term for term in reading.terms if term.group in _DECIDING),
        key=lambda term: (_DECIDING.index(term.group), term.start),
    )
    found = dict.fromkeys(" ".join(term.surface.casefold().split()) for term in ordered)
    return tuple(found)[:N_CUES]
