"""A server for one's own machine: shows a built site on 127.0.0.1."""

from __future__ import annotations

import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from archive_site.findings import NotPossible

PORTS_TRIED = 20


class _Handler(SimpleHTTPRequestHandler):
    """Serves a folder; a page that is not there is the site's own 404.html."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".md": "text/markdown; charset=utf-8",
        ".txt": "text/plain; charset=utf-8",
        ".yaml": "text/plain; charset=utf-8",
        "": "text/plain; charset=utf-8",
    }

    def log_message(self, *args: object) -> None:
        """Say nothing of each request."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what is not there with the site's own page."""
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    """Says nothing of a browser that stops listening."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Leave a connection that the browser has closed."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def open_server(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server of `folder` on 127.0.0.1, at `port` or the next one that is free.

    Raises `NotPossible` where none of them is."""
    handler = partial(_Handler, directory=str(folder))
    for candidate in range(port, port + PORTS_TRIED):
        try:
            return _Server(("127.0.0.1", candidate), handler)
        except (OSError, OverflowError):
            continue
    raise NotPossible(
        f"no port from {port} to {port + PORTS_TRIED - 1} is free", "Choose one with --port."
    )
