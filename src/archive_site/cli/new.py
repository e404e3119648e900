"""A new archive: a folder with a sample text, which can be checked and built at once."""

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
"""The default title, as the files of the scaffold have it."""
_ELSEWHERE = "Name a new folder, or an empty one."
_VERSIONED = {".git"}  # the clone of an empty repository counts as empty


def new_archive(folder: Path, title: str = "") -> tuple[Path, ...]:
    """Write a new archive into `folder`, which must be empty or not exist yet. Returns the files
    written, sorted.

    Raises `NotPossible` if the folder is not empty or cannot be written to; nothing is then left
    in it."""
    title = _plain(title) or TITLE
    target = Path(os.path.abspath(folder))
    exists = _is_ready(target, folder)
    staged = (target if exists else target.parent) / f".{target.name}.{os.urandom(4).hex()}.new"
    files = {name: _titled(name, path, title) for name, path in template_files(SCAFFOLD).items()}
    try:
        _write(files, staged)
        if exists:
            _move_up(staged)
        else:
            staged.rename(target)
    except OSError as error:
        message = f"cannot write {folder}: {error.strerror or error}"
        raise NotPossible(message, "Choose another folder, or free space.") from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return tuple(folder / name for name in files)


def _is_ready(target: Path, folder: Path) -> bool:
    """Whether the folder exists and is empty; False if it can be created. `folder`: its path as
    the caller wrote it. Raises `NotPossible` if it is neither."""
    try:
        if target.is_dir():
            names = sorted({path.name for path in target.iterdir()} - _VERSIONED)
            if names:
                raise NotPossible(f"{folder} is not empty: it contains {names[0]}", _ELSEWHERE)
            return True
        if target.is_symlink() or target.exists():
            raise NotPossible(f"{folder} is not a folder", _ELSEWHERE)
        if not target.parent.is_dir():
            raise NotPossible(f"no folder {folder.parent}", "Create it first.")
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
    """Move the contents of `staged` into its parent folder: all of them, or none."""
    moved: list[Path] = []
    try:
        for path in sorted(staged.iterdir()):
            moved.append(path.rename(staged.parent / path.name))
    except BaseException:
        for path in moved:
            path.rename(staged / path.name)
        raise


def _plain(title: str) -> str:
    """The title with single spaces between words. Raises `NotPossible` if it has control
    characters or others that are not text."""
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cn", "Cs") for char in title):
        message = f"a title must be text on one line; found {title!r}"
        raise NotPossible(message, "Write it without line breaks and control characters.")
    return " ".join(title.split())


def _titled(name: str, path: Path, title: str) -> bytes:
    """The contents of a file of the scaffold, with the title of the archive."""
    data = path.read_bytes()
    if name == "corpus/site.yaml":
        quoted = json.dumps(title, ensure_ascii=False)  # a JSON string is YAML, too
        return data.replace(f'"{TITLE}"'.encode(), quoted.encode())
    if name == "README.md":
        return data.replace(f"# {TITLE}".encode(), f"# {title}".encode())
    return data
