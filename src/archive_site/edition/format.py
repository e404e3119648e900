"""The edition file: front matter and Pandoc's Markdown ⇄ `Document`.

Only this package knows the format of the file; it both reads and writes it. `loads(dumps(d)) == d`,
and a second `dumps` changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from archive_site.edition.aliases import check_aliases
from archive_site.edition.body import Body, in_order_of_calls
from archive_site.edition.front_matter import read_meta, write_meta
from archive_site.edition.ids import identified
from archive_site.edition.markdown import DEEPEST
from archive_site.edition.writing import written_body
from archive_site.edition.yaml import read_yaml
from archive_site.findings import ArchiveError, Finding, Unsound, count_noun
from archive_site.text.document import (
    Block,
    Comment,
    Document,
    Meta,
    Note,
    NoteCall,
    NoteKind,
    in_language,
)
from archive_site.text.reading import NOT_WRITTEN, reading_text, walk

SIGNATURES: tuple[tuple[re.Pattern[str], NoteKind], ...] = (
    (re.compile(r"\[N\. ?(E|d\.? ?l’?'?[EÉ])\.?\]\s*$"), "editor"),
    (re.compile(r"\[N\. ?d\.? ?[Tt]\.?\]\s*$"), "translator"),
)


def loads(text: str, path: str = "edition") -> Document:
    """The document in `text`, an edition file.

    Raises `Unsound` with every finding of the file, if there is any."""
    document, findings = parse(text, path)
    if document is None or findings:
        raise Unsound(findings)
    return document


def parse(text: str, path: str) -> tuple[Document | None, list[Finding]]:
    """The document in `text` (None if its front matter cannot be read) and the findings."""
    text = text.replace("\r\n", "\n").removeprefix("\ufeff").removesuffix("\n") + "\n"
    matter = _MATTER.match(text)
    if matter is None:
        message = "an edition must begin with front matter between two lines ---; found none"
        hint = "Begin the file with ---, id, title, kind, creator, date and another ---."
        return None, [Finding(path, 1, "E010", message, hint)]
    value, findings = read_yaml(matter[1] or "", path, first_line=2)
    if value is None and findings:
        return None, findings
    meta, meta_findings = read_meta(value, path)
    findings += meta_findings
    for control in NOT_WRITTEN.finditer(text):
        line = text.count("\n", 0, control.start()) + 1
        message = f"must be text; found the character U+{ord(control[0]):04X}"
        findings.append(Finding(path, line, "E002", message, "Delete it."))
    body = Body(path, text[: matter.end()].count("\n"), text[matter.end() :].split("\n"))
    body.read()
    findings += body.findings
    if meta is None:
        return None, findings
    blocks = in_language(body.blocks, meta.language)
    notes = tuple(_finished(note, meta) for note in body.notes)
    if any(note.inline for note in notes):
        notes = in_order_of_calls(blocks, notes)
    document = identified(Document(meta, blocks, notes, tuple(body.comments)))
    findings += check_notes(document, path)
    findings += check_anchors(document, path)
    findings += check_aliases(document, value, path)
    if not any(reading_text(block.content).strip() for block in document.blocks):
        message, hint = "a text must have words; found none", "Write it below the front matter."
        findings.append(Finding(path, body.offset + 1, "E026", message, hint))
    return document, findings


def _finished(note: Note, meta: Meta) -> Note:
    """A note with what the front matter says of it."""
    blocks = in_language(note.blocks, meta.language)
    return replace(note, blocks=blocks, kind=note_kind(note, meta.notes))


def check_notes(document: Document, path: str) -> Iterator[Finding]:
    """A finding for each note call without exactly one note, and each note without a call."""
    notes: dict[str, int] = {}
    for note in document.notes:
        if note.label in notes:
            first = notes[note.label]
            message = f"a note's label must be unique; [^{note.label}] is already on line {first}"
            yield Finding(path, note.line, "E022", message, "Give one of them another label.")
        notes.setdefault(note.label, note.line)
    calls: set[str] = set()
    for block in document.every_block:
        for inline in walk(block.content):
            if not isinstance(inline, NoteCall):
                continue
            label = inline.label
            if label not in notes:
                message = f"the note call [^{label}] must have a note; found none"
                hint = f"Write [^{label}]: … at the end of the file, or remove the call."
                yield Finding(path, block.line, "E020", message, hint)
            calls.add(label)
    for note in document.notes:
        yield from _check_words(note, path)
    yield from _check_chain(document, path)
    for label, line in notes.items():
        if label not in calls:
            message = f"the note [^{label}] must have a call in the text; found none"
            hint = f"Put [^{label}] after the word that the note belongs to, or remove the note."
            yield Finding(path, line, "E021", message, hint)


def _check_words(note: Note, path: str) -> Iterator[Finding]:
    if not note.blocks:
        message = f"the note [^{note.label}] must have words; found none"
        yield Finding(path, note.line, "E026", message, "Write them, or remove the note.")


def _check_chain(document: Document, path: str) -> Iterator[Finding]:
    """A finding if more than `DEEPEST` notes are called one from the other."""
    notes = {note.label: note for note in document.notes}
    left = [(label, 1) for label in reversed(list(_called(document.blocks)))]
    seen: set[str] = set()
    while left:
        label, depth = left.pop()
        if label in seen or label not in notes:
            continue
        seen.add(label)
        if depth > DEEPEST:
            most = count_noun(DEEPEST, "note")
            message = f"notes called one from the other must be at most {most}; found more"
            hint = f"Call [^{label}] from the text, or write its words in the note above."
            yield Finding(path, notes[label].line, "E024", message, hint)
            return
        called = list(_called(notes[label].blocks))
        left += [(inner, depth + 1) for inner in reversed(called)]


def _called(blocks: Iterable[Block]) -> Iterator[str]:
    """The labels of the notes that blocks call."""
    for block in blocks:
        yield from (inline.label for inline in walk(block.content) if isinstance(inline, NoteCall))


def check_anchors(document: Document, path: str) -> Iterator[Finding]:
    """A finding for each id that the edition gives to two headings."""
    first: dict[str, int] = {}
    for block in document.blocks:
        if block.anchor in first:
            message = (
                f"an id must be unique; #{block.anchor} is already on line {first[block.anchor]}"
            )
            yield Finding(path, block.line, "E023", message)
        elif block.anchor:
            first[block.anchor] = block.line


def note_kind(note: Note, otherwise: NoteKind) -> NoteKind:
    """Who wrote a note, according to its signature ([N.E.], [N.d.T.]); else `otherwise`."""
    words = reading_text(note.blocks[-1].content) if note.blocks else ""
    for signature, kind in SIGNATURES:
        if signature.search(words):
            return kind
    return otherwise


_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?\r?\n)?---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_COMMENT = re.compile(r"(\\.|\]\{(?:[^{}\"\\]|\\.|\"(?:[^\"\\]|\\.)*\")*\})|<!--.*?-->", re.DOTALL)
"""A comment; before it, what looks like one and is text: escapes and attributes."""


def has_comments(document: Document) -> bool:
    """Whether the file of a document has comments of its editor."""
    return bool(document.comments) or any(
        block.comments or any(isinstance(inline, Comment) for inline in walk(block.content))
        for block in document.every_block
    )


def without_comments(text: str) -> str:
    """An edition file with empty comments, which say nothing but separate lists."""
    matter = _MATTER.match(text)
    begins = matter.end() if matter else 0
    return text[:begins] + _COMMENT.sub(lambda found: found[1] or "<!-- -->", text[begins:])


def dumps(document: Document) -> str:
    """`document` as an edition file.

    Raises `ArchiveError` if the file, when read back, is not the same document."""
    matter = f"---\n{write_meta(document.meta)}---"
    text = "\n\n".join([matter, *written_body(document)]) + "\n"
    read, _ = parse(text, document.meta.id)
    if read != identified(document):
        raise ArchiveError(f"{document.meta.id} cannot be written as an edition and read back")
    return text


def with_meta(text: str, meta: Meta) -> str:
    """The edition file `text` with `meta` as its front matter. The rest stays as it is.

    Raises `ArchiveError` if the front matter, when read back, is not `meta`."""
    matter = _MATTER.match(text)
    rest = text[matter.end() :] if matter else text
    written = f"---\n{write_meta(meta)}---\n{rest}"
    read, _ = parse(written, meta.id)
    if read is None or read.meta != meta:
        raise ArchiveError(f"the front matter of {meta.id} cannot be written and read back")
    return written
