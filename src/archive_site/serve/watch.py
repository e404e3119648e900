"""Watch the folders of an archive for files that are saved."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from threading import Event

from archive_site.files.layout import LEFT_ALONE
from archive_site.findings import NotPossible

QUIET, LONGEST = 20, 50
"""Milliseconds: changes are yielded after `QUIET` without a further change, or after `LONGEST` in
any case."""
LOOK = 100
"""Milliseconds without a change after which an empty set is yielded, and the folders themselves are
checked."""


def watch_files(watched: Sequence[Path], output: Path, stop: Event) -> Iterator[frozenset[Path]]:
    """Yield the files that changed under the folders `watched`, one set for files that are saved
    together; an empty set whenever nothing has changed for `LOOK` milliseconds. After the first
    set, no change is missed. The first folder must exist; if it is deleted later, wait until it
    exists again. The other folders may come and go.

    Raises `NotPossible` if the first folder does not exist, or if the system cannot watch."""
    roots = [Path(os.path.realpath(folder)) for folder in watched]
    if not roots[0].is_dir():
        raise NotPossible(f"no folder at {watched[0]} to watch", "Check its spelling.")
    matters = partial(_matters, roots, Path(os.path.realpath(output)))
    replaced: frozenset[Path] = frozenset()
    while not stop.is_set():
        before = {folder: identity(folder) for folder in roots}
        for found in _watched([folder for folder in roots if before[folder]], matters, stop):
            yield found | replaced
            replaced = frozenset(folder for folder in roots if identity(folder) != before[folder])
            if replaced:  # the new folders are not watched yet
                break
        while not roots[0].is_dir() and not stop.wait(LOOK / 1000):
            pass


def _watched(
    roots: Sequence[Path], matters: Callable[[Path], bool], stop: Event
) -> Iterator[frozenset[Path]]:
    """Yield the changes below `roots`, and an empty set after every `LOOK` milliseconds without
    one. Ends if a root does not exist."""
    from watchfiles import watch

    try:
        for changes in watch(
            *roots,
            watch_filter=lambda _, path: matters(Path(path)),
            debounce=LONGEST,
            step=QUIET,
            stop_event=stop,
            rust_timeout=LOOK,
            yield_on_timeout=True,
            ignore_permission_denied=True,
        ):
            yield frozenset(Path(path) for _, path in changes)
    except FileNotFoundError:  # a root was deleted just now
        stop.wait(LOOK / 1000)
    except (OSError, RuntimeError) as error:
        hint = "Set WATCHFILES_FORCE_POLLING=true in the environment to poll the files instead."
        raise NotPossible(f"the system cannot watch the corpus: {error}", hint) from error


def _matters(roots: Sequence[Path], output: Path, path: Path) -> bool:
    """Whether a change of the file at `path` may change the site: not if it is in the output, is
    hidden, or is a temporary file of an editor."""
    if path.is_relative_to(output):
        return False
    below = [path.relative_to(root) for root in roots if path.is_relative_to(root)]
    return not any(LEFT_ALONE.fullmatch(part) for inner in below for part in inner.parts)


def identity(path: Path) -> tuple[int, int] | None:
    """The device and inode of the file or folder at `path`; None if there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
