"""Jinja: the package's templates, an archive's own before them; faults told with their place."""

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

COMPILED = 256
"""So many compiled templates are kept: the package's, and those of a few archives."""

_OF_DICTS = frozenset(dir(dict))
_to_escape = re.compile("[&<>\"']").search


class _Environment(Environment):
    """Jinja, quicker at what templates do most: to look into dictionaries, and to escape."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`obj.attribute` in a template: what Jinja finds, without the error that it first gets
        from a dictionary."""
        if type(obj) is dict and attribute in obj and attribute not in _OF_DICTS:
            return obj[attribute]
        return super().getattr(obj, attribute)


class _Template(Template):
    @classmethod
    def from_code(
        cls,
        environment: Environment,
        code: CodeType,
        globals: MutableMapping[str, Any],
        uptodate: Callable[[], bool] | None = None,
    ) -> Template:
        """A template that places words without making `Markup` of each."""
        template = super().from_code(environment, code, globals, uptodate)
        template.root_render_func.__globals__["escape"] = _escaped
        return template


_Environment.template_class = _Template


def _escaped(value: Any) -> str:
    """What a template shows of a value: the same as `escape` gives."""
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
        """A template's text. Raises `NotPossible` where it is not UTF-8."""
        try:
            return super().get_source(environment, template)
        except UnicodeDecodeError as error:
            raise not_text(self.folder / template, error) from error


class _Compiled(BytecodeCache):
    """Compiled templates, kept from one run to the next: to compile those of a page takes longer
    than to fill them. They are code that runs, so they lie where the user alone can write."""

    def __init__(self, cache: Cache):
        self.cache = cache

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """What names a template; the path in it may have any bytes."""
        return repr((name, filename))

    def load_bytecode(self, bucket: Bucket) -> None:
        """The template that is kept, if any."""
        kept = self.cache.kept(_key(bucket))
        with suppress(ValueError, EOFError, TypeError):
            code = marshal.loads(kept) if kept else None
            bucket.code = code if isinstance(code, CodeType) else None

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template."""
        self.cache.keep(_key(bucket), marshal.dumps(bucket.code))
        self.cache.keep_latest(COMPILED)


def _key(bucket: Bucket) -> str:
    """All that a compiled template depends on."""
    filters = sorted(bucket.environment.filters)
    said = repr((_state(), filters, bucket.key, bucket.checksum))
    return hashlib.sha256(said.encode()).hexdigest()


@lru_cache(maxsize=1)
def _state() -> tuple[object, ...]:
    """What names the state of the code that compiles templates. Ours is of it: what filters make of
    constants is compiled."""
    return MAGIC_NUMBER, jinja2.__version__, times_of(HERE)


def templates(own: Path | None = None) -> Environment:
    """Jinja, autoescaped and strict about what is undefined; templates in the folder `own` stand
    before the package's, and can name those under `package/`, to extend them. Raises `NotPossible`
    where there is no such folder. They are read once: what is changed meanwhile is not seen."""
    if own and not own.is_dir():
        hint = "Name the folder of your own templates after --templates."
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
    """What a template is given: a record whose fields it names."""


def rendered(jinja: Environment, template: str, *given: Context) -> bytes:
    """What a template makes of the records that it is given. Raises `NotPossible` if it is
    faulty."""
    context = {
        field.name: getattr(record, field.name) for record in given for field in fields(record)
    }
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
    from traceback import extract_tb

    frames = [f for f in extract_tb(error.__traceback__) if f.filename.endswith(TEMPLATES)]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else template
