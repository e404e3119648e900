"""JSON and CSV for the files of `data/`: readable, and one item on each line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import msgspec

_NUMBER = re.compile(r"-\d+(?:\.\d+)?")
Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
"""A value that JSON can represent."""


def _plain(value: object) -> str:
    """`Markup`, a subclass of `str`, as plain `str`. Raises `TypeError` for any other type."""
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"JSON has no {type(value).__name__}")


_json = msgspec.json.Encoder(enc_hook=_plain).encode


def compact(value: object) -> str:
    """A value as JSON without spaces."""
    return _json(value).decode()


def json_file(value: object) -> bytes:
    """A value as a JSON file with an indent of one."""
    return msgspec.json.format(_json(value), indent=1) + b"\n"


def json_list(items: Iterable[object]) -> bytes:
    """A list as such a file. The items are encoded one by one, so that a long list is never in
    memory as values."""
    written = [json_file(item)[:-1].replace(b"\n", b"\n ") for item in items]
    return b"[\n " + b",\n ".join(written) + b"\n]\n" if written else b"[]\n"


def rows(cells: Iterable[Sequence[str]]) -> bytes:
    """A table as CSV, one line for each row of cells."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerows([_harmless(cell) for cell in row] for row in cells)
    return written.getvalue().encode()


def _harmless(cell: str) -> str:
    """A cell, with a `'` before it if a spreadsheet would treat it as a formula; a negative number
    is none."""
    formula = cell.startswith(("=", "+", "-", "@")) and not _NUMBER.fullmatch(cell)
    return f"'{cell}" if formula else cell
