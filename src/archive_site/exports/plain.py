"""Plain text for any editor, typeset as on the page, with one line for each paragraph.

Additions to the text are in square brackets; the head explains each sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from textwrap import indent

from archive_site import interface
from archive_site.corpus import urls
from archive_site.corpus.apparatus import Emended, emendations, numbers_of, places
from archive_site.corpus.provenance import identifiers_in_words
from archive_site.corpus.summary import ClaimInWords
from archive_site.exports.publication import Publication, place_name
from archive_site.exports.references import in_order, short_forms
from archive_site.text.citations import spaced
from archive_site.text.document import (
    Block,
    Branch,
    CellBreak,
    Citation,
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
    nested,
)
from archive_site.text.marks import unmarked
from archive_site.text.numerals import marker_of
from archive_site.text.quotes import opened
from archive_site.text.reading import CELL, rows_of, walk
from archive_site.text.typesetter import Typesetter, citation_in_words, hold, unheld
from archive_site.text.typography import JOINER, NBSP, THIN, typeset
from archive_site.views.blocks import notes_title

RULE, BREAK = "* * *", "⁂"
INDENT = "    "
UNDERLINES = {1: "=", 2: "-"}
"""The characters that underline headings, by level; deeper headings have `~`."""
LONGEST_UNDERLINE = 72
_INDENT = "\ufdd3"  # a noncharacter for each space of indentation, while spaces are merged
_SIGNS: tuple[tuple[type[Inline], str], ...] = (
    (NoteCall, interface.SIGNS["note call"]),
    (PageBreak, interface.SIGNS["page break"]),
    (Gap, interface.SIGNS["gap"]),
    (Doubt, interface.SIGNS["doubt"]),
    (Emphasis, interface.SIGNS["emphasis"]),
    (Emendation, interface.SIGNS["emendation"]),
    (Citation, interface.SIGNS["citation"]),
)


def as_text(publication: Publication) -> bytes:
    """`<id>.txt`: the metadata, the text, its notes, the editor's remarks and the emendations."""
    setter = _PlainSetter(short_forms(publication.works))
    body = list(_body(publication, setter))
    apparatus = [
        *_notes(publication, setter),
        *_list(interface.REMARKS, map(typeset, publication.meta.remarks)),
        *_list(interface.DOUBTS, _numbered(setter.doubts)),
        *_corrections(publication),
        *_list(interface.BIBLIOGRAPHY, _works(publication)),
    ]
    parts = [*_head(publication), RULE, *body, *([RULE] if apparatus else ()), *apparatus]
    return ("\n\n".join(parts) + "\n").encode()


# ---------------------------------------------------------------- the text


@dataclass(slots=True)
class _PlainSetter(Typesetter):
    """Sets words as plain text. `short_forms`: see `HtmlRenderer`; `doubts` collects the reason of
    each doubt, in order."""

    short_forms: Mapping[str, str] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)

    def escape(self, text: str) -> str:
        """The words without word joiners, which only prevent line breaks."""
        return text.replace(JOINER, "")

    def plain(self, content: Inlines, open_quotes: int = 0, language: str = "") -> str:
        """`content` as plain text, with the line breaks of the original, as for `set`."""
        text = re.sub(" {2,}", " ", self.set(content, open_quotes, language))
        return re.sub(r"\s*\n\s*", "\n", text.strip()).replace(_INDENT, " ")

    def joined(self, content: Inlines, tags: list[str]) -> str:
        """The inlines in order. A space separates a page number from the word after it, unless the
        page begins within a word."""
        text = ""
        for inline in spaced(content):
            if isinstance(inline, NoteCall):
                text = text.rstrip(" ")
            within_a_word = bool(text) and not text.endswith(" ")
            text += self.render(inline, tags)
            if isinstance(inline, PageBreak) and not within_a_word:
                text += hold(tags, " ")
        return text

    def render(self, inline: Inline, tags: list[str]) -> str:  # noqa: C901  # a table
        """The words and the signs of an inline."""
        match inline:
            case Text(text) | Superscript(text):
                return unheld(text)
            case Emendation(reading):
                return unheld(reading)
            case LineBreak():
                return hold(tags, "\n")
            case Indent(width):
                return hold(tags, _INDENT * width)
            case Comment():
                return ""
            case CellBreak():
                return hold(tags, CELL)
            case Foreign(content, language):
                return self.apart(content, "", "", language, tags)
            case Emphasis(content, strong):
                sign = "*" if strong else "_"
                return self.around(content, sign, sign, tags)
            case Citation():
                return hold(tags, unmarked(citation_in_words(inline, self.short_forms)))
            case NoteCall(label):
                return hold(tags, f"[{label}]")
            case PageBreak(number):
                return hold(tags, f"[p.{NBSP}{number}]" if number else "[nouvelle page]")
            case Doubt(content, why):
                words = self.joined(content, tags)
                self.doubts.append(why)
                return words + hold(tags, f"[?{len(self.doubts)}]")
            case Gap(why):
                return hold(tags, f"[… {typeset(why)}]")
            case Link(content, target):
                if content == (Text(target),):
                    return hold(tags, target)
                address = f" <{target}>" if urls.WEB.fullmatch(target) else ""
                return self.joined(content, tags) + hold(tags, address)
            case StageDirection(content) | Name(content) | Speaker(content) | SmallCaps(content):
                return self.joined(content, tags)


def _body(publication: Publication, setter: _PlainSetter) -> Iterator[str]:
    """The blocks of the text."""
    return _Blocks(publication, setter, publication.document.blocks).written()


class _Blocks:
    """Writes blocks as plain text."""

    def __init__(self, publication: Publication, setter: _PlainSetter, blocks: Sequence[Block]):
        self.entries = publication.entries
        self.pictures = publication.edition.pictures
        self.setter = setter
        self.blocks = blocks
        self.depths = dict(zip(map(id, blocks), opened(blocks), strict=True))

    def written(self) -> Iterator[str]:
        """The blocks, each a paragraph of plain text."""
        return self._parts(nested(self.blocks))

    def _parts(self, parts: Iterable[Block | Branch]) -> Iterator[str]:
        for part in parts:
            if isinstance(part, Block):
                yield self._block(part)
            else:
                yield from self._container(part)

    def _container(self, branch: Branch) -> Iterator[str]:
        container = branch.container
        if container.kind == "box":
            yield from self._box(branch)
            return
        inner = list(self._parts(branch.parts))
        match container.kind:
            case "quotation":
                names = interface.AND.join(self.entries[key].name for key in container.speakers)
                inner[0] = f"[{typeset(names)}]\n{inner[0]}" if names else inner[0]
                yield from (indent(text, INDENT) for text in inner)
            case "epigraph":
                yield from (indent(text, INDENT) for text in inner)
            case "list-item":
                sign = marker_of(container) or "–"
                margin = " " * (len(sign) + 1)
                first = inner[0].lstrip("\n").replace("\n", f"\n{margin}")
                yield f"{sign} {first}"
                yield from (indent(text, margin) for text in inner[1:])
            case _:
                yield from inner

    def _box(self, box: Branch) -> Iterator[str]:
        """A box; a heading in it begins another."""
        for n, part in enumerate(box.parts):
            begins = isinstance(part, Block) and part.kind == "heading"
            if n and begins:
                yield interface.BOX_ENDS
            if not n or begins:
                yield interface.BOX_BEGINS
            yield from self._parts([part])
        yield interface.BOX_ENDS

    def _block(self, block: Block) -> str:
        if block.table:
            return self._table(block, block.table)
        text = self.setter.plain(block.content, self.depths[id(block)], block.language)
        match block.kind:
            case "heading":
                return _heading(text, block.level)
            case "verse":
                return indent(text, INDENT)
            case "break":
                return BREAK
            case "figure":
                return self._figure(block, text)
            case _:
                return text

    def _figure(self, block: Block, caption: str) -> str:
        """What the picture of a figure shows, its caption, and what `images.yaml` says of it."""
        picture = block.picture
        assert picture
        info = self.pictures.get(picture.path)
        shown = interface.PICTURE.format(shows=typeset(picture.alt), file=picture.path)
        said = (typeset(info.credit), info.source) if info else ()
        return "\n".join(filter(None, (f"[{shown}]", caption, ", ".join(filter(None, said)))))

    def _table(self, block: Block, table: Table) -> str:
        """A table, with columns as wide as their widest cells."""
        rows = [
            [self.setter.plain(cell, 0, block.language).replace("\n", " ") for cell in row]
            for row in rows_of(block.content)
        ]
        widths = [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]
        padded = {"right": str.rjust, "center": str.center}
        lines = [
            CELL.join(
                padded.get(aligned, str.ljust)(cell, width)
                for cell, aligned, width in zip(row, table.columns, widths, strict=False)
            ).rstrip()
            for row in rows
        ]
        if table.headed:
            lines.insert(1, "-+-".join("-" * width for width in widths))
        return indent("\n".join(lines), INDENT)


def _heading(text: str, level: int) -> str:
    """A heading, underlined, with an additional blank line above it."""
    width = min(max(map(len, text.split("\n"))), LONGEST_UNDERLINE)
    return f"\n{text}\n{UNDERLINES.get(level, '~') * width}"


# ---------------------------------------------------------------- front and back matter


def _head(publication: Publication) -> Iterator[str]:
    """The title, the metadata with their certainty and grounds, and the meaning of the signs."""
    summary, site = publication.summary, publication.site
    revised = f", {interface.REVISED.format(date=summary.revised)}" if summary.revised else ""
    names = interface.DETAILS
    facts = (
        *((people.role.capitalize(), people.in_full) for people in summary.people),
        (names["date"], _sure(summary.date)),
        (names["place"], _sure(summary.place)),
        (names["event"], _sure(summary.event) if summary.event.value else ""),
        (names["covers"], summary.covers),
        (names["original"], summary.original),
        (names["source"], summary.source),
        (names["identifiers"], identifiers_in_words(summary.identifiers)),
        (names["archive"], typeset(site.title)),
        (names["version"], summary.version + revised),
        (names["cited as"], publication.reference),
        (names["address"], publication.address),
        *((f"{interface.RIGHTS}, {layer.lower()}", words) for layer, words in summary.rights),
    )
    grounds = (
        f"{c.certainty[:1].upper()}{c.certainty[1:]}{NBSP}– {c.ground}" for c in summary.certainties
    )
    used = {type(inline) for p in places(publication.document) for inline in walk(p.block.content)}
    draft = f" ({interface.DRAFT})" if summary.draft else ""
    yield f"{summary.title}\n{summary.kind}{draft}"
    if summary.abstract:
        yield summary.abstract
    yield "\n".join([*(f"{name}{NBSP}: {value}" for name, value in facts if value), *grounds])
    signs = [typeset(says) for kind, says in _SIGNS if kind in used]
    if signs:
        yield "\n".join(signs)


def _sure(claim: ClaimInWords) -> str:
    """The value of a claim, with its certainty."""
    return claim.value + (f" ({claim.certainty})" if claim.certainty else "")


def _notes(publication: Publication, setter: _PlainSetter) -> Iterator[str]:
    """The notes with their labels, and with their kinds if there are several."""
    notes = publication.document.notes
    kinds = {note.kind for note in notes}
    if notes:
        yield _heading(notes_title(notes), 2)
    for note in notes:
        whose = f" (note {interface.NOTE_KINDS[note.kind]})" if len(kinds) > 1 else ""
        blocks = _Blocks(publication, setter, note.blocks).written()
        paragraphs = [text.replace("\n", f"\n{INDENT}") for text in blocks]
        yield f"[{note.label}]{whose} " + f"\n{INDENT}".join(paragraphs)


def _works(publication: Publication) -> Iterator[str]:
    """The works that the text cites, each after its short form."""
    return (f"{work.short}{NBSP}: {work.words}" for work in in_order(publication.works))


def _numbered(doubts: Iterable[str]) -> Iterator[str]:
    return (f"[?{n}] {typeset(why)}" for n, why in enumerate(doubts, start=1))


def _corrections(publication: Publication) -> Iterator[str]:
    """Every emendation: its place, what the witness has, what the edition reads, and why."""
    numbers = numbers_of(publication.document)
    emended = (_correction(e, numbers) for e in emendations(publication.edition))
    yield from _list(interface.EMENDATIONS_LISTED, emended)


def _correction(emended: Emended, numbers: Mapping[str, int]) -> str:
    emendation, place = emended.emendation, place_name(emended.place, numbers)
    # The forms are not typeset, since that would hide some changes.
    was = f"«{THIN}{emendation.witness}{THIN}»" if emendation.witness else interface.NOTHING
    now = f"«{THIN}{emendation.reading}{THIN}»" if emendation.reading else interface.WORD_DELETED
    why = f" ({typeset(emendation.why)})" if emendation.why else ""
    return f"{place}{NBSP}: {was} → {now}{why}"


def _list(title: str, items: Iterable[str]) -> Iterator[str]:
    """A section with a line for each item; nothing if there are no items."""
    lines = [*items]
    if lines:
        yield _heading(title, 2)
        yield "\n".join(lines)
