"""Read hOCR: HTML whose classes and titles say what OCR has read, and where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archive_site.sources.ocr.parsing import html_root, local_name
from archive_site.sources.ocr.records import (
    Box,
    OcrLine,
    OcrPage,
    OcrText,
    OcrWord,
    Point,
    box_of,
    number_of,
    share_of,
    words_of,
)
from archive_site.witness.printed import Type

LINES = ("ocr_line", "ocrx_line", "ocr_header", "ocr_footer", "ocr_caption", "ocr_textfloat")
WORDS = ("ocrx_word", "ocr_word")
POINTS_PER_INCH = 72.0


def read_hocr(data: bytes, shown: str) -> OcrText:
    """The pages of an hOCR file. Raises `Unsound` if it is not HTML."""
    root = html_root(data, shown)
    systems = (e.get("content", "") for e in root.iter("meta") if e.get("name") == "ocr-system")
    reader = next(systems, "")
    return OcrText(tuple(map(_page, _of_class(root, "ocr_page"))), " ".join(reader.split()))


def _of_class(element: Any, *classes: str) -> Iterator[Any]:
    """The elements within an element that have one of the classes."""
    return (inner for inner in element.iter() if _is_of(inner, classes))


def _is_of(element: Any, classes: tuple[str, ...]) -> bool:
    return any(name in classes for name in element.get("class", "").split())


def _page(page: Any) -> OcrPage:
    lines = [_line(element) for element in _of_class(page, *LINES)]
    for word in _of_class(page, *WORDS):
        if not any(_is_of(above, LINES) for above in word.iterancestors()):
            lines.append(OcrLine(tuple(_words(word))))
    said = _said(page)
    box = _box(said)
    boxes = [word.box for line in lines for word in line.words]
    right = max((part.right for part in boxes), default=0.0)
    bottom = max((part.bottom for part in boxes), default=0.0)
    width, height = (box.right, box.bottom) if box is not None else (right, bottom)
    resolution = number_of((said.get("scan_res") or [""])[0]) or 0.0
    points = POINTS_PER_INCH / resolution if resolution > 0 else 0.0
    return OcrPage(width, height, tuple(lines), points)


def _line(line: Any) -> OcrLine:
    said = _said(line)
    words = tuple(word for element in _of_class(line, *WORDS) for word in _words(element))
    box = _box(said)
    whole = not words
    if whole and box is not None:
        words = tuple(words_of(" ".join("".join(line.itertext()).split()), box))
    angle = number_of((said.get("textangle") or [""])[0]) or 0.0
    return OcrLine(words, tuple(_baseline(said, box)), turn=round(angle / 90) % 4, whole=whole)


def _words(word: Any) -> Iterator[OcrWord]:
    said = _said(word)
    box = _box(said)
    if box is None:
        return
    signs = list(_of_class(word, "ocrx_cinfo"))
    text = " ".join("".join("".join(e.itertext()).strip() for e in signs or (word,)).split())
    sure = share_of((said.get("x_wconf") or [""])[0], 100.0)
    names = {local_name(element) for element in word.iter()}
    type_ = Type(
        italic=bool(names & {"em", "i"}),
        bold=bool(names & {"strong", "b"}),
        raised="sup" in names,
    )
    letters = [_box(_said(element), "x_bboxes") for element in signs]
    known = tuple(place for place in letters if place is not None)
    if len(known) == len(text) and " " not in text and text:
        yield OcrWord(text, box, sure, type_, known)
    else:
        yield from words_of(text, box, sure, type_)


def _said(element: Any) -> dict[str, list[str]]:
    """The properties in the title of an element, by name."""
    parts = (part.split() for part in element.get("title", "").split(";"))
    return {part[0]: part[1:] for part in parts if part}


def _box(said: dict[str, list[str]], name: str = "bbox") -> Box | None:
    places = [number_of(part) for part in said.get(name, [])[:4]]
    return box_of(places) if len(places) == 4 else None


def _baseline(said: dict[str, list[str]], box: Box | None) -> Iterator[Point]:
    """Points of a baseline: its slope and its height at the left, from the foot of the line."""
    known = [number_of(part) for part in said.get("baseline", [])]
    if box is None or len(known) != 2:
        return
    slope, height = known
    if slope is not None and height is not None and abs(slope) < 1:
        yield box.left, box.bottom + height
        yield box.right, box.bottom + height + slope * (box.right - box.left)
