"""Which articles a takedown means, and which releases still hold them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from flows.problems import UsageProblem

if TYPE_CHECKING:
    from warehouse.releases import Release

_ID = re.compile(r"[a-z]+_[0-9a-f]{16}")
_ALL_ROWS = 10_000_000
_TIMEOUT_S = 60.0
# RECORD_ID stands for an id that `_ID` has matched.
_MEANT = (
    "WITH meant AS (SELECT article_id FROM articles WHERE article_id = 'RECORD_ID'"
    " UNION SELECT article_id FROM reports WHERE incident_id = 'RECORD_ID'),"
    " groups AS (SELECT copy_group_id FROM articles WHERE article_id IN (SELECT article_id FROM meant))"
    " SELECT a.article_id, any_value(a.outlet) AS outlet,"
    " list_sort(list_distinct(list(r.incident_id) FILTER (r.incident_id IS NOT NULL))) AS incidents"
    " FROM articles AS a LEFT JOIN reports AS r USING (article_id)"
    " WHERE a.copy_group_id IN (SELECT copy_group_id FROM groups)"
    " OR a.article_id IN (SELECT article_id FROM meant)"
    " GROUP BY a.article_id ORDER BY a.article_id"
)


class Named(NamedTuple):
    """One article that is to go, and the incidents that it tells of."""

    article_id: str
    outlet: str
    incidents: tuple[str, ...]


def named(releases_dir: Path, record_id: str) -> list[Named]:
    """Return the articles that an id of an article or incident means, copies at other outlets included.

    The newest release that knows the id tells. Raises ``UsageProblem`` when none does.
    """
    if not _ID.fullmatch(record_id):
        raise UsageProblem(
            f"{record_id} is no id of an article or incident", "see `suar incidents`"
        )
    for release in _newest_first(releases_dir):
        rows = _rows(release, _MEANT.replace("RECORD_ID", record_id))
        if rows:
            return [
                Named(row["article_id"], row["outlet"] or "", tuple(row["incidents"] or ()))
                for row in rows
            ]
    raise UsageProblem(
        f"no release holds an article or incident {record_id}",
        "`suar incidents` lists the incidents",
    )


def holding(releases_dir: Path, article_ids: Collection[str]) -> list[str]:
    """Return the releases that hold one of the articles, oldest first."""
    told = ", ".join(f"'{each}'" for each in sorted(article_ids) if _ID.fullmatch(each))
    sql = f"SELECT 1 AS held FROM articles WHERE article_id IN ({told}) LIMIT 1"  # noqa: S608
    return sorted(
        release.release_id
        for release in _newest_first(releases_dir)
        if told and _rows(release, sql)
    )


def _newest_first(releases_dir: Path) -> Iterator[Release]:
    from warehouse import releases

    for release_id in reversed(releases.published(releases_dir)):
        yield releases.open_release(releases_dir / release_id)


def _rows(release: Release, sql: str) -> list[dict[str, Any]]:
    from warehouse import queries

    return queries.query(release.analyst, sql, limit=_ALL_ROWS, timeout_s=_TIMEOUT_S).records()
