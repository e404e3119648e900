"""Make the characters of a page into lines, in reading order.

Characters that follow each other make runs. Gutters part the page into columns; the runs that stand
beside each other in a column make a line. Lengths are in points, y grows downwards; an em is the
size of the type.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, pairwise, takewhile
from statistics import median
from typing import NamedTuple

from archive_site.text.lexicon import is_word
from archive_site.witness.printed import DrawnRule, PrintedLine, PrintedPage, Type, TypeSpan

RAISE = 0.6
"""How far apart the baselines of characters of a line may be, in ems of the larger."""
INITIAL, INITIAL_LENGTH = 2.2, 3
"""An initial over several lines: how many times as large as the text it is at least, and how many
characters it may have (with a quotation mark or an apostrophe)."""
SINGLE = frozenset("AÀOÔYaàoôy")
"""Letters that are words."""
BACKWARDS = 0.7
"""How far a character may begin before the end of the previous one, in ems."""
WITHIN, BESIDE = 1.0, 0.6
"""The widest gap within a run, and the widest between runs that do not follow each other in the
file, in ems."""
SCANNED_CELL = 2.5
"""The least gap between cells of a line that OCR has read, in ems; its places are not exact."""
ALIKE, ASIDE = 0.93, 0.55
"""Type of less than this share of the size of other type stands beside it, in the margin, if the
gap between them is wider than this, in ems of the larger."""
CLOSE = 0.3
"""The least gap between the text and smaller type beyond its margin, in ems."""
SAME_EDGE = 3.0
"""How far apart the ends of full lines may be, in points."""
LEAST_GAPS, UNIFORM, OUTLIER = 2, 0.08, 1.35
"""Gaps between words are those of a stretched line if there are at least so many, and most differ
from the median by at most this share of it. A cell of such a line is parted by a wider one."""
SAME_LINE = 0.35
"""How far apart the baselines of runs of a line may be, in ems."""
GUTTER, WORD_GAPS = 0.7, 1.4
"""The least width of a gutter, in ems, and as a multiple of the gap between words."""
LEAST_LINES, LEAST_COLUMN, LEAST_SHARE = 3, 8, 0.2
"""The least number of lines of a column in one stretch of the page; and on all of the page, or as a
share of its lines."""
FILLED, WORDS, COLUMN = 0.6, 3, 9.0
"""A column of prose: the least share of its width that its lines fill, their least number of words
(both medians), and its least width in ems."""
SPACE = 0.13
"""The least gap that is a space where the file has no spaces, in ems."""
WIDE_SPACE = 0.3
"""The least gap that is a space where the file has spaces, in ems."""
RAISED_BY = 0.18
"""How far above the baseline of the line a raised character stands at least, in ems."""
RAISED_INK = 0.22
"""How far above the baseline the ink of a raised letter or figure begins at least, in ems."""
_LOW, _TALL = frozenset("acemnorsuvwxz"), frozenset("bdfhkl")
SMALL_CAPITALS = 1.15
"""In small capitals, tall letters are at most this many times as high as low ones."""


class Glyph(NamedTuple):
    """A character and its place. `spaced`: a space stands before it in the file; `gap`: its reader
    takes the gap before it for a space. `turn`: the quarter turns by which it is turned. `column`:
    the column that the file says it is in (0: it says none). `confidence`: how sure OCR is of its
    word, from 0 to 1."""

    char: str
    left: float
    right: float
    ink_top: float
    ink_bottom: float
    baseline: float
    type: Type
    spaced: bool = False
    gap: bool = False
    turn: int = 0
    column: int = 0
    confidence: float = 1.0


@dataclass(frozen=True)
class Run:
    """Characters that follow each other on a baseline, and the run's place in the file. `indent` is
    the width of an initial of another line, beside which it begins."""

    glyphs: tuple[Glyph, ...]
    place: int = 0
    indent: float = 0.0

    @cached_property
    def left(self) -> float:
        """Where it begins; beside an initial, where that does."""
        return min(glyph.left for glyph in self.glyphs) - self.indent

    @cached_property
    def right(self) -> float:
        """Where it ends."""
        return max(glyph.right for glyph in self.glyphs)

    @cached_property
    def size(self) -> float:
        """The size of most of its characters."""
        sizes = [glyph.type.size for glyph in self.glyphs]
        return max(set(sizes), key=lambda size: (sizes.count(size), size))

    @cached_property
    def baseline(self) -> float:
        """The baseline of most of its characters."""
        return median(glyph.baseline for glyph in self.glyphs if glyph.type.size == self.size)

    @cached_property
    def words(self) -> int:
        """The number of its words of letters."""
        starts = (n == 0 or glyph.spaced or glyph.gap for n, glyph in enumerate(self.glyphs))
        return sum(start and g.char.isalpha() for start, g in zip(starts, self.glyphs, strict=True))


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page as a file gives it: its size in points, its characters in the order of the file, the
    rules drawn on it, and whether its characters are those that OCR has read."""

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[DrawnRule, ...] = ()
    scanned: bool = False


Gutter = tuple[float, float]
"""Where a gutter begins and ends on a page."""
SAME_WIDTH = 0.6
"""The least share of the narrower of two parts of a column that is above or below the other."""


def printed_pages(pages: Sequence[RawPage]) -> tuple[PrintedPage, ...]:
    """Pages of lines in the order of reading. A page without a clear gutter has those that other
    pages have, if they part its lines."""
    pages = [_upright(page) for page in pages]
    runs = [runs_of(page) for page in pages]
    gutters = [gutters_of(part) for part in runs]
    usual = list(chain.from_iterable(gutters))
    return tuple(
        _printed(number, page, part, own or [gutter for gutter in usual if _fits(part, gutter)])
        for number, (page, part, own) in enumerate(zip(pages, runs, gutters, strict=True), start=1)
    )


def _printed(
    number: int, page: RawPage, runs: Sequence[Run], gutters: Sequence[Gutter]
) -> PrintedPage:
    columns = enumerate(stated_columns(runs) or columns_of(runs, gutters))
    cell = SCANNED_CELL if page.scanned else WITHIN
    lines = [
        line
        for n, column in columns
        for line in lines_of(number, n, column, cell, not page.scanned)
    ]
    lines += turned_lines(number, (glyph for glyph in page.glyphs if glyph.turn))
    return PrintedPage(page.width, page.height, tuple(lines), page.rules, page.scanned)


def runs_of(page: RawPage) -> list[Run]:
    """The upright characters of a page, in the order of the file, as runs from its top to its
    foot."""
    parts: list[list[Glyph]] = []
    within = SCANNED_CELL if page.scanned else WITHIN
    for glyph in page.glyphs:
        if glyph.turn:
            continue
        if parts and _follows(parts[-1][-1], glyph, within):
            if not _is_reprint(parts[-1], glyph):
                parts[-1].append(glyph)
        else:
            parts.append([glyph])
    runs = [Run(tuple(part), n) for n, part in enumerate(parts)]
    return _with_initials(_beside(sorted(runs, key=lambda run: (run.baseline, run.left))))


def _follows(before: Glyph, glyph: Glyph, within: float) -> bool:
    small, large = sorted((before.type.size, glyph.type.size))
    apart = abs(before.baseline - glyph.baseline)
    if (before.turn, before.column) != (glyph.turn, glyph.column):
        return False
    if apart > RAISE * large or large >= INITIAL * small:
        return False
    gap = glyph.left - before.right
    if small < ALIKE * large and gap > ASIDE * large:
        return False
    return -BACKWARDS * large <= gap <= within * large


def _is_reprint(run: Sequence[Glyph], glyph: Glyph) -> bool:
    """Whether a character is printed a second time at its place, which makes it look bold."""
    return any(
        same.char == glyph.char
        and abs(same.left - glyph.left) < 0.1 * glyph.type.size
        and abs(same.baseline - glyph.baseline) < 0.1 * glyph.type.size
        for same in run[-2:]
    )


def _beside(runs: list[Run]) -> list[Run]:
    """The runs, joined if they stand close beside each other though they are apart in the file."""
    after: dict[int, int] = {}
    taken: set[int] = set()
    lows = [run.baseline for run in runs]
    for n, run in enumerate(runs):
        first = bisect_left(lows, run.baseline - RAISE * run.size)
        last = bisect_left(lows, run.baseline + RAISE * run.size)
        near = [m for m in range(first, last) if m not in taken and _stands_beside(run, runs[m])]
        if near:
            after[n] = min(near, key=lambda m: runs[m].left)
            taken.add(after[n])
    joined = []
    for n, run in enumerate(runs):
        if n not in taken:
            glyphs = list(run.glyphs)
            while n in after:
                n = after[n]
                glyphs += runs[n].glyphs
            joined.append(Run(tuple(glyphs), run.place))
    return joined


def _stands_beside(run: Run, other: Run) -> bool:
    end, start = run.glyphs[-1], other.glyphs[0]
    small, large = sorted((run.size, other.size))
    reach = SAME_LINE if small > 0.85 * large else RAISE
    apart = abs(end.baseline - start.baseline)
    if (end.turn, end.column) != (start.turn, start.column):
        return False
    if apart > reach * large or large >= INITIAL * small:
        return False
    gap = start.left - end.right
    if small < ALIKE * large and gap > ASIDE * large:
        return False
    return -0.3 * large <= gap <= BESIDE * large and other is not run


def _with_initials(runs: list[Run]) -> list[Run]:
    """The runs; an initial over several lines is set at the beginning of the first of them."""
    usual = median(run.size for run in runs) if runs else 0.0
    for initial in [run for run in runs if _is_initial(run, usual)]:
        beside = [run for run in runs if _is_beside_initial(run, initial)]
        if not beside or initial not in runs:  # it may be part of another line by now
            continue
        first = beside[0]
        runs.remove(initial)
        for run in beside:
            joined = _begun(initial, run) if run is first else run.glyphs
            indent = 0.0 if run is first else run.left - initial.left
            runs[runs.index(run)] = Run(joined, run.place, indent)
    return runs


def _begun(initial: Run, run: Run) -> tuple[Glyph, ...]:
    """The characters of a line with those of the initial before it, set alike. A space parts them
    only if they make no word together, and the initial is one."""
    word = "".join(takewhile(str.isalpha, (glyph.char for glyph in run.glyphs)))
    letter = initial.glyphs[-1].char
    spaced = letter in SINGLE and is_word(word) and not is_word(letter + word)
    letters = [
        glyph._replace(type=replace(glyph.type, size=run.size), baseline=run.baseline)
        for glyph in initial.glyphs
    ]
    letters[-1] = letters[-1]._replace(right=run.glyphs[0].left)
    return (*letters, run.glyphs[0]._replace(spaced=spaced, gap=False), *run.glyphs[1:])


def _is_initial(run: Run, usual: float) -> bool:
    return len(run.glyphs) <= INITIAL_LENGTH and run.size >= INITIAL * usual


def _is_beside_initial(run: Run, initial: Run) -> bool:
    top = min(glyph.ink_top for glyph in initial.glyphs)
    near = -0.1 * initial.size <= run.left - initial.right <= 2 * run.size
    return near and top < run.baseline <= initial.baseline + 0.3 * run.size < initial.baseline * 2


# ---------------------------------------------------------------- columns


def gutters_of(runs: Sequence[Run]) -> list[Gutter]:
    """The gutters between columns of prose on a page."""
    gutter = _gutter(runs)
    if gutter is None:
        return []
    found = [gutter]
    for part in _parts(runs, gutter):
        found += gutters_of(part)
    return found


def _gutter(runs: Sequence[Run]) -> Gutter | None:
    """The gutter with the most lines of prose beside it, on both sides."""
    if not runs:
        return None
    em = median(run.size for run in runs)
    width = max(GUTTER * em, WORD_GAPS * median(map(_gaps_in, runs)))
    whole = len(_rows(runs))
    best: tuple[int, Gutter | None] = 0, None
    for left in _edges(runs):
        gutter = left - width, left - 0.1 * em
        lines = 0
        for band in _bands(runs, gutter):
            sides = [_rows(side) for side in _sides(band, gutter)]
            if all(len(rows) >= LEAST_LINES and _is_prose(rows, em) for rows in sides):
                lines += min(map(len, sides))
        if lines > best[0] and lines >= min(LEAST_COLUMN, LEAST_SHARE * whole):
            best = lines, gutter
    return best[1]


def _gaps_in(run: Run) -> float:
    """The usual gap between the words of a run."""
    return _word_gap(run.glyphs) if run.words > 1 else 0.0


def _edges(runs: Sequence[Run]) -> list[float]:
    """Where at least `LEAST_LINES` runs begin."""
    lefts = sorted(run.left for run in runs)
    edges: list[float] = []
    for left in lefts:
        if edges and left - edges[-1] < 1:
            continue
        if bisect_left(lefts, left + 1) - bisect_left(lefts, left - 1) >= LEAST_LINES:
            edges.append(left)
    return edges


def _bands(runs: Sequence[Run], gutter: Gutter) -> Iterator[list[Run]]:
    """The runs from top to foot: those of each stretch of the page that has the gutter, and those
    of each stretch that has not."""
    band: list[Run] = []
    across = False
    for run in runs:
        crosses = _crosses(run, gutter)
        if band and crosses != across:
            yield band
            band = []
        across = crosses
        band.append(run)
    if band:
        yield band


def _sides(band: Sequence[Run], gutter: Gutter) -> tuple[list[Run], list[Run]]:
    left = [run for run in band if run.right <= gutter[1] and run.left < _middle(gutter)]
    return left, [run for run in band if run.left >= _middle(gutter)]


def _is_prose(rows: Sequence[Sequence[Run]], em: float) -> bool:
    """Whether rows of runs are a column of prose, or several."""
    left = min(run.left for row in rows for run in row)
    right = max(run.right for row in rows for run in row)
    usual = median(max(run.right for run in row) - min(run.left for run in row) for row in rows)
    words = median(sum(run.words for run in row) for row in rows)
    if right - left < COLUMN * em or words < WORDS:
        return False
    if usual >= FILLED * (right - left):
        return True
    return usual >= COLUMN * em and _gutter([run for row in rows for run in row]) is not None


def columns_of(runs: Sequence[Run], gutters: Sequence[Gutter]) -> list[list[Run]]:
    """The runs of a page in the order of reading: the columns, and what stands across them, from
    top to foot."""
    for gutter in gutters:
        parts = list(_parts(runs, gutter))
        if len(parts) > 1:
            return [column for part in parts for column in columns_of(part, gutters)]
    return [list(runs)] if runs else []


def stated_columns(runs: Sequence[Run]) -> list[list[Run]]:
    """The runs of a page in the columns that the file says they are in, in order; none if it does
    not say so. What stands below each other, in the same width, is one column."""
    columns: list[list[Run]] = []
    numbers = sorted({run.glyphs[0].column for run in runs})
    for number in numbers if any(numbers) else ():
        column = [run for run in runs if run.glyphs[0].column == number]
        if columns and _is_below(column, columns[-1]):
            columns[-1] += column
        else:
            columns.append(column)
    return columns


def _is_below(column: Sequence[Run], above: Sequence[Run]) -> bool:
    left, right = min(run.left for run in column), max(run.right for run in column)
    before, after = min(run.left for run in above), max(run.right for run in above)
    shared = min(right, after) - max(left, before)
    below = min(run.baseline for run in column) > max(run.baseline for run in above)
    return below and shared >= SAME_WIDTH * min(right - left, after - before)


def _parts(runs: Sequence[Run], gutter: Gutter) -> Iterator[list[Run]]:
    for band in _bands(runs, gutter):
        yield from filter(None, _sides(band, gutter)) if not _crosses(band[0], gutter) else [band]


def _crosses(run: Run, gutter: Gutter) -> bool:
    """Whether a run stands on both sides of a gutter. What begins in its second half hangs out of
    the column: a mark, the tail of a letter."""
    return run.left < _middle(gutter) and run.right > gutter[0]


def _middle(gutter: Gutter) -> float:
    return (gutter[0] + gutter[1]) / 2


def _fits(runs: Sequence[Run], gutter: Gutter) -> bool:
    """Whether the gutter of another page parts most of the lines of a page too."""
    crossing = sum(_crosses(run, gutter) for run in runs)
    left, right = _sides([run for run in runs if not _crosses(run, gutter)], gutter)
    return bool(left and right) and crossing <= len(runs) / 4


# ---------------------------------------------------------------- lines


def lines_of(
    page: int, column: int, runs: Sequence[Run], cell: float, exact: bool
) -> Iterator[PrintedLine]:
    """The lines that the runs of a column make, then those that stand beside them."""
    beside: list[Run] = []
    rows = _rows(runs)
    mains = [max(row, key=lambda run: len(run.glyphs)) for row in rows]
    left, right = _most(run.left for run in mains), _most(run.right for run in mains)
    size = median(run.size for run in mains)
    rows = [[part for run in row for part in _parted_at(right, run, size)] for row in rows]
    for row in rows:
        main = max(row, key=lambda run: len(run.glyphs))
        small = [run for run in row if run.size < ALIKE * size and _has_words(run)]
        aside = [
            run
            for run in small
            if run.left > max(right, main.right * (run is not main))
            or run.right < (left if run is main else min(left, main.left))
        ]
        beside += aside
        text = sorted((run for run in row if run not in aside), key=lambda run: run.left)
        if text:
            yield _line(page, column, text, cell, exact)
    for row in _rows(beside):
        yield _line(page, column, sorted(row, key=lambda run: run.left), cell, exact)


def _parted_at(right: float, run: Run, size: float) -> Iterator[Run]:
    """A run, parted where smaller type begins beyond the right margin, close to the text."""
    n = next((n for n, g in enumerate(run.glyphs) if n and g.left > right), 0)
    beyond = run.glyphs[n:] if n else ()
    gap = beyond[0].left - run.glyphs[n - 1].right if beyond else 0.0
    if beyond and gap > CLOSE * size and all(g.type.size < ALIKE * size for g in beyond):
        yield replace(run, glyphs=run.glyphs[:n])
        yield replace(run, glyphs=beyond)
    else:
        yield run


def _has_words(run: Run) -> bool:
    """Whether a run has letters, or a year: a shorter number may be that of the line."""
    return len(run.glyphs) >= 4 or any(glyph.char.isalpha() for glyph in run.glyphs)


def _most(values: Iterable[float]) -> float:
    """The value that most values are close to."""
    values = list(values)
    return max(values, key=lambda value: sum(abs(value - v) <= SAME_EDGE for v in values))


def _rows(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs on one line, each."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: (run.baseline, run.left)):
        if rows and _on_line(rows[-1], run):
            rows[-1].append(run)
        else:
            rows.append([run])
    return rows


def _on_line(row: Sequence[Run], run: Run) -> bool:
    main = max(row, key=lambda run: run.size)
    small, large = sorted((main.size, run.size))
    if large >= INITIAL * small:
        return False
    reach = SAME_LINE if small > 0.85 * large else RAISE
    if abs(main.baseline - run.baseline) > reach * large:
        return False
    return not any(
        glyph.left < run.right - 0.3 * small and glyph.right > run.left + 0.3 * small
        for other in row
        for glyph in other.glyphs
    )


def _line(
    page: int, column: int, row: Sequence[Run], cell: float = WITHIN, exact: bool = True
) -> PrintedLine:
    glyphs = [glyph for run in row for glyph in run.glyphs]
    whole = Run(tuple(glyphs))
    main = max(row, key=lambda run: len(run.glyphs))
    cells: list[list[Glyph]] = [list(row[0].glyphs)]
    end = row[0].right
    least = max(cell * main.size, OUTLIER * _stretched_gap(glyphs))
    for run in row[1:]:
        if run.left - end > least:
            cells.append(list(run.glyphs))
        elif run.left < end - main.size:  # it stands in a gap of a run
            cells[-1] = sorted([*cells[-1], *run.glyphs], key=lambda glyph: glyph.left)
        else:
            cells[-1] += run.glyphs
        end = max(end, run.right)
    spans = tuple(tuple(_spans(cell, whole.baseline, whole.size, exact)) for cell in cells)
    return PrintedLine(
        page,
        column,
        min(run.left for run in row),
        whole.right,
        min(glyph.ink_top for glyph in glyphs),
        max(glyph.ink_bottom for glyph in glyphs),
        whole.baseline,
        spans,
        turned=bool(glyphs[0].turn),
    )


def _stretched_gap(glyphs: Sequence[Glyph]) -> float:
    """The gap between the words of a line if they are alike, as in a justified line; else 0."""
    ordered = sorted(glyphs, key=lambda glyph: glyph.left)
    places = [
        (n, after.left - before.right)
        for n, (before, after) in enumerate(pairwise(ordered), start=1)
        if after.left - before.right > 2 * SPACE * after.type.size
    ]
    if len(places) < LEAST_GAPS:
        return 0.0
    usual = median(gap for _, gap in places)
    alike = sum(abs(gap - usual) <= UNIFORM * usual for _, gap in places)
    letters = sum(ordered[n].char.isalpha() for n, _ in places)
    stretched = alike >= 0.7 * len(places) and letters >= 0.6 * len(places)
    return usual if stretched else 0.0


def _word_gap(glyphs: Sequence[Glyph]) -> float:
    """The usual gap between words of a line."""
    gaps = [
        after.left - before.right
        for before, after in pairwise(glyphs)
        if after.left - before.right > SPACE * after.type.size
    ]
    return median(gaps) if gaps else 0.0


def _spans(
    glyphs: Sequence[Glyph], baseline: float, size: float, exact: bool
) -> Iterator[TypeSpan]:
    """The characters of a cell, as spans of one type. `exact`: the ink of characters is known."""
    spaces = _spaces(glyphs)
    text, left, right, kind = "", 0.0, 0.0, None
    confidence = 1.0
    raised = [_is_raised(glyph, baseline, size, exact) for glyph in glyphs]
    small = _in_small_capitals(glyphs, spaces) if exact else [False] * len(glyphs)
    for glyph, spaced, up, caps in zip(glyphs, spaces, raised, small, strict=True):
        type_ = replace(glyph.type, raised=up, small_caps=glyph.type.small_caps or caps)
        text += " " * spaced
        if kind is not None and (type_, glyph.confidence) != (kind, confidence):
            yield TypeSpan(text, kind, left, right, confidence)
            text = ""
        if not text:
            left = glyph.left
        text += glyph.char
        right, kind, confidence = glyph.right, type_, glyph.confidence
    if kind is not None:
        yield TypeSpan(text, kind, left, right, confidence)


def _spaces(glyphs: Sequence[Glyph]) -> list[bool]:
    """Whether a space stands before each character. Some files have no spaces; in others, letters
    that are set apart seem to have spaces between them."""
    gaps = [
        (after.left - before.right) / max(after.type.size, before.type.size, 1)
        for before, after in pairwise(glyphs)
    ]
    numeral = len(glyphs) <= 5 and all(glyph.char in "IVXLC" for glyph in glyphs)
    spread = median(gaps) if len(gaps) > 2 or (gaps and numeral) else 0.0
    apart = spread > 0.5 * SPACE
    spaced = sum(glyph.spaced for glyph in glyphs[1:])
    real = spaced > sum(glyph.gap for glyph in glyphs[1:])
    least = spread + SPACE if apart and not spaced else WIDE_SPACE if real else SPACE
    return [
        False,
        *(
            glyph.spaced or gap >= least or (glyph.gap and not apart and gap >= 0.5 * SPACE)
            for glyph, gap in zip(glyphs[1:], gaps, strict=True)
        ),
    ]


def _is_raised(glyph: Glyph, baseline: float, size: float, exact: bool) -> bool:
    if glyph.type.raised or glyph.type.size > size:
        return glyph.type.raised
    if glyph.baseline < baseline - RAISED_BY * size:
        return exact or glyph.char.isdigit()
    low = glyph.ink_bottom < baseline - RAISED_INK * size
    return exact and glyph.char.isalnum() and low and glyph.ink_bottom - glyph.ink_top > 0


def _in_small_capitals(glyphs: Sequence[Glyph], spaces: Sequence[bool]) -> list[bool]:
    """Whether each character belongs to a word in small capitals that the file gives as small
    letters: tall letters are no higher than low ones."""
    found: list[bool] = []
    starts = [n for n, spaced in enumerate(spaces) if spaced or n == 0]
    for start, end in pairwise([*starts, len(glyphs)]):
        word = glyphs[start:end]
        low = [g.ink_bottom - g.ink_top for g in word if g.char in _LOW]
        tall = [g.ink_bottom - g.ink_top for g in word if g.char in _TALL]
        small = bool(low and tall) and max(tall) <= SMALL_CAPITALS * median(low)
        found += [small and glyph.char.islower() for glyph in word]
    return found


def turned_lines(page: int, glyphs: Iterable[Glyph]) -> Iterator[PrintedLine]:
    """Lines of characters that are turned, in the order of the file."""
    run: list[Glyph] = []
    for glyph in glyphs:
        if run and glyph.turn != run[-1].turn:
            yield _line(page, -1, [Run(tuple(run))])
            run = []
        run.append(glyph)
    if run:
        yield _line(page, -1, [Run(tuple(run))])


def _upright(page: RawPage) -> RawPage:
    """A page turned so that most of its characters stand upright."""
    turns = [glyph.turn for glyph in page.glyphs]
    turn = max(set(turns), key=turns.count, default=0)
    if turn == 0:
        return page
    width, height = (page.height, page.width) if turn % 2 else (page.width, page.height)
    glyphs = tuple(_turned(glyph, turn, page) for glyph in page.glyphs)
    return RawPage(width, height, glyphs, (), page.scanned)


def _turned(glyph: Glyph, turn: int, page: RawPage) -> Glyph:
    return glyph._replace(turn=(glyph.turn - turn) % 4)
