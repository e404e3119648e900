"""Finds where the pages of a witness begin, by form feeds, lines that begin with one space, runs of
blank lines, and folios. `recover` marks pages there; the collation checks page breaks against them.

Numbers in parentheses name the witness that a constant was measured in, as in `recover`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

# A folio alone on its line: 12, — 12 —, [12], p. 12, 12/34.
FOLIO = re.compile(
    r"\s*(?:[-–—•·*\[(]\s*)?(?:p(?:age|\.)?\s*)?(\d{1,4}|[ivxl]{1,6})(?:\s*(?:/|sur)\s*\d{1,4})?"
    r"(?:\s*[-–—•·*\])])?\s*",
    re.IGNORECASE,
)
FOLIO_LENGTH = 40
"""The greatest length of a line that has only a folio, without the spaces around it."""
RAISED_LINE = re.compile(r"\s*(?:e|er|re|ère|ème|è|o|°|\d{1,3}|[*†‡]{1,3})\s*")
CALL_REACH = 150
"""The greatest number of lines between a call and its note at the foot of the page."""
LEAST_PAGE = 12
"""Where only numbers tell of pages, these have at least so many lines with words."""
HEADER_RUN = 2
"""A folio with at least this many blank lines above it is at the head of its page (003)."""
HEAD_LENGTH = 90
PAGE_RUN = 3
"""At least this many blank lines end a page (001: three; other witnesses have one between
paragraphs)."""
LEAST_SHARE = 0.25
"""A page is at least this share of the median page (002: a paragraph that begins with a space)."""
USUAL = 1.5
"""A page of usual length differs from the median by at most this factor …"""
REGULAR = 2 / 3
"""… and at least this share of the pages must be usual. Otherwise the breaks between them may be
something else, such as sections."""
ONE_PAGE = 1.25
"""Two pages that together are at most this many times the median may be one (003: a paragraph)."""
LEAST_STARTS = 3


@dataclass(frozen=True, slots=True)
class Pagination:
    """The pages of a witness, by the indices of its lines. `starts` are the best guess of where its
    pages begin; `sure` are those of them that are beyond doubt; `likely` are all lines that look
    like the beginning of a page (empty if these are not reliable). Two starts that are less
    than `apart` lines from each other are the same. `folios` has the lines that contain only a
    folio, with the folio; `counted` has those of them that increase with the pages."""

    starts: Sequence[int]
    sure: frozenset[int]
    likely: Sequence[int]
    apart: float
    folios: Mapping[int, str]
    counted: Mapping[int, str]

    def page(self, line: int) -> int:
        """The page of the line with the index `line`; the first page is 0 or 1."""
        return bisect_right(self.starts, line)


def paginate(lines: Sequence[str]) -> Pagination:
    """The pages of a witness."""
    feeds = _form_feeds(lines)
    spaced = [] if feeds else _spaced_lines(lines)
    starts = feeds or _far_apart(spaced) or _after_runs(lines)
    folios = _folios(lines, starts)
    if not feeds:  # with form feeds, every page start is already known
        tops = _tops(lines, starts, folios)
        if not starts and _are_stanzas(lines, tops):
            folios = {}
        else:
            starts = starts | tops
    gaps = [b - a for a, b in pairwise(sorted({0, *starts}))]
    usual = median(gaps) if gaps else 0.0
    if feeds:
        sure = likely = starts
    elif _regular(lines, starts, gaps, usual):
        likely = starts | set(spaced) | _after_runs(lines)
        sure = _sure(starts, usual)
    else:
        sure = likely = set()
    begins = sorted(starts)
    by_page = {bisect_right(begins, i): (i, folio) for i, folio in folios.items()}
    agreed = coherent({page: folio for page, (_, folio) in by_page.items()})
    counted = {by_page[page][0]: folio for page, folio in agreed.items()}
    apart = LEAST_SHARE * usual
    return Pagination(begins, frozenset(sure), sorted(likely), apart, folios, counted)


def coherent(folios: Mapping[int, str]) -> dict[int, str]:
    """Of folios by page, those that agree with the most common difference between folio and page.
    Folios that are not digits are kept."""
    offsets = Counter(int(f) - page for page, f in folios.items() if f.isdigit())
    offset, count = offsets.most_common(1)[0] if offsets else (0, 0)
    if count == 1 and len(offsets) > 1:
        count = 0
    return {
        page: f
        for page, f in folios.items()
        if not f.isdigit() or (count and int(f) - page == offset)
    }


def _regular(lines: Sequence[str], starts: set[int], gaps: list[int], usual: float) -> bool:
    """Whether starts are as many, and as evenly spaced, as those of pages."""
    first = next((i for i, line in enumerate(lines) if line.strip()), -1)
    if len(starts) < LEAST_STARTS and first not in starts:
        return False
    return _even(gaps, usual)


def _even(gaps: Sequence[int], usual: float) -> bool:
    """Whether most gaps are about as long as the usual one."""
    alike = sum(usual / USUAL <= gap <= usual * USUAL for gap in gaps)
    return alike >= REGULAR * len(gaps)


def _sure(starts: set[int], usual: float) -> set[int]:
    """The starts that separate pages which, together, are too long to be one."""
    places = sorted({0, *starts})
    doubtful = {
        b
        for a, b, c in zip(places, places[1:], places[2:], strict=False)
        if c - a <= ONE_PAGE * usual
    }
    return starts - doubtful


def _form_feeds(lines: Sequence[str]) -> set[int]:
    starts: set[int] = set()
    full = 0  # the first line with words, from line i on
    for i, line in enumerate(lines):
        if "\f" not in line:
            continue
        if not line.endswith("\f"):
            full = max(full, i)
            while full < len(lines) and not lines[full].strip():
                full += 1
            starts.add(full if full < len(lines) else i)
        elif i + 1 < len(lines):
            starts.add(i + 1)
    return starts


def _spaced_lines(lines: Sequence[str]) -> list[int]:
    """Lines that begin with exactly one space, directly below a line that is not blank; none if
    there are too many of them. Below a lone figure, which may be raised, they begin pages only if
    pages as long as these have such figures that count up."""
    spaced, figures = list[int](), dict[int, int]()
    for i, line in enumerate(lines):
        if line[:1] not in " \t\f\v" or line[1:2].isspace() or not line.strip():
            continue
        above = lines[i - 1].strip() if i else "-"
        if RAISED_LINE.fullmatch(above) is None:
            spaced += [i] if above else []
        elif above.isdigit():
            figures[i] = int(above)
    both = sorted({*spaced, *figures})
    gaps = [b - a for a, b in pairwise(both)]
    counted = [b - a for a, b in pairwise(figures.values())]
    pages = len(figures) >= LEAST_STARTS and set(counted) == {1} and _even(gaps, median(gaps))
    spaced = both if pages and spaced[:1] == [0] else spaced
    return spaced if len(spaced) <= len(lines) / 8 else []


def _far_apart(spaced: list[int]) -> set[int]:
    """The lines in `spaced` that are far enough apart to begin pages."""
    gaps = [b - a for a, b in pairwise(spaced)]
    if not gaps:
        return set()
    least = LEAST_SHARE * median(gaps)
    kept = [spaced[0]]
    kept += [i for i in spaced[1:] if i - kept[-1] >= least]
    return {i for n, i in enumerate(kept) if n == 0 or i - kept[n - 1] >= least}


def _after_runs(lines: Sequence[str]) -> set[int]:
    """The first lines after long runs of blank lines."""
    starts, run = set(), 0
    for i, line in enumerate(lines):
        if line.strip():
            if run >= PAGE_RUN and i > run:
                starts.add(i)
            run = 0
        else:
            run += 1
    return starts


def _folios(lines: Sequence[str], starts: set[int]) -> dict[int, str]:
    """Lines that contain only a folio, between blank lines or at the edge of a page. Bare numbers
    with words directly above and below are included only if they increase with the pages."""
    found, close = dict[int, str](), dict[int, str]()
    begins = sorted(starts)
    for i, line in enumerate(lines):
        alone = line.strip()
        match = FOLIO.fullmatch(alone) if 0 < len(alone) <= FOLIO_LENGTH else None
        if match is None or not re.search(r"\d|[ivxl]{2}", match[1]) or len(match[1]) > 3:
            continue
        if match[1].isdigit() is False and match[1].isupper():
            continue
        above = i == 0 or not lines[i - 1].strip()
        below = i + 1 == len(lines) or not lines[i + 1].strip() or i + 1 in starts
        following = _next_line(lines, i)
        at_edge = i in starts or following in starts or following is None
        dressed = alone != match[1]
        if not (at_edge or (above and below)) or _is_called(lines, i, match[1]):
            continue
        if (above and below) or dressed or above or below:
            found[i] = match[1]
        elif match[1].isdigit():
            close[i] = match[1]
    offsets = Counter(int(folio) - bisect_right(begins, i) for i, folio in close.items())
    counting = {offset for offset, count in offsets.items() if count > 1}
    return found | {
        i: folio for i, folio in close.items() if int(folio) - bisect_right(begins, i) in counting
    }


def _tops(lines: Sequence[str], starts: set[int], folios: Mapping[int, str]) -> set[int]:
    """The starts of pages that are shown only by a folio."""
    tops: set[int] = set()
    for i in folios:
        following = _next_line(lines, i)
        if following is not None and following not in starts:
            top = _page_top(lines, i)
            if top not in starts:
                tops.add(top if _blanks_above(lines, top) >= HEADER_RUN else following)
    return tops


def _are_stanzas(lines: Sequence[str], tops: set[int]) -> bool:
    """Whether what begins at numbers is too short for pages: stanzas, or numbered paragraphs."""
    places = sorted({0, *tops, len(lines)})
    worded = [sum(bool(line.strip()) for line in lines[a:b]) for a, b in pairwise(places)]
    return bool(tops) and median(worded) < LEAST_PAGE


def _is_called(lines: Sequence[str], i: int, figure: str) -> bool:
    """Whether `figure` is alone on one of the lines before `i`, as a raised note call is: then it
    is the label of a note, not a folio."""
    return any(lines[j].strip() == figure for j in range(max(1, i - CALL_REACH), i))


def _page_top(lines: Sequence[str], i: int) -> int:
    """The first line of the page that the folio at `i` may head: a running head, or the folio."""
    above = i - 1 - _blanks_above(lines, i)
    if above < 0 or i - above > HEADER_RUN + 1 or not _set_apart(lines[above]):
        return i
    return above if above == 0 or not lines[above - 1].strip() else i


def _set_apart(line: str) -> bool:
    """Whether a line may be a running head: it is short and does not end like a sentence."""
    words = " ".join(line.split())
    return len(words) < HEAD_LENGTH and not words.endswith((".", ",", ";"))


def _blanks_above(lines: Sequence[str], i: int) -> int:
    above = next((j for j in range(i - 1, -1, -1) if lines[j].strip()), -1)
    return i - above - 1


def _next_line(lines: Sequence[str], i: int) -> int | None:
    return next((j for j in range(i + 1, len(lines)) if lines[j].strip()), None)
