"""Columns, either side by side on the same lines or one after the other in the wrong order."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import accumulate, groupby, pairwise

from archive_site import interface
from archive_site.recover.draft import Draft, Line, ends_clause

GUTTER = 3
"""The least width of a gutter, in spaces (000 justifies with runs of two)."""
LEAST_SHARE = 0.6
"""The least share of lines reaching the right column in which it begins at the same position."""
LEAST_LINES = 4


def separate_columns(draft: Draft) -> Draft:
    """Put the left column of each page before the right one."""
    lines: list[Line] = []
    for _, page in groupby(draft.lines, key=lambda line: line.page):
        lines += _separated(list(page))
    return replace(draft, lines=tuple(lines))


def _separated(page: list[Line]) -> list[Line]:
    gutter = _gutter(page)
    if gutter is None:
        return page
    left, right = [], []
    for line in page:
        spaces = [m for m in re.finditer(r"\s{2,}", line.text) if m.start() <= gutter <= m.end()]
        at = spaces[0].end() if spaces else len(line.text) if len(line.text) <= gutter else None
        if at is None:  # the line runs across both columns
            left.append(line)
            continue
        left.append(replace(line, text=line.text[:at].rstrip()))
        right.append(replace(line, text=line.text[at:].rstrip()))
    return [*left, *right]


def _gutter(page: list[Line]) -> int | None:
    """The position at which the right column begins, or None if the page has one column."""
    full = [line for line in page if not line.blank]
    starts: Counter[int] = Counter()
    for line in full:
        starts.update(m.end() for m in re.finditer(rf"\S\s{{{GUTTER},}}(?=\S)", line.text))
    if len(full) < LEAST_LINES or not starts:
        return None
    place, count = starts.most_common(1)[0]
    with_right = sum(1 for line in full if len(line.text) > place)
    if (
        count < LEAST_LINES
        or count < LEAST_SHARE * max(with_right, 1)
        or with_right < len(full) / 3
    ):
        return None
    return place


# ---------------------------------------------------------------- columns in the wrong order

SWAPPED = interface.COLUMNS_REORDERED


def order_columns(draft: Draft) -> Draft:
    """Swap the columns of one page if only that makes its sentences continue: the page begins in
    mid-sentence, its last run breaks off, and the beginning continues the end."""
    pages = [list(lines) for _, lines in groupby(draft.lines, key=lambda line: line.page)]
    if len({line.number for line in draft.lines}) < len(draft.lines):
        return draft  # columns side by side were separated: a line number is no longer unique
    runs = [_runs(page) for page in pages]
    for n, page in enumerate(pages):
        before = runs[n - 1][-1] if n and runs[n - 1] else None
        after = runs[n + 1][0] if n + 1 < len(pages) and runs[n + 1] else None
        cut = _column_start(runs[n], before, after)
        if cut is None:
            continue
        at = page.index(cut)
        pages[n] = [*page[at:], *page[:at]]
        order = ((cut.number, page[-1].until), (page[0].number, cut.number - 1))
        lines = tuple(line for page in pages for line in page)
        return replace(
            draft, lines=lines, order=order, doubts={**draft.doubts, cut.number: SWAPPED}
        )
    return draft


def _runs(page: list[Line]) -> list[list[Line]]:
    groups = groupby(page, key=lambda line: line.blank)
    return [list(group) for blank, group in groups if not blank]


def _column_start(
    runs: list[list[Line]], before: list[Line] | None, after: list[Line] | None
) -> Line | None:
    """The first line of the column to read first, or None if the columns are in order."""
    if len(runs) < 2 or not _goes_on(runs[-1], runs[0]):
        return None
    if before is not None and _goes_on(before, runs[0]):
        return None
    if after is not None and _goes_on(runs[-1], after):
        return None
    lines_above = list(accumulate(map(len, runs)))
    cuts = [
        (abs(lines_above[-1] / 2 - count), run[0].number, run[0])
        for count, (above, run) in zip(lines_above, pairwise(runs), strict=False)
        if _fits(before, run) and _fits(above, after) and not _goes_on(above, run)
    ]
    return min(cuts)[2] if cuts else None


def _goes_on(run: list[Line], following: list[Line]) -> bool:
    """Whether `run` breaks off and `following` begins in mid-sentence."""
    return not ends_clause(run[-1].text) and following[0].words[:1].islower()


def _fits(run: list[Line] | None, following: list[Line] | None) -> bool:
    """Whether `following` may follow `run`: both are cut in mid-sentence, or neither is."""
    ends = run is None or ends_clause(run[-1].text)
    begins = following is None or not following[0].words[:1].islower()
    return ends == begins
