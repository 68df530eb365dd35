"""Decide from a list alone whether an article is worth fetching: a wide net, where screening is a fine one.

    title, summary, address -> bool

Whatever could be told of people moved or held for such work passes: the work itself, its sites and countries,
trafficking, nationals abroad, returns, raids, victims. Of the labelled articles on the subject none is lost by
title and first sentence; of ordinary headlines about one in eight passes (docs/explanation/relevance.md).
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from pipeline import lexicon

# The languages whose titles can be judged; the lexicon holds a few words of others only.
LANGUAGES = frozenset({"id", "ms", "en"})

_GROUPS = frozenset(
    {
        "scam_work", "scam_type", "captivity_site", "site_town", "trafficking", "persons", "abroad",
        "control_means", "enforcement",
    }
)  # fmt: skip
_HALVES = frozenset(
    {"fraud", "deceive", "coax", "gambling", "casino", "building", "persona", "hint"}
)
# Other trafficking is a look-alike to the screening, but a title alone seldom tells it from ours.
_LOOK_ALIKES = frozenset({"other_trafficking"})
# Too common in news of every kind to be words of the lexicon.
_HARMED = re.compile(
    r"\b(?:korban|penyintas|mangsa|survivors?|victims?|missing|hilang kontak)\b", re.I
)
_BETWEEN = re.compile(r"[\W_]+")


def may_concern(title: str, summary: str = "", url: str = "") -> bool:
    """Return whether an article that a list tells this of may be on the subject.

    One without title and summary always may: nothing is known of it.
    """
    said = f"{title}\n{summary}"
    if not said.strip() or _HARMED.search(said):
        return True
    return any(map(_speaks, lexicon.find(f"{said}\n{words(url)}")))


def words(url: str) -> str:
    """Return the words in the path of an address: most outlets spell the title there."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    return _BETWEEN.sub(" ", unquote(path)).strip()


def _speaks(term: lexicon.Term) -> bool:
    if term.group == "half":
        return term.key in _HALVES
    if term.group == "look_alike":
        return term.key in _LOOK_ALIKES
    return term.group in _GROUPS
