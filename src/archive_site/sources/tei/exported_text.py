"""The element `text` of one of our own exports → blocks and notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import get_args
from xml.etree.ElementTree import Element

from archive_site.edition.front_matter import NOTE_KINDS
from archive_site.files.layout import IMAGES
from archive_site.findings import ArchiveError
from archive_site.sources.tei.exported_elements import key_named, key_of, one_of, parts
from archive_site.sources.tei_vocabulary import (
    ALIGNMENTS,
    DIVIDED,
    DIVISIONS,
    NAMED,
    XML_ID,
    XML_LANG,
    pointer_to_note,
)
from archive_site.text.citations import attached
from archive_site.text.document import (
    Block,
    BlockKind,
    Branch,
    CellBreak,
    Citation,
    Cited,
    Container,
    Doubt,
    Emendation,
    Emphasis,
    Foreign,
    Gap,
    Indent,
    Inline,
    Inlines,
    LineBreak,
    Link,
    Name,
    Note,
    NoteCall,
    PageBreak,
    Picture,
    SmallCaps,
    Speaker,
    StageDirection,
    Superscript,
    Table,
    Text,
    flattened,
)
from archive_site.text.numerals import number_of
from archive_site.text.reading import merged

_Part = Block | Branch
_FILE = re.compile(r"(?:.*/)?(?P<text>[a-z0-9-]+)\.xml(?P<block>#[\w-]+)?")


def read_exported_text(text: Element) -> tuple[tuple[Block, ...], tuple[Note, ...]]:
    """The blocks and notes in the element `text`.

    Raises `ArchiveError` if it contains something that `write_text` does not write."""
    reader = _ExportReader()
    blocks: list[_Part] = []
    order: list[str] = []
    for part in parts(text):
        match part.tag:
            case "body":
                blocks += reader.blocks(part)
            case "back":
                divisions = (div for div in parts(part) if div.get("type") != "bibliography")
                for note in chain.from_iterable(map(parts, divisions)):
                    if note.tag != "note":
                        raise ArchiveError(
                            f"a text of this archive has no {note.tag} among its notes"
                        )
                    reader.note(note)
            case "join":
                order = part.get("target", "").split()
            case tag:
                raise ArchiveError(f"a text of this archive has no {tag}")
    places = {target: n for n, target in enumerate(order)}
    notes = sorted(reader.notes, key=lambda note: places.get(pointer_to_note(note.label), 0))
    return flattened(blocks), tuple(notes)


@dataclass(slots=True)
class _ExportReader:
    """Reads blocks, and collects the notes at their calls."""

    notes: list[Note] = field(default_factory=list)

    def blocks(self, parent: Element) -> Iterator[_Part]:  # noqa: C901  # a table
        """The blocks and the containers of a body, a division, a container or a note."""
        for part in parts(parent):
            match part.tag:
                case "div":
                    level = 1 + DIVISIONS.index(one_of(part, "type", DIVISIONS))
                    head = part.find("head")
                    assert head is not None, "a division has a head"
                    block_id = part.get(XML_ID, "")
                    yield replace(
                        self.block("heading", head),
                        level=level,
                        id=block_id,
                        anchor=block_id if part.get("subtype") == "anchored" else "",
                        unnumbered=head.get("rend") == "unnumbered",
                    )
                    yield from self.blocks(part)
                case "head" if parent.tag == "div":
                    pass
                case "opener" | "closer":
                    yield from self.blocks(part)
                case "floatingText" if part.get("type") == "speech":
                    yield from chain.from_iterable(map(self.blocks, part))
                case "floatingText":
                    kind = one_of(part, "type", ("box", *DIVIDED))
                    yield self.branch(Container(kind), chain.from_iterable(map(self.blocks, part)))
                case "epigraph" | "postscript":
                    yield self.branch(Container(part.tag), self.blocks(part))
                case "quote":
                    (inner, *others) = parts(part)
                    said = inner if inner.tag == "q" and not others else part
                    quoted = Container("quotation", _speakers(said))
                    yield self.branch(quoted, self.blocks(said))
                case "sp":
                    yield self.branch(Container("speech", _speakers(part)), self.speech(part))
                case "list":
                    yield self.list(part)
                case "argument":
                    yield from (self.block("standfirst", inner) for inner in parts(part))
                case "lg" | "table" | "figure" as tag:
                    read = {"lg": self.verse, "table": self.table, "figure": self.figure}
                    yield read[tag](part)
                case tag if tag in NAMED:
                    yield self.block(NAMED[part.tag], part)
                case "ab" if part.get("type") == "none":
                    pass
                case "ab" if part.get("type") == "heading":
                    level = 1 + DIVISIONS.index(one_of(part, "subtype", DIVISIONS))
                    rend = part.get("rend", "").split()
                    block = replace(self.block("heading", part), level=level)
                    anchor = block.id if "anchored" in rend else ""
                    yield replace(block, anchor=anchor, unnumbered="unnumbered" in rend)
                case "ab":
                    yield self.block(one_of(part, "type", get_args(BlockKind)), part)
                case tag:
                    raise ArchiveError(f"a text of this archive has no {tag} in {parent.tag}")

    def branch(self, container: Container, inner: Iterable[_Part]) -> Branch:
        """A container with what is in it."""
        return Branch(container, tuple(inner))

    def speech(self, sp: Element) -> Iterator[_Part]:
        """The content of a speech, with the name of its speaker before its first words."""
        first = sp.find("speaker")
        if first is None or first.get("rend") != "inline":
            yield from self.blocks(sp)
            return
        name = Speaker(self.inlines(first))
        sp.remove(first)
        words, *rest = self.blocks(sp)
        assert isinstance(words, Block), "the name is on the line of the first words"
        yield replace(words, content=(name, *words.content))
        yield from rest

    def list(self, part: Element) -> Branch:
        """A list; before an item of a numbered list there is its label."""
        style, items, number = part.get("rend", ""), [], 0
        for item in parts(part):
            if item.tag == "label":
                number = number_of(style, item.text or "")
                continue
            simple = XML_ID in item.attrib
            inner = [self.block("paragraph", item)] if simple else self.blocks(item)
            items.append(self.branch(Container("list-item", (), style, number), inner))
        first = items[0].container.number
        return self.branch(Container("list", (), style, first), items)

    def verse(self, lg: Element) -> Block:
        """A stanza."""
        content: list[Inline] = []
        for n, verse in enumerate(parts(lg)):
            indent = re.fullmatch(r"indent\((\d+)\)", verse.get("rend", ""))
            if n:
                content.append(LineBreak())
            if indent:
                content.append(Indent(int(indent[1])))
            content += self.inlines(verse)
        language = lg.get(XML_LANG, "")
        return Block("verse", tuple(content), language=language, id=lg.get(XML_ID, ""))

    def table(self, part: Element) -> _Part:
        """A table, together with its caption if it has one."""
        named = [ALIGNMENTS[name] for name in part.get("rend", "").split()]
        content: list[Inline] = []
        rows = part.findall("row")
        for n, row in enumerate(rows):
            for column, cell in enumerate(parts(row)):
                if column or n:
                    content.append(CellBreak() if column else LineBreak())
                content += self.inlines(cell)
        table = Table(tuple(named), bool(rows) and rows[0].get("role") == "label")
        language, block_id = part.get(XML_LANG, ""), part.get(XML_ID, "")
        block = Block("table", merged(content), language=language, table=table, id=block_id)
        head = part.find("head")
        if head is None:
            return block
        caption = self.block("caption", head)
        both = (block, caption) if head.get("rend") == "below" else (caption, block)
        return self.branch(Container("captioned"), both)

    def figure(self, part: Element) -> Block:
        """A figure with its picture."""
        head, graphic, described = (part.find(tag) for tag in ("head", "graphic", "figDesc"))
        assert graphic is not None, "a figure has a picture"
        assert described is not None, "a figure says what it shows"
        path = f"{IMAGES}/{graphic.get('url', '').rpartition('/')[2]}"
        return Block(
            "figure",
            self.inlines(head) if head is not None else (),
            language=part.get(XML_LANG, ""),
            picture=Picture(path, described.text or ""),
            id=part.get(XML_ID, ""),
        )

    def block(self, kind: BlockKind, part: Element) -> Block:
        """A block of the kind `kind` with the content of an element."""
        language = part.get(XML_LANG, "")
        return Block(kind, self.inlines(part), language=language, id=part.get(XML_ID, ""))

    def note(self, part: Element) -> NoteCall:
        """Add a note to `notes` and return its call."""
        label, place = part.get("n", ""), len(self.notes)
        self.notes.append(Note(label, (), one_of(part, "type", NOTE_KINDS)))
        self.notes[place] = replace(self.notes[place], blocks=flattened(self.blocks(part)))
        return NoteCall(label)

    def inlines(self, parent: Element) -> Inlines:
        """The content of an element, without a reason at its end."""
        content: list[Inline] = [Text(parent.text or "")]
        for part in parent:
            if not _is_reason(part):
                content += self.inline(part)
            content.append(Text(part.tail or ""))
        return attached(merged(content))

    def inline(self, part: Element) -> Inlines:  # noqa: C901  # a table
        """An element as an inline. A mention that the program found is replaced by its content."""
        match part.tag:
            case "hi" if part.get("rend") == "superscript":
                return (Superscript(_words(part)),)
            case "hi" if part.get("rend") == "small-caps":
                return (SmallCaps(self.inlines(part)),)
            case "foreign":
                return (Foreign(self.inlines(part), part.get(XML_LANG, "")),)
            case "seg" if part.get("type") == "speaker":
                return (Speaker(self.inlines(part)),)
            case "hi":
                strong = one_of(part, "rend", ("italic", "bold")) == "bold"
                return (Emphasis(self.inlines(part), strong),)
            case "lb":
                return (LineBreak(),)
            case "pb":
                number = part.get("n", "")
                return (PageBreak(f"[{number}]" if "resp" in part.attrib else number),)
            case "note":
                return (self.note(part),)
            case "ref" if part.get("type") == "note-call":
                return (NoteCall(part.get("n", "")),)
            case "ref":
                return (Link(self.inlines(part), _target(part)),)
            case "supplied":
                return (Emendation(_words(part), "", _why(part)),)
            case "surplus":
                return (Emendation("", _words(part), _why(part)),)
            case "choice" if [inner.tag for inner in parts(part)] == ["sic", "corr"]:
                sic, corr = part
                return (Emendation(_words(corr), _words(sic), _why(corr)),)
            case "sic":
                return (Doubt(self.inlines(part), _why(part)),)
            case "gap":
                return (Gap("".join(map(_words, parts(part)))),)
            case "stage":
                return (StageDirection(self.inlines(part)),)
            case "seg" if part.get("type") == "citation":
                return (Citation(tuple(map(_cited, parts(part)))),)
            case "seg" if part.get("type") == "stage":
                return (StageDirection(self.inlines(part)),)
            case "seg" | "date" | "persName" | "orgName" | "placeName" | "title" | "name" | "term":
                content = self.inlines(part)
                return (Name(content, key_named(part)),) if "resp" in part.attrib else content
            case tag:
                raise ArchiveError(f"a text of this archive has no such {tag} in a line")


def _speakers(part: Element) -> tuple[str, ...]:
    return tuple(map(key_of, part.get("who", "").split()))


def _words(part: Element) -> str:
    """The words of an element. Raises `ArchiveError` if it contains anything else, except a reason
    at its end."""
    if any(not _is_reason(inner) or inner.tail for inner in part):
        raise ArchiveError(f"{part.tag} must contain only words; found {part[0].tag}")
    return part.text or ""


def _is_reason(part: Element) -> bool:
    return part.tag == "note" and part.get("type") == "reason"


def _why(part: Element) -> str:
    return "".join(_words(inner) for inner in part if _is_reason(inner))


def _cited(bibl: Element) -> Cited:
    """A work that is cited."""
    ref, scope = bibl.find("ref"), bibl.find("biblScope")
    if ref is None:
        raise ArchiveError("a work that is cited must have a ref; found none")
    locator = _words(scope) if scope is not None else ""
    return Cited(ref.get("n", ""), (bibl.text or "").strip(), locator)


def _target(ref: Element) -> str:
    """The target of a link, in the form of the edition file."""
    target = ref.get("target", "")
    if ref.get("type") != "archive":
        return target
    file = _FILE.fullmatch(target)
    if file is None:
        raise ArchiveError(f"a link to another text must point to its file; found “{target}”")
    return file["text"] + (file["block"] or "")
