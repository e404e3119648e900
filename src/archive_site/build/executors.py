"""Where work runs: in this process, in other processes of this machine, or on a Dask cluster.

Work is a pure function without arguments, so it may run anywhere, and more than once. A target
without a size (`targets.Target`) runs in this process in any case. If a cluster fails, the build
ends with one message.
"""

from __future__ import annotations

import gc
import os
import platform
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from time import monotonic, process_time
from types import TracebackType
from typing import Any, TypeVar

from archive_site import HERE
from archive_site.files.fingerprints import fingerprint
from archive_site.findings import NotPossible
from archive_site.templating.resources import package_templates

T = TypeVar("T")
R = TypeVar("R")
Work = Callable[[], R]
Job = tuple[T, int, Callable[[], Work[R]]]
"""A job: its name, its size (in bytes), and the function that prepares its work."""
TRIED = 0.1
"""Seconds of processor time after which the duration of the remaining jobs is estimated."""
FORKED, SPAWNED = 0.3, 1.5
"""Other processes are started if the estimate exceeds these seconds: for forked and for spawned
processes."""
AT_ONCE = 8
"""The most jobs in a batch."""
BATCH = 1 << 20
"""A batch is full once its jobs have this many bytes."""
AHEAD = 3
"""The most unfinished batches for each process."""
ANSWERS = 10.0
"""Seconds that a scheduler has to answer, and then to have a worker."""
PATIENCE = 60.0
"""Seconds that a build waits for new workers when all are gone."""
GLANCE = 0.5
"""Seconds between two checks of a cluster while no work has finished."""


class Workers:
    """Runs jobs; in this process as long as there is little to do. `jobs`: the number of processes
    (0: one for each core); `scheduler`: the address of a Dask scheduler, whose workers are then
    used instead."""

    def __init__(self, jobs: int = 1, scheduler: str = "") -> None:
        self._jobs = jobs or os.cpu_count() or 1
        self._scheduler = scheduler
        self._pool: _Pool | None = None

    def __enter__(self) -> Workers:
        _collect_seldom()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, e: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool:
            self._pool.close()

    def run(self, works: Iterable[Job[T, R]]) -> Iterator[tuple[T, R]]:
        """Run the jobs; yield the name and the result of each as soon as it is done."""
        ordered = sorted(works, key=lambda job: job[1])
        began, done, left = process_time(), 0, sum(size for _, size, _ in ordered)
        for count, (name, size, prepare) in enumerate(ordered, start=1):
            yield name, prepare()()
            done, left = done + size, left - size
            spent = process_time() - began
            if spent >= TRIED and self._is_worth_it(spent / max(1, done) * left):
                yield from self._run_in_pool(ordered[: count - 1 : -1])
                return

    def _is_worth_it(self, seconds: float) -> bool:
        """Whether it pays to start other processes for work that takes this many seconds."""
        if self._jobs == 1 and not self._scheduler:
            return False
        return seconds > (FORKED if self._pool or _may_fork() else SPAWNED)

    def _run_in_pool(self, jobs: Sequence[Job[T, R]]) -> Iterator[tuple[T, R]]:
        self._pool = self._pool or _start_pool(self._jobs, self._scheduler)
        ahead = AHEAD * self._pool.number
        waiting: dict[Future[list[R]], list[T]] = {}
        for batch in _batches(jobs, min(AT_ONCE, max(1, len(jobs) // ahead))):
            work = [prepare() for _, _, prepare in batch]
            waiting[self._pool.submit(work)] = [name for name, _, _ in batch]
            while len(waiting) >= ahead:
                yield from self._finished(waiting)
        while waiting:
            yield from self._finished(waiting)

    def _finished(self, waiting: dict[Future[list[R]], list[T]]) -> Iterator[tuple[T, R]]:
        assert self._pool is not None
        for done in self._pool.finished(waiting):
            yield from zip(waiting.pop(done), _result(done), strict=True)


def _batches(jobs: Iterable[Job[T, R]], most: int) -> Iterator[list[Job[T, R]]]:
    """The jobs in batches of at most `most` jobs. The size of a batch is limited, too, because
    batches are in memory until they are done."""
    batch: list[Job[T, R]] = []
    for job in jobs:
        batch.append(job)
        if len(batch) == most or sum(size for _, size, _ in batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def run_batch(code: str, works: Sequence[Work[R]]) -> list[R]:
    """Run a batch of work, in another process. `code`: the `code_version` that the work needs
    (empty: it comes from this machine, and any is accepted).

    Raises `NotPossible` if this process has another version."""
    _collect_seldom()
    if code and code != code_version():
        message = f"the worker on {platform.node()} runs another version of archive-site"
        hint = "Install the same versions of Python, archive-site and its libraries; restart it."
        raise NotPossible(message, hint)
    return [work() for work in works]


def _collect_seldom() -> None:
    """Collect garbage less often. Most objects live until the build ends, and collection took a
    seventh of its time."""
    gc.set_threshold(100_000, 50, 50)


def _result(done: Future[list[R]]) -> list[R]:
    try:
        return done.result()
    except BrokenExecutor as error:
        hint = "If it ran out of memory, use fewer processes: --jobs 1."
        raise NotPossible("a worker process ended unexpectedly", hint) from error
    except Exception as error:
        translated = _as_not_possible(error)
        if translated is error:
            raise
        raise translated from error


class _Pool:
    """An executor with `number` processes; `code`: see `run_batch`."""

    def __init__(self, executor: Executor, number: int, code: str = "") -> None:
        self._executor, self.number, self._code = executor, number, code

    def submit(self, works: Sequence[Work[R]]) -> Future[list[R]]:
        """Submit a batch of work."""
        return self._executor.submit(run_batch, self._code, works)

    def finished(self, waiting: Iterable[Future[R]]) -> set[Future[R]]:
        """Wait until at least one of the futures is done; return all that are."""
        return wait(waiting, return_when=FIRST_COMPLETED).done

    def close(self) -> None:
        """End the processes. Work that has not started is dropped."""
        self._executor.shutdown(wait=True, cancel_futures=True)


def _start_pool(jobs: int, scheduler: str) -> _Pool:
    if scheduler:
        return _Cluster(scheduler)
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from archive_site.build.worker import end_with_parent

    if _may_fork():
        gc.freeze()  # collection in a child would touch, and so copy, the parent's memory
    context = get_context("fork" if _may_fork() else "spawn")
    return _Pool(ProcessPoolExecutor(jobs, context, end_with_parent), jobs)


def _may_fork() -> bool:
    """Whether workers may be forked from this process: on Linux, and only if it has no other
    thread, of Python or of a library. A forked process would inherit the locks of those threads,
    but not the threads that release them."""
    try:
        return sys.platform == "linux" and len(list(Path("/proc/self/task").iterdir())) == 1
    except OSError:
        return False


# ---------------------------------------------------------------- a Dask cluster


class _Cluster(_Pool):
    """The workers of the Dask scheduler at `address`, such as `tcp://10.0.0.5:8786`. If a worker
    dies, Dask gives its work to another.

    Raises `NotPossible` if Dask is not installed, if no scheduler answers at the address, or if it
    has no workers."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._client = _client_of(address)
        self._connection = self._client.scheduler_comm  # changes if the connection is lost
        number = len(self._client.nthreads())
        super().__init__(self._client.get_executor(pure=False), number, code_version())

    def finished(self, waiting: Iterable[Future[R]]) -> set[Future[R]]:
        """Wait until at least one of the futures is done; return all that are. Raises `NotPossible`
        if the scheduler is gone, or has had no workers for `PATIENCE` seconds: Dask itself would
        wait for ever."""
        waiting = tuple(waiting)
        seen = monotonic()
        while not (done := wait(waiting, GLANCE, FIRST_COMPLETED).done):
            if self._client.scheduler_comm is not self._connection:
                raise self._failure("is gone")
            with suppress(OSError, CancelledError):
                if self._client.nthreads():
                    seen = monotonic()
            if monotonic() - seen > PATIENCE:
                raise self._failure("has lost all its workers")
        if any(future.cancelled() for future in done):
            raise self._failure("is gone")
        return done

    def _failure(self, what: str) -> NotPossible:
        hint = "The previous site is unchanged. Read the logs of the cluster, and build again."
        return NotPossible(f"the Dask scheduler at {self._address} {what}", hint)

    def close(self) -> None:
        """Disconnect from the cluster. Workers finish the work that they have started; nobody reads
        its results."""
        with suppress(OSError, RuntimeError):
            self._client.close(timeout=ANSWERS)


def _client_of(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        hint = "Install it: python -m pip install 'archive-site[cluster]'"
        raise NotPossible("--scheduler needs Dask, which is not installed", hint) from error
    _silence_dask()
    try:
        _await_answer(address)
        client: Any = Client(address, timeout=ANSWERS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as error:
        reason = str(error).partition("\n")[0] or "no answer"
        hint = "Start one with `dask scheduler`, and give its address, such as tcp://10.0.0.5:8786."
        raise NotPossible(f"no Dask scheduler answers at {address}: {reason}", hint) from error
    try:
        client.wait_for_workers(1, timeout=ANSWERS)
    except OSError as error:
        client.close()
        hint = f"Start some: dask worker {address} --nworkers auto --nthreads 1"
        raise NotPossible(f"the Dask scheduler at {address} has no workers", hint) from error
    return client


def _await_answer(address: str) -> None:
    """Wait for the handshake of a Dask scheduler. Raises `TimeoutError` if there is none in time:
    the client itself would wait for ever."""
    import asyncio

    from distributed.comm.core import connect
    from distributed.security import Security

    async def answered() -> None:
        how = Security().get_connection_args("client")  # type: ignore[no-untyped-call]
        comm = await connect(address, timeout=ANSWERS, **how)  # type: ignore[no-untyped-call]
        await comm.close()

    with ThreadPoolExecutor(1) as own:  # this thread may have a running event loop
        own.submit(asyncio.run, asyncio.wait_for(answered(), ANSWERS)).result()


def _silence_dask() -> None:
    """Keep Dask's logs out of the terminal: the build reports a failure in one message."""
    import logging

    for name in tuple(logging.root.manager.loggerDict):
        if name.partition(".")[0] in ("distributed", "tornado", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _as_not_possible(error: BaseException) -> BaseException:
    """An error of Dask as `NotPossible`. An error that the work itself raised is unchanged."""
    if isinstance(error, RuntimeError) and "deserialization of the task" in str(error):
        hint = "Install the same version of archive-site on the scheduler's machine; restart it."
        return NotPossible("the Dask scheduler has another version of archive-site", hint)
    if not type(error).__module__.startswith("distributed"):
        return error
    hint = "Read the workers' logs. Most often they have run out of memory."
    return NotPossible(f"the Dask workers failed: {str(error).partition('. ')[0]}", hint)


@lru_cache(maxsize=1)
def code_version() -> str:
    """Identifies everything that determines the bytes of a site, on any machine: the contents of
    the package and its templates, the versions of Python and of the libraries."""
    from importlib.metadata import requires, version

    needed = [name for name in requires("archive-site") or () if "extra ==" not in name]
    libraries = sorted(re.match(r"[\w.-]+", name)[0] for name in needed)  # type: ignore[index]  # a requirement begins with a name
    versions = [f"{name} {version(name)}" for name in libraries]
    code = fingerprint(HERE, package_templates())
    return " ".join([code, f"Python {platform.python_version()}", *versions])
