"""Elements of the text → blocks and containers. `PARTS` has the function for each element that is a
block; of any other element that holds blocks, these are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from archive_site import interface
from archive_site.sources.tei.inlines import (
    OMITTED,
    FileReading,
    finished,
    inlines_of,
    raw,
)
from archive_site.sources.tei.languages import tag_of
from archive_site.sources.tei.parsing import Node, has_words
from archive_site.sources.tei.settled import by_lines, has_content, settled
from archive_site.sources.tei.styles import WIDEST, indent_of
from archive_site.text.document import (
    Alignment,
    Block,
    BlockKind,
    Branch,
    CellBreak,
    Container,
    ContainerKind,
    Gap,
    Indent,
    Inline,
    Inlines,
    LineBreak,
    Speaker,
    Table,
    is_french,
)
from archive_site.text.numerals import number_of
from archive_site.text.reading import merged, reading_text, walk

Part = Block | Branch
LOWEST = 6
"""The lowest level of a heading."""
LINED: tuple[BlockKind, ...] = ("dateline", "salutation", "signature")
"""Kinds of blocks whose line ends are kept."""
STYLES = ("1.", "1)", "(1)", "a)", "(a)", "A)", "i)", "I)")
"""How the items of a list may be numbered."""
ORDERED = re.compile(r".*(?:ordered|number|numer|numér|\bol\b).*", re.I)
SEPARATING = re.compile(r".*(?:hr|star|aster|separat|sépar|section|rule|line|orna|\*).*", re.I)
"""Milestones that are seen as a break between paragraphs."""


@dataclass(frozen=True, slots=True)
class Around:
    """What the elements around a block say of it: its language, the level of a heading there, the
    kind of its paragraphs, whether line ends are kept, and whether quotations are those of a
    container that says so itself."""

    language: str
    level: int
    kind: BlockKind = "paragraph"
    lines: bool = False
    quoted: bool = False

    def within(self, node: Node) -> Around:
        """The same for the content of an element."""
        language = tag_of(node.get("xml:lang"))
        return replace(self, language=language) if language else self


@dataclass(slots=True)
class TextReader:
    """Reads the elements of a text, whose language is `language`. `heads` says what each `head` is;
    `titles` has the words of the title pages, `unneeded` those of the headings of sections that
    have only notes."""

    reading: FileReading
    language: str
    heads: dict[int, tuple[BlockKind, int]] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)
    unneeded: list[str] = field(default_factory=list)
    verse: int = 0  # the characters of a line of verse that speakers share, so far
    _holds: dict[int, bool] = field(default_factory=dict)

    def content(self, node: Node, around: Around, *, mixed: bool | None = None) -> Iterator[Part]:
        """What is in an element, as blocks. `mixed`: quotations and the like in it are words."""
        mixed = node.mixed if mixed is None else mixed
        yield from self.flow(node.parts, around.within(node), mixed)

    def flow(self, parts: Sequence[Node | str], around: Around, mixed: bool) -> Iterator[Part]:
        """Words and elements as blocks: each run of words is a paragraph."""
        run: list[Node | str] = []
        for part in _with_stanzas(parts):
            if isinstance(part, str) or not self.is_block(part, mixed):
                run.append(part)
                continue
            yield from self.paragraph(run, around)
            run = []
            yield from self.part(part, around)
        yield from self.paragraph(run, around)

    def part(self, node: Node, around: Around) -> Iterator[Part]:
        """An element as blocks; the notes that point to it are called at its end."""
        yield from PARTS.get(node.name, TextReader.content)(self, node, around)
        calls = tuple(map(self.reading.call, self.reading.links.after.get(id(node), ())))
        if calls:
            yield Block("paragraph", calls)

    def is_block(self, node: Node, mixed: bool) -> bool:
        """Whether an element is no part of a paragraph."""
        if node.name in EITHER:
            return not mixed or self.holds_blocks(node)
        return node.name in PARTS or self.holds_blocks(node)

    def holds_blocks(self, node: Node) -> bool:
        """Whether there is a block in an element that may hold some."""
        if node.name in WORDS_ONLY:
            return False
        if id(node) not in self._holds:
            self._holds[id(node)] = any(
                (child.name in PARTS and child.name not in EITHER) or self.holds_blocks(child)
                for child in node.children
            )
        return self._holds[id(node)]

    def paragraph(self, run: Sequence[Node | str], around: Around) -> Iterator[Block]:
        """A run of words as a block; nothing if there is nothing in it."""
        if all(isinstance(part, str) and not has_words(part) for part in run):
            return
        lines = around.lines or around.kind in LINED
        content = raw(self.reading, tuple(run), around.language)
        yield from self.block(finished(self.reading, content, lines=lines), around)

    def block(self, content: Inlines, around: Around, kind: BlockKind | None = None) -> list[Block]:
        """A block with its language; none without content."""
        language = self.language_of(around)
        return [Block(kind or around.kind, content, language=language)] if content else []

    def language_of(self, around: Around) -> str:
        """The language of a block, as blocks have it: French only in a text that is not."""
        if not is_french(around.language):
            return around.language
        return "" if is_french(self.language) else "fr"


# ---------------------------------------------------------------- divisions


def _paragraph(reader: TextReader, node: Node, around: Around) -> Iterator[Part]:
    return reader.content(node, around, mixed=True)


def _division(reader: TextReader, node: Node, around: Around) -> Iterator[Part]:
    """A division: its headings are one level below those of the division around it."""
    heads = [child for child in node.children if child.name == "head"]
    parts: tuple[Node | str, ...] = node.parts
    if heads and _has_only_notes(reader, node):
        reader.unneeded += [head.words for head in heads if head.words]
        parts = tuple(part for part in parts if part not in heads)
        heads = []
    inner = replace(around.within(node), level=around.level + bool(heads))
    before: Node | None = None
    for child in node.children:
        if child in heads:
            level = around.level if child is heads[0] else inner.level
            directly = child is not heads[0] and before in heads
            reader.heads[id(child)] = ("standfirst", 0) if directly else ("heading", level)
        if child.name not in ("pb", "lb", "fw", "cb", "note"):
            before = child
    yield from reader.flow(parts, inner, node.mixed)


def _has_only_notes(reader: TextReader, node: Node) -> bool:
    """Whether a division has headings and notes that are called elsewhere, and nothing else."""
    moved = any(id(note) in reader.reading.links.placed for note in node.every("note"))
    return moved and not _speaks(reader, node)


def _speaks(reader: TextReader, node: Node) -> bool:
    """Whether a division has words beside its headings and the notes that are called elsewhere."""
    links = reader.reading.links
    moved = links.placed | links.parts
    return any(
        has_words(part)
        if isinstance(part, str)
        else part.name not in ("head", *OMITTED) and id(part) not in moved and _speaks(reader, part)
        for part in node.parts
    )


def _head(reader: TextReader, node: Node, around: Around) -> Iterator[Part]:
    kind, level = reader.heads.get(id(node), (around.kind, 0))
    around = around.within(node)
    content = inlines_of(reader.reading, node, around.language)
    for block in reader.block(content, around, kind):
        yield replace(block, level=min(level, LOWEST))


def _label(reader: TextReader, node: Node, around: Around) -> Iterator[Part]:
    """A label: the heading of no division, or words before something."""
    if node.get("type") == "head":
        reader.heads[id(node)] = ("heading", around.level)
    return _head(reader, node, around)


def _title_page(reader: TextReader, node: Node, around: Around) -> Iterator[Part]:
    """A title page, which is told among the remarks; its page breaks are kept."""
    reader.titles += [node.words] if node.words else []
    pages = tuple(node.every("pb"))
    yield from reader.block(raw(reader.reading, pages, ""), around)


def heading_level(root: Node) -> int:
    """The level of the first divisions of a text: 1 if there is only one, which has its title."""
    titled = any(text.first("body/head") for text in root.every("text"))
    return 1 if not titled and sum(1 for _ in _highest(root)) == 1 else 2


def _highest(node: Node) -> Iterator[Node]:
    for child in node.children:
        if child.name in DIVISIONS and any(c.name == "head" for c in child.children):
            yield child
        elif child.name != "floatingText":
            yield from _highest(child)


# ---------------------------------------------------------------- letters, quotations, speeches


def _kind(kind: BlockKind) -> Function:
    """The function for elements whose paragraphs are of a kind."""

    def read(reader: TextReader, node: Node, around: Around) -> Iterator[Part]:
        return reader.content(node, replace(around, kind=kind), mixed=True)

    return read


def _lined(reader: TextReader, node: Node, around: Around) -> Iterator[Part]:
    """The beginning or the end of a letter, or an address: its line ends are kept."""
    return reader.content(node, replace(around, lines=True))


def _address(reader: TextReader, node: Node, around: Around) -> Iterator[Part]:
    return reader.content(node, replace(around, lines=True), mixed=True)


def _branch(kind: ContainerKind, *, quoting: bool = False) -> Function:
    """The function for elements that are containers; `quoting`: a quotation in them is no other."""

    def read(reader: TextReader, node: Node, around: Around) -> Iterator[Part]:
        inner = replace(around, kind="paragraph", lines=False, quoted=quoting)
        yield Branch(Container(kind), tuple(reader.content(node, inner)))

    return read


def _quotation(reader: TextReader, node: Node, around: Around) -> Iterator[Part]:
    """A quotation; directly in an epigraph, or with its source in a `cit`, it is no other."""
    if around.quoted:
        return reader.content(node, replace(around, quoted=False))
    return _branch("quotation")(reader, node, around)


def _speech(reader: TextReader, node: Node, around: Around) -> Iterator[Part]:
    """A speech. What stands before the name of the speaker comes before the speech."""
    around = replace(around.within(node), kind="paragraph", lines=False, quoted=False)
    names = [n for n, part in enumerate(node.parts) if _is_speaker(part)]
    first = names[0] if names else 0
    before = node.parts[:first]
    if any(isinstance(part, str) and has_words(part) for part in before):
        first, before = 0, ()
    yield from reader.flow(before, around, False)
    named: list[Part] = []
    rest = node.parts[first:]
    if rest and isinstance(rest[0], Node) and _is_speaker(rest[0]):
        name = inlines_of(reader.reading, rest[0], around.within(rest[0]).language)
        named += reader.block((Speaker(name),) if has_content(name) else name, around, "speaker")
        if not has_content(name):
            named = [replace(part, kind="paragraph") for part in named if isinstance(part, Block)]
        rest = rest[1:]
    mixed = any(isinstance(part, str) and has_words(part) for part in rest)
    yield Branch(Container("speech"), (*named, *reader.flow(rest, around, mixed)))


def _is_speaker(part: Node | str) -> bool:
    return isinstance(part, Node) and part.name == "speaker"


# ---------------------------------------------------------------- verse


def _with_stanzas(parts: Sequence[Node | str]) -> Iterator[Node | str]:
    """Parts in which lines of verse that follow each other are a stanza."""
    verse: list[Node | str] = []
    since = 0  # how many of `verse` are certain to belong to it
    for part in parts:
        if isinstance(part, Node) and part.name == "l":
            verse.append(part)
            since = len(verse)
        elif verse and _between(part):
            verse.append(part)
        else:
            yield from _stanza_of(verse, since)
            verse, since = [], 0
            yield part
    yield from _stanza_of(verse, since)


def _between(part: Node | str) -> bool:
    """Whether a part may stand between lines of verse."""
    if isinstance(part, str):
        return not has_words(part)
    return part.name in ("pb", "lb", "cb", "fw", "milestone", "note", "anchor")


def _stanza_of(verse: list[Node | str], since: int) -> Iterator[Node | str]:
    if verse:
        yield Node("lg", {}, tuple(verse[:since]))
        yield from verse[since:]


def _verse(reader: TextReader, node: Node, around: Around) -> Iterator[Part]:
    """A stanza, or a poem of several."""
    around = around.within(node)
    if not any(child.name in ("l", "lg") for child in node.children):
        content = by_lines(inlines_of(reader.reading, node, around.language, lines=True))
        content = settled(content)
        yield from reader.block(content, around, "verse" if has_content(content) else None)
        return
    lines: list[Inlines] = []
    for part in node.parts:
        if isinstance(part, Node) and part.name != "l" and reader.is_block(part, False):
            yield from _stanza(reader, lines, around)
            lines = []
            if part.name == "head":
                reader.heads[id(part)] = ("heading", around.level)
            yield from reader.part(part, around)
        elif line := _line(reader, part, around):
            lines.append(line)
    yield from _stanza(reader, lines, around)


def _line(reader: TextReader, part: Node | str, around: Around) -> Inlines:
    """A line of verse, or what stands between two. The middle or the end of a line that speakers
    share begins where the part before it ends."""
    if isinstance(part, str) or part.name != "l":
        return finished(reader.reading, raw(reader.reading, (part,), around.language))
    calls = tuple(map(reader.reading.call, reader.reading.links.after.get(id(part), ())))
    content = inlines_of(reader.reading, part, around.within(part).language) + calls
    indent, place = indent_of(part), part.get("part").upper()
    if place in ("M", "F"):
        indent = min(reader.verse, WIDEST)
    words = len(reading_text(content))
    reader.verse = (words + indent + 1) if place in ("I", "M") else 0
    return (Indent(indent), *content) if indent and has_content(content) else content


def _stanza(reader: TextReader, lines: Sequence[Inlines], around: Around) -> Iterator[Part]:
    """Lines as a stanza. What has no words is at the beginning of the next line, or at the end."""
    made: list[Inline] = []
    waiting: Inlines = ()
    for line in lines:
        if not _stays(line):
            waiting += line
            continue
        indent = line[:1] if isinstance(line[0], Indent) else ()
        made += [*([LineBreak()] if made else []), *indent, *waiting, *line[len(indent) :]]
        waiting = ()
    kind: BlockKind | None = "verse" if made else None
    yield from reader.block(merged((*made, *waiting)), around, kind)


def _stays(content: Inlines) -> bool:
    """Whether inlines are more than page breaks and calls of notes."""
    return has_content(content) or any(isinstance(inline, Gap) for inline in walk(content))


# ---------------------------------------------------------------- lists, tables, figures


def _list(reader: TextReader, node: Node, around: Around) -> Iterator[Part]:
    """A list. What is neither an item nor before one is an item of its own."""
    around = replace(around.within(node), kind="paragraph", lines=False, quoted=False)
    left = list(node.parts)
    while any(map(_is_head, left)) and (_between(left[0]) or _is_head(left[0])):
        yield from reader.flow(left[:1], around, False)
        del left[0]
    labels, items = _items(left)
    style, number = _numbering(node, labels)
    branches: list[tuple[Part, ...]] = []
    waiting: tuple[Part, ...] = ()
    for label, parts in zip(labels, items, strict=True):
        signed = label is not None and not style
        whole = (*(label.parts if signed and label else ()), *((" ",) * signed), *parts)
        mixed = any(isinstance(part, str) and has_words(part) for part in whole)
        blocks = (*waiting, *reader.flow(whole, around, mixed))
        full = any(isinstance(part, Branch) or _stays(part.content) for part in blocks)
        waiting = () if full else blocks
        branches += [blocks] if full else []
    yield Branch(
        Container("list", (), style, number),
        tuple(
            Branch(Container("list-item", (), style, number + n if style else 0), blocks)
            for n, blocks in enumerate(branches)
        ),
    )
    yield from waiting


def _is_head(part: Node | str) -> bool:
    return isinstance(part, Node) and part.name == "head"


def _items(
    parts: Sequence[Node | str],
) -> tuple[list[Node | None], list[tuple[Node | str, ...]]]:
    """The label (None: it has none) and the content of each item of a list."""
    labels: list[Node | None] = []
    items: list[tuple[Node | str, ...]] = []
    label: Node | None = None
    before: tuple[Node | str, ...] = ()
    for part in parts:
        if isinstance(part, Node) and part.name == "label" and label is None:
            label = part
        elif _between(part):
            before += (part,)
        else:
            own = isinstance(part, Node) and part.name in ("item", "castItem")
            language = isinstance(part, Node) and own and part.get("xml:lang")
            inner = part.parts if isinstance(part, Node) and own and not language else (part,)
            labels.append(label)
            items.append((*before, *inner))
            label, before = None, ()
    if label is not None or before:
        labels.append(None)
        items.append((*((label,) if label else ()), *before))
    return labels, items


def _numbering(node: Node, labels: Sequence[Node | None]) -> tuple[str, int]:
    """The style of a numbered list, and its first number. Empty if the list has bullets."""
    printed = [label.words for label in labels if label is not None]
    if not printed:
        return ("1.", 1) if ORDERED.fullmatch(f"{node.get('type')} {node.get('rend')}") else ("", 0)
    for style in STYLES:
        numbers = [number_of(style, words) for words in printed]
        follow = all(after == before + 1 for before, after in pairwise(numbers))
        if len(printed) == len(labels) and follow and numbers[0] > 0:
            return style, numbers[0]
    return "", 0


def _table(reader: TextReader, node: Node, around: Around) -> Iterator[Part]:
    """A table. The heading above its rows is its caption; what is not in a row, between rows, is a
    row of its own."""
    around = replace(around.within(node), kind="paragraph", lines=False)
    rows = [n for n, part in enumerate(node.parts) if isinstance(part, Node) and part.name == "row"]
    if not rows:
        yield from reader.flow(node.parts, around, node.mixed)
        return
    before, inside = node.parts[: rows[0]], node.parts[rows[0] : rows[-1] + 1]
    named = [n for n, part in enumerate(before) if isinstance(part, Node) and part.name == "head"]
    caption: list[Block] = []
    if named and not any(_is_written(part) for part in before[named[-1] + 1 :]):
        head = before[named[-1]]
        assert isinstance(head, Node), head
        yield from reader.flow(before[: named[-1]], around, False)
        caption = [b for b in reader.part(head, around) if isinstance(b, Block)]
        before = before[named[-1] + 1 :]
    else:
        yield from reader.flow(before, around, False)
        before = ()
    cells: list[list[Inlines]] = []
    pages = raw(reader.reading, before, around.language)
    for part in inside:
        row = list(_cells(reader, part, around))
        if any(map(_stays, row)):
            row[0], pages = finished(reader.reading, (*pages, *row[0])), ()
            cells.append(row)
        else:
            pages = (*pages, *(inline for cell in row for inline in cell))
    yield from _set_table(reader, node, cells, caption, around)
    yield from reader.block(finished(reader.reading, pages), around)
    yield from reader.flow(node.parts[rows[-1] + 1 :], around, False)


def _is_written(part: Node | str) -> bool:
    return has_words(part) if isinstance(part, str) else bool(part.words)


def _cells(reader: TextReader, row: Node | str, around: Around) -> Iterator[Inlines]:
    """The cells of a row. A cell that spans several columns is followed by empty ones."""
    own = not isinstance(row, str) and row.name == "row"
    around = around if isinstance(row, str) else around.within(row)
    for part in row.parts if own and isinstance(row, Node) else (row,):
        if isinstance(part, str) and not has_words(part):
            continue
        yield finished(reader.reading, raw(reader.reading, (part,), around.language))
        columns = part.get("cols") if isinstance(part, Node) else ""
        yield from ((),) * (int(columns) - 1 if re.fullmatch(r"[1-9]\d?", columns) else 0)


def _set_table(
    reader: TextReader,
    node: Node,
    rows: Sequence[Sequence[Inlines]],
    caption: Sequence[Block],
    around: Around,
) -> Iterator[Part]:
    """The rows of a table, which have words, as a block; all are as long as the longest."""
    if not rows:
        yield from caption
        return
    width = max(map(len, rows))
    content: list[Inline] = []
    for n, row in enumerate(rows):
        for column, cell in enumerate((*row, *((),) * (width - len(row)))):
            content += [CellBreak()] if column else [LineBreak()] if n else []
            content += cell
    first = next(child for child in node.children if child.name == "row")
    labels = {child.get("role") for child in first.children if child.name == "cell"}
    columns: list[Alignment] = [""] * width
    table = Table(tuple(columns), first.get("role") == "label" or labels == {"label"})
    (block,) = reader.block(tuple(content), around, "table")
    block = replace(block, table=table)
    if not caption or not has_content(caption[0].content):
        yield from (*caption, block)
        return
    first_caption = replace(caption[0], kind="caption", language=block.language)
    yield Branch(Container("captioned"), (first_caption, block))
    yield from caption[1:]


def _figure(reader: TextReader, node: Node, around: Around) -> Iterator[Part]:
    """A picture, which is not in the file, and the words of its caption."""
    described = [inner.words for inner in node.every("figDesc")]
    files = [inner.get("url") for inner in node.every("graphic", "media")]
    said = " ; ".join(filter(None, described or files))
    gap = Gap(f"{interface.TEI_FIGURE} ({said})" if said else interface.TEI_FIGURE)
    yield from reader.block((gap,), around)
    yield from reader.content(node, around)


def _milestone(reader: TextReader, node: Node, around: Around) -> Iterator[Part]:
    said = " ".join(node.get(name) for name in ("rend", "rendition", "unit", "type"))
    if SEPARATING.fullmatch(said):
        yield Block("break", (), language=reader.language_of(around))
    yield from reader.content(node, around)


# ---------------------------------------------------------------- the elements

Function = Callable[[TextReader, Node, Around], Iterator[Part]]
DIVISIONS = ("div", *(f"div{n}" for n in range(8)))
PARTS: Mapping[str, Function] = {
    **dict.fromkeys("text body front back group".split(), TextReader.content),
    **dict.fromkeys(DIVISIONS, _division),
    **dict.fromkeys("p ab trailer imprimatur item castItem biblStruct bibl".split(), _paragraph),
    **dict.fromkeys("titlePart docTitle docImprint docEdition cell".split(), _paragraph),
    **dict.fromkeys("speaker".split(), _paragraph),
    **dict.fromkeys("opener closer".split(), _lined),
    **dict.fromkeys("list castList castGroup".split(), _list),
    **dict.fromkeys("sp u".split(), _speech),
    **dict.fromkeys("q quote said".split(), _quotation),
    **dict.fromkeys("byline docAuthor argument".split(), _kind("standfirst")),
    **dict.fromkeys("dateline docDate".split(), _kind("dateline")),
    **dict.fromkeys("lg l".split(), _verse),
    "cit": _branch("quotation", quoting=True),
    "epigraph": _branch("epigraph", quoting=True),
    "postscript": _branch("postscript"),
    "floatingText": _branch("box"),
    "salute": _kind("salutation"),
    "signed": _kind("signature"),
    "stage": _kind("stage"),
    "address": _address,
    "head": _head,
    "label": _label,
    "titlePage": _title_page,
    "table": _table,
    "row": _paragraph,
    "figure": _figure,
    "milestone": _milestone,
}
"""The function for each element that is a block."""
EITHER = (
    "q quote said cit stage label bibl docAuthor docDate byline figure milestone address "
    "biblStruct speaker"
).split()
"""Elements that are words if there are words beside them, and blocks if there are none."""
WORDS_ONLY = (
    *OMITTED,
    *"note choice app gap supplied ex surplus del unclear sic corr ref ptr date g".split(),
)
"""Elements that never hold blocks: what is in them is read as words."""
