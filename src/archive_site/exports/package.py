"""The folder `data/` as a package: its descriptor (Data Package 2.0), its README, and the JSON
Schema of the texts.

What each file and each column is stands in one table; descriptor and README both read it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import NamedTuple, get_args

from archive_site import interface
from archive_site.corpus import urls
from archive_site.corpus.apparatus import Nature
from archive_site.corpus.read import VERSION_LENGTH
from archive_site.edition.authority import KINDS as AUTHORITY_FILES
from archive_site.edition.format import slug
from archive_site.edition.front_matter import (
    FIELDS,
    ID,
    KINDS,
    RIGHTS_LAYERS,
    ROLES,
    STATUSES,
    field_in_french,
)
from archive_site.exports import tables
from archive_site.exports.citations import title_of
from archive_site.exports.data import TEXT_SCHEMA
from archive_site.exports.harvest import urn
from archive_site.files.layout import CHECKSUMS, EDITIONS, EXEMPTIONS, SITE, UNCLAIMED, WITNESSES
from archive_site.files.tabular import Json, json_file
from archive_site.model.site_model import SiteModel
from archive_site.text.dates import in_french
from archive_site.text.document import BlockKind, Certainty, Meta, NoteKind
from archive_site.text.typography import NBSP, typeset

DESCRIPTOR, README = "datapackage.json", "README.md"
SCHEMA = TEXT_SCHEMA.removeprefix(f"{urls.DATA}/")
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
JSON_SCHEMA = "https://json-schema.org/draft/2020-12/schema"
MEDIA_TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "md": "text/markdown",
    "txt": "text/plain",
    "yaml": "application/yaml",
}
DAY = r"^\d{4}-\d{2}-\d{2}$"
UNLICENSED = (
    "Aucune licence n’est déclarée : ce que l’on sait des droits est dit texte par texte, couche "
    "par couche, et une licence ne se suppose pas."
)


class FileSort(NamedTuple):
    """A file or files of `data/`: their names (`*` stands for any), a title, what they are."""

    pattern: str
    title: str
    says: str


FILES = (
    FileSort(
        f"{EDITIONS}/*.md",
        "Édition",
        "un texte tel que l’édition le lit, après ce que l’on en sait (YAML, puis Markdown de "
        "Pandoc) ; tout le reste en est tiré",
    ),
    FileSort(f"{WITNESSES}/*.txt", "Témoin", "le texte tel qu’il a été reçu, octet pour octet"),
    FileSort(f"{WITNESSES}/{CHECKSUMS}", "Empreintes des témoins", "les SHA-256 des témoins reçus"),
    *(
        FileSort(
            kind.file,
            f"Notices : {interface.ENTRY_KINDS[name][1]}",
            f"{interface.ENTRY_KINDS[name][1].lower()} (fichier d’autorité)",
        )
        for name, kind in AUTHORITY_FILES.items()
    ),
    FileSort(SITE, "L’archive", "le nom de l’archive et ce qu’elle dit d’elle-même"),
    FileSort(UNCLAIMED, "Mots sans notice", "les mots en majuscule qui ne nomment rien d’indexé"),
    FileSort(EXEMPTIONS, "Exceptions", "ce que la vérification signale et que l’éditeur garde"),
    *(
        described
        for kind, stem in tables.FILES.items()
        for described in (
            FileSort(
                f"{stem}.json",
                f"{interface.ENTRY_KINDS[kind][1]} (JSON)",
                f"{interface.ENTRY_KINDS[kind][1].lower()}, avec chacune de leurs mentions",
            ),
            FileSort(
                f"{stem}.csv",
                f"{interface.ENTRY_KINDS[kind][1]} (CSV)",
                f"{interface.ENTRY_KINDS[kind][1].lower()}, une entrée par ligne",
            ),
        )
    ),
    FileSort(
        f"{tables.DAYS}.json",
        "Jours (JSON)",
        "les jours que les textes nomment, avec chacune de leurs mentions",
    ),
    FileSort(f"{tables.DAYS}.csv", "Jours (CSV)", "les jours que les textes nomment, un par ligne"),
    FileSort(
        f"{tables.MENTIONS}.csv", "Mentions", "toutes les mentions de tous les index, une par ligne"
    ),
    FileSort(
        "*.beacon.txt", "BEACON", "les identifiants dont cette archive parle, au format BEACON"
    ),
    FileSort(SCHEMA, "Schéma des textes", "ce que contient le fichier JSON de chaque texte"),
    FileSort(README, "Lisez-moi", "ce que contient ce dossier"),
    FileSort(DESCRIPTOR, "Data Package", "la description de chaque fichier, pour programmes"),
    FileSort(CHECKSUMS, "Empreintes", "les SHA-256 des fichiers du corpus, pour sha256sum -c"),
)
_KINDS = [*AUTHORITY_FILES, "day"]
_TEXT_IDS: dict[str, Json] = {"pattern": f"^{ID.pattern}( {ID.pattern})*$"}
COLUMNS: dict[str, tuple[str, str, dict[str, Json]]] = {
    "key": ("string", "clé de l’entrée, ou jour (AAAA-MM-JJ) là où kind vaut day", {}),
    "name": ("string", "nom de l’entrée", {}),
    "sort": ("string", "nom sous lequel elle se classe", {}),
    "years": ("string", "années d’une personne ou d’une organisation, comme 1870–1924", {}),
    "date": ("string", "date d’une œuvre ou d’un événement, en EDTF", {}),
    "old_style": ("string", "la même date dans le calendrier julien, en EDTF", {}),
    "description": ("string", "de qui ou de quoi il s’agit", {}),
    "mentions": ("integer", "nombre de mentions dans les textes", {"minimum": 0}),
    "texts": ("string", "identifiants des textes où elles sont, séparés d’espaces", _TEXT_IDS),
    "day": ("date", "jour du calendrier grégorien", {"required": True}),
    "kind": ("string", f"nature de l’entrée : {', '.join(_KINDS)}", {"enum": _KINDS}),
    "text": ("string", "identifiant du texte", {"pattern": f"^{ID.pattern}$"}),
    "block": ("string", "identifiant de l’alinéa ; vide dans une note", {}),
    "note": ("string", "numéro de la note ; vide hors des notes", {}),
    "start": ("integer", "premier caractère dans l’alinéa, compté depuis 0", {"minimum": 0}),
    "end": ("integer", "caractère qui suit le dernier", {"minimum": 1}),
    "words": ("string", "les mots du texte", {}),
    "certainty": ("string", "certitude de la mention", {"enum": [*get_args(Certainty)]}),
}
"""Of each column of the tables: its type, what it says, what is true of its cells."""
UNKNOWN_COLUMN: tuple[str, str, dict[str, Json]] = ("string", "", {})
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
        "description": "\n\n".join(map(typeset, (*site.purpose, UNLICENSED))),
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
        kind, says, constraints = COLUMNS.get(column, UNKNOWN_COLUMN)
        field: dict[str, Json] = {"name": column, "type": kind, "description": typeset(says)}
        fields.append(field | ({"constraints": constraints} if constraints else {}))
    keyed = columns[0] in KEYS and path != MENTION_TABLE
    schema: dict[str, Json] = {"fields": fields, "missingValues": [""]}
    return schema | {"primaryKey": [columns[0]]} if keyed else schema


def columns_of(data: bytes) -> tuple[str, ...]:
    """The columns of a CSV file, from its first line."""
    return tuple(next(csv.reader(io.StringIO(data.decode("utf-8"))), ("",)))


# ---------------------------------------------------------------- the README


def readme(model: SiteModel, files: Mapping[str, FileFacts]) -> bytes:
    """`README.md` for the `files` of `data/`, by their path in it: what they are, the columns of
    the tables, how to check, cite and reuse them."""
    site = model.site
    revised = f", révisée le {in_french(model.revised)}" if model.revised else ""
    address = f", <{site.base_url}>" if site.base_url else ""
    parts = [
        f"# {_markdown(site.title)}",
        *map(_markdown, site.purpose),
        typeset(
            "Ce dossier contient le corpus tel que ses éditeurs l’écrivent, et les tables qui en "
            f"sont tirées. `{DESCRIPTOR}` (Data Package 2.0) décrit chaque fichier pour les "
            "programmes. Chaque texte est aussi donné en JSON, à côté de sa page, sous "
            f"`textes/<id>/<id>.json` ; `{SCHEMA}` en est le schéma."
        ),
        "## Les fichiers",
        "\n".join(_listed(files)),
        *_tables_section(files),
        "## Vérifier",
        typeset(f"`{CHECKSUMS}` porte l’empreinte des fichiers du corpus. Dans ce dossier :"),
        f"    sha256sum -c {CHECKSUMS}",
        f"`{DESCRIPTOR}` porte celle de tous les fichiers.",
        "## Citer",
        f"{_markdown(f'{site.title}, version {model.version}{revised}')}{address}.",
        "La version change dès qu’un fichier du corpus change. La page de chaque texte dit comment "
        "le citer, à l’alinéa près.",
        "## Droits",
        typeset(UNLICENSED),
        "\n".join(f"- {_markdown(words)}" for words in _rights_section(model)),
    ]
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def _markdown(words: str) -> str:
    """Words, set for reading, in which nothing is Markdown."""
    return re.sub(r"([\\`*_<>\[\]#&])", r"\\\1", typeset(words))


def _listed(files: Iterable[str]) -> Iterator[str]:
    """A line for each sort of files."""
    for sort, paths in sorts_of(files).items():
        name = f"`{paths[0]}`"
        if len(paths) > 1:
            name = f"`{sort.pattern}` ({len(paths)} fichiers)"
        yield f"- {name}" + (f"{NBSP}: {typeset(sort.says)}" if sort.says else "")


def _tables_section(files: Mapping[str, FileFacts]) -> Iterator[str]:
    """The columns of the CSV files; those of tables that have the same are told once."""
    told: dict[tuple[str, ...], list[str]] = {}
    for path in sorted(path for path in files if path.endswith(".csv")):
        told.setdefault(files[path].columns, []).append(path)
    if told:
        yield "## Les colonnes des tables"
        yield (
            "Les fichiers CSV sont en UTF-8, séparés par des virgules, et leur première ligne "
            "nomme les colonnes. Ce qui n’est pas connu est vide. Une apostrophe précède ce qu’un "
            "tableur prendrait pour une formule."
        )
    for columns, paths in told.items():
        yield ", ".join(f"`{path}`" for path in paths) + f"{NBSP}:"
        known = ((column, *COLUMNS.get(column, UNKNOWN_COLUMN)) for column in columns)
        rows = (f"| `{column}` | {kind} | {typeset(says)} |" for column, kind, says, _ in known)
        yield "\n".join(["| colonne | type | ce qu’elle dit |", "| --- | --- | --- |", *rows])


def _rights_section(model: SiteModel) -> Iterator[str]:
    """Of each text, what is known of its rights."""
    for meta in (text.meta for text in model.texts.values()):
        yield f"{title_of(meta)} : {' ; '.join(_rights(meta)) or 'rien n’en est dit'}"


# ---------------------------------------------------------------- the JSON Schema of the texts

Schema = dict[str, Json]


@lru_cache(maxsize=1)
def text_schema() -> bytes:
    """`texte.schema.json`: what the JSON of a text (`exports.data`) may say, and nothing else."""
    schema = {
        "$schema": JSON_SCHEMA,
        "title": "Un texte",
        **_object(
            "Un texte de l’archive : ce que l’on en sait, et avec quelle certitude, ses mots, et "
            "tout ce que l’édition y a fait.",
            {**_front_matter(), **_derived()},
        ),
        "allOf": [
            {
                "$comment": "Qui n’est que proposé, ou inconnu, n’est pas donné pour auteur.",
                "if": _having(
                    certainty=_having(creator=_having(degree={"enum": ["proposed", "unknown"]}))
                ),
                "then": {"properties": {"creator": {"type": "null"}}},
            }
        ],
        "$defs": _definitions(),
    }
    return json_file(schema)


def _front_matter() -> dict[str, Schema]:
    """What is known of a text."""
    claims = ("title", "date", "place", "event", "covers")
    said = {name: _string(field_in_french(name)) for name in FIELDS}
    revision = {
        "date": _string("le jour", pattern=DAY),
        "what": _string("ce qui a changé"),
        "who": _or_null(_string("qui l’a fait")),
    }
    witness = {
        "file": _string("son fichier, sous data/witnesses"),
        "sha256": _string("son empreinte", pattern="^[0-9a-f]{64}$"),
    }
    return {
        "$schema": _string("où se trouve ce schéma"),
        "id": {**said["id"], "pattern": f"^{ID.pattern}$"},
        "address": _or_null(_string("l’adresse de sa page", format="uri")),
        "version": _or_null(
            _string("ce qui nomme cet état de l’édition", pattern=f"^[0-9a-f]{{{VERSION_LENGTH}}}$")
        ),
        "revisions": _list(field_in_french("revisions"), _object("une révision", revision)),
        "kind": {**said["kind"], "enum": [*KINDS]},
        **{name: _or_null(said[name]) for name in claims},
        "title": _string("le titre, que sa certitude dit stated s’il est dans le témoin"),
        "creator": _or_null(
            _string("de qui est le texte ; null si ce n’est pas connu, ou seulement proposé")
        ),
        "role": _string("s’il l’a écrit (author) ou prononcé (speaker)", enum=[*ROLES]),
        "certainty": _object(
            "la certitude de ce qui est dit du texte, et ce qui la fonde",
            {**{name: _ref("certainty") for name in claims}, "creator": _ref("attribution")},
        ),
        "language": said["language"],
        "source": _or_null(said["source"]),
        "rights": _object(
            field_in_french("rights"),
            {layer: _string(interface.RIGHTS_LAYERS[layer]) for layer in RIGHTS_LAYERS},
            optional=RIGHTS_LAYERS,
        ),
        "status": {**said["status"], "enum": [*STATUSES]},
        "witness": _or_null(
            _object("le témoin ; null si le texte est tapé d’après le papier", witness)
        ),
    }


def _derived() -> dict[str, Schema]:
    """The words of a text, and what the edition did to them."""
    return {
        "blocks": _list("les titres et les alinéas, dans l’ordre de la lecture", _ref("block")),
        "notes": _list("les notes, dans l’ordre de l’édition", _ref("note")),
        "emendations": _list("les corrections, dans l’ordre de la lecture", _ref("emendation")),
        "omissions": _list("ce qui est écarté du témoin", _ref("omission")),
        "doubts": _list("ce que l’éditeur n’a pu établir", _ref("doubt")),
        "remarks": _list(field_in_french("remarks"), _string("une remarque")),
    }


def _definitions() -> dict[str, Schema]:
    """What a text has several of."""
    text = {
        "text": _string("les mots du témoin ; un appel de note s’y écrit [^1]"),
        "reading": _string("les mots que l’édition lit, là où ils diffèrent"),
    }
    why, lines = _string("pourquoi"), _lines("première et dernière ligne dans le témoin")
    where = {
        "block": _or_null(_string("l’alinéa ; null dans une note")),
        "note": _or_null(_string("le numéro de la note ; null hors des notes")),
    }
    certainty = {
        "degree": _string(
            "stated : le témoin le dit ; certain : restitué ; probable ; proposed : une hypothèse "
            "de l’éditeur ; unknown : rien n’est supposé",
            enum=[*get_args(Certainty)],
        ),
        "ground": _or_null(_string("ce qui la fonde")),
    }
    attribution = {
        **certainty,
        "key": _or_null(_string("la clé de la personne dans people.yaml")),
        "proposed": _or_null(_string("qui est proposé, sans être établi")),
    }
    speaker = _list("les clés de qui parle dans une citation", _string("une clé"), minItems=1)
    block = {
        "id": _string("ce qui le nomme dans les adresses"),
        "type": _string("sa nature", enum=[*get_args(BlockKind)]),
        "level": _or_null(_integer("le rang d’un titre ; 1 est celui du texte")),
        **text,
        "speaker": _or_null(speaker),
        "page": _or_null(
            _string("la page de l’original où il commence ; entre crochets, comptée par l’éditeur")
        ),
        "witness_lines": _or_null(lines),
    }
    note = {
        "label": _string("son numéro, tel qu’imprimé"),
        "kind": _string("de qui elle est", enum=[*get_args(NoteKind)]),
        "call_block": _or_null(_string("l’alinéa qui l’appelle")),
        **text,
        "witness_lines": _or_null(lines),
    }
    emendation = {
        "witness": _string("ce que porte le témoin ; vide s’il y manque un mot"),
        "reading": _string("ce que l’édition lit ; vide si elle le supprime"),
        "line": _or_null(_integer("sa ligne dans le témoin")),
        **where,
        "nature": _string("le genre de la faute", enum=[*get_args(Nature)]),
        "why": _or_null(why),
    }
    omission = {"text": _string("ses mots"), "why": why, "lines": lines}
    doubt = {
        "words": _or_null(_string("les mots douteux ; null pour une lacune")),
        "why": why,
        **where,
    }
    return {
        "certainty": _object("une certitude", certainty),
        "attribution": _object("la certitude d’une attribution", attribution),
        "block": {
            **_object("un titre ou un alinéa", block, optional=("reading",)),
            "if": _having(type={"const": "heading"}),
            "then": {"properties": {"level": {"type": "integer"}}},
            "else": {"properties": {"level": {"type": "null"}}},
        },
        "note": _object("une note", note, optional=("reading",)),
        "emendation": _object("une correction", emendation),
        "omission": _object("un passage écarté", omission),
        "doubt": _object("un doute ou une lacune", doubt),
    }


def _string(says: str, **more: Json) -> Schema:
    return {"description": typeset(says), "type": "string", **more}


def _integer(says: str) -> Schema:
    return {"description": typeset(says), "type": "integer", "minimum": 1}


def _lines(says: str) -> Schema:
    return _list(says, _integer("une ligne, comptée depuis 1"), minItems=2, maxItems=2)


def _list(says: str, items: Schema, **more: Json) -> Schema:
    return {"description": typeset(says), "type": "array", "items": items, **more}


def _object(says: str, properties: dict[str, Schema], optional: Sequence[str] = ()) -> Schema:
    """An object that has these properties, but for those `optional`, and no other."""
    return {
        "description": typeset(says),
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _or_null(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _having(**properties: Schema) -> Schema:
    """True of an object that has these properties, each as it says."""
    return {"properties": properties, "required": [*properties]}
