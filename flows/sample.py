"""The bundled sample outlets as something a run can crawl."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from crawlers import sample
from crawlers.sample import FIRST_DAY, LAST_DAY
from crawlers.settings import CrawlSettings
from flows.settings import Settings
from pipeline.records import Source

__all__ = ["FIRST_DAY", "LAST_DAY", "MARKER", "demo_settings", "served", "sources"]

# Stands in a home that was filled by the demonstration, so that a rebuild knows whose pages these are.
MARKER = "DEMO.txt"
_NOTE = "Everything in this folder comes from the invented sample outlets of `suar demo`.\n"


def sources() -> dict[str, Source]:
    """Return the invented outlets by id."""
    return {source.source_id: source for source in sample.sources()}


def demo_settings(settings: Settings) -> Settings:
    """Return the settings with the sample's last day, so that every demonstration is the same."""
    settings.home.mkdir(parents=True, exist_ok=True)
    (settings.home / MARKER).write_text(_NOTE, encoding="utf-8")
    return settings.model_copy(update={"day": LAST_DAY})


@contextmanager
def served() -> Iterator[CrawlSettings]:
    """Serve the outlets on loopback while the block runs; yield how to crawl them."""
    with sample.serve() as server:
        yield CrawlSettings(
            demo_proxy=server.proxy_url,
            contact="the demonstration, which never leaves this machine",
            backoff_s=0.2,
            titles_first=False,  # few stories, and each shows how one kind of page is read
        )


def is_demo(settings: Settings) -> bool:
    """Return whether a home was filled by the demonstration."""
    return (settings.home / MARKER).exists()


def of_home(settings: Settings, known: Mapping[str, Source]) -> dict[str, Source]:
    """Return the sources whose pages lie in a home."""
    return {**known, **sources()} if is_demo(settings) else dict(known)
