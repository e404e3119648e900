"""The lines of a plain text, with their places on the page estimated.

A plain text has no type and no places, but indents, gaps, blank lines and the lengths of its lines
tell how it was set. Lengths are in points, as if most type had one size.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

from archive_site.recover.printed.labels import calls_in, label_of
from archive_site.recover.printed.lines import SetLine, closed_up
from archive_site.recover.printed.sentences import ends_clause
from archive_site.recover.printed.setting import LEAD
from archive_site.sources.lines import Glyph, Run, columns_of, gutters_of
from archive_site.text.reading import NOT_TEXT
from archive_site.witness.pagination import RAISED_LINE, Pagination, paginate
from archive_site.witness.printed import Type, TypeSpan

SIZE, SMALL = 10.0, 8.5
"""The size of the text, and that of smaller type."""
CELL, BESIDE = 3, 2
"""So many spaces part the cells of a line, and so many may be a gutter between columns."""
FULL = 0.08
"""How much the length of a full line differs from the measure at most, as a share of it."""
WIDE = 1.08, 1.45
"""A full line in smaller type is so many times as long as the measure. A longer one is several
lines of print."""
BETWEEN = 2
"""The most lines between lines that show smaller type."""
STRETCHED = 0.7
"""A line is stretched if at least this share of its spaces is wide."""
UNWRAPPED = 0.6
"""A text is not broken into lines if at least this share of its longer lines end sentences."""
GOING = 0.1
"""The greatest share of lines of a text not broken into lines that the next one goes on with."""
PARTED = 0.5
"""If at least this share of lines has a blank line above, a line without is no paragraph."""
DOUBLE = 0.75
"""A text is double-spaced if more than this share of its lines that go on with a sentence have a
blank line above."""
LEAST_FULL = 3
"""The least number of lines in mid-sentence that tell how long full lines are."""
PIECES, PIECE, LONGEST_LINE = 3, 0.5, 1.15
"""The least number of pieces that a line of print is cut into, and the greatest lengths of a piece
and of all of them, as shares of a full line."""
PARTS = 60
"""The most lines of a text that are one line of print."""
BLANKS = 3
"""More blank lines than these are no wider gap."""
WIDTHS = {
    0.25: " .,\u00a0\u202f",
    0.28: "ijlt:;/\u00ad",
    0.33: "frI!’'()[]-‐",
    0.39: "sJ",
    0.44: "acez?",
    0.56: "FPS",
    0.62: "ELTZ",
    0.67: "BCRœæ",
    0.72: "wADGHKNOQUVXY",
    0.8: "m",
    0.92: "MWŒÆ",
    1.0: "—…",
}
"""About how wide characters are in the type of most books, in ems; others are half an em wide."""
_ADHERED = re.compile(r"\d{1,2}[A-ZÀ-Ý«]")
_WIDTH = {char: width for width, chars in WIDTHS.items() for char in chars}


def estimated_lines(texts: Sequence[str]) -> list[SetLine]:
    """The lines with words of a plain text, in the order of reading. `texts` are all its lines."""
    pages = paginate(texts)
    clean = [NOT_TEXT.sub("", text).replace("\f", " ").expandtabs() for text in texts]
    strips: list[_Strip] = []
    rows = _with_pieces_joined(list(_rows(clean, pages)))
    for _, group in groupby(_placed(list(rows)), key=lambda row: row.page):
        strips += _strips(list(group))
    measure = _measure(strips)
    return list(_in_type([_line(strip, measure) for strip in strips], measure))


# ---------------------------------------------------------------- rows


@dataclass(frozen=True, slots=True)
class _Row:
    """Words of a text that stand on one line of print: the number of the first line of the text
    that they are on, their page and baseline, the blank lines above, and the words, each with
    whether it is raised."""

    number: int
    page: int
    blanks: int
    parts: tuple[tuple[str, bool], ...]
    baseline: float = 0.0

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.parts)


def _rows(texts: Sequence[str], pages: Pagination) -> Iterator[_Row]:
    """The lines with words. Raised characters on a line of their own, and the line after them, go
    on with the line above, as do marks that no line begins with."""
    row: _Row | None = None
    starts = set(pages.starts)
    page, blanks, raised = 1, 0, False
    for index, text in enumerate(texts):
        page += index in starts and index > 0
        if not text.strip():
            blanks += 1
            continue
        if index in starts and text[:1] == " " != text[1:2]:
            text = text[1:]
        joins = row is not None and not blanks and row.page == page
        lone = index not in pages.folios and RAISED_LINE.fullmatch(text) is not None
        lone = lone and _goes_on(texts, index + 1)
        joins = joins and row is not None and len(row.parts) < PARTS
        if row and joins and (lone or raised or text[:1] in (".", ",", ";", ")")):
            row = replace(row, parts=(*row.parts, (text.strip() if lone else text, lone)))
        else:
            if row:
                yield row
            row = _Row(index + 1, page, blanks, ((text, False),))
            lone = False
        raised, blanks = lone, 0
    if row:
        yield row


def _goes_on(texts: Sequence[str], index: int) -> bool:
    """Whether the line after raised characters goes on with theirs."""
    text = texts[index] if index < len(texts) else ""
    return not text.strip() or text[:1] in " \u00a0,.;:)»"


def _with_pieces_joined(rows: Sequence[_Row]) -> Iterator[_Row]:
    """The rows; those that an extraction has cut at the spaces of a stretched line are whole. Each
    piece but the last ends with a space, is short, and together they fill no more than a line."""
    lengths = sorted(len(row.text.strip()) for row in rows)
    full = lengths[len(lengths) * 3 // 4] if lengths else 0
    open_ = [row.text.endswith(" ") and len(row.text) <= PIECE * full for row in rows]
    at = 0
    while at < len(rows):
        end, length = at, len(rows[at].text)
        while end + 1 < len(rows) and open_[end] and _is_below(rows[end], rows[end + 1]):
            length += len(rows[end + 1].text)
            if length > LONGEST_LINE * full:
                break
            end += 1
        if end - at + 1 < PIECES:
            end = at
        parts = tuple(part for row in rows[at : end + 1] for part in row.parts)
        yield replace(rows[at], parts=parts)
        at = end + 1


def _is_below(above: _Row, row: _Row) -> bool:
    return row.page == above.page and not row.blanks


def _placed(rows: Sequence[_Row]) -> Iterator[_Row]:
    """The rows with baselines, from the tops of their pages."""
    texts = [row.text for row in rows]
    parted = sum(row.blanks > 0 for row in rows[1:])
    alone = parted < PARTED * len(rows) and not _is_wrapped(texts)
    going = [
        below.blanks > 0
        for text, below in zip(texts, rows[1:], strict=False)
        if _is_open(text) and below.text.strip()[:1].islower()
    ]
    double = len(going) >= LEAST_FULL and sum(going) > DOUBLE * len(going)
    baseline, page = 0.0, 0
    for row in rows:
        blanks = max(alone, row.blanks - double, 0)
        if row.page != page:
            baseline, page, blanks = 0.0, row.page, 0
        baseline += LEAD * (1 + min(blanks, BLANKS))
        yield replace(row, baseline=baseline)


def _is_open(text: str) -> bool:
    """Whether a line ends in mid-sentence."""
    return not ends_clause(text)


def _is_wrapped(texts: Sequence[str]) -> bool:
    """Whether a text is broken into lines. If it is not, most of its longer lines end sentences,
    and hardly any sentence goes on in the next line."""
    usual = median(len(text.strip()) for text in texts) if texts else 0
    longer = [text for text in texts if len(text.strip()) > usual]
    going = sum(_is_open(a) and b.strip()[:1].islower() for a, b in pairwise(texts))
    ends = sum(map(ends_clause, longer)) >= UNWRAPPED * len(longer)
    return not (ends and longer and going <= GOING * len(texts))


# ---------------------------------------------------------------- columns


@dataclass(frozen=True, slots=True)
class _Strip:
    """The part of a row that is in one column. `start`: how many characters are before it; `cells`:
    what is between its gaps, each with its start."""

    row: _Row
    column: int
    cells: tuple[tuple[int, str], ...]

    @property
    def start(self) -> int:
        return self.cells[0][0]

    @property
    def text(self) -> str:
        return "  ".join(text for _, text in self.cells)


def _strips(rows: Sequence[_Row]) -> list[_Strip]:
    """The rows of a page by column, in the order of reading."""
    parts = {row.baseline: (row, _parted(row, BESIDE)) for row in rows}
    columns: list[list[Run]] = []
    if any(len(part) > 1 for _, part in parts.values()):
        runs = [_run(row, start, text) for row, part in parts.values() for start, text in part]
        columns = columns_of(runs, gutters_of(runs))
    if len(columns) < 2:
        return [_Strip(row, 0, _parted(row, CELL)) for row in rows]
    strips = []
    for number, column in enumerate(columns):
        places = [place for place, _ in groupby(column, key=lambda run: run.baseline)]
        usual = median([b - a for a, b in pairwise(places)] or [LEAD])
        baseline = places[0]
        for above, (place, group) in zip(
            [places[0], *places], groupby(column, key=lambda run: run.baseline), strict=False
        ):
            row, part = parts[place]
            starts = {run.place for run in group}
            own = [(start, text) for start, text in part if start in starts]
            baseline += LEAD * round((place - above) / usual)  # rows of others may be between
            row = replace(row, baseline=baseline)
            strips.append(_Strip(row, number, tuple(_joined(own))))
    return strips


def _joined(parts: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Parts of a row; those that stand closer than cells do are one."""
    begun, words = parts[0]
    for start, text in parts[1:]:
        gap = start - begun - len(words)
        if gap < CELL:
            words += " " * gap + text
        else:
            yield begun, words
            begun, words = start, text
    yield begun, words


def _parted(row: _Row, least: int) -> tuple[tuple[int, str], ...]:
    """What stands between the gaps of a row, with where it starts. A row with raised characters has
    no gaps, nor has one that is stretched."""
    text = row.text
    words = text.strip()
    start = len(text) - len(text.lstrip())
    if len(row.parts) > 1 or _is_stretched(words):
        return ((start, words),)
    gaps = re.compile(rf"\S(?:.*?\S)??(?= {{{least},}}\S|\s*$)")
    return tuple((match.start(), match[0]) for match in gaps.finditer(text))


def _is_stretched(words: str) -> bool:
    """Whether most spaces of a line are wide, because it is justified or its letters are spaced."""
    gaps = re.findall(r" +", words)
    wide = sum(len(gap) > 1 for gap in gaps)
    return closed_up(words) != words or (wide > 2 and wide >= STRETCHED * len(gaps))


def _run(row: _Row, start: int, text: str) -> Run:
    """A part of a row on a grid of characters."""
    glyphs = []
    for n, char in enumerate(text):
        left = (start + n) * SIZE / 2
        spaced = n > 0 and text[n - 1] == " "
        if char != " ":
            place = left, left + SIZE / 2, row.baseline - SIZE, row.baseline, row.baseline
            glyphs.append(Glyph(char, *place, Type(size=SIZE), spaced))
    return Run(tuple(glyphs), start)


# ---------------------------------------------------------------- lengths


@dataclass(frozen=True, slots=True)
class _Measure:
    """How lines are measured: how wide a space of an indent is, whether all characters are as wide
    as it, and how long full lines are (0: not known)."""

    space: float
    fixed: bool
    full: float

    def width(self, text: str) -> float:
        """About how wide words are."""
        return len(text) * self.space if self.fixed else _width(text)


def _width(text: str) -> float:
    bases = (unicodedata.normalize("NFD", char)[0] for char in text)
    return SIZE * sum(_WIDTH.get(char, 0.5) for char in bases)


def _measure(strips: Sequence[_Strip]) -> _Measure:
    """How the lines of a text are measured. Those in mid-sentence are full: if their numbers of
    characters differ less than their widths, all characters are as wide."""
    texts = [strip.text for strip in strips if len(strip.cells) == 1]
    letters = "".join(texts)
    space = _width(letters) / len(letters) if letters else SIZE / 2
    going = [
        strip.text
        for strip, below in pairwise(strips)
        if len(strip.cells) == 1 and _is_open(strip.text) and below.text[:1].islower()
    ]
    counted, widths = [len(text) * space for text in going], list(map(_width, going))
    fixed = _spread(counted) < 0.8 * _spread(widths)
    return _Measure(space, fixed, _usual(counted if fixed else widths))


def _spread(values: Sequence[float]) -> float:
    middle = median(values) if values else 0.0
    return median(abs(value - middle) for value in values) / middle if middle else 1.0


def _usual(lengths: Sequence[float]) -> float:
    """The middle of most lengths that are alike, the greatest of equals; 0 if too few are."""
    known = sorted(lengths)
    alike = [
        known[bisect_left(known, x * (1 - FULL)) : bisect_right(known, x * (1 + FULL))]
        for x in dict.fromkeys(known)
    ]
    most = max(alike, key=lambda group: (len(group), group[-1]), default=[])
    return median(most) if len(most) >= LEAST_FULL else 0.0


def _line(strip: _Strip, measure: _Measure) -> SetLine:
    """A strip as a line, with the natural length of its words."""
    row = strip.row
    cells: list[tuple[TypeSpan, ...]] = []
    at = 0.0
    for start, text in strip.cells:
        at = max(at, start * measure.space)
        spans: list[TypeSpan] = []
        for words, raised in row.parts if len(row.parts) > 1 else [(text, False)]:
            if not spans:
                words = words.lstrip()
            if len(row.parts) == 1 and len(strip.cells) == 1 and closed_up(words) == words:
                words = re.sub(r" {2,}", " ", words)
            right = at + measure.width(words)
            spans.append(TypeSpan(words, Type(size=SIZE, raised=raised), at, right))
            at = right
        cells.append(tuple(spans))
    left, right = cells[0][0].left, cells[-1][-1].right
    place = row.number, row.page, strip.column, left, right, row.baseline, SIZE
    return SetLine(*place, tuple(cells))


# ---------------------------------------------------------------- type


def _in_type(lines: Sequence[SetLine], measure: _Measure) -> Iterator[SetLine]:
    """The lines of a text; full ones are as long as the measure, and those in smaller type have its
    size. Text below smaller type is in the next column."""
    for _, page in groupby(lines, key=lambda line: line.page):
        number = 0
        whole = list(page)
        called: dict[str, int] = {}
        for call in calls_in(whole, typeless=True):
            called.setdefault(call.label, call.line)
        for _, group in groupby(whole, key=lambda line: line.column):
            column = list(group)
            lefts = Counter(line.left for line in column)
            edge = max(lefts, key=lambda left: (lefts[left], -left))
            small = _in_small_type(column, edge, called, measure)
            for n, line in enumerate(column):
                number += n - 1 in small and n not in small
                yield replace(_fitted(line, edge, n in small, measure), column=number)
            number += 1


def _in_small_type(
    column: Sequence[SetLine], edge: float, called: Mapping[str, int], measure: _Measure
) -> set[int]:
    """The indices of lines in smaller type: those that are longer than full ones, with what is
    between and the short one that ends them, if any begins with the label of a note. `called` has
    the first line of the page that may call each label."""
    if not measure.full or measure.fixed:
        return set()
    shares = [(line.right - edge) / measure.full for line in column]
    wide = [
        WIDE[0] < share < WIDE[1] and len(line.cells) == 1
        for line, share in zip(column, shares, strict=True)
    ]
    labels = list(map(label_of, column))
    labelled = [found is not None for found in labels]
    marked = [w or found for w, found in zip(wide, labelled, strict=True)]
    notes = [
        found is not None and called.get(found.label, line.number) < line.number
        for line, found in zip(column, labels, strict=True)
    ]
    sure = [
        w or (note and _ADHERED.match(line.text) is not None)
        for w, note, line in zip(wide, notes, column, strict=True)
    ]
    small: set[int] = set()
    first = 0
    while first < len(column):
        evidence = sure[first : first + 2]
        if not (any(evidence) if labelled[first] else all(evidence)):
            first += 1
            continue
        last = first
        for n in range(first, len(column)):
            if n > last + BETWEEN:
                break
            last = n if marked[n] else last
        end = last + 1 + _ends_zone(column, last + 1)
        adhered = sure[first] and not wide[first]
        if adhered or (sum(sure[first:end]) > 1 and any(notes[first:end])):
            small.update(range(first, end))
        first = end
    return small


def _ends_zone(column: Sequence[SetLine], n: int) -> bool:
    """Whether a line is the last of those in smaller type above it."""
    return n < len(column) and column[n].baseline - column[n - 1].baseline < 1.5 * LEAD


def _fitted(line: SetLine, edge: float, small: bool, measure: _Measure) -> SetLine:
    """A line in its type, as long as the measure if it is about as long. `edge` is where the lines
    of its column begin."""
    if not measure.full or len(line.cells) > 1:
        return line
    size = SMALL if small else SIZE
    width = (line.right - edge) * size / SIZE
    share = width / measure.full
    if share > WIDE[1] and abs(share - round(share)) > FULL * share:  # its last line of print
        right = edge + width % measure.full
    elif share > 1 - FULL:
        right = edge + measure.full
    else:
        right = edge + width
    spans = [replace(span, type=replace(span.type, size=size)) for span in line.cells[0]]
    spans[-1] = replace(spans[-1], right=right)
    return replace(line, cells=(tuple(spans),), right=right, size=size)
