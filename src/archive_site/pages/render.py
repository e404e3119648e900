"""The renderer: pages → bytes, through Jinja. Autoescaped, and strict about what is undefined."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from archive_site.corpus.urls import STATIC
from archive_site.pages.page import Page
from archive_site.templating.jinja import rendered, templates
from archive_site.templating.resources import template_files
from archive_site.text.typography import findable

BOOT = "boot.js"


def environment(own: Path | None = None) -> Environment:
    """Jinja as pages need it; templates in the folder `own` stand before the package's.

    Raises `NotPossible` where there is no such folder."""
    jinja = templates(own)
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
        html = rendered(jinja, page.template, page.surroundings, page.shown).decode()
        yield page.path, findable(html).encode()


def static_files(own: Path | None = None) -> Iterator[tuple[str, bytes]]:
    """The stylesheet and its like; a file of that name under `own` stands before the package's."""
    for name, path in template_files(STATIC, own).items():
        yield f"{STATIC}/{name}", path.read_bytes()
