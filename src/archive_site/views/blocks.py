"""The reading page: groups of blocks, notes, and the witness's spelling."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from types import MappingProxyType

from markupsafe import Markup

from archive_site import interface
from archive_site.corpus import urls
from archive_site.corpus.apparatus import lines_of_note, numbers_of
from archive_site.corpus.records import Edition
from archive_site.edition.aliases import former_anchors
from archive_site.edition.authority import Entry
from archive_site.names.mentions import Passage, linked
from archive_site.text.document import Block, Branch, Document, Note, is_french, nested
from archive_site.text.html import HtmlRenderer, as_html, findable
from archive_site.text.numerals import marker_of
from archive_site.text.quotes import opened
from archive_site.text.reading import lines_of, reading_text
from archive_site.text.typography import typeset
from archive_site.views.apparatus import source_of
from archive_site.views.pictures import PictureView, pictures_on_page

CHAPTER_NUMBER = re.compile(r"^(\d{1,3}\.)[\s\u00a0\u202f]+")
LONG_POEM = 15
"""The number of lines from which the lines of a poem are numbered: more than a sonnet has."""
NO_SOURCES: Mapping[str, tuple[str, str]] = MappingProxyType({})
NO_NUMBERS: Mapping[str, int] = MappingProxyType({})
NO_SHORT_FORMS: Mapping[str, str] = MappingProxyType({})
NO_PICTURES: Mapping[str, PictureView] = MappingProxyType({})
NONE_HELD = Markup()


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block for a template. `tail`: a paragraph continues after a quotation, a list, verse or a
    stage direction, and has no indent. `number` is the number of the paragraph in the text (0: not
    a paragraph), and `fifth` whether the margin shows it. `source` is the address of its lines in
    the witness, `lines` their name. `language` is empty if it is that of the text. `key` is the key
    of a block of a note in `source_spelling`; such a block has no id. `picture` is that of a
    figure, and `alt` what it shows, in words. `held` has the anchors that lead to the block."""

    kind: str
    id: str
    html: Markup
    level: int = 0
    tail: bool = False
    number: int = 0
    fifth: bool = False
    source: str = ""
    lines: str = ""
    language: str = ""
    key: str = ""
    picture: PictureView | None = None
    alt: str = ""
    held: Markup = NONE_HELD


@dataclass(frozen=True, slots=True)
class Group:
    """A block, or a container with what is in it: a quotation, a speech, a list, a box, a poem of
    several stanzas … `kind` is that of the block or of the container (`poem`: stanzas). `marker` is
    what stands before an item of a numbered list, or before the first item of the list. `numbered`:
    every fifth line of a poem shows its number."""

    kind: str
    block: BlockView | None = None
    parts: tuple[Group, ...] = ()
    speaker: str = ""
    marker: str = ""
    numbered: bool = False

    @property
    def only(self) -> BlockView | None:
        """The paragraph that is all there is in an item; None if there is anything else."""
        block = self.parts[0].block if len(self.parts) == 1 else None
        return block if block and block.kind == "paragraph" else None


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
class NoteView:
    """A note. `kind` is its kind in words, and `mixed` whether the text has notes of several kinds.
    `calls` has the ids of its calls; the first is that of its label. `source` is the address of its
    lines in the witness, `lines` their name. `held` has the anchors that lead to the note."""

    label: str
    kind: str
    mixed: bool
    groups: tuple[Group, ...]
    calls: tuple[str, ...]
    source: str
    lines: str
    held: Markup


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
    short_forms: Mapping[str, str] = NO_SHORT_FORMS,
) -> Reading:
    """A text for the page at `path`. `corrections` is the address of the page that lists its
    emendations; the default is the text's apparatus page. Mentions in `passages` become links.
    `short_forms` are those of the works that it cites, by key."""
    document = _with_names(edition.document, passages or ())
    if corrections is None:
        corrections = urls.relative(path, urls.apparatus_page(edition.id))
    names = urls.Names(path, entries) if passages is not None else None
    renderer = HtmlRenderer(
        urls.Linker(path, edition.id),
        corrections,
        names=names,
        former=former_anchors(document),
        short_forms=short_forms,
        bibliography=urls.WorkAddresses(path),
    )
    blocks = list(document.blocks)
    depths = dict(zip((b.id for b in blocks), opened(blocks), strict=True))
    pictures = pictures_on_page(edition.pictures, path)
    titled = bool(blocks) and blocks[0].kind == "heading" and blocks[0].level == 1
    title = blocks.pop(0) if titled else None
    heading = _title(title, renderer) if title else None
    groups = grouped(
        entries,
        blocks,
        renderer,
        depths,
        sources=_sources(edition, path),
        numbers=numbers_of(document),
        language=document.meta.language,
        pictures=pictures,
    )
    mixed = len({note.kind for note in document.notes}) > 1
    notes = tuple(
        _note(entries, note, renderer, mixed, edition, path, pictures) for note in document.notes
    )
    notes = tuple(replace(note, calls=renderer.calls_of(note.label)) for note in notes)
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


def _title(title: Block, renderer: HtmlRenderer) -> Markup:
    """The words of the title of a text, after the anchors that lead to it."""
    return renderer.held(title.id) + renderer.html(title.content, 0, title.language)


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


def source_spelling(
    edition: Edition, short_forms: Mapping[str, str] = NO_SHORT_FORMS
) -> dict[str, str]:
    """The text in the spelling and typography of its witness, as HTML, for the switch on the
    reading page. The keys are block ids, and `note-3.1` for the first paragraph of note 3."""
    path = urls.text_page(edition.id)
    corrections = urls.relative(path, urls.apparatus_page(edition.id))
    renderer = HtmlRenderer(
        urls.Linker(path, edition.id),
        corrections,
        witness_spelling=True,
        former=former_anchors(edition.document),
        short_forms=short_forms,
        bibliography=urls.WorkAddresses(path),
    )
    spelled = {}
    for n, block in enumerate(edition.document.blocks):
        if not block.content:  # a break, or a figure without a caption
            continue
        html = _words(block, renderer, 0)
        chapter = block.kind == "heading" and (n or block.level > 1)  # not the page's title
        held = renderer.held(block.id) if block.kind != "figure" else ""  # a figure's are above it
        spelled[block.id] = str(held + (_heading(html, block) if chapter else html))
    spelled |= {
        key: str(_words(block, renderer, 0))
        for note in edition.document.notes
        for key, block in _keyed(note)
        if block.content
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
    sections = [block for block in blocks if block.divides]
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


def _note(
    entries: Mapping[str, Entry],
    note: Note,
    renderer: HtmlRenderer,
    mixed: bool,
    edition: Edition,
    path: str,
    pictures: Mapping[str, PictureView],
) -> NoteView:
    span = lines_of_note(edition, note)
    source, lines = source_of(edition, path, span) if span[0] else ("", "")
    return NoteView(
        label=note.label,
        kind=interface.NOTE_OF.format(whose=interface.NOTE_KINDS[note.kind]),
        mixed=mixed,
        groups=note_groups(entries, note, renderer, edition.document.meta.language, pictures),
        calls=(),
        source=source,
        lines=lines,
        held=renderer.held(note.anchor),
    )


def note_groups(
    entries: Mapping[str, Entry],
    note: Note,
    renderer: HtmlRenderer,
    language: str,
    pictures: Mapping[str, PictureView] = NO_PICTURES,
) -> tuple[Group, ...]:
    """The blocks of a note as groups, each block with its key in `source_spelling`."""
    keyed = [replace(block, id=key) for key, block in _keyed(note)]
    depths = dict(zip((block.id for block in keyed), opened(note.blocks), strict=True))
    groups = grouped(entries, keyed, renderer, depths, language=language, pictures=pictures)
    return tuple(map(_without_ids, groups))


def _keyed(note: Note) -> list[tuple[str, Block]]:
    """The blocks of a note, each with its key in `source_spelling`."""
    return [(f"note-{note.label}.{n}", block) for n, block in enumerate(note.blocks, start=1)]


def _without_ids(group: Group) -> Group:
    """A group of blocks of a note: their ids are keys, to which nothing leads."""
    block = group.block and replace(group.block, id="", key=group.block.id, held=NONE_HELD)
    return replace(group, block=block, parts=tuple(map(_without_ids, group.parts)))


# ---------------------------------------------------------------- groups


@dataclass(frozen=True, slots=True)
class _Grouping:
    """Makes groups of blocks: see `grouped`. `tails` has the ids of the blocks that continue after
    an interruption."""

    entries: Mapping[str, Entry]
    renderer: HtmlRenderer
    depths: Mapping[str, int]
    sources: Mapping[str, tuple[str, str]]
    numbers: Mapping[str, int]
    language: str
    pictures: Mapping[str, PictureView]
    tails: Collection[str]

    def groups(self, parts: Iterable[Block | Branch], spoken: bool = False) -> Iterator[Group]:
        """The parts of a text or of a container as groups; `spoken`: in a speech."""
        for is_verse, run in groupby(parts, key=_is_verse):
            if is_verse:
                yield self._poem([block for block in run if isinstance(block, Block)], spoken)
                continue
            for part in run:
                if isinstance(part, Block):
                    yield self._leaf(part, self._html(part))
                elif part.container.kind == "box":
                    yield from self._boxes(part)
                else:
                    yield self._container(part, spoken)

    def _container(self, branch: Branch, spoken: bool) -> Group:
        container = branch.container
        names = typeset(interface.AND.join(self.entries[key].name for key in container.speakers))
        return Group(
            container.kind,
            parts=tuple(self.groups(branch.parts, spoken or container.kind == "speech")),
            speaker=names,
            marker=marker_of(container),
        )

    def _boxes(self, box: Branch) -> Iterator[Group]:
        """A box as groups: a heading in it begins another box."""
        parts: list[Group] = []
        for group in self.groups(box.parts):
            if parts and group.kind == "heading":
                yield Group("box", parts=tuple(parts))
                parts = []
            parts.append(group)
        yield Group("box", parts=tuple(parts))

    def _poem(self, stanzas: Sequence[Block], spoken: bool) -> Group:
        """Stanzas as one group. The lines of a long poem are numbered, those of a speech are not:
        a line may be divided between two speakers."""
        counts = [len(lines_of(stanza.content)) for stanza in stanzas]
        number = 1 if sum(counts) >= LONG_POEM and not spoken else 0
        leaves = []
        for stanza, count in zip(stanzas, counts, strict=True):
            leaves.append(
                self._leaf(stanza, _words(stanza, self.renderer, self._depth(stanza), number))
            )
            number += count if number else 0
        return Group("poem", parts=tuple(leaves), numbered=bool(number))

    def _html(self, block: Block) -> Markup:
        html = _words(block, self.renderer, self._depth(block))
        return _heading(html, block) if block.kind == "heading" else html

    def _depth(self, block: Block) -> int:
        return self.depths.get(block.id, 0)

    def _language_of(self, block: Block) -> str:
        """The language of a block, if it is not that of the text."""
        french = not block.language and is_french(self.language)
        return "" if french or block.language == self.language else block.language or "fr"

    def _leaf(self, block: Block, html: Markup) -> Group:
        number = self.numbers.get(block.id, 0)
        source, lines = self.sources.get(block.id, ("", ""))
        view = BlockView(
            kind=block.kind,
            id=block.id,
            html=html,
            level=max(2, block.level) if block.kind == "heading" else 0,
            tail=block.id in self.tails,
            number=number,
            fifth=bool(number) and number % 5 == 0,
            source=source,
            lines=lines,
            language=self._language_of(block),
            picture=self.pictures.get(block.picture.path) if block.picture else None,
            alt=typeset(block.picture.alt) if block.picture else "",
            held=self.renderer.held(block.id),
        )
        return Group(block.kind, view)


def grouped(
    entries: Mapping[str, Entry],
    blocks: Sequence[Block],
    renderer: HtmlRenderer,
    depths: Mapping[str, int],
    *,
    sources: Mapping[str, tuple[str, str]] = NO_SOURCES,
    numbers: Mapping[str, int] = NO_NUMBERS,
    language: str = "fr",
    pictures: Mapping[str, PictureView] = NO_PICTURES,
) -> tuple[Group, ...]:
    """Blocks as groups. `entries` has the names of speakers; `depths` is the number of quotation
    marks that are open before each block; `sources` and `numbers` are the witness lines and the
    number beside it, all by block id. `language` is that of the text; `pictures` are its pictures,
    by path."""
    tails = {block.id for before, block in pairwise(blocks) if _goes_on(before, block)}
    grouping = _Grouping(entries, renderer, depths, sources, numbers, language, pictures, tails)
    return tuple(grouping.groups(nested(blocks)))


def _is_verse(part: Block | Branch) -> bool:
    return isinstance(part, Block) and part.kind == "verse"


def _goes_on(before: Block, block: Block) -> bool:
    """Whether a paragraph goes on with a sentence that something else interrupts."""
    opening = reading_text(block.content).lstrip('«“"— ')[:1]
    interrupts = ("quotation", "list-item", "stage", "verse", "table", "figure")
    return block.type in ("paragraph", "speech") and before.type in interrupts and opening.islower()


def _words(block: Block, renderer: HtmlRenderer, depth: int, first_line: int = 0) -> Markup:
    """The words of a block as HTML. `first_line` is the number of the first line of a stanza."""
    if block.kind == "verse":
        return renderer.verse(block.content, depth, block.language, first_line)
    if block.table:
        return renderer.table(block.content, block.table, block.language)
    return renderer.html(block.content, depth, block.language)
