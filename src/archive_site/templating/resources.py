"""The package's templates and other data files, and the archive's own, which override them."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from archive_site import HERE
from archive_site.files.layout import is_kept, read_tree
from archive_site.files.writing import portable
from archive_site.findings import Finding, NotPossible

OWN = "templates"
"""The name of the folder of templates, in the package and beside a corpus."""


@lru_cache(maxsize=1)
def package_templates() -> Path:
    """The folder of the package's templates, in an installed package or in the repository."""
    inside = HERE / OWN
    return inside if inside.is_dir() else HERE.parents[1] / OWN


def own_templates(corpus: Path) -> Path | None:
    """The archive's own templates: the folder `templates/` beside its corpus. None if there is
    none, or if it is the package's own folder, as in the repository. Raises `NotPossible` if it is
    a symbolic link: the files of an archive must not lead out of it."""
    own = Path(os.path.abspath(corpus)).parent / OWN
    if own.is_symlink():
        message = f"{own} must be a folder; found a symbolic link"
        raise NotPossible(message, "Replace it by the folder, or give a folder with --templates.")
    return own if own.is_dir() and not own.samefile(package_templates()) else None


def check_own(own: Path | None) -> tuple[Finding, ...]:
    """Findings about the archive's `own` templates: what must not be read (E005), and names that
    are not valid on every system (E048). Raises `NotPossible` if `own` is not a folder."""
    if own is None:
        return ()
    if not own.is_dir():
        hint = "Give the folder of your own templates with --templates."
        raise NotPossible(f"no templates at {own}: there is no such folder", hint)
    tree = read_tree(own, is_kept)
    wrong = portable(name for name in tree.files if name.startswith("static/"))
    return (*tree.findings, *(replace(finding, path=str(own / finding.path)) for finding in wrong))


def template_files(folder: str, own: Path | None = None) -> dict[str, Path]:
    """The files in `folder` of the templates, by their path in it, sorted. A file in the archive's
    `own` templates overrides the package's file with the same path; hidden files and editors'
    backups there are ignored."""
    found: dict[str, Path] = {}
    for path in (package_templates() / folder).rglob("*"):
        if path.is_file():
            found[path.relative_to(package_templates() / folder).as_posix()] = path
    if own and (own / folder).is_dir():
        found |= {name: own / folder / name for name in read_tree(own / folder, is_kept).files}
    return dict(sorted(found.items()))


def template_text(name: str, own: Path | None = None) -> str:
    """The text of the template `name`: the archive's `own` if it has one, else the package's.
    Raises `NotPossible` if it is not UTF-8."""
    path = own / name if own and (own / name).is_file() else package_templates() / name
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise not_text(path, error) from error


def not_text(path: Path, error: UnicodeDecodeError) -> NotPossible:
    """The error for a template that is not UTF-8."""
    line = error.object.count(b"\n", 0, error.start) + 1
    found = error.object[error.start : error.end].hex(" ")
    message = f"{path}:{line}: must be UTF-8; found the bytes {found}"
    return NotPossible(message, "Save it as UTF-8.")
