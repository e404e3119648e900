"""Files that come with the package, templates and the like, and an archive's own before them."""

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
"""The folder of templates, in the package and beside a corpus."""


@lru_cache(maxsize=1)
def package_templates() -> Path:
    """The folder of the templates that come with the package: in a wheel, or in the repository."""
    inside = HERE / OWN
    return inside if inside.is_dir() else HERE.parents[1] / OWN


def own_templates(corpus: Path) -> Path | None:
    """The archive's own templates: the folder `templates/` beside its corpus. None where there is
    none, or where it is the package's own, as in the repository. Raises `NotPossible` where it is a
    link: what others put into an archive must not lead out of it."""
    own = Path(os.path.abspath(corpus)).parent / OWN
    if own.is_symlink():
        message = f"{own} is a symbolic link; an archive's own templates must be a folder"
        raise NotPossible(message, "Put the folder in its place, or name one with --templates.")
    return own if own.is_dir() and not own.samefile(package_templates()) else None


def check_own(own: Path | None) -> tuple[Finding, ...]:
    """A finding for whatever in an archive's `own` templates must not be read (E005), and for what
    has a name that not every system can have (E048). Raises `NotPossible` if there is no such
    folder."""
    if own is None:
        return ()
    if not own.is_dir():
        hint = "Name the folder of your own templates after --templates."
        raise NotPossible(f"no templates at {own}: there is no such folder", hint)
    tree = read_tree(own, is_kept)
    wrong = portable(name for name in tree.files if name.startswith("static/"))
    return (*tree.findings, *(replace(finding, path=str(own / finding.path)) for finding in wrong))


def template_files(folder: str, own: Path | None = None) -> dict[str, Path]:
    """The files under `folder` of the templates, by their path in it, sorted; a file of that name
    in the archive's `own` templates stands before the package's. What is hidden there, or an
    editor's, is left alone."""
    found: dict[str, Path] = {}
    for path in (package_templates() / folder).rglob("*"):
        if path.is_file():
            found[path.relative_to(package_templates() / folder).as_posix()] = path
    if own and (own / folder).is_dir():
        found |= {name: own / folder / name for name in read_tree(own / folder, is_kept).files}
    return dict(sorted(found.items()))


def template_text(name: str, own: Path | None = None) -> str:
    """What stands in the template `name`: the archive's `own`, where it has one, else the
    package's. Raises `NotPossible` where it is not UTF-8."""
    path = own / name if own and (own / name).is_file() else package_templates() / name
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise not_text(path, error) from error


def not_text(path: Path, error: UnicodeDecodeError) -> NotPossible:
    """What is said of a template that is not UTF-8."""
    line = error.object.count(b"\n", 0, error.start) + 1
    seen = error.object[error.start : error.end].hex(" ")
    return NotPossible(f"{path}:{line}: must be UTF-8; found the bytes {seen}", "Save it as UTF-8.")
