"""Import a witness into a corpus: copy it, add its checksum, write a draft of its edition.

Nothing is overwritten: if the edition exists, the result is its difference from a new draft."""

from __future__ import annotations

import difflib
import hashlib
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from archive_site import interface
from archive_site.edition.format import dumps, with_meta
from archive_site.edition.front_matter import ID
from archive_site.edition.ids import slug
from archive_site.files.layout import CHECKSUMS, EDITIONS, LARGEST, WITNESSES, corpus_files
from archive_site.files.writing import replace_unchanged, wrong_name
from archive_site.findings import ArchiveError, Finding, NotPossible, Unsound, count_noun
from archive_site.recover.kept_files import without_kept
from archive_site.recover.metadata_table import Stated
from archive_site.recover.plain import PLAIN
from archive_site.recover.printed.draft import recover_printed, recover_text
from archive_site.sources.received import Received, read_received
from archive_site.text.document import Document, Doubt
from archive_site.text.reading import walk
from archive_site.witness.witness import Witness, checksums_of, lines_of

_SAID_OF_WORDS = {
    f"words of the source are not {where}: {{}}; see remarks in the front matter": (
        remark.partition("{words}")
    )
    for where, remark in (
        ("in the draft", interface.WORDS_LEFT),
        ("in their place", interface.WORDS_MOVED),
    )
}
"""What is said of a draft with a remark, and the parts of the remark."""
SAID_OF_PLAIN = (
    "the structure that was found could not be proved: the draft has the lines of the witness, "
    "without headings and notes"
)


@dataclass(frozen=True, slots=True)
class DraftCounts:
    """What a draft has: paragraphs, headings, notes, and doubts to be resolved. There is a `remark`
    if its witness was guessed (the encoding, or what OCR has read, and how sure that is), if words
    of it are not in the draft, or if the draft is plain."""

    paragraphs: int
    headings: int
    notes: int
    doubts: int
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ImportedWitness:
    """The result of an import: the path of the edition, the text of the draft, what that has, and
    the difference between the two if the edition existed (None: it was created)."""

    edition: Path
    draft: str
    counts: DraftCounts
    difference: str | None


@dataclass(frozen=True, slots=True)
class DraftedWitness:
    """A witness with the draft of its edition, before they are in a corpus: the file that was
    received, the id of the text, the edition file, and the files of the witness by name."""

    source: Path
    text_id: str
    draft: str
    files: Mapping[str, bytes]
    counts: DraftCounts


def import_witness(
    source: Path,
    corpus: Path,
    people: Mapping[str, str],
    text_id: str = "",
    stated: Stated | None = None,
) -> ImportedWitness:
    """Import the witness `source` into `corpus`. `people` maps forms of names to keys; `stated` is
    what a table of metadata says of the text.

    Raises `Unsound` if the witness cannot be read or has no words, or if something in the corpus
    must not be read; `NotPossible` if the id is not valid, another witness has its name, or the
    corpus cannot be written."""
    text_id = _checked_id(text_id or id_of(source))
    check_corpus(corpus)
    drafted = draft_witness(source, corpus, people, text_id, stated)
    (result,) = write_drafts(corpus, [drafted])
    if isinstance(result, ArchiveError):
        raise result
    return result


def id_of(source: Path) -> str:
    """The id of a text if none is given: made from the name of its file."""
    return slug(source.stem.replace("_", "-"))


def check_corpus(corpus: Path) -> None:
    """Raises `Unsound` if something in the corpus must not be read."""
    faults = corpus_files(corpus).findings if os.path.lexists(corpus) else ()
    if faults:
        raise Unsound(faults)


def draft_witness(
    source: Path,
    corpus: Path,
    people: Mapping[str, str],
    text_id: str,
    stated: Stated | None = None,
) -> DraftedWitness:
    """Read the witness `source` and draft its edition; write nothing. The same as `import_witness`
    otherwise, but of the corpus only the files of this witness are read."""
    _checked_id(text_id)
    data = contents_of(source)
    received = read_received(data, source.name, str(source))
    name = f"{text_id}.{received.ending}"
    files = dict(received.files(name, data))
    wanted = without_kept(_paths(corpus, files), source)
    files = {path.name: kept for path, kept in wanted.items()}
    witness = Witness(name, received.lines, len(data), hashlib.sha256(data).hexdigest())
    if received.document:
        meta = replace(received.document.meta, id=text_id, witness=name)
        document = replace(received.document, meta=meta)
    elif received.pages:
        document = recover_printed(received.pages, witness, text_id, people, received.properties)
        document = replace(document, meta=replace(document.meta, extraction=_read_by(received)))
    else:
        document = recover_text(witness, text_id, people)
    draft = dumps(document)
    if stated:
        draft = with_meta(draft, stated.applied_to(document.meta))
    counts = replace(_counts(document), remark=_remark(received, document))
    return DraftedWitness(source, text_id, draft, files, counts)


def _read_by(received: Received) -> str:
    """What the front matter says of the OCR that has read a witness; empty if none has."""
    if not any(page.scanned for page in received.pages):
        return ""
    reader = f" ({received.ocr})" if received.ocr else ""
    sure = received.confidence
    said = interface.OCR_CONFIDENCE if sure < 1 else interface.READ_BY_OCR
    return said.format(reader=reader, sure=round(100 * sure))


def _remark(received: Received, document: Document) -> str:
    plain = SAID_OF_PLAIN if PLAIN in document.meta.remarks else ""
    read = received.remark or _said_of_ocr(received)
    return "; ".join(filter(None, (read, _said_of_words(received), plain)))


def _said_of_ocr(received: Received) -> str:
    if not any(page.scanned for page in received.pages):
        return ""
    words = sum(len(line.printed_words) for page in received.pages for line in page.lines)
    sure = f", sure of them at {100 * received.confidence:.0f} % on average"
    known = sure if received.confidence < 1 else ""
    return f"{received.ocr or 'OCR'} has read {count_noun(words, 'word')}{known}"


def _said_of_words(received: Received) -> str:
    """Which words of a document its draft has not, or not in their place; the front matter says it,
    too."""
    remarks = received.document.meta.remarks if received.document else ()
    return "; ".join(
        said.format(remark.removeprefix(before).removesuffix(after))
        for said, (before, _, after) in _SAID_OF_WORDS.items()
        for remark in remarks
        if remark.startswith(before)
    )


def _counts(document: Document) -> DraftCounts:
    kinds = [block.kind for block in document.blocks]
    doubts = sum(
        isinstance(inline, Doubt)
        for block in document.every_block
        for inline in walk(block.content)
    )
    return DraftCounts(
        kinds.count("paragraph"), kinds.count("heading"), len(document.notes), doubts
    )


def _paths(corpus: Path, files: Mapping[str, bytes]) -> dict[Path, bytes]:
    return {corpus / WITNESSES / name: kept for name, kept in files.items()}


def _checked_id(text_id: str) -> str:
    if not ID.fullmatch(text_id):
        message = f"an id must be lower-case letters, figures and hyphens; found “{text_id}”"
        raise NotPossible(message, "Choose an id with --id.")
    if reason := wrong_name(text_id):
        raise NotPossible(f"the id “{text_id}” {reason}", "Choose another id with --id.")
    return text_id


def write_drafts(
    corpus: Path, drafts: Sequence[DraftedWitness]
) -> list[ImportedWitness | ArchiveError]:
    """Write drafts and the files of their witnesses with their checksums. The result has, for each
    draft, what was imported or why it was not.

    All checksums are added at once, after the witnesses and before the editions: whatever is
    interrupted in between can be imported again. Raises `Unsound` if the checksums of the corpus
    are not text."""
    sums = corpus / WITNESSES / CHECKSUMS
    _listed(sums)
    added: dict[str, str] = {}
    failed: dict[str, NotPossible] = {}
    for drafted in drafts:
        try:
            for name, sha256 in _write_witness(corpus, drafted):
                added[name] = sha256
        except (OSError, NotPossible) as error:
            failed[drafted.text_id] = _as_not_possible(error)
    try:
        _add_checksums(sums, added)
    except OSError as error:
        return [_as_not_possible(error) for _ in drafts]
    return [failed.get(drafted.text_id) or _write_edition(corpus, drafted) for drafted in drafts]


def _write_witness(corpus: Path, drafted: DraftedWitness) -> Iterator[tuple[str, str]]:
    """Write the files of a witness; yield the name and the checksum of each. If it has an edition,
    write only those that were derived from its witness and are missing."""
    files = _paths(corpus, drafted.files)
    wanted = files
    if _edition(corpus, drafted).exists():
        missing = {path: kept for path, kept in files.items() if not path.exists()}
        wanted = missing if next(iter(files)).exists() else {}
    for path, kept in wanted.items():
        replace_unchanged(path, None, kept)
        if path.read_bytes() != kept:
            message = f"another witness was imported as {drafted.text_id} at the same time"
            raise NotPossible(message, "Choose another id with --id.")
        yield path.name, hashlib.sha256(kept).hexdigest()


def _write_edition(corpus: Path, drafted: DraftedWitness) -> ImportedWitness | ArchiveError:
    """Write a draft, or compare it with the edition that exists."""
    edition, draft = _edition(corpus, drafted), drafted.draft
    try:
        # the edition may be created meanwhile
        if edition.exists() or not replace_unchanged(edition, None, draft.encode()):
            return ImportedWitness(edition, draft, drafted.counts, _difference(edition, draft))
    except OSError as error:
        return _as_not_possible(error)
    except Unsound as error:  # the edition is not text
        return error
    return ImportedWitness(edition, draft, drafted.counts, None)


def _edition(corpus: Path, drafted: DraftedWitness) -> Path:
    return corpus / EDITIONS / f"{drafted.text_id}.md"


def _as_not_possible(error: OSError | NotPossible) -> NotPossible:
    if isinstance(error, NotPossible):
        return error
    hint = "Check the folder given with -C and the free space on its disk."
    return NotPossible(f"cannot write {error.filename}: {error.strerror}", hint)


def contents_of(source: Path) -> bytes:
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


def _add_checksums(path: Path, added: Mapping[str, str]) -> None:
    """Add the checksums of witnesses, by name, to the file at `path`. It is safe to do so from
    several processes at the same time."""
    written = False
    while not written:
        before, sums = _listed(path)
        if added.items() <= sums.items():
            return
        sums.update(added)
        lines = "".join(f"{sums[n]}  {n}\n" for n in sorted(sums))
        written = replace_unchanged(path, before, lines.encode())


def _listed(path: Path) -> tuple[bytes | None, dict[str, str]]:
    """The contents of the file of checksums at `path` (None: it does not exist), and its checksums
    by name. Raises `Unsound` if it is not text."""
    data = path.read_bytes() if path.exists() else None
    return data, checksums_of(lines_of(data, str(path)) if data else ())
