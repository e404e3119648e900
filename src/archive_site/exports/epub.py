"""EPUB 3: a text or the whole archive as an e-book.

A book is a sequence of leaves (XHTML files), a table of contents, and the pages of the originals.
This module makes their contents; the templates under `epub/` lay them out.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from itertools import chain, count
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from jinja2 import Environment
from markupsafe import Markup

from archive_site import interface
from archive_site.corpus import urls
from archive_site.corpus.apparatus import places
from archive_site.corpus.pictures import name_in_book
from archive_site.corpus.records import Site
from archive_site.exports.bundle import zip_entry
from archive_site.exports.colophon import (
    BookMetadata,
    EmendationItem,
    about,
    byline,
    emendation_list,
    metadata,
)
from archive_site.exports.cover import Cover, archive_cover, text_cover
from archive_site.exports.publication import Publication
from archive_site.exports.references import in_order, short_forms
from archive_site.files.fingerprints import moment_of
from archive_site.templating.jinja import Context, rendered, templates
from archive_site.templating.resources import template_files
from archive_site.text.document import (
    INTERNAL,
    Block,
    Document,
    Doubt,
    Emendation,
    Foreign,
    Inline,
    Inlines,
    Link,
    Note,
    NoteCall,
    PageBreak,
    Text,
)
from archive_site.text.html import HtmlRenderer, as_html, other_form
from archive_site.text.quotes import opened
from archive_site.text.reading import reading_text, walk
from archive_site.text.typesetter import hold, unheld
from archive_site.text.typography import typeset
from archive_site.views.blocks import (
    BlockView,
    Group,
    grouped,
    is_capitals,
    note_groups,
    notes_title,
)
from archive_site.views.pictures import PictureView, picture_view
from archive_site.views.texts import TextView, text_view

MEDIA_TYPE = "application/epub+zip"
FOLDER = "EPUB"
CHAPTER_WORDS = 800
"""The least average number of words in chapters. Headings that are closer are the crossheads of an
article, and do not begin a file."""
LONGEST = 250_000
"""The number of letters after which a chapter continues in another file, since old e-readers cannot
open larger files."""


def as_epub(site: Site, publications: Sequence[Publication], own: Path | None = None) -> bytes:
    """`.epub`: a book of one text, or of several texts in their order, each a part. `own` is the
    folder of the archive's own templates."""
    jinja = _environment(own, _state(own))
    book = _text_book(publications[0]) if len(publications) == 1 else _archive(site, publications)
    package = Package(
        book=metadata(site, publications, bool(book.pages)),
        leaves=book.leaves,
        lines=_numbered(book.lines, count(1)),
        pictures=tuple(dict.fromkeys(chain.from_iterable(map(_pictures_of, publications)))),
    )
    files = {
        "META-INF/container.xml": _rendered(jinja, "container.xml"),
        f"{FOLDER}/package.opf": _rendered(jinja, "package.opf", package),
        f"{FOLDER}/toc.ncx": _rendered(jinja, "toc.ncx", package),
        f"{FOLDER}/book.css": _rendered(jinja, "book.css"),
        f"{FOLDER}/cover.svg": _rendered(jinja, "cover.svg", book.cover),
    }
    for leaf in book.leaves:
        files[f"{FOLDER}/{leaf.name}"] = _rendered(
            jinja, leaf.template, LeafItself(leaf), leaf.shows
        )
    for publication in publications:
        for path, data in publication.pictures.items():
            files[f"{FOLDER}/{_picture_file(path, data)}"] = data
    return _zipped(files, max(publication.moment for publication in publications))


def _picture_file(path: str, data: bytes) -> str:
    """The path in the book of the picture at `path` in the corpus, from its copy for books."""
    return f"images/{name_in_book(path, data)}"


def _pictures_of(publication: Publication) -> Iterator[PictureFile]:
    for path, data in publication.pictures.items():
        name = _picture_file(path, data)
        yield PictureFile(name, "image/png" if name.lower().endswith("png") else "image/jpeg")


def _state(own: Path | None) -> tuple[object, ...]:
    """The files of the book templates and their times, which identify their current state."""
    files = template_files("epub", own).values()
    return tuple((file, moment_of(file.stat())) for file in files)


@lru_cache(maxsize=1)
def _environment(own: Path | None, _: object) -> Environment:
    return templates(own)


def _rendered(jinja: Environment, template: str, *shows: Context) -> bytes:
    return rendered(jinja, f"epub/{template}", *shows)


def _zipped(files: Mapping[str, bytes], moment: datetime) -> bytes:
    """The files as an OCF container, with the media type first and uncompressed. The bytes are the
    same on every system."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, data in (("mimetype", MEDIA_TYPE.encode()), *sorted(files.items())):
            info = zip_entry(name, moment, packed=name != "mimetype")
            archive.writestr(info, data, compresslevel=9)
    return written.getvalue()


# ---------------------------------------------------------------- books and their parts


@dataclass(frozen=True, slots=True)
class Leaf:
    """A file in the reading order of a book: its name, its title, its template, the variables of
    that template, and its language."""

    name: str
    title: str
    template: str
    shows: Context
    language: str = "fr"


@dataclass(frozen=True, slots=True)
class LeafItself(Context):
    """The variable that every template of a leaf has."""

    leaf: Leaf


@dataclass(frozen=True, slots=True)
class TableLine:
    """A line of the table of contents: its words, as HTML and plain; its address; the lines below
    it; its number among all lines (0: not numbered)."""

    html: Markup
    plain: str
    href: str
    below: tuple[TableLine, ...] = ()
    number: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A text in a book: its title page, the leaves of its text, the leaves about its edition; its
    lines in the table of contents; the label and the address of each page of its original."""

    title: Leaf
    text: tuple[Leaf, ...]
    about: tuple[Leaf, ...]
    lines: tuple[TableLine, ...]
    pages: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Book:
    """A book without its metadata: its cover image, its leaves in reading order, its table of
    contents, and the label and the address of each page of its originals."""

    cover: Cover
    leaves: tuple[Leaf, ...]
    lines: tuple[TableLine, ...]
    pages: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture in a book: the path of its file and its media type."""

    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Package(Context):
    """The variables of the package file and the NCX: metadata, leaves, table of contents,
    pictures."""

    book: BookMetadata
    leaves: tuple[Leaf, ...]
    lines: tuple[TableLine, ...]
    pictures: tuple[PictureFile, ...]


@dataclass(frozen=True, slots=True)
class Landmark:
    """A landmark of the book: its type in the vocabulary of EPUB, its address, its name."""

    type: str
    href: str
    name: str


@dataclass(frozen=True, slots=True)
class TableOfContents(Context):
    """The table of contents, the landmarks, and the label and the address of each page of the
    originals."""

    lines: tuple[TableLine, ...]
    landmarks: tuple[Landmark, ...]
    pages: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ArchiveTitle(Context):
    """The title page of the archive's book."""

    title: Markup
    subtitle: Markup


@dataclass(frozen=True, slots=True)
class Foreword(Context):
    """The purpose of the archive, and its address (empty: it has none)."""

    purpose: tuple[Markup, ...]
    address: str


@dataclass(frozen=True, slots=True)
class TitlePage(Context):
    """The title page of a text. `alone`: the text is the whole book."""

    text: TextView
    by: str
    archive: Markup
    alone: bool


@dataclass(frozen=True, slots=True)
class Emendations(Context):
    """The list of emendations of a text."""

    emendations: tuple[EmendationItem, ...]


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A work that a text cites: its id, its short form, and the reference."""

    id: str
    short: Markup
    reference: Markup


@dataclass(frozen=True, slots=True)
class WorksCited(Context):
    """The works that a text cites."""

    works: tuple[WorkItem, ...]


@dataclass(frozen=True, slots=True)
class NoteLeaf:
    """A note, or an editor's remark about a doubt, at the end of its chapter. `back` is the address
    of the call, and `back_says` the label of the link to it; `others` has the addresses of the
    other calls of the note. `kind` is the kind of note in words (empty: all notes are of one
    kind)."""

    id: str
    label: str
    back: str
    back_says: str
    kind: str
    groups: tuple[Group, ...]
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TitleHeading:
    """The title of a text as the witness has it. `capitals`: it is in capitals."""

    html: Markup
    capitals: bool


@dataclass(frozen=True, slots=True)
class Chapter(Context):
    """A chapter. `heading` is the id of its heading (empty: none). `title` is the text's title, if
    the chapter begins with it. `ends`: the text ends with this chapter."""

    heading: str
    title: TitleHeading | None
    groups: tuple[Group, ...]
    notes: tuple[NoteLeaf, ...] = ()
    notes_title: str = ""
    ends: bool = False


def _text_book(publication: Publication) -> Book:
    layout = _lay_out(publication)
    part = _part(layout, layout.files, alone=True)
    cover = text_cover(publication, byline(publication))
    return _bound(cover, (part.title,), (part,), part.lines, part.pages)


def _archive(site: Site, publications: Sequence[Publication]) -> Book:
    layouts = [_lay_out(publication) for publication in publications]
    files = {key: file for layout in layouts for key, file in layout.files.items()}
    parts = [_part(layout, files, alone=False) for layout in layouts]
    lines, pages = [], []
    for publication, part in zip(publications, parts, strict=True):
        name = publication.summary.short_title
        words = f"{name} – {publication.summary.creator.name}"
        lines.append(TableLine(as_html(words), words, part.title.name, part.lines))
        pages += [(f"{name}, {label}", href) for label, href in part.pages]
    return _bound(archive_cover(site), _archive_leaves(site), parts, lines, pages)


def _bound(
    cover: Cover,
    opening: Sequence[Leaf],
    parts: Sequence[Part],
    lines: Sequence[TableLine],
    pages: Sequence[tuple[str, str]],
) -> Book:
    """A book of a cover, the leaves `opening`, the table of contents, and `parts`."""
    landmarks = (
        Landmark("cover", "cover.xhtml", interface.COVER),
        Landmark("titlepage", opening[0].name, interface.TITLE_PAGE),
        Landmark("toc", "nav.xhtml", interface.TABLE),
        Landmark("bodymatter", parts[0].text[0].name, interface.TEXT_BEGINS),
        Landmark("backmatter", parts[-1].about[0].name, interface.ABOUT_EDITION),
    )
    table = TableOfContents(tuple(lines), landmarks, tuple(pages))
    leaves = [
        Leaf("cover.xhtml", interface.COVER, "cover.xhtml", cover),
        *opening,
        Leaf("nav.xhtml", interface.TABLE, "nav.xhtml", table),
    ]
    for part in parts:
        leaves += [leaf for leaf in (part.title, *part.text, *part.about) if leaf not in opening]
    return Book(cover, tuple(leaves), tuple(lines), tuple(pages))


def _archive_leaves(site: Site) -> list[Leaf]:
    """The first leaves of the archive's book: the title page, and the foreword if there is one."""
    title = typeset(site.title)
    subtitle = ArchiveTitle(as_html(title), as_html(typeset(site.subtitle)))
    leaves = [Leaf("titre.xhtml", title, "archive.xhtml", subtitle)]
    if site.purpose:
        purpose = tuple(as_html(typeset(sentence)) for sentence in site.purpose)
        shows = Foreword(purpose, site.base_url)
        leaves.append(Leaf("avant-propos.xhtml", interface.THIS_ARCHIVE, "foreword.xhtml", shows))
    return leaves


# ---------------------------------------------------------------- a text, laid out in files


@dataclass(frozen=True, slots=True)
class Layout:
    """A text, divided into files: the blocks of each chapter, and the notes that it calls. `files`
    maps a text id and an anchor to a file. The anchor is empty for the text itself, an id for a
    block, and `note-LABEL` for a note."""

    publication: Publication
    chapters: tuple[tuple[Block, ...], ...]
    notes: tuple[tuple[Note, ...], ...]
    files: Mapping[tuple[str, str], str]

    @property
    def title(self) -> Block | None:
        """The heading that is the text's title; None if the text has no such heading."""
        first = self.chapters[0][0]
        return first if first.kind == "heading" and first.level == 1 else None

    def file(self, anchor: str) -> str:
        """The file of a block or a note."""
        return self.files[self.publication.meta.id, anchor]

    def href(self, anchor: str) -> str:
        """The address of a block or a note."""
        return f"{self.file(anchor)}#{quote(anchor)}"

    def files_of(self, kind: type[Inline]) -> Iterator[tuple[Inline, str]]:
        """Every inline of a kind, in reading order, with its file."""
        for place in places(self.publication.document):
            for inline in walk(place.block.content):
                if isinstance(inline, kind):
                    yield inline, self.file(place.anchor)


def _lay_out(publication: Publication) -> Layout:
    text_id = publication.meta.id
    chapters = _chapters(publication.document.blocks)
    notes = _notes_of(publication.document, chapters)
    files = {(text_id, ""): _name(publication, "titre")}
    for n, (blocks, called) in enumerate(zip(chapters, notes, strict=True), start=1):
        anchors = [block.id for block in blocks] + [f"note-{note.label}" for note in called]
        files |= {(text_id, anchor): _name(publication, str(n)) for anchor in anchors}
    return Layout(publication, chapters, notes, files)


def _name(publication: Publication, leaf: str) -> str:
    return f"{publication.meta.id}-{leaf}.xhtml"


_ENDS = ("paragraph", "speech", "verse")
_BEGINS = ("heading", "paragraph", "speech", "speaker")
"""The types of blocks after and before which a chapter that is too long is divided."""


def _chapters(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], ...]:
    """The blocks of each file. Each chapter is a file, unless chapters are too short on average; a
    chapter that is too long is divided."""
    words = sum(len(reading_text(block.content).split()) for block in blocks)
    parted = words >= CHAPTER_WORDS * sum(map(_opens_chapter, blocks))
    chapters: list[list[Block]] = [[]]
    length = 0
    for block in blocks:
        last = chapters[-1][-1].type if chapters[-1] else "heading"
        begun = any(b.kind != "heading" for b in chapters[-1])
        may_end = last in _ENDS and block.type in _BEGINS and not block.shared
        full = length > LONGEST and may_end
        if full or (begun and parted and _opens_chapter(block)):
            chapters.append([])
            length = 0
        chapters[-1].append(block)
        length += len(reading_text(block.content))
    return tuple(map(tuple, chapters))


def _opens_chapter(block: Block) -> bool:
    return block.divides and block.level <= 2


def _notes_of(
    document: Document, chapters: Iterable[Sequence[Block]]
) -> tuple[tuple[Note, ...], ...]:
    """The notes that each chapter calls, and those that these notes call, in their order. The last
    chapter also has the notes without a call."""
    left = {note.label: note for note in document.notes}
    found: list[set[str]] = []
    for blocks in chapters:
        found.append(set())
        waiting = list(blocks)
        while waiting:
            for inline in walk(waiting.pop().content):
                if isinstance(inline, NoteCall) and inline.label in left:
                    found[-1].add(inline.label)
                    waiting += left.pop(inline.label).blocks
    found[-1] |= left.keys()
    return tuple(tuple(n for n in document.notes if n.label in labels) for labels in found)


# ---------------------------------------------------------------- words as XHTML

_CALL = Markup(
    '<sup class="call"><a epub:type="noteref" role="doc-noteref" id="{id}" href="{to}"'
    ' aria-label="{says}">{label}</a></sup>'
)
# The spaces and the full stop in the label separate it from the words around it when read aloud.
_PAGE = Markup(
    '<span class="page-break" epub:type="pagebreak" role="doc-pagebreak" id="{id}"'
    ' aria-label=" page {label}. " data-page="p.\u00a0{label}"></span>'
)
_UNKNOWN_PAGE = (
    '<span class="page-break" epub:type="pagebreak" role="doc-pagebreak"'
    ' aria-label=" nouvelle page. "></span>'
)
_EMENDED = Markup('<span class="emendation" id="correction-{number}" title="{says}">')
_URL_BREAKS = re.compile(r"(?<=[^/:])(?=[/_.-])")
_LINK, _URL = Markup('<a href="{}">'), Markup('<a class="url" href="{}">{}</a>')


@dataclass(slots=True)
class BookRenderer(HtmlRenderer):
    """Renders inlines as XHTML for e-books: note calls and page breaks with EPUB semantics,
    emendations and names without a link, and a link only if `href` returns an address.

    `file` is the file that is rendered, `files_of_notes` the file of each note, by label.
    `calls_in` collects the file of each call of a note, in order."""

    line_break: ClassVar[str] = "<br/>"
    table_opening: ClassVar[str] = ""
    table_closing: ClassVar[str] = ""
    file: str = ""
    files_of_notes: Mapping[str, str] = field(default_factory=dict)
    calls_in: dict[str, list[str]] = field(default_factory=dict)

    def render(self, inline: Inline, tags: list[str]) -> str:
        """The words and the tags of an inline."""
        match inline:
            case Foreign(content, language):
                opening = f'<span lang="{language}" xml:lang="{language}">'
                return self.apart(content, opening, "</span>", language, tags)
            case NoteCall(label):
                self.calls_in.setdefault(label, []).append(self.file)
                there = self.files_of_notes.get(label, self.file)
                to = self.address(there, f"note-{label}")
                call, says = self._called(label), f"note {label}"
                return hold(tags, _CALL.format(id=call, to=to, says=says, label=label))
            case PageBreak(number):
                return hold(tags, self._page(number))
            case Emendation(reading):
                self.emended += 1
                says = interface.EMENDATION_SAYS.format(
                    other=typeset(other_form(inline)), number=self.emended
                )
                opening = _EMENDED.format(number=self.emended, says=says)
                return hold(tags, opening) + unheld(reading) + hold(tags, "</span>")
            case Doubt(content, why):
                words = self.around(content, '<span class="doubt">', "</span>", tags)
                n = len(self.doubts) + 1
                remark, says = f"remarque-{n}", interface.REMARK.format(number=n)
                self.doubts.append((remark, why))
                call = _CALL.format(id=f"doute-{n}", to=f"#{remark}", says=says, label="[?]")
                return words + hold(tags, call)
            case Link(content, target):
                return self._link(content, target, tags)
            case _:
                return HtmlRenderer.render(self, inline, tags)

    def address(self, file: str, anchor: str) -> str:
        """The address of an anchor in a file, from the file that is rendered."""
        return f"{file if file != self.file else ''}#{quote(anchor)}"

    def _page(self, number: str) -> str:
        if not number:
            return _UNKNOWN_PAGE
        name = f"page-{'-'.join(number.strip('[]').split())}"
        names = chain((name,), (f"{name}.{n}" for n in count(2)))
        page_id = next(free for free in names if free not in self.pages)
        self.pages[page_id] = number
        return _PAGE.format(id=page_id, label=number)

    def _link(self, content: Inlines, target: str, tags: list[str]) -> str:
        address = self.href(target)
        if not address:
            return self.joined(content, tags)
        if content == (Text(target),):
            breakable = Markup("<wbr/>").join(_URL_BREAKS.split(target))
            return hold(tags, _URL.format(address, breakable))
        return self.around(content, _LINK.format(address), "</a>", tags)


@dataclass(frozen=True, slots=True)
class BookLinker:
    """Converts the target of a link into an address: in the book, if `files` (by text and anchor)
    has the target, else on the web."""

    publication: Publication
    files: Mapping[tuple[str, str], str]

    def __call__(self, target: str) -> str:
        """The address of the target; empty if there is none."""
        internal = INTERNAL.fullmatch(target)
        if internal is None:
            return target
        text_id = internal["text"] or self.publication.meta.id
        block = internal["block"] or ""
        if file := self.files.get((text_id, block)):
            return f"{file}#{quote(block)}" if block else file
        return urls.address(self.publication.site.base_url, urls.text_page(text_id), block)


@dataclass(frozen=True, slots=True)
class WorkLinker:
    """Converts the key of a work of the bibliography into its address in a book. `works` are the
    keys of those that the text cites, in the order of the file."""

    file: str
    works: Sequence[str]

    def __call__(self, key: str) -> str:
        """The address of the work; that of the file if the work is not in it."""
        return f"{self.file}#{_work_id(self.works.index(key))}" if key in self.works else self.file


def _work_id(number: int) -> str:
    return f"ouvrage-{number + 1}"


# ---------------------------------------------------------------- a text as part of a book


def _part(layout: Layout, files: Mapping[tuple[str, str], str], alone: bool) -> Part:
    """A text as a part of a book, or, if `alone`, as the whole book. `files` are the files of the
    book by text and anchor."""
    publication = layout.publication
    notes = {note.label: layout.file(f"note-{note.label}") for note in publication.document.notes}
    works = [work.key for work in in_order(publication.works)]
    renderer = BookRenderer(
        BookLinker(publication, files),
        files_of_notes=notes,
        short_forms=short_forms(publication.works),
        bibliography=WorkLinker(_name(publication, "bibliographie"), works) if works else None,
    )
    text = _text_leaves(layout, renderer)
    pages = tuple(_pages(layout, renderer))
    about_it = _about_leaves(layout, bool(pages))
    lines = _contents(layout, renderer, alone)
    lines += [TableLine(Markup(leaf.title), leaf.title, leaf.name) for leaf in about_it]
    return Part(_title_leaf(layout, alone), text, about_it, tuple(lines), pages)


def _title_leaf(layout: Layout, alone: bool) -> Leaf:
    publication = layout.publication
    text_id = publication.meta.id
    shows = TitlePage(
        text=text_view(publication.summary, urls.text_page(text_id)),
        by=byline(publication),
        archive=as_html(typeset(publication.site.title)),
        alone=alone,
    )
    return Leaf(layout.file(""), publication.summary.title, "title.xhtml", shows)


def _about_leaves(layout: Layout, paged: bool) -> tuple[Leaf, ...]:
    publication = layout.publication
    emended = emendation_list(publication, layout.file)
    listed = _name(publication, "corrections") if emended else ""
    shows = about(publication, layout.href, listed, paged)
    leaves = [Leaf(_name(publication, "edition"), interface.ABOUT_EDITION, "about.xhtml", shows)]
    if emended:
        title = interface.EMENDATIONS_TITLE
        leaves.append(Leaf(listed, title, "emendations.xhtml", Emendations(emended)))
    if publication.works:
        name, title = _name(publication, "bibliographie"), interface.BIBLIOGRAPHY
        works = tuple(
            WorkItem(_work_id(n), as_html(work.label), Markup(work.html))
            for n, work in enumerate(in_order(publication.works))
        )
        leaves.append(Leaf(name, title, "bibliography.xhtml", WorksCited(works)))
    return tuple(leaves)


def _text_leaves(layout: Layout, renderer: BookRenderer) -> tuple[Leaf, ...]:
    """The leaves of the text. All blocks are rendered before the notes, so that the numbers of
    emendations are those in their list."""
    document = layout.publication.document
    depths = dict(zip((b.id for b in document.blocks), opened(document.blocks), strict=True))
    chapters = [
        _chapter(layout, number, renderer, depths) for number in range(1, len(layout.chapters) + 1)
    ]
    mixed = len({note.kind for note in document.notes}) > 1
    notes = {note.label: _note(layout, note, renderer, mixed) for note in document.notes}
    notes = {label: _with_calls(note, renderer) for label, note in notes.items()}
    doubts = zip(renderer.doubts, layout.files_of(Doubt), strict=True)
    remarks = [(file, _remark(*doubt)) for doubt, (_, file) in doubts]
    leaves = []
    for number, (name, chapter) in enumerate(chapters, start=1):
        file, called = _name(layout.publication, str(number)), layout.notes[number - 1]
        shows = replace(
            chapter,
            notes=(
                *(notes[note.label] for note in called),
                *(remark for place, remark in remarks if place == file),
            ),
            notes_title=notes_title(document.notes),
            ends=number == len(chapters),
        )
        leaves.append(Leaf(file, name, "text.xhtml", shows, layout.publication.meta.language))
    return tuple(leaves)


def _chapter(
    layout: Layout, number: int, renderer: BookRenderer, depths: Mapping[str, int]
) -> tuple[str, Chapter]:
    """The name of a chapter, and the chapter without its notes."""
    publication, blocks = layout.publication, layout.chapters[number - 1]
    renderer.file = _name(publication, str(number))
    first = blocks[0]
    title = first if first is layout.title else None
    headed = first.kind == "heading"
    words = reading_text(first.content)
    shows = Chapter(
        heading=first.id if headed else "",
        title=TitleHeading(renderer.html(title.content, 0, title.language), is_capitals(words))
        if title
        else None,
        groups=grouped(
            publication.entries,
            [b for b in blocks if b is not title],
            renderer,
            depths,
            language=publication.meta.language,
            pictures=_pictures(publication),
        ),
    )
    return typeset(words, 0, first.language) if headed else publication.summary.short_title, shows


def _note(layout: Layout, note: Note, renderer: BookRenderer, mixed: bool) -> NoteLeaf:
    """A note for a chapter, without its calls; `mixed`: with its kind in words."""
    publication = layout.publication
    renderer.file = layout.file(f"note-{note.label}")
    whose = interface.NOTE_KINDS[note.kind]
    return NoteLeaf(
        id=f"note-{note.label}",
        label=note.label,
        back="",
        back_says=interface.BACK_TO_CALL.format(label=note.label),
        kind=interface.NOTE_REMARK.format(whose=whose) if mixed else "",
        groups=note_groups(
            publication.entries,
            note,
            renderer,
            publication.meta.language,
            _pictures(publication),
        ),
    )


def _pictures(publication: Publication) -> dict[str, PictureView]:
    """The pictures of a text, by their path in the corpus."""
    known = publication.edition.pictures
    return {
        path: picture_view(known[path], _picture_file(path, data))
        for path, data in publication.pictures.items()
    }


def _with_calls(note: NoteLeaf, renderer: BookRenderer) -> NoteLeaf:
    """A note with links to its calls. A note without a call has a link to where it would be."""
    renderer.file = renderer.files_of_notes[note.label]
    files = renderer.calls_in.get(note.label) or [renderer.file]
    back, *others = map(renderer.address, files, renderer.calls_of(note.label))
    return replace(note, back=back, others=tuple(others))


def _remark(remark: str, why: str) -> NoteLeaf:
    """The editor's remark about a doubt, in the form of a note."""
    return NoteLeaf(
        id=remark,
        label="[?]",
        back=f"#{remark.replace('remarque', 'doute')}",
        back_says=interface.BACK_TO_PASSAGE,
        kind=interface.EDITOR_REMARK,
        groups=(Group("paragraph", BlockView("paragraph", "", as_html(typeset(why)))),),
    )


def _pages(layout: Layout, renderer: BookRenderer) -> Iterator[tuple[str, str]]:
    """The numbered pages of the original: the label and the address of each."""
    files = [file for page, file in layout.files_of(PageBreak) if page != PageBreak()]
    for (page_id, label), file in zip(renderer.pages.items(), files, strict=True):
        yield label, f"{file}#{quote(page_id)}"


def _contents(layout: Layout, renderer: BookRenderer, alone: bool) -> list[TableLine]:
    """The lines of a text in the table of contents. If the text is the whole book and words precede
    its first heading, the headings are below a line for the text."""
    openings = {blocks[0].id for blocks in layout.chapters}
    headings = []
    for block in layout.publication.document.blocks:
        if block.divides and block is not layout.title:
            href = layout.file(block.id) if block.id in openings else layout.href(block.id)
            plain = typeset(reading_text(block.content), 0, block.language)
            headings.append((block.level, TableLine(renderer.plain(block.content), plain, href)))
    lines = _nested(headings)
    words_first = not lines or lines[0].href != layout.file(layout.chapters[0][0].id)
    if not alone or not words_first:
        return lines
    name = layout.publication.summary.short_title
    return [TableLine(as_html(name), name, _name(layout.publication, "1"), tuple(lines))]


def _nested(headings: Sequence[tuple[int, TableLine]]) -> list[TableLine]:
    """Lines with their levels as a tree: each line has the deeper lines that follow it below."""
    lines, rest = [], headings
    while rest:
        (level, line), *rest = rest
        deeper = next((n for n, (other, _) in enumerate(rest) if other <= level), len(rest))
        lines.append(replace(line, below=tuple(_nested(rest[:deeper]))))
        rest = rest[deeper:]
    return lines


def _numbered(lines: Iterable[TableLine], numbers: Iterator[int]) -> tuple[TableLine, ...]:
    """The lines with their numbers in document order, as an NCX requires."""
    return tuple(
        replace(line, number=next(numbers), below=_numbered(line.below, numbers)) for line in lines
    )
