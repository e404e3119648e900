"""Read a file of OCR, or several in a zip file, as pages of lines."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath

from archive_site.sources.ocr.alto import read_alto
from archive_site.sources.ocr.hocr import read_hocr
from archive_site.sources.ocr.page import read_page
from archive_site.sources.ocr.parsing import (
    OcrKind,
    every,
    first,
    kind_of_ocr,
    wrong_ocr,
    xml_root,
)
from archive_site.sources.ocr.records import OcrPage, OcrText

READERS: Mapping[OcrKind, Callable[[bytes, str], OcrText]] = {
    "ALTO": read_alto,
    "PAGE": read_page,
    "hOCR": read_hocr,
}
LARGEST = 200_000_000
"""The greatest size of the pages in a zip file, in bytes."""
_FIGURES = re.compile(r"(\d+)")


def read_ocr(data: bytes, kind: OcrKind, shown: str) -> OcrText:
    """What an OCR file has. Raises `Unsound` if it has no words with places."""
    reader = READERS.get(kind)
    if reader is None:
        message = "must be a file with words; found METS, which only lists the files of the pages"
        hint = "Zip the folder that contains it and the files of the pages, and read the zip file."
        raise wrong_ocr(shown, message, hint=hint)
    text = reader(data, shown)
    if not any(line.words for page in text.pages for line in page.lines):
        message = f"must have words with their places; found {kind} without any"
        raise wrong_ocr(
            shown, message, hint="Export it with lines and words, or give the pictures."
        )
    return text


def pages_in_zip(data: bytes, shown: str) -> OcrText | None:
    """What the files of a zip file have, one after the other: in the order of a METS file among
    them, else in that of their names, `p2` before `p10`. None if none is of OCR.

    Raises `Unsound` if one of them cannot be read."""
    files = _files(data, shown)
    kinds = {name: kind for name, part in files.items() if (kind := kind_of_ocr(part))}
    mets = next((name for name, kind in kinds.items() if kind == "METS"), None)
    names = [name for kind in READERS for name in kinds if kinds[name] == kind]
    if not names:
        return None
    names = [name for name in names if kinds[name] == kinds[names[0]]]  # one of ALTO and PAGE
    order = _order(files[mets], f"{shown}/{mets}") if mets is not None else []
    pages: list[OcrPage] = []
    reader = ""
    for name in sorted(names, key=lambda name: _place(name, order)):
        text = READERS[kinds[name]](files[name], f"{shown}/{name}")
        pages += text.pages
        reader = reader or text.reader
    if not any(line.words for page in pages for line in page.lines):
        raise wrong_ocr(shown, "must have words with their places; none of its files has any")
    return OcrText(tuple(pages), reader)


def _files(data: bytes, shown: str) -> dict[str, bytes]:
    """The files in a zip file that may be of OCR."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            wanted = [entry for entry in package.infolist() if _is_wanted(entry.filename)]
            if sum(entry.file_size for entry in wanted) > LARGEST:
                message = f"must hold at most {LARGEST / 1e6:g} MB of pages; it holds more"
                raise wrong_ocr(shown, message, hint="Divide it into several texts.")
            return {entry.filename: package.read(entry) for entry in wanted}
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
        EOFError,
    ) as error:
        message = "must be a zip file that can be opened; it is damaged or encrypted"
        raise wrong_ocr(shown, message, hint="Zip the pages again, without a password.") from error


def _is_wanted(name: str) -> bool:
    path = PurePosixPath(name)
    hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    return path.suffix.lower() in (".xml", ".hocr", ".html", ".htm", ".xhtml") and not hidden


def _order(mets: bytes, shown: str) -> Sequence[str]:
    """The names of files in the order in which a METS file has them, without their folders."""
    root = xml_root(mets, "METS", shown)
    files = {e.get("ID", ""): _target(e) for e in every(root, "file")}
    structure = [files.get(e.get("FILEID", ""), "") for e in every(root, "fptr", "area")]
    return list(dict.fromkeys(filter(None, (*structure, *files.values()))))


def _target(file: object) -> str:
    location = first(file, "FLocat")
    links = () if location is None else location.attrib.items()
    link = next((value for name, value in links if name.rpartition("}")[2] == "href"), "")
    return PurePosixPath(link).name


def _place(name: str, order: Sequence[str]) -> tuple[int, list[tuple[int, int | str]]]:
    stem = PurePosixPath(name).name
    place = order.index(stem) if stem in order else len(order)
    parts = _FIGURES.split(name)
    return place, [(1, int(p)) if p.isdecimal() else (0, p) for p in parts]
