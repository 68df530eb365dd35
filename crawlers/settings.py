"""How gently and how long we ask: the settings of a crawl, and what Scrapy is told of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from pipeline.records import Record, Source

AGENT = "Suar"
"""The name that robots.txt files may address."""
VERSION = "0.1"
MEBIBYTE = 1 << 20
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class CrawlSettings(Record):
    """The limits of one crawl; the defaults are those of the daily run."""

    contact: str = Field(
        default="", description="Project page or address that site owners find in the user agent."
    )
    retry_times: int = Field(default=2, ge=0, description="Further tries of what may heal.")
    backoff_s: float = Field(default=5.0, ge=0.0, description="First wait before a further try.")
    response_limit_s: float = Field(default=30.0, gt=0.0, description="One response, body and all.")
    url_limit_s: float = Field(
        default=60.0, gt=0.0, description="One address, further tries and all."
    )
    source_limit_s: float = Field(default=1200.0, gt=0.0, description="One source in one run.")
    max_retry_after_s: float = Field(
        default=3600.0,
        ge=0.0,
        description="A host that asks for a longer rest is left for this run.",
    )
    page_max_bytes: int = Field(default=5 * MEBIBYTE, ge=1)
    list_max_bytes: int = Field(default=50 * MEBIBYTE, ge=1, description="Sitemaps, unzipped.")
    robots_max_bytes: int = Field(
        default=500 * 1024, ge=1, description="RFC 9309 asks for as much."
    )
    max_redirects: int = Field(default=10, ge=0)
    max_sitemaps: int = Field(default=50, ge=1, description="Sitemaps read per source and run.")
    max_addresses: int = Field(
        default=2_000,
        ge=1,
        description="Article addresses taken on per source and run; a flood of them is no news.",
    )
    max_list_pages: int = Field(default=40, ge=1, description="Pages read per listing and run.")
    max_parts: int = Field(default=20, ge=1, description="Pages of one article.")
    titles_first: bool = Field(
        default=True,
        description="Fetch only articles that title, summary or address hint at, of sources that tell much.",
    )
    parallel_sources: int = Field(default=16, ge=1)
    queries: tuple[str, ...] = Field(
        default=("WNI online scam", "TPPO Kamboja", "judi online Kamboja"),
        description="What the search pages of sources are asked.",
    )
    demo_proxy: str | None = Field(
        default=None,
        description="Loopback forward proxy that every request goes through: demo and tests only.",
    )
    log_file: Path | None = Field(default=None, description="Where the child process logs.")

    @field_validator("demo_proxy")
    @classmethod
    def _is_loopback(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "")
        if value and (parts.scheme != "http" or parts.hostname not in LOOPBACK or not parts.port):
            raise ValueError("must be http://127.0.0.1:PORT: it serves the demo, not real crawls")
        return value

    @property
    def user_agent(self) -> str:
        """The user agent: who we are and where to reach us."""
        return f"{AGENT}/{VERSION} ({self.contact or 'news monitoring for research'})"


Family = Literal["feeds", "sitemaps", "listings"]


def scrapy_settings(settings: CrawlSettings, source: Source) -> dict[str, Any]:
    """Return Scrapy's settings for the crawl of one source."""
    ours = "crawlers.middlewares"
    return {
        "USER_AGENT": settings.user_agent,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5",
            "Accept-Language": f"{source.language},en;q=0.5",
            # Both can be unpacked up to a limit and checked for a cut end.
            "Accept-Encoding": "gzip, deflate",
        },
        # One request at a time: a source is crawled over minutes, and sources run beside each other.
        "CONCURRENT_REQUESTS": 1,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": source.politeness.delay_s,
        "DOWNLOAD_DELAY_JITTER": 0,  # would shorten the promised gap by half
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": source.politeness.delay_s,
        "AUTOTHROTTLE_MAX_DELAY": max(60.0, source.politeness.delay_s),
        "DOWNLOAD_TIMEOUT": settings.response_limit_s,
        "DOWNLOAD_MAXSIZE": settings.page_max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_HANDLERS": {
            "http": f"{ours}.TimedHandler",
            "https": f"{ours}.TimedHandler",
            "data": None,
            "file": None,
            "ftp": None,
            "s3": None,
        },
        "DOWNLOADER_MIDDLEWARES_BASE": {
            "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
            "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
        },
        # Requests pass from the top down, responses from the bottom up.
        "DOWNLOADER_MIDDLEWARES": {
            f"{ours}.Robots": 100,
            f"{ours}.Retries": 550,
            f"{ours}.Redirects": 570,
            f"{ours}.Archiving": 580,
            f"{ours}.Unpacking": 590,
            f"{ours}.Gate": 800,
        },
        "SPIDER_MIDDLEWARES_BASE": {},  # Referer, depth and status filters: none of them is wanted
        "REDIRECT_MAX_TIMES": settings.max_redirects,
        "RETRY_TIMES": settings.retry_times,
        "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",  # the state of the address tells it
        # First in, first out: the default takes the last added first, which would be the oldest article.
        "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
        # Spiders yield no items, yet each answer would start as many workers for them.
        "CONCURRENT_ITEMS": 1,
        # A look at the source text of the callback, anew for each answer.
        "WARN_ON_GENERATOR_RETURN_VALUE": False,
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOGSTATS_INTERVAL": 0,
        "LOG_LEVEL": "WARNING",
    }
