"""The two sides of a collation as characters without spaces and hyphens: the witness's stream,
and a block's own spelling."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from archive_site.document import (
    Block,
    Emendation,
    LineBreak,
    NoteCall,
    Superscript,
    Text,
)
from archive_site.plaintext import NOT_TEXT, walk, witness_text
from archive_site.witness import Witness

HYPHENS = "-\u00ad\u2010\u2011"
GUTTER = 3  # spaces on a line that may part two columns
COLUMN = 20  # spaces before a line of a second column, where the first has ended
BREAKS = ("\t", "\n")
CALL = "\uffff"  # stands for a note call in a block's characters; no text holds it

FREE, IN_TEXT, IN_NOTE, APART, FIGURE = range(5)
"""Whose a character of the witness is: nobody's yet, the text's, a note's, an omission's, a note's
label or call."""


class Stream:
    """The witness's characters without spaces and hyphens, each with its line, and what stood
    between it and the next: `between`, as it was, and `spaced`, what kind of space there is in it.

    `words` are the places where its words begin (a word cut at a line's end counts once); `owner`
    says of each character whose it is."""

    def __init__(self, witness: Witness, order: tuple[tuple[int, int], ...]):
        chars: list[str] = []
        self.lines: list[int] = []
        self.spaced: list[str] = []  # "", " ", "\t" (a gutter's width) or "\n"
        self.between: list[str] = []
        self.words: list[int] = []
        self.indented: set[int] = set()  # lines of a second column alone
        self.places: dict[int, range] = {}  # of each line's characters
        for number, line in in_reading_order(witness.lines, order):
            blank, in_word = 0, bool(chars) and plain(self.between[-1]).startswith("-")
            if line[:COLUMN].isspace() and len(line) > COLUMN:
                self.indented.add(number)
            first = len(chars)
            for char in NOT_TEXT.sub("", line) + "\n":
                if chars and (char.isspace() or char in HYPHENS):
                    self.between[-1] += char
                if char.isspace():
                    blank += 1
                    in_word = False
                    if chars and self.spaced[-1] != "\n":
                        wide = "\t" if blank >= GUTTER else " "
                        self.spaced[-1] = "\n" if char == "\n" else wide
                elif char in HYPHENS:
                    blank = 0
                else:
                    blank = 0
                    if not in_word and char.isalnum():
                        in_word = True
                        self.words.append(len(chars))
                    chars.append(char)
                    self.lines.append(number)
                    self.spaced.append("")
                    self.between.append("")
            self.places[number] = range(first, len(chars))
        self.text = "".join(chars)
        self.columns = "\t" in self.spaced
        self.owner = bytearray(len(chars))

    def begins(self, at: int) -> bool:
        """Whether a line or a column begins at `at`."""
        return at <= 0 or at >= len(self.text) or self.spaced[at - 1] in BREAKS

    def parted(self, at: int) -> bool:
        """Whether a word may begin at `at`: after a space, a break, or another's character."""
        if at <= 0 or at >= len(self.text) or self.spaced[at - 1]:
            return True
        return FIGURE in (self.owner[at - 1], self.owner[at])

    def shown(self, start: int, end: int) -> str:
        """The witness's words from `start` to `end`; words cut at a line's end closed up."""
        words = "".join(self.text[i] + self.between[i] for i in range(start, end)).rstrip()
        return re.sub(r"\s+", " ", re.sub(rf"(?<=\w)[{HYPHENS}]\s*\n\s*", "", words))


def in_reading_order(
    lines: tuple[str, ...], order: tuple[tuple[int, int], ...]
) -> Iterator[tuple[int, str]]:
    """The lines with their numbers: those of `order`'s ranges in its order, at their place."""
    numbers = list(range(1, len(lines) + 1))
    start, end = min((a for a, _ in order), default=1), max((b for _, b in order), default=0)
    numbers[start - 1 : end] = [
        n for first, last in order for n in range(first, min(last, len(lines)) + 1)
    ]
    return ((number, lines[number - 1]) for number in numbers)


def bare(text: str) -> str:
    """`text` without spaces and hyphens."""
    return "".join(c for c in text if not c.isspace() and c not in HYPHENS)


@lru_cache(maxsize=1000)
def plain(between: str) -> str:
    """Spaces and hyphens between two characters, each kind as one sign."""
    return re.sub(r"\s+", " ", re.sub(f"[{HYPHENS}]", "-", between))


@dataclass(slots=True)
class Spelling:
    """A block in the witness's spelling. `spelled`: its words, calls as `CALL`. `segments`: its
    characters between calls. For each character: `at`, its place in `spelled`; `between`, the
    spaces and hyphens between it and the next; `called`, whether a call stands there. `calls` are
    the labels called, `emended` the place of each emendation's first character."""

    block: Block
    spelled: str = ""
    segments: list[str] = field(default_factory=lambda: [""])
    at: list[int] = field(default_factory=list)
    between: list[str] = field(default_factory=list)
    called: list[bool] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    emended: list[int] = field(default_factory=list)

    def parted(self, n: int) -> bool:
        """Whether a word begins at the character `n`."""
        return (
            n <= 0 or n >= len(self.at) or self.called[n - 1] or " " in plain(self.between[n - 1])
        )

    def words(self, start: int, end: int) -> str:
        """The words from character `start` to `end`, as the edition spells them."""
        if start >= end:
            return ""
        last = self.at[end - 1] + 1
        while last < len(self.spelled) and self.spelled[last] in HYPHENS:
            last += 1
        return self.spelled[self.at[start] : last]


def spelling(block: Block) -> Spelling:
    """How a block is spelled in its witness."""
    made = Spelling(block)
    for inline in walk(block.content):
        match inline:
            case NoteCall(label):
                made.calls.append(label)
                words = CALL
            case Emendation():
                made.emended.append(len(made.at))
                words = inline.witness
            case Text() | Superscript() | LineBreak():
                words = witness_text((inline,))
            case _:
                continue
        _spell(made, words)
    return made


def _spell(made: Spelling, words: str) -> None:
    for i, char in enumerate(words, start=len(made.spelled)):
        if char == CALL:
            made.segments.append("")
            if made.called:
                made.called[-1] = True
        elif char.isspace() or char in HYPHENS:
            if made.between:
                made.between[-1] += char
        else:
            made.at.append(i)
            made.between.append("")
            made.called.append(False)
            made.segments[-1] += char
    made.spelled += words
