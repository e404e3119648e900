"""The progress of a run: a bar on a terminal, lines if they are requested, otherwise nothing."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Literal, Self, TextIO

from archive_site.findings import Finding, count_noun, counts_of

Mode = Literal["quiet", "normal", "verbose"]
PATIENCE = 1.0
"""Seconds before the first bar is drawn: a shorter run needs none."""
REDRAWN = 0.1
"""The least number of seconds between two redraws of the bar."""
LOG_INTERVAL = 10.0
"""The least number of seconds between two lines about one stage."""
_COUNTED = "{desc} {percentage:3.0f}% {bar} {n_fmt}/{total_fmt} {elapsed}<{remaining}"
_UNCOUNTED = "{desc} {n_fmt} {elapsed}"
_BARE = "{desc} {elapsed}"
COLUMNS = 80
"""The width of a terminal whose size is unknown."""


class Progress:
    """Reports the stages of a run to `stream`, one after the other, each with a name and a count.

    On a terminal it draws one line, redraws it in place and erases it at the end; call `clear`
    before printing anything else. It never writes an escape code. `verbose` adds a line for each
    stage, and one every ten seconds within it; `quiet` writes nothing."""

    def __init__(
        self,
        stream: TextIO,
        mode: Mode = "normal",
        clock: Callable[[], float] = time.monotonic,
        surroundings: Mapping[str, str] = os.environ,
    ):
        self._stream, self._clock = stream, clock
        dumb = surroundings.get("TERM") == "dumb"
        self._draws = mode != "quiet" and stream.isatty() and not dumb
        self._logs = mode == "verbose"
        self._name, self._total, self._count = "", 0, 0
        self._drawn = ""  # the bar on the terminal's last line
        self._began = self._stage_began = self._logged_at = clock()
        self._drawn_at = 0.0

    @classmethod
    def silent(cls) -> Progress:
        """A progress that writes nothing."""
        return cls(io.StringIO(), "quiet")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failure: type[BaseException] | None, *_: object) -> None:
        if failure:
            self.clear()
        else:
            self.done()

    def stage(self, name: str, total: int = 0) -> None:
        """End the current stage, and begin one of `total` items (0: unknown)."""
        self.done()
        self._name, self._total, self._count = name, total, 0
        self._stage_began = self._logged_at = now = self._clock()
        self._draw(now)

    def advance(self, number: int = 1) -> None:
        """Count `number` more items as done."""
        self._count += number
        if not self._draws and not self._logs:
            return
        now = self._clock()
        if self._logs and now - self._logged_at >= LOG_INTERVAL:
            self._logged_at = now
            of_total = f" of {self._total:,}" if self._total else ""
            self._log(f"{self._name}: {self._count:,}{of_total} in {self._since(now)}")
        if now - self._drawn_at >= REDRAWN:
            self._draw(now)

    def done(self) -> None:
        """End the stage: erase its bar and, if verbose, write its line."""
        self.clear()
        if self._name and self._logs:
            count = f"{self._count:,} in " if self._count else ""
            self._log(f"{self._name}: {count}{self._since(self._clock())}")
        self._name = ""

    def clear(self) -> None:
        """Erase the bar, so that something else can be printed. The next `advance` or `stage` may
        draw it again."""
        if self._drawn:
            self._write("\r" + " " * len(self._drawn) + "\r")
            self._drawn = ""

    def _since(self, now: float) -> str:
        return duration(now - self._stage_began)

    def _draw(self, now: float) -> None:
        if not self._draws or now - self._began < PATIENCE:
            return
        bar = self._bar(now - self._stage_began)
        self._write("\r" + bar.ljust(len(self._drawn)))
        self._drawn, self._drawn_at = bar, now

    def _bar(self, elapsed: float) -> str:
        from tqdm import tqdm  # slow to load, so only when there is something to draw

        known = self._total > 0 and self._count <= self._total
        bar: str = tqdm.format_meter(
            self._count,
            self._total if known else None,
            elapsed,
            ncols=self._columns() - 1,  # a character in the last column would begin a new line
            prefix=self._name,
            ascii=not (self._stream.encoding or "").lower().startswith("utf"),
            bar_format=_COUNTED if known else _UNCOUNTED if self._count else _BARE,
        )
        return bar.rstrip()

    def _columns(self) -> int:
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or COLUMNS
        except OSError:
            return COLUMNS

    def _log(self, line: str) -> None:
        self.clear()
        self._write(line + "\n")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


# ---------------------------------------------------------------- the summary


def summary(
    texts: int,
    pages: int,
    size: int,
    seconds: float,
    *,
    written: int | None = None,
    findings: Iterable[Finding] = (),
) -> str:
    """The result of a run on one line: `5 texts, 1,234 pages, 5.6 MB in 0.31 s (12 written), 3
    warnings`. `size` is in bytes; `written` is the number of files that were written (None: left
    out)."""
    amount = f"{size / 1_000_000:,.1f} MB" if size >= 100_000 else f"{size / 1000:.0f} kB"
    made = (
        f"{count_noun(texts, 'text')}, {count_noun(pages, 'page')}, {amount} in {duration(seconds)}"
    )
    if written is not None:
        made += f" ({f'{written:,}' if written else 'nothing'} written)"
    return ", ".join(filter(None, (made, counts_of(findings))))


def duration(seconds: float) -> str:
    """A duration as text: `0.31 s`, `12.4 s`, `2 min 05 s`."""
    if seconds < 10:
        return f"{seconds:.2f} s"
    if seconds < 99.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s"
