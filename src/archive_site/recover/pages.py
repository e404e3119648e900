"""Pages: form feeds, a first line that begins with one space, runs of blank lines, folios."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from statistics import median

from archive_site.document import Omission
from archive_site.recover.draft import Draft, Line

# A folio alone on its line: 12, — 12 —, [12], p. 12, 12/34.
FOLIO = re.compile(
    r"\s*(?:[-–—•·*\[(]\s*)?(?:p(?:age|\.)?\s*)?(\d{1,4}|[ivxl]{1,6})(?:\s*(?:/|sur)\s*\d{1,4})?"
    r"(?:\s*[-–—•·*\])])?\s*",
    re.IGNORECASE,
)
RAISED_LINE = re.compile(r"\s*(?:e|er|re|ère|ème|è|o|°|\d{1,3}|[*†‡]{1,3})\s*")
CALL_REACH = 150
"""A note stands at most this many lines below its call, when it is at the foot of the page."""
HEADER_RUN = 2
"""A folio below this many blank lines stands at the head of its page (003)."""
HEAD_LENGTH = 90
PAGE_RUN = 3
"""As many blank lines or more end a page (001: three; elsewhere paragraphs stand one apart)."""
LEAST_SHARE = 0.25
"""A page is at least this share of the median page (002: a paragraph that begins with a space)."""


def find_pages(draft: Draft) -> Draft:
    """Give every line its page, and set folios aside."""
    lines, omissions, folios = list(draft.lines), list(draft.omissions), {}
    starts = _form_feeds(lines) or _spaced_lines(lines) or _after_runs(lines)
    folio_lines = _folios(lines, starts)
    for i in folio_lines:
        following = _next_line(lines, i)
        if following is not None and following not in starts:
            top = _page_top(lines, i)
            if top not in starts:
                starts.add(top if _blanks_above(lines, top) >= HEADER_RUN else following)
    page, paged = 1, []
    for i, line in enumerate(lines):
        page += i in starts and i > 0
        if i in folio_lines:
            folios[page] = folio_lines[i]
            omissions.append(Omission(line.number, line.number, "folio"))
            line = replace(line, text="")
        paged.append(replace(line, page=page, text=line.text.replace("\f", " ")))
    return replace(draft, lines=tuple(paged), omissions=tuple(omissions), folios=folios)


def _form_feeds(lines: list[Line]) -> set[int]:
    starts: set[int] = set()
    full = 0  # the first line with words, from line i on
    for i, line in enumerate(lines):
        if "\f" not in line.text:
            continue
        if not line.text.endswith("\f"):
            full = max(full, i)
            while full < len(lines) and lines[full].blank:
                full += 1
            starts.add(full if full < len(lines) else i)
        elif i + 1 < len(lines):
            starts.add(i + 1)
    return starts


def _spaced_lines(lines: list[Line]) -> set[int]:
    """Lines that begin with exactly one space, right below a line that is not blank."""
    spaced = []
    for i, line in enumerate(lines):
        if line.blank or line.indent != 1 or line.text.startswith("\xa0"):
            continue
        above = lines[i - 1] if i else None
        if above is None or not (above.blank or RAISED_LINE.fullmatch(above.text)):
            spaced.append(i)
    gaps = [b - a for a, b in pairwise(spaced)]
    if not gaps or len(spaced) > len(lines) / 8:
        return set()
    least = LEAST_SHARE * median(gaps)
    kept = [spaced[0]]
    kept += [i for i in spaced[1:] if i - kept[-1] >= least]
    return {i for n, i in enumerate(kept) if n == 0 or i - kept[n - 1] >= least}


def _after_runs(lines: list[Line]) -> set[int]:
    """The first lines after long runs of blank lines, where such runs recur."""
    starts, run = set(), 0
    for i, line in enumerate(lines):
        if not line.blank:
            if run >= PAGE_RUN and i > run:
                starts.add(i)
            run = 0
        else:
            run += 1
    return starts


def _folios(lines: list[Line], starts: set[int]) -> dict[int, str]:
    """Lines that hold a folio only, between blank lines or at a page's edge."""
    found = {}
    for i, line in enumerate(lines):
        match = FOLIO.fullmatch(line.text.replace("\f", ""))
        if match is None or not re.search(r"\d|[ivxl]{2}", match[1]) or len(match[1]) > 3:
            continue
        if match[1].isdigit() is False and match[1].isupper():
            continue
        if _is_called(lines, i, match[1]):
            continue
        dressed = line.text.strip() != match[1]
        above = i == 0 or lines[i - 1].blank
        below = i + 1 == len(lines) or lines[i + 1].blank or i + 1 in starts
        at_edge = i in starts or _next_line(lines, i) in starts or _next_line(lines, i) is None
        alone = above and below
        if alone or (at_edge and (dressed or above or below)):
            found[i] = match[1]
    return found


def _is_called(lines: list[Line], i: int, figure: str) -> bool:
    """Whether `figure` stands raised right below a word on the lines before: a note's label."""
    return any(lines[j].text.strip() == figure for j in range(max(1, i - CALL_REACH), i))


def _page_top(lines: list[Line], i: int) -> int:
    """Where the page begins whose head the folio at `i` may be: at a running head or the folio."""
    above = i - 1 - _blanks_above(lines, i)
    if above < 0 or i - above > HEADER_RUN + 1 or not _set_apart(lines[above]):
        return i
    return above if above == 0 or lines[above - 1].blank else i


def _set_apart(line: Line) -> bool:
    """Whether a line may be a running head: short, no sentence."""
    return len(line.words) < HEAD_LENGTH and not line.words.endswith((".", ",", ";"))


def _blanks_above(lines: list[Line], i: int) -> int:
    above = next((j for j in range(i - 1, -1, -1) if not lines[j].blank), -1)
    return i - above - 1


def _next_line(lines: list[Line], i: int) -> int | None:
    return next((j for j in range(i + 1, len(lines)) if not lines[j].blank), None)
