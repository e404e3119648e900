"""Files that come with the package, templates and the like, and an archive's own before them."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path


@lru_cache(maxsize=1)
def package_templates() -> Path:
    """The folder of the templates that come with the package: in a wheel, or in the repository."""
    inside = Path(str(files("archive_site"))) / "templates"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "templates"


def template_files(folder: str, own: Path | None = None) -> dict[str, Path]:
    """The files under `folder` of the templates, by their path in it, sorted; a file of that name
    in the archive's `own` templates stands before the package's."""
    found: dict[str, Path] = {}
    for root in [package_templates()] + ([own] if own else []):
        for path in (root / folder).rglob("*"):
            if path.is_file():
                found[path.relative_to(root / folder).as_posix()] = path
    return dict(sorted(found.items()))


def template_file(name: str, own: Path | None = None) -> Path:
    """The template `name`: the archive's `own`, where it has one, else the package's."""
    return own / name if own and (own / name).is_file() else package_templates() / name
