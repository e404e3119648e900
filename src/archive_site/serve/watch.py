"""Files that an editor saves: changes under the folders of an archive, as they come."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from threading import Event

from archive_site.files.layout import LEFT_ALONE
from archive_site.findings import NotPossible

QUIET, LONGEST = 20, 50
"""Milliseconds without a change after which a build begins; those it waits at most."""
LOOK = 100
"""Milliseconds without a change after which the watched folders are looked at."""


def watch_files(watched: Sequence[Path], output: Path, stop: Event) -> Iterator[frozenset[Path]]:
    """Files that changed under the folders `watched`, those saved together together; an empty set
    wherever nothing did for a moment. From the first set on no change is missed. The first folder
    must be there, and is awaited where it goes; the others may come and go.

    Raises `NotPossible` where it is not there, or the system watches no more."""
    roots = [Path(os.path.realpath(folder)) for folder in watched]
    if not roots[0].is_dir():
        raise NotPossible(f"no folder at {watched[0]} to watch", "Mind its spelling.")
    matters = partial(_matters, roots, Path(os.path.realpath(output)))
    replaced: frozenset[Path] = frozenset()
    while not stop.is_set():
        there = {folder: identity(folder) for folder in roots}
        for found in _watched([folder for folder in roots if there[folder]], matters, stop):
            yield found | replaced
            replaced = frozenset(folder for folder in roots if identity(folder) != there[folder])
            if replaced:  # what stands there now is not watched yet
                break
        while not roots[0].is_dir() and not stop.wait(LOOK / 1000):
            pass


def _watched(
    roots: Sequence[Path], matters: Callable[[Path], bool], stop: Event
) -> Iterator[frozenset[Path]]:
    """Changes below `roots`, and every `LOOK` milliseconds nothing; ends where a root is gone."""
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
    except FileNotFoundError:  # it went just now
        stop.wait(LOOK / 1000)
    except (OSError, RuntimeError) as error:
        hint = "With WATCHFILES_FORCE_POLLING=true in the environment, files are looked at instead."
        raise NotPossible(f"the system does not watch the corpus: {error}", hint) from error


def _matters(roots: Sequence[Path], output: Path, path: Path) -> bool:
    """Whether a change of the file at `path` may change the site: not where it is the site, hidden,
    or what an editor keeps beside a file."""
    if path.is_relative_to(output):
        return False
    below = [path.relative_to(root) for root in roots if path.is_relative_to(root)]
    return not any(LEFT_ALONE.fullmatch(part) for inner in below for part in inner.parts)


def identity(path: Path) -> tuple[int, int] | None:
    """What stands at `path`, whatever it is called next; None where nothing does."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
