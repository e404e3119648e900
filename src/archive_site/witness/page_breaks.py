"""Checks the page breaks of an edition against its witness: one where each page begins, in order,
with the folios that are printed. If the witness shows no pages, only the order and repeated page
breaks are checked; if its source states its folios, only the places."""

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
_REACH = 500  # a printed folio is searched for in at most this many pages


@dataclass(frozen=True, slots=True)
class Stretch:
    """The part of an edition between two page breaks, gaps or blocks: the characters `start` to
    `end` of a block of the text or of a note; the lines of the witness that they come from, in
    reading order (empty if none was found); and the numbers of the page breaks directly before them
    (None for a gap)."""

    spelling: Spelling
    start: int
    end: int
    in_note: bool
    lines: Sequence[int]
    breaks: tuple[str | None, ...] = ()

    @property
    def line(self) -> int:
        """The line of its block in the edition."""
        return self.spelling.block.line

    @property
    def words(self) -> str:
        """Its first words, as the witness spells them."""
        words = self.spelling.words(self.start, min(self.end, self.start + _SHOWN))
        return words if len(words) < _SHOWN else words[:_SHOWN].rstrip() + "…"


@dataclass(slots=True)
class _Break:
    """A page break: its number, its line in the edition, and the words after it. `passed` is the
    number of page starts since the previous break (None if there is no page start here), `page` the
    page that begins."""

    number: str
    line: int
    words: str
    passed: int | None = None
    page: int = 0  # as `Pagination.page` counts
    after_gap: bool = False  # there is a gap before it

    @property
    def value(self) -> int | None:
        """Its number as an integer; None if it has none."""
        match = _NUMBER.fullmatch(self.number)
        if match is None:
            return None
        return int(match["arabic"]) if match["arabic"] else _roman(match["roman"])

    @property
    def kind(self) -> str:
        """The numerals of its number: `figures` or `roman`; empty if it has none."""
        match = _NUMBER.fullmatch(self.number)
        return "" if match is None else "figures" if match["arabic"] else "roman"

    @property
    def counted(self) -> bool:
        """Whether the editor counted its number; otherwise the number is printed."""
        return self.number.startswith("[")


def check_breaks(
    path: str, stretches: Iterable[Stretch], shown: Pagination, aside: Mapping[int, str] | None
) -> Iterator[Finding]:
    """A finding for each page break that is not where a page begins, is repeated or missing, or has
    a wrong number. `aside`: the lines of the witness with omitted words, by number (None: its
    folios are those that its source states, in whatever order)."""
    walk = _Walk(path, shown, stated=aside is None)
    for stretch in stretches:
        walk.take(stretch)
    yield from walk.place_findings()
    if aside is not None and any(found.value is not None for found in walk.breaks):
        yield from _check_numbers(path, walk, shown, aside)


class _Walk:
    """Follows the text of an edition in reading order, and finds the pages that it enters, with or
    without a page break.

    `page` is the highest page entered so far. Returning to an earlier page, as after a column or a
    title that is read before what is above it, enters none. If its source states its pages
    (`stated`), any number of them may be empty before its first word."""

    def __init__(self, path: str, shown: Pagination, stated: bool):
        self.path = path
        self.shown = shown
        self.starts = [line + 1 for line in shown.likely]
        self.sure = {line + 1 for line in shown.sure}
        self.apart = shown.apart
        self.stated = stated
        self.breaks: list[_Break] = []
        self.findings: list[Finding] = []
        self.page = -1
        self.waiting: list[_Break] = []
        self.entered: set[int] = set()  # page starts with a break
        self.missing: list[tuple[int, int, str]] = []  # page starts without one
        self.astray: list[tuple[_Break, int]] = []
        self.after_gap = False
        self.over = 0  # page starts passed since the last break

    def take(self, stretch: Stretch) -> None:
        """Follow the text through `stretch`."""
        for number in stretch.breaks:
            if number is None:
                self.after_gap = True
                continue
            found = _Break(number, stretch.line, stretch.words, after_gap=self.after_gap)
            self.after_gap = False
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
        """Enter the first page. One break before the first word may give its number; pages before
        it need no breaks."""
        self.page = page
        self.over = page - (self.starts[:1] == [1])
        if not self.stated:
            self._once(stretch, self.waiting, 1)
        for found in self.waiting:
            found.passed, found.page = 0, self.shown.page(stretch.lines[0] - 1)
        self.waiting = []

    def _enter(self, stretch: Stretch, page: int) -> None:
        passed = self.starts[self.page : page] if page > self.page else []
        if self.waiting and not self.starts:
            self._once(stretch, self.waiting, len(self.waiting) if self.stated else 1)
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
            message = f"there must be one page break; found {len(found)} before “{stretch.words}”"
            hint = "Keep one of them."
            self.findings.append(Finding(self.path, stretch.line, "E050", message, hint))

    def place_findings(self) -> Iterator[Finding]:
        """The findings about the places of page breaks."""
        yield from self.findings
        missing = [
            place
            for place in self.missing
            if not any(abs(place[0] - start) < self.apart for start in self.entered)
        ]
        for found, line in self.astray:
            near = min(missing, key=lambda place: abs(place[0] - line), default=None)
            message = (
                f"a page break must be where a page of the witness begins; found {_mark(found)} "
                f"before “{found.words}”, line {line}"
            )
            hint = "Move it to the beginning of its page, or remove it."
            if near is not None and abs(near[0] - line) <= 4 * self.apart:
                missing.remove(near)
                hint = f"Move it before the words of line {near[0]} of the witness."
            yield Finding(self.path, found.line, "E050", message, hint)
        for start, edition_line, words in missing:
            message = (
                f"there must be a page break where line {start} of the witness begins a page; "
                f"found none in “{words}”"
            )
            hint = 'Write []{.pb n="…"} before its first word.'
            yield Finding(self.path, edition_line, "E050", message, hint)


def _check_numbers(
    path: str, walk: _Walk, shown: Pagination, aside: Mapping[int, str]
) -> Iterator[Finding]:
    """A finding for each number that is not greater than the previous one; for each printed number
    that is not a folio of the witness there; and for each number in brackets that does not agree
    with the count of pages."""
    back = _not_in_order(walk.breaks)
    for found, before in back:
        message = f"page numbers must increase; found {_mark(found)} after {before}"
        yield Finding(path, found.line, "E051", message, "Correct one of the two numbers.")
    pages = [found for found in walk.breaks if found.passed is not None]
    if not walk.starts or not pages:
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
            hint = f'Write the folio, or []{{.pb n="[{found.number}]"}} if the page is counted.'
            yield Finding(path, found.line, "E051", message, hint)
    printed = {shown.page(i): f for i, f in shown.counted.items() if i + 1 in aside}
    yield from _check_folios(path, pages, printed)
    reported = {id(found) for found, _ in back}
    yield from _check_count(path, pages, printed, reported)


def _not_in_order(breaks: Sequence[_Break]) -> list[tuple[_Break, int]]:
    """Page breaks whose number does not increase, each with the number that it must exceed."""
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
    """A finding for each page of which the witness prints a folio that is neither its number nor
    that of the page before or after it."""
    by_page = {found.page: found for found in pages}
    for page, folio in printed.items():
        found = by_page.get(page)
        near = {by_page[page + n].number for n in (-1, 0, 1) if page + n in by_page}
        if found and folio not in near:
            message = f"must be the folio {folio}, as in the witness; found {_mark(found)}"
            hint = f'Write []{{.pb n="{folio}"}}.'
            yield Finding(path, found.line, "E051", message, hint)


def _check_count(
    path: str, pages: Sequence[_Break], printed: Mapping[int, str], reported: Container[int]
) -> Iterator[Finding]:
    """A finding for each counted number that neither follows the previous one nor agrees with a
    printed folio. `reported`: the breaks (by `id`) that already have a finding."""
    before = 1
    offsets = {int(folio) - page for page, folio in printed.items() if folio.isdigit()}
    for n, found in enumerate(pages):
        value, passed = found.value, found.passed or 0
        if value is None or found.kind != "figures":
            before += passed
            continue
        follows = before < value <= before + passed
        right = not found.counted or found.after_gap or follows or passed == 0
        if right or value - found.page in offsets or _fits_next_folio(pages, n):
            before = value
            continue
        if id(found) not in reported:
            message = f"a counted page must follow the previous one; found {_mark(found)}"
            hint = (
                f'Write []{{.pb n="[{before + passed}]"}}; or, if pages are lost, '
                '[]{.gap why="…"} before it; or, if the text does not begin on page 1, a page '
                "break before its first word."
            )
            yield Finding(path, found.line, "E051", message, hint)
        after = pages[n + 1] if n + 1 < len(pages) else None
        goes_on = after and after.value and value < after.value <= value + (after.passed or 0)
        before = value if goes_on else before + passed


def _fits_next_folio(pages: Sequence[_Break], n: int) -> bool:
    """Whether counting on from the page break `n` can give the next printed folio."""
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
