"""Files: written whole or not at all, under names that every system can have."""

from __future__ import annotations

import errno
import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from archive_site.findings import Finding

NAME_LIMIT = 255
"""The longest name of a file, in bytes, of the systems in use."""
_ILLEGAL = re.compile(r'[\x00-\x1f<>:"|?*\\]')
_KEPT_BY_WINDOWS = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[1-9¹²³]) *(\.|$)", re.I)


def write_whole(path: Path, data: bytes, *, lasting: bool = True) -> None:
    """Write a file whole or not at all: the one at the end of a symbolic link, with the rights that
    it has. With `lasting` it outlives a power cut, which takes the disk some milliseconds."""
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with beside.open("wb") as file:
            file.write(data)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        if path.exists():
            beside.chmod(path.stat().st_mode)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    if lasting:
        _keep_names(path.parent)


def read_regular(path: Path) -> bytes:
    """The bytes of a regular file that is no link. Raises `OSError` where it is anything else, a
    pipe or a device for instance, which could be read for ever."""
    opened = os.open(
        path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    )
    with os.fdopen(opened, "rb") as file:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        return file.read()


def _keep_names(folder: Path) -> None:
    """Have the disk keep the names in a folder, on the systems where that is asked for apart."""
    if os.name == "posix":
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


# ---------------------------------------------------------------- names


def wrong_name(name: str) -> str:
    """Why a file or folder cannot be called `name` on every system; empty where it can."""
    if name in ("", ".", ".."):
        return "is no name of a file"
    if _KEPT_BY_WINDOWS.match(name):
        return "is a name that Windows keeps for itself"
    if illegal := _ILLEGAL.search(name):
        return f"must not have {illegal[0]!r}, which Windows forbids"
    if name.endswith((".", " ")):
        return "must not end with a full stop or a space, which Windows drops"
    if len(name.encode("utf-8", "surrogateescape")) > NAME_LIMIT:
        return f"must not be longer than {NAME_LIMIT} bytes"
    return ""


def portable(paths: Iterable[str]) -> Iterator[Finding]:
    """Every path of the site can be a file on every system, and no two are the same one there."""
    spelled: dict[str, str] = {}  # each path and folder, as a disk that ignores case knows it
    judged: set[str] = set()
    for path in paths:
        end = -1
        while end < len(path):
            start, end = end + 1, path.find("/", end + 1)
            end = len(path) if end < 0 else end
            here = path[:end]
            if here in judged:
                continue
            judged.add(here)
            name = path[start:end]
            first = spelled.setdefault(unicodedata.normalize("NFC", here).casefold(), here)
            if first != here:
                reason = f"differs from {first} by case only, which macOS and Windows ignore"
            else:
                reason = wrong_name(name)
            if reason:
                hint = f"Rename what “{name}” comes from: a text's id, an entry's key, a template."
                yield Finding(here, 0, "E048", f"“{name}” {reason}", hint)
                break
