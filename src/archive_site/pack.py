"""Byte strings, one after another in one file, or in memory; each is read back by its place.

What comes back is what was put there, or `Damaged` is raised: each has a digest, kept elsewhere.
"""

from __future__ import annotations

import hashlib
import io
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from msgspec import Struct, msgpack

T = TypeVar("T")
DIGEST = 16  # bytes: no one can make two contents of one name


def digest(data: bytes) -> bytes:
    """What names some content."""
    return hashlib.blake2b(data, digest_size=DIGEST).digest()


def digest_of(*values: Any) -> bytes:
    """What names the content of plain values and records."""
    return digest(msgpack.encode(values))


def encoded(value: Any) -> bytes:
    """Plain values and records as bytes."""
    return msgpack.encode(value)


def decoded(data: bytes, kind: type[T]) -> T:
    """What `encoded` has encoded, of this type."""
    found: T = _decoder(kind).decode(data)  # type: ignore[arg-type]  # types can be hashed
    return found


@lru_cache(maxsize=64)
def _decoder(kind: Any) -> msgpack.Decoder[Any]:
    """A decoder takes longer to make than to use."""
    return msgpack.Decoder(kind)


class Span(Struct, frozen=True, array_like=True, gc=False):
    """Where bytes stand in others, how many there are, and what names them."""

    start: int
    size: int
    digest: bytes


class Damaged(Exception):
    """The cache is not as it was written: without it, all is made again."""


class Pack:
    """Byte strings in the file `path` (None: in memory), of which the first `size` bytes are known
    to be whole; what stands behind is overwritten."""

    def __init__(self, path: Path | None = None, size: int = 0) -> None:
        self.size = size
        self._file: BinaryIO = io.BytesIO()
        if path:
            self._file = path.open("r+b" if size else "w+b", buffering=0)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def add(self, data: bytes) -> Span:
        """Put bytes behind the others; where they stand."""
        at = self.size
        self._file.seek(at)
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest) :]
        self.size += len(data)
        return Span(at, len(data), digest(data))

    def read(self, span: Span, within: int = 0) -> bytes:
        """What stands there, in what begins `within`. Raises `Damaged` where it is something
        else."""
        self._file.seek(within + span.start)
        data = self._file.read(span.size)
        if digest(data) != span.digest:
            raise Damaged
        return data
