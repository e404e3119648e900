"""Byte strings, one after another in a file or in memory, each read back by its span.

A span has a digest of its bytes: if the bytes that are read differ, `Damaged` is raised.
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
DIGEST = 16  # bytes: enough to make a collision practically impossible


def digest(data: bytes) -> bytes:
    """The BLAKE2b digest of `data`, of `DIGEST` bytes."""
    return hashlib.blake2b(data, digest_size=DIGEST).digest()


def digest_of(*values: object) -> bytes:
    """A digest of plain values and msgspec structs."""
    return digest(msgpack.encode(values))


def encoded(value: object) -> bytes:
    """A plain value or msgspec struct as MessagePack."""
    return msgpack.encode(value)


def decoded(data: bytes, kind: type[T]) -> T:
    """The value of the type `kind` that `encoded` turned into `data`."""
    found: T = _decoder(kind).decode(data)  # type: ignore[arg-type]  # types can be hashed
    return found


@lru_cache(maxsize=64)
def _decoder(kind: Any) -> msgpack.Decoder[Any]:
    """A decoder for a type. Cached, because it takes longer to make than to use."""
    return msgpack.Decoder(kind)


class Span(Struct, frozen=True, array_like=True, gc=False):
    """Where bytes begin in a pack, how many there are, and their digest."""

    start: int
    size: int
    digest: bytes


class CacheFault(Exception):
    """The cache cannot be used. The build begins again with an empty cache, or without one."""


class Damaged(CacheFault):
    """The cache is not what was written, or it cannot be read."""


class Unusable(CacheFault):
    """The system refuses to write the cache."""


@contextmanager
def usable() -> Iterator[None]:
    """Turn an `OSError` into `Unusable`."""
    try:
        yield
    except OSError as error:
        raise Unusable(error.strerror or str(error)) from error


class Pack:
    """Byte strings in the file `path` (None: in memory). The first `size` bytes are valid; those
    after them are overwritten."""

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
        """Append bytes and return their span. Raises `Unusable` if they cannot be written."""
        at = self.size
        with usable():
            self._file.seek(at)
            rest = memoryview(data)
            while rest:
                rest = rest[self._file.write(rest) :]
        self.size += len(data)
        return Span(at, len(data), digest(data))

    def read(self, span: Span, within: int = 0) -> bytes:
        """The bytes of a span whose start is counted from `within`. Raises `Damaged` if they do not
        have its digest, or cannot be read."""
        try:
            self._file.seek(within + span.start)
            data = self._file.read(span.size)
        except OSError as error:
            raise Damaged(error.strerror or str(error)) from error
        if digest(data) != span.digest:
            raise Damaged("it is damaged")
        return data
