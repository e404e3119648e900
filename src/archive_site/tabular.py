"""JSON and CSV as the files of `data/` have them: to be read by people, and line by line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

_as_json = json.JSONEncoder(ensure_ascii=False).encode


def indented(value: Any, depth: int) -> str:
    """JSON with an indent of one, as the standard library writes it, which is five times slower
    with an indent than without."""
    pieces: list[str]
    match value:
        case dict():
            pieces = [f"{_as_json(key)}: {indented(v, depth + 1)}" for key, v in value.items()]
        case list():
            pieces = [indented(v, depth + 1) for v in value]
        case _:
            return _as_json(value)
    return enclosed(pieces, depth, "{}" if isinstance(value, dict) else "[]")


def enclosed(pieces: Sequence[str], depth: int, brackets: str = "[]") -> str:
    """Pieces of JSON, `depth + 1` deep, as a list, or another thing in `brackets`."""
    opening, closing = brackets[0], brackets[1]
    line = "\n" + " " * (depth + 1)
    inside = f",{line}".join(pieces)
    return f"{opening}{line}{inside}{line[:-1]}{closing}" if pieces else opening + closing


def rows(cells: Iterable[Sequence[str]]) -> bytes:
    """Rows of a table."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerows([_harmless(cell) for cell in row] for row in cells)
    return written.getvalue().encode()


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell
