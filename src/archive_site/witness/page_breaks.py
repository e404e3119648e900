"""An edition's page breaks against its witness: where its pages begin, once each, in order, with
the folios that it prints. Where the witness shows no pages, only order and doubling are judged."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from archive_site.findings import Finding
from archive_site.witness.pagination import Pagination
from archive_site.witness.stream import Spelling

_NUMBER = re.compile(r"\[?(?:(?P<arabic>\d{1,6})|(?P<roman>[ivxlc]{1,9}))\]?", re.I)
_FIGURE = re.compile(r"(?<!\w)(?:\d{1,6}|[ivxlc]{1,9})(?!\w)", re.I)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_SHOWN = 40
_REACH = 500  # so many pages further on a folio is looked for


@dataclass(frozen=True, slots=True)
class Stretch:
    """What an edition has between two page breaks, gaps or blocks: the characters `start` to `end`
    of a block, of the text or of a note; the lines of the witness that they are from, in the order
    of reading (none: nothing of them was found); and, right before them, the numbers of page breaks
    (None: a gap)."""

    spelling: Spelling
    start: int
    end: int
    in_note: bool
    lines: Sequence[int]
    breaks: tuple[str | None, ...] = ()

    @property
    def line(self) -> int:
        """Its block's line in the edition."""
        return self.spelling.block.line

    @property
    def words(self) -> str:
        """Its first words."""
        words = self.spelling.words(self.start, min(self.end, self.start + _SHOWN))
        return words if len(words) < _SHOWN else words[:_SHOWN].rstrip() + "…"


@dataclass(slots=True)
class _Break:
    """A page break: its number, its line in the edition, the words after it; how many page starts
    the text has passed there since the break before (None: none), and the page that begins."""

    number: str
    line: int
    words: str
    passed: int | None = None
    page: int = 0  # as `Pagination.page` counts
    freed: bool = False  # a gap stands before it

    @property
    def value(self) -> int | None:
        """Its number as one."""
        match = _NUMBER.fullmatch(self.number)
        if match is None:
            return None
        return int(match["arabic"]) if match["arabic"] else _roman(match["roman"])

    @property
    def kind(self) -> str:
        """Of which count it is: figures, or roman numerals."""
        match = _NUMBER.fullmatch(self.number)
        return "" if match is None else "figures" if match["arabic"] else "roman"

    @property
    def counted(self) -> bool:
        """Whether the editor counted it; else it is printed."""
        return self.number.startswith("[")


def check_breaks(
    path: str, stretches: Iterable[Stretch], shown: Pagination, aside: Mapping[int, str]
) -> Iterator[Finding]:
    """Every page break stands where a page begins, once, and bears its number. `aside`: the words
    of the witness that are set aside, by line."""
    road = _Road(path, shown)
    for stretch in stretches:
        road.take(stretch)
    yield from road.told()
    if any(found.value is not None for found in road.breaks):
        yield from _check_numbers(path, road, shown, aside)


class _Road:
    """The edition's text in the order of reading: which pages it enters, with a break or without.

    `page` is the highest entered so far. Columns and titles that are read before what stands above
    them enter none."""

    def __init__(self, path: str, shown: Pagination):
        self.path = path
        self.shown = shown
        self.starts = [line + 1 for line in shown.likely]
        self.sure = {line + 1 for line in shown.sure}
        self.apart = shown.apart
        self.breaks: list[_Break] = []
        self.findings: list[Finding] = []
        self.page = -1
        self.waiting: list[_Break] = []
        self.entered: set[int] = set()  # starts that a break stands at
        self.missing: list[tuple[int, int, str]] = []  # starts that none does
        self.astray: list[tuple[_Break, int]] = []
        self.freed = False
        self.over = 0  # starts passed without a break since the last one

    def take(self, stretch: Stretch) -> None:
        """Go on over `stretch`."""
        for number in stretch.breaks:
            if number is None:
                self.freed = True
                continue
            found = _Break(number, stretch.line, stretch.words, freed=self.freed)
            self.freed = False
            self.breaks.append(found)
            self.waiting.append(found)
        if not stretch.lines:
            return
        first, *more = dict.fromkeys(bisect_right(self.starts, line) for line in stretch.lines)
        if self.page < 0:
            self._open(stretch, first)
        else:
            self._enter(stretch, first)
        for page in more:
            self._enter(stretch, page)

    def _open(self, stretch: Stretch, page: int) -> None:
        """Before the first word one break may say which page is the first; pages above it may
        have none."""
        self.page = page
        self.over = page - (self.starts[:1] == [1])
        self._once(stretch, self.waiting, 1)
        for found in self.waiting:
            found.passed, found.page = 0, self.shown.page(stretch.lines[0] - 1)
        self.waiting = []

    def _enter(self, stretch: Stretch, page: int) -> None:
        passed = self.starts[self.page : page] if page > self.page else []
        if self.waiting and not self.starts:
            self._once(stretch, self.waiting, 1)
        elif self.waiting and not passed:
            self.astray += [(found, min(stretch.lines)) for found in self.waiting]
        elif self.waiting:
            self._once(stretch, self.waiting, len(passed))
            self.entered |= set(passed)
            for found in self.waiting:
                found.passed = len(passed) + self.over
                found.page = self.shown.page(self.starts[page - 1] - 1)
        elif not stretch.in_note:
            sure = next((start for start in passed if start in self.sure), None)
            if sure is not None:
                self.missing.append((sure, stretch.line, stretch.words))
        self.over = 0 if self.waiting and passed else self.over + len(passed)
        self.waiting = []
        self.page = max(self.page, page)

    def _once(self, stretch: Stretch, found: Sequence[_Break], most: int) -> None:
        if len(found) > most:
            message = f"a page break must stand once; found {len(found)} before “{stretch.words}”"
            hint = "Keep one of them."
            self.findings.append(Finding(self.path, stretch.line, "E050", message, hint))

    def told(self) -> Iterator[Finding]:
        """What was found of the places of page breaks."""
        yield from self.findings
        missing = [
            place
            for place in self.missing
            if not any(abs(place[0] - start) < self.apart for start in self.entered)
        ]
        for found, line in self.astray:
            near = min(missing, key=lambda place: abs(place[0] - line), default=None)
            message = (
                f"a page break must stand where a page of the witness begins; found {_mark(found)} "
                f"before “{found.words}”, line {line}"
            )
            hint = "Put it back, or take it out."
            if near is not None and abs(near[0] - line) <= 4 * self.apart:
                missing.remove(near)
                hint = f"Put it back to the words of line {near[0]} of the witness."
            yield Finding(self.path, found.line, "E050", message, hint)
        for start, edition_line, words in missing:
            message = (
                f"a page of the witness begins on its line {start}: a page break must stand there; "
                f"none does in “{words}”"
            )
            hint = 'Write []{.pb n="…"} before its first word.'
            yield Finding(self.path, edition_line, "E050", message, hint)


def _check_numbers(
    path: str, road: _Road, shown: Pagination, aside: Mapping[int, str]
) -> Iterator[Finding]:
    """The numbers of page breaks go up; one that is printed is a folio that the witness prints
    there, one in brackets is counted from those."""
    back = _not_in_order(road.breaks)
    for found, before in back:
        message = f"page breaks must go up; found {_mark(found)} after {before}"
        yield Finding(path, found.line, "E051", message, "Mind the number of this one, or that.")
    pages = [found for found in road.breaks if found.passed is not None]
    if not road.starts or not pages:
        return
    figures: dict[int, set[str]] = {}
    for line, words in aside.items():
        there = figures.setdefault(shown.page(line - 1), set())
        there.update(figure.casefold() for figure in _FIGURE.findall(words))
    for found in pages:
        near = set[str]().union(*(figures.get(found.page + n, ()) for n in (-1, 0, 1)))
        if found.value is not None and not found.counted and found.number.casefold() not in near:
            message = (
                "a page break’s number must be a folio that the witness prints there; found "
                f"{_mark(found)} before “{found.words}”"
            )
            hint = f'Write the folio, or, if the page is counted: []{{.pb n="[{found.number}]"}}.'
            yield Finding(path, found.line, "E051", message, hint)
    printed = {shown.page(i): f for i, f in shown.counted.items() if i + 1 in aside}
    yield from _check_folios(path, pages, printed)
    told = {id(found) for found, _ in back}
    yield from _check_count(path, pages, printed, told)


def _not_in_order(breaks: Sequence[_Break]) -> list[tuple[_Break, int]]:
    """Page breaks that do not go up, and the number they are to be above."""
    highest: dict[str, int] = {}
    back = []
    for found in breaks:
        before, value = highest.get(found.kind), found.value
        if value is None:
            continue
        if before is not None and value <= before:
            back.append((found, before))
        else:
            highest[found.kind] = value
    return back


def _check_folios(
    path: str, pages: Sequence[_Break], printed: Mapping[int, str]
) -> Iterator[Finding]:
    """What the witness prints as a folio is the number of the page above or below it."""
    by_page = {found.page: found for found in pages}
    for page, folio in printed.items():
        found = by_page.get(page)
        near = {by_page[page + n].number for n in (-1, 0, 1) if page + n in by_page}
        if found and folio not in near:
            message = f"the witness prints the folio {folio} here; found {_mark(found)}"
            hint = f'Write []{{.pb n="{folio}"}}.'
            yield Finding(path, found.line, "E051", message, hint)


def _check_count(
    path: str, pages: Sequence[_Break], printed: Mapping[int, str], told: Container[int]
) -> Iterator[Finding]:
    """A page is one more than the page before it, or as far from a folio as its page is. `told`:
    the breaks (by `id`) that are known to be wrong."""
    before = 1
    offsets = {int(folio) - page for page, folio in printed.items() if folio.isdigit()}
    for n, found in enumerate(pages):
        value, passed = found.value, found.passed or 0
        if value is None or found.kind != "figures":
            before += passed
            continue
        follows = before < value <= before + passed
        agrees = value - found.page in offsets or _leads(pages, n)
        if not found.counted or found.freed or follows or passed == 0 or agrees:
            before = value
            continue
        if id(found) not in told:
            message = f"a page that is counted must follow the one before; found {_mark(found)}"
            hint = (
                f'Write []{{.pb n="[{before + passed}]"}}. Where pages are lost, '
                '[]{.gap why="…"} says so; where the text does not begin on page 1, a page break '
                "before its first word."
            )
            yield Finding(path, found.line, "E051", message, hint)
        after = pages[n + 1] if n + 1 < len(pages) else None
        goes_on = after and after.value and value < after.value <= value + (after.passed or 0)
        before = value if goes_on else before + passed


def _leads(pages: Sequence[_Break], n: int) -> bool:
    """Whether the pages from `n` on lead up to the next folio printed."""
    value, most = pages[n].value or 0, 0
    for least, found in enumerate(pages[n + 1 : n + 1 + _REACH], start=1):
        most += found.passed or 0
        if not found.counted and found.value is not None:
            return value + least <= found.value <= value + most
    return False


def _roman(figures: str) -> int:
    values = [_ROMAN[figure] for figure in figures.lower()]
    return sum(-a if a < b else a for a, b in pairwise([*values, 0]))


def _mark(found: _Break) -> str:
    return f'[]{{.pb n="{found.number}"}}' if found.number else "[]{.pb}"
