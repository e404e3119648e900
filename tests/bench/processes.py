"""A run of whole processes: what it took, start to end, and what it wrote."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

Command = Sequence[str | Path]

HANG = 1800.0
"""Seconds after which a process is given up."""
PERIOD = 0.05
"""Seconds between two looks at the memory."""


class Failed(Exception):
    """A process that did not end well; says what it last said."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What a run took: seconds by the wall's clock; seconds of all cores together; the most MB
    that its processes held together (None: not looked at)."""

    seconds: float
    cpu: float
    memory: float | None = None


def run(commands: Sequence[Command], folder: Path, *, watched: bool = False) -> Spent:
    """Run the commands one after the other in `folder`. `watched`: sum up their memory too, which
    takes time itself (what `wait4` says of memory will not do: it leaves out that processes stand
    side by side, and starts from the memory of who started them). Raises `Failed`."""
    cpu, peak = 0.0, 0
    started = time.perf_counter()
    for command in commands:
        with tempfile.TemporaryFile() as said, started_process(command, folder, said) as process:
            with _watching(process.pid, watched) as seen:
                _, status, used = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                said.seek(0)
                raise Failed(_last_words(command, process.returncode, said.read()))
        cpu += used.ru_utime + used.ru_stime
        peak = max((peak, *seen))
    seconds = time.perf_counter() - started
    return Spent(seconds, cpu, peak / 1e6 if peak else None)


@contextmanager
def started_process(
    command: Command, folder: Path, out: IO[bytes]
) -> Iterator[subprocess.Popen[bytes]]:
    """The process of a command, in a session of its own; whatever is left of it is ended."""
    process = subprocess.Popen(
        [str(word) for word in command],
        env={k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"},
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    hung = threading.Timer(HANG, process.kill)
    hung.start()
    try:
        yield process
    finally:
        hung.cancel()
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _last_words(command: Command, code: int, said: bytes) -> str:
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return f"{Path(command[0]).name} ended with {code}: {' / '.join(lines[-3:])[-300:]}"


def asked(command: Command) -> subprocess.CompletedProcess[str]:
    """A short command's end and words, unmeasured."""
    words = [str(word) for word in command]
    return subprocess.run(words, capture_output=True, text=True, check=False)


# ---------------------------------------------------------------- memory


@contextmanager
def _watching(session: int, watched: bool) -> Iterator[list[int]]:
    """The bytes that the processes of a session hold, looked at every `PERIOD` while within."""
    seen: list[int] = []
    if not watched or not Path("/proc/self/smaps_rollup").exists():
        yield seen
        return
    over = threading.Event()

    def look() -> None:
        while not over.wait(PERIOD):
            seen.append(sum(_share(pid) for pid in _session(session)))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


def _session(session: int) -> Iterator[int]:
    """The processes of a session: a command's whole tree, unless one left it."""
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        pid = int(entry.name)
        try:
            if os.getsid(pid) == session:
                yield pid
        except ProcessLookupError:
            continue  # it has ended since


def _share(pid: int) -> int:
    """A process's memory (PSS), in bytes: a page that several processes share counts in parts."""
    try:
        with Path(f"/proc/{pid}/smaps_rollup").open("rb") as lines:
            kilobytes = next((line.split()[1] for line in lines if line.startswith(b"Pss:")), b"0")
    except OSError:
        return 0  # it has ended since
    return int(kilobytes) * 1024


# ---------------------------------------------------------------- contenders in turn


@dataclass(frozen=True, slots=True)
class Contender:
    """Who is measured, by what commands, in what folder; `before` each run (its number, from 0)
    does what is not measured; `output` is where it writes."""

    name: str
    commands: Sequence[Command]
    folder: Path
    before: Callable[[int], object] = lambda number: None
    output: Path | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """Of a contender's runs: least, median and most seconds; the median run's seconds of all cores;
    its memory; the files and MB it had written in the end. `failed`: why there is none of it."""

    name: str
    least: float = 0.0
    median: float = 0.0
    most: float = 0.0
    cpu: float = 0.0
    memory: float | None = None
    files: int = 0
    written: float = 0.0
    failed: str = ""


MINUTE = 60.0
ENDLESS = 1_000_000


def _most(seconds: float, slow: float, slow_runs: int) -> int:
    """How often a contender is run at most that took so long."""
    return 0 if seconds > MINUTE else slow_runs if seconds > slow else ENDLESS


def measure(
    contenders: Sequence[Contender], runs: int, slow_runs: int, slow: float = 10.0
) -> list[Measured]:
    """Run all contenders in turn, so that a drift of the machine meets all alike.

    The first round warms the disk's cache and looks at the memory; its times do not count. Who
    took more than `slow` seconds in it has `slow_runs` counted runs, the others `runs`. Who took
    more than a minute is not run again: that round counts."""
    warm: dict[str, Spent] = {}
    counted: dict[str, list[Spent]] = {contender.name: [] for contender in contenders}
    failed: dict[str, str] = {}
    for number in range(runs + 1):
        for contender in contenders:
            name = contender.name
            if name in failed or (number and number > _most(warm[name].seconds, slow, slow_runs)):
                continue
            try:
                contender.before(number)
                spent = run(contender.commands, contender.folder, watched=number == 0)
            except (Failed, OSError) as error:
                failed[name] = str(error)
                continue
            print(f"    {number}  {name:46}{spent.seconds:8.2f} s", file=sys.stderr, flush=True)
            if number:
                counted[name].append(spent)
            else:
                warm[name] = spent
    return [
        Measured(contender.name, failed=failed[contender.name])
        if contender.name in failed
        else _summed(contender, warm[contender.name], counted[contender.name])
        for contender in contenders
    ]


def _summed(contender: Contender, warm: Spent, counted: Sequence[Spent]) -> Measured:
    runs = sorted(counted or [warm], key=lambda spent: spent.seconds)
    median = runs[len(runs) // 2]
    files = _files(contender.output) if contender.output else []
    return Measured(
        contender.name,
        runs[0].seconds,
        median.seconds,
        runs[-1].seconds,
        median.cpu,
        warm.memory,
        len(files),
        sum(path.stat().st_size for path in files) / 1e6,
    )


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
