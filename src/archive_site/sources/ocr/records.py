"""What OCR has read, in the unit of its file: pages of lines of words, each with its box."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from archive_site.witness.printed import Type

FARTHEST = 1e6
"""The greatest number that can be a place on a page, whatever the unit."""
PLAIN = Type()
"""Type of which nothing is known."""
Point = tuple[float, float]


class Box(NamedTuple):
    """Where something stands on a page; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """How high it is."""
        return self.bottom - self.top

    @property
    def middle(self) -> Point:
        """Its middle."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def part(self, start: float, end: float) -> Box:
        """The part of it between two shares of its width."""
        width = self.right - self.left
        return self._replace(left=self.left + start * width, right=self.left + end * width)


@dataclass(frozen=True, slots=True)
class OcrWord:
    """A word, its box, how sure OCR is of it (from 0 to 1), and the type that it is set in, as far
    as that is known. `letters` has the box of each character, or nothing. `spaced`: a space stands
    before it."""

    text: str
    box: Box
    confidence: float = 1.0
    type: Type = PLAIN
    letters: tuple[Box, ...] = ()
    spaced: bool = True


@dataclass(frozen=True, slots=True)
class OcrLine:
    """A line: its words, points of its baseline (none: it is not known), the column that the file
    says it is in (0: it says none), and the quarter turns by which it is turned. `whole`: only the
    line has a box, in which its words have shares."""

    words: tuple[OcrWord, ...]
    baseline: tuple[Point, ...] = ()
    column: int = 0
    turn: int = 0
    whole: bool = False


@dataclass(frozen=True, slots=True)
class OcrPage:
    """A page: its size, its lines in the order of the file, and how many points its unit has (0:
    that is not known)."""

    width: float
    height: float
    lines: tuple[OcrLine, ...]
    points: float = 0.0


@dataclass(frozen=True, slots=True)
class OcrText:
    """The pages of a file, and the program that has read them, with its version (empty: the file
    does not say so)."""

    pages: tuple[OcrPage, ...]
    reader: str = ""


def number_of(written: str | None) -> float | None:
    """A number that can be a place on a page; None if it is none."""
    try:
        number = float(written or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) <= FARTHEST else None


def share_of(written: str | None, whole: float) -> float:
    """How sure OCR is, from a number of which `whole` means certain; 1 if there is none."""
    number = number_of(written)
    return 1.0 if number is None else min(max(number / whole, 0.0), 1.0)


def box_of(places: Sequence[float | None]) -> Box | None:
    """The box with these sides (left, top, right, bottom); None if they enclose nothing."""
    left, top, right, bottom = places
    if left is None or top is None or right is None or bottom is None:
        return None
    return Box(left, top, right, bottom) if left < right and top < bottom else None


def around(points: Sequence[Point]) -> Box | None:
    """The box around points; None if they enclose nothing."""
    if not points:
        return None
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return box_of((min(xs), min(ys), max(xs), max(ys)))


def words_of(
    text: str, box: Box, confidence: float = 1.0, type_: Type = PLAIN, spaced: bool = True
) -> Iterator[OcrWord]:
    """The words of a text in a box, each with its share of the width."""
    whole = len(text)
    at = 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        part = box.part(start / whole, at / whole)
        yield OcrWord(word, part, confidence, type_, spaced=spaced or start > 0)
