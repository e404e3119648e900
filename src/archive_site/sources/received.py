"""Read a file as an editor received it, whatever it is: text, a PDF, a scan, TEI, or a document
that pandoc reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from archive_site.findings import Finding, Unsound
from archive_site.sources.derived import RULE, derived_text
from archive_site.sources.encodings import ENCODINGS, encoding_of
from archive_site.sources.kinds import KINDS
from archive_site.sources.lines import RawPage, printed_pages
from archive_site.sources.ocr.parsing import kind_of_ocr
from archive_site.sources.ocr.pictures import picture_ending
from archive_site.sources.ocr.places import raw_pages
from archive_site.sources.properties import NO_PROPERTIES, Properties
from archive_site.text.document import Document
from archive_site.witness.printed import PrintedPage, PrintedWord
from archive_site.witness.witness import TEXT, lines_of, places_name, text_name

if TYPE_CHECKING:
    from archive_site.sources.ocr.records import OcrText

PDF_RULE = "pdf 2"
"""The rule by which a PDF becomes text, and its version: a change of what it gives is another
version."""
TEXT_RULE = "text 1"
"""The rule by which a text in another encoding becomes UTF-8, and its version."""
OCR_RULE = "ocr 1"
"""The rule by which what OCR has read becomes text, and its version."""
_PDF = b"%PDF-"
_REACH = 1024
"""How far into a file its signature may stand, in bytes: some PDFs begin with other bytes."""
_TEI = re.compile(rb"<(?:\w+:)?(?:TEI|teiCorpus|TEI\.2)[\s>]")
_XML = (".xml", ".tei")
_ZIP = b"PK\x03\x04"
_MARKED = re.compile(rb"\s*(?:<\?xml|<!doctype|<html)|PK\x03\x04|\{\\rtf", re.IGNORECASE)
"""How files begin that are no plain text, whatever their names say."""


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was read: the ending of its name in the corpus, and its lines of text. If it is
    printed, `pages` are those that the lines are of; if it is a document, `document` is what it
    says, from which the lines are derived. `rule` is how they were derived (empty: they are the
    file itself); `reader` is what read it, and its version (empty: no version of it differs from
    another); `ocr`, the program that has read its pictures before it was received, or then.
    `properties` are those of a PDF: a document has its own in its front matter. `remark` tells the
    editor what was guessed when the file was read."""

    ending: str
    lines: tuple[str, ...]
    pages: tuple[PrintedPage, ...] = ()
    document: Document | None = None
    rule: str = ""
    reader: str = ""
    ocr: str = ""
    properties: Properties = NO_PROPERTIES
    remark: str = ""

    @property
    def confidence(self) -> float:
        """How sure OCR is of a word on average, from 0 to 1 (1: it does not say)."""
        sure = [
            word.confidence
            for page in self.pages
            for line in page.lines
            for word in line.printed_words
        ]
        return sum(sure) / len(sure) if sure else 1.0

    def files(self, name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
        """The files that the corpus keeps of it, by the name of the witness: as it was received
        (`data`), its text, and the places of the lines of the text."""
        yield name, data
        if self.rule:
            yield text_name(name), ("\n".join(self.lines) + "\n").encode()
            made = {"rule": self.rule, "reader": self.reader, "ocr": self.ocr}
            places = _places(self.pages) if self.pages else {}
            record = {key: said for key, said in made.items() if said} | places
            yield places_name(name), json.dumps(record, separators=(",", ":")).encode() + b"\n"


def read_received(data: bytes, name: str, shown: str) -> Received:
    """The file with the contents `data` and the name `name`; `shown` is the path that findings
    give.

    Raises `Unsound` if it cannot be read as what it is, or has no words; `NotPossible` if a library
    is missing that reads it."""
    suffix = PurePath(name).suffix.lower()
    if _PDF in data[:_REACH]:
        return _read_pdf(data, shown)
    if ending := picture_ending(data):
        return _read_picture(data, ending, shown)
    if kind := kind_of_ocr(data):
        from archive_site.sources.ocr.read import read_ocr

        ending = "hocr" if kind == "hOCR" else "xml"
        return _read_by_ocr(ending, read_ocr(data, kind, shown))
    if data.startswith(_ZIP) and suffix not in KINDS:
        from archive_site.sources.ocr.read import pages_in_zip

        if (text := pages_in_zip(data, shown)) is not None:
            return _read_by_ocr("zip", text)
    if suffix in _XML or _TEI.search(data[:_REACH]):
        from archive_site.sources.tei import read_tei

        return _document("xml", read_tei(data, name, shown))
    if suffix in KINDS or _MARKED.match(data):
        from archive_site.sources.pandoc import read_pandoc

        document = read_pandoc(data, name, shown)
        return _document(suffix.removeprefix("."), document, _version_of("pypandoc-binary"))
    received = _text(data, shown)
    if not any(line.strip() for line in received.lines):
        hint = "Extract the text first, or give the scan itself."
        raise Unsound([Finding(shown, 0, "E026", "a text must have words; found none", hint)])
    return received


def _text(data: bytes, shown: str) -> Received:
    """A plain text. Raises `Unsound` (E002) if it is not UTF-8, and its encoding is not certain."""
    try:
        return Received(TEXT.removeprefix("."), lines_of(data, shown))
    except Unsound:
        encoding = encoding_of(data)
        if not encoding:
            raise
    name = ENCODINGS[encoding]
    text = data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    remark = f"read as {name}, in which its words are French: check its accents"
    lines = lines_of(text.encode(), shown)
    return Received(encoding, lines, rule=TEXT_RULE, reader=name, remark=remark)


def _document(ending: str, document: Document, reader: str = "") -> Received:
    lines = derived_text(document)
    return Received(ending, lines, document=document, rule=RULE, reader=reader)


def _version_of(library: str) -> str:
    """A library and its version; the library alone if it does not say its version."""
    try:
        return f"{library} {version(library)}"
    except PackageNotFoundError:
        return library


def _read_pdf(data: bytes, shown: str) -> Received:
    """A PDF. Pages without text are read by Tesseract."""
    from pypdfium2 import PdfiumError

    from archive_site.sources.pdf import pictured, read_properties, read_raw

    library = _version_of("pypdfium2")
    try:
        raw = read_raw(data)
        scans = pictured(data, raw)
        ocr = _read_scans(data, scans, raw, shown) if scans else ""
        properties = read_properties(data)
    except PdfiumError as error:
        message = f"must be a PDF that can be opened; found one that cannot: {error}"
        hint = "If it has a password, save it without; else export it again."
        raise Unsound([Finding(shown, 0, "E002", message, hint)]) from error
    pages = _worded(
        printed_pages(raw), "a PDF must have text, or pictures of it; found none", shown
    )
    reader = f"{library}, {ocr}" if ocr else library
    lines = tuple(text_of(pages))
    rule = OCR_RULE if ocr else PDF_RULE
    return Received("pdf", lines, pages, None, rule, reader, ocr, properties)


def _read_scans(data: bytes, scans: list[int], raw: list[RawPage], shown: str) -> str:
    """Read some pages of a PDF by Tesseract, and put them in their places in `raw`. Returns the
    program that has read them."""
    from archive_site.sources.ocr.pictures import pages_of_pdf
    from archive_site.sources.ocr.places import raw_pages
    from archive_site.sources.ocr.tesseract import read_pictures

    text = read_pictures(pages_of_pdf(data, scans), shown)
    for n, page in zip(scans, raw_pages(text.pages), strict=True):
        raw[n] = page
    return text.reader


def _read_picture(data: bytes, ending: str, shown: str) -> Received:
    from archive_site.sources.ocr.pictures import pages_of_picture
    from archive_site.sources.ocr.tesseract import read_pictures

    text = read_pictures(pages_of_picture(data, shown), shown)
    received = _read_by_ocr(ending, text)
    _worded(received.pages, "a picture must have words; Tesseract has found none", shown)
    return replace(received, reader=text.reader)


def _read_by_ocr(ending: str, text: OcrText) -> Received:
    """What OCR has read, as pages of lines."""
    pages = printed_pages(raw_pages(text.pages))
    return Received(ending, tuple(text_of(pages)), pages, rule=OCR_RULE, ocr=text.reader)


def _worded(pages: tuple[PrintedPage, ...], message: str, shown: str) -> tuple[PrintedPage, ...]:
    """The pages. Raises `Unsound` if none has a line."""
    if not any(page.lines for page in pages):
        hint = "If it is a scan, it may be too pale or too small: scan it again at 300 dpi."
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


def _places(pages: tuple[PrintedPage, ...]) -> dict[str, list[Any]]:
    """The size of each page, and the page and the box of each line of text (left, top, right,
    bottom, in points from the top of the page). Of lines that OCR has read, also the place of each
    word (left, right), and how sure OCR is of it, in per cent."""
    lines: list[list[float]] = []
    words: list[list[list[float]]] = []
    for number, page in enumerate(pages, start=1):
        boxes = [[line.left, line.top, line.right, line.bottom] for line in page.lines]
        lines += [[number, *(round(x, 1) for x in box)] for box in boxes or [[], []]]
        words += [list(map(_place_of, line.printed_words)) for line in page.lines] or [[], []]
    sizes = [[round(page.width, 1), round(page.height, 1)] for page in pages]
    scanned = {"words": words} if any(page.scanned for page in pages) else {}
    return {"pages": sizes, "lines": lines, **scanned}


def _place_of(word: PrintedWord) -> list[float]:
    return [round(word.left, 1), round(word.right, 1), round(100 * word.confidence)]


def made_by(places: bytes) -> str:
    """The rule and the reader by which the text of a witness was derived, from the contents of the
    file beside it; empty if it does not say so."""
    try:
        said = json.loads(places)
    except ValueError:
        return ""
    known = [said.get(key, "") for key in ("rule", "reader")] if isinstance(said, dict) else []
    return ", ".join(f"{word}" for word in known if word)
