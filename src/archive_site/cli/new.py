"""An archive of one's own: a folder that checks and builds at once, its one text a sample."""

from __future__ import annotations

import json
import os
import shutil
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from archive_site.findings import NotPossible
from archive_site.templating.resources import template_files

SCAFFOLD = "scaffold"
TITLE = "Mon archive"
"""What a new archive is called until it has a title: so it stands in the files of the scaffold."""
_ELSEWHERE = "Name a new folder, or an empty one."
_VERSIONED = {".git"}  # a clone of a repository that has nothing in it yet


def new_archive(folder: Path, title: str = "") -> tuple[Path, ...]:
    """Write a new archive into `folder`, which is made, or empty; the files written, sorted.

    Raises `NotPossible` where the folder holds something or cannot be written; nothing is then
    left in it."""
    title = _plain(title) or TITLE
    where = Path(os.path.abspath(folder))
    there = _is_ready(where, folder)
    staged = (where if there else where.parent) / f".{where.name}.{os.urandom(4).hex()}.new"
    files = {name: _titled(name, path, title) for name, path in template_files(SCAFFOLD).items()}
    try:
        _write(files, staged)
        if there:
            _move_up(staged)
        else:
            staged.rename(where)
    except OSError as error:
        message = f"cannot write {folder}: {error.strerror or error}"
        raise NotPossible(message, "Choose another folder, or free space.") from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return tuple(folder / name for name in files)


def _is_ready(where: Path, folder: Path) -> bool:
    """Whether there is a folder, empty. Refuses one that is not, and what is no folder."""
    try:
        if where.is_dir():
            held = sorted({path.name for path in where.iterdir()} - _VERSIONED)
            if held:
                raise NotPossible(f"{folder} is not empty: it holds {held[0]}", _ELSEWHERE)
            return True
        if where.is_symlink() or where.exists():
            raise NotPossible(f"{folder} is not a folder", _ELSEWHERE)
        if not where.parent.is_dir():
            raise NotPossible(f"there is no folder {folder.parent}", "Make it first.")
    except OSError as error:
        raise NotPossible(f"cannot read {folder}: {error.strerror}", _ELSEWHERE) from error
    return False


def _write(files: Mapping[str, bytes], staged: Path) -> None:
    staged.mkdir()
    for name, data in files.items():
        path = staged / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _move_up(staged: Path) -> None:
    """Move what is in `staged` into the folder that holds it; all of it, or nothing."""
    moved: list[Path] = []
    try:
        for path in sorted(staged.iterdir()):
            moved.append(path.rename(staged.parent / path.name))
    except BaseException:
        for path in moved:
            path.rename(staged / path.name)
        raise


def _plain(title: str) -> str:
    """The title on one line. Raises `NotPossible` where it has signs that are no text."""
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Cn", "Cs") for sign in title):
        raise NotPossible(f"a title must be text on one line; found {title!r}", "Write it anew.")
    return " ".join(title.split())


def _titled(name: str, path: Path, title: str) -> bytes:
    """What a file of the scaffold says in an archive of that title."""
    data = path.read_bytes()
    if name == "corpus/site.yaml":
        quoted = json.dumps(title, ensure_ascii=False)  # which is YAML, too
        return data.replace(f'"{TITLE}"'.encode(), quoted.encode())
    if name == "README.md":
        return data.replace(f"# {TITLE}".encode(), f"# {title}".encode())
    return data
