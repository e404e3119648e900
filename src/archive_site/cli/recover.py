"""`archive-site recover` for many files: they are drafted in several processes, and written
in this one, so that an interruption leaves only whole drafts."""

from __future__ import annotations

import os
import signal
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from archive_site.corpus.load import forms_of_people, read_shared
from archive_site.edition.authority import Entry, of_kind
from archive_site.files.layout import SITE
from archive_site.findings import (
    ArchiveError,
    Finding,
    NotPossible,
    Unsound,
    WrongCall,
    count_noun,
    printable,
)
from archive_site.recover.batch import (
    BatchFile,
    check_id,
    check_ids,
    draft_or_refuse,
    find_files,
    refusal,
    with_metadata,
)
from archive_site.recover.import_witness import (
    DraftCounts,
    DraftedWitness,
    ImportedWitness,
    check_corpus,
    contents_of,
    write_drafts,
)
from archive_site.recover.metadata_table import (
    MetadataTable,
    Vocabulary,
    known_columns,
    read_metadata,
)
from archive_site.recover.spreadsheet import read_sheet

if TYPE_CHECKING:
    from archive_site.build.progress import Progress

WRITTEN_AT_ONCE = 16
"""How many drafts are written together: the file of checksums is rewritten once for all of them."""
LONGEST_WAIT = 1.0
"""Seconds after which a draft is written in any case as soon as another one is made."""
_CORPUS = "corpus"
_HEADS = ("file", "id", "paragraphs", "headings", "notes", "doubts", "")
_CREATED, _SAME, _DIFFERENT = (
    "draft written",
    "edition exists, and a new draft would be the same",
    "edition exists and is unchanged; a new draft would differ",
)


@dataclass(frozen=True, slots=True)
class RecoverRequest:
    """What is to be imported: files and folders, into which corpus, with which table of metadata
    and, for one file, with which id; `jobs`: the number of processes (0: one for each core)."""

    paths: tuple[Path, ...]
    corpus: Path
    metadata: Path | None = None
    text_id: str = ""
    jobs: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: the counts of its draft and a few words; or the findings that refuse
    it."""

    file: BatchFile
    counts: DraftCounts | None = None
    says: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Imports:
    """What became of the files that were finished, and why others were not (empty: all were)."""

    outcomes: tuple[Outcome, ...]
    stopped: str = ""


def chosen_files(request: RecoverRequest) -> tuple[tuple[BatchFile, ...], list[Finding]]:
    """The files that a request is about, with their ids and their metadata, and findings about the
    table that refuse none of them.

    Raises `WrongCall` if the request contradicts itself, its corpus is none, or its table cannot be
    read."""
    _check_place(request.corpus)
    files = find_files(request.paths, request.metadata)
    check_id(files, request.text_id)
    if request.text_id:
        files = tuple(BatchFile(f.path, f.within, request.text_id, None, f.findings) for f in files)
    findings: list[Finding] = []
    if request.metadata:
        files, findings = with_metadata(files, _table(request.metadata, request.corpus))
    check_ids(files)
    return files, findings


def _check_place(corpus: Path) -> None:
    """Raises `WrongCall` if the folder is evidently no corpus: there is one within it, around it or
    beside it, or it would be made. Only one that is named `corpus` is made, in a folder that
    exists."""
    if (corpus / SITE).exists():
        return
    new = not os.path.lexists(corpus)
    near = [corpus / _CORPUS]
    if new:
        near += [corpus.parent, corpus.parent / _CORPUS]
    meant = next((folder for folder in near if (folder / SITE).exists()), None)
    if meant or (new and (corpus.name != _CORPUS or not corpus.parent.exists())):
        says = f"there is no folder {corpus}" if new else f"{corpus} is no corpus: no {SITE} in it"
        hint = f"Did you mean -C {meant}?" if meant else "Make an archive: archive-site new FOLDER"
        raise WrongCall([Finding("", 0, "", f"archive-site: {says}", hint)])


def _table(path: Path, corpus: Path) -> MetadataTable:
    """The table of metadata at `path`. Raises `WrongCall` if it cannot be read."""
    try:
        sheet = read_sheet(contents_of(path), str(path), known_columns)
        return read_metadata(sheet, vocabulary_of(corpus))
    except Unsound as error:
        raise WrongCall(error.findings) from error
    except NotPossible as error:
        finding = Finding(str(path), 0, "", f"archive-site: {error}", error.remedy)
        raise WrongCall([finding]) from error


def vocabulary_of(corpus: Path) -> Vocabulary:
    """What the corpus has that a table may name. A name that two entries share names neither."""
    common = read_shared(corpus)
    kinds = common.site.kinds_of_text
    who = [entry for entry in common.entries.values() if entry.kind in ("person", "organisation")]
    return Vocabulary(
        contributors=_by_name({entry.key: _names(entry) for entry in who}),
        collections=_by_name({key: [c.title] for key, c in common.collections.items()}),
        works=_by_name({key: _names(e) for key, e in of_kind(common.entries, "work").items()}),
        kinds={french.casefold(): kind for kind, french in kinds.items()} | {k: k for k in kinds},
        references=frozenset(common.bibliography),
    )


def _names(entry: Entry) -> list[str]:
    return [entry.name, entry.sort, *(form.text for form in entry.forms)]


def _by_name(names: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Keys by themselves and by the names that only one of them has."""
    keys: dict[str, set[str]] = {}
    for key, own in names.items():
        for name in own:
            keys.setdefault(name, set()).add(key)
    found = {name: next(iter(own)) for name, own in keys.items() if len(own) == 1}
    return {**found, **{key: key for key in names}}


# ---------------------------------------------------------------- importing


def recover_files(
    request: RecoverRequest, files: Sequence[BatchFile], progress: Progress
) -> Imports:
    """Import the files into the corpus. After Ctrl+C, or if the machine fails, those that were
    finished are whole, and the others are not there.

    Raises `Unsound` if something in the corpus must not be read."""
    from archive_site.build.executors import Workers

    check_corpus(request.corpus)
    people = forms_of_people(request.corpus)
    jobs = [
        (file, _size(file), partial(partial, draft_or_refuse, file, request.corpus, people))
        for file in files
    ]
    writer = _Writer(request.corpus)
    stopped = ""
    progress.stage("files", len(files))
    try:
        try:
            with Workers(request.jobs) as workers:
                for file, drafted in workers.run(jobs):
                    writer.add(file, drafted)
                    progress.advance()
        finally:
            writer.finish()
    except KeyboardInterrupt:
        stopped = "stopped by Ctrl+C"
    except NotPossible as error:
        stopped = f"stopped: {error}"
    places = {file.path: place for place, file in enumerate(files)}
    outcomes = sorted(writer.outcomes, key=lambda outcome: places[outcome.file.path])
    return Imports(tuple(outcomes), stopped)


def _size(file: BatchFile) -> int:
    """The size of a file, by which the work is divided; 0 if it will be refused."""
    try:
        return 0 if file.findings else file.path.stat().st_size
    except OSError:
        return 0


class _Writer:
    """Writes drafts into a corpus, some at a time, and keeps what became of each file."""

    def __init__(self, corpus: Path) -> None:
        self.outcomes: list[Outcome] = []
        self._corpus = corpus
        self._waiting: list[tuple[BatchFile, DraftedWitness]] = []
        self._written = monotonic()

    def add(self, file: BatchFile, drafted: DraftedWitness | tuple[Finding, ...]) -> None:
        """Take the draft of a file, or the findings that refuse it."""
        if isinstance(drafted, tuple):  # of findings
            self.outcomes.append(Outcome(file, findings=drafted))
            return
        self._waiting.append((file, drafted))
        late = monotonic() - self._written > LONGEST_WAIT
        if late or len(self._waiting) >= WRITTEN_AT_ONCE:
            self.finish()

    def finish(self) -> None:
        """Write all drafts that were taken."""
        with _uninterrupted():
            waiting, self._waiting = self._waiting, []
            try:
                results = write_drafts(self._corpus, [drafted for _, drafted in waiting])
            except (ArchiveError, OSError) as error:
                results = [_as_archive_error(error)] * len(waiting)
            for (file, drafted), result in zip(waiting, results, strict=True):
                self.outcomes.append(_outcome(file, drafted, result))
            self._written = monotonic()


def _as_archive_error(error: ArchiveError | OSError) -> ArchiveError:
    if isinstance(error, ArchiveError):
        return error
    return NotPossible(f"cannot read {error.filename}: {error.strerror or error}")


def _outcome(
    file: BatchFile, drafted: DraftedWitness, result: ImportedWitness | ArchiveError
) -> Outcome:
    if isinstance(result, ArchiveError):
        return Outcome(file, findings=refusal(file.path, result))
    says = _DIFFERENT if result.difference else _SAME
    says = _CREATED if result.difference is None else says
    return Outcome(file, drafted.counts, says)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put Ctrl+C off until the end of the block."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread gets signals
        return
    pending: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: pending.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if pending:
        raise KeyboardInterrupt


# ---------------------------------------------------------------- the table of outcomes


def table_of(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The outcomes as lines: a table, then how many there are of each sort."""
    rows = [_HEADS, *map(_row, outcomes)]
    widths = [max(len(row[n]) for row in rows if len(row) == len(_HEADS)) for n in range(6)]
    widths[0] = max(len(row[0]) for row in rows)
    for name, text_id, *rest in rows:
        counts = [cell.rjust(width) for cell, width in zip(rest[:-1], widths[2:], strict=False)]
        cells = [text_id.ljust(widths[1]), *counts] if counts else []
        yield "  ".join([name.ljust(widths[0]), *cells, rest[-1]]).rstrip()
    yield _summary(outcomes)
    remarks: dict[str, list[str]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.counts and outcome.counts.remark:
            remarks[outcome.counts.remark].append(printable(str(outcome.file.path)))
    for remark, names in remarks.items():
        yield f"{names[0] if len(names) == 1 else count_noun(len(names), 'file')}: {remark}"
    if any(outcome.says == _CREATED for outcome in outcomes):
        yield "proofread each draft against its witness, then run archive-site build"
    if any(outcome.says == _DIFFERENT for outcome in outcomes):
        yield "an edition is never overwritten: to make a draft anew, delete the file in editions/"


def _row(outcome: Outcome) -> tuple[str, ...]:
    """The cells of an outcome; three if the file is refused."""
    name = printable(str(outcome.file.path))
    if outcome.counts is None:
        first = outcome.findings[0]
        return name, "", f"refused: {first.code} {first.message}".replace(":  ", ": ")
    counts = outcome.counts
    numbers = counts.paragraphs, counts.headings, counts.notes, counts.doubts
    return name, outcome.file.id, *map(str, numbers), outcome.says


def _summary(outcomes: Sequence[Outcome]) -> str:
    """`5 files: 3 drafts written, 1 edition unchanged, 1 refused`."""
    created = sum(outcome.says == _CREATED for outcome in outcomes)
    refused = sum(bool(outcome.findings) for outcome in outcomes)
    kept = len(outcomes) - created - refused
    parts = [
        f"{count_noun(created, 'draft')} written" if created else "",
        f"{count_noun(kept, 'edition')} unchanged" if kept else "",
        f"{refused:,} refused" if refused else "",
    ]
    return f"{count_noun(len(outcomes), 'file')}: {', '.join(filter(None, parts)) or 'none done'}"
