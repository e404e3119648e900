"""What open pages are told while an editor works: what each build changed, what stops one."""

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
from archive_site.findings import ArchiveError, Finding, NotPossible, Unsound, counted

BUILDS_KEPT = 100
PATHS_TOLD = 500
"""Where more paths than these changed, every page is told to load anew."""
FINDINGS_TOLD = 50
STREAMS = 4
"""Pages that are told at once: a browser opens no more than six connections to a server."""
PATIENCE = 1.0
"""Seconds after which a page that takes no word is given up; it asks again."""
NOTHING = "Nothing was built"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why there is no sound build: a line on all of it, what was found, the program's own trace."""

    title: str
    findings: tuple[Finding, ...]
    trace: str = ""

    def __str__(self) -> str:
        """The fault as lines of a terminal."""
        return "\n".join(filter(None, (self.title, *map(str, self.findings), self.trace)))


def fault_of(error: Exception) -> Fault:
    """What a build raised, as an editor is told it."""
    match error:
        case Unsound():
            stopping = tuple(finding for finding in error.findings if finding.stops)
            return Fault(f"{counted(len(stopping), 'error')}; site not built", stopping)
        case NotPossible():
            return _fault(NOTHING, str(error), error.remedy)
        case ArchiveError():
            return _fault(NOTHING, str(error))
        case OSError():
            return _fault(NOTHING, f"{error.filename or 'the system'}: {error.strerror or error}")
        case _:
            trace = "".join(traceback.format_exception(error))
            remedy = "This is a fault of the program, not of a text. The server goes on."
            return _fault("Internal error", f"{type(error).__name__}: {error}", remedy, trace)


def _fault(title: str, message: str, remedy: str = "", trace: str = "") -> Fault:
    return Fault(title, (Finding("", 0, "", message, remedy),), trace)


class Live:
    """What open pages are told, by Server-Sent Events: how many builds there were, what each
    changed, what is at fault. Builds tell it in one thread, each page is followed in its own."""

    def __init__(self) -> None:
        self._run = secrets.token_hex(4)
        self._builds = 0
        self._changes: deque[frozenset[str]] = deque(maxlen=BUILDS_KEPT)
        self._fault: Fault | None = None
        self._streams: list[socket.socket] = []
        self._ended = False
        self._lock = Lock()

    @property
    def moment(self) -> str:
        """Which build the site is of; a page bears it, and is told what changed since."""
        return f"{self._run}.{self._builds}"

    def sound(self, changed: frozenset[str]) -> None:
        """A build went well, and `changed` these paths of the site."""
        with self._lock:
            if changed:
                self._builds += 1
                self._changes.append(changed)
            elif self._fault is None:
                return
            self._fault = None
            self._tell_all(changed)

    def faulty(self, fault: Fault) -> None:
        """A build could not be: the site is the former one."""
        with self._lock:
            self._fault = fault
            self._tell_all(frozenset())

    def follow(self, page: socket.socket, since: str) -> None:
        """Tell a page what changed since its moment, and whatever comes; returns when it closes."""
        page.settimeout(PATIENCE)
        with self._lock:
            if self._ended:
                return
            self._streams.append(page)
        try:
            with self._lock:
                self._tell(page, self._message(self._since(since)))
                if len(self._streams) > STREAMS:
                    self._tell(self._streams[0], b"event: rest\ndata: 1\n\n")
            _await_end(page)
        finally:
            with self._lock:
                self._streams.remove(page)

    def end(self) -> None:
        """Let every page go."""
        with self._lock:
            self._ended = True
            for page in self._streams:
                _let_go(page)

    def _since(self, moment: str) -> frozenset[str] | None:
        """The paths that changed since `moment`; None where nobody knows any more."""
        known = range(self._builds - len(self._changes), self._builds + 1)
        missed = {f"{self._run}.{number}": self._builds - number for number in known}.get(moment)
        if missed is None:
            return None
        return frozenset().union(*islice(reversed(self._changes), missed))

    def _message(self, changed: frozenset[str] | None) -> bytes:
        many = changed is None or len(changed) > PATHS_TOLD
        told = {"changed": None if many else sorted(changed or ()), "fault": self._told_fault()}
        return f"id: {self.moment}\ndata: {json.dumps(told)}\n\n".encode()

    def _told_fault(self) -> Mapping[str, Json] | None:
        if self._fault is None:
            return None
        findings = self._fault.findings
        return {
            "title": self._fault.title,
            "findings": [asdict(finding) for finding in findings[:FINDINGS_TOLD]],
            "more": max(0, len(findings) - FINDINGS_TOLD),
            "trace": self._fault.trace,
        }

    def _tell_all(self, changed: frozenset[str]) -> None:
        message = self._message(changed)
        for page in self._streams:
            self._tell(page, message)

    def _tell(self, page: socket.socket, message: bytes) -> None:
        try:
            page.sendall(message)
        except OSError:  # it has gone, or takes nothing: it asks again
            _let_go(page)


def _await_end(page: socket.socket) -> None:
    """Wait until a page says something: it has no more to say than that it goes."""
    with selectors.DefaultSelector() as waiting:
        waiting.register(page, selectors.EVENT_READ)
        waiting.select()


def _let_go(page: socket.socket) -> None:
    with suppress(OSError):
        page.shutdown(socket.SHUT_RDWR)
