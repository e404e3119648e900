"""Rendering: pages → bytes, through Jinja, autoescaped and strict about undefined names."""

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
from archive_site.text.html import findable

BOOT = "boot.js"


def environment(own: Path | None = None) -> Environment:
    """The Jinja environment of pages. Templates in the folder `own` override the package's.

    Raises `NotPossible` if `own` is not a folder."""
    jinja = templates(own)
    jinja.globals["boot"] = _boot(jinja)
    return jinja


def _boot(jinja: Environment) -> dict[str, str]:
    """The inline script of every page, and its hash for the content security policy."""
    assert jinja.loader is not None
    code = jinja.loader.get_source(jinja, BOOT)[0].strip()
    digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    return {"code": Markup(code), "hash": f"sha256-{digest}"}


def render_pages(pages: Iterable[Page], jinja: Environment) -> Iterator[tuple[str, bytes]]:
    """The path and the bytes of every page. Raises `NotPossible` if a template is faulty."""
    for page in pages:
        html = rendered(jinja, page.template, page.surroundings, page.shown).decode()
        yield page.path, findable(html).encode()


def static_files(own: Path | None = None) -> Iterator[tuple[str, bytes]]:
    """The stylesheet, the scripts and other static files. A file under `own` overrides the
    package's file of the same name."""
    for name, path in template_files(STATIC, own).items():
        yield f"{STATIC}/{name}", path.read_bytes()
