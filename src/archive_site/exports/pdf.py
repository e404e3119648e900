"""PDF: a text as a book, typeset by Typst.

The design of the book is in `templates/book.typ`, a file of functions; this module writes calls of
them. Words are passed as strings, so that no character of theirs is Typst markup.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import count, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from archive_site import interface
from archive_site.corpus import urls
from archive_site.corpus.apparatus import Emended, emendations, left_open, numbers_of
from archive_site.corpus.bibliography import FormattedReference
from archive_site.corpus.contributors import sure
from archive_site.corpus.pictures import PictureInfo, name_in_book
from archive_site.corpus.provenance import identifiers_in_words
from archive_site.corpus.summary import ClaimInWords
from archive_site.edition.authority import Entry
from archive_site.exports.colophon import byline, metadata, omitted
from archive_site.exports.publication import Publication, place_name
from archive_site.exports.references import in_order, short_forms
from archive_site.exports.setting import faulty, needed
from archive_site.findings import NotPossible
from archive_site.text.dates import in_french
from archive_site.text.document import (
    Block,
    CellBreak,
    Citation,
    Comment,
    Document,
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
)
from archive_site.text.html import HtmlRenderer
from archive_site.text.marks import INFERIOR, ITALIC, LEVEL, ROMAN, SUPERIOR, with_marks
from archive_site.text.quotes import opened
from archive_site.text.reading import reading_text, rows_of, walk
from archive_site.text.typesetter import BETWEEN, Typesetter, hold, in_words, unheld
from archive_site.text.typography import NBSP, ORDINAL, THIN, UNBROKEN, typeset
from archive_site.views.blocks import (
    BlockView,
    Group,
    grouped,
    is_capitals,
    note_groups,
    notes_title,
)

if TYPE_CHECKING:
    import typst

BOOK = "book.typ"
"""The template of books."""
CHAPTER_WORDS = 1000
"""The least average number of words with which each section begins on a new page. The chapters of a
book do; the sections of an article do not."""
RUNNING_HEAD = 70
"""The most characters in a running head."""
_NO_INDENT = ("heading", "dateline", "stage", "standfirst", "speaker", "salutation", "break")
"""A paragraph has no indent after a block of one of these kinds, or at the beginning of a text."""
RAISED = ("e", "er", "re")
"""The raised letters of ordinals."""
BETWEEN_MARKS = 40
"""How many characters stand between two marks, at least: fewer than in a line of a book."""
_WORD = re.compile(" *[^ ]+ *")
_TOLD = "selector(<mark:astray>).or(<mark:words>)"
"""What a book tells of itself. One query has to do: Typst reads a source that is no file once."""
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:-[A-Za-z]{4})?(?:-([A-Z]{2}))?(?:-.*)?")
_ROMAN_ORDINAL = re.compile(rf'(?<![\w-])([IVX]+)(?="#sup\(\[#"(?:{"|".join(RAISED)})"\]\))')
_ROMAN_DEGREE = re.compile(r"(?<![\w-])([IVX]+)(?=°)")


def as_pdf(publication: Publication, design: str) -> bytes:
    """`<id>.pdf`: the text as a book. The same input makes the same bytes.

    It conforms to PDF/A-2a and PDF/UA-1 unless the text has characters that no font of Typst has.
    `design` is the text of `book.typ`. Raises `NotPossible` if Typst is not installed or the design
    is faulty."""
    needed()
    if not publication.pictures:
        return _complete(publication, design, None)
    with TemporaryDirectory() as folder:
        for path, data in publication.pictures.items():
            Path(folder, name_in_book(path, data)).write_bytes(data)
        return _complete(publication, design, Path(folder))


def _complete(publication: Publication, design: str, folder: Path | None) -> bytes:
    """The book, with its notes at the foot of each page if nothing is lost in that way."""
    if publication.document.notes or left_open(publication.document):
        with suppress(NotPossible):
            return _made(publication, design, folder)
    return _made(publication, design, folder, notes_at_end=True)


def _made(
    publication: Publication, design: str, folder: Path | None, notes_at_end: bool = False
) -> bytes:
    """The book, with its pictures from a folder (None: it has none), and with its notes at the foot
    of each page or at the end of the text.

    Raises `NotPossible` if the design is faulty, or if the book lacks words: Typst may lose some at
    a page break if there are long notes in lists, tables and the like."""
    import typst

    source, marks = _source(publication, design, notes_at_end)
    compiler, found = _settled(source, folder)

    def made(*standards: typst.PDFStandard) -> bytes:
        again = None if folder else source.encode()
        pdf = compiler.compile(
            again, format="pdf", pdf_standards=[*standards], timestamp=publication.moment
        )
        assert isinstance(pdf, bytes)
        return pdf

    try:
        try:
            pdf = made("a-2a", "ua-1")
        except typst.TypstError:  # without standards, any other error is raised again
            pdf = made()
    except typst.TypstError as error:
        raise faulty(error, BOOK, publication.meta.id) from error
    if found != marks:
        message = f"{publication.meta.id}: Typst sets {found} of {marks} parts of the text"
        raise NotPossible(message, "Report this, with the edition. Build with --no-exports.")
    return pdf


def _settled(source: str, folder: Path | None) -> tuple[typst.Compiler, int]:
    """The compiler for a book, and how many of the marks among its words Typst sets. Paragraphs
    with notes on the wrong page are marked as loose and the book is laid out again, until no new
    ones are found."""
    import typst

    loose: set[str] = set()
    file = folder / BOOK if folder else None
    if file:  # Typst reads pictures only for a source that is a file itself
        file.write_text(source, "utf-8")
    while True:
        names = {"loose": " ".join(sorted(loose))}
        compiler = (
            typst.Compiler(file, ignore_system_fonts=True, sys_inputs=names)
            if file
            else typst.Compiler(source.encode(), ignore_system_fonts=True, sys_inputs=names)
        )
        try:
            told = json.loads(compiler.query(_TOLD, "value"))
        except RuntimeError:  # compiling the book reports the error
            return compiler, 0
        astray = {paragraph for paragraph in told if isinstance(paragraph, str)}
        if loose.issuperset(astray):
            return compiler, next((count for count in told if isinstance(count, int)), 0)
        loose |= astray


def as_typst(publication: Publication, design: str) -> str:
    """The Typst source of the book: `design`, a file of functions, and calls of them."""
    return _source(publication, design, notes_at_end=False)[0]


def _source(publication: Publication, design: str, notes_at_end: bool) -> tuple[str, int]:
    """The Typst source of the book, and how many marks it has among the words of the text."""
    setter = _TypstSetter(
        {note.label: note for note in publication.document.notes},
        _targets(publication),
        publication.entries,
        {path: name_in_book(path, data) for path, data in publication.pictures.items()},
        publication.edition.pictures,
        publication.works,
        notes_at_end,
    )
    text = [*_text(publication, setter), "#words"]
    parts = [*_front(publication), *text, *_about(publication, notes_at_end)]
    return "\n\n".join([design, *parts]) + "\n", setter.marks


# ---------------------------------------------------------------- Typst syntax


def string(text: str) -> str:
    """`text` as a Typst string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def strings(texts: Iterable[str]) -> str:
    """Texts as a Typst array of strings."""
    return "(" + "".join(f"{string(text)}," for text in texts) + ")"


def call(name: str, /, *arguments: str, **options: str) -> str:
    """A call of a function, in markup. The arguments are Typst code."""
    named = (f"{option}: {value}" for option, value in options.items())
    return f"#{name}({', '.join([*arguments, *named])})"


def words(text: str) -> str:
    """Typeset words as markup: strings, with ordinals raised and unbreakable parts marked. A space
    at either end is outside the strings, where Typst merges adjacent spaces."""
    code = string(text.strip(" "))[1:-1]
    code = ORDINAL.sub(r'\1"#sup([#"\2"])#"', code)
    code = UNBROKEN.sub(r'"#unbroken([#"\g<0>"])#"', code)
    code = _ROMAN_DEGREE.sub(_roman, code)
    before, after = " " * text.startswith(" "), " " * text.endswith(" ")
    return f'{before}#"{code}"{after}'.replace('#""', "")


_TYPE = {ITALIC: "#emph[", ROMAN: "]", SUPERIOR: "#super[", INFERIOR: "#sub[", LEVEL: "]"}
"""The markup for each mark. In Typst, too, italics within italics are roman."""


def styled(text: str, shown: Callable[[str], str] = words) -> str:
    """Typeset words with marks as markup. `shown` sets the words."""
    return with_marks(text, shown, _TYPE.__getitem__)


def said(text: str) -> str:
    """Typeset words as content; `none` if there are no words."""
    return _content(words(text)) if text else "none"


def _content(code: str) -> str:
    """Markup as content, with the Roman numerals of ordinals marked."""
    return f"[{_ROMAN_ORDINAL.sub(_roman, code)}]".replace('#""', "")


def _roman(figures: re.Match[str]) -> str:
    """A Roman numeral within a string as a call; other letters are unchanged."""
    return f'"#roman([#"{figures[1]}"])#"' if ORDINAL.fullmatch(figures[1] + "e") else figures[0]


# ---------------------------------------------------------------- a block's words


def _targets(publication: Publication) -> Callable[[str], str]:
    """A function from the target of a link to its destination, as Typst code (empty: none)."""
    blocks = {block.id for block in publication.document.blocks}

    def destination(target: str) -> str:
        if urls.WEB.fullmatch(target):
            return string(target)
        text, _, block = target.partition("#")
        if not text or text == publication.meta.id:
            return f"label({string(block)})" if block in blocks else ""
        address = urls.address(publication.site.base_url, urls.text_page(text), block)
        return string(address) if address else ""

    return destination


@dataclass(slots=True)
class _TypstSetter(Typesetter):
    """Sets words as Typst markup. `notes`, by label, are set at their first call; `placed` has the
    labels of those already set. `files` are the files of pictures, `pictures` what is known of
    them, both by path in the corpus. `works` are those of the bibliography that are cited. `bare`
    sets the words alone, without notes, page breaks and remarks.

    Typst loses a footnote within a footnote if the outer one continues on the next page
    (typst/typst#6437). So notes and remarks within a note follow it in the text, without a sign of
    their own there; `following` collects them while a note is set (None: no note is being set).
    `ending` collects the notes for the end of the text.

    A mark stands between every few words, and `marks` counts them, so that it is known whether any
    words are lost on the way. What Typst sets more than once (headings, heads of tables) has
    none."""

    notes: Mapping[str, Note]
    target: Callable[[str], str]
    entries: Mapping[str, Entry]
    files: Mapping[str, str]
    pictures: Mapping[str, PictureInfo]
    works: Mapping[str, FormattedReference]
    notes_at_end: bool
    bare: bool = False
    placed: set[str] = field(default_factory=set)
    doubts: int = 0
    following: list[str] | None = None
    ending: list[str] = field(default_factory=list)
    marks: int = 0
    marked: bool = False

    def content(
        self, inlines: Inlines, open_quotes: int = 0, language: str = "", marked: bool = True
    ) -> str:
        """`inlines` as content, as for `set`; `marked`: with marks between its words."""
        before, self.marked = self.marked, marked and not self.bare
        made = self.set(inlines, open_quotes, language)
        self.marked = before
        return _in(language, _content(made))

    def verse(self, inlines: Inlines, open_quotes: int, language: str) -> str:
        """Lines of verse as an array of content."""
        before, self.marked = self.marked, True
        lines = self.set_lines(inlines, open_quotes, language)
        self.marked = before
        return "(" + "".join(f"{_in(language, _content(line))}, " for line in lines) + ")"

    def table(self, content: Inlines, table: Table, language: str) -> str:
        """A table as the arguments of its function: how its columns are aligned, how many rows of
        heads it has, whether they are repeated on each page, and its cells. A repeated head is a
        PDF artifact, which may not have links or notes (PDF/UA-1)."""
        rows = rows_of(content)
        repeated = not any(
            isinstance(inline, NoteCall | Doubt | Link | Citation)
            for head in rows[0]
            for inline in walk(head)
        )
        cells = [
            self.content(cell, 0, language, marked=n > 0 or not table.headed)
            for n, row in enumerate(rows)
            for cell in row
        ]
        heads = f"{int(table.headed)}, {_truth(repeated)}"
        return f"{strings(table.columns)}, {heads}, ({', '.join(cells)},)"

    def figure(self, picture: Picture, caption: str) -> str:
        """A figure as the arguments of its function: the file of its picture, what this shows, its
        caption, its credit and its source."""
        info = self.pictures.get(picture.path)
        credit = said(typeset(info.credit)) if info and info.credit else "none"
        source = said(info.source) if info and info.source else "none"
        if info and urls.WEB.fullmatch(info.source):
            source = f"link({string(info.source)})"
        file = string(f"/{self.files[picture.path]}") if picture.path in self.files else "none"
        return f"{file}, {string(typeset(picture.alt))}, {caption}, {credit}, {source}"

    def block(self, block: Block, open_quotes: int) -> str:
        """The words of a block as content or as an array of lines of verse; those of a table or a
        figure, as arguments."""
        if block.picture:
            caption = self.content(block.content, open_quotes, block.language)
            return self.figure(block.picture, caption if block.content else "none")
        if block.table:
            return self.table(block.content, block.table, block.language)
        if block.kind == "verse":
            return self.verse(block.content, open_quotes, block.language)
        marked = block.kind != "heading"
        return self.content(block.content, open_quotes, block.language, marked)

    def escape(self, text: str) -> str:
        """Words as markup, with a mark before every few of them, and one before the last."""
        if not self.marked or text.strip(" ") in ("", *RAISED):
            return words(text)
        *some, last = _WORD.findall(text)
        parts: list[str] = []
        for word in some:
            if not parts or len(parts[-1]) >= BETWEEN_MARKS:
                parts.append("")
            parts[-1] += word
        parts.append(last)
        self.marks += len(parts)
        return "".join(f"#mark{words(part)}" for part in parts)

    def render(self, inline: Inline, tags: list[str]) -> str:  # noqa: C901  # a table
        """The words and the calls of an inline."""
        match inline:
            case Text(text):
                return unheld(text)
            case Emendation(reading):
                return unheld(reading)
            case Superscript(text):
                return self._within("sup", (Text(text),), tags)
            case Emphasis(inner, strong):
                return self._within("strong" if strong else "emph", inner, tags)
            case StageDirection(inner):
                return self._within("direction", inner, tags)
            case Name(inner):
                return self.joined(inner, tags)
            case Link(inner, target):
                return self._link(inner, target, tags)
            case Doubt(inner, why):
                return self.joined(inner, tags) + hold(tags, "" if self.bare else self.doubt(why))
            case Speaker(inner) | SmallCaps(inner):
                return self._within("small-capitals", inner, tags)
            case Foreign(inner, language):
                return self.apart(
                    inner, f"#foreign({_named_language(language)}, [", "])", language, tags
                )
            case Indent(width):
                return hold(tags, call("indentation", str(width)))
            case Comment():
                return ""
            case CellBreak():
                return hold(tags, " ")
            case LineBreak():
                return hold(tags, " " if self.bare else call("linebreak"))
            case Citation():
                return hold(tags, "" if self.bare else self._citation(inline))
            case NoteCall(label):
                return hold(tags, "" if self.bare else self.note(label))
            case PageBreak(number):
                return hold(tags, "" if self.bare else call("original", string(number)))
            case Gap(why):
                return hold(tags, "" if self.bare else call("gap", said(typeset(why))))

    def _within(self, name: str, inner: Inlines, tags: list[str]) -> str:
        return self.around(inner, f"#{name}([", "])", tags)

    def _link(self, inner: Inlines, target: str, tags: list[str]) -> str:
        destination = "" if self.bare else self.target(target)
        if not destination:
            return self.joined(inner, tags)
        if inner == (Text(target),):
            return hold(tags, call("link", destination, f"[#{string(target)}]"))
        return self.around(inner, f"#link({destination}, [", "])", tags)

    def _citation(self, citation: Citation) -> str:
        """The short forms of the cited works, in brackets, with links to the bibliography at the
        end of the text."""
        works = []
        for cited in citation.works:
            before, key, short = in_words(cited, short_forms(self.works))
            shown = styled(short, self.escape)
            linked = call("link", f"label({string(_work_label(key))})", _content(shown))
            works.append(self.escape(before) + (linked if key in self.works else shown))
        return words("[") + words(BETWEEN).join(works) + words("]")

    def note(self, label: str) -> str:
        """A note with its label; only the label if the note is already set or does not exist."""
        if label not in self.notes:
            return call("sup", string(label))
        name = f"note-{label}"
        if label in self.placed:
            return call("called", string(name), string(label))
        self.placed.add(label)
        return self.foot("note", name, label, lambda: self.paragraphs(self.notes[label]))

    def doubt(self, why: str) -> str:
        """The editor's reason for a doubt, as a note."""
        self.doubts += 1
        return self.foot("doubt", f"doubt:{self.doubts}", "[?]", lambda: [self.remark(why)])

    def remark(self, why: str) -> str:
        """An editor's reason, as content."""
        return self.content((Text(why),))

    def foot(self, kind: str, name: str, sign: str, paragraphs: Callable[[], list[str]]) -> str:
        """A note at the foot of the page with the notes within it, or the call of a note within
        another."""
        if self.notes_at_end:
            place = len(self.ending)
            self.ending.append("")  # before the notes within it
            self.ending[place] = call("endnote", string(name), string(sign), *paragraphs())
            return call("called", string(name), string(sign))
        if self.following is None:
            self.following = []
            outer = call(kind, string(name), string(sign), *paragraphs())
            inner, self.following = self.following, None
            return outer + "".join(inner)
        place = len(self.following)
        self.following.append("")  # before the notes within it
        self.following[place] = call("following", string(name), string(sign), *paragraphs())
        return call("within", string(name), string(sign))

    def paragraphs(self, note: Note) -> list[str]:
        """The paragraphs of a note, and what else is in it. After them comes the kind of the note,
        if the text has notes of several kinds."""
        mixed = len({other.kind for other in self.notes.values()}) > 1
        for_groups = HtmlRenderer(lambda target: target)
        groups = note_groups(self.entries, note, for_groups, "fr")
        blocks = zip(note.blocks, opened(note.blocks), strict=True)
        keys = (f"note-{note.label}.{n}" for n in count(1))
        made = {key: self.block(*block) for key, block in zip(keys, blocks, strict=False)}
        parts = [
            made[group.block.key]
            if group.block and group.kind not in ("verse", "break", "table", "figure")
            else f"[{_group(group, made, frozenset())}]"
            for group in groups
        ]
        whose = said(f" (note {interface.NOTE_KINDS[note.kind]})")
        return [*parts[:-1], "".join(parts[-1:]) + f" + {whose}"] if mixed and parts else parts


def _in(language: str, content: str) -> str:
    """Content in a language (empty: French)."""
    return f"foreign({_named_language(language)}, {content})" if language else content


def _named_language(tag: str) -> str:
    """The language of a tag as Typst names it: two or three letters."""
    language = _LANGUAGE.fullmatch(tag.lower())
    return string(language[1] if language else "fr")


# ---------------------------------------------------------------- the text


def _text(publication: Publication, setter: _TypstSetter) -> Iterator[str]:
    """The text, under its own title or, if it has none, the title in its metadata."""
    blocks = publication.document.blocks
    titled = _is_title(blocks[0])
    if not titled:
        title, short = said(publication.summary.title), publication.summary.short_title
        yield _chapter(1, title, title, said(shortened(short)), opens=True)
    depths = dict(zip((b.id for b in blocks), opened(blocks), strict=True))
    made = dict(_blocks(publication, setter, depths))
    if titled:
        yield made[blocks[0].id]
    flush = {after.id for block, after in pairwise(blocks) if block.kind in _NO_INDENT}
    flush.add(blocks[0].id)
    for_groups = HtmlRenderer(lambda target: target)  # `grouped` needs one; its HTML is not used
    groups = grouped(
        publication.entries,
        list(blocks[titled:]),
        for_groups,
        depths,
        numbers=numbers_of(publication.document),
    )
    yield from (_group(group, made, flush) for group in groups)
    for label in setter.notes:
        if label not in setter.placed:  # notes that only call each other
            yield call("paragraph", string("notes"), "0", f"[{setter.note(label)}]")
    if setter.ending:
        title = said(notes_title(publication.document.notes))
        yield _chapter(2, title, title, title, listed=True)
        yield from setter.ending
    yield from _bibliography(publication)


def _bibliography(publication: Publication) -> Iterator[str]:
    """The works that the text cites."""
    if publication.works:
        title = said(interface.BIBLIOGRAPHY)
        yield _chapter(2, title, title, title, listed=True)
    for work in in_order(publication.works):
        label, reference = (_content(styled(text)) for text in (work.label, work.styled))
        yield call("cited", string(_work_label(work.key)), label, reference)


def _work_label(key: str) -> str:
    return f"work:{key}"


def _is_title(block: Block) -> bool:
    return block.kind == "heading" and block.level == 1


def _sections(document: Document) -> list[Block]:
    """The headings that divide a text: without its title and without headings in boxes."""
    rest = document.blocks[_is_title(document.blocks[0]) :]
    return [block for block in rest if block.divides]


def _blocks(
    publication: Publication, setter: _TypstSetter, depths: Mapping[str, int]
) -> Iterator[tuple[str, str]]:
    """Every block, by id: a heading as a call, others as content. A heading is at most one level
    below the one before it."""
    document = publication.document
    titled = _is_title(document.blocks[0])
    sections = len(_sections(document))
    length = sum(len(reading_text(block.content).split()) for block in document.blocks)
    long, level = length >= CHAPTER_WORDS * sections, 1
    for n, block in enumerate(document.blocks):
        shown = setter.block(block, depths[block.id])
        if block.kind != "heading":
            yield block.id, shown
            continue
        title = titled and n == 0
        plain = typeset(reading_text(block.content), 0, block.language)
        level = 1 if title else min(max(2, block.level), level + 1)
        listed = sections == 1 if title else block.divides
        opens = title or (long and listed and level == 2 and n > titled)
        named = replace(setter, bare=True).content(block.content, 0, block.language)
        short = said(shortened(plain))
        if is_capitals(plain):
            named, shown, short = (f"capitals({words})" for words in (named, shown, short))
        if title:
            short = said(shortened(publication.summary.short_title))
        elif not block.divides:
            short = "none"
        yield block.id, _chapter(level, named, shown, short, block.id, listed, opens)


def _chapter(
    level: int,
    named: str,
    shown: str,
    short: str = "none",
    block: str = "",
    listed: bool = False,
    opens: bool = False,
) -> str:
    """A heading: `named` for contents and bookmarks, `shown` for the page, `short` for running
    heads."""
    return call(
        "chapter",
        str(level),
        named,
        shown,
        id=string(block) if block else "none",
        short=short,
        listed=_truth(listed),
        opens=_truth(opens),
    )


def _group(group: Group, made: Mapping[str, str], flush: Set[str]) -> str:
    """A group of blocks. `flush` has the ids of paragraphs without an indent."""
    if group.block:
        return _leaf(group.block, made, flush)
    inner = "\n\n".join(_group(part, made, flush) for part in group.parts)
    match group.kind:
        case "box":
            return call("aside", f"[{inner}]")
        case "quotation":
            return _quotation(group, made, flush)
        case "list":
            return _list(group, made, flush)
        case "poem":
            stanzas = (
                f"({', '.join(_named(part.block))}, {made[_key(part.block)]})"
                for part in group.parts
                if part.block
            )
            return call("poem", *stanzas, numbered=_truth(group.numbered))
        case kind:
            return call(kind, f"[{inner}]")


def _leaf(view: BlockView, made: Mapping[str, str], flush: Set[str]) -> str:
    """A single block."""
    match view.kind:
        case "heading" if view.id:
            return made[view.id]
        case "heading":  # in a note
            return call("paragraph", *_named(view), made[_key(view)], indent="false")
        case "paragraph":
            indent = _truth(not view.tail and view.id not in flush)
            return call("paragraph", *_named(view), made[_key(view)], indent=indent)
        case "break":
            return call("separation", *_named(view))
        case "table" | "figure":
            kind = "tabulated" if view.kind == "table" else "illustration"
            return call(kind, *_named(view), made[_key(view)])
        case kind:
            return call(kind, _begun(view, made))


def _quotation(group: Group, made: Mapping[str, str], flush: Set[str]) -> str:
    """A quotation, with its speaker after its last paragraph."""
    parts = []
    for n, part in enumerate(group.parts):
        last = n == len(group.parts) - 1
        if part.block and part.kind == "paragraph":
            speaker = said(group.speaker) if last else "none"
            first = _truth(n == 0)
            parts.append(call("quoted", _begun(part.block, made), first=first, speaker=speaker))
        else:
            parts.append(_group(part, made, flush))
            if last and group.speaker:
                parts.append(call("quoted", "none", speaker=said(group.speaker)))
    return call("quotation", "[" + "\n\n".join(parts) + "]")


def _list(group: Group, made: Mapping[str, str], flush: Set[str]) -> str:
    """A list, with its bullets or its numbers."""
    items = []
    for item in group.parts:
        parts = [
            _begun(part.block, made)[1:-1]
            if part.block and part.kind == "paragraph"
            else _group(part, made, flush)
            for part in item.parts
        ]
        items.append("[" + "\n\n".join(parts) + "]")
    if not group.marker:
        return call("items", *items)
    return call("numbered", strings(item.marker for item in group.parts), *items)


def _begun(view: BlockView, made: Mapping[str, str]) -> str:
    """The content of a block, after its id and number."""
    return f"[{call('begin', *_named(view))}#{made[_key(view)]}]"


def _key(view: BlockView) -> str:
    return view.id or view.key


def _named(view: BlockView) -> tuple[str, str]:
    """The id of a block (none: it is in a note), and its number as a paragraph."""
    return string(view.id) if view.id else "none", str(view.number)


def _truth(value: bool) -> str:
    return "true" if value else "false"


def shortened(title: str, length: int = RUNNING_HEAD) -> str:
    """A title for a running head, cut after a word to at most `length` characters."""
    if len(title) <= length:
        return title
    return title[:length].rpartition(" ")[0].rstrip(f",;:–{NBSP}{THIN} ") + "…"


# ---------------------------------------------------------------- front and back matter


def _front(publication: Publication) -> Iterator[str]:
    """The metadata of the file, the title page, and the contents."""
    meta, summary, site = publication.meta, publication.summary, publication.site
    catalogued = metadata(site, [publication], paged=False)
    language = _LANGUAGE.fullmatch(meta.language)
    sections = _sections(publication.document)
    author = byline(publication) if sure(meta, publication.entries) else ""
    head = summary.creator.name if author else typeset(site.title)
    yield call(
        "show: book.with",
        language=string(language[1] if language else "fr"),
        region=string(language[2]) if language and language[2] else "none",
        name=string(summary.title),
        author=strings([author] if author else []),
        description=string(catalogued.description or summary.first_sentence),
        keywords=strings(catalogued.subjects),
        creator=said(head),
        work=said(shortened(summary.short_title, RUNNING_HEAD - len(head))) if sections else "none",
    )
    place = ", ".join(filter(None, (summary.place.value, summary.date.value)))
    revised = f", {interface.REVISED.format(date=summary.revised)}" if summary.revised else ""
    yield call(
        "title_page",
        said(byline(publication)),
        said(summary.title),
        **({"credit": said(summary.credit)} if summary.credit else {}),
        occasion=said(summary.event.value),
        place=said(place),
        sure=said(" · ".join(claim.certainty for claim in summary.certainties)),
        archive=said(typeset(site.title)),
        subtitle=said(typeset(site.subtitle)),
        version=said(interface.VERSION.format(version=summary.version).capitalize() + revised),
    )
    yield call(
        "front_matter",
        contents=said(interface.CONTENTS) if sections else "none",
        summary=said(summary.abstract),
        draft=said(interface.DRAFT_TO_READ if summary.draft else ""),
        reference=said(publication.reference),
    )


def _about(publication: Publication, notes_at_end: bool) -> Iterator[str]:
    """The chapter about the edition: the metadata with their certainty, and the emendations."""
    title = said(interface.ABOUT_EDITION)
    told = _facts(publication, notes_at_end)
    facts = ", ".join(f"({said(name)}, {value})" for name, value in told)
    parts = [
        _chapter(1, title, title, title, listed=True, opens=True),
        call("facts", f"({facts},)"),
        *_corrections(publication),
    ]
    yield call("french", "[\n" + "\n\n".join(parts) + "\n]")


def _facts(publication: Publication, notes_at_end: bool) -> Iterator[tuple[str, str]]:
    """The metadata, as names and content: each claim with its certainty and its ground."""
    meta, known = publication.meta, publication.summary
    names = interface.DETAILS
    witness = publication.edition.witness
    claims = (
        (names["title"], known.title, known.title_claim.ground),
        *((people.role.capitalize(), people.in_full, people.ground) for people in known.people),
        (names["kind"], known.kind, ""),
        (names["date"], known.date.value, _surely(known.date)),
        (names["place"], known.place.value, _surely(known.place)),
        (names["event"], known.event.value, _surely(known.event)),
        (names["covers"], known.covers, typeset(meta.covers.ground)),
        (names["original"], known.original, ""),
        (names["source"], known.source, ""),
        (names["identifiers"], identifiers_in_words(known.identifiers), ""),
        (
            names["witness"],
            witness.name if witness else interface.NO_WITNESS,
            typeset(meta.extraction),
        ),
        (names["omissions"], omitted(meta), ""),
        *((names["remark"], typeset(remark), "") for remark in meta.remarks),
    )
    for name, value, why in claims:
        if value:
            yield name, said(value) + (f" + ground({said(why)})" if why else "")
    if any(doubt.words for doubt in left_open(publication.document)):
        below = said(interface.DOUBTS_BELOW) + " + doubts"
        yield names["doubts"], said(interface.DOUBTS_AT_END) if notes_at_end else below
    for revision in meta.revisions:
        who = f" ({typeset(revision.who)})" if revision.who else ""
        date, what = typeset(in_french(revision.date)), typeset(revision.what)
        yield names["revision"], said(f"{date}{NBSP}: {what}{who}")
    yield names["version"], said(known.version)
    for layer, rights in known.rights:
        yield interface.RIGHTS_OF.format(layer=layer.lower()), said(rights)
    if publication.reference:
        yield names["reference"], said(publication.reference)
    if publication.address:
        yield names["address"], f"link({string(publication.address)})"


def _surely(claim: ClaimInWords) -> str:
    """The certainty and the ground of a claim."""
    return f"{NBSP}: ".join(filter(None, (claim.certainty, claim.ground)))


def _corrections(publication: Publication) -> Iterator[str]:
    """The emendations as a table. The forms are not typeset, since that would hide some changes."""
    numbers = numbers_of(publication.document)
    rows = [
        f"({_place(emended, numbers)}, {_form(emended.emendation.witness, interface.WORD_ADDED)}, "
        f"{_form(emended.emendation.reading, interface.WORD_DELETED)})"
        for emended in emendations(publication.edition)
    ]
    if rows:
        title = said(interface.EMENDATIONS_TITLE)
        yield _chapter(2, title, title)
        heads = ", ".join(map(said, interface.EMENDATION_HEADS))
        yield call("corrections", f"({heads})", f"({', '.join(rows)},)")


def _place(emended: Emended, numbers: Mapping[str, int]) -> str:
    """The place of an emendation, by the number of its paragraph, as a link."""
    name = place_name(emended.place, numbers)
    return f"link(label({string(emended.place.anchor)}), {said(name)})"


def _form(form: str, otherwise: str) -> str:
    return f"[#{string(form)}]" if form else f"emph({said(otherwise)})"
