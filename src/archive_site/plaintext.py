"""Inlines as plain words: the corrected reading, or the witness's own spelling; what is no text."""

from __future__ import annotations

import re
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

NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
"""Control characters and noncharacters: no text has them, but extractors leave some."""
NOT_WRITTEN = re.compile(f"[\x0b\x0c\ud800-\udfff{NOT_TEXT.pattern[1:]}")
"""What an editor's file does not have either: a witness has form feeds, where pages end."""


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
