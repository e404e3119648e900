"""Read a PDF: its characters, with their places and their type, as pages of lines.

PDFium reads it. It gives a hyphen at a line's end as U+0002, and adds spaces of its own where the
gap between two characters is wide.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from functools import lru_cache
from itertools import groupby
from typing import Any

from archive_site.sources.lines import Glyph, RawPage, printed_pages
from archive_site.sources.properties import Properties
from archive_site.witness.printed import DrawnRule, PrintedPage, Type

_HYPHENS = {0x02: "-", 0xFFFE: "-"}
_BOLD = re.compile(
    r"bold|black|heavy|demi|medi(?!um)|[-,_](?:b|bd|bi|bx)\b|(?-i:(?<=[a-z0-9O])BI?$)|^(?:cm|ec|sf|cs)(?:ss)?bx",
    re.IGNORECASE,
)
_ITALIC = re.compile(
    r"ital|obli|slant|kursiv|[-,_](?:it|i|bi|ri)\b|(?-i:(?<=[a-z0-9O])B?I$)|^(?:cm|ec|sf|cs)(?:ti|sl|bi|it)",
    re.IGNORECASE,
)
_SMALL_CAPS = re.compile(r"small-?caps|[-,_]sc\b|csc\d*$|^(?:ec|sf)(?:cc|xc)", re.IGNORECASE)
_ITALIC_FLAG, _FORCED_BOLD = 1 << 6, 1 << 18
_SUBSET = re.compile(r"^[A-Z]{6}\+")
_NAME_LENGTH = 256
LEAST_SIZE = 2.0
"""No type is smaller, in points."""
UNREADABLE = 0.05
"""The least share of unknown characters of a page that nobody can read."""
_UNKNOWN = "\ufffd"
_THIN = 3.0
"""The greatest height of a rule, in points."""
_LEAST_RULE = 12.0
"""The least length of a rule, in points."""
_INVISIBLE = 3
"""The rendering mode of the text that OCR lays under the picture of a page."""


def read_pdf(data: bytes) -> tuple[PrintedPage, ...]:
    """The pages of the PDF in `data`. Raises `pypdfium2.PdfiumError` if it cannot be opened."""
    return printed_pages(read_raw(data))


def read_raw(data: bytes) -> list[RawPage]:
    """The pages of the PDF in `data` before lines are made of their characters. Raises
    `pypdfium2.PdfiumError` if it cannot be opened."""
    import pypdfium2

    with closing(pypdfium2.PdfDocument(data)) as document:
        return [_read_page(document, n) for n in range(len(document))]


def pictured(data: bytes, pages: Sequence[RawPage]) -> list[int]:
    """The indices of the pages that have no text, or none that can be read, and are pictures of it,
    if they are half of all pages or more: fewer are plates. Raises `pypdfium2.PdfiumError` if the
    PDF cannot be opened."""
    import pypdfium2

    bare = [n for n, page in enumerate(pages) if not page.glyphs or not _is_readable(page)]
    if len(bare) * 2 < len(pages):
        return []
    with closing(pypdfium2.PdfDocument(data)) as document:
        return [n for n in bare if pages[n].glyphs or _is_picture(document, n)]


def _is_readable(page: RawPage) -> bool:
    """Whether the fonts of a page say what its characters are; bitmap fonts of old TeX do not."""
    unknown = sum(glyph.char == _UNKNOWN for glyph in page.glyphs)
    return unknown < UNREADABLE * len(page.glyphs)


def _is_picture(document: Any, n: int) -> bool:
    """Whether pictures, or drawings, are most of what a page has."""
    from pypdfium2 import raw

    kinds = [raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM, raw.FPDF_PAGEOBJ_PATH]
    with closing(document[n]) as page:
        return next(page.get_objects(filter=kinds), None) is not None


def read_properties(data: bytes) -> Properties:
    """The title and the authors that the PDF in `data` has. When it was made is not when its text
    was written. Raises `pypdfium2.PdfiumError` if it cannot be opened."""
    import pypdfium2

    with closing(pypdfium2.PdfDocument(data)) as document:
        authors = document.get_metadata_value("Author").split(";")
        return Properties(document.get_metadata_value("Title"), tuple(filter(str.strip, authors)))


def _read_page(document: Any, n: int) -> RawPage:
    with closing(document[n]) as page, closing(page.get_textpage()) as text:
        left, bottom, right, top = page.get_bbox()
        glyphs = tuple(_parted(_glyphs(text, (left, top))))
        rules = tuple(_rules(page, (left, top)))
        return RawPage(right - left, top - bottom, glyphs, rules, _is_scan(page))


def _glyphs(text: Any, corner: tuple[float, float]) -> Iterator[Glyph]:
    """The characters of a page in the order of the file, without the spaces that PDFium adds; a
    space is a property of the character after it."""
    from pypdfium2 import raw

    handle = text.raw
    x0, y0 = corner
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    loose = raw.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    matrix = raw.FS_MATRIX()
    name, flags = ctypes.create_string_buffer(_NAME_LENGTH), ctypes.c_int()
    spaced = gap = False
    for i in range(raw.FPDFText_CountChars(handle)):
        code = raw.FPDFText_GetUnicode(handle, i)
        char = _HYPHENS.get(code) or _char(code)
        if char.isspace():
            if raw.FPDFText_IsGenerated(handle, i):
                gap = True
            else:
                spaced = True
            continue
        raw.FPDFText_GetCharBox(handle, i, left, right, bottom, top)
        raw.FPDFText_GetLooseCharBox(handle, i, loose)
        raw.FPDFText_GetCharOrigin(handle, i, x, y)
        raw.FPDFText_GetMatrix(handle, i, matrix)
        scale = math.hypot(matrix.c, matrix.d) or 1.0
        size = round(raw.FPDFText_GetFontSize(handle, i) * scale, 1)
        if size < LEAST_SIZE:  # that of a bitmap font is in its own units
            size = max(round(loose.top - loose.bottom, 1), LEAST_SIZE)
        length = raw.FPDFText_GetFontInfo(handle, i, name, _NAME_LENGTH, flags)
        yield Glyph(
            char=char,
            left=loose.left - x0,
            right=loose.right - x0,
            ink_top=y0 - top.value,
            ink_bottom=y0 - bottom.value,
            baseline=y0 - y.value,
            type=_type(name.raw[: max(length - 1, 0)], flags.value, size),
            spaced=spaced,
            gap=gap,
            turn=round(raw.FPDFText_GetCharAngle(handle, i) / (math.pi / 2)) % 4,
        )
        spaced = gap = False


def _char(code: int) -> str:
    """A character; a control character is one that the font does not tell."""
    char = chr(code)
    return char if char.isspace() or unicodedata.category(char) != "Cc" else "\ufffd"


def _parted(glyphs: Iterable[Glyph]) -> Iterator[Glyph]:
    """The characters, each with a place of its own. PDFium gives each letter of a ligature the
    place of the whole."""
    for _, group in groupby(glyphs, key=lambda glyph: (glyph.left, glyph.right, glyph.baseline)):
        letters = list(group)
        width = (letters[0].right - letters[0].left) / len(letters)
        for n, glyph in enumerate(letters):
            left = glyph.left + n * width
            yield glyph._replace(left=left, right=left + width)


@lru_cache(maxsize=512)
def _type(name: bytes, flags: int, size: float) -> Type:
    """The type of a font. PDFium's weights are not reliable; the names of fonts are."""
    font = _SUBSET.sub("", name.decode("utf-8", "replace"))
    return Type(
        font=font,
        size=size,
        italic=bool(flags & _ITALIC_FLAG) or _ITALIC.search(font) is not None,
        bold=bool(flags & _FORCED_BOLD) or _BOLD.search(font) is not None,
        small_caps=_SMALL_CAPS.search(font) is not None,
    )


def _rules(page: Any, corner: tuple[float, float]) -> Iterator[DrawnRule]:
    """The horizontal rules drawn on a page."""
    from pypdfium2 import raw

    x0, y0 = corner
    for shape in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]):
        left, bottom, right, top = shape.get_bounds()
        if top - bottom <= _THIN and right - left >= _LEAST_RULE:
            yield DrawnRule(left - x0, right - x0, y0 - (top + bottom) / 2)


def _is_scan(page: Any) -> bool:
    """Whether the text of a page is invisible, as OCR lays it under the picture of the page."""
    from pypdfium2 import raw

    texts = list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]))
    hidden = (raw.FPDFTextObj_GetTextRenderMode(text.raw) == _INVISIBLE for text in texts)
    return bool(texts) and all(hidden)
