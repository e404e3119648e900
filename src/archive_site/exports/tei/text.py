"""The TEI element `text`. Headings begin divisions, a note is at its call, and
mentions are marked."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, groupby, pairwise

from msgspec import structs

from archive_site.corpus import urls
from archive_site.corpus.apparatus import numbers_of
from archive_site.corpus.pictures import PictureInfo
from archive_site.exports.publication import Publication
from archive_site.exports.references import in_order
from archive_site.exports.tei.elements import (
    EDITION,
    XmlLine,
    element,
    escaped,
    line,
    nested,
    pointer,
    pointer_to_work,
)
from archive_site.names.days import LAST_JULIAN_DAY
from archive_site.names.mentions import Mention
from archive_site.sources.tei_vocabulary import CERTS, DIVISIONS, pointer_to_note
from archive_site.text.citations import spaced
from archive_site.text.dates import is_day, to_old_style
from archive_site.text.document import (
    INTERNAL,
    NESTING,
    Block,
    BlockKind,
    Branch,
    CellBreak,
    Certainty,
    Citation,
    Cited,
    Comment,
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
    NoteCall,
    PageBreak,
    SmallCaps,
    Speaker,
    StageDirection,
    Superscript,
    Table,
    Text,
    is_french,
)
from archive_site.text.document import nested as tree
from archive_site.text.numerals import marker_of
from archive_site.text.reading import lines_of, merged, reading_text, rows_of
from archive_site.text.republican import is_written_in

LETTER: dict[BlockKind, str] = {"salutation": "salute", "signature": "signed"}
"""The elements of the parts of a letter, in an `opener` or a `closer`."""
PHRASES = ("dateline", "salute", "signed", "speaker")
"""Elements in which TEI allows only phrases."""
EMPTY = line("ab", type="none")
"""What stands where TEI wants a block and there is none."""
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
        yield line("join", type="notes", target=" ".join(map(pointer_to_note, writer.notes)))


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
            target = pointer_to_note(label) if note else ""
            return element("ref", type="note-call", n=label, target=target)
        self.called.append(label)
        lines = [xml for _, xml in self.parts(tree(note.blocks))]
        xml_id = pointer_to_note(label)[1:]
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
