"""Events for open pages: the paths that each build changed, and the fault that stops one."""

from __future__ import annotations

import json
import secrets
import selectors
import socket
import traceback
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import islice
from threading import Lock

from archive_site.files.tabular import Json
from archive_site.findings import ArchiveError, Finding, NotPossible, Unsound, count_noun

BUILDS_KEPT = 100
PATHS_TOLD = 500
"""If more paths than this changed, every page is told to reload."""
FINDINGS_TOLD = 50
STREAMS = 4
"""The most pages that stay connected: a browser opens at most six connections to a server."""
PATIENCE = 1.0
"""Seconds after which a page that does not receive is disconnected; it connects again."""
NOTHING = "Site not built"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a build failed: a title, the findings, and the traceback if the program is at fault."""

    title: str
    findings: tuple[Finding, ...]
    trace: str = ""

    def __str__(self) -> str:
        """The fault as lines for a terminal."""
        return "\n".join(filter(None, (self.title, *map(str, self.findings), self.trace)))


def fault_of(error: Exception) -> Fault:
    """The fault for an error that a build raised."""
    match error:
        case Unsound():
            stopping = tuple(finding for finding in error.findings if finding.stops)
            return Fault(f"{count_noun(len(stopping), 'error')}; site not built", stopping)
        case NotPossible():
            return _fault(NOTHING, str(error), error.remedy)
        case ArchiveError():
            return _fault(NOTHING, str(error))
        case OSError():
            return _fault(NOTHING, f"{error.filename or 'the system'}: {error.strerror or error}")
        case _:
            trace = "".join(traceback.format_exception(error))
            remedy = "This is a fault of the program, not of a text. The server keeps running."
            return _fault("Internal error", f"{type(error).__name__}: {error}", remedy, trace)


def _fault(title: str, message: str, remedy: str = "", trace: str = "") -> Fault:
    return Fault(title, (Finding("", 0, "", message, remedy),), trace)


class Live:
    """Sends Server-Sent Events to open pages: the id of the build, the paths that changed, the
    fault. Builds report to it from one thread; each page is followed in a thread of its own."""

    def __init__(self) -> None:
        self._run = secrets.token_hex(4)
        self._builds = 0
        self._changes: deque[frozenset[str]] = deque(maxlen=BUILDS_KEPT)
        self._fault: Fault | None = None
        self._streams: list[socket.socket] = []
        self._ended = False
        self._lock = Lock()

    @property
    def build_id(self) -> str:
        """The id of the build that the site is from. A page contains it, and is sent what changed
        since."""
        return f"{self._run}.{self._builds}"

    def report_success(self, changed: frozenset[str]) -> None:
        """Report a build that succeeded, and the paths of the site that it changed."""
        with self._lock:
            if changed:
                self._builds += 1
                self._changes.append(changed)
            elif self._fault is None:
                return
            self._fault = None
            self._send_all(changed)

    def report_failure(self, fault: Fault) -> None:
        """Report a build that failed. The site is still the previous one."""
        with self._lock:
            self._fault = fault
            self._send_all(frozenset())

    def follow(self, page: socket.socket, since: str) -> None:
        """Send a page what changed since the build with the id `since`, and all later events.
        Returns when the page closes the connection."""
        page.settimeout(PATIENCE)
        with self._lock:
            if self._ended:
                return
            self._streams.append(page)
        try:
            with self._lock:
                self._send(page, self._message(self._since(since)))
                if len(self._streams) > STREAMS:
                    self._send(self._streams[0], b"event: rest\ndata: 1\n\n")
            _await_end(page)
        finally:
            with self._lock:
                self._streams.remove(page)

    def end(self) -> None:
        """Disconnect every page."""
        with self._lock:
            self._ended = True
            for page in self._streams:
                _disconnect(page)

    def _since(self, build_id: str) -> frozenset[str] | None:
        """The paths that changed since the build `build_id`; None if that is no longer
        known."""
        known = range(self._builds - len(self._changes), self._builds + 1)
        missed = {f"{self._run}.{number}": self._builds - number for number in known}.get(build_id)
        if missed is None:
            return None
        return frozenset().union(*islice(reversed(self._changes), missed))

    def _message(self, changed: frozenset[str] | None) -> bytes:
        many = changed is None or len(changed) > PATHS_TOLD
        event = {"changed": None if many else sorted(changed or ()), "fault": self._fault_data()}
        return f"id: {self.build_id}\ndata: {json.dumps(event)}\n\n".encode()

    def _fault_data(self) -> Mapping[str, Json] | None:
        if self._fault is None:
            return None
        findings = self._fault.findings
        return {
            "title": self._fault.title,
            "findings": [asdict(finding) for finding in findings[:FINDINGS_TOLD]],
            "more": max(0, len(findings) - FINDINGS_TOLD),
            "trace": self._fault.trace,
        }

    def _send_all(self, changed: frozenset[str]) -> None:
        message = self._message(changed)
        for page in self._streams:
            self._send(page, message)

    def _send(self, page: socket.socket, message: bytes) -> None:
        try:
            page.sendall(message)
        except OSError:  # closed, or not receiving: it will connect again
            _disconnect(page)


def _await_end(page: socket.socket) -> None:
    """Wait until the connection of a page can be read: a page sends nothing, so it has closed."""
    with selectors.DefaultSelector() as waiting:
        waiting.register(page, selectors.EVENT_READ)
        waiting.select()


def _disconnect(page: socket.socket) -> None:
    with suppress(OSError):
        page.shutdown(socket.SHUT_RDWR)
