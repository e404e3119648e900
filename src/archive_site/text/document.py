"""The records that every stage reads or makes: a text, its notes and its metadata.

Has no internal imports. What the witness says and what a person or a program inferred are in
different fields, and every inference has its ground. Inlines are tagged structs, so that they can
be written as plain data and read back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import takewhile
from operator import is_
from typing import Literal, get_args

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


class CellBreak(Struct, frozen=True, array_like=True, tag=True):
    """The end of a cell of a table that is not the last of its row; a row ends with `LineBreak`."""


class Indent(Struct, frozen=True, array_like=True, tag=True):
    """The indentation of a line of verse, in characters."""

    width: int


class NoteCall(Struct, frozen=True, array_like=True, tag=True):
    """The call of a note; `label` is the number or sign printed there."""

    label: str


class PageBreak(Struct, frozen=True, array_like=True, tag=True):
    """The beginning of a page of the original. `number` is its printed folio, or a number counted
    by the editor, in square brackets; it is empty if unknown."""

    number: str = ""

    @property
    def anchor(self) -> str:
        """The fragment of its address; empty if it has none."""
        bare = self.number.strip("[]")
        return f"page-{bare}" if bare else ""


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


class Speaker(Struct, frozen=True, array_like=True, tag=True):
    """The name of the speaker, as printed at the beginning of a speech: “M. le président.”"""

    content: Inlines


class SmallCaps(Struct, frozen=True, array_like=True, tag=True):
    """Words in small capitals."""

    content: Inlines


class Foreign(Struct, frozen=True, array_like=True, tag=True):
    """Words in another language (BCP 47) than those around them."""

    content: Inlines
    language: str


class Comment(Struct, frozen=True, array_like=True, tag=True):
    """An editor's comment, which is never published."""

    text: str


class Link(Struct, frozen=True, array_like=True, tag=True):
    """A link. `target` is a web address, `#block`, `text-id` or `text-id#block`."""

    content: Inlines
    target: str


class Name(Struct, frozen=True, array_like=True, tag=True):
    """Words that name the entry `key`, or the day `key` (ISO 8601). If `key` is empty, the words
    name nothing, even if they match a form."""

    content: Inlines
    key: str


class Cited(Struct, frozen=True, array_like=True):
    """A work of the bibliography that is cited: its `key`, the words `before` it (“voir”), and the
    `locator` after it, with its label as written (“p. 12”)."""

    key: str
    before: str = ""
    locator: str = ""


class Citation(Struct, frozen=True, array_like=True, tag=True):
    """A citation of works of the bibliography, which the editor added. It is no part of the text.
    The space before it, or after it at the beginning of a line, is not in the text either (see
    `text.citations`)."""

    works: tuple[Cited, ...]


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
    | CellBreak
    | Indent
    | Speaker
    | SmallCaps
    | Foreign
    | Comment
    | Citation
)
Inlines = tuple[Inline, ...]
Nesting = Emphasis | Doubt | StageDirection | Link | Name | Speaker | SmallCaps | Foreign
NESTING = get_args(Nesting)
"""The inlines that contain others, in `content`."""
INTERNAL = re.compile(r"(?P<text>[a-z0-9-]*)(?:#(?P<block>[\w-]+))?")
"""The target of a link within the archive: `#block`, `text-id`, or `text-id#block`."""

# ---------------------------------------------------------------- blocks and notes

BlockKind = Literal[
    "heading",
    "paragraph",
    "verse",
    "speaker",
    "stage",
    "dateline",
    "standfirst",
    "salutation",
    "signature",
    "table",
    "caption",
    "figure",
    "break",
]
ContainerKind = Literal[
    "box", "quotation", "speech", "epigraph", "postscript", "list", "list-item", "captioned"
]
NAMING: tuple[ContainerKind, ...] = (
    "quotation",
    "speech",
    "epigraph",
    "postscript",
    "list-item",
)
"""The containers that name the type of the paragraphs in them."""
BLOCK_TYPES = (*get_args(BlockKind), *NAMING)
VOICES = ("quotation", "speech")
"""The containers that say whose words they give."""
UNSPOKEN = ("speaker", "stage")
"""Kinds of blocks that stand in a speech, but are not spoken."""


class Container(Struct, frozen=True, array_like=True):
    """What a block is in: a quotation, a speech, a list, an item of it, a box … A table and its
    caption are together in a `captioned`.

    `speakers` has the keys of those whose words a quotation or a speech gives. `style` is how a
    list and its items are numbered, as the first number would be written (`1.`, `a)`, `(I)`); it is
    empty if they have bullets. `number` is that of an item, or of the first item of a list (0: a
    bullet)."""

    kind: ContainerKind
    speakers: tuple[str, ...] = ()
    style: str = ""
    number: int = 0


Alignment = Literal["", "left", "center", "right"]


class Table(Struct, frozen=True, array_like=True):
    """What a table is besides its words: how each column is aligned (empty: nothing is said), and
    whether its first row has the heads of the columns."""

    columns: tuple[Alignment, ...]
    headed: bool = True


class Picture(Struct, frozen=True, array_like=True):
    """The picture of a figure: its path in the corpus, `images/name.png`, and `alt`, what it shows,
    in words."""

    path: str
    alt: str


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a text.

    `level` is the level of a heading (1 is the title). `within` has the containers that the block
    is in, the outermost first; the previous block is in the first `shared` of them too. `language`
    (BCP 47) is empty for French. `anchor` is the id that the edition gives to a heading,
    `unnumbered` its class of that name. `table` says what a table is; the words of its cells are in
    `content`. `picture` is that of a figure; its caption is in `content`. `comments` stand before
    the block in the file, and are never published. `id` is the fragment of its permalink, `line`
    its line in the edition file (0 if it was not read from one).
    """

    kind: BlockKind
    content: Inlines
    level: int = 0
    within: tuple[Container, ...] = ()
    shared: int = 0
    language: str = ""
    anchor: str = ""
    unnumbered: bool = False
    table: Table | None = None
    picture: Picture | None = None
    comments: tuple[str, ...] = ()
    id: str = ""
    line: int = field(default=0, compare=False)

    @property
    def type(self) -> str:
        """The kind of the block; for a paragraph, the kind of the innermost container that says
        what it is: “quotation”, “list-item”, “speech” …"""
        if self.kind == "paragraph":
            for container in reversed(self.within):
                if container.kind in NAMING:
                    return container.kind
        return self.kind

    @property
    def speakers(self) -> tuple[str, ...]:
        """The keys of those whose words the block gives."""
        voice = self.voice
        return voice.speakers if voice else ()

    @property
    def voice(self) -> Container | None:
        """The innermost quotation or speech that says whose words the block gives."""
        if self.kind not in UNSPOKEN:
            for container in reversed(self.within):
                if container.speakers:
                    return container
        return None

    @property
    def continues(self) -> bool:
        """Whether the block goes on with the quotation or the speech of the previous block."""
        voices = [n for n, container in enumerate(self.within) if container.kind in VOICES]
        return bool(voices) and voices[-1] < self.shared

    @property
    def divides(self) -> bool:
        """Whether the block is a heading that divides the text: one that is in no container."""
        return self.kind == "heading" and not self.within


def is_french(language: str) -> bool:
    """Whether a language (BCP 47; empty: French) is French."""
    return language.lower().split("-")[0] in ("", "fr", "fra", "fre")


def in_language(blocks: Iterable[Block], language: str) -> tuple[Block, ...]:
    """The blocks of a text in `language`; those that are in another keep that."""
    if is_french(language):
        return tuple(blocks)
    return tuple(replace(block, language=block.language or language) for block in blocks)


@dataclass(frozen=True, slots=True)
class Branch:
    """A container, with the blocks and the containers in it."""

    container: Container
    parts: tuple[Block | Branch, ...]


def nested(blocks: Iterable[Block], outside: int = 0) -> tuple[Block | Branch, ...]:
    """Blocks as a tree of containers, without the `outside` outermost of them."""
    parts: list[Block | Branch] = []
    open_: list[tuple[Container, list[Block | Branch]]] = []

    def close(depth: int) -> None:
        while len(open_) > depth:
            container, inside = open_.pop()
            (open_[-1][1] if open_ else parts).append(Branch(container, tuple(inside)))

    for block in blocks:
        close(max(block.shared - outside, 0))
        for container in block.within[outside + len(open_) :]:
            open_.append((container, []))
        (open_[-1][1] if open_ else parts).append(block)
    close(0)
    return tuple(parts)


def flattened(parts: Iterable[Block | Branch]) -> tuple[Block, ...]:
    """The blocks of a tree, each with the containers that it is in: the inverse of `nested`."""
    blocks: list[Block] = []
    above: tuple[Branch, ...] = ()  # the branches that the previous block is in

    def add(parts: Iterable[Block | Branch], path: tuple[Branch, ...]) -> None:
        nonlocal above
        for part in parts:
            if isinstance(part, Branch):
                add(part.parts, (*path, part))
                continue
            shared = sum(1 for _ in takewhile(bool, map(is_, above, path)))
            within = tuple(branch.container for branch in path)
            blocks.append(replace(part, within=within, shared=shared))
            above = path

    add(parts, ())
    return tuple(blocks)


NoteKind = Literal["author", "editor", "translator"]


@dataclass(frozen=True, slots=True)
class Note:
    """A note: its label as printed, its blocks, and who wrote it. `inline` if the file has it at
    its call, without a label."""

    label: str
    blocks: tuple[Block, ...]
    kind: NoteKind = "author"
    inline: bool = False
    line: int = field(default=0, compare=False)

    @property
    def anchor(self) -> str:
        """The fragment of its address."""
        return f"note-{self.label}"


# ---------------------------------------------------------------- metadata

Certainty = Literal["stated", "certain", "probable", "proposed", "unknown"]
OmissionCertainty = Literal["certain", "proposed"]
Calendar = Literal["gregorian", "julian", "republican"]
Status = Literal["draft", "proofread"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A piece of metadata, its certainty and its ground. `stated`: the witness itself says so."""

    value: str = ""
    certainty: Certainty = "unknown"
    ground: str = ""


RELATORS: Mapping[str, str] = {
    "author": "aut",
    "speaker": "spk",
    "signatory": "sgn",
    "issuing body": "isb",
    "addressee": "rcp",
    "translator": "trl",
    "editor": "edt",
    "annotator": "ann",
    "author of introduction": "aui",
    "commentator": "cmm",
    "compiler": "com",
    "dedicatee": "dte",
    "illustrator": "ill",
    "interviewer": "ivr",
    "minute taker": "mtk",
    "printer": "prt",
    "publisher": "pbl",
    "transcriber": "trc",
    "contributor": "ctb",
}
"""The roles of contributors: terms of the MARC relators, with their codes
(https://www.loc.gov/marc/relators/)."""
CREATING = ("author", "speaker", "signatory", "issuing body")
"""The roles of those whose text it is."""


@dataclass(frozen=True, slots=True)
class Contributor:
    """Someone who contributed to a text: the role (a key of `RELATORS`), and `key` in `people.yaml`
    or `organisations.yaml` or, without an entry, `name`. Both are empty if it is not known who."""

    role: str = "author"
    key: str = ""
    name: str = ""
    certainty: Certainty = "unknown"
    ground: str = ""
    line: int = field(default=0, compare=False)

    @property
    def known(self) -> bool:
        """Whether it is said who it is."""
        return bool(self.key or self.name)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text comes from: the printed edition, by its key in the bibliography (`reference`,
    perhaps with a place in it: “key, p. 12”) or in words, and its pages; who keeps it, and the
    shelf mark; where it is online; the day on which it was taken from there (EDTF), and by whom.
    `note` says what the other fields do not."""

    note: str = ""
    reference: str = ""
    edition: str = ""
    pages: str = ""
    repository: str = ""
    shelf_mark: str = ""
    url: str = ""
    taken: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Original:
    """What a text is a translation of: its title, its language (BCP 47), its date (EDTF), and its
    edition, by its key in the bibliography (`reference`) or in words."""

    title: str = ""
    language: str = ""
    date: str = ""
    reference: str = ""
    edition: str = ""


@dataclass(frozen=True, slots=True)
class Omission:
    """Lines `first` to `last` (from 1) of the witness that the edition omits, and `why`. `text` has
    the omitted words if only a part of the lines is omitted; it is empty if all of them are. One
    that is `proposed` was set aside by a program, and no editor has confirmed it. `line` is its
    line in the edition file (0 if it was not read from one)."""

    first: int
    last: int
    why: str
    text: str = ""
    certainty: OmissionCertainty = "certain"
    line: int = field(default=0, compare=False)

    @property
    def lines(self) -> str:
        """Its lines, as the edition file has them: `12`, `12-14`."""
        return f"{self.first}-{self.last}" if self.last > self.first else str(self.first)


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
    in which the edition reads them, if that is not the order of the witness. `collection` has keys
    of `collections.yaml`, `work` the key in `works.yaml` of the work that the text is an edition
    of. `aliases` has anchors that the text had, each with the one that takes its place (empty: none
    does). `lines` has the line of each field in the edition file."""

    id: str
    title: Claim
    kind: str
    contributors: tuple[Contributor, ...] = ()
    date: Claim = Claim()
    place: Claim = Claim()
    event: Claim = Claim()
    covers: Claim = Claim()
    calendar: Calendar | Literal[""] = ""
    year: str = ""
    language: str = "fr"
    short_title: str = ""
    summary: str = ""
    source: Source = Source()
    original: Original = Original()
    extraction: str = ""
    rights: tuple[tuple[str, str], ...] = ()
    license: tuple[tuple[str, str], ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    collection: tuple[str, ...] = ()
    work: str = ""
    witness: str = ""
    status: Status = "draft"
    notes: NoteKind = "author"
    remarks: tuple[str, ...] = ()
    revisions: tuple[Revision, ...] = ()
    order: tuple[tuple[int, int], ...] = ()
    omissions: tuple[Omission, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    lines: tuple[tuple[str, int], ...] = field(default=(), compare=False)

    @property
    def creators(self) -> tuple[Contributor, ...]:
        """Those whose text it is."""
        return tuple(who for who in self.contributors if who.role in CREATING)

    @property
    def creator(self) -> Contributor:
        """The first of the creators; an unknown author if there is none."""
        return next(iter(self.creators), Contributor())

    def line_of(self, name: str) -> int:
        """The line of a field in the edition file; 1 if it is not there."""
        return dict(self.lines).get(name, 1)


@dataclass(frozen=True, slots=True)
class Document:
    """A text: its metadata, its blocks in reading order, and its notes. `comments` are those at the
    end of the file."""

    meta: Meta
    blocks: tuple[Block, ...]
    notes: tuple[Note, ...] = ()
    comments: tuple[str, ...] = ()

    @property
    def every_block(self) -> tuple[Block, ...]:
        """The blocks of the text, then those of its notes."""
        return (*self.blocks, *(block for note in self.notes for block in note.blocks))
