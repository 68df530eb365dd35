"""What every table, column and code of a release means, from one file.

columns.yml + pipeline/records.py + pipeline/event_types.yml -> codebook.md, COMMENT ON, data packages

``python -m warehouse.codebook`` writes ``docs/reference/codebook.md``; with ``--check`` it only says
whether that page is what it should be.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from pipeline import records

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "codebook.md"

ColumnType = Literal["text", "integer", "number", "boolean", "date", "datetime", "list", "spans"]
TierName = Literal["analyst", "public"]
Sentence = Annotated[str, Field(pattern=r"^\S.*\.$")]

# The only vocabulary whose values are explained in a file of their own.
_EVENT_TYPE = "EventType"


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Entry):
    """One column: what a value says, and what it says when there is none."""

    type: ColumnType
    description: Sentence
    unit: str | None = None
    vocabulary: str | None = None
    empty: Sentence | None = Field(
        default=None, description="What an empty value means; a column without it is never empty."
    )
    tiers: tuple[TierName, ...] = ("analyst", "public")
    public: Sentence | None = Field(
        default=None, description="How the public tier differs from the analyst tier."
    )


class ForeignKey(_Entry):
    """Columns whose values, where there are any, are found in the columns of another table."""

    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...]


class Table(_Entry):
    """One table: what a row is, what tells rows apart, and the columns."""

    row: Sentence
    note: str = ""
    key: tuple[str, ...] = Field(
        default=(), description="Empty where no set of columns tells rows apart."
    )
    foreign_keys: tuple[ForeignKey, ...] = ()
    tiers: tuple[TierName, ...] = ("analyst", "public")
    columns: Mapping[str, Column]

    def in_tier(self, tier: str) -> dict[str, Column]:
        """Return the columns that this tier shows."""
        if tier not in self.tiers:
            return {}
        return {name: column for name, column in self.columns.items() if tier in column.tiers}


class Vocabulary(_Entry):
    """A closed list of codes, each with its meaning."""

    description: Sentence
    values: Mapping[str, Sentence] = Field(min_length=1)


class Codebook(_Entry):
    """All of it."""

    tables: Mapping[str, Table]
    vocabularies: Mapping[str, Vocabulary]


class CodebookError(Exception):
    """The files that describe the data contradict each other or the records."""


@cache
def load() -> Codebook:
    """Return the codebook, checked against itself and against the vocabularies of the records."""
    raw = _yaml("warehouse", "columns.yml")
    raw["vocabularies"][_EVENT_TYPE]["values"] = {
        code: _sentence(entry["definition"]) for code, entry in event_types().items()
    }
    book = Codebook.model_validate(raw)
    if faults := list(_faults(book)):
        raise CodebookError("\n".join(faults))
    return book


@cache
def event_types() -> Mapping[str, Mapping[str, Any]]:
    """Return definition, include, exclude and example of each event type."""
    raw = _yaml("pipeline", "event_types.yml")
    found: Mapping[str, Mapping[str, Any]] = raw.get("event_types", raw)
    return found


def comments() -> Mapping[str, Mapping[str, str]]:
    """Return the text of each column for ``COMMENT ON COLUMN``: table, then column."""
    return {
        name: {column: _comment(entry) for column, entry in table.columns.items()}
        for name, table in load().tables.items()
    }


def table_comments() -> Mapping[str, str]:
    """Return the text of each table for ``COMMENT ON TABLE``."""
    return {
        name: f"One row is {_lower(table.row)} {table.note}".strip()
        for name, table in load().tables.items()
    }


def counting() -> tuple[str, ...]:
    """Return the rules of what may be added up, one sentence or two each."""
    paragraphs = re.split(r"\n+(?=\d+\. |## )", _COUNTING.strip())
    return tuple(" ".join(paragraph.removeprefix("## ").split()) for paragraph in paragraphs)


def _yaml(package: str, name: str) -> dict[str, Any]:
    found = yaml.safe_load(resources.files(package).joinpath(name).read_text("utf-8"))
    if not isinstance(found, dict):
        raise CodebookError(f"{package}/{name} is not a mapping")
    return found


def _faults(book: Codebook) -> Iterator[str]:
    for name, vocabulary in book.vocabularies.items():
        enum = getattr(records, name, None)
        if enum is not None and {str(code) for code in enum} != set(vocabulary.values):
            wrong = {str(code) for code in enum} ^ set(vocabulary.values)
            yield f"vocabulary {name} and its enum differ in {', '.join(sorted(wrong))}"
    for name, table in book.tables.items():
        for key in table.key:
            if key not in table.columns or table.columns[key].empty:
                yield f"{name}: key column {key} is missing or may be empty"
        for foreign in table.foreign_keys:
            other = book.tables.get(foreign.table)
            if not set(foreign.columns) <= set(table.columns):
                yield f"{name}: foreign key of unknown columns {', '.join(foreign.columns)}"
            if other is None or not set(foreign.references) <= set(other.columns):
                yield f"{name}: foreign key to unknown {foreign.table}"
        for column, entry in table.columns.items():
            if entry.vocabulary and entry.vocabulary not in book.vocabularies:
                yield f"{name}.{column}: unknown vocabulary {entry.vocabulary}"


def _comment(column: Column) -> str:
    parts = [column.description]
    if column.unit:
        parts.append(f"Unit: {column.unit}.")
    if column.vocabulary:
        values = ", ".join(load().vocabularies[column.vocabulary].values)
        parts.append(f"Values: {values}.")
    if column.empty:
        parts.append(f"Null: {_lower(column.empty)}")
    if column.public:
        parts.append(f"Public tier: {_lower(column.public)}")
    return " ".join(parts)


def _sentence(text: str) -> str:
    plain = " ".join(text.split())
    return plain if plain.endswith(".") else f"{plain}."


def _lower(sentence: str) -> str:
    """Return the sentence as it reads after a colon; names and acronyms keep their capital."""
    first = sentence.split(maxsplit=1)[0]
    return sentence if first[1:].lower() != first[1:] else sentence[:1].lower() + sentence[1:]


# --- the page --------------------------------------------------------------------------------------


def render() -> str:
    """Return the codebook as one Markdown page."""
    book = load()
    parts = [_HEAD, _READING, _COUNTING, "## Tables"]
    parts.append(_table_list(book))
    parts += [_table_section(name, table) for name, table in book.tables.items()]
    parts.append("## Vocabularies")
    parts.append("A code keeps its meaning for good; new codes may be added.")
    parts += [_vocabulary_section(name, entry) for name, entry in sorted(book.vocabularies.items())]
    parts += [_PRIVACY, _FILES, _CITING]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _grid(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", r"\|")


def _table_list(book: Codebook) -> str:
    rows = [
        (f"[`{name}`](#{name})", table.row, ", ".join(table.tiers) or "private file")
        for name, table in book.tables.items()
    ]
    return _grid(("table", "one row is", "tiers"), rows)


def _table_section(name: str, table: Table) -> str:
    parts = [f"### {name}", f"One row is {_lower(table.row)}"]
    if table.note:
        parts.append(" ".join(table.note.split()))
    told = []
    if table.key:
        told.append(f"Key: {_codes(table.key)}.")
    if table.tiers == ("analyst",):
        told.append("Analyst tier only.")
    if not table.tiers:
        told.append("In no release.")
    told += [
        f"{_codes(foreign.columns)} points at `{foreign.table}` ({_codes(foreign.references)})."
        for foreign in table.foreign_keys
    ]
    if told:
        parts.append("\n".join(f"- {line}" for line in told))
    rows = [
        (f"`{column}`", entry.type, _meaning(entry), _or_never(entry.empty))
        for column, entry in table.columns.items()
    ]
    parts.append(_grid(("column", "type", "meaning", "when empty"), rows))
    return "\n\n".join(parts)


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _or_never(empty: str | None) -> str:
    return empty or "never empty"


def _meaning(column: Column) -> str:
    parts = [column.description]
    if column.unit:
        parts.append(f"Unit: {column.unit}.")
    if column.vocabulary:
        parts.append(f"Codes: [{column.vocabulary}](#{column.vocabulary.lower()}).")
    if len(column.tiers) == 1:
        parts.append(f"*{column.tiers[0].capitalize()} tier only.*")
    if column.public:
        parts.append(f"*Public tier: {_lower(column.public)}*")
    return " ".join(parts)


def _vocabulary_section(name: str, vocabulary: Vocabulary) -> str:
    parts = [f"### {name}", vocabulary.description]
    rows = [(f"`{code}`", meaning) for code, meaning in vocabulary.values.items()]
    parts.append(_grid(("code", "meaning"), rows))
    if name == _EVENT_TYPE:
        parts += [_event_details(code, entry) for code, entry in event_types().items()]
    return "\n\n".join(parts)


def _event_details(code: str, entry: Mapping[str, Any]) -> str:
    lines = [f"**{code}**"]
    for part in ("include", "exclude", "example"):
        if found := entry.get(part):
            text = "; ".join(map(str, found)) if isinstance(found, list) else str(found)
            lines.append(f"- {part}: {_sentence(text)}")
    return "\n".join(lines)


_HEAD = """
# Codebook

Generated by `python -m warehouse.codebook` from `warehouse/columns.yml`, `pipeline/records.py` and
`pipeline/event_types.yml`; edit those, not this page.

This page explains every table, column and code of a release. It builds on IOM's Human Trafficking Case
Data Standard (means of control, recruitment), the Palermo Protocol (act, means, purpose), UNODC's
International Classification of Crime for Statistical Purposes, and the habits of two event data sets:
ACLED (report and event kept apart, precision of time and place) and UCDP GED (low, best and high counts).
"""

_READING = """
## How to read the data

| word | what it is |
| --- | --- |
| article | one text published at one address |
| report | what one article says of one event |
| incident | one thing that happened, told by one or more reports |
| case | a chain of incidents about the same group of people, site or network |
| statistic | a figure over a period or an area; it is not an incident |
| mention | a span of an article that names something |

- A value stands because a text says so, and its article and character span can be looked up. What no
  text says is null; null is never zero.
- Offsets count Unicode characters in the cleaned article text, whose first line is the title.
- Times ending in `_at` are UTC. Dates are local days of the place they speak of.
- Countries are ISO 3166-1 alpha-3 codes. Languages are ISO 639-1 codes, `und` when unknown.
- `date_precision` and `geo_precision` say how finely a date or place is known. A month stands as its
  first day in `date_start` and its last in `date_end`; read the dates with their precision.
- `tier` is `candidate` until a person has looked at the incident.
- Ids are stable and never used for another thing. A merged incident leaves a row in `changes`.
"""

_COUNTING = """
## What may be added up, and what may not

1. Count incidents in `incidents` or the `trends_*` tables; never count articles or reports as events.
2. Do not add `persons_best` of a parent and its children (`parent_id`): a child, such as one raid of a
   campaign, counts people that its parent holds already. The `trends_*` tables count each group once, in
   the highest incident that has a figure.
3. People are in one incident when they are rescued and in another when they are flown home. Add persons
   over one `event_type` at a time; incidents of one `case_id` largely count the same people.
4. Rows of `incident_counts` are a ledger, not parts of a sum. Drop rows with a `superseded_by`, keep one
   `role`, and never add a row to its own parts (`subset_of` names the whole).
5. `is_cumulative` marks a running total. The next total replaces it; two totals are never added.
6. Rows of `statistics` are what a source says of a period. A row with `disaggregation_of` is a part of
   that row. Sources redefine their measures, so a series of one source may still break.
7. Cases are not persons. Compare figures of one `unit` only. `fraud_victim` counts defrauded people and
   never the people who were trafficked.
8. `best` is null for a vague amount ("dozens": 20 to 99) and `high` is null for "more than". Report the
   range, or say how many incidents have no figure.
9. A rise in incidents may be a rise in news. Compare `incidents_per_10k_screened`, and leave out periods
   with `is_outage`. The `coverage` table says what was watched.
10. In the public tier a figure that is withheld is null and `persons_suppressed` or `value_suppressed` is
    true. It is neither zero nor missing.
"""

_PRIVACY = """
## Privacy

A release has two tiers. The analyst tier stays with those who run the program. The public tier may be
shared, and these rules are applied before it is written; a release that breaks one is not published.

1. No name of a victim, a relative, a minor or a suspect, in any column. Initials, telephone numbers and
   numbers of identity papers count as names. A column holds codes, ids or entries of a list: places of the
   gazetteer, bodies that the lists know, publishers of the registry. A title is shown only when each of its
   words is an ordinary one or a listed name, and its address only when that has no other words.
2. No article text, quotation or evidence sentence; offsets stay, so that those who hold the text can check.
3. Places are districts or cities at best, with coordinates to a tenth of a degree. Homes and places of
   recruitment are provinces or countries; shelters are left out.
4. Dates of what was done by or to victims are coarsened to the month. Acts of authorities (raid, arrest,
   investigation, prosecution, verdict, sanction, policy) keep the day.
5. Persons are shown from 5 upwards, and a range that reaches below 5 is withheld. Smaller figures are null
   with a flag and without their offsets, and so are parts from which one could be worked out. A figure that
   changes by 1 to 4 keeps the value that was shown until it has changed by 5, and a figure of the ledger or a
   running total so near an earlier one is withheld: releases may be subtracted from each other.
6. The people of an incident are described (place, nationality, journey, recruitment) only when there are at
   least 5 of them, or when nobody is counted and the act is one of authorities. Of an incident that
   concerns minors only the event and the count remain.
7. A person is forgotten by article: the article is deleted and a tombstone without content is kept.

Do not join the public tier with other data to find out who somebody is.
"""

_FILES = """
## Files of a data package

| file | what it is |
| --- | --- |
| `data/<table>.parquet` | exact values, zstd; times are UTC |
| `data/<table>.csv` | UTF-8, comma, header line, ISO 8601 dates; made safe for spreadsheets as told below |
| `data/<table>.jsonl` | exact values, one JSON object a line |
| `suar.xlsx` | every table as a sheet, with typed cells; notes, columns, codes and HTCDS names in front |
| `incidents.geojson` | RFC 7946: one feature for each incident, for maps |
| `feed.atom` | RFC 4287: one entry for each incident of the last 100 changes, for feed readers |
| `htcds.csv` | our codes and their names in IOM's data standard |
| `datapackage.json` | Data Package version 2: every column, its codes, keys, sizes and digests |
| `croissant.json` | MLCommons Croissant 1.1: the same for data set search and loaders |
| `codebook.md` | this page, as it was when the package was written |
| `checksums.txt` | SHA-256 of every file; check with `sha256sum -c checksums.txt` |

Which of the first six there are is chosen when the package is written; the others are always there.

**Empty cells.** In CSV an empty cell is null. A list is joined with `;` and spans are JSON.

**Formulas in CSV.** A spreadsheet runs a cell as a formula when it begins with `=`, `+`, `-` or `@`, or
with a tab or line break that hides one of them. Text cells that begin so, also after blanks, control
characters or quotes, get one apostrophe in front; a plain negative number does not. To get the exact text
back, take one leading apostrophe away when what follows it begins in that way. Parquet and JSON Lines hold
the exact text and need no such care.

**Workbook.** A text is stored as a text and is never run; texts that begin like a formula are marked so that
they stay texts when the cell is edited. A cell holds 32,767 characters and a sheet 1,048,576 rows: a longer
text is cut and told in `README.md`, a longer table is refused. Days before March 1900 are texts.

**Map.** `geometry` is a point where the place is known as a site, town, district or province (`geo_precision`
1 to 4), and null where only a country, a region or nothing is known: a point in the middle of a country would
name a place that no text names. A point is the middle of its place, with as many digits as the precision
carries: four for a site, two for a town, one for a district or province; never more than the tier has.

**Feed.** An entry has one id for good, made of the incident id, and a later change raises its `updated`. It
links to up to 5 articles whose address the tier shows, by `http` or `https` only, and to none when the figure
of the incident is withheld.

**HTCDS.** `htcds.csv` gives for each code of control (`control_means`), recruitment (`channel`), exploitation
(`scam_type`) and sex the field and value of IOM's Human Trafficking Case Data Standard 2.0. The standard has no
value for forced criminality: `htcds_code` is then `Other`, and `extension` is a name of ours that begins with
`ForcedCriminality`; so it is with three ways of recruitment and with being sold on. It describes the case of one
person, as those who help know it. A release holds what news tells of groups, so nothing here stands for its
trafficking status, and nationalities are three-letter codes where the standard has two. HTCDS is by IOM, under
CC BY 4.0; the choice of counterparts is ours, and IOM does not endorse it.
"""

_CITING = """
## Citing

Cite the release that you used by its id; a release never changes, and the next one gets another id:

> The Suar developers. *Suar: incidents of people trafficked into online-scam and online-gambling
> compounds, from news.* Data release <release id>, public tier. Licence CC BY 4.0.

`CITATION.cff` in each data package holds the same for reference managers. Say which table, filters and
tier you used, and how you treated suppressed and missing figures.
"""


class _Verdict(StrEnum):
    WRITTEN = "written"
    FRESH = "up to date"
    STALE = "stale: run `python -m warehouse.codebook`"


def write(page: Path = PAGE, *, check: bool = False) -> _Verdict:
    """Return what became of the page; with ``check`` nothing is written."""
    text = render()
    if page.exists() and page.read_text("utf-8") == text:
        return _Verdict.FRESH
    if check:
        return _Verdict.STALE
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text, "utf-8", newline="\n")
    return _Verdict.WRITTEN


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit status: 1 when the page is stale under ``--check``, else 0."""
    parser = argparse.ArgumentParser(prog="python -m warehouse.codebook")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when stale")
    verdict = write(check=parser.parse_args(arguments).check)
    sys.stdout.write(f"{PAGE}: {verdict}\n")
    return int(verdict is _Verdict.STALE)


if __name__ == "__main__":
    sys.exit(main())
