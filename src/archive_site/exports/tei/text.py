"""The TEI element `text` ⇄ blocks and notes. Headings begin divisions, a note is at its call, and
mentions are marked."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, groupby, pairwise
from typing import get_args
from xml.etree.ElementTree import Element

from msgspec import structs

from archive_site.corpus import urls
from archive_site.corpus.apparatus import numbers_of
from archive_site.corpus.pictures import PictureInfo
from archive_site.edition.front_matter import NOTE_KINDS
from archive_site.exports.publication import Publication
from archive_site.exports.references import in_order
from archive_site.exports.tei.elements import (
    CERTS,
    EDITION,
    XML_ID,
    XML_LANG,
    XmlLine,
    as_id,
    element,
    escaped,
    key_named,
    key_of,
    line,
    nested,
    one_of,
    parts,
    pointer,
    pointer_to_work,
)
from archive_site.files.layout import IMAGES
from archive_site.findings import ArchiveError
from archive_site.names.days import LAST_JULIAN_DAY
from archive_site.names.mentions import Mention
from archive_site.text.citations import attached, spaced
from archive_site.text.dates import is_day, to_old_style
from archive_site.text.document import (
    INTERNAL,
    NESTING,
    Alignment,
    Block,
    BlockKind,
    Branch,
    CellBreak,
    Certainty,
    Citation,
    Cited,
    Comment,
    Container,
    ContainerKind,
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
    is_french,
)
from archive_site.text.document import nested as tree
from archive_site.text.numerals import marker_of, number_of
from archive_site.text.reading import lines_of, merged, reading_text, rows_of
from archive_site.text.republican import is_written_in

DIVISIONS = ("text", "chapter", "section", "subsection", "division", "subdivision")
"""The type of a division, by the level of its heading (from 1)."""
LETTER: dict[BlockKind, str] = {"salutation": "salute", "signature": "signed"}
"""The elements of the parts of a letter, in an `opener` or a `closer`."""
NAMED: dict[str, BlockKind] = {
    "stage": "stage",
    "dateline": "dateline",
    "speaker": "speaker",
    "salute": "salutation",
    "signed": "signature",
    "milestone": "break",
    "p": "paragraph",
}
"""Kinds of blocks, by their element."""
PHRASES = ("dateline", "salute", "signed", "speaker")
"""Elements in which TEI allows only phrases."""
ALIGNMENTS: dict[str, Alignment] = {
    "none": "",
    "left": "left",
    "center": "center",
    "right": "right",
}
"""How a column is aligned, by its word in `rend`."""
EMPTY = line("ab", type="none")
"""What stands where TEI wants a block and there is none."""
DIVIDED: tuple[ContainerKind, ...] = ("epigraph", "postscript")
"""The containers whose elements are allowed only at the beginning or the end of a division."""
_Part = Block | Branch
NAME_TAGS = {
    "person": "persName",
    "organisation": "orgName",
    "place": "placeName",
    "work": "title",
    "event": "name",
    "notion": "term",
}
"""The element of a name, by the kind of entry that it names."""
REPUBLICAN = "#calendar.republican"
"""The pointer to the Republican calendar, which the header declares if a day has it."""
_FILE = re.compile(r"(?:.*/)?(?P<text>[a-z0-9-]+)\.xml(?P<block>#[\w-]+)?")

# ---------------------------------------------------------------- writing: divisions and blocks


def write_text(publication: Publication) -> Iterator[XmlLine]:
    """The content of the element `text`."""
    writer = _Writer(publication)
    yield from nested("body", writer.division(tree(publication.document.blocks), body=True))
    uncalled = ((0, writer.note(label)) for label in writer.notes if label not in writer.called)
    notes = nested("div", uncalled, type="notes")
    works = [
        line("bibl", escaped(work.words), xml_id=pointer_to_work(work.key)[1:])
        for work in in_order(publication.works)
    ]
    listed = nested("div", nested("listBibl", works), type="bibliography")
    yield from nested("back", [*notes, *listed])
    if writer.called != list(writer.notes):
        yield line("join", type="notes", target=" ".join(map(_pointer_to_note, writer.notes)))


class _Writer:
    """Writes the blocks of a text. `called` has the labels of the notes already written, in
    order."""

    def __init__(self, publication: Publication):
        self.meta = publication.meta
        self.language = "" if is_french(self.meta.language) else self.meta.language
        self.entries = publication.entries
        self.pictures = publication.edition.pictures
        self.base_url = publication.site.base_url
        self.numbers: Mapping[str, int | str] = numbers_of(publication.document)
        self.named = {id(p.place.block): p.mentions for p in publication.passages}
        self.notes = {note.label: note for note in publication.document.notes}
        self.works = publication.works
        self.called: list[str] = []

    def division(self, parts: Sequence[_Part], *, body: bool = False) -> Iterator[XmlLine]:
        """The content of a division below its head: its blocks, then its sections. `body`: it is a
        `body`, which must not contain only wrappers."""
        heads = [n for n, part in enumerate(parts) if _is_heading(part)]
        own = parts[: heads[0]] if heads else parts
        first = next((n for n, part in enumerate(own) if not _may_open(part)), len(own))
        last = len(own)
        while not heads and last > first and _may_close(own[last - 1]):
            last -= 1
        if not heads and not any(map(_is_solid, own[first:last])):
            first, last = (0 if body else first), len(own)
        yield from self.edge(own[:first], "opener")
        yield from self.parts(own[first:last])
        yield from self.edge(own[last:], "closer")
        if body and not heads and not any(map(_is_solid, own)):
            yield EMPTY
        for section in _sections(parts, heads):
            head = section[0]
            assert isinstance(head, Block)
            rend = "unnumbered" * head.unnumbered
            words = self.inlines(self.with_names(head))
            content = line("head", words, **self.language_of(head), rend=rend)
            yield from nested(
                "div",
                [content, *self.division(section[1:])],
                type=DIVISIONS[head.level - 1],
                subtype="anchored" * bool(head.anchor),
                xml_id=head.id,
            )

    def edge(self, parts: Sequence[_Part], tag: str) -> Iterator[XmlLine]:
        """Blocks at the beginning (`opener`) or the end (`closer`) of a division."""
        for _, run in groupby(parts, key=_of_letter):
            group = list(run)
            lines = [xml for part in group for xml in self.edge_part(part)]
            parted = {part.kind for part in group if isinstance(part, Block)}
            yield from nested(tag, lines) if parted & LETTER.keys() else lines

    def edge_part(self, part: _Part) -> list[XmlLine]:
        """A block, or an epigraph or a postscript, at the beginning or the end of a division."""
        if isinstance(part, Branch):
            empty = () if any(map(_is_solid, part.parts)) else (EMPTY,)
            return nested(part.container.kind, [*self.parts(part.parts), *empty])
        if part.kind == "standfirst":
            return nested("argument", [self.block("p", part)])
        return [self.block(LETTER.get(part.kind, "dateline"), part)]

    def parts(self, parts: Sequence[_Part]) -> Iterator[XmlLine]:
        """The elements of the parts of a container."""
        for part in parts:
            yield from self.part(part)

    def part(self, part: _Part) -> list[XmlLine]:
        """The element of a block or a container."""
        if isinstance(part, Branch):
            return self.container(part)
        match part.kind:
            case "paragraph":
                return [self.block("p", part)]
            case "verse":
                return self.verse(part)
            case "stage":
                return [self.block("stage", part)]
            case "table":
                return self.table(part)
            case "figure":
                return self.figure(part)
            case "break":
                return [self.block("milestone", part, unit="separation")]
            case kind:
                level = DIVISIONS[part.level - 1] if kind == "heading" else ""
                rend = " ".join(
                    filter(None, ("unnumbered" * part.unnumbered, "anchored" * bool(part.anchor)))
                )
                return [self.block("ab", part, type=kind, subtype=level, rend=rend)]

    def container(self, branch: Branch) -> list[XmlLine]:
        """The element of a container."""
        container, parts = branch.container, branch.parts
        who = " ".join(pointer(self.entries, key) for key in container.speakers)
        match container.kind:
            case "quotation":
                inner = list(self.parts(parts))
                return nested("quote", nested("q", inner, who=who) if who else inner)
            case "speech":
                return nested("sp", self.speech(parts), who=who)
            case "list":
                items = [self.item(item) for item in parts if isinstance(item, Branch)]
                return nested("list", chain.from_iterable(items), rend=container.style)
            case "captioned":
                return self.captioned(parts)
            case kind:
                return nested(
                    "floatingText", nested("body", self.division(parts, body=True)), type=kind
                )

    def speech(self, parts: Sequence[_Part]) -> Iterator[XmlLine]:
        """The content of a speech. The name of the speaker comes first; `rend="inline"`: it is on
        the line of the first words."""
        first, *rest = parts
        if isinstance(first, Block) and first.kind == "speaker":
            yield self.block("speaker", first)
            parts = rest
        elif isinstance(first, Block) and first.kind == "paragraph":
            name, *words = self.with_names(first)
            if isinstance(name, Speaker):
                yield line("speaker", self.inlines(name.content, phrases=True), rend="inline")
                yield self.block("p", first, tuple(words))
                yield from self.within_speech(rest)
                return
        yield from self.within_speech(parts)
        if not any(map(_is_solid, parts)):
            yield EMPTY

    def within_speech(self, parts: Sequence[_Part]) -> Iterator[XmlLine]:
        """The parts of a speech; another speech in it is a text in the text."""
        for part in parts:
            if isinstance(part, Branch) and part.container.kind == "speech":
                inner = nested("body", self.part(part))
                yield from nested("floatingText", inner, type="speech")
            else:
                yield from self.part(part)

    def item(self, branch: Branch) -> list[XmlLine]:
        """An item of a list, after what the list prints before it."""
        sign = marker_of(branch.container)
        label = [line("label", escaped(sign))] if sign else []
        only = branch.parts[0]
        simple = isinstance(only, Block) and only.kind == "paragraph" and len(branch.parts) == 1
        if isinstance(only, Block) and simple and only.id:  # it is not in a note
            return [*label, self.block("item", only)]
        return [*label, *nested("item", self.parts(branch.parts))]

    def verse(self, block: Block) -> list[XmlLine]:
        """A stanza."""
        lines = [self.line(verse) for verse in lines_of(self.with_names(block))]
        number = self.numbers.get(block.id, "")
        return nested("lg", lines, xml_id=block.id, n=number, **self.language_of(block))

    def line(self, verse: Inlines) -> XmlLine:
        """A line of verse."""
        first = verse[0] if verse else None
        rend = f"indent({first.width})" if isinstance(first, Indent) else ""
        return line("l", self.inlines(verse), rend=rend)

    def captioned(self, parts: Sequence[_Part]) -> list[XmlLine]:
        """A table with its caption, which may stand below it."""
        blocks = [part for part in parts if isinstance(part, Block)]
        (caption,) = (block for block in blocks if block.kind == "caption")
        (table,) = (block for block in blocks if block.table)
        return self.table(table, [self.block("head", caption, rend="below" * (blocks[0] is table))])

    def table(self, block: Block, head: Sequence[XmlLine] = ()) -> list[XmlLine]:
        """A table; `rend` says how its columns are aligned."""
        table = block.table or Table(())
        rows = [
            xml
            for n, row in enumerate(rows_of(self.with_names(block)))
            for xml in nested(
                "row",
                [line("cell", self.inlines(cell)) for cell in row],
                role="label" if table.headed and n == 0 else "data",
            )
        ]
        return nested(
            "table",
            [*head, *rows],
            xml_id=block.id,
            n=self.numbers.get(block.id, ""),
            rend=" ".join(aligned or "none" for aligned in table.columns),
            **self.language_of(block),
        )

    def figure(self, block: Block) -> list[XmlLine]:
        """A figure: its caption, its picture, what this shows, what `images.yaml` says of it."""
        assert block.picture
        path = block.picture.path
        info = self.pictures.get(path)
        size = {"width": f"{info.width}px", "height": f"{info.height}px"} if info else {}
        file, here = urls.picture_file(path), urls.data_file(self.meta.id, "xml")
        address = urls.address(self.base_url, file) or urls.relative(here, file)
        lines = [
            line("head", self.inlines(self.with_names(block))) if block.content else None,
            line("graphic", url=address, **size),
            line("figDesc", escaped(block.picture.alt)),
            line("bibl", _credit(info)) if info and (info.credit or info.source) else None,
        ]
        number = self.numbers.get(block.id, "")
        return nested(
            "figure", filter(None, lines), xml_id=block.id, n=number, **self.language_of(block)
        )

    def block(
        self, tag: str, block: Block, words: Inlines | None = None, **attributes: str
    ) -> XmlLine:
        """The element of a block, with its id and its number. `words`: only these of its words."""
        number = self.numbers.get(block.id, "")
        content = self.with_names(block) if words is None else words
        written = self.inlines(content, phrases=tag in PHRASES)
        return line(
            tag, written, xml_id=block.id, n=number, **self.language_of(block), **attributes
        )

    def language_of(self, block: Block) -> dict[str, str]:
        """The language of a block, if it is not that of the text."""
        other = block.language != self.language
        return {"xml_lang": block.language or "fr"} if other else {}

    def with_names(self, block: Block) -> Inlines:
        """The words of a block, with its mentions."""
        return _with_found(block.content, self.named.get(id(block), ()), 0)

    # ------------------------------------------------------------ writing: inlines

    def inlines(self, content: Inlines, *, phrases: bool = False) -> str:
        """Inlines as XML. `phrases`: TEI allows only phrases in their parent."""
        return "".join(self.inline(inline, phrases) for inline in spaced(content))

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
            case Indent() | Comment() | CellBreak():
                return ""
            case SmallCaps(content):
                return element("hi", self.inlines(content), rend="small-caps")
            case Foreign(content, language):
                return element("foreign", self.inlines(content), xml_lang=language)
            case Speaker(content):
                return element("seg", self.inlines(content, phrases=True), type="speaker")
            case Citation(works):
                return element(
                    "seg", "".join(map(self.cited, works)), type="citation", resp=EDITION
                )
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
        lines = [xml for _, xml in self.parts(tree(note.blocks))]
        xml_id = _pointer_to_note(label)[1:]
        return element("note", "".join(lines), xml_id=xml_id, n=label, type=note.kind)

    def cited(self, cited: Cited) -> str:
        """A work that is cited: the words before it, its short form, and the place in it."""
        short = self.works[cited.key].short if cited.key in self.works else cited.key
        target = pointer_to_work(cited.key) if cited.key in self.works else ""
        before = f"{escaped(cited.before)} " if cited.before else ""
        place = f", {element('biblScope', escaped(cited.locator))}" if cited.locator else ""
        work = element("ref", escaped(short), type="bibl", target=target, n=cited.key)
        return element("bibl", before + work + place)

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
        if is_written_in(words, day):
            return REPUBLICAN
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


def _credit(info: PictureInfo) -> str:
    """The credit and the source of a picture."""
    source = escaped(info.source)
    if urls.WEB.fullmatch(info.source):
        source = element("ref", source, target=info.source)
    return ", ".join(filter(None, (escaped(info.credit), source)))


def _is_solid(part: _Part) -> bool:
    """Whether a part may be all there is in an element, as TEI has it."""
    return isinstance(part, Branch) or part.kind not in ("break", "figure")


def _is_heading(part: _Part) -> bool:
    return isinstance(part, Block) and part.kind == "heading"


def _may_open(part: _Part) -> bool:
    """Whether the element of a part is allowed only at the beginning or the end of a division."""
    if isinstance(part, Branch):
        return part.container.kind == "epigraph"
    return part.kind in ("standfirst", "dateline", "salutation")


def _may_close(part: _Part) -> bool:
    """Whether a part has an element that is allowed at the end of a division."""
    if isinstance(part, Branch):
        return part.container.kind in ("epigraph", "postscript")
    return part.kind == "signature" or _may_open(part)


def _of_letter(part: _Part) -> bool:
    """Whether a part belongs into an `opener` or a `closer`."""
    return isinstance(part, Block) and part.kind in (*LETTER, "dateline")


def _sections(parts: Sequence[_Part], heads: Sequence[int]) -> Iterator[Sequence[_Part]]:
    """The parts of each section: from a heading to the next of the same or a higher rank."""
    starts: list[int] = []
    levels = {n: part.level for n in heads if isinstance(part := parts[n], Block)}
    for n in heads:
        if not starts or levels[n] <= levels[starts[-1]]:
            starts.append(n)
    for start, stop in pairwise([*starts, len(parts)]):
        yield parts[start:stop]


def _pointer_to_note(label: str) -> str:
    """`#note-` and the label. Characters not allowed in an id are written as their code points."""
    return f"#note-{as_id(label)}"


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
        if isinstance(piece, NESTING) and not isinstance(piece, Name):
            here = _between(mentions, start, end)
            within = [m for m in here if start <= m.start and m.end <= end]
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
            here = _between(mentions, at, end)
            edges = {edge for m in here for edge in (m.start, m.end) if at < edge < end}
            for start, stop in pairwise(sorted({at, end, *edges})):
                yield Text(inline.text[start - at : stop - at]), start, stop
        else:
            yield inline, at, end
        at = end


def _between(mentions: Sequence[Mention], start: int, end: int) -> Sequence[Mention]:
    """The mentions, which are in order, with a character between `start` and `end`."""
    first = bisect_right(mentions, start, key=lambda mention: mention.end)
    return mentions[first : bisect_left(mentions, end, key=lambda mention: mention.start)]


def _run(pieces: Sequence[tuple[Inline, int, int]], first: int, end: int) -> int:
    """The index after the last of the pieces from `first` that make up a mention ending at `end`. 0
    if no pieces do, or if a single inline contains the mention, so that it is marked within."""
    for i in range(first, len(pieces)):
        piece, _, stop = pieces[i]
        if isinstance(piece, StageDirection | Name) or stop > end:
            return 0
        if stop == end:
            alone = i == first and isinstance(
                piece, Emphasis | Doubt | Link | SmallCaps | Foreign | Speaker
            )
            return 0 if alone else i + 1
    return 0


# ---------------------------------------------------------------- reading


def read_text(text: Element) -> tuple[tuple[Block, ...], tuple[Note, ...]]:
    """The blocks and notes in the element `text`.

    Raises `ArchiveError` if it contains something that `write_text` does not write."""
    reader = _Reader()
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
    notes = sorted(reader.notes, key=lambda note: places.get(_pointer_to_note(note.label), 0))
    return flattened(blocks), tuple(notes)


@dataclass(slots=True)
class _Reader:
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
