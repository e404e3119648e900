"""How a text is set: its type, the distance of its lines, its margins, its indent."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from archive_site.recover.printed.labels import Places
from archive_site.recover.printed.lines import SetLine, same_size

UPPER = 0.5
"""The share of a column, from its top, in which most of the type is that of the text: notes are
below."""
LEAST_LINES = 6
"""A column with fewer lines of the text has the margins of another."""
JUSTIFIED = 0.75
"""The share of lines within paragraphs that end at the margin if lines are justified."""
LEAD = 12.0
"""The distance of the lines of a plain text."""
INDENTS = (0.6, 4.2)
"""The least and the greatest indent of first lines, in ems."""
LEAST_INDENTED = 0.03
"""The least share of lines with the indent of first lines."""
_CLOSED = re.compile(r"[.!?…»:]\W*$")


@dataclass(frozen=True, slots=True)
class Measure:
    """The margins of a column of text, in points."""

    left: float
    right: float

    @property
    def width(self) -> float:
        """How wide the column is."""
        return self.right - self.left


@dataclass(frozen=True, slots=True)
class TextSetting:
    """How a text is set: the size of its type, whether that is bold or italic, the distance of its
    lines by size (`leads`), the margins of each column of each page, the indent of first lines (0:
    they have none), whether its lines are justified, how the places of its lines are known, and
    whether calls of notes may be figures that are not raised. Lengths are in points."""

    size: float
    bold: bool
    italic: bool
    leads: Mapping[float, float]
    frames: Mapping[tuple[int, int], Measure]
    indent: float
    justified: bool
    places: Places
    unraised: bool = False

    @property
    def scanned(self) -> bool:
        """Whether it is a scan."""
        return self.places == "scanned"

    @property
    def estimated(self) -> bool:
        """Whether it is a plain text."""
        return self.places == "estimated"

    @property
    def any_figure(self) -> bool:
        """Whether any figure may call a note."""
        return self.estimated or self.unraised

    def lead(self, size: float) -> float:
        """The usual distance of the baselines of lines of a size."""
        known = [other for other in self.leads if abs(other - size) <= 0.06 * size]
        if known:
            return self.leads[min(known, key=lambda other: abs(other - size))]
        return size * self.leads.get(self.size, 1.2 * self.size) / self.size

    def frame(self, line: SetLine) -> Measure:
        """The margins of the column of a line."""
        return self.frames[line.page, line.column]

    def is_text(self, size: float) -> bool:
        """Whether type of a size has the size of the text."""
        return same_size(size, self.size, self.scanned)

    def alike(self, a: float, b: float) -> bool:
        """Whether two sizes of type are the same."""
        return same_size(a, b, self.scanned)


def setting_of(lines: Sequence[SetLine], places: Places) -> TextSetting:
    """How a text with these lines is set."""
    scanned = places == "scanned"
    size, bold, italic = _main_type(lines)
    frames = _frames(lines, size)
    body = [line for line in lines if same_size(line.size, size, scanned)]
    within = [
        frames[a.page, a.column].right - a.right
        for a, b in pairwise(body)
        if follows(a, b)
        and b.left - frames[b.page, b.column].left < 0.4 * size
        and not _CLOSED.search(a.words)
    ]
    full = sum(room < 0.6 * size for room in within)
    justified = bool(within) and full >= JUSTIFIED * len(within)
    indent = _indent(body, frames, size)
    leads = {line.size: LEAD for line in lines} if places == "estimated" else _leads(lines)
    return TextSetting(size, bold, italic, leads, frames, indent, justified, places)


def follows(above: SetLine, line: SetLine) -> bool:
    """Whether a line stands below another in its column."""
    same = (above.page, above.column) == (line.page, line.column)
    return same and line.baseline > above.baseline


def _main_type(lines: Sequence[SetLine]) -> tuple[float, bool, bool]:
    """The size of most of the type, and whether most of it is bold and italic."""
    counts: Counter[tuple[float, str]] = Counter()
    bold: Counter[bool] = Counter()
    italic: Counter[bool] = Counter()
    for _, group in groupby(lines, key=lambda line: (line.page, line.column)):
        column = list(group)
        for line in column[: max(2, round(UPPER * len(column)))]:
            for span in line.spans:
                counts[span.type.size, span.type.font] += len(span.text)
                bold[span.type.bold] += len(span.text)
                italic[span.type.italic] += len(span.text)
    size = counts.most_common(1)[0][0][0] if counts else 10.0
    return size or 10.0, bold[True] > bold[False], italic[True] > italic[False]


def _leads(lines: Sequence[SetLine]) -> dict[float, float]:
    """The most frequent distance of the lines of each size."""
    gaps: dict[float, Counter[float]] = {}
    for above, line in pairwise(lines):
        gap = line.baseline - above.baseline
        alike = follows(above, line) and above.size == line.size
        if alike and 0.8 * line.size < gap < 2.6 * line.size:
            gaps.setdefault(line.size, Counter())[round(gap * 2) / 2] += 1
    return {
        size: max(found, key=lambda gap: (sum(found[gap + d] for d in (-0.5, 0, 0, 0.5)), -gap))
        for size, found in gaps.items()
        if sum(found.values()) >= 2
    }


def _frames(lines: Sequence[SetLine], size: float) -> dict[tuple[int, int], Measure]:
    """The margins of each column. One with few lines of the text, or a narrow one, has those of the
    nearest other that it stands in."""
    columns: dict[tuple[int, int], list[SetLine]] = {}
    for line in lines:
        columns.setdefault((line.page, line.column), []).append(line)
    known: dict[tuple[int, int], Measure] = {}
    for place, column in columns.items():
        body = [x for x in column if abs(x.size - size) <= 0.08 * size and len(x.cells) == 1]
        frame = _frame(body, size) if len(body) >= LEAST_LINES else None
        if frame is not None:
            known[place] = frame
    widths = Counter(round(frame.width) for frame in known.values())
    usual = max(known.values(), key=lambda f: (widths[round(f.width)], f.width), default=None)
    wide = {p: f for p, f in known.items() if usual is not None and f.width > 0.8 * usual.width}
    if not wide:  # no page has enough lines: take those of all pages together
        alike: dict[int, list[SetLine]] = {}
        for line in lines:
            alike.setdefault(line.column, []).append(line)
        return {
            place: Measure(min(x.left for x in alike[n]), max(x.right for x in alike[n]))
            for place in columns
            for n in place[1:]
        }
    return {
        place: wide[place] if place in wide else _nearest(place, column, wide, size)
        for place, column in columns.items()
    }


def _nearest(
    place: tuple[int, int],
    column: Sequence[SetLine],
    known: Mapping[tuple[int, int], Measure],
    size: float,
) -> Measure:
    """The margins of the nearest page, if possible one on the same side, in which a column stands;
    if there is none, its own."""
    left, right = min(line.left for line in column), max(line.right for line in column)
    near = [
        (abs(place[0] - other[0]) % 2, abs(place[0] - other[0]), frame)
        for other, frame in known.items()
        if frame.left <= left + size and frame.right >= right - size
    ]
    return min(near, key=lambda found: found[:2])[2] if near else Measure(left, right)


def _frame(body: Sequence[SetLine], size: float) -> Measure | None:
    """The margins of a column: where most of its lines begin, and where the longest end. None if
    they begin anywhere."""
    lefts = sorted(line.left for line in body)
    rights = sorted(line.right for line in body)
    left = _mode(lefts, 0.25 * size)
    if sum(abs(left - x) <= 0.25 * size for x in lefts) < 0.25 * len(lefts):
        return None
    further = [x for x in lefts if x < left - 0.5 * size]
    if len(further) >= 0.2 * len(lefts):  # most lines are first lines of paragraphs
        left = _mode(further, 0.25 * size)
    right = _mode(rights[::-1], 0.3 * size)
    if sum(abs(right - x) <= 0.3 * size for x in rights) < 0.3 * len(rights):
        right = rights[-max(1, len(rights) // 20)]
    edge = median(x for x in lefts if abs(x - left) <= 0.25 * size)
    return Measure(edge, max(right, left + size))


def _mode(values: Sequence[float], within: float) -> float:
    """The value that most values are close to; the first of equals."""
    known = sorted(values)

    def count(value: float) -> int:
        return bisect_right(known, value + within) - bisect_left(known, value - within)

    return max(values, key=count)


def _indent(
    body: Sequence[SetLine], frames: Mapping[tuple[int, int], Measure], size: float
) -> float:
    """The indent of first lines, or 0 if they have none."""
    offsets = [line.left - frames[line.page, line.column].left for line in body]
    least, most = INDENTS
    inside = [round(x * 2 / size) / 2 for x in offsets if least * size <= x <= most * size]
    if not inside:
        return 0.0
    usual = Counter(inside).most_common(1)[0][0]
    exact = [x for x in offsets if abs(x - usual * size) <= 0.3 * size]
    return median(exact) if len(exact) >= max(2, LEAST_INDENTED * len(body)) else 0.0
