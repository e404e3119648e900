"""The order of what a plain text gives in another order than it was printed in: the columns of a
page, and a title below the text that it belongs to."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from itertools import accumulate, groupby, pairwise

from archive_site import interface
from archive_site.recover.printed.lines import SetLine
from archive_site.recover.printed.paragraphs import WIDER, Piece, gap_above
from archive_site.recover.printed.sentences import ends_clause, key
from archive_site.recover.printed.setting import TextSetting
from archive_site.recover.printed.words import MANGLED

_Run = Sequence[SetLine]


def order_columns(
    lines: Sequence[SetLine], setting: TextSetting
) -> tuple[list[SetLine], tuple[tuple[int, int], ...]]:
    """The lines, with the columns of one page swapped if only that makes its sentences go on: the
    page begins in mid-sentence, its last run breaks off, and the beginning goes on with the end;
    and the ranges of lines that are in another order now (empty: none)."""
    pages = [list(group) for _, group in groupby(lines, key=lambda line: line.page)]
    if not setting.estimated or len({(x.page, x.column) for x in lines}) > len(pages):
        return list(lines), ()
    runs = [_runs(page, setting) for page in pages]
    for n, page in enumerate(pages):
        before = runs[n - 1][-1] if n else None
        after = runs[n + 1][0] if n + 1 < len(pages) else None
        cut = _second_column(runs[n], before, after)
        if cut is not None:
            at = page.index(cut)
            pages[n] = [*page[at:], *page[:at]]
            order = ((cut.number, page[-1].number), (page[0].number, cut.number - 1))
            return [line for page in pages for line in page], order
    return list(lines), ()


def _runs(page: Sequence[SetLine], setting: TextSetting) -> list[_Run]:
    """The lines of a page that no wider gap parts."""
    starts = [n for n in range(len(page)) if n == 0 or gap_above(page, n, setting) > WIDER]
    return [page[start:end] for start, end in pairwise([*starts, len(page)])]


def _second_column(runs: Sequence[_Run], before: _Run | None, after: _Run | None) -> SetLine | None:
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


def _goes_on(run: _Run, following: _Run) -> bool:
    """Whether `run` breaks off and `following` begins in mid-sentence."""
    return not ends_clause(run[-1].text) and following[0].words[:1].islower()


def _fits(run: _Run | None, following: _Run | None) -> bool:
    """Whether `following` may follow `run`: both are cut in mid-sentence, or neither is."""
    ends = run is None or ends_clause(run[-1].text)
    begins = following is None or not following[0].words[:1].islower()
    return ends == begins


def order_title_page(
    pieces: Sequence[Piece], heads: Container[str], setting: TextSetting
) -> tuple[list[Piece], dict[int, str]]:
    """The pieces; a title in mid-page, and the rest of that page, are at the beginning of its page;
    and the doubt about it, by the number of its first line. A heading is the title if running heads
    repeat it (`heads` has their words), or if its capitals are mangled."""
    at = next((n for n, piece in enumerate(pieces) if _is_title(piece, heads)), None)
    if at is None or not setting.estimated:
        return list(pieces), {}
    page = pieces[at].lines[0].page
    start = next(n for n, piece in enumerate(pieces) if piece.lines[0].page == page)
    end = next((n for n, piece in enumerate(pieces) if piece.lines[0].page > page), len(pieces))
    ordered = [*pieces[:start], *pieces[at:end], *pieces[start:at], *pieces[end:]]
    moved: Mapping[int, str] = {pieces[at].lines[0].number: interface.TITLE_MOVED}
    return ordered, dict(moved) if at > start else {}


def _is_title(piece: Piece, heads: Container[str]) -> bool:
    first = piece.lines[0].words
    return piece.kind == "heading" and (key(first) in heads or MANGLED.search(first) is not None)
