"""The folder `data/` as a package: its descriptor (Data Package 2.0) and its README. Both read the
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
from archive_site.edition.authority import KINDS as AUTHORITY_FILES
from archive_site.edition.format import slug
from archive_site.edition.front_matter import (
    ID,
)
from archive_site.exports import tables
from archive_site.exports.citations import title_of
from archive_site.exports.data import TEXT_SCHEMA
from archive_site.exports.harvest import urn
from archive_site.files.layout import CHECKSUMS, EDITIONS, EXEMPTIONS, SITE, UNCLAIMED, WITNESSES
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
    "csv": "text/csv",
    "json": "application/json",
    "md": "text/markdown",
    "txt": "text/plain",
    "yaml": "application/yaml",
}


class FileSort(NamedTuple):
    """A file or files of `data/`: their names (`*` stands for any), a title, what they are."""

    pattern: str
    title: str
    says: str


def _files() -> Iterator[FileSort]:
    """What stands in `data/`, in the order in which it is listed."""
    words = interface.DATA_FILES
    yield FileSort(f"{EDITIONS}/*.md", *words["edition"])
    yield FileSort(f"{WITNESSES}/*.txt", *words["witness"])
    yield FileSort(f"{WITNESSES}/{CHECKSUMS}", *words["witness sums"])
    for kind, file in AUTHORITY_FILES.items():
        yield FileSort(file.file, *_about(kind, "authority file"))
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
    """The title of a file about entries of a kind, and what it is."""
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
"""Of each column of the tables: its type, and what is true of its cells."""
UNKNOWN_COLUMN: tuple[str, dict[str, Json]] = ("string", {})
KEYS = ("key", "day")
"""The first column of tables that have a row for each entry."""
MENTION_TABLE = f"{tables.MENTIONS}.csv"


def sorts_of(paths: Iterable[str]) -> dict[FileSort, list[str]]:
    """Files of `data/` by what they are, in the order of the table."""
    sorts: dict[FileSort, list[str]] = {}
    for path in sorted(paths):
        sorts.setdefault(_sort_of(path), []).append(path)
    return {sort: sorts[sort] for sort in sorted(sorts, key=_rank)}


def _sort_of(path: str) -> FileSort:
    """What the file of `data/` at `path` is; only its name where the table does not know it."""
    known = (described for described in FILES if fnmatchcase(path, described.pattern))
    return next(known, FileSort(path, path, ""))


def _rank(sort: FileSort) -> int:
    return FILES.index(sort) if sort in FILES else len(FILES)


# ---------------------------------------------------------------- the descriptor


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is told of a file of `data/`: its size in bytes, its SHA-256, a table's columns."""

    size: int
    sha256: str
    columns: tuple[str, ...] = ()


def facts_of(files: Mapping[str, bytes]) -> dict[str, FileFacts]:
    """What is told of files, by their path in `data/`."""
    return {
        path: FileFacts(
            len(data),
            hashlib.sha256(data).hexdigest(),
            columns_of(data) if path.endswith(".csv") else (),
        )
        for path, data in files.items()
    }


def datapackage(model: SiteModel, files: Mapping[str, FileFacts]) -> bytes:
    """`datapackage.json` for the `files` of `data/`, by their path in it, itself left out: what
    each is, its size, its SHA-256, the columns of tables. No licence: none is known."""
    site = model.site
    names, metas = _resource_names(files), _metas(model)
    people = dict.fromkeys(r.who for text in model.texts.values() for r in text.meta.revisions)
    sources = [
        {"title": title_of(text.meta), "path": f"{WITNESSES}/{text.facts.witness}"}
        for text in model.texts.values()
        if text.facts.witness
    ]
    told = {
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
    return json_file({name: value for name, value in told.items() if value})


def _resource(path: str, facts: FileFacts, meta: Meta | None) -> dict[str, Json]:
    described = _sort_of(path)
    ending = path.rpartition(".")[2] if "." in path else ""
    resource = {
        "path": path,
        "type": "table" if ending == "csv" else "",
        "title": typeset(f"{described.title} : {title_of(meta)}" if meta else described.title),
        "description": typeset(f"{described.says[:1].upper()}{described.says[1:]}"),
        "format": ending,
        "mediatype": MEDIA_TYPES.get(ending, "text/plain"),
        "encoding": "utf-8",
        "bytes": facts.size,
        "hash": f"sha256:{facts.sha256}",
        "schema": _table_schema(path, facts.columns) if ending == "csv" else None,
        "dc:rights": _rights(meta) if meta else None,
    }
    return {name: value for name, value in resource.items() if value not in ("", None, [])}


def _metas(model: SiteModel) -> dict[str, Meta]:
    """What is known of the text that a file holds, by the path of its edition and its witness."""
    return {
        path: text.meta
        for text in model.texts.values()
        for path in (f"{EDITIONS}/{text.id}.md", f"{WITNESSES}/{text.facts.witness}")
    }


def _rights(meta: Meta) -> list[str]:
    return [typeset(f"{interface.RIGHTS_LAYERS[layer]} : {words}") for layer, words in meta.rights]


def _resource_names(files: Iterable[str]) -> dict[str, str]:
    """A name of small letters, figures, `.`, `_` and `-` for each file, no two alike."""
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
    """The Table Schema of a CSV file of these columns."""
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
    """A sort of files: the name of the file, or of all of them, and what they are."""

    name: Markup
    says: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    name: str
    type: str
    says: str


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of some tables."""

    names: Markup
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Readme(Context):
    """What the README shows. Words are typeset, and nothing in them is Markdown."""

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


def readme(model: SiteModel, files: Mapping[str, FileFacts], jinja: Environment) -> bytes:
    """`README.md` for the `files` of `data/`, by their path in it: what they are, the columns of
    the tables, how to check, cite and reuse them."""
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
    """Words, typeset, in which nothing is Markdown. They are no HTML: nothing is to be escaped."""
    return Markup(re.sub(r"([\\`*_<>\[\]#&])", r"\\\1", typeset(words)))


def _sorts(files: Iterable[str]) -> Iterator[SortOfFile]:
    """The sorts of files that there are."""
    for sort, paths in sorts_of(files).items():
        name = f"`{paths[0]}`"
        if len(paths) > 1:
            name = f"`{sort.pattern}` ({counted(len(paths), *interface.FILES)})"
        yield SortOfFile(Markup(name), typeset(sort.says))


def _tables(files: Mapping[str, FileFacts]) -> Iterator[Columns]:
    """The columns of the CSV files; tables that have the same columns stand together."""
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
    """What a column of the tables says, in French."""
    return typeset(interface.COLUMNS.get(column, "").format(kinds=", ".join(_KINDS)))


def _rights_of(meta: Meta) -> Markup:
    """What is known of the rights in a text."""
    rights = " ; ".join(_rights(meta)) or interface.NOTHING_SAID
    return _markdown(f"{title_of(meta)} : {rights}")
