"""The apparatus of a text, as values: its emendations, omissions and doubts, and their counts.

The page that shows the apparatus and the data files use the same values.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from archive_site import interface
from archive_site.corpus.records import Edition
from archive_site.findings import Finding
from archive_site.text.document import (
    Block,
    Document,
    Doubt,
    Emendation,
    Gap,
    Note,
    Omission,
    PageBreak,
)
from archive_site.text.reading import reading_text, walk
from archive_site.witness.collate import WordCounts
from archive_site.witness.stream import bare

NUMBERED = ("paragraph", "standfirst", "verse", "table")
"""Kinds of blocks that are numbered as paragraphs in citations."""
MOST_WORDS = 20
"""The number of words above which an emendation is a rewriting, not the correction of an error."""
Nature = Literal["letters", "accents", "case", "punctuation", "spacing", "lost", "superfluous"]


@dataclass(frozen=True, slots=True)
class Place:
    """A block of the text, or of the note `note`."""

    block: Block
    note: str = ""

    @property
    def anchor(self) -> str:
        """The fragment of its address on the reading page."""
        return f"note-{self.note}" if self.note else self.block.id


@dataclass(frozen=True, slots=True)
class Emended:
    """An emendation: its number in reading order, its place, the kind of error that it corrects,
    and its line in the witness (0: not known)."""

    number: int
    emendation: Emendation
    place: Place
    nature: Nature
    line: int


@dataclass(frozen=True, slots=True)
class Open:
    """A doubt, with its words, or a gap, without words; its place; and why the editor left it
    open."""

    place: Place
    words: str
    why: str


def places(document: Document) -> Iterator[Place]:
    """Every block in the order of a page: those of the text, then those of the notes."""
    yield from (Place(block) for block in document.blocks)
    yield from (Place(block, note.label) for note in document.notes for block in note.blocks)


def numbers_of(document: Document) -> dict[str, int]:
    """The number of each paragraph of the text in citations, by the id of its block."""
    numbered = (block.id for block in document.blocks if block.kind in NUMBERED)
    return {block_id: number for number, block_id in enumerate(numbered, start=1)}


def emendations(edition: Edition) -> list[Emended]:
    """The emendations of an edition, in reading order."""
    found = [
        (inline, place)
        for place in places(edition.document)
        for inline in walk(place.block.content)
        if isinstance(inline, Emendation)
    ]
    lines = edition.collation.emended if edition.collation else (0,) * len(found)
    return [
        Emended(number, inline, place, nature(inline), line)
        for number, ((inline, place), line) in enumerate(zip(found, lines, strict=True), start=1)
    ]


def check_emendations(edition: Edition) -> Iterator[Finding]:
    """A finding for each emendation of more than `MOST_WORDS` words."""
    for place in places(edition.document):
        for inline in walk(place.block.content):
            if not isinstance(inline, Emendation):
                continue
            count = max(len(inline.reading.split()), len(inline.witness.split()))
            if count > MOST_WORDS:
                shown = " ".join((inline.reading or inline.witness).split()[:6])
                message = (
                    f"an emendation should have no more than {MOST_WORDS} words; found {count}: "
                    f"“{shown}…”"
                )
                hint = "Mark only the words that differ, or write a gap or an omission."
                yield Finding(edition.path, place.block.line, "W057", message, hint)


def nature(emendation: Emendation) -> Nature:
    """The kind of error that an emendation corrects."""
    witness, reading = emendation.witness, emendation.reading
    worded = any(c.isalnum() for c in witness + reading)
    if worded and (not witness or not reading):
        return "superfluous" if witness else "lost"
    if bare(witness) == bare(reading):
        return "spacing"
    if _letters(witness) == _letters(reading):
        return "punctuation"
    if _letters(witness).casefold() == _letters(reading).casefold():
        return "case"
    if _unaccented(witness) == _unaccented(reading):
        return "accents"
    return "letters"


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def _unaccented(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", _letters(text).casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def left_open(document: Document) -> list[Open]:
    """The doubts and gaps of a text, in reading order."""
    return [
        Open(place, reading_text(inline.content) if isinstance(inline, Doubt) else "", inline.why)
        for place in places(document)
        for inline in walk(place.block.content)
        if isinstance(inline, Doubt | Gap)
    ]


def words(edition: Edition) -> WordCounts:
    """The counts of words from the collation; all zero if there is no witness."""
    return edition.collation.words if edition.collation else WordCounts()


def pages_of(document: Document) -> dict[str, str]:
    """The page of the original on which each block (by id) begins; empty if it is not known."""
    page, pages = "", {}
    for block in document.blocks:
        breaks = [inline for inline in block.content if isinstance(inline, PageBreak)]
        if breaks and block.content[0] == breaks[0]:
            page = breaks[0].number
        pages[block.id] = page
        page = breaks[-1].number if breaks else page
    return pages


def lines_of_block(edition: Edition, block: Block) -> tuple[int, int]:
    """The first and last witness line of a block of the text (0: none)."""
    return edition.collation.blocks.get(block.id, (0, 0)) if edition.collation else (0, 0)


def lines_of_note(edition: Edition, note: Note) -> tuple[int, int]:
    """The first and last witness line of a note (0: none)."""
    return edition.collation.notes.get(note.label, (0, 0)) if edition.collation else (0, 0)


def reason_of(omission: Omission) -> str:
    """Why an omission was made, and whether an editor is still to confirm it."""
    if omission.certainty == "proposed":
        return interface.TO_CONFIRM.format(why=omission.why)
    return omission.why


def omitted_text(edition: Edition, first: int, last: int, text: str) -> str:
    """The words of an omission: `text` or, if it is empty, all words of its lines."""
    lines = edition.witness.lines[first - 1 : last] if edition.witness else ()
    return text or " ".join(" ".join(lines).split())
