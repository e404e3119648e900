"""Blocks and notes as they were read → a `Document` that can be written as an edition."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from msgspec import structs

from archive_site import interface
from archive_site.edition.format import dumps
from archive_site.edition.front_matter import ID
from archive_site.edition.ids import identified, slug
from archive_site.findings import ArchiveError
from archive_site.sources.properties import Properties, meta_of
from archive_site.sources.tree import TITLE, Part
from archive_site.sources.words import tidied
from archive_site.text.document import (
    NESTING,
    Block,
    Claim,
    Document,
    Emphasis,
    Gap,
    Indent,
    Inline,
    Inlines,
    LineBreak,
    Meta,
    Note,
    PageBreak,
    Superscript,
    Text,
    flattened,
    in_language,
)
from archive_site.text.reading import lines_of, reading_text, trimmed, walk, witness_text
from archive_site.witness.stream import bare

_LOWEST = 6
_PLATES = 4  # pages in a row that may have no words
_DIGITS = 6  # a page has a shorter number
_NO_META = Meta(id="x", title=Claim("x", "stated"), kind="article")
UNTITLED = "texte"


def assembled(
    parts: Sequence[Part],
    notes: Sequence[Note],
    properties: Properties,
    language: str,
    name: str,
    remarks: Sequence[str] = (),
) -> Document:
    """The document of the file `name`, in `language`: with one title at most, levels of headings
    that follow one another, page breaks that count on, and only marks that the file of an edition
    can have."""
    blocks = _with_levels(_without_outer_breaks(flattened(parts)), properties.title)
    blocks = tuple(_filled(_paged(tuple(_with_breaks_inside(blocks)))))
    notes = [replace(note, blocks=_in_note(note.blocks)) for note in notes]
    stem = slug(name.rpartition(".")[0].replace("_", "-") or name)
    text_id = stem if ID.fullmatch(stem) else UNTITLED
    meta = meta_of(properties, blocks, text_id, name, language)
    meta = replace(meta, remarks=tuple(remarks))
    notes = [replace(note, blocks=in_language(note.blocks, language)) for note in notes]
    return writable(identified(Document(meta, in_language(blocks, language), tuple(notes))))


# ---------------------------------------------------------------- headings and breaks


def _with_levels(blocks: Sequence[Block], said: str) -> tuple[Block, ...]:
    """Blocks with one title, of level 1, and other headings from level 2 on, without a level that
    is left out. `said` is the title that the file's properties give."""
    headings = [block for block in blocks if block.kind == "heading"]
    title = _title(headings, said)
    levels = sorted({block.level for block in headings if block is not title})
    return tuple(
        block
        if block.kind != "heading"
        else replace(block, level=1)
        if block is title
        else replace(block, level=min(_LOWEST, 2 + levels.index(block.level)))
        for block in blocks
    )


def _title(headings: Sequence[Block], said: str) -> Block | None:
    """The heading that is the title: the one that the source calls so, the one that its properties
    repeat, or the first if it is above all others."""
    if not headings:
        return None
    first = headings[0]
    called = [block for block in headings if block.level == TITLE]
    if called:
        return called[0]
    highest = [block for block in headings if block.level == min(b.level for b in headings)]
    if said and slug(reading_text(first.content)) == slug(said) and first in highest:
        return first
    return first if highest == [first] and not first.within else None


def _without_outer_breaks(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Blocks without section breaks before the first words, after the last, and after another."""
    filled = [n for n, block in enumerate(blocks) if block.kind != "break"]
    if not filled:
        return ()
    return tuple(
        block
        for n, block in enumerate(blocks)
        if block.within
        or block.kind != "break"
        or (filled[0] <= n <= filled[-1] and blocks[n - 1].kind != "break")
    )


def _in_note(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks of a note: headings are no titles there, and pages are counted in the text."""
    blocks = _without_outer_breaks(blocks)
    levels = (
        max(2, min(_LOWEST, block.level)) if block.level or block.kind == "heading" else 0
        for block in blocks
    )
    levelled = [replace(block, level=level) for block, level in zip(blocks, levels, strict=True)]
    filled = tuple(_filled(_changed(block, _no_page) for block in levelled))
    return filled or (Block("paragraph", (Gap(interface.NOTE_EMPTY),)),)


Change = Callable[[Inline], Iterable[Inline]]
"""What stands in the place of an inline."""


def _changed(block: Block, change: Change) -> Block:
    """A block with each inline changed; lines with nothing left are left out, but for rows."""
    content = tidied(_each(block.content, change))
    if block.kind != "table":
        lines = [line for line in lines_of(content) if any(not isinstance(i, Indent) for i in line)]
        parts = ((*([LineBreak()] if n else []), *line) for n, line in enumerate(lines))
        content = tuple(chain.from_iterable(parts))
    return replace(block, content=content)


def _each(content: Inlines, change: Change) -> Iterator[Inline]:
    for inline in content:
        for changed in change(inline):
            if isinstance(changed, NESTING):
                changed = structs.replace(changed, content=tuple(_each(changed.content, change)))
            yield changed


def _no_page(inline: Inline) -> Iterable[Inline]:
    return () if isinstance(inline, PageBreak) else (inline,)


# ---------------------------------------------------------------- pages


def _with_breaks_inside(blocks: Iterable[Block]) -> Iterator[Block]:
    """Blocks whose page breaks stand before words: those of a block without words begin the next
    block."""
    waiting: list[Inline] = []
    for block in blocks:
        if block.content and all(isinstance(i, PageBreak) or i == Text(" ") for i in block.content):
            waiting += [inline for inline in block.content if isinstance(inline, PageBreak)]
            block = replace(block, content=())
        elif waiting and block.content:
            block = replace(block, content=_begun(waiting, block.content))
            waiting = []
        while block.content and isinstance(block.content[-1], PageBreak):
            waiting.insert(0, block.content[-1])
            block = replace(block, content=trimmed(block.content[:-1]))
        yield block


def _filled(blocks: Iterable[Block]) -> Iterator[Block]:
    """Blocks without those that have no content left; an item of a list has a gap instead."""
    shared: int | None = None  # how many containers the blocks that were left out shared
    for block in blocks:
        if not block.content and block.kind != "break":
            if not (block.within and block.within[-1].kind == "list-item"):
                shared = block.shared if shared is None else min(shared, block.shared)
                continue
            gap = (Gap(interface.EMPTY_ITEM),)
            block = Block("paragraph", gap, within=block.within, shared=block.shared)
        yield block if shared is None else replace(block, shared=min(block.shared, shared))
        shared = None


def _paged(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Blocks with page breaks whose numbers count on, as a check of them wants (E051)."""
    before, found, after = _breaks(blocks)
    first, numbered = _numbered(before, found[: len(found) - after])
    numbered += [()] * after
    following = iter(numbered)

    def counted(inline: Inline) -> Iterable[Inline]:
        return next(following) if isinstance(inline, PageBreak) else (inline,)

    made = [_changed(block, counted) for block in blocks]
    at = next((n for n, block in enumerate(made) if block.content), -1)
    if first and at >= 0:
        made[at] = replace(made[at], content=_begun([PageBreak(f"[{first}]")], made[at].content))
    return tuple(made)


def _begun(breaks: Sequence[Inline], content: Inlines) -> Inlines:
    """Content with page breaks at its beginning; the indent of a verse stays before them."""
    indent = content[:1] if isinstance(content[0], Indent) else ()
    return (*indent, *breaks, *content[len(indent) :])


def _breaks(blocks: Iterable[Block]) -> tuple[int, list[str], int]:
    """The numbers of all page breaks, without brackets; how many of them are before the first word,
    and how many after the last."""
    before = after = 0
    found: list[str] = []
    begun = False
    for block in blocks:
        for inline in walk(block.content):
            if isinstance(inline, PageBreak):
                found.append(inline.number.strip("[]"))
                after += 1
            elif not isinstance(inline, NESTING) and bare(witness_text((inline,))):
                before, begun, after = before if begun else after, True, 0
    return before, found, after


def unpaged(document: Document) -> Document:
    """A document without page breaks."""
    blocks = tuple(_filled(_changed(block, _no_page) for block in document.blocks))
    return identified(replace(document, blocks=blocks))


def _numbered(before: int, found: Sequence[str]) -> tuple[int, list[tuple[PageBreak, ...]]]:
    """What stands in the place of each page break; and the number of the first page, if it must be
    said. Numbers that do not follow are left out; a few pages without words have breaks, too."""
    first, last = 0, 1
    made: list[tuple[PageBreak, ...]] = [()] * before
    if before:
        number = found[before - 1]
        made[-1] = (PageBreak(f"[{number}]" if number.isdecimal() else ""),)
        last = int(number) if number.isdecimal() else 1
    for n, number in enumerate(found[before:]):
        value = int(number) if number.isdecimal() and len(number) < _DIGITS else 0
        if n == 0 and not before and value > last + 1:
            first, last = value - 1, value - 1
        follows = last < value <= last + 1 + _PLATES
        pages = range(last + 1, value + 1) if follows else ()
        made.append(tuple(PageBreak(f"[{page}]") for page in pages) or (PageBreak(),))
        last = value if follows else last + 1
    return first, made


# ---------------------------------------------------------------- what a file can have


def writable(document: Document) -> Document:
    """`document`, if the file of an edition can have it; else without the marks in which it cannot
    be written and read back: words matter more than italics."""
    if _is_written(document):
        return document
    remarks = (*document.meta.remarks, interface.MARKS_LEFT)
    meta = replace(document.meta, remarks=remarks)
    blocks = tuple(map(_simplest, document.blocks))
    notes = tuple(
        replace(note, blocks=tuple(map(_simplest, note.blocks))) for note in document.notes
    )
    simpler = identified(Document(meta, blocks, notes))
    return simpler if _is_written(simpler) else _flat(simpler)


def _is_written(document: Document) -> bool:
    try:
        dumps(document)
    except ArchiveError:
        return False
    return True


def _simplest(block: Block) -> Block:
    """A block with as many of its marks as can be written."""
    for change in (_as_it_is, _without_emphasis, _without_marks, _mere_words):
        changed = _changed(block, change) if change is not _as_it_is else block
        alone = replace(changed, within=(), shared=0, language="")
        if _is_written(identified(Document(_NO_META, (alone,)))):
            return changed
    return _changed(block, _mere_words)


def _flat(document: Document) -> Document:
    """A document without containers."""

    def flat(blocks: Iterable[Block]) -> tuple[Block, ...]:
        return tuple(replace(block, within=(), shared=0) for block in blocks)

    notes = tuple(replace(note, blocks=flat(note.blocks)) for note in document.notes)
    return identified(replace(document, blocks=flat(document.blocks), notes=notes))


def _as_it_is(inline: Inline) -> Iterable[Inline]:
    return (inline,)


def _without_emphasis(inline: Inline) -> Iterable[Inline]:
    if isinstance(inline, Emphasis):
        return tuple(_each(inline.content, _without_emphasis))
    return (inline,)


def _without_marks(inline: Inline) -> Iterable[Inline]:
    if isinstance(inline, NESTING):
        return tuple(_each(inline.content, _without_marks))
    return (inline,)


def _mere_words(inline: Inline) -> Iterable[Inline]:
    if isinstance(inline, NESTING):
        return tuple(_each(inline.content, _mere_words))
    if isinstance(inline, Text | Superscript):
        return (Text(re.sub(r"\s+", " ", inline.text)),)
    return (inline,)
