"""A farm of hostile sites on loopback, and the wire on which a real crawl meets it.

The crawl runs in its real child process. Only the last inch is replaced there: names are looked up in a
table, and a connection to a public address reaches the farm, one to any other address the *secret server*,
which counts. So a test may use every address there is, and a hit of the secret server is a hole.

``python -m tests.crawlers.hostile JOB`` is that child.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import ipaddress
import json
import os
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import pytest

from crawlers.crawl import CrawlResult, crawl
from crawlers.settings import CrawlSettings
from pipeline.records import Fetch, FetchState, Politeness, Source
from pipeline.records import SourceEvidence as Evidence

DAY = dt.date(2026, 9, 3)
MEBIBYTE = 1 << 20
WIRE = "SUAR_TEST_WIRE"
PROSE = "Warga yang dipulangkan tiba di bandara pada malam hari. " * 8

Body = Iterable[bytes | float]
"""What a site sends: bytes, and numbers for the seconds to wait before the next."""


# --- what sites send -----------------------------------------------------------------------------------


def html(title: str, extra: str = "") -> bytes:
    """Return an invented page."""
    return f"<html><head><title>{title}</title>{extra}</head><body><p>{PROSE}</p></body></html>".encode()


def rss(
    links: Iterable[str], date: str = "Wed, 02 Sep 2026 23:30:00 +0700", head: str = ""
) -> bytes:
    """Return a feed of these links."""
    items = "".join(f"<item><link>{link}</link><pubDate>{date}</pubDate></item>" for link in links)
    return f'<?xml version="1.0"?>{head}<rss version="2.0"><channel><title>f</title>{items}</channel></rss>'.encode()


def urlset(links: Iterable[str], of: str = "url", lastmod: str = "2026-09-02") -> bytes:
    """Return a sitemap of these addresses, or with ``of="sitemap"`` an index of sitemaps."""
    root = "urlset" if of == "url" else "sitemapindex"
    rows = "".join(f"<{of}><loc>{link}</loc><lastmod>{lastmod}</lastmod></{of}>" for link in links)
    return f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</{root}>'.encode()


def reply(
    body: bytes = b"", status: int = 200, *headers: str, kind: str = "text/html; charset=utf-8"
) -> list[bytes | float]:
    """Return a whole and honest response, with further header lines."""
    lines = [f"HTTP/1.1 {status} x", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    return ["\r\n".join([*lines, "Connection: close", *headers, "", ""]).encode(), body]


def raw(head: str, *body: bytes | float) -> list[bytes | float]:
    """Return a response with exactly this head."""
    return [head.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n", *body]


def zeros(n_bytes: int, piece: bytes = bytes(MEBIBYTE)) -> Iterator[bytes]:
    """Yield so many bytes without ever holding them."""
    for _ in range(n_bytes // len(piece)):
        yield piece


def chunked(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the parts in chunked coding."""
    for part in parts:
        yield b"%x\r\n%s\r\n" % (len(part), part)
    yield b"0\r\n\r\n"


@functools.cache
def bomb(coding: str, n_megabytes: int = 300) -> bytes:
    """Return so many megabytes of zeros, packed; they are never held unpacked."""
    import brotli
    from backports import zstd

    if coding in ("gzip", "deflate"):
        # A block that ends with a full flush refers to nothing before it: it may be repeated.
        deflater = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | (16 * (coding == "gzip")))
        first = deflater.compress(bytes(MEBIBYTE)) + deflater.flush(zlib.Z_FULL_FLUSH)
        block = deflater.compress(bytes(MEBIBYTE)) + deflater.flush(zlib.Z_FULL_FLUSH)
        return first + block * (n_megabytes - 1)  # no end: a bomb is stopped long before
    packer: Any = brotli.Compressor(quality=1) if coding == "br" else zstd.ZstdCompressor()
    add = packer.process if coding == "br" else packer.compress
    packed = b"".join(add(part) for part in zeros(n_megabytes * MEBIBYTE))
    return packed + bytes(packer.finish() if coding == "br" else packer.flush())


def pack(coding: str, body: bytes) -> bytes:
    """Return the body in a content coding."""
    import brotli
    from backports import zstd

    if coding in ("gzip", "deflate"):
        packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | (16 * (coding == "gzip")))
        return packer.compress(body) + packer.flush()
    return bytes(brotli.compress(body) if coding == "br" else zstd.compress(body))


# --- the farm ------------------------------------------------------------------------------------------


@dataclass
class Hit:
    """One request that reached a site."""

    at: float
    url: str
    headers: dict[str, str]


Route = Body | Callable[[int], Body]


@dataclass
class Farm:
    """Answers for many hosts and remembers what was asked; ``routes`` maps an address to what is sent.

    A route may be a function of how often the address was asked; one that ends in ``*`` answers for all
    that begin so.
    """

    routes: dict[str, Route] = field(default_factory=dict)
    hits: list[Hit] = field(default_factory=list)
    secret_hits: int = 0
    ports: dict[str, int] = field(default_factory=dict)
    certificates: dict[str, ssl.SSLContext] = field(default_factory=dict)
    ended: threading.Event = field(default_factory=threading.Event)

    def answer(self, url: str, headers: dict[str, str]) -> Body:
        """Return what to send, and remember the request."""
        self.hits.append(Hit(time.monotonic(), url, headers))
        found = self.routes.get(url)
        if found is None:
            stems = [key for key in self.routes if key[-1] == "*" and url.startswith(key[:-1])]
            found = self.routes[max(stems, key=len)] if stems else reply(b"not here", 404)
        return found(self.urls().count(url)) if callable(found) else found

    def urls(self, part: str = "") -> list[str]:
        """Return the addresses asked for that hold a part."""
        return [hit.url for hit in self.hits if part in hit.url]

    def plant(self, host: str, pages: dict[str, Route], scheme: str = "http") -> str:
        """Plant a feed of ``/a/<name>`` pages with an open robots.txt; return the address of the feed."""
        base = f"{scheme}://{host}"
        self.routes[f"{base}/robots.txt"] = reply(b"User-agent: *\nAllow: /\n", kind="text/plain")
        self.routes[f"{base}/feed"] = reply(rss(f"{base}/a/{name}" for name in pages))
        for name, route in pages.items():
            self.routes[f"{base}/a/{name}"] = route
        return f"{base}/feed"


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        server = cast("Any", self.server)
        farm: Farm = server.farm
        with contextlib.suppress(OSError, ValueError):
            if server.role == "stalled":  # never says a word
                farm.ended.wait(20)
                return
            if server.role == "babbling":
                self.request.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                return
            if server.role == "secret":
                farm.secret_hits += 1
                self.request.sendall(b"".join(cast("list[bytes]", reply(rss(())))))
                return
            stream = self.request
            if server.role == "tls":
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.sni_callback = lambda inner, name, _: setattr(
                    inner, "context", farm.certificates[name or ""]
                )
                stream = context.wrap_socket(self.request, server_side=True)
            self._speak(farm, stream, "https" if server.role == "tls" else "http")

    def _speak(self, farm: Farm, stream: socket.socket, scheme: str) -> None:
        stream.settimeout(20)
        head = b""
        while b"\r\n\r\n" not in head:
            piece = stream.recv(65536)
            if not piece:
                return
            head += piece
        first, *rest = head.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in rest)
        }
        for part in farm.answer(f"{scheme}://{headers['host']}{first.split()[1]}", headers):
            if isinstance(part, bytes):
                stream.sendall(part)
            elif farm.ended.wait(part):
                return
        with contextlib.suppress(OSError):
            stream.shutdown(socket.SHUT_WR)
        stream.close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are part of the tests."""


@contextlib.contextmanager
def serve() -> Iterator[Farm]:
    """Yield a farm that listens until the end of the block."""
    farm = Farm()
    servers = []
    for role in ("plain", "tls", "stalled", "babbling", "secret"):
        server = _Server(("127.0.0.1", 0), _Handler)
        cast("Any", server).farm, cast("Any", server).role = farm, role
        farm.ports[role] = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        servers.append(server)
    try:
        yield farm
    finally:
        farm.ended.set()
        for server in servers:
            server.shutdown()
            server.server_close()


def certify(farm: Farm, folder: Path, faults: dict[str, str]) -> Path:
    """Give each host a certificate with its fault ("" for none); return the file of the authority."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    now = dt.datetime.now(dt.UTC)

    def named(name: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])

    def made(
        name: str, key: Any, issuer: str, by: Any, ends: dt.timedelta, *, ca: bool = False
    ) -> x509.Certificate:
        return (
            x509.CertificateBuilder()
            .subject_name(named(name))
            .issuer_name(named(issuer))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=30))
            .not_valid_after(now + ends)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .sign(by, hashes.SHA256())
        )

    week = dt.timedelta(days=7)
    root_key = ec.generate_private_key(ec.SECP256R1())
    root = made("authority.test", root_key, "authority.test", root_key, week, ca=True)
    pem = serialization.Encoding.PEM
    authority = folder / "authority.pem"
    authority.write_bytes(root.public_bytes(pem))
    for host, fault in faults.items():
        key = ec.generate_private_key(ec.SECP256R1())
        name = "elsewhere.test" if fault == "wrong host" else host
        own = fault == "self-signed"
        certificate = made(
            name, key, name if own else "authority.test", key if own else root_key,
            dt.timedelta(days=-1) if fault == "expired" else week,
        )  # fmt: skip
        file = folder / f"{host}.pem"
        file.write_bytes(
            certificate.public_bytes(pem)
            + key.private_bytes(
                pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        farm.certificates[host] = context
    return authority


# --- a crawl on the wire -------------------------------------------------------------------------------


def watched(name: str, **values: Any) -> Source:
    """Return a source on ``<name>.test`` whose articles are ``/a/...``."""
    host = f"{name}.test"
    return Source(
        source_id=name,
        name=name,
        owner=name,
        country="IDN",
        language="id",
        timezone="Asia/Jakarta",
        homepage=f"http://{host}/",
        hosts=values.pop("hosts", (host,)),
        article_url=values.pop("article_url", r"/a/\w+"),
        politeness=values.pop("politeness", Politeness(delay_s=0)),
        evidence=Evidence(status="seen", note="invented"),
        **values,
    )


@dataclass
class Wire:
    """Where names and addresses lead in the child, and which guards are taken away there."""

    names: dict[str, list[list[str]]] = field(default_factory=dict)
    """Addresses a name has at the first, second, ... look-up; other names under .test have one."""
    stalled: tuple[str, ...] = ()
    """Hosts whose port 443 accepts and then says nothing."""
    babbling: tuple[str, ...] = ()
    """Hosts whose port 443 speaks, but not TLS."""
    unguarded: tuple[str, ...] = ()
    authority: Path | None = None


@dataclass
class Run:
    """One crawl of the farm, looked at by many tests."""

    farm: Farm
    result: CrawlResult
    folder: Path
    told: list[tuple[float, Fetch]]
    peak_rss_mb: float

    def states(self, source_id: str, kind: str = "article") -> dict[str, FetchState]:
        """Return the state of each address of a source, by the last part of its path."""
        return {
            urlsplit(each.url).path.rpartition("/")[2]: each.state
            for each in self.result.fetches
            if each.source_id == source_id and each.kind == kind
        }

    def n_fetched(self, source_id: str) -> int:
        """Return how many pages were taken in from a source."""
        return list(self.states(source_id).values()).count(FetchState.FETCHED)


def run(farm: Farm, sources: Sequence[Source], folder: Path, wire: Wire, **values: Any) -> Run:
    """Return what a crawl in its child process made of the farm."""
    settings = CrawlSettings.model_validate(
        {
            "retry_times": 1,
            "backoff_s": 0.02,
            "response_limit_s": 4,
            "url_limit_s": 7,
            "source_limit_s": 120,
            "list_max_bytes": 8 * MEBIBYTE,
            "parallel_sources": 200,
            **values,
        }
    )
    folder.mkdir(parents=True, exist_ok=True)
    plan = folder / "wire.json"
    said = folder / "child.json"
    plan.write_text(
        json.dumps(
            {
                "names": wire.names, "stalled": wire.stalled, "babbling": wire.babbling,
                "unguarded": wire.unguarded, "ports": farm.ports, "said": str(said),
            }
        )
    )  # fmt: skip
    told: list[tuple[float, Fetch]] = []
    start = subprocess.Popen

    def popen(command: list[str], **options: Any) -> Any:
        environment = {**options.pop("env"), WIRE: str(plan)}
        if wire.authority:
            environment["SSL_CERT_FILE"] = str(wire.authority)
        command = [__name__ if part == "crawlers.worker" else part for part in command]
        return start(command, env=environment, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess, "Popen", popen)
        result = crawl(
            sources,
            archive_dir=folder / "archive",
            run_id="2026-09-03",
            settings=settings,
            day=DAY,
            on_event=lambda fetch: told.append((time.monotonic(), fetch)),
        )
    assert not result.error, result.error
    return Run(farm, result, folder, told, json.loads(said.read_text())["peak_rss_mb"])


# --- the child -----------------------------------------------------------------------------------------


def _child(job: str) -> int:
    from scrapy.utils import reactor as scrapy_reactor

    from crawlers import addresses, worker

    plan = json.loads(Path(os.environ[WIRE]).read_text())
    is_public = addresses.is_public  # the real one, whichever guards are taken away
    install = scrapy_reactor.install_reactor

    def installed(*args: Any) -> None:
        install(*args)
        from twisted.internet import reactor as made

        reactor: Any = made
        reactor.installNameResolver(_Names(plan))
        connect = reactor.connectTCP

        def lead(host: str, port: int, *args: Any, **values: Any) -> Any:
            role = "secret"
            if is_public(host):
                name = _Names.given.get(host, "")
                odd = [each for each in ("stalled", "babbling") if name in plan[each]]
                role = (odd or ["tls"])[0] if port == 443 else "plain"
            return connect("127.0.0.1", plan["ports"][role], *args, **values)

        reactor.connectTCP = lead

    _put(scrapy_reactor, "install_reactor", installed)
    for guard in plan["unguarded"]:
        _GUARDS[guard]()
    code = worker.main(job)
    Path(plan["said"]).write_text(json.dumps({"peak_rss_mb": peak_rss_mb()}))
    return code


def peak_rss_mb() -> float:
    """Return the most memory that this program has held.

    `getrusage` would also count the process that it was forked from, before this program took its place.
    """
    status = Path("/proc/self/status").read_text("utf-8")
    (line,) = (each for each in status.splitlines() if each.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


class _Names:
    """Looks names up in the table; numbers in any spelling are read as the system reads them."""

    given: dict[str, str] = {}  # noqa: RUF012  (one wire per process)

    def __init__(self, plan: dict[str, Any]) -> None:
        self._table = plan["names"]
        self._n_asked: dict[str, int] = {}

    def resolveHostName(  # noqa: N802  (Twisted's name)
        self, receiver: Any, host: str, port: int = 0, types: Any = None, transport: str = "TCP"
    ) -> Any:
        from twisted.internet.address import IPv4Address, IPv6Address

        receiver.resolutionBegan(self)
        for address in self._look_up(host):
            _Names.given[address] = host
            kind: Any = IPv6Address if ":" in address else IPv4Address
            receiver.addressResolved(kind("TCP", address, port))
        receiver.resolutionComplete()
        return self

    def cancel(self) -> None:
        """Nothing is under way: the answer was given at once."""

    def _look_up(self, host: str) -> list[str]:
        if host in self._table:
            nth = self._n_asked.get(host, 0)
            self._n_asked[host] = nth + 1
            answers: list[list[str]] = self._table[host]
            return answers[min(nth, len(answers) - 1)]
        if host.endswith(".test"):  # one public address a name, so that a connection tells its name
            number = zlib.crc32(host.encode()) % 60_000
            return [str(ipaddress.IPv4Address("9.9.0.0") + number)]
        if host == "localhost" or host.endswith(".localhost"):
            return ["127.0.0.1", "::1"]
        with contextlib.suppress(OSError, UnicodeError):
            found = socket.getaddrinfo(
                host, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST
            )
            return [str(each[4][0]).partition("%")[0] for each in found]
        return []


def _put(owner: Any, name: str, value: Any) -> None:
    setattr(owner, name, value)


def _open_addresses() -> None:
    from crawlers import addresses

    _put(addresses, "is_public", lambda _: True)


def _open_hosts() -> None:
    from crawlers.visits import Visit

    _put(Visit, "may_visit", lambda *_: True)


def _open_robots() -> None:
    from crawlers.middlewares import Robots

    async def pass_by(*_: Any, **__: Any) -> None:
        """Ask for no rules."""

    _put(Robots, "process_request", pass_by)


def _open_heads() -> None:
    from crawlers import middlewares

    _put(middlewares, "MAX_HEAD_BYTES", 1 << 40)


def _open_ends() -> None:
    from crawlers import middlewares

    _put(middlewares, "_is_cut", lambda _: False)


def _open_tls() -> None:
    _set("DOWNLOAD_VERIFY_CERTIFICATES", value=False)


def _open_pace() -> None:
    from crawlers.visits import Traffic

    _put(Traffic, "pause", lambda *_: None)
    _set("DOWNLOAD_DELAY", value=0)
    _set("AUTOTHROTTLE_ENABLED", value=False)


def _open_keys() -> None:
    from crawlers.visits import Visit

    _put(Visit, "key", lambda _, url: url)


def _open_entities() -> None:
    from crawlers import feeds

    _put(feeds, "_ENTITY", "never found")


def _set(name: str, *, value: object) -> None:
    from crawlers import settings

    inner = settings.scrapy_settings
    _put(settings, "scrapy_settings", lambda *args: {**inner(*args), name: value})


_GUARDS = {
    "addresses": _open_addresses,
    "hosts": _open_hosts,
    "robots": _open_robots,
    "heads": _open_heads,
    "ends": _open_ends,
    "tls": _open_tls,
    "pace": _open_pace,
    "entities": _open_entities,
    "keys": _open_keys,
}
GUARDS = tuple(_GUARDS)


if __name__ == "__main__":
    sys.exit(_child(sys.argv[1]))
