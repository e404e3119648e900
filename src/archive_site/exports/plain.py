"""Plain text for any editor, typeset as on the page, with one line for each paragraph.

Additions to the text are in square brackets; the head explains each sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from textwrap import indent

from archive_site import interface
from archive_site.corpus import urls
from archive_site.corpus.apparatus import Emended, emendations, numbers_of, places
from archive_site.corpus.summary import ClaimInWords
from archive_site.exports.publication import Publication, place_name
from archive_site.text.document import (
    Block,
    Doubt,
    Emendation,
    Emphasis,
    Gap,
    Inline,
    Inlines,
    LineBreak,
    Link,
    Name,
    NoteCall,
    PageBreak,
    StageDirection,
    Superscript,
    Text,
)
from archive_site.text.quotes import opened
from archive_site.text.reading import walk
from archive_site.text.typesetter import Typesetter, hold, unheld
from archive_site.text.typography import JOINER, NBSP, THIN, typeset
from archive_site.views.blocks import notes_title

RULE = "* * *"
INDENT = "    "
UNDERLINES = {1: "=", 2: "-"}
"""The characters that underline headings, by level; deeper headings have `~`."""
LONGEST_UNDERLINE = 72
_SIGNS: tuple[tuple[type[Inline], str], ...] = (
    (NoteCall, interface.SIGNS["note call"]),
    (PageBreak, interface.SIGNS["page break"]),
    (Gap, interface.SIGNS["gap"]),
    (Doubt, interface.SIGNS["doubt"]),
    (Emphasis, interface.SIGNS["emphasis"]),
    (Emendation, interface.SIGNS["emendation"]),
)


def as_text(publication: Publication) -> bytes:
    """`<id>.txt`: the metadata, the text, its notes, the editor's remarks and the emendations."""
    setter = _PlainSetter()
    body = list(_body(publication, setter))
    apparatus = [
        *_notes(publication, setter),
        *_list(interface.REMARKS, map(typeset, publication.meta.remarks)),
        *_list(interface.DOUBTS, _numbered(setter.doubts)),
        *_corrections(publication),
    ]
    parts = [*_head(publication), RULE, *body, *([RULE] if apparatus else ()), *apparatus]
    return ("\n\n".join(parts) + "\n").encode()


# ---------------------------------------------------------------- the text


@dataclass(slots=True)
class _PlainSetter(Typesetter):
    """Sets words as plain text. `doubts` collects the reason of each doubt, in order."""

    doubts: list[str] = field(default_factory=list)

    def escape(self, text: str) -> str:
        """The words without word joiners, which only prevent line breaks."""
        return text.replace(JOINER, "")

    def plain(self, content: Inlines, open_quotes: int = 0) -> str:
        """`content` as plain text, with the line breaks of the original. `open_quotes` is the
        number of quotation marks open before it."""
        text = re.sub(" {2,}", " ", self.set(content, open_quotes))
        return re.sub(r"\s*\n\s*", "\n", text.strip())

    def joined(self, content: Inlines, tags: list[str]) -> str:
        """The inlines in order. A space separates a page number from the word after it, unless the
        page begins within a word."""
        text = ""
        for inline in content:
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
            case Emphasis(content, strong):
                sign = "*" if strong else "_"
                return self.around(content, sign, sign, tags)
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
            case StageDirection(content) | Name(content):
                return self.joined(content, tags)


def _body(publication: Publication, setter: _PlainSetter) -> Iterator[str]:
    """The blocks of the text. A heading within a box begins a new box."""
    blocks = publication.document.blocks
    boxed = False
    for block, depth in zip(blocks, opened(blocks), strict=True):
        begins = block.boxed and (block.kind == "heading" or not boxed)
        if boxed and (begins or not block.boxed):
            yield interface.BOX_ENDS
        if begins:
            yield interface.BOX_BEGINS
        boxed = block.boxed
        yield _block(publication, block, setter.plain(block.content, depth))
    if boxed:
        yield interface.BOX_ENDS


def _block(publication: Publication, block: Block, text: str) -> str:
    match block.kind:
        case "heading":
            return _heading(text, block.level)
        case "list-item":
            return f"– {text}"
        case "quotation":
            names = typeset(
                interface.AND.join(publication.entries[key].name for key in block.speakers)
            )
            return indent(f"[{names}]\n{text}" if names and not block.continues else text, INDENT)
        case _:
            return text


def _heading(text: str, level: int) -> str:
    """A heading, underlined, with an additional blank line above it."""
    width = min(max(map(len, text.split("\n"))), LONGEST_UNDERLINE)
    return f"\n{text}\n{UNDERLINES.get(level, '~') * width}"


# ---------------------------------------------------------------- front and back matter


def _head(publication: Publication) -> Iterator[str]:
    """The title, the metadata with their certainty and grounds, and the meaning of the signs."""
    summary, site = publication.summary, publication.site
    years = f" ({summary.creator.years})" if summary.creator.years else ""
    revised = f", {interface.REVISED.format(date=summary.revised)}" if summary.revised else ""
    names = interface.DETAILS
    facts = (
        (summary.creator.role.capitalize(), summary.creator.in_full + years),
        (names["date"], _sure(summary.date)),
        (names["place"], _sure(summary.place)),
        (names["event"], _sure(summary.event) if summary.event.value else ""),
        (names["covers"], summary.covers),
        (names["source"], summary.source),
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
        depths = opened(note.blocks)
        paragraphs = [setter.plain(b.content, d) for b, d in zip(note.blocks, depths, strict=True)]
        yield f"[{note.label}]{whose} " + f"\n{INDENT}".join(paragraphs)


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
