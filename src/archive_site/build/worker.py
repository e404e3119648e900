"""A worker process that ends when its parent does, in whatever way the parent ends.

`end_with_parent` is the initializer of a process pool.
"""

from __future__ import annotations

import os
import signal
from multiprocessing import parent_process
from multiprocessing.connection import wait
from threading import Thread


def end_with_parent() -> None:
    """Make this process end when its parent has ended, killed or not. It also ignores Ctrl+C, which
    the terminal sends to both: the parent handles it.

    The parent has one end of a pipe open, which the system closes when the parent ends. Linux could
    send a signal instead (PR_SET_PDEATHSIG), but does so when the *thread* that started the worker
    ends."""
    parent = parent_process()
    if parent is None:
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)  # there is no parent left to report to
