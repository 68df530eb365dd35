"""A loopback HTTP forward proxy that answers for the invented outlets, so that a crawl is a real crawl."""

from __future__ import annotations

import gzip
import hashlib
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

from crawlers.sample import site

GZIP_FROM_BYTES = 512  # below this a compressed body is hardly smaller


@dataclass(frozen=True)
class Asked:
    """One request that reached the proxy and the status it got."""

    method: str
    url: str
    status: int


@dataclass
class Served:
    """A running proxy: its address and what was asked of it so far."""

    proxy_url: str
    requests: list[Asked] = field(default_factory=list)

    def urls(self) -> list[str]:
        """Return the addresses asked for, in order of arrival."""
        return [asked.url for asked in self.requests]


class _Proxy(ThreadingHTTPServer):
    daemon_threads = True
    served: Served

    def handle_error(self, request: object, client_address: object) -> None:
        """Let a client hang up without a traceback; show any other failure."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    """Answers absolute addresses from memory and reaches no other machine."""

    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_CONNECT(self) -> None:
        self._send(502, {"Content-Type": site.TEXT}, b"only http:// sample hosts are served\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (name set by the base)
        """Keep quiet: the requests are kept in ``Served.requests``."""

    def _answer(self, *, with_body: bool) -> None:
        url = self.path
        if url.startswith("/"):
            url = f"http://{self.headers.get('Host', '')}{url}"
        try:
            found = site.answer(url)
        except ValueError:  # an address that cannot be parsed
            found = None
        if found is None:
            self._send(
                502, {"Content-Type": site.TEXT}, b"not a sample host\n", with_body=with_body
            )
            return
        etag = f'"{hashlib.sha256(found.body).hexdigest()[:16]}"'
        headers = {"Content-Type": found.content_type, "ETag": etag, "Vary": "Accept-Encoding"}
        if found.status == 200 and self.headers.get("If-None-Match") == etag:
            self._send(304, headers, b"", with_body=False)
            return
        body = found.body
        accepts_gzip = "gzip" in self.headers.get("Accept-Encoding", "")
        if accepts_gzip and len(body) >= GZIP_FROM_BYTES:
            body = gzip.compress(body, mtime=0)
            headers["Content-Encoding"] = "gzip"
        self._send(found.status, headers, body, with_body=with_body)

    def _send(
        self, status: int, headers: dict[str, str], body: bytes, *, with_body: bool = True
    ) -> None:
        cast("_Proxy", self.server).served.requests.append(Asked(self.command, self.path, status))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body and body:
            self.wfile.write(body)


@contextmanager
def serve() -> Iterator[Served]:
    """Yield a running proxy on a free loopback port; it stops when the block ends."""
    server = _Proxy(("127.0.0.1", 0), _Handler)
    server.served = Served(proxy_url=f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
