"""Nothing outlives a build: its workers end when it is killed, and leave Ctrl+C to it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import copytree

import pytest

from conftest import ROOT

# Never skipped on Linux, where CI runs: there is no other way to read what these tests are about.
pytestmark = pytest.mark.skipif(
    sys.platform != "linux",
    reason="only Linux has /proc, which lists processes and the signals that they ignore",
)
HANG = 60.0
LATEST = 20.0
"""Seconds in which the last worker ends, on a machine that has other things to do."""
JOBS = 3


def processes(session: int) -> set[int]:
    """The processes of a session that run."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            state, _, _, its_session = path.read_text().rpartition(") ")[2].split()[:4]
            if int(its_session) == session and state not in "ZX":
                found.add(int(path.parent.name))
    return found


def deaf(process: int) -> bool:
    """Whether a process ignores Ctrl+C."""
    with suppress(OSError):
        status = Path(f"/proc/{process}/status").read_text()
        ignored = int(status.partition("SigIgn:")[2].split()[0], 16)
        return bool(ignored >> (signal.SIGINT - 1) & 1)
    return False


def wait(true: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


@contextmanager
def at_work(*call: str, cwd: Path | None = None) -> Iterator[subprocess.Popen[str]]:
    """A program with workers, in a session of its own, of which nothing is left in the end."""
    with subprocess.Popen(
        [sys.executable, *call],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            assert wait(lambda: len(processes(process.pid)) > JOBS, HANG), process.communicate()
            yield process
        finally:
            for left in processes(process.pid):
                os.kill(left, signal.SIGKILL)


POOL = """
import sys, time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from archive_site.build.worker import end_with_parent

def work(how):
    while how == "busy" or not time.sleep(0.1):
        pass

if __name__ == "__main__":
    pool = ProcessPoolExecutor(3, get_context(sys.argv[1]), end_with_parent)
    for how in ("busy", "asleep", "asleep", "waiting"):
        pool.submit(work, how)
    time.sleep(600)
"""


@pytest.mark.slow
@pytest.mark.parametrize("context", ["spawn", "fork", "forkserver"])
def test_the_workers_of_any_pool_end_with_it(context: str, tmp_path: Path) -> None:
    (tmp_path / "pool.py").write_text(POOL)
    with at_work(str(tmp_path / "pool.py"), context) as process:
        time.sleep(1)  # some have begun, some are just beginning
        process.kill()
        assert wait(lambda: not processes(process.pid), LATEST), processes(process.pid)


BUILD = (
    "-c",
    f"""
import time
from archive_site.build import executors
from archive_site.cli.main import main
executors.TRIED, executors.FORKED, executors.SPAWNED = 0, -1, -1  # as if there were many texts
run_batch = executors.run_batch
def slowly(code, works):
    time.sleep(0.3)
    return run_batch(code, works)
executors.run_batch = slowly
raise SystemExit(main(["build", "--no-exports", "--jobs", "{JOBS}"]))
""",
)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    copytree(ROOT / "corpus", tmp_path / "corpus")
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_build_that_is_killed_leaves_no_worker(seed: int, archive: Path) -> None:
    with at_work(*BUILD, cwd=archive) as process:
        time.sleep(random.Random(seed).uniform(0, 1))
        process.kill()
        assert wait(lambda: not processes(process.pid), LATEST), processes(process.pid)


@pytest.mark.slow
def test_a_build_that_is_interrupted_ends_in_silence(archive: Path) -> None:
    with at_work(*BUILD, cwd=archive) as process:
        assert wait(lambda: sum(map(deaf, processes(process.pid))) >= JOBS, HANG)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        said, _ = process.communicate(timeout=HANG)
        assert process.returncode == 1
        assert said.strip() == ""
        assert wait(lambda: not processes(process.pid), LATEST)
