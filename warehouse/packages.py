"""What a data package says of itself: descriptor, citation, licence, readme. Pure.

release facts + files written + codebook -> datapackage.json, CITATION.cff, LICENSE-DATA, README.md

The descriptor follows Data Package version 2 (https://datapackage.org). Properties that begin with
``suar:`` are our own.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import yaml

from warehouse import codebook, snippets
from warehouse.codebook import Column, ForeignKey

AUTHOR = "The Suar developers"
TITLE = (
    "Suar: incidents of people trafficked into online-scam and online-gambling compounds, from news"
)
# What the sample of the demonstration is called, so that no package of it is taken for news.
INVENTED = "INVENTED SAMPLE, NOT DATA"
LICENCE = "CC-BY-4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
KEYWORDS = (
    "human trafficking",
    "forced criminality",
    "online scam",
    "event data",
    "news",
    "Indonesia",
)
# What stands between the items of a list in CSV.
LIST_SEPARATOR = ";"

_PROFILE = "https://datapackage.org/profiles/2.0"
MEDIA_TYPES = {
    "parquet": "application/vnd.apache.parquet",
    "csv": "text/csv",
    "jsonl": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "atom": "application/atom+xml",
}
_TYPES = {
    "text": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
    "datetime": "datetime",
    "list": "array",
    "spans": "array",
}


class Facts(NamedTuple):
    """What is said of the package as a whole."""

    release_id: str
    tier: str
    made_at: dt.datetime
    outlets: tuple[str, ...]
    is_invented: bool = False

    @property
    def title(self) -> str:
        """The name of the package; that of the sample says first that nothing in it happened."""
        return f"{INVENTED}: {TITLE}" if self.is_invented else TITLE


class Held(NamedTuple):
    """Which promises of the codebook the rows of one table keep; only those are declared."""

    required: frozenset[str] = frozenset()
    coded: frozenset[str] = frozenset()
    key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()


class Resource(NamedTuple):
    """One table of the package in one format."""

    table: str
    format: str
    path: str
    n_bytes: int
    sha256: str
    n_rows: int
    columns: tuple[str, ...]

    @property
    def description(self) -> str:
        """What a row is."""
        return codebook.table_comments()[self.table]


class File(NamedTuple):
    """A file of the package that is not one table."""

    path: str
    format: str
    n_bytes: int
    sha256: str
    description: str


def descriptor(
    facts: Facts, resources: Sequence[Resource], files: Sequence[File], held: Mapping[str, Held]
) -> dict[str, Any]:
    """Return the content of ``datapackage.json``."""
    found: dict[str, Any] = {
        "$schema": f"{_PROFILE}/datapackage.json",
        "name": f"suar-{facts.tier}",
        "title": facts.title,
        "description": describe(facts),
        "version": facts.release_id,
        "created": moment(facts.made_at),
        "keywords": list(KEYWORDS),
        "licenses": [_licence_entry(facts.tier)],
        "contributors": [{"title": AUTHOR, "roles": ["creator"]}],
        "suar:release": facts.release_id,
        "suar:tier": facts.tier,
        "resources": [
            *(_resource(resource, held[resource.table]) for resource in resources),
            *map(_file, files),
        ],
    }
    if facts.outlets:
        found["sources"] = [{"title": outlet} for outlet in facts.outlets]
    return found


def describe(facts: Facts) -> str:
    """Return what the package holds, in two sentences and a pointer."""
    return (
        f"Release {facts.release_id}, {facts.tier} tier. What news reports say of people trafficked into"
        " online-scam and online-gambling work: incidents, the figures behind them, places, agencies,"
        " statistics and trends. codebook.md explains every column."
    )


def moment(at: dt.datetime) -> str:
    """Return the moment in UTC as ISO 8601 writes it, to the second."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _licence_entry(tier: str) -> dict[str, str]:
    if tier == "public":
        return {
            "name": LICENCE,
            "path": LICENCE_URL,
            "title": "Creative Commons Attribution 4.0 International",
        }
    return {"path": "LICENSE-DATA", "title": "Analyst tier: not for redistribution"}


def _file(file: File) -> dict[str, Any]:
    return {
        "$schema": f"{_PROFILE}/dataresource.json",
        "name": file.path.rpartition("/")[2],
        "description": file.description,
        "path": file.path,
        "format": file.format,
        "mediatype": MEDIA_TYPES[file.format],
        "bytes": file.n_bytes,
        "hash": f"sha256:{file.sha256}",
    }


def _resource(resource: Resource, held: Held) -> dict[str, Any]:
    table = codebook.load().tables[resource.table]
    found: dict[str, Any] = {
        "$schema": f"{_PROFILE}/dataresource.json",
        "name": f"{resource.table}.{resource.format}",
        "type": "table",
        "title": resource.table,
        "description": resource.description,
        "path": resource.path,
        "format": resource.format,
        "mediatype": MEDIA_TYPES[resource.format],
        "bytes": resource.n_bytes,
        "hash": f"sha256:{resource.sha256}",
        "suar:rows": resource.n_rows,
    }
    if resource.format != "parquet":
        found["encoding"] = "utf-8"
    if resource.format == "csv":
        found["dialect"] = {
            "$schema": f"{_PROFILE}/tabledialect.json",
            "delimiter": ",",
            "lineTerminator": "\n",
            "quoteChar": '"',
            "doubleQuote": True,
            "header": True,
        }
    schema: dict[str, Any] = {
        "$schema": f"{_PROFILE}/tableschema.json",
        "fields": [
            _field(name, table.columns[name], resource.format, held) for name in resource.columns
        ],
        "missingValues": [""],
    }
    if held.key:
        schema["primaryKey"] = list(held.key)
    if held.foreign_keys:
        schema["foreignKeys"] = [_foreign_key(foreign, resource) for foreign in held.foreign_keys]
    found["schema"] = schema
    return found


def _field(name: str, column: Column, file_format: str, held: Held) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": name,
        "type": _TYPES[column.type],
        "format": "default",
        "description": column.description,
    }
    if column.type == "list" and file_format == "csv":
        found |= {"type": "list", "delimiter": LIST_SEPARATOR, "itemType": "string"}
    constraints: dict[str, Any] = {}
    # An empty list is an empty cell in CSV.
    if name in held.required and not (column.type == "list" and file_format == "csv"):
        constraints["required"] = True
    if held.key == (name,):
        constraints["unique"] = True
    if name in held.coded and column.vocabulary and column.type != "list":
        constraints["enum"] = list(codebook.load().vocabularies[column.vocabulary].values)
    if constraints:
        found["constraints"] = constraints
    for label, value in (
        ("unit", column.unit),
        ("vocabulary", column.vocabulary),
        ("empty", column.empty),
        ("public", column.public),
    ):
        if value:
            found[f"suar:{label}"] = value
    return found


def _foreign_key(foreign: ForeignKey, resource: Resource) -> dict[str, Any]:
    reference: dict[str, Any] = {"fields": list(foreign.references)}
    # A key into the same file names no resource.
    if foreign.table != resource.table:
        reference["resource"] = f"{foreign.table}.{resource.format}"
    return {"fields": list(foreign.columns), "reference": reference}


def citation(facts: Facts) -> str:
    """Return the content of ``CITATION.cff`` (Citation File Format 1.2.0)."""
    entry: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use these data, cite the release that you used.",
        "type": "dataset",
        "title": facts.title,
        "abstract": describe(facts),
        "authors": [{"name": AUTHOR}],
        "version": facts.release_id,
        "date-released": f"{facts.made_at.astimezone(dt.UTC):%Y-%m-%d}",
        "keywords": list(KEYWORDS),
    }
    if facts.tier == "public":
        entry["license"] = LICENCE
    return yaml.safe_dump(entry, sort_keys=False, allow_unicode=True, width=100)


def licence(facts: Facts) -> str:
    """Return the content of ``LICENSE-DATA``."""
    return _PUBLIC_LICENCE if facts.tier == "public" else _ANALYST_LICENCE


_PUBLIC_LICENCE = f"""\
The data in this package are licensed under Creative Commons Attribution 4.0 International ({LICENCE}).
The licence is at {LICENCE_URL}legalcode

In short, and without replacing the licence: you may copy, share, change and build upon the data, for any
purpose, when you name "{AUTHOR}" and the release, link to the licence and say what you changed.

The licence covers the selection, coding and arrangement made here. Titles and addresses of articles name
the sources; the articles belong to their publishers and are no part of this package.

The people in these figures cannot be asked. Do not try to find out who they are, also not by joining this
package with other data.
"""

_ANALYST_LICENCE = """\
This package is the analyst tier of a release. It is not licensed for redistribution: it stays with those
who run the program and the analysts who work with them, on machines that are theirs.

It holds sentences and small figures by which people may be recognised. To share data, write the public
tier, to which the privacy rules of codebook.md are applied and which is licensed for everybody.
"""


def readme(
    facts: Facts,
    rows: Mapping[str, int],
    resources: Sequence[Resource],
    files: Sequence[File],
    problems: Sequence[str],
) -> str:
    """Return the content of ``README.md``: what is inside, how to read it, how to cite it."""
    formats = list(dict.fromkeys(resource.format for resource in resources))
    tables = codebook.load().tables
    parts = [
        f"# {facts.title}",
        f"Release `{facts.release_id}`, {facts.tier} tier, made {moment(facts.made_at)}.",
        f"{tier_note(facts.tier)} {_TERMS[facts.tier]}",
        "## What is inside",
    ]
    if formats:
        parts.append(f"Each table lies in `data/` as {_listed(formats)}.")
    lines = [f"| `{name}` | {count:,} | {tables[name].row} |" for name, count in rows.items()]
    parts += [
        "\n".join(["| table | rows | one row is |", "| --- | ---: | --- |", *lines]),
        _INSIDE,
        "\n".join(f"- `{file.path}`: {file.description}" for file in files),
    ]
    if problems:
        parts += ["## Known faults", "\n".join(f"- {problem}" for problem in problems)]
    if formats:
        parts += ["## How to read it", _reading(formats)]
        if "trends_monthly" in rows:
            parts += ["## A first analysis", snippets.render(formats[0])]
        if {"sightings"} <= rows.keys():
            parts += ["## In the codes of IOM's data standard", _in_htcds(formats[0])]
    parts += ["## How to cite it", _citing(facts)]
    return "\n\n".join(parts) + "\n"


_INSIDE = (
    "`codebook.md` explains every column and code, and what may be added up; read that part first."
    " `datapackage.json` and `croissant.json` say the same to programs. Check the files with"
    " `sha256sum -c checksums.txt`. Beside the tables:"
)
_TIER_NOTES = {
    "public": (
        "This is the public tier: no names and no texts, places and dates coarsened, figures below 5"
        " withheld."
    ),
    "analyst": "This is the analyst tier: it holds sentences and small figures.",
}
_TERMS = {
    "public": "You may share it under the terms of `LICENSE-DATA`.",
    "analyst": "It is **not to be passed on**; see `LICENSE-DATA`.",
}


def tier_note(tier: str) -> str:
    """Return what the tier holds and leaves out."""
    return _TIER_NOTES[tier]


def _listed(formats: Sequence[str]) -> str:
    return formats[0] if len(formats) == 1 else f"{', '.join(formats[:-1])} and {formats[-1]}"


_QUERY = """\
SELECT event_country, event_type, count(*) AS n_incidents
FROM '{name}' GROUP BY ALL ORDER BY n_incidents DESC;"""
# How one table is read: DuckDB reads every format by its name alone.
_READERS: Mapping[str, Mapping[str, str]] = {
    "parquet": {
        "pandas": 'pd.read_parquet("{name}")',
        "polars": 'pl.read_parquet("{name}")',
        "r": 'arrow::read_parquet("{name}")',
    },
    "csv": {
        "pandas": 'pd.read_csv("{name}", parse_dates=["date_start", "date_end"])',
        "polars": 'pl.read_csv("{name}", try_parse_dates=True, infer_schema_length=None)',
        "r": 'readr::read_csv("{name}", guess_max = Inf)',
    },
    "jsonl": {
        "pandas": 'pd.read_json("{name}", lines=True)',
        "polars": 'pl.read_ndjson("{name}", infer_schema_length=None)',
        "r": 'jsonlite::stream_in(file("{name}"))',
    },
}


def _reading(formats: Sequence[str]) -> str:
    """Return how to read the incidents in DuckDB, pandas, polars and R."""
    name = f"data/incidents.{formats[0]}"
    with_pandas, with_polars, with_r = (
        _READERS[formats[0]][tool].format(name=name) for tool in ("pandas", "polars", "r")
    )
    parts = [
        "DuckDB:",
        f"```sql\n{_QUERY.format(name=name)}\n```",
        "Python with pandas:",
        f"```python\nimport pandas as pd\nincidents = {with_pandas}\n```",
        "Python with polars:",
        f"```python\nimport polars as pl\nincidents = {with_polars}\n```",
        "R:",
        f"```r\nincidents <- {with_r}\n```",
    ]
    if "csv" in formats:
        parts.append(
            "In the CSV files an empty cell is null, lists are joined with `;`, and a text that a"
            " spreadsheet would run as a formula carries one apostrophe in front; see `codebook.md`."
        )
    return "\n\n".join(parts)


_HTCDS_QUERY = """\
SELECT incident_id, htcds_field, htcds_code, extension, count(*) AS n_sightings
FROM 'data/sightings.{format}' AS seen
JOIN 'htcds.csv' AS htcds ON htcds.kind = seen.kind AND htcds.code = seen.value
GROUP BY ALL ORDER BY ALL;"""


def _in_htcds(best: str) -> str:
    return (
        "`htcds.csv` gives the field and value of the Human Trafficking Case Data Standard for our codes of"
        " control, recruitment, exploitation and sex. Where the standard has no value, forced criminality"
        " first of all, `htcds_code` is `Other` and `extension` is ours.\n\n"
        f"```sql\n{_HTCDS_QUERY.format(format=best)}\n```"
    )


def cite(facts: Facts) -> str:
    """Return the sentence by which the package is cited; only the public tier has one."""
    if facts.tier == "analyst":
        return "Do not cite this tier; cite the public tier of the same release."
    return (
        f"{AUTHOR} ({facts.made_at.astimezone(dt.UTC):%Y}). {facts.title}. Data release {facts.release_id},"
        f" public tier. {LICENCE}."
    )


def _citing(facts: Facts) -> str:
    if facts.tier == "analyst":
        return cite(facts)
    return f"> {cite(facts)}\n\n`CITATION.cff` holds the same for reference managers."


def to_json(content: Mapping[str, Any]) -> str:
    """Return the content as it is written: indented, in the order given."""
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
