"""Quotation marks: which open, which close, and how deep they nest.

Witnesses mix `"`, `“`, `”`, `«`, `»`. Whether a mark opens or closes is decided by the characters
around it, then by its shape, then by whether a mark is open. Pages use the French marks:
« “ ‘ ’ ” ».
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from msgspec import structs

from archive_site.text.document import NESTING, Block, Foreign, Inlines, is_french
from archive_site.text.reading import reading_text, walk

MARKS = '«»"“”„'
OPENING = ("«", "“", '"', "„")
SPACES = " \u00a0\u202f"
PAIRS = (("«\u202f", "\u202f»"), ("“", "”"), ("‘", "’"))
"""The opening and the closing mark on a page, by depth; the outermost have a thin space inside."""
_BEFORE_OPENING = "([’'‘-–—/"
_AFTER_CLOSING = ".,;:!?…)]/"
_RUN = re.compile(f"[{MARKS}]+")
_SPACES = re.compile(f"[{SPACES}]*")


@dataclass(frozen=True, slots=True)
class QuotationMark:
    """The mark at index `at` of a text: whether it opens, and its depth (1: outermost; 0: it
    closes, but none is open)."""

    at: int
    opens: bool
    depth: int


@dataclass(frozen=True, slots=True)
class Paired:
    """The marks of a text. `left`: those that are never closed, the innermost last. `open`: how
    many are open at its end, counting those that were open before it."""

    marks: tuple[QuotationMark, ...]
    left: tuple[QuotationMark, ...]
    open: int

    @property
    def sound(self) -> bool:
        """Whether every closing mark has an opening one."""
        return all(mark.depth for mark in self.marks)


def has_marks(text: str) -> bool:
    """Whether `text` contains a mark. Most texts have none, and searching for each mark in turn is
    far faster than one regular expression."""
    return any(map(text.__contains__, MARKS))


def pair(text: str, open_quotes: int = 0) -> Paired:
    """The marks of `text`, with `open_quotes` marks open before it. Its first mark may repeat one
    that is open, as in French at the beginning of each paragraph of a long quotation."""
    if not has_marks(text):
        return Paired((), (), open_quotes)
    again = bool(open_quotes) and text.lstrip().startswith(OPENING)
    paired = _pair(text, open_quotes, again)
    if again and not paired.sound:
        other = _pair(text, open_quotes, again=False)
        return other if other.sound else paired
    return paired


def _pair(text: str, open_quotes: int, again: bool) -> Paired:
    marks: list[QuotationMark] = []
    stack: list[QuotationMark | None] = [None] * open_quotes
    for run in _RUN.finditer(text):
        first, end = run.span()
        before, after = text[first - 1 : first], text[end : end + 1]
        for at in range(first, end):
            if again and not marks:
                mark = QuotationMark(at, True, len(stack))
            elif _opens(text[at], before, after, bool(stack)):
                mark = QuotationMark(at, True, len(stack) + 1)
                stack.append(mark)
            else:
                mark = QuotationMark(at, False, len(stack))
                if stack:
                    stack.pop()
            marks.append(mark)
    return Paired(tuple(marks), tuple(filter(None, stack)), len(stack))


def _opens(mark: str, before: str, after: str, inside: bool) -> bool:
    """Whether a mark opens. `before` and `after` are the characters around the run of marks that it
    is in (empty at the beginning and the end of the text); `inside`: a mark is open."""
    if mark in "«»":
        return mark == "«"
    may_open = not before or before.isspace() or before in _BEFORE_OPENING
    may_close = not after or after.isspace() or after in _AFTER_CLOSING
    if may_open != may_close:
        return may_open
    return mark in "“„" or (mark == '"' and not inside)


def opened(blocks: Iterable[Block]) -> list[int]:
    """For each of `blocks`, in reading order, how many marks the previous blocks have left open. A
    block that neither continues a quotation nor begins with an opening mark has none."""
    return [depth for _, depth, _ in _read(blocks)]


def unpaired(blocks: Iterable[Block]) -> Iterator[tuple[Block, str]]:
    """Every mark that does not pair: its block, and the words around it."""
    blocks = tuple(blocks)
    read = list(_read(blocks))
    depths = [*(depth for _, depth, _ in read), 0]
    for block, (text, _, paired), open_after in zip(blocks, read, depths[1:], strict=True):
        wrong = [mark for mark in paired.marks if not mark.depth]
        if paired.open and not open_after:
            wrong += paired.left or paired.marks[:1]
        for mark in wrong:
            yield block, text[max(0, mark.at - 30) : mark.at + 30].strip()


def _read(blocks: Iterable[Block]) -> Iterator[tuple[str, int, Paired]]:
    """For each of `blocks`, its words, how many marks are open before it, and its own marks."""
    open_before = 0
    for block in blocks:
        if block.kind == "table" or not is_french(block.language):
            # Another language has marks of its own; in a table, » repeats the cell above.
            yield "", 0, Paired((), (), 0)
            open_before = 0
            continue
        text = reading_text(_french(block.content))
        goes_on = block.continues or text.lstrip().startswith(OPENING)
        depth = open_before if goes_on else 0
        paired = pair(text, depth)
        yield text, depth, paired
        open_before = paired.open


def _french(content: Inlines) -> Inlines:
    """`content` without the words in other languages, whose marks are left as they are."""
    if not any(isinstance(inline, Foreign) for inline in walk(content)):
        return content
    return tuple(
        structs.replace(inline, content=_french(inline.content))
        if isinstance(inline, NESTING)
        else inline
        for inline in content
        if not isinstance(inline, Foreign)
    )


@dataclass(frozen=True, slots=True)
class Setting:
    """A French mark: `sign` replaces the characters `start` to `end` of a text, including the
    spaces inside the quotation beside the mark."""

    start: int
    end: int
    sign: str
    opens: bool


def settings(text: str, open_quotes: int = 0) -> Iterator[Setting]:
    """The French marks that replace the marks in `text`. An unmatched closing mark is skipped: it
    stays unchanged."""
    last = 0
    for mark in pair(text, open_quotes).marks:
        if not mark.depth:
            continue
        start, end = mark.at, mark.at + 1
        if mark.opens:
            end = _SPACES.match(text, end).end()  # type: ignore[union-attr]  # it always matches
        else:
            start = last + len(text[last:start].rstrip(SPACES))
        yield Setting(
            start, end, PAIRS[min(mark.depth, len(PAIRS)) - 1][not mark.opens], mark.opens
        )
        last = end
