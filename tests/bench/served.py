"""From saving a file to the page reloaded: `archive-site serve` heard through its events."""

from __future__ import annotations

import http.client
import json
import queue
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from processes import Failed, started_process
from texts import Change

EVENTS = "/.archive-site/events"
"""Where the server tells pages that they have changed (server-sent events)."""
PATIENCE = 60.0
"""Seconds for the first build, and for an event."""
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")


class NotServed(Exception):
    """The server does not say when a page has changed."""


def seconds_to_reload(folder: Path, change: Change, runs: int) -> list[float]:
    """Of each run, the seconds from writing a changed text to the last byte of its page, fetched
    when the server says so. Raises `NotServed`, `Failed`."""
    page = f"textes/{change.path.stem}/index.html"
    with _served(folder) as address, _events(address) as heard:
        seconds = []
        for number in range(runs + 1):
            started = time.perf_counter()
            change(number)
            _await(heard, page)
            text = _fetch(address, page)
            seconds.append(time.perf_counter() - started)
            if change.new(number) not in text:
                raise NotServed(f"the page was told to load anew, and lacks “{change.new(number)}”")
    return seconds[1:]


def _await(heard: queue.Queue[str], page: str) -> None:
    """Wait until the server tells that a page has changed."""
    while True:
        told = json.loads(_next(heard))
        if told["fault"]:
            raise NotServed(f"the change is refused: {told['fault']}")
        if told["changed"] is None or page in told["changed"]:
            return


def _next(heard: queue.Queue[str]) -> str:
    try:
        return heard.get(timeout=PATIENCE)
    except queue.Empty:
        raise NotServed(f"archive-site serve tells nothing within {PATIENCE:.0f} s") from None


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """The address of a server over `folder`/corpus, its first build done."""
    command = (sys.executable, "-u", "-m", "archive_site", "serve", "corpus", "-o", "served")
    said = folder / "served.log"
    with said.open("wb") as out, started_process(command, folder, out) as process:
        until = time.monotonic() + PATIENCE
        while not (found := _ADDRESS.search(said.read_text("utf-8"))):
            if process.poll() is not None or time.monotonic() > until:
                raise Failed(f"archive-site serve told no address: {said.read_text('utf-8')}")
            time.sleep(0.05)
        yield urlsplit(found[0]).netloc


@contextmanager
def _events(address: str) -> Iterator[queue.Queue[str]]:
    """What the server tells, as it comes: the data of its events."""
    connection = http.client.HTTPConnection(address, timeout=PATIENCE)
    connection.request("GET", f"{EVENTS}?since=")
    response = connection.getresponse()
    if response.headers.get_content_type() != "text/event-stream":
        connection.close()
        raise NotServed("archive-site serve tells no changes")
    heard: queue.Queue[str] = queue.Queue()

    def listen() -> None:
        try:
            for line in response:
                if line.startswith(b"data:"):
                    heard.put(line[5:].decode().strip())
        except (OSError, ValueError, AttributeError):
            return  # the server has ended, or we have

    threading.Thread(target=listen, daemon=True).start()
    try:
        _next(heard)  # tells what was before
        yield heard
    finally:
        connection.close()


def _fetch(address: str, page: str) -> str:
    connection = http.client.HTTPConnection(address, timeout=PATIENCE)
    try:
        connection.request("GET", f"/{page}")
        return connection.getresponse().read().decode()
    finally:
        connection.close()
