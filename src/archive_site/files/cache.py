"""The user's own cache folder, and files in it that cost time to make, by what they were made from.

Nothing but time depends on the cache. It lies outside every archive, in a folder that only its user
can write to, so that nothing that came with an archive is ever taken for what a build has made.
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
"""The folder, in that of an output, of files that can be taken along."""
_NAME = "archive-site"
_OF = "output"  # the file that says of which output a folder of the cache is

_SUM = hashlib.sha256().digest_size  # bytes before the data, which tell whether they are whole


def cache_folder(output: Path) -> Path:
    """The folder (mode 0700) in which builds of the folder `output` keep what saves time.

    It lies in the user's cache folder, or, where that cannot be used, in one of the user's own
    among the temporary files. Raises `NotPossible` where neither can be."""
    output = Path(os.path.abspath(output))
    of = os.fsencode(output.parent.resolve() / output.name)

    def begin(folder: Path) -> None:
        (folder / _OF).write_bytes(of)
        _forget_lost(folder.parent)

    return _private(hashlib.sha256(of).hexdigest()[:32], begin)


def shared_folder(name: str) -> Path | None:
    """A folder like that of an output, for what builds of all outputs keep; None where neither
    place can be used."""
    with suppress(NotPossible):
        return _private(name, lambda _: None)
    return None


def _private(name: str, begin: Callable[[Path], None]) -> Path:
    """The user's own folder `name` in the first cache folder that can be used; `begin` is given a
    new one. Raises `NotPossible` where none can be."""
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
    raise NotPossible(message, "Mend one of them, or set XDG_CACHE_HOME to another folder.")


def _make_private(folder: Path) -> None:
    """Make a folder that only this user can use. Raises `OSError` where it is someone else's."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    seen = folder.lstat()
    if not stat.S_ISDIR(seen.st_mode) or (os.name == "posix" and seen.st_uid != _user()):
        raise PermissionError("not this user's own folder")
    if stat.S_IMODE(seen.st_mode) != 0o700:
        folder.chmod(0o700)


def _user() -> int:
    return os.geteuid() if os.name == "posix" else 0


def _forget_lost(base: Path) -> None:
    """Delete what is kept for outputs whose archive is gone."""
    for folder in base.iterdir():
        with suppress(OSError):
            if not Path(os.fsdecode((folder / _OF).read_bytes())).parent.is_dir():
                shutil.rmtree(folder)


@dataclass(frozen=True, slots=True)
class Cache:
    """Files that cost time to make, in the folder `folder` (None: nothing is kept). The name of
    each is a key, which must say all that the file depends on, a hyphen, and what the file is."""

    folder: Path | None = None

    def made(self, name: str, make: Callable[[], bytes]) -> bytes:
        """What `make` gives, or what it gave when it was last asked for under this name."""
        data = self.kept(name)
        if data is None:
            data = make()
            self.keep(name, data)
        return data

    def kept(self, name: str) -> bytes | None:
        """What is kept under this name; None where there is nothing, where it is damaged, and where
        someone else wrote it."""
        if self.folder is None:
            return None
        with suppress(OSError), (self.folder / name).open("rb") as file:
            kept = file.read()
            own = os.name != "posix" or os.fstat(file.fileno()).st_uid == _user()
            if own and kept[:_SUM] == hashlib.sha256(kept[_SUM:]).digest():
                return kept[_SUM:]
        return None

    def keep(self, name: str, data: bytes) -> None:
        """Keep `data` under this name, where that can be done."""
        if self.folder is None:
            return
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            whole = hashlib.sha256(data).digest() + data
            write_whole(self.folder / name, whole, lasting=False)

    def keep_latest(self, most: int) -> None:
        """Where more files are kept than `most`, forget those that were not written of late."""
        if self.folder is None:
            return
        with suppress(OSError), os.scandir(self.folder) as found:
            files = sorted(found, key=lambda file: -file.stat(follow_symlinks=False).st_mtime_ns)
            for file in files[most // 2 :] if len(files) > most else ():
                Path(file).unlink()

    def tidy(self, keys: Container[str]) -> None:
        """Forget the files of other keys."""
        if self.folder is None or not self.folder.is_dir():
            return
        for path in self.folder.iterdir():
            if path.name.partition("-")[0] not in keys:
                with suppress(OSError):
                    path.unlink()
