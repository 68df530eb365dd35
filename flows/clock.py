"""The clock: the one place where this package asks for the time."""

from __future__ import annotations

import datetime as dt


def now() -> dt.datetime:
    """Return the present time in UTC."""
    return dt.datetime.now(dt.UTC)
