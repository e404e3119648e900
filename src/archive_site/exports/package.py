"""The descriptor (Data Package 2.0) and the README of the folder `data/`. Both are made from the
same tables of files and columns."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import NamedTuple, get_args

from jinja2 import Environment
from markupsafe import Markup

from archive_site import interface
from archive_site.corpus import urls
from archive_site.corpus.pictures import FORMATS
from archive_site.edition.authority import KINDS as AUTHORITY_FILES
from archive_site.edition.front_matter import (
    ID,
)
from archive_site.edition.ids import slug
from archive_site.exports import tables
from archive_site.exports.citations import title_of
from archive_site.exports.data import TEXT_SCHEMA
from archive_site.exports.harvest import urn
from archive_site.files.layout import (
    BIBLIOGRAPHIES,
    CHECKSUMS,
    COLLECTIONS,
    CREDITS,
    EDITIONS,
    EXEMPTIONS,
    IMAGES,
    RECEIVED,
    SITE,
    UNCLAIMED,
    WITNESSES,
)
from archive_site.files.tabular import Json, json_file
from archive_site.model.site_model import SiteModel
from archive_site.templating.jinja import Context, rendered
from archive_site.text.dates import in_french
from archive_site.text.document import Certainty, Meta
from archive_site.text.typography import counted, typeset

DESCRIPTOR, README = "datapackage.json", "README.md"
SCHEMA = TEXT_SCHEMA.removeprefix(f"{urls.DATA}/")
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
MEDIA_TYPES = {
    "bib": "application/x-bibtex",
    "csv": "text/csv",
    "hocr": "text/html",
    "json": "application/json",
    "md": "text/markdown",
    "txt": "text/plain",
    "xml": "application/xml",
    "yaml": "application/yaml",
}
BINARY_TYPES = {
    **{ending: f"image/{name.lower()}" for ending, name in FORMATS.items()},
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "epub": "application/epub+zip",
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
    "tif": "image/tiff",
    "zip": "application/zip",
}
"""The media types of files that are no text."""


class FileSort(NamedTuple):
    """A kind of file in `data/`: a pattern for its names (`*` matches anything), a title, and a
    description."""

    pattern: str
    title: str
    says: str


def _files() -> Iterator[FileSort]:
    """The kinds of files in `data/`, in the order of the README."""
    words = interface.DATA_FILES
    yield FileSort(f"{EDITIONS}/*.md", *words["edition"])
    yield FileSort(f"{WITNESSES}/{CHECKSUMS}", *words["witness sums"])
    for ending in RECEIVED:
        yield FileSort(f"{WITNESSES}/*.{ending}.txt", *words["witness text"])
        yield FileSort(f"{WITNESSES}/*.{ending}.json", *words["witness places"])
        yield FileSort(f"{WITNESSES}/*.{ending}", *words["witness"])
    yield FileSort(f"{WITNESSES}/*.txt", *words["witness"])
    yield FileSort(f"{IMAGES}/*", *words["picture"])
    yield FileSort(CREDITS, *words["credits"])
    yield FileSort(COLLECTIONS, *words["collections"])
    for kind, file in AUTHORITY_FILES.items():
        yield FileSort(file.file, *_about(kind, "authority file"))
    for name, what in zip(BIBLIOGRAPHIES, ("bibtex", "csl"), strict=True):
        yield FileSort(name, *words[what])
    yield FileSort(SITE, *words["site"])
    yield FileSort(UNCLAIMED, *words["unclaimed"])
    yield FileSort(EXEMPTIONS, *words["exemptions"])
    for kind, stem in tables.FILES.items():
        yield FileSort(f"{stem}.json", *_about(kind, "index as JSON"))
        yield FileSort(f"{stem}.csv", *_about(kind, "index as CSV"))
    yield FileSort(f"{tables.DAYS}.json", *words["days as JSON"])
    yield FileSort(f"{tables.DAYS}.csv", *words["days as CSV"])
    yield FileSort(f"{tables.MENTIONS}.csv", *words["mentions"])
    yield FileSort("*.beacon.txt", *words["beacon"])
    yield FileSort(SCHEMA, *words["schema"])
    yield FileSort(README, *words["readme"])
    yield FileSort(DESCRIPTOR, *words["descriptor"])
    yield FileSort(CHECKSUMS, *words["sums"])


def _about(kind: str, what: str) -> tuple[str, str]:
    """The title and the description of a file about entries of a kind."""
    title, says = interface.DATA_FILES[what]
    name = interface.ENTRY_KINDS[kind][1]
    return title.format(kind=name), says.format(kind=name.lower())


FILES = tuple(_files())
_KINDS = [*AUTHORITY_FILES, "day"]
_TEXT_IDS: dict[str, Json] = {"pattern": f"^{ID.pattern}( {ID.pattern})*$"}
COLUMNS: dict[str, tuple[str, dict[str, Json]]] = {
    "key": ("string", {}),
    "name": ("string", {}),
    "sort": ("string", {}),
    "years": ("string", {}),
    "date": ("string", {}),
    "old_style": ("string", {}),
    "description": ("string", {}),
    "mentions": ("integer", {"minimum": 0}),
    "texts": ("string", _TEXT_IDS),
    "sources": ("string", {}),
    "latitude": ("number", {"minimum": -90, "maximum": 90}),
    "longitude": ("number", {"minimum": -180, "maximum": 180}),
    "day": ("date", {"required": True}),
    "kind": ("string", {"enum": _KINDS}),
    "text": ("string", {"pattern": f"^{ID.pattern}$"}),
    "block": ("string", {}),
    "note": ("string", {}),
    "start": ("integer", {"minimum": 0}),
    "end": ("integer", {"minimum": 1}),
    "words": ("string", {}),
    "certainty": ("string", {"enum": [*get_args(Certainty)]}),
}
"""The type and the constraints of each column of the tables."""
UNKNOWN_COLUMN: tuple[str, dict[str, Json]] = ("string", {})
KEYS = ("key", "day")
"""The first columns that are primary keys, in tables with a row for each entry or day."""
MENTION_TABLE = f"{tables.MENTIONS}.csv"


def sorts_of(paths: Iterable[str]) -> dict[FileSort, list[str]]:
    """The paths of files in `data/` by kind, in the order of `FILES`."""
    sorts: dict[FileSort, list[str]] = {}
    for path in sorted(paths):
        sorts.setdefault(_sort_of(path), []).append(path)
    return {sort: sorts[sort] for sort in sorted(sorts, key=_rank)}


def _sort_of(path: str) -> FileSort:
    """The kind of the file at `path` in `data/`; if `FILES` does not have it, a kind with only its
    name."""
    known = (described for described in FILES if fnmatchcase(path, described.pattern))
    return next(known, FileSort(path, path, ""))


def _rank(sort: FileSort) -> int:
    return FILES.index(sort) if sort in FILES else len(FILES)


# ---------------------------------------------------------------- the descriptor


@dataclass(frozen=True, slots=True)
class FileInfo:
    """A file of `data/` for the descriptor: its size in bytes, its SHA-256, and the columns of a
    table."""

    size: int
    sha256: str
    columns: tuple[str, ...] = ()


def info_of(files: Mapping[str, bytes]) -> dict[str, FileInfo]:
    """The size, digest and columns of each file, by its path in `data/`."""
    return {
        path: FileInfo(
            len(data),
            hashlib.sha256(data).hexdigest(),
            columns_of(data) if path.endswith(".csv") else (),
        )
        for path, data in files.items()
    }


def datapackage(model: SiteModel, files: Mapping[str, FileInfo]) -> bytes:
    """`datapackage.json` for the other `files` of `data/`, by their path in it: the description,
    the size and the SHA-256 of each, and the columns of tables. It has no licence, since none is
    known."""
    site = model.site
    names, metas = _resource_names(files), _metas(model)
    people = dict.fromkeys(r.who for text in model.texts.values() for r in text.meta.revisions)
    sources = [
        {"title": title_of(text.meta), "path": f"{WITNESSES}/{text.facts.witness}"}
        for text in model.texts.values()
        if text.facts.witness
    ]
    descriptor = {
        "$schema": PROFILE,
        "name": slug(site.title) or "archive",
        "id": urn(site),
        "title": typeset(site.title),
        "description": "\n\n".join(map(typeset, (*site.purpose, interface.UNLICENSED))),
        "homepage": site.base_url,
        "version": model.version,
        "created": f"{model.revised}T00:00:00Z" if model.revised else "",
        "contributors": [{"title": who, "roles": ["dataCurator"]} for who in people if who],
        "sources": sources,
        "resources": [
            {"name": names[path], **_resource(path, files[path], metas.get(path))}
            for path in sorted(files)
        ],
    }
    return json_file({name: value for name, value in descriptor.items() if value})


def _resource(path: str, info: FileInfo, meta: Meta | None) -> dict[str, Json]:
    described = _sort_of(path)
    ending = path.rpartition(".")[2] if "." in path else ""
    binary = BINARY_TYPES.get(ending.lower(), "")
    resource = {
        "path": path,
        "type": "table" if ending == "csv" else "",
        "title": typeset(f"{described.title} : {title_of(meta)}" if meta else described.title),
        "description": typeset(f"{described.says[:1].upper()}{described.says[1:]}"),
        "format": ending,
        "mediatype": binary or MEDIA_TYPES.get(ending, "text/plain"),
        "encoding": "" if binary else "utf-8",
        "bytes": info.size,
        "hash": f"sha256:{info.sha256}",
        "schema": _table_schema(path, info.columns) if ending == "csv" else None,
        "dc:rights": _rights(meta) if meta else None,
    }
    return {name: value for name, value in resource.items() if value not in ("", None, [])}


def _metas(model: SiteModel) -> dict[str, Meta]:
    """The front matter of each text, by the paths of its edition and its witness."""
    return {
        path: text.meta
        for text in model.texts.values()
        for path in (f"{EDITIONS}/{text.id}.md", f"{WITNESSES}/{text.facts.witness}")
    }


def _rights(meta: Meta) -> list[str]:
    return [typeset(f"{interface.RIGHTS_LAYERS[layer]} : {words}") for layer, words in meta.rights]


def _resource_names(files: Iterable[str]) -> dict[str, str]:
    """A unique name for each file, of lower-case letters, digits, `.`, `_` and `-`."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for path in sorted(files):
        name = plain = re.sub(r"[^a-z0-9._-]+", "-", path.lower())
        rank = 1
        while name in taken:
            rank += 1
            name = f"{plain}-{rank}"
        taken.add(name)
        names[path] = name
    return names


def _table_schema(path: str, columns: Sequence[str]) -> dict[str, Json]:
    """The Table Schema of a CSV file with these columns."""
    fields: list[dict[str, Json]] = []
    for column in columns:
        kind, constraints = COLUMNS.get(column, UNKNOWN_COLUMN)
        field: dict[str, Json] = {"name": column, "type": kind, "description": _says(column)}
        fields.append(field | ({"constraints": constraints} if constraints else {}))
    keyed = columns[0] in KEYS and path != MENTION_TABLE
    schema: dict[str, Json] = {"fields": fields, "missingValues": [""]}
    return schema | {"primaryKey": [columns[0]]} if keyed else schema


def columns_of(data: bytes) -> tuple[str, ...]:
    """The columns of a CSV file, from its first line."""
    return tuple(next(csv.reader(io.StringIO(data.decode("utf-8"))), ("",)))


# ---------------------------------------------------------------- the README


@dataclass(frozen=True, slots=True)
class SortOfFile:
    """A kind of file in the README: the name of the file, or a pattern and the number of files, and
    a description."""

    name: Markup
    says: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its name, its type, and its description."""

    name: str
    type: str
    says: str


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that some tables have in common, with the names of these tables."""

    names: Markup
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Readme(Context):
    """The variables of the README. Words are typeset, with Markdown escaped."""

    title: Markup
    purpose: tuple[Markup, ...]
    descriptor: str
    schema: str
    checksums: str
    files: tuple[SortOfFile, ...]
    tables: tuple[Columns, ...]
    cited: Markup
    unlicensed: str
    rights_of_texts: tuple[Markup, ...]


def readme(model: SiteModel, files: Mapping[str, FileInfo], jinja: Environment) -> bytes:
    """`README.md` for the `files` of `data/`, by their path in it. It describes the files and the
    columns of tables, and how to check, cite and reuse them."""
    site = model.site
    revised = interface.REVISED.format(date=in_french(model.revised)) if model.revised else ""
    version = interface.VERSION.format(version=model.version)
    cited = _markdown(", ".join(filter(None, (site.title, version, revised))))
    shown = Readme(
        title=_markdown(site.title),
        purpose=tuple(map(_markdown, site.purpose)),
        descriptor=DESCRIPTOR,
        schema=SCHEMA,
        checksums=CHECKSUMS,
        files=tuple(_sorts(files)),
        tables=tuple(_tables(files)),
        cited=cited + Markup(f", <{site.base_url}>" if site.base_url else ""),
        unlicensed=typeset(interface.UNLICENSED),
        rights_of_texts=tuple(_rights_of(text.meta) for text in model.texts.values()),
    )
    return rendered(jinja, f"data/{README}", shown)


def _markdown(words: str) -> Markup:
    """`words`, typeset, with Markdown escaped. `Markup` keeps Jinja from escaping them as HTML."""
    return Markup(re.sub(r"([\\`*_<>\[\]#&])", r"\\\1", typeset(words)))


def _sorts(files: Iterable[str]) -> Iterator[SortOfFile]:
    """The kinds of files that `data/` has."""
    for sort, paths in sorts_of(files).items():
        name = f"`{paths[0]}`"
        if len(paths) > 1:
            name = f"`{sort.pattern}` ({counted(len(paths), *interface.FILES)})"
        yield SortOfFile(Markup(name), typeset(sort.says))


def _tables(files: Mapping[str, FileInfo]) -> Iterator[Columns]:
    """The columns of the CSV files, once for all tables that have the same columns."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for path in sorted(path for path in files if path.endswith(".csv")):
        alike.setdefault(files[path].columns, []).append(path)
    for columns, paths in alike.items():
        known = ((name, *COLUMNS.get(name, UNKNOWN_COLUMN)) for name in columns)
        yield Columns(
            Markup(", ".join(f"`{path}`" for path in paths)),
            tuple(Column(name, kind, _says(name)) for name, kind, _ in known),
        )


def _says(column: str) -> str:
    """The description of a column, in French."""
    return typeset(interface.COLUMNS.get(column, "").format(kinds=", ".join(_KINDS)))


def _rights_of(meta: Meta) -> Markup:
    """The title of a text, and its rights as far as they are known."""
    rights = " ; ".join(_rights(meta)) or interface.NOTHING_SAID
    return _markdown(f"{title_of(meta)} : {rights}")
