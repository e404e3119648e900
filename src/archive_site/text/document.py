"""The one record that every stage reads or makes: a text, its notes and what is known of it.

No internal imports. What the witness says and what a person or a program inferred stand in
different fields, and what is inferred carries its ground. Inlines are tagged structs, so that they
can be written as plain data and read back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from msgspec import Struct

# ---------------------------------------------------------------- what stands in a line


class Text(Struct, frozen=True, array_like=True, tag=True):
    """Characters as the witness spells them."""

    text: str


class Emphasis(Struct, frozen=True, array_like=True, tag=True):
    """Italics (or bold, where `strong`)."""

    content: Inlines
    strong: bool = False


class Superscript(Struct, frozen=True, array_like=True, tag=True):
    """A raised ordinal: the “e” of “XIVe”."""

    text: str


class LineBreak(Struct, frozen=True, array_like=True, tag=True):
    """A line that ends where it ends in the original: in a title, an address, a verse."""


class NoteCall(Struct, frozen=True, array_like=True, tag=True):
    """The place a note hangs on; `label` is the note's printed figure."""

    label: str


class PageBreak(Struct, frozen=True, array_like=True, tag=True):
    """A new page of the original begins. `number` is its printed folio;
    in square brackets, counted by the editor; empty, unknown."""

    number: str = ""


class Emendation(Struct, frozen=True, array_like=True, tag=True):
    """`witness` is what the witness has, `reading` what the edition reads instead."""

    reading: str
    witness: str
    why: str = ""


class Doubt(Struct, frozen=True, array_like=True, tag=True):
    """Words of the witness that the editor could not settle, and `why`."""

    content: Inlines
    why: str


class Gap(Struct, frozen=True, array_like=True, tag=True):
    """Words that the witness lacks, and `why`: nothing is supplied in their stead."""

    why: str


class StageDirection(Struct, frozen=True, array_like=True, tag=True):
    """A stage direction within a sentence: “(Rires.)”."""

    content: Inlines


class Link(Struct, frozen=True, array_like=True, tag=True):
    """`target` is a web address, `#block`, or `text-id#block`."""

    content: Inlines
    target: str


class Name(Struct, frozen=True, array_like=True, tag=True):
    """Words that name the entry `key`, or the day `key` (ISO 8601); empty: none, whatever they
    look like."""

    content: Inlines
    key: str


Inline = (
    Text
    | Emphasis
    | Superscript
    | LineBreak
    | NoteCall
    | PageBreak
    | Emendation
    | Doubt
    | Gap
    | StageDirection
    | Link
    | Name
)
Inlines = tuple[Inline, ...]

# ---------------------------------------------------------------- blocks and notes

BlockKind = Literal[
    "heading", "paragraph", "quotation", "list-item", "standfirst", "dateline", "stage"
]


@dataclass(frozen=True, slots=True)
class Block:
    """One block of the text, in reading order.

    `level` is a heading's (1 is the title). `speaker` holds the keys of those whose words a
    quotation gives. `continues` says that a quotation goes on from the block before; `boxed`, that
    the block stands in a box beside the text. `id` is its permalink's fragment, `line` its line in
    the edition (0: not read from one).
    """

    kind: BlockKind
    content: Inlines
    level: int = 0
    speaker: tuple[str, ...] = ()
    continues: bool = False
    boxed: bool = False
    id: str = ""
    line: int = field(default=0, compare=False)


NoteKind = Literal["author", "editor", "translator"]


@dataclass(frozen=True, slots=True)
class Note:
    """A note: its printed figure, its paragraphs, and whose it is."""

    label: str
    blocks: tuple[Block, ...]
    kind: NoteKind = "author"
    line: int = field(default=0, compare=False)


# ---------------------------------------------------------------- what is known of the text

Certainty = Literal["stated", "certain", "probable", "proposed", "unknown"]
Role = Literal["author", "speaker"]
TextKind = Literal["speech", "report", "article", "essay", "letter"]
Calendar = Literal["gregorian", "julian"]
Status = Literal["draft", "proofread"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A piece of metadata, how sure it is, and why. `stated`: the witness itself says so."""

    value: str = ""
    certainty: Certainty = "unknown"
    ground: str = ""


@dataclass(frozen=True, slots=True)
class Creator:
    """Whose text it is: `key` in `people.yaml` (empty: unknown), and in what role."""

    key: str = ""
    role: Role = "author"
    certainty: Certainty = "unknown"
    ground: str = ""


@dataclass(frozen=True, slots=True)
class Omission:
    """Witness lines `first` to `last` (from 1) set aside. `text`: the words, where a line is
    only set aside in part, else all of those lines."""

    first: int
    last: int
    why: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Revision:
    """A change that the edition's editors date: the day (ISO 8601), what was done, who did it."""

    date: str
    what: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class Meta:
    """The front matter of an edition. Dates are EDTF (ISO 8601-2). `calendar` and `year` are those
    of the days that the text names without saying. `order`: ranges of witness lines that are read
    in this order, not in the witness's own."""

    id: str
    title: Claim
    kind: TextKind
    creator: Creator = Creator()
    date: Claim = Claim()
    place: Claim = Claim()
    event: Claim = Claim()
    covers: Claim = Claim()
    calendar: Calendar | Literal[""] = ""
    year: str = ""
    language: str = "fr"
    short_title: str = ""
    summary: str = ""
    source: str = ""
    extraction: str = ""
    rights: tuple[tuple[str, str], ...] = ()
    witness: str = ""
    status: Status = "draft"
    notes: NoteKind = "author"
    remarks: tuple[str, ...] = ()
    revisions: tuple[Revision, ...] = ()
    order: tuple[tuple[int, int], ...] = ()
    omissions: tuple[Omission, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A text: what is known of it, its blocks in reading order, its notes by label."""

    meta: Meta
    blocks: tuple[Block, ...]
    notes: tuple[Note, ...] = ()
