"""Import a witness into a corpus: copy it, add its checksum, write a draft of its edition.

Nothing is overwritten: if the edition exists, the result is its difference from a new draft."""

from __future__ import annotations

import difflib
import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from archive_site.edition.format import dumps
from archive_site.edition.front_matter import ID
from archive_site.edition.ids import slug
from archive_site.files.layout import CHECKSUMS, EDITIONS, LARGEST, WITNESSES, corpus_files
from archive_site.files.writing import replace_unchanged, wrong_name
from archive_site.findings import Finding, NotPossible, Unsound
from archive_site.recover.kept_files import without_kept
from archive_site.recover.printed.draft import recover_printed, recover_text
from archive_site.sources.received import read_received
from archive_site.witness.witness import Witness, checksums_of, lines_of


@dataclass(frozen=True, slots=True)
class ImportedWitness:
    """The result of an import: the path of the edition, the text of the draft, and the difference
    between the two if the edition existed (None: it was created)."""

    edition: Path
    draft: str
    difference: str | None


def import_witness(
    source: Path, corpus: Path, people: Mapping[str, str], text_id: str = ""
) -> ImportedWitness:
    """Import the witness `source` into `corpus`. `people` maps forms of names to keys.

    Raises `Unsound` if the witness cannot be read or has no words, or if something in the corpus
    must not be read; `NotPossible` if the id is not valid, another witness has its name, or the
    corpus cannot be written."""
    text_id = _checked_id(text_id or slug(source.stem.replace("_", "-")))
    faults = corpus_files(corpus).findings if os.path.lexists(corpus) else ()
    if faults:
        raise Unsound(faults)
    data = _received(source)
    received = read_received(data, source.name, str(source))
    name = f"{text_id}.{received.ending}"
    files = {corpus / WITNESSES / n: kept for n, kept in received.files(name, data)}
    files = without_kept(files, source)
    witness = Witness(name, received.lines, len(data), hashlib.sha256(data).hexdigest())
    if received.document:
        meta = replace(received.document.meta, id=text_id, witness=name)
        document = replace(received.document, meta=meta)
    elif received.pages:
        document = recover_printed(received.pages, witness, text_id, people, received.properties)
    else:
        document = recover_text(witness, text_id, people)
    return _written(corpus / EDITIONS / f"{text_id}.md", dumps(document), files)


def _checked_id(text_id: str) -> str:
    if not ID.fullmatch(text_id):
        message = f"an id must be lower-case letters, figures and hyphens; found “{text_id}”"
        raise NotPossible(message, "Choose an id with --id.")
    if reason := wrong_name(text_id):
        raise NotPossible(f"the id “{text_id}” {reason}", "Choose another id with --id.")
    return text_id


def _written(edition: Path, draft: str, files: Mapping[Path, bytes]) -> ImportedWitness:
    """Write a draft and the files of its witness with their checksums. If it has an edition, write
    only those that were derived from its witness and are missing."""
    existed = edition.exists()
    of_edition = next(iter(files)).exists()
    missing = {path: kept for path, kept in files.items() if not path.exists()}
    wanted = files if not existed else missing if of_edition else {}
    try:
        for path, kept in wanted.items():
            sums = path.parent / CHECKSUMS
            _listed(sums)
            replace_unchanged(path, None, kept)
            if path.read_bytes() != kept:
                message = f"another witness was imported as {edition.stem} at the same time"
                raise NotPossible(message, "Choose another id with --id.")
            _add_checksum(sums, path.name, hashlib.sha256(kept).hexdigest())
        # the edition may have been created meanwhile
        if existed or not replace_unchanged(edition, None, draft.encode()):
            return ImportedWitness(edition, draft, _difference(edition, draft))
    except OSError as error:
        hint = "Check the folder given with -C and the free space on its disk."
        raise NotPossible(f"cannot write {error.filename}: {error.strerror}", hint) from error
    return ImportedWitness(edition, draft, None)


def _received(source: Path) -> bytes:
    """The contents of the file `source`, read once. Raises `NotPossible` if it is a link, a pipe, a
    device or too large, and `Unsound` if it cannot be read."""
    try:
        status = source.stat()
    except OSError as error:
        message = f"must be a readable file; {error.strerror}"
        raise Unsound([Finding(str(source), 0, "E001", message, "Check its name.")]) from error
    if not stat.S_ISREG(status.st_mode):
        hint = "Save the text as a file and give the name of that file."
        raise NotPossible(f"{source} is not a regular file", hint)
    if source.is_symlink():
        raise NotPossible(f"{source} is a symbolic link", "Give the name of the file it points to.")
    if status.st_size > LARGEST:
        hint = "Divide it into several texts."
        raise NotPossible(f"{source} is larger than {LARGEST / 1e6:g} MB", hint)
    try:
        return source.read_bytes()
    except OSError as error:
        message = f"must be a readable file; {error.strerror}"
        hint = "Check its permissions."
        raise Unsound([Finding(str(source), 0, "E001", message, hint)]) from error


def _difference(edition: Path, draft: str) -> str:
    written = lines_of(edition.read_bytes(), str(edition))
    return "\n".join(
        difflib.unified_diff(written, draft.splitlines(), str(edition), "draft", n=1, lineterm="")
    )


def _add_checksum(path: Path, name: str, sha256: str) -> None:
    """Add the checksum of the witness `name` to the file at `path`. It is safe to do so from
    several processes at the same time."""
    written = False
    while not written:
        before, sums = _listed(path)
        if sums.get(name) == sha256:
            return
        sums[name] = sha256
        lines = "".join(f"{sums[n]}  {n}\n" for n in sorted(sums))
        written = replace_unchanged(path, before, lines.encode())


def _listed(path: Path) -> tuple[bytes | None, dict[str, str]]:
    """The contents of the file of checksums at `path` (None: it does not exist), and its checksums
    by name. Raises `Unsound` if it is not text."""
    data = path.read_bytes() if path.exists() else None
    return data, checksums_of(lines_of(data, str(path)) if data else ())
