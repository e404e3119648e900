"""Progress: what a terminal shows while a run lasts, what a log gets, what is said in the end."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from archive_site.build.progress import Mode, Progress, duration, summary
from archive_site.findings import Finding, count_noun


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Terminal(io.StringIO):
    """A terminal: what was written to it, and what stands on it then."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True

    def lines(self) -> list[str]:
        """What one sees, a carriage return having gone back to the line's first column."""
        seen = []
        for line in self.getvalue().split("\n"):
            shown = ""
            for part in line.split("\r"):
                shown = part + shown[len(part) :]
            seen.append(shown.rstrip())
        return seen


def run(stream: io.StringIO, mode: Mode = "normal", **surroundings: str) -> tuple[Progress, Clock]:
    clock = Clock()
    return Progress(stream, mode, clock, surroundings), clock


def test_what_is_over_in_a_second_draws_nothing_and_loads_nothing() -> None:
    terminal = Terminal()
    progress, clock = run(terminal)
    for name in ("texts", "pages"):
        progress.stage(name, 40)
        for _ in range(40):
            clock.now += 0.01
            progress.advance()
    progress.done()
    assert terminal.getvalue() == ""


def test_a_bar_counts_and_is_erased() -> None:
    terminal = Terminal()
    progress, clock = run(terminal)
    progress.stage("texts", 2000)
    clock.now += 1
    progress.advance(500)
    assert terminal.lines()[-1].startswith("texts  25% █")
    assert terminal.lines()[-1].endswith("500/2000 00:01<00:03")
    assert 60 < len(terminal.lines()[-1]) < 80
    progress.stage("pages", 10)
    assert terminal.lines()[-1].startswith("pages   0%")
    clock.now += 0.5
    progress.advance(10)
    assert terminal.lines()[-1].startswith("pages 100%")
    progress.done()
    assert terminal.lines() == [""]
    assert "\x1b" not in terminal.getvalue()


def test_a_bar_is_drawn_ten_times_a_second_at_most() -> None:
    terminal = Terminal()
    progress, clock = run(terminal)
    clock.now += 1
    progress.stage("texts", 1000)
    for _ in range(1000):
        clock.now += 0.001
        progress.advance()
    assert 2 <= terminal.getvalue().count("\r") <= 12


@pytest.mark.parametrize(
    ("total", "done", "shown"),
    [(0, 0, "search 00:02"), (0, 7, "search 7 00:02"), (5, 7, "search 7 00:02")],
)
def test_a_count_that_no_one_knows_has_no_share(total: int, done: int, shown: str) -> None:
    terminal = Terminal()
    progress, clock = run(terminal)
    progress.stage("search", total)
    clock.now += 2
    progress.advance(done)
    assert terminal.lines() == [shown]


def test_findings_stand_on_lines_of_their_own() -> None:
    terminal = Terminal()
    progress, clock = run(terminal)
    progress.stage("texts", 4)
    clock.now += 1
    progress.advance()
    progress.clear()
    terminal.write("x.md:7: E012 date\n")
    clock.now += 1
    progress.advance()
    finding, bar = terminal.lines()
    assert finding == "x.md:7: E012 date"
    assert bar.startswith("texts  50%")


def test_a_failure_leaves_a_clean_line() -> None:
    terminal = Terminal()
    progress, clock = run(terminal, "verbose")
    with pytest.raises(ValueError, match="no"), progress:
        progress.stage("texts", 4)
        clock.now += 1
        progress.advance()
        assert terminal.lines() != [""]
        raise ValueError("no")
    assert terminal.lines() == [""]


def test_a_terminal_without_unicode_gets_its_bar_in_ascii() -> None:
    terminal = Terminal()
    terminal.encoding = "latin-1"
    progress, clock = run(terminal)
    progress.stage("texts", 3)
    clock.now += 1
    progress.advance()
    assert "#" in terminal.getvalue() and terminal.getvalue().isascii()


@pytest.mark.parametrize("mode", ["quiet", "normal"])
def test_a_log_gets_nothing_unless_it_is_asked_for(mode: Mode) -> None:
    log = io.StringIO()
    progress, clock = run(log, mode)
    with progress:
        progress.stage("texts", 2)
        clock.now += 30
        progress.advance()
    assert log.getvalue() == ""


def test_quiet_draws_nothing_on_a_terminal_either() -> None:
    terminal = Terminal()
    progress, clock = run(terminal, "quiet")
    with progress:
        progress.stage("texts", 2)
        clock.now += 30
        progress.advance()
    assert terminal.getvalue() == ""


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_verbose_tells_every_stage_and_every_ten_seconds(stream: type[io.StringIO]) -> None:
    log = stream()
    progress, clock = run(log, "verbose", TERM="dumb", NO_COLOR="1")
    with progress:
        progress.stage("texts", 5000)
        for _ in range(25):
            clock.now += 1
            progress.advance(200)
        progress.stage("search")
        clock.now += 0.25
    assert log.getvalue().splitlines() == [
        "texts: 2,000 of 5,000 in 10.0 s",
        "texts: 4,000 of 5,000 in 20.0 s",
        "texts: 5,000 in 25.0 s",
        "search: 0.25 s",
    ]


def test_verbose_on_a_terminal_keeps_a_line_for_each_stage() -> None:
    terminal = Terminal()
    progress, clock = run(terminal, "verbose")
    with progress:
        progress.stage("texts", 2)
        clock.now += 2
        progress.advance(2)
        progress.stage("pages", 9)
    assert terminal.lines() == ["texts: 2 in 2.00 s", "pages: 0.00 s", ""]


def test_silence_is_a_progress_too() -> None:
    progress = Progress.silent()
    with progress:
        progress.stage("texts", 2)
        progress.advance()
        progress.clear()


def test_what_draws_is_loaded_when_it_draws() -> None:
    code = "import sys, archive_site.build.progress; sys.exit('tqdm' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


WARNING = Finding("x.md", 1, "W050", "a draft")
ERROR = Finding("x.md", 1, "E012", "a date")


def test_a_run_is_summed_up_on_a_line() -> None:
    line = summary(5, 1234, 5_600_000, 0.311, written=12, findings=[WARNING] * 3)
    assert line == "5 texts, 1,234 pages, 5.6 MB in 0.31 s (12 written), 3 warnings"
    assert summary(1, 1, 840, 12.34) == "1 text, 1 page, 1 kB in 12.3 s"
    line = summary(2, 3, 99_000, 1, written=0, findings=[ERROR, WARNING])
    assert line == "2 texts, 3 pages, 99 kB in 1.00 s (nothing written), 1 error, 1 warning"


def test_numbers_and_times_as_they_are_read() -> None:
    assert [count_noun(n, "file") for n in (0, 1, 2, 10_000)] == [
        "0 files", "1 file", "2 files", "10,000 files",
    ]  # fmt: skip
    assert [duration(s) for s in (0, 9.99, 10, 99.94, 99.95, 125, 3_725)] == [
        "0.00 s", "9.99 s", "10.0 s", "99.9 s", "1 min 40 s", "2 min 05 s", "62 min 05 s",
    ]  # fmt: skip
