"""The mapping → the output folder: staged beside it, swapped in whole. The only writer of `build/`.

A build that fails or is killed leaves the former site as it was; a file that this tool did not
make is never deleted; a folder that is not ours is refused.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from archive_site.findings import NotPossible

MANIFEST = ".archive-site.json"
_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2)
_HERE = -100  # AT_FDCWD


def publish(site: Mapping[str, bytes], output: Path) -> None:
    """Make the folder `output` hold exactly `site`, and what else was in it that is not ours.

    Raises `NotPossible` where the folder is not ours or cannot be written; it is then untouched."""
    output = Path(os.path.abspath(output))
    staged, former = (output.parent / f".{output.name}.{state}" for state in ("new", "old"))
    try:
        if _made(former) and not output.exists():  # a build was killed between its two renames
            former.rename(output)
        kept = _foreign_files(output, site)
        _remove(staged)
        _write(site, staged)
        for name in kept:
            _copy(output / name, staged / name)
        _swap(staged, output, former)
        _remove(staged)
    except OSError as error:
        shutil.rmtree(staged, ignore_errors=True)
        reason = error.strerror or str(error)
        hint = "The former site is untouched. Free space, or choose another folder with -o."
        raise NotPossible(f"cannot write the site to {output}: {reason}", hint) from error


def _foreign_files(output: Path, site: Mapping[str, bytes]) -> list[str]:
    """Files in `output` that this tool did not make. Refuses a folder that is not ours."""
    if output.is_symlink() or (output.exists() and not output.is_dir()):
        raise NotPossible(f"{output} is not a folder", "Choose another one with -o.")
    if not output.exists() or not any(output.iterdir()):
        return []
    made = _made(output)
    if made is None:
        message = f"{output} is not empty, and this tool did not make it"
        raise NotPossible(message, "Choose another folder with -o, or empty this one.")
    there = (path.relative_to(output).as_posix() for path in output.rglob("*") if _is_file(path))
    foreign = [name for name in there if name not in made]
    clashes = [name for name in foreign if name in site]
    if clashes:
        message = f"{output / clashes[0]} is not a file of this tool, but the site needs its name"
        raise NotPossible(message, "Move it elsewhere.")
    return foreign


def _made(output: Path) -> set[str] | None:
    try:
        manifest = json.loads((output / MANIFEST).read_text("utf-8"))
        return {MANIFEST, *manifest["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _is_file(path: Path) -> bool:
    return path.is_symlink() or path.is_file()


def _write(site: Mapping[str, bytes], folder: Path) -> None:
    manifest = json.dumps({"generator": "archive-site", "files": sorted(site)}, indent=0)
    made: set[Path] = set()
    for name, data in {**site, MANIFEST: manifest.encode()}.items():
        path = folder / name
        if path.parent not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        path.write_bytes(data)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target, follow_symlinks=False)


def _swap(staged: Path, output: Path, former: Path) -> None:
    """Put `staged` in `output`'s place, in one step where the system can."""
    if not output.exists():
        staged.rename(output)
    elif not _exchange(staged, output):
        _remove(former)
        output.rename(former)
        staged.rename(output)
        _remove(former)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders' names atomically; False where the system has no such call."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    result: int = renameat2(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE)
    return result == 0


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
