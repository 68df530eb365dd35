"""What became of the incidents between two releases.

release, ids of two releases -> one row per incident that differs
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from warehouse import releases
from warehouse.errors import QueryFailed
from warehouse.queries import Result, ask


def between(
    folder: Path, earlier: str, later: str, *, tier: Literal["analyst", "public"] = "analyst"
) -> Result:
    """Return what changed after the earlier release up to the later one, as the release in this folder tells it.

    Raises `QueryFailed` for a release of a version of the program that kept no causes.
    """
    release = releases.open_release(folder)
    database = release.public if tier == "public" else release.analyst
    try:
        return ask(database, "SELECT * FROM changes_between(?, ?)", [earlier, later])
    except QueryFailed as error:
        if "changes_between" not in str(error):
            raise
        raise QueryFailed(
            f"release {release.release_id} was made by a version that tells no causes of changes",
            "`suar publish --force` makes a release that tells the changes of all earlier ones",
        ) from error
