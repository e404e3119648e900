"""Inlines as plain words, corrected or as in the witness; characters that no text may contain."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive_site.text.document import (
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

NOT_TEXT = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]"
)
"""Control characters, including those that change the direction of writing (with them, a page
shows other words than it contains), and noncharacters. Extractors sometimes leave them in."""
NOT_WRITTEN = re.compile(f"[\x0b-\x0d\ud800-\udfff{NOT_TEXT.pattern[1:]}")
"""Characters that edition and authority files may not contain: those above, surrogates, vertical
tabs, form feeds (in a witness they end pages) and carriage returns (they end a line in some
programs only)."""


def walk(content: Inlines) -> Iterator[Inline]:
    """Every inline of `content`, parents before children, in reading order."""
    for inline in content:
        yield inline
        if isinstance(inline, (Emphasis, Doubt, StageDirection, Link, Name)):
            yield from walk(inline.content)


def reading_text(content: Inlines, *, calls: bool = False) -> str:
    """The words as corrected by the edition; `calls` keeps note calls as `[^label]`."""
    return _words(content, witness=False, calls=calls)


def witness_text(content: Inlines, *, calls: bool = False) -> str:
    """The words as the witness spells them; `calls` keeps note calls as `[^label]`."""
    return _words(content, witness=True, calls=calls)


def length_of(inline: Inline) -> int:
    """The number of characters that an inline has in the edition's reading."""
    return len(_words((inline,), witness=False, calls=False))


def _words(content: Inlines, *, witness: bool, calls: bool) -> str:
    if len(content) == 1 and isinstance(content[0], Text):  # as most blocks are
        return content[0].text
    words = []
    for inline in content:
        match inline:
            case Text(text) | Superscript(text):
                words.append(text)
            case Emendation(reading, original):
                words.append(original if witness else reading)
            case LineBreak():
                words.append(" ")
            case NoteCall(label):
                words.append(f"[^{label}]" if calls else "")
            case Emphasis() | Doubt() | StageDirection() | Link() | Name():
                words.append(_words(inline.content, witness=witness, calls=calls))
            case _:
                pass
    return "".join(words)
