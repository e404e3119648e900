"""A local server: serves the site on 127.0.0.1, rebuilds it whenever a file of the corpus or of the
templates is saved, and sends open pages what changed or what is wrong."""

from __future__ import annotations

import errno
import html
import os
import re
import signal
import socket
import sys
import time
import webbrowser
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from ipaddress import ip_address
from pathlib import Path
from threading import Event, Thread, current_thread, main_thread
from typing import Any, BinaryIO
from urllib.parse import quote, unquote

from archive_site.findings import NotPossible, count_noun, printable
from archive_site.serve.events import Fault, Live, fault_of
from archive_site.serve.watch import identity, watch_files
from archive_site.templating.resources import template_text

HERE = "127.0.0.1"
PORTS_TRIED = 20
INDEX, NOT_FOUND = "index.html", "404.html"

OWN = ".archive-site"
"""The folder of the server's own addresses, which are not part of the site."""
EVENTS = f"/{OWN}/events"
FOLLOW, NOTHING_YET = f"{OWN}/follow.js", f"{OWN}/nothing-yet.html"
FILES = {
    FOLLOW: "serve/follow.js",
    f"{OWN}/follow.css": "serve/follow.css",
    NOTHING_YET: "serve/nothing-yet.html",
}
EXCHANGE, PAUSE = 20, 0.01
"""The number of attempts to open a file while the output is swapped, and the seconds between
them."""


def serve(
    build: Callable[[], frozenset[str]],
    output: Path,
    watched: Sequence[Path],
    *,
    port: int = 8000,
    host: str = HERE,
    open_browser: bool = False,
    say: Callable[[str], None] = print,
    stop: Event | None = None,
) -> None:
    """Serve the site in `output` until Ctrl+C, SIGTERM or `stop`. Call `build` first, and again at
    every change in the folders `watched`. `build` returns the paths of the site that changed. If it
    raises an exception, that is reported through `say` and on open pages, and the server keeps
    running.

    Raises `NotPossible` if no port is free, or if a folder cannot be watched."""
    stop = stop or Event()
    live = Live()
    with (
        suppress(KeyboardInterrupt),
        _terminable(),
        open_server(output, port, host, live) as server,
        _answering(server, live),
    ):
        changes = watch_files(watched, output, stop)
        next(changes, None)  # from here on, no change is missed
        fault = _rebuild(build, live, say)
        if fault:
            _show(fault, live, say)
        address = _address(server, host)
        say(f"{address}  (press Ctrl+C to stop)")
        if not is_local(host):
            say(f"warning: --host was given, so anyone who can reach {host} can read the site")
        if open_browser:
            webbrowser.open(address)
        for changed in changes:
            if changed:
                fault = _rebuild(build, live, say, changed)
            elif fault:  # and nothing saved since could have corrected it
                _show(fault, live, say)
                fault = None


def _rebuild(
    build: Callable[[], frozenset[str]],
    live: Live,
    say: Callable[[str], None],
    saved: Iterable[Path] = (),
) -> Fault | None:
    """Build after the files `saved`, and report what changed in the site. Returns the fault if the
    build failed, otherwise None."""
    started = time.perf_counter()
    try:
        changed = build()
    except Exception as error:
        return fault_of(error)
    live.report_success(changed)
    if names := _named(saved):
        took = time.perf_counter() - started
        files = count_noun(len(changed), "file")
        say(f"{_now()} {names}: {files} of the site changed in {took:.2f} s")
    return None


def _show(fault: Fault, live: Live, say: Callable[[str], None]) -> None:
    live.report_failure(fault)
    say(f"{_now()} {fault}")


def _now() -> str:
    return time.strftime("%H:%M:%S")


def _named(saved: Iterable[Path]) -> str:
    """The name of the first file, and the number of the others."""
    names = sorted(printable(path.name) for path in saved)
    return f"{names[0]} and {len(names) - 1} more" if len(names) > 1 else "".join(names)


@contextmanager
def _terminable() -> Iterator[None]:
    """Make SIGTERM end the server as Ctrl+C does."""
    if current_thread() is not main_thread():  # only the main thread may set signal handlers
        yield
        return
    previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)


@contextmanager
def _answering(server: ThreadingHTTPServer, live: Live) -> Iterator[None]:
    Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    try:
        yield
    finally:
        live.end()
        server.shutdown()


# ---------------------------------------------------------------- the server


def open_server(
    folder: Path, port: int, host: str = HERE, live: Live | None = None
) -> ThreadingHTTPServer:
    """A server for `folder` on `host`, at `port` or the next free port. With `live`, its pages
    follow the builds.

    Raises `NotPossible` if no port is free, or if `host` is not an address of this machine."""
    handler = partial(_Handler, folder=Path(os.path.abspath(folder)), host=host, live=live)
    for candidate in range(port, min(port + PORTS_TRIED, 65_536)):
        try:
            return _Server((host, candidate), handler)
        except (OSError, TypeError, UnicodeError) as error:
            wrong = isinstance(error, (socket.gaierror, TypeError, UnicodeError))
            if wrong or getattr(error, "errno", 0) == errno.EADDRNOTAVAIL:
                hint = "Give another --host, or leave it out to serve this machine only."
                raise NotPossible(f"“{host}” is not an address of this machine", hint) from error
    raise NotPossible(
        f"no port from {port} to {port + PORTS_TRIED - 1} is free", "Choose one with --port."
    )


def is_local(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _address(server: ThreadingHTTPServer, host: str) -> str:
    """The address of the site for a browser on this machine."""
    name = HERE if host in ("", "0.0.0.0", "::") else host
    return f"http://{_bracketed(name)}:{server.server_address[1]}/"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


class _Server(ThreadingHTTPServer):
    """A server that ignores connections closed by the browser."""

    def __init__(self, address: tuple[str, int], handler: Callable[..., _Handler]) -> None:
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore a connection that the browser has closed; report any other error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(SimpleHTTPRequestHandler):
    """Serves a folder. A missing page is answered with the site's own 404.html."""

    protocol_version = "HTTP/1.1"  # the files of a page share a connection
    disable_nagle_algorithm = True  # and no packet waits for the next
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".md": "text/markdown; charset=utf-8",
        ".txt": "text/plain; charset=utf-8",
        ".yaml": "text/plain; charset=utf-8",
        "": "text/plain; charset=utf-8",
    }

    def __init__(self, *args: Any, folder: Path, host: str, live: Live | None) -> None:
        self.folder, self.host, self.live, self.build_id = folder, host, live, ""
        super().__init__(*args)

    def log_message(self, *args: object) -> None:
        """Do not log requests."""

    def parse_request(self) -> bool:
        """Parse a request. Refuse a host name that is not this machine's: a page of another site
        must not read this one through a name that resolves to this machine."""
        if not super().parse_request():
            return False
        if self.live:  # before any file is opened, so that a change made meanwhile is reported
            self.build_id = self.live.build_id
        name = re.sub(r":\d+$", "", self.headers.get("Host", ""))
        known = {HERE, "localhost", "[::1]", _bracketed(self.host)}
        if is_local(self.host) and name.lower() not in known:
            self.send_error(HTTPStatus.FORBIDDEN, "The host name is not this machine's")
            return False
        return True

    def do_GET(self) -> None:
        """Answer with a file, or with the stream of events."""
        path, _, query = self.path.partition("?")
        if self.live and path == EVENTS:
            self._follow(self.live, query.removeprefix("since="))
        else:
            super().do_GET()

    def send_head(self) -> BinaryIO | None:
        """Send the headers. Returns the file to send after them, or None if the answer is
        complete."""
        path = unquote(self.path.partition("?")[0].partition("#")[0]).removeprefix("/")
        if self.live and path in FILES:
            return self._send(HTTPStatus.OK, path, _own_file(path))
        name = f"{path}{INDEX}" if not path or path.endswith("/") else path
        if not self._is_of_the_site(name):
            self.send_error(HTTPStatus.FORBIDDEN, "Not a file of the site")
        elif file := self._opened(name):
            return self._send(HTTPStatus.OK, name, file)
        elif os.path.isdir(self.folder / name):  # noqa: PTH112  # False if the name is too long
            self._redirect(f"/{quote(name)}/")
        else:
            self.send_error(HTTPStatus.NOT_FOUND)
        return None

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer with an error. A missing page is answered with the site's own 404.html or, if
        there is no site yet, with a page that waits for it."""
        if code != HTTPStatus.NOT_FOUND:
            super().send_error(code, message, explain)
            return
        if page := self._opened(NOT_FOUND):
            answer = self._send(code, NOT_FOUND, page)
        elif self.live:
            answer = self._send(HTTPStatus.SERVICE_UNAVAILABLE, "", _own_file(NOTHING_YET))
        else:
            super().send_error(code, message, explain)
            return
        with answer:
            if self.command != "HEAD":
                self.copyfile(answer, self.wfile)

    def _is_of_the_site(self, name: str) -> bool:
        """Whether `name` can be a file of the site: not a path above it, not a link out of it."""
        if name.startswith("/") or ".." in name.split("/") or "\0" in name:
            return False
        return Path(os.path.realpath(self.folder / name)).is_relative_to(
            os.path.realpath(self.folder)
        )

    def _opened(self, name: str) -> BinaryIO | None:
        """The file of the site; None if there is none. While a build swaps the output, it is the
        whole file of the previous or of the new site."""
        for _ in range(EXCHANGE):
            before = identity(self.folder)
            with suppress(OSError):
                if (self.folder / name).is_file():
                    return (self.folder / name).open("rb")
            if before and before == identity(self.folder):
                return None
            time.sleep(PAUSE)  # during a swap in two steps there is briefly no output folder
        return None

    def _send(self, status: int, name: str, file: BinaryIO) -> BinaryIO:
        """Send the headers for `file`. Returns the file to send, with the script that follows the
        builds if it is a page."""
        kind = self.guess_type(name or INDEX)
        if self.live and kind.startswith("text/html"):
            with file:
                file = BytesIO(followed(file.read(), name, self.build_id))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(file.seek(0, os.SEEK_END)))
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        file.seek(0)
        return file

    def _redirect(self, address: str) -> None:
        self.send_response(HTTPStatus.FOUND)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _follow(self, live: Live, since: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"retry: 1000\n\n")
        live.follow(self.connection, self.headers.get("Last-Event-ID") or since)


def followed(page: bytes, name: str, build_id: str) -> bytes:
    """A page with the script that follows the builds. `name`: the page's file in the site;
    `build_id`: the id of its build. The page on the disk has no such script."""
    script = (
        f'<script src="/{FOLLOW}" data-page="{html.escape(name)}" data-build="{build_id}" defer>'
        "</script>\n"
    ).encode()
    head, end, body = page.partition(b"</head>")
    return head + script + end + body if end else page + script


def _own_file(path: str) -> BinaryIO:
    return BytesIO(template_text(FILES[path]).encode())
