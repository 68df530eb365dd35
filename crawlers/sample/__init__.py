"""The embedded sample: eight invented outlets, served on loopback and crawled like real ones.

Everything in it is made up; the hosts end in ``.example``. ``README.md`` says what is there and why.
"""

from __future__ import annotations

import datetime as dt

from crawlers.sample.server import Asked, Served, serve
from crawlers.sample.stories import HERE
from pipeline.records import Source

# The stories carry these days for good, so that every demo gives the same incidents.
FIRST_DAY = dt.date(2026, 8, 31)
LAST_DAY = dt.date(2026, 9, 20)

__all__ = ["FIRST_DAY", "LAST_DAY", "Asked", "Served", "serve", "sources"]


def sources() -> list[Source]:
    """Return the invented outlets as sources to crawl."""
    from crawlers import catalog

    return catalog.load(HERE / "sources")
