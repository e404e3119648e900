"""A process that works for another: it ends when that one does, in whatever way it ends.

To be the initializer of a pool of processes, whichever engine has one.
"""

from __future__ import annotations

import os
import signal
from multiprocessing import parent_process
from multiprocessing.connection import wait
from threading import Thread


def end_with_parent() -> None:
    """From now on this process ends when its parent has ended, killed or not; and leaves Ctrl+C to
    it, which the terminal sends to both.

    The parent holds one end of a pipe, which the system closes with it. Linux could send a signal
    (PR_SET_PDEATHSIG), but does so when the *thread* ends that started the worker."""
    parent = parent_process()
    if parent is None:
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)  # nobody is left to be told
