"""A witness as it was printed: pages of lines, each with its place and the type it is set in.

Measured by `sources` from a PDF or from what OCR has read. Lengths are in points; y grows downwards
from the top of the page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Type:
    """The type that characters are set in: the name of the font, its size in points, and whether it
    is italic, bold, small capitals; `raised` characters stand above the line."""

    font: str = ""
    size: float = 0.0
    italic: bool = False
    bold: bool = False
    small_caps: bool = False
    raised: bool = False


@dataclass(frozen=True, slots=True)
class TypeSpan:
    """Characters of a line in one type, their horizontal place, and how sure OCR is of their words
    (from 0 to 1)."""

    text: str
    type: Type
    left: float
    right: float
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class PrintedWord:
    """A word of a line, its horizontal place, and how sure OCR is of it."""

    text: str
    left: float
    right: float
    confidence: float


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of a page. `left`, `right`, `top`, `bottom` are its box, `baseline` its baseline.
    `column` numbers the columns of the page in reading order; lines across the page are columns of
    their own. A gap of the width of a cell or more parts `cells`."""

    page: int
    column: int
    left: float
    right: float
    top: float
    bottom: float
    baseline: float
    cells: tuple[tuple[TypeSpan, ...], ...]
    turned: bool = False

    @property
    def spans(self) -> tuple[TypeSpan, ...]:
        """Its characters."""
        return tuple(span for cell in self.cells for span in cell)

    @property
    def text(self) -> str:
        """Its characters as a line of plain text."""
        return GAP.join("".join(span.text for span in cell) for cell in self.cells)

    @property
    def printed_words(self) -> list[PrintedWord]:
        """Its words, in order: characters without spaces between them."""
        words: list[PrintedWord] = []
        for cell in self.cells:
            begins = True
            for span in cell:
                width = (span.right - span.left) / max(len(span.text.rstrip()), 1)
                for part in re.finditer(r"\S+", span.text):
                    joined = not begins and part.start() == 0
                    left, right = span.left + part.start() * width, span.left + part.end() * width
                    if joined:
                        before = words.pop()
                        sure = min(before.confidence, span.confidence)
                        words.append(PrintedWord(before.text + part[0], before.left, right, sure))
                    else:
                        words.append(PrintedWord(part[0], left, right, span.confidence))
                begins = span.text[-1:].isspace()
        return words

    @property
    def size(self) -> float:
        """The size of most of its characters, in points."""
        sizes: dict[float, int] = {}
        for span in self.spans:
            if not span.type.raised:
                sizes[span.type.size] = sizes.get(span.type.size, 0) + len(span.text.strip())
        return max(sizes, key=lambda size: (sizes[size], size), default=self.spans[0].type.size)


GAP = "  "
"""What stands in plain text for a gap between cells."""


@dataclass(frozen=True, slots=True)
class DrawnRule:
    """A horizontal line drawn on a page."""

    left: float
    right: float
    y: float


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """A page: its size in points, its lines in reading order, the rules drawn on it, and whether it
    is a scan whose characters OCR has read."""

    width: float
    height: float
    lines: tuple[PrintedLine, ...]
    rules: tuple[DrawnRule, ...] = ()
    scanned: bool = False
