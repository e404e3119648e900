"""The pictures of pages: in files of pictures, and in PDFs without text."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive_site.findings import Finding, Unsound, count_noun

if TYPE_CHECKING:
    from PIL.Image import Image

SIGNATURES: dict[bytes, str] = {
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpg",
    b"II*\0": "tif",
    b"MM\0*": "tif",
    b"II+\0": "tif",
    b"MM\0+": "tif",
}
"""How files of pictures begin, and the endings of their names."""
DPI = 300
"""How many dots an inch has when the page of a PDF is made a picture."""
MOST_DOTS = 60_000_000
"""How many dots the picture of a page has at most: about those of A3 at 500 dpi."""
LEAST_DPI, MOST_DPI = 90, 1200
"""What a picture says is its resolution is believed between these: cameras and screens say 72."""
MOST_PAGES = 3000


@dataclass(frozen=True, slots=True)
class PagePicture:
    """The picture of a page in grey, and how many dots an inch has (0: that is not known)."""

    image: Image
    dpi: int


def picture_ending(data: bytes) -> str:
    """The ending of the name of a picture, by its first bytes; empty if it is none."""
    return next((ending for start, ending in SIGNATURES.items() if data.startswith(start)), "")


def pages_of_picture(data: bytes, shown: str) -> Iterator[PagePicture]:
    """The pages of a picture: those of a TIFF, or one. Raises `Unsound` if it cannot be opened."""
    from PIL import Image, ImageOps, ImageSequence

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "TIFF"))
        with opened as picture:
            if getattr(picture, "n_frames", 1) > MOST_PAGES:
                raise _wrong(
                    shown, f"must have at most {count_noun(MOST_PAGES, 'page')}; it has more"
                )
            for frame in ImageSequence.Iterator(picture):
                dpi = round(float(frame.info.get("dpi", (0, 0))[0]))
                grey = _grey(ImageOps.exif_transpose(frame))
                share = min((MOST_DOTS / (grey.width * grey.height)) ** 0.5, 1.0)
                if share < 1:
                    grey = grey.resize(
                        (max(1, int(grey.width * share)), max(1, int(grey.height * share)))
                    )
                yield PagePicture(grey, round(dpi * share) if LEAST_DPI <= dpi <= MOST_DPI else 0)
    except Unsound:
        raise
    except (
        Image.DecompressionBombError,
        OSError,
        SyntaxError,
        ValueError,
        TypeError,
        EOFError,
        ZeroDivisionError,
    ) as error:
        raise _wrong(
            shown, f"must be a picture that can be opened; found one that cannot: {error}"
        ) from error


def _wrong(shown: str, message: str) -> Unsound:
    hint = "Open it in a program for pictures, and save it again as PNG or TIFF."
    return Unsound([Finding(shown, 0, "E007", message, hint)])


def _grey(image: Image) -> Image:
    """A picture in grey, on white if it is transparent."""
    if image.mode.startswith(("I", "F")):  # 16 bits: Pillow would cut them off
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        from PIL import Image as images

        clear = image.convert("RGBA")
        white = images.new("RGBA", clear.size, (255, 255, 255, 255))
        return images.alpha_composite(white, clear).convert("L")
    return image.convert("L")


def pages_of_pdf(data: bytes, numbers: list[int]) -> Iterator[PagePicture]:
    """The pictures of some pages of a PDF, by their numbers from 0. Raises
    `pypdfium2.PdfiumError` if it cannot be opened."""
    import pypdfium2

    with closing(pypdfium2.PdfDocument(data)) as document:
        for number in numbers:
            with closing(document[number]) as page:
                width, height = page.get_size()
                most = (MOST_DOTS / max(width * height, 1)) ** 0.5
                scale = min(DPI / 72, most)
                with closing(page.render(scale=scale, grayscale=True)) as bitmap:
                    yield PagePicture(bitmap.to_pil().convert("L"), round(scale * 72))
