"""Files: written whole or not at all, under names that every system can have."""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
import time
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from archive_site.findings import Finding

NAME_LIMIT = 255
"""The longest name of a file, in bytes, of the systems in use."""
KEPT_OF_NAME = 50
"""So many characters of a file's name are in that of the one written beside it."""
SAVED = 0.05
"""Seconds in which an editor who has opened a file has saved it."""
_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2)
_HERE = -100  # AT_FDCWD
_ILLEGAL = re.compile(r'[\x00-\x1f<>:"|?*\\]')
_KEPT_BY_WINDOWS = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[1-9¹²³]) *(\.|$)", re.I)


def write_whole(path: Path, data: bytes, *, lasting: bool = True) -> None:
    """Write a file whole or not at all: the one at the end of a symbolic link, with the rights that
    it has. With `lasting` it outlives a power cut, which takes the disk some milliseconds."""
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    with _written_beside(path, data, lasting) as beside:
        beside.replace(path)
    if lasting:
        _keep_names(path.parent)


def replace_unchanged(path: Path, before: bytes | None, data: bytes) -> bool:
    """Write a file as `write_whole` does, if it still holds what it held `before` (None: if it is
    not there); whether it did. What others save at the same moment stays: where the system can
    exchange two files, both are compared afterwards, and exchanged back."""
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    with _written_beside(path, data, lasting=True) as beside, _alone_in(path.parent):
        if before is None:
            done = _created(beside, path)
        else:
            done = _held(path) == before and _exchanged(beside, path, before, data)
    _keep_names(path.parent)
    return done


def _exchanged(beside: Path, path: Path, before: bytes, data: bytes) -> bool:
    """Put the file `beside`, which holds `data`, in the place of `path`, which held `before` a
    moment ago; whether it stays there. What came out of that place and is not what was expected is
    a save that is younger, and goes back."""
    expected, put = before, data
    while exchange(beside, path):
        if _held(beside) == expected and put == data:
            time.sleep(SAVED)  # who had opened the former file saves into it
        out = _held(beside) or b""
        if out == expected:
            return put == data
        expected, put = put, out
    beside.replace(path)
    return put == data


def _created(beside: Path, path: Path) -> bool:
    """Give a file its name, if no other has it."""
    try:
        os.link(beside, path)
    except FileExistsError:
        return False
    except OSError:  # a disk on which a file has one name only
        if path.exists():
            return False
        beside.replace(path)
    return True


def _held(path: Path) -> bytes | None:
    """What a file holds; None where it is not there."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


@contextmanager
def _written_beside(path: Path, data: bytes, lasting: bool) -> Iterator[Path]:
    """A new file beside `path`, with its rights, that holds `data`; in the end it is gone. What the
    system refuses meanwhile names `path`."""
    beside = path.with_name(f".{path.name[:KEPT_OF_NAME]}.{os.urandom(4).hex()}.new")
    try:
        with beside.open("xb") as file:
            file.write(data)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        if path.exists():
            beside.chmod(path.stat().st_mode)
        yield beside
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """One process of ours at a time; the others wait. Windows locks no folder: there, two that
    write one file in the same moment are the caller's matter."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    opened = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # a disk that knows no locks
            fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def exchange(one: Path, other: Path) -> bool:
    """Exchange the names of two files or folders atomically; False where the system cannot."""
    import ctypes

    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    result: int = renameat2(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE)
    return result == 0


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
