"""The site → the output folder: staged beside it, swapped in whole. The only writer of `build/`.

A build that fails or is killed leaves the former site as it was; a file that this tool did not
make is never deleted; a folder that is not ours is refused.

While a build runs, a folder `.build.archive-site-<random>` stands beside the folder `build`. It
holds what is being made; then, for a moment, the site that was replaced. Its name is the mark by
which a later build knows it as ours. No other name is used there, and no link is followed; the lock
lies in the user's own cache folder. A live file is linked into the new site, never written to.

The site that was replaced waits in the user's own cache folder, as the *spare*: the next site is
made of it. Nearly all its files are those of the live site, and need no link; to make and delete
thousands of folders takes longer than all else of a small change.

Nothing waits for the disk. After a power cut the site may have files that are cut short; the next
build sees their sizes and makes them anew. What an editor wrote is safer: `write_whole`.
"""

from __future__ import annotations

import json
import os
import re
import stat
import sys
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from archive_site.files.cache import cache_folder
from archive_site.files.writing import exchange as _exchange
from archive_site.files.writing import read_regular
from archive_site.findings import NotPossible

MANIFEST = ".archive-site.json"
_SITE, _BASE, _FORMER = "site", "base", "former"  # what a folder in the making may hold
SPARE = "spare"
_UNSAFE = re.compile(r"(^|/)\.{0,2}(/|$)|[\\:\0]")  # what could lead out of a folder
_FAR = 1 << 30  # Windows keeps others from reading what is locked: not where the process stands


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file of the output looked like when it was published: its size in bytes, when it was
    modified, in nanoseconds; and, once all is done (`stamps_of`), when its status changed and its
    inode, which tell of a change that keeps size and time."""

    size: int
    modified: int
    status: int = 0
    inode: int = 0


def intact(output: Path, known: Mapping[str, Stamp]) -> set[str]:
    """Which of the known files are in the output as they were published."""
    found = set()
    root = str(output)
    real: dict[str, bool] = {}
    for path, stamp in known.items():
        if _is_real(root, path.rpartition("/")[0], real):
            seen = _lstat(f"{root}/{path}")
            if seen and _stamp_of(seen) == stamp:
                found.add(path)
    return found


def stamps_of(output: Path, stamps: Mapping[str, Stamp]) -> dict[str, Stamp]:
    """The stamps of a site that was just published, as `intact` will see its files: to link them,
    and to delete the previous site, changed their status. One that is not what it was keeps its
    stamp, and is found out."""
    found = {}
    for path, stamp in stamps.items():
        seen = _lstat(f"{output}/{path}")
        new = _stamp_of(seen) if seen else stamp
        same = (new.size, new.modified) == (stamp.size, stamp.modified)
        found[path] = new if same else stamp
    return found


def _is_real(root: str, folder: str, known: dict[str, bool]) -> bool:
    """Whether a folder of the output is one, and no symbolic link leads to it out of the output."""
    if folder not in known:
        seen = _lstat(f"{root}/{folder}".rstrip("/"))
        above = not folder or _is_real(root, folder.rpartition("/")[0], known)
        known[folder] = above and seen is not None and stat.S_ISDIR(seen.st_mode)
    return known[folder]


def _stamp_of(seen: os.stat_result) -> Stamp:
    return Stamp(seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_ino)


def _lstat(path: str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except OSError:
        return None


def check_separate(output: Path, sources: Iterable[Path], published: Iterable[Path] = ()) -> None:
    """Refuse an output that holds one of the folders that it is made from (a file saved there while
    the folders are exchanged would be lost), or lies in one of those that are `published`."""
    real = output.resolve()
    for source in sources:
        if source.resolve().is_relative_to(real):
            message = f"the site cannot be written to {output}: {source} is in it"
            raise NotPossible(message, "Choose another folder with -o.")
    for folder in published:
        if real.is_relative_to(folder.resolve()):
            message = f"the site cannot be written to {output}: what is in {folder} is published"
            raise NotPossible(message, "Choose another folder with -o.")


# ---------------------------------------------------------------- one build at a time

LOCK = "lock"
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_held: set[int] = set()  # the locks of this process


@contextmanager
def locked(output: Path) -> Iterator[None]:
    """One build at a time for an output: raises `NotPossible` where another one runs. The lock ends
    with its process, however that ends. What killed builds left beside the output is deleted."""
    with _reporting(output):
        _published_paths(output)
        output.parent.mkdir(parents=True, exist_ok=True)
    path = cache_folder(output) / LOCK
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | _NO_LINK, 0o600)
    except OSError as error:
        message = f"cannot lock the site with {path}: {error.strerror or error}"
        raise NotPossible(message, "Delete it, or set XDG_CACHE_HOME to another folder.") from error
    _held.add(file)
    try:
        if not _lock(file):
            holder = os.read(file, 20).decode("ascii", "replace").strip()
            message = f"another build is writing {output}" + f" (process {holder})" * bool(holder)
            raise NotPossible(message, "Wait until it has ended, or choose another folder with -o.")
        with suppress(OSError):  # on a full disk, no one learns which process it is
            os.truncate(file, 0)
            os.write(file, str(os.getpid()).encode())
        with _reporting(output):
            _clean(output)
        yield
    finally:
        if file in _held:  # not in a process that was forked meanwhile
            _held.discard(file)
            os.close(file)


def _lock(file: int) -> bool:
    """Take the lock on an open file; False where another process has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(file, _FAR, os.SEEK_SET)
            try:
                msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
            finally:
                os.lseek(file, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:  # a disk that knows no locks: one build at a time is up to its user
        return True
    return True


def _unlock() -> None:
    """A forked process has its parent's locks, and would hold them when that is killed."""
    for file in _held:
        os.close(file)
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_unlock)


# ---------------------------------------------------------------- staging


def write_staged(folder: Path, path: str, data: bytes | Iterable[bytes]) -> None:
    """Write a file of the site below the folder of a `Staging`, from any process; what is large, in
    parts. The last to write a path wins. Raises `NotPossible`."""
    if _UNSAFE.search(path) or path == MANIFEST:
        message = f"a path of the site must lead to a file within it; found “{path}”"
        raise NotPossible(message, "Rename what it comes from: a text's id, an entry's key.")
    target = folder / path
    try:
        try:
            _create(target, data)
        except FileNotFoundError:
            target.parent.mkdir(parents=True, exist_ok=True)
            _create(target, data)
        except FileExistsError:  # left by a process that ended before its work did
            target.unlink(missing_ok=True)
            _create(target, data)
    except OSError as error:
        raise _cannot_write(path, error) from error


def _create(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write a new file. Its moment is told to the nanosecond: that of Linux's own clock is the same
    for all that happens within 4 ms, a change of the file included."""
    with path.open("xb") as file:
        file.writelines((data,) if isinstance(data, bytes) else data)
    now = time.time_ns()
    os.utime(path, ns=(now, now))


class Staging:
    """A site in the making: what is written to it is published all at once, or not at all.

    To be entered under `locked`. Left without `publish`, it leaves the previous site as it was.
    `live`: files that are known to be of the previous site, whatever its manifest says; `former`:
    all that are; `spare`: a folder for the site that is replaced, from which the next one is made
    (None: it is deleted)."""

    def __init__(self, output: Path, spare: Path | None = None, live: Collection[str] = ()) -> None:
        self.output, self._spare = Path(os.path.abspath(output)), spare
        self._live = {*live}
        name = f".{self.output.name}.archive-site-{os.urandom(4).hex()}"
        self.root = self.output.parent / name
        self.folder = self.root / _SITE
        self.former: set[str] = set()

    def __enter__(self) -> Staging:
        with _reporting(self.output):
            self.former = (_published_paths(self.output) | self._live) - {MANIFEST}
            self.output.parent.mkdir(parents=True, exist_ok=True)
            self.root.mkdir()
            self.folder.mkdir()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(OSError):
            _remove(self.root)

    def write(self, path: str, data: bytes) -> None:
        """Stage a file. Raises `NotPossible`."""
        write_staged(self.folder, path, data)

    def publish(self, kept: Mapping[str, Stamp]) -> dict[str, Stamp]:
        """Swap in the site of the staged files and of those `kept` from the live one; files of
        others stay. Returns the stamps of all, by which `intact` knows them again; those of the
        kept are what they were, so that a file that someone changes at this moment is found out."""
        with _reporting(self.output):
            staged = _read_tree(self.folder)
            live = _read_tree(self.output) if self.output.exists() else _Tree({}, set())
            stamps = {path: stamp for path, stamp in kept.items() if path != MANIFEST}
            stamps |= {path: _stamp(self.folder / path) for path in staged.files}
            others = _others(live, _published_paths(self.output) | self._live)
            whole = self._whole(stamps, staged, live, others)
            base = self._base(whole, staged)
            self._complete(base, whole, staged)
            for folder in ("", *others.folders) if self.output.exists() else ():
                _same_rights(self.output / folder, base / folder)
            _create(base / MANIFEST, _manifest(stamps))
            stamps[MANIFEST] = _stamp(base / MANIFEST)
            former = _swap(base, self.output)
            if former and self._spare:
                _keep_spare(former, self._spare)
        return stamps

    def _whole(self, site: Iterable[str], staged: _Tree, live: _Tree, others: _Tree) -> _Tree:
        """What the output is to hold: the files of the site, staged or live, and those of others.
        Refuses a site that needs a name of theirs."""
        site, folders = set(site), _folders_of(site)
        theirs = others.files.keys() | others.folders
        for path in sorted(others.files):
            if _leads_out(self.output, path):
                message = f"{self.output / path} is a link that leads out of the site"
                hint = "Delete it: a copy of the site would have what it leads to."
                raise NotPossible(message, hint)
        for path in sorted((site & theirs) | (folders & others.files.keys())):
            message = f"{self.output / path} is not of this tool, but the site needs its name"
            raise NotPossible(message, "Move it elsewhere.")
        there = live.files | staged.files
        for path in site - there.keys():
            message = f"{self.output / path} was deleted while the site was being built"
            raise NotPossible(message, "Build again.")
        ours = {path: there[path] for path in site}
        return _Tree(ours | others.files, folders | others.folders)

    def _base(self, whole: _Tree, staged: _Tree) -> Path:
        """The folder that becomes the site: the spare, where most of it stays, else that of the
        staged files."""
        base = self.root / _BASE
        if self._spare and 2 * len(staged.files) < len(whole.files):
            seen = _lstat(str(self._spare))
            if seen and stat.S_ISDIR(seen.st_mode):
                with suppress(OSError):
                    self._spare.rename(base)
                    return base
        return self.folder

    def _complete(self, base: Path, whole: _Tree, staged: _Tree) -> None:
        """Have the base hold the staged files, those of the output that the site keeps, and no
        others."""
        there = staged if base == self.folder else _read_tree(base)
        same = {path for path, inode in there.files.items() if whole.files.get(path) == inode}
        for path in there.files.keys() - same:
            (base / path).unlink()
        for folder in sorted(there.folders - whole.folders, reverse=True):
            (base / folder).rmdir()
        for folder in sorted(whole.folders - there.folders):
            (base / folder).mkdir()
        for path in whole.files.keys() - same:
            if path in staged.files:
                (self.folder / path).rename(base / path)
            else:
                _link(self.output / path, base / path)


def _published_paths(output: Path) -> set[str]:
    """The files of `output` that this tool made. Refuses a folder that is not ours, and the root of
    a disk."""
    if not Path(os.path.abspath(output)).name:
        raise NotPossible(f"the site cannot be written to {output}", "Choose a folder with -o.")
    for folder in (output.parent.resolve(), output):
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise NotPossible(f"{folder} is not a folder", "Choose another one with -o.")
    if not output.exists() or not any(output.iterdir()):
        return set()
    made = _listed_paths(output)
    if made is None:
        message = f"{output} is not empty, and this tool did not make it"
        raise NotPossible(message, "Choose another folder with -o, or empty this one.")
    return made


def _listed_paths(output: Path) -> set[str] | None:
    seen = _lstat(f"{output}/{MANIFEST}")
    if seen is None or not stat.S_ISREG(seen.st_mode):
        return None
    try:
        manifest = json.loads(read_regular(output / MANIFEST))
        paths = list(manifest["files"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return {MANIFEST, *paths} if all(isinstance(path, str) for path in paths) else None


def _leads_out(output: Path, path: str) -> bool:
    """Whether a file in the output is a link to something that is not in it."""
    file = output / path
    return file.is_symlink() and not Path(os.path.realpath(file)).is_relative_to(output.resolve())


def _manifest(site: Iterable[str]) -> bytes:
    return json.dumps({"generator": "archive-site", "files": sorted(site)}, indent=0).encode()


# ---------------------------------------------------------------- trees of files


@dataclass(frozen=True, slots=True)
class _Tree:
    """What a folder holds: its files, and links and all else, with their inodes; its folders."""

    files: dict[str, int]
    folders: set[str]


def _read_tree(folder: Path) -> _Tree:
    """All that is below a folder; no link is followed."""
    tree = _Tree({}, set())
    root, left = str(folder), [""]
    while left:
        above = left.pop()
        with os.scandir(f"{root}/{above}") as entries:
            for entry in entries:
                path = above + entry.name
                if entry.is_dir(follow_symlinks=False):
                    tree.folders.add(path)
                    left.append(f"{path}/")
                else:
                    tree.files[path] = entry.inode()
    return tree


def _others(live: _Tree, made: set[str]) -> _Tree:
    """What is in the output and is not ours: files, their folders, empty folders."""
    files = {path: inode for path, inode in live.files.items() if path not in made}
    return _Tree(files, (live.folders - _folders_of(made)) | _folders_of(files))


def _remove(path: Path) -> None:
    """Delete a folder and what is in it. No link is followed: the link itself is deleted."""
    tree = _read_tree(path)
    for name in tree.files:
        (path / name).unlink()
    for name in sorted(tree.folders, reverse=True):
        (path / name).rmdir()
    path.rmdir()


def _link(source: Path, target: Path) -> None:
    """Give a file a second name, or make a copy where it cannot have one."""
    try:
        os.link(source, target, follow_symlinks=False)
    except (FileNotFoundError, FileExistsError):
        raise
    except (OSError, NotImplementedError):
        import shutil

        shutil.copy2(source, target, follow_symlinks=False)


def _folders_of(paths: Iterable[str]) -> set[str]:
    """All folders that the paths lead through."""
    found: set[str] = set()
    for path in paths:
        while (path := path.rpartition("/")[0]) and path not in found:
            found.add(path)
    return found


def _same_rights(one: Path, other: Path) -> None:
    """Give the folder `other` the rights of `one`."""
    rights = [stat.S_IMODE(folder.stat().st_mode) for folder in (one, other)]
    if rights[0] != rights[1]:
        other.chmod(rights[0])


def _stamp(path: Path) -> Stamp:
    return _stamp_of(path.lstat())


# ---------------------------------------------------------------- the exchange


def _swap(staged: Path, output: Path) -> Path | None:
    """Put `staged` in `output`'s place, in one step where the system can; where the former site is
    now, if there was one: in the folder of `staged`."""
    if not output.exists():
        staged.rename(output)
        return None
    if _exchange(staged, output):
        return staged
    former = staged.with_name(_FORMER)
    output.rename(former)
    try:
        staged.rename(output)
    except OSError:
        former.rename(output)
        raise
    return former


def _keep_spare(former: Path, spare: Path) -> None:
    """Keep a site that was replaced, where that can be done: on the same disk."""
    with suppress(OSError):
        if spare.is_dir() and not spare.is_symlink():
            _remove(spare)
        former.rename(spare)


def _clean(output: Path) -> None:
    """Delete what builds that were killed have left beside the output; first put back the site
    that one of them had taken away and not yet replaced."""
    left = re.compile(rf"\.{re.escape(output.name)}\.archive-site-[0-9a-f]{{8}}")
    for path in output.parent.iterdir():
        if left.fullmatch(path.name) and path.is_dir() and not path.is_symlink():
            former = path / _FORMER
            if not output.exists() and not former.is_symlink() and _listed_paths(former):
                former.rename(output)
            _remove(path)


@contextmanager
def _reporting(output: Path) -> Iterator[None]:
    """Tell what the system refuses as `NotPossible`."""
    try:
        yield
    except OSError as error:
        raise _cannot_write(output, error) from error


def _cannot_write(what: Path | str, error: OSError) -> NotPossible:
    reason = error.strerror or str(error)
    hint = (
        "The previous site is unchanged. See to the space on the disk and to the rights of the "
        "folder above, or choose another one with -o."
    )
    return NotPossible(f"cannot write the site to {what}: {reason}", hint)
