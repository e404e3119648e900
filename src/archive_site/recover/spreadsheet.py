"""Read a table as rows of text: CSV, or a spreadsheet (ODS, XLSX), of which the first sheet with
any words is read."""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from archive_site.findings import Finding, NotPossible, Unsound
from archive_site.text.alike import composed
from archive_site.witness.witness import lines_of

DELIMITERS = ";,\t"
"""What may stand between the cells of a CSV file."""
LARGEST_SPREADSHEET = 200_000_000
"""The greatest size of what a spreadsheet holds once it is unpacked, in bytes."""
MOST_CELLS = 2_000_000
"""The most cells of a sheet: 40 columns for each of 50,000 texts."""
_SAMPLE = 10_000
_SEPARATOR = re.compile(r"sep=(.)\s*", re.IGNORECASE)
_PACKED, _OLD = b"PK", b"\xd0\xcf\x11\xe0"
_RESAVE = "Save it again in the spreadsheet program: as XLSX, as ODS, or as CSV in UTF-8."
_PLACE = re.compile(rb'<(?:\w+:)?c\b[^>]*?\sr="([A-Z]{1,3})(\d{1,7})"')
"""The place of a cell in a sheet of XLSX, such as C12."""
_UNPACKING = (
    *(zipfile.BadZipFile, zlib.error, EOFError),
    *(NotImplementedError, RuntimeError, OSError, ValueError),
)
"""What unpacking a damaged or encrypted zip file may raise."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its path, and its rows by number, as spreadsheet programs count them; rows without
    any words are left out."""

    path: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_sheet(data: bytes, path: str, known: Callable[[Sequence[str]], int]) -> Sheet:
    """The table in `data`, the contents of the file `path`. `known` counts the names of columns in
    a row: the separator of a CSV file is the one with which its first row has most of them.

    Raises `Unsound` if it cannot be read, and `NotPossible` if the library that reads it is not
    installed."""
    if data.startswith((_PACKED, _OLD)):
        rows = _spreadsheet(data, path)
    else:
        rows = _csv(_text(data, path), path, known)
    cleaned = ((n, tuple(map(_clean, row))) for n, row in rows)
    return Sheet(path, tuple((n, row) for n, row in cleaned if any(row)))


def _clean(cell: str) -> str:
    return composed(" ".join(cell.split()))


# ---------------------------------------------------------------- CSV


def _text(data: bytes, path: str) -> str:
    try:
        lines_of(data, path)
    except Unsound as error:
        found = (Finding(f.path, f.line, f.code, f.message, _RESAVE) for f in error.findings)
        raise Unsound(found) from error
    return data.decode("utf-8-sig")


def _csv(
    text: str, path: str, known: Callable[[Sequence[str]], int]
) -> Iterator[tuple[int, list[str]]]:
    said = _SEPARATOR.match(text)  # Excel writes the separator on a line of its own
    skipped = said.end() if said and said[1] in DELIMITERS else 0
    first = 1 + text.count("\n", 0, skipped)
    text = text[skipped:]
    delimiters = [said[1]] if skipped and said else [*_sniffed(text), *DELIMITERS]
    delimiter = max(delimiters, key=lambda sign: known(_first_row(text, sign)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = first
    try:
        for number, row in enumerate(reader, start=first):
            yield number, row
    except csv.Error as error:
        message = f"must be CSV; after row {number}: {error}"
        hint = f"Close the quotation marks of that row. {_RESAVE}"
        raise Unsound([Finding(path, number, "E015", message, hint)]) from error


def _sniffed(text: str) -> Iterator[str]:
    """The delimiter that the standard library would choose, if it can tell."""
    try:
        yield csv.Sniffer().sniff(text[:_SAMPLE], DELIMITERS).delimiter
    except csv.Error:
        return


def _first_row(text: str, delimiter: str) -> list[str]:
    """The first row with any words; empty if there is none."""
    reader = csv.reader(io.StringIO(text[:_SAMPLE], newline=""), delimiter=delimiter)
    try:
        return next((row for row in reader if any(cell.strip() for cell in row)), [])
    except csv.Error:
        return []


# ---------------------------------------------------------------- spreadsheets


def _spreadsheet(data: bytes, path: str) -> Iterator[tuple[int, list[str]]]:
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError as error:
        hint = "Install it: python -m pip install 'archive-site[formats]'; or save it as CSV."
        raise NotPossible(f"{path} needs python-calamine, which is not installed", hint) from error
    if data.startswith(_PACKED):
        _check_package(data, path)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            if sheet.total_height:
                rows = sheet.to_python(skip_empty_area=False)
                yield from ((n, [*map(_cell, row)]) for n, row in enumerate(rows, start=1))
                return
    except (CalamineError, ValueError, OverflowError) as error:
        raise _damaged(path, str(error)) from error


def _check_package(data: bytes, path: str) -> None:
    """Raises `Unsound` if a spreadsheet is damaged or too large. The library does not end if the
    XML of an ODS file does not, and it takes memory for each cell up to the last one of XLSX."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if sum(entry.file_size for entry in package.infolist()) > LARGEST_SPREADSHEET:
                raise _damaged(path, f"it has more than {LARGEST_SPREADSHEET / 1e6:g} MB")
            for name in package.namelist():
                if name == "content.xml":
                    etree.fromstring(package.read(name), parser)
                elif name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    _check_extent(package.read(name), path)
    except (etree.XMLSyntaxError, *_UNPACKING) as error:
        raise _damaged(path, str(error)) from error


def _check_extent(sheet: bytes, path: str) -> None:
    """Raises `Unsound` if a sheet of XLSX would have too many cells up to its last one."""
    places = [(found[1], int(found[2])) for found in _PLACE.finditer(sheet)]
    width = max((_column(letters) for letters, _ in places), default=0)
    height = max((row for _, row in places), default=0)
    if width * height > MOST_CELLS:
        message = f"a sheet must have at most {MOST_CELLS:,} cells; this one goes as far as row "
        message += f"{height:,} and column {width:,}"
        hint = "Delete the empty rows and columns at its end, with their formatting, or save CSV."
        raise Unsound([Finding(path, 0, "E006", message, hint)])


def _column(letters: bytes) -> int:
    """The number of a column: 1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number


def _damaged(path: str, why: str) -> Unsound:
    message = f"must be a spreadsheet that can be read, ODS or XLSX; found one that cannot: {why}"
    return Unsound([Finding(path, 0, "E006", message, _RESAVE)])


def _cell(value: object) -> str:
    """The value of a cell as text: a day in ISO 8601, a whole number without decimals."""
    match value:
        case datetime.datetime() if value.time() == datetime.time():
            return value.date().isoformat()
        case datetime.date() | datetime.time():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)
