"""Files that come with the package, templates and the like, and an archive's own before them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from traceback import extract_tb
from typing import Any

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)

from archive_site.findings import NotPossible

TEMPLATES = (".html", ".xhtml", ".xml", ".opf", ".ncx", ".svg", ".css")
"""How the names of Jinja's templates end."""


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


def template_text(name: str, own: Path | None = None) -> str:
    """What stands in the template `name`: the archive's `own`, where it has one, else the
    package's. Raises `NotPossible` where it is not UTF-8."""
    path = own / name if own and (own / name).is_file() else package_templates() / name
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise NotPossible(f"{path}: must be UTF-8; {error}", "Save it as UTF-8.") from error


def templates(own: Path | None = None) -> Environment:
    """Jinja, autoescaped and strict about what is undefined; templates in the folder `own` stand
    before the package's. Raises `NotPossible` where there is no such folder."""
    if own and not own.is_dir():
        hint = "Name the folder of your own templates after --templates."
        raise NotPossible(f"no templates at {own}: there is no such folder", hint)
    folders = ([own] if own else []) + [package_templates()]
    return Environment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def rendered(jinja: Environment, template: str, context: Mapping[str, Any]) -> bytes:
    """What a template makes of its context. Raises `NotPossible` where it is faulty."""
    try:
        return jinja.get_template(template).render(context).encode()
    except (TemplateError, TypeError, ValueError) as error:
        hint = "The package's own templates show what each page is given."
        fault = f"{type(error).__name__}: {error}"
        raise NotPossible(f"{_place(error, template)}: {fault}", hint) from error


def _place(error: Exception, template: str) -> str:
    """The file and line of a template's fault, as far as Jinja tells."""
    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename}:{error.lineno}"
    frames = [f for f in extract_tb(error.__traceback__) if f.filename.endswith(TEMPLATES)]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else template
