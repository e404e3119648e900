"""Marks among the words of a document that is given to pandoc, for what pandoc does not tell: where
a page begins, where a note is called, which style a paragraph has, where an object was.

A mark has noncharacters around it, which no text may contain (`text.reading.NOT_TEXT`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

BEFORE, AFTER = "\ufdd0", "\ufdd1"
MARK = re.compile(f"{BEFORE}([^{BEFORE}{AFTER}]*){AFTER}")
PAGE, NOTE, ROLE, GAP = "page", "note", "role", "gap"
BODY = "archive-note"
"""The attribute of a division that has the body of a note; its value is the key of the note."""

_ROLES: dict[str, str] = {
    "title": "title titre titre-principal",
    "standfirst": "subtitle sous-titre soustitre chapeau chapo standfirst",
    "quotation": "quote intense-quote block-text quotations quotation citation citation-intense "
    "blockquote bloc-de-citation block-quote",
    "epigraph": "epigraph epigraphe exergue",
    "signature": "signature signataire sign e-mail-signature",
    "dateline": "date dateline lieu-et-date",
    "salutation": "salutation salutations formule-d-appel",
    "verse": "verse vers poem poeme poesie poetry strophe stanza line-block",
    "stage": "stage stage-direction didascalie",
    "postscript": "postscript post-scriptum",
    "box": "box encadre",
}
_BY_NAME = {name: role for role, names in _ROLES.items() for name in names.split()}


def mark(kind: str, value: str = "") -> str:
    """A mark: of a page (its number, if it has one), of a note call (its key), of a role, or of an
    object that cannot be read."""
    return f"{BEFORE}{kind}={value}{AFTER}"


def unmarked(text: str) -> str:
    """`text` without characters that would be taken for marks."""
    return text.replace(BEFORE, "").replace(AFTER, "")


def role_of(name: str) -> str:
    """The role of paragraphs with a style or a class of this name; empty if it has none.

    The roles are kinds of blocks and containers of an edition, and `title`."""
    folded = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return _BY_NAME.get("-".join(re.findall("[a-z0-9]+", folded)), "")


def role_of_class(classes: Iterable[str]) -> str:
    """The role of an element of a web page with these classes; empty if it has none. What a page
    calls a title is that of anything: a table, a section, a box."""
    return next((role for role in map(role_of, classes) if role not in ("", "title")), "")
