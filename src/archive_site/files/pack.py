"""Byte strings, one after another in a file or in memory, each read back by its place.

The place has a digest: what is read is what was written, or `Damaged` is raised.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from msgspec import Struct, msgpack

T = TypeVar("T")
DIGEST = 16  # bytes: enough that no two contents ever share one


def digest(data: bytes) -> bytes:
    """A digest of bytes."""
    return hashlib.blake2b(data, digest_size=DIGEST).digest()


def digest_of(*values: object) -> bytes:
    """A digest of plain values and records."""
    return digest(msgpack.encode(values))


def encoded(value: object) -> bytes:
    """Plain values and records as bytes."""
    return msgpack.encode(value)


def decoded(data: bytes, kind: type[T]) -> T:
    """The value of this type that `encoded` made these bytes from."""
    found: T = _decoder(kind).decode(data)  # type: ignore[arg-type]  # types can be hashed
    return found


@lru_cache(maxsize=64)
def _decoder(kind: Any) -> msgpack.Decoder[Any]:
    """A decoder takes longer to make than to use."""
    return msgpack.Decoder(kind)


class Span(Struct, frozen=True, array_like=True, gc=False):
    """A place: where bytes begin, how many they are, and their digest."""

    start: int
    size: int
    digest: bytes


class CacheFault(Exception):
    """The cache cannot be used. The build then begins again, with an empty one or without any."""


class Damaged(CacheFault):
    """The cache is not as it was written."""


class Unusable(CacheFault):
    """The system refuses to write the cache."""


@contextmanager
def usable() -> Iterator[None]:
    """Raises `Unusable` for what the system refuses."""
    try:
        yield
    except OSError as error:
        raise Unusable(error.strerror or str(error)) from error


class Pack:
    """Byte strings in the file `path` (None: in memory). The first `size` bytes are valid; what
    follows is overwritten."""

    def __init__(self, path: Path | None = None, size: int = 0) -> None:
        self.size = size
        self._file: BinaryIO = io.BytesIO()
        if path:
            with usable():
                self._file = path.open("r+b" if size else "w+b", buffering=0)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def add(self, data: bytes) -> Span:
        """Append bytes; returns their place. Raises `Unusable` if the disk is full."""
        at = self.size
        with usable():
            self._file.seek(at)
            rest = memoryview(data)
            while rest:
                rest = rest[self._file.write(rest) :]
        self.size += len(data)
        return Span(at, len(data), digest(data))

    def read(self, span: Span, within: int = 0) -> bytes:
        """The bytes at a place, counted from `within`. Raises `Damaged` if they have another
        digest, or cannot be read."""
        try:
            self._file.seek(within + span.start)
            data = self._file.read(span.size)
        except OSError as error:
            raise Damaged(error.strerror or str(error)) from error
        if digest(data) != span.digest:
            raise Damaged("it is damaged")
        return data
