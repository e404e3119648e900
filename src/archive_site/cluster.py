"""Workers on other machines: a Dask cluster as an executor like any other.

A worker that dies costs time: Dask gives its work to another. What else may befall a cluster ends
the build with one message: `NotPossible`.
"""

from __future__ import annotations

import logging
import pickle
import platform
import re
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache, partial
from importlib.metadata import requires, version
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any

from archive_site.cache import fingerprint
from archive_site.findings import NotPossible
from archive_site.resources import package_templates

ANSWERS = 10.0
"""So many seconds a scheduler has to answer, and to have a worker."""
PATIENCE = 60.0
"""So many seconds a build waits for new workers when all are gone."""
GLANCE = 0.5
"""Seconds between two looks at the line to the scheduler."""


def executor_at(address: str) -> Workers:
    """The workers of the Dask scheduler at `address`, such as `tcp://10.0.0.5:8786`.

    Raises `NotPossible` where Dask is not installed, nothing answers there, or no one works."""
    try:
        from distributed import Client
    except ImportError as error:
        hint = "Install it: python -m pip install 'archive-site[cluster]'"
        raise NotPossible("--scheduler needs Dask, which is not there", hint) from error
    _hush()
    try:
        client: Any = Client(address, timeout=ANSWERS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        hint = "Start one with `dask scheduler`, and name its address, such as tcp://10.0.0.5:8786."
        raise NotPossible(f"no Dask scheduler answers at {address}: {reason}", hint) from error
    try:
        client.wait_for_workers(1, timeout=ANSWERS)
    except OSError as error:
        client.close()
        hint = f"Start some: dask worker {address} --nworkers auto --nthreads 1"
        raise NotPossible(f"the Dask scheduler at {address} has no workers", hint) from error
    return Workers(client, address)


def _hush() -> None:
    """Keep Dask's logs out of the terminal: what matters is told by us, in one message."""
    for name in tuple(logging.root.manager.loggerDict):
        if name.partition(".")[0] in ("distributed", "tornado", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL)


class Workers(Executor):
    """The workers of a Dask cluster. What is submitted must be pure: it may be done twice."""

    def __init__(self, client: Any, address: str):
        self._client, self._address = client, address
        self._dask = client.get_executor(pure=False)
        self._line = client.scheduler_comm  # another one, or none, as soon as it was once cut
        self._open: set[Future[Any]] = set()
        self._lock, self._ended = Lock(), Event()
        self.number = len(client.nthreads())
        Thread(target=self._watch, daemon=True).start()

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """Have a function of a module called by a worker."""
        answer: Future[Any] = Future()
        answer.set_running_or_notify_cancel()
        with self._lock:
            self._open.add(answer)
        # Packed, so that nothing is read of it before the versions are compared.
        task = pickle.dumps((function, arguments, named))
        asked = self._dask.submit(_perform, state_of_code(), task)
        asked.add_done_callback(partial(self._answered, answer))
        return answer

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the cluster go. What is not done yet is given up; a worker ends what it has begun,
        which does no harm: no one reads it any more."""
        self._ended.set()
        with suppress(OSError, RuntimeError):
            self._client.close(timeout=ANSWERS)

    def _answered(self, answer: Future[Any], asked: Future[Any]) -> None:
        if asked.cancelled():
            self._lose(f"the Dask scheduler at {self._address} is gone")
        elif error := asked.exception():
            self._settle(answer, error=_told(error))
        else:
            self._settle(answer, asked.result())

    def _settle(
        self, answer: Future[Any], result: Any = None, error: BaseException | None = None
    ) -> None:
        with self._lock:
            if answer not in self._open:
                return
            self._open.discard(answer)
        if error:
            answer.set_exception(error)
        else:
            answer.set_result(result)

    def _lose(self, message: str) -> None:
        """Nothing more will be answered."""
        hint = "The former site is untouched. See to the cluster (its logs say more), build again."
        with self._lock:
            lost = tuple(self._open)
        for answer in lost:
            self._settle(answer, error=NotPossible(message, hint))

    def _watch(self) -> None:
        """Dask waits for ever where a scheduler or all workers are gone; a build does not."""
        seen = monotonic()
        while not self._ended.wait(GLANCE):
            if self._client.scheduler_comm is not self._line:
                self._lose(f"the Dask scheduler at {self._address} is gone")
                return
            with suppress(OSError, CancelledError):
                if self._client.nthreads():
                    seen = monotonic()
            if monotonic() - seen > PATIENCE:
                self._lose(f"the Dask scheduler at {self._address} has lost all its workers")


def _told(error: BaseException) -> BaseException:
    """An error of Dask as one of ours; what our own code raised is as it was."""
    if isinstance(error, RuntimeError) and "deserialization of the task" in str(error):
        hint = "Install the same version of archive-site on the scheduler's machine; start it anew."
        return NotPossible("the Dask scheduler is another archive-site than this one", hint)
    if not type(error).__module__.startswith("distributed"):
        return error
    hint = "See what the workers' logs say of their end: mostly, memory was short."
    return NotPossible(f"the Dask workers fail: {str(error).partition('. ')[0]}", hint)


# ---------------------------------------------------------------- on a worker

_alone = ThreadPoolExecutor(1)
"""A worker does one thing at a time, in one thread, however many Dask gives it: a ledger is read by
the thread that opened it, and Python runs no two of them at once."""


def _perform(code: str, task: bytes) -> Any:
    """Call the function that was packed, where lead and worker are the same program."""
    if code != state_of_code():
        message = f"the worker on {platform.node()} is another archive-site than this one"
        hint = "Install the same versions of Python, archive-site and its libraries; start it anew."
        raise NotPossible(message, hint)
    function, arguments, named = pickle.loads(task)
    return _alone.submit(function, *arguments, **named).result()


@lru_cache(maxsize=1)
def state_of_code() -> str:
    """What names all that makes the bytes of a site, on whichever machine: the contents of our code
    and templates, the versions of Python and of the libraries."""
    needed = [name for name in requires("archive-site") or () if "extra ==" not in name]
    libraries = sorted(re.match(r"[\w.-]+", name)[0] for name in needed)  # type: ignore[index]  # each begins so
    versions = [f"{name} {version(name)}" for name in libraries]
    code = fingerprint(Path(__file__).parent, package_templates())
    return " ".join([code, f"Python {platform.python_version()}", *versions])
