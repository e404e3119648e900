"""Inlines as plain words, corrected or as in the witness; characters that no text may contain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from archive_site.text.citations import as_written, spaced
from archive_site.text.document import (
    NESTING,
    CellBreak,
    Citation,
    Comment,
    Emendation,
    Inline,
    Inlines,
    LineBreak,
    NoteCall,
    Superscript,
    Text,
)

CELL = " | "
"""What separates the cells of a table in plain data."""
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
        if isinstance(inline, NESTING):
            yield from walk(inline.content)


def reading_text(content: Inlines, *, calls: bool = False, end: str = " ") -> str:
    """The words as corrected by the edition; `calls` keeps note calls as `[^label]`. The end of a
    line of the original, or of a row of a table, becomes `end`; the end of a cell becomes ` | ` if
    `end` is a line end, else `end`."""
    return _words(content, False, calls, end)


def witness_text(content: Inlines, *, calls: bool = False, end: str = " ") -> str:
    """The words as the witness spells them, as for `reading_text`; `calls` keeps citations too, as
    `[@key, p. 12]`."""
    return _words(content, True, calls, end)


def length_of(inline: Inline) -> int:
    """The number of characters that an inline has in the edition's reading."""
    return len(_words((inline,), False, False, " "))


def spans_of(
    content: Inlines, kinds: tuple[type[Inline], ...], at: int = 0
) -> Iterator[tuple[int, int]]:
    """Where the inlines of some kinds begin and end in the reading of `content`."""
    for inline in content:
        end = at + length_of(inline)
        if isinstance(inline, kinds):
            yield at, end
        elif isinstance(inline, NESTING):
            yield from spans_of(inline.content, kinds, at)
        at = end


def _words(content: Inlines, witness: bool, calls: bool, end: str) -> str:
    if len(content) == 1 and isinstance(content[0], Text):  # as most blocks are
        return content[0].text
    words = []
    for inline in spaced(content) if calls and witness else content:
        match inline:
            case Text(text) | Superscript(text):
                words.append(text)
            case Emendation(reading, original):
                words.append(original if witness else reading)
            case LineBreak():
                words.append(end)
            case CellBreak():
                words.append(CELL if end == "\n" else end)
            case NoteCall(label):
                words.append(f"[^{label}]" if calls else "")
            case Citation() if calls and witness:
                words.append(as_written(inline))
            case _ if isinstance(inline, NESTING):
                words.append(_words(inline.content, witness, calls, end))
            case _:
                pass
    return "".join(words)


def rows_of(content: Inlines) -> list[list[Inlines]]:
    """The rows of a table, each as its cells."""
    return [_split(row, CellBreak) for row in _split(content, LineBreak)]


def lines_of(content: Inlines) -> list[Inlines]:
    """The lines of a block of verse."""
    return _split(content, LineBreak)


def _split(content: Inlines, kind: type[Inline]) -> list[Inlines]:
    """The parts of `content` between the inlines of a kind."""
    parts: list[list[Inline]] = [[]]
    for inline in content:
        if isinstance(inline, kind):
            parts.append([])
        else:
            parts[-1].append(inline)
    return list(map(tuple, parts))


def merged(inlines: Iterable[Inline]) -> Inlines:
    """`inlines` with neighbouring texts joined and empty ones removed."""
    inlines = tuple(inlines)
    if len(inlines) == 1 and inlines != (Text(""),):
        return inlines
    made: list[Inline] = []
    for is_text, run in groupby(inlines, key=_is_text):
        if not is_text:
            made += run
        elif text := "".join(inline.text for inline in run if isinstance(inline, Text)):
            made.append(Text(text))
    return tuple(made)


def _is_text(inline: Inline) -> bool:
    return isinstance(inline, Text)


def trimmed(content: Inlines) -> Inlines:
    """`content`, already merged, without spaces at either end."""
    ends = (inline.text for inline in content[:1] + content[-1:] if isinstance(inline, Text))
    if not any(text[:1].isspace() or text[-1:].isspace() for text in ends):
        return content
    inlines = list(content)
    if inlines and isinstance(inlines[0], Text):
        inlines[0] = Text(inlines[0].text.lstrip())
    if inlines and isinstance(inlines[-1], Text):
        inlines[-1] = Text(inlines[-1].text.rstrip())
    return merged(inlines)


def closed_up(content: Inlines) -> Inlines:
    """`content` without the spaces that would be too many if its comments were not there: after a
    comment that follows a space, and before one at the end of a line."""
    if not any(isinstance(inline, Comment) for inline in content):
        return content
    made: list[Inline] = []
    spaced = True  # whether a space, or the beginning of a line, comes before
    for inline in content:
        if isinstance(inline, LineBreak):
            _strip_before(made)
        if isinstance(inline, Text):
            text = inline.text.lstrip(" ") if spaced else inline.text
            if text:
                made.append(Text(text))
            spaced = text.endswith(" ") if text else spaced
        else:
            made.append(inline)
            spaced = isinstance(inline, LineBreak) or (spaced and isinstance(inline, Comment))
    _strip_before(made)
    return merged(made)


def _strip_before(made: list[Inline]) -> None:
    """Remove the space at the end of the last text, if only comments come after it."""
    at = len(made)
    while at and isinstance(made[at - 1], Comment):
        at -= 1
    last = made[at - 1] if at else None
    if at < len(made) and isinstance(last, Text):
        made[at - 1] = Text(last.text.rstrip(" "))
