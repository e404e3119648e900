"""`collections.yaml`: the collections that texts belong to. A collection may be within others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from archive_site.edition.front_matter import ID, Reader, did_you_mean
from archive_site.edition.yaml import Value
from archive_site.files.writing import wrong_name
from archive_site.findings import Finding

_FIELDS = ("title", "description", "parents", "order")


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection: its key, title and description; the keys of the collections that it is within;
    the texts (ids) that come first in it, in this order, before the others by date. `path` and
    `line` locate it in its file, `order_line` its order."""

    key: str
    title: str
    description: str = ""
    parents: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    path: str = field(default="", compare=False, repr=False)
    line: int = field(default=0, compare=False, repr=False)
    order_line: int = field(default=0, compare=False, repr=False)


def read_collections(value: Value | None, path: str) -> tuple[dict[str, Collection], list[Finding]]:
    """The collections by key, in the order of the file, and the findings of the file."""
    findings: list[Finding] = []
    reader = Reader(path, findings)
    value = value and value.composed()
    fields, lines = (value.fields or {}, value.key_lines) if value else ({}, {})
    found = {}
    for key, item in fields.items():
        line = lines.get(key, item.line)
        if not ID.fullmatch(key):
            message = f"a key must be lower-case letters, digits and hyphens; found “{key}”"
            reader.report(line, "E018", message)
        elif reason := wrong_name(key):
            reader.report(line, "E048", f"“{key}” {reason}", "Choose another key.")
        found[key] = _collection(reader, key, item, line)
    findings += _check_parents(found)
    return found, findings


def _collection(reader: Reader, key: str, item: Value, line: int) -> Collection:
    fields = reader.fields(item, key, _FIELDS)

    def words(name: str) -> str:
        return reader.text(fields[name], f"{key}’s {name}").strip() if name in fields else ""

    def keys(name: str) -> tuple[str, ...]:
        return reader.keys(fields[name], f"{key}’s {name}") if name in fields else ()

    title = words("title")
    if not title:
        hint = "Add the line: title: …"
        reader.report(line, "E014", f"{key} must have a title; found none", hint)
    return Collection(
        key,
        title or key,
        words("description"),
        keys("parents"),
        keys("order"),
        reader.path,
        line,
        fields["order"].line if "order" in fields else line,
    )


def _check_parents(collections: Mapping[str, Collection]) -> Iterator[Finding]:
    """A finding for each parent that does not exist, and for each collection within itself."""
    for collection in collections.values():
        for parent in collection.parents:
            if parent not in collections:
                message = f"{collection.key}’s parents must be keys of this file; found “{parent}”"
                hint = did_you_mean(parent, collections)
                yield Finding(collection.path, collection.line, "E031", message, hint)
        if collection.key in outer(collection.parents, collections):
            message = f"{collection.key} must not be within itself; found it among its own parents"
            hint = "Remove one of the parents."
            yield Finding(collection.path, collection.line, "E052", message, hint)


def path_to(key: str, collections: Mapping[str, Collection]) -> tuple[tuple[str, str], ...]:
    """The key and the title of each collection above one, by their first parents, from the
    outermost to itself. Parents that do not exist, and circles, end the path."""
    found: list[tuple[str, str]] = []
    while key in collections and key not in dict(found):
        found.append((key, collections[key].title))
        key = next(iter(collections[key].parents), "")
    return tuple(reversed(found))


def outer(parents: tuple[str, ...], collections: Mapping[str, Collection]) -> set[str]:
    """The keys of all collections that a collection with these parents is within."""
    found: set[str] = set()
    waiting = [*parents]
    while waiting:
        key = waiting.pop()
        if key not in found and key in collections:
            found.add(key)
            waiting += collections[key].parents
    return found
