"""The child process of a crawl: ``python -m crawlers.worker JOB``.

Sources run beside each other, the families and the past days of one source one after the other. Results go to standard
output, one JSON line each; logs go to standard error.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import logging
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

FLUSH_S = 0.25
PARENT_GONE = 3

log = logging.getLogger("crawlers.worker")


def main(job_file: str) -> int:
    """Return 0 when every source was visited to its end."""
    from scrapy.utils.log import configure_logging
    from scrapy.utils.reactor import install_reactor

    job = json.loads(Path(job_file).read_text(encoding="utf-8"))
    configure_logging({"LOG_LEVEL": "WARNING", "LOG_FORMAT": "%(levelname)s %(name)s: %(message)s"})
    threading.Thread(target=_end_with_parent, daemon=True).start()
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet import reactor as installed
    from twisted.internet.defer import Deferred

    reactor: Any = installed

    codes: list[int] = []

    def finish(outcome: Any) -> None:
        codes.append(0 if outcome is None else 1)
        if outcome is not None:
            log.error("the crawl broke off\n%s", outcome.getTraceback())
        reactor.stop()

    def begin() -> None:
        Deferred.fromFuture(asyncio.ensure_future(_crawl(job))).addBoth(finish)

    reactor.callWhenRunning(begin)
    reactor.run()
    return codes[0] if codes else 1


def _end_with_parent() -> None:
    """End at once when the parent is gone: nobody would read what is told."""
    while os.read(0, 4096):
        pass
    os._exit(PARENT_GONE)


async def _crawl(job: dict[str, Any]) -> None:
    from scrapy.crawler import AsyncCrawlerRunner
    from twisted.internet import reactor

    from crawlers.addresses import PublicResolver
    from crawlers.archive import Writer, recover
    from crawlers.crawl import MAX_UNREACHED, Validator, lists_of
    from crawlers.rules import Copies
    from crawlers.settings import CrawlSettings
    from crawlers.visits import Journal, Traffic, Visit
    from pipeline.records import Source

    settings = CrawlSettings.model_validate(job["settings"])
    proxy = urlsplit(settings.demo_proxy or "")
    allowed = (proxy.hostname, proxy.port) if proxy.hostname and proxy.port else None
    installed: Any = reactor
    resolver = PublicResolver(installed.nameResolver, allowed)
    installed.installNameResolver(resolver)
    # A look-up holds a thread: names that never answer must not keep the others from theirs.
    installed.suggestThreadPoolSize(2 * settings.parallel_sources)
    validators = {url: Validator.model_validate(raw) for url, raw in job["validators"].items()}
    skipped = frozenset(job["skipped"])
    runner = AsyncCrawlerRunner()
    folder = Path(job["archive_dir"])
    traffic = Traffic(Copies(folder))
    turns = asyncio.Semaphore(settings.parallel_sources)
    journal = Journal(sys.stdout)
    for cut in recover(folder):
        journal.tell(
            "repair", text=f"{cut.path.name}: {cut.dropped_bytes} bytes of a torn record cut off"
        )
    visits: dict[str, list[dict[str, Any]]] = {}
    for number, raw in enumerate(job["visits"]):
        visits.setdefault(raw["source_id"], []).append({**raw, "number": number})

    @contextlib.contextmanager
    def writing(**how: Any) -> Iterator[Writer]:
        with Writer(folder, job["run_id"], settings.user_agent, repairs=False, **how) as writer:
            journal.writers.append(writer)
            try:
                yield writer
            finally:
                journal.flush()
                journal.writers.remove(writer)

    def begun(source: Source, asked: dict[str, Any], writer: Writer, past: list[Visit]) -> Visit:
        known = {url: Validator() for each in past for url in each.fetched}
        return Visit(
            source if "is_dated" not in asked else lists_of(source, dated=asked["is_dated"]),
            run_id=job["run_id"],
            settings=settings,
            journal=journal,
            writer=writer,
            traffic=traffic,
            validators={**validators, **known} if known else validators,
            skipped=skipped.union(*(each.skipped for each in past)),
            day=dt.date.fromisoformat(job["day"]),
            since=_day(asked.get("first") or asked.get("since")),
            until=_day(asked.get("last")),
            resolver=resolver,
            number=asked["number"],
            n_articles=past[-1].n_articles if past else 0,
        )

    async def visit_all(source: Source, shared: Writer) -> None:
        """Visit a source once, or one stretch of its past days after the other."""
        past: list[Visit] = []
        left = list(visits[source.source_id])
        n_unreached = 0
        while left:
            asked = left.pop(0)
            own = {"name": asked.get("name"), "by_day": False, "revisits": False}
            keeping = writing(**own) if asked.get("name") else contextlib.nullcontext(shared)
            async with turns:
                with keeping as writer:
                    visit = begun(source, asked, writer, past)
                    try:
                        await _visit(runner, visit)
                    except Exception:
                        log.exception("source %s broke off", source.source_id)
                        return
                    past.append(visit)
                n_unreached = 0 if visit.n_lists_read else n_unreached + 1
                if n_unreached >= MAX_UNREACHED or not visit.has_room:
                    left.clear()
                visit.close(is_last=not left)

    with writing() as shared:
        flushing = asyncio.create_task(_flush(journal))
        try:
            sources = [Source.model_validate(raw) for raw in job["sources"]]
            await asyncio.gather(*(visit_all(source, shared) for source in sources))
        finally:
            flushing.cancel()
            traffic.copies.close()


def _day(written: str | None) -> dt.date | None:
    return dt.date.fromisoformat(written) if written else None


async def _flush(journal: Any) -> None:
    while True:
        await asyncio.sleep(FLUSH_S)
        journal.flush()


async def _visit(runner: Any, visit: Any) -> None:
    """Run the spiders that the source needs, one after the other."""
    from scrapy.crawler import Crawler

    from crawlers.feeds import FeedSpider
    from crawlers.listings import ListingSpider
    from crawlers.settings import scrapy_settings
    from crawlers.sitemaps import SitemapSpider

    source = visit.source
    families = (
        (() if visit.is_past else source.feeds, FeedSpider),
        (source.sitemaps, SitemapSpider),
        (source.listings, ListingSpider),
    )
    for lists, spider in families:
        if lists:
            crawler = Crawler(spider, scrapy_settings(visit.settings, source))
            await runner.crawl(crawler, visit=visit)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
