"""A new witness comes into a corpus: its copy, its checksum, a draft of its edition.

Never overwrites: with an edition present, the difference is the result."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from archive_site.corpus import forms_of_people
from archive_site.edition import dumps, slug
from archive_site.findings import NotPossible
from archive_site.frontmatter import ID
from archive_site.layout import CHECKSUMS, EDITIONS, WITNESSES
from archive_site.recover import recover
from archive_site.witness import Witness, checksums_of, lines_of, read_witness
from archive_site.writing import write_whole


@dataclass(frozen=True, slots=True)
class Intake:
    """What came of a recovery: the edition's path, its text, and, where one was there already,
    the difference between it and a new draft."""

    edition: Path
    draft: str
    difference: str | None


def take_in(source: Path, corpus: Path, text_id: str = "") -> Intake:
    """Recover the witness `source` into `corpus`.

    Raises `Unsound` where the witness cannot be read, `NotPossible` where another witness has the
    name or the corpus cannot be written."""
    text_id = text_id or slug(source.stem.replace("_", "-"))
    if not ID.fullmatch(text_id):
        message = f"an id must be lower-case letters, figures and hyphens; seen “{text_id}”"
        raise NotPossible(message, "Give one with --id.")
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
        checksums = _with_checksum(corpus / WITNESSES / CHECKSUMS, name, witness.sha256)
        if not kept.exists():
            write_whole(kept, source.read_bytes())
        write_whole(corpus / WITNESSES / CHECKSUMS, checksums)
        write_whole(edition, draft.encode())
    except OSError as error:
        hint = "Check the folder given with -C, and the space on its disk."
        raise NotPossible(f"cannot write {error.filename}: {error.strerror}", hint) from error
    return Intake(edition, draft, None)


def _difference(edition: Path, draft: str) -> str:
    there = lines_of(edition.read_bytes(), str(edition))
    return "\n".join(
        difflib.unified_diff(there, draft.splitlines(), str(edition), "draft", n=1, lineterm="")
    )


def _with_checksum(path: Path, name: str, sha256: str) -> bytes:
    """The file of checksums at `path`, with that of the witness `name`."""
    sums = checksums_of(lines_of(path.read_bytes(), str(path)) if path.exists() else ())
    sums[name] = sha256
    return "".join(f"{sums[n]}  {n}\n" for n in sorted(sums)).encode()
