"""The picture of a figure on a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import urlsplit

from markupsafe import Markup

from archive_site.corpus import urls
from archive_site.corpus.pictures import FORMATS, PictureInfo, widths_of
from archive_site.text.html import as_html
from archive_site.text.typography import typeset

NOTHING = Markup()


@dataclass(frozen=True, slots=True)
class PictureView:
    """A picture: the address of a copy of moderate size, its width and height in pixels, and the
    addresses of all copies as in `srcset`; the address of the original (empty: it is not offered)
    and its format; the credit and the source, in words, and its address if it has one."""

    src: str
    width: int
    height: int
    srcset: str = ""
    original: str = ""
    format: str = ""
    credit: Markup = NOTHING
    source: Markup = NOTHING
    source_href: str = ""


def picture_view(
    info: PictureInfo, src: str, srcset: str = "", original: str = "", form: str = ""
) -> PictureView:
    """A picture with the addresses of its copies."""
    is_address = urls.WEB.fullmatch(info.source) is not None
    return PictureView(
        src,
        info.width,
        info.height,
        srcset,
        original,
        form,
        as_html(typeset(info.credit)),
        as_html(_host(info.source) if is_address else typeset(info.source)),
        info.source if is_address else "",
    )


def _host(address: str) -> str:
    """The name of the site at an address, or the address for letters."""
    parts = urlsplit(address)
    return (parts.hostname or parts.path).removeprefix("www.")


def pictures_on_page(pictures: Mapping[str, PictureInfo], page: str) -> dict[str, PictureView]:
    """The pictures of a text for the page at `page`, by path."""
    return {path: _on_page(path, info, page) for path, info in pictures.items()}


def _on_page(path: str, info: PictureInfo, page: str) -> PictureView:
    widths = widths_of(info)
    copies = [urls.relative(page, urls.picture_copy(path, width)) for width in widths]
    srcset = ", ".join(f"{copy} {width}w" for copy, width in zip(copies, widths, strict=True))
    form = FORMATS[PurePath(path).suffix[1:].lower()].replace("WEBP", "WebP")
    original = urls.relative(page, urls.picture_file(path))
    return picture_view(info, copies[min(1, len(copies) - 1)], srcset, original, form)
