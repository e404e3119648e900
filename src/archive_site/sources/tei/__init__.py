"""TEI P5 files → `Document`: anyone's, and the exports of this program, of which nothing is lost.

`parsing` makes plain records of the XML. `links` finds where notes are called; `blocks` and
`inlines` have a function for each element; `text` puts the blocks in order and labels the notes;
`header` reads what the file says of the text. Our own exports are read by `exported_header` and
`exported_text`, which are exact.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from archive_site.edition.ids import identified
from archive_site.findings import ArchiveError, Finding, Unsound
from archive_site.sources.tei.exported_header import read_exported_header
from archive_site.sources.tei.exported_text import read_exported_text
from archive_site.sources.tei.header import HeaderReader, read_header
from archive_site.sources.tei.parsing import Node, as_node, fault, parsed
from archive_site.sources.tei.text import read_texts
from archive_site.text.document import Document, in_language
from archive_site.text.reading import reading_text


def read_tei(data: bytes, name: str, shown: str) -> Document:
    """The text in a TEI file. `name` is that of the file, `shown` its path in findings.

    Raises `Unsound` if it is not well-formed, not TEI P5, or has no words or several texts."""
    root = parsed(data, shown)
    return _exported(root) or _anyones(as_node(root, shown), name, shown)


def _anyones(root: Node, name: str, shown: str) -> Document:
    header = root.first("teiHeader") or Node("teiHeader", {})
    if root.first("text") is None:
        raise fault(shown, root.line, "TEI must have the element text; found none")
    language = HeaderReader(header).language(root) or "fr"
    read = read_texts(root, header, language)
    meta = read_header(header, root, read, name)
    blocks = in_language(read.blocks, language)
    notes = tuple(replace(n, blocks=in_language(n.blocks, language)) for n in read.notes)
    if not any(reading_text(block.content).strip() for block in blocks):
        message, hint = "a text must have words; found none", "Check that this is the whole file."
        raise Unsound([Finding(shown, root.line, "E026", message, hint)])
    return identified(Document(meta, blocks, notes))


def _exported(root: Any) -> Document | None:
    """The document in one of our own exports; None if the file is none, or was changed so that only
    its words can be read."""
    import copy

    if not root.xpath("boolean(.//*[local-name()='respStmt'][@xml:id='meta.edition'])"):
        return None
    root = copy.deepcopy(root)
    for element in root.iter():
        if not isinstance(element.tag, str):
            return None
        element.tag = element.tag.rpartition("}")[2]
    header, text = root.find("teiHeader"), root.find("text")
    if header is None or text is None:
        return None
    try:
        blocks, notes = read_exported_text(text)
        meta = read_exported_header(header)
    except ArchiveError:
        return None
    notes = tuple(replace(n, blocks=in_language(n.blocks, meta.language)) for n in notes)
    return Document(meta, in_language(blocks, meta.language), notes)
