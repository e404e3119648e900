"""A new witness comes into a corpus: its copy, its checksum, a draft of its edition.

Never overwrites: with an edition present, the difference is the result."""

from __future__ import annotations

import difflib
import hashlib
from dataclasses import dataclass
from pathlib import Path

from archive_site.corpus import forms_of_people
from archive_site.edition import dumps, slug
from archive_site.findings import NotPossible, Unsound
from archive_site.frontmatter import ID
from archive_site.layout import CHECKSUMS, EDITIONS, WITNESSES, corpus_files
from archive_site.recover import recover
from archive_site.witness import Witness, checksums_of, lines_of, read_witness
from archive_site.writing import replace_unchanged


@dataclass(frozen=True, slots=True)
class Intake:
    """What came of a recovery: the edition's path, its text, and, where one was there already,
    the difference between it and a new draft."""

    edition: Path
    draft: str
    difference: str | None


def take_in(source: Path, corpus: Path, text_id: str = "") -> Intake:
    """Recover the witness `source` into `corpus`.

    Raises `Unsound` where the witness cannot be read, or where something in the corpus leads out of
    it; `NotPossible` where another witness has the name or the corpus cannot be written."""
    text_id = text_id or slug(source.stem.replace("_", "-"))
    if not ID.fullmatch(text_id):
        message = f"an id must be lower-case letters, figures and hyphens; seen “{text_id}”"
        raise NotPossible(message, "Give one with --id.")
    faults = corpus_files(corpus).findings if corpus.exists() else ()
    if faults:
        raise Unsound(faults)
    witness = read_witness(source)
    name = f"{text_id}.txt"
    kept, edition = corpus / WITNESSES / name, corpus / EDITIONS / f"{text_id}.md"
    if kept.exists() and read_witness(kept).sha256 != witness.sha256:
        message = f"{kept} is another witness than {source}"
        raise NotPossible(message, "Choose another id with --id: a witness is never overwritten.")
    known = Witness(name, witness.lines, witness.size, witness.sha256)
    draft = dumps(recover(known, text_id, forms_of_people(corpus)))
    if edition.exists():
        return Intake(edition, draft, _difference(edition, draft))
    try:
        _listed(corpus / WITNESSES / CHECKSUMS)
        data = source.read_bytes()
        replace_unchanged(kept, None, data)
        if not read_witness(kept).sha256 == witness.sha256 == hashlib.sha256(data).hexdigest():
            hint = "Recover it again."
            raise NotPossible(f"{source} or {kept} changed while it was recovered", hint)
        _add_checksum(corpus / WITNESSES / CHECKSUMS, name, witness.sha256)
        if not replace_unchanged(edition, None, draft.encode()):  # someone was quicker
            return Intake(edition, draft, _difference(edition, draft))
    except OSError as error:
        hint = "Check the folder given with -C, and the space on its disk."
        raise NotPossible(f"cannot write {error.filename}: {error.strerror}", hint) from error
    return Intake(edition, draft, None)


def _difference(edition: Path, draft: str) -> str:
    there = lines_of(edition.read_bytes(), str(edition))
    return "\n".join(
        difflib.unified_diff(there, draft.splitlines(), str(edition), "draft", n=1, lineterm="")
    )


def _add_checksum(path: Path, name: str, sha256: str) -> None:
    """Put the checksum of the witness `name` into the file at `path`. Others may do so at the same
    time: none loses its line."""
    written = False
    while not written:
        before, sums = _listed(path)
        if sums.get(name) == sha256:
            return
        sums[name] = sha256
        lines = "".join(f"{sums[n]}  {n}\n" for n in sorted(sums))
        written = replace_unchanged(path, before, lines.encode())


def _listed(path: Path) -> tuple[bytes | None, dict[str, str]]:
    """What the file of checksums at `path` holds (None: it is not there), and the same by names.
    Raises `Unsound` where it is no text."""
    data = path.read_bytes() if path.exists() else None
    return data, checksums_of(lines_of(data, str(path)) if data else ())
