"""What must not leave the house: patterns of personal data, masking, coarse places, and the gate.

The public tier is built by ``warehouse/public/*.sql`` under the rules of the codebook's section on
privacy. The gate here looks at the finished file as a stranger would and fails closed: one text that
looks like a person's name with an age, a telephone number or the number of an identity paper blocks the
release. Patterns catch what is written in the press in recurring forms; a bare name in a headline has no
form of its own, which is why texts and surfaces are left out altogether.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pipeline.records import GeoPrecision
from pipeline.text import sentences

if TYPE_CHECKING:
    import duckdb

# Each works in Python and in DuckDB's RE2: no look-around. `who` marks the part that is masked; without
# it the whole match is.
PATTERNS: Mapping[str, str] = {
    "e-mail address": r"[\w.+-]+@[\w-]+\.[\w.-]*\w",
    # Country codes of the region, and national mobile numbers (Indonesia 08, its neighbours 09).
    "telephone number": (
        r"(?:\+\s?|\b00)(?:60|61|62|63|65|66|84|95|855|856|886|852)(?:[\s.()-]{0,2}\d){7,12}\b"
        r"|\b0[89]\d{1,2}[\s.-]?\d{3,4}[\s.-]?\d{3,5}\b"
        r"|\b62[\s-]?8\d{2}[\s.-]?\d{3,4}[\s.-]?\d{3,5}\b"
    ),
    # Indonesian national id (NIK) and family card: 16 digits, sometimes in groups of four.
    "identity number": r"\b\d{16}\b|\b\d{4}[ .-]\d{4}[ .-]\d{4}[ .-]\d{4}\b",
    # Indonesian, Philippine and Malaysian passports: one or two letters and seven or eight digits.
    "passport number": r"\b[A-Z]{1,2}\s?\d{7,8}[A-Z]?\b",
    "bank account": r"(?i:\b(?:rekening|account)\b)\D{0,20}(?P<who>\d[\d -]{6,}\d)",
    "initials": (
        r"\b(?:[A-Z]\.?\s?){1,4}\((?:usia |aged? )?\d{1,2}(?:\s?(?:tahun|thn|th|yo))?\)"
        r"|\b(?i:berinisial|inisial|initials?)\s+(?P<who>[A-Z](?:\.?[A-Z]){0,3})\b"
    ),
    "name with age": (
        r"\b[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]*){0,3}\s?\((?:usia |aged? )?\d{1,2}(?:\s?(?:tahun|thn|th))?\)"
        r"|\b[A-Z][a-z'’-]+(?:\s[A-Z][a-z'’-]+){0,3},\s\d{1,2},"
    ),
    "named person": (
        r"\b(?i:bernama|atas nama|nama lengkap|named)\s+"
        r"(?P<who>[A-Z][\w'’.-]*\w(?:\s[A-Z][\w'’.-]*\w){0,3})"
    ),
}
# Article addresses carry long running numbers that are nobody's: only what no address holds by chance.
URL_PATTERNS = ("e-mail address",)
# A title that tells of a child or teenager is withheld with its address.
MINORS = (
    r"(?i)\b(?:anak di bawah umur|di bawah umur|anak perempuan|anak laki-laki|balita|bocah|remaja"
    r"|pelajar|siswa|siswi|santri|minors?|teen(?:age|ager|agers|s)?|schoolgirls?|schoolboys?|child|children)\b"
)
MASK = "█"
# Below the second administrative level: shown as what holds them, or not at all.
_TOO_FINE = frozenset({"village", "ward"})
_COMPILED = {name: re.compile(pattern) for name, pattern in PATTERNS.items()}


class Gazetteered(Protocol):
    """What the gazetteer says of a place, as far as the public tier needs it."""

    @property
    def place_id(self) -> str:
        """Key in the gazetteer."""

    @property
    def name(self) -> str:
        """Name as shown."""

    @property
    def kind(self) -> str:
        """What kind of place it is."""

    @property
    def country(self) -> str | None:
        """ISO 3166-1 alpha-3."""

    @property
    def admin1(self) -> str | None:
        """Province or state."""

    @property
    def lat(self) -> float | None:
        """Degrees north."""

    @property
    def lon(self) -> float | None:
        """Degrees east."""

    @property
    def precision(self) -> GeoPrecision:
        """How finely it is known."""

    @property
    def coarse_id(self) -> str | None:
        """The place that stands for it in public."""


class PublicPlace(NamedTuple):
    """The place that stands for a finer one in public."""

    fine_id: str
    place_id: str
    name: str
    country: str | None
    admin1: str | None
    lat: float | None
    lon: float | None
    geo_precision: str


def mask(text: str) -> str:
    """Return the text with what looks like personal data covered, character for character."""
    for pattern in _COMPILED.values():
        for match in pattern.finditer(text):
            group = "who" if match.groupdict().get("who") else 0
            start, end = match.span(group)
            text = text[:start] + MASK * (end - start) + text[end:]
    return text


def narrowed(line: str, start: int, end: int) -> tuple[str, int]:
    """Return the masked sentences that the span touches, and where they begin in the line."""
    touched = [piece for piece in sentences(line) if piece.start < end and start < piece.end]
    if not touched:
        return mask(line), 0
    # A span may reach over the edge of a sentence: nothing of it is cut away.
    first, last = min(touched[0].start, start), max(touched[-1].end, end)
    # Masked as a whole before cutting, so that a pattern over the edge is seen too.
    return mask(line)[first:last], first


def coarsened(
    place_ids: Iterable[str], place_of: Callable[[str], Gazetteered | None]
) -> list[PublicPlace]:
    """Return the public place of each place that has one; a site without a town above it has none."""
    found = []
    for fine_id in sorted(set(place_ids)):
        place = place_of(fine_id)
        seen = {fine_id}
        while place is not None and place.coarse_id and place.coarse_id not in seen:
            seen.add(place.coarse_id)
            place = place_of(place.coarse_id)
        if place is None or place.precision is GeoPrecision.SITE or place.kind in _TOO_FINE:
            continue
        found.append(
            PublicPlace(
                fine_id,
                place.place_id,
                place.name,
                place.country,
                place.admin1,
                None if place.lat is None else round(place.lat, 1),
                None if place.lon is None else round(place.lon, 1),
                place.precision.value,
            )
        )
    return found


def any_pattern(names: Iterable[str] = PATTERNS) -> str:
    """Return one regular expression that finds what any of the patterns finds."""
    return "|".join(f"(?:{PATTERNS[name].replace('?P<who>', '?:')})" for name in names)


class Leak(NamedTuple):
    """Where the gate saw personal data: the column and the kind, never the value."""

    table: str
    column: str
    kind: str
    n_rows: int

    def __str__(self) -> str:
        return f"{self.table}.{self.column} holds {self.n_rows} x {self.kind}"


def leaks(connection: duckdb.DuckDBPyConnection, catalogue: str) -> list[Leak]:
    """Return every text column of the file's ``marts`` in which a pattern is found."""
    columns = connection.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns()"
        " WHERE database_name = ? AND schema_name = 'marts' AND data_type LIKE '%VARCHAR%'"
        " ORDER BY ALL",
        [catalogue],
    ).fetchall()
    texts: dict[str, dict[str, str]] = {}
    for table, column, data_type in columns:
        text = f'"{column}"' if data_type == "VARCHAR" else f'CAST("{column}" AS VARCHAR)'
        texts.setdefault(table, {})[column] = text
    found = []
    for table, held in texts.items():
        source = f'"{catalogue}".marts."{table}"'
        urls = {column: text for column, text in held.items() if column.endswith("url")}
        others = {column: text for column, text in held.items() if column not in urls}
        for looked_at, kinds in ((others, tuple(PATTERNS)), (urls, URL_PATTERNS)):
            # One look for anything at all first: nearly always there is nothing.
            if looked_at and _hits(connection, source, looked_at, any_pattern(kinds)):
                found += [
                    Leak(table, column, kind, n_rows)
                    for kind in kinds
                    for column, n_rows in _hits(
                        connection, source, looked_at, any_pattern([kind])
                    ).items()
                ]
    return found


def _hits(
    connection: duckdb.DuckDBPyConnection, source: str, texts: Mapping[str, str], pattern: str
) -> dict[str, int]:
    """Return in how many rows each column matches the pattern, of the columns that do."""
    # The columns are stacked, so that the pattern is compiled once and not for each of them.
    cells = ", ".join(f"{{'name': '{column}', 'cell': {text}}}" for column, text in texts.items())
    rows = connection.execute(
        f"SELECT name, count(*) FROM (SELECT unnest([{cells}], recursive := true) FROM {source})"  # noqa: S608
        " WHERE regexp_matches(cell, ?) GROUP BY name ORDER BY name",
        [pattern],
    ).fetchall()
    return dict(rows)
