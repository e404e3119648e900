"""The renderer: pages → bytes, through Jinja. Autoescaped, and strict about what is undefined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from archive_site.links import STATIC
from archive_site.markup import raised
from archive_site.pages import Page


@lru_cache(maxsize=1)
def package_templates() -> Path:
    """The folder of the templates that come with the package: in a wheel, or in the repository."""
    inside = Path(str(files("archive_site"))) / "templates"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "templates"


def environment(own: Path | None = None) -> Environment:
    """Jinja's environment; templates in the folder `own` stand before the package's."""
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
    return jinja


def render_pages(pages: Iterable[Page], jinja: Environment) -> Iterator[tuple[str, bytes]]:
    """Every page's path and bytes."""
    for page in pages:
        yield page.path, jinja.get_template(page.template).render(page.context).encode()


def static_files(own: Path | None = None) -> Iterator[tuple[str, bytes]]:
    """The stylesheet and its like; a file of that name under `own` stands before the package's."""
    found: dict[str, Path] = {}
    for folder in [package_templates()] + ([own] if own else []):
        for path in sorted((folder / STATIC).glob("*")):
            if path.is_file():
                found[path.name] = path
    for name, path in found.items():
        yield f"{STATIC}/{name}", path.read_bytes()
