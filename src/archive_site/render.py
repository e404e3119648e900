"""The renderer: pages → bytes, through Jinja. Autoescaped, and strict about what is undefined."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from traceback import extract_tb

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)
from markupsafe import Markup

from archive_site.findings import NotPossible
from archive_site.links import STATIC
from archive_site.markup import raised
from archive_site.pages import Page
from archive_site.resources import package_templates, template_files

BOOT = "boot.js"


def environment(own: Path | None = None) -> Environment:
    """Jinja's environment; templates in the folder `own` stand before the package's.

    Raises `NotPossible` where there is no such folder."""
    if own and not own.is_dir():
        hint = "Name the folder of your own templates after --templates."
        raise NotPossible(f"no templates at {own}: there is no such folder", hint)
    folders = ([own] if own else []) + [package_templates()]
    jinja = Environment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    jinja.filters["raised"] = raised
    jinja.globals["boot"] = _boot(jinja)
    return jinja


def _boot(jinja: Environment) -> dict[str, str]:
    """The few lines of script that stand in every page, and their hash for its policy."""
    assert jinja.loader is not None
    code = jinja.loader.get_source(jinja, BOOT)[0].strip()
    digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    return {"code": Markup(code), "hash": f"sha256-{digest}"}


def render_pages(pages: Iterable[Page], jinja: Environment) -> Iterator[tuple[str, bytes]]:
    """Every page's path and bytes. Raises `NotPossible` where a template is faulty."""
    for page in pages:
        try:
            html = jinja.get_template(page.template).render(page.context)
        except (TemplateError, TypeError, ValueError) as error:
            hint = "The package's own templates show what each page is given."
            fault = f"{type(error).__name__}: {error}"
            raise NotPossible(f"{_place(error, page.template)}: {fault}", hint) from error
        yield page.path, html.encode()


def _place(error: Exception, template: str) -> str:
    """The file and line of a template's fault, as far as Jinja tells."""
    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename}:{error.lineno}"
    frames = [f for f in extract_tb(error.__traceback__) if f.filename.endswith(".html")]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else template


def static_files(own: Path | None = None) -> Iterator[tuple[str, bytes]]:
    """The stylesheet and its like; a file of that name under `own` stands before the package's."""
    for name, path in template_files(STATIC, own).items():
        yield f"{STATIC}/{name}", path.read_bytes()
