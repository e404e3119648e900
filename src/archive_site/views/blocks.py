"""The reading page: groups of blocks, notes, and the witness's spelling."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType

from markupsafe import Markup

from archive_site import interface
from archive_site.corpus import urls
from archive_site.corpus.apparatus import lines_of_note, numbers_of
from archive_site.corpus.records import Edition
from archive_site.edition.authority import Entry
from archive_site.names.mentions import Passage, linked
from archive_site.text.document import Block, Document, Note
from archive_site.text.html import HtmlRenderer, as_html, findable
from archive_site.text.quotes import opened
from archive_site.text.reading import reading_text
from archive_site.text.typography import typeset
from archive_site.views.apparatus import source_of

CHAPTER_NUMBER = re.compile(r"^(\d{1,3}\.)[\s\u00a0\u202f]+")
NO_SOURCES: Mapping[str, tuple[str, str]] = MappingProxyType({})
NO_NUMBERS: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block for a template. `tail`: a paragraph continues after a quotation, a list or a stage
    direction, and has no indent. `number` is the number of the paragraph in the text (0: not a
    paragraph), and `fifth` whether the margin shows it. `source` is the address of its lines in
    the witness, `lines` their name."""

    kind: str
    id: str
    html: Markup
    level: int = 0
    tail: bool = False
    number: int = 0
    fifth: bool = False
    source: str = ""
    lines: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Adjacent blocks that belong together: a quotation, a list, a box, or a single block."""

    kind: str
    blocks: tuple[BlockView, ...] = ()
    groups: tuple[Group, ...] = ()
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of the table of contents: the id of the heading, and its words."""

    id: str
    html: Markup


@dataclass(frozen=True, slots=True)
class PageNumber:
    """A page of the original: the id of its page break, and its number."""

    id: str
    number: str


@dataclass(frozen=True, slots=True)
class NoteParagraph:
    """A paragraph of a note. `key` is its key in `source_spelling`."""

    key: str
    html: Markup


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note. `kind` is its kind in words, and `mixed` whether the text has notes of several kinds.
    `source` is the address of its lines in the witness, `lines` their name."""

    label: str
    kind: str
    mixed: bool
    paragraphs: tuple[NoteParagraph, ...]
    source: str
    lines: str


@dataclass(frozen=True, slots=True)
class DoubtView:
    """An editor's remark about a doubt: its id, its words, and the id of the passage in doubt."""

    id: str
    why: Markup
    back: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A text for the reading page. `heading` is its title in the witness (None: it has none), and
    `capitals` whether that is in capitals. Without a witness, the fields about it are empty."""

    heading: Markup | None
    heading_id: str
    capitals: bool
    groups: tuple[Group, ...]
    contents: tuple[Heading, ...]
    pages: tuple[PageNumber, ...]
    has_contents: bool
    names_script: str
    notes: tuple[NoteView, ...]
    notes_title: str
    remarks: tuple[Markup, ...]
    doubts: tuple[DoubtView, ...]
    witness: str
    witness_href: str
    edition_href: str
    data_href: str
    source_script: str


def reading(
    entries: Mapping[str, Entry],
    edition: Edition,
    path: str,
    corrections: str | None = None,
    passages: Sequence[Passage] | None = None,
) -> Reading:
    """A text for the page at `path`. `corrections` is the address of the page that lists its
    emendations; the default is the text's apparatus page. Mentions in `passages` become links."""
    document = _with_names(edition.document, passages or ())
    if corrections is None:
        corrections = urls.relative(path, urls.apparatus_page(edition.id))
    names = urls.Names(path, entries) if passages is not None else None
    renderer = HtmlRenderer(urls.Linker(path, edition.id), corrections, names=names)
    blocks = list(document.blocks)
    depths = dict(zip((b.id for b in blocks), opened(blocks), strict=True))
    titled = bool(blocks) and blocks[0].kind == "heading" and blocks[0].level == 1
    title = blocks.pop(0) if titled else None
    heading = renderer.html(title.content) if title else None
    groups = grouped(
        entries, blocks, renderer, depths, _sources(edition, path), numbers_of(document)
    )
    mixed = len({note.kind for note in document.notes}) > 1
    notes = tuple(_note(note, renderer, mixed, edition, path) for note in document.notes)
    contents = _contents(title, blocks, renderer)
    witness = edition.witness
    return Reading(
        heading=heading,
        heading_id=title.id if title else "",
        capitals=title is not None and is_capitals(reading_text(title.content)),
        groups=groups,
        contents=contents,
        pages=tuple(PageNumber(id_, number) for id_, number in renderer.pages.items()),
        has_contents=len(contents) > 1 or len(renderer.pages) > 1,
        names_script=urls.relative(path, urls.names_script(edition.id)) if names else "",
        notes=notes,
        notes_title=notes_title(document.notes),
        remarks=tuple(as_html(typeset(remark)) for remark in document.meta.remarks),
        doubts=tuple(
            DoubtView(id_, as_html(typeset(why)), id_.replace("remarque", "doute"))
            for id_, why in renderer.doubts
        ),
        witness=witness.name if witness else "",
        witness_href=urls.relative(path, urls.witness_file(witness.name)) if witness else "",
        edition_href=urls.relative(path, urls.edition_file(edition.id)),
        data_href=urls.relative(path, urls.data_file(edition.id, "json")),
        source_script=urls.relative(path, urls.source_script(edition.id)) if witness else "",
    )


def notes_title(notes: Iterable[Note]) -> str:
    """The title of a list of notes, with their kind if all are of one kind."""
    kinds = {note.kind for note in notes}
    if len(kinds) != 1:
        return interface.NOTES_TITLE
    return interface.NOTES_OF.format(whose=interface.NOTE_KINDS[kinds.pop()])


def _with_names(document: Document, passages: Sequence[Passage]) -> Document:
    """`document` with its mentions marked, each entry once in a block; headings are unchanged."""
    named: dict[int, Block] = {}
    for passage in passages:
        block = passage.place.block
        if block.kind == "heading":
            continue
        content = linked(block.content, passage.mentions)
        if content is not block.content:
            named[id(block)] = replace(block, content=content)

    def with_names(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        return tuple(named.get(id(block), block) for block in blocks)

    notes = tuple(replace(note, blocks=with_names(note.blocks)) for note in document.notes)
    return replace(document, blocks=with_names(document.blocks), notes=notes)


def _sources(edition: Edition, page: str) -> dict[str, tuple[str, str]]:
    """The address and the name of the witness lines of each block that has some, by block id."""
    lines = edition.collation.blocks if edition.collation else {}
    return {block: source_of(edition, page, span) for block, span in lines.items() if span[0]}


def source_spelling(edition: Edition) -> dict[str, str]:
    """The text in the spelling and typography of its witness, as HTML, for the switch on the
    reading page. The keys are block ids, and `note-3.1` for the first paragraph of note 3."""
    path = urls.text_page(edition.id)
    corrections = urls.relative(path, urls.apparatus_page(edition.id))
    renderer = HtmlRenderer(urls.Linker(path, edition.id), corrections, witness_spelling=True)
    spelled = {}
    for n, block in enumerate(edition.document.blocks):
        html = renderer.html(block.content)
        chapter = block.kind == "heading" and (n or block.level > 1)  # not the page's title
        spelled[block.id] = str(_heading(html, block) if chapter else html)
    spelled |= {
        f"note-{note.label}.{n}": str(renderer.html(block.content))
        for note in edition.document.notes
        for n, block in enumerate(note.blocks, start=1)
    }
    return {key: findable(html) for key, html in spelled.items()}


def is_capitals(title: str) -> bool:
    """Whether most letters of a title are capitals; it is then set in smaller letters."""
    letters = [c for c in title if c.isalpha()]
    return sum(c.isupper() for c in letters) > len(letters) / 2


def _contents(
    title: Block | None, blocks: list[Block], renderer: HtmlRenderer
) -> tuple[Heading, ...]:
    """The headings outside boxes. If there is only one, the title comes before it."""
    sections = [block for block in blocks if block.kind == "heading" and not block.boxed]
    if title is not None and len(sections) == 1:
        sections = [title, *sections]
    return tuple(
        Heading(block.id, _heading(renderer.plain(block.content), block)) for block in sections
    )


def _heading(html: Markup, block: Block) -> Markup:
    """The HTML of a heading, with spans around its number, if it begins with one, and around words
    in capitals."""
    numbered = Markup(CHAPTER_NUMBER.sub(r'<span class="chapter">\1</span> ', str(html)))
    if not is_capitals(reading_text(block.content)):
        return numbered
    return Markup('<span class="capitals">{}</span>').format(numbered)


def _note(note: Note, renderer: HtmlRenderer, mixed: bool, edition: Edition, path: str) -> NoteView:
    span = lines_of_note(edition, note)
    source, lines = source_of(edition, path, span) if span[0] else ("", "")
    return NoteView(
        label=note.label,
        kind=interface.NOTE_OF.format(whose=interface.NOTE_KINDS[note.kind]),
        mixed=mixed,
        paragraphs=tuple(
            NoteParagraph(f"note-{note.label}.{n}", renderer.html(block.content, depth))
            for n, (block, depth) in enumerate(
                zip(note.blocks, opened(note.blocks), strict=True), start=1
            )
        ),
        source=source,
        lines=lines,
    )


def grouped(
    entries: Mapping[str, Entry],
    blocks: list[Block],
    renderer: HtmlRenderer,
    depths: Mapping[str, int],
    sources: Mapping[str, tuple[str, str]] = NO_SOURCES,
    numbers: Mapping[str, int] = NO_NUMBERS,
) -> tuple[Group, ...]:
    """Blocks as groups, with a box as a group of groups. `entries` has the names of speakers.
    `depths` is the number of quotation marks that are open before each block; `sources` and
    `numbers` are the witness lines and the number beside it. All three are by block id."""
    views = _views(blocks, renderer, depths, sources, numbers)
    groups: list[Group] = []
    boxed: list[Group] = []
    for (block, _), group in _united(entries, list(zip(blocks, views, strict=True))):
        if block.boxed:
            if boxed and block.kind == "heading":
                groups.append(Group("box", groups=tuple(boxed)))
                boxed = []
            boxed.append(group)
            continue
        if boxed:
            groups.append(Group("box", groups=tuple(boxed)))
            boxed = []
        groups.append(group)
    return (*groups, Group("box", groups=tuple(boxed))) if boxed else tuple(groups)


def _views(
    blocks: list[Block],
    renderer: HtmlRenderer,
    depths: Mapping[str, int],
    sources: Mapping[str, tuple[str, str]],
    numbers: Mapping[str, int],
) -> list[BlockView]:
    views: list[BlockView] = []
    before: Block | None = None
    for block in blocks:
        opening = reading_text(block.content).lstrip('«“"— ')[:1]
        tail = (
            block.kind == "paragraph"
            and before is not None
            and before.kind in ("quotation", "list-item", "stage")
            and opening.islower()
        )
        level = max(2, block.level) if block.kind == "heading" else 0
        html = renderer.html(block.content, depths[block.id])
        source = sources.get(block.id, ("", ""))
        number = numbers.get(block.id, 0)
        fifth = bool(number) and number % 5 == 0
        if level:
            html = _heading(html, block)
        views.append(BlockView(block.kind, block.id, html, level, tail, number, fifth, *source))
        before = block
    return views


def _united(
    entries: Mapping[str, Entry], pairs: list[tuple[Block, BlockView]]
) -> Iterator[tuple[tuple[Block, BlockView], Group]]:
    """Blocks as groups, without boxes, each with the first block of the group. The paragraphs of a
    quotation and the items of a list make one group."""
    run: list[tuple[Block, BlockView]] = []
    for pair, following in pairwise([*pairs, None]):
        assert pair is not None
        run.append(pair)
        block, after = pair[0], following[0] if following else None
        together = after is not None and (
            after.continues
            or (block.kind == after.kind == "list-item" and block.boxed == after.boxed)
        )
        if not together:
            names = [entries[key].name for key in run[0][0].speakers]
            speaker = typeset(interface.AND.join(names))
            yield run[0], Group(block.kind, tuple(view for _, view in run), speaker=speaker)
            run = []
