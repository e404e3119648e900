"""Pandoc's tables → tables of an edition, which have one paragraph in each cell, and as many cells
in each row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from archive_site import interface
from archive_site.sources.words import (
    Node,
    WordReader,
    has_words,
    on_one_line,
    strings_in,
)
from archive_site.text.document import (
    Alignment,
    Block,
    Branch,
    CellBreak,
    Container,
    Doubt,
    Inline,
    Inlines,
    LineBreak,
    Table,
    Text,
    flattened,
)
from archive_site.text.reading import witness_text

Part = Block | Branch
_ALIGNMENTS: dict[str, Alignment] = {
    "AlignLeft": "left",
    "AlignRight": "right",
    "AlignCenter": "center",
}
_FLAT = ("Para", "Plain", "LineBlock")
_LONG = 400  # characters: a cell of more is no cell of data
_MOST_COLUMNS = 100
_Grid = list[dict[int, Any]]
"""The rows of a part of a table: each cell by its column. Cells that a merged cell covers are not
there."""


def read_table(
    held: Any, words: WordReader, read: Callable[[Sequence[Node]], list[Part]]
) -> list[Part]:
    """A table with its caption before it. A table that sets out a page has the blocks of its cells,
    in their order, instead of cells."""
    _, (_, caption), columns, head, bodies, foot = held
    sections = [head[1], *chain.from_iterable((b[2], b[3]) for b in bodies), foot[1]]
    grids = [_grid(rows) for rows in sections]
    rows = [row for grid in grids for row in grid]
    cells = [cell for row in rows for cell in row.values()]
    width = max([len(columns), *(max(row, default=-1) + 1 for row in rows)])
    captions = read(caption)
    if width > _MOST_COLUMNS or any(map(_sets_out, cells)) or (width == 1 and len(cells) == 1):
        inner = [part for cell in cells for part in read(cell[4])]
        return [*captions, *_undone(inner)]
    content = [[_cell(row[n], words) if n in row else () for n in range(width)] for row in rows]
    heads = len(grids[0]) + (len(grids[1]) if bodies else 0)
    headed = any(map(any, content[: min(heads, 1)]))
    content = [row for row in content if any(row)]
    if not content:
        return captions
    aligned = tuple(_ALIGNMENTS.get(column[0]["t"], "") for column in columns)
    table = Table((*aligned, *([""] * (width - len(aligned)))), headed)  # type: ignore[arg-type]
    block = Block("table", _rows(content), table=table)
    said = _caption(captions)
    if not said:
        return [*captions, block]
    return [Branch(Container("captioned"), (Block("caption", said), block))]


def _grid(rows: Sequence[Any]) -> _Grid:
    """Rows with each cell in its column: a merged cell takes those to its right and below."""
    grid: _Grid = []
    taken: dict[int, int] = {}  # how many more rows each column is covered in
    for _, cells in rows:
        row: dict[int, Any] = {}
        column = 0
        covered = {n: left for n, left in taken.items() if left > 0}
        taken = {n: left - 1 for n, left in covered.items()}
        for cell in cells:
            while column in covered:
                column += 1
            row[column] = cell
            across, down = max(1, cell[3]), max(1, cell[2])
            if down > 1:
                taken |= dict.fromkeys(range(column, column + min(across, _MOST_COLUMNS)), down - 1)
            column += min(across, _MOST_COLUMNS)
        grid.append(row)
    return grid


def _sets_out(cell: Any) -> bool:
    """Whether a cell has what no cell of an edition has, or more than a cell of data has."""
    blocks: Sequence[Node] = cell[4]
    if any(node["t"] not in _FLAT for node in blocks):
        return True
    return len(blocks) > 1 and sum(map(len, strings_in([n["c"] for n in blocks]))) > _LONG


def _cell(cell: Any, words: WordReader) -> Inlines:
    """The words of a cell, on one line. They are in doubt if the cell was merged with others, or
    had several paragraphs."""
    blocks: Sequence[Node] = cell[4]
    parts = [line for node in blocks for line in _lines(node, words)]
    content = on_one_line(inline for part in parts for inline in (*part, Text(" ")))
    merged, several = cell[2] > 1 or cell[3] > 1, len(blocks) > 1
    if not has_words(content) or not (merged or several):
        return content
    return (Doubt(content, interface.MERGED_CELL if merged else interface.CROWDED_CELL),)


def _lines(node: Node, words: WordReader) -> Iterable[Inlines]:
    held = node["c"]
    return map(words.read, held) if node["t"] == "LineBlock" else (words.read(held),)


def _rows(rows: Sequence[Sequence[Inlines]]) -> Inlines:
    """The content of a table, as `Block` has it."""
    content: list[Inline] = []
    for n, row in enumerate(rows):
        content += [LineBreak()] if n else []
        for m, cell in enumerate(row):
            content += [CellBreak()] if m else []
            content += cell
    return tuple(content)


def _caption(captions: Sequence[Part]) -> Inlines:
    """The words of a caption, on one line; empty if it is more than paragraphs."""
    blocks = flattened(captions)
    if any(block.within or block.kind != "paragraph" for block in blocks):
        return ()
    content = on_one_line(i for block in blocks for i in (*block.content, Text(" ")))
    return content if witness_text(content).strip() else ()


def _undone(parts: list[Part]) -> list[Part]:
    """The blocks of a table that set out a page; the editor is told before the first of them."""
    if parts and isinstance(parts[0], Block):
        return [replace(parts[0], comments=(interface.TABLE_UNDONE,)), *parts[1:]]
    return parts
