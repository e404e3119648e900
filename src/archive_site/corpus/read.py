"""The parts of a corpus, read from the bytes of its files: what all texts share, each edition, and
what only many of them together show to be wrong. All that is wrong is found in one run."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

from archive_site.edition.authority import (
    KINDS,
    SPEAKERS,
    Entry,
    Unclaimed,
    by_key,
    of_kind,
    read_entries,
    read_unclaimed,
)
from archive_site.edition.format import parse
from archive_site.edition.front_matter import Reader, did_you_mean
from archive_site.edition.yaml import Value, read_yaml
from archive_site.files.layout import (
    CHECKSUMS,
    EDITIONS,
    EXEMPTIONS,
    SITE,
    TOP,
    UNCLAIMED,
    WITNESSES,
    corpus_files,
)
from archive_site.findings import EXEMPTIBLE, Exemption, Finding, Unsound
from archive_site.text.alike import composed
from archive_site.text.dates import is_day, span
from archive_site.text.document import Document, Meta, Name
from archive_site.text.reading import walk
from archive_site.witness.collate import Collation, collate
from archive_site.witness.witness import Witness, checksums_of, lines_of, witness_of

VERSION_LENGTH = 7
CONCORDANCE_LIMIT = 5.0
"""Millions of letters that a browser reads at once for the concordance, unless `site.yaml` says
other: about 2 MB to send and a second to read."""


@dataclass(frozen=True, slots=True)
class Site:
    """`site.yaml`: what the archive is called and says of itself, the years it is about (EDTF),
    where it is published, where to report an error, and how many millions of letters the
    concordance reads at once (beyond, it asks for a text)."""

    title: str
    subtitle: str = ""
    covers: str = ""
    purpose: tuple[str, ...] = ()
    base_url: str = ""
    contact: str = ""
    concordance_limit: float = CONCORDANCE_LIMIT


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of the corpus: its document, its path, its witness and their collation, and the
    SHA-256 of its file."""

    document: Document
    path: str
    witness: Witness | None
    collation: Collation | None
    checksum: str = ""

    @property
    def version(self) -> str:
        """What names this state of its file."""
        return version_of(self.checksum)

    @property
    def id(self) -> str:
        """The text's id."""
        return self.document.meta.id


@dataclass(frozen=True, slots=True)
class Common:
    """What all texts share: the site's own words, the entries of the authority files by key, the
    capitalised words that no entry claims, the findings that the editor lets stand, the checksums
    of witnesses by their names, and the authority files that cannot be read."""

    site: Site
    entries: Mapping[str, Entry]
    unclaimed: tuple[Unclaimed, ...]
    exemptions: tuple[Exemption, ...]
    sums: Mapping[str, str]
    unread: tuple[str, ...] = ()


def rank_of(meta: Meta) -> tuple[str, str, str]:
    """What puts texts in chronological order: first and last day of their date, then the id."""
    return (*span(meta.date.value), meta.id)


def edition_files(files: Iterable[str]) -> list[str]:
    """Which of a corpus's files are editions, in order."""
    return sorted(name for name in files if name.startswith(f"{EDITIONS}/"))


def check_editions(root: Path, files: Iterable[str]) -> Iterator[Finding]:
    """A corpus has an edition."""
    if not edition_files(files):
        hint = f"Make one: archive-site recover WITNESS -C {root}"
        yield Finding(str(root / EDITIONS), 0, "E003", "there is no edition", hint)


def check_unknown(root: Path, names: Iterable[str]) -> Iterator[Finding]:
    """A corpus has no files but those that an archive uses. `names`: those that it could not."""
    for name in names:
        folder = name.rpartition("/")[0]
        expected = {"": TOP, EDITIONS: ("<id>.md",), WITNESSES: ("<id>.txt", CHECKSUMS)}.get(folder)
        message = "nothing uses this file; it is not published"
        if not expected:
            hint = f"Files stand in {EDITIONS}/, in {WITNESSES}/ and in the corpus's own folder."
        else:
            hint = did_you_mean(name, TOP) or f"The files here are called {', '.join(expected)}."
        yield Finding(str(root / name), 0, "W058", message, hint)


def unnamed_witnesses(files: Iterable[str], named: Iterable[str]) -> list[str]:
    """Which of a corpus's files are witnesses that no edition names. `named`: those that some
    edition does."""
    used = {composed(f"{WITNESSES}/{name}") for name in (*named, CHECKSUMS)}
    witnesses = (name for name in files if name.startswith(f"{WITNESSES}/"))
    return sorted(name for name in witnesses if composed(name) not in used)


def check_unnamed(root: Path, unnamed: Iterable[str]) -> Iterator[Finding]:
    """Every witness is named by an edition."""
    for name in unnamed:
        path = root / name
        message = "no edition names this witness; it is not published"
        hint = f"Write witness: {path.name} in an edition, or move the file out of the corpus."
        yield Finding(str(path), 0, "W058", message, hint)


def sums_of(sums: Mapping[str, str]) -> bytes:
    """Checksums by file name, as `sha256sum` writes and checks them."""
    return "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(sums.items())).encode()


def version_of(checksum: str) -> str:
    """What names a state of a file, or of a corpus: the first figures of its SHA-256."""
    return checksum[:VERSION_LENGTH]


def forms_of_people(root: Path) -> dict[str, str]:
    """Form of a name → key, from the corpus's people, for `recover`; empty where there are none."""
    name = KINDS["person"].file
    path = root / name
    there = corpus_files(root).files if root.is_dir() else {}
    data = path.read_bytes() if name in there else None
    people, _ = read_entries(_mapping(path, data, []), "person", str(path))
    return {words: e.key for e in people for words in (e.name, *(form.text for form in e.forms))}


# ---------------------------------------------------------------- files


def _text(path: Path, data: bytes, findings: list[Finding]) -> str | None:
    try:
        return "\n".join(lines_of(data, str(path))) + "\n"
    except Unsound as error:
        findings += error.findings
        return None


def _mapping(path: Path, data: bytes | None, findings: list[Finding]) -> Value | None:
    text = _text(path, data, findings) if data is not None else None
    if text is None:
        return None
    value, found = read_yaml(text, str(path))
    findings += found
    if value is not None and value.fields is None:
        message = f"must be a mapping; found {value.shape}"
        findings.append(Finding(str(path), value.line, "E015", message))
        return None
    return value


# ---------------------------------------------------------------- site.yaml, authority files


def read_common(root: Path, files: Mapping[str, bytes], findings: list[Finding]) -> Common:
    """What all texts of the corpus in the folder `root` share, from its `files`."""
    sums = f"{WITNESSES}/{CHECKSUMS}"
    listed = _text(root / sums, files[sums], findings) if sums in files else None
    site = _read_site(root, files, findings)
    entries, unread = _read_entries(root, files, findings)
    return Common(
        site,
        entries,
        tuple(_read_unclaimed(root / UNCLAIMED, files.get(UNCLAIMED), findings)),
        tuple(_read_exemptions(root / EXEMPTIONS, files.get(EXEMPTIONS), findings)),
        checksums_of((listed or "").splitlines()),
        unread,
    )


def _read_site(root: Path, files: Mapping[str, bytes], findings: list[Finding]) -> Site:
    path = root / SITE
    if SITE not in files:
        hint = (
            "Write it: title, subtitle, covers, purpose (a list of sentences), base_url, contact."
        )
        findings.append(Finding(str(path), 0, "E001", "must exist; it names the archive", hint))
    reader = Reader(str(path), findings)
    readers: dict[str, Callable[[Value, str], Any]] = {
        "title": reader.text,
        "subtitle": reader.text,
        "covers": lambda value, name: reader.date(value, name).value,
        "purpose": reader.remarks,
        "base_url": reader.text,
        "contact": lambda value, name: _contact(reader, value, name),
        "concordance_limit": lambda value, name: _millions(reader, value, name),
    }
    value = _mapping(path, files.get(SITE), findings)
    fields = reader.fields(value, "site.yaml", readers) if value else {}
    words = {name: readers[name](field, name) for name, field in fields.items()}
    unread = value is None and any(f.path == str(path) for f in findings)
    if not words.get("title") and not unread:
        reader.report(1, "E014", "site.yaml must have a title")
    if words.get("base_url"):
        try:
            words["base_url"] = base_url_of(words["base_url"])
        except ValueError as error:
            hint = "Such as https://me.github.io/archive/."
            reader.report(fields["base_url"].line, "E015", f"base_url {error}", hint)
            words["base_url"] = ""
    return Site(**{"title": "", **words})


def _contact(reader: Reader, value: Value, name: str) -> str:
    """An address that a page may lead to: none that runs a script."""
    text = reader.text(value, name)
    if text and not re.fullmatch(r"(?:https?://|mailto:)[^\s\"<>\\]+", text):
        message = f"{name} must begin with https://, http:// or mailto:; found “{text}”"
        reader.report(value.line, "E015", message, "Such as mailto:archive@exemple.fr.")
        return ""
    return text


def base_url_of(text: str) -> str:
    """The address of a site, with its last slash. Raises `ValueError`, saying what it must be."""
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    whole = parts.scheme in ("http", "https") and parts.hostname
    if not whole or not text.isprintable() or re.search(r"[\s?#\"<>\\]", text):
        raise ValueError(f"must be https:// or http://, a host and a path; found “{text}”")
    return text if text.endswith("/") else text + "/"


def _millions(reader: Reader, value: Value, name: str) -> float:
    text = reader.text(value, name)
    try:
        limit = float(text.replace(",", "."))
    except ValueError:
        limit = math.nan
    if not 0 <= limit < math.inf:
        message = f"{name} must be a number, in millions of letters; found “{text}”"
        reader.report(value.line, "E015", message, f"Write {CONCORDANCE_LIMIT:g}, or less.")
        return CONCORDANCE_LIMIT
    return limit


def _read_entries(
    root: Path, files: Mapping[str, bytes], findings: list[Finding]
) -> tuple[dict[str, Entry], tuple[str, ...]]:
    """The entries by key, and the authority files that cannot be read."""
    entries: list[Entry] = []
    unread: list[str] = []
    for kind, (name, _) in KINDS.items():
        before = len(findings)
        value = _mapping(root / name, files.get(name), findings)
        if value is None and len(findings) > before:
            unread.append(name)
        read, found = read_entries(value, kind, str(root / name))
        entries += read
        findings += found
    named, found = by_key(entries)
    findings += found
    return named, tuple(unread)


def _read_unclaimed(path: Path, data: bytes | None, findings: list[Finding]) -> Iterator[Unclaimed]:
    text = _text(path, data, findings) if data is not None else None
    if text is not None:
        read, found = read_unclaimed(text, str(path))
        findings += found
        yield from read


def _read_exemptions(
    path: Path, data: bytes | None, findings: list[Finding]
) -> Iterator[Exemption]:
    """`exemptions.yaml`: a list of `{path, code, reason}`."""
    text = _text(path, data, findings) if data is not None else None
    value, found = read_yaml(text, str(path)) if text else (None, [])
    findings += found
    reader = Reader(str(path), findings)
    if value is not None and value.items is None:
        reader.report(value.line, "E015", f"must be a list; found {value.shape}")
    for item in (value.items or ()) if value else ():
        fields = reader.fields(item, "an exemption", ("path", "code", "reason"))
        words = {name: reader.text(field, name) for name, field in fields.items()}
        missing = [name for name in ("path", "code", "reason") if not words.get(name)]
        for name in missing:
            reader.report(item.line, "E014", f"an exemption must have its {name}")
        if missing:
            continue
        if words["code"] not in EXEMPTIBLE:
            hint = f"These may: {', '.join(EXEMPTIBLE)}."
            reader.report(item.line, "E038", f"{words['code']} may not be exempted", hint)
            continue
        yield Exemption(**words, source=str(path), line=item.line)


# ---------------------------------------------------------------- editions


def read_edition(
    root: Path,
    name: str,
    files: Mapping[str, bytes],
    sums: Mapping[str, str],
    findings: list[Finding],
) -> Edition | None:
    """The edition in the file `name` of the corpus in the folder `root`, collated; None where there
    is none to be had. `sums`: the checksums that its witnesses must have."""
    path = root / name
    text = _text(path, files[name], findings)
    if text is None:
        return None
    document, found = parse(text, str(path))
    findings += found
    if document is None:
        return None
    if document.meta.id != composed(path.stem):
        message = f"id must be the file's name, {path.stem}; found “{document.meta.id}”"
        findings.append(Finding(str(path), 2, "E018", message, "Rename one of them."))
    witness = _read_witness(root, document, str(path), files, sums, findings)
    collation = collate(document, witness, str(path)) if witness and not found else None
    findings += collation.findings if collation else ()
    checksum = hashlib.sha256(files[name]).hexdigest()
    return Edition(document, str(path), witness, collation, checksum)


def _read_witness(
    root: Path,
    document: Document,
    path: str,
    files: Mapping[str, bytes],
    checksums: Mapping[str, str],
    findings: list[Finding],
) -> Witness | None:
    name = document.meta.witness
    if not name:
        findings += check_no_witness(document.meta.id, path, files)
        return None
    file = same_name(f"{WITNESSES}/{name}", files)
    if file is None:
        known = [n.removeprefix(f"{WITNESSES}/") for n in files if n.startswith(WITNESSES)]
        message = f"its witness must be in {root / WITNESSES}; found “{name}”, which is not"
        hint = did_you_mean(name, known) or "Copy the witness there, or empty the field."
        findings.append(Finding(path, 1, "E032", message, hint))
        return None
    shown, name = root / file, file.removeprefix(f"{WITNESSES}/")
    try:
        witness = witness_of(files[file], name, str(shown))
    except Unsound as error:
        findings += error.findings
        return None
    listed = same_name(name, checksums)
    if listed and checksums[listed] != witness.sha256:
        message = (
            f"must be the witness that was received (SHA-256 {checksums[listed][:12]}…); "
            f"found {witness.sha256[:12]}…"
        )
        hint = "Put the original back: a witness is never edited; corrections go in the edition."
        findings.append(Finding(str(shown), 0, "E004", message, hint))
    elif not listed:
        hint = f"Add the line: {witness.sha256}  {name}"
        message = f"must have its checksum in {CHECKSUMS}; there is none"
        findings.append(Finding(str(shown), 0, "E004", message, hint))
    return witness


def same_name(name: str, names: Collection[str]) -> str | None:
    """The one of some names that has the same letters, composed or not: macOS takes “é” apart in
    the names of files."""
    if name in names:
        return name
    wanted = composed(name)
    return next((other for other in names if composed(other) == wanted), None)


def check_no_witness(text_id: str, path: str, files: Mapping[str, bytes]) -> Iterator[Finding]:
    """An edition that names no witness has none: nothing switches its collation off."""
    name = f"{text_id}.txt"
    if f"{WITNESSES}/{name}" in files:
        message = f"must name its witness, {WITNESSES}/{name}; found none"
        yield Finding(path, 1, "E032", message, f"Write witness: {name} in the front matter.")


def check_ids(ids: Mapping[str, str]) -> Iterator[Finding]:
    """No two editions (path → id) have one id."""
    first: dict[str, str] = {}
    for path, text_id in ids.items():
        if text_id in first:
            message = f"the id {text_id} is already that of {first[text_id]}"
            yield Finding(path, 2, "E030", message, "Give one of them another id.")
        first.setdefault(text_id, path)


class UsedKey(NamedTuple):
    """A key that a text uses, and on which line of its file: of its creator, of someone who speaks,
    of a name that is marked."""

    role: Literal["creator", "speaker", "name"]
    key: str
    line: int


def used_keys(document: Document) -> Iterator[UsedKey]:
    """The keys that a text uses."""
    if document.meta.creator.key:
        yield UsedKey("creator", document.meta.creator.key, 1)
    notes = (block for note in document.notes for block in note.blocks)
    for block in (*document.blocks, *notes):
        for key in block.speaker if not block.continues else ():
            yield UsedKey("speaker", key, block.line)
        for name in walk(block.content):
            if isinstance(name, Name) and name.key:
                yield UsedKey("name", name.key, block.line)


def check_keys(
    path: str, used: Iterable[UsedKey], entries: Mapping[str, Entry]
) -> Iterator[Finding]:
    """Creators, speakers and names marked in the edition at `path` stand in the authority files."""
    for role, key, line in used:
        kind = entries[key].kind if key in entries else ""
        if role == "creator" and kind != "person":
            people = of_kind(entries, "person")
            yield _unknown(path, line, "creator", "people.yaml", key, people)
        elif role == "speaker" and kind not in SPEAKERS:
            where = "an authority file"
            speakers = [key for key, entry in entries.items() if entry.kind in SPEAKERS]
            yield _unknown(path, line, "speaker", where, key, speakers)
        elif role == "name" and not kind and not is_day(key):
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", key):
                message = f"a day must be one of the calendar; found “{key}”"
                yield Finding(path, line, "E012", message, "Such as 1917-11-07.")
            else:
                where = "an authority file, or a day"
                yield _unknown(path, line, "key", where, key, entries)


def check_entries(
    entries: Mapping[str, Entry],
    labels: Mapping[str, Collection[str]],
    unread: Collection[str] = (),
) -> Iterator[Finding]:
    """What an entry names is there: other entries, texts, notes of texts. `labels`: of each text's
    notes; `unread`: texts that cannot be read, of which nothing is known."""
    documents = {*labels, *unread}
    notes = {f"{text}#{label}" for text, found in labels.items() for label in found}
    people, places = of_kind(entries, "person"), of_kind(entries, "place")
    for entry in entries.values():
        named: list[tuple[str, tuple[str, ...], str, Iterable[str], int]] = [
            ("see", entry.see, "an authority file", entries, entry.line),
            ("creator", (entry.creator,), "people.yaml", people, entry.line),
            ("place", (entry.place,), "places.yaml", places, entry.line),
            ("text", (entry.text,), "an edition", documents, entry.line),
            ("notes", entry.notes, "a text and note, such as text-id#3", notes, entry.line),
        ]
        for form in entry.forms:
            texts = (*form.only_in, *form.not_in)
            named.append(("form", texts, "an edition", documents, form.line))
        for name, keys, where, known, line in named:
            for key in keys:
                if key and key not in known and key.partition("#")[0] not in unread:
                    yield _unknown(entry.path, line, f"{entry.key}’s {name}", where, key, known)


def _unknown(
    path: str, line: int, what: str, where: str, key: str, known: Iterable[str]
) -> Finding:
    message = f"{what} must be a key of {where}; found “{key}”"
    return Finding(path, line, "E031", message, did_you_mean(key, known))
