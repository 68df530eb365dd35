"""Read names that bodies of several states bear: "the Senate", "military police", "immigration officials".

    text, Context -> [Find]

Such a name means a body only where the text speaks of its state. The state of the sentence goes before that of
the text; the table is in ``agency_families.yml``.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from pipeline import authorities
from pipeline.agency_context import BY_CONTEXT, Context, Find


@functools.cache
def _pattern() -> re.Pattern[str]:
    """Return one pattern for all names; the group tells which row of the table matched."""
    rows = authorities.all_families().common_names
    return re.compile(
        r"(?<![\w-])(?:"
        + "|".join(f"(?P<n{i}>{row[0]})" for i, row in enumerate(rows))
        + r")(?![\w-])"
    )


# The name goes on, or another word before it tells whose it is: "Karen border guards".
_NOT_BEFORE = re.compile(r"(?:Karen|Kayin|former|mantan|bekas|every|any|no) $")
_NOT_AFTER = re.compile(r" of [A-Z]| (?:Hun|Anwar|Paetong|Anutin|Srettha|Datuk)")


def read(text: str, context: Context) -> Iterator[Find]:
    """Yield the bodies that a name common to several means here."""
    families = authorities.all_families()
    table = authorities.table()
    for match in _pattern().finditer(text):
        if _NOT_BEFORE.search(text, max(0, match.start() - 10), match.start()):
            continue
        if _NOT_AFTER.match(text, match.end()):
            continue
        ids = families.common_names[int((match.lastgroup or "n0")[1:])][1]
        state = context.meant(match.start(), frozenset(ids))
        if state is None:
            continue
        known = table.get(ids[state]) or authorities.national_body("immigration", state)
        start = match.start() + (4 if match[0].startswith("the ") else 0)
        yield Find(start, match.end(), known, BY_CONTEXT)
