"""The records that every stage reads or makes: a text, its notes and its metadata.

Has no internal imports. What the witness says and what a person or a program inferred are in
different fields, and every inference has its ground. Inlines are tagged structs, so that they can
be written as plain data and read back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from msgspec import Struct

# ---------------------------------------------------------------- inlines


class Text(Struct, frozen=True, array_like=True, tag=True):
    """Characters as the witness spells them."""

    text: str


class Emphasis(Struct, frozen=True, array_like=True, tag=True):
    """Italics, or bold if `strong`."""

    content: Inlines
    strong: bool = False


class Superscript(Struct, frozen=True, array_like=True, tag=True):
    """A raised ordinal: the “e” of “XIVe”."""

    text: str


class LineBreak(Struct, frozen=True, array_like=True, tag=True):
    """A line end that is kept from the original: in a title, an address or verse."""


class NoteCall(Struct, frozen=True, array_like=True, tag=True):
    """The call of a note; `label` is the number or sign printed there."""

    label: str


class PageBreak(Struct, frozen=True, array_like=True, tag=True):
    """The beginning of a page of the original. `number` is its printed folio, or a number counted
    by the editor, in square brackets; it is empty if unknown."""

    number: str = ""


class Emendation(Struct, frozen=True, array_like=True, tag=True):
    """Words that the edition corrects: `witness` is what the witness has, `reading` what the
    edition has instead. Either may be empty."""

    reading: str
    witness: str
    why: str = ""


class Doubt(Struct, frozen=True, array_like=True, tag=True):
    """Words of the witness of which the editor is not sure, and `why`."""

    content: Inlines
    why: str


class Gap(Struct, frozen=True, array_like=True, tag=True):
    """A place where the witness lacks words, and `why`. The edition supplies none."""

    why: str


class StageDirection(Struct, frozen=True, array_like=True, tag=True):
    """A stage direction within a sentence: “(Rires.)”."""

    content: Inlines


class Link(Struct, frozen=True, array_like=True, tag=True):
    """A link. `target` is a web address, `#block`, `text-id` or `text-id#block`."""

    content: Inlines
    target: str


class Name(Struct, frozen=True, array_like=True, tag=True):
    """Words that name the entry `key`, or the day `key` (ISO 8601). If `key` is empty, the words
    name nothing, even if they match a form."""

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
    """One block of a text.

    `level` is the level of a heading (1 is the title). `speakers` has the keys of those whose words
    a quotation gives. `continues` is true if the quotation goes on from the previous block, `boxed`
    if the block is in a box beside the text. `id` is the fragment of its permalink, `line` its line
    in the edition file (0 if it was not read from one).
    """

    kind: BlockKind
    content: Inlines
    level: int = 0
    speakers: tuple[str, ...] = ()
    continues: bool = False
    boxed: bool = False
    id: str = ""
    line: int = field(default=0, compare=False)


NoteKind = Literal["author", "editor", "translator"]


@dataclass(frozen=True, slots=True)
class Note:
    """A note: its label as printed, its paragraphs, and who wrote it."""

    label: str
    blocks: tuple[Block, ...]
    kind: NoteKind = "author"
    line: int = field(default=0, compare=False)


# ---------------------------------------------------------------- metadata

Certainty = Literal["stated", "certain", "probable", "proposed", "unknown"]
Role = Literal["author", "speaker"]
TextKind = Literal["speech", "report", "article", "essay", "letter"]
Calendar = Literal["gregorian", "julian"]
Status = Literal["draft", "proofread"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A piece of metadata, its certainty and its ground. `stated`: the witness itself says so."""

    value: str = ""
    certainty: Certainty = "unknown"
    ground: str = ""


@dataclass(frozen=True, slots=True)
class Creator:
    """The author or speaker of a text: `key` in `people.yaml` (empty: unknown), and the role."""

    key: str = ""
    role: Role = "author"
    certainty: Certainty = "unknown"
    ground: str = ""


@dataclass(frozen=True, slots=True)
class Omission:
    """Lines `first` to `last` (from 1) of the witness that the edition omits, and `why`. `text` has
    the omitted words if only a part of the lines is omitted; it is empty if all of them are."""

    first: int
    last: int
    why: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Revision:
    """A dated change of the edition: the day (ISO 8601), what was changed, who did it."""

    date: str
    what: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class Meta:
    """The front matter of an edition. Dates are EDTF (ISO 8601-2). `calendar` and `year` apply to
    days in the text that are written without them. `order` has ranges of witness lines in the order
    in which the edition reads them, if that is not the order of the witness."""

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
    """A text: its metadata, its blocks in reading order, and its notes."""

    meta: Meta
    blocks: tuple[Block, ...]
    notes: tuple[Note, ...] = ()
