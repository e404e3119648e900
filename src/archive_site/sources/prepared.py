"""A document as it is given to pandoc, and what was learnt of it before."""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass, field

from archive_site.sources.properties import Properties


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document for pandoc: the name of its `reader` and the bytes; with `marks` where pandoc
    would be silent. `remarks` tell the editor what is not in it. `words` are those of the source,
    read without pandoc (empty: not known); `in_order` those of its text alone, without notes, if
    pandoc may move them."""

    reader: str
    data: bytes
    properties: Properties = field(default_factory=Properties)
    remarks: tuple[str, ...] = ()
    words: str = ""
    in_order: str = ""


def text_in(data: bytes, declared: str = "") -> str:
    """Bytes as text: in UTF-8 if they are, else as declared, else in Windows-1252."""
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", *([declared] if declared else ())):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("cp1252", "replace")
