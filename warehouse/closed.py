"""What each text of the public tier may be: a code, an id, or an entry of a list; nothing else passes.

analyst tier, gazetteer, agencies, outlets -> lists of what may be shown -> the public tier -> gate

`privacy` looks for what personal data look like. Here it is the other way round: every column that holds text says
what it may hold, the public tables are built from these lists alone, and the gate looks at the finished file
against them. A column that nobody has told of is refused.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from pipeline import categories
from pipeline.records import AgencyRole, Incident, PlaceRole, StatisticCategory, Unit
from warehouse import codebook, titles
from warehouse.changes import REASONS
from warehouse.database import literal
from warehouse.privacy import Gazetteered, Leak
from warehouse.titles import Listed

if TYPE_CHECKING:
    import duckdb

# --- what a column may hold --------------------------------------------------------------------------

_COUNTRY = "[A-Z]{3}"
_SHAPES: Mapping[str, str] = {
    # Ids end in hexadecimal digits, which spell no name.
    "id": r"[a-z]+_[0-9a-f]{16}",
    "digest": r"[0-9a-f]{64}",
    "country": _COUNTRY,
    "language": r"[a-z]{2,3}",
    "release": r"\d{4}-\d{2}-\d{2}(?:\.\d+)?",
    "version": r"review|alone|copy|rules(?:[+-][a-z0-9:-]*)?(?:\.[a-z]+)?|[a-z]+(?:\.[a-z]+)?|[a-z]+-\d+|\d+",
    "source": r"(?:[a-z0-9][a-z0-9-]{0,63})?",
    "stage": r"archive|articles|inputs|incidents|read",
    "metric": "({})_(?:count|{})_({})".format(
        "|".join(Unit), "|".join(categories.METRICS), "|".join(StatisticCategory)
    ),
    "reason": "|".join(f"(?:{pattern})" for pattern in REASONS),
    "field": "|".join(sorted(Incident.model_fields)),
    "role": "|".join([*PlaceRole, *AgencyRole]),
}
_LISTED = (
    "place",
    "place name",
    "province",
    "agency",
    "agency name",
    "outlet",
    "title",
    "address",
    "code",
)
# What the text columns without a vocabulary hold: a shape or lists; `table.column` beats `column`.
_HOLDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            "article_id", "incident_id", "parent_id", "case_id", "merged_into", "change_id", "count_id", "subset_of",
            "superseded_by", "report_id", "stat_id", "disaggregation_of", "figure_id", "series_id", "copy_group_id",
            "duplicate_of",
        ),
        ("id",),
    ),
    "page_sha256": ("digest",),
    **dict.fromkeys(
        ("country", "event_country", "destination_country", "nationality", "nationalities", "area_country", "population"),
        ("country",),
    ),
    "language": ("language",),
    "release": ("release",),
    **dict.fromkeys(("linked_by", "extractor", "extractor_version"), ("version",)),
    "source_id": ("source",),
    **dict.fromkeys(("outlet", "owner"), ("outlet",)),
    "title": ("title",),
    **dict.fromkeys(("url", "canonical_url"), ("address",)),
    "stage": ("stage",),
    "metric": ("metric",),
    "reason": ("reason",),
    "fields": ("field",),
    **dict.fromkeys(("place_id", "from_place_id", "to_place_id"), ("place",)),
    **dict.fromkeys(("place_name", "from_name", "to_name", "incident_places.name"), ("place name",)),
    "admin1": ("province",),
    **dict.fromkeys(("agency_id", "source_agency"), ("agency",)),
    "incident_agencies.name": ("agency name",),
    "hub_shares.hub": ("country", "place"),
    "hub_shares.name": ("country", "place name"),
    **dict.fromkeys(("gained_most", "lost_most"), ("country", "place")),
    "sightings.value": ("code",),
    "trends_by_dimension.value": ("country", "code", "agency", "province"),
    "mentions.role": ("role",),
    "mentions.surface": ("place name", "agency name"),
    "mentions.canonical_id": ("place", "agency", "code"),
    "mentions.canonical_name": ("place name", "agency name"),
}  # fmt: skip


def macros() -> Iterator[str]:
    """Yield statements that lend the shapes to SQL: ``only_metric(cell)`` is the cell, or null when it has another."""
    for name, pattern in _SHAPES.items():
        yield (
            f"CREATE OR REPLACE TEMP MACRO only_{name}(cell) AS"
            f" CASE WHEN regexp_full_match(cell, {literal(pattern)}) THEN cell END"
        )


def unruled() -> list[str]:
    """Return the text columns of the public tier for which nothing is said: each would block every release."""
    return [
        f"{table}.{column}"
        for table, entry in codebook.load().tables.items()
        for column, told in entry.in_tier("public").items()
        if told.type in {"text", "list"} and _condition(table, column, told.type == "list") is None
    ]


def _holds(table: str, column: str) -> tuple[str, ...]:
    return _HOLDS.get(f"{table}.{column}") or _HOLDS.get(column, ())


def _condition(table: str, column: str, is_list: bool) -> str | None:
    """Return the SQL condition that a value keeps, None when nothing is said of the column."""
    entry = codebook.load().tables.get(table)
    told = entry.in_tier("public").get(column) if entry else None
    if told is None:
        return None
    cell = "item" if is_list else f'"{column}"'
    if told.vocabulary:
        codes = codebook.load().vocabularies[told.vocabulary].values
        kept = f"{cell} IN ({', '.join(map(literal, codes))})"
    elif holds := _holds(table, column):
        shapes = "|".join(_SHAPES[name] for name in holds if name in _SHAPES)
        lists = ", ".join(literal(name) for name in holds if name in _LISTED)
        told_by = []
        if shapes:
            told_by.append(f"regexp_full_match({cell}, {literal(shapes)})")
        if lists:
            told_by.append(f"{cell} IN (SELECT value FROM shown WHERE kind IN ({lists}))")  # noqa: S608
        kept = " OR ".join(told_by)
    else:
        return None
    if is_list:
        return f'len(list_filter("{column}", lambda item: NOT ({kept}))) = 0'
    return f'"{column}" IS NULL OR {kept}'


def strangers(connection: duckdb.DuckDBPyConnection, catalogue: str) -> list[Leak]:
    """Return every text column of the file's ``marts`` that holds what it may not, and how often.

    Reads the lists that `list_shown` has made on the same connection.
    """
    columns: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for table, column, data_type in connection.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns()"
        " WHERE database_name = ? AND schema_name = 'marts' AND data_type LIKE '%VARCHAR%' ORDER BY ALL",
        [catalogue],
    ).fetchall():
        columns[table].append((column, data_type != "VARCHAR"))
    return [
        leak
        for table, held in columns.items()
        for leak in _strangers_in(connection, catalogue, table, held)
    ]


def _strangers_in(
    connection: duckdb.DuckDBPyConnection,
    catalogue: str,
    table: str,
    columns: Iterable[tuple[str, bool]],
) -> Iterator[Leak]:
    """Yield what one table holds and may not; each column comes with whether it is a list."""
    conditions: dict[str, str] = {}
    for column, is_list in columns:
        if condition := _condition(table, column, is_list):
            conditions[column] = condition
        else:
            yield Leak(table, column, "text that no rule clears", 1)
    if not conditions:
        return
    counts = ", ".join(f"count(*) FILTER (WHERE NOT ({kept}))" for kept in conditions.values())
    row = connection.execute(f'SELECT {counts} FROM "{catalogue}".marts."{table}"').fetchone()  # noqa: S608
    for column, n_rows in zip(conditions, row or (), strict=True):
        if n_rows:
            yield Leak(table, column, "text that no list holds", int(n_rows))


# --- what may be shown -------------------------------------------------------------------------------


class Outlet(NamedTuple):
    """A publisher of the registry."""

    name: str
    owner: str
    hosts: tuple[str, ...]


# Stands for every publisher that is not of the registry, as in `public/04_articles.sql`.
NOT_LISTED = "not listed"
_POLICE_POST = "polsek"
_FINE = frozenset({"district", "ward", "village"})
_CODED = ("scam_type", "channel", "control_means")
# A word of the articles held is ordinary when so many texts, copies taken together, of so many publishers print it
# in small letters: one outlet that knows no capitals does not make a name a word.
_LEAST_TEXTS, _LEAST_PUBLISHERS = 5, 3


def list_shown(
    connection: duckdb.DuckDBPyConnection,
    place_of: Callable[[str], Gazetteered | None],
    outlets: Mapping[str, Outlet] | None = None,
) -> None:
    """Make the lists of what the public tier may show, from the analyst tier and ``coarse_places``.

    The tables ``shown_agencies``, ``shown_provinces``, ``shown_outlets`` and ``shown_titles`` are for the SQL of
    ``warehouse/public``, ``shown`` for the gate. ``outlets`` is the registry, by id of the source; without it the
    publishers of all crawled articles are taken for known.
    """
    known = _known_outlets(connection, outlets)
    agencies = _agencies(connection)
    provinces = _provinces(connection, place_of)
    cleared = _titles(connection, place_of, agencies, known)
    for table, columns, rows in (
        ("shown_agencies", "agency_id, name", agencies.items()),
        ("shown_provinces", "place_id, admin1", provinces.items()),
        ("shown_outlets", "name", [(name,) for name in sorted(known.names)]),
        ("shown_titles", "article_id, title, url, canonical_url", cleared),
        ("shown", "kind, value", _all(connection, agencies, provinces, known, cleared)),
    ):
        _fill(connection, table, columns.split(", "), rows)


def _fill(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: list[str],
    rows: Iterable[Iterable[str | None]],
) -> None:
    import pyarrow as pa

    listed = ", ".join(f"{column} VARCHAR" for column in columns)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({listed})")
    held = [dict(zip(columns, row, strict=True)) for row in rows]
    if held:
        schema = pa.schema([(column, pa.string()) for column in columns])
        connection.register("given", pa.Table.from_pylist(held, schema=schema))
        connection.execute(f"INSERT INTO {table} SELECT * FROM given")  # noqa: S608
        connection.unregister("given")


class _Known(NamedTuple):
    """Names of publishers, and the hosts that are theirs."""

    names: frozenset[str]
    hosts: frozenset[str]


def _known_outlets(
    connection: duckdb.DuckDBPyConnection, outlets: Mapping[str, Outlet] | None
) -> _Known:
    if outlets is not None:
        names = {name for outlet in outlets.values() for name in (outlet.name, outlet.owner)}
        hosts = {host.lower() for outlet in outlets.values() for host in outlet.hosts}
        return _Known(frozenset(names), frozenset(hosts))
    crawled = connection.execute(
        "SELECT DISTINCT outlet, owner, canonical_url FROM analyst.marts.articles WHERE source_id <> ''"
    ).fetchall()
    return _Known(
        frozenset(name for outlet, owner, _ in crawled for name in (outlet, owner)),
        frozenset((urlsplit(url).hostname or "").lower() for *_, url in crawled),
    )


def _agencies(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the name of each agency that a list knows, or whose name is made of listed words alone.

    A body that only its head gives away ("Yayasan ...", "Law Office of ...") is called as the text calls it, and may
    be called after a person.
    """
    from pipeline import agencies, authorities, ordinary

    told = connection.execute(
        "SELECT agency_id, min(name) FROM ("
        " SELECT agency_id, name FROM analyst.marts.incident_agencies"
        " UNION ALL SELECT canonical_id, canonical_name FROM analyst.marts.mentions WHERE kind = 'agency'"
        " UNION ALL SELECT source_agency, NULL FROM analyst.marts.statistics"
        ") WHERE agency_id IS NOT NULL GROUP BY agency_id ORDER BY agency_id"
    ).fetchall()
    vocabulary: set[str] | None = None
    found = {}
    for agency_id, name in told:
        if listed := authorities.get(agency_id):
            found[agency_id] = listed.name
        elif name and not name.lower().startswith(_POLICE_POST):
            if vocabulary is None:
                vocabulary = {word for known in agencies.names() for word in titles.words(known)}
                vocabulary |= _place_words() | ordinary.words()
            if titles.words(name) <= vocabulary and not re.search(r"\d{4}", name):
                found[agency_id] = name
    return found


def _place_words() -> set[str]:
    """Return the words of the names of places that are no villages or districts."""
    from pipeline import places

    return {
        word
        for name, ids in places.names().items()
        if any((place := places.get(key)) is not None and place.kind not in _FINE for key in ids)
        for word in titles.words(name)
    }


def _provinces(
    connection: duckdb.DuckDBPyConnection, place_of: Callable[[str], Gazetteered | None]
) -> dict[str, str]:
    """Return the province of each place of an incident, as the gazetteer has it."""
    named = connection.execute(
        "SELECT DISTINCT place_id FROM analyst.marts.incident_versions WHERE place_id IS NOT NULL"
    ).fetchall()
    places = {place_id: place_of(place_id) for (place_id,) in named}
    return {key: place.admin1 for key, place in sorted(places.items()) if place and place.admin1}


def _titles(
    connection: duckdb.DuckDBPyConnection,
    place_of: Callable[[str], Gazetteered | None],
    agencies: Mapping[str, str],
    known: _Known,
) -> list[tuple[str, str, str | None, str | None]]:
    """Return id, title and addresses of the articles whose title clears; an address that does not is None."""
    from pipeline import ordinary

    codes = _codes()
    held = connection.execute(
        "SELECT article_id, title, url, canonical_url FROM analyst.marts.articles WHERE relevant"
        " OR article_id IN (SELECT article_id FROM analyst.marts.reports) ORDER BY article_id"
    ).fetchall()
    asked = {word for _, *texts in held for text in texts for word in titles.words(text or "")}
    base = ordinary.words()
    words = base | _printed_small(connection, asked - base - ordinary.names())
    spans: dict[str, list[Listed]] = defaultdict(list)
    for article_id, kind, start, end, key in connection.execute(
        'SELECT mentions.article_id, kind, "start", "end", canonical_id FROM analyst.marts.mentions AS mentions'
        ' JOIN analyst.marts.articles USING (article_id) WHERE canonical_id IS NOT NULL AND "end" <= length(title)'
    ).fetchall():
        if (
            (kind == "place" and _is_sure(place_of(key)))
            or (kind == "agency" and key in agencies)
            or (kind == "nationality" and re.fullmatch("[A-Za-z]{2,3}", key))
            or (kind in _CODED and key in codes)
        ):
            spans[article_id].append(Listed(start, end))
    found = []
    for article_id, title, *addresses in held:
        if titles.is_clear(title or "", spans[article_id], words):
            url, canonical = (
                address
                if titles.is_clear_address(address or "", title, words, known.hosts)
                else None
                for address in addresses
            )
            found.append((article_id, title, url, canonical))
    return found


def _printed_small(connection: duckdb.DuckDBPyConnection, asked: Collection[str]) -> set[str]:
    """Return those of the words that the texts held print in small letters."""
    _fill(connection, "asked_words", ["word"], [(word,) for word in sorted(asked)])
    rows = connection.execute(
        "WITH told AS ("  # noqa: S608
        "  SELECT coalesce(copy_group_id, article_id) AS told, coalesce(nullif(owner, ''), outlet) AS publisher,"
        "  unnest(list_distinct(string_split_regex(substring(text, length(title) + 1), '[^\\p{L}\\p{M}]+'))) AS word"
        "  FROM core.articles WHERE superseded_at IS NULL"
        "  AND article_id IN (SELECT article_id FROM analyst.marts.articles WHERE relevant)"
        ") SELECT word FROM told SEMI JOIN asked_words USING (word) WHERE word <> upper(word) GROUP BY word"
        f" HAVING count(DISTINCT told) >= {_LEAST_TEXTS} AND count(DISTINCT publisher) >= {_LEAST_PUBLISHERS}"
    ).fetchall()
    return {word for (word,) in rows}


def _all(
    connection: duckdb.DuckDBPyConnection,
    agencies: Mapping[str, str],
    provinces: Mapping[str, str],
    known: _Known,
    cleared: Iterable[tuple[str, str, str | None, str | None]],
) -> Iterator[tuple[str, str]]:
    """Yield each value that a public column may hold, with its kind."""
    for place_id, name, country, admin1 in connection.execute(
        "SELECT DISTINCT place_id, name, country, admin1 FROM coarse_places"
    ).fetchall():
        yield "place", place_id
        yield "place name", name
        if admin1:
            yield from (("province", admin1), ("province", f"{country}/{admin1}"))
    for admin1, country in connection.execute(
        "SELECT DISTINCT admin1, event_country FROM analyst.marts.incident_versions WHERE admin1 IS NOT NULL"
    ).fetchall():
        if admin1 in provinces.values():
            yield from (("province", admin1), ("province", f"{country}/{admin1}"))
    for agency_id, name in agencies.items():
        yield from (("agency", agency_id), ("agency name", name))
    yield from (("outlet", name) for name in (*known.names, NOT_LISTED))
    for _, title, url, canonical in cleared:
        yield "title", title
        yield from (("address", address) for address in (url, canonical) if address)
    yield from (("code", code) for code in sorted(_codes()))


@cache
def _codes() -> frozenset[str]:
    """Return the codes of kinds of scam, ways of recruitment, means of control and roles of persons."""
    from pipeline import lexicon
    from warehouse import htcds

    found = {row.code for row in htcds.rows()}
    found |= {key for group in _CODED for key in lexicon.terms()[group]}
    for vocabulary in ("ScamType", "CountRole"):
        found |= set(codebook.load().vocabularies[vocabulary].values)
    return frozenset(found)


def _is_sure(place: Gazetteered | None) -> bool:
    """Whether a name in a title is that place: no village, and no word that is also common or a person's name."""
    return place is not None and place.kind not in _FINE and getattr(place, "is_sure", True)
