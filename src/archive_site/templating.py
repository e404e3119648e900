"""Jinja: the package's templates, an archive's own before them; faults told with their place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from traceback import extract_tb
from typing import Any

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)

from archive_site.findings import NotPossible
from archive_site.resources import not_text, package_templates

TEMPLATES = (".html", ".xhtml", ".xml", ".opf", ".ncx", ".svg", ".css")
"""How the names of Jinja's templates end."""
FAULTS = (
    TemplateError,
    TypeError,
    ValueError,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
)
"""What a template may raise that asks for something it cannot have."""
PACKAGE = "package"
"""The folder under which a template names the package's own, as in `package/text.html`."""


class _Templates(FileSystemLoader):
    """The templates in one folder."""

    def __init__(self, folder: Path):
        super().__init__(folder)
        self.folder = folder

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """A template's text. Raises `NotPossible` where it is not UTF-8."""
        try:
            return super().get_source(environment, template)
        except UnicodeDecodeError as error:
            raise not_text(self.folder / template, error) from error


def templates(own: Path | None = None) -> Environment:
    """Jinja, autoescaped and strict about what is undefined; templates in the folder `own` stand
    before the package's, and can name those under `package/`, to extend them. Raises `NotPossible`
    where there is no such folder."""
    if own and not own.is_dir():
        hint = "Name the folder of your own templates after --templates."
        raise NotPossible(f"no templates at {own}: there is no such folder", hint)
    package = _Templates(package_templates())
    mine = [_Templates(own)] if own else []
    return Environment(
        loader=ChoiceLoader([*mine, package, PrefixLoader({PACKAGE: package})]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def rendered(jinja: Environment, template: str, context: Mapping[str, Any]) -> bytes:
    """What a template makes of its context. Raises `NotPossible` where it is faulty."""
    hint = "The package's own templates show what each page is given."
    try:
        return jinja.get_template(template).render(context).encode()
    except RecursionError as error:
        fault = "it extends, includes or calls itself"
        hint = f"Name the package's own by its path under {PACKAGE}/: {PACKAGE}/base.html."
        raise NotPossible(f"{_place(error, template)}: {fault}", hint) from error
    except FAULTS as error:
        fault = f"{type(error).__name__}: {error}"
        raise NotPossible(f"{_place(error, template)}: {fault}", hint) from error


def _place(error: Exception, template: str) -> str:
    """The file and line of a template's fault, as far as Jinja tells."""
    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename}:{error.lineno}"
    frames = [f for f in extract_tb(error.__traceback__) if f.filename.endswith(TEMPLATES)]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else template
