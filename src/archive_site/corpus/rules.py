"""The rules for editions and for the files of a corpus; each yields findings."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from archive_site.corpus.bibliography import Reference, unknown_key
from archive_site.corpus.records import Edition
from archive_site.edition.authority import (
    SPEAKERS,
    Entry,
    of_kind,
)
from archive_site.edition.front_matter import did_you_mean
from archive_site.files.layout import (
    CHECKSUMS,
    EDITIONS,
    IMAGES,
    TOP,
    WITNESSES,
    edition_files,
)
from archive_site.findings import Finding
from archive_site.text.alike import composed
from archive_site.text.dates import is_day
from archive_site.text.document import Document, Doubt, Name
from archive_site.text.quotes import unpaired
from archive_site.text.reading import reading_text, walk


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
    WITNESSES: ("<id>.txt", CHECKSUMS),
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
    used = {composed(f"{WITNESSES}/{name}") for name in (*named, CHECKSUMS)}
    witnesses = (name for name in files if name.startswith(f"{WITNESSES}/"))
    return sorted(name for name in witnesses if composed(name) not in used)


def unnamed_pictures(files: Iterable[str], named: Collection[str]) -> list[str]:
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


def same_name(name: str, names: Collection[str]) -> str | None:
    """The member of `names` that equals `name` after Unicode normalisation (NFC); None if there is
    none. macOS decomposes “é” in file names."""
    if name in names:
        return name
    wanted = composed(name)
    return next((other for other in names if composed(other) == wanted), None)


def check_no_witness(text_id: str, path: str, files: Mapping[str, bytes]) -> Iterator[Finding]:
    """A finding if an edition names no witness but there is one with its id: otherwise, an empty
    field would switch off the collation."""
    name = f"{text_id}.txt"
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
    """A key that a text uses, its role (the creator, the addressee, a speaker, or a marked name),
    and its line in the edition file."""

    role: Literal["creator", "addressee", "speaker", "name"]
    key: str
    line: int


def used_keys(document: Document) -> Iterator[UsedKey]:
    """The keys that a text uses, in its metadata, blocks and notes."""
    if document.meta.creator.key:
        yield UsedKey("creator", document.meta.creator.key, 1)
    if document.meta.addressee.key:
        yield UsedKey("addressee", document.meta.addressee.key, 1)
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
        if role in ("creator", "addressee") and kind != "person":
            people = of_kind(entries, "person")
            yield _unknown(path, line, role, "people.yaml", key, people)
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


def check_entries(
    entries: Mapping[str, Entry],
    labels: Mapping[str, Collection[str]],
    unreadable_texts: Collection[str] = (),
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
    fragment of the passage, and its label, such as “§ 12”."""

    key: str
    line: int
    anchor: str
    where: str


def check_cited(
    path: str, cited: Iterable[CitedAt], bibliography: Mapping[str, Reference]
) -> Iterator[Finding]:
    """A finding for each work that the edition at `path` cites and that is not in the
    bibliography."""
    for place in cited:
        if place.key not in bibliography:
            yield unknown_key(path, place.line, f"[@{place.key}]", place.key, bibliography)


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
    path: str, line: int, what: str, where: str, key: str, known: Iterable[str]
) -> Finding:
    message = f"{what} must be a key of {where}; found “{key}”"
    return Finding(path, line, "E031", message, did_you_mean(key, known))


def check_draft(edition: Edition) -> Iterator[Finding]:
    """A finding if the edition is a draft, and one for each of its doubts."""
    if edition.document.meta.status != "draft":
        return
    hint = "Read it beside its witness, then write status: proofread."
    yield Finding(edition.path, 1, "W050", "this edition is a draft", hint)
    for block in edition.document.every_block:
        for inline in walk(block.content):
            if isinstance(inline, Doubt):
                words = reading_text(inline.content)
                message = f"an open doubt: “{words}” ({inline.why})"
                hint = "Remove the mark, or say in why what readers should know."
                yield Finding(edition.path, block.line, "W051", message, hint)


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
