"""What earlier builds made, and of what: kept in one file in the user's own cache folder.

Only comfort: without it everything is made anew. It holds *parts* (values that a product gives to
later ones), for each *row* of parts what names its content, and for each product the rows that it
read, the files that it made and the findings that it met.
"""

from __future__ import annotations

import hashlib
import io
import pickle
import shutil
import sqlite3
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, is_dataclass
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import Any

from archive_site.findings import Finding, NotPossible

_SUM = 8  # bytes before a value, by which damage is known
_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE parts (sort TEXT, key TEXT, text TEXT, value BLOB, PRIMARY KEY (sort, key, text))
    WITHOUT ROWID;
CREATE TABLE products (name TEXT PRIMARY KEY, read BLOB, rows BLOB, parts BLOB, files BLOB,
    findings BLOB) WITHOUT ROWID;
CREATE TABLE pending (row INTEGER PRIMARY KEY);
"""
Part = tuple[str, str, str]
"""What names a part: its sort, its key, and the text that gives it (empty: none does)."""


@lru_cache(maxsize=1 << 14)
def row_of(sort: str, key: str) -> int:
    """The number of a row: all parts of a sort and a key, whichever text gives them."""
    return int.from_bytes(_digest(f"{sort}\0{key}".encode()), "little", signed=True)


def digest_of(value: Any) -> bytes:
    """What names a value's content."""
    return _digest(packed(value))


def packed(value: Any, *, shared: bool = False) -> bytes:
    """A value as it is kept: the same bytes for the same value. `shared`: what stands in it twice
    is one object again when it is read; then its bytes also tell which objects those were."""
    written = io.BytesIO()
    pickler = _Pickler(written, pickle.HIGHEST_PROTOCOL)
    pickler.fast = not shared
    pickler.dump(value)
    data = written.getvalue()
    return _digest(data) + data


class _Reducers(dict[type, Any]):
    """How records are pickled: as their class and its fields. What dataclasses with slots do by
    themselves asks for the names of the fields at each record, and takes four times as long."""

    def __missing__(self, kind: type) -> Any:
        if not is_dataclass(kind):
            raise KeyError(kind)
        names = [each.name for each in fields(kind)]
        values = attrgetter(*names) if len(names) > 1 else _few(names)

        def reduced(record: Any) -> tuple[type, tuple[Any, ...]]:
            return kind, values(record)

        self[kind] = reduced
        return reduced


def _few(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """What gives no field, or one, as a tuple: `attrgetter` gives a tuple from two on."""
    return lambda record: tuple(getattr(record, name) for name in names)


class _Pickler(pickle.Pickler):
    dispatch_table = _Reducers()


def unpacked(data: bytes) -> Any:
    """What `packed` packed. Raises `sqlite3.DatabaseError` where it is damaged."""
    if _digest(data[_SUM:]) != data[:_SUM]:
        raise sqlite3.DatabaseError("a value of the ledger is damaged")
    return pickle.loads(data[_SUM:])


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_SUM).digest()


@dataclass(frozen=True, slots=True)
class File:
    """A file of the site: what names its content, its size in bytes."""

    digest: bytes
    size: int


def content_digest(data: bytes = b"") -> hashlib.blake2b:
    """What names the content of a file, to be updated with more of it."""
    return hashlib.blake2b(data, digest_size=16)


def file_of(data: bytes) -> File:
    """A file that holds `data`."""
    return File(content_digest(data).digest(), len(data))


@dataclass(frozen=True, slots=True)
class Product:
    """What came of making something: the rows that it read, what it gives to each row (by number, a
    digest), its parts, packed, the files that it made, by path, and the findings."""

    name: str
    read: frozenset[int]
    rows: Mapping[int, bytes]
    parts: Mapping[Part, bytes]
    files: Mapping[str, File]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What the ledger knows of a product without its parts."""

    read: array[int]
    files: Mapping[str, File]
    findings: tuple[Finding, ...] = field(default=())


class Ledger:
    """The ledger in the file `path`, made by the state of our code that `code` names: of another
    state, or in another place, nothing is known. `reading`: it is only read, by a worker;
    `shared`: it stands on a network's disk, and what is read there is a copy that was lent."""

    def __init__(self, path: Path, code: str, *, reading: bool = False, shared: bool = False):
        self._path, self._shared = path, shared
        if reading:
            how = "immutable=1" if shared else "mode=ro"
            self._db = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True)
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = self._opened(code)
        except (OSError, sqlite3.OperationalError) as error:
            hint = "Give this folder back its rights, or choose another place with -o."
            raise NotPossible(f"cannot keep {path}: {error}", hint) from error

    def _opened(self, code: str) -> sqlite3.Connection:
        """The file, made anew where it is not ours: what stands in it is trusted to be a program's,
        so a copy, from wherever it came, is not opened."""
        if self._path.exists():
            db = sqlite3.connect(self._path)
            with suppress(sqlite3.DatabaseError):
                told = db.execute("SELECT value FROM meta WHERE name = 'of'").fetchone()
                if told == (_identity(self._path, code),):
                    self._prepare(db)
                    return db
            db.close()
        forget(self._path)
        db = sqlite3.connect(self._path)
        db.executescript(_TABLES)
        self._prepare(db)
        db.execute("INSERT INTO meta VALUES ('of', ?)", (_identity(self._path, code),))
        db.commit()
        return db

    def _prepare(self, db: sqlite3.Connection) -> None:
        # A journal that is written ahead lets workers read on; a network's disk cannot have one.
        db.execute(f"PRAGMA journal_mode = {'DELETE' if self._shared else 'WAL'}")
        db.execute("PRAGMA synchronous = NORMAL")

    def close(self) -> None:
        """Let the file go."""
        self._db.close()

    # ------------------------------------------------------------ reading

    def told(self, name: str) -> Any:
        """What was noted under a name; None: nothing."""
        found = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return unpacked(found[0]) if found else None

    def part(self, sort: str, key: str, text: str) -> Any:
        """A part; None where there is none."""
        query = "SELECT value FROM parts WHERE sort = ? AND key = ? AND text = ?"
        found = self._db.execute(query, (sort, key, text)).fetchone()
        return unpacked(found[0]) if found else None

    def parts(self, sort: str, key: str) -> dict[str, Any]:
        """The parts of a row, by the text that gives each."""
        query = "SELECT text, value FROM parts WHERE sort = ? AND key = ?"
        return {text: unpacked(value) for text, value in self._db.execute(query, (sort, key))}

    def keys(self, sort: str) -> list[str]:
        """The keys of all parts of a sort."""
        query = "SELECT DISTINCT key FROM parts WHERE sort = ?"
        return [key for (key,) in self._db.execute(query, (sort,))]

    def products(self) -> dict[str, Known]:
        """What is known of every product, by name."""
        query = "SELECT name, read, files, findings FROM products"
        found = {}
        for name, read, files, findings in self._db.execute(query):
            numbers = array("q")
            numbers.frombytes(unpacked(read))
            found[name] = Known(numbers, unpacked(files), unpacked(findings))
        return found

    def rows(self, name: str) -> dict[int, bytes]:
        """What a product gave to each row."""
        query = "SELECT rows FROM products WHERE name = ?"
        found = self._db.execute(query, (name,)).fetchone()
        return unpacked(found[0]) if found else {}

    def pending(self) -> set[int]:
        """The rows that changed in builds that did not come to their end."""
        return {row for (row,) in self._db.execute("SELECT row FROM pending")}

    # ------------------------------------------------------------ writing

    def tell(self, name: str, value: Any) -> None:
        """Note a value under a name."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, packed(value)))

    def take(self, product: Product) -> set[int]:
        """Keep what came of making a product, instead of what it was. The rows that changed."""
        changed = self._dropped(product.name, product.rows)
        keys = list(product.parts)
        self._db.executemany(
            "INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?)",
            ((*part, value) for part, value in product.parts.items()),
        )
        values = (
            product.name,
            packed(array("q", product.read).tobytes()),
            packed(dict(product.rows)),
            packed(keys),
            packed(dict(product.files)),
            packed(product.findings),
        )
        self._db.execute("INSERT OR REPLACE INTO products VALUES (?, ?, ?, ?, ?, ?)", values)
        return changed

    def drop(self, name: str) -> set[int]:
        """Forget a product. The rows that changed."""
        changed = self._dropped(name, {})
        self._db.execute("DELETE FROM products WHERE name = ?", (name,))
        return changed

    def _dropped(self, name: str, rows: Mapping[int, bytes]) -> set[int]:
        query = "SELECT rows, parts FROM products WHERE name = ?"
        found = self._db.execute(query, (name,)).fetchone()
        before: dict[int, bytes] = unpacked(found[0]) if found else {}
        gone: Sequence[Part] = unpacked(found[1]) if found else ()
        self._db.executemany("DELETE FROM parts WHERE sort = ? AND key = ? AND text = ?", gone)
        changed = {row for row, digest in rows.items() if before.get(row) != digest}
        changed |= before.keys() - rows.keys()
        self.await_(changed)
        return changed

    def await_(self, rows: Iterable[int]) -> None:
        """Note that what read these rows is to be made anew."""
        self._db.executemany("INSERT OR IGNORE INTO pending VALUES (?)", ((row,) for row in rows))

    def commit(self) -> None:
        """Make sure that all of this is kept."""
        self._db.commit()

    def lend(self, path: Path) -> Path:
        """A copy at `path`, of what is committed, for workers on other machines. No one writes to
        it: a network's disk does not keep readers from a writer, or keeps them too long."""
        unfinished = path.with_name(f"{path.name}.lent")
        shutil.copyfile(self._path, unfinished)
        return unfinished.replace(path)

    def finish(self) -> None:
        """A build came to its end: nothing is pending."""
        self._db.execute("DELETE FROM pending")
        self._db.commit()


def _identity(path: Path, code: str) -> bytes:
    """What no copy of the file has: its place on this disk."""
    stat = path.stat()
    return packed((code, str(path.absolute()), stat.st_dev, stat.st_ino))


def forget(path: Path) -> None:
    """Delete a ledger, and what SQLite keeps beside it."""
    for ending in ("", "-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)


def texts_of(parts: Mapping[str, Any], order: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Parts by text, in the order of the texts."""
    return ((text, parts[text]) for text in order if text in parts)
