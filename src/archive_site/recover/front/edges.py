"""The lines at the edges of a text, where it says what it is: its title, its head, its tail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from archive_site.recover.front.datelines import read_dateline
from archive_site.text.document import Block, BlockKind
from archive_site.text.reading import reading_text

HEAD, TAIL = 14, 10
"""The most blocks that the head and the tail of a text have."""
PROSE = 30
"""A paragraph of more words is running text, which ends the head and the tail."""
OPENING = 400
"""How many characters of the first paragraph of running text may say when and where it was
written."""
SENTENCE, BEGINNING = 12, 60
"""A paragraph of more words may close a text; so many characters of one may date it."""
LISTED = 4
"""Words of which at least one of so many has a comma after it are a list, as signatures are."""
PRINTED = 8
"""The most words of a line of a title page, which may be set in as a quotation is."""
QUOTED = ("quotation", "box", "epigraph", "speech", "postscript")
"""What is in these containers is not said by the text as a whole."""
_POSTSCRIPT = re.compile(r"P\.?[\s–-]*S\.|N\.?\s?B\.\s")


@dataclass(frozen=True, slots=True)
class EdgeLine:
    """A line of a block at an edge of a text. `last` says that no line of the block follows."""

    text: str
    kind: BlockKind
    level: int = 0
    last: bool = True


@dataclass(frozen=True, slots=True)
class Edges:
    """The title of a text, the lines below it down to the running text, the beginning and the end
    of the running text, and the lines after it. `lines` are all short lines of the text,
    `paragraphs` the first words of each paragraph."""

    title: str
    head: tuple[EdgeLine, ...]
    opening: str
    closing: str
    tail: tuple[EdgeLine, ...]
    lines: tuple[EdgeLine, ...]
    paragraphs: tuple[str, ...] = ()

    @property
    def greetings(self) -> tuple[EdgeLine, ...]:
        """The salutations of the text: a correspondence has several."""
        return tuple(line for line in self.lines if line.kind == "salutation")


def edges_of(blocks: Sequence[Block]) -> Edges:
    """The edges of a text. What it quotes is in none of them."""
    long = (n for n, b in enumerate(blocks) if b.kind == "paragraph" and not _is_printed(b))
    first = next(long, len(blocks))
    own = [b for n, b in enumerate(blocks) if n < first or not _is_quoted(b)]
    title = next((b for b in own if b.kind == "heading" and b.level == 1), None)
    if title and read_dateline(words_of(title)):  # a dateline that is set as a title is
        title = None
    rest = [block for block in own if block is not title]
    prose = [block for block in rest if _is_prose(block)]
    sentences = [block for block in rest if _is_sentence(block)]
    return Edges(
        words_of(title) if title else "",
        tuple(_lines(_head(rest))),
        words_of(prose[0])[:OPENING] if prose else "",
        words_of(sentences[-1])[-OPENING:] if sentences else "",
        tuple(_lines(_tail(rest))),
        tuple(_lines(block for block in rest if not _is_prose(block))),
        tuple(words_of(block)[:BEGINNING] for block in rest if block.kind == "paragraph"),
    )


def _is_quoted(block: Block) -> bool:
    return any(container.kind in QUOTED for container in block.within)


def _is_printed(block: Block) -> bool:
    """Whether a block may be a line of a title page."""
    return len(words_of(block).split()) <= PRINTED


def words_of(block: Block) -> str:
    """The words of a block, with single spaces."""
    return " ".join(reading_text(block.content).split())


def _is_prose(block: Block) -> bool:
    return block.kind == "paragraph" and len(words_of(block).split()) > PROSE


def _is_sentence(block: Block) -> bool:
    """Whether a block is a paragraph with a sentence, and neither a dateline nor a list of
    names."""
    words = words_of(block)
    length = len(words.split())
    listed = LISTED * sum(map(words.count, ",;")) >= length
    return (
        block.kind == "paragraph" and length > SENTENCE and not listed and not read_dateline(words)
    )


def _head(blocks: Sequence[Block]) -> Iterator[Block]:
    return islice(takewhile(lambda block: not _is_prose(block), blocks), HEAD)


def _tail(blocks: Sequence[Block]) -> list[Block]:
    """The last blocks, in order, down to running text. A postscript is passed over. A heading below
    which no text stands is a line as any other: signatures may be set as titles are."""
    left = list(blocks)
    last = next((n for n, b in enumerate(left) if n and _POSTSCRIPT.match(words_of(b))), len(left))
    if last > len(left) // 2:
        left = left[:last]
    lines = takewhile(lambda block: not _is_sentence(block), reversed(left))
    found = list(islice(lines, TAIL))[::-1]
    headings = [n for n, block in enumerate(found) if block.kind == "heading"]
    texts = [n for n, block in enumerate(found) if block.kind in ("paragraph", "verse", "stage")]
    above = [n for n in headings if texts and n < texts[-1]]
    return found[above[-1] + 1 :] if above else found


def _lines(blocks: Iterable[Block]) -> Iterator[EdgeLine]:
    for block in blocks:
        lines = [
            " ".join(line.split()) for line in reading_text(block.content, end="\n").split("\n")
        ]
        lines = [line for line in lines if line]
        for n, line in enumerate(lines, start=1):
            yield EdgeLine(line, block.kind, block.level, n == len(lines))
