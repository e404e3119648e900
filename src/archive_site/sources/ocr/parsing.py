"""Bytes → the elements of an OCR file. Nothing outside the file is read, and no entity of its own
is expanded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Literal

from archive_site.findings import Finding, Unsound
from archive_site.sources.safe_xml import safe_parser

OcrKind = Literal["ALTO", "PAGE", "hOCR", "METS"]
_ROOTS: dict[str, OcrKind] = {"alto": "ALTO", "PcGts": "PAGE", "mets": "METS"}
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<|\xff\xfe<|\xfe\xff\0<")
_HOCR = re.compile(rb"""\bclass\s*=\s*["'][^"'<>]*\bocr_page\b""")


def kind_of_ocr(data: bytes) -> OcrKind | None:
    """What OCR file the contents `data` are; None if they are none."""
    if not _MARKUP.match(data):
        return None
    if _HOCR.search(data):
        return "hOCR"
    return _ROOTS.get(_first_name(data))


def _first_name(data: bytes) -> str:
    """The local name of the root element; empty if there is none."""
    from lxml import etree  # deferred: starting takes most of the time of a small build

    try:
        events = etree.iterparse(
            BytesIO(data), ("start",), resolve_entities=False, no_network=True, load_dtd=False
        )
        return next((local_name(element) for _, element in events), "")
    except etree.XMLSyntaxError:
        return ""


def xml_root(data: bytes, kind: OcrKind, shown: str) -> Any:
    """The root element of an XML file. Raises `Unsound` if it is not well-formed."""
    from lxml import etree

    try:
        return etree.fromstring(data, safe_parser())
    except etree.XMLSyntaxError as error:
        said = re.sub(r", line \d+, column \d+.*", "", error.msg or "this is no XML")
        message = f"must be well-formed {kind}; {said}"
        raise wrong_ocr(shown, message, error.lineno or 0) from error


def html_root(data: bytes, shown: str) -> Any:
    """The root element of an HTML file. Raises `Unsound` if it has none."""
    from lxml import etree

    try:
        data.decode()
        encoding = "utf-8"
    except UnicodeDecodeError:
        encoding = None  # the file says it, or it is guessed
    parser = etree.HTMLParser(
        encoding=encoding, no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise wrong_ocr(shown, f"must be hOCR; {error.msg or 'this is no HTML'}") from error
    if root is None:
        raise wrong_ocr(shown, "must be hOCR; found no element")
    return root


def wrong_ocr(shown: str, message: str, line: int = 0, hint: str = "") -> Unsound:
    """The one finding about a file that cannot be read as what OCR has read."""
    return Unsound([Finding(shown, line, "E009", message, hint)])


def local_name(element: Any) -> str:
    """The name of an element without its namespace; empty if it is none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def every(element: Any, *names: str) -> Iterator[Any]:
    """The elements within an element that have one of the names, in order."""
    return (inner for inner in element.iter() if local_name(inner) in names)


def first(element: Any, *path: str) -> Any:
    """The first element at a path of names below an element; None if there is none."""
    for name in path:
        if element is None:
            return None
        element = next((child for child in element if local_name(child) == name), None)
    return element
