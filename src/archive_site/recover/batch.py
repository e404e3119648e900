"""Which files are imported together, each with its id and its row of the table of metadata."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from archive_site.findings import ArchiveError, Finding, NotPossible, Unsound, WrongCall, count_noun
from archive_site.recover.import_witness import DraftedWitness, draft_witness, id_of
from archive_site.recover.metadata_table import (
    FILE,
    TEXT_ID,
    Keyed,
    MetadataRow,
    MetadataTable,
    Stated,
    rows_of_files,
)
from archive_site.text.alike import composed

HIDDEN = (".", "~$")
"""How the names of files and folders begin that a folder's import leaves out: hidden ones, and
those that an office program keeps beside an open file."""
NO_SOURCES: Mapping[str, str] = {
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".gif", ".tif", ".tiff", ".webp"), "a picture"),
    **dict.fromkeys((".csv", ".tsv", ".ods", ".xls", ".xlsx"), "a table"),
    **dict.fromkeys((".gz", ".7z", ".rar", ".tar"), "an archive of files"),
    **dict.fromkeys((".mp3", ".wav", ".ogg", ".m4a", ".mp4", ".mov"), "a recording"),
    **dict.fromkeys((".db", ".ini", ".lnk", ".json", ".yaml", ".yml", ".css", ".js"), "no text"),
}
"""What files in a folder are, by the endings of their names, that are never a text to import."""
_REMEDIES = {
    "a picture": (
        "If it is a scan of one page, give it by its name; the pages of a longer text are one TIFF "
        "or PDF."
    ),
    "a table": "If it has the metadata of the texts, give it with --metadata.",
}
MOST_NAMED = 3
"""How many clashes of ids one message names."""


@dataclass(frozen=True, slots=True)
class BatchFile:
    """A file to be imported: its path, its path within the folder that was given, its id (empty:
    that of its name), what the table states of it, and the findings that refuse it."""

    path: Path
    within: str
    text_id: str = ""
    stated: Stated | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def id(self) -> str:
        """The id that the text will have."""
        return self.text_id or id_of(self.path)


def find_files(paths: Iterable[Path], table: Path | None = None) -> tuple[BatchFile, ...]:
    """The files at `paths`; those of folders and their subfolders in the order of their names,
    without the table of metadata and without hidden ones.

    Raises `WrongCall` if a file is given twice, or if there is none."""
    found: list[BatchFile] = []
    for path in paths:
        found += _in_folder(path, table) if path.is_dir() else [BatchFile(path, path.name)]
    if not found:
        message = f"no files in {', '.join(map(str, paths))}"
        raise _wrong_call(message, "Hidden files and folders are left out; name other folders.")
    seen: dict[str, Path] = {}
    for file in found:
        place = os.path.abspath(file.path)
        if place in seen:
            also = f", also as {seen[place]}" if str(seen[place]) != str(file.path) else ""
            hint = "Name each file once, or only the folder that it is in."
            raise _wrong_call(f"{file.path} is given twice{also}", hint)
        seen[place] = file.path
    return tuple(found)


def _wrong_call(message: str, remedy: str) -> WrongCall:
    return WrongCall([Finding("", 0, "", f"archive-site: {message}", remedy)])


def _in_folder(folder: Path, table: Path | None) -> list[BatchFile]:
    left_out = os.path.abspath(table) if table else ""
    paths = [path for path in _walk(folder) if os.path.abspath(path) != left_out]
    within = sorted((path.relative_to(folder).parts, path) for path in paths)
    return [
        BatchFile(path, "/".join(parts), findings=tuple(_never_a_source(path)))
        for parts, path in within
    ]


def _walk(folder: Path) -> Iterator[Path]:
    """Everything in a folder and its subfolders that is no folder and not hidden. Links are not
    followed.

    Raises `Unsound` if a folder cannot be read."""

    def fail(error: OSError) -> None:
        message = f"must be a readable folder; {error.strerror}"
        raise Unsound([Finding(str(error.filename), 0, "E001", message)]) from error

    for root, folders, names in os.walk(folder, onerror=fail):
        links = [name for name in folders if Path(root, name).is_symlink()]
        folders[:] = [name for name in folders if not name.startswith(HIDDEN)]
        yield from (Path(root, name) for name in (*names, *links) if not name.startswith(HIDDEN))


def _never_a_source(path: Path) -> Iterator[Finding]:
    what = NO_SOURCES.get(path.suffix.lower())
    if what:
        message = f"must be a text, or a document or PDF with text; its name says that it is {what}"
        hint = _REMEDIES.get(what, "Move it to another folder.")
        yield Finding(str(path), 0, "E006", message, hint)


def with_metadata(
    files: Sequence[BatchFile], table: MetadataTable
) -> tuple[tuple[BatchFile, ...], list[Finding]]:
    """The files with the ids and the metadata of their rows, and findings about rows and files
    without each other."""
    wanted = [file for file in files if not file.findings]
    rows, found = rows_of_files(table, [_keyed(file, table.key) for file in wanted])
    stated = {file.path: _with_row(file, rows[n]) for n, file in enumerate(wanted) if n in rows}
    return tuple(stated.get(file.path, file) for file in files), found


def _keyed(file: BatchFile, key: str) -> Keyed:
    """The names under which a table may have a file."""
    if key == TEXT_ID:
        return Keyed(str(file.path), (file.id,))
    names = tuple(map(composed, (str(file.path), file.within, file.path.name)))
    stems = tuple(str(PurePath(name).with_suffix("")) for name in names)
    return Keyed(str(file.path), names, stems)


def _with_row(file: BatchFile, row: MetadataRow) -> BatchFile:
    text_id = file.text_id or row.text_id
    return replace(file, text_id=text_id, stated=row.stated, findings=row.findings)


def check_ids(files: Iterable[BatchFile]) -> None:
    """Raises `WrongCall` if two files would have the same id."""
    first: dict[str, BatchFile] = {}
    clashes: list[str] = []
    for file in (file for file in files if not file.findings):
        other = first.setdefault(file.id, file)
        if other is not file:
            clashes.append(f"{other.path} and {file.path} would both be “{file.id}”")
    if clashes:
        more = len(clashes) - MOST_NAMED
        hint = (
            "Rename one of them, import them one by one with --id, or give their ids in a table "
            f"with the columns {FILE} and {TEXT_ID}: --metadata TABLE"
        )
        said = "; ".join(clashes[:MOST_NAMED])
        raise _wrong_call(f"{said}; and {count_noun(more, 'other')}" if more > 0 else said, hint)


def check_id(files: Sequence[BatchFile], text_id: str) -> None:
    """Raises `WrongCall` if an id is given with several files."""
    if text_id and len(files) != 1:
        message = f"--id gives one text its id, but there are {count_noun(len(files), 'file')}"
        hint = (
            "Leave --id out: ids are made from the names of files, or come from the column "
            f"{TEXT_ID} of a table: --metadata TABLE"
        )
        raise _wrong_call(message, hint)


def draft_or_refuse(
    file: BatchFile, corpus: Path, people: Mapping[str, str]
) -> DraftedWitness | tuple[Finding, ...]:
    """The draft of a file, or the findings that refuse it."""
    if file.findings:
        return file.findings
    try:
        return draft_witness(file.path, corpus, people, file.id, file.stated)
    except ArchiveError as error:
        return refusal(file.path, error)
    except OSError as error:
        message = f"cannot read {error.filename or file.path}: {error.strerror or error}"
        return refusal(file.path, NotPossible(message))
    except Exception as error:  # a fault of the program refuses one file, not the others
        message = f"{file.path} cannot be imported: {type(error).__name__}: {error}"
        return refusal(file.path, NotPossible(message, "Please report this, with the file."))


def refusal(path: Path, error: ArchiveError) -> tuple[Finding, ...]:
    """The findings of an error that refuses a file."""
    if isinstance(error, Unsound):
        return error.findings
    remedy = error.remedy if isinstance(error, NotPossible) else ""
    return (Finding(str(path), 0, "", str(error), remedy),)
