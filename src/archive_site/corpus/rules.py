"""The rules for editions and for the files of a corpus; each yields findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AnySet
from itertools import chain
from pathlib import Path
from typing import Literal, NamedTuple

from archive_site import interface
from archive_site.corpus.bibliography import Reference, unknown_key
from archive_site.corpus.contributors import WHO
from archive_site.corpus.provenance import apart
from archive_site.corpus.records import Edition, Site
from archive_site.corpus.summary import Summary
from archive_site.edition.authority import (
    SPEAKERS,
    Entry,
    of_kind,
)
from archive_site.edition.collections import Collection, outer
from archive_site.edition.front_matter import did_you_mean
from archive_site.files.layout import (
    CHECKSUMS,
    COLLECTIONS,
    EDITIONS,
    IMAGES,
    RECEIVED,
    SITE,
    TOP,
    WITNESSES,
    WORKS,
    edition_files,
)
from archive_site.findings import Finding
from archive_site.text.alike import composed
from archive_site.text.citations import read_cited
from archive_site.text.dates import is_day
from archive_site.text.document import Document, Meta, Name
from archive_site.text.quotes import unpaired
from archive_site.text.reading import walk
from archive_site.witness.witness import places_name, text_name


def check_editions(root: Path, files: Iterable[str]) -> Iterator[Finding]:
    """A finding if a corpus has no edition."""
    if not edition_files(files):
        hint = f"Create one: archive-site recover WITNESS -C {root}"
        yield Finding(str(root / EDITIONS), 0, "E003", "must contain an edition; found none", hint)


def check_unknown(root: Path, names: Iterable[str]) -> Iterator[Finding]:
    """A finding for each of `names`, the files of a corpus that an archive does not use."""
    for name in names:
        folder = name.rpartition("/")[0]
        expected = _EXPECTED.get(folder)
        message = "nothing uses this file; it is not published"
        if not expected:
            folders = f"{EDITIONS}/, to {WITNESSES}/, to {IMAGES}/"
            hint = f"Move it to {folders} or to the folder of the corpus."
        else:
            near = did_you_mean(name, TOP) if expected is TOP else ""
            hint = near or f"The files here must be {', '.join(expected)}."
        yield Finding(str(root / name), 0, "W058", message, hint)


_EXPECTED: Mapping[str, tuple[str, ...]] = {
    "": TOP,
    EDITIONS: ("<id>.md",),
    WITNESSES: ("<id>.txt", "<id>.pdf", "<id>.docx …", CHECKSUMS),
    IMAGES: (
        "<name>.png",
        "<name>.jpg",
        "<name>.webp, with letters without accents, digits, -, _ and . in the name",
    ),
}
"""The files of each folder of a corpus."""


def unnamed_witnesses(files: Iterable[str], named: Iterable[str]) -> list[str]:
    """The witnesses among the files of a corpus that are not in `named`, the witnesses that
    editions name; sorted."""
    files_of = chain.from_iterable((name, text_name(name), places_name(name)) for name in named)
    used = {composed(f"{WITNESSES}/{name}") for name in (*files_of, CHECKSUMS)}
    witnesses = (name for name in files if name.startswith(f"{WITNESSES}/"))
    return sorted(name for name in witnesses if composed(name) not in used)


def unnamed_pictures(files: Iterable[str], named: AnySet[str]) -> list[str]:
    """The pictures among the files of a corpus that are not in `named`, those that editions show;
    sorted."""
    return sorted(n for n in files if n.startswith(f"{IMAGES}/") and n not in named)


def check_unnamed(root: Path, unnamed: Iterable[str]) -> Iterator[Finding]:
    """A finding for each witness or picture that no edition names."""
    for name in unnamed:
        path = root / name
        what, line = "witness", f"witness: {path.name}"
        if name.startswith(IMAGES):
            what, line = "picture", f"![what it shows]({name})"
        message = f"no edition names this {what}; it is not published"
        hint = f"Write {line} in an edition, or move the file out of the corpus."
        yield Finding(str(path), 0, "W058", message, hint)


def same_name(name: str, names: Iterable[str]) -> str | None:
    """The member of `names` that equals `name` after Unicode normalisation (NFC); None if there is
    none. macOS decomposes “é” in file names."""
    if name in names:
        return name
    wanted = composed(name)
    return next((other for other in names if composed(other) == wanted), None)


def check_no_witness(text_id: str, path: str, files: Mapping[str, bytes]) -> Iterator[Finding]:
    """A finding if an edition names no witness but there is one with its id: otherwise, an empty
    field would switch off the collation."""
    for ending in ("txt", *RECEIVED):
        name = f"{text_id}.{ending}"
        if f"{WITNESSES}/{name}" in files:
            message = f"must name its witness, {WITNESSES}/{name}; found none"
            yield Finding(path, 1, "E032", message, f"Write witness: {name} in the front matter.")


def check_ids(ids: Mapping[str, str]) -> Iterator[Finding]:
    """A finding for each edition whose id is already taken. `ids`: path → id."""
    first: dict[str, str] = {}
    for path, text_id in ids.items():
        if text_id in first:
            message = f"the id {text_id} must be unique; {first[text_id]} has it already"
            yield Finding(path, 2, "E030", message, "Give one of them another id.")
        first.setdefault(text_id, path)


class UsedKey(NamedTuple):
    """A key that a text uses, its role (a contributor, the work that the text is an edition of, a
    speaker, or a marked name), and its line in the edition file."""

    role: Literal["contributor", "work", "speaker", "name"]
    key: str
    line: int


def used_keys(document: Document) -> Iterator[UsedKey]:
    """The keys that a text uses, in its metadata, blocks and notes."""
    for who in document.meta.contributors:
        if who.key:
            yield UsedKey("contributor", who.key, who.line)
    if document.meta.work:
        yield UsedKey("work", document.meta.work, document.meta.line_of("work"))
    for block in document.every_block:
        for key in block.speakers if not block.continues else ():
            yield UsedKey("speaker", key, block.line)
        for name in walk(block.content):
            if isinstance(name, Name) and name.key:
                yield UsedKey("name", name.key, block.line)


def check_keys(
    path: str, used: Iterable[UsedKey], entries: Mapping[str, Entry]
) -> Iterator[Finding]:
    """A finding for each key of the edition at `path` that is in no authority file, or belongs to
    an entry of the wrong kind."""
    for role, key, line in used:
        kind = entries[key].kind if key in entries else ""
        if role == "contributor" and kind not in WHO:
            known = [key for key, entry in entries.items() if entry.kind in WHO]
            where = "people.yaml or organisations.yaml"
            yield _unknown(path, line, "a contributor", where, key, known)
        elif role == "work" and kind != "work":
            yield _unknown(path, line, "work", WORKS, key, of_kind(entries, "work"))
        elif role == "speaker" and kind not in SPEAKERS:
            where = "an authority file"
            speakers = [key for key, entry in entries.items() if entry.kind in SPEAKERS]
            yield _unknown(path, line, "speaker", where, key, speakers)
        elif role == "name" and not kind and not is_day(key):
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", key):
                message = f"a day must exist in the calendar; found “{key}”"
                yield Finding(path, line, "E012", message, "Write it like 1917-11-07.")
            else:
                where = "an authority file, or a day"
                yield _unknown(path, line, "key", where, key, entries)


def check_kind(path: str, meta: Meta, site: Site) -> Iterator[Finding]:
    """A finding if the archive has no such kind of text."""
    known = site.kinds_of_text
    if meta.kind not in known:
        message = f"kind must be one of {', '.join(known)}; found “{meta.kind}”"
        own = f"Or add it to {SITE}: kinds: {{{meta.kind}: …}}."
        hint = f"{did_you_mean(meta.kind, known)} {own}".strip()
        yield Finding(path, meta.line_of("kind"), "E015", message, hint)


def check_collections(
    collections: Mapping[str, Collection],
    texts: Mapping[str, tuple[str, Meta]],
    unreadable_texts: AnySet[str] = frozenset(),
) -> Iterator[Finding]:
    """A finding for each collection that a text names and that does not exist, for each text that a
    collection names and that is not in it, and for each collection without texts. `texts` has the
    path and the front matter of each text, by id; of `unreadable_texts`, nothing is known."""
    own: dict[str, list[str]] = {key: [] for key in collections}
    for text_id, (path, meta) in texts.items():
        for key in meta.collection:
            if key in own:
                own[key].append(text_id)
            else:
                line = meta.line_of("collection")
                hint = f"Add it to {COLLECTIONS}, with its title."
                yield _unknown(path, line, "collection", COLLECTIONS, key, collections, hint)
    filled = {key for key, found in own.items() if found}
    filled.update(*(outer(collections[key].parents, collections) for key in filled))
    for key, collection in collections.items():
        where = f"a text that has collection: {key}"
        for text_id in collection.order:
            if text_id not in own[key] and text_id not in unreadable_texts:
                what, at = f"{key}’s order", (collection.path, collection.order_line)
                hint = f"Write collection: {key} in the text, or remove it from the order."
                left = (
                    [] if text_id in texts else [t for t in own[key] if t not in collection.order]
                )
                yield _unknown(*at, what, where, text_id, left, hint)
        if key not in filled:
            message = f"{key} should have texts; found none"
            hint = f"Write collection: {key} in the front matter of a text, or remove {key}."
            yield Finding(collection.path, collection.line, "W070", message, hint)


def check_works(texts: Iterable[tuple[str, Summary, Meta]]) -> Iterator[Finding]:
    """A finding for each edition of a work that references cannot tell from another. `texts` has
    the path, the summary and the front matter of each text."""
    first: dict[tuple[str, ...], str] = {}
    for path, summary, meta in texts:
        cited = meta.work, summary.title, summary.date.value, summary.credit, apart(meta)
        if meta.work and cited in first:
            message = f"an edition of {meta.work} should be cited otherwise than {first[cited]}"
            hint = "Give it a source (edition, repository or note), another date or another title."
            yield Finding(path, meta.line_of("work"), "W071", message, hint)
        first.setdefault(cited, path)


def check_entries(
    entries: Mapping[str, Entry],
    labels: Mapping[str, Sequence[str]],
    unreadable_texts: AnySet[str] = frozenset(),
) -> Iterator[Finding]:
    """A finding for each entry, text or note that an entry names and that does not exist. `labels`
    has the labels of the notes of each text; `unreadable_texts` may be named, since what
    they contain is not known."""
    documents = {*labels, *unreadable_texts}
    notes = {f"{text}#{label}" for text, found in labels.items() for label in found}
    people, places = of_kind(entries, "person"), of_kind(entries, "place")
    for entry in entries.values():
        named: list[tuple[str, tuple[str, ...], str, Iterable[str], int]] = [
            ("see", entry.see, "an authority file", entries, entry.line),
            ("creator", entry.creators, "people.yaml", people, entry.line),
            ("place", (entry.place,), "places.yaml", places, entry.line),
            ("text", (entry.text,), "an edition", documents, entry.line),
            ("notes", entry.notes, "a text and note, such as text-id#3", notes, entry.line),
        ]
        for form in entry.forms:
            texts = (*form.only_in, *form.not_in)
            named.append(("form", texts, "an edition", documents, form.line))
        for name, keys, where, known, line in named:
            for key in keys:
                if key and key not in known and key.partition("#")[0] not in unreadable_texts:
                    yield _unknown(entry.path, line, f"{entry.key}’s {name}", where, key, known)


class CitedAt(NamedTuple):
    """Where a text cites a work of the bibliography: its key, the line in the edition file, the
    fragment of the passage (empty: the front matter does), and its label, such as “§ 12”."""

    key: str
    line: int
    anchor: str
    where: str


def cited_in_front_matter(meta: Meta) -> Iterator[CitedAt]:
    """The works of the bibliography that a text is from, or that it translates."""
    for name, reference in (
        ("source", meta.source.reference),
        ("original", meta.original.reference),
    ):
        if reference:
            key = read_cited(reference).key
            yield CitedAt(key, meta.line_of(name), "", interface.CITED_AS[name])


def check_cited(
    path: str, cited: Iterable[CitedAt], bibliography: Mapping[str, Reference]
) -> Iterator[Finding]:
    """A finding for each work that the edition at `path` cites and that is not in the
    bibliography."""
    for place in cited:
        if place.key not in bibliography:
            what = f"[@{place.key}]" if place.anchor else "a reference of the front matter"
            yield unknown_key(path, place.line, what, place.key, bibliography)


def check_sources(
    entries: Mapping[str, Entry], bibliography: Mapping[str, Reference]
) -> Iterator[Finding]:
    """A finding for each source of an entry that is not in the bibliography."""
    for entry in entries.values():
        for cited, line in zip(entry.sources, entry.source_lines, strict=True):
            if cited.key not in bibliography:
                what = f"{entry.key}’s sources"
                yield unknown_key(entry.path, line, what, cited.key, bibliography)


def _unknown(
    path: str,
    line: int,
    what: str,
    where: str,
    key: str,
    known: Iterable[str],
    otherwise: str = "",
) -> Finding:
    """A key that does not exist. `otherwise` is the remedy if it is like no `known` key."""
    message = f"{what} must be a key of {where}; found “{key}”"
    return Finding(path, line, "E031", message, did_you_mean(key, known) or otherwise)


def check_quotation_marks(edition: Edition) -> Iterator[Finding]:
    """A finding for each quotation mark that does not pair within its block or quotation: an error,
    or a warning if the edition is a draft."""
    document = edition.document
    code = "W052" if document.meta.status == "draft" else "E036"
    for blocks in (document.blocks, *(note.blocks for note in document.notes)):
        for block, words in unpaired(blocks):
            message = f"quotation marks must pair; this one does not: “{words}”"
            hint = 'Supply the other, [”]{.corr sic=""}, or remove it, []{.corr sic="”"}.'
            yield Finding(edition.path, block.line, code, message, hint)
