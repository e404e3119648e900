"""Columns printed side by side, that the extraction left on the same lines."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import groupby

from archive_site.recover.draft import Draft, Line

GUTTER = 3
"""A gutter is at least this many spaces wide (000 justifies with runs of two)."""
LEAST_SHARE = 0.6
"""… and runs down at least this share of the page's lines, at one place."""
LEAST_LINES = 4


def separate_columns(draft: Draft) -> Draft:
    """Read the left column of a page, then the right one."""
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
        if at is None:  # a line that runs across both columns
            left.append(line)
            continue
        left.append(replace(line, text=line.text[:at].rstrip()))
        right.append(replace(line, text=line.text[at:].rstrip()))
    return [*left, *right]


def _gutter(page: list[Line]) -> int | None:
    """The place of the right column's first letters, if the page has two columns."""
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
