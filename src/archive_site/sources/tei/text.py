"""The texts of a TEI file → blocks and notes: what is around the blocks is put in order, and notes
get their labels."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from msgspec import structs

from archive_site.edition.format import note_kind
from archive_site.sources.tei.blocks import Around, Part, TextReader, heading_level
from archive_site.sources.tei.inlines import FileReading
from archive_site.sources.tei.links import NoteLinks, links_of, whole
from archive_site.sources.tei.parsing import Node
from archive_site.sources.tei.settled import has_content
from archive_site.sources.tei.styles import renditions_of
from archive_site.text.alike import composed
from archive_site.text.document import (
    NESTING,
    Block,
    Branch,
    Gap,
    Indent,
    Inline,
    Inlines,
    Note,
    NoteCall,
    NoteKind,
    PageBreak,
    Speaker,
    flattened,
)
from archive_site.text.reading import merged, trimmed, walk

DEEPEST = 6
"""How deep containers may be in each other. An edition file may hold about 20 levels, and a list
takes two of them for each item."""
LEVEL_IN_NOTES = 3
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LABEL = re.compile(r"[\w*†‡§¶‖.+-]{1,12}")
_KINDS: tuple[tuple[re.Pattern[str], NoteKind], ...] = (
    (re.compile(r".*(?:transl|trad).*", re.I), "translator"),
    (re.compile(r".*(?:edit|édit|ndé|nde\b|#ed\b|apparatus|hrsg|hg\b).*", re.I), "editor"),
)
"""The words of `@type`, `@resp` or `@subtype` that say who wrote a note; the first that match."""


@dataclass(frozen=True, slots=True)
class TextRead:
    """What is read of the texts of a file. `kind` is that of most notes, `others` has the labels of
    the rest by their kind; `renumbered`: their labels are not those that are printed. `titles` has
    the words of title pages, `unneeded` those of headings above notes; `omitted` counts what is no
    part of the text, by element."""

    blocks: tuple[Block, ...]
    notes: tuple[Note, ...]
    kind: NoteKind
    others: Mapping[NoteKind, tuple[str, ...]]
    renumbered: bool
    titles: tuple[str, ...]
    unneeded: tuple[str, ...]
    omitted: Mapping[str, int]


def read_texts(root: Node, header: Node, language: str) -> TextRead:
    """The blocks and notes of the texts in `root`, whose language is `language`."""
    texts = root.all("text")
    links = links_of(root)
    reading = FileReading(links, renditions_of(header), _unmarked(header), _words(texts))
    reader = TextReader(reading, language)
    body = Node("text", {}, texts)
    around = Around(language, heading_level(body))
    for text in texts:
        for head in text.all("body/head"):
            reader.heads[id(head)] = ("heading", 1)
    parts = [part for text in texts for part in reader.content(text, around)]
    notes: dict[str, tuple[Part, ...]] = {}
    for note in (None, *_moved(texts, links)):
        if note is not None and id(note) not in reading.labels:  # nothing that was read calls it
            reading.labels[id(note)] = ""
            parts += reader.content(note, around)
        _read_notes(reader, around, notes)
    return _put_together(reader, parts, notes)


def _read_notes(reader: TextReader, around: Around, notes: dict[str, tuple[Part, ...]]) -> None:
    """Read the notes that are called, and those that they call."""
    for n in count(len(notes)):
        if n >= len(reader.reading.notes):
            return
        note = whole(reader.reading.notes[n][0], reader.reading.links)
        inner = replace(around, level=LEVEL_IN_NOTES)
        notes[str(n)] = tuple(reader.content(note, inner))


def _moved(texts: Iterable[Node], links: NoteLinks) -> tuple[Node, ...]:
    """The notes in a text that are called from elsewhere, if they are called at all."""
    return tuple(n for text in texts for n in text.every("note") if id(n) in links.placed)


def _unmarked(header: Node) -> bool:
    """Whether the quotation marks were removed from the text."""
    return any(node.get("marks") == "none" for node in header.every("quotation"))


def _words(texts: Iterable[Node]) -> Counter[str]:
    """How often each word occurs, in lower case."""
    return Counter(word for text in texts for word in _WORD.findall(text.words.casefold()))


# ---------------------------------------------------------------- labels


def _put_together(
    reader: TextReader, parts: Sequence[Part], notes: Mapping[str, tuple[Part, ...]]
) -> TextRead:
    reading = reader.reading
    read = {key: _finished(inner) for key, inner in notes.items()}
    read = {key: blocks for key, blocks in read.items() if blocks}
    printed = {key: _printed(reading.notes[int(key)][1]) for key in read}
    labels, renumbered = _labels(printed)
    kinds = {key: _kind(reading.notes[int(key)][0]) for key in read}
    most = Counter(kinds.values()).most_common(1)
    kind = most[0][0] if most else "author"
    others: dict[NoteKind, tuple[str, ...]] = {}
    for key, other in kinds.items():
        if other != kind:
            others[other] = (*others.get(other, ()), labels[key])

    def named(block: Block) -> Block:
        return replace(block, content=trimmed(_relabelled(block.content, labels)))

    made = []
    for key, blocks in read.items():
        note = Note(labels[key], tuple(map(named, blocks)))
        made.append(replace(note, kind=note_kind(note, kind)))
    return TextRead(
        tuple(map(named, _finished(parts))),
        tuple(made),
        kind,
        others,
        renumbered,
        tuple(reader.titles),
        tuple(reader.unneeded),
        dict(reading.omitted),
    )


def _printed(sign: str) -> str:
    """What is printed at a note, if it can be its label."""
    label = composed("".join(sign.split()).strip("()[]").rstrip("."))
    return label if _LABEL.fullmatch(label) else ""


def _labels(printed: Mapping[str, str]) -> tuple[dict[str, str], bool]:
    """The label of each note: what is printed there, or a number that no other note has. If what
    is printed is not unique, all notes are numbered (true)."""
    signs = [sign for sign in printed.values() if sign]
    if len(signs) != len(set(signs)):
        return {key: str(n) for n, key in enumerate(printed, start=1)}, True
    free = (str(n) for n in count(1) if str(n) not in signs)
    return {key: sign or next(free) for key, sign in printed.items()}, False


def _relabelled(content: Inlines, labels: Mapping[str, str]) -> Inlines:
    """Inlines with the labels of notes; the call of a note without words is removed."""

    def changed() -> Iterator[Inline]:
        for inline in content:
            if isinstance(inline, NoteCall):
                if inline.label in labels:
                    yield NoteCall(labels[inline.label])
            elif isinstance(inline, NESTING):
                yield structs.replace(inline, content=_relabelled(inline.content, labels))
            else:
                yield inline

    return merged(changed())


def _kind(note: Node) -> NoteKind:
    """Who wrote a note, as its attributes say."""
    said = " ".join(note.get(name) for name in ("type", "subtype", "resp"))
    return next((kind for pattern, kind in _KINDS if pattern.fullmatch(said)), "author")


# ---------------------------------------------------------------- what is around the blocks


def _finished(parts: Iterable[Part]) -> tuple[Block, ...]:
    """The blocks of a text or a note. What has no words goes to a block that has some."""
    shallow = tuple(_shallow(parts, 0))
    leaves = list(_leaves(shallow))
    contents = iter(_carried(leaves))
    return flattened(_with(shallow, lambda block: _content(block, next(contents))))


def _shallow(parts: Iterable[Part], depth: int) -> Iterator[Part]:
    """Parts without the containers that are too deep."""
    for part in parts:
        if isinstance(part, Block):
            yield part
        elif depth < DEEPEST and (part.container.kind != "list" or depth + 1 < DEEPEST):
            yield replace(part, parts=tuple(_shallow(part.parts, depth + 1)))
        else:
            yield from map(_unnamed, _leaves(part.parts))


def _unnamed(block: Block) -> Block:
    """A block outside of its container: the name of a speaker is a paragraph there."""
    if block.kind == "caption":
        return replace(block, kind="paragraph")
    if block.kind != "speaker":
        return block
    content = [
        inner
        for inline in block.content
        for inner in (inline.content if isinstance(inline, Speaker) else (inline,))
    ]
    return replace(block, kind="paragraph", content=merged(content))


def _leaves(parts: Iterable[Part]) -> Iterator[Block]:
    for part in parts:
        if isinstance(part, Branch):
            yield from _leaves(part.parts)
        else:
            yield part


def _with(parts: Iterable[Part], change: Callable[[Block], Block | None]) -> tuple[Part, ...]:
    """Parts with each block changed, in order; those that become nothing are left out."""
    made: list[Part] = []
    for part in parts:
        if isinstance(part, Branch):
            inner = _with(part.parts, change)
            made += [replace(part, parts=inner)] if inner else []
        elif block := change(part):
            made.append(block)
    return tuple(made)


def _content(block: Block, content: Inlines | None) -> Block | None:
    return None if content is None else replace(block, content=content)


def _carried(blocks: Sequence[Block]) -> list[Inlines | None]:
    """The new content of each block (None: it has none). Page breaks between blocks go to the
    beginning of the next one, calls of notes to the end of the one before."""
    made: list[Inlines | None] = []
    waiting: Inlines = ()
    last = -1  # the last block that has words
    for block in blocks:
        if block.kind == "break":
            made.append(())
        elif _stays(block):
            made.append(_begun(waiting, block.content))
            waiting, last = (), len(made) - 1
        else:
            calls = tuple(i for i in walk(block.content) if isinstance(i, NoteCall))
            pages: Inlines = tuple(i for i in walk(block.content) if isinstance(i, PageBreak))
            made.append(None)
            if calls and last >= 0 and not waiting:
                made[last] = (*(made[last] or ()), *calls)
            else:
                pages = (*pages, *calls)
            waiting += pages
    if waiting and last >= 0:
        made[last] = (*(made[last] or ()), *waiting)
    elif any(isinstance(inline, NoteCall) for inline in waiting):
        made[made.index(None)] = waiting
    return made


def _stays(block: Block) -> bool:
    return has_content(block.content) or any(isinstance(i, Gap) for i in walk(block.content))


def _begun(pages: Inlines, content: Inlines) -> Inlines:
    """The content of a block with page breaks before its words."""
    first = content[:1] if isinstance(content[0], Indent) else ()
    return (*first, *pages, *content[len(first) :]) if pages else content
