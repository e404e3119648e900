"""Writing files atomically, under names that are valid on every operating system."""

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
"""The length, in bytes, of the longest file name that common systems allow."""
KEPT_OF_NAME = 50
"""How many characters of a file's name are in the name of its temporary file."""
SAVED = 0.05
"""How many seconds an editor takes, at most, to save a file that it has opened for writing."""
_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2)
_HERE = -100  # AT_FDCWD
_ILLEGAL = re.compile(r'[\x00-\x1f<>:"|?*\\]')
_WINDOWS_NAME = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[1-9¹²³]) *(\.|$)", re.I)


def write_whole(path: Path, data: bytes, *, lasting: bool = True) -> None:
    """Write a file whole or not at all. A symbolic link is followed, and an existing file keeps its
    permissions. With `lasting`, the file survives a power cut; this takes some milliseconds."""
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    with _written_beside(path, data, lasting) as beside:
        beside.replace(path)
    if lasting:
        _flush_names(path.parent)


def replace_unchanged(path: Path, before: bytes | None, data: bytes) -> bool:
    """Write a file as `write_whole` does, if its contents are still `before` (None: if it does not
    exist), and return whether it was written. A concurrent save by someone else is not lost: if the
    system can exchange two files, the replaced one is compared afterwards, and exchanged back."""
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    with _written_beside(path, data, lasting=True) as beside, _locked(path.parent):
        if before is None:
            done = _created(beside, path)
        else:
            done = _contents(path) == before and _exchanged(beside, path, before, data)
    _flush_names(path.parent)
    return done


def _exchanged(beside: Path, path: Path, before: bytes, data: bytes) -> bool:
    """Put the file `beside`, which contains `data`, in the place of `path`, which contained
    `before` a moment ago, and return whether it is still there in the end. If the file that was
    replaced has other contents than expected, someone has just saved it, and it is put back."""
    expected, put = before, data
    while exchange(beside, path):
        if _contents(beside) == expected and put == data:
            time.sleep(SAVED)  # a program that has the previous file open may still write to it
        out = _contents(beside) or b""
        if out == expected:
            return put == data
        expected, put = put, out
    beside.replace(path)
    return put == data


def _created(beside: Path, path: Path) -> bool:
    """Rename `beside` to `path`, if no such file exists, and return whether this was done."""
    try:
        os.link(beside, path)
    except FileExistsError:
        return False
    except OSError:  # a file system without hard links
        if path.exists():
            return False
        beside.replace(path)
    return True


def _contents(path: Path) -> bytes | None:
    """The contents of a file; None if it does not exist."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


@contextmanager
def _written_beside(path: Path, data: bytes, lasting: bool) -> Iterator[Path]:
    """A temporary file beside `path`, with the same permissions, that contains `data`. It is
    deleted in the end. An `OSError` raised meanwhile names `path`."""
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
def _locked(folder: Path) -> Iterator[None]:
    """Lock `folder`, so that one process of this program at a time is in it. Windows cannot lock a
    folder: there, the caller must avoid concurrent writes."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    opened = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def exchange(one: Path, other: Path) -> bool:
    """Exchange two files or folders atomically. False if the system cannot do it."""
    import ctypes

    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    result: int = renameat2(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE)
    return result == 0


def read_regular(path: Path) -> bytes:
    """The bytes of a regular file that is not a link. Raises `OSError` if it is anything else, such
    as a pipe or a device, which could be read for ever."""
    opened = os.open(
        path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    )
    with os.fdopen(opened, "rb") as file:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        return file.read()


def _flush_names(folder: Path) -> None:
    """Flush the names in a folder to disk, on systems that need a separate call for it."""
    if os.name == "posix":
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


# ---------------------------------------------------------------- names


def wrong_name(name: str) -> str:
    """Why `name` is not valid for a file or folder on every system; empty if it is."""
    if name in ("", ".", ".."):
        return "is not a file name"
    if _WINDOWS_NAME.match(name):
        return "is a name that Windows reserves"
    if illegal := _ILLEGAL.search(name):
        return f"must not contain {illegal[0]!r}, which Windows forbids"
    if name.endswith((".", " ")):
        return "must not end with a full stop or a space, which Windows drops"
    if len(name.encode("utf-8", "surrogateescape")) > NAME_LIMIT:
        return f"must not be longer than {NAME_LIMIT} bytes"
    return ""


def portable(paths: Iterable[str]) -> Iterator[Finding]:
    """A finding for each path of the site that is not valid on every system, or that is the same as
    another on some of them."""
    spelled: dict[str, str] = {}  # each path and folder, as a case-insensitive file system sees it
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
                hint = f"Rename the source of “{name}”: a text's id, an entry's key or a template."
                yield Finding(here, 0, "E048", f"“{name}” {reason}", hint)
                break
