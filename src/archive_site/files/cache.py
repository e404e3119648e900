"""The user's private cache folder, and the files in it, by keys that identify their inputs.

The cache affects only how long a build takes. It is outside every archive, in a folder that only
its user can write to, so that a file that came with an archive is never mistaken for one that a
build has made.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Container
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from archive_site.files.writing import write_whole
from archive_site.findings import NotPossible

EXPORTS = "exports"
"""The subfolder, in the cache folder of an output, for files that can be downloaded."""
_NAME = "archive-site"
_OF = "output"  # the file, in a folder of the cache, that contains the path of its output

_SUM = hashlib.sha256().digest_size  # bytes of the checksum before the data


def cache_folder(output: Path) -> Path:
    """The folder (mode 0700) that caches the work of builds of the folder `output`.

    It is in the user's cache folder or, if that cannot be used, in a private folder among the
    temporary files. Raises `NotPossible` if neither can be used."""
    output = Path(os.path.abspath(output))
    of = os.fsencode(output.parent.resolve() / output.name)

    def begin(folder: Path) -> None:
        (folder / _OF).write_bytes(of)
        _delete_orphans(folder.parent)

    return _private(hashlib.sha256(of).hexdigest()[:32], begin)


def shared_folder(name: str) -> Path | None:
    """A cache folder shared by the builds of all outputs, in the same place as `cache_folder`. None
    if no place can be used."""
    with suppress(NotPossible):
        return _private(name, lambda _: None)
    return None


def _private(name: str, begin: Callable[[Path], None]) -> Path:
    """The user's private folder `name` in the first cache folder that can be used. Calls `begin`
    with it if it is new. Raises `NotPossible` if none can be used."""
    bases = user_cache_path(_NAME), Path(tempfile.gettempdir(), f"{_NAME}-{_user()}")
    reasons = []
    for base in filter(Path.is_absolute, bases):
        try:
            _make_private(base)
            new = not (base / name).exists()
            _make_private(base / name)
            if new:
                begin(base / name)
            if not os.access(base / name, os.W_OK | os.X_OK):
                raise PermissionError("it cannot be written to")
            return base / name
        except OSError as error:
            reasons.append(f"{base}: {error.strerror or error}")
    message = f"no cache folder can be used: {'; '.join(reasons)}"
    raise NotPossible(message, "Make one of them usable, or set XDG_CACHE_HOME to another folder.")


def _make_private(folder: Path) -> None:
    """Create a folder that only this user can use, or make an existing one private. Raises
    `OSError` if it belongs to someone else."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    seen = folder.lstat()
    if not stat.S_ISDIR(seen.st_mode) or (os.name == "posix" and seen.st_uid != _user()):
        raise PermissionError("not this user's own folder")
    if stat.S_IMODE(seen.st_mode) != 0o700:
        folder.chmod(0o700)


def _user() -> int:
    return os.geteuid() if os.name == "posix" else 0


def _delete_orphans(base: Path) -> None:
    """Delete the cache folders of outputs whose parent folder no longer exists."""
    for folder in base.iterdir():
        with suppress(OSError):
            if not Path(os.fsdecode((folder / _OF).read_bytes())).parent.is_dir():
                shutil.rmtree(folder)


@dataclass(frozen=True, slots=True)
class Cache:
    """Cached files in the folder `folder` (None: nothing is cached). The name of each file is a
    key, which must identify everything that the file depends on, a hyphen, and what the file is."""

    folder: Path | None = None

    def made(self, name: str, make: Callable[[], bytes]) -> bytes:
        """The data cached under this name; if there is none, the result of `make`, which is then
        cached."""
        data = self.kept(name)
        if data is None:
            data = make()
            self.keep(name, data)
        return data

    def kept(self, name: str) -> bytes | None:
        """The data cached under this name. None if there is none, if it is damaged, or if someone
        else wrote it."""
        if self.folder is None:
            return None
        with suppress(OSError), (self.folder / name).open("rb") as file:
            kept = file.read()
            own = os.name != "posix" or os.fstat(file.fileno()).st_uid == _user()
            if own and kept[:_SUM] == hashlib.sha256(kept[_SUM:]).digest():
                return kept[_SUM:]
        return None

    def keep(self, name: str, data: bytes) -> None:
        """Cache `data` under this name. Errors of the system are ignored."""
        if self.folder is None:
            return
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            whole = hashlib.sha256(data).digest() + data
            write_whole(self.folder / name, whole, lasting=False)

    def keep_latest(self, most: int) -> None:
        """If more than `most` files are cached, delete all but the latest `most // 2`."""
        if self.folder is None:
            return
        with suppress(OSError), os.scandir(self.folder) as found:
            files = sorted(found, key=lambda file: -file.stat(follow_symlinks=False).st_mtime_ns)
            for file in files[most // 2 :] if len(files) > most else ():
                Path(file).unlink()

    def tidy(self, keys: Container[str]) -> None:
        """Delete the files whose key is not in `keys`."""
        if self.folder is None or not self.folder.is_dir():
            return
        for path in self.folder.iterdir():
            if path.name.partition("-")[0] not in keys:
                with suppress(OSError):
                    path.unlink()
