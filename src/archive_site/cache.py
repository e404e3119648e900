"""Files that cost time to make, kept beside the output under what they were made from.

Only comfort: without it, or with a folder that cannot be used, everything is made anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from archive_site.writing import write_whole

_SUM = hashlib.sha256().digest_size  # bytes before the data, which tell whether they are whole


@dataclass(slots=True)
class Cache:
    """What was made, by its key, in the folder `folder` (None: nothing is kept)."""

    folder: Path | None = None
    used: set[str] = field(default_factory=set)

    def made(self, key: str, make: Callable[[], bytes]) -> bytes:
        """What `make` gives, or what it gave when it was last asked for under `key`, which must
        say all that the result depends on."""
        if self.folder is None:
            return make()
        name = hashlib.sha256(key.encode()).hexdigest()
        self.used.add(name)
        path = self.folder / name
        with suppress(OSError):
            kept = path.read_bytes()
            if kept[:_SUM] == hashlib.sha256(kept[_SUM:]).digest():
                return kept[_SUM:]
        data = make()
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, hashlib.sha256(data).digest() + data, lasting=False)
        return data

    def tidy(self) -> None:
        """Forget what was not asked for since this was made."""
        if self.folder is None or not self.folder.is_dir():
            return
        for path in self.folder.iterdir():
            if path.name not in self.used:
                with suppress(OSError):
                    path.unlink()


def fingerprint(*folders: Path) -> str:
    """What names the state of all files in the folders: their code and templates."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            if "__pycache__" not in path.parts:
                digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
                digest.update(path.read_bytes())
    return digest.hexdigest()
