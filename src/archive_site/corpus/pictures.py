"""The pictures of a corpus: what is known of each, and the copies that pages and books show.

Pillow is imported only when a picture is read: a build that finds no new one does without it.
"""

from __future__ import annotations

import hashlib
import io
from pathlib import PurePath
from typing import TYPE_CHECKING

from msgspec import Struct

from archive_site.findings import Finding, Unsound

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTHS = (480, 960, 1440)
"""The widths, in pixels, of the copies that pages show: the column of a text on a phone, on a desk,
and on screens with two or three pixels for each."""
LARGEST = 100_000_000
"""The most pixels of a picture: more than an A2 map at 300 dpi has. In memory they are 400 MB."""
FORMATS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "webp": "WEBP"}
"""The format of a picture, as Pillow names it, by the ending of its file."""
_QUALITY = 82
_DRAWING = 0.25  # bytes for each pixel that a PNG of a drawing or a map does not exceed
_TURNED = (5, 6, 7, 8)  # the values of the Exif orientation that swap width and height
_ORIENTATION = 0x0112


class Credit(Struct, frozen=True, array_like=True):
    """What `images.yaml` says of a picture: whom to thank for it, and where it comes from, in words
    or as a web address."""

    credit: str = ""
    source: str = ""


class PictureInfo(Struct, frozen=True, array_like=True):
    """What is known of a picture: its width and height in pixels, the size in bytes and the SHA-256
    of its file, and what `images.yaml` says of it."""

    width: int
    height: int
    size: int
    sha256: str
    credit: str = ""
    source: str = ""


def picture_info(data: bytes, path: str, credit: Credit | None) -> PictureInfo:
    """What is known of the picture in the file at `path`, with the contents `data`.

    Raises `Unsound` if it is not a whole picture of the format that its name says."""
    image = _opened(data, path)
    width, height = image.size
    if image.getexif().get(_ORIENTATION) in _TURNED:
        width, height = height, width
    given = credit or Credit()
    checksum = hashlib.sha256(data).hexdigest()
    return PictureInfo(width, height, len(data), checksum, given.credit, given.source)


def _opened(data: bytes, path: str) -> Image:
    from PIL import Image, UnidentifiedImageError

    wanted = FORMATS[PurePath(path).suffix[1:].lower()]
    try:
        Image.MAX_IMAGE_PIXELS = None  # `LARGEST` takes its place
        image = Image.open(io.BytesIO(data), formats=tuple(dict.fromkeys(FORMATS.values())))
        pixels = image.width * image.height
        if pixels > LARGEST:
            most = f"{LARGEST / 1e6:g} million pixels"
            hint = "Save a smaller copy here, and name the whole one as its source."
            raise _unsound(path, f"must have at most {most}; found {pixels / 1e6:.0f}", hint)
        image.load()
    except UnidentifiedImageError:
        hint = "Save it anew in one of these formats."
        raise _unsound(path, "must be a PNG, JPEG or WebP picture; found none", hint) from None
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        message = f"must be a whole picture; found one that cannot be read ({error})"
        raise _unsound(path, message, "Copy it here again.") from None
    if image.format != wanted:
        message = f"must be a picture of the format that its name says; found {image.format}"
        endings = [f".{ending}" for ending, name in FORMATS.items() if name == image.format]
        raise _unsound(path, message, f"Rename it: its name must end with {' or '.join(endings)}.")
    return image


def _unsound(path: str, message: str, hint: str) -> Unsound:
    return Unsound([Finding(path, 0, "E029", message, hint)])


# ---------------------------------------------------------------- copies


def widths_of(picture: PictureInfo) -> tuple[int, ...]:
    """The widths of the copies of a picture, in pixels; the last is the largest. None is wider than
    the picture."""
    largest = min(picture.width, WIDTHS[-1])
    return (*(width for width in WIDTHS if width < largest), largest)


def copies_for_page(data: bytes, picture: PictureInfo) -> dict[int, bytes]:
    """The copies of a picture by width, as WebP. A drawing stays exact where that takes fewer
    bytes."""
    drawing = _is_drawing(data, picture.width * picture.height)
    image, copies = _upright(data), {}
    for width in reversed(widths_of(picture)):
        image = _narrowed(image, width)
        copies[width] = _written(image, "WEBP", quality=_QUALITY, method=4)
        if drawing:
            exact = _written(image, "WEBP", lossless=True, method=4)
            copies[width] = min(exact, copies[width], key=len)
    return copies


def copy_for_book(data: bytes) -> bytes:
    """A copy for e-books and PDF, at most as wide as the largest of `WIDTHS`: as PNG if it is a
    drawing or transparent, else as JPEG; every reader knows both. It is the picture itself if
    nothing need be changed."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as image:
        drawing = _is_drawing(data, image.width * image.height)
        upright = image.getexif().get(_ORIENTATION, 1) == 1
        modes = ("1", "L", "P", "RGB", "RGBA") if drawing else ("L", "RGB")
        known = (drawing or image.format == "JPEG") and image.mode in modes
        if known and upright and image.width <= WIDTHS[-1]:
            return data
    scaled = _narrowed(_upright(data), WIDTHS[-1])
    if drawing or "A" in scaled.getbands():
        return _written(scaled, "PNG", optimize=True)
    return _written(scaled, "JPEG", quality=_QUALITY)


def name_in_book(path: str, data: bytes) -> str:
    """The name of the copy `data` of the picture at `path` in a book."""
    endings = ("png",) if _is_png(data) else ("jpg", "jpeg")
    name = PurePath(path).name
    return name if name.lower().endswith(endings) else f"{name}.{endings[0]}"


def _is_png(data: bytes) -> bool:
    return data.startswith(b"\x89PNG")


def _is_drawing(data: bytes, pixels: int) -> bool:
    """Whether a picture of `pixels` pixels is a drawing or a map: a PNG that takes few bytes."""
    return _is_png(data) and len(data) < pixels * _DRAWING


def _upright(data: bytes) -> Image:
    """The picture, upright, in colours that every format has. A large JPEG is read at a fraction of
    its size, which is at least that of the largest copy."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None
    image: Image.Image = Image.open(io.BytesIO(data))
    image.draft(None, (WIDTHS[-1], WIDTHS[-1]))
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):  # 16 bits a pixel
        image = image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in ("L", "RGB") else image.convert("RGB")


def _narrowed(image: Image, width: int) -> Image:
    """The picture, at most `width` pixels wide."""
    from PIL import Image

    if image.width <= width:
        return image
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3)


def _written(image: Image, form: str, **options: object) -> bytes:
    written = io.BytesIO()
    image.save(written, form, icc_profile=image.info.get("icc_profile"), **options)
    return written.getvalue()
