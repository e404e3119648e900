"""The TEI element `text` ⇄ blocks and notes. Headings begin divisions, a note is at its call, and
mentions are marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, groupby, pairwise
from typing import Any
from xml.etree.ElementTree import Element

from msgspec import structs

from archive_site.corpus import urls
from archive_site.corpus.apparatus import numbers_of
from archive_site.edition.format import INTERNAL, merged
from archive_site.edition.front_matter import NOTE_KINDS
from archive_site.exports.publication import Publication
from archive_site.exports.tei.elements import (
    CERTS,
    EDITION,
    XML_ID,
    XmlLine,
    element,
    escaped,
    key_named,
    key_of,
    line,
    nested,
    one_of,
    parts,
    pointer,
)
from archive_site.findings import ArchiveError
from archive_site.names.days import LAST_JULIAN_DAY
from archive_site.names.mentions import Mention
from archive_site.text.dates import is_day, to_old_style
from archive_site.text.document import (
    Block,
    Certainty,
    Doubt,
    Emendation,
    Emphasis,
    Gap,
    Inline,
    Inlines,
    LineBreak,
    Link,
    Name,
    Note,
    NoteCall,
    PageBreak,
    StageDirection,
    Superscript,
    Text,
)
from archive_site.text.reading import reading_text

DIVISIONS = ("text", "chapter", "section", "subsection", "division", "subdivision")
"""The type of a division, by the level of its heading (from 1)."""
WRAPPERS = ("standfirst", "dateline")
"""Kinds of blocks whose TEI elements are allowed only at the beginning or end of a division."""
NAME_TAGS = {
    "person": "persName",
    "organisation": "orgName",
    "place": "placeName",
    "work": "title",
    "event": "name",
    "notion": "term",
}
"""The element of a name, by the kind of entry that it names."""
_FILE = re.compile(r"(?:.*/)?(?P<text>[a-z0-9-]+)\.xml(?P<block>#[\w-]+)?")

# ---------------------------------------------------------------- writing: divisions and blocks


def write_text(publication: Publication) -> Iterator[XmlLine]:
    """The content of the element `text`."""
    writer = _Writer(publication)
    yield from nested("body", writer.division(publication.document.blocks, body=True))
    uncalled = ((0, writer.note(label)) for label in writer.notes if label not in writer.called)
    yield from nested("back", nested("div", uncalled, type="notes"))
    if writer.called != list(writer.notes):
        yield line("join", type="notes", target=" ".join(map(_pointer_to_note, writer.notes)))


class _Writer:
    """Writes the blocks of a text. `called` has the labels of the notes already written, in
    order."""

    def __init__(self, publication: Publication):
        self.meta = publication.meta
        self.entries = publication.entries
        self.numbers: Mapping[str, int | str] = numbers_of(publication.document)
        self.named = {id(p.place.block): p.mentions for p in publication.passages}
        self.notes = {note.label: note for note in publication.document.notes}
        self.called: list[str] = []

    def division(
        self, blocks: Sequence[Block], *, boxed: bool = False, body: bool = False
    ) -> Iterator[XmlLine]:
        """The content of a division below its head: its blocks, then its sections. `boxed`: the
        division is in a box. `body`: it is a `body`, which must not contain only wrappers."""
        heads = [i for i, b in enumerate(blocks) if b.kind == "heading" and b.boxed == boxed]
        units = list(_units(blocks[: heads[0]] if heads else blocks, boxed))
        wraps = [unit[0].kind in WRAPPERS and unit[0].boxed == boxed for unit in units]
        first = wraps.index(False) if False in wraps else len(units)
        last = len(units) - (wraps[::-1].index(False) if False in wraps and not heads else 0)
        if body and first == len(units) and not heads:
            first = 0
        for i, unit in enumerate(units):
            yield from self.unit(unit, boxed=boxed, edge=not first <= i < last)
        for section in _sections(blocks, heads):
            head = section[0]
            yield from nested(
                "div",
                [line("head", self.content(head)), *self.division(section[1:], boxed=boxed)],
                type=DIVISIONS[head.level - 1],
                xml_id=head.id,
            )

    def unit(self, unit: Sequence[Block], *, boxed: bool, edge: bool) -> list[XmlLine]:
        """The element of a unit of blocks. `edge`: it is at the beginning or end of a division."""
        block = unit[0]
        if block.boxed != boxed:
            body = self.division(unit, boxed=block.boxed, body=True)
            return nested("floatingText", nested("body", body), type="box")
        match block.kind:
            case "paragraph":
                return [self.block("p", block)]
            case "quotation":
                continued = "continued" if block.continues else ""
                return nested("quote", self.quoted(unit), type=continued)
            case "list-item":
                return nested("list", (self.block("item", item) for item in unit))
            case "standfirst" if edge:
                return nested("argument", [self.block("p", block)])
            case "dateline" if edge:
                return [self.block("dateline", block)]
            case "stage":
                return [self.block("stage", block)]
            case kind:
                level = DIVISIONS[block.level - 1] if kind == "heading" else ""
                return [self.block("ab", block, type=kind, subtype=level)]

    def quoted(self, unit: Sequence[Block]) -> Iterator[XmlLine]:
        """The paragraphs of a quotation, grouped by speakers."""
        for speakers, blocks in groupby(unit, key=lambda block: block.speakers):
            paragraphs = [self.block("p", block) for block in blocks]
            who = " ".join(pointer(self.entries, key) for key in speakers)
            yield from nested("q", paragraphs, who=who) if speakers else paragraphs

    def block(self, tag: str, block: Block, **attributes: str) -> XmlLine:
        """The element of a block, with its id and its number."""
        number = self.numbers.get(block.id, "")
        content = self.content(block, phrases=tag == "dateline")
        return line(tag, content, xml_id=block.id, n=number, **attributes)

    def content(self, block: Block, *, phrases: bool = False) -> str:
        """The content of a block, with its mentions."""
        mentions = self.named.get(id(block), ())
        return self.inlines(_with_found(block.content, mentions, 0), phrases=phrases)

    # ------------------------------------------------------------ writing: inlines

    def inlines(self, content: Inlines, *, phrases: bool = False) -> str:
        """Inlines as XML. `phrases`: TEI allows only phrases in their parent."""
        return "".join(self.inline(inline, phrases) for inline in content)

    def inline(self, inline: Inline, phrases: bool) -> str:  # noqa: C901  # a table
        """An inline as XML."""
        match inline:
            case Text(text):
                return escaped(text)
            case Emphasis(content, strong):
                rend = "bold" if strong else "italic"
                return element("hi", self.inlines(content), rend=rend)
            case Superscript(text):
                return element("hi", escaped(text), rend="superscript")
            case LineBreak():
                return element("lb")
            case NoteCall(label):
                return self.note(label)
            case PageBreak(number) if number[:1] == "[" and number[1:].endswith("]"):
                return element("pb", n=number[1:-1], resp=EDITION)
            case PageBreak(number):
                return element("pb", n=number)
            case Emendation(reading, "", why) if reading:
                return element("supplied", escaped(reading) + _reason(why), resp=EDITION)
            case Emendation("", witness, why) if witness:
                return element("surplus", escaped(witness) + _reason(why), resp=EDITION)
            case Emendation(reading, witness, why):
                corrected = element("corr", escaped(reading) + _reason(why), resp=EDITION)
                return element("choice", element("sic", escaped(witness)) + corrected)
            case Doubt(content, why):
                return element("sic", self.inlines(content) + _reason(why), resp=EDITION)
            case Gap(why):
                return element("gap", element("desc", escaped(why)), reason="lost")
            case StageDirection(content) if phrases:
                return element("seg", self.inlines(content), type="stage")
            case StageDirection(content):
                return element("stage", self.inlines(content))
            case Link(content, target):
                return element("ref", self.inlines(content), **self.target(target))
            case _Found(content, key, certainty):
                cert = CERTS[certainty] if certainty != "certain" else ""
                return self.name(content, key, cert=cert)
            case Name(content, key):
                return self.name(content, key, resp=EDITION)

    def note(self, label: str) -> str:
        """A note, at its call; only a call if the note is already written or does not exist."""
        note = self.notes.get(label)
        if note is None or label in self.called:
            target = _pointer_to_note(label) if note else ""
            return element("ref", type="note-call", n=label, target=target)
        self.called.append(label)
        lines = [
            xml
            for unit in _units(note.blocks, boxed=False)
            for _, xml in self.unit(unit, boxed=False, edge=False)
        ]
        xml_id = _pointer_to_note(label)[1:]
        return element("note", "".join(lines), xml_id=xml_id, n=label, type=note.kind)

    def name(self, content: Inlines, key: str, **attributes: str) -> str:
        """A name, with a pointer to the entry or the day that it names."""
        written = self.inlines(content, phrases=True)
        if not key:
            return element("seg", written, type="no-name", **attributes)
        if is_day(key):
            calendar = self.calendar(reading_text(content), key)
            return element("date", written, when=key, calendar=calendar, **attributes)
        if key not in self.entries:
            return element("name", written, key=key, **attributes)
        kind, ref = self.entries[key].kind, pointer(self.entries, key)
        kind_of_name = {"type": kind} if kind == "event" else {}
        return element(NAME_TAGS[kind], written, **kind_of_name, ref=ref, **attributes)

    def calendar(self, words: str, day: str) -> str:
        """The pointer to the calendar of a day in words; empty for the Gregorian calendar."""
        old = to_old_style(date.fromisoformat(day))
        julian = self.meta.calendar == "julian" and old <= LAST_JULIAN_DAY
        return "#calendar.julian" if julian and str(old.day) in re.findall(r"\d+", words) else ""

    def target(self, target: str) -> dict[str, str]:
        """The attributes of a link: to this file, to the file of another text, or to the web."""
        internal = INTERNAL.fullmatch(target)
        if internal is None or not internal["text"]:
            return {"target": target}
        here, there = (urls.data_file(i, "xml") for i in (self.meta.id, internal["text"]))
        file = urls.relative(here, there) or f"{internal['text']}.xml"
        block = f"#{internal['block']}" if internal["block"] else ""
        return {"type": "archive", "target": file + block}


def _units(blocks: Sequence[Block], boxed: bool) -> Iterator[list[Block]]:
    """Blocks grouped into units that share an element: a box, a quotation, or a list."""
    unit: list[Block] = []
    for block in blocks:
        if unit and not _together(unit[-1], block, boxed):
            yield unit
            unit = []
        unit.append(block)
    if unit:
        yield unit


def _together(last: Block, block: Block, boxed: bool) -> bool:
    if last.boxed != block.boxed:
        return False
    quoted = last.kind == block.kind == "quotation" and block.continues
    return block.boxed != boxed or quoted or last.kind == block.kind == "list-item"


def _sections(blocks: Sequence[Block], heads: Sequence[int]) -> Iterator[Sequence[Block]]:
    """The blocks of each section: from a heading to the next of the same or a higher rank."""
    starts: list[int] = []
    for i in heads:
        if not starts or blocks[i].level <= blocks[starts[-1]].level:
            starts.append(i)
    for start, stop in pairwise([*starts, len(blocks)]):
        yield blocks[start:stop]


def _pointer_to_note(label: str) -> str:
    """`#note-` and the label. Characters not allowed in an id are written as their code points."""
    return "#note-" + re.sub(r"[^A-Za-z0-9.-]", lambda char: f"_{ord(char[0]):x}_", label)


def _reason(why: str) -> str:
    return element("note", escaped(why), type="reason") if why else ""


# ---------------------------------------------------------------- writing: mentions


class _Found(Name, frozen=True, array_like=True, tag=True):
    """A mention that the program found, with its certainty."""

    certainty: Certainty = "certain"


def _with_found(content: Inlines, mentions: Sequence[Mention], at: int) -> Inlines:
    """`content`, which begins at the character `at` of its block, with its mentions marked. A
    mention is marked at its depth in the markup; one that crosses other markup is not marked."""
    if not mentions:
        return content
    pieces = list(_pieces(content, mentions, at))
    starts = {m.start: m for m in mentions}
    made: list[Inline] = []
    i = 0
    while i < len(pieces):
        piece, start, end = pieces[i]
        mention = starts.get(start) if end > start else None
        stop = _run(pieces, i, mention.end) if mention else 0
        if mention and stop:
            inner = tuple(piece for piece, _, _ in pieces[i:stop])
            made.append(_Found(inner, mention.key, mention.certainty))
            i = stop
            continue
        if isinstance(piece, Emphasis | Doubt | StageDirection | Link):
            within = [m for m in mentions if start <= m.start and m.end <= end]
            piece = structs.replace(piece, content=_with_found(piece.content, within, start))
        made.append(piece)
        i += 1
    return merged(made)


def _pieces(
    content: Inlines, mentions: Sequence[Mention], at: int
) -> Iterator[tuple[Inline, int, int]]:
    """The inlines, each with its start and end. Texts are cut where a mention begins or ends."""
    for inline in content:
        end = at + len(reading_text((inline,)))
        if isinstance(inline, Text):
            edges = {edge for m in mentions for edge in (m.start, m.end) if at < edge < end}
            for start, stop in pairwise(sorted({at, end, *edges})):
                yield Text(inline.text[start - at : stop - at]), start, stop
        else:
            yield inline, at, end
        at = end


def _run(pieces: Sequence[tuple[Inline, int, int]], first: int, end: int) -> int:
    """The index after the last of the pieces from `first` that make up a mention ending at `end`. 0
    if no pieces do, or if a single inline contains the mention, so that it is marked within."""
    for i in range(first, len(pieces)):
        piece, _, stop = pieces[i]
        if isinstance(piece, StageDirection | Name) or stop > end:
            return 0
        if stop == end:
            alone = i == first and isinstance(piece, Emphasis | Doubt | Link)
            return 0 if alone else i + 1
    return 0


# ---------------------------------------------------------------- reading


def read_text(text: Element) -> tuple[tuple[Block, ...], tuple[Note, ...]]:
    """The blocks and notes in the element `text`.

    Raises `ArchiveError` if it contains something that `write_text` does not write."""
    reader = _Reader()
    blocks: list[Block] = []
    order: list[str] = []
    for part in parts(text):
        match part.tag:
            case "body":
                blocks += reader.blocks(part)
            case "back":
                for note in chain.from_iterable(map(parts, parts(part))):
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
    notes = sorted(reader.notes, key=lambda note: places.get(_pointer_to_note(note.label), 0))
    return tuple(blocks), tuple(notes)


@dataclass(slots=True)
class _Reader:
    """Reads blocks, and collects the notes at their calls."""

    notes: list[Note] = field(default_factory=list)

    def blocks(self, parent: Element, *, boxed: bool = False) -> Iterator[Block]:  # noqa: C901  # a table
        """The blocks of a body, a division or a note."""
        for part in parts(parent):
            match part.tag:
                case "div":
                    level = 1 + DIVISIONS.index(one_of(part, "type", DIVISIONS))
                    for head in part.iterfind("head"):
                        content = self.inlines(head)
                        block_id = part.get(XML_ID, "")
                        yield Block("heading", content, level, boxed=boxed, id=block_id)
                    yield from self.blocks(part, boxed=boxed)
                case "head" if parent.tag == "div":
                    pass
                case "floatingText":
                    for body in parts(part):
                        yield from self.blocks(body, boxed=True)
                case "quote":
                    yield from self.quotation(part, boxed)
                case "list" | "argument":
                    kind = "list-item" if part.tag == "list" else "standfirst"
                    yield from (self.block(kind, inner, boxed) for inner in parts(part))
                case "p":
                    yield self.block("paragraph", part, boxed)
                case "stage" | "dateline":
                    yield self.block(part.tag, part, boxed)
                case "ab" if part.get("type") == "heading":
                    level = 1 + DIVISIONS.index(one_of(part, "subtype", DIVISIONS))
                    yield replace(self.block("heading", part, boxed), level=level)
                case "ab":
                    yield self.block(one_of(part, "type", WRAPPERS), part, boxed)
                case tag:
                    raise ArchiveError(f"a text of this archive has no {tag} in {parent.tag}")

    def quotation(self, quote: Element, boxed: bool) -> Iterator[Block]:
        """The paragraphs of a quotation, each with its speakers."""
        continues = quote.get("type") == "continued"
        for part in parts(quote):
            speakers = tuple(map(key_of, part.get("who", "").split()))
            for paragraph in parts(part) if part.tag == "q" else [part]:
                block = self.block("quotation", paragraph, boxed)
                yield replace(block, speakers=speakers, continues=continues)
                continues = True

    def block(self, kind: Any, part: Element, boxed: bool) -> Block:
        """A block of the kind `kind` with the content of an element."""
        return Block(kind, self.inlines(part), boxed=boxed, id=part.get(XML_ID, ""))

    def note(self, part: Element) -> NoteCall:
        """Add a note to `notes` and return its call."""
        label, place = part.get("n", ""), len(self.notes)
        self.notes.append(Note(label, (), one_of(part, "type", NOTE_KINDS)))
        self.notes[place] = replace(self.notes[place], blocks=tuple(self.blocks(part)))
        return NoteCall(label)

    def inlines(self, parent: Element) -> Inlines:
        """The content of an element, without a reason at its end."""
        content: list[Inline] = [Text(parent.text or "")]
        for part in parent:
            if not _is_reason(part):
                content += self.inline(part)
            content.append(Text(part.tail or ""))
        return merged(content)

    def inline(self, part: Element) -> Inlines:  # noqa: C901  # a table
        """An element as an inline. A mention that the program found is replaced by its content."""
        match part.tag:
            case "hi" if part.get("rend") == "superscript":
                return (Superscript(_words(part)),)
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
            case "seg" if part.get("type") == "stage":
                return (StageDirection(self.inlines(part)),)
            case "seg" | "date" | "persName" | "orgName" | "placeName" | "title" | "name" | "term":
                content = self.inlines(part)
                return (Name(content, key_named(part)),) if "resp" in part.attrib else content
            case tag:
                raise ArchiveError(f"a text of this archive has no such {tag} in a line")


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


def _target(ref: Element) -> str:
    """The target of a link, in the form of the edition file."""
    target = ref.get("target", "")
    if ref.get("type") != "archive":
        return target
    file = _FILE.fullmatch(target)
    if file is None:
        raise ArchiveError(f"a link to another text must point to its file; found “{target}”")
    return file["text"] + (file["block"] or "")
