"""Small pictures for texts of tests."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from archive_site.corpus.pictures import PictureInfo, picture_info
from archive_site.text.document import Document


def drawn(
    form: str, width: int = 12, height: int = 8, mode: str = "RGB", **options: object
) -> bytes:
    """A picture with a gradient, in a format of Pillow's."""
    written = BytesIO()
    image = Image.linear_gradient("L").resize((width, height))
    image.convert(mode).save(written, form, **options)
    return written.getvalue()


PICTURES = {
    "images/pont.png": drawn("PNG"),
    "images/Vue_2.JPG": drawn("JPEG", 1600, 900),
    "images/a-b.c.webp": drawn("WEBP", 30, 50, "RGBA"),
}
"""Pictures by path: one of each format."""


def pictures_of(document: Document) -> dict[str, PictureInfo]:
    """What is known of the pictures of a text, which are among `PICTURES`."""
    paths = {block.picture.path for block in document.every_block if block.picture}
    return {path: picture_info(PICTURES[path], path, None) for path in sorted(paths)}
