"""Measure what OCR has read: words with boxes → characters with baselines and sizes, in points.

Pages are turned upright by the slope of their lines. The size of the type is measured by the height
of the words, since few files say it and fewer say it right.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from archive_site.sources.lines import RAISED_INK, Glyph, RawPage
from archive_site.sources.ocr.records import Box, OcrLine, OcrPage, OcrWord, Point

TALL, FIGURE, SMALL_T, LOW, DEEP = 0.70, 0.66, 0.58, 0.45, 0.21
"""How far letters reach above the baseline, and letters such as g below it, in ems."""
WHOLE_HEIGHT = 1.25
"""How high the box of a whole line is, in ems: it has some space around it."""
_DEEP = frozenset("gjpqyçQþ")
_LOW = frozenset("acemnorsuvwxzœæıgpqyç")
_FLAT_ENDS = frozenset(".")
_VAGUE = frozenset("-–—_'’‘\"“”«»*°^~·•,;:!?…()[]{}|/\\")
"""Characters that do not tell where the baseline is."""
_STANDING = frozenset("!?|&$§®©()[]")
"""Characters, besides letters and figures, that stand on the baseline."""
LONG_ENOUGH = 3
"""The least number of words of a line that tells the slope of its page."""
STEEPEST = 0.1
"""The greatest slope of a page."""
RESOLUTIONS = (72, 96, 100, 150, 200, 240, 300, 400, 600, 1200)
"""How many pixels an inch may have, if the file does not say it."""
USUAL_SIZE, SIZES = 10.5, (4.5, 30.0)
"""The size of type that the resolution of a page is chosen by, and the least and the greatest that
show that the file says it right, in points."""
STEP = 0.04
"""Sizes that differ by less than this share are one."""
SNAP = 0.12
"""A line whose size differs by at most this share from one that many lines have, has that."""
FREQUENT = 0.04
"""The least share of the characters of a text in a size that many lines have."""
INITIAL = 1.9
"""A word of one or two characters is an initial if it is so many times as large as its line."""
RAISED_SIZE = 0.62
"""The size of raised characters, as a share of that of their line."""
RAISED_HEIGHT = 0.62
"""The greatest height of a raised character, in ems of its line."""


@dataclass(frozen=True, slots=True)
class _MeasuredLine:
    """A line of an upright page: its words, the height of its baseline, the size of its type; in
    the unit of the file."""

    words: tuple[OcrWord, ...]
    baseline: float
    size: float
    column: int
    turn: int
    whole: bool = False

    @property
    def length(self) -> int:
        """The number of its characters."""
        return sum(len(word.text) for word in self.words)


def raw_pages(pages: Sequence[OcrPage]) -> list[RawPage]:
    """The pages as characters with their places, in points."""
    measured = [[_measured(line) for line in upright(page).lines if line.words] for page in pages]
    scales = [_points(page, lines) for page, lines in zip(pages, measured, strict=True)]
    sizes = _sizes([(lines, points) for lines, points in zip(measured, scales, strict=True)])
    return [
        RawPage(
            page.width * points,
            page.height * points,
            tuple(glyph for line in lines for glyph in _glyphs(line, points, sizes)),
            scanned=True,
        )
        for page, lines, points in zip(pages, measured, scales, strict=True)
    ]


# ---------------------------------------------------------------- slope and baseline


def upright(page: OcrPage) -> OcrPage:
    """The page, turned so that its lines are level."""
    slopes = [slope for line in page.lines if (slope := _slope(line)) is not None]
    slope = median(slopes) if slopes else 0.0
    if not 0 < abs(slope) <= STEEPEST:
        return page
    cosine = 1 / math.hypot(1, slope)
    sine = slope * cosine

    def turned(point: Point) -> Point:
        x, y = point[0] - page.width / 2, point[1] - page.height / 2
        return x * cosine + y * sine + page.width / 2, y * cosine - x * sine + page.height / 2

    def turned_box(box: Box) -> Box:
        (x, y), (left, top) = box.middle, turned(box.middle)
        dx, dy = left - x, top - y
        return Box(box.left + dx, box.top + dy, box.right + dx, box.bottom + dy)

    return replace(
        page,
        lines=tuple(
            replace(
                line,
                words=tuple(
                    replace(
                        word,
                        box=turned_box(word.box),
                        letters=tuple(map(turned_box, word.letters)),
                    )
                    for word in line.words
                ),
                baseline=tuple(map(turned, line.baseline)),
            )
            for line in page.lines
        ),
    )


def _slope(line: OcrLine) -> float | None:
    """How much a long line falls to the right; None if that cannot be told."""
    if line.turn or len(line.words) < LONG_ENOUGH:
        return None
    points = [*line.baseline] or [(word.box.middle[0], _foot(word)) for word in line.words]
    (x, y), (right, bottom) = points[0], points[-1]
    if len(points) > 2:
        third = max(1, len(points) // 3)
        x, y = (median(values) for values in zip(*points[:third], strict=True))
        right, bottom = (median(values) for values in zip(*points[-third:], strict=True))
    return (bottom - y) / (right - x) if right > x else None


def _foot(word: OcrWord) -> float:
    """The baseline that the box of a word tells."""
    above, below = reach_of(word.text)
    return word.box.bottom - word.box.height * below / (above + below)


def reach_of(text: str) -> tuple[float, float]:
    """How far a word reaches above the baseline and below it, in ems."""
    above = max(
        (
            LOW if c in _LOW else SMALL_T if c == "t" else FIGURE if c.isdigit() else TALL
            for c in text
            if c.isalnum()
        ),
        default=LOW,
    )
    deep = any(c in _DEEP for c in text) or any(c in "()[]{}|/" for c in text)
    return above, DEEP if deep else 0.12 if any(c in ",;" for c in text) else 0.0


def _measured(line: OcrLine) -> _MeasuredLine:
    if line.whole:
        return _measured_whole(line)
    telling = [w for w in line.words if _tells(w.text)] or list(line.words)
    ems = [word.box.height / sum(reach_of(word.text)) for word in telling]
    weighed = [em for em, word in zip(ems, telling, strict=True) for _ in word.text]
    size = median(weighed)
    xs, ys = [x for x, _ in line.baseline], [y for _, y in line.baseline]
    baseline = median(ys) if xs else median(map(_foot, telling))
    return _MeasuredLine(line.words, baseline, size, line.column, line.turn)


def _measured_whole(line: OcrLine) -> _MeasuredLine:
    box = line.words[0].box
    size = box.height / WHOLE_HEIGHT
    baseline = median(y for _, y in line.baseline) if line.baseline else box.bottom - DEEP * size
    return _MeasuredLine(line.words, baseline, size, line.column, line.turn, whole=True)


def _tells(text: str) -> bool:
    """Whether the box of a word tells the size of its type."""
    return sum(c.isalnum() for c in text) >= 2 and not all(c in _VAGUE for c in text)


# ---------------------------------------------------------------- sizes


def _points(page: OcrPage, lines: Sequence[_MeasuredLine]) -> float:
    """How many points the unit of a page has: as the file says, or else as many as make the usual
    type of the page most like that of books."""
    weighed = [line.size for line in lines for _ in range(line.length)]
    size = median(weighed) if weighed else 0.0
    said = page.points
    if said and (not size or SIZES[0] <= size * said <= SIZES[1]):
        return said
    if not size:
        return 72 / 300
    return min((72 / n for n in RESOLUTIONS), key=lambda p: abs(math.log(size * p / USUAL_SIZE)))


def _sizes(pages: Sequence[tuple[Sequence[_MeasuredLine], float]]) -> Sequence[float]:
    """The sizes, in points, that many lines of a text have; measured ones differ a little."""
    counts: Counter[int] = Counter()
    for lines, points in pages:
        for line in lines:
            if line.size > 0:
                counts[_bin(line.size * points)] += line.length
    least = FREQUENT * counts.total()
    smooth = {n: counts[n - 1] + 2 * counts[n] + counts[n + 1] for n in counts}
    peaks = [
        n
        for n in sorted(counts)
        if smooth[n] >= 2 * least
        and smooth[n] >= smooth.get(n - 1, 0)
        and smooth[n] > smooth.get(n + 1, 0)
    ]
    return [round((1 + STEP) ** n, 1) for n in peaks]


def _bin(size: float) -> int:
    return round(math.log(max(size, 0.1)) / math.log(1 + STEP))


def _snapped(size: float, sizes: Sequence[float]) -> float:
    """A size as many lines have it, if one of theirs is near; else rounded."""
    near = min(sizes, key=lambda other: abs(other - size), default=0.0)
    return near if abs(near - size) <= SNAP * size else round(size) or 1.0


# ---------------------------------------------------------------- characters


def _glyphs(line: _MeasuredLine, points: float, sizes: Sequence[float]) -> Iterator[Glyph]:
    size = _snapped(line.size * points, sizes)
    for word in line.words:
        own = line.size if line.whole else word.box.height / sum(reach_of(word.text))
        initial = len(word.text) <= 2 and own > INITIAL * line.size and word.text[0].isalpha()
        type_ = replace(word.type, size=round(own * points) if initial else size)
        boxes = word.letters or tuple(_letters(word))
        edges = [word.box.left, *(_between(a, b) for a, b in pairwise(boxes)), word.box.right]
        for n, (char, box) in enumerate(zip(word.text, boxes, strict=True)):
            raised = type_.raised or (
                _is_raised(char, box, line) and (bool(word.letters) or len(word.text) <= 2)
            )
            kind = (
                replace(type_, size=round(RAISED_SIZE * size, 1), raised=True) if raised else type_
            )
            yield Glyph(
                char=char,
                left=edges[n] * points,
                right=edges[n + 1] * points,
                ink_top=box.top * points,
                ink_bottom=box.bottom * points,
                baseline=(box.bottom if initial else line.baseline) * points,
                type=kind,
                spaced=n == 0 and word.spaced,
                turn=line.turn,
                column=line.column,
                confidence=word.confidence,
            )


def _letters(word: OcrWord) -> Iterator[Box]:
    """The boxes of the characters of a word, each with its share of the width."""
    whole = len(word.text)
    return (word.box.part(n / whole, (n + 1) / whole) for n in range(whole))


def _between(box: Box, after: Box) -> float:
    """Where a character ends and the next one of its word begins."""
    return (box.right + after.left) / 2


def _is_raised(char: str, box: Box, line: _MeasuredLine) -> bool:
    """Whether a character stands above the baseline that others stand on."""
    low = box.bottom < line.baseline - RAISED_INK * line.size
    return (char.isalnum() or char in _STANDING) and low and box.height <= RAISED_HEIGHT * line.size
