"""Inlines as plain words: the corrected reading, or the witness's own spelling."""

from __future__ import annotations

from collections.abc import Iterator

from archive_site.document import (
    Doubt,
    Emendation,
    Emphasis,
    Inline,
    Inlines,
    LineBreak,
    Link,
    Name,
    NoteCall,
    StageDirection,
    Superscript,
    Text,
)


def walk(content: Inlines) -> Iterator[Inline]:
    """Every inline of `content`, parents before children, in reading order."""
    for inline in content:
        yield inline
        if isinstance(inline, Emphasis | Doubt | StageDirection | Link | Name):
            yield from walk(inline.content)


def reading_text(content: Inlines, *, calls: bool = False) -> str:
    """The words as the edition reads them; `calls` keeps note calls as `[^label]`."""
    return "".join(_words(content, witness=False, calls=calls))


def witness_text(content: Inlines, *, calls: bool = False) -> str:
    """The words as the witness spells them; `calls` keeps note calls as `[^label]`."""
    return "".join(_words(content, witness=True, calls=calls))


def _words(content: Inlines, *, witness: bool, calls: bool) -> Iterator[str]:
    for inline in walk(content):
        match inline:
            case Text(text) | Superscript(text):
                yield text
            case Emendation(reading, original):
                yield original if witness else reading
            case LineBreak():
                yield " "
            case NoteCall(label) if calls:
                yield f"[^{label}]"
            case _:
                pass
