"""The names that the export to TEI and the reader of its files have in common."""

from __future__ import annotations

import re
from collections.abc import Mapping

from archive_site.text.document import Alignment, BlockKind, Certainty, ContainerKind

NAMESPACE = "http://www.tei-c.org/ns/1.0"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
CERTS: dict[Certainty, str] = {
    "stated": "",
    "certain": "high",
    "probable": "medium",
    "proposed": "low",
    "unknown": "unknown",
}
"""The `@cert` of each certainty; empty if the witness states the claim."""
UNKNOWN = "unknown"
"""The `@n` of a contributor of whom it is not known who it is."""
DIVISIONS = ("text", "chapter", "section", "subsection", "division", "subdivision")
"""The type of a division, by the level of its heading (from 1)."""
NAMED: dict[str, BlockKind] = {
    "stage": "stage",
    "dateline": "dateline",
    "speaker": "speaker",
    "salute": "salutation",
    "signed": "signature",
    "milestone": "break",
    "p": "paragraph",
}
"""Kinds of blocks, by their element."""
DIVIDED: tuple[ContainerKind, ...] = ("epigraph", "postscript")
"""The containers whose elements are allowed only at the beginning or the end of a division."""
ALIGNMENTS: dict[str, Alignment] = {
    "none": "",
    "left": "left",
    "center": "center",
    "right": "right",
}
"""How a column is aligned, by its word in `rend`."""


def date_of(attributes: Mapping[str, str]) -> str:
    """The EDTF value of a date, from the attributes that the export writes."""
    if "from" in attributes and "to" in attributes and "when-custom" not in attributes:
        return f"{attributes['from']}/{attributes['to']}"
    return attributes.get("when-custom", attributes.get("when", ""))


def as_id(label: str) -> str:
    """A label as a part of an `xml:id`: other signs become their numbers."""
    return re.sub(r"[^A-Za-z0-9.-]", lambda char: f"_{ord(char[0]):x}_", label)


def pointer_to_note(label: str) -> str:
    """`#note-` and the label. Characters not allowed in an id are written as their code points."""
    return f"#note-{as_id(label)}"
