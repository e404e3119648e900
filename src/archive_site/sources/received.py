"""Read a file as an editor received it, whatever it is: as text, or as a PDF."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from archive_site.findings import Finding, Unsound
from archive_site.witness.printed import PrintedPage
from archive_site.witness.witness import TEXT, lines_of

PDF_RULE = "pdf 1"
"""The rule by which a PDF becomes text, and its version: a change of what it gives is another
version."""
_PDF = b"%PDF-"
_REACH = 1024
"""How far into a file its signature may stand, in bytes: some PDFs begin with other bytes."""
_KINDS: tuple[tuple[re.Pattern[bytes], str, str], ...] = (
    (re.compile(rb"PK\x03\x04"), "a zip file (DOCX, ODT, EPUB …)", "Save it as text or as PDF."),
    (re.compile(rb"\xd0\xcf\x11\xe0"), "an old Office file", "Save it as text or as PDF."),
    (re.compile(rb"\{\\rtf"), "RTF", "Save it as text or as PDF."),
    (re.compile(rb"\x89PNG|\xff\xd8\xff|II\*\0|MM\0\*|GIF8"), "a picture", "Read it by OCR first."),
    (
        re.compile(rb"\s*(?:<\?xml|<!doctype|<html|<tei)", re.IGNORECASE),
        "XML or HTML",
        "Save the text that it has, without its tags.",
    ),
)
"""Files that are neither text nor PDF: how they begin, what they are, what to do."""


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was read: the ending of its name in the corpus, its lines of text and, if it is
    printed, its pages, whose lines they are."""

    ending: str
    lines: tuple[str, ...]
    pages: tuple[PrintedPage, ...] = ()

    def files(self, name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
        """The files that the corpus keeps of it, by the name of the witness: as it was received
        (`data`), its text, and the places of the lines of the text."""
        from archive_site.witness.witness import places_name, text_name

        yield name, data
        if self.pages:
            yield text_name(name), ("\n".join(self.lines) + "\n").encode()
            yield places_name(name), _places(self.pages)


def read_received(data: bytes, shown: str) -> Received:
    """The file with the contents `data`; `shown` is the path that findings give.

    Raises `Unsound` if it is neither text nor a PDF with text (E002), or has no words (E026)."""
    if _PDF in data[:_REACH]:
        pages = _pages(data, shown)
        return Received("pdf", tuple(text_of(pages)), pages)
    for begins, what, hint in _KINDS:
        if begins.match(data):
            message = f"must be text or PDF; found {what}"
            raise Unsound([Finding(shown, 0, "E002", message, hint)])
    lines = lines_of(data, shown)
    if not any(line.strip() for line in lines):
        hint = "Extract the text first; a scan needs OCR."
        raise Unsound([Finding(shown, 0, "E026", "a text must have words; found none", hint)])
    return Received(TEXT.removeprefix("."), lines)


def _pages(data: bytes, shown: str) -> tuple[PrintedPage, ...]:
    from pypdfium2 import PdfiumError

    from archive_site.sources.pdf import read_pdf

    try:
        pages = read_pdf(data)
    except PdfiumError as error:
        message = f"must be a PDF that can be opened; found one that cannot: {error}"
        hint = "If it has a password, save it without; else export it again."
        raise Unsound([Finding(shown, 0, "E002", message, hint)]) from error
    if not any(page.lines for page in pages):
        hint = "It is a scan: read it by OCR first, for example with OCRmyPDF: ocrmypdf -l fra"
        message = "a PDF must have text; found none"
        raise Unsound([Finding(shown, 0, "E026", message, hint)])
    return pages


def text_of(pages: Sequence[PrintedPage]) -> Iterator[str]:
    """The lines of pages as plain text. A form feed begins each page but the first; one without
    lines is a line of its own."""
    for n, page in enumerate(pages):
        feed = "\f" if n else ""
        if not page.lines:
            yield feed
            yield ""
        for m, line in enumerate(page.lines):
            yield (feed if m == 0 else "") + line.text


def _places(pages: tuple[PrintedPage, ...]) -> bytes:
    """The size of each page, and the page and the box of each line of text (left, top, right,
    bottom, in points from the top of the page), as JSON."""
    lines: list[list[float]] = []
    for number, page in enumerate(pages, start=1):
        boxes = [[line.left, line.top, line.right, line.bottom] for line in page.lines]
        lines += [[number, *(round(x, 1) for x in box)] for box in boxes or [[], []]]
    sizes = [[round(page.width, 1), round(page.height, 1)] for page in pages]
    places = {
        "rule": PDF_RULE,
        "reader": f"pypdfium2 {version('pypdfium2')}",
        "pages": sizes,
        "lines": lines,
    }
    return json.dumps(places, separators=(",", ":")).encode() + b"\n"
