"""Jinja, set up for the templates of the package and of an archive. An archive's templates override
those of the package; errors in a template are reported with their file and line."""

from __future__ import annotations

import hashlib
import marshal
import re
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from types import CodeType
from typing import Any

import jinja2
from jinja2 import (
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateSyntaxError,
)
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from archive_site import HERE
from archive_site.files.cache import Cache, shared_folder
from archive_site.files.fingerprints import times_of
from archive_site.findings import NotPossible
from archive_site.templating.resources import not_text, package_templates

TEMPLATES = (".html", ".xhtml", ".xml", ".opf", ".ncx", ".svg", ".css", ".md")
"""The suffixes of Jinja templates."""
FAULTS = (
    TemplateError,
    TypeError,
    ValueError,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
)
"""The exceptions that a faulty template may raise."""
PACKAGE = "package"
"""The prefix with which a template refers to the package's templates, as in `package/text.html`."""

COMPILED = 256
"""The most compiled templates in the cache: enough for the package and a few archives."""

_to_escape = re.compile("[&<>\"']").search


class _Environment(Environment):
    """Jinja with faster escaping."""


class _Template(Template):
    @classmethod
    def from_code(
        cls,
        environment: Environment,
        code: CodeType,
        globals: MutableMapping[str, Any],
        uptodate: Callable[[], bool] | None = None,
    ) -> Template:
        """A template that escapes with `_escaped`, which does not make a `Markup` of each value."""
        template = super().from_code(environment, code, globals, uptodate)
        template.root_render_func.__globals__["escape"] = _escaped
        return template


_Environment.template_class = _Template


def _escaped(value: Any) -> str:
    """`value` escaped for HTML, with the same result as `escape`."""
    kind = type(value)
    if kind is Markup or (kind is str and not _to_escape(value)):
        return value  # type: ignore[no-any-return]  # a str
    return str(value) if kind is int else escape(value)


class _Templates(FileSystemLoader):
    """The templates in one folder."""

    def __init__(self, folder: Path):
        super().__init__(folder)
        self.folder = folder

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """The source of a template. Raises `NotPossible` if it is not UTF-8."""
        try:
            return super().get_source(environment, template)
        except UnicodeDecodeError as error:
            raise not_text(self.folder / template, error) from error


class _Compiled(BytecodeCache):
    """Compiled templates, cached between runs, since compiling templates takes longer than
    rendering them. They are executable code, so the cache is writable only by the user."""

    def __init__(self, cache: Cache):
        self.cache = cache

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The cache key of a template. It is a `repr`, because a path may have any bytes."""
        return repr((name, filename))

    def load_bytecode(self, bucket: Bucket) -> None:
        """Load the compiled template from the cache, if it is there."""
        kept = self.cache.kept(_key(bucket))
        with suppress(ValueError, EOFError, TypeError):
            code = marshal.loads(kept) if kept else None
            bucket.code = code if isinstance(code, CodeType) else None

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Add the compiled template to the cache."""
        self.cache.keep(_key(bucket), marshal.dumps(bucket.code))
        self.cache.keep_latest(COMPILED)


def _key(bucket: Bucket) -> str:
    """A digest of everything that a compiled template depends on."""
    filters = sorted(bucket.environment.filters)
    state = repr((_state(), filters, bucket.key, bucket.checksum))
    return hashlib.sha256(state.encode()).hexdigest()


@lru_cache(maxsize=1)
def _state() -> tuple[object, ...]:
    """Identifies the code that compiles templates. It includes this package, because the results of
    filters on constants are compiled in."""
    return MAGIC_NUMBER, jinja2.__version__, times_of(HERE)


def templates(own: Path | None = None) -> Environment:
    """The Jinja environment, with autoescaping and strict about undefined names. Templates in the
    folder `own` override the package's, and can extend those under `package/`. A template is read
    once; later changes to its file are ignored. Raises `NotPossible` if `own` is not a folder."""
    if own and not own.is_dir():
        hint = "Give the folder of your own templates with --templates."
        raise NotPossible(f"no templates at {own}: there is no such folder", hint)
    package = _Templates(package_templates())
    mine = [_Templates(own)] if own else []
    kept = shared_folder("templates")
    return _Environment(
        bytecode_cache=_Compiled(Cache(kept)) if kept else None,
        auto_reload=False,
        loader=ChoiceLoader([*mine, package, PrefixLoader({PACKAGE: package})]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@dataclass(frozen=True, slots=True)
class Context:
    """Base class of the records whose fields are the variables of a template."""


def rendered(jinja: Environment, template: str, *given: Context) -> bytes:
    """A template, rendered with the fields of the records `given`. Raises `NotPossible` if the
    template is faulty."""
    context = {
        field.name: getattr(record, field.name) for record in given for field in fields(record)
    }
    hint = "See the package's templates for the variables of each page."
    try:
        return jinja.get_template(template).render(context).encode()
    except RecursionError as error:
        fault = "it extends, includes or calls itself"
        hint = f"Refer to the package's template with the prefix {PACKAGE}/: {PACKAGE}/base.html."
        raise NotPossible(f"{_place(error, template)}: {fault}", hint) from error
    except FAULTS as error:
        fault = f"{type(error).__name__}: {error}"
        raise NotPossible(f"{_place(error, template)}: {fault}", hint) from error


def _place(error: Exception, template: str) -> str:
    """The file and line of an error in a template, or the template's name if they are unknown."""
    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename}:{error.lineno}"
    from traceback import extract_tb

    frames = [f for f in extract_tb(error.__traceback__) if f.filename.endswith(TEMPLATES)]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else template
