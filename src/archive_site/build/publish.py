"""Publish a site: stage it beside the output folder, then swap it in as a whole. The only writer of
`build/`.

A build that fails or is killed leaves the previous site unchanged. A file that archive-site did not
make is never deleted, and an output folder that it did not make is refused.

While a build runs, there is a folder `.build.archive-site-<random>` beside the folder `build`. It
contains the staged files and, after the swap and for a short time, the previous site. A later build
recognises it by its name. No other name is used there, and no link is followed; the lock is in the
user's cache folder. A live file is linked into the new site, never written to.

The previous site is kept in the user's cache folder as the *spare*, and the next site is made from
it. Nearly all its files are those of the live site and need no new link. For a small change,
creating and deleting thousands of folders would take longer than everything else.

Nothing is fsynced. After a power cut some files of the site may be cut short; the next build
notices their sizes and rebuilds them. Files that editors write are safer: see `write_whole`.
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
from types import MappingProxyType, TracebackType
from typing import Any

from archive_site.files.cache import cache_folder
from archive_site.files.writing import exchange as _exchange
from archive_site.files.writing import read_regular
from archive_site.findings import NotPossible

MANIFEST = ".archive-site.json"
NOTHING: Mapping[str, Any] = MappingProxyType({})
_SITE, _BASE, _FORMER = "site", "base", "former"  # folders within the staging folder
SPARE = "spare"
_UNSAFE = re.compile(r"(^|/)\.{0,2}(/|$)|[\\:\0]")  # paths that could lead out of a folder
_FAR = 1 << 30  # on Windows a locked range cannot be read: lock one beyond the process id


@dataclass(frozen=True, slots=True)
class Stamp:
    """The state of a file of the output when it was published: its size in bytes, its mtime in
    nanoseconds; and, once the site is swapped in (`stamps_of`), its ctime in nanoseconds and its
    inode, which reveal a change that keeps size and mtime."""

    size: int
    modified: int
    status: int = 0
    inode: int = 0


def intact(output: Path, known: Mapping[str, Stamp]) -> set[str]:
    """The known files that are in the output as they were published."""
    found = set()
    root = str(output)
    real: dict[str, bool] = {}
    for path, stamp in known.items():
        if _is_real(root, path.rpartition("/")[0], real):
            status = _lstat(f"{root}/{path}")
            if status and _stamp_of(status) == stamp:
                found.add(path)
    return found


def stamps_of(output: Path, stamps: Mapping[str, Stamp]) -> dict[str, Stamp]:
    """The complete stamps of a site that was just published, for `intact`. They are taken at the
    end because linking files, and deleting the previous site, changes their ctime. A file whose
    size or mtime has changed keeps its old stamp, so that the next build notices."""
    found = {}
    for path, stamp in stamps.items():
        status = _lstat(f"{output}/{path}")
        new = _stamp_of(status) if status else stamp
        same = (new.size, new.modified) == (stamp.size, stamp.modified)
        found[path] = new if same else stamp
    return found


def _is_real(root: str, folder: str, known: dict[str, bool]) -> bool:
    """Whether a folder of the output, and each folder above it in the output, is a folder and not a
    symbolic link. `known`: the results so far."""
    if folder not in known:
        status = _lstat(f"{root}/{folder}".rstrip("/"))
        above = not folder or _is_real(root, folder.rpartition("/")[0], known)
        known[folder] = above and status is not None and stat.S_ISDIR(status.st_mode)
    return known[folder]


def _stamp_of(status: os.stat_result) -> Stamp:
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def _lstat(path: str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except OSError:
        return None


def check_separate(output: Path, sources: Iterable[Path], published: Iterable[Path] = ()) -> None:
    """Raises `NotPossible` if the output contains one of its sources (a file saved there during the
    swap would be lost), or if it is within a folder whose files are `published`."""
    real = output.resolve()
    for source in sources:
        if source.resolve().is_relative_to(real):
            message = f"the site cannot be written to {output}: {source} is in it"
            raise NotPossible(message, "Choose another folder with -o.")
    for folder in published:
        if real.is_relative_to(folder.resolve()):
            message = f"the site cannot be written to {output}: everything in {folder} is published"
            raise NotPossible(message, "Choose another folder with -o.")


# ---------------------------------------------------------------- one build at a time

LOCK = "lock"
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_held: set[int] = set()  # file descriptors of the locks that this process has


@contextmanager
def locked(output: Path) -> Iterator[None]:
    """Allow one build at a time for an output. The system releases the lock when the process ends,
    in whatever way. Folders that killed builds left beside the output are deleted.

    Raises `NotPossible` if another build is running."""
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
        with suppress(OSError):  # on a full disk, the message of others lacks the process id
            os.truncate(file, 0)
            os.write(file, str(os.getpid()).encode())
        with _reporting(output):
            _clean(output)
        yield
    finally:
        if file in _held:  # a process forked meanwhile has closed it (`_unlock`)
            _held.discard(file)
            os.close(file)


def _lock(file: int) -> bool:
    """Lock an open file; return False if another process has the lock."""
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
    except OSError:  # the disk does not support locks: the user must avoid concurrent builds
        return True
    return True


def _unlock() -> None:
    """Close the locks that a forked process inherits. Otherwise it would keep them after its parent
    is killed."""
    for file in _held:
        os.close(file)
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_unlock)


# ---------------------------------------------------------------- staging


def write_staged(folder: Path, path: str, data: bytes | Iterable[bytes]) -> None:
    """Write a file of the site below the folder of a `Staging`, from any process. `data`: its
    bytes, or a large file in parts. The last write to a path wins.

    Raises `NotPossible` if the path is unsafe or the file cannot be written."""
    if _UNSAFE.search(path) or path == MANIFEST:
        message = f"a path of the site must lead to a file within it; found “{path}”"
        raise NotPossible(message, "Change the text's id, or the entry's key, that it comes from.")
    target = folder / path
    try:
        try:
            _create(target, data)
        except FileNotFoundError:
            target.parent.mkdir(parents=True, exist_ok=True)
            _create(target, data)
        except FileExistsError:  # left by a process that ended unexpectedly
            target.unlink(missing_ok=True)
            _create(target, data)
    except OSError as error:
        raise _cannot_write(path, error) from error


def _create(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write a new file, and set its times to the nanosecond. Linux would take them from a clock
    that ticks every 4 ms, so that a change right after the write would not show."""
    with path.open("xb") as file:
        file.writelines((data,) if isinstance(data, bytes) else data)
    now = time.time_ns()
    os.utime(path, ns=(now, now))


class Staging:
    """A staged site: its files are published all at once, or not at all.

    Enter it under `locked`. On exit without `publish`, the previous site is unchanged. `live`:
    files that are known to belong to the previous site, even if its manifest does not list them;
    `previous`: all files of the previous site; `spare`: the folder in which to keep the previous
    site, from which the next one is made (None: delete it)."""

    def __init__(self, output: Path, spare: Path | None = None, live: Collection[str] = ()) -> None:
        self.output, self._spare = Path(os.path.abspath(output)), spare
        self._live = {*live}
        name = f".{self.output.name}.archive-site-{os.urandom(4).hex()}"
        self.root = self.output.parent / name
        self.folder = self.root / _SITE
        self.previous: set[str] = set()

    def __enter__(self) -> Staging:
        with _reporting(self.output):
            self.previous = (_published_paths(self.output) | self._live) - {MANIFEST}
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
        """Stage a file. Raises `NotPossible` if that fails (`write_staged`)."""
        write_staged(self.folder, path, data)

    def publish(
        self, kept: Mapping[str, Stamp], record: Mapping[str, Any] = NOTHING
    ) -> dict[str, Stamp]:
        """Swap in a site of the staged files and of the files `kept` from the live site. Files in
        the output that archive-site did not make are kept, too. `record` is plain data that the
        manifest keeps for the next build (`recorded`).

        Returns the stamps of all files of the site. Kept files keep their stamps, so that the next
        build notices a file that someone changes during the swap."""
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
            _create(base / MANIFEST, _manifest(stamps, record))
            stamps[MANIFEST] = _stamp(base / MANIFEST)
            previous = _swap(base, self.output)
            if previous and self._spare:
                _keep_spare(previous, self._spare)
        return stamps

    def _whole(self, site: Iterable[str], staged: _Tree, live: _Tree, others: _Tree) -> _Tree:
        """The files and folders of the new output: those of the site, staged or live, and the
        `others`, which archive-site did not make. Raises `NotPossible` if the site needs a name
        that one of the others has, or if one of them is a link out of the site."""
        site, folders = set(site), _folders_of(site)
        taken = others.files.keys() | others.folders
        for path in sorted(others.files):
            if _leads_out(self.output, path):
                message = f"{self.output / path} is a link that leads out of the site"
                hint = "Delete it: a copy of the site would contain the file that it leads to."
                raise NotPossible(message, hint)
        for path in sorted((site & taken) | (folders & others.files.keys())):
            message = f"archive-site did not make {self.output / path}, but needs its name"
            raise NotPossible(message, "Move it elsewhere.")
        present = live.files | staged.files
        for path in site - present.keys():
            message = f"{self.output / path} was deleted while the site was being built"
            raise NotPossible(message, "Build again.")
        files = {path: present[path] for path in site}
        return _Tree(files | others.files, folders | others.folders)

    def _base(self, whole: _Tree, staged: _Tree) -> Path:
        """The folder that becomes the site: the spare if less than half of the files are staged,
        otherwise the folder of the staged files."""
        base = self.root / _BASE
        if self._spare and 2 * len(staged.files) < len(whole.files):
            status = _lstat(str(self._spare))
            if status and stat.S_ISDIR(status.st_mode):
                with suppress(OSError):
                    self._spare.rename(base)
                    return base
        return self.folder

    def _complete(self, base: Path, whole: _Tree, staged: _Tree) -> None:
        """Make the contents of `base` those of `whole`: move staged files there, link files of the
        output, and delete the rest."""
        present = staged if base == self.folder else _read_tree(base)
        same = {path for path, inode in present.files.items() if whole.files.get(path) == inode}
        for path in present.files.keys() - same:
            (base / path).unlink()
        for folder in sorted(present.folders - whole.folders, reverse=True):
            (base / folder).rmdir()
        for folder in sorted(whole.folders - present.folders):
            (base / folder).mkdir()
        for path in whole.files.keys() - same:
            if path in staged.files:
                (self.folder / path).rename(base / path)
            else:
                _link(self.output / path, base / path)


def _published_paths(output: Path) -> set[str]:
    """The files of `output` that archive-site made. Raises `NotPossible` if the output is the root
    of a disk, or a folder with contents that archive-site did not make."""
    if not Path(os.path.abspath(output)).name:
        raise NotPossible(f"the site cannot be written to {output}", "Choose a folder with -o.")
    for folder in (output.parent.resolve(), output):
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise NotPossible(f"{folder} is not a folder", "Choose another one with -o.")
    if not output.exists() or not any(output.iterdir()):
        return set()
    made = _listed_paths(output)
    if made is None:
        message = f"{output} is not empty, and archive-site did not make it"
        raise NotPossible(message, "Choose another folder with -o, or empty this one.")
    return made


def _listed_paths(output: Path) -> set[str] | None:
    """The paths that the manifest of `output` lists, and its own; None if there is no valid one."""
    manifest = _read_manifest(output)
    return {MANIFEST, *manifest["files"]} if manifest else None


def recorded(output: Path) -> Any:
    """What was recorded in the manifest of `output` when it was published; None if it is not a
    site."""
    manifest = _read_manifest(output)
    return manifest.get("record", {}) if manifest else None


def _read_manifest(output: Path) -> dict[str, Any] | None:
    """The manifest of `output`; None if there is no valid one."""
    status = _lstat(f"{output}/{MANIFEST}")
    if status is None or not stat.S_ISREG(status.st_mode):
        return None
    try:
        manifest = json.loads(read_regular(output / MANIFEST))
        paths = list(manifest["files"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return manifest if all(isinstance(path, str) for path in paths) else None


def _leads_out(output: Path, path: str) -> bool:
    """Whether a file in the output is a link to a place outside it."""
    file = output / path
    return file.is_symlink() and not Path(os.path.realpath(file)).is_relative_to(output.resolve())


def _manifest(site: Iterable[str], record: Mapping[str, Any]) -> bytes:
    manifest = {"generator": "archive-site", "files": sorted(site)}
    return json.dumps(manifest | ({"record": record} if record else {}), indent=0).encode()


# ---------------------------------------------------------------- trees of files


@dataclass(frozen=True, slots=True)
class _Tree:
    """The contents of a folder: its folders, and the inode of everything else (files, links,
    devices …) by path."""

    files: dict[str, int]
    folders: set[str]


def _read_tree(folder: Path) -> _Tree:
    """Everything below a folder. No link is followed."""
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
    """The contents of the output other than the files that archive-site `made`: files, their
    folders, empty folders."""
    files = {path: inode for path, inode in live.files.items() if path not in made}
    return _Tree(files, (live.folders - _folders_of(made)) | _folders_of(files))


def _remove(path: Path) -> None:
    """Delete a folder and its contents. No link is followed: the link itself is deleted."""
    tree = _read_tree(path)
    for name in tree.files:
        (path / name).unlink()
    for name in sorted(tree.folders, reverse=True):
        (path / name).rmdir()
    path.rmdir()


def _link(source: Path, target: Path) -> None:
    """Link a file to a second name, or copy it if the system cannot link it."""
    try:
        os.link(source, target, follow_symlinks=False)
    except (FileNotFoundError, FileExistsError):
        raise
    except (OSError, NotImplementedError):
        import shutil

        shutil.copy2(source, target, follow_symlinks=False)


def _folders_of(paths: Iterable[str]) -> set[str]:
    """All folders above the paths."""
    found: set[str] = set()
    for path in paths:
        while (path := path.rpartition("/")[0]) and path not in found:
            found.add(path)
    return found


def _same_rights(one: Path, other: Path) -> None:
    """Give the folder `other` the permissions of `one`."""
    modes = [stat.S_IMODE(folder.stat().st_mode) for folder in (one, other)]
    if modes[0] != modes[1]:
        other.chmod(modes[0])


def _stamp(path: Path) -> Stamp:
    return _stamp_of(path.lstat())


# ---------------------------------------------------------------- the swap


def _swap(staged: Path, output: Path) -> Path | None:
    """Replace `output` with `staged`, in one step if the system supports it. Returns the folder of
    the previous site, which is then beside `staged`; None if there was none."""
    if not output.exists():
        staged.rename(output)
        return None
    if _exchange(staged, output):
        return staged
    previous = staged.with_name(_FORMER)
    output.rename(previous)
    try:
        staged.rename(output)
    except OSError:
        previous.rename(output)
        raise
    return previous


def _keep_spare(previous: Path, spare: Path) -> None:
    """Move the previous site to the spare folder, if that is on the same disk."""
    with suppress(OSError):
        if spare.is_dir() and not spare.is_symlink():
            _remove(spare)
        previous.rename(spare)


def _clean(output: Path) -> None:
    """Delete the folders that killed builds left beside the output. If one of them was killed in
    the middle of the swap, put the previous site back first."""
    leftover = re.compile(rf"\.{re.escape(output.name)}\.archive-site-[0-9a-f]{{8}}")
    for path in output.parent.iterdir():
        if leftover.fullmatch(path.name) and path.is_dir() and not path.is_symlink():
            previous = path / _FORMER
            if not output.exists() and not previous.is_symlink() and _listed_paths(previous):
                previous.rename(output)
            _remove(path)


@contextmanager
def _reporting(output: Path) -> Iterator[None]:
    """Raise errors of the system as `NotPossible`."""
    try:
        yield
    except OSError as error:
        raise _cannot_write(output, error) from error


def _cannot_write(what: Path | str, error: OSError) -> NotPossible:
    reason = error.strerror or str(error)
    hint = (
        "The previous site is unchanged. Check the free space on the disk and the permissions of "
        "the parent folder, or choose another folder with -o."
    )
    return NotPossible(f"cannot write the site to {what}: {reason}", hint)
