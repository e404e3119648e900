"""Reads the files of a corpus as records, and collects findings."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from archive_site.corpus import bibliography
from archive_site.corpus.bibliography import Reference, read_csl
from archive_site.corpus.bibtex import read_bibtex
from archive_site.corpus.pictures import Credit, PictureInfo, picture_info
from archive_site.corpus.records import (
    CONCORDANCE_LIMIT,
    Common,
    Edition,
    Site,
)
from archive_site.corpus.rules import check_no_witness, same_name
from archive_site.edition.authority import (
    KINDS,
    Entry,
    Unclaimed,
    by_key,
    read_entries,
    read_unclaimed,
)
from archive_site.edition.collections import read_collections
from archive_site.edition.format import parse
from archive_site.edition.front_matter import ID, Reader, did_you_mean
from archive_site.edition.yaml import Value, read_yaml
from archive_site.files.layout import (
    BIBLIOGRAPHIES,
    CHECKSUMS,
    COLLECTIONS,
    CREDITS,
    EXEMPTIONS,
    IMAGES,
    PICTURE,
    SITE,
    TOP,
    UNCLAIMED,
    WITNESSES,
    corpus_files,
)
from archive_site.findings import EXEMPTIBLE, Exemption, Finding, Unsound
from archive_site.text.alike import composed
from archive_site.text.document import Document
from archive_site.text.reading import reading_text
from archive_site.witness.collate import collate
from archive_site.witness.witness import (
    Witness,
    checksums_of,
    lines_of,
    places_name,
    text_name,
    witness_of,
)

NO_CREDITS: Mapping[str, Credit] = MappingProxyType({})


def forms_of_people(root: Path) -> dict[str, str]:
    """Name or form → key, for the people of the corpus in the folder `root`; empty if there are
    none. For `recover`."""
    name = KINDS["person"].file
    path = root / name
    there = corpus_files(root).files if root.is_dir() else {}
    data = path.read_bytes() if name in there else None
    people, _ = read_entries(_mapping(path, data, []), "person", str(path))
    return {words: e.key for e in people for words in (e.name, *(form.text for form in e.forms))}


def read_shared(root: Path) -> Common:
    """What the texts of the corpus in the folder `root` share, as far as its files can be read;
    nothing if there is no such folder. For `recover`: `check` reports the findings."""
    there = corpus_files(root).files if root.is_dir() else {}
    files = {name: (root / name).read_bytes() for name in TOP if name in there}
    return read_common(root, files, [])


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


def read_common(root: Path, files: Mapping[str, bytes], findings: list[Finding]) -> Common:
    """The data that all texts of the corpus in the folder `root` share. `files` has the contents of
    its files by path; findings are appended to `findings`."""
    sums_name = f"{WITNESSES}/{CHECKSUMS}"
    sums = _text(root / sums_name, files[sums_name], findings) if sums_name in files else None
    site = _read_site(root, files, findings)
    entries, unreadable = _read_entries(root, files, findings)
    before = len(findings)
    listed = _mapping(root / COLLECTIONS, files.get(COLLECTIONS), findings)
    if listed is None and len(findings) > before:
        unreadable = (*unreadable, COLLECTIONS)
    collections, found = read_collections(listed, str(root / COLLECTIONS))
    findings += found
    works, unread = _read_bibliography(root, files, findings)
    return Common(
        site,
        entries,
        tuple(_read_unclaimed(root / UNCLAIMED, files.get(UNCLAIMED), findings)),
        tuple(_read_exemptions(root / EXEMPTIONS, files.get(EXEMPTIONS), findings)),
        checksums_of((sums or "").splitlines()),
        _read_credits(root, files, findings),
        collections,
        works,
        (*unreadable, *unread),
    )


def _read_site(root: Path, files: Mapping[str, bytes], findings: list[Finding]) -> Site:
    path = root / SITE
    if SITE not in files:
        hint = (
            "Write it: title, subtitle, covers, purpose (a list of sentences), base_url, contact."
        )
        message = "must exist, because it names the archive; found none"
        findings.append(Finding(str(path), 0, "E001", message, hint))
    reader = Reader(str(path), findings)
    readers: dict[str, Callable[[Value, str], Any]] = {
        "title": reader.text,
        "subtitle": reader.text,
        "covers": lambda value, name: reader.date(value, name).value,
        "purpose": reader.remarks,
        "base_url": reader.text,
        "contact": lambda value, name: _contact(reader, value, name),
        "concordance_limit": lambda value, name: _millions(reader, value, name),
        "kinds": lambda value, name: _kinds(reader, value, name),
    }
    value = _mapping(path, files.get(SITE), findings)
    fields = reader.fields(value, "site.yaml", readers) if value else {}
    values = {name: readers[name](field, name) for name, field in fields.items()}
    unreadable = value is None and any(f.path == str(path) for f in findings)
    if not values.get("title") and not unreadable:
        hint = "Add the line: title: …"
        reader.report(1, "E014", "site.yaml must have a title; found none", hint)
    if values.get("base_url"):
        try:
            values["base_url"] = base_url_of(values["base_url"])
        except ValueError as error:
            hint = "Write it like https://me.github.io/archive/."
            reader.report(fields["base_url"].line, "E015", f"base_url {error}", hint)
            values["base_url"] = ""
    return Site(**{"title": "", **values})


def _contact(reader: Reader, value: Value, name: str) -> str:
    """The address for contact; empty if it is not a web or mail address, which could run a
    script."""
    text = reader.text(value, name)
    if text and not re.fullmatch(r"(?:https?://|mailto:)[^\s\"<>\\]+", text):
        message = f"{name} must begin with https://, http:// or mailto:; found “{text}”"
        reader.report(value.line, "E015", message, "Write it like mailto:archive@exemple.fr.")
        return ""
    return text


def base_url_of(text: str) -> str:
    """The address of a site, with a slash at its end. Raises `ValueError`, with what it must be, if
    it is not a web address."""
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    whole = parts.scheme in ("http", "https") and parts.hostname
    if not whole or not text.isprintable() or re.search(r"[\s?#\"<>\\]", text):
        raise ValueError(f"must be https:// or http://, a host and a path; found “{text}”")
    return text if text.endswith("/") else text + "/"


def _kinds(reader: Reader, value: Value, name: str) -> tuple[tuple[str, str], ...]:
    """The archive's own kinds of texts: key → French name."""
    if value.fields is None:
        message = f"{name} must be a mapping, such as {{petition: …}}; found {value.shape}"
        reader.report(value.line, "E015", message)
    found = []
    for key, item in (value.fields or {}).items():
        french = reader.text(item, f"{name}’s {key}").strip()
        if not ID.fullmatch(key):
            message = f"{name} must have keys of lower-case letters, digits and hyphens"
            line = value.key_lines.get(key, item.line)
            reader.report(line, "E018", f"{message}; found “{key}”", "Write it like petition: …")
        elif french:
            found.append((key, french))
        else:
            message = f"{name}’s {key} must have a name in French; found none"
            reader.report(item.line, "E014", message, f"Write {key}: …")
    return tuple(found)


def _millions(reader: Reader, value: Value, name: str) -> float:
    text = reader.text(value, name)
    try:
        limit = float(text.replace(",", "."))
    except ValueError:
        limit = math.nan
    if not 0 <= limit < math.inf:
        message = f"{name} must be a number, in millions of letters; found “{text}”"
        reader.report(value.line, "E015", message, f"Write {CONCORDANCE_LIMIT:g} or less.")
        return CONCORDANCE_LIMIT
    return limit


def _read_entries(
    root: Path, files: Mapping[str, bytes], findings: list[Finding]
) -> tuple[dict[str, Entry], tuple[str, ...]]:
    """The entries by key, and the authority files that cannot be read."""
    entries: list[Entry] = []
    unreadable: list[str] = []
    for kind, (name, _) in KINDS.items():
        before = len(findings)
        value = _mapping(root / name, files.get(name), findings)
        if value is None and len(findings) > before:
            unreadable.append(name)
        read, found = read_entries(value, kind, str(root / name))
        entries += read
        findings += found
    named, found = by_key(entries)
    findings += found
    return named, tuple(unreadable)


def _read_bibliography(
    root: Path, files: Mapping[str, bytes], findings: list[Finding]
) -> tuple[dict[str, Reference], tuple[str, ...]]:
    """The works of the bibliography by key, and its files that cannot be read as a whole."""
    present = [name for name in BIBLIOGRAPHIES if name in files]
    if not present:
        return {}, ()
    found: list[Finding] = []
    texts = {name: _text(root / name, files[name], found) for name in present}
    readable = {name: text for name, text in texts.items() if text is not None}
    references: list[Reference] = []
    for name, text in readable.items():
        read = read_bibtex if name.endswith(".bib") else read_csl
        references += read(composed(text), str(root / name), found)
    works, keyed = bibliography.by_key(references)
    findings += (*found, *keyed)
    faulty = {finding.path for finding in found if finding.code in ("E002", "E060")}
    return works, tuple(name for name in present if str(root / name) in faulty)


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
        values = {name: reader.text(field, name) for name, field in fields.items()}
        missing = [name for name in ("path", "code", "reason") if not values.get(name)]
        for name in missing:
            hint = "Write it like - {path: editions/a.md, code: W050, reason: …}"
            message = f"an exemption must have “{name}”; found none"
            reader.report(item.line, "E014", message, hint)
        if missing:
            continue
        if values["code"] not in EXEMPTIBLE:
            hint = f"Exempt only {', '.join(EXEMPTIBLE)}."
            reader.report(item.line, "E038", f"{values['code']} must not be exempted", hint)
            continue
        yield Exemption(**values, source=str(path), line=item.line)


def _read_credits(
    root: Path, files: Mapping[str, bytes], findings: list[Finding]
) -> dict[str, Credit]:
    """`images.yaml`: a mapping of names of files in `images/` to `{credit, source}`. By path."""
    path, found = root / CREDITS, dict[str, Credit]()
    reader = Reader(str(path), findings)
    value = _mapping(path, files.get(CREDITS), findings)
    names = [name.removeprefix(f"{IMAGES}/") for name in files if name.startswith(f"{IMAGES}/")]
    for name, item in ((value.fields or {}) if value else {}).items():
        line = value.key_lines.get(name, item.line) if value else 0
        if name not in names:
            message = f"must have the names of files in {root / IMAGES}; found “{name}”"
            short = name.removeprefix(f"{IMAGES}/")
            hint = f"Write {short}." if short in names else did_you_mean(name, names)
            reader.report(line, "E028", message, hint)
        fields = reader.fields(item, name, ("credit", "source"))
        said = {key: reader.text(field, f"{name}’s {key}") for key, field in fields.items()}
        said = {key: words.strip() for key, words in said.items()}
        found[f"{IMAGES}/{name}"] = Credit(**said)
    return found


def read_edition(
    root: Path,
    name: str,
    files: Mapping[str, bytes],
    sums: Mapping[str, str],
    findings: list[Finding],
    credits_of: Mapping[str, Credit] = NO_CREDITS,
) -> Edition | None:
    """The edition in the file `name` of the corpus in the folder `root`, collated with its witness;
    None if it cannot be read. `sums` has the checksums of witnesses by name, `credits_of` what
    `images.yaml` says of pictures by path."""
    path = root / name
    text = _text(path, files[name], findings)
    if text is None:
        return None
    document, found = parse(text, str(path))
    findings += found
    if document is None:
        return None
    if document.meta.id != composed(path.stem):
        message = f"id must be the name of the file, {path.stem}; found “{document.meta.id}”"
        findings.append(Finding(str(path), 2, "E018", message, "Rename one of the two."))
    witness = _read_witness(root, document, str(path), files, sums, findings)
    collation = collate(document, witness, str(path)) if witness and not found else None
    findings += collation.findings if collation else ()
    pictures = _read_pictures(root, document, str(path), files, findings, credits_of)
    checksum = hashlib.sha256(files[name]).hexdigest()
    return Edition(document, str(path), witness, collation, checksum, pictures)


def _read_pictures(
    root: Path,
    document: Document,
    path: str,
    files: Mapping[str, bytes],
    findings: list[Finding],
    credits_of: Mapping[str, Credit],
) -> dict[str, PictureInfo]:
    """What is known of the pictures of a text, by path."""
    found: dict[str, PictureInfo] = {}
    for block in document.every_block:
        name = block.picture.path if block.picture else ""
        if not PICTURE.fullmatch(name) or name in found:
            continue
        if name not in files:
            known = [n for n in files if n.startswith(f"{IMAGES}/")]
            message = f"its picture must be in {root / IMAGES}; found no “{name}”"
            hint = did_you_mean(name, known) or "Copy the picture there."
            findings.append(Finding(path, block.line, "E028", message, hint))
            continue
        credit = credits_of.get(name)
        try:
            found[name] = picture_info(files[name], str(root / name), credit)
        except Unsound as error:
            findings += error.findings
            continue
        if not (credit and credit.credit) and not reading_text(block.content).strip():
            message = f"should have a caption or a credit; found neither for {name}"
            hint = f"Write a caption, or credit and source of {name} in {CREDITS}."
            findings.append(Finding(path, block.line, "W059", message, hint))
    return found


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
    names = [n.removeprefix(f"{WITNESSES}/") for n in files if n.startswith(f"{WITNESSES}/")]
    received = same_name(name, names)
    if received is None:
        message = f"its witness must be in {root / WITNESSES}; found no “{name}”"
        hint = did_you_mean(name, names) or "Copy the witness there, or leave the field empty."
        findings.append(Finding(path, 1, "E032", message, hint))
        return None
    text, places = (same_name(name_of(received), names) for name_of in (text_name, places_name))
    findings += _check_derived(root, path, received, text, places)
    if text is None:
        return None
    shown, data = str(root / WITNESSES / text), files[f"{WITNESSES}/{received}"]
    try:
        derived = files[f"{WITNESSES}/{places}"] if places else b""
        witness = witness_of(data, received, files[f"{WITNESSES}/{text}"], shown, derived)
    except Unsound as error:
        findings += error.findings
        return None
    for kept in dict.fromkeys((received, text, *([places] if places else []))):
        origin = "" if kept == received else received
        findings += _check_sum(root, kept, files[f"{WITNESSES}/{kept}"], checksums, origin)
    return witness


def _check_derived(
    root: Path, path: str, received: str, text: str | None, places: str | None
) -> Iterator[Finding]:
    """A finding for each file that should be derived from the witness `received`, and is missing:
    its `text`, and the `places` of its lines. A text has neither."""
    if text == received:
        return
    hint = f"Derive it again: archive-site recover {root / WITNESSES / received} -C {root}"
    for what, name, kept in (
        ("its text", text_name(received), text),
        ("the places of its lines", places_name(received), places),
    ):
        if kept is None:
            message = f"{received} must have {what}, {name}, beside it; found none"
            yield Finding(path, 1, "E032", message, hint)


def _check_sum(
    root: Path, name: str, data: bytes, checksums: Mapping[str, str], origin: str
) -> Iterator[Finding]:
    """A finding if a file of a witness has not the checksum that is listed, or none is. `origin` is
    the witness that the file was derived from, if it was."""
    path, found = str(root / WITNESSES / name), hashlib.sha256(data).hexdigest()
    listed = same_name(name, checksums)
    if listed is None:
        hint = f"Add the line: {found}  {name}"
        message = f"must have its checksum in {CHECKSUMS}; found none"
        yield Finding(path, 0, "E004", message, hint)
    elif checksums[listed] != found:
        what = f"file that was derived from {origin}" if origin else "witness that was received"
        message = f"must be the {what} (SHA-256 {checksums[listed][:12]}…); found {found[:12]}…"
        hint = "Restore the original: a witness is never edited; corrections go in the edition."
        if origin:
            again = f"archive-site recover {root / WITNESSES / origin} -C {root}"
            hint = f"Delete it and derive it again: {again}. Corrections go in the edition."
        yield Finding(path, 0, "E004", message, hint)
