"""The private warehouse: records in, records out, nothing overwritten.

Saving is idempotent: content that is already current adds no row, changed content closes the old row and
opens a new one, and what a rerun no longer finds for the same article is closed. Every save is one
transaction; several become one inside ``with store.transaction():``. Rows travel as Arrow tables.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from pipeline.records import (
    Article,
    Claim,
    Fetch,
    Incident,
    Link,
    Mention,
    Page,
    Record,
    Rejection,
    Relevance,
    Report,
    Review,
    Statistic,
)
from warehouse import changes, migrations, tables
from warehouse.database import connect
from warehouse.errors import StoreMissing, StoreTooOld, explained
from warehouse.tables import Change, Processed, PublishedRelease, Row, Run, StoredValidator, Table

if TYPE_CHECKING:
    import duckdb

R = TypeVar("R", bound=Record)


class Store:
    """An open warehouse file. One writer at a time; readers open a release instead."""

    def __init__(self, path: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self.path = path
        self.connection = connection
        self._depth = 0

    @classmethod
    def open(cls, path: Path | str, *, read_only: bool = False) -> Self:
        """Return the open store; a writer makes the file or migrates it when that is needed."""
        path = Path(path)
        if read_only:
            connection = connect(path, read_only=True)
            try:
                with explained(path):
                    found = migrations.stamp(connection)
                    migrations.refuse_newer(path, found)
                    _refuse_older(path, found.version)
            except BaseException:
                connection.close()
                raise
            return cls(path, connection)
        migrations.migrate(path)
        return cls(path, connect(path))

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make the saves of the block one: all of them happen, or none."""
        if self._depth:
            yield
            return
        with explained(self.path):
            self.connection.execute("BEGIN")
            self._depth += 1
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise
            finally:
                self._depth -= 1

    def _roll_back(self) -> None:
        import duckdb

        try:
            self.connection.execute("ROLLBACK")
        except duckdb.Error:
            # After a full disk the connection is dead; what was committed is safe in the file.
            self.connection.close()

    # --- saving ------------------------------------------------------------------------------------

    def save_crawl(
        self, run_id: str, at: dt.datetime, fetches: Sequence[Fetch], pages: Sequence[Page] = ()
    ) -> int:
        """Return how many rows were added for what became of each requested address."""
        with self.transaction():
            return self._append(tables.FETCHES, run_id, at, fetches) + self._append(
                tables.PAGES, run_id, at, pages
            )

    def save_validators(self, run_id: str, at: dt.datetime, validators: Mapping[str, Any]) -> int:
        """Return how many addresses got other ETags or times; values have ``etag``, ``last_modified``."""
        found = [
            StoredValidator(url=url, etag=value.etag, last_modified=value.last_modified)
            for url, value in validators.items()
        ]
        rows = [tables.VALIDATORS.row(item) for item in found]
        with self.transaction():
            return self._replace(tables.VALIDATORS, run_id, at, rows, list(validators))[0]

    def mark_processed(
        self, run_id: str, at: dt.datetime, keys: Iterable[str], version: str
    ) -> int:
        """Return how many inputs are newly noted as read to the end by this version of the code."""
        found = [Processed(input_key=key, version=version) for key in keys]
        with self.transaction():
            return self._append(tables.PROCESSED, run_id, at, found)

    def save_run(self, run: Run, at: dt.datetime) -> int:
        """Return 1 when the run is new or has come further, else 0."""
        rows = [tables.RUNS.row(run)]
        with self.transaction():
            return self._replace(tables.RUNS, run.run_id, at, rows, [run.run_id])[0]

    def save_rejections(
        self,
        run_id: str,
        at: dt.datetime,
        rejections: Sequence[Rejection],
        *,
        record_ids: Collection[str] = (),
    ) -> int:
        """Return how many rejections are new; those of ``record_ids`` that no longer hold are closed."""
        scope = {*record_ids, *(rejection.record_id for rejection in rejections)}
        rows = [tables.REJECTIONS.row(rejection) for rejection in rejections]
        with self.transaction():
            return self._replace(tables.REJECTIONS, run_id, at, rows, scope)[0]

    def save_readings(
        self,
        run_id: str,
        at: dt.datetime,
        *,
        articles: Sequence[Article] = (),
        relevance: Sequence[Relevance] = (),
        mentions: Sequence[Mention] = (),
        reports: Sequence[Report] = (),
        statistics: Sequence[Statistic] = (),
        claims: Sequence[Claim] = (),
        article_ids: Collection[str] = (),
    ) -> int:
        """Return how many rows were added for the readings of these articles.

        All that was held of the articles, and of ``article_ids`` besides, is replaced by what is given:
        a report, mention or figure that is not given again is closed. ``claims`` are the figures that no
        report took up; those inside reports need not be repeated.
        """
        scope = {*article_ids, *(article.article_id for article in articles)}
        taken = {claim.claim_id for report in reports for claim in report.claims}
        loose = [
            tables.CLAIMS.row(claim, report_id=None, ordinal=None)
            for claim in claims
            if claim.claim_id not in taken
        ]
        rows: dict[Table, list[Row]] = {
            tables.ARTICLES: [tables.ARTICLES.row(record) for record in articles],
            tables.RELEVANCE: [tables.RELEVANCE.row(record) for record in relevance],
            tables.MENTIONS: [tables.MENTIONS.row(record) for record in mentions],
            tables.STATISTICS: [tables.STATISTICS.row(record) for record in statistics],
            tables.REPORTS: [tables.REPORTS.row(record) for record in reports],
        }
        for field, table in tables.IN_REPORT.items():
            rows[table] = tables.nested_rows(reports, field, table, "report_id", "article_id")
        rows[tables.CLAIMS] += loose
        strangers = {row["article_id"] for found in rows.values() for row in found} - scope
        if strangers:
            raise ValueError(
                f"readings of articles outside the scope: {', '.join(sorted(strangers)[:3])}"
            )
        added = 0
        with self.transaction():
            for table, found in rows.items():
                added += self._replace(table, run_id, at, found, scope)[0]
        return added

    def save_incidents(
        self,
        run_id: str,
        at: dt.datetime,
        incidents: Sequence[Incident],
        links: Sequence[Link],
        *,
        taken_down: Collection[str] = (),
    ) -> list[Change]:
        """Return what changed; the incidents and links given replace all that were current.

        ``taken_down`` are articles that went because a person decided so.
        """
        before = {incident.incident_id: incident for incident in self.load_incidents()}
        found = changes.compare(before, incidents, run_id=run_id, taken_down=taken_down)
        with self.transaction():
            rows = [tables.INCIDENTS.row(record) for record in incidents]
            self._replace(tables.INCIDENTS, run_id, at, rows, None)
            for field, table in tables.IN_INCIDENT.items():
                nested = tables.nested_rows(incidents, field, table, "incident_id")
                self._replace(table, run_id, at, nested, None)
            rows = [tables.LINKS.row(record) for record in links]
            self._replace(tables.LINKS, run_id, at, rows, None)
            self._append(tables.CHANGES, run_id, at, found)
        return found

    def erase(self, article_ids: Collection[str]) -> int:
        """Return how many rows were deleted for good: all versions of these articles and what was read in them.

        Past versions of incidents that such an article told of go as well, so that no view of the past shows
        them; what `changes` says of them stays. The one exception to nothing being overwritten, for articles
        that a person took down; a version that is still current must not cite them.
        """
        gone = sorted(article_ids)
        reports = (
            "SELECT report_id FROM core.reports WHERE article_id IN (SELECT unnest($1::VARCHAR[]))"
        )
        of_article = "article_id IN (SELECT unnest($1::VARCHAR[]))"
        of_nothing = (
            "incident_id NOT IN (SELECT incident_id FROM core.incidents) AND len($1::VARCHAR[]) > 0"
        )
        wheres = {
            tables.LINKS: f"report_id IN ({reports})",
            tables.INCIDENT_COUNTS: of_article,
            tables.INCIDENTS: "list_has_any(article_ids, $1::VARCHAR[])",
            tables.INCIDENT_PLACES: of_nothing,
            tables.INCIDENT_AGENCIES: of_nothing,
            **{table: of_article for table in tables.ALL if table.scope == "article_id"},
        }
        n_deleted = 0
        with self.transaction():
            for table, where in wheres.items():
                row = self.connection.execute(
                    f"DELETE FROM {table.name} WHERE {where}",  # noqa: S608
                    [gone],
                ).fetchone()
                n_deleted += int(row[0]) if row else 0
        return n_deleted

    def save_reviews(self, run_id: str, at: dt.datetime, reviews: Sequence[Review]) -> int:
        """Return how many decisions were not known yet."""
        with self.transaction():
            return self._append(tables.REVIEWS, run_id, at, reviews)

    def save_release(self, run_id: str, at: dt.datetime, release: PublishedRelease) -> int:
        """Return 1 when the release was not noted yet, else 0."""
        with self.transaction():
            return self._append(tables.RELEASES, run_id, at, [release])

    # --- loading -----------------------------------------------------------------------------------

    def load_articles(self, article_ids: Collection[str] | None = None) -> list[Article]:
        """Return the current articles with their text, in order of id."""
        return self._load(tables.ARTICLES, Article, article_ids)

    def article_ids(self, first: dt.date | None = None, last: dt.date | None = None) -> list[str]:
        """Return the ids of the current articles, in order.

        With ``first`` and ``last`` only those published (else fetched) within these days, and with them
        every member of their copy groups.
        """
        with explained(self.path):
            found = self.connection.execute(
                "WITH held AS ("
                "  SELECT article_id, copy_group_id, coalesce(published_date, fetched_at::DATE) AS day"
                "  FROM core.articles WHERE superseded_at IS NULL"
                "), near AS (SELECT * FROM held WHERE ($1 IS NULL OR day >= $1) AND ($2 IS NULL OR day <= $2))"
                " SELECT article_id FROM held WHERE article_id IN (SELECT article_id FROM near)"
                " OR copy_group_id IN (SELECT copy_group_id FROM near) ORDER BY article_id",
                [first, last],
            ).fetchall()
        return [article_id for (article_id,) in found]

    def load_relevance(self, article_ids: Collection[str] | None = None) -> list[Relevance]:
        """Return the current judgements, in order of article."""
        return self._load(tables.RELEVANCE, Relevance, article_ids)

    def load_mentions(self, article_ids: Collection[str] | None = None) -> list[Mention]:
        """Return the current mentions, in order of article and position."""
        return self._load(tables.MENTIONS, Mention, article_ids)

    def load_claims(self, article_ids: Collection[str] | None = None) -> list[Claim]:
        """Return each current figure once, in order of article and position."""
        found = self._load(tables.CLAIMS, Claim, article_ids)
        return list({claim.claim_id: claim for claim in found}.values())

    def load_statistics(self, article_ids: Collection[str] | None = None) -> list[Statistic]:
        """Return the current statistics, in order of article and position."""
        return self._load(tables.STATISTICS, Statistic, article_ids)

    def load_reports(self, article_ids: Collection[str] | None = None) -> list[Report]:
        """Return the current reports with everything nested in them, in order of id."""
        return self._load_nested(tables.REPORTS, Report, "report_id", tables.IN_REPORT, article_ids)

    def load_incidents(self) -> list[Incident]:
        """Return the current incidents with ledger, places and agencies, in order of id."""
        return self._load_nested(
            tables.INCIDENTS, Incident, "incident_id", tables.IN_INCIDENT, None
        )

    def load_links(self) -> list[Link]:
        """Return why each report belongs to its incident, in order of report."""
        return self._load(tables.LINKS, Link, None)

    def load_rejections(self) -> list[Rejection]:
        """Return the rejections that still hold, in order of record."""
        return self._load(tables.REJECTIONS, Rejection, None)

    def load_reviews(self) -> list[Review]:
        """Return all human decisions, in order of id."""
        return self._load(tables.REVIEWS, Review, None)

    def load_fetches(self, run_id: str | None = None) -> list[Fetch]:
        """Return what became of each requested address, of one run or of all."""
        return self._load(tables.FETCHES, Fetch, None if run_id is None else [run_id])

    def load_changes(self, run_id: str) -> list[Change]:
        """Return what one run changed of the incidents."""
        rows = self._rows(tables.CHANGES, "run_id = ?", [run_id])
        return [Change.model_validate(tables.CHANGES.values(row)) for row in rows]

    def load_releases(self) -> list[PublishedRelease]:
        """Return the releases that went out, in order of id."""
        return self._load(tables.RELEASES, PublishedRelease, None)

    def known_links(self) -> dict[str, str]:
        """Return the incident that each report was last linked to: report id to incident id.

        Reports of a rejected incident are linked to none; the next linking must still know what was rejected.
        """
        with explained(self.path):
            found = self.connection.execute(
                "SELECT report_id, arg_max(incident_id, recorded_at) FROM core.links"
                " WHERE superseded_at IS NULL OR report_id IN"
                " (SELECT report_id FROM core.reports WHERE superseded_at IS NULL) GROUP BY report_id"
            ).fetchall()
        return dict(found)

    def validators(self) -> dict[str, StoredValidator]:
        """Return the latest ETag and time of change of each address."""
        return {item.url: item for item in self._load(tables.VALIDATORS, StoredValidator, None)}

    def skipped(self, since: dt.date) -> set[str]:
        """Return the addresses that were left out by their titles since that day (UTC)."""
        rows = self._rows(tables.FETCHES, "state = 'skipped' AND fetched_at >= ?", [since])
        return {row["url"] for row in rows}

    def crawled(self) -> set[str]:
        """Return the runs of which it is known what became of each address."""
        with explained(self.path):
            found = self.connection.execute("SELECT DISTINCT run_id FROM raw.fetches").fetchall()
        return {run_id for (run_id,) in found}

    def source_health(self, first: dt.date) -> list[Row]:
        """Return the rows of ``marts.source_health`` from that day on."""
        with explained(self.path):
            found = self.connection.execute(
                "SELECT * FROM marts.source_health WHERE day >= ? ORDER BY day, source_id", [first]
            )
            names = [column[0] for column in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def processed(self, version: str) -> set[str]:
        """Return the inputs that this version of the code has read to the end."""
        rows = self._rows(tables.PROCESSED, "version = ?", [version])
        return {row["input_key"] for row in rows}

    def page_digests(self) -> set[str]:
        """Return the SHA-256 of every page that became an article we hold."""
        with explained(self.path):
            found = self.connection.execute(
                "SELECT DISTINCT page_sha256 FROM core.articles WHERE superseded_at IS NULL"
            ).fetchall()
        return {digest for (digest,) in found}

    def counts(self) -> dict[str, int]:
        """Return the number of current rows of each table."""
        found = {}
        with explained(self.path):
            for table in tables.ALL:
                row = self.connection.execute(
                    f"SELECT count(*) FROM {table.name} WHERE superseded_at IS NULL"  # noqa: S608
                ).fetchone()
                found[table.name] = int(row[0]) if row else 0
        return found

    # --- rows --------------------------------------------------------------------------------------

    def _append(self, table: Table, run_id: str, at: dt.datetime, found: Sequence[Record]) -> int:
        rows = [table.row(record) for record in found]
        return self._replace(table, run_id, at, rows, ())[0]

    def _replace(
        self,
        table: Table,
        run_id: str,
        at: dt.datetime,
        rows: Sequence[Row],
        scope: Collection[str] | None,
    ) -> tuple[int, int]:
        """Return how many rows were opened and closed; a scope of None is the whole table."""
        import pyarrow as pa

        unique = {row["row_hash"]: row for row in rows}
        moment = at.astimezone(dt.UTC).replace(tzinfo=None)
        execute = self.connection.execute
        with explained(self.path):
            columns = [*dict.fromkeys((*table.added, *table.fields)), "row_hash"]
            listed = ", ".join(f'"{name}"' for name in columns)
            schema = (
                self.connection.sql(
                    f"SELECT {listed} FROM {table.name} LIMIT 0"  # noqa: S608
                )
                .to_arrow_table()
                .schema
            )
            self.connection.register(
                "incoming", pa.Table.from_pylist([*unique.values()], schema=schema)
            )
            within = ""
            if scope is not None:
                self.connection.register(
                    "scope", pa.table({"id": pa.array(sorted(scope), pa.string())})
                )
                within = f'AND "{table.scope}" IN (SELECT id FROM scope)'  # noqa: S608
            try:
                closed = 0
                if scope is None or scope:
                    row = execute(
                        f"UPDATE {table.name} SET superseded_at = greatest(recorded_at, ?)"  # noqa: S608
                        f" WHERE superseded_at IS NULL {within}"
                        " AND row_hash NOT IN (SELECT row_hash FROM incoming)",
                        [moment],
                    ).fetchone()
                    closed = int(row[0]) if row else 0
                opened = 0
                if unique:
                    given: dict[str, object] = {"recorded_at": moment, "superseded_at": None}
                    if "run_id" not in columns:
                        given["run_id"] = run_id
                    row = execute(
                        f"INSERT INTO {table.name} BY NAME"  # noqa: S608
                        f" SELECT {listed}, {', '.join(f'? AS {name}' for name in given)}"
                        f" FROM incoming ANTI JOIN"
                        f" (SELECT row_hash FROM {table.name} WHERE superseded_at IS NULL) USING (row_hash)",
                        list(given.values()),
                    ).fetchone()
                    opened = int(row[0]) if row else 0
                if opened or closed:
                    digest = hashlib.sha256("".join(unique).encode()).hexdigest()[:16]
                    execute(
                        "INSERT INTO raw.batches VALUES (?, ?, ?, ?, ?, ?)",
                        [f"batch_{digest}", run_id, table.name, opened, closed, moment],
                    )
            finally:
                self._forget("incoming", *(("scope",) if scope is not None else ()))
        return opened, closed

    def _forget(self, *names: str) -> None:
        import duckdb

        # In a transaction that has failed even this fails, and would hide why it did.
        with suppress(duckdb.Error):
            for name in names:
                self.connection.unregister(name)

    def _rows(
        self, table: Table, where: str = "true", parameters: Sequence[object] = ()
    ) -> list[Row]:
        listed = ", ".join(f'"{name}"' for name in dict.fromkeys((*table.added, *table.fields)))
        order = ", ".join(f'"{name}"' for name in table.order or table.key)
        with explained(self.path):
            found = self.connection.execute(
                f"SELECT {listed} FROM {table.name}"  # noqa: S608
                f" WHERE superseded_at IS NULL AND ({where}) ORDER BY {order}",
                list(parameters),
            )
            names = [column[0] for column in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def _within(self, table: Table, scope: Collection[str] | None) -> list[Row]:
        if scope is None:
            return self._rows(table)
        return self._rows(
            table, f'"{table.scope}" IN (SELECT unnest(?::VARCHAR[]))', [sorted(scope)]
        )

    def _load(self, table: Table, record: type[R], scope: Collection[str] | None) -> list[R]:
        return [record.model_validate(table.values(row)) for row in self._within(table, scope)]

    def _load_nested(
        self,
        table: Table,
        record: type[R],
        key: str,
        nested: Mapping[str, Table],
        scope: Collection[str] | None,
    ) -> list[R]:
        children: dict[str, dict[str, list[tuple[int, Row]]]] = {}
        for field, child in nested.items():
            of_parent: dict[str, list[tuple[int, Row]]] = defaultdict(list)
            for row in self._within(child, scope):
                if row[key] is not None:
                    of_parent[row[key]].append((row["ordinal"], child.values(row)))
            children[field] = of_parent
        found = []
        for row in self._within(table, scope):
            values = table.values(row)
            for field, of_parent in children.items():
                ordered = sorted(of_parent.get(row[key], ()), key=lambda item: item[0])
                values[field] = [item for _, item in ordered]
            found.append(record.model_validate(values))
        return found


def _refuse_older(path: Path, version: int) -> None:
    if version < migrations.target().version:
        raise StoreTooOld(f"{path} has schema version {version}")


def open_existing(source: Store | Path) -> Store:
    """Return the store, opened to write when only its path is given; a missing file is an error."""
    if isinstance(source, Store):
        return source
    if not source.exists():
        raise StoreMissing(f"{source} does not exist")
    return Store.open(source)
