"""Detecting whether files have changed, by their times or by their contents."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path


def moment_of(stat: os.stat_result) -> tuple[int, ...]:
    """The size, times and inode of a file. Every edit changes one of them, even if it keeps the
    size and restores the modification time."""
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino


def times_of(folder: Path | None) -> str:
    """A digest of the names and times of all files in `folder`, except compiled Python. It is
    faster than `fingerprint`, but differs from one machine to another."""
    digest = hashlib.sha256()
    for entry in _walk(str(folder)) if folder else ():
        digest.update(os.fsencode(entry.path))
        digest.update(f"\0{moment_of(entry.stat(follow_symlinks=False))}\n".encode())
    return digest.hexdigest()


def _walk(folder: str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(entry.path) if entry.name != "__pycache__" else ()
            else:
                yield entry


def fingerprint(*folders: Path) -> str:
    """A digest of the names and contents of all files in the folders, except compiled Python. It is
    the same on every machine."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            if "__pycache__" not in path.parts:
                digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
                digest.update(path.read_bytes())
    return digest.hexdigest()
