"""The steps of a run, as plain functions: crawl, receive, process, link, publish.

Each opens the warehouse for itself, saves in transactions and may be repeated: what was done is found done.
The flows of this package only put them in order.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from flows import archive, extraction, inputs, reading, reviews
from flows.clock import now
from flows.logs import LOGGER, frames, summary
from flows.problems import Problem
from flows.runs import UNCHANGED, Run, SourceOutcome
from pipeline import articles as pages_to_articles
from pipeline import duplicates
from pipeline.records import Article, Fetch, Page, Reason, Rejection, Review

if TYPE_CHECKING:
    from crawlers.crawl import CrawlResult, Validator
    from crawlers.settings import CrawlSettings
    from flows.harvest import Choice
    from pipeline.evaluation import Reading
    from warehouse.store import Store

# Inputs are noted under this name once they were read to the end, whatever version read them: a daily run
# never reads an input twice, and `rebuild` reads all of them anew without asking.
READ = "read"
MAX_TOLD = 20  # rejected inputs that a report names one by one
# Readings that fail beyond this share are no odd texts but a fault of the program, and end the run.
MAX_BROKEN_SHARE = 0.02
DEFAULT_REACH = dt.timedelta(days=2)
MAX_REACH = dt.timedelta(days=30)
# A page that fails in these ways was lost to us; others are no articles and nobody's fault.
_LOST = frozenset({Reason.EXTRACTION_FAILED, Reason.TIMED_OUT, Reason.MALFORMED_WARC})


def open_store(run: Run) -> Store:
    """Return the warehouse of the home, made or migrated when that is needed."""
    from warehouse.store import Store

    run.settings.home.mkdir(parents=True, exist_ok=True)
    return Store.open(run.settings.warehouse)


def check_room(run: Run) -> None:
    """Raise when the disk is nearly full: a run that cannot finish must not begin."""
    run.settings.home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(run.settings.home).free // (1024 * 1024)
    if free < run.settings.min_free_mb:
        raise Problem(
            f"only {free:,} MiB are free on the disk of {run.settings.home}",
            f"free space, or lower min_free_mb (now {run.settings.min_free_mb:,})",
        )


# --- crawl ---------------------------------------------------------------------------------------------


def first_day(run: Run) -> dt.date:
    """Return the day from which articles are due: gaps since the last finished run are filled."""
    last = run.ledger.last_day(run.kind)
    if last is None:
        return run.day - DEFAULT_REACH
    return max(min(last, run.day) - DEFAULT_REACH, run.day - MAX_REACH)


def crawl(
    run: Run,
    *,
    since: dt.date | None = None,
    crawl_settings: CrawlSettings | None = None,
) -> None:
    """Crawl the sources of the run; every response is in the archive afterwards."""
    run.fetch_states.clear()
    run.outcomes.clear()
    from crawlers import crawl as crawling
    from flows import watching

    with open_store(run) as store:
        known = {
            url: crawling.Validator(etag=item.etag, last_modified=item.last_modified)
            for url, item in store.validators().items()
        }
        skipped = store.skipped(run.day - MAX_REACH)
    first = since or first_day(run)
    earliest = run.day - MAX_REACH
    begins = {} if since else watching.begins(run, first, reach=DEFAULT_REACH, earliest=earliest)
    with logged(run) as told:
        result = crawling.crawl(
            list(run.sources.values()),
            archive_dir=run.settings.archive,
            run_id=run.run_id,
            settings=crawl_settings or settings_of_crawl(run),
            validators=known,
            skipped=skipped,
            since=first,
            since_of=begins,
            day=run.day,
            on_event=told,
        )
    take_in(run, result, result.validators)


def settings_of_crawl(run: Run) -> CrawlSettings:
    """Return the limits of a crawl as the home sets them."""
    from crawlers.settings import CrawlSettings

    run.settings.logs.mkdir(parents=True, exist_ok=True)
    return CrawlSettings(
        contact=run.settings.contact,
        titles_first=run.settings.titles_first,
        log_file=run.settings.logs / f"{run.run_id}.crawl.log",
    )


@contextmanager
def logged(run: Run) -> Iterator[Callable[[Fetch], None]]:
    """Yield what a crawl is to tell the end of each address: it is in the archive then, whatever happens next."""
    n_ended = 0
    with archive.FetchLog(run.settings.archive, run.run_id) as log:

        def told(fetch: Fetch) -> None:
            nonlocal n_ended
            log.write(fetch)
            n_ended += fetch.kind == "article"
            run.progress("crawl", n_ended, None)

        yield told


def take_in(run: Run, result: CrawlResult, validators: Mapping[str, Validator]) -> None:
    """Save and count what became of each address, with these validators for later crawls."""
    from flows import watching

    with open_store(run) as store, store.transaction():
        at = now()
        store.save_crawl(run.run_id, at, result.fetches)
        store.save_validators(run.run_id, at, validators)
    for fetch in result.fetches:
        if fetch.kind == "article":
            run.fetch_states[fetch.state.value] += 1
    run.counts["listed"] = sum(fetch.n_listed for fetch in result.fetches)
    run.counts["fetched"] = run.fetch_states["fetched"]
    for source_id, (state, detail) in result.source_states.items():
        own = [fetch for fetch in result.fetches if fetch.source_id == source_id]
        run.outcomes.append(
            SourceOutcome(
                source_id=source_id,
                state=state,
                detail=detail,
                n_listed=sum(fetch.n_listed for fetch in own),
                n_fetched=sum(f.kind == "article" and f.state.value == "fetched" for f in own),
            )
        )
        if state != "ok":
            run.problems.append(f"source {source_id}: {state}: {detail}")
    run.problems += [f"archive: {text}" for text in result.repairs]
    if result.error:
        run.problems.append(f"crawl: {result.error}")
    run.newest = result.newest
    run.excuse = watching.excuse(run, result.fetches, broke_off=bool(result.error))
    if run.excuse == watching.OFFLINE:
        run.problems.append(run.excuse)


# --- receive -------------------------------------------------------------------------------------------


def receive(run: Run, paths: Sequence[str | Path]) -> None:
    """Put what was handed in into the archive; what cannot be read is a counted rejection."""
    from crawlers.archive import Exchange, Writer

    received_at = run.started_at
    refused: list[Rejection] = []
    seen: set[str] = set()
    with open_store(run) as store:
        done = store.processed(READ)
        held_against = {item.record_id: item for item in store.load_rejections()}
    with (
        archive.TextWriter(run.settings.archive, run.run_id) as texts,
        Writer(run.settings.archive, run.run_id, by_day=False, revisits=False) as writer,
    ):
        for found in inputs.read_all(paths, received_at):
            run.progress("receive", len(seen), None)
            if isinstance(found, Rejection):
                refused.append(found)
                continue
            key = found.page_id if isinstance(found, Page) else found.document_id
            if key in seen:
                run.counts["repeated"] += 1
                continue
            seen.add(key)
            if key in done:  # read before, so it lies in the archive already
                run.counts["known"] += 1
                if key in held_against:
                    refused.append(held_against[key])
            elif isinstance(found, archive.Document):
                texts.write(found)
            else:
                writer.add(Exchange.of_page(found))
        writer.sync()
    run.counts["received"] = len(seen)
    with open_store(run) as store:
        reject(run, store, refused, {item.record_id for item in refused}, lost_only=False)


def reject(
    run: Run, store: Store, refused: Sequence[Rejection], scope: set[str], *, lost_only: bool
) -> None:
    """Save and count rejections; ``lost_only`` names just those that a person should look at."""
    store.save_rejections(run.run_id, now(), refused, record_ids=scope)
    for item in refused:
        run.rejections[f"{item.stage}: {item.reason.value}"] += 1
        run.counts["rejected"] += 1
        if not lost_only or item.reason in _LOST:
            if len(run.rejected) < MAX_TOLD:
                where = f"{item.record_id}: " if item.stage != "articles" else ""
                run.rejected.append(f"{where}{item.reason.value} {item.detail}".strip())
            elif len(run.rejected) == MAX_TOLD:
                run.rejected.append("... and more; all of them are in core.rejections")


# --- process -------------------------------------------------------------------------------------------


class _Kept(NamedTuple):
    """Where an article of this run lies in the spool, and what tells it from other readings."""

    fetched_at: dt.datetime
    offset: int
    input_key: str
    digest: str


class Spool:
    """Articles of one run on disk, so that memory does not grow with the archive."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._index: dict[str, list[_Kept]] = {}

    def __len__(self) -> int:
        return len(self._index)

    def add(self, article: Article, input_key: str) -> None:
        """Put one reading of an article down."""
        offset = self._file.seek(0, 2)
        self._file.write(article.model_dump_json().encode() + b"\n")
        kept = _Kept(article.fetched_at, offset, input_key, digest_of(article))
        self._index.setdefault(article.article_id, []).append(kept)

    def article_ids(self) -> list[str]:
        """Return the ids of the articles, in order."""
        return sorted(self._index)

    def settled(self, article_id: str, held: Article | None) -> Article | None:
        """Return the article as it stands after all its readings, None when that is the one held.

        Readings count in the order in which they were fetched, those of one moment in the order in which
        they were put down; one that says nothing new leaves the earlier one in place, so that a page
        fetched again adds no version.
        """
        current: _Kept | None = None
        digest = digest_of(held) if held is not None else ""
        for kept in sorted(self._index[article_id]):
            if held is not None and kept.fetched_at < held.fetched_at:
                continue
            if kept.digest != digest:
                current, digest = kept, kept.digest
        if current is None:
            return None
        self._file.seek(current.offset)
        return Article.model_validate_json(self._file.readline())


@contextmanager
def spooled() -> Iterator[Spool]:
    """Yield an empty spool, which is gone behind the block."""
    with tempfile.TemporaryFile() as file:
        yield Spool(file)


def digest_of(article: Article) -> str:
    """Return what changes when an outlet edits an article: title, text, time."""
    said = (article.title, article.text, str(article.published_at), article.extractor_version)
    return hashlib.sha256("\x1f".join(said).encode("utf-8", "replace")).hexdigest()


def process(run: Run, *, everything: bool = False) -> None:
    """Turn what is new in the archive (or everything) into articles and what they say."""
    from pipeline import incidents

    for name in ("screened", "relevant", "reports", "statistics"):
        run.counts[name] = 0
    with open_store(run) as store, spooled() as spool:
        save_missing_fetches(run, store)
        gone = incidents.taken_down(reviews.load(run.settings.reviews))
        done = set() if everything else store.processed(READ)
        refused: list[Rejection] = []
        keys: list[str] = []
        for key, found in _new_articles(run, done):
            keys.append(key)
            if isinstance(found, Article) and found.article_id in gone:
                run.counts["taken_down"] += 1
            elif isinstance(found, Article):
                spool.add(found, key)
            else:
                refused.append(found)
            run.progress("extract", len(keys), None)
        run.counts["inputs"] = len(keys)
        reject(run, store, refused, set(keys), lost_only=run.kind != "ingest")
        changed, n_other = settle(store, spool, everything=everything)
        run.counts["articles"] = len(spool)
        run.counts["articles_changed"] = n_other
        save_readings(run, store, changed, spool.article_ids() if everything else None)
        finished = [*keys, *_whole_files(run)]
        store.mark_processed(run.run_id, now(), finished, READ)
        if run.outcomes and run.kind != "backfill":  # the past says nothing of how a source does
            from flows import watching

            watching.look(run, store)


def ask(run: Run, choice: Choice, *, crawl_settings: CrawlSettings | None = None) -> None:
    """Ask the sources for past days; every response is in the archive afterwards."""
    from flows import days  # it builds on the steps

    days.ask(run, choice, crawl_settings=crawl_settings)


def backfill(run: Run, choice: Choice) -> None:
    """Read archive files of past days into the warehouse, shard by shard."""
    from flows import harvest  # it builds on the steps

    harvest.backfill(run, choice)


def reread(run: Run) -> None:
    """Read all held articles anew, without extracting them again."""
    with open_store(run) as store:
        articles = store.load_articles()
        run.counts["articles"] = len(articles)
        save_readings(run, store, articles)


def save_missing_fetches(run: Run, store: Store) -> None:
    """Save the fetch logs of runs that ended before they could, and of a warehouse that was lost."""
    known = store.crawled()
    for run_id, fetches in archive.fetch_logs(run.settings.archive).items():
        if run_id not in known and fetches:
            store.save_crawl(run_id, fetches[-1].fetched_at, fetches)


def _whole_files(run: Run) -> list[str]:
    folder = run.settings.archive
    return [
        f"file:{path.name}" for path in (*archive.warc_files(folder), *archive.text_files(folder))
    ]


def _new_articles(run: Run, done: set[str]) -> Iterator[tuple[str, Article | Rejection]]:
    folder = run.settings.archive
    warcs = [path for path in archive.warc_files(folder) if f"file:{path.name}" not in done]
    texts = [path for path in archive.text_files(folder) if f"file:{path.name}" not in done]
    limits = extraction.Limits(
        workers=run.settings.workers,
        page_time_s=run.settings.page_time_limit_s,
        memory_mb=run.settings.page_memory_mb,
        recycle_after=run.settings.recycle_after,
    )
    damaged: list[Rejection] = []
    waiting: dict[str, archive.Document] = {}
    ahead = archive.look_ahead(warcs, run.sources)

    def pages_of_documents() -> Iterator[extraction.Job]:
        for document in _new_documents(texts, done, []):
            if _has_page(document):
                waiting[document.document_id] = document
                yield extraction.Job(_page_of(document), key=document.document_id)

    jobs = itertools.chain(
        extraction.first_pages(_new_pages(warcs, done, ahead.repeated, damaged), ahead.parts),
        pages_of_documents(),
    )
    for job, made in extraction.extract_all(jobs, run.sources, limits):
        if job.key:
            yield job.key, _from_document(waiting.pop(job.key), made)
        else:
            yield job.page.page_id, made
    for document in _new_documents(texts, done, damaged):
        if not _has_page(document):
            yield document.document_id, _from_document(document, None)
    for item in damaged:
        yield item.record_id, item


def _has_page(document: archive.Document) -> bool:
    return document.html is not None and bool(document.html.strip())


def _new_documents(
    files: Sequence[Path], done: set[str], damaged: list[Rejection]
) -> Iterator[archive.Document]:
    seen: set[str] = set()
    for path in files:
        for found in archive.documents(path):
            if isinstance(found, Rejection):
                damaged.append(found)
            elif found.document_id not in done and found.document_id not in seen:
                seen.add(found.document_id)
                yield found


def _new_pages(
    warcs: Sequence[Path], done: set[str], repeated: set[str], damaged: list[Rejection]
) -> Iterator[Page]:
    seen: set[str] = set()
    for page in archive.sifted(archive.pages(warcs), repeated, damaged):
        if page.part_of is None and page.page_id not in done and page.page_id not in seen:
            seen.add(page.page_id)
            yield page


def _page_of(document: archive.Document) -> Page:
    """Return the HTML of a handed-in line as a page, to be extracted where hostile pages may hang."""
    return Page.of(
        "",
        document.url,
        (document.html or "").encode(),
        document.received_at,
        content_type="text/html; charset=utf-8",
    )


def _from_document(
    document: archive.Document, found: Article | Rejection | None
) -> Article | Rejection:
    """Return the article of a handed-in text or line; what was said of it beats what its HTML says.

    ``found`` is what its HTML gave, None when it brought plain text.
    """
    if isinstance(found, Rejection):
        return found.model_copy(update={"record_id": document.document_id})
    if found is not None:
        text, title = found.body, document.title or found.title
        published = document.published_at or found.published_at
    else:
        text, title, published = document.text or "", document.title, document.published_at
    made = pages_to_articles.from_text(
        title,
        text,
        url=document.url,
        fetched_at=document.received_at,
        outlet=document.outlet,
        language=document.language,
        published=published,
    )
    if isinstance(made, Rejection):
        return made.model_copy(update={"record_id": document.document_id})
    return made


def settle(store: Store, spool: Spool, *, everything: bool) -> tuple[list[Article], int]:
    """Return the articles to read, copies marked, and how many of them are not held just so.

    To read are those that are new or say something else than the ones held; in a rebuild, all.
    """
    ids = spool.article_ids()
    held = {article.article_id: article for article in store.load_articles(ids)}
    fresh: dict[str, Article] = {}
    for article_id in ids:
        # A rebuild begins from nothing: what is held must not decide what is found.
        article = spool.settled(article_id, None if everything else held.get(article_id))
        if article is not None:
            fresh[article_id] = article
    if not fresh:
        return [], 0
    around = {} if everything else _around(store, fresh)
    grouped = duplicates.group([*fresh.values(), *(a for k, a in around.items() if k not in fresh)])
    found = [
        article
        for article in grouped
        if article.article_id in fresh or article != around.get(article.article_id)
    ]
    before = {**around, **held}
    return found, sum(article != before.get(article.article_id) for article in found)


def _around(store: Store, fresh: Mapping[str, Article]) -> dict[str, Article]:
    """Return the held articles near in time to the fresh ones: a copy of an old text is a new story."""
    days = [article.reference_date for article in fresh.values()]
    first, last = min(days) - duplicates.WINDOW, max(days) + duplicates.WINDOW
    return {
        article.article_id: article
        for article in store.load_articles(store.article_ids(first, last))
    }


def save_readings(
    run: Run,
    store: Store,
    articles: Sequence[Article],
    scope: Sequence[str] | None = None,
    ready: Callable[[Article], Reading | None] = lambda _: None,
) -> None:
    """Read the articles and save what they say, a batch at a time; a scope is all there shall be.

    ``ready`` gives the readings that were made before.
    """
    size = run.settings.batch_size
    n_broken = 0
    for begin in range(0, len(articles), size):
        given = articles[begin : begin + size]
        batch: list[Reading] = []
        broken: list[Rejection] = []
        for number, article in enumerate(given, start=begin + 1):
            run.progress("read", number, len(articles))
            try:
                made = ready(article) or reading.read(article, reading.load_tagger())
                batch.append(made)
            except Exception as error:
                n_broken += 1
                if n_broken > max(1, MAX_BROKEN_SHARE * len(articles)):
                    raise
                broken.append(unread(article, error))
        reject(run, store, broken, {article.article_id for article in given}, lost_only=True)
        store.save_readings(
            run.run_id,
            now(),
            articles=given,
            relevance=[item.relevance for item in batch],
            mentions=[mention for item in batch for mention in item.mentions],
            claims=[claim for item in batch for claim in item.claims],
            reports=[report for item in batch for report in item.reports],
            statistics=[figure for item in batch for figure in item.statistics],
        )
        run.counts["screened"] += len(batch)
        run.counts["relevant"] += sum(item.relevance.relevant for item in batch)
        run.counts["reports"] += sum(len(item.reports) for item in batch)
        run.counts["statistics"] += sum(len(item.statistics) for item in batch)
    if scope is not None:
        gone = set(store.article_ids()) - set(scope)
        if gone:
            store.save_readings(run.run_id, now(), article_ids=gone)
            run.counts["articles_withdrawn"] = len(gone)


def unread(article: Article, error: Exception) -> Rejection:
    """Return why an article is held without readings: one odd text must not stop every later run."""
    where = frames(error)[-1:]
    LOGGER.error(
        "an article could not be read",
        extra={
            "stage": "read",
            "record_id": article.article_id,
            "detail": " < ".join(frames(error)[::-1]),
        },
    )
    return Rejection(
        record_id=article.article_id,
        stage="read",
        reason=Reason.EXTRACTION_FAILED,
        # Its message is left out: it may quote the text.
        detail=f"{type(error).__name__} at {''.join(where)}",
        source_id=article.source_id,
    )


# --- link and publish ----------------------------------------------------------------------------------


def link(run: Run) -> None:
    """Link all reports into incidents, the decisions of people applied."""
    from pipeline import incidents

    encoder = reading.load_encoder(run.settings.similarity_model)
    with open_store(run) as store:
        torn = reviews.mend(run.settings.reviews)
        if torn is not None:
            run.problems.append(f"the last decision was torn in writing; what is left is in {torn}")
        decisions = reviews.load(run.settings.reviews)
        store.save_reviews(run.run_id, now(), decisions)
        gone = incidents.taken_down(decisions)
        still_held = gone.intersection(store.article_ids()) if gone else frozenset()
        if still_held:
            store.save_readings(run.run_id, now(), article_ids=still_held)
            run.counts["articles_withdrawn"] += len(still_held)
        reports = store.load_reports()
        known = store.known_links()
        run.progress("link", 0, len(reports))
        linked = incidents.link(reports, encoder=encoder, known=known, reviews=decisions)
        _count_decisions(run, decisions, [report.report_id for report in reports], known)
        with store.transaction():
            changes = store.save_incidents(
                run.run_id, now(), linked.incidents, linked.links, taken_down=gone
            )
            if gone:
                store.erase(gone)
        run.progress("link", len(reports), len(reports))
        run.counts["incidents"] = sum(item.merged_into is None for item in linked.incidents)
        for change in changes:
            run.changes[change.change] += 1


def _count_decisions(
    run: Run, decisions: Sequence[Review], report_ids: Sequence[str], known: Mapping[str, str]
) -> None:
    """Note how many decisions stand, and which of them found nothing to apply to."""
    from pipeline import incidents

    if not decisions:
        return
    idle = incidents.waiting(decisions, report_ids=report_ids, known=known)
    run.counts["decisions"] = len(incidents.standing(decisions))
    run.counts["decisions_waiting"] = len(idle)
    for review in idle:
        LOGGER.warning(
            "a decision waits: what it names is no more",
            extra={"stage": "link", "record_id": review.review_id, "detail": review.record_id},
        )


def publish(run: Run, *, force: bool = False) -> None:
    """Publish a release; one that a check blocks leaves the last release in place and says why."""
    from flows import sessions
    from warehouse import releases
    from warehouse.closed import Outlet
    from warehouse.errors import ReleaseBlocked

    usable = _usable_share(run)
    if usable < run.settings.min_sources_share and releases.published(run.settings.releases):
        run.release_note = (
            f"no release: {usable:.0%} of the sources answered, "
            f"{run.settings.min_sources_share:.0%} are needed; the last release is still current"
        )
        run.problems.append(run.release_note)
        return
    run.progress("publish", 0, 1)
    known = {**sessions.sources_of(run.settings), **run.sources}
    outlets = {key: Outlet(item.name, item.owner, item.hosts) for key, item in known.items()}
    with open_store(run) as store:
        try:
            release = releases.publish(
                store,
                run.settings.releases,
                day=run.day,
                run_id=run.run_id,
                now=now(),
                force=force,
                accepted=run.settings.accepted_checks,
                outlets=outlets,
            )
        except ReleaseBlocked as error:
            run.release_note = str(error)
            run.problems.append(f"release blocked: {error.cause}")
            LOGGER.error("release blocked", extra={"stage": "publish", "detail": summary(error)})
            return
    run.release = release.release_id
    run.release_note = UNCHANGED if release.unchanged else ""
    for text in release.warnings:
        LOGGER.warning("release: %s", text, extra={"stage": "publish"})
    run.progress("publish", 1, 1)


def _usable_share(run: Run) -> float:
    if not run.outcomes:
        return 1.0
    return sum(item.state in {"ok", "empty"} for item in run.outcomes) / len(run.outcomes)
