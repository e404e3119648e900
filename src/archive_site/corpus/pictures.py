"""The pictures of a corpus: what is known of each, and the copies that pages and books show.

Pillow is imported only when a picture is read: a build that finds no new one does without it.
"""

from __future__ import annotations

import hashlib
import io
import struct
import warnings
from pathlib import PurePath
from typing import TYPE_CHECKING

from msgspec import Struct

from archive_site.findings import Finding, Unsound

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTHS = (480, 960, 1440)
"""The widths, in pixels, of the copies that pages show: the column of a text on a phone, on a desk,
and on screens with two or three pixels for each."""
TALLEST = 8000
"""The greatest height, in pixels, of a copy: half of what WebP can have."""
LARGEST = 100_000_000
"""The most pixels of a picture: more than an A2 map at 300 dpi has. In memory they are 400 MB."""
FORMATS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "webp": "WEBP"}
"""The format of a picture, as Pillow names it, by the ending of its file."""
_QUALITY = 82
_DRAWING = 0.25  # bytes for each pixel that a PNG of a drawing or a map does not exceed
_ORIENTATION = 0x0112
_TURNS = {
    2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE", 6: "ROTATE_270",
    7: "TRANSVERSE", 8: "ROTATE_90",
}  # fmt: skip
"""What turns a picture upright, by its Exif orientation."""
_TURNED = (5, 6, 7, 8)  # the orientations that swap width and height


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
    width, height = _size_of(data, path)
    given = credit or Credit()
    checksum = hashlib.sha256(data).hexdigest()
    return PictureInfo(width, height, len(data), checksum, given.credit, given.source)


def _opened(data: bytes) -> Image:
    """The picture, of which only the head is read yet. What is wrong with its metadata is nobody's
    business: copies have none."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # `LARGEST` takes its place
    with warnings.catch_warnings(action="ignore"):
        return Image.open(io.BytesIO(data), formats=tuple(dict.fromkeys(FORMATS.values())))


def _size_of(data: bytes, path: str) -> tuple[int, int]:
    """The width and the height of a picture as it is seen. Raises `Unsound`."""
    from PIL import UnidentifiedImageError

    wanted = FORMATS[PurePath(path).suffix[1:].lower()]
    try:
        image = _opened(data)
        pixels = image.width * image.height
        if pixels > LARGEST:
            most = f"{LARGEST / 1e6:g} million pixels"
            hint = "Save a smaller copy here, and name the whole one as its source."
            raise _unsound(path, f"must have at most {most}; found {pixels / 1e6:g}", hint)
        image.load()
        orientation = _orientation(image)
    except UnidentifiedImageError:
        hint = "Save it anew in one of these formats."
        raise _unsound(path, "must be a PNG, JPEG or WebP picture; found none", hint) from None
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        message = f"must be a whole picture; found one that cannot be read ({error})"
        raise _unsound(path, message, "Copy it here again.") from None
    form = "JPEG" if image.format == "MPO" else image.format  # a JPEG with others behind it
    if form != wanted:
        message = f"must be a picture of the format that its name says; found {form}"
        endings = [f".{ending}" for ending, name in FORMATS.items() if name == form]
        raise _unsound(path, message, f"Rename it: its name must end with {' or '.join(endings)}.")
    return image.size if orientation not in _TURNED else image.size[::-1]


def _orientation(image: Image) -> int:
    """The Exif orientation of a picture (1: it is upright, or nobody says that it is not)."""
    with warnings.catch_warnings(action="ignore"):
        try:
            return int(image.getexif().get(_ORIENTATION, 1))
        except (SyntaxError, ValueError, TypeError, OSError, struct.error):
            return 1


def _unsound(path: str, message: str, hint: str) -> Unsound:
    return Unsound([Finding(path, 0, "E029", message, hint)])


# ---------------------------------------------------------------- copies


def widths_of(picture: PictureInfo) -> tuple[int, ...]:
    """The widths of the copies of a picture, in pixels; the last is the largest. None is wider than
    the picture."""
    tall = picture.width * TALLEST // picture.height if picture.height else picture.width
    largest = max(1, min(picture.width, WIDTHS[-1], tall))
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
    with _opened(data) as image:
        drawing = _is_drawing(data, image.width * image.height)
        upright = _orientation(image) == 1
        modes = ("1", "L", "P", "RGB", "RGBA") if drawing else ("L", "RGB")
        known = (drawing or image.format == "JPEG") and image.mode in modes
        if known and upright and image.width <= WIDTHS[-1] and image.height <= TALLEST:
            return data
    scaled = _upright(data)
    scaled = _narrowed(scaled, min(WIDTHS[-1], max(1, scaled.width * TALLEST // scaled.height)))
    if drawing or "A" in scaled.getbands():
        return _written(scaled, "PNG", optimize=True)
    return _written(scaled, "JPEG", quality=_QUALITY)


def name_in_book(path: str, data: bytes) -> str:
    """The name of the copy `data` of the picture at `path` in a book; no other has it."""
    name = PurePath(path)
    return f"{name.stem}-{name.suffix[1:]}.{'png' if _is_png(data) else 'jpg'}"


def _is_png(data: bytes) -> bool:
    return data.startswith(b"\x89PNG")


def _is_drawing(data: bytes, pixels: int) -> bool:
    """Whether a picture of `pixels` pixels is a drawing or a map: a PNG that takes few bytes."""
    return _is_png(data) and len(data) < pixels * _DRAWING


def _upright(data: bytes) -> Image:
    """The picture, upright, in sRGB or grey. A large JPEG is read at a fraction of its size, which
    is at least that of the largest copy."""
    from PIL import Image

    image = _opened(data)
    image.draft(None, (WIDTHS[-1], WIDTHS[-1]))
    profile = image.info.get("icc_profile")
    if turn := _TURNS.get(_orientation(image)):
        image = image.transpose(Image.Transpose[turn])
    if image.mode.startswith("I"):  # 16 bits a pixel
        image = image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    if profile and image.mode in ("RGB", "CMYK"):
        image = _in_srgb(image, profile)
    return image if image.mode in ("L", "RGB") else image.convert("RGB")


def _in_srgb(image: Image, profile: bytes) -> Image:
    """The picture in the colours that readers assume; unchanged if its profile is of no use."""
    from PIL import ImageCms

    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
        return ImageCms.profileToProfile(image, own, srgb, outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image


def _narrowed(image: Image, width: int) -> Image:
    """The picture, at most `width` pixels wide."""
    from PIL import Image

    if image.width <= width:
        return image
    height = min(max(1, round(image.height * width / image.width)), 2 * TALLEST - 1)
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3)


def _written(image: Image, form: str, **options: object) -> bytes:
    written = io.BytesIO()
    image.save(written, form, icc_profile=None, exif=b"", **options)
    return written.getvalue()
