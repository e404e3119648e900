"""Puts two pages side by side on each sheet, as brochures to be printed at home have them."""

from __future__ import annotations

from io import BytesIO

from pypdf import PageObject, PdfReader, PdfWriter

from layouts.model import Made


def spread(made: Made) -> Made:
    """The document with pages 1 and 2 on the first sheet, 3 and 4 on the second, and so on."""
    pages = PdfReader(BytesIO(made.pdf)).pages
    writer = PdfWriter()
    for at in range(0, len(pages), 2):
        width, height = (float(side) for side in pages[at].mediabox[2:])
        sheet = PageObject.create_blank_page(width=2 * width, height=height)
        for side, page in enumerate(pages[at : at + 2]):
            sheet.merge_translated_page(page, side * width, 0)
        writer.add_page(sheet)
    written = BytesIO()
    writer.write(written)
    made.pdf = written.getvalue()
    for item in made.furniture:
        item.page = (item.page + 1) // 2
    return made
