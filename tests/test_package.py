"""The folder `data/` as a package: its descriptor, its README, the JSON Schema of the texts."""

from __future__ import annotations

import copy
import csv
import datetime
import hashlib
import io
import json
import re
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, get_args

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # ships no types

from archive_site.corpus.apparatus import Nature
from archive_site.corpus.records import VERSION_LENGTH, Site
from archive_site.edition.front_matter import (
    ID,
    RIGHTS_LAYERS,
    STATUSES,
    field_in_french,
)
from archive_site.edition.identifiers import OF_TEXTS
from archive_site.exports import package
from archive_site.exports.data import TEXT_SCHEMA, as_data, as_json
from archive_site.exports.package import datapackage, info_of, readme, sorts_of
from archive_site.exports.publication import Publication
from archive_site.model.site_model import SiteModel
from archive_site.templating.jinja import templates
from archive_site.templating.resources import template_text
from archive_site.text import document as d
from archive_site.text.dates import in_french
from archive_site.text.typography import typeset
from examples import examples
from published import SPEAKERS, published
from sites import Corpus, model_of
from strategies import WORDS, documents

JINJA = templates()
# The rules of the standard, read by a person: datapackage.org/profiles/2.0/datapackage.json.
PATH = r"^((?=[^./~])(?!file:)((?!\/\.\.\/)(?!\\)(?!:\/\/).)*|(http|ftp)s?:\/\/.*)$"
FIELD = {
    "type": "object",
    "required": ["name", "type", "description"],
    "properties": {
        "name": {"type": "string"},
        "type": {"enum": ["string", "integer", "number", "date"]},
        "constraints": {
            "type": "object",
            "propertyNames": {
                "enum": ["required", "unique", "pattern", "enum", "minimum", "maximum"]
            },
        },
    },
}
RESOURCE = {
    "type": "object",
    "required": ["name", "path", "title", "description", "mediatype", "bytes", "hash"],
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9._-]+$"},
        "path": {"type": "string", "pattern": PATH},
        "type": {"const": "table"},
        "title": {"type": "string", "minLength": 1},
        "description": {"type": "string", "minLength": 1},
        "format": {"type": "string", "pattern": "^[a-z]+$"},
        "mediatype": {"type": "string", "pattern": "^[a-z]+/[a-z+-]+$"},
        "encoding": {"const": "utf-8"},
        "bytes": {"type": "integer"},
        "hash": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
        "schema": {
            "type": "object",
            "required": ["fields"],
            "properties": {
                "fields": {"type": "array", "minItems": 1, "items": FIELD},
                "missingValues": {"type": "array", "items": {"type": "string"}},
                "primaryKey": {"type": "array", "items": {"type": "string"}},
            },
            "additionalProperties": False,
        },
        "dc:rights": {"type": "array", "minItems": 1, "items": {"type": "string"}},
    },
    "dependentRequired": {"schema": ["type"]},
    "additionalProperties": False,
}
DATA_PACKAGE: dict[str, Any] = {
    "type": "object",
    "required": ["$schema", "name", "id", "title", "version", "resources"],
    "properties": {
        "$schema": {"const": "https://datapackage.org/profiles/2.0/datapackage.json"},
        "name": {"type": "string", "pattern": "^[a-z0-9._-]+$"},
        "id": {"type": "string", "pattern": "^urn:uuid:"},
        "title": {"type": "string"},
        "description": {"type": "string"},
        "homepage": {"type": "string", "pattern": "^https?://"},
        "version": {"type": "string"},
        "created": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
        "contributors": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "object", "required": ["title", "roles"]},
        },
        "sources": {
            "type": "array",
            "items": {"type": "object", "properties": {"path": {"pattern": PATH}}},
        },
        "resources": {"type": "array", "minItems": 1, "items": RESOURCE},
    },
    "additionalProperties": False,  # no licence, above all
}


@pytest.fixture(scope="module")
def files(site: dict[str, bytes]) -> dict[str, bytes]:
    """The files of `data/`, by their path in it, but for the descriptor."""
    found = {path.removeprefix("data/"): d for path, d in site.items() if path.startswith("data/")}
    found.pop(package.DESCRIPTOR)
    return found


@pytest.fixture(scope="module")
def model(corpus: Corpus) -> SiteModel:
    return corpus.model


def errors(schema: dict[str, Any], value: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(schema).iter_errors(value)]


# ---------------------------------------------------------------- the descriptor


def test_the_descriptor_keeps_the_rules_of_the_standard(
    model: SiteModel, site: dict[str, bytes], files: dict[str, bytes]
) -> None:
    data = site[f"data/{package.DESCRIPTOR}"]
    told = json.loads(data)
    assert errors(DATA_PACKAGE, told) == []
    resources = {resource["path"]: resource for resource in told["resources"]}
    assert [*resources] == sorted(files)
    assert len({resource["name"] for resource in told["resources"]}) == len(files)
    for path, resource in resources.items():
        assert resource["bytes"] == len(files[path])
        assert resource["hash"] == f"sha256:{hashlib.sha256(files[path]).hexdigest()}"
        files[path].decode("utf-8")
    assert {source["path"] for source in told["sources"]} <= files.keys()
    assert told["version"] == model.version and told["created"][:10] == model.revised
    assert "licence" in told["description"] and "licenses" not in data.decode()
    edition = resources["editions/parti-communiste-1917-1921.md"]
    assert edition["title"] == "Édition\u00a0: [Le Parti communiste russe de 1917 à 1921]"
    assert edition["dc:rights"][0] == "Texte\u00a0: statut inconnu"
    assert data == datapackage(model, info_of(files))


def cast(kind: str, cell: str) -> Any:
    """A cell as its column's type says; raises `ValueError` where it is none."""
    match kind:
        case "integer":
            return int(cell)
        case "number":
            return float(cell)
        case "date":
            return datetime.date.fromisoformat(cell)
        case _:
            return cell


def test_tables_are_as_their_schemas_say(model: SiteModel, files: dict[str, bytes]) -> None:
    resources = json.loads(datapackage(model, info_of(files)))["resources"]
    tables = [resource for resource in resources if resource["path"].endswith(".csv")]
    assert len(tables) == 8 and all(table["type"] == "table" for table in tables)
    for table in tables:
        header, *rows = csv.reader(io.StringIO(files[table["path"]].decode()))
        fields = table["schema"]["fields"]
        assert header == [field["name"] for field in fields]
        assert rows, table["path"]
        for row in rows:
            for cell, field in zip(row, fields, strict=True):
                rule = field.get("constraints", {})
                if cell == "":
                    assert not rule.get("required"), (table["path"], field["name"])
                    continue
                value = cast(field["type"], cell)
                assert value in rule.get("enum", [value])
                assert re.fullmatch(rule.get("pattern", ".*"), cell, re.DOTALL)
                assert value >= rule["minimum"] if "minimum" in rule else True
                assert value <= rule["maximum"] if "maximum" in rule else True
        for key in table["schema"].get("primaryKey", []):
            cells = [row[header.index(key)] for row in rows]
            assert all(cells) and len(set(cells)) == len(cells)
    assert [t["path"] for t in tables if "primaryKey" not in t["schema"]] == ["mentions.csv"]


def test_every_file_is_described(files: dict[str, bytes]) -> None:
    paths = {*files, package.DESCRIPTOR}
    sorts = sorts_of(paths)
    assert sorted(path for found in sorts.values() for path in found) == sorted(paths)
    assert [*sorts] == [sort for sort in package.FILES if sort in sorts]
    assert all(sort.title and sort.says for sort in sorts)
    unknown = package.FileSort("inconnu.bin", "inconnu.bin", "")
    assert sorts_of(["inconnu.bin"]) == {unknown: ["inconnu.bin"]}


def test_names_are_never_alike() -> None:
    odd = {"witnesses/É 1.txt": b"", "witnesses/è 1.txt": b"", "A.csv": b"a\n", "a.csv": b"a\n"}
    told = json.loads(datapackage(model_of([], SPEAKERS), info_of(odd)))
    names = [resource["name"] for resource in told["resources"]]
    assert len(set(names)) == 4 and all(re.fullmatch("[a-z0-9._-]+", name) for name in names)


def test_editors_are_named_and_an_archive_says_where_it_is() -> None:
    meta = d.Meta("a", d.Claim("A", "stated"), "essay")
    revised = replace(
        meta, revisions=tuple(d.Revision("2026-01-02", "relu", who) for who in ("B", "", "B"))
    )
    there = Site("🙂", base_url="https://exemple.fr/")
    model = model_of([d.Document(revised, ())], SPEAKERS, there)
    told = json.loads(datapackage(model, info_of({"editions/a.md": b"x"})))
    assert errors(DATA_PACKAGE, told) == []
    assert told["contributors"] == [{"title": "B", "roles": ["dataCurator"]}]
    assert told["homepage"] == "https://exemple.fr/" and told["name"] == "archive"
    assert told["created"] == "2026-01-02T00:00:00Z"


# ---------------------------------------------------------------- the README


def test_the_readme_tells_the_files_and_their_columns(
    model: SiteModel, files: dict[str, bytes]
) -> None:
    told = files[package.README].decode()
    for path in files.keys() - {package.README}:
        folder, ending = path.rpartition("/")[0], path.rpartition(".")[2]
        assert f"`{path}`" in told or f"`{folder}/*.{ending}` (5\u00a0fichiers)" in told, path
    for columns in (
        next(csv.reader([data.decode().split("\n")[0]]))
        for path, data in files.items()
        if path.endswith(".csv")
    ):
        assert all(f"| `{column}` |" in told for column in columns)
    assert f"version {model.version}" in told and "sha256sum -c SHA256SUMS" in told
    day = in_french(model.revised).replace(" ", "\u00a0", 1)
    assert f"révisée le {day}" in told
    for text in model.texts.values():
        assert typeset(text.meta.title.value) in told
    others = {path: data for path, data in files.items() if path != package.README}
    assert told == readme(model, info_of(others), JINJA).decode()
    assert "Aucune licence" in told and "  \n" not in told


@examples(10)
@given(documents(), WORDS)
def test_any_words_make_a_sound_package(document: d.Document, title: str) -> None:
    model = model_of([document], SPEAKERS, Site(title, purpose=(title,)))
    made = {"editions/texte-1.md": b"x", package.SCHEMA: b"{}"}
    assert errors(DATA_PACKAGE, json.loads(datapackage(model, info_of(made)))) == []
    told = readme(model, info_of(made), JINJA).decode()
    assert not re.search(r"(?<!\\)<(?!id>)", told.replace("`", ""))


# ---------------------------------------------------------------- the JSON Schema of the texts


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(template_text("data/texte.schema.json"))
    Draft202012Validator.check_schema(made)
    return made


def test_the_real_texts_are_as_the_schema_says(
    publications: dict[str, Publication], schema: dict[str, Any]
) -> None:
    for publication in publications.values():
        data = json.loads(as_json(publication))
        assert errors(schema, data) == []
        assert schema["properties"].keys() == data.keys()


@examples(25)
@given(document=documents())
def test_any_text_is_as_the_schema_says(schema: dict[str, Any], document: d.Document) -> None:
    assert errors(schema, as_data(published(document))) == []


def schemas(value: Any) -> list[dict[str, Any]]:
    """Every schema within a schema."""
    if isinstance(value, dict):
        inner = [s for item in value.values() for s in schemas(item)]
        return (
            [value, *inner] if "type" in value and isinstance(value["type"], str | list) else inner
        )
    return [s for item in value for s in schemas(item)] if isinstance(value, list) else []


def test_the_schema_has_the_words_of_the_code(schema: dict[str, Any]) -> None:
    top, inner = schema["properties"], schema["$defs"]
    block, note, change = (inner[n]["properties"] for n in ("block", "note", "emendation"))
    assert top["kind"]["pattern"] == f"^{ID.pattern}$" and top["role"]["enum"] == [*d.CREATING]
    assert [*top["identifiers"]["properties"]] == [*OF_TEXTS]
    assert [*top["provenance"]["properties"]] == [field.name for field in fields(d.Source)]
    assert [*top["original"]["properties"]] == [field.name for field in fields(d.Original)]
    assert inner["contributor"]["properties"]["role"]["enum"] == [*d.RELATORS]
    assert top["status"]["enum"] == [*STATUSES] and [*top["rights"]["properties"]] == [
        *RIGHTS_LAYERS
    ]
    assert top["id"]["pattern"] == f"^{ID.pattern}$"
    assert top["version"]["pattern"] == f"^[0-9a-f]{{{VERSION_LENGTH}}}$"
    assert inner["certainty"]["properties"]["degree"]["enum"] == [*get_args(d.Certainty)]
    assert block["type"]["enum"] == [*d.BLOCK_TYPES]
    assert note["kind"]["enum"] == [*get_args(d.NoteKind)]
    assert change["nature"]["enum"] == [*get_args(Nature)]
    for name in ("id", "kind", "date", "place", "language", "status", "remarks"):
        assert top[name]["description"] == typeset(field_in_french(name))


def test_the_schema_is_strict_and_tells_what_things_are(schema: dict[str, Any]) -> None:
    for part in schemas(schema):
        if "object" in part["type"]:
            assert part.get("additionalProperties") is False
        assert part.get("description") or part.keys() == {"type"}, part


MUTATIONS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "an unknown field": lambda t: t.update(author="X"),
    "a field that is missing": lambda t: t.pop("certainty"),
    "an unknown kind": lambda t: t.update(kind="Un Genre"),
    "an odd id": lambda t: t.update(id="Un Texte"),
    "an unknown degree": lambda t: t["certainty"]["title"].update(degree="sure"),
    "an author who is only proposed": lambda t: t["certainty"]["creator"].update(degree="proposed"),
    "a paragraph with a level": lambda t: t["blocks"][-1].update(level=2),
    "a heading without a level": lambda t: t["blocks"][0].update(level=None),
    "an unknown kind of block": lambda t: t["blocks"][0].update(type="song"),
    "a line of its own": lambda t: t["blocks"][0].update(witness_lines=[1]),
    "line 0": lambda t: t["blocks"][0].update(witness_lines=[0, 1]),
    "nobody who speaks": lambda t: t["blocks"][0].update(speaker=[]),
    "a number for a label": lambda t: t["notes"][0].update(label=1),
    "an unknown nature": lambda t: t["emendations"][0].update(nature="style"),
    "an unknown layer of rights": lambda t: t["rights"].update(cover="X"),
    "a short checksum": lambda t: t["witness"].update(sha256="abc"),
    "a day that is none": lambda t: t["revisions"][0].update(date="hier"),
    "an omission without a reason": lambda t: t["omissions"][0].pop("why"),
    "an omission that is only probable": lambda t: t["omissions"][0].update(certainty="probable"),
    "words for an empty page": lambda t: t["blocks"][0].update(page=0),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_what_is_wrong_is_refused(
    publications: dict[str, Publication], schema: dict[str, Any], name: str
) -> None:
    data = copy.deepcopy(as_data(publications["boukharine-leningrad-1926"]))
    MUTATIONS[name](data)
    assert errors(schema, data)


def test_a_text_s_data_name_their_schema_their_state_and_their_history() -> None:
    meta = d.Meta(
        "a", d.Claim("A", "stated"), "essay", revisions=(d.Revision("2026-01-02", "relu", "B"),)
    )
    document = d.Document(meta, ())
    data = as_data(published(document))
    assert data["$schema"] == f"../../{TEXT_SCHEMA}"
    assert data["version"] == "0123abc" and data["address"] is None
    assert data["revisions"] == [{"date": "2026-01-02", "what": "relu", "who": "B"}]
    there = published(document, Site("A", base_url="https://exemple.fr/"))
    assert as_data(there)["address"] == "https://exemple.fr/textes/a/"
