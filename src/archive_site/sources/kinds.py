"""What kind of document a file is: by its suffix, and by its first bytes."""

from __future__ import annotations

import io
import re
import zipfile
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import PurePath

from archive_site.findings import Finding, Unsound

KINDS: dict[str, str] = {
    ".docx": "DOCX",
    ".odt": "ODT",
    ".rtf": "RTF",
    ".html": "HTML",
    ".htm": "HTML",
    ".xhtml": "HTML",
    ".epub": "EPUB",
    ".md": "Markdown",
    ".markdown": "Markdown",
    ".tex": "LaTeX",
    ".latex": "LaTeX",
    ".org": "Org",
    ".rst": "reStructuredText",
    ".textile": "Textile",
    ".wiki": "MediaWiki",
}
"""The kind of a file, by its suffix."""
PACKAGES = ("DOCX", "ODT", "EPUB")
"""The kinds that are zip files."""
BINARY = (*PACKAGES, "RTF")
LARGEST = 200_000_000
"""The greatest size of what a zip file holds, in bytes."""
_FIRST = 2000
_SAVE = "Save it as DOCX or ODT in the program that wrote it."
_TELLTALES: tuple[tuple[bytes, str, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "a Word document of before 2007 (DOC)", _SAVE),
    (b"{\\rtf", "RTF", ""),
)


def kind_of(data: bytes, name: str, shown: str) -> str:
    """The kind of the document in `data`, the contents of the file `name`.

    Raises `Unsound` (E006) if it is of no kind that can be read, or not of the kind that its suffix
    says; `shown` is the path that the finding gives."""
    said = KINDS.get(PurePath(name).suffix.lower(), "")
    seen, hint = _seen(data)
    if not data.strip():
        raise _wrong(shown, f"must be {said or 'a document'}; it is empty", "Save it again.")
    if seen and seen != said:
        suffix = next((suffix for suffix, kind in KINDS.items() if kind == seen), "")
        hint = hint or f"Give it a name that ends with {suffix}."
        raise _wrong(shown, f"must be {said or 'a document that can be read'}; it is {seen}", hint)
    if not said:
        known = ", ".join(KINDS)
        message = f"must be a document that can be read ({known}); its name ends otherwise"
        raise _wrong(shown, message, "Save it in one of these formats.")
    if said in BINARY and not seen:
        raise _wrong(shown, f"must be {said}; it is no such file, or damaged", "Save it again.")
    if said not in BINARY and said != "HTML" and b"\0" in data and not data.startswith(_UTF16):
        raise _wrong(shown, f"must be {said}; found a NUL byte: it is a binary file", _SAVE)
    return said


_UTF16 = (BOM_UTF16_LE, BOM_UTF16_BE)


def _wrong(shown: str, message: str, hint: str) -> Unsound:
    return Unsound([Finding(shown, 0, "E006", message, hint)])


def _seen(data: bytes) -> tuple[str, str]:
    """What the first bytes of a file say that it is, and a remedy; empty if they do not tell."""
    for telltale, seen, hint in _TELLTALES:
        if data.startswith(telltale):
            return seen, hint
    if data.startswith(b"PK"):
        return _in_package(data)
    start = data[:_FIRST].removeprefix(BOM_UTF8).lstrip().lower()
    if re.match(rb"<!doctype html|<html[\s>]|<\?xml[^>]*>\s*(<!doctype html|<html[\s>])", start):
        return "HTML", ""
    return "", ""


def _in_package(data: bytes) -> tuple[str, str]:
    """What a zip file is."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
            size = sum(entry.file_size for entry in package.infolist())
            mime = package.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError):
        return "a zip file that is damaged or encrypted", "Save it again, without a password."
    if size > LARGEST:
        return f"a zip file of more than {LARGEST / 1e6:g} MB", "Divide it into several texts."
    if b"epub" in mime or ("META-INF/container.xml" in names and not mime):
        return "EPUB", ""
    if b"opendocument.text" in mime:
        return "ODT", ""
    if "word/document.xml" in names:
        return "DOCX", ""
    sheets = {"xl/workbook.xml": "a spreadsheet (XLSX)", "ppt/presentation.xml": "slides (PPTX)"}
    found = next((seen for name, seen in sheets.items() if name in names), "")
    if not found:
        hint = "Unpack it. A zip file may have only pages that OCR has read: ALTO, PAGE, hOCR."
        return "a zip file", hint
    return found, "Save its text as DOCX or ODT."
